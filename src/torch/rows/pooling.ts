/**
 * Pooling, as rows. A largest cell is found once (window_argmax) and gathered, so that every order of derivative is a
 * gather or a scatter by the same positions; a mean is a convolution of each channel with ones.
 */

import { RuntimeError } from '../../errors.js';
import type { WindowParams } from '../../ops/primitive.js';
import { isFloat } from '../../shape/dtype.js';
import { type Shape, showShape, sizeOf } from '../../shape/shape.js';
import { newTensor, op, type Tensor } from '../../tensor/tensor.js';
import { boolArgument, dimension, intArgument, intOrIntsArgument, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';
import { unimplemented } from './elementary.js';
import { divided } from './formula.js';

/** The windows of all spatial axes, one number an axis. */
interface Windows {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly ceil: boolean;
}

const WORDS = ['', 'int', 'two ints', 'three ints'];

/** One number for all axes, or one an axis. */
function each(
  value: unknown,
  fallback: readonly number[],
  call: string,
  name: string,
  rank: number,
): readonly number[] {
  if (value === undefined || value === null) return fallback;
  const list = intOrIntsArgument(value, call, name);
  if (list.length === rank) return list;
  if (list.length === 1) return new Array<number>(rank).fill(list[0] as number);
  if (list.length === 0 && name === 'stride') return fallback;
  const omitted = name === 'stride' ? 'be omitted, ' : 'be ';
  throw new RuntimeError(
    'rank-mismatch',
    `${call}: ${name} must either ${omitted}a single int, or a tuple of ${WORDS[rank]}, but got ${showShape(list)}`,
  );
}

function checkNumbers(call: string, { kernel, stride, padding, dilation }: Windows): void {
  const refuse = (message: string): never => {
    throw new RuntimeError('size-invalid', `${call}(): ${message}`);
  };
  if (kernel.some((size) => size < 1)) refuse(`kernel_size must be greater than zero, but got ${showShape(kernel)}`);
  if (stride.some((step) => step < 1)) refuse(`stride must be greater than zero, but got ${showShape(stride)}`);
  if (dilation.some((step) => step < 1)) refuse(`dilation must be greater than zero, but got ${showShape(dilation)}`);
  if (padding.some((cells) => cells < 0)) refuse(`padding must be non-negative, but got ${showShape(padding)}`);
  padding.forEach((cells, axis) => {
    const [size, step] = [kernel[axis] as number, dilation[axis] as number];
    if (cells <= ((size - 1) * step + 1) / 2) return;
    refuse(
      'padding should be at most half of effective kernel size, but got ' +
        `padding=${cells}, kernel_size=${size} and dilation=${step}`,
    );
  });
}

function checkInput(call: string, shape: Shape, rank: number): void {
  const batched = shape.length === rank + 2;
  if ((batched || shape.length === rank + 1) && !shape.slice(batched ? 1 : 0).includes(0)) return;
  throw new RuntimeError(
    'rank-mismatch',
    `${call}: Expected ${rank + 1}D or ${rank + 2}D (batch mode) tensor with optional 0 dim batch size for input, but ` +
      `got:${showShape(shape)}`,
  );
}

/** Number of windows along an axis; with `ceil`, also one that hangs over, if it begins before the last padding. */
function windowsAlong(size: number, axis: number, { kernel, stride, padding, dilation, ceil }: Windows): number {
  const [step, pad] = [stride[axis] as number, padding[axis] as number];
  const room = size + 2 * pad - (dilation[axis] as number) * ((kernel[axis] as number) - 1) - 1;
  const count = Math.floor((room + (ceil ? step - 1 : 0)) / step) + 1;
  return ceil && (count - 1) * step >= size + pad ? count - 1 : count;
}

function countsOf(call: string, shape: Shape, windows: Windows): number[] {
  const space = shape.slice(-windows.kernel.length);
  const counts = space.map((size, axis) => windowsAlong(size, axis, windows));
  if (counts.every((count) => count >= 1)) return counts;
  throw new RuntimeError(
    'size-invalid',
    `${call}(): Given input size: ${showShape(shape)}. Calculated output size: ${showShape(counts)}. Output size is too small`,
  );
}

/** Cells after the last that the last window reaches (negative: that no window reaches). */
const behind = (size: number, count: number, axis: number, { kernel, stride, padding, dilation }: Windows): number =>
  (count - 1) * (stride[axis] as number) +
  (dilation[axis] as number) * ((kernel[axis] as number) - 1) +
  1 -
  size -
  (padding[axis] as number);

/** Whether some window lies in the padding with all its cells. */
const hasEmpty = (space: Shape, counts: readonly number[], { kernel, stride, padding, dilation }: Windows): boolean =>
  space.some((size, axis) => {
    const taps = Array.from({ length: kernel[axis] as number }, (_, tap) => tap * (dilation[axis] as number));
    return Array.from({ length: counts[axis] as number }, (_, i) => i * (stride[axis] as number)).some((start) =>
      taps.every((tap) => start + tap < (padding[axis] as number) || start + tap - (padding[axis] as number) >= size),
    );
  });

function paramsOf(shape: Shape, counts: readonly number[], windows: Windows): WindowParams {
  const lead = shape.length - counts.length;
  const [zeros, ones] = [new Array<number>(lead).fill(0), new Array<number>(lead).fill(1)];
  return {
    size: [...ones, ...windows.kernel],
    stride: [...ones, ...windows.stride],
    lo: [...zeros, ...windows.padding],
    hi: [...zeros, ...counts.map((count, axis) => behind(shape[lead + axis] as number, count, axis, windows))],
    dilation: [...ones, ...windows.dilation],
  };
}

/** The largest cells, and where they are: as flat positions. */
export interface Largest {
  readonly values: Tensor;
  readonly positions: Tensor;
}

/** Flat positions within a plane of the spatial axes, as PyTorch counts. */
export function withinPlane(positions: Tensor, space: Shape): Tensor {
  return op.convert(op.remainder(positions, op.full(positions, sizeOf(space))), 'int64');
}

function largest(call: string, x: Tensor, windows: Windows): Largest {
  const counts = countsOf(call, x.shape, windows);
  const positions = op.window_argmax(x.plain, paramsOf(x.shape, counts, windows));
  const values = op.gather(x, positions);
  if (!isFloat(x.dtype) || !hasEmpty(x.shape.slice(-counts.length), counts, windows)) return { values, positions };
  const isEmpty = op.compare(positions, op.full(positions, -1), 'EQ');
  return { values: op.select(isEmpty, op.full(values, Number.NEGATIVE_INFINITY), values), positions };
}

/** The size of windows, their stride (the size by default) and padding, one an axis. */
function stepsOf([kernelSize, stride, padding]: readonly unknown[], call: string, rank: number) {
  const kernel = each(kernelSize, [], call, 'kernel_size', rank);
  const none = kernel.map(() => 0);
  return {
    kernel,
    stride: each(stride, kernel, call, 'stride', rank),
    padding: each(padding, none, call, 'padding', rank),
  };
}

/** Reads max_pool's arguments; gives the values and, as int64, the positions in each plane. */
export function maxPool(
  rank: 1 | 2 | 3,
  values: readonly unknown[],
): { readonly values: Tensor; readonly indices: () => Tensor } {
  const call = `max_pool${rank}d`;
  const [input, kernelSize, stride, padding, dilation, ceilMode] = values;
  const x = tensorArgument(input, call, 'input');
  const steps = stepsOf([kernelSize, stride, padding], call, rank);
  const { kernel } = steps;
  const windows = {
    ...steps,
    dilation: each(
      dilation,
      kernel.map(() => 1),
      call,
      'dilation',
      rank,
    ),
    ceil: boolArgument(ceilMode, call, 'ceil_mode'),
  };
  checkNumbers(call, windows);
  if (rank === 1 && (x.shape.length === 2 || x.shape.length === 3) && x.shape.at(-1) !== 0)
    checkInput(call, [1, 1, x.shape.at(-1) as number], rank);
  else checkInput(call, x.shape, rank);
  if (x.dtype === 'bool' || (rank === 1 && !isFloat(x.dtype))) throw unimplemented(call, x.dtype);
  const { values: found, positions } = largest(call, x, windows);
  return { values: found, indices: () => withinPlane(positions, x.shape.slice(-rank)) };
}

const MAX_PARAMETERS = 'input kernel_size stride?~ padding? dilation? ceil_mode? return_indices?';

function maxRow(rank: 1 | 2 | 3): Row {
  const gradFn = rank === 1 ? 'SqueezeBackward1' : `MaxPool${rank}DWithIndicesBackward0`;
  return row(`max_pool${rank}d`, MAX_PARAMETERS, gradFn, (values) => maxPool(rank, values).values);
}

const SPACE = ['', '0', '01', '012'];

/** The sums of all windows: one convolution with ones. */
function windowSums(x: Tensor, counts: readonly number[], windows: Windows): Tensor {
  const rank = counts.length;
  const space = x.shape.slice(-rank);
  const lead = x.shape.slice(0, -rank);
  const axes = SPACE[rank] as string;
  const sums = op.convolution(
    op.reshape(x, [sizeOf(lead), ...space]),
    op.full({ shape: windows.kernel, dtype: x.dtype }, 1),
    {
      windows: counts.map((count, axis) => ({
        stride: windows.stride[axis] as number,
        lo: windows.padding[axis] as number,
        hi: behind(space[axis] as number, count, axis, windows),
        inputDilation: 1,
        kernelDilation: 1,
      })),
      flip: false,
      input: `n${axes}`,
      kernel: axes,
      output: `n${axes}`,
      precision: 'exact',
    },
  );
  return op.reshape(sums, [...lead, ...counts]);
}

/** How many cells the windows along an axis count: those inside, or with the padding; the rest of one that hangs over never. */
function countedAlong(
  size: number,
  count: number,
  axis: number,
  { kernel, stride, padding }: Windows,
  padded: boolean,
): number[] {
  const pad = padding[axis] as number;
  return Array.from({ length: count }, (_, i) => {
    const start = i * (stride[axis] as number) - pad;
    const end = Math.min(start + (kernel[axis] as number), size + pad);
    return padded ? end - start : Math.min(end, size) - Math.max(start, 0);
  });
}

/** The divisors of all windows of a plane: one number where they are the same. */
function divisorsOf(space: Shape, counts: readonly number[], windows: Windows, padded: boolean): number | number[] {
  const along = counts.map((count, axis) => countedAlong(space[axis] as number, count, axis, windows, padded));
  const all = along.reduce<number[]>((products, sizes) => products.flatMap((p) => sizes.map((size) => p * size)), [1]);
  return all.every((divisor) => divisor === all[0]) ? (all[0] as number) : all;
}

/** PyTorch asks it of avg_pool3d alone: that windows aren't larger than the image without padding. */
function checkCovered(space: Shape, kernel: readonly number[]): void {
  if (space.every((size, axis) => size >= (kernel[axis] as number))) return;
  const list = (sizes: readonly number[], before: string): string =>
    sizes.map((size, axis) => `${before}${['T', 'H', 'W'][axis]}: ${size}`).join(' ');
  const message = `input image (${list(space, '')}) smaller than kernel size (${list(kernel, 'k')})`;
  throw new RuntimeError('size-invalid', message);
}

const AVG_PARAMETERS = 'input kernel_size stride?~ padding? ceil_mode? count_include_pad?';

function averageRow(rank: 1 | 2 | 3): Row {
  const call = `avg_pool${rank}d`;
  const parameters = rank === 1 ? AVG_PARAMETERS : `${AVG_PARAMETERS} divisor_override?~`;
  const gradFn = rank === 1 ? 'SqueezeBackward1' : `AvgPool${rank}DBackward0`;
  return row(call, parameters, gradFn, ([input, kernelSize, stride, padding, ceilMode, countIncludePad, override]) => {
    const x = tensorArgument(input, call, 'input');
    const steps = stepsOf([kernelSize, stride, padding], call, rank);
    const { kernel } = steps;
    const windows = {
      ...steps,
      dilation: kernel.map(() => 1),
      ceil: boolArgument(ceilMode, call, 'ceil_mode'),
    };
    const padded = boolArgument(countIncludePad, call, 'count_include_pad', true);
    const divisor =
      override === undefined || override === null ? null : intArgument(override, call, 'divisor_override');
    if (divisor === 0) throw new RuntimeError('bad-argument', 'divisor must be not zero');
    checkNumbers(call, windows);
    if (rank === 2 && x.shape.length < 3) dimension(-3, x.shape.length, call);
    checkInput(call, x.shape, rank);
    if (!isFloat(x.dtype) && x.dtype !== 'int64') throw unimplemented(call, x.dtype);
    if (rank === 3) checkCovered(x.shape.slice(-3), kernel);
    const counts = countsOf(call, x.shape, windows);
    const sums = windowSums(x, counts, windows);
    const by = divisor ?? divisorsOf(x.shape.slice(-rank), counts, windows, padded);
    if (typeof by === 'number') return divided(sums, by);
    const divisors = newTensor(by, counts, x.dtype);
    const lead = sums.shape.length - rank;
    return op.divide(
      sums,
      op.broadcast_in_dim(
        divisors,
        sums.shape,
        counts.map((_, axis) => lead + axis),
      ),
    );
  });
}

type PoolingName = 'max_pool1d' | 'max_pool2d' | 'max_pool3d' | 'avg_pool1d' | 'avg_pool2d' | 'avg_pool3d';

export const pooling: { readonly [N in PoolingName]: Row } = {
  max_pool1d: maxRow(1),
  max_pool2d: maxRow(2),
  max_pool3d: maxRow(3),
  avg_pool1d: averageRow(1),
  avg_pool2d: averageRow(2),
  avg_pool3d: averageRow(3),
};
