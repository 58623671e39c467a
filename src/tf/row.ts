/** A function of the door as a row of a table: its parameters, and what it computes of core tensors. */

import { signature } from '../door/signature.js';
import type { Tensor } from '../tensor/tensor.js';

export interface Row<R = Tensor> {
  /** Arguments in the order of the parameters; undefined where the default holds. */
  readonly read: (args: readonly unknown[]) => readonly unknown[];
  readonly run: (values: readonly unknown[]) => R;
}

/**
 * @param name as TensorFlow calls the function
 * @param parameters as signature.ts reads them; all functions take a `name`, which eager TensorFlow has no use for
 */
export const row = <R = Tensor>(name: string, parameters: string, run: Row<R>['run']): Row<R> => ({
  read: signature(name, `${parameters} name?~`),
  run,
});
