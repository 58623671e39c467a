/** np.pad. */

import { signature } from '../door/signature.js';
import { NotImplementedError, TypeError_, ValueError } from '../errors.js';
import { broadcastTo } from '../ops/composite.js';
import { type Extension, extend } from '../ops/extension.js';
import { isFloat } from '../shape/dtype.js';
import { show } from '../shape/shape.js';
import { op, type Tensor } from '../tensor/tensor.js';
import { str } from '../text/python.js';
import { type ArrayInput, toTensor } from './input.js';
import { ndarray } from './ndarray.js';
import { padOdd, padRamp, padStatistic, type Statistic } from './pad-modes.js';
import { checkBroadcast } from './products.js';

type Pairs = readonly (readonly [lo: number, hi: number])[];

export type PadMode = 'constant' | 'empty' | 'linear_ramp' | Statistic | Extension;

export interface PadKeywords {
  readonly mode?: PadMode;
  /** With mode 'constant': the number to pad with, a pair of them, or a pair an axis. */
  readonly constant_values?: ArrayInput;
  /** With mode 'linear_ramp': what the ramps end with, as constant_values. */
  readonly end_values?: ArrayInput;
  /** With the modes of statistics: of how many cells at each end; null (default): of all. */
  readonly stat_length?: ArrayInput | null;
  /** With 'reflect' and 'symmetric': 'odd' takes the mirrored cells from twice the edge. */
  readonly reflect_type?: 'even' | 'odd';
}

/** One pair an axis, of what broadcasts to these: a number, a pair, a number or a pair an axis. */
const pairs = (value: Tensor, rank: number): Pairs => {
  checkBroadcast(value.shape, [rank, 2]);
  const list = op.convert(broadcastTo(op, value.plain, [rank, 2]), 'float64').array;
  return Array.from({ length: rank }, (_, axis) => [Number(list[2 * axis]), Number(list[2 * axis + 1])]);
};

function readWidths(given: unknown, rank: number): Pairs {
  const isArray = Array.isArray(given) || typeof given === 'number' || typeof given === 'bigint';
  const value = isArray || (typeof given === 'object' && given !== null) ? toTensor(given as ArrayInput) : null;
  if (value === null || isFloat(value.dtype)) {
    throw new TypeError_('bad-argument', `\`pad_width\` must be of integral type. (It is ${show(given)}.)`);
  }
  const widths = pairs(value, rank);
  if (widths.some(([lo, hi]) => lo < 0 || hi < 0)) {
    throw new ValueError('padding-invalid', "index can't contain negative values");
  }
  return widths;
}

/** Constants, axis after axis: in the corners stands what the last axis was padded with. */
function padConstant(x: Tensor, widths: Pairs, constants: Pairs): Tensor {
  const none = x.shape.map(() => 0);
  const pad = (value: Tensor, lo: readonly number[], hi: readonly number[], constant: number): Tensor =>
    op.pad(value, { lo, hi, interior: none, value: constant });
  const values = constants.flat();
  if (values.every((value) => Object.is(value, values[0]))) {
    return pad(
      x,
      widths.map(([lo]) => lo),
      widths.map(([, hi]) => hi),
      values[0] ?? 0,
    );
  }
  return widths.reduce((padded, [lo, hi], axis) => {
    const [before, after] = constants[axis] as readonly [number, number];
    return pad(pad(padded, none.with(axis, lo), none, before), none, none.with(axis, hi), after);
  }, x);
}

/** What each mode takes beside the widths. */
const keywordsOf: { readonly [M in PadMode]: readonly string[] } = {
  constant: ['constant_values'],
  empty: [],
  edge: [],
  wrap: [],
  reflect: ['reflect_type'],
  symmetric: ['reflect_type'],
  linear_ramp: ['end_values'],
  maximum: ['stat_length'],
  minimum: ['stat_length'],
  mean: ['stat_length'],
  median: ['stat_length'],
};

function checkMode(mode: unknown): PadMode {
  if (typeof mode === 'string' && Object.hasOwn(keywordsOf, mode)) return mode as PadMode;
  if (typeof mode === 'function')
    throw new NotImplementedError('not-implemented', 'pad: a function as mode is not supported');
  throw new ValueError('bad-argument', `mode '${str(mode)}' is not supported`);
}

/** What is given by name, refused where the mode doesn't take it. */
function checkKeywords(mode: PadMode, given: { readonly [name: string]: unknown }): void {
  const names = Object.keys(given).filter((name) => given[name] !== undefined && !keywordsOf[mode].includes(name));
  if (names.length === 0) return;
  const shown = names.map((name) => `'${name}'`).join(', ');
  throw new ValueError('unexpected-argument', `unsupported keyword arguments for mode '${mode}': {${shown}}`);
}

const isStatistic = (mode: PadMode): mode is Statistic => keywordsOf[mode].includes('stat_length');

interface Given {
  readonly end_values: unknown;
  readonly stat_length: unknown;
  readonly reflect_type: unknown;
}

/** The modes that aren't constants, axis after axis. */
function padBy(x: Tensor, mode: Exclude<PadMode, 'constant' | 'empty'>, widths: Pairs, given: Given): Tensor {
  const rank = x.shape.length;
  const each = (pad: (value: Tensor, axis: number, width: Pairs[number]) => Tensor): Tensor =>
    widths.reduce((value, width, axis) => (width[0] + width[1] === 0 ? value : pad(value, axis, width)), x);
  if (mode === 'linear_ramp') {
    const ends = pairs(toTensor((given.end_values ?? 0) as ArrayInput), rank);
    return each((value, axis, width) => padRamp(value, axis, width, ends[axis] as Pairs[number]));
  }
  if (isStatistic(mode)) {
    const { stat_length: length } = given;
    const lengths = length === undefined || length === null ? null : pairs(toTensor(length as ArrayInput), rank);
    if (lengths?.flat().some((n) => n < 1))
      throw new ValueError('bad-argument', 'stat_length of 0 yields no value for padding');
    return each((value, axis, width) => padStatistic(value, axis, width, mode, lengths?.[axis] ?? null));
  }
  const isReflection = mode === 'reflect' || mode === 'symmetric';
  if (isReflection && given.reflect_type === 'odd') {
    return each((value, axis, width) => padOdd(value, axis, width, mode === 'symmetric'));
  }
  return extend(op, x, mode, widths);
}

const read = signature('pad', 'array pad_width mode?~ constant_values= end_values= stat_length=~ reflect_type=');

/**
 * np.pad: cells added before and behind each axis.
 *
 * @param pad_width how many: a number for all sides, [before, after] for all axes, or one such pair an axis
 * @param mode 'constant' (default; zeros, or `constant_values`), 'edge' (the last cell again), 'reflect' and 'symmetric'
 * (mirrored without and with the last cell), 'wrap' (the other end), 'maximum', 'minimum', 'mean' and 'median' of the line,
 * 'linear_ramp' (to `end_values`), 'empty' (zeros here)
 * @throws ValueError for negative widths, widths that don't fit the axes, or an unknown mode; TypeError_ for widths that
 * aren't whole
 * @example pad([1, 2, 3], [1, 2], 'reflect').tolist() // [2, 1, 2, 3, 2, 1]
 */
export function pad(array: ArrayInput, pad_width: ArrayInput, mode?: PadMode): ndarray;
export function pad(array: ArrayInput, pad_width: ArrayInput, keywords: PadKeywords): ndarray;
export function pad(
  array: ArrayInput,
  pad_width: ArrayInput,
  mode: PadMode,
  keywords: Omit<PadKeywords, 'mode'>,
): ndarray;
export function pad(...args: unknown[]): ndarray {
  const [array, padWidth, givenMode, constantValues, end_values, stat_length, reflect_type] = read(args);
  const x = toTensor(array as ArrayInput);
  const rank = x.shape.length;
  const widths = readWidths(padWidth, rank);
  const mode = checkMode(givenMode === undefined ? 'constant' : givenMode);
  checkKeywords(mode, { constant_values: constantValues, end_values, stat_length, reflect_type });
  if (mode === 'constant' || mode === 'empty') {
    const constants = op.convert(toTensor((constantValues ?? 0) as ArrayInput), x.dtype);
    return new ndarray(padConstant(x, widths, pairs(constants, rank)));
  }
  const empty = x.shape.findIndex((n, axis) => n === 0 && widths[axis]?.some((width) => width > 0));
  if (empty >= 0) {
    throw new ValueError(
      'padding-invalid',
      `can't extend empty axis ${empty} using modes other than 'constant' or 'empty'`,
    );
  }
  return new ndarray(padBy(x, mode, widths, { end_values, stat_length, reflect_type }));
}
