/** Elements by their positions, differentiable: what fancy indexing, sorting and shuffling are made of. */

import { type Shape, sizeOf, stridesOf } from '../shape/shape.js';
import { newTensor, op, type Tensor } from '../tensor/tensor.js';

/** The elements at flat positions, which have the shape of the result. */
export const gathered = (x: Tensor, positions: ArrayLike<number>, shape: Shape): Tensor =>
  op.gather(x, newTensor(positions, shape, 'int32'));

/** The cells of a list along one axis, in its order; `cellShape` takes the place of the axis. */
export function takeCells(
  x: Tensor,
  axis: number,
  cells: ArrayLike<number>,
  cellShape: Shape = [cells.length],
): Tensor {
  const [outer, inner] = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis + 1))];
  const block = (x.shape[axis] as number) * inner;
  const positions = new Int32Array(outer * cells.length * inner);
  let at = 0;
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < cells.length; c++) {
      const from = o * block + (cells[c] as number) * inner;
      for (let i = 0; i < inner; i++) positions[at++] = from + i;
    }
  }
  return gathered(x, positions, [...x.shape.slice(0, axis), ...cellShape, ...x.shape.slice(axis + 1)]);
}

/** Each line along an axis as the flat positions of its cells: a function of the line, called for all in order. */
export function eachLine(
  shape: Shape,
  axis: number,
  visit: (start: number, stride: number, line: number) => void,
): void {
  const stride = stridesOf(shape)[axis] as number;
  const n = shape[axis] as number;
  const outer = sizeOf(shape.slice(0, axis));
  for (let o = 0, line = 0; o < outer; o++) {
    for (let i = 0; i < stride; i++, line++) visit(o * n * stride + i, stride, line);
  }
}
