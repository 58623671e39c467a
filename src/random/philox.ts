/**
 * Philox 4x32-10 of Salmon, Moraes, Dror and Shaw (SC 2011), a generator that counts and scrambles, and the
 * distributions that TensorFlow's CPU kernels draw with it: to the bit, as far as float32 and integers go.
 */

import { cosSin, log } from './elementary.js';
import { cosf, logf, sinf } from './libm.js';

const { fround } = Math;

const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
const WEYL = [0x9e3779b9, 0xbb67ae85] as const;
const ROUNDS = 10;

/** The upper half of the product of two words. */
function high(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carried = aLow * bHigh + (middle % 0x10000);
  return aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carried / 0x10000);
}

/** Two words of key and four of counter: where a stream begins. */
export interface Start {
  readonly key: readonly [number, number];
  readonly counter: readonly [number, number, number, number];
}

/** Four words of a block, whose number counts in the lower two words of the counter. */
export type Block = readonly [number, number, number, number];

/** Scrambles one block. */
export function scramble({ key, counter }: Start, number = 0): Block {
  const low = counter[0] + number;
  let [a, b, c, d] = [low >>> 0, (counter[1] + Math.floor(low / 2 ** 32)) >>> 0, counter[2], counter[3]];
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const [x, y] = [high(a, MULTIPLIERS[0]), high(c, MULTIPLIERS[1])];
    [a, b, c, d] = [
      (y ^ b ^ k0) >>> 0,
      Math.imul(c, MULTIPLIERS[1]) >>> 0,
      (x ^ d ^ k1) >>> 0,
      Math.imul(a, MULTIPLIERS[0]) >>> 0,
    ];
    k0 = (k0 + WEYL[0]) >>> 0;
    k1 = (k1 + WEYL[1]) >>> 0;
  }
  return [a, b, c, d];
}

/** The lower and the upper word of a whole number of 64 bits. */
export const wordsOf = (x: number | bigint): readonly [number, number] => {
  const bits = BigInt.asUintN(64, BigInt(x));
  return [Number(bits & 0xffffffffn), Number(bits >> 32n)];
};

/** Where the stream of a stateless seed begins: key and counter are the seed, scrambled. */
export function startOf(seed: readonly [number | bigint, number | bigint]): Start {
  const [a, b, c, d] = scramble({ key: [0x3ec8f720, 0x02461e29], counter: [...wordsOf(seed[0]), ...wordsOf(seed[1])] });
  return { key: [a, b], counter: [0, 0, c, d] };
}

/** 23 bits of a word as a float32 in [0, 1). */
const float32 = (word: number): number => (word & 0x7fffff) / 2 ** 23;

/** 52 bits of two words as a float64 in [0, 1). */
const float64 = (upper: number, lower: number): number => ((upper & 0xfffff) * 2 ** 32 + lower) / 2 ** 52;

const LEAST = 1e-7;

/** Two normal numbers of two uniform ones, by Box and Muller, in single precision. */
function normals32(a: number, b: number): [number, number] {
  const radius = fround(Math.sqrt(fround(-2 * logf(Math.max(float32(a), fround(LEAST))))));
  const angle = fround(2 * Math.PI * float32(b));
  return [fround(sinf(angle) * radius), fround(cosf(angle) * radius)];
}

/** The same in double precision. */
function normals64([a, b, c, d]: Block): [number, number] {
  const radius = Math.sqrt(-2 * log(Math.max(float64(a, b), LEAST)));
  const [cos, sin] = cosSin(2 * Math.PI * float64(c, d));
  return [sin * radius, cos * radius];
}

/** What a block becomes: as many numbers as it has room for. */
export interface Distribution {
  /** Numbers a block gives. */
  readonly count: 2 | 4;
  /** The numbers of a group of `count`; group i begins at block i * step. */
  draw(start: Start, block: number): readonly number[];
  readonly step: number;
}

/** A distribution whose blocks each give a group. */
const byBlock = (count: 2 | 4, of: (words: Block) => readonly number[]): Distribution => ({
  count,
  step: 1,
  draw: (start, block) => of(scramble(start, block)),
});

/** Blocks that the kernels reserve for a number that may be drawn again. */
const RESERVED = 64;

/** Normal numbers within two standard deviations of the mean: others are drawn again, from as many blocks as it takes. */
const truncated = (count: 2 | 4, of: (words: Block) => readonly number[]): Distribution => ({
  count,
  step: count * RESERVED,
  draw(start, block) {
    const kept: number[] = [];
    for (let next = block; kept.length < count; next++) {
      kept.push(...of(scramble(start, next)).filter((x) => Math.abs(x) < 2));
    }
    return kept.slice(0, count);
  },
});

const normalsOf = {
  float32: ([a, b, c, d]: Block): readonly number[] => [...normals32(a, b), ...normals32(c, d)],
  float64: normals64,
} as const;

export const uniform: { readonly [D in 'float32' | 'float64']: Distribution } = {
  float32: byBlock(4, (words) => words.map(float32)),
  float64: byBlock(2, ([a, b, c, d]) => [float64(a, b), float64(c, d)]),
};

export const normal: { readonly [D in 'float32' | 'float64']: Distribution } = {
  float32: byBlock(4, normalsOf.float32),
  float64: byBlock(2, normalsOf.float64),
};

export const truncatedNormal: { readonly [D in 'float32' | 'float64']: Distribution } = {
  float32: truncated(4, normalsOf.float32),
  float64: truncated(2, normalsOf.float64),
};

/** Writes the first numbers of a stream. */
export function fill(array: Float32Array | Float64Array, start: Start, { count, step, draw }: Distribution): void {
  for (let i = 0, block = 0; i < array.length; i += count, block += step) {
    const numbers = draw(start, block);
    for (let j = 0; j < count && i + j < array.length; j++) array[i + j] = numbers[j] as number;
  }
}

/** Writes whole words, or 32-bit numbers from `low` up to, and without, `high`. */
export function fillInt32(array: Int32Array, start: Start, bounds: readonly [low: number, high: number] | null): void {
  const words = (i: number): Block => scramble(start, i / 4);
  for (let i = 0; i < array.length; i += 4) {
    words(i).forEach((word, j) => {
      if (i + j < array.length) array[i + j] = bounds === null ? word : bounds[0] + (word % (bounds[1] - bounds[0]));
    });
  }
}

/** The same of 64-bit numbers. */
export function fillInt64(
  array: BigInt64Array,
  start: Start,
  bounds: readonly [low: bigint, high: bigint] | null,
): void {
  for (let i = 0; i < array.length; i += 2) {
    const [a, b, c, d] = scramble(start, i / 2);
    [(BigInt(b) << 32n) | BigInt(a), (BigInt(d) << 32n) | BigInt(c)].forEach((word, j) => {
      if (i + j >= array.length) return;
      array[i + j] = bounds === null ? BigInt.asIntN(64, word) : bounds[0] + (word % (bounds[1] - bounds[0]));
    });
  }
}
