/** NumPy's functions that make arrays of places: grids, ranges by powers, triangles; and arrays yet to be filled. */

import { flag, signature } from '../door/signature.js';
import { ValueError } from '../errors.js';
import { broadcastTo } from '../ops/composite.js';
import type { DType } from '../shape/dtype.js';
import { broadcastShapes, stridesOf } from '../shape/shape.js';
import { newTensor, op } from '../tensor/tensor.js';
import { Tuple, tuple } from '../text/python.js';
import { integer, integerOr, type ShapeInput, shapeOf } from './axes.js';
import { linspace, zeros, zeros_like } from './creation.js';
import { type DTypeLike, dtypeOr } from './dtype.js';
import { power } from './elementwise.js';
import { type ArrayInput, toTensor } from './input.js';
import { asndarray, ndarray } from './ndarray.js';
import { numberOf } from './operands.js';
import { commonShape } from './ufunc.js';

interface WithDType {
  readonly dtype?: DTypeLike | null;
}

/**
 * np.empty: an array to be filled; here it has zeros.
 *
 * @throws as `zeros`
 * @example empty([2, 3]).shape // (2, 3)
 */
export const empty = (shape: ShapeInput, dtype?: DTypeLike | WithDType | null): ndarray =>
  Reflect.apply(zeros, null, dtype === undefined ? [shape] : [shape, dtype]);

/** np.empty_like: an array to be filled, of the shape and dtype of another; here it has zeros. */
export const empty_like = (prototype: ArrayInput, dtype?: DTypeLike | WithDType | null): ndarray =>
  Reflect.apply(zeros_like, null, dtype === undefined ? [prototype] : [prototype, dtype]);

/**
 * np.copy: an array with elements of its own.
 *
 * @example copy([1, 2]).tolist() // [1, 2]
 */
export const copy = (a: ArrayInput): ndarray => new ndarray(toTensor(a));

/** np.ascontiguousarray: as `asarray`, with elements that lie row by row, and at least one dimension. */
export function ascontiguousarray(a: ArrayInput, dtype?: DTypeLike | null): ndarray {
  const x = asndarray(a);
  const typed = dtype === undefined || dtype === null ? x : x.astype(dtype);
  const own = typed.flags.c_contiguous ? typed : typed.copy();
  return own.ndim === 0 ? own.reshape(1) : own;
}

const readLogspace = signature('logspace', 'start stop num? endpoint? base? dtype?~');
const readGeomspace = signature('geomspace', 'start stop num? endpoint? dtype?~');

interface Spaced extends WithDType {
  readonly num?: number;
  readonly endpoint?: boolean;
}

const typed = (x: ndarray, dtype: unknown): ndarray => {
  const type = dtypeOr<DType | null>(dtype, null);
  return type === null ? x : x.astype(type);
};

/**
 * np.logspace: powers of a base (10 by default), at equal distances of the exponents from start to stop.
 *
 * @throws as `linspace`
 * @example logspace(0, 2, 3).tolist() // [1, 10, 100]
 */
export function logspace(
  start: number,
  stop: number,
  num?: number | (Spaced & { readonly base?: number }),
  endpoint?: boolean,
  base?: number,
): ndarray;
export function logspace(...args: unknown[]): ndarray {
  const [start, stop, num, endpoint, base = 10, dtype] = readLogspace(args);
  const exponents = linspace(start as number, stop as number, {
    num: integerOr(num, 'num', 50),
    endpoint: flag(endpoint, 'endpoint', true),
  });
  return typed(power(base as number, exponents), dtype);
}

/**
 * np.geomspace: numbers from start to stop, each the same multiple of the one before; both positive or both negative.
 *
 * @throws ValueError where one is 0
 * @example geomspace(1, 8, 4).tolist() // [1, 2, 4, 8]
 */
export function geomspace(start: number, stop: number, num?: number | Spaced, endpoint?: boolean): ndarray;
export function geomspace(...args: unknown[]): ndarray {
  const [start, stop, num, endpoint, dtype] = readGeomspace(args);
  const [from, to] = [numberOf(start, 'start'), numberOf(stop, 'stop')];
  if (from === 0 || to === 0) throw new ValueError('bad-argument', 'Geometric sequence cannot include zero');
  const count = integerOr(num, 'num', 50);
  const hasEnd = flag(endpoint, 'endpoint', true);
  const sign = from < 0 ? -1 : 1;
  const powers = linspace(Math.log10(from * sign), Math.log10(to * sign), { num: count, endpoint: hasEnd });
  const values = power(10, powers).mul(sign);
  if (count > 0) values.set_(0, from);
  if (count > 1 && hasEnd) values.set_(-1, to);
  return typed(values, dtype);
}

const readTri = signature('tri', 'N M?~ k? dtype?');

/**
 * np.tri: ones at and below the k-th diagonal, zeros above.
 *
 * @example tri(2).tolist() // [[1, 0], [1, 1]]
 */
export function tri(N: number, M?: number | null, k?: number, dtype?: DTypeLike): ndarray;
export function tri(
  N: number,
  keywords: { readonly M?: number | null; readonly k?: number; readonly dtype?: DTypeLike },
): ndarray;
export function tri(...args: unknown[]): ndarray {
  const [N, M, k, dtype] = readTri(args);
  const shape = shapeOf([integer(N, 'N'), integerOr(M, 'M', N as number)]);
  const columns = shape[1] as number;
  const diagonal = integerOr(k, 'k', 0);
  const size = (shape[0] as number) * columns;
  const ones = Uint8Array.from({ length: size }, (_, i) => Number((i % columns) - Math.floor(i / columns) <= diagonal));
  return new ndarray(op.convert(newTensor(ones, shape, 'uint8'), dtypeOr(dtype, 'float64')));
}

interface MeshKeywords {
  /** 'xy' (default): the first vector goes along columns; 'ij': along rows. */
  readonly indexing?: 'xy' | 'ij';
  readonly sparse?: boolean;
  readonly copy?: boolean;
}

/**
 * np.meshgrid: the coordinates of all points of a grid, one array a vector.
 *
 * @throws ValueError for an unknown indexing
 * @example meshgrid([1, 2], [3, 4])[1].tolist() // [[3, 3], [4, 4]]
 */
export function meshgrid(...args: [...xi: ArrayInput[], keywords: MeshKeywords] | ArrayInput[]): Tuple<ndarray> {
  const last = args.at(-1);
  const hasKeywords = typeof last === 'object' && last !== null && Object.getPrototypeOf(last) === Object.prototype;
  const { indexing = 'xy', sparse = false } = hasKeywords ? (last as MeshKeywords) : {};
  if (indexing !== 'xy' && indexing !== 'ij') {
    throw new ValueError('bad-argument', "Valid values for `indexing` are 'xy' and 'ij'.");
  }
  const vectors = (hasKeywords ? args.slice(0, -1) : args).map((x) => toTensor(x as ArrayInput));
  const rank = vectors.length;
  const axisOfVector = (i: number): number => (indexing === 'xy' && rank > 1 && i < 2 ? 1 - i : i);
  const lines = vectors.map((x, i) =>
    op.reshape(
      x,
      Array.from({ length: rank }, (_, axis) => (axis === axisOfVector(i) ? x.size : 1)),
    ),
  );
  const shape = lines.reduce<readonly number[]>((common, { shape: own }) => broadcastShapes(common, own) ?? common, []);
  const grids = lines.map((line) => new ndarray(sparse ? line : broadcastTo(op, line, shape)));
  return Tuple.from<ndarray>(grids) as Tuple<ndarray>;
}

const readIndices = signature('indices', 'dimensions dtype? sparse?');

/**
 * np.indices: of each cell of a shape its index along each axis.
 *
 * @example indices([2, 2]).tolist() // [[[0, 0], [1, 1]], [[0, 1], [0, 1]]]
 */
export function indices(dimensions: readonly number[], dtype?: DTypeLike | WithDType): ndarray;
export function indices(...args: unknown[]): ndarray {
  const [dimensions, dtype] = readIndices(args);
  const shape = shapeOf(dimensions);
  const strides = stridesOf(shape);
  const size = shape.reduce((product, n) => product * n, 1);
  const values = strides.flatMap((stride, axis) =>
    Array.from({ length: size }, (_, i) => Math.floor(i / stride) % (shape[axis] as number)),
  );
  return new ndarray(newTensor(values, [shape.length, ...shape], dtypeOr<DType>(dtype, 'int64')));
}

/**
 * np.broadcast_arrays: arrays repeated to their common shape; views that can't be written.
 *
 * @throws ValueError where the shapes don't fit
 * @example broadcast_arrays([1, 2], [[3], [4]])[0].tolist() // [[1, 2], [1, 2]]
 */
export function broadcast_arrays(...args: ArrayInput[]): Tuple<ndarray> {
  const tensors = args.map((x) => toTensor(x));
  const shape = commonShape(tensors.map((x) => x.shape));
  return Tuple.from<ndarray>(tensors.map((x) => new ndarray(broadcastTo(op, x, shape)))) as Tuple<ndarray>;
}

/**
 * np.broadcast_shapes: the shape that all shapes broadcast to.
 *
 * @throws ValueError where they don't fit
 * @example broadcast_shapes([2, 1], [3]) // (2, 3)
 */
export function broadcast_shapes(...args: ShapeInput[]): Tuple<number> {
  const shapes = args.map(shapeOf);
  let common: readonly number[] = [];
  for (const [i, shape] of shapes.entries()) {
    const next = broadcastShapes(common, shape);
    if (next === null) {
      throw new ValueError(
        'shape-mismatch',
        `shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between arg ${i - 1} with shape ${tuple(common)} and arg ${i} with shape ${tuple(shape)}.`,
      );
    }
    common = next;
  }
  return Tuple.from(common) as Tuple<number>;
}
