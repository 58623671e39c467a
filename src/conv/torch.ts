/** PyTorch's convolution arguments, checked as ATen checks them, and what they mean as a Convolution or a ConvSpec. */

import { RuntimeError, TypeError_, ValueError } from '../errors.js';
import { checkShape, type Shape, show, showShape } from '../shape/shape.js';
import { type Convolution, extent, type Window } from './convolution.js';
import { type ConvSpec, spatialLetters, splitAxis } from './spec.js';

/** The arguments as a caller gives them; left out, they have PyTorch's defaults. */
export interface TorchConvOptions {
  readonly stride?: number | readonly number[];
  readonly padding?: number | readonly number[] | 'same' | 'valid';
  readonly dilation?: number | readonly number[];
  readonly groups?: number;
  readonly output_padding?: number | readonly number[];
  /** conv_transposeNd: the kernel is (C_in, C_out / groups, ...). */
  readonly transposed?: boolean;
  readonly padding_mode?: 'zeros' | 'circular' | 'reflect' | 'replicate';
}

/** The arguments with one number a spatial axis. */
interface Normal {
  readonly stride: readonly number[];
  readonly lo: readonly number[];
  readonly hi: readonly number[];
  readonly dilation: readonly number[];
  readonly outputPadding: readonly number[];
  readonly groups: number;
  readonly transposed: boolean;
}

const isWhole = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value);

const ZEROS: readonly (readonly number[])[] = [[], [0], [0, 0], [0, 0, 0]];
const ONES: readonly (readonly number[])[] = [[], [1], [1, 1], [1, 1, 1]];

/** One number, or a list of one, for all axes; or one an axis. */
function perAxis(
  value: unknown,
  call: string,
  name: string,
  rank: number,
  fallback: readonly (readonly number[])[],
): readonly number[] {
  if (value === undefined) return fallback[rank] as readonly number[];
  const list = Array.isArray(value) ? value : [value];
  if (!list.every(isWhole)) {
    const message = `${call}(): argument '${name}' must be tuple of ints or one for all dimensions, not ${show(value)}`;
    throw new TypeError_('bad-argument', message);
  }
  if (list.length === rank) return list;
  if (list.length === 1) return list.concat(new Array(rank - 1).fill(list[0]));
  throw new RuntimeError(
    'rank-mismatch',
    `expected ${name} to be a single integer value or a list of ${rank} values to match the convolution dimensions, ` +
      `but got ${name}=${showShape(list)}`,
  );
}

interface Sides {
  readonly lo: readonly number[];
  readonly hi: readonly number[];
}

/** 'same': d(k-1) zeros in all, the odd one at the end, as there are no strides. */
function samePadding(kernel: Shape, stride: readonly number[], dilation: readonly number[]): Sides {
  if (stride.some((step) => step !== 1)) {
    const message = `padding='same' is not supported for strided convolutions: stride is ${showShape(stride)}; give numbers`;
    refuse('padding-invalid', message);
  }
  checkDilation(dilation);
  const total = dilation.map((step, axis) => step * ((kernel[axis + 2] as number) - 1));
  const lo = total.map((zeros) => Math.floor(zeros / 2));
  return { lo, hi: total.map((zeros, axis) => zeros - (lo[axis] as number)) };
}

function paddingOf(
  { padding, transposed = false }: TorchConvOptions,
  call: string,
  kernel: Shape,
  stride: readonly number[],
  dilation: readonly number[],
): Sides {
  if (typeof padding !== 'string') {
    const both = perAxis(padding, call, 'padding', stride.length, ZEROS);
    return { lo: both, hi: both };
  }
  if (transposed) {
    throw new TypeError_('bad-argument', `${call}(): argument 'padding' must be tuple of ints, not str`);
  }
  if (padding === 'same') return samePadding(kernel, stride, dilation);
  if (padding !== 'valid') {
    refuse('padding-invalid', `Invalid padding string: '${padding}'; it may be 'same', 'valid', or numbers`);
  }
  const none = ZEROS[stride.length] as readonly number[];
  return { lo: none, hi: none };
}

function refuse(
  code: 'stride-invalid' | 'padding-invalid' | 'groups-invalid' | 'size-invalid',
  message: string,
): never {
  throw new RuntimeError(code, message);
}

function checkDilation(dilation: readonly number[]): void {
  if (dilation.some((step) => step < 1)) {
    refuse('stride-invalid', `dilation should be greater than zero, but got ${showShape(dilation)}`);
  }
}

function groupCount(groups: unknown, call: string): number {
  if (groups === undefined) return 1;
  if (!isWhole(groups)) {
    throw new TypeError_('bad-argument', `${call}(): argument 'groups' must be int, not ${show(groups)}`);
  }
  if (groups < 1) refuse('groups-invalid', `non-positive groups is not supported: groups is ${groups}`);
  return groups;
}

/** The arguments in full, checked one by one and against the shapes; batched shapes are expected here. */
function normalizeTorch(input: Shape, kernel: Shape, options: TorchConvOptions, call: string): Normal {
  const rank = input.length - 2;
  const transposed = options.transposed ?? false;
  if (kernel.length < 3) throw new RuntimeError('rank-mismatch', 'weight should have at least three dimensions');
  const stride = perAxis(options.stride, call, 'stride', rank, ONES);
  const dilation = perAxis(options.dilation, call, 'dilation', rank, ONES);
  const outputPadding = perAxis(options.output_padding, call, 'output_padding', rank, ZEROS);
  const groups = groupCount(options.groups, call);
  if (kernel.length !== input.length) {
    throw new RuntimeError(
      'rank-mismatch',
      `Expected ${kernel.length}-dimensional input for ${kernel.length}-dimensional weight ${showShape(kernel)}, ` +
        `but got ${input.length}-dimensional input of size ${showShape(input)} instead`,
    );
  }
  const { lo, hi } = paddingOf(options, call, kernel, stride, dilation);
  if (lo.some((zeros) => zeros < 0)) {
    refuse('padding-invalid', `negative padding is not supported: padding is ${showShape(lo)}; cut the input instead`);
  }
  if (outputPadding.some((zeros) => zeros < 0)) {
    refuse('padding-invalid', `negative output_padding is not supported: it is ${showShape(outputPadding)}`);
  }
  if (stride.some((step) => step < 1)) {
    refuse('stride-invalid', `non-positive stride is not supported: stride is ${showShape(stride)}`);
  }
  const normal = { stride, lo, hi, dilation, outputPadding, groups, transposed };
  checkChannels(input, kernel, normal);
  checkSizes(input, kernel, normal);
  return normal;
}

function checkChannels(input: Shape, kernel: Shape, { groups, transposed }: Normal): void {
  const [channels, first, second] = [input[1] as number, kernel[0] as number, kernel[1] as number];
  const expected = transposed ? first : second * groups;
  if (first >= groups && first % groups === 0 && channels === expected) return;
  const weight = `weight of size ${showShape(kernel)}`;
  if (first < groups) {
    const message = `Given groups=${groups}, expected weight to be at least ${groups} at dimension 0, but got ${weight} instead`;
    throw new RuntimeError('groups-invalid', message);
  }
  if (first % groups !== 0) {
    const message = `Given groups=${groups}, expected weight to be divisible by ${groups} at dimension 0, but got ${weight} instead`;
    throw new RuntimeError('groups-invalid', message);
  }
  throw new RuntimeError(
    'channels-mismatch',
    `Given ${transposed ? 'transposed=1' : `groups=${groups}`}, ${weight}, expected input${showShape(input)} to have ` +
      `${expected} channels, but got ${channels} channels instead`,
  );
}

const times = (sizes: readonly number[]): string => `(${sizes.join(' x ')})`;

/** Sizes with the names of their dimensions: "kernel_height: 2 kernel_width: 3". */
const named = (name: string, sizes: readonly number[]): string =>
  sizes.map((size, axis) => `${name}_${['depth', 'height', 'width'].at(axis - sizes.length)}: ${size}`).join(' ');

function checkSizes(input: Shape, kernel: Shape, normal: Normal): void {
  const taps = kernel.slice(2);
  if (taps.includes(0))
    refuse('size-invalid', `kernel size should be greater than zero, but got ${named('kernel', taps)}`);
  if (!normal.transposed) checkReach(input, kernel, normal);
  checkDilation(normal.dilation);
  if (input.indexOf(0, 2) >= 0 && input[0] !== 0 && input[1] !== 0) {
    const message = `Only zero batch or zero channel inputs are supported, but got input shape: ${showShape(input)}`;
    refuse('size-invalid', message);
  }
  if (normal.transposed) checkTransposedSizes(input.slice(2), taps, normal);
}

function checkReach(input: Shape, kernel: Shape, { lo, hi, dilation }: Normal): void {
  const padded = (axis: number): number => (input[axis + 2] as number) + (lo[axis] as number) + (hi[axis] as number);
  const reach = (axis: number): number => extent(kernel[axis + 2] as number, dilation[axis] as number);
  for (let axis = 0; axis < dilation.length; axis++) {
    if (reach(axis) <= padded(axis)) continue;
    const sizes = (f: (axis: number) => number): string => times(dilation.map((_, i) => f(i)));
    throw new RuntimeError(
      'size-invalid',
      `Calculated padded input size per channel: ${sizes(padded)}. Kernel size: ${sizes(reach)}. ` +
        "Kernel size can't be greater than actual input size",
    );
  }
}

function checkTransposedSizes(space: Shape, taps: Shape, { stride, dilation, lo, outputPadding }: Normal): void {
  outputPadding.forEach((extra, axis) => {
    if (extra >= (stride[axis] as number) && extra >= (dilation[axis] as number)) {
      throw new RuntimeError(
        'padding-invalid',
        'output padding must be smaller than either stride or dilation, but got ' +
          `${named('output_padding', outputPadding)} ${named('stride', stride)} ${named('dilation', dilation)}`,
      );
    }
  });
  const sizes = space.map((size, axis) => {
    const reach = extent(taps[axis] as number, dilation[axis] as number);
    return (size - 1) * (stride[axis] as number) - 2 * (lo[axis] as number) + reach + (outputPadding[axis] as number);
  });
  if (sizes.some((size) => size < 1)) {
    throw new RuntimeError(
      'size-invalid',
      `Given input size per channel: ${times(space)}. Calculated output size per channel: ${times(sizes)}. ` +
        'Output size is too small',
    );
  }
}

/**
 * Along one axis. A transposed convolution is the adjoint of a strided one by its input, and so, as derived in
 * convolution.ts, one with the input dilated, the taps reversed, and lo = d(k-1) - p; output_padding adds cells behind.
 */
function windowOf(normal: Normal, axis: number, taps: number): Window {
  const [stride, dilation] = [normal.stride[axis] as number, normal.dilation[axis] as number];
  const [lo, hi] = [normal.lo[axis] as number, normal.hi[axis] as number];
  if (!normal.transposed) return { stride, lo, hi, inputDilation: 1, kernelDilation: dilation };
  const reach = dilation * (taps - 1);
  return {
    stride: 1,
    lo: reach - lo,
    hi: reach - hi + (normal.outputPadding[axis] as number),
    inputDilation: stride,
    kernelDilation: dilation,
  };
}

const SPACE = ['', '0', '01', '012'];

/** A convolution with operands of the shapes given below: an axis of groups beside the channels where there are any. */
export interface TorchLowered {
  readonly convolution: Convolution;
  readonly inputShape: Shape;
  readonly kernelShape: Shape;
}

/** F.convNd and F.conv_transposeNd on batched operands, as the one convolution; `call` is named in errors. */
export function lowerTorch(input: Shape, kernel: Shape, options: TorchConvOptions, call: string): TorchLowered {
  const normal = normalizeTorch(input, kernel, options, call);
  const { groups, transposed, stride } = normal;
  const space = SPACE[stride.length] as string;
  const g = groups > 1 ? 'g' : '';
  const convolution: Convolution = {
    windows: stride.map((_, axis) => windowOf(normal, axis, kernel[axis + 2] as number)),
    flip: transposed,
    input: `n${g}c${space}`,
    kernel: transposed ? `${g}co${space}` : `${g}oc${space}`,
    output: `n${g}o${space}`,
  };
  if (groups === 1) return { convolution, inputShape: input, kernelShape: kernel };
  return { convolution, inputShape: splitAxis(input, 1, groups), kernelShape: splitAxis(kernel, 0, groups) };
}

const OPTIONS: { readonly [K in keyof Required<TorchConvOptions>]: true } = {
  stride: true,
  padding: true,
  dilation: true,
  groups: true,
  output_padding: true,
  transposed: true,
  padding_mode: true,
};

function checkOptions(options: TorchConvOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError_('bad-argument', `convSpec.torch(): options must be an object, not ${show(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(OPTIONS, name)) continue;
    const known = Object.keys(OPTIONS).join(', ');
    throw new TypeError_('unexpected-argument', `convSpec.torch() has no option '${name}'; it has ${known}`);
  }
  const { transposed = false } = options;
  if (typeof transposed !== 'boolean') {
    throw new TypeError_('bad-argument', `convSpec.torch(): transposed must be true or false, not ${show(transposed)}`);
  }
}

/**
 * The ConvSpec of PyTorch's arguments, for shapes (N, C, ...) and (O, I, ...), or (I, O, ...) where `transposed`.
 *
 * @throws as F.convNd would, and ValueError where no ConvSpec says the same (reflect and replicate padding; a grouped
 * transposed kernel, whose axes would have to be regrouped first)
 */
export function torchSpec(inputShape: Shape, kernelShape: Shape, options: TorchConvOptions = {}): ConvSpec {
  checkShape(inputShape, 'inputShape');
  checkShape(kernelShape, 'kernelShape');
  checkOptions(options);
  const spatial = spatialLetters(inputShape.length - 2);
  const { padding_mode: mode = 'zeros' } = options;
  if (mode !== 'zeros' && mode !== 'circular') {
    throw new ValueError(
      'padding-invalid',
      `padding_mode ${show(mode)} is not a ConvSpec's: it has 'zeros' and 'circular'; pad first`,
    );
  }
  const normal = normalizeTorch(inputShape, kernelShape, options, 'convSpec.torch');
  if (normal.transposed && normal.groups > 1) {
    throw new ValueError(
      'groups-invalid',
      'the kernel (C_in, C_out / groups, ...) of a grouped transposed convolution has no layout letters in a ConvSpec; ' +
        'regroup it to (C_in / groups, C_out, ...) first, and give layout.kernel as I, O',
    );
  }
  const windows = normal.stride.map((_, axis) => windowOf(normal, axis, kernelShape[axis + 2] as number));
  return {
    stride: windows.map((window) => window.stride),
    padding: windows.map((window) => [window.lo, window.hi]),
    inputDilation: windows.map((window) => window.inputDilation),
    kernelDilation: windows.map((window) => window.kernelDilation),
    featureGroups: normal.groups,
    batchGroups: 1,
    flip: normal.transposed,
    layout: { input: `NC${spatial}`, kernel: `${normal.transposed ? 'IO' : 'OI'}${spatial}`, output: `NC${spatial}` },
    ...(mode === 'circular' ? { paddingMode: mode } : {}),
  };
}
