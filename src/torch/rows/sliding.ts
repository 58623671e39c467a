/** unfold and fold, as rows: sliding blocks as columns, and the sum that is its adjoint. */

import { RuntimeError } from '../../errors.js';
import { isFloat } from '../../shape/dtype.js';
import { type Shape, showShape, sizeOf } from '../../shape/shape.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { dimension, intOrIntsArgument, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';
import { unimplemented } from './elementary.js';

/** The blocks of both axes. */
interface Blocks {
  readonly kernel: readonly number[];
  readonly dilation: readonly number[];
  readonly padding: readonly number[];
  readonly stride: readonly number[];
}

function pair(value: unknown, call: string, name: string, fallback?: number): readonly number[] {
  const list = value === undefined && fallback !== undefined ? [fallback] : intOrIntsArgument(value, call, name);
  if (list.length === 2) return list;
  if (list.length === 1) return [list[0] as number, list[0] as number];
  throw new RuntimeError('rank-mismatch', `It is expected ${name} equals to 2, but got size ${list.length}`);
}

/** What each of the four numbers must be at least, and what errors call it. */
const least: { readonly [K in keyof Blocks]: readonly [least: number, name: string, short: string] } = {
  kernel: [1, 'kernel size should be greater than zero', 'kernel'],
  dilation: [1, 'dilation should be greater than zero', 'dilation'],
  padding: [0, 'padding should be non-negative', 'pad'],
  stride: [1, 'stride should be greater than zero', 'stride'],
};

function blocksOf(call: string, [kernel, dilation, padding, stride]: readonly unknown[]): Blocks {
  const blocks = {
    kernel: pair(kernel, call, 'kernel_size'),
    dilation: pair(dilation, call, 'dilation', 1),
    padding: pair(padding, call, 'padding', 0),
    stride: pair(stride, call, 'stride', 1),
  };
  for (const key of ['kernel', 'dilation', 'padding', 'stride'] as const) {
    const [bound, message, name] = least[key];
    const [height = 0, width = 0] = blocks[key];
    if (height >= bound && width >= bound) continue;
    throw new RuntimeError('size-invalid', `${message}, but got ${name}_height: ${height} ${name}_width: ${width}`);
  }
  return blocks;
}

const shown = (sizes: readonly number[]): string => `(${sizes.join(', ')})`;

const described = ({ kernel, dilation, padding }: Blocks): string =>
  `kernel_size=${shown(kernel)}, dilation=${shown(dilation)}, padding=${shown(padding)}`;

/** How many blocks there are along each axis. */
const countsOf = (space: Shape, { kernel, dilation, padding, stride }: Blocks): number[] =>
  space.map((size, axis) => {
    const reach = (dilation[axis] as number) * ((kernel[axis] as number) - 1) + 1;
    return Math.floor((size + 2 * (padding[axis] as number) - reach) / (stride[axis] as number)) + 1;
  });

function checkCounts(space: Shape, blocks: Blocks, counts: readonly number[]): void {
  if (counts.every((count) => count >= 1)) return;
  throw new RuntimeError(
    'size-invalid',
    `Given input with spatial size ${shown(space)}, ${described(blocks)}, calculated shape of the array of sliding ` +
      `blocks as ${shown(counts)}, but its components must be at least one.`,
  );
}

/** For each tap, its offset along both axes. */
const taps = ({ kernel: [height = 0, width = 0], dilation: [down = 1, right = 1] }: Blocks): number[][] =>
  Array.from({ length: height * width }, (_, i) => [Math.floor(i / width) * down, (i % width) * right]);

/** The cells that each tap meets, tap by tap. */
function unfold(x: Tensor, blocks: Blocks): Tensor {
  const [planes = 0, ...space] = x.shape;
  const counts = countsOf(space, blocks);
  checkCounts(space, blocks, counts);
  const [top = 0, left = 0] = blocks.padding;
  const [down = 1, right = 1] = blocks.stride;
  const padded = op.pad(x, { lo: [0, top, left], hi: [0, top, left], interior: [0, 0, 0], value: 0 });
  const [rows = 0, columns = 0] = counts;
  const parts = taps(blocks).map(([y = 0, z = 0]) => {
    const part = op.slice(padded, {
      start: [0, y, z],
      limit: [planes, y + (rows - 1) * down + 1, z + (columns - 1) * right + 1],
      stride: [1, down, right],
    });
    return op.reshape(part, [planes, 1, rows * columns]);
  });
  return op.concatenate(parts, 1);
}

/** Adds each tap's cells to where they came from. */
function fold(columns: Tensor, space: Shape, blocks: Blocks): Tensor {
  const [planes = 0] = columns.shape;
  const [height = 0, width = 0] = countsOf(space, blocks);
  const [top = 0, left = 0] = blocks.padding;
  const [down = 1, right = 1] = blocks.stride;
  const parts = taps(blocks).map(([y = 0, z = 0], tap) => {
    const part = op.slice(columns, {
      start: [0, tap, 0],
      limit: [planes, tap + 1, height * width],
      stride: [1, 1, 1],
    });
    const lo = [0, y - top, z - left];
    const [reachY, reachZ] = [(height - 1) * down + 1, (width - 1) * right + 1];
    const hi = [0, (space[0] as number) - reachY - (y - top), (space[1] as number) - reachZ - (z - left)];
    return op.pad(op.reshape(part, [planes, height, width]), { lo, hi, interior: [0, down - 1, right - 1], value: 0 });
  });
  return parts.reduce((sum, part) => op.add(sum, part));
}

function checkImage(x: Tensor): void {
  if (x.shape.length < 3) dimension(x.shape.length < 2 ? 1 : 2, x.shape.length, 'unfold');
  const batched = x.shape.length === 4;
  if ((batched || x.shape.length === 3) && !x.shape.slice(batched ? 1 : 0).includes(0)) return;
  throw new RuntimeError(
    'rank-mismatch',
    'Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, but got: ' +
      showShape(x.shape),
  );
}

function checkColumns(x: Tensor, space: Shape, blocks: Blocks): void {
  const rank = x.shape.length;
  if ((rank !== 2 && rank !== 3) || x.shape.slice(rank - 2).includes(0)) {
    throw new RuntimeError(
      'rank-mismatch',
      'Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero dimensions for input, ' +
        `but got: ${showShape(x.shape)}`,
    );
  }
  const [channels = 0, length = 0] = x.shape.slice(-2);
  if (channels % sizeOf(blocks.kernel) !== 0) {
    throw new RuntimeError(
      'shape-mismatch',
      `Expected size of input's dimension ${rank - 2} to be divisible by the product of kernel_size, but got ` +
        `input.size(${rank - 2})=${channels} and kernel_size=${shown(blocks.kernel)}.`,
    );
  }
  const counts = countsOf(space, blocks);
  if (counts.every((count) => count >= 1) && sizeOf(counts) === length) return;
  throw new RuntimeError(
    'shape-mismatch',
    `Given output_size=${shown(space)}, ${described(blocks)}, stride=${shown(blocks.stride)}, expected size of input's ` +
      `dimension ${rank - 1} to match the calculated number of sliding blocks ${counts.join(' * ')} = ` +
      `${sizeOf(counts)}, but got input.size(${rank - 1})=${length}.`,
  );
}

export const sliding: { readonly [N in 'unfold' | 'fold']: Row } = {
  unfold: row(
    'unfold',
    'input kernel_size dilation? padding? stride?',
    'Im2ColBackward0',
    ([input, kernelSize, dilation, padding, stride]) => {
      const x = tensorArgument(input, 'unfold', 'input');
      const blocks = blocksOf('unfold', [kernelSize, dilation, padding, stride]);
      checkImage(x);
      if (!isFloat(x.dtype) && x.dtype !== 'bool') throw unimplemented('im2col_out_cpu', x.dtype);
      const lead = x.shape.slice(0, -2);
      const [height = 0, width = 0] = x.shape.slice(-2);
      const columns = unfold(op.reshape(x, [sizeOf(lead), height, width]), blocks);
      const channels = (lead.at(-1) as number) * sizeOf(blocks.kernel);
      return op.reshape(columns, [...lead.slice(0, -1), channels, columns.shape[2] as number]);
    },
  ),
  fold: row(
    'fold',
    'input output_size kernel_size dilation? padding? stride?',
    'Col2ImBackward0',
    ([input, outputSize, kernelSize, dilation, padding, stride]) => {
      const x = tensorArgument(input, 'fold', 'input');
      const space = pair(outputSize, 'fold', 'output_size');
      const blocks = blocksOf('fold', [kernelSize, dilation, padding, stride]);
      checkColumns(x, space, blocks);
      if (!isFloat(x.dtype)) throw unimplemented('col2im_out_cpu', x.dtype);
      const lead = x.shape.slice(0, -2);
      const [rows = 0, length = 0] = x.shape.slice(-2);
      const size = sizeOf(blocks.kernel);
      const channels = rows / size;
      const planes = sizeOf(lead) * channels;
      return op.reshape(fold(op.reshape(x, [planes, size, length]), space, blocks), [...lead, channels, ...space]);
    },
  ),
};
