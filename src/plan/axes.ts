/** How a walk over many axes becomes a walk over few, and how it is cut into tasks. */

import type { Blocks } from '../kernel/launch.js';
import type { Shape } from '../shape/shape.js';

/** Axes that several arrays are walked over together: sizes, and each array's strides (in elements). */
export interface Walk {
  readonly sizes: readonly number[];
  readonly strides: readonly (readonly number[])[];
}

/**
 * The same walk over as few axes as can be: those of size 1 go, and neighbours become one where every array steps from
 * the end of the inner axis right to the next cell of the outer. An empty walk keeps one axis of size 0, and one of a
 * single cell an axis of size 1.
 */
export function mergeAxes({ sizes, strides }: Walk): Walk {
  if (sizes.includes(0)) return { sizes: [0], strides: strides.map(() => [0]) };
  const merged: { size: number; steps: number[] }[] = [];
  sizes.forEach((size, axis) => {
    if (size === 1) return;
    const steps = strides.map((list) => list[axis] as number);
    const outer = merged.at(-1);
    if (outer?.steps.every((step, i) => step === (steps[i] as number) * size)) {
      outer.size *= size;
      outer.steps = steps;
    } else {
      merged.push({ size, steps });
    }
  });
  if (merged.length === 0) merged.push({ size: 1, steps: strides.map(() => 1) });
  return {
    sizes: merged.map(({ size }) => size),
    strides: strides.map((_, i) => merged.map(({ steps }) => steps[i] as number)),
  };
}

/**
 * A grid over axes whose tasks have about `most` cells at most: inner axes are taken whole as long as they fit, the one
 * that does not is cut into equal blocks (multiples of `step`, if it is the innermost), and those outside it are taken
 * one by one.
 */
export function cutGrid(sizes: Shape, most: number, step = 1): Blocks[] {
  const grid: Blocks[] = [];
  let room = most;
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    const total = sizes[axis] as number;
    const unit = axis === sizes.length - 1 ? step : 1;
    const even = Math.ceil(total / Math.ceil(total / room));
    const block = total <= room ? Math.max(1, total) : Math.ceil(even / unit) * unit;
    grid.unshift({ total, block });
    room = Math.max(1, Math.floor(room / block));
  }
  return grid;
}
