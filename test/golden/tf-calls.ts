/** The calls of a recording, ready to be made. */

import * as tf from 'adjoint/tf';

/** A function's name, its arguments in Python's order, keyword arguments last. */
export type Call = readonly [name: string, ...args: unknown[]];

type Case = { readonly [key: string]: unknown };

export const isCase = (value: unknown): value is Case =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Park and Miller's generator, as in the recording script: from -4 to 4, or real from -1 to 1. */
export function draws(seed: number, count: number, real: boolean): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    return real ? (state / 2147483647) * 2 - 1 : (state % 9) - 4;
  });
}

/** A recorded argument. */
export function made(argument: unknown): unknown {
  if (Array.isArray(argument)) return argument.map(made);
  if (!isCase(argument)) return argument;
  const { dtype, shape, seed, real, value } = argument;
  const name = String(dtype);
  if (value !== undefined) return tf.constant(infinite(value) as number, { dtype: name });
  const sizes = shape as readonly number[];
  if (seed === undefined) return tf.ones(sizes, name);
  const count = sizes.reduce((product, size) => product * size, 1);
  return tf.constant(draws(Number(seed), count, real === true), { dtype: name, shape: sizes });
}

/** JSON has no infinity; Python writes one all the same. */
const infinite = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(infinite);
  return value === 'Infinity' ? Number.POSITIVE_INFINITY : value;
};

function functionOf(name: string): (...args: unknown[]) => tf.Tensor {
  let found: unknown = tf;
  for (const part of name.split('.')) found = Reflect.get(Object(found), part);
  if (typeof found !== 'function') throw new Error(`tf.${name} is missing`);
  return found as (...args: unknown[]) => tf.Tensor;
}

/** A call, ready to be made. */
export function callOf(call: Call): {
  readonly apply: (args: readonly unknown[]) => tf.Tensor;
  readonly args: unknown[];
} {
  const [name, ...rest] = call;
  const keywords = rest.pop();
  const args = rest.map(made);
  if (isCase(keywords) && Object.keys(keywords).length > 0) {
    args.push(Object.fromEntries(Object.entries(keywords).map(([key, value]) => [key, made(value)])));
  }
  return { apply: (given) => functionOf(name)(...given), args };
}
