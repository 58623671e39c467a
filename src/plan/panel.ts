/**
 * Panels: [count][columns] numbers in a row, with as many columns as a tile's vectors have lanes. Kernels work on
 * panels; packing and unpacking is all they know of how operands lie in memory.
 */

import {
  add,
  compare,
  constant,
  divide,
  type FunctionBuilder,
  func,
  load,
  multiply,
  type Start,
  shuffle,
  subtract,
  type Value,
} from '../kernel/build.js';
import { type Cell, cellBytes, type Expr, type Func, laneOf, type Variable } from '../kernel/program.js';

/** Vectors of columns of a tile. */
export const tileVectors = 2;

/** What numbers a kernel works on, in vectors of how many bytes. */
export interface Format {
  readonly cell: Cell;
  readonly vectorBytes: number;
}

/** What lies side by side in memory: columns, what a panel counts (terms, rows, pixels), or neither. */
export type Side = 'columns' | 'rows' | 'any';

/** Lanes of a vector, columns of a panel, bytes of a number, bytes from one row of a panel to the next. */
export function sizesOf({ cell, vectorBytes }: Format): {
  width: number;
  columns: number;
  bytes: number;
  step: number;
} {
  const bytes = cellBytes[cell];
  const width = vectorBytes / bytes;
  return { width, columns: tileVectors * width, bytes, step: tileVectors * vectorBytes };
}

export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Transposes w vectors of w lanes in log2(w) rounds: after round r, blocks of 2^r lanes have changed places. */
export function transpose(f: FunctionBuilder, rows: readonly Expr[]): Expr[] {
  const width = rows.length;
  let current = [...rows];
  for (let size = 1; size < width; size *= 2) {
    const low: number[] = [];
    const high: number[] = [];
    for (let lane = 0; lane < width; lane++) {
      const isUpper = (lane & size) !== 0;
      low.push(isUpper ? width + lane - size : lane);
      high.push(isUpper ? width + lane : lane + size);
    }
    current = current.map((row, i) => {
      const partner = current[i ^ size] as Expr;
      return f.let((i & size) === 0 ? shuffle(row, partner, low) : shuffle(partner, row, high));
    });
  }
  return current;
}

/** How many numbers of one row of a panel, or of the sums, are there: all of them, or fewer at the last columns. */
export const isWhole = (present: Variable, columns: number): Expr => compare('EQ', present, columns);

/**
 * panel[count][columns] from memory at `from + terms[t] + column * stride`; missing columns are zero. Where terms lie
 * side by side, `runs` says where each whole vector of them begins.
 */
export function packFunction(format: Format, side: Side): Func {
  const { cell, vectorBytes } = format;
  const { width, columns, bytes, step } = sizesOf(format);
  const zero = constant({ lane: laneOf[cell], width: 1 }, 0);
  return func('pack', (f, from, terms, runs, count, stride, present, panel) => {
    const byNumber = (first: Value, number: Value): void =>
      f.loop(number, starts(terms, 4, panel, step, first), (term, to) => {
        const at = f.let(add(from, load('i32', 1, term)));
        f.loop(
          present,
          [
            [at, stride],
            [to, bytes],
          ],
          (source, target) => f.store(cell, target, load(cell, 1, source)),
        );
        const missing = add(to, multiply(present, bytes));
        f.loop(subtract(columns, present), [[missing, bytes]], (target) => f.store(cell, target, zero));
      });
    const byColumns = (): void =>
      f.loop(count, starts(terms, 4, panel, step), (term, to) => {
        const at = f.let(add(from, load('i32', 1, term)));
        for (const v of offsets(format)) f.store(cell, to, load(cell, width, at, v), v);
      });
    const byRows = (): void =>
      inVectors(f, count, width, byNumber, (whole) =>
        f.loop(whole, starts(runs, 4, panel, width * step), (term, to) => {
          const at = f.let(add(from, load('i32', 1, term)));
          for (const v of range(tileVectors)) {
            const column = (i: number): Expr => load(cell, width, add(at, multiply(stride, v * width + i)));
            const rows = transpose(
              f,
              range(width).map((i) => f.let(column(i))),
            );
            for (const [i, row] of rows.entries()) f.store(cell, to, row, i * step + v * vectorBytes);
          }
        }),
      );
    const byCells = (): void => {
      const places = range(columns).map((i) => f.let(multiply(stride, i)));
      f.loop(count, starts(terms, 4, panel, step), (term, to) => {
        const at = f.let(add(from, load('i32', 1, term)));
        for (const [i, place] of places.entries()) f.store(cell, to, load(cell, 1, add(at, place)), i * bytes);
      });
    };
    const fast = { columns: byColumns, rows: byRows, any: byCells }[side];
    f.if(isWhole(present, columns), fast, () => byNumber(0, count));
  });
}

/** The way back: `to + rows[r] + column * stride` from panel[count][columns]. */
export function unpackFunction(format: Format, side: Side): Func {
  const { cell, vectorBytes } = format;
  const { width, columns, bytes, step } = sizesOf(format);
  return func('unpack', (f, to, rows, runs, count, stride, present, panel) => {
    const byNumber = (first: Value, number: Value): void =>
      f.loop(number, starts(rows, 4, panel, step, first), (row, from) => {
        const at = f.let(add(to, load('i32', 1, row)));
        f.loop(
          present,
          [
            [from, bytes],
            [at, stride],
          ],
          (source, target) => f.store(cell, target, load(cell, 1, source)),
        );
      });
    const byColumns = (): void =>
      f.loop(count, starts(rows, 4, panel, step), (row, from) => {
        const at = f.let(add(to, load('i32', 1, row)));
        for (const v of offsets(format)) f.store(cell, at, load(cell, width, from, v), v);
      });
    const byRows = (): void =>
      inVectors(f, count, width, byNumber, (whole) =>
        f.loop(whole, starts(runs, 4, panel, width * step), (row, from) => {
          const at = f.let(add(to, load('i32', 1, row)));
          for (const v of range(tileVectors)) {
            const loaded = range(width).map((i) => f.let(load(cell, width, from, i * step + v * vectorBytes)));
            const turned = transpose(f, loaded);
            for (const [i, column] of turned.entries()) f.store(cell, add(at, multiply(stride, v * width + i)), column);
          }
        }),
      );
    const byCells = (): void => {
      const places = range(columns).map((i) => f.let(multiply(stride, i)));
      f.loop(count, starts(rows, 4, panel, step), (row, from) => {
        const at = f.let(add(to, load('i32', 1, row)));
        for (const [i, place] of places.entries()) f.store(cell, add(at, place), load(cell, 1, from, i * bytes));
      });
    };
    const fast = { columns: byColumns, rows: byRows, any: byCells }[side];
    f.if(isWhole(present, columns), fast, () => byNumber(0, count));
  });
}

/** Two pointers that rise side by side, from turn `first` on. */
const starts = (a: Expr, aStep: number, b: Expr, bStep: number, first: Value = 0): readonly [Start, Start] => [
  [add(a, multiply(first, aStep)), aStep],
  [add(b, multiply(first, bStep)), bStep],
];

/** Where the vectors of a tile's row begin. */
const offsets = ({ vectorBytes }: Format): number[] => range(tileVectors).map((v) => v * vectorBytes);

/** As many turns by whole vectors as there are, and the rest one by one. */
function inVectors(
  f: FunctionBuilder,
  count: Expr,
  width: number,
  rest: (first: Value, number: Value) => void,
  vectors: (whole: Variable) => void,
): void {
  const whole = f.let(divide(count, width));
  vectors(whole);
  const done = f.let(multiply(whole, width));
  rest(done, subtract(count, done));
}
