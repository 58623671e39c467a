/** tf.nn.dropout and its stateless form. */

import { ValueError } from '../errors.js';
import { broadcastTo } from '../ops/composite.js';
import { isFloat } from '../shape/dtype.js';
import { type Tensor as CoreTensor, op } from '../tensor/tensor.js';
import { str } from '../text/python.js';
import { type IntsInput, intsArgument, type TensorInput, tensorArgument } from './arguments.js';
import { stateless_uniform } from './random.js';
import { row } from './row.js';
import { uniform } from './stream.js';
import { call, type Tensor } from './tensor.js';

/** Numbers for a shape and a dtype. */
type Sampler = (shape: number[], dtype: string) => CoreTensor;

/** x over 1 - rate where a uniform number is not below the rate, 0 elsewhere. */
function dropped(value: unknown, rate: unknown, noise: unknown, sample: Sampler): CoreTensor {
  if (typeof rate === 'number' && !(rate >= 0 && rate < 1)) {
    const message = '`rate` must be a scalar tensor or a float in the range [0, 1).';
    throw new ValueError('bad-argument', `${message} Received: rate=${rate}`);
  }
  const x = tensorArgument(value);
  if (!isFloat(x.dtype)) {
    const message = '`x.dtype` must be a floating point tensor as `x` will be scaled.';
    throw new ValueError('dtype-mismatch', `${message} Received: x_dtype=<dtype: '${x.dtype}'>`);
  }
  const limit = op.convert(tensorArgument(rate, x.dtype), x.dtype);
  if (limit.shape.length > 0) {
    throw new ValueError('rank-mismatch', `\`rate\` must be a scalar or scalar tensor. Received: rate=${str(rate)}`);
  }
  const shape = noise === undefined || noise === null ? [...x.shape] : intsArgument(noise, 'RandomUniform');
  const numbers = sample(
    shape.map((n, axis) => (n === -1 ? (x.shape[axis] as number) : n)),
    x.dtype,
  );
  if (rate === 0) return x;
  // A plain rate is taken as a double, and rounded once.
  const factor =
    typeof rate === 'number'
      ? op.full({ shape: [], dtype: x.dtype }, 1 / (1 - rate))
      : op.divide(op.full(limit, 1), op.subtract(op.full(limit, 1), limit));
  const kept = op.compare(numbers, broadcastTo(op, limit, numbers.shape), 'GE');
  const scaled = op.multiply(x, broadcastTo(op, factor, x.shape));
  return op.select(broadcastTo(op, kept, x.shape), scaled, op.full(x, 0));
}

const rows = {
  dropout: row('dropout', 'x rate noise_shape?~ seed?~', ([x, rate, noise, seed]) =>
    dropped(x, rate, noise, (shape, dtype) => uniform(shape, { dtype, seed: seed as number | null }).plain),
  ),
  stateless: row('stateless_dropout', 'x rate seed rng_alg? noise_shape?~', ([x, rate, seed, , noise]) =>
    dropped(x, rate, noise, (shape, dtype) => stateless_uniform(shape, seed as TensorInput, { dtype }).plain),
  ),
} as const;

export interface DropoutOptions {
  readonly noise_shape?: IntsInput | null;
  readonly seed?: number | null;
}

/**
 * tf.nn.dropout: each cell 0 with a probability of `rate`, the others over 1 - rate; noise_shape has 1 for axes along
 * which they share a fate. The numbers are those of tf.random.uniform.
 *
 * @throws ValueError for a rate outside [0, 1), and for integers
 */
export function dropout(
  x: TensorInput,
  rate: number | Tensor,
  noise_shape?: IntsInput | null | DropoutOptions,
  seed?: number | null | Pick<DropoutOptions, 'seed'>,
): Tensor;
export function dropout(...args: unknown[]): Tensor {
  return call(rows.dropout, args);
}

/** tf.nn.experimental.stateless_dropout: the same for the same seed of two whole numbers. */
export function stateless_dropout(
  x: TensorInput,
  rate: number | Tensor,
  seed: TensorInput,
  rng_alg?: string | { rng_alg?: string; noise_shape?: IntsInput | null },
  noise_shape?: IntsInput | null,
): Tensor;
export function stateless_dropout(...args: unknown[]): Tensor {
  return call(rows.stateless, args);
}

/** tf.nn.experimental. */
export const experimental: { readonly stateless_dropout: typeof stateless_dropout } = { stateless_dropout };
