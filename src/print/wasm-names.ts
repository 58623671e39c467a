/** How WebAssembly names what the kernel language has: types, operations, constants. */

import {
  type Bytes,
  float32Bytes,
  float64Bytes,
  int32Bytes,
  int64Bytes,
  signed,
  signed64,
  unsigned,
  type ValueType,
} from '../encode/module.js';
import {
  type BinaryOp,
  type Cell,
  type CompareOp,
  type Lane,
  laneBytes,
  type ShiftOp,
  type Type,
  type UnaryOp,
} from '../kernel/program.js';

/** Bytes of a vector. */
export const vectorBytes = 16;

/** A name, and what follows its opcode. */
export type Instruction = readonly [name: string, ...Bytes];

type Scalar = 'f32' | 'f64' | 'i32' | 'i64';

/** A scalar mask is 0 or 1, whatever it stands beside. */
const scalarForm: { readonly [L in Lane]: Scalar } = {
  f32: 'f32',
  f64: 'f64',
  i32: 'i32',
  i64: 'i64',
  m32: 'i32',
  m64: 'i32',
};
const vectorForm: { readonly [L in Lane]: string } = {
  f32: 'f32x4',
  f64: 'f64x2',
  i32: 'i32x4',
  i64: 'i64x2',
  m32: 'i32x4',
  m64: 'i64x2',
};

/** Half a vector is in the lower half of a register; what is in the other half, nobody reads. */
export const isHalf = ({ lane, width }: Type): boolean => width > 1 && laneBytes[lane] * width < vectorBytes;

export const isVector = ({ width }: Type): boolean => width > 1;
export const isFloat = ({ lane }: Type): boolean => lane === 'f32' || lane === 'f64';
export const isMask = ({ lane }: Type): boolean => lane === 'm32' || lane === 'm64';

/** What instructions on a type begin with. */
export const form = (type: Type): string => (isVector(type) ? vectorForm : scalarForm)[type.lane];

/** What a local holds. */
export const valueType = (type: Type): ValueType => (isVector(type) ? 'v128' : scalarForm[type.lane]);

const unaryNames: { readonly [O in UnaryOp]: string } = {
  negate: 'neg',
  abs: 'abs',
  sqrt: 'sqrt',
  floor: 'floor',
  ceil: 'ceil',
  truncate: 'trunc',
  nearest: 'nearest',
  not: 'not',
};
const binaryNames: { readonly [O in BinaryOp]: string } = {
  add: 'add',
  subtract: 'sub',
  multiply: 'mul',
  divide: 'div',
  remainder: 'rem',
  minimum: 'min',
  maximum: 'max',
  and: 'and',
  or: 'or',
  xor: 'xor',
};
const shiftNames: { readonly [O in ShiftOp]: string } = {
  shift_left: 'shl',
  shift_right: 'shr_s',
  shift_right_unsigned: 'shr_u',
};
const compareNames: { readonly [O in CompareOp]: string } = {
  EQ: 'eq',
  NE: 'ne',
  LT: 'lt',
  LE: 'le',
  GT: 'gt',
  GE: 'ge',
};

/** Integers are signed wherever that makes a difference. */
const signedOps = new Set<string>(['divide', 'remainder', 'minimum', 'maximum', 'LT', 'LE', 'GT', 'GE']);
const suffix = (op: string, type: Type): string => (!isFloat(type) && signedOps.has(op) ? '_s' : '');

const isBitwise = (op: BinaryOp): boolean => op === 'and' || op === 'or' || op === 'xor';

export const unaryName = (op: UnaryOp, type: Type): string =>
  op === 'not' ? 'v128.not' : `${form(type)}.${unaryNames[op]}`;

export const binaryName = (op: BinaryOp, type: Type): string =>
  isBitwise(op) && isVector(type) ? `v128.${op}` : `${form(type)}.${binaryNames[op]}${suffix(op, type)}`;

export const shiftName = (op: ShiftOp, type: Type): string => `${form(type)}.${shiftNames[op]}`;

/** @param type of the operands */
export const compareName = (op: CompareOp, type: Type): string =>
  `${form(type)}.${compareNames[op]}${suffix(op, type)}`;

/** Of a cell, or of a vector of cells that are no bytes. */
export function loadName(cell: Cell, type: Type): string {
  if (isVector(type)) return isHalf(type) ? 'v128.load64_zero' : 'v128.load';
  return cell === 'u8' ? 'i32.load8_u' : `${cell}.load`;
}

export function storeCode(cell: Cell, type: Type, offset: number): Instruction {
  if (isHalf(type)) return ['v128.store64_lane', memoryArgument(offset), 0];
  const name = isVector(type) ? 'v128.store' : cell === 'u8' ? 'i32.store8' : `${cell}.store`;
  return [name, memoryArgument(offset)];
}

/** The lanes of two vectors by their bytes, again and again until the register is full. */
export function shuffleCode({ lane, width }: Type, lanes: readonly number[]): Instruction {
  const size = laneBytes[lane];
  const bytes = lanes.flatMap((i) => {
    const first = i < width ? i * size : vectorBytes + (i - width) * size;
    return Array.from({ length: size }, (_, k) => first + k);
  });
  return ['i8x16.shuffle', Array.from({ length: vectorBytes }, (_, i) => bytes[i % bytes.length] as number)];
}

/** From a half vector to a whole one and back, but for i64 to i32, which is a shuffle. */
function resizeName(from: Type, to: Type): string {
  if (to.lane === 'i64') return 'i64x2.extend_low_i32x4_s';
  if (to.lane === 'f64') return from.lane === 'f32' ? 'f64x2.promote_low_f32x4' : 'f64x2.convert_low_i32x4_s';
  return to.lane === 'f32' ? 'f32x4.demote_f64x2_zero' : 'i32x4.trunc_sat_f64x2_s_zero';
}

export function convertName(from: Type, to: Type): string {
  if (isVector(to) && isHalf(from) !== isHalf(to)) return resizeName(from, to);
  const [a, b] = [form(from), form(to)];
  if (isFloat(from) && isFloat(to)) return to.lane === 'f32' ? 'f32.demote_f64' : 'f64.promote_f32';
  if (isFloat(from)) return `${b}.trunc_sat_${a}_s`;
  if (isFloat(to)) return `${b}.convert_${a}_s`;
  return to.lane === 'i32' ? 'i32.wrap_i64' : 'i64.extend_i32_s';
}

const storedBytes: { readonly [F in Scalar]: (value: number | bigint) => number[] } = {
  f32: (value) => float32Bytes(Number(value)),
  f64: (value) => float64Bytes(Number(value)),
  i32: (value) => int32Bytes(Number(value)),
  i64: (value) => int64Bytes(BigInt(value)),
};

/** Integers by themselves are shortened. */
const immediateBytes: { readonly [F in Scalar]: (value: number | bigint) => number[] } = {
  ...storedBytes,
  i32: (value) => signed(Number(value) | 0),
  i64: (value) => signed64(BigInt(value)),
};

/** The instruction of a constant, one number in all lanes; a true lane of a vector has all bits set. */
export function constantCode(type: Type, value: number | bigint): Instruction {
  const lane = scalarForm[type.lane];
  if (!isVector(type)) return [`${lane}.const`, immediateBytes[lane](value)];
  const bytes = storedBytes[lane](isMask(type) ? -Number(value) : value);
  return ['v128.const', Array.from({ length: vectorBytes / bytes.length }, () => bytes)];
}

interface Local {
  readonly index: number;
}

export const get = ({ index }: Local): Instruction => ['local.get', unsigned(index)];
export const set = ({ index }: Local): Instruction => ['local.set', unsigned(index)];
export const tee = ({ index }: Local): Instruction => ['local.tee', unsigned(index)];

/** Alignment promised: that of a byte, as nothing hangs on it. */
export const memoryArgument = (offset: number): Bytes => [0, unsigned(offset)];
