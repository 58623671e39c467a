/** torch.nn.functional: what goes back from pools, and pools of powers. */

import type { Foreign } from '../../tensor/foreign.js';
import type { Call, Each } from '../calls.js';
import { unpooling } from '../rows/unpool.js';
import { call } from '../tensor.js';

export interface UnpoolOptions {
  readonly input?: Foreign;
  readonly indices?: Foreign;
  readonly kernel_size?: Each;
  readonly stride?: Each | null;
  readonly padding?: Each;
  readonly output_size?: Each | null;
}

type Unpool = Call<
  [],
  [input: Foreign, indices: Foreign, kernel_size: Each],
  [stride: Each | null, padding: Each, output_size: Each | null],
  UnpoolOptions
>;

/** F.max_unpool1d: as max_unpool2d, of (N, C, W) or (C, W). */
export const max_unpool1d: Unpool = (...args: unknown[]) => call(unpooling.max_unpool1d, args);
/**
 * F.max_unpool2d: puts what max_pool2d found back to where it was, by its int64 indices, into zeros.
 *
 * @throws RuntimeError for indices that don't fit, ValueError for an output_size that the pool can't have had
 * @example
 * const [y, at] = F.max_pool2d(torch.tensor([[[1, 2], [3, 4]]]), 2, { return_indices: true });
 * F.max_unpool2d(y, at, 2).tolist() // [[[0, 0], [0, 4]]]
 */
export const max_unpool2d: Unpool = (...args: unknown[]) => call(unpooling.max_unpool2d, args);
/** F.max_unpool3d: as max_unpool2d, of (N, C, D, H, W) or (C, D, H, W). */
export const max_unpool3d: Unpool = (...args: unknown[]) => call(unpooling.max_unpool3d, args);

export interface PowerPoolOptions {
  readonly input?: Foreign;
  readonly norm_type?: number;
  readonly kernel_size?: Each;
  readonly stride?: Each | null;
  readonly ceil_mode?: boolean;
}

type PowerPool = Call<
  [],
  [input: Foreign, norm_type: number, kernel_size: Each],
  [stride: Each | null, ceil_mode: boolean],
  PowerPoolOptions
>;

/** F.lp_pool1d: as lp_pool2d, of (N, C, W) or (C, W). */
export const lp_pool1d: PowerPool = (...args: unknown[]) => call(unpooling.lp_pool1d, args);
/** F.lp_pool2d: the p-norm of each window, p = norm_type; infinity is the largest size. */
export const lp_pool2d: PowerPool = (...args: unknown[]) => call(unpooling.lp_pool2d, args);
/** F.lp_pool3d: as lp_pool2d, of (N, C, D, H, W) or (C, D, H, W). */
export const lp_pool3d: PowerPool = (...args: unknown[]) => call(unpooling.lp_pool3d, args);
