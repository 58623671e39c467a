/** adjoint/numpy: NumPy's names. `import * as np from 'adjoint/numpy'`. */

import { assert_allclose, assert_array_equal } from './closeness.js';
import { type DTypeLike, type NumPyType, readDType } from './dtype.js';
import { type generic, types } from './ndarray.js';

export {
  AdjointError,
  AssertionError,
  AxisError,
  IndexError,
  NotImplementedError,
  OverflowError,
  RuntimeError,
  TypeError_,
  ValueError,
  ZeroDivisionError,
} from '../errors.js';
export { print, repr, str } from '../text/python.js';
export type { OneArray, TwoArrays, UfuncKeywords } from './calls.js';
export { allclose, array_equal, isclose } from './closeness.js';
export * from './creation.js';
export * from './elementwise.js';
export type { ArrayInput } from './input.js';
export * from './logic.js';
export * from './manipulation.js';
export * from './math.js';
export { generic, ndarray } from './ndarray.js';
export { type PadKeywords, type PadMode, pad } from './pad.js';
export { get_printoptions, set_printoptions } from './printing.js';
export * as random from './random/index.js';
export type { DTypeLike, NumPyType };

/** np.float32, a dtype: 32-bit floats. Called with a value, it makes a scalar. */
export const float32: NumPyType<generic> = types.float32;
/** np.float64, a dtype: 64-bit floats. Called with a value, it makes a scalar. */
export const float64: NumPyType<generic> = types.float64;
/** np.int32, a dtype: 32-bit integers. Called with a value, it makes a scalar. */
export const int32: NumPyType<generic> = types.int32;
/** np.int64, a dtype: 64-bit integers. Called with a value, it makes a scalar. */
export const int64: NumPyType<generic> = types.int64;
/** np.uint8, a dtype: integers of 0 to 255. Called with a value, it makes a scalar. */
export const uint8: NumPyType<generic> = types.uint8;
/** np.bool, a dtype: truth values. Called with a value, it makes a scalar. */
export const bool: NumPyType<generic> = types.bool;
/** np.bool_: another name of `bool`. */
export const bool_: NumPyType<generic> = types.bool;

/**
 * np.dtype: the type of a name.
 *
 * @throws TypeError_ for one that is none of ours
 * @example dtype('f4') === float32
 */
export const dtype = (name: DTypeLike): NumPyType<generic> => types[readDType(name)];

export const pi: number = Math.PI;
export const e: number = Math.E;
export const inf: number = Number.POSITIVE_INFINITY;
export const nan: number = Number.NaN;
/** In `x.at(':', newaxis)`: an axis of size 1. */
export const newaxis: null = null;

/** numpy.testing. */
export const testing: {
  readonly assert_allclose: typeof assert_allclose;
  readonly assert_array_equal: typeof assert_array_equal;
} = { assert_allclose, assert_array_equal };
