/** What gradients of depthwise kernels have in common: which taps meet cells where, and what is summed together. */

import { add, constant, type FunctionBuilder, load, type Value } from '../kernel/build.js';
import { type Expr, laneOf } from '../kernel/program.js';
import { innerOf, mostTaps, type Taps, tapsOf } from './depthwise.js';
import type { Geometry } from './geometry.js';
import { type Format, range, sizesOf } from './panel.js';

/** The axes of a gradient of a kernel: taps are outputs there, and pixels of the result's gradient taps. */
export interface GradientTaps {
  readonly y: Taps;
  readonly x: Taps;
}

/** A convolution as the gradient of a depthwise kernel, in a plane; null where it is none. */
export function gradientTaps({ samples, outputs, space }: Geometry): GradientTaps | null {
  const [z, y, x] = space;
  if (samples !== 1 || outputs !== 1 || z.cells !== 1 || z.taps !== 1 || z.outputs !== 1 || z.lo !== 0) return null;
  const [axisY, axisX] = [y, x].map(({ phases: [phase, ...more], taps }): Taps | null => {
    const inOrder = phase?.meetings.length === taps && phase.meetings.every(({ tap }, i) => tap === i);
    if (phase === undefined || more.length > 0 || !inOrder) return null;
    const { first, apart, step } = tapsOf(phase);
    // A single pixel is no cells apart from others.
    return { count: phase.count, first, apart: step, step: Math.max(1, apart) };
  });
  const isGradient = y.outputs * x.outputs < y.taps * x.taps;
  return isGradient && axisY && axisX ? { y: axisY, x: axisX } : null;
}

/** Bytes between the sums of two threads: what one reads ahead is not what the other writes all the time. */
export const scratchApart = 1024;

/** Parts of a kernel, at most: each is some code. */
const mostParts = 48;

/** Rows of taps that are summed over rows of the gradient, so many of these at a time. */
export interface Part {
  readonly first: number;
  readonly taps: number;
  readonly rows: number;
}

/** A part, the row of the gradient where it begins, and how often its rows come. */
export interface PlacedPart extends Part {
  readonly start: number;
  readonly count: number;
}

/** As many rows of taps as divide all of them and have their sums in registers; 0 where not even one row does. */
function tapsTogether(rows: number, columns: number): number {
  let most = Math.floor(mostTaps / columns);
  while (most > 0 && rows % most !== 0) most--;
  return most;
}

/**
 * Rows of taps that are taken together where all of them meet cells, and one by one elsewhere; none where there are too
 * many taps.
 *
 * @param points rows of the gradient
 * @param cells rows of cells
 * @param most rows of the gradient that are taken together where there are so many
 */
export function partsOf(
  { count, first, apart, step }: Taps,
  columns: number,
  points: number,
  cells: number,
  most: number,
): PlacedPart[] {
  const together = tapsTogether(count, columns);
  const parts: PlacedPart[] = [];
  const addPart = (tap: number, taps: number, start: number, end: number): void => {
    const times = Math.floor(Math.max(0, end - start) / most);
    if (times > 0) parts.push({ first: tap, taps, rows: most, start, count: times });
    const rest = start + times * most;
    if (rest < end) parts.push({ first: tap, taps, rows: 1, start: rest, count: end - rest });
  };
  for (let tap = 0; together > 0 && tap < count; tap += together) {
    const spans = range(together).map((i) =>
      innerOf({ count: 1, first: first + (tap + i) * apart, apart: 0, step }, cells, points),
    );
    const start = Math.max(...spans.map((span) => span.first));
    const end = Math.max(start, Math.min(...spans.map((span) => span.end)));
    addPart(tap, together, start, end);
    for (const [i, span] of spans.entries()) {
      addPart(tap + i, 1, span.first, Math.min(span.end, start));
      addPart(tap + i, 1, Math.max(span.first, end), span.end);
    }
  }
  return parts.length > mostParts ? [] : parts;
}

/** What launches give for each part: where its cells and its rows of the gradient begin, and how often its rows come. */
export const partArguments = (
  parts: readonly PlacedPart[],
  y: Taps,
  pitch: number,
  pitchGradient: number,
): readonly number[] =>
  parts.flatMap(({ first, start, count }) => [
    (y.first + start * y.step + first * y.apart) * pitch,
    start * pitchGradient,
    count,
  ]);

/** What code depends on a part, for names. */
export const showPart = ({ first, taps, rows }: Part): string => `${first}+${taps}x${rows}`;

/** Vectors of a plane's sums to those of all; they begin anew. */
export function addSums(f: FunctionBuilder, format: Format, vectors: Value, sums: Expr, total: Expr): void {
  const { cell, vectorBytes } = format;
  const { width } = sizesOf(format);
  const along = [
    [sums, vectorBytes],
    [total, vectorBytes],
  ] as const;
  f.loop(vectors, along, (from, to) => {
    f.store(cell, to, add(load(cell, width, to), load(cell, width, from)));
    f.store(cell, from, constant({ lane: laneOf[cell], width }, 0));
  });
}
