/** Comparisons, and what is made of truth values and bits, as rows. */

import { RuntimeError } from '../../errors.js';
import type { Direction } from '../../ops/primitive.js';
import { isFloat } from '../../shape/dtype.js';
import { promoteTorch } from '../../shape/promotion.js';
import { sameShape } from '../../shape/shape.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { boolArgument, numberArgument, scalarName, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';
import { checkBroadcast, matched, promoted } from './arithmetic.js';
import { like, unimplemented } from './elementary.js';

/** Results of a truth value or a whole number are never recorded. */
const NONE = '';

function comparison(name: string, direction: Direction): Row {
  return row(name, 'input other', NONE, ([input, other]) => {
    tensorArgument(input, name, 'input');
    const [a, b] = matched(promoted(name, input, other));
    return op.compare(a, b, direction);
  });
}

const truth = (x: Tensor): Tensor => op.convert(x.plain, 'bool');

const differ = (a: Tensor, b: Tensor): Tensor => op.compare(a, b, 'NE');

/** Of two tensors, each element of which counts as true unless it is 0. */
function logical(name: string, f: (a: Tensor, b: Tensor) => Tensor): Row {
  return row(name, 'input other', NONE, ([input, other]) => {
    const [a, b] = [tensorArgument(input, name, 'input'), tensorArgument(other, name, 'other')];
    checkBroadcast(a.shape, b.shape);
    return f(...matched({ a: truth(a), b: truth(b), dtype: 'bool' }));
  });
}

/** Of integers and truth values. */
function bitwise(name: string, f: (a: Tensor, b: Tensor) => Tensor): Row {
  return row(name, 'input other', NONE, ([input, other]) => {
    const pair = promoted(name, input, other);
    if (isFloat(pair.dtype)) throw unimplemented(`${name}_cpu`, pair.dtype);
    return f(...matched(pair));
  });
}

const exclusive = (a: Tensor, b: Tensor): Tensor =>
  a.dtype === 'bool' ? differ(a, b) : op.subtract(op.or(a, b), op.and(a, b));

/** A question to each element, that integers answer alike. */
function question(name: string, f: (x: Tensor) => Tensor, ofIntegers: 0 | 1): Row {
  return row(name, 'input', NONE, ([input]) => {
    const x = tensorArgument(input, name, 'input').plain;
    return isFloat(x.dtype) ? f(x) : op.full({ shape: x.shape, dtype: 'bool' }, ofIntegers);
  });
}

const isInfinite = (x: Tensor): Tensor => op.compare(op.abs(x), like(x, Number.POSITIVE_INFINITY), 'EQ');

const isEqualTo =
  (value: number) =>
  (x: Tensor): Tensor =>
    op.compare(x, like(x, value), 'EQ');

/** A tolerance, which is never negative. */
function tolerance(call: string, value: unknown, name: 'rtol' | 'atol', fallback: number): number {
  const given = numberArgument(value, call, name, fallback);
  if (given >= 0) return given;
  throw new RuntimeError('bad-argument', `${name} must be greater than or equal to zero, but got ${given}`);
}

/** |input - other| <= atol + rtol |other|, element by element; in float64. */
function near(name: string, [input, other, rtol, atol, equalNaN]: readonly unknown[]): Tensor {
  const [a, b] = [tensorArgument(input, name, 'input').plain, tensorArgument(other, name, 'other').plain];
  if (a.dtype !== b.dtype) {
    throw new RuntimeError('dtype-mismatch', `${scalarName[a.dtype]} did not match ${scalarName[b.dtype]}`);
  }
  const relative = tolerance(name, rtol, 'rtol', 1e-5);
  const absolute = tolerance(name, atol, 'atol', 1e-8);
  const nanIsNaN = boolArgument(equalNaN, name, 'equal_nan');
  checkBroadcast(a.shape, b.shape);
  const [x, y] = matched({ a, b, dtype: 'float64' });
  const [equal, bothNaN] = [op.compare(x, y, 'EQ'), op.and(differ(x, x), differ(y, y))];
  const allowed = op.add(like(x, absolute), op.multiply(like(x, relative), op.abs(y)));
  const distance = op.abs(op.subtract(x, y));
  const isNear = op.and(op.compare(distance, allowed, 'LE'), op.and(op.is_finite(x), op.is_finite(y)));
  const close = op.or(equal, isNear);
  return nanIsNaN ? op.or(close, bothNaN) : close;
}

const closeness = (name: string): Row =>
  row(name, 'input other rtol? atol? equal_nan?', NONE, (values) => near(name, values));

type ComparisonName =
  | 'eq'
  | 'ne'
  | 'lt'
  | 'le'
  | 'gt'
  | 'ge'
  | 'logical_and'
  | 'logical_or'
  | 'logical_xor'
  | 'logical_not'
  | 'bitwise_and'
  | 'bitwise_or'
  | 'bitwise_xor'
  | 'bitwise_not'
  | 'isnan'
  | 'isinf'
  | 'isposinf'
  | 'isneginf'
  | 'isfinite'
  | 'isclose'
  | 'allclose';

export const comparisons: { readonly [N in ComparisonName]: Row } = {
  eq: comparison('eq', 'EQ'),
  ne: comparison('ne', 'NE'),
  lt: comparison('lt', 'LT'),
  le: comparison('le', 'LE'),
  gt: comparison('gt', 'GT'),
  ge: comparison('ge', 'GE'),
  logical_and: logical('logical_and', op.and),
  logical_or: logical('logical_or', op.or),
  logical_xor: logical('logical_xor', differ),
  logical_not: row('logical_not', 'input', NONE, ([input]) =>
    op.not(truth(tensorArgument(input, 'logical_not', 'input'))),
  ),
  bitwise_and: bitwise('bitwise_and', op.and),
  bitwise_or: bitwise('bitwise_or', op.or),
  bitwise_xor: bitwise('bitwise_xor', exclusive),
  bitwise_not: row('bitwise_not', 'input', NONE, ([input]) => {
    const x = tensorArgument(input, 'bitwise_not', 'input');
    if (isFloat(x.dtype)) throw unimplemented('bitwise_not_cpu', x.dtype);
    return op.not(x);
  }),
  isnan: question('isnan', (x) => differ(x, x), 0),
  isinf: question('isinf', isInfinite, 0),
  isposinf: question('isposinf', isEqualTo(Number.POSITIVE_INFINITY), 0),
  isneginf: question('isneginf', isEqualTo(Number.NEGATIVE_INFINITY), 0),
  isfinite: question('isfinite', op.is_finite, 1),
  isclose: closeness('isclose'),
  allclose: closeness('allclose'),
};

/** Whether two tensors have one shape, and all elements equal. */
export function areEqual(input: unknown, other: unknown): boolean {
  const [a, b] = [tensorArgument(input, 'equal', 'input').plain, tensorArgument(other, 'equal', 'other').plain];
  if (!sameShape(a.shape, b.shape)) return false;
  const dtype = promoteTorch(a.dtype, b.dtype);
  const [left, right] = [op.convert(a, dtype).array, op.convert(b, dtype).array];
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}

/** Whether all elements of two tensors are close. */
export const areClose = (args: readonly unknown[]): boolean =>
  comparisons.allclose.run(comparisons.allclose.read(args)).array.every((close: number | bigint) => Boolean(close));
