/** Winograd's convolution planned. */

import { type Side, sizesOf } from './panel.js';
import { offsetsOver, type Planner } from './plan.js';
import { align, apart, mainKernel, mainParameters, tileRows, weightKernel } from './winograd-kernel.js';
import { inputSide, outputSideOf, points, type WinogradFormat } from './winograd-transforms.js';

/** A convolution of 3x3 or 4x4 taps and step 1, offsets and strides in elements. */
export interface Winograd extends WinogradFormat {
  /** Buffers, and where input cell 0 lies in the first. */
  readonly input: number;
  readonly kernel: number;
  readonly output: number;
  readonly origin: number;
  /** Where output 0 lies in the result. */
  readonly target?: number;
  readonly flip: boolean;
  readonly groups: number;
  readonly samples: number;
  readonly channels: number;
  readonly outputs: number;
  /** Cells of the input along y and x, zeros before them, and outputs. */
  readonly cells: readonly [number, number];
  readonly lo: readonly [number, number];
  readonly size: readonly [number, number];
  /** Strides of group, sample, channel, y, x. */
  readonly from: { readonly g: number; readonly n: number; readonly c: number; readonly y: number; readonly x: number };
  readonly to: { readonly g: number; readonly n: number; readonly o: number; readonly y: number; readonly x: number };
  /** Strides of group, output, channel, and offsets of the taps. */
  readonly weights: {
    readonly g: number;
    readonly o: number;
    readonly c: number;
    readonly taps: ArrayLike<number>;
    /** Where the kernels of equal parts of the channels begin; one part at 0 where it is left out. */
    readonly parts?: readonly number[];
  };
}

/** Whether offsets are 0, 1, 2, ... */
export const isRun = (offsets: ArrayLike<number>): boolean => Array.from(offsets).every((at, i) => at === i);

/** How a strided run of pixels and a run of channels lie. */
export const sideOf = (columnStride: number, step: number): Side =>
  columnStride === 1 ? 'columns' : step === 1 ? 'rows' : 'any';

/** Scratch a thread may use: what leaves room in a second cache, or more where the kernel is larger still. */
const usualScratch = 2 ** 20;
const mostScratch = 3.5 * 2 ** 20;

/** What kernels are specialised to. */
export const formatOf = ({ cell, vectorBytes, taps }: Winograd): WinogradFormat => ({ cell, vectorBytes, taps });

/** Places and steps in scratch, for blocks of some rows. */
function layoutOf({ channels, outputs, ...format }: Winograd, tiles: number, rows: number) {
  const { columns, bytes, step } = sizesOf(format);
  const outputSide = outputSideOf(format);
  const pixels = tiles * outputSide + format.taps - 1;
  const count = align(rows * tiles, tileRows);
  const strip = align(inputSide * pixels * step, apart);
  const work = align(inputSide * Math.max(pixels, tiles * outputSide) * step, apart);
  const valuesTile = align(channels, columns) * bytes;
  const valuesPoint = rows * tiles * valuesTile + apart;
  const productsPoint = count * step + (count % 16 === 0 ? apart : 0);
  const values = strip + work;
  const products = values + align(points * valuesPoint, apart);
  const total = products + points * Math.ceil(outputs / columns) * productsPoint;
  return { work: strip, values, valuesPoint, valuesTile, products, productsPoint, total };
}

/** Rows of blocks that a task takes. */
function rowsOf(winograd: Winograd, rows: number, tiles: number): number {
  const { step } = sizesOf(winograd);
  const weightBytes = (points * winograd.channels * winograd.outputs * step) / 8;
  const most = weightBytes > usualScratch ? mostScratch : usualScratch;
  let count = 1;
  while (count < rows && layoutOf(winograd, tiles, count + 1).total <= most) count++;
  // The same number in every task, and an even number of tasks, as far as that goes.
  const tasks = Math.ceil(rows / count);
  return Math.ceil(rows / (tasks > 1 ? tasks + (tasks % 2) : 1));
}

/** Adds the transformed kernel to a plan. */
function transformWeights(planner: Planner, w: Winograd): { buffer: number; point: number; group: number } {
  const { weights, outputs, channels } = w;
  const { columns, bytes, step } = sizesOf(w);
  const point = Math.ceil(outputs / columns) * channels * step + apart;
  const group = points * point;
  const buffer = planner.temporary(w.groups * group);
  const at = (index: number) => ({ buffer: index, offset: 0 });
  const isDense = isRun(weights.taps);
  const strides = [weights.g, weights.o, weights.c].map((stride) => stride * bytes);
  const taps = planner.offsets(w, weights.taps);
  const parts = weights.parts ?? [0];
  const each = channels / parts.length;
  for (const [i, part] of parts.entries()) {
    planner.launch({
      kernel: weightKernel(formatOf(w), sideOf(weights.o, isDense ? 1 : 0), w.flip),
      args: [
        { buffer: w.kernel, offset: part * bytes },
        { buffer, offset: i * each * step },
        at(taps.cells),
        at(taps.runs),
        ...strides,
        each,
        channels * step,
        point,
        group,
      ],
      grid: [
        { total: w.groups, block: 1 },
        { total: outputs, block: columns },
      ],
      scratchBytes: w.taps * (w.taps + inputSide) * step,
    });
  }
  return { buffer, point, group };
}

/** Adds the launches of a Winograd convolution to a plan. */
export function winograd(planner: Planner, w: Winograd): void {
  const { from, to, cells, lo, size } = w;
  const outputSide = outputSideOf(w);
  const { bytes, step } = sizesOf(w);
  const transformed = transformWeights(planner, w);
  const at = (buffer: number, offset = 0) => ({ buffer, offset: offset * bytes });
  const pixels = (count: number, stride: number) => planner.offsets(w, offsetsOver([count], [stride]));
  const [rows, tiles] = [Math.ceil(size[0] / outputSide), Math.ceil(size[1] / outputSide)];
  const read = Math.max(0, Math.min(cells[1], tiles * outputSide + w.taps - 1 - lo[1]));
  const [pixelsFrom, pixelsTo] = [pixels(read, from.x), pixels(size[1], to.x)];
  const count = rowsOf(w, rows * w.samples, tiles);
  const place = layoutOf(w, tiles, count);
  const args = {
    from: at(w.input, w.origin),
    weights: at(transformed.buffer),
    to: at(w.output, w.target ?? 0),
    pixelsFrom: at(pixelsFrom.cells),
    runsFrom: at(pixelsFrom.runs),
    pixelsTo: at(pixelsTo.cells),
    runsTo: at(pixelsTo.runs),
    fromG: from.g * bytes,
    fromN: from.n * bytes,
    fromC: from.c * bytes,
    fromY: from.y * bytes,
    toG: to.g * bytes,
    toN: to.n * bytes,
    toO: to.o * bytes,
    toY: to.y * bytes,
    weightsG: transformed.group,
    weightsPoint: transformed.point,
    channels: w.channels,
    outputs: w.outputs,
    cellsY: cells[0],
    loY: lo[0],
    readX: read,
    loX: lo[1] * step,
    sizeY: size[0],
    sizeX: size[1],
    rows,
    tiles,
    ...place,
  };
  planner.launch({
    kernel: mainKernel(formatOf(w), sideOf(from.c, from.x), sideOf(to.o, to.x), planner.epilogue),
    args: [...mainParameters.map((name) => args[name]), ...planner.epilogueInputs],
    grid: [
      { total: w.groups, block: 1 },
      { total: rows * w.samples, block: count },
    ],
    scratchBytes: place.total,
  });
}
