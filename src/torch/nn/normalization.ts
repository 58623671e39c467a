/** Modules of normalisation. */

import { signature } from '../../door/signature.js';
import { ValueError } from '../../errors.js';
import { borrowed, type Foreign } from '../../tensor/foreign.js';
import { repr, Tuple } from '../../text/python.js';
import { boolArgument, intArgument, intOrIntsArgument, numberArgument } from '../arguments.js';
import { full, ones, zeros } from '../create.js';
import * as F from '../functional/index.js';
import type { Tensor } from '../tensor.js';
import { type Arguments, type FactoryOptions, factoryDType, optionsText } from './arguments.js';
import { fill } from './init.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';

export interface NormOptions extends FactoryOptions {
  readonly eps?: number;
  readonly momentum?: number | null;
  readonly affine?: boolean;
  readonly track_running_stats?: boolean;
  readonly bias?: boolean;
}

type NormArguments = Arguments<
  [num_features: number],
  [eps: number, momentum: number | null, affine: boolean, track_running_stats: boolean],
  NormOptions & { readonly num_features: number }
>;

const PARAMETERS = 'num_features eps? momentum?~ affine? track_running_stats? device?~ dtype?~ bias=';

interface NormDefaults {
  readonly affine: boolean;
  readonly tracks: boolean;
}

/** Dimensions that an input may have. */
type Ranks = readonly number[];

/** What batch and instance normalisation share: parameters, and running statistics as buffers. */
class NormBase extends Module {
  readonly num_features: number;
  readonly eps: number;
  readonly momentum: number | null;
  readonly affine: boolean;
  readonly track_running_stats: boolean;
  weight: Parameter | null;
  bias: Parameter | null;
  declare running_mean: Tensor | null;
  declare running_var: Tensor | null;
  declare num_batches_tracked: Tensor | null;
  readonly #ranks: Ranks;

  constructor(name: string, args: readonly unknown[], ranks: Ranks, defaults: NormDefaults) {
    super();
    const [count, eps, momentum, affine, tracks, device, type, bias] = signature(name, PARAMETERS)(args);
    const dtype = factoryDType(device, type, name);
    const size = [intArgument(count, name, 'num_features')];
    this.num_features = size[0] as number;
    this.eps = numberArgument(eps, name, 'eps', 1e-5);
    this.momentum = momentum === null ? null : numberArgument(momentum, name, 'momentum', 0.1);
    this.affine = boolArgument(affine, name, 'affine', defaults.affine);
    this.track_running_stats = boolArgument(tracks, name, 'track_running_stats', defaults.tracks);
    const hasBias = boolArgument(bias, name, 'bias', true);
    this.weight = this.affine ? new Parameter(ones(size, { dtype })) : null;
    this.bias = this.affine && hasBias ? new Parameter(zeros(size, { dtype })) : null;
    const isTracked = this.track_running_stats;
    this.register_buffer('running_mean', isTracked ? zeros(size, { dtype }) : null);
    this.register_buffer('running_var', isTracked ? ones(size, { dtype }) : null);
    this.register_buffer('num_batches_tracked', isTracked ? full([], 0, { dtype: 'int64' }) : null);
    this.#ranks = ranks;
  }

  /** Statistics as if nothing had been seen. */
  reset_running_stats(): void {
    if (this.running_mean !== null) fill(this.running_mean, 0);
    if (this.running_var !== null) fill(this.running_var, 1);
    if (this.num_batches_tracked !== null) fill(this.num_batches_tracked, 0);
  }

  /** The values that the module began with. */
  reset_parameters(): void {
    this.reset_running_stats();
    if (this.weight !== null) fill(this.weight, 1);
    if (this.bias !== null) fill(this.bias, 0);
  }

  protected checkRank(input: Foreign): void {
    const rank = borrowed(input).shape.length;
    if (this.#ranks.includes(rank)) return;
    const allowed = this.#ranks.map((known) => `${known}D`).join(' or ');
    throw new ValueError('rank-mismatch', `expected ${allowed} input (got ${rank}D input)`);
  }

  /** One batch more, if they are counted; gives by how much the statistics move. */
  protected counted(): number {
    const batches = this.num_batches_tracked;
    if (!this.training || batches === null) return this.momentum ?? 0;
    fill(batches, Number(batches.item()) + 1);
    return this.momentum ?? 1 / Number(batches.item());
  }

  override extra_repr(): string {
    const { eps, momentum, affine, track_running_stats } = this;
    const options = { eps, momentum, affine, bias: this.bias !== null, track_running_stats };
    return `${this.num_features}, ${optionsText(options, ['eps', 'momentum'])}`;
  }
}

/** What the batch normalisations share. */
class BatchNorm extends NormBase {
  constructor(name: string, args: readonly unknown[], ranks: Ranks) {
    super(name, args, ranks, { affine: true, tracks: true });
  }

  override forward(input: Foreign): Tensor {
    this.checkRank(input);
    const factor = this.counted();
    const isUsed = !this.training || this.track_running_stats;
    const [mean, variance] = isUsed ? [this.running_mean, this.running_var] : [null, null];
    const training = this.training || (this.running_mean === null && this.running_var === null);
    return F.batch_norm(input, mean, variance, this.weight, this.bias, training, factor, this.eps);
  }
}

/** nn.BatchNorm1d: F.batch_norm of (N, C) or (N, C, L), with parameters and running statistics of its own. */
export class BatchNorm1d extends BatchNorm {
  constructor(...args: NormArguments) {
    super('BatchNorm1d', args, [2, 3]);
  }
}

/**
 * nn.BatchNorm2d: F.batch_norm of (N, C, H, W), with parameters weight and bias, and buffers running_mean, running_var
 * and num_batches_tracked, which change in training. momentum null takes the mean over all batches.
 *
 * @throws ValueError for other than four dimensions
 * @example
 * const norm = new torch.nn.BatchNorm2d(1);
 * norm(torch.ones(1, 1, 2, 2)).tolist() // [[[[0, 0], [0, 0]]]]
 * norm.num_batches_tracked // tensor(1)
 */
export class BatchNorm2d extends BatchNorm {
  constructor(...args: NormArguments) {
    super('BatchNorm2d', args, [4]);
  }
}

/** nn.BatchNorm3d: F.batch_norm of (N, C, D, H, W), with parameters and running statistics of its own. */
export class BatchNorm3d extends BatchNorm {
  constructor(...args: NormArguments) {
    super('BatchNorm3d', args, [5]);
  }
}

/** What the instance normalisations share: a sample without a batch is one of a batch of one. */
class InstanceNorm extends NormBase {
  readonly #rank: number;

  constructor(name: string, args: readonly unknown[], rank: number) {
    super(name, args, [rank - 1, rank], { affine: false, tracks: false });
    this.#rank = rank;
  }

  override forward(input: Tensor): Tensor {
    this.checkRank(input);
    const isBatched = input.ndim === this.#rank;
    const { running_mean, running_var, weight, bias, momentum, eps } = this;
    const isOwn = this.training || !this.track_running_stats;
    const x = isBatched ? input : input.unsqueeze(0);
    const y = F.instance_norm(x, running_mean, running_var, weight, bias, isOwn, momentum ?? 0, eps);
    return isBatched ? y : y.squeeze(0);
  }
}

/** nn.InstanceNorm1d: F.instance_norm of (N, C, L), or of one sample; without parameters and statistics by default. */
export class InstanceNorm1d extends InstanceNorm {
  constructor(...args: NormArguments) {
    super('InstanceNorm1d', args, 3);
  }
}

/** nn.InstanceNorm2d: F.instance_norm of (N, C, H, W), or of one sample; without parameters and statistics by default. */
export class InstanceNorm2d extends InstanceNorm {
  constructor(...args: NormArguments) {
    super('InstanceNorm2d', args, 4);
  }
}

/** nn.InstanceNorm3d: F.instance_norm of (N, C, D, H, W), or of one sample; without parameters and statistics by default. */
export class InstanceNorm3d extends InstanceNorm {
  constructor(...args: NormArguments) {
    super('InstanceNorm3d', args, 5);
  }
}

/** One size or several, as a tuple. */
const shapeOf = (value: unknown, name: string): Tuple<number> =>
  Tuple.from(intOrIntsArgument(value, name, 'normalized_shape')) as Tuple<number>;

type NormalizedShape = number | readonly number[];

interface AffineOptions extends FactoryOptions {
  readonly normalized_shape?: NormalizedShape;
  readonly eps?: number;
  readonly elementwise_affine?: boolean;
  readonly bias?: boolean;
}

const readLayerNorm = signature('LayerNorm', 'normalized_shape eps? elementwise_affine? bias? device?~ dtype?~');

/** nn.LayerNorm: F.layer_norm over the last dimensions, with a weight and a bias of their shape. */
export class LayerNorm extends Module {
  readonly normalized_shape: Tuple<number>;
  readonly eps: number;
  readonly elementwise_affine: boolean;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(
    ...args: Arguments<
      [normalized_shape: NormalizedShape],
      [eps: number, elementwise_affine: boolean, bias: boolean],
      AffineOptions
    >
  ) {
    super();
    const [shape, eps, affine, bias, device, type] = readLayerNorm(args);
    const dtype = factoryDType(device, type, 'LayerNorm');
    this.normalized_shape = shapeOf(shape, 'LayerNorm');
    this.eps = numberArgument(eps, 'LayerNorm', 'eps', 1e-5);
    this.elementwise_affine = boolArgument(affine, 'LayerNorm', 'elementwise_affine', true);
    const hasBias = this.elementwise_affine && boolArgument(bias, 'LayerNorm', 'bias', true);
    this.weight = this.elementwise_affine ? new Parameter(ones(this.normalized_shape, { dtype })) : null;
    this.bias = hasBias ? new Parameter(zeros(this.normalized_shape, { dtype })) : null;
  }

  override forward(input: Foreign): Tensor {
    return F.layer_norm(input, this.normalized_shape, this.weight, this.bias, this.eps);
  }

  override extra_repr(): string {
    const { eps, elementwise_affine } = this;
    const options = { eps, elementwise_affine, bias: this.bias !== null };
    return `${repr(this.normalized_shape)}, ${optionsText(options, ['eps'])}`;
  }
}

const readRMSNorm = signature('RMSNorm', 'normalized_shape eps?~ elementwise_affine? device?~ dtype?~');

/** nn.RMSNorm: F.rms_norm over the last dimensions, with a weight of their shape. */
export class RMSNorm extends Module {
  readonly normalized_shape: Tuple<number>;
  readonly eps: number | null;
  readonly elementwise_affine: boolean;
  weight: Parameter | null;

  constructor(
    ...args: Arguments<
      [normalized_shape: NormalizedShape],
      [eps: number | null, elementwise_affine: boolean],
      Omit<AffineOptions, 'bias' | 'eps'> & { readonly eps?: number | null }
    >
  ) {
    super();
    const [shape, eps, affine, device, type] = readRMSNorm(args);
    const dtype = factoryDType(device, type, 'RMSNorm');
    this.normalized_shape = shapeOf(shape, 'RMSNorm');
    this.eps = eps === undefined || eps === null ? null : numberArgument(eps, 'RMSNorm', 'eps', 0);
    this.elementwise_affine = boolArgument(affine, 'RMSNorm', 'elementwise_affine', true);
    this.weight = this.elementwise_affine ? new Parameter(ones(this.normalized_shape, { dtype })) : null;
  }

  override forward(input: Foreign): Tensor {
    return F.rms_norm(input, this.normalized_shape, this.weight, this.eps);
  }

  override extra_repr(): string {
    const { eps, elementwise_affine } = this;
    return `${repr(this.normalized_shape)}, ${optionsText({ eps, elementwise_affine }, ['eps'])}`;
  }
}

const readGroupNorm = signature('GroupNorm', 'num_groups num_channels eps? affine? device?~ dtype?~ bias=');

/** nn.GroupNorm: F.group_norm, with a weight and a bias for each channel. */
export class GroupNorm extends Module {
  readonly num_groups: number;
  readonly num_channels: number;
  readonly eps: number;
  readonly affine: boolean;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(
    ...args: Arguments<
      [num_groups: number, num_channels: number],
      [eps: number, affine: boolean],
      FactoryOptions & {
        readonly num_groups?: number;
        readonly num_channels?: number;
        readonly eps?: number;
        readonly affine?: boolean;
        readonly bias?: boolean;
      }
    >
  ) {
    super();
    const [groups, channels, eps, affine, device, type, bias] = readGroupNorm(args);
    const dtype = factoryDType(device, type, 'GroupNorm');
    this.num_groups = intArgument(groups, 'GroupNorm', 'num_groups');
    this.num_channels = intArgument(channels, 'GroupNorm', 'num_channels');
    if (this.num_channels % this.num_groups !== 0) {
      throw new ValueError(
        'groups-invalid',
        `num_channels (${this.num_channels}) must be divisible by num_groups (${this.num_groups})`,
      );
    }
    this.eps = numberArgument(eps, 'GroupNorm', 'eps', 1e-5);
    this.affine = boolArgument(affine, 'GroupNorm', 'affine', true);
    const size = [this.num_channels];
    this.weight = this.affine ? new Parameter(ones(size, { dtype })) : null;
    const hasBias = this.affine && boolArgument(bias, 'GroupNorm', 'bias', true);
    this.bias = hasBias ? new Parameter(zeros(size, { dtype })) : null;
  }

  override forward(input: Foreign): Tensor {
    return F.group_norm(input, this.num_groups, this.weight, this.bias, this.eps);
  }

  override extra_repr(): string {
    const { eps, affine } = this;
    const options = { eps, affine, bias: this.bias !== null };
    return `${this.num_groups}, ${this.num_channels}, ${optionsText(options, ['eps'])}`;
  }
}
