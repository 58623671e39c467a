/** Depthwise convolutions whose pixels lie side by side, planned. */

import { isDepthwise, manyTasks, mostTaps, rowsOf, type Taps, tapOffsets, tapsOf } from './depthwise.js';
import { type DepthwiseKind, depthwiseKernel, isSure, parameters } from './depthwise-pixels-kernel.js';
import { plainVector, planRow, type RowVector, reachOf } from './depthwise-row.js';
import type { Axis, Geometry, Phase } from './geometry.js';
import { type Format, range, sizesOf } from './panel.js';
import { offsetsOver, outerSum, type Planner } from './plan.js';

/** Rows of a task, at least. */
const fewestRows = 16;

/** Rows of a tile, and of cells beyond the input; null where a tile is higher than a plane. */
function tileOf(y: Taps, x: Taps, { cells, outputs }: Axis): Pick<DepthwiseKind, 'y' | 'rows' | 'below'> | null {
  const rows = x.step === 1 ? rowsOf(outputs) : 2;
  const last = (outputs - 1) * y.step + y.first + (y.count - 1) * y.apart;
  const tile = { y, rows, below: Math.max(0, last - (cells - 1)) };
  // A row that may be missing at both ends would be asked for in vain.
  const hasSure = (out: number): boolean => range(y.count).some((tap) => isSure(tile, out * y.step + tap * y.apart));
  return outputs >= rows && range(rows).every(hasSure) ? tile : null;
}

/** Adds a convolution to a plan; false where pixels don't lie side by side, or where it isn't one of few taps. */
export function planDepthwisePixels(planner: Planner, format: Format, where: Geometry): boolean {
  const { input, kernel, output, groups, samples, space } = where;
  const [, axisY, axisX] = space;
  const [[phaseY, ...moreY], [phaseX, ...moreX]] = [axisY.phases, axisX.phases];
  if (!isDepthwise(where) || phaseY === undefined || phaseX === undefined || moreY.length + moreX.length > 0)
    return false;
  if (input.space[2] !== 1 || output.space[2] !== 1) return false;
  const [y, x] = [tapsOf(phaseY), tapsOf(phaseX)];
  if (y.count * x.count === 0 || y.count * x.count > mostTaps || x.step > 2) return false;
  const tile = tileOf(y, x, axisY);
  const row = planRow(format, x, axisX.outputs, axisX.cells, true);
  if (tile === null || row === null) return false;
  const kind = { ...format, ...tile, x, before: row.before, after: row.after };
  const { bytes } = sizesOf(format);
  const at = (buffer: number) => ({ buffer, offset: 0 });
  const table = (offsets: Int32Array) => at(planner.table(offsets.map((offset) => offset * bytes)));
  const planes = (g: number, n: number) => table(offsetsOver([groups, samples], [g, n]));
  const placeOf = (start: number, vector: RowVector): number =>
    (start * x.step + reachOf(format, x, vector).least) * bytes;
  const taps = (phase: Phase, axis: 1 | 2) => tapOffsets(phase, kernel.space[axis]);
  const args = {
    from: at(0),
    weights: at(1),
    to: at(2),
    planesFrom: planes(input.g, input.n),
    planesWeights: planes(kernel.g, 0),
    planesTo: planes(output.g, output.n),
    taps: table(outerSum(taps(phaseY, 1), taps(phaseX, 2))),
    pitch: input.space[1] * bytes,
    height: axisY.cells,
    pitchTo: output.space[1] * bytes,
    middle: placeOf(row.middle.start, plainVector(x)),
    middleTo: row.middle.start * bytes,
    middles: row.middle.count,
  };
  const ends = [...row.before, ...row.after].flatMap((end) => [placeOf(end.start, end), end.start * bytes]);
  const count = groups * samples;
  const parts = Math.min(Math.ceil(manyTasks / count), Math.ceil(axisY.outputs / fewestRows));
  planner.launch({
    kernel: depthwiseKernel(kind),
    args: [...parameters.map((name) => args[name]), ...ends],
    grid: [
      { total: count, block: Math.max(1, Math.ceil(count / manyTasks)) },
      { total: axisY.outputs, block: Math.ceil(axisY.outputs / parts / kind.rows) * kind.rows },
    ],
    scratchBytes: y.count * x.count * bytes,
  });
  return true;
}
