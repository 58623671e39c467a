/** Arithmetic cell by cell, on core tensors: NumPy's promotion (NEP 50), broadcasting, and refusals. */

import { TypeError_, ValueError } from '../errors.js';
import { type BinaryName, broadcastBinary, broadcastTo } from '../ops/composite.js';
import type { Direction } from '../ops/primitive.js';
import { type DType, isFloat } from '../shape/dtype.js';
import { promoteNumpy, promoteNumpyNumber } from '../shape/promotion.js';
import { broadcastShapes, type Shape } from '../shape/shape.js';
import { op, type Tensor } from '../tensor/tensor.js';
import { type ArrayInput, dtypeOfNumber, fromNumbers, holds, showTuple, toTensor } from './input.js';

/** The shape that all broadcast to. */
export function commonShape(shapes: readonly Shape[]): Shape {
  let common: Shape = [];
  for (const shape of shapes) {
    const next = broadcastShapes(common, shape);
    if (next === null) {
      const list = shapes.map(showTuple).join(' ');
      throw new ValueError('shape-mismatch', `operands could not be broadcast together with shapes ${list} `);
    }
    common = next;
  }
  return common;
}

const isNumber = (value: ArrayInput): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint';

/** The dtype that a bare number takes beside an array: the array's own, unless its kind is higher (NEP 50). */
function dtypeBeside(array: DType, number: number | bigint): DType {
  if (typeof number === 'bigint' || isFloat(array)) return promoteNumpyNumber(array, Number(number));
  return dtypeOfNumber(number) === 'float64' ? 'float64' : promoteNumpyNumber(array, number);
}

/**
 * Two operands in their common dtype. `widens` lets a whole number that doesn't fit the array's dtype raise it to int64,
 * as comparisons do, in place of an OverflowError.
 */
export function promoted(left: ArrayInput, right: ArrayInput, widens = false): readonly [Tensor, Tensor] {
  if (isNumber(left) === isNumber(right)) {
    const [a, b] = [toTensor(left), toTensor(right)];
    const dtype = promoteNumpy(a.dtype, b.dtype);
    return [op.convert(a, dtype), op.convert(b, dtype)];
  }
  if (isNumber(left)) {
    const [b, a] = promoted(right, left, widens);
    return [a, b];
  }
  const array = toTensor(left);
  const number = right as number | bigint;
  const beside = dtypeBeside(array.dtype, number);
  const dtype = widens && !holds(beside, number) ? 'int64' : beside;
  return [op.convert(array, dtype), fromNumbers([number], [], dtype)];
}

/** What becomes of the common dtype before an operation; most keep it. */
const computeIn: { readonly [N in BinaryName]?: (dtype: DType) => DType } = {
  divide: (dtype) => (isFloat(dtype) ? dtype : 'float64'),
  // NumPy has int8, which we lack.
  power: (dtype) => (dtype === 'bool' ? 'int64' : dtype),
};

/** What NumPy refuses before it computes. */
const refuse: { readonly [N in BinaryName]?: (a: Tensor, b: Tensor) => void } = {
  subtract({ dtype }) {
    if (dtype !== 'bool') return;
    throw new TypeError_(
      'dtype-mismatch',
      'numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator, or the ' +
        'logical_xor function instead.',
    );
  },
  power(_base, { dtype, array }) {
    if (isFloat(dtype) || !array.some((exponent: number | bigint) => exponent < 0)) return;
    throw new ValueError('bad-argument', 'Integers to negative integer powers are not allowed.');
  },
};

/** Arithmetic of two operands. */
export function binary(name: BinaryName, left: ArrayInput, right: ArrayInput): Tensor {
  const [a, b] = promoted(left, right);
  commonShape([a.shape, b.shape]);
  refuse[name]?.(a, b);
  return broadcastBinary(op, name, a, b, computeIn[name]?.(a.dtype) ?? a.dtype);
}

/** A comparison, of dtype bool. */
export function compare(direction: Direction, left: ArrayInput, right: ArrayInput): Tensor {
  const [a, b] = promoted(left, right, true);
  const shape = commonShape([a.shape, b.shape]);
  return op.compare(broadcastTo(op, a, shape), broadcastTo(op, b, shape), direction);
}

/** The cells of one operand where a condition is true, of another where it is not. */
export function select(condition: ArrayInput, onTrue: ArrayInput, onFalse: ArrayInput): Tensor {
  const predicate = op.convert(toTensor(condition), 'bool');
  const [a, b] = promoted(onTrue, onFalse);
  const shape = commonShape([predicate.shape, a.shape, b.shape]);
  return op.select(broadcastTo(op, predicate, shape), broadcastTo(op, a, shape), broadcastTo(op, b, shape));
}

/** The float that holds an integer dtype: of the small ones float32 (there is no float16). */
const floatOf = (dtype: DType): DType =>
  isFloat(dtype) ? dtype : dtype === 'uint8' || dtype === 'bool' ? 'float32' : 'float64';

/** An array in floats, for functions whose results are never whole. */
export function inFloat(x: ArrayInput): Tensor {
  const value = toTensor(x);
  return op.convert(value, floatOf(value.dtype));
}

const like = (x: Tensor, value: number): Tensor => op.full(x, value);

/** What isn't a NaN is equal to itself. */
export const isNan = (x: Tensor): Tensor => op.compare(x, x, 'NE');

/** Adds a constant that makes y the whole number r exactly, wherever `isExact(r)` is x. Gradients don't see it. */
function corrected(y: Tensor, x: Tensor, base: number): Tensor {
  const whole = op.round_nearest_even(y.plain);
  const isPower = op.compare(op.power(like(whole, base), whole), x.plain, 'EQ');
  // Of 0 and infinity, the logarithm is infinite, and infinity less infinity nan.
  const isExact = op.and(isPower, op.is_finite(whole));
  return op.add(y, op.select(isExact, op.subtract(whole, y.plain), like(y, 0)));
}

const half = (x: Tensor): Tensor => op.multiply(x, like(x, 0.5));

export type FloatFunctionName =
  | 'exp'
  | 'expm1'
  | 'exp2'
  | 'log'
  | 'log1p'
  | 'log2'
  | 'log10'
  | 'sqrt'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'sinh'
  | 'cosh'
  | 'tanh'
  | 'rint'
  | 'deg2rad'
  | 'rad2deg';

/** Functions of one float, by NumPy's names. */
export const floatFunctions: { readonly [N in FloatFunctionName]: (x: Tensor) => Tensor } = {
  exp: op.exponential,
  expm1: op.exponential_minus_one,
  exp2: (x) => op.power(like(x, 2), x),
  log: op.log,
  log1p: op.log_plus_one,
  log2: (x) => corrected(op.divide(op.log(x), like(x, Math.LN2)), x, 2),
  log10: (x) => corrected(op.divide(op.log(x), like(x, Math.LN10)), x, 10),
  sqrt: op.sqrt,
  sin: op.sine,
  cos: op.cosine,
  tan: (x) => op.divide(op.sine(x), op.cosine(x)),
  sinh: (x) => half(op.subtract(op.exponential_minus_one(x), op.exponential_minus_one(op.negate(x)))),
  cosh: (x) => half(op.add(op.exponential(x), op.exponential(op.negate(x)))),
  tanh: op.tanh,
  rint: op.round_nearest_even,
  deg2rad: (x) => op.multiply(x, like(x, Math.PI / 180)),
  rad2deg: (x) => op.multiply(x, like(x, 180 / Math.PI)),
};

/** Towards zero. */
const truncated = (x: Tensor): Tensor => op.select(op.compare(x, like(x, 0), 'LT'), op.ceil(x), op.floor(x));

export type WholeFunctionName = 'floor' | 'ceil' | 'trunc';

/** Functions of one number that keep its dtype: integers are whole already. */
export const wholeFunctions: { readonly [N in WholeFunctionName]: (x: Tensor) => Tensor } = {
  floor: op.floor,
  ceil: op.ceil,
  trunc: truncated,
};

export const rounded = (name: WholeFunctionName, x: ArrayInput): Tensor => {
  const value = toTensor(x);
  return isFloat(value.dtype) ? wholeFunctions[name](value) : value;
};

const refuseTypes = (name: string): TypeError_ =>
  new TypeError_(
    'dtype-mismatch',
    `ufunc '${name}' not supported for the input types, and the inputs could not be safely coerced to any supported ` +
      "types according to the casting rule ''safe''",
  );

export function sign(x: ArrayInput): Tensor {
  const value = toTensor(x);
  if (value.dtype === 'bool') {
    throw new TypeError_(
      'dtype-mismatch',
      "ufunc 'sign' did not contain a loop with signature matching types <class 'numpy.dtypes.BoolDType'> -> None",
    );
  }
  return op.sign(value);
}

/** 1 / x; of integers the whole part. */
export function reciprocal(x: ArrayInput): Tensor {
  const given = toTensor(x);
  const value = given.dtype === 'bool' ? op.convert(given, 'int64') : given;
  return op.divide(like(value, 1), value);
}

export type TestName = 'isnan' | 'isfinite' | 'isinf' | 'isposinf' | 'isneginf' | 'signbit';

/** Where x is nan, infinite or finite. */
export const tests: { readonly [N in TestName]: (x: Tensor) => Tensor } = {
  isnan: isNan,
  isfinite: op.is_finite,
  isinf: (x) => op.compare(op.abs(x), like(x, Number.POSITIVE_INFINITY), 'EQ'),
  isposinf: (x) => op.compare(x, like(x, Number.POSITIVE_INFINITY), 'EQ'),
  isneginf: (x) => op.compare(x, like(x, Number.NEGATIVE_INFINITY), 'EQ'),
  signbit: (x) =>
    op.or(
      op.compare(x, like(x, 0), 'LT'),
      op.compare(op.divide(like(x, 1), x), like(x, Number.NEGATIVE_INFINITY), 'EQ'),
    ),
};

export function test(name: TestName, x: ArrayInput): Tensor {
  const value = toTensor(x).plain;
  return tests[name](isFloat(value.dtype) ? value : op.convert(value, 'float64'));
}

/** Two operands of one dtype and shape; truth values become integers where `asNumbers`. */
function pair(left: ArrayInput, right: ArrayInput, asNumbers: boolean): readonly [Tensor, Tensor] {
  const [a, b] = promoted(left, right);
  const shape = commonShape([a.shape, b.shape]);
  const dtype = asNumbers && a.dtype === 'bool' ? 'int64' : a.dtype;
  const ready = (x: Tensor): Tensor => broadcastTo(op, op.convert(x, dtype), shape);
  return [ready(a), ready(b)];
}

const isNegative = (x: Tensor): Tensor => op.compare(x, like(x, 0), 'LT');

/** The remainder with the sign of a, and where that isn't the sign of b. */
function remainders(a: Tensor, b: Tensor): { readonly rest: Tensor; readonly differs: Tensor } {
  const rest = op.remainder(a, b);
  const isUneven = op.compare(rest, like(a, 0), 'NE');
  return { rest, differs: op.and(isUneven, op.compare(isNegative(rest), isNegative(b), 'NE')) };
}

/** What is left of a / b, with the sign of b, be it of zero. */
function modulo(a: Tensor, b: Tensor): Tensor {
  const { rest, differs } = remainders(a, b);
  const moved = op.select(differs, op.add(rest, b), rest);
  if (!isFloat(a.dtype)) return moved;
  const zero = like(a, 0);
  // -0 + 0 is 0, and its negative -0.
  return op.select(isNegative(b), op.negate(op.add(op.negate(moved), zero)), op.add(moved, zero));
}

function floorDivided(a: Tensor, b: Tensor): Tensor {
  if (isFloat(a.dtype)) {
    const { rest, differs } = remainders(a, b);
    const whole = op.divide(op.subtract(a, rest), b);
    const quotient = op.round_nearest_even(op.select(differs, op.subtract(whole, like(a, 1)), whole));
    const ratio = op.divide(a, b);
    // A zero has the sign of the ratio. By zero, the ratio itself is infinite or nan.
    const isZero = op.compare(quotient, like(a, 0), 'EQ');
    const signed = op.select(isZero, op.multiply(ratio.plain, like(a, 0)), quotient);
    return op.select(op.compare(b, like(b, 0), 'EQ'), ratio, signed);
  }
  const cut = op.divide(a, b);
  const rest = op.subtract(a, op.multiply(cut, b));
  const zero = like(a, 0);
  const differs = op.compare(op.compare(rest, zero, 'LT'), op.compare(b, zero, 'LT'), 'NE');
  const isBelow = op.and(op.and(op.compare(rest, zero, 'NE'), differs), op.compare(b, zero, 'NE'));
  return op.select(isBelow, op.subtract(cut, like(cut, 1)), cut);
}

export const floorDivide = (left: ArrayInput, right: ArrayInput): Tensor => floorDivided(...pair(left, right, true));

/** Remainders; integers by zero give 0. */
export function remainder(left: ArrayInput, right: ArrayInput, isFloored = true): Tensor {
  const [a, b] = pair(left, right, true);
  const rest = isFloored ? modulo(a, b) : op.remainder(a, b);
  return isFloat(a.dtype) ? rest : op.select(op.compare(b, like(b, 0), 'EQ'), like(b, 0), rest);
}

/** The larger or the smaller one, and where one is nan, the other. */
export function without(name: 'maximum' | 'minimum', left: ArrayInput, right: ArrayInput): Tensor {
  const [a, b] = pair(left, right, false);
  const extreme = op[name](a, b);
  return isFloat(a.dtype) ? op.select(isNan(a), b, op.select(isNan(b), a, extreme)) : extreme;
}

export function logical(name: 'and' | 'or' | 'xor', left: ArrayInput, right: ArrayInput): Tensor {
  const [a, b] = [left, right].map((x) => op.convert(toTensor(x).plain, 'bool')) as [Tensor, Tensor];
  const shape = commonShape([a.shape, b.shape]);
  const [x, y] = [broadcastTo(op, a, shape), broadcastTo(op, b, shape)];
  return name === 'xor' ? op.compare(x, y, 'NE') : op[name](x, y);
}

export const logicalNot = (x: ArrayInput): Tensor => op.not(op.convert(toTensor(x).plain, 'bool'));

export function bitwise(name: 'and' | 'or' | 'xor', left: ArrayInput, right: ArrayInput): Tensor {
  const [a, b] = pair(left, right, false);
  if (isFloat(a.dtype)) throw refuseTypes(`bitwise_${name}`);
  return name === 'xor' ? op.and(op.or(a, b), op.not(op.and(a, b))) : op[name](a, b);
}

export function invert(x: ArrayInput): Tensor {
  const value = toTensor(x);
  if (isFloat(value.dtype)) throw refuseTypes('invert');
  return op.not(value);
}

/** sqrt(a^2 + b^2). */
export function hypotenuse(left: ArrayInput, right: ArrayInput): Tensor {
  const [a, b] = pair(left, right, false).map(inFloat) as [Tensor, Tensor];
  return op.sqrt(op.add(op.multiply(a, a), op.multiply(b, b)));
}

/** log(exp(a) + exp(b)), without overflow. */
export function logAddExp(left: ArrayInput, right: ArrayInput): Tensor {
  const [a, b] = pair(left, right, false).map(inFloat) as [Tensor, Tensor];
  const smaller = op.exponential(op.negate(op.abs(op.subtract(a, b))));
  return op.add(op.maximum(a, b), op.log_plus_one(smaller));
}

export function negative(x: ArrayInput): Tensor {
  const value = toTensor(x);
  if (value.dtype !== 'bool') return op.negate(value);
  throw new TypeError_(
    'dtype-mismatch',
    'The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the logical_not ' +
      'function instead.',
  );
}

/** Halves go to the even neighbour. Scaled by a power of ten first, as NumPy does, with what that rounds. */
export function round(x: ArrayInput, decimals: number): Tensor {
  const given = toTensor(x);
  const value = given.dtype === 'bool' ? op.convert(given, 'float32') : given;
  if (decimals === 0 || (decimals > 0 && !isFloat(value.dtype))) return op.round_nearest_even(value);
  const dtype = isFloat(value.dtype) ? value.dtype : 'float64';
  const scale = op.full({ shape: value.shape, dtype }, 10 ** Math.abs(decimals));
  const [up, down] = decimals > 0 ? ([op.multiply, op.divide] as const) : ([op.divide, op.multiply] as const);
  return op.convert(down(op.round_nearest_even(up(op.convert(value, dtype), scale)), scale), value.dtype);
}
