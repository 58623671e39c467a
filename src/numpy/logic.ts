/** NumPy's functions of single elements that tell: comparisons, logic, bits, what is NaN or infinite. */

import type { Direction } from '../ops/primitive.js';
import { type OneArray, ofOne, ofTwo, type TwoArrays } from './calls.js';
import * as ufunc from './ufunc.js';

const comparison = (name: string, direction: Direction): TwoArrays =>
  ofTwo(name, (x1, x2) => ufunc.compare(direction, x1, x2));

const test = (name: ufunc.TestName): OneArray => ofOne(name, (x) => ufunc.test(name, x));

/**
 * np.equal: `x1 == x2`.
 *
 * @throws as `add`
 * @example equal([1, 2], 1).tolist() // [true, false]
 */
export const equal: TwoArrays = comparison('equal', 'EQ');
/**
 * np.not_equal: `x1 != x2`.
 *
 * @throws as `add`
 * @example not_equal([1, 2], 1).tolist() // [false, true]
 */
export const not_equal: TwoArrays = comparison('not_equal', 'NE');
/**
 * np.less: `x1 < x2`.
 *
 * @throws as `add`
 * @example less([1, 2], 2).tolist() // [true, false]
 */
export const less: TwoArrays = comparison('less', 'LT');
/**
 * np.less_equal: `x1 <= x2`.
 *
 * @throws as `add`
 * @example less_equal([1, 2], 1).tolist() // [true, false]
 */
export const less_equal: TwoArrays = comparison('less_equal', 'LE');
/**
 * np.greater: `x1 > x2`.
 *
 * @throws as `add`
 * @example greater([1, 2], 1).tolist() // [false, true]
 */
export const greater: TwoArrays = comparison('greater', 'GT');
/**
 * np.greater_equal: `x1 >= x2`.
 *
 * @throws as `add`
 * @example greater_equal([1, 2], 2).tolist() // [false, true]
 */
export const greater_equal: TwoArrays = comparison('greater_equal', 'GE');
/**
 * np.logical_and: whether both aren't zero.
 *
 * @throws as `add`
 * @example logical_and([0, 1], 1).tolist() // [false, true]
 */
export const logical_and: TwoArrays = ofTwo('logical_and', (x1, x2) => ufunc.logical('and', x1, x2));
/**
 * np.logical_or: whether one of both isn't zero.
 *
 * @throws as `add`
 * @example logical_or([0, 1], 1).tolist() // [true, true]
 */
export const logical_or: TwoArrays = ofTwo('logical_or', (x1, x2) => ufunc.logical('or', x1, x2));
/**
 * np.logical_xor: whether just one of both isn't zero.
 *
 * @throws as `add`
 * @example logical_xor([0, 1], 1).tolist() // [true, false]
 */
export const logical_xor: TwoArrays = ofTwo('logical_xor', (x1, x2) => ufunc.logical('xor', x1, x2));
/**
 * np.bitwise_and: `x1 & x2`, of integers or truth values.
 *
 * @throws TypeError_ for floats
 * @example bitwise_and(6, [3]).tolist() // [2]
 */
export const bitwise_and: TwoArrays = ofTwo('bitwise_and', (x1, x2) => ufunc.bitwise('and', x1, x2));
/**
 * np.bitwise_or: `x1 | x2`, of integers or truth values.
 *
 * @throws TypeError_ for floats
 * @example bitwise_or(6, [3]).tolist() // [7]
 */
export const bitwise_or: TwoArrays = ofTwo('bitwise_or', (x1, x2) => ufunc.bitwise('or', x1, x2));
/**
 * np.bitwise_xor: `x1 ^ x2`, of integers or truth values.
 *
 * @throws TypeError_ for floats
 * @example bitwise_xor(6, [3]).tolist() // [5]
 */
export const bitwise_xor: TwoArrays = ofTwo('bitwise_xor', (x1, x2) => ufunc.bitwise('xor', x1, x2));

/**
 * np.logical_not: whether x is zero.
 *
 * @example logical_not([0, 2]).tolist() // [true, false]
 */
export const logical_not: OneArray = ofOne('logical_not', ufunc.logicalNot);
/**
 * np.invert: `~x`, of integers or truth values.
 *
 * @throws TypeError_ for floats
 * @example invert([0, 1]).tolist() // [-1, -2]
 */
export const invert: OneArray = ofOne('invert', ufunc.invert);
/** np.bitwise_not: as `invert`. */
export const bitwise_not: OneArray = invert;
/**
 * np.isnan: where x is NaN.
 *
 * @example isnan([1, nan]).tolist() // [false, true]
 */
export const isnan: OneArray = test('isnan');
/**
 * np.isinf: where x is infinite.
 *
 * @example isinf([1, inf]).tolist() // [false, true]
 */
export const isinf: OneArray = test('isinf');
/**
 * np.isfinite: where x is neither NaN nor infinite.
 *
 * @example isfinite([1, inf]).tolist() // [true, false]
 */
export const isfinite: OneArray = test('isfinite');
/**
 * np.isposinf: where x is infinity.
 *
 * @example isposinf([-inf, inf]).tolist() // [false, true]
 */
export const isposinf: OneArray = test('isposinf');
/**
 * np.isneginf: where x is minus infinity.
 *
 * @example isneginf([-inf, inf]).tolist() // [true, false]
 */
export const isneginf: OneArray = test('isneginf');
/**
 * np.signbit: where x has a minus, be it of zero.
 *
 * @example signbit([-1, 0]).tolist() // [true, false]
 */
export const signbit: OneArray = test('signbit');
