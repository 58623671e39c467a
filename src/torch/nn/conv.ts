/** nn.Conv1d to nn.ConvTranspose3d. */

import { signature } from '../../door/signature.js';
import { ValueError } from '../../errors.js';
import { borrowed, type Foreign } from '../../tensor/foreign.js';
import { repr, type Tuple } from '../../text/python.js';
import { boolArgument, intArgument, intsArgument } from '../arguments.js';
import { zeros } from '../create.js';
import type { DType } from '../dtype.js';
import * as F from '../functional/index.js';
import type { Tensor } from '../tensor.js';
import { all, each, type FactoryOptions, factoryDType, intOr } from './arguments.js';
import { fans, kaiming_uniform_, uniform_ } from './init.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';

type Each = number | readonly number[];

export type PaddingMode = 'zeros' | 'reflect' | 'replicate' | 'circular';

export interface ConvOptions extends FactoryOptions {
  readonly stride?: Each;
  readonly padding?: Each | 'same' | 'valid';
  readonly dilation?: Each;
  readonly groups?: number;
  readonly bias?: boolean;
  readonly padding_mode?: PaddingMode;
}

export interface ConvTransposeOptions extends FactoryOptions {
  readonly stride?: Each;
  readonly padding?: Each;
  readonly output_padding?: Each;
  readonly groups?: number;
  readonly bias?: boolean;
  readonly dilation?: Each;
  readonly padding_mode?: 'zeros';
}

/** What all of them have. */
interface Settings {
  readonly name: string;
  readonly in_channels: number;
  readonly out_channels: number;
  readonly kernel_size: Tuple<number>;
  readonly stride: Tuple<number>;
  readonly padding: Tuple<number> | 'same' | 'valid';
  readonly dilation: Tuple<number>;
  readonly transposed: boolean;
  readonly output_padding: Tuple<number>;
  readonly groups: number;
  readonly bias: boolean;
  readonly padding_mode: PaddingMode;
  readonly dtype: 'float32' | 'float64';
}

const modes: readonly PaddingMode[] = ['zeros', 'reflect', 'replicate', 'circular'];

const isMode = (value: unknown): value is PaddingMode => modes.some((mode) => mode === value);

function paddingMode(value: unknown): PaddingMode {
  if (value === undefined) return 'zeros';
  if (isMode(value)) return value;
  const known = `{${modes.map(repr).join(', ')}}`;
  throw new ValueError('bad-argument', `padding_mode must be one of ${known}, but got padding_mode=${repr(value)}`);
}

function checkSettings({ groups, in_channels, out_channels, padding, stride }: Settings): void {
  if (groups <= 0) throw new ValueError('groups-invalid', 'groups must be a positive integer');
  if (in_channels % groups !== 0) throw new ValueError('groups-invalid', 'in_channels must be divisible by groups');
  if (out_channels % groups !== 0) throw new ValueError('groups-invalid', 'out_channels must be divisible by groups');
  if (padding === 'same' && !all(stride, 1)) {
    throw new ValueError('stride-invalid', "padding='same' is not supported for strided convolutions");
  }
}

/** What F.pad adds on each side, by pairs that start with the last dimension. */
function padded({ padding, kernel_size, dilation }: Settings): number[] {
  return kernel_size
    .map((size, i) => {
      if (padding === 'valid') return [0, 0];
      if (padding !== 'same') return [padding[i] ?? 0, padding[i] ?? 0];
      const total = (dilation[i] ?? 1) * (size - 1);
      return [Math.floor(total / 2), total - Math.floor(total / 2)];
    })
    .reverse()
    .flat();
}

/** What the convolutions share: the parameters, what they begin with, how they look. */
class ConvNd extends Module {
  readonly in_channels: number;
  readonly out_channels: number;
  readonly kernel_size: Tuple<number>;
  readonly stride: Tuple<number>;
  readonly padding: Tuple<number> | 'same' | 'valid';
  readonly dilation: Tuple<number>;
  readonly transposed: boolean;
  readonly output_padding: Tuple<number>;
  readonly groups: number;
  readonly padding_mode: PaddingMode;
  weight: Parameter;
  bias: Parameter | null;
  /** What F.pad adds where the mode isn't 'zeros'. */
  readonly #padded: readonly number[];

  constructor(settings: Settings) {
    super();
    checkSettings(settings);
    const { in_channels, out_channels, kernel_size, groups, transposed, dtype } = settings;
    this.in_channels = in_channels;
    this.out_channels = out_channels;
    this.kernel_size = kernel_size;
    this.stride = settings.stride;
    this.padding = settings.padding;
    this.dilation = settings.dilation;
    this.transposed = transposed;
    this.output_padding = settings.output_padding;
    this.groups = groups;
    this.padding_mode = settings.padding_mode;
    const channels = transposed ? [in_channels, out_channels / groups] : [out_channels, in_channels / groups];
    this.weight = new Parameter(zeros([...channels, ...kernel_size], { dtype }));
    this.bias = settings.bias ? new Parameter(zeros([out_channels], { dtype })) : null;
    this.#padded = padded(settings);
    this.reset_parameters();
  }

  /** New initial values: uniform within 1 / sqrt(fan_in). */
  reset_parameters(): void {
    kaiming_uniform_(this.weight, Math.sqrt(5));
    const [fanIn] = fans(this.weight.shape);
    const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
    if (this.bias !== null) uniform_(this.bias, -bound, bound);
  }

  /** The input, padded where the convolution itself can't, and the padding that is left. */
  protected padded(input: Foreign): [Foreign, Each | 'same' | 'valid'] {
    if (this.padding_mode === 'zeros') return [input, this.padding];
    return [F.pad(input, this.#padded, { mode: this.padding_mode }), 0];
  }

  override extra_repr(): string {
    const { kernel_size, stride, padding } = this;
    const parts = [`${this.in_channels}, ${this.out_channels}`, `kernel_size=${kernel_size}, stride=${stride}`];
    if (typeof padding === 'string' || !all(padding, 0)) parts.push(`padding=${padding}`);
    if (!all(this.dilation, 1)) parts.push(`dilation=${this.dilation}`);
    if (!all(this.output_padding, 0)) parts.push(`output_padding=${this.output_padding}`);
    if (this.groups !== 1) parts.push(`groups=${this.groups}`);
    if (this.bias === null) parts.push('bias=False');
    if (this.padding_mode !== 'zeros') parts.push(`padding_mode=${this.padding_mode}`);
    return parts.join(', ');
  }
}

const PARAMETERS =
  'in_channels out_channels kernel_size stride? padding? dilation? groups? bias? padding_mode? device?~ dtype?~';

/** The arguments of nn.Conv1d to nn.Conv3d. */
function convSettings(name: string, rank: number, args: readonly unknown[]): Settings {
  const read = signature(name, PARAMETERS);
  const [inputs, outputs, kernel, stride, padding, dilation, groups, bias, mode, device, dtype] = read(args);
  if (typeof padding === 'string' && padding !== 'same' && padding !== 'valid') {
    const message = `Invalid padding string ${repr(padding)}, should be one of {'valid', 'same'}`;
    throw new ValueError('padding-invalid', message);
  }
  return {
    name,
    in_channels: intArgument(inputs, name, 'in_channels'),
    out_channels: intArgument(outputs, name, 'out_channels'),
    kernel_size: each(kernel, rank, name, 'kernel_size'),
    stride: each(stride, rank, name, 'stride', 1),
    padding: padding === 'same' || padding === 'valid' ? padding : each(padding, rank, name, 'padding', 0),
    dilation: each(dilation, rank, name, 'dilation', 1),
    transposed: false,
    output_padding: each(0, rank, name, 'output_padding'),
    groups: intOr(groups, name, 'groups', 1),
    bias: boolArgument(bias, name, 'bias', true),
    padding_mode: paddingMode(mode),
    dtype: factoryDType(device, dtype, name),
  };
}

type ConvArguments =
  | [in_channels: number, out_channels: number, kernel_size: Each, options?: ConvOptions]
  | [in_channels: number, out_channels: number, options: ConvOptions & { readonly kernel_size: Each }]
  | [
      options: ConvOptions & {
        readonly in_channels: number;
        readonly out_channels: number;
        readonly kernel_size: Each;
      },
    ]
  | [in_channels: number, out_channels: number, kernel_size: Each, stride: Each, options: Omit<ConvOptions, 'stride'>]
  | [
      in_channels: number,
      out_channels: number,
      kernel_size: Each,
      stride: Each,
      padding: Each | 'same' | 'valid',
      options: Omit<ConvOptions, 'stride' | 'padding'>,
    ]
  | [
      in_channels: number,
      out_channels: number,
      kernel_size: Each,
      stride?: Each,
      padding?: Each | 'same' | 'valid',
      dilation?: Each,
      groups?: number,
      bias?: boolean,
      padding_mode?: PaddingMode,
      device?: 'cpu' | null,
      dtype?: DType | string | null,
    ];

/** nn.Conv1d: F.conv1d with a weight (out_channels, in_channels / groups, k) and a bias of its own. */
export class Conv1d extends ConvNd {
  constructor(...args: ConvArguments) {
    super(convSettings('Conv1d', 1, args));
  }

  override forward(input: Foreign): Tensor {
    const [x, padding] = this.padded(input);
    return F.conv1d(x, this.weight, this.bias, this.stride, padding, this.dilation, this.groups);
  }
}

/**
 * nn.Conv2d: F.conv2d with a weight (out_channels, in_channels / groups, kH, kW) and a bias of its own, which begin as
 * PyTorch's do.
 *
 * @throws ValueError for channels that groups don't divide, for unknown padding, for 'same' with a stride
 * @example
 * torch.manual_seed(0);
 * const conv = new torch.nn.Conv2d(1, 2, 3, { padding: 1 });
 * conv // Conv2d(1, 2, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
 * conv(torch.ones(1, 1, 4, 4)).shape // torch.Size([1, 2, 4, 4])
 */
export class Conv2d extends ConvNd {
  constructor(...args: ConvArguments) {
    super(convSettings('Conv2d', 2, args));
  }

  override forward(input: Foreign): Tensor {
    const [x, padding] = this.padded(input);
    return F.conv2d(x, this.weight, this.bias, this.stride, padding, this.dilation, this.groups);
  }
}

/** nn.Conv3d: F.conv3d with a weight (out_channels, in_channels / groups, kD, kH, kW) and a bias of its own. */
export class Conv3d extends ConvNd {
  constructor(...args: ConvArguments) {
    super(convSettings('Conv3d', 3, args));
  }

  override forward(input: Foreign): Tensor {
    const [x, padding] = this.padded(input);
    return F.conv3d(x, this.weight, this.bias, this.stride, padding, this.dilation, this.groups);
  }
}

const TRANSPOSED =
  'in_channels out_channels kernel_size stride? padding? output_padding? groups? bias? dilation? padding_mode? ' +
  'device?~ dtype?~';

/** The arguments of nn.ConvTranspose1d to nn.ConvTranspose3d. */
function transposedSettings(name: string, rank: number, args: readonly unknown[]): Settings {
  const read = signature(name, TRANSPOSED);
  const [inputs, outputs, kernel, stride, padding, outputPadding, groups, bias, dilation, mode, device, dtype] =
    read(args);
  if (paddingMode(mode) !== 'zeros') {
    throw new ValueError('bad-argument', `Only "zeros" padding mode is supported for ${name}`);
  }
  return {
    name,
    in_channels: intArgument(inputs, name, 'in_channels'),
    out_channels: intArgument(outputs, name, 'out_channels'),
    kernel_size: each(kernel, rank, name, 'kernel_size'),
    stride: each(stride, rank, name, 'stride', 1),
    padding: each(padding, rank, name, 'padding', 0),
    dilation: each(dilation, rank, name, 'dilation', 1),
    transposed: true,
    output_padding: each(outputPadding, rank, name, 'output_padding', 0),
    groups: intOr(groups, name, 'groups', 1),
    bias: boolArgument(bias, name, 'bias', true),
    padding_mode: 'zeros',
    dtype: factoryDType(device, dtype, name),
  };
}

type TransposedArguments =
  | [in_channels: number, out_channels: number, kernel_size: Each, options?: ConvTransposeOptions]
  | [in_channels: number, out_channels: number, options: ConvTransposeOptions & { readonly kernel_size: Each }]
  | [
      options: ConvTransposeOptions & {
        readonly in_channels: number;
        readonly out_channels: number;
        readonly kernel_size: Each;
      },
    ]
  | [
      in_channels: number,
      out_channels: number,
      kernel_size: Each,
      stride: Each,
      options: Omit<ConvTransposeOptions, 'stride'>,
    ]
  | [
      in_channels: number,
      out_channels: number,
      kernel_size: Each,
      stride: Each,
      padding: Each,
      options: Omit<ConvTransposeOptions, 'stride' | 'padding'>,
    ]
  | [
      in_channels: number,
      out_channels: number,
      kernel_size: Each,
      stride?: Each,
      padding?: Each,
      output_padding?: Each,
      groups?: number,
      bias?: boolean,
      dilation?: Each,
      padding_mode?: 'zeros',
      device?: 'cpu' | null,
      dtype?: DType | string | null,
    ];

/** What the transposed ones share: an output_size, which says what output_padding has to be. */
class ConvTransposeNd extends ConvNd {
  protected readonly outputPadding = (input: Foreign, asked: unknown): Tuple<number> => {
    if (asked === undefined || asked === null) return this.output_padding;
    return outputPaddingFor(this, borrowed(input).shape, asked);
  };
}

/** The output_padding that makes the output as large as asked. */
function outputPaddingFor(module: ConvTransposeNd, shape: readonly number[], asked: unknown): Tuple<number> {
  const { kernel_size, stride, padding, dilation } = module;
  const rank = kernel_size.length;
  const given = intsArgument(asked, module._get_name(), 'output_size');
  const isBatched = shape.length === rank + 2;
  const wanted = given.length === rank + (isBatched ? 2 : 1) ? given.slice(-rank) : given;
  if (wanted.length !== rank) {
    throw new ValueError(
      'bad-argument',
      `ConvTranspose${rank}D: for ${shape.length}D input, output_size must have ${rank} or ${shape.length} elements ` +
        `(got ${given.length})`,
    );
  }
  const space = shape.slice(-rank);
  const least = space.map((size, i) => {
    const [s = 1, d = 1, k = 1] = [stride[i], dilation[i], kernel_size[i]];
    const p = typeof padding === 'string' ? 0 : (padding[i] ?? 0);
    return (size - 1) * s - 2 * p + d * (k - 1) + 1;
  });
  const most = least.map((size, i) => size + (stride[i] ?? 1) - 1);
  if (wanted.some((size, i) => size < (least[i] ?? 0) || size > (most[i] ?? 0))) {
    throw new ValueError(
      'size-invalid',
      `requested an output size of ${repr([...wanted])}, but valid sizes range from ${repr(least)} to ${repr(most)} (for ` +
        `an input of torch.Size(${repr(space)}))`,
    );
  }
  return each(
    wanted.map((size, i) => size - (least[i] ?? 0)),
    rank,
    module._get_name(),
    'output_size',
  );
}

type OutputSize = readonly number[] | null | { readonly output_size?: readonly number[] | null };

const readForward = signature('forward', 'input output_size?~');

/** nn.ConvTranspose1d: F.conv_transpose1d with parameters of its own; see ConvTranspose2d. */
export class ConvTranspose1d extends ConvTransposeNd {
  constructor(...args: TransposedArguments) {
    super(transposedSettings('ConvTranspose1d', 1, args));
  }

  override forward(input: Foreign, output_size?: OutputSize): Tensor {
    const extra = this.outputPadding(input, readForward([input, output_size])[1]);
    const { weight, bias, stride, padding, groups, dilation } = this;
    return F.conv_transpose1d(input, weight, bias, stride, asNumbers(padding), extra, groups, dilation);
  }
}

/**
 * nn.ConvTranspose2d: F.conv_transpose2d with a weight (in_channels, out_channels / groups, kH, kW) and a bias of its
 * own; `forward(input, output_size)` chooses among the sizes that one stride leaves open.
 *
 * @throws ValueError as Conv2d, and for an output_size that can't be
 * @example
 * const up = new torch.nn.ConvTranspose2d(1, 1, 3, { stride: 2 });
 * up(torch.ones(1, 1, 4, 4), [10, 10]).shape // torch.Size([1, 1, 10, 10])
 */
export class ConvTranspose2d extends ConvTransposeNd {
  constructor(...args: TransposedArguments) {
    super(transposedSettings('ConvTranspose2d', 2, args));
  }

  override forward(input: Foreign, output_size?: OutputSize): Tensor {
    const extra = this.outputPadding(input, readForward([input, output_size])[1]);
    const { weight, bias, stride, padding, groups, dilation } = this;
    return F.conv_transpose2d(input, weight, bias, stride, asNumbers(padding), extra, groups, dilation);
  }
}

/** nn.ConvTranspose3d: F.conv_transpose3d with parameters of its own; see ConvTranspose2d. */
export class ConvTranspose3d extends ConvTransposeNd {
  constructor(...args: TransposedArguments) {
    super(transposedSettings('ConvTranspose3d', 3, args));
  }

  override forward(input: Foreign, output_size?: OutputSize): Tensor {
    const extra = this.outputPadding(input, readForward([input, output_size])[1]);
    const { weight, bias, stride, padding, groups, dilation } = this;
    return F.conv_transpose3d(input, weight, bias, stride, asNumbers(padding), extra, groups, dilation);
  }
}

/** A transposed convolution has no 'same'. */
const asNumbers = (padding: Tuple<number> | 'same' | 'valid'): Each => (typeof padding === 'string' ? 0 : padding);
