/**
 * Winograd's convolution for few blocks and many channels, where the transformed kernel is what is large: each panel of
 * outputs transforms its own part of the kernel, and uses it while it is near.
 */

import { add, type Block, divide, kernel, multiply, named, remainder } from '../kernel/build.js';
import type { Kernel } from '../kernel/program.js';
import { type Epilogue, suffixOf } from './epilogue.js';
import { packFunction, type Side, sizesOf } from './panel.js';
import { offsetsOver, type Planner } from './plan.js';
import { formatOf, isRun, sideOf, type Winograd } from './winograd.js';
import { align, apart, productFunction, rowWriter } from './winograd-kernel.js';
import { inputSide, kernelFunction, outputSideOf, points, type WinogradFormat } from './winograd-transforms.js';
import { imageOf, launchValues } from './winograd-values.js';

const parameters = [
  'values',
  'weights',
  'to',
  'taps',
  'tapRuns',
  'pixelsTo',
  'runsTo',
  // strides of the kernel and of the result
  'weightsG',
  'weightsO',
  'weightsC',
  'toG',
  'toN',
  'toO',
  'toY',
  'channels',
  // outputs along y and x; rows of blocks in a sample and in all, blocks in a row and in all
  'sizeY',
  'sizeX',
  'rows',
  'allRows',
  'tiles',
  'allTiles',
  // steps of values and products, and places in scratch
  'valuesG',
  'valuesPoint',
  'valuesTile',
  'weightsPoint',
  'productsPoint',
  'work',
  'transformed',
  'products',
] as const;

/** Grid: groups, panels of outputs. Scratch: strip, work, transformed kernel, products. */
function fewKernel(
  format: WinogradFormat,
  weights: Side,
  results: Side,
  flip: boolean,
  epilogue: Epilogue | null,
): Kernel {
  const { taps, cell, vectorBytes } = format;
  const { step } = sizesOf(format);
  const name = `winograd few ${taps} ${cell} ${vectorBytes} ${weights} ${results} ${flip}${suffixOf(epilogue)}`;
  const arity = parameters.length + (epilogue?.inputs.length ?? 0);
  return kernel(name, arity, 2, (f, given, grid, strip) => {
    const p = named(parameters, given);
    const [group, outputs] = grid as readonly [Block, Block];
    const [work, transformed, products] = [p.work, p.transformed, p.products].map((at) => f.let(add(strip, at)));
    if (work === undefined || transformed === undefined || products === undefined) return;
    const inGroup = add(p.weights, multiply(group.start, p.weightsG));
    const from = f.let(add(inGroup, multiply(outputs.start, p.weightsO)));
    const [pack, transform] = [packFunction(format, weights), kernelFunction(format, flip)];
    f.loop(
      p.channels,
      [
        [from, p.weightsC],
        [transformed, step],
      ],
      (source, target) => {
        f.call(pack, source, p.taps, p.tapRuns, taps * taps, p.weightsO, outputs.count, strip);
        f.call(transform, strip, work, target, p.weightsPoint);
      },
    );
    const product = productFunction(format);
    const values = f.let(add(p.values, multiply(group.start, p.valuesG)));
    const starts = [
      [values, p.valuesPoint],
      [transformed, p.weightsPoint],
      [products, p.productsPoint],
    ] as const;
    f.loop(points, starts, (v, panel, out) => {
      f.call(product, v, p.valuesTile, p.allTiles, p.channels, panel, out);
    });
    const others = given.slice(parameters.length);
    const write = rowWriter(f, format, results, p, { strip, work, epilogue, others });
    const to = f.let(add(add(p.to, multiply(group.start, p.toG)), multiply(outputs.start, p.toO)));
    f.loop(
      p.allRows,
      [
        [0, 1],
        [products, multiply(p.tiles, step)],
      ],
      (row, made) => {
        const y = f.let(multiply(remainder(row, p.rows), outputSideOf(format)));
        write(made, add(to, multiply(divide(row, p.rows), p.toN)), y, outputs.start, outputs.count);
      },
    );
  });
}

/** Bytes of values that stay in the second cache while panels of outputs pass. */
const mostValues = 1.5 * 2 ** 20;
/** Bytes of a transformed kernel from which on it would not. */
const largeKernel = 2 ** 23;

/** Whether a transformed kernel is too large for the caches. */
export const isLargeKernel = ({ channels, outputs }: Pick<Winograd, 'channels' | 'outputs'>): boolean =>
  points * 4 * channels * outputs > largeKernel;

/** Whether there are so few blocks that it pays to transform the kernel panel by panel. */
export function isFew({
  taps,
  samples,
  size,
  channels,
  outputs,
}: Pick<Winograd, 'taps' | 'samples' | 'size' | 'channels' | 'outputs'>): boolean {
  const side = inputSide + 1 - taps;
  const blocks = samples * Math.ceil(size[0] / side) * Math.ceil(size[1] / side);
  return points * 4 * blocks * channels <= mostValues && isLargeKernel({ channels, outputs });
}

/** Adds the launches of a Winograd convolution of few blocks to a plan. */
export function winogradFew(planner: Planner, w: Winograd): void {
  const { to, weights, size, channels } = w;
  const { columns, bytes, step } = sizesOf(w);
  const side = outputSideOf(w);
  const [rows, tiles] = [Math.ceil(size[0] / side), Math.ceil(size[1] / side)];
  const [allRows, allTiles] = [rows * w.samples, rows * w.samples * tiles];
  const valuesTile = align(channels, columns) * bytes;
  const valuesPoint = allTiles * valuesTile + apart;
  const valuesG = points * valuesPoint;
  const values = planner.temporary(w.groups * valuesG);
  const target = { buffer: values, group: valuesG, panel: step, point: valuesPoint, tile: valuesTile };
  launchValues(planner, w, imageOf(planner, w, 'input', target), 0, allRows);

  const strip = align(Math.max(side * side * tiles, w.taps ** 2) * step, apart);
  const transformed = strip + align(inputSide * Math.max(side * tiles, w.taps) * step, apart);
  const weightsPoint = channels * step + apart;
  const products = transformed + points * weightsPoint;
  const productsPoint = allTiles * step;
  const at = (buffer: number, offset = 0) => ({ buffer, offset: offset * bytes });
  const [taps, pixels] = [planner.offsets(w, weights.taps), planner.offsets(w, offsetsOver([size[1]], [to.x]))];
  const args = {
    values: at(values),
    weights: at(w.kernel, weights.parts?.[0] ?? 0),
    to: at(w.output, w.target ?? 0),
    taps: at(taps.cells),
    tapRuns: at(taps.runs),
    pixelsTo: at(pixels.cells),
    runsTo: at(pixels.runs),
    weightsG: weights.g * bytes,
    weightsO: weights.o * bytes,
    weightsC: weights.c * bytes,
    toG: to.g * bytes,
    toN: to.n * bytes,
    toO: to.o * bytes,
    toY: to.y * bytes,
    channels,
    sizeY: size[0],
    sizeX: size[1],
    rows,
    allRows,
    tiles,
    allTiles,
    valuesG,
    valuesPoint,
    valuesTile,
    weightsPoint,
    productsPoint,
    work: strip,
    transformed,
    products,
  };
  const isDense = isRun(weights.taps);
  planner.launch({
    kernel: fewKernel(formatOf(w), sideOf(weights.o, isDense ? 1 : 0), sideOf(to.o, to.x), w.flip, planner.epilogue),
    args: [...parameters.map((name) => args[name]), ...planner.epilogueInputs],
    grid: [
      { total: w.groups, block: 1 },
      { total: w.outputs, block: columns },
    ],
    scratchBytes: products + points * productsPoint,
  });
}
