/** NumPy's functions that compute over axes: reductions, products; rounding, and choice by a condition. */

import { signature } from '../door/signature.js';
import { ValueError } from '../errors.js';
import type { Tuple } from '../text/python.js';
import { integerOr } from './axes.js';
import type { ArrayInput } from './input.js';
import { ndarray, result } from './ndarray.js';
import * as products from './products.js';
import * as reduce from './reduce.js';
import { nonzero } from './selection.js';
import { round as roundOf, select } from './ufunc.js';

/**
 * np.sum over all axes, or those named. Integers and truth values add up to int64.
 *
 * @throws AxisError for an axis out of range, ValueError for one named twice
 * @example sum([[1, 2], [3, 4]], { axis: 0 }).tolist() // [4, 6]
 */
export const sum = (a: ArrayInput, ...rest: reduce.SumArguments): ndarray => result(reduce.sum([a, ...rest]));

/**
 * np.prod: the product over all axes, or those named; dtypes as `sum`.
 *
 * @throws as `sum`
 * @example prod([2, 3]).item() // 6
 */
export const prod = (a: ArrayInput, ...rest: reduce.SumArguments): ndarray => result(reduce.prod([a, ...rest]));

/**
 * np.mean over all axes, or those named; float64 for integers.
 *
 * @throws as `sum`
 * @example mean([1, 2]).item() // 1.5
 */
export const mean = (a: ArrayInput, ...rest: reduce.SumArguments): ndarray => result(reduce.mean([a, ...rest]));

/**
 * np.max over all axes, or those named.
 *
 * @throws ValueError for no elements, AxisError for an axis out of range
 * @example max([1, 3, 2]).item() // 3
 */
export const max = (a: ArrayInput, ...rest: reduce.ExtremeArguments): ndarray => result(reduce.max([a, ...rest]));

/**
 * np.min over all axes, or those named.
 *
 * @throws as `max`
 * @example min([1, 3, 2]).item() // 1
 */
export const min = (a: ArrayInput, ...rest: reduce.ExtremeArguments): ndarray => result(reduce.min([a, ...rest]));

/** np.amax: another name of `max`. */
export const amax: typeof max = max;

/** np.amin: another name of `min`. */
export const amin: typeof min = min;

/**
 * np.any: whether an element is not zero.
 *
 * @throws AxisError for an axis out of range
 * @example any([0, 1]).item() // true
 */
export const any = (a: ArrayInput, ...rest: reduce.ExtremeArguments): ndarray => result(reduce.any([a, ...rest]));

/**
 * np.all: whether no element is zero.
 *
 * @throws AxisError for an axis out of range
 * @example all([0, 1]).item() // false
 */
export const all = (a: ArrayInput, ...rest: reduce.ExtremeArguments): ndarray => result(reduce.all([a, ...rest]));

/**
 * np.argmax: where the largest element is (the first of equal ones), in row-major order or along an axis. int64.
 *
 * @throws ValueError for no elements, AxisError for an axis out of range
 * @example argmax([1, 3, 2]).item() // 1
 */
export const argmax = (a: ArrayInput, ...rest: reduce.PositionArguments): ndarray =>
  result(reduce.argmax([a, ...rest]));

/**
 * np.argmin: where the smallest element is, as `argmax`.
 *
 * @throws as `argmax`
 * @example argmin([1, 3, 2]).item() // 0
 */
export const argmin = (a: ArrayInput, ...rest: reduce.PositionArguments): ndarray =>
  result(reduce.argmin([a, ...rest]));

const readRound = signature('round', 'a decimals?');

/**
 * np.round: to so many decimals (negative: before the point), halves to the even neighbour.
 *
 * @throws TypeError_ for decimals that aren't whole
 * @example round([0.5, 1.5, 1.25], 1).tolist() // [0.5, 1.5, 1.2]
 */
export function round(a: ArrayInput, decimals?: number): ndarray;
export function round(a: ArrayInput, keywords: { readonly decimals?: number }): ndarray;
export function round(...args: unknown[]): ndarray {
  const [a, decimals] = readRound(args);
  return result(roundOf(a as ArrayInput, integerOr(decimals, 'decimals', 0)));
}

/** np.around: another name of `round`. */
export const around: typeof round = round;

const readWhere = signature('where', 'condition x? y?');

/**
 * np.where: the elements of x where the condition is true (not zero), of y elsewhere. With the condition alone: the
 * indices of what is true, one int64 array an axis.
 *
 * @throws ValueError where shapes don't broadcast, or one of x and y is missing
 * @example where([true, false], [1, 2], 0).tolist() // [1, 0]
 */
export function where(condition: ArrayInput): Tuple<ndarray>;
export function where(condition: ArrayInput, x: ArrayInput, y: ArrayInput): ndarray;
export function where(...args: unknown[]): ndarray | Tuple<ndarray> {
  const [condition, x, y] = readWhere(args);
  if (x === undefined && y === undefined) return nonzero(condition as ArrayInput);
  if (x === undefined || y === undefined) {
    throw new ValueError('missing-argument', 'either both or neither of x and y should be given');
  }
  return new ndarray(select(condition as ArrayInput, x as ArrayInput, y as ArrayInput));
}

const readDot = signature('dot', 'a b');
const readMatmul = signature('matmul', 'x1 x2');

/**
 * np.dot: of vectors the inner product, of matrices the matrix product; in general the sum over the last axis of a and
 * the last but one of b.
 *
 * @throws ValueError where these differ in size
 * @example dot([1, 2], [3, 4]).item() // 11
 */
export function dot(a: ArrayInput, b: ArrayInput): ndarray;
export function dot(...args: unknown[]): ndarray {
  const [a, b] = readDot(args);
  return result(products.dot(a as ArrayInput, b as ArrayInput));
}

/**
 * np.matmul: `x1 @ x2`. The last two axes are matrices, the others broadcast; a vector is a row on the left, a column on
 * the right.
 *
 * @throws ValueError where sizes don't fit, or for a scalar
 * @example matmul([[1, 2]], [[3], [4]]).tolist() // [[11]]
 */
export function matmul(x1: ArrayInput, x2: ArrayInput): ndarray;
export function matmul(...args: unknown[]): ndarray {
  const [x1, x2] = readMatmul(args);
  return result(products.matmul(x1 as ArrayInput, x2 as ArrayInput));
}

const readTensordot = signature('tensordot', 'a b axes?');

/**
 * np.tensordot: the sum of products over pairs of axes.
 *
 * @param axes a number n: the last n axes of a with the first n of b (2 by default); or a pair of lists of axes
 * @throws ValueError where the axes of a pair differ in size, IndexError for an axis out of range
 * @example tensordot([1, 2], [3, 4], 1).item() // 11
 */
export function tensordot(
  a: ArrayInput,
  b: ArrayInput,
  axes?: number | readonly [number | readonly number[], number | readonly number[]],
): ndarray;
export function tensordot(
  a: ArrayInput,
  b: ArrayInput,
  keywords: { readonly axes?: number | readonly [number | readonly number[], number | readonly number[]] },
): ndarray;
export function tensordot(...args: unknown[]): ndarray {
  const [a, b, axes] = readTensordot(args);
  return new ndarray(products.tensordot(a as ArrayInput, b as ArrayInput, axes ?? 2));
}

/**
 * np.einsum: sums of products by the letters of axes. A letter that the result lacks is summed over; `...` stands for
 * the axes without a letter.
 *
 * @throws ValueError where the subscripts are ill-formed or don't fit the operands
 * @example einsum('ij,jk->ik', [[1, 2]], [[3], [4]]).tolist() // [[11]]
 */
export const einsum = (subscripts: string, ...operands: ArrayInput[]): ndarray =>
  result(products.einsum(subscripts, operands));
