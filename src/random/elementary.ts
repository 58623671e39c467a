/**
 * Elementary functions to the last bit, the same on every JavaScript engine (whose own Math.log, sin and cos differ from
 * each other and from C's): what PyTorch's normal samples are computed with.
 *
 * - float32: the polynomials of Cephes (logf, sinf, cosf) in the order of operations of avx_mathfun, each product that
 *   feeds a sum fused with it, as in PyTorch's AVX2 build.
 * - float64: PyTorch calls the C library of its host, which rounds correctly in nearly all cases. Here log, sin and cos
 *   are always rounded correctly. log1p has larger errors in C, so only the same algorithm gives the same bits: it is
 *   that of fdlibm, which glibc has too. Of float64 normals, one in 600 has another last bit than PyTorch with glibc.
 */

const { fround } = Math;

/** A value as a sum of two doubles: the nearest double, and what is missing. */
type Pair = readonly [high: number, low: number];

/** a + b exactly (Knuth). */
function twoSum(a: number, b: number): Pair {
  const sum = a + b;
  const bb = sum - a;
  return [sum, a - (sum - bb) + (b - bb)];
}

/** a * b exactly (Dekker): the factors cut into halves of 26 bits, whose products are exact. */
function twoProduct(a: number, b: number): Pair {
  const product = a * b;
  const wideA = a * 134217729;
  const wideB = b * 134217729;
  const a1 = wideA - (wideA - a);
  const b1 = wideB - (wideB - b);
  const a2 = a - a1;
  const b2 = b - b1;
  return [product, a1 * b1 - product + a1 * b2 + a2 * b1 + a2 * b2];
}

function add([a, aLow]: Pair, [b, bLow]: Pair): Pair {
  const [high, low] = twoSum(a, b);
  return twoSum(high, low + (aLow + bLow));
}

function multiply([a, aLow]: Pair, [b, bLow]: Pair): Pair {
  const [high, low] = twoProduct(a, b);
  return twoSum(high, low + (a * bLow + aLow * b));
}

function divide([a, aLow]: Pair, [b, bLow]: Pair): Pair {
  const quotient = a / b;
  const [high, low] = twoProduct(quotient, b);
  return twoSum(quotient, (a - high - low + aLow - quotient * bLow) / b);
}

const bits = new BigInt64Array(1);
const double = new Float64Array(bits.buffer);

/** a + b rounded to odd: inexact sums get an odd last bit, so that rounding once more can't meet a false tie. */
function addToOdd(a: number, b: number): number {
  const [sum, error] = twoSum(a, b);
  if (error === 0) return sum;
  double[0] = sum;
  const word = bits[0] as bigint;
  if ((word & 1n) === 0n) bits[0] = word + (error > 0 === sum > 0 ? 1n : -1n);
  return double[0];
}

/**
 * a * b + c, rounded once to float64 (Boldo and Melquiond, IEEE Trans. Computers 57, 2008). Where the exact steps would
 * overflow, it is rounded twice.
 */
export function fma(a: number, b: number, c: number): number {
  const plain = a * b + c;
  if (!(Math.abs(a) < 1e290 && Math.abs(b) < 1e290 && Math.abs(plain) < 1e290)) return plain;
  const [high, low] = twoProduct(a, b);
  const [tail, rest] = twoSum(c, low);
  const [sum, error] = twoSum(high, tail);
  return sum + addToOdd(rest, error);
}

/** a * b + c of three float32 values, rounded once to float32. */
export function fmaf(a: number, b: number, c: number): number {
  const product = a * b; // exact: 24 and 24 bits
  const sum = product + c;
  const near = fround(sum);
  const rest = sum - near;
  if (rest === 0) return near;
  const far = sum + rest;
  if (fround(far) !== far) return near;
  // The double lies halfway between two floats, so its own rounding error decides.
  const cc = sum - product;
  const error = product - (sum - cc) + (c - cc);
  return error !== 0 && error > 0 === rest > 0 ? far : near;
}

/** Horner's rule in float32, fused. */
function polynomial(coefficients: Float32Array, x: number): number {
  let y = coefficients[0] as number;
  for (let i = 1; i < coefficients.length; i++) y = fmaf(y, x, coefficients[i] as number);
  return y;
}

const LOGF = Float32Array.of(
  7.0376836292e-2,
  -1.151461031e-1,
  1.167699874e-1,
  -1.2420140846e-1,
  1.4249322787e-1,
  -1.6668057665e-1,
  2.0000714765e-1,
  -2.4999993993e-1,
  3.3333331174e-1,
);
const SQRT_HALF = fround(Math.SQRT1_2);
const LN2_HIGH = 0.693359375;
const LN2_LOW = fround(-2.1219444e-4);

/** The natural logarithm of a float32 in (0, 1], in float32. */
export function logf(value: number): number {
  let exponent = 0;
  while (value < SQRT_HALF) {
    value *= 2;
    exponent--;
  }
  const x = value - 1;
  const z = fround(x * x);
  let y = fround(polynomial(LOGF, x) * x);
  y = fmaf(y, z, fround(exponent * LN2_LOW));
  y = fmaf(-0.5, z, y);
  return fmaf(exponent, LN2_HIGH, fround(x + y));
}

const COSF = Float32Array.of(2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2);
const SINF = Float32Array.of(-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1);
/** Minus pi / 4 in three parts. */
const MINUS_QUARTER_PI = Float32Array.of(-0.78515625, -2.4187564849853516e-4, -3.774894977445941e-8);
const FOUR_OVER_PI = fround(1.27323954473516);

/** Cosine and sine of a float32 in [0, 8192), in float32. */
export function cosSinf(theta: number): [cos: number, sin: number] {
  const octant = (Math.trunc(fround(theta * FOUR_OVER_PI)) + 1) & ~1;
  let x = theta;
  for (const part of MINUS_QUARTER_PI) x = fmaf(octant, part, x);
  const z = fround(x * x);
  const cos = fround(fmaf(fround(polynomial(COSF, z) * z), z, -0.5 * z) + 1);
  const sin = fmaf(fround(polynomial(SINF, z) * z), x, x);
  return quadrant(octant / 2, cos, sin);
}

/** Cosine and sine of x + n pi / 2, from those of x. */
function quadrant(n: number, cos: number, sin: number): [cos: number, sin: number] {
  const [c, s] = n & 1 ? [-sin, cos] : [cos, sin];
  return n & 2 ? [-c, -s] : [c, s];
}

/** From this term of a series on, a double is exact enough: what follows weighs less than 2^-25 of the sum. */
const COARSE = 6;

/** The power series of these coefficients, by Horner's rule. */
function series(coefficients: readonly Pair[], x: Pair): Pair {
  let tail = 0;
  for (let n = coefficients.length - 1; n >= COARSE; n--) tail = (coefficients[n] as Pair)[0] + tail * x[0];
  let sum: Pair = [tail, 0];
  for (let n = COARSE - 1; n >= 0; n--) sum = add(coefficients[n] as Pair, multiply(x, sum));
  return sum;
}

/** Coefficients from the ratio of each to the one before, as a quotient of integers. */
function coefficients(count: number, ratio: (n: number) => readonly [numerator: number, denominator: number]): Pair[] {
  const all: Pair[] = [[1, 0]];
  for (let n = 1; n < count; n++) {
    const [numerator, denominator] = ratio(n);
    all.push(divide(multiply(all[n - 1] as Pair, [numerator, 0]), [denominator, 0]));
  }
  return all;
}

/** artanh(x) / x, sin(x) / x and cos(x), as series of x^2. */
const ARTANH = coefficients(21, (n) => [2 * n - 1, 2 * n + 1]);
const SIN = coefficients(15, (n) => [-1, 2 * n * (2 * n + 1)]);
const COS = coefficients(15, (n) => [-1, (2 * n - 1) * 2 * n]);

const LN2: Pair = [Math.LN2, 2.3190468138462996e-17];

/**
 * The natural logarithm of a double in (0, 1], rounded correctly (but for one in 10^7): with x = m 2^e, it is
 * e ln 2 + 2 artanh((m - 1) / (m + 1)).
 */
export function log(x: number): number {
  let exponent = 0;
  while (x < Math.SQRT1_2) {
    x *= 2;
    exponent--;
  }
  const s = divide([x - 1, 0], twoSum(x, 1));
  const [high, low] = multiply(s, series(ARTANH, multiply(s, s)));
  return add(multiply([exponent, 0], LN2), [2 * high, 2 * low])[0];
}

/** pi / 2 to 160 bits. */
const HALF_PI = [1.5707963267948966, 6.123233995736766e-17, -1.4973849048591833e-33] as const;

/** Cosine and sine of a double in [0, 2 pi], rounded correctly (but for one in 10^7). */
export function cosSin(theta: number): [cos: number, sin: number] {
  const n = Math.round(theta / HALF_PI[0]);
  const [high, low] = twoProduct(n, HALF_PI[0]);
  const [high2, low2] = twoProduct(n, HALF_PI[1]);
  const x = add(add([theta - high, 0], [-low, 0]), add([-high2, -low2], [-n * HALF_PI[2], 0]));
  const z = multiply(x, x);
  return quadrant(n, series(COS, z)[0], multiply(x, series(SIN, z))[0]);
}

const LOG1P = [
  0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784, 0.1818357216161805,
  0.15313837699209373, 0.14798198605116586,
] as const;

/**
 * log(1 + x) of a double in (-1, 0], as fdlibm (Sun Microsystems, 1993) and glibc compute it: within one unit of the
 * last place. With 1 + x = 2^k (1 + f) and s = f / (2 + f), log(1 + f) = f - (h - s (h + R(s^2))), h = f^2 / 2, and c
 * restores what 1 + x lost in rounding.
 */
export function log1p(x: number): number {
  let k = 0;
  let f = x;
  let c = 0;
  if (x < -0.2928934097290039) {
    let u = 1 + x;
    c = (x - (u - 1)) / u;
    while (u < 0.7071065902709961) {
      u *= 2;
      k--;
    }
    f = u - 1;
  }
  const h = 0.5 * f * f;
  const s = f / (2 + f);
  const z = s * s;
  const z2 = z * z;
  const z4 = z2 * z2;
  const [p1, p2, p3, p4, p5, p6, p7] = LOG1P;
  const r = z * p1 + z2 * (p2 + z * p3) + z4 * (p4 + z * p5) + z4 * z2 * (p6 + z * p7);
  if (k === 0) return f - (h - s * (h + r));
  return k * 0.6931471803691238 - (h - (s * (h + r) + (k * 1.9082149292705877e-10 + c)) - f);
}
