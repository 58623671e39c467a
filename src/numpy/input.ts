/** From what a caller gives to core tensors, by NumPy's rules; and NumPy's words for shapes. */

import { OverflowError, RuntimeError, ValueError } from '../errors.js';
import type { DType } from '../shape/dtype.js';
import { promoteNumpy } from '../shape/promotion.js';
import type { Shape } from '../shape/shape.js';
import { type Foreign, isForeign } from '../tensor/foreign.js';
import { newTensor, op, type Tensor } from '../tensor/tensor.js';
import { checkDepth, checkTypedArray, parseNested } from '../tensor/values.js';
import { tuple } from '../text/python.js';

/** What NumPy calls array_like: an array of any door, a typed array, a number, or lists of these as deep as you like. */
export type ArrayInput = Foreign | ArrayBufferView | number | boolean | bigint | readonly ArrayInput[];

/** A shape as NumPy's errors show it: `(2,3)`. */
export const showTuple = (shape: Shape): string => tuple(shape).replaceAll(' ', '');

const ends: { readonly [D in DType]: readonly [least: number, greatest: number | bigint] | null } = {
  float32: null,
  float64: null,
  bool: null,
  uint8: [0, 255],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2 ** 63), 2n ** 63n - 1n],
};

/** Whether a dtype holds a number; the floating ones and bool take any. */
export function holds(dtype: DType, value: number | boolean | bigint): boolean {
  const range = ends[dtype];
  if (range === null || typeof value === 'boolean' || !Number.isFinite(Number(value))) return true;
  return value >= range[0] && value <= range[1];
}

/** A tensor of JavaScript's numbers, each of which the dtype must hold. */
export function fromNumbers(values: readonly (number | boolean | bigint)[], shape: Shape, dtype: DType): Tensor {
  const misfit = values.find((value) => !holds(dtype, value));
  if (misfit !== undefined) {
    throw new OverflowError('bad-argument', `Python integer ${misfit} out of bounds for ${dtype}`);
  }
  return newTensor(values, shape, dtype);
}

/**
 * Whole numbers are int64, others float64. Past 2^53 a number stands for a range of whole numbers: it is a float, like
 * infinities; a bigint is an integer of any size.
 */
export function dtypeOfNumber(value: number | boolean | bigint): DType {
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'bigint' || Number.isSafeInteger(value) ? 'int64' : 'float64';
}

/**
 * A core tensor, recorded where it comes from a recorded array.
 *
 * @throws ValueError for lists of different lengths, TypeError_ for what is no number, OverflowError for a whole number
 * that the given dtype can't hold, RuntimeError for a PyTorch tensor that requires a gradient
 */
export function toTensor(value: ArrayInput, dtype?: DType): Tensor {
  if (isForeign(value)) {
    checkDetached(value);
    const core = value.toCore();
    return op.convert(core, dtype ?? core.dtype);
  }
  if (ArrayBuffer.isView(value)) {
    const given = checkTypedArray(value);
    const flat = newTensor(given.array, [given.array.length], given.dtype);
    return op.convert(flat, dtype ?? given.dtype);
  }
  checkDepth(value);
  checkRegular(value);
  if (Array.isArray(value) && hasArrays(value)) {
    const stacked = stack(value.map((item) => toTensor(item)));
    return op.convert(stacked, dtype ?? stacked.dtype);
  }
  const { flat, shape } = parseNested(value);
  const kinds = new Set(flat.map(dtypeOfNumber));
  const [first = 'float64', ...others] = kinds;
  return fromNumbers(flat, shape, dtype ?? others.reduce(promoteNumpy, first));
}

/** PyTorch's tensors refuse to become arrays while a gradient may be asked of them. */
function checkDetached(value: Foreign): void {
  if (!('requires_grad' in value) || value.requires_grad !== true) return;
  throw new RuntimeError(
    'not-differentiable',
    "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.",
  );
}

const hasArrays = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(hasArrays) : isForeign(value) || ArrayBuffer.isView(value);

/** Tensors of one shape along a new first axis. */
function stack(items: readonly Tensor[]): Tensor {
  const dtype = items.map((item) => item.dtype).reduce(promoteNumpy);
  const rows = items.map((item) => op.reshape(op.convert(item, dtype), [1, ...item.shape]));
  return op.concatenate(rows, 0);
}

/** The shape of nested lists as far as they are regular. */
interface Detected {
  readonly shape: Shape;
  readonly isRagged: boolean;
}

const SCALAR: Detected = { shape: [], isRagged: false };

/** Lists of one level must be of one length; arrays in them count as lists. */
function detect(value: unknown): Detected {
  if (isForeign(value)) return { shape: value.toCore().shape, isRagged: false };
  if (ArrayBuffer.isView(value)) return { shape: [checkTypedArray(value).array.length], isRagged: false };
  if (!Array.isArray(value)) return SCALAR;
  const items = value.map(detect);
  const first = items[0]?.shape ?? [];
  const differs = first.findIndex((size, axis) => items.some(({ shape }) => shape[axis] !== size));
  const common = differs < 0 ? first : first.slice(0, differs);
  const isRagged = items.some((item) => item.isRagged || item.shape.length > common.length);
  return { shape: [value.length, ...common], isRagged };
}

function checkRegular(value: unknown): void {
  const { shape, isRagged } = detect(value);
  if (!isRagged) return;
  throw new ValueError(
    'ragged',
    'setting an array element with a sequence. The requested array has an inhomogeneous shape after ' +
      `${shape.length} dimensions. The detected shape was ${tuple(shape)} + inhomogeneous part.`,
  );
}
