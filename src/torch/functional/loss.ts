/** torch.nn.functional: losses. */

import type { Foreign } from '../../tensor/foreign.js';
import type { Call } from '../calls.js';
import { classification } from '../rows/classification.js';
import { losses } from '../rows/loss.js';
import { call, type Tensor } from '../tensor.js';

export type Reduction = 'none' | 'mean' | 'sum';

/** What all losses have; size_average and reduce are older names for reduction, and still have their places. */
interface LossOptions {
  readonly input?: Foreign;
  readonly target?: Foreign;
  readonly size_average?: boolean | null;
  readonly reduce?: boolean | null;
  readonly reduction?: Reduction;
}

type Old = boolean | null;
type Pair = [input: Foreign, target: Foreign];

export interface ClassOptions extends LossOptions {
  readonly weight?: Foreign | null;
  readonly ignore_index?: number;
}

export interface CrossEntropyOptions extends ClassOptions {
  readonly label_smoothing?: number;
}

type ByClass = [weight: Foreign | null, size_average: Old, ignore_index: number, reduce: Old, reduction: Reduction];

/**
 * F.nll_loss: minus the score of each target class, of (N, C), (C) or (N, C, d1, ...) and classes of (N), () or
 * (N, d1, ...), int64; weighted by class; the mean is by the sum of the weights. Classes of ignore_index don't count.
 *
 * @throws IndexError for a class that there isn't, ValueError and RuntimeError for shapes and dtypes that don't fit
 */
export const nll_loss: Call<[], Pair, ByClass, ClassOptions, Tensor> = (...args: unknown[]) =>
  call(classification.nll_loss, args);

/**
 * F.cross_entropy: nll_loss of log_softmax, of class indices, or of probabilities of the classes where the target has
 * the input's shape; label_smoothing spreads a part of each target over all classes.
 *
 * @throws IndexError for a class that there isn't, ValueError and RuntimeError for shapes and dtypes that don't fit
 * @example
 * const target = torch.tensor([0, 1], { dtype: torch.int64 });
 * F.cross_entropy(torch.zeros(2, 4), target, { reduction: 'sum' }).item() // 2.7725887298583984
 */
export const cross_entropy: Call<[], Pair, [...ByClass, label_smoothing: number], CrossEntropyOptions, Tensor> = (
  ...args: unknown[]
) => call(classification.cross_entropy, args);

export interface DifferenceOptions extends LossOptions {
  readonly weight?: Foreign | null;
}

type Distance = Call<
  [],
  Pair,
  [size_average: Old, reduce: Old, reduction: Reduction, weight: Foreign | null],
  DifferenceOptions,
  Tensor
>;

/**
 * F.mse_loss: the mean of the squared differences; input and target are broadcast and promoted.
 *
 * @throws RuntimeError for shapes that don't broadcast, ValueError for another reduction than 'none', 'mean', 'sum'
 * @example F.mse_loss(torch.tensor([1, 2]), torch.tensor([1, 4])).item() // 2
 */
export const mse_loss: Distance = (...args: unknown[]) => call(losses.mse_loss, args);

/** F.l1_loss: the mean of the absolute differences; as mse_loss. */
export const l1_loss: Distance = (...args: unknown[]) => call(losses.l1_loss, args);

export interface SmoothL1Options extends LossOptions {
  readonly beta?: number;
}

/** F.smooth_l1_loss: d^2 / (2 beta) where |d| < beta, else |d| - beta / 2; beta >= 0. */
export const smooth_l1_loss: Call<
  [],
  Pair,
  [size_average: Old, reduce: Old, reduction: Reduction, beta: number],
  SmoothL1Options,
  Tensor
> = (...args: unknown[]) => call(losses.smooth_l1_loss, args);

export interface HuberOptions {
  readonly input?: Foreign;
  readonly target?: Foreign;
  readonly reduction?: Reduction;
  readonly delta?: number;
  readonly weight?: Foreign | null;
}

/** F.huber_loss: d^2 / 2 where |d| < delta, else delta (|d| - delta / 2); delta > 0. */
export const huber_loss: Call<
  [],
  Pair,
  [reduction: Reduction, delta: number, weight: Foreign | null],
  HuberOptions,
  Tensor
> = (...args: unknown[]) => call(losses.huber_loss, args);

export interface BCEOptions extends LossOptions {
  readonly weight?: Foreign | null;
}

/**
 * F.binary_cross_entropy: -(y log(x) + (1 - y) log(1 - x)), of probabilities; logarithms are at least -100.
 *
 * @throws RuntimeError for what is no probability, ValueError for another shape
 */
export const binary_cross_entropy: Call<
  [],
  Pair,
  [weight: Foreign | null, size_average: Old, reduce: Old, reduction: Reduction],
  BCEOptions,
  Tensor
> = (...args: unknown[]) => call(losses.binary_cross_entropy, args);

export interface BCEWithLogitsOptions extends BCEOptions {
  readonly pos_weight?: Foreign | null;
}

/** F.binary_cross_entropy_with_logits: binary_cross_entropy of sigmoid(input), without overflow. */
export const binary_cross_entropy_with_logits: Call<
  [],
  Pair,
  [weight: Foreign | null, size_average: Old, reduce: Old, reduction: Reduction, pos_weight: Foreign | null],
  BCEWithLogitsOptions,
  Tensor
> = (...args: unknown[]) => call(losses.binary_cross_entropy_with_logits, args);

type DivergenceReduction = Reduction | 'batchmean';

export interface KLOptions extends Omit<LossOptions, 'reduction'> {
  readonly reduction?: DivergenceReduction;
  readonly log_target?: boolean;
}

/** F.kl_div: y (log(y) - x), of log-probabilities x; with log_target, y is a logarithm, too. */
export const kl_div: Call<
  [],
  Pair,
  [size_average: Old, reduce: Old, reduction: DivergenceReduction, log_target: boolean],
  KLOptions,
  Tensor
> = (...args: unknown[]) => call(losses.kl_div, args);
