/** Functions of the elements of several tensors, as rows. */

import { showTf } from '../../conv/tf.js';
import { TypeError_, ValueError } from '../../errors.js';
import { broadcastTo } from '../../ops/composite.js';
import { type Direction, nth } from '../../ops/primitive.js';
import { isFloat, type DType as Name } from '../../shape/dtype.js';
import { broadcastShapes, stridesOf } from '../../shape/shape.js';
import { newTensor, op, type Rule, type Tensor } from '../../tensor/tensor.js';
import {
  checkKinds,
  invalid,
  type Kind,
  type Mismatch,
  mismatchFrom,
  operandsOf,
  strictly,
  tensorArgument,
} from '../arguments.js';
import { type Row, row } from '../row.js';
import { ALL, binary, broadcast, type Combine, FLOATS, like, NUMBERS, SIGNED, withRule } from './operands.js';

/** An operator with its operands exchanged: what stands left of it takes the tensor's dtype, or can't. */
const reflected = ({ read, run }: Row): Row => ({
  read,
  run: ([x, y]) => run([tensorArgument(y, tensorArgument(x).dtype), x]),
});

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

export const maximum: Combine = extreme('maximum', 'GE');
export const minimum: Combine = extreme('minimum', 'LE');

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

/** Minus the quotient, rounded down, by the divisor: a step, with no gradient of its own. */
const floormodRule: Rule = {
  name: 'floormod',
  saves: 'inputs',
  vjp({ inputs, gradient }, argument, op) {
    if (argument === 0) return gradient;
    const quotient = op.floor(op.divide(nth(inputs, 0).plain, nth(inputs, 1).plain));
    return op.multiply(gradient, op.negate(quotient));
  },
};

/** The remainder that has the divisor's sign. */
const floormod: Combine = (a, b) => {
  refuseZero('FloorMod', b);
  const remainder = op.remainder(a.plain, b.plain);
  const value = op.add(remainder, op.select(leansAway(remainder, b.plain), b.plain, op.full(b, 0)));
  return withRule(floormodRule, [a, b], value);
};

/** The quotient rounded down. */
const floordiv: Combine = (a, b) => {
  refuseZero('FloorDiv', b);
  if (isFloat(a.dtype)) return op.floor(op.divide(a.plain, b.plain));
  const down = op.convert(leansAway(op.remainder(a, b), b), a.dtype);
  return op.subtract(op.divide(a, b), down);
};

/** The quotient of whole numbers, rounded towards zero. */
const truncatediv: Combine = (a, b) => {
  checkKinds('TruncateDiv', a.dtype, ['signed', 'unsigned']);
  refuseZero('TruncateDiv', b);
  return op.divide(a, b);
};

/** The remainder that has the dividend's sign. */
const truncatemod: Combine = (a, b) => {
  refuseZero('TruncateMod', b);
  return op.remainder(a, b);
};

/** a / b that is 0 where b is, whatever a. */
const divideNoNan: Combine = (a, b) => {
  const zero = like(b, 0);
  const isZero = op.compare(b, zero, 'EQ');
  return op.select(isZero, zero, op.divide(a, op.select(isZero, like(b, 1), b)));
};

/** a * b that is 0 where b is, whatever a; so are its gradients where they are multiplied with 0. */
const multiplyNoNan: Combine = (a, b) => {
  const { plain } = b;
  const isZero = op.compare(plain, like(plain, 0), 'EQ');
  const value = op.select(isZero, like(plain, 0), op.multiply(a.plain, plain));
  return withRule(multiplyNoNanRule, [a, b], value);
};

const multiplyNoNanRule: Rule = {
  name: 'multiply_no_nan',
  saves: 'inputs',
  vjp: ({ inputs, gradient }, argument) =>
    argument === 0 ? multiplyNoNan(gradient, nth(inputs, 1)) : multiplyNoNan(nth(inputs, 0), gradient),
};

/** x times a function of y, and 0 where x is, whatever y. */
const timesUnlessZero =
  (f: (y: Tensor) => Tensor): Combine =>
  (x, y) => {
    const isZero = op.compare(x, like(x, 0), 'EQ');
    return op.select(isZero, like(x, 0), op.multiply(x, f(op.select(isZero, like(y, 1), y))));
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

const square = (x: Tensor): Tensor => op.multiply(x, x);

/** `a == b` and `a != b` as operators: of shapes that don't fit, they are one boolean. */
const equality = (operation: string, direction: 'EQ' | 'NE'): Row =>
  row(operation, 'x y', ([x, y]) => {
    const [a, b] = operandsOf(operation, [x, y], null, strictly) as [Tensor, Tensor];
    const shape = broadcastShapes(a.shape, b.shape);
    if (shape === null) return newTensor([direction === 'NE'], [], 'bool');
    return op.compare(broadcastTo(op, a, shape), broadcastTo(op, b, shape), direction);
  });

/** Where a tensor isn't zero: a row of indices each. */
function nonzero(x: Tensor): Tensor {
  const rank = x.shape.length;
  if (rank === 0) throw invalid('Where', 'rank-mismatch', 'WhereOp : Unhandled input dimensions: 0');
  const strides = stridesOf(x.shape);
  const found: number[] = [];
  Array.from<number | bigint>(x.array).forEach((value, at) => {
    if (Number(value) !== 0)
      strides.forEach((stride, axis) => void found.push(Math.floor(at / stride) % (x.shape[axis] as number)));
  });
  return newTensor(found, [found.length / rank, rank], 'int64');
}

const subtract = binary(['subtract', 'Sub'], NUMBERS, op.subtract);

type ArithmeticName =
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
  | 'xlogy'
  | 'xlog1py'
  | 'xdivy'
  | 'truncatediv'
  | 'truncatemod'
  | 'rpow'
  | 'logical_xor'
  | 'eq'
  | 'ne'
  | 'equal'
  | 'not_equal'
  | 'less'
  | 'less_equal'
  | 'greater'
  | 'greater_equal'
  | 'logical_and'
  | 'logical_or'
  | 'logical_not'
  | 'clip_by_value'
  | 'where'
  | 'add_n';

export const arithmetic: { readonly [N in ArithmeticName]: Row } = {
  add: binary(['add', 'AddV2'], NUMBERS, op.add),
  subtract,
  multiply: binary(['multiply', 'Mul'], ALL, op.multiply),
  divide,
  pow: binary(['pow', 'Pow'], SIGNED, power),
  rsub: reflected(subtract),
  rdiv: reflected(divide),
  rpow: reflected(binary(['pow', 'Pow'], SIGNED, power)),
  eq: equality('Equal', 'EQ'),
  ne: equality('NotEqual', 'NE'),
  floordiv: binary(['floordiv', 'FloorDiv'], NUMBERS, floordiv),
  floormod: binary(['floormod', 'FloorMod'], NUMBERS, floormod),
  maximum: binary(['maximum', 'Maximum'], NUMBERS, maximum),
  minimum: binary(['minimum', 'Minimum'], NUMBERS, minimum),
  squared_difference: binary(['squared_difference', 'SquaredDifference'], SIGNED, (a, b) => square(op.subtract(a, b))),
  divide_no_nan: binary(['divide_no_nan', 'DivNoNan'], FLOATS, divideNoNan),
  multiply_no_nan: binary(['multiply_no_nan', 'MulNoNan'], FLOATS, multiplyNoNan),
  xlogy: binary(['xlogy', 'Xlogy'], FLOATS, timesUnlessZero(op.log)),
  xlog1py: binary(['xlog1py', 'Xlog1py'], FLOATS, timesUnlessZero(op.log_plus_one)),
  xdivy: binary(
    ['xdivy', 'Xdivy'],
    FLOATS,
    timesUnlessZero((y) => op.divide(like(y, 1), y)),
  ),
  truncatediv: binary(['truncatediv', 'TruncateDiv'], NUMBERS, truncatediv),
  truncatemod: binary(['truncatemod', 'TruncateMod'], NUMBERS, truncatemod),
  equal: comparison('equal', 'Equal', 'EQ', ALL),
  not_equal: comparison('not_equal', 'NotEqual', 'NE', ALL),
  less: comparison('less', 'Less', 'LT'),
  less_equal: comparison('less_equal', 'LessEqual', 'LE'),
  greater: comparison('greater', 'Greater', 'GT'),
  greater_equal: comparison('greater_equal', 'GreaterEqual', 'GE'),
  logical_and: logical('logical_and', 'LogicalAnd', op.and),
  logical_or: logical('logical_or', 'LogicalOr', op.or),
  logical_xor: logical('logical_xor', 'LogicalXor', (a, b) => op.and(op.or(a, b), op.not(op.and(a, b)))),
  logical_not: row('logical_not', 'x', ([x]) => op.not(truth('LogicalNot', x, 0))),
  clip_by_value: row('clip_by_value', 't clip_value_min clip_value_max', ([t, least, most]) => {
    const [x, lo, hi] = operandsOf('ClipByValue', [t, least, most]) as [Tensor, Tensor, Tensor];
    const below = minimum(...broadcast('Minimum', x, hi));
    return maximum(...broadcast('Maximum', below, lo));
  }),
  where: row('where', 'condition x?~ y?~', ([condition, x, y]) => {
    const [hasX, hasY] = [x, y].map((value) => value !== undefined && value !== null);
    if (!hasX && !hasY) return nonzero(tensorArgument(condition));
    if (!hasX || !hasY) throw new ValueError('bad-argument', 'x and y must both be non-None or both be None.');
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
