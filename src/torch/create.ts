/** Functions that make tensors. */

import { flag, isKeywords, signature } from '../door/signature.js';
import { NotImplementedError, RuntimeError, TypeError_, ValueError } from '../errors.js';
import { isFloat, type DType as Name } from '../shape/dtype.js';
import { checkSize, show } from '../shape/shape.js';
import { type Foreign, isForeign } from '../tensor/foreign.js';
import { type Tensor as CoreTensor, full as fullOf, newTensor, tensor as tensorOf } from '../tensor/tensor.js';
import type { Nested } from '../tensor/values.js';
import { type PrintOptionsChange, withOptions } from '../text/torch.js';
import { intArgument, intsArgument, tensorArgument } from './arguments.js';
import { type DType, dtypeArgument } from './dtype.js';
import { defaultGenerator, type Generator } from './generator.js';
import { normal, randint as randintOf, uniform } from './random.js';
import { Tensor, usePrintOptions } from './tensor.js';

export interface TensorOptions {
  readonly dtype?: DType | string | null;
  readonly requires_grad?: boolean;
}

export interface RandomOptions extends TensorOptions {
  readonly generator?: Generator | null;
}

/** A new leaf. */
function made(value: CoreTensor, requiresGrad: unknown): Tensor {
  const wanted = flag(requiresGrad, 'requires_grad', false);
  if (wanted && !isFloat(value.dtype)) {
    const message = 'Only Tensors of floating point and complex dtype can require gradients';
    throw new RuntimeError('not-differentiable', message);
  }
  return new Tensor(value).requires_grad_(wanted);
}

const dtypeOr = (dtype: unknown, fallback: Name): Name =>
  dtype === undefined || dtype === null ? fallback : dtypeArgument(dtype);

const readTensor = signature('tensor', 'data dtype=~ device=~ requires_grad= pin_memory=');

/**
 * torch.tensor: a new leaf with a copy of the data: nested lists, a typed array (which decides the dtype), a number, or
 * another tensor. Plain numbers are float32, booleans bool.
 *
 * @throws ValueError for ragged lists, TypeError_ for what is no number, RuntimeError for a gradient of integers
 * @example torch.tensor([[1, 2], [3, 4]], { requires_grad: true })
 */
export function tensor(data: Foreign | ArrayBufferView | Nested, options?: TensorOptions): Tensor;
export function tensor(...args: unknown[]): Tensor {
  const [data, dtype, , requiresGrad] = readTensor(args);
  if (isForeign(data)) {
    const given = data.toCore().plain;
    return made(newTensor(given.array, given.shape, dtypeOr(dtype, given.dtype)), requiresGrad);
  }
  if (!Array.isArray(data) && !ArrayBuffer.isView(data) && !['number', 'boolean', 'bigint'].includes(typeof data)) {
    throw new TypeError_(
      'bad-argument',
      `tensor(): data must be a number, nested lists or a tensor, not ${show(data)}`,
    );
  }
  const options = dtype === undefined || dtype === null ? {} : { dtype: dtypeArgument(dtype) };
  return made(tensorOf(data as Nested, options), requiresGrad);
}

/** torch.from_numpy: the values of a NumPy array, of its dtype. */
export function from_numpy(array: Foreign): Tensor {
  if (!isForeign(array)) throw new TypeError_('bad-argument', `expected np.ndarray (got ${show(array)})`);
  return new Tensor(array.toCore().plain);
}

interface SizedArguments {
  readonly shape: readonly number[];
  readonly dtype: unknown;
  readonly requires_grad: unknown;
  readonly generator: unknown;
}

/** Sizes as arguments or as one list, then keyword arguments. */
function sizesAndOptions(args: readonly unknown[], call: string): SizedArguments {
  const last = args[args.length - 1];
  const keywords = isKeywords(last) ? last : {};
  const { size, dtype, requires_grad, generator, ...rest } = keywords;
  for (const name of Object.keys(rest)) {
    throw new TypeError_('unexpected-argument', `${call}() got an unexpected keyword argument '${name}'`);
  }
  const sizes = isKeywords(last) ? args.slice(0, -1) : args;
  const given = sizes.length === 0 && size !== undefined ? size : sizes.length === 1 ? sizes[0] : sizes;
  return { shape: shapeArgument(given, call), dtype, requires_grad, generator };
}

function shapeArgument(value: unknown, call: string): readonly number[] {
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

type Sized = {
  (...size: number[]): Tensor;
  (size: readonly number[], options?: TensorOptions): Tensor;
  (...args: [...number[], TensorOptions]): Tensor;
  (options: TensorOptions & { readonly size: readonly number[] }): Tensor;
};

const filled =
  (call: string, value: number): Sized =>
  (...args: readonly unknown[]) => {
    const { shape, dtype, requires_grad } = sizesAndOptions(args, call);
    return made(fullOf({ shape, dtype: dtypeOr(dtype, 'float32') }, value), requires_grad);
  };

/** torch.zeros: `torch.zeros(2, 3)` or `torch.zeros([2, 3], { dtype })`; float32 by default. */
export const zeros: Sized = filled('zeros', 0);
/** torch.ones: as zeros. */
export const ones: Sized = filled('ones', 1);

const readFull = signature('full', 'size fill_value dtype=~ requires_grad=');

/** torch.full: one repeated value, float32 by default. */
export function full(size: readonly number[], fill_value: number | boolean, options?: TensorOptions): Tensor;
export function full(...args: unknown[]): Tensor {
  const [size, value, dtype, requiresGrad] = readFull(args);
  if (typeof value !== 'number' && typeof value !== 'boolean') {
    throw new TypeError_('bad-argument', `full(): argument 'fill_value' must be Number, not ${show(value)}`);
  }
  const name = dtypeOr(dtype, typeof value === 'boolean' ? 'bool' : 'float32');
  return made(fullOf({ shape: shapeArgument(size, 'full'), dtype: name }, Number(value)), requiresGrad);
}

const alike = (call: string, value: number) => {
  const read = signature(call, 'input dtype=~ requires_grad=');
  return (input: Foreign, options: TensorOptions = {}): Tensor => {
    const [given, dtype, requiresGrad] = read([input, options]);
    const { shape, dtype: own } = tensorArgument(given, call, 'input');
    return made(fullOf({ shape, dtype: dtypeOr(dtype, own) }, value), requiresGrad);
  };
};

/** torch.zeros_like: zeros of the input's shape and dtype. */
export const zeros_like: (input: Foreign, options?: TensorOptions) => Tensor = alike('zeros_like', 0);
/** torch.ones_like: ones of the input's shape and dtype. */
export const ones_like: (input: Foreign, options?: TensorOptions) => Tensor = alike('ones_like', 1);

const readEye = signature('eye', 'n m?~ dtype=~ requires_grad=');

/** torch.eye: ones on the diagonal of n rows and m (default n) columns. */
export function eye(n: number, m?: number | null, options?: TensorOptions): Tensor;
export function eye(n: number, options?: TensorOptions): Tensor;
export function eye(...args: unknown[]): Tensor {
  const [n, m, dtype, requiresGrad] = readEye(args);
  const rows = intArgument(n, 'eye', 'n');
  const columns = m === undefined || m === null ? rows : intArgument(m, 'eye', 'm');
  const shape = shapeArgument([rows, columns], 'eye');
  const values = Array.from({ length: rows * columns }, (_, i) => (Math.floor(i / columns) === i % columns ? 1 : 0));
  return made(newTensor(values, shape, dtypeOr(dtype, 'float32')), requiresGrad);
}

/** torch.arange(end), (start, end), (start, end, step); int64 where all are whole, else float32. */
export function arange(...args: number[]): Tensor;
export function arange(...args: [...number[], TensorOptions]): Tensor;
export function arange(...args: unknown[]): Tensor {
  const last = args[args.length - 1];
  const { dtype, requires_grad } = isKeywords(last) ? last : {};
  const numbers = args.filter((value) => typeof value === 'number');
  const [start, end, step = 1] = numbers.length === 1 ? [0, numbers[0]] : numbers;
  if (start === undefined || end === undefined) {
    throw new TypeError_('missing-argument', "arange() missing required argument: 'end'");
  }
  if (step === 0) throw new RuntimeError('bad-argument', 'step must be nonzero');
  if (Math.sign(end - start) === -Math.sign(step)) {
    throw new RuntimeError('bad-argument', 'upper bound and lower bound inconsistent with step sign');
  }
  const shape = shapeArgument([Math.ceil((end - start) / step)], 'arange');
  const values = Array.from({ length: shape[0] as number }, (_, i) => start + i * step);
  const whole = numbers.every(Number.isInteger);
  return made(newTensor(values, shape, dtypeOr(dtype, whole ? 'int64' : 'float32')), requires_grad);
}

function floatDType(dtype: unknown, call: string): 'float32' | 'float64' {
  const name = dtypeOr(dtype, 'float32');
  if (name === 'float32' || name === 'float64') return name;
  throw new NotImplementedError(
    'dtype-mismatch',
    `"${call}" not implemented for '${name}'; draw floats, or use randint`,
  );
}

const generatorOr = (generator: unknown): Generator => (generator ?? defaultGenerator()) as Generator;

const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/** torch.rand: uniform in [0, 1), the same stream as PyTorch's CPU generator. */
export const rand: Sized = (...args: readonly unknown[]) => {
  const { shape, dtype, requires_grad, generator } = sizesAndOptions(args, 'rand');
  const name = floatDType(dtype, 'rand');
  return made(newTensor(uniform(generatorOr(generator), size(shape), name), shape, name), requires_grad);
};

/** torch.randn: standard normal, the same stream as PyTorch's CPU generator. */
export const randn: Sized = (...args: readonly unknown[]) => {
  const { shape, dtype, requires_grad, generator } = sizesAndOptions(args, 'randn');
  const name = floatDType(dtype, 'randn');
  return made(newTensor(normal(generatorOr(generator), size(shape), name), shape, name), requires_grad);
};

/**
 * torch.randint: whole numbers in [low, high), the same stream as PyTorch's CPU generator; int64 by default.
 *
 * @example torch.randint(10, { size: [2, 3] }); torch.randint(-5, 5, [2, 3])
 */
export function randint(high: number, options: RandomOptions & { readonly size: readonly number[] }): Tensor;
export function randint(high: number, size: readonly number[], options?: RandomOptions): Tensor;
export function randint(low: number, high: number, size: readonly number[], options?: RandomOptions): Tensor;
export function randint(
  low: number,
  high: number,
  options: RandomOptions & { readonly size: readonly number[] },
): Tensor;
export function randint(...args: unknown[]): Tensor {
  const last = args[args.length - 1];
  const { size: named, dtype, requires_grad, generator, ...rest } = isKeywords(last) ? last : {};
  const given = isKeywords(last) ? args.slice(0, -1) : args;
  const bounds = given.filter((value) => typeof value === 'number');
  const sizes = given.find((value) => Array.isArray(value)) ?? named;
  const [low, high] = bounds.length === 1 ? [0, bounds[0]] : bounds;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) {
    throw new TypeError_('unexpected-argument', `randint() got an unexpected keyword argument '${unknown}'`);
  }
  if (low === undefined || high === undefined || sizes === undefined) {
    const missing = sizes === undefined ? 'size' : 'high';
    throw new TypeError_('missing-argument', `randint() missing required argument: '${missing}'`);
  }
  const shape = shapeArgument(sizes, 'randint');
  const name = dtypeOr(dtype, 'int64');
  const values = randintOf(generatorOr(generator), size(shape), low, high, name);
  return made(newTensor(values, shape, name), requires_grad);
}

/** torch.manual_seed: starts the default stream; the same numbers as PyTorch's from there. */
export function manual_seed(seed: number | bigint): Generator {
  return defaultGenerator().manual_seed(seed);
}

const readPrintOptions = signature(
  'set_printoptions',
  'precision?~ threshold?~ edgeitems?~ linewidth?~ profile?~ sci_mode?~',
);

/** torch.set_printoptions: how tensors are printed from now on. */
export function set_printoptions(options: PrintOptionsChange): void;
export function set_printoptions(...args: unknown[]): void {
  const [precision, threshold, edgeitems, linewidth, profile, sci_mode] = readPrintOptions(args);
  if (profile !== undefined && profile !== null && !['default', 'short', 'full'].includes(String(profile))) {
    throw new ValueError('bad-argument', `profile must be 'default', 'short' or 'full', not ${show(profile)}`);
  }
  const change = { precision, threshold, edgeitems, linewidth, profile, sci_mode } as PrintOptionsChange;
  usePrintOptions((current) => withOptions(current, change));
}
