/** Reductions over any axes: one axis after the other, each by a kernel that folds rows or columns. */

import type { Plan } from '../kernel/launch.js';
import { type Cell, cellBytes, laneOf } from '../kernel/program.js';
import { type DType, isFloat } from '../shape/dtype.js';
import { type Shape, sizeOf } from '../shape/shape.js';
import { cutGrid } from './axes.js';
import { cellOf, wordsOf } from './cells.js';
import { cellSize, copyCells } from './copy.js';
import { Planner, type Typed } from './plan.js';
import { type FoldForm, type FoldName, narrowKernel, rowKernel, wideKernel, wideScratch } from './reduce-kernel.js';

/** Cells that a task reads. */
const most = 2 ** 16;

/** Columns of a task, whose accumulators stay in the first cache. */
const mostColumns = 1024;

/** With fewer columns than this, what is accumulated is kept in registers. */
const leastColumns = 64;

/** Where there are fewer tasks than this, rows are cut into chunks, which are folded in turn. */
const enoughTasks = 16;

/** An array of three axes, the middle one to be folded. */
interface Sizes {
  readonly outer: number;
  readonly size: number;
  readonly inner: number;
}

interface Source {
  readonly buffer: number;
  readonly cell: Cell;
}

/** Neighbouring axes that are all kept or all folded count as one, and those of size 1 not at all. */
export function groupAxes(shape: Shape, axes: readonly number[]): { size: number; readonly folded: boolean }[] {
  const groups: { size: number; folded: boolean }[] = [];
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const folded = axes.includes(axis);
    const last = groups.at(-1);
    if (last?.folded === folded) last.size *= size;
    else groups.push({ size, folded });
  });
  return groups;
}

const product = (sizes: readonly { readonly size: number }[]): number => sizes.reduce((all, { size }) => all * size, 1);

/** Folds the middle axis in one launch; `chunk`: a power of two, for as many parts of it. */
function foldOnce(planner: Planner, form: FoldForm, from: number, to: number, sizes: Sizes, chunk: number): void {
  const { outer, size, inner } = sizes;
  const [bytes, out] = [cellBytes[form.source], cellBytes[form.target]];
  const along = { total: size, block: Math.min(size, chunk) };
  const columns = cutGrid([inner], mostColumns, 16);
  const block = columns[0]?.block ?? 1;
  const narrow = { ...form, accumulators: size < 32 ? 1 : 8 };
  planner.launch({
    kernel: inner === 1 ? rowKernel(narrow) : inner < leastColumns ? narrowKernel(narrow) : wideKernel(form),
    args: [
      ...[from, to].map((buffer) => ({ buffer, offset: 0 })),
      ...[size * inner * bytes, inner * bytes, Math.ceil(size / chunk) * inner * out, inner * out, Math.log2(chunk)],
    ],
    grid: [...cutGrid([outer], Math.max(1, Math.floor(most / (along.block * block)))), along, ...columns],
    scratchBytes: inner < leastColumns ? 0 : wideScratch(form, block),
  });
}

/** Rows of a chunk; as many as there are, or more, where the axis stays whole. */
function chunkOf({ outer, size, inner }: Sizes): number {
  const columns = Math.min(inner, mostColumns);
  const tasks = outer * Math.ceil(inner / columns);
  const chunk = 2 ** Math.ceil(Math.log2(most / 2 / columns));
  return tasks < enoughTasks && size > chunk ? chunk : 2 ** Math.ceil(Math.log2(size));
}

/** Adds launches that fold the middle axis of a buffer into another. */
function foldAxis(planner: Planner, form: FoldForm, from: number, to: number, sizes: Sizes): void {
  const { outer, size, inner } = sizes;
  const chunk = chunkOf(sizes);
  const parts = Math.ceil(size / chunk);
  if (parts === 1) {
    foldOnce(planner, form, from, to, sizes, chunk);
    return;
  }
  const between = planner.temporary(outer * parts * inner * cellBytes[form.lane]);
  foldOnce(planner, { ...form, target: form.lane }, from, between, sizes, chunk);
  const rest = { outer, size: parts, inner };
  foldOnce(planner, { ...form, source: form.lane }, between, to, rest, 2 ** Math.ceil(Math.log2(parts)));
}

/** Float sums and products are carried in float64, and rounded once. */
function laneFor(fold: FoldName, dtype: DType): FoldForm['lane'] {
  const isExtreme = fold === 'maximum' || fold === 'minimum';
  return isFloat(dtype) && !isExtreme ? 'f64' : laneOf[cellOf[dtype]];
}

/** The plan of a reduction over some axes. Of no elements, sums are 0 and products 1; extremes there are none. */
export function reducePlan(fold: FoldName, x: Typed, axes: readonly number[], result: Typed): Plan {
  const planner = new Planner([x], result);
  const cells = sizeOf(result.shape);
  if (cells > 0 && sizeOf(x.shape) === 0) {
    const buffer = planner.table(wordsOf(fold === 'product' ? 1 : 0, x.dtype));
    const target = { buffer: 1, start: 0, strides: [1] };
    copyCells(planner, cellSize[x.dtype], [cells], { buffer, start: 0, strides: [0] }, target);
  }
  if (sizeOf(x.shape) === 0) return planner.finish(`reduce ${fold}`);
  const lane = laneFor(fold, x.dtype);
  let groups = groupAxes(x.shape, axes);
  let source: Source = { buffer: 0, cell: cellOf[x.dtype] };
  for (let done = false; !done; ) {
    // The last folded axis, or an axis of one cell before all others where there is none.
    const place = groups.findLastIndex(({ folded }) => folded);
    const [before, after] = [groups.slice(0, Math.max(0, place)), groups.slice(place + 1)];
    const sizes = { outer: product(before), size: groups[place]?.size ?? 1, inner: product(after) };
    groups = [...before, ...after];
    done = groups.every(({ folded }) => !folded);
    const target = done
      ? { buffer: 1, cell: cellOf[result.dtype] }
      : { buffer: planner.temporary(sizes.outer * sizes.inner * cellBytes[lane]), cell: lane };
    foldAxis(planner, { fold, source: source.cell, lane, target: target.cell }, source.buffer, target.buffer, sizes);
    source = target;
  }
  return planner.finish(`reduce ${fold}`);
}
