/** tf.nn: pooling. */

import type { TensorInput } from './arguments.js';
import type { Each, Padding } from './nn.js';
import type { Row } from './row.js';
import { pools } from './rows/pool.js';
import { call, type Tensor } from './tensor.js';

/** Windows: one number, one a spatial axis, or one an axis of the input. */
export interface PoolOptions {
  readonly ksize: Each;
  readonly strides: Each;
  /** Pairs of zeros are for max_pool1d and max_pool2d. */
  readonly padding: Padding;
  readonly data_format?: string | null;
}

/** The overloads that all pools share. */
interface Pool {
  (input: TensorInput, options: PoolOptions): Tensor;
  (input: TensorInput, ksize: Each, options: Omit<PoolOptions, 'ksize'>): Tensor;
  (
    input: TensorInput,
    ksize: Each,
    strides: Each,
    padding: Padding | Pick<PoolOptions, 'padding' | 'data_format'>,
    data_format?: string | null | Pick<PoolOptions, 'data_format'>,
  ): Tensor;
}

const pool =
  (row: Row): Pool =>
  (...args: unknown[]) =>
    call(row, args);

/**
 * tf.nn.max_pool2d: the greatest cell of each window of (N, H, W, C). With 'SAME' the cells that are missing don't count.
 *
 * @throws InvalidArgumentError for windows larger than the padded input and what is no size, ValueError for lists of a
 * wrong length, UnimplementedError for windows over samples
 * @example tf.nn.max_pool2d(tf.reshape(tf.range(4), [1, 2, 2, 1]), 2, 1, 'VALID').tolist() // [[[[3]]]]
 */
export const max_pool2d: Pool = pool(pools.max_pool2d);
/** tf.nn.max_pool1d: of (N, W, C), as max_pool2d. */
export const max_pool1d: Pool = pool(pools.max_pool1d);
/** tf.nn.max_pool3d: of (N, D, H, W, C), as max_pool2d. */
export const max_pool3d: Pool = pool(pools.max_pool3d);
/** tf.nn.max_pool: max_pool1d, max_pool2d or max_pool3d, by the input's rank. */
export const max_pool: Pool = pool(pools.max_pool);
/** tf.nn.avg_pool2d: the mean of each window, over the cells that are there; otherwise as max_pool2d. */
export const avg_pool2d: Pool = pool(pools.avg_pool2d);
/** tf.nn.avg_pool1d: of (N, W, C), as avg_pool2d. */
export const avg_pool1d: Pool = pool(pools.avg_pool1d);
/** tf.nn.avg_pool3d: of (N, D, H, W, C), as avg_pool2d. */
export const avg_pool3d: Pool = pool(pools.avg_pool3d);
/** tf.nn.avg_pool: avg_pool1d, avg_pool2d or avg_pool3d, by the input's rank. */
export const avg_pool: Pool = pool(pools.avg_pool);
