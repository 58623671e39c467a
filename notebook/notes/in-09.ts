import * as tf from 'adjoint/tf';
import { f, f_grad, x, x_grad, y } from '../cells/in-09.js';
import { alike, type Note } from '../note.js';

const options = { strides: [1, 1, 1, 1], padding: 'VALID' } as const;
const [x4, f4] = [tf.reshape(x, [1, 3, 3, 1]), tf.reshape(f, [3, 3, 1, 1])];

/** The gradients of the sum of y by x and f, by the tape. */
const tape = new tf.GradientTape();
const loss = tape.run(() => {
  tape.watch([x4, f4]);
  return tf.reduce_sum(tf.nn.conv2d(x4, f4, options));
});
const [byX, byF] = tape.gradient(loss, [x4, f4]) as [tf.Tensor, tf.Tensor];
export const right: tf.Tensor = byX;

export function note(): Note {
  const ones = tf.ones_like(y);
  const mendedX = tf.nn.conv2d_transpose(ones, f4, tf.shape(x), options);
  const mendedF = tf.nn.conv2d(x4, tf.transpose(ones, { perm: [1, 2, 0, 3] }), options);
  return {
    says:
      'The last two lines are handed y, the output, where the gradient of the loss by the output belongs. For the ' +
      'sum of y that gradient is ones; y is -8, so both results are -8 times the right ones. Write instead:',
    instead: [
      'const grad_y = tf.ones_like(y);',
      'const x_grad = tf.nn.conv2d_transpose(grad_y, ...);',
      'const f_grad = tf.nn.conv2d(..., tf.transpose(grad_y, ...), ...);',
    ].join('\n'),
    claims: [
      ['x_grad is -8 times the gradient that GradientTape gives', alike(x_grad, byX.mul(-8))],
      ['f_grad is -8 times the gradient that GradientTape gives', alike(f_grad, byF.mul(-8))],
      ['with grad_y for y, x_grad is what GradientTape gives', alike(mendedX, byX)],
      ['with grad_y for y, f_grad is what GradientTape gives', alike(mendedF, byF)],
    ],
  };
}
