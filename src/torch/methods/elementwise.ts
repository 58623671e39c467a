/** Methods: element by element. What they do stands in the rows of the same names. */

import type { Foreign } from '../../tensor/foreign.js';
import type {
  AddProduct,
  Binary,
  Clamp,
  ClampMax,
  ClampMin,
  Close,
  Divide,
  Lerp,
  NanToNum,
  Pow,
  Product,
  Round,
  Self,
  Sum,
  Unary,
} from '../calls.js';
import { arithmetic } from '../rows/arithmetic.js';
import { clamps } from '../rows/clamp.js';
import { comparisons } from '../rows/comparison.js';
import { division } from '../rows/division.js';
import { elementary, positive } from '../rows/elementary.js';
import { pairs } from '../rows/pairs.js';
import type { Tensor } from '../tensor.js';
import { install, Rooted } from './root.js';

export abstract class ElementwiseMethods extends Rooted {
  static {
    install<Exclude<keyof ElementwiseMethods, keyof Rooted>>(ElementwiseMethods.prototype, {
      add: arithmetic.add,
      sub: arithmetic.sub,
      subtract: arithmetic.sub,
      mul: arithmetic.mul,
      multiply: arithmetic.mul,
      div: division.div,
      divide: division.div,
      true_divide: division.true_divide,
      floor_divide: division.floor_divide,
      remainder: division.remainder,
      fmod: division.fmod,
      pow: arithmetic.pow,
      float_power: arithmetic.float_power,
      rsub: arithmetic.reflected_sub,
      rdiv: arithmetic.rdiv,
      maximum: arithmetic.maximum,
      minimum: arithmetic.minimum,
      clamp: clamps.clamp,
      clip: clamps.clip,
      clamp_min: clamps.clamp_min,
      clamp_max: clamps.clamp_max,
      lerp: arithmetic.lerp,
      addcmul: arithmetic.addcmul,
      addcdiv: arithmetic.addcdiv,
      neg: elementary.neg,
      negative: elementary.neg,
      positive,
      abs: elementary.abs,
      absolute: elementary.abs,
      exp: elementary.exp,
      exp2: elementary.exp2,
      expm1: elementary.expm1,
      log: elementary.log,
      log2: elementary.log2,
      log10: elementary.log10,
      log1p: elementary.log1p,
      sqrt: elementary.sqrt,
      rsqrt: elementary.rsqrt,
      reciprocal: elementary.reciprocal,
      square: elementary.square,
      sin: elementary.sin,
      cos: elementary.cos,
      tan: elementary.tan,
      sinh: elementary.sinh,
      cosh: elementary.cosh,
      tanh: elementary.tanh,
      sigmoid: elementary.sigmoid,
      erf: elementary.erf,
      deg2rad: elementary.deg2rad,
      rad2deg: elementary.rad2deg,
      relu: elementary.relu,
      sign: elementary.sign,
      floor: elementary.floor,
      ceil: elementary.ceil,
      round: elementary.round,
      trunc: elementary.trunc,
      fix: elementary.trunc,
      frac: elementary.frac,
      eq: comparisons.eq,
      ne: comparisons.ne,
      not_equal: comparisons.ne,
      lt: comparisons.lt,
      less: comparisons.lt,
      le: comparisons.le,
      less_equal: comparisons.le,
      gt: comparisons.gt,
      greater: comparisons.gt,
      ge: comparisons.ge,
      greater_equal: comparisons.ge,
      isclose: comparisons.isclose,
      isnan: comparisons.isnan,
      isinf: comparisons.isinf,
      isposinf: comparisons.isposinf,
      isneginf: comparisons.isneginf,
      isfinite: comparisons.isfinite,
      logical_and: comparisons.logical_and,
      logical_or: comparisons.logical_or,
      logical_xor: comparisons.logical_xor,
      logical_not: comparisons.logical_not,
      bitwise_and: comparisons.bitwise_and,
      bitwise_or: comparisons.bitwise_or,
      bitwise_xor: comparisons.bitwise_xor,
      bitwise_not: comparisons.bitwise_not,
      hypot: pairs.hypot,
      logaddexp: pairs.logaddexp,
      xlogy: pairs.xlogy,
      fmax: pairs.fmax,
      fmin: pairs.fmin,
      heaviside: pairs.heaviside,
      nan_to_num: pairs.nan_to_num,
      logit: pairs.logit,
      sgn: pairs.sgn,
      signbit: pairs.signbit,
    });
  }

  /** This + alpha * other, broadcast, promoted. */
  declare readonly add: Sum<Self>;

  /** This - alpha * other; not of bool. */
  declare readonly sub: Sum<Self>;

  /** Another name of sub. */
  declare readonly subtract: Sum<Self>;

  /** This * other. */
  declare readonly mul: Binary<Self>;

  /** Another name of mul. */
  declare readonly multiply: Binary<Self>;

  /** This / other; integers give floats, unless `rounding_mode` is 'floor' or 'trunc'. */
  declare readonly div: Divide<Self>;

  /** Another name of div. */
  declare readonly divide: Divide<Self>;

  /** This / other; integers give floats. */
  declare readonly true_divide: Binary<Self>;

  /** Python's `//`: the quotient rounded down. It has no gradient. */
  declare readonly floor_divide: Binary<Self>;

  /**
   * Python's `%`: what remains has the sign of the divisor.
   *
   * @throws RuntimeError for an integer over zero
   */
  declare readonly remainder: Binary<Self>;

  /**
   * C's fmod: what remains has the sign of the dividend.
   *
   * @throws RuntimeError for an integer over zero
   */
  declare readonly fmod: Binary<Self>;

  /** To the power of the exponent; integers stay integers, and refuse a negative number. */
  declare readonly pow: Pow<Self>;

  /** Pow in float64. */
  declare readonly float_power: Pow<Self>;

  /** Other - alpha * this. */
  declare readonly rsub: Sum<Self>;

  /** Other / input. */
  declare readonly rdiv: Binary<Self>;

  /** Elementwise; where equal, half of the gradient to each. */
  declare readonly maximum: Binary<Self, Foreign>;

  /** As maximum. */
  declare readonly minimum: Binary<Self, Foreign>;

  /** Values within min and max, two numbers or two tensors; the gradient passes within and on the bounds. */
  declare readonly clamp: Clamp<Self>;

  /** Another name of clamp. */
  declare readonly clip: Clamp<Self>;

  /** Clamp with a lower bound only. */
  declare readonly clamp_min: ClampMin<Self>;

  /** Clamp with an upper bound only. */
  declare readonly clamp_max: ClampMax<Self>;

  /** This + weight * (end - input), of one floating dtype. */
  declare readonly lerp: Lerp<Self>;

  /** This + value * tensor1 * tensor2. */
  declare readonly addcmul: AddProduct<Self>;

  /** This + value * tensor1 / tensor2. */
  declare readonly addcdiv: AddProduct<Self>;

  /** Minus the input; not of bool. */
  declare readonly neg: Unary<Self>;

  /** Another name of neg. */
  declare readonly negative: Unary<Self>;

  /** The input; not of bool. */
  declare readonly positive: Unary<Self>;

  /** The absolute value; gradient 0 at 0. */
  declare readonly abs: Unary<Self>;

  /** Another name of abs. */
  declare readonly absolute: Unary<Self>;

  /** E to the power of each element; integers give floats, as in all up to rad2deg. */
  declare readonly exp: Unary<Self>;

  /** 2 to the power of each element. */
  declare readonly exp2: Unary<Self>;

  /** Exp(x) - 1, exact near 0. */
  declare readonly expm1: Unary<Self>;

  /** Natural logarithm. */
  declare readonly log: Unary<Self>;

  /** Logarithm to base 2. */
  declare readonly log2: Unary<Self>;

  /** Logarithm to base 10. */
  declare readonly log10: Unary<Self>;

  /** Log(1 + x), exact near 0. */
  declare readonly log1p: Unary<Self>;

  /** Square root. */
  declare readonly sqrt: Unary<Self>;

  /** 1 / sqrt(x). */
  declare readonly rsqrt: Unary<Self>;

  /** 1 / x. */
  declare readonly reciprocal: Unary<Self>;

  /** X * x, of the input's dtype. */
  declare readonly square: Unary<Self>;

  /** Sine of radians. */
  declare readonly sin: Unary<Self>;

  /** Cosine of radians. */
  declare readonly cos: Unary<Self>;

  /** Tangent of radians. */
  declare readonly tan: Unary<Self>;

  /** Hyperbolic sine. */
  declare readonly sinh: Unary<Self>;

  /** Hyperbolic cosine. */
  declare readonly cosh: Unary<Self>;

  /** Hyperbolic tangent. */
  declare readonly tanh: Unary<Self>;

  /** 1 / (1 + exp(-x)). */
  declare readonly sigmoid: Unary<Self>;

  /** The error function. */
  declare readonly erf: Unary<Self>;

  /** Degrees to radians. */
  declare readonly deg2rad: Unary<Self>;

  /** Radians to degrees. */
  declare readonly rad2deg: Unary<Self>;

  /** Max(0, x); gradient 0 at 0. */
  declare readonly relu: Unary<Self>;

  /** 1, 0 or -1; 0 for NaN. The gradient is zero, as of all that round. */
  declare readonly sign: Unary<Self>;

  /** Rounded down. */
  declare readonly floor: Unary<Self>;

  /** Rounded up. */
  declare readonly ceil: Unary<Self>;

  /** Rounded to the nearest, halves to even, or to so many decimals. */
  declare readonly round: Round<Self>;

  /** Rounded towards zero. */
  declare readonly trunc: Unary<Self>;

  /** Another name of trunc. */
  declare readonly fix: Unary<Self>;

  /** X - trunc(x), of floats. */
  declare readonly frac: Unary<Self>;

  /** This == other, as bool. */
  declare readonly eq: Binary<Self>;

  /** This != other. */
  declare readonly ne: Binary<Self>;

  /** Another name of ne. */
  declare readonly not_equal: Binary<Self>;

  /** This < other. */
  declare readonly lt: Binary<Self>;

  /** Another name of lt. */
  declare readonly less: Binary<Self>;

  /** This <= other. */
  declare readonly le: Binary<Self>;

  /** Another name of le. */
  declare readonly less_equal: Binary<Self>;

  /** This > other. */
  declare readonly gt: Binary<Self>;

  /** Another name of gt. */
  declare readonly greater: Binary<Self>;

  /** This >= other. */
  declare readonly ge: Binary<Self>;

  /** Another name of ge. */
  declare readonly greater_equal: Binary<Self>;

  /** Abs(input - other) <= atol + rtol * abs(other), element by element. */
  declare readonly isclose: Close<Self, Tensor>;

  /** Whether each element is NaN. */
  declare readonly isnan: Unary<Self>;

  /** Whether each element is infinite. */
  declare readonly isinf: Unary<Self>;

  /** Whether each element is infinity. */
  declare readonly isposinf: Unary<Self>;

  /** Whether each element is minus infinity. */
  declare readonly isneginf: Unary<Self>;

  /** Whether each element is neither infinite nor NaN. */
  declare readonly isfinite: Unary<Self>;

  /** Whether both are not 0. */
  declare readonly logical_and: Binary<Self, Foreign>;

  /** Whether either is not 0. */
  declare readonly logical_or: Binary<Self, Foreign>;

  /** Whether just one is not 0. */
  declare readonly logical_xor: Binary<Self, Foreign>;

  /** Whether it is 0. */
  declare readonly logical_not: Unary<Self>;

  /** Bits that both have, of integers and bool. */
  declare readonly bitwise_and: Binary<Self>;

  /** Bits that either has. */
  declare readonly bitwise_or: Binary<Self>;

  /** Bits that just one has. */
  declare readonly bitwise_xor: Binary<Self>;

  /** All bits the other way round. */
  declare readonly bitwise_not: Unary<Self>;

  /** The square root of the sum of two squares. */
  declare readonly hypot: Binary<Self, Foreign>;

  /** Log(exp(input) + exp(other)), without overflow. */
  declare readonly logaddexp: Binary<Self, Foreign>;

  /** Input * log(other), and 0 where the input is 0. */
  declare readonly xlogy: Binary<Self, Foreign>;

  /** Maximum, but a number beside a NaN. */
  declare readonly fmax: Binary<Self, Foreign>;

  /** Minimum, but a number beside a NaN. */
  declare readonly fmin: Binary<Self, Foreign>;

  /** 0 below 0, 1 above, `values` at 0; it has no gradient. */
  declare readonly heaviside: Product<Self, 'values'>;

  /** Numbers in place of NaN (0) and the infinities (the largest there are). */
  declare readonly nan_to_num: NanToNum<Self>;

  /** Log(x / (1 - x)). */
  declare readonly logit: Unary<Self>;

  /** As sign. */
  declare readonly sgn: Unary<Self>;

  /** Whether the sign is minus, that of a zero too. */
  declare readonly signbit: Unary<Self>;
}
