import * as tf from 'adjoint/tf';
import { print } from 'adjoint/tf';

// Define input data and filters
export const x: tf.Tensor = tf.constant(
  [[1, 2, 3], [4, 5, 6], [7, 8, 9]], { dtype: tf.float32 });
export const f: tf.Tensor = tf.constant(
  [[1, 0, -1], [2, 0, -2], [1, 0, -1]], { dtype: tf.float32 });

// Perform the 2D convolution
export const y: tf.Tensor = tf.nn.conv2d(
  tf.reshape(x, [1, 3, 3, 1]), tf.reshape(f, [3, 3, 1, 1]),
  { strides: [1, 1, 1, 1], padding: 'VALID' });
print('Output of convolution: ');
print(y);

// Define the derivative of the convolution operation
export const x_grad: tf.Tensor = tf.nn.conv2d_transpose(
  y, tf.reshape(f, [3, 3, 1, 1]), tf.shape(x),
  { strides: [1, 1, 1, 1], padding: 'VALID' });
export const f_grad: tf.Tensor = tf.nn.conv2d(
  tf.reshape(x, [1, 3, 3, 1]), tf.transpose(y, { perm: [1, 2, 0, 3] }),
  { strides: [1, 1, 1, 1], padding: 'VALID' });
