/** state_dict and load_state_dict. */

import { isKeywords, signature } from '../../door/signature.js';
import { RuntimeError, TypeError_ } from '../../errors.js';
import { sameShape } from '../../shape/shape.js';
import { isForeign } from '../../tensor/foreign.js';
import { type Tensor as CoreTensor, op } from '../../tensor/tensor.js';
import { inspectByRepr, repr, Tuple } from '../../text/python.js';
import { sizeText } from '../../text/torch.js';
import { boolArgument, typeName } from '../arguments.js';
import type { Tensor } from '../tensor.js';

/** The state of a module: tensors by their paths, in order. It prints as Python's OrderedDict. */
export interface StateDict {
  readonly [name: string]: Tensor;
}

/** What a dict is in Python, for values that are no keyword arguments. */
class OrderedDict {
  static {
    inspectByRepr(OrderedDict.prototype);
  }

  __repr__(): string {
    const pairs = Object.entries(this).map(([name, value]) => `(${repr(name)}, ${repr(value)})`);
    return pairs.length === 0 ? 'OrderedDict()' : `OrderedDict([${pairs.join(', ')}])`;
  }
}

/** Entries as an OrderedDict, whatever they are called. */
export const orderedDict = <T>(entries: Iterable<readonly [string, T]>): { readonly [name: string]: T } =>
  Object.setPrototypeOf(Object.fromEntries(entries), OrderedDict.prototype);

/** @param keepVars the tensors themselves, in place of values that no gradients are wanted of */
export const stateOf = (modules: readonly ModuleState[], prefix: string, keepVars: boolean): StateDict =>
  orderedDict(
    modules.flatMap(({ path, tensors }) =>
      tensors.map(([name, tensor]) => [prefix + join(path, name), keepVars ? tensor : tensor.detach()] as const),
    ),
  );

/** What a module itself adds to the state. */
export interface ModuleState {
  readonly path: string;
  readonly tensors: readonly (readonly [string, Tensor])[];
  readonly children: readonly string[];
}

/** The path of what is called `name` within what stands at `path`. */
export const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** What load_state_dict found to be missing, and what it found too much. */
export class IncompatibleKeys extends Tuple<string[]> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  get missing_keys(): string[] {
    return this[0] ?? [];
  }

  get unexpected_keys(): string[] {
    return this[1] ?? [];
  }

  override __repr__(): string {
    const [missing, unexpected] = [this.missing_keys, this.unexpected_keys];
    if (missing.length === 0 && unexpected.length === 0) return '<All keys matched successfully>';
    return `_IncompatibleKeys(missing_keys=${repr(missing)}, unexpected_keys=${repr(unexpected)})`;
  }
}

const readLoad = signature('load_state_dict', 'state_dict strict? assign?');

/** The state's tensors and the flags. A plain object in the first place is the state, no set of keywords. */
function readArguments(args: readonly unknown[]): [state: Map<string, unknown>, strict: boolean, assign: boolean] {
  const [first, ...rest] = args;
  const isByName = rest.length === 0 && isKeywords(first) && isKeywords(Reflect.get(first, 'state_dict'));
  const [given, strict, assign] = isByName
    ? readLoad(args)
    : readLoad([Object(first) === first ? [first] : first, ...rest]);
  const state: unknown = isByName ? given : first;
  if (typeof state !== 'object' || state === null || isForeign(state) || Array.isArray(state)) {
    throw new TypeError_('bad-argument', `Expected state_dict to be dict-like, got <class '${typeName(state)}'>.`);
  }
  const entries = state instanceof Map ? state : new Map(Object.entries(state));
  return [
    entries,
    boolArgument(strict, 'load_state_dict', 'strict', true),
    boolArgument(assign, 'load_state_dict', 'assign'),
  ];
}

/** Keys that no parameter or buffer has, in the order of modules. */
function unexpectedKeys(modules: readonly ModuleState[], state: ReadonlyMap<string, unknown>): string[] {
  return modules.flatMap(({ path, tensors, children }) => {
    const prefix = path === '' ? '' : `${path}.`;
    return [...state.keys()].filter((key) => {
      if (!key.startsWith(prefix)) return false;
      const [first, ...rest] = key.slice(prefix.length).split('.');
      return rest.length > 0 ? !children.includes(first ?? '') : !tensors.some(([name]) => name === first);
    });
  });
}

/** The value for a tensor of the model, or what is wrong with it. */
function fitted(given: unknown, target: Tensor, key: string): CoreTensor | string {
  if (!isForeign(given)) {
    return (
      `While copying the parameter named "${key}", expected torch.Tensor or Tensor-like object from checkpoint but ` +
      `received <class '${typeName(given)}'>`
    );
  }
  const value = given.toCore().plain;
  const { shape } = target;
  if (shape.length === 0 && sameShape(value.shape, [1])) return op.reshape(value, []);
  if (sameShape(value.shape, shape)) return value;
  return (
    `size mismatch for ${key}: copying a param with shape ${sizeText(value.shape)} from checkpoint, the shape in current ` +
    `model is ${sizeText(shape)}.`
  );
}

const quoted = (keys: readonly string[]): string => keys.map((key) => `"${key}"`).join(', ');

/** load_state_dict of a module of some class: all is checked before anything is copied. */
export function loadState(
  className: string,
  modules: readonly ModuleState[],
  args: readonly unknown[],
): IncompatibleKeys {
  const [state, strict, assign] = readArguments(args);
  const targets = modules.flatMap(({ path, tensors }) =>
    tensors.map(([name, tensor]) => [join(path, name), tensor] as const),
  );
  const missing = targets.flatMap(([key]) => (state.has(key) ? [] : [key]));
  const unexpected = unexpectedKeys(modules, state);
  const found = targets
    .filter(([key]) => state.has(key))
    .map(([key, tensor]) => ({ tensor, value: fitted(state.get(key), tensor, key) }));
  const faults = found.flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
  if (strict && unexpected.length > 0) faults.unshift(`Unexpected key(s) in state_dict: ${quoted(unexpected)}. `);
  if (strict && missing.length > 0) faults.unshift(`Missing key(s) in state_dict: ${quoted(missing)}. `);
  if (faults.length > 0) {
    const message = `Error(s) in loading state_dict for ${className}:\n\t${faults.join('\n\t')}`;
    throw new RuntimeError('bad-argument', message);
  }
  for (const { tensor, value } of found) {
    if (typeof value !== 'string') tensor.assign(assign ? value.share() : op.convert(value, tensor.dtype.name).share());
  }
  return IncompatibleKeys.of(missing, unexpected) as IncompatibleKeys;
}
