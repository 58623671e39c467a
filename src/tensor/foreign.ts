/** How arrays of one door are understood by all others: each can say which core tensor it stands for. */

import type { Tensor } from './tensor.js';

export interface Foreign {
  /** The core tensor behind this array, recorded where this is. */
  toCore(): Tensor;
  /** As toCore, for who keeps nothing of it: where there is this, it changes in place. */
  readonly borrowed?: Tensor;
  /** Where toCore depends on circumstances (no_grad, tapes): all recorded forms of the value. */
  readonly recorded?: readonly Tensor[];
  /** Runs a function that is to be differentiated, whatever mode (no_grad) the door is in around it. */
  recording?<R>(body: () => R): R;
  /** A core tensor as an array of the same door as this one. */
  fromCore(value: Tensor): Foreign;
}

/** The core tensor behind an array, for who is done with it before anything else happens. */
export const borrowed = (array: Foreign): Tensor => array.borrowed ?? array.toCore();

export const isForeign = (value: unknown): value is Foreign =>
  typeof value === 'object' && value !== null && 'toCore' in value && typeof value.toCore === 'function';
