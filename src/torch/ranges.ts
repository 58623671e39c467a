/** Tensors of equidistant numbers and of indices, and tensors like others. */

import { RuntimeError } from '../errors.js';
import { fma, fmaf } from '../random/elementary.js';
import { isFloat, type DType as Name } from '../shape/dtype.js';
import { checkSize } from '../shape/shape.js';
import { type Foreign, isForeign } from '../tensor/foreign.js';
import { full as fullOf, newTensor } from '../tensor/tensor.js';
import { intArgument, tensorArgument, wrongType } from './arguments.js';
import {
  type Alike,
  alike,
  dtypeOr,
  filled,
  fillValue,
  made,
  SHARED,
  type Sized,
  type TensorOptions,
} from './create.js';
import { type Data, readData } from './data.js';
import { defaultFloat } from './default.js';
import { checkDevice } from './dtype.js';
import { reader } from './row.js';
import { Tensor } from './tensor.js';

/** torch.empty: as zeros: what PyTorch leaves as it finds it is 0 here. */
export const empty: Sized<TensorOptions> = filled('empty', 0);
/** torch.empty_like: as zeros_like. */
export const empty_like: Alike = alike('empty_like', 0);

const readFullLike = reader('full_like', `input fill_value ${SHARED}`);

type Fill = number | boolean | Foreign;

/** torch.full_like: one repeated value, in the input's shape and dtype. */
export function full_like(input: Foreign, fill_value: Fill, options?: TensorOptions): Tensor;
export function full_like(input: Foreign, options: TensorOptions & { readonly fill_value: Fill }): Tensor;
export function full_like(...args: unknown[]): Tensor {
  const [input, given, dtype, device, requiresGrad] = readFullLike(args);
  checkDevice(device, 'full_like');
  const { shape, dtype: own } = tensorArgument(input, 'full_like', 'input');
  const name = dtypeOr(dtype, own, 'full_like');
  const value = Number(fillValue(given, 'full_like'));
  const whole = isFloat(name) || name === 'bool' ? value : Math.trunc(value);
  return made(fullOf({ shape, dtype: name }, whole), requiresGrad, 'full_like');
}

const readLinspace = reader('linspace', `start end steps ${SHARED}`);
const readLogspace = reader('logspace', `start end steps base? ${SHARED}`);

function numberArgument(value: unknown, call: string, name: string): number {
  const given = isForeign(value) ? value.toCore().item() : value;
  if (typeof given === 'number') return given;
  throw wrongType(call, name, 'Number', value);
}

/** So many equidistant numbers, counted from the nearer end and each rounded once, as PyTorch does it. */
function equidistant(call: string, from: unknown, to: unknown, count: unknown, name: Name): number[] {
  const [start, end] = [numberArgument(from, call, 'start'), numberArgument(to, call, 'end')];
  const steps = intArgument(count, call, 'steps');
  if (steps < 0) throw new RuntimeError('bad-argument', 'number of steps must be non-negative');
  checkSize([steps], 'the tensor');
  const [round, sum] = name === 'float32' ? [Math.fround, fmaf] : [Number, fma];
  const [first, last] = [round(start), round(end)];
  const step = steps > 1 ? round(round(last - first) / (steps - 1)) : 0;
  return Array.from({ length: steps }, (_, i) => {
    if (steps === 1) return start;
    return i < Math.floor(steps / 2) ? sum(step, i, first) : sum(-step, steps - i - 1, last);
  });
}

interface Steps {
  readonly start: number | Foreign;
  readonly end: number | Foreign;
  readonly steps: number;
}

/**
 * torch.linspace: so many equidistant numbers from start to end, both included.
 *
 * @throws RuntimeError for a negative number of steps
 * @example torch.linspace(0, 1, 5).tolist() // [0, 0.25, 0.5, 0.75, 1]
 */
export function linspace(
  start: number | Foreign,
  end: number | Foreign,
  steps: number | (TensorOptions & { readonly steps: number }),
  options?: TensorOptions,
): Tensor;
export function linspace(options: TensorOptions & Steps): Tensor;
export function linspace(...args: unknown[]): Tensor {
  const [start, end, steps, dtype, device, requiresGrad] = readLinspace(args);
  checkDevice(device, 'linspace');
  const name = dtypeOr(dtype, defaultFloat(), 'linspace');
  const values = equidistant('linspace', start, end, steps, name);
  return made(newTensor(whole(values, name), [values.length], name), requiresGrad, 'linspace');
}

/** Integers are cut off. */
const whole = (values: readonly number[], name: Name): readonly number[] =>
  isFloat(name) ? values : values.map(Math.trunc);

/** torch.logspace: `base` to the power of equidistant exponents. */
export function logspace(
  start: number | Foreign,
  end: number | Foreign,
  steps: number,
  base?: number | (TensorOptions & { readonly base?: number }),
  options?: TensorOptions,
): Tensor;
export function logspace(options: TensorOptions & Steps & { readonly base?: number }): Tensor;
export function logspace(...args: unknown[]): Tensor {
  const [start, end, steps, base, dtype, device, requiresGrad] = readLogspace(args);
  checkDevice(device, 'logspace');
  const name = dtypeOr(dtype, defaultFloat(), 'logspace');
  const by = base === undefined ? 10 : numberArgument(base, 'logspace', 'base');
  const values = equidistant('logspace', start, end, steps, name).map((exponent) => by ** exponent);
  return made(newTensor(whole(values, name), [values.length], name), requiresGrad, 'logspace');
}

type IndicesOptions = Omit<TensorOptions, 'requires_grad'>;

interface TriangleIndices {
  (row: number, col: number, offset?: number, options?: IndicesOptions): Tensor;
  (row: number, col: number, options: IndicesOptions & { readonly offset?: number }): Tensor;
  (options: IndicesOptions & { readonly row: number; readonly col: number; readonly offset?: number }): Tensor;
}

function indices(name: 'tril_indices' | 'triu_indices'): TriangleIndices {
  const read = reader(name, 'row col offset? dtype=~ device=~');
  return (...args: unknown[]): Tensor => {
    const [row, col, offset, dtype, device] = read(args);
    checkDevice(device, name);
    const [rows, columns] = [intArgument(row, name, 'row'), intArgument(col, name, 'col')];
    if (rows < 0 || columns < 0) {
      throw new RuntimeError(
        'size-invalid',
        `${rows < 0 ? 'row' : 'col'} must be non-negative, got${Math.min(rows, columns)}`,
      );
    }
    const by = offset === undefined ? 0 : intArgument(offset, name, 'offset');
    checkSize([2, rows, columns], 'the square of the triangle');
    const cells = Array.from({ length: rows * columns }, (_, i) => [Math.floor(i / columns), i % columns] as const);
    const inside = cells.filter(([i, j]) => (name === 'tril_indices' ? j - i <= by : j - i >= by));
    const values = [...inside.map(([i]) => i), ...inside.map(([, j]) => j)];
    return new Tensor(newTensor(values, [2, inside.length], dtypeOr(dtype, 'int64', name)));
  };
}

/** torch.tril_indices: rows and columns of the cells of a lower triangle. */
export const tril_indices: TriangleIndices = indices('tril_indices');
/** torch.triu_indices: rows and columns of the cells of an upper triangle. */
export const triu_indices: TriangleIndices = indices('triu_indices');

interface AsTensor {
  (data: Data, options?: TensorOptions): Tensor;
  (data: Data, dtype: TensorOptions['dtype'], options?: TensorOptions): Tensor;
}

/** A tensor of the data: itself where it is a tensor of that dtype already. */
function asTensor(name: 'as_tensor' | 'asarray', parameters: string): AsTensor {
  const read = reader(name, parameters);
  return (...args: unknown[]): Tensor => {
    const [data, dtype, device, requiresGrad, copy] = read(args);
    checkDevice(device, name);
    const wanted = dtypeOr(dtype, null, name);
    const asked = requiresGrad !== undefined;
    if (data instanceof Tensor && copy !== true && !asked) return wanted === null ? data : data.to(wanted);
    return made(readData(data, wanted), requiresGrad, name);
  };
}

/** torch.as_tensor: as torch.tensor, but a tensor of the wanted dtype stays what it is, graph and all. */
export const as_tensor: AsTensor = asTensor('as_tensor', 'data dtype?~ device?~');
/** torch.asarray: as as_tensor, with `copy` and `requires_grad`. */
export const asarray: AsTensor = asTensor('asarray', 'obj dtype=~ device=~ requires_grad= copy=~');

const readScalar = reader('scalar_tensor', `s ${SHARED}`);

/** torch.scalar_tensor: a number as a tensor of no dimension; float32 by default. */
export function scalar_tensor(s: Fill, options?: TensorOptions): Tensor;
export function scalar_tensor(...args: unknown[]): Tensor {
  const [s, dtype, device, requiresGrad] = readScalar(args);
  checkDevice(device, 'scalar_tensor');
  const value = fillValue(s, 'scalar_tensor');
  return made(newTensor([value], [], dtypeOr(dtype, defaultFloat(), 'scalar_tensor')), requiresGrad, 'scalar_tensor');
}

const readRange = reader('range', `start? end? step? ${SHARED}`);

/** torch.range: start, start + step, ... up to and with end; PyTorch prefers arange. */
export function range(start: number, end: number, step?: number, options?: TensorOptions): Tensor;
export function range(
  options: TensorOptions & { readonly start?: number; readonly end: number; readonly step?: number },
): Tensor;
export function range(...args: unknown[]): Tensor {
  const [from, to, by, dtype, device, requiresGrad] = readRange(args);
  checkDevice(device, 'range');
  const start = numberArgument(from ?? 0, 'range', 'start');
  const [end, step] = [numberArgument(to, 'range', 'end'), numberArgument(by ?? 1, 'range', 'step')];
  if (![start, end, step].every(Number.isFinite)) {
    throw new RuntimeError('bad-argument', `unsupported range: ${start} -> ${end} by ${step}`);
  }
  if (step === 0) throw new RuntimeError('bad-argument', 'step must be nonzero');
  if ((end - start) * step < 0) {
    throw new RuntimeError('bad-argument', 'upper bound and lower bound inconsistent with step sign');
  }
  const count = Math.floor((end - start) / step) + 1;
  checkSize([count], 'the tensor');
  const name = dtypeOr(dtype, defaultFloat(), 'range');
  const values = Array.from({ length: count }, (_, i) => start + i * step);
  return made(newTensor(whole(values, name), [count], name), requiresGrad, 'range');
}
