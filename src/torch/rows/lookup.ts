/** one_hot and embedding, as rows: classes as rows of numbers. */

import { AssertionError, IndexError, NotImplementedError, RuntimeError } from '../../errors.js';
import { newTensor, op, type Tensor } from '../../tensor/tensor.js';
import { boolArgument, intArgument, scalarName, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';

const numbers = (x: Tensor): number[] => Array.from(x.array, Number);

/** The number of classes: the one given, or one more than the largest class. */
function classesOf(x: Tensor, given: number): number {
  const labels = numbers(x);
  if (labels.length === 0) {
    if (given > 0) return given;
    throw new RuntimeError('size-invalid', 'Can not infer total number of classes from empty tensor.');
  }
  if (labels.some((label) => label < 0)) throw new RuntimeError('bad-argument', 'Class values must be non-negative.');
  const most = labels.reduce((a, b) => Math.max(a, b));
  if (given !== -1 && given <= most) {
    throw new RuntimeError(
      'bad-argument',
      `Class values must be smaller than num_classes: ${most} is not below ${given}.`,
    );
  }
  return given === -1 ? most + 1 : given;
}

const oneHot = row('one_hot', 'input num_classes?', '', ([input, numClasses]) => {
  const x = tensorArgument(input, 'one_hot', 'input').plain;
  if (x.dtype !== 'int64') {
    throw new RuntimeError('dtype-mismatch', 'one_hot is only applicable to index tensor of type LongTensor.');
  }
  const given = numClasses === undefined ? -1 : intArgument(numClasses, 'one_hot', 'num_classes');
  const classes = classesOf(x, given);
  const shape = [...x.shape, classes];
  const wanted = op.broadcast_in_dim(
    x,
    shape,
    x.shape.map((_, axis) => axis),
  );
  const own = newTensor(
    BigInt64Array.from({ length: classes }, (_, i) => BigInt(i)),
    [classes],
    'int64',
  );
  const isOwn = op.compare(wanted, op.broadcast_in_dim(own, shape, [x.shape.length]), 'EQ');
  return op.convert(isOwn, 'int64');
});

/** The padding row as an index, which gets no gradient; null for none. */
function paddingRow(value: unknown, rows: number): number | null {
  if (value === undefined || value === null) return null;
  const given = intArgument(value, 'embedding', 'padding_idx');
  if (given >= -rows && given < rows) return given < 0 ? given + rows : given;
  throw new AssertionError('index-out-of-range', `Padding_idx must be within num_embeddings: ${given} of ${rows}`);
}

function checkIndices(indices: Tensor, rows: number): void {
  if (indices.dtype !== 'int64' && indices.dtype !== 'int32') {
    throw new RuntimeError(
      'dtype-mismatch',
      "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got " +
        `torch.${scalarName[indices.dtype]}Tensor instead (while checking arguments for embedding)`,
    );
  }
  const bad = numbers(indices).find((index) => index < 0 || index >= rows);
  if (bad !== undefined) throw new IndexError('index-out-of-range', `index out of range in self: ${bad} of ${rows}`);
}

const embedding = row(
  'embedding',
  'input weight padding_idx?~ max_norm?~ norm_type? scale_grad_by_freq? sparse?',
  'EmbeddingBackward0',
  ([input, weight, paddingIdx, maxNorm, , byFrequency, sparse]) => {
    const [x, w] = [tensorArgument(input, 'embedding', 'input').plain, tensorArgument(weight, 'embedding', 'weight')];
    const refuse = (name: string): never => {
      throw new NotImplementedError('not-implemented', `embedding(): ${name} is not there`);
    };
    if (maxNorm !== undefined && maxNorm !== null) refuse('max_norm');
    if (boolArgument(byFrequency, 'embedding', 'scale_grad_by_freq')) refuse('scale_grad_by_freq');
    if (boolArgument(sparse, 'embedding', 'sparse')) refuse('sparse');
    const padding = paddingRow(paddingIdx, w.shape[0] ?? 0);
    if (w.shape.length !== 2) throw new RuntimeError('rank-mismatch', "'weight' must be 2-D");
    const [rows = 0, width = 0] = w.shape;
    checkIndices(x, rows);
    const shape = [...x.shape, width];
    const axes = x.shape.map((_, axis) => axis);
    const index = op.broadcast_in_dim(op.convert(x, 'int32'), shape, axes);
    const column = newTensor(
      Int32Array.from({ length: width }, (_, i) => i),
      [width],
      'int32',
    );
    const positions = op.add(
      op.multiply(index, op.full(index, width)),
      op.broadcast_in_dim(column, shape, [x.shape.length]),
    );
    const found = op.gather(w, positions);
    if (padding === null) return found;
    return op.select(op.compare(index, op.full(index, padding), 'EQ'), found.plain, found);
  },
);

export const lookups: { readonly [N in 'one_hot' | 'embedding']: Row } = { one_hot: oneHot, embedding };
