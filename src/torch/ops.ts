/** torch.ops.aten: operators by their full list of arguments, as PyTorch's own code calls them. */

import type { Foreign } from '../tensor/foreign.js';
import type { Tensor as CoreTensor } from '../tensor/tensor.js';
import { inspectByRepr, Tuple } from '../text/python.js';
import { convolution, convolutionBackward } from './rows/aten.js';
import { call, Tensor } from './tensor.js';

type Ints = readonly number[];

type Convolution = (
  input: Foreign,
  weight: Foreign,
  bias: Foreign | null,
  stride: Ints,
  padding: Ints,
  dilation: Ints,
  transposed: boolean,
  output_padding: Ints,
  groups: number | { readonly groups: number },
) => Tensor;

type ConvolutionBackward = (
  grad_output: Foreign,
  input: Foreign,
  weight: Foreign,
  bias_sizes: Ints | null,
  stride: Ints,
  padding: Ints,
  dilation: Ints,
  transposed: boolean,
  output_padding: Ints,
  groups: number,
  output_mask: readonly boolean[] | { readonly output_mask: readonly boolean[] },
) => [Tensor | null, Tensor | null, Tensor | null];

/** A function that knows how it looks. */
function shown<F extends object>(f: F, text: string): F {
  const self = Object.assign(f, { __repr__: () => text, toString: () => text });
  inspectByRepr(self);
  return self;
}

/** An operator, and its one overload. */
function operator<F extends (...args: never[]) => unknown>(name: string, f: F): F & { readonly default: F } {
  const overload = ((...args: never[]) => f(...args)) as F;
  shown(overload, `<OpOverload(op='aten.${name}', overload='default')>`);
  return Object.assign(shown(f, `<OpOverloadPacket(op='aten.${name}')>`), { default: overload });
}

const named = (value: CoreTensor | null): Tensor | null => value && new Tensor(value, 'ConvolutionBackwardBackward0');

/** torch.ops. */
export const aten: {
  readonly convolution: Convolution & { readonly default: Convolution };
  readonly convolution_backward: ConvolutionBackward & { readonly default: ConvolutionBackward };
} = {
  /**
   * torch.ops.aten.convolution: every convolution, transposed or not, of a batch (N, C, ...): all arguments are given;
   * lists of one number stand for all dimensions.
   *
   * @throws RuntimeError for arguments of wrong types as well as for sizes that don't fit
   */
  convolution: operator('convolution', (...args: unknown[]) => call(convolution, args)),
  /**
   * torch.ops.aten.convolution_backward: the gradients by input, weight and bias that output_mask wants, null for the
   * others. They can be differentiated again.
   *
   * @throws RuntimeError where grad_output hasn't the shape of the convolution's result
   * @example
   * const [x, w, gy] = [torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2), torch.ones(1, 1, 2, 2)];
   * const { convolution_backward } = torch.ops.aten;
   * convolution_backward(gy, x, w, [1], [1, 1], [0, 0], [1, 1], false, [0, 0], 1, [false, false, true])[2]?.item() // 4
   */
  convolution_backward: operator('convolution_backward', (...args: unknown[]) => {
    const { dx, dw, db } = convolutionBackward(args);
    return Tuple.of(named(dx), named(dw), named(db)) as [Tensor | null, Tensor | null, Tensor | null];
  }),
};
