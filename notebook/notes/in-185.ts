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

/** Whether both lines of the note give autograd's gradient where there are 3 channels in and 2 out. */
function isRightForChannels(): boolean {
  const leaf = (shape: number[]) => torch.randn(shape, { requires_grad: true });
  const [input, filters] = [leaf([2, 3, 5, 4]), leaf([2, 3, k, k])];
  const y = F.conv2d(input, filters);
  const upstream = torch.randn(y.shape);
  const [right] = torch.autograd.grad(y, [input], { grad_outputs: upstream });
  const turned = filters.transpose(0, 1).flip([2, 3]);
  const lines = [F.conv2d(upstream, turned, { padding: k - 1 }), F.conv_transpose2d(upstream, filters)];
  return lines.every((line) => alike(line, right as torch.Tensor, 1e-4));
}

export function note(): Note {
  return {
    says:
      'For stride 1, filters of any size k, any padding p up to k - 1 and any number of channels, which must be ' +
      'exchanged (with one in and one out, as here, that does nothing), write one of:',
    instead:
      'F.conv2d(grad_y, w.transpose(0, 1).flip([2, 3]), { padding: k - 1 - p });\n' +
      'F.conv_transpose2d(grad_y, w, { padding: p });',
    claims: [
      ['p = 1: padding p is k - 1 - p, and the 4 x 4 gradient is right', withSame(1) === '4 x 4' && isRight(1)],
      ['p = 0: padding p is refused, the filter being larger than grad_y', withSame(0) === 'refused'],
      ['p = 2: padding p gives 8 x 8', withSame(2) === '8 x 8'],
      ["p = 0 and 2: padding k - 1 - p gives autograd's gradient", isRight(0) && isRight(2)],
      ["3 channels in, 2 out: both lines give autograd's gradient", isRightForChannels()],
    ],
  };
}
