/**
 * Functions that networks need, from additions, multiplications and quotients. Each formula is written once over an
 * Arithmetic; kernels compute it in vectors, the reference in plain numbers, and both give the same bits. No fused
 * multiply-add is used, so these are the same on every machine. Errors are given in ulp (units in the last place of
 * the exact result): the largest that test/kernel/math.test.ts finds.
 *
 * Coefficients of exp and log are those of FreeBSD's msun (e_exp.c, e_expf.c, e_log.c, e_logf.c), those of tanh and erf
 * in float64 those of Moshier's Cephes; in float32 these two were fitted anew: least largest error.
 */

import { type Arithmetic, doubleArithmetic, type FloatLane, KernelArithmetic, singleArithmetic } from './arithmetic.js';
import type { FunctionBuilder } from './build.js';
import type { Expr } from './program.js';

/** Coefficients, the constant one first. */
type Polynomial = readonly number[];
/** Numerator and denominator. */
type Rational = readonly [Polynomial, Polynomial];

interface Constants {
  /** ln 2, in two parts: products of the first with whole exponents are exact. */
  readonly ln2: readonly [high: number, low: number];
  /** Adding and subtracting it rounds to a whole number, ties to even. */
  readonly rounder: number;
  /** Below and above, exp is 0 and infinity. */
  readonly exponents: readonly [least: number, most: number];
  /** c(r) = r - r^2 p(r^2), where exp(r) = 1 + r + r c / (2 - c), |r| <= ln 2 / 2. */
  readonly exponential: Polynomial;
  /** p, where log((1 + s) / (1 - s)) = 2 s + s z p(z), z = s^2, |s| <= 3 - 2 sqrt 2. */
  readonly log: Polynomial;
  /** The least normal number, and an exponent that makes all smaller ones normal. */
  readonly leastNormal: number;
  readonly lift: number;
  /** tanh(x) = x + x z p(z), z = x^2, |x| < 5/8. */
  readonly tanh: Rational;
  /** erf(x) = x + x p(x^2), |x| < 1. */
  readonly erf: Rational;
  /** 1 - erf(x) = exp(-x^2) p(x), from 1 to where erf(x) is 1. */
  readonly erfc: Rational;
  readonly erfIsOne: number;
}

const lanes: { readonly [L in FloatLane]: Constants } = {
  f32: {
    ln2: [0.693145751953125, 1.42860677e-6],
    rounder: 1.5 * 2 ** 23,
    exponents: [-104, 89],
    exponential: [0.1666662544, -2.7667332906e-3],
    log: [0.66666662693, 0.40000972152, 0.28498786688, 0.24279078841],
    leastNormal: 2 ** -126,
    lift: 25,
    tanh: [[-0.33333284, 0.13331491, -0.053743497, 0.020650588, -5.717045e-3], [1]],
    erf: [[0.128379166, -0.376126258, 0.112835851, -0.0268538119, 5.1883277e-3, -8.01019376e-4, 7.85386176e-5], [1]],
    erfc: [
      [1.255215, 0.52213207, 4.2262273e-3],
      [1.2634182, 1.9031903, 1],
    ],
    erfIsOne: 4,
  },
  f64: {
    ln2: [0.6931471803691238, 1.9082149292705877e-10],
    rounder: 1.5 * 2 ** 52,
    exponents: [-746, 710],
    exponential: [
      0.16666666666666602, -2.7777777777015593e-3, 6.613756321437934e-5, -1.6533902205465252e-6, 4.1381367970572385e-8,
    ],
    log: [
      0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784, 0.1818357216161805,
      0.15313837699209373, 0.14798198605116586,
    ],
    leastNormal: 2 ** -1022,
    lift: 54,
    tanh: [
      [-1614.6876844170845, -99.28772310019185, -0.9643991794250523],
      [4844.063053251255, 2235.4883906010045, 112.81167849163293, 1],
    ],
    erf: [
      [6324.9070401759045, -15625.674920261043, -2362.3184837629583, -431.3319300597684, -23.956740424879793, -1],
      [49267.39426086359, 22629.000061389095, 4594.323829709801, 521.3579497801527, 33.56171416475031, 1],
    ],
    erfc: [
      [
        557.5353353693994, 1027.5518868951572, 934.5285271719576, 526.4451949954773, 196.5208329560771,
        48.63719709856814, 7.463210564422699, 0.5641895648310689, 2.461969814735305e-10,
      ],
      [
        557.5353408177277, 1656.6630919416134, 2246.3376081871097, 1823.9091668790973, 975.7085017432055,
        354.9377788878199, 86.70721408859897, 13.228195115474499, 1,
      ],
    ],
    erfIsOne: 6,
  },
};

/** By Horner's rule. */
function polynomial<T, M>(a: Arithmetic<T, M>, coefficients: Polynomial, x: T): T {
  let i = coefficients.length - 1;
  let sum = a.constant(coefficients[i] as number);
  while (--i >= 0) sum = a.add(a.multiply(sum, x), a.constant(coefficients[i] as number));
  return sum;
}

function rational<T, M>(a: Arithmetic<T, M>, [over, under]: Rational, x: T): T {
  const numerator = polynomial(a, over, x);
  return under.length === 1 ? numerator : a.divide(numerator, polynomial(a, under, x));
}

const negate = <T, M>(a: Arithmetic<T, M>, x: T): T => a.subtract(a.constant(0), x);

/** Puts the sign of x to a size. */
const withSignOf = <T, M>(a: Arithmetic<T, M>, x: T, size: T): T =>
  a.select(a.less(x, a.constant(0)), negate(a, size), size);

/**
 * e^x = 2^n (1 + high - low), with n whole, -0.3 < high - low < 0.42 and low the smaller part; x first comes to where
 * e^x is 0 or infinity at most.
 */
function reduced<T, M>(a: Arithmetic<T, M>, value: T): { readonly n: T; readonly high: T; readonly low: T } {
  const { ln2, rounder, exponents, exponential } = lanes[a.lane];
  const [least, most] = [a.constant(exponents[0]), a.constant(exponents[1])];
  const above = a.let(a.select(a.less(value, least), least, value));
  const x = a.let(a.select(a.less(most, above), most, above));
  const shift = a.constant(rounder);
  const n = a.let(a.subtract(a.add(a.multiply(x, a.constant(Math.LOG2E)), shift), shift));
  const high = a.let(a.subtract(x, a.multiply(n, a.constant(ln2[0]))));
  const low = a.let(a.multiply(n, a.constant(ln2[1])));
  const r = a.let(a.subtract(high, low));
  const z = a.let(a.multiply(r, r));
  const c = a.let(a.subtract(r, a.multiply(z, polynomial(a, exponential, z))));
  const quotient = a.divide(a.multiply(r, c), a.subtract(a.constant(2), c));
  return { n, high, low: a.let(a.subtract(low, quotient)) };
}

/** 2^n in two factors, as n may lie outside the range of exponents. */
function powersOfTwo<T, M>(a: Arithmetic<T, M>, n: T): readonly [T, T] {
  const shift = a.constant(lanes[a.lane].rounder);
  const half = a.let(a.subtract(a.add(a.multiply(n, a.constant(0.5)), shift), shift));
  return [a.let(a.powerOfTwo(half)), a.let(a.powerOfTwo(a.subtract(n, half)))];
}

function exponential<T, M>(a: Arithmetic<T, M>, x: T): T {
  const { n, high, low } = reduced(a, x);
  const [p, q] = powersOfTwo(a, n);
  const one = a.constant(1);
  const sum = a.let(a.add(one, high));
  // What rounding took from the sum goes to the small part, so that little but the last rounding is lost.
  const taken = a.subtract(high, a.subtract(sum, one));
  return a.multiply(a.multiply(a.add(sum, a.subtract(taken, low)), p), q);
}

/** 2^n rest + (2^n - 1); where n is 0 that is rest, with its sign. */
function exponentialMinusOne<T, M>(a: Arithmetic<T, M>, x: T): T {
  const { n, high, low } = reduced(a, x);
  const rest = a.let(a.subtract(high, low));
  const [p, q] = powersOfTwo(a, n);
  const one = a.constant(1);
  const sum = a.add(a.multiply(rest, p), a.subtract(p, a.divide(one, q)));
  return a.select(a.equal(n, a.constant(0)), rest, a.multiply(sum, q));
}

/**
 * log(x) + low, for a low far below x: x = 2^k m with m from sqrt(1/2) to sqrt(2), and log(m) from s = (m-1) / (m+1).
 * Outside of what is positive and finite: -infinity for 0, infinity for itself, else NaN.
 */
function logPlus<T, M>(a: Arithmetic<T, M>, x: T, low: T): T {
  const { ln2, log, leastNormal, lift } = lanes[a.lane];
  const [zero, one, half] = [a.constant(0), a.constant(1), a.constant(0.5)];
  const isTiny = a.less(x, a.constant(leastNormal));
  const normal = a.let(a.select(isTiny, a.multiply(x, a.constant(2 ** lift)), x));
  const exponent = a.let(a.add(a.exponent(normal), a.select(isTiny, a.constant(-lift), zero)));
  const mantissa = a.let(a.mantissa(normal));
  const isLarge = a.less(a.constant(Math.SQRT2), mantissa);
  const k = a.let(a.select(isLarge, a.add(exponent, one), exponent));
  const f = a.let(a.subtract(a.select(isLarge, a.multiply(mantissa, half), mantissa), one));
  const s = a.let(a.divide(f, a.add(f, a.constant(2))));
  const z = a.let(a.multiply(s, s));
  const square = a.let(a.multiply(a.multiply(f, f), half));
  const series = a.multiply(s, a.add(square, a.multiply(z, polynomial(a, log, z))));
  const small = a.subtract(a.add(series, a.add(a.multiply(k, a.constant(ln2[1])), low)), square);
  const sum = a.add(a.add(small, f), a.multiply(k, a.constant(ln2[0])));
  const infinity = a.constant(Number.POSITIVE_INFINITY);
  const special = a.select(a.equal(x, zero), negate(a, infinity), a.constant(Number.NaN));
  return a.select(a.less(zero, x), a.select(a.less(x, infinity), sum, x), special);
}

const logarithm = <T, M>(a: Arithmetic<T, M>, x: T): T => logPlus(a, x, a.constant(0));

/** log(u) + c / u, where u = 1 + x is rounded, and c is what it lost: Kahan's correction. */
function logPlusOne<T, M>(a: Arithmetic<T, M>, x: T): T {
  const one = a.constant(1);
  const u = a.let(a.add(one, x));
  const lost = a.select(a.less(x, one), a.subtract(x, a.subtract(u, one)), a.subtract(one, a.subtract(u, x)));
  const log = logPlus(a, u, a.let(a.divide(lost, u)));
  return a.select(a.equal(x, a.constant(0)), x, log);
}

/** 1 - 2 / (e^2|x| + 1), with the sign of x, where that is accurate. */
function tanh<T, M>(a: Arithmetic<T, M>, x: T): T {
  const z = a.let(a.multiply(x, x));
  const small = a.multiply(x, a.add(a.multiply(z, rational(a, lanes[a.lane].tanh, z)), a.constant(1)));
  const [one, two] = [a.constant(1), a.constant(2)];
  const size = a.let(a.abs(x));
  const power = exponential(a, a.multiply(size, two));
  const large = a.let(a.subtract(one, a.divide(two, a.add(power, one))));
  return a.select(a.less(size, a.constant(0.625)), small, withSignOf(a, x, large));
}

/** 1 / (1 + e^-x); for negative x, e^x / (1 + e^x), so that e^-|x| serves both. */
function logistic<T, M>(a: Arithmetic<T, M>, x: T): T {
  const one = a.constant(1);
  const power = a.let(exponential(a, negate(a, a.abs(x))));
  return a.divide(a.select(a.less(x, a.constant(0)), power, one), a.add(one, power));
}

function erf<T, M>(a: Arithmetic<T, M>, x: T): T {
  const { erf, erfc, erfIsOne } = lanes[a.lane];
  const [one, most] = [a.constant(1), a.constant(erfIsOne)];
  const small = a.add(x, a.multiply(x, rational(a, erf, a.let(a.multiply(x, x)))));
  const size = a.let(a.abs(x));
  const t = a.let(a.select(a.less(most, size), most, size));
  const bell = exponential(a, negate(a, a.multiply(t, t)));
  const large = a.let(a.subtract(one, a.multiply(bell, rational(a, erfc, t))));
  return a.select(a.less(size, one), small, withSignOf(a, x, large));
}

type Formula = <T, M>(a: Arithmetic<T, M>, x: T) => T;

/** Something for each function. Errors are of float32 and float64 alike, each in its own ulp. */
export interface MathTable<F> {
  /** e^x, to 0.8 ulp. */
  readonly exponential: F;
  /** e^x - 1, to 1.6 ulp. */
  readonly exponential_minus_one: F;
  /** ln x, to 0.9 ulp. */
  readonly log: F;
  /** ln (1 + x), to 0.9 ulp. */
  readonly log_plus_one: F;
  /** To 1.4 ulp. */
  readonly tanh: F;
  /** 1 / (1 + e^-x), to 2.4 ulp. */
  readonly logistic: F;
  /** To 1.5 ulp. */
  readonly erf: F;
}

const forEach = <F>(make: (formula: Formula) => F): MathTable<F> => ({
  exponential: make(exponential),
  exponential_minus_one: make(exponentialMinusOne),
  log: make(logarithm),
  log_plus_one: make(logPlusOne),
  tanh: make(tanh),
  logistic: make(logistic),
  erf: make(erf),
});

/** Of a scalar or vector of f32 or f64, in a kernel. */
export const kernelMath: MathTable<(f: FunctionBuilder, x: Expr) => Expr> = forEach((formula) => (f, x) => {
  const { lane, width } = x.type;
  if (lane !== 'f32' && lane !== 'f64') throw new RangeError(`functions of floats can't take ${lane}`);
  const a = new KernelArithmetic(f, lane, width);
  return formula(a, a.let(x));
});

export interface ScalarFunction {
  readonly float32: (x: number) => number;
  readonly float64: (x: number) => number;
}

/** Of numbers; float32 rounds its argument first. */
export const scalarMath: MathTable<ScalarFunction> = forEach((formula) => ({
  float32: (x) => formula(singleArithmetic, Math.fround(x)),
  float64: (x) => formula(doubleArithmetic, x),
}));
