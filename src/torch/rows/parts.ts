/** Views of parts of a tensor or of its dimensions in another order, as rows; and the functions that give several. */

import { IndexError, RuntimeError } from '../../errors.js';
import { broadcastTo, sliceAxis } from '../../ops/composite.js';
import { broadcast, sameShape } from '../../shape/shape.js';
import { isForeign } from '../../tensor/foreign.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { Tuple } from '../../text/python.js';
import { dimension, intArgument, intOrIntsArgument, intsArgument, tensorArgument, wrongType } from '../arguments.js';
import { type Composite, composite, isOwn, type Row, reader, viewRow } from '../row.js';
import { checkBroadcast } from './arithmetic.js';
import { atLeast, tensorsArgument } from './combine.js';
import { structure } from './structure.js';

const fail = (message: string): never => {
  throw new RuntimeError('bad-argument', message);
};

/** One index along a dimension, which goes. */
function selected([input, dim, index]: readonly unknown[]): Tensor {
  const x = tensorArgument(input, 'select', 'input');
  if (x.shape.length === 0) throw new IndexError('rank-mismatch', 'select() cannot be applied to a 0-dim tensor.');
  const axis = dimension(dim, x.shape.length, 'select');
  const size = x.shape[axis] as number;
  const at = intArgument(index, 'select', 'index');
  if (at < -size || at >= size) {
    throw new IndexError(
      'index-out-of-range',
      `select(): index ${at} out of range for tensor of size [${x.shape.join(', ')}] at dimension ${axis}`,
    );
  }
  const from = at < 0 ? at + size : at;
  return op.reshape(sliceAxis(op, x, axis, from, from + 1), x.shape.toSpliced(axis, 1));
}

/** So many cells along a dimension. */
function narrowed([input, dim, start, length]: readonly unknown[]): Tensor {
  const x = tensorArgument(input, 'narrow', 'input');
  if (x.shape.length === 0) return fail('narrow() cannot be applied to a 0-dim tensor.');
  const axis = dimension(dim, x.shape.length, 'narrow');
  const size = x.shape[axis] as number;
  const given = isForeign(start) ? Number(start.toCore().item()) : intArgument(start, 'narrow', 'start');
  const count = intArgument(length, 'narrow', 'length');
  if (count < 0) return fail('narrow(): length must be non-negative.');
  if (given < -size || given > size) {
    throw new IndexError(
      'index-out-of-range',
      `start out of range (expected to be in range of [${-size}, ${size}], but got ${given})`,
    );
  }
  const from = given < 0 ? given + size : given;
  if (from + count > size) return fail(`start (${from}) + length (${count}) exceeds dimension size (${size}).`);
  return sliceAxis(op, x, axis, from, from + count);
}

function moved([input, source, destination]: readonly unknown[]): Tensor {
  const x = tensorArgument(input, 'movedim', 'input');
  const rank = x.shape.length;
  const from = intOrIntsArgument(source, 'movedim', 'source');
  const to = intOrIntsArgument(destination, 'movedim', 'destination');
  if (from.length !== to.length) {
    return fail(
      `movedim: Invalid source or destination dims: source ([${from.join(', ')}] dims) should contain the same number of ` +
        `dims as destination ([${to.join(', ')}] dims)`,
    );
  }
  const places = [from, to].map((list, i) => {
    const axes = list.map((dim) => dimension(dim, rank, 'movedim'));
    if (new Set(axes).size < axes.length) {
      return fail(`movedim: repeated dim in \`${i === 0 ? 'source' : 'destination'}\` ([${list.join(', ')}])`);
    }
    return axes;
  }) as [number[], number[]];
  const rest = x.shape.map((_, axis) => axis).filter((axis) => !places[0].includes(axis));
  const order = x.shape.map((_, axis) => {
    const i = places[1].indexOf(axis);
    return i >= 0 ? (places[0][i] as number) : (rest.shift() as number);
  });
  return rank === 0 ? op.reshape(x, []) : op.transpose(x, order);
}

function unflattened([input, dim, sizes]: readonly unknown[]): Tensor {
  const x = tensorArgument(input, 'unflatten', 'input');
  const axis = dimension(dim, x.shape.length, 'unflatten');
  const list = intsArgument(sizes, 'unflatten', 'sizes');
  const size = x.shape[axis] as number;
  const known = list.reduce((product, n) => (n === -1 ? product : product * n), 1);
  const whole = list.map((n) => (n === -1 ? size / known : n));
  if (list.length === 0) return fail('unflatten: sizes must be non-empty');
  if (whole.reduce((product, n) => product * n, 1) !== size || whole.some((n) => !Number.isInteger(n))) {
    return fail(
      `unflatten: Provided sizes [${list.join(', ')}] don't multiply up to the size of dim ${axis} (${size}) in the input tensor`,
    );
  }
  return op.reshape(x, x.shape.toSpliced(axis, 1, ...whole));
}

/** The elements whose indices along two dimensions differ by an offset, as a last dimension. */
function diagonal([input, offset, dim1, dim2]: readonly unknown[]): Tensor {
  const x = tensorArgument(input, 'diagonal', 'input');
  const rank = x.shape.length;
  const by = offset === undefined ? 0 : intArgument(offset, 'diagonal', 'offset');
  const [a, b] = [dimension(dim1 ?? 0, rank, 'diagonal', 'dim1'), dimension(dim2 ?? 1, rank, 'diagonal', 'dim2')];
  if (a === b) return fail(`diagonal dimensions cannot be identical ${dim1 ?? 0}, ${dim2 ?? 1}`);
  const rest = x.shape.map((_, axis) => axis).filter((axis) => axis !== a && axis !== b);
  const turned = op.transpose(x, [...rest, a, b]);
  const [rows, columns] = [x.shape[a] as number, x.shape[b] as number];
  const [down, right] = [Math.max(0, -by), Math.max(0, by)];
  const length = Math.max(0, Math.min(rows - down, columns - right));
  const lead = rest.map((axis) => x.shape[axis] as number);
  const start = down * columns + right;
  const flat = op.reshape(turned, [...lead, rows * columns]);
  return op.slice(flat, {
    start: [...lead.map(() => 0), Math.min(start, rows * columns)],
    limit: [...lead, length === 0 ? Math.min(start, rows * columns) : start + (length - 1) * (columns + 1) + 1],
    stride: [...lead.map(() => 1), columns + 1],
  });
}

const { transpose, expand } = structure;

type PartName =
  | 'select'
  | 'narrow'
  | 'movedim'
  | 'moveaxis'
  | 'swapaxes'
  | 'swapdims'
  | 'unflatten'
  | 'diagonal'
  | 'broadcast_to'
  | 'ravel';

export const parts: { readonly [N in PartName]: Row } = {
  select: viewRow('select', 'input dim index', 'SelectBackward0', selected),
  narrow: viewRow('narrow', 'input dim start length', 'SliceBackward0', narrowed),
  movedim: viewRow('movedim', 'input source destination', 'PermuteBackward0', moved),
  moveaxis: viewRow('moveaxis', 'input source destination', 'PermuteBackward0', moved),
  swapaxes: viewRow('swapaxes', 'input axis0 axis1', 'TransposeBackward0', transpose.run),
  swapdims: viewRow('swapdims', 'input dim0 dim1', 'TransposeBackward0', transpose.run),
  unflatten: viewRow('unflatten', 'input dim sizes', 'ViewBackward0', unflattened),
  diagonal: viewRow('diagonal', 'input offset? dim1? dim2?', 'DiagonalBackward0', diagonal),
  broadcast_to: viewRow('broadcast_to', 'input size', 'ExpandBackward0', expand.run),
  ravel: viewRow('ravel', 'input', 'ViewBackward0', ([input]) => {
    const x = tensorArgument(input, 'ravel', 'input');
    return op.reshape(x, [x.size]);
  }),
};

/** Views of neighbouring cells along a dimension, all as one node of a name. */
function pieces<T>(
  call: (row: Row, args: readonly unknown[]) => T,
  input: unknown,
  dim: unknown,
  sizes: readonly number[],
  gradFn: string,
): Tuple<T> {
  const part: Row = { ...parts.narrow, gradFn };
  let start = 0;
  return Tuple.from(
    sizes.map((size) => {
      start += size;
      return call(part, [input, dim, start - size, size]);
    }),
  ) as Tuple<T>;
}

/** Pieces of one size, of which the last may be smaller. */
function evenSizes(total: number, size: number): number[] {
  if (total === 0) return [0];
  return Array.from({ length: Math.ceil(total / size) }, (_, i) => Math.min(size, total - i * size));
}

const readSplit = reader('split', 'tensor split_size_or_sections dim?');

function sizeAlong(name: string, input: unknown, dim: unknown): number {
  const x = tensorArgument(input, name, 'input');
  if (x.shape.length === 0) return fail(`${name} expects at least a 1-dimensional tensor`);
  return x.shape[dimension(dim, x.shape.length, name)] as number;
}

const split = composite('split', (given, call) => {
  const args = given.map((arg) =>
    typeof arg === 'object' && arg !== null && 'split_size' in arg
      ? Object.fromEntries(
          Object.entries(arg).map(([key, value]) => [key === 'split_size' ? 'split_size_or_sections' : key, value]),
        )
      : arg,
  );
  const [input, wanted, dim = 0] = readSplit(args);
  if (Array.isArray(wanted)) {
    const sizes = intsArgument(wanted, 'split', 'split_sizes');
    const total = sizeAlong('split', input, dim);
    const negative = sizes.find((size) => size < 0);
    if (negative !== undefined) {
      return fail(
        `split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes=[${sizes.join(', ')}]`,
      );
    }
    if (sizes.reduce((sum, size) => sum + size, 0) !== total) {
      return fail(
        `split_with_sizes expects split_sizes to sum exactly to ${total} (input tensor's size at dimension ` +
          `${String(dim)}), but got split_sizes=[${sizes.join(', ')}]`,
      );
    }
    return pieces(call, input, dim, sizes, 'SplitWithSizesBackward0');
  }
  const size = intArgument(wanted, 'split', 'split_size');
  if (size < 0) return fail(`split expects split_size be non-negative, but got split_size=${size}`);
  const total = sizeAlong('split', input, dim);
  if (size === 0 && total !== 0) {
    return fail(`split_size can only be 0 if dimension size is 0, but got dimension size of ${total}`);
  }
  return pieces(call, input, dim, evenSizes(total, size), 'SplitBackward0');
});

const readChunk = reader('chunk', 'input chunks dim?');

const chunk = composite('chunk', (args, call) => {
  const [input, chunks, dim = 0] = readChunk(args);
  const count = intArgument(chunks, 'chunk', 'chunks');
  const total = sizeAlong('chunk', input, dim);
  if (count <= 0) return fail(`chunk expects \`chunks\` to be greater than 0, got: ${count}`);
  const size = Math.ceil(total / count);
  const sizes = total === 0 ? new Array<number>(count).fill(0) : evenSizes(total, size);
  return pieces(call, input, dim, sizes, 'SplitBackward0');
});

const readTensorSplit = reader('tensor_split', 'input indices_or_sections dim?');

const tensorSplit = composite('tensor_split', (args, call) => {
  const [input, wanted, dim = 0] = readTensorSplit(args);
  const total = sizeAlong('tensor_split', input, dim);
  if (Array.isArray(wanted)) {
    const ends = intsArgument(wanted, 'tensor_split', 'indices').map((end) =>
      Math.min(total, end < 0 ? Math.max(0, end + total) : end),
    );
    const part: Row = { ...parts.narrow, gradFn: 'SliceBackward0' };
    const starts = [0, ...ends];
    const ranges = [...ends, total].map((end, i) => [starts[i] as number, Math.max(0, end - (starts[i] as number))]);
    return Tuple.from(ranges.map(([start, size]) => call(part, [input, dim, start, size])));
  }
  const count = intArgument(wanted, 'tensor_split', 'sections');
  if (count <= 0) return fail(`number of sections must be larger than 0, got ${count}`);
  const sizes = Array.from({ length: count }, (_, i) => Math.floor(total / count) + Number(i < total % count));
  return pieces(call, input, dim, sizes, 'SliceBackward0');
});

const readUnbind = reader('unbind', 'input dim?');

const unbind = composite('unbind', (args, call) => {
  const [input, dim = 0] = readUnbind(args);
  const x = tensorArgument(input, 'unbind', 'input');
  if (x.shape.length === 0) {
    throw new IndexError('rank-mismatch', `Dimension specified as ${String(dim)} but tensor has no dimensions`);
  }
  const axis = dimension(dim, x.shape.length, 'unbind');
  const one: Row = { ...parts.select, gradFn: 'UnbindBackward0' };
  return Tuple.from(Array.from({ length: x.shape[axis] as number }, (_, i) => call(one, [input, axis, i])));
});

/** A list of tensors, given as one or one by one, and the keywords behind them. */
function listed(args: readonly unknown[]): { readonly tensors: unknown; readonly options: unknown } {
  const last = args.at(-1);
  const isOptions = typeof last === 'object' && last !== null && !Array.isArray(last) && !isForeign(last);
  const values = isOptions ? args.slice(0, -1) : args;
  return {
    tensors: values.length === 1 && Array.isArray(values[0]) ? values[0] : values,
    options: isOptions ? last : {},
  };
}

const broadcastTensors = composite('broadcast_tensors', (args, call) => {
  const { tensors } = listed(args);
  const list = tensorsArgument(tensors, 'broadcast_tensors');
  const shape = list.reduce<readonly number[]>((sofar, x) => {
    checkBroadcast(sofar, x.shape);
    return broadcast(sofar, x.shape);
  }, []);
  const given = tensors as unknown[];
  return Tuple.from(
    list.map((x, i) => (sameShape(x.shape, shape) ? given[i] : call(parts.broadcast_to, [given[i], shape]))),
  );
});

/** One of the tensors of meshgrid: along its own dimension, repeated along the others. */
const grid = viewRow('meshgrid', 'input shape axis', 'ExpandBackward0', ([input, shape, axis]) => {
  const x = tensorArgument(input, 'meshgrid', 'tensors');
  const sizes = intsArgument(shape, 'meshgrid', 'shape');
  return broadcastTo(
    op,
    op.reshape(
      x,
      sizes.map((_, a) => (a === axis ? x.size : 1)),
    ),
    sizes,
  );
});

const readIndexing = reader('meshgrid', 'indexing=~');

const meshgrid = composite('meshgrid', (args, call) => {
  const { tensors, options } = listed(args);
  const list = tensorsArgument(tensors, 'meshgrid');
  const [indexing] = readIndexing([options]);
  if (typeof (indexing ?? 'ij') !== 'string') throw wrongType('meshgrid', 'indexing', 'str', indexing);
  if (list.length === 0) return fail('meshgrid expects a non-empty TensorList');
  const deep = list.find((x) => x.shape.length > 1);
  if (deep !== undefined)
    return fail(`torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got:  ${showFirst(deep)}`);
  const other = list.find(({ dtype }) => dtype !== list[0]?.dtype);
  if (other !== undefined) return fail('torch.meshgrid expects all tensors to have the same dtype');
  if (indexing !== undefined && indexing !== null && indexing !== 'ij' && indexing !== 'xy') {
    return fail(`torch.meshgrid: indexing must be one of "xy" or "ij", but received: ${String(indexing)}`);
  }
  const swaps = indexing === 'xy' && list.length >= 2;
  const items = tensors as unknown[];
  const order = swaps ? [1, 0, ...items.map((_, i) => i).slice(2)] : items.map((_, i) => i);
  const shape = order.map((i) => (list[i] as Tensor).size);
  const grids = items.map((x, i) => call(grid, [x, shape, order.indexOf(i)]));
  return Tuple.from(grids);
});

const showFirst = (x: Tensor): string => `${x.shape[0] ?? ''}`;

const atLeastOf = (name: 'atleast_1d' | 'atleast_2d' | 'atleast_3d', rank: 1 | 2 | 3): Composite => {
  const isScalar = (x: unknown): boolean => isForeign(x) && x.toCore().shape.length === 0;
  const gradFn: Row['gradFn'] = ([input]) => (isScalar(input) ? 'ViewBackward0' : 'UnsqueezeBackward0');
  const one = viewRow(name, 'input', gradFn, ([input]) => {
    const x = tensorArgument(input, name, 'input');
    return atLeast(op.reshape(x, x.shape), rank);
  });
  const isEnough = (x: unknown): boolean => isOwn(x) && x.toCore().shape.length >= rank;
  return composite(name, (args, call) => {
    const { tensors } = listed(args);
    const results = (Array.isArray(tensors) ? tensors : [tensors]).map((x: unknown) =>
      isEnough(x) ? x : call(one, [x]),
    );
    return args.length === 1 && !Array.isArray(args[0]) ? results[0] : Tuple.from(results);
  });
};

type SeveralName =
  | 'split'
  | 'chunk'
  | 'tensor_split'
  | 'unbind'
  | 'broadcast_tensors'
  | 'meshgrid'
  | 'atleast_1d'
  | 'atleast_2d'
  | 'atleast_3d';

export const several: { readonly [N in SeveralName]: Composite } = {
  split,
  chunk,
  tensor_split: tensorSplit,
  unbind,
  broadcast_tensors: broadcastTensors,
  meshgrid,
  atleast_1d: atLeastOf('atleast_1d', 1),
  atleast_2d: atLeastOf('atleast_2d', 2),
  atleast_3d: atLeastOf('atleast_3d', 3),
};
