/** How arrays print: the state that `np.set_printoptions` changes, and texts under it. */

import { signature } from '../door/signature.js';
import { NotImplementedError, TypeError_ } from '../errors.js';
import { show } from '../shape/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import * as text from '../text/numpy.js';
import { str } from '../text/python.js';

let options: text.PrintOptions = text.defaults;

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
  options = text.withOptions(options, change as text.PrintOptionsChange);
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
export const get_printoptions = (): text.PrintOptions => ({ ...options });

const valuesOf = ({ shape, dtype, array }: Tensor) => ({ shape, dtype, data: array });

/** `str(array)` under the options in force. */
export const arrayStr = (x: Tensor): string => text.arrayStr(valuesOf(x), options);

/** `repr(array)`. */
export const arrayRepr = (x: Tensor): string => text.arrayRepr(valuesOf(x), options);

/** `repr` of a scalar, which no option changes. */
export const scalarRepr = (x: Tensor): string => text.scalarRepr(x.array[0] as number | bigint, x.dtype);
