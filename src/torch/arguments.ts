/** Reading arguments as PyTorch does: tensors, numbers, dimensions, shapes; its errors, in its words. */

import { isKeywords } from '../door/signature.js';
import { IndexError, RuntimeError, TypeError_ } from '../errors.js';
import { type DType, isFloat } from '../shape/dtype.js';
import { type Shape, showShape, sizeOf } from '../shape/shape.js';
import { borrowed, isForeign } from '../tensor/foreign.js';
import { asTensor, full, type Tensor } from '../tensor/tensor.js';
import { defaultFloat } from './default.js';

/** What Python calls the type of a value. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (Array.isArray(value)) return 'list';
  if (isForeign(value)) return 'Tensor';
  if (typeof value === 'object') return isKeywords(value) ? 'dict' : String(value.constructor?.name);
  const names: { readonly [type: string]: string } = { boolean: 'bool', string: 'str', bigint: 'int' };
  return names[typeof value] ?? typeof value;
}

/** The TypeError_ of an argument that is of the wrong type: "sum(): argument 'dim' must be int, not str". */
export function wrongType(call: string, name: string, allowed: string, value: unknown, hint?: string): TypeError_ {
  const message = `${call}(): argument '${name}' must be ${allowed}, not ${typeName(value)}`;
  return new TypeError_('bad-argument', hint === undefined ? message : `${message}; ${hint}`);
}

/** What PyTorch calls the dtypes in its messages. */
export const scalarName: { readonly [D in DType]: string } = {
  float32: 'Float',
  float64: 'Double',
  int32: 'Int',
  int64: 'Long',
  uint8: 'Byte',
  bool: 'Bool',
};

/** What C++ calls them, in others of its messages. */
export const cName: { readonly [D in DType]: string } = {
  float32: 'float',
  float64: 'double',
  int32: 'int',
  int64: 'long int',
  uint8: 'unsigned char',
  bool: 'bool',
};

/** A tensor argument, as the core's. */
export function tensorArgument(value: unknown, call: string, name: string): Tensor {
  if (isForeign(value)) return borrowed(value);
  throw wrongType(call, name, 'Tensor', value);
}

/** A tensor or a number; a whole number beside integers counts as an integer. */
export function operandArgument(value: unknown, other: unknown, call: string, name: string): Tensor {
  if (isForeign(value)) return borrowed(value);
  if (typeof value === 'boolean') return asTensor(value);
  if (typeof value !== 'number') throw wrongType(call, name, 'Tensor', value, 'a number will do, too');
  const partner = isForeign(other) ? other.toCore().dtype : defaultFloat();
  const isInteger = Number.isInteger(value) && !isFloat(partner);
  return full({ shape: [], dtype: isInteger ? 'int64' : isFloat(partner) ? partner : defaultFloat() }, value);
}

export const isWhole = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value);

/** A whole number. */
export function intArgument(value: unknown, call: string, name: string): number {
  if (isWhole(value)) return value;
  throw wrongType(call, name, 'int', value);
}

/** A number, or its default. */
export function numberArgument(value: unknown, call: string, name: string, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value === 'number') return value;
  throw wrongType(call, name, 'float', value);
}

/** A number; true counts as 1. */
export function numberOf(value: unknown, call: string, name: string): number {
  if (typeof value === 'number' || typeof value === 'boolean') return Number(value);
  throw wrongType(call, name, 'Number', value);
}

/** true or false, or its default. */
export function boolArgument(value: unknown, call: string, name: string, fallback = false): boolean {
  if (value === undefined) return fallback;
  if (typeof value === 'boolean') return value;
  throw wrongType(call, name, 'bool', value);
}

/** A list of whole numbers. */
export function intsArgument(value: unknown, call: string, name: string): readonly number[] {
  if (!Array.isArray(value)) throw wrongType(call, name, 'tuple of ints', value);
  value.forEach((item: unknown, position) => {
    if (isWhole(item)) return;
    throw new TypeError_(
      'bad-argument',
      `${call}(): argument '${name}' must be tuple of ints, but found element of type ${typeName(item)} at pos ${position}`,
    );
  });
  return value;
}

/** A list of whole numbers; one alone stands for a list of one. */
export function intOrIntsArgument(value: unknown, call: string, name: string): readonly number[] {
  return isWhole(value) ? [value] : intsArgument(value, call, name);
}

/** A dimension counted from the front. */
export function dimension(dim: unknown, rank: number, call: string, name = 'dim'): number {
  const given = intArgument(dim, call, name);
  const range = Math.max(rank, 1);
  if (given < -range || given >= range) {
    throw new IndexError(
      'axis-out-of-range',
      `Dimension out of range (expected to be in range of [${-range}, ${range - 1}], but got ${given})`,
    );
  }
  return given < 0 ? given + range : given;
}

/** Dimensions in rising order. */
export function dimensions(dims: unknown, rank: number, call: string, name = 'dim'): number[] {
  const list = intOrIntsArgument(dims, call, name).map((dim) => dimension(dim, rank, call, name));
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
  if (open !== asked.lastIndexOf(-1)) {
    throw new RuntimeError('bad-argument', `only one dimension can be inferred: shape is ${showShape(asked)}`);
  }
  const negative = asked.findIndex((length) => length < -1);
  if (negative >= 0) {
    throw new RuntimeError(
      'bad-argument',
      `invalid shape dimension ${asked[negative]} at index ${negative} of shape ${showShape(asked)}`,
    );
  }
  const known = asked.reduce((product, length) => (length === -1 ? product : product * length), 1);
  if (open < 0) {
    if (known !== size) throw invalid();
    return [...asked];
  }
  if (known === 0 && size === 0) {
    throw new RuntimeError(
      'shape-mismatch',
      `cannot reshape tensor of 0 elements into shape ${showShape(asked)} because the unspecified dimension size -1 ` +
        'can be any value and is ambiguous',
    );
  }
  if (size % known !== 0) throw invalid();
  return asked.map((length) => (length === -1 ? size / known : length));
}

/** `f(2, 3)` and `f([2, 3])` are the same: sizes or dimensions one by one become a list. */
export const spread = (args: readonly unknown[]): readonly unknown[] => (isWhole(args[0]) ? [args] : args);
