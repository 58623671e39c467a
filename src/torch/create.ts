/** Functions that make tensors. */

import { isKeywords, signature } from '../door/signature.js';
import { placeOf } from '../door/storage.js';
import { RuntimeError, TypeError_, ValueError } from '../errors.js';
import { isFloat, type DType as Name } from '../shape/dtype.js';
import { checkSize, show } from '../shape/shape.js';
import { type Foreign, isForeign } from '../tensor/foreign.js';
import { type Tensor as CoreTensor, full as fullOf, newTensor } from '../tensor/tensor.js';
import { type PrintOptionsChange, withOptions } from '../text/torch.js';
import { boolArgument, intArgument, intsArgument, isWhole, tensorArgument, typeName, wrongType } from './arguments.js';
import { checkRange, type Data, readData } from './data.js';
import { defaultFloat } from './default.js';
import { checkDevice, type DType, dtypeArgument } from './dtype.js';
import type { CpuGenerator } from './generator.js';
import { usePrintOptions } from './printing.js';
import { sequence } from './sequence.js';
import { showAt } from './shown.js';
import { Tensor } from './tensor.js';

export interface TensorOptions {
  readonly dtype?: DType | string | null;
  readonly device?: 'cpu' | null;
  readonly requires_grad?: boolean;
}

export interface RandomOptions extends TensorOptions {
  readonly generator?: CpuGenerator | null;
}

/** Keywords that every function here has. */
export const SHARED = 'dtype=~ device=~ requires_grad=';

/** A new leaf. */
export function made(value: CoreTensor, requiresGrad: unknown, call: string): Tensor {
  const wanted = boolArgument(requiresGrad, call, 'requires_grad');
  if (wanted && !isFloat(value.dtype)) {
    const message = 'Only Tensors of floating point and complex dtype can require gradients';
    throw new RuntimeError('not-differentiable', message);
  }
  return new Tensor(value).requires_grad_(wanted);
}

/** A dtype argument, or what stands for none. */
export const dtypeOr = <F extends Name | null>(dtype: unknown, fallback: F, call: string): Name | F =>
  dtype === undefined || dtype === null ? fallback : dtypeArgument(dtype, call);

const readTensor = signature('tensor', `data ${SHARED} pin_memory=`);

/**
 * torch.tensor: a new leaf with a copy of the data: nested lists, a typed array (which decides the dtype), a number, or
 * another tensor. Plain numbers are float32, booleans bool.
 *
 * @throws ValueError for ragged lists, TypeError_ for what is no number, RuntimeError for a gradient of integers
 * @example torch.tensor([[1, 2], [3, 4]], { requires_grad: true })
 */
export function tensor(data: Data, options?: TensorOptions): Tensor;
export function tensor(options: TensorOptions & { readonly data: Data }): Tensor;
export function tensor(...args: unknown[]): Tensor {
  const [data, dtype, device, requiresGrad] = readTensor(args);
  checkDevice(device, 'tensor');
  return made(readData(data, dtypeOr(dtype, null, 'tensor')), requiresGrad, 'tensor');
}

const readFromNumpy = signature('from_numpy', 'ndarray');

/** torch.from_numpy: the elements of a NumPy array, of its dtype: what is written into one shows in the other. */
export function from_numpy(ndarray: Foreign): Tensor;
export function from_numpy(...args: unknown[]): Tensor {
  const [ndarray] = readFromNumpy(args);
  if (isForeign(ndarray)) {
    const place = placeOf(ndarray);
    const tensor = new Tensor(ndarray.toCore().share(null));
    if (place !== null) showAt(tensor, place);
    return tensor;
  }
  throw new TypeError_('bad-argument', `expected np.ndarray (got ${typeName(ndarray)})`);
}

/** Sizes one by one or as one list, then keyword arguments. */
export function sized(call: string, more = ''): (args: readonly unknown[]) => readonly unknown[] {
  const read = signature(call, `size ${SHARED}${more}`);
  return (args) => {
    const given = isKeywords(args.at(-1)) ? args.slice(0, -1) : args;
    return read(isWhole(given[0]) ? [given, ...args.slice(given.length)] : args);
  };
}

/** A shape to make: no size below 0, and no more elements than there can be. */
export function shapeArgument(value: unknown, call: string): readonly number[] {
  const shape = intsArgument(value, call, 'size');
  const negative = shape.find((size) => size < 0);
  if (negative !== undefined) {
    throw new RuntimeError(
      'size-invalid',
      `Trying to create tensor with negative dimension ${negative}: [${shape.join(', ')}]`,
    );
  }
  checkSize(shape, 'the tensor');
  return [...shape];
}

/** Functions of sizes, one by one or in a list. */
export interface Sized<Options> {
  (...size: number[]): Tensor;
  (size: readonly number[], options?: Options): Tensor;
  (...args: [...number[], Options]): Tensor;
  (options: Options & { readonly size: readonly number[] }): Tensor;
}

export function filled(call: string, value: number): Sized<TensorOptions> {
  const read = sized(call);
  return (...args: readonly unknown[]) => {
    const [size, dtype, device, requiresGrad] = read(args);
    checkDevice(device, call);
    const shape = shapeArgument(size, call);
    return made(fullOf({ shape, dtype: dtypeOr(dtype, defaultFloat(), call) }, value), requiresGrad, call);
  };
}

/** torch.zeros: `torch.zeros(2, 3)` or `torch.zeros([2, 3], { dtype })`; float32 by default. */
export const zeros: Sized<TensorOptions> = filled('zeros', 0);
/** torch.ones: as zeros. */
export const ones: Sized<TensorOptions> = filled('ones', 1);

const readFull = signature('full', `size fill_value ${SHARED}`);

/** A number to repeat, or a tensor of no dimension that has one. */
export function fillValue(value: unknown, call = 'full'): number | boolean {
  const isScalar = isForeign(value) && value.toCore().shape.length === 0;
  const given = isScalar ? value.toCore().item() : value;
  if (typeof given === 'number' || typeof given === 'boolean') return given;
  throw wrongType(call, 'fill_value', 'Number', value);
}

/** torch.full: one repeated value, float32 by default. */
export function full(size: readonly number[], fill_value: number | boolean | Foreign, options?: TensorOptions): Tensor;
export function full(
  options: TensorOptions & { readonly size: readonly number[]; readonly fill_value: number | boolean | Foreign },
): Tensor;
export function full(...args: unknown[]): Tensor {
  const [size, given, dtype, device, requiresGrad] = readFull(args);
  checkDevice(device, 'full');
  const value = fillValue(given);
  const name = dtypeOr(dtype, typeof value === 'boolean' ? 'bool' : 'float32', 'full');
  checkRange(value, name);
  const shape = shapeArgument(size, 'full');
  return made(fullOf({ shape, dtype: name }, filler(Number(value), name)), requiresGrad, 'full');
}

/** A number as an element of a dtype: integers cut the fraction off, bool is 0 or 1. */
const filler = (value: number, dtype: Name): number =>
  isFloat(dtype) ? value : dtype === 'bool' ? Number(value !== 0) : Math.trunc(value);

/** Functions that take shape and dtype from a tensor. */
export interface Alike {
  (input: Foreign, options?: TensorOptions): Tensor;
  (options: TensorOptions & { readonly input: Foreign }): Tensor;
}

export function alike(call: string, value: number): Alike {
  const read = signature(call, `input ${SHARED}`);
  return (...args: unknown[]): Tensor => {
    const [input, dtype, device, requiresGrad] = read(args);
    checkDevice(device, call);
    const { shape, dtype: own } = tensorArgument(input, call, 'input');
    return made(fullOf({ shape, dtype: dtypeOr(dtype, own, call) }, value), requiresGrad, call);
  };
}

/** torch.zeros_like: zeros of the input's shape and dtype. */
export const zeros_like: Alike = alike('zeros_like', 0);
/** torch.ones_like: ones of the input's shape and dtype. */
export const ones_like: Alike = alike('ones_like', 1);

const readEye = signature('eye', `n m?~ ${SHARED}`);

function sideArgument(value: unknown, name: 'n' | 'm'): number {
  const side = intArgument(value, 'eye', name);
  if (side >= 0) return side;
  throw new RuntimeError('size-invalid', `${name} must be greater or equal to 0, got ${side}`);
}

/** torch.eye: ones on the diagonal of n rows and m (default n) columns. */
export function eye(n: number, m?: number | null, options?: TensorOptions): Tensor;
export function eye(n: number, options?: TensorOptions): Tensor;
export function eye(options: TensorOptions & { readonly n: number; readonly m?: number | null }): Tensor;
export function eye(...args: unknown[]): Tensor {
  const [n, m, dtype, device, requiresGrad] = readEye(args);
  checkDevice(device, 'eye');
  const rows = sideArgument(n, 'n');
  const columns = m === undefined || m === null ? rows : sideArgument(m, 'm');
  const shape = shapeArgument([rows, columns], 'eye');
  const values = new Uint8Array(rows * columns);
  for (let i = 0; i < Math.min(rows, columns); i++) values[i * (columns + 1)] = 1;
  return made(newTensor(values, shape, dtypeOr(dtype, defaultFloat(), 'eye')), requiresGrad, 'eye');
}

const readArange = signature('arange', `start? end? step? ${SHARED}`);

function bound(value: unknown, name: string): number {
  if (typeof value === 'number') return value;
  throw wrongType('arange', name, 'Number', value);
}

/** torch.arange(end), (start, end), (start, end, step); int64 where all are whole, else float32. */
export function arange(end: number, options?: TensorOptions): Tensor;
export function arange(start: number, end: number, options?: TensorOptions & { readonly step?: number }): Tensor;
export function arange(
  start: number,
  options: TensorOptions & { readonly end: number; readonly step?: number },
): Tensor;
export function arange(start: number, end: number, step: number, options?: TensorOptions): Tensor;
export function arange(
  options: TensorOptions & { readonly start?: number; readonly end: number; readonly step?: number },
): Tensor;
export function arange(...args: unknown[]): Tensor {
  const [first, second, third, dtype, device, requiresGrad] = readArange(args);
  checkDevice(device, 'arange');
  const onlyEnd = second === undefined && args.length > 0 && !isKeywords(args[0]);
  const [from, to] = onlyEnd ? [undefined, first] : [first, second];
  if (to === undefined) throw new TypeError_('missing-argument', "arange() missing required argument: 'end'");
  const numbers = [bound(from ?? 0, 'start'), bound(to, 'end'), bound(third ?? 1, 'step')] as const;
  const name = dtypeOr(dtype, numbers.every(Number.isInteger) ? 'int64' : defaultFloat(), 'arange');
  const values = sequence(...numbers, name);
  return made(newTensor(values, [values.length], name), requiresGrad, 'arange');
}

const readPrintOptions = signature(
  'set_printoptions',
  'precision?~ threshold?~ edgeitems?~ linewidth?~ profile?~ sci_mode?~',
);

/** torch.set_printoptions: how tensors are printed from now on. */
export function set_printoptions(options: PrintOptionsChange): void;
export function set_printoptions(...args: unknown[]): void {
  const [precision, threshold, edgeitems, linewidth, profile, sci_mode] = readPrintOptions(args);
  for (const [name, value] of Object.entries({ precision, threshold, edgeitems, linewidth })) {
    const isSet = value !== undefined && value !== null;
    if (isSet && !(typeof value === 'number' && value >= 0 && (isWhole(value) || value === Number.POSITIVE_INFINITY))) {
      throw wrongType('set_printoptions', name, 'int of at least 0', value);
    }
  }
  boolArgument(sci_mode ?? undefined, 'set_printoptions', 'sci_mode');
  if (![undefined, null, 'default', 'short', 'full'].some((known) => known === profile)) {
    throw new ValueError('bad-argument', `profile must be 'default', 'short' or 'full', not ${show(profile)}`);
  }
  const change = { precision, threshold, edgeitems, linewidth, profile, sci_mode } as PrintOptionsChange;
  usePrintOptions((current) => withOptions(current, change));
}
