/** Each operation on each type: WebAssembly does what the interpreter says, bit for bit, on numbers that are special. */

import { describe, expect, test } from 'vitest';
import * as build from '../../src/kernel/build.js';
import {
  type BinaryOp,
  type Cell,
  type CompareOp,
  cellBytes,
  type Expr,
  laneOf,
  type ShiftOp,
  type Type,
  type UnaryOp,
} from '../../src/kernel/program.js';
import { canonical, launchOn, plainKernel, runBoth } from './support.js';

type NumberCell = 'f32' | 'f64' | 'i32' | 'i64';
const cells: readonly NumberCell[] = ['f32', 'f64', 'i32', 'i64'];

const floats = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  3.7,
  -3.7,
  1e-45,
  -1e-40,
  5e-324,
  3.4e38,
  -3.4e38,
  1e300,
  2 ** 31,
  -(2 ** 31),
  2 ** 31 - 1,
  2 ** 63,
  -(2 ** 63),
  2 ** 52 + 1,
  8388609,
  Infinity,
  -Infinity,
  NaN,
  255.9,
  1 / 3,
];
const integers = [
  0,
  1,
  -1,
  2,
  3,
  -7,
  255,
  256,
  65535,
  -65536,
  123456789,
  2 ** 31 - 1,
  -(2 ** 31),
  -(2 ** 31) + 1,
  40000,
  -40000,
];
const longs = [
  ...integers.map(BigInt),
  2n ** 63n - 1n,
  -(2n ** 63n),
  2n ** 53n + 1n,
  -(2n ** 60n) - 1n,
  2n ** 62n + 2n ** 38n + 1n,
  2n ** 62n + 2n ** 38n,
  2n ** 32n,
  9007199791611905n,
];

const samples: { readonly [C in NumberCell]: readonly (number | bigint)[] } = {
  f32: floats,
  f64: floats,
  i32: integers,
  i64: longs,
};

const write: { readonly [C in Cell]: (view: DataView, at: number, value: number | bigint) => void } = {
  f32: (view, at, value) => view.setFloat32(at, Number(value), true),
  f64: (view, at, value) => view.setFloat64(at, Number(value), true),
  i32: (view, at, value) => view.setInt32(at, Number(value), true),
  i64: (view, at, value) => view.setBigInt64(at, BigInt(value), true),
  u8: (view, at, value) => view.setUint8(at, Number(value)),
};

function bufferOf(cell: Cell, values: readonly (number | bigint)[]): Uint8Array {
  const bytes = new Uint8Array(values.length * cellBytes[cell]);
  values.forEach((value, i) => {
    write[cell](new DataView(bytes.buffer), i * cellBytes[cell], value);
  });
  return bytes;
}

/** All pairs of samples, as many as vectors of 4 fill. */
function pairsOf(cell: NumberCell): readonly [Uint8Array, Uint8Array, number] {
  const values = samples[cell];
  const count = Math.floor(values.length ** 2 / 4) * 4;
  const at = (i: number): number | bigint => values[i % values.length] as number | bigint;
  const left = Array.from({ length: count }, (_, i) => at(i));
  const right = Array.from({ length: count }, (_, i) => at(Math.floor(i / values.length)));
  return [bufferOf(cell, left), bufferOf(cell, right), count];
}

interface Case {
  readonly name: string;
  /** The cells it reads, and those it makes. */
  readonly from: NumberCell;
  readonly to: Cell;
  readonly width: number;
  readonly make: (a: Expr, b: Expr) => Expr;
}

/** Scalars, vectors, and half vectors of 32-bit lanes. */
const widthsOf = (cell: NumberCell): readonly number[] => [1, 2, ...(cellBytes[cell] === 4 ? [4] : [])];
const isFloat = (cell: NumberCell): boolean => cell === 'f32' || cell === 'f64';

/** Masks show as 1 and 0. */
const shown = (mask: Expr, cell: NumberCell): Expr => {
  const type: Type = { lane: laneOf[cell], width: mask.type.width };
  return build.select(mask, build.constant(type, 1), build.constant(type, 0));
};

const unary: { readonly [O in UnaryOp]: (a: Expr) => Expr } = {
  negate: build.negate,
  abs: build.abs,
  sqrt: build.sqrt,
  floor: build.floor,
  ceil: build.ceil,
  truncate: build.truncate,
  nearest: build.nearest,
  not: build.not,
};
const binary: { readonly [O in BinaryOp]: (a: Expr, b: Expr) => Expr } = {
  add: build.add,
  subtract: build.subtract,
  multiply: build.multiply,
  divide: build.divide,
  remainder: build.remainder,
  minimum: build.minimum,
  maximum: build.maximum,
  and: build.and,
  or: build.or,
  xor: build.xor,
};
const shifts: { readonly [O in ShiftOp]: (a: Expr, by: number) => Expr } = {
  shift_left: build.shiftLeft,
  shift_right: build.shiftRight,
  shift_right_unsigned: build.shiftRightUnsigned,
};
const compares: readonly CompareOp[] = ['EQ', 'NE', 'LT', 'LE', 'GT', 'GE'];

const names = <T extends object>(table: T): (keyof T & string)[] => Object.keys(table) as (keyof T & string)[];

const unaryOn = (cell: NumberCell): readonly UnaryOp[] =>
  isFloat(cell) ? names(unary).filter((op) => op !== 'not') : ['negate', 'abs', 'not'];

const binaryOn = (cell: NumberCell, width: number): readonly BinaryOp[] => {
  const shared: readonly BinaryOp[] = ['add', 'subtract', 'multiply', 'minimum', 'maximum'];
  if (isFloat(cell)) return [...shared, 'divide'];
  return [...shared, 'and', 'or', 'xor', ...(width === 1 ? (['divide', 'remainder'] as const) : [])];
};

const convertsTo = (cell: NumberCell, width: number): readonly NumberCell[] =>
  cells.filter((to) => {
    if (to === cell || width === 1) return to !== cell;
    const isLong = cell === 'i64' ? isFloat(to) : to === 'i64' && isFloat(cell);
    return !isLong && width <= 16 / cellBytes[to];
  });

const beside: { readonly [C in NumberCell]: NumberCell } = { f32: 'i32', i32: 'f32', f64: 'i64', i64: 'f64' };

/** NaN has many bit patterns. */
const notNaN = (a: Expr): Expr => (a.type.lane[0] === 'f' ? build.select(build.compare('EQ', a, a), a, 1) : a);

function casesOf(cell: NumberCell, width: number): Case[] {
  const made = (name: string, make: Case['make'], to: Cell = cell): Case => ({ name, from: cell, to, width, make });
  const mask = (name: string, make: (a: Expr, b: Expr) => Expr): Case =>
    made(name, (a, b) => shown(make(build.compare('LT', a, b), build.compare('LE', b, 0)), cell));
  const lanes = Array.from({ length: width }, (_, i) => i);
  return [
    ...unaryOn(cell).map((op) => made(op, (a) => unary[op](a))),
    ...binaryOn(cell, width).map((op) => made(op, (a, b) => binary[op](a, b))),
    ...compares.map((op) => made(op, (a, b) => shown(build.compare(op, a, b), cell))),
    made('select', (a, b) => build.select(build.compare('LT', a, b), b, a)),
    mask('mask and', build.and),
    mask('mask or', build.or),
    mask('mask xor', build.xor),
    mask('mask not', (a) => build.not(a)),
    ...[0, 1].map((value) =>
      mask(`mask ${value}`, (a) => build.select(build.constant(a.type, value), a, build.not(a))),
    ),
    ...(isFloat(cell)
      ? [made('multiply_add', (a, b) => build.multiplyAdd(a, b, build.subtract(a, b)))]
      : names(shifts).flatMap((op) =>
          [0, 1, 7, 31, 32, 33, 63, 64, -1].map((by) => made(`${op} ${by}`, (a) => shifts[op](a, by))),
        )),
    ...convertsTo(cell, width).map((to) => made(`to ${to}`, (a) => build.convert(a, laneOf[to]), to)),
    made('bits', (a) => build.bits(notNaN(a), laneOf[beside[cell]]), beside[cell]),
    made('constant', (a) =>
      build.add(a, build.constant(a.type, cell === 'i64' ? 2n ** 40n + 1n : cell === 'i32' ? 2 ** 32 - 1 : 1.1)),
    ),
    ...(width === 1
      ? []
      : [
          made('shuffle', (a, b) =>
            build.shuffle(
              a,
              b,
              lanes.map((lane) => (2 * lane + 1) % (2 * width)),
            ),
          ),
          ...lanes.map((lane) => made(`lane ${lane}`, (a) => build.splat(build.extract(a, lane), width))),
        ]),
  ];
}

/** Computes a case on all pairs, in both ways. */
function check({ from, to, width, make }: Case): void {
  const [left, right, count] = pairsOf(from);
  const bytes = width * cellBytes[from];
  const kernel = plainKernel(3, (f, [p, q, r]) => {
    if (p === undefined || q === undefined || r === undefined) return;
    f.loop(
      count / width,
      [
        [p, bytes],
        [q, bytes],
        [r, width * cellBytes[to]],
      ],
      (p, q, r) => {
        const a = f.let(build.load(from, width, p));
        f.store(to, r, make(a, f.let(build.load(from, width, q))));
      },
    );
  });
  const out = new Uint8Array(count * cellBytes[to]).fill(0x55);
  const { interpreted, compiled } = runBoth(launchOn(kernel, 3), [left, right, out]);
  const [expected, given] = [interpreted, compiled].map(([, , buffer]) => canonical(buffer as Uint8Array, to));
  if (expected === undefined || given === undefined) throw new Error('buffers are missing');
  expect(given.findIndex((byte, i) => byte !== expected[i])).toBe(-1);
  expect(Buffer.compare(given, out)).not.toBe(0);
}

describe.each(cells)('%s', (cell) => {
  test.each(widthsOf(cell))('in %s lanes', (width) => {
    const cases = casesOf(cell, width);
    expect(cases.length).toBeGreaterThan(25);
    for (const each of cases) expect(() => check(each), `${each.name} of ${cell} x ${width}`).not.toThrow();
  });
});
