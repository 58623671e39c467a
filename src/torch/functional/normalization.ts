/** torch.nn.functional: normalisation. */

import { RuntimeError } from '../../errors.js';
import type { Foreign } from '../../tensor/foreign.js';
import type { Tensor as CoreTensor } from '../../tensor/tensor.js';
import { typeName, wrongType } from '../arguments.js';
import type { Call } from '../calls.js';
import type { Row } from '../row.js';
import { type BatchNorm, batchNorm, instanceNorm, normalizations } from '../rows/normalization.js';
import { call, Tensor } from '../tensor.js';

export interface BatchNormOptions {
  readonly input?: Foreign;
  readonly running_mean?: Tensor | null;
  readonly running_var?: Tensor | null;
  readonly weight?: Foreign | null;
  readonly bias?: Foreign | null;
  readonly training?: boolean;
  readonly momentum?: number;
  readonly eps?: number;
}

/** A running statistic is written to: only torch's own tensors can be. */
function checkWritable(value: unknown, call: string, name: string): void {
  if (value instanceof Tensor && value.requires_grad) {
    const message = `The function '${call}' is not differentiable with respect to argument '${name}'. This input cannot have requires_grad True.`;
    throw new RuntimeError('not-differentiable', message);
  }
  if (value === undefined || value === null || value instanceof Tensor) return;
  throw wrongType(call, name, 'Tensor', value, `its values are replaced, and a ${typeName(value)}'s can't be`);
}

function store(target: unknown, value: CoreTensor | null): void {
  if (target instanceof Tensor && value !== null) target.assign(value.plain);
}

/** Normalises, and moves the running statistics only after all went well. */
function running(row: Row, f: (values: readonly unknown[]) => BatchNorm): (...args: readonly unknown[]) => Tensor {
  return (...args) => {
    const values = row.read(args);
    checkWritable(values[1], row.name, 'running_mean');
    checkWritable(values[2], row.name, 'running_var');
    const { y, running: moved } = f(values);
    store(values[1], moved?.mean ?? null);
    store(values[2], moved?.variance ?? null);
    return new Tensor(y, typeof row.gradFn === 'string' ? row.gradFn : row.gradFn(values));
  };
}

/**
 * F.batch_norm: (x - mean) / sqrt(var + eps) * weight + bias for each channel of (N, C, ...): with the batch's own
 * moments where `training`, and then running_mean and running_var (unbiased) are changed by `momentum`; otherwise with
 * these. One floating dtype for all.
 *
 * @throws RuntimeError for statistics and parameters that don't fit, ValueError for one value a channel
 * @example
 * const mean = torch.zeros(1);
 * F.batch_norm(torch.tensor([[1], [3]]), mean, torch.ones(1), { training: true, eps: 0 }).tolist() // [[-1], [1]]
 * mean.tolist() // [0.20000000298023224]
 */
export const batch_norm: Call<
  [],
  [input: Foreign, running_mean: Tensor | null, running_var: Tensor | null],
  [weight: Foreign | null, bias: Foreign | null, training: boolean, momentum: number, eps: number],
  BatchNormOptions,
  Tensor
> = running(normalizations.batch_norm, batchNorm);

export interface InstanceNormOptions extends Omit<BatchNormOptions, 'training'> {
  readonly use_input_stats?: boolean;
}

/**
 * F.instance_norm: batch_norm of each sample by itself, of (N, C, ...). Running statistics are means over the batch.
 *
 * @throws ValueError for one spatial element, RuntimeError for what doesn't fit
 */
export const instance_norm: Call<
  [],
  [input: Foreign],
  [
    running_mean: Tensor | null,
    running_var: Tensor | null,
    weight: Foreign | null,
    bias: Foreign | null,
    use_input_stats: boolean,
    momentum: number,
    eps: number,
  ],
  InstanceNormOptions,
  Tensor
> = running(normalizations.instance_norm, instanceNorm);

export interface LayerNormOptions {
  readonly input?: Foreign;
  readonly normalized_shape?: readonly number[];
  readonly weight?: Foreign | null;
  readonly bias?: Foreign | null;
  readonly eps?: number;
}

/**
 * F.layer_norm: normalised over the last dimensions, whose sizes are `normalized_shape`; weight and bias have that shape.
 *
 * @throws RuntimeError where the shapes don't agree
 * @example F.layer_norm(torch.tensor([[1, 3], [5, 9]]), [2], { eps: 0 }).tolist() // [[-1, 1], [-1, 1]]
 */
export const layer_norm: Call<
  [],
  [input: Foreign, normalized_shape: readonly number[]],
  [weight: Foreign | null, bias: Foreign | null, eps: number],
  LayerNormOptions,
  Tensor
> = (...args: unknown[]) => call(normalizations.layer_norm, args);

export interface RMSNormOptions {
  readonly input?: Foreign;
  readonly normalized_shape?: readonly number[];
  readonly weight?: Foreign | null;
  readonly eps?: number | null;
}

/** F.rms_norm: divided by the root of the mean square over the last dimensions; eps: the dtype's own where left out. */
export const rms_norm: Call<
  [],
  [input: Foreign, normalized_shape: readonly number[]],
  [weight: Foreign | null, eps: number | null],
  RMSNormOptions,
  Tensor
> = (...args: unknown[]) => call(normalizations.rms_norm, args);

export interface GroupNormOptions {
  readonly input?: Foreign;
  readonly num_groups?: number;
  readonly weight?: Foreign | null;
  readonly bias?: Foreign | null;
  readonly eps?: number;
}

/**
 * F.group_norm: the channels of (N, C, ...) in groups, each normalised by itself in each sample; weight and bias (C).
 *
 * @throws RuntimeError where the groups don't divide the channels
 */
export const group_norm: Call<
  [],
  [input: Foreign, num_groups: number],
  [weight: Foreign | null, bias: Foreign | null, eps: number],
  GroupNormOptions,
  Tensor
> = (...args: unknown[]) => call(normalizations.group_norm, args);

export interface LocalResponseNormOptions {
  readonly input?: Foreign;
  readonly size?: number;
  readonly alpha?: number;
  readonly beta?: number;
  readonly k?: number;
}

/** F.local_response_norm: x / (k + alpha * the mean square of `size` channels around) ** beta. */
export const local_response_norm: Call<
  [],
  [input: Foreign, size: number],
  [alpha: number, beta: number, k: number],
  LocalResponseNormOptions,
  Tensor
> = (...args: unknown[]) => call(normalizations.local_response_norm, args);
