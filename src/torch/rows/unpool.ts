/** What goes back from pools, and pools of powers, as rows. */

import { RuntimeError, ValueError } from '../../errors.js';
import { isFloat } from '../../shape/dtype.js';
import { type Shape, sameShape, showShape, sizeOf } from '../../shape/shape.js';
import { newTensor, op, type Tensor } from '../../tensor/tensor.js';
import { boolArgument, intOrIntsArgument, numberOf, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';
import { unimplemented } from './elementary.js';
import { scaled } from './formula.js';
import { pooling } from './pooling.js';
import { operand, withRule } from './rule.js';

function each(value: unknown, call: string, name: string, rank: number): readonly number[] {
  const list = intOrIntsArgument(value, call, name);
  if (list.length === rank) return list;
  if (list.length === 1) return new Array<number>(rank).fill(list[0] as number);
  throw new RuntimeError('rank-mismatch', `${call}: ${name} must be one int or ${rank}, but got ${showShape(list)}`);
}

/** The size that the pool had before, or the one that is given if the pool could have had it. */
function outputSize(call: string, space: Shape, rank: number, values: readonly unknown[]): readonly number[] {
  const [kernelSize, stride, padding, given] = values;
  const kernel = each(kernelSize, call, 'kernel_size', rank);
  const step = stride === undefined || stride === null ? kernel : each(stride, call, 'stride', rank);
  const pad = padding === undefined ? kernel.map(() => 0) : each(padding, call, 'padding', rank);
  const usual = space.map(
    (size, axis) => (size - 1) * (step[axis] as number) + (kernel[axis] as number) - 2 * (pad[axis] as number),
  );
  if (given === undefined || given === null) return usual;
  const list = intOrIntsArgument(given, call, 'output_size');
  const asked = list.length === rank + 2 ? list.slice(2) : list;
  if (asked.length !== rank) {
    const message = `output_size should be a sequence containing ${rank} or ${rank + 2} elements, but it has a length of '${list.length}'`;
    throw new ValueError('rank-mismatch', message);
  }
  asked.forEach((size, axis) => {
    const [least, most] = [
      (usual[axis] as number) - (step[axis] as number),
      (usual[axis] as number) + (step[axis] as number),
    ];
    if (size > least && size < most) return;
    const message = `invalid output_size "${showShape(asked)}" (dim ${axis} must be between ${least} and ${most})`;
    throw new ValueError('size-invalid', message);
  });
  return asked;
}

interface Places {
  /** For each cell of the result, where it comes from; -1 for nowhere. */
  readonly sources: Tensor;
  /** For each cell of the input, where it goes. */
  readonly targets: Tensor;
}

const unpooled = withRule<Places>(
  'max_unpool',
  'nothing',
  (inputs, { sources }) => op.gather(operand(inputs, 0), sources),
  ({ params: { targets }, gradient, op }) => op.gather(gradient, targets),
);

/** Where each cell goes by its position in its plane. */
function placesOf(x: Tensor, indices: Tensor, lead: Shape, space: Shape): Places {
  const plane = sizeOf(space);
  const own = x.size / Math.max(1, sizeOf(lead));
  const sources = new Int32Array(sizeOf(lead) * plane).fill(-1);
  const targets = Int32Array.from(Array.from(indices.array, Number), (at, i) => {
    if (at < 0 || at >= plane) {
      const message = `Found an invalid max index: ${at} (output volumes are of size ${space.join('x')})`;
      throw new RuntimeError('index-out-of-range', message);
    }
    return Math.floor(i / own) * plane + at;
  });
  targets.forEach((target, i) => {
    sources[target] = i;
  });
  return { sources: newTensor(sources, [...lead, ...space], 'int32'), targets: newTensor(targets, x.shape, 'int32') };
}

function unpoolRow(rank: 1 | 2 | 3): Row {
  const call = `max_unpool${rank}d`;
  const gradFn = rank === 1 ? 'SqueezeBackward1' : `MaxUnpool${rank}DBackward0`;
  return row(call, 'input indices kernel_size stride?~ padding? output_size?~', gradFn, ([input, indices, ...rest]) => {
    const x = tensorArgument(input, call, 'input');
    const at = tensorArgument(indices, call, 'indices').plain;
    if (x.shape.length !== rank + 1 && x.shape.length !== rank + 2) {
      const message = `Input to ${call} should be a ${rank + 1}d or ${rank + 2}d Tensor, but got ${x.shape.length} dimensions`;
      throw new RuntimeError('rank-mismatch', message);
    }
    const space = outputSize(call, x.shape.slice(-rank), rank, rest);
    if (at.dtype !== 'int64')
      throw new RuntimeError('dtype-mismatch', `elements in indices should be type int64 but got: ${at.dtype}`);
    if (!sameShape(at.shape, x.shape)) {
      const message = `Expected shape of indices to be same as that of the input tensor (${showShape(x.shape)}) but got indices tensor with shape: ${showShape(at.shape)}`;
      throw new RuntimeError('shape-mismatch', message);
    }
    return unpooled([x], placesOf(x, at, x.shape.slice(0, -rank), space));
  });
}

/** (the sum of x ** p) ** (1 / p) over windows. */
function powerRow(rank: 1 | 2 | 3): Row {
  const call = `lp_pool${rank}d`;
  return row(call, 'input norm_type kernel_size stride?~ ceil_mode?', 'PowBackward0', (values) => {
    const [input, normType, kernelSize, stride, ceilMode] = values;
    const x = tensorArgument(input, call, 'input');
    const p = numberOf(normType, call, 'norm_type');
    if (p === 0) throw new ValueError('bad-argument', `norm_type must be a non-zero value, but got ${p}`);
    const ceil = boolArgument(ceilMode, call, 'ceil_mode');
    if (!isFloat(x.dtype)) throw unimplemented('avg_pool2d', x.dtype);
    if (Math.abs(p) === Number.POSITIVE_INFINITY) {
      const sign = (y: Tensor): Tensor => (p < 0 ? op.negate(y) : y);
      return sign(pooling[`max_pool${rank}d`].run([sign(op.abs(x)), kernelSize, stride, 0, 1, ceil]));
    }
    const means = pooling[`avg_pool${rank}d`].run([op.power(x, op.full(x, p)), kernelSize, stride, 0, ceil]);
    const sums = scaled(
      op.multiply(op.sign(means), op.abs(means)),
      sizeOf(each(kernelSize, call, 'kernel_size', rank)),
    );
    return op.power(sums, op.full(sums, 1 / p));
  });
}

type UnpoolName = 'max_unpool1d' | 'max_unpool2d' | 'max_unpool3d' | 'lp_pool1d' | 'lp_pool2d' | 'lp_pool3d';

export const unpooling: { readonly [N in UnpoolName]: Row } = {
  max_unpool1d: unpoolRow(1),
  max_unpool2d: unpoolRow(2),
  max_unpool3d: unpoolRow(3),
  lp_pool1d: powerRow(1),
  lp_pool2d: powerRow(2),
  lp_pool3d: powerRow(3),
};
