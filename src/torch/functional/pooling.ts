/** torch.nn.functional: pooling. */

import type { Foreign } from '../../tensor/foreign.js';
import type { Tensor as CoreTensor } from '../../tensor/tensor.js';
import { Tuple } from '../../text/python.js';
import { boolArgument } from '../arguments.js';
import type { Call, Each } from '../calls.js';
import type { Row } from '../row.js';
import { adaptiveMax, adaptivePooling } from '../rows/adaptive.js';
import { maxPool, pooling } from '../rows/pooling.js';
import { call, Tensor } from '../tensor.js';

export interface MaxPoolOptions {
  readonly input?: Foreign;
  readonly kernel_size?: Each;
  readonly stride?: Each | null;
  readonly padding?: Each;
  readonly dilation?: Each;
  readonly ceil_mode?: boolean;
  readonly return_indices?: false;
}

interface WithIndices extends Omit<MaxPoolOptions, 'return_indices'> {
  readonly return_indices: true;
}

type Windows = [stride: Each | null, padding: Each, dilation: Each, ceil_mode: boolean];

/** max_pool1d to max_pool3d: with `return_indices`, two tensors. */
interface MaxPool {
  (
    ...args: Parameters<
      Call<[], [input: Foreign, kernel_size: Each], [...Windows, return_indices: false], MaxPoolOptions, Tensor>
    >
  ): Tensor;
  (input: Foreign, kernel_size: Each, options: WithIndices): [Tensor, Tensor];
  (input: Foreign, kernel_size: Each, stride: Each | null, options: WithIndices): [Tensor, Tensor];
  (
    input: Foreign,
    kernel_size: Each,
    stride: Each | null,
    padding: Each,
    dilation: Each,
    ceil_mode: boolean,
    return_indices: true,
  ): [Tensor, Tensor];
}

interface Found {
  readonly values: CoreTensor;
  readonly indices: () => CoreTensor;
}

const named = (row: Row, values: readonly unknown[], value: CoreTensor): Tensor =>
  new Tensor(value, typeof row.gradFn === 'string' ? row.gradFn : row.gradFn(values));

/** The largest cells, and where they are. */
const both = (row: Row, values: readonly unknown[], { values: cells, indices }: Found): [Tensor, Tensor] =>
  Tuple.from([named(row, values, cells), new Tensor(indices())]) as [Tensor, Tensor];

/** The largest cells, and where they are if that is wanted. */
const largest = (row: Row, values: readonly unknown[], wanted: boolean, found: Found): Tensor | [Tensor, Tensor] =>
  wanted ? both(row, values, found) : named(row, values, found.values);

const maxPoolOf = (rank: 1 | 2 | 3): ((...args: readonly unknown[]) => Tensor | [Tensor, Tensor]) => {
  const row = pooling[`max_pool${rank}d`];
  return (...args) => {
    const values = row.read(args);
    const wanted = boolArgument(values[6], row.name, 'return_indices');
    return largest(row, values, wanted, maxPool(rank, values));
  };
};

const maxPoolWithIndices = (rank: 1 | 2 | 3): MaxPoolWithIndices => {
  const row = pooling[`max_pool${rank}d`];
  return (...args: readonly unknown[]) => {
    const values = row.read(args);
    return both(row, values, maxPool(rank, values));
  };
};

/** F.max_pool1d: as max_pool2d, of (N, C, W) or (C, W); floating dtypes only. */
export const max_pool1d: MaxPool = maxPoolOf(1) as MaxPool;

/**
 * F.max_pool2d: the largest cell of each window of (N, C, H, W) or (C, H, W); `stride` is the kernel's size where it is
 * left out, padding is -inf, a NaN is largest. Size floor((H + 2 padding - dilation (kH - 1) - 1) / stride) + 1, with
 * ceil_mode rounded up. With return_indices, also the positions in each plane, int64.
 *
 * @throws RuntimeError for windows, paddings and shapes that don't fit; NotImplementedError for bool
 * @example F.max_pool2d(torch.arange(16).reshape([1, 4, 4]), 2).tolist() // [[[5, 7], [13, 15]]]
 */
export const max_pool2d: MaxPool = maxPoolOf(2) as MaxPool;

/** F.max_pool3d: as max_pool2d, of (N, C, D, H, W) or (C, D, H, W). */
export const max_pool3d: MaxPool = maxPoolOf(3) as MaxPool;

type MaxPoolWithIndices = Call<
  [],
  [input: Foreign, kernel_size: Each],
  [...Windows],
  Omit<MaxPoolOptions, 'return_indices'>,
  [Tensor, Tensor]
>;

/** F.max_pool1d_with_indices: max_pool1d and, as int64, where each was found in its line. */
export const max_pool1d_with_indices: MaxPoolWithIndices = maxPoolWithIndices(1);
/** F.max_pool2d_with_indices: max_pool2d and, as int64, where each was found in its plane. */
export const max_pool2d_with_indices: MaxPoolWithIndices = maxPoolWithIndices(2);
/** F.max_pool3d_with_indices: max_pool3d and, as int64, where each was found in its volume. */
export const max_pool3d_with_indices: MaxPoolWithIndices = maxPoolWithIndices(3);

export interface AvgPoolOptions {
  readonly input?: Foreign;
  readonly kernel_size?: Each;
  readonly stride?: Each | null;
  readonly padding?: Each;
  readonly ceil_mode?: boolean;
  readonly count_include_pad?: boolean;
}

export interface AvgPoolNdOptions extends AvgPoolOptions {
  readonly divisor_override?: number | null;
}

type Averages = [stride: Each | null, padding: Each, ceil_mode: boolean, count_include_pad: boolean];

type AvgPoolNd = Call<
  [],
  [input: Foreign, kernel_size: Each],
  [...Averages, divisor_override: number | null],
  AvgPoolNdOptions,
  Tensor
>;

/** F.avg_pool1d: as avg_pool2d, of (N, C, W) or (C, W); without divisor_override. */
export const avg_pool1d: Call<[], [input: Foreign, kernel_size: Each], [...Averages], AvgPoolOptions, Tensor> = (
  ...args: unknown[]
) => call(pooling.avg_pool1d, args);

/**
 * F.avg_pool2d: the mean of each window of (N, C, H, W) or (C, H, W); padding counts as cells of 0 unless
 * count_include_pad is false; divisor_override divides every sum. Sizes as max_pool2d's. Floating dtypes and int64.
 *
 * @throws RuntimeError for windows, paddings and shapes that don't fit; NotImplementedError for other dtypes
 * @example F.avg_pool2d(torch.ones(1, 2, 2), 2, { padding: 1 }).tolist() // [[[0.25, 0.25], [0.25, 0.25]]]
 */
export const avg_pool2d: AvgPoolNd = (...args: unknown[]) => call(pooling.avg_pool2d, args);

/** F.avg_pool3d: as avg_pool2d, of (N, C, D, H, W) or (C, D, H, W). */
export const avg_pool3d: AvgPoolNd = (...args: unknown[]) => call(pooling.avg_pool3d, args);

/** Sizes of the result: one for all dimensions, or one each; null keeps a size. */
type Sizes = number | readonly (number | null)[] | null;

interface AdaptiveOptions {
  readonly input?: Foreign;
  readonly output_size?: Sizes;
}

type AdaptiveAvgPool = Call<[], [input: Foreign, output_size: Sizes], [], AdaptiveOptions, Tensor>;

/** F.adaptive_avg_pool1d: as adaptive_avg_pool2d, of (N, C, W) or (C, W). */
export const adaptive_avg_pool1d: AdaptiveAvgPool = (...args: unknown[]) =>
  call(adaptivePooling.adaptive_avg_pool1d, args);

/**
 * F.adaptive_avg_pool2d: means of windows that give the wanted size: cell i of m is the mean of the cells from
 * floor(i H / m) up to ceil((i + 1) H / m). Floating dtypes only.
 *
 * @throws RuntimeError for shapes that don't fit, NotImplementedError for integers
 * @example F.adaptive_avg_pool2d(torch.ones(2, 5, 7), [1, null]).shape // torch.Size([2, 1, 7])
 */
export const adaptive_avg_pool2d: AdaptiveAvgPool = (...args: unknown[]) =>
  call(adaptivePooling.adaptive_avg_pool2d, args);

/** F.adaptive_avg_pool3d: as adaptive_avg_pool2d, of (N, C, D, H, W) or (C, D, H, W). */
export const adaptive_avg_pool3d: AdaptiveAvgPool = (...args: unknown[]) =>
  call(adaptivePooling.adaptive_avg_pool3d, args);

interface AdaptiveMaxPool {
  (input: Foreign, output_size: Sizes, return_indices?: false | { readonly return_indices?: false }): Tensor;
  (input: Foreign, output_size: Sizes, return_indices: true | { readonly return_indices: true }): [Tensor, Tensor];
}

type AdaptiveMaxPoolWithIndices = Call<[], [input: Foreign, output_size: Sizes], [], AdaptiveOptions, [Tensor, Tensor]>;

const adaptiveMaxPoolOf = (rank: 1 | 2 | 3): ((...args: readonly unknown[]) => Tensor | [Tensor, Tensor]) => {
  const row = adaptivePooling[`adaptive_max_pool${rank}d`];
  return (...args) => {
    const values = row.read(args);
    const wanted = boolArgument(values[2], row.name, 'return_indices');
    return largest(row, values, wanted, adaptiveMax(rank, values));
  };
};

const adaptiveWithIndices = (rank: 1 | 2 | 3): AdaptiveMaxPoolWithIndices => {
  const row = adaptivePooling[`adaptive_max_pool${rank}d`];
  return (...args: readonly unknown[]) => {
    const values = row.read(args);
    return both(row, values, adaptiveMax(rank, values));
  };
};

/** F.adaptive_max_pool1d: as adaptive_max_pool2d, of (N, C, W) or (C, W). */
export const adaptive_max_pool1d: AdaptiveMaxPool = adaptiveMaxPoolOf(1) as AdaptiveMaxPool;
/** F.adaptive_max_pool2d: the largest cells of adaptive_avg_pool2d's windows; with return_indices, also where they are. */
export const adaptive_max_pool2d: AdaptiveMaxPool = adaptiveMaxPoolOf(2) as AdaptiveMaxPool;
/** F.adaptive_max_pool3d: as adaptive_max_pool2d, of (N, C, D, H, W) or (C, D, H, W). */
export const adaptive_max_pool3d: AdaptiveMaxPool = adaptiveMaxPoolOf(3) as AdaptiveMaxPool;

/** F.adaptive_max_pool1d_with_indices: adaptive_max_pool1d and, as int64, where each was found in its line. */
export const adaptive_max_pool1d_with_indices: AdaptiveMaxPoolWithIndices = adaptiveWithIndices(1);
/** F.adaptive_max_pool2d_with_indices: adaptive_max_pool2d and, as int64, where each was found in its plane. */
export const adaptive_max_pool2d_with_indices: AdaptiveMaxPoolWithIndices = adaptiveWithIndices(2);
/** F.adaptive_max_pool3d_with_indices: adaptive_max_pool3d and, as int64, where each was found in its volume. */
export const adaptive_max_pool3d_with_indices: AdaptiveMaxPoolWithIndices = adaptiveWithIndices(3);
