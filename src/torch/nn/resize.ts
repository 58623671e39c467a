/** Modules that resize, and that take windows apart. */

import { signature } from '../../door/signature.js';
import type { Foreign } from '../../tensor/foreign.js';
import { repr, Tuple } from '../../text/python.js';
import { boolArgument, intArgument, wrongType } from '../arguments.js';
import type { Each } from '../calls.js';
import * as F from '../functional/index.js';
import type { InterpolateMode } from '../functional/resize.js';
import type { Tensor } from '../tensor.js';
import { type Arguments, float, optionsText } from './arguments.js';
import { Module } from './module.js';

/** A number, or a tuple of some, as it was given. */
function given(value: unknown, call: string, name: string, fallback: Each | null): Each {
  const each = value === undefined || value === null ? fallback : value;
  if (typeof each === 'number') return each;
  if (Array.isArray(each) && each.every((size) => typeof size === 'number')) return Tuple.from(each);
  throw wrongType(call, name, 'int or tuple of ints', value);
}

export interface UpsampleOptions {
  readonly size?: Each | null;
  readonly scale_factor?: Each | null;
  readonly mode?: InterpolateMode;
  readonly align_corners?: boolean | null;
  readonly recompute_scale_factor?: boolean | null;
}

const readUpsample = signature('Upsample', 'size?~ scale_factor?~ mode? align_corners?~ recompute_scale_factor?~');

/** Factors, which Python keeps as floats. */
const factorText = (factor: Each): string =>
  typeof factor === 'number' ? float(factor) : `(${factor.map(float).join(', ')}${factor.length === 1 ? ',' : ''})`;

/**
 * nn.Upsample: F.interpolate to a size, or by a factor.
 *
 * @example
 * new torch.nn.Upsample({ scale_factor: 2 })(torch.tensor([[[1, 2]]])).tolist() // [[[1, 1, 2, 2]]]
 */
export class Upsample extends Module {
  readonly size: Each | null;
  readonly scale_factor: Each | null;
  readonly mode: InterpolateMode;
  readonly align_corners: boolean | null;
  readonly recompute_scale_factor: boolean | null;

  constructor(
    ...args: Arguments<
      [],
      [
        size: Each | null,
        scale_factor: Each | null,
        mode: InterpolateMode,
        align_corners: boolean | null,
        recompute_scale_factor: boolean | null,
      ],
      UpsampleOptions
    >
  ) {
    super();
    const [size, factor, mode, corners, recompute] = readUpsample(args);
    const flag = (value: unknown, name: string): boolean | null =>
      value === undefined || value === null ? null : boolArgument(value, 'Upsample', name);
    this.size = size === undefined || size === null ? null : given(size, 'Upsample', 'size', null);
    this.scale_factor =
      factor === undefined || factor === null ? null : given(factor, 'Upsample', 'scale_factor', null);
    // F.interpolate refuses another word, as PyTorch's does: when it is called.
    this.mode = (mode ?? 'nearest') as InterpolateMode;
    this.align_corners = flag(corners, 'align_corners');
    this.recompute_scale_factor = flag(recompute, 'recompute_scale_factor');
  }

  override forward(input: Foreign): Tensor {
    const { size, scale_factor, mode, align_corners, recompute_scale_factor } = this;
    return F.interpolate(input, size, scale_factor, mode, align_corners, recompute_scale_factor);
  }

  override extra_repr(): string {
    const { size, scale_factor, mode } = this;
    const first = scale_factor === null ? `size=${repr(size)}` : `scale_factor=${factorText(scale_factor)}`;
    return `${first}, mode=${repr(mode)}`;
  }
}

interface WindowOptions {
  readonly dilation?: Each;
  readonly padding?: Each;
  readonly stride?: Each;
}

type Windows = [dilation: Each, padding: Each, stride: Each];

/** What taking windows apart and putting them together share. */
class WindowNd extends Module {
  readonly kernel_size: Each;
  readonly dilation: Each;
  readonly padding: Each;
  readonly stride: Each;

  constructor(name: string, [kernel, dilation, padding, stride]: readonly unknown[]) {
    super();
    this.kernel_size = given(kernel, name, 'kernel_size', null);
    this.dilation = given(dilation, name, 'dilation', 1);
    this.padding = given(padding, name, 'padding', 0);
    this.stride = given(stride, name, 'stride', 1);
  }

  override extra_repr(): string {
    const { kernel_size, dilation, padding, stride } = this;
    return optionsText({ kernel_size, dilation, padding, stride });
  }
}

const readUnfold = signature('Unfold', 'kernel_size dilation? padding? stride?');

/** nn.Unfold: F.unfold, the windows of an image as columns. */
export class Unfold extends WindowNd {
  constructor(...args: Arguments<[kernel_size: Each], Windows, WindowOptions & { readonly kernel_size: Each }>) {
    super('Unfold', readUnfold(args));
  }

  override forward(input: Foreign): Tensor {
    return F.unfold(input, this.kernel_size, this.dilation, this.padding, this.stride);
  }
}

const readFold = signature('Fold', 'output_size kernel_size dilation? padding? stride?');

/** nn.Fold: F.fold, columns added to where they stand in an image. */
export class Fold extends WindowNd {
  readonly output_size: Each;

  constructor(
    ...args: Arguments<
      [output_size: Each, kernel_size: Each],
      Windows,
      WindowOptions & { readonly output_size?: Each; readonly kernel_size: Each }
    >
  ) {
    const [size, ...rest] = readFold(args);
    super('Fold', rest);
    this.output_size = given(size, 'Fold', 'output_size', null);
  }

  override forward(input: Foreign): Tensor {
    return F.fold(input, this.output_size, this.kernel_size, this.dilation, this.padding, this.stride);
  }

  override extra_repr(): string {
    return `${optionsText({ output_size: this.output_size })}, ${super.extra_repr()}`;
  }
}

const readPixelShuffle = signature('PixelShuffle', 'upscale_factor');

/** nn.PixelShuffle: F.pixel_shuffle, channels that become space. */
export class PixelShuffle extends Module {
  readonly upscale_factor: number;

  constructor(...args: Arguments<[upscale_factor: number], [], { readonly upscale_factor: number }>) {
    super();
    this.upscale_factor = intArgument(readPixelShuffle(args)[0], 'PixelShuffle', 'upscale_factor');
  }

  override forward(input: Foreign): Tensor {
    return F.pixel_shuffle(input, this.upscale_factor);
  }

  override extra_repr(): string {
    return `upscale_factor=${this.upscale_factor}`;
  }
}
