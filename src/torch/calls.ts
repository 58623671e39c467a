/**
 * How the functions of the door are called, for TypeScript: by position, by name in one object, or the first by position
 * and the others by name. Each family stands here once; it serves functions, whose first argument is `input`, and
 * methods, which have none: `Unary<[input: Foreign]>` and `Unary<[]>`.
 */

import type { Foreign } from '../tensor/foreign.js';
import type { DType } from './dtype.js';
import type { Tensor } from './tensor.js';

/** What operators take beside a tensor. */
export type Operand = Foreign | number | boolean;

/** One dimension, several, or all of them. */
export type Dims = number | readonly number[] | null;

export type DTypeLike = DType | string;

/** The first arguments of a function, and of a method. */
export type X = [input: Foreign];
export type Self = [];

/** The first argument of operators: a number, too. */
export type Y = [input: Operand];

type Front<P extends unknown[]> = P extends [...infer F, unknown] ? F : [];
type Prefixes<P extends unknown[]> = P extends [...infer F, unknown] ? P | Prefixes<F> : [];

type Input<I extends unknown[]> = I extends [] ? unknown : { readonly input: I[0] };

type Some<P extends unknown[]> = P extends [] ? never : P extends [...infer F, unknown] ? P | Some<F> : never;

/**
 * Behind I, arguments R that must be given and O that may, in this order; N has them all by name, and those that go by
 * name only. What stands in front by position need not be named; all together may be.
 */
export type Forms<I extends unknown[], R extends unknown[], O extends unknown[], N> =
  | [...I, ...R, ...Prefixes<O>]
  | [...I, ...R, ...Prefixes<O>, options: Partial<N>]
  | [...I, ...Some<Front<R>>, options: Partial<N>]
  | [...I, options: N]
  | (I extends [] ? never : [options: N & Input<I>]);

/** A function (I its first argument) or a method (I empty). */
export type Call<I extends unknown[], R extends unknown[], O extends unknown[], N, T = Tensor> = (
  ...args: Forms<I, R, O, N>
) => T;

/** Without arguments beside the tensor. */
export type Unary<I extends unknown[], T = Tensor> = (...args: I | (I extends [] ? never : [options: Input<I>])) => T;

export type Binary<I extends unknown[], Other = Operand, T = Tensor> = Call<
  I,
  [other: Other],
  [],
  { readonly other: Other },
  T
>;

interface KeepDim {
  readonly keepdim?: boolean;
  readonly keepdims?: boolean;
}

/** One dimension by name. */
interface OneDim extends KeepDim {
  readonly dim?: number | null;
  readonly axis?: number | null;
}

/** Dimensions by name. */
interface SomeDims extends KeepDim {
  readonly dim?: Dims;
  readonly axis?: Dims;
}

interface WithDType {
  readonly dtype?: DTypeLike | null;
}

/** Over all dimensions, or over some. */
export type Reduction<I extends unknown[], More = unknown, T = Tensor> = Call<
  I,
  [],
  [dim: Dims, keepdim: boolean],
  SomeDims & More,
  T
>;

/** As Reduction, in another dtype where one is named. */
export type SumLike<I extends unknown[]> = Reduction<I, WithDType>;

/** Over all dimensions, or over one. */
export type ByOneDim<I extends unknown[], More = unknown, T = Tensor> = Call<
  I,
  [],
  [dim: number | null, keepdim: boolean],
  OneDim & More,
  T
>;

/** The product over all dimensions, or over one. */
export type Product1<I extends unknown[]> = ByOneDim<I, WithDType>;

export type CountNonzero<I extends unknown[]> = Call<I, [], [dim: Dims], { readonly dim?: Dims; readonly axis?: Dims }>;

/** Along one dimension, which has to be named. */
export type Along<I extends unknown[]> = Call<
  I,
  [dim: number],
  [],
  { readonly dim: number; readonly dtype?: DTypeLike | null }
>;

/** `input + alpha * other`. */
export type Sum<I extends unknown[]> = Call<
  I,
  [other: Operand],
  [],
  { readonly other: Operand; readonly alpha?: number }
>;

export type Pow<I extends unknown[]> = Call<I, [exponent: Operand], [], { readonly exponent: Operand }>;

export type Divide<I extends unknown[]> = Call<
  I,
  [other: Operand],
  [],
  { readonly other: Operand; readonly rounding_mode?: 'trunc' | 'floor' | null }
>;

export type Round<I extends unknown[]> = Call<I, [], [], { readonly decimals?: number }>;

type Bound = Foreign | number | null;

export type Clamp<I extends unknown[]> = Call<
  I,
  [],
  [min: Bound, max: Bound],
  { readonly min?: Bound; readonly max?: Bound }
>;

export type ClampMin<I extends unknown[]> = Call<I, [min: Foreign | number], [], { readonly min: Foreign | number }>;

export type ClampMax<I extends unknown[]> = Call<I, [max: Foreign | number], [], { readonly max: Foreign | number }>;

export type Lerp<I extends unknown[]> = Call<
  I,
  [end: Foreign, weight: Foreign | number],
  [],
  { readonly end: Foreign; readonly weight: Foreign | number }
>;

export type AddProduct<I extends unknown[]> = Call<
  I,
  [tensor1: Foreign, tensor2: Foreign],
  [],
  { readonly tensor1: Foreign; readonly tensor2: Foreign; readonly value?: number }
>;

interface Tolerances {
  readonly other: Foreign;
  readonly rtol?: number;
  readonly atol?: number;
  readonly equal_nan?: boolean;
}

/** Within tolerances. */
export type Close<I extends unknown[], T> = Call<
  I,
  [other: Foreign],
  [rtol: number, atol: number, equal_nan: boolean],
  Tolerances,
  T
>;

interface Spread extends SomeDims {
  readonly correction?: number | null;
  readonly unbiased?: boolean;
}

/** Over dimensions, with PyTorch's older `unbiased` or with `correction`. */
export interface Variance<I extends unknown[], T = Tensor> {
  (...args: [...I, unbiased: boolean]): T;
  (...args: Forms<I, [], [dim: Dims], Spread>): T;
  (...args: [...I, dim: Dims, unbiased: boolean, keepdim?: boolean]): T;
}

export type Norm<I extends unknown[]> = Call<
  I,
  [],
  [p: number | 'fro' | null, dim: Dims, keepdim: boolean, dtype: DTypeLike | null],
  SomeDims & WithDType & { readonly p?: number | 'fro' | null }
>;

export type Dist<I extends unknown[]> = Call<
  I,
  [other: Foreign],
  [p: number],
  { readonly other: Foreign; readonly p?: number }
>;

export type LogSumExp<I extends unknown[]> = Call<I, [dim: number | readonly number[]], [keepdim: boolean], SomeDims>;

/** What an extreme, a median or a sort gives along a dimension. */
export type ValuesAndIndices = readonly [Tensor, Tensor] & { readonly values: Tensor; readonly indices: Tensor };

interface NamedDim extends KeepDim {
  readonly dim: number;
}

/** max and min: of all elements, along a dimension, or of two tensors. */
export interface Extreme<I extends unknown[]> {
  (...args: I): Tensor;
  (...args: [...I, other: Foreign] | [...I, options: { readonly other: Foreign }]): Tensor;
  (...args: Forms<I, [dim: number], [keepdim: boolean], NamedDim>): ValuesAndIndices;
}

/** The median of all elements, or along a dimension. */
export interface Median<I extends unknown[]> {
  (...args: I): Tensor;
  (...args: Forms<I, [dim: number], [keepdim: boolean], NamedDim>): ValuesAndIndices;
}

export type BothExtremes<I extends unknown[]> = Call<
  I,
  [],
  [],
  { readonly dim?: number | null; readonly keepdim?: boolean },
  readonly [Tensor, Tensor] & { readonly min: Tensor; readonly max: Tensor }
>;

interface Order {
  readonly dim?: number;
  readonly descending?: boolean;
  readonly stable?: boolean;
}

export type Sort<I extends unknown[], T> = Call<I, [], [dim: number, descending: boolean], Order, T>;

export type TopK<I extends unknown[]> = Call<
  I,
  [k: number],
  [dim: number, largest: boolean, sorted: boolean],
  { readonly k: number; readonly dim?: number; readonly largest?: boolean; readonly sorted?: boolean },
  ValuesAndIndices
>;

export interface Unique<I extends unknown[]> {
  (...args: [...I, sorted?: boolean]): Tensor;
  (
    ...args: [
      ...I,
      options: { readonly sorted?: boolean; readonly return_inverse?: boolean; readonly return_counts?: boolean },
    ]
  ): Tensor & readonly Tensor[];
}

export type ByDims<I extends unknown[]> = Call<I, [dims: readonly number[]], [], { readonly dims: readonly number[] }>;

export type Exchange<I extends unknown[]> = Call<
  I,
  [dim0: number, dim1: number],
  [],
  { readonly dim0: number; readonly dim1: number }
>;

export type ExchangeAxes<I extends unknown[]> = Call<
  I,
  [axis0: number, axis1: number],
  [],
  { readonly axis0: number; readonly axis1: number }
>;

type Ints = number | readonly number[];

export type Move<I extends unknown[]> = Call<
  I,
  [source: Ints, destination: Ints],
  [],
  { readonly source: Ints; readonly destination: Ints }
>;

export type Select<I extends unknown[]> = Call<
  I,
  [dim: number, index: number],
  [],
  { readonly dim: number; readonly index: number }
>;

export type Narrow<I extends unknown[]> = Call<
  I,
  [dim: number, start: number | Foreign, length: number],
  [],
  { readonly dim: number; readonly start: number | Foreign; readonly length: number }
>;

export type Unflatten<I extends unknown[]> = Call<
  I,
  [dim: number, sizes: readonly number[]],
  [],
  { readonly dim: number; readonly sizes: readonly number[] }
>;

export type Diagonal<I extends unknown[]> = Call<
  I,
  [],
  [offset: number, dim1: number, dim2: number],
  { readonly offset?: number; readonly dim1?: number; readonly dim2?: number }
>;

export type Triangle<I extends unknown[]> = Call<I, [], [diagonal: number], { readonly diagonal?: number }>;

export type Roll<I extends unknown[]> = Call<
  I,
  [shifts: Ints],
  [dims: Ints],
  { readonly shifts: Ints; readonly dims?: Ints }
>;

export type Rot90<I extends unknown[]> = Call<
  I,
  [],
  [k: number, dims: readonly number[]],
  { readonly k?: number; readonly dims?: readonly number[] }
>;

export type Tile<I extends unknown[]> = Call<I, [dims: Ints], [], { readonly dims: Ints }>;

export type ToSize<I extends unknown[]> = Call<I, [size: readonly number[]], [], { readonly size: readonly number[] }>;

export type Repeats<I extends unknown[]> = Call<
  I,
  [],
  [repeats: number | Foreign, dim: number | null],
  { readonly repeats?: number | Foreign; readonly dim?: number | null; readonly output_size?: number | null }
>;

/** A tuple of views. */
export type Pieces = readonly Tensor[];

export type Split<I extends unknown[]> = Call<
  I,
  [split_size: Ints],
  [dim: number],
  { readonly split_size?: Ints; readonly split_size_or_sections?: Ints; readonly dim?: number },
  Pieces
>;

export type Chunk<I extends unknown[]> = Call<
  I,
  [chunks: number],
  [dim: number],
  { readonly chunks: number; readonly dim?: number },
  Pieces
>;

export type TensorSplit<I extends unknown[]> = Call<
  I,
  [indices_or_sections: Ints],
  [dim: number],
  { readonly indices_or_sections: Ints; readonly dim?: number },
  Pieces
>;

export type Unbind<I extends unknown[]> = Call<I, [], [dim: number], { readonly dim?: number }, Pieces>;

export type MaskedFill<I extends unknown[]> = Call<
  I,
  [mask: Foreign, value: Operand],
  [],
  { readonly mask: Foreign; readonly value: Operand }
>;

export type Masked<I extends unknown[]> = Call<I, [mask: Foreign], [], { readonly mask: Foreign }>;

export type Gather<I extends unknown[]> = Call<
  I,
  [dim: number, index: Foreign],
  [],
  { readonly dim: number; readonly index: Foreign }
>;

export type Scatter<I extends unknown[], Source = Operand> = Call<
  I,
  [dim: number, index: Foreign, src: Source],
  [],
  { readonly dim: number; readonly index: Foreign; readonly src?: Source; readonly value?: Source }
>;

export type Take<I extends unknown[]> = Call<I, [index: Foreign], [], { readonly index: Foreign }>;

export type TakeAlong<I extends unknown[]> = Call<
  I,
  [indices: Foreign],
  [dim: number | null],
  { readonly indices: Foreign; readonly dim?: number | null }
>;

/** A product whose second operand has a name of its own. */
export type Product<I extends unknown[], Name extends string> = Call<
  I,
  [second: Foreign],
  [],
  { readonly [N in Name]: Foreign }
>;

/** beta * input + alpha * a product. */
export type AddedProduct<I extends unknown[], First extends string, Second extends string> = Call<
  I,
  [first: Foreign, second: Foreign],
  [],
  { readonly [N in First | Second]: Foreign } & { readonly beta?: number; readonly alpha?: number }
>;

/** Several tensors in a list. */
export type OfList = Call<[], [tensors: readonly Foreign[]], [], { readonly tensors: readonly Foreign[] }>;

/** Several tensors in a list, along a dimension. */
export type Concatenate = Call<
  [],
  [tensors: readonly Foreign[]],
  [dim: number],
  { readonly tensors: readonly Foreign[]; readonly dim?: number; readonly axis?: number }
>;

/** Places of what is not zero: a row each, or, as a tuple, a tensor a dimension. */
export interface NonZero<I extends unknown[]> {
  (...args: I): Tensor;
  (...args: [...I, options: { readonly as_tuple: true }]): Pieces;
}

/** One number for all spatial dimensions, or one each. */
export type Each = number | readonly number[];

export type Fill<I extends unknown[]> = Call<
  I,
  [value: Foreign | number | boolean],
  [],
  { readonly value: Foreign | number | boolean }
>;

export type Copy<I extends unknown[]> = Call<
  I,
  [src: Foreign],
  [non_blocking: boolean],
  { readonly src: Foreign; readonly non_blocking?: boolean }
>;

export type Softmax<I extends unknown[]> = Call<
  I,
  [dim: number],
  [dtype: DTypeLike | null],
  { readonly dim: number; readonly dtype?: DTypeLike | null }
>;

export type NanToNum<I extends unknown[]> = Call<
  I,
  [],
  [nan: number | null, posinf: number | null, neginf: number | null],
  { readonly nan?: number | null; readonly posinf?: number | null; readonly neginf?: number | null }
>;

export type KthValue<I extends unknown[]> = Call<
  I,
  [k: number],
  [dim: number, keepdim: boolean],
  { readonly k: number; readonly dim?: number; readonly keepdim?: boolean },
  ValuesAndIndices
>;

export type Running<I extends unknown[]> = Call<I, [dim: number], [], { readonly dim: number }, ValuesAndIndices>;

/** Slices from a tensor written where an index names places along a dimension. */
export type IndexWrite<I extends unknown[], Name extends string = 'source', Source = Foreign> = Call<
  I,
  [dim: number, index: Foreign, source: Source],
  [],
  { readonly dim: number; readonly index: Foreign; readonly alpha?: number } & { readonly [N in Name]: Source }
>;

export type Differences<I extends unknown[]> = Call<
  I,
  [],
  [n: number, dim: number],
  { readonly n?: number; readonly dim?: number }
>;
