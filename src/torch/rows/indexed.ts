/** Whole slices along a dimension written by their indices, differences and Kronecker products, as rows. */

import { IndexError, RuntimeError } from '../../errors.js';
import { broadcastTo, sliceAxis } from '../../ops/composite.js';
import { isForeign } from '../../tensor/foreign.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { dimension, intArgument, numberArgument, operandArgument, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';
import { matched, promoted } from './arithmetic.js';
import { tensorsArgument } from './combine.js';
import { indexArgument, positions, positionsAlong, wholeNumbers } from './indexing.js';

interface Slices {
  readonly x: Tensor;
  readonly axis: number;
  readonly index: Tensor;
  /** Flat positions of the slices' elements. */
  readonly flat: Tensor;
}

function slices(name: string, input: unknown, dim: unknown, given: unknown): Slices {
  const x = tensorArgument(input, name, 'input');
  const axis = dimension(dim, x.shape.length, name);
  const index = indexArgument(given, name);
  if (index.shape.length > 1) {
    throw new IndexError(
      'rank-mismatch',
      `${name}(): Index is supposed to be a vector, but got dim: ${index.shape.length}`,
    );
  }
  const size = x.shape[axis] ?? 1;
  const outside = wholeNumbers(index).some((at) => at < (name === 'index_fill' ? -size : 0) || at >= size);
  if (outside) throw new IndexError('index-out-of-range', `${name}(): index out of range in self`);
  const shape = x.shape.length === 0 ? [] : x.shape.with(axis, index.size);
  const along = op.reshape(
    index,
    shape.map((n, a) => (a === axis ? n : 1)),
  );
  const wrapped = op.select(op.compare(along, op.full(along, 0), 'LT'), op.add(along, op.full(along, size)), along);
  return { x, axis, index, flat: positionsAlong(x.shape, axis, broadcastTo(op, wrapped, shape)) };
}

function checkSource(name: string, { x, axis, index }: Slices, source: Tensor): void {
  if (source.dtype !== x.dtype) {
    throw new RuntimeError('dtype-mismatch', `${name}(): self and source expected to have the same dtype`);
  }
  const fits =
    source.shape.length === x.shape.length &&
    source.shape.every((n, a) => n === (a === axis ? index.size : x.shape[a]));
  if (!fits) {
    throw new RuntimeError(
      'shape-mismatch',
      `${name}(): source doesn't fit: it has shape [${source.shape.join(', ')}]`,
    );
  }
}

function written(x: Tensor, flat: Tensor, source: Tensor): Tensor {
  const last = new Map(wholeNumbers(flat).map((to, from) => [to, from]));
  let i = 0;
  const writers = positions(x.shape, () => last.get(i++) ?? -1);
  return op.select(op.compare(writers, op.full(writers, 0), 'GE'), op.gather(source, writers), x);
}

/** Differences of neighbours along a dimension, n times. */
function diff([input, times, dim]: readonly unknown[]): Tensor {
  const x = tensorArgument(input, 'diff', 'input');
  const n = times === undefined ? 1 : intArgument(times, 'diff', 'n');
  if (x.shape.length === 0)
    throw new RuntimeError('rank-mismatch', 'diff expects input to be at least one-dimensional');
  if (n < 0) throw new RuntimeError('bad-argument', `order must be non-negative but got ${n}`);
  const axis = dimension(dim ?? -1, x.shape.length, 'diff');
  let found = op.reshape(x, x.shape);
  for (let i = 0; i < n && (found.shape[axis] as number) > 0; i++) {
    const size = found.shape[axis] as number;
    const [low, high] = [sliceAxis(op, found, axis, 0, size - 1), sliceAxis(op, found, axis, 1, size)];
    found = x.dtype === 'bool' ? op.compare(high, low, 'NE') : op.subtract(high, low);
  }
  return found;
}

/** Every element of one times all of the other, as blocks. */
function kron([input, other]: readonly unknown[]): Tensor {
  const [a, b] = [tensorArgument(input, 'kron', 'input'), tensorArgument(other, 'kron', 'other')];
  const rank = Math.max(a.shape.length, b.shape.length);
  const sizes = [a, b].map((x) => [...new Array<number>(rank - x.shape.length).fill(1), ...x.shape]) as [
    number[],
    number[],
  ];
  const left = op.reshape(
    a,
    sizes[0].flatMap((n) => [n, 1]),
  );
  const right = op.reshape(
    b,
    sizes[1].flatMap((n) => [1, n]),
  );
  const product = op.multiply(...matched(promoted('kron', left, right)));
  return op.reshape(
    product,
    sizes[0].map((n, axis) => n * (sizes[1][axis] as number)),
  );
}

/** All pairs, triples, ... of the elements of vectors. */
function cartesian([tensors]: readonly unknown[]): Tensor {
  const list = tensorsArgument(tensors, 'cartesian_prod');
  const deep = list.find((x) => x.shape.length !== 1);
  if (deep !== undefined || list.length === 0) {
    throw new RuntimeError('rank-mismatch', `Expect a 1D vector, but got shape [${deep?.shape.join(', ') ?? ''}]`);
  }
  const shape = list.map((x) => x.size);
  const columns = list.map((x, axis) =>
    op.reshape(op.broadcast_in_dim(x, shape, [axis]), [shape.reduce((product, n) => product * n, 1), 1]),
  );
  return list.length === 1 ? op.reshape(columns[0] as Tensor, shape) : op.concatenate(columns, 1);
}

type IndexedName = 'index_add' | 'index_copy' | 'index_fill' | 'diff' | 'kron' | 'cartesian_prod';

export const indexed: { readonly [N in IndexedName]: Row } = {
  index_add: row(
    'index_add',
    'input dim index source alpha=',
    'IndexAddBackward0',
    ([input, dim, index, source, alpha]) => {
      const found = slices('index_add', input, dim, index);
      const given = tensorArgument(source, 'index_add', 'source');
      checkSource('index_add', found, given);
      const by = numberArgument(alpha, 'index_add', 'alpha', 1);
      const scaled = by === 1 ? given : op.multiply(given, op.full(given, by));
      return op.add(found.x, op.scatter(scaled, found.flat, found.x.shape));
    },
  ),
  index_copy: row('index_copy', 'input dim index source', 'IndexCopyBackward0', ([input, dim, index, source]) => {
    const found = slices('index_copy', input, dim, index);
    const given = tensorArgument(source, 'index_copy', 'source');
    checkSource('index_copy', found, given);
    return written(found.x, found.flat, given);
  }),
  index_fill: row(
    'index_fill',
    'input dim index value',
    ([, , , value]) => `IndexFillBackward${isForeign(value) ? 1 : 0}`,
    ([input, dim, index, value]) => {
      const { x, flat } = slices('index_fill', input, dim, index);
      const filling = op.convert(operandArgument(value, input, 'index_fill', 'value'), x.dtype);
      if (filling.shape.length > 0) {
        throw new RuntimeError(
          'rank-mismatch',
          `index_fill_ only supports a 0-dimensional value tensor, but got tensor with ${filling.shape.length} dimension(s).`,
        );
      }
      return written(x, flat, broadcastTo(op, filling, flat.shape));
    },
  ),
  diff: row('diff', 'input n? dim?', 'SubBackward0', diff),
  kron: row('kron', 'input other', 'UnsafeViewBackward0', kron),
  cartesian_prod: {
    ...row('cartesian_prod', 'tensors', 'StackBackward0', cartesian),
    read: (args) => [args],
  },
};
