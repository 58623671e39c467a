/**
 * The kernel of gradients of depthwise kernels, groups side by side: vectors of channels.
 *
 * Pixel after pixel, as they lie in memory, and for some rows at once, each vector of channels is multiplied with the
 * cells of all taps and added to their sums. Each plane has sums of its own, which are added in their order, by tasks of
 * some planes, and then from task to task.
 */

import {
  add,
  type Block,
  compare,
  constant,
  divide,
  type FunctionBuilder,
  func,
  index,
  kernel,
  load,
  multiply,
  multiplyAdd,
  named,
  subtract,
  type Value,
} from '../kernel/build.js';
import { type Expr, type Func, type Kernel, laneOf, type Variable } from '../kernel/program.js';
import { rowsRead, type Taps } from './depthwise.js';
import { addSums, type Part, showPart } from './depthwise-gradient.js';
import { showTaps } from './depthwise-row.js';
import { type Format, range, sizesOf } from './panel.js';

/** The columns of taps that meet cells. */
export type Present = readonly number[];

export interface GradientKind extends Format {
  /** The taps of the kernel, and the cells that they and the gradient's pixels are apart. */
  readonly y: Taps;
  readonly x: Taps;
  readonly parts: readonly Part[];
  /** Pixels at the beginning and the end of a row that don't have all taps. */
  readonly before: readonly Present[];
  readonly after: readonly Present[];
}

/** Pixels side by side that are taken together where they have all taps. */
const pixelsTogether = 2;

/** sums[vector][tap] += the products of some pixels side by side in some rows, for `count` vectors of channels. */
function sumFunction(kind: GradientKind, { first, taps, rows }: Part, present: Present, pixels: number): Func {
  const { cell, vectorBytes, y, x } = kind;
  const { width } = sizesOf(kind);
  return func('sum', (f, firstCells, pitch, unit, firstGradient, pitchGradient, unitGradient, count, firstSums) => {
    const along = [
      [firstCells, vectorBytes],
      [firstGradient, vectorBytes],
      [firstSums, y.count * x.count * vectorBytes],
    ] as const;
    f.loop(count, along, (start, startGradient, sumsAt) => {
      const sums = new Map<number, Variable>();
      const gradients = range(rows).map((row) =>
        range(pixels).map((pixel) => {
          const at = add(multiply(pitchGradient, row), multiply(unitGradient, pixel));
          return f.let(load(cell, width, add(startGradient, at)));
        }),
      );
      let [row, cells] = [0, start];
      for (const alongY of rowsRead(rows, { ...y, count: taps })) {
        if (alongY.row > row) [row, cells] = [alongY.row, f.let(add(cells, multiply(pitch, alongY.row - row)))];
        let [column, at] = [0, cells];
        for (const alongX of rowsRead(pixels, x)) {
          const uses = alongX.uses.filter(({ tap }) => present.includes(tap));
          if (uses.length === 0) continue;
          if (alongX.row > column) [column, at] = [alongX.row, f.let(add(at, multiply(unit, alongX.row - column)))];
          const values = f.let(load(cell, width, at));
          for (const inY of alongY.uses) {
            for (const inX of uses) {
              const place = (first + inY.tap) * x.count + inX.tap;
              const sum = sums.get(place) ?? f.let(load(cell, width, sumsAt, place * vectorBytes));
              sums.set(place, sum);
              f.set(sum, multiplyAdd(values, gradients[inY.out]?.[inX.out] as Variable, sum));
            }
          }
        }
      }
      for (const [place, sum] of sums) f.store(cell, sumsAt, sum, place * vectorBytes);
    });
  });
}

/** What a launch gives, in this order; strides and offsets in bytes, tables of byte offsets. */
export const parameters = [
  'from',
  'gradient',
  'fromN',
  'gradientN',
  // from row to row and from pixel to pixel, of cells and of the gradient
  'pitch',
  'unit',
  'pitchGradient',
  'unitGradient',
  // where pixels with all taps begin in a row of cells and of the gradient, and how many there are
  'middle',
  'middleGradient',
  'middles',
  // bytes of a task's sums, all tasks' sums, and bytes from those of some rows to the next, and of some samples
  'sums',
  'totals',
  'nextTotals',
  'sampleTotals',
  // groups, samples and rows of a task
  'groupBlock',
  'sampleBlock',
  'lineBlock',
] as const;

type Parameters = { readonly [K in (typeof parameters)[number]]: Variable };

/** Where the cells and the gradient of a part begin, and how often its rows come. */
export const partParameters = 3;
/** Where the cells and the gradient of a pixel at the end of a row are, in theirs. */
export const endParameters = 2;

/** Functions by what they depend on. */
function functionsOf(kind: GradientKind): (part: Part, present: Present, pixels: number) => Func {
  const made = new Map<string, Func>();
  return (part, present, pixels) => {
    const key = `${showPart(part)} ${present} ${pixels}`;
    const found = made.get(key) ?? sumFunction(kind, part, present, pixels);
    made.set(key, found);
    return found;
  };
}

/** The sums of one part of a plane, row by row. */
function sumPart(
  f: FunctionBuilder,
  kind: GradientKind,
  part: Part,
  p: Parameters,
  channels: Variable,
  ends: readonly Variable[],
  functionOf: (present: Present, pixels: number) => Func,
) {
  const { vectorBytes, y, x, before, after } = kind;
  const { width, bytes } = sizesOf(kind);
  const whole = f.let(divide(channels, width));
  const some = (present: Present, pixels: number, cells: Expr, gradient: Expr, sums: Expr): void => {
    const sum = functionOf(present, pixels);
    const run = (offset: Expr, place: Expr, count: Value): void => {
      const [at, points] = [add(cells, offset), add(gradient, offset)];
      f.call(sum, at, p.pitch, p.unit, points, p.pitchGradient, p.unitGradient, count, add(sums, place));
    };
    run(index(0), index(0), whole);
    // Where channels are left, one more vector ends with the last of them. Its sums are in a place of their own.
    f.if(compare('LT', multiply(whole, width), channels), () =>
      run(multiply(subtract(channels, width), bytes), multiply(whole, y.count * x.count * vectorBytes), 1),
    );
  };
  return (cells: Expr, gradient: Expr, times: Expr, lines: Block, sums: Expr): void => {
    const nextRow = f.let(multiply(p.pitch, part.rows * y.step));
    const nextGradient = f.let(multiply(p.pitchGradient, part.rows));
    const someRows = (row: Variable, points: Variable): void => {
      const end = (present: Present, i: number): void => {
        const [from, at] = ends.slice(endParameters * i) as [Variable, Variable];
        some(present, 1, f.let(add(row, from)), f.let(add(points, at)), sums);
      };
      before.forEach(end);
      const all = range(x.count);
      const [middle, point] = [f.let(add(row, p.middle)), f.let(add(points, p.middleGradient))];
      f.blocks(p.middles, pixelsTogether, (left, count) => {
        const at = f.let(add(middle, multiply(left, multiply(p.unit, x.step))));
        const gradientAt = f.let(add(point, multiply(left, p.unitGradient)));
        f.if(
          compare('EQ', count, pixelsTogether),
          () => some(all, pixelsTogether, at, gradientAt, sums),
          () => some(all, 1, at, gradientAt, sums),
        );
      });
      after.forEach((present, i) => {
        end(present, before.length + i);
      });
    };
    f.loop(lines.count, [[lines.start, 1]], (line) =>
      f.if(compare('LT', line, times), () =>
        someRows(f.let(add(cells, multiply(line, nextRow))), f.let(add(gradient, multiply(line, nextGradient)))),
      ),
    );
  };
}

/** Grid: groups, samples, how often the rows of parts come. Scratch: sums of a plane. */
export function gradientKernel(kind: GradientKind): Kernel {
  const { cell, vectorBytes, y, x, parts, before, after } = kind;
  const { width, bytes } = sizesOf(kind);
  const ends = JSON.stringify([before, after]);
  const shape = `${showTaps(y)} ${showTaps(x)} ${parts.map(showPart).join(' ')} ${ends}`;
  const arity = parameters.length + partParameters * parts.length + endParameters * (before.length + after.length);
  return kernel(`depthwise gradient channels ${cell} ${vectorBytes} ${shape}`, arity, 3, (f, given, grid, sums) => {
    const p: Parameters = named(parameters, given);
    const [groups, samples, lines] = grid as readonly [Block, Block, Block];
    const atEnds = given.slice(parameters.length + partParameters * parts.length);
    const functionOf = functionsOf(kind);
    const zero = constant({ lane: laneOf[cell], width }, 0);
    const vectors = f.let(divide(p.sums, vectorBytes));
    const ofSamples = add(p.totals, multiply(divide(samples.start, p.sampleBlock), p.sampleTotals));
    const ofLines = add(ofSamples, multiply(divide(lines.start, p.lineBlock), p.nextTotals));
    const total = f.let(add(ofLines, multiply(divide(groups.start, p.groupBlock), p.sums)));
    for (const first of [sums, total]) f.loop(vectors, [[first, vectorBytes]], (at) => f.store(cell, at, zero));
    const planeOf = (base: Expr, stride: Expr): Expr =>
      add(add(base, multiply(groups.start, bytes)), multiply(samples.start, stride));
    const planes = [
      [planeOf(p.from, p.fromN), p.fromN],
      [planeOf(p.gradient, p.gradientN), p.gradientN],
    ] as const;
    f.loop(samples.count, planes, (plane, gradient) => {
      for (const [i, part] of parts.entries()) {
        const own = given.slice(parameters.length + partParameters * i);
        const [cells, points, times] = own as [Variable, Variable, Variable];
        const sumRows = sumPart(f, kind, part, p, groups.count, atEnds, (present, pixels) =>
          functionOf(part, present, pixels),
        );
        sumRows(add(plane, cells), add(gradient, points), times, lines, sums);
      }
      addSums(f, kind, vectors, sums, total);
    });
  });
}

export const totalParameters = ['totals', 'nextTotals', 'times', 'sums', 'groupBlock', 'taps', 'to', 'toG'] as const;

/** The sums of all tasks to the result. Grid: groups. */
export function totalKernel(format: Format, taps: number): Kernel {
  const { cell, vectorBytes } = format;
  const { width, bytes } = sizesOf(format);
  const name = `depthwise gradient channels, totals ${cell} ${vectorBytes} ${taps}`;
  return kernel(name, totalParameters.length, 1, (f, given, grid) => {
    const p = named(totalParameters, given);
    const [groups] = grid as readonly [Block];
    const totals = f.let(add(p.totals, multiply(divide(groups.start, p.groupBlock), p.sums)));
    const result = f.let(add(p.to, multiply(groups.start, p.toG)));
    f.blocks(groups.count, width, (start, count) => {
      // The last vector ends with the last channel.
      const lane = multiply(subtract(width, count), bytes);
      const vector = add(add(totals, multiply(divide(start, width), taps * vectorBytes)), lane);
      const alongTaps = [
        [p.taps, 4],
        [vector, vectorBytes],
      ] as const;
      f.loop(taps, alongTaps, (tap, from) => {
        const alongChannels = [
          [from, bytes],
          [add(add(result, load('i32', 1, tap)), multiply(start, p.toG)), p.toG],
        ] as const;
        f.loop(count, alongChannels, (first, to) => {
          const sum = f.let(load(cell, 1, first));
          const more = [[add(first, p.nextTotals), p.nextTotals]] as const;
          f.loop(subtract(p.times, 1), more, (at) => f.set(sum, add(sum, load(cell, 1, at))));
          f.store(cell, to, sum);
        });
      });
    });
  });
}
