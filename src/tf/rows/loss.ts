/** Losses and normalization, as rows. */

import { ValueError } from '../../errors.js';
import { broadcastTo, keepAxes, mean } from '../../ops/composite.js';
import { nth } from '../../ops/primitive.js';
import type { DType as Name } from '../../shape/dtype.js';
import { type Shape, sameShape } from '../../shape/shape.js';
import { newTensor, op, type Rule, type Tensor } from '../../tensor/tensor.js';
import { tuple } from '../../text/python.js';
import {
  checkDtype,
  checkKinds,
  intArgument,
  intsArgument,
  invalid,
  operandsOf,
  tensorArgument,
} from '../arguments.js';
import { type Row, row } from '../row.js';
import { broadcast, elements, FLOATS, like, withRule } from './operands.js';
import { axesArgument, reductions } from './reduction.js';

const logSoftmax = (x: Tensor): Tensor => reductions.log_softmax.run([x]);
const softmax = (x: Tensor): Tensor => reductions.softmax.run([x]);
const last = (x: Tensor): number[] => [x.shape.length - 1];

/** One number a row, spread over the row. */
const spread = (x: Tensor, shape: Shape): Tensor =>
  op.broadcast_in_dim(
    x,
    shape,
    x.shape.map((_, axis) => axis),
  );

/** The gradient by logits is softmax - labels, whether or not labels sum to 1; by labels it is -log_softmax. */
const crossEntropyRule: Rule = {
  name: 'softmax_cross_entropy',
  saves: 'inputs',
  vjp({ inputs, gradient }, argument, op) {
    const [labels, logits] = [nth(inputs, 0), nth(inputs, 1)];
    const rows = spread(gradient, logits.shape);
    if (argument === 0) return op.negate(op.multiply(rows, logSoftmax(logits)));
    return op.multiply(rows, op.subtract(softmax(logits), labels));
  },
};

/** -sum(labels log_softmax(logits)) along the last axis. */
function crossEntropy(labels: Tensor, logits: Tensor): Tensor {
  const terms = op.multiply(labels.plain, op.negate(logSoftmax(logits.plain)));
  // A label of 0 counts for nothing, even where its logit is -infinity.
  const counted = op.select(op.compare(labels.plain, like(terms, 0), 'EQ'), like(terms, 0), terms);
  return withRule(crossEntropyRule, [labels, logits], op.reduce_sum(counted, last(logits)));
}

const softmaxCrossEntropy: Row = row(
  'softmax_cross_entropy_with_logits',
  'labels logits axis?',
  ([given, scores, axis]) => {
    const logits = elements('SoftmaxCrossEntropyWithLogits', scores, FLOATS);
    const plain = tensorArgument(given, logits.dtype);
    const labels = op.convert(plain, logits.dtype);
    const rank = logits.shape.length;
    const at = axis === undefined ? -1 : intArgument(axis, 'axis');
    const along = at < 0 ? at + rank : at;
    if (along < 0 || along >= rank) {
      throw invalid('Sub', 'axis-out-of-range', `axis ${at} is out of range for logits of ${rank} dimensions`);
    }
    const [a, b] = sameShape(labels.shape, logits.shape)
      ? [labels, logits]
      : broadcast('SoftmaxCrossEntropyWithLogits', labels, logits);
    const order = a.shape.map((_, i) => i).filter((i) => i !== along);
    const toLast = (x: Tensor): Tensor => (along === rank - 1 ? x : op.transpose(x, [...order, along]));
    return crossEntropy(toLast(a), toLast(b));
  },
);

/** The labels' rows of ones and zeros. */
function oneHot(labels: readonly number[], shape: Shape, dtype: Name): Tensor {
  const n = shape.at(-1) as number;
  const cells = labels.flatMap((label) => Array.from({ length: n }, (_, i) => (i === label ? 1 : 0)));
  return newTensor(cells, shape, dtype);
}

const sparseCrossEntropy: Row = row('sparse_softmax_cross_entropy_with_logits', 'labels logits', ([given, scores]) => {
  const operation = 'SparseSoftmaxCrossEntropyWithLogits';
  const plain = tensorArgument(given);
  const isPlain = plain.dtype === 'float32' && Array.isArray(given);
  const labels = isPlain ? tensorArgument(given, 'int32') : plain;
  checkDtype(operation, labels.dtype, ['int32', 'int64'], 'Tlabels');
  const logits = elements(operation, scores, FLOATS);
  const rank = logits.shape.length;
  if (rank === 0) {
    throw new ValueError('rank-mismatch', `\`logits\` cannot be a scalar. Received logits=${logits.item()}\``);
  }
  if (labels.shape.length !== rank - 1) {
    const message = '`labels.shape.rank` must equal `logits.shape.rank - 1`.';
    throw new ValueError(
      'rank-mismatch',
      `${message} Received: labels.shape=${tuple(labels.shape)} of rank ${labels.shape.length} and ` +
        `logits.shape=${tuple(logits.shape)} of rank ${rank}`,
    );
  }
  if (!sameShape(labels.shape, logits.shape.slice(0, -1))) {
    const shapes = `labels.shape=${tuple(labels.shape)} and logits.shape=${tuple(logits.shape)}`;
    const message = '`labels.shape` must equal `logits.shape` except for the last dimension.';
    throw new ValueError('shape-mismatch', `${message} Received: ${shapes}`);
  }
  const numbers = Array.from<number | bigint, number>(labels.array, Number);
  const n = logits.shape.at(-1) as number;
  const wrong = numbers.find((label) => label < 0 || label >= n);
  if (wrong !== undefined) {
    const message = `Received a label value of ${wrong} which is outside the valid range of [0, ${n}).`;
    throw invalid(operation, 'index-out-of-range', `${message}  Label values: ${numbers.join(' ')}`);
  }
  return crossEntropy(oneHot(numbers, logits.shape, logits.dtype), logits);
});

/** max(x, 0) - x z + log(1 + e^-|x|), with the gradient that TensorFlow's choice at 0 has. */
const sigmoidCrossEntropy: Row = row('sigmoid_cross_entropy_with_logits', 'labels~ logits~', ([given, scores]) => {
  const [logits, labels] = operandsOf('GreaterEqual', [scores, given]) as [Tensor, Tensor];
  if (!sameShape(labels.shape, logits.shape)) {
    const shapes = `(${tuple(logits.shape)} vs ${tuple(labels.shape)})`;
    throw new ValueError('shape-mismatch', `\`logits\` and \`labels\` must have the same shape, received ${shapes}.`);
  }
  checkKinds('Exp', logits.dtype, FLOATS);
  const zero = like(logits, 0);
  const isPositive = op.compare(logits, zero, 'GE');
  const positive = op.select(isPositive, logits, zero);
  const size = op.select(isPositive, op.negate(logits), logits);
  return op.add(op.subtract(positive, op.multiply(logits, labels)), op.log_plus_one(op.exponential(size)));
});

/** Mean and variance over axes; what is taken away for the variance has no gradient, as TensorFlow has it. */
export const moments: Row<readonly Tensor[]> = row(
  'moments',
  'x axes shift?~ keepdims?',
  ([value, given, , keepdims]) => {
    const x = elements('Mean', value, FLOATS);
    const axes = axesArgument(intsArgument(given, 'Mean'), x.shape.length, 'Mean');
    const center = keepAxes(op, mean(op, x, axes), x.shape, axes);
    const apart = op.subtract(x, broadcastTo(op, center.plain, x.shape));
    const variance = mean(op, op.multiply(apart, apart), axes);
    if (keepdims === true) return [center, keepAxes(op, variance, x.shape, axes)];
    const shape = x.shape.filter((_, axis) => !axes.includes(axis));
    return [op.reshape(center, shape), variance];
  },
);

/** scale (x - mean) / sqrt(variance + epsilon) + offset, each broadcast to x. */
const batchNormalization: Row = row(
  'batch_normalization',
  'x mean variance offset~ scale~ variance_epsilon',
  ([x, center, variance, offset, scale, epsilon]) => {
    const given = [x, center, variance, offset, scale].filter((value) => value !== null);
    const tensors = operandsOf('Mul', given);
    const [input, mu, sigma] = tensors as [Tensor, Tensor, Tensor];
    checkKinds('Rsqrt', input.dtype, FLOATS);
    const beta = offset === null ? null : (tensors[3] as Tensor);
    const gamma = scale === null ? null : (tensors.at(-1) as Tensor);
    const small = op.convert(tensorArgument(epsilon, input.dtype), input.dtype);
    const inverse = op.rsqrt(op.add(...broadcast('AddV2', sigma, small)));
    const factor = gamma === null ? inverse : op.multiply(...broadcast('Mul', inverse, gamma));
    const shift = op.multiply(...broadcast('Mul', mu, factor));
    const rest = beta === null ? op.negate(shift) : op.subtract(...broadcast('Sub', beta, shift));
    return op.add(...broadcast('AddV2', op.multiply(...broadcast('Mul', input, factor)), rest));
  },
);

/** Blocks of cells as channels, or channels as blocks of cells; channels last or first. */
const blocks = (name: string, operation: string, isDeep: boolean): Row =>
  row(name, 'input block_size data_format?', ([input, size, format]) => {
    const x = tensorArgument(input);
    const b = intArgument(size, 'block_size');
    const isFirst = format === 'NCHW';
    if (format !== undefined && format !== 'NHWC' && !isFirst) {
      const known = '"NHWC", "NCHW", "NCHW_VECT_C"';
      const message = `Value for attr 'data_format' of "${String(format)}" is not in the list of allowed values: ${known}`;
      throw invalid(operation, 'bad-argument', message);
    }
    if (b < 2) throw invalid(operation, 'bad-argument', `Block size should be > 1: ${b}`);
    if (x.shape.length !== 4)
      throw invalid(operation, 'rank-mismatch', `Input rank should be: 4 instead of: ${x.shape.length}`);
    const last = isFirst ? op.transpose(x, [0, 2, 3, 1]) : x;
    const result = isDeep ? toDepth(last, b, operation) : toSpace(last, b, operation);
    return isFirst ? op.transpose(result, [0, 3, 1, 2]) : result;
  });

function toDepth(x: Tensor, b: number, operation: string): Tensor {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  if (h % b !== 0 || w % b !== 0) {
    const message = `Image width ${w} and height ${h} should be divisible by block_size: ${b}`;
    throw invalid(operation, 'shape-mismatch', message);
  }
  const split = op.reshape(x, [n, h / b, b, w / b, b, c]);
  return op.reshape(op.transpose(split, [0, 1, 3, 2, 4, 5]), [n, h / b, w / b, b * b * c]);
}

function toSpace(x: Tensor, b: number, operation: string): Tensor {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  if (c % (b * b) !== 0) {
    throw invalid(operation, 'shape-mismatch', `Input depth dimension ${c} should be divisible by: ${b * b}`);
  }
  const split = op.reshape(x, [n, h, w, b, b, c / (b * b)]);
  return op.reshape(op.transpose(split, [0, 1, 3, 2, 4, 5]), [n, h * b, w * b, c / (b * b)]);
}

type LossName =
  | 'softmax_cross_entropy_with_logits'
  | 'sparse_softmax_cross_entropy_with_logits'
  | 'sigmoid_cross_entropy_with_logits'
  | 'l2_loss'
  | 'batch_normalization'
  | 'space_to_depth'
  | 'depth_to_space';

export const losses: { readonly [N in LossName]: Row } = {
  softmax_cross_entropy_with_logits: softmaxCrossEntropy,
  sparse_softmax_cross_entropy_with_logits: sparseCrossEntropy,
  sigmoid_cross_entropy_with_logits: sigmoidCrossEntropy,
  l2_loss: row('l2_loss', 't', ([t]) => {
    const x = elements('L2Loss', t, FLOATS);
    const sum = op.reduce_sum(
      op.multiply(x, x),
      x.shape.map((_, axis) => axis),
    );
    return op.multiply(sum, like(sum, 0.5));
  }),
  batch_normalization: batchNormalization,
  space_to_depth: blocks('space_to_depth', 'SpaceToDepth', true),
  depth_to_space: blocks('depth_to_space', 'DepthToSpace', false),
};
