import * as tf from 'adjoint/tf';
import { print } from 'adjoint/tf';

// Define input data and filters
const x = tf.constant([[1, 2, 3], [4, 5, 6], [7, 8, 9]],
  { dtype: tf.float32 });
const f = tf.constant([[1, 0, -1], [2, 0, -2], [1, 0, -1]],
  { dtype: tf.float32 });

// Define the forward pass function
function conv2d(x: tf.Tensor, f: tf.Tensor) {
  return tf.nn.conv2d(
    tf.reshape(x, [1, 3, 3, 1]), tf.reshape(f, [3, 3, 1, 1]),
    { strides: [1, 1, 1, 1], padding: 'VALID' });
}

// Define the loss function (sum of the output values)
export function loss(y: tf.Tensor): tf.Tensor {
  return tf.reduce_sum(y);
}

// Compute the derivative of the loss with respect to x and f using tape
// gradient
const tape = new tf.GradientTape();
const y = tape.run(() => {
  tape.watch([x, f]);
  const y = conv2d(x, f);
  // const L = loss(y);
  print(y);
  return y;
});
const grads = tape.gradient(y, [x, f]);

// Print the derivative values
print('Derivative with respect to x: ');
print(grads[0]);
print('Derivative with respect to f: ');
print(grads[1]);
