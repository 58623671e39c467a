/** torch.nn.init: tensors filled in place, with the same numbers as PyTorch's from the same generator. */

import { signature } from '../../door/signature.js';
import { ValueError } from '../../errors.js';
import { type Shape, sizeOf } from '../../shape/shape.js';
import { full, newTensor } from '../../tensor/tensor.js';
import { intArgument, numberArgument, wrongType } from '../arguments.js';
import type { CpuGenerator } from '../generator.js';
import { no_grad } from '../mode.js';
import { normal, uniform } from '../random.js';
import { floatingFor, generatorArgument } from '../random-arguments.js';
import { Tensor } from '../tensor.js';

export interface Source {
  readonly generator?: CpuGenerator | null;
}

/** The functions whose gain is known. */
export type Nonlinearity =
  | 'linear'
  | 'conv1d'
  | 'conv2d'
  | 'conv3d'
  | 'conv_transpose1d'
  | 'conv_transpose2d'
  | 'conv_transpose3d'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'leaky_relu'
  | 'selu';

const gains: { readonly [N in Nonlinearity]: (slope: number) => number } = {
  linear: () => 1,
  conv1d: () => 1,
  conv2d: () => 1,
  conv3d: () => 1,
  conv_transpose1d: () => 1,
  conv_transpose2d: () => 1,
  conv_transpose3d: () => 1,
  sigmoid: () => 1,
  tanh: () => 5 / 3,
  relu: () => Math.sqrt(2),
  leaky_relu: (slope) => Math.sqrt(2 / (1 + slope ** 2)),
  selu: () => 3 / 4,
};

const isNonlinearity = (name: unknown): name is Nonlinearity => typeof name === 'string' && Object.hasOwn(gains, name);

function gainOf(nonlinearity: unknown, param: unknown): number {
  if (!isNonlinearity(nonlinearity)) {
    throw new ValueError('bad-argument', `Unsupported nonlinearity ${String(nonlinearity)}`);
  }
  if (nonlinearity === 'leaky_relu' && param !== undefined && param !== null && typeof param !== 'number') {
    throw new ValueError('bad-argument', `negative_slope ${String(param)} not a valid number`);
  }
  return gains[nonlinearity](typeof param === 'number' ? param : 0.01);
}

const readGain = signature('calculate_gain', 'nonlinearity param?~');

/**
 * nn.init.calculate_gain: by what a function makes values smaller, and initial weights make up for.
 *
 * @throws ValueError for a function that is not known
 * @example torch.nn.init.calculate_gain('relu') // 1.4142135623730951
 */
export function calculate_gain(nonlinearity: Nonlinearity, param?: number | null | { readonly param?: number }): number;
export function calculate_gain(...args: unknown[]): number {
  const [nonlinearity, param] = readGain(args);
  return gainOf(nonlinearity, param);
}

/** How many inputs reach an output, and how many outputs an input reaches. */
export function fans(shape: Shape): readonly [fanIn: number, fanOut: number] {
  const [outputs, inputs, ...window] = shape;
  if (outputs === undefined || inputs === undefined) {
    throw new ValueError(
      'rank-mismatch',
      'Fan in and fan out can not be computed for tensor with fewer than 2 dimensions',
    );
  }
  const field = sizeOf(window);
  return [inputs * field, outputs * field];
}

/** nn.init._calculate_fan_in_and_fan_out. */
export const _calculate_fan_in_and_fan_out = (tensor: Tensor): readonly [fanIn: number, fanOut: number] =>
  fans(tensorGiven(tensor, '_calculate_fan_in_and_fan_out').shape);

function tensorGiven(value: unknown, call: string): Tensor {
  if (value instanceof Tensor) return value;
  throw wrongType(call, 'tensor', 'Tensor', value);
}

/** One repeated value. */
export function fill(tensor: Tensor, value: number): Tensor {
  return no_grad(() => tensor.assign(full(tensor.borrowed, value)));
}

const readUniform = signature('uniform_', 'tensor a? b? generator?~');

/** nn.init.uniform_: uniform numbers in [a, b). */
export function uniform_(tensor: Tensor, a?: number, b?: number, generator?: CpuGenerator | null): Tensor;
export function uniform_(tensor: Tensor, options: Source & { readonly a?: number; readonly b?: number }): Tensor;
export function uniform_(...args: unknown[]): Tensor {
  const [given, a, b, generator] = readUniform(args);
  const [low, high] = [numberArgument(a, 'uniform_', 'a', 0), numberArgument(b, 'uniform_', 'b', 1)];
  return uniformIn(tensorGiven(given, 'uniform_'), low, high, generator);
}

/** What a module begins with outlives every tidy. */
function kept(tensor: Tensor): Tensor {
  tensor.borrowed.keep();
  return tensor;
}

function uniformIn(tensor: Tensor, low: number, high: number, generator: unknown): Tensor {
  return no_grad(() => kept(tensor.uniform_(low, high, { generator: generatorArgument(generator, 'uniform_') })));
}

function normalIn(tensor: Tensor, mean: number, std: number, generator: unknown): Tensor {
  return no_grad(() => kept(tensor.normal_(mean, std, { generator: generatorArgument(generator, 'normal_') })));
}

const readNormal = signature('normal_', 'tensor mean? std? generator?~');

/** nn.init.normal_: normal numbers. */
export function normal_(tensor: Tensor, mean?: number, std?: number, generator?: CpuGenerator | null): Tensor;
export function normal_(tensor: Tensor, options: Source & { readonly mean?: number; readonly std?: number }): Tensor;
export function normal_(...args: unknown[]): Tensor {
  const [given, mean, std, generator] = readNormal(args);
  const [center, width] = [numberArgument(mean, 'normal_', 'mean', 0), numberArgument(std, 'normal_', 'std', 1)];
  return normalIn(tensorGiven(given, 'normal_'), center, width, generator);
}

const readTruncated = signature('trunc_normal_', 'tensor mean? std? a? b? generator?~');

/** The probability that a standard normal number is below x; to 1e-7, for a choice between methods. */
function below(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const powers = ((((1.330274429 * t - 1.821255978) * t + 1.781477937) * t - 0.356563782) * t + 0.31938153) * t;
  const upper = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * powers;
  return x > 0 ? 1 - upper : upper;
}

interface Truncated {
  readonly mean: number;
  readonly std: number;
  readonly a: number;
  readonly b: number;
}

/** Normal numbers within [a, b]: all are drawn anew until those that lie outside have been replaced. */
function redrawn(generator: CpuGenerator, n: number, dtype: 'float32' | 'float64', at: Truncated): ArrayLike<number> {
  const round = dtype === 'float32' ? Math.fround : Number;
  const [low, high] = [round(at.a), round(at.b)];
  const values = normal(generator, n, dtype, at.mean, at.std);
  while (values.some((value) => value < low || value > high)) {
    const others = normal(generator, n, dtype, at.mean, at.std);
    values.forEach((value, i) => {
      if (value < low || value > high) values[i] = others[i] as number;
    });
  }
  return values;
}

/** The same where [a, b] is far out or narrow: uniform numbers, each accepted by its density. */
function accepted(generator: CpuGenerator, n: number, dtype: 'float32' | 'float64', at: Truncated): ArrayLike<number> {
  const round = dtype === 'float32' ? Math.fround : Number;
  const mode = Math.max(at.a, Math.min(at.mean, at.b));
  const peak = round(-0.5 * ((mode - at.mean) / at.std) ** 2);
  const density = (x: number): number => {
    const z = round(round(x - round(at.mean)) / round(at.std));
    return round(round(round(z * z) * -0.5) - peak);
  };
  const values = uniform(generator, n, dtype, at.a, at.b);
  const test = (candidates: ArrayLike<number>, pending: readonly boolean[]): boolean[] => {
    const chances = uniform(generator, n, dtype);
    return pending.map(
      (isPending, i) => isPending && Math.log(chances[i] as number) > density(candidates[i] as number),
    );
  };
  let pending = test(values, new Array<boolean>(n).fill(true));
  while (pending.includes(true)) {
    const candidates = uniform(generator, n, dtype, at.a, at.b);
    pending.forEach((isPending, i) => {
      if (isPending) values[i] = candidates[i] as number;
    });
    pending = test(candidates, pending);
  }
  return values;
}

/** nn.init.trunc_normal_: normal numbers within [a, b], drawn again where they lie outside. */
export function trunc_normal_(
  tensor: Tensor,
  mean?: number,
  std?: number,
  a?: number,
  b?: number,
  generator?: CpuGenerator | null,
): Tensor;
export function trunc_normal_(
  tensor: Tensor,
  options: Source & { readonly mean?: number; readonly std?: number; readonly a?: number; readonly b?: number },
): Tensor;
export function trunc_normal_(...args: unknown[]): Tensor {
  const [given, mean, std, a, b, source] = readTruncated(args);
  const number = (value: unknown, name: string, fallback: number): number =>
    numberArgument(value, 'trunc_normal_', name, fallback);
  const at = { mean: number(mean, 'mean', 0), std: number(std, 'std', 1), a: number(a, 'a', -2), b: number(b, 'b', 2) };
  const tensor = tensorGiven(given, 'trunc_normal_');
  const generator = generatorArgument(source, 'trunc_normal_');
  const { shape, size, dtype: name } = tensor.borrowed;
  const dtype = floatingFor('normal_kernel_cpu', name);
  const share = below((at.b - at.mean) / at.std) - below((at.a - at.mean) / at.std);
  const values = (share > 0.3 ? redrawn : accepted)(generator, size, dtype, at);
  return no_grad(() => tensor.assign(newTensor(values, shape, dtype)));
}

const readConstant = signature('constant_', 'tensor val');

/** nn.init.constant_: one repeated value. */
export function constant_(tensor: Tensor, val: number | { readonly val: number }): Tensor;
export function constant_(...args: unknown[]): Tensor {
  const [given, val] = readConstant(args);
  if (typeof val !== 'number') throw wrongType('constant_', 'val', 'float', val);
  return fill(tensorGiven(given, 'constant_'), val);
}

/** nn.init.ones_. */
export const ones_ = (tensor: Tensor): Tensor => fill(tensorGiven(tensor, 'ones_'), 1);
/** nn.init.zeros_. */
export const zeros_ = (tensor: Tensor): Tensor => fill(tensorGiven(tensor, 'zeros_'), 0);

/** Ones at some flat positions, zeros elsewhere. */
function marked(tensor: Tensor, positions: readonly number[]): Tensor {
  const { shape, size, dtype } = tensor.borrowed;
  const values = new Uint8Array(size);
  for (const position of positions) values[position] = 1;
  return no_grad(() => tensor.assign(newTensor(values, shape, dtype)));
}

/** nn.init.eye_: ones on the diagonal of a matrix, zeros elsewhere. */
export function eye_(tensor: Tensor): Tensor {
  const [rows, columns, more] = tensorGiven(tensor, 'eye_').shape;
  if (rows === undefined || columns === undefined || more !== undefined) {
    throw new ValueError('rank-mismatch', 'Only tensors with 2 dimensions are supported');
  }
  return marked(
    tensor,
    Array.from({ length: Math.min(rows, columns) }, (_, i) => i * (columns + 1)),
  );
}

const readDirac = signature('dirac_', 'tensor groups?');

/**
 * nn.init.dirac_: a kernel that hands as many input channels on as it has outputs.
 *
 * @throws ValueError for other than 3 to 5 dimensions, and for outputs that groups don't divide
 */
export function dirac_(tensor: Tensor, groups?: number | { readonly groups?: number }): Tensor;
export function dirac_(...args: unknown[]): Tensor {
  const [given, groups] = readDirac(args);
  const tensor = tensorGiven(given, 'dirac_');
  const count = groups === undefined ? 1 : intArgument(groups, 'dirac_', 'groups');
  if (tensor.ndim < 3 || tensor.ndim > 5) {
    throw new ValueError('rank-mismatch', 'Only tensors with 3, 4, or 5 dimensions are supported');
  }
  const [outputs = 0, inputs = 0, ...window] = tensor.shape;
  if (outputs % count !== 0) throw new ValueError('groups-invalid', 'dim 0 must be divisible by groups');
  const center = window.reduce((at, size) => at * size + Math.floor(size / 2), 0);
  const perGroup = outputs / count;
  const field = sizeOf(window);
  const positions = Array.from({ length: count }, (_, group) =>
    Array.from(
      { length: Math.min(perGroup, inputs) },
      (__, i) => ((group * perGroup + i) * inputs + i) * field + center,
    ),
  );
  return marked(tensor, positions.flat());
}

const readXavier = signature('xavier_', 'tensor gain? generator?~');

/** The standard deviation of Xavier's numbers. */
function xavier(args: readonly unknown[], call: string): readonly [tensor: Tensor, std: number, generator: unknown] {
  const [given, gain, generator] = readXavier(args);
  const tensor = tensorGiven(given, call);
  const [fanIn, fanOut] = fans(tensor.shape);
  return [tensor, numberArgument(gain, call, 'gain', 1) * Math.sqrt(2 / (fanIn + fanOut)), generator];
}

interface Xavier {
  (tensor: Tensor, gain?: number, generator?: CpuGenerator | null): Tensor;
  (tensor: Tensor, options: Source & { readonly gain?: number }): Tensor;
}

/** nn.init.xavier_uniform_: uniform within gain sqrt(6 / (fan_in + fan_out)). */
export const xavier_uniform_: Xavier = (...args: unknown[]) => {
  const [tensor, std, generator] = xavier(args, 'xavier_uniform_');
  const bound = Math.sqrt(3) * std;
  return uniformIn(tensor, -bound, bound, generator);
};

/** nn.init.xavier_normal_: normal of deviation gain sqrt(2 / (fan_in + fan_out)). */
export const xavier_normal_: Xavier = (...args: unknown[]) => {
  const [tensor, std, generator] = xavier(args, 'xavier_normal_');
  return normalIn(tensor, 0, std, generator);
};

export interface KaimingOptions extends Source {
  readonly a?: number;
  readonly mode?: 'fan_in' | 'fan_out';
  readonly nonlinearity?: Nonlinearity;
}

interface Kaiming {
  (
    tensor: Tensor,
    a?: number,
    mode?: 'fan_in' | 'fan_out',
    nonlinearity?: Nonlinearity,
    generator?: CpuGenerator | null,
  ): Tensor;
  (tensor: Tensor, options: KaimingOptions): Tensor;
}

const readKaiming = signature('kaiming_', 'tensor a? mode? nonlinearity? generator?~');

/** The standard deviation of Kaiming's numbers; null for a tensor without elements, which is left alone. */
function kaiming(args: readonly unknown[], call: string): readonly [Tensor, std: number | null, generator: unknown] {
  const [given, a, mode = 'fan_in', nonlinearity = 'leaky_relu', generator] = readKaiming(args);
  const tensor = tensorGiven(given, call);
  if (tensor.shape.includes(0)) return [tensor, null, generator];
  const choice = typeof mode === 'string' ? mode.toLowerCase() : mode;
  if (choice !== 'fan_in' && choice !== 'fan_out') {
    const message = `Mode ${String(choice)} not supported, please use one of ['fan_in', 'fan_out']`;
    throw new ValueError('bad-argument', message);
  }
  const [fanIn, fanOut] = fans(tensor.shape);
  const gain = gainOf(nonlinearity, a ?? 0);
  return [tensor, gain / Math.sqrt(choice === 'fan_in' ? fanIn : fanOut), generator];
}

/**
 * nn.init.kaiming_uniform_: uniform within gain sqrt(3 / fan); what convolutions and Linear begin with, for a = sqrt(5).
 *
 * @throws ValueError for another mode or nonlinearity, and for fewer than 2 dimensions
 * @example
 * torch.manual_seed(0);
 * torch.nn.init.kaiming_uniform_(torch.zeros(1, 3)) // tensor([[-0.0106,  0.7586, -1.1640]])
 */
export const kaiming_uniform_: Kaiming = (...args: unknown[]) => {
  const [tensor, std, generator] = kaiming(args, 'kaiming_uniform_');
  if (std === null) return tensor;
  const bound = Math.sqrt(3) * std;
  return uniformIn(tensor, -bound, bound, generator);
};

/** nn.init.kaiming_normal_: normal of deviation gain / sqrt(fan). */
export const kaiming_normal_: Kaiming = (...args: unknown[]) => {
  const [tensor, std, generator] = kaiming(args, 'kaiming_normal_');
  return std === null ? tensor : normalIn(tensor, 0, std, generator);
};
