/**
 * scipy.signal.fftconvolve and oaconvolve. What they compute is defined here, directly and so without the rounding noise
 * of a transform; their dtypes are those of SciPy's transforms.
 */

import { type ScipyMode, scipyPadding, scipySpec } from '../../conv/scipy.js';
import { signature } from '../../door/signature.js';
import { ValueError } from '../../errors.js';
import { array } from '../../numpy/creation.js';
import type { ArrayInput } from '../../numpy/input.js';
import { type ndarray, result } from '../../numpy/ndarray.js';
import { binary } from '../../numpy/ufunc.js';
import { broadcastTo, sliceAxis } from '../../ops/composite.js';
import { sizeOf } from '../../shape/shape.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { tuple } from '../../text/python.js';
import { checkSameRank, convolveGroups, convolveOne, type Operands, operandsOf, SPACE } from './operands.js';

export interface FftOptions {
  readonly mode?: ScipyMode;
  /** The axes to convolve along (all by default); along the others the arrays broadcast. */
  readonly axes?: number | readonly number[] | null;
}

/** The axes to convolve along, in rising order. Along one where a size is 1, a convolution is a product. */
function axesOf({ x, w }: Operands, axes: unknown): number[] {
  const rank = x.shape.length;
  const given: readonly unknown[] = axes === undefined || axes === null ? [...x.shape.keys()] : [axes].flat();
  if (given.length === 0) throw new ValueError('bad-argument', 'when provided, axes cannot be empty');
  const list = given.map((axis) => {
    if (typeof axis !== 'number' || !Number.isSafeInteger(axis)) {
      throw new ValueError('bad-argument', 'axes must be a scalar or iterable of integers');
    }
    if (axis >= rank || axis < -rank) {
      throw new ValueError('axis-out-of-range', 'axes exceeds dimensionality of input');
    }
    return axis < 0 ? axis + rank : axis;
  });
  if (new Set(list).size < list.length) throw new ValueError('bad-argument', 'all axes must be unique');
  return list.filter((axis) => x.shape[axis] !== 1 && w.shape[axis] !== 1).sort((a, b) => a - b);
}

function checkShapes({ x, w }: Operands, along: readonly number[], mode: unknown): void {
  const fits = (n: number, k: number, axis: number): boolean => along.includes(axis) || n === k || n === 1 || k === 1;
  if (!x.shape.every((n, axis) => fits(n, w.shape[axis] as number, axis))) {
    throw new ValueError(
      'shape-mismatch',
      `incompatible shapes for in1 and in2: ${tuple(x.shape)} and ${tuple(w.shape)}`,
    );
  }
  const contains = (a: Tensor, b: Tensor): boolean =>
    along.every((axis) => (a.shape[axis] as number) >= (b.shape[axis] as number));
  if (mode === 'valid' && !contains(x, w) && !contains(w, x)) {
    throw new ValueError(
      'shape-mismatch',
      "For 'valid' mode, one must be at least as large as the other in every dimension",
    );
  }
  if (mode !== 'full' && mode !== 'same' && mode !== 'valid') {
    throw new ValueError('bad-argument', "acceptable mode flags are 'valid', 'same', or 'full'");
  }
}

/** Groups of up to three dimensions, all at once. */
const sideBySide = (groups: Operands, mode: ScipyMode): Tensor =>
  convolveGroups(groups, scipySpec(groups.x.shape.slice(1), groups.w.shape.slice(1), { mode }));

function oneByOne({ x, w, dtype }: Operands, mode: ScipyMode): Tensor {
  const padding = scipyPadding(x.shape.slice(1), w.shape.slice(1), mode, false);
  const one = (value: Tensor, i: number): Tensor => op.reshape(sliceAxis(op, value, 0, i, i + 1), value.shape.slice(1));
  const results = Array.from({ length: x.shape[0] as number }, (_, i) =>
    convolveOne({ x: one(x, i), w: one(w, i), dtype }, { padding, flip: true }),
  );
  return op.concatenate(
    results.map((y) => op.reshape(y, [1, ...y.shape])),
    0,
  );
}

/** Convolves along some axes: the others become one axis of groups in front, and come back to their places. */
function convolveAlong({ x, w }: Operands, along: readonly number[], mode: ScipyMode): Tensor {
  const rest = [...x.shape.keys()].filter((axis) => !along.includes(axis));
  const order = [...rest, ...along];
  const common = rest.map((axis) => Math.max(x.shape[axis] as number, w.shape[axis] as number));
  const grouped = (value: Tensor): Tensor => {
    const turned = op.transpose(value, order);
    const space = turned.shape.slice(rest.length);
    return op.reshape(broadcastTo(op, turned, [...common, ...space]), [sizeOf(common), ...space]);
  };
  const dtype = x.dtype === 'float32' && w.dtype === 'float32' ? 'float32' : 'float64';
  const groups = { x: grouped(x), w: grouped(w), dtype } as const;
  const y = along.length <= SPACE ? sideBySide(groups, mode) : oneByOne(groups, mode);
  return op.transpose(
    op.reshape(y, [...common, ...y.shape.slice(1)]),
    order.map((_, axis) => order.indexOf(axis)),
  );
}

function compute(values: readonly unknown[]): Tensor {
  const [in1, in2, mode = 'full', axes] = values;
  const operands = operandsOf(in1, in2);
  const { x, w } = operands;
  if (x.shape.length === 0 && w.shape.length === 0) return binary('multiply', x, w);
  checkSameRank(operands, 'in1 and in2');
  if (x.size === 0 || w.size === 0) return array([]).toCore();
  const along = axesOf(operands, axes);
  checkShapes(operands, along, mode);
  const y = along.length === 0 ? binary('multiply', x, w) : convolveAlong(operands, along, mode as ScipyMode);
  if (mode !== 'same') return y;
  // Along the other axes too, 'same' is the middle of in1's size.
  return x.shape.reduce((part, n, axis) => {
    const first = Math.floor(((y.shape[axis] as number) - n) / 2);
    return first === 0 && y.shape[axis] === n ? part : sliceAxis(op, part, axis, first, first + n);
  }, y);
}

const readFft = signature('fftconvolve', 'in1 in2 mode?~ axes?~');

/**
 * scipy.signal.fftconvolve: the convolution of two arrays, along all axes or some.
 *
 * Computed directly at present, not by FFT: exact for integers, and slow for large kernels.
 *
 * @param mode 'full' (default) of sizes n + k - 1, 'same' of in1's shape, 'valid' of |n - k| + 1
 * @param axes the axes to convolve along, all by default; along the others the arrays broadcast
 * @returns float64, or float32 where both arrays are
 * @throws ValueError for different numbers of dimensions, an unknown mode, axes that don't exist, shapes that don't fit
 * @example fftconvolve([1, 2, 3], [1, 1]).tolist() // [1, 3, 5, 3]
 */
export function fftconvolve(in1: ArrayInput, in2: ArrayInput, options?: FftOptions): ndarray;
export function fftconvolve(
  in1: ArrayInput,
  in2: ArrayInput,
  mode: ScipyMode,
  axes?: FftOptions['axes'] | Omit<FftOptions, 'mode'>,
): ndarray;
export function fftconvolve(...args: unknown[]): ndarray {
  return result(compute(readFft(args)));
}

const readOverlap = signature('oaconvolve', 'in1 in2 mode?~ axes?~');

/**
 * scipy.signal.oaconvolve: as fftconvolve, which SciPy here does block by block ("overlap-add").
 *
 * @param mode as fftconvolve's
 * @param axes as fftconvolve's
 * @returns as fftconvolve
 * @throws as fftconvolve
 * @example oaconvolve([1, 2, 3], [1, 1]).tolist() // [1, 3, 5, 3]
 */
export function oaconvolve(in1: ArrayInput, in2: ArrayInput, options?: FftOptions): ndarray;
export function oaconvolve(
  in1: ArrayInput,
  in2: ArrayInput,
  mode: ScipyMode,
  axes?: FftOptions['axes'] | Omit<FftOptions, 'mode'>,
): ndarray;
export function oaconvolve(...args: unknown[]): ndarray {
  return result(compute(readOverlap(args)));
}
