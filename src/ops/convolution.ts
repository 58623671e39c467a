/**
 * convolution: the primitive that the house is built for. What it computes, and why its gradients are convolutions
 * again, is derived in conv/convolution.ts; here it is computed, plainly, and the gradients are written down.
 */

import {
  adjointOfInput,
  adjointOfKernel,
  type Convolution,
  outputSize,
  sizeAlong,
  type Window,
} from '../conv/convolution.js';
import { RuntimeError } from '../errors.js';
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

const strideAlong = (axes: string, strides: readonly number[], letter: string): number =>
  strides[axes.indexOf(letter)] ?? 0;

/** Sizes and strides along the letters g, n, c and o, and the meetings along the spatial axes. */
function geometry(spec: Convolution, inputShape: Shape, kernelShape: Shape, outputShape: Shape) {
  const [x, w, y] = [stridesOf(inputShape), stridesOf(kernelShape), stridesOf(outputShape)];
  const axis = (index: number): Meetings => {
    const window = spec.windows[index];
    if (window === undefined) return SINGLE;
    const letter = `${index}`;
    const n = sizeAlong(spec.input, inputShape, letter);
    const k = sizeAlong(spec.kernel, kernelShape, letter);
    const cellStride = strideAlong(spec.input, x, letter);
    return meetings(window, spec.flip, n, k, cellStride, strideAlong(spec.kernel, w, letter));
  };
  const along = (letter: string) => ({
    x: strideAlong(spec.input, x, letter),
    w: strideAlong(spec.kernel, w, letter),
    y: strideAlong(spec.output, y, letter),
  });
  return {
    groups: sizeAlong(spec.output, outputShape, 'g'),
    samples: sizeAlong(spec.output, outputShape, 'n'),
    channels: sizeAlong(spec.input, inputShape, 'c'),
    outputs: sizeAlong(spec.output, outputShape, 'o'),
    g: along('g'),
    n: along('n'),
    c: along('c'),
    o: along('o'),
    axes: [axis(0), axis(1), axis(2)] as const,
    spatial: [along('0').y, along('1').y, along('2').y] as const,
  };
}

type Geometry = ReturnType<typeof geometry>;

/** One image of one output channel: for each output cell, the sum over channels and meetings. */
function convolvePlane<N extends number | bigint>(
  { axes: [z, y, x], spatial, channels, c }: Geometry,
  [input, kernel, output]: readonly [ArrayLike<N>, ArrayLike<N>, { [i: number]: N }],
  [inputBase, kernelBase, outputBase]: readonly [number, number, number],
  zero: N,
  multiplyAdd: (sum: N, a: N, b: N) => N,
): void {
  for (let oz = 0; oz < z.begin.length - 1; oz++) {
    for (let oy = 0; oy < y.begin.length - 1; oy++) {
      for (let ox = 0; ox < x.begin.length - 1; ox++) {
        const [first, last] = [x.begin[ox] as number, x.begin[ox + 1] as number];
        let sum = zero;
        for (let channel = 0; channel < channels; channel++) {
          for (let a = z.begin[oz] as number; a < (z.begin[oz + 1] as number); a++) {
            for (let b = y.begin[oy] as number; b < (y.begin[oy + 1] as number); b++) {
              const from = inputBase + channel * c.x + (z.cell[a] as number) + (y.cell[b] as number);
              const taps = kernelBase + channel * c.w + (z.tap[a] as number) + (y.tap[b] as number);
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
        output[outputBase + oz * spatial[0] + oy * spatial[1] + ox * spatial[2]] = sum;
      }
    }
  }
}

function convolve<N extends number | bigint>(
  geometry: Geometry,
  arrays: readonly [ArrayLike<N>, ArrayLike<N>, { [i: number]: N }],
  zero: N,
  multiplyAdd: (sum: N, a: N, b: N) => N,
): void {
  const { g, n, o } = geometry;
  for (let group = 0; group < geometry.groups; group++) {
    for (let sample = 0; sample < geometry.samples; sample++) {
      for (let made = 0; made < geometry.outputs; made++) {
        const bases = [
          group * g.x + sample * n.x,
          group * g.w + made * o.w,
          group * g.y + sample * n.y + made * o.y,
        ] as const;
        convolvePlane(geometry, arrays, bases, zero, multiplyAdd);
      }
    }
  }
}

/** Sizes of the result, letter by letter: samples from the input, outputs from the kernel, space from the windows. */
function outputShape(spec: Convolution, inputShape: Shape, kernelShape: Shape): Shape {
  const shape: number[] = [];
  for (const letter of spec.output) {
    const n = sizeAlong(spec.input, inputShape, letter);
    const k = sizeAlong(spec.kernel, kernelShape, letter);
    const window = spec.windows[Number(letter)];
    shape.push(window !== undefined ? outputSize(window, n, k) : letter === 'o' ? k : n);
  }
  return shape;
}

const spatialAxes = (axes: string): number[] =>
  [...axes].flatMap((letter, axis) => (letter >= '0' && letter <= '9' ? [axis] : []));

export const convolution: { readonly convolution: Primitive<Params['convolution']> } = {
  convolution: {
    name: 'convolution',
    saves: 'inputs',
    shape(inputs, spec) {
      const [x, w] = [nth(inputs, 0), nth(inputs, 1)];
      const paired = (letter: string) =>
        sizeAlong(spec.input, x.shape, letter) === sizeAlong(spec.kernel, w.shape, letter);
      if (x.dtype !== w.dtype || x.dtype === 'bool' || !paired('c') || !paired('g')) {
        throw new RuntimeError(
          x.dtype === w.dtype && x.dtype !== 'bool' ? 'channels-mismatch' : 'dtype-mismatch',
          `can't convolve ${x.dtype}${showShape(x.shape)} (${spec.input}) with ${w.dtype}${showShape(w.shape)} ` +
            `(${spec.kernel}): groups g, channels c and dtypes (not bool) must agree`,
        );
      }
      const shape = outputShape(spec, x.shape, w.shape);
      checkSize(shape, "the convolution's result");
      return { shape, dtype: x.dtype };
    },
    reference(inputs, spec, result, allocate) {
      const [x, w] = [nth(inputs, 0), nth(inputs, 1)];
      const where = geometry(spec, x.shape, w.shape, result.shape);
      const out = allocate(result.dtype, sizeOf(result.shape));
      if (x.array instanceof BigInt64Array || w.array instanceof BigInt64Array || out instanceof BigInt64Array) {
        if (x.array instanceof BigInt64Array && w.array instanceof BigInt64Array && out instanceof BigInt64Array) {
          convolve(where, [x.array, w.array, out], 0n, multiplyAddBigint);
        }
      } else {
        convolve(where, [x.array, w.array, out], 0, isFloat(x.dtype) ? multiplyAddFloat : multiplyAddInteger);
      }
      return out;
    },
    vjp({ inputs, params: spec, gradient }, argument, op) {
      const [x, w] = [nth(inputs, 0), nth(inputs, 1)];
      if (argument === 0) return op.convolution(gradient, w, adjointOfInput(spec, x.shape, w.shape));
      const dw = op.convolution(x, gradient, adjointOfKernel(spec, x.shape, w.shape));
      return spec.flip ? op.reverse(dw, spatialAxes(spec.kernel)) : dw;
    },
  },
};
