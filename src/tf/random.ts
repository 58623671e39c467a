/** tf.random: numbers from Philox, as TensorFlow's CPU kernels draw them. */

import { normal as normalDistribution, startOf, truncatedNormal } from '../random/philox.js';
import { type Tensor as CoreTensor, op } from '../tensor/tensor.js';
import { type IntsInput, intArgument, type TensorInput, tensorArgument } from './arguments.js';
import type { DTypeInput } from './create.js';
import {
  checkAlgorithm,
  type Distributions,
  integers,
  normalNumbers,
  seedArgument,
  shapeArgument,
  uniformNumbers,
} from './draws.js';
import { dtypeOr } from './dtype.js';
import { type Row, row } from './row.js';
import { call, type Tensor } from './tensor.js';

export interface UniformOptions {
  readonly minval?: TensorInput | null;
  readonly maxval?: TensorInput | null;
  /** float32 (default), float64, int32 or int64. */
  readonly dtype?: DTypeInput;
  readonly alg?: Algorithm;
}

export interface NormalOptions {
  readonly mean?: TensorInput;
  readonly stddev?: TensorInput;
  /** float32 (default) or float64. */
  readonly dtype?: DTypeInput;
  readonly alg?: Algorithm;
}

/** Philox, which is what TensorFlow's CPU takes by itself. */
export type Algorithm = 'auto_select' | 'philox';

const stateless = (name: string, distribution: Distributions): Row =>
  row(name, 'shape seed mean? stddev? dtype? alg?', ([sizes, seed, mean, stddev, dtype, alg]) => {
    checkAlgorithm(alg);
    return normalNumbers(distribution, shapeArgument(sizes), startOf(seedArgument(seed)), [mean, stddev, dtype]);
  });

const rows = {
  uniform: row(
    'stateless_uniform',
    'shape seed minval?~ maxval?~ dtype? alg?',
    ([sizes, seed, low, high, dtype, alg]) => {
      checkAlgorithm(alg);
      const isWhole = dtypeOr(dtype, 'float32').startsWith('int');
      const bounds = isWhole ? [low === undefined ? 0 : low, high] : [low, high];
      return uniformNumbers(shapeArgument(sizes), startOf(seedArgument(seed)), bounds[0], bounds[1], dtype);
    },
  ),
  normal: stateless('stateless_normal', normalDistribution),
  split: row('split', 'seed num? alg?', ([seed, num]) => {
    const given = seedTensor(seed as TensorInput);
    const count = num === undefined ? 2 : intArgument(num, 'num');
    const dtype = given.dtype === 'int64' ? 'int64' : 'int32';
    return integers([count, 2], dtype, startOf(seedArgument(given)), null, null);
  }),
  fold_in: row('fold_in', 'seed data alg?', ([seed, data]) => {
    const number = tensorArgument(data, 'int32');
    const dtype = number.dtype === 'int64' ? 'int64' : 'int32';
    const first = integers([1], dtype, startOf(seedArgument(seedTensor(seed as TensorInput))), null, null);
    return op.concatenate([first, op.reshape(number, [1])], 0);
  }),
  truncated: stateless('stateless_truncated_normal', truncatedNormal),
} as const;

/**
 * tf.random.stateless_uniform: numbers from minval (0) up to, and without, maxval (1), the same for the same seed of two
 * whole numbers; of int32 and int64, maxval must be given, or both be null for all there are.
 *
 * @throws ValueError for another dtype, or integers with one bound; InvalidArgumentError for a seed of another shape, or
 * minval not below maxval
 * @example tf.random.stateless_uniform([2], [1, 2]) // <tf.Tensor: shape=(2,), dtype=float32, numpy=array([0.8440604 , 0.19204533], dtype=float32)>
 */
export function stateless_uniform(shape: IntsInput, options: UniformOptions & { seed: TensorInput }): Tensor;
export function stateless_uniform(shape: IntsInput, seed: TensorInput, options?: UniformOptions): Tensor;
export function stateless_uniform(
  shape: IntsInput,
  seed: TensorInput,
  minval: TensorInput | null,
  maxval?: TensorInput | null | Omit<UniformOptions, 'minval'>,
  dtype?: DTypeInput | Pick<UniformOptions, 'dtype' | 'alg'>,
  alg?: Algorithm | { alg?: Algorithm },
): Tensor;
export function stateless_uniform(...args: unknown[]): Tensor {
  return call(rows.uniform, args);
}

/** The overloads that normal numbers share. */
interface StatelessNormal {
  (shape: IntsInput, options: NormalOptions & { seed: TensorInput }): Tensor;
  (shape: IntsInput, seed: TensorInput, options?: NormalOptions): Tensor;
  (
    shape: IntsInput,
    seed: TensorInput,
    mean: TensorInput,
    stddev?: TensorInput | Omit<NormalOptions, 'mean'>,
    dtype?: DTypeInput | Pick<NormalOptions, 'dtype' | 'alg'>,
    alg?: Algorithm | { alg?: Algorithm },
  ): Tensor;
}

/** tf.random.stateless_normal: normal numbers of a mean (0) and a standard deviation (1), as stateless_uniform. */
export const stateless_normal: StatelessNormal = (...args: unknown[]) => call(rows.normal, args);

/** tf.random.stateless_truncated_normal: those within two standard deviations of the mean. */
export const stateless_truncated_normal: StatelessNormal = (...args: unknown[]) => call(rows.truncated, args);

/** A seed as a tensor: plain numbers are int32. */
const seedTensor = (seed: TensorInput): CoreTensor => tensorArgument(seed, 'int32');

/**
 * tf.random.split: as many new seeds from one, a row each.
 *
 * @example tf.random.split([1, 2], 3).shape // TensorShape([3, 2])
 */
export function split(seed: TensorInput, num?: number | { num?: number; alg?: Algorithm }): Tensor;
export function split(...args: unknown[]): Tensor {
  return call(rows.split, args);
}

/** tf.random.fold_in: a new seed from one and a whole number. */
export function fold_in(seed: TensorInput, data: TensorInput): Tensor;
export function fold_in(...args: unknown[]): Tensor {
  return call(rows.fold_in, args);
}

/** tf.random.experimental: older names. */
export const experimental: { readonly stateless_split: typeof split; readonly stateless_fold_in: typeof fold_in } = {
  stateless_split: split,
  stateless_fold_in: fold_in,
};

export * from './stream.js';
