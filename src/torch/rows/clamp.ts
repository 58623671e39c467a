/** Values kept within bounds, as rows. */

import { RuntimeError } from '../../errors.js';
import { broadcastTo } from '../../ops/composite.js';
import { promoteTorch } from '../../shape/promotion.js';
import { broadcast } from '../../shape/shape.js';
import { isForeign } from '../../tensor/foreign.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { operandArgument, tensorArgument, wrongType } from '../arguments.js';
import { defaultFloat } from '../default.js';
import { type Row, row } from '../row.js';
import { checkBroadcast, extremes, strengthOf } from './arithmetic.js';
import { operand, withRule } from './rule.js';

interface Bounds {
  readonly min: boolean;
  readonly max: boolean;
}

/** Between two numbers, of which the operands behind the values are tensors; the gradient passes strictly within. */
const betweenNumbers = withRule<Bounds>(
  'clamp',
  'inputs',
  (inputs, { min, max }) => {
    const low = min ? op.maximum(operand(inputs, 0), operand(inputs, 1)) : operand(inputs, 0);
    return max ? op.minimum(low, operand(inputs, min ? 2 : 1)) : low;
  },
  ({ inputs, params: { min, max }, gradient, op }) => {
    const x = operand(inputs, 0);
    const tests = [
      ...(min ? [op.compare(x, operand(inputs, 1), 'GT')] : []),
      ...(max ? [op.compare(x, operand(inputs, min ? 2 : 1), 'LT')] : []),
    ];
    return op.select(tests.reduce(op.and), gradient, op.full(gradient, 0));
  },
);

/**
 * Between two tensors. On a bound the gradient is halved between value and bound; where the bounds have changed places,
 * all of it goes to max.
 */
const betweenTensors = withRule<null>(
  'clamp',
  'inputs',
  (inputs) => op.minimum(op.maximum(operand(inputs, 0), operand(inputs, 1)), operand(inputs, 2)),
  ({ inputs, gradient, op }, argument) => {
    const [x, min, max] = [operand(inputs, 0), operand(inputs, 1), operand(inputs, 2)];
    const zero = op.full(gradient, 0);
    const half = op.multiply(gradient, op.full(gradient, 0.5));
    const inOrder = op.compare(min, max, 'LT');
    const isAt = (bound: Tensor): Tensor => op.and(inOrder, op.compare(x, bound, 'EQ'));
    const [below, above] = [op.compare(x, min, 'LT'), op.compare(x, max, 'GT')];
    if (argument === 0) {
      const share = op.select(op.or(isAt(min), isAt(max)), half, gradient);
      return op.select(op.or(below, above), zero, share);
    }
    if (argument === 1) {
      const isTaken = op.and(below, op.compare(min, max, 'LE'));
      return op.select(isTaken, gradient, op.select(isAt(min), half, zero));
    }
    const swapped = op.compare(min, max, 'GT');
    const isTaken = op.or(swapped, op.and(above, op.compare(min, max, 'LE')));
    return op.select(isTaken, gradient, op.select(isAt(max), half, zero));
  },
);

const isGiven = (bound: unknown): boolean => bound !== undefined && bound !== null;

function clamped(name: string, input: unknown, min: unknown, max: unknown): Tensor {
  const given = [min, max].filter(isGiven);
  if (given.length === 0) {
    throw new RuntimeError('missing-argument', "torch.clamp: At least one of 'min' or 'max' must not be None");
  }
  const x = tensorArgument(input, name, 'input');
  const stranger = given.find((bound) => isForeign(bound) !== isForeign(given[0]));
  if (stranger !== undefined)
    throw wrongType(name, 'max', 'of the kind of min: both numbers or both tensors', stranger);
  const limits = given.map((bound) => operandArgument(bound, input, name, isGiven(min) ? 'min' : 'max'));
  const dtype = limits.reduce(
    (sofar, limit, i) =>
      promoteTorch(sofar, limit.dtype, strengthOf(input, x), strengthOf(given[i], limit), defaultFloat()),
    x.dtype,
  );
  let { shape } = x;
  for (const limit of limits) {
    checkBroadcast(shape, limit.shape);
    shape = broadcast(shape, limit.shape);
  }
  const operands = [x, ...limits].map((value) => broadcastTo(op, op.convert(value, dtype), shape));
  if (!isForeign(given[0])) return betweenNumbers(operands, { min: isGiven(min), max: isGiven(max) });
  return given.length === 2
    ? betweenTensors(operands, null)
    : extremes[isGiven(min) ? 'maximum' : 'minimum'](operands, null);
}

const clamp = (name: string): Row =>
  row(
    name,
    'input min?~ max?~',
    ([, min, max]) => `ClampBackward${isForeign(min) || isForeign(max) ? 0 : 1}`,
    ([input, min, max]) => clamped(name, input, min, max),
  );

type ClampName = 'clamp' | 'clip' | 'clamp_min' | 'clamp_max';

export const clamps: { readonly [N in ClampName]: Row } = {
  clamp: clamp('clamp'),
  clip: clamp('clip'),
  clamp_min: row(
    'clamp_min',
    'input min',
    ([, min]) => `ClampMinBackward${isForeign(min) ? 1 : 0}`,
    ([input, min]) => clamped('clamp_min', input, min, null),
  ),
  clamp_max: row(
    'clamp_max',
    'input max',
    ([, max]) => `ClampMaxBackward${isForeign(max) ? 1 : 0}`,
    ([input, max]) => clamped('clamp_max', input, null, max),
  ),
};
