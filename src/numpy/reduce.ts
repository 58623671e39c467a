/** Sums, means and extremes over axes, on core tensors; each reads its arguments as NumPy's function of that name. */

import { flag, signature } from '../door/signature.js';
import { NotImplementedError, ValueError } from '../errors.js';
import { keepAxes, mean as meanOver } from '../ops/composite.js';
import { type DType, isFloat } from '../shape/dtype.js';
import { sizeOf } from '../shape/shape.js';
import { op, type Tensor } from '../tensor/tensor.js';
import { type Axes, axesOf, axisOf } from './axes.js';
import { type DTypeLike, dtypeOr } from './dtype.js';
import { type ArrayInput, toTensor } from './input.js';

interface KeepDims {
  readonly axis?: Axes;
  /** true: reduced axes stay, with size 1. */
  readonly keepdims?: boolean;
}

interface WithDType extends KeepDims {
  /** The dtype to compute in. */
  readonly dtype?: DTypeLike | null;
}

interface OneAxis {
  readonly axis?: number | null;
  readonly keepdims?: boolean;
}

/** Arguments of sum, prod and mean behind the array: Python's order, keyword arguments in an object at the end. */
export type SumArguments =
  | [axis?: Axes, dtype?: DTypeLike | null, out?: null, keepdims?: boolean]
  | [keywords: WithDType]
  | [axis: Axes, keywords: Omit<WithDType, 'axis'>]
  | [axis: Axes, dtype: DTypeLike | null, keywords: Pick<WithDType, 'keepdims'>];

/** Arguments of max, min, any and all behind the array. */
export type ExtremeArguments =
  | [axis?: Axes, out?: null, keepdims?: boolean]
  | [keywords: KeepDims]
  | [axis: Axes, keywords: Pick<KeepDims, 'keepdims'>];

/** Arguments of argmax and argmin behind the array. */
export type PositionArguments =
  | [axis?: number | null, out?: null]
  | [keywords: OneAxis]
  | [axis: number | null, keywords: Pick<OneAxis, 'keepdims'>];

/** A function of NumPy's arguments, array first. */
type Reduction = (args: readonly unknown[]) => Tensor;

function refuseOut(out: unknown): void {
  if (out === undefined || out === null) return;
  throw new NotImplementedError('not-implemented', 'out is not supported: use what the function returns');
}

const kept = (reduced: Tensor, x: Tensor, axes: readonly number[], keepdims: unknown): Tensor =>
  flag(keepdims, 'keepdims', false) ? keepAxes(op, reduced, x.shape, axes) : reduced;

/** Sums of integers are int64: NumPy's platform integer. (Of uint8 it makes uint64, which we lack.) */
const sumType = (dtype: DType): DType => (isFloat(dtype) ? dtype : 'int64');

function summing(
  name: string,
  typeOf: (dtype: DType) => DType,
  over: (x: Tensor, axes: readonly number[]) => Tensor,
): Reduction {
  const read = signature(name, 'a axis?~ dtype?~ out?~ keepdims?');
  return (args) => {
    const [a, axis, dtype, out, keepdims] = read(args);
    refuseOut(out);
    const x = toTensor(a as ArrayInput);
    const axes = axesOf(axis, x.shape.length);
    const given = dtypeOr(dtype, null);
    const computed = over(op.convert(x, given === null ? typeOf(x.dtype) : typeOf(given)), axes);
    return kept(op.convert(computed, given ?? computed.dtype), x, axes, keepdims);
  };
}

export const sum: Reduction = summing('sum', sumType, (x, axes) => op.reduce_sum(x, axes));
export const prod: Reduction = summing('prod', sumType, (x, axes) => op.reduce_prod(x, axes));
export const mean: Reduction = summing(
  'mean',
  (dtype) => (isFloat(dtype) ? dtype : 'float64'),
  (x, axes) => meanOver(op, x, axes),
);

function extreme(name: string, ufunc: string, over: 'reduce_max' | 'reduce_min'): Reduction {
  const read = signature(name, 'a axis?~ out?~ keepdims?');
  return (args) => {
    const [a, axis, out, keepdims] = read(args);
    refuseOut(out);
    const x = toTensor(a as ArrayInput);
    const axes = axesOf(axis, x.shape.length);
    const others = x.shape.filter((_, i) => !axes.includes(i));
    if (sizeOf(x.shape) === 0 && sizeOf(others) > 0) {
      throw new ValueError('size-invalid', `zero-size array to reduction operation ${ufunc} which has no identity`);
    }
    return kept(op[over](x, axes), x, axes, keepdims);
  };
}

export const max: Reduction = extreme('max', 'maximum', 'reduce_max');
export const min: Reduction = extreme('min', 'minimum', 'reduce_min');

function position(name: 'argmax' | 'argmin'): Reduction {
  const read = signature(name, 'a axis?~ out?~ keepdims=');
  return (args) => {
    const [a, axis, out, keepdims] = read(args);
    refuseOut(out);
    const x = toTensor(a as ArrayInput);
    const isFlat = axis === undefined || axis === null;
    const line = isFlat ? op.reshape(x, [sizeOf(x.shape)]) : x;
    const along = isFlat ? 0 : axisOf(axis, x.shape.length);
    if (line.shape[along] === 0) {
      throw new ValueError('size-invalid', `attempt to get ${name} of an empty sequence`);
    }
    return kept(op[name](line, along), x, isFlat ? axesOf(null, x.shape.length) : [along], keepdims);
  };
}

export const argmax: Reduction = position('argmax');
export const argmin: Reduction = position('argmin');

/** any and all: the largest, or the smallest, of truth values; of none, `ofNone`. */
function truth(name: string, over: 'reduce_max' | 'reduce_min', ofNone: 0 | 1): Reduction {
  const read = signature(name, 'a axis?~ out?~ keepdims?');
  return (args) => {
    const [a, axis, out, keepdims] = read(args);
    refuseOut(out);
    const x = op.convert(toTensor(a as ArrayInput), 'bool');
    const axes = axesOf(axis, x.shape.length);
    const shape = x.shape.filter((_, i) => !axes.includes(i));
    const found = sizeOf(x.shape) === 0 ? op.full({ shape, dtype: 'bool' }, ofNone) : op[over](x, axes);
    return kept(found, x, axes, keepdims);
  };
}

export const any: Reduction = truth('any', 'reduce_max', 0);
export const all: Reduction = truth('all', 'reduce_min', 1);
