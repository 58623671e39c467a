/** Winograd's convolution planned: one launch transforms the kernel, one does the rest block by block. */

import {
  add,
  and,
  type Block,
  compare,
  constant,
  divide,
  type FunctionBuilder,
  func,
  kernel,
  load,
  minimum,
  multiply,
  multiplyAdd,
  named,
  remainder,
  splat,
  subtract,
} from '../kernel/build.js';
import { type Expr, type Func, type Kernel, laneOf, type Variable } from '../kernel/program.js';
import { type Format, packFunction, range, type Side, sizesOf, tileVectors, unpackFunction } from './panel.js';
import type { Planner } from './plan.js';
import {
  inputFunction,
  inputSide,
  kernelFunction,
  kernelSide,
  outputFunction,
  outputSide,
  points,
} from './winograd-kernel.js';

/** A 3x3 convolution of step 1, offsets and strides in elements. */
export interface Winograd extends Format {
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
  /** Strides of group, output, channel, and offsets of the nine taps. */
  readonly weights: {
    readonly g: number;
    readonly o: number;
    readonly c: number;
    readonly taps: readonly number[];
    /** Where the kernels of equal parts of the channels begin; one part at 0 where it is left out. */
    readonly parts?: readonly number[];
  };
}

/** Rows of a tile of the matrix products. */
export const tileRows = 4;
/** Bytes by which matrices are kept apart, so that they don't all fall into the same sets of the cache. */
export const apart = 64;

export const align = (value: number, to: number): number => Math.ceil(value / to) * to;

const weightParameters = [
  'from',
  'to',
  'taps',
  'group',
  'output',
  'channel',
  'channels',
  'panel',
  'pointStep',
  'groupTo',
] as const;

/** Kernel values at the points, [group][point][panel of outputs][channel]. Grid: groups, panels. Scratch: panel, work. */
function weightKernel(format: Format, side: Side, flip: boolean): Kernel {
  const { cell, vectorBytes } = format;
  const { step, columns } = sizesOf(format);
  const name = `winograd kernel ${cell} ${vectorBytes} ${side} ${flip}`;
  return kernel(name, weightParameters.length, 2, (f, given, grid, scratch) => {
    const p = named(weightParameters, given);
    const [group, outputs] = grid as readonly [Block, Block];
    const [pack, transform] = [packFunction(format, side), kernelFunction(format, flip)];
    const work = f.let(add(scratch, kernelSide * kernelSide * step));
    const from = f.let(add(add(p.from, multiply(group.start, p.group)), multiply(outputs.start, p.output)));
    const panel = multiply(divide(outputs.start, columns), p.panel);
    const to = f.let(add(add(p.to, multiply(group.start, p.groupTo)), panel));
    f.loop(
      p.channels,
      [
        [from, p.channel],
        [to, step],
      ],
      (source, target) => {
        f.call(pack, source, p.taps, kernelSide * kernelSide, p.output, outputs.count, scratch);
        f.call(transform, scratch, work, target, p.pointStep);
      },
    );
  });
}

/** products[4 rows][columns] = four rows of values times a panel; rows at four addresses, their channels in a row. */
function productFunction(format: Format): Func {
  const { cell, vectorBytes } = format;
  const { width, bytes, step } = sizesOf(format);
  return func('product', (f, row0, row1, row2, row3, channels, panel, products) => {
    const rows = [row0, row1, row2, row3] as const;
    const zero = constant({ lane: laneOf[cell], width }, 0);
    const sums = rows.map(() => range(tileVectors).map(() => f.let(zero)));
    const starts = [
      [panel, step],
      [row0, bytes],
      [row1, bytes],
      [row2, bytes],
      [row3, bytes],
    ] as const;
    f.loop(channels, starts, (weights, ...at) => {
      const vectors = range(tileVectors).map((v) => f.let(load(cell, width, weights, v * vectorBytes)));
      at.forEach((address, i) => {
        const value = f.let(splat(load(cell, 1, address), width));
        vectors.forEach((vector, v) => {
          const sum = sums[i]?.[v] as Variable;
          f.set(sum, multiplyAdd(value, vector, sum));
        });
      });
    });
    for (const [i, row] of sums.entries()) {
      for (const [v, sum] of row.entries()) f.store(cell, products, sum, i * step + v * vectorBytes);
    }
  });
}

const mainParameters = [
  'from',
  'weights',
  'to',
  'pixelsFrom',
  'pixelsTo',
  // strides of the input
  'fromG',
  'fromN',
  'fromC',
  'fromY',
  // of the result
  'toG',
  'toN',
  'toO',
  'toY',
  // of the transformed kernel
  'weightsG',
  'weightsPoint',
  'channels',
  'outputs',
  // input cells along y, zeros before, input pixels of a row that are read, bytes of the zeros before them
  'cellsY',
  'loY',
  'readX',
  'loX',
  // outputs along y and x; rows of blocks in a sample, blocks in such a row
  'sizeY',
  'sizeX',
  'rows',
  'tiles',
  // places in scratch, and steps of the values
  'work',
  'values',
  'valuesPoint',
  'valuesTile',
  'products',
  'productsPoint',
] as const;

type MainParameters = { readonly [K in (typeof mainParameters)[number]]: Variable };

/** Packs the rows that a row of blocks reads, of one panel of channels; what lies outside is zero. */
export function stripFunction(format: Format, side: Side, _rows: number): Func {
  const { cell, vectorBytes } = format;
  const { width } = sizesOf(format);
  const zero = constant({ lane: laneOf[cell], width }, 0);
  const pack = packFunction(format, side);
  return func('strip', (f, from, pixels, count, channelStep, present, strip, rowBytes, loBytes, y, cells, yStep) => {
    f.loop(
      inputSide,
      [
        [y, 1],
        [strip, rowBytes],
      ],
      (row, to) => {
        f.if(
          and(compare('GE', row, 0), compare('LT', row, cells)),
          () => f.call(pack, add(from, multiply(row, yStep)), pixels, count, channelStep, present, add(to, loBytes)),
          () => f.loop(divide(rowBytes, vectorBytes), [[to, vectorBytes]], (at) => f.store(cell, at, zero)),
        );
      },
    );
  });
}

/** The main kernel under construction: its parameters, and addresses in scratch and in the operands of its group. */
interface Main {
  readonly format: Format;
  readonly p: MainParameters;
  /** The rows of blocks of a task. */
  readonly block: Block;
  readonly from: Variable;
  readonly to: Variable;
  readonly weights: Variable;
  readonly strip: Variable;
  readonly work: Variable;
  readonly values: Variable;
  readonly products: Variable;
}

/** The inputs' values at the points, row of blocks by row of blocks. */
function transformInputs(f: FunctionBuilder, main: Main, side: Side): void {
  const { format, p, block, from, strip, work, values } = main;
  const { width, columns, bytes, step } = sizesOf(format);
  const zero = constant({ lane: laneOf[format.cell], width }, 0);
  const pixels = f.let(add(multiply(p.tiles, outputSide), kernelSide - 1));
  const rowBytes = f.let(multiply(pixels, step));
  const [stripOf, transform] = [stripFunction(format, side, inputSide), inputFunction(format)];
  const vectors = divide(multiply(rowBytes, inputSide), format.vectorBytes);
  f.loop(vectors, [[strip, format.vectorBytes]], (at) => f.store(format.cell, at, zero));
  f.loop(
    block.count,
    [
      [block.start, 1],
      [values, multiply(p.tiles, p.valuesTile)],
    ],
    (row, first) => {
      const sample = f.let(add(from, multiply(divide(row, p.rows), p.fromN)));
      const y = f.let(subtract(multiply(remainder(row, p.rows), outputSide), p.loY));
      f.blocks(p.channels, columns, (channel, present) => {
        const source = add(sample, multiply(channel, p.fromC));
        f.call(stripOf, source, p.pixelsFrom, p.readX, p.fromC, present, strip, rowBytes, p.loX, y, p.cellsY, p.fromY);
        const target = add(first, multiply(channel, bytes));
        f.call(transform, strip, work, pixels, p.tiles, target, p.valuesPoint, p.valuesTile);
      });
    },
  );
}

/** Bytes of one panel of transformed weights at a point, and of the products of a panel of outputs. */
const weightsPanel = ({ format, p }: Main): Expr => multiply(p.channels, sizesOf(format).step);
const productsPanel = ({ p }: Main): Expr => multiply(p.productsPoint, points);

/** The 36 matrix products: at each point, blocks by channels times channels by outputs. */
function multiplyValues(f: FunctionBuilder, main: Main): void {
  const { format, p, block, values, weights, products } = main;
  const { columns, step } = sizesOf(format);
  const product = productFunction(format);
  const count = f.let(multiply(block.count, p.tiles));
  const last = f.let(subtract(count, 1));
  const turns = f.let(divide(add(count, tileRows - 1), tileRows));
  const panels = f.let(divide(add(p.outputs, columns - 1), columns));
  const [nextWeights, nextProducts] = [f.let(weightsPanel(main)), f.let(productsPanel(main))];
  f.loop(
    points,
    [
      [values, p.valuesPoint],
      [weights, p.weightsPoint],
      [products, p.productsPoint],
    ],
    (v, w, m) => {
      f.loop(
        panels,
        [
          [w, nextWeights],
          [m, nextProducts],
        ],
        (panel, out) => {
          f.loop(
            turns,
            [
              [0, tileRows],
              [out, tileRows * step],
            ],
            (tile, at) => {
              const rows = range(tileRows).map((i) => add(v, multiply(minimum(add(tile, i), last), p.valuesTile)));
              f.call(product, ...rows, p.channels, panel, at);
            },
          );
        },
      );
    },
  );
}

/** The outputs from the products; rows beyond the last are left out. */
function transformOutputs(f: FunctionBuilder, main: Main, side: Side): void {
  const { format, p, block, to, products, strip, work } = main;
  const { columns, step } = sizesOf(format);
  const [transform, unpack] = [outputFunction(format), unpackFunction(format, side)];
  const stripRow = f.let(multiply(p.tiles, outputSide * step));
  const nextProducts = f.let(productsPanel(main));
  f.loop(
    block.count,
    [
      [block.start, 1],
      [products, multiply(p.tiles, step)],
    ],
    (row, first) => {
      const sample = f.let(add(to, multiply(divide(row, p.rows), p.toN)));
      const y = f.let(multiply(remainder(row, p.rows), outputSide));
      f.blocks(p.outputs, columns, (output, present) => {
        const made = add(first, multiply(divide(output, columns), nextProducts));
        f.call(transform, made, p.productsPoint, p.tiles, work, strip);
        const target = add(sample, multiply(output, p.toO));
        f.loop(
          outputSide,
          [
            [y, 1],
            [strip, stripRow],
          ],
          (line, at) => {
            f.if(compare('LT', line, p.sizeY), () =>
              f.call(unpack, add(target, multiply(line, p.toY)), p.pixelsTo, p.sizeX, p.toO, present, at),
            );
          },
        );
      });
    },
  );
}

/** Grid: groups, rows of blocks of all samples. Scratch: strip, work, values, products. */
function mainKernel(format: Format, inputs: Side, results: Side): Kernel {
  const name = `winograd ${format.cell} ${format.vectorBytes} ${inputs} ${results}`;
  return kernel(name, mainParameters.length, 2, (f, given, grid, strip) => {
    const p: MainParameters = named(mainParameters, given);
    const [group, block] = grid as readonly [Block, Block];
    const ofGroup = (base: Variable, stride: Variable): Variable => f.let(add(base, multiply(group.start, stride)));
    const main: Main = {
      format,
      p,
      block,
      from: ofGroup(p.from, p.fromG),
      to: ofGroup(p.to, p.toG),
      weights: ofGroup(p.weights, p.weightsG),
      strip,
      work: f.let(add(strip, p.work)),
      values: f.let(add(strip, p.values)),
      products: f.let(add(strip, p.products)),
    };
    transformInputs(f, main, inputs);
    multiplyValues(f, main);
    transformOutputs(f, main, results);
  });
}

/** How a strided run of pixels and a run of channels lie. */
export const sideOf = (columnStride: number, step: number): Side =>
  columnStride === 1 ? 'columns' : step === 1 ? 'rows' : 'any';

/** Scratch a thread may use: what leaves room in a second cache, or more where the kernel is larger still. */
const usualScratch = 2 ** 20;
const mostScratch = 3.5 * 2 ** 20;

/** Places and steps in scratch, for blocks of some rows. */
function layoutOf({ channels, outputs, ...format }: Winograd, tiles: number, rows: number) {
  const { columns, bytes, step } = sizesOf(format);
  const pixels = tiles * outputSide + kernelSide - 1;
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
  // The same number in every task, as far as that goes.
  return Math.ceil(rows / Math.ceil(rows / count));
}

/** Adds the transformed kernel to a plan. */
function transformWeights(planner: Planner, w: Winograd): { buffer: number; point: number; group: number } {
  const { cell, vectorBytes, weights, outputs, channels } = w;
  const { columns, bytes, step } = sizesOf(w);
  const point = Math.ceil(outputs / columns) * channels * step + apart;
  const group = points * point;
  const buffer = planner.temporary(w.groups * group);
  const at = (index: number) => ({ buffer: index, offset: 0 });
  const isDense = weights.taps.every((tap, i) => tap === i);
  const strides = [weights.g, weights.o, weights.c].map((stride) => stride * bytes);
  const taps = at(planner.table(weights.taps.map((tap) => tap * bytes)));
  const parts = weights.parts ?? [0];
  const each = channels / parts.length;
  for (const [i, part] of parts.entries()) {
    planner.launch({
      kernel: weightKernel({ cell, vectorBytes }, sideOf(weights.o, isDense ? 1 : 0), w.flip),
      args: [
        { buffer: w.kernel, offset: part * bytes },
        { buffer, offset: i * each * step },
        taps,
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
      scratchBytes: (kernelSide * kernelSide + kernelSide * inputSide) * step,
    });
  }
  return { buffer, point, group };
}

/** Adds the launches of a Winograd convolution to a plan. */
export function winograd(planner: Planner, w: Winograd): void {
  const { cell, vectorBytes, from, to, cells, lo, size } = w;
  const { bytes, step } = sizesOf(w);
  const transformed = transformWeights(planner, w);
  const at = (buffer: number, offset = 0) => ({ buffer, offset: offset * bytes });
  const table = (count: number, stride: number) => at(planner.table(range(count).map((i) => i * stride * bytes)));
  const [rows, tiles] = [Math.ceil(size[0] / outputSide), Math.ceil(size[1] / outputSide)];
  const read = Math.max(0, Math.min(cells[1], tiles * outputSide + kernelSide - 1 - lo[1]));
  const count = rowsOf(w, rows * w.samples, tiles);
  const place = layoutOf(w, tiles, count);
  const args = {
    from: at(w.input, w.origin),
    weights: at(transformed.buffer),
    to: at(w.output, w.target ?? 0),
    pixelsFrom: table(read, from.x),
    pixelsTo: table(size[1], to.x),
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
    kernel: mainKernel({ cell, vectorBytes }, sideOf(from.c, from.x), sideOf(to.o, to.x)),
    args: mainParameters.map((name) => args[name]),
    grid: [
      { total: w.groups, block: 1 },
      { total: rows * w.samples, block: count },
    ],
    scratchBytes: place.total,
  });
}
