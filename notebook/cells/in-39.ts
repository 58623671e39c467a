import * as np from 'adjoint/numpy';
import { print } from 'adjoint/numpy';
import { convolve2d_gradient } from './in-38.js';

// Example usage
export const x: np.ndarray = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]]);
export const w: np.ndarray = np.array([[1, 0], [0, 1]]);
export const d: np.ndarray = np.array([[1, 2], [3, 4]]);

const [dx, dw] = convolve2d_gradient(x, w, d);

print('Gradient of x:');
print(dx);

print('Gradient of w:');
print(dw);
