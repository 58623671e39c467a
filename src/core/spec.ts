/** convSpec, with the readers of each framework's own arguments. */

import { scipySpec } from '../conv/scipy.js';
import { convSpec as specOf } from '../conv/spec.js';
import { tfSpec } from '../conv/tf.js';
import { torchSpec } from '../conv/torch.js';

/**
 * A ConvSpec: `convSpec({...})` from any part of one, `convSpec.torch(inputShape, kernelShape, options)`, `.tf` and
 * `.scipy` from a framework's own arguments.
 *
 * @example convSpec.torch([1, 1, 5, 5], [1, 1, 2, 2], { padding: 'same' }).padding // [[0, 1], [0, 1]]
 */
export const convSpec: typeof specOf & {
  readonly torch: typeof torchSpec;
  readonly tf: typeof tfSpec;
  readonly scipy: typeof scipySpec;
} = Object.assign(specOf.bind(null), { torch: torchSpec, tf: tfSpec, scipy: scipySpec });
