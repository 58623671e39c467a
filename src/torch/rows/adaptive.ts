/** Adaptive pooling, as rows: the windows follow from the size of the result. */

import { RuntimeError } from '../../errors.js';
import { isFloat } from '../../shape/dtype.js';
import { type Shape, showShape, sizeOf, stridesOf } from '../../shape/shape.js';
import { newTensor, op, type Tensor } from '../../tensor/tensor.js';
import { intArgument, isWhole, tensorArgument, wrongType } from '../arguments.js';
import { type Row, row } from '../row.js';
import { unimplemented } from './elementary.js';
import { offsetBy } from './formula.js';
import { withinPlane } from './pooling.js';

/** Cells of an axis that belong to one cell of the result. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** The spans along an axis: floor(i n / m) up to ceil((i + 1) n / m). */
const spansOf = (cells: number, results: number): Span[] =>
  Array.from({ length: results }, (_, i) => ({
    from: Math.floor((i * cells) / results),
    to: Math.ceil(((i + 1) * cells) / results),
  }));

/** Sizes of the result; null keeps a size. */
function sizesOf(value: unknown, call: string, shape: Shape, rank: number): number[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : new Array<unknown>(rank).fill(value);
  if (list.length !== rank) throw new RuntimeError('rank-mismatch', `${call}: output_size must be ${rank}`);
  const sizes = list.map((size, axis) =>
    size === null && rank > 1 ? (shape.at(axis - rank) as number) : intArgument(size, call, 'output_size'),
  );
  if (sizes.some((size) => size < 0)) {
    throw new RuntimeError(
      'size-invalid',
      `${call}: elements of output_size must be greater than or equal to 0 but received {${sizes.join(', ')}}`,
    );
  }
  return sizes;
}

/** Input and sizes of the result, checked. */
function read(call: string, rank: number, input: unknown, outputSize: unknown): { x: Tensor; sizes: number[] } {
  const x = tensorArgument(input, call, 'input');
  if (!isWhole(outputSize) && !Array.isArray(outputSize))
    throw wrongType(call, 'output_size', 'tuple of ints', outputSize);
  if (x.shape.length !== rank + 1 && x.shape.length !== rank + 2) {
    const message = `${call}(): Expected ${rank + 1}D or ${rank + 2}D tensor, but got ${showShape(x.shape)}`;
    throw new RuntimeError('rank-mismatch', message);
  }
  return { x, sizes: sizesOf(outputSize, call, x.shape, rank) };
}

/** For each result along all axes and each tap of its window: the cell's flat position, -1 for a tap too many. */
function taps(shape: Shape, spans: readonly (readonly Span[])[]): Tensor {
  const strides = stridesOf(shape).slice(-spans.length);
  const widest = spans.map((along) => Math.max(0, ...along.map(({ from, to }) => to - from)));
  // Axis by axis: all results so far, each with all its taps so far.
  let table: number[][] = [[0]];
  spans.forEach((along, axis) => {
    table = table.flatMap((places) =>
      along.map(({ from, to }) =>
        places.flatMap((place) =>
          Array.from({ length: widest[axis] as number }, (_, tap) =>
            place < 0 || from + tap >= to ? -1 : place + (from + tap) * (strides[axis] as number),
          ),
        ),
      ),
    );
  });
  return newTensor(table.flat(), [table.length, table[0]?.length ?? 0], 'int32');
}

/** Rows of planes, and where each tap of each result is in a plane. */
function planes(
  x: Tensor,
  sizes: readonly number[],
): { readonly x: Tensor; readonly lead: Shape; readonly table: Tensor } {
  const space = x.shape.slice(-sizes.length);
  const lead = x.shape.slice(0, -sizes.length);
  const table = taps(
    space,
    sizes.map((size, axis) => spansOf(space[axis] as number, size)),
  );
  return { x: op.reshape(x, [sizeOf(lead), sizeOf(space)]), lead, table };
}

/** The table's positions for every plane; a tap too many stays one. */
function positionsIn(rows: Tensor, table: Tensor): Tensor {
  const [count = 0, size = 0] = rows.shape;
  const moved = offsetBy(table, count, size);
  const isMissing = op.compare(table, op.full(table, 0), 'LT');
  return op.select(op.broadcast_in_dim(isMissing, moved.shape, [1, 2]), op.full(moved, -1), moved);
}

/** Means of windows of one size, side by side: the last axes are split. */
function evenMeans(x: Tensor, sizes: readonly number[]): Tensor {
  const lead = x.shape.slice(0, -sizes.length);
  const space = x.shape.slice(-sizes.length);
  const split = sizes.flatMap((size, axis) => [size, (space[axis] as number) / size]);
  const axes = sizes.map((_, axis) => lead.length + 2 * axis + 1);
  const sums = op.reduce_sum(op.reshape(x, [...lead, ...split]), axes);
  return op.divide(sums, op.full(sums, sizeOf(space) / sizeOf(sizes)));
}

function unevenMeans(x: Tensor, sizes: readonly number[]): Tensor {
  const { x: rows, lead, table } = planes(x, sizes);
  const sums = op.reduce_sum(op.gather(rows, positionsIn(rows, table)), [2]);
  const spans = sizes.map((size, axis) => spansOf(x.shape.at(axis - sizes.length) as number, size));
  const counts = spans.reduce<number[]>(
    (all, along) => all.flatMap((n) => along.map(({ from, to }) => n * (to - from))),
    [1],
  );
  const divisors = op.broadcast_in_dim(newTensor(counts, [counts.length], x.dtype), sums.shape, [1]);
  return op.reshape(op.divide(sums, divisors), [...lead, ...sizes]);
}

function average(x: Tensor, sizes: readonly number[]): Tensor {
  const even = sizes.every((size, axis) => size > 0 && (x.shape.at(axis - sizes.length) as number) % size === 0);
  return even ? evenMeans(x, sizes) : unevenMeans(x, sizes);
}

function averageRow(rank: 1 | 2 | 3): Row {
  const call = `adaptive_avg_pool${rank}d`;
  const isMean = (size: unknown): boolean =>
    rank > 1 && (Array.isArray(size) ? size.every((n) => n === 1) : size === 1);
  return row(
    call,
    'input output_size',
    ([, size]) =>
      rank === 1 ? 'SqueezeBackward1' : isMean(size) ? 'MeanBackward1' : `AdaptiveAvgPool${rank}DBackward0`,
    ([input, outputSize]) => {
      const { x, sizes } = read(call, rank, input, outputSize);
      if (!isFloat(x.dtype)) throw unimplemented(call, x.dtype);
      return average(x, sizes);
    },
  );
}

/** The largest cells of adaptive windows, and their places in each plane. */
export function adaptiveMax(
  rank: 1 | 2 | 3,
  [input, outputSize]: readonly unknown[],
): { readonly values: Tensor; readonly indices: () => Tensor } {
  const call = `adaptive_max_pool${rank}d`;
  const { x, sizes } = read(call, rank, input, outputSize);
  if (x.dtype === 'bool' || x.shape.slice(-rank - 1).includes(0)) {
    if (x.dtype === 'bool') throw unimplemented(call, x.dtype);
    const message = `${call}(): Expected input to have non-zero size for non-batch dimensions, but input has sizes ${showShape(x.shape)}`;
    throw new RuntimeError('size-invalid', message);
  }
  const { x: rows, lead, table } = planes(x, sizes);
  const all = positionsIn(rows, table);
  // A tap too many repeats the window's first: gathered again, and never found to be first.
  const [count = 0, results = 0, width = 0] = all.shape;
  const missing = op.compare(all, op.full(all, 0), 'LT');
  const first = op.slice(all, { start: [0, 0, 0], limit: [count, results, Math.min(1, width)], stride: [1, 1, 1] });
  const filled = op.select(missing, op.broadcast_in_dim(first, all.shape, [0, 1, 2]), all);
  const best = op.window_argmax(op.gather(rows.plain, filled), {
    size: [1, 1, width],
    stride: [1, 1, 1],
    lo: [0, 0, 0],
    hi: [0, 0, 0],
    dilation: [1, 1, 1],
  });
  const positions = op.reshape(op.gather(filled, best), [count, results]);
  const shape = [...lead, ...sizes];
  return {
    values: op.reshape(op.gather(rows, positions), shape),
    indices: () => op.reshape(withinPlane(positions, x.shape.slice(-rank)), shape),
  };
}

function maxRow(rank: 1 | 2 | 3): Row {
  const gradFn = rank === 1 ? 'SqueezeBackward1' : `AdaptiveMaxPool${rank}DBackward0`;
  return row(
    `adaptive_max_pool${rank}d`,
    'input output_size return_indices?',
    gradFn,
    (values) => adaptiveMax(rank, values).values,
  );
}

type AdaptiveName =
  | 'adaptive_avg_pool1d'
  | 'adaptive_avg_pool2d'
  | 'adaptive_avg_pool3d'
  | 'adaptive_max_pool1d'
  | 'adaptive_max_pool2d'
  | 'adaptive_max_pool3d';

export const adaptivePooling: { readonly [N in AdaptiveName]: Row } = {
  adaptive_avg_pool1d: averageRow(1),
  adaptive_avg_pool2d: averageRow(2),
  adaptive_avg_pool3d: averageRow(3),
  adaptive_max_pool1d: maxRow(1),
  adaptive_max_pool2d: maxRow(2),
  adaptive_max_pool3d: maxRow(3),
};
