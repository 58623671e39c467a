/** Where the largest cell of each window is: what pooling needs. */

import {
  add,
  and,
  compare,
  constant,
  convert,
  type FunctionBuilder,
  index,
  kernel,
  load,
  multiply,
  named,
  or,
  select,
  shuffle,
  splat,
  subtract,
} from '../kernel/build.js';
import type { Plan } from '../kernel/launch.js';
import {
  type Cell,
  cellBytes,
  type Expr,
  type Kernel,
  type Lane,
  laneBytes,
  laneOf,
  type Variable,
} from '../kernel/program.js';
import { sizeOf, stridesOf } from '../shape/shape.js';
import { cutGrid } from './axes.js';
import { cellOf } from './cells.js';
import { Planner, type Typed, vectorBytes } from './plan.js';

/** An axis of windows over an axis of cells. */
export interface WindowAxis {
  /** Cells, windows, and cells of a window. */
  readonly cells: number;
  readonly windows: number;
  readonly size: number;
  /** Cells from one window to the next, from one cell of a window to the next, and before the first window's first. */
  readonly stride: number;
  readonly dilation: number;
  readonly lo: number;
}

/** Windows of one cell, one after the other: the axis as it is. */
const isPlain = ({ cells, windows, size, stride, lo }: WindowAxis): boolean =>
  size === 1 && stride === 1 && lo === 0 && cells === windows;

/** Neighbouring axes without windows become one. */
export function mergePlain(axes: readonly WindowAxis[]): WindowAxis[] {
  const merged: WindowAxis[] = [];
  for (const axis of axes) {
    const last = merged.at(-1);
    if (last !== undefined && isPlain(last) && isPlain(axis)) {
      const cells = last.cells * axis.cells;
      merged[merged.length - 1] = { ...last, cells, windows: cells };
    } else if (!isPlain(axis) || axis.cells > 1) merged.push(axis);
  }
  return merged;
}

/** Cells of a task, about. */
const most = 2 ** 14;

/** A kernel is specialised to its cells, to the axes that have windows, and to the step of vectors: 0 is none. */
interface Form {
  readonly cell: Cell;
  readonly windowed: readonly boolean[];
  readonly step: 0 | 1 | 2;
}

/** Numbers of an axis that a kernel takes. */
const axisParameters = ['cells', 'size', 'stride', 'dilation', 'lo', 'from', 'to', 'position'] as const;
type AxisParameters = { readonly [N in (typeof axisParameters)[number]]: Variable };

const firstParameters = ['from', 'to', 'lanes', 'before', 'turns', 'after'] as const;

/** The largest cell so far, and its position; of all lanes. */
interface Best {
  readonly value: Variable;
  readonly place: Variable;
}

const isFloat = (lane: Lane): boolean => lane === 'f32' || lane === 'f64';
const counterOf = (cell: Cell): 'i32' | 'i64' => (laneBytes[laneOf[cell]] === 8 ? 'i64' : 'i32');
const widthOf = (cell: Cell): number => vectorBytes / laneBytes[laneOf[cell]];

/** Neighbouring cells, or every second one. */
function read(cell: Cell, width: number, step: number, address: Expr): Expr {
  const x = load(cell, width, address);
  if (width === 1 || step === 1) return x;
  const evens = Array.from({ length: width }, (_, lane) => 2 * lane);
  return shuffle(x, load(cell, width, address, width * cellBytes[cell]), evens);
}

/** Keeps the larger one; NaN is larger than all. */
function keep(f: FunctionBuilder, best: Best, x: Expr, place: Expr): void {
  const value = f.let(x);
  const larger = or(compare('EQ', best.place, -1), compare('GT', value, best.value));
  const taken = f.let(isFloat(value.type.lane) ? or(larger, compare('NE', value, value)) : larger);
  f.set(best.value, select(taken, value, best.value));
  f.set(best.place, select(taken, place, best.place));
}

/** Does something for a cell of a window, if there is one. */
function ifInside(f: FunctionBuilder, place: Expr, { cells }: AxisParameters, then: () => void): void {
  f.if(and(compare('GE', place, 0), compare('LT', place, cells)), then);
}

/**
 * Finds the positions for `width` windows side by side, which lie within the array along the innermost axis where they
 * are several. `firsts`: where along each axis the (first) window begins.
 */
function search(
  f: FunctionBuilder,
  { cell, windowed, step }: Form,
  axes: readonly AxisParameters[],
  from: Expr,
  firsts: readonly Expr[],
  lanes: Expr | null,
): Expr {
  const width = lanes === null ? 1 : widthOf(cell);
  const [lane, counter] = [laneOf[cell], counterOf(cell)];
  const best = {
    value: f.let(constant({ lane, width }, 0)),
    place: f.let(constant({ lane: counter, width }, -1)),
  };
  const visit = (axis: number, address: Expr, position: Expr): void => {
    const p = axes[axis];
    const first = firsts[axis];
    if (p === undefined || first === undefined) {
      const here = splat(convert(position, counter), width);
      keep(f, best, read(cell, width, step, address), lanes === null ? here : add(here, lanes));
      return;
    }
    const next = (place: Expr): void =>
      visit(axis + 1, f.let(add(address, multiply(place, p.from))), f.let(add(position, multiply(place, p.position))));
    if (!windowed[axis]) next(first);
    else
      f.loop(p.size, [[first, p.dilation]], (place) => {
        if (axis === axes.length - 1 && lanes !== null) next(place);
        else ifInside(f, place, p, () => next(place));
      });
  };
  visit(0, from, index(0));
  return best.place;
}

/** A window's first cell, which may lie outside. */
const firstCell = (window: Expr, { stride, lo }: AxisParameters): Expr => subtract(multiply(window, stride), lo);

/** Grid: windows along all axes but the innermost. */
const windowKernel = (form: Form): Kernel => {
  const { cell, windowed, step } = form;
  const rank = windowed.length;
  const name = `window ${cell} ${windowed.map(Number).join('')} ${step}`;
  return kernel(name, firstParameters.length + rank * axisParameters.length, rank - 1, (f, given, grid) => {
    const p = named(firstParameters, given);
    const axes = windowed.map((_, axis) =>
      named(axisParameters, given.slice(firstParameters.length + axis * axisParameters.length)),
    );
    const inner = axes.at(-1) as AxisParameters;
    const width = step === 0 ? 1 : widthOf(cell);
    const lanes = step === 0 ? null : f.let(load('i32', width, p.lanes));
    const row = (firsts: readonly Expr[], to: Expr): void => {
      const windows = (count: Expr, start: Expr, side: Expr | null): void => {
        const together = side === null ? 1 : width;
        f.loop(
          count,
          [
            [start, together],
            [add(to, multiply(start, 4)), 4 * together],
          ],
          (window, target) => {
            const places = search(f, form, axes, p.from, [...firsts, f.let(firstCell(window, inner))], side);
            f.store('i32', target, convert(places, 'i32'));
          },
        );
      };
      windows(p.before, index(0), null);
      if (lanes === null) return;
      windows(p.turns, p.before, lanes);
      windows(p.after, f.let(add(p.before, multiply(p.turns, width))), null);
    };
    const walk = (axis: number, firsts: readonly Expr[], to: Expr): void => {
      const [block, numbers] = [grid[axis], axes[axis]];
      if (block === undefined || numbers === undefined) {
        row(firsts, to);
        return;
      }
      const { start, count } = block;
      f.loop(
        count,
        [
          [start, 1],
          [add(to, multiply(start, numbers.to)), numbers.to],
        ],
        (window, target) => walk(axis + 1, [...firsts, f.let(firstCell(window, numbers))], target),
      );
    };
    walk(0, [], p.to);
  });
};

/** How many windows along the innermost axis go one by one before those that go in vectors, and how many vectors. */
function vectorsOf(axis: WindowAxis, cell: Cell): { readonly before: number; readonly turns: number } {
  const { cells, windows, size, stride, dilation, lo } = axis;
  const width = widthOf(cell);
  if (stride > 2 || width < 4) return { before: windows, turns: 0 };
  const before = Math.min(windows, Math.max(0, Math.ceil(lo / stride)));
  // The last cell that a vector of windows reads, from where its first window begins.
  const reach = (size - 1) * dilation + stride * width - 1;
  const last = Math.min(Math.floor((cells - 1 - reach + lo) / stride), windows - width);
  const turns = last < before ? 0 : Math.floor((last - before) / width) + 1;
  return turns === 0 ? { before: windows, turns } : { before, turns };
}

/** The plan of the positions of the largest cells of windows; -1 where a window has no cell. */
export function windowPlan(x: Typed, all: readonly WindowAxis[], result: Typed): Plan {
  const planner = new Planner([x], result);
  if (sizeOf(result.shape) === 0) return planner.finish('windows');
  const one = { cells: 1, windows: 1, size: 1, stride: 1, dilation: 1, lo: 0 };
  const merged = mergePlain(all);
  const axes = [...Array.from({ length: Math.max(0, 2 - merged.length) }, () => one), ...merged];
  const cell = cellOf[x.dtype];
  const inner = axes.at(-1) ?? one;
  const { before, turns } = vectorsOf(inner, cell);
  const step = turns === 0 ? 0 : inner.stride === 2 ? 2 : 1;
  const width = widthOf(cell);
  const lanes = planner.table(Int32Array.from({ length: width }, (_, lane) => lane * step));
  const strides = stridesOf(axes.map(({ cells }) => cells));
  const targets = stridesOf(axes.map(({ windows }) => windows));
  const numbers = axes.flatMap(({ cells, size, stride, dilation, lo }, axis) => {
    const [from, to] = [strides[axis] as number, targets[axis] as number];
    return [cells, size, stride, dilation, lo, from * cellBytes[cell], to * 4, from];
  });
  const outer = axes.slice(0, -1).map(({ windows }) => windows);
  const work = inner.windows * axes.reduce((product, { size }) => product * size, 1);
  planner.launch({
    kernel: windowKernel({ cell, windowed: axes.map((axis) => !isPlain(axis)), step }),
    args: [
      ...[0, 1, lanes].map((buffer) => ({ buffer, offset: 0 })),
      ...[before, turns, inner.windows - before - turns * width],
      ...numbers,
    ],
    grid: cutGrid(outer, Math.max(1, Math.floor((4 * most) / work))),
    scratchBytes: 0,
  });
  return planner.finish('windows');
}
