/** Copies with zeros around them, which let kernels read beyond an edge; and of every second cell. */

import {
  add,
  constant,
  divide,
  type FunctionBuilder,
  func,
  kernel,
  load,
  maximum,
  multiply,
  named,
  shuffle,
  subtract,
  type Value,
} from '../kernel/build.js';
import type { Address } from '../kernel/launch.js';
import { cellBytes, type Func, type Kernel, laneOf } from '../kernel/program.js';
import { type Shape, sizeOf, stridesOf } from '../shape/shape.js';
import { type Format, range, sizesOf } from './panel.js';
import { offsetsOver, type Planner } from './plan.js';

/** One axis of a copy: zeros before, cells, zeros after, and both strides in elements. */
export interface CopyAxis {
  readonly lo: number;
  readonly size: number;
  readonly hi: number;
  readonly from: number;
  readonly to: number;
}

/** What is copied, from and to where: offsets and strides in elements. */
export interface Copy {
  readonly from: Address;
  readonly to: Address;
  /** Planes that are copied alike. */
  readonly planes: { readonly from: Int32Array; readonly to: Int32Array };
  readonly outer: readonly [CopyAxis, CopyAxis];
  /** The innermost axis, dense in the target. */
  readonly row: Omit<CopyAxis, 'to'>;
}

export const NO_AXIS: CopyAxis = { lo: 0, size: 1, hi: 0, from: 0, to: 0 };

/** `count` cells, by whole vectors and then one by one, at addresses that rise by their own steps a cell. */
function inCells(
  f: FunctionBuilder,
  { cell, vectorBytes }: Format,
  count: Value,
  starts: readonly (readonly [address: Value, step: number])[],
  /** Cells left for the end, so that nothing beyond it is read. */
  left: number,
  body: (width: number, ...at: Value[]) => void,
): void {
  const { width } = sizesOf({ cell, vectorBytes });
  const whole = f.let(divide(maximum(subtract(count, left), 0), width));
  const done = f.let(multiply(whole, width));
  f.loop(
    whole,
    starts.map(([at, step]) => [at, step * width] as const),
    (...at) => body(width, ...at),
  );
  f.loop(
    subtract(count, done),
    starts.map(([at, step]) => [add(at, multiply(done, step)), step] as const),
    (...at) => body(1, ...at),
  );
}

function zeroFunction(format: Format): Func {
  const { cell } = format;
  return func('zero', (f, to, count) => {
    inCells(f, format, count, [[to, cellBytes[cell]]], 0, (width, at = to) => {
      f.store(cell, at, constant({ lane: laneOf[cell], width }, 0));
    });
  });
}

/** How far apart the cells of a row lie: so many cells, or as a launch says. */
type Step = 1 | 2 | 'any';

/** Copies cells that lie `apart` bytes apart. */
function copyFunction(format: Format, step: Step): Func {
  const { cell, vectorBytes } = format;
  const bytes = cellBytes[cell];
  return func('copy', (f, from, to, count, apart) => {
    if (step === 'any') {
      f.loop(
        count,
        [
          [from, apart],
          [to, bytes],
        ],
        (source, target) => f.store(cell, target, load(cell, 1, source)),
      );
      return;
    }
    const starts = [
      [from, step * bytes],
      [to, bytes],
    ] as const;
    inCells(f, format, count, starts, step - 1, (width, source = from, target = to) => {
      const first = load(cell, width, source);
      const isSpread = step === 2 && width > 1;
      const even = range(width).map((lane) => 2 * lane);
      f.store(cell, target, isSpread ? shuffle(first, load(cell, width, source, vectorBytes), even) : first);
    });
  });
}

const parameters = [
  'from',
  'to',
  'planesFrom',
  'planesTo',
  // the outer axes
  'lo1',
  'size1',
  'hi1',
  'from1',
  'to1',
  'lo2',
  'size2',
  'hi2',
  'from2',
  'to2',
  // cells of a row: zeros, copied, zeros; bytes between those copied
  'lo',
  'row',
  'hi',
  'apart',
] as const;

/** Copies rows, and writes the zeros before and after them, along three axes. Grid: planes. */
function copyKernel(format: Format, step: Step): Kernel {
  const { cell, vectorBytes } = format;
  const bytes = cellBytes[cell];
  return kernel(`copy ${cell} ${vectorBytes} ${step}`, parameters.length, 1, (f, given, [block]) => {
    if (block === undefined) return;
    const p = named(parameters, given);
    const [zero, copy] = [zeroFunction(format), copyFunction(format, step)];
    const padded = f.let(add(add(p.lo, p.row), p.hi));
    const zeroRows = (count: Value, start: Value): void =>
      f.loop(count, [[start, p.to2]], (to) => f.call(zero, to, padded));
    const zeroPlanes = (count: Value, start: Value): void =>
      f.loop(count, [[start, p.to1]], (to) => zeroRows(add(add(p.lo2, p.size2), p.hi2), to));
    f.loop(block.count, [[multiply(block.start, 4), 4]], (plane) => {
      const from = f.let(add(p.from, load('i32', 1, add(p.planesFrom, plane))));
      const to = f.let(add(p.to, load('i32', 1, add(p.planesTo, plane))));
      const inside = f.let(add(to, multiply(p.lo1, p.to1)));
      zeroPlanes(p.lo1, to);
      f.loop(
        p.size1,
        [
          [from, p.from1],
          [inside, p.to1],
        ],
        (from1, to1) => {
          const first = f.let(add(to1, multiply(p.lo2, p.to2)));
          zeroRows(p.lo2, to1);
          f.loop(
            p.size2,
            [
              [from1, p.from2],
              [first, p.to2],
            ],
            (from2, to2) => {
              const cells = f.let(add(to2, multiply(p.lo, bytes)));
              f.call(zero, to2, p.lo);
              f.call(copy, from2, cells, p.row, p.apart);
              f.call(zero, add(cells, multiply(p.row, bytes)), p.hi);
            },
          );
          zeroRows(p.hi2, add(first, multiply(p.size2, p.to2)));
        },
      );
      zeroPlanes(p.hi1, add(inside, multiply(p.size1, p.to1)));
    });
  });
}

/** Tasks that the planes of a copy are cut into, at most. */
const mostTasks = 64;

/** Adds a copy to a plan. */
export function copyInto(planner: Planner, format: Format, { from, to, planes, outer, row }: Copy): void {
  const bytes = cellBytes[format.cell];
  const table = (offsets: Int32Array) => ({ buffer: planner.table(offsets.map((at) => at * bytes)), offset: 0 });
  const inBytes = ({ buffer, offset }: Address): Address => ({ buffer, offset: offset * bytes });
  planner.launch({
    kernel: copyKernel(format, row.from === 1 || row.from === 2 ? row.from : 'any'),
    args: [
      inBytes(from),
      inBytes(to),
      table(planes.from),
      table(planes.to),
      ...outer.flatMap(({ lo, size, hi, from: a, to: b }) => [lo, size, hi, a * bytes, b * bytes]),
      row.lo,
      row.size,
      row.hi,
      row.from * bytes,
    ],
    grid: [{ total: planes.from.length, block: Math.max(1, Math.ceil(planes.from.length / mostTasks)) }],
    scratchBytes: 0,
  });
}

/** Zeros before and after each axis of an array. */
export interface Padding {
  readonly lo: readonly number[];
  readonly hi: readonly number[];
}

/**
 * Adds a padded copy of an array to a plan.
 *
 * @param spatial the axes to pad, at most three
 * @returns its buffer and its shape
 */
export function padInto(
  planner: Planner,
  format: Format,
  buffer: number,
  shape: Shape,
  spatial: readonly number[],
  { lo, hi }: Padding,
): { buffer: number; shape: Shape } {
  const padded = shape.map((size, axis) => size + (lo[axis] ?? 0) + (hi[axis] ?? 0));
  const [from, to] = [stridesOf(shape), stridesOf(padded)];
  const inOrder = [...spatial].sort((a, b) => a - b);
  const rowAxis = inOrder.pop() ?? shape.length - 1;
  const copyAxis = (axis: number): CopyAxis => ({
    lo: lo[axis] ?? 0,
    size: shape[axis] as number,
    hi: hi[axis] ?? 0,
    from: from[axis] as number,
    to: to[axis] as number,
  });
  const [first = NO_AXIS, second = NO_AXIS] = [...(inOrder.length > 1 ? [] : [NO_AXIS]), ...inOrder.map(copyAxis)];
  const planes = range(rowAxis).filter((axis) => !inOrder.includes(axis));
  const sizes = planes.map((axis) => shape[axis] as number);
  const over = (strides: readonly number[]): Int32Array =>
    offsetsOver(
      sizes,
      planes.map((axis) => strides[axis] as number),
    );
  // What lies within a cell of the last spatial axis is copied with it.
  const inner = to[rowAxis] as number;
  const row = copyAxis(rowAxis);
  const result = planner.temporary(sizeOf(padded) * cellBytes[format.cell]);
  copyInto(planner, format, {
    from: { buffer, offset: 0 },
    to: { buffer: result, offset: 0 },
    planes: { from: over(from), to: over(to) },
    outer: [first, second],
    row: { lo: row.lo * inner, size: row.size * inner, hi: row.hi * inner, from: 1 },
  });
  return { buffer: result, shape: padded };
}
