/**
 * Random arrays as PyTorch fills them on the CPU from the same generator: the same bits, and the same length of the
 * stream for each draw. Nothing is drawn for an empty array.
 *
 * PyTorch's last bits depend on the machine: these are those of its AVX2 code, which it runs on every x86 processor with
 * AVX2 or AVX-512. There x * scale + shift is one fused operation, and float32 normals of 16 elements and more come from
 * short polynomials. (ATEN_CPU_CAPABILITY=default, or an ARM processor, draws the same words.) What PyTorch computes with
 * its host's C library, float64 normals and exponentials, may differ in the last bit: see elementary.ts.
 */

import { RuntimeError } from '../errors.js';
import { cosSin, cosSinf, fma, fmaf, log, log1p, logf } from '../random/elementary.js';
import { type ArrayOf, type DType, dtypes, makeArray } from '../shape/dtype.js';
import { checkSize } from '../shape/shape.js';
import { type CpuGenerator, toInteger } from './generator.js';

export { CpuGenerator, defaultGenerator } from './generator.js';

export type FloatDType = 'float32' | 'float64';

const { fround } = Math;

/** What C++ calls the dtypes, in PyTorch's messages. */
const typeName: { readonly [D in DType]: string } = {
  float32: 'float',
  float64: 'double',
  int32: 'int',
  int64: 'long',
  uint8: 'unsigned char',
  bool: 'bool',
};

/** The largest value of an integer dtype; of a floating one, the power of two up to which it holds every integer. */
const greatest: { readonly [D in DType]: bigint } = {
  float32: 2n ** 24n,
  float64: 2n ** 53n,
  int32: 2n ** 31n - 1n,
  int64: 2n ** 63n - 1n,
  uint8: 255n,
  bool: 1n,
};

const least: { readonly [D in 'int32' | 'int64' | 'uint8' | 'bool']: bigint } = {
  int32: -(2n ** 31n),
  int64: -(2n ** 63n),
  uint8: 0n,
  bool: 0n,
};

function fill<D extends DType>(dtype: D, n: number, draw: (i: number) => number | bigint): ArrayOf[D] {
  const out = makeArray[dtype](n);
  if (out instanceof BigInt64Array) for (let i = 0; i < n; i++) out[i] = BigInt(draw(i));
  else for (let i = 0; i < n; i++) out[i] = Number(draw(i));
  return out;
}

/** A float32 in [0, 1): 24 bits of one word. */
const uniform32 = (generator: CpuGenerator): number => (generator.random() & 0xffffff) * 2 ** -24;

/** A float64 in [0, 1): 53 bits of two words, the high one first. */
function uniform64(generator: CpuGenerator): number {
  const high = generator.random() & 0x1fffff;
  return (high * 2 ** 32 + generator.random()) * 2 ** -53;
}

/**
 * `torch.rand` and `uniform_`: n numbers in [from, to), equidistant over the interval.
 *
 * @throws RuntimeError if a bound is no finite value of the dtype, if from > to, or if to - from overflows.
 */
export function uniform<D extends FloatDType>(
  generator: CpuGenerator,
  n: number,
  dtype: D,
  from = 0,
  to = 1,
): ArrayOf[D] {
  const max = dtype === 'float32' ? 2 ** 128 - 2 ** 104 : Number.MAX_VALUE;
  for (const [name, bound] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (!(Math.abs(bound) <= max))
      throw new RuntimeError('bad-argument', `${name} is out of bounds for ${typeName[dtype]}`);
  }
  if (from > to || to - from > max) {
    const fault = from > to ? `a [from, to) range` : `to-from <= std::numeric_limits<${typeName[dtype]}>::max()`;
    throw new RuntimeError('bad-argument', `uniform_ expects ${fault}, but found from=${from} and to=${to}`);
  }
  if (dtype === 'float64') {
    return fill(dtype, n, () => below(fma(uniform64(generator), to - from, from), from, to));
  }
  const low = fround(from);
  const high = fround(to);
  return fill(dtype, n, () => below(fmaf(uniform32(generator), fround(high - low), low), low, high));
}

/** A sample that rounding has carried up to the excluded bound becomes the other bound. */
const below = (value: number, from: number, to: number): number => (value === to ? from : value);

/** Box-Muller on 16 uniform samples in place, the first 8 as radii and the last 8 as angles, in float32. */
function normalBlock32(block: Float32Array, mean: number, std: number): void {
  for (let i = 0; i < 8; i++) {
    const radius = fround(Math.sqrt(fround(-2 * logf(1 - (block[i] as number)))));
    const [cos, sin] = cosSinf(fround(fround(2 * Math.PI) * (block[i + 8] as number)));
    block[i] = fmaf(fround(radius * cos), std, mean);
    block[i + 8] = fmaf(fround(radius * sin), std, mean);
  }
}

/** The same in float64. */
function normalBlock64(block: Float64Array, mean: number, std: number): void {
  for (let i = 0; i < 8; i++) {
    const radius = Math.sqrt(-2 * log(1 - (block[i] as number)));
    const [cos, sin] = cosSin(2 * Math.PI * (block[i + 8] as number));
    block[i] = fma(radius * cos, std, mean);
    block[i + 8] = fma(radius * sin, std, mean);
  }
}

/** One normal sample, in float64 for every dtype: Box-Muller gives two, of which the second waits for the next call. */
function nextNormal(generator: CpuGenerator): number {
  const waiting = generator.nextNormal;
  generator.nextNormal = null;
  if (waiting !== null) return waiting;
  const u1 = uniform64(generator);
  const u2 = uniform64(generator);
  const radius = Math.sqrt(-2 * log1p(-u2));
  const [cos, sin] = cosSin(2 * Math.PI * u1);
  generator.nextNormal = radius * sin;
  return radius * cos;
}

/**
 * `torch.randn` and `normal_`: n normal numbers. Fewer than 16 are drawn one by one in float64, and share the waiting
 * sample of the generator. 16 and more are uniform samples, transformed in blocks of 16; if 16 doesn't divide n, the
 * last 16 elements are drawn again. What has gaps in memory, or another order there, is drawn one by one, too.
 *
 * @throws RuntimeError if std is negative or NaN.
 */
export function normal<D extends FloatDType>(
  generator: CpuGenerator,
  n: number,
  dtype: D,
  mean = 0,
  std = 1,
  isContiguous = true,
): ArrayOf[D] {
  if (!(std >= 0)) throw new RuntimeError('bad-argument', `normal expects std >= 0.0, but found std ${std}`);
  if (n < 16 || !isContiguous) return fill(dtype, n, () => fma(nextNormal(generator), std, mean));
  const draw = dtype === 'float32' ? uniform32 : uniform64;
  const out = fill(dtype, n, () => draw(generator));
  for (let i = 0; i + 16 <= n; i += 16) normalBlock(out.subarray(i, i + 16), mean, std);
  if (n % 16 !== 0) {
    const tail = out.subarray(n - 16);
    for (let i = 0; i < 16; i++) tail[i] = draw(generator);
    normalBlock(tail, mean, std);
  }
  return out;
}

function normalBlock(block: Float32Array | Float64Array, mean: number, std: number): void {
  if (block instanceof Float32Array) normalBlock32(block, fround(mean), fround(std));
  else normalBlock64(block, mean, std);
}

/**
 * `exponential_`: n numbers of density lambda exp(-lambda x), computed in float64.
 *
 * @throws RuntimeError if lambda is not positive.
 */
export function exponential<D extends FloatDType>(
  generator: CpuGenerator,
  n: number,
  dtype: D,
  lambda = 1,
): ArrayOf[D] {
  if (!(lambda > 0)) {
    throw new RuntimeError('bad-argument', `exponential_ expects lambda > 0.0, but found lambda=${lambda}`);
  }
  return fill(dtype, n, () => (-1 / lambda) * log1p(-uniform64(generator)));
}

/**
 * `bernoulli_(p)` and, if p is an array of n probabilities, `torch.bernoulli(p)`: ones with probability p, else zeros.
 * Takes 53 bits a number, but 24 where the probabilities are float32.
 *
 * @throws RuntimeError if a probability lies outside [0, 1].
 */
export function bernoulli<D extends DType>(
  generator: CpuGenerator,
  n: number,
  p: number | Float32Array | Float64Array,
  dtype: D,
): ArrayOf[D] {
  for (const value of typeof p === 'number' ? [p] : p) {
    if (!(value >= 0 && value <= 1)) {
      throw new RuntimeError('bad-argument', `bernoulli_ expects p to be in [0, 1], but got p=${value}`);
    }
  }
  if (typeof p === 'number') return fill(dtype, n, () => Number(uniform64(generator) < p));
  const draw = p instanceof Float32Array ? uniform32 : uniform64;
  return fill(dtype, n, (i) => Number(draw(generator) < (p[i] as number)));
}

const isFloat = (dtype: DType): dtype is FloatDType => dtypes[dtype].kind === 'float';

/**
 * The part of [from, to) whose integers a floating dtype doesn't round out of the interval. PyTorch moves each bound
 * inwards to the next value of the dtype where the integer beside it would be rounded outwards.
 */
function withinFloats(from: bigint, to: bigint, dtype: FloatDType): [from: bigint, to: bigint] {
  const digits = dtype === 'float32' ? 24 : 53;
  const rounded = (integer: bigint): bigint => {
    const float = Number(integer);
    return BigInt.asIntN(64, BigInt(dtype === 'float32' ? fround(float) : float));
  };
  const spacing = (integer: bigint): bigint =>
    2n ** BigInt((integer < 0n ? -integer : integer).toString(2).length - digits);
  const first = rounded(from + 1n);
  const last = rounded(to - 1n);
  return [first < from ? first + spacing(from + 1n) : from, last >= to ? last - spacing(to - 1n) : to];
}

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** n integers from `base` on, `range` of them, by remainder: of 32 bits each, or of 64 if range >= 2^28. */
function integers<D extends DType>(
  generator: CpuGenerator,
  n: number,
  base: bigint,
  range: bigint,
  dtype: D,
): ArrayOf[D] {
  const wide = range >= 2n ** 28n;
  if (!wide && base >= -SAFE && base + range <= SAFE) {
    const [low, count] = [Number(base), Number(range)];
    return fill(dtype, n, () => low + (generator.random() % count));
  }
  const draw = wide ? () => generator.random64() : () => BigInt(generator.random());
  return fill(dtype, n, () => BigInt.asIntN(64, base + (draw() % range)));
}

/** @throws RuntimeError if an integer dtype does not hold the value. */
function checkHeld(value: bigint, name: string, dtype: DType): void {
  if (isFloat(dtype) || (value >= least[dtype] && value <= greatest[dtype])) return;
  throw new RuntimeError('bad-argument', `${name} is out of bounds for ${typeName[dtype]}`);
}

/**
 * `torch.randint` and `random_(from, to)`: n integers in [low, high), of any dtype.
 *
 * @throws RuntimeError if low >= high, or a bound does not fit the dtype; TypeError_ if one is no whole number;
 * ValueError if it is beyond 64 bits.
 */
export function randint<D extends DType>(
  generator: CpuGenerator,
  n: number,
  low: number | bigint,
  high: number | bigint,
  dtype: D,
): ArrayOf[D] {
  let from = toInteger(low, 'low', 2n ** 63n);
  let to = toInteger(high, 'high', 2n ** 63n);
  if (from < to && isFloat(dtype)) [from, to] = withinFloats(from, to, dtype);
  if (from >= to) {
    const bounds = `got from=${low} >= to=${high}`;
    throw new RuntimeError('bad-argument', `random_ expects 'from' to be less than 'to', but ${bounds}`);
  }
  checkHeld(from, 'from', dtype);
  checkHeld(to - 1n, 'to - 1', dtype);
  return integers(generator, n, from, to - from, dtype);
}

/** What `random_()` makes of the stream: all values from 0 on that the dtype holds, in a float up to 2^digits. */
const anyInteger: { readonly [D in DType]: (generator: CpuGenerator) => number | bigint } = {
  float32: (generator) => generator.random() % (2 ** 24 + 1),
  float64: (generator) => generator.random64() % (2n ** 53n + 1n),
  int32: (generator) => generator.random() & 0x7fffffff,
  int64: (generator) => BigInt.asUintN(63, generator.random64()),
  uint8: (generator) => generator.random() & 255,
  bool: (generator) => generator.random() & 1,
};

/**
 * `random_()` and, given `from`, `random_(from, None)`: n integers from 0, or from `from`, to the greatest of the dtype
 * (in a floating dtype 2^24 or 2^53). From -2^63 on, int64 and the floating dtypes get all 64 bits.
 *
 * @throws RuntimeError if `from` does not fit the dtype; TypeError_ if it is no whole number; ValueError if it is beyond
 * 64 bits.
 */
export function random<D extends DType>(
  generator: CpuGenerator,
  n: number,
  dtype: D,
  from?: number | bigint,
): ArrayOf[D] {
  if (from === undefined) return fill(dtype, n, () => anyInteger[dtype](generator));
  let base = toInteger(from, 'from', 2n ** 63n);
  if (base === least.int64 && (dtype === 'int64' || isFloat(dtype))) {
    return fill(dtype, n, () => BigInt.asIntN(64, generator.random64()));
  }
  const last = greatest[dtype];
  if (isFloat(dtype)) [base] = withinFloats(base, last + 1n, dtype);
  checkHeld(base, 'from', dtype);
  if (base > last) {
    throw new RuntimeError('bad-argument', `random_ expects 'from' to be at most ${last}, but got from=${from}`);
  }
  return integers(generator, n, base, last - base + 1n, dtype);
}

/** The number of elements from which `torch.randperm` shuffles with 64 bits an element. */
const WIDE_SHUFFLE = Math.floor((2 ** 32 - 1) / 20);

/**
 * `torch.randperm`: the integers from 0 to n - 1 in random order, by Fisher and Yates.
 *
 * @throws RuntimeError if n is negative, or the dtype does not hold every integer up to n - 1.
 */
export function randperm<D extends Exclude<DType, 'bool'>>(generator: CpuGenerator, n: number, dtype: D): ArrayOf[D] {
  if (n < 0) throw new RuntimeError('bad-argument', `Trying to create tensor with negative dimension ${n}: [${n}]`);
  if (n > Number(greatest[dtype]) + 1) {
    throw new RuntimeError(
      'bad-argument',
      `n cannot be greater than ${greatest[dtype] + 1n} for ${dtype}, but got ${n}`,
    );
  }
  checkSize([n], 'the result');
  const out = fill(dtype, n, (i) => i);
  if (n >= WIDE_SHUFFLE) shuffleWide(generator, out);
  else for (let i = 0; i < n - 1; i++) swap(out, i, i + (generator.random() % (n - i)));
  return out;
}

/** Fisher and Yates from inside out: element i goes to a random place among the first i + 1. Exported for its test. */
export function shuffleWide(generator: CpuGenerator, out: ArrayOf[DType]): void {
  for (let i = 0; i < out.length; i++) swap(out, i, Number(generator.random64() % BigInt(i + 1)));
}

function swap(array: ArrayOf[DType], i: number, j: number): void {
  const value = array[i] as number | bigint;
  array[i] = array[j] as number | bigint;
  array[j] = value;
}
