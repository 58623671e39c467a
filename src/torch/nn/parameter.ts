/** torch.nn.Parameter. */

import { signature } from '../../door/signature.js';
import { TypeError_ } from '../../errors.js';
import { boolArgument, typeName } from '../arguments.js';
import { Tensor } from '../tensor.js';

const read = signature('Parameter', 'data requires_grad?');

function tensorGiven(data: unknown): Tensor {
  if (data instanceof Tensor) return data;
  throw new TypeError_('bad-argument', `Parameter(): argument 'data' must be Tensor, not ${typeName(data)}`);
}

/**
 * torch.nn.Parameter: a tensor that belongs to the module it is a property of, a leaf that gradients are wanted of.
 *
 * @throws TypeError_ for what is no tensor, RuntimeError for a gradient of integers
 * @example
 * new torch.nn.Parameter(torch.tensor([1, 2])) // Parameter containing: tensor([1., 2.], requires_grad=True)
 */
export class Parameter extends Tensor {
  constructor(data: Tensor, requires_grad?: boolean | { readonly requires_grad?: boolean });
  constructor(...args: unknown[]) {
    const [data, requiresGrad] = read(args);
    super(tensorGiven(data).detach().toCore().share(null).keep());
    this.requires_grad_(boolArgument(requiresGrad, 'Parameter', 'requires_grad', true));
  }

  override __repr__(): string {
    return `Parameter containing:\n${super.__repr__()}`;
  }
}
