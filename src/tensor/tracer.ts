/** Who takes part when primitives are applied: while jit traces a function, its tracer. */

import type { Primitive, Typed } from '../ops/primitive.js';
import type { Buffer } from './buffer.js';
import type { Tensor } from './tensor.js';

export interface Tracer {
  /** The elements of a result: to be known when the traced graph runs, or now. */
  apply<P>(primitive: Primitive<P>, inputs: readonly Tensor[], params: P, type: Typed): Buffer;
  /** Sees the operands of whatever is recorded for gradients; may refuse. */
  checkRecorded(inputs: readonly Tensor[]): void;
}

/** The tracer of the function that is being traced; null where all is computed at once. */
export let tracer: Tracer | null = null;

/** Runs a function while a tracer takes part. */
export function tracedBy<R>(by: Tracer, body: () => R): R {
  const before = tracer;
  tracer = by;
  try {
    return body();
  } finally {
    tracer = before;
  }
}
