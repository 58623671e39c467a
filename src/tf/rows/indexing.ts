/** Functions that take, or put, some of a tensor's cells, as rows. */

import { showTf } from '../../conv/tf.js';
import { TypeError_, ValueError } from '../../errors.js';
import { heap } from '../../heap/heap.js';
import { checkSize, type Shape, sameShape, show, sizeOf, stridesOf } from '../../shape/shape.js';
import { Buffer } from '../../tensor/buffer.js';
import { newTensor, op, Tensor } from '../../tensor/tensor.js';
import { tuple } from '../../text/python.js';
import {
  axisArgument,
  checkDtype,
  intArgument,
  intsArgument,
  invalid,
  operandsOf,
  tensorArgument,
} from '../arguments.js';
import { dtypeOr } from '../dtype.js';
import { type Row, row } from '../row.js';

/** Indices as a tensor and as numbers. */
function indicesArgument(value: unknown, operation: string, attribute = 'Tindices') {
  const given = tensorArgument(value, null);
  const isPlain = given.dtype === 'float32' && Array.from<number | bigint>(given.array).every(Number.isInteger);
  const isNumbers = isPlain && (typeof value === 'number' || Array.isArray(value));
  if (!isNumbers) checkDtype(operation, given.dtype, ['int32', 'int64'], attribute);
  return { shape: given.shape, numbers: Array.from<number | bigint, number>(given.array, Number) };
}

/** Positions in a flat array, as the core's gather takes them. */
function positions(shape: Shape, at: (i: number) => number): Tensor {
  checkSize(shape, 'the result');
  const array = heap.allocate('int32', sizeOf(shape));
  for (let i = 0; i < array.length; i++) array[i] = at(i);
  return new Tensor(shape, 'int32', new Buffer(array));
}

/** Slices of x along an axis: one for each index, of which the first `batch` axes are x's own. */
function gathered(x: Tensor, indices: ReturnType<typeof indicesArgument>, axis: number, batch: number): Tensor {
  const lead = x.shape.slice(0, batch);
  const outer = x.shape.slice(batch, axis);
  const inner = x.shape.slice(axis + 1);
  const own = indices.shape.slice(batch);
  const [n, count, cells] = [x.shape[axis] as number, sizeOf(own), sizeOf(inner)];
  const bad = indices.numbers.findIndex((index) => index < 0 || index >= n);
  if (bad >= 0) {
    const strides = stridesOf(indices.shape);
    const place = indices.shape.map((size, i) => Math.floor(bad / (strides[i] as number)) % size);
    const name = place.length === 0 ? 'indices' : `indices[${place.join(',')}]`;
    throw invalid('GatherV2', 'index-out-of-range', `${name} = ${indices.numbers[bad]} is not in [0, ${n})`);
  }
  const rows = sizeOf(outer);
  const flat = positions([...lead, ...outer, ...own, ...inner], (i) => {
    const cell = i % cells;
    const which = Math.floor(i / cells) % count;
    const before = Math.floor(i / (cells * count));
    const index = indices.numbers[Math.floor(before / rows) * count + which] as number;
    return (before * n + index) * cells + cell;
  });
  return op.gather(x, flat);
}

const gather: Row = row(
  'gather',
  'params indices validate_indices?~ axis?~ batch_dims?',
  ([params, given, , axis, batchDims]) => {
    const x = tensorArgument(params);
    const indices = indicesArgument(given, 'GatherV2');
    const rank = x.shape.length;
    if (rank === 0) throw invalid('GatherV2', 'rank-mismatch', 'params must be at least 1 dimensional');
    const batch = batchDims === undefined ? 0 : intArgument(batchDims, 'batch_dims');
    const dims = batch < 0 ? batch + indices.shape.length : batch;
    if (dims < 0 || dims > indices.shape.length) {
      const range = `[${-indices.shape.length}, ${indices.shape.length})`;
      throw invalid('GatherV2', 'axis-out-of-range', `Expected batch_dims in the range ${range}, but got ${batch}`);
    }
    if (!sameShape(x.shape.slice(0, dims), indices.shape.slice(0, dims))) {
      const shapes = `params.shape[:batch_dims] = ${showTf(x.shape.slice(0, dims))}, indices: ${showTf(indices.shape)}`;
      throw invalid('GatherV2', 'shape-mismatch', `batch dimensions must match: ${shapes}`);
    }
    const along = axis === undefined || axis === null ? dims : intArgument(axis, 'axis');
    const needed = along < 0 ? -along : along + 1;
    const message = `Shape must be at least rank ${needed} but is rank ${rank}`;
    const counted = axisArgument(along, rank, () => invalid('GatherV2', 'axis-out-of-range', message));
    if (counted < dims) {
      const order = `batch_dims (${dims}) must be less than or equal to axis (${counted}).`;
      throw invalid('GatherV2', 'bad-argument', order);
    }
    return gathered(x, indices, counted, dims);
  },
);

/** Where each index of the last axis points to among the slices of a shape, as flat positions of slices. */
function slicesAt(operation: string, indices: ReturnType<typeof indicesArgument>, shape: Shape): number[] {
  const depth = indices.shape.at(-1) ?? 0;
  if (depth > shape.length) {
    const message = `index innermost dimension length must be <= params rank; saw: ${depth} vs. ${shape.length}`;
    throw invalid(operation, 'rank-mismatch', message);
  }
  const strides = stridesOf(shape.slice(0, depth));
  return Array.from({ length: sizeOf(indices.shape.slice(0, -1)) }, (_, i) => {
    const index = indices.numbers.slice(i * depth, (i + 1) * depth);
    if (index.some((at, axis) => at < 0 || at >= (shape[axis] as number))) {
      const where = showTf(index).replaceAll(',', ', ');
      const message = `indices[${i}] = ${where} does not index into param shape ${showTf(shape)}`;
      throw invalid(operation, 'index-out-of-range', message);
    }
    return index.reduce((sum, at, axis) => sum + at * (strides[axis] as number), 0);
  });
}

/** Positions of all cells of some slices. */
function cellsOf(slices: readonly number[], lead: Shape, inner: Shape): Tensor {
  const cells = sizeOf(inner);
  return positions([...lead, ...inner], (i) => (slices[Math.floor(i / cells)] as number) * cells + (i % cells));
}

const gatherNd: Row = row('gather_nd', 'params indices batch_dims?', ([params, given, batchDims]) => {
  if (batchDims !== undefined && batchDims !== 0) {
    throw new ValueError('bad-argument', `gather_nd: batch_dims must be 0, not ${show(batchDims)}; use tf.gather`);
  }
  const x = tensorArgument(params);
  const indices = indicesArgument(given, 'GatherNd');
  if (indices.shape.length < 1) throw invalid('GatherNd', 'rank-mismatch', 'indices must be at least a vector');
  const slices = slicesAt('GatherNd', indices, x.shape);
  return op.gather(x, cellsOf(slices, indices.shape.slice(0, -1), x.shape.slice(indices.shape.at(-1))));
});

/** Indices and updates that fit them. */
function scattered(operation: string, given: unknown, updates: Tensor, shape: Shape): Tensor {
  const indices = indicesArgument(given, operation);
  const slices = slicesAt(operation, indices, shape);
  const lead = indices.shape.slice(0, -1);
  const inner = shape.slice(indices.shape.at(-1));
  if (!sameShape(updates.shape, [...lead, ...inner])) {
    const shapes = `updates ${showTf(updates.shape)}, indices ${showTf(indices.shape)}, output ${showTf(shape)}`;
    throw invalid(operation, 'shape-mismatch', `Dimensions of updates don't fit: ${shapes}`);
  }
  return cellsOf(slices, lead, inner);
}

/** The tensor with some slices exchanged; of several for one place the last counts. */
const scatterUpdate: Row = row('tensor_scatter_nd_update', 'tensor indices updates', ([tensor, indices, given]) => {
  const [x, updates] = operandsOf('TensorScatterUpdate', [tensor, given]) as [Tensor, Tensor];
  const places = scattered('TensorScatterUpdate', indices, updates, x.shape);
  const source = new Int32Array(x.size).fill(-1);
  Array.from(places.array, Number).forEach((place, i) => {
    source[place] = i;
  });
  const taken = op.gather(
    updates,
    positions(x.shape, (i) => source[i] as number),
  );
  const isNew = newTensor(
    Array.from(source, (i) => i >= 0),
    x.shape,
    'bool',
  );
  return op.select(isNew, taken, x);
});

const addition = (name: string, sign: 1 | -1): Row =>
  row(name, 'tensor indices updates', ([tensor, indices, given]) => {
    const [x, updates] = operandsOf('TensorScatterAdd', [tensor, given]) as [Tensor, Tensor];
    const places = scattered('TensorScatterAdd', indices, updates, x.shape);
    return op[sign > 0 ? 'add' : 'subtract'](x, op.scatter(updates, places, x.shape));
  });

/** Cells where a mask holds, along the axes that it covers. */
const booleanMask: Row = row('boolean_mask', 'tensor mask axis?~', ([tensor, given, axis]) => {
  const x = tensorArgument(tensor);
  const mask = tensorArgument(given);
  const from = axis === undefined || axis === null ? 0 : intArgument(axis, 'axis');
  const start = from < 0 ? from + x.shape.length : from;
  if (mask.shape.length === 0) throw new ValueError('rank-mismatch', 'mask cannot be scalar.');
  const covered = x.shape.slice(start, start + mask.shape.length);
  if (!sameShape(covered, mask.shape)) {
    const message = `Shapes ${tuple(covered)} and ${tuple(mask.shape)} are incompatible`;
    throw new ValueError('shape-mismatch', message);
  }
  const numbers = Array.from<number | bigint>(mask.array).flatMap((value, i) => (value ? [i] : []));
  const [before, after] = [x.shape.slice(0, start), x.shape.slice(start + mask.shape.length)];
  const flat = op.reshape(x, [...before, mask.size, ...after]);
  return gathered(flat, { shape: [numbers.length], numbers }, start, 0);
});

/** `size` cells from `begin` on, of each axis; -1: all that are left. */
const slice: Row = row('slice', 'input_ begin size', ([input, from, sizes]) => {
  const x = tensorArgument(input);
  const [begin, size] = [intsArgument(from, 'Slice'), intsArgument(sizes, 'Slice')];
  const rank = x.shape.length;
  if (begin.length !== rank || size.length !== rank) {
    const shapes = `[${begin.length}] and [${size.length}]`;
    const message = `Expected begin and size arguments to be 1-D tensors of size ${rank}, but got shapes ${shapes} instead.`;
    throw invalid('Slice', 'rank-mismatch', message);
  }
  const limit = x.shape.map((n, axis) => {
    const [first, count] = [begin[axis] as number, size[axis] as number];
    if (first < 0 || first > n) {
      throw invalid('Slice', 'index-out-of-range', `Expected begin[${axis}] in [0, ${n}], but got ${first}`);
    }
    if (count === -1) return n;
    if (count < 0 || first + count > n) {
      throw invalid('Slice', 'size-invalid', `Expected size[${axis}] in [0, ${n - first}], but got ${count}`);
    }
    return first + count;
  });
  return op.slice(x, { start: begin, limit, stride: begin.map(() => 1) });
});

/** One number of a part of a strided slice; a mask says that it isn't given. */
const bound = (numbers: readonly number[], mask: number, i: number): string =>
  (mask >> i) & 1 ? '' : `${numbers[i] as number}`;

/** The parts of a strided slice as a subscript. */
export function stridedParts(values: readonly unknown[]): (number | string | null)[] {
  const [begin, end, strides] = [0, 1, 2].map((i) =>
    values[i] === undefined || values[i] === null ? null : intsArgument(values[i], 'StridedSlice'),
  ) as [number[], number[], number[] | null];
  const masks = values.slice(3).map((mask) => (mask === undefined ? 0 : intArgument(mask, 'mask')));
  const [noBegin, noEnd, ellipsis, newAxis, shrink] = masks as [number, number, number, number, number];
  const steps = strides ?? begin.map(() => 1);
  if (begin.length !== end.length || begin.length !== steps.length) {
    const message = 'Expected begin, end, and strides to be 1D equal size tensors';
    throw invalid('StridedSlice', 'rank-mismatch', message);
  }
  return begin.map((first, i) => {
    if ((ellipsis >> i) & 1) return '...';
    if ((newAxis >> i) & 1) return null;
    if ((shrink >> i) & 1) return first;
    return `${bound(begin, noBegin, i)}:${bound(end, noEnd, i)}:${steps[i]}`;
  });
}

/** The value that marks an index, or the others: as a tensor of one, of a dtype that may be asked for. */
function mark(value: unknown, fallback: number, dtype: unknown): Tensor {
  const asked = dtype === undefined || dtype === null ? null : dtypeOr(dtype, 'float32');
  const given = tensorArgument(value ?? fallback, asked);
  if (asked !== null && given.dtype !== asked) {
    const name = fallback === 1 ? 'on_value' : 'off_value';
    const message = `dtype <dtype: '${given.dtype}'> of ${name} does not match dtype parameter <dtype: '${asked}'>`;
    throw new TypeError_('dtype-mismatch', message);
  }
  return given;
}

const oneHot: Row = row(
  'one_hot',
  'indices depth on_value?~ off_value?~ axis?~ dtype?~',
  ([given, size, onValue, offValue, axis, dtype]) => {
    const indices = indicesArgument(given, 'OneHot', 'TI');
    const depth = intArgument(size, 'depth');
    if (depth < 0) throw invalid('OneHot', 'size-invalid', `depth must be non-negative, got: ${depth}`);
    const both = onValue !== undefined && onValue !== null ? onValue : offValue;
    const kind = dtype ?? (both === undefined || both === null ? 'float32' : tensorArgument(both).dtype);
    const [on, off] = [mark(onValue, 1, kind), mark(offValue, 0, kind)];
    const rank = indices.shape.length;
    const along = axis === undefined || axis === null || axis === -1 ? rank : intArgument(axis, 'axis');
    if (along < 0 || along > rank) {
      const message = `Expected axis to be -1 or between [0, ${rank + 1}).  But received: ${along}`;
      throw invalid('OneHot', 'axis-out-of-range', message);
    }
    const shape = [...indices.shape.slice(0, along), depth, ...indices.shape.slice(along)];
    checkSize(shape, 'the result');
    const inner = sizeOf(indices.shape.slice(along));
    const hits = Array.from({ length: sizeOf(shape) }, (_, i) => {
      const outer = Math.floor(i / (inner * depth));
      return indices.numbers[outer * inner + (i % inner)] === Math.floor(i / inner) % depth;
    });
    const spread = (x: Tensor): Tensor => op.broadcast_in_dim(x, shape, []);
    return op.select(newTensor(hits, shape, 'bool'), spread(on), spread(off));
  },
);

/** Cells moved along axes, those that leave at one end coming in at the other. */
const roll: Row = row('roll', 'input shift axis', ([input, shift, axis]) => {
  const x = tensorArgument(input);
  const [shifts, axes] = [intsArgument(shift, 'Roll'), intsArgument(axis, 'Roll')];
  if (x.shape.length < 1) throw invalid('Roll', 'rank-mismatch', 'input must be 1-D or higher');
  if (shifts.length !== axes.length) throw invalid('Roll', 'bad-argument', 'shift and axis must have the same size');
  const along = axes.map((given) =>
    axisArgument(given, x.shape.length, () => invalid('Roll', 'axis-out-of-range', `axis ${given} is out of range`)),
  );
  return along.reduce(
    (turned, at, i) => {
      const n = x.shape[at] as number;
      const cells = n === 0 ? 0 : (((shifts[i] as number) % n) + n) % n;
      if (cells === 0) return turned;
      const part = (from: number, to: number): Tensor =>
        op.slice(turned, {
          start: x.shape.map((_, a) => (a === at ? from : 0)),
          limit: x.shape.map((size, a) => (a === at ? to : size)),
          stride: x.shape.map(() => 1),
        });
      return op.concatenate([part(n - cells, n), part(0, n - cells)], at);
    },
    op.reshape(x, x.shape),
  );
});

/** Each cell again and again along an axis; without one, of the flat tensor. */
const repeat: Row = row('repeat', 'input repeats axis?~', ([input, repeats, axis]) => {
  const given = tensorArgument(input);
  const x = axis === undefined || axis === null ? op.reshape(given, [given.size]) : given;
  const message = `axis ${show(axis)} is out of range for a tensor of ${x.shape.length} dimensions`;
  const at = axis === undefined || axis === null ? 0 : intArgument(axis, 'axis');
  const along = axisArgument(at, x.shape.length, () => new ValueError('axis-out-of-range', message));
  const n = x.shape[along] as number;
  const times = intsArgument(repeats, 'Repeat');
  const counts = times.length === 1 ? new Array<number>(n).fill(times[0] as number) : times;
  if (counts.length !== n) {
    throw new ValueError('shape-mismatch', `Dimensions ${n} and ${counts.length} are not compatible`);
  }
  const negative = counts.find((count) => count < 0);
  if (negative !== undefined) {
    throw invalid('Tile', 'bad-argument', `Expected multiples[${along + 1}] >= 0, but got ${negative}`);
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  checkSize(x.shape.with(along, total), 'the result');
  const numbers = counts.flatMap((count, i) => new Array<number>(count).fill(i));
  return gathered(x, { shape: [numbers.length], numbers }, along, 0);
});

type IndexingName =
  | 'gather'
  | 'gather_nd'
  | 'scatter_nd'
  | 'tensor_scatter_nd_update'
  | 'tensor_scatter_nd_add'
  | 'tensor_scatter_nd_sub'
  | 'boolean_mask'
  | 'slice'
  | 'one_hot'
  | 'roll'
  | 'repeat';

export const indexing: { readonly [N in IndexingName]: Row } = {
  gather,
  gather_nd: gatherNd,
  scatter_nd: row('scatter_nd', 'indices updates shape', ([indices, given, sizes]) => {
    const updates = tensorArgument(given);
    const shape = intsArgument(sizes, 'ScatterNd');
    return op.scatter(updates, scattered('ScatterNd', indices, updates, shape), shape);
  }),
  tensor_scatter_nd_update: scatterUpdate,
  tensor_scatter_nd_add: addition('tensor_scatter_nd_add', 1),
  tensor_scatter_nd_sub: addition('tensor_scatter_nd_sub', -1),
  boolean_mask: booleanMask,
  slice,
  one_hot: oneHot,
  roll,
  repeat,
};
