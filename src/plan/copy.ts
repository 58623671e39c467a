/** Copies of elements from anywhere to anywhere: transposes, slices, broadcasts, pads, and what is put side by side. */

import {
  add,
  type Block,
  type FunctionBuilder,
  kernel,
  load,
  multiply,
  shiftRight,
  shuffle,
  splat,
  subtract,
} from '../kernel/build.js';
import type { Blocks } from '../kernel/launch.js';
import { type Cell, cellBytes, type Expr, type Kernel, laneBytes, laneOf, type Variable } from '../kernel/program.js';
import type { DType } from '../shape/dtype.js';
import type { Shape } from '../shape/shape.js';
import { cutGrid, mergeAxes } from './axes.js';
import { inVectors, overBlocks, type Places, unroll } from './loops.js';
import { type Planner, vectorBytes } from './plan.js';

/** Cells of a buffer: where the first one is, and how far it is to the next along each axis, in cells. */
export interface Cells {
  readonly buffer: number;
  readonly start: number;
  readonly strides: readonly number[];
}

/** Bytes of a cell; what they mean does not matter. */
export type CellSize = 1 | 4 | 8;

export const plainCell: { readonly [S in CellSize]: Cell } = { 1: 'u8', 4: 'i32', 8: 'i64' };

export const cellSize: { readonly [D in DType]: CellSize } = {
  float32: 4,
  float64: 8,
  int32: 4,
  int64: 8,
  uint8: 1,
  bool: 1,
};

/** Bytes that a task moves. */
const mostBytes = 2 ** 17;

/** Cells along each side of the blocks in which two axes are exchanged. */
const tileBlock = 64;

const widthOf = (cell: Cell): number => vectorBytes / laneBytes[laneOf[cell]];

/**
 * How the innermost cells lie: side by side in both, or as one repeated, or in opposite order; `exchange`: side by side
 * along different axes; else far apart.
 */
type Form = 'run' | 'fill' | 'reverse' | 'exchange' | 'strided';

/** What the inner loops of a form go over: one axis, `exchange` two. */
interface Axis {
  readonly count: Expr;
  /** Bytes from cell to cell. */
  readonly from: Expr;
  readonly to: Expr;
}

type Write = (f: FunctionBuilder, cell: Cell, places: Places, outer: Axis, inner: Axis) => void;

/** Single cells along two axes, the second one inside. */
function cellByCell(f: FunctionBuilder, cell: Cell, [from, to]: Places, outer: Axis, inner: Axis): void {
  f.loop(
    outer.count,
    [
      [from as Expr, outer.from],
      [to as Expr, outer.to],
    ],
    (p, q) => {
      f.loop(
        inner.count,
        [
          [p, inner.from],
          [q, inner.to],
        ],
        (source, target) => {
          f.store(cell, target, load(cell, 1, source));
        },
      );
    },
  );
}

/** Transposes a square of vectors: lane j of vector i becomes lane i of vector j. */
function transposed(f: FunctionBuilder, vectors: readonly Expr[]): Expr[] {
  const [a, b, c, d] = vectors as [Expr, Expr, Expr, Expr];
  if (vectors.length === 2) return [shuffle(a, b, [0, 2]), shuffle(a, b, [1, 3])];
  return [
    [0, 4, 1, 5],
    [2, 6, 3, 7],
  ].flatMap((pairs) => {
    const [left, right] = [f.let(shuffle(a, b, pairs)), f.let(shuffle(c, d, pairs))];
    return [shuffle(left, right, [0, 1, 4, 5]), shuffle(left, right, [2, 3, 6, 7])];
  });
}

/** Squares of vectors, read along one axis and written along the other, and what is left at two edges. */
const exchange: Write = (f, cell, [from, to], i, j) => {
  const [width, bytes] = [widthOf(cell), cellBytes[cell]];
  const whole = (count: Expr): Expr => f.let(shiftRight(count, Math.log2(width)));
  const [tilesI, tilesJ] = [whole(i.count), whole(j.count)];
  const [doneI, doneJ] = [f.let(multiply(tilesI, width)), f.let(multiply(tilesJ, width))];
  const after = (place: Expr | undefined, cells: Expr, stride: Expr): Expr =>
    f.let(add(place as Expr, multiply(cells, stride)));
  f.loop(
    tilesI,
    [
      [from as Expr, width * bytes],
      [to as Expr, multiply(i.to, width)],
    ],
    (p, q) => {
      f.loop(
        tilesJ,
        [
          [p, multiply(j.from, width)],
          [q, width * bytes],
        ],
        (source, target) => {
          const vectors: Expr[] = [];
          let at: Expr = source;
          for (let k = 0; k < width; k++) {
            vectors.push(f.let(load(cell, width, at)));
            at = f.let(add(at, j.from));
          }
          let place: Expr = target;
          for (const vector of transposed(f, vectors)) {
            f.store(cell, place, vector);
            place = f.let(add(place, i.to));
          }
        },
      );
    },
  );
  const rest = { ...i, count: subtract(i.count, doneI) };
  cellByCell(f, cell, [after(from, doneI, i.from), after(to, doneI, i.to)], rest, { ...j, count: doneJ });
  const restJ = { ...j, count: subtract(j.count, doneJ) };
  cellByCell(f, cell, [after(from, doneJ, j.from), after(to, doneJ, j.to)], restJ, i);
};

const strided: Write = (f, cell, [from, to], _outer, { count, ...step }) => {
  f.loop(
    count,
    [
      [from as Expr, step.from],
      [to as Expr, step.to],
    ],
    (source, target) => {
      f.store(cell, target, load(cell, 1, source));
    },
  );
};

/** Vectors are of int32, whatever the cells are: only their bytes matter. */
const run: Write = (f, cell, places, _outer, { count }) => {
  const bytes = cellBytes[cell];
  inVectors(
    f,
    count,
    { width: vectorBytes / bytes, vectors: unroll },
    places,
    [bytes, bytes],
    ([from, to], width, offset) => {
      const [copied, lanes] = width === 1 ? ([cell, 1] as const) : (['i32', vectorBytes / 4] as const);
      f.store(copied, to as Expr, load(copied, lanes, from as Expr, offset * bytes), offset * bytes);
    },
  );
};

const fill: Write = (f, cell, [from, to], _outer, { count }) => {
  const bytes = cellBytes[cell];
  const one = f.let(load(cell, 1, from as Expr));
  const whole = cell === 'u8' ? multiply(one, 0x01010101) : one;
  const vector = f.let(splat(whole, vectorBytes / laneBytes[whole.type.lane]));
  inVectors(f, count, { width: vectorBytes / bytes, vectors: unroll }, [to as Expr], [bytes], ([at], width, offset) => {
    if (width === 1) f.store(cell, at as Expr, one, offset * bytes);
    else f.store(cell === 'u8' ? 'i32' : cell, at as Expr, vector, offset * bytes);
  });
};

const reverse: Write = (f, cell, places, _outer, { count }) => {
  const bytes = cellBytes[cell];
  inVectors(
    f,
    count,
    { width: widthOf(cell), vectors: unroll },
    places,
    [-bytes, bytes],
    ([from, to], width, offset) => {
      const x = load(cell, width, subtract(from as Expr, (offset + width - 1) * bytes));
      const lanes = Array.from({ length: width }, (_, lane) => width - 1 - lane);
      f.store(cell, to as Expr, width === 1 ? x : shuffle(x, x, lanes), offset * bytes);
    },
  );
};

const writers: { readonly [F in Form]: Write } = { run, fill, reverse, exchange, strided };

/** The last two axes in squares, so that lines of the cache that are begun are still there when they are gone on with. */
function squares(sizes: Shape, cells: number): Blocks[] {
  const inner = sizes.slice(-2).map((total) => ({ total, block: Math.min(total, tileBlock) }));
  const square = inner.reduce((product, { block }) => product * block, 1);
  return [...cutGrid(sizes.slice(0, -2), Math.max(1, Math.floor(cells / square))), ...inner];
}

/** Its arguments: from where, to where, and for each of these the bytes from cell to cell along each axis of the grid. */
const copyKernel = (cell: Cell, form: Form, rank: number): Kernel =>
  kernel(`copy ${cell} ${form} ${rank}`, 2 + 2 * rank, rank, (f, parameters, grid) => {
    const stride = (array: number, axis: number): Variable => parameters[2 + array * rank + axis] as Variable;
    const axis = (back: number): Axis => {
      const place = rank - back;
      const { count } = (grid[place] ?? grid[0]) as Block;
      return { count, from: stride(0, place), to: stride(1, place) };
    };
    const loops = form === 'exchange' ? rank - 2 : rank - 1;
    overBlocks(f, grid, loops, parameters.slice(0, 2), stride, (places) =>
      writers[form](f, cell, places, axis(2), axis(1)),
    );
  });

/** By the stride of what is read, where what is written are neighbours. */
const rowForms: ReadonlyMap<number, Form> = new Map([
  [1, 'run'],
  [0, 'fill'],
  [-1, 'reverse'],
]);

/** The order in which axes are gone over, outermost first, and what the inner loops find. */
export function arrange(
  sizes: Shape,
  from: readonly number[],
  to: readonly number[],
  width: number,
): { readonly order: readonly number[]; readonly form: Form } {
  const axes = sizes.map((_, axis) => axis);
  const inner = to.lastIndexOf(1);
  if (inner < 0) return { order: axes, form: 'strided' };
  const others = axes.filter((axis) => axis !== inner);
  const form = rowForms.get(from[inner] as number);
  if (form !== undefined && (sizes[inner] as number) >= width) return { order: [...others, inner], form };
  const crossing = from.lastIndexOf(1);
  if (crossing < 0 || crossing === inner) return { order: [...others, inner], form: 'strided' };
  return { order: [...others.filter((axis) => axis !== crossing), crossing, inner], form: 'exchange' };
}

/**
 * Adds a launch to a plan that copies cells, each once; those written must be different cells of a buffer that is not
 * read.
 */
export function copyCells(planner: Planner, size: CellSize, shape: Shape, source: Cells, target: Cells): void {
  const { sizes, strides } = mergeAxes({ sizes: shape, strides: [source.strides, target.strides] });
  if (sizes[0] === 0) return;
  const [from, to] = strides as [readonly number[], readonly number[]];
  const cell = plainCell[size];
  const { order, form } = arrange(sizes, from, to, widthOf(cell));
  const pick = (list: readonly number[], times = 1): number[] => order.map((axis) => (list[axis] as number) * times);
  const totals = pick(sizes);
  planner.launch({
    kernel: copyKernel(cell, form, order.length),
    args: [
      { buffer: source.buffer, offset: source.start * size },
      { buffer: target.buffer, offset: target.start * size },
      ...pick(from, size),
      ...pick(to, size),
    ],
    grid:
      form === 'exchange'
        ? squares(totals, mostBytes / size)
        : cutGrid(totals, mostBytes / size, (unroll * vectorBytes) / size),
    scratchBytes: 0,
  });
}
