/** NumPy's functions of single elements that compute: arithmetic, exponentials, rounding. */

import type { BinaryName } from '../ops/composite.js';
import { op } from '../tensor/tensor.js';
import { Tuple } from '../text/python.js';
import { type OneArray, ofOne, ofTwo, type TwoArrays } from './calls.js';
import { type ArrayInput, toTensor } from './input.js';
import type { ndarray } from './ndarray.js';
import * as ufunc from './ufunc.js';
import { binary } from './ufunc.js';

const arithmetic = (name: string, primitive: BinaryName): TwoArrays =>
  ofTwo(name, (x1, x2) => binary(primitive, x1, x2));

const floating = (name: ufunc.FloatFunctionName): OneArray =>
  ofOne(name, (x) => ufunc.floatFunctions[name](ufunc.inFloat(x)));

const rounded = (name: ufunc.WholeFunctionName): OneArray => ofOne(name, (x) => ufunc.rounded(name, x));

/**
 * np.add: `x1 + x2`.
 *
 * @throws ValueError where shapes don't broadcast
 * @example add(1, [2]).tolist() // [3]
 */
export const add: TwoArrays = arithmetic('add', 'add');
/**
 * np.subtract: `x1 - x2`.
 *
 * @throws TypeError_ for two of bool
 * @example subtract(1, [2]).tolist() // [-1]
 */
export const subtract: TwoArrays = arithmetic('subtract', 'subtract');
/**
 * np.multiply: `x1 * x2`.
 *
 * @throws as `add`
 * @example multiply(3, [2]).tolist() // [6]
 */
export const multiply: TwoArrays = arithmetic('multiply', 'multiply');
/**
 * np.divide: `x1 / x2`, float64 for integers.
 *
 * @throws as `add`
 * @example divide(3, [2]).tolist() // [1.5]
 */
export const divide: TwoArrays = arithmetic('divide', 'divide');
/**
 * np.power: `x1 ** x2`.
 *
 * @throws ValueError for integers to negative integers
 * @example power(2, [3]).tolist() // [8]
 */
export const power: TwoArrays = arithmetic('power', 'power');
/**
 * np.maximum: the larger of each two.
 *
 * @throws as `add`
 * @example maximum([1, 5], 3).tolist() // [3, 5]
 */
export const maximum: TwoArrays = arithmetic('maximum', 'maximum');
/**
 * np.minimum: the smaller of each two.
 *
 * @throws as `add`
 * @example minimum([1, 5], 3).tolist() // [1, 3]
 */
export const minimum: TwoArrays = arithmetic('minimum', 'minimum');

/**
 * np.true_divide: `x1 / x2`, as `divide`.
 *
 * @throws as `add`
 * @example true_divide(3, [2]).tolist() // [1.5]
 */
export const true_divide: TwoArrays = ofTwo('true_divide', (x1, x2) => binary('divide', x1, x2));
/**
 * np.floor_divide: `x1 // x2`: the quotient rounded down; integers by 0 give 0.
 *
 * @throws as `add`
 * @example floor_divide([7, -7], 2).tolist() // [3, -4]
 */
export const floor_divide: TwoArrays = ofTwo('floor_divide', ufunc.floorDivide);
/**
 * np.remainder: `x1 % x2`, with the sign of x2; integers by 0 give 0.
 *
 * @throws as `add`
 * @example remainder([7, -7], 3).tolist() // [1, 2]
 */
export const remainder: TwoArrays = ofTwo('remainder', ufunc.remainder);
/** np.mod: another name of `remainder`. */
export const mod: TwoArrays = remainder;
/**
 * np.fmod: C's remainder, with the sign of x1.
 *
 * @throws as `add`
 * @example fmod([7, -7], 3).tolist() // [1, -1]
 */
export const fmod: TwoArrays = ofTwo('fmod', (x1, x2) => ufunc.remainder(x1, x2, false));
/**
 * np.divmod: `floor_divide` and `remainder`, a pair.
 *
 * @throws as `add`
 * @example divmod([7], 2) // (array([3]), array([1]))
 */
export const divmod = (x1: ArrayInput, x2: ArrayInput): Tuple<ndarray> =>
  Tuple.from<ndarray>([floor_divide(x1, x2), remainder(x1, x2)]) as Tuple<ndarray>;
/**
 * np.float_power: `x1 ** x2` in float64.
 *
 * @throws as `add`
 * @example float_power([2], -1).tolist() // [0.5]
 */
export const float_power: TwoArrays = ofTwo('float_power', (x1, x2) =>
  binary('power', toTensor(x1, 'float64'), toTensor(x2, 'float64')),
);
/**
 * np.fmax: the larger of each two; of a NaN and a number, the number.
 *
 * @throws as `add`
 * @example fmax([1, nan], 0).tolist() // [1, 0]
 */
export const fmax: TwoArrays = ofTwo('fmax', (x1, x2) => ufunc.without('maximum', x1, x2));
/**
 * np.fmin: the smaller of each two; of a NaN and a number, the number.
 *
 * @throws as `add`
 * @example fmin([1, nan], 0).tolist() // [0, 0]
 */
export const fmin: TwoArrays = ofTwo('fmin', (x1, x2) => ufunc.without('minimum', x1, x2));
/**
 * np.hypot: `sqrt(x1**2 + x2**2)`.
 *
 * @throws as `add`
 * @example hypot([3], 4).tolist() // [5]
 */
export const hypot: TwoArrays = ofTwo('hypot', ufunc.hypotenuse);
/**
 * np.logaddexp: `log(exp(x1) + exp(x2))`, without overflow.
 *
 * @throws as `add`
 * @example logaddexp([1000], -1000).tolist() // [1000]
 */
export const logaddexp: TwoArrays = ofTwo('logaddexp', ufunc.logAddExp);
/**
 * np.abs, in the dtype of x.
 *
 * @example abs([-1, 2]).tolist() // [1, 2]
 */
export const abs: OneArray = ofOne('abs', (x) => op.abs(toTensor(x)));
/** np.absolute: another name of `abs`. */
export const absolute: OneArray = abs;
/**
 * np.negative: `-x`.
 *
 * @throws TypeError_ for bool
 * @example negative([1]).tolist() // [-1]
 */
export const negative: OneArray = ofOne('negative', ufunc.negative);
/**
 * np.exp; float64 for int32 and int64, float32 for smaller ones (there is no float16).
 *
 * @example exp(0).item() // 1
 */
export const exp: OneArray = floating('exp');
/**
 * np.log: the natural logarithm; dtypes as `exp`.
 *
 * @example log(1).item() // 0
 */
export const log: OneArray = floating('log');
/**
 * np.sqrt; dtypes as `exp`.
 *
 * @example sqrt(4).item() // 2
 */
export const sqrt: OneArray = floating('sqrt');
/**
 * np.tanh; dtypes as `exp`.
 *
 * @example tanh(0).item() // 0
 */
export const tanh: OneArray = floating('tanh');
/**
 * np.square: `x * x`.
 *
 * @example square([3]).tolist() // [9]
 */
export const square: OneArray = ofOne('square', (x) => binary('multiply', toTensor(x), toTensor(x)));
/**
 * np.expm1: `exp(x) - 1`, exact near 0; dtypes as `exp`.
 *
 * @example expm1(0).item() // 0
 */
export const expm1: OneArray = floating('expm1');
/**
 * np.exp2: `2**x`; dtypes as `exp`.
 *
 * @example exp2(3).item() // 8
 */
export const exp2: OneArray = floating('exp2');
/**
 * np.log1p: `log(1 + x)`, exact near 0; dtypes as `exp`.
 *
 * @example log1p(0).item() // 0
 */
export const log1p: OneArray = floating('log1p');
/**
 * np.log2: the logarithm to base 2; dtypes as `exp`.
 *
 * @example log2(8).item() // 3
 */
export const log2: OneArray = floating('log2');
/**
 * np.log10: the logarithm to base 10; dtypes as `exp`.
 *
 * @example log10(1000).item() // 3
 */
export const log10: OneArray = floating('log10');
/**
 * np.sin: the sine; dtypes as `exp`.
 *
 * @example sin(0).item() // 0
 */
export const sin: OneArray = floating('sin');
/**
 * np.cos: the cosine; dtypes as `exp`.
 *
 * @example cos(0).item() // 1
 */
export const cos: OneArray = floating('cos');
/**
 * np.tan: the tangent; dtypes as `exp`.
 *
 * @example tan(0).item() // 0
 */
export const tan: OneArray = floating('tan');
/**
 * np.sinh: the hyperbolic sine; dtypes as `exp`.
 *
 * @example sinh(0).item() // 0
 */
export const sinh: OneArray = floating('sinh');
/**
 * np.cosh: the hyperbolic cosine; dtypes as `exp`.
 *
 * @example cosh(0).item() // 1
 */
export const cosh: OneArray = floating('cosh');
/**
 * np.rint: to the nearest whole number, halves to the even one; dtypes as `exp`.
 *
 * @example rint([0.5, 1.5]).tolist() // [0, 2]
 */
export const rint: OneArray = floating('rint');
/**
 * np.deg2rad: degrees as radians; dtypes as `exp`.
 *
 * @example deg2rad(0).item() // 0
 */
export const deg2rad: OneArray = floating('deg2rad');
/**
 * np.rad2deg: radians as degrees; dtypes as `exp`.
 *
 * @example rad2deg(0).item() // 0
 */
export const rad2deg: OneArray = floating('rad2deg');
/** np.radians: as `deg2rad`. */
export const radians: OneArray = deg2rad;
/** np.degrees: as `rad2deg`. */
export const degrees: OneArray = rad2deg;
/**
 * np.floor: rounded down; integers stay.
 *
 * @example floor([1.5, -1.5]).tolist() // [1, -2]
 */
export const floor: OneArray = rounded('floor');
/**
 * np.ceil: rounded up; integers stay.
 *
 * @example ceil([1.5, -1.5]).tolist() // [2, -1]
 */
export const ceil: OneArray = rounded('ceil');
/**
 * np.trunc: rounded towards 0; integers stay.
 *
 * @example trunc([1.5, -1.5]).tolist() // [1, -1]
 */
export const trunc: OneArray = rounded('trunc');
/** np.fix: as `trunc`. */
export const fix: OneArray = trunc;
/**
 * np.sign: -1, 0 or 1.
 *
 * @throws TypeError_ for bool
 * @example sign([-2, 0, 3]).tolist() // [-1, 0, 1]
 */
export const sign: OneArray = ofOne('sign', ufunc.sign);
/**
 * np.reciprocal: `1 / x`; of integers its whole part.
 *
 * @example reciprocal([2, 0.5]).tolist() // [0.5, 2]
 */
export const reciprocal: OneArray = ofOne('reciprocal', ufunc.reciprocal);
/**
 * np.positive: `+x`.
 *
 * @example positive([-1]).tolist() // [-1]
 */
export const positive: OneArray = ofOne('positive', toTensor);
/** np.pow: another name of `power`. */
export const pow: TwoArrays = power;
