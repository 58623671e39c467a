/** tf.clip_by_norm, tf.clip_by_global_norm. */

import { Tuple } from '../text/python.js';
import type { IntsInput, TensorInput } from './arguments.js';
import { clips } from './rows/clip.js';
import { call, callAll, type Tensor } from './tensor.js';

/**
 * tf.clip_by_norm: t, but of a norm (of the whole, or along axes) of clip_norm at most.
 *
 * @throws InvalidArgumentError for integers and for an axis that is none
 * @example tf.clip_by_norm([3, 4], 1) // <tf.Tensor: shape=(2,), dtype=float32, numpy=array([0.6, 0.8], dtype=float32)>
 */
export function clip_by_norm(
  t: TensorInput,
  clip_norm: TensorInput,
  axes?: IntsInput | null | { axes?: IntsInput | null },
): Tensor;
export function clip_by_norm(...args: unknown[]): Tensor {
  return call(clips.clip_by_norm, args);
}

/**
 * tf.clip_by_global_norm: tensors, scaled together so that the norm of them all is clip_norm at most; and that norm as
 * it was. null in the list stays null.
 *
 * @throws TypeError_ for what is no list
 */
export function clip_by_global_norm<const L extends readonly (TensorInput | null)[]>(
  t_list: L,
  clip_norm: TensorInput,
  use_norm?: TensorInput | null | { use_norm?: TensorInput | null },
): readonly [list_clipped: { -readonly [K in keyof L]: L[K] extends null ? null : Tensor }, global_norm: Tensor];
export function clip_by_global_norm(...args: unknown[]): unknown {
  const [list] = args;
  const results = callAll(clips.clip_by_global_norm, args);
  let next = 0;
  const clipped = (Array.isArray(list) ? list : []).map((item) => (item === null ? null : results[next++]));
  return Tuple.of<unknown>(clipped, results.at(-1));
}

/** tf.linalg.global_norm: the norm of all tensors of a list. */
export const global_norm = (t_list: readonly (TensorInput | null)[]): Tensor => call(clips.global_norm, [t_list]);
