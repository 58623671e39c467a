/** What the operations of the language mean, lane by lane. */

import type { BinaryOp, Cell, CompareOp, Lane, ShiftOp, UnaryOp } from './program.js';

/** Lanes of i64 are bigints, of masks 0 or 1, of i32 signed. */
export type Scalar = number | bigint;
/** A result as its lane holds it. */
export const fit: { readonly [L in Lane]: (value: Scalar) => Scalar } = {
  f32: (value) => Math.fround(Number(value)),
  f64: Number,
  i32: (value) => Number(value) | 0,
  i64: (value) => BigInt.asIntN(64, BigInt(value)),
  m32: Number,
  m64: Number,
};

/** Ties go to even. */
function nearest(a: number): number {
  const below = Math.floor(a);
  const isUp = a - below > 0.5 || (a - below === 0.5 && below % 2 !== 0);
  return isUp ? below + 1 || -0 : below;
}

type Unary<N> = { readonly [O in UnaryOp]: (a: N) => N };
type Binary<N> = { readonly [O in BinaryOp]: (a: N, b: N) => N };
type Shift<N> = { readonly [O in ShiftOp]: (a: N, by: number) => N };

/** Whole numbers have their own product, as that of doubles loses digits; what else is no whole number, `fit` cuts off. */
const floatBinary: Binary<number> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  remainder: (a, b) => a % b,
  minimum: Math.min,
  maximum: Math.max,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};
const intBinary: Binary<number> = { ...floatBinary, multiply: Math.imul };
const bigBinary: Binary<bigint> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => (b === 0n ? 0n : a / b),
  remainder: (a, b) => (b === 0n ? 0n : a % b),
  minimum: (a, b) => [b, a][Number(a < b)] as bigint,
  maximum: (a, b) => [b, a][Number(a > b)] as bigint,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};

const numberUnary: Unary<number> = {
  negate: (a) => -a,
  abs: Math.abs,
  sqrt: Math.sqrt,
  floor: Math.floor,
  ceil: Math.ceil,
  truncate: Math.trunc,
  nearest,
  not: (a) => ~a,
};
const same = (a: bigint): bigint => a;
const bigUnary: Unary<bigint> = {
  negate: (a) => -a,
  abs: (a) => (a < 0n ? -a : a),
  not: (a) => ~a,
  sqrt: same,
  floor: same,
  ceil: same,
  truncate: same,
  nearest: same,
};

/** JavaScript's shifts of numbers, too, take the amount modulo the bits of a lane. */
const intShift: Shift<number> = {
  shift_left: (a, by) => a << by,
  shift_right: (a, by) => a >> by,
  shift_right_unsigned: (a, by) => a >>> by,
};
const bigShift: Shift<bigint> = {
  shift_left: (a, by) => a << BigInt(by & 63),
  shift_right: (a, by) => a >> BigInt(by & 63),
  shift_right_unsigned: (a, by) => BigInt.asUintN(64, a) >> BigInt(by & 63),
};

const tests: { readonly [O in CompareOp]: (a: Scalar, b: Scalar) => boolean } = {
  EQ: (a, b) => a === b,
  NE: (a, b) => a !== b,
  LT: (a, b) => a < b,
  LE: (a, b) => a <= b,
  GT: (a, b) => a > b,
  GE: (a, b) => a >= b,
};

const isMask = (lane: Lane): boolean => lane === 'm32' || lane === 'm64';

export function applyUnary(op: UnaryOp, lane: Lane, a: Scalar): Scalar {
  if (isMask(lane)) return 1 - Number(a);
  return fit[lane](typeof a === 'bigint' ? bigUnary[op](a) : numberUnary[op](a));
}

export function applyBinary(op: BinaryOp, lane: Lane, a: Scalar, b: Scalar): Scalar {
  if (typeof a === 'bigint') return fit[lane](bigBinary[op](a, BigInt(b)));
  return fit[lane]((lane === 'i32' ? intBinary : floatBinary)[op](a, Number(b)));
}

export function applyShift(op: ShiftOp, lane: Lane, a: Scalar, by: number): Scalar {
  return fit[lane](typeof a === 'bigint' ? bigShift[op](a, by) : intShift[op](a, by));
}

export function applyCompare(op: CompareOp, a: Scalar, b: Scalar): Scalar {
  return Number(tests[op](a, b));
}

/** Cut off to a whole number of so many bits, or the nearest of those; NaN makes 0. */
function wholeOf(value: number, bits: number): bigint {
  const most = 2n ** BigInt(bits - 1);
  if (Number.isNaN(value)) return 0n;
  return value >= Number(most) ? most - 1n : value <= -Number(most) ? -most : BigInt(Math.trunc(value));
}

/** Rounded once: of what a double can't hold, all digits too low for f32 become one that breaks ties. */
function singleOf(value: bigint): number {
  const rest = BigInt.asUintN(11, value);
  return Math.fround(Number(rest === 0n || Number.isSafeInteger(Number(value)) ? value : (value - rest) | 1024n));
}

export function convert(value: Scalar, from: Lane, to: Lane): Scalar {
  if (typeof value === 'bigint')
    return to === 'f32' ? singleOf(value) : to === 'f64' ? Number(value) : fit.i32(BigInt.asIntN(32, value));
  if (from === 'i32' || to === 'f32' || to === 'f64') return fit[to](value);
  return to === 'i64' ? wholeOf(value, 64) : Number(wholeOf(value, 32));
}

type Access = {
  readonly [C in Cell]: {
    get(view: DataView, at: number): Scalar;
    set(view: DataView, at: number, value: Scalar): void;
  };
};
export const memory: Access = {
  f32: {
    get: (view, at) => view.getFloat32(at, true),
    set: (view, at, value) => view.setFloat32(at, Number(value), true),
  },
  f64: {
    get: (view, at) => view.getFloat64(at, true),
    set: (view, at, value) => view.setFloat64(at, Number(value), true),
  },
  i32: { get: (view, at) => view.getInt32(at, true), set: (view, at, value) => view.setInt32(at, Number(value), true) },
  i64: {
    get: (view, at) => view.getBigInt64(at, true),
    set: (view, at, value) => view.setBigInt64(at, BigInt(value), true),
  },
  u8: { get: (view, at) => view.getUint8(at), set: (view, at, value) => view.setUint8(at, Number(value)) },
};

const eight = new DataView(new ArrayBuffer(8));
const cellOf = { f32: 'f32', f64: 'f64', i32: 'i32', i64: 'i64', m32: 'i32', m64: 'i64' } as const;

/** The same bits in another lane. */
export function bitsAs(value: Scalar, from: Lane, to: Lane): Scalar {
  memory[cellOf[from]].set(eight, 0, value);
  return memory[cellOf[to]].get(eight, 0);
}
