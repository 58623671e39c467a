/** Elements by their place along a dimension, as flat positions for the core's gather and scatter. */

import { RuntimeError } from '../../errors.js';
import { checkSize, type Shape, sizeOf, stridesOf } from '../../shape/shape.js';
import { newTensor, op, type Tensor } from '../../tensor/tensor.js';
import { tensorArgument } from '../arguments.js';

/** An int32 tensor of what a function says of each index of a shape. */
export function positions(shape: Shape, at: (index: readonly number[]) => number): Tensor {
  checkSize(shape, 'the result');
  const values = new Int32Array(sizeOf(shape));
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < values.length; i++) {
    values[i] = at(index);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (shape[axis] as number)) break;
      index[axis] = 0;
    }
  }
  return newTensor(values, shape, 'int32');
}

/** Flat positions in `shape` of the elements that `index` names along an axis; in the other axes, each its own. */
export function positionsAlong(shape: Shape, axis: number, index: Tensor): Tensor {
  if (shape.length === 0) return op.convert(index, 'int32');
  const strides = stridesOf(shape);
  const own = strides.with(axis, 0);
  const base = positions(index.shape, (place) => place.reduce((sum, i, a) => sum + i * (own[a] as number), 0));
  const along = op.convert(index, 'int32');
  return op.add(base, op.multiply(along, op.full(along, strides[axis] as number)));
}

/** The elements that `index`, of x's rank, names along an axis. */
export const pickedAlong = (x: Tensor, axis: number, index: Tensor): Tensor =>
  op.gather(x, positionsAlong(x.shape, axis, index.plain));

/** A tensor of indices: int64 or int32. */
export function indexArgument(value: unknown, call: string, allowed = 'int32/int64'): Tensor {
  const index = tensorArgument(value, call, 'index').plain;
  if (allowed.includes(index.dtype)) return index;
  throw new RuntimeError('dtype-mismatch', `${call}(): Expected dtype ${allowed} for index`);
}

/** Whole numbers of a tensor of integers. */
export const wholeNumbers = (index: Tensor): number[] => Array.from<number | bigint, number>(index.array, Number);

/** @throws RuntimeError for an index beyond the size of its dimension */
export function checkIndices(index: Tensor, axis: number, size: number): void {
  const outside = wholeNumbers(index).find((at) => at < 0 || at >= size);
  if (outside === undefined) return;
  throw new RuntimeError(
    'index-out-of-range',
    `index ${outside} is out of bounds for dimension ${axis} with size ${size}`,
  );
}
