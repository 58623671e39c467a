/** Depthwise convolutions whose groups lie side by side, planned. */

import { innerOf, isDepthwise, manyTasks, rowsOf, type Span, type Taps, tapOffsets, tapsOf } from './depthwise.js';
import { anyKernel, anyParameters, innerKernel, innerParameters, runPixels } from './depthwise-channels-kernel.js';
import type { Geometry, Phase } from './geometry.js';
import { type Format, sizesOf } from './panel.js';
import { offsetsOver, outerSum, type Planner } from './plan.js';

/** Rows of a task, at least. */
const fewestRows = 14;

const sizeOf = ({ first, end }: Span): number => end - first;

/** One phase: its taps, the bytes from output to output, and the outputs that have all taps. */
class PhasePlan {
  readonly #planner: Planner;
  readonly #format: Format;
  readonly #where: Geometry;
  readonly #phases: readonly [Phase, Phase];
  readonly #y: Taps;
  readonly #x: Taps;
  readonly #innerY: Span;
  readonly #innerX: Span;
  readonly #pitchTo: number;
  readonly #pixelTo: number;

  constructor(planner: Planner, format: Format, where: Geometry, phases: readonly [Phase, Phase]) {
    const { output, space } = where;
    const { bytes } = sizesOf(format);
    const [y, x] = phases;
    this.#planner = planner;
    this.#format = format;
    this.#where = where;
    this.#phases = phases;
    [this.#y, this.#x] = [tapsOf(y), tapsOf(x)];
    this.#innerY = innerOf(this.#y, space[1].cells, y.count);
    this.#innerX = innerOf(this.#x, space[2].cells, x.count);
    this.#pitchTo = y.step * output.space[1] * bytes;
    this.#pixelTo = x.step * output.space[2] * bytes;
  }

  /** Adds the launches. */
  add(): void {
    const [y, x] = this.#phases;
    const [innerY, innerX] = [this.#innerY, this.#innerX];
    const taps = this.#y.count * this.#x.count;
    if (taps === 0 || sizeOf(innerY) < rowsOf(sizeOf(innerY)) || sizeOf(innerX) === 0) {
      this.#lines({ first: 0, end: y.count }, { first: 0, end: x.count }, 'x');
      return;
    }
    this.#inner();
    this.#lines({ first: 0, end: innerY.first }, { first: 0, end: x.count }, 'x');
    this.#lines({ first: innerY.end, end: y.count }, { first: 0, end: x.count }, 'x');
    this.#lines(innerY, { first: 0, end: innerX.first }, 'y');
    this.#lines(innerY, { first: innerX.end, end: x.count }, 'y');
  }

  /** What all launches are given; the result from output (row, column) on. */
  #shared(row: number, column: number) {
    const { input, kernel, output, groups, samples } = this.#where;
    const { bytes } = sizesOf(this.#format);
    const [y, x] = this.#phases;
    const at = (buffer: number, offset = 0) => ({ buffer, offset });
    const table = (offsets: Int32Array) => at(this.#planner.table(offsets.map((offset) => offset * bytes)));
    const origin = (y.first * output.space[1] + x.first * output.space[2]) * bytes;
    return {
      from: at(0),
      weights: at(1),
      to: at(2, origin + row * this.#pitchTo + column * this.#pixelTo),
      samplesFrom: table(offsetsOver([samples], [input.n])),
      samplesTo: table(offsetsOver([samples], [output.n])),
      channels: groups,
      taps: table(outerSum(tapOffsets(y, kernel.space[1]), tapOffsets(x, kernel.space[2]))),
      weightsG: kernel.g * bytes,
      pitch: input.space[1] * bytes,
      unit: input.space[2] * bytes,
    };
  }

  get #scratchBytes(): number {
    const vectors = Math.ceil(this.#where.groups / sizesOf(this.#format).width);
    return vectors * this.#y.count * this.#x.count * this.#format.vectorBytes;
  }

  /** The outputs that have all taps. */
  #inner(): void {
    const [y, x, innerY, innerX] = [this.#y, this.#x, this.#innerY, this.#innerX];
    const { samples } = this.#where;
    const shared = this.#shared(innerY.first, innerX.first);
    const { pitch, unit } = shared;
    const args = {
      ...shared,
      from: {
        buffer: 0,
        offset: (y.first + innerY.first * y.step) * pitch + (x.first + innerX.first * x.step) * unit,
      },
      unit: x.apart * unit,
      pixel: x.step * unit,
      pitchTo: this.#pitchTo,
      pixelTo: this.#pixelTo,
      pixels: sizeOf(innerX),
    };
    const height = sizeOf(innerY);
    const rows = rowsOf(height);
    const parts = Math.max(1, Math.min(Math.ceil(manyTasks / samples), Math.floor(height / fewestRows)));
    this.#planner.launch({
      kernel: innerKernel({ ...this.#format, y, tapsX: x.count, rows }),
      args: innerParameters.map((name) => args[name]),
      grid: [
        { total: samples, block: 1 },
        { total: height, block: Math.ceil(height / parts / rows) * rows },
      ],
      scratchBytes: this.#scratchBytes,
    });
  }

  /** A rectangle of outputs, whose runs go along an axis on which neighbours within have the same taps. */
  #lines(rows: Span, columns: Span, axis: 'y' | 'x'): void {
    const [y, x] = [this.#y, this.#x];
    const { samples, space } = this.#where;
    const [run, inner, lines] = axis === 'y' ? [rows, this.#innerY, columns] : [columns, this.#innerX, rows];
    const first = Math.min(Math.max(inner.first, run.first), run.end);
    const together = Math.floor(Math.max(0, Math.min(inner.end, run.end) - first) / runPixels);
    if (sizeOf(run) === 0 || sizeOf(lines) === 0) return;
    const along = <T>(ofRun: T, ofLine: T): { next: T; line: T } => ({ next: ofRun, line: ofLine });
    const [alongY, alongX] = axis === 'y' ? [along(y.step, 0), along(0, x.step)] : [along(0, y.step), along(x.step, 0)];
    const args = {
      ...this.#shared(rows.first, columns.first),
      tapsY: y.count,
      tapsX: x.count,
      apartY: y.apart,
      apartX: x.apart,
      y: y.first + rows.first * y.step,
      x: x.first + columns.first * x.step,
      height: space[1].cells,
      cells: space[2].cells,
      nextY: alongY.next,
      nextX: alongX.next,
      lineY: alongY.line,
      lineX: alongX.line,
      nextTo: axis === 'y' ? this.#pitchTo : this.#pixelTo,
      lineTo: axis === 'y' ? this.#pixelTo : this.#pitchTo,
      before: first - run.first,
      together,
      after: run.end - first - together * runPixels,
    };
    this.#planner.launch({
      kernel: anyKernel(this.#format),
      args: anyParameters.map((name) => args[name]),
      grid: [
        { total: samples, block: 1 },
        { total: sizeOf(lines), block: Math.ceil((sizeOf(lines) * samples) / manyTasks) },
      ],
      scratchBytes: this.#scratchBytes,
    });
  }
}

/** Adds a convolution to a plan; false where it isn't one, or groups don't lie side by side. */
export function planDepthwiseChannels(planner: Planner, format: Format, where: Geometry): boolean {
  const { input, output, groups, space } = where;
  if (!isDepthwise(where) || input.g !== 1 || output.g !== 1 || groups < sizesOf(format).width) return false;
  const [, y, x] = space;
  for (const a of y.phases) {
    for (const b of x.phases) new PhasePlan(planner, format, where, [a, b]).add();
  }
  return true;
}
