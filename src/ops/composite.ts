/** What is made of primitives, for whatever plays the tensor: broadcasting arithmetic, matmul, means. */

import { RuntimeError, ValueError } from '../errors.js';
import { type DType, isFloat } from '../shape/dtype.js';
import { broadcast, normalizeAxes, type Shape, sameShape, showShape, sizeOf } from '../shape/shape.js';
import type { Ops, Typed } from './primitive.js';

/** Repeats x to a shape it broadcasts to: axes are aligned at the last, sizes of 1 are repeated. */
export function broadcastTo<T extends Typed>(op: Ops<T>, x: T, shape: Shape): T {
  if (sameShape(x.shape, shape)) return x;
  if (x.shape.length > shape.length) {
    throw new RuntimeError('shape-mismatch', `shape ${showShape(x.shape)} can't be broadcast to ${showShape(shape)}`);
  }
  const lead = shape.length - x.shape.length;
  return op.broadcast_in_dim(
    x,
    shape,
    x.shape.map((_, axis) => axis + lead),
  );
}

export type BinaryName = 'add' | 'subtract' | 'multiply' | 'divide' | 'remainder' | 'power' | 'maximum' | 'minimum';

/** A binary primitive on operands that are converted to `dtype` and broadcast against each other first. */
export function broadcastBinary<T extends Typed>(
  op: Ops<T>,
  name: BinaryName | 'and' | 'or',
  a: T,
  b: T,
  dtype: DType,
): T {
  const shape = sameShape(a.shape, b.shape) ? a.shape : broadcast(a.shape, b.shape);
  const left = broadcastTo(op, op.convert(a, dtype), shape);
  return op[name](left, broadcastTo(op, op.convert(b, dtype), shape));
}

/** All axes, or the ones given (negative ones count from the back). */
export function axesOf(shape: Shape, axes: number | readonly number[] | null | undefined): number[] {
  if (axes === null || axes === undefined) return shape.map((_, axis) => axis);
  return normalizeAxes(typeof axes === 'number' ? [axes] : axes, shape.length);
}

/** Gives reduced axes back as axes of size 1. */
export function keepAxes<T extends Typed>(op: Ops<T>, reduced: T, shape: Shape, axes: readonly number[]): T {
  return op.reshape(
    reduced,
    shape.map((size, axis) => (axes.includes(axis) ? 1 : size)),
  );
}

/** The mean over axes, of a floating tensor. */
export function mean<T extends Typed>(op: Ops<T>, x: T, axes: readonly number[]): T {
  if (!isFloat(x.dtype))
    throw new RuntimeError('dtype-mismatch', `the mean of ${x.dtype} is not defined; convert it first`);
  const count = axes.reduce((product, axis) => product * (x.shape[axis] ?? 1), 1);
  const sum = op.reduce_sum(x, axes);
  return op.divide(sum, op.full(sum, count));
}

/**
 * NumPy's matmul: the last two axes are matrices, the others broadcast; a vector is a row on the left, a column on the
 * right, and leaves no axis.
 */
export function matmul<T extends Typed>(op: Ops<T>, a: T, b: T): T {
  if (a.shape.length === 0 || b.shape.length === 0) {
    throw new ValueError(
      'rank-mismatch',
      'matmul needs at least one axis on each side, not a scalar; multiply instead',
    );
  }
  const left = a.shape.length === 1 ? op.reshape(a, [1, sizeOf(a.shape)]) : a;
  const right = b.shape.length === 1 ? op.reshape(b, [sizeOf(b.shape), 1]) : b;
  const lead = broadcast(left.shape.slice(0, -2), right.shape.slice(0, -2));
  const batched = (x: T): T => broadcastTo(op, x, [...lead, ...x.shape.slice(-2)]);
  const batch = lead.map((_, axis) => axis);
  const product = op.dot_general(batched(left), batched(right), {
    leftBatch: batch,
    rightBatch: batch,
    leftContract: [lead.length + 1],
    rightContract: [lead.length],
  });
  const rows = a.shape.length === 1 ? [] : [left.shape.at(-2) ?? 1];
  const columns = b.shape.length === 1 ? [] : [right.shape.at(-1) ?? 1];
  return op.reshape(product, [...lead, ...rows, ...columns]);
}

/** Cells `from` up to, and not with, `to` along one axis. */
export function sliceAxis<T extends Typed>(op: Ops<T>, x: T, axis: number, from: number, to: number): T {
  return op.slice(x, {
    start: x.shape.map((_, a) => (a === axis ? from : 0)),
    limit: x.shape.map((size, a) => (a === axis ? to : size)),
    stride: x.shape.map(() => 1),
  });
}
