/** Functions along axes, as rows. */

import { flag, number } from '../../door/signature.js';
import { TypeError_ } from '../../errors.js';
import { broadcastTo, keepAxes } from '../../ops/composite.js';
import { isFloat, type DType as Name } from '../../shape/dtype.js';
import { sizeOf } from '../../shape/shape.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import {
  axisArgument,
  checkDtype,
  checkKinds,
  intArgument,
  intsArgument,
  invalid,
  tensorArgument,
} from '../arguments.js';
import { dtypeOr } from '../dtype.js';
import { type Row, row } from '../row.js';
import { maximum } from './arithmetic.js';

/** The axes to reduce, in rising order; left out or null: all. */
export function axesArgument(axis: unknown, rank: number, operation: string): number[] {
  if (axis === undefined || axis === null) return Array.from({ length: rank }, (_, i) => i);
  const axes = intsArgument(axis, operation, { index: 1 }).map((given) =>
    axisArgument(given, rank, () =>
      invalid(
        operation,
        'axis-out-of-range',
        `Invalid reduction dimension (${given} for input with ${rank} dimension(s)`,
      ),
    ),
  );
  axes.forEach((given, i) => {
    if (axes.indexOf(given) === i) return;
    const message = `Invalid reduction arguments: Axes contains duplicate dimension: ${given}`;
    throw invalid(operation, 'bad-argument', message);
  });
  return axes.sort((a, b) => a - b);
}

type Reduce = (x: Tensor, axes: readonly number[]) => Tensor;

/** A reduction of numbers over the axes asked for. */
function reduction(name: string, operation: string, f: Reduce): Row {
  return row(name, 'input_tensor axis?~ keepdims?~', ([input, axis, keepdims]) => {
    const x = tensorArgument(input);
    checkKinds(operation, x.dtype, ['float', 'signed', 'unsigned']);
    return reduced(f, x, axesArgument(axis, x.shape.length, operation), keepdims);
  });
}

function reduced(f: Reduce, x: Tensor, axes: readonly number[], keepdims: unknown): Tensor {
  const keeps = flag(keepdims ?? undefined, 'keepdims', false);
  const result = f(x, axes);
  return keeps ? keepAxes(op, result, x.shape, axes) : result;
}

/** The least and the greatest value of each dtype, which the extremes of nothing are. */
const limits: { readonly [D in Name]: readonly [least: number, greatest: number] } = {
  float32: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  float64: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2 ** 63), 2 ** 63 - 1],
  uint8: [0, 255],
  bool: [0, 1],
};

/** An extreme, which of no elements is the other end of the dtype's range (plus their sum, for the gradient's sake). */
const extreme =
  (name: 'reduce_max' | 'reduce_min'): Reduce =>
  (x, axes) => {
    if (sizeOf(x.shape) > 0) return op[name](x, axes);
    const shape = x.shape.filter((_, axis) => !axes.includes(axis));
    const end = op.full({ shape, dtype: x.dtype }, limits[x.dtype][name === 'reduce_max' ? 0 : 1]);
    return op.add(end, op.reduce_sum(x, axes));
  };

/** The mean; of integers, one rounded towards zero. */
const mean: Reduce = (x, axes) => {
  const wide = isFloat(x.dtype) ? x : op.convert(x, 'int64');
  const count = axes.reduce((product, axis) => product * (x.shape[axis] as number), 1);
  const sum = op.reduce_sum(wide, axes);
  return op.convert(op.divide(sum, op.full(sum, count)), x.dtype);
};

/** The variance of floats, as the mean of squares around the mean. */
const variance: Reduce = (x, axes) => {
  if (!isFloat(x.dtype)) throw new TypeError_('dtype-mismatch', 'Input must be either real or complex.');
  const center = op.broadcast_in_dim(
    keepAxes(op, mean(x, axes), x.shape, axes),
    x.shape,
    x.shape.map((_, axis) => axis),
  );
  const apart = op.subtract(x, center);
  return mean(op.multiply(apart, apart), axes);
};

/** A reduction of booleans. */
function truths(name: string, operation: string, primitive: 'reduce_max' | 'reduce_min'): Row {
  return row(name, 'input_tensor axis?~ keepdims?~', ([input, axis, keepdims]) => {
    const x = tensorArgument(input, 'bool');
    checkDtype(operation, x.dtype, ['bool']);
    const fold: Reduce = (bools, axes) => op.convert(extreme(primitive)(op.convert(bools, 'uint8'), axes), 'bool');
    return reduced(fold, x, axesArgument(axis, x.shape.length, operation), keepdims);
  });
}

/** A NaN is no extreme: where it stands, the other end of the range. */
function withoutNan(x: Tensor, name: 'argmax' | 'argmin'): Tensor {
  if (!isFloat(x.dtype)) return x;
  const end = name === 'argmax' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return op.select(op.compare(x, x, 'NE'), op.full(x, end), x);
}

/** Where an extreme lies along one axis, by default the first. */
function position(name: 'argmax' | 'argmin', operation: string): Row {
  return row(name, 'input axis?~ output_type?', ([input, axis, outputType]) => {
    const x = tensorArgument(input);
    const rank = x.shape.length;
    const given = axis === undefined || axis === null ? 0 : intArgument(axis, 'axis');
    const range = `Expected dimension in the range [${-rank}, ${rank}), but got ${given}`;
    const along = axisArgument(given, rank, () => invalid(operation, 'axis-out-of-range', range));
    if (x.shape[along] === 0) {
      const message = `Reduction axis ${along} is empty in shape [${x.shape.join(',')}]`;
      throw invalid(operation, 'size-invalid', message);
    }
    const kind = dtypeOr(outputType, 'int64');
    checkDtype(operation, kind, ['int32', 'int64'], 'output_type');
    return op.convert(op[name](withoutNan(x, name), along), kind);
  });
}

/** exp(x) over its sum along an axis, the greatest taken away first so that nothing overflows. */
function softmax(operation: string, x: Tensor, axis: unknown): { readonly shifted: Tensor; readonly sum: Tensor } {
  checkKinds(operation, x.dtype, ['float']);
  const rank = x.shape.length;
  const given = axis === undefined || axis === null ? -1 : intArgument(axis, 'axis');
  const range = `\`dim\` must be in the range [${-rank}, ${rank}) where ${rank} is the number of dimensions in the input. Received: dim=${given}`;
  const along = [axisArgument(given, rank, () => invalid(operation, 'axis-out-of-range', range))];
  const spread = (y: Tensor): Tensor =>
    op.broadcast_in_dim(
      keepAxes(op, y, x.shape, along),
      x.shape,
      x.shape.map((_, a) => a),
    );
  const shifted = op.subtract(x, spread(extreme('reduce_max')(x.plain, along)));
  return { shifted, sum: spread(op.reduce_sum(op.exponential(shifted), along)) };
}

/** The root of the sum of squares. */
const euclidean: Reduce = (x, axes) => {
  checkKinds('EuclideanNorm', x.dtype, ['float']);
  return op.sqrt(op.reduce_sum(op.multiply(x, x), axes));
};

/** log(sum(e^x)), the greatest taken away first; an infinite one isn't. */
const logsumexp: Reduce = (x, axes) => {
  checkKinds('Exp', x.dtype, ['float']);
  const greatest = extreme('reduce_max')(x.plain, axes);
  const shift = op.select(op.is_finite(greatest), greatest, op.full(greatest, 0));
  const spread = broadcastTo(op, keepAxes(op, shift, x.shape, axes), x.shape);
  const sum = op.reduce_sum(op.exponential(op.subtract(x, spread)), axes);
  return op.add(op.log(sum), shift);
};

type ReductionName =
  | 'reduce_sum'
  | 'reduce_prod'
  | 'reduce_max'
  | 'reduce_min'
  | 'reduce_mean'
  | 'reduce_variance'
  | 'reduce_std'
  | 'reduce_logsumexp'
  | 'reduce_euclidean_norm'
  | 'l2_normalize'
  | 'reduce_any'
  | 'reduce_all'
  | 'argmax'
  | 'argmin'
  | 'softmax'
  | 'log_softmax';

export const reductions: { readonly [N in ReductionName]: Row } = {
  reduce_sum: reduction('reduce_sum', 'Sum', op.reduce_sum),
  reduce_prod: reduction('reduce_prod', 'Prod', op.reduce_prod),
  reduce_max: reduction('reduce_max', 'Max', extreme('reduce_max')),
  reduce_min: reduction('reduce_min', 'Min', extreme('reduce_min')),
  reduce_mean: reduction('reduce_mean', 'Mean', mean),
  reduce_variance: reduction('reduce_variance', 'Mean', variance),
  reduce_std: reduction('reduce_std', 'Mean', (x, axes) => op.sqrt(variance(x, axes))),
  reduce_logsumexp: reduction('reduce_logsumexp', 'Exp', logsumexp),
  reduce_euclidean_norm: reduction('reduce_euclidean_norm', 'EuclideanNorm', euclidean),
  l2_normalize: row('l2_normalize', 'x axis?~ epsilon?', ([value, axis, epsilon]) => {
    const x = tensorArgument(value);
    if (!isFloat(x.dtype)) {
      const message = `Cannot convert 1e-12 to EagerTensor of dtype ${x.dtype}`;
      throw new TypeError_('dtype-mismatch', message);
    }
    const axes = axesArgument(axis, x.shape.length, 'Sum');
    const power = keepAxes(op, op.reduce_sum(op.multiply(x, x), axes), x.shape, axes);
    const least = op.full(power, number(epsilon, 'epsilon', 1e-12));
    return op.multiply(x, broadcastTo(op, op.rsqrt(maximum(power, least)), x.shape));
  }),
  reduce_any: truths('reduce_any', 'Any', 'reduce_max'),
  reduce_all: truths('reduce_all', 'All', 'reduce_min'),
  argmax: position('argmax', 'ArgMax'),
  argmin: position('argmin', 'ArgMin'),
  softmax: row('softmax', 'logits axis?~', ([logits, axis]) => {
    const { shifted, sum } = softmax('Softmax', tensorArgument(logits), axis);
    // By the reciprocal, as TensorFlow does.
    return op.multiply(op.exponential(shifted), op.divide(op.full(sum, 1), sum));
  }),
  log_softmax: row('log_softmax', 'logits axis?~', ([logits, axis]) => {
    const { shifted, sum } = softmax('LogSoftmax', tensorArgument(logits), axis);
    return op.subtract(shifted, op.log(sum));
  }),
};
