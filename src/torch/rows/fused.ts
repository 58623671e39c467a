/** Large operands run as one program: elementwise steps in one pass, and constants that are never written out. */

import { jit } from '../../jit/jit.js';
import type { Tensor } from '../../tensor/tensor.js';
import { tracer } from '../../tensor/tracer.js';

/** Elements of the first operand from which a function is worth tracing. */
const least = 2 ** 16;

/**
 * A function of tensors, numbers and the like, traced for each shape and number where its first operand is large. It must
 * not read elements; lists of numbers go in objects, as jit takes them.
 */
export function fused<A extends readonly [Tensor, ...unknown[]], R>(f: (...args: A) => R): (...args: A) => R {
  const jitted: (...args: A) => R = Reflect.apply(jit, undefined, [f]);
  return (...args) => (tracer === null && args[0].size >= least ? jitted(...args) : f(...args));
}
