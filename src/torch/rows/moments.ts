/** Variances, norms and their kin, as rows. */

import { NotImplementedError, RuntimeError } from '../../errors.js';
import { isFloat } from '../../shape/dtype.js';
import { isForeign } from '../../tensor/foreign.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { Tuple } from '../../text/python.js';
import { boolArgument, intsArgument, numberOf, scalarName, tensorArgument, wrongType } from '../arguments.js';
import { type Composite, composite, type Row, reader, row } from '../row.js';
import { matched, promoted } from './arithmetic.js';
import { asFloat } from './elementary.js';
import { axesOf, cells, isAll, meanOver, optionalDType, restored, withDims } from './reduction.js';
import { operand, withRule } from './rule.js';

interface Spread {
  readonly axes: readonly number[];
  readonly correction: number;
  /** Whether the axes were named. */
  readonly named: boolean;
}

/** Distances from the mean. */
const centred = (x: Tensor, axes: readonly number[]): Tensor =>
  op.subtract(x, restored(meanOver(x, axes, false), x.shape, axes));

function plainVariance(x: Tensor, { axes, correction }: Spread): Tensor {
  const distance = centred(x, axes);
  const sum = op.reduce_sum(op.multiply(distance, distance), axes);
  return op.divide(sum, op.full(sum, Math.max(cells(x.shape, axes) - correction, 0)));
}

/** 2 / (n - correction) times the distance from the mean; where nothing is left of n, NaN at the mean, else infinite. */
function varianceGradient(x: Tensor, gradient: Tensor, { axes, correction, named }: Spread): Tensor {
  const freedom = cells(x.shape, axes) - correction;
  const distance = centred(x, axes);
  const spread = restored(gradient, x.shape, axes);
  if (freedom > 0 || named) {
    return op.multiply(spread, op.multiply(distance, op.full(distance, 2 / freedom)));
  }
  const isMean = op.compare(distance, op.full(x, 0), 'EQ');
  return op.multiply(spread, op.select(isMean, op.full(x, Number.NaN), op.full(x, Number.POSITIVE_INFINITY)));
}

const variance = withRule<Spread>(
  'var',
  'inputs',
  ([x], spread) => plainVariance(operand([x as Tensor], 0), spread),
  ({ inputs, params, gradient }) => varianceGradient(operand(inputs, 0), gradient, params),
);

/** The gradient of a deviation of 0 is 0. */
const deviation = withRule<Spread>(
  'std',
  'both',
  ([x], spread) => op.sqrt(plainVariance(operand([x as Tensor], 0), spread)),
  ({ inputs, output, params, gradient, op }) => {
    const zero = op.full(gradient, 0);
    const slope = op.divide(gradient, op.multiply(output, op.full(output, 2)));
    return varianceGradient(operand(inputs, 0), op.select(op.compare(output, zero, 'EQ'), zero, slope), params);
  },
);

/** Arguments in both of PyTorch's forms, with `unbiased` and with `correction`. */
function spreadReader(name: string): Row['read'] {
  const byFlag = reader(name, 'input dim?~ unbiased? keepdim?');
  const byNumber = reader(name, 'input dim?~ correction=~ keepdim=');
  return (args) => {
    const [input, first, ...others] = args;
    if (typeof first === 'boolean') return spreadValues(byFlag([input, null, first, ...others]));
    const last = args.at(-1);
    const named = typeof last === 'object' && last !== null && !isForeign(last) && !Array.isArray(last) ? last : {};
    const positional = args.length - (Object.keys(named).length > 0 ? 1 : 0);
    if (positional > 2 || 'unbiased' in named) return spreadValues(byFlag(args));
    const [x, dim, correction, keepdim] = byNumber(args);
    return [x, dim, correction ?? undefined, keepdim];
  };
}

const spreadValues = ([input, dim, unbiased, keepdim]: readonly unknown[]): readonly unknown[] => [
  input,
  dim,
  unbiased === undefined ? undefined : boolArgument(unbiased, 'var', 'unbiased') ? 1 : 0,
  keepdim,
];

/** A row of input, dim, correction and keepdim. */
function spread(name: string, of: typeof variance, gradFn: string): Row {
  const { run, ...rest } = row(name, 'input', gradFn, ([input, dim, correction, keepdim]) => {
    const x = tensorArgument(input, name, 'input');
    if (!isFloat(x.dtype)) {
      const message = 'std and var only support floating point and complex dtypes';
      throw new NotImplementedError('dtype-mismatch', message);
    }
    const axes = axesOf(dim, x.shape, name);
    const less = correction === undefined ? 1 : numberOf(correction, name, 'correction');
    const keeps = boolArgument(keepdim, name, 'keepdim');
    return withDims(
      x.shape,
      axes,
      keeps,
      of([x], { axes, correction: less, named: dim !== undefined && dim !== null && x.shape.length > 0 }),
    );
  });
  return { ...rest, run, read: spreadReader(name) };
}

/** A spread and the mean, of one reading of the arguments. */
function withMean(name: string, of: typeof variance, gradFn: string): Composite {
  const first = spread(name, of, gradFn);
  const second = row(name, 'input dim?~ keepdim?', gradFn, ([input, dim, keepdim]) => {
    const x = tensorArgument(input, name, 'input');
    return meanOver(x, axesOf(dim, x.shape, name), boolArgument(keepdim, name, 'keepdim'));
  });
  return composite(name, (args, call) => {
    const [input, dim, , keepdim] = first.read(args);
    return Tuple.of(call(first, args), call(second, [input, dim, keepdim]));
  });
}

interface Norm {
  readonly order: number;
  readonly axes: readonly number[];
}

const power = (x: Tensor, exponent: number): Tensor => op.power(x, op.full(x, exponent));

function plainNorm(x: Tensor, { order, axes }: Norm): Tensor {
  const size = op.abs(x);
  if (order === Number.POSITIVE_INFINITY) return op.reduce_max(size, axes);
  if (order === Number.NEGATIVE_INFINITY) return op.reduce_min(size, axes);
  if (order === 0) return op.reduce_sum(op.convert(op.convert(x, 'bool'), x.dtype), axes);
  if (order === 1) return op.reduce_sum(size, axes);
  if (order === 2) return op.sqrt(op.reduce_sum(op.multiply(x, x), axes));
  return power(op.reduce_sum(power(size, order), axes), 1 / order);
}

const zeroAt = (x: Tensor, where: Tensor): Tensor =>
  op.select(op.compare(where, op.full(where, 0), 'EQ'), op.full(x, 0), x);

/** PyTorch's norm_backward: subgradients of 0 where the norm has a corner. */
function normGradient(x: Tensor, norm: Tensor, gradient: Tensor, { order, axes }: Norm): Tensor | null {
  const wide = (y: Tensor): Tensor => restored(y, x.shape, axes);
  if (order === 0) return null;
  if (order === 1) return op.multiply(op.sign(x), wide(gradient));
  if (order === 2) return op.multiply(wide(gradient), zeroAt(op.divide(x, wide(norm)), wide(norm)));
  if (Math.abs(order) === Number.POSITIVE_INFINITY) {
    const isExtreme = op.convert(op.compare(op.abs(x), wide(norm), 'EQ'), x.dtype).plain;
    const share = op.divide(gradient, op.reduce_sum(isExtreme, axes));
    return op.multiply(op.sign(x), op.multiply(wide(share), isExtreme));
  }
  if (order < 1) {
    const scaled = op.multiply(op.sign(x), zeroAt(power(op.abs(x), order - 1), x));
    return op.multiply(op.multiply(scaled, wide(gradient)), wide(power(norm, 1 - order)));
  }
  const scaled =
    order < 2
      ? op.multiply(op.sign(x), zeroAt(power(op.abs(x), order - 1), x))
      : op.multiply(x, power(op.abs(x), order - 2));
  return op.multiply(scaled, wide(zeroAt(op.divide(gradient, power(norm, order - 1)), norm)));
}

const norms = withRule<Norm>(
  'norm',
  'both',
  ([x], norm) => plainNorm(operand([x as Tensor], 0), norm),
  ({ inputs, output, params, gradient }) => normGradient(operand(inputs, 0), output, gradient, params),
);

function vectorNorm(given: Tensor, order: number, dim: unknown, keepdim: unknown, dtype: unknown): Tensor {
  const x = op.convert(given, optionalDType(dtype, 'norm') ?? given.dtype);
  if (!isFloat(x.dtype)) {
    throw new NotImplementedError(
      'dtype-mismatch',
      `linalg.vector_norm: Expected a floating point or complex tensor as input. Got ${scalarName[x.dtype]}`,
    );
  }
  const axes = axesOf(dim, x.shape, 'norm');
  const keeps = boolArgument(keepdim, 'norm', 'keepdim');
  if ((Math.abs(order) === Number.POSITIVE_INFINITY || order < 0) && cells(x.shape, axes) === 0) {
    const shown = order > 0 ? 'inf' : Number.isFinite(order) ? String(order) : '-inf';
    throw new RuntimeError(
      'size-invalid',
      `linalg.vector_norm cannot compute the ${shown} norm on an empty ${isAll(dim) ? 'tensor' : 'dimension'} because ` +
        'the operation does not have an identity',
    );
  }
  return withDims(x.shape, axes, keeps, norms([x], { order, axes }));
}

/** torch.norm's p: 'fro' is 2. */
function orderArgument(p: unknown): number {
  if (p === undefined || p === null || p === 'fro') return 2;
  if (typeof p === 'number') return p;
  if (p === 'nuc') throw new NotImplementedError('not-implemented', 'norm: the nuclear norm is not there');
  if (typeof p !== 'string') throw wrongType('norm', 'p', 'Number or str', p);
  throw new RuntimeError('bad-argument', `linalg.matrix_norm: Order ${p} not supported.`);
}

/** The logarithm of a sum of exponentials, of which the largest is taken out first. */
const logSum = withRule<readonly number[]>(
  'logsumexp',
  'both',
  ([given], axes) => {
    const x = operand([given as Tensor], 0);
    if (cells(x.shape, axes) === 0) return op.log(op.reduce_sum(x, axes));
    const largest = op.reduce_max(x, axes);
    const base = op.select(op.is_finite(largest), largest, op.full(largest, 0));
    const sum = op.reduce_sum(op.exponential(op.subtract(x, restored(base, x.shape, axes))), axes);
    return op.add(op.log(sum), base);
  },
  ({ inputs, output, params: axes, gradient, op }) => {
    const x = operand(inputs, 0);
    const share = op.exponential(op.subtract(x, restored(output, x.shape, axes)));
    return op.multiply(restored(gradient, x.shape, axes), share);
  },
);

type MomentName = 'dist' | 'var' | 'std' | 'norm' | 'vector_norm' | 'logsumexp';

export const moments: { readonly [N in MomentName]: Row } = {
  var: spread('var', variance, 'VarBackward0'),
  std: spread('std', deviation, 'StdBackward0'),
  norm: row(
    'norm',
    'input p?~ dim?~ keepdim? dtype?~',
    'LinalgVectorNormBackward0',
    ([input, p, dim, keepdim, dtype]) =>
      vectorNorm(tensorArgument(input, 'norm', 'input'), orderArgument(p), dim, keepdim, dtype),
  ),
  vector_norm: row(
    'vector_norm',
    'x ord? dim?~ keepdim? dtype=~',
    'LinalgVectorNormBackward0',
    ([input, ord, dim, keepdim, dtype]) => {
      const order = ord === undefined ? 2 : numberOf(ord, 'linalg_vector_norm', 'ord');
      return vectorNorm(tensorArgument(input, 'linalg_vector_norm', 'x'), order, dim, keepdim, dtype);
    },
  ),
  dist: row('dist', 'input other p?', 'DistBackward0', ([input, other, p]) => {
    const [x, y] = matched(
      promoted('dist', tensorArgument(input, 'dist', 'input'), tensorArgument(other, 'dist', 'other')),
    );
    return vectorNorm(op.subtract(x, y), p === undefined ? 2 : numberOf(p, 'dist', 'p'), null, false, null);
  }),
  logsumexp: row('logsumexp', 'input dim keepdim?', 'LogsumexpBackward0', ([input, dim, keepdim]) => {
    const x = asFloat(tensorArgument(input, 'logsumexp', 'input'));
    const list = typeof dim === 'number' ? [dim] : intsArgument(dim, 'logsumexp', 'dim');
    const axes = axesOf(list, x.shape, 'logsumexp');
    return withDims(x.shape, axes, boolArgument(keepdim, 'logsumexp', 'keepdim'), logSum([x], axes));
  }),
};

type MeanedName = 'var_mean' | 'std_mean';

export const momentsWithMean: { readonly [N in MeanedName]: Composite } = {
  var_mean: withMean('var_mean', variance, 'VarMeanBackward0'),
  std_mean: withMean('std_mean', deviation, 'StdMeanBackward0'),
};
