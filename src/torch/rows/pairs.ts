/** Further functions of elements, most of them of two tensors, as rows. */

import { isFloat } from '../../shape/dtype.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { numberOf, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';
import { checkBroadcast, matched, promoted } from './arithmetic.js';
import { asFloat, like, signOf, unimplemented } from './elementary.js';
import { operand, unaryWithRule, withRule } from './rule.js';

type Pairwise = (a: Tensor, b: Tensor) => Tensor;

/** Of two tensors, which are promoted and broadcast. */
function pairwise(name: string, gradFn: string, f: Pairwise, kind: 'floats' | 'numbers'): Row {
  return row(name, 'input other', gradFn, ([input, other]) => {
    const pair = promoted(name, tensorArgument(input, name, 'input'), tensorArgument(other, name, 'other'));
    if (kind === 'floats' && !isFloat(pair.dtype)) throw unimplemented(`${name}_cpu`, pair.dtype);
    return f(...matched(pair));
  });
}

/** Where NaN stands. */
const lost = (x: Tensor): Tensor => op.compare(x, x, 'NE');

/** The square root of the sum of two squares, the larger taken out first; its gradient is 0 at 0. */
const hypot = withRule<null>(
  'hypot',
  'both',
  (inputs) => {
    const [a, b] = [op.abs(operand(inputs, 0)), op.abs(operand(inputs, 1))];
    const [larger, smaller] = [op.maximum(a, b), op.minimum(a, b)];
    const ratio = op.divide(smaller, larger);
    const isPlain = op.and(op.is_finite(ratio), op.compare(larger, like(larger, 0), 'GT'));
    const whole = op.multiply(larger, op.sqrt(op.add(like(ratio, 1), op.multiply(ratio, ratio))));
    const infinity = like(larger, Number.POSITIVE_INFINITY);
    const isInfinite = op.or(op.compare(a, infinity, 'EQ'), op.compare(b, infinity, 'EQ'));
    return op.select(isInfinite, infinity, op.select(isPlain, whole, larger));
  },
  ({ inputs, output, gradient, op }, argument) => op.multiply(gradient, op.divide(operand(inputs, argument), output)),
);

/** log(exp(a) + exp(b)), the larger taken out first. */
const logaddexp: Pairwise = (a, b) => {
  const [larger, distance] = [op.maximum(a, b).plain, op.subtract(a, b)];
  const isSame = op.and(op.compare(a, b, 'EQ'), op.not(op.is_finite(a)));
  const rest = op.log_plus_one(op.exponential(op.negate(op.abs(distance.plain))));
  return logaddexpRule([a, b, op.select(isSame, larger, op.add(larger, rest))], null);
};

const logaddexpRule = withRule<null>(
  'logaddexp',
  'inputs',
  (inputs) => operand(inputs, 2),
  ({ inputs, gradient, op }, argument) =>
    argument === 2
      ? null
      : op.multiply(gradient, op.logistic(op.subtract(operand(inputs, argument), operand(inputs, 1 - argument)))),
);

/** a log(b), and 0 where a is 0. */
const xlogy = withRule<null>(
  'xlogy',
  'inputs',
  (inputs) => {
    const [a, b] = [operand(inputs, 0), operand(inputs, 1)];
    const isNothing = op.and(op.compare(a, like(a, 0), 'EQ'), op.compare(b, b, 'EQ'));
    return op.select(isNothing, like(a, 0), op.multiply(a, op.log(b)));
  },
  ({ inputs, gradient, op }, argument) => {
    const [a, b] = [operand(inputs, 0), operand(inputs, 1)];
    if (argument === 1) return op.multiply(gradient, op.divide(a, b));
    const zero = op.full(a, 0);
    const isNothing = op.and(op.compare(a, zero, 'EQ'), op.compare(b, zero, 'LE'));
    return op.select(isNothing, zero, op.multiply(gradient, op.log(b)));
  },
);

/** The larger or the smaller, where NaN is no number to compare with. */
const ofNumbers = (name: 'fmax' | 'fmin'): Pairwise => {
  const f = withRule<null>(
    name,
    'inputs',
    (inputs) => {
      const [a, b] = [operand(inputs, 0), operand(inputs, 1)];
      const better = op[name === 'fmax' ? 'maximum' : 'minimum'](a, b);
      return op.select(lost(a), b, op.select(lost(b), a, better));
    },
    ({ inputs, gradient, op }, argument) => {
      const [a, b] = [operand(inputs, 0), operand(inputs, 1)];
      const half = op.multiply(gradient, op.full(gradient, 0.5));
      const first = op.or(op.compare(a, b, name === 'fmax' ? 'GE' : 'LE'), lost(b));
      const taken = argument === 0 ? first : op.not(first);
      const share = op.select(taken, gradient, op.full(gradient, 0));
      return op.select(op.compare(a, b, 'EQ'), half, share);
    },
  );
  return (a, b) => f([a, b], null);
};

const largest = { float32: 3.4028234663852886e38, float64: Number.MAX_VALUE };

/** Numbers in place of NaN and the infinities. */
function nanToNum([input, nan, posinf, neginf]: readonly unknown[]): Tensor {
  const x = tensorArgument(input, 'nan_to_num', 'input');
  if (!isFloat(x.dtype)) return op.reshape(x, x.shape);
  const most = x.dtype === 'float32' ? largest.float32 : largest.float64;
  const given = (value: unknown, name: string, fallback: number): Tensor =>
    like(x, value === undefined || value === null ? fallback : numberOf(value, 'nan_to_num', name));
  const is = (value: number): Tensor => op.compare(x, like(x, value), 'EQ');
  const above = op.select(is(Number.POSITIVE_INFINITY), given(posinf, 'posinf', most), x);
  const finite = op.select(is(Number.NEGATIVE_INFINITY), given(neginf, 'neginf', -most), above);
  return op.select(lost(x), given(nan, 'nan', 0), finite);
}

/** log(x / (1 - x)). */
const logit = unaryWithRule(
  'logit',
  'inputs',
  (x) => op.log(op.divide(x, op.subtract(like(x, 1), x))),
  ({ x, gradient, op }) => op.divide(gradient, op.multiply(x, op.subtract(op.full(x, 1), x))),
);

type PairName =
  | 'hypot'
  | 'logaddexp'
  | 'xlogy'
  | 'fmax'
  | 'fmin'
  | 'heaviside'
  | 'nan_to_num'
  | 'logit'
  | 'sgn'
  | 'signbit';

export const pairs: { readonly [N in PairName]: Row } = {
  hypot: pairwise('hypot', 'HypotBackward0', (a, b) => hypot([a, b], null), 'floats'),
  logaddexp: pairwise('logaddexp', 'LogaddexpBackward0', logaddexp, 'floats'),
  xlogy: pairwise('xlogy', 'XlogyBackward0', (a, b) => xlogy([asFloat(a), asFloat(b)], null), 'numbers'),
  fmax: pairwise('fmax', 'FmaxBackward0', ofNumbers('fmax'), 'numbers'),
  fmin: pairwise('fmin', 'FminBackward0', ofNumbers('fmin'), 'numbers'),
  heaviside: row('heaviside', 'input values', 'NotImplemented', ([input, values]) => {
    const [a, b] = [
      tensorArgument(input, 'heaviside', 'input').plain,
      tensorArgument(values, 'heaviside', 'values').plain,
    ];
    checkBroadcast(a.shape, b.shape);
    const [x, at] = matched(promoted('heaviside', a, b));
    const zero = like(x, 0);
    const step = op.convert(op.compare(x, zero, 'GT'), x.dtype);
    return op.select(op.compare(x, zero, 'EQ'), at, step);
  }),
  nan_to_num: row('nan_to_num', 'input nan?~ posinf?~ neginf?~', 'NanToNumBackward0', nanToNum),
  logit: row('logit', 'input', 'LogitBackward0', ([input]) => logit(asFloat(tensorArgument(input, 'logit', 'input')))),
  sgn: row('sgn', 'input', 'SgnBackward0', ([input]) => {
    const x = tensorArgument(input, 'sgn', 'input');
    return isFloat(x.dtype) ? signOf(x) : x.dtype === 'bool' ? op.reshape(x, x.shape) : op.sign(x);
  }),
  signbit: row('signbit', 'input', '', ([input]) => {
    const x = tensorArgument(input, 'signbit', 'input').plain;
    const zero = like(x, 0);
    if (!isFloat(x.dtype)) return op.compare(x, zero, 'LT');
    // A zero shows its sign where something is divided by it.
    const isBelow = op.compare(op.divide(like(x, 1), x), zero, 'LT');
    return op.or(op.compare(x, zero, 'LT'), op.and(op.compare(x, zero, 'EQ'), isBelow));
  }),
};
