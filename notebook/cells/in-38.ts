import * as np from 'adjoint/numpy';
import { convolve2d } from 'adjoint/scipy/signal';

/**
 * Computes the gradient of 2D convolution with respect to x (dx) and the
 * filter (dw).
 *
 * Args:
 * x: 2D input array of shape (H, W)
 * w: 2D filter array of shape (FH, FW)
 * d: 2D output gradient array of shape (OH, OW)
 *
 * Returns:
 * dx: 2D gradient of x array of shape (H, W)
 * dw: 2D gradient of w array of shape (FH, FW)
 */
export function convolve2d_gradient(
  x: np.ndarray, w: np.ndarray, d: np.ndarray,
): [dx: np.ndarray, dw: np.ndarray] {
  // Flip the filter in both directions for cross-correlation
  const w_flipped = np.flip(np.flip(w, { axis: 0 }), { axis: 1 });

  // Compute the gradient of x using the transposed filter
  const dx = convolve2d(d, w_flipped, { mode: 'full' })
    .at(`:${x.shape[0]}, :${x.shape[1]}`);

  // Compute the gradient of w using the input and output gradients
  const dw = convolve2d(
    np.flip(np.flip(x, { axis: 0 }), { axis: 1 }), d, { mode: 'valid' });

  return [dx, dw];
}
