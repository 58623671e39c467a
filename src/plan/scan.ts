/** Sums up to each cell along an axis, one after the other, as the reference adds them. */

import {
  add,
  type Block,
  convert,
  type FunctionBuilder,
  index,
  kernel,
  load,
  named,
  subtract,
} from '../kernel/build.js';
import type { Plan } from '../kernel/launch.js';
import { type Cell, cellBytes, type Expr, type Kernel, laneBytes, laneOf } from '../kernel/program.js';
import { sizeOf } from '../shape/shape.js';
import { cutGrid } from './axes.js';
import { cellOf } from './cells.js';
import { inVectors, overBlocks, unroll } from './loops.js';
import { Planner, type Typed, vectorBytes } from './plan.js';

/** Cells of a task, about. */
const most = 2 ** 16;

/** Columns that are summed side by side, and with how few of them each goes for itself. */
const mostColumns = 1024;
const leastColumns = 4;

type SumLane = 'f64' | 'i32' | 'i64';

const parameters = ['from', 'to', 'size', 'outer', 'row'] as const;

/** Cells along one column, `step` bytes apart. */
function column(
  f: FunctionBuilder,
  cell: Cell,
  lane: SumLane,
  [from, to]: readonly Expr[],
  size: Expr,
  step: Expr,
): void {
  const read = (place: Expr): Expr => convert(load(cell, 1, place), lane);
  const write = (place: Expr, sum: Expr): void => f.store(cell, place, convert(sum, laneOf[cell]));
  const sum = f.let(read(from as Expr));
  write(to as Expr, sum);
  f.loop(
    subtract(size, 1),
    [
      [add(from as Expr, step), step],
      [add(to as Expr, step), step],
    ],
    (source, target) => {
      f.set(sum, add(sum, read(source)));
      write(target, sum);
    },
  );
}

/** Grid: axes outside, columns. */
const columnKernel = (cell: Cell, lane: SumLane): Kernel =>
  kernel(`cumulate ${cell} ${lane}`, parameters.length, 2, (f, given, grid) => {
    const p = named(parameters, given);
    const bytes = index(cellBytes[cell]);
    overBlocks(
      f,
      grid,
      2,
      [p.from, p.to],
      (_, axis) => (axis === 0 ? p.outer : bytes),
      (places) => column(f, cell, lane, places, p.size, p.row),
    );
  });

/** The same, for columns side by side, whose sums are in scratch. */
const rowKernel = (cell: Cell, lane: SumLane): Kernel =>
  kernel(`cumulate rows ${cell} ${lane}`, parameters.length, 2, (f, given, grid, scratch) => {
    const p = named(parameters, given);
    const [bytes, sum] = [cellBytes[cell], laneBytes[lane]];
    const columns = grid[1] as Block;
    const lanes = { width: vectorBytes / sum, vectors: unroll };
    const step = index(bytes);
    overBlocks(
      f,
      grid,
      1,
      [p.from, p.to],
      (_, axis) => (axis === 0 ? p.outer : step),
      ([from, to]) => {
        const row = (source: Expr, target: Expr, isFirst: boolean): void =>
          inVectors(
            f,
            columns.count,
            lanes,
            [source, target, scratch],
            [bytes, bytes, sum],
            (places, width, offset) => {
              const [source, target, held] = places as [Expr, Expr, Expr];
              const x = convert(load(cell, width, source, offset * bytes), lane);
              const total = f.let(isFirst ? x : add(load(lane, width, held, offset * sum), x));
              f.store(lane, held, total, offset * sum);
              f.store(cell, target, convert(total, laneOf[cell]), offset * bytes);
            },
          );
        row(from as Expr, to as Expr, true);
        const [second, below] = [add(from as Expr, p.row), add(to as Expr, p.row)];
        f.loop(
          subtract(p.size, 1),
          [
            [second, p.row],
            [below, p.row],
          ],
          (source, target) => row(source, target, false),
        );
      },
    );
  });

/** The plan of the sums along an axis. */
export function scanPlan(x: Typed, axis: number, result: Typed): Plan {
  const planner = new Planner([x], result);
  const { shape, dtype } = x;
  if (sizeOf(shape) === 0) return planner.finish('cumsum');
  const [cell, size] = [cellOf[dtype], shape[axis] as number];
  const [outer, inner] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + 1))];
  const own = laneOf[cell];
  const lane = own === 'f32' ? 'f64' : own;
  const bytes = cellBytes[cell];
  const args = [{ buffer: 0, offset: 0 }, { buffer: 1, offset: 0 }, size, size * inner * bytes, inner * bytes];
  if (inner < leastColumns) {
    const grid = cutGrid([outer, inner], Math.max(1, Math.floor(most / size)));
    planner.launch({ kernel: columnKernel(cell, lane), args, grid, scratchBytes: 0 });
  } else {
    const columns = cutGrid([inner], mostColumns, 16);
    const block = columns[0]?.block ?? 1;
    const grid = [...cutGrid([outer], Math.max(1, Math.floor(most / (size * block)))), ...columns];
    planner.launch({ kernel: rowKernel(cell, lane), args, grid, scratchBytes: block * laneBytes[lane] });
  }
  return planner.finish('cumsum');
}
