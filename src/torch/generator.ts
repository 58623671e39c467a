/** What torch.Generator draws from on the CPU: a Mersenne Twister, and the half of a Box-Muller pair that is still to be given out. */

import { RuntimeError, TypeError_, ValueError } from '../errors.js';
import { Mt19937, STATE_WORDS } from '../random/mt19937.js';

/** The seed of a `torch.Generator()` that nobody has seeded. */
const DEFAULT_SEED = 67280421310721;

/** Where things stand in PyTorch's saved state (a C struct, little-endian), in bytes. */
const field = {
  seed: 0,
  left: 8,
  seeded: 12,
  next: 16,
  state: 24,
  normal: 24 + 8 * STATE_WORDS + 8,
  normalIsValid: 24 + 8 * STATE_WORDS + 24,
} as const;
const STATE_BYTES = 5056;

/**
 * A whole number between -2^63 and `limit` as a bigint.
 *
 * @throws TypeError_ if it is no whole number; ValueError if it lies outside.
 */
export function toInteger(value: number | bigint, name: string, limit: bigint): bigint {
  if (typeof value === 'number' && !Number.isInteger(value)) {
    throw new TypeError_('bad-argument', `${name} must be a whole number, but got ${value}.`);
  }
  const integer = BigInt(value);
  if (integer < -(2n ** 63n) || integer >= limit) {
    throw new ValueError(
      'bad-argument',
      `Overflow when unpacking long long: ${name} must be at least -2^63 and less than ${limit}, but got ${value}.`,
    );
  }
  return integer;
}

/** 53 bits of entropy: all that a number holds exactly, and what PyTorch itself takes for its GPU generators. */
function entropy(): number {
  const words = crypto.getRandomValues(new Uint32Array(2));
  return ((words[0] as number) & 0x1fffff) * 2 ** 32 + (words[1] as number);
}

/** A source of random words, as `at::CPUGeneratorImpl`: the same seed gives the same words as PyTorch's. */
export class CpuGenerator {
  readonly #engine = new Mt19937();
  #seed = 0n;
  /** The second normal sample of the last scalar Box-Muller pair, if it has not been used. */
  nextNormal: number | null = null;

  /** A generator with the seed that `torch.Generator()` starts from, or the one given. */
  constructor(seed: number | bigint = DEFAULT_SEED) {
    this.manual_seed(seed);
  }

  /**
   * Starts the stream of a seed from -2^63 to 2^64 - 1; a negative one counts modulo 2^64. Only the low 32 bits reach
   * the stream, as in PyTorch: 2^40 and 0 give the same numbers.
   *
   * @throws RuntimeError if it is no whole number; ValueError if it is out of range.
   */
  manual_seed(seed: number | bigint): this {
    if (typeof seed === 'number' && !Number.isInteger(seed)) {
      throw new RuntimeError('bad-argument', `manual_seed expected a long, but got ${seed}: give a whole number.`);
    }
    this.#seed = BigInt.asUintN(64, toInteger(seed, 'seed', 2n ** 64n));
    this.#engine.seed(Number(BigInt.asUintN(32, this.#seed)));
    this.nextNormal = null;
    return this;
  }

  /** Seeds from the host's entropy, and returns the seed. */
  seed(): number {
    const seed = entropy();
    this.manual_seed(seed);
    return seed;
  }

  /** The last seed, from 0 to 2^64 - 1: a bigint if a number would not hold it exactly. */
  initial_seed(): number | bigint {
    return this.#seed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(this.#seed) : this.#seed;
  }

  /** The next 32 random bits, as a number. */
  random(): number {
    return this.#engine.draw();
  }

  /** The next 64 random bits: two words, the high one first. */
  random64(): bigint {
    const high = BigInt(this.#engine.draw());
    return (high << 32n) | BigInt(this.#engine.draw());
  }

  /** The whole state: the 5056 bytes of PyTorch's `get_state()`. */
  save(): Uint8Array {
    const view = new DataView(new ArrayBuffer(STATE_BYTES));
    view.setBigUint64(field.seed, this.#seed, true);
    view.setInt32(field.left, this.#engine.left, true);
    view.setInt32(field.seeded, 1, true);
    view.setUint32(field.next, this.#engine.next, true);
    this.#engine.state.forEach((word, i) => {
      view.setUint32(field.state + 8 * i, word, true);
    });
    if (this.nextNormal !== null) {
      view.setFloat64(field.normal, this.nextNormal, true);
      view.setInt32(field.normalIsValid, 1, true);
    }
    return new Uint8Array(view.buffer);
  }

  /**
   * Goes on from a state that `save()` gave, or `get_state()` in PyTorch.
   *
   * @throws RuntimeError if the bytes are no such state.
   */
  restore(state: Uint8Array): this {
    if (state.length !== STATE_BYTES) {
      throw new RuntimeError(
        'data-invalid',
        `Expected a CPUGeneratorImplState of size ${STATE_BYTES} but found the input RNG state size to be ${state.length}`,
      );
    }
    const view = new DataView(state.buffer, state.byteOffset, state.length);
    const left = view.getInt32(field.left, true);
    const next = view.getUint32(field.next, true);
    if (!view.getInt32(field.seeded, true) || left < 1 || left > STATE_WORDS || next > STATE_WORDS) {
      throw new RuntimeError('data-invalid', 'Invalid mt19937 state: pass what get_state() returned.');
    }
    this.#seed = view.getBigUint64(field.seed, true);
    this.#engine.left = left;
    this.#engine.next = next;
    for (let i = 0; i < STATE_WORDS; i++) this.#engine.state[i] = view.getUint32(field.state + 8 * i, true);
    this.nextNormal = view.getInt32(field.normalIsValid, true) ? view.getFloat64(field.normal, true) : null;
    return this;
  }
}

let instance: CpuGenerator | null = null;

/** The generator of all draws that name none: one for the process, seeded from entropy until `manual_seed` is called. */
export function defaultGenerator(): CpuGenerator {
  instance ??= new CpuGenerator(entropy());
  return instance;
}

/** Puts another generator in the default one's place. */
export function useGenerator(generator: CpuGenerator): void {
  instance = generator;
}
