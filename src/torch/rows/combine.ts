/** Tensors put together, and chosen from, as rows. */

import { IndexError, RuntimeError, TypeError_, ValueError } from '../../errors.js';
import { broadcastTo } from '../../ops/composite.js';
import type { DType } from '../../shape/dtype.js';
import { promoteTorch } from '../../shape/promotion.js';
import { broadcast, type Shape, sameShape, showShape } from '../../shape/shape.js';
import { isForeign } from '../../tensor/foreign.js';
import { newTensor, op, type Tensor } from '../../tensor/tensor.js';
import { Tuple } from '../../text/python.js';
import { cName, dimension, operandArgument, scalarName, tensorArgument, typeName, wrongType } from '../arguments.js';
import { checkRange } from '../data.js';
import { defaultFloat } from '../default.js';
import { type Composite, composite, type Row, reader, row } from '../row.js';
import { checkBroadcast, matched, strengthOf } from './arithmetic.js';
import { checkIndices, indexArgument, pickedAlong, positions, positionsAlong, wholeNumbers } from './indexing.js';

/** A list of tensors. */
export function tensorsArgument(value: unknown, call: string, name = 'tensors'): readonly Tensor[] {
  if (!Array.isArray(value)) throw wrongType(call, name, 'tuple of Tensors', value);
  return value.map((item: unknown, i) => {
    if (isForeign(item)) return item.toCore();
    throw new TypeError_('bad-argument', `expected Tensor as element ${i} in argument 0, but got ${typeName(item)}`);
  });
}

const promotedAll = (tensors: readonly Tensor[]): DType =>
  tensors.reduce((dtype, x) => promoteTorch(dtype, x.dtype), (tensors[0] as Tensor).dtype);

/** What cat joins: all but the empty vectors that PyTorch still lets pass. */
function joined(tensors: readonly Tensor[], dim: unknown): Tensor {
  if (tensors.length === 0) throw new ValueError('bad-argument', 'torch.cat(): expected a non-empty list of Tensors');
  const scalar = tensors.findIndex((x) => x.shape.length === 0);
  if (scalar >= 0) {
    const message = `zero-dimensional tensor (at position ${scalar}) cannot be concatenated`;
    throw new RuntimeError('rank-mismatch', message);
  }
  const dtype = promotedAll(tensors);
  const parts = tensors.filter((x) => !sameShape(x.shape, [0]));
  const [first] = parts;
  if (first === undefined) return op.full({ shape: [0], dtype }, 0);
  const axis = dimension(dim, first.shape.length, 'cat');
  parts.forEach((part, i) => {
    if (part.shape.length !== first.shape.length) {
      const ranks = `${first.shape.length} and ${part.shape.length}`;
      throw new RuntimeError('rank-mismatch', `Tensors must have same number of dimensions: got ${ranks}`);
    }
    const other = part.shape.findIndex((size, a) => a !== axis && size !== first.shape[a]);
    if (other < 0) return;
    throw new RuntimeError(
      'shape-mismatch',
      `Sizes of tensors must match except in dimension ${axis}. Expected size ${first.shape[other]} but got size ` +
        `${part.shape[other]} for tensor number ${i} in the list.`,
    );
  });
  const converted = parts.map((part) => op.convert(part, dtype));
  return op.concatenate(converted, axis);
}

function stacked(tensors: readonly Tensor[], dim: unknown): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new RuntimeError('bad-argument', 'stack expects a non-empty TensorList');
  const axis = dimension(dim, first.shape.length + 1, 'stack');
  const odd = tensors.findIndex((x) => !sameShape(x.shape, first.shape));
  if (odd >= 0) {
    throw new RuntimeError(
      'shape-mismatch',
      `stack expects each tensor to be equal size, but got ${showShape(first.shape)} at entry 0 and ` +
        `${showShape((tensors[odd] as Tensor).shape)} at entry ${odd}`,
    );
  }
  const dtype = promotedAll(tensors);
  const parts = tensors.map((x) => op.reshape(op.convert(x, dtype), x.shape.toSpliced(axis, 0, 1)));
  return op.concatenate(parts, axis);
}

/** x with at least so many dimensions: new ones in front, the third of three behind. */
export function atLeast(x: Tensor, rank: 1 | 2 | 3): Tensor {
  if (x.shape.length >= rank) return x;
  const flat = x.shape.length === 0 ? [1] : x.shape;
  const square = rank > 1 && flat.length === 1 ? [1, ...flat] : flat;
  return op.reshape(x, rank === 3 ? [...square, 1] : square);
}

const cat = (name: string, gradFn = 'CatBackward0'): Row =>
  row(name, 'tensors dim?', gradFn, ([tensors, dim = 0]) => joined(tensorsArgument(tensors, name), dim));

/** hstack and its kin: joined along a dimension after each got the dimensions that this needs. */
const stackedAlong = (name: string, rank: 1 | 2 | 3, axis: (rank: number) => number): Row =>
  row(name, 'tensors', 'CatBackward0', ([tensors]) => {
    const list = tensorsArgument(tensors, name).map((x) => atLeast(x, rank));
    if (list.length === 0) throw new RuntimeError('bad-argument', `${name} expects a non-empty TensorList`);
    return joined(list, axis((list[0] as Tensor).shape.length));
  });

/** Columns of a matrix: vectors stand upright. */
const columnStack = row('column_stack', 'tensors', 'CatBackward0', ([tensors]) => {
  const list = tensorsArgument(tensors, 'column_stack').map((x) =>
    x.shape.length < 2 ? op.reshape(x, [x.size, 1]) : x,
  );
  if (list.length === 0) throw new RuntimeError('bad-argument', 'column_stack expects a non-empty TensorList');
  return joined(list, 1);
});

/** The condition as truth values. */
function conditionArgument(value: unknown, call: string): Tensor {
  const condition = tensorArgument(value, call, 'condition').plain;
  if (condition.dtype === 'bool') return condition;
  if (condition.dtype === 'uint8') return op.convert(condition, 'bool');
  throw new RuntimeError(
    'dtype-mismatch',
    `where expected condition to be a boolean tensor, but got a tensor with dtype ${scalarName[condition.dtype]}`,
  );
}

function chosen([condition, input, other]: readonly unknown[]): Tensor {
  const where = conditionArgument(condition, 'where');
  const a = operandArgument(input, other, 'where', 'input');
  const b = operandArgument(other, input, 'where', 'other');
  const dtype = promoteTorch(a.dtype, b.dtype, strengthOf(input, a), strengthOf(other, b), defaultFloat());
  checkBroadcast(a.shape, b.shape);
  const [x, y] = matched({ a, b, dtype });
  checkBroadcast(where.shape, x.shape);
  const shape = broadcast(where.shape, x.shape);
  return op.select(broadcastTo(op, where, shape), broadcastTo(op, x, shape), broadcastTo(op, y, shape));
}

/** One of two for each element, by a condition. */
export const whereOf: Row = row('where', 'condition input other', 'WhereBackward0', chosen);

/** Places of what is not zero: a row of indices each, in order. */
const nonzeroRow = row('nonzero', 'input', '', ([input]) => {
  const x = tensorArgument(input, 'nonzero', 'input').plain;
  const found = places(x);
  return newTensor(found.flat(), [found.length, x.shape.length], 'int64');
});

function places(x: Tensor): number[][] {
  const array = x.array;
  const found: number[][] = [];
  for (let i = 0; i < array.length; i++) {
    if (Number(array[i]) === 0) continue;
    let rest = i;
    found.push(
      x.shape
        .map((_, axis) => {
          const size = x.shape[x.shape.length - 1 - axis] as number;
          const at = rest % size;
          rest = (rest - at) / size;
          return at;
        })
        .reverse(),
    );
  }
  return found;
}

const nonzeroAxis = row('nonzero', 'input axis', '', ([input, axis]) => {
  const found = places(tensorArgument(input, 'nonzero', 'input').plain);
  return newTensor(
    found.map((place) => place[Number(axis)] ?? 0),
    [found.length],
    'int64',
  );
});

const readNonzero = reader('nonzero', 'input as_tuple=');

const nonzero = composite('nonzero', (args, call) => {
  const [input, asTuple] = readNonzero(args);
  if (asTuple !== true) return call(nonzeroRow, [input]);
  const rank = Math.max(1, tensorArgument(input, 'nonzero', 'input').shape.length);
  return Tuple.from(Array.from({ length: rank }, (_, axis) => call(nonzeroAxis, [input, axis])));
});

const readWhere = reader('where', 'condition input? other?');

/** With one argument the places of what is true, a tensor a dimension; else one of two for each element. */
const where = composite('where', (args, call) => {
  const [condition, input, other] = readWhere(args);
  if (input === undefined && other === undefined) return nonzero.compute([condition, { as_tuple: true }], call);
  return call(
    whereOf,
    [condition, input, other].filter((value) => value !== undefined),
  );
});

function maskArgument(value: unknown, message: (dtype: DType) => string): Tensor {
  const mask = tensorArgument(value, 'masked', 'mask').plain;
  if (mask.dtype === 'bool') return mask;
  throw new RuntimeError('dtype-mismatch', message(mask.dtype));
}

function maskedFill([input, given, value]: readonly unknown[]): Tensor {
  const x = tensorArgument(input, 'masked_fill', 'input');
  const mask = maskArgument(
    given,
    (dtype) => `masked_fill_ only supports boolean masks, but got mask with dtype ${cName[dtype]}`,
  );
  const filling = operandArgument(value, input, 'masked_fill', 'value');
  if (filling.shape.length > 0) {
    throw new RuntimeError(
      'rank-mismatch',
      `masked_fill_ only supports a 0-dimensional value tensor, but got tensor with ${filling.shape.length} dimension(s).`,
    );
  }
  if (typeof value === 'number') checkRange(value, x.dtype);
  checkBroadcast(x.shape, mask.shape);
  const shape = broadcast(x.shape, mask.shape);
  const fill = broadcastTo(op, op.convert(filling, x.dtype), shape);
  return op.select(broadcastTo(op, mask, shape), fill, broadcastTo(op, x, shape));
}

function maskedSelect([input, given]: readonly unknown[]): Tensor {
  const x = tensorArgument(input, 'masked_select', 'input');
  const mask = maskArgument(given, () => 'masked_select: expected BoolTensor for mask');
  checkBroadcast(x.shape, mask.shape);
  const shape = broadcast(x.shape, mask.shape);
  const array = broadcastTo(op, mask, shape).array;
  const flat: number[] = [];
  for (let i = 0; i < array.length; i++) if (array[i]) flat.push(i);
  return op.gather(broadcastTo(op, x, shape), newTensor(flat, [flat.length], 'int32'));
}

/** Checks an index of x's rank; its sizes are at most x's, but along the dimension. */
function alongArguments(name: string, input: unknown, dim: unknown, given: unknown): [Tensor, number, Tensor] {
  const x = tensorArgument(input, name, 'input');
  const axis = dimension(dim, x.shape.length, name);
  const index = indexArgument(given, name);
  if (Math.max(index.shape.length, 1) !== Math.max(x.shape.length, 1) && index.size > 0) {
    const message = 'Index tensor must have the same number of dimensions as input tensor';
    throw new RuntimeError('rank-mismatch', message);
  }
  const outer = index.shape.findIndex((size, a) => a !== axis && size > (x.shape[a] ?? 1));
  if (outer >= 0 && index.size > 0) {
    throw new RuntimeError(
      'shape-mismatch',
      `Size does not match at dimension ${outer} expected index ${showShape(index.shape)} to be no larger than self ` +
        `${showShape(x.shape)} apart from dimension ${axis}`,
    );
  }
  checkIndices(index, axis, x.shape[axis] ?? 1);
  return [x, axis, index];
}

const gather = row('gather', 'input dim index sparse_grad=', 'GatherBackward0', ([input, dim, index]) => {
  const [x, axis, at] = alongArguments('gather', input, dim, index);
  return pickedAlong(x, axis, at);
});

/** Flat positions in an index of the element that is written to each cell last, or -1. */
const lastWriters = (shape: Shape, flat: Tensor): Tensor => {
  const last = new Map(wholeNumbers(flat).map((to, from) => [to, from]));
  let i = 0;
  return positions(shape, () => last.get(i++) ?? -1);
};

function scattered([input, dim, given, src]: readonly unknown[]): Tensor {
  const [x, axis, index] = alongArguments('scatter', input, dim, given);
  const source = isForeign(src)
    ? src.toCore()
    : broadcastTo(op, op.convert(operandArgument(src, input, 'scatter', 'value'), x.dtype), index.shape);
  checkSource('scatter', x, index, source);
  const updates = cut(source, index.shape);
  const writers = lastWriters(x.shape, positionsAlong(x.shape, axis, index));
  const isWritten = op.compare(writers, op.full(writers, 0), 'GE');
  return op.select(isWritten, op.gather(updates, writers), x);
}

function checkSource(name: string, x: Tensor, index: Tensor, source: Tensor): void {
  if (source.dtype !== x.dtype) {
    throw new RuntimeError('dtype-mismatch', `${name}(): Expected self.dtype to be equal to src.dtype`);
  }
  if (index.size === 0) return;
  if (source.shape.length !== index.shape.length) {
    throw new RuntimeError('rank-mismatch', 'Index tensor must have the same number of dimensions as src tensor');
  }
  if (index.shape.some((size, a) => size > (source.shape[a] as number))) {
    throw new RuntimeError(
      'shape-mismatch',
      `Expected index ${showShape(index.shape)} to be no larger than self ${showShape(x.shape)} apart from dimension and ` +
        `to be no larger size than src ${showShape(source.shape)}`,
    );
  }
}

/** The first cells of each dimension. */
const cut = (x: Tensor, shape: Shape): Tensor =>
  sameShape(x.shape, shape)
    ? x
    : op.slice(x, { start: shape.map(() => 0), limit: [...shape], stride: shape.map(() => 1) });

const scatterAdd = row('scatter_add', 'input dim index src', 'ScatterAddBackward0', ([input, dim, given, src]) => {
  const [x, axis, index] = alongArguments('scatter_add', input, dim, given);
  const source = tensorArgument(src, 'scatter_add', 'src');
  checkSource('scatter', x, index, source);
  const flat = positionsAlong(x.shape, axis, index);
  return op.add(x, op.scatter(cut(source, index.shape), flat, x.shape));
});

/** Whole slices along a dimension, by a vector of indices. */
function indexSelect([input, dim, given]: readonly unknown[]): Tensor {
  const x = tensorArgument(input, 'index_select', 'input');
  const axis = dimension(dim, x.shape.length, 'index_select');
  const index = indexArgument(given, 'index_select', 'int32 or int64');
  if (index.shape.length > 1) {
    throw new IndexError('index-out-of-range', 'index_select(): Index is supposed to be a vector');
  }
  const size = x.shape[axis] ?? 1;
  if (wholeNumbers(index).some((at) => at < 0 || at >= size))
    throw new IndexError('index-out-of-range', 'index out of range in self');
  if (x.shape.length === 0) return op.reshape(x, []);
  const shape = x.shape.with(axis, index.size);
  const flat = op.reshape(
    index,
    shape.map((n, a) => (a === axis ? n : 1)),
  );
  return pickedAlong(x, axis, broadcastTo(op, flat, shape));
}

function takeAlong([input, given, dim]: readonly unknown[]): Tensor {
  const x = tensorArgument(input, 'take_along_dim', 'input');
  const index = indexArgument(given, 'take_along_dim');
  if (index.dtype !== 'int64') {
    throw new RuntimeError('dtype-mismatch', 'torch.take_along_dim(): dtype of indices should be Long but got Int');
  }
  if (dim === undefined || dim === null) {
    checkIndices(index, 0, x.size);
    return pickedAlong(op.reshape(x, [x.size]), 0, op.reshape(index, [index.size]));
  }
  if (x.shape.length !== index.shape.length) {
    throw new RuntimeError(
      'rank-mismatch',
      `torch.take_along_dim(): input and indices should have the same number of dimensions, but got ${x.shape.length} ` +
        `dimensions for input, and ${index.shape.length} dimensions for indices`,
    );
  }
  const axis = dimension(dim, x.shape.length, 'take_along_dim');
  if (x.shape.length === 0) {
    throw new IndexError('rank-mismatch', `Dimension specified as ${String(dim)} but tensor has no dimensions`);
  }
  checkBroadcast(x.shape.with(axis, 1), index.shape.with(axis, 1));
  const shape = broadcast(x.shape.with(axis, 1), index.shape.with(axis, 1));
  const size = x.shape[axis] as number;
  if (size === 0) checkIndices(index, axis, size);
  // Along a dimension, indices go round.
  const round = Int32Array.from(wholeNumbers(index), (at) => at - size * Math.floor(at / size));
  const within = newTensor(round, index.shape, 'int32');
  const wide = broadcastTo(op, x, shape.with(axis, size));
  return pickedAlong(wide, axis, broadcastTo(op, within, shape.with(axis, index.shape[axis] as number)));
}

/** Elements by their place in all elements. */
const take = row('take', 'input index', 'TakeBackward0', ([input, given]) => {
  const x = tensorArgument(input, 'take', 'input');
  const index = indexArgument(given, 'take', 'int64');
  if (wholeNumbers(index).some((at) => at < -x.size || at >= x.size)) {
    throw new IndexError(
      'index-out-of-range',
      'out of range: tried to access an index beyond the elements of the tensor',
    );
  }
  const at = op.convert(index, 'int32');
  const isNegative = op.compare(at, op.full(at, 0), 'LT');
  return op.gather(x, op.select(isNegative, op.add(at, op.full(at, x.size)), at));
});

type CombineName =
  | 'cat'
  | 'concat'
  | 'concatenate'
  | 'stack'
  | 'hstack'
  | 'vstack'
  | 'row_stack'
  | 'dstack'
  | 'column_stack'
  | 'masked_fill'
  | 'masked_select'
  | 'gather'
  | 'scatter'
  | 'scatter_add'
  | 'index_select'
  | 'take_along_dim'
  | 'take'
  | 'argwhere';

export const combinations: { readonly [N in CombineName]: Row } = {
  cat: cat('cat'),
  concat: cat('concat'),
  concatenate: cat('concatenate'),
  stack: row('stack', 'tensors dim?', 'StackBackward0', ([tensors, dim = 0]) =>
    stacked(tensorsArgument(tensors, 'stack'), dim),
  ),
  hstack: stackedAlong('hstack', 1, (rank) => (rank === 1 ? 0 : 1)),
  vstack: stackedAlong('vstack', 2, () => 0),
  row_stack: stackedAlong('row_stack', 2, () => 0),
  dstack: stackedAlong('dstack', 3, () => 2),
  column_stack: columnStack,
  masked_fill: row(
    'masked_fill',
    'input mask value',
    ([, , value]) => `MaskedFillBackward${isForeign(value) ? 1 : 0}`,
    maskedFill,
  ),
  masked_select: row('masked_select', 'input mask', 'MaskedSelectBackward0', maskedSelect),
  gather,
  scatter: row(
    'scatter',
    'input dim index src',
    ([, , , src]) => `ScatterBackward${isForeign(src) ? 0 : 1}`,
    scattered,
  ),
  scatter_add: scatterAdd,
  index_select: row('index_select', 'input dim index', 'IndexSelectBackward0', indexSelect),
  take_along_dim: row('take_along_dim', 'input indices dim?~', 'GatherBackward0', takeAlong),
  take,
  argwhere: { ...nonzeroRow, name: 'argwhere' },
};

type CompositeName = 'where' | 'nonzero';

export const choices: { readonly [N in CompositeName]: Composite } = { where, nonzero };
