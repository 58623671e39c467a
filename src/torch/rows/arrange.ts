/** Elements in another order or repeated, parts of matrices: copies, as rows. */

import { RuntimeError } from '../../errors.js';
import { takeCells } from '../../ops/extension.js';
import { checkSize, type Shape } from '../../shape/shape.js';
import { isForeign } from '../../tensor/foreign.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { dimension, intArgument, intOrIntsArgument, intsArgument, isWhole, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';
import { indexArgument, positions, wholeNumbers } from './indexing.js';
import { operand, withRule } from './rule.js';

const fail = (message: string): never => {
  throw new RuntimeError('bad-argument', message);
};

const modulo = (i: number, n: number): number => ((i % n) + n) % n;

/** Cells moved along an axis; those that leave it come in at the other end. */
function rolled(x: Tensor, axis: number, shift: number): Tensor {
  const n = x.shape[axis] as number;
  if (n === 0) return x;
  const first = modulo(-shift, n);
  return takeCells(
    op,
    x,
    axis,
    Array.from({ length: n }, (_, i) => (first + i) % n),
  );
}

function roll([input, by, dims]: readonly unknown[]): Tensor {
  const x = tensorArgument(input, 'roll', 'input');
  const shifts = intOrIntsArgument(by, 'roll', 'shifts');
  const along = dims === undefined || dims === null ? [] : intOrIntsArgument(dims, 'roll', 'dims');
  if (shifts.length === 0) return fail('`shifts` required');
  if (along.length === 0 && shifts.length === 1) {
    return op.reshape(rolled(op.reshape(x, [x.size]), 0, shifts[0] as number), x.shape);
  }
  if (along.length !== shifts.length) {
    return fail(`shifts and dimensions must align. shifts: ${shifts.length}, dims:${along.length}`);
  }
  return along.reduce<Tensor>(
    (sofar, dim, i) => rolled(sofar, dimension(dim, x.shape.length, 'roll'), shifts[i] as number),
    op.reshape(x, x.shape),
  );
}

/** Turned by so many right angles, from the first dimension towards the second. */
function rot90([input, times, dims]: readonly unknown[]): Tensor {
  const x = tensorArgument(input, 'rot90', 'input');
  const k = times === undefined ? 1 : intArgument(times, 'rot90', 'k');
  const plane = dims === undefined ? [0, 1] : intsArgument(dims, 'rot90', 'dims');
  if (plane.length !== 2) return fail(`expected total rotation dims == 2, but got dims = ${plane.length}`);
  if (x.shape.length < 2) return fail(`expected total dims >= 2, but got total dims = ${x.shape.length}`);
  const [a, b] = plane.map((dim) => dimension(dim, x.shape.length, 'rot90')) as [number, number];
  if (a === b) {
    return fail(`expected rotation dims to be different, but got dim0 = ${plane[0]} and dim1 = ${plane[1]}`);
  }
  const order = x.shape.map((_, axis) => (axis === a ? b : axis === b ? a : axis));
  const quarter = modulo(k, 4);
  if (quarter === 0) return op.reshape(x, x.shape);
  if (quarter === 2) return op.reverse(x, [a, b].sort());
  return quarter === 1 ? op.transpose(op.reverse(x, [b]), order) : op.reverse(op.transpose(x, order), [b]);
}

/** Repeated as a whole, so many times along each dimension; new dimensions stand in front. */
function repeated(x: Tensor, times: readonly number[]): Tensor {
  const lead = times.length - x.shape.length;
  const own: Shape = [...new Array<number>(lead).fill(1), ...x.shape];
  const result = own.map((size, axis) => size * (times[axis] as number));
  if (times.some((n) => n < 0)) {
    const negative = times.find((n) => n < 0);
    throw new RuntimeError(
      'size-invalid',
      `Trying to create tensor with negative dimension ${negative}: [${result.join(', ')}]`,
    );
  }
  const shape = own.flatMap((size, axis) => [times[axis] as number, size]);
  const spread = op.broadcast_in_dim(
    op.reshape(x, own),
    shape,
    own.map((_, axis) => 2 * axis + 1),
  );
  return op.reshape(spread, result);
}

function repeat([input, given]: readonly unknown[]): Tensor {
  const x = tensorArgument(input, 'repeat', 'input');
  const times = intsArgument(given, 'repeat', 'repeats');
  if (times.length < x.shape.length) {
    return fail('Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor');
  }
  return repeated(x, times);
}

function tile([input, given]: readonly unknown[]): Tensor {
  const x = tensorArgument(input, 'tile', 'input');
  const times = intOrIntsArgument(given, 'tile', 'dims');
  return repeated(x, [...new Array<number>(Math.max(0, x.shape.length - times.length)).fill(1), ...times]);
}

/** Each cell repeated, all alike or so many times each. */
function repeatInterleave([input, repeats, dim]: readonly unknown[]): Tensor {
  const given = tensorArgument(input, 'repeat_interleave', 'input');
  if (repeats === undefined) return places(given);
  const x = dim === undefined || dim === null ? op.reshape(given, [given.size]) : given;
  const axis = dimension(dim ?? 0, x.shape.length, 'repeat_interleave');
  const n = x.shape[axis] ?? 1;
  const times = isForeign(repeats)
    ? wholeNumbers(indexArgument(repeats, 'repeat_interleave'))
    : [intArgument(repeats, 'repeat_interleave', 'repeats')];
  if (times.some((count) => count < 0))
    return fail(isWhole(repeats) ? 'Repeats must be non-negative' : 'repeats can not be negative');
  if (times.length !== 1 && times.length !== n) {
    return fail(
      `repeats must have the same size as input along dim, but got repeats.size(0) = ${times.length} and input.size(${axis}) = ${n}`,
    );
  }
  const total = times.length === 1 ? n * (times[0] as number) : times.reduce((sum, count) => sum + count, 0);
  checkSize([total], 'the result');
  const cells = Array.from({ length: n }, (_, i) => new Array<number>(times[times.length === 1 ? 0 : i] ?? 0).fill(i));
  return takeCells(op, x.shape.length === 0 ? op.reshape(x, [1]) : x, axis, cells.flat());
}

/** repeat_interleave of counts alone: each place as often as it says. */
function places(repeats: Tensor): Tensor {
  const counts = wholeNumbers(indexArgument(repeats, 'repeat_interleave'));
  checkSize([counts.reduce((sum, count) => sum + Math.max(0, count), 0)], 'the result');
  const flat = counts.flatMap((count, i) => new Array<number>(Math.max(0, count)).fill(i));
  let at = 0;
  return op.convert(
    positions([flat.length], () => flat[at++] as number),
    'int64',
  );
}

/** Cells where a mask is set, the others zero. PyTorch walks this a second time: nothing is saved. */
const within: (inputs: readonly Tensor[], mask: Tensor) => Tensor = withRule<Tensor>(
  'triangle',
  'nothing',
  ([x], mask) => op.select(mask, x as Tensor, op.full(x as Tensor, 0)),
  ({ gradient, params: mask }) => within([gradient], mask),
);

/** A triangle of each matrix, the rest zero. */
function triangle(name: 'tril' | 'triu', gradFn: string): Row {
  return row(name, 'input diagonal?', gradFn, ([input, diagonal]) => {
    const x = tensorArgument(input, name, 'input');
    const offset = diagonal === undefined ? 0 : intArgument(diagonal, name, 'diagonal');
    if (x.shape.length < 2) return fail(`${name}: input tensor must have at least 2 dimensions`);
    const sides = x.shape.slice(-2);
    const inside = positions(sides, ([i, j]) => {
      const distance = (j as number) - (i as number) - offset;
      return Number(name === 'tril' ? distance <= 0 : distance >= 0);
    });
    const mask = op.broadcast_in_dim(op.convert(inside, 'bool'), x.shape, [x.shape.length - 2, x.shape.length - 1]);
    return within([x], mask);
  });
}

/** Cells at flat positions (-1 for a zero). PyTorch walks this a second time: nothing is saved. */
const picked = withRule<Tensor>(
  'picked',
  'nothing',
  ([x], places) => op.gather(x as Tensor, places),
  ({ inputs, gradient, params: places }) => op.scatter(gradient, places, operand(inputs, 0).shape),
);

/** A vector on the diagonal of a matrix of zeros, or the diagonal of a matrix. */
function diag([input, diagonal]: readonly unknown[]): Tensor {
  const x = tensorArgument(input, 'diag', 'input');
  const offset = diagonal === undefined ? 0 : intArgument(diagonal, 'diag', 'diagonal');
  const [down, right] = [Math.max(0, -offset), Math.max(0, offset)];
  if (x.shape.length === 1) {
    const side = x.size + Math.abs(offset);
    return picked(
      [x],
      positions([side, side], ([i, j]) =>
        (i as number) - down === (j as number) - right ? Math.min((i as number) - down, x.size) : -1,
      ),
    );
  }
  if (x.shape.length !== 2) return fail(`diag(): Supports 1D or 2D tensors. Got ${x.shape.length}D`);
  const [rows, columns] = x.shape as [number, number];
  const length = Math.max(0, Math.min(rows - down, columns - right));
  return picked(
    [x],
    positions([length], ([i]) => ((i as number) + down) * columns + (i as number) + right),
  );
}

/** Reversed along one axis. */
const flipped = (name: 'fliplr' | 'flipud', axis: number): Row =>
  row(name, 'input', 'FlipBackward0', ([input]) => {
    const x = tensorArgument(input, name, 'input');
    if (x.shape.length <= axis) return fail(`Input must be >= ${axis + 1}-d.`);
    return op.reverse(x, [axis]);
  });

const diagNode: Row['gradFn'] = ([input]) =>
  isForeign(input) && input.toCore().shape.length === 1 ? 'DiagEmbedBackward0' : 'DiagonalBackward0_copy';

type ArrangeName =
  | 'roll'
  | 'rot90'
  | 'fliplr'
  | 'flipud'
  | 'tile'
  | 'repeat'
  | 'repeat_interleave'
  | 'tril'
  | 'triu'
  | 'diag';

export const arrangements: { readonly [N in ArrangeName]: Row } = {
  roll: row('roll', 'input shifts dims?~', 'RollBackward0', roll),
  rot90: row('rot90', 'input k? dims?', 'Rot90Backward0', rot90),
  fliplr: flipped('fliplr', 1),
  flipud: flipped('flipud', 0),
  tile: row('tile', 'input dims', 'RepeatBackward0', tile),
  repeat: row('repeat', 'input repeats', 'RepeatBackward0', repeat),
  repeat_interleave: row('repeat_interleave', 'input repeats? dim?~ output_size=~', 'ViewBackward0', repeatInterleave),
  tril: triangle('tril', 'TrilBackward0'),
  triu: triangle('triu', 'TriuBackward0'),
  diag: row('diag', 'input diagonal?', diagNode, diag),
};
