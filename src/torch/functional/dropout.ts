/** torch.nn.functional: dropout, with the masks that PyTorch draws from the same stream. */

import type { Foreign } from '../../tensor/foreign.js';
import { boolArgument } from '../arguments.js';
import type { Call } from '../calls.js';
import type { Row } from '../row.js';
import { type DropoutName, dropouts, isIdle } from '../rows/dropout.js';
import { call, Tensor, written } from '../tensor.js';

export interface DropoutOptions {
  readonly input?: Foreign;
  readonly p?: number;
  readonly training?: boolean;
  readonly inplace?: boolean;
}

type Dropout = Call<[], [input: Foreign], [p: number, training: boolean, inplace: boolean], DropoutOptions, Tensor>;

/** A sample is given an axis and loses it again, in place by another name. */
const gradFnInPlace = (row: Row): Row['gradFn'] => {
  const { gradFn } = row;
  if (typeof gradFn === 'string') return gradFn;
  return (values) => gradFn(values).replace('SqueezeBackward1', 'SqueezeBackward4');
};

/** The result; the input itself where nothing is dropped. */
function dropping(name: DropoutName): Dropout {
  const row = dropouts[name];
  const inPlace = { ...row, gradFn: gradFnInPlace(row) };
  return (...args: unknown[]) => {
    const values = row.read(args);
    const [input] = values;
    const writes = boolArgument(values[3], name, 'inplace');
    if (isIdle(name, values) && input instanceof Tensor) return input;
    return writes ? written(inPlace, values) : call(row, args);
  };
}

/**
 * F.dropout: each element 0 with probability p, else divided by 1 - p; not in training, the input itself; `inplace`, into
 * the input itself.
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
