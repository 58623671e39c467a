import { vjp } from 'adjoint';
import * as np from 'adjoint/numpy';
import { repr } from 'adjoint/numpy';
import { convolve2d } from 'adjoint/scipy/signal';
import * as torch from 'adjoint/torch';
import { convolve2d_gradient } from '../cells/in-38.js';
import { d, w, x } from '../cells/in-39.js';
import { alike, type Note } from '../note.js';

/** The gradients that PyTorch's autograd gives for its conv2d, a cross-correlation. */
function ofFrameworks(filter: np.ndarray): [dx: torch.Tensor, dw: torch.Tensor] {
  const leaf = (array: np.ndarray) => torch.tensor(array, { dtype: torch.float32, requires_grad: true });
  const [x2, w2] = [leaf(x), leaf(filter)];
  const y = torch.nn.functional.conv2d(x2.view(1, 1, 3, 3), w2.view(1, 1, 2, 2));
  y.backward(torch.tensor(d, { dtype: torch.float32 }).view(1, 1, 2, 2));
  return [x2.grad as torch.Tensor, w2.grad as torch.Tensor];
}

const turned = (array: np.ndarray): np.ndarray => np.flip(array, { axis: [0, 1] });
const whole = (array: torch.Tensor): np.ndarray => np.array(array.tolist(), { dtype: np.int64 });
const float = (array: np.ndarray): np.ndarray => array.astype(np.float64);

export function note(): Note {
  const [dx, dw] = convolve2d_gradient(x, w, d);
  const [frameworksDx, frameworksDw] = ofFrameworks(w);
  const [, pullback] = vjp((x: np.ndarray, w: np.ndarray) => convolve2d(x, w, { mode: 'valid' }), float(x), float(w));
  const [autoDx, autoDw] = pullback(float(d)) as [np.ndarray, np.ndarray];

  // w = [[1, 0], [0, 1]] is its own rotation; with another filter dx differs, too.
  const other = np.array([
    [1, 2],
    [3, 4],
  ]);
  const [otherDx] = ofFrameworks(other);
  return {
    says:
      "These are the gradients of SciPy's convolve2d(x, w, mode='valid'), a true convolution. Against the " +
      "frameworks' cross-correlation, dw is turned by 180 degrees and dx belongs to the turned filter (which this w " +
      'hides: turned, it is itself). The slice [:H, :W] hides nothing.',
    shows: [
      ["dx of the frameworks' conv2d (by autograd)", repr(whole(frameworksDx))],
      ["dw of the frameworks' conv2d (by autograd)", repr(whole(frameworksDw))],
    ],
    claims: [
      ['dx and dw are the gradients of convolve2d, by vjp', alike(dx, autoDx) && alike(dw, autoDw)],
      ["the frameworks' dw is dw turned by 180 degrees, and is not dw", isTurned(frameworksDw, dw)],
      [
        "the frameworks' dx is the cell's for the turned filter",
        alike(otherDx, convolve2d_gradient(x, turned(other), d)[0]),
      ],
      ['with w = [[1, 2], [3, 4]] that is another dx', !alike(otherDx, convolve2d_gradient(x, other, d)[0])],
      ['the full result has the shape of x before it is cut', alike(convolve2d(d, turned(w), { mode: 'full' }), dx)],
    ],
  };
}

const isTurned = (given: torch.Tensor, array: np.ndarray): boolean =>
  alike(given, turned(array)) && !alike(given, array);
