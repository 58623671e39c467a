/** Arrays extended by their own cells: repeated edges, mirrors, circles. Every such rule is a list of cells to take. */

import { ValueError } from '../errors.js';
import { sliceAxis } from './composite.js';
import type { Ops, Typed } from './primitive.js';

/** What stands outside an array, under NumPy's names. */
export type Extension = 'edge' | 'reflect' | 'symmetric' | 'wrap';

const modulo = (i: number, n: number): number => ((i % n) + n) % n;

/** Position i of a line between two mirrors, which is periodic: 0 1 ... last, then back to 1 without repeating an end. */
function mirrored(i: number, last: number): number {
  const place = last === 0 ? 0 : modulo(i, 2 * last);
  return Math.min(place, 2 * last - place);
}

/** The cell, of an axis of n, that stands at position i before, in or behind it. */
const cellAt: { readonly [E in Extension]: (i: number, n: number) => number } = {
  edge: (i, n) => Math.min(Math.max(i, 0), n - 1),
  reflect: (i, n) => mirrored(i, n - 1),
  // The mirrors stand between cells: on a grid twice as fine, cells are the odd points.
  symmetric: (i, n) => (mirrored(2 * i + 1, 2 * n) - 1) / 2,
  wrap: (i, n) => modulo(i, n),
};

/** Neighbouring cells to take: `length` of them from `from` on, forwards, backwards, or one again and again. */
interface Run {
  readonly from: number;
  readonly step: number;
  readonly length: number;
}

function runsOf(cells: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (let i = 0; i < cells.length; ) {
    const from = cells[i] as number;
    const difference = (cells[i + 1] ?? from) - from;
    const step = Math.abs(difference) <= 1 ? difference : 1;
    let length = 1;
    while (cells[i + length] === from + length * step) length++;
    runs.push({ from, step, length });
    i += length;
  }
  return runs;
}

/** The cells of a list along one axis, in its order; each any number of times. */
export function takeCells<T extends Typed>(op: Ops<T>, x: T, axis: number, cells: readonly number[]): T {
  const pieces = runsOf(cells).map(({ from, step, length }) => {
    const last = from + (length - 1) * step;
    const piece = sliceAxis(op, x, axis, Math.min(from, last), Math.max(from, last) + 1);
    if (step < 0) return op.reverse(piece, [axis]);
    if (step > 0 || length === 1) return piece;
    const shape = x.shape.map((size, a) => (a === axis ? length : size));
    return op.broadcast_in_dim(
      piece,
      shape,
      shape.map((_, a) => a),
    );
  });
  const [only] = pieces;
  if (only === undefined) return sliceAxis(op, x, axis, 0, 0);
  return pieces.length === 1 ? only : op.concatenate(pieces, axis);
}

/**
 * Extends each axis by lo cells before and hi behind, however many these are.
 *
 * @throws ValueError for an axis without cells that is to have some
 */
export function extend<T extends Typed>(
  op: Ops<T>,
  x: T,
  rule: Extension,
  padding: readonly (readonly [lo: number, hi: number])[],
): T {
  return padding.reduce((extended, [lo, hi], axis) => {
    const n = x.shape[axis] as number;
    if (lo === 0 && hi === 0) return extended;
    if (n === 0) {
      throw new ValueError('padding-invalid', `axis ${axis} is empty: it has no cells to extend it with (${rule})`);
    }
    const cells = Array.from({ length: lo + n + hi }, (_, i) => cellAt[rule](i - lo, n));
    return takeCells(op, extended, axis, cells);
  }, x);
}
