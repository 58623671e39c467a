/** What tables of bad arguments are written with. */

import { type Tensor, tensor } from 'adjoint';

/** A call with something bad in it; the error's class and code; part of its message. */
export type Row = readonly [what: string, call: () => unknown, error: `${string} ${string}`, message: string];

/**
 * A tensor of zeros. From 1 KB on it lies in the heap, where a leak would be seen: rows make such ones outside of their
 * calls, since an engine may keep what a call made for a while after it.
 */
export const zeros = (...shape: readonly number[]): Tensor =>
  tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), { shape: [...shape] });

/** What no type would let through. */
export const bad = (value: unknown): never => value as never;
