/** The values of images at the points, for all blocks of some rows: what the matrix products work on. */

import { add, type Block, constant, divide, kernel, multiply, named, remainder, subtract } from '../kernel/build.js';
import type { Argument } from '../kernel/launch.js';
import { type Kernel, laneOf } from '../kernel/program.js';
import { type Side, sizesOf } from './panel.js';
import { offsetsOver, type Planner } from './plan.js';
import { formatOf, sideOf, type Winograd } from './winograd.js';
import { stripFunction } from './winograd-kernel.js';
import {
  gradientFunction,
  inputFunction,
  inputSide,
  outputSideOf,
  type WinogradFormat,
} from './winograd-transforms.js';

/** One operand of the products: cells of an image, in blocks that overlap (inputs) or don't (gradients). */
type Operand = 'input' | 'gradient';

const valueParameters = [
  'from',
  'values',
  'pixels',
  'runs',
  // strides of the operand
  'fromG',
  'fromN',
  'fromC',
  'fromY',
  // cells along y, zeros before; pixels of a row that are read, bytes of the zeros before them
  'cellsY',
  'loY',
  'readX',
  'loX',
  // rows of blocks in a sample, blocks in a row, the first row here
  'rows',
  'tiles',
  'first',
  // steps of the values
  'group',
  'panel',
  'point',
  'tile',
] as const;

/** Values at the points of some rows of blocks. Grid: groups, rows, panels of channels. Scratch: strip, work. */
function valuesKernel(format: WinogradFormat, operand: Operand, side: Side): Kernel {
  const { cell, vectorBytes, taps } = format;
  const { width, step, columns } = sizesOf(format);
  const zero = constant({ lane: laneOf[cell], width }, 0);
  const name = `winograd ${operand} ${taps} ${cell} ${vectorBytes} ${side}`;
  const outputSide = outputSideOf(format);
  const lines = operand === 'input' ? inputSide : outputSide;
  return kernel(name, valueParameters.length, 3, (f, given, grid, strip) => {
    const p = named(valueParameters, given);
    const [group, row, channels] = grid as readonly [Block, Block, Block];
    const stripOf = stripFunction(format, side, lines);
    const transform = operand === 'input' ? inputFunction(format) : gradientFunction(format);
    const pixels = f.let(add(multiply(p.tiles, outputSide), lines - outputSide));
    const rowBytes = f.let(multiply(pixels, step));
    const work = f.let(add(strip, multiply(rowBytes, lines)));
    f.loop(divide(multiply(rowBytes, lines), vectorBytes), [[strip, vectorBytes]], (at) => f.store(cell, at, zero));
    const index = f.let(add(p.first, row.start));
    const sample = add(add(p.from, multiply(group.start, p.fromG)), multiply(divide(index, p.rows), p.fromN));
    const source = f.let(add(sample, multiply(channels.start, p.fromC)));
    const y = f.let(subtract(multiply(remainder(index, p.rows), outputSide), p.loY));
    f.call(
      stripOf,
      source,
      p.pixels,
      p.runs,
      p.readX,
      p.fromC,
      channels.count,
      strip,
      rowBytes,
      p.loX,
      y,
      p.cellsY,
      p.fromY,
    );
    const first = add(p.values, multiply(group.start, p.group));
    const panel = add(first, multiply(divide(channels.start, columns), p.panel));
    const target = add(panel, multiply(multiply(row.start, p.tiles), p.tile));
    f.call(transform, strip, work, pixels, p.tiles, target, p.point, p.tile);
  });
}

/** Where values go, in bytes: a buffer, and steps from group to group, panel of channels to panel, point, block. */
export interface Target {
  readonly buffer: number;
  readonly group: number;
  readonly panel: number;
  readonly point: number;
  readonly tile: number;
}

/** An image, as the launches that make its values are told of it. */
interface Image {
  readonly operand: Operand;
  readonly side: Side;
  /** Everything but where the rows of blocks begin. */
  readonly args: Readonly<Record<Exclude<(typeof valueParameters)[number], 'first'>, Argument>>;
  readonly channels: number;
  readonly scratchBytes: number;
}

/** The input of a convolution, or the gradient of its output. */
export function imageOf(planner: Planner, w: Winograd, operand: Operand, target: Target): Image {
  const { bytes, step } = sizesOf(w);
  const outputSide = outputSideOf(w);
  const [rows, tiles] = [Math.ceil(w.size[0] / outputSide), Math.ceil(w.size[1] / outputSide)];
  const isInput = operand === 'input';
  const strides = isInput ? w.from : { ...w.to, c: w.to.o };
  const lines = isInput ? inputSide : outputSide;
  const pixels = tiles * outputSide + lines - outputSide;
  const [loY, loX] = isInput ? w.lo : [0, 0];
  const [cellsY, cellsX] = isInput ? w.cells : w.size;
  const read = Math.max(0, Math.min(cellsX, pixels - loX));
  const offsets = planner.offsets(w, offsetsOver([read], [strides.x]));
  return {
    operand,
    side: sideOf(strides.c, strides.x),
    args: {
      from: { buffer: isInput ? w.input : w.output, offset: isInput ? w.origin * bytes : 0 },
      values: { buffer: target.buffer, offset: 0 },
      pixels: { buffer: offsets.cells, offset: 0 },
      runs: { buffer: offsets.runs, offset: 0 },
      fromG: strides.g * bytes,
      fromN: strides.n * bytes,
      fromC: strides.c * bytes,
      fromY: strides.y * bytes,
      cellsY,
      loY,
      readX: read,
      loX: loX * step,
      rows,
      tiles,
      group: target.group,
      panel: target.panel,
      point: target.point,
      tile: target.tile,
    },
    channels: isInput ? w.channels : w.outputs,
    scratchBytes: (lines + inputSide) * pixels * step,
  };
}

/** Adds the launch that makes the values of `count` rows of blocks. */
export function launchValues(planner: Planner, w: Winograd, image: Image, first: number, count: number): void {
  const { operand, side, args, channels, scratchBytes } = image;
  planner.launch({
    kernel: valuesKernel(formatOf(w), operand, side),
    args: valueParameters.map((name) => (name === 'first' ? first : args[name])),
    grid: [
      { total: w.groups, block: 1 },
      { total: count, block: 1 },
      { total: channels, block: sizesOf(w).columns },
    ],
    scratchBytes,
  });
}
