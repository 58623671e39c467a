/** np.random.RandomState, the legacy generator: MT19937, the polar method, masking. */

import { flag, signature } from '../../door/signature.js';
import { TypeError_, ValueError } from '../../errors.js';
import { log } from '../../random/log.js';
import { Mt19937, STATE_WORDS } from '../../random/mt19937.js';
import { isFloat } from '../../shape/dtype.js';
import { isForeign } from '../../tensor/foreign.js';
import { newTensor } from '../../tensor/tensor.js';
import { inspectByRepr, Tuple } from '../../text/python.js';
import type { ShapeInput } from '../axes.js';
import type { DTypeLike } from '../dtype.js';
import { type ArrayInput, toTensor } from '../input.js';
import { generic, ndarray, result } from '../ndarray.js';
import { checkRange, distributed, filled, integers, notNegative, type Sample, type Sized } from './arguments.js';
import { SeedSequence } from './bit_generators.js';
import { choose, permutation, shuffle } from './choice.js';

/** What seeds a RandomState: 32 bits, or a list of such numbers; null: fresh entropy. */
export type LegacySeed = number | bigint | readonly number[] | ndarray | null;

const outside = (word: number): boolean => word < 0 || word >= 2 ** 32;

function refuseOutside(words: readonly number[]): void {
  if (words.some(outside)) throw new ValueError('bad-argument', 'Seed must be between 0 and 2**32 - 1');
}

function seedEngine(engine: Mt19937, seed: unknown): void {
  if (seed === null || seed === undefined) {
    engine.state.set(new SeedSequence().words(STATE_WORDS));
    engine.state[0] = 0x80000000;
    engine.left = 1;
    return;
  }
  const isText = typeof seed === 'string';
  const given = isText ? null : toTensor(seed as ArrayInput);
  if (given === null || (isFloat(given.dtype) && given.size > 0)) {
    const dtype = given === null ? `<U${String(seed).length}` : given.dtype;
    throw new TypeError_(
      'bad-argument',
      `Cannot cast ${given?.shape.length ? 'array data' : 'scalar'} from dtype('${dtype}') to dtype('int64') according to the rule 'safe'`,
    );
  }
  const words = Array.from<number | bigint, number>(given.array, Number);
  if (words.length === 0) throw new ValueError('bad-argument', 'Seed must be non-empty');
  const isNumber = given.shape.length === 0 || (isForeign(seed) && given.size === 1);
  if (!isNumber && given.shape.length !== 1) throw new ValueError('bad-argument', 'Seed array must be 1-d');
  refuseOutside(words);
  if (isNumber) engine.seed(words[0] as number);
  else engine.seedByArray(words);
}

/** The whole state: name, words, how many of them are used, and the normal number that waits. */
export type LegacyState = Tuple<string | ndarray | number>;

const readSize = signature('random_sample', 'size?~');
const readUniform = signature('uniform', 'low? high? size?~');
const readNormal = signature('normal', 'loc? scale? size?~');
const readExponential = signature('exponential', 'scale? size?~');
const readRandint = signature('randint', 'low high?~ size?~ dtype?');
const readChoice = signature('choice', 'a size?~ replace? p?~');

/**
 * np.random.RandomState: the generator behind `np.random.rand` and the other functions of the module; its stream never
 * changes. Without a size, methods give one number.
 *
 * @throws ValueError for a seed outside of 0 to 2^32 - 1, TypeError_ for one that isn't whole
 */
export class RandomState {
  static {
    inspectByRepr(RandomState.prototype);
  }

  readonly #words: Mt19937 = new Mt19937();
  /** The second of a pair of normal numbers. */
  #waiting: number | null = null;

  constructor(seed: LegacySeed = null) {
    this.seed(seed);
  }

  /** Starts the stream of a seed: a number below 2^32 or a list of such; null: fresh entropy. */
  seed(seed: LegacySeed = null): void {
    seedEngine(this.#words, seed);
    this.#waiting = null;
  }

  /** The state as NumPy's tuple; its 624 words are int64 here. */
  get_state(): LegacyState {
    const { state, left, next } = this.#words;
    const keys = new ndarray(newTensor([...state], [STATE_WORDS], 'int64'));
    const position = left === 1 ? STATE_WORDS : next;
    return Tuple.from<string | ndarray | number>([
      'MT19937',
      keys,
      position,
      Number(this.#waiting !== null),
      this.#waiting ?? 0,
    ]) as LegacyState;
  }

  /** Goes on from a state that get_state gave. */
  set_state(state: LegacyState): void {
    if (!Array.isArray(state)) throw new TypeError_('bad-argument', 'state must be a dict or a tuple.');
    const [name, keys, position = STATE_WORDS, hasWaiting = 0, waiting = 0] = state;
    if (name !== 'MT19937' || !isForeign(keys))
      throw new ValueError('bad-argument', 'set_state can only be used with legacy MT19937 state instances.');
    const words = this.#words;
    words.state.set(Array.from<number | bigint, number>(keys.toCore().array, Number));
    words.next = Number(position);
    words.left = STATE_WORDS + 1 - words.next;
    this.#waiting = hasWaiting ? Number(waiting) : null;
  }

  /** A normal number by Marsaglia's polar method, which gives two. */
  #gauss(): number {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting !== null) return waiting;
    for (;;) {
      const x = 2 * this.#words.double() - 1;
      const y = 2 * this.#words.double() - 1;
      const square = x * x + y * y;
      if (square < 1 && square !== 0) {
        const factor = Math.sqrt((-2 * log(square)) / square);
        this.#waiting = factor * x;
        return factor * y;
      }
    }
  }

  /** Numbers in [0, 1). */
  random_sample(size?: null): number;
  random_sample(size: ShapeInput | { readonly size: ShapeInput }): ndarray;
  random_sample(...args: unknown[]): Sample {
    const [size] = readSize(args);
    return filled(() => this.#words.double(), size);
  }

  /** As random_sample. */
  random(size?: null): number;
  random(size: ShapeInput | { readonly size: ShapeInput }): ndarray;
  random(...args: unknown[]): Sample {
    return Reflect.apply(this.random_sample, this, args);
  }

  /** Numbers in [0, 1), of the sizes given one by one. */
  rand(): number;
  rand(...sizes: number[]): ndarray;
  rand(...sizes: number[]): Sample {
    return sizes.length === 0 ? this.random_sample() : this.random_sample(sizes);
  }

  /** Standard normal numbers, of the sizes given one by one. */
  randn(): number;
  randn(...sizes: number[]): ndarray;
  randn(...sizes: number[]): Sample {
    return filled(() => this.#gauss(), sizes.length === 0 ? null : sizes);
  }

  /** Standard normal numbers. */
  standard_normal(size?: null): number;
  standard_normal(size: ShapeInput | { readonly size: ShapeInput }): ndarray;
  standard_normal(...args: unknown[]): Sample {
    const [size] = readSize(args);
    return filled(() => this.#gauss(), size);
  }

  /**
   * Numbers in [low, high), by default [0, 1); bounds broadcast.
   *
   * @throws OverflowError where their difference isn't finite
   */
  uniform(low: number, high: number, size?: null): number;
  uniform(low?: ArrayInput, high?: ArrayInput, size?: ShapeInput | Sized | null): ndarray;
  uniform(low: ArrayInput, keywords: { readonly high?: ArrayInput } & Sized): ndarray;
  uniform(keywords: { readonly low?: ArrayInput; readonly high?: ArrayInput } & Sized): ndarray;
  uniform(): number;
  uniform(...args: unknown[]): Sample {
    const [low = 0, high = 1, size] = readUniform(args);
    checkRange(low, high, 'Range exceeds valid bounds');
    const draw = (a: number, b: number): number => a + (b - a) * this.#words.double();
    return distributed(draw, [{ value: low }, { value: high }], size);
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
    return distributed((a, b) => a + b * this.#gauss(), parameters, size);
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
    return distributed((a) => a * -log(1 - this.#words.double()), parameters, size);
  }

  /**
   * Whole numbers from low up to, and not with, high; of one bound, from 0. int64, or another integer dtype, or bool.
   *
   * @throws ValueError for an empty interval, or bounds the dtype doesn't hold; TypeError_ for a floating dtype
   */
  randint(low: number, high?: number | null): number;
  randint(low: ArrayInput, high: ArrayInput | null, size: ShapeInput, dtype?: DTypeLike): ndarray;
  randint(low: ArrayInput, high: ArrayInput | null, keywords: Sized & { readonly dtype?: DTypeLike }): ndarray;
  randint(
    low: ArrayInput,
    keywords: { readonly high?: ArrayInput | null; readonly dtype?: DTypeLike } & Sized,
  ): ndarray;
  randint(low: ArrayInput, high?: ArrayInput | null, size?: ShapeInput | null, dtype?: DTypeLike): ndarray | number;
  randint(...args: unknown[]): ndarray | number {
    const [low, high, size, dtype] = readRandint(args);
    const given = { name: 'randint', low, high, size, dtype, endpoint: false, isMasked: true } as const;
    const value = result(integers(this.#words, given));
    return value instanceof generic && dtype === undefined ? Number(value.item()) : value;
  }

  /**
   * A shuffled copy; of a number n, of 0 to n - 1.
   *
   * @throws IndexError for a scalar that isn't whole
   */
  permutation(x: ArrayInput): ndarray {
    return permutation(this.#chooser, x, 0);
  }

  /**
   * A list, or the rows of an array, brought in random order in place.
   *
   * @throws TypeError_ for what is neither
   */
  shuffle(x: ndarray | unknown[]): void {
    shuffle(this.#chooser, x, 0);
  }

  /**
   * Items of a vector, or of 0 to a - 1: with or without replacement, all alike or by probabilities p.
   *
   * @throws ValueError for probabilities that aren't, for more items than there are, and for nothing to choose from
   */
  choice(a: number, size?: null): number;
  choice(a: ArrayInput, size?: ShapeInput | null, replace?: boolean, p?: ArrayInput | null): ndarray;
  choice(a: ArrayInput, size: ShapeInput | null, keywords: ChoiceKeywords): ndarray;
  choice(a: ArrayInput, keywords: ChoiceKeywords & Sized): ndarray;
  choice(...args: unknown[]): Sample {
    const [a, size, replace, p] = readChoice(args);
    return choose(this.#chooser, { a, size, replace: flag(replace, 'replace', true), p, axis: 0, shuffle: true });
  }

  get #chooser() {
    return { words: this.#words, isLegacy: true } as const;
  }

  __repr__(): string {
    return 'RandomState(MT19937)';
  }
}

interface ChoiceKeywords {
  readonly replace?: boolean;
  readonly p?: ArrayInput | null;
}
