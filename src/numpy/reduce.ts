/** Sums, means and extremes over axes, on core tensors; each reads its arguments as NumPy's function of that name. */

import { flag, number, signature } from '../door/signature.js';
import { NotImplementedError, ValueError } from '../errors.js';
import { broadcastTo, keepAxes } from '../ops/composite.js';
import { type DType, isFloat } from '../shape/dtype.js';
import { sizeOf } from '../shape/shape.js';
import { op, type Tensor } from '../tensor/tensor.js';
import { type Axes, axesOf, axisOf, isAxisOfNumber, reducedAxes } from './axes.js';
import { type DTypeLike, dtypeOr } from './dtype.js';
import { type ArrayInput, toTensor } from './input.js';
import { commonShape } from './ufunc.js';

interface KeepDims {
  readonly axis?: Axes;
  /** true: reduced axes stay, with size 1. */
  readonly keepdims?: boolean;
  /** Which elements take part. */
  readonly where?: ArrayInput;
}

interface Initial {
  /** What the result starts from; the result of no elements. */
  readonly initial?: number;
}

interface WithDType extends KeepDims, Initial {
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
  | [axis: Axes, dtype: DTypeLike | null, keywords: Omit<WithDType, 'axis' | 'dtype'>];

/** Arguments of max, min, any and all behind the array. */
export type ExtremeArguments =
  | [axis?: Axes, out?: null, keepdims?: boolean]
  | [keywords: KeepDims & Initial]
  | [axis: Axes, keywords: Omit<KeepDims & Initial, 'axis'>];

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

/** x, with another value where it takes no part. */
function masked(x: Tensor, where: unknown, value: number): Tensor {
  if (where === undefined) return x;
  const taking = op.convert(toTensor(where as ArrayInput), 'bool');
  if (commonShape([x.shape, taking.shape]).length > x.shape.length) {
    throw new ValueError('shape-mismatch', 'input operand has more dimensions than allowed by the axis remapping');
  }
  const mask = broadcastTo(op, taking, x.shape);
  return op.select(mask, x, op.full(x, value));
}

/** Sums of integers are int64: NumPy's platform integer. (Of uint8 it makes uint64, which we lack.) */
const sumType = (dtype: DType): DType => (isFloat(dtype) ? dtype : 'int64');

function summing(name: 'sum' | 'prod', over: 'reduce_sum' | 'reduce_prod', merge: 'add' | 'multiply'): Reduction {
  const read = signature(name, 'a axis?~ dtype?~ out?~ keepdims? initial= where=');
  return (args) => {
    const [a, axis, dtype, out, keepdims, initial, where] = read(args);
    refuseOut(out);
    const x = toTensor(a as ArrayInput);
    const axes = reducedAxes(axis, x.shape.length);
    const given = dtypeOr(dtype, null);
    const typed = op.convert(x, sumType(given ?? x.dtype));
    const folded = op[over](masked(typed, where, name === 'sum' ? 0 : 1), axes);
    const first = initial === undefined ? null : toTensor(initial as ArrayInput, folded.dtype);
    const computed = first === null ? folded : op[merge](folded, broadcastTo(op, first, folded.shape));
    return kept(op.convert(computed, given ?? computed.dtype), x, axes, keepdims);
  };
}

export const sum: Reduction = summing('sum', 'reduce_sum', 'add');
export const prod: Reduction = summing('prod', 'reduce_prod', 'multiply');

const readMean = signature('mean', 'a axis?~ dtype?~ out?~ keepdims? where=');

/** How many elements take part in each result. */
function countOf(x: Tensor, axes: readonly number[], where: unknown): Tensor {
  return op.reduce_sum(masked(op.full(x, 1), where, 0), axes);
}

/** x in the floats that a mean of it has. */
const inFloats = (x: Tensor, dtype: unknown): Tensor =>
  op.convert(x, dtypeOr(dtype, null) ?? (isFloat(x.dtype) ? x.dtype : 'float64'));

export const mean: Reduction = (args) => {
  const [a, axis, dtype, out, keepdims, where] = readMean(args);
  refuseOut(out);
  const given = toTensor(a as ArrayInput);
  const axes = axesOf(axis, given.shape.length);
  const x = inFloats(given, dtype);
  if (!isFloat(x.dtype)) {
    const exact = op.divide(
      op.reduce_sum(op.convert(x, 'float64'), axes),
      countOf(op.convert(x, 'float64'), axes, where),
    );
    return kept(op.convert(exact, x.dtype), x, axes, keepdims);
  }
  const computed = op.divide(op.reduce_sum(masked(x, where, 0), axes), countOf(x, axes, where));
  return kept(computed, x, axes, keepdims);
};

const readVar = (name: string) => signature(name, 'a axis?~ dtype?~ out?~ ddof? keepdims? where= mean= correction=');

/** The mean square of the distances from the mean; its divisor is the number of elements less ddof. */
function variance(read: ReturnType<typeof readVar>, args: readonly unknown[]): Tensor {
  const [a, axis, dtype, out, ddof, keepdims, where, given, correction] = read(args);
  refuseOut(out);
  const x = inFloats(toTensor(a as ArrayInput), dtype);
  const axes = axesOf(axis, x.shape.length);
  const count = countOf(x, axes, where);
  const own = keepAxes(op, op.divide(op.reduce_sum(masked(x, where, 0), axes), count), x.shape, axes);
  const center = given === undefined ? own : toTensor(given as ArrayInput, x.dtype);
  const away = op.subtract(x, broadcastTo(op, center, x.shape));
  const squares = op.reduce_sum(masked(op.multiply(away, away), where, 0), axes);
  const less = number(correction ?? ddof, 'ddof', 0);
  const divisor = op.maximum(op.subtract(count, op.full(count, less)), op.full(count, 0));
  return kept(op.divide(squares, divisor), x, axes, keepdims);
}

const [readVariance, readDeviation] = [readVar('var'), readVar('std')];

export const variances: Reduction = (args) => variance(readVariance, args);
export const deviations: Reduction = (args) => op.sqrt(variance(readDeviation, args));

/** Arguments of var and std behind the array. */
export type VarArguments =
  | [axis?: Axes, dtype?: DTypeLike | null, out?: null, ddof?: number, keepdims?: boolean]
  | [keywords: VarKeywords]
  | [axis: Axes, keywords: Omit<VarKeywords, 'axis'>];

interface VarKeywords extends KeepDims {
  readonly dtype?: DTypeLike | null;
  /** Taken from the number of elements in the divisor. */
  readonly ddof?: number;
  readonly correction?: number;
  /** The mean, if it is known: of the shape it has with keepdims. */
  readonly mean?: ArrayInput;
}

function extreme(name: string, ufunc: 'maximum' | 'minimum', over: 'reduce_max' | 'reduce_min'): Reduction {
  const read = signature(name, 'a axis?~ out?~ keepdims? initial= where=');
  return (args) => {
    const [a, axis, out, keepdims, initial, where] = read(args);
    refuseOut(out);
    const given = toTensor(a as ArrayInput);
    const axes = reducedAxes(axis, given.shape.length);
    const others = given.shape.filter((_, i) => !axes.includes(i));
    if (initial === undefined && where !== undefined) {
      throw new ValueError(
        'missing-argument',
        `reduction operation '${ufunc}' does not have an identity, so to use a where mask one has to specify 'initial'`,
      );
    }
    if (initial === undefined && axes.some((along) => given.shape[along] === 0)) {
      throw new ValueError('size-invalid', `zero-size array to reduction operation ${ufunc} which has no identity`);
    }
    if (initial === undefined) return kept(op[over](given, axes), given, axes, keepdims);
    const first = toTensor(initial as ArrayInput, given.dtype);
    const x = masked(given, where, Number(first.array[0]));
    const start = broadcastTo(op, first, others);
    const computed = sizeOf(x.shape) === 0 ? start : op[ufunc](op[over](x, axes), start);
    return kept(computed, x, axes, keepdims);
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
    const isFlat = axis === undefined || axis === null || isAxisOfNumber(axis, x.shape.length);
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
  const read = signature(name, 'a axis?~ out?~ keepdims? where=');
  return (args) => {
    const [a, axis, out, keepdims, where] = read(args);
    refuseOut(out);
    const x = masked(op.convert(toTensor(a as ArrayInput), 'bool'), where, ofNone);
    const axes = reducedAxes(axis, x.shape.length);
    const shape = x.shape.filter((_, i) => !axes.includes(i));
    const found = sizeOf(x.shape) === 0 ? op.full({ shape, dtype: 'bool' }, ofNone) : op[over](x, axes);
    return kept(found, x, axes, keepdims);
  };
}

export const any: Reduction = truth('any', 'reduce_max', 0);
export const all: Reduction = truth('all', 'reduce_min', 1);
