/** Elementwise primitives: operands and result have one shape, element i of the result comes from elements i. */

import { RuntimeError } from '../errors.js';
import { scalarMath } from '../kernel/math.js';
import { elementwisePlan } from '../plan/elementwise.js';
import type { PlainOp } from '../plan/scalar.js';
import { type DType, dtypes, isFloat, type TypedArray } from '../shape/dtype.js';
import { sameShape, showShape, sizeOf } from '../shape/shape.js';
import {
  type Call,
  type Direction,
  type Lower,
  type None,
  noGradient,
  nth,
  type Operand,
  type Ops,
  type Params,
  type Primitive,
  type Typed,
} from './primitive.js';

type Saves = Primitive<None>['saves'];
type Rule = <T extends Typed>(call: Call<T, None>, op: Ops<T>) => T;
type Rules = <T extends Typed>(call: Call<T, None>, argument: number, op: Ops<T>) => T | null;

/** A function of numbers, and its twin for int64, whose elements are bigints. Storing an integer wraps it. */
interface Scalar1 {
  readonly number: (a: number) => number;
  readonly bigint?: (a: bigint) => bigint;
  /** For float32, where each step is rounded, as kernels do it, and not the last one alone. */
  readonly single?: (a: number) => number;
}
interface Scalar2 {
  readonly number: (a: number, b: number) => number;
  readonly bigint?: (a: bigint, b: bigint) => bigint;
  /** Where float arithmetic on 32-bit integers would lose digits or mean something else. */
  readonly integer?: (a: number, b: number) => number;
}

const refuse = (name: string, dtype: DType): never => {
  throw new RuntimeError('dtype-mismatch', `${name} has no meaning for ${dtype}; convert the operand first`);
};

/** A kernel of one node, whose operands are the inputs in order. */
const lowerPlain =
  (op: PlainOp): Lower<None> =>
  (inputs, _params, result) =>
    elementwisePlan([{ op, dtype: result.dtype, operands: inputs.map((_, i) => i) }], inputs, result);

/** bool elements are 0 or 1, whatever the arithmetic gave. */
function normalizeBool(array: TypedArray, dtype: DType): TypedArray {
  if (dtype === 'bool') for (let i = 0; i < array.length; i++) array[i] = array[i] ? 1 : 0;
  return array;
}

function unary(name: PlainOp, scalar: Scalar1, saves: Saves, rule: Rule | null): Primitive<None> {
  const integers = scalar.bigint !== undefined;
  return {
    name,
    saves,
    shape(inputs) {
      const x = nth(inputs, 0);
      return integers || isFloat(x.dtype) ? x : refuse(name, x.dtype);
    },
    reference(inputs, _params, result, allocate) {
      const x = nth(inputs, 0).array;
      const out = allocate(result.dtype, x.length);
      if (x instanceof BigInt64Array) {
        const f = scalar.bigint ?? refuse(name, 'int64');
        for (let i = 0; i < x.length; i++) out[i] = f(x[i] as bigint);
      } else {
        const f = x instanceof Float32Array ? (scalar.single ?? scalar.number) : scalar.number;
        for (let i = 0; i < x.length; i++) out[i] = f(x[i] as number);
      }
      return normalizeBool(out, result.dtype);
    },
    lower: lowerPlain(name),
    vjp: (call, _argument, op) => (rule === null ? null : rule(call, op)),
  };
}

/** Operands of one shape and dtype, or an error that says which they are. */
function alike(name: string, inputs: readonly Typed[]): Typed {
  const a = nth(inputs, 0);
  const b = nth(inputs, 1);
  if (a.dtype !== b.dtype || !sameShape(a.shape, b.shape)) {
    throw new RuntimeError(
      a.dtype === b.dtype ? 'shape-mismatch' : 'dtype-mismatch',
      `${name} takes operands of one shape and dtype, not ${a.dtype}${showShape(a.shape)} and ${b.dtype}${showShape(b.shape)}`,
    );
  }
  return a;
}

/** There is no minus among truth values, as NumPy and PyTorch say too. */
const signed = <T extends Typed>(name: string, type: T): T => (type.dtype === 'bool' ? refuse(name, 'bool') : type);

/** Bitwise primitives are for integers and bool. */
const bits = <T extends Typed>(name: string, type: T): T => (isFloat(type.dtype) ? refuse(name, type.dtype) : type);

/** Fills `out` with f of the elements of two arrays of one dtype. */
function zip(name: string, scalar: Scalar2, inputs: readonly Operand[], out: TypedArray, dtype: DType): TypedArray {
  const a = nth(inputs, 0).array;
  const b = nth(inputs, 1).array;
  if (a instanceof BigInt64Array && b instanceof BigInt64Array) {
    const f = scalar.bigint ?? refuse(name, 'int64');
    for (let i = 0; i < a.length; i++) out[i] = f(a[i] as bigint, b[i] as bigint);
  } else {
    const f = dtypes[dtype].kind === 'float' ? scalar.number : (scalar.integer ?? scalar.number);
    for (let i = 0; i < a.length; i++) out[i] = f(a[i] as number, b[i] as number);
  }
  return normalizeBool(out, dtype);
}

function binary(name: PlainOp, scalar: Scalar2, saves: Saves, rules: Rules): Primitive<None> {
  const integers = scalar.bigint !== undefined;
  return {
    name,
    saves,
    shape(inputs) {
      const type = alike(name, inputs);
      return integers || isFloat(type.dtype) ? type : refuse(name, type.dtype);
    },
    reference: (inputs, _params, result, allocate) =>
      zip(name, scalar, inputs, allocate(result.dtype, sizeOf(result.shape)), result.dtype),
    lower: lowerPlain(name),
    vjp: rules,
  };
}

/** One rule an operand. */
const each =
  (left: Rule, right: Rule): Rules =>
  (call, argument, op) =>
    argument === 0 ? left(call, op) : right(call, op);

const noRule: Rules = noGradient;

const square = <T>(op: Ops<T>, x: T): T => op.multiply(x, x);

/** The gradient of max or min: to the operand that was taken, and half to each where they are equal. */
const toTheTaken =
  (direction: Direction): Rules =>
  ({ inputs, gradient }, argument, op) => {
    const mine = nth(inputs, argument);
    const other = nth(inputs, 1 - argument);
    const whole = op.select(op.compare(mine, other, direction), gradient, op.full(gradient, 0));
    const half = op.multiply(gradient, op.full(gradient, 0.5));
    return op.select(op.compare(mine, other, 'EQ'), half, whole);
  };

/** A step's gradient is zero wherever it has one. */
const flat: Rule = ({ gradient }, op) => op.full(gradient, 0);

/** Kernels have the same formula, rounded alike. */
const formula = (name: keyof typeof scalarMath): Scalar1 => ({
  number: scalarMath[name].float64,
  single: scalarMath[name].float32,
});

function roundHalfToEven(x: number): number {
  const rounded = Math.round(x);
  return Math.abs(x % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** IEEE's power: JavaScript's makes NaN of 1 to NaN or infinity, and of -1 to infinity. */
const floatPower = (a: number, b: number): number =>
  a === 1 || (a === -1 && Math.abs(b) === Number.POSITIVE_INFINITY) ? 1 : a ** b;

/** a to the b-th, for b >= 0, by squaring; each product wraps as stored integers do. */
function integerPower<N extends number | bigint>(a: N, b: N, one: N, multiply: (a: N, b: N) => N): N {
  let result = one;
  for (let bits = BigInt(b); bits > 0n; bits >>= 1n) {
    if (bits & 1n) result = multiply(result, a);
    a = multiply(a, a);
  }
  return result;
}

const wrappedProduct = (a: bigint, b: bigint): bigint => BigInt.asIntN(64, a * b);

const tests: { readonly [D in Direction]: (a: number | bigint, b: number | bigint) => boolean } = {
  EQ: (a, b) => a === b,
  NE: (a, b) => a !== b,
  LT: (a, b) => a < b,
  LE: (a, b) => a <= b,
  GT: (a, b) => a > b,
  GE: (a, b) => a >= b,
};

/** Converting to an integer cuts the fraction off, and NaN is 0; to bool, all but 0 is true. */
function convertArray(from: TypedArray, to: DType, out: TypedArray): TypedArray {
  if (to === 'bool') {
    for (let i = 0; i < from.length; i++) out[i] = Number(from[i]) === 0 ? 0 : 1;
  } else if (out instanceof BigInt64Array) {
    for (let i = 0; i < from.length; i++) {
      const value = from[i] as number | bigint;
      out[i] = typeof value === 'bigint' ? value : Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
    }
  } else if (from instanceof BigInt64Array) {
    const narrow = (value: bigint): number => Number(dtypes[to].kind === 'float' ? value : BigInt.asIntN(32, value));
    for (let i = 0; i < from.length; i++) out[i] = narrow(from[i] as bigint);
  } else {
    for (let i = 0; i < from.length; i++) out[i] = from[i] as number;
  }
  return out;
}

type ElementwiseName =
  | 'negate'
  | 'abs'
  | 'sign'
  | 'exponential'
  | 'exponential_minus_one'
  | 'log'
  | 'log_plus_one'
  | 'sqrt'
  | 'rsqrt'
  | 'tanh'
  | 'logistic'
  | 'sine'
  | 'cosine'
  | 'erf'
  | 'floor'
  | 'ceil'
  | 'round_nearest_even'
  | 'is_finite'
  | 'not'
  | 'convert'
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'remainder'
  | 'power'
  | 'maximum'
  | 'minimum'
  | 'and'
  | 'or'
  | 'compare'
  | 'select';

const bigAbs = (a: bigint): bigint => (a < 0n ? -a : a);
const bigSign = (a: bigint): bigint => (a > 0n ? 1n : a < 0n ? -1n : 0n);
const same = (a: bigint): bigint => a;

export const elementwise: { readonly [N in ElementwiseName]: Primitive<Params[N]> } = {
  negate: {
    ...unary('negate', { number: (a) => -a, bigint: (a) => -a }, 'nothing', ({ gradient }, op) => op.negate(gradient)),
    shape: (inputs) => signed('negate', nth(inputs, 0)),
  },
  abs: unary('abs', { number: Math.abs, bigint: bigAbs }, 'inputs', ({ inputs, gradient }, op) =>
    op.multiply(gradient, op.sign(nth(inputs, 0))),
  ),
  sign: unary('sign', { number: Math.sign, bigint: bigSign }, 'nothing', flat),
  exponential: unary('exponential', formula('exponential'), 'output', ({ output, gradient }, op) =>
    op.multiply(gradient, output),
  ),
  exponential_minus_one: unary(
    'exponential_minus_one',
    formula('exponential_minus_one'),
    'output',
    ({ output, gradient }, op) => op.multiply(gradient, op.add(output, op.full(output, 1))),
  ),
  log: unary('log', formula('log'), 'inputs', ({ inputs, gradient }, op) => op.divide(gradient, nth(inputs, 0))),
  log_plus_one: unary('log_plus_one', formula('log_plus_one'), 'inputs', ({ inputs, gradient }, op) =>
    op.divide(gradient, op.add(nth(inputs, 0), op.full(gradient, 1))),
  ),
  sqrt: unary('sqrt', { number: Math.sqrt }, 'output', ({ output, gradient }, op) =>
    op.divide(gradient, op.multiply(output, op.full(output, 2))),
  ),
  rsqrt: unary(
    'rsqrt',
    { number: (a) => 1 / Math.sqrt(a), single: (a) => 1 / Math.fround(Math.sqrt(a)) },
    'output',
    ({ output, gradient }, op) =>
      op.multiply(gradient, op.multiply(op.full(output, -0.5), op.multiply(output, square(op, output)))),
  ),
  tanh: unary('tanh', formula('tanh'), 'output', ({ output, gradient }, op) =>
    op.multiply(gradient, op.subtract(op.full(output, 1), square(op, output))),
  ),
  logistic: unary('logistic', formula('logistic'), 'output', ({ output, gradient }, op) =>
    op.multiply(gradient, op.multiply(output, op.subtract(op.full(output, 1), output))),
  ),
  sine: unary('sine', { number: Math.sin }, 'inputs', ({ inputs, gradient }, op) =>
    op.multiply(gradient, op.cosine(nth(inputs, 0))),
  ),
  cosine: unary('cosine', { number: Math.cos }, 'inputs', ({ inputs, gradient }, op) =>
    op.multiply(gradient, op.negate(op.sine(nth(inputs, 0)))),
  ),
  erf: unary('erf', formula('erf'), 'inputs', ({ inputs, gradient }, op) => {
    const bell = op.exponential(op.negate(square(op, nth(inputs, 0))));
    return op.multiply(gradient, op.multiply(op.full(gradient, 2 / Math.sqrt(Math.PI)), bell));
  }),
  floor: unary('floor', { number: Math.floor, bigint: same }, 'nothing', flat),
  ceil: unary('ceil', { number: Math.ceil, bigint: same }, 'nothing', flat),
  round_nearest_even: unary('round_nearest_even', { number: roundHalfToEven, bigint: same }, 'nothing', flat),
  is_finite: {
    ...unary('is_finite', { number: (a) => (Number.isFinite(a) ? 1 : 0), bigint: () => 1n }, 'nothing', null),
    shape: (inputs) => ({ shape: nth(inputs, 0).shape, dtype: 'bool' }),
    reference(inputs, _params, _result, allocate) {
      const x = nth(inputs, 0).array;
      const out = allocate('bool', x.length);
      for (let i = 0; i < x.length; i++) out[i] = Number.isFinite(Number(x[i])) ? 1 : 0;
      return out;
    },
  },
  not: {
    ...unary('not', { number: (a) => ~a, bigint: (a) => ~a }, 'nothing', null),
    shape: (inputs) => bits('not', nth(inputs, 0)),
    reference(inputs, _params, result, allocate) {
      const x = nth(inputs, 0).array;
      const out = allocate(result.dtype, x.length);
      for (let i = 0; i < x.length; i++) {
        const value = x[i] as number | bigint;
        out[i] = result.dtype === 'bool' ? 1 - Number(value) : ~value;
      }
      return out;
    },
  },
  convert: {
    name: 'convert',
    saves: 'nothing',
    shape: (inputs, { dtype }) => ({ shape: nth(inputs, 0).shape, dtype }),
    reference(inputs, { dtype }, result, allocate) {
      const x = nth(inputs, 0);
      return x.dtype === dtype ? x.array : convertArray(x.array, dtype, allocate(dtype, sizeOf(result.shape)));
    },
    lower: (inputs, { dtype }, result) => elementwisePlan([{ op: 'convert', dtype, operands: [0] }], inputs, result),
    vjp: ({ inputs, gradient }, _argument, op) => {
      const { dtype } = nth(inputs, 0);
      return isFloat(dtype) && isFloat(gradient.dtype) ? op.convert(gradient, dtype) : null;
    },
  },
  add: binary('add', { number: (a, b) => a + b, bigint: (a, b) => a + b }, 'nothing', ({ gradient }) => gradient),
  subtract: {
    ...binary(
      'subtract',
      { number: (a, b) => a - b, bigint: (a, b) => a - b },
      'nothing',
      each(
        ({ gradient }) => gradient,
        ({ gradient }, op) => op.negate(gradient),
      ),
    ),
    shape: (inputs) => signed('subtract', alike('subtract', inputs)),
  },
  multiply: binary(
    'multiply',
    { number: (a, b) => a * b, integer: Math.imul, bigint: (a, b) => a * b },
    'inputs',
    ({ inputs, gradient }, argument, op) => op.multiply(gradient, nth(inputs, 1 - argument)),
  ),
  divide: binary(
    'divide',
    { number: (a, b) => a / b, integer: (a, b) => Math.trunc(a / b), bigint: (a, b) => (b === 0n ? 0n : a / b) },
    'inputs',
    each(
      ({ inputs, gradient }, op) => op.divide(gradient, nth(inputs, 1)),
      ({ inputs: [a, b], gradient }, op) => {
        if (a === undefined || b === undefined) return gradient;
        return op.multiply(op.negate(gradient), op.divide(op.divide(a, b), b));
      },
    ),
  ),
  remainder: binary(
    'remainder',
    { number: (a, b) => a % b, bigint: (a, b) => (b === 0n ? 0n : a % b) },
    'inputs',
    each(
      ({ gradient }) => gradient,
      ({ inputs, gradient }, op) => {
        const quotient = op.divide(nth(inputs, 0), nth(inputs, 1));
        return op.negate(op.multiply(gradient, op.multiply(op.sign(quotient), op.floor(op.abs(quotient)))));
      },
    ),
  ),
  power: binary(
    'power',
    {
      number: floatPower,
      // A negative exponent makes a fraction, cut off as quotients are, unless a is 1 or -1.
      integer: (a, b) => (b < 0 && Math.abs(a) !== 1 ? 0 : integerPower(a, Math.abs(b), 1, Math.imul)),
      bigint: (a, b) => (b < 0n && bigAbs(a) !== 1n ? 0n : integerPower(a, bigAbs(b), 1n, wrappedProduct)),
    },
    'inputs',
    each(
      // b * a^(b-1), and 0 where b is 0, whatever a
      ({ inputs, gradient }, op) => {
        const [a, b] = [nth(inputs, 0), nth(inputs, 1)];
        const zero = op.full(gradient, 0);
        const slope = op.multiply(b, op.power(a, op.subtract(b, op.full(b, 1))));
        return op.select(op.compare(b, zero, 'EQ'), zero, op.multiply(gradient, slope));
      },
      // a^b * log(a), and 0 where a is 0 and b is not negative
      ({ inputs, gradient }, op) => {
        const [a, b] = [nth(inputs, 0), nth(inputs, 1)];
        const zero = op.full(gradient, 0);
        const still = op.and(op.compare(a, zero, 'EQ'), op.compare(b, zero, 'GE'));
        return op.multiply(gradient, op.select(still, zero, op.multiply(op.power(a, b), op.log(a))));
      },
    ),
  ),
  maximum: binary(
    'maximum',
    { number: Math.max, bigint: (a, b) => [b, a][Number(a > b)] as bigint },
    'inputs',
    toTheTaken('GT'),
  ),
  minimum: binary(
    'minimum',
    { number: Math.min, bigint: (a, b) => [b, a][Number(a < b)] as bigint },
    'inputs',
    toTheTaken('LT'),
  ),
  and: {
    ...binary('and', { number: (a, b) => a & b, bigint: (a, b) => a & b }, 'nothing', noRule),
    shape: (inputs) => bits('and', alike('and', inputs)),
  },
  or: {
    ...binary('or', { number: (a, b) => a | b, bigint: (a, b) => a | b }, 'nothing', noRule),
    shape: (inputs) => bits('or', alike('or', inputs)),
  },
  compare: {
    name: 'compare',
    saves: 'nothing',
    shape: (inputs) => ({ shape: alike('compare', inputs).shape, dtype: 'bool' }),
    reference(inputs, { direction }, result, allocate) {
      const a = nth(inputs, 0).array;
      const b = nth(inputs, 1).array;
      const test = tests[direction];
      const out = allocate('bool', sizeOf(result.shape));
      for (let i = 0; i < a.length; i++) out[i] = test(a[i] as number | bigint, b[i] as number | bigint) ? 1 : 0;
      return out;
    },
    lower: (inputs, { direction }, result) =>
      elementwisePlan([{ op: 'compare', direction, dtype: 'bool', operands: [0, 1] }], inputs, result),
    vjp: noGradient,
  },
  select: {
    name: 'select',
    saves: 'inputs',
    shape(inputs) {
      const predicate = nth(inputs, 0);
      const type = alike('select', inputs.slice(1));
      if (predicate.dtype !== 'bool' || !sameShape(predicate.shape, type.shape)) {
        const given = `${predicate.dtype}${showShape(predicate.shape)}`;
        throw new RuntimeError(
          'shape-mismatch',
          `select's predicate must be bool${showShape(type.shape)}, not ${given}`,
        );
      }
      return type;
    },
    reference(inputs, _params, result, allocate) {
      const [predicate, a, b] = [nth(inputs, 0).array, nth(inputs, 1).array, nth(inputs, 2).array];
      const out = allocate(result.dtype, sizeOf(result.shape));
      for (let i = 0; i < predicate.length; i++) out[i] = (predicate[i] ? a[i] : b[i]) as number;
      return out;
    },
    lower: lowerPlain('select'),
    vjp({ inputs, gradient }, argument, op) {
      if (argument === 0) return null;
      const zero = op.full(gradient, 0);
      return argument === 1 ? op.select(nth(inputs, 0), gradient, zero) : op.select(nth(inputs, 0), zero, gradient);
    },
  },
};
