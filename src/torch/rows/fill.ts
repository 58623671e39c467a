/** What a tensor is overwritten with, as rows: they are called in place alone. */

import { RuntimeError } from '../../errors.js';
import { broadcastTo } from '../../ops/composite.js';
import { broadcastShapes, sameShape } from '../../shape/shape.js';
import { isForeign } from '../../tensor/foreign.js';
import { replaced } from '../../tensor/places.js';
import { full, op, type Tensor } from '../../tensor/tensor.js';
import { boolArgument, tensorArgument, wrongType } from '../arguments.js';
import { type Row, row } from '../row.js';
import { checkBroadcast } from './arithmetic.js';

/** What is written over a recorded value: the gradient by that is zero, not none. */
const over = (before: Tensor, value: Tensor): Tensor =>
  before.node !== null && value.node !== null ? replaced(before, value) : value;

export const fills: { readonly [N in 'fill_' | 'zero_' | 'copy_']: Row } = {
  fill_: row(
    'fill_',
    'input value',
    ([, value]) => (isForeign(value) ? 'FillBackward3' : 'FillBackward2'),
    ([input, value]) => {
      const before = tensorArgument(input, 'fill_', 'input');
      const { shape, dtype } = before;
      if (!isForeign(value)) {
        if (typeof value !== 'number' && typeof value !== 'boolean') throw wrongType('fill_', 'value', 'Number', value);
        const isWhole = dtype !== 'float32' && dtype !== 'float64' && dtype !== 'bool';
        return full({ shape, dtype }, isWhole ? Math.trunc(Number(value)) : Number(value));
      }
      const given = value.toCore();
      if (given.shape.length > 0) {
        throw new RuntimeError(
          'rank-mismatch',
          `fill_ only supports 0-dimension value tensor but got tensor with ${given.shape.length} dimensions.`,
        );
      }
      return over(before, broadcastTo(op, op.convert(given, dtype), shape));
    },
  ),
  zero_: row('zero_', 'input', 'ZeroBackward0', ([input]) => full(tensorArgument(input, 'zero_', 'input'), 0)),
  copy_: row('copy_', 'input src non_blocking?', 'CopyBackwards', ([input, src, nonBlocking]) => {
    const before = tensorArgument(input, 'copy_', 'input');
    const { shape, dtype } = before;
    const given = tensorArgument(src, 'copy_', 'src');
    boolArgument(nonBlocking, 'copy_', 'non_blocking');
    checkBroadcast(shape, given.shape);
    if (!sameShape(broadcastShapes(shape, given.shape) ?? [], shape)) {
      const message = `output with shape [${shape.join(', ')}] doesn't match the broadcast shape [${given.shape.join(', ')}]`;
      throw new RuntimeError('shape-mismatch', message);
    }
    const value = given.dtype === dtype ? op.reshape(given, given.shape) : op.convert(given, dtype);
    return over(before, broadcastTo(op, value, shape));
  }),
};
