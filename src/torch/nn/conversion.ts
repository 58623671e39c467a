/** Modules in another dtype. */

import { isKeywords, signature } from '../../door/signature.js';
import { TypeError_ } from '../../errors.js';
import { isFloat } from '../../shape/dtype.js';
import { op } from '../../tensor/tensor.js';
import { checkDevice, type DType, dtypeArgument, isDTypeName } from '../dtype.js';
import { Tensor } from '../tensor.js';

export interface Target {
  readonly device?: 'cpu' | null;
  readonly dtype?: DType | string | null;
}

const read = signature('to', 'device?~ dtype?~ non_blocking?');

/** The floating dtype that `to` was asked for, or null for none. */
export function readTarget(args: readonly unknown[]): 'float32' | 'float64' | null {
  const [first] = args;
  const isDevice = first === null || (typeof first === 'string' && !isDTypeName(first)) || isKeywords(first);
  const [device, dtype] = read(isDevice || args.length === 0 ? args : [null, ...args]);
  checkDevice(device, 'to');
  if (dtype === undefined || dtype === null) return null;
  const name = dtype instanceof Tensor ? dtype.dtype.name : dtypeArgument(dtype, 'to');
  if (name === 'float32' || name === 'float64') return name;
  throw new TypeError_(
    'dtype-mismatch',
    `nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=torch.${name}`,
  );
}

/** Tensors of floating dtypes, and their gradients, in place. */
export function convertAll(tensors: readonly Tensor[], dtype: 'float32' | 'float64'): void {
  for (const tensor of tensors) {
    const { grad } = tensor;
    if (!isFloat(tensor.dtype.name) || tensor.dtype.name === dtype) continue;
    tensor.assign(op.convert(tensor.detach().toCore(), dtype));
    if (grad !== null) tensor.grad = grad.to(dtype);
  }
}
