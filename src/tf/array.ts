/** Functions that give a tensor another dtype, shape or order, or join several. */

import { type IntsInput, type TensorInput, tensorArgument } from './arguments.js';
import type { DTypeInput } from './create.js';
import { structure } from './rows/structure.js';
import { call, Tensor } from './tensor.js';

/** tf.cast: the same values as another dtype; fractions are cut off for integers. */
export function cast(x: TensorInput, dtype: DTypeInput): Tensor;
export function cast(...args: unknown[]): Tensor {
  return call(structure.cast, args);
}

/** tf.identity: the same value under a name of its own, for gradients. */
export function identity(input: TensorInput): Tensor;
export function identity(...args: unknown[]): Tensor {
  return call(structure.identity, args);
}

/** tf.stop_gradient: the same value, through which no gradient goes. */
export const stop_gradient = (input: TensorInput): Tensor => new Tensor(tensorArgument(input).plain);

/**
 * tf.reshape: the same elements, in row-major order, under another shape; one size may be -1.
 *
 * @throws InvalidArgumentError where the number of elements doesn't fit
 * @example tf.reshape([1, 2, 3, 4], [2, -1]).tolist() // [[1, 2], [3, 4]]
 */
export function reshape(tensor: TensorInput, shape: IntsInput): Tensor;
export function reshape(tensor: TensorInput, options: { shape: IntsInput }): Tensor;
export function reshape(...args: unknown[]): Tensor {
  return call(structure.reshape, args);
}

/**
 * tf.transpose: axis i of the result is axis perm[i] of the tensor; without perm, axes in reverse order.
 *
 * @throws InvalidArgumentError where perm isn't a permutation of the axes
 * @example tf.transpose(tf.zeros([2, 3])).shape // TensorShape([3, 2])
 */
export function transpose(a: TensorInput, perm?: IntsInput | null | { perm?: IntsInput | null }): Tensor;
export function transpose(...args: unknown[]): Tensor {
  return call(structure.transpose, args);
}

/** tf.reverse: reversed along a list of axes; InvalidArgumentError for one alone, or one that is none. */
export function reverse(tensor: TensorInput, axis: IntsInput | { axis: IntsInput }): Tensor;
export function reverse(...args: unknown[]): Tensor {
  return call(structure.reverse, args);
}

export interface PadOptions {
  readonly mode?: string;
  readonly constant_values?: number;
}

/**
 * tf.pad: cells before and after each axis: of a constant (0), or mirrored: REFLECT without the edge, SYMMETRIC with it.
 *
 * @throws InvalidArgumentError for negative paddings, not one pair an axis, or more than a mirror can give
 * @example tf.pad([1, 2], [[1, 0]]).tolist() // [0, 1, 2]
 */
export function pad(
  tensor: TensorInput,
  paddings: readonly (readonly [number, number])[] | Tensor,
  mode?: string | PadOptions,
  constant_values?: number | PadOptions,
): Tensor;
export function pad(...args: unknown[]): Tensor {
  return call(structure.pad, args);
}

/**
 * tf.concat: tensors behind one another along an axis.
 *
 * @throws InvalidArgumentError where shapes differ along another axis, or dtypes differ
 */
export function concat(values: readonly TensorInput[], axis: number | { axis: number }): Tensor;
export function concat(...args: unknown[]): Tensor {
  return call(structure.concat, args);
}

/** tf.stack: tensors of one shape along a new axis (0). */
export function stack(values: readonly TensorInput[], axis?: number | { axis?: number }): Tensor;
export function stack(...args: unknown[]): Tensor {
  return call(structure.stack, args);
}

/** tf.squeeze: without axes of size 1: all of them, or those given. InvalidArgumentError for one of another size. */
export function squeeze(input: TensorInput, axis?: IntsInput | null | { axis?: IntsInput | null }): Tensor;
export function squeeze(...args: unknown[]): Tensor {
  return call(structure.squeeze, args);
}

/** tf.expand_dims: with a new axis of size 1. */
export function expand_dims(input: TensorInput, axis: number | { axis: number }): Tensor;
export function expand_dims(...args: unknown[]): Tensor {
  return call(structure.expand_dims, args);
}

/** tf.tile: each axis repeated. */
export function tile(input: TensorInput, multiples: IntsInput | { multiples: IntsInput }): Tensor;
export function tile(...args: unknown[]): Tensor {
  return call(structure.tile, args);
}

/** tf.broadcast_to: repeated to a shape that the tensor's broadcasts to. */
export function broadcast_to(input: TensorInput, shape: IntsInput | { shape: IntsInput }): Tensor;
export function broadcast_to(...args: unknown[]): Tensor {
  return call(structure.broadcast_to, args);
}
