/** nll_loss and cross_entropy, as rows. */

import { IndexError, RuntimeError, ValueError } from '../../errors.js';
import { isFloat } from '../../shape/dtype.js';
import { promoteTorch } from '../../shape/promotion.js';
import { type Shape, sameShape, showShape, sizeOf } from '../../shape/shape.js';
import { isForeign } from '../../tensor/foreign.js';
import { newTensor, op, type Tensor } from '../../tensor/tensor.js';
import { tracer } from '../../tensor/tracer.js';
import { intArgument, numberArgument, scalarName, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';
import { unimplemented } from './elementary.js';
import { allAxes, divided, scaled, shifted, spread } from './formula.js';
import { type Reduction, reductionOf } from './reduced.js';
import { logSoftmax } from './softmax.js';

/** Rows of class scores, [samples, classes, cells], and the class of each sample and cell. */
interface Scores {
  readonly scores: Tensor;
  readonly target: Tensor;
  readonly weight: Tensor | null;
  readonly ignored: number;
  /** Shape of the terms. */
  readonly shape: Shape;
}

/** @throws IndexError for what is no class */
function checkClasses(target: Tensor, classes: number, ignored: number): void {
  if (tracer !== null) return;
  for (const value of target.array) {
    const label = Number(value);
    if (label === ignored || (label >= 0 && label < classes)) continue;
    throw new IndexError('index-out-of-range', `Target ${label} is out of bounds. There are ${classes} classes`);
  }
}

function checkTarget(x: Tensor, target: Tensor): void {
  const [shape, labels] = [x.shape, target.shape];
  if (shape.length < 1) throw new ValueError('rank-mismatch', `Expected 1 or more dimensions (got ${shape.length})`);
  if (shape.length === 1) {
    if (labels.length <= 1 && sizeOf(labels) === 1) return;
    const message = `For 1D input, 1D target must have size 1, but got target size: ${labels.length > 1 ? showShape(labels) : labels[0]}`;
    throw new ValueError('shape-mismatch', message);
  }
  if (shape[0] !== (labels[0] ?? 0)) {
    const message = `Expected input batch_size (${shape[0]}) to match target batch_size (${labels[0] ?? 0}).`;
    throw new ValueError('shape-mismatch', message);
  }
  if (shape.length === 2 && labels.length > 1) {
    throw new RuntimeError('rank-mismatch', '0D or 1D target tensor expected, multi-target not supported');
  }
  if (shape.length === 4 && labels.length !== 3) {
    const message = `only batches of spatial targets supported (3D tensors) but got targets of dimension: ${labels.length}`;
    throw new RuntimeError('rank-mismatch', message);
  }
  const expected = [shape[0] as number, ...shape.slice(2)];
  if (sameShape(labels, expected)) return;
  throw new RuntimeError('shape-mismatch', `Expected target size ${showShape(expected)}, got ${showShape(labels)}`);
}

function checkDTypes(x: Tensor, target: Tensor, weight: Tensor | null): void {
  if (target.dtype !== 'int64' && target.dtype !== 'uint8') {
    const message = `expected target dtype to be Long or Byte, but got ${scalarName[target.dtype]}`;
    throw new RuntimeError('dtype-mismatch', message);
  }
  if (target.dtype === 'uint8' && x.shape.length > 2) {
    throw new RuntimeError('dtype-mismatch', 'expected scalar type Long but found Byte');
  }
  const classes = x.shape[x.shape.length === 1 ? 0 : 1] as number;
  if (weight !== null && !sameShape(weight.shape, [classes])) {
    const given = `all ${classes} classes or no classes but got weight tensor of shape: ${showShape(weight.shape)}`;
    throw new RuntimeError('shape-mismatch', `weight tensor should be defined either for ${given}`);
  }
  if (!isFloat(x.dtype)) throw unimplemented('nll_loss_out_frame', x.dtype);
  if (weight !== null && weight.dtype !== x.dtype) {
    const message = `expected scalar type ${scalarName[x.dtype]} but found ${scalarName[weight.dtype]}`;
    throw new RuntimeError('dtype-mismatch', message);
  }
}

function scoresOf(x: Tensor, target: Tensor, weight: Tensor | null, ignored: number): Scores {
  checkTarget(x, target);
  checkDTypes(x, target, weight);
  const [samples, classes] =
    x.shape.length === 1 ? [1, x.shape[0] as number] : [x.shape[0] as number, x.shape[1] as number];
  checkClasses(target, classes, ignored);
  const cells = sizeOf(x.shape.slice(2));
  return {
    scores: op.reshape(x, [samples, classes, cells]),
    target: op.reshape(op.convert(target.plain, 'int32'), [samples, cells]),
    weight,
    ignored,
    shape: x.shape.length === 1 ? target.shape : [samples, ...x.shape.slice(2)],
  };
}

/** Where in the flat scores each sample's and cell's class stands; -1 where it is ignored. */
function positionsOf({ scores, target, ignored }: Scores): Tensor {
  const [samples = 0, classes = 0, cells = 0] = scores.shape;
  const starts = Int32Array.from(
    { length: samples * cells },
    (_, i) => Math.floor(i / cells) * classes * cells + (i % cells),
  );
  const positions = op.add(newTensor(starts, target.shape, 'int32'), scaled(target, cells));
  return op.select(op.compare(target, op.full(target, ignored), 'EQ'), op.full(target, -1), positions);
}

/** The weight of each sample and cell: its class's, 0 where it is ignored. */
function weightsOf({ scores, target, weight, ignored }: Scores): Tensor {
  const isIgnored = op.compare(target, op.full(target, ignored), 'EQ');
  const like = { shape: target.shape, dtype: scores.dtype };
  const own = weight === null ? op.full(like, 1) : op.gather(weight.plain, target);
  return op.select(isIgnored, op.full(like, 0), own);
}

function nllTerms(given: Scores): { readonly terms: Tensor; readonly weights: Tensor } {
  const weights = weightsOf(given);
  const found = op.gather(given.scores, positionsOf(given));
  return { terms: op.negate(given.weight === null ? found : op.multiply(found, weights)), weights };
}

function nll(given: Scores, reduction: Reduction): Tensor {
  const { terms, weights } = nllTerms(given);
  if (reduction === 'none') return op.reshape(terms, given.shape);
  const sum = op.reduce_sum(terms, [0, 1]);
  return reduction === 'sum' ? sum : op.divide(sum, op.reduce_sum(weights, [0, 1]));
}

const weightArgument = (value: unknown, call: string): Tensor | null =>
  value === undefined || value === null ? null : tensorArgument(value, call, 'weight');

/** What nll_loss is recorded as: PyTorch has other functions for images, and makes images of other ranks. */
function nllName(input: unknown, reduction: Reduction): string {
  const rank = isForeign(input) ? input.toCore().shape.length : 0;
  if (rank <= 2) return 'NllLossBackward0';
  return rank === 4 || reduction !== 'none' ? 'NllLoss2DBackward0' : 'ViewBackward0';
}

const nllLoss = row(
  'nll_loss',
  'input target weight?~ size_average?~ ignore_index? reduce?~ reduction?',
  ([input, , , sizeAverage, , reduce, reduction]) =>
    nllName(input, reductionOf('nll_loss', reduction, sizeAverage, reduce)),
  ([input, target, weight, sizeAverage, ignoreIndex, reduce, reduction]) => {
    const x = tensorArgument(input, 'nll_loss', 'input');
    const labels = tensorArgument(target, 'nll_loss', 'target');
    const ignored = ignoreIndex === undefined ? -100 : intArgument(ignoreIndex, 'nll_loss', 'ignore_index');
    const kind = reductionOf('nll_loss', reduction, sizeAverage, reduce);
    return nll(scoresOf(x, labels, weightArgument(weight, 'nll_loss'), ignored), kind);
  },
);

/** cross_entropy of class indices, of which a part is spread evenly over all classes. */
function smoothed(given: Scores, reduction: Reduction, smoothing: number): Tensor {
  const { scores, weight, target, ignored } = given;
  const classes = scores.shape[1] as number;
  const weighted = weight === null ? scores : op.multiply(scores, spread(weight, scores.shape, [1]));
  const sums = op.negate(op.reduce_sum(weighted, [1]));
  const isIgnored = op.compare(target, op.full(target, ignored), 'EQ');
  const terms = op.select(isIgnored, op.full(sums, 0), sums);
  const smooth = (): Tensor => {
    if (reduction === 'none') return op.reshape(terms, given.shape);
    const sum = op.reduce_sum(terms, [0, 1]);
    return reduction === 'sum' ? sum : op.divide(sum, op.reduce_sum(weightsOf(given), [0, 1]));
  };
  return op.add(scaled(nll(given, reduction), 1 - smoothing), scaled(smooth(), smoothing / classes));
}

/** cross_entropy of probabilities of classes. */
function ofProbabilities(
  x: Tensor,
  target: Tensor,
  weight: Tensor | null,
  reduction: Reduction,
  smoothing: number,
): Tensor {
  const axis = x.shape.length === 1 ? 0 : 1;
  const classes = x.shape[axis] as number;
  if (weight !== null && !sameShape(weight.shape, [classes])) {
    const given = `all ${classes} classes or no classes but got weight tensor of shape: ${showShape(weight.shape)}`;
    throw new RuntimeError('shape-mismatch', `cross_entropy: weight tensor should be defined either for ${given}`);
  }
  const dtype = promoteTorch(x.dtype, target.dtype);
  const [a, b] = [op.convert(logSoftmax(x, axis), dtype), op.convert(target, dtype)];
  const wanted = smoothing > 0 ? shifted(scaled(b, 1 - smoothing), smoothing / classes) : b;
  const products = op.multiply(a, wanted);
  const weighted =
    weight === null ? products : op.multiply(products, spread(op.convert(weight, a.dtype), a.shape, [axis]));
  if (reduction === 'none') return op.negate(op.reduce_sum(weighted, [axis]));
  const sum = op.negate(op.reduce_sum(weighted, allAxes(weighted.shape)));
  return reduction === 'sum' ? sum : divided(sum, x.size / classes);
}

const isProbabilities = (input: unknown, target: unknown): boolean =>
  isForeign(input) && isForeign(target) && sameShape(input.toCore().shape, target.toCore().shape);

function crossEntropyName(values: readonly unknown[]): string {
  const [input, target, , sizeAverage, , reduce, reduction, smoothing] = values;
  const kind = reductionOf('cross_entropy', reduction, sizeAverage, reduce);
  if (isProbabilities(input, target)) return kind === 'mean' ? 'DivBackward1' : 'NegBackward0';
  return typeof smoothing === 'number' && smoothing > 0 ? 'AddBackward0' : nllName(input, kind);
}

const crossEntropy = row(
  'cross_entropy',
  'input target weight?~ size_average?~ ignore_index? reduce?~ reduction? label_smoothing?',
  crossEntropyName,
  ([input, target, weight, sizeAverage, ignoreIndex, reduce, reduction, labelSmoothing]) => {
    const call = 'cross_entropy';
    const x = tensorArgument(input, call, 'input');
    const given = tensorArgument(target, call, 'target');
    const kind = reductionOf(call, reduction, sizeAverage, reduce);
    const ignored = ignoreIndex === undefined ? -100 : intArgument(ignoreIndex, call, 'ignore_index');
    const smoothing = numberArgument(labelSmoothing, call, 'label_smoothing', 0);
    const w = weightArgument(weight, call);
    if (isProbabilities(input, target)) {
      checkProbabilities(given, ignored);
      checkSmoothing(smoothing);
      return ofProbabilities(floats(x, 0), given, w, kind, smoothing);
    }
    checkSmoothing(smoothing);
    const scores = scoresOf(floats(x, 1), given, w, ignored);
    const logs = { ...scores, scores: logSoftmax(scores.scores, 1) };
    return smoothing > 0 ? smoothed(logs, kind, smoothing) : nll(logs, kind);
  },
);

function floats(x: Tensor, axis: number): Tensor {
  if (isFloat(x.dtype)) return x;
  throw unimplemented(`log_softmax${axis === x.shape.length - 1 ? '_lastdim' : ''}_kernel_impl`, x.dtype);
}

function checkSmoothing(smoothing: number): void {
  if (smoothing <= 1) return;
  throw new RuntimeError('bad-argument', `label_smoothing must be between 0.0 and 1.0. Got: ${smoothing}`);
}

function checkProbabilities(target: Tensor, ignored: number): void {
  if (!isFloat(target.dtype)) {
    const message = `Expected floating point type for target with class probabilities, got ${scalarName[target.dtype]}`;
    throw new RuntimeError('dtype-mismatch', message);
  }
  if (ignored >= 0) throw new RuntimeError('bad-argument', 'ignore_index is not supported for floating point target');
}

export const classification: { readonly [N in 'nll_loss' | 'cross_entropy']: Row } = {
  nll_loss: nllLoss,
  cross_entropy: crossEntropy,
};
