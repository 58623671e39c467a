/** NumPy's texts of values, which the other doors' numpy() has too: under the options that np.set_printoptions sets. */

import { Tensor } from '../tensor/tensor.js';
import * as text from '../text/numpy.js';
import { inspectByRepr } from '../text/python.js';
import type { Values } from '../text/values.js';

let options: text.PrintOptions = text.defaults;

/** The options in force. */
export const printOptions = (): text.PrintOptions => options;

/** Sets the options. */
export function usePrintOptions(change: text.PrintOptions): void {
  options = change;
}

/** What the texts are made of. */
export const valuesOf = ({ shape, dtype, array }: Tensor): Values => ({ shape, dtype, data: array });

/** `str(array)` under the options in force. */
export const arrayStr = (x: Tensor): string => text.arrayStr(valuesOf(x), options);

/** `repr(array)`. */
export const arrayRepr = (x: Tensor): string => text.arrayRepr(valuesOf(x), options);

/** `repr` of a scalar, which no option changes. */
export const scalarRepr = (x: Tensor): string => text.scalarRepr(x.array[0] as number | bigint, x.dtype);

/** A core value that looks as NumPy's array of it does: what `x.numpy()` gives. */
export class ArrayValue extends Tensor {
  static {
    inspectByRepr(ArrayValue.prototype);
  }

  override toString(): string {
    return arrayStr(this);
  }

  __str__(): string {
    return arrayStr(this);
  }

  override __repr__(): string {
    return arrayRepr(this);
  }
}

/** As ArrayValue, of a single number that is a scalar in NumPy. */
export class ScalarValue extends ArrayValue {
  static {
    inspectByRepr(ScalarValue.prototype);
  }

  override __repr__(): string {
    return scalarRepr(this);
  }
}
