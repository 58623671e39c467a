/** Modules that drop, reshape and pad. */

import { signature } from '../../door/signature.js';
import { ValueError } from '../../errors.js';
import type { Foreign } from '../../tensor/foreign.js';
import { repr, Tuple } from '../../text/python.js';
import {
  boolArgument,
  dimension,
  intArgument,
  intsArgument,
  isWhole,
  numberArgument,
  wrongType,
} from '../arguments.js';
import * as F from '../functional/index.js';
import type { PadMode } from '../functional/padding.js';
import type { Tensor } from '../tensor.js';
import { type Arguments, float, intOr } from './arguments.js';
import { Module } from './module.js';

interface DropoutOptions {
  readonly p?: number;
  readonly inplace?: boolean;
}

type DropoutArguments = Arguments<[], [p: number, inplace: boolean], DropoutOptions>;

/** What the dropouts share: they do nothing in evaluation mode. */
class DropoutNd extends Module {
  readonly p: number;
  readonly inplace: boolean;

  constructor(name: string, args: readonly unknown[]) {
    super();
    const [p, inplace] = signature(name, 'p? inplace?')(args);
    this.p = numberArgument(p, name, 'p', 0.5);
    if (!(this.p >= 0 && this.p <= 1)) {
      const message = `dropout probability has to be between 0 and 1, but got ${repr(this.p)}`;
      throw new ValueError('bad-argument', message);
    }
    this.inplace = boolArgument(inplace, name, 'inplace');
  }

  override extra_repr(): string {
    return `p=${repr(this.p)}, inplace=${repr(this.inplace)}`;
  }
}

/** nn.Dropout: F.dropout, in training, each element 0 with probability p, else divided by 1 - p. */
export class Dropout extends DropoutNd {
  constructor(...args: DropoutArguments) {
    super('Dropout', args);
  }

  override forward(input: Foreign): Tensor {
    return F.dropout(input, this.p, this.training, this.inplace);
  }
}

/** nn.Dropout1d: F.dropout1d, drops whole channels of (N, C, L). */
export class Dropout1d extends DropoutNd {
  constructor(...args: DropoutArguments) {
    super('Dropout1d', args);
  }

  override forward(input: Foreign): Tensor {
    return F.dropout1d(input, this.p, this.training, this.inplace);
  }
}

/** nn.Dropout2d: F.dropout2d, drops whole channels of (N, C, H, W). */
export class Dropout2d extends DropoutNd {
  constructor(...args: DropoutArguments) {
    super('Dropout2d', args);
  }

  override forward(input: Foreign): Tensor {
    return F.dropout2d(input, this.p, this.training, this.inplace);
  }
}

/** nn.Dropout3d: F.dropout3d, drops whole channels of (N, C, D, H, W). */
export class Dropout3d extends DropoutNd {
  constructor(...args: DropoutArguments) {
    super('Dropout3d', args);
  }

  override forward(input: Foreign): Tensor {
    return F.dropout3d(input, this.p, this.training, this.inplace);
  }
}

/** nn.AlphaDropout: F.alpha_dropout, dropout for selu. */
export class AlphaDropout extends DropoutNd {
  constructor(...args: DropoutArguments) {
    super('AlphaDropout', args);
  }

  override forward(input: Foreign): Tensor {
    return F.alpha_dropout(input, this.p, this.training, this.inplace);
  }
}

const readFlatten = signature('Flatten', 'start_dim? end_dim?');

/**
 * nn.Flatten: dimensions start_dim (1 by default) to end_dim as one.
 *
 * @example new torch.nn.Flatten()(torch.ones(2, 3, 4)).shape // torch.Size([2, 12])
 */
export class Flatten extends Module {
  readonly start_dim: number;
  readonly end_dim: number;

  constructor(
    ...args: Arguments<
      [],
      [start_dim: number, end_dim: number],
      { readonly start_dim?: number; readonly end_dim?: number }
    >
  ) {
    super();
    const [start, end] = readFlatten(args);
    this.start_dim = intOr(start, 'Flatten', 'start_dim', 1);
    this.end_dim = intOr(end, 'Flatten', 'end_dim', -1);
  }

  override forward(input: Tensor): Tensor {
    return input.flatten(this.start_dim, this.end_dim);
  }

  override extra_repr(): string {
    return `start_dim=${this.start_dim}, end_dim=${this.end_dim}`;
  }
}

const readUnflatten = signature('Unflatten', 'dim unflattened_size');

/** nn.Unflatten: one dimension as several, of which one size may be -1. */
export class Unflatten extends Module {
  readonly dim: number;
  readonly unflattened_size: Tuple<number>;

  constructor(
    ...args: Arguments<
      [dim: number, unflattened_size: readonly number[]],
      [],
      { readonly dim?: number; readonly unflattened_size: readonly number[] }
    >
  ) {
    super();
    const [dim, sizes] = readUnflatten(args);
    this.dim = intArgument(dim, 'Unflatten', 'dim');
    this.unflattened_size = Tuple.from(intsArgument(sizes, 'Unflatten', 'unflattened_size')) as Tuple<number>;
  }

  override forward(input: Tensor): Tensor {
    const at = dimension(this.dim, input.ndim, 'unflatten');
    const known = this.unflattened_size.reduce((size, length) => (length === -1 ? size : size * length), 1);
    const sizes = this.unflattened_size.map((length) => (length === -1 ? (input.shape[at] as number) / known : length));
    return input.reshape([...input.shape.slice(0, at), ...sizes, ...input.shape.slice(at + 1)]);
  }

  override extra_repr(): string {
    return `dim=${this.dim}, unflattened_size=${repr(this.unflattened_size)}`;
  }
}

type Padding = number | readonly number[];
type PaddingArguments = Arguments<[padding: Padding], [], { readonly padding: Padding }>;

/** What the paddings share: cells at both ends of each of the last dimensions, by pairs that start with the last. */
class PadNd extends Module {
  readonly padding: Tuple<number>;
  readonly #mode: PadMode;

  constructor(name: string, rank: number, mode: PadMode, padding: unknown) {
    super();
    const isList = Array.isArray(padding) && padding.length === 2 * rank && padding.every(isWhole);
    if (!isList && !isWhole(padding)) throw wrongType(name, 'padding', `int or tuple of ${2 * rank} ints`, padding);
    this.padding = Tuple.from(isWhole(padding) ? new Array(2 * rank).fill(padding) : padding) as Tuple<number>;
    this.#mode = mode;
  }

  override forward(input: Foreign): Tensor {
    return F.pad(input, this.padding, { mode: this.#mode });
  }

  override extra_repr(): string {
    return repr(this.padding);
  }
}

/** nn.ZeroPad1d: F.pad of the last dimension by zeros. */
export class ZeroPad1d extends PadNd {
  constructor(...args: PaddingArguments) {
    super('ZeroPad1d', 1, 'constant', signature('ZeroPad1d', 'padding')(args)[0]);
  }
}

/** nn.ZeroPad2d: F.pad of the last 2 dimensions by zeros. */
export class ZeroPad2d extends PadNd {
  constructor(...args: PaddingArguments) {
    super('ZeroPad2d', 2, 'constant', signature('ZeroPad2d', 'padding')(args)[0]);
  }
}

/** nn.ZeroPad3d: F.pad of the last 3 dimensions by zeros. */
export class ZeroPad3d extends PadNd {
  constructor(...args: PaddingArguments) {
    super('ZeroPad3d', 3, 'constant', signature('ZeroPad3d', 'padding')(args)[0]);
  }
}

/** nn.ReflectionPad1d: F.pad of the last dimension by its cells, reflected. */
export class ReflectionPad1d extends PadNd {
  constructor(...args: PaddingArguments) {
    super('ReflectionPad1d', 1, 'reflect', signature('ReflectionPad1d', 'padding')(args)[0]);
  }
}

/** nn.ReflectionPad2d: F.pad of the last 2 dimensions by its cells, reflected. */
export class ReflectionPad2d extends PadNd {
  constructor(...args: PaddingArguments) {
    super('ReflectionPad2d', 2, 'reflect', signature('ReflectionPad2d', 'padding')(args)[0]);
  }
}

/** nn.ReflectionPad3d: F.pad of the last 3 dimensions by its cells, reflected. */
export class ReflectionPad3d extends PadNd {
  constructor(...args: PaddingArguments) {
    super('ReflectionPad3d', 3, 'reflect', signature('ReflectionPad3d', 'padding')(args)[0]);
  }
}

/** nn.ReplicationPad1d: F.pad of the last dimension by its border repeated. */
export class ReplicationPad1d extends PadNd {
  constructor(...args: PaddingArguments) {
    super('ReplicationPad1d', 1, 'replicate', signature('ReplicationPad1d', 'padding')(args)[0]);
  }
}

/** nn.ReplicationPad2d: F.pad of the last 2 dimensions by its border repeated. */
export class ReplicationPad2d extends PadNd {
  constructor(...args: PaddingArguments) {
    super('ReplicationPad2d', 2, 'replicate', signature('ReplicationPad2d', 'padding')(args)[0]);
  }
}

/** nn.ReplicationPad3d: F.pad of the last 3 dimensions by its border repeated. */
export class ReplicationPad3d extends PadNd {
  constructor(...args: PaddingArguments) {
    super('ReplicationPad3d', 3, 'replicate', signature('ReplicationPad3d', 'padding')(args)[0]);
  }
}

/** nn.CircularPad1d: F.pad of the last dimension by its cells from the other end. */
export class CircularPad1d extends PadNd {
  constructor(...args: PaddingArguments) {
    super('CircularPad1d', 1, 'circular', signature('CircularPad1d', 'padding')(args)[0]);
  }
}

/** nn.CircularPad2d: F.pad of the last 2 dimensions by its cells from the other end. */
export class CircularPad2d extends PadNd {
  constructor(...args: PaddingArguments) {
    super('CircularPad2d', 2, 'circular', signature('CircularPad2d', 'padding')(args)[0]);
  }
}

/** nn.CircularPad3d: F.pad of the last 3 dimensions by its cells from the other end. */
export class CircularPad3d extends PadNd {
  constructor(...args: PaddingArguments) {
    super('CircularPad3d', 3, 'circular', signature('CircularPad3d', 'padding')(args)[0]);
  }
}

interface ConstantOptions {
  readonly padding?: Padding;
  readonly value: number;
}

type ConstantArguments = Arguments<[padding: Padding, value: number], [], ConstantOptions>;

/** What the paddings by a constant share. */
class ConstantPadNd extends PadNd {
  readonly value: number;

  constructor(name: string, rank: number, args: readonly unknown[]) {
    const [padding, value] = signature(name, 'padding value')(args);
    super(name, rank, 'constant', padding);
    this.value = numberArgument(value, name, 'value', 0);
  }

  override forward(input: Foreign): Tensor {
    return F.pad(input, this.padding, 'constant', this.value);
  }

  override extra_repr(): string {
    return `padding=${repr(this.padding)}, value=${float(this.value)}`;
  }
}

/** nn.ConstantPad1d: F.pad of the last dimension by a value. */
export class ConstantPad1d extends ConstantPadNd {
  constructor(...args: ConstantArguments) {
    super('ConstantPad1d', 1, args);
  }
}

/** nn.ConstantPad2d: F.pad of the last 2 dimensions by a value. */
export class ConstantPad2d extends ConstantPadNd {
  constructor(...args: ConstantArguments) {
    super('ConstantPad2d', 2, args);
  }
}

/** nn.ConstantPad3d: F.pad of the last 3 dimensions by a value. */
export class ConstantPad3d extends ConstantPadNd {
  constructor(...args: ConstantArguments) {
    super('ConstantPad3d', 3, args);
  }
}
