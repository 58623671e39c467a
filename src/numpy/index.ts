/** adjoint/numpy: NumPy's names. `import * as np from 'adjoint/numpy'`. */

import {
  assert_,
  assert_allclose,
  assert_almost_equal,
  assert_array_almost_equal,
  assert_array_equal,
  assert_equal,
} from './closeness.js';
import { type DTypeLike, type NumPyType, readDType } from './dtype.js';
import { type generic, types } from './ndarray.js';
import { sliding_window_view } from './selection.js';

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
export type { Tolerances } from './closeness.js';
export { allclose, array_equal, isclose } from './closeness.js';
export * from './creation.js';
export * from './diagonals.js';
export * from './elementwise.js';
export * from './files.js';
export * from './grids.js';
export * from './info.js';
export type { ArrayInput } from './input.js';
export * from './joining.js';
export { convolve, correlate, inner, kron, linalg, outer, vdot } from './linalg.js';
export * from './logic.js';
export * from './manipulation.js';
export * from './math.js';
export { generic, ndarray } from './ndarray.js';
export { type PadKeywords, type PadMode, pad } from './pad.js';
export {
  array_repr,
  array_str,
  array2string,
  get_printoptions,
  printoptions,
  set_printoptions,
} from './printing.js';
export * as random from './random/index.js';
export {
  argsort,
  argwhere,
  array_equiv,
  count_nonzero,
  flatnonzero,
  nonzero,
  searchsorted,
  sort,
  take,
  take_along_axis,
  unique,
} from './selection.js';
export * from './statistics.js';
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
/** Euler's constant. */
export const euler_gamma = 0.5772156649015329;

/** numpy.testing: what throws an AssertionError with NumPy's report. */
export const testing: {
  readonly assert_: typeof assert_;
  readonly assert_allclose: typeof assert_allclose;
  readonly assert_almost_equal: typeof assert_almost_equal;
  readonly assert_array_almost_equal: typeof assert_array_almost_equal;
  readonly assert_array_equal: typeof assert_array_equal;
  readonly assert_equal: typeof assert_equal;
} = {
  assert_,
  assert_allclose,
  assert_almost_equal,
  assert_array_almost_equal,
  assert_array_equal,
  assert_equal,
};

/** numpy.lib: stride_tricks.sliding_window_view. */
export const lib: { readonly stride_tricks: { readonly sliding_window_view: typeof sliding_window_view } } = {
  stride_tricks: { sliding_window_view },
};
