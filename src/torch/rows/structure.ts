/** Functions that give a tensor another shape or order, as rows. */

import { RuntimeError } from '../../errors.js';
import { broadcastTo } from '../../ops/composite.js';
import { isFloat } from '../../shape/dtype.js';
import { showShape } from '../../shape/shape.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { dimension, dimensions, intsArgument, tensorArgument, viewShape } from '../arguments.js';
import { dtypeArgument } from '../dtype.js';
import { type Row, row } from '../row.js';

const reshaped =
  (call: string) =>
  (values: readonly unknown[]): Tensor => {
    const x = tensorArgument(values[0], call, 'input');
    return op.reshape(x, viewShape(intsArgument(values[1], call, 'shape'), x.shape));
  };

function swapped(x: Tensor, dim0: unknown, dim1: unknown): Tensor {
  const rank = x.shape.length;
  const [a, b] = [dimension(dim0, rank, 'transpose'), dimension(dim1, rank, 'transpose')];
  const order = Array.from({ length: rank }, (_, axis) => (axis === a ? b : axis === b ? a : axis));
  return rank === 0 ? op.reshape(x, []) : op.transpose(x, order);
}

/** -1 keeps a size; new dimensions come in front. */
function expandShape(x: Tensor, asked: readonly number[]): number[] {
  const lead = asked.length - x.shape.length;
  return asked.map((size, axis) => {
    const own = x.shape[axis - lead];
    const fits = size === -1 ? own !== undefined : own === undefined || own === 1 || own === size;
    if (lead < 0 || size < -1 || !fits) {
      throw new RuntimeError(
        'shape-mismatch',
        `The expanded size of the tensor (${size}) must match the existing size (${own}) at non-singleton dimension ` +
          `${axis}.  Target sizes: ${showShape(asked)}.  Tensor sizes: ${showShape(x.shape)}`,
      );
    }
    return size === -1 ? (own as number) : size;
  });
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
  | 'clone'
  | 'to'
  | 'pad';

export const structure: { readonly [N in StructureName]: Row } = {
  view: row('view', 'input shape', 'ViewBackward0', reshaped('view')),
  reshape: row('reshape', 'input shape', 'ViewBackward0', reshaped('reshape')),
  flatten: row('flatten', 'input start_dim? end_dim?', 'ViewBackward0', ([input, start = 0, end = -1]) => {
    const x = tensorArgument(input, 'flatten', 'input');
    const [from, to] = [dimension(start, x.shape.length, 'flatten'), dimension(end, x.shape.length, 'flatten')];
    if (from > to)
      throw new RuntimeError('bad-argument', 'flatten() has invalid args: start_dim cannot come after end_dim');
    const middle = x.shape.slice(from, to + 1).reduce((product, size) => product * size, 1);
    return op.reshape(x, [...x.shape.slice(0, from), middle, ...x.shape.slice(to + 1)]);
  }),
  flip: row('flip', 'input dims', 'FlipBackward0', ([input, dims]) => {
    const x = tensorArgument(input, 'flip', 'input');
    return op.reverse(x, dimensions(intsArgument(dims, 'flip', 'dims'), x.shape.length, 'flip'));
  }),
  permute: row('permute', 'input dims', 'PermuteBackward0', ([input, dims]) => {
    const x = tensorArgument(input, 'permute', 'input');
    const order = intsArgument(dims, 'permute', 'dims');
    if (order.length !== x.shape.length) {
      throw new RuntimeError(
        'rank-mismatch',
        'permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ' +
          `ordering of dimensions i.e. input.dim() = ${x.shape.length} is not equal to len(dims) = ${order.length}`,
      );
    }
    const axes = order.map((dim) => dimension(dim, x.shape.length, 'permute'));
    if (new Set(axes).size !== axes.length) {
      throw new RuntimeError('bad-argument', 'permute(): duplicate dims are not allowed.');
    }
    return op.transpose(x, axes);
  }),
  transpose: row('transpose', 'input dim0 dim1', 'TransposeBackward0', ([input, dim0, dim1]) =>
    swapped(tensorArgument(input, 'transpose', 'input'), dim0, dim1),
  ),
  t: row('t', 'input', 'TBackward0', ([input]) => {
    const x = tensorArgument(input, 't', 'input');
    if (x.shape.length > 2) {
      const message = `t() expects a tensor with <= 2 dimensions, but self is ${x.shape.length}D`;
      throw new RuntimeError('rank-mismatch', message);
    }
    return x.shape.length < 2 ? op.reshape(x, x.shape) : swapped(x, 0, 1);
  }),
  squeeze: row(
    'squeeze',
    'input dim?',
    ([, dim]) => `SqueezeBackward${dim === undefined ? 0 : Array.isArray(dim) ? 2 : 1}`,
    ([input, dim]) => {
      const x = tensorArgument(input, 'squeeze', 'input');
      const axes = dimensions(dim, x.shape.length, 'squeeze');
      return op.reshape(
        x,
        x.shape.filter((size, axis) => size !== 1 || !axes.includes(axis)),
      );
    },
  ),
  unsqueeze: row('unsqueeze', 'input dim', 'UnsqueezeBackward0', ([input, dim]) => {
    const x = tensorArgument(input, 'unsqueeze', 'input');
    const axis = dimension(dim, x.shape.length + 1, 'unsqueeze');
    return op.reshape(x, [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)]);
  }),
  expand: row('expand', 'input size', 'ExpandBackward0', ([input, size]) => {
    const x = tensorArgument(input, 'expand', 'input');
    return broadcastTo(op, op.reshape(x, x.shape), expandShape(x, intsArgument(size, 'expand', 'size')));
  }),
  clone: row('clone', 'input', 'CloneBackward0', ([input]) => {
    const x = tensorArgument(input, 'clone', 'input');
    return op.reshape(x, x.shape);
  }),
  to: row('to', 'input dtype', 'ToCopyBackward0', ([input, dtype]) =>
    op.convert(tensorArgument(input, 'to', 'input'), dtypeArgument(dtype)),
  ),
  pad: row('pad', 'input pad mode? value?~', 'ConstantPadNdBackward0', ([input, pad, mode = 'constant', value]) => {
    const x = tensorArgument(input, 'pad', 'input');
    if (mode !== 'constant') throw new RuntimeError('not-implemented', `Unrecognised padding mode ${String(mode)}`);
    return constantPad(x, intsArgument(pad, 'pad', 'pad'), value ?? 0);
  }),
};

/** F.pad lists pairs for the last dimension first. */
function constantPad(x: Tensor, pad: readonly number[], value: unknown): Tensor {
  const rank = x.shape.length;
  if (pad.length % 2 !== 0) throw new RuntimeError('padding-invalid', 'Padding length must be divisible by 2');
  if (pad.length > 2 * rank) {
    throw new RuntimeError(
      'padding-invalid',
      'Padding length should be less than or equal to two times the input dimension but got padding length ' +
        `${pad.length} and input of dimension ${rank}`,
    );
  }
  if (typeof value !== 'number')
    throw new RuntimeError('bad-argument', `pad(): argument 'value' must be float, not ${String(value)}`);
  const side = (offset: number): number[] => x.shape.map((_, axis) => pad[2 * (rank - 1 - axis) + offset] ?? 0);
  const [lo, hi] = [side(0), side(1)];
  x.shape.forEach((size, axis) => {
    if (size + (lo[axis] as number) + (hi[axis] as number) < 0) {
      throw new RuntimeError('padding-invalid', 'narrow(): length must be non-negative.');
    }
  });
  return op.pad(x, { lo, hi, interior: x.shape.map(() => 0), value: isFloat(x.dtype) ? value : Math.trunc(value) });
}
