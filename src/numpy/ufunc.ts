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

/** Functions whose results are never whole: integers are converted to a float that holds them. */
export function floating(name: 'exponential' | 'log' | 'sqrt' | 'tanh', x: ArrayInput): Tensor {
  const { dtype } = toTensor(x);
  const isSmall = dtype === 'uint8' || dtype === 'bool';
  return op[name](op.convert(toTensor(x), isFloat(dtype) ? dtype : isSmall ? 'float32' : 'float64'));
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
