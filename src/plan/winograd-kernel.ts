/** The kernels of Winograd's convolution: one transforms the convolution's kernel, one does the rest block by block. */

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
  multiply,
  multiplyAdd,
  named,
  remainder,
  splat,
  subtract,
} from '../kernel/build.js';
import { type Expr, type Func, type Kernel, laneOf, type Variable } from '../kernel/program.js';
import { type Epilogue, finishFunction, inputsAt, suffixOf } from './epilogue.js';
import { type Format, packFunction, range, type Side, sizesOf, tileVectors, unpackFunction } from './panel.js';
import {
  inputFunction,
  inputSide,
  kernelFunction,
  outputFunction,
  outputSideOf,
  points,
  type WinogradFormat,
} from './winograd-transforms.js';

/** Rows of a tile of the matrix products. */
export const tileRows = 4;
/** Bytes by which matrices are kept apart, so that they don't all fall into the same sets of the cache. */
export const apart = 64;

export const align = (value: number, to: number): number => Math.ceil(value / to) * to;

export const weightParameters = [
  'from',
  'to',
  'taps',
  'tapRuns',
  'group',
  'output',
  'channel',
  'channels',
  'panel',
  'pointStep',
  'groupTo',
] as const;

/** Kernel values at the points, [group][point][panel of outputs][channel]. Grid: groups, panels. Scratch: panel, work. */
export function weightKernel(format: WinogradFormat, side: Side, flip: boolean): Kernel {
  const { cell, vectorBytes, taps } = format;
  const { step, columns } = sizesOf(format);
  const name = `winograd kernel ${taps} ${cell} ${vectorBytes} ${side} ${flip}`;
  return kernel(name, weightParameters.length, 2, (f, given, grid, scratch) => {
    const p = named(weightParameters, given);
    const [group, outputs] = grid as readonly [Block, Block];
    const [pack, transform] = [packFunction(format, side), kernelFunction(format, flip)];
    const work = f.let(add(scratch, taps * taps * step));
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
        f.call(pack, source, p.taps, p.tapRuns, taps * taps, p.output, outputs.count, scratch);
        f.call(transform, scratch, work, target, p.pointStep);
      },
    );
  });
}

/** products[count][columns] = rows of values, `rowStep` apart, times a panel; a row's channels lie side by side. */
export function productFunction(format: Format): Func {
  const { cell, vectorBytes } = format;
  const { width, bytes, step } = sizesOf(format);
  const zero = constant({ lane: laneOf[cell], width }, 0);
  return func('product', (f, values, rowStep, count, channels, panel, products) => {
    /** One tile: sums over channels, of as many rows as there are addresses. */
    const tile = (rows: readonly Expr[], to: Expr): void => {
      const sums = rows.map(() => range(tileVectors).map(() => f.let(zero)));
      f.loop(channels, [[panel, step], ...rows.map((row) => [row, bytes] as const)], (weights, ...at) => {
        const vectors = range(tileVectors).map((v) => f.let(load(cell, width, weights, v * vectorBytes)));
        for (const [i, address] of at.entries()) {
          const value = f.let(splat(load(cell, 1, address), width));
          for (const [v, sum] of (sums[i] ?? []).entries()) f.set(sum, multiplyAdd(value, vectors[v] as Variable, sum));
        }
      });
      for (const [i, row] of sums.entries()) {
        for (const [v, sum] of row.entries()) f.store(cell, to, sum, i * step + v * vectorBytes);
      }
    };
    const whole = f.let(divide(count, tileRows));
    const steps = range(tileRows).map((i) => f.let(multiply(rowStep, i)));
    f.loop(
      whole,
      [
        [values, multiply(rowStep, tileRows)],
        [products, tileRows * step],
      ],
      (first, to) => {
        const rows = steps.map((offset) => f.let(add(first, offset)));
        tile(rows, to);
      },
    );
    const done = f.let(multiply(whole, tileRows));
    f.loop(
      subtract(count, done),
      [
        [add(values, multiply(done, rowStep)), rowStep],
        [add(products, multiply(done, step)), step],
      ],
      (row, to) => {
        tile([row], to);
      },
    );
  });
}

export const mainParameters = [
  'from',
  'weights',
  'to',
  'pixelsFrom',
  'runsFrom',
  'pixelsTo',
  'runsTo',
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
export function stripFunction(format: Format, side: Side, rows: number): Func {
  const { cell, vectorBytes } = format;
  const { width } = sizesOf(format);
  const zero = constant({ lane: laneOf[cell], width }, 0);
  const pack = packFunction(format, side);
  return func(
    'strip',
    (f, from, pixels, runs, count, channelStep, present, strip, rowBytes, loBytes, y, cells, yStep) => {
      f.loop(
        rows,
        [
          [y, 1],
          [strip, rowBytes],
        ],
        (row, to) => {
          f.if(
            and(compare('GE', row, 0), compare('LT', row, cells)),
            () =>
              f.call(
                pack,
                add(from, multiply(row, yStep)),
                pixels,
                runs,
                count,
                channelStep,
                present,
                add(to, loBytes),
              ),
            () => f.loop(divide(rowBytes, vectorBytes), [[to, vectorBytes]], (at) => f.store(cell, at, zero)),
          );
        },
      );
    },
  );
}

/** The main kernel under construction: its parameters, and addresses in scratch and in the operands of its group. */
interface Main {
  readonly format: WinogradFormat;
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
  /** What is done to the outputs before they are stored, and where its inputs are. */
  readonly epilogue: Epilogue | null;
  readonly others: readonly Variable[];
}

/** The inputs' values at the points, row of blocks by row of blocks. */
function transformInputs(f: FunctionBuilder, main: Main, side: Side): void {
  const { format, p, block, from, strip, work, values } = main;
  const { width, columns, bytes, step } = sizesOf(format);
  const zero = constant({ lane: laneOf[format.cell], width }, 0);
  const outputSide = outputSideOf(format);
  const pixels = f.let(add(multiply(p.tiles, outputSide), format.taps - 1));
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
        f.call(
          stripOf,
          source,
          p.pixelsFrom,
          p.runsFrom,
          p.readX,
          p.fromC,
          present,
          strip,
          rowBytes,
          p.loX,
          y,
          p.cellsY,
          p.fromY,
        );
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
  const { columns } = sizesOf(format);
  const product = productFunction(format);
  const count = f.let(multiply(block.count, p.tiles));
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
          f.call(product, v, p.valuesTile, count, p.channels, panel, out);
        },
      );
    },
  );
}

/** What writing a row of blocks needs to be told; a kernel's parameters have it. */
interface RowParameters {
  readonly tiles: Variable;
  readonly productsPoint: Variable;
  readonly sizeY: Variable;
  readonly sizeX: Variable;
  readonly toY: Variable;
  readonly toO: Variable;
  readonly pixelsTo: Variable;
  readonly runsTo: Variable;
}

/** Where scratch is, and what is done to the outputs before they are stored. */
interface RowScratch {
  readonly strip: Variable;
  readonly work: Variable;
  readonly epilogue: Epilogue | null;
  readonly others: readonly Variable[];
}

/** One row of blocks of one panel: where its products are, where its outputs go, which they are, and how many. */
type WriteRow = (made: Expr, target: Expr, y: Variable, output: Variable, present: Variable) => void;

/** Makes the outputs of rows of blocks from their products; rows beyond the last are left out. */
export function rowWriter(
  f: FunctionBuilder,
  format: WinogradFormat,
  side: Side,
  p: RowParameters,
  { strip, work, epilogue, others }: RowScratch,
): WriteRow {
  const { step } = sizesOf(format);
  const outputSide = outputSideOf(format);
  const [transform, unpack] = [outputFunction(format), unpackFunction(format, side)];
  const finish = epilogue === null ? null : finishFunction(format, epilogue);
  const stripRow = f.let(multiply(p.tiles, outputSide * step));
  return (made, target, y, output, present) => {
    f.call(transform, made, p.productsPoint, p.tiles, work, strip);
    if (epilogue !== null && finish !== null) {
      const count = multiply(p.tiles, outputSide * outputSide);
      f.call(finish, strip, count, present, ...inputsAt(epilogue, others, output));
    }
    f.loop(
      outputSide,
      [
        [y, 1],
        [strip, stripRow],
      ],
      (line, at) => {
        f.if(compare('LT', line, p.sizeY), () =>
          f.call(unpack, add(target, multiply(line, p.toY)), p.pixelsTo, p.runsTo, p.sizeX, p.toO, present, at),
        );
      },
    );
  };
}

/** The outputs from the products. */
function transformOutputs(f: FunctionBuilder, main: Main, side: Side): void {
  const { format, p, block, to, products } = main;
  const { columns, step } = sizesOf(format);
  const write = rowWriter(f, format, side, p, main);
  const nextProducts = f.let(productsPanel(main));
  f.loop(
    block.count,
    [
      [block.start, 1],
      [products, multiply(p.tiles, step)],
    ],
    (row, first) => {
      const sample = f.let(add(to, multiply(divide(row, p.rows), p.toN)));
      const y = f.let(multiply(remainder(row, p.rows), outputSideOf(format)));
      f.blocks(p.outputs, columns, (output, present) => {
        const made = add(first, multiply(divide(output, columns), nextProducts));
        write(made, add(sample, multiply(output, p.toO)), y, output, present);
      });
    },
  );
}

/** Grid: groups, rows of blocks of all samples. Scratch: strip, work, values, products. */
export function mainKernel(format: WinogradFormat, inputs: Side, results: Side, epilogue: Epilogue | null): Kernel {
  const { taps, cell, vectorBytes } = format;
  const name = `winograd ${taps} ${cell} ${vectorBytes} ${inputs} ${results}${suffixOf(epilogue)}`;
  const arity = mainParameters.length + (epilogue?.inputs.length ?? 0);
  return kernel(name, arity, 2, (f, given, grid, strip) => {
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
      epilogue,
      others: given.slice(mainParameters.length),
    };
    transformInputs(f, main, inputs);
    multiplyValues(f, main);
    transformOutputs(f, main, results);
  });
}
