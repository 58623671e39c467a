/** How NumPy's functions of single elements (its ufuncs) are called: operands, then `out`, `where` and `dtype`. */

import { signature } from '../door/signature.js';
import { TypeError_ } from '../errors.js';
import { broadcastTo } from '../ops/composite.js';
import { isFloat } from '../shape/dtype.js';
import { op, type Tensor } from '../tensor/tensor.js';
import { type DTypeLike, dtypeOr } from './dtype.js';
import { type ArrayInput, toTensor } from './input.js';
import { ndarray, result } from './ndarray.js';
import { commonShape } from './ufunc.js';

/** What all of these functions take by keyword. */
export interface UfuncKeywords {
  /** The array to write into; it is what the function gives. */
  readonly out?: ndarray | null;
  /** Where to write; elsewhere `out` keeps its elements. */
  readonly where?: ArrayInput;
  /** The dtype to compute in. */
  readonly dtype?: DTypeLike | null;
}

/** What was computed, or the array it was to be written into. */
export function delivered(value: Tensor, out: unknown, where: unknown): ndarray {
  if (out === undefined || out === null) return result(value);
  if (!(out instanceof ndarray)) throw new TypeError_('bad-argument', 'return arrays must be of ArrayType');
  if (isFloat(value.dtype) && !isFloat(out.dtype.name)) {
    throw new TypeError_(
      'dtype-mismatch',
      `Cannot cast ufunc output from dtype('${value.dtype}') to dtype('${out.dtype.name}') with casting rule 'same_kind'`,
    );
  }
  const before = out.toCore();
  const shape = commonShape([before.shape, value.shape]);
  const written = broadcastTo(op, op.convert(value, before.dtype), shape);
  const mask = where === undefined ? null : broadcastTo(op, op.convert(toTensor(where as ArrayInput), 'bool'), shape);
  out.set_('...', result(mask === null ? written : op.select(mask, written, before)));
  return out;
}

/** An operand, in the dtype that was asked for. */
const inType = (x: unknown, dtype: unknown): ArrayInput =>
  dtype === undefined || dtype === null ? (x as ArrayInput) : toTensor(x as ArrayInput, dtypeOr(dtype, undefined));

/** A function of two arrays that broadcast against each other. */
export type TwoArrays = (x1: ArrayInput, x2: ArrayInput, out?: ndarray | null | UfuncKeywords) => ndarray;

/** A function of one array. */
export type OneArray = (x: ArrayInput, out?: ndarray | null | UfuncKeywords) => ndarray;

/** A function of two arrays, from what computes it. */
export function ofTwo(name: string, compute: (x1: ArrayInput, x2: ArrayInput) => Tensor): TwoArrays {
  const read = signature(name, 'x1 x2 out?~ where= dtype=~');
  return (...args) => {
    const [x1, x2, out, where, dtype] = read(args);
    return delivered(compute(inType(x1, dtype), inType(x2, dtype)), out, where);
  };
}

/** A function of one array, from what computes it. */
export function ofOne(name: string, compute: (x: ArrayInput) => Tensor): OneArray {
  const read = signature(name, 'x out?~ where= dtype=~');
  return (...args) => {
    const [x, out, where, dtype] = read(args);
    return delivered(compute(inType(x, dtype)), out, where);
  };
}
