/** Gradients of depthwise kernels, groups side by side, planned. */

import { innerOf } from './depthwise.js';
import { gradientTaps, partArguments, partsOf, scratchApart } from './depthwise-gradient.js';
import {
  gradientKernel,
  type Present,
  parameters,
  totalKernel,
  totalParameters,
} from './depthwise-gradient-channels-kernel.js';
import type { Geometry } from './geometry.js';
import { type Format, range, sizesOf } from './panel.js';
import { offsetsOver, type Planner } from './plan.js';

/** Bytes of a pixel's channels in a task: fewer would be spread too thinly in memory. */
const mostBytes = 512;
/** Rows of the gradient that are taken together, and share cells and sums. */
const rowsTogether = 2;
/** Tasks that samples, and then rows, are cut into where groups are too few; rows of a task, at least. */
const fewestTasks = 32;
const fewestLines = 4;
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

/** How groups, samples and rows are cut into tasks, and where their sums are. */
interface Tasks {
  readonly groupBlock: number;
  readonly sampleBlock: number;
  readonly lineBlock: number;
  /** Tasks for the same groups. */
  readonly times: number;
  /** Bytes of a task's sums, and from those of some rows to the next, and of some samples. */
  readonly sums: number;
  readonly nextTotals: number;
  readonly sampleTotals: number;
}

/** @param lines how often the rows of parts come */
function tasksOf(format: Format, { groups, channels }: Geometry, taps: number, lines: number): Tasks | null {
  const { width, bytes } = sizesOf(format);
  const groupBlock = channelsOf(groups, width, mostBytes / bytes);
  if (groupBlock === null || channels === 0) return null;
  const groupTasks = Math.ceil(groups / groupBlock);
  const sampleBlock = Math.ceil(channels / Math.ceil(fewestTasks / groupTasks));
  const sampleTasks = Math.ceil(channels / sampleBlock);
  const lineBlock = Math.max(fewestLines, Math.ceil(lines / Math.ceil(fewestTasks / (groupTasks * sampleTasks))));
  const lineTasks = Math.ceil(lines / lineBlock);
  const sums = Math.ceil(groupBlock / width) * taps * format.vectorBytes;
  const nextTotals = groupTasks * sums;
  const sampleTotals = lineTasks * nextTotals;
  return { groupBlock, sampleBlock, lineBlock, times: sampleTasks * lineTasks, sums, nextTotals, sampleTotals };
}

const at = (buffer: number) => ({ buffer, offset: 0 });

/** Adds the launch that adds up what the tasks have. */
function addTotals(planner: Planner, format: Format, where: Geometry, tasks: Tasks, totals: number): void {
  const { output, groups, space } = where;
  const { bytes } = sizesOf(format);
  const taps = [space[1].outputs, space[2].outputs] as const;
  const args = {
    ...tasks,
    totals: at(totals),
    taps: at(planner.table(offsetsOver(taps, [output.space[1] * bytes, output.space[2] * bytes]))),
    to: at(2),
    toG: output.g * bytes,
  };
  planner.launch({
    kernel: totalKernel(format, taps[0] * taps[1]),
    args: totalParameters.map((name) => args[name]),
    grid: [{ total: groups, block: tasks.groupBlock }],
    scratchBytes: 0,
  });
}

/** Adds a gradient to a plan; false where groups don't lie side by side, or where it isn't one of few columns. */
export function planGradientChannels(planner: Planner, format: Format, where: Geometry): boolean {
  const { input, kernel, groups, channels, space } = where;
  const { width, bytes } = sizesOf(format);
  const taps = gradientTaps(where);
  if (taps === null || input.g !== 1 || kernel.g !== 1 || groups < width) return false;
  const { y, x } = taps;
  const [, axisY, axisX] = space;
  const parts = partsOf(y, x.count, axisY.taps, axisY.cells, rowsTogether);
  const inner = innerOf(x, axisX.cells, axisX.taps);
  const presentAt = (point: number): Present =>
    range(x.count).filter((s) => {
      const cell = point * x.step + x.first + s * x.apart;
      return cell >= 0 && cell < axisX.cells;
    });
  const [before, after] = [range(inner.first), range(axisX.taps - inner.end).map((i) => inner.end + i)];
  const lines = Math.max(0, ...parts.map(({ count }) => count));
  const tasks = tasksOf(format, where, y.count * x.count, lines);
  if (parts.length === 0 || tasks === null || Math.max(before.length, after.length) > mostEnds) return false;
  const [pitch, unit] = [input.space[1] * bytes, input.space[2] * bytes];
  const [pitchGradient, unitGradient] = [kernel.space[1] * bytes, kernel.space[2] * bytes];
  const placeOf = (point: number): number => (point * x.step + x.first) * unit;
  const totals = planner.temporary(tasks.times * tasks.nextTotals);
  const args = {
    ...tasks,
    from: at(0),
    gradient: at(1),
    fromN: input.c * bytes,
    gradientN: kernel.c * bytes,
    pitch,
    unit,
    pitchGradient,
    unitGradient,
    middle: placeOf(inner.first),
    middleGradient: inner.first * unitGradient,
    middles: inner.end - inner.first,
    totals: at(totals),
  };
  planner.launch({
    kernel: gradientKernel({ ...format, y, x, parts, before: before.map(presentAt), after: after.map(presentAt) }),
    args: [
      ...parameters.map((name) => args[name]),
      ...partArguments(parts, y, pitch, pitchGradient),
      ...[...before, ...after].flatMap((point) => [placeOf(point), point * unitGradient]),
    ],
    grid: [
      { total: groups, block: tasks.groupBlock },
      { total: channels, block: tasks.sampleBlock },
      { total: lines, block: tasks.lineBlock },
    ],
    scratchBytes: tasks.sums + scratchApart,
  });
  addTotals(planner, format, where, tasks, totals);
  return true;
}
