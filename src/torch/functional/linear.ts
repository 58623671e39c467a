/** torch.nn.functional: linear maps. */

import type { Foreign } from '../../tensor/foreign.js';
import type { Call } from '../calls.js';
import { linears } from '../rows/linear.js';
import { call, type Tensor } from '../tensor.js';

export interface LinearOptions {
  readonly input?: Foreign;
  readonly weight?: Foreign;
  readonly bias?: Foreign | null;
}

/**
 * F.linear: x W^T + b: (..., in) with weight (out, in) and bias (out) gives (..., out). One dtype for all.
 *
 * @throws RuntimeError for sizes and dtypes that don't agree
 * @example F.linear(torch.ones(2, 3), torch.ones(1, 3), torch.ones(1)).tolist() // [[4], [4]]
 */
export const linear: Call<[], [input: Foreign, weight: Foreign], [bias: Foreign | null], LinearOptions, Tensor> = (
  ...args: unknown[]
) => call(linears.linear, args);

export interface BilinearOptions {
  readonly input1?: Foreign;
  readonly input2?: Foreign;
  readonly weight?: Foreign;
  readonly bias?: Foreign | null;
}

/** F.bilinear: x1^T W_k x2 + b_k for each k: (..., in1), (..., in2) and (out, in1, in2) give (..., out). */
export const bilinear: Call<
  [],
  [input1: Foreign, input2: Foreign, weight: Foreign],
  [bias: Foreign | null],
  BilinearOptions,
  Tensor
> = (...args: unknown[]) => call(linears.bilinear, args);
