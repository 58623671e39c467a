/** NumPy's functions that join, split and repeat arrays. */

import { signature } from '../door/signature.js';
import { IndexError, ValueError } from '../errors.js';
import { op, type Tensor } from '../tensor/tensor.js';
import { repeatOf } from './along.js';
import { axesOf, axisOf, integer, integerOr } from './axes.js';
import { type ArrayInput, toTensor } from './input.js';
import { concatenate } from './manipulation.js';
import { asndarray, ndarray } from './ndarray.js';
import { listOf } from './operands.js';
import { takeCells } from './take.js';

/** Arrays in a list, or the rows of one. */
type Arrays = readonly ArrayInput[] | ArrayInput;

const withRank = (x: ndarray, shape: (own: readonly number[]) => readonly number[]): ndarray =>
  x.reshape(shape(x.shape));

/**
 * np.atleast_1d: scalars as arrays of one element.
 *
 * @example atleast_1d(3).shape // (1,)
 */
export const atleast_1d = (ary: ArrayInput): ndarray => {
  const x = asndarray(ary);
  return x.ndim >= 1 ? x : withRank(x, () => [1]);
};

/**
 * np.atleast_2d: with axes of size 1 in front, until there are two.
 *
 * @example atleast_2d([1, 2]).shape // (1, 2)
 */
export const atleast_2d = (ary: ArrayInput): ndarray => {
  const x = asndarray(ary);
  return x.ndim >= 2 ? x : withRank(x, (own) => [...new Array<number>(2 - own.length).fill(1), ...own]);
};

/**
 * np.atleast_3d: with axes of size 1, until there are three: a vector becomes [1, n, 1], a matrix [m, n, 1].
 *
 * @example atleast_3d([1, 2]).shape // (1, 2, 1)
 */
export const atleast_3d = (ary: ArrayInput): ndarray => {
  const x = asndarray(ary);
  if (x.ndim >= 3) return x;
  return withRank(x, (own) => (own.length === 2 ? [...own, 1] : own.length === 1 ? [1, ...own, 1] : [1, 1, 1]));
};

const parts = (arrays: Arrays, name: string, least: (x: ArrayInput) => ndarray): ndarray[] =>
  listOf(arrays, name).map((part) => least(new ndarray(part)));

/**
 * np.vstack: arrays on top of each other; vectors are rows.
 *
 * @throws ValueError where sizes don't fit, or there are no arrays
 * @example vstack([[1, 2], [3, 4]]).tolist() // [[1, 2], [3, 4]]
 */
export const vstack = (tup: Arrays): ndarray => concatenate(parts(tup, 'vstack', atleast_2d), 0);

/**
 * np.hstack: arrays side by side; vectors one behind the other.
 *
 * @throws as `vstack`
 * @example hstack([[1, 2], [3]]).tolist() // [1, 2, 3]
 */
export function hstack(tup: Arrays): ndarray {
  const list = parts(tup, 'hstack', atleast_1d);
  return concatenate(list, list[0]?.ndim === 1 ? 0 : 1);
}

/**
 * np.dstack: arrays behind each other, along the third axis.
 *
 * @throws as `vstack`
 * @example dstack([[1, 2], [3, 4]]).tolist() // [[[1, 3], [2, 4]]]
 */
export const dstack = (tup: Arrays): ndarray => concatenate(parts(tup, 'dstack', atleast_3d), 2);

/**
 * np.column_stack: vectors as the columns of a matrix.
 *
 * @throws as `vstack`
 * @example column_stack([[1, 2], [3, 4]]).tolist() // [[1, 3], [2, 4]]
 */
export const column_stack = (tup: Arrays): ndarray =>
  concatenate(
    parts(tup, 'column_stack', (x) => (asndarray(x).ndim < 2 ? atleast_2d(x).T : asndarray(x))),
    1,
  );

const readAppend = signature('append', 'arr values axis?~');

/**
 * np.append: values behind an array; without an axis, both in one dimension.
 *
 * @throws ValueError where shapes don't fit
 * @example append([1, 2], [[3]]).tolist() // [1, 2, 3]
 */
export function append(
  arr: ArrayInput,
  values: ArrayInput,
  axis?: number | null | { readonly axis?: number | null },
): ndarray;
export function append(...args: unknown[]): ndarray {
  const [arr, values, axis] = readAppend(args);
  const both = [arr, values].map((x) => asndarray(x as ArrayInput));
  if (axis === undefined || axis === null) return concatenate(both.map((x) => x.ravel()));
  return concatenate(both, axis as number);
}

const readSplit = (name: string) => signature(name, 'ary indices_or_sections axis?');
const readEven = readSplit('split');
const readArray = readSplit('array_split');

/** Where the parts of n cells begin and end. */
function cuts(n: number, sections: unknown, isEven: boolean): [from: number, to: number][] {
  if (typeof sections === 'number') {
    const count = integer(sections, 'indices_or_sections');
    if (count <= 0) throw new ValueError('bad-argument', 'number sections must be larger than 0.');
    if (isEven && n % count !== 0) {
      throw new ValueError('shape-mismatch', 'array split does not result in an equal division');
    }
    const [size, longer] = [Math.floor(n / count), n % count];
    const start = (i: number): number => i * size + Math.min(i, longer);
    return Array.from({ length: count }, (_, i) => [start(i), start(i + 1)]);
  }
  const given = Array.from<number | bigint, number>(toTensor(sections as ArrayInput).array, Number);
  const at = (index: number): number => Math.min(Math.max(index < 0 ? index + n : index, 0), n);
  return [...given, n].map((end, i) => [i === 0 ? 0 : at(given[i - 1] as number), i < given.length ? at(end) : n]);
}

function divided(ary: ArrayInput, sections: unknown, axis: number, isEven: boolean): ndarray[] {
  const x = asndarray(ary);
  const along = axisOf(axis, x.ndim);
  const before = new Array<string>(along).fill(':');
  return cuts(x.shape[along] as number, sections, isEven).map(([from, to]) =>
    x.at(...before, `${from}:${Math.max(from, to)}`),
  );
}

/** How many parts of equal size, or where to cut. */
type Sections = number | readonly number[];

/**
 * np.split: parts along an axis, all of one size, or cut at positions; views.
 *
 * @throws ValueError where the parts would differ in size
 * @example split([1, 2, 3, 4], 2).map(String) // ['[1 2]', '[3 4]']
 */
export function split(
  ary: ArrayInput,
  indices_or_sections: Sections,
  axis?: number | { readonly axis?: number },
): ndarray[];
export function split(...args: unknown[]): ndarray[] {
  const [ary, sections, axis] = readEven(args);
  return divided(ary as ArrayInput, sections, integerOr(axis, 'axis', 0), true);
}

/**
 * np.array_split: as `split`, but the first parts may be longer by one.
 *
 * @throws ValueError for no parts
 * @example array_split([1, 2, 3], 2).map(String) // ['[1 2]', '[3]']
 */
export function array_split(
  ary: ArrayInput,
  indices_or_sections: Sections,
  axis?: number | { readonly axis?: number },
): ndarray[];
export function array_split(...args: unknown[]): ndarray[] {
  const [ary, sections, axis] = readArray(args);
  return divided(ary as ArrayInput, sections, integerOr(axis, 'axis', 0), false);
}

const splitAlong =
  (name: string, least: number, axis: (rank: number) => number) =>
  (ary: ArrayInput, indices_or_sections: Sections): ndarray[] => {
    const { ndim } = asndarray(ary);
    if (ndim >= least) return divided(ary, indices_or_sections, axis(ndim), true);
    throw new ValueError('rank-mismatch', `${name} only works on arrays of ${least} or more dimensions`);
  };

type SplitAlong = (ary: ArrayInput, indices_or_sections: Sections) => ndarray[];
/** np.hsplit: parts along the second axis, of a vector along the first. */
export const hsplit: SplitAlong = splitAlong('hsplit', 1, (rank) => (rank > 1 ? 1 : 0));
/** np.vsplit: parts along the first axis. */
export const vsplit: SplitAlong = splitAlong('vsplit', 2, () => 0);
/** np.dsplit: parts along the third axis. */
export const dsplit: SplitAlong = splitAlong('dsplit', 3, () => 2);

const readTile = signature('tile', 'A reps');

/**
 * np.tile: an array so many times along each axis.
 *
 * @example tile([1, 2], 2).tolist() // [1, 2, 1, 2]
 */
export function tile(A: ArrayInput, reps: number | readonly number[]): ndarray;
export function tile(...args: unknown[]): ndarray {
  const [A, given] = readTile(args);
  const x = toTensor(A as ArrayInput);
  const times = [given].flat().map((n) => integer(n, 'reps'));
  if (times.some((n) => n < 0)) throw new ValueError('size-invalid', 'negative dimensions are not allowed');
  const rank = Math.max(times.length, x.shape.length);
  const lead = <T>(list: readonly T[], one: T): T[] => [...new Array<T>(rank - list.length).fill(one), ...list];
  const [reps, shape] = [lead(times, 1), lead(x.shape, 1)];
  const pairs = shape.flatMap((size, axis) => [reps[axis] as number, size]);
  const spread = op.broadcast_in_dim(
    op.reshape(x, shape),
    pairs,
    shape.map((_, axis) => 2 * axis + 1),
  );
  return new ndarray(
    op.reshape(
      spread,
      shape.map((size, axis) => size * (reps[axis] as number)),
    ),
  );
}

/**
 * np.repeat: each cell along an axis so many times in a row; without an axis, of the array in one dimension.
 *
 * @param repeats how many times: a number, or one a cell
 * @throws ValueError for a negative number, or as many as there are not cells
 * @example repeat([1, 2], 2).tolist() // [1, 1, 2, 2]
 */
export function repeat(
  a: ArrayInput,
  repeats: ArrayInput,
  axis?: number | null | { readonly axis?: number | null },
): ndarray;
export function repeat(...args: unknown[]): ndarray {
  return new ndarray(repeatOf(args));
}

const readRoll = signature('roll', 'a shift axis?~');

/**
 * np.roll: cells moved along axes; what leaves at one end comes in at the other. Without an axis, in one dimension.
 *
 * @throws AxisError for an axis out of range
 * @example roll([1, 2, 3], 1).tolist() // [3, 1, 2]
 */
export function roll(
  a: ArrayInput,
  shift: number | readonly number[],
  axis?: number | readonly number[] | null | { readonly axis?: number | readonly number[] | null },
): ndarray;
export function roll(...args: unknown[]): ndarray {
  const [a, shift, axis] = readRoll(args);
  const x = toTensor(a as ArrayInput);
  const shifts = [shift].flat().map((by) => integer(by, 'shift'));
  if (axis === undefined || axis === null) {
    const by = shifts.reduce((sum, each) => sum + each, 0);
    return new ndarray(op.reshape(rolled(op.reshape(x, [x.size]), by, 0), x.shape));
  }
  const axes = [axis].flat().map((each) => axisOf(each, x.shape.length));
  if (shifts.length !== axes.length && shifts.length !== 1 && axes.length !== 1) {
    throw new ValueError(
      'shape-mismatch',
      'shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between arg 0 with shape ' +
        `(${shifts.length},) and arg 1 with shape (${axes.length},).`,
    );
  }
  const count = Math.max(shifts.length, axes.length);
  const at = (list: readonly number[], i: number): number => list[list.length === 1 ? 0 : i] as number;
  let value = x;
  for (let i = 0; i < count; i++) value = rolled(value, at(shifts, i), at(axes, i));
  return new ndarray(value);
}

function rolled(x: Tensor, by: number, axis: number): Tensor {
  const n = x.shape[axis] as number;
  if (n === 0) return x;
  const start = (((-by % n) + n) % n) % n;
  if (start === 0) return x;
  const part = (from: number, to: number): Tensor =>
    op.slice(x, {
      start: x.shape.map((_, i) => (i === axis ? from : 0)),
      limit: x.shape.map((size, i) => (i === axis ? to : size)),
      stride: x.shape.map(() => 1),
    });
  return op.concatenate([part(start, n), part(0, start)], axis);
}

const readDelete = signature('delete', 'arr obj axis?~');

/** np.delete: without some cells along an axis. */
function without(...args: unknown[]): ndarray {
  const [arr, obj, axis] = readDelete(args);
  const given = toTensor(arr as ArrayInput);
  const isFlat = axis === undefined || axis === null;
  const x = isFlat ? op.reshape(given, [given.size]) : given;
  const along = isFlat ? 0 : axisOf(axis, x.shape.length);
  const n = x.shape[along] as number;
  const dropped = Array.from<number | bigint, number>(toTensor(obj as ArrayInput).array, (i) =>
    axisLike(Number(i), n, along),
  );
  const cells = axesOf(null, n).filter((cell) => !dropped.includes(cell));
  return new ndarray(takeCells(x, along, cells));
}

function axisLike(index: number, n: number, axis: number): number {
  if (index >= -n && index < n) return index < 0 ? index + n : index;
  throw new IndexError('index-out-of-range', `index ${index} is out of bounds for axis ${axis} with size ${n}`);
}

/**
 * np.delete: without the cells of some indices along an axis; without an axis, of the array in one dimension.
 *
 * @throws IndexError for an index out of range
 */
const remove: (arr: ArrayInput, obj: ArrayInput, axis?: number | null | { readonly axis?: number | null }) => ndarray =
  without;

export { remove as delete };
