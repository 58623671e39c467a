/** Primitives that move elements, as copies of cells. */

import type { Plan } from '../kernel/launch.js';
import { sizeOf, stridesOf } from '../shape/shape.js';
import { wordsOf } from './cells.js';
import { cellSize, copyCells } from './copy.js';
import { Planner, type Typed } from './plan.js';

/** Where a result's elements are in its operand: that of the first, and the strides along the result's axes. */
export interface View {
  readonly start: number;
  readonly strides: readonly number[];
}

/** A plan that reads a view of its operand. */
export function viewPlan(algorithm: string, x: Typed, { start, strides }: View, result: Typed): Plan {
  const planner = new Planner([x], result);
  const target = { buffer: 1, start: 0, strides: stridesOf(result.shape) };
  copyCells(planner, cellSize[x.dtype], result.shape, { buffer: 0, start, strides }, target);
  return planner.finish(algorithm);
}

/** What pads an axis: cells added before, after (or cut), and between. */
export interface AxisPadding {
  readonly lo: number;
  readonly interior: number;
}

/** A plan that fills its result with a value, and then puts the operand's elements in their places. */
export function padPlan(x: Typed, axes: readonly AxisPadding[], value: number, result: Typed): Plan {
  const planner = new Planner([x], result);
  const [from, to] = [stridesOf(x.shape), stridesOf(result.shape)];
  const size = cellSize[x.dtype];
  // Along an axis, element i goes to lo + i * step; those from `first` to `last` have a place.
  const inside = axes.map(({ lo, interior }, axis) => {
    const step = interior + 1;
    const first = Math.max(0, Math.ceil(-lo / step));
    const last = Math.min((x.shape[axis] as number) - 1, Math.floor(((result.shape[axis] as number) - 1 - lo) / step));
    return { first, place: lo + first * step, step, count: Math.max(0, last - first + 1) };
  });
  const shape = inside.map(({ count }) => count);
  const cells = sizeOf(result.shape);
  if (sizeOf(shape) < cells) {
    const buffer = planner.table(wordsOf(value, x.dtype));
    copyCells(planner, size, [cells], { buffer, start: 0, strides: [0] }, { buffer: 1, start: 0, strides: [1] });
  }
  const startOf = (starts: readonly number[], strides: readonly number[]): number =>
    starts.reduce((sum, start, axis) => sum + start * (strides[axis] as number), 0);
  const start = startOf(
    inside.map(({ first }) => first),
    from,
  );
  const target = {
    buffer: 1,
    start: startOf(
      inside.map(({ place }) => place),
      to,
    ),
    strides: to.map((stride, axis) => stride * (inside[axis]?.step ?? 1)),
  };
  copyCells(planner, size, shape, { buffer: 0, start, strides: from }, target);
  return planner.finish('pad');
}

/** A plan that puts its operands side by side along an axis. */
export function concatenatePlan(parts: readonly Typed[], axis: number, result: Typed): Plan {
  const planner = new Planner(parts, result);
  const strides = stridesOf(result.shape);
  let before = 0;
  parts.forEach(({ shape, dtype }, part) => {
    const target = { buffer: parts.length, start: before * (strides[axis] as number), strides };
    copyCells(planner, cellSize[dtype], shape, { buffer: part, start: 0, strides: stridesOf(shape) }, target);
    before += shape[axis] as number;
  });
  return planner.finish('concatenate');
}
