/** adjoint/tf: TensorFlow's names. `import * as tf from 'adjoint/tf'`. */

import { InvalidArgumentError, OpError, UnimplementedError } from '../errors.js';
import * as nnV1 from './compat.js';
import { type DType, dtypeOf } from './dtype.js';
import { nesting } from './nest.js';

export {
  AdjointError,
  IndexError,
  InvalidArgumentError,
  NotImplementedError,
  RuntimeError,
  TypeError_,
  UnimplementedError,
  ValueError,
} from '../errors.js';
export { print, repr, str } from '../text/python.js';
export type { IntsInput, TensorInput } from './arguments.js';
export * from './array.js';
export { clip_by_global_norm, clip_by_norm } from './clip.js';
export * from './create.js';
export { custom_gradient } from './custom.js';
export { DType, TensorShape } from './dtype.js';
export { executing_eagerly, function_ as function } from './function.js';
export * as linalg from './linalg.js';
export { einsum, norm, tensordot } from './linalg.js';
/** tf.math. */
export * as math from './math.js';
export {
  abs,
  acosh,
  add,
  add_n,
  argmax,
  argmin,
  asinh,
  atanh,
  clip_by_value,
  cos,
  cosh,
  cumsum,
  divide,
  equal,
  exp,
  floor,
  greater,
  greater_equal,
  less,
  less_equal,
  logical_and,
  logical_not,
  logical_or,
  matmul,
  maximum,
  minimum,
  multiply,
  negative,
  not_equal,
  pow,
  reduce_all,
  reduce_any,
  reduce_logsumexp,
  reduce_max,
  reduce_mean,
  reduce_min,
  reduce_prod,
  reduce_sum,
  round,
  sigmoid,
  sign,
  sin,
  sinh,
  sqrt,
  square,
  subtract,
  tan,
  tanh,
  truediv,
  truncatediv,
  truncatemod,
  where,
} from './math.js';
/** tf.nn. */
export * as nn from './nn.js';
/** tf.random. */
export * as random from './random.js';
/** tf.raw_ops. */
export * as raw_ops from './raw_ops.js';
export { argsort, sort } from './sorting.js';
export { type GradientOptions, GradientTape, type TapeOptions, UnconnectedGradients } from './tape.js';
export { Tensor } from './tensor.js';
export { Variable, type VariableOptions } from './variable.js';

/** tf.compat. */
export const compat: { readonly v1: { readonly nn: typeof nnV1 } } = { v1: { nn: nnV1 } };

/** tf.errors. */
export const errors: {
  readonly InvalidArgumentError: typeof InvalidArgumentError;
  readonly OpError: typeof OpError;
  readonly UnimplementedError: typeof UnimplementedError;
} = { InvalidArgumentError, OpError, UnimplementedError };

/** tf.nest: structures of lists and plain objects. */
export const nest: typeof nesting = nesting;

/** tf.newaxis: null, as in `x.at(tf.newaxis, 0)`. */
export const newaxis: null = null;

export const float32: DType = dtypeOf.float32;
export const float64: DType = dtypeOf.float64;
export const double: DType = dtypeOf.float64;
export const int32: DType = dtypeOf.int32;
export const int64: DType = dtypeOf.int64;
export const uint8: DType = dtypeOf.uint8;
export const bool: DType = dtypeOf.bool;
