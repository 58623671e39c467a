/** tf.nn: losses, moments and normalization. */

import { Tuple } from '../text/python.js';
import type { IntsInput, TensorInput } from './arguments.js';
import { losses, moments as momentsRow } from './rows/loss.js';
import { call, callAll, type Tensor } from './tensor.js';

/**
 * tf.nn.softmax_cross_entropy_with_logits: -sum(labels log_softmax(logits)) along an axis (the last).
 *
 * @throws InvalidArgumentError where shapes don't fit
 */
export function softmax_cross_entropy_with_logits(options: {
  labels: TensorInput;
  logits: TensorInput;
  axis?: number;
}): Tensor;
export function softmax_cross_entropy_with_logits(
  labels: TensorInput,
  logits: TensorInput,
  axis?: number | { axis?: number },
): Tensor;
export function softmax_cross_entropy_with_logits(...args: unknown[]): Tensor {
  return call(losses.softmax_cross_entropy_with_logits, args);
}

/**
 * tf.nn.sparse_softmax_cross_entropy_with_logits: the same for labels that are the numbers of classes, int32 or int64.
 *
 * @throws ValueError where shapes don't fit, InvalidArgumentError for a label that is no class
 * @example
 * const loss = tf.nn.sparse_softmax_cross_entropy_with_logits({ labels: [1], logits: tf.constant([[0, 0]]) });
 * loss // <tf.Tensor: shape=(1,), dtype=float32, numpy=array([0.6931472], dtype=float32)>
 */
export function sparse_softmax_cross_entropy_with_logits(options: { labels: TensorInput; logits: TensorInput }): Tensor;
export function sparse_softmax_cross_entropy_with_logits(labels: TensorInput, logits: TensorInput): Tensor;
export function sparse_softmax_cross_entropy_with_logits(...args: unknown[]): Tensor {
  return call(losses.sparse_softmax_cross_entropy_with_logits, args);
}

/** tf.nn.sigmoid_cross_entropy_with_logits: of each cell; ValueError where shapes differ. */
export function sigmoid_cross_entropy_with_logits(options: { labels: TensorInput; logits: TensorInput }): Tensor;
export function sigmoid_cross_entropy_with_logits(labels: TensorInput, logits: TensorInput): Tensor;
export function sigmoid_cross_entropy_with_logits(...args: unknown[]): Tensor {
  return call(losses.sigmoid_cross_entropy_with_logits, args);
}

/** tf.nn.l2_loss: half the sum of squares. */
export const l2_loss = (t: TensorInput): Tensor => call(losses.l2_loss, [t]);

/** tf.nn.moments: mean and variance over some axes. */
export function moments(
  x: TensorInput,
  options: { axes: IntsInput; keepdims?: boolean },
): readonly [mean: Tensor, variance: Tensor];
export function moments(
  x: TensorInput,
  axes: IntsInput,
  shift?: null | { shift?: null; keepdims?: boolean },
  keepdims?: boolean | { keepdims?: boolean },
): readonly [mean: Tensor, variance: Tensor];
export function moments(...args: unknown[]): unknown {
  return Tuple.from(callAll(momentsRow, args));
}

export interface BatchNormalizationOptions {
  readonly offset: TensorInput | null;
  readonly scale: TensorInput | null;
  readonly variance_epsilon: number;
}

/** tf.nn.batch_normalization: scale (x - mean) / sqrt(variance + epsilon) + offset; either may be null. */
export function batch_normalization(
  x: TensorInput,
  mean: TensorInput,
  variance: TensorInput,
  options: BatchNormalizationOptions,
): Tensor;
export function batch_normalization(
  x: TensorInput,
  mean: TensorInput,
  variance: TensorInput,
  offset: TensorInput | null,
  scale: TensorInput | null,
  variance_epsilon: number | { variance_epsilon: number },
): Tensor;
export function batch_normalization(...args: unknown[]): Tensor {
  return call(losses.batch_normalization, args);
}

/** tf.nn.space_to_depth: blocks of cells as channels. InvalidArgumentError where they don't fill the tensor. */
export function space_to_depth(
  input: TensorInput,
  block_size: number,
  data_format?: string | { data_format?: string },
): Tensor;
export function space_to_depth(...args: unknown[]): Tensor {
  return call(losses.space_to_depth, args);
}

/** tf.nn.depth_to_space: channels as blocks of cells. */
export function depth_to_space(
  input: TensorInput,
  block_size: number,
  data_format?: string | { data_format?: string },
): Tensor;
export function depth_to_space(...args: unknown[]): Tensor {
  return call(losses.depth_to_space, args);
}
