/** np.random.Generator and default_rng. */

import { flag, signature } from '../../door/signature.js';
import { float, type Words } from '../../random/words.js';
import { exponential, normal, normalf } from '../../random/ziggurat.js';
import { inspectByRepr } from '../../text/python.js';
import { integerOr, type ShapeInput } from '../axes.js';
import type { DTypeLike } from '../dtype.js';
import { type ArrayInput, toTensor } from '../input.js';
import { type ndarray, result } from '../ndarray.js';
import {
  checkRange,
  distributed,
  filled,
  floatType,
  integers,
  notNegative,
  type Sample,
  type Sized,
} from './arguments.js';
import { type BitGenerator, type Entropy, PCG64, SeedSequence } from './bit_generators.js';
import { choose, permutation, shuffle } from './choice.js';

interface Typed {
  readonly dtype?: DTypeLike;
}

const readFill = (name: string) => signature(name, 'size?~ dtype? out?~');
const readRandom = readFill('random');
const readStandardNormal = readFill('standard_normal');
const readStandardExponential = signature('standard_exponential', 'size?~');
const readUniform = signature('uniform', 'low? high? size?~');
const readNormal = signature('normal', 'loc? scale? size?~');
const readExponential = signature('exponential', 'scale? size?~');
const readIntegers = signature('integers', 'low high?~ size?~ dtype? endpoint?');
const readPermutation = signature('permutation', 'x axis?');
const readShuffle = signature('shuffle', 'x axis?');
const readChoice = signature('choice', 'a size?~ replace? p?~ axis? shuffle?');

/**
 * np.random.Generator: NumPy's own stream for a seed, to the last bit. Made by `default_rng`. Without a size, methods give
 * one number.
 */
export class Generator {
  static {
    inspectByRepr(Generator.prototype);
  }

  readonly bit_generator: BitGenerator;

  constructor(bit_generator: BitGenerator) {
    this.bit_generator = bit_generator;
  }

  get #words(): Words {
    return this.bit_generator.words;
  }

  /**
   * Numbers in [0, 1), float64 or float32.
   *
   * @throws TypeError_ for another dtype, ValueError for a negative size
   */
  random(size?: null, dtype?: DTypeLike | Typed): number;
  random(size: ShapeInput, dtype?: DTypeLike | Typed): ndarray;
  random(keywords: { readonly size: ShapeInput } & Typed): ndarray;
  random(keywords: { readonly size?: null } & Typed): number;
  random(...args: unknown[]): Sample {
    const [size, dtype] = readRandom(args);
    const type = floatType(dtype, 'random');
    const words = this.#words;
    return filled(type === 'float32' ? () => float(words) : () => words.double(), size, type);
  }

  /**
   * Standard normal numbers, float64 or float32.
   *
   * @throws as `random`
   */
  standard_normal(size?: null, dtype?: DTypeLike | Typed): number;
  standard_normal(size: ShapeInput, dtype?: DTypeLike | Typed): ndarray;
  standard_normal(keywords: { readonly size: ShapeInput } & Typed): ndarray;
  standard_normal(keywords: { readonly size?: null } & Typed): number;
  standard_normal(...args: unknown[]): Sample {
    const [size, dtype] = readStandardNormal(args);
    const type = floatType(dtype, 'standard_normal');
    const words = this.#words;
    return filled(type === 'float32' ? () => normalf(words) : () => normal(words), size, type);
  }

  /** Exponential numbers of mean 1, float64. */
  standard_exponential(size?: null): number;
  standard_exponential(size: ShapeInput | Sized): ndarray;
  standard_exponential(...args: unknown[]): Sample {
    const [size] = readStandardExponential(args);
    return filled(() => exponential(this.#words), size);
  }

  /**
   * Numbers in [low, high), by default [0, 1); bounds broadcast.
   *
   * @throws ValueError where high is below low, OverflowError where their difference isn't finite
   */
  uniform(low: number, high: number, size?: null): number;
  uniform(low?: ArrayInput, high?: ArrayInput, size?: ShapeInput | Sized | null): ndarray;
  uniform(low: ArrayInput, keywords: { readonly high?: ArrayInput } & Sized): ndarray;
  uniform(keywords: { readonly low?: ArrayInput; readonly high?: ArrayInput } & Sized): ndarray;
  uniform(): number;
  uniform(...args: unknown[]): Sample {
    const [low = 0, high = 1, size] = readUniform(args);
    checkRange(low, high);
    const range = span(low, high);
    const check = notNegative('high - low');
    return distributed((a, b) => a + b * this.#words.double(), [{ value: low }, { value: range, check }], size);
  }

  /**
   * Normal numbers of mean loc and deviation scale, which broadcast.
   *
   * @throws ValueError for a negative scale
   */
  normal(loc: number, scale: number, size?: null): number;
  normal(loc?: ArrayInput, scale?: ArrayInput, size?: ShapeInput | Sized | null): ndarray;
  normal(loc: ArrayInput, keywords: { readonly scale?: ArrayInput } & Sized): ndarray;
  normal(keywords: { readonly loc?: ArrayInput; readonly scale?: ArrayInput } & Sized): ndarray;
  normal(): number;
  normal(...args: unknown[]): Sample {
    const [loc = 0, scale = 1, size] = readNormal(args);
    const parameters = [{ value: loc }, { value: scale, check: notNegative('scale') }] as const;
    return distributed((a, b) => a + b * normal(this.#words), parameters, size);
  }

  /**
   * Exponential numbers of mean scale.
   *
   * @throws ValueError for a negative scale
   */
  exponential(scale?: number, size?: null): number;
  exponential(scale: ArrayInput, size?: ShapeInput | Sized | null): ndarray;
  exponential(keywords: { readonly scale?: ArrayInput } & Sized): ndarray;
  exponential(...args: unknown[]): Sample {
    const [scale = 1, size] = readExponential(args);
    const parameters = [{ value: scale, check: notNegative('scale') }, { value: 0 }] as const;
    return distributed((a) => a * exponential(this.#words), parameters, size);
  }

  /**
   * Whole numbers from low up to, and not with (`endpoint`: with), high; of one bound, from 0. int64, or another integer
   * dtype, or bool.
   *
   * @throws ValueError for an empty interval, or bounds the dtype doesn't hold; TypeError_ for a floating dtype
   */
  integers(
    low: ArrayInput,
    high?: ArrayInput | null,
    size?: ShapeInput | null,
    dtype?: DTypeLike,
    endpoint?: boolean,
  ): ndarray;
  integers(
    low: ArrayInput,
    high: ArrayInput | null,
    size: ShapeInput | null,
    keywords: Typed & { readonly endpoint?: boolean },
  ): ndarray;
  integers(
    low: ArrayInput,
    high: ArrayInput | null,
    keywords: Sized & Typed & { readonly endpoint?: boolean },
  ): ndarray;
  integers(
    low: ArrayInput,
    keywords: { readonly high?: ArrayInput | null; readonly endpoint?: boolean } & Sized & Typed,
  ): ndarray;
  integers(...args: unknown[]): ndarray {
    const [low, high, size, dtype, endpoint] = readIntegers(args);
    const given = { name: 'integers', low, high, size, dtype, endpoint: flag(endpoint, 'endpoint', false) } as const;
    return result(integers(this.#words, { ...given, isMasked: false }));
  }

  /**
   * A shuffled copy along an axis; of a number n, of 0 to n - 1.
   *
   * @throws AxisError for an axis out of range
   */
  permutation(x: ArrayInput, axis?: number | { readonly axis?: number }): ndarray;
  permutation(...args: unknown[]): ndarray {
    const [x, axis] = readPermutation(args);
    return permutation(this.#chooser, x, integerOr(axis, 'axis', 0));
  }

  /**
   * A list, or an array along an axis, brought in random order in place.
   *
   * @throws TypeError_ for what is neither
   */
  shuffle(x: ndarray | unknown[], axis?: number | { readonly axis?: number }): void;
  shuffle(...args: unknown[]): void {
    const [x, axis] = readShuffle(args);
    shuffle(this.#chooser, x, integerOr(axis, 'axis', 0));
  }

  /**
   * Items of an array along an axis, or of 0 to a - 1: with or without replacement, all alike or by probabilities p.
   *
   * @throws ValueError for probabilities that aren't, for more items than there are, and for nothing to choose from
   */
  choice(a: number, size?: null): number;
  choice(
    a: ArrayInput,
    size?: ShapeInput | null,
    replace?: boolean,
    p?: ArrayInput | null,
    axis?: number,
    shuffle?: boolean,
  ): ndarray;
  choice(a: ArrayInput, size: ShapeInput | null, keywords: ChoiceKeywords): ndarray;
  choice(a: ArrayInput, keywords: ChoiceKeywords & Sized): ndarray;
  choice(...args: unknown[]): Sample {
    const [a, size, replace, p, axis, isShuffled] = readChoice(args);
    return choose(this.#chooser, {
      a,
      size,
      replace: flag(replace, 'replace', true),
      p,
      axis: integerOr(axis, 'axis', 0),
      shuffle: flag(isShuffled, 'shuffle', true),
    });
  }

  get #chooser() {
    return { words: this.#words, isLegacy: false } as const;
  }

  /** Generators of their own, from children of this one's seed. */
  spawn(n_children: number): Generator[] {
    const { bit_generator: own } = this;
    const sequence = own instanceof PCG64 ? own.seed_seq : new SeedSequence();
    return sequence.spawn(n_children).map((child) => new Generator(new PCG64(child)));
  }

  __repr__(): string {
    return `Generator(${this.bit_generator.name})`;
  }
}

interface ChoiceKeywords {
  readonly replace?: boolean;
  readonly p?: ArrayInput | null;
  readonly axis?: number;
  readonly shuffle?: boolean;
}

/** high - low, element by element. */
const span = (low: unknown, high: unknown): ndarray =>
  result(toTensor(high as ArrayInput, 'float64')).sub(result(toTensor(low as ArrayInput, 'float64')));

/**
 * np.random.default_rng: a Generator on PCG64. A Generator is given back as it is.
 *
 * @param seed a whole number of any size, a list of them, a SeedSequence or a bit generator; null: fresh entropy
 * @throws ValueError for a negative seed, TypeError_ for what is none
 * @example random.default_rng(42).integers(0, 10, { size: 3 }).tolist() // [0, 7, 6]
 */
export function default_rng(seed: Entropy | SeedSequence | BitGenerator | Generator = null): Generator {
  if (seed instanceof Generator) return seed;
  const isBitGenerator =
    typeof seed === 'object' && seed !== null && 'words' in seed && !(seed instanceof SeedSequence);
  return new Generator(isBitGenerator ? (seed as BitGenerator) : new PCG64(seed as Entropy | SeedSequence));
}
