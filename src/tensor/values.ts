/** From JavaScript's values to arrays of elements, and back. */

import { RuntimeError, TypeError_, ValueError } from '../errors.js';
import type { Operand } from '../ops/primitive.js';
import { type DType, dtypes, type TypedArray } from '../shape/dtype.js';
import { checkSize, type Shape, show, showShape, sizeOf, stridesOf } from '../shape/shape.js';

/** Numbers, booleans or bigints, in lists as deep as you like. */
export type Nested = number | boolean | bigint | readonly Nested[];

/** The deepest nesting of lists, as NumPy has it. */
const MAX_RANK = 64;

/** Elements of nested lists, in row-major order, and the highest kind of number among them. */
export interface Parsed {
  readonly shape: Shape;
  readonly flat: readonly (number | boolean | bigint)[];
  readonly kind: 'bool' | 'integer' | 'float';
}

/** Refuses lists that nest too deep, and those that contain themselves, before anything recurses into them. */
export function checkDepth(value: unknown, name = 'the value', depth = 0): void {
  if (!Array.isArray(value)) return;
  if (depth === MAX_RANK) {
    throw new ValueError(
      'too-large',
      `${name} has lists nested more than ${MAX_RANK} deep, or one that contains itself`,
    );
  }
  for (const item of value) checkDepth(item, name, depth + 1);
}

/**
 * Reads nested lists.
 *
 * @param name what the value is called in errors
 * @throws ValueError where lists on one level differ in length, TypeError_ for what is no number
 */
export function parseNested(value: unknown, name = 'the value'): Parsed {
  const shape: number[] = [];
  checkDepth(value, name);
  for (let level = value; Array.isArray(level); level = level[0]) shape.push(level.length);
  const flat: (number | boolean | bigint)[] = [];
  let rank = 0;
  const read = (item: unknown, depth: number): void => {
    if (Array.isArray(item)) {
      if (depth === shape.length || item.length !== shape[depth]) {
        const expected = depth === shape.length ? 'a number' : `a list of ${shape[depth]}`;
        throw new ValueError(
          'ragged',
          `nested lists must be rectangular: at depth ${depth}, expected ${expected}, not a list of ${item.length}`,
        );
      }
      for (let i = 0; i < item.length; i++) read(item[i], depth + 1);
    } else if (typeof item === 'number' || typeof item === 'boolean' || typeof item === 'bigint') {
      if (depth !== shape.length) {
        throw new ValueError(
          'ragged',
          `nested lists must be rectangular: at depth ${depth}, expected a list of ${shape[depth]}, not ${item}`,
        );
      }
      rank = Math.max(rank, typeof item === 'boolean' ? 0 : typeof item === 'bigint' || Number.isInteger(item) ? 1 : 2);
      flat.push(item);
    } else {
      const allowed = 'a tensor, a typed array, or numbers or booleans in nested lists';
      const given = depth === 0 ? show(item) : `a list with ${show(item)}`;
      throw new TypeError_('bad-argument', `${name} must be ${allowed}, not ${given}`);
    }
  };
  read(value, 0);
  checkSize(shape, 'the tensor');
  const kind = flat.length === 0 ? 'float' : (['bool', 'integer', 'float'] as const)[rank];
  return { shape, flat, kind: kind ?? 'float' };
}

/** The dtype a typed array has with us, or null for a kind that has none. */
export function dtypeOfArray(array: ArrayBufferView): DType | null {
  if (array instanceof Float32Array) return 'float32';
  if (array instanceof Float64Array) return 'float64';
  if (array instanceof Int32Array) return 'int32';
  if (array instanceof BigInt64Array) return 'int64';
  if (array instanceof Uint8Array || array instanceof Uint8ClampedArray) return 'uint8';
  return null;
}

/** The elements of a supported typed array, or a TypeError_. */
export function checkTypedArray(value: ArrayBufferView): { readonly array: TypedArray; readonly dtype: DType } {
  const dtype = dtypeOfArray(value);
  if (dtype === null) {
    throw new TypeError_(
      'bad-argument',
      `${value.constructor.name} has no dtype here; use Float32Array, Float64Array, Int32Array, BigInt64Array or Uint8Array`,
    );
  }
  const array = value instanceof Uint8ClampedArray ? new Uint8Array(value) : value;
  return { array: array as TypedArray, dtype };
}

/** Whether a whole value is none of the dtype's; int64's own bounds are no numbers. */
const isOut = (value: number | bigint, dtype: DType, [least, most]: readonly [number, number]): boolean =>
  dtype === 'int64' ? BigInt.asIntN(64, BigInt(value)) !== BigInt(value) : value < least || value > most;

const ranges: { readonly [D in DType]: readonly [number, number] | null } = {
  float32: null,
  float64: null,
  bool: null,
  uint8: [0, 255],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2 ** 63), 2 ** 63],
};

/** Writes JavaScript values as elements of a dtype: fractions are cut off for integers, as the frameworks do. */
export function writeElements(values: ArrayLike<number | boolean | bigint>, out: TypedArray, dtype: DType): void {
  const range = ranges[dtype];
  const isFloats = values instanceof Float32Array || values instanceof Float64Array;
  if (isFloats && range === null && dtype !== 'bool' && !(out instanceof BigInt64Array)) {
    out.set(values);
    return;
  }
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number | boolean | bigint;
    if (dtype === 'bool') out[i] = Number(value) === 0 ? 0 : 1;
    else if (range === null) out[i] = Number(value);
    else if (!Number.isFinite(Number(value))) {
      throw new ValueError('bad-argument', `${value} can't be an element of ${dtype}; use a float dtype`);
    } else if (isOut(typeof value === 'bigint' ? value : Math.trunc(Number(value)), dtype, range)) {
      const bounds = dtype === 'int64' ? '-2^63 to 2^63 - 1' : `${range[0]} to ${range[1]}`;
      throw new RuntimeError('bad-argument', `${value} is out of the range of ${dtype}, ${bounds}`);
    } else if (out instanceof BigInt64Array)
      out[i] = typeof value === 'bigint' ? value : BigInt(Math.trunc(Number(value)));
    else out[i] = Math.trunc(Number(value));
  }
}

/** An element as JavaScript shows it: int64 as a number (or an error beyond 2^53), bool as true or false. */
function element(x: Operand, i: number, bigint: boolean): number | boolean | bigint {
  const value = x.array[i] as number | bigint;
  if (x.dtype === 'bool') return value !== 0;
  if (typeof value === 'number' || bigint) return value;
  const number = Number(value);
  if (!Number.isSafeInteger(number)) {
    throw new RuntimeError(
      'inexact-integer',
      `${value} is beyond 2^53 - 1, up to where JavaScript's numbers are exact; tolist({ bigint: true }) gives bigints`,
    );
  }
  return number;
}

export interface ReadOptions {
  /** true: int64 elements are given as bigints. */
  readonly bigint?: boolean;
}

/** Elements as nested lists; a scalar as itself. */
export function toNested(x: Operand, { bigint = false }: ReadOptions = {}): Nested {
  const strides = stridesOf(x.shape);
  const level = (axis: number, base: number): Nested => {
    if (axis === x.shape.length) return element(x, base, bigint);
    const stride = strides[axis] as number;
    return Array.from({ length: x.shape[axis] as number }, (_, i) => level(axis + 1, base + i * stride));
  };
  return level(0, 0);
}

/** The one element of a tensor of one. */
export function onlyElement(x: Operand, { bigint = false }: ReadOptions = {}): number | boolean | bigint {
  if (sizeOf(x.shape) !== 1) {
    throw new RuntimeError(
      'not-a-scalar',
      `a Tensor with ${sizeOf(x.shape)} elements cannot be converted to Scalar: item() needs exactly one, not shape ${showShape(x.shape)}`,
    );
  }
  return element(x, 0, bigint);
}

/** A dtype's name checked. */
export function checkDType(value: unknown): DType {
  if (typeof value === 'string' && Object.hasOwn(dtypes, value)) return value as DType;
  throw new TypeError_('bad-argument', `dtype must be one of ${Object.keys(dtypes).join(', ')}, not ${show(value)}`);
}
