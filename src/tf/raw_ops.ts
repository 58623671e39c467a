/** tf.raw_ops: TensorFlow's operations under their own names, each with one object of arguments. */

import { isKeywords } from '../door/signature.js';
import { TypeError_ } from '../errors.js';
import type { IntsInput, TensorInput } from './arguments.js';
import type { BackpropOptions } from './compat.js';
import type { Padding } from './nn.js';
import type { Row } from './row.js';
import { activations } from './rows/activation.js';
import { operations } from './rows/depthwise.js';
import { gradients } from './rows/gradient.js';
import { structure } from './rows/structure.js';
import { call, type Tensor } from './tensor.js';

/** An operation, which takes its arguments by name alone. */
const named =
  (row: Row) =>
  (...args: unknown[]): Tensor => {
    if (args.length === 1 && isKeywords(args[0])) return call(row, args);
    throw new TypeError_(
      'bad-call',
      `takes 0 positional arguments, but ${args.length} were given: write { name: value }`,
    );
  };

/** What the convolutions share. */
export interface RawConvOptions extends Omit<BackpropOptions, 'padding'> {
  /** With 'EXPLICIT', explicit_paddings holds two numbers an axis of the input. */
  readonly padding: Padding | 'EXPLICIT';
  readonly explicit_paddings?: IntsInput;
}

export interface ForwardOptions extends RawConvOptions {
  readonly input: TensorInput;
  readonly filter: TensorInput;
}

export interface BackpropInputOptions extends RawConvOptions {
  readonly input_sizes: IntsInput;
  readonly filter: TensorInput;
  readonly out_backprop: TensorInput;
}

export interface BackpropFilterOptions extends RawConvOptions {
  readonly input: TensorInput;
  readonly filter_sizes: IntsInput;
  readonly out_backprop: TensorInput;
}

/**
 * tf.nn.conv2d, by its operation's name.
 *
 * @throws as tf.nn.conv2d; TypeError_ for positional arguments
 * @example
 * const [input, filter] = [tf.ones([1, 3, 3, 1]), tf.ones([2, 2, 1, 1])];
 * tf.raw_ops.Conv2D({ input, filter, strides: [1, 1, 1, 1], padding: 'VALID' }).shape // TensorShape([1, 2, 2, 1])
 */
export const Conv2D: (options: ForwardOptions) => Tensor = named(operations.conv2d);
/** tf.nn.conv3d, by its operation's name. */
export const Conv3D: (options: ForwardOptions) => Tensor = named(operations.conv3d);
/** tf.nn.depthwise_conv2d, by its operation's name; strides and dilations are lists of 4. */
export const DepthwiseConv2dNative: (options: ForwardOptions) => Tensor = named(operations.depthwise_conv2d_native);

/** The gradient of conv2d by its input, of shape input_sizes. */
export const Conv2DBackpropInput: (options: BackpropInputOptions) => Tensor = named(operations.conv2d_backprop_input);
/** The gradient of conv2d by its filter, of shape filter_sizes. */
export const Conv2DBackpropFilter: (options: BackpropFilterOptions) => Tensor = named(
  operations.conv2d_backprop_filter,
);
/** The gradient of conv3d by its input, of shape input_sizes. */
export const Conv3DBackpropInputV2: (options: BackpropInputOptions) => Tensor = named(operations.conv3d_backprop_input);
/** The gradient of conv3d by its filter, of shape filter_sizes. */
export const Conv3DBackpropFilterV2: (options: BackpropFilterOptions) => Tensor = named(
  operations.conv3d_backprop_filter,
);
/** The gradient of depthwise_conv2d by its input, of shape input_sizes. */
export const DepthwiseConv2dNativeBackpropInput: (options: BackpropInputOptions) => Tensor = named(
  operations.depthwise_conv2d_native_backprop_input,
);
/** The gradient of depthwise_conv2d by its filter, of shape filter_sizes. */
export const DepthwiseConv2dNativeBackpropFilter: (options: BackpropFilterOptions) => Tensor = named(
  operations.depthwise_conv2d_native_backprop_filter,
);

export interface PoolOptions {
  /** Sizes and strides of windows, one an axis. */
  readonly ksize: IntsInput;
  readonly strides: IntsInput;
  readonly padding: 'SAME' | 'VALID' | 'EXPLICIT';
  readonly explicit_paddings?: IntsInput;
  readonly data_format?: string;
}

/** tf.nn.max_pool2d, by its operation's name. */
export const MaxPool: (options: PoolOptions & { input: TensorInput }) => Tensor = named(gradients.max_pool);
/** The gradient of max_pool2d by its input: it goes to the first of the greatest cells of a window. */
export const MaxPoolGrad: (
  options: PoolOptions & { orig_input: TensorInput; orig_output: TensorInput; grad: TensorInput },
) => Tensor = named(gradients.max_pool_grad);
/** tf.nn.avg_pool2d, by its operation's name. */
export const AvgPool: (options: PoolOptions & { value: TensorInput }) => Tensor = named(gradients.avg_pool);
/** The gradient of avg_pool2d by its input, of shape orig_input_shape. */
export const AvgPoolGrad: (options: PoolOptions & { orig_input_shape: IntsInput; grad: TensorInput }) => Tensor = named(
  gradients.avg_pool_grad,
);
/** tf.nn.bias_add, by its operation's name. */
export const BiasAdd: (options: { value: TensorInput; bias: TensorInput; data_format?: string }) => Tensor = named(
  structure.bias_add,
);
/** The gradient of bias_add by the bias: the sum over all axes but the channels'. */
export const BiasAddGrad: (options: { out_backprop: TensorInput; data_format?: string }) => Tensor = named(
  gradients.bias_add_grad,
);
/** tf.nn.relu, by its operation's name. */
export const Relu: (options: { features: TensorInput }) => Tensor = named(activations.relu);
/** tf.nn.relu6, by its operation's name. */
export const Relu6: (options: { features: TensorInput }) => Tensor = named(activations.relu6);
/** The gradient of relu: where the features are positive. */
export const ReluGrad: (options: { gradients: TensorInput; features: TensorInput }) => Tensor = named(
  gradients.relu_grad,
);
/** The gradient of relu6: where the features lie between 0 and 6. */
export const Relu6Grad: (options: { gradients: TensorInput; features: TensorInput }) => Tensor = named(
  gradients.relu6_grad,
);
