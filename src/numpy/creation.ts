/** NumPy's functions that make arrays. */

import { flag, isKeywords, signature } from '../door/signature.js';
import { placeOf } from '../door/storage.js';
import { NotImplementedError, TypeError_, ValueError, ZeroDivisionError } from '../errors.js';
import { broadcastTo } from '../ops/composite.js';
import { type DType, isFloat } from '../shape/dtype.js';
import { broadcastShapes, checkSize, type Shape, sameShape } from '../shape/shape.js';
import { isForeign } from '../tensor/foreign.js';
import { newTensor, op, type Tensor } from '../tensor/tensor.js';
import { Tuple } from '../text/python.js';
import { integer, integerOr, type ShapeInput, shapeOf } from './axes.js';
import { type DTypeLike, dtypeOr } from './dtype.js';
import { type ArrayInput, dtypeOfNumber, showTuple, toTensor } from './input.js';
import { Memory } from './memory.js';
import { generic, ndarray } from './ndarray.js';
import { numberOf } from './operands.js';

interface WithDType {
  /** The elements' type: `np.float32` or its name. */
  readonly dtype?: DTypeLike | null;
}

const optionalDType = 'dtype?~';

const readArray = signature('array', `object ${optionalDType} copy=~ ndmin=`);

/**
 * np.array: an array of anything array-like. Whole numbers make int64, others float64, a typed array its own dtype.
 *
 * @param object nested lists, a number, a typed array, an array of any door, or lists of these
 * @throws ValueError for lists of different lengths, TypeError_ for what is no number, OverflowError for a whole number
 * that the dtype can't hold
 * @example array([[1, 2], [3, 4]]).shape // (2, 2)
 */
export function array(object: ArrayInput, dtype?: DTypeLike | null): ndarray;
export function array(
  object: ArrayInput,
  keywords: WithDType & { readonly copy?: boolean | null; readonly ndmin?: number },
): ndarray;
export function array(...args: unknown[]): ndarray {
  const [object, dtype, , ndmin] = readArray(args);
  const value = toTensor(object as ArrayInput, dtypeOr(dtype, undefined));
  const missing = Math.max(0, integerOr(ndmin, 'ndmin', 0) - value.shape.length);
  return new ndarray(op.reshape(value, [...new Array<number>(missing).fill(1), ...value.shape]));
}

const readAsArray = signature('asarray', `a ${optionalDType} copy=~`);

/**
 * np.asarray: as `array`, but an array that is one already is given back itself.
 *
 * @example asarray([1.5]).dtype // float64
 */
export function asarray(a: ArrayInput, dtype?: DTypeLike | null): ndarray;
export function asarray(a: ArrayInput, keywords: WithDType): ndarray;
export function asarray(...args: unknown[]): ndarray {
  const [a, dtype] = readAsArray(args);
  const type = dtypeOr(dtype, undefined);
  const isDone = a instanceof ndarray && (type === undefined || type === a.dtype.name);
  if (isDone) return a;
  const place = placeOf(a);
  if (place !== null && (type === undefined || type === place.storage.value.dtype))
    return new ndarray(Memory.over(place));
  return new ndarray(toTensor(a as ArrayInput, type));
}

/** An array of one number, repeated. */
const filled = (shape: unknown, dtype: DType, value: number): ndarray =>
  new ndarray(op.full({ shape: shapeOf(shape), dtype }, value));

const readZeros = signature('zeros', `shape ${optionalDType}`);
const readOnes = signature('ones', `shape ${optionalDType}`);

/**
 * np.zeros: zeros, float64 unless a dtype is given.
 *
 * @throws ValueError for a negative size, TypeError_ for one that is not whole
 * @example zeros([2, 3]).sum().item() // 0
 */
export function zeros(shape: ShapeInput, dtype?: DTypeLike | null): ndarray;
export function zeros(shape: ShapeInput, keywords: WithDType): ndarray;
export function zeros(...args: unknown[]): ndarray {
  const [shape, dtype] = readZeros(args);
  return filled(shape, dtypeOr(dtype, 'float64'), 0);
}

/**
 * np.ones: ones, float64 unless a dtype is given.
 *
 * @throws as `zeros`
 * @example ones(2).tolist() // [1, 1]
 */
export function ones(shape: ShapeInput, dtype?: DTypeLike | null): ndarray;
export function ones(shape: ShapeInput, keywords: WithDType): ndarray;
export function ones(...args: unknown[]): ndarray {
  const [shape, dtype] = readOnes(args);
  return filled(shape, dtypeOr(dtype, 'float64'), 1);
}

/** A value repeated over a whole array. */
function spread(value: Tensor, shape: Shape): Tensor {
  const common = broadcastShapes(value.shape, shape);
  if (common === null || !sameShape(common, shape)) {
    const shapes = `shape ${showTuple(value.shape)} into shape ${showTuple(shape)}`;
    throw new ValueError('shape-mismatch', `could not broadcast input array from ${shapes}`);
  }
  return broadcastTo(op, value, shape);
}

const readFull = signature('full', `shape fill_value ${optionalDType}`);

/**
 * np.full: one value, or one that broadcasts, in the value's own dtype unless another is given.
 *
 * @throws ValueError where the value doesn't broadcast to the shape
 * @example full([2], 7).tolist() // [7, 7]
 */
export function full(shape: ShapeInput, fill_value: ArrayInput, dtype?: DTypeLike | null): ndarray;
export function full(shape: ShapeInput, fill_value: ArrayInput, keywords: WithDType): ndarray;
export function full(...args: unknown[]): ndarray {
  const [shape, value, dtype] = readFull(args);
  return new ndarray(spread(toTensor(value as ArrayInput, dtypeOr(dtype, undefined)), shapeOf(shape)));
}

interface LikeKeywords extends WithDType {
  /** Another shape than a's. */
  readonly shape?: ShapeInput | null;
}

/** Shape and dtype of an array, unless others are given. */
function like(a: unknown, dtype: unknown, shape: unknown): { shape: readonly number[]; dtype: DType } {
  const model = toTensor(a as ArrayInput);
  const given = shape === undefined || shape === null ? model.shape : shapeOf(shape);
  return { shape: given, dtype: dtypeOr(dtype, model.dtype) };
}

const readZerosLike = signature('zeros_like', `a ${optionalDType} shape=~`);
const readOnesLike = signature('ones_like', `a ${optionalDType} shape=~`);
const readFullLike = signature('full_like', `a fill_value ${optionalDType} shape=~`);

/**
 * np.zeros_like: zeros of the shape and dtype of `a`.
 *
 * @example zeros_like([1, 2]).tolist() // [0, 0]
 */
export function zeros_like(a: ArrayInput, dtype?: DTypeLike | null): ndarray;
export function zeros_like(a: ArrayInput, keywords: LikeKeywords): ndarray;
export function zeros_like(...args: unknown[]): ndarray {
  const [a, dtype, shape] = readZerosLike(args);
  return new ndarray(op.full(like(a, dtype, shape), 0));
}

/**
 * np.ones_like: ones of the shape and dtype of `a`.
 *
 * @example ones_like([1, 2]).tolist() // [1, 1]
 */
export function ones_like(a: ArrayInput, dtype?: DTypeLike | null): ndarray;
export function ones_like(a: ArrayInput, keywords: LikeKeywords): ndarray;
export function ones_like(...args: unknown[]): ndarray {
  const [a, dtype, shape] = readOnesLike(args);
  return new ndarray(op.full(like(a, dtype, shape), 1));
}

/**
 * np.full_like: one value, in the shape and dtype of `a`.
 *
 * @example full_like([1, 2], 7).tolist() // [7, 7]
 */
export function full_like(a: ArrayInput, fill_value: ArrayInput, dtype?: DTypeLike | null): ndarray;
export function full_like(a: ArrayInput, fill_value: ArrayInput, keywords: LikeKeywords): ndarray;
export function full_like(...args: unknown[]): ndarray {
  const [a, value, dtype, shape] = readFullLike(args);
  const type = like(a, dtype, shape);
  return new ndarray(spread(op.convert(toTensor(value as ArrayInput), type.dtype), type.shape));
}

/** Whole numbers stay integers where all are. */
function rangeType(values: readonly unknown[]): DType {
  const isInteger = (value: unknown): boolean =>
    isForeign(value) ? !isFloat(value.toCore().dtype) : typeof value !== 'number' || dtypeOfNumber(value) === 'int64';
  return values.every(isInteger) ? 'int64' : 'float64';
}

const readArange = signature('arange', `start?~ stop?~ step?~ ${optionalDType}`);

const itself = (x: number): number => x;

/** A number as an element of a dtype, in arange. */
const asElement: { readonly [D in DType]: (x: number) => number } = {
  float64: itself,
  float32: Math.fround,
  int32: Math.trunc,
  int64: Math.trunc,
  uint8: Math.trunc,
  bool: itself,
};

/**
 * np.arange: numbers from start (default 0) up to, and not with, stop. int64 where all are whole numbers.
 *
 * @throws TypeError_ without a stop, ZeroDivisionError for a step of 0
 * @example arange(1, 7, 2).tolist() // [1, 3, 5]
 */
export function arange(stop: number, keywords?: WithDType): ndarray;
export function arange(start: number, stop: number | null, keywords?: WithDType & { readonly step?: number }): ndarray;
export function arange(start: number, stop: number | null, step?: number | null, dtype?: DTypeLike | null): ndarray;
export function arange(start: number, stop: number | null, step: number, keywords: WithDType): ndarray;
export function arange(
  keywords: WithDType & { readonly start?: number | null; readonly stop: number; readonly step?: number | null },
): ndarray;
export function arange(...args: unknown[]): ndarray {
  const [first, second, step, dtype] = readArange(args);
  // One positional number is the stop.
  const isStop = (second === undefined || second === null) && !isKeywords(args[0]);
  const [start, stop] = isStop ? [0, first] : [first ?? 0, second];
  if (stop === undefined || stop === null) {
    throw new TypeError_('missing-argument', 'arange() requires stop to be specified.');
  }
  const given = [start, stop, step ?? 1];
  const [from, to, by] = [numberOf(start, 'start'), numberOf(stop, 'stop'), numberOf(step ?? 1, 'step')];
  const type = dtypeOr(dtype, rangeType(given));
  if (by === 0) throw new ZeroDivisionError('bad-argument', 'division by zero: the step of arange must not be 0');
  const length = Math.max(0, Math.ceil((to - from) / by));
  if (!Number.isFinite(length)) throw new ValueError('too-large', 'arange: cannot compute length');
  checkSize([length], 'arange');
  // As NumPy fills: by the difference of the first two elements, which rounding may make other than the step.
  const fits = asElement[type];
  const delta = fits(fits(from + by) - fits(from));
  const values = Float64Array.from({ length }, (_, i) => fits(from) + i * delta);
  return new ndarray(op.convert(newTensor(values, [length], rangeType(given)), type));
}

const readLinspace = signature('linspace', 'start stop num? endpoint? retstep? dtype?~ axis?');

interface LinspaceKeywords extends WithDType {
  readonly num?: number;
  /** false: stop itself is not among the numbers. */
  readonly endpoint?: boolean;
}

/**
 * np.linspace: `num` numbers at equal distances from start to stop. With `retstep`, a pair of these and the distance.
 *
 * @throws ValueError for a negative num
 * @example linspace(0, 1, 3).tolist() // [0, 0.5, 1]
 */
export function linspace(
  start: number,
  stop: number,
  num?: number,
  endpoint?: boolean,
  retstep?: false,
  dtype?: DTypeLike | null,
): ndarray;
export function linspace(
  start: number,
  stop: number,
  keywords: LinspaceKeywords & { readonly retstep: true },
): Tuple<ndarray>;
export function linspace(
  start: number,
  stop: number,
  num: number,
  keywords: Omit<LinspaceKeywords, 'num'> & { readonly retstep: true },
): Tuple<ndarray>;
export function linspace(start: number, stop: number, keywords: LinspaceKeywords): ndarray;
export function linspace(start: number, stop: number, num: number, keywords: Omit<LinspaceKeywords, 'num'>): ndarray;
export function linspace(...args: unknown[]): ndarray | Tuple<ndarray> {
  const [start, stop, num, endpoint, retstep, dtype, axis] = readLinspace(args);
  if (integerOr(axis, 'axis', 0) !== 0) throw new NotImplementedError('not-implemented', 'linspace: axis must be 0');
  const [from, to] = [numberOf(start, 'start'), numberOf(stop, 'stop')];
  const count = integerOr(num, 'num', 50);
  if (count < 0) throw new ValueError('size-invalid', `Number of samples, ${count}, must be non-negative.`);
  checkSize([count], 'linspace');
  const hasEnd = flag(endpoint, 'endpoint', true);
  const gaps = hasEnd ? count - 1 : count;
  const step = gaps > 0 ? (to - from) / gaps : Number.NaN;
  const values = Float64Array.from({ length: count }, (_, i) => (gaps > 0 ? i * step : 0) + from);
  if (hasEnd && count > 1) values[count - 1] = to;
  const type = dtypeOr(dtype, 'float64');
  // NumPy rounds down, not towards zero, before it converts to integers.
  const whole = isFloat(type) ? values : values.map(Math.floor);
  const samples = new ndarray(op.convert(newTensor(whole, [count], 'float64'), type));
  if (!flag(retstep, 'retstep', false)) return samples;
  return Tuple.from<ndarray>([samples, new generic(newTensor([step], [], 'float64'))]) as Tuple<ndarray>;
}

const readEye = signature('eye', `N M?~ k? ${optionalDType}`);

/**
 * np.eye: ones on the k-th diagonal (0: the main one, above it positive), zeros elsewhere; N rows, M columns.
 *
 * @throws ValueError for a negative size
 * @example eye(2).tolist() // [[1, 0], [0, 1]]
 */
export function eye(N: number, M?: number | null, k?: number, dtype?: DTypeLike | null): ndarray;
export function eye(N: number, keywords: WithDType & { readonly M?: number | null; readonly k?: number }): ndarray;
export function eye(N: number, M: number | null, keywords: WithDType & { readonly k?: number }): ndarray;
export function eye(...args: unknown[]): ndarray {
  const [N, M, k, dtype] = readEye(args);
  const shape = shapeOf([N, M ?? N]);
  const [rows, columns] = shape as [number, number];
  const diagonal = integerOr(k, 'k', 0);
  const value: Tensor = newTensor(
    Uint8Array.from({ length: rows * columns }, (_, i) => Number((i % columns) - Math.floor(i / columns) === diagonal)),
    shape,
    'uint8',
  );
  return new ndarray(op.convert(value, dtypeOr(dtype, 'float64')));
}

/** np.identity: `eye` of n rows and columns. */
export const identity = (n: number, dtype: DTypeLike = 'float64'): ndarray => eye(integer(n, 'n'), null, 0, dtype);
