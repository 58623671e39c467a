/** TensorFlow's convolution arguments, checked as its kernels check them, and what they mean as a ConvSpec. */

import { type ErrorCode, InvalidArgumentError, TypeError_, UnimplementedError, ValueError } from '../errors.js';
import { checkShape, type Shape, show, showShape } from '../shape/shape.js';
import { extent } from './convolution.js';
import { type ConvSpec, spatialLetters } from './spec.js';

/** The arguments as a caller gives them; left out or null, they have TensorFlow's defaults. */
export interface TfConvOptions {
  /** One number, one a spatial axis, or one an axis of the input, batch and channels included. */
  readonly strides?: number | readonly number[] | null;
  /** 'SAME': ceil(size / stride) outputs; 'VALID': no padding; or a pair [before, after] for each axis of the input. */
  readonly padding: 'SAME' | 'VALID' | readonly (readonly number[])[];
  /** Channels last (NWC, NHWC, NDHWC: the default) or first (NCW, NCHW, NCDHW). */
  readonly data_format?: string | null;
  /** As strides. */
  readonly dilations?: number | readonly number[] | null;
}

const OPTION_NAMES: { readonly [K in keyof Required<TfConvOptions>]: true } = {
  strides: true,
  padding: true,
  data_format: true,
  dilations: true,
};

/** Names of the layouts by rank, channels last first; conv1d knows the 2-D names too. */
const FORMATS: readonly { readonly [name: string]: string }[] = [
  {},
  { NWC: 'NWC', NCW: 'NCW', NHWC: 'NWC', NCHW: 'NCW' },
  { NHWC: 'NHWC', NCHW: 'NCHW' },
  { NDHWC: 'NDHWC', NCDHW: 'NCDHW' },
];

const refuse = (code: ErrorCode, message: string): never => {
  throw new InvalidArgumentError(code, message);
};

/** The input's layout in letters, for a data_format. */
export function tfLayout(format: unknown, rank: number): string {
  const known = FORMATS[rank] ?? {};
  if (format === undefined || format === null) return Object.keys(known)[0] as string;
  if (typeof format !== 'string') {
    throw new TypeError_('bad-argument', `Expected string for argument 'data_format' not ${show(format)}.`);
  }
  const layout = Object.hasOwn(known, format) ? known[format] : undefined;
  if (layout !== undefined) return layout;
  if (rank === 1) {
    throw new ValueError('bad-argument', `\`data_format\` must be 'NWC' or 'NCW'. Received: data_format=${format}`);
  }
  const names = Object.keys(known).map((name) => `"${name}"`);
  return refuse(
    'bad-argument',
    `Value for attr 'data_format' of "${format}" is not in the list of allowed values: ${names.join(', ')}`,
  );
}

/** Strides or dilations, of the axes of the input in its order: one alone stands for all spatial axes. */
function perAxis(value: unknown, name: string, rank: number, layout: string): number[] {
  if (value === undefined || value === null) return new Array<number>(rank + 2).fill(1);
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const numbers = list.map((item) => {
    if (typeof item === 'number' && Number.isSafeInteger(item)) return item;
    throw new TypeError_('bad-argument', `Expected int for argument '${name}' not ${show(item)}.`);
  });
  if (numbers.length === rank + 2) return numbers;
  if (numbers.length !== 1 && numbers.length !== rank) {
    throw new ValueError(
      'rank-mismatch',
      `${name} should be of length 1, ${rank} or ${rank + 2}. ` +
        `Received: ${name}=${showShape(numbers)} of length ${numbers.length}`,
    );
  }
  const spatial = numbers.length === rank ? numbers : new Array<number>(rank).fill(numbers[0] as number);
  return layout[1] === 'C' ? [1, 1, ...spatial] : [1, ...spatial, 1];
}

/** The spatial ones of numbers that stand in the order of the input's axes, and those of batch and channels. */
function parted<T>(perAxis: readonly T[], layout: string): { readonly spatial: T[]; readonly others: T[] } {
  const isSpatial = (axis: number): boolean => layout[axis] !== 'N' && layout[axis] !== 'C';
  return {
    spatial: perAxis.filter((_, axis) => isSpatial(axis)),
    others: perAxis.filter((_, axis) => !isSpatial(axis)),
  };
}

function checkedStrides(value: unknown, name: string, rank: number, layout: string, transposed: boolean): number[] {
  const { spatial, others } = parted(perAxis(value, name, rank, layout), layout);
  if (others.some((stride) => stride !== 1)) {
    const message = 'Current implementation does not yet support strides in the batch and depth dimensions.';
    if (transposed) refuse('stride-invalid', message);
    throw new UnimplementedError('stride-invalid', message);
  }
  const wrong = spatial.find((stride) => stride < 1);
  if (wrong !== undefined) refuse('stride-invalid', `Stride must be > 0, but got ${wrong}`);
  return spatial;
}

function checkedDilations(value: unknown, rank: number, layout: string): number[] {
  const { spatial, others } = parted(perAxis(value, 'dilations', rank, layout), layout);
  if (others.some((rate) => rate !== 1)) {
    refuse(
      'stride-invalid',
      'Current implementation does not yet support dilations in the batch and depth dimensions.',
    );
  }
  const wrong = spatial.find((rate) => rate < 1);
  if (wrong !== undefined) refuse('stride-invalid', `Dilated rates should be larger than 0. Received: ${wrong}`);
  return spatial;
}

type Pair = readonly [before: number, after: number];

/** An explicit padding: a pair an axis, none but zeros for batch and channels. */
function explicitPadding(padding: readonly unknown[], rank: number, layout: string): Pair[] {
  const pairs = padding.map((pair, index): Pair => {
    if (!Array.isArray(pair) || pair.length !== 2) {
      const what = Array.isArray(pair) ? `size ${pair.length}` : `type ${typeof pair}`;
      throw new ValueError(
        'padding-invalid',
        'When `padding` is a list, each element of `padding` must be a list/tuple of size 2. ' +
          `Received: padding=${show(padding)} with element at index ${index} of ${what}`,
      );
    }
    const [before, after]: unknown[] = pair;
    if (!Number.isSafeInteger(before) || !Number.isSafeInteger(after)) {
      throw new TypeError_('bad-argument', `Expected int for argument 'padding' not ${show(pair)}.`);
    }
    return [Number(before), Number(after)];
  });
  if (pairs.length !== rank + 2) {
    throw new ValueError(
      'padding-invalid',
      `When padding is a list, it must be of size ${rank + 2}. ` +
        `Received: padding=${show(padding)} of size ${pairs.length}`,
    );
  }
  const { spatial, others } = parted(pairs, layout);
  if (others.some(([before, after]) => before !== 0 || after !== 0)) {
    refuse('padding-invalid', 'Nonzero explicit padding in the batch or depth dimensions is not supported');
  }
  if (spatial.some(([before, after]) => before < 0 || after < 0)) {
    refuse('padding-invalid', `All elements of explicit_paddings must be nonnegative. Received: ${show(padding)}`);
  }
  return spatial;
}

/**
 * 'SAME' along one axis: as many zeros as ceil(n / stride) outputs need, none where the kernel leaves cells over, the
 * odd one at the end.
 */
export function samePadding(n: number, reach: number, stride: number): Pair {
  const zeros = Math.max((Math.ceil(n / stride) - 1) * stride + reach - n, 0);
  const before = Math.floor(zeros / 2);
  return [before, zeros - before];
}

function paddingOf(
  padding: unknown,
  layout: string,
  space: readonly number[],
  reach: readonly number[],
  stride: readonly number[],
): Pair[] {
  if (Array.isArray(padding)) return explicitPadding(padding, space.length, layout);
  if (padding === 'EXPLICIT') {
    throw new ValueError(
      'padding-invalid',
      "'EXPLICIT' is not a valid value for `padding`. To use explicit padding, `padding` must be a list.",
    );
  }
  if (typeof padding !== 'string') {
    throw new TypeError_('bad-argument', `Expected string for argument 'padding' not ${show(padding)}.`);
  }
  if (padding === 'VALID') return space.map(() => [0, 0]);
  if (padding === 'SAME') return space.map((n, i) => samePadding(n, reach[i] as number, stride[i] as number));
  return refuse(
    'padding-invalid',
    `Value for attr 'padding' of "${padding}" is not in the list of allowed values: "SAME", "VALID", "EXPLICIT" ` +
      '(write a list of pairs for the last)',
  );
}

/** TensorFlow's size, (n - reach + stride) / stride in C's arithmetic, must not be negative; no cell, no output. */
function checkSize(n: number, reach: number, stride: number): void {
  const size = Math.trunc((n - reach + stride) / stride);
  if (n >= reach || (n === 0 && size >= 0)) return;
  refuse(
    'size-invalid',
    `Computed output size would be negative: ${Math.min(size, -1)} ` +
      `[input_size: ${n}, effective_filter_size: ${reach}, stride: ${stride}]`,
  );
}

/** A list of sizes as TensorFlow's messages show it. */
export const showTf = (shape: Shape): string => `[${shape.join(',')}]`;

function checkRanks(rank: number, inputShape: Shape, kernelShape: Shape): void {
  if (inputShape.length !== rank + 2) {
    refuse('rank-mismatch', `convolution input must be ${rank + 2}-dimensional: ${showTf(inputShape)}`);
  }
  if (kernelShape.length !== rank + 2) {
    refuse('rank-mismatch', `filter must be ${rank + 2}-dimensional: ${showTf(kernelShape)}`);
  }
}

/** The groups that the sizes of input and kernel imply. */
function groupsOf(channels: number, kernelShape: Shape, mayGroup: boolean): number {
  const [depth, outputs] = kernelShape.slice(-2) as [number, number];
  if (kernelShape.includes(0)) {
    const message = 'filter must not have zero elements (i.e. all dimensions must be non-zero)';
    refuse('size-invalid', `${message}: ${showTf(kernelShape)}`);
  }
  if (!mayGroup && channels !== depth) {
    refuse('channels-mismatch', `input and filter must have the same depth: ${channels} vs ${depth}`);
  }
  if (channels % depth !== 0) {
    refuse(
      'channels-mismatch',
      `input depth must be evenly divisible by filter depth: ${channels} vs ${depth} ` +
        `(the filter ${showTf(kernelShape)} is [...space, input channels / groups, output channels])`,
    );
  }
  const groups = Math.max(channels / depth, 1);
  if (outputs % groups !== 0) {
    refuse(
      'groups-invalid',
      `output depth must be evenly divisible by number of groups: ${outputs} vs ${groups} ` +
        `(${channels} channels of the input, ${depth} of the filter)`,
    );
  }
  return groups;
}

/** What differs between the functions that share these arguments. */
export interface TfConvKind {
  /** Number of spatial axes. */
  readonly rank: number;
  /** What the function calls its strides. */
  readonly stridesName?: string;
  /** The shapes are those of the convolution whose adjoint is taken. */
  readonly transposed?: boolean;
  /** Whether the input may have more channels than the kernel; true by default. */
  readonly grouped?: boolean;
}

/** As tfSpec, for the arguments of one function of TensorFlow's. */
export function tfConvSpec(kind: TfConvKind, inputShape: Shape, kernelShape: Shape, options: TfConvOptions): ConvSpec {
  const { rank, stridesName = 'strides', transposed = false, grouped = true } = kind;
  const layout = tfLayout(options.data_format, rank);
  const spatial = spatialLetters(rank);
  checkRanks(rank, inputShape, kernelShape);
  const stride = checkedStrides(options.strides, stridesName, rank, layout, transposed);
  const dilation = checkedDilations(options.dilations, rank, layout);
  const space = parted(inputShape, layout).spatial;
  const reach = dilation.map((rate, axis) => extent(kernelShape[axis] as number, rate));
  const padding = paddingOf(options.padding, layout, space, reach, stride);
  const featureGroups = groupsOf(inputShape[layout.indexOf('C')] as number, kernelShape, grouped);
  padding.forEach(([before, after], axis) => {
    checkSize((space[axis] as number) + before + after, reach[axis] as number, stride[axis] as number);
  });
  return {
    stride,
    padding,
    inputDilation: stride.map(() => 1),
    kernelDilation: dilation,
    featureGroups,
    batchGroups: 1,
    flip: false,
    layout: { input: layout, kernel: `${spatial}IO`, output: layout },
  };
}

/**
 * The ConvSpec of TensorFlow's arguments: input in NHWC or NCHW (NWC, NDHWC and so on for 1 and 3 dimensions), kernel in
 * HWIO, as many groups as the input has times the kernel's input channels.
 *
 * @param inputShape all of the input's sizes
 * @param kernelShape all of the kernel's; their number decides the rank, 1 to 3 spatial dimensions
 * @throws ValueError, InvalidArgumentError, UnimplementedError or TypeError_ where TensorFlow does
 * @example convSpec.tf([1, 5, 5, 1], [2, 2, 1, 1], { strides: 2, padding: 'SAME' }).padding // [[0, 1], [0, 1]]
 */
export function tfSpec(inputShape: Shape, kernelShape: Shape, options: TfConvOptions): ConvSpec {
  const given: unknown = options;
  if (typeof given !== 'object' || given === null) {
    throw new TypeError_('missing-argument', `TensorFlow's convolutions need a padding: { padding: 'SAME' }`);
  }
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(OPTION_NAMES, name)) {
      const known = Object.keys(OPTION_NAMES).join(', ');
      throw new TypeError_('unexpected-argument', `unknown option '${name}'; TensorFlow's are ${known}`);
    }
  }
  if (options.padding === undefined) {
    throw new TypeError_('missing-argument', "missing required option: 'padding' ('SAME', 'VALID' or a list of pairs)");
  }
  checkShape(inputShape, 'inputShape');
  const rank = checkShape(kernelShape, 'kernelShape').length - 2;
  spatialLetters(rank);
  return tfConvSpec({ rank }, inputShape, kernelShape, options);
}
