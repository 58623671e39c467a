/** Gradients of depthwise kernels, groups side by side, planned. */

import { innerOf } from './depthwise.js';
import { gradientTaps, partsOf } from './depthwise-gradient.js';
import { type GradientKind, gradientKernel, type Present, parameters } from './depthwise-gradient-channels-kernel.js';
import type { Geometry } from './geometry.js';
import { type Format, range, sizesOf } from './panel.js';
import { offsetsOver, type Planner } from './plan.js';

/** Bytes of a pixel's channels in a task: fewer would be spread too thinly in memory. */
const mostBytes = 512;
/** Rows of the gradient that are taken together, and share cells and sums. */
const rowsTogether = 2;
/** Pixels at each end of a row that may lack taps. */
const mostEnds = 4;

/** Channels of a task: so many, or as many as leave a vector for the last task. */
function channelsOf(groups: number, width: number, most: number): number | null {
  const fits = (count: number): boolean => count >= width && (groups % count === 0 || groups % count >= width);
  return groups <= most
    ? groups
    : (range(most)
        .map((i) => most - i)
        .find(fits) ?? null);
}

/** Adds a gradient to a plan; false where groups don't lie side by side, or where it isn't one of few columns. */
export function planGradientChannels(planner: Planner, format: Format, where: Geometry): boolean {
  const { input, kernel, output, groups, channels, space } = where;
  const { width, bytes } = sizesOf(format);
  const taps = gradientTaps(where);
  if (taps === null || input.g !== 1 || kernel.g !== 1 || groups < width) return false;
  const { y, x } = taps;
  const [, axisY, axisX] = space;
  const parts = partsOf(y, x.count, axisY.taps, axisY.cells, rowsTogether);
  const inner = innerOf(x, axisX.cells, axisX.taps);
  const isThere = (point: number, s: number): boolean => {
    const cell = point * x.step + x.first + s * x.apart;
    return cell >= 0 && cell < axisX.cells;
  };
  const presentAt = (point: number): Present => range(x.count).filter((s) => isThere(point, s));
  const [before, after] = [range(inner.first), range(axisX.taps - inner.end).map((i) => inner.end + i)];
  const block = channelsOf(groups, width, mostBytes / bytes);
  if (parts.length === 0 || block === null || Math.max(before.length, after.length) > mostEnds) return false;
  const at = (buffer: number) => ({ buffer, offset: 0 });
  const [pitch, unit] = [input.space[1] * bytes, input.space[2] * bytes];
  const [pitchGradient, unitGradient] = [kernel.space[1] * bytes, kernel.space[2] * bytes];
  const placeOf = (point: number): number => (point * x.step + x.first) * unit;
  const sums = Math.ceil(block / width) * y.count * x.count * format.vectorBytes;
  const args = {
    from: at(0),
    gradient: at(1),
    to: at(2),
    samples: channels,
    fromN: input.c * bytes,
    gradientN: kernel.c * bytes,
    toG: output.g * bytes,
    taps: at(planner.table(offsetsOver([y.count, x.count], [output.space[1] * bytes, output.space[2] * bytes]))),
    pitch,
    unit,
    pitchGradient,
    unitGradient,
    middle: placeOf(inner.first),
    middleGradient: inner.first * unitGradient,
    middles: inner.end - inner.first,
    sums,
  };
  const kind: GradientKind = {
    ...format,
    y,
    x,
    parts: parts.map(({ first, taps: count, rows }) => ({ first, taps: count, rows })),
    before: before.map(presentAt),
    after: after.map(presentAt),
  };
  planner.launch({
    kernel: gradientKernel(kind),
    args: [
      ...parameters.map((name) => args[name]),
      ...parts.flatMap(({ first, start, count }) => [
        (y.first + start * y.step + first * y.apart) * pitch,
        start * pitchGradient,
        count,
      ]),
      ...[...before, ...after].flatMap((point) => [placeOf(point), point * unitGradient]),
    ],
    grid: [{ total: groups, block }],
    scratchBytes: 2 * sums,
  });
  return true;
}
