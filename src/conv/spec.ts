/** ConvSpec, the public description of a convolution, named as XLA names it, and what it means for the operands. */

import { RuntimeError, TypeError_, ValueError } from '../errors.js';
import { checkFields, type Shape, show, showShape, wholeNumber } from '../shape/shape.js';
import { type Convolution, outputSize, type Precision, type Window } from './convolution.js';

export interface ConvLayout {
  /** Letters N, C and one a spatial axis (W; H, W; D, H, W), in the order in which the axes lie. */
  readonly input: string;
  /** Letters O, I and one a spatial axis. */
  readonly kernel: string;
  /** As the input's. */
  readonly output: string;
}

export interface ConvSpec {
  /** Window strides, one a spatial dimension. */
  readonly stride: readonly number[];
  /** Zeros added (or, negative, cells cut) at each side of the input, after inputDilation. */
  readonly padding: readonly (readonly [lo: number, hi: number])[];
  /** Distance of neighbouring input cells: more than 1 for a transposed convolution. */
  readonly inputDilation: readonly number[];
  /** Distance of neighbouring taps. */
  readonly kernelDilation: readonly number[];
  /** The input's channels in this many groups; the kernel's I is C / featureGroups. */
  readonly featureGroups: number;
  /** The input's batch in this many groups, each with output channels of its own; the output's N is N / batchGroups. */
  readonly batchGroups: number;
  /** true: convolution; false: the cross-correlation of the frameworks. */
  readonly flip: boolean;
  readonly layout: ConvLayout;
  /** What stands outside the input, where a spec describes a whole padded convolution. */
  readonly paddingMode?: 'zeros' | 'circular';
  /** 'exact' keeps whole numbers whole, in every algorithm; by default the device's setting, which is 'fast'. */
  readonly precision?: Precision;
}

/** What may be given for a ConvSpec: any part of it, with one number for all spatial axes where they agree. */
export interface ConvSpecOptions {
  readonly stride?: number | readonly number[];
  readonly padding?: number | readonly (number | readonly [lo: number, hi: number])[];
  readonly inputDilation?: number | readonly number[];
  readonly kernelDilation?: number | readonly number[];
  readonly featureGroups?: number;
  readonly batchGroups?: number;
  readonly flip?: boolean;
  readonly layout?: Partial<ConvLayout>;
  readonly paddingMode?: 'zeros' | 'circular';
  readonly precision?: Precision;
}

const OPTION_NAMES: { readonly [K in keyof Required<ConvSpecOptions>]: true } = {
  stride: true,
  padding: true,
  inputDilation: true,
  kernelDilation: true,
  featureGroups: true,
  batchGroups: true,
  flip: true,
  layout: true,
  paddingMode: true,
  precision: true,
};

/** Letters of the spatial axes by rank. */
export const SPATIAL: readonly string[] = ['', 'W', 'HW', 'DHW'];

/** The spatial letters for a rank of 1 to 3. */
export function spatialLetters(rank: number): string {
  const letters = SPATIAL[rank];
  if (!letters) throw new ValueError('rank-mismatch', `a convolution has 1, 2 or 3 spatial dimensions, not ${rank}`);
  return letters;
}

/**
 * A ConvSpec from any part of it. The rank is taken from what is given (lists and layouts), else from `rank`, else 2.
 *
 * @throws TypeError_ for an unknown field or a wrong type, ValueError for a value out of range or fields that disagree
 * @example convSpec({ stride: [2, 2], padding: [[1, 1], [1, 1]] })
 */
export function convSpec(options: ConvSpecOptions = {}, rank?: number): ConvSpec {
  checkFields(options, Object.keys(OPTION_NAMES), "a convolution's spec");
  const spatial = rankOf(options, rank);
  const spec: ConvSpec = {
    stride: numbers(options.stride, 'stride', spatial, 1, 1),
    padding: paddings(options.padding, spatial),
    inputDilation: numbers(options.inputDilation, 'inputDilation', spatial, 1, 1),
    kernelDilation: numbers(options.kernelDilation, 'kernelDilation', spatial, 1, 1),
    featureGroups: groups(options.featureGroups, 'featureGroups'),
    batchGroups: groups(options.batchGroups, 'batchGroups'),
    flip: boolean(options.flip, 'flip'),
    layout: layouts(options.layout, spatial),
    ...(options.paddingMode === undefined ? {} : { paddingMode: paddingMode(options.paddingMode) }),
    ...(options.precision === undefined ? {} : { precision: checkPrecision(options.precision) }),
  };
  if (spec.featureGroups > 1 && spec.batchGroups > 1) {
    throw new ValueError(
      'groups-invalid',
      `featureGroups (${spec.featureGroups}) and batchGroups (${spec.batchGroups}) can't both be above 1`,
    );
  }
  if (spec.paddingMode === 'circular' && spec.inputDilation.some((dilation) => dilation > 1)) {
    const given = showShape(spec.inputDilation);
    throw new ValueError('padding-invalid', `paddingMode 'circular' goes with an inputDilation of 1, not ${given}`);
  }
  return spec;
}

/** The rank that the given fields agree on. */
function rankOf(options: ConvSpecOptions, given: number | undefined): number {
  let rank = given;
  const agree = (spatial: number, name: string): void => {
    if (rank === undefined) rank = spatial;
    if (rank !== spatial) {
      throw new ValueError(
        'rank-mismatch',
        `${name} is for ${spatial} spatial dimensions where the rest of the convolution has ${rank}`,
      );
    }
  };
  for (const name of ['stride', 'padding', 'inputDilation', 'kernelDilation'] as const) {
    const value = options[name];
    if (Array.isArray(value)) agree(value.length, name);
  }
  for (const name of ['input', 'kernel', 'output'] as const) {
    const value = options.layout?.[name];
    if (typeof value === 'string' && value.length > 2) agree(value.length - 2, `layout.${name}`);
  }
  if (rank === undefined) rank = 2;
  spatialLetters(rank);
  return rank;
}

function numbers(value: unknown, name: string, rank: number, fallback: number, least: number): number[] {
  if (value === undefined) return new Array<number>(rank).fill(fallback);
  if (typeof value === 'number') return new Array<number>(rank).fill(positive(value, name, least));
  if (!Array.isArray(value)) {
    throw new TypeError_(
      'bad-argument',
      `${name} must be a list of whole numbers, one a spatial dimension, not ${show(value)}`,
    );
  }
  return value.map((entry, axis) => positive(entry, `${name}[${axis}]`, least));
}

function positive(value: unknown, name: string, least: number): number {
  const number = wholeNumber(value, name);
  if (number < least) throw new ValueError('stride-invalid', `${name} must be at least ${least}, not ${number}`);
  return number;
}

/** Where a name such as 'same' is understood. */
const PADDING_NAMES = ' (for a name, see convSpec.torch, convSpec.tf and convSpec.scipy)';

function paddings(value: unknown, rank: number): [number, number][] {
  const both = (entry: unknown, name: string): [number, number] => {
    if (typeof entry === 'number') {
      const sides = wholeNumber(entry, name);
      return [sides, sides];
    }
    if (!Array.isArray(entry)) {
      throw new TypeError_(
        'bad-argument',
        `${name} must be a whole number or a pair [lo, hi]${typeof entry === 'string' ? PADDING_NAMES : ''}, not ${show(entry)}`,
      );
    }
    if (entry.length !== 2) {
      throw new ValueError('padding-invalid', `${name} must be a pair [lo, hi], not ${show(entry)}`);
    }
    return [wholeNumber(entry[0], `${name}[0]`), wholeNumber(entry[1], `${name}[1]`)];
  };
  if (Array.isArray(value)) return value.map((entry, axis) => both(entry, `padding[${axis}]`));
  return Array.from({ length: rank }, () => both(value === undefined ? 0 : value, 'padding'));
}

function groups(value: unknown, name: string): number {
  if (value === undefined) return 1;
  const number = wholeNumber(value, name);
  if (number < 1) throw new ValueError('groups-invalid', `${name} must be at least 1, not ${number}`);
  return number;
}

function boolean(value: unknown, name: string): boolean {
  if (value === undefined) return false;
  if (typeof value !== 'boolean')
    throw new TypeError_('bad-argument', `${name} must be true or false, not ${show(value)}`);
  return value;
}

function paddingMode(value: unknown): 'zeros' | 'circular' {
  if (value !== 'zeros' && value !== 'circular') {
    throw new ValueError('bad-argument', `paddingMode must be 'zeros' or 'circular', not ${show(value)}`);
  }
  return value;
}

/** A precision's name checked. */
export function checkPrecision(value: unknown): Precision {
  if (value !== 'fast' && value !== 'exact') {
    throw new ValueError('bad-argument', `precision must be 'fast' or 'exact', not ${show(value)}`);
  }
  return value;
}

function layouts(given: unknown, rank: number): ConvLayout {
  const spatial = spatialLetters(rank);
  if (given !== undefined) checkFields(given, ['input', 'kernel', 'output'], 'layout');
  const parts = new Map<string, unknown>(Object.entries(given ?? {}));
  const layout = (name: string, letters: string): string => {
    const part = parts.get(name);
    const value = part === undefined ? letters : part;
    if (typeof value !== 'string' || value.length !== letters.length || ![...letters].every((c) => value.includes(c))) {
      const allowed = `the letters of '${letters}' in any order`;
      throw new ValueError('bad-argument', `layout.${name} must be ${allowed}, not ${show(value)}`);
    }
    return value;
  };
  return {
    input: layout('input', `NC${spatial}`),
    kernel: layout('kernel', `OI${spatial}`),
    output: layout('output', `NC${spatial}`),
  };
}

/** How the operands of a ConvSpec become those of the convolution: shapes with an axis of their own for groups. */
export interface Lowered {
  readonly convolution: Convolution;
  readonly inputShape: Shape;
  readonly kernelShape: Shape;
  /** The shape of the result, groups folded back into the axis they came from. */
  readonly outputShape: Shape;
}

/** Letters of a layout as convolution.ts names them: sizes of axis `grouped` split into g and the rest. */
function letters(layout: string, spatial: string, names: { [letter: string]: string }, grouped: string | null): string {
  let axes = '';
  for (const letter of layout) {
    const digit = spatial.indexOf(letter);
    axes += (letter === grouped ? 'g' : '') + (digit >= 0 ? `${digit}` : names[letter]);
  }
  return axes;
}

/** Splits axis `axis` into (groups, rest): free, since rows lie in order. */
export const splitAxis = (shape: Shape, axis: number, groupCount: number): Shape => [
  ...shape.slice(0, axis),
  groupCount,
  (shape[axis] as number) / groupCount,
  ...shape.slice(axis + 1),
];

/**
 * Checks the operands' shapes against a spec, and gives the convolution they make.
 *
 * @throws RuntimeError where a rank is wrong, channels differ, or groups don't divide
 */
export function lower(spec: ConvSpec, inputShape: Shape, kernelShape: Shape): Lowered {
  const { layout, featureGroups, batchGroups } = spec;
  const spatial = spatialLetters(spec.stride.length);
  checkRank('input', inputShape, layout.input);
  checkRank('kernel', kernelShape, layout.kernel);
  checkChannels(spec, inputShape, kernelShape);

  const groupCount = featureGroups * batchGroups;
  const grouped = groupCount === 1 ? null : featureGroups > 1 ? 'C' : 'N';
  const convolution: Convolution = {
    windows: spec.stride.map((stride, axis): Window => {
      const [lo, hi] = spec.padding[axis] ?? [0, 0];
      const inputDilation = spec.inputDilation[axis] ?? 1;
      return { stride, lo, hi, inputDilation, kernelDilation: spec.kernelDilation[axis] ?? 1 };
    }),
    flip: spec.flip,
    input: letters(layout.input, spatial, { N: 'n', C: 'c' }, grouped),
    kernel: letters(layout.kernel, spatial, { O: 'o', I: 'c' }, grouped && 'O'),
    output: letters(layout.output, spatial, { N: 'n', C: 'o' }, grouped && 'C'),
    ...(spec.precision === undefined ? {} : { precision: spec.precision }),
  };
  return {
    convolution,
    inputShape: grouped ? splitAxis(inputShape, layout.input.indexOf(grouped), groupCount) : inputShape,
    kernelShape: grouped ? splitAxis(kernelShape, layout.kernel.indexOf('O'), groupCount) : kernelShape,
    outputShape: [...layout.output].map((letter) => {
      const size = (axes: string, shape: Shape, name: string): number => shape[axes.indexOf(name)] as number;
      if (letter === 'N') return size(layout.input, inputShape, 'N') / batchGroups;
      if (letter === 'C') return size(layout.kernel, kernelShape, 'O');
      const window = convolution.windows[spatial.indexOf(letter)] as Window;
      return outputSize(window, size(layout.input, inputShape, letter), size(layout.kernel, kernelShape, letter));
    }),
  };
}

function checkRank(name: string, shape: Shape, layout: string): void {
  if (shape.length !== layout.length) {
    throw new RuntimeError(
      'rank-mismatch',
      `the ${name} has shape ${showShape(shape)}, rank ${shape.length}; its layout ${layout} needs rank ${layout.length}`,
    );
  }
}

function checkChannels(spec: ConvSpec, inputShape: Shape, kernelShape: Shape): void {
  const { layout, featureGroups, batchGroups } = spec;
  const channels = inputShape[layout.input.indexOf('C')] as number;
  const batch = inputShape[layout.input.indexOf('N')] as number;
  const outputs = kernelShape[layout.kernel.indexOf('O')] as number;
  const inputs = kernelShape[layout.kernel.indexOf('I')] as number;
  const divides = (count: number, size: number, what: string): void => {
    if (size % count !== 0) throw new RuntimeError('groups-invalid', `${count} groups don't divide ${what} (${size})`);
  };
  divides(featureGroups, channels, "the input's channels");
  divides(featureGroups * batchGroups, outputs, "the kernel's output channels");
  divides(batchGroups, batch, "the input's batch");
  if (inputs * featureGroups !== channels) {
    throw new RuntimeError(
      'channels-mismatch',
      `the input has ${channels} channels; a kernel of shape ${showShape(kernelShape)} (${layout.kernel}) in ` +
        `${featureGroups} feature group(s) needs ${inputs * featureGroups}`,
    );
  }
  spatialLetters(spec.stride.length)
    .split('')
    .forEach((letter) => {
      if (kernelShape[layout.kernel.indexOf(letter)] === 0) {
        throw new RuntimeError('size-invalid', `the kernel has size 0 along ${letter}; it needs at least one tap`);
      }
    });
}
