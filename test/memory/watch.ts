/** Watching how arrays in the heap come and go. */

import { info, RuntimeError, type Tensor, tensor } from 'adjoint';
import { expect } from 'vitest';

/** 4,000 bytes, in the heap as 63 lines of 64. */
export const LENGTH: number = 1000;
export const BYTES: number = 4032;

export const ones = (): Tensor => tensor(new Float32Array(LENGTH).fill(1));
export const used = (): number => info().heap.used;

/** What a call throws. */
export function thrown(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

export function expectDisposed(use: () => unknown): void {
  const error = thrown(use);
  expect(error).toBeInstanceOf(RuntimeError);
  expect(error).toMatchObject({ code: 'disposed' });
}

/** How many arrays of 4,000 bytes more there are after a call, and what it gave. */
export function growth<T>(f: () => T): { arrays: number; result: T } {
  const before = used();
  const result = f();
  return { arrays: (used() - before) / BYTES, result };
}
