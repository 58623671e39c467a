/** NumPy's indexing: `x.at('0, :, ::-2')`. */

import { type Dialect, elementsAt, find } from '../door/subscript.js';
import { IndexError } from '../errors.js';
import { show } from '../shape/shape.js';
import { rowMajor } from '../shape/strided.js';
import type { Tensor } from '../tensor/tensor.js';

export type { Subscript } from '../door/subscript.js';

const tuple = (shape: readonly number[]): string => `(${shape.join(',')}${shape.length === 1 ? ',' : ''})`;

/** What NumPy says of subscripts. */
export const dialect: Dialect = {
  newaxis: ['newaxis', 'np.newaxis'],
  numbersAreArrays: true,
  isMask: (dtype) => dtype === 'bool',
  checkStep() {
    // Any: a negative one counts backwards.
  },
  notAnIndex: (given) =>
    new IndexError(
      'bad-argument',
      'only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid ' +
        `indices, not ${show(given)}`,
    ),
  outOfRange: (index, axis, size) =>
    new IndexError('index-out-of-range', `index ${index} is out of bounds for axis ${axis} with size ${size}`),
  tooMany: (shape, named) =>
    new IndexError(
      'index-out-of-range',
      `too many indices for array: array is ${shape.length}-dimensional, but ${named} were indexed`,
    ),
  maskMismatch(mask, axis, shape) {
    const at = mask.findIndex((size, i) => size !== shape[axis + i]);
    return new IndexError(
      'shape-mismatch',
      `boolean index did not match indexed array along axis ${axis + at}; size of axis is ${shape[axis + at]} but size ` +
        `of corresponding boolean axis is ${mask[at]}`,
    );
  },
  noBroadcast: (shapes) =>
    new IndexError(
      'shape-mismatch',
      `shape mismatch: indexing arrays could not be broadcast together with shapes ${shapes.map(tuple).join(' ')} `,
    ),
  ellipsisTwice: () => new IndexError('bad-argument', "an index can only have a single ellipsis ('...')"),
};

export interface Indexed {
  readonly value: Tensor;
  /** Every axis was given a number, and no ellipsis: NumPy gives a scalar, not an array. */
  readonly isScalar: boolean;
}

/**
 * The elements that a subscript names.
 *
 * @throws IndexError for too many parts, a number out of range, or what is no index; ValueError for a step of 0
 */
export function subscript(x: Tensor, given: readonly unknown[]): Indexed {
  const found = find(given, rowMajor(x.shape), dialect);
  return { value: elementsAt(x, found), isScalar: found.isElement };
}
