/** Walks over axes: merged, cut and put in order, they still meet the same cells. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutGrid, mergeAxes } from '../../src/plan/axes.js';
import { arrange } from '../../src/plan/copy.js';
import { groupAxes } from '../../src/plan/reduce.js';
import { mergePlain } from '../../src/plan/window.js';
import { sizeOf, stridesOf } from '../../src/shape/shape.js';

const whole = (min: number, max: number) => fc.integer({ min, max });
const shapes = fc.array(whole(0, 5), { maxLength: 5 });

/** Positions along a walk, in order. */
function positions(sizes: readonly number[], strides: readonly number[]): number[] {
  let found = [0];
  sizes.forEach((size, axis) => {
    found = found.flatMap((at) => Array.from({ length: size }, (_, i) => at + i * (strides[axis] as number)));
  });
  return found;
}

test('merged axes meet the same cells in the same order', () => {
  const walks = shapes.chain((sizes) =>
    fc.record({
      sizes: fc.constant(sizes),
      strides: fc.array(
        fc.oneof(
          fc.constant(stridesOf(sizes)),
          fc.constant(stridesOf(sizes).map((stride) => -stride)),
          fc.constant(sizes.map(() => 0)),
          fc.array(whole(-9, 9), { minLength: sizes.length, maxLength: sizes.length }),
        ),
        { minLength: 1, maxLength: 3 },
      ),
    }),
  );
  fc.assert(
    fc.property(walks, (walk) => {
      const merged = mergeAxes(walk);
      walk.strides.forEach((strides, i) => {
        expect(positions(merged.sizes, merged.strides[i] as number[])).toEqual(positions(walk.sizes, strides));
      });
      expect(merged.sizes.length).toBeGreaterThan(0);
    }),
  );
});

test('axes in a row are one axis, for all arrays or for none', () => {
  const sizes = [2, 1, 3, 4];
  expect(mergeAxes({ sizes, strides: [stridesOf(sizes)] })).toEqual({ sizes: [24], strides: [[1]] });
  const bias = [0, 0, 1, 0];
  const merged = {
    sizes: [2, 3, 4],
    strides: [
      [12, 4, 1],
      [0, 1, 0],
    ],
  };
  expect(mergeAxes({ sizes, strides: [stridesOf(sizes), bias] })).toEqual(merged);
  expect(mergeAxes({ sizes: [1, 1], strides: [[1, 1]] })).toEqual({ sizes: [1], strides: [[1]] });
  expect(mergeAxes({ sizes: [3, 0], strides: [[0, 0]] })).toEqual({ sizes: [0], strides: [[0]] });
});

test('tasks are about as large as asked for, and no axis is left out', () => {
  fc.assert(
    fc.property(
      fc.array(whole(1, 300), { minLength: 1, maxLength: 5 }),
      whole(1, 5000),
      whole(0, 6),
      (sizes, most, power) => {
        const step = 2 ** power;
        const grid = cutGrid(sizes, most, step);
        expect(grid.map(({ total }) => total)).toEqual(sizes);
        const cells = grid.reduce((product, { block }) => product * block, 1);
        expect(cells).toBeLessThanOrEqual(Math.max(most + step, step));
        const inner = grid.at(-1);
        expect(inner?.block === inner?.total || (inner?.block ?? 0) % step === 0).toBe(true);
        // Axes inside of the one that is cut are whole, those outside of it are taken one by one.
        const cut = grid.findLastIndex(({ total, block }) => block < total);
        grid.slice(0, Math.max(0, cut)).forEach(({ block }) => {
          expect(block === 1 || cells * 2 <= most + step).toBe(true);
        });
      },
    ),
  );
  expect(cutGrid([7, 33], 32)).toEqual([
    { total: 7, block: 1 },
    { total: 33, block: 17 },
  ]);
  expect(cutGrid([], 10)).toEqual([]);
});

test('the axis that is contiguous in what is written is innermost, and tells the form', () => {
  expect(arrange([6, 8], [8, 1], [8, 1], 4)).toEqual({ order: [0, 1], form: 'run' });
  expect(arrange([6, 8], [1, 6], [8, 1], 4)).toEqual({ order: [0, 1], form: 'exchange' });
  expect(arrange([6, 8], [1, 0], [8, 1], 4)).toEqual({ order: [0, 1], form: 'fill' });
  expect(arrange([6, 3], [1, 0], [3, 1], 4)).toEqual({ order: [0, 1], form: 'exchange' });
  expect(arrange([6, 8], [2, 0], [8, 1], 4)).toEqual({ order: [0, 1], form: 'fill' });
  expect(arrange([6, 8], [-8, -1], [8, 1], 4)).toEqual({ order: [0, 1], form: 'reverse' });
  expect(arrange([6, 8], [16, 2], [8, 1], 4)).toEqual({ order: [0, 1], form: 'strided' });
  expect(arrange([6, 3], [3, 1], [3, 1], 4)).toEqual({ order: [0, 1], form: 'strided' });
  expect(arrange([6, 8], [8, 1], [16, 2], 4)).toEqual({ order: [0, 1], form: 'strided' });
  expect(arrange([2, 5, 6, 7], [210, 1, 35, 5], [210, 42, 7, 1], 4)).toEqual({ order: [0, 2, 1, 3], form: 'exchange' });
});

test('folded and kept axes alternate', () => {
  fc.assert(
    fc.property(
      shapes.chain((shape) => fc.tuple(fc.constant(shape), fc.subarray(shape.map((_, i) => i)))),
      ([shape, axes]) => {
        const groups = groupAxes(shape, axes);
        groups.forEach(({ size, folded }, i) => {
          expect(size).not.toBe(1);
          if (i > 0) expect(folded).not.toBe(groups[i - 1]?.folded);
        });
        expect(sizeOf(groups.map(({ size }) => size))).toBe(sizeOf(shape));
      },
    ),
  );
  expect(groupAxes([8, 64, 56, 56], [0, 2, 3])).toEqual([
    { size: 8, folded: true },
    { size: 64, folded: false },
    { size: 3136, folded: true },
  ]);
});

test('axes without windows are merged, those with windows are not', () => {
  const plain = (cells: number) => ({ cells, windows: cells, size: 1, stride: 1, dilation: 1, lo: 0 });
  const window = { cells: 9, windows: 4, size: 2, stride: 2, dilation: 1, lo: 0 };
  expect(mergePlain([plain(2), plain(3), window, window, plain(1)])).toEqual([plain(6), window, window]);
  expect(mergePlain([plain(2), window, plain(3), plain(1), plain(5)])).toEqual([plain(2), window, plain(15)]);
  expect(mergePlain([])).toEqual([]);
});
