/** What SciPy's functions have in common: checks of their arguments in its words, and the way to the core's conv. */

import type { ConvSpec } from '../../conv/spec.js';
import { conv } from '../../core/conv.js';
import { NotImplementedError, ValueError } from '../../errors.js';
import { type ArrayInput, toTensor } from '../../numpy/input.js';
import type { DType } from '../../shape/dtype.js';
import { promoteNumpy } from '../../shape/promotion.js';
import { type Shape, showShape } from '../../shape/shape.js';
import { op, type Tensor } from '../../tensor/tensor.js';

/** Both arrays, each in its own dtype, and the dtype of a result that keeps integers. */
export interface Operands {
  readonly x: Tensor;
  readonly w: Tensor;
  readonly dtype: DType;
}

export function operandsOf(in1: unknown, in2: unknown): Operands {
  const [x, w] = [toTensor(in1 as ArrayInput), toTensor(in2 as ArrayInput)];
  return { x, w, dtype: promoteNumpy(x.dtype, w.dtype) };
}

/** Arrays of as many dimensions; `names` is what SciPy calls them. */
export function checkSameRank({ x, w }: Operands, names: string): void {
  if (x.shape.length === w.shape.length) return;
  throw new ValueError(
    'rank-mismatch',
    `${names} should have the same dimensionality (shapes ${showShape(x.shape)} and ${showShape(w.shape)})`,
  );
}

/** More than three dimensions are beyond the core's convolution. */
export function checkRank(rank: number, name: string): void {
  if (rank <= 3) return;
  throw new NotImplementedError('not-implemented', `${name} works in 1 to 3 dimensions, not in ${rank}`);
}

/**
 * conv of arrays without batch and channel axes, several side by side: of shapes [groups, ...space] both, and so the
 * result. Truth values are computed as integers; what isn't zero is true.
 */
export function convolveGroups({ x, w, dtype }: Operands, spec: ConvSpec): Tensor {
  const computed: DType = dtype === 'bool' ? 'int32' : dtype;
  const [groups = 1, ...space] = w.shape;
  const input = op.reshape(op.convert(x, computed), [1, ...x.shape]);
  const kernel = op.reshape(op.convert(w, computed), [groups, 1, ...space]);
  const y = conv(input, kernel, { ...spec, featureGroups: groups });
  return op.convert(op.reshape(y, y.shape.slice(1)), dtype);
}

/** The same for one pair of arrays. */
export function convolveOne({ x, w, dtype }: Operands, spec: ConvSpec): Tensor {
  const y = convolveGroups({ x: inGroup(x), w: inGroup(w), dtype }, spec);
  return op.reshape(y, y.shape.slice(1));
}

const inGroup = (x: Tensor): Tensor => op.reshape(x, [1, ...x.shape]);

/** Zeros, as SciPy gives them where an array is empty. */
export function zeros(shape: Shape, dtype: DType): Tensor {
  if (shape.some((size) => size < 0)) {
    throw new ValueError(
      'size-invalid',
      `negative dimensions are not allowed: the result's shape is ${showShape(shape)}`,
    );
  }
  return op.full({ shape, dtype }, 0);
}
