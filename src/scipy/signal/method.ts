/** scipy.signal.choose_conv_method: which way SciPy expects to be faster. */

import type { ScipyMode } from '../../conv/scipy.js';
import { ValueError } from '../../errors.js';
import { isFloat } from '../../shape/dtype.js';
import { type Shape, sizeOf } from '../../shape/shape.js';
import type { Operands } from './operands.js';

export type Method = 'direct' | 'fft';

/** Seconds an operation of an FFT, seconds a multiplication, seconds for the rest: measured by SciPy's authors. */
type Costs = readonly [fft: number, direct: number, offset: number];

const costs1d: { readonly [M in ScipyMode]: Costs } = {
  valid: [1.89095737e-9, 2.1364985e-10, -1e-3],
  full: [1.764907e-9, 2.1414831e-10, -1e-3],
  same: [3.2646654e-9, 2.8478277e-10, -1e-3],
};

/** 'same' where the second array is the longer. */
const costsOfLongKernel: Costs = [3.21635404e-9, 1.1773253e-8, -1e-5];

const costsNd: { readonly [M in ScipyMode]: Costs } = {
  valid: [1.85927e-9, 2.11242e-8, -1e-4],
  full: [1.99817e-9, 1.66174e-8, -1e-4],
  same: [2.04735e-9, 1.55367e-8, -1e-4],
};

/** Multiplications of the direct way. */
function directOperations(x: Shape, w: Shape, mode: ScipyMode): number {
  const [n, k] = [sizeOf(x), sizeOf(w)];
  const isLine = x.length === 1;
  if (mode === 'same') return isLine && n >= k ? n * k - Math.floor(k / 2) * Math.floor((k + 1) / 2) : n * k;
  const out = x.map((size, axis) => {
    const taps = w[axis] ?? 1;
    return mode === 'full' ? size + taps - 1 : Math.abs(size - taps) + 1;
  });
  return isLine && mode === 'full' ? n * k : Math.min(n, k) * sizeOf(out);
}

/** Integers for which an FFT's float64 would not be exact. */
function isTooLarge({ x, w }: Operands): boolean {
  if ([x, w].every(({ dtype }) => isFloat(dtype) || dtype === 'bool')) return false;
  const largest = ({ array }: Operands['x']): number => {
    const least = Array.from<number | bigint, number>(array, (value) => Math.abs(Number(value)));
    if (least.length > 0) return least.reduce((a, b) => Math.max(a, b));
    throw new ValueError('size-invalid', 'zero-size array to reduction operation maximum which has no identity');
  };
  return largest(x) * largest(w) * Math.min(x.size, w.size) > 2 ** 52 - 1;
}

/** SciPy's choice for a pair of arrays and a mode. */
export function chooseMethod(operands: Operands, mode: ScipyMode): Method {
  const { x, w } = operands;
  if (isTooLarge(operands) || (x.dtype === 'bool' && w.dtype === 'bool')) return 'direct';
  const cells = sizeOf(x.shape.slice(0, w.shape.length).map((size, axis) => size + (w.shape[axis] as number) - 1));
  const fftOperations = 3 * cells * Math.log(cells);
  const isLongKernel = mode === 'same' && w.size > x.size;
  const lineCosts = isLongKernel ? costsOfLongKernel : costs1d[mode];
  const [fft, direct, offset] = x.shape.length === 1 ? lineCosts : costsNd[mode];
  return fft * fftOperations < direct * directOperations(x.shape, w.shape, mode) + offset ? 'fft' : 'direct';
}
