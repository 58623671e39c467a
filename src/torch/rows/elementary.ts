/** Functions of one tensor, element by element, as rows. */

import { NotImplementedError } from '../../errors.js';
import type { Ops } from '../../ops/primitive.js';
import { type DType, isFloat } from '../../shape/dtype.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { intArgument, scalarName, tensorArgument } from '../arguments.js';
import { defaultFloat } from '../default.js';
import { type Composite, composite, isOwn, type Row, row } from '../row.js';
import { operand, unaryWithRule, withRule } from './rule.js';

type UnaryName = {
  [K in keyof Ops<Tensor>]: Ops<Tensor>[K] extends (x: Tensor) => Tensor ? K : never;
}[keyof Ops<Tensor>];

/** The tensor itself where it is floating, else in the default dtype. */
export const asFloat = (x: Tensor): Tensor => (isFloat(x.dtype) ? x : op.convert(x, defaultFloat()));

/** A tensor of one value, like another. */
export const like = (x: Tensor, value: number): Tensor => op.full(x, value);

/** A function of floats: integers are converted first. */
function ofFloats(name: string, f: (x: Tensor) => Tensor, gradFn: string): Row {
  return row(name, 'input', gradFn, ([input]) => f(asFloat(tensorArgument(input, name, 'input'))));
}

const primitive = (name: string, of: UnaryName, gradFn: string): Row => ofFloats(name, op[of], gradFn);

/** A function that gives integers for integers, and refuses bool. */
function ofNumbers(name: string, f: (x: Tensor) => Tensor, gradFn: string, refusal: string): Row {
  return row(name, 'input', gradFn, ([input]) => {
    const x = tensorArgument(input, name, 'input');
    if (x.dtype === 'bool') throw new NotImplementedError('dtype-mismatch', refusal);
    return f(x);
  });
}

/** No gradient but zero, where there is one. */
const flat = (name: string, f: (x: Tensor) => Tensor): ((x: Tensor) => Tensor) =>
  unaryWithRule(name, 'nothing', f, ({ gradient, op }) => op.full(gradient, 0));

const step = (name: string, f: (x: Tensor) => Tensor, gradFn: string): Row =>
  ofNumbers(
    name,
    (x) => (isFloat(x.dtype) ? flat(name, f)(x) : op.reshape(x, x.shape)),
    gradFn,
    `"${name}_vml_cpu" not implemented for 'Bool'`,
  );

/** Towards zero; the sign of a zero stays. */
export const truncated = (x: Tensor): Tensor => op.multiply(op.sign(x), op.floor(op.abs(x)));

/** The gradient of relu: none where x is not above 0; by x it is zero. */
const reluGradient: (inputs: readonly Tensor[], params: null) => Tensor = withRule<null>(
  'threshold_backward',
  'inputs',
  (inputs) => {
    const [gradient, x] = [operand(inputs, 0), operand(inputs, 1)];
    return op.select(op.compare(x, like(x, 0), 'LE'), like(x, 0), gradient);
  },
  ({ inputs, gradient, op }, argument) =>
    argument === 0 ? reluGradient([gradient, operand(inputs, 1)], null) : op.full(gradient, 0),
);

const relu = unaryWithRule(
  'relu',
  'inputs',
  (x) => op.select(op.compare(x, like(x, 0), 'LT'), like(x, 0), x),
  ({ x, gradient }) => reluGradient([gradient, x], null),
);

/** 1, 0 or -1; PyTorch has 0 for NaN. */
export const signOf: (x: Tensor) => Tensor = flat('sign', (x) => {
  const zero = like(x, 0);
  const notAbove = op.select(op.compare(x, zero, 'LT'), like(x, -1), zero);
  return op.select(op.compare(x, zero, 'GT'), like(x, 1), notAbove);
});

const abs = unaryWithRule('abs', 'inputs', op.abs, ({ x, gradient, op }) => op.multiply(gradient, signOf(x)));

const reciprocal = unaryWithRule(
  'reciprocal',
  'output',
  (x) => op.divide(like(x, 1), x),
  ({ output, gradient, op }) => op.multiply(op.negate(gradient), op.multiply(output, output)),
);

const square = unaryWithRule(
  'square',
  'inputs',
  (x) => op.multiply(x, x),
  ({ x, gradient, op }) => op.multiply(gradient, op.multiply(x, op.full(x, 2))),
);

const exp2 = unaryWithRule(
  'exp2',
  'output',
  (x) => op.power(like(x, 2), x),
  ({ output, gradient, op }) => op.multiply(gradient, op.multiply(output, op.full(output, Math.LN2))),
);

const tan = unaryWithRule(
  'tan',
  'output',
  (x) => {
    const wide = op.convert(x, 'float64');
    return op.convert(op.divide(op.sine(wide), op.cosine(wide)), x.dtype);
  },
  ({ output, gradient, op }) => op.multiply(gradient, op.add(op.multiply(output, output), op.full(output, 1))),
);

/**
 * A logarithm to another base, exact where the base has a whole power: computed in float64, and there put right by a
 * look at the power.
 */
const logarithm = (name: string, base: number): ((x: Tensor) => Tensor) =>
  unaryWithRule(
    name,
    'inputs',
    (x) => {
      const wide = op.convert(x, 'float64');
      const y = op.divide(op.log(wide), like(wide, Math.log(base)));
      const whole = op.round_nearest_even(y);
      const isWhole = op.compare(op.power(like(wide, base), whole), wide, 'EQ');
      return op.convert(op.select(isWhole, whole, y), x.dtype);
    },
    ({ x, gradient, op }) => op.divide(gradient, op.multiply(x, op.full(x, Math.log(base)))),
  );

/** Rounded to so many decimals; halves to even. */
function rounded(x: Tensor, decimals: number): Tensor {
  const scale = like(x, 10 ** Math.abs(decimals));
  return decimals < 0
    ? op.multiply(op.round_nearest_even(op.divide(x, scale)), scale)
    : op.divide(op.round_nearest_even(op.multiply(x, scale)), scale);
}

const round = row(
  'round',
  'input decimals=',
  ([, decimals]) => `RoundBackward${decimals === undefined ? 0 : 1}`,
  ([input, decimals]) => {
    const x = tensorArgument(input, 'round', 'input');
    const digits = decimals === undefined ? 0 : intArgument(decimals, 'round', 'decimals');
    if (x.dtype === 'bool') throw unimplemented('round_vml_cpu', x.dtype);
    if (isFloat(x.dtype)) return flat('round', digits === 0 ? op.round_nearest_even : (y) => rounded(y, digits))(x);
    if (digits !== 0) throw unimplemented('round_vml_cpu', x.dtype);
    return op.reshape(x, x.shape);
  },
);

/** PyTorch's words for a kernel that has no such dtype. */
export const unimplemented = (kernel: string, dtype: DType): NotImplementedError =>
  new NotImplementedError('dtype-mismatch', `"${kernel}" not implemented for '${scalarName[dtype]}'`);

/** Only numbers with a fraction. */
function fraction(x: Tensor): Tensor {
  if (!isFloat(x.dtype)) throw unimplemented('frac_cpu', x.dtype);
  return op.subtract(x, flat('trunc', truncated)(x));
}

const integral = (x: Tensor): Tensor => (x.dtype === 'bool' ? op.convert(x, 'int64') : x);

type ElementaryName =
  | 'neg'
  | 'abs'
  | 'exp'
  | 'exp2'
  | 'expm1'
  | 'log'
  | 'log2'
  | 'log10'
  | 'log1p'
  | 'sqrt'
  | 'rsqrt'
  | 'reciprocal'
  | 'square'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'sinh'
  | 'cosh'
  | 'tanh'
  | 'sigmoid'
  | 'relu'
  | 'erf'
  | 'sign'
  | 'floor'
  | 'ceil'
  | 'round'
  | 'trunc'
  | 'frac'
  | 'deg2rad'
  | 'rad2deg';

const cosh = (x: Tensor): Tensor => op.multiply(op.add(op.exponential(x), op.exponential(op.negate(x))), like(x, 0.5));

/** Differences of exponentials lose their digits near 0; there the sum of expm1 keeps them. */
const sinh = (x: Tensor): Tensor =>
  op.multiply(op.subtract(op.exponential_minus_one(x), op.exponential_minus_one(op.negate(x))), like(x, 0.5));

const factor = (name: string, by: number, gradFn: string): Row =>
  ofFloats(name, (x) => op.multiply(x, like(x, by)), gradFn);

export const elementary: { readonly [N in ElementaryName]: Row } = {
  neg: ofNumbers(
    'neg',
    op.negate,
    'NegBackward0',
    'Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or ' +
      '`logical_not()` operator instead.',
  ),
  abs: ofNumbers(
    'abs',
    (x) => (isFloat(x.dtype) ? abs(x) : op.abs(x)),
    'AbsBackward0',
    `"abs_cpu" not implemented for 'Bool'`,
  ),
  exp: primitive('exp', 'exponential', 'ExpBackward0'),
  exp2: ofFloats('exp2', exp2, 'Exp2Backward0'),
  expm1: primitive('expm1', 'exponential_minus_one', 'Expm1Backward0'),
  log: primitive('log', 'log', 'LogBackward0'),
  log2: ofFloats('log2', logarithm('log2', 2), 'Log2Backward0'),
  log10: ofFloats('log10', logarithm('log10', 10), 'Log10Backward0'),
  log1p: primitive('log1p', 'log_plus_one', 'Log1PBackward0'),
  sqrt: primitive('sqrt', 'sqrt', 'SqrtBackward0'),
  rsqrt: primitive('rsqrt', 'rsqrt', 'RsqrtBackward0'),
  reciprocal: ofFloats('reciprocal', reciprocal, 'ReciprocalBackward0'),
  square: row('square', 'input', 'PowBackward0', ([input]) => {
    const x = integral(tensorArgument(input, 'square', 'input'));
    return isFloat(x.dtype) ? square(x) : op.multiply(x, x);
  }),
  sin: primitive('sin', 'sine', 'SinBackward0'),
  cos: primitive('cos', 'cosine', 'CosBackward0'),
  tan: ofFloats('tan', tan, 'TanBackward0'),
  sinh: ofFloats('sinh', sinh, 'SinhBackward0'),
  cosh: ofFloats('cosh', cosh, 'CoshBackward0'),
  tanh: primitive('tanh', 'tanh', 'TanhBackward0'),
  sigmoid: primitive('sigmoid', 'logistic', 'SigmoidBackward0'),
  relu: ofNumbers('relu', relu, 'ReluBackward0', 'Boolean inputs not supported for relu'),
  erf: primitive('erf', 'erf', 'ErfBackward0'),
  sign: row('sign', 'input', 'SignBackward0', ([input]) => {
    const x = tensorArgument(input, 'sign', 'input');
    return x.dtype === 'bool' ? op.reshape(x, x.shape) : isFloat(x.dtype) ? signOf(x) : op.sign(x);
  }),
  floor: step('floor', op.floor, 'FloorBackward0'),
  ceil: step('ceil', op.ceil, 'CeilBackward0'),
  round,
  trunc: step('trunc', truncated, 'TruncBackward0'),
  frac: row('frac', 'input', 'FracBackward0', ([input]) => fraction(tensorArgument(input, 'frac', 'input'))),
  deg2rad: factor('deg2rad', Math.PI / 180, 'Deg2RadBackward0'),
  rad2deg: factor('rad2deg', 180 / Math.PI, 'Rad2DegBackward0'),
};

const positiveRow = ofNumbers(
  'positive',
  (x) => op.reshape(x, x.shape),
  'AliasBackward0',
  'The `+` operator, on a bool tensor is not supported.',
);

/** The tensor itself; a tensor of this door that shows the elements of another's. */
export const positive: Composite = composite('positive', (args, call) => {
  const [input] = positiveRow.read(args);
  return isOwn(input) && input.toCore().dtype !== 'bool' ? input : call(positiveRow, args);
});
