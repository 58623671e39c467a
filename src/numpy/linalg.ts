/** More products of NumPy's: of vectors, of Kronecker, 1-D convolutions; and np.linalg's norms and powers. */

import { conv } from '../core/conv.js';
import { flag, signature } from '../door/signature.js';
import { NotImplementedError, ValueError } from '../errors.js';
import { isFloat } from '../shape/dtype.js';
import { promoteNumpy } from '../shape/promotion.js';
import { show } from '../shape/shape.js';
import { op, type Tensor } from '../tensor/tensor.js';
import { axisOf, integer } from './axes.js';
import { eye } from './creation.js';
import { type ArrayInput, showTuple, toTensor } from './input.js';
import { ndarray, result } from './ndarray.js';
import * as products from './products.js';
import * as reduce from './reduce.js';
import { binary, inFloat } from './ufunc.js';

const readVdot = signature('vdot', 'a b');
const readInner = signature('inner', 'a b');
const readOuter = signature('outer', 'a b out?~');
const readKron = signature('kron', 'a b');

const flat = (x: unknown): Tensor => {
  const value = toTensor(x as ArrayInput);
  return op.reshape(value, [value.size]);
};

/**
 * np.vdot: the sum of products of two arrays, each in one dimension.
 *
 * @throws ValueError where they differ in size
 * @example vdot([[1, 2]], [3, 4]).item() // 11
 */
export function vdot(a: ArrayInput, b: ArrayInput): ndarray;
export function vdot(...args: unknown[]): ndarray {
  const [a, b] = readVdot(args);
  const [x, y] = [flat(a), flat(b)];
  if (x.size !== y.size)
    throw new ValueError('shape-mismatch', `cannot reshape array of size ${y.size} into shape (${x.size},)`);
  return result(products.dot(x, y));
}

/**
 * np.inner: the sum of products over the last axes.
 *
 * @throws ValueError where these differ in size
 * @example inner([1, 2], [3, 4]).item() // 11
 */
export function inner(a: ArrayInput, b: ArrayInput): ndarray;
export function inner(...args: unknown[]): ndarray {
  const [a, b] = readInner(args).map((x) => toTensor(x as ArrayInput)) as [Tensor, Tensor];
  if (a.shape.length === 0 || b.shape.length === 0) return result(binary('multiply', a, b));
  const [m, n] = [a.shape.at(-1), b.shape.at(-1)];
  if (m !== n) {
    throw new ValueError(
      'shape-mismatch',
      `shapes ${showTuple(a.shape)} and ${showTuple(b.shape)} not aligned: ${m} (dim ${a.shape.length - 1}) != ${n} (dim ${b.shape.length - 1})`,
    );
  }
  return result(products.tensordot(a, b, [[-1], [-1]]));
}

/**
 * np.outer: products of each element of one array with each of another.
 *
 * @example outer([1, 2], [3, 4]).tolist() // [[3, 4], [6, 8]]
 */
export function outer(a: ArrayInput, b: ArrayInput): ndarray;
export function outer(...args: unknown[]): ndarray {
  const [a, b] = readOuter(args);
  const [x, y] = [flat(a), flat(b)];
  return result(binary('multiply', op.reshape(x, [x.size, 1]), op.reshape(y, [1, y.size])));
}

/**
 * np.kron: the Kronecker product: b, scaled by each element of a, side by side.
 *
 * @example kron([1, 2], [3, 4]).tolist() // [3, 4, 6, 8]
 */
export function kron(a: ArrayInput, b: ArrayInput): ndarray;
export function kron(...args: unknown[]): ndarray {
  const [a, b] = readKron(args).map((x) => toTensor(x as ArrayInput)) as [Tensor, Tensor];
  const rank = Math.max(a.shape.length, b.shape.length);
  const sizes = ({ shape }: Tensor): number[] => [...new Array<number>(rank - shape.length).fill(1), ...shape];
  const [m, n] = [sizes(a), sizes(b)];
  const spread = binary(
    'multiply',
    op.reshape(
      a,
      m.flatMap((size) => [size, 1]),
    ),
    op.reshape(
      b,
      n.flatMap((size) => [1, size]),
    ),
  );
  return result(
    op.reshape(
      spread,
      m.map((size, axis) => size * (n[axis] as number)),
    ),
  );
}

type Mode = 'full' | 'same' | 'valid';

const readConvolve = signature('convolve', 'a v mode?');
const readCorrelate = signature('correlate', 'a v mode?');

function modeOf(mode: unknown): Mode {
  if (mode === 'full' || mode === 'same' || mode === 'valid') return mode;
  throw new ValueError('bad-argument', `mode must be one of 'valid', 'same', or 'full' (got ${show(mode)})`);
}

/** Both as vectors of one dtype; truth values as integers. */
function lines(
  a: unknown,
  v: unknown,
): { readonly x: Tensor; readonly w: Tensor; readonly back: (y: Tensor) => Tensor } {
  const [x, w] = [a, v].map((value) => {
    const line = toTensor(value as ArrayInput);
    return line.shape.length === 0 ? op.reshape(line, [1]) : line;
  }) as [Tensor, Tensor];
  if (x.shape.length !== 1 || w.shape.length !== 1)
    throw new ValueError('rank-mismatch', 'object too deep for desired array');
  if (x.size === 0) throw new ValueError('size-invalid', 'a cannot be empty');
  if (w.size === 0) throw new ValueError('size-invalid', 'v cannot be empty');
  const dtype = promoteNumpy(x.dtype, w.dtype);
  const computed = dtype === 'bool' ? 'int32' : dtype;
  return { x: op.convert(x, computed), w: op.convert(w, computed), back: (y) => op.convert(y, dtype) };
}

/** x with w slid along it, w no longer than x. */
function slid(x: Tensor, w: Tensor, mode: Mode, flip: boolean): Tensor {
  const k = w.size;
  // NumPy's 'same' has the shorter half of the kernel's cells in front.
  const before = mode === 'full' ? k - 1 : mode === 'same' ? Math.floor(k / 2) : 0;
  const behind = mode === 'full' ? k - 1 : mode === 'same' ? k - 1 - before : 0;
  const front = flip && mode === 'same' ? behind : before;
  const back = flip && mode === 'same' ? before : behind;
  const y = conv(op.reshape(x, [1, 1, x.size]), op.reshape(w, [1, 1, k]), {
    padding: [[flip ? back : front, flip ? front : back]],
    flip,
  });
  return op.reshape(y, [y.size]);
}

/**
 * np.convolve: the convolution of two vectors.
 *
 * @param mode 'full' (default) of n + k - 1 cells, 'same' of max(n, k), 'valid' of |n - k| + 1
 * @throws ValueError for an empty vector, more than one dimension or an unknown mode
 * @example convolve([1, 2, 3], [1, 1]).tolist() // [1, 3, 5, 3]
 */
export function convolve(a: ArrayInput, v: ArrayInput, mode?: Mode | { readonly mode?: Mode }): ndarray;
export function convolve(...args: unknown[]): ndarray {
  const [a, v, mode = 'full'] = readConvolve(args);
  const { x, w, back } = lines(a, v);
  const [long, short] = w.size > x.size ? [w, x] : [x, w];
  return new ndarray(back(slid(long, short, modeOf(mode), true)));
}

/**
 * np.correlate: the cross-correlation of two vectors.
 *
 * @param mode 'valid' (default), 'same' or 'full', as convolve's
 * @throws as `convolve`
 * @example correlate([1, 2, 3], [1, 0]).tolist() // [1, 2]
 */
export function correlate(a: ArrayInput, v: ArrayInput, mode?: Mode | { readonly mode?: Mode }): ndarray;
export function correlate(...args: unknown[]): ndarray {
  const [a, v, mode = 'valid'] = readCorrelate(args);
  const { x, w, back } = lines(a, v);
  // Exchanged, the result comes out backwards.
  if (w.size > x.size) return new ndarray(back(op.reverse(slid(w, x, modeOf(mode), false), [0])));
  return new ndarray(back(slid(x, w, modeOf(mode), false)));
}

/** Which norm: of vectors a number or infinities, of matrices 'fro', 1, -1 or infinities. */
type Order = number | 'fro' | null;

const readNorm = signature('norm', 'x ord?~ axis?~ keepdims?');

const power = (x: Tensor, exponent: number): Tensor => op.power(x, op.full(x, exponent));
const total = (x: Tensor, axis: number | readonly number[]): Tensor => reduce.sum([x, { axis, keepdims: true }]);

/** sqrt, whose slope at 0 is nothing. */
const root = (x: Tensor): Tensor => op.sqrt(x);

function vectorNorm(x: Tensor, order: Order, axis: number | readonly number[]): Tensor {
  const size = op.abs(x);
  if (order === null || order === 2) return root(total(op.multiply(x, x), axis));
  if (order === Number.POSITIVE_INFINITY) return reduce.max([size, { axis, keepdims: true }]);
  if (order === Number.NEGATIVE_INFINITY) return reduce.min([size, { axis, keepdims: true }]);
  if (order === 0) return total(op.convert(op.compare(x, op.full(x, 0), 'NE'), x.dtype), axis);
  if (order === 1) return total(size, axis);
  if (typeof order === 'number') return power(total(power(size, order), axis), 1 / order);
  throw new ValueError('bad-argument', `Invalid norm order '${order}' for vectors`);
}

function matrixNorm(x: Tensor, order: Order, [rows, columns]: readonly [number, number]): Tensor {
  const largest = (axis: number): Tensor =>
    reduce.max([total(op.abs(x), axis === rows ? columns : rows), { axis, keepdims: true }]);
  const least = (axis: number): Tensor =>
    reduce.min([total(op.abs(x), axis === rows ? columns : rows), { axis, keepdims: true }]);
  if (order === null || order === 'fro') return root(total(op.multiply(x, x), [rows, columns]));
  if (order === 1) return largest(columns);
  if (order === -1) return least(columns);
  if (order === Number.POSITIVE_INFINITY) return largest(rows);
  if (order === Number.NEGATIVE_INFINITY) return least(rows);
  if (order === 2 || order === -2) {
    throw new NotImplementedError(
      'not-implemented',
      `norm: ord ${order} of matrices needs singular values, which are not there`,
    );
  }
  throw new ValueError('bad-argument', 'Invalid norm order for matrices.');
}

/**
 * np.linalg.norm: of all elements, of vectors along an axis, or of matrices in two.
 *
 * @param ord of vectors a number (2 by default) or an infinity, of matrices 'fro' (default), 1, -1 or an infinity
 * @throws ValueError for an unknown ord, or other numbers of dimensions
 * @example linalg.norm([3, 4]).item() // 5
 */
function norm(x: ArrayInput, ord?: Order, axis?: number | readonly number[] | null, keepdims?: boolean): ndarray;
function norm(
  x: ArrayInput,
  keywords: { readonly ord?: Order; readonly axis?: number | readonly number[] | null; readonly keepdims?: boolean },
): ndarray;
function norm(...args: unknown[]): ndarray {
  const [given, order, axis, keepdims] = readNorm(args);
  const value = toTensor(given as ArrayInput);
  const x = isFloat(value.dtype) ? value : op.convert(inFloat(value), 'float64');
  const ord = (order ?? null) as Order;
  const rank = x.shape.length;
  const isAll = axis === undefined || axis === null;
  const axes = isAll ? [...x.shape.keys()] : [axis].flat().map((each) => axisOf(each, rank));
  const found =
    isAll && ord === null
      ? root(total(op.multiply(x, x), axes))
      : axes.length === 1
        ? vectorNorm(x, ord, axes)
        : axes.length === 2
          ? matrixNorm(x, ord, axes as [number, number])
          : refuseAxes();
  if (flag(keepdims, 'keepdims', false)) return result(found);
  return result(
    op.reshape(
      found,
      x.shape.filter((_, i) => !axes.includes(i)),
    ),
  );
}

function refuseAxes(): never {
  throw new ValueError('rank-mismatch', 'Improper number of dimensions to norm.');
}

const readPower = signature('matrix_power', 'a n');

/** np.linalg.matrix_power: a square matrix to the power of n, n >= 0, by repeated squaring. */
function matrix_power(a: ArrayInput, n: number): ndarray;
function matrix_power(...args: unknown[]): ndarray {
  const [a, given] = readPower(args);
  const x = result(toTensor(a as ArrayInput));
  const n = integer(given, 'n');
  if (n < 0)
    throw new NotImplementedError('not-implemented', 'matrix_power: n must not be negative, as there are no inverses');
  let product = eye(x.shape.at(-1) as number, null, 0, x.dtype);
  let square = x;
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) product = product.matmul(square);
    if (left > 1) square = square.matmul(square);
  }
  return product;
}

/** np.linalg: norms and powers; decompositions are not there. */
export const linalg: {
  readonly norm: typeof norm;
  readonly matrix_power: typeof matrix_power;
} = { norm, matrix_power };
