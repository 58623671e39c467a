/** tf.nn: convolutions and activations. */

import type { IntsInput, TensorInput } from './arguments.js';
import { arithmetic } from './rows/arithmetic.js';
import { convolutions } from './rows/convolution.js';
import { structure } from './rows/structure.js';
import { call, type Tensor } from './tensor.js';

export { log_softmax, sigmoid, softmax, tanh } from './math.js';

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

/** tf.nn.relu: max(x, 0), with gradient 0 at 0. */
export const relu = (features: TensorInput): Tensor => call(arithmetic.relu, [features]);

/** tf.nn.relu6: min(max(x, 0), 6). */
export const relu6 = (features: TensorInput): Tensor => call(arithmetic.relu6, [features]);

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
