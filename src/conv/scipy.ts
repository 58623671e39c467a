/** SciPy's arguments as a ConvSpec: modes and boundaries. Shapes are those of the bare arrays, without batch and channels. */

import { TypeError_, ValueError } from '../errors.js';
import { checkShape, type Shape, show, showShape } from '../shape/shape.js';
import { type ConvSpec, convSpec, spatialLetters } from './spec.js';

export type ScipyMode = 'full' | 'same' | 'valid';

export interface ScipyOptions {
  /** Which part of the full result: all of it (default), its middle, or what needs no cell outside. */
  readonly mode?: ScipyMode;
  /** What stands outside the input: zeros (default), or the input again, as it is or mirrored. */
  readonly boundary?: 'fill' | 'wrap' | 'symm';
  /** true: as `correlate` and `correlate2d`; false (default): as `convolve` and `convolve2d`. */
  readonly correlate?: boolean;
}

const OPTION_NAMES: { readonly [K in keyof Required<ScipyOptions>]: true } = {
  mode: true,
  boundary: true,
  correlate: true,
};

/** `start`: first cell, in the full result, of `size` cells. */
interface Part {
  readonly start: number;
  readonly size: number;
}

/**
 * Along an axis of n cells and k taps, the part of the n+k-1 cells of the full result that a mode is.
 *
 * 'same' is the middle n cells. Where k is even there are two middles; `lateMiddle` names the second.
 * 'valid' is the |n-k|+1 cells in which the shorter operand lies wholly within the longer. SciPy exchanges the operands
 * where the second is the longer (and turns a correlation back): these are the same cells, so no exchange is needed.
 */
const parts: { readonly [M in ScipyMode]: (n: number, k: number, lateMiddle: boolean) => Part } = {
  full: (n, k) => ({ start: 0, size: n + k - 1 }),
  same: (n, k, lateMiddle) => ({ start: Math.floor((lateMiddle ? k : k - 1) / 2), size: n }),
  valid: (n, k) => ({ start: Math.min(n, k) - 1, size: Math.abs(n - k) + 1 }),
};

/** SciPy's name for a mode, checked. */
export function scipyMode(mode: unknown): ScipyMode {
  if (mode === 'full' || mode === 'same' || mode === 'valid') return mode;
  throw new ValueError('bad-argument', "Acceptable mode flags are 'valid', 'same', or 'full'.");
}

/** The shape of SciPy's result; sizes of 0 included. */
export function scipyShape(inputShape: Shape, kernelShape: Shape, mode: ScipyMode): number[] {
  return inputShape.map((n, axis) => parts[mode](n, kernelShape[axis] as number, false).size);
}

/** Mode 'valid' needs one operand to contain the other. */
export function checkValid(inputShape: Shape, kernelShape: Shape, mode: ScipyMode): void {
  const contains = (a: Shape, b: Shape): boolean => a.every((size, axis) => size >= (b[axis] as number));
  if (mode !== 'valid' || contains(inputShape, kernelShape) || contains(kernelShape, inputShape)) return;
  throw new ValueError(
    'shape-mismatch',
    "For 'valid' mode, one must be at least as large as the other in every dimension",
  );
}

/**
 * Cells needed before and after the input along each axis. The full result has k-1 on both sides; m cells of it from
 * cell `start` on have lo = k-1 - start, and hi = (m-1) + k - n - lo, so that m is the size of the result.
 *
 * `correlate2d` takes the second of two middles, and is alone in this: `correlate` takes the first, as convolutions do.
 */
export function scipyPadding(
  inputShape: Shape,
  kernelShape: Shape,
  mode: ScipyMode,
  isCorrelate2d: boolean,
): [lo: number, hi: number][] {
  checkValid(inputShape, kernelShape, mode);
  return inputShape.map((n, axis) => {
    const k = kernelShape[axis] as number;
    const { start, size } = parts[mode](n, k, isCorrelate2d);
    const lo = k - 1 - start;
    return [lo, size - 1 + k - n - lo];
  });
}

/**
 * The spec under which `conv` computes what SciPy does, on operands reshaped to [1, 1, ...shape]. With `correlate`, two
 * dimensions are those of `correlate2d`, one and three those of `correlate` (the two differ in mode 'same' for even
 * kernels).
 *
 * @param inputShape shape of SciPy's first argument, 1 to 3 dimensions
 * @param kernelShape shape of its second, of as many dimensions
 * @throws ValueError for an unknown mode or boundary, for boundary 'symm' (a spec knows zeros and circles), for ranks that
 * differ, for sizes of 0, and in mode 'valid' where neither shape contains the other
 * @example scipySpec([5], [3]).padding // [[2, 2]]
 */
export function scipySpec(inputShape: Shape, kernelShape: Shape, options: ScipyOptions = {}): ConvSpec {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError_('bad-argument', `SciPy's options must be an object, not ${show(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(OPTION_NAMES, name)) {
      const known = Object.keys(OPTION_NAMES).join(', ');
      throw new TypeError_('unexpected-argument', `unknown option '${name}'; SciPy's are ${known}`);
    }
  }
  const { mode: givenMode = 'full', boundary = 'fill', correlate = false } = options;
  const mode = scipyMode(givenMode);
  if (typeof correlate !== 'boolean') {
    throw new TypeError_('bad-argument', `correlate must be true or false, not ${show(correlate)}`);
  }
  checkShapes(inputShape, kernelShape);
  const isCircular = circular(boundary);
  const rank = inputShape.length;
  return convSpec(
    {
      padding: scipyPadding(inputShape, kernelShape, mode, correlate && rank === 2),
      flip: !correlate,
      // No cell of a valid result needs what stands outside.
      ...(isCircular && mode !== 'valid' ? { paddingMode: 'circular' } : {}),
    },
    rank,
  );
}

function circular(boundary: unknown): boolean {
  if (boundary === 'wrap' || boundary === 'fill') return boundary === 'wrap';
  if (boundary === 'symm') {
    throw new ValueError(
      'bad-argument',
      "boundary 'symm' has no ConvSpec: a spec pads with zeros or circularly; pad the input symmetrically, then use mode 'valid'",
    );
  }
  throw new ValueError('bad-argument', `boundary must be 'fill', 'wrap' or 'symm', not ${show(boundary)}`);
}

function checkShapes(inputShape: Shape, kernelShape: Shape): void {
  checkShape(inputShape, 'inputShape');
  checkShape(kernelShape, 'kernelShape');
  spatialLetters(inputShape.length);
  if (inputShape.length !== kernelShape.length) {
    throw new ValueError(
      'rank-mismatch',
      `input and kernel must have as many dimensions: their shapes are ${showShape(inputShape)} and ${showShape(kernelShape)}`,
    );
  }
  if (inputShape.includes(0) || kernelShape.includes(0)) {
    const given = `${showShape(inputShape)} and ${showShape(kernelShape)}`;
    throw new ValueError('size-invalid', `input and kernel must not be empty: their shapes are ${given}`);
  }
}
