/** The functions of the torch module that are methods of tensors, too. */

import { signature } from '../door/signature.js';
import { RuntimeError } from '../errors.js';
import type { Foreign } from '../tensor/foreign.js';
import { tensorArgument, wrongType } from './arguments.js';
import type { Close, Concatenate, OfList, Operand, Pieces, Unary, X } from './calls.js';
import { of } from './functions/of.js';
import { reader } from './row.js';
import { choices, combinations } from './rows/combine.js';
import { areClose, areEqual } from './rows/comparison.js';
import { contractions } from './rows/contraction.js';
import { indexed } from './rows/indexed.js';
import { several } from './rows/parts.js';
import { structure } from './rows/structure.js';
import { call, Tensor } from './tensor.js';

export * from './functions/arrangement.js';
export * from './functions/elementwise.js';
export * from './functions/product.js';
export * from './functions/reduction.js';

/** torch.t: a matrix transposed. */
export const t: Unary<X> = of(structure.t);
/** torch.clone: a copy, through which gradients go. */
export const clone: Unary<X> = of(structure.clone);

interface ByDims {
  (input: Foreign, dims: readonly number[] | { readonly dims: readonly number[] }): Tensor;
  (options: { readonly input: Foreign; readonly dims: readonly number[] }): Tensor;
}

interface Transpose {
  (input: Foreign, dim0: number, dim1: number | { readonly dim1: number }): Tensor;
  (input: Foreign, options: { readonly dim0: number; readonly dim1: number }): Tensor;
}

interface Flatten {
  (input: Foreign, start_dim?: number, end_dim?: number | { readonly end_dim?: number }): Tensor;
  (input: Foreign, options: { readonly start_dim?: number; readonly end_dim?: number }): Tensor;
}

/** torch.flip: reverses the order along the given dimensions. */
export const flip: ByDims = of(structure.flip);
/** torch.permute: dimensions in another order. */
export const permute: ByDims = of(structure.permute);
/** torch.transpose: two dimensions exchanged. */
export const transpose: Transpose = of(structure.transpose);
/** torch.reshape: the same elements in another shape; one size may be -1. */
export const reshape: (input: Foreign, shape: readonly number[] | { readonly shape: readonly number[] }) => Tensor = of(
  structure.reshape,
);
/** torch.flatten: dimensions start_dim to end_dim as one. */
export const flatten: Flatten = (...args: unknown[]) => {
  const flat = call(structure.flatten, args);
  const [input] = structure.flatten.read(args);
  return input instanceof Tensor && input.ndim === flat.ndim ? input : flat;
};
/** torch.squeeze: without dimensions of size 1. */
export const squeeze: (
  input: Foreign,
  dim?: number | readonly number[] | { readonly dim: number | readonly number[] },
) => Tensor = of(structure.squeeze);
/** torch.unsqueeze: with a dimension of size 1 more. */
export const unsqueeze: (input: Foreign, dim: number | { readonly dim: number }) => Tensor = of(structure.unsqueeze);

/** torch.cat: tensors joined along a dimension, promoted. */
export const cat: Concatenate = of(combinations.cat);
/** torch.concat: another name of cat. */
export const concat: Concatenate = of(combinations.concat);
/** torch.concatenate: another name of cat. */
export const concatenate: Concatenate = of(combinations.concatenate);
/** torch.stack: tensors of one shape along a new dimension. */
export const stack: Concatenate = of(combinations.stack);
/** torch.hstack: joined along the second dimension, vectors along their only one. */
export const hstack: OfList = of(combinations.hstack);
/** torch.vstack: joined along the first dimension, vectors as rows. */
export const vstack: OfList = of(combinations.vstack);
/** torch.row_stack: another name of vstack. */
export const row_stack: OfList = of(combinations.row_stack);
/** torch.dstack: joined along the third dimension. */
export const dstack: OfList = of(combinations.dstack);
/** torch.column_stack: joined along the second dimension, vectors as columns. */
export const column_stack: OfList = of(combinations.column_stack);

interface Where {
  (condition: Foreign): Pieces;
  (condition: Foreign, input: Operand, other: Operand): Tensor;
  (condition: Foreign, options: { readonly input: Operand; readonly other: Operand }): Tensor;
}

/**
 * torch.where: `input` where the condition is true, `other` elsewhere; with the condition alone the indices of what is
 * true, as a tuple of one tensor a dimension.
 *
 * @throws RuntimeError for a condition that is not bool
 * @example torch.where(torch.tensor([true, false]), torch.ones(2), 0) // tensor([1., 0.])
 */
export const where: Where = of(choices.where);

/** torch.cartesian_prod: all tuples of the elements of vectors, a row each. */
export const cartesian_prod: (...tensors: Foreign[]) => Tensor = of(indexed.cartesian_prod);

interface ManyTensors {
  (...tensors: Foreign[]): Pieces;
  (tensors: readonly Foreign[]): Pieces;
}

/** torch.broadcast_tensors: a tuple of views of one shape. */
export const broadcast_tensors: ManyTensors = of(several.broadcast_tensors);

interface AtLeast extends ManyTensors {
  (input: Foreign): Tensor;
}

/** torch.atleast_1d: with at least one dimension. */
export const atleast_1d: AtLeast = of(several.atleast_1d);
/** torch.atleast_2d: with at least two dimensions, new ones in front. */
export const atleast_2d: AtLeast = of(several.atleast_2d);
/** torch.atleast_3d: with at least three dimensions, the third behind. */
export const atleast_3d: AtLeast = of(several.atleast_3d);

interface Meshgrid extends ManyTensors {
  (tensors: readonly Foreign[], options: { readonly indexing?: 'ij' | 'xy' | null }): Pieces;
  (...args: [...Foreign[], { readonly indexing?: 'ij' | 'xy' | null }]): Pieces;
}

/** torch.meshgrid: the coordinates of the cells of a grid, a tensor a dimension; indexing 'ij' by default. */
export const meshgrid: Meshgrid = of(several.meshgrid);

interface Einsum {
  (equation: string, ...operands: Foreign[]): Tensor;
  (equation: string, operands: readonly Foreign[]): Tensor;
  (...sublists: (Foreign | readonly (number | '...')[])[]): Tensor;
}

/**
 * torch.einsum: sums of products by letters; a letter twice in a term takes the diagonal, `...` stands for dimensions
 * without a letter.
 *
 * @throws RuntimeError for an equation that doesn't fit the operands
 * @example torch.einsum('ij,j->i', torch.ones(2, 3), torch.ones(3)) // tensor([3., 3.])
 */
export const einsum: Einsum = of(contractions.einsum);

type Pairs = number | readonly (number | readonly number[])[];

interface Tensordot {
  (a: Foreign, b: Foreign, dims?: Pairs): Tensor;
  (a: Foreign, b: Foreign, options: { readonly dims?: Pairs }): Tensor;
}

/** torch.tensordot: sums of products over pairs of dimensions; 2 pairs by default. */
export const tensordot: Tensordot = of(contractions.tensordot);

const readDetach = reader('detach', 'input');

/** torch.detach: the same elements, of which no gradient is taken. */
export function detach(input: Tensor | { readonly input: Tensor }): Tensor;
export function detach(...args: unknown[]): Tensor {
  const [input] = readDetach(args);
  if (input instanceof Tensor) return input.detach();
  throw wrongType('detach', 'input', 'Tensor', input);
}

const readNonzero = reader('is_nonzero', 'input');

/**
 * torch.is_nonzero: whether a tensor of one element is not 0; Python's bool(x).
 *
 * @throws RuntimeError for a tensor of more elements, or of none
 */
export function is_nonzero(input: Foreign): boolean;
export function is_nonzero(...args: unknown[]): boolean {
  const x = tensorArgument(readNonzero(args)[0], 'is_nonzero', 'input');
  if (x.size === 1) return Number(x.plain.array[0]) !== 0;
  const how = x.size === 0 ? 'no values' : 'more than one value';
  throw new RuntimeError('not-a-scalar', `Boolean value of Tensor with ${how} is ambiguous`);
}

const readIsTensor = signature('is_tensor', 'obj~');

/** torch.is_tensor: whether a value is one of PyTorch's tensors. */
export function is_tensor(obj: unknown): obj is Tensor;
export function is_tensor(...args: unknown[]): boolean {
  return readIsTensor(args)[0] instanceof Tensor;
}

const readEqual = signature('equal', 'input other');

/** torch.equal: one shape, and all elements equal. */
export function equal(input: Foreign, other: Foreign): boolean;
export function equal(...args: unknown[]): boolean {
  const [input, other] = readEqual(args);
  return areEqual(input, other);
}

/**
 * torch.allclose: |input - other| <= atol + rtol |other| everywhere.
 *
 * @throws RuntimeError for tensors of two dtypes, for shapes that don't broadcast, for a negative tolerance
 * @example torch.allclose(torch.ones(2), torch.ones(2)) // true
 */
export const allclose: Close<X, boolean> = (...args: unknown[]) => areClose(args);
