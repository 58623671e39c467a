/** tf.nn: convolutions and activations. */

import type { IntsInput, TensorInput } from './arguments.js';
import { activations } from './rows/activation.js';
import { convolutions } from './rows/convolution.js';
import { moreConvolutions } from './rows/depthwise.js';
import { structure } from './rows/structure.js';
import { call, type Tensor } from './tensor.js';

export { dropout, experimental } from './dropout.js';
export * from './loss.js';
export { l2_normalize, log_softmax, sigmoid, softmax, softplus, tanh } from './math.js';
export * from './pool.js';
export { top_k } from './sorting.js';

/** One number, one a spatial axis, or one an axis of the input, batch and channels included. */
export type Each = IntsInput;

/** Pairs of zeros before and after, one an axis of the input. */
export type Padding = 'SAME' | 'VALID' | readonly (readonly [before: number, after: number])[];

export interface ConvOptions {
  /** Channels last (default) or first: 'NHWC' or 'NCHW', 'NWC' or 'NCW', 'NDHWC' or 'NCDHW'. */
  readonly data_format?: string | null;
  readonly dilations?: Each | null;
}

export interface Conv1dOptions extends ConvOptions {
  readonly stride: Each;
  readonly padding: 'SAME' | 'VALID';
}

export interface Conv2dOptions extends ConvOptions {
  readonly strides: Each | null;
  readonly padding: Padding;
}

export interface Conv3dOptions extends ConvOptions {
  readonly strides: readonly number[] | Tensor;
  readonly padding: 'SAME' | 'VALID';
}

export interface TransposeOptions extends ConvOptions {
  readonly output_shape: IntsInput;
  readonly strides: Each | null;
  readonly padding?: Padding;
}

export interface ConvolutionOptions extends ConvOptions {
  readonly strides?: Each | null;
  readonly padding?: Padding;
}

/**
 * tf.nn.conv1d: cross-correlation of (..., W, C_in) with (k, C_in / groups, C_out).
 *
 * @throws as tf.nn.conv2d
 * @example tf.nn.conv1d(tf.ones([1, 5, 1]), tf.ones([3, 1, 1]), 2, 'SAME').shape // TensorShape([1, 3, 1])
 */
export function conv1d(input: TensorInput, filters: TensorInput, options: Conv1dOptions): Tensor;
export function conv1d(
  input: TensorInput,
  filters: TensorInput,
  stride: Each,
  padding: 'SAME' | 'VALID' | Omit<Conv1dOptions, 'stride'>,
  data_format?: string | null | ConvOptions,
  dilations?: Each | null | ConvOptions,
): Tensor;
export function conv1d(...args: unknown[]): Tensor {
  return call(convolutions.conv1d, args);
}

/**
 * tf.nn.conv2d: cross-correlation of (..., H, W, C_in) with (kH, kW, C_in / groups, C_out), of one dtype: float32,
 * float64 or int32. Size ceil(H / stride) with 'SAME', whose odd zero is at the end, ceil((H - dilation (kH - 1)) /
 * stride) with 'VALID'; or zeros in pairs, [[0, 0], [top, bottom], [left, right], [0, 0]]. As many groups as the input
 * has times the filter's channels.
 *
 * @throws InvalidArgumentError where shapes, dtypes or channels don't fit, or the kernel is larger than the padded
 * input; ValueError for strides, dilations or paddings of a wrong length; UnimplementedError for strides in batch or
 * channels; TypeError_ for what is no number or no string
 * @example tf.nn.conv2d(tf.ones([1, 3, 3, 1]), tf.ones([2, 2, 1, 1]), 1, 'VALID').shape // TensorShape([1, 2, 2, 1])
 */
export function conv2d(input: TensorInput, filters: TensorInput, options: Conv2dOptions): Tensor;
export function conv2d(
  input: TensorInput,
  filters: TensorInput,
  strides: Each | null,
  padding: Padding | Omit<Conv2dOptions, 'strides'>,
  data_format?: string | null | ConvOptions,
  dilations?: Each | null | ConvOptions,
): Tensor;
export function conv2d(...args: unknown[]): Tensor {
  return call(convolutions.conv2d, args);
}

/**
 * tf.nn.conv3d: cross-correlation of (..., D, H, W, C_in) with (kD, kH, kW, C_in, C_out), of float32 or float64.
 * Strides and dilations are lists of 5.
 *
 * @throws as tf.nn.conv2d; TypeError_ for strides that are no list
 * @example tf.nn.conv3d(tf.ones([1, 3, 3, 3, 1]), tf.ones([2, 2, 2, 1, 1]), [1, 1, 1, 1, 1], 'SAME')
 */
export function conv3d(input: TensorInput, filters: TensorInput, options: Conv3dOptions): Tensor;
export function conv3d(
  input: TensorInput,
  filters: TensorInput,
  strides: readonly number[] | Tensor,
  padding: 'SAME' | 'VALID' | Omit<Conv3dOptions, 'strides'>,
  data_format?: string | null | ConvOptions,
  dilations?: readonly number[] | null | ConvOptions,
): Tensor;
export function conv3d(...args: unknown[]): Tensor {
  return call(convolutions.conv3d, args);
}

/** tf.nn.convolution: conv1d, conv2d or conv3d, by the filter's rank; strides and dilations not both above 1. */
export function convolution(input: TensorInput, filters: TensorInput, options?: ConvolutionOptions): Tensor;
export function convolution(
  input: TensorInput,
  filters: TensorInput,
  strides: Each | null,
  padding?: Padding | Omit<ConvolutionOptions, 'strides'>,
  data_format?: string | null | ConvOptions,
  dilations?: Each | null | ConvOptions,
): Tensor;
export function convolution(...args: unknown[]): Tensor {
  return call(convolutions.convolution, args);
}

/** The overloads that the transposed convolutions share. */
interface ConvTranspose {
  (input: TensorInput, filters: TensorInput, options: TransposeOptions): Tensor;
  (
    input: TensorInput,
    filters: TensorInput,
    output_shape: IntsInput,
    strides: Each | null | Omit<TransposeOptions, 'output_shape'>,
    padding?: Padding | Omit<TransposeOptions, 'output_shape' | 'strides'>,
    data_format?: string | null | ConvOptions,
    dilations?: Each | null | ConvOptions,
  ): Tensor;
}

/** tf.nn.conv1d_transpose: as conv2d_transpose, of (N, W, C_in) with (k, C_out, C_in); output_shape has 3 sizes. */
export const conv1d_transpose: ConvTranspose = (...args: unknown[]) => call(convolutions.conv1d_transpose, args);

/**
 * tf.nn.conv2d_transpose: the adjoint, by its input, of the conv2d that takes tensors of shape `output_shape` to ones
 * like the input. Input (N, H, W, C_in), filters (kH, kW, C_out, C_in), padding 'SAME' unless given. An output_shape of
 * [height, width] will do.
 *
 * @throws as tf.nn.conv2d; InvalidArgumentError where that conv2d wouldn't give the input's shape
 * @example
 * const y = tf.ones([1, 1, 1, 1]);
 * tf.nn.conv2d_transpose(y, tf.ones([3, 3, 1, 1]), [3, 3], 1, 'VALID').shape // TensorShape([1, 3, 3, 1])
 */
export const conv2d_transpose: ConvTranspose = (...args: unknown[]) => call(convolutions.conv2d_transpose, args);

/** tf.nn.conv3d_transpose: as conv2d_transpose, in three dimensions; output_shape has 5 sizes. */
export const conv3d_transpose: ConvTranspose = (...args: unknown[]) => call(convolutions.conv3d_transpose, args);

export interface DepthwiseOptions {
  readonly strides: readonly number[] | Tensor;
  readonly padding: Padding;
  readonly data_format?: string | null;
  /** Two numbers: height and width. */
  readonly dilations?: readonly number[] | null;
}

/**
 * tf.nn.depthwise_conv2d: each channel of (N, H, W, C) with filters (kH, kW, C, m) of its own; C m channels come out.
 * Strides are a list of 4.
 *
 * @throws as tf.nn.conv2d; TypeError_ for strides that are no list
 * @example
 * const [x, w] = [tf.ones([1, 3, 3, 2]), tf.ones([2, 2, 2, 3])];
 * tf.nn.depthwise_conv2d(x, w, [1, 1, 1, 1], 'VALID').shape // TensorShape([1, 2, 2, 6])
 */
export function depthwise_conv2d(input: TensorInput, filter: TensorInput, options: DepthwiseOptions): Tensor;
export function depthwise_conv2d(
  input: TensorInput,
  filter: TensorInput,
  strides: readonly number[] | Tensor,
  padding: Padding | Omit<DepthwiseOptions, 'strides'>,
  data_format?: string | null | Pick<DepthwiseOptions, 'data_format' | 'dilations'>,
  dilations?: readonly number[] | null | Pick<DepthwiseOptions, 'dilations'>,
): Tensor;
export function depthwise_conv2d(...args: unknown[]): Tensor {
  return call(moreConvolutions.depthwise_conv2d, args);
}

/** tf.nn.separable_conv2d: depthwise_conv2d, then conv2d with a pointwise filter (1, 1, C m, C_out). */
export function separable_conv2d(
  input: TensorInput,
  depthwise_filter: TensorInput,
  pointwise_filter: TensorInput,
  options: DepthwiseOptions,
): Tensor;
export function separable_conv2d(
  input: TensorInput,
  depthwise_filter: TensorInput,
  pointwise_filter: TensorInput,
  strides: readonly number[] | Tensor,
  padding: Padding | Omit<DepthwiseOptions, 'strides'>,
  data_format?: string | null | Pick<DepthwiseOptions, 'data_format' | 'dilations'>,
  dilations?: readonly number[] | null | Pick<DepthwiseOptions, 'dilations'>,
): Tensor;
export function separable_conv2d(...args: unknown[]): Tensor {
  return call(moreConvolutions.separable_conv2d, args);
}

/** tf.nn.atrous_conv2d: conv2d with dilations of `rate`, strides of 1, channels last. */
export function atrous_conv2d(
  value: TensorInput,
  filters: TensorInput,
  rate: Each,
  padding: Padding | { padding: Padding },
): Tensor;
export function atrous_conv2d(...args: unknown[]): Tensor {
  return call(moreConvolutions.atrous_conv2d, args);
}

/** tf.nn.atrous_conv2d_transpose: the adjoint of atrous_conv2d by its input, as conv2d_transpose. */
export function atrous_conv2d_transpose(
  value: TensorInput,
  filters: TensorInput,
  output_shape: IntsInput,
  rate: Each,
  padding: Padding | { padding: Padding },
): Tensor;
export function atrous_conv2d_transpose(...args: unknown[]): Tensor {
  return call(moreConvolutions.atrous_conv2d_transpose, args);
}

/** tf.nn.conv_transpose: conv1d_transpose, conv2d_transpose or conv3d_transpose, by the length of output_shape. */
export const conv_transpose: ConvTranspose = (...args: unknown[]) => call(moreConvolutions.conv_transpose, args);

/** tf.nn.relu: max(x, 0), with gradient 0 at 0. */
export const relu = (features: TensorInput): Tensor => call(activations.relu, [features]);

/** tf.nn.relu6: min(max(x, 0), 6), with gradient 0 at both ends. */
export const relu6 = (features: TensorInput): Tensor => call(activations.relu6, [features]);

/** tf.nn.leaky_relu: x, times alpha (0.2) where it is not positive. */
export function leaky_relu(features: TensorInput, alpha?: number | { alpha?: number }): Tensor;
export function leaky_relu(...args: unknown[]): Tensor {
  return call(activations.leaky_relu, args);
}

/** tf.nn.elu: x, and e^x - 1 below 0. */
export const elu = (features: TensorInput): Tensor => call(activations.elu, [features]);

/** tf.nn.selu: 1.0507 x, and 1.7581 (e^x - 1) below 0. */
export const selu = (features: TensorInput): Tensor => call(activations.selu, [features]);

/** tf.nn.gelu: x times the normal distribution function of x, or its approximation by tanh. */
export function gelu(features: TensorInput, approximate?: boolean | { approximate?: boolean }): Tensor;
export function gelu(...args: unknown[]): Tensor {
  return call(activations.gelu, args);
}

/** tf.nn.silu: x sigmoid(beta x), beta being 1. */
export function silu(features: TensorInput, beta?: number | { beta?: number }): Tensor;
export function silu(...args: unknown[]): Tensor {
  return call(activations.silu, args);
}

/** tf.nn.swish: as tf.nn.silu. */
export const swish: typeof silu = silu;

/** tf.nn.softsign: x / (1 + |x|). */
export const softsign = (features: TensorInput): Tensor => call(activations.softsign, [features]);

/** tf.nn.crelu: relu of x and of -x, behind one another along an axis (the last). */
export function crelu(features: TensorInput, axis?: number | { axis?: number }): Tensor;
export function crelu(...args: unknown[]): Tensor {
  return call(activations.crelu, args);
}

/**
 * tf.nn.bias_add: one number a channel added; channels are the last axis, or the second with a data_format of 'NC...'.
 *
 * @throws InvalidArgumentError where the bias is no vector of as many numbers as there are channels
 */
export function bias_add(
  value: TensorInput,
  bias: TensorInput,
  data_format?: string | null | { data_format?: string | null },
): Tensor;
export function bias_add(...args: unknown[]): Tensor {
  return call(structure.bias_add, args);
}
