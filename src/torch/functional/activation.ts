/** torch.nn.functional: activations. */

import type { Foreign } from '../../tensor/foreign.js';
import type { Tensor as CoreTensor } from '../../tensor/tensor.js';
import { boolArgument, tensorArgument } from '../arguments.js';
import type { Call } from '../calls.js';
import type { DType } from '../dtype.js';
import { type Row, row } from '../row.js';
import { activations } from '../rows/activation.js';
import { elementary } from '../rows/elementary.js';
import { fused } from '../rows/fused.js';
import { softmaxes } from '../rows/softmax.js';
import { call, type Tensor, written } from '../tensor.js';

/** What activations have that can be done in place. */
export interface InplaceOptions {
  readonly input?: Foreign;
  readonly inplace?: boolean;
}

type Simple = Call<[], [input: Foreign], [], { readonly input?: Foreign }, Tensor>;
type Inplace = Call<[], [input: Foreign], [inplace: boolean], InplaceOptions, Tensor>;

/**
 * An activation whose last argument is `inplace`.
 *
 * @param gradFn what it is recorded as in place, where that is another name
 */
function inplaceable(of: Row, gradFn: Row['gradFn'] = of.gradFn): (...args: readonly unknown[]) => Tensor {
  const inPlace = { ...of, gradFn };
  return (...args) => {
    const values = of.read(args);
    return boolArgument(values.at(-1), of.name, 'inplace') ? written(inPlace, values) : call(of, args);
  };
}

/** The same, always in place. */
function inPlaceOnly(of: Row, gradFn: Row['gradFn'] = of.gradFn): (...args: readonly unknown[]) => Tensor {
  const inPlace = { ...of, gradFn };
  return (...args) => written(inPlace, of.read(args));
}

const rectified = fused((x: CoreTensor) => elementary.relu.run([x]));

const relus: Row = row('relu', 'input inplace?', 'ReluBackward0', ([input]) =>
  rectified(tensorArgument(input, 'relu', 'input')),
);

/**
 * F.relu: max(0, x), with gradient 0 at 0; NaN stays. `inplace`, here and in the others: into the input itself, which is
 * the result.
 *
 * @throws NotImplementedError for bool, RuntimeError in place on a leaf that requires grad
 * @example F.relu(torch.tensor([-1, 2])).tolist() // [0, 2]
 */
export const relu: Inplace = inplaceable(relus);
/** F.relu6: x between 0 and 6. */
export const relu6: Inplace = inplaceable(activations.relu6);

/** F.leaky_relu: x, below 0 negative_slope times it. */
export const leaky_relu: Call<
  [],
  [input: Foreign],
  [negative_slope: number, inplace: boolean],
  InplaceOptions & { readonly negative_slope?: number },
  Tensor
> = inplaceable(activations.leaky_relu, 'LeakyReluBackward1');

type WithAlpha = Call<
  [],
  [input: Foreign],
  [alpha: number, inplace: boolean],
  InplaceOptions & { readonly alpha?: number },
  Tensor
>;

/** F.elu: x, below 0 alpha (exp(x) - 1). */
export const elu: WithAlpha = inplaceable(activations.elu, 'EluBackward1');
/** F.selu: elu with fixed numbers that keep mean 0 and variance 1. */
export const selu: Inplace = inplaceable(activations.selu, 'EluBackward1');
/** F.celu: x, below 0 alpha (exp(x / alpha) - 1). */
export const celu: WithAlpha = inplaceable(activations.celu, 'CeluBackward1');

/**
 * F.gelu: x times the normal distribution's integral up to x, by erf; with approximate 'tanh', by a tanh.
 *
 * @throws RuntimeError for another approximation, NotImplementedError for integers
 */
export const gelu: Call<
  [],
  [input: Foreign],
  [],
  { readonly input?: Foreign; readonly approximate?: 'none' | 'tanh' },
  Tensor
> = (...args: unknown[]) => call(activations.gelu, args);

/** F.silu: x sigmoid(x). */
export const silu: Inplace = inplaceable(activations.silu);
/** F.mish: x tanh(softplus(x)). */
export const mish: Inplace = inplaceable(activations.mish);

/** F.softplus: log(1 + exp(beta x)) / beta, and x where beta x is above the threshold. */
export const softplus: Call<
  [],
  [input: Foreign],
  [beta: number, threshold: number],
  { readonly input?: Foreign; readonly beta?: number; readonly threshold?: number },
  Tensor
> = (...args: unknown[]) => call(activations.softplus, args);

/** F.softsign: x / (1 + |x|). */
export const softsign: Simple = (...args: unknown[]) => call(activations.softsign, args);

/** F.hardtanh: x between min_val and max_val; its gradient is 0 at these, too. */
export const hardtanh: Call<
  [],
  [input: Foreign],
  [min_val: number, max_val: number, inplace: boolean],
  InplaceOptions & { readonly min_val?: number; readonly max_val?: number },
  Tensor
> = inplaceable(activations.hardtanh);

/** F.hardsigmoid: x / 6 + 1 / 2 between 0 and 1. */
export const hardsigmoid: Inplace = inplaceable(activations.hardsigmoid);
/** F.hardswish: x hardsigmoid(x). */
export const hardswish: Inplace = inplaceable(activations.hardswish);
/** F.logsigmoid: log(sigmoid(x)), without overflow. */
export const logsigmoid: Simple = (...args: unknown[]) => call(activations.logsigmoid, args);
/** F.sigmoid: 1 / (1 + exp(-x)). */
export const sigmoid: Simple = (...args: unknown[]) => call(elementary.sigmoid, args);
/** F.tanh. */
export const tanh: Simple = (...args: unknown[]) => call(elementary.tanh, args);
/** F.tanhshrink: x - tanh(x). */
export const tanhshrink: Simple = (...args: unknown[]) => call(activations.tanhshrink, args);

type Shrink = Call<
  [],
  [input: Foreign],
  [lambd: number],
  { readonly input?: Foreign; readonly lambd?: number },
  Tensor
>;

/** F.softshrink: x, lambd nearer to 0. */
export const softshrink: Shrink = (...args: unknown[]) => call(activations.softshrink, args);
/** F.hardshrink: x where it is further than lambd from 0, else 0. */
export const hardshrink: Shrink = (...args: unknown[]) => call(activations.hardshrink, args);

/** F.threshold: x where it is above the threshold, else `value`. */
export const threshold: Call<
  [],
  [input: Foreign, threshold: number, value: number],
  [inplace: boolean],
  InplaceOptions & { readonly threshold?: number; readonly value?: number },
  Tensor
> = inplaceable(activations.threshold, 'ThresholdBackward1');

/** F.glu: the first half of a dimension times the sigmoid of the second. */
export const glu: Call<
  [],
  [input: Foreign],
  [dim: number],
  { readonly input?: Foreign; readonly dim?: number },
  Tensor
> = (...args: unknown[]) => call(activations.glu, args);

/** F.prelu: x, below 0 `weight` times it: one number, or one a channel. */
export const prelu: Call<
  [],
  [input: Foreign, weight: Foreign],
  [],
  { readonly input?: Foreign; readonly weight?: Foreign },
  Tensor
> = (...args: unknown[]) => call(activations.prelu, args);

export interface SoftmaxOptions {
  readonly input?: Foreign;
  readonly dim?: number | null;
  readonly _stacklevel?: number;
  readonly dtype?: DType | string | null;
}

type Softmax = Call<
  [],
  [input: Foreign],
  [dim: number | null, _stacklevel: number, dtype: DType | string | null],
  SoftmaxOptions,
  Tensor
>;

/**
 * F.softmax: exp(x) over its sum along `dim`; converted to `dtype` first. Without `dim`: 0 for 0, 1 and 3 dimensions,
 * else 1.
 *
 * @throws IndexError for a dimension out of range, NotImplementedError for integers
 * @example F.softmax(torch.zeros(2, 4), 1).tolist() // [[0.25, 0.25, 0.25, 0.25], [0.25, 0.25, 0.25, 0.25]]
 */
export const softmax: Softmax = (...args: unknown[]) => call(softmaxes.softmax, args);
/** F.softmin: softmax of -x. */
export const softmin: Softmax = (...args: unknown[]) => call(softmaxes.softmin, args);
/** F.log_softmax: the logarithm of softmax, without overflow. */
export const log_softmax: Softmax = (...args: unknown[]) => call(softmaxes.log_softmax, args);

/** F.relu_: relu in place, as all whose name ends so. */
export const relu_: Simple = inPlaceOnly(relus);
/** F.leaky_relu_: leaky_relu in place. */
export const leaky_relu_: Call<
  [],
  [input: Foreign],
  [negative_slope: number],
  { readonly input?: Foreign; readonly negative_slope?: number },
  Tensor
> = inPlaceOnly(activations.leaky_relu, 'LeakyReluBackward1');
type AlphaInPlace = Call<
  [],
  [input: Foreign],
  [alpha: number],
  { readonly input?: Foreign; readonly alpha?: number },
  Tensor
>;

/** F.elu_: elu in place. */
export const elu_: AlphaInPlace = inPlaceOnly(activations.elu, 'EluBackward1');
/** F.selu_: selu in place. */
export const selu_: Simple = inPlaceOnly(activations.selu, 'EluBackward1');
/** F.celu_: celu in place. */
export const celu_: AlphaInPlace = inPlaceOnly(activations.celu, 'CeluBackward1');
/** F.hardtanh_: hardtanh in place. */
export const hardtanh_: Call<
  [],
  [input: Foreign],
  [min_val: number, max_val: number],
  { readonly input?: Foreign; readonly min_val?: number; readonly max_val?: number },
  Tensor
> = inPlaceOnly(activations.hardtanh);
/** F.threshold_: threshold in place. */
export const threshold_: Call<
  [],
  [input: Foreign, threshold: number, value: number],
  [],
  { readonly input?: Foreign; readonly threshold?: number; readonly value?: number },
  Tensor
> = inPlaceOnly(activations.threshold, 'ThresholdBackward1');
