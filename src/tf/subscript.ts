/** TensorFlow's indexing: `x.at('0, ..., ::-1')`. */

import { type Dialect, elementsAt, find } from '../door/subscript.js';
import { type AdjointError, type ErrorCode, TypeError_ } from '../errors.js';
import { rowMajor } from '../shape/strided.js';
import { type Foreign, isForeign } from '../tensor/foreign.js';
import type { Tensor } from '../tensor/tensor.js';
import { repr } from '../text/python.js';
import { invalid } from './arguments.js';
import { indexing } from './rows/indexing.js';

/** One part of a subscript: a number, text (`'1:3'`, `'...'`, several with commas), null for a new axis, a tensor. */
export type Subscript = number | string | null | Foreign;

const refused = (code: ErrorCode, message: string): AdjointError => invalid('StridedSlice', code, message);

const notAnIndex = (given: unknown): TypeError_ =>
  new TypeError_(
    'bad-argument',
    'Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar tf.int32/tf.int64 tensors are valid ' +
      `indices, got ${repr(given)}`,
  );

/** What TensorFlow says of subscripts. */
const dialect: Dialect = {
  newaxis: ['newaxis', 'tf.newaxis'],
  numbersAreArrays: false,
  isMask: (dtype) => dtype === 'bool',
  checkStep() {
    // Any: a negative one counts backwards.
  },
  zeroStep: () => refused('bad-argument', 'strides[0] must be non-zero'),
  notAnIndex,
  outOfRange: (index, axis) =>
    refused('index-out-of-range', `slice index ${index} of dimension ${axis} out of bounds.`),
  tooMany: (shape) => {
    const n = shape.length;
    return refused('index-out-of-range', `Index out of range using input dim ${n}; input has only ${n} dims`);
  },
  maskMismatch: () => notAnIndex('a mask'),
  noBroadcast: () => notAnIndex('arrays'),
  ellipsisTwice: () => refused('bad-argument', 'Multiple ellipses in slice spec not allowed'),
};

/**
 * The cells that a subscript names.
 *
 * @throws InvalidArgumentError for too many parts, a number out of range or a step of 0; TypeError_ for what is no index
 */
export function subscript(x: Tensor, parts: readonly unknown[]): Tensor {
  const [only] = parts;
  if (parts.length === 1 && isForeign(only) && only.toCore().dtype === 'bool')
    return indexing.boolean_mask.run([x, only]);
  const wrong = parts.find((part) => typeof part === 'boolean' || Array.isArray(part) || isArray(part));
  if (wrong !== undefined) throw notAnIndex(wrong);
  return elementsAt(x, find(parts, rowMajor(x.shape), dialect));
}

const isArray = (part: unknown): boolean =>
  isForeign(part) && (part.toCore().shape.length > 0 || part.toCore().dtype === 'bool');
