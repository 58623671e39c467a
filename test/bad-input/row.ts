/** What tables of bad arguments are written with. */

import { AdjointError, type Tensor, tensor } from 'adjoint';
import { describe, expect, test } from 'vitest';

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

/** The error that a call throws, which must be one of ours. */
export function errorOf(call: () => unknown): AdjointError {
  let error: unknown;
  try {
    call();
  } catch (thrown) {
    error = thrown;
  }
  if (!(error instanceof AdjointError)) throw new Error('the call threw no AdjointError', { cause: error });
  return error;
}

/** Whether a row's call is refused as the row says. */
export function expectRefused([, call, expected, words]: Row): void {
  const error = errorOf(call);
  expect(`${error.constructor.name} ${error.code}`).toBe(expected);
  expect(error.message).toContain(words);
}

/** A test for each row of each table. */
export function testTables(tables: { readonly [name: string]: readonly Row[] }): void {
  describe.each(Object.entries(tables))('%s', (_, rows) => {
    test.each(rows.map((row) => [row[0], row] as const))('%s', (_what, row) => expectRefused(row));
  });
}
