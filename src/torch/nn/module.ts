/** torch.nn.Module: what all modules share. */

import { signature } from '../../door/signature.js';
import { KeyError, NotImplementedError, TypeError_, ValueError } from '../../errors.js';
import { inspectByRepr } from '../../text/python.js';
import { boolArgument, typeName, wrongType } from '../arguments.js';
import type { DType } from '../dtype.js';
import { Tensor } from '../tensor.js';
import { Callable } from './callable.js';
import { convertAll, readTarget, type Target } from './conversion.js';
import { Hooks, type RemovableHandle } from './hooks.js';
import { Parameter } from './parameter.js';
import { type IncompatibleKeys, join, loadState, type ModuleState, type StateDict, stateOf } from './state.js';
import { moduleText } from './text.js';

export interface NamedOptions {
  /** Stands before each name, with a dot. */
  readonly prefix?: string;
  /** Whether those of submodules are there, too. */
  readonly recurse?: boolean;
  readonly remove_duplicate?: boolean;
}

type PreHook = (module: Module, args: readonly unknown[]) => unknown;
type ForwardHook = (module: Module, args: readonly unknown[], output: unknown) => unknown;

const readNamed = signature('named_parameters', 'prefix? recurse? remove_duplicate?');
const readNamedModules = signature('named_modules', 'memo?~ prefix? remove_duplicate?');
const readRecurse = signature('parameters', 'recurse?');
const readTrain = signature('train', 'mode?');
const readZeroGrad = signature('zero_grad', 'set_to_none?');
const readRequiresGrad = signature('requires_grad_', 'requires_grad?');
const readBuffer = signature('register_buffer', 'name tensor~ persistent?');
const readState = signature('state_dict', 'destination?~ prefix? keep_vars?');

const stringOr = (value: unknown, call: string, name: string): string => {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  throw wrongType(call, name, 'str', value);
};

/** Names must be new, whole and without dots, which stand between the names of modules. */
function checkName(name: unknown, kind: 'parameter' | 'buffer' | 'module', isTaken: (name: string) => boolean): string {
  if (typeof name !== 'string') {
    throw new TypeError_('bad-argument', `${kind} name should be a string. Got ${typeName(name)}`);
  }
  if (name === '') throw new KeyError('bad-argument', `${kind} name can't be empty string ""`);
  if (name.includes('.')) throw new KeyError('bad-argument', `${kind} name can't contain "."`);
  if (isTaken(name)) throw new KeyError('bad-argument', `attribute '${name}' already exists`);
  return name;
}

/** Pairs whose value wasn't there before. */
function unique<T>(pairs: readonly (readonly [string, T])[], isOn: boolean): [string, T][] {
  const seen = new Set<T>();
  const list: [string, T][] = [];
  for (const [name, value] of pairs) {
    if (isOn && seen.has(value)) continue;
    seen.add(value);
    list.push([name, value]);
  }
  return list;
}

/** What a module is, but for the call: see `Module`. */
class Base extends Callable {
  static {
    inspectByRepr(Base.prototype);
    Object.defineProperty(Base, 'name', { value: 'Module' });
  }

  /** Whether it behaves as in training: dropout drops, batch normalisation takes the batch's statistics. */
  training = true;

  /** Names of buffers, and whether they are part of the state. */
  readonly #buffers = new Map<string, boolean>();
  readonly #hooks = new Hooks<PreHook>();
  readonly #afterHooks = new Hooks<ForwardHook>();

  /** What the module computes; each class has its own. */
  forward(..._inputs: never[]): unknown {
    throw new NotImplementedError(
      'not-implemented',
      `Module [${this._get_name()}] is missing the required "forward" function`,
    );
  }

  /** A call: hooks, and forward between them. */
  __call__(...inputs: readonly unknown[]): unknown {
    let args = inputs;
    for (const hook of this.#hooks) {
      const changed = hook(this.#self, args);
      if (changed !== undefined && changed !== null) args = Array.isArray(changed) ? changed : [changed];
    }
    let output: unknown = Reflect.apply(this.forward, this, args);
    for (const hook of this.#afterHooks) {
      const changed = hook(this.#self, args, output);
      if (changed !== undefined && changed !== null) output = changed;
    }
    return output;
  }

  get #self(): Module {
    return selfOf(this);
  }

  /** Has a function called before each forward, with the module and its inputs; what it returns takes their place. */
  register_forward_pre_hook(hook: PreHook): RemovableHandle {
    return this.#hooks.add(hook);
  }

  /** Has a function called after each forward, with inputs and output; what it returns takes the output's place. */
  register_forward_hook(hook: ForwardHook): RemovableHandle {
    return this.#afterHooks.add(hook);
  }

  _get_name(): string {
    return this.constructor.name;
  }

  /** What stands within the parentheses of its text, beside its submodules. */
  extra_repr(): string {
    return '';
  }

  __repr__(): string {
    return moduleText(this._get_name(), this.extra_repr(), this.named_children());
  }

  override toString(): string {
    return this.__repr__();
  }

  /** The module's own parameters, by name. */
  #ownParameters(): [string, Parameter][] {
    return Object.entries(this).filter((entry): entry is [string, Parameter] => entry[1] instanceof Parameter);
  }

  /** Modules that are properties of this one, by name. */
  #ownModules(): [string, Module][] {
    return Object.entries(this).filter((entry): entry is [string, Module] => isModule(entry[1]));
  }

  /** The module's own buffers, by name. */
  #ownBuffers(): [string, Tensor][] {
    return [...this.#buffers.keys()].flatMap((name) => {
      const value: unknown = Reflect.get(this, name);
      return value instanceof Tensor ? [[name, value] as [string, Tensor]] : [];
    });
  }

  #named<T>(args: readonly unknown[], own: (module: Base) => readonly (readonly [string, T])[]): [string, T][] {
    const [prefix, recurse, duplicates] = readNamed(args);
    const start = stringOr(prefix, 'named_parameters', 'prefix');
    const isDeep = boolArgument(recurse, 'named_parameters', 'recurse', true);
    const isUnique = boolArgument(duplicates, 'named_parameters', 'remove_duplicate', true);
    const modules = isDeep
      ? this.named_modules({ prefix: start, remove_duplicate: isUnique })
      : ([[start, this]] as const);
    const all = modules.flatMap(([path, module]) =>
      own(module).map(([name, value]) => [join(path, name), value] as const),
    );
    return unique(all, isUnique);
  }

  /** Parameters of the module and its submodules, with their names. */
  named_parameters(
    prefix?: string | NamedOptions,
    recurse?: boolean,
    remove_duplicate?: boolean,
  ): [string, Parameter][];
  named_parameters(...args: unknown[]): [string, Parameter][] {
    return this.#named(args, (module) => module.#ownParameters());
  }

  /** Parameters of the module and its submodules, each once. */
  parameters(recurse?: boolean | { readonly recurse?: boolean }): Parameter[];
  parameters(...args: unknown[]): Parameter[] {
    const recurse = boolArgument(readRecurse(args)[0], 'parameters', 'recurse', true);
    return this.named_parameters({ recurse }).map(([, parameter]) => parameter);
  }

  /** Buffers of the module and its submodules, with their names. */
  named_buffers(prefix?: string | NamedOptions, recurse?: boolean, remove_duplicate?: boolean): [string, Tensor][];
  named_buffers(...args: unknown[]): [string, Tensor][] {
    return this.#named(args, (module) => module.#ownBuffers());
  }

  /** Buffers of the module and its submodules, each once. */
  buffers(recurse?: boolean | { readonly recurse?: boolean }): Tensor[];
  buffers(...args: unknown[]): Tensor[] {
    const recurse = boolArgument(readRecurse(args)[0], 'buffers', 'recurse', true);
    return this.named_buffers({ recurse }).map(([, buffer]) => buffer);
  }

  /** Modules that are properties of this one, each once, with their names. */
  named_children(): [string, Module][] {
    return unique(this.#ownModules(), true);
  }

  /** Modules that are properties of this one. */
  children(): Module[] {
    return this.named_children().map(([, module]) => module);
  }

  /** The module itself, its submodules and theirs, with their paths. */
  named_modules(options?: { readonly prefix?: string; readonly remove_duplicate?: boolean }): [string, Module][];
  named_modules(...args: unknown[]): [string, Module][] {
    const [, prefix, duplicates] = readNamedModules(args);
    const isUnique = boolArgument(duplicates, 'named_modules', 'remove_duplicate', true);
    const list: [string, Module][] = [];
    const seen = new Set<Module>();
    const walk = (module: Module, path: string): void => {
      if (isUnique && seen.has(module)) return;
      seen.add(module);
      list.push([path, module]);
      for (const [name, child] of module.#ownModules()) walk(child, join(path, name));
    };
    walk(this.#self, stringOr(prefix, 'named_modules', 'prefix'));
    return list;
  }

  /** The module itself, its submodules and theirs. */
  modules(): Module[] {
    return this.named_modules().map(([, module]) => module);
  }

  /** The module at a path such as 'features.0'; the module itself at ''. */
  get_submodule(target: string): Module {
    const found = this.named_modules({ remove_duplicate: false }).find(([path]) => path === target);
    if (found !== undefined) return found[1];
    throw new KeyError('bad-argument', `${this._get_name()} has no submodule \`${target}\``);
  }

  /** The parameter at a path such as 'features.0.weight'. */
  get_parameter(target: string): Parameter {
    const found = this.named_parameters({ remove_duplicate: false }).find(([path]) => path === target);
    if (found !== undefined) return found[1];
    throw new KeyError('bad-argument', `${this._get_name()} has no parameter \`${target}\``);
  }

  /** Makes a tensor part of the state that is no parameter; left out of state_dict where not `persistent`. */
  register_buffer(name: string, tensor: Tensor | null, persistent?: boolean | { readonly persistent?: boolean }): void;
  register_buffer(...args: unknown[]): void {
    const [given, tensor, persistent] = readBuffer(args);
    const name = checkName(given, 'buffer', (key) => key in this && !this.#buffers.has(key));
    if (tensor !== null && !(tensor instanceof Tensor)) {
      const message = `cannot assign '${typeName(tensor)}' object to buffer '${name}' (torch Tensor or None required)`;
      throw new TypeError_('bad-argument', message);
    }
    const isPersistent = boolArgument(persistent, 'register_buffer', 'persistent', true);
    tensor?.borrowed.keep();
    Reflect.set(this, name, tensor);
    this.#buffers.set(name, isPersistent);
  }

  /** Makes a parameter a property; null for one that is left out. */
  register_parameter(name: string, param: Parameter | null): void {
    checkName(name, 'parameter', (key) => key in this && !isParameter(Reflect.get(this, key)));
    if (!isParameter(param)) {
      const message = `cannot assign '${typeName(param)}' object to parameter '${name}' (torch.nn.Parameter or None required)`;
      throw new TypeError_('bad-argument', message);
    }
    Reflect.set(this, name, param);
  }

  /** Makes a module a property. */
  add_module(name: string, module: Module | null): void {
    if (module !== null && !(module instanceof Base)) {
      throw new TypeError_('bad-argument', `${typeName(module)} is not a Module subclass`);
    }
    checkName(name, 'module', (key) => key in this && !(Reflect.get(this, key) instanceof Base));
    Reflect.set(this, name, module);
  }

  /** As add_module. */
  register_module(name: string, module: Module | null): void {
    this.add_module(name, module);
  }

  /** All parameters and persistent buffers by their paths; they share memory with the module's. */
  state_dict(options?: { readonly prefix?: string; readonly keep_vars?: boolean }): StateDict;
  state_dict(...args: unknown[]): StateDict {
    const [, prefix, keep] = readState(args);
    const start = stringOr(prefix, 'state_dict', 'prefix');
    return stateOf(this.#state(), start, boolArgument(keep, 'state_dict', 'keep_vars'));
  }

  /** What each module adds to the state: parameters, then persistent buffers. */
  #state(): ModuleState[] {
    return this.named_modules({ remove_duplicate: false }).map(([path, module]) => {
      const buffers = module.#ownBuffers().filter(([name]) => module.#buffers.get(name));
      const children = module.#ownModules().map(([name]) => name);
      return { path, tensors: [...module.#ownParameters(), ...buffers], children };
    });
  }

  /**
   * Copies what state_dict gave into parameters and buffers of the same names. Nothing is copied where something fails.
   *
   * @param state_dict tensors by path, of any door
   * @throws RuntimeError for missing or unexpected keys (if strict) and for other shapes, all of them named
   */
  load_state_dict(
    state_dict: { readonly [name: string]: unknown } | StateDict,
    strict?: boolean | { readonly strict?: boolean; readonly assign?: boolean },
    assign?: boolean,
  ): IncompatibleKeys;
  load_state_dict(...args: unknown[]): IncompatibleKeys {
    return loadState(this._get_name(), this.#state(), args);
  }

  /** Training mode, for the module and all within. */
  train(mode?: boolean | { readonly mode?: boolean }): this;
  train(...args: unknown[]): this {
    const [mode = true] = readTrain(args);
    if (typeof mode !== 'boolean') throw new ValueError('bad-argument', 'training mode is expected to be boolean');
    for (const module of this.modules()) module.training = mode;
    return this;
  }

  /** Evaluation mode: train(false). */
  eval(): this {
    return this.train(false);
  }

  /** Wants gradients of all parameters, or of none. */
  requires_grad_(requires_grad?: boolean | { readonly requires_grad?: boolean }): this;
  requires_grad_(...args: unknown[]): this {
    const wanted = boolArgument(readRequiresGrad(args)[0], 'requires_grad_', 'requires_grad', true);
    for (const parameter of this.parameters()) parameter.requires_grad_(wanted);
    return this;
  }

  /** Forgets the gradients of all parameters, or fills them with zeros. */
  zero_grad(set_to_none?: boolean | { readonly set_to_none?: boolean }): void;
  zero_grad(...args: unknown[]): void {
    const toNone = boolArgument(readZeroGrad(args)[0], 'zero_grad', 'set_to_none', true);
    for (const parameter of this.parameters()) clearGrad(parameter, toNone);
  }

  /** Calls a function with each submodule and then with the module itself. */
  apply(fn: (module: Module) => void): this {
    for (const child of this.children()) child.apply(fn);
    fn(this.#self);
    return this;
  }

  /** Parameters and buffers of floating dtypes in another one, in place. */
  to(target: DType | string | Tensor | Target): this;
  to(device: 'cpu', dtype: DType | string): this;
  to(...args: unknown[]): this {
    return this.#converted(readTarget(args));
  }

  /** As float32, in place. */
  float(): this {
    return this.#converted('float32');
  }

  /** As float64, in place. */
  double(): this {
    return this.#converted('float64');
  }

  /** The module itself: there is no other place. */
  cpu(): this {
    return this;
  }

  #converted(dtype: 'float32' | 'float64' | null): this {
    if (dtype !== null) convertAll([...this.parameters(), ...this.buffers()], dtype);
    return this;
  }
}

const isParameter = (value: unknown): value is Parameter | null => value === null || value instanceof Parameter;

/** A tensor's gradient gone, or zeros in its place. */
export function clearGrad(tensor: Tensor, toNone: boolean): void {
  if (tensor.grad === null) return;
  tensor.grad = toNone ? null : tensor.fromCore(tensor.grad.detach().mul(0).toCore());
}

/**
 * torch.nn.Module: the parent of all modules. Tensors that are `Parameter`s, and modules, become part of it by being its
 * properties. It is called as a function: `net(x)` is `net.forward(x)` with its hooks, and has forward's types.
 *
 * @example
 * class Net extends torch.nn.Module {
 *   weight = new torch.nn.Parameter(torch.ones(2));
 *   override forward(x: torch.Tensor): torch.Tensor {
 *     return x.mul(this.weight);
 *   }
 * }
 * const net = new Net();
 * net(torch.tensor([1, 2])).detach() // tensor([1., 2.])
 * net.parameters().length // 1
 */
export interface Module extends Base {
  (...inputs: Parameters<this['forward']>): ReturnType<this['forward']>;
}

/** torch.nn.Module: the parent of all modules; see the type of this name. */
export const Module: { new (): Module; readonly prototype: Module } = Base as {
  new (): Module;
  readonly prototype: Module;
};

/** Every Base is a Module: `Callable` made it a function. */
function selfOf(base: Base): Module {
  if (isModule(base)) return base;
  throw new TypeError_('bad-argument', 'a module is made by `new`');
}

/** Whether a value is a module. */
export const isModule = (value: unknown): value is Module => value instanceof Base && typeof value === 'function';
