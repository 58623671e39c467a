/**
 * PCG64 (O'Neill, "PCG: A family of simple fast space-efficient statistically good algorithms for random number
 * generation", 2014): 128 bits of state, multiplied and added to at each step, of which 64 come out, folded and rotated
 * (XSL-RR).
 */

import type { Words } from './words.js';

const LIMBS = 8;
const MASK = 0xffff;

/** A 128-bit number as eight 16-bit limbs, the lowest first: their products and sums are exact in a number. */
type Wide = Uint16Array;

/** 0x2360ed051fc65da44385df649fccf645. */
const MULTIPLIER: Wide = Uint16Array.of(0xf645, 0x9fcc, 0xdf64, 0x4385, 0x5da4, 0x1fc6, 0xed05, 0x2360);

export const toBigint = (wide: Wide): bigint => wide.reduceRight((value, limb) => (value << 16n) | BigInt(limb), 0n);

export function fromBigint(value: bigint): Wide {
  return Uint16Array.from({ length: LIMBS }, (_, i) => Number((value >> BigInt(16 * i)) & 0xffffn));
}

/** The state of a PCG64, as NumPy gives and takes it. */
export interface Pcg64State {
  readonly state: bigint;
  readonly inc: bigint;
  readonly has_uint32: number;
  readonly uinteger: number;
}

export class Pcg64 implements Words {
  #state: Wide = new Uint16Array(LIMBS);
  #next: Wide = new Uint16Array(LIMBS);
  #increment: Wide = new Uint16Array(LIMBS);
  /** The upper half of 64 bits whose lower half was given as 32, or -1. */
  #waiting = -1;
  low = 0;

  /** The stream of eight words of seed: state and sequence, each as two 64-bit words, the upper one first. */
  static seeded(words: Uint32Array): Pcg64 {
    const word = (at: number): bigint => BigInt(words[at] as number);
    const wide = (at: number): bigint =>
      (word(at + 1) << 96n) | (word(at) << 64n) | (word(at + 3) << 32n) | word(at + 2);
    const [initial, sequence] = [wide(0), wide(4)];
    const generator = new Pcg64();
    generator.#increment = fromBigint(BigInt.asUintN(128, (sequence << 1n) | 1n));
    generator.#step();
    generator.#state = fromBigint(BigInt.asUintN(128, toBigint(generator.#state) + initial));
    generator.#step();
    return generator;
  }

  get state(): Pcg64State {
    const isWaiting = this.#waiting >= 0;
    return {
      state: toBigint(this.#state),
      inc: toBigint(this.#increment),
      has_uint32: Number(isWaiting),
      uinteger: isWaiting ? this.#waiting : 0,
    };
  }

  set state({ state, inc, has_uint32, uinteger }: Pcg64State) {
    this.#state = fromBigint(state);
    this.#increment = fromBigint(inc);
    this.#waiting = has_uint32 ? uinteger : -1;
  }

  /** state = state * multiplier + increment, modulo 2^128. */
  #step(): void {
    const [state, next, increment] = [this.#state, this.#next, this.#increment];
    let carry = 0;
    for (let i = 0; i < LIMBS; i++) {
      // At most eight products of 32 bits and a carry: below 2^36.
      let sum = carry + (increment[i] as number);
      for (let j = 0; j <= i; j++) sum += (state[j] as number) * (MULTIPLIER[i - j] as number);
      next[i] = sum & MASK;
      carry = Math.floor(sum / 65536);
    }
    this.#state = next;
    this.#next = state;
  }

  next64(): number {
    this.#step();
    const s = this.#state;
    const word = (i: number): number => (((s[i + 1] as number) << 16) | (s[i] as number)) >>> 0;
    const low = word(0) ^ word(4);
    const high = word(2) ^ word(6);
    const turn = (s[7] as number) >>> 10;
    const [a, b] = turn < 32 ? [high, low] : [low, high];
    const by = turn & 31;
    if (by === 0) {
      this.low = b >>> 0;
      return a >>> 0;
    }
    this.low = ((b >>> by) | (a << (32 - by))) >>> 0;
    return ((a >>> by) | (b << (32 - by))) >>> 0;
  }

  next32(): number {
    if (this.#waiting >= 0) {
      const word = this.#waiting;
      this.#waiting = -1;
      return word;
    }
    this.#waiting = this.next64();
    return this.low;
  }

  double(): number {
    const high = this.next64();
    return (high * 2 ** 21 + (this.low >>> 11)) * 2 ** -53;
  }
}
