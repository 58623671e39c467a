/** scipy.signal.convolve2d and correlate2d. */

import { checkValid, type ScipyMode, scipyMode, scipyPadding, scipyShape } from '../../conv/scipy.js';
import { signature } from '../../door/signature.js';
import { ValueError } from '../../errors.js';
import { type ArrayInput, toTensor } from '../../numpy/input.js';
import { ndarray } from '../../numpy/ndarray.js';
import { extend } from '../../ops/extension.js';
import { type DType, isFloat } from '../../shape/dtype.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { convolveOne, type Operands, operandsOf, zeros } from './operands.js';

export type Boundary = 'fill' | 'pad' | 'wrap' | 'circular' | 'symm' | 'symmetric';

export interface Options2d {
  readonly mode?: ScipyMode;
  readonly boundary?: Boundary;
  /** What stands outside, with boundary 'fill'. */
  readonly fillvalue?: number;
}

/** What stands outside the image. */
type Outside = 'fill' | 'wrap' | 'symmetric';

function boundaryOf(boundary: unknown): Outside {
  if (boundary === 'fill' || boundary === 'pad') return 'fill';
  if (boundary === 'wrap' || boundary === 'circular') return 'wrap';
  if (boundary === 'symm' || boundary === 'symmetric') return 'symmetric';
  throw new ValueError(
    'bad-argument',
    boundary === 'reflect'
      ? 'Incorrect boundary value.'
      : "Acceptable boundary flags are 'fill', 'circular' (or 'wrap'), and 'symmetric' (or 'symm').",
  );
}

/** The fill value as an element of the result's dtype. */
function fillOf(fillvalue: unknown, dtype: DType): number {
  const value = toTensor((fillvalue ?? 0) as ArrayInput);
  if (value.size !== 1) {
    throw new ValueError('bad-argument', '`fillvalue` must be scalar or an array with one element.');
  }
  if (!isFloat(dtype) && !Number.isFinite(Number(value.array[0]))) {
    throw new ValueError(
      'bad-argument',
      'could not cast `fillvalue` directly to the output type (it was first converted to complex).',
    );
  }
  return Number(op.convert(value.plain, dtype).array[0]);
}

/** The image with what stands outside of it, so far as the mode needs it. */
function surrounded(image: Tensor, padding: readonly [number, number][], outside: Outside, fill: number): Tensor {
  if (outside !== 'fill') return extend(op, image, outside, padding);
  const [lo, hi] = [padding.map((pair) => pair[0]), padding.map((pair) => pair[1])];
  return op.pad(image, { lo, hi, interior: [0, 0], value: fill });
}

/** Both functions: a correlation is a convolution that reads its taps forwards. */
function convolvePlane(name: string, isCorrelation: boolean, values: readonly unknown[]): Tensor {
  const [in1, in2, givenMode = 'full', boundary = 'fill', fillvalue] = values;
  const operands = operandsOf(in1, in2);
  const { x, w, dtype } = operands;
  if (x.shape.length !== 2 || w.shape.length !== 2) {
    throw new ValueError('rank-mismatch', `${name} inputs must both be 2-D arrays`);
  }
  if (givenMode === 'valid') checkValid(x.shape, w.shape, 'valid');
  const mode = scipyMode(givenMode);
  const outside = boundaryOf(boundary);
  if (dtype === 'bool') throw new ValueError('dtype-mismatch', 'convolve2d not available for this type.');
  const fill = fillOf(fillvalue, dtype);
  if (x.size === 0 || w.size === 0) return zeros(scipyShape(x.shape, w.shape, mode), dtype);
  const padding = scipyPadding(x.shape, w.shape, mode, isCorrelation);
  const isBordered = mode !== 'valid' && (outside !== 'fill' || fill !== 0);
  if (!isBordered) return convolveOne(operands, { padding, flip: !isCorrelation });
  const image = surrounded(op.convert(x, dtype), padding, outside, fill);
  const bordered: Operands = { x: image, w, dtype };
  return convolveOne(bordered, {
    padding: [
      [0, 0],
      [0, 0],
    ],
    flip: !isCorrelation,
  });
}

const readConvolve = signature('convolve2d', 'in1 in2 mode?~ boundary?~ fillvalue?~');

/**
 * scipy.signal.convolve2d: the convolution of two images, the second turned by 180 degrees.
 *
 * @param in1 the first image, [H, W]
 * @param in2 the second, [kH, kW]
 * @param mode 'full' (default) of shape [H + kH - 1, W + kW - 1], 'same' of in1's shape, 'valid' of [H - kH + 1, ...]
 * @param boundary what stands outside in1: 'fill' (default; `fillvalue`, 0), 'wrap' (in1 again) or 'symm' (mirrored)
 * @returns an array of the common dtype of both: integers stay integers, and wrap where they overflow
 * @throws ValueError for arrays that aren't 2-D, an unknown mode or boundary, two of bool, and in mode 'valid' where
 * neither contains the other
 * @example convolve2d([[1, 2], [3, 4]], [[1, 1]]).tolist() // [[1, 3, 2], [3, 7, 4]]
 */
export function convolve2d(in1: ArrayInput, in2: ArrayInput, options?: Options2d): ndarray;
export function convolve2d(
  in1: ArrayInput,
  in2: ArrayInput,
  mode: ScipyMode,
  boundary?: Boundary | Omit<Options2d, 'mode'>,
  fillvalue?: number,
): ndarray;
export function convolve2d(...args: unknown[]): ndarray {
  return new ndarray(convolvePlane('convolve2d', false, readConvolve(args)));
}

const readCorrelate = signature('correlate2d', 'in1 in2 mode?~ boundary?~ fillvalue?~');

/**
 * scipy.signal.correlate2d: the cross-correlation of two images, which the frameworks call convolution.
 *
 * In mode 'same' and for even sizes of in2 the result starts one cell later than that of `correlate`, as in SciPy.
 *
 * @param in1 the first image, [H, W]
 * @param in2 the second, [kH, kW]
 * @param mode as convolve2d's
 * @param boundary as convolve2d's
 * @returns as convolve2d
 * @throws as convolve2d
 * @example correlate2d([[1, 2, 3]], [[1, 0]], 'valid').tolist() // [[1, 2]]
 */
export function correlate2d(in1: ArrayInput, in2: ArrayInput, options?: Options2d): ndarray;
export function correlate2d(
  in1: ArrayInput,
  in2: ArrayInput,
  mode: ScipyMode,
  boundary?: Boundary | Omit<Options2d, 'mode'>,
  fillvalue?: number,
): ndarray;
export function correlate2d(...args: unknown[]): ndarray {
  return new ndarray(convolvePlane('correlate2d', true, readCorrelate(args)));
}
