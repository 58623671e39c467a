/** Arrays and scalars as NumPy 2.4 prints them (numpy/_core/arrayprint.py, the default, not a legacy mode). */

import { TypeError_, ValueError } from '../errors.js';
import type { DType } from '../shape/dtype.js';
import {
  type FloatType,
  type PositionalOptions,
  positional,
  type ScientificOptions,
  scientific,
  shortest,
} from './digits.js';
import { tuple } from './python.js';
import { at, type Element, ends, plain, shown, sizeOf, type Values } from './values.js';

const floatModes = ['fixed', 'unique', 'maxprec', 'maxprec_equal'] as const;
const signs = ['-', '+', ' '] as const;

/** What `np.set_printoptions` sets, under NumPy's names. */
export interface PrintOptions {
  /** Digits after the point, at most; just so many if floatmode is 'fixed'. */
  readonly precision: number;
  /** Arrays of more elements are summarised. */
  readonly threshold: number;
  /** Elements shown at both ends of each axis of a summary. */
  readonly edgeitems: number;
  readonly linewidth: number;
  /** Small numbers don't switch the array to scientific notation. */
  readonly suppress: boolean;
  readonly floatmode: (typeof floatModes)[number];
  /** Of positive numbers: none, '+' or a space. */
  readonly sign: (typeof signs)[number];
  readonly nanstr: string;
  readonly infstr: string;
}

/** The options NumPy starts with. */
export const defaults: PrintOptions = {
  precision: 8,
  threshold: 1000,
  edgeitems: 3,
  linewidth: 75,
  suppress: false,
  floatmode: 'maxprec',
  sign: '-',
  nanstr: 'nan',
  infstr: 'inf',
};

/** Some of the options; null and undefined leave an option as it is. */
export type PrintOptionsChange = { readonly [K in keyof PrintOptions]?: PrintOptions[K] | null | undefined };

/**
 * `np.set_printoptions` without its state: the options after a change.
 * Throws ValueError for an unknown floatmode or sign and a NaN threshold, TypeError_ for numbers that are none.
 */
export function withOptions(current: PrintOptions, change: PrintOptionsChange): PrintOptions {
  const { floatmode, sign, threshold, precision } = change;
  const quoted = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(', ');
  if (floatmode != null && !floatModes.includes(floatmode)) {
    throw new ValueError(
      'bad-argument',
      `floatmode option must be one of ${quoted(floatModes)}, but got "${floatmode}"`,
    );
  }
  if (sign != null && !signs.includes(sign)) {
    throw new ValueError('bad-argument', `sign option must be one of ' ', '+', or '-', but got '${sign}'`);
  }
  if (threshold != null && typeof threshold !== 'number') {
    throw new TypeError_('bad-argument', `threshold must be numeric, but got ${typeof threshold}`);
  }
  if (Number.isNaN(threshold)) {
    throw new ValueError('bad-argument', 'threshold must be non-NAN, try Infinity for untruncated representation');
  }
  if (precision != null && !Number.isInteger(precision)) {
    throw new TypeError_('bad-argument', `precision must be an integer, but got ${String(precision)}`);
  }
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value != null));
  return { ...current, ...given };
}

/** Text of one element, padded to the width of its column. */
type Format = (x: Element) => string;

/** NumPy's BoolFormat: " True" lines up with "False", but a 0-d array has no column. */
const boolFormat =
  (scalar: boolean): Format =>
  (x) =>
    Number(x) === 0 ? 'False' : scalar ? 'True' : ' True';

/** NumPy's IntegerFormat. */
function integerFormat(elements: readonly Element[], sign: PrintOptions['sign']): Format {
  const negative = elements.some((x) => x < 0);
  const mark = sign === '+' ? '+' : sign === ' ' && !negative ? ' ' : '';
  const text: Format = (x) => (x < 0 ? '' : mark) + String(x);
  const width = elements.reduce<number>((widest, x) => Math.max(widest, text(x).length), 0);
  return (x) => text(x).padStart(width);
}

/** Whether the column is to be in scientific notation: large, small or far apart, judged in the array's own type. */
function needsExponent(finite: readonly number[], type: FloatType, suppress: boolean): boolean {
  let largest = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (const x of finite) {
    if (x === 0) continue;
    largest = Math.max(largest, Math.abs(x));
    smallest = Math.min(smallest, Math.abs(x));
  }
  if (largest === 0) return false;
  const round = type === 'float32' ? Math.fround : Number;
  if (largest >= scientificFrom[type]) return true;
  return !suppress && (smallest < round(1e-4) || round(largest / smallest) > 1000);
}

/** 10 to the number of decimal digits that survive in the type, at most 1e8. */
const scientificFrom: { readonly [F in FloatType]: number } = { float32: 1e6, float64: 1e8 };

/** A column of finite numbers: how to print one, and how many characters stand on either side of the point. */
interface Column {
  readonly text: (x: number) => string;
  readonly left: number;
  readonly right: number;
}

const longest = (texts: readonly string[]): number => texts.reduce((most, text) => Math.max(most, text.length), 0);

/** A mantissa's text, split at its point. */
function parts(text: string): [left: string, right: string] {
  const point = text.indexOf('.');
  return [text.slice(0, point), text.slice(point + 1)];
}

function scientificColumn(finite: readonly number[], type: FloatType, options: PrintOptions, extra: number): Column {
  const { floatmode } = options;
  const unique = floatmode !== 'fixed';
  const sign = options.sign === '+';
  const precision = floatmode === 'unique' ? undefined : options.precision;
  const first: ScientificOptions = { unique, precision, trim: unique ? '.' : 'k', sign };
  const [mantissas, powers]: [string[], string[]] = [[], []];
  for (const x of finite) {
    const [mantissa = '', power = ''] = scientific(x, type, first).split('e');
    mantissas.push(mantissa);
    powers.push(power);
  }
  const exponentDigits = longest(powers) - 1;
  const digits = longest(mantissas.map((text) => parts(text)[1]));
  const padLeft = longest(mantissas.map((text) => parts(text)[0])) + extra;
  const layout: ScientificOptions = {
    ...first,
    precision: digits,
    minDigits: digits,
    trim: 'k',
    padLeft,
    exponentDigits,
  };
  return { text: (x) => scientific(x, type, layout), left: padLeft, right: digits + exponentDigits + 2 };
}

function positionalColumn(finite: readonly number[], type: FloatType, options: PrintOptions, extra: number): Column {
  const { floatmode } = options;
  const unique = floatmode !== 'fixed';
  const sign = options.sign === '+';
  const precision = floatmode === 'unique' ? undefined : options.precision;
  const first: PositionalOptions = { unique, precision, trim: unique ? '.' : 'k', sign };
  const texts = finite.map((x) => parts(positional(x, type, first)));
  const padLeft = longest(texts.map(([left]) => left)) + extra;
  const padRight = longest(texts.map(([, right]) => right));
  const equal = floatmode === 'fixed' || floatmode === 'maxprec_equal';
  const cut: Pick<PositionalOptions, 'precision' | 'minDigits' | 'trim'> = equal
    ? { precision: padRight, minDigits: padRight, trim: 'k' }
    : { precision, minDigits: 0, trim: '.' };
  const layout: PositionalOptions = { ...first, ...cut, padLeft, padRight };
  return { text: (x) => positional(x, type, layout), left: padLeft, right: padRight };
}

/** NumPy's FloatingFormat: the column's layout comes from its finite numbers, nan and inf then fit in or widen it. */
function floatFormat(elements: readonly Element[], type: FloatType, options: PrintOptions): Format {
  const { sign, nanstr, infstr } = options;
  const numbers = elements.map(Number);
  const finite = numbers.filter(Number.isFinite);
  const extra = sign === ' ' && !finite.some((x) => x < 0 || Object.is(x, -0)) ? 1 : 0;
  const make = needsExponent(finite, type, options.suppress) ? scientificColumn : positionalColumn;
  const { text, left, right } = make(finite, type, options, extra);
  const infSign = sign !== '-' || numbers.includes(Number.NEGATIVE_INFINITY) ? 1 : 0;
  const wide = finite.length < numbers.length ? Math.max(nanstr.length, infstr.length + infSign) : 0;
  const width = Math.max(left + 1 + right, wide);
  const special = (x: number): string =>
    Number.isNaN(x) ? (sign === '+' ? '+' : '') + nanstr : (x < 0 ? '-' : sign === '+' ? '+' : '') + infstr;
  return (x) => (Number.isFinite(x) ? text(Number(x)) : special(Number(x))).padStart(width);
}

function formatOf(values: Values, elements: readonly Element[], options: PrintOptions): Format {
  const { dtype } = values;
  if (dtype === 'bool') return boolFormat(values.shape.length === 0);
  if (dtype === 'float32' || dtype === 'float64') return floatFormat(elements, dtype, options);
  return integerFormat(elements, options.sign);
}

/** What stands around the array, and so moves its lines; neither prefix nor suffix is written by `array2string`. */
export interface Surroundings {
  readonly separator?: string;
  readonly prefix?: string;
  readonly suffix?: string;
}

/** The words of one row, on as many lines as the width demands. */
function wrapped(words: readonly string[], separator: string, indent: string, width: number): string {
  const limit = width - Math.max(separator.trimEnd().length, 1); // of what follows a word, "]" at least must fit
  let text = '';
  let line = indent;
  words.forEach((word, i) => {
    // A word too long for any line stays where it is.
    if (line.length + word.length > limit && line.length > indent.length) {
      text += `${line.trimEnd()}\n`;
      line = indent;
    }
    line += i < words.length - 1 ? word + separator : word;
  });
  return (text + line).slice(indent.length);
}

/** `np.array2string`: nested brackets, wrapped and summarised, without the word "array". */
export function array2string(values: Values, options: PrintOptions = defaults, around: Surroundings = {}): string {
  const { separator = ' ', prefix = '', suffix = '' } = around;
  const { shape } = values;
  const size = sizeOf(shape);
  if (size === 0) return '[]';
  const summarised = size > options.threshold;
  const format = formatOf(values, shown(values, summarised, options.edgeitems), options);
  const edge = summarised ? options.edgeitems : Number.POSITIVE_INFINITY;

  // The text of `block` elements from `offset`, all under one index of the axes before `axis`.
  const text = (axis: number, offset: number, block: number, indent: string, width: number): string => {
    if (axis === shape.length) return format(at(values, offset));
    const length = shape[axis] as number;
    const inner = block / length;
    // The last item always shows, even of edgeitems = 0.
    const items = ends(length, edge, Math.max(edge, 1)).map((i) =>
      text(axis + 1, offset + i * inner, inner, `${indent} `, width - 1),
    );
    if (length > 2 * edge) items.splice(edge, 0, '...');
    const depth = shape.length - axis;
    if (depth === 1) return `[${wrapped(items, separator, indent, width)}]`;
    return `[${items.join(separator.trimEnd() + '\n'.repeat(depth - 1) + indent)}]`;
  };
  return text(0, 0, size, ' '.repeat(prefix.length + 1), options.linewidth - suffix.length);
}

/** `str(array)`: the bare brackets; a 0-d array looks like its scalar, whatever the options. */
export function arrayStr(values: Values, options: PrintOptions = defaults): string {
  return values.shape.length === 0 ? scalarStr(at(values, 0), values.dtype) : array2string(values, options);
}

/** `repr(array)`: "array([...])", with shape and dtype where the digits alone don't tell them. */
export function arrayRepr(values: Values, options: PrintOptions = defaults): string {
  const { shape, dtype } = values;
  const prefix = 'array(';
  const size = sizeOf(shape);
  const body = prefix + array2string(values, options, { separator: ', ', prefix, suffix: ')' });
  const extras: string[] = [];
  if ((size === 0 && shape.length !== 1) || size > options.threshold) extras.push(`shape=${tuple(shape)}`);
  if (size === 0 || !impliedTypes.includes(dtype)) extras.push(`dtype=${dtype}`);
  if (extras.length === 0) return `${body})`;
  const extra = `${extras.join(', ')})`;
  const lastLine = body.length + 1 - (body.lastIndexOf('\n') + 1);
  const tooLong = lastLine + extra.length + 1 > options.linewidth;
  return `${body},${tooLong ? `\n${' '.repeat(prefix.length)}` : ' '}${extra}`;
}

/** Types that NumPy takes digits for, unless told otherwise. */
const impliedTypes: readonly DType[] = ['float64', 'int64', 'bool'];

/** `str` of a NumPy scalar: all its digits, "6.5", "3", "True". */
export function scalarStr(x: Element, dtype: DType): string {
  if (dtype === 'float32') return shortest(Number(x), dtype, 1e6);
  if (dtype === 'float64') return shortest(Number(x), dtype, 1e16);
  return plain(x, dtype);
}

/** `repr` of a NumPy scalar: "np.float64(6.5)", "np.int64(3)", "np.True_". */
export function scalarRepr(x: Element, dtype: DType): string {
  const text = scalarStr(x, dtype);
  return dtype === 'bool' ? `np.${text}_` : `np.${dtype}(${text})`;
}

/** `str` of a dtype is its name; `repr` is "dtype('float32')". */
export const dtypeRepr = (dtype: DType): string => `dtype('${dtype}')`;
