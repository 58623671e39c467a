/** Primitives that go along axes: sums, products, extremes, and where these lie. */

import { RuntimeError } from '../errors.js';
import { extremePlan } from '../plan/extreme.js';
import { reducePlan } from '../plan/reduce.js';
import type { FoldName } from '../plan/reduce-kernel.js';
import { scanPlan } from '../plan/scan.js';
import { windowPlan } from '../plan/window.js';
import { type DType, isFloat, type TypedArray } from '../shape/dtype.js';
import { type Shape, sizeOf, stridesOf } from '../shape/shape.js';
import { walk } from '../shape/strided.js';
import {
  type AxesParams,
  type AxisParams,
  noGradient,
  nth,
  type Ops,
  type Params,
  type Primitive,
  type Typed,
  type WindowParams,
} from './primitive.js';

const others = (rank: number, axes: readonly number[]): number[] =>
  Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !axes.includes(axis));

const without = (shape: Shape, axes: readonly number[]): number[] => shape.filter((_, axis) => !axes.includes(axis));

/** Repeats a reduced tensor over the axes that were reduced. */
const restore = <T extends Typed>(op: Ops<T>, reduced: T, shape: Shape, axes: readonly number[]): T =>
  op.broadcast_in_dim(reduced, shape, others(shape.length, axes));

/** How two values become one; float sums go in float64 and are rounded once, integers wrap. */
interface Fold {
  readonly start: number;
  readonly number: (a: number, b: number) => number;
  readonly integer?: (a: number, b: number) => number;
  readonly bigint: (a: bigint, b: bigint) => bigint;
  /** Extremes have no value to start from. */
  readonly needsOne?: true;
  /** What kernels call it. */
  readonly kernel: FoldName;
}

const folds = {
  reduce_sum: {
    start: 0,
    number: (a, b) => a + b,
    integer: (a, b) => (a + b) | 0,
    bigint: (a, b) => a + b,
    kernel: 'sum',
  },
  reduce_prod: {
    start: 1,
    number: (a, b) => a * b,
    integer: Math.imul,
    bigint: (a, b) => BigInt.asIntN(64, a * b),
    kernel: 'product',
  },
  reduce_max: {
    start: Number.NEGATIVE_INFINITY,
    number: Math.max,
    bigint: (a, b) => [b, a][Number(a > b)] as bigint,
    needsOne: true,
    kernel: 'maximum',
  },
  reduce_min: {
    start: Number.POSITIVE_INFINITY,
    number: Math.min,
    bigint: (a, b) => [b, a][Number(a < b)] as bigint,
    needsOne: true,
    kernel: 'minimum',
  },
} satisfies { [name: string]: Fold };

/** Visits, for each cell of the result, the cells of x that it is made of, in order. */
function visitGroups(
  shape: Shape,
  axes: readonly number[],
  visit: (i: number, first: boolean, at: number) => void,
): void {
  const strides = stridesOf(shape);
  const kept = others(shape.length, axes);
  const along = axes.map((axis) => strides[axis] as number);
  const sizes = axes.map((axis) => shape[axis] as number);
  walk(
    without(shape, axes),
    kept.map((axis) => strides[axis] as number),
    0,
    (i, base) => {
      walk(sizes, along, base, (j, at) => visit(i, j === 0, at));
    },
  );
}

/** Neighbours are added as NumPy adds them, so that its float64 sums are these to the last digit: in halves, by eights. */
function pairwiseSum(x: Float64Array, start: number, length: number): number {
  const at = (i: number): number => x[start + i] as number;
  if (length > 128) {
    const half = (length >> 1) & ~7;
    return pairwiseSum(x, start, half) + pairwiseSum(x, start + half, length - half);
  }
  const sums = [0, 0, 0, 0, 0, 0, 0, 0];
  const even = length & ~7;
  for (let i = 0; i < even; i++) sums[i & 7] = (sums[i & 7] as number) + at(i);
  const [a, b, c, d, e, f, g, h] = sums as [number, number, number, number, number, number, number, number];
  let sum = a + b + (c + d) + (e + f + (g + h));
  for (let i = even; i < length; i++) sum += at(i);
  return sum;
}

function foldArray(
  fold: Fold,
  x: { array: TypedArray; shape: Shape; dtype: DType },
  axes: readonly number[],
  out: TypedArray,
): TypedArray {
  const from = x.array;
  if (from instanceof BigInt64Array && out instanceof BigInt64Array) {
    if (fold.needsOne !== true) out.fill(BigInt(fold.start));
    visitGroups(x.shape, axes, (i, first, at) => {
      const value = from[at] as bigint;
      out[i] = first && fold.needsOne ? value : fold.bigint(out[i] as bigint, value);
    });
    return out;
  }
  const rank = x.shape.length;
  const areLast = axes.every((axis) => axis >= rank - axes.length);
  if (fold.kernel === 'sum' && areLast && from instanceof Float64Array && out instanceof Float64Array) {
    const length = out.length === 0 ? 0 : from.length / out.length;
    for (let i = 0; i < out.length; i++) out[i] = pairwiseSum(from, i * length, length);
    return out;
  }
  const f = isFloat(x.dtype) ? fold.number : (fold.integer ?? fold.number);
  const sums = x.dtype === 'float32' ? new Float64Array(out.length) : out;
  if (!(sums instanceof BigInt64Array)) sums.fill(fold.start);
  visitGroups(x.shape, axes, (i, first, at) => {
    const value = from[at] as number;
    sums[i] = first && fold.needsOne ? value : f(sums[i] as number, value);
  });
  if (sums !== out) for (let i = 0; i < out.length; i++) out[i] = sums[i] as number;
  return out;
}

function reduction(
  name: keyof typeof folds,
  saves: Primitive<AxesParams>['saves'],
  vjp: Primitive<AxesParams>['vjp'],
): Primitive<AxesParams> {
  const fold: Fold = folds[name];
  return {
    name,
    saves,
    shape(inputs, { axes }) {
      const x = nth(inputs, 0);
      if (x.dtype === 'bool' && !fold.needsOne) throw new RuntimeError('dtype-mismatch', `${name}: convert bool first`);
      const shape = without(x.shape, axes);
      if (fold.needsOne && sizeOf(x.shape) === 0 && sizeOf(shape) > 0) {
        throw new RuntimeError(
          'size-invalid',
          `${name} of no elements: shape [${x.shape}] is empty along axes [${axes}]`,
        );
      }
      return { shape, dtype: x.dtype };
    },
    reference: (inputs, { axes }, result, allocate) =>
      foldArray(fold, nth(inputs, 0), axes, allocate(result.dtype, sizeOf(result.shape))),
    lower: (inputs, { axes }, result) => reducePlan(fold.kernel, nth(inputs, 0), axes, result),
    vjp,
  };
}

/** The gradient goes to where the extreme is, in equal parts where it is more than once. */
const toTheExtreme: Primitive<AxesParams>['vjp'] = ({ inputs, output, params: { axes }, gradient }, _argument, op) => {
  const x = nth(inputs, 0);
  const isExtreme = op.convert(op.compare(x, restore(op, output, x.shape, axes), 'EQ'), x.dtype);
  const share = op.divide(gradient, op.reduce_sum(isExtreme, axes));
  return op.multiply(isExtreme, restore(op, share, x.shape, axes));
};

/** x moved along an axis by `by` cells, with ones coming in. */
function shiftInOnes<T extends Typed>(op: Ops<T>, x: T, axis: number, by: number): T {
  const along = (value: number): number[] => x.shape.map((_, a) => (a === axis ? value : 0));
  return op.pad(x, { lo: along(by), hi: along(-by), interior: along(0), value: 1 });
}

/** Product of all cells before each along an axis (or, by = -1, after it), by doubling: log2(size) multiplications. */
function productsOfOthers<T extends Typed>(op: Ops<T>, x: T, axis: number, by: 1 | -1): T {
  let products = shiftInOnes(op, x, axis, by);
  for (let reach = 1; reach < (x.shape[axis] as number); reach *= 2) {
    products = op.multiply(products, shiftInOnes(op, products, axis, by * reach));
  }
  return products;
}

/** Position of the extreme along an axis, the first where it is more than once; NaN counts as the extreme. */
function extremePosition(
  name: 'argmax' | 'argmin',
  better: (a: number | bigint, b: number | bigint) => boolean,
): Primitive<AxisParams> {
  return {
    name,
    saves: 'nothing',
    shape(inputs, { axis }) {
      const x = nth(inputs, 0);
      if (x.shape[axis] === 0)
        throw new RuntimeError('size-invalid', `${name} of no elements: axis ${axis} has size 0`);
      return { shape: without(x.shape, [axis]), dtype: 'int64' };
    },
    reference(inputs, { axis }, result, allocate) {
      const x = nth(inputs, 0);
      const out = allocate('int64', sizeOf(result.shape));
      const stride = stridesOf(x.shape)[axis] as number;
      const best = new Array<number>(out.length);
      const start = new Array<number>(out.length);
      visitGroups(x.shape, [axis], (i, first, at) => {
        const held = x.array[best[i] ?? at] as number | bigint;
        const value = x.array[at] as number | bigint;
        if (first) start[i] = at;
        if (first || better(value, held) || (Number.isNaN(value) && !Number.isNaN(held))) best[i] = at;
      });
      for (let i = 0; i < out.length; i++) out[i] = BigInt(((best[i] as number) - (start[i] as number)) / stride);
      return out;
    },
    lower: (inputs, { axis }, result) =>
      extremePlan(name === 'argmax' ? 'maximum' : 'minimum', nth(inputs, 0), axis, result),
    vjp: noGradient,
  };
}

const windowSize = ({ size, stride, lo, hi, dilation }: WindowParams, n: number, axis: number): number => {
  const room = n + (lo[axis] ?? 0) + (hi[axis] ?? 0) - ((size[axis] ?? 1) - 1) * (dilation[axis] ?? 1) - 1;
  return room < 0 ? 0 : Math.floor(room / (stride[axis] ?? 1)) + 1;
};

type ReductionName =
  | 'reduce_sum'
  | 'reduce_prod'
  | 'reduce_max'
  | 'reduce_min'
  | 'argmax'
  | 'argmin'
  | 'cumsum'
  | 'window_argmax';

export const reductions: { readonly [N in ReductionName]: Primitive<Params[N]> } = {
  reduce_sum: reduction('reduce_sum', 'nothing', ({ inputs, params: { axes }, gradient }, _argument, op) =>
    restore(op, gradient, nth(inputs, 0).shape, axes),
  ),
  // The gradient by one factor is the product of the others, also where factors are zero: those before it times those
  // after it, over the reduced cells in a row.
  reduce_prod: reduction('reduce_prod', 'inputs', ({ inputs, params: { axes }, gradient }, _argument, op) => {
    const x = nth(inputs, 0);
    const kept = others(x.shape.length, axes);
    const order = [...kept, ...axes];
    const turned = op.transpose(x, order);
    const rows = sizeOf(without(x.shape, axes));
    const row = op.reshape(turned, [rows, axes.reduce((size, axis) => size * (x.shape[axis] as number), 1)]);
    const product = op.multiply(productsOfOthers(op, row, 1, 1), productsOfOthers(op, row, 1, -1));
    const slopes = op.transpose(
      op.reshape(product, turned.shape),
      order.map((_, axis) => order.indexOf(axis)),
    );
    return op.multiply(slopes, restore(op, gradient, x.shape, axes));
  }),
  reduce_max: reduction('reduce_max', 'both', toTheExtreme),
  reduce_min: reduction('reduce_min', 'both', toTheExtreme),
  argmax: extremePosition('argmax', (a, b) => a > b),
  argmin: extremePosition('argmin', (a, b) => a < b),
  cumsum: {
    name: 'cumsum',
    saves: 'nothing',
    shape(inputs) {
      const x = nth(inputs, 0);
      if (x.dtype === 'bool') throw new RuntimeError('dtype-mismatch', 'cumsum: convert bool first');
      return x;
    },
    reference(inputs, { axis }, result, allocate) {
      const x = nth(inputs, 0);
      const from = x.array;
      const out = allocate(result.dtype, from.length);
      let sum = 0;
      let bigSum = 0n;
      visitGroups(x.shape, [axis], (_i, first, at) => {
        if (from instanceof BigInt64Array && out instanceof BigInt64Array) {
          bigSum = first ? (from[at] as bigint) : bigSum + (from[at] as bigint);
          out[at] = bigSum;
        } else {
          sum = first ? (from[at] as number) : sum + (from[at] as number);
          out[at] = sum;
        }
      });
      return out;
    },
    lower: (inputs, { axis }, result) => scanPlan(nth(inputs, 0), axis, result),
    vjp: ({ params: { axis }, gradient }, _argument, op) =>
      op.reverse(op.cumsum(op.reverse(gradient, [axis]), axis), [axis]),
  },
  // Flat position of the largest cell in each window, -1 where a window holds none. Max pooling is a gather by these.
  window_argmax: {
    name: 'window_argmax',
    saves: 'nothing',
    shape(inputs, params) {
      const x = nth(inputs, 0);
      return { shape: x.shape.map((n, axis) => windowSize(params, n, axis)), dtype: 'int32' };
    },
    reference(inputs, { size, stride, lo, dilation }, result, allocate) {
      const x = nth(inputs, 0);
      const strides = stridesOf(x.shape);
      const out = allocate('int32', sizeOf(result.shape));
      const starts = stridesOf(result.shape);
      for (let i = 0; i < out.length; i++) {
        const corner = result.shape.map((n, a) => {
          const index = Math.floor(i / (starts[a] as number)) % n;
          return index * (stride[a] ?? 1) - (lo[a] ?? 0);
        });
        let best = -1;
        walk(
          size,
          size.map(() => 0),
          0,
          (tap) => {
            let at = 0;
            let rest = tap;
            for (let a = size.length - 1; a >= 0; a--) {
              const n = size[a] as number;
              const place = (corner[a] as number) + (rest % n) * (dilation[a] ?? 1);
              rest = Math.floor(rest / n);
              if (place < 0 || place >= (x.shape[a] as number)) return;
              at += place * (strides[a] as number);
            }
            const value = x.array[at] as number | bigint;
            if (best < 0 || value > (x.array[best] as number | bigint) || Number.isNaN(value)) best = at;
          },
        );
        out[i] = best;
      }
      return out;
    },
    lower(inputs, { size, stride, lo, dilation }, result) {
      const x = nth(inputs, 0);
      const axes = x.shape.map((cells, axis) => ({
        cells,
        windows: result.shape[axis] as number,
        size: size[axis] ?? 1,
        stride: stride[axis] ?? 1,
        dilation: dilation[axis] ?? 1,
        lo: lo[axis] ?? 0,
      }));
      return windowPlan(x, axes, result);
    },
    vjp: noGradient,
  },
};
