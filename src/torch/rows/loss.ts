/** Losses of numbers: squares, distances, likelihoods, as rows. */

import { RuntimeError, ValueError } from '../../errors.js';
import { broadcastTo } from '../../ops/composite.js';
import { isFloat } from '../../shape/dtype.js';
import { sameShape } from '../../shape/shape.js';
import { isForeign } from '../../tensor/foreign.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { tracer } from '../../tensor/tracer.js';
import { sizeText } from '../../text/torch.js';
import { boolArgument, numberArgument, scalarName, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';
import { logSigmoid } from './activation.js';
import { matched, promoted } from './arithmetic.js';
import { unimplemented } from './elementary.js';
import { allAxes, choose, divided, scaled, shifted, squared } from './formula.js';
import { fused } from './fused.js';
import { type Reduction, reduced, reductionOf } from './reduced.js';
import { operand, withRule } from './rule.js';

interface Pair {
  readonly x: Tensor;
  readonly y: Tensor;
}

/** Input and target, promoted and broadcast against each other. */
function pairOf(call: string, input: unknown, target: unknown): Pair {
  tensorArgument(input, call, 'input');
  tensorArgument(target, call, 'target');
  const [x, y] = matched(promoted(call, input, target));
  return { x, y };
}

/** Terms weighted, and (for the mean) divided by the sum of the weights. */
function weightedMean(terms: Tensor, weight: Tensor, input: Tensor, reduction: Reduction): Tensor {
  if (!sameShape(weight.shape, input.shape)) {
    throw new ValueError('shape-mismatch', 'Weights and input must have the same size.');
  }
  const { a, b } = promotedPair(terms, weight);
  const weighted = op.multiply(a, b);
  if (reduction !== 'mean') return reduced(weighted, reduction);
  return op.divide(op.reduce_sum(weighted, allAxes(weighted.shape)), op.reduce_sum(b, allAxes(b.shape)));
}

function promotedPair(a: Tensor, b: Tensor): { readonly a: Tensor; readonly b: Tensor } {
  const { x, y } = pairOf('mul', a, b);
  return { a: x, b: y };
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** What is recorded of terms that a mean or sum follows. */
const byReduction = (reduction: Reduction, terms: string): string =>
  ({ none: terms, mean: 'MeanBackward0', sum: 'SumBackward0' })[reduction];

const byWeighted = (reduction: Reduction): string =>
  ({ none: 'MulBackward0', mean: 'DivBackward0', sum: 'SumBackward0' })[reduction];

/** mse_loss and l1_loss: `terms` of the difference. */
function distance(call: 'mse_loss' | 'l1_loss', terms: (difference: Tensor) => Tensor): Row {
  const mse = call === 'mse_loss';
  const differ = fused((x: Tensor, y: Tensor, kind: Reduction) => reduced(terms(op.subtract(x, y)), kind));
  return row(
    call,
    'input target size_average?~ reduce?~ reduction? weight?~',
    ([, , sizeAverage, reduce, reduction, weight]) => {
      const kind = reductionOf(call, reduction, sizeAverage, reduce);
      if (isGiven(weight)) return byWeighted(kind);
      return mse ? 'MseLossBackward0' : byReduction(kind, 'AbsBackward0');
    },
    ([input, target, sizeAverage, reduce, reduction, weight]) => {
      const kind = reductionOf(call, reduction, sizeAverage, reduce);
      const { x, y } = pairOf(call, input, target);
      if (mse && !isFloat(x.dtype)) throw unimplemented('mse_cpu', x.dtype);
      if (!mse && kind === 'mean' && !isFloat(x.dtype)) throw unimplemented('mean', x.dtype);
      if (!isGiven(weight)) return differ(x, y, kind);
      return weightedMean(
        terms(op.subtract(x, y)),
        tensorArgument(weight, call, 'weight'),
        tensorArgument(input, call, 'input'),
        kind,
      );
    },
  );
}

/** Rounded distances, reduced. */
const roundedLoss = fused((x: Tensor, y: Tensor, kind: Reduction, edge: number, a: number, b: number, c: number) =>
  reduced(rounded(op.subtract(x, y), edge, a, b, c), kind),
);

/** Squares near 0, straight lines beyond `edge`: d * d * a where |d| < edge, else |d| * b - c. */
function rounded(d: Tensor, edge: number, a: number, b: number, c: number): Tensor {
  const size = op.abs(d);
  return choose(size, 'LT', edge, scaled(squared(d), a), shifted(scaled(size, b), -c));
}

const smoothL1 = row(
  'smooth_l1_loss',
  'input target size_average?~ reduce?~ reduction? beta?',
  ([, , sizeAverage, reduce, reduction, beta]) =>
    beta === 0
      ? byReduction(reductionOf('smooth_l1_loss', reduction, sizeAverage, reduce), 'AbsBackward0')
      : 'SmoothL1LossBackward0',
  ([input, target, sizeAverage, reduce, reduction, beta]) => {
    const call = 'smooth_l1_loss';
    const kind = reductionOf(call, reduction, sizeAverage, reduce);
    const edge = numberArgument(beta, call, 'beta', 1);
    const { x, y } = pairOf(call, input, target);
    if (edge < 0) throw new RuntimeError('bad-argument', `${call} does not support negative values for beta.`);
    if (!isFloat(x.dtype)) throw unimplemented('smooth_l1_cpu', x.dtype);
    if (edge === 0) return reduced(op.abs(op.subtract(x, y)), kind);
    return roundedLoss(x, y, kind, edge, 0.5 / edge, 1, edge / 2);
  },
);

const huber = row(
  'huber_loss',
  'input target reduction? delta? weight?~',
  ([, , reduction, , weight]) =>
    isGiven(weight) ? byReduction(reductionOf('huber_loss', reduction), 'MulBackward0') : 'HuberLossBackward0',
  ([input, target, reduction, delta, weight]) => {
    const call = 'huber_loss';
    const kind = reductionOf(call, reduction);
    const edge = numberArgument(delta, call, 'delta', 1);
    const { x, y } = pairOf(call, input, target);
    if (edge <= 0) throw new RuntimeError('bad-argument', `${call} does not support non-positive values for delta.`);
    if (!isFloat(x.dtype)) throw unimplemented('huber_cpu', x.dtype);
    if (!isGiven(weight)) return roundedLoss(x, y, kind, edge, 0.5, edge, (edge * edge) / 2);
    const terms = rounded(op.subtract(x, y), edge, 0.5, edge, (edge * edge) / 2);
    const given = tensorArgument(weight, call, 'weight');
    if (!sameShape(given.shape, tensorArgument(input, call, 'input').shape)) {
      throw new ValueError('shape-mismatch', 'Weights and input must have the same size.');
    }
    const { a, b } = promotedPair(terms, given);
    return reduced(op.multiply(a, b), kind);
  },
);

/** Whether all elements lie between 0 and 1; of what is traced nobody knows. */
function checkProbabilities(x: Tensor, name: string): void {
  if (tracer !== null) return;
  for (const value of x.array) {
    if (value >= 0 && value <= 1) continue;
    throw new RuntimeError('bad-argument', `all elements of ${name} should be between 0 and 1, but one is ${value}`);
  }
}

/** The logarithm, not below -100. */
const clampedLog = (x: Tensor): Tensor => {
  const log = op.log(x);
  return op.maximum(log, op.full(log, -100));
};

/** 1 - x. */
const complement = (x: Tensor): Tensor => shifted(op.negate(x), 1);

/**
 * -(y log(x) + (1 - y) log(1 - x)) with a gradient of its own, as PyTorch has it: (x - y) / (x (1 - x)), of which the
 * divisor is never below 1e-12; so that it is large, and not 0, where a logarithm was cut off.
 */
const crossEntropyTerms = withRule<null>(
  'binary_cross_entropy',
  'inputs',
  (inputs) => {
    const [x, y] = [operand(inputs, 0), operand(inputs, 1)];
    return op.negate(op.add(op.multiply(y, clampedLog(x)), op.multiply(complement(y), clampedLog(complement(x)))));
  },
  ({ inputs, gradient }, argument) => {
    const [x, y] = [operand(inputs, 0), operand(inputs, 1)];
    if (argument === 1) return op.multiply(gradient, op.subtract(clampedLog(complement(x)), clampedLog(x)));
    const spread = op.multiply(complement(x), x);
    const divisor = choose(spread, 'GT', 1e-12, spread, op.full(spread, 1e-12));
    return op.divide(op.multiply(gradient, op.subtract(x, y)), divisor);
  },
);

const binaryCrossEntropy = row(
  'binary_cross_entropy',
  'input target weight?~ size_average?~ reduce?~ reduction?',
  'BinaryCrossEntropyBackward0',
  ([input, target, weight, sizeAverage, reduce, reduction]) => {
    const call = 'binary_cross_entropy';
    const kind = reductionOf(call, reduction, sizeAverage, reduce);
    const [x, y] = [tensorArgument(input, call, 'input'), tensorArgument(target, call, 'target')];
    if (!sameShape(x.shape, y.shape)) {
      throw new ValueError(
        'shape-mismatch',
        `Using a target size (${sizeText(y.shape)}) that is different to the input size (${sizeText(x.shape)}) is ` +
          'deprecated. Please ensure they have the same size.',
      );
    }
    if (x.dtype !== y.dtype) {
      const message = `Found dtype ${scalarName[y.dtype]} but expected ${scalarName[x.dtype]}`;
      throw new RuntimeError('dtype-mismatch', message);
    }
    if (!isFloat(x.dtype)) throw unimplemented(call, x.dtype);
    checkProbabilities(x, 'input');
    checkProbabilities(y, 'target');
    const terms = crossEntropyTerms([x, y], null);
    if (!isGiven(weight)) return reduced(terms, kind);
    const w = broadcastTo(op, tensorArgument(weight, call, 'weight'), x.shape);
    return reduced(op.multiply(terms, op.convert(w, x.dtype)), kind);
  },
);

const withLogits = row(
  'binary_cross_entropy_with_logits',
  'input target weight?~ size_average?~ reduce?~ reduction? pos_weight?~',
  'BinaryCrossEntropyWithLogitsBackward0',
  ([input, target, weight, sizeAverage, reduce, reduction, posWeight]) => {
    const call = 'binary_cross_entropy_with_logits';
    const kind = reductionOf(call, reduction, sizeAverage, reduce);
    const [given, wanted] = [tensorArgument(input, call, 'input'), tensorArgument(target, call, 'target')];
    if (!sameShape(given.shape, wanted.shape)) {
      const sizes = `Target size (${sizeText(wanted.shape)}) must be the same as input size (${sizeText(given.shape)})`;
      throw new ValueError('shape-mismatch', sizes);
    }
    if (!isFloat(given.dtype)) throw unimplemented('log_sigmoid_cpu', given.dtype);
    if (!isFloat(wanted.dtype)) {
      const message = `result type ${scalarName[given.dtype]} can't be cast to the desired output type ${scalarName[wanted.dtype]}`;
      throw new RuntimeError('dtype-mismatch', message);
    }
    const { x, y } = pairOf(call, given, wanted);
    const rest = op.multiply(complement(y), x);
    const log = op.convert(logSigmoid(given), x.dtype);
    const terms = isGiven(posWeight)
      ? op.subtract(rest, op.multiply(positive(y, tensorArgument(posWeight, call, 'pos_weight')), log))
      : op.subtract(rest, log);
    if (!isGiven(weight)) return reduced(terms, kind);
    const { a, b } = promotedPair(terms, tensorArgument(weight, call, 'weight'));
    return reduced(op.multiply(a, b), kind);
  },
);

/** (pos_weight - 1) * y + 1. */
function positive(y: Tensor, posWeight: Tensor): Tensor {
  const { a, b } = promotedPair(y, posWeight);
  return shifted(op.multiply(shifted(b, -1), a), 1);
}

/** y * log(y), 0 at 0. */
function xlogx(y: Tensor): Tensor {
  const isZero = op.compare(y.plain, op.full(y, 0), 'EQ');
  const [zero, one] = [op.full(y, 0), op.full(y, 1)];
  return op.select(isZero, zero, op.multiply(y, op.log(op.select(isZero, one, y))));
}

const klDiv = row(
  'kl_div',
  'input target size_average?~ reduce?~ reduction? log_target?',
  ([, , sizeAverage, reduce, reduction, logTarget]) => {
    if (reduction === 'batchmean' && !isGiven(sizeAverage) && !isGiven(reduce)) return 'DivBackward0';
    return byReduction(
      reductionOf('kl_div', reduction, sizeAverage, reduce),
      logTarget === true ? 'MulBackward0' : 'SubBackward0',
    );
  },
  ([input, target, sizeAverage, reduce, reduction, logTarget]) => {
    const batch = reduction === 'batchmean' && !isGiven(sizeAverage) && !isGiven(reduce);
    const kind = batch ? 'sum' : reductionOf('kl_div', reduction, sizeAverage, reduce);
    const { x, y } = pairOf('kl_div', input, target);
    if (!isFloat(x.dtype)) throw new RuntimeError('dtype-mismatch', 'kl_div: Integral inputs not supported.');
    const terms = boolArgument(logTarget, 'kl_div', 'log_target')
      ? op.multiply(op.exponential(y), op.subtract(y, x))
      : op.subtract(xlogx(y), op.multiply(y, x));
    const value = reduced(terms, kind);
    const first = isForeign(input) ? input.toCore().shape : [];
    return batch && first.length > 0 ? divided(value, first[0] as number) : value;
  },
);

type LossName =
  | 'mse_loss'
  | 'l1_loss'
  | 'smooth_l1_loss'
  | 'huber_loss'
  | 'binary_cross_entropy'
  | 'binary_cross_entropy_with_logits'
  | 'kl_div';

export const losses: { readonly [N in LossName]: Row } = {
  mse_loss: distance('mse_loss', squared),
  l1_loss: distance('l1_loss', op.abs),
  smooth_l1_loss: smoothL1,
  huber_loss: huber,
  binary_cross_entropy: binaryCrossEntropy,
  binary_cross_entropy_with_logits: withLogits,
  kl_div: klDiv,
};
