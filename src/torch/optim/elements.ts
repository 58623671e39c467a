/** Elements of tensors, written in place. */

import { RuntimeError } from '../../errors.js';
import { newTensor } from '../../tensor/tensor.js';
import type { Tensor } from '../tensor.js';

export type Floats = Float32Array | Float64Array;

/** The elements of a tensor of a floating dtype, to be read. */
export function elementsOf(tensor: Tensor): Floats {
  const { array, dtype } = tensor.detach().toCore();
  if (array instanceof Float32Array || array instanceof Float64Array) return array;
  throw new RuntimeError('dtype-mismatch', `an optimizer takes tensors of floating dtypes, not ${dtype}`);
}

/** Runs a loop over the elements of tensors, which writes them. */
export function edit(tensors: readonly Tensor[], write: (arrays: readonly Floats[]) => void): void {
  const arrays = tensors.map((tensor) => {
    const { shape, dtype } = tensor.toCore();
    tensor.assign(newTensor(elementsOf(tensor), shape, dtype));
    return elementsOf(tensor);
  });
  write(arrays);
}
