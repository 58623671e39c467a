/** What random functions share: their arguments, and numbers of a distribution as tensors. */

import { showTf } from '../conv/tf.js';
import { TypeError_, ValueError } from '../errors.js';
import { heap } from '../heap/heap.js';
import { broadcastTo } from '../ops/composite.js';
import { type Distribution, fill, fillInt32, fillInt64, type Start, uniform } from '../random/philox.js';
import { isFloat } from '../shape/dtype.js';
import { broadcastShapes, checkSize, type Shape, sizeOf } from '../shape/shape.js';
import { Buffer } from '../tensor/buffer.js';
import { Tensor as CoreTensor, op } from '../tensor/tensor.js';
import { repr } from '../text/python.js';
import { intsArgument, invalid, tensorArgument } from './arguments.js';
import { dtypeOf, dtypeOr } from './dtype.js';

type Float = 'float32' | 'float64';

export type Distributions = { readonly [D in Float]: Distribution };

/** Two whole numbers. */
export function seedArgument(value: unknown): [number | bigint, number | bigint] {
  const plain = tensorArgument(value);
  const isWhole =
    plain.dtype === 'float32' &&
    Array.isArray(value) &&
    Array.from<number | bigint>(plain.array).every(Number.isInteger);
  const given = isWhole ? tensorArgument(value, 'int64') : plain;
  const operation = 'StatelessRandomGetKeyCounter';
  if (isFloat(given.dtype)) {
    throw invalid(
      operation,
      'dtype-mismatch',
      "Value for attr 'Tseed' is not in the list of allowed values: int32, int64",
    );
  }
  if (given.shape.length !== 1 || given.shape[0] !== 2) {
    throw invalid(operation, 'shape-mismatch', `seed must have shape [2], not ${showTf(given.shape)}`);
  }
  const [low, high] = Array.from<number | bigint>(given.array) as [number | bigint, number | bigint];
  return [low, high];
}

export function shapeArgument(value: unknown): Shape {
  const shape = intsArgument(value, 'StatelessRandomUniformV2');
  const negative = shape.find((size) => size < 0);
  if (negative !== undefined) {
    throw invalid('StatelessRandomUniformV2', 'size-invalid', `Dimension ${negative} must be >= 0`);
  }
  checkSize(shape, 'the tensor');
  return shape;
}

export function checkAlgorithm(alg: unknown): void {
  if (alg === undefined || alg === 'auto_select' || alg === 'philox' || alg === 1 || alg === 3) return;
  throw new ValueError('bad-argument', `Unsupported algorithm ${repr(alg)}; it must be 'auto_select' or 'philox'`);
}

/** Floats of a distribution. */
function drawn(shape: Shape, dtype: Float, start: Start, distribution: Distributions): CoreTensor {
  const array = heap.allocate(dtype, sizeOf(shape));
  fill(array, start, distribution[dtype]);
  return new CoreTensor(shape, dtype, new Buffer(array));
}

/** `numbers * scale + offset`, all of one dtype; scale and offset broadcast, as may gradients through them. */
function placed(numbers: CoreTensor, scale: CoreTensor, offset: CoreTensor): CoreTensor {
  const joint = (x: CoreTensor, name: 'multiply' | 'add', y: CoreTensor): CoreTensor => {
    const shape = broadcastShapes(x.shape, y.shape);
    if (shape === null) {
      const shapes = `${showTf(x.shape)} vs. ${showTf(y.shape)}`;
      throw invalid(name === 'add' ? 'AddV2' : 'Mul', 'shape-mismatch', `Incompatible shapes: ${shapes}`);
    }
    return op[name](broadcastTo(op, x, shape), broadcastTo(op, y, shape));
  };
  return joint(joint(numbers, 'multiply', scale), 'add', offset);
}

/** A bound or a moment, of the dtype that is drawn. */
function parameter(value: unknown, dtype: Float | 'int32' | 'int64'): CoreTensor {
  const given = tensorArgument(value, dtype);
  if (given.dtype === dtype) return given;
  throw new ValueError(
    'dtype-mismatch',
    `Tensor conversion requested dtype ${dtype} for Tensor with dtype ${given.dtype}: ${repr(value)}`,
  );
}

/** Whole numbers from one bound up to the other, or all there are. */
export function integers(
  shape: Shape,
  dtype: 'int32' | 'int64',
  start: Start,
  low: unknown,
  high: unknown,
): CoreTensor {
  const hasLow = low !== undefined && low !== null;
  if (hasLow !== (high !== undefined && high !== null)) {
    throw new ValueError(
      'bad-argument',
      `For integer \`dtype\` argument ${repr(dtypeOf[dtype])}, argument \`minval\` and \`maxval\` must be both None ` +
        `or not None. Got \`minval\`=${repr(low)} and \`maxval\`=${repr(high)}.`,
    );
  }
  const bounds = hasLow ? [low, high].map((bound) => boundOf(bound, dtype)) : null;
  if (bounds !== null && (bounds[0] as bigint) >= (bounds[1] as bigint)) {
    throw invalid('StatelessRandomUniformIntV2', 'bad-argument', `Need minval < maxval, got ${bounds.join(' >= ')}`);
  }
  const array = heap.allocate(dtype, sizeOf(shape));
  if (array instanceof BigInt64Array) fillInt64(array, start, bounds as [bigint, bigint] | null);
  else fillInt32(array, start, bounds === null ? null : (bounds.map(Number) as [number, number]));
  return new CoreTensor(shape, dtype, new Buffer(array));
}

function boundOf(value: unknown, dtype: 'int32' | 'int64'): bigint {
  const { shape, array } = parameter(value, dtype);
  if (shape.length === 0) return BigInt(array[0] as number | bigint);
  const message = `minval must be 0-D, got shape ${showTf(shape)}`;
  throw invalid('StatelessRandomUniformIntV2', 'rank-mismatch', message);
}

/** The dtype of random numbers. */
function kindArgument<K extends string>(dtype: unknown, allowed: readonly K[]): K {
  const name = dtypeOr(dtype, 'float32');
  const kind = allowed.find((each) => each === name);
  if (kind !== undefined) return kind;
  const known = allowed.map((each) => `tf.${each}`).join(', ');
  throw new ValueError(
    'dtype-mismatch',
    `Argument \`dtype\` got invalid value tf.${name}. Accepted dtypes are ${known}.`,
  );
}

const UNIFORM = ['float32', 'float64', 'int32', 'int64'] as const;
const NORMAL = ['float32', 'float64'] as const;

/** Uniform numbers of a stream, between bounds. */
export function uniformNumbers(shape: Shape, start: Start, low: unknown, high: unknown, dtype: unknown): CoreTensor {
  const kind = kindArgument(dtype, UNIFORM);
  if (kind === 'int32' || kind === 'int64') return integers(shape, kind, start, low, high);
  const least = parameter(low ?? 0, kind);
  const most = parameter(high ?? 1, kind);
  const width = placed(most, op.full({ shape: [], dtype: kind }, 1), op.negate(least));
  return placed(drawn(shape, kind, start, uniform), width, least);
}

/** Normal numbers of a stream, of a mean and a standard deviation. */
export function normalNumbers(
  distribution: Distributions,
  shape: Shape,
  start: Start,
  [mean, stddev, dtype]: readonly unknown[],
): CoreTensor {
  const name = dtypeOr(dtype, 'float32');
  if (!isFloat(name)) {
    throw new TypeError_('dtype-mismatch', `Cannot convert ${repr(mean ?? 0)} to EagerTensor of dtype ${name}`);
  }
  const kind = kindArgument(name, NORMAL);
  return placed(drawn(shape, kind, start, distribution), parameter(stddev ?? 1, kind), parameter(mean ?? 0, kind));
}
