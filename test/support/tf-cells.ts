/** Cells of TensorFlow. */

import * as tf from 'adjoint/tf';
import type { Door } from './cells.js';

const isFloat = (x: unknown): x is tf.Tensor => x instanceof tf.Tensor && x.dtype.is_floating;

const listOf = (value: unknown): unknown[] => (value instanceof tf.Tensor ? [value] : Object.values(Object(value)));

export const tfDoor: Door = {
  str: tf.str,
  repr: tf.repr,
  scope: { tf },
  make: (values, shape, dtype) => tf.reshape(tf.cast(tf.constant(values), dtype), shape),
  gradients(f, inputs, order, like) {
    const sources = inputs.filter(isFloat);
    let results: unknown[] = [];
    let upstream: tf.Tensor[] = [];
    let first: (tf.Tensor | null)[] = [];
    const tape = new tf.GradientTape();
    const total = tape.run(() => {
      tape.watch(sources);
      const inner = new tf.GradientTape();
      inner.run(() => {
        inner.watch(sources);
        results = listOf(f(...inputs));
      });
      const outputs = results.filter(isFloat);
      upstream = outputs.map((y, i) => like(y, 101 + i) as tf.Tensor);
      tape.watch(upstream);
      first = inner.gradient(outputs, sources, { output_gradients: upstream }) as (tf.Tensor | null)[];
      if (order === 1) return null;
      const parts = first.flatMap((g, i) => (g === null ? [] : [tf.reduce_sum(g.mul(like(g, 201 + i) as tf.Tensor))]));
      return tf.add_n(parts);
    });
    if (total === null) return [...results, ...first];
    return [...results, ...first, ...(tape.gradient(total, [...sources, ...upstream]) as (tf.Tensor | null)[])];
  },
};
