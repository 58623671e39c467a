/** How arrays print: np.set_printoptions and its kin. */

import { printOptions, usePrintOptions, valuesOf } from '../door/array-text.js';
import { signature } from '../door/signature.js';
import { NotImplementedError, TypeError_ } from '../errors.js';
import { show } from '../shape/shape.js';
import { type Foreign, isForeign } from '../tensor/foreign.js';
import * as text from '../text/numpy.js';
import { str } from '../text/python.js';

const read = signature(
  'set_printoptions',
  'precision?~ threshold?~ edgeitems?~ linewidth?~ suppress?~ nanstr?~ infstr?~ formatter?~ sign=~ floatmode=~',
);

/** Arguments of set_printoptions: Python's order, or names in an object. */
export type PrintArguments =
  | [
      precision?: number | null,
      threshold?: number | null,
      edgeitems?: number | null,
      linewidth?: number | null,
      suppress?: boolean | null,
      nanstr?: string | null,
      infstr?: string | null,
    ]
  | [keywords: text.PrintOptionsChange];

/**
 * np.set_printoptions: how arrays print from now on. What is left out, or null, stays as it is.
 *
 * @throws ValueError for an unknown floatmode or sign, TypeError_ for a precision or threshold that is no number
 * @example set_printoptions({ precision: 3 }); String(array([Math.PI])) // '[3.142]'
 */
export function set_printoptions(...args: PrintArguments): void {
  const [precision, threshold, edgeitems, linewidth, suppress, nanstr, infstr, formatter, sign, floatmode] = read(args);
  if (formatter !== undefined && formatter !== null) {
    throw new NotImplementedError('not-implemented', 'set_printoptions: formatter is not supported');
  }
  checkTypes({ precision, edgeitems, linewidth }, 'number', 'a number');
  checkTypes({ nanstr, infstr }, 'string', 'text');
  checkTypes({ suppress }, 'boolean', 'true or false');
  const words = { sign: word(sign), floatmode: word(floatmode) };
  const change = { precision, threshold, edgeitems, linewidth, suppress, nanstr, infstr, ...words };
  usePrintOptions(text.withOptions(printOptions(), change as text.PrintOptionsChange));
}

/** One of a few words; whatever else is given is none of them. */
const word = (given: unknown): unknown => (given === undefined || given === null ? given : str(given));

function checkTypes(given: { readonly [name: string]: unknown }, type: string, allowed: string): void {
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || typeof value === type) continue;
    throw new TypeError_('bad-argument', `${name} must be ${allowed}, but got ${show(value)}`);
  }
}

/** np.get_printoptions: the options in force, as set_printoptions takes them. */
export const get_printoptions = (): text.PrintOptions => ({ ...printOptions() });

/**
 * np.printoptions: runs a function under other options.
 *
 * @throws as `set_printoptions`
 * @example printoptions({ precision: 2 }, () => String(array([Math.PI]))) // '[3.14]'
 */
export function printoptions<R>(keywords: text.PrintOptionsChange, body: () => R): R {
  const before = printOptions();
  set_printoptions(keywords);
  try {
    return body();
  } finally {
    usePrintOptions(before);
  }
}

/** What array2string takes beside the options. */
export type Array2stringKeywords = text.PrintOptionsChange & {
  readonly max_line_width?: number | null;
  readonly suppress_small?: boolean | null;
  readonly separator?: string;
  readonly prefix?: string;
  readonly suffix?: string;
};

const readTo = signature(
  'array2string',
  'a max_line_width?~ precision?~ suppress_small?~ separator? prefix? style=~ formatter=~ threshold=~ edgeitems=~ sign=~ floatmode=~ suffix=',
);

/**
 * np.array2string: the bare brackets of an array, with a separator and under options of its own.
 *
 * @throws as `set_printoptions`
 * @example array2string(array([1, 2]), { separator: ', ' }) // '[1, 2]'
 */
export function array2string(a: Foreign, keywords?: Array2stringKeywords): string;
export function array2string(...args: unknown[]): string {
  const [a, width, precision, suppress, separator, prefix, , formatter, threshold, edgeitems, sign, floatmode, suffix] =
    readTo(args);
  if (formatter !== undefined && formatter !== null) {
    throw new NotImplementedError('not-implemented', 'array2string: formatter is not supported');
  }
  if (!isForeign(a)) throw new TypeError_('bad-argument', `array2string takes an array, not ${show(a)}`);
  const change = {
    linewidth: width,
    precision,
    suppress,
    threshold,
    edgeitems,
    sign: word(sign),
    floatmode: word(floatmode),
  };
  checkTypes({ linewidth: width, precision, threshold, edgeitems }, 'number', 'a number');
  const around = { separator: str(separator ?? ' '), prefix: str(prefix ?? ''), suffix: str(suffix ?? '') };
  return text.array2string(
    valuesOf(a.toCore()),
    text.withOptions(printOptions(), change as text.PrintOptionsChange),
    around,
  );
}

const readRepr = signature('array_repr', 'arr max_line_width?~ precision?~ suppress_small?~');
const readStr = signature('array_str', 'a max_line_width?~ precision?~ suppress_small?~');

type TextOf = (
  arr: Foreign,
  keywords?: {
    readonly max_line_width?: number | null;
    readonly precision?: number | null;
    readonly suppress_small?: boolean | null;
  },
) => string;

const textOf =
  (read: typeof readRepr, print: typeof text.arrayRepr): TextOf =>
  (...args) => {
    const [a, linewidth, precision, suppress] = read(args);
    if (!isForeign(a)) throw new TypeError_('bad-argument', `expected an array, not ${show(a)}`);
    checkTypes({ linewidth, precision }, 'number', 'a number');
    const change = { linewidth, precision, suppress } as text.PrintOptionsChange;
    return print(valuesOf(a.toCore()), text.withOptions(printOptions(), change));
  };

/** np.array_repr: what a notebook shows of an array. */
export const array_repr: TextOf = textOf(readRepr, text.arrayRepr);

/** np.array_str: what print shows of an array. */
export const array_str: TextOf = textOf(readStr, text.arrayStr);
