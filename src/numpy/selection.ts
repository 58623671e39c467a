/** NumPy's functions that pick elements: by index, by condition, by order, by diagonal. */

import { flag, signature } from '../door/signature.js';
import { IndexError, NotImplementedError, ValueError } from '../errors.js';
import { isFloat } from '../shape/dtype.js';
import { sameShape, show, stridesOf } from '../shape/shape.js';
import { placesOf } from '../shape/strided.js';
import { newTensor, op, type Tensor } from '../tensor/tensor.js';
import { Tuple } from '../text/python.js';
import { along, argsortOf, orderAlong, ordered, placesAlong, sortOf, takeOf } from './along.js';
import { type Axes, axesOf, axisOf, integer } from './axes.js';
import { type ArrayInput, showTuple, toTensor } from './input.js';
import { asndarray, type ndarray, result } from './ndarray.js';
import * as reduce from './reduce.js';
import { gathered, takeCells } from './take.js';

interface OneAxis {
  readonly axis?: number | null;
}

/**
 * np.take: the cells of some indices along an axis; without an axis, of the array in one dimension.
 *
 * @param mode 'raise' (default), 'wrap' or 'clip': what becomes of an index out of range
 * @throws IndexError for an index out of range
 * @example take([4, 5, 6], [2, 0]).tolist() // [6, 4]
 */
export function take(
  a: ArrayInput,
  indices: ArrayInput,
  axis?: number | null | (OneAxis & { readonly mode?: 'raise' | 'wrap' | 'clip' }),
): ndarray;
export function take(...args: unknown[]): ndarray {
  return result(takeOf(args));
}

const readTakeAlong = signature('take_along_axis', 'arr indices axis?~');

/**
 * np.take_along_axis: of each line along an axis, the cells that the same line of indices names.
 *
 * @throws ValueError where the numbers of dimensions differ, IndexError for an index out of range
 * @example take_along_axis([[4, 5], [7, 6]], [[1], [0]], 1).tolist() // [[5], [7]]
 */
export function take_along_axis(
  arr: ArrayInput,
  indices: ArrayInput,
  axis?: number | null | { readonly axis?: number | null },
): ndarray;
export function take_along_axis(...args: unknown[]): ndarray {
  const [arr, given, givenAxis = -1] = readTakeAlong(args);
  const { x, axis } = along(arr, givenAxis);
  const indices = toTensor(given as ArrayInput);
  if (isFloat(indices.dtype)) throw new IndexError('dtype-mismatch', '`indices` must be an integer array');
  if (indices.shape.length !== x.shape.length) {
    throw new ValueError('rank-mismatch', '`indices` and `arr` must have the same number of dimensions');
  }
  const fits = indices.shape.every((size, k) => k === axis || size === x.shape[k] || size === 1 || x.shape[k] === 1);
  if (!fits) {
    throw new IndexError(
      'shape-mismatch',
      `shape mismatch: indexing arrays could not be broadcast together with shapes ${showTuple(indices.shape)} ${showTuple(x.shape)}`,
    );
  }
  return result(gathered(x, placesAlong(x, indices, axis), indices.shape));
}

/** Positions of what isn't zero. */
function found(x: Tensor): number[] {
  return Array.from<number | bigint>(x.array).flatMap((value, i) => (Number(value) === 0 ? [] : [i]));
}

const vector = (values: readonly number[]): ndarray => result(newTensor(values, [values.length], 'int64'));

/**
 * np.nonzero: the indices of what isn't zero, one int64 array an axis.
 *
 * @throws ValueError for a scalar
 * @example nonzero([0, 3, 4]) // (array([1, 2]),)
 */
export function nonzero(a: ArrayInput): Tuple<ndarray> {
  const x = toTensor(a);
  if (x.shape.length === 0) {
    throw new ValueError(
      'rank-mismatch',
      'Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() instead.',
    );
  }
  const places = found(x);
  const lists = stridesOf(x.shape).map((stride, axis) =>
    vector(places.map((i) => Math.floor(i / stride) % (x.shape[axis] as number))),
  );
  return Tuple.from<ndarray>(lists) as Tuple<ndarray>;
}

/**
 * np.flatnonzero: where in one dimension the array isn't zero.
 *
 * @example flatnonzero([[0, 3], [4, 0]]).tolist() // [1, 2]
 */
export const flatnonzero = (a: ArrayInput): ndarray => vector(found(toTensor(a)));

/**
 * np.argwhere: the indices of what isn't zero, a row each.
 *
 * @example argwhere([[0, 3], [4, 0]]).tolist() // [[0, 1], [1, 0]]
 */
export function argwhere(a: ArrayInput): ndarray {
  const x = toTensor(a);
  const places = found(x);
  const strides = stridesOf(x.shape);
  const rows = places.flatMap((i) => strides.map((stride, axis) => Math.floor(i / stride) % (x.shape[axis] as number)));
  return result(newTensor(rows, [places.length, x.shape.length], 'int64'));
}

const readCount = signature('count_nonzero', 'a axis?~ keepdims=');

/**
 * np.count_nonzero: how many elements aren't zero, of all or along axes.
 *
 * @throws AxisError for an axis out of range
 * @example count_nonzero([0, 3, 4]).item() // 2
 */
export function count_nonzero(
  a: ArrayInput,
  axis?: Axes | { readonly axis?: Axes; readonly keepdims?: boolean },
): ndarray;
export function count_nonzero(...args: unknown[]): ndarray {
  const [a, axis = null, keepdims = false] = readCount(args);
  const isTrue = op.convert(toTensor(a as ArrayInput).plain, 'bool');
  return result(reduce.sum([isTrue, { axis, keepdims }]));
}

/**
 * np.sort: lines along an axis (the last by default) in rising order, NaN at the end; null: all elements in one
 * dimension.
 *
 * @throws AxisError for an axis out of range
 * @example sort([3, 1, 2]).tolist() // [1, 2, 3]
 */
export function sort(a: ArrayInput, axis?: number | null | OneAxis): ndarray;
export function sort(...args: unknown[]): ndarray {
  return result(sortOf(args));
}

/**
 * np.argsort: which element stands where in rising order; of equal ones the first comes first.
 *
 * @throws as `sort`
 * @example argsort([3, 1, 2]).tolist() // [1, 2, 0]
 */
export function argsort(a: ArrayInput, axis?: number | null | (OneAxis & { readonly kind?: string | null })): ndarray;
export function argsort(...args: unknown[]): ndarray {
  return result(argsortOf(args));
}

const readUnique = signature('unique', 'ar return_index? return_inverse? return_counts? axis?~ equal_nan=');

interface UniqueKeywords {
  readonly return_index?: boolean;
  readonly return_inverse?: boolean;
  readonly return_counts?: boolean;
}

/**
 * np.unique: the different elements in rising order; on request also where each is first, which one each element is, and
 * how often each is there.
 *
 * @throws NotImplementedError for an axis
 * @example unique([3, 1, 3]).tolist() // [1, 3]
 */
export function unique(ar: ArrayInput): ndarray;
export function unique(ar: ArrayInput, keywords: UniqueKeywords): Tuple<ndarray>;
export function unique(...args: unknown[]): ndarray | Tuple<ndarray> {
  const [ar, first, inverse, counts, axis] = readUnique(args);
  if (axis !== undefined && axis !== null)
    throw new NotImplementedError('not-implemented', 'unique: axis is not supported');
  const given = toTensor(ar as ArrayInput);
  const x = op.reshape(given, [given.size]);
  const order = orderAlong(x, 0);
  const starts = [...order.keys()].filter((i) => i === 0 || ordered(at(x, order, i), at(x, order, i - 1)) !== 0);
  const firsts = starts.map((i) => order[i] as number);
  const results = [result(takeCells(x, 0, firsts))];
  if (flag(first, 'return_index', false)) results.push(vector(firsts));
  if (flag(inverse, 'return_inverse', false)) {
    const which = new Array<number>(order.length);
    let group = -1;
    order.forEach((from, i) => {
      if (starts[group + 1] === i) group++;
      which[from] = group;
    });
    results.push(vector(which).reshape(given.shape));
  }
  if (flag(counts, 'return_counts', false)) {
    results.push(vector(starts.map((start, i) => (starts[i + 1] ?? order.length) - start)));
  }
  return results.length === 1 ? (results[0] as ndarray) : (Tuple.from<ndarray>(results) as Tuple<ndarray>);
}

const at = ({ array }: Tensor, order: Int32Array, i: number): number | bigint =>
  array[order[i] as number] as number | bigint;

const readSearch = signature('searchsorted', 'a v side? sorter?~');

/**
 * np.searchsorted: where values would have to be put into a rising array; 'left' (default) before equal ones, 'right'
 * behind.
 *
 * @throws ValueError for an unknown side
 * @example searchsorted([1, 3, 5], [0, 3]).tolist() // [0, 1]
 */
export function searchsorted(
  a: ArrayInput,
  v: ArrayInput,
  side?: 'left' | 'right' | { readonly side?: 'left' | 'right' },
): ndarray;
export function searchsorted(...args: unknown[]): ndarray {
  const [a, v, side = 'left'] = readSearch(args);
  if (side !== 'left' && side !== 'right') {
    throw new ValueError('bad-argument', `search side must be 'left' or 'right' (got ${show(side)})`);
  }
  const list = Array.from<number | bigint, number>(toTensor(a as ArrayInput).array, Number);
  const values = toTensor(v as ArrayInput);
  const places = Array.from<number | bigint, number>(values.array, (given) => {
    const value = Number(given);
    const place = list.findIndex((item) => (side === 'left' ? ordered(item, value) >= 0 : ordered(item, value) > 0));
    return place < 0 ? list.length : place;
  });
  return result(newTensor(places, values.shape, 'int64'));
}

const readWindow = signature('sliding_window_view', 'x window_shape axis?~ subok= writeable=');

/**
 * np.lib.stride_tricks.sliding_window_view: all windows of a size, along new axes at the end; a view that can't be
 * written.
 *
 * @throws ValueError for a window larger than its axis
 * @example sliding_window_view([1, 2, 3], 2).tolist() // [[1, 2], [2, 3]]
 */
export function sliding_window_view(
  x: ArrayInput,
  window_shape: number | readonly number[],
  axis?: Axes | { readonly axis?: Axes; readonly writeable?: boolean },
): ndarray;
export function sliding_window_view(...args: unknown[]): ndarray {
  const [given, windowShape, axis, , writeable] = readWindow(args);
  const x = asndarray(given as ArrayInput);
  const windows = [windowShape].flat().map((size) => integer(size, 'window_shape'));
  if (windows.some((size) => size < 0))
    throw new ValueError('size-invalid', '`window_shape` cannot contain negative values');
  const isAll = axis === undefined || axis === null;
  if (isAll && windows.length !== x.ndim) {
    throw new ValueError(
      'rank-mismatch',
      `Since axis is \`None\`, must provide window_shape for all dimensions of \`x\`; got ${windows.length} window_shape elements and \`x.ndim\` is ${x.ndim}.`,
    );
  }
  const axes = isAll ? axesOf(null, x.ndim) : [axis].flat().map((each) => axisOf(each, x.ndim));
  if (axes.length !== windows.length) {
    throw new ValueError(
      'rank-mismatch',
      `Must provide matching length window_shape and axis; got ${windows.length} window_shape elements and ${axes.length} axes elements.`,
    );
  }
  const { offset, shape, strides } = x.strided;
  const left = [...shape];
  axes.forEach((each, i) => {
    if ((left[each] as number) < (windows[i] as number)) {
      throw new ValueError('size-invalid', 'window shape cannot be larger than input array shape');
    }
    left[each] = (left[each] as number) - (windows[i] as number) + 1;
  });
  const view = {
    offset,
    shape: [...left, ...windows],
    strides: [...strides, ...axes.map((each) => strides[each] as number)],
  };
  const own = asndarray(x).shape;
  const steps = stridesOf(own);
  const flat = { offset: 0, shape: view.shape, strides: [...steps, ...axes.map((each) => steps[each] as number)] };
  return x.viewed(view, (value) => gathered(value, placesOf(flat), view.shape), flag(writeable, 'writeable', false));
}

/** np.array_equiv: whether two arrays are equal, once one is repeated to the shape of the other. */
export function array_equiv(a1: ArrayInput, a2: ArrayInput): boolean {
  const [a, b] = [asndarray(a1), asndarray(a2)];
  const both = sameShape(a.shape, b.shape) || a.ndim === 0 || b.ndim === 0;
  return both && a.eq(b).all().item<boolean>() === true;
}
