/** Functions that give a tensor another shape or order, or join several, as rows. */

import { showTf } from '../../conv/tf.js';
import { NotImplementedError, TypeError_, ValueError } from '../../errors.js';
import { broadcastTo } from '../../ops/composite.js';
import { type Extension, extend } from '../../ops/extension.js';
import { broadcastShapes, checkSize, type Shape, sameShape, show, sizeOf } from '../../shape/shape.js';
import { isForeign } from '../../tensor/foreign.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { str } from '../../text/python.js';
import { axisArgument, intArgument, intsArgument, invalid, operandsOf, tensorArgument } from '../arguments.js';
import { dtypeArgument } from '../dtype.js';
import { recordedCopy } from '../recording.js';
import { type Row, row } from '../row.js';

/** The shape that a reshape asks for, its -1 worked out. */
function reshaped(asked: readonly number[], from: Shape): number[] {
  const size = sizeOf(from);
  const refuse = (message: string) => invalid('Reshape', 'shape-mismatch', message);
  const open = asked.indexOf(-1);
  if (open !== asked.lastIndexOf(-1)) {
    throw refuse(`Only one input size may be -1, not both ${open} and ${asked.indexOf(-1, open + 1)}`);
  }
  const negative = asked.findIndex((length) => length < -1);
  if (negative >= 0) throw refuse(`Size ${negative} must be non-negative, not ${asked[negative]}`);
  const known = asked.reduce((product, length) => (length === -1 ? product : product * length), 1);
  const given = `Input to reshape is a tensor with ${size} values, but the requested shape`;
  if (open < 0) {
    if (known !== size) throw refuse(`${given} has ${known}`);
    return [...asked];
  }
  // Where other sizes are 0, TensorFlow makes the open one what the input's sizes but these would give.
  if (known === 0) return asked.map((length) => (length === -1 ? openBesideZeros(asked, from) : length));
  if (size % known !== 0) throw refuse(`${given} requires a multiple of ${known}`);
  return asked.map((length) => (length === -1 ? size / known : length));
}

function openBesideZeros(asked: readonly number[], from: Shape): number {
  const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => (size > 0 ? all * size : all), 1);
  return Math.floor(product(from) / product(asked));
}

function transposed(x: Tensor, perm: unknown): Tensor {
  const rank = x.shape.length;
  if (perm === undefined || perm === null) {
    return op.transpose(
      x,
      x.shape.map((_, axis) => rank - 1 - axis),
    );
  }
  const given = intsArgument(perm, 'Transpose', { attribute: 'Tperm' });
  const refuse = (message: string) => invalid('Transpose', 'bad-argument', message);
  if (given.length !== rank) {
    throw refuse(`transpose expects a vector of size ${rank}. But input(1) is a vector of size ${given.length}`);
  }
  const order = given.map((axis) => {
    const counted = axis < 0 ? axis + rank : axis;
    if (counted < 0 || counted >= rank) throw refuse(`${counted} is out of range [0 .. ${rank})`);
    return counted;
  });
  const missing = order.findIndex((_, axis) => !order.includes(axis));
  if (missing >= 0) throw refuse(`${missing} is missing from {${order.join(',')}}.`);
  return op.transpose(x, order);
}

function reversed(x: Tensor, axis: unknown): Tensor {
  const rank = x.shape.length;
  if (typeof axis === 'number' || (isForeign(axis) && axis.toCore().shape.length === 0)) {
    throw invalid('ReverseV2', 'rank-mismatch', "'dims' must be 1-dimension, not 0; give a list of axes");
  }
  const axes = intsArgument(axis, 'ReverseV2', { attribute: 'Tidx' }).map((given, i) =>
    axisArgument(given, rank, () => {
      const range = `'axis'[${i}] = ${given} is out of valid range [0, ${rank - 1}]`;
      return invalid('ReverseV2', 'axis-out-of-range', range);
    }),
  );
  axes.forEach((given, i) => {
    if (axes.indexOf(given) !== i)
      throw invalid('ReverseV2', 'bad-argument', `axis ${given} specified more than once.`);
  });
  return op.reverse(x, axes);
}

/** Cells before and after each axis, from lists of pairs or a tensor of two columns. */
function paddings(value: unknown, x: Shape): [lo: number[], hi: number[]] {
  const given = tensorArgument(value, 'int32');
  const shape = given.shape;
  const refuse = (message: string) => invalid('Pad', 'padding-invalid', message);
  if (given.dtype !== 'int32' && given.dtype !== 'int64') {
    throw invalid('Pad', 'dtype-mismatch', `paddings must be int32 or int64, not ${given.dtype}`);
  }
  if (shape.length !== 2 || shape[1] !== 2) {
    throw refuse(`paddings must be a matrix with 2 columns: ${showTf(shape)}`);
  }
  if (shape[0] !== x.length) {
    throw refuse(`The first dimension of paddings must be the rank of inputs${showTf(shape)} ${showTf(x)}`);
  }
  const cells = Array.from<number | bigint, number>(given.array, Number);
  const lo = cells.filter((_, i) => i % 2 === 0);
  const hi = cells.filter((_, i) => i % 2 === 1);
  lo.forEach((before, axis) => {
    const after = hi[axis] as number;
    if (before < 0 || after < 0) throw refuse(`Paddings must be non-negative: ${before} ${after}`);
  });
  return [lo, hi];
}

/** TensorFlow's modes that mirror. */
interface Mirror {
  readonly extension: Extension;
  /** How many cells an axis of n can give. */
  readonly most: (n: number) => number;
  readonly limit: readonly [rule: string, breach: string];
}

const mirrors: { readonly [mode: string]: Mirror } = {
  REFLECT: { extension: 'reflect', most: (n) => n - 1, limit: ['less than', 'not less than'] },
  SYMMETRIC: { extension: 'symmetric', most: (n) => n, limit: ['no greater than', 'greater than'] },
};

function padded(x: Tensor, [lo, hi]: readonly [number[], number[]], mode: unknown, value: unknown): Tensor {
  if (typeof mode !== 'string') {
    throw new TypeError_('bad-argument', `\`mode\` must be a string, not ${show(mode)}`);
  }
  const name = mode.toUpperCase();
  if (name === 'CONSTANT') {
    const fill = value === undefined ? 0 : Number((operandsOf('PadV2', [x, value])[1] as Tensor).item());
    return op.pad(x, { lo, hi, interior: lo.map(() => 0), value: fill });
  }
  const mirror = Object.hasOwn(mirrors, name) ? mirrors[name] : undefined;
  if (mirror === undefined) {
    throw new ValueError(
      'bad-argument',
      `Value of argument \`mode\` expected to be one of "CONSTANT", "REFLECT", or "SYMMETRIC". Received \`mode\` = ${mode}`,
    );
  }
  const pairs = x.shape.map((n, axis) => {
    const [before, after] = [lo[axis] as number, hi[axis] as number];
    const most = mirror.most(n);
    if (before <= most && after <= most) return [before, after] as const;
    const [rule, breach] = mirror.limit;
    const message = `paddings must be ${rule} the dimension size: ${before}, ${after} ${breach} ${n}`;
    throw invalid('MirrorPad', 'padding-invalid', message);
  });
  return extend(op, x, mirror.extension, pairs);
}

/** Tensors of one dtype, from a list; a tensor alone is a list of one. */
const parts = (values: unknown, operation: string): Tensor[] =>
  Array.isArray(values) ? operandsOf(operation, values) : [tensorArgument(values)];

function concatenated(values: unknown, axis: unknown): Tensor {
  const list = parts(values, 'ConcatV2');
  const first = list[0];
  if (first === undefined) throw new ValueError('bad-argument', 'concat takes a list of at least one tensor');
  const given = intArgument(axis, 'axis');
  if (list.length === 1) return recordedCopy(first);
  const rank = first.shape.length;
  const refuse = (message: string) => invalid('ConcatV2', 'shape-mismatch', `ConcatOp : ${message}`);
  if (rank === 0) throw refuse("Can't concatenate scalars (use tf.stack instead)");
  const range = `ConcatOp : Expected concatenating dimensions in the range [${-rank}, ${rank}), but got ${given}`;
  const along = axisArgument(given, rank, () => invalid('ConcatV2', 'axis-out-of-range', range));
  list.forEach((part, i) => {
    const shapes = `shape[0] = ${showTf(first.shape)} vs. shape[${i}] = ${showTf(part.shape)}`;
    if (part.shape.length !== rank) throw refuse(`Ranks of all input tensors should match: ${shapes}`);
    const differing = part.shape.findIndex((size, a) => a !== along && size !== first.shape[a]);
    if (differing >= 0) throw refuse(`Dimension ${differing} in both shapes must be equal: ${shapes}`);
  });
  return op.concatenate(list, along);
}

function stacked(values: unknown, axis: unknown): Tensor {
  const list = parts(values, 'Pack');
  if (!Array.isArray(values)) {
    throw new NotImplementedError('not-implemented', 'stack takes a list of tensors; a tensor is stacked already');
  }
  const first = list[0];
  if (first === undefined) return op.full({ shape: [0], dtype: 'float32' }, 0);
  list.forEach((part, i) => {
    if (sameShape(part.shape, first.shape)) return;
    const shapes = `values[0].shape = ${showTf(first.shape)} != values[${i}].shape = ${showTf(part.shape)}`;
    throw invalid('Pack', 'shape-mismatch', `Shapes of all inputs must match: ${shapes}`);
  });
  const rank = first.shape.length + 1;
  const given = axis === undefined ? 0 : intArgument(axis, 'axis');
  const range = `Argument \`axis\` = ${given} not in range [${-rank}, ${rank})`;
  const along = axisArgument(given, rank, () => new ValueError('axis-out-of-range', range));
  const widened = [...first.shape.slice(0, along), 1, ...first.shape.slice(along)];
  return op.concatenate(
    list.map((part) => op.reshape(part, widened)),
    along,
  );
}

function squeezed(x: Tensor, axis: unknown): Tensor {
  const rank = x.shape.length;
  const all = x.shape.flatMap((size, i) => (size === 1 ? [i] : []));
  const asked = axis === undefined || axis === null ? [] : intsArgument(axis, 'Squeeze');
  const axes = (asked.length === 0 ? all : asked).map((given) => {
    const message = `Tried to squeeze dim index ${given} for tensor with ${rank} dimensions.`;
    const along = axisArgument(given, rank, () => invalid('Squeeze', 'axis-out-of-range', message));
    if (x.shape[along] === 1) return along;
    const size = `Can not squeeze dim[${along}], expected a dimension of 1, got ${x.shape[along]}`;
    throw invalid('Squeeze', 'shape-mismatch', size);
  });
  return op.reshape(
    x,
    x.shape.filter((_, i) => !axes.includes(i)),
  );
}

function expanded(x: Tensor, axis: unknown): Tensor {
  const rank = x.shape.length;
  const given = intArgument(axis, 'axis');
  const message = `Tried to expand dim index ${given} for tensor with ${rank} dimensions.`;
  const along = axisArgument(given, rank + 1, () => invalid('ExpandDims', 'axis-out-of-range', message));
  return op.reshape(x, [...x.shape.slice(0, along), 1, ...x.shape.slice(along)]);
}

/** Every axis repeated: x under a new axis of `times` in front of each. */
function tiled(x: Tensor, multiples: readonly number[]): Tensor {
  const rank = x.shape.length;
  if (multiples.length !== rank) {
    const message = `Expected multiples argument to be a vector of length ${rank} but got length ${multiples.length}`;
    throw invalid('Tile', 'rank-mismatch', message);
  }
  multiples.forEach((times, axis) => {
    if (times < 0) throw invalid('Tile', 'bad-argument', `Expected multiples[${axis}] >= 0, but got ${times}`);
  });
  const shape = x.shape.map((size, axis) => size * (multiples[axis] as number));
  checkSize(shape, 'the tiled tensor');
  const interleaved = x.shape.flatMap((size, axis) => [multiples[axis] as number, size]);
  const repeated = op.broadcast_in_dim(
    x,
    interleaved,
    x.shape.map((_, axis) => 2 * axis + 1),
  );
  return op.reshape(repeated, shape);
}

function broadcasted(x: Tensor, shape: readonly number[]): Tensor {
  const common = broadcastShapes(x.shape, shape);
  if (common === null || !sameShape(common, shape)) {
    const message = `Incompatible shapes: ${showTf(x.shape)} vs. ${showTf(shape)}`;
    throw invalid('BroadcastTo', 'shape-mismatch', message);
  }
  checkSize(shape, 'the broadcast tensor');
  return sameShape(x.shape, shape) ? recordedCopy(x) : broadcastTo(op, x, shape);
}

/** The bias, one number a channel, added along the axis of channels. */
function biased(value: Tensor, bias: Tensor, format: unknown): Tensor {
  const rank = value.shape.length;
  const isFirst = typeof format === 'string' && format.startsWith('NC');
  const isLast = typeof format === 'string' && format.startsWith('N') && format.endsWith('C');
  if (format !== undefined && format !== null && !isFirst && !isLast) {
    throw new ValueError(
      'bad-argument',
      `\`data_format\` must be of the form \`N...C\` or \`NC...\`. Received: data_format=${str(format)}`,
    );
  }
  if (rank < 2) {
    throw invalid('BiasAdd', 'rank-mismatch', `Input tensor must be at least 2D: ${showTf(value.shape)}`);
  }
  if (bias.shape.length !== 1) throw invalid('BiasAdd', 'rank-mismatch', `Biases must be 1D: ${showTf(bias.shape)}`);
  const axis = isFirst ? 1 : rank - 1;
  if (bias.shape[0] !== value.shape[axis]) {
    const shapes = `${showTf(bias.shape)} vs. ${showTf(value.shape)}`;
    const message = `Must provide as many biases as the ${isFirst ? 'channel' : 'last'} dimension of the input tensor`;
    throw invalid('BiasAdd', 'shape-mismatch', `${message}: ${shapes}`);
  }
  return op.add(value, op.broadcast_in_dim(bias, value.shape, [axis]));
}

type StructureName =
  | 'cast'
  | 'identity'
  | 'reshape'
  | 'transpose'
  | 'reverse'
  | 'pad'
  | 'concat'
  | 'stack'
  | 'squeeze'
  | 'expand_dims'
  | 'tile'
  | 'broadcast_to'
  | 'bias_add';

export const structure: { readonly [N in StructureName]: Row } = {
  cast: row('cast', 'x dtype', ([x, dtype]) => op.convert(tensorArgument(x), dtypeArgument(dtype))),
  identity: row('identity', 'input', ([input]) => recordedCopy(tensorArgument(input))),
  reshape: row('reshape', 'tensor shape', ([tensor, shape]) => {
    const x = tensorArgument(tensor);
    return op.reshape(x, reshaped(intsArgument(shape, 'Reshape', { attribute: 'Tshape' }), x.shape));
  }),
  transpose: row('transpose', 'a perm?~ conjugate?', ([a, perm]) => transposed(tensorArgument(a), perm)),
  reverse: row('reverse', 'tensor axis', ([tensor, axis]) => reversed(tensorArgument(tensor), axis)),
  pad: row('pad', 'tensor paddings mode? constant_values?', ([tensor, pairs, mode = 'CONSTANT', value]) => {
    const x = tensorArgument(tensor);
    return padded(x, paddings(pairs, x.shape), mode, value);
  }),
  concat: row('concat', 'values axis', ([values, axis]) => concatenated(values, axis)),
  stack: row('stack', 'values axis?', ([values, axis]) => stacked(values, axis)),
  squeeze: row('squeeze', 'input axis?~', ([input, axis]) => squeezed(tensorArgument(input), axis)),
  expand_dims: row('expand_dims', 'input axis', ([input, axis]) => expanded(tensorArgument(input), axis)),
  tile: row('tile', 'input multiples', ([input, multiples]) =>
    tiled(tensorArgument(input), intsArgument(multiples, 'Tile', { attribute: 'Tmultiples' })),
  ),
  broadcast_to: row('broadcast_to', 'input shape', ([input, shape]) =>
    broadcasted(tensorArgument(input), intsArgument(shape, 'BroadcastTo', { attribute: 'Tidx' })),
  ),
  bias_add: row('bias_add', 'value bias data_format?~', ([value, bias, format]) => {
    const [x, b] = operandsOf('BiasAdd', [value, bias]) as [Tensor, Tensor];
    return biased(x, b, format);
  }),
};
