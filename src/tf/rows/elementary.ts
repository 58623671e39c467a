/** Functions of each element, as rows. */

import { nth } from '../../ops/primitive.js';
import { op, type Rule, type Tensor } from '../../tensor/tensor.js';
import { type Row, row } from '../row.js';
import { ALL, type Elementwise, elements, FLOATS, like, NUMBERS, SIGNED, step, unary, withRule } from './operands.js';

const square: Elementwise = (x) => op.multiply(x, x);
const half: Elementwise = (x) => op.multiply(x, like(x, 0.5));
const plus = (x: Tensor, value: number): Tensor => op.add(x, like(x, value));

const isNan: Elementwise = (x) => op.compare(x, x, 'NE');
const isInf: Elementwise = (x) => op.not(op.or(op.is_finite(x), isNan(x)));

/** log(1 + e^x), without overflow: max(x, 0) + log(1 + e^-|x|). Its gradient is the logistic function. */
const softplusRule: Rule = {
  name: 'softplus',
  saves: 'inputs',
  vjp: ({ inputs, gradient }, _argument, op) => op.multiply(gradient, op.logistic(nth(inputs, 0))),
};

export const softplus: Elementwise = (x) => {
  const { plain } = x;
  const tail = op.log_plus_one(op.exponential(op.negate(op.abs(plain))));
  return withRule(softplusRule, [x], op.add(op.maximum(plain, like(plain, 0)), tail));
};

/** asinh(x) = sign(x) log(1 + |x| + x^2 / (1 + sqrt(x^2 + 1))), which is exact near 0. */
const asinh: Elementwise = (x) => {
  const [size, power] = [op.abs(x), square(x)];
  const rest = op.divide(power, plus(op.sqrt(plus(power, 1)), 1));
  return op.multiply(op.sign(x.plain), op.log_plus_one(op.add(size, rest)));
};

/** acosh(x) = log(x + sqrt(x - 1) sqrt(x + 1)). */
const acosh: Elementwise = (x) => op.log(op.add(x, op.multiply(op.sqrt(plus(x, -1)), op.sqrt(plus(x, 1)))));

/** atanh(x) = (log(1 + x) - log(1 - x)) / 2. */
const atanh: Elementwise = (x) => half(op.subtract(op.log_plus_one(x), op.log_plus_one(op.negate(x))));

/** sinh(x) = (e^x - 1 + (e^x - 1) / e^x) / 2, which is exact near 0. */
const sinh: Elementwise = (x) => {
  const grown = op.exponential_minus_one(x);
  const shrunk = op.exponential_minus_one(op.negate(x));
  return half(op.subtract(grown, shrunk));
};

const cosh: Elementwise = (x) => half(op.add(op.exponential(x), op.exponential(op.negate(x))));

/** A function with a name of its own for the operand. */
const predicate = (name: string, operation: string, f: Elementwise): Row =>
  row(name, 'x', ([value]) => f(elements(operation, value, FLOATS).plain));

type ElementaryName =
  | 'abs'
  | 'negative'
  | 'sign'
  | 'square'
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sqrt'
  | 'rsqrt'
  | 'reciprocal'
  | 'reciprocal_no_nan'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'sinh'
  | 'cosh'
  | 'asinh'
  | 'acosh'
  | 'atanh'
  | 'tanh'
  | 'sigmoid'
  | 'log_sigmoid'
  | 'softplus'
  | 'erf'
  | 'floor'
  | 'ceil'
  | 'round'
  | 'rint'
  | 'is_finite'
  | 'is_inf'
  | 'is_nan'
  | 'real';

export const elementary: { readonly [N in ElementaryName]: Row } = {
  abs: unary(['abs', 'Abs'], SIGNED, op.abs),
  negative: unary(['negative', 'Neg'], SIGNED, op.negate),
  sign: unary(['sign', 'Sign'], SIGNED, op.sign),
  square: unary(['square', 'Square'], NUMBERS, square),
  exp: unary(['exp', 'Exp'], FLOATS, op.exponential),
  expm1: unary(['expm1', 'Expm1'], FLOATS, op.exponential_minus_one),
  log: unary(['log', 'Log'], FLOATS, op.log),
  log1p: unary(['log1p', 'Log1p'], FLOATS, op.log_plus_one),
  sqrt: unary(['sqrt', 'Sqrt'], FLOATS, op.sqrt),
  rsqrt: unary(['rsqrt', 'Rsqrt'], FLOATS, op.rsqrt),
  reciprocal: unary(['reciprocal', 'Reciprocal'], FLOATS, (x) => op.divide(like(x, 1), x)),
  reciprocal_no_nan: unary(['reciprocal_no_nan', 'DivNoNan'], FLOATS, (x) => {
    const isZero = op.compare(x, like(x, 0), 'EQ');
    return op.select(isZero, like(x, 0), op.divide(like(x, 1), op.select(isZero, like(x, 1), x)));
  }),
  sin: unary(['sin', 'Sin'], FLOATS, op.sine),
  cos: unary(['cos', 'Cos'], FLOATS, op.cosine),
  tan: unary(['tan', 'Tan'], FLOATS, (x) => op.divide(op.sine(x), op.cosine(x))),
  sinh: unary(['sinh', 'Sinh'], FLOATS, sinh),
  cosh: unary(['cosh', 'Cosh'], FLOATS, cosh),
  asinh: unary(['asinh', 'Asinh'], FLOATS, asinh),
  acosh: unary(['acosh', 'Acosh'], FLOATS, acosh),
  atanh: unary(['atanh', 'Atanh'], FLOATS, atanh),
  tanh: unary(['tanh', 'Tanh'], FLOATS, op.tanh),
  sigmoid: unary(['sigmoid', 'Sigmoid'], FLOATS, op.logistic),
  log_sigmoid: unary(['log_sigmoid', 'Softplus'], FLOATS, (x) => op.negate(softplus(op.negate(x)))),
  softplus: unary(['softplus', 'Softplus'], FLOATS, softplus, 'features'),
  erf: unary(['erf', 'Erf'], FLOATS, op.erf),
  floor: unary(['floor', 'Floor'], FLOATS, step(op.floor)),
  ceil: unary(['ceil', 'Ceil'], FLOATS, step(op.ceil)),
  round: unary(['round', 'Round'], SIGNED, step(op.round_nearest_even)),
  rint: unary(['rint', 'Rint'], FLOATS, step(op.round_nearest_even)),
  is_finite: predicate('is_finite', 'IsFinite', op.is_finite),
  is_inf: predicate('is_inf', 'IsInf', isInf),
  is_nan: predicate('is_nan', 'IsNan', isNan),
  real: unary(['real', 'Real'], ALL, (x) => x, 'input'),
};
