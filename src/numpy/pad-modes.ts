/** The modes of np.pad that compute what they pad with, axis after axis: extremes, means, ramps, odd reflections. */

import { sliceAxis } from '../ops/composite.js';
import { isFloat } from '../shape/dtype.js';
import { newTensor, op, type Tensor } from '../tensor/tensor.js';
import { sorted } from './along.js';
import { takeCells } from './take.js';

/** What cells of a line become before they are repeated outside. */
export type Statistic = 'maximum' | 'minimum' | 'mean' | 'median';

/** Widths of one axis. */
type Widths = readonly [before: number, after: number];

const repeated = (cell: Tensor, axis: number, times: number): Tensor => takeCells(cell, axis, new Int32Array(times));

/** In the array's own dtype; integers are rounded. */
function inType(computed: Tensor, x: Tensor): Tensor {
  return isFloat(x.dtype) ? op.convert(computed, x.dtype) : op.convert(op.round_nearest_even(computed), x.dtype);
}

const inFloats = (x: Tensor): Tensor => (isFloat(x.dtype) ? x : op.convert(x, 'float64'));

const kept = (x: Tensor, axis: number, reduced: Tensor): Tensor =>
  op.reshape(
    reduced,
    x.shape.map((n, i) => (i === axis ? 1 : n)),
  );

const statistics: { readonly [S in Statistic]: (x: Tensor, axis: number) => Tensor } = {
  maximum: (x, axis) => kept(x, axis, op.reduce_max(x, [axis])),
  minimum: (x, axis) => kept(x, axis, op.reduce_min(x, [axis])),
  mean(x, axis) {
    const sum = kept(x, axis, op.reduce_sum(inFloats(x), [axis]));
    return inType(op.divide(sum, op.full(sum, x.shape[axis] as number)), x);
  },
  median(x, axis) {
    const lines = sorted(inFloats(x), axis);
    const n = x.shape[axis] as number;
    const cell = (i: number): Tensor => sliceAxis(op, lines, axis, i, i + 1);
    const [low, high] = [cell(Math.floor((n - 1) / 2)), cell(Math.floor(n / 2))];
    return inType(op.multiply(op.add(low, high), op.full(low, 0.5)), x);
  },
};

/** A statistic of the cells at each end, `lengths` of them (all, where null), repeated before and behind. */
export function padStatistic(
  x: Tensor,
  axis: number,
  [before, after]: Widths,
  statistic: Statistic,
  lengths: Widths | null,
): Tensor {
  const n = x.shape[axis] as number;
  const [first, last] = (lengths ?? [n, n]).map((length) => Math.min(length, n)) as [number, number];
  const cell = (from: number, to: number): Tensor => statistics[statistic](sliceAxis(op, x, axis, from, to), axis);
  const parts = [x];
  if (before > 0) parts.unshift(repeated(cell(0, first), axis, before));
  if (after > 0) parts.push(repeated(cell(n - last, n), axis, after));
  return op.concatenate(parts, axis);
}

/** Numbers from an end value to the edge, at equal distances. */
function ramp(edge: Tensor, axis: number, width: number, end: number, dtype: Tensor['dtype']): Tensor {
  const line = inFloats(edge);
  const cells = repeated(line, axis, width);
  const shape = cells.shape.map((_, i) => (i === axis ? width : 1));
  const steps = op.broadcast_in_dim(
    newTensor(
      Array.from({ length: width }, (_, i) => i / width),
      shape,
      line.dtype,
    ),
    cells.shape,
    shape.map((_, i) => i),
  );
  const start = op.full(cells, end);
  const values = op.add(start, op.multiply(op.subtract(cells, start), steps));
  return op.convert(isFloat(dtype) ? values : op.floor(values), dtype);
}

/** Ramps from the edges to end values. */
export function padRamp(x: Tensor, axis: number, [before, after]: Widths, ends: Widths): Tensor {
  const n = x.shape[axis] as number;
  const parts = [x];
  if (before > 0) parts.unshift(ramp(sliceAxis(op, x, axis, 0, 1), axis, before, ends[0], x.dtype));
  if (after > 0) {
    parts.push(op.reverse(ramp(sliceAxis(op, x, axis, n - 1, n), axis, after, ends[1], x.dtype), [axis]));
  }
  return op.concatenate(parts, axis);
}

/**
 * Odd reflections: what is added is twice the edge less the mirrored cell. Behind k mirrors that is x[i] + k (last -
 * first) for even k, and 2 first + (k + 1) (last - first) - x[mirrored i] for odd k.
 */
export function padOdd(x: Tensor, axis: number, [before, after]: Widths, hasEdgeTwice: boolean): Tensor {
  const n = x.shape[axis] as number;
  const period = hasEdgeTwice ? n : n - 1;
  const width = before + n + after;
  const places = Array.from({ length: width }, (_, i) => {
    const position = i - before;
    const mirrors = period === 0 ? 0 : Math.floor(position / period);
    const rest = position - mirrors * period;
    // The last cell ends the array itself; behind it stand mirrors.
    if (position >= 0 && position < n) return { mirrors: 0, cell: position };
    if (period === 0) return { mirrors: 0, cell: 0 };
    const isOdd = Math.abs(mirrors % 2) === 1;
    return { mirrors, cell: isOdd ? (hasEdgeTwice ? n - 1 : period) - rest : rest };
  });
  const shape = x.shape.map((size, i) => (i === axis ? width : size));
  const factors = (f: (mirrors: number, isOdd: boolean) => number): Tensor =>
    op.broadcast_in_dim(
      newTensor(
        places.map(({ mirrors }) => f(mirrors, Math.abs(mirrors % 2) === 1)),
        [width],
        x.dtype,
      ),
      shape,
      [axis],
    );
  const cells = takeCells(
    x,
    axis,
    places.map(({ cell }) => cell),
  );
  const edge = (i: number): Tensor => repeated(sliceAxis(op, x, axis, i, i + 1), axis, width);
  const mirrored = op.multiply(
    cells,
    factors((_, isOdd) => (isOdd ? -1 : 1)),
  );
  const first = op.multiply(
    edge(0),
    factors((k, isOdd) => (isOdd ? 1 - k : -k)),
  );
  const last = op.multiply(
    edge(n - 1),
    factors((k, isOdd) => (isOdd ? k + 1 : k)),
  );
  return op.add(mirrored, op.add(first, last));
}
