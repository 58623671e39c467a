/**
 * The kernel of depthwise convolutions whose pixels lie side by side: one channel in, one out, few taps.
 *
 * Vectors of pixels are read where they lie. A tile is some rows of one vector: its sums, the kernel's numbers (each in
 * all lanes of a vector of its own), a vector of cells and a product fill the 15 registers there are. At the ends of a
 * row, lanes whose cells lie outside are zeros that move in from the side; rows that may lie outside are asked for.
 */

import {
  add,
  and,
  type Block,
  compare,
  constant,
  divide,
  FunctionBuilder,
  kernel,
  load,
  multiply,
  multiplyAdd,
  named,
  splat,
  subtract,
  type Value,
} from '../kernel/build.js';
import { type Expr, type Func, type Kernel, laneOf, type Variable } from '../kernel/program.js';
import { rowsRead, type Taps } from './depthwise.js';
import { plainVector, type RowVector, readRow, showTaps, showVector } from './depthwise-row.js';
import { type Format, range, sizesOf } from './panel.js';

export interface DepthwiseKind extends Format {
  readonly y: Taps;
  readonly x: Taps;
  /** Rows of a tile. */
  readonly rows: number;
  /** Rows of cells beyond the input that the last output reads. */
  readonly below: number;
  /** The vectors with zeros, at the beginning and at the end of a row. */
  readonly before: readonly RowVector[];
  readonly after: readonly RowVector[];
}

/** One tile: the outputs of some rows, from cells that begin `cells` bytes into the rows from `row` on. */
type Tile = (vector: RowVector, row: Variable, cells: Expr, to: Expr) => void;

/** The addresses and sizes that a tile takes from its function. */
interface Operands {
  readonly plane: Variable;
  readonly pitch: Variable;
  readonly height: Variable;
  readonly pitchTo: Variable;
  readonly weights: readonly Variable[];
}

/** Whether row r of those that a tile reads is inside, wherever the tile stands. */
export const isSure = ({ y, rows, below }: Pick<DepthwiseKind, 'y' | 'rows' | 'below'>, r: number): boolean =>
  r >= -y.first && r <= (rows - 1) * y.step + (y.count - 1) * y.apart - below;

function tileOf(f: FunctionBuilder, kind: DepthwiseKind, o: Operands): Tile {
  const { cell, x } = kind;
  const zero = constant({ lane: laneOf[cell], width: sizesOf(kind).width }, 0);
  return (vector, row, cells, to) => {
    const sums = new Map<number, Variable>();
    const base = add(o.plane, cells);
    // Addresses follow from each other: adding the pitch is less than multiplying it.
    let [at, line] = [f.let(add(base, multiply(row, o.pitch))), 0];
    for (const { row: r, uses, last } of rowsRead(kind.rows, kind.y)) {
      const sumRow = (address: Variable): void => {
        const cellsOf = readRow(f, kind, x, vector, address);
        for (const s of range(x.count)) {
          const values = cellsOf(s);
          if (values === null) continue;
          for (const { out, tap } of uses) {
            const weight = o.weights[tap * x.count + s] as Variable;
            const sum = sums.get(out) as Variable;
            f.set(sum, multiplyAdd(values, weight, sum));
          }
        }
      };
      for (const { out } of uses) if (!sums.has(out)) sums.set(out, f.let(zero));
      if (isSure(kind, r)) {
        if (r > line) [at, line] = [f.let(add(at, multiply(o.pitch, r - line))), r];
        sumRow(at);
      } else {
        const isInside = and(compare('GE', add(row, r), 0), compare('LT', add(row, r), o.height));
        f.if(isInside, () => sumRow(f.let(add(base, multiply(add(row, r), o.pitch)))));
      }
      // Sums that are complete make room for others.
      for (const out of last) f.store(cell, add(to, multiply(o.pitchTo, out)), sums.get(out) as Variable);
    }
  };
}

/** What strips are given besides the vectors at the ends of rows. */
const stripParameters = [
  'plane',
  'row',
  'strips',
  'pitch',
  'height',
  'numbers',
  'to',
  'pitchTo',
  'middle',
  'middleTo',
  'middles',
] as const;

/** Strips of a tile's rows, from end to end. */
function stripsFunction(kind: DepthwiseKind): Func {
  const { cell, vectorBytes, y, x, rows, before, after } = kind;
  const { width, bytes } = sizesOf(kind);
  const ends = [...before, ...after];
  const f = new FunctionBuilder(stripParameters.length + 2 * ends.length);
  const p = named(stripParameters, f.parameters);
  const weights = range(y.count * x.count).map((i) => f.let(splat(load(cell, 1, p.numbers, i * bytes), width)));
  const tile = tileOf(f, kind, { ...p, weights });
  const starts = [
    [p.row, rows * y.step],
    [p.to, multiply(p.pitchTo, rows)],
  ] as const;
  f.loop(p.strips, starts, (row, to) => {
    const end = (vector: RowVector, i: number): void => {
      const [from, at] = f.parameters.slice(stripParameters.length + 2 * i) as [Variable, Variable];
      tile(vector, row, from, add(to, at));
    };
    before.forEach(end);
    const along = [
      [p.middle, x.step * vectorBytes],
      [add(to, p.middleTo), vectorBytes],
    ] as const;
    f.loop(p.middles, along, (from, at) => tile(plainVector(x), row, from, at));
    after.forEach((vector, i) => {
      end(vector, before.length + i);
    });
  });
  return f.finish('strips');
}

/** What a launch gives, in this order; strides and offsets in bytes, tables of byte offsets. */
export const parameters = [
  'from',
  'weights',
  'to',
  // one entry a group and sample
  'planesFrom',
  'planesWeights',
  'planesTo',
  'taps',
  'pitch',
  'height',
  'pitchTo',
  // where the vectors without zeros begin in a row of cells and of outputs, and how many there are
  'middle',
  'middleTo',
  'middles',
] as const;

/** Where a vector at the end of a row begins, in a row of cells and of outputs: for each of them, after the others. */
export const endParameters = 2;

/** The numbers of a plane's kernel side by side. */
function gather(f: FunctionBuilder, { cell, y, x }: DepthwiseKind, from: Expr, taps: Expr, to: Variable): void {
  const { bytes } = sizesOf({ cell, vectorBytes: 16 });
  f.loop(
    y.count * x.count,
    [
      [taps, 4],
      [to, bytes],
    ],
    (tap, at) => f.store(cell, at, load(cell, 1, add(from, load('i32', 1, tap)))),
  );
}

/** Grid: planes, rows of outputs. Scratch: the kernel's numbers. */
export function depthwiseKernel(kind: DepthwiseKind): Kernel {
  const { cell, vectorBytes, y, x, rows, below, before, after } = kind;
  const ends = [before, after].map((vectors) => vectors.map(showVector).join(' ')).join(' | ');
  const name = `depthwise ${cell} ${vectorBytes} ${rows} ${showTaps(y)} ${showTaps(x)} ${below} ${ends}`;
  const arity = parameters.length + endParameters * (before.length + after.length);
  return kernel(name, arity, 2, (f, given, grid, scratch) => {
    const p = named(parameters, given);
    const [planes, lines] = grid as readonly [Block, Block];
    const strips = stripsFunction(kind);
    f.loop(planes.count, [[multiply(planes.start, 4), 4]], (plane) => {
      const ofPlane = (base: Expr, table: Expr): Expr => add(base, load('i32', 1, add(table, plane)));
      gather(f, kind, f.let(ofPlane(p.weights, p.planesWeights)), p.taps, scratch);
      const from = f.let(ofPlane(p.from, p.planesFrom));
      const to = f.let(ofPlane(p.to, p.planesTo));
      const run = (output: Expr, count: Value): void => {
        const row = add(multiply(output, y.step), y.first);
        const target = add(to, multiply(output, p.pitchTo));
        const ends = [p.middle, p.middleTo, p.middles, ...given.slice(parameters.length)];
        f.call(strips, from, row, count, p.pitch, p.height, scratch, target, p.pitchTo, ...ends);
      };
      const whole = f.let(divide(lines.count, rows));
      run(lines.start, whole);
      // The rest is computed with rows that were there before.
      f.if(compare('LT', multiply(whole, rows), lines.count), () =>
        run(f.let(subtract(add(lines.start, lines.count), rows)), 1),
      );
    });
  });
}
