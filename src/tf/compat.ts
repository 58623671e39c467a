/** tf.compat.v1.nn: gradients of convolutions, which version 2 keeps under the old name. */

import type { IntsInput, TensorInput } from './arguments.js';
import type { Padding } from './nn.js';
import { operations } from './rows/depthwise.js';
import { call, type Tensor } from './tensor.js';

export interface BackpropOptions {
  readonly strides: IntsInput;
  readonly padding: Padding;
  readonly data_format?: string | null;
  readonly dilations?: IntsInput | null;
}

/**
 * The gradient of conv2d by its input, of shape input_sizes.
 *
 * @throws InvalidArgumentError where out_backprop isn't of the shape that conv2d would give
 */
export function conv2d_backprop_input(
  input_sizes: IntsInput,
  filter: TensorInput,
  out_backprop: TensorInput,
  strides: IntsInput | BackpropOptions,
  padding?: Padding | Omit<BackpropOptions, 'strides'>,
): Tensor;
export function conv2d_backprop_input(...args: unknown[]): Tensor {
  return call(operations.old_conv2d_backprop_input, args);
}

/**
 * The gradient of conv2d by its filter, of shape filter_sizes.
 *
 * @throws InvalidArgumentError where out_backprop isn't of the shape that conv2d would give
 */
export function conv2d_backprop_filter(
  input: TensorInput,
  filter_sizes: IntsInput,
  out_backprop: TensorInput,
  strides: IntsInput | BackpropOptions,
  padding?: Padding | Omit<BackpropOptions, 'strides'>,
): Tensor;
export function conv2d_backprop_filter(...args: unknown[]): Tensor {
  return call(operations.old_conv2d_backprop_filter, args);
}

/** The gradient of depthwise_conv2d by its input, of shape input_sizes. */
export function depthwise_conv2d_native_backprop_input(
  input_sizes: IntsInput,
  filter: TensorInput,
  out_backprop: TensorInput,
  strides: IntsInput | BackpropOptions,
  padding?: Padding | Omit<BackpropOptions, 'strides'>,
): Tensor;
export function depthwise_conv2d_native_backprop_input(...args: unknown[]): Tensor {
  return call(operations.depthwise_conv2d_native_backprop_input, args);
}

/** The gradient of depthwise_conv2d by its filter, of shape filter_sizes. */
export function depthwise_conv2d_native_backprop_filter(
  input: TensorInput,
  filter_sizes: IntsInput,
  out_backprop: TensorInput,
  strides: IntsInput | BackpropOptions,
  padding?: Padding | Omit<BackpropOptions, 'strides'>,
): Tensor;
export function depthwise_conv2d_native_backprop_filter(...args: unknown[]): Tensor {
  return call(operations.depthwise_conv2d_native_backprop_filter, args);
}
