/** torch.optim.lr_scheduler: learning rates that follow a plan. */

import { signature } from '../../door/signature.js';
import { KeyError, TypeError_, ValueError } from '../../errors.js';
import { inspectByRepr } from '../../text/python.js';
import { intArgument, intsArgument, numberArgument, typeName, wrongType } from '../arguments.js';
import { intOr } from '../nn/arguments.js';
import { type GroupOptions, Optimizer } from './optimizer.js';

/** What a scheduler needs to know of an optimizer. */
interface Scheduled {
  readonly param_groups: readonly GroupOptions[];
}

function optimizerGiven(value: unknown): Scheduled {
  if (value instanceof Optimizer) return value;
  throw new TypeError_('bad-argument', `${typeName(value)} is not an Optimizer`);
}

/** The parent of the schedulers: `step()` after each epoch sets the learning rate of each group. */
export abstract class LRScheduler {
  static {
    inspectByRepr(LRScheduler.prototype);
  }

  readonly optimizer: Scheduled;
  readonly base_lrs: number[];
  last_epoch: number;
  #last: number[] = [];

  /** @param last_epoch -1 to begin; else the groups must know their initial_lr */
  constructor(optimizer: unknown, last_epoch: number) {
    this.optimizer = optimizerGiven(optimizer);
    this.optimizer.param_groups.forEach((group, i) => {
      if (last_epoch === -1) group.initial_lr ??= group.lr;
      else if (group.initial_lr === undefined) {
        const message = `param 'initial_lr' is not specified in param_groups[${i}] when resuming scheduler with last_epoch >= 0.`;
        throw new KeyError('missing-argument', message);
      }
    });
    this.base_lrs = this.optimizer.param_groups.map(({ initial_lr, lr }) => initial_lr ?? lr);
    this.last_epoch = last_epoch;
  }

  /** The rate of a group in this epoch; `isFirst` when the scheduler is made. */
  protected abstract rateOf(group: GroupOptions, base: number, index: number, isFirst: boolean): number;

  /** What the constructors of the schedulers end with: the first epoch's rates. */
  protected begin(): void {
    this.#advance(true);
  }

  /** The next epoch. */
  step(): void {
    this.#advance(false);
  }

  #advance(isFirst: boolean): void {
    this.last_epoch++;
    const groups = this.optimizer.param_groups;
    const rates = groups.map((group, i) => this.rateOf(group, this.base_lrs[i] as number, i, isFirst));
    groups.forEach((group, i) => {
      group.lr = rates[i] as number;
    });
    this.#last = rates;
  }

  /** The rates that are in use. */
  get_last_lr(): number[] {
    return [...this.#last];
  }

  /** What load_state_dict needs to go on. */
  state_dict(): SchedulerState {
    return { base_lrs: [...this.base_lrs], last_epoch: this.last_epoch, _last_lr: this.get_last_lr() };
  }

  /** Goes on where another one stood; the rates themselves are the optimizer's. */
  load_state_dict({ base_lrs, last_epoch, _last_lr }: SchedulerState): void {
    this.base_lrs.splice(0, this.base_lrs.length, ...base_lrs);
    this.last_epoch = last_epoch;
    this.#last = [..._last_lr];
  }

  __repr__(): string {
    return `<torch.optim.lr_scheduler.${this.constructor.name} object>`;
  }

  toString(): string {
    return this.__repr__();
  }
}

export interface SchedulerState {
  readonly base_lrs: readonly number[];
  readonly last_epoch: number;
  readonly _last_lr: readonly number[];
}

interface Gamma {
  readonly gamma?: number;
  readonly last_epoch?: number;
}

const readStep = signature('StepLR', 'optimizer step_size gamma? last_epoch?');

/**
 * lr_scheduler.StepLR: times gamma after each step_size epochs.
 *
 * @example
 * const optimizer = new torch.optim.SGD([torch.ones(1, { requires_grad: true })], { lr: 1 });
 * const scheduler = new torch.optim.lr_scheduler.StepLR(optimizer, 2, { gamma: 0.5 });
 * scheduler.step();
 * scheduler.step();
 * scheduler.get_last_lr() // [0.5]
 */
export class StepLR extends LRScheduler {
  readonly step_size: number;
  readonly gamma: number;

  constructor(optimizer: Scheduled, step_size: number, gamma?: number | Gamma, last_epoch?: number);
  constructor(optimizer: Scheduled, options: Gamma & { readonly step_size: number });
  constructor(...args: unknown[]) {
    const [optimizer, size, gamma, last] = readStep(args);
    super(optimizer, intOr(last, 'StepLR', 'last_epoch', -1));
    this.step_size = intArgument(size, 'StepLR', 'step_size');
    this.gamma = numberArgument(gamma, 'StepLR', 'gamma', 0.1);
    this.begin();
  }

  protected override rateOf({ lr }: GroupOptions): number {
    return this.last_epoch === 0 || this.last_epoch % this.step_size !== 0 ? lr : lr * this.gamma;
  }
}

const readMultiStep = signature('MultiStepLR', 'optimizer milestones gamma? last_epoch?');

/** lr_scheduler.MultiStepLR: times gamma at each milestone. */
export class MultiStepLR extends LRScheduler {
  readonly milestones: readonly number[];
  readonly gamma: number;

  constructor(optimizer: Scheduled, milestones: readonly number[], gamma?: number | Gamma, last_epoch?: number);
  constructor(optimizer: Scheduled, options: Gamma & { readonly milestones: readonly number[] });
  constructor(...args: unknown[]) {
    const [optimizer, milestones, gamma, last] = readMultiStep(args);
    super(optimizer, intOr(last, 'MultiStepLR', 'last_epoch', -1));
    this.milestones = intsArgument(milestones, 'MultiStepLR', 'milestones');
    this.gamma = numberArgument(gamma, 'MultiStepLR', 'gamma', 0.1);
    this.begin();
  }

  protected override rateOf({ lr }: GroupOptions): number {
    return lr * this.gamma ** this.milestones.filter((milestone) => milestone === this.last_epoch).length;
  }
}

const readExponential = signature('ExponentialLR', 'optimizer gamma last_epoch?');

/** lr_scheduler.ExponentialLR: times gamma after each epoch. */
export class ExponentialLR extends LRScheduler {
  readonly gamma: number;

  constructor(optimizer: Scheduled, gamma: number, last_epoch?: number);
  constructor(optimizer: Scheduled, options: { readonly gamma: number; readonly last_epoch?: number });
  constructor(...args: unknown[]) {
    const [optimizer, gamma, last] = readExponential(args);
    super(optimizer, intOr(last, 'ExponentialLR', 'last_epoch', -1));
    if (typeof gamma !== 'number') throw wrongType('ExponentialLR', 'gamma', 'float', gamma);
    this.gamma = gamma;
    this.begin();
  }

  protected override rateOf({ lr }: GroupOptions, _base: number, _index: number, isFirst: boolean): number {
    return isFirst ? lr : lr * this.gamma;
  }
}

const readCosine = signature('CosineAnnealingLR', 'optimizer T_max eta_min? last_epoch?');

/** lr_scheduler.CosineAnnealingLR: along half a cosine, from the initial rate to eta_min in T_max epochs. */
export class CosineAnnealingLR extends LRScheduler {
  readonly T_max: number;
  readonly eta_min: number;

  constructor(optimizer: Scheduled, T_max: number, eta_min?: number, last_epoch?: number);
  constructor(
    optimizer: Scheduled,
    T_max: number,
    options: { readonly eta_min?: number; readonly last_epoch?: number },
  );
  constructor(
    optimizer: Scheduled,
    options: { readonly T_max: number; readonly eta_min?: number; readonly last_epoch?: number },
  );
  constructor(...args: unknown[]) {
    const [optimizer, most, least, last] = readCosine(args);
    super(optimizer, intOr(last, 'CosineAnnealingLR', 'last_epoch', -1));
    this.T_max = intArgument(most, 'CosineAnnealingLR', 'T_max');
    this.eta_min = numberArgument(least, 'CosineAnnealingLR', 'eta_min', 0);
    this.begin();
  }

  protected override rateOf({ lr }: GroupOptions, base: number, _index: number, isFirst: boolean): number {
    const { last_epoch: epoch, T_max: most, eta_min: least } = this;
    if (isFirst && epoch === 0) return lr;
    const cosine = (at: number): number => Math.cos((Math.PI * at) / most);
    if (isFirst) return least + ((base - least) * (1 + cosine(epoch))) / 2;
    if ((epoch - 1 - most) % (2 * most) === 0) return lr + ((base - least) * (1 - cosine(1))) / 2;
    return ((1 + cosine(epoch)) / (1 + cosine(epoch - 1))) * (lr - least) + least;
  }
}

type Factor = (epoch: number) => number;

const readLambda = signature('LambdaLR', 'optimizer lr_lambda last_epoch?');

/** lr_scheduler.LambdaLR: the initial rate times a function of the epoch, one for all groups or one each. */
export class LambdaLR extends LRScheduler {
  readonly lr_lambdas: readonly Factor[];

  constructor(
    optimizer: Scheduled,
    lr_lambda: Factor | readonly Factor[],
    last_epoch?: number | { readonly last_epoch?: number },
  );
  constructor(optimizer: Scheduled, options: { readonly lr_lambda: Factor | readonly Factor[] });
  constructor(...args: unknown[]) {
    const [optimizer, lambda, last] = readLambda(args);
    super(optimizer, intOr(last, 'LambdaLR', 'last_epoch', -1));
    const groups = this.optimizer.param_groups;
    const list: readonly unknown[] = Array.isArray(lambda) ? lambda : groups.map(() => lambda);
    if (list.length !== groups.length) {
      throw new ValueError('bad-argument', `Expected ${groups.length} lr_lambdas, but got ${list.length}`);
    }
    this.lr_lambdas = list.map((factor) => {
      if (typeof factor !== 'function') throw wrongType('LambdaLR', 'lr_lambda', 'Callable', factor);
      return (epoch) => Number(Reflect.apply(factor, undefined, [epoch]));
    });
    this.begin();
  }

  protected override rateOf(_group: GroupOptions, base: number, index: number): number {
    return base * (this.lr_lambdas[index]?.(this.last_epoch) ?? 1);
  }
}
