/**
 * Whole numbers in an interval, as NumPy draws them: by Lemire's multiplication (ACM TOMACS 29, 2019) for Generator, by
 * masking and rejection for the legacy RandomState. Small dtypes share the 32 bits of a word.
 */

import { big64, type Words } from './words.js';

export type IntegerDType = 'int32' | 'int64' | 'uint8' | 'bool';

/** Draws numbers in [0, range], from one call of a function to the next. */
export type Draw = (range: number | bigint) => number | bigint;

/** The least 2^k - 1 that is not below a range. */
function maskOf(range: number): number {
  return range === 0 ? 0 : 2 ** (32 - Math.clz32(range)) - 1;
}

const ALL32 = 2 ** 32 - 1;
const ALL64 = 2n ** 64n - 1n;

function lemire32(words: Words, range: number): number {
  const count = range + 1;
  let word = words.next32();
  let low = Math.imul(word, count) >>> 0;
  if (low < count) {
    const threshold = (ALL32 - range) % count;
    while (low < threshold) {
      word = words.next32();
      low = Math.imul(word, count) >>> 0;
    }
  }
  // The upper 32 bits of word * count, by halves of the word, whose products are exact.
  const upper = (word >>> 16) * count + Math.floor(((word & 0xffff) * count) / 65536);
  return Math.floor(upper / 65536);
}

function masked32(words: Words, range: number): number {
  const mask = maskOf(range);
  for (;;) {
    const value = (words.next32() & mask) >>> 0;
    if (value <= range) return value;
  }
}

function lemire64(words: Words, range: bigint): bigint {
  const count = range + 1n;
  let product = big64(words) * count;
  if ((product & ALL64) < count) {
    const threshold = (ALL64 - range) % count;
    while ((product & ALL64) < threshold) product = big64(words) * count;
  }
  return product >> 64n;
}

function masked64(words: Words, range: bigint): bigint {
  const mask = 2n ** BigInt(range.toString(2).length) - 1n;
  for (;;) {
    const value = big64(words) & mask;
    if (value <= range) return value;
  }
}

/** A whole number in [0, range] of 32 bits' worth or of 64, as the range demands. */
export function upTo(words: Words, range: number | bigint, isMasked = false): number | bigint {
  if (range <= ALL32) {
    const small = Number(range);
    if (small === 0) return 0;
    if (small === ALL32) return words.next32();
    return isMasked ? masked32(words, small) : lemire32(words, small);
  }
  const large = BigInt(range);
  if (large === ALL64) return big64(words);
  return isMasked ? masked64(words, large) : lemire64(words, large);
}

/** Pieces of `bits` bits, the lowest of a word first. */
function pieces(words: Words, bits: number): () => number {
  let [word, left] = [0, 0];
  return () => {
    if (left === 0) {
      word = words.next32();
      left = 32 / bits;
    } else word >>>= bits;
    left--;
    return word & (2 ** bits - 1);
  };
}

function bytes(words: Words, isMasked: boolean): Draw {
  const next = pieces(words, 8);
  return (given) => {
    const range = Number(given);
    if (range === 0) return 0;
    if (range === 255) return next();
    if (isMasked) {
      const mask = maskOf(range);
      for (;;) {
        const value = next() & mask;
        if (value <= range) return value;
      }
    }
    const count = range + 1;
    let product = next() * count;
    if ((product & 255) < count) {
      const threshold = (255 - range) % count;
      while ((product & 255) < threshold) product = next() * count;
    }
    return product >>> 8;
  };
}

/** What draws one array of a dtype. */
export function drawOf(words: Words, dtype: IntegerDType, isMasked: boolean): Draw {
  if (dtype === 'uint8') return bytes(words, isMasked);
  if (dtype === 'bool') {
    const next = pieces(words, 1);
    return (range) => (Number(range) === 0 ? 0 : next());
  }
  return (range) => upTo(words, range, isMasked);
}

/** A place in [0, most] by masking, as shuffles take it. */
export function place(words: Words, most: number): number {
  return most === 0 ? 0 : most <= ALL32 ? masked32(words, most) : Number(masked64(words, BigInt(most)));
}
