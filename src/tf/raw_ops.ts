/** tf.raw_ops: TensorFlow's operations under their own names, each with one object of arguments. */

import type { IntsInput, TensorInput } from './arguments.js';
import type { BackpropOptions } from './compat.js';
import { convolutions } from './rows/convolution.js';
import { call, type Tensor } from './tensor.js';

export interface BackpropInputOptions extends BackpropOptions {
  readonly input_sizes: IntsInput;
  readonly filter: TensorInput;
  readonly out_backprop: TensorInput;
}

export interface BackpropFilterOptions extends BackpropOptions {
  readonly input: TensorInput;
  readonly filter_sizes: IntsInput;
  readonly out_backprop: TensorInput;
}

/** The gradient of conv2d by its input, of shape input_sizes. */
export const Conv2DBackpropInput = (options: BackpropInputOptions): Tensor =>
  call(convolutions.conv2d_backprop_input, [options]);

/** The gradient of conv2d by its filter, of shape filter_sizes. */
export const Conv2DBackpropFilter = (options: BackpropFilterOptions): Tensor =>
  call(convolutions.conv2d_backprop_filter, [options]);
