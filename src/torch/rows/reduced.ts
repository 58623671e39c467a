/** What losses make of their terms: all of them, their sum or their mean. */

import { ValueError } from '../../errors.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { boolArgument, wrongType } from '../arguments.js';
import { allAxes, meanOver } from './formula.js';

export type Reduction = 'none' | 'mean' | 'sum';

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** `reduction`, or what the older arguments size_average and reduce say where one of them is given. */
export function reductionOf(call: string, reduction: unknown, sizeAverage?: unknown, reduce?: unknown): Reduction {
  if (isGiven(sizeAverage) || isGiven(reduce)) {
    const averages = boolArgument(sizeAverage ?? undefined, call, 'size_average', true);
    if (!boolArgument(reduce ?? undefined, call, 'reduce', true)) return 'none';
    return averages ? 'mean' : 'sum';
  }
  const given = reduction ?? 'mean';
  if (given === 'none' || given === 'mean' || given === 'sum') return given;
  if (typeof given !== 'string') throw wrongType(call, 'reduction', 'str', given);
  throw new ValueError(
    'bad-argument',
    `${given} is not a valid value for reduction; it may be 'none', 'mean' or 'sum'`,
  );
}

/** The terms of a loss, reduced. */
export function reduced(terms: Tensor, reduction: Reduction): Tensor {
  if (reduction === 'none') return terms;
  const axes = allAxes(terms.shape);
  return reduction === 'sum' ? op.reduce_sum(terms, axes) : meanOver(terms, axes);
}
