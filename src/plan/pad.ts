/** Zeros around the spatial axes of an array: what lets a kernel read beyond the edge. */

import {
  add,
  constant,
  divide,
  type FunctionBuilder,
  func,
  kernel,
  load,
  multiply,
  named,
  subtract,
  type Value,
} from '../kernel/build.js';
import { type Cell, cellBytes, type Func, type Kernel, laneOf } from '../kernel/program.js';
import { type Shape, sizeOf, stridesOf } from '../shape/shape.js';
import type { Planner } from './plan.js';

/** Zeros before and after each axis of an array. */
export interface Padding {
  readonly lo: readonly number[];
  readonly hi: readonly number[];
}

/** Whole vectors, then single cells: `bytes` of memory, at several addresses side by side. */
function inCells(
  f: FunctionBuilder,
  cell: Cell,
  vectorBytes: number,
  bytes: Value,
  addresses: readonly Value[],
  body: (width: number, ...at: Value[]) => void,
): void {
  const whole = f.let(divide(bytes, vectorBytes));
  const done = f.let(multiply(whole, vectorBytes));
  const size = cellBytes[cell];
  f.loop(
    whole,
    addresses.map((at) => [at, vectorBytes] as const),
    (...at) => body(vectorBytes / size, ...at),
  );
  const rest = f.let(divide(subtract(bytes, done), size));
  f.loop(
    rest,
    addresses.map((at) => [add(at, done), size] as const),
    (...at) => body(1, ...at),
  );
}

function zeroFunction(cell: Cell, vectorBytes: number): Func {
  return func('zero', (f, to, bytes) => {
    inCells(f, cell, vectorBytes, bytes, [to], (width, at = to) => {
      f.store(cell, at, constant({ lane: laneOf[cell], width }, 0));
    });
  });
}

function copyFunction(cell: Cell, vectorBytes: number): Func {
  return func('copy', (f, from, to, bytes) => {
    inCells(f, cell, vectorBytes, bytes, [from, to], (width, source = from, target = to) => {
      f.store(cell, target, load(cell, width, source));
    });
  });
}

const parameters = [
  'from',
  'to',
  'planesFrom',
  'planesTo',
  // the outer spatial axes: zeros before, cells, zeros after, and the strides of both arrays
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
  // bytes of a row: zeros, cells, zeros
  'lo',
  'row',
  'hi',
] as const;

/** Copies rows, and writes the zeros before and after them, along three axes. Grid: planes. */
function padKernel(cell: Cell, vectorBytes: number): Kernel {
  return kernel(`pad ${cell} ${vectorBytes}`, parameters.length, 1, (f, given, grid) => {
    const p = named(parameters, given);
    const [zero, copy] = [zeroFunction(cell, vectorBytes), copyFunction(cell, vectorBytes)];
    const padded = f.let(add(add(p.lo, p.row), p.hi));
    const [block] = grid;
    if (block === undefined) return;
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
              f.call(zero, to2, p.lo);
              f.call(copy, from2, add(to2, p.lo), p.row);
              f.call(zero, add(add(to2, p.lo), p.row), p.hi);
            },
          );
          zeroRows(p.hi2, add(first, multiply(p.size2, p.to2)));
        },
      );
      zeroPlanes(p.hi1, add(inside, multiply(p.size1, p.to1)));
    });
  });
}

/** Offsets of all cells of some axes, the last running fastest. */
export function offsetsOver(sizes: readonly number[], strides: readonly number[]): number[] {
  let offsets = [0];
  sizes.forEach((size, axis) => {
    const stride = strides[axis] as number;
    offsets = offsets.flatMap((at) => Array.from({ length: size }, (_, i) => at + i * stride));
  });
  return offsets;
}

const NONE = { lo: 0, size: 1, hi: 0, from: 0, to: 0 };

/**
 * Adds a padded copy of an array to a plan.
 *
 * @param spatial the axes to pad, at most three
 * @returns its buffer and its shape
 */
export function padInto(
  planner: Planner,
  cell: Cell,
  vectorBytes: number,
  buffer: number,
  shape: Shape,
  spatial: readonly number[],
  { lo, hi }: Padding,
): { buffer: number; shape: Shape } {
  const bytes = cellBytes[cell];
  const padded = shape.map((size, axis) => size + (lo[axis] ?? 0) + (hi[axis] ?? 0));
  const [from, to] = [stridesOf(shape), stridesOf(padded)].map((strides) => strides.map((s) => s * bytes)) as [
    number[],
    number[],
  ];
  const inOrder = [...spatial].sort((a, b) => a - b);
  const rowAxis = inOrder.pop() ?? shape.length - 1;
  const outer = inOrder.map((axis) => ({
    lo: lo[axis] ?? 0,
    size: shape[axis] as number,
    hi: hi[axis] ?? 0,
    from: from[axis] as number,
    to: to[axis] as number,
  }));
  const [first = NONE, second = NONE] = outer.length > 1 ? outer : [undefined, ...outer];
  const planes = shape.map((_, axis) => axis).filter((axis) => axis < rowAxis && !inOrder.includes(axis));
  const over = (strides: readonly number[]): number[] =>
    offsetsOver(
      planes.map((axis) => shape[axis] as number),
      planes.map((axis) => strides[axis] as number),
    );
  const step = to[rowAxis] as number;
  const result = planner.temporary(sizeOf(padded) * bytes);
  const at = (table: number) => ({ buffer: table, offset: 0 });
  const numbers = [first, second].flatMap((axis) => [axis.lo, axis.size, axis.hi, axis.from, axis.to]);
  const row = [lo[rowAxis] ?? 0, shape[rowAxis] as number, hi[rowAxis] ?? 0].map((cells) => cells * step);
  const planesFrom = over(from);
  planner.launch({
    kernel: padKernel(cell, vectorBytes),
    args: [at(buffer), at(result), at(planner.table(planesFrom)), at(planner.table(over(to))), ...numbers, ...row],
    grid: [{ total: planesFrom.length, block: Math.max(1, Math.ceil(planesFrom.length / 64)) }],
    scratchBytes: 0,
  });
  return { buffer: result, shape: padded };
}
