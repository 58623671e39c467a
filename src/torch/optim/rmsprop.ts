/** torch.optim.RMSprop and Adagrad: steps over the root of squared gradients. */

import { signature } from '../../door/signature.js';
import { boolArgument } from '../arguments.js';
import type { Tensor } from '../tensor.js';
import { type Implementation, least, optionalFlag, rate } from './arguments.js';
import { edit, elementsOf, type Floats } from './elements.js';
import {
  count,
  counter,
  filledFor,
  type GroupOptions,
  Optimizer,
  type ParamGroup,
  type Params,
  zerosFor,
} from './optimizer.js';

interface Group extends GroupOptions {
  momentum: number;
  alpha: number;
  eps: number;
  centered: boolean;
  readonly capturable: boolean;
  readonly foreach: boolean | null;
  readonly differentiable: boolean;
}

export interface RMSpropOptions extends Partial<GroupOptions>, Omit<Implementation, 'fused'> {
  readonly momentum?: number;
  readonly alpha?: number;
  readonly eps?: number;
  readonly centered?: boolean;
  readonly capturable?: boolean;
}

const read = signature(
  'RMSprop',
  'params lr? alpha? eps? weight_decay? momentum? centered? capturable? foreach?~ maximize? differentiable?',
);

function defaultsOf(values: readonly unknown[]): Group {
  const [, lr, alpha, eps, decay, momentum, centered, capturable, foreach, maximize, differentiable] = values;
  const flag = (value: unknown, name: string): boolean => boolArgument(value, 'RMSprop', name);
  return {
    lr: rate(lr, 'RMSprop', 1e-2),
    momentum: least(momentum, 'RMSprop', 'momentum', 0),
    alpha: least(alpha, 'RMSprop', 'alpha', 0.99),
    eps: least(eps, 'RMSprop', 'eps', 1e-8, 'epsilon value'),
    centered: flag(centered, 'centered'),
    weight_decay: least(decay, 'RMSprop', 'weight_decay', 0),
    capturable: flag(capturable, 'capturable'),
    foreach: optionalFlag(foreach, 'RMSprop', 'foreach'),
    maximize: flag(maximize, 'maximize'),
    differentiable: flag(differentiable, 'differentiable'),
  };
}

/** What RMSprop remembers: mean squares; where asked for, mean gradients and a momentum. */
interface Memory {
  readonly squares: Floats;
  readonly means: Floats | null;
  readonly buffer: Floats | null;
}

function adapt(p: Floats, g: Floats, { squares, means, buffer }: Memory, group: Group): void {
  const { lr, alpha, eps, weight_decay, momentum, maximize } = group;
  const sign = maximize ? -1 : 1;
  for (let i = 0; i < p.length; i++) {
    const x = p[i] as number;
    const gradient = sign * (g[i] as number) + weight_decay * x;
    const square = alpha * (squares[i] as number) + (1 - alpha) * gradient * gradient;
    squares[i] = square;
    let variance = square;
    if (means !== null) {
      const mean = (means[i] as number) + (1 - alpha) * (gradient - (means[i] as number));
      means[i] = mean;
      variance -= mean * mean;
    }
    const change = gradient / (Math.sqrt(variance) + eps);
    if (buffer === null) p[i] = x - lr * change;
    else {
      const speed = momentum * (buffer[i] as number) + change;
      buffer[i] = speed;
      p[i] = x - lr * speed;
    }
  }
}

/** torch.optim.RMSprop: steps over the root of the mean square of recent gradients, about their mean if centered. */
export class RMSprop extends Optimizer<Group> {
  constructor(params: Params<Group>, options?: RMSpropOptions);
  constructor(params: Params<Group>, lr: number | Tensor, options: Omit<RMSpropOptions, 'lr'>);
  constructor(
    params: Params<Group>,
    lr?: number | Tensor,
    alpha?: number,
    eps?: number,
    weight_decay?: number,
    momentum?: number,
    centered?: boolean,
    options?: RMSpropOptions,
  );
  constructor(...args: unknown[]) {
    const values = read(args);
    super(values[0], defaultsOf(values));
  }

  protected override update(group: ParamGroup<Group>, params: readonly Tensor[]): void {
    for (const param of params) {
      const gradient = elementsOf(param.grad as Tensor);
      const state = this.stateOf(param, () => ({
        step: counter(),
        square_avg: zerosFor(param),
        ...(group.momentum > 0 ? { momentum_buffer: zerosFor(param) } : {}),
        ...(group.centered ? { grad_avg: zerosFor(param) } : {}),
      }));
      const { step, square_avg, grad_avg, momentum_buffer } = state;
      count(step as Tensor);
      const optional = [grad_avg, momentum_buffer].filter((tensor) => tensor !== undefined);
      edit([param, square_avg as Tensor, ...optional], ([p, squares, ...rest]) => {
        const means = grad_avg === undefined ? null : (rest[0] as Floats);
        const buffer = momentum_buffer === undefined ? null : (rest.at(-1) as Floats);
        adapt(p as Floats, gradient, { squares: squares as Floats, means, buffer }, group);
      });
    }
  }
}

interface SumGroup extends GroupOptions {
  lr_decay: number;
  eps: number;
  initial_accumulator_value: number;
  readonly foreach: boolean | null;
  readonly differentiable: boolean;
  readonly fused: boolean | null;
}

export interface AdagradOptions extends Partial<GroupOptions>, Implementation {
  readonly lr_decay?: number;
  readonly initial_accumulator_value?: number;
  readonly eps?: number;
}

const readAdagrad = signature(
  'Adagrad',
  'params lr? lr_decay? weight_decay? initial_accumulator_value? eps? foreach?~ maximize= differentiable= fused=~',
);

function sumDefaults(values: readonly unknown[]): SumGroup {
  const [, lr, lrDecay, decay, initial, eps, foreach, maximize, differentiable, fused] = values;
  return {
    lr: rate(lr, 'Adagrad', 1e-2),
    lr_decay: least(lrDecay, 'Adagrad', 'lr_decay', 0),
    eps: least(eps, 'Adagrad', 'eps', 1e-10, 'epsilon value'),
    weight_decay: least(decay, 'Adagrad', 'weight_decay', 0),
    initial_accumulator_value: least(initial, 'Adagrad', 'initial_accumulator_value', 0),
    foreach: optionalFlag(foreach, 'Adagrad', 'foreach'),
    maximize: boolArgument(maximize, 'Adagrad', 'maximize'),
    differentiable: boolArgument(differentiable, 'Adagrad', 'differentiable'),
    fused: optionalFlag(fused, 'Adagrad', 'fused'),
  };
}

/** torch.optim.Adagrad: steps over the root of the sum of all squared gradients. */
export class Adagrad extends Optimizer<SumGroup> {
  constructor(params: Params<SumGroup>, options?: AdagradOptions);
  constructor(params: Params<SumGroup>, lr: number | Tensor, options: Omit<AdagradOptions, 'lr'>);
  constructor(
    params: Params<SumGroup>,
    lr?: number | Tensor,
    lr_decay?: number,
    weight_decay?: number,
    initial_accumulator_value?: number,
    eps?: number,
    options?: AdagradOptions,
  );
  constructor(...args: unknown[]) {
    const values = readAdagrad(args);
    super(values[0], sumDefaults(values));
    // PyTorch's Adagrad has its state from the start.
    for (const group of this.param_groups) for (const param of group.params) this.#stateOf(param, group);
  }

  #stateOf(param: Tensor, group: SumGroup): { readonly step: Tensor; readonly sum: Tensor } {
    const { step, sum } = this.stateOf(param, () => ({
      step: counter(),
      sum: filledFor(param, group.initial_accumulator_value),
    }));
    return { step: step as Tensor, sum: sum as Tensor };
  }

  protected override update(group: ParamGroup<SumGroup>, params: readonly Tensor[]): void {
    const { lr, lr_decay, eps, weight_decay, maximize } = group;
    const sign = maximize ? -1 : 1;
    for (const param of params) {
      const gradients = elementsOf(param.grad as Tensor);
      const { step, sum } = this.#stateOf(param, group);
      const size = lr / (1 + (count(step) - 1) * lr_decay);
      edit([param, sum], ([p = gradients, sums = gradients]) => {
        for (let i = 0; i < p.length; i++) {
          const x = p[i] as number;
          const gradient = sign * (gradients[i] as number) + weight_decay * x;
          const total = (sums[i] as number) + gradient * gradient;
          sums[i] = total;
          p[i] = x - (size * gradient) / (Math.sqrt(total) + eps);
        }
      });
    }
  }
}
