/** The order in which PyTorch goes through a tensor that it fills: that of its memory. */

import type { DType } from '../shape/dtype.js';
import { type Shape, sizeOf } from '../shape/shape.js';
import { newTensor, op, type Tensor } from '../tensor/tensor.js';

/** Dimensions as they lie in memory, from the largest step to the smallest. */
export const orderInMemory = (strides: readonly number[]): number[] =>
  strides.map((_, axis) => axis).sort((a, b) => (strides[b] as number) - (strides[a] as number) || a - b);

const isRising = (order: readonly number[]): boolean => order.every((axis, i) => axis === i);

/** Whether a tensor's elements lie side by side, in whatever order of dimensions. */
export function isDense(shape: Shape, strides: readonly number[]): boolean {
  let next = 1;
  for (const axis of orderInMemory(strides).reverse()) {
    const size = shape[axis] as number;
    if (size !== 1 && strides[axis] !== next) return false;
    next *= size;
  }
  return sizeOf(shape) > 0;
}

/** Values that were drawn in the order of memory, as a tensor of a shape. */
export function arranged(
  values: ArrayLike<number | bigint>,
  shape: Shape,
  dtype: DType,
  order: readonly number[],
): Tensor {
  if (isRising(order)) return newTensor(values, shape, dtype);
  const drawn = newTensor(
    values,
    order.map((axis) => shape[axis] as number),
    dtype,
  );
  return op.transpose(
    drawn,
    order.map((_, axis) => order.indexOf(axis)),
  );
}

/** Elements of a tensor in the order of another's memory. */
export const inOrder = (x: Tensor, order: readonly number[]): Tensor => (isRising(order) ? x : op.transpose(x, order));
