/** tf.math: elementwise functions, products and reductions. Most stand in tf itself, too. */

import type { IntsInput, TensorInput } from './arguments.js';
import type { DTypeInput } from './create.js';
import type { Row } from './row.js';
import { arithmetic } from './rows/arithmetic.js';
import { elementary } from './rows/elementary.js';
import { ordering } from './rows/ordering.js';
import { products } from './rows/product.js';
import { reductions } from './rows/reduction.js';
import { call, type Tensor } from './tensor.js';

/** A name for the operation, which every function takes, and eager TensorFlow has no use for. */
interface Name {
  readonly name?: string | null;
}

/** A function of each element of one tensor. */
type Unary = (x: TensorInput, options?: Name) => Tensor;

/** A function of the elements of two tensors of one dtype, which broadcast; plain numbers take the tensor's dtype. */
interface Binary {
  (x: TensorInput, y: TensorInput, options?: Name): Tensor;
  (x: TensorInput, options: Name & { readonly y: TensorInput }): Tensor;
}

/** A function over some axes: all of them, one, or a list; `keepdims` leaves them as sizes of 1. */
interface Reduction {
  (input_tensor: TensorInput, options?: { axis?: IntsInput | null; keepdims?: boolean }): Tensor;
  (input_tensor: TensorInput, axis: IntsInput | null, keepdims?: boolean | { keepdims?: boolean }): Tensor;
}

/** Where an extreme is along an axis. */
interface Position {
  (input: TensorInput, options?: { axis?: number | null; output_type?: DTypeInput }): Tensor;
  (input: TensorInput, axis: number | null, output_type?: DTypeInput | { output_type?: DTypeInput }): Tensor;
}

const calling =
  (row: Row) =>
  (...args: unknown[]): Tensor =>
    call(row, args);

/** tf.abs: |x|, of floats and signed integers. */
export const abs: Unary = calling(elementary.abs);
/** tf.negative: -x. */
export const negative: Unary = calling(elementary.negative);
/** tf.sign: -1, 0 or 1. */
export const sign: Unary = calling(elementary.sign);
/** tf.square: x². */
export const square: Unary = calling(elementary.square);
/** tf.exp: e^x, of floats. */
export const exp: Unary = calling(elementary.exp);
/** tf.math.expm1: e^x - 1, exact near 0. */
export const expm1: Unary = calling(elementary.expm1);
/** tf.math.log: the natural logarithm, of floats. */
export const log: Unary = calling(elementary.log);
/** tf.math.log1p: log(1 + x), exact near 0. */
export const log1p: Unary = calling(elementary.log1p);
/** tf.sqrt: the square root, of floats. */
export const sqrt: Unary = calling(elementary.sqrt);
/** tf.math.rsqrt: 1 / sqrt(x). */
export const rsqrt: Unary = calling(elementary.rsqrt);
/** tf.math.reciprocal: 1 / x, of floats. */
export const reciprocal: Unary = calling(elementary.reciprocal);
/** tf.sin. */
export const sin: Unary = calling(elementary.sin);
/** tf.cos. */
export const cos: Unary = calling(elementary.cos);
/** tf.tan. */
export const tan: Unary = calling(elementary.tan);
/** tf.sinh. */
export const sinh: Unary = calling(elementary.sinh);
/** tf.cosh. */
export const cosh: Unary = calling(elementary.cosh);
/** tf.asinh. */
export const asinh: Unary = calling(elementary.asinh);
/** tf.acosh: NaN below 1. */
export const acosh: Unary = calling(elementary.acosh);
/** tf.atanh: NaN beyond -1 and 1. */
export const atanh: Unary = calling(elementary.atanh);
/** tf.tanh. */
export const tanh: Unary = calling(elementary.tanh);
/** tf.sigmoid: 1 / (1 + e^-x). */
export const sigmoid: Unary = calling(elementary.sigmoid);
/** tf.math.log_sigmoid: log(1 / (1 + e^-x)), which never overflows. */
export const log_sigmoid: Unary = calling(elementary.log_sigmoid);
/** tf.math.softplus: log(1 + e^x), which never overflows. */
export const softplus: (features: TensorInput) => Tensor = calling(elementary.softplus);
/** tf.math.reciprocal_no_nan: 1 / x, and 0 where x is 0. */
export const reciprocal_no_nan: Unary = calling(elementary.reciprocal_no_nan);
/** tf.math.erf: the error function. */
export const erf: Unary = calling(elementary.erf);
/** tf.floor: rounded down; it has no gradient. */
export const floor: Unary = calling(elementary.floor);
/** tf.math.ceil: rounded up; it has no gradient. */
export const ceil: Unary = calling(elementary.ceil);
/** tf.round: to the nearest whole number, halves to the even one; it has no gradient. */
export const round: Unary = calling(elementary.round);
/** tf.math.is_finite: neither infinite nor NaN. */
export const is_finite: Unary = calling(elementary.is_finite);
/** tf.math.is_inf: whether x is an infinity. */
export const is_inf: Unary = calling(elementary.is_inf);
/** tf.math.is_nan: whether x is NaN. */
export const is_nan: Unary = calling(elementary.is_nan);
/** tf.math.rint: as tf.round, of floats alone. */
export const rint: Unary = calling(elementary.rint);
/** tf.math.real: a real tensor is its own real part. */
export const real: (input: TensorInput) => Tensor = calling(elementary.real);
/** tf.logical_not, of booleans. */
export const logical_not: Unary = calling(arithmetic.logical_not);

/**
 * tf.add: x + y.
 *
 * @throws InvalidArgumentError for tensors of two dtypes, or of shapes that don't broadcast
 * @example tf.add([1, 2], 1).tolist() // [2, 3]
 */
export const add: Binary = calling(arithmetic.add);
/** tf.subtract: x - y. */
export const subtract: Binary = calling(arithmetic.subtract);
/** tf.multiply: x * y. */
export const multiply: Binary = calling(arithmetic.multiply);
/** tf.divide: x / y; integers give float64. TypeError_ for tensors of two dtypes. */
export const divide: Binary = calling(arithmetic.divide);
/** tf.truediv: as tf.divide. */
export const truediv: Binary = divide;
/** tf.pow: x^y; InvalidArgumentError for a negative power of integers. */
export const pow: Binary = calling(arithmetic.pow);
/** tf.math.floordiv: x / y rounded down; it has no gradient. */
export const floordiv: Binary = calling(arithmetic.floordiv);
/** tf.math.floormod: what floordiv leaves, of y's sign. */
export const floormod: Binary = calling(arithmetic.floormod);
/** tf.math.mod: as tf.math.floormod. */
export const mod: Binary = floormod;
/** tf.maximum: the greater of two; the gradient is x's where they are equal. */
export const maximum: Binary = calling(arithmetic.maximum);
/** tf.minimum: the smaller of two; the gradient is x's where they are equal. */
export const minimum: Binary = calling(arithmetic.minimum);
/** tf.math.squared_difference: (x - y)². */
export const squared_difference: Binary = calling(arithmetic.squared_difference);
/** tf.math.divide_no_nan: x / y, and 0 where y is 0. */
export const divide_no_nan: Binary = calling(arithmetic.divide_no_nan);
/** tf.math.multiply_no_nan: x * y, and 0 where y is 0, whatever x is. */
export const multiply_no_nan: Binary = calling(arithmetic.multiply_no_nan);
/** tf.math.xlogy: x log(y), and 0 where x is 0. */
export const xlogy: Binary = calling(arithmetic.xlogy);
/** tf.math.xlog1py: x log(1 + y), and 0 where x is 0. */
export const xlog1py: Binary = calling(arithmetic.xlog1py);
/** tf.math.xdivy: x / y, and 0 where x is 0. */
export const xdivy: Binary = calling(arithmetic.xdivy);
/** tf.truncatediv: x / y of whole numbers, rounded towards zero. */
export const truncatediv: Binary = calling(arithmetic.truncatediv);
/** tf.truncatemod: what truncatediv leaves, of x's sign. */
export const truncatemod: Binary = calling(arithmetic.truncatemod);
/** tf.equal: x == y, a bool tensor. */
export const equal: Binary = calling(arithmetic.equal);
/** tf.not_equal: x != y. */
export const not_equal: Binary = calling(arithmetic.not_equal);
/** tf.less: x < y. */
export const less: Binary = calling(arithmetic.less);
/** tf.less_equal: x <= y. */
export const less_equal: Binary = calling(arithmetic.less_equal);
/** tf.greater: x > y. */
export const greater: Binary = calling(arithmetic.greater);
/** tf.greater_equal: x >= y. */
export const greater_equal: Binary = calling(arithmetic.greater_equal);
/** tf.logical_and, of booleans. */
export const logical_and: Binary = calling(arithmetic.logical_and);
/** tf.logical_or, of booleans. */
export const logical_or: Binary = calling(arithmetic.logical_or);
/** tf.math.logical_xor, of booleans. */
export const logical_xor: Binary = calling(arithmetic.logical_xor);

/** tf.add_n: the sum of a list of tensors of one shape. */
export const add_n: (inputs: readonly TensorInput[]) => Tensor = calling(arithmetic.add_n);

/** tf.clip_by_value: x, but nowhere below the least nor above the most value. */
export const clip_by_value: {
  (t: TensorInput, clip_value_min: TensorInput, clip_value_max: TensorInput): Tensor;
  (t: TensorInput, clip_value_min: TensorInput, options: { clip_value_max: TensorInput }): Tensor;
  (t: TensorInput, options: { clip_value_min: TensorInput; clip_value_max: TensorInput }): Tensor;
} = calling(arithmetic.clip_by_value);

/**
 * tf.where: x where the condition holds, y elsewhere; all three broadcast. Of a condition alone, where it holds (or
 * isn't 0): a row of int64 indices each.
 *
 * @throws ValueError for x without y; InvalidArgumentError where shapes or dtypes don't fit
 * @example
 * tf.where([true, false], [1, 2], [3, 4]).tolist() // [1, 4]
 * tf.where([[true, false], [false, true]]).tolist() // [[0, 0], [1, 1]]
 */
export const where: {
  (condition: TensorInput): Tensor;
  (condition: TensorInput, x: TensorInput | null, y: TensorInput | null): Tensor;
  (condition: TensorInput, options: { x: TensorInput; y: TensorInput }): Tensor;
} = calling(arithmetic.where);

export interface MatmulOptions {
  readonly transpose_a?: boolean;
  readonly transpose_b?: boolean;
  readonly adjoint_a?: boolean;
  readonly adjoint_b?: boolean;
}

/**
 * tf.matmul: the product of matrices, which the last two axes of each are; the others broadcast.
 *
 * @throws InvalidArgumentError for fewer than two axes, sizes that don't fit, or two dtypes
 * @example tf.matmul([[1, 2]], [[3], [4]]).tolist() // [[11]]
 */
export const matmul: {
  (a: TensorInput, b: TensorInput, options?: MatmulOptions): Tensor;
  (a: TensorInput, b: TensorInput, transpose_a: boolean, options?: Omit<MatmulOptions, 'transpose_a'>): Tensor;
  (
    a: TensorInput,
    b: TensorInput,
    transpose_a: boolean,
    transpose_b: boolean,
    options?: Pick<MatmulOptions, 'adjoint_a' | 'adjoint_b'>,
  ): Tensor;
} = calling(products.matmul);

/**
 * tf.reduce_sum.
 *
 * @throws InvalidArgumentError for an axis that is none, or is given twice, and for booleans
 * @example tf.reduce_sum([[1, 2], [3, 4]], 0).tolist() // [4, 6]
 */
export const reduce_sum: Reduction = calling(reductions.reduce_sum);
/** tf.reduce_prod. */
export const reduce_prod: Reduction = calling(reductions.reduce_prod);
/** tf.reduce_max; of no elements the least value of the dtype. Its gradient is shared where it is more than once. */
export const reduce_max: Reduction = calling(reductions.reduce_max);
/** tf.reduce_min; of no elements the greatest value of the dtype. Its gradient is shared where it is more than once. */
export const reduce_min: Reduction = calling(reductions.reduce_min);
/** tf.reduce_mean; of integers it is one, rounded towards zero. */
export const reduce_mean: Reduction = calling(reductions.reduce_mean);
/** tf.math.reduce_variance, of floats: the mean square of the distance from the mean. */
export const reduce_variance: Reduction = calling(reductions.reduce_variance);
/** tf.math.reduce_std: the square root of the variance. */
export const reduce_std: Reduction = calling(reductions.reduce_std);
/** tf.math.reduce_logsumexp: log(sum(e^x)), which never overflows. */
export const reduce_logsumexp: Reduction = calling(reductions.reduce_logsumexp);
/** tf.math.reduce_euclidean_norm: the root of the sum of squares. */
export const reduce_euclidean_norm: Reduction = calling(reductions.reduce_euclidean_norm);
/** tf.reduce_any, of booleans. */
export const reduce_any: Reduction = calling(reductions.reduce_any);
/** tf.reduce_all, of booleans. */
export const reduce_all: Reduction = calling(reductions.reduce_all);
/** tf.argmax: where the greatest element lies along an axis (0 without one), the first of several; int64. */
export const argmax: Position = calling(reductions.argmax);
/** tf.argmin: where the smallest element lies, as tf.argmax. */
export const argmin: Position = calling(reductions.argmin);
/** tf.math.softmax: as tf.nn.softmax. */
export const softmax: (logits: TensorInput, axis?: number | null | { axis?: number }) => Tensor = calling(
  reductions.softmax,
);
/** tf.math.log_softmax: as tf.nn.log_softmax. */
export const log_softmax: (logits: TensorInput, axis?: number | null | { axis?: number }) => Tensor = calling(
  reductions.log_softmax,
);

/** tf.math.l2_normalize: x over its euclidean norm along some axes, which counts as 1e-6 at least. */
export const l2_normalize: (
  x: TensorInput,
  axis?: IntsInput | null | { axis?: IntsInput | null; epsilon?: number },
  epsilon?: number,
) => Tensor = calling(reductions.l2_normalize);

/** A running fold along an axis (0): from the end with `reverse`, without the own cell with `exclusive`. */
export interface ScanOptions {
  readonly axis?: number;
  readonly exclusive?: boolean;
  readonly reverse?: boolean;
}

interface Scan {
  (x: TensorInput, options?: ScanOptions): Tensor;
  (x: TensorInput, axis: number, options?: Omit<ScanOptions, 'axis'>): Tensor;
  (x: TensorInput, axis: number, exclusive: boolean, reverse?: boolean | { reverse?: boolean }): Tensor;
}

/**
 * tf.cumsum: running sums along an axis.
 *
 * @throws InvalidArgumentError for an axis that is none, and for booleans
 * @example tf.cumsum([1, 2, 3], { exclusive: true }).tolist() // [0, 1, 3]
 */
export const cumsum: Scan = calling(ordering.cumsum);
/** tf.math.cumprod: running products along an axis. Its gradient by a cell of 0 is 0, as TensorFlow has it. */
export const cumprod: Scan = calling(ordering.cumprod);

export { TopKV2, top_k } from './sorting.js';
