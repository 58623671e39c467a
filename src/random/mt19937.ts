/**
 * The Mersenne Twister MT19937 of Matsumoto and Nishimura (ACM TOMACS 8, 1998), with the seeding of their 2002
 * reference program: what at::mt19937 and NumPy's legacy RandomState draw from.
 */

import type { Words } from './words.js';

/** Words of state. */
export const STATE_WORDS = 624;

const MIDDLE = 397;
const MATRIX = 0x9908b0df;

/** One step of the twisted recurrence: the top bit of u and the low bits of v, shifted by one, times the matrix. */
const twist = (u: number, v: number): number => (((u & 0x80000000) | (v & 0x7fffffff)) >>> 1) ^ (v & 1 ? MATRIX : 0);

/** A stream of 32-bit words. `left` and `next` count as at::mt19937 counts them, so that its saved state fits. */
export class Mt19937 implements Words {
  readonly state: Uint32Array = new Uint32Array(STATE_WORDS);
  /** Draws until the state is renewed, that one included; 1 when freshly seeded. */
  left = 1;
  /** The word of the state that the next draw tempers. */
  next = 0;

  /** Starts the stream of a 32-bit seed. */
  seed(seed: number): void {
    const { state } = this;
    let word = seed >>> 0;
    state[0] = word;
    for (let i = 1; i < STATE_WORDS; i++) {
      word = (Math.imul(1812433253, word ^ (word >>> 30)) + i) >>> 0;
      state[i] = word;
    }
    this.left = 1;
    this.next = 0;
  }

  /** Starts the stream of several 32-bit words, at least one. */
  seedByArray(words: readonly number[]): void {
    this.seed(19650218);
    const { state } = this;
    let i = 1;
    const next = (): void => {
      if (++i < STATE_WORDS) return;
      state[0] = state[STATE_WORDS - 1] as number;
      i = 1;
    };
    const mixed = (by: number): number => {
      const before = state[i - 1] as number;
      return (state[i] as number) ^ Math.imul(before ^ (before >>> 30), by);
    };
    for (let k = 0; k < Math.max(STATE_WORDS, words.length); k++) {
      const j = k % words.length;
      state[i] = mixed(1664525) + (words[j] as number) + j;
      next();
    }
    for (let k = 1; k < STATE_WORDS; k++) {
      state[i] = mixed(1566083941) - i;
      next();
    }
    state[0] = 0x80000000;
  }

  /** The next word, a whole number in [0, 2^32). */
  draw(): number {
    if (--this.left === 0) this.#renew();
    let y = this.state[this.next++] as number;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  next32(): number {
    return this.draw();
  }

  /** The lower half of the last 64 bits. */
  low = 0;

  next64(): number {
    const high = this.draw();
    this.low = this.draw();
    return high;
  }

  /** A float64 in [0, 1): 27 bits of one word and 26 of the next. */
  double(): number {
    const high = this.draw() >>> 5;
    return (high * 2 ** 26 + (this.draw() >>> 6)) * 2 ** -53;
  }

  #renew(): void {
    const { state } = this;
    const word = (i: number): number => state[i < STATE_WORDS ? i : i - STATE_WORDS] as number;
    for (let i = 0; i < STATE_WORDS; i++) state[i] = word(i + MIDDLE) ^ twist(word(i), word(i + 1));
    this.left = STATE_WORDS;
    this.next = 0;
  }
}
