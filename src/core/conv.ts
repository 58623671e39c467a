/** conv: any N-D convolution there is, on tensors. */

import { type ConvSpecOptions, convSpec, lower } from '../conv/spec.js';
import { RuntimeError } from '../errors.js';
import { extend } from '../ops/extension.js';
import { promoteTorch } from '../shape/promotion.js';
import type { Shape } from '../shape/shape.js';
import { asTensor, op, type Tensor, type TensorLike } from '../tensor/tensor.js';

/**
 * The convolution of an input with a kernel, as XLA's ConvGeneralDilated defines it: stride, padding that may be
 * negative, dilation of input and kernel, feature and batch groups, layouts, 1 to 3 spatial dimensions. Without `flip`
 * it is the cross-correlation that the frameworks call convolution. Differentiable by both operands to every order.
 *
 * Sums go in the dtype of the operands (in float64 below 1 KiB). Zeros of padding take part in them, so that an infinite or
 * NaN tap makes NaN where it meets one; below 1 KiB they are left out.
 *
 * @param x input, `spec.layout.input` (default N, C, then space)
 * @param w kernel, `spec.layout.kernel` (default O, I, then space), I = channels / featureGroups
 * @param spec any part of a ConvSpec; the rest has its defaults (stride 1, padding 0, ...)
 * @returns `spec.layout.output`; size floor((padded - extent of the kernel) / stride) + 1, and 0 where that is larger
 * @throws RuntimeError where ranks or channels don't fit or groups don't divide; ValueError for a value out of range
 * @example conv([[[1, 2, 3]]], [[[1, 1]]]).tolist() // [[[3, 5]]]
 */
export function conv(x: TensorLike, w: TensorLike, spec: ConvSpecOptions = {}): Tensor {
  const [input, kernel] = [asTensor(x, 'x'), asTensor(w, 'w')];
  const given = convSpec(spec, Math.min(3, Math.max(1, input.shape.length - 2)));
  const dtype = promoteTorch(input.dtype, kernel.dtype);
  if (dtype === 'bool') {
    throw new RuntimeError('dtype-mismatch', 'x and w are both bool, which has no sums: convert one of them first');
  }
  const isCircular = given.paddingMode === 'circular';
  const padded = isCircular ? wrapAll(input, given.layout.input, given.padding) : input;
  const padding = isCircular ? given.padding.map(() => [0, 0] as const) : given.padding;
  const { convolution, inputShape, kernelShape, outputShape } = lower(
    { ...given, padding },
    padded.shape,
    kernel.shape,
  );
  const [cells, taps] = [
    regroup(op.convert(padded, dtype), inputShape),
    regroup(op.convert(kernel, dtype), kernelShape),
  ];
  return regroup(op.convolution(cells, taps, convolution), outputShape);
}

/** Gives an axis to the groups, or takes it away; nothing to do where there are none. */
const regroup = (x: Tensor, shape: Shape): Tensor => (x.shape.length === shape.length ? x : op.reshape(x, shape));

/** The input with circular padding along its spatial axes, in the order of D, H, W. */
function wrapAll(x: Tensor, layout: string, padding: readonly (readonly [number, number])[]): Tensor {
  const spatial = ['D', 'H', 'W'].filter((letter) => layout.includes(letter));
  const none = [0, 0] as const;
  return extend(
    op,
    x,
    'wrap',
    [...layout].map((letter) => padding[spatial.indexOf(letter)] ?? none),
  );
}
