import type { Tensor } from 'adjoint';
import * as torch from 'adjoint/torch';
import { repr } from 'adjoint/torch';
import * as in63 from '../cells/in-63.js';
import * as in85 from '../cells/in-85.js';
import * as in177 from '../cells/in-177.js';
import { draws, filters, images, w, x } from '../cells/not-printed.js';
import { recorded } from '../files.js';
import { alike, type Note } from '../note.js';

const F = torch.nn.functional;

/** A recovered input, float32 as the notebook's. */
const leaf = (found: Tensor | undefined): torch.Tensor =>
  torch.tensor(found ?? [], { dtype: torch.float32, requires_grad: true });

/** Whether PyTorch's text of these figures is what the notebook recorded; how they came about may differ. */
const isPrinted = (cell: string, grad: torch.Tensor | null): boolean =>
  grad !== null && recorded(cell).startsWith(repr(grad.detach()).slice(0, -1));

/** The gradients by x and w of the sum of the notebook's convolution with padding 1. */
function gradients(x: torch.Tensor, w: torch.Tensor): [x: torch.Tensor | null, w: torch.Tensor | null] {
  F.conv2d(x, w, { padding: 1 }).sum().backward();
  return [x.grad, w.grad];
}

export function note(): Note {
  const [w60, out_scale] = (draws[0] ?? []).map(leaf);
  const isPair = draws.length === 1 && w60 !== undefined && out_scale !== undefined;
  const [grad86, grad87] = gradients(leaf(images), leaf(filters));
  const [grad179, grad180] = gradients(leaf(x), leaf(w));
  return {
    says: 'These are the inputs that the cells above were given. From them, the figures of the notebook come again:',
    claims: [
      ['In [60]: one pair of digits, and no other', isPair],
      ['it is the draw of In [63]', isPair && alike(w60, in63.w) && alike(out_scale, in63.out_scale)],
      ['In [60], figure by figure', isPair && isPrinted('in-60', F.conv_transpose2d(out_scale, w60))],
      ['the thirds of In [85], to 4 decimals', alike(filters, in85.w, 5e-5) && alike(images, in85.x, 5e-5)],
      ['In [86] and In [87], figure by figure', isPrinted('in-86', grad86) && isPrinted('in-87', grad87)],
      ['w and x of In [177], to 4 decimals', alike(w, in177.w, 5e-5) && alike(x, in177.x, 5e-5)],
      ['In [179] and In [182], figure by figure', isPrinted('in-179', grad179) && isPrinted('in-182', grad179)],
      ['In [180] and In [183], figure by figure', isPrinted('in-180', grad180) && isPrinted('in-183', grad180)],
    ],
  };
}
