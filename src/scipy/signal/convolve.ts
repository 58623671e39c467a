/** scipy.signal.convolve, correlate, choose_conv_method and correlation_lags. */

import { checkValid, type ScipyMode, scipyMode, scipyPadding, scipyShape } from '../../conv/scipy.js';
import { flag, signature } from '../../door/signature.js';
import { ValueError } from '../../errors.js';
import { integer } from '../../numpy/axes.js';
import { arange } from '../../numpy/creation.js';
import type { ArrayInput } from '../../numpy/input.js';
import { type ndarray, result } from '../../numpy/ndarray.js';
import { binary } from '../../numpy/ufunc.js';
import type { Tensor } from '../../tensor/tensor.js';
import { str } from '../../text/python.js';
import { chooseMethod, type Method } from './method.js';
import { checkSameRank, convolveOne, type Operands, operandsOf, zeros } from './operands.js';

export interface ConvolveOptions {
  readonly mode?: ScipyMode;
  /** 'fft' is computed directly too, at present; results have the dtypes that SciPy gives. */
  readonly method?: 'auto' | Method;
}

/** The mode, or an error in the words that SciPy has for it when it chooses the method. */
function modeFor(mode: unknown, isAuto: boolean): ScipyMode {
  if (!isAuto || mode === 'full' || mode === 'same' || mode === 'valid') return scipyMode(mode);
  throw new ValueError('bad-argument', `Acceptable mode flags are 'valid', 'same', or 'full', not mode=${str(mode)}`);
}

function methodOf(method: unknown): 'auto' | Method {
  if (method === 'auto' || method === 'direct' || method === 'fft') return method;
  throw new ValueError('bad-argument', "Acceptable method flags are 'auto', 'direct', or 'fft'.");
}

/** Empty arrays have zeros for a result where SciPy finds one, else its error. */
function ofEmpty({ x, w, dtype }: Operands, mode: ScipyMode): Tensor {
  const isLine = x.shape.length === 1;
  const hasResult = mode === 'same' ? x.size === 0 : mode === 'valid' && !isLine;
  if (hasResult) return zeros(scipyShape(x.shape, w.shape, mode), dtype);
  throw new ValueError('size-invalid', `${x.size === 0 ? 'a' : 'v'} cannot be empty`);
}

/** Checks and computes: arrays, mode and method of one of the two functions. */
function compute(isCorrelation: boolean, values: readonly unknown[]): Tensor {
  const [in1, in2, givenMode = 'full', givenMethod = 'auto'] = values;
  const operands = operandsOf(in1, in2);
  const { x, w, dtype } = operands;
  if (x.shape.length === 0 && w.shape.length === 0) return binary('multiply', x, w);
  checkSameRank(operands, isCorrelation ? 'in1 and in2' : 'volume and kernel');
  if (givenMode === 'valid') checkValid(x.shape, w.shape, 'valid');
  const mode = modeFor(givenMode, givenMethod === 'auto' && !isCorrelation);
  const asked = methodOf(givenMethod);
  if (x.size === 0 || w.size === 0) return ofEmpty(operands, mode);
  const rank = x.shape.length;
  const isLine = rank === 1 && (mode !== 'same' || x.size >= w.size);
  if (dtype === 'bool' && asked !== 'fft' && !isLine) throw new ValueError('dtype-mismatch', 'Unsupported type');
  // The same cells of the full result for both: correlate2d alone has another middle.
  return convolveOne(operands, { padding: scipyPadding(x.shape, w.shape, mode, false), flip: !isCorrelation });
}

const readConvolve = signature('convolve', 'in1 in2 mode?~ method?~');

/**
 * scipy.signal.convolve: the convolution of two arrays of as many dimensions.
 *
 * @param mode 'full' (default) of sizes n + k - 1, 'same' of in1's shape, 'valid' of |n - k| + 1
 * @param method 'auto' (default), 'direct' or 'fft'; all are computed directly at present
 * @returns an array of the common dtype of both: integers stay integers
 * @throws ValueError for different numbers of dimensions, an unknown mode or method, an empty array, and in mode 'valid'
 * where neither contains the other
 * @example convolve([1, 2, 3], [1, 1]).tolist() // [1, 3, 5, 3]
 */
export function convolve(in1: ArrayInput, in2: ArrayInput, options?: ConvolveOptions): ndarray;
export function convolve(
  in1: ArrayInput,
  in2: ArrayInput,
  mode: ScipyMode,
  method?: 'auto' | Method | Omit<ConvolveOptions, 'mode'>,
): ndarray;
export function convolve(...args: unknown[]): ndarray {
  return result(compute(false, readConvolve(args)));
}

const readCorrelate = signature('correlate', 'in1 in2 mode?~ method?~');

/**
 * scipy.signal.correlate: the cross-correlation of two arrays of as many dimensions.
 *
 * @param mode as convolve's
 * @param method as convolve's
 * @returns as convolve
 * @throws as convolve
 * @example correlate([1, 2, 3], [1, 0]).tolist() // [0, 1, 2, 3]
 */
export function correlate(in1: ArrayInput, in2: ArrayInput, options?: ConvolveOptions): ndarray;
export function correlate(
  in1: ArrayInput,
  in2: ArrayInput,
  mode: ScipyMode,
  method?: 'auto' | Method | Omit<ConvolveOptions, 'mode'>,
): ndarray;
export function correlate(...args: unknown[]): ndarray {
  return result(compute(true, readCorrelate(args)));
}

const readChoose = signature('choose_conv_method', 'in1 in2 mode?~ measure?');

/** Seconds a call, the fastest of three. */
function seconds(run: () => unknown): number {
  const times = Array.from({ length: 3 }, () => {
    const start = performance.now();
    run();
    return (performance.now() - start) / 1000;
  });
  return Math.min(...times);
}

/**
 * scipy.signal.choose_conv_method: the method that SciPy takes for these arrays, by its estimate of the cost. With
 * `measure`, a pair: the method that was faster here, and the seconds of both.
 *
 * @throws ValueError for an unknown mode
 * @example choose_conv_method([1, 2, 3], [1, 1]) // 'direct'
 */
export function choose_conv_method(
  in1: ArrayInput,
  in2: ArrayInput,
  options: { readonly mode?: ScipyMode; readonly measure: true },
): [method: Method, times: { readonly fft: number; readonly direct: number }];
export function choose_conv_method(
  in1: ArrayInput,
  in2: ArrayInput,
  mode?: ScipyMode | { readonly mode?: ScipyMode; readonly measure?: false },
): Method;
export function choose_conv_method(
  ...args: unknown[]
): Method | [method: Method, times: { readonly fft: number; readonly direct: number }] {
  const [in1, in2, mode = 'full', measure] = readChoose(args);
  if (flag(measure, 'measure', false)) {
    const time = (method: Method): number => seconds(() => compute(false, [in1, in2, mode, method]));
    const times = { fft: time('fft'), direct: time('direct') };
    return [times.fft < times.direct ? 'fft' : 'direct', times];
  }
  return chooseMethod(operandsOf(in1, in2), modeFor(mode, true));
}

const readLags = signature('correlation_lags', 'in1_len in2_len mode?~');

/**
 * scipy.signal.correlation_lags: by how many cells in2 is shifted against in1 in each cell of their 1-D correlation.
 *
 * @param in1_len cells of the first array
 * @param in2_len cells of the second
 * @returns int64, as long as correlate's result in that mode
 * @throws ValueError for an unknown mode, TypeError_ for lengths that aren't whole
 * @example correlation_lags(3, 2).tolist() // [-1, 0, 1, 2]
 */
export function correlation_lags(
  in1_len: number,
  in2_len: number,
  mode?: ScipyMode | { readonly mode?: ScipyMode },
): ndarray;
export function correlation_lags(...args: unknown[]): ndarray {
  const [in1Length, in2Length, mode = 'full'] = readLags(args);
  const [n, k] = [integer(in1Length, 'in1_len'), integer(in2Length, 'in2_len')];
  if (mode === 'full') return arange(1 - k, n);
  if (mode === 'valid') return n >= k ? arange(n - k + 1) : arange(n - k, 1);
  if (mode === 'same') {
    // The n cells around the middle of the full result.
    const first = 1 - k + Math.floor((n + k - 1) / 2) - Math.floor(n / 2);
    return arange(first, first + n);
  }
  throw new ValueError('bad-argument', `Mode ${str(mode)} is invalid`);
}
