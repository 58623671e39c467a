/** softmax and its kin, as rows. */

import { type DType, isFloat } from '../../shape/dtype.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { dimension, intArgument, tensorArgument } from '../arguments.js';
import { dtypeArgument } from '../dtype.js';
import { type Row, row } from '../row.js';
import { unimplemented } from './elementary.js';
import { otherAxes, spread } from './formula.js';
import { fused } from './fused.js';

/** x less its largest along an axis: nothing overflows, and no derivative changes. */
function lowered(x: Tensor, axis: number): Tensor {
  const largest = op.reduce_max(x.plain, [axis]);
  return op.subtract(x, spread(largest, x.shape, otherAxes(x.shape, [axis])));
}

type Along = (x: Tensor, axis: number) => Tensor;

/** exp(x) over the sum of it along an axis. */
export const softmax: Along = fused((x, axis) => {
  if (x.size === 0) return op.reshape(x, x.shape);
  const powers = op.exponential(lowered(x, axis));
  return op.divide(powers, spread(op.reduce_sum(powers, [axis]), x.shape, otherAxes(x.shape, [axis])));
});

/** The logarithm of softmax. */
export const logSoftmax: Along = fused((x, axis) => {
  if (x.size === 0) return op.reshape(x, x.shape);
  const low = lowered(x, axis);
  const sum = op.log(op.reduce_sum(op.exponential(low), [axis]));
  return op.subtract(low, spread(sum, x.shape, otherAxes(x.shape, [axis])));
});

/** The dimension that PyTorch takes where none is named: the first of 0, 1 and 3 dimensions, else the second. */
const implicit = (rank: number): number => (rank === 0 || rank === 1 || rank === 3 ? 0 : 1);

function along(f: (x: Tensor, axis: number) => Tensor, x: Tensor, dim: number): Tensor {
  return x.shape.length === 0 ? op.reshape(f(op.reshape(x, [1]), 0), []) : f(x, dim);
}

/** @param kernel PyTorch's name of what isn't there for integers */
function softmaxRow(
  call: string,
  gradFn: string,
  kernel: string,
  parameters: string,
  f: (x: Tensor, axis: number) => Tensor,
): Row {
  return row(call, parameters, gradFn, (values) => {
    const [input, dim] = values;
    const dtype = values.at(-1);
    const given = tensorArgument(input, call, 'input');
    const rank = given.shape.length;
    const axis = dim === undefined || dim === null ? implicit(rank) : dimension(dim, rank, call);
    if (values.length > 3 && values[2] !== undefined) intArgument(values[2], call, '_stacklevel');
    const wanted: DType = dtype === undefined || dtype === null ? given.dtype : dtypeArgument(dtype, call);
    const x = op.convert(given, wanted);
    if (!isFloat(x.dtype)) {
      const last = axis === rank - 1 && rank > 0 ? '_lastdim' : '';
      throw unimplemented(`${kernel}${last}_kernel_impl`, x.dtype);
    }
    return along(f, x, axis);
  });
}

const PARAMETERS = 'input dim?~ _stacklevel? dtype?~';

type SoftmaxName = 'softmax' | 'softmin' | 'log_softmax' | 'torchSoftmax' | 'torchLogSoftmax';

export const softmaxes: { readonly [N in SoftmaxName]: Row } = {
  softmax: softmaxRow('softmax', 'SoftmaxBackward0', 'softmax', PARAMETERS, softmax),
  softmin: softmaxRow('softmin', 'SoftmaxBackward0', 'softmax', PARAMETERS, (x, axis) => softmax(op.negate(x), axis)),
  log_softmax: softmaxRow('log_softmax', 'LogSoftmaxBackward0', 'log_softmax', PARAMETERS, logSoftmax),
  // torch.softmax and the methods: the dimension has no default.
  torchSoftmax: softmaxRow('softmax', 'SoftmaxBackward0', 'softmax', 'input dim dtype?~', softmax),
  torchLogSoftmax: softmaxRow('log_softmax', 'LogSoftmaxBackward0', 'log_softmax', 'input dim dtype?~', logSoftmax),
};
