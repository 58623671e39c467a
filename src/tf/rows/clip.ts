/** Clipping by norms, as rows. */

import { TypeError_ } from '../../errors.js';
import { broadcastTo, keepAxes } from '../../ops/composite.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { str } from '../../text/python.js';
import { checkKinds, operandsOf, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';
import { maximum, minimum } from './arithmetic.js';
import { broadcast, FLOATS, like } from './operands.js';
import { axesArgument } from './reduction.js';

/** A scalar of a tensor's dtype. */
const scalar = (value: unknown, x: Tensor): Tensor => op.convert(tensorArgument(value, x.dtype), x.dtype);

/** x, times clip_norm over its norm where that is more. */
const clipByNorm: Row = row('clip_by_norm', 't clip_norm axes?~', ([t, given, axes]) => {
  const x = tensorArgument(t);
  checkKinds('Sqrt', x.dtype, FLOATS);
  const limit = scalar(given, x);
  const most = maximum(limit, like(limit, 0));
  const along = axesArgument(axes, x.shape.length, 'Sum');
  const power = keepAxes(op, op.reduce_sum(op.multiply(x, x), along), x.shape, along);
  const isPositive = op.compare(power, like(power, 0), 'GT');
  const root = op.sqrt(op.select(isPositive, power, like(power, 1)));
  const norm = op.select(isPositive, root, power);
  const scaled = op.multiply(...broadcast('Mul', x, most));
  const divisor = maximum(...broadcast('Maximum', norm, most));
  return op.divide(scaled, broadcastTo(op, divisor, scaled.shape));
});

/** The tensors of a list that may have gaps. */
function listed(value: unknown): readonly (Tensor | null)[] {
  if (!Array.isArray(value)) {
    throw new TypeError_('bad-argument', `\`t_list\` should be a sequence of tensors. Received ${str(value)}.`);
  }
  const tensors = operandsOf(
    'Pack',
    value.filter((item) => item !== null),
  );
  tensors.forEach(({ dtype }) => {
    checkKinds('L2Loss', dtype, FLOATS);
  });
  let next = 0;
  return value.map((item) => (item === null ? null : (tensors[next++] as Tensor)));
}

/** The root of the sum of all squares: of twice their halves, as TensorFlow adds them. */
function globalNorm(tensors: readonly (Tensor | null)[]): Tensor {
  const present = tensors.filter((tensor) => tensor !== null);
  const halves = present.map((x) => {
    const sum = op.reduce_sum(
      op.multiply(x, x),
      x.shape.map((_, axis) => axis),
    );
    return op.multiply(sum, like(sum, 0.5));
  });
  const [first, ...others] = halves;
  if (first === undefined) return op.full({ shape: [], dtype: 'float32' }, 0);
  const sum = others.reduce((all, half) => op.add(all, half), first);
  return op.sqrt(op.multiply(sum, like(sum, 2)));
}

/** The tensors that there are, each times clip_norm over the norm of all where that is more; then that norm. */
const clipByGlobalNorm: Row<readonly Tensor[]> = row(
  'clip_by_global_norm',
  't_list clip_norm use_norm?~',
  ([list, given, known]) => {
    const tensors = listed(list);
    const norm = known === undefined || known === null ? globalNorm(tensors) : tensorArgument(known);
    const limit = scalar(given, norm);
    const one = like(norm, 1);
    const least = minimum(op.divide(one, norm), op.divide(one, limit));
    // An infinite norm, or one that is no number, makes everything NaN.
    const scale = op.add(op.multiply(limit, least), op.subtract(norm, norm));
    const clipped = tensors
      .filter((tensor) => tensor !== null)
      .map((x) => op.multiply(x, broadcastTo(op, op.convert(scale, x.dtype), x.shape)));
    return [...clipped, norm];
  },
);

export const clips: {
  readonly clip_by_norm: Row;
  readonly global_norm: Row;
  readonly clip_by_global_norm: Row<readonly Tensor[]>;
} = {
  clip_by_norm: clipByNorm,
  global_norm: row('global_norm', 't_list', ([list]) => globalNorm(listed(list))),
  clip_by_global_norm: clipByGlobalNorm,
};
