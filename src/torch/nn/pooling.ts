/** Modules of pooling. */

import { signature } from '../../door/signature.js';
import { NotImplementedError } from '../../errors.js';
import type { Foreign } from '../../tensor/foreign.js';
import { repr, Tuple } from '../../text/python.js';
import { boolArgument, wrongType } from '../arguments.js';
import type { Each } from '../calls.js';
import * as F from '../functional/index.js';
import type { Tensor } from '../tensor.js';
import { type Arguments, optionsText } from './arguments.js';
import { Module } from './module.js';

/** A number, or a tuple of some, as it was given. */
function given(value: unknown, call: string, name: string, fallback: Each): Each {
  const each = value === undefined || value === null ? fallback : value;
  if (typeof each === 'number') return each;
  if (Array.isArray(each) && each.every((size) => typeof size === 'number')) return Tuple.from(each);
  throw wrongType(call, name, 'int or tuple of ints', value);
}

export interface MaxPoolOptions {
  readonly stride?: Each | null;
  readonly padding?: Each;
  readonly dilation?: Each;
  readonly return_indices?: false;
  readonly ceil_mode?: boolean;
}

type MaxPoolArguments = Arguments<
  [kernel_size: Each],
  [stride: Each | null, padding: Each, dilation: Each, return_indices: false, ceil_mode: boolean],
  MaxPoolOptions & { readonly kernel_size: Each }
>;

/** What the max pools share. */
class MaxPoolNd extends Module {
  readonly kernel_size: Each;
  readonly stride: Each;
  readonly padding: Each;
  readonly dilation: Each;
  readonly ceil_mode: boolean;

  constructor(name: string, args: readonly unknown[]) {
    super();
    const read = signature(name, 'kernel_size stride?~ padding? dilation? return_indices? ceil_mode?');
    const [kernel, stride, padding, dilation, indices, ceil] = read(args);
    this.kernel_size = given(kernel, name, 'kernel_size', 1);
    this.stride = given(stride, name, 'stride', this.kernel_size);
    this.padding = given(padding, name, 'padding', 0);
    this.dilation = given(dilation, name, 'dilation', 1);
    if (boolArgument(indices, name, 'return_indices')) {
      const message = `${name}(): return_indices=True is not there; use F.${name.replace('MaxP', 'max_p')}_with_indices`;
      throw new NotImplementedError('not-implemented', message);
    }
    this.ceil_mode = boolArgument(ceil, name, 'ceil_mode');
  }

  override extra_repr(): string {
    const { kernel_size, stride, padding, dilation, ceil_mode } = this;
    return optionsText({ kernel_size, stride, padding, dilation, ceil_mode });
  }
}

/** nn.MaxPool1d: F.max_pool1d. */
export class MaxPool1d extends MaxPoolNd {
  constructor(...args: MaxPoolArguments) {
    super('MaxPool1d', args);
  }

  override forward(input: Foreign): Tensor {
    const { kernel_size, stride, padding, dilation, ceil_mode } = this;
    return F.max_pool1d(input, kernel_size, stride, padding, dilation, ceil_mode);
  }
}

/**
 * nn.MaxPool2d: F.max_pool2d, the largest cell of each window.
 *
 * @example
 * new torch.nn.MaxPool2d(2)(torch.ones(1, 4, 4)).shape // torch.Size([1, 2, 2])
 */
export class MaxPool2d extends MaxPoolNd {
  constructor(...args: MaxPoolArguments) {
    super('MaxPool2d', args);
  }

  override forward(input: Foreign): Tensor {
    const { kernel_size, stride, padding, dilation, ceil_mode } = this;
    return F.max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode);
  }
}

/** nn.MaxPool3d: F.max_pool3d. */
export class MaxPool3d extends MaxPoolNd {
  constructor(...args: MaxPoolArguments) {
    super('MaxPool3d', args);
  }

  override forward(input: Foreign): Tensor {
    const { kernel_size, stride, padding, dilation, ceil_mode } = this;
    return F.max_pool3d(input, kernel_size, stride, padding, dilation, ceil_mode);
  }
}

export interface AvgPoolOptions {
  readonly stride?: Each | null;
  readonly padding?: Each;
  readonly ceil_mode?: boolean;
  readonly count_include_pad?: boolean;
}

type Averages = [stride: Each | null, padding: Each, ceil_mode: boolean, count_include_pad: boolean];

/** What the average pools share. */
class AvgPoolNd extends Module {
  readonly kernel_size: Each;
  readonly stride: Each;
  readonly padding: Each;
  readonly ceil_mode: boolean;
  readonly count_include_pad: boolean;

  constructor(name: string, values: readonly unknown[]) {
    super();
    const [kernel, stride, padding, ceil, count] = values;
    this.kernel_size = given(kernel, name, 'kernel_size', 1);
    this.stride = given(stride, name, 'stride', this.kernel_size);
    this.padding = given(padding, name, 'padding', 0);
    this.ceil_mode = boolArgument(ceil, name, 'ceil_mode');
    this.count_include_pad = boolArgument(count, name, 'count_include_pad', true);
  }

  override extra_repr(): string {
    const { kernel_size, stride, padding } = this;
    return optionsText({ kernel_size, stride, padding });
  }
}

const AVERAGES = 'kernel_size stride?~ padding? ceil_mode? count_include_pad?';

const readAvgPool1d = signature('AvgPool1d', AVERAGES);

/** nn.AvgPool1d: F.avg_pool1d, the mean of each window. */
export class AvgPool1d extends AvgPoolNd {
  constructor(...args: Arguments<[kernel_size: Each], Averages, AvgPoolOptions & { readonly kernel_size: Each }>) {
    const [kernel, ...rest] = readAvgPool1d(args);
    // One dimension, in a tuple whatever was given.
    const tuple = (value: unknown): unknown => (typeof value === 'number' ? [value] : value);
    const [stride, padding, ...flags] = rest;
    super('AvgPool1d', [tuple(kernel), tuple(stride ?? kernel), tuple(padding ?? 0), ...flags]);
  }

  override forward(input: Foreign): Tensor {
    const { kernel_size, stride, padding, ceil_mode, count_include_pad } = this;
    return F.avg_pool1d(input, kernel_size, stride, padding, ceil_mode, count_include_pad);
  }
}

type AvgPoolArguments = Arguments<
  [kernel_size: Each],
  [...Averages, divisor_override: number | null],
  AvgPoolOptions & { readonly kernel_size: Each; readonly divisor_override?: number | null }
>;

/** The number that every sum is divided by, where one is given. */
const divisor = (value: unknown, name: string): number | null => {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return value;
  throw wrongType(name, 'divisor_override', 'int', value);
};

const readAvgPool2d = signature('AvgPool2d', `${AVERAGES} divisor_override?~`);

/** nn.AvgPool2d: F.avg_pool2d, the mean of each window. */
export class AvgPool2d extends AvgPoolNd {
  readonly divisor_override: number | null;

  constructor(...args: AvgPoolArguments) {
    const values = readAvgPool2d(args);
    super('AvgPool2d', values);
    this.divisor_override = divisor(values[5], 'AvgPool2d');
  }

  override forward(input: Foreign): Tensor {
    const { kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override } = this;
    return F.avg_pool2d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);
  }
}

const readAvgPool3d = signature('AvgPool3d', `${AVERAGES} divisor_override?~`);

/** nn.AvgPool3d: F.avg_pool3d, the mean of each window. */
export class AvgPool3d extends AvgPoolNd {
  readonly divisor_override: number | null;

  constructor(...args: AvgPoolArguments) {
    const values = readAvgPool3d(args);
    super('AvgPool3d', values);
    this.divisor_override = divisor(values[5], 'AvgPool3d');
  }

  override forward(input: Foreign): Tensor {
    const { kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override } = this;
    return F.avg_pool3d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);
  }
}

type Sizes = number | readonly (number | null)[] | null;

/** What the adaptive pools share: sizes of the result; null keeps a size. */
class AdaptiveNd extends Module {
  readonly output_size: Sizes;

  constructor(name: string, value: unknown) {
    super();
    const isSize = (size: unknown): boolean => size === null || typeof size === 'number';
    if (Array.isArray(value) && value.every(isSize)) this.output_size = Tuple.from(value);
    else if (isSize(value)) this.output_size = value as number | null;
    else throw wrongType(name, 'output_size', 'int or tuple of ints', value);
  }

  override extra_repr(): string {
    return `output_size=${repr(this.output_size)}`;
  }
}

type SizeArguments = Arguments<[output_size: Sizes], [], { readonly output_size: Sizes }>;

const readAdaptiveAvgPool1d = signature('AdaptiveAvgPool1d', 'output_size~');

/** nn.AdaptiveAvgPool1d: F.adaptive_avg_pool1d, means of as many windows as are asked for. */
export class AdaptiveAvgPool1d extends AdaptiveNd {
  constructor(...args: SizeArguments) {
    super('AdaptiveAvgPool1d', readAdaptiveAvgPool1d(args)[0]);
  }

  override forward(input: Foreign): Tensor {
    return F.adaptive_avg_pool1d(input, this.output_size);
  }
}

const readAdaptiveAvgPool2d = signature('AdaptiveAvgPool2d', 'output_size~');

/** nn.AdaptiveAvgPool2d: F.adaptive_avg_pool2d, means of as many windows as are asked for. */
export class AdaptiveAvgPool2d extends AdaptiveNd {
  constructor(...args: SizeArguments) {
    super('AdaptiveAvgPool2d', readAdaptiveAvgPool2d(args)[0]);
  }

  override forward(input: Foreign): Tensor {
    return F.adaptive_avg_pool2d(input, this.output_size);
  }
}

const readAdaptiveAvgPool3d = signature('AdaptiveAvgPool3d', 'output_size~');

/** nn.AdaptiveAvgPool3d: F.adaptive_avg_pool3d, means of as many windows as are asked for. */
export class AdaptiveAvgPool3d extends AdaptiveNd {
  constructor(...args: SizeArguments) {
    super('AdaptiveAvgPool3d', readAdaptiveAvgPool3d(args)[0]);
  }

  override forward(input: Foreign): Tensor {
    return F.adaptive_avg_pool3d(input, this.output_size);
  }
}

const readAdaptiveMaxPool1d = signature('AdaptiveMaxPool1d', 'output_size~');

/** nn.AdaptiveMaxPool1d: F.adaptive_max_pool1d, the largest cells of as many windows as are asked for. */
export class AdaptiveMaxPool1d extends AdaptiveNd {
  constructor(...args: SizeArguments) {
    super('AdaptiveMaxPool1d', readAdaptiveMaxPool1d(args)[0]);
  }

  override forward(input: Foreign): Tensor {
    return F.adaptive_max_pool1d(input, this.output_size);
  }
}

const readAdaptiveMaxPool2d = signature('AdaptiveMaxPool2d', 'output_size~');

/** nn.AdaptiveMaxPool2d: F.adaptive_max_pool2d, the largest cells of as many windows as are asked for. */
export class AdaptiveMaxPool2d extends AdaptiveNd {
  constructor(...args: SizeArguments) {
    super('AdaptiveMaxPool2d', readAdaptiveMaxPool2d(args)[0]);
  }

  override forward(input: Foreign): Tensor {
    return F.adaptive_max_pool2d(input, this.output_size);
  }
}

const readAdaptiveMaxPool3d = signature('AdaptiveMaxPool3d', 'output_size~');

/** nn.AdaptiveMaxPool3d: F.adaptive_max_pool3d, the largest cells of as many windows as are asked for. */
export class AdaptiveMaxPool3d extends AdaptiveNd {
  constructor(...args: SizeArguments) {
    super('AdaptiveMaxPool3d', readAdaptiveMaxPool3d(args)[0]);
  }

  override forward(input: Foreign): Tensor {
    return F.adaptive_max_pool3d(input, this.output_size);
  }
}
