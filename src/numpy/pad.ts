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
import { checkBroadcast } from './products.js';

type Pairs = readonly (readonly [lo: number, hi: number])[];

export type PadMode = 'constant' | Extension;

export interface PadKeywords {
  readonly mode?: PadMode;
  /** With mode 'constant': the number to pad with, a pair of them, or a pair an axis. */
  readonly constant_values?: ArrayInput;
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

const others = ['linear_ramp', 'maximum', 'mean', 'median', 'minimum', 'empty'];

function checkMode(mode: unknown): PadMode {
  if (mode === 'constant' || mode === 'edge' || mode === 'reflect' || mode === 'symmetric' || mode === 'wrap')
    return mode;
  if (others.some((name) => name === mode) || typeof mode === 'function') {
    throw new NotImplementedError(
      'not-implemented',
      `pad: mode ${show(mode)} is not supported; use 'constant', 'edge', 'reflect', 'symmetric' or 'wrap'`,
    );
  }
  throw new ValueError('bad-argument', `mode '${str(mode)}' is not supported`);
}

const read = signature('pad', 'array pad_width mode?~ constant_values=~ reflect_type=~');

/**
 * np.pad: cells added before and behind each axis.
 *
 * @param pad_width how many: a number for all sides, [before, after] for all axes, or one such pair an axis
 * @param mode 'constant' (default; zeros, or `constant_values`), 'edge' (the last cell again), 'reflect' and 'symmetric'
 * (mirrored without and with the last cell), 'wrap' (the other end)
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
  const [array, padWidth, givenMode, constantValues, reflectType] = read(args);
  const x = toTensor(array as ArrayInput);
  const rank = x.shape.length;
  const widths = readWidths(padWidth, rank);
  const mode = checkMode(givenMode === undefined ? 'constant' : givenMode);
  if (mode !== 'constant' && constantValues !== undefined) {
    throw new ValueError(
      'unexpected-argument',
      `unsupported keyword arguments for mode '${mode}': {'constant_values'}`,
    );
  }
  if (reflectType !== undefined && reflectType !== 'even') {
    throw new NotImplementedError('not-implemented', `pad: reflect_type must be 'even', not ${show(reflectType)}`);
  }
  if (mode === 'constant') {
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
  return new ndarray(extend(op, x, mode, widths));
}
