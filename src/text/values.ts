/** What the printers of this folder take, and how they find their way in it. */

import type { DType, TypedArray } from '../shape/dtype.js';

/** An array to be printed: row-major data under a shape; bool is bytes of 0 or 1, int64 a BigInt64Array. */
export interface Values {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: TypedArray;
}

/** One element as it is stored: a bigint in int64, a number in all others. */
export type Element = number | bigint;

/** How many elements a shape has; 1 for the shape of a scalar. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);

/** The element at a row-major offset, which must lie within the data. */
export const at = (values: Values, offset: number): Element => values.data[offset] as Element;

/** An element without padding or point: a whole number, or a bool as Python's True and False. */
export const plain = (x: Element, dtype: DType): string =>
  dtype === 'bool' ? (Number(x) === 0 ? 'False' : 'True') : String(x);

/** Indices of an axis' first `head` and last `tail` items; of all, where the two meet. */
export function ends(length: number, head: number, tail: number): number[] {
  const kept = Math.min(head + tail, length);
  return Array.from({ length: kept }, (_, i) => (i < head ? i : length - kept + i));
}

/** Offsets of the elements in the corners of an array, `edge` deep on every axis. */
function corners(shape: readonly number[], edge: number): number[] {
  let offsets = [0];
  let block = sizeOf(shape);
  for (const length of shape) {
    block /= length;
    const kept = ends(length, edge, edge);
    offsets = offsets.flatMap((offset) => kept.map((i) => offset + i * block));
  }
  return offsets;
}

/** The elements that decide about column widths: in a summary with `edge` items a side, only those in its corners. */
export function shown(values: Values, summarised: boolean, edge: number): Element[] {
  // As in NumPy, edgeitems = 0 measures everything, though it shows next to nothing.
  if (summarised && edge > 0) return corners(values.shape, edge).map((offset) => at(values, offset));
  return Array.from<Element>(values.data);
}
