/**
 * The gradient of a kernel by Winograd's transforms: with y = A'[(G g G') * (B' d B)]A, the gradient by g is
 *
 *     G' [ sum over blocks of (A dy A') * (B' d B) ] G
 *
 * Blocks are the terms of 36 matrix products, channels by outputs. They are taken some rows at a time, since their
 * values at the points are larger than the operands; the products add up.
 */

import {
  add,
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
  splat,
} from '../kernel/build.js';
import { type Func, type Kernel, laneOf, type Variable } from '../kernel/program.js';
import { type Format, range, type Side, sizesOf, tileVectors, unpackFunction } from './panel.js';
import { offsetsOver, outerSum, type Planner } from './plan.js';
import { formatOf, isRun, sideOf, type Winograd } from './winograd.js';
import { align, apart, tileRows } from './winograd-kernel.js';
import { inputSide, kernelGradientFunction, outputSideOf, points, type WinogradFormat } from './winograd-transforms.js';
import { imageOf, launchValues } from './winograd-values.js';

/** products[4 channels][columns] += four channels of the values of `count` blocks times those of a panel of outputs. */
function productFunction(format: Format): Func {
  const { cell, vectorBytes } = format;
  const { width, bytes, step } = sizesOf(format);
  return func('product', (f, values, count, panel, products) => {
    const zero = constant({ lane: laneOf[cell], width }, 0);
    const sums = range(tileRows).map(() => range(tileVectors).map(() => f.let(zero)));
    f.loop(
      count,
      [
        [values, step],
        [panel, step],
      ],
      (at, outputs) => {
        const vectors = range(tileVectors).map((v) => f.let(load(cell, width, outputs, v * vectorBytes)));
        for (const [i, row] of sums.entries()) {
          const value = f.let(splat(load(cell, 1, at, i * bytes), width));
          for (const [v, sum] of row.entries()) f.set(sum, multiplyAdd(value, vectors[v] as Variable, sum));
        }
      },
    );
    for (const [i, row] of sums.entries()) {
      for (const [v, sum] of row.entries()) {
        const place = i * step + v * vectorBytes;
        f.store(cell, products, add(load(cell, width, products, place), sum), place);
      }
    }
  });
}

const productParameters = [
  'inputs',
  'gradients',
  'products',
  'out',
  'rows',
  'runs',
  'outG',
  'outO',
  // blocks here, channels, and whether these are the first and the last
  'count',
  'channels',
  'isFirst',
  'isLast',
  // steps
  'inputsG',
  'inputsPoint',
  'inputsPanel',
  'gradientsG',
  'gradientsPoint',
  'productsG',
  'productsPoint',
  'own',
] as const;

type ProductParameters = { readonly [K in (typeof productParameters)[number]]: Variable };

/** The gradient of the kernel from the sums of products: all taps of all channels, of one panel of outputs. */
function writeGradient(f: FunctionBuilder, format: WinogradFormat, side: Side, p: ProductParameters, from: Variable) {
  const { step } = sizesOf(format);
  const [transform, unpack] = [kernelGradientFunction(format), unpackFunction(format, side)];
  const taps = format.taps ** 2;
  return (to: Variable, present: Variable, work: Variable): void => {
    const strip = f.let(add(work, inputSide * format.taps * step));
    f.loop(
      p.channels,
      [
        [from, step],
        [strip, taps * step],
      ],
      (sums, at) => {
        f.call(transform, sums, p.productsPoint, work, at);
      },
    );
    f.call(unpack, to, p.rows, p.runs, multiply(p.channels, taps), p.outO, present, strip);
  };
}

/**
 * Adds up products; at the last, makes the gradient of them. Where all blocks come at once, products are the thread's
 * own. Grid: groups, panels of outputs. Scratch: work, strip, products.
 */
function productKernel(format: WinogradFormat, side: Side, isWhole: boolean): Kernel {
  const { cell, vectorBytes, taps } = format;
  const { width, columns, bytes, step } = sizesOf(format);
  const zero = constant({ lane: laneOf[cell], width }, 0);
  const name = `winograd products ${taps} ${cell} ${vectorBytes} ${side} ${isWhole}`;
  return kernel(name, productParameters.length, 2, (f, given, grid, scratch) => {
    const p: ProductParameters = named(productParameters, given);
    const [group, outputs] = grid as readonly [Block, Block];
    const product = productFunction(format);
    const panel = f.let(divide(outputs.start, columns));
    const inputs = f.let(add(p.inputs, multiply(group.start, p.inputsG)));
    const gradientsPanel = add(p.gradients, multiply(group.start, p.gradientsG));
    const gradients = f.let(add(gradientsPanel, multiply(panel, multiply(p.gradientsPoint, points))));
    const shared = add(
      add(p.products, multiply(group.start, p.productsG)),
      multiply(panel, multiply(p.productsPoint, points)),
    );
    const products = f.let(isWhole ? add(scratch, p.own) : shared);
    const out = f.let(add(add(p.out, multiply(group.start, p.outG)), multiply(outputs.start, p.outO)));
    f.if(compare('EQ', p.isFirst, 1), () => {
      const vectors = divide(multiply(p.productsPoint, points), vectorBytes);
      f.loop(vectors, [[products, vectorBytes]], (at) => f.store(cell, at, zero));
    });
    const panels = f.let(divide(add(p.channels, columns - 1), columns));
    const steps = [
      [inputs, p.inputsPoint],
      [gradients, p.gradientsPoint],
      [products, p.productsPoint],
    ] as const;
    f.loop(points, steps, (values, weights, sums) => {
      f.loop(
        panels,
        [
          [values, p.inputsPanel],
          [sums, columns * step],
        ],
        (at, to) => {
          for (let row = 0; row < columns; row += tileRows) {
            f.call(product, add(at, row * bytes), p.count, weights, add(to, row * step));
          }
        },
      );
    });
    f.if(compare('EQ', p.isLast, 1), () => {
      writeGradient(f, format, side, p, products)(out, outputs.count, scratch);
    });
  });
}

/** Bytes for the values of some rows of blocks: what the second cache holds, or more where the products are larger. */
const usualValues = 2 * 2 ** 20;
const mostValues = 5 * 2 ** 20;

/** Sizes and steps that all launches share. */
function layoutOf(w: Winograd) {
  const { columns, bytes, step } = sizesOf(w);
  const outputSide = outputSideOf(w);
  const [rows, tiles] = [Math.ceil(w.size[0] / outputSide), Math.ceil(w.size[1] / outputSide)];
  const [channels, outputs] = [align(w.channels, columns), align(w.outputs, columns)];
  const productsPoint = channels * step;
  const productsG = (outputs / columns) * points * productsPoint;
  const total = rows * w.samples;
  const rowBytes = points * tiles * (channels + outputs) * bytes * w.groups;
  const isWhole = total * rowBytes <= productsG * w.groups + usualValues;
  const room = Math.min(mostValues, Math.max(usualValues, productsG * w.groups));
  const chunk = isWhole ? total : Math.ceil(total / Math.ceil(total / Math.max(1, Math.floor(room / rowBytes))));
  const blocks = chunk * tiles;
  const inputsPanel = blocks * step;
  const inputsPoint = (channels / columns) * inputsPanel + apart;
  const gradientsPoint = blocks * step + apart;
  return {
    rows,
    tiles,
    total,
    chunk,
    isWhole,
    inputsG: points * inputsPoint,
    inputsPoint,
    inputsPanel,
    gradientsG: points * gradientsPoint * (outputs / columns),
    gradientsPoint,
    productsG,
    productsPoint,
    own: w.taps * (inputSide + w.channels * w.taps) * step,
  };
}

/**
 * Adds the launches of the gradient of a kernel to a plan. `output` is the buffer of the gradient of the outputs, the
 * strides of `weights` those of the result, buffer `result`.
 */
export function winogradGradient(planner: Planner, w: Winograd, result: number): void {
  const format = formatOf(w);
  const { columns, bytes, step } = sizesOf(w);
  const layout = layoutOf(w);
  const { chunk, total, isWhole } = layout;
  const buffers = {
    inputs: planner.temporary(layout.inputsG * w.groups),
    gradients: planner.temporary(layout.gradientsG * w.groups),
    products: planner.temporary(isWhole ? 0 : layout.productsG * w.groups),
  };
  const images = [
    imageOf(planner, w, 'input', {
      buffer: buffers.inputs,
      group: layout.inputsG,
      panel: layout.inputsPanel,
      point: layout.inputsPoint,
      tile: step,
    }),
    imageOf(planner, w, 'gradient', {
      buffer: buffers.gradients,
      group: layout.gradientsG,
      panel: points * layout.gradientsPoint,
      point: layout.gradientsPoint,
      tile: step,
    }),
  ];
  const at = (buffer: number) => ({ buffer, offset: 0 });
  const taps = planner.offsets(w, outerSum(offsetsOver([w.channels], [w.weights.c]), w.weights.taps));
  const isDense = w.weights.c === w.taps ** 2 && isRun(w.weights.taps);
  const groups = { total: w.groups, block: 1 };
  for (let first = 0; first < total; first += chunk) {
    const count = Math.min(chunk, total - first);
    for (const image of images) launchValues(planner, w, image, first, count);
    const args = {
      ...layout,
      inputs: at(buffers.inputs),
      gradients: at(buffers.gradients),
      products: at(buffers.products),
      out: at(result),
      rows: at(taps.cells),
      runs: at(taps.runs),
      outG: w.weights.g * bytes,
      outO: w.weights.o * bytes,
      count: count * layout.tiles,
      channels: w.channels,
      isFirst: first === 0 ? 1 : 0,
      isLast: first + chunk >= total ? 1 : 0,
    };
    planner.launch({
      kernel: productKernel(format, sideOf(w.weights.o, isDense ? 1 : 0), isWhole),
      args: productParameters.map((name) => args[name]),
      grid: [groups, { total: w.outputs, block: columns }],
      scratchBytes: layout.own + (isWhole ? points * layout.productsPoint : 0),
    });
  }
}
