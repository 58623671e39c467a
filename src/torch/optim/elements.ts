/** Elements of tensors, written in place. */

import { RuntimeError } from '../../errors.js';
import { Tensor as CoreTensor, newTensor } from '../../tensor/tensor.js';
import type { Tensor } from '../tensor.js';

export type Floats = Float32Array | Float64Array;

function floats({ array, dtype }: CoreTensor): Floats {
  if (array instanceof Float32Array || array instanceof Float64Array) return array;
  throw new RuntimeError('dtype-mismatch', `an optimizer takes tensors of floating dtypes, not ${dtype}`);
}

/** The elements of a tensor of a floating dtype, to be read. */
export const elementsOf = (tensor: Tensor): Floats => floats(tensor.borrowed);

/** A value of a tensor's own elements, or of a copy, where somebody else holds them, too. */
function writable(tensor: Tensor): CoreTensor {
  const { shape, dtype, buffer, array } = tensor.borrowed;
  return buffer.isShared ? newTensor(array, shape, dtype) : new CoreTensor(shape, dtype, buffer);
}

/** Runs a loop over the elements of tensors, which writes them. */
export function edit(tensors: readonly Tensor[], write: (arrays: readonly Floats[]) => void): void {
  const values = tensors.map(writable);
  write(values.map(floats));
  tensors.forEach((tensor, i) => void tensor.assign(values[i] as CoreTensor));
}
