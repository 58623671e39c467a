/** Arguments that several functions take: numbers, and lists of arrays. */

import { TypeError_ } from '../errors.js';
import { show } from '../shape/shape.js';
import { isForeign } from '../tensor/foreign.js';
import type { Tensor } from '../tensor/tensor.js';
import { type ArrayInput, toTensor } from './input.js';
import { asndarray } from './ndarray.js';

/** A number, or the one element of an array of one. */
export function numberOf(value: unknown, name: string): number {
  const given = isForeign(value) ? Number(value.toCore().item()) : value;
  if (typeof given === 'number') return given;
  throw new TypeError_('bad-argument', `${name} must be a number, not ${show(value)}`);
}

/** The arrays of a list, or the rows of an array. */
export function listOf(arrays: unknown, name: string): Tensor[] {
  if (Array.isArray(arrays)) return arrays.map((item: ArrayInput) => toTensor(item));
  if (!isForeign(arrays) && !ArrayBuffer.isView(arrays)) {
    throw new TypeError_('bad-argument', `${name} takes a list of arrays, not ${show(arrays)}`);
  }
  const x = asndarray(arrays);
  return Array.from({ length: x.shape[0] ?? 0 }, (_, i) => x.at(i).toCore());
}
