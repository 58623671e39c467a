/** What SciPy's functions have in common: checks of their arguments in its words, and the way to the core's conv. */

import { type ConvSpec, convSpec } from '../../conv/spec.js';
import { conv } from '../../core/conv.js';
import { ValueError } from '../../errors.js';
import { type ArrayInput, toTensor } from '../../numpy/input.js';
import type { DType } from '../../shape/dtype.js';
import { promoteNumpy } from '../../shape/promotion.js';
import { type Shape, showShape, sizeOf } from '../../shape/shape.js';
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

/** What a convolution of two bare arrays is told: cells before and after the first, axis by axis, and its direction. */
export interface Line {
  readonly padding: readonly (readonly [lo: number, hi: number])[];
  /** true: a convolution; false: a correlation. */
  readonly flip: boolean;
}

/** Dimensions that conv takes at once. */
export const SPACE = 3;

/** conv of two arrays without batch and channel axes, of any number of dimensions. Truth values are integers meanwhile. */
export function convolveOne({ x, w, dtype }: Operands, { padding, flip }: Line): Tensor {
  const computed: DType = dtype === 'bool' ? 'int32' : dtype;
  const lead = Math.max(0, padding.length - SPACE);
  const batched = (value: Tensor): Tensor => {
    const count = sizeOf(value.shape.slice(0, lead));
    return op.reshape(op.convert(value, computed), [count, 1, ...value.shape.slice(lead)]);
  };
  const spec = convSpec({ padding: padding.slice(lead), flip }, padding.length - lead);
  const products = conv(batched(x), batched(w), spec);
  const space = products.shape.slice(2);
  let y = op.reshape(products, [...x.shape.slice(0, lead), ...w.shape.slice(0, lead), ...space]);
  // Cell n and tap k of a leading axis meet in cell n + k; what is left of the taps' axes stands behind the cells'.
  for (let axis = 0; axis < lead; axis++)
    y = meet(y, axis, lead, w.shape[axis] as number, padding[axis] ?? [0, 0], flip);
  return op.convert(y, dtype);
}

/** The sum over a leading axis' taps, each shifted to where it meets the cells. */
function meet(
  y: Tensor,
  axis: number,
  taps: number,
  k: number,
  [lo, hi]: readonly [number, number],
  flip: boolean,
): Tensor {
  const none = y.shape.map(() => 0);
  let sum: Tensor | null = null;
  for (let tap = 0; tap < k; tap++) {
    const one = op.slice(y, {
      start: none.with(taps, tap),
      limit: y.shape.with(taps, tap + 1),
      stride: y.shape.map(() => 1),
    });
    const cells = op.reshape(one, y.shape.toSpliced(taps, 1));
    const place = flip ? tap : k - 1 - tap;
    const flat = none.slice(1);
    const shifted = op.pad(cells, {
      lo: flat.with(axis, place + lo - (k - 1)),
      hi: flat.with(axis, hi - place),
      interior: flat,
      value: 0,
    });
    sum = sum === null ? shifted : op.add(sum, shifted);
  }
  return sum ?? y;
}

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
