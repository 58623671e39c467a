/** NumPy's functions that move elements: shapes, axes, flips, joins. */

import { signature } from '../door/signature.js';
import { ValueError } from '../errors.js';
import { broadcastTo } from '../ops/composite.js';
import { promoteNumpy } from '../shape/promotion.js';
import { sameShape } from '../shape/shape.js';
import { op, type Tensor } from '../tensor/tensor.js';
import { type Axes, axesOf, axisOf, integer, integerOr, type ShapeInput, shapeOf } from './axes.js';
import type { ArrayInput } from './input.js';
import { asndarray, ndarray, result } from './ndarray.js';
import { listOf } from './operands.js';
import { checkBroadcast } from './products.js';

const readReshape = signature('reshape', 'a shape order?');

/**
 * np.reshape: the same elements, in row-major order, in another shape; -1 stands for what is left.
 *
 * @throws ValueError where the sizes don't fit
 * @example reshape([1, 2, 3, 4], [2, -1]).tolist() // [[1, 2], [3, 4]]
 */
export function reshape(a: ArrayInput, shape: ShapeInput): ndarray;
export function reshape(a: ArrayInput, shape: ShapeInput, order: 'C' | 'F' | { readonly order?: 'C' | 'F' }): ndarray;
export function reshape(a: ArrayInput, keywords: { readonly shape: ShapeInput; readonly order?: 'C' | 'F' }): ndarray;
export function reshape(...args: unknown[]): ndarray {
  const [a, shape, order] = readReshape(args);
  return asndarray(a as ArrayInput).reshape(shape as number[], { order: (order as 'C' | undefined) ?? 'C' });
}

const readTranspose = signature('transpose', 'a axes?~');

/**
 * np.transpose: axes in another order, by default the reverse one.
 *
 * @throws ValueError where the order doesn't name each axis once
 * @example transpose([[1, 2], [3, 4]]).tolist() // [[1, 3], [2, 4]]
 */
export function transpose(a: ArrayInput, axes?: readonly number[] | null): ndarray;
export function transpose(a: ArrayInput, keywords: { readonly axes?: readonly number[] | null }): ndarray;
export function transpose(...args: unknown[]): ndarray {
  const [a, axes] = readTranspose(args);
  return asndarray(a as ArrayInput).transpose(axes as number[] | null | undefined);
}

const readRavel = signature('ravel', 'a order?');

/**
 * np.ravel: the elements in one dimension; a view where they lie so.
 *
 * @example ravel([[1, 2], [3, 4]]).tolist() // [1, 2, 3, 4]
 */
export function ravel(a: ArrayInput, order?: 'C' | 'F' | { readonly order?: 'C' | 'F' }): ndarray;
export function ravel(...args: unknown[]): ndarray {
  const [a, order] = readRavel(args);
  return asndarray(a as ArrayInput).ravel(order as 'C' | undefined);
}

const readSqueeze = signature('squeeze', 'a axis?~');

/**
 * np.squeeze: without the axes of size 1, or those of them that are named.
 *
 * @throws ValueError where a named axis has another size
 * @example squeeze([[1, 2]]).tolist() // [1, 2]
 */
export function squeeze(a: ArrayInput, axis?: Axes): ndarray;
export function squeeze(a: ArrayInput, keywords: { readonly axis?: Axes }): ndarray;
export function squeeze(...args: unknown[]): ndarray {
  const [a, axis] = readSqueeze(args);
  return asndarray(a as ArrayInput).squeeze(axis as Axes | undefined);
}

const readExpand = signature('expand_dims', 'a axis');

/**
 * np.expand_dims: with new axes of size 1, which have the given positions in the result.
 *
 * @throws AxisError for a position out of range
 * @example expand_dims([1, 2], 0).tolist() // [[1, 2]]
 */
export function expand_dims(a: ArrayInput, axis: number | readonly number[]): ndarray;
export function expand_dims(a: ArrayInput, keywords: { readonly axis: number | readonly number[] }): ndarray;
export function expand_dims(...args: unknown[]): ndarray {
  const [a, axis] = readExpand(args);
  const x = asndarray(a as ArrayInput);
  const count = Array.isArray(axis) ? axis.length : 1;
  const added = axesOf(axis, x.ndim + count, 'repeated axis');
  const { offset, shape, strides } = x.strided;
  let next = 0;
  const spread = axesOf(null, x.ndim + count).map((i) => (added.includes(i) ? null : next++));
  const sizes = spread.map((from) => (from === null ? 1 : (shape[from] as number)));
  const steps = spread.map((from) => (from === null ? 0 : (strides[from] as number)));
  return x.viewed({ offset, shape: sizes, strides: steps }, (value) => op.reshape(value, sizes));
}

/**
 * np.swapaxes: two axes exchanged.
 *
 * @throws AxisError for an axis out of range
 * @example swapaxes([[1, 2]], 0, 1).tolist() // [[1], [2]]
 */
export const swapaxes = (a: ArrayInput, axis1: number, axis2: number): ndarray => asndarray(a).swapaxes(axis1, axis2);

/**
 * np.moveaxis: axes moved to other places, the others in their order; a view.
 *
 * @throws AxisError for an axis out of range, ValueError for one named twice, or lists of different lengths
 * @example moveaxis([[[1, 2]]], -1, 0).shape // (2, 1, 1)
 */
export function moveaxis(
  a: ArrayInput,
  source: number | readonly number[],
  destination: number | readonly number[],
): ndarray {
  const x = asndarray(a);
  const list = (axes: number | readonly number[], name: string): number[] => {
    const found = [axes].flat().map((axis) => axisOf(axis, x.ndim, `${name}: `));
    if (new Set(found).size === found.length) return found;
    throw new ValueError('bad-argument', `repeated axis in \`${name}\` argument`);
  };
  const [from, to] = [list(source, 'source'), list(destination, 'destination')];
  if (from.length !== to.length) {
    throw new ValueError('bad-argument', '`source` and `destination` arguments must have the same number of elements');
  }
  const order = axesOf(null, x.ndim).filter((axis) => !from.includes(axis));
  const moves = to.map((place, i) => [place, from[i] as number] as const).sort(([p], [q]) => p - q);
  for (const [place, axis] of moves) order.splice(place, 0, axis);
  return x.transpose(order);
}

const readBroadcast = signature('broadcast_to', 'array shape subok?');

/**
 * np.broadcast_to: axes of size 1 repeated, and new ones put in front, until the shape is the given one; a view that
 * can't be written.
 *
 * @throws ValueError where the shapes don't fit
 * @example broadcast_to([1, 2], [2, 2]).tolist() // [[1, 2], [1, 2]]
 */
export function broadcast_to(array: ArrayInput, shape: ShapeInput | { readonly shape: ShapeInput }): ndarray;
export function broadcast_to(...args: unknown[]): ndarray {
  const [array, given] = readBroadcast(args);
  const x = asndarray(array as ArrayInput);
  const shape = shapeOf(given);
  checkBroadcast(x.shape, shape);
  const { offset, shape: own, strides } = x.strided;
  const lead = shape.length - own.length;
  const steps = shape.map((size, axis) =>
    axis < lead || own[axis - lead] !== size ? 0 : (strides[axis - lead] as number),
  );
  return x.viewed({ offset, shape, strides: steps }, (value) => broadcastTo(op, value, shape), false);
}

const readFlip = signature('flip', 'm axis?~');

/** The same cells, backwards along some axes; a view. */
function reversed(x: ndarray, axes: readonly number[]): ndarray {
  if (x.ndim === 0) return result(x.toCore());
  const { shape, strides } = x.strided;
  const { offset } = x.strided;
  const last = (axis: number): number => ((shape[axis] as number) - 1) * (strides[axis] as number);
  const start = shape.includes(0) ? offset : axes.reduce((at, axis) => at + last(axis), offset);
  const steps = strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride));
  return x.viewed({ offset: start, shape, strides: steps }, (value) => op.reverse(value, axes));
}

/**
 * np.flip: elements in reverse order along all axes, or along those named.
 *
 * @throws AxisError for an axis out of range, ValueError for one named twice
 * @example flip([[1, 2], [3, 4]]).tolist() // [[4, 3], [2, 1]]
 */
export function flip(m: ArrayInput, axis?: Axes): ndarray;
export function flip(m: ArrayInput, keywords: { readonly axis?: Axes }): ndarray;
export function flip(...args: unknown[]): ndarray {
  const [m, axis] = readFlip(args);
  const x = asndarray(m as ArrayInput);
  return reversed(x, axesOf(axis, x.ndim, 'repeated axis'));
}

/**
 * np.fliplr: columns in reverse order.
 *
 * @throws ValueError below two dimensions
 * @example fliplr([[1, 2]]).tolist() // [[2, 1]]
 */
export function fliplr(m: ArrayInput): ndarray {
  const x = asndarray(m);
  if (x.ndim < 2) throw new ValueError('rank-mismatch', 'Input must be >= 2-d.');
  return reversed(x, [1]);
}

/**
 * np.flipud: rows in reverse order.
 *
 * @throws ValueError for a scalar
 * @example flipud([[1], [2]]).tolist() // [[2], [1]]
 */
export function flipud(m: ArrayInput): ndarray {
  const x = asndarray(m);
  if (x.ndim < 1) throw new ValueError('rank-mismatch', 'Input must be >= 1-d.');
  return reversed(x, [0]);
}

const readRot = signature('rot90', 'm k? axes?');

/**
 * np.rot90: turned k times by 90 degrees, from the first towards the second of two axes.
 *
 * @throws ValueError where the axes aren't two different ones of the array's
 * @example rot90([[1, 2], [3, 4]]).tolist() // [[2, 4], [1, 3]]
 */
export function rot90(m: ArrayInput, k?: number, axes?: readonly number[]): ndarray;
export function rot90(m: ArrayInput, keywords: { readonly k?: number; readonly axes?: readonly number[] }): ndarray;
export function rot90(m: ArrayInput, k: number, keywords: { readonly axes?: readonly number[] }): ndarray;
export function rot90(...args: unknown[]): ndarray {
  const [m, k, axes] = readRot(args);
  const x = asndarray(m as ArrayInput);
  const rank = x.ndim;
  const given: readonly unknown[] = Array.isArray(axes) ? axes : [0, 1];
  if (given.length !== 2) throw new ValueError('bad-argument', 'len(axes) must be 2.');
  const [from, to] = given.map((axis) => integer(axis, 'axes')) as [number, number];
  if (from === to || Math.abs(from - to) === rank) throw new ValueError('bad-argument', 'Axes must be different.');
  if (from >= rank || from < -rank || to >= rank || to < -rank) {
    throw new ValueError('axis-out-of-range', `Axes=(${from}, ${to}) out of range for array of ndim=${rank}.`);
  }
  const turns = integerOr(k, 'k', 1) & 3;
  const [a, b] = [axisOf(from, rank), axisOf(to, rank)];
  const exchanged = axesOf(null, rank).map((axis) => (axis === a ? b : axis === b ? a : axis));
  // By 90 degrees: reverse along the second axis, then exchange the two; by 270: the other way round.
  if (turns === 0) return x.at('...');
  if (turns === 2) return reversed(x, [a, b]);
  return turns === 1 ? reversed(x, [b]).transpose(exchanged) : reversed(x.transpose(exchanged), [b]);
}

/** Joins tensors along an axis, in their common dtype. */
function join(parts: readonly Tensor[], axis: number): ndarray {
  const dtype = parts.map((part) => part.dtype).reduce(promoteNumpy);
  return new ndarray(
    op.concatenate(
      parts.map((part) => op.convert(part, dtype)),
      axis,
    ),
  );
}

const readConcatenate = signature('concatenate', 'arrays axis?~');

/**
 * np.concatenate: arrays one behind the other along an axis that they have; null: all flattened first.
 *
 * @throws ValueError where the arrays differ in another axis, or there are none
 * @example concatenate([[1, 2], [3]]).tolist() // [1, 2, 3]
 */
export function concatenate(arrays: readonly ArrayInput[] | ArrayInput, axis?: number | null): ndarray;
export function concatenate(
  arrays: readonly ArrayInput[] | ArrayInput,
  keywords: { readonly axis?: number | null },
): ndarray;
export function concatenate(...args: unknown[]): ndarray {
  const [arrays, axis] = readConcatenate(args);
  const given = listOf(arrays, 'concatenate');
  const parts = axis === null ? given.map((part) => op.reshape(part, [part.size])) : given;
  const [first] = parts;
  if (first === undefined) throw new ValueError('bad-argument', 'need at least one array to concatenate');
  const rank = first.shape.length;
  if (rank === 0) throw new ValueError('rank-mismatch', 'zero-dimensional arrays cannot be concatenated');
  const along = axisOf(axis ?? 0, rank);
  parts.forEach((part, i) => {
    checkPart(first, part, i, along);
  });
  return join(parts, along);
}

/** All parts have one rank, and one size along every axis but one. */
function checkPart(first: Tensor, part: Tensor, index: number, along: number): void {
  if (part.shape.length !== first.shape.length) {
    throw new ValueError(
      'rank-mismatch',
      `all the input arrays must have same number of dimensions, but the array at index 0 has ${first.shape.length} ` +
        `dimension(s) and the array at index ${index} has ${part.shape.length} dimension(s)`,
    );
  }
  const other = first.shape.findIndex((size, axis) => axis !== along && part.shape[axis] !== size);
  if (other >= 0) {
    throw new ValueError(
      'shape-mismatch',
      'all the input array dimensions except for the concatenation axis must match exactly, but along dimension ' +
        `${other}, the array at index 0 has size ${first.shape[other]} and the array at index ${index} has size ` +
        `${part.shape[other]}`,
    );
  }
}

const readStack = signature('stack', 'arrays axis?');

/**
 * np.stack: arrays of one shape along a new axis.
 *
 * @throws ValueError where the shapes differ, or there are no arrays; AxisError for an axis out of range
 * @example stack([[1, 2], [3, 4]], 1).tolist() // [[1, 3], [2, 4]]
 */
export function stack(arrays: readonly ArrayInput[] | ArrayInput, axis?: number): ndarray;
export function stack(arrays: readonly ArrayInput[] | ArrayInput, keywords: { readonly axis?: number }): ndarray;
export function stack(...args: unknown[]): ndarray {
  const [arrays, axis] = readStack(args);
  const parts = listOf(arrays, 'stack');
  const [first] = parts;
  if (first === undefined) throw new ValueError('bad-argument', 'need at least one array to stack');
  const { shape } = first;
  if (!parts.every((part) => sameShape(part.shape, shape))) {
    throw new ValueError('shape-mismatch', 'all input arrays must have the same shape');
  }
  const along = axisOf(axis ?? 0, shape.length + 1);
  return join(
    parts.map((part) => op.reshape(part, shape.toSpliced(along, 0, 1))),
    along,
  );
}

/** np.concat: another name of `concatenate`. */
export const concat: typeof concatenate = concatenate;

/** np.permute_dims: another name of `transpose`. */
export const permute_dims: typeof transpose = transpose;

/**
 * np.matrix_transpose: the last two axes exchanged; a view.
 *
 * @throws ValueError below two dimensions
 * @example matrix_transpose([[1, 2]]).tolist() // [[1], [2]]
 */
export const matrix_transpose = (x: ArrayInput): ndarray => asndarray(x).mT;
