/** torch.nn.functional: losses of margins and likelihoods. */

import type { Foreign } from '../../tensor/foreign.js';
import type { Call } from '../calls.js';
import { margins } from '../rows/margin.js';
import { call } from '../tensor.js';
import type { Reduction } from './loss.js';

interface Reduced {
  readonly size_average?: boolean | null;
  readonly reduce?: boolean | null;
  readonly reduction?: Reduction;
}

type Rest = [size_average: boolean | null, reduce: boolean | null, reduction: Reduction];

interface TwoInputs extends Reduced {
  readonly input1?: Foreign;
  readonly input2?: Foreign;
  readonly target?: Foreign;
  readonly margin?: number;
}

type OfTwo = Call<[], [input1: Foreign, input2: Foreign, target: Foreign], [margin: number, ...Rest], TwoInputs>;

/** F.margin_ranking_loss: max(0, -target (input1 - input2) + margin). */
export const margin_ranking_loss: OfTwo = (...args: unknown[]) => call(margins.margin_ranking_loss, args);

/** F.cosine_embedding_loss: 1 - cos where target is 1, max(0, cos - margin) where it is -1. */
export const cosine_embedding_loss: OfTwo = (...args: unknown[]) => call(margins.cosine_embedding_loss, args);

interface OneInput extends Reduced {
  readonly input?: Foreign;
  readonly target?: Foreign;
}

/** F.hinge_embedding_loss: x where target is 1, max(0, margin - x) where it is -1. */
export const hinge_embedding_loss: Call<
  [],
  [input: Foreign, target: Foreign],
  [margin: number, ...Rest],
  OneInput & { readonly margin?: number }
> = (...args: unknown[]) => call(margins.hinge_embedding_loss, args);

/** F.soft_margin_loss: log(1 + exp(-target x)). */
export const soft_margin_loss: Call<[], [input: Foreign, target: Foreign], Rest, OneInput> = (...args: unknown[]) =>
  call(margins.soft_margin_loss, args);

/** F.poisson_nll_loss: exp(x) - target x, or without log_input x - target log(x + eps); `full` adds log(target!). */
export const poisson_nll_loss: Call<
  [],
  [input: Foreign, target: Foreign],
  [
    log_input: boolean,
    full: boolean,
    size_average: boolean | null,
    eps: number,
    reduce: boolean | null,
    reduction: Reduction,
  ],
  OneInput & { readonly log_input?: boolean; readonly full?: boolean; readonly eps?: number }
> = (...args: unknown[]) => call(margins.poisson_nll_loss, args);

interface TripletOptions extends Reduced {
  readonly anchor?: Foreign;
  readonly positive?: Foreign;
  readonly negative?: Foreign;
  readonly margin?: number;
  readonly p?: number;
  readonly eps?: number;
  readonly swap?: boolean;
}

/**
 * F.triplet_margin_loss: max(0, |anchor - positive| - |anchor - negative| + margin), by p-norms; with `swap`, the nearer
 * of anchor and positive to negative counts.
 *
 * @throws ValueError for a margin that is not above 0
 * @example
 * const [a, b] = [torch.zeros(1, 2), torch.tensor([[3, 4]])];
 * F.triplet_margin_loss(a, b, b, { margin: 2 }).item() // 2
 */
export const triplet_margin_loss: Call<
  [],
  [anchor: Foreign, positive: Foreign, negative: Foreign],
  [margin: number, p: number, eps: number, swap: boolean, ...Rest],
  TripletOptions
> = (...args: unknown[]) => call(margins.triplet_margin_loss, args);

/**
 * F.gaussian_nll_loss: (log(var) + (x - target)^2 / var) / 2, var at least eps; `full` adds log(2 pi) / 2.
 *
 * @throws ValueError for a variance below 0, or of a size that doesn't fit
 */
export const gaussian_nll_loss: Call<
  [],
  [input: Foreign, target: Foreign, variance: Foreign | number],
  [full: boolean, eps: number, reduction: Reduction],
  {
    readonly input?: Foreign;
    readonly target?: Foreign;
    readonly var?: Foreign | number;
    readonly full?: boolean;
    readonly eps?: number;
    readonly reduction?: Reduction;
  }
> = (...args: unknown[]) => call(margins.gaussian_nll_loss, args);
