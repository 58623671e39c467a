/** The functions of the torch module that are methods of tensors, too. */

import { flag, number, signature } from '../door/signature.js';
import { TypeError_ } from '../errors.js';
import { broadcastTo } from '../ops/composite.js';
import { broadcast, sameShape, show } from '../shape/shape.js';
import type { Foreign } from '../tensor/foreign.js';
import { type Tensor as CoreTensor, op } from '../tensor/tensor.js';
import type { DType } from './dtype.js';
import type { Row } from './row.js';
import { arithmetic } from './rows/arithmetic.js';
import { structure } from './rows/structure.js';
import { call, type Operand, Tensor } from './tensor.js';

const readAllclose = signature('allclose', 'input other rtol? atol? equal_nan?');

type Unary = (input: Foreign) => Tensor;
type Binary = (input: Operand, other: Operand) => Tensor;

const unary =
  (row: Row): Unary =>
  (input) =>
    call(row, [input]);

const binary =
  (row: Row): Binary =>
  (input, other) =>
    call(row, [input, other]);

/** torch.add: input + other, broadcast, promoted. */
export const add: Binary = binary(arithmetic.add);
/** torch.sub: input - other. */
export const sub: Binary = binary(arithmetic.sub);
/** torch.mul: input * other. */
export const mul: Binary = binary(arithmetic.mul);
/** torch.div: input / other; integers give float32. */
export const div: Binary = binary(arithmetic.div);
/** torch.pow: input to the power of the exponent. */
export const pow: Binary = binary(arithmetic.pow);
/** torch.maximum: elementwise; where equal, half of the gradient to each. */
export const maximum: Binary = binary(arithmetic.maximum);
/** torch.minimum: as maximum. */
export const minimum: Binary = binary(arithmetic.minimum);
/** torch.matmul: product of the last two axes, the others broadcast. */
export const matmul: (input: Foreign, other: Foreign) => Tensor = binary(arithmetic.matmul);

/** torch.neg. */
export const neg: Unary = unary(arithmetic.neg);
/** torch.abs. */
export const abs: Unary = unary(arithmetic.abs);
/** torch.exp. */
export const exp: Unary = unary(arithmetic.exp);
/** torch.log. */
export const log: Unary = unary(arithmetic.log);
/** torch.sqrt. */
export const sqrt: Unary = unary(arithmetic.sqrt);
/** torch.tanh. */
export const tanh: Unary = unary(arithmetic.tanh);
/** torch.sigmoid. */
export const sigmoid: Unary = unary(arithmetic.sigmoid);
/** torch.relu. */
export const relu: Unary = unary(arithmetic.relu);
/** torch.t: a matrix transposed. */
export const t: Unary = unary(structure.t);
/** torch.clone: a copy, through which gradients go. */
export const clone: Unary = unary(structure.clone);

type Dims = number | readonly number[] | null;

interface Reduction {
  (input: Foreign, dim?: Dims, keepdim?: boolean): Tensor;
  (input: Foreign, options: { dim?: Dims; keepdim?: boolean; dtype?: DType | string | null }): Tensor;
}

const reduction =
  (row: Row): Reduction =>
  (...args: unknown[]) =>
    call(row, args);

/** torch.sum: over all dimensions, or over `dim`; integers give int64. */
export const sum: Reduction = reduction(arithmetic.sum);
/** torch.mean: over all dimensions, or over `dim`; floating dtypes only. */
export const mean: Reduction = reduction(arithmetic.mean);
/** torch.amax: the largest; its gradient in equal parts where it is more than once. */
export const amax: Reduction = reduction(arithmetic.amax);
/** torch.amin: the smallest; as amax. */
export const amin: Reduction = reduction(arithmetic.amin);

type Dimensions = readonly number[] | { readonly dims: readonly number[] };

/** torch.flip: reverses the order along the given dimensions. */
export const flip = (input: Foreign, dims: Dimensions): Tensor => call(structure.flip, [input, dims]);
/** torch.permute: dimensions in another order. */
export const permute = (input: Foreign, dims: Dimensions): Tensor => call(structure.permute, [input, dims]);
/** torch.transpose: two dimensions exchanged. */
export const transpose = (input: Foreign, dim0: number, dim1: number): Tensor =>
  call(structure.transpose, [input, dim0, dim1]);
/** torch.reshape: the same elements in another shape; one size may be -1. */
export const reshape = (input: Foreign, shape: readonly number[]): Tensor => call(structure.reshape, [input, shape]);
/** torch.flatten: dimensions start_dim to end_dim as one. */
export const flatten = (input: Foreign, start_dim?: number, end_dim?: number): Tensor =>
  call(structure.flatten, [input, start_dim, end_dim]);
/** torch.squeeze: without dimensions of size 1. */
export const squeeze = (input: Foreign, dim?: number | readonly number[]): Tensor =>
  call(structure.squeeze, [input, dim]);
/** torch.unsqueeze: with a dimension of size 1 more. */
export const unsqueeze = (input: Foreign, dim: number): Tensor => call(structure.unsqueeze, [input, dim]);

/** torch.is_tensor. */
export const is_tensor = (value: unknown): value is Tensor => value instanceof Tensor;

/** Two tensors as float64 of one shape. */
function compared(input: unknown, other: unknown, name: string): readonly [Float64Array, Float64Array] {
  if (!is_tensor(input) || !is_tensor(other)) {
    throw new TypeError_('bad-argument', `${name}(): arguments must be Tensors, not ${show(input)} and ${show(other)}`);
  }
  const [a, b] = [input.double().toCore().plain, other.double().toCore().plain];
  const shape = broadcast(a.shape, b.shape);
  const elements = (x: CoreTensor): Float64Array => Float64Array.from(broadcastTo(op, x, shape).array, Number);
  return [elements(a), elements(b)];
}

/** torch.equal: one shape, and all elements equal. */
export function equal(input: Foreign, other: Foreign): boolean {
  const [a, b] = compared(input, other, 'equal');
  return sameShape(input.toCore().shape, other.toCore().shape) && a.every((value, i) => value === b[i]);
}

/**
 * torch.allclose: |input - other| <= atol + rtol |other| everywhere.
 *
 * @example torch.allclose(torch.ones(2), torch.ones(2)) // true
 */
export function allclose(input: Foreign, other: Foreign, rtol?: number, atol?: number, equal_nan?: boolean): boolean;
export function allclose(
  input: Foreign,
  other: Foreign,
  options: { rtol?: number; atol?: number; equal_nan?: boolean },
): boolean;
export function allclose(...args: unknown[]): boolean {
  const [input, other, rtol, atol, equalNaN] = readAllclose(args);
  const [a, b] = compared(input, other, 'allclose');
  const [relative, absolute] = [number(rtol, 'rtol', 1e-5), number(atol, 'atol', 1e-8)];
  const nanIsNaN = flag(equalNaN, 'equal_nan', false);
  return a.every((value, i) => {
    const partner = b[i] as number;
    if (value === partner || (nanIsNaN && Number.isNaN(value) && Number.isNaN(partner))) return true;
    return Math.abs(value - partner) <= absolute + relative * Math.abs(partner) && Number.isFinite(partner);
  });
}
