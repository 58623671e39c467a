/** Distances and directions of vectors, as rows. */

import { RuntimeError } from '../../errors.js';
import { broadcastTo } from '../../ops/composite.js';
import { isFloat } from '../../shape/dtype.js';
import { broadcast } from '../../shape/shape.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import {
  boolArgument,
  dimension,
  intOrIntsArgument,
  numberArgument,
  scalarName,
  tensorArgument,
} from '../arguments.js';
import { type Row, row } from '../row.js';
import { matched, promoted } from './arithmetic.js';
import { choose, shifted } from './formula.js';
import { moments } from './moments.js';

const norm = (x: Tensor, p: number, dim: number | readonly number[], keepdim: boolean): Tensor =>
  moments.norm.run([x, p, typeof dim === 'number' ? [dim] : dim, keepdim]);

const atLeast = (x: Tensor, least: number): Tensor => choose(x, 'LT', least, op.full(x, least), x);

const normalize = row('normalize', 'input p? dim? eps? out=~', 'DivBackward0', ([input, p, dim, eps]) => {
  const x = tensorArgument(input, 'normalize', 'input');
  const axes = dim === undefined ? [1] : intOrIntsArgument(dim, 'normalize', 'dim');
  const size = norm(x, numberArgument(p, 'normalize', 'p', 2), axes, true);
  return op.divide(x, broadcastTo(op, atLeast(size, numberArgument(eps, 'normalize', 'eps', 1e-12)), x.shape));
});

/** Of both, promoted; norms are at least eps, but their gradients are as if they weren't. */
const cosineSimilarity = row('cosine_similarity', 'x1 x2 dim? eps?', 'SumBackward1', ([x1, x2, dim, eps]) => {
  const call = 'cosine_similarity';
  tensorArgument(x1, call, 'x1');
  tensorArgument(x2, call, 'x2');
  const pair = promoted(call, x1, x2);
  if (!isFloat(pair.dtype)) {
    const message = `expected common dtype to be floating point, yet common dtype is ${scalarName[pair.dtype]}`;
    throw new RuntimeError('dtype-mismatch', message);
  }
  // Norms are taken in each tensor's own dtype.
  const shape = broadcast(pair.a.shape, pair.b.shape);
  const [a, b] = [broadcastTo(op, pair.a, shape), broadcastTo(op, pair.b, shape)];
  const axis = dimension(dim ?? 1, a.shape.length, call);
  const least = numberArgument(eps, call, 'eps', 1e-8);
  const direction = (x: Tensor): Tensor => {
    if (x.shape.length === 0) return op.divide(x, floored(op.abs(x), least));
    return op.divide(x, broadcastTo(op, floored(norm(x, 2, axis, true), least), x.shape));
  };
  const products = op.multiply(op.convert(direction(a), pair.dtype), op.convert(direction(b), pair.dtype));
  return a.shape.length === 0 ? products : op.reduce_sum(products, [axis]);
});

/** x, at least `least`: the gradient passes where x was raised, too. */
const floored = (x: Tensor, least: number): Tensor => op.add(x, op.subtract(atLeast(x.plain, least), x.plain));

const pairwiseDistance = row(
  'pairwise_distance',
  'x1 x2 p? eps? keepdim?',
  'NormBackward1',
  ([x1, x2, p, eps, keepdim]) => {
    const call = 'pairwise_distance';
    tensorArgument(x1, call, 'x1');
    tensorArgument(x2, call, 'x2');
    const [a, b] = matched(promoted(call, x1, x2));
    const difference = shifted(op.subtract(a, b), numberArgument(eps, call, 'eps', 1e-6));
    const keeps = boolArgument(keepdim, call, 'keepdim');
    return norm(difference, numberArgument(p, call, 'p', 2), difference.shape.length - 1, keeps);
  },
);

type SimilarityName = 'normalize' | 'cosine_similarity' | 'pairwise_distance';

export const similarities: { readonly [N in SimilarityName]: Row } = {
  normalize,
  cosine_similarity: cosineSimilarity,
  pairwise_distance: pairwiseDistance,
};
