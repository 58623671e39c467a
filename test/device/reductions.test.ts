/** Kernels that go along axes, beside the references: bit for bit but for sums and products of floats. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Operand } from '../../src/ops/primitive.js';
import { type DType, isFloat } from '../../src/shape/dtype.js';
import { both, expectSame, mixed, type Outcome, operand } from '../support/device.js';

const numbers: readonly DType[] = ['float32', 'float64', 'int32', 'int64', 'uint8'];
const folds = ['reduce_sum', 'reduce_prod', 'reduce_max', 'reduce_min'] as const;

const whole = (min: number, max: number) => fc.integer({ min, max });

/** Shapes of up to five axes, now and then a long one, and some of their axes. */
const shapesAndAxes = fc
  .array(whole(1, 5), { maxLength: 5 })
  .chain((shape) => fc.tuple(fc.constant(shape), whole(0, 4), fc.constantFrom(0, 0, 18, 67, 300)))
  .map(([shape, axis, long]) => (long > 0 && axis < shape.length ? shape.with(axis, long) : shape))
  .chain((shape) => fc.tuple(fc.constant(shape), fc.subarray(shape.map((_, i) => i))));

/** Whole numbers of few bits, whose sums and products are exact in any order, where they are not wrapped. */
function small(dtype: DType, shape: readonly number[], seed: number): Operand {
  const x = operand(dtype, shape, seed, true);
  for (let i = 0; i < x.array.length; i++) {
    if (x.array instanceof BigInt64Array) x.array[i] = (x.array[i] as bigint) % 4n;
    else x.array[i] = Math.round(x.array[i] as number) % 4;
  }
  return x;
}

/** All ones but for some twos: products stay within range. */
function nearOne(dtype: DType, shape: readonly number[], seed: number): Operand {
  const x = operand(dtype, shape, seed, true);
  const draws = mixed('uint8', x.array.length, seed);
  for (let i = 0; i < x.array.length; i++) {
    const value = (draws[i] as number) > 250 ? 2 : (draws[i] as number) < 3 ? -1 : 1;
    if (x.array instanceof BigInt64Array) x.array[i] = BigInt(value);
    else x.array[i] = value;
  }
  return x;
}

describe.each(folds)('%s', (fold) => {
  test('of any shape over any axes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...numbers), shapesAndAxes, (dtype, [shape, axes]) => {
        const isSum = fold === 'reduce_sum' || fold === 'reduce_prod';
        const make = !isFloat(dtype) || !isSum ? operand : fold === 'reduce_sum' ? small : nearOne;
        expectSame(both(fold, [make(dtype, shape, 1)], { axes }), `${dtype} [${shape}] over ${axes}`);
      }),
      { numRuns: 300 },
    );
  });

  test.each(numbers)('of %s: rows, columns and what lies between, whole and in chunks', (dtype) => {
    const isSum = fold === 'reduce_sum' || fold === 'reduce_prod';
    const make = !isFloat(dtype) || !isSum ? operand : fold === 'reduce_sum' ? small : nearOne;
    for (const size of [1, 3, 15, 31, 32, 33, 63, 64, 65, 255, 256, 257, 1023, 32768, 32769, 98303]) {
      expectSame(both(fold, [make(dtype, [size], size)], { axes: [0] }), `[${size}]`);
      if (size > 40000) continue;
      expectSame(both(fold, [make(dtype, [size, 3], size)], { axes: [0] }), `[${size}, 3] over 0`);
      expectSame(both(fold, [make(dtype, [3, size], size)], { axes: [1] }), `[3, ${size}] over 1`);
      expectSame(both(fold, [make(dtype, [3, size], size)], { axes: [0] }), `[3, ${size}] over 0`);
    }
    expectSame(both(fold, [make(dtype, [100, 1025], 1)], { axes: [0] }), '[100, 1025] over 0');
    expectSame(both(fold, [make(dtype, [5000, 17], 1)], { axes: [0] }), '[5000, 17] over 0');
    expectSame(both(fold, [make(dtype, [4, 6, 700], 1)], { axes: [0, 2] }), '[4, 6, 700] over 0 and 2');
    expectSame(both(fold, [make(dtype, [2, 9, 70, 3], 1)], { axes: [1, 3] }), '[2, 9, 70, 3] over 1 and 3');
  });
});

test('of nothing, sums are 0 and products 1', () => {
  for (const dtype of numbers) {
    for (const fold of ['reduce_sum', 'reduce_prod'] as const) {
      expectSame(both(fold, [operand(dtype, [3, 0, 5], 1)], { axes: [1] }), `${fold} of [3, 0, 5] ${dtype}`);
      expectSame(both(fold, [operand(dtype, [0, 5], 1)], { axes: [1] }), `${fold} of [0, 5] ${dtype}`);
    }
  }
});

test('extremes of truth values', () => {
  for (const fold of ['reduce_max', 'reduce_min'] as const) {
    for (const axes of [[0], [1], [0, 1]]) expectSame(both(fold, [operand('bool', [20, 33], 1)], { axes }), `${axes}`);
  }
});

/** The largest error, as a part of the sum of magnitudes. */
function errorOf({ actual, expected }: Outcome, magnitude: number): number {
  let most = 0;
  for (let i = 0; i < expected.length; i++) {
    most = Math.max(most, Math.abs(Number(actual[i]) - Number(expected[i])) / magnitude);
  }
  return most;
}

describe('sums of floats, in another order than the reference', () => {
  const magnitudeOf = (x: Operand): number => {
    let sum = 0;
    for (const value of x.array) sum += Math.abs(Number(value));
    return sum;
  };
  test.each([
    [[200_000], [0]],
    [[300, 1000], [0]],
    [[300, 1000], [1]],
    [
      [6, 50, 900],
      [0, 2],
    ],
  ])('%j over %j: float32 to its last bit or the one before, float64 to a few', (shape, axes) => {
    const single = operand('float32', shape, 7, true);
    const double = operand('float64', shape, 7, true);
    for (let i = 0; i < single.array.length; i++) {
      double.array[i] = Number(double.array[i]) / 3;
      single.array[i] = Number(single.array[i]) / 3;
    }
    expect(errorOf(both('reduce_sum', [single], { axes }), magnitudeOf(single))).toBeLessThanOrEqual(2 ** -24);
    expect(errorOf(both('reduce_sum', [double], { axes }), magnitudeOf(double))).toBeLessThanOrEqual(2 ** -50);
  });
});

describe('along an axis', () => {
  const cases = fc
    .tuple(fc.constantFrom(...numbers), shapesAndAxes, whole(0, 4))
    .filter(([, [shape]]) => shape.length > 0);

  test.each(['argmax', 'argmin'] as const)('%s', (name) => {
    fc.assert(
      fc.property(cases, ([dtype, [shape], any]) => {
        const axis = any % shape.length;
        expectSame(both(name, [operand(dtype, shape, 1)], { axis }), `${dtype} [${shape}] along ${axis}`);
      }),
      { numRuns: 200 },
    );
    for (const dtype of [...numbers, 'bool'] as const) {
      for (const size of [1, 7, 63, 64, 257, 1023]) {
        expectSame(both(name, [operand(dtype, [3, size], size)], { axis: 1 }), `${dtype} [3, ${size}] along 1`);
        expectSame(both(name, [operand(dtype, [size, 530], size)], { axis: 0 }), `${dtype} [${size}, 530] along 0`);
      }
    }
  });

  test('cumsum', () => {
    fc.assert(
      fc.property(cases, ([dtype, [shape], any]) => {
        const axis = any % shape.length;
        expectSame(both('cumsum', [operand(dtype, shape, 1)], { axis }), `${dtype} [${shape}] along ${axis}`);
      }),
      { numRuns: 200 },
    );
    for (const dtype of numbers) {
      expectSame(both('cumsum', [operand(dtype, [3000], 1)], { axis: 0 }), `${dtype} [3000]`);
      expectSame(both('cumsum', [operand(dtype, [30, 1030], 1)], { axis: 0 }), `${dtype} [30, 1030] along 0`);
      expectSame(both('cumsum', [operand(dtype, [0, 3], 1)], { axis: 0 }), `${dtype} [0, 3] along 0`);
    }
  });
});

describe('window_argmax', () => {
  const axis = fc.record({
    cells: fc.oneof(whole(1, 7), fc.constant(23)),
    size: whole(1, 4),
    stride: whole(1, 3),
    lo: whole(-1, 2),
    hi: whole(-1, 2),
    dilation: whole(1, 2),
    isPlain: fc.boolean(),
  });

  test('of any windows', () => {
    fc.assert(
      fc.property(fc.constantFrom(...numbers), fc.array(axis, { maxLength: 4 }), (dtype, axes) => {
        const list = (field: 'size' | 'stride' | 'lo' | 'hi' | 'dilation', plain: number): number[] =>
          axes.map((one) => (one.isPlain ? plain : one[field]));
        const params = {
          size: list('size', 1),
          stride: list('stride', 1),
          lo: list('lo', 0),
          hi: list('hi', 0),
          dilation: list('dilation', 1),
        };
        const shape = axes.map(({ cells }) => cells);
        const outcome = both('window_argmax', [operand(dtype, shape, 1)], params);
        expectSame(outcome, `${dtype} [${shape}] ${JSON.stringify(params)}`);
      }),
      { numRuns: 400 },
    );
  });

  test.each(['float32', 'uint8', 'float64'] as const)('of images, of %s', (dtype) => {
    for (const [k, stride, pad] of [
      [2, 2, 0],
      [3, 2, 1],
      [3, 1, 1],
      [5, 3, 2],
    ] as const) {
      const square = (value: number, plain: number, isLast: boolean): number[] =>
        isLast ? [plain, value, value, plain] : [plain, plain, value, value];
      for (const isLast of [false, true]) {
        const params = {
          size: square(k, 1, isLast),
          stride: square(stride, 1, isLast),
          lo: square(pad, 0, isLast),
          hi: square(pad, 0, isLast),
          dilation: [1, 1, 1, 1],
        };
        const shape = isLast ? [2, 21, 30, 7] : [2, 7, 21, 30];
        expectSame(both('window_argmax', [operand(dtype, shape, 1)], params), `${k} ${stride} ${pad} ${isLast}`);
      }
    }
  });
});
