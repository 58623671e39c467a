/** Where the elements of a view lie among the elements of what it shows. Pure functions. */

import { type Shape, sizeOf, stridesOf } from './shape.js';

/** Element [i, j, ...] lies at `offset + i * strides[0] + j * strides[1] + ...`. */
export interface Strided {
  readonly offset: number;
  readonly shape: Shape;
  readonly strides: readonly number[];
}

/** All elements in row-major order. */
export const rowMajor = (shape: Shape, offset = 0): Strided => ({ offset, shape, strides: stridesOf(shape) });

/** Whether the elements lie one behind the other, in row-major order. */
export function isRowMajor({ shape, strides }: Strided): boolean {
  let next = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number;
    if (size === 0) return true;
    if (size !== 1 && strides[axis] !== next) return false;
    next *= size;
  }
  return true;
}

/** Whether two elements lie at one place: along an axis that repeats a cell. */
export const repeats = ({ shape, strides }: Strided): boolean =>
  !shape.includes(0) && shape.some((size, axis) => size > 1 && strides[axis] === 0);

/**
 * The strides under which the same elements have another shape, or null where only a copy has it: axes are split at
 * will, and joined where they lie one behind the other (PyTorch's rule for `view`).
 */
export function viewStrides({ shape, strides }: Strided, asked: Shape): number[] | null {
  if (shape.includes(0)) return stridesOf(asked.map((size) => Math.max(size, 1)));
  const found = new Array<number>(asked.length);
  let axis = asked.length - 1;
  let joined = 1;
  let split = 1;
  let base = strides.at(-1) ?? 1;
  for (let from = shape.length - 1; from >= 0; from--) {
    joined *= shape[from] as number;
    const ends = from === 0 || (shape[from - 1] !== 1 && strides[from - 1] !== joined * base);
    if (!ends) continue;
    while (axis >= 0 && (split < joined || asked[axis] === 1)) {
      found[axis] = split * base;
      split *= asked[axis] as number;
      axis--;
    }
    if (split !== joined) return null;
    if (from > 0) {
      base = strides[from - 1] as number;
      joined = 1;
      split = 1;
    }
  }
  // Of a scalar, there is no axis to take strides from.
  while (axis >= 0) found[axis--] = 1;
  return found;
}

/**
 * Walks a shape in row-major order along with a position that moves by `strides`; `visit(i, position)` sees each cell.
 * The innermost axis is a plain loop.
 */
export function walk(
  shape: Shape,
  strides: readonly number[],
  start: number,
  visit: (i: number, at: number) => void,
): void {
  const size = sizeOf(shape);
  const last = shape.length - 1;
  const run = last < 0 ? 1 : (shape[last] as number);
  const step = last < 0 ? 0 : (strides[last] as number);
  const index = new Array<number>(shape.length).fill(0);
  let base = start;
  for (let i = 0; i < size; i += run) {
    for (let j = 0; j < run; j++) visit(i + j, base + j * step);
    for (let axis = last - 1; axis >= 0; axis--) {
      const next = (index[axis] as number) + 1;
      base += strides[axis] as number;
      index[axis] = next;
      if (next < (shape[axis] as number)) break;
      base -= next * (strides[axis] as number);
      index[axis] = 0;
    }
  }
}

/** Where each element lies, in row-major order. */
export function placesOf(view: Strided): Int32Array {
  const places = new Int32Array(sizeOf(view.shape));
  walk(view.shape, view.strides, view.offset, (i, at) => {
    places[i] = at;
  });
  return places;
}

/** The view that lies at `places`, in row-major order, if there is one with strides. */
export function stridedAt(places: ArrayLike<number | bigint>, shape: Shape): Strided | null {
  const offset = Number(places[0] ?? 0);
  const own = stridesOf(shape);
  const strides = new Array<number>(shape.length);
  let next = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number;
    // Where there is no neighbour: as far as the axes behind it reach.
    strides[axis] = size < 2 ? next : Number(places[own[axis] as number] ?? 0) - offset;
    next = size * (strides[axis] as number);
  }
  const view = { offset, shape, strides };
  let fits = true;
  walk(view.shape, view.strides, view.offset, (i, at) => {
    fits &&= Number(places[i]) === at;
  });
  return fits ? view : null;
}
