import * as torch from 'adjoint/torch';
import { w, x } from '../cells/in-177.js';
import { alike, type Note } from '../note.js';

const F = torch.nn.functional;
const k = 3;

/** The upstream gradient, ones, and autograd's gradient by x of the sum of y, for a forward pass with padding p. */
function withPadding(p: number): [grad_y: torch.Tensor, grad_x: torch.Tensor] {
  const y = F.conv2d(x, w, { padding: p });
  const [grad_x] = torch.autograd.grad(y.sum(), [x]);
  return [torch.ones_like(y), grad_x as torch.Tensor];
}

/** The cell's line. */
const byHand = (grad_y: torch.Tensor, padding: number) => F.conv2d(grad_y, w.flip([2, 3]), { padding });

/** Whether the cell's line with padding k - 1 - p gives what autograd gives; sums may differ in their order. */
function isRight(p: number): boolean {
  const [grad_y, grad_x] = withPadding(p);
  return alike(byHand(grad_y, k - 1 - p), grad_x, 1e-5);
}

/** What the cell's line with padding p comes to: its height and width, or a refusal. */
function withSame(p: number): string {
  try {
    return byHand(withPadding(p)[0], p).shape.slice(2).join(' x ');
  } catch (error) {
    return error instanceof torch.RuntimeError ? 'refused' : String(error);
  }
}

export function note(): Note {
  return {
    says: 'For filters of any size k and any padding p of the forward pass, write one of:',
    instead:
      'F.conv2d(grad_y, w.flip([2, 3]), { padding: k - 1 - p });\nF.conv_transpose2d(grad_y, w, { padding: p });',
    claims: [
      ['p = 1: padding p is k - 1 - p, and the 4 x 4 gradient is right', withSame(1) === '4 x 4' && isRight(1)],
      ['p = 0: padding p is refused, the filter being larger than grad_y', withSame(0) === 'refused'],
      ['p = 2: padding p gives 8 x 8', withSame(2) === '8 x 8'],
      ["p = 0 and 2: padding k - 1 - p gives autograd's gradient", isRight(0) && isRight(2)],
    ],
  };
}
