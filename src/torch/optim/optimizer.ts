/** What all optimizers share: groups of parameters, state, text. */

import { isKeywords } from '../../door/signature.js';
import { KeyError, TypeError_, ValueError } from '../../errors.js';
import { full, op } from '../../tensor/tensor.js';
import { inspectByRepr, repr } from '../../text/python.js';
import { boolArgument, typeName } from '../arguments.js';
import { enable_grad, no_grad } from '../mode.js';
import { clearGrad } from '../nn/module.js';
import { Tensor } from '../tensor.js';

/** What every group of every optimizer has. */
export interface GroupOptions {
  lr: number;
  weight_decay: number;
  maximize: boolean;
  /** What a scheduler began with. */
  initial_lr?: number;
}

/** Parameters that share their options, which may be changed at any time. */
export type ParamGroup<O extends GroupOptions> = O & {
  params: Tensor[];
  param_names?: string[];
  readonly [more: string]: unknown;
};

/** Groups as they are given: what is left out is the optimizer's own. */
export type GivenGroup<O extends GroupOptions> = Partial<O> & {
  readonly params: Tensor | Iterable<Tensor> | Iterable<readonly [string, Tensor]>;
};

/** What an optimizer takes: parameters, parameters with their names, or groups. */
export type Params<O extends GroupOptions> =
  | Iterable<Tensor>
  | Iterable<readonly [string, Tensor]>
  | Iterable<GivenGroup<O>>;

/** What an optimizer remembers of a parameter. */
export interface State {
  [name: string]: Tensor;
}

/** The state of an optimizer, parameters as numbers. */
export interface OptimizerState {
  readonly state: { readonly [index: number]: { readonly [name: string]: unknown } };
  readonly param_groups: readonly { readonly [option: string]: unknown }[];
}

/** A dict whose keys are numbers, as it looks in Python. */
class ByIndex {
  static {
    inspectByRepr(ByIndex.prototype);
  }

  __repr__(): string {
    return `{${Object.entries(this)
      .map(([index, value]) => `${index}: ${repr(value)}`)
      .join(', ')}}`;
  }
}

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value;

/** The tensors of a group, checked, and their names where they have any. */
function tensorsOf(params: unknown): { readonly params: Tensor[]; readonly names: string[] } {
  const items = params instanceof Tensor ? [params] : isIterable(params) ? [...params] : null;
  if (items === null) throw new TypeError_('bad-argument', `'${typeName(params)}' object is not iterable`);
  const names: string[] = [];
  const tensors = items.map((item: unknown) => {
    const isNamed = Array.isArray(item) && item.length === 2 && typeof item[0] === 'string';
    if (isNamed) names.push(String(item[0]));
    const tensor: unknown = isNamed ? item[1] : item;
    if (!(tensor instanceof Tensor)) {
      const message = `optimizer can only optimize Tensors, but one of the params is ${typeName(tensor)}`;
      throw new TypeError_('bad-argument', message);
    }
    if (!tensor.is_leaf) throw new ValueError('not-differentiable', "can't optimize a non-leaf Tensor");
    return tensor;
  });
  if (names.length > 0 && names.length < tensors.length) {
    const message = 'all optimizer params should be with/without names. Some param names are missing';
    throw new ValueError('bad-argument', message);
  }
  return { params: tensors, names };
}

/** @throws ValueError for a number below zero: "Invalid learning rate: -1" */
export function atLeastZero(value: number, what: string): number {
  if (value >= 0) return value;
  throw new ValueError('bad-argument', `Invalid ${what}: ${repr(value)}`);
}

/**
 * torch.optim.Optimizer: the parent of all optimizers. `param_groups` may be changed between steps, as in
 * `optimizer.param_groups[0].lr = 0.1`.
 */
export abstract class Optimizer<O extends GroupOptions = GroupOptions> {
  static {
    inspectByRepr(Optimizer.prototype);
  }

  readonly defaults: Readonly<O>;
  readonly param_groups: ParamGroup<O>[] = [];
  /** What is remembered of each parameter, such as its momentum_buffer. */
  readonly state: Map<Tensor, State> = new Map();

  constructor(params: unknown, defaults: O) {
    this.defaults = defaults;
    if (params instanceof Tensor) {
      throw new TypeError_(
        'bad-argument',
        'params argument given to the optimizer should be an iterable of Tensors or dicts, but got ' +
          `torch.${params.dtype.name === 'float64' ? 'Double' : 'Float'}Tensor`,
      );
    }
    if (!isIterable(params)) throw new TypeError_('bad-argument', `'${typeName(params)}' object is not iterable`);
    const items = [...params];
    if (items.length === 0) throw new ValueError('bad-argument', 'optimizer got an empty parameter list');
    const groups = isKeywords(items[0]) ? items : [{ params: items }];
    for (const group of groups) this.#add(group);
  }

  /** Changes the parameters of a group by their gradients. */
  protected abstract update(group: ParamGroup<O>, params: readonly Tensor[]): void;

  #add(group: unknown): void {
    if (!isKeywords(group)) {
      throw new TypeError_('bad-argument', `param_group must be a dict, but got <class '${typeName(group)}'>`);
    }
    if (!('params' in group)) throw new KeyError('missing-argument', repr('params'));
    const { params, names } = tensorsOf(Reflect.get(group, 'params'));
    const known = new Set(this.param_groups.flatMap((other) => other.params));
    if (params.some((param) => known.has(param))) {
      throw new ValueError('bad-argument', 'some parameters appear in more than one parameter group');
    }
    const named = names.length > 0 ? { param_names: names } : {};
    // The order of Python's dict: what was given, then the defaults.
    this.param_groups.push({ ...group, params, ...named, ...missing(this.defaults, group) } as ParamGroup<O>);
  }

  /** More parameters, with options of their own. */
  add_param_group(param_group: GivenGroup<O>): void {
    this.#add(param_group);
  }

  /** Forgets the gradients of all parameters, or fills them with zeros. */
  zero_grad(set_to_none: boolean | { readonly set_to_none?: boolean } = true): void {
    const given = typeof set_to_none === 'boolean' ? set_to_none : set_to_none.set_to_none;
    const toNone = boolArgument(given, 'zero_grad', 'set_to_none', true);
    for (const { params } of this.param_groups) for (const param of params) clearGrad(param, toNone);
  }

  /**
   * A step: changes all parameters that have a gradient.
   *
   * @param closure evaluates the model again, with gradients, and returns the loss, which step returns
   */
  step(): null;
  step<L>(closure: () => L): L;
  step(closure?: (() => unknown) | null): unknown {
    const loss = closure === undefined || closure === null ? null : enable_grad(closure);
    no_grad(() => {
      for (const group of this.param_groups) {
        this.update(
          group,
          group.params.filter((param) => param.grad !== null),
        );
      }
    });
    return loss;
  }

  /** What is remembered of a parameter; made where there is nothing yet. */
  protected stateOf(param: Tensor, initial: () => State): State {
    const known = this.state.get(param);
    if (known !== undefined) return known;
    const state = initial();
    this.state.set(param, state);
    return state;
  }

  /** Options and state, for a later load_state_dict; the tensors are the optimizer's own. */
  state_dict(): OptimizerState {
    const all = this.param_groups.flatMap(({ params }) => params);
    const param_groups = this.param_groups.map(({ params, ...options }) => ({
      ...options,
      params: params.map((param) => all.indexOf(param)),
    }));
    const state = Object.fromEntries(
      all.flatMap((param, i) => {
        const own = this.state.get(param);
        return own === undefined ? [] : [[i, { ...own }] as const];
      }),
    );
    return { state: Object.setPrototypeOf(state, ByIndex.prototype), param_groups };
  }

  /**
   * Takes over what state_dict gave; tensors are copied, in their parameters' dtype.
   *
   * @throws ValueError for other numbers of groups or of parameters
   */
  load_state_dict(state_dict: OptimizerState): void {
    const { state, param_groups: groups } = state_dict;
    if (groups.length !== this.param_groups.length) {
      throw new ValueError('bad-argument', 'loaded state dict has a different number of parameter groups');
    }
    const places = groups.map(({ params }) => (Array.isArray(params) ? params : []));
    if (places.some((list, i) => list.length !== this.param_groups[i]?.params.length)) {
      const message = "loaded state dict contains a parameter group that doesn't match the size of optimizer's group";
      throw new ValueError('bad-argument', message);
    }
    this.state.clear();
    this.param_groups.forEach((group, i) => {
      Object.assign(group, { ...groups[i], params: group.params });
      group.params.forEach((param, k) => {
        const saved = state[Number(places[i]?.[k])];
        if (saved !== undefined) this.state.set(param, copied(saved, param));
      });
    });
  }

  __repr__(): string {
    const groups = this.param_groups.map((group, i) => {
      const options = Object.keys(group).filter((key) => key !== 'params');
      const lines = options.sort().map((key) => `    ${key}: ${optionText(group[key])}\n`);
      return `Parameter Group ${i}\n${lines.join('')}`;
    });
    return `${this.constructor.name} (\n${groups.join('\n')})`;
  }

  toString(): string {
    return this.__repr__();
  }
}

/** Options that a group leaves to the optimizer. */
const missing = (defaults: object, group: object): object =>
  Object.fromEntries(Object.entries(defaults).filter(([key]) => !(key in group)));

/** Strings bare, as in Python's format. */
const optionText = (value: unknown): string => (typeof value === 'string' ? value : repr(value));

/** Saved state as a parameter's own: steps as they are, the rest in its dtype. */
function copied(saved: { readonly [name: string]: unknown }, param: Tensor): State {
  const tensors = Object.entries(saved).flatMap(([name, value]) => {
    if (!(value instanceof Tensor)) return [];
    const core = value.detach().toCore();
    const copy = op.convert(core, name === 'step' ? core.dtype : param.dtype.name);
    return [[name, new Tensor(op.add(copy, full(copy, 0)).keep())] as const];
  });
  return Object.fromEntries(tensors);
}

/** Zeros for each element of a parameter. */
export const zerosFor = (param: Tensor): Tensor => new Tensor(full(param.borrowed, 0).keep());

/** One repeated value for each element of a parameter. */
export const filledFor = (param: Tensor, value: number): Tensor => new Tensor(full(param.borrowed, value).keep());

/** A count of steps, as PyTorch keeps it: a tensor. */
export const counter = (): Tensor => new Tensor(full({ shape: [], dtype: 'float32' }, 0).keep());

/** One more step; gives their number. */
export function count(steps: Tensor): number {
  const next = Number(steps.item()) + 1;
  steps.assign(full({ shape: [], dtype: 'float32' }, next));
  return next;
}
