/**
 * Channels first is channels last, transposed. TensorFlow's CPU kernels refuse most of NCHW (without oneDNN), so there
 * are no recordings of it.
 */

import * as tf from 'adjoint/tf';
import { expect, test } from 'vitest';

const x = tf.random.stateless_normal([2, 5, 6, 4], [1, 2], { dtype: tf.float64 });
const filter = (...shape: number[]): tf.Tensor => tf.random.stateless_normal(shape, [3, 4], { dtype: tf.float64 });
const first = (value: tf.Tensor): tf.Tensor => tf.transpose(value, [0, 3, 1, 2]);
const last = (value: tf.Tensor): tf.Tensor => tf.transpose(value, [0, 2, 3, 1]);

type Layout = 'NHWC' | 'NCHW';

const functions: { readonly [name: string]: (x: tf.Tensor, data_format: Layout) => tf.Tensor } = {
  conv2d: (x, data_format) => tf.nn.conv2d(x, filter(3, 2, 4, 3), 2, 'SAME', { data_format }),
  'conv2d, groups': (x, data_format) => tf.nn.conv2d(x, filter(3, 2, 2, 6), 1, 'VALID', { data_format, dilations: 2 }),
  convolution: (x, data_format) => tf.nn.convolution(x, filter(3, 2, 4, 3), { dilations: 2, data_format }),
  depthwise_conv2d: (x, data_format) =>
    tf.nn.depthwise_conv2d(x, filter(3, 2, 4, 2), [1, 1, 1, 1], 'SAME', { data_format }),
  separable_conv2d: (x, data_format) =>
    tf.nn.separable_conv2d(x, filter(3, 2, 4, 1), filter(1, 1, 4, 3), [1, 1, 1, 1], 'VALID', { data_format }),
  max_pool2d: (x, data_format) => tf.nn.max_pool2d(x, [2, 3], 2, 'SAME', { data_format }),
  avg_pool2d: (x, data_format) => tf.nn.avg_pool2d(x, [2, 3], 2, 'SAME', { data_format }),
  avg_pool: (x, data_format) => tf.nn.avg_pool(x, 3, 1, 'VALID', { data_format }),
  bias_add: (x, data_format) => tf.nn.bias_add(x, filter(4), { data_format }),
  depth_to_space: (x, data_format) => tf.nn.depth_to_space(x, 2, { data_format }),
};

const numbers = (value: tf.Tensor | null): number[] => tf.reshape(value ?? tf.zeros([0]), [-1]).tolist() as number[];

test.each(Object.entries(functions))('%s, and its gradient', (_name, f) => {
  const [here, there] = [x, first(x)];
  const tape = new tf.GradientTape({ persistent: true });
  const [y, z] = tape.run(() => {
    tape.watch([here, there]);
    return [f(here, 'NHWC'), f(there, 'NCHW')] as const;
  });
  const upstream = tf.random.stateless_normal([...y.shape], [5, 6], { dtype: tf.float64 });
  const pairs = [
    [y, last(z)],
    [tape.gradient(y, here, upstream), tape.gradient(z, there, first(upstream))],
  ] as const;
  expect(last(z).shape).toEqual(y.shape);
  pairs.forEach(([a, b], i) => {
    const expected = numbers(a);
    const given = numbers(i === 0 || b === null ? b : last(b));
    expect(given.length).toBe(expected.length);
    given.forEach((value, at) => {
      expect(value).toBeCloseTo(expected[at] as number, 10);
    });
  });
});
