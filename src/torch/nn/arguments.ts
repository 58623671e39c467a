/** Arguments of modules. */

import { shortest } from '../../text/digits.js';
import { repr, Tuple } from '../../text/python.js';
import { intArgument, isWhole, wrongType } from '../arguments.js';
import type { Call } from '../calls.js';
import { checkDevice, type DType, dtypeArgument } from '../dtype.js';
import type { FloatDType } from '../random.js';
import { floatingFor } from '../random-arguments.js';

export interface FactoryOptions {
  readonly device?: 'cpu' | null;
  readonly dtype?: DType | string | null;
}

/** The dtype of new parameters: float32 where none is given. */
export function factoryDType(device: unknown, dtype: unknown, call: string): FloatDType {
  checkDevice(device, call);
  return floatingFor(
    'check_uniform_bounds',
    dtype === undefined || dtype === null ? 'float32' : dtypeArgument(dtype, call),
  );
}

/** One whole number for each dimension, or one for all of them, as a tuple. */
export function each(value: unknown, rank: number, call: string, name: string, fallback?: number): Tuple<number> {
  const given = value === undefined ? fallback : value;
  if (isWhole(given)) return Tuple.from(new Array<number>(rank).fill(given)) as Tuple<number>;
  if (Array.isArray(given) && given.length === rank && given.every(isWhole)) return Tuple.from(given) as Tuple<number>;
  throw wrongType(call, name, `int or tuple of ${rank} ints`, given);
}

/** A whole number, or its default. */
export const intOr = (value: unknown, call: string, name: string, fallback: number): number =>
  value === undefined ? fallback : intArgument(value, call, name);

/** Whether all of some numbers are one. */
export const all = (values: readonly number[], wanted: number): boolean => values.every((value) => value === wanted);

/** Arguments of a constructor: those that must be given and those that may, in order, and by name. */
export type Arguments<R extends unknown[], O extends unknown[], N> = Parameters<Call<[], R, O, N>>;

/** Options as a module's text has them; numbers are written as Python's floats where `floats` names them. */
export function optionsText(options: { readonly [name: string]: unknown }, floats: readonly string[] = []): string {
  return Object.entries(options)
    .map(
      ([name, value]) => `${name}=${floats.includes(name) && typeof value === 'number' ? float(value) : repr(value)}`,
    )
    .join(', ');
}

/** A number as Python's repr of a float. */
export const float = (value: number): string => shortest(value, 'float64', 1e16);
