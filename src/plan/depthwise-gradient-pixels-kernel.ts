/**
 * The kernel of gradients of depthwise kernels, pixels side by side: for each tap, the sum over a plane of the products
 * of the result's gradient with the cells that the tap meets.
 *
 * A vector of the gradient is multiplied with the cells of all taps, whose sums are in registers; lanes are added up at
 * the end. Rows of the gradient all of whose taps meet rows of cells are taken together, the others tap by tap. Each
 * plane has sums of its own, which are added in their order.
 */

import {
  add,
  type Block,
  constant,
  extract,
  type FunctionBuilder,
  func,
  kernel,
  load,
  multiply,
  multiplyAdd,
  named,
  type Value,
} from '../kernel/build.js';
import { type Expr, type Func, type Kernel, laneOf, type Variable } from '../kernel/program.js';
import { rowsRead, type Taps } from './depthwise.js';
import { addSums, type Part, showPart } from './depthwise-gradient.js';
import { moveLanes, plainVector, type RowVector, readRow, showTaps, showVector } from './depthwise-row.js';
import { type Format, range, sizesOf } from './panel.js';

export interface GradientKind extends Format {
  /** The taps of the kernel, and the cells that they and the gradient's pixels are apart. */
  readonly y: Taps;
  readonly x: Taps;
  readonly parts: readonly Part[];
  /** The vectors with zeros, at the beginning and at the end of a row of the gradient. */
  readonly before: readonly RowVector[];
  readonly after: readonly RowVector[];
}

/**
 * sums[tap] += the products of one vector of some rows, `count` times: along a row, or down a plane at the end of rows.
 * One loop: in two, one within the other, V8 would not keep the sums in registers.
 */
function sumFunction(kind: GradientKind, { taps, rows }: Part, vector: RowVector): Func {
  const { cell, vectorBytes, y, x } = kind;
  const { width } = sizesOf(kind);
  return func('sum', (f, firstCells, pitch, nextCells, firstGradient, pitchGradient, nextGradient, count, sumsAt) => {
    const sums = range(taps * x.count).map((i) => f.let(load(cell, width, sumsAt, i * vectorBytes)));
    const starts = [
      [firstCells, nextCells],
      [firstGradient, nextGradient],
    ] as const;
    f.loop(count, starts, (start, startGradient) => {
      let [line, cells, row, gradient] = [0, start, 0, startGradient];
      const vectors = new Map<number, Variable>();
      const gradientOf = (out: number): Variable => {
        const found = vectors.get(out);
        if (found !== undefined) return found;
        if (out > row) [row, gradient] = [out, f.let(add(gradient, multiply(pitchGradient, out - row)))];
        const made = f.let(moveLanes(load(cell, width, gradient), -vector.dropped));
        vectors.set(out, made);
        return made;
      };
      for (const { row: r, uses } of rowsRead(rows, { ...y, count: taps })) {
        if (r > line) [line, cells] = [r, f.let(add(cells, multiply(pitch, r - line)))];
        const cellsOf = readRow(f, kind, x, vector, cells);
        for (const s of range(x.count)) {
          const values = cellsOf(s);
          if (values === null) continue;
          for (const { out, tap } of uses) {
            const sum = sums[tap * x.count + s] as Variable;
            f.set(sum, multiplyAdd(values, gradientOf(out), sum));
          }
        }
      }
    });
    for (const [i, sum] of sums.entries()) f.store(cell, sumsAt, sum, i * vectorBytes);
  });
}

/** What a launch gives, in this order; strides and offsets in bytes, tables of byte offsets. */
export const parameters = [
  'from',
  'gradient',
  'to',
  'fromG',
  'gradientG',
  'toG',
  'samples',
  'fromN',
  'gradientN',
  'taps',
  'pitch',
  'pitchGradient',
  // where vectors without zeros begin in a row of cells and of the gradient, and how many there are
  'middle',
  'middleGradient',
  'middles',
] as const;

/** Where the cells and the gradient of a part begin, and how often its rows come. */
export const partParameters = 3;
/** Where a vector at the end of a row begins, in a row of cells and of the gradient. */
export const endParameters = 2;

type Parameters = { readonly [K in (typeof parameters)[number]]: Variable };

/** A plane's sums of one part: along its rows, then down their ends. */
function sumPart(
  f: FunctionBuilder,
  kind: GradientKind,
  part: Part,
  p: Parameters,
  ends: readonly Variable[],
  functionOf: (part: Part, vector: RowVector) => Func,
) {
  const { vectorBytes, y, x, before, after } = kind;
  const [nextRow, nextGradient] = [
    f.let(multiply(p.pitch, part.rows * y.step)),
    f.let(multiply(p.pitchGradient, part.rows)),
  ];
  const plain = functionOf(part, plainVector(x));
  return (cells: Expr, gradient: Expr, times: Variable, sums: Expr): void => {
    const rows = [
      [add(cells, p.middle), nextRow],
      [add(gradient, p.middleGradient), nextGradient],
    ] as const;
    f.loop(times, rows, (row, points) =>
      f.call(plain, row, p.pitch, x.step * vectorBytes, points, p.pitchGradient, vectorBytes, p.middles, sums),
    );
    for (const [i, vector] of [...before, ...after].entries()) {
      const [from, at] = ends.slice(endParameters * i) as [Variable, Variable];
      const [start, points] = [add(cells, from), add(gradient, at)];
      f.call(functionOf(part, vector), start, p.pitch, nextRow, points, p.pitchGradient, nextGradient, times, sums);
    }
  };
}

/** Functions by what they depend on. */
function functionsOf(kind: GradientKind): (part: Part, vector: RowVector) => Func {
  const made = new Map<string, Func>();
  return (part, vector) => {
    const key = `${part.taps}x${part.rows} ${showVector(vector)}`;
    const found = made.get(key) ?? sumFunction(kind, part, vector);
    made.set(key, found);
    return found;
  };
}

/** Grid: groups. Scratch: the sums of a plane, and of all. */
export function gradientKernel(kind: GradientKind): Kernel {
  const { cell, vectorBytes, y, x, parts, before, after } = kind;
  const { width } = sizesOf(kind);
  const taps = y.count * x.count;
  const show = parts.map(showPart).join(' ');
  const ends = [before, after].map((vectors) => vectors.map(showVector).join(' ')).join(' | ');
  const name = `depthwise gradient ${cell} ${vectorBytes} ${showTaps(y)} ${showTaps(x)} ${show} | ${ends}`;
  const arity = parameters.length + partParameters * parts.length + endParameters * (before.length + after.length);
  return kernel(name, arity, 1, (f, given, grid, sums) => {
    const p: Parameters = named(parameters, given);
    const [groups] = grid as readonly [Block];
    const atEnds = given.slice(parameters.length + partParameters * parts.length);
    const functionOf = functionsOf(kind);
    const summed = parts.map((part) => sumPart(f, kind, part, p, atEnds, functionOf));
    const zero = constant({ lane: laneOf[cell], width }, 0);
    const ofGroup = (base: Value, stride: Value) => [add(base, multiply(groups.start, stride)), stride] as const;
    const starts = [ofGroup(p.from, p.fromG), ofGroup(p.gradient, p.gradientG), ofGroup(p.to, p.toG)] as const;
    const total = f.let(add(sums, taps * vectorBytes));
    f.loop(groups.count, starts, (from, gradient, to) => {
      f.loop(2 * taps, [[sums, vectorBytes]], (at) => f.store(cell, at, zero));
      const samples = [
        [from, p.fromN],
        [gradient, p.gradientN],
      ] as const;
      f.loop(p.samples, samples, (plane, planeGradient) => {
        for (const [i, part] of parts.entries()) {
          const own = given.slice(parameters.length + partParameters * i);
          const [cells, points, times] = own as [Variable, Variable, Variable];
          const at = add(sums, part.first * x.count * vectorBytes);
          summed[i]?.(add(plane, cells), add(planeGradient, points), times, at);
        }
        addSums(f, kind, taps, sums, total);
      });
      const all = [
        [p.taps, 4],
        [total, vectorBytes],
      ] as const;
      f.loop(taps, all, (tap, at) => {
        const sum = f.let(load(cell, width, at));
        const lanes = range(width).map((lane) => extract(sum, lane));
        f.store(
          cell,
          add(to, load('i32', 1, tap)),
          lanes.reduce((a, b) => add(a, b)),
        );
      });
    });
  });
}
