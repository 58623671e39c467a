/** Cells of TensorFlow. */

import * as tf from 'adjoint/tf';
import type { Door } from './cells.js';

const isFloat = (x: unknown): x is tf.Tensor => x instanceof tf.Tensor && x.dtype.is_floating;

const listOf = (value: unknown): unknown[] => (value instanceof tf.Tensor ? [value] : Object.values(Object(value)));

type Options = { readonly persistent?: boolean; readonly watch_accessed_variables?: boolean };

const isOptions = (value: unknown): value is Options =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** A tape that has watched inputs while f was computed of them, and the result. */
function taped(f: (...inputs: unknown[]) => unknown, ...rest: unknown[]): [tf.GradientTape, unknown] {
  const last = rest.at(-1);
  const options = isOptions(last) ? last : {};
  const inputs = isOptions(last) ? rest.slice(0, -1) : rest;
  const tape = new tf.GradientTape(options);
  const result = tape.run(() => {
    tape.watch(inputs as tf.Tensor[]);
    return f(...inputs);
  });
  return [tape, result];
}

/** A tape that has recorded f, which reads variables, and the result. */
function read(f: () => unknown, options: Options = {}): [tf.GradientTape, unknown] {
  const tape = new tf.GradientTape(options);
  return [tape, tape.run(f)];
}

export const tfDoor: Door = {
  str: tf.str,
  repr: tf.repr,
  scope: { tf, taped, read },
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
