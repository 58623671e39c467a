/** Equidistant numbers, to the last bit as PyTorch's AVX2 code makes them. */

import { NotImplementedError, RuntimeError } from '../errors.js';
import { fma } from '../random/elementary.js';
import { type DType, isFloat } from '../shape/dtype.js';
import { checkSize } from '../shape/shape.js';
import { scalarName } from './arguments.js';

/** Numbers in a vector register of 32 bytes. */
const lanes = { float32: 8, float64: 4 };

/** start + i * step, rounded once; plainly where that is exact anyway. */
function at(start: number, step: number, i: number): number {
  return Number.isSafeInteger(start) && Number.isSafeInteger(step) ? start + i * step : fma(step, i, start);
}

/**
 * Pairs of vectors as long as there are any, then one number after the other. In a vector only the first number is
 * start + i * step; the others are steps from it on, as it was rounded.
 */
function floats(start: number, step: number, count: number, dtype: 'float32' | 'float64'): Float32Array | Float64Array {
  const out = dtype === 'float32' ? new Float32Array(count) : new Float64Array(count);
  const lane = lanes[dtype];
  const vectorised = count - (count % (2 * lane));
  for (let i = 0; i < count; i++) {
    const first = i < vectorised ? i - (i % lane) : i;
    out[i] = at(start, step, first);
    if (i > first) out[i] = at(out[first] as number, step, i - first);
  }
  return out;
}

function checkSteps(start: number, end: number, step: number): void {
  if (!Number.isFinite(start) || !Number.isFinite(end)) {
    const show = (x: number): string => String(x).replace('Infinity', 'inf').replace('NaN', 'nan');
    throw new RuntimeError('bad-argument', `unsupported range: ${show(start)} -> ${show(end)}`);
  }
  if (!Number.isFinite(step)) {
    const shown = Number.isNaN(step) ? 'nan' : step > 0 ? 'inf' : '-inf';
    throw new RuntimeError('bad-argument', `step must be finite but got ${shown}`);
  }
  if (step === 0) throw new RuntimeError('bad-argument', 'step must be nonzero');
  if ((end - start) * step < 0) {
    const message = `upper bound and lower bound inconsistent with step sign: from ${start} to ${end} by ${step}`;
    throw new RuntimeError('bad-argument', message);
  }
}

/**
 * torch.arange: start, start + step, ... up to, and not with, end; for integers start and step are cut to whole numbers first.
 *
 * @throws RuntimeError for bounds that are not finite, a step of 0 or away from the end; NotImplementedError for bool
 */
export function sequence(
  start: number,
  end: number,
  step: number,
  dtype: DType,
): Float32Array | Float64Array | readonly number[] {
  if (dtype === 'bool') {
    throw new NotImplementedError('dtype-mismatch', `"arange_cpu" not implemented for '${scalarName[dtype]}'`);
  }
  checkSteps(start, end, step);
  const whole = (x: number): number => (isFloat(dtype) ? x : Math.trunc(x));
  const [from, by] = [whole(start), whole(step)];
  const count = Math.ceil((end - start) / step);
  checkSize([count], 'the tensor');
  if (dtype === 'float32' || dtype === 'float64') return floats(from, by, count, dtype);
  return Array.from({ length: count }, (_, i) => from + i * by);
}
