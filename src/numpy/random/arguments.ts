/** What the distributions have in common: sizes, parameters that broadcast, and whole numbers between bounds. */

import { OverflowError, TypeError_, ValueError } from '../../errors.js';
import { broadcastTo } from '../../ops/composite.js';
import { drawOf, type IntegerDType } from '../../random/bounded.js';
import type { Words } from '../../random/words.js';
import { type DType, isFloat, makeArray } from '../../shape/dtype.js';
import { broadcastShapes, type Shape, sameShape, sizeOf } from '../../shape/shape.js';
import { newTensor, op, type Tensor } from '../../tensor/tensor.js';
import { tuple } from '../../text/python.js';
import { type ShapeInput, shapeOf } from '../axes.js';
import { readDType } from '../dtype.js';
import { type ArrayInput, toTensor } from '../input.js';
import { ndarray, result } from '../ndarray.js';

/** Of size null (or left out) a number, else an array of that shape. */
export interface Sized {
  readonly size?: ShapeInput | null;
}

/** What a distribution gives: a number where size and parameters are single, else an array. */
export type Sample = number | ndarray;

export const sizeOrNull = (size: unknown): Shape | null => (size === undefined || size === null ? null : shapeOf(size));

/** Numbers drawn one by one. */
export function filled(draw: () => number, size: unknown, dtype: DType = 'float64'): Sample {
  const shape = sizeOrNull(size);
  if (shape === null) return draw();
  const values = makeArray[dtype](sizeOf(shape)) as Float64Array;
  for (let i = 0; i < values.length; i++) values[i] = draw();
  return new ndarray(newTensor(values, shape, dtype));
}

/** One of the two floating dtypes, float64 by default. */
export function floatType(dtype: unknown, name: string): 'float32' | 'float64' {
  const type = dtype === undefined ? 'float64' : readDType(dtype);
  if (type === 'float32' || type === 'float64') return type;
  throw new TypeError_('dtype-mismatch', `Unsupported dtype dtype('${type}') for ${name}`);
}

/** The shape that a size and the shapes of parameters give together. */
function commonShape(size: Shape | null, shapes: readonly Shape[]): Shape {
  let common: Shape = [];
  for (const [i, shape] of shapes.entries()) {
    const next = broadcastShapes(common, shape);
    if (next === null) throw mismatch(i - 1, common, i, shape);
    common = next;
  }
  if (size === null) return common;
  const both = broadcastShapes(size, common);
  if (both === null) throw mismatch(0, size, 1, common);
  if (sameShape(both, size)) return size;
  throw new ValueError(
    'shape-mismatch',
    `Output size ${tuple(size)} is not compatible with broadcast dimensions of inputs ${tuple(common)}.`,
  );
}

const mismatch = (i: number, a: Shape, j: number, b: Shape): ValueError =>
  new ValueError(
    'shape-mismatch',
    'shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between ' +
      `arg ${i} with shape ${tuple(a)} and arg ${j} with shape ${tuple(b)}.`,
  );

/** A float64 tensor's elements, repeated to a shape. */
const elementsOf = (x: Tensor, shape: Shape): Float64Array => broadcastTo(op, x.plain, shape).array as Float64Array;

/** A parameter of a distribution: what was given, and what is refused, in NumPy's words. */
export interface Parameter {
  readonly value: unknown;
  readonly check?: (value: number) => string | null;
}

/** Numbers of a distribution of two parameters, which broadcast. */
export function distributed(
  draw: (a: number, b: number) => number,
  parameters: readonly [Parameter, Parameter],
  size: unknown,
): Sample {
  const tensors = parameters.map(({ value }) => op.convert(toTensor(value as ArrayInput), 'float64').plain);
  const shape = sizeOrNull(size);
  tensors.forEach((tensor, i) => {
    const { check } = parameters[i] as Parameter;
    for (const value of tensor.array) {
      const fault = check?.(Number(value)) ?? null;
      if (fault !== null) throw new ValueError('bad-argument', fault);
    }
  });
  const [a, b] = tensors as [Tensor, Tensor];
  if (a.shape.length === 0 && b.shape.length === 0) {
    const [first, second] = [Number(a.array[0]), Number(b.array[0])];
    return filled(() => draw(first, second), size);
  }
  const common = commonShape(shape, [a.shape, b.shape]);
  const [as, bs] = [elementsOf(a, common), elementsOf(b, common)];
  const values = new Float64Array(as.length);
  for (let i = 0; i < values.length; i++) values[i] = draw(as[i] as number, bs[i] as number);
  return result(newTensor(values, common, 'float64'));
}

export const notNegative =
  (name: string) =>
  (value: number): string | null =>
    value < 0 || Object.is(value, -0) ? `${name} < 0` : null;

/** high - low, which must be finite. */
export function checkRange(low: unknown, high: unknown, fault = 'high - low range exceeds valid bounds'): void {
  const bounds = [low, high].map((value) => toTensor(value as ArrayInput, 'float64'));
  if (bounds.every(({ array }) => Array.from<number | bigint, number>(array, Number).every(Number.isFinite))) return;
  throw new OverflowError('bad-argument', fault);
}

const bounds: { readonly [D in IntegerDType]: readonly [bigint, bigint] } = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint8: [0n, 255n],
  bool: [0n, 1n],
};

function integerType(dtype: unknown, name: string): IntegerDType {
  const type = dtype === undefined ? 'int64' : readDType(dtype);
  if (!isFloat(type)) return type as IntegerDType;
  throw new TypeError_('dtype-mismatch', `Unsupported dtype dtype('${type}') for ${name}`);
}

/** Bounds as bigints: fractions are cut off, as NumPy does. */
function bigints(value: unknown): { readonly values: bigint[]; readonly shape: Shape } {
  if (typeof value === 'bigint') return { values: [value], shape: [] };
  const { array, shape } = toTensor(value as ArrayInput);
  const whole = (x: number | bigint): bigint => {
    if (typeof x === 'bigint') return x;
    if (Number.isFinite(x)) return BigInt(Math.trunc(x));
    throw new OverflowError('bad-argument', `cannot convert float ${Number.isNaN(x) ? 'NaN' : 'infinity'} to integer`);
  };
  return { values: Array.from<number | bigint, bigint>(array, whole), shape };
}

export interface IntegerArguments {
  readonly name: 'integers' | 'randint';
  readonly low: unknown;
  readonly high: unknown;
  readonly size: unknown;
  readonly dtype: unknown;
  /** true: high is one of the numbers. */
  readonly endpoint: boolean;
  /** true: by masking and rejection, as the legacy generator. */
  readonly isMasked: boolean;
}

/** Whole numbers from low up to, and not with, high; of one bound, from 0. */
export function integers(words: Words, given: IntegerArguments): Tensor {
  const { name, endpoint, isMasked } = given;
  const dtype = integerType(given.dtype, name);
  const isOne = given.high === undefined || given.high === null;
  const low = bigints(isOne ? 0 : given.low);
  const high = bigints(isOne ? given.low : given.high);
  const size = sizeOrNull(given.size);
  const [least, greatest] = bounds[dtype];
  const last = high.values.map((value) => (endpoint ? value : value - 1n));
  const check = (bad: boolean, message: string): void => {
    if (bad) throw new ValueError('bad-argument', message);
  };
  check(
    low.values.some((value) => value < least),
    `low is out of bounds for ${dtype}`,
  );
  check(
    last.some((value) => value > greatest),
    `high is out of bounds for ${dtype}`,
  );
  const shape = commonShape(size, [low.shape, high.shape]);
  const at = <T>(list: { readonly shape: Shape }, values: readonly T[]): ((i: number) => T) => {
    if (values.length === 1) return () => values[0] as T;
    const positions = elementsOf(newTensor(Float64Array.from(values.keys()), list.shape, 'float64'), shape);
    return (i) => values[positions[i] as number] as T;
  };
  const [lowAt, lastAt] = [at(low, low.values), at(high, last)];
  const count = sizeOf(shape);
  const isSingle = low.shape.length === 0 && high.shape.length === 0;
  const empty = endpoint ? 'low > high' : isSingle && isOne ? 'high <= 0' : 'low >= high';
  for (let i = 0; i < (isSingle ? 1 : count); i++) check(lowAt(i) > lastAt(i), empty);
  return drawn(words, { dtype, isMasked, shape, lowAt, lastAt });
}

interface Drawn {
  readonly dtype: IntegerDType;
  readonly isMasked: boolean;
  readonly shape: Shape;
  readonly lowAt: (i: number) => bigint;
  readonly lastAt: (i: number) => bigint;
}

function drawn(words: Words, { dtype, isMasked, shape, lowAt, lastAt }: Drawn): Tensor {
  const draw = drawOf(words, dtype, isMasked);
  const values = makeArray[dtype](sizeOf(shape));
  for (let i = 0; i < values.length; i++) {
    const low = lowAt(i);
    const range = lastAt(i) - low;
    const value = draw(range > 2n ** 32n - 1n ? range : Number(range));
    if (values instanceof BigInt64Array) values[i] = BigInt.asIntN(64, low + BigInt(value));
    else values[i] = Number(low) + Number(value);
  }
  return newTensor(values, shape, dtype);
}
