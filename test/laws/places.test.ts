/** Views are strides: what they say of elements is held against a walk through all of them. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRowMajor, placesOf, rowMajor, type Strided, stridedAt, viewStrides } from '../../src/shape/strided.js';

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });

/** A view with axes of any stride, in any order. */
const views = shapes.chain((shape) =>
  fc.record({
    offset: fc.integer({ min: 0, max: 5 }),
    shape: fc.constant(shape),
    strides: fc.shuffledSubarray([1, 2, 6, 24, 5, 0], { minLength: shape.length, maxLength: shape.length }),
  }),
);

const size = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** All shapes of so many elements, of up to three axes. */
function shapesOf(count: number): number[][] {
  const divisors = Array.from({ length: count }, (_, i) => i + 1).filter((n) => count % n === 0);
  return divisors.flatMap((a) => divisors.filter((b) => (count / a) % b === 0).map((b) => [a, b, count / a / b]));
}

describe('strides', () => {
  it('of row-major order are those whose places rise by one', () => {
    fc.assert(
      fc.property(views, (view) => {
        const places = placesOf(view);
        const rises = places.every((at, i) => at === (places[0] as number) + i);
        if (isRowMajor(view)) expect(rises).toBe(true);
        else expect(rises && places.length > 1).toBe(false);
      }),
    );
  });

  it('of another shape show the same elements in the same order; none are missed', () => {
    fc.assert(
      fc.property(views, (view) => {
        const count = size(view.shape);
        const places = placesOf(view);
        for (const shape of count === 0 ? [[0]] : shapesOf(count)) {
          const strides = viewStrides(view, shape);
          const found: Strided | null = strides === null ? null : { offset: view.offset, shape, strides };
          if (found !== null) expect([...placesOf(found)]).toEqual([...places]);
          else expect(stridedAt(places, shape)).toBe(null);
        }
      }),
    );
  });

  it('are found from places', () => {
    fc.assert(
      fc.property(views, (view) => {
        const places = placesOf(view);
        const found = stridedAt(places, view.shape);
        expect(found && [...placesOf(found)]).toEqual([...places]);
      }),
    );
    expect(stridedAt([0, 1, 3], [3])).toBe(null);
    expect(rowMajor([2, 3]).strides).toEqual([3, 1]);
  });
});
