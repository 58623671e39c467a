/** tf.function: everything runs eagerly here, so a function is itself. */

import { isKeywords } from '../door/signature.js';
import { TypeError_ } from '../errors.js';
import { show } from '../shape/shape.js';

/** How TensorFlow would compile a function; nothing depends on it here. */
export interface FunctionOptions {
  readonly input_signature?: unknown;
  readonly autograph?: boolean;
  readonly jit_compile?: boolean | null;
  readonly reduce_retracing?: boolean;
}

/**
 * tf.function: the function, called eagerly. With options alone it gives a decorator. (To trace and fuse a function of
 * tensors, see the core's jit.)
 *
 * @throws TypeError_ for what is no function
 * @example tf.function((x: tf.Tensor) => x.mul(2))(tf.constant(3)).item() // 6
 */
export function function_<A extends unknown[], R>(
  func: (...args: A) => R,
  options?: FunctionOptions,
): (...args: A) => R;
export function function_(options?: FunctionOptions): <F extends (...args: never[]) => unknown>(func: F) => F;
export function function_(func?: unknown): unknown {
  if (func === undefined || isKeywords(func)) return (decorated: never) => function_(decorated);
  if (typeof func !== 'function')
    throw new TypeError_('bad-argument', `tf.function takes a function, not ${show(func)}`);
  return (...args: unknown[]): unknown => Reflect.apply(func, undefined, args);
}

/** tf.executing_eagerly: always. */
export const executing_eagerly = (): boolean => true;
