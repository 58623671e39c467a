/** Kernels that move elements, bit for bit as the references. */

import fc from 'fast-check';
import { test } from 'vitest';
import { NONE, type Operand } from '../../src/ops/primitive.js';
import type { DType } from '../../src/shape/dtype.js';
import { both, expectSame, operand } from '../support/device.js';

/** One for each size of a cell, and those whose bits are delicate. */
const dtypes: readonly DType[] = ['uint8', 'float32', 'int64', 'float64'];

const whole = (min: number, max: number) => fc.integer({ min, max });

/** Shapes of up to five axes, empty ones among them, and now and then one long axis. */
const shapes = fc
  .array(whole(0, 6), { maxLength: 5 })
  .chain((shape) => fc.tuple(fc.constant(shape), whole(0, 4), fc.constantFrom(0, 0, 17, 67, 131)))
  .map(([shape, axis, long]) =>
    long > 0 && axis < shape.length && !shape.includes(0) ? shape.with(axis, long) : shape,
  );

const each = (shape: readonly number[], of: fc.Arbitrary<number>): fc.Arbitrary<number[]> =>
  fc.tuple(...shape.map(() => of));

const dtype = fc.constantFrom(...dtypes);
const runs = { numRuns: 150 };

test('transposes', () => {
  const cases = shapes.chain((shape) =>
    fc.tuple(
      dtype,
      fc.constant(shape),
      fc.shuffledSubarray(
        shape.map((_, i) => i),
        { minLength: shape.length },
      ),
    ),
  );
  fc.assert(
    fc.property(cases, ([type, shape, permutation]) => {
      expectSame(both('transpose', [operand(type, shape, 1)], { permutation }), `${type} [${shape}] ${permutation}`);
    }),
    runs,
  );
});

test.each(dtypes)('transposes of %s matrices, in tiles and blocks and what is left over', (type) => {
  for (const [rows, columns] of [
    [1, 9],
    [3, 3],
    [4, 4],
    [5, 7],
    [3, 200],
    [200, 3],
    [63, 65],
    [64, 128],
    [129, 130],
  ] as const) {
    const x = operand(type, [rows, columns], rows);
    const outcome = both('transpose', [x], { permutation: [1, 0] });
    expectSame(outcome, `${rows} x ${columns}`);
    const batches = both('transpose', [operand(type, [2, rows, columns, 2], 3)], { permutation: [0, 3, 2, 1] });
    expectSame(batches, `2 x ${rows} x ${columns} x 2`);
  }
});

test('broadcasts', () => {
  const cases = shapes.chain((shape) =>
    fc.tuple(dtype, fc.constant(shape), fc.subarray(shape.map((_, i) => i)), each(shape, whole(0, 2))),
  );
  fc.assert(
    fc.property(cases, ([type, shape, axes, single]) => {
      const from = axes.map((axis) => (single[axis] === 0 ? 1 : (shape[axis] as number)));
      expectSame(both('broadcast_in_dim', [operand(type, from, 1)], { shape, axes }), `[${from}] to [${shape}]`);
    }),
    runs,
  );
});

test('reverses', () => {
  const cases = shapes.chain((shape) => fc.tuple(dtype, fc.constant(shape), fc.subarray(shape.map((_, i) => i))));
  fc.assert(
    fc.property(cases, ([type, shape, axes]) => {
      expectSame(both('reverse', [operand(type, shape, 1)], { axes }), `${type} [${shape}] ${axes}`);
    }),
    runs,
  );
});

test('slices', () => {
  const cases = shapes.chain((shape) =>
    fc.tuple(dtype, fc.constant(shape), each(shape, whole(0, 3)), each(shape, whole(0, 2)), each(shape, whole(1, 3))),
  );
  fc.assert(
    fc.property(cases, ([type, shape, before, after, stride]) => {
      const start = shape.map((size, axis) => Math.min(size, before[axis] as number));
      const limit = shape.map((size, axis) => Math.max(0, size - (after[axis] as number)));
      expectSame(
        both('slice', [operand(type, shape, 1)], { start, limit, stride }),
        `[${shape}] ${start}:${limit}:${stride}`,
      );
    }),
    runs,
  );
});

test('pads, with any value', () => {
  const cases = shapes.chain((shape) =>
    fc.tuple(dtype, fc.constant(shape), each(shape, whole(-3, 3)), each(shape, whole(-3, 3)), each(shape, whole(0, 2))),
  );
  fc.assert(
    fc.property(cases, ([type, shape, lo, hi, interior]) => {
      const value = type === 'uint8' ? 200 : type === 'int64' ? -(2 ** 40) - 1 : -1.5;
      const params = { lo, hi, interior, value };
      expectSame(both('pad', [operand(type, shape, 1)], params), `${type} [${shape}] ${JSON.stringify(params)}`);
    }),
    runs,
  );
  for (const value of [Number.NaN, Number.NEGATIVE_INFINITY, -0]) {
    expectSame(both('pad', [operand('float32', [5], 1)], { lo: [2], hi: [9], interior: [1], value }), `${value}`);
  }
  expectSame(both('pad', [operand('bool', [5], 1)], { lo: [2], hi: [9], interior: [0], value: 7 }), 'bool');
});

test('concatenations', () => {
  const cases = fc.tuple(
    dtype,
    fc.array(whole(1, 5), { minLength: 1, maxLength: 4 }),
    fc.array(fc.oneof(whole(0, 4), fc.constant(33)), { minLength: 1, maxLength: 4 }),
    whole(0, 3),
  );
  fc.assert(
    fc.property(cases, ([type, shape, sizes, any]) => {
      const axis = any % shape.length;
      const parts = sizes.map((size, i) => operand(type, shape.with(axis, size), i));
      expectSame(both('concatenate', parts, { axis }), `${type} [${shape}] along ${axis}: ${sizes}`);
    }),
    runs,
  );
});

test.each(dtypes)('long runs of %s: vectors, their remainders, and the edges of tasks', (type) => {
  for (const size of [255, 256, 257, 1023, 16383, 16385, 131073]) {
    const x = operand(type, [size], size);
    expectSame(both('reverse', [x], { axes: [0] }), `reverse ${size}`);
    expectSame(both('broadcast_in_dim', [operand(type, [1], 5)], { shape: [size], axes: [0] }), `fill ${size}`);
    expectSame(both('slice', [x], { start: [1], limit: [size], stride: [1] }), `copy ${size}`);
    expectSame(both('slice', [x], { start: [1], limit: [size], stride: [2] }), `stride ${size}`);
  }
});

/** Positions, some of which are not there. */
function positions(shape: readonly number[], cells: number, seed: number): Operand {
  const x = operand('int32', shape, seed, true);
  for (let i = 0; i < x.array.length; i++) {
    const value = Math.abs(Number(x.array[i]));
    x.array[i] = value % 11 === 0 ? -1 : value % 13 === 0 ? cells + value : cells === 0 ? -1 : value % cells;
  }
  return x;
}

test.each(['float32', 'float64', 'int32', 'int64', 'uint8', 'bool'] as const)('gathers and scatters %s', (type) => {
  for (const [cells, count] of [
    [1, 1],
    [7, 30],
    [0, 5],
    [5, 0],
    [1000, 257],
    [100, 32769],
  ] as const) {
    const at = positions([count], cells, 1);
    expectSame(both('gather', [operand(type, [cells], 2), at], NONE), `${count} of ${cells}`);
    if (type === 'bool') continue;
    const outcome = both('scatter', [operand(type, [count], 3), at], { shape: [cells] });
    expectSame(outcome, `${count} to ${cells}`);
  }
});
