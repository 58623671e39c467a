/** The functions of the torch module that are methods of tensors, too. */

import { signature } from '../door/signature.js';
import { RuntimeError } from '../errors.js';
import { broadcastTo } from '../ops/composite.js';
import { promoteTorch } from '../shape/promotion.js';
import { broadcast, sameShape } from '../shape/shape.js';
import type { Foreign } from '../tensor/foreign.js';
import { type Tensor as CoreTensor, op } from '../tensor/tensor.js';
import { boolArgument, numberArgument, scalarName, tensorArgument } from './arguments.js';
import type { DType } from './dtype.js';
import type { Dims, Operand } from './methods.js';
import type { Row } from './row.js';
import { arithmetic, checkBroadcast } from './rows/arithmetic.js';
import { products } from './rows/product.js';
import { reductions } from './rows/reduction.js';
import { structure } from './rows/structure.js';
import { call, Tensor } from './tensor.js';

type Unary = (input: Foreign | { readonly input: Foreign }) => Tensor;

interface Binary<T> {
  (input: T, other: T): Tensor;
  (options: { readonly input: T; readonly other: T }): Tensor;
}

interface Sum {
  (input: Operand, other: Operand, options?: { readonly alpha?: number }): Tensor;
  (options: { readonly input: Operand; readonly other: Operand; readonly alpha?: number }): Tensor;
}

interface Pow {
  (input: Operand, exponent: Operand | { readonly exponent: Operand }): Tensor;
  (options: { readonly input: Operand; readonly exponent: Operand }): Tensor;
}

const of =
  (row: Row) =>
  (...args: unknown[]): Tensor =>
    call(row, args);

/** torch.add: input + alpha * other, broadcast, promoted. */
export const add: Sum = of(arithmetic.add);
/** torch.sub: input - alpha * other. */
export const sub: Sum = of(arithmetic.sub);
/** torch.mul: input * other. */
export const mul: Binary<Operand> = of(arithmetic.mul);
/** torch.div: input / other; integers give float32. */
export const div: Binary<Operand> = of(arithmetic.div);
/** torch.pow: input to the power of the exponent. */
export const pow: Pow = of(arithmetic.pow);
/** torch.maximum: elementwise; where equal, half of the gradient to each. */
export const maximum: Binary<Foreign> = of(arithmetic.maximum);
/** torch.minimum: as maximum. */
export const minimum: Binary<Foreign> = of(arithmetic.minimum);
/** torch.matmul: product of the last two axes, the others broadcast. */
export const matmul: Binary<Foreign> = of(products.matmul);

/** torch.neg. */
export const neg: Unary = of(arithmetic.neg);
/** torch.abs. */
export const abs: Unary = of(arithmetic.abs);
/** torch.exp. */
export const exp: Unary = of(arithmetic.exp);
/** torch.log. */
export const log: Unary = of(arithmetic.log);
/** torch.sqrt. */
export const sqrt: Unary = of(arithmetic.sqrt);
/** torch.tanh. */
export const tanh: Unary = of(arithmetic.tanh);
/** torch.sigmoid. */
export const sigmoid: Unary = of(arithmetic.sigmoid);
/** torch.relu. */
export const relu: Unary = of(arithmetic.relu);
/** torch.t: a matrix transposed. */
export const t: Unary = of(structure.t);
/** torch.clone: a copy, through which gradients go. */
export const clone: Unary = of(structure.clone);

interface Reduction<Options> {
  (input: Foreign, dim?: Dims, keepdim?: boolean): Tensor;
  (input: Foreign, dim: Dims, options: Options): Tensor;
  (input: Foreign, options: Options & { readonly dim?: Dims }): Tensor;
  (options: Options & { readonly input: Foreign; readonly dim?: Dims }): Tensor;
}

interface KeepDim {
  readonly keepdim?: boolean;
}

interface KeepDimDType extends KeepDim {
  readonly dtype?: DType | string | null;
}

/** torch.sum: over all dimensions, or over `dim`; integers give int64. */
export const sum: Reduction<KeepDimDType> = of(reductions.sum);
/** torch.mean: over all dimensions, or over `dim`; floating dtypes only. */
export const mean: Reduction<KeepDimDType> = of(reductions.mean);
/** torch.amax: the largest; its gradient in equal parts where it is more than once. */
export const amax: Reduction<KeepDim> = of(reductions.amax);
/** torch.amin: the smallest; as amax. */
export const amin: Reduction<KeepDim> = of(reductions.amin);

interface ByDims {
  (input: Foreign, dims: readonly number[] | { readonly dims: readonly number[] }): Tensor;
  (options: { readonly input: Foreign; readonly dims: readonly number[] }): Tensor;
}

interface Transpose {
  (input: Foreign, dim0: number, dim1: number): Tensor;
  (input: Foreign, options: { readonly dim0: number; readonly dim1: number }): Tensor;
}

interface Flatten {
  (input: Foreign, start_dim?: number, end_dim?: number): Tensor;
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

const readIsTensor = signature('is_tensor', 'obj~');

/** torch.is_tensor: whether a value is one of PyTorch's tensors. */
export function is_tensor(obj: unknown): obj is Tensor;
export function is_tensor(...args: unknown[]): boolean {
  return readIsTensor(args)[0] instanceof Tensor;
}

/** Elements as float64, repeated to a shape. */
const elements = (x: CoreTensor, shape: readonly number[]): Float64Array =>
  Float64Array.from(broadcastTo(op, x.plain, shape).array, Number);

const readEqual = signature('equal', 'input other');

/** torch.equal: one shape, and all elements equal. */
export function equal(input: Foreign, other: Foreign): boolean;
export function equal(...args: unknown[]): boolean {
  const [input, other] = readEqual(args);
  const [a, b] = [tensorArgument(input, 'equal', 'input'), tensorArgument(other, 'equal', 'other')];
  if (!sameShape(a.shape, b.shape)) return false;
  const dtype = promoteTorch(a.dtype, b.dtype);
  const [left, right] = [op.convert(a.plain, dtype).array, op.convert(b.plain, dtype).array];
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}

const readAllclose = signature('allclose', 'input other rtol? atol? equal_nan?');

/** A tolerance, which is never negative. */
function tolerance(value: unknown, name: 'rtol' | 'atol', fallback: number): number {
  const given = numberArgument(value, 'allclose', name, fallback);
  if (given >= 0) return given;
  throw new RuntimeError('bad-argument', `${name} must be greater than or equal to zero, but got ${given}`);
}

/**
 * torch.allclose: |input - other| <= atol + rtol |other| everywhere.
 *
 * @throws RuntimeError for tensors of two dtypes, for shapes that don't broadcast, for a negative tolerance
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
  const [a, b] = [tensorArgument(input, 'allclose', 'input'), tensorArgument(other, 'allclose', 'other')];
  const [relative, absolute] = [tolerance(rtol, 'rtol', 1e-5), tolerance(atol, 'atol', 1e-8)];
  const nanIsNaN = boolArgument(equalNaN, 'allclose', 'equal_nan');
  if (a.dtype !== b.dtype) {
    throw new RuntimeError('dtype-mismatch', `${scalarName[a.dtype]} did not match ${scalarName[b.dtype]}`);
  }
  checkBroadcast(a.shape, b.shape);
  const shape = broadcast(a.shape, b.shape);
  const partners = elements(b, shape);
  return elements(a, shape).every((value, i) => {
    const partner = partners[i] as number;
    if (value === partner || (nanIsNaN && Number.isNaN(value) && Number.isNaN(partner))) return true;
    return Math.abs(value - partner) <= absolute + relative * Math.abs(partner) && Number.isFinite(partner);
  });
}
