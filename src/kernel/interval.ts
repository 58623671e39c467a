/**
 * What the verifier knows of an i32 scalar: an interval. It speaks of a whole number e that is equal to the scalar
 * modulo 2^32. Sums, differences and products of such numbers are equal to those of the scalars modulo 2^32 again, so
 * intervals of addresses stay exact where i32 arithmetic wraps. Whatever depends on the sign or the size of a scalar
 * (a comparison, a quotient, the count of a loop) holds for e only where e lies in the range of an i32: see `signed`.
 */

import type { Blocks } from './launch.js';
import type { BinaryOp, CompareOp, ShiftOp } from './program.js';

export interface Interval {
  /** The buffer whose address is added to e; NONE where the scalar is a plain number. */
  readonly region: number;
  readonly lo: number;
  readonly hi: number;
  /** A power of two that divides e. */
  readonly multiple: number;
}

export const NONE = -1;

const [leastI32, mostI32] = [-(2 ** 31), 2 ** 31 - 1];

/** Any i32 at all. */
export const unknown: Interval = { region: NONE, lo: leastI32, hi: mostI32, multiple: 1 };

/** Doubles count exactly up to here; a sum or product beyond is rounded to something beyond. */
const exactLimit = Number.MAX_SAFE_INTEGER;
const mostMultiple = 2 ** 16;

/** The greatest power of two that divides a whole number, up to a limit. */
function powerOfTwoIn(value: number): number {
  const lowest = value & -value;
  return lowest > 0 && lowest < mostMultiple ? lowest : mostMultiple;
}

/** lo to hi; unknown where that is more than doubles count. */
export const interval = (lo: number, hi: number, multiple = 1, region: number = NONE): Interval =>
  lo >= -exactLimit && hi <= exactLimit ? { region, lo, hi, multiple: Math.min(multiple, mostMultiple) } : unknown;

export const exactly = (value: number, region: number = NONE): Interval =>
  interval(value, value, powerOfTwoIn(value), region);

/** The same scalar, as a plain number in the range of an i32. */
export const signed = (a: Interval): Interval =>
  a.region === NONE && a.lo >= leastI32 && a.hi <= mostI32 ? a : unknown;

const isPoint = ({ lo, hi }: Interval): boolean => lo === hi;

/** One or the other. */
export const join = (a: Interval, b: Interval): Interval =>
  a.region === b.region
    ? interval(Math.min(a.lo, b.lo), Math.max(a.hi, b.hi), Math.min(a.multiple, b.multiple), a.region)
    : unknown;

/** What an operation that is monotone in each operand makes: its extremes lie at the corners. */
function corners(f: (a: number, b: number) => number, a: Interval, b: Interval, multiple: number): Interval {
  const [p, q, r, s] = [f(a.lo, b.lo), f(a.lo, b.hi), f(a.hi, b.lo), f(a.hi, b.hi)];
  return interval(Math.min(p, q, r, s), Math.max(p, q, r, s), multiple);
}

export function add(a: Interval, b: Interval): Interval {
  if (a.region !== NONE && b.region !== NONE) return unknown;
  return interval(a.lo + b.lo, a.hi + b.hi, Math.min(a.multiple, b.multiple), Math.max(a.region, b.region));
}

/** Two addresses in one region differ by a plain number. */
export function subtract(a: Interval, b: Interval): Interval {
  if (b.region !== NONE && b.region !== a.region) return unknown;
  const region = b.region === NONE ? a.region : NONE;
  return interval(a.lo - b.hi, a.hi - b.lo, Math.min(a.multiple, b.multiple), region);
}

export function multiply(a: Interval, b: Interval): Interval {
  if (a.region !== NONE || b.region !== NONE) return unknown;
  return corners((x, y) => x * y, a, b, a.multiple * b.multiple);
}

/** Without its sign; that of the least i32 is 2^31, as it is modulo 2^32. */
export function magnitude(value: Interval): Interval {
  const { lo, hi, multiple } = signed(value);
  return interval(Math.max(0, lo, -hi), Math.max(-lo, hi), multiple);
}

/** Cut off as i32 quotients are; by 0 it is 0. */
function divide(a: Interval, b: Interval): Interval {
  if (b.lo > 0 || b.hi < 0) return corners((x, y) => Math.trunc(x / y), a, b, 1);
  if (b.lo === 0) return interval(Math.min(a.lo, 0), Math.max(a.hi, 0));
  const most = Math.max(-a.lo, a.hi);
  return interval(-most, most);
}

/** Of the dividend's sign, and nearer to 0 than both operands or as near as the dividend. */
function remainder(a: Interval, b: Interval): Interval {
  const most = Math.max(1, -b.lo, b.hi) - 1;
  return interval(a.lo < 0 ? Math.max(a.lo, -most) : 0, a.hi > 0 ? Math.min(a.hi, most) : 0);
}

/** Of a number that is not negative it takes bits away; with -2^k it rounds down. */
function and(a: Interval, b: Interval): Interval {
  const multiple = Math.max(a.multiple, b.multiple);
  if (isPoint(b) && b.lo < 0 && powerOfTwoIn(b.lo) === -b.lo) return interval(a.lo & b.lo, a.hi & b.lo, multiple);
  const most = Math.min(a.lo < 0 ? mostI32 : a.hi, b.lo < 0 ? mostI32 : b.hi);
  return a.lo < 0 && b.lo < 0 ? unknown : interval(0, most, multiple);
}

const pick = (f: (a: number, b: number) => number, a: Interval, b: Interval): Interval =>
  interval(f(a.lo, b.lo), f(a.hi, b.hi), Math.min(a.multiple, b.multiple));

type Rule = (a: Interval, b: Interval) => Interval;

const ofSigned =
  (rule: Rule): Rule =>
  (a, b) =>
    rule(signed(a), signed(b));

const nothingKnown: Rule = () => unknown;

export const binaryRules: { readonly [O in BinaryOp]: Rule } = {
  add,
  subtract,
  multiply,
  divide: ofSigned(divide),
  remainder: ofSigned(remainder),
  minimum: ofSigned((a, b) => pick(Math.min, a, b)),
  maximum: ofSigned((a, b) => pick(Math.max, a, b)),
  and: ofSigned(and),
  or: nothingKnown,
  xor: nothingKnown,
};

/** By a known number of bits, or nothing is known. */
const ofKnown =
  (rule: (a: Interval, by: number) => Interval): Rule =>
  (a, by) =>
    isPoint(by) && by.region === NONE && by.lo >= 0 && by.lo < 32 ? rule(a, by.lo) : unknown;

export const shiftRules: { readonly [O in ShiftOp]: Rule } = {
  shift_left: ofKnown((a, by) => multiply(a, exactly(2 ** by))),
  shift_right: ofKnown((a, by) => interval(signed(a).lo >> by, signed(a).hi >> by)),
  shift_right_unsigned: ofKnown((a, by) => {
    const { lo, hi } = signed(a);
    return lo >= 0 ? interval(lo >> by, hi >> by) : by > 0 ? interval(0, 2 ** (32 - by) - 1) : unknown;
  }),
};

/** Start and count of all blocks: of the whole ones, and of the last if it is shorter. */
export function blocksOf(total: Interval, block: number): (readonly [start: Interval, count: Interval])[] {
  const { lo, hi } = signed(total);
  if (hi <= 0) return [];
  const before = Math.floor((lo === hi ? hi : hi - 1) / block) * block;
  const starts = (last: number): Interval => interval(0, last, exactly(block).multiple);
  if (lo !== hi) return [[starts(before), interval(1, Math.min(block, hi))]];
  const whole = [starts(before - block), exactly(block)] as const;
  const last = [exactly(before), exactly(hi - before)] as const;
  return [...(before > 0 ? [whole] : []), ...(before < hi ? [last] : [])];
}

/** Intervals of starts and counts, for each combination of whole and last blocks. */
export const gridOf = (grid: readonly Blocks[]): Interval[][] =>
  grid.reduce<Interval[][]>(
    (outer, { total, block }) =>
      outer.flatMap((values) => blocksOf(exactly(total), block).map((b) => [...values, ...b])),
    [[]],
  );

export const opposite: { readonly [O in CompareOp]: CompareOp } = {
  EQ: 'NE',
  NE: 'EQ',
  LT: 'GE',
  LE: 'GT',
  GT: 'LE',
  GE: 'LT',
};

/** The same of b and a. */
const mirrored: { readonly [O in CompareOp]: CompareOp } = {
  EQ: 'EQ',
  NE: 'NE',
  LT: 'GT',
  LE: 'GE',
  GT: 'LT',
  GE: 'LE',
};

type Limits = readonly [lo: number, hi: number];

const limits: { readonly [O in CompareOp]: (a: Interval, b: Interval) => Limits } = {
  EQ: (_a, b) => [b.lo, b.hi],
  NE: (a, b) => (b.lo < b.hi ? [a.lo, a.hi] : [a.lo === b.lo ? a.lo + 1 : a.lo, a.hi === b.lo ? a.hi - 1 : a.hi]),
  LT: (a, b) => [a.lo, b.hi - 1],
  LE: (a, b) => [a.lo, b.hi],
  GT: (a, b) => [b.lo + 1, a.hi],
  GE: (a, b) => [b.lo, a.hi],
};

/** Where both operands of a comparison lie if it holds. */
export const holding = (op: CompareOp, a: Interval, b: Interval): readonly [a: Limits, b: Limits] => [
  limits[op](a, b),
  limits[mirrored[op]](b, a),
];
