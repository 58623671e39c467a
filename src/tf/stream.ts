/** tf.random: the numbers that come one after the other, as TensorFlow's eager kernels draw them from a global seed. */

import { ValueError } from '../errors.js';
import { Mt19937 } from '../random/mt19937.js';
import { normal as normalDistribution, type Start, truncatedNormal, wordsOf } from '../random/philox.js';
import { sizeOf } from '../shape/shape.js';
import { repr } from '../text/python.js';
import { type IntsInput, intArgument, type TensorInput } from './arguments.js';
import type { DTypeInput } from './create.js';
import { normalNumbers, shapeArgument, uniformNumbers } from './draws.js';
import { dtypeOr } from './dtype.js';
import { type Row, row } from './row.js';
import { call, type Tensor } from './tensor.js';

const LARGEST = 2 ** 31 - 1;
/** What stands for the global seed where there is none. */
const DEFAULT_SEED = 87654321;
/** Philox blocks that a kernel reserves for each number it gives. */
const RESERVED = 256;

/** Python's random.Random(seed).randint(0, 2^31 - 1), again and again. */
class Randint {
  readonly #words = new Mt19937();

  constructor(seed: number) {
    const [low, high] = wordsOf(Math.abs(seed));
    this.#words.seedByArray(high === 0 ? [low] : [low, high]);
  }

  next(): number {
    let word = this.#words.draw();
    while (word > LARGEST) word = this.#words.draw();
    return word;
  }
}

let globalSeed: number | null = null;
let operationSeeds = new Randint(0);
/** How far each kernel has come: eager TensorFlow keeps one for each operation, dtype and seeds. */
const positions = new Map<string, number>();

/**
 * tf.random.set_seed: the global seed. With it, each call of a random function takes a seed of its own from Python's
 * generator; without it, seeds come from the host.
 *
 * @example
 * tf.random.set_seed(5);
 * tf.random.uniform([2]) // <tf.Tensor: shape=(2,), dtype=float32, numpy=array([0.6263931, 0.5298432], dtype=float32)>
 */
export function set_seed(seed: number): void {
  globalSeed = intArgument(seed, 'seed');
  operationSeeds = new Randint(globalSeed);
  positions.clear();
}

/** A number from 0 up to, and without, 2^31 - 1. */
const truncated = (seed: number): number => ((seed % LARGEST) + LARGEST) % LARGEST;

/** The two seeds of a call. */
function seedsOf(seed: unknown): readonly [number, number] | null {
  const given = seed === undefined || seed === null ? null : intArgument(seed, 'seed');
  if (globalSeed === null && given === null) return null;
  const pair: readonly [number, number] =
    globalSeed === null
      ? [DEFAULT_SEED, truncated(given ?? 0)]
      : [truncated(globalSeed), truncated(given ?? operationSeeds.next())];
  return pair[0] === 0 && pair[1] === 0 ? [0, LARGEST] : pair;
}

/** Where the numbers of a call begin: a kernel goes on where its last call has ended. */
function startFor(kernel: string, seed: unknown, size: number): Start {
  const seeds = seedsOf(seed);
  if (seeds === null) {
    const random = new Uint32Array(4);
    crypto.getRandomValues(random);
    return {
      key: [random[0] as number, random[1] as number],
      counter: [0, 0, random[2] as number, random[3] as number],
    };
  }
  const [key, counter] = seeds.map(wordsOf) as [readonly [number, number], readonly [number, number]];
  const name = `${kernel} ${seeds.join(' ')}`;
  const at = positions.get(name) ?? 0;
  positions.set(name, at + size * RESERVED);
  return { key, counter: [...wordsOf(at), ...counter] };
}

const normals = (name: string, operation: string, distribution: typeof normalDistribution): Row =>
  row(name, 'shape mean? stddev? dtype? seed?~', ([sizes, mean, stddev, dtype, seed]) => {
    const shape = shapeArgument(sizes);
    const start = startFor(`${operation} ${dtypeOr(dtype, 'float32')}`, seed, sizeOf(shape));
    return normalNumbers(distribution, shape, start, [mean, stddev, dtype]);
  });

const rows = {
  uniform: row('uniform', 'shape minval? maxval?~ dtype? seed?~', ([sizes, low = 0, high, dtype, seed]) => {
    const shape = shapeArgument(sizes);
    const kind = dtypeOr(dtype, 'float32');
    const isWhole = kind === 'int32' || kind === 'int64';
    if (isWhole && (high === undefined || high === null)) {
      throw new ValueError('missing-argument', `Must specify maxval for integer dtype ${repr(dtype)}`);
    }
    const operation = isWhole ? 'RandomUniformInt' : 'RandomUniform';
    const start = startFor(`${operation} ${kind}`, seed, sizeOf(shape));
    return uniformNumbers(shape, start, low, high, dtype);
  }),
  normal: normals('normal', 'RandomStandardNormal', normalDistribution),
  truncated: normals('truncated_normal', 'TruncatedNormal', truncatedNormal),
} as const;

export interface StreamUniformOptions {
  readonly minval?: TensorInput;
  readonly maxval?: TensorInput | null;
  /** float32 (default), float64, int32 or int64. */
  readonly dtype?: DTypeInput;
  readonly seed?: number | null;
}

/** tf.random.uniform: the next numbers from minval (0) up to, and without, maxval (1). */
export function uniform(shape: IntsInput, options?: StreamUniformOptions): Tensor;
export function uniform(
  shape: IntsInput,
  minval: TensorInput,
  maxval?: TensorInput | null | Omit<StreamUniformOptions, 'minval'>,
  dtype?: DTypeInput | Pick<StreamUniformOptions, 'dtype' | 'seed'>,
  seed?: number | null | Pick<StreamUniformOptions, 'seed'>,
): Tensor;
export function uniform(...args: unknown[]): Tensor {
  return call(rows.uniform, args);
}

export interface StreamNormalOptions {
  readonly mean?: TensorInput;
  readonly stddev?: TensorInput;
  /** float32 (default) or float64. */
  readonly dtype?: DTypeInput;
  readonly seed?: number | null;
}

/** The overloads that normal numbers share. */
interface StreamNormal {
  (shape: IntsInput, options?: StreamNormalOptions): Tensor;
  (
    shape: IntsInput,
    mean: TensorInput,
    stddev?: TensorInput | Omit<StreamNormalOptions, 'mean'>,
    dtype?: DTypeInput | Pick<StreamNormalOptions, 'dtype' | 'seed'>,
    seed?: number | null | Pick<StreamNormalOptions, 'seed'>,
  ): Tensor;
}

/** tf.random.normal: the next normal numbers of a mean (0) and a standard deviation (1). */
export const normal: StreamNormal = (...args: unknown[]) => call(rows.normal, args);

/** tf.random.truncated_normal: those within two standard deviations of the mean. */
export const truncated_normal: StreamNormal = (...args: unknown[]) => call(rows.truncated, args);
