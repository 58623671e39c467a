/** Where random numbers come from: a stream of 32-bit words, and what NumPy's generators make of it. */

/** A bit generator as NumPy sees it. 64 bits come as two words, so that no bigint is made for each number. */
export interface Words {
  /** The next 32 bits, a whole number in [0, 2^32). */
  next32(): number;
  /** The next 64 bits: the upper 32 are returned, the lower 32 are in `low`. */
  next64(): number;
  /** The lower half of the last 64 bits. */
  readonly low: number;
  /** A float64 in [0, 1) of 53 bits. */
  double(): number;
}

/** A float32 in [0, 1): 24 bits of one word. */
export const float = (words: Words): number => (words.next32() >>> 8) * 2 ** -24;

/** The next 64 bits as one bigint. */
export function big64(words: Words): bigint {
  const high = BigInt(words.next64());
  return (high << 32n) | BigInt(words.low);
}
