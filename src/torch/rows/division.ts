/** Quotients and what remains of them, as rows. */

import { RuntimeError } from '../../errors.js';
import { isFloat } from '../../shape/dtype.js';
import { isForeign } from '../../tensor/foreign.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { wrongType } from '../arguments.js';
import { defaultFloat } from '../default.js';
import { type Row, row } from '../row.js';
import { matched, type Pair, promoted } from './arithmetic.js';
import { like, truncated, unimplemented } from './elementary.js';
import { operand, withRule } from './rule.js';

/** @throws RuntimeError for an integer over zero */
function checkDivisor(b: Tensor): void {
  const isZero = (value: number | bigint): boolean => Number(value) === 0;
  if (!isFloat(b.dtype) && Array.from<number | bigint>(b.plain.array).some(isZero)) {
    throw new RuntimeError('bad-argument', 'ZeroDivisionError');
  }
}

const differs = (a: Tensor, b: Tensor): Tensor => op.compare(a, b, 'NE');

const negative = (x: Tensor): Tensor => op.compare(x, like(x, 0), 'LT');

/** What remains has the sign of the dividend, as in C. */
const cRemainder = (a: Tensor, b: Tensor): Tensor => op.remainder(a, b);

/** What remains has the sign of the divisor, as in Python. */
function pythonRemainder(a: Tensor, b: Tensor): Tensor {
  const rest = op.remainder(a, b);
  const isOff = op.and(differs(rest, like(rest, 0)), differs(negative(rest), negative(b)));
  return op.select(isOff, op.add(rest, b), rest);
}

/** Python's quotient of floats: exact where a is near a multiple of b; over zero, what a / b is. */
function floorQuotient(a: Tensor, b: Tensor): Tensor {
  const rest = pythonRemainder(a, b);
  if (!isFloat(a.dtype)) return op.divide(op.subtract(a, rest), b);
  const near = op.divide(op.subtract(a, rest), b);
  const quotient = op.round_nearest_even(near);
  const zero = like(a, 0);
  const signed = op.select(op.compare(quotient, zero, 'EQ'), op.multiply(zero, op.divide(a, b)), quotient);
  return op.select(op.compare(b, zero, 'EQ'), op.divide(a, b), signed);
}

type Mode = 'floor' | 'trunc';

function roundedQuotient(pair: Pair, mode: Mode): Tensor {
  const [a, b] = matched(pair);
  if (pair.dtype === 'bool') throw unimplemented(`div_${mode}_cpu`, 'bool');
  checkDivisor(b);
  if (mode === 'floor') return floorQuotient(a, b);
  return isFloat(a.dtype) ? truncated(op.divide(a, b)) : op.divide(a, b);
}

/** The gradient of a rounded quotient is zero. */
const stepped = withRule<Mode>(
  'div',
  'nothing',
  (inputs, mode) => {
    const [a, b] = [operand(inputs, 0), operand(inputs, 1)];
    return roundedQuotient({ a, b, dtype: a.dtype }, mode);
  },
  ({ gradient, op }) => op.full(gradient, 0),
);

/** floor_divide is recorded, and refuses its gradient. */
const underived = withRule<null>(
  'floor_divide',
  'nothing',
  (inputs) => {
    const [a, b] = [operand(inputs, 0), operand(inputs, 1)];
    return roundedQuotient({ a, b, dtype: a.dtype }, 'floor');
  },
  () => {
    throw new RuntimeError('not-differentiable', 'derivative for aten::floor_divide is not implemented');
  },
);

function modeArgument(value: unknown): Mode | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw wrongType('div', 'rounding_mode', 'str', value);
  if (value === 'floor' || value === 'trunc') return value;
  throw new RuntimeError(
    'bad-argument',
    `div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '${value}'`,
  );
}

const div = row(
  'div',
  'input other rounding_mode=~',
  ([, , mode]) => `DivBackward${mode === undefined ? 0 : 2}`,
  ([input, other, rounding]) => {
    const pair = promoted('div', input, other);
    const mode = modeArgument(rounding);
    if (mode !== null) return stepped(matched(pair), mode);
    const [a, b] = matched(isFloat(pair.dtype) ? pair : { ...pair, dtype: defaultFloat() });
    return op.divide(a, b);
  },
);

/** The gradient by the divisor is minus the quotient, rounded as the remainder rounds it. */
const remainders = (name: 'fmod' | 'remainder', mode: Mode, f: (a: Tensor, b: Tensor) => Tensor) =>
  withRule<null>(
    name,
    'inputs',
    (inputs) => f(operand(inputs, 0), operand(inputs, 1)),
    ({ inputs, gradient, op }, argument) => {
      if (argument === 0) return gradient;
      const quotient = stepped([operand(inputs, 0), operand(inputs, 1)], mode);
      return op.negate(op.multiply(gradient, quotient));
    },
  );

function remainder(name: 'fmod' | 'remainder', mode: Mode, f: (a: Tensor, b: Tensor) => Tensor, node: string): Row {
  const of = remainders(name, mode, f);
  return row(
    name,
    'input other',
    ([, other]) => `${node}${isForeign(other) ? 1 : 0}`,
    ([input, other]) => {
      const pair = promoted(name, input, other);
      if (pair.dtype === 'bool') throw unimplemented(`${name}_cpu`, 'bool');
      const [a, b] = matched(pair);
      checkDivisor(b);
      return of([a, b], null);
    },
  );
}

type DivisionName = 'div' | 'true_divide' | 'floor_divide' | 'fmod' | 'remainder';

export const division: { readonly [N in DivisionName]: Row } = {
  div,
  true_divide: row('true_divide', 'input other', 'DivBackward0', div.run),
  floor_divide: row('floor_divide', 'input other', 'NotImplemented', ([input, other]) => {
    const pair = promoted('floor_divide', input, other);
    if (pair.dtype === 'bool') throw unimplemented('div_floor_cpu', 'bool');
    return underived(matched(pair), null);
  }),
  fmod: remainder('fmod', 'trunc', cRemainder, 'FmodBackward'),
  remainder: remainder('remainder', 'floor', pythonRemainder, 'RemainderBackward'),
};
