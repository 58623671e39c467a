/** Functions that make tensors. */

import { showTf } from '../conv/tf.js';
import { signature } from '../door/signature.js';
import { TypeError_, ValueError } from '../errors.js';
import { heap } from '../heap/heap.js';
import { broadcastTo } from '../ops/composite.js';
import { isFloat, type DType as Name } from '../shape/dtype.js';
import { broadcastShapes, checkSize, type Shape, sameShape, sizeOf } from '../shape/shape.js';
import { Buffer } from '../tensor/buffer.js';
import { isForeign } from '../tensor/foreign.js';
import { Tensor as CoreTensor, full, newTensor, op } from '../tensor/tensor.js';
import { arrayStr } from '../text/numpy.js';
import { repr, tuple } from '../text/python.js';
import {
  axisArgument,
  type IntsInput,
  intArgument,
  intsArgument,
  invalid,
  type TensorInput,
  tensorArgument,
} from './arguments.js';
import { type DType, dtypeArgument, dtypeOf, dtypeOr } from './dtype.js';
import { recordedCopy } from './recording.js';
import { printable, Tensor, Value, wrap } from './tensor.js';

/** A dtype, or its name. */
export type DTypeInput = DType | string;

export interface ConstantOptions {
  readonly dtype?: DTypeInput | null;
  readonly shape?: readonly number[] | null;
}

const readConstant = signature('constant', 'value dtype?~ shape?~ name?');

/**
 * tf.constant: a tensor of nested lists, a typed array (which decides the dtype), a number, or another tensor. Plain
 * numbers are float32, booleans bool; `shape` repeats one value, or reshapes.
 *
 * @throws ValueError for ragged or mixed lists, TypeError_ where values don't fit the dtype or the shape
 * @example tf.constant([[1, 2], [3, 4]]).shape // TensorShape([2, 2])
 */
export function constant(value: TensorInput, options?: ConstantOptions): Tensor;
export function constant(value: TensorInput, dtype: DTypeInput | null, options?: { shape?: readonly number[] }): Tensor;
export function constant(...args: unknown[]): Tensor {
  const [value, dtype, shape] = readConstant(args);
  const wanted = dtype === undefined || dtype === null ? null : dtypeArgument(dtype);
  const given = tensorArgument(value, wanted);
  if (wanted !== null && given.dtype !== wanted && value instanceof Value) {
    const text = arrayStr(printable(given));
    const message = `Expected tensor ${text} with dtype ${repr(dtype)}, but got dtype tf.${given.dtype}.`;
    throw new TypeError_('dtype-mismatch', message);
  }
  const typed = op.convert(given, wanted ?? given.dtype);
  if (shape === undefined || shape === null) return wrap(typed, [value]);
  return wrap(shaped(typed, intsArgument(shape, 'Fill')), [value]);
}

function shaped(x: CoreTensor, shape: Shape): CoreTensor {
  if (sameShape(x.shape, shape)) return x;
  if (x.size === sizeOf(shape)) return op.reshape(x, shape);
  if (x.size === 1) return op.broadcast_in_dim(op.reshape(x, []), shape, []);
  throw new TypeError_(
    'shape-mismatch',
    `Eager execution of tf.constant with unsupported shape. Tensor ${repr(x.tolist())} has ${x.size} elements, ` +
      `but got \`shape\` ${tuple(shape)} with ${sizeOf(shape)} elements).`,
  );
}

const readConvert = signature('convert_to_tensor', 'value dtype?~ dtype_hint?~ name?~');

/**
 * tf.convert_to_tensor: a tensor as it is (a variable's value), anything else as tf.constant makes it.
 *
 * @throws ValueError for a tensor of another dtype, which is not converted: tf.cast does that
 */
export function convert_to_tensor(
  value: TensorInput,
  dtype?: DTypeInput | null | { dtype?: DTypeInput | null; dtype_hint?: DTypeInput | null },
): Tensor {
  const [given, dtype_] = readConvert(dtype === undefined ? [value] : [value, dtype]);
  const wanted = dtype_ === undefined || dtype_ === null ? null : dtypeArgument(dtype_);
  const tensor = tensorArgument(given, wanted);
  if (wanted !== null && tensor.dtype !== wanted) {
    throw new ValueError(
      'dtype-mismatch',
      `Tensor conversion requested dtype ${wanted} for Tensor with dtype ${tensor.dtype}: ${repr(given)}`,
    );
  }
  return given instanceof Tensor ? given : wrap(recordedCopy(tensor), [given]);
}

/** Sizes of a tensor to be made. */
function sizes(value: unknown): number[] {
  const shape = intsArgument(value, 'Fill');
  const negative = shape.find((size) => size < 0);
  if (negative !== undefined) throw invalid('Fill', 'size-invalid', `Dimension ${negative} must be >= 0`);
  checkSize(shape, 'the tensor');
  return shape;
}

const readZeros = signature('zeros', 'shape dtype?~ name?~');
const readOnes = signature('ones', 'shape dtype?~ name?~');

/**
 * tf.zeros: a tensor of zeros, float32 without a dtype.
 *
 * @throws InvalidArgumentError for a negative size, TypeError_ for one that is no whole number
 * @example tf.zeros([2, 3], tf.int32)
 */
export function zeros(shape: IntsInput, dtype?: DTypeInput | { dtype?: DTypeInput }): Tensor;
export function zeros(...args: unknown[]): Tensor {
  const [shape, dtype] = readZeros(args);
  return new Tensor(full({ shape: sizes(shape), dtype: dtypeOr(dtype, 'float32') }, 0));
}

/** tf.ones: a tensor of ones, as tf.zeros. */
export function ones(shape: IntsInput, dtype?: DTypeInput | { dtype?: DTypeInput }): Tensor;
export function ones(...args: unknown[]): Tensor {
  const [shape, dtype] = readOnes(args);
  return new Tensor(full({ shape: sizes(shape), dtype: dtypeOr(dtype, 'float32') }, 1));
}

const readZerosLike = signature('zeros_like', 'input dtype?~ name?~ layout?~');
const readOnesLike = signature('ones_like', 'input dtype?~ name?~ layout?~');

/** tf.zeros_like: zeros of the shape of another tensor, and of its dtype unless one is given. */
export function zeros_like(input: TensorInput, dtype?: DTypeInput | { dtype?: DTypeInput }): Tensor;
export function zeros_like(...args: unknown[]): Tensor {
  const [input, dtype] = readZerosLike(args);
  const model = tensorArgument(input);
  return new Tensor(full({ shape: model.shape, dtype: dtypeOr(dtype, model.dtype) }, 0));
}

/** tf.ones_like: ones, as tf.zeros_like. */
export function ones_like(input: TensorInput, dtype?: DTypeInput | { dtype?: DTypeInput }): Tensor;
export function ones_like(...args: unknown[]): Tensor {
  const [input, dtype] = readOnesLike(args);
  const model = tensorArgument(input);
  return new Tensor(full({ shape: model.shape, dtype: dtypeOr(dtype, model.dtype) }, 1));
}

const readFill = signature('fill', 'dims value name?~');

/**
 * tf.fill: a tensor of one value, of the value's dtype: a number is float32.
 *
 * @throws InvalidArgumentError for a negative size or a value that is no scalar
 * @example tf.fill([2], 9).tolist() // [9, 9]
 */
export function fill(dims: IntsInput, value: TensorInput): Tensor;
export function fill(dims: IntsInput, options: { value: TensorInput }): Tensor;
export function fill(...args: unknown[]): Tensor {
  const [dims, value] = readFill(args);
  const given = tensorArgument(value);
  if (given.size !== 1 || given.shape.length > 1) {
    const message = `value must represent a scalar, got shape ${showTf(given.shape)}`;
    throw invalid('Fill', 'rank-mismatch', message);
  }
  return wrap(op.broadcast_in_dim(op.reshape(given, []), sizes(dims), []), [value]);
}

export interface RangeOptions {
  readonly limit?: number | Tensor | null;
  readonly delta?: number | Tensor;
  readonly dtype?: DTypeInput | null;
}

const readRange = signature('range', 'start limit?~ delta? dtype?~ name?');

/** A number, or a tensor of one. */
function scalar(value: unknown, name: string): { readonly value: number; readonly dtype: Name } {
  const { size, dtype, array } = tensorArgument(value);
  if (size !== 1) throw invalid('Range', 'rank-mismatch', `${name} must be a scalar, not of ${size} elements`);
  const x = Number(array[0]);
  const isPlain = !isForeign(value) && !ArrayBuffer.isView(value);
  return { value: x, dtype: isPlain && Number.isInteger(x) ? 'int32' : dtype };
}

/** Of several dtypes, the one that `range` takes. */
const widest = (given: readonly Name[]): Name =>
  (['float64', 'float32', 'int64'] as const).find((dtype) => given.includes(dtype)) ?? 'int32';

/**
 * tf.range: start, start + delta, ... up to, and without, limit; of whole numbers int32, otherwise float32.
 *
 * @throws InvalidArgumentError for delta 0, or where delta leads away from limit
 * @example tf.range(3).tolist() // [0, 1, 2]
 */
export function range(limit: number | Tensor, options?: RangeOptions): Tensor;
export function range(
  start: number | Tensor,
  limit: number | Tensor | null,
  delta?: number | Tensor | RangeOptions,
  dtype?: DTypeInput | RangeOptions,
): Tensor;
export function range(options: RangeOptions & { readonly start: number | Tensor }): Tensor;
export function range(...args: unknown[]): Tensor {
  const [first, second, third = 1, dtype] = readRange(args);
  const isSingle = second === undefined || second === null;
  const bounds = [
    scalar(isSingle ? 0 : first, 'start'),
    scalar(isSingle ? first : second, 'limit'),
    scalar(third, 'delta'),
  ];
  const [start, limit, delta] = bounds.map((bound) => bound.value) as [number, number, number];
  if (![start, limit, delta].every(Number.isFinite)) {
    throw invalid('Range', 'bad-argument', `start, limit and delta must be finite: ${start}, ${limit}, ${delta}`);
  }
  const kind = dtypeOr(dtype, widest(bounds.map((bound) => bound.dtype)));
  const fraction = bounds.find(({ value }) => !isFloat(kind) && !Number.isInteger(value));
  if (fraction !== undefined) {
    throw new TypeError_('dtype-mismatch', `Cannot convert ${fraction.value} to EagerTensor of dtype ${kind}`);
  }
  if (delta === 0) throw invalid('Range', 'bad-argument', `Requires delta != 0: ${delta}`);
  if ((delta > 0 && start > limit) || (delta < 0 && start < limit)) {
    const [sign, order] = delta > 0 ? ['>', '<='] : ['<', '>='];
    const message = `Requires start ${order} limit when delta ${sign} 0: ${start}/${limit}`;
    throw invalid('Range', 'bad-argument', message);
  }
  return new Tensor(counted(start, limit, delta, kind));
}

/** TensorFlow adds delta again and again, in the arithmetic of the dtype. */
function counted(start: number, limit: number, delta: number, dtype: Name): CoreTensor {
  const round = (x: number): number => (dtype === 'float32' ? Math.fround(x) : x);
  const size = Math.ceil(Math.abs((round(limit) - round(start)) / round(delta)));
  let next = round(start);
  return written([size], dtype, () => {
    const value = next;
    next = round(value + round(delta));
    return value;
  });
}

/** A tensor whose elements a function gives, in order. */
function written(shape: Shape, dtype: Name, elementAt: (i: number) => number): CoreTensor {
  checkSize(shape, 'the tensor');
  const array = heap.allocate(dtype, sizeOf(shape));
  for (let i = 0; i < array.length; i++) {
    if (array instanceof BigInt64Array) array[i] = BigInt(elementAt(i));
    else array[i] = elementAt(i);
  }
  return new CoreTensor(shape, dtype, new Buffer(array));
}

const readLinspace = signature('linspace', 'start stop num name?~ axis?');

/**
 * tf.linspace: `num` numbers from start to stop, both included, along a new axis (the first); of integers, float64.
 *
 * @throws InvalidArgumentError for a negative num, TypeError_ for one that is no whole number
 * @example tf.linspace(0, 1, 3).tolist() // [0, 0.5, 1]
 */
export function linspace(
  start: TensorInput,
  stop: TensorInput,
  num: number | { num: number; axis?: number },
  name?: string | null | { axis?: number },
  axis?: number,
): Tensor;
export function linspace(...args: unknown[]): Tensor {
  const [first, last, num, , axis] = readLinspace(args);
  const given = tensorArgument(first);
  const end = tensorArgument(last, given.dtype);
  if (end.dtype !== given.dtype) {
    throw new ValueError(
      'dtype-mismatch',
      `stop: Tensor conversion requested dtype ${given.dtype} for Tensor with dtype ${end.dtype}: ${repr(last)}`,
    );
  }
  const count = intArgument(num, 'num');
  if (count < 0) {
    throw invalid('Range', 'size-invalid', `Requires start <= limit when delta > 0: 1/${count}`);
  }
  const dtype = isFloat(given.dtype) ? given.dtype : 'float64';
  const shape = broadcastShapes(given.shape, end.shape);
  if (shape === null) {
    const message = `Incompatible shapes: ${showTf(given.shape)} vs. ${showTf(end.shape)}`;
    throw invalid('BroadcastArgs', 'shape-mismatch', message);
  }
  const rank = shape.length + 1;
  const at = axis === undefined ? 0 : intArgument(axis, 'axis');
  const along = axisArgument(at, rank, () =>
    invalid(
      'ExpandDims',
      'axis-out-of-range',
      `Tried to expand dim index ${at} for tensor with ${rank - 1} dimensions.`,
    ),
  );
  const wide = [...shape.slice(0, along), count, ...shape.slice(along)];
  const spread = (x: CoreTensor): CoreTensor => {
    const whole = broadcastTo(op, op.convert(x, dtype), shape);
    return op.broadcast_in_dim(
      whole,
      wide,
      shape.map((_, i) => (i < along ? i : i + 1)),
    );
  };
  const [from, to] = [spread(given), spread(end)];
  const steps = op.broadcast_in_dim(
    written([count], dtype, (i) => i),
    wide,
    [along],
  );
  const delta = op.divide(op.subtract(to, from), op.full(to, Math.max(count - 1, 1)));
  const isLast = op.compare(steps, op.full(steps, Math.max(count - 1, 1)), 'EQ');
  return wrap(op.select(isLast, to, op.add(from, op.multiply(delta, steps))), [first, last]);
}

const readEye = signature('eye', 'num_rows num_columns?~ batch_shape?~ dtype?~ name?~');

export interface EyeOptions {
  readonly num_columns?: number | null;
  /** Sizes in front: as many copies of the matrix. */
  readonly batch_shape?: readonly number[] | null;
  readonly dtype?: DTypeInput;
}

/** tf.eye: ones on the diagonal of a matrix, zeros elsewhere. */
export function eye(
  num_rows: number,
  num_columns?: number | null | EyeOptions,
  batch_shape?: readonly number[] | null | Omit<EyeOptions, 'num_columns'>,
  dtype?: DTypeInput | Pick<EyeOptions, 'dtype'>,
): Tensor;
export function eye(...args: unknown[]): Tensor {
  const [rows, columns, batch, dtype] = readEye(args);
  const m = intArgument(rows, 'num_rows');
  const n = columns === undefined || columns === null ? m : intArgument(columns, 'num_columns');
  const lead = batch === undefined || batch === null ? [] : intsArgument(batch, 'BroadcastTo');
  const negative = [...lead, Math.min(m, n)].find((size) => size < 0);
  if (negative !== undefined) throw invalid('Fill', 'size-invalid', `Dimension ${negative} must be >= 0`);
  const matrix = written([m, n], dtypeOr(dtype, 'float32'), (i) => (i % (n + 1) === 0 && i < n * n ? 1 : 0));
  return new Tensor(
    lead.length === 0 ? matrix : op.broadcast_in_dim(matrix, [...lead, m, n], [lead.length, lead.length + 1]),
  );
}

const readShape = signature('shape', 'input out_type?~ name?~');

/**
 * tf.shape: the sizes of a tensor, as an int32 tensor.
 *
 * @example tf.shape(tf.zeros([2, 3])).tolist() // [2, 3]
 */
export function shape(input: TensorInput, out_type?: DTypeInput | { out_type?: DTypeInput }): Tensor;
export function shape(...args: unknown[]): Tensor {
  const [input, outType] = readShape(args);
  const sizes = tensorArgument(input).shape;
  return new Tensor(newTensor(sizes, [sizes.length], dtypeOr(outType, 'int32')));
}

const readSize = signature('size', 'input out_type?~ name?~');
const readRank = signature('rank', 'input name?~');

/** tf.size: the number of elements, as an int32 tensor. */
export function size(input: TensorInput, out_type?: DTypeInput | { out_type?: DTypeInput }): Tensor;
export function size(...args: unknown[]): Tensor {
  const [input, outType] = readSize(args);
  return new Tensor(newTensor([tensorArgument(input).size], [], dtypeOr(outType, 'int32')));
}

/** tf.rank: the number of axes, as an int32 tensor. */
export function rank(input: TensorInput): Tensor;
export function rank(...args: unknown[]): Tensor {
  const [input] = readRank(args);
  return new Tensor(newTensor([tensorArgument(input).shape.length], [], 'int32'));
}

/** tf.is_tensor: whether a value is a tensor or a variable of TensorFlow's. */
export const is_tensor = (value: unknown): boolean => value instanceof Value;

/** tf.as_dtype: the dtype of a name. */
export const as_dtype = (value: DTypeInput): DType => dtypeOf[dtypeArgument(value)];
