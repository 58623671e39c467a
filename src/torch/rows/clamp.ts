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
import { checkBroadcast, strengthOf } from './arithmetic.js';
import { operand, withRule } from './rule.js';

/** Which bounds there are; operands are the values, then the bounds. */
type Bounds = 'min' | 'max' | 'both';

/** Where the gradient goes: values within the bounds and on them have it, of the others the bound that holds. */
const bounded = withRule<Bounds>(
  'clamp',
  'inputs',
  (inputs, bounds) => {
    const x = operand(inputs, 0);
    if (bounds !== 'both') return op[bounds === 'min' ? 'maximum' : 'minimum'](x, operand(inputs, 1));
    return op.minimum(op.maximum(x, operand(inputs, 1)), operand(inputs, 2));
  },
  ({ inputs, params, gradient, op }, argument) => {
    const x = operand(inputs, 0);
    const min = params === 'max' ? null : operand(inputs, 1);
    const max = params === 'min' ? null : operand(inputs, params === 'max' ? 1 : 2);
    const zero = op.full(gradient, 0);
    const to = (where: Tensor): Tensor => op.select(where, gradient, zero);
    if (argument === 0) {
      const above = min === null ? null : op.compare(x, min, 'GE');
      const below = max === null ? null : op.compare(x, max, 'LE');
      return to(above === null ? (below as Tensor) : below === null ? above : op.and(above, below));
    }
    if (argument === 1 && min !== null) {
      const isLess = op.compare(x, min, 'LT');
      return to(max === null ? isLess : op.and(isLess, op.compare(min, max, 'LT')));
    }
    const top = max as Tensor;
    const isMore = op.compare(x, top, 'GT');
    return to(min === null ? isMore : op.or(isMore, op.compare(top, min, 'LT')));
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
  return bounded(operands, given.length === 2 ? 'both' : isGiven(min) ? 'min' : 'max');
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
