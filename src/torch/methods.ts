/** Methods of tensors that are functions of torch, too, under one roof: names and types over the rows. */

import type { Foreign } from '../tensor/foreign.js';
import { spread } from './arguments.js';
import type { DType } from './dtype.js';
import type { Row } from './row.js';
import { arithmetic } from './rows/arithmetic.js';
import { products } from './rows/product.js';
import { reductions } from './rows/reduction.js';
import { structure } from './rows/structure.js';

/** What operators take beside a tensor. */
export type Operand = Foreign | number | boolean;

/** One dimension, several, or all of them. */
export type Dims = number | readonly number[] | null;

interface Other<T> {
  readonly other: T;
}

interface ReductionOptions {
  readonly dim?: Dims;
  readonly keepdim?: boolean;
  readonly dtype?: DType | string | null;
}

/** What PyTorch's tensors can do, given what calls a row on them. */
export abstract class Methods {
  protected abstract call(row: Row, args: readonly unknown[]): this;

  /** `this + alpha * other`. */
  add(other: Operand | (Other<Operand> & { readonly alpha?: number }), options?: { readonly alpha?: number }): this;
  add(...args: unknown[]): this {
    return this.call(arithmetic.add, args);
  }

  /** `this - alpha * other`. */
  sub(other: Operand | (Other<Operand> & { readonly alpha?: number }), options?: { readonly alpha?: number }): this;
  sub(...args: unknown[]): this {
    return this.call(arithmetic.sub, args);
  }

  /** `this * other`, broadcast, promoted. */
  mul(other: Operand | Other<Operand>): this;
  mul(...args: unknown[]): this {
    return this.call(arithmetic.mul, args);
  }

  /** `this / other`; integers give float32. */
  div(other: Operand | Other<Operand>): this;
  div(...args: unknown[]): this {
    return this.call(arithmetic.div, args);
  }

  /** To the power of the exponent; integers stay integers, and refuse a negative number. */
  pow(exponent: Operand | { readonly exponent: Operand }): this;
  pow(...args: unknown[]): this {
    return this.call(arithmetic.pow, args);
  }

  /** `other - this`. */
  rsub(other: Operand): this;
  rsub(...args: unknown[]): this {
    return this.call(arithmetic.rsub, args);
  }

  /** `other / this`. */
  rdiv(other: Operand): this;
  rdiv(...args: unknown[]): this {
    return this.call(arithmetic.rdiv, args);
  }

  /** Elementwise; where equal, half of the gradient to each. */
  maximum(other: Foreign | Other<Foreign>): this;
  maximum(...args: unknown[]): this {
    return this.call(arithmetic.maximum, args);
  }

  /** As maximum. */
  minimum(other: Foreign | Other<Foreign>): this;
  minimum(...args: unknown[]): this {
    return this.call(arithmetic.minimum, args);
  }

  /** The product of the last two axes, the others broadcast. */
  matmul(other: Foreign | Other<Foreign>): this;
  matmul(...args: unknown[]): this {
    return this.call(products.matmul, args);
  }

  /** `-this`; not of bool. */
  neg(...none: never[]): this {
    return this.call(arithmetic.neg, none);
  }

  /** |this|; gradient 0 at 0. */
  abs(...none: never[]): this {
    return this.call(arithmetic.abs, none);
  }

  /** e to the power of each element; integers give float32, as in all that follow up to sigmoid. */
  exp(...none: never[]): this {
    return this.call(arithmetic.exp, none);
  }

  /** Natural logarithm. */
  log(...none: never[]): this {
    return this.call(arithmetic.log, none);
  }

  /** Square root. */
  sqrt(...none: never[]): this {
    return this.call(arithmetic.sqrt, none);
  }

  /** Hyperbolic tangent. */
  tanh(...none: never[]): this {
    return this.call(arithmetic.tanh, none);
  }

  /** 1 / (1 + exp(-this)). */
  sigmoid(...none: never[]): this {
    return this.call(arithmetic.sigmoid, none);
  }

  /** max(0, this); gradient 0 at 0. */
  relu(...none: never[]): this {
    return this.call(arithmetic.relu, none);
  }

  /** The sum over all dimensions, or over `dim`; integers give int64. */
  sum(dim?: Dims | ReductionOptions, keepdim?: boolean | ReductionOptions): this;
  sum(dim: Dims, keepdim: boolean, options: ReductionOptions): this;
  sum(...args: unknown[]): this {
    return this.call(reductions.sum, args);
  }

  /** The mean over all dimensions, or over `dim`; floating dtypes only. */
  mean(dim?: Dims | ReductionOptions, keepdim?: boolean | ReductionOptions): this;
  mean(dim: Dims, keepdim: boolean, options: ReductionOptions): this;
  mean(...args: unknown[]): this {
    return this.call(reductions.mean, args);
  }

  /** The largest over all dimensions, or over `dim`; its gradient in equal parts where it is more than once. */
  amax(dim?: Dims | { dim?: Dims; keepdim?: boolean }, keepdim?: boolean | { keepdim?: boolean }): this;
  amax(...args: unknown[]): this {
    return this.call(reductions.amax, args);
  }

  /** The smallest; as amax. */
  amin(dim?: Dims | { dim?: Dims; keepdim?: boolean }, keepdim?: boolean | { keepdim?: boolean }): this;
  amin(...args: unknown[]): this {
    return this.call(reductions.amin, args);
  }

  /** The same elements in another shape; one size may be -1. */
  view(...size: number[]): this;
  view(size: readonly number[] | { readonly size: readonly number[] }): this;
  view(...args: unknown[]): this {
    return this.call(structure.view, spread(args));
  }

  /** The same elements in another shape; one size may be -1. */
  reshape(...shape: number[]): this;
  reshape(shape: readonly number[] | { readonly shape: readonly number[] }): this;
  reshape(...args: unknown[]): this {
    return this.call(structure.reshape, spread(args));
  }

  /** Reverses the order along the given dimensions. */
  flip(...dims: number[]): this;
  flip(dims: readonly number[] | { readonly dims: readonly number[] }): this;
  flip(...args: unknown[]): this {
    return this.call(structure.flip, spread(args));
  }

  /** Dimensions in another order. */
  permute(...dims: number[]): this;
  permute(dims: readonly number[] | { readonly dims: readonly number[] }): this;
  permute(...args: unknown[]): this {
    return this.call(structure.permute, spread(args));
  }

  /** Two dimensions exchanged. */
  transpose(dim0: number, dim1: number | { readonly dim1: number }): this;
  transpose(options: { readonly dim0: number; readonly dim1: number }): this;
  transpose(...args: unknown[]): this {
    return this.call(structure.transpose, args);
  }

  /** A matrix transposed. */
  t(...none: never[]): this {
    return this.call(structure.t, none);
  }

  /** Without dimensions of size 1, or without those of `dim` that are. */
  squeeze(dim?: number | readonly number[] | { readonly dim: number | readonly number[] }): this;
  squeeze(...args: unknown[]): this {
    return this.call(structure.squeeze, args);
  }

  /** With a dimension of size 1 more. */
  unsqueeze(dim: number | { readonly dim: number }): this;
  unsqueeze(...args: unknown[]): this {
    return this.call(structure.unsqueeze, args);
  }

  /** Dimensions of size 1 repeated; -1 keeps a size. */
  expand(...size: number[]): this;
  expand(size: readonly number[] | { readonly size: readonly number[] }): this;
  expand(...args: unknown[]): this {
    return this.call(structure.expand, spread(args));
  }

  /** A copy, through which gradients go. */
  clone(...none: never[]): this {
    return this.call(structure.clone, none);
  }
}
