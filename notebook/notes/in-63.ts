import * as torch from 'adjoint/torch';
import { d_x, d_x_manual, f, out, out_scale, pad_to_full_conv2d, rot180, w, w_size, x } from '../cells/in-63.js';
import { alike, type Note } from '../note.js';

/** d_x by hand as the cell meant it: upstream gradient and padding put right, with the cell's own helpers. */
export const mended: torch.Tensor = torch.nn.functional
  .conv2d(pad_to_full_conv2d(out_scale, w_size), rot180(w))
  .detach();

export function note(): Note {
  const [upstream] = torch.autograd.grad(f, [out], { retain_graph: true });
  return {
    says:
      'd_x_manual is wrong twice. Its upstream gradient is x.grad, which is d_x itself; f = sum(out * out_scale), so ' +
      'the gradient by out is out_scale. And padding 0 makes a valid convolution where a full one belongs: 2 x 2 in ' +
      'place of 4 x 4. With what the cell defines and never uses, write instead:',
    instead: 'const d_x_manual = F.conv2d(\n  pad_to_full_conv2d(out_scale, w_size), rot180(w));',
    claims: [
      ['the gradient of f by out (autograd) is out_scale', alike(upstream as torch.Tensor, out_scale)],
      ['d_x_manual has shape [1, 1, 2, 2], and x has [1, 1, 4, 4]', `${d_x_manual.shape} ${x.shape}` === SHAPES],
      ['put right, it is x.grad', alike(mended, d_x)],
    ],
  };
}

const SHAPES = 'torch.Size([1, 1, 2, 2]) torch.Size([1, 1, 4, 4])';
