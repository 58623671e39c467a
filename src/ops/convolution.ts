/**
 * convolution: the primitive that the house is built for. What it computes, and why its gradients are convolutions
 * again, is derived in conv/convolution.ts; here it is computed, plainly, and the gradients are written down.
 */

import {
  adjointOfInput,
  adjointOfKernel,
  type Convolution,
  outputSize,
  positionsOf,
  sizeAt,
  type Window,
} from '../conv/convolution.js';
import { currentDevice } from '../device/device.js';
import { RuntimeError } from '../errors.js';
import { convolutionPlan } from '../plan/convolution.js';
import { isFloat } from '../shape/dtype.js';
import { checkSize, type Shape, showShape, sizeOf, stridesOf } from '../shape/shape.js';
import { multiplyAddBigint, multiplyAddFloat, multiplyAddInteger } from './contraction.js';
import { nth, type Params, type Primitive } from './primitive.js';

/**
 * Along one axis, where tap and cell meet for each output: output o sums over the pairs `begin[o] .. begin[o + 1]`,
 * each an offset of a tap in the kernel and of a cell in the input.
 */
interface Meetings {
  readonly begin: readonly number[];
  readonly tap: readonly number[];
  readonly cell: readonly number[];
}

/** The axis that a convolution of lower rank lacks: one output, one tap, one cell. */
const SINGLE: Meetings = { begin: [0, 1], tap: [0], cell: [0] };

/** Solves o*s + t*d = j*b + lo for j, for every output o and tap t: (1) of conv/convolution.ts. */
function meetings(
  window: Window,
  flip: boolean,
  n: number,
  k: number,
  cellStride: number,
  tapStride: number,
): Meetings {
  const { stride, lo, inputDilation, kernelDilation } = window;
  const begin = [0];
  const tap: number[] = [];
  const cell: number[] = [];
  const m = outputSize(window, n, k);
  for (let o = 0; o < m; o++) {
    for (let t = 0; t < k; t++) {
      const place = o * stride + t * kernelDilation - lo;
      if (place < 0 || place % inputDilation !== 0) continue;
      const j = place / inputDilation;
      if (j >= n) break;
      tap.push((flip ? k - 1 - t : t) * tapStride);
      cell.push(j * cellStride);
    }
    begin.push(tap.length);
  }
  return { begin, tap, cell };
}

/** Strides of one operand along the letters; 0 for one left out. */
function stridesAlong(axes: string, shape: Shape) {
  const { g, n, c, o, space } = positionsOf(axes);
  const strides = stridesOf(shape);
  const at = (position: number): number => (position < 0 ? 0 : (strides[position] as number));
  return { g: at(g), n: at(n), c: at(c), o: at(o), space, at };
}

/** Sizes and strides along the letters g, n, c and o, and the meetings along the spatial axes, the last of them x. */
function geometry(spec: Convolution, inputShape: Shape, kernelShape: Shape, outputShape: Shape) {
  const input = stridesAlong(spec.input, inputShape);
  const kernel = stridesAlong(spec.kernel, kernelShape);
  const output = stridesAlong(spec.output, outputShape);
  const axis = (index: number): Meetings => {
    const window = spec.windows[index];
    if (window === undefined) return SINGLE;
    const [cells, taps] = [input.space[index] as number, kernel.space[index] as number];
    const [n, k] = [sizeAt(inputShape, cells), sizeAt(kernelShape, taps)];
    return meetings(window, spec.flip, n, k, input.at(cells), kernel.at(taps));
  };
  const rank = spec.windows.length;
  const step = (index: number): number => (index < 0 ? 0 : output.at(output.space[index] as number));
  const at = positionsOf(spec.output);
  return {
    groups: sizeAt(outputShape, at.g),
    samples: sizeAt(outputShape, at.n),
    outputs: sizeAt(outputShape, at.o),
    channels: sizeAt(inputShape, positionsOf(spec.input).c),
    input,
    kernel,
    output,
    z: axis(rank - 3),
    y: axis(rank - 2),
    x: axis(rank - 1),
    stepZ: step(rank - 3),
    stepY: step(rank - 2),
    stepX: step(rank - 1),
  };
}

type Geometry = ReturnType<typeof geometry>;

/** One image of one output channel: for each output cell, the sum over channels and meetings. */
function convolvePlane<N extends number | bigint>(
  where: Geometry,
  input: ArrayLike<N>,
  inputBase: number,
  kernel: ArrayLike<N>,
  kernelBase: number,
  output: { [i: number]: N },
  outputBase: number,
  zero: N,
  multiplyAdd: (sum: N, a: N, b: N) => N,
): void {
  const { x, y, z, channels, stepX, stepY, stepZ } = where;
  for (let oz = 0; oz < z.begin.length - 1; oz++) {
    for (let oy = 0; oy < y.begin.length - 1; oy++) {
      for (let ox = 0; ox < x.begin.length - 1; ox++) {
        const first = x.begin[ox] as number;
        const last = x.begin[ox + 1] as number;
        let sum = zero;
        for (let channel = 0; channel < channels; channel++) {
          for (let a = z.begin[oz] as number; a < (z.begin[oz + 1] as number); a++) {
            for (let b = y.begin[oy] as number; b < (y.begin[oy + 1] as number); b++) {
              const from = inputBase + channel * where.input.c + (z.cell[a] as number) + (y.cell[b] as number);
              const taps = kernelBase + channel * where.kernel.c + (z.tap[a] as number) + (y.tap[b] as number);
              for (let i = first; i < last; i++) {
                sum = multiplyAdd(
                  sum,
                  input[from + (x.cell[i] as number)] as N,
                  kernel[taps + (x.tap[i] as number)] as N,
                );
              }
            }
          }
        }
        output[outputBase + oz * stepZ + oy * stepY + ox * stepX] = sum;
      }
    }
  }
}

function convolve<N extends number | bigint>(
  where: Geometry,
  x: ArrayLike<N>,
  w: ArrayLike<N>,
  y: { [i: number]: N },
  zero: N,
  multiplyAdd: (sum: N, a: N, b: N) => N,
): void {
  const { input, kernel, output } = where;
  for (let g = 0; g < where.groups; g++) {
    for (let n = 0; n < where.samples; n++) {
      for (let o = 0; o < where.outputs; o++) {
        const from = g * input.g + n * input.n;
        const to = g * output.g + n * output.n + o * output.o;
        convolvePlane(where, x, from, w, g * kernel.g + o * kernel.o, y, to, zero, multiplyAdd);
      }
    }
  }
}

/** Sizes of the result, letter by letter: samples from the input, outputs from the kernel, space from the windows. */
function resultShape(spec: Convolution, inputShape: Shape, kernelShape: Shape): Shape {
  const [input, kernel, output] = [positionsOf(spec.input), positionsOf(spec.kernel), positionsOf(spec.output)];
  const shape = new Array<number>(spec.output.length);
  if (output.g >= 0) shape[output.g] = sizeAt(inputShape, input.g);
  if (output.n >= 0) shape[output.n] = sizeAt(inputShape, input.n);
  if (output.o >= 0) shape[output.o] = sizeAt(kernelShape, kernel.o);
  for (let axis = 0; axis < spec.windows.length; axis++) {
    const n = sizeAt(inputShape, input.space[axis] as number);
    const k = sizeAt(kernelShape, kernel.space[axis] as number);
    shape[output.space[axis] as number] = outputSize(spec.windows[axis] as Window, n, k);
  }
  return shape;
}

const spatialAxes = (axes: string): number[] => positionsOf(axes).space.filter((position) => position >= 0);

export const convolution: { readonly convolution: Primitive<Params['convolution']> } = {
  convolution: {
    name: 'convolution',
    saves: 'inputs',
    shape(inputs, spec) {
      const [x, w] = [nth(inputs, 0), nth(inputs, 1)];
      const [a, b] = [positionsOf(spec.input), positionsOf(spec.kernel)];
      const fits = sizeAt(x.shape, a.c) === sizeAt(w.shape, b.c) && sizeAt(x.shape, a.g) === sizeAt(w.shape, b.g);
      if (!fits || x.dtype !== w.dtype || x.dtype === 'bool') {
        throw new RuntimeError(
          x.dtype === w.dtype && x.dtype !== 'bool' ? 'channels-mismatch' : 'dtype-mismatch',
          `can't convolve ${x.dtype}${showShape(x.shape)} (${spec.input}) with ${w.dtype}${showShape(w.shape)} ` +
            `(${spec.kernel}): groups g, channels c and dtypes (not bool) must agree`,
        );
      }
      const shape = resultShape(spec, x.shape, w.shape);
      checkSize(shape, "the convolution's result");
      return { shape, dtype: x.dtype };
    },
    reference(inputs, spec, result, allocate) {
      const [x, w] = [nth(inputs, 0), nth(inputs, 1)];
      const where = geometry(spec, x.shape, w.shape, result.shape);
      const out = allocate(result.dtype, sizeOf(result.shape));
      if (x.array instanceof BigInt64Array || w.array instanceof BigInt64Array || out instanceof BigInt64Array) {
        if (x.array instanceof BigInt64Array && w.array instanceof BigInt64Array && out instanceof BigInt64Array) {
          convolve(where, x.array, w.array, out, 0n, multiplyAddBigint);
        }
      } else {
        convolve(where, x.array, w.array, out, 0, isFloat(x.dtype) ? multiplyAddFloat : multiplyAddInteger);
      }
      return out;
    },
    lower: (inputs, spec, result) =>
      convolutionPlan(spec, nth(inputs, 0), nth(inputs, 1), result, spec.precision ?? currentDevice().precision),
    vjp({ inputs, params: spec, gradient }, argument, op) {
      const [x, w] = [nth(inputs, 0), nth(inputs, 1)];
      if (argument === 0) return op.convolution(gradient, w, adjointOfInput(spec, x.shape, w.shape));
      const dw = op.convolution(x, gradient, adjointOfKernel(spec, x.shape, w.shape));
      return spec.flip ? op.reverse(dw, spatialAxes(spec.kernel)) : dw;
    },
  },
};
