/** Functions: element by element. What they do stands in the rows of the same names. */

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
  Sum,
  Unary,
  X,
  Y,
} from '../calls.js';
import { arithmetic } from '../rows/arithmetic.js';
import { clamps } from '../rows/clamp.js';
import { comparisons } from '../rows/comparison.js';
import { division } from '../rows/division.js';
import { elementary, positive as positiveOf } from '../rows/elementary.js';
import { pairs } from '../rows/pairs.js';
import type { Tensor } from '../tensor.js';
import { of } from './of.js';

/** torch.add: input + alpha * other, broadcast, promoted. */
export const add: Sum<Y> = of(arithmetic.add);

/** torch.sub: input - alpha * other; not of bool. */
export const sub: Sum<Y> = of(arithmetic.sub);

/** torch.subtract: another name of sub. */
export const subtract: Sum<Y> = of(arithmetic.sub);

/** torch.mul: input * other. */
export const mul: Binary<Y> = of(arithmetic.mul);

/** torch.multiply: another name of mul. */
export const multiply: Binary<Y> = of(arithmetic.mul);

/** torch.div: input / other; integers give floats, unless `rounding_mode` is 'floor' or 'trunc'. */
export const div: Divide<Y> = of(division.div);

/** torch.divide: another name of div. */
export const divide: Divide<Y> = of(division.div);

/** torch.true_divide: input / other; integers give floats. */
export const true_divide: Binary<Y> = of(division.true_divide);

/** torch.floor_divide: Python's `//`: the quotient rounded down. It has no gradient. */
export const floor_divide: Binary<Y> = of(division.floor_divide);

/**
 * torch.remainder: Python's `%`: what remains has the sign of the divisor.
 *
 * @throws RuntimeError for an integer over zero
 */
export const remainder: Binary<Y> = of(division.remainder);

/**
 * torch.fmod: C's fmod: what remains has the sign of the dividend.
 *
 * @throws RuntimeError for an integer over zero
 */
export const fmod: Binary<Y> = of(division.fmod);

/** torch.pow: to the power of the exponent; integers stay integers, and refuse a negative number. */
export const pow: Pow<Y> = of(arithmetic.pow);

/** torch.float_power: pow in float64. */
export const float_power: Pow<Y> = of(arithmetic.float_power);

/** torch.rsub: other - alpha * input. */
export const rsub: Sum<Y> = of(arithmetic.rsub);

/** torch.maximum: elementwise; where equal, half of the gradient to each. */
export const maximum: Binary<X, Foreign> = of(arithmetic.maximum);

/** torch.minimum: as maximum. */
export const minimum: Binary<X, Foreign> = of(arithmetic.minimum);

/** torch.clamp: values within min and max, two numbers or two tensors; the gradient passes within and on the bounds. */
export const clamp: Clamp<X> = of(clamps.clamp);

/** torch.clip: another name of clamp. */
export const clip: Clamp<X> = of(clamps.clip);

/** torch.clamp_min: clamp with a lower bound only. */
export const clamp_min: ClampMin<X> = of(clamps.clamp_min);

/** torch.clamp_max: clamp with an upper bound only. */
export const clamp_max: ClampMax<X> = of(clamps.clamp_max);

/** torch.lerp: input + weight * (end - input), of one floating dtype. */
export const lerp: Lerp<X> = of(arithmetic.lerp);

/** torch.addcmul: input + value * tensor1 * tensor2. */
export const addcmul: AddProduct<X> = of(arithmetic.addcmul);

/** torch.addcdiv: input + value * tensor1 / tensor2. */
export const addcdiv: AddProduct<X> = of(arithmetic.addcdiv);

/** torch.neg: minus the input; not of bool. */
export const neg: Unary<X> = of(elementary.neg);

/** torch.negative: another name of neg. */
export const negative: Unary<X> = of(elementary.neg);

/** torch.positive: the input itself; not of bool. */
export const positive: Unary<X> = of(positiveOf);

/** torch.abs: the absolute value; gradient 0 at 0. */
export const abs: Unary<X> = of(elementary.abs);

/** torch.absolute: another name of abs. */
export const absolute: Unary<X> = of(elementary.abs);

/** torch.exp: e to the power of each element; integers give floats, as in all up to rad2deg. */
export const exp: Unary<X> = of(elementary.exp);

/** torch.exp2: 2 to the power of each element. */
export const exp2: Unary<X> = of(elementary.exp2);

/** torch.expm1: exp(x) - 1, exact near 0. */
export const expm1: Unary<X> = of(elementary.expm1);

/** torch.log: natural logarithm. */
export const log: Unary<X> = of(elementary.log);

/** torch.log2: logarithm to base 2. */
export const log2: Unary<X> = of(elementary.log2);

/** torch.log10: logarithm to base 10. */
export const log10: Unary<X> = of(elementary.log10);

/** torch.log1p: log(1 + x), exact near 0. */
export const log1p: Unary<X> = of(elementary.log1p);

/** torch.sqrt: square root. */
export const sqrt: Unary<X> = of(elementary.sqrt);

/** torch.rsqrt: 1 / sqrt(x). */
export const rsqrt: Unary<X> = of(elementary.rsqrt);

/** torch.reciprocal: 1 / x. */
export const reciprocal: Unary<X> = of(elementary.reciprocal);

/** torch.square: x * x, of the input's dtype. */
export const square: Unary<X> = of(elementary.square);

/** torch.sin: sine of radians. */
export const sin: Unary<X> = of(elementary.sin);

/** torch.cos: cosine of radians. */
export const cos: Unary<X> = of(elementary.cos);

/** torch.tan: tangent of radians. */
export const tan: Unary<X> = of(elementary.tan);

/** torch.sinh: hyperbolic sine. */
export const sinh: Unary<X> = of(elementary.sinh);

/** torch.cosh: hyperbolic cosine. */
export const cosh: Unary<X> = of(elementary.cosh);

/** torch.tanh: hyperbolic tangent. */
export const tanh: Unary<X> = of(elementary.tanh);

/** torch.sigmoid: 1 / (1 + exp(-x)). */
export const sigmoid: Unary<X> = of(elementary.sigmoid);

/** torch.erf: the error function. */
export const erf: Unary<X> = of(elementary.erf);

/** torch.deg2rad: degrees to radians. */
export const deg2rad: Unary<X> = of(elementary.deg2rad);

/** torch.rad2deg: radians to degrees. */
export const rad2deg: Unary<X> = of(elementary.rad2deg);

/** torch.relu: max(0, x); gradient 0 at 0. */
export const relu: Unary<X> = of(elementary.relu);

/** torch.sign: 1, 0 or -1; 0 for NaN. The gradient is zero, as of all that round. */
export const sign: Unary<X> = of(elementary.sign);

/** torch.floor: rounded down. */
export const floor: Unary<X> = of(elementary.floor);

/** torch.ceil: rounded up. */
export const ceil: Unary<X> = of(elementary.ceil);

/** torch.round: rounded to the nearest, halves to even, or to so many decimals. */
export const round: Round<X> = of(elementary.round);

/** torch.trunc: rounded towards zero. */
export const trunc: Unary<X> = of(elementary.trunc);

/** torch.fix: another name of trunc. */
export const fix: Unary<X> = of(elementary.trunc);

/** torch.frac: x - trunc(x), of floats. */
export const frac: Unary<X> = of(elementary.frac);

/** torch.eq: input == other, as bool. */
export const eq: Binary<X> = of(comparisons.eq);

/** torch.ne: input != other. */
export const ne: Binary<X> = of(comparisons.ne);

/** torch.not_equal: another name of ne. */
export const not_equal: Binary<X> = of(comparisons.ne);

/** torch.lt: input < other. */
export const lt: Binary<X> = of(comparisons.lt);

/** torch.less: another name of lt. */
export const less: Binary<X> = of(comparisons.lt);

/** torch.le: input <= other. */
export const le: Binary<X> = of(comparisons.le);

/** torch.less_equal: another name of le. */
export const less_equal: Binary<X> = of(comparisons.le);

/** torch.gt: input > other. */
export const gt: Binary<X> = of(comparisons.gt);

/** torch.greater: another name of gt. */
export const greater: Binary<X> = of(comparisons.gt);

/** torch.ge: input >= other. */
export const ge: Binary<X> = of(comparisons.ge);

/** torch.greater_equal: another name of ge. */
export const greater_equal: Binary<X> = of(comparisons.ge);

/** torch.isclose: abs(input - other) <= atol + rtol * abs(other), element by element. */
export const isclose: Close<X, Tensor> = of(comparisons.isclose);

/** torch.isnan: whether each element is NaN. */
export const isnan: Unary<X> = of(comparisons.isnan);

/** torch.isinf: whether each element is infinite. */
export const isinf: Unary<X> = of(comparisons.isinf);

/** torch.isposinf: whether each element is infinity. */
export const isposinf: Unary<X> = of(comparisons.isposinf);

/** torch.isneginf: whether each element is minus infinity. */
export const isneginf: Unary<X> = of(comparisons.isneginf);

/** torch.isfinite: whether each element is neither infinite nor NaN. */
export const isfinite: Unary<X> = of(comparisons.isfinite);

/** torch.logical_and: whether both are not 0. */
export const logical_and: Binary<X, Foreign> = of(comparisons.logical_and);

/** torch.logical_or: whether either is not 0. */
export const logical_or: Binary<X, Foreign> = of(comparisons.logical_or);

/** torch.logical_xor: whether just one is not 0. */
export const logical_xor: Binary<X, Foreign> = of(comparisons.logical_xor);

/** torch.logical_not: whether it is 0. */
export const logical_not: Unary<X> = of(comparisons.logical_not);

/** torch.bitwise_and: bits that both have, of integers and bool. */
export const bitwise_and: Binary<Y> = of(comparisons.bitwise_and);

/** torch.bitwise_or: bits that either has. */
export const bitwise_or: Binary<Y> = of(comparisons.bitwise_or);

/** torch.bitwise_xor: bits that just one has. */
export const bitwise_xor: Binary<Y> = of(comparisons.bitwise_xor);

/** torch.bitwise_not: all bits the other way round. */
export const bitwise_not: Unary<X> = of(comparisons.bitwise_not);

/** torch.hypot: the square root of the sum of two squares. */
export const hypot: Binary<X, Foreign> = of(pairs.hypot);

/** torch.logaddexp: log(exp(input) + exp(other)), without overflow. */
export const logaddexp: Binary<X, Foreign> = of(pairs.logaddexp);

/** torch.xlogy: input * log(other), and 0 where the input is 0. */
export const xlogy: Binary<X, Foreign> = of(pairs.xlogy);

/** torch.fmax: maximum, but a number beside a NaN. */
export const fmax: Binary<X, Foreign> = of(pairs.fmax);

/** torch.fmin: minimum, but a number beside a NaN. */
export const fmin: Binary<X, Foreign> = of(pairs.fmin);

/** torch.heaviside: 0 below 0, 1 above, `values` at 0; it has no gradient. */
export const heaviside: Product<X, 'values'> = of(pairs.heaviside);

/** torch.nan_to_num: numbers in place of NaN (0) and the infinities (the largest there are). */
export const nan_to_num: NanToNum<X> = of(pairs.nan_to_num);

/** torch.logit: log(x / (1 - x)). */
export const logit: Unary<X> = of(pairs.logit);

/** torch.sgn: as sign. */
export const sgn: Unary<X> = of(pairs.sgn);

/** torch.signbit: whether the sign is minus, that of a zero too. */
export const signbit: Unary<X> = of(pairs.signbit);
