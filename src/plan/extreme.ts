/** Where the largest or smallest cell along an axis is: the first one, and NaN before all others. */

import {
  add,
  and,
  type Block,
  compare,
  constant,
  convert,
  extract,
  type FunctionBuilder,
  index,
  kernel,
  load,
  minimum,
  multiply,
  named,
  not,
  or,
  select,
  shiftRight,
  splat,
  subtract,
} from '../kernel/build.js';
import type { Plan } from '../kernel/launch.js';
import { cellBytes, type Expr, type Kernel, laneBytes, laneOf } from '../kernel/program.js';
import { sizeOf } from '../shape/shape.js';
import { cutGrid } from './axes.js';
import { cellOf } from './cells.js';
import { inVectors, overBlocks, unroll } from './loops.js';
import { Planner, type Typed, vectorBytes } from './plan.js';
import { type AccumulatorForm, foldCells } from './reduce-kernel.js';

/** Cells of a task, about. */
const most = 2 ** 16;

/** Columns that are searched side by side, and with how few of them each goes for itself. */
const mostColumns = 512;
const leastColumns = 4;

/** The cell is searched for in lanes of its own; positions are counted in integers as wide. */
interface SearchForm extends AccumulatorForm {
  readonly fold: 'maximum' | 'minimum';
  readonly neighbours: boolean;
}

const isFloat = ({ lane }: SearchForm): boolean => lane === 'f32' || lane === 'f64';
const counterOf = ({ lane }: SearchForm): 'i32' | 'i64' => (laneBytes[lane] === 8 ? 'i64' : 'i32');

/** More than any position. */
const nowhere = 2 ** 31 - 16;

const parameters = ['from', 'to', 'size', 'fromOuter', 'row', 'toOuter'] as const;

/**
 * The first cell that is equal to the extreme, or is NaN: then the extreme is NaN too. Lanes keep where the vector began
 * in which they found one.
 */
function firstPlace(f: FunctionBuilder, form: SearchForm, place: Expr, size: Expr, step: Expr): Expr {
  const extreme = foldCells(f, form, place, size, form.neighbours ? null : step);
  const [counter, bytes] = [counterOf(form), cellBytes[form.source]];
  const found = (x: Expr, value: Expr): Expr => {
    const equal = compare('EQ', x, value);
    return isFloat(form) ? or(equal, compare('NE', x, x)) : equal;
  };
  const earliest = (width: number, best: Expr, address: Expr, position: Expr): Expr => {
    const x = f.let(load(form.source, width, address));
    const here = splat(convert(position, counter), width);
    return select(found(x, splat(extreme, width)), minimum(best, here), best);
  };
  const width = form.neighbours ? vectorBytes / laneBytes[form.lane] : 1;
  const turns = f.let(shiftRight(size, Math.log2(width)));
  const best = f.let(constant({ lane: counter, width }, nowhere));
  const rise = form.neighbours ? index(width * bytes) : step;
  f.loop(
    turns,
    [
      [place, rise],
      [0, width],
    ],
    (address, position) => {
      f.set(best, earliest(width, best, address, position));
    },
  );
  const first = f.let(constant({ lane: counter, width: 1 }, nowhere));
  for (let lane = 0; lane < width; lane++) f.set(first, minimum(first, add(extract(best, lane), lane)));
  if (width > 1) {
    const done = f.let(multiply(turns, width));
    f.loop(
      subtract(size, done),
      [
        [add(place, multiply(done, bytes)), bytes],
        [done, 1],
      ],
      (address, position) => {
        f.set(first, earliest(1, first, address, position));
      },
    );
  }
  return first;
}

const keyOf = ({ fold, source, neighbours, accumulators }: SearchForm): string =>
  `${fold} ${source} ${neighbours} ${accumulators}`;

/** Grid: axes outside, columns; a column for itself. */
const columnKernel = (form: SearchForm): Kernel =>
  kernel(`position of ${keyOf(form)}`, parameters.length, 2, (f, given, grid) => {
    const p = named(parameters, given);
    const stride = (array: number, axis: number): Expr =>
      axis === 0 ? ([p.fromOuter, p.toOuter][array] as Expr) : index(array === 0 ? cellBytes[form.source] : 8);
    overBlocks(f, grid, 2, [p.from, p.to], stride, ([from, to]) => {
      f.store('i64', to as Expr, convert(firstPlace(f, form, from as Expr, p.size, p.row), 'i64'));
    });
  });

/** Columns side by side; the best so far of each, and where it was, are in scratch. */
const rowKernel = (form: SearchForm): Kernel =>
  kernel(`positions of ${keyOf(form)}`, parameters.length, 2, (f, given, grid, scratch) => {
    const p = named(parameters, given);
    const [bytes, lane, counter] = [cellBytes[form.source], form.lane, counterOf(form)];
    const size = laneBytes[lane];
    const columns = grid[1] as Block;
    const lanes = { width: vectorBytes / size, vectors: unroll };
    const positions = f.let(add(scratch, multiply(columns.count, size)));
    const stride = (array: number, axis: number): Expr =>
      axis === 0 ? ([p.fromOuter, p.toOuter][array] as Expr) : index(array === 0 ? bytes : 8);
    overBlocks(f, grid, 1, [p.from, p.to], stride, ([from, to]) => {
      const row = (place: Expr, position: Expr | null): void =>
        inVectors(
          f,
          columns.count,
          lanes,
          [place, scratch, positions],
          [bytes, size, size],
          (places, width, offset) => {
            const [source, best, where] = places as [Expr, Expr, Expr];
            const x = f.let(load(form.source, width, source, offset * bytes));
            const here = splat(convert(position ?? index(0), counter), width);
            if (position === null) {
              f.store(lane, best, x, offset * size);
              f.store(counter, where, here, offset * size);
              return;
            }
            const held = f.let(load(lane, width, best, offset * size));
            const better = compare(form.fold === 'maximum' ? 'GT' : 'LT', x, held);
            const firstNaN = and(compare('NE', x, x), not(compare('NE', held, held)));
            const taken = f.let(isFloat(form) ? or(better, firstNaN) : better);
            f.store(lane, best, select(taken, x, held), offset * size);
            f.store(counter, where, select(taken, here, load(counter, width, where, offset * size)), offset * size);
          },
        );
      row(from as Expr, null);
      f.loop(
        subtract(p.size, 1),
        [
          [add(from as Expr, p.row), p.row],
          [1, 1],
        ],
        (place, position) => row(place, position),
      );
      f.loop(
        columns.count,
        [
          [positions, size],
          [to as Expr, 8],
        ],
        (where, target) => {
          f.store('i64', target, convert(load(counter, 1, where), 'i64'));
        },
      );
    });
  });

/** The plan of the positions of extremes along an axis. */
export function extremePlan(fold: 'maximum' | 'minimum', x: Typed, axis: number, result: Typed): Plan {
  const planner = new Planner([x], result);
  const algorithm = `position of ${fold}`;
  if (sizeOf(result.shape) === 0) return planner.finish(algorithm);
  const size = x.shape[axis] as number;
  const [outer, inner] = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis + 1))];
  const source = cellOf[x.dtype];
  const lane = laneOf[source];
  const bytes = cellBytes[source];
  const form = { fold, source, lane, target: lane, neighbours: inner === 1, accumulators: size < 64 ? 1 : 4 } as const;
  const places = [
    { buffer: 0, offset: 0 },
    { buffer: 1, offset: 0 },
  ];
  const args = [...places, size, size * inner * bytes, inner * bytes, inner * 8];
  if (inner < leastColumns) {
    const grid = cutGrid([outer, inner], Math.max(1, Math.floor(most / size)));
    planner.launch({ kernel: columnKernel(form), args, grid, scratchBytes: 0 });
  } else {
    const columns = cutGrid([inner], mostColumns, 16);
    const block = columns[0]?.block ?? 1;
    const grid = [...cutGrid([outer], Math.max(1, Math.floor(most / (size * block)))), ...columns];
    planner.launch({ kernel: rowKernel(form), args, grid, scratchBytes: 2 * block * laneBytes[lane] });
  }
  return planner.finish(algorithm);
}
