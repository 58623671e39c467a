/** Reading arguments as PyTorch does: tensors, dimensions, shapes; its errors, in its words. */

import { IndexError, RuntimeError, TypeError_ } from '../errors.js';
import { isFloat } from '../shape/dtype.js';
import { type Shape, show, showShape, sizeOf } from '../shape/shape.js';
import { isForeign } from '../tensor/foreign.js';
import { asTensor, full, type Tensor } from '../tensor/tensor.js';

/** A tensor argument, as the core's. */
export function tensorArgument(value: unknown, call: string, name: string): Tensor {
  if (isForeign(value)) return value.toCore();
  throw new TypeError_('bad-argument', `${call}(): argument '${name}' must be Tensor, not ${kindOf(value)}`);
}

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'list' : value === null ? 'NoneType' : typeof value);

/** A tensor or a number; a whole number beside integers counts as an integer. */
export function operandArgument(value: unknown, other: unknown, call: string, name: string): Tensor {
  if (isForeign(value)) return value.toCore();
  if (typeof value === 'boolean') return asTensor(value);
  if (typeof value !== 'number') {
    throw new TypeError_(
      'bad-argument',
      `${call}(): argument '${name}' must be Tensor or Number, not ${kindOf(value)}`,
    );
  }
  const partner = isForeign(other) ? other.toCore().dtype : 'float32';
  const isInteger = Number.isInteger(value) && !isFloat(partner);
  return full({ shape: [], dtype: isInteger ? 'int64' : isFloat(partner) ? partner : 'float32' }, value);
}

export const isWhole = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value);

/** A whole number. */
export function intArgument(value: unknown, call: string, name: string): number {
  if (isWhole(value)) return value;
  throw new TypeError_('bad-argument', `${call}(): argument '${name}' must be int, not ${show(value)}`);
}

/** A list of whole numbers; one alone stands for a list of one. */
export function intsArgument(value: unknown, call: string, name: string): readonly number[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.every(isWhole)) return list;
  throw new TypeError_('bad-argument', `${call}(): argument '${name}' must be tuple of ints, not ${show(value)}`);
}

/** A dimension counted from the front. */
export function dimension(dim: unknown, rank: number, call: string): number {
  const given = intArgument(dim, call, 'dim');
  const range = Math.max(rank, 1);
  if (given < -range || given >= range) {
    throw new IndexError(
      'axis-out-of-range',
      `Dimension out of range (expected to be in range of [${-range}, ${range - 1}], but got ${given})`,
    );
  }
  return given < 0 ? given + range : given;
}

/** Dimensions in rising order; left out or null: all. */
export function dimensions(dims: unknown, rank: number, call: string): number[] {
  const all = Array.from({ length: rank }, (_, axis) => axis);
  if (dims === undefined || dims === null) return all;
  const list = intsArgument(dims, call, 'dim').map((dim) => dimension(dim, rank, call));
  list.forEach((dim, i) => {
    if (list.indexOf(dim) !== i) {
      throw new RuntimeError('bad-argument', `dim ${dim} appears multiple times in the list of dims`);
    }
  });
  return rank === 0 ? [] : list.sort((a, b) => a - b);
}

/** The shape that a view asks for, its -1 worked out. */
export function viewShape(asked: readonly number[], from: Shape): number[] {
  const size = sizeOf(from);
  const invalid = (): RuntimeError =>
    new RuntimeError('shape-mismatch', `shape '${showShape(asked)}' is invalid for input of size ${size}`);
  const open = asked.indexOf(-1);
  if (open !== asked.lastIndexOf(-1)) throw new RuntimeError('bad-argument', 'only one dimension can be inferred');
  const negative = asked.find((length) => length < -1);
  if (negative !== undefined) throw new RuntimeError('bad-argument', `invalid shape dimension ${negative}`);
  const known = asked.reduce((product, length) => (length === -1 ? product : product * length), 1);
  if (open < 0) {
    if (known !== size) throw invalid();
    return [...asked];
  }
  if (known === 0) {
    throw new RuntimeError(
      'shape-mismatch',
      `cannot reshape tensor of ${size} elements into shape ${showShape(asked)} because the unspecified dimension size -1 can be any value and is ambiguous`,
    );
  }
  if (size % known !== 0) throw invalid();
  return asked.map((length) => (length === -1 ? size / known : length));
}

/** `f(2, 3)` and `f([2, 3])` are the same. */
export const spread = (args: readonly unknown[]): readonly unknown[] =>
  args.length === 1 && Array.isArray(args[0]) ? args[0] : args;
