/** The values that the recording script prints under the same names. */

import * as tf from 'adjoint/tf';

const c = (value: number | number[] | number[][], dtype: tf.DType = tf.float32): tf.Tensor =>
  tf.constant(value, { dtype });

/** The values whose texts were recorded. */
export function texts(): Readonly<Record<string, unknown>> {
  const v = new tf.Variable([1, 2], { name: 'w' });
  const assigned = v.assign([5, 6]);
  return {
    scalar: c(3.5),
    thirds: c(1).div(c(3)),
    vector: c([1, 2.5]),
    matrix: c([
      [1, -2],
      [0.5, 1e10],
    ]),
    double: c([1, 2], tf.float64),
    integers: c([1, -20], tf.int32),
    long: c([1, 2], tf.int64),
    byte: c(7, tf.uint8),
    bools: tf.constant([true, false]),
    truth: tf.constant(true),
    empty: tf.zeros([0, 2]),
    block: tf.reshape(tf.range(8, { dtype: tf.float32 }), [2, 2, 2]),
    many: tf.zeros([1001]),
    variable: new tf.Variable(3),
    named: v,
    assigned,
    read: v.value(),
    shape: c([[1, 2, 3]]).shape,
    'no shape': c(1).shape,
    'one size': c([1]).shape,
    dtype: tf.float32,
    bool: tf.bool,
    list: [c([1]), c(2, tf.int32), null],
    zero: tf.UnconnectedGradients.ZERO,
  };
}
