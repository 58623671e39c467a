/** torch.optim.Adam and AdamW. */

import { signature } from '../../door/signature.js';
import { boolArgument } from '../arguments.js';
import type { Tensor } from '../tensor.js';
import { betasArgument, type Implementation, least, optionalFlag, rate } from './arguments.js';
import { edit, elementsOf, type Floats } from './elements.js';
import { count, counter, type GroupOptions, Optimizer, type ParamGroup, type Params, zerosFor } from './optimizer.js';

interface Group extends GroupOptions, Implementation {
  readonly capturable: boolean;
  betas: readonly [number, number];
  eps: number;
  amsgrad: boolean;
  decoupled_weight_decay: boolean;
}

export interface AdamOptions extends Partial<GroupOptions>, Implementation {
  readonly betas?: readonly [number, number];
  readonly eps?: number;
  readonly amsgrad?: boolean;
  readonly capturable?: boolean;
}

const POSITIONAL = 'params lr? betas? eps? weight_decay? amsgrad?';
const KEYWORDS = 'foreach=~ maximize= capturable= differentiable= fused=~';

const readAdam = signature('Adam', `${POSITIONAL} ${KEYWORDS} decoupled_weight_decay=`);
const readAdamW = signature('AdamW', `${POSITIONAL} ${KEYWORDS}`);

function defaultsOf(values: readonly unknown[], call: 'Adam' | 'AdamW', decay: number): Group {
  const [, lr, betas, eps, given, amsgrad, foreach, maximize, capturable, differentiable, fused, decoupled] = values;
  const flag = (value: unknown, name: string): boolean => boolArgument(value, call, name);
  return {
    lr: rate(lr, call, 1e-3),
    betas: betasArgument(betas, call),
    eps: least(eps, call, 'eps', 1e-8, 'epsilon value'),
    weight_decay: least(given, call, 'weight_decay', decay),
    amsgrad: flag(amsgrad, 'amsgrad'),
    maximize: flag(maximize, 'maximize'),
    foreach: optionalFlag(foreach, call, 'foreach'),
    capturable: flag(capturable, 'capturable'),
    differentiable: flag(differentiable, 'differentiable'),
    fused: optionalFlag(fused, call, 'fused'),
    decoupled_weight_decay: call === 'AdamW' || flag(decoupled, 'decoupled_weight_decay'),
  };
}

/** One step. `largest` holds the largest second moments so far, for amsgrad. */
function adapt(
  p: Floats,
  g: Floats,
  first: Floats,
  second: Floats,
  largest: Floats | null,
  steps: number,
  group: Group,
): void {
  const { lr, eps, weight_decay, maximize, decoupled_weight_decay } = group;
  const [beta1, beta2] = group.betas;
  const sign = maximize ? -1 : 1;
  const [coupled, kept] = decoupled_weight_decay ? [0, 1 - lr * weight_decay] : [weight_decay, 1];
  const size = lr / (1 - beta1 ** steps);
  const scale = Math.sqrt(1 - beta2 ** steps);
  for (let i = 0; i < p.length; i++) {
    const x = p[i] as number;
    const gradient = sign * (g[i] as number) + coupled * x;
    const mean = (first[i] as number) + (1 - beta1) * (gradient - (first[i] as number));
    const square = beta2 * (second[i] as number) + (1 - beta2) * gradient * gradient;
    first[i] = mean;
    second[i] = square;
    if (largest !== null) largest[i] = Math.max(largest[i] as number, square);
    const spread = Math.sqrt(largest === null ? square : (largest[i] as number)) / scale + eps;
    p[i] = kept * x - (size * mean) / spread;
  }
}

/** What both do; they differ in how weights decay. */
class AdaptiveMoments extends Optimizer<Group> {
  protected override update(group: ParamGroup<Group>, params: readonly Tensor[]): void {
    for (const param of params) {
      const gradient = elementsOf(param.grad as Tensor);
      const { step, exp_avg, exp_avg_sq, max_exp_avg_sq } = this.stateOf(param, () => ({
        step: counter(),
        exp_avg: zerosFor(param),
        exp_avg_sq: zerosFor(param),
        ...(group.amsgrad ? { max_exp_avg_sq: zerosFor(param) } : {}),
      }));
      const steps = count(step as Tensor);
      const written = [param, exp_avg as Tensor, exp_avg_sq as Tensor, ...(max_exp_avg_sq ? [max_exp_avg_sq] : [])];
      edit(written, ([p, first, second, largest]) =>
        adapt(p as Floats, gradient, first as Floats, second as Floats, largest ?? null, steps, group),
      );
    }
  }
}

/**
 * torch.optim.Adam: steps by the mean of the gradients over the root of that of their squares. Weights decay by way of
 * the gradient, unless `decoupled_weight_decay`.
 *
 * @throws ValueError for no parameters and for numbers out of range
 * @example
 * const x = torch.tensor([1, 2], { requires_grad: true });
 * const optimizer = new torch.optim.Adam([x], { lr: 0.5 });
 * x.mul(x).sum().backward();
 * optimizer.step();
 * x.detach() // tensor([0.5000, 1.5000])
 */
export class Adam extends AdaptiveMoments {
  constructor(params: Params<Group>, options?: AdamOptions & { readonly decoupled_weight_decay?: boolean });
  constructor(
    params: Params<Group>,
    lr: number | Tensor,
    options: Omit<AdamOptions, 'lr'> & { readonly decoupled_weight_decay?: boolean },
  );
  constructor(
    params: Params<Group>,
    lr?: number | Tensor,
    betas?: readonly [number, number],
    eps?: number,
    weight_decay?: number,
    amsgrad?: boolean,
    options?: AdamOptions,
  );
  constructor(...args: unknown[]) {
    const values = readAdam(args);
    super(values[0], defaultsOf(values, 'Adam', 0));
  }
}

/** torch.optim.AdamW: as Adam, but weights decay by themselves: p = p (1 - lr weight_decay), 0.01 by default. */
export class AdamW extends AdaptiveMoments {
  constructor(params: Params<Group>, options?: AdamOptions);
  constructor(params: Params<Group>, lr: number | Tensor, options: Omit<AdamOptions, 'lr'>);
  constructor(
    params: Params<Group>,
    lr?: number | Tensor,
    betas?: readonly [number, number],
    eps?: number,
    weight_decay?: number,
    amsgrad?: boolean,
    options?: AdamOptions,
  );
  constructor(...args: unknown[]) {
    const values = readAdamW(args);
    super(values[0], defaultsOf(values, 'AdamW', 1e-2));
  }
}
