/** What of memory can be steered. Nothing need be freed by hand. */

import { heldBy } from '../autodiff/backward.js';
import { TypeError_ } from '../errors.js';
import { heap } from '../heap/heap.js';
import type { TypedArray } from '../shape/dtype.js';
import { show } from '../shape/shape.js';
import { isKept } from '../tensor/buffer.js';
import { isForeign } from '../tensor/foreign.js';
import type { Tensor } from '../tensor/tensor.js';

/** The arrays of a tensor, and of all that a gradient of it will read. */
function arraysOf(tensor: Tensor, found: Set<TypedArray>): void {
  for (const { buffer } of heldBy(tensor)) if (buffer.block !== null) found.add(buffer.block);
}

/** The arrays of all tensors in a value: itself, or in lists, Maps and plain objects, as deep as they go. */
function arraysWithin(value: unknown, found: Set<TypedArray>, seen: Set<object> = new Set()): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || seen.has(value)) return;
  seen.add(value);
  if (isForeign(value)) for (const tensor of [value.toCore(), ...(value.recorded ?? [])]) arraysOf(tensor, found);
  else if (Array.isArray(value) || value instanceof Set) for (const item of value) arraysWithin(item, found, seen);
  else if (value instanceof Map) for (const item of value.values()) arraysWithin(item, found, seen);
  else for (const item of Object.values(value)) arraysWithin(item, found, seen);
}

/**
 * Runs `f` and frees at once all tensors that were made in it, but for those in what it returns (in lists and objects
 * too, with what their gradients need). Where an error leaves `f`, all are freed. Arrays below 1 KiB take no part: the
 * engine frees them. A function is not looked into: return tensors, not a pullback that needs them.
 *
 * @throws TypeError_ for what is no function, or one that is async
 * @example
 * const before = info().heap.used;
 * const y = tidy(() => tensor(new Float32Array(1024)).add(1).mul(2));
 * info().heap.used - before // 4096
 */
export function tidy<T>(f: () => T): T {
  if (typeof f !== 'function') throw new TypeError_('bad-argument', `tidy takes a function, not ${show(f)}`);
  const found = new Set<TypedArray>();
  heap.enterScope();
  try {
    const result = f();
    if (result instanceof Promise) {
      throw new TypeError_('bad-argument', 'tidy ends when its function returns: it takes none that is async');
    }
    arraysWithin(result, found);
    return result;
  } finally {
    heap.leaveScope((array) => found.has(array) || isKept(array));
  }
}
