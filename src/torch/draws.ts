/** Functions of the torch module that draw random numbers, the same as PyTorch's from its CPU generator. */

import { isKeywords, signature } from '../door/signature.js';
import { NotImplementedError, RuntimeError, TypeError_ } from '../errors.js';
import { broadcastBinary } from '../ops/composite.js';
import { broadcast, sizeOf } from '../shape/shape.js';
import { type Foreign, isForeign } from '../tensor/foreign.js';
import { type Tensor as CoreTensor, full, newTensor, op } from '../tensor/tensor.js';
import { intArgument, numberArgument, tensorArgument } from './arguments.js';
import { dtypeOr, made, type RandomOptions, SHARED, type Sized, shapeArgument, sized } from './create.js';
import { checkDevice } from './dtype.js';
import type { CpuGenerator } from './generator.js';
import { arranged, isDense, orderInMemory } from './memory-order.js';
import {
  bernoulli as bernoulliOf,
  normal as normalOf,
  randint as randintOf,
  randperm as randpermOf,
  uniform,
} from './random.js';
import { floatingFor, generatorArgument, probabilities } from './random-arguments.js';
import { checkBroadcast } from './rows/arithmetic.js';
import { Tensor } from './tensor.js';

interface Source {
  readonly generator?: CpuGenerator | null;
}

type Draw = (
  generator: CpuGenerator,
  n: number,
  dtype: 'float32' | 'float64',
  isContiguous?: boolean,
) => Float32Array | Float64Array;

const uniforms: Draw = (generator, n, dtype) => uniform(generator, n, dtype);
const normals: Draw = (generator, n, dtype, isContiguous) => normalOf(generator, n, dtype, 0, 1, isContiguous);

function drawn(call: 'rand' | 'randn', kernel: Parameters<typeof floatingFor>[0], draw: Draw): Sized<RandomOptions> {
  const read = sized(call, ' generator=~');
  return (...args: readonly unknown[]) => {
    const [size, dtype, device, requiresGrad, generator] = read(args);
    checkDevice(device, call);
    const shape = shapeArgument(size, call);
    const name = floatingFor(kernel, dtypeOr(dtype, 'float32', call));
    const values = draw(generatorArgument(generator, call), sizeOf(shape), name);
    return made(newTensor(values, shape, name), requiresGrad, call);
  };
}

/** torch.rand: uniform in [0, 1), the same stream as PyTorch's CPU generator. */
export const rand: Sized<RandomOptions> = drawn('rand', 'check_uniform_bounds', uniforms);
/** torch.randn: standard normal, the same stream as PyTorch's CPU generator. */
export const randn: Sized<RandomOptions> = drawn('randn', 'normal_kernel_cpu', normals);

const readRandint = signature('randint', `low high size ${SHARED} generator=~`);

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
export function randint(
  options: RandomOptions & { readonly low?: number; readonly high: number; readonly size: readonly number[] },
): Tensor;
export function randint(...args: unknown[]): Tensor {
  const hasTwoBounds = typeof args[1] === 'number' || (isKeywords(args.at(-1)) && 'low' in Object(args.at(-1)));
  const [low, high, size, dtype, device, requiresGrad, generator] = readRandint(hasTwoBounds ? args : [0, ...args]);
  checkDevice(device, 'randint');
  const bounds = [intArgument(low, 'randint', 'low'), intArgument(high, 'randint', 'high')] as const;
  const shape = shapeArgument(size, 'randint');
  const name = dtypeOr(dtype, 'int64', 'randint');
  const values = randintOf(generatorArgument(generator, 'randint'), sizeOf(shape), ...bounds, name);
  return made(newTensor(values, shape, name), requiresGrad, 'randint');
}

interface DrawnAlike {
  (input: Foreign, options?: RandomOptions): Tensor;
  (options: RandomOptions & { readonly input: Foreign }): Tensor;
}

function drawnAlike(
  call: 'rand_like' | 'randn_like',
  kernel: Parameters<typeof floatingFor>[0],
  draw: Draw,
): DrawnAlike {
  const read = signature(call, `input ${SHARED} generator=~`);
  return (...args: unknown[]): Tensor => {
    const [input, dtype, device, requiresGrad, generator] = read(args);
    checkDevice(device, call);
    const like = tensorArgument(input, call, 'input');
    const name = floatingFor(kernel, dtypeOr(dtype, like.dtype, call));
    // The result lies in memory as the input does, if that has no gaps, and is filled in that order.
    const strides = input instanceof Tensor && isDense(like.shape, input.stride()) ? input.stride() : [];
    const isOther = strides.length > 0 && input instanceof Tensor && !input.is_contiguous();
    const values = draw(generatorArgument(generator, call), like.size, name, !isOther);
    const order = orderInMemory(isOther ? strides : like.shape.map(() => 0));
    return made(arranged(values, like.shape, name, order), requiresGrad, call);
  };
}

/** torch.rand_like: uniform in [0, 1), of the input's shape and dtype. */
export const rand_like: DrawnAlike = drawnAlike('rand_like', 'check_uniform_bounds', uniforms);
/** torch.randn_like: standard normal, of the input's shape and dtype. */
export const randn_like: DrawnAlike = drawnAlike('randn_like', 'normal_kernel_cpu', normals);

const readRandintLike = signature('randint_like', `input low high ${SHARED} generator=~`);

/** torch.randint_like: whole numbers in [low, high), of the input's shape and dtype. */
export function randint_like(input: Foreign, high: number, options?: RandomOptions): Tensor;
export function randint_like(input: Foreign, low: number, high: number, options?: RandomOptions): Tensor;
export function randint_like(
  input: Foreign,
  options: RandomOptions & { readonly low?: number; readonly high: number },
): Tensor;
export function randint_like(...args: unknown[]): Tensor {
  const last = args.at(-1);
  const hasLow =
    typeof args[2] === 'number' || (isKeywords(last) && ('low' in last || ('high' in last && args.length === 3)));
  const given = hasLow || args.length < 2 ? args : [args[0], 0, ...args.slice(1)];
  const [input, low, high, dtype, device, requiresGrad, generator] = readRandintLike(given);
  checkDevice(device, 'randint_like');
  const like = tensorArgument(input, 'randint_like', 'input');
  const bounds = [intArgument(low, 'randint_like', 'low'), intArgument(high, 'randint_like', 'high')] as const;
  const name = dtypeOr(dtype, like.dtype, 'randint_like');
  const values = randintOf(generatorArgument(generator, 'randint_like'), like.size, ...bounds, name);
  return made(newTensor(values, like.shape, name), requiresGrad, 'randint_like');
}

const readRandperm = signature('randperm', `n ${SHARED} generator=~`);

/**
 * torch.randperm: the whole numbers from 0 to n - 1 in random order; int64 by default.
 *
 * @throws RuntimeError for a negative n, or one that the dtype can't hold
 * @example
 * torch.manual_seed(0);
 * torch.randperm(4) // tensor([0, 1, 3, 2])
 */
export function randperm(n: number, options?: RandomOptions): Tensor;
export function randperm(options: RandomOptions & { readonly n: number }): Tensor;
export function randperm(...args: unknown[]): Tensor {
  const [n, dtype, device, requiresGrad, generator] = readRandperm(args);
  checkDevice(device, 'randperm');
  const count = intArgument(n, 'randperm', 'n');
  const name = dtypeOr(dtype, 'int64', 'randperm');
  if (name === 'bool') throw new NotImplementedError('dtype-mismatch', `"randperm" not implemented for 'Bool'`);
  const values = randpermOf(generatorArgument(generator, 'randperm'), count, name);
  return made(newTensor(values, [count], name), requiresGrad, 'randperm');
}

const readBernoulli = signature('bernoulli', 'input p? generator=~');

/**
 * torch.bernoulli: ones with the probabilities that the input has (or with probability p), else zeros; of its dtype.
 *
 * @throws RuntimeError for a probability outside [0, 1], NotImplementedError for integers without p
 */
export function bernoulli(input: Foreign, p?: number, options?: Source): Tensor;
export function bernoulli(input: Foreign, options: Source & { readonly p?: number }): Tensor;
export function bernoulli(options: Source & { readonly input: Foreign; readonly p?: number }): Tensor;
export function bernoulli(...args: unknown[]): Tensor {
  const [input, p, source] = readBernoulli(args);
  const { shape, size, dtype } = tensorArgument(input, 'bernoulli', 'input');
  const chances = p === undefined ? probabilities(input, shape, 'bernoulli') : numberArgument(p, 'bernoulli', 'p', 0.5);
  const values = bernoulliOf(generatorArgument(source, 'bernoulli'), size, chances, dtype);
  return new Tensor(newTensor(values, shape, dtype));
}

const readNormal = signature('normal', `mean? std? size? ${SHARED} generator=~`);

/** A tensor, or one of a number. */
function momentArgument(value: unknown, name: 'mean' | 'std', fallback: number): CoreTensor | number {
  if (isForeign(value)) return value.toCore().plain;
  return numberArgument(value, 'normal', name, fallback);
}

function checkWidth(std: CoreTensor | number): void {
  if (typeof std === 'number') return;
  floatingFor('normal_kernel_cpu', std.dtype);
  for (const width of std.array) {
    if (!(Number(width) >= 0)) throw new RuntimeError('bad-argument', 'normal expects all elements of std >= 0.0');
  }
}

/** Normal numbers about each of some means, or of each of some widths, or both. */
function around(mean: CoreTensor | number, std: CoreTensor | number, generator: CpuGenerator): CoreTensor {
  checkWidth(std);
  const like = typeof mean === 'number' ? std : mean;
  if (typeof like === 'number') throw new RuntimeError('bad-call', 'numbers need a size');
  const dtype = floatingFor('normal_kernel_cpu', like.dtype);
  const shapes = [mean, std].map((moment) => (typeof moment === 'number' ? [] : moment.shape));
  const [a = [], b = []] = shapes;
  checkBroadcast(a, b);
  const shape = broadcast(a, b);
  const width = typeof std === 'number' ? std : 1;
  const noise = newTensor(normalOf(generator, sizeOf(shape), dtype, 0, width), shape, dtype);
  const scaled = typeof std === 'number' ? noise : broadcastBinary(op, 'multiply', noise, std, dtype);
  const center = typeof mean === 'number' ? full({ shape: [], dtype }, mean) : mean;
  return broadcastBinary(op, 'add', scaled, center, dtype);
}

/**
 * torch.normal: normal numbers; mean and std are tensors (one number an element, broadcast) or numbers, which need a
 * `size` where both are.
 *
 * @throws RuntimeError for a negative std, TypeError_ for two numbers without a size
 */
export function normal(mean: Foreign, std?: Foreign | number, options?: Source): Tensor;
export function normal(mean: number, std: Foreign, options?: Source): Tensor;
export function normal(mean: number, std: number, size: readonly number[], options?: RandomOptions): Tensor;
export function normal(
  mean: number,
  std: number,
  options: RandomOptions & { readonly size: readonly number[] },
): Tensor;
export function normal(
  options: RandomOptions & {
    readonly mean?: Foreign | number;
    readonly std?: Foreign | number;
    readonly size?: readonly number[];
  },
): Tensor;
export function normal(...args: unknown[]): Tensor {
  const [first, second, size, dtype, device, requiresGrad, source] = readNormal(args);
  checkDevice(device, 'normal');
  const [mean, std] = [momentArgument(first, 'mean', 0), momentArgument(second, 'std', 1)];
  const generator = generatorArgument(source, 'normal');
  if (typeof mean !== 'number' || typeof std !== 'number') return new Tensor(around(mean, std, generator));
  if (size === undefined) throw new TypeError_('missing-argument', "normal() missing required argument: 'size'");
  const shape = shapeArgument(size, 'normal');
  const name = floatingFor('normal_kernel_cpu', dtypeOr(dtype, 'float32', 'normal'));
  return made(newTensor(normalOf(generator, sizeOf(shape), name, mean, std), shape, name), requiresGrad, 'normal');
}
