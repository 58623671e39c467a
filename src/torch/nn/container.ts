/** nn.Sequential, nn.ModuleList and nn.ModuleDict. */

import { isKeywords } from '../../door/signature.js';
import { IndexError, KeyError, TypeError_ } from '../../errors.js';
import { repr } from '../../text/python.js';
import { typeName } from '../arguments.js';
import type { Tensor } from '../tensor.js';
import { isModule, Module } from './module.js';
import { indented } from './text.js';

/** Modules by name: a Map, pairs, or a plain object (whose keys that are whole numbers come first, in order). */
export type Modules<M extends Module = Module> =
  | { readonly [name: string]: M }
  | ReadonlyMap<string, M>
  | Iterable<readonly [string, M]>;

function entriesOf<M extends Module>(modules: Modules<M>): (readonly [string, M])[] {
  return Symbol.iterator in modules ? Array.from(modules as Iterable<readonly [string, M]>) : Object.entries(modules);
}

/** Python's negative index, within a length. */
function place(index: number, length: number, what: string): number {
  const at = index < 0 ? index + length : index;
  if (Number.isInteger(index) && at >= 0 && at < length) return at;
  throw new IndexError('index-out-of-range', `index ${index} is out of range`.replace('index is', `${what} is`));
}

/** What numbers its modules. */
abstract class Numbered<M extends Module> extends Module {
  readonly [index: number]: M;

  /** How many modules there are. */
  override get length(): number {
    return this.#all().length;
  }

  #all(): M[] {
    return Object.values(this).filter((value): value is M => isModule(value));
  }

  #renumber(modules: readonly M[]): void {
    for (const [name] of this.named_children()) Reflect.deleteProperty(this, name);
    modules.forEach((module, i) => void this.add_module(String(i), module));
  }

  /** The module at an index, which may count from the end. */
  at(index: number): M {
    const all = this.#all();
    return all[place(index, all.length, 'index')] as M;
  }

  [Symbol.iterator](): IterableIterator<M> {
    return this.#all()[Symbol.iterator]();
  }

  /** One more at the end. */
  append(module: M): this {
    this.add_module(String(this.length), module);
    return this;
  }

  /** More at the end. */
  extend(modules: Iterable<M>): this {
    for (const module of modules) this.append(module);
    return this;
  }

  /** One more before that of an index. */
  insert(index: number, module: M): this {
    const all = this.#all();
    all.splice(index, 0, module);
    this.#renumber(all);
    return this;
  }

  /** Takes the module at an index out, and gives it. */
  pop(index: number): M {
    const all = this.#all();
    const [taken] = all.splice(place(index, all.length, 'index'), 1);
    this.#renumber(all);
    return taken as M;
  }
}

/**
 * nn.Sequential: modules one after the other, each on the result of the one before.
 *
 * @param modules one by one, or named: an object, a Map, a list of pairs (Python's OrderedDict)
 * @example
 * const net = new torch.nn.Sequential(new torch.nn.Linear(2, 3), new torch.nn.Identity());
 * net(torch.ones(4, 2)).shape // torch.Size([4, 3])
 * net[0] // Linear(in_features=2, out_features=3, bias=True)
 */
export class Sequential extends Numbered<Module> {
  constructor(...modules: readonly Module[]);
  constructor(modules: Modules);
  constructor(...args: readonly (Module | Modules)[]) {
    super();
    const [first] = args;
    const isNamed = args.length === 1 && first !== undefined && !isModule(first);
    const entries = isNamed ? entriesOf(first) : args.map((module, i) => [String(i), module] as const);
    for (const [name, module] of entries) this.add_module(name, checked(module));
  }

  override forward(input: Tensor): Tensor {
    let value: unknown = input;
    for (const module of this) value = module.__call__(value);
    return value as Tensor;
  }
}

function checked(module: unknown): Module {
  if (isModule(module)) return module;
  throw new TypeError_('bad-argument', `${typeName(module)} is not a Module subclass`);
}

/** nn.ModuleList: a list of modules that are part of the module that has it. */
export class ModuleList<M extends Module = Module> extends Numbered<M> {
  constructor(modules?: Iterable<M> | null) {
    super();
    for (const module of modules ?? []) this.append(module);
  }

  /** As Python shows it: those that look alike on one line. */
  override __repr__(): string {
    const blocks: { first: number; last: number; text: string }[] = [];
    Array.from(this, repr).forEach((text, i) => {
      const block = blocks.at(-1);
      if (block?.text === text) block.last = i;
      else blocks.push({ first: i, last: i, text });
    });
    if (blocks.length === 0) return `${this._get_name()}()`;
    const lines = blocks.map(({ first, last, text }) =>
      indented(first === last ? `(${first}): ${text}` : `(${first}-${last}): ${last - first + 1} x ${text}`),
    );
    return `${this._get_name()}(\n  ${lines.join('\n  ')}\n)`;
  }
}

/** nn.ModuleDict: modules by name that are part of the module that has it. */
export class ModuleDict<M extends Module = Module> extends Module {
  constructor(modules?: Modules<M> | null) {
    super();
    if (modules !== undefined && modules !== null) this.update(modules);
  }

  /** How many modules there are. */
  override get length(): number {
    return this.named_children().length;
  }

  /** The module of a name. */
  at(key: string): M {
    const found = this.items().find(([name]) => name === key);
    if (found !== undefined) return found[1];
    throw new KeyError('bad-argument', repr(key));
  }

  keys(): string[] {
    return this.items().map(([name]) => name);
  }

  values(): M[] {
    return this.items().map(([, module]) => module);
  }

  items(): [string, M][] {
    return Object.entries(this).filter((entry): entry is [string, M] => isModule(entry[1]));
  }

  has(key: string): boolean {
    return this.keys().includes(key);
  }

  /** More modules, or others for names there are. */
  update(modules: Modules<M>): void {
    if (!isKeywords(modules) && !(Symbol.iterator in modules)) {
      throw new TypeError_('bad-argument', `ModuleDict.update should be called with an iterable of key/value pairs`);
    }
    for (const [name, module] of entriesOf(modules)) this.add_module(name, checked(module));
  }

  /** Takes a module out, and gives it. */
  pop(key: string): M {
    const module = this.at(key);
    Reflect.deleteProperty(this, key);
    return module;
  }

  clear(): void {
    for (const key of this.keys()) Reflect.deleteProperty(this, key);
  }

  [Symbol.iterator](): IterableIterator<string> {
    return this.keys()[Symbol.iterator]();
  }
}
