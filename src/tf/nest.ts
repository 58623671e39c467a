/** Nested structures, as tf.nest knows them: lists and plain objects, with something else at their ends. */

import { isKeywords } from '../door/signature.js';

/** A value, or lists and plain objects of such, as deep as you like. */
export type Nest<T> = T | readonly Nest<T>[] | { readonly [key: string]: Nest<T> };

/** The same structure with other ends. */
export type Mapped<S, T, R> = S extends T
  ? R
  : S extends readonly unknown[]
    ? { -readonly [K in keyof S]: Mapped<S[K], T, R> }
    : { -readonly [K in keyof S]: Mapped<S[K], T, R> };

/** Whether a value is a list or an object, and no end. */
export const isNested = (value: unknown): value is readonly unknown[] | { readonly [key: string]: unknown } =>
  Array.isArray(value) || isKeywords(value);

/** What stands at the ends, from the first to the last. */
export const flatten = (nest: unknown): unknown[] => (isNested(nest) ? Object.values(nest).flatMap(flatten) : [nest]);

/** The structure with each end exchanged for what f makes of it. */
export function mapEnds(nest: unknown, f: (end: unknown) => unknown): unknown {
  if (Array.isArray(nest)) return nest.map((item) => mapEnds(item, f));
  if (isKeywords(nest)) return Object.fromEntries(Object.entries(nest).map(([key, item]) => [key, mapEnds(item, f)]));
  return f(nest);
}

/** The functions of tf.nest that users call. */
export const nesting: {
  /** tf.nest.flatten: what stands at the ends of a structure, as a list. */
  flatten(structure: unknown): unknown[];
  /** tf.nest.map_structure: the structure with each end exchanged for what a function makes of it. */
  map_structure(func: (end: never) => unknown, structure: unknown): unknown;
} = {
  flatten,
  map_structure: (func, structure) => mapEnds(structure, (end) => func(end as never)),
};
