/** torch.nn.functional: padding. */

import type { Foreign } from '../../tensor/foreign.js';
import type { Call } from '../calls.js';
import { padding } from '../rows/padding.js';
import { call, type Tensor } from '../tensor.js';

export type PadMode = 'constant' | 'reflect' | 'replicate' | 'circular';

export interface PadOptions {
  readonly input?: Foreign;
  readonly pad?: readonly number[];
  readonly mode?: PadMode;
  readonly value?: number | null;
}

/**
 * F.pad: adds cells (or, where negative, cuts cells), by pairs that start with the last dimension. 'constant' adds
 * `value`, to any dimensions; 'reflect' mirrors without repeating the edge, 'replicate' repeats the edge, 'circular'
 * goes round: these three take the last 1, 2 or 3 dimensions of a tensor that has one or two more.
 *
 * @throws RuntimeError for paddings that don't fit, NotImplementedError for ranks that a mode doesn't have
 * @example F.pad(torch.ones(1, 2), [1, 0]).tolist() // [[0, 1, 1]]
 * @example F.pad(torch.tensor([[1, 2, 3]]), [2, 1], 'reflect').tolist() // [[3, 2, 1, 2, 3, 2]]
 */
export const pad: Call<
  [],
  [input: Foreign, pad: readonly number[]],
  [mode: PadMode, value: number | null],
  PadOptions,
  Tensor
> = (...args: unknown[]) => call(padding.pad, args);
