/** Functions that give a tensor another shape or order, as rows. */

import { RuntimeError } from '../../errors.js';
import { broadcastTo } from '../../ops/composite.js';
import type { DType } from '../../shape/dtype.js';
import { showShape } from '../../shape/shape.js';
import { isForeign } from '../../tensor/foreign.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import {
  boolArgument,
  dimension,
  dimensions,
  intsArgument,
  scalarName,
  tensorArgument,
  viewShape,
} from '../arguments.js';
import { checkDevice, Device, dtypeArgument, isDTypeName } from '../dtype.js';
import { type Row, row, viewRow } from '../row.js';

const reshaped =
  (call: string, name: string) =>
  (values: readonly unknown[]): Tensor => {
    const x = tensorArgument(values[0], call, 'input');
    return op.reshape(x, viewShape(intsArgument(values[1], call, name), x.shape));
  };

/** In the shape of another tensor. */
const asOther =
  (call: string) =>
  ([input, other]: readonly unknown[]): Tensor => {
    const x = tensorArgument(input, call, 'input');
    return op.reshape(x, viewShape(tensorArgument(other, call, 'other').shape, x.shape));
  };

function swapped(x: Tensor, dim0: unknown, dim1: unknown): Tensor {
  const rank = x.shape.length;
  const [a, b] = [dimension(dim0, rank, 'transpose', 'dim0'), dimension(dim1, rank, 'transpose', 'dim1')];
  const order = Array.from({ length: rank }, (_, axis) => (axis === a ? b : axis === b ? a : axis));
  return rank === 0 ? op.reshape(x, []) : op.transpose(x, order);
}

/** -1 keeps a size; new dimensions come in front. */
function expandShape(x: Tensor, asked: readonly number[]): number[] {
  const lead = asked.length - x.shape.length;
  if (lead < 0) {
    throw new RuntimeError(
      'rank-mismatch',
      `expand(torch.${scalarName[x.dtype]}Tensor{${showShape(x.shape)}}, size=${showShape(asked)}): the number of sizes ` +
        `provided (${asked.length}) must be greater or equal to the number of dimensions in the tensor (${x.shape.length})`,
    );
  }
  return asked.map((size, axis) => {
    const own = x.shape[axis - lead];
    if (size === -1 && own !== undefined) return own;
    if (size < 0 && own === undefined) {
      throw new RuntimeError(
        'shape-mismatch',
        `The expanded size of the tensor (${size}) isn't allowed in a leading, non-existing dimension ${axis}`,
      );
    }
    if (size < 0 || (own !== undefined && own !== 1 && own !== size)) {
      throw new RuntimeError(
        'shape-mismatch',
        `The expanded size of the tensor (${size}) must match the existing size (${own}) at non-singleton dimension ` +
          `${axis}.  Target sizes: ${showShape(asked)}.  Tensor sizes: ${showShape(x.shape)}`,
      );
    }
    return size;
  });
}

/** The dtype that `to` asks for, by itself or by a tensor that has it; null for a device alone. */
function dtypeWanted(other: unknown, dtype: unknown): DType | null {
  if (isForeign(other)) return other.toCore().dtype;
  if (other instanceof Device) return dtype === undefined || dtype === null ? null : dtypeArgument(dtype, 'to');
  if (typeof other === 'string' && !isDTypeName(other)) checkDevice(other, 'to');
  else if (other !== undefined) return dtypeArgument(other, 'to');
  return dtype === undefined || dtype === null ? null : dtypeArgument(dtype, 'to');
}

type StructureName =
  | 'view'
  | 'reshape'
  | 'flatten'
  | 'flip'
  | 'permute'
  | 'transpose'
  | 't'
  | 'squeeze'
  | 'unsqueeze'
  | 'expand'
  | 'expand_as'
  | 'view_as'
  | 'reshape_as'
  | 'clone'
  | 'to';

export const structure: { readonly [N in StructureName]: Row } = {
  view: viewRow('view', 'input size', 'ViewBackward0', reshaped('view', 'size')),
  reshape: viewRow('reshape', 'input shape', 'ViewBackward0', reshaped('reshape', 'shape')),
  flatten: viewRow('flatten', 'input start_dim? end_dim?', 'ViewBackward0', ([input, start = 0, end = -1]) => {
    const x = tensorArgument(input, 'flatten', 'input');
    const from = dimension(start, x.shape.length, 'flatten', 'start_dim');
    const to = dimension(end, x.shape.length, 'flatten', 'end_dim');
    if (from > to) {
      const message = `flatten() has invalid args: start_dim cannot come after end_dim: ${start} and ${end}`;
      throw new RuntimeError('bad-argument', message);
    }
    const middle = x.shape.slice(from, to + 1).reduce((product, size) => product * size, 1);
    return op.reshape(x, [...x.shape.slice(0, from), middle, ...x.shape.slice(to + 1)]);
  }),
  flip: row('flip', 'input dims', 'FlipBackward0', ([input, dims]) => {
    const x = tensorArgument(input, 'flip', 'input');
    return op.reverse(x, dimensions(intsArgument(dims, 'flip', 'dims'), x.shape.length, 'flip', 'dims'));
  }),
  permute: viewRow('permute', 'input dims', 'PermuteBackward0', ([input, dims]) => {
    const x = tensorArgument(input, 'permute', 'input');
    const order = intsArgument(dims, 'permute', 'dims');
    if (order.length !== x.shape.length) {
      throw new RuntimeError(
        'rank-mismatch',
        'permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ' +
          `ordering of dimensions i.e. input.dim() = ${x.shape.length} is not equal to len(dims) = ${order.length}`,
      );
    }
    const axes = order.map((dim) => dimension(dim, x.shape.length, 'permute', 'dims'));
    if (new Set(axes).size !== axes.length) {
      throw new RuntimeError('bad-argument', `permute(): duplicate dims are not allowed. Got ${showShape(order)}`);
    }
    return op.transpose(x, axes);
  }),
  transpose: viewRow('transpose', 'input dim0 dim1', 'TransposeBackward0', ([input, dim0, dim1]) =>
    swapped(tensorArgument(input, 'transpose', 'input'), dim0, dim1),
  ),
  t: viewRow('t', 'input', 'TBackward0', ([input]) => {
    const x = tensorArgument(input, 't', 'input');
    if (x.shape.length > 2) {
      const message = `t() expects a tensor with <= 2 dimensions, but self is ${x.shape.length}D`;
      throw new RuntimeError('rank-mismatch', message);
    }
    return x.shape.length < 2 ? op.reshape(x, x.shape) : swapped(x, 0, 1);
  }),
  squeeze: viewRow(
    'squeeze',
    'input dim?',
    ([, dim]) => `SqueezeBackward${dim === undefined ? 0 : Array.isArray(dim) ? 2 : 1}`,
    ([input, dim]) => {
      const x = tensorArgument(input, 'squeeze', 'input');
      const axes = dim === undefined ? null : dimensions(dim, x.shape.length, 'squeeze');
      return op.reshape(
        x,
        x.shape.filter((size, axis) => size !== 1 || axes?.includes(axis) === false),
      );
    },
  ),
  unsqueeze: viewRow('unsqueeze', 'input dim', 'UnsqueezeBackward0', ([input, dim]) => {
    const x = tensorArgument(input, 'unsqueeze', 'input');
    const axis = dimension(dim, x.shape.length + 1, 'unsqueeze');
    return op.reshape(x, [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)]);
  }),
  expand: viewRow('expand', 'input size', 'ExpandBackward0', ([input, size]) => {
    const x = tensorArgument(input, 'expand', 'input');
    return broadcastTo(op, op.reshape(x, x.shape), expandShape(x, intsArgument(size, 'expand', 'size')));
  }),
  expand_as: viewRow('expand_as', 'input other', 'ExpandBackward0', ([input, other]) => {
    const x = tensorArgument(input, 'expand_as', 'input');
    return broadcastTo(op, op.reshape(x, x.shape), expandShape(x, tensorArgument(other, 'expand_as', 'other').shape));
  }),
  view_as: viewRow('view_as', 'input other', 'ViewBackward0', asOther('view_as')),
  reshape_as: viewRow('reshape_as', 'input other', 'ViewBackward0', asOther('reshape_as')),
  clone: row('clone', 'input', 'CloneBackward0', ([input]) => {
    const x = tensorArgument(input, 'clone', 'input');
    return op.reshape(x, x.shape);
  }),
  to: row('to', 'input other? dtype?~ copy= device=~', 'ToCopyBackward0', ([input, other, dtype, copy, device]) => {
    const x = tensorArgument(input, 'to', 'input');
    checkDevice(device, 'to');
    const wanted = dtypeWanted(other, dtype) ?? x.dtype;
    return boolArgument(copy, 'to', 'copy') && wanted === x.dtype ? op.reshape(x, x.shape) : op.convert(x, wanted);
  }),
};
