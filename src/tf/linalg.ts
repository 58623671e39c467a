/** tf.linalg: products, norms and diagonals of matrices. */

import { isKeywords } from '../door/signature.js';
import { TypeError_ } from '../errors.js';
import type { TensorInput } from './arguments.js';
import { einsumRow, products } from './rows/product.js';
import { call, type Tensor } from './tensor.js';

export { global_norm } from './clip.js';
export { eye } from './create.js';
export { l2_normalize, matmul } from './math.js';

/** tf.linalg.matvec: the product of matrices and vectors; the axes in front broadcast. */
export function matvec(
  a: TensorInput,
  b: TensorInput,
  transpose_a?: boolean | { transpose_a?: boolean; adjoint_a?: boolean },
  adjoint_a?: boolean,
): Tensor;
export function matvec(...args: unknown[]): Tensor {
  return call(products.matvec, args);
}

/**
 * tf.tensordot: products summed over the last axes of a and the first of b, or over lists of axes of each.
 *
 * @throws InvalidArgumentError where sizes don't fit, ValueError where axes don't
 * @example tf.tensordot([[1, 2]], [[3], [4]], 1).tolist() // [[11]]
 */
export function tensordot(
  a: TensorInput,
  b: TensorInput,
  axes: number | readonly (number | readonly number[])[] | { axes: number | readonly (number | readonly number[])[] },
): Tensor;
export function tensordot(...args: unknown[]): Tensor {
  return call(products.tensordot, args);
}

/**
 * tf.einsum: an Einstein sum. Letters name axes; those that the result lacks are summed over.
 *
 * @throws ValueError or InvalidArgumentError where the equation doesn't fit the tensors
 * @example tf.einsum('ij,j->i', tf.constant([[1, 2], [3, 4]]), tf.constant([1, 1])).tolist() // [3, 7]
 */
export function einsum(equation: string, ...inputs: (TensorInput | { optimize?: string })[]): Tensor {
  const last = inputs.at(-1);
  const operands = isKeywords(last) ? inputs.slice(0, -1) : inputs;
  if (operands.length === 0) throw new TypeError_('missing-argument', 'einsum() takes an equation and tensors');
  return call(einsumRow, [equation, operands]);
}

export type Order = number | 'euclidean' | 'fro';

export interface NormOptions {
  readonly ord?: Order;
  readonly axis?: number | readonly [number, number] | null;
  readonly keepdims?: boolean | null;
}

/**
 * tf.norm: of the whole tensor, or of vectors along an axis: euclidean, or (sum |x|^p)^(1/p) for a positive p. Of
 * matrices along two axes: 'fro', 'euclidean', 1 or Infinity (2 isn't there).
 *
 * @throws ValueError for another order, InvalidArgumentError for an axis that is none, and for integers
 * @example tf.norm([3, 4]).item() // 5
 */
export function norm(
  tensor: TensorInput,
  ord?: Order | NormOptions,
  axis?: NormOptions['axis'] | Omit<NormOptions, 'ord'>,
  keepdims?: boolean | null | Pick<NormOptions, 'keepdims'>,
): Tensor;
export function norm(...args: unknown[]): Tensor {
  return call(products.norm, args);
}

/** tf.linalg.trace: the sum of the main diagonal of each matrix. */
export const trace = (x: TensorInput): Tensor => call(products.trace, [x]);

/** tf.linalg.diag: matrices with the last axis on their diagonal, `k` above the main one. */
export function diag(diagonal: TensorInput, options?: { k?: number }): Tensor;
export function diag(...args: unknown[]): Tensor {
  return call(products.diag, args);
}

/** tf.linalg.diag_part: the diagonal of each matrix, `k` above the main one. */
export function diag_part(input: TensorInput, options?: { k?: number }): Tensor;
export function diag_part(...args: unknown[]): Tensor {
  return call(products.diag_part, args);
}

/** tf.linalg.band_part: each matrix, but 0 further below or above its diagonal than asked for; -1: as far as it goes. */
export const band_part = (input: TensorInput, num_lower: number, num_upper: number): Tensor =>
  call(products.band_part, [input, num_lower, num_upper]);

/** tf.linalg.matrix_transpose: the last two axes exchanged; ValueError for fewer. */
export const matrix_transpose = (a: TensorInput): Tensor => call(products.matrix_transpose, [a]);
