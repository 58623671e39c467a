/** Running sums and products, order, and tensors in parts, as rows. */

import { showTf } from '../../conv/tf.js';
import { ValueError } from '../../errors.js';
import { sliceAxis } from '../../ops/composite.js';
import { nth } from '../../ops/primitive.js';
import { sizeOf } from '../../shape/shape.js';
import { isForeign } from '../../tensor/foreign.js';
import { newTensor, op, type Rule, type Tensor } from '../../tensor/tensor.js';
import { repr } from '../../text/python.js';
import { axisArgument, checkKinds, intArgument, intsArgument, invalid, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';
import { NUMBERS, withRule } from './operands.js';

/** A running fold along an axis: from the end with `reverse`, without the own cell with `exclusive`. */
interface Direction {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/** Cells moved by one along an axis, `value` in front. */
function shifted(x: Tensor, axis: number, value: number, by = 1): Tensor {
  const along = x.shape.map((_, a) => (a === axis ? by : 0));
  const zeros = along.map(() => 0);
  return op.pad(x, { lo: along, hi: along.map((cells) => (cells === 0 ? 0 : -cells)), interior: zeros, value });
}

/** A fold in the direction asked for, made of one that goes forwards and takes its own cell. */
function directed(
  x: Tensor,
  { axis, exclusive, reverse }: Direction,
  unit: number,
  fold: (x: Tensor) => Tensor,
): Tensor {
  const isEmpty = x.shape[axis] === 0;
  const forwards = reverse ? op.reverse(x, [axis]) : x;
  const folded = fold(exclusive && !isEmpty ? shifted(forwards, axis, unit) : forwards);
  return reverse ? op.reverse(folded, [axis]) : folded;
}

const sums = (x: Tensor, direction: Direction): Tensor =>
  directed(x, direction, 0, (y) => op.cumsum(y, direction.axis));

/** Products of all cells up to each: of one, two, four and so on of them. */
const products = (x: Tensor, direction: Direction): Tensor =>
  directed(x, direction, 1, (y) => {
    let product = y;
    for (let by = 1; by < (y.shape[direction.axis] as number); by *= 2) {
      product = op.multiply(product, shifted(product, direction.axis, 1, by));
    }
    return product;
  });

/** TensorFlow divides the running sum of what comes behind by the cell, and takes 0 where that is 0. */
const productRule = (direction: Direction): Rule => ({
  name: 'cumprod',
  saves: 'both',
  vjp({ inputs, output, gradient }, _argument, op) {
    const x = nth(inputs, 0);
    const behind = sums(op.multiply(output, gradient), { ...direction, reverse: !direction.reverse });
    const isZero = op.compare(x, op.full(x, 0), 'EQ');
    return op.select(isZero, op.full(x, 0), op.divide(behind, op.select(isZero, op.full(x, 1), x)));
  },
});

const scan = (name: string, operation: string, f: (x: Tensor, direction: Direction) => Tensor): Row =>
  row(name, 'x axis? exclusive? reverse?', ([value, axis, exclusive, reverse]) => {
    const x = tensorArgument(value);
    checkKinds(operation, x.dtype, NUMBERS);
    const rank = x.shape.length;
    const given = axis === undefined ? 0 : intArgument(axis, 'axis');
    const range = `ScanOp: Expected scan axis in the range [${-rank}, ${rank}), but got ${given}`;
    const along = axisArgument(given, rank, () => invalid(operation, 'axis-out-of-range', range));
    return f(x, { axis: along, exclusive: exclusive === true, reverse: reverse === true });
  });

/** The positions of a row's cells in order; equal ones stay as they are, NaN comes last. */
function orderOf(cells: readonly (number | bigint)[], descending: boolean): number[] {
  const compare = (a: number | bigint, b: number | bigint): number => {
    if (a < b) return -1;
    if (a > b) return 1;
    return a === b ? 0 : Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  };
  const sign = descending ? -1 : 1;
  return cells.map((_, i) => i).sort((i, j) => sign * compare(cells[i] as number, cells[j] as number) || i - j);
}

/** The cells of a tensor whose last axis is in order, `count` of each row, and where they were. */
function ordered(x: Tensor, descending: boolean, count: number): { values: Tensor; indices: Tensor } {
  const n = x.shape.at(-1) as number;
  const shape = [...x.shape.slice(0, -1), count];
  const cells = Array.from<number | bigint>(x.array);
  const rows = Array.from({ length: sizeOf(x.shape.slice(0, -1)) }, (_, row) =>
    orderOf(cells.slice(row * n, (row + 1) * n), descending).slice(0, count),
  );
  const flat = newTensor(
    rows.flatMap((order, row) => order.map((i) => row * n + i)),
    shape,
    'int32',
  );
  return { values: op.gather(x, flat), indices: newTensor(rows.flat(), shape, 'int32') };
}

/** x with an axis exchanged with the last. */
function withLast(x: Tensor, axis: number, f: (x: Tensor) => Tensor): Tensor {
  const last = x.shape.length - 1;
  const order = x.shape.map((_, a) => (a === axis ? last : a === last ? axis : a));
  return op.transpose(f(op.transpose(x, order)), order);
}

const sorted = (name: string, part: 'values' | 'indices'): Row =>
  row(name, `values axis? direction? ${part === 'indices' ? 'stable? ' : ''}`.trim(), ([given, axis, direction]) => {
    const x = tensorArgument(given);
    const way = direction ?? 'ASCENDING';
    if (way !== 'ASCENDING' && way !== 'DESCENDING') {
      const known = 'Argument `direction` should be one of ASCENDING, DESCENDING.';
      throw new ValueError('bad-argument', `${known} Received: direction=${String(way)}`);
    }
    checkKinds('TopKV2', x.dtype, NUMBERS);
    const at = axis === undefined ? -1 : intArgument(axis, 'axis');
    const message = `slice index ${at} of dimension 0 out of bounds.`;
    const along = axisArgument(at, x.shape.length, () => invalid('StridedSlice', 'axis-out-of-range', message));
    return withLast(x, along, (y) => ordered(y, way === 'DESCENDING', y.shape.at(-1) as number)[part]);
  });

/** The largest cells of the last axis, in order, and where they are. */
const topK: Row<readonly Tensor[]> = row('top_k', 'input k? sorted? index_type?', ([input, k]) => {
  const x = tensorArgument(input);
  checkKinds('TopKV2', x.dtype, NUMBERS);
  const count = k === undefined ? 1 : intArgument(k, 'k');
  if (x.shape.length < 1) throw invalid('TopKV2', 'rank-mismatch', 'input must be >= 1-D, got shape []');
  if (count < 0) throw invalid('TopKV2', 'bad-argument', `Need k >= 0, got ${count}`);
  const n = x.shape.at(-1) as number;
  if (count > n) {
    throw invalid('TopKV2', 'bad-argument', `input must have at least k columns. Had ${n}, needed ${count}`);
  }
  const { values, indices } = ordered(x, true, count);
  return [values, indices];
});

/** How long the parts are into which an axis is split. */
function partsOf(given: unknown, n: number, axis: number): number[] {
  if (typeof given === 'number' || (isForeign(given) && given.toCore().shape.length === 0)) {
    const count = intArgument(given, 'num_split');
    if (count <= 0) throw invalid('Split', 'bad-argument', `num_split must be > 0, not ${count}`);
    if (n % count === 0) return new Array<number>(count).fill(n / count);
    const message = 'Number of ways to split should evenly divide the split dimension';
    throw invalid(
      'Split',
      'shape-mismatch',
      `${message}, but got split_dim ${axis} (size = ${n}) and num_split ${count}`,
    );
  }
  const sizes = intsArgument(given, 'SplitV');
  const known = sizes.reduce((sum, size) => (size === -1 ? sum : sum + size), 0);
  const open = sizes.filter((size) => size === -1).length;
  if (sizes.some((size) => size < -1) || open > 1 || (open === 1 ? known > n : known !== n)) {
    const message =
      'Determined shape must either match input shape along split_dim exactly if fully specified, or be less than the ' +
      'size of the input along split_dim if not fully specified.';
    throw invalid('SplitV', 'shape-mismatch', `${message}  Got: ${known}`);
  }
  return sizes.map((size) => (size === -1 ? n - known : size));
}

const split: Row<readonly Tensor[]> = row('split', 'value num_or_size_splits axis? num?~', ([value, given, axis]) => {
  const x = tensorArgument(value);
  const rank = x.shape.length;
  const at = axis === undefined ? 0 : intArgument(axis, 'axis');
  const range = `-input rank(-${rank}) <= split_dim < input rank (${rank}), but got ${at}`;
  const along = axisArgument(at, rank, () => invalid('Split', 'axis-out-of-range', range));
  let from = 0;
  return partsOf(given, x.shape[along] as number, along).map((size) => {
    const part = sliceAxis(op, x, along, from, from + size);
    from += size;
    return part;
  });
});

const unstack: Row<readonly Tensor[]> = row('unstack', 'value num?~ axis?', ([value, num, axis]) => {
  const x = tensorArgument(value);
  const rank = x.shape.length;
  const at = axis === undefined ? 0 : intArgument(axis, 'axis');
  const range = `Argument \`axis\` = ${at} not in range [${-rank}, ${rank})`;
  const along = axisArgument(at, rank, () => new ValueError('axis-out-of-range', range));
  const n = x.shape[along] as number;
  if (num !== undefined && num !== null && num !== n) {
    const message = `Input shape axis ${along} must equal ${repr(num)}, got shape ${showTf(x.shape)}`;
    throw invalid('Unpack', 'shape-mismatch', message);
  }
  const shape = x.shape.filter((_, a) => a !== along);
  return Array.from({ length: n }, (_, i) => op.reshape(sliceAxis(op, x, along, i, i + 1), shape));
});

type OrderingName = 'cumsum' | 'cumprod' | 'sort' | 'argsort';

export const ordering: { readonly [N in OrderingName]: Row } = {
  cumsum: scan('cumsum', 'Cumsum', sums),
  cumprod: scan('cumprod', 'Cumprod', (x, direction) =>
    withRule(productRule(direction), [x], products(x.plain, direction)),
  ),
  sort: sorted('sort', 'values'),
  argsort: sorted('argsort', 'indices'),
};

export const inParts: { readonly [N in 'split' | 'unstack' | 'top_k']: Row<readonly Tensor[]> } = {
  split,
  unstack,
  top_k: topK,
};
