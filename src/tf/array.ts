/** Functions that give a tensor another dtype, shape or order, or join several. */

import { showTf } from '../conv/tf.js';
import { isKeywords, signature } from '../door/signature.js';
import { ValueError } from '../errors.js';
import { op } from '../tensor/tensor.js';
import { type IntsInput, invalid, type TensorInput, tensorArgument } from './arguments.js';
import type { DTypeInput } from './create.js';
import { recordedCopy } from './recording.js';
import { indexing, stridedParts } from './rows/indexing.js';
import { inParts } from './rows/ordering.js';
import { structure } from './rows/structure.js';
import { subscript } from './subscript.js';
import { call, callAll, Tensor, wrap } from './tensor.js';

/** tf.cast: the same values as another dtype; fractions are cut off for integers. */
export function cast(x: TensorInput, dtype: DTypeInput): Tensor;
export function cast(x: TensorInput, options: { dtype: DTypeInput }): Tensor;
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
export function pad(
  tensor: TensorInput,
  options: PadOptions & { readonly paddings: readonly (readonly [number, number])[] | Tensor },
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

/**
 * tf.roll: cells moved along axes; those that leave at one end come in at the other.
 *
 * @throws InvalidArgumentError for an axis that is none, or not one shift an axis
 * @example tf.roll([1, 2, 3], 1, 0).tolist() // [3, 1, 2]
 */
export function roll(input: TensorInput, shift: IntsInput, axis: IntsInput | { axis: IntsInput }): Tensor;
export function roll(input: TensorInput, options: { shift: IntsInput; axis: IntsInput }): Tensor;
export function roll(...args: unknown[]): Tensor {
  return call(indexing.roll, args);
}

/** tf.repeat: each cell again and again along an axis; without one, of the flat tensor. */
export function repeat(
  input: TensorInput,
  repeats: IntsInput | { repeats: IntsInput; axis?: number | null },
  axis?: number | null | { axis?: number | null },
): Tensor;
export function repeat(...args: unknown[]): Tensor {
  return call(indexing.repeat, args);
}

export interface SplitOptions {
  readonly axis?: number;
  /** For a tensor of sizes whose number isn't known; not needed here. */
  readonly num?: number | null;
}

/**
 * tf.split: a number of equal parts along an axis (0), or parts of given sizes, one of which may be -1.
 *
 * @throws InvalidArgumentError where the parts don't make up the whole
 * @example const [a, b] = tf.split([1, 2, 3], [1, -1]); b // <tf.Tensor: shape=(2,), dtype=float32, numpy=array([2., 3.], dtype=float32)>
 */
export function split(value: TensorInput, options: SplitOptions & { num_or_size_splits: IntsInput }): Tensor[];
export function split(
  value: TensorInput,
  num_or_size_splits: IntsInput,
  axis?: number | SplitOptions,
  num?: number | null,
): Tensor[];
export function split(...args: unknown[]): Tensor[] {
  return callAll(inParts.split, args);
}

/** tf.unstack: the slices along an axis (0), without it. */
export function unstack(
  value: TensorInput,
  num?: number | null | { num?: number | null; axis?: number },
  axis?: number | { axis?: number },
): Tensor[];
export function unstack(...args: unknown[]): Tensor[] {
  return callAll(inParts.unstack, args);
}

export interface GatherOptions {
  readonly axis?: number | null;
  /** How many axes of the indices are the tensor's own first axes. */
  readonly batch_dims?: number;
}

/**
 * tf.gather: slices along an axis, one for each index. Its gradient is a tensor, not the IndexedSlices of TensorFlow.
 *
 * @throws InvalidArgumentError for an index or an axis out of range; negative indices are out of range
 * @example tf.gather([5, 6, 7], [2, 0]).tolist() // [7, 5]
 */
export function gather(params: TensorInput, options: GatherOptions & { indices: TensorInput }): Tensor;
export function gather(
  params: TensorInput,
  indices: TensorInput,
  validate_indices?: null | GatherOptions,
  axis?: number | null | GatherOptions,
  batch_dims?: number | Pick<GatherOptions, 'batch_dims'>,
): Tensor;
export function gather(...args: unknown[]): Tensor {
  return call(indexing.gather, args);
}

/** tf.gather_nd: the cells, or slices, that rows of indices point to. InvalidArgumentError for one out of range. */
export function gather_nd(params: TensorInput, indices: TensorInput): Tensor;
export function gather_nd(...args: unknown[]): Tensor {
  return call(indexing.gather_nd, args);
}

/** tf.scatter_nd: zeros, with updates added where rows of indices point to. */
export function scatter_nd(indices: TensorInput, updates: TensorInput, shape: IntsInput): Tensor;
export function scatter_nd(...args: unknown[]): Tensor {
  return call(indexing.scatter_nd, args);
}

/**
 * tf.tensor_scatter_nd_update: the tensor with the cells, or slices, exchanged that rows of indices point to.
 *
 * @throws InvalidArgumentError for an index out of range, or updates of another shape
 * @example tf.tensor_scatter_nd_update([1, 2, 3], [[0]], [9]).tolist() // [9, 2, 3]
 */
export function tensor_scatter_nd_update(tensor: TensorInput, indices: TensorInput, updates: TensorInput): Tensor;
export function tensor_scatter_nd_update(...args: unknown[]): Tensor {
  return call(indexing.tensor_scatter_nd_update, args);
}

/** tf.tensor_scatter_nd_add: the tensor with updates added where rows of indices point to. */
export function tensor_scatter_nd_add(tensor: TensorInput, indices: TensorInput, updates: TensorInput): Tensor;
export function tensor_scatter_nd_add(...args: unknown[]): Tensor {
  return call(indexing.tensor_scatter_nd_add, args);
}

/** tf.tensor_scatter_nd_sub: the tensor with updates taken away where rows of indices point to. */
export function tensor_scatter_nd_sub(tensor: TensorInput, indices: TensorInput, updates: TensorInput): Tensor;
export function tensor_scatter_nd_sub(...args: unknown[]): Tensor {
  return call(indexing.tensor_scatter_nd_sub, args);
}

/** tf.boolean_mask: the cells where a mask holds; it covers the first axes, or those from `axis` on. */
export function boolean_mask(tensor: TensorInput, options: { mask: TensorInput; axis?: number | null }): Tensor;
export function boolean_mask(
  tensor: TensorInput,
  mask: TensorInput,
  axis?: number | null | { axis?: number | null },
): Tensor;
export function boolean_mask(...args: unknown[]): Tensor {
  return call(indexing.boolean_mask, args);
}

/** tf.slice: `size` cells from `begin` on along each axis; -1: all that are left. */
export function slice(input_: TensorInput, begin: IntsInput, size: IntsInput | { size: IntsInput }): Tensor;
export function slice(...args: unknown[]): Tensor {
  return call(indexing.slice, args);
}

export interface OneHotOptions {
  readonly on_value?: TensorInput | null;
  readonly off_value?: TensorInput | null;
  readonly axis?: number | null;
  readonly dtype?: DTypeInput | null;
}

/**
 * tf.one_hot: for each index `depth` cells along a new axis (the last), 1 at the index and 0 elsewhere.
 *
 * @throws InvalidArgumentError for a negative depth or an axis that is none, TypeError_ for values of two dtypes
 * @example tf.one_hot([2, 0], 3).tolist() // [[0, 0, 1], [1, 0, 0]]
 */
export function one_hot(indices: TensorInput, options: OneHotOptions & { depth: number }): Tensor;
export function one_hot(
  indices: TensorInput,
  depth: number,
  on_value?: TensorInput | null | OneHotOptions,
  off_value?: TensorInput | null | Omit<OneHotOptions, 'on_value'>,
  axis?: number | null | Pick<OneHotOptions, 'axis' | 'dtype'>,
  dtype?: DTypeInput | null | Pick<OneHotOptions, 'dtype'>,
): Tensor;
export function one_hot(...args: unknown[]): Tensor {
  return call(indexing.one_hot, args);
}

/** Parts of a strided slice that are not as begin, end and strides say: bits, the lowest for the first axis. */
export interface StridedSliceMasks {
  readonly begin_mask?: number;
  readonly end_mask?: number;
  readonly ellipsis_mask?: number;
  readonly new_axis_mask?: number;
  readonly shrink_axis_mask?: number;
}

const readStridedSlice = signature(
  'strided_slice',
  'input_ begin end strides?~ begin_mask? end_mask? ellipsis_mask? new_axis_mask? shrink_axis_mask? var?~ name?~',
);

/** tf.strided_slice: from begin up to end in steps, along the first axes; what `x.at('begin:end:step, ...')` does. */
export function strided_slice(
  input_: TensorInput,
  begin: IntsInput,
  end: IntsInput,
  strides?: IntsInput | null | ({ strides?: IntsInput | null } & StridedSliceMasks),
  masks?: StridedSliceMasks,
): Tensor;
export function strided_slice(...args: unknown[]): Tensor {
  const [input, ...spec] = readStridedSlice(args);
  return wrap(subscript(tensorArgument(input), stridedParts(spec.slice(0, 8))), [input]);
}

const readMeshgrid = signature('meshgrid', 'args indexing=');

/**
 * tf.meshgrid: the coordinates of a grid, one tensor for each vector. The first two axes are exchanged unless
 * `indexing` is 'ij'.
 *
 * @throws ValueError for another indexing
 * @example tf.meshgrid([1, 2], [3, 4, 5], { indexing: 'ij' }).map((x) => x.shape) // [TensorShape([2, 3]), TensorShape([2, 3])]
 */
export function meshgrid(...args: (TensorInput | { indexing?: 'xy' | 'ij' })[]): Tensor[] {
  const last = args.at(-1);
  const vectors = isKeywords(last) ? args.slice(0, -1) : args;
  const [, indexing = 'xy'] = readMeshgrid(isKeywords(last) ? [vectors, last] : [vectors]);
  if (indexing !== 'xy' && indexing !== 'ij') {
    const message = 'Argument `indexing` parameter must be either';
    throw new ValueError('bad-argument', `${message} 'xy' or 'ij', got '${String(indexing)}'`);
  }
  const given = vectors.map((vector) => tensorArgument(vector));
  const order = given.map((_, i) => (indexing === 'xy' && given.length > 1 && i < 2 ? 1 - i : i));
  const shape = order.map((i) => given[i]?.size ?? 1);
  return given.map((x, i) => {
    const axis = order.indexOf(i);
    return wrap(op.broadcast_in_dim(op.reshape(x, [x.size]), shape, [axis]), vectors);
  });
}

/** tf.ensure_shape: the tensor, if it has a shape (null: any size); InvalidArgumentError otherwise. */
export function ensure_shape(x: TensorInput, shape: readonly (number | null)[]): Tensor {
  const given = tensorArgument(x);
  const fits = shape.length === given.shape.length && shape.every((n, i) => n === null || n === given.shape[i]);
  if (fits) return wrap(recordedCopy(given), [x]);
  const expected = `[${shape.map((n) => n ?? '?').join(',')}]`;
  const message = `Shape of tensor input ${showTf(given.shape)} is not compatible with expected shape ${expected}.`;
  throw invalid('EnsureShape', 'shape-mismatch', message);
}
