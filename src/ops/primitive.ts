/** What a primitive is: one record, that holds all the system knows of it. */

import type { Convolution } from '../conv/convolution.js';
import type { Plan } from '../kernel/launch.js';
import type { ArrayOf, DType, TypedArray } from '../shape/dtype.js';
import type { Shape } from '../shape/shape.js';

/** What a shape rule sees of an operand, and what it says of a result. */
export interface Typed {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** An operand with its elements, in row-major order. */
export interface Operand extends Typed {
  readonly array: TypedArray;
}

export interface None {
  readonly [name: string]: never;
}

export type Direction = 'EQ' | 'NE' | 'LT' | 'LE' | 'GT' | 'GE';

export interface AxesParams {
  readonly axes: readonly number[];
}

export interface AxisParams {
  readonly axis: number;
}

/** `lo` and `hi` cells are added before and after (negative: cut), `interior` between neighbours, all of `value`. */
export interface PadParams {
  readonly lo: readonly number[];
  readonly hi: readonly number[];
  readonly interior: readonly number[];
  readonly value: number;
}

export interface SliceParams {
  readonly start: readonly number[];
  readonly limit: readonly number[];
  readonly stride: readonly number[];
}

/** Operand axis i becomes axis `axes[i]` of the result, of size 1 or the result's; the other axes are new. */
export interface BroadcastParams {
  readonly shape: Shape;
  readonly axes: readonly number[];
}

/** Axes of the left and the right operand that are paired: kept (batch) and summed over (contract). */
export interface DotParams {
  readonly leftBatch: readonly number[];
  readonly rightBatch: readonly number[];
  readonly leftContract: readonly number[];
  readonly rightContract: readonly number[];
}

/** Windows over every axis, for pooling. */
export interface WindowParams {
  readonly size: readonly number[];
  readonly stride: readonly number[];
  readonly lo: readonly number[];
  readonly hi: readonly number[];
  readonly dilation: readonly number[];
}

/** Every primitive there is, with the type of its parameters. Names are StableHLO's where it has the operation. */
export interface Params {
  // elementwise, of one operand
  negate: None;
  abs: None;
  sign: None;
  exponential: None;
  exponential_minus_one: None;
  log: None;
  log_plus_one: None;
  sqrt: None;
  rsqrt: None;
  tanh: None;
  logistic: None;
  sine: None;
  cosine: None;
  erf: None;
  floor: None;
  ceil: None;
  round_nearest_even: None;
  is_finite: None;
  not: None;
  convert: { readonly dtype: DType };
  // elementwise, of two operands of one shape and dtype
  add: None;
  subtract: None;
  multiply: None;
  divide: None;
  remainder: None;
  power: None;
  maximum: None;
  minimum: None;
  and: None;
  or: None;
  compare: { readonly direction: Direction };
  // elementwise, of three: where(predicate, onTrue, onFalse)
  select: None;
  // structure
  reshape: { readonly shape: Shape };
  transpose: { readonly permutation: readonly number[] };
  broadcast_in_dim: BroadcastParams;
  reverse: AxesParams;
  slice: SliceParams;
  pad: PadParams;
  concatenate: AxisParams;
  // indexing by flat position; -1 reads zero and writes nothing
  gather: None;
  scatter: { readonly shape: Shape };
  // reductions
  reduce_sum: AxesParams;
  reduce_prod: AxesParams;
  reduce_max: AxesParams;
  reduce_min: AxesParams;
  argmax: AxisParams;
  argmin: AxisParams;
  cumsum: AxisParams;
  window_argmax: WindowParams;
  // contractions
  dot_general: DotParams;
  convolution: Convolution;
}

export type PrimitiveName = keyof Params;

/**
 * A recorded application, as its gradient rule sees it: operands and result (without elements where the record's
 * `saves` does not list them), parameters, and the gradient that arrives.
 */
export interface Call<T extends Typed, P> {
  readonly inputs: readonly T[];
  readonly output: T;
  readonly params: P;
  readonly gradient: T;
}

/** A primitive as launches of kernels, planned from shapes alone; null where the reference serves. */
export type Lower<P> = (inputs: readonly Typed[], params: P, result: Typed) => Plan | null;

export interface Primitive<P> {
  readonly name: string;
  /** Shape and dtype of the result. Operands are checked here, before anything is computed. */
  shape(inputs: readonly Typed[], params: P): Typed;
  /**
   * The elements of the result, plainly computed: the definition of the primitive, and the device for tiny sizes.
   * `allocate` gives the array to fill. Where the result has the operand's own elements, the operand's array is given.
   */
  reference(inputs: readonly Operand[], params: P, result: Typed, allocate: Allocate): TypedArray;
  /** Null where the reference serves, whatever the shapes. */
  readonly lower: Lower<P> | null;
  /** Which elements the gradient rule reads. */
  readonly saves: 'nothing' | 'inputs' | 'output' | 'both';
  /** The gradient by operand `argument`, made of primitives, so that every order exists; null: there is none. */
  vjp<T extends Typed>(call: Call<T, P>, argument: number, op: Ops<T>): T | null;
}

/** A new array of a dtype, its contents yet to be written. */
export type Allocate = <D extends DType>(dtype: D, length: number) => ArrayOf[D];

type Unary<T> = (x: T) => T;
type Binary<T> = (a: T, b: T) => T;

/**
 * The primitives as functions, over whatever plays the tensor: rules are written with these, and so work for values and
 * for recorded values alike.
 */
export interface Ops<T> {
  /** A tensor of one repeated value. */
  full(type: Typed, value: number): T;
  negate: Unary<T>;
  abs: Unary<T>;
  sign: Unary<T>;
  exponential: Unary<T>;
  exponential_minus_one: Unary<T>;
  log: Unary<T>;
  log_plus_one: Unary<T>;
  sqrt: Unary<T>;
  rsqrt: Unary<T>;
  tanh: Unary<T>;
  logistic: Unary<T>;
  sine: Unary<T>;
  cosine: Unary<T>;
  erf: Unary<T>;
  floor: Unary<T>;
  ceil: Unary<T>;
  round_nearest_even: Unary<T>;
  is_finite: Unary<T>;
  not: Unary<T>;
  convert(x: T, dtype: DType): T;
  add: Binary<T>;
  subtract: Binary<T>;
  multiply: Binary<T>;
  divide: Binary<T>;
  remainder: Binary<T>;
  power: Binary<T>;
  maximum: Binary<T>;
  minimum: Binary<T>;
  and: Binary<T>;
  or: Binary<T>;
  compare(a: T, b: T, direction: Direction): T;
  select(predicate: T, onTrue: T, onFalse: T): T;
  reshape(x: T, shape: Shape): T;
  transpose(x: T, permutation: readonly number[]): T;
  broadcast_in_dim(x: T, shape: Shape, axes: readonly number[]): T;
  reverse(x: T, axes: readonly number[]): T;
  slice(x: T, params: SliceParams): T;
  pad(x: T, params: PadParams): T;
  concatenate(parts: readonly T[], axis: number): T;
  gather(x: T, indices: T): T;
  scatter(updates: T, indices: T, shape: Shape): T;
  reduce_sum(x: T, axes: readonly number[]): T;
  reduce_prod(x: T, axes: readonly number[]): T;
  reduce_max(x: T, axes: readonly number[]): T;
  reduce_min(x: T, axes: readonly number[]): T;
  argmax(x: T, axis: number): T;
  argmin(x: T, axis: number): T;
  cumsum(x: T, axis: number): T;
  window_argmax(x: T, params: WindowParams): T;
  dot_general(left: T, right: T, params: DotParams): T;
  convolution(input: T, kernel: T, params: Convolution): T;
}

/** A primitive without a gradient: integers, comparisons, steps. */
export const noGradient = (): null => null;

export const NONE: None = {};

/** Operand `index`, for rules and references that know how many there are. */
export function nth<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`operand ${index} of ${list.length}`);
  return item;
}
