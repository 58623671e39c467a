/** The types of the language: what each operation asks of its operands. */

import {
  type BinaryOp,
  type Cell,
  type ExprKind,
  type ExprOf,
  isIndex,
  laneBytes,
  laneOf,
  sameType,
  type Type,
  type UnaryOp,
} from './program.js';

const isFloat = ({ lane }: Type): boolean => lane === 'f32' || lane === 'f64';
const isInteger = ({ lane }: Type): boolean => lane === 'i32' || lane === 'i64';
export const isMask = ({ lane }: Type): boolean => lane === 'm32' || lane === 'm64';
const isNumber = (type: Type): boolean => !isMask(type);
export const isScalar = ({ width }: Type): boolean => width === 1;
export const bytesOf = ({ lane, width }: Type): number => laneBytes[lane] * width;

/** No vector instructions divide integers. */
const divides = (type: Type): boolean => isFloat(type) || (isInteger(type) && isScalar(type));

const unaryTypes: { readonly [O in UnaryOp]: (type: Type) => boolean } = {
  negate: isNumber,
  abs: isNumber,
  sqrt: isFloat,
  floor: isFloat,
  ceil: isFloat,
  truncate: isFloat,
  nearest: isFloat,
  not: (type) => !isFloat(type),
};

const binaryTypes: { readonly [O in BinaryOp]: (type: Type) => boolean } = {
  add: isNumber,
  subtract: isNumber,
  multiply: isNumber,
  divide: divides,
  remainder: (type) => divides(type) && !isFloat(type),
  minimum: isNumber,
  maximum: isNumber,
  and: (type) => !isFloat(type),
  or: (type) => !isFloat(type),
  xor: (type) => !isFloat(type),
};

/** Numbers that lanes can hold; of i32 also those that are meant without a sign. */
function holds({ lane }: Type, value: number | bigint): boolean {
  if (lane === 'f32' || lane === 'f64') return typeof value === 'number';
  if (lane === 'i64')
    return typeof value === 'bigint' ? BigInt.asIntN(64, value) === value : Number.isSafeInteger(value);
  if (typeof value === 'bigint') return false;
  return lane === 'i32'
    ? Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 32
    : value === 0 || value === 1;
}

export const isCellType = (cell: Cell, { lane }: Type): boolean => lane === laneOf[cell];

/** Offsets are part of the instruction, and never negative. */
export const isOffset = (offset: number): boolean => Number.isInteger(offset) && offset >= 0 && offset < 2 ** 32;

/** Scalars convert among all numbers; vectors too, but not between i64 and floats. */
function converts(from: Type, to: Type): boolean {
  if (from.width !== to.width || from.lane === to.lane || isMask(from) || isMask(to)) return false;
  return isScalar(to) || !(isFloat(from) ? to.lane === 'i64' : isFloat(to) && from.lane === 'i64');
}

/** What each operation asks of its operands, in words and as a test. */
export const rules: { readonly [K in ExprKind]: readonly [says: string, holds: (node: ExprOf<K>) => boolean] } = {
  constant: ['a number that its lanes hold; of masks 0 or 1', ({ type, value }) => holds(type, value)],
  variable: ['', () => true],
  unary: [
    'one type: any number for negate and abs, integers and masks for not, floats for the others',
    ({ type, op, a }) => sameType(type, a.type) && unaryTypes[op](type),
  ],
  binary: [
    'one type: numbers; scalars for quotients of integers; integers and masks for remainder (scalars), and, or, xor',
    ({ type, op, a, b }) => sameType(type, a.type) && sameType(type, b.type) && binaryTypes[op](type),
  ],
  shift: [
    'integers by a scalar i32',
    ({ type, a, by }) => sameType(type, a.type) && isInteger(type) && isIndex(by.type),
  ],
  compare: [
    'numbers of one type, and a mask of lanes as large',
    ({ type, a, b }) =>
      sameType(a.type, b.type) &&
      isNumber(a.type) &&
      isMask(type) &&
      type.width === a.type.width &&
      bytesOf(type) === bytesOf(a.type),
  ],
  select: [
    'one type, and a mask of lanes as large; for scalars any mask',
    ({ type, mask, a, b }) =>
      sameType(type, a.type) &&
      sameType(type, b.type) &&
      isMask(mask.type) &&
      mask.type.width === type.width &&
      (isScalar(type) || bytesOf(mask.type) === bytesOf(type)),
  ],
  multiply_add: [
    'floats of one type',
    ({ type, a, b, c }) => isFloat(type) && [a, b, c].every((operand) => sameType(type, operand.type)),
  ],
  load: [
    'the lanes of its cells, a scalar i32 as address, and an offset that is not negative',
    ({ type, cell, address, offset }) => isCellType(cell, type) && isIndex(address.type) && isOffset(offset),
  ],
  splat: [
    'a number, to a vector of its lanes',
    ({ type, a }) => isScalar(a.type) && !isScalar(type) && type.lane === a.type.lane && isNumber(type),
  ],
  extract: [
    'a vector of numbers, and one of its lanes',
    ({ type, a, lane }) =>
      isScalar(type) &&
      !isScalar(a.type) &&
      type.lane === a.type.lane &&
      isNumber(type) &&
      Number.isInteger(lane) &&
      lane >= 0 &&
      lane < a.type.width,
  ],
  shuffle: [
    'two vectors of one type, and as many lanes, out of 0 to twice the width less 1',
    ({ type, a, b, lanes }) =>
      sameType(type, a.type) &&
      sameType(type, b.type) &&
      !isScalar(type) &&
      lanes.length === type.width &&
      lanes.every((lane) => Number.isInteger(lane) && lane >= 0 && lane < 2 * type.width),
  ],
  convert: [
    'another lane of numbers, as many; for vectors not i64 and floats',
    ({ type, a }) => converts(a.type, type),
  ],
  bits: [
    'numbers, and lanes as large as theirs',
    ({ type, a }) =>
      isNumber(type) && isNumber(a.type) && type.width === a.type.width && bytesOf(type) === bytesOf(a.type),
  ],
};
