/** Losses of margins and likelihoods, as rows. */

import { RuntimeError, ValueError } from '../../errors.js';
import { sameShape, showShape } from '../../shape/shape.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { tracer } from '../../tensor/tracer.js';
import { sizeText } from '../../text/torch.js';
import { boolArgument, numberArgument, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';
import { matched, promoted } from './arithmetic.js';
import { choose, scaled, shifted, squared } from './formula.js';
import { reduced, reductionOf } from './reduced.js';
import { similarities } from './similarity.js';

/** max(x, 0), whose gradient at 0 is 1. */
const hinge = (x: Tensor): Tensor => choose(x, 'LT', 0, op.full(x, 0), x);

/** Both, promoted and broadcast. */
function both(call: string, input: unknown, other: unknown): [Tensor, Tensor] {
  tensorArgument(input, call, 'input');
  tensorArgument(other, call, 'target');
  return matched(promoted(call, input, other));
}

const minus = (call: string, a: Tensor, b: Tensor): Tensor => {
  const [x, y] = both(call, a, b);
  return op.subtract(x, y);
};

const times = (call: string, a: Tensor, b: Tensor): Tensor => {
  const [x, y] = both(call, a, b);
  return op.multiply(x, y);
};

/** The name of the last step: of the terms, or of what a mean or a sum made of them. */
const named =
  (call: string, terms: string, from: number): Row['gradFn'] =>
  (values) => {
    const [sizeAverage, reduce, reduction] = values.slice(from);
    return { none: terms, mean: 'MeanBackward0', sum: 'SumBackward0' }[
      reductionOf(call, reduction, sizeAverage, reduce)
    ];
  };

const OLD = 'size_average?~ reduce?~ reduction?';

const marginRanking = row(
  'margin_ranking_loss',
  `input1 input2 target margin? ${OLD}`,
  named('margin_ranking_loss', 'ClampMinBackward0', 4),
  ([input1, input2, target, margin, sizeAverage, reduce, reduction]) => {
    const call = 'margin_ranking_loss';
    const kind = reductionOf(call, reduction, sizeAverage, reduce);
    const [a, b] = [tensorArgument(input1, call, 'input1'), tensorArgument(input2, call, 'input2')];
    const y = tensorArgument(target, call, 'target');
    if (a.shape.length !== b.shape.length || a.shape.length !== y.shape.length) {
      throw new RuntimeError(
        'rank-mismatch',
        `${call} : All input tensors should have same dimension but got sizes: input1: ${sizeText(a.shape)}, input2: ` +
          `${sizeText(b.shape)}, target: ${sizeText(y.shape)} `,
      );
    }
    const product = times(call, op.negate(y), minus(call, a, b));
    return reduced(hinge(shifted(product, numberArgument(margin, call, 'margin', 0))), kind);
  },
);

const hingeEmbedding = row(
  'hinge_embedding_loss',
  `input target margin? ${OLD}`,
  named('hinge_embedding_loss', 'AddBackward0', 3),
  ([input, target, margin, sizeAverage, reduce, reduction]) => {
    const call = 'hinge_embedding_loss';
    const kind = reductionOf(call, reduction, sizeAverage, reduce);
    const [x, y] = both(call, input, target);
    const zero = op.full(x, 0);
    const far = hinge(shifted(op.negate(x), numberArgument(margin, call, 'margin', 1)));
    return reduced(op.add(choose(y, 'NE', 1, far, zero), choose(y, 'NE', -1, x, zero)), kind);
  },
);

const softMargin = row(
  'soft_margin_loss',
  `input target ${OLD}`,
  'SoftMarginLossBackward0',
  ([input, target, sizeAverage, reduce, reduction]) => {
    const call = 'soft_margin_loss';
    const kind = reductionOf(call, reduction, sizeAverage, reduce);
    const [x, y] = both(call, input, target);
    return reduced(op.log_plus_one(op.exponential(op.multiply(op.negate(y), x))), kind);
  },
);

/** Stirling's approximation of log(t!), for t above 1. */
function stirling(t: Tensor): Tensor {
  const safe = choose(t, 'LE', 1, op.full(t, 1), t);
  const log = op.log(safe);
  const value = op.add(op.subtract(op.multiply(t, log), t), scaled(op.log(scaled(safe, 2 * Math.PI)), 0.5));
  return choose(t, 'LE', 1, op.full(t, 0), value);
}

const poisson = row(
  'poisson_nll_loss',
  'input target log_input? full? size_average?~ eps? reduce?~ reduction?',
  ([, , , full, sizeAverage, , reduce, reduction]) => {
    const kind = reductionOf('poisson_nll_loss', reduction, sizeAverage, reduce);
    return { none: full === true ? 'AddBackward0' : 'SubBackward0', mean: 'MeanBackward0', sum: 'SumBackward0' }[kind];
  },
  ([input, target, logInput, full, sizeAverage, eps, reduce, reduction]) => {
    const call = 'poisson_nll_loss';
    const kind = reductionOf(call, reduction, sizeAverage, reduce);
    const [x, y] = both(call, input, target);
    const least = numberArgument(eps, call, 'eps', 1e-8);
    const terms = boolArgument(logInput, call, 'log_input', true)
      ? op.subtract(op.exponential(x), op.multiply(y, x))
      : op.subtract(x, op.multiply(y, op.log(shifted(x, least))));
    return reduced(boolArgument(full, call, 'full') ? op.add(terms, stirling(y)) : terms, kind);
  },
);

const tripletMargin = row(
  'triplet_margin_loss',
  `anchor positive negative margin? p? eps? swap? ${OLD}`,
  named('triplet_margin_loss', 'ClampMinBackward0', 7),
  ([anchor, positive, negative, margin, p, eps, swap, sizeAverage, reduce, reduction]) => {
    const call = 'triplet_margin_loss';
    const kind = reductionOf(call, reduction, sizeAverage, reduce);
    const edge = numberArgument(margin, call, 'margin', 1);
    if (edge <= 0) throw new ValueError('bad-argument', `margin must be greater than 0, got ${edge}`);
    const ranks = [anchor, positive, negative].map((x) => tensorArgument(x, call, 'anchor').shape.length);
    if (new Set(ranks).size > 1) {
      const [a, b, c] = ranks;
      const message = `The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: anchor ${a}D, positive ${b}D, and negative ${c}D inputs`;
      throw new RuntimeError('rank-mismatch', message);
    }
    const distance = (a: unknown, b: unknown): Tensor => similarities.pairwise_distance.run([a, b, p, eps, undefined]);
    const near = distance(anchor, positive);
    const far = distance(anchor, negative);
    const least = boolArgument(swap, call, 'swap') ? op.minimum(far, distance(positive, negative)) : far;
    return reduced(hinge(minus(call, shifted(near, edge), least)), kind);
  },
);

const cosineEmbedding = row(
  'cosine_embedding_loss',
  `input1 input2 target margin? ${OLD}`,
  named('cosine_embedding_loss', 'AddBackward0', 4),
  ([input1, input2, target, margin, sizeAverage, reduce, reduction]) => {
    const call = 'cosine_embedding_loss';
    const kind = reductionOf(call, reduction, sizeAverage, reduce);
    const [a, b] = both(call, input1, input2);
    const y = tensorArgument(target, call, 'target');
    const axis = y.shape.length;
    if (axis > 1 || a.shape.length !== axis + 1) {
      const message = `${axis}D target tensor expects ${axis + 1}D input tensors, but found inputs with sizes ${showShape(a.shape)} and ${showShape(b.shape)}.`;
      throw new RuntimeError('rank-mismatch', message);
    }
    const size = (x: Tensor): Tensor => shifted(op.reduce_sum(squared(x), [axis]), 1e-12);
    const cosine = op.divide(op.reduce_sum(op.multiply(a, b), [axis]), op.sqrt(op.multiply(size(a), size(b))));
    const [x, wanted] = both(call, cosine, y);
    const zero = op.full(x, 0);
    const alike = choose(wanted, 'EQ', 1, shifted(op.negate(x), 1), zero);
    const unlike = choose(wanted, 'EQ', -1, hinge(shifted(x, -numberArgument(margin, call, 'margin', 0))), zero);
    return reduced(op.add(alike, unlike), kind);
  },
);

/** The variance, with an axis more where it is one number for the last. */
function varianceOf(value: unknown, x: Tensor): Tensor {
  const call = 'gaussian_nll_loss';
  const given = typeof value === 'number' ? op.full(x, value) : tensorArgument(value, call, 'var');
  const negative = tracer === null && given.array.some((element: number | bigint) => element < 0);
  if (negative) throw new ValueError('bad-argument', 'var has negative entry/entries');
  if (sameShape(given.shape, x.shape)) return given;
  if (sameShape(given.shape, x.shape.slice(0, -1))) return op.reshape(given, [...given.shape, 1]);
  const differing = x.shape.filter((size, axis) => given.shape[axis] !== size);
  const fits = given.shape.length === x.shape.length && differing.reduce((sum, size) => sum + size, 0) >= 1;
  const ones = given.shape.filter((size, axis) => size !== x.shape[axis]);
  if (fits && ones.length === 1 && ones[0] === 1) return given;
  throw new ValueError('shape-mismatch', `var is of incorrect size: ${sizeText(given.shape)} for ${sizeText(x.shape)}`);
}

const gaussian = row(
  'gaussian_nll_loss',
  'input target var full? eps? reduction?',
  ([, , , full, , reduction]) =>
    ({ none: full === true ? 'AddBackward0' : 'MulBackward0', mean: 'MeanBackward0', sum: 'SumBackward0' })[
      reductionOf('gaussian_nll_loss', reduction)
    ],
  ([input, target, variance, full, eps, reduction]) => {
    const call = 'gaussian_nll_loss';
    const x = tensorArgument(input, call, 'input');
    const given = varianceOf(variance, x);
    const kind = reductionOf(call, reduction);
    const least = numberArgument(eps, call, 'eps', 1e-6);
    // Raised to eps, with the gradient of what it was raised from.
    const raised = op.add(
      given,
      op.subtract(choose(given.plain, 'LT', least, op.full(given, least), given.plain), given.plain),
    );
    const [squares, divisor] = both(call, squared(minus(call, x, tensorArgument(target, call, 'target'))), raised);
    const terms = scaled(op.add(op.log(divisor), op.divide(squares, divisor)), 0.5);
    return reduced(boolArgument(full, call, 'full') ? shifted(terms, Math.log(2 * Math.PI) / 2) : terms, kind);
  },
);

type MarginName =
  | 'gaussian_nll_loss'
  | 'margin_ranking_loss'
  | 'hinge_embedding_loss'
  | 'soft_margin_loss'
  | 'poisson_nll_loss'
  | 'triplet_margin_loss'
  | 'cosine_embedding_loss';

export const margins: { readonly [N in MarginName]: Row } = {
  gaussian_nll_loss: gaussian,
  margin_ranking_loss: marginRanking,
  hinge_embedding_loss: hingeEmbedding,
  soft_margin_loss: softMargin,
  poisson_nll_loss: poisson,
  triplet_margin_loss: tripletMargin,
  cosine_embedding_loss: cosineEmbedding,
};
