/** Bad arguments of adjoint/tf: the class, the code and the words of each error; and that nothing else is thrown. */

import { convSpec } from 'adjoint';
import * as np from 'adjoint/numpy';
import * as tf from 'adjoint/tf';
import { describe, expect, test } from 'vitest';
import { expectOwnErrors } from './anything.js';
import { bad, type Row, testTables } from './row.js';
import { convolutions, transposed } from './tf/convolutions.js';

const x = tf.ones([1, 5, 5, 2]);
const w = tf.ones([3, 3, 2, 4]);
const line = tf.ones([1, 5, 2]);
const taps = tf.ones([3, 2, 4]);
const volume = tf.ones([1, 3, 3, 3, 1]);
const cube = tf.ones([2, 2, 2, 1, 1]);
const y = tf.ones([1, 3, 3, 4]);
const two = tf.constant([1, 2]);
const whole = tf.constant([1, 2], { dtype: tf.int32 });

const others: readonly Row[] = [
  ['constant null', () => tf.constant(bad(null)), 'TypeError_ bad-argument', "'value' must not be None"],
  ['constant, an object', () => tf.constant(bad(new Date(0))), 'ValueError bad-argument', "<class 'Date'>"],
  ['constant mixed', () => tf.constant([true, 1]), 'ValueError bad-argument', 'mixed types'],
  ['constant, half an integer', () => tf.constant([1.5], tf.int32), 'TypeError_ dtype-mismatch', '[1.5]'],
  [
    'constant, another dtype',
    () => tf.constant(two, tf.int32),
    'TypeError_ dtype-mismatch',
    '[1. 2.] with dtype tf.int32',
  ],
  ['constant, dtype', () => tf.constant(1, 'float16'), 'TypeError_ bad-argument', "'float16'"],
  ['constant, shape', () => tf.constant([1, 2, 3], { shape: [2, 2] }), 'TypeError_ shape-mismatch', '3 elements'],
  ['constant, too large', () => tf.constant(1, { shape: [2 ** 16, 2 ** 16] }), 'RuntimeError too-large', '2147483647'],
  ['zeros, too large', () => tf.zeros([2 ** 31]), 'RuntimeError too-large', '2147483647'],
  ['zeros, negative', () => tf.zeros([-1]), 'InvalidArgumentError size-invalid', 'Dimension -1'],
  ['range, delta', () => tf.range(0, 3, 0), 'InvalidArgumentError bad-argument', 'delta != 0'],
  ['range, endless', () => tf.range(Number.POSITIVE_INFINITY), 'InvalidArgumentError bad-argument', 'finite'],
  ['reshape', () => tf.reshape(two, [3]), 'InvalidArgumentError shape-mismatch', '2 values'],
  ['transpose', () => tf.transpose(two, [1]), 'InvalidArgumentError bad-argument', '1 is out of range [0 .. 1)'],
  ['reverse', () => tf.reverse(two, 0), 'InvalidArgumentError rank-mismatch', '1-dimension'],
  ['pad', () => tf.pad(two, [[0, -1]]), 'InvalidArgumentError padding-invalid', 'non-negative: 0 -1'],
  ['pad, mode', () => tf.pad(two, [[0, 1]], 'WRAP'), 'ValueError bad-argument', 'WRAP'],
  ['concat', () => tf.concat([two, whole], 0), 'InvalidArgumentError dtype-mismatch', 'input #1'],
  ['concat nothing', () => tf.concat([], 0), 'ValueError bad-argument', 'at least one'],
  ['stack', () => tf.stack([two, tf.ones([3])]), 'InvalidArgumentError shape-mismatch', 'values[1].shape = [3]'],
  ['squeeze', () => tf.squeeze(two, 0), 'InvalidArgumentError shape-mismatch', 'got 2'],
  ['expand_dims', () => tf.expand_dims(two, 2), 'InvalidArgumentError axis-out-of-range', 'dim index 2'],
  ['cast', () => tf.cast(two, bad(1)), 'TypeError_ bad-argument', 'DType'],
  ['add, dtypes', () => two.add(whole), 'InvalidArgumentError dtype-mismatch', 'float tensor but is a int32'],
  ['add, shapes', () => two.add(tf.ones([3])), 'InvalidArgumentError shape-mismatch', '[2] vs. [3]'],
  ['add, half', () => whole.add(1.5), 'InvalidArgumentError dtype-mismatch', 'int32 tensor but is a float'],
  ['rsub, half', () => whole.rsub(1.5), 'TypeError_ dtype-mismatch', 'Cannot convert 1.5'],
  ['div, dtypes', () => whole.div(two), 'TypeError_ dtype-mismatch', 'tf.int32 != tf.float32'],
  ['matmul', () => tf.matmul(two, two), 'InvalidArgumentError rank-mismatch', 'ndims must be >= 2'],
  ['exp of integers', () => tf.exp(whole), 'InvalidArgumentError dtype-mismatch', 'of int32'],
  ['reduce_sum, axis', () => tf.reduce_sum(two, 1), 'InvalidArgumentError axis-out-of-range', '1 for input'],
  ['reduce_sum, keepdims', () => tf.reduce_sum(two, 0, bad(1)), 'TypeError_ bad-argument', 'keepdims'],
  ['item', () => two.item(), 'ValueError not-a-scalar', 'size 1'],
  ['where, x alone', () => tf.where(two, two, bad(undefined)), 'ValueError bad-argument', 'both be non-None'],
  ['bias_add', () => tf.nn.bias_add(x, two.add(0), 'NCHW'), 'InvalidArgumentError shape-mismatch', '[2] vs.'],
];

const variable = new tf.Variable([1, 2], { name: 'w' });

function used(): tf.GradientTape {
  const tape = new tf.GradientTape();
  const target = tape.run(() => variable.mul(1));
  tape.gradient(target, variable);
  return tape;
}

const tapes: readonly Row[] = [
  ['Variable of nothing', () => new tf.Variable(bad(null)), 'ValueError missing-argument', 'initial_value'],
  ['Variable, dtype', () => new tf.Variable(two, { dtype: tf.float64 }), 'ValueError dtype-mismatch', 'float64'],
  ['Variable, shape', () => new tf.Variable(two, { shape: [3] }), 'ValueError shape-mismatch', '(2,)'],
  ['assign, shape', () => variable.assign([1, 2, 3]), 'ValueError shape-mismatch', "w:0'"],
  ['assign, dtype', () => variable.assign(whole), 'ValueError dtype-mismatch', 'int32'],
  ['assign null', () => variable.assign(bad(null)), 'ValueError bad-argument', 'None'],
  ['assign_add, shape', () => variable.assign_add(1), 'InvalidArgumentError shape-mismatch', 'shapes must be equal'],
  ['persistent', () => new tf.GradientTape(bad(1)), 'TypeError_ bad-argument', 'persistent'],
  ['unknown', () => new tf.GradientTape(bad({ x: 1 })), 'TypeError_ unexpected-argument', "'x'"],
  ['run', () => new tf.GradientTape().run(bad(1)), 'TypeError_ bad-argument', 'a function'],
  ['watch before run', () => new tf.GradientTape().watch(two), 'RuntimeError bad-call', 'tape.run'],
  ['watch 3', () => used().run(bad(() => tf.nn.relu(bad(Symbol('s'))))), 'ValueError bad-argument', 'Symbol(s)'],
  [
    'watch a number',
    () => {
      const tape = new tf.GradientTape();
      tape.run(() => tape.watch(bad(3)));
    },
    'ValueError bad-argument',
    'Passed in object 3',
  ],
  ['gradient twice', () => used().gradient(two, two), 'RuntimeError bad-call', 'one set of gradients'],
  ['jacobian after gradient', () => used().jacobian(two, two), 'RuntimeError bad-call', 'one set of gradients'],
  ['gradient unused', () => new tf.GradientTape().gradient(two, two), 'RuntimeError bad-call', 'one set of gradients'],
  [
    'run in run',
    () => {
      const tape = new tf.GradientTape();
      tape.run(() => tape.run(() => 1));
    },
    'ValueError bad-call',
    'still recording',
  ],
  ['reset', () => used().reset(), 'ValueError bad-call', 'not recording'],
  ['stop_recording', () => new tf.GradientTape().stop_recording(() => 1), 'RuntimeError bad-call', 'not recording'],
];

/** A call on a tape that has recorded y = two * two. */
const recorded =
  (f: (tape: tf.GradientTape, target: tf.Tensor) => unknown): (() => unknown) =>
  () => {
    const tape = new tf.GradientTape();
    const target = tape.run(() => {
      tape.watch(two);
      return two.mul(two);
    });
    return f(tape, target);
  };

const gradients: readonly Row[] = [
  ['target null', recorded((tape) => tape.gradient(bad(null), two)), 'TypeError_ bad-argument', '`target`'],
  ['target 3', recorded((tape) => tape.gradient(bad(3), two)), 'TypeError_ bad-argument', 'target'],
  ['sources null', recorded((tape, t) => tape.gradient(t, bad(null))), 'TypeError_ bad-argument', "'sources'"],
  ['sources [3]', recorded((tape, t) => tape.gradient(t, bad([3]))), 'TypeError_ bad-argument', 'not 3'],
  [
    'unconnected',
    recorded((tape, t) => tape.gradient(t, two, { unconnected_gradients: bad('x') })),
    'ValueError bad-argument',
    "'x'",
  ],
  [
    'output_gradients, shape',
    recorded((tape, t) => tape.gradient(t, two, [1, 2, 3])),
    'InvalidArgumentError shape-mismatch',
    '[3] vs. [2]',
  ],
  [
    'output_gradients, dtype',
    recorded((tape, t) => tape.gradient(t, two, tf.ones([2], 'float64'))),
    'InvalidArgumentError dtype-mismatch',
    'float64',
  ],
  [
    'output_gradients, count',
    recorded((tape, t) => tape.gradient([t, t], two, [two])),
    'ValueError bad-argument',
    '2 target(s)',
  ],
  ['jacobian of two', recorded((tape, t) => tape.jacobian(bad([t, t]), two)), 'TypeError_ bad-argument', 'one target'],
  ['custom_gradient of 3', () => tf.custom_gradient(bad(3)), 'TypeError_ bad-argument', 'takes a function'],
  [
    'custom_gradient, no pair',
    () => tf.custom_gradient(bad(() => two))(two),
    'ValueError bad-argument',
    '[result, gradient]',
  ],
  [
    'custom_gradient, count',
    recorded((tape) => {
      const f = tf.custom_gradient((a, b) => [(a as tf.Tensor).mul(b as tf.Tensor), (up) => up as tf.Tensor]);
      const target = tape.run(() => f(two, two));
      return tape.gradient(target, two);
    }),
    'ValueError bad-argument',
    'expected to return 2 gradients',
  ],
];

const specs: readonly Row[] = [
  [
    'no options',
    () => convSpec.tf([1, 5, 5, 1], [2, 2, 1, 1], bad(undefined)),
    'TypeError_ missing-argument',
    'padding',
  ],
  ['no padding', () => convSpec.tf([1, 5, 5, 1], [2, 2, 1, 1], bad({})), 'TypeError_ missing-argument', 'padding'],
  [
    'padding',
    () => convSpec.tf([1, 5, 5, 1], [2, 2, 1, 1], { padding: bad('valid') }),
    'InvalidArgumentError padding-invalid',
    '"VALID"',
  ],
  [
    'unknown',
    () => convSpec.tf([1, 5, 5, 1], [2, 2, 1, 1], bad({ padding: 'SAME', stride: 1 })),
    'TypeError_ unexpected-argument',
    "'stride'",
  ],
  [
    'strides',
    () => convSpec.tf([1, 5, 5, 1], [2, 2, 1, 1], { padding: 'SAME', strides: [1, 1, 1] }),
    'ValueError rank-mismatch',
    'length 3',
  ],
  [
    'ranks',
    () => convSpec.tf([1, 5, 1], [2, 2, 1, 1], { padding: 'SAME' }),
    'InvalidArgumentError rank-mismatch',
    '[1,5,1]',
  ],
  ['rank', () => convSpec.tf([5], [2], { padding: 'SAME' }), 'ValueError rank-mismatch', '1, 2 or 3'],
  ['no shape', () => convSpec.tf(bad(5), [2, 2, 1, 1], { padding: 'SAME' }), 'TypeError_ bad-argument', 'inputShape'],
  [
    'half a cell',
    () => convSpec.tf([1, 5, 5, 1], [2.5, 2, 1, 1], { padding: 'SAME' }),
    'TypeError_ bad-argument',
    'kernelShape[0]',
  ],
  [
    'channels',
    () => convSpec.tf([1, 5, 5, 3], [2, 2, 2, 1], { padding: 'SAME' }),
    'InvalidArgumentError channels-mismatch',
    '3 vs 2',
  ],
];

testTables({ convolutions, transposed, others, tapes, gradients, specs });

test('a call that fails changes nothing', () => {
  expect(() => variable.assign([1, 2, 3])).toThrow(tf.ValueError);
  expect(() => variable.assign_add([1])).toThrow(tf.InvalidArgumentError);
  expect(variable.tolist()).toEqual([1, 2]);
  const tape = new tf.GradientTape();
  const target = tape.run(() => variable.mul(variable));
  expect(() => tape.gradient(target, variable, { unconnected_gradients: bad('x') })).toThrow(tf.ValueError);
  expect(tape.gradient(target, variable)?.tolist()).toEqual([2, 4]);
});

describe('whatever is given, a function gives a tensor or an error of ours', () => {
  test('convolutions', () => {
    expectOwnErrors(tf.nn.conv2d, [x, w], ['strides', 'padding', 'data_format', 'dilations', 'foo']);
    expectOwnErrors(tf.nn.conv2d, [x, w, 1, 'SAME', 'NHWC', 1]);
    expectOwnErrors(tf.nn.conv1d, [line, taps, 1, 'SAME', 'NWC', 1]);
    expectOwnErrors(tf.nn.conv3d, [volume, cube, [1, 1, 1, 1, 1], 'SAME', 'NDHWC']);
    expectOwnErrors(tf.nn.convolution, [x, w, 1, 'SAME', 'NHWC', 1]);
    expectOwnErrors(tf.nn.conv2d_transpose, [y, w, [5, 5], 1, 'VALID', 'NHWC', 1]);
    expectOwnErrors(tf.compat.v1.nn.conv2d_backprop_filter, [x, [3, 3, 2, 4], y, [1, 1, 1, 1], 'VALID']);
    expectOwnErrors(convSpec.tf, [[1, 5, 5, 1], [2, 2, 1, 1], { padding: 'SAME' }]);
  });
  test('makers', () => {
    expectOwnErrors(tf.constant, [1], ['dtype', 'shape']);
    expectOwnErrors(tf.convert_to_tensor, [1, 'float32']);
    expectOwnErrors(tf.zeros, [[2], 'float32']);
    expectOwnErrors((value: never) => tf.fill([2], value), [1]);
    expectOwnErrors((dtype: never) => tf.range(0, 3, 1, dtype), ['int32']);
    expectOwnErrors((rows: never) => tf.eye(2, rows), [2]);
    expectOwnErrors(tf.zeros_like, [two, 'float32']);
    expectOwnErrors((value: never) => new tf.Variable(value), [1]);
  });
  test('structure', () => {
    expectOwnErrors(tf.cast, [two, 'int32']);
    expectOwnErrors(tf.reshape, [two, [2]]);
    expectOwnErrors(tf.transpose, [x, [0, 1, 2, 3]]);
    expectOwnErrors(tf.reverse, [two, [0]]);
    expectOwnErrors(tf.pad, [two, [[1, 1]], 'REFLECT', 0]);
    expectOwnErrors(tf.concat, [[two, two], 0]);
    expectOwnErrors(tf.stack, [[two, two], 0]);
    expectOwnErrors(tf.squeeze, [x, 0]);
    expectOwnErrors(tf.expand_dims, [two, 0]);
    expectOwnErrors((value: never) => tf.tile(value, [2]), [two]);
    expectOwnErrors(tf.broadcast_to, [two, [2, 2]]);
    expectOwnErrors(tf.nn.bias_add, [x, two, 'NHWC']);
  });
  test('arithmetic', () => {
    for (const f of [tf.add, tf.divide, tf.pow, tf.maximum, tf.equal, tf.math.floordiv]) expectOwnErrors(f, [two, two]);
    expectOwnErrors(tf.matmul, [x, x]);
    expectOwnErrors(tf.exp, [two]);
    expectOwnErrors(tf.where, [two, two, two]);
    expectOwnErrors(tf.add_n, [[two]]);
    expectOwnErrors(tf.reduce_sum, [x, 0, true]);
    expectOwnErrors(tf.reduce_max, [x, [0], true]);
    expectOwnErrors(tf.argmax, [x, 0, 'int64']);
    expectOwnErrors(tf.nn.softmax, [x, 0]);
  });
  test('tapes', () => {
    expectOwnErrors((...args: never[]) => new tf.GradientTape(...(args as [])), [false, true]);
    expectOwnErrors((value: never) => recorded((tape) => tape.run(() => tape.watch(value)))(), [two]);
    expectOwnErrors(
      (target: never, sources: never, up: never, zero: never) =>
        recorded((tape, t) => tape.gradient((target as unknown) === 't' ? t : target, sources, up, zero))(),
      ['t', two, two, 'zero'],
    );
  });
});

test("another door's array is taken", () => {
  const a = np.array([
    [1.5, 2],
    [3, 4],
  ]);
  expect(tf.constant(a).dtype).toBe(tf.float64);
  expect(tf.constant(a, { dtype: tf.float32 }).tolist()).toEqual([
    [1.5, 2],
    [3, 4],
  ]);
});
