/** tf.sort, tf.argsort, tf.math.top_k. */

import { inspectByRepr, repr } from '../text/python.js';
import type { TensorInput } from './arguments.js';
import { inParts, ordering } from './rows/ordering.js';
import { call, callAll, type Tensor } from './tensor.js';

export type SortDirection = 'ASCENDING' | 'DESCENDING';

export interface SortOptions {
  readonly axis?: number;
  readonly direction?: SortDirection;
}

/**
 * tf.sort: the cells in order along an axis (the last).
 *
 * @throws ValueError for another direction, InvalidArgumentError for an axis that is none
 * @example tf.sort([3, 1, 2], { direction: 'DESCENDING' }).tolist() // [3, 2, 1]
 */
export function sort(
  values: TensorInput,
  axis?: number | SortOptions,
  direction?: SortDirection | Omit<SortOptions, 'axis'>,
): Tensor;
export function sort(...args: unknown[]): Tensor {
  return call(ordering.sort, args);
}

/** tf.argsort: where the cells in order come from, as int32; equal ones stay in their order. */
export function argsort(
  values: TensorInput,
  axis?: number | (SortOptions & { stable?: boolean }),
  direction?: SortDirection | { direction?: SortDirection; stable?: boolean },
  stable?: boolean,
): Tensor;
export function argsort(...args: unknown[]): Tensor {
  return call(ordering.argsort, args);
}

/** What tf.math.top_k gives: a pair, by name or by place. */
export class TopKV2 {
  static {
    inspectByRepr(TopKV2.prototype);
  }

  readonly values: Tensor;
  readonly indices: Tensor;
  readonly 0: Tensor;
  readonly 1: Tensor;
  readonly length: number = 2;

  constructor(values: Tensor, indices: Tensor) {
    this.values = values;
    this.indices = indices;
    this[0] = values;
    this[1] = indices;
  }

  *[Symbol.iterator](): Generator<Tensor> {
    yield this.values;
    yield this.indices;
  }

  __repr__(): string {
    return `TopKV2(values=${repr(this.values)}, indices=${repr(this.indices)})`;
  }

  toString(): string {
    return this.__repr__();
  }
}

/**
 * tf.math.top_k: the k (1) largest cells of the last axis in order, and where they are, as int32.
 *
 * @throws InvalidArgumentError where there are fewer than k
 * @example tf.math.top_k([1, 3, 2], 2).indices.tolist() // [1, 2]
 */
export function top_k(
  input: TensorInput,
  k?: number | { k?: number; sorted?: boolean },
  sorted?: boolean | { sorted?: boolean },
): TopKV2;
export function top_k(...args: unknown[]): TopKV2 {
  const [values, indices] = callAll(inParts.top_k, args) as [Tensor, Tensor];
  return new TopKV2(values, indices);
}
