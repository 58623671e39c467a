/** Methods of tensors that are functions of torch, too; here those that give a tensor another shape. */

import type { Foreign } from '../tensor/foreign.js';
import { spread } from './arguments.js';
import type { Close, Operand, Self } from './calls.js';
import { FreshMethods } from './methods/fresh.js';
import { type Row, reader } from './row.js';
import { arrangements } from './rows/arrange.js';
import { whereOf as whereRow } from './rows/combine.js';
import { areClose, areEqual } from './rows/comparison.js';
import { structure } from './rows/structure.js';

export type { Dims, Operand } from './calls.js';

const readWhere = reader('where', 'condition other');
const readOther = reader('equal', 'other');

type CloseArguments = Parameters<Close<Self, boolean>>;

/** What PyTorch's tensors can do, given what calls a row on them. */
export abstract class Methods extends FreshMethods {
  protected abstract call(row: Row, args: readonly unknown[]): this;

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

  /** Repeated as a whole, so many times along each dimension. */
  repeat(...repeats: number[]): this;
  repeat(repeats: readonly number[] | { readonly repeats: readonly number[] }): this;
  repeat(...args: unknown[]): this {
    return this.call(arrangements.repeat, spread(args));
  }

  /** As repeat; dimensions that are not named stay as they are. */
  tile(...dims: number[]): this;
  tile(dims: readonly number[] | { readonly dims: readonly number[] }): this;
  tile(...args: unknown[]): this {
    return this.call(arrangements.tile, spread(args));
  }

  /** Repeated to another tensor's shape. */
  expand_as(other: Foreign | { readonly other: Foreign }): this;
  expand_as(...args: unknown[]): this {
    return this.call(structure.expand_as, args);
  }

  /** In another tensor's shape. */
  view_as(other: Foreign | { readonly other: Foreign }): this;
  view_as(...args: unknown[]): this {
    return this.call(structure.view_as, args);
  }

  /** In another tensor's shape. */
  reshape_as(other: Foreign | { readonly other: Foreign }): this;
  reshape_as(...args: unknown[]): this {
    return this.call(structure.reshape_as, args);
  }

  /** This where the condition is true, the other elsewhere. */
  where(condition: Foreign, other: Operand | { readonly other: Operand }): this;
  where(options: { readonly condition: Foreign; readonly other: Operand }): this;
  where(...args: unknown[]): this {
    const [condition, other] = readWhere(args);
    return this.invoke(whereRow, [condition, this, other]) as this;
  }

  /** Whether the other has this shape, and all elements are equal. */
  equal(other: Foreign | { readonly other: Foreign }): boolean;
  equal(...args: unknown[]): boolean {
    const [other] = readOther(args);
    return areEqual(this, other);
  }

  /** Whether |this - other| <= atol + rtol |other| everywhere. */
  allclose(...args: CloseArguments): boolean {
    return areClose([this, ...args]);
  }
}
