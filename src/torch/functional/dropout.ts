/** torch.nn.functional: dropout, with the masks that PyTorch draws from the same stream. */

import { NotImplementedError } from '../../errors.js';
import type { Foreign } from '../../tensor/foreign.js';
import { boolArgument } from '../arguments.js';
import type { Call } from '../calls.js';
import { type DropoutName, dropouts } from '../rows/dropout.js';
import { call, Tensor } from '../tensor.js';

export interface DropoutOptions {
  readonly input?: Foreign;
  readonly p?: number;
  readonly training?: boolean;
  readonly inplace?: boolean;
}

type Dropout = Call<[], [input: Foreign], [p: number, training: boolean, inplace: boolean], DropoutOptions, Tensor>;

/** The result; the input itself where nothing is dropped. */
function dropping(name: DropoutName): Dropout {
  const row = dropouts[name];
  return (...args: unknown[]) => {
    const [input, , , inplace] = row.read(args);
    if (boolArgument(inplace, name, 'inplace')) {
      throw new NotImplementedError('not-implemented', `${name}(): inplace=True is not there; use what it returns`);
    }
    const result = call(row, args);
    return input instanceof Tensor && result.toCore() === input.toCore() ? input : result;
  };
}

/**
 * F.dropout: each element 0 with probability p, else divided by 1 - p; not in training, the input itself.
 *
 * @throws ValueError for p outside of 0 to 1, RuntimeError for integers
 * @example torch.manual_seed(0); F.dropout(torch.ones(8)).tolist() // [0, 0, 2, 0, 0, 0, 2, 2]
 */
export const dropout: Dropout = dropping('dropout');
/** F.dropout1d: drops whole channels of (N, C, L) or (C, L). */
export const dropout1d: Dropout = dropping('dropout1d');
/** F.dropout2d: drops whole channels of (N, C, H, W); three dimensions are (N, C, L). */
export const dropout2d: Dropout = dropping('dropout2d');
/** F.dropout3d: drops whole channels of (N, C, D, H, W) or (C, D, H, W). */
export const dropout3d: Dropout = dropping('dropout3d');
/** F.alpha_dropout: dropout for selu: keeps mean and variance; not in training by default. */
export const alpha_dropout: Dropout = dropping('alpha_dropout');
/** F.feature_alpha_dropout: alpha_dropout of whole channels. */
export const feature_alpha_dropout: Dropout = dropping('feature_alpha_dropout');
