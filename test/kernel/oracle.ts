/** Functions of floats to 150 bits and more, in whole numbers that stand for multiples of 2^-200. */

import type { MathTable } from '../../src/kernel/math.js';

const fraction = 200n;
const one = 1n << fraction;

/** m * 2^e, exactly or nearly. */
export interface Real {
  readonly m: bigint;
  readonly e: bigint;
}

const shift = (value: bigint, by: bigint): bigint => (by < 0n ? value >> -by : value << by);
const times = (a: bigint, b: bigint): bigint => (a * b) >> fraction;
const over = (a: bigint, b: bigint): bigint => (a << fraction) / b;
const magnitude = (a: bigint): bigint => (a < 0n ? -a : a);

const view = new DataView(new ArrayBuffer(8));

/** A double, exactly. */
function realOf(x: number): Real {
  view.setFloat64(0, x);
  const stored = view.getBigUint64(0);
  const exponent = (stored >> 52n) & 2047n;
  const m = (stored & ((1n << 52n) - 1n)) | (exponent > 0n ? 1n << 52n : 0n);
  return { m: x < 0 ? -m : m, e: (exponent > 0n ? exponent : 1n) - 1075n };
}

/** A double of 2^-140 or more, as a multiple of 2^-200. */
function fixed(x: number): bigint {
  const { m, e } = realOf(x);
  return shift(m, e + fraction);
}

/** The sum of terms until they vanish. */
function series(first: bigint, next: (term: bigint, n: bigint) => bigint): bigint {
  let sum = 0n;
  for (let [n, term] = [1n, first]; term !== 0n && term !== -1n; n++) {
    sum += term;
    term = next(term, n);
  }
  return sum;
}

/** atanh(s) = s + s^3/3 + s^5/5 + ... */
function atanh(s: bigint): bigint {
  const square = times(s, s);
  let sum = 0n;
  for (let [n, power] = [1n, s]; power !== 0n && power !== -1n; n += 2n) {
    sum += power / n;
    power = times(power, square);
  }
  return sum;
}

const ln2 = 2n * atanh(one / 3n);

/** e^x = 2^n e^r. */
function expOf(x: bigint): Real {
  const n = (2n * x + ln2) / (2n * ln2) - (x < -ln2 / 2n ? 1n : 0n);
  const r = x - n * ln2;
  return { m: series(one, (term, k) => times(term, r) / k), e: n - fraction };
}

const expm1Of = (x: bigint): bigint => {
  const { m, e } = expOf(x);
  return shift(m, e + fraction) - one;
};

/** log(m 2^e) = 2 atanh((m-1)/(m+1)) + e log 2, for m near 1. */
function logOf(x: bigint): bigint {
  const length = BigInt(x.toString(2).length) - fraction;
  const m = shift(x, -length);
  return 2n * atanh(over(m - one, m + one)) + length * ln2;
}

const squareRoot = (x: bigint): bigint => {
  let root = x << (fraction / 2n);
  for (let next = (root + (x << fraction) / root) / 2n; next < root; next = (root + (x << fraction) / root) / 2n) {
    root = next;
  }
  return root;
};
/** Machin's formula, with arctan(1/n) = 1/n - 1/(3 n^3) + ... */
const arctanOfInverse = (n: bigint): bigint => {
  let sum = 0n;
  for (let [k, power] = [1n, one / n]; power !== 0n; k += 2n) {
    sum += k % 4n === 1n ? power / k : -(power / k);
    power /= n * n;
  }
  return sum;
};
const rootOfPi = squareRoot(4n * (4n * arctanOfInverse(5n) - arctanOfInverse(239n)));

/** 2/sqrt(pi) e^-x^2 times the sum of 2^n x^(2n+1) / (2n+1)!!, whose terms are all of one sign. */
function erfOf(x: bigint): bigint {
  const square = times(x, x);
  const sum = series(x, (term, n) => (2n * times(term, square)) / (2n * n + 1n));
  const { m, e } = expOf(-square);
  return over(2n * times(sum, shift(m, e + fraction)), rootOfPi);
}

const real = (m: bigint): Real => ({ m, e: -fraction });

export const oracle: MathTable<(x: number) => Real> = {
  exponential: (x) => expOf(fixed(x)),
  exponential_minus_one: (x) => real(expm1Of(fixed(x))),
  // log itself takes any double: 2^e goes apart
  log: (x) => {
    const { m, e } = realOf(x);
    return real(logOf(m << (fraction - 52n)) + (e + 52n) * ln2);
  },
  log_plus_one: (x) => real(logOf(one + fixed(x))),
  tanh: (x) => {
    const power = expm1Of(2n * fixed(x));
    return real(over(power, power + 2n * one));
  },
  logistic: (x) => {
    const { m, e } = expOf(fixed(x));
    return { m: over(m, shift(m, e + fraction) + one), e };
  },
  erf: (x) => real(erfOf(fixed(x))),
};

/**
 * How far y is from the exact result, in units of the last place that a float of `digits` bits and least exponent
 * `least` has there.
 */
export function ulps(y: number, exact: Real, digits: number, least: number): number {
  const length = magnitude(exact.m).toString(2).length;
  const unit = BigInt(Math.max(length - 1 + Number(exact.e), least) - (digits - 1));
  const given = realOf(y);
  // in units of 2^-32 of the last place
  const difference = shift(given.m, given.e - unit + 64n) - shift(exact.m, exact.e - unit + 64n);
  return Number(magnitude(difference) >> 32n) / 2 ** 32;
}
