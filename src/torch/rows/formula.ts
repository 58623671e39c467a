/** Short forms for formulas: a tensor and a number, a choice by a comparison, a mean. */

import type { Direction, Typed } from '../../ops/primitive.js';
import { isFloat } from '../../shape/dtype.js';
import type { Shape } from '../../shape/shape.js';
import { newTensor, op, type Tensor } from '../../tensor/tensor.js';
import { unimplemented } from './elementary.js';

/** x + c. */
export const shifted = (x: Tensor, c: number): Tensor => op.add(x, op.full(x, c));
/** x * c. */
export const scaled = (x: Tensor, c: number): Tensor => (c === 1 ? x : op.multiply(x, op.full(x, c)));
/** x / c. */
export const divided = (x: Tensor, c: number): Tensor => (c === 1 ? x : op.divide(x, op.full(x, c)));
export const squared = (x: Tensor): Tensor => op.multiply(x, x);

/** Where x compares so with c: one tensor, elsewhere another. */
export const choose = (x: Tensor, direction: Direction, c: number, yes: Tensor, no: Tensor): Tensor =>
  op.select(op.compare(x.plain, op.full(x, c), direction), yes, no);

/** x, but 0 where it compares so with c: NaN stays. */
export const without = (x: Tensor, direction: Direction, c: number): Tensor =>
  choose(x, direction, c, op.full(x, 0), x);

/** A vector of values for one axis, or values of some axes, repeated over a shape. */
export const spread = (x: Tensor, shape: Shape, axes: readonly number[]): Tensor => op.broadcast_in_dim(x, shape, axes);

export const cellsOf = (shape: Shape, axes: readonly number[]): number =>
  axes.reduce((product, axis) => product * (shape[axis] as number), 1);

/** The mean over axes. */
export const meanOver = (x: Tensor, axes: readonly number[]): Tensor => {
  const sum = op.reduce_sum(x, axes);
  return op.divide(sum, op.full(sum, cellsOf(x.shape, axes)));
};

/** All axes but some. */
export const otherAxes = (shape: Shape, axes: readonly number[]): number[] =>
  shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));

export const allAxes = (shape: Shape): number[] => shape.map((_, axis) => axis);

/** @throws NotImplementedError, in PyTorch's words, where a kernel is for floats alone */
export function checkFloat(x: Typed, kernel: string): void {
  if (!isFloat(x.dtype)) throw unimplemented(kernel, x.dtype);
}

/** A list of positions once for each of `count` rows of `size` cells: [count, positions]. */
export function offsetBy(positions: Tensor, count: number, size: number): Tensor {
  const shape = [count, ...positions.shape];
  const starts = newTensor(
    Int32Array.from({ length: count }, (_, i) => i * size),
    [count],
    'int32',
  );
  const within = op.broadcast_in_dim(
    positions,
    shape,
    positions.shape.map((_, axis) => axis + 1),
  );
  return op.add(within, op.broadcast_in_dim(starts, shape, [0]));
}
