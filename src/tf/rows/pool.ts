/** Pooling, as rows: windows over the spatial axes of tensors with channels last or first. */

import { adjointOfInput } from '../../conv/convolution.js';
import { type ConvSpec, lower, spatialLetters } from '../../conv/spec.js';
import { samePadding } from '../../conv/tf.js';
import { type ErrorCode, TypeError_, UnimplementedError, ValueError } from '../../errors.js';
import { broadcastTo } from '../../ops/composite.js';
import { type Shape, show } from '../../shape/shape.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { tuple } from '../../text/python.js';
import { checkKinds, intsArgument, invalid, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';
import { convolved, groupedShape } from './convolution.js';
import { FLOATS, NUMBERS } from './operands.js';

/** Windows over all axes of a tensor, with how many cells are added before and after each. */
export interface Windows {
  readonly size: readonly number[];
  readonly stride: readonly number[];
  readonly lo: readonly number[];
  readonly hi: readonly number[];
}

/** One of the operations: its name and its number of spatial axes. */
export interface Kind {
  readonly operation: string;
  readonly rank: number;
  /** Whether padding may be a list of pairs. */
  readonly explicit: boolean;
}

/** The names of the layouts: channels last, or first. */
const FORMATS: readonly (readonly string[])[] = [
  [],
  ['NWC', 'NCW', 'NHWC', 'NCHW'],
  ['NHWC', 'NCHW'],
  ['NDHWC', 'NCDHW'],
];

export function isChannelsFirst({ operation, rank }: Kind, format: unknown): boolean {
  if (format === undefined || format === null) return false;
  const known = FORMATS[rank] as readonly string[];
  if (typeof format !== 'string') {
    throw new TypeError_('bad-argument', `Expected string for argument 'data_format' not ${show(format)}.`);
  }
  if (known.includes(format)) return format.startsWith('NC');
  if (rank === 1) {
    throw new ValueError('bad-argument', `\`data_format\` must be 'NWC' or 'NCW'. Received: data_format=${format}`);
  }
  const names = known.map((name) => `"${name}"`).join(', ');
  const message = `Value for attr 'data_format' of "${format}" is not in the list of allowed values: ${names}`;
  throw invalid(operation, 'bad-argument', message);
}

/** Sizes or strides of windows: one number, one a spatial axis, or one an axis. */
function perAxis(value: unknown, name: string, { operation, rank }: Kind, isFirst: boolean): number[] {
  const numbers = intsArgument(value, operation);
  if (numbers.length === rank + 2) return numbers;
  if (numbers.length !== 1 && numbers.length !== rank) {
    throw new ValueError(
      'rank-mismatch',
      `${name} should be of length 1, ${rank} or ${rank + 2}. Received: ${name}=${show(numbers)} of length ${numbers.length}`,
    );
  }
  const spatial = numbers.length === rank ? numbers : new Array<number>(rank).fill(numbers[0] as number);
  return isFirst ? [1, 1, ...spatial] : [1, ...spatial, 1];
}

function checkWindows({ operation, rank }: Kind, name: string, numbers: readonly number[], isFirst: boolean): void {
  const refuse = (code: ErrorCode, message: string): never => {
    throw invalid(operation, code, message);
  };
  const channels = isFirst ? 1 : rank + 1;
  const wrong = numbers.find((n) => n <= 0);
  if (wrong !== undefined && name === 'strides') refuse('stride-invalid', `Stride must be > 0, but got ${wrong}`);
  if (wrong !== undefined) {
    const message = 'Sliding window ksize must be positive. The specified or inferred ksize is:';
    refuse('size-invalid', `${message} ${numbers.join(',')}`);
  }
  if (numbers[0] !== 1) {
    throw new UnimplementedError('not-implemented', 'Pooling is not yet supported on the batch dimension.');
  }
  const others = numbers.some((n, axis) => axis !== channels && n !== 1);
  if (numbers[channels] === 1 || (name === 'strides' && !others)) return;
  if (operation !== 'MaxPool') {
    throw new UnimplementedError('not-implemented', 'Pooling is not yet supported on the depth dimension.');
  }
  if (others) {
    const message = 'MaxPooling supports exactly one of pooling across depth or pooling across width/height.';
    throw new UnimplementedError('not-implemented', message);
  }
}

/** Cells added before and after each axis. */
function paddingOf(
  kind: Kind,
  padding: unknown,
  x: Shape,
  { size, stride, isFirst }: Pick<Windows, 'size' | 'stride'> & { isFirst: boolean },
): (readonly [before: number, after: number])[] {
  const { operation, explicit } = kind;
  if (Array.isArray(padding)) return explicitPadding(kind, padding, x, isFirst);
  if (typeof padding !== 'string') {
    throw new TypeError_('bad-argument', `Expected string for argument 'padding' not ${show(padding)}.`);
  }
  if (padding === 'SAME') return x.map((n, axis) => samePadding(n, size[axis] as number, stride[axis] as number));
  if (padding === 'VALID') return x.map(() => [0, 0] as const);
  const names = `"SAME", "VALID"${explicit ? ', "EXPLICIT"' : ''}`;
  const message = `Value for attr 'padding' of "${padding}" is not in the list of allowed values: ${names}`;
  throw invalid(operation, 'padding-invalid', message);
}

function explicitPadding(kind: Kind, padding: readonly unknown[], x: Shape, isFirst: boolean) {
  const { operation, rank, explicit } = kind;
  if (!explicit) throw new TypeError_('bad-argument', `Expected string for argument 'padding' not ${show(padding)}.`);
  if (padding.length !== rank + 2) {
    const message = `When padding is a list, it must be of size ${rank + 2}.`;
    throw new ValueError('padding-invalid', `${message} Received: padding=${show(padding)} of size ${padding.length}`);
  }
  return x.map((_, axis) => {
    const pair = intsArgument(padding[axis], operation);
    const [before, after] = pair as [number, number];
    if (pair.length !== 2) {
      const message = 'When `padding` is a list, each element of `padding` must be a list/tuple of size 2.';
      throw new ValueError('padding-invalid', `${message} Received: padding=${show(padding)}`);
    }
    if (before < 0 || after < 0) {
      throw invalid(operation, 'padding-invalid', 'All elements of explicit_paddings must be nonnegative');
    }
    const isSpatial = axis !== 0 && axis !== (isFirst ? 1 : rank + 1);
    if (!isSpatial && before + after > 0) {
      const message = 'Nonzero explicit padding in the batch or depth dimensions is not supported';
      throw invalid(operation, 'padding-invalid', message);
    }
    return [before, after] as const;
  });
}

/** The windows that the arguments mean, checked against a shape. */
export function windowsOf(kind: Kind, shape: Shape, [ksize, strides, padding, format]: readonly unknown[]): Windows {
  const { operation, rank } = kind;
  if (shape.length !== rank + 2) {
    throw invalid(operation, 'rank-mismatch', `tensor_in must be ${rank + 2}-dimensional`);
  }
  const isFirst = isChannelsFirst(kind, format);
  const size = perAxis(ksize, 'ksize', kind, isFirst);
  const stride = perAxis(strides, 'strides', kind, isFirst);
  checkWindows(kind, 'ksize', size, isFirst);
  checkWindows(kind, 'strides', stride, isFirst);
  const pairs = paddingOf(kind, padding, shape, { size, stride, isFirst });
  shape.forEach((n, axis) => {
    const [before, after] = pairs[axis] as readonly [number, number];
    const [reach, step] = [size[axis] as number, stride[axis] as number];
    if (Array.isArray(padding) && (before >= reach || after >= reach) && reach > 1) {
      const message = `Padding (${before}, ${after}) needs to be smaller than the window ${reach}`;
      throw invalid(operation, 'padding-invalid', message);
    }
    const cells = Math.trunc((n + before + after - reach + step) / step);
    if (cells >= 0) return;
    throw invalid(
      operation,
      'size-invalid',
      `Computed output size would be negative: ${cells} [input_size: ${n}, effective_filter_size: ${reach}, stride: ${step}]`,
    );
  });
  return tightened(shape, { size, stride, lo: pairs.map(([before]) => before), hi: pairs.map(([, after]) => after) });
}

/** Where every window sees every cell of an axis, windows no larger than that takes: their size may be anything. */
function tightened(shape: Shape, windows: Windows): Windows {
  const last = outputShape(shape, windows).map((count, axis) => (count - 1) * (windows.stride[axis] as number));
  const isLarge = shape.map((n, axis) => {
    const [size, lo] = [windows.size[axis] as number, windows.lo[axis] as number];
    return (
      lo >= (last[axis] as number) && size - lo >= n && size > n + (last[axis] as number) && (last[axis] as number) >= 0
    );
  });
  const within = (given: readonly number[], tight: (axis: number) => number): number[] =>
    given.map((value, axis) => (isLarge[axis] ? tight(axis) : value));
  return {
    ...windows,
    size: within(windows.size, (axis) => (shape[axis] as number) + (last[axis] as number)),
    lo: within(windows.lo, (axis) => last[axis] as number),
    hi: within(windows.hi, (axis) => last[axis] as number),
  };
}

/** The greatest cell of each window. Its gradient goes to the first of equal ones. */
function maxPooled(x: Tensor, windows: Windows): Tensor {
  return op.gather(x, op.window_argmax(x.plain, { ...windows, dilation: windows.size.map(() => 1) }));
}

/** How many cells of the tensor each window has, in the shape of the means. */
function countsOf(x: Pick<Tensor, 'shape' | 'dtype'>, windows: Windows, isFirst: boolean): Tensor {
  const channels = isFirst ? 1 : x.shape.length - 1;
  const shape = x.shape.map((n, axis) => (axis === 0 || axis === channels ? 1 : n));
  return windowSums(op.full({ shape, dtype: x.dtype }, 1), windows, isFirst);
}

/** Divided by one number a window. */
const shared = (sums: Tensor, counts: Tensor): Tensor => op.divide(sums, broadcastTo(op, counts, sums.shape));

/** The mean of each window, over the cells that it has of the tensor: a depthwise convolution with ones. */
const avgPooled = (x: Tensor, windows: Windows, isFirst: boolean): Tensor =>
  shared(windowSums(x, windows, isFirst), countsOf(x, windows, isFirst));

/** The shape of the means. */
export const outputShape = (shape: Shape, { size, stride, lo, hi }: Windows): number[] =>
  shape.map((n, axis) => {
    const [before, after] = [lo[axis] as number, hi[axis] as number];
    const cells = Math.floor((n + before + after - (size[axis] as number)) / (stride[axis] as number)) + 1;
    return Math.max(0, cells);
  });

/** The gradient of means by the tensor of a shape that they were taken of. */
export function avgPoolAdjoint(gradient: Tensor, shape: Shape, windows: Windows, isFirst: boolean): Tensor {
  const { dtype } = gradient;
  if (gradient.size === 0) return op.full({ shape, dtype }, 0);
  const each = shared(gradient, countsOf({ shape, dtype }, windows, isFirst));
  const { spec, kernel } = sumsOf({ shape, dtype }, windows, isFirst);
  const lowered = lower(spec, shape, kernel.shape);
  return convolved(each, kernel, {
    convolution: adjointOfInput(lowered.convolution, lowered.inputShape, lowered.kernelShape),
    inputShape: groupedShape(lowered.outputShape, spec),
    kernelShape: lowered.kernelShape,
    outputShape: shape,
  });
}

/** The sums over windows as a convolution of each channel with ones. */
function sumsOf(x: Pick<Tensor, 'shape' | 'dtype'>, { size, stride, lo, hi }: Windows, isFirst: boolean) {
  const rank = x.shape.length - 2;
  const letters = spatialLetters(rank);
  const layout = isFirst ? `NC${letters}` : `N${letters}C`;
  const from = isFirst ? 2 : 1;
  const spatial = <T>(all: readonly T[]): T[] => all.slice(from, from + rank);
  const channels = x.shape[isFirst ? 1 : rank + 1] as number;
  const ends = spatial(hi);
  const spec: ConvSpec = {
    stride: spatial(stride),
    padding: spatial(lo).map((before, i) => [before, ends[i] as number]),
    inputDilation: ends.map(() => 1),
    kernelDilation: ends.map(() => 1),
    featureGroups: channels,
    batchGroups: 1,
    flip: false,
    layout: { input: layout, kernel: `${letters}IO`, output: layout },
  };
  return { spec, kernel: op.full({ shape: [...spatial(size), 1, channels], dtype: x.dtype }, 1) };
}

function windowSums(x: Tensor, windows: Windows, isFirst: boolean): Tensor {
  if (x.size === 0) return op.full({ shape: outputShape(x.shape, windows), dtype: x.dtype }, 0);
  const { spec, kernel } = sumsOf(x, windows, isFirst);
  return convolved(x, kernel, lower(spec, x.shape, kernel.shape));
}

export type Pooling = 'max' | 'avg';

export function pooled(how: Pooling, kind: Kind, input: unknown, options: readonly unknown[]): Tensor {
  const x = tensorArgument(input);
  checkKinds(kind.operation, x.dtype, how === 'max' && kind.rank < 3 ? NUMBERS : FLOATS);
  const windows = windowsOf(kind, x.shape, options);
  return how === 'max' ? maxPooled(x, windows) : avgPooled(x, windows, isChannelsFirst(kind, options[3]));
}

export const kindOf = (how: Pooling, rank: number): Kind => ({
  operation: `${how === 'max' ? 'MaxPool' : 'AvgPool'}${rank === 3 ? '3D' : ''}`,
  rank,
  explicit: how === 'max' && rank < 3,
});

const fixed = (name: string, how: Pooling, rank: number): Row =>
  row(name, 'input ksize strides padding data_format?~', ([input, ...options]) =>
    pooled(how, kindOf(how, rank), input, options),
  );

/** Of as many spatial axes as the input has. */
const byRank = (name: string, how: Pooling): Row =>
  row(name, 'input ksize strides padding data_format?~', ([input, ...options]) => {
    const { shape } = tensorArgument(input);
    const rank = shape.length - 2;
    if (rank >= 1 && rank <= 3) return pooled(how, kindOf(how, rank), input, options);
    const message = '`input.shape.rank` must be 3, 4 or 5.';
    throw new ValueError('rank-mismatch', `${message} Received: input.shape=${tuple(shape)} of rank ${shape.length}.`);
  });

type PoolName =
  | 'max_pool'
  | 'max_pool1d'
  | 'max_pool2d'
  | 'max_pool3d'
  | 'avg_pool'
  | 'avg_pool1d'
  | 'avg_pool2d'
  | 'avg_pool3d';

export const pools: { readonly [N in PoolName]: Row } = {
  max_pool: byRank('max_pool', 'max'),
  max_pool1d: fixed('max_pool1d', 'max', 1),
  max_pool2d: fixed('max_pool2d', 'max', 2),
  max_pool3d: fixed('max_pool3d', 'max', 3),
  avg_pool: byRank('avg_pool', 'avg'),
  avg_pool1d: fixed('avg_pool1d', 'avg', 1),
  avg_pool2d: fixed('avg_pool2d', 'avg', 2),
  avg_pool3d: fixed('avg_pool3d', 'avg', 3),
};
