/** Arguments of what draws random numbers. */

import { NotImplementedError, RuntimeError } from '../errors.js';
import { broadcastTo } from '../ops/composite.js';
import { type DType, isFloat } from '../shape/dtype.js';
import { type Shape, showShape } from '../shape/shape.js';
import { isForeign } from '../tensor/foreign.js';
import { op } from '../tensor/tensor.js';
import { scalarName, wrongType } from './arguments.js';
import { CpuGenerator, defaultGenerator } from './generator.js';
import { inOrder } from './memory-order.js';
import type { FloatDType } from './random.js';

/** The generator of a call: the default one where none is named. */
export function generatorArgument(generator: unknown, call: string): CpuGenerator {
  if (generator === undefined || generator === null) return defaultGenerator();
  if (generator instanceof CpuGenerator) return generator;
  throw wrongType(call, 'generator', 'torch.Generator', generator);
}

/** PyTorch's names for its kernels, which know no integers. */
type Kernel = 'check_uniform_bounds' | 'normal_kernel_cpu' | 'bernoulli_tensor_cpu_p_';

/** @throws NotImplementedError for integers */
export function floatingFor(kernel: Kernel, dtype: DType): FloatDType {
  if (dtype === 'float32' || dtype === 'float64') return dtype;
  throw new NotImplementedError('dtype-mismatch', `"${kernel}" not implemented for '${scalarName[dtype]}'`);
}

/** Probabilities: a number, or the elements of a tensor, repeated to a shape; in an order of its dimensions. */
export function probabilities(
  p: unknown,
  shape: Shape,
  call: string,
  order?: readonly number[],
): number | Float32Array | Float64Array {
  if (p === undefined) return 0.5;
  if (typeof p === 'number') return p;
  if (!isForeign(p)) throw wrongType(call, 'p', 'Tensor', p, 'a number will do, too');
  const given = p.toCore().plain;
  floatingFor('bernoulli_tensor_cpu_p_', given.dtype);
  const fits =
    given.shape.length <= shape.length &&
    given.shape.every((size, i) => size === 1 || size === shape[shape.length - given.shape.length + i]);
  if (!fits) {
    throw new RuntimeError(
      'shape-mismatch',
      `the probabilities' shape ${showShape(given.shape)} can't be expanded to ${showShape(shape)}`,
    );
  }
  const repeated = broadcastTo(op, given, shape);
  const { array } = order === undefined ? repeated : inOrder(repeated, order);
  if (array instanceof Float32Array || array instanceof Float64Array) return array;
  throw wrongType(call, 'p', 'Tensor', p);
}

/** @throws RuntimeError for integers, in exponential_'s own words */
export function exponentialDType(dtype: DType): FloatDType {
  if (isFloat(dtype) && (dtype === 'float32' || dtype === 'float64')) return dtype;
  throw new RuntimeError(
    'dtype-mismatch',
    'Exponential distribution is a continuous probability distribution. dtype must be a floating point but you ' +
      `specified ${scalarName[dtype]}`,
  );
}
