/** tf.random: numbers from Philox, as TensorFlow's CPU kernels draw them. */

import { showTf } from '../conv/tf.js';
import { ValueError } from '../errors.js';
import { heap } from '../heap/heap.js';
import { broadcastTo } from '../ops/composite.js';
import { isFloat } from '../shape/dtype.js';
import { broadcastShapes, checkSize, type Shape, sizeOf } from '../shape/shape.js';
import { Buffer, Tensor as CoreTensor, op } from '../tensor/tensor.js';
import { repr } from '../text/python.js';
import { type IntsInput, intsArgument, invalid, type TensorInput, tensorArgument } from './arguments.js';
import type { DTypeInput } from './create.js';
import { dtypeOf, dtypeOr } from './dtype.js';
import {
  type Distribution,
  fill,
  fillInt32,
  fillInt64,
  normal,
  type Start,
  startOf,
  truncatedNormal,
  uniform,
} from './philox.js';
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

type Float = 'float32' | 'float64';

type Distributions = { readonly [D in Float]: Distribution };

/** Two whole numbers. */
export function seedArgument(value: unknown): [number | bigint, number | bigint] {
  const given = tensorArgument(value, 'int64');
  const operation = 'StatelessRandomGetKeyCounter';
  if (isFloat(given.dtype)) {
    throw invalid(
      operation,
      'dtype-mismatch',
      "Value for attr 'Tseed' is not in the list of allowed values: int32, int64",
    );
  }
  if (given.shape.length !== 1 || given.shape[0] !== 2) {
    throw invalid(operation, 'shape-mismatch', `seed must have shape [2], not ${showTf(given.shape)}`);
  }
  const [low, high] = Array.from<number | bigint>(given.array) as [number | bigint, number | bigint];
  return [low, high];
}

function shapeArgument(value: unknown): Shape {
  const shape = intsArgument(value, 'StatelessRandomUniformV2');
  const negative = shape.find((size) => size < 0);
  if (negative !== undefined) {
    throw invalid('StatelessRandomUniformV2', 'size-invalid', `Dimension ${negative} must be >= 0`);
  }
  checkSize(shape, 'the tensor');
  return shape;
}

function checkAlgorithm(alg: unknown): void {
  if (alg === undefined || alg === 'auto_select' || alg === 'philox' || alg === 1 || alg === 3) return;
  throw new ValueError('bad-argument', `Unsupported algorithm ${repr(alg)}; it must be 'auto_select' or 'philox'`);
}

/** Floats of a distribution. */
export function drawn(shape: Shape, dtype: Float, start: Start, distribution: Distributions): CoreTensor {
  const array = heap.allocate(dtype, sizeOf(shape));
  fill(array, start, distribution[dtype]);
  return new CoreTensor(shape, dtype, new Buffer(array));
}

/** `numbers * scale + offset`, all of one dtype; scale and offset broadcast, as may gradients through them. */
export function placed(numbers: CoreTensor, scale: CoreTensor, offset: CoreTensor): CoreTensor {
  const joint = (x: CoreTensor, name: 'multiply' | 'add', y: CoreTensor): CoreTensor => {
    const shape = broadcastShapes(x.shape, y.shape);
    if (shape === null) {
      const shapes = `${showTf(x.shape)} vs. ${showTf(y.shape)}`;
      throw invalid(name === 'add' ? 'AddV2' : 'Mul', 'shape-mismatch', `Incompatible shapes: ${shapes}`);
    }
    return op[name](broadcastTo(op, x, shape), broadcastTo(op, y, shape));
  };
  return joint(joint(numbers, 'multiply', scale), 'add', offset);
}

/** A bound or a moment, of the dtype that is drawn. */
export function parameter(value: unknown, dtype: Float | 'int32' | 'int64'): CoreTensor {
  const given = tensorArgument(value, dtype);
  if (given.dtype === dtype) return given;
  throw new ValueError(
    'dtype-mismatch',
    `Tensor conversion requested dtype ${dtype} for Tensor with dtype ${given.dtype}: ${repr(value)}`,
  );
}

/** Whole numbers from one bound up to the other, or all there are. */
export function integers(
  shape: Shape,
  dtype: 'int32' | 'int64',
  start: Start,
  low: unknown,
  high: unknown,
): CoreTensor {
  const hasLow = low !== undefined && low !== null;
  if (hasLow !== (high !== undefined && high !== null)) {
    throw new ValueError(
      'bad-argument',
      `For integer \`dtype\` argument ${repr(dtypeOf[dtype])}, argument \`minval\` and \`maxval\` must be both None ` +
        `or not None. Got \`minval\`=${repr(low)} and \`maxval\`=${repr(high)}.`,
    );
  }
  const bounds = hasLow ? [low, high].map((bound) => boundOf(bound, dtype)) : null;
  if (bounds !== null && (bounds[0] as bigint) >= (bounds[1] as bigint)) {
    throw invalid('StatelessRandomUniformIntV2', 'bad-argument', `Need minval < maxval, got ${bounds.join(' >= ')}`);
  }
  const array = heap.allocate(dtype, sizeOf(shape));
  if (array instanceof BigInt64Array) fillInt64(array, start, bounds as [bigint, bigint] | null);
  else fillInt32(array, start, bounds === null ? null : (bounds.map(Number) as [number, number]));
  return new CoreTensor(shape, dtype, new Buffer(array));
}

function boundOf(value: unknown, dtype: 'int32' | 'int64'): bigint {
  const { shape, array } = parameter(value, dtype);
  if (shape.length === 0) return BigInt(array[0] as number | bigint);
  const message = `minval must be 0-D, got shape ${showTf(shape)}`;
  throw invalid('StatelessRandomUniformIntV2', 'rank-mismatch', message);
}

/** The dtype of random numbers. */
export function kindArgument<K extends string>(dtype: unknown, allowed: readonly K[]): K {
  const name = dtypeOr(dtype, 'float32');
  const kind = allowed.find((each) => each === name);
  if (kind !== undefined) return kind;
  const known = allowed.map((each) => `tf.${each}`).join(', ');
  throw new ValueError(
    'dtype-mismatch',
    `Argument \`dtype\` got invalid value tf.${name}. Accepted dtypes are ${known}.`,
  );
}

export const UNIFORM = ['float32', 'float64', 'int32', 'int64'] as const;
export const NORMAL = ['float32', 'float64'] as const;

/** Uniform numbers of a stream, between bounds. */
export function uniformNumbers(shape: Shape, start: Start, low: unknown, high: unknown, dtype: unknown): CoreTensor {
  const kind = kindArgument(dtype, UNIFORM);
  if (kind === 'int32' || kind === 'int64') return integers(shape, kind, start, low, high);
  const least = parameter(low ?? 0, kind);
  const most = parameter(high ?? 1, kind);
  const width = placed(most, op.full({ shape: [], dtype: kind }, 1), op.negate(least));
  return placed(drawn(shape, kind, start, uniform), width, least);
}

/** Normal numbers of a stream, of a mean and a standard deviation. */
export function normalNumbers(
  distribution: Distributions,
  shape: Shape,
  start: Start,
  [mean, stddev, dtype]: readonly unknown[],
): CoreTensor {
  const kind = kindArgument(dtype, NORMAL);
  return placed(drawn(shape, kind, start, distribution), parameter(stddev ?? 1, kind), parameter(mean ?? 0, kind));
}

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
  normal: stateless('stateless_normal', normal),
  truncated: stateless('stateless_truncated_normal', truncatedNormal),
} as const;

/**
 * tf.random.stateless_uniform: numbers from minval (0) up to, and without, maxval (1), the same for the same seed of two
 * whole numbers; of int32 and int64, maxval must be given, or both be null for all there are.
 *
 * @throws ValueError for another dtype, or integers with one bound; InvalidArgumentError for a seed of another shape, or
 * minval not below maxval
 * @example tf.random.stateless_uniform([2], [1, 2]) // <tf.Tensor: shape=(2,), dtype=float32, numpy=array([0.5441101, 0.20738031], dtype=float32)>
 */
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
