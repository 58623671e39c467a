/** Hooks on tensors: functions that see a gradient on its way back, and may put another in its place. */

import { RuntimeError, TypeError_ } from '../errors.js';
import { sameShape } from '../shape/shape.js';
import { isForeign } from '../tensor/foreign.js';
import type { Tensor as CoreTensor, Node } from '../tensor/tensor.js';
import { typeName } from './arguments.js';

/** What register_hook gives: `remove()` takes the hook away, and so does the end of a `using` block. */
export class RemovableHandle {
  #remove: (() => void) | null;

  constructor(remove: () => void) {
    this.#remove = remove;
  }

  /** The hook is called no more. */
  remove(): void {
    this.#remove?.();
    this.#remove = null;
  }

  [Symbol.dispose](): void {
    this.remove();
  }
}

/** Refuses what is no function. */
export function checkHook(hook: unknown, call: string): void {
  if (typeof hook === 'function') return;
  throw new TypeError_('bad-argument', `${call}(): argument 'hook' must be a function, not ${typeName(hook)}`);
}

/** Adds to a list, and gives what takes away again. */
export function added<T>(list: T[], item: T): RemovableHandle {
  list.push(item);
  return new RemovableHandle(() => {
    const at = list.indexOf(item);
    if (at >= 0) list.splice(at, 1);
  });
}

/** Calls a hook, `wrap` making tensors of gradients, whenever the gradient by a node's result is there. */
export function hookOn<T>(node: Node, hook: (grad: T) => unknown, wrap: (gradient: CoreTensor) => T): RemovableHandle {
  node.hooks ??= [];
  return added(node.hooks, (gradient) => {
    const given = hook(wrap(gradient.share()));
    if (given === undefined || given === null) return null;
    if (!isForeign(given)) {
      throw new TypeError_('bad-argument', `expected Variable, but hook returned '${typeName(given)}'`);
    }
    const value = given.toCore();
    if (!sameShape(value.shape, gradient.shape)) {
      throw new RuntimeError('shape-mismatch', `hook '${hook.name || '<lambda>'}' has changed the size of value`);
    }
    return value.share();
  });
}
