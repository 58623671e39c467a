/** Gradients of depthwise kernels, pixels side by side, planned. */

import { manyTasks } from './depthwise.js';
import { gradientTaps, partArguments, partsOf, scratchApart } from './depthwise-gradient.js';
import { type GradientKind, gradientKernel, parameters } from './depthwise-gradient-pixels-kernel.js';
import { plainVector, planRow, type RowVector, reachOf } from './depthwise-row.js';
import type { Geometry } from './geometry.js';
import { type Format, sizesOf } from './panel.js';
import { offsetsOver, type Planner } from './plan.js';

/** Rows of the gradient that are taken together, and share cells: more would make sums wait for each other. */
const rowsTogether = 2;

/** Adds a gradient to a plan; false where pixels don't lie side by side, or where it isn't one of few columns. */
export function planGradientPixels(planner: Planner, format: Format, where: Geometry): boolean {
  const { input, kernel, output, groups, channels, space } = where;
  const [, axisY, axisX] = space;
  const taps = gradientTaps(where);
  if (taps === null || input.space[2] !== 1 || kernel.space[2] !== 1) return false;
  const { y, x } = taps;
  if (x.step > 2) return false;
  const row = planRow(format, x, axisX.taps, axisX.cells, false);
  const parts = partsOf(y, x.count, axisY.taps, axisY.cells, rowsTogether);
  if (row === null || parts.length === 0) return false;
  const { bytes } = sizesOf(format);
  const at = (buffer: number) => ({ buffer, offset: 0 });
  const [pitch, pitchGradient] = [input.space[1] * bytes, kernel.space[1] * bytes];
  const placeOf = (start: number, vector: RowVector): number =>
    (start * x.step + reachOf(format, x, vector).least) * bytes;
  const args = {
    from: at(0),
    gradient: at(1),
    to: at(2),
    fromG: input.g * bytes,
    gradientG: kernel.g * bytes,
    toG: output.g * bytes,
    samples: channels,
    fromN: input.c * bytes,
    gradientN: kernel.c * bytes,
    taps: at(planner.table(offsetsOver([y.count, x.count], [output.space[1] * bytes, output.space[2] * bytes]))),
    pitch,
    pitchGradient,
    middle: placeOf(row.middle.start, plainVector(x)),
    middleGradient: row.middle.start * bytes,
    middles: row.middle.count,
  };
  const kind: GradientKind = { ...format, y, x, parts, before: row.before, after: row.after };
  planner.launch({
    kernel: gradientKernel(kind),
    args: [
      ...parameters.map((name) => args[name]),
      ...partArguments(parts, y, pitch, pitchGradient),
      // Where lanes are dropped, the gradient is read so many pixels before, and moves down.
      ...[...row.before, ...row.after].flatMap((end) => [placeOf(end.start, end), (end.start - end.dropped) * bytes]),
    ],
    grid: [{ total: groups, block: Math.max(1, Math.ceil(groups / manyTasks)) }],
    scratchBytes: 2 * y.count * x.count * format.vectorBytes + scratchApart,
  });
  return true;
}
