/** NumPy's functions of diagonals and triangles. */

import { signature } from '../door/signature.js';
import { IndexError, ValueError } from '../errors.js';
import type { DType } from '../shape/dtype.js';
import { checkSize, stridesOf } from '../shape/shape.js';
import { newTensor, op, type Tensor } from '../tensor/tensor.js';
import { axesOf, axisOf, integer, integerOr } from './axes.js';
import { type DTypeLike, dtypeOr } from './dtype.js';
import { type ArrayInput, toTensor } from './input.js';
import { asndarray, type ndarray, result } from './ndarray.js';
import * as reduce from './reduce.js';
import { gathered } from './take.js';

const readDiagonal = signature('diagonal', 'a offset? axis1? axis2?');

/**
 * np.diagonal: the cells [i, i + offset] of two axes, along a new last axis; a view that can't be written.
 *
 * @throws ValueError below two dimensions, or for one axis twice
 * @example diagonal([[1, 2], [3, 4]]).tolist() // [1, 4]
 */
export function diagonal(
  a: ArrayInput,
  offset?: number | { readonly offset?: number; readonly axis1?: number; readonly axis2?: number },
  axis1?: number,
  axis2?: number,
): ndarray;
export function diagonal(...args: unknown[]): ndarray {
  const [a, offset, axis1, axis2] = readDiagonal(args);
  const x = asndarray(a as ArrayInput);
  if (x.ndim < 2) throw new ValueError('rank-mismatch', 'diag requires an array of at least two dimensions');
  const first = axisOf(axis1 ?? 0, x.ndim);
  const second = axisOf(axis2 ?? 1, x.ndim);
  if (first === second) throw new ValueError('bad-argument', 'axis1 and axis2 cannot be the same');
  const { offset: start, shape, strides } = x.strided;
  const k = integerOr(offset, 'offset', 0);
  const [rows, columns] = [shape[first] as number, shape[second] as number];
  const count = Math.max(0, Math.min(rows + Math.min(k, 0), columns - Math.max(k, 0)));
  const kept = axesOf(null, x.ndim).filter((axis) => axis !== first && axis !== second);
  const [down, right] = [strides[first] as number, strides[second] as number];
  const from = count === 0 ? start : start + (k < 0 ? -k * down : k * right);
  const view = {
    offset: from,
    shape: [...kept.map((axis) => shape[axis] as number), count],
    strides: [...kept.map((axis) => strides[axis] as number), down + right],
  };
  return x.viewed(view, (value) => diagonalOf(value, [first, second], k, view.shape), false);
}

function diagonalOf(
  x: Tensor,
  [first, second]: readonly [number, number],
  k: number,
  shape: readonly number[],
): Tensor {
  const strides = stridesOf(x.shape);
  const kept = strides.filter((_, axis) => axis !== first && axis !== second);
  const [down, right] = [strides[first] as number, strides[second] as number];
  const steps = [...kept, down + right];
  const own = stridesOf(shape);
  const size = shape.reduce((product, n) => product * n, 1);
  const start = k < 0 ? -k * down : k * right;
  const places = Int32Array.from({ length: size }, (_, i) =>
    steps.reduce(
      (sum, step, axis) => sum + (Math.floor(i / (own[axis] as number)) % (shape[axis] as number)) * step,
      start,
    ),
  );
  return gathered(x, places, shape);
}

const readDiag = signature('diag', 'v k?');

/**
 * np.diag: of a matrix its k-th diagonal, of a vector the matrix that has it there.
 *
 * @throws ValueError for other numbers of dimensions
 * @example diag([1, 2]).tolist() // [[1, 0], [0, 2]]
 */
export function diag(v: ArrayInput, k?: number | { readonly k?: number }): ndarray;
export function diag(...args: unknown[]): ndarray {
  const [v, given] = readDiag(args);
  const k = integerOr(given, 'k', 0);
  const x = toTensor(v as ArrayInput);
  if (x.shape.length === 2) return diagonal(v as ArrayInput, k);
  if (x.shape.length !== 1) throw new ValueError('rank-mismatch', 'Input must be 1- or 2-d.');
  const n = x.size + Math.abs(k);
  checkSize([n, n], 'diag');
  const places = new Int32Array(n * n).fill(-1);
  for (let i = 0; i < x.size; i++) places[(i + Math.max(-k, 0)) * n + i + Math.max(k, 0)] = i;
  return result(gathered(x, places, [n, n]));
}

/** np.diagflat: as `diag` of the elements in one dimension. */
export const diagflat = (v: ArrayInput, k = 0): ndarray => diag(asndarray(v).ravel(), integer(k, 'k'));

const readTrace = signature('trace', 'a offset? axis1? axis2? dtype?~');

/**
 * np.trace: the sum of a diagonal.
 *
 * @throws as `diagonal`
 * @example trace([[1, 2], [3, 4]]).item() // 5
 */
export function trace(
  a: ArrayInput,
  offset?:
    | number
    | { readonly offset?: number; readonly axis1?: number; readonly axis2?: number; readonly dtype?: DTypeLike | null },
): ndarray;
export function trace(...args: unknown[]): ndarray {
  const [a, offset, axis1, axis2, dtype] = readTrace(args);
  const lines = diagonal(
    a as ArrayInput,
    integerOr(offset, 'offset', 0),
    integerOr(axis1, 'axis1', 0),
    integerOr(axis2, 'axis2', 1),
  );
  return result(reduce.sum([lines, { axis: -1, dtype: dtypeOr<DType | null>(dtype, null) }]));
}

/** A matrix, or the last two axes, with zeros where `keeps` says no. */
function triangle(name: string, keeps: (below: number, k: number) => boolean) {
  const read = signature(name, 'm k?');
  return (...args: unknown[]): ndarray => {
    const [m, given] = read(args);
    const k = integerOr(given, 'k', 0);
    const value = toTensor(m as ArrayInput);
    const x = value.shape.length === 1 ? op.broadcast_in_dim(value, [value.size, value.size], [1]) : value;
    if (x.shape.length === 0) throw new IndexError('rank-mismatch', 'tuple index out of range');
    const columns = x.shape.at(-1) as number;
    const rows = x.shape.at(-2) as number;
    const mask = Uint8Array.from({ length: x.size }, (_, i) =>
      Number(keeps((i % columns) - (Math.floor(i / columns) % rows), k)),
    );
    return result(op.select(newTensor(mask, x.shape, 'bool'), x, op.full(x, 0)));
  };
}

type Triangle = (m: ArrayInput, k?: number | { readonly k?: number }) => ndarray;

/**
 * np.tril: zeros above the k-th diagonal.
 *
 * @example tril([[1, 2], [3, 4]]).tolist() // [[1, 0], [3, 4]]
 */
export const tril: Triangle = triangle('tril', (right, k) => right <= k);
/**
 * np.triu: zeros below the k-th diagonal.
 *
 * @example triu([[1, 2], [3, 4]]).tolist() // [[1, 2], [0, 4]]
 */
export const triu: Triangle = triangle('triu', (right, k) => right >= k);
