/** Arguments of optimizers. */

import { ValueError } from '../../errors.js';
import { isForeign } from '../../tensor/foreign.js';
import { repr, Tuple } from '../../text/python.js';
import { boolArgument, numberArgument, wrongType } from '../arguments.js';
import { atLeastZero } from './optimizer.js';

/** What PyTorch's implementations differ in; here there is one, so that they say nothing. */
export interface Implementation {
  readonly foreach?: boolean | null;
  readonly differentiable?: boolean;
  readonly fused?: boolean | null;
}

/** A learning rate: a number, or a tensor of one. */
export function rate(value: unknown, call: string, fallback: number): number {
  const given = isForeign(value) ? Number(value.toCore().item()) : numberArgument(value, call, 'lr', fallback);
  return atLeastZero(given, 'learning rate');
}

/** A number of at least 0, or its default. */
export const least = (value: unknown, call: string, name: string, fallback: number, what = `${name} value`): number =>
  atLeastZero(numberArgument(value, call, name, fallback), what);

/** true, false or null, as they are kept. */
export const optionalFlag = (value: unknown, call: string, name: string): boolean | null =>
  value === undefined || value === null ? null : boolArgument(value, call, name);

/** Two numbers in [0, 1). */
export function betasArgument(value: unknown, call: string): [number, number] {
  const given: unknown = value ?? [0.9, 0.999];
  const isPair = Array.isArray(given) && given.length === 2 && given.every((beta) => typeof beta === 'number');
  if (!isPair) throw wrongType(call, 'betas', 'tuple of 2 floats', value);
  given.forEach((beta: number, i) => {
    if (!(beta >= 0 && beta < 1)) {
      throw new ValueError('bad-argument', `Invalid beta parameter at index ${i}: ${repr(beta)}`);
    }
  });
  return Tuple.from(given) as [number, number];
}
