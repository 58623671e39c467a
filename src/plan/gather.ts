/** Elements by their position: read from anywhere, or added to anywhere. */

import {
  add,
  and,
  type Block,
  compare,
  constant,
  kernel,
  load,
  maximum,
  minimum,
  multiply,
  named,
  select,
} from '../kernel/build.js';
import type { Plan } from '../kernel/launch.js';
import { type Cell, cellBytes, type Kernel } from '../kernel/program.js';
import { sizeOf } from '../shape/shape.js';
import { cutGrid } from './axes.js';
import { cellOf } from './cells.js';
import { type CellSize, cellSize, copyCells, plainCell } from './copy.js';
import { Planner, type Typed } from './plan.js';

/** Positions of a task. */
const most = 2 ** 15;

const parameters = ['from', 'positions', 'to', 'last'] as const;

const at = (buffer: number) => ({ buffer, offset: 0 });

/** Positions outside of 0 to `last` read 0. */
const gatherKernel = (cell: Cell): Kernel =>
  kernel(`gather ${cell}`, parameters.length, 1, (f, given, grid) => {
    const p = named(parameters, given);
    const bytes = cellBytes[cell];
    const block = grid[0] as Block;
    const starts = [
      [add(p.positions, multiply(block.start, 4)), 4],
      [add(p.to, multiply(block.start, bytes)), bytes],
    ] as const;
    f.loop(block.count, starts, (place, target) => {
      const position = f.let(load('i32', 1, place));
      const low = f.let(maximum(position, 0));
      const inside = f.let(minimum(low, p.last));
      const x = load(cell, 1, add(p.from, multiply(inside, bytes)));
      f.store(cell, target, select(compare('EQ', position, inside), x, constant(x.type, 0)));
    });
  });

/** Zeros for a whole buffer. */
function fillZeros(planner: Planner, size: CellSize, buffer: number, cells: number): void {
  const zero = planner.table(new Int32Array(2));
  copyCells(planner, size, [cells], { buffer: zero, start: 0, strides: [0] }, { buffer, start: 0, strides: [1] });
}

/** The plan of reading elements by their positions. */
export function gatherPlan(x: Typed, positions: Typed, result: Typed): Plan {
  const planner = new Planner([x, positions], result);
  const [cells, size] = [sizeOf(x.shape), cellSize[x.dtype]];
  if (cells === 0) fillZeros(planner, size, 2, sizeOf(result.shape));
  else {
    planner.launch({
      kernel: gatherKernel(plainCell[size]),
      args: [at(0), at(1), at(2), cells - 1],
      grid: cutGrid([sizeOf(result.shape)], most),
      scratchBytes: 0,
    });
  }
  return planner.finish('gather');
}

/** Adds one after the other; positions outside of 0 to `last` are left out. One task. */
const scatterKernel = (cell: Cell): Kernel =>
  kernel(`scatter ${cell}`, parameters.length, 1, (f, given, grid) => {
    const p = named(parameters, given);
    const bytes = cellBytes[cell];
    const block = grid[0] as Block;
    f.loop(
      block.count,
      [
        [p.positions, 4],
        [p.from, bytes],
      ],
      (place, source) => {
        const position = f.let(load('i32', 1, place));
        f.if(and(compare('GE', position, 0), compare('LE', position, p.last)), () => {
          const target = f.let(add(p.to, multiply(position, bytes)));
          f.store(cell, target, add(load(cell, 1, target), load(cell, 1, source)));
        });
      },
    );
  });

/** The plan of adding elements to zeros by their positions, in order. */
export function scatterPlan(updates: Typed, positions: Typed, result: Typed): Plan {
  const planner = new Planner([updates, positions], result);
  const [cells, count] = [sizeOf(result.shape), sizeOf(updates.shape)];
  if (cells === 0) return planner.finish('scatter');
  fillZeros(planner, cellSize[result.dtype], 2, cells);
  planner.launch({
    kernel: scatterKernel(cellOf[result.dtype]),
    args: [at(0), at(1), at(2), cells - 1],
    grid: [{ total: count, block: Math.max(1, count) }],
    scratchBytes: 0,
  });
  return planner.finish('scatter');
}
