/** Dropout, as rows: masks from PyTorch's own stream. */

import { RuntimeError, TypeError_, ValueError } from '../../errors.js';
import { isFloat } from '../../shape/dtype.js';
import { type Shape, sizeOf } from '../../shape/shape.js';
import { newTensor, op, type Tensor } from '../../tensor/tensor.js';
import { boolArgument, scalarName, tensorArgument, typeName } from '../arguments.js';
import { defaultGenerator } from '../generator.js';
import { bernoulli } from '../random.js';
import { type Row, row } from '../row.js';
import { divided, scaled, shifted } from './formula.js';

/** The shape of the mask: a number for each element, or one for each channel of each sample. */
const maskShape = (shape: Shape, features: boolean): Shape =>
  features ? shape.map((size, axis) => (axis < 2 ? size : 1)) : shape;

/** Ones with probability 1 - p, else zeros, from the stream; p = 1 draws nothing. */
function drawn(x: Tensor, p: number, features: boolean): Tensor {
  const shape = maskShape(x.shape, features);
  const like = { shape, dtype: x.dtype };
  if (p === 1) return op.full(like, 0);
  return newTensor(bernoulli(defaultGenerator(), sizeOf(shape), 1 - p, x.dtype), shape, x.dtype);
}

const over = (mask: Tensor, shape: Shape): Tensor =>
  mask.shape.length === shape.length && sizeOf(mask.shape) === sizeOf(shape)
    ? mask
    : op.broadcast_in_dim(
        mask,
        shape,
        shape.map((_, axis) => axis),
      );

function plain(x: Tensor, p: number, features: boolean): Tensor {
  const mask = drawn(x, p, features);
  return op.multiply(x, over(p === 1 ? mask : divided(mask, 1 - p), x.shape));
}

/** What alpha_dropout puts in place of 0: the value that selu tends to. */
const ALPHA = 1.7580993408473766;

/** Keeps mean and variance of what selu gave. */
function alpha(x: Tensor, p: number, features: boolean): Tensor {
  const mask = drawn(x, p, features);
  if (p === 1) return op.multiply(x, over(mask, x.shape));
  const a = 1 / Math.sqrt((ALPHA * ALPHA * p + 1) * (1 - p));
  const offset = shifted(scaled(shifted(mask, -1), ALPHA * a), ALPHA * a * p);
  return op.add(op.multiply(x, over(scaled(mask, a), x.shape)), over(offset, x.shape));
}

interface Kind {
  readonly training: boolean;
  readonly features: boolean;
  readonly alpha: boolean;
  /** Ranks of a sample and of a batch; a sample is given an axis of one. */
  readonly ranks: ((rank: number) => 'sample' | 'batch') | null;
}

function probability(call: string, value: unknown): number {
  if (value === undefined) return 0.5;
  if (typeof value !== 'number') {
    throw new TypeError_('bad-argument', `${call}(): argument 'p' must be float, not ${typeName(value)}`);
  }
  if (value >= 0 && value <= 1) return value;
  throw new ValueError('bad-argument', `dropout probability has to be between 0 and 1, but got ${value}`);
}

interface Given {
  readonly x: Tensor;
  readonly rate: number;
  /** Not training, nothing to drop, or no elements: the input itself is the result. */
  readonly isIdle: boolean;
  readonly isSample: boolean;
}

function given(call: DropoutName, [input, p, training]: readonly unknown[]): Given {
  const kind = kinds[call];
  const rate = probability(call, p);
  const x = tensorArgument(input, call, 'input');
  const trains = boolArgument(training, call, 'training', kind.training);
  const isSample = kind.ranks?.(x.shape.length) === 'sample';
  const isIdle = rate === 0 || !trains || x.size === 0;
  if (kind.features && x.shape.length < 2 && !isIdle && !isSample) {
    throw new RuntimeError('rank-mismatch', 'Feature dropout requires at least 2 dimensions in the input');
  }
  if (!isIdle && !isFloat(x.dtype)) {
    const message = `result type Float can't be cast to the desired output type ${scalarName[x.dtype]}`;
    throw new RuntimeError('dtype-mismatch', message);
  }
  return { x, rate, isIdle, isSample };
}

/** Whether nothing is dropped, so that the input itself is the result. */
export const isIdle = (call: DropoutName, values: readonly unknown[]): boolean => given(call, values).isIdle;

function dropped(call: DropoutName, values: readonly unknown[]): Tensor {
  const { x, rate, isIdle, isSample } = given(call, values);
  if (isIdle) return x;
  const { alpha: isAlpha, features } = kinds[call];
  const f = isAlpha ? alpha : plain;
  if (!isSample) return f(x, rate, features);
  return op.reshape(f(op.reshape(x, [1, ...x.shape]), rate, features), x.shape);
}

export type DropoutName =
  | 'dropout'
  | 'dropout1d'
  | 'dropout2d'
  | 'dropout3d'
  | 'alpha_dropout'
  | 'feature_alpha_dropout';

function ranksOf1d(rank: number): 'sample' | 'batch' {
  if (rank === 2 || rank === 3) return rank === 2 ? 'sample' : 'batch';
  throw new RuntimeError(
    'rank-mismatch',
    `dropout1d: Expected 2D or 3D input, but received a ${rank}D input. Note that dropout1d exists to provide ` +
      'channel-wise dropout on inputs with 1 spatial dimension, a channel dimension, and an optional batch dimension ' +
      '(i.e. 2D or 3D inputs).',
  );
}

const kinds: { readonly [N in DropoutName]: Kind } = {
  dropout: { training: true, features: false, alpha: false, ranks: null },
  dropout1d: { training: true, features: true, alpha: false, ranks: ranksOf1d },
  // Three dimensions are a batch of lines here, not one image.
  dropout2d: { training: true, features: true, alpha: false, ranks: null },
  dropout3d: { training: true, features: true, alpha: false, ranks: (rank) => (rank === 5 ? 'batch' : 'sample') },
  alpha_dropout: { training: false, features: false, alpha: true, ranks: null },
  feature_alpha_dropout: { training: false, features: true, alpha: true, ranks: null },
};

function dropoutRow(call: DropoutName): Row {
  const name: Row['gradFn'] = ([input]) => {
    const isSample = kinds[call].ranks?.(tensorArgument(input, call, 'input').shape.length) === 'sample';
    return isSample ? 'SqueezeBackward1' : kinds[call].alpha ? 'AddBackward0' : 'MulBackward0';
  };
  return row(call, 'input p? training? inplace?', name, (values) => dropped(call, values));
}

export const dropouts: { readonly [N in DropoutName]: Row } = {
  dropout: dropoutRow('dropout'),
  dropout1d: dropoutRow('dropout1d'),
  dropout2d: dropoutRow('dropout2d'),
  dropout3d: dropoutRow('dropout3d'),
  alpha_dropout: dropoutRow('alpha_dropout'),
  feature_alpha_dropout: dropoutRow('feature_alpha_dropout'),
};
