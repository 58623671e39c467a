/** What is assigned to a part of an array: converted, and repeated to its shape. */

import { ValueError } from '../errors.js';
import { broadcastTo } from '../ops/composite.js';
import type { DType } from '../shape/dtype.js';
import { broadcastShapes, type Shape, sameShape, sizeOf } from '../shape/shape.js';
import { op, type Tensor } from '../tensor/tensor.js';
import { type ArrayInput, showTuple, toTensor } from './input.js';

/**
 * @param only the array that is the whole subscript, if there is just one: a mask takes a list of as many elements
 * @throws ValueError where the shapes don't fit; as `array` for the value
 */
export function assigned(given: unknown, dtype: DType, shape: Shape, only: Tensor | null): Tensor {
  const value = toTensor(given as ArrayInput, dtype);
  // Axes of size 1 in front are no matter.
  const lead = Math.max(0, value.shape.length - shape.length);
  const own = value.shape.slice(0, lead).every((size) => size === 1) ? value.shape.slice(lead) : value.shape;
  const common = broadcastShapes(own, shape);
  if (common !== null && sameShape(common, shape)) return broadcastTo(op, op.reshape(value, own), shape);
  if (only?.dtype === 'bool' && value.shape.length === 1) {
    throw new ValueError(
      'shape-mismatch',
      `NumPy boolean array indexing assignment cannot assign ${value.size} input values to the ${sizeOf(shape)} output ` +
        'values where the mask is true',
    );
  }
  const isPicked = only !== null;
  const message = isPicked
    ? `shape mismatch: value array of shape ${showTuple(value.shape)} could not be broadcast to indexing result of shape ${showTuple(shape)}`
    : `could not broadcast input array from shape ${showTuple(value.shape)} into shape ${showTuple(shape)}`;
  throw new ValueError('shape-mismatch', message);
}
