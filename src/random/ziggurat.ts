/**
 * Normal and exponential numbers by the ziggurat of Marsaglia and Tsang (Journal of Statistical Software 5, 2000), in
 * NumPy's form: 256 layers under the density, of equal area. A point of a layer lies nearly always in its rectangle.
 */

import { log } from './log.js';
import { bytesOf, memo } from './tables.js';
import { float, type Words } from './words.js';
import { type EncodedTables, exponential as exponentialTables, normal as normalTables } from './ziggurat-tables.js';

interface Tables {
  readonly edges: Float64Array | Float32Array;
  readonly limits: Float64Array;
  readonly heights: Float64Array | Float32Array;
}

/** Numbers of at most 53 bits, and so exact. */
function decoded({ edges, limits, heights }: EncodedTables): Tables {
  return {
    edges: new Float64Array(bytesOf(edges)),
    limits: Float64Array.from(new BigUint64Array(bytesOf(limits)), Number),
    heights: new Float64Array(bytesOf(heights)),
  };
}

const normal64 = memo(() => decoded(normalTables));
const exponential64 = memo(() => decoded(exponentialTables));

/** The same layers for mantissas of 23 bits. */
const normal32 = memo((): Tables => {
  const { edges, limits, heights } = normal64();
  return {
    edges: Float32Array.from(edges, (edge) => edge * 2 ** 29),
    limits: limits.map((limit) => Math.round(limit / 2 ** 29)),
    heights: Float32Array.from(heights),
  };
});

/** Where the lowest layer ends and the tail begins. */
const NORMAL_TAIL = 3.654152885361009;
const NORMAL_TAIL_INVERSE = 0.2736612373297583;
const EXPONENTIAL_TAIL = 7.69711747013105;

/** A standard normal number. */
export function normal(words: Words): number {
  const { edges, limits, heights } = normal64();
  for (;;) {
    const high = words.next64();
    const { low } = words;
    const layer = low & 0xff;
    // Above the 8 bits of the layer and one of the sign stand 52 of the mantissa.
    const mantissa = (high & 0x1fffffff) * 2 ** 23 + (low >>> 9);
    const size = mantissa * (edges[layer] as number);
    const x = low & 0x100 ? -size : size;
    if (mantissa < (limits[layer] as number)) return x;
    if (layer === 0) return normalTail(words, Math.floor(mantissa / 256) % 2 === 1);
    const [above, below] = [heights[layer - 1] as number, heights[layer] as number];
    if ((above - below) * words.double() + below < Math.exp(-0.5 * x * x)) return x;
  }
}

function normalTail(words: Words, isNegative: boolean): number {
  for (;;) {
    const x = -NORMAL_TAIL_INVERSE * log(1 - words.double());
    const y = -log(1 - words.double());
    if (y + y > x * x) return isNegative ? -(NORMAL_TAIL + x) : NORMAL_TAIL + x;
  }
}

const { fround } = Math;
const logf = (x: number): number => fround(log(x));

/** A standard normal number in float32. */
export function normalf(words: Words): number {
  const { edges, limits, heights } = normal32();
  for (;;) {
    const word = words.next32();
    const layer = word & 0xff;
    const mantissa = word >>> 9;
    const size = fround(mantissa * (edges[layer] as number));
    const x = word & 0x100 ? -size : size;
    if (mantissa < (limits[layer] as number)) return x;
    if (layer === 0) return normalTailf(words, ((mantissa >>> 8) & 1) === 1);
    const [above, below] = [heights[layer - 1] as number, heights[layer] as number];
    const height = fround(fround(fround(above - below) * float(words)) + below);
    if (height < Math.exp(-0.5 * x * x)) return x;
  }
}

function normalTailf(words: Words, isNegative: boolean): number {
  for (;;) {
    const x = fround(-fround(NORMAL_TAIL_INVERSE) * logf(1 - float(words)));
    const y = -logf(1 - float(words));
    if (fround(y + y) > fround(x * x)) {
      const size = fround(fround(NORMAL_TAIL) + x);
      return isNegative ? -size : size;
    }
  }
}

/** A standard exponential number. */
export function exponential(words: Words): number {
  const { edges, limits, heights } = exponential64();
  for (;;) {
    const high = words.next64();
    const { low } = words;
    const layer = (low >>> 3) & 0xff;
    // Above 3 bits that are not used and the 8 of the layer.
    const mantissa = high * 2 ** 21 + (low >>> 11);
    const x = mantissa * (edges[layer] as number);
    if (mantissa < (limits[layer] as number)) return x;
    if (layer === 0) return EXPONENTIAL_TAIL - log(1 - words.double());
    const [above, below] = [heights[layer - 1] as number, heights[layer] as number];
    if ((above - below) * words.double() + below < Math.exp(-x)) return x;
  }
}
