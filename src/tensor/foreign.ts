/** How arrays of one door are understood by all others: each can say which core tensor it stands for. */

import type { Tensor } from './tensor.js';

export interface Foreign {
  /** The core tensor behind this array, recorded where this is. */
  toCore(): Tensor;
  /** Where toCore depends on circumstances (no_grad, tapes): all recorded forms of the value. */
  readonly recorded?: readonly Tensor[];
  /** Runs a function that is to be differentiated, whatever mode (no_grad) the door is in around it. */
  recording?<R>(body: () => R): R;
  /** A core tensor as an array of the same door as this one. */
  fromCore(value: Tensor): Foreign;
}

export const isForeign = (value: unknown): value is Foreign =>
  typeof value === 'object' && value !== null && 'toCore' in value && typeof value.toCore === 'function';
