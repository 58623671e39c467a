/** Functions along one axis, on core tensors; each reads its arguments as NumPy's function of that name, array first. */

import { signature } from '../door/signature.js';
import { IndexError, TypeError_, ValueError } from '../errors.js';
import { sliceAxis } from '../ops/composite.js';
import { type DType, isFloat } from '../shape/dtype.js';
import { checkSize, stridesOf } from '../shape/shape.js';
import { newTensor, op, type Tensor } from '../tensor/tensor.js';
import { axisOf, isAxisOfNumber } from './axes.js';
import { dtypeOr } from './dtype.js';
import { type ArrayInput, toTensor } from './input.js';
import { eachLine, gathered, takeCells } from './take.js';
import { binary } from './ufunc.js';

/** A function of NumPy's arguments, array first. */
export type Along = (args: readonly unknown[]) => Tensor;

/** Whole numbers as indices of an axis of n, by a mode. */
export function indicesOf(indices: Tensor, n: number, axis: number, mode: unknown): number[] {
  if (isFloat(indices.dtype) && indices.size > 0) {
    throw new TypeError_(
      'dtype-mismatch',
      "Cannot cast array data from dtype('float64') to dtype('int64') according to the rule 'safe'",
    );
  }
  return Array.from<number | bigint, number>(indices.array, (given) => {
    const i = Number(given);
    if (mode === 'wrap') return ((i % n) + n) % n;
    if (mode === 'clip') return Math.min(Math.max(i, 0), n - 1);
    if (i >= -n && i < n) return i < 0 ? i + n : i;
    throw new IndexError('index-out-of-range', `index ${i} is out of bounds for axis ${axis} with size ${n}`);
  });
}

/** An array in one dimension where there is no axis. */
export function along(
  a: unknown,
  axis: unknown,
): { readonly x: Tensor; readonly axis: number; readonly isFlat: boolean } {
  const given = toTensor(a as ArrayInput);
  const isFlat = axis === undefined || axis === null || isAxisOfNumber(axis, given.shape.length);
  return {
    x: isFlat ? op.reshape(given, [given.size]) : given,
    axis: isFlat ? 0 : axisOf(axis, given.shape.length),
    isFlat,
  };
}

const readTake = signature('take', 'a indices axis?~ out?~ mode?');

/** np.take. */
export function takeOf(args: readonly unknown[]): Tensor {
  const [a, given, givenAxis, , mode] = readTake(args);
  const { x, axis } = along(a, givenAxis);
  const indices = toTensor(given as ArrayInput);
  const n = x.shape[axis] as number;
  if (n === 0 && indices.size > 0)
    throw new IndexError('index-out-of-range', 'cannot do a non-empty take from an empty axes.');
  return takeCells(x, axis, indicesOf(indices, n, axis, mode), indices.shape);
}

/** Flat positions of the cells that indices name along an axis: the other axes go along. */
export function placesAlong(x: Tensor, indices: Tensor, axis: number): Int32Array {
  const strides = stridesOf(x.shape);
  const n = x.shape[axis] as number;
  const list = indicesOf(indices, n, axis, 'raise');
  const own = stridesOf(indices.shape);
  return Int32Array.from(list, (index, i) =>
    indices.shape.reduce((at, size, k) => {
      const coordinate = Math.floor(i / (own[k] as number)) % size;
      return at + (k === axis ? index : x.shape[k] === 1 ? 0 : coordinate) * (strides[k] as number);
    }, 0),
  );
}

const isNan = (value: number | bigint): boolean => typeof value === 'number' && Number.isNaN(value);

/** NumPy's order: NaN comes last. */
export function ordered(a: number | bigint, b: number | bigint): number {
  if (isNan(a) || isNan(b)) return Number(isNan(a)) - Number(isNan(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

/** For each cell along an axis, which cell of its line stands there in rising order; equal ones keep theirs. */
export function orderAlong({ array, shape }: Tensor, axis: number): Int32Array {
  const order = new Int32Array(array.length);
  const n = shape[axis] as number;
  eachLine(shape, axis, (start, stride) => {
    const at = (i: number): number | bigint => array[start + i * stride] as number | bigint;
    const line = Array.from({ length: n }, (_, i) => i).sort((i, j) => ordered(at(i), at(j)));
    line.forEach((from, to) => {
      order[start + to * stride] = from;
    });
  });
  return order;
}

export function sorted(x: Tensor, axis: number): Tensor {
  const order = orderAlong(x, axis);
  return gathered(x, placesAlong(x, newTensor(order, x.shape, 'int32'), axis), x.shape);
}

const readSort = signature('sort', 'a axis?~ kind?~ order?~ stable=~');
const readArgsort = signature('argsort', 'a axis?~ kind?~ order?~ stable=~');

/** np.sort. */
export function sortOf(args: readonly unknown[]): Tensor {
  const [a, given = -1] = readSort(args);
  const value = toTensor(a as ArrayInput);
  if (given !== null) axisOf(given, value.shape.length);
  const { x, axis } = along(value, given);
  return sorted(x, axis);
}

/** np.argsort. */
export function argsortOf(args: readonly unknown[]): Tensor {
  const [a, given = -1] = readArgsort(args);
  const { x, axis } = along(a, given);
  return op.convert(newTensor(orderAlong(x, axis), x.shape, 'int32'), 'int64');
}

/** Reads the arguments of a running sum or product: an array, in one dimension where there is no axis. */
function running(name: string, over: (x: Tensor, axis: number) => Tensor) {
  const read = signature(name, 'a axis?~ dtype?~ out?~');
  return (args: readonly unknown[]): Tensor => {
    const [a, axis, dtype] = read(args);
    const given = toTensor(a as ArrayInput);
    const isFlat = axis === undefined || axis === null || isAxisOfNumber(axis, given.shape.length);
    const type = dtypeOr<DType>(dtype, isFloat(given.dtype) ? given.dtype : 'int64');
    const x = op.convert(isFlat ? op.reshape(given, [given.size]) : given, type);
    return over(x, isFlat ? 0 : axisOf(axis, x.shape.length));
  };
}

/** np.cumsum. */
export const cumsumOf: Along = running('cumsum', (x, axis) => op.cumsum(x, axis));

/** np.cumprod. */
export const cumprodOf: Along = running('cumprod', (x, axis) => {
  const n = x.shape[axis] as number;
  const parts: Tensor[] = [];
  for (let i = 0; i < n; i++) {
    const cell = sliceAxis(op, x, axis, i, i + 1);
    const before = parts.at(-1);
    parts.push(before === undefined ? cell : op.multiply(before, cell));
  }
  return parts.length === 0 ? x : op.concatenate(parts, axis);
});

const readClip = signature('clip', 'a a_min?~ a_max?~ out?~ min=~ max=~');

/** np.clip. */
export function clipOf(args: readonly unknown[]): Tensor {
  const [a, aMin, aMax, , min, max] = readClip(args);
  const [low, high] = [min ?? aMin ?? null, max ?? aMax ?? null];
  let x: ArrayInput = a as ArrayInput;
  if (low !== null) x = binary('maximum', x, low as ArrayInput);
  if (high !== null) x = binary('minimum', x, high as ArrayInput);
  return toTensor(x);
}

const readRepeat = signature('repeat', 'a repeats axis?~');

/** np.repeat. */
export function repeatOf(args: readonly unknown[]): Tensor {
  const [a, repeats, givenAxis] = readRepeat(args);
  const { x, axis } = along(a, givenAxis);
  const n = x.shape[axis] as number;
  const times = Array.from<number | bigint, number>(toTensor(repeats as ArrayInput).array, Number);
  if (times.some((time) => !Number.isInteger(time))) {
    throw new TypeError_(
      'bad-argument',
      "Cannot cast array data from dtype('float64') to dtype('int64') according to the rule 'safe'",
    );
  }
  if (times.length !== 1 && times.length !== n) {
    throw new ValueError(
      'shape-mismatch',
      `operands could not be broadcast together with shape (${n},) (${times.length},)`,
    );
  }
  if (times.some((time) => time < 0)) {
    const message =
      times.length === 1 ? 'negative dimensions are not allowed' : 'repeats may not contain negative values.';
    throw new ValueError('bad-argument', message);
  }
  const total = times.length === 1 ? n * (times[0] as number) : times.reduce((sum, time) => sum + time, 0);
  checkSize(x.shape.with(axis, total), 'repeat');
  const cells = Array.from({ length: n }, (_, i) =>
    new Array<number>(times[times.length === 1 ? 0 : i] as number).fill(i),
  );
  return takeCells(x, axis, cells.flat());
}
