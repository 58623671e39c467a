/** What PyTorch says of subscripts. */

import type { Dialect } from '../door/subscript.js';
import { IndexError, ValueError } from '../errors.js';
import { showShape } from '../shape/shape.js';
import { isForeign } from '../tensor/foreign.js';
import { typeName } from './arguments.js';

export const dialect: Dialect = {
  newaxis: [],
  numbersAreArrays: false,
  isMask: (dtype) => dtype === 'bool' || dtype === 'uint8',
  checkStep(step) {
    if (step < 0) throw new ValueError('bad-argument', 'step must be greater than zero');
  },
  notAnIndex: (given) =>
    new IndexError(
      'bad-argument',
      isForeign(given)
        ? 'tensors used as indices must be long, int, byte or bool tensors'
        : 'only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices (got ' +
            `${typeName(given)})`,
    ),
  outOfRange: (index, axis, size) =>
    new IndexError('index-out-of-range', `index ${index} is out of bounds for dimension ${axis} with size ${size}`),
  tooMany: (shape) =>
    new IndexError(
      'index-out-of-range',
      shape.length === 0
        ? 'invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to convert a 0-dim ' +
            'tensor to a number'
        : `too many indices for tensor of dimension ${shape.length}`,
    ),
  maskMismatch: (mask, axis, shape) =>
    new IndexError(
      'shape-mismatch',
      `The shape of the mask ${showShape(mask)} at index ${axis} does not match the shape of the indexed tensor ` +
        `${showShape(shape)} at index ${axis}`,
    ),
  noBroadcast: (shapes) =>
    new IndexError(
      'shape-mismatch',
      `shape mismatch: indexing tensors could not be broadcast together with shapes ${shapes.map(showShape).join(', ')}`,
    ),
  ellipsisTwice: () => new IndexError('bad-argument', "an index can only have a single ellipsis ('...')"),
};

/** Names of the nodes that parts of a subscript leave. */
export const viewNames = {
  number: 'SelectBackward0',
  slice: 'SliceBackward0',
  newaxis: 'UnsqueezeBackward0',
  nothing: 'AliasBackward0',
} as const;
