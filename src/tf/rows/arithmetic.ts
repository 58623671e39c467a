/** Elementwise functions and products, as rows. */

import { showTf } from '../../conv/tf.js';
import { NotImplementedError, TypeError_ } from '../../errors.js';
import { broadcastTo, matmul as matmulOf } from '../../ops/composite.js';
import { type Direction, NONE, nth } from '../../ops/primitive.js';
import { isFloat, type DType as Name } from '../../shape/dtype.js';
import { broadcastShapes } from '../../shape/shape.js';
import { op, type Rule, record, type Tensor } from '../../tensor/tensor.js';
import {
  checkKinds,
  invalid,
  type Kind,
  type Mismatch,
  mismatchFrom,
  operandsOf,
  tensorArgument,
} from '../arguments.js';
import { type Row, row } from '../row.js';

const FLOATS: readonly Kind[] = ['float'];
const SIGNED: readonly Kind[] = ['float', 'signed'];
const NUMBERS: readonly Kind[] = ['float', 'signed', 'unsigned'];
const ALL: readonly Kind[] = ['float', 'signed', 'unsigned', 'bool'];

/** What TensorFlow calls a function and the operation behind it. */
type Names = readonly [name: string, operation: string];

/** A function of each element. */
function unary([name, operation]: Names, kinds: readonly Kind[], f: (x: Tensor) => Tensor, parameter = 'x'): Row {
  return row(name, parameter, ([value]) => {
    const x = tensorArgument(value);
    checkKinds(operation, x.dtype, kinds);
    return f(x);
  });
}

/** Steps: TensorFlow has no gradient for them, not even zero. */
const step =
  (f: (x: Tensor) => Tensor) =>
  (x: Tensor): Tensor =>
    f(x.plain);

/** Two operands under one shape. */
function broadcast(operation: string, a: Tensor, b: Tensor): [Tensor, Tensor] {
  const shape = broadcastShapes(a.shape, b.shape);
  if (shape === null) {
    const message = `Incompatible shapes: ${showTf(a.shape)} vs. ${showTf(b.shape)}`;
    throw invalid(operation, 'shape-mismatch', message);
  }
  return [broadcastTo(op, a, shape), broadcastTo(op, b, shape)];
}

type Combine = (a: Tensor, b: Tensor) => Tensor;

/** Operands of one dtype, broadcast against each other. */
function pair(operation: string, values: readonly unknown[], kinds: readonly Kind[]): [Tensor, Tensor] {
  const [a, b] = operandsOf(operation, values.slice(0, 2)) as [Tensor, Tensor];
  checkKinds(operation, a.dtype, kinds);
  return broadcast(operation, a, b);
}

/** A function of the elements of two tensors. */
function binary([name, operation]: Names, kinds: readonly Kind[], f: Combine): Row {
  return row(name, 'x y', (values) => f(...pair(operation, values, kinds)));
}

/** An operator with its operands exchanged: what stands left of it takes the tensor's dtype, or can't. */
const reflected = ({ read, run }: Row): Row => ({
  read,
  run: ([x, y]) => run([tensorArgument(y, tensorArgument(x).dtype), x]),
});

/** A value by one formula, its gradients by others. */
function withRule(rule: Rule, inputs: readonly Tensor[], value: Tensor): Tensor {
  return isFloat(value.dtype) && inputs.some((input) => input.node !== null)
    ? record(rule, NONE, inputs, value)
    : value;
}

/** An extreme of two, whose gradient goes to the first where they are equal. */
function extreme(name: 'maximum' | 'minimum', isFirst: Direction): Combine {
  const rule: Rule = {
    name,
    saves: 'inputs',
    vjp({ inputs, gradient }, argument, op) {
      const first = op.compare(nth(inputs, 0), nth(inputs, 1), isFirst);
      const zero = op.full(gradient, 0);
      return argument === 0 ? op.select(first, gradient, zero) : op.select(first, zero, gradient);
    },
  };
  return (a, b) => withRule(rule, [a, b], op[name](a.plain, b.plain));
}

const maximum = extreme('maximum', 'GE');
const minimum = extreme('minimum', 'LE');

/** b * a^(b-1) by a, and a^b * log(a) by b, where TensorFlow takes log(a) for 0 unless a is positive. */
const powerRule: Rule = {
  name: 'power',
  saves: 'inputs',
  vjp({ inputs, gradient }, argument, op) {
    const [a, b] = [nth(inputs, 0), nth(inputs, 1)];
    const one = op.full(gradient, 1);
    if (argument === 0) return op.multiply(gradient, op.multiply(b, op.power(a, op.subtract(b, one))));
    const zero = op.full(gradient, 0);
    const isPositive = op.compare(a, zero, 'GT');
    const logarithm = op.select(isPositive, op.log(op.select(isPositive, a, one)), zero);
    return op.multiply(gradient, op.multiply(op.power(a, b), logarithm));
  },
};

const power: Combine = (a, b) => {
  if (!isFloat(b.dtype) && b.array.some((exponent: number | bigint) => exponent < 0)) {
    throw invalid('Pow', 'bad-argument', 'Integers to negative integer powers are not allowed');
  }
  return withRule(powerRule, [a, b], op.power(a.plain, b.plain));
};

/** Integers are divided as floats. */
const quotientType: { readonly [D in Name]: Name } = {
  float32: 'float32',
  float64: 'float64',
  int32: 'float64',
  int64: 'float64',
  uint8: 'float32',
  bool: 'bool',
};

const notAlike: Mismatch = (_operation, _index, expected, given) =>
  new TypeError_('dtype-mismatch', `\`x\` and \`y\` must have the same dtype, got tf.${expected} != tf.${given}.`);

const divide: Row = row('divide', 'x y', ([x, y]) => {
  const [a, b] = operandsOf('RealDiv', [x, y], null, notAlike) as [Tensor, Tensor];
  checkKinds('RealDiv', a.dtype, NUMBERS);
  const dtype = quotientType[a.dtype];
  return op.divide(...broadcast('RealDiv', op.convert(a, dtype), op.convert(b, dtype)));
});

function refuseZero(operation: string, divisor: Tensor): void {
  const isZero = (x: number | bigint): boolean => Number(x) === 0;
  if (isFloat(divisor.dtype) || !Array.from<number | bigint>(divisor.array).some(isZero)) return;
  throw invalid(operation, 'bad-argument', 'Integer division by zero');
}

/** Where the remainder of a division towards zero has another sign than the divisor. */
function leansAway(remainder: Tensor, divisor: Tensor): Tensor {
  const zero = op.full(remainder, 0);
  const differs = op.compare(op.multiply(op.sign(remainder), op.sign(divisor)), zero, 'LT');
  return op.and(differs, op.compare(remainder, zero, 'NE'));
}

/** The remainder that has the divisor's sign. */
const floormod: Combine = (a, b) => {
  refuseZero('FloorMod', b);
  const remainder = op.remainder(a, b);
  return op.add(remainder, op.select(leansAway(remainder, b), b, op.full(b, 0)));
};

/** The quotient rounded down. */
const floordiv: Combine = (a, b) => {
  refuseZero('FloorDiv', b);
  if (isFloat(a.dtype)) return op.floor(op.divide(a.plain, b.plain));
  const down = op.convert(leansAway(op.remainder(a, b), b), a.dtype);
  return op.subtract(op.divide(a, b), down);
};

/** a * b and a / b that are 0 where b is, whatever a. */
const noNan =
  (f: Combine): Combine =>
  (a, b) => {
    const zero = op.full(b, 0);
    const isZero = op.compare(b, zero, 'EQ');
    return op.select(isZero, zero, f(a, op.select(isZero, op.full(b, 1), b)));
  };

const comparison = (name: string, operation: string, direction: Direction, kinds: readonly Kind[] = NUMBERS): Row =>
  binary([name, operation], kinds, (a, b) => op.compare(a, b, direction));

/** A function of booleans. */
const logical = (name: string, operation: string, f: Combine): Row =>
  row(name, 'x y', ([x, y]) => f(...broadcast(operation, truth(operation, x, 0), truth(operation, y, 1))));

function truth(operation: string, value: unknown, index: number): Tensor {
  const x = tensorArgument(value, 'bool');
  if (x.dtype === 'bool') return x;
  throw mismatchFrom(0)(operation, index, 'bool', x.dtype);
}

/** The last two axes exchanged. */
function turned(x: Tensor): Tensor {
  const rank = x.shape.length;
  const order = x.shape.map((_, axis) => (axis < rank - 2 ? axis : axis === rank - 1 ? rank - 2 : rank - 1));
  return op.transpose(x, order);
}

const matmul: Row = row('matmul', 'a b transpose_a? transpose_b? adjoint_a? adjoint_b?', (values) => {
  const [a, b] = operandsOf('MatMul', values.slice(0, 2)) as [Tensor, Tensor];
  checkKinds('MatMul', a.dtype, SIGNED);
  [a, b].forEach((operand, i) => {
    if (operand.shape.length < 2) throw invalid('MatMul', 'rank-mismatch', `In[${i}] ndims must be >= 2`);
  });
  const left = values[2] === true || values[4] === true ? turned(a) : a;
  const right = values[3] === true || values[5] === true ? turned(b) : b;
  const shapes = `In[0]: ${showTf(a.shape)}, In[1]: ${showTf(b.shape)}`;
  if (left.shape.at(-1) !== right.shape.at(-2)) {
    throw invalid('MatMul', 'shape-mismatch', `Matrix size-incompatible: ${shapes}`);
  }
  if (broadcastShapes(left.shape.slice(0, -2), right.shape.slice(0, -2)) === null) {
    const message = `In[0] and In[1] must have compatible batch dimensions: ${showTf(a.shape)} vs. ${showTf(b.shape)}`;
    throw invalid('BatchMatMulV2', 'shape-mismatch', message);
  }
  return matmulOf(op, left, right);
});

const relu = (x: Tensor): Tensor => {
  const zero = op.full(x, 0);
  return op.select(op.compare(x, zero, 'GT'), x, zero);
};

/** min(max(x, 0), 6), with gradient 0 at both ends. */
const relu6 = (x: Tensor): Tensor => {
  const six = op.full(x, 6);
  return op.select(op.compare(x, six, 'LT'), relu(x), six);
};

const square = (x: Tensor): Tensor => op.multiply(x, x);

const subtract = binary(['subtract', 'Sub'], NUMBERS, op.subtract);

type ArithmeticName =
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
  | 'sin'
  | 'cos'
  | 'tanh'
  | 'sigmoid'
  | 'erf'
  | 'floor'
  | 'ceil'
  | 'round'
  | 'is_finite'
  | 'relu'
  | 'relu6'
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'pow'
  | 'rsub'
  | 'rdiv'
  | 'floordiv'
  | 'floormod'
  | 'maximum'
  | 'minimum'
  | 'squared_difference'
  | 'divide_no_nan'
  | 'multiply_no_nan'
  | 'equal'
  | 'not_equal'
  | 'less'
  | 'less_equal'
  | 'greater'
  | 'greater_equal'
  | 'logical_and'
  | 'logical_or'
  | 'logical_not'
  | 'matmul'
  | 'clip_by_value'
  | 'where'
  | 'add_n';

export const arithmetic: { readonly [N in ArithmeticName]: Row } = {
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
  reciprocal: unary(['reciprocal', 'Reciprocal'], FLOATS, (x) => op.divide(op.full(x, 1), x)),
  sin: unary(['sin', 'Sin'], FLOATS, op.sine),
  cos: unary(['cos', 'Cos'], FLOATS, op.cosine),
  tanh: unary(['tanh', 'Tanh'], FLOATS, op.tanh),
  sigmoid: unary(['sigmoid', 'Sigmoid'], FLOATS, op.logistic),
  erf: unary(['erf', 'Erf'], FLOATS, op.erf),
  floor: unary(['floor', 'Floor'], FLOATS, step(op.floor)),
  ceil: unary(['ceil', 'Ceil'], FLOATS, step(op.ceil)),
  round: unary(['round', 'Round'], SIGNED, step(op.round_nearest_even)),
  is_finite: unary(['is_finite', 'IsFinite'], FLOATS, op.is_finite),
  relu: unary(['relu', 'Relu'], NUMBERS, relu, 'features'),
  relu6: unary(['relu6', 'Relu6'], NUMBERS, relu6, 'features'),
  add: binary(['add', 'AddV2'], NUMBERS, op.add),
  subtract,
  multiply: binary(['multiply', 'Mul'], ALL, op.multiply),
  divide,
  pow: binary(['pow', 'Pow'], SIGNED, power),
  rsub: reflected(subtract),
  rdiv: reflected(divide),
  floordiv: binary(['floordiv', 'FloorDiv'], NUMBERS, floordiv),
  floormod: binary(['floormod', 'FloorMod'], NUMBERS, floormod),
  maximum: binary(['maximum', 'Maximum'], NUMBERS, maximum),
  minimum: binary(['minimum', 'Minimum'], NUMBERS, minimum),
  squared_difference: binary(['squared_difference', 'SquaredDifference'], SIGNED, (a, b) => square(op.subtract(a, b))),
  divide_no_nan: binary(['divide_no_nan', 'DivNoNan'], FLOATS, noNan(op.divide)),
  multiply_no_nan: binary(['multiply_no_nan', 'MulNoNan'], FLOATS, noNan(op.multiply)),
  equal: comparison('equal', 'Equal', 'EQ', ALL),
  not_equal: comparison('not_equal', 'NotEqual', 'NE', ALL),
  less: comparison('less', 'Less', 'LT'),
  less_equal: comparison('less_equal', 'LessEqual', 'LE'),
  greater: comparison('greater', 'Greater', 'GT'),
  greater_equal: comparison('greater_equal', 'GreaterEqual', 'GE'),
  logical_and: logical('logical_and', 'LogicalAnd', op.and),
  logical_or: logical('logical_or', 'LogicalOr', op.or),
  logical_not: row('logical_not', 'x', ([x]) => op.not(truth('LogicalNot', x, 0))),
  matmul,
  clip_by_value: row('clip_by_value', 't clip_value_min clip_value_max', ([t, least, most]) => {
    const [x, lo, hi] = operandsOf('ClipByValue', [t, least, most]) as [Tensor, Tensor, Tensor];
    const below = minimum(...broadcast('Minimum', x, hi));
    return maximum(...broadcast('Maximum', below, lo));
  }),
  where: row('where', 'condition x?~ y?~', ([condition, x, y]) => {
    if (x === undefined || x === null || y === undefined || y === null) {
      const message = 'tf.where without x and y, which gives indices, is not there yet; give both';
      throw new NotImplementedError('not-implemented', message);
    }
    const predicate = truth('SelectV2', condition, 0);
    const [a, b] = operandsOf('SelectV2', [x, y], null, mismatchFrom(1)) as [Tensor, Tensor];
    const inner = broadcastShapes(a.shape, b.shape);
    const shape = inner && broadcastShapes(predicate.shape, inner);
    if (shape === null) {
      const shapes = `condition ${showTf(predicate.shape)}, then ${showTf(a.shape)}, and else ${showTf(b.shape)}`;
      throw invalid('SelectV2', 'shape-mismatch', `${shapes} must be broadcastable`);
    }
    return op.select(broadcastTo(op, predicate, shape), broadcastTo(op, a, shape), broadcastTo(op, b, shape));
  }),
  add_n: row('add_n', 'inputs', ([inputs]) => {
    const list: readonly unknown[] = Array.isArray(inputs) ? inputs : [inputs];
    const [first, ...others] = operandsOf('AddN', list);
    if (first === undefined) throw new TypeError_('bad-argument', 'add_n takes a list of at least one tensor');
    return others.reduce((sum, other, i) => {
      if (showTf(other.shape) === showTf(sum.shape)) return op.add(sum, other);
      const message = 'Inputs to operation AddN of type AddN must have the same size and shape.';
      const shapes = `Input 0: ${showTf(sum.shape)} != input ${i + 1}: ${showTf(other.shape)}`;
      throw invalid('AddN', 'shape-mismatch', `${message}  ${shapes}`);
    }, first);
  }),
};
