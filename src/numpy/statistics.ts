/** NumPy's functions along axes: deviations, running sums, differences, order statistics, and those that pass over NaN. */

import { flag, signature } from '../door/signature.js';
import { NotImplementedError, TypeError_, ValueError } from '../errors.js';
import { broadcastTo, keepAxes, sliceAxis } from '../ops/composite.js';
import { isFloat } from '../shape/dtype.js';
import { show, sizeOf } from '../shape/shape.js';
import { newTensor, op, type Tensor } from '../tensor/tensor.js';
import { Tuple } from '../text/python.js';
import { clipOf, cumprodOf, cumsumOf, sorted } from './along.js';
import { type Axes, axesOf, axisOf, integerOr } from './axes.js';
import type { DTypeLike } from './dtype.js';
import { type ArrayInput, toTensor } from './input.js';
import { asndarray, type ndarray, result } from './ndarray.js';
import * as reduce from './reduce.js';
import { takeCells } from './take.js';
import { binary, compare, isNan, select } from './ufunc.js';

/**
 * np.var: the mean square of the distances from the mean, over all axes or those named; `ddof` is taken from the number
 * of elements.
 *
 * @throws AxisError for an axis out of range
 */
const variance = (a: ArrayInput, ...rest: reduce.VarArguments): ndarray => result(reduce.variances([a, ...rest]));

export { variance as var };

/**
 * np.std: the root of `var`.
 *
 * @throws as `var`
 * @example std([1, 3]).item() // 1
 */
export const std = (a: ArrayInput, ...rest: reduce.VarArguments): ndarray => result(reduce.deviations([a, ...rest]));

/**
 * np.ptp: the difference of the largest and the smallest element.
 *
 * @throws as `max`
 * @example ptp([3, 1, 2]).item() // 2
 */
export const ptp = (a: ArrayInput, ...rest: reduce.ExtremeArguments): ndarray =>
  result(reduce.max([a, ...rest])).sub(result(reduce.min([a, ...rest])));

interface Running {
  readonly axis?: number | null;
  readonly dtype?: DTypeLike | null;
}

type RunningFunction = (a: ArrayInput, axis?: number | null | Running, dtype?: DTypeLike | null) => ndarray;

/**
 * np.cumsum: running sums along an axis, or of the array in one dimension.
 *
 * @throws AxisError for an axis out of range
 * @example cumsum([1, 2, 3]).tolist() // [1, 3, 6]
 */
export const cumsum: RunningFunction = (...args) => result(cumsumOf(args));

/**
 * np.cumprod: running products along an axis, or of the array in one dimension.
 *
 * @throws as `cumsum`
 * @example cumprod([1, 2, 3]).tolist() // [1, 2, 6]
 */
export const cumprod: RunningFunction = (...args) => result(cumprodOf(args));

const readDiff = signature('diff', 'a n? axis?');

/**
 * np.diff: differences of neighbours along an axis (the last by default), taken n times; of truth values, whether they
 * differ.
 *
 * @throws ValueError for a scalar or a negative n
 * @example diff([1, 4, 9]).tolist() // [3, 5]
 */
export function diff(
  a: ArrayInput,
  n?: number | { readonly n?: number; readonly axis?: number },
  axis?: number,
): ndarray;
export function diff(...args: unknown[]): ndarray {
  const [a, given, axis] = readDiff(args);
  let x = toTensor(a as ArrayInput);
  const times = integerOr(given, 'n', 1);
  if (times < 0) throw new ValueError('bad-argument', `order must be non-negative but got ${times}`);
  if (times === 0) return asndarray(a as ArrayInput);
  if (x.shape.length === 0)
    throw new ValueError('rank-mismatch', 'diff requires input that is at least one dimensional');
  const along = axisOf(axis ?? -1, x.shape.length);
  for (let i = 0; i < times; i++) {
    const size = x.shape[along] as number;
    const [behind, before] = [
      sliceAxis(op, x, along, Math.min(1, size), size),
      sliceAxis(op, x, along, 0, Math.max(size - 1, 0)),
    ];
    x = x.dtype === 'bool' ? op.compare(behind, before, 'NE') : op.subtract(behind, before);
  }
  return result(x);
}

interface ClipKeywords {
  readonly a_min?: ArrayInput | null;
  readonly a_max?: ArrayInput | null;
  readonly min?: ArrayInput | null;
  readonly max?: ArrayInput | null;
}

/**
 * np.clip: elements below a_min become a_min, those above a_max a_max; null: no bound.
 *
 * @throws ValueError where shapes don't broadcast
 * @example clip([1, 5, 9], 2, 6).tolist() // [2, 5, 6]
 */
export function clip(a: ArrayInput, a_min?: ArrayInput | null, a_max?: ArrayInput | null): ndarray;
export function clip(a: ArrayInput, keywords: ClipKeywords): ndarray;
export function clip(a: ArrayInput, a_min: ArrayInput | null, keywords: Omit<ClipKeywords, 'a_min'>): ndarray;
export function clip(...args: unknown[]): ndarray {
  return result(clipOf(args));
}

const readNanToNum = signature('nan_to_num', 'x copy? nan? posinf?~ neginf?~');
const greatest = { float32: (2 - 2 ** -23) * 2 ** 127, float64: Number.MAX_VALUE } as const;

/**
 * np.nan_to_num: zeros (or `nan`) for NaN, the largest numbers of the dtype (or `posinf`, `neginf`) for infinities.
 *
 * @example nan_to_num([1, NaN]).tolist() // [1, 0]
 */
export function nan_to_num(
  x: ArrayInput,
  keywords?: {
    readonly copy?: boolean;
    readonly nan?: number;
    readonly posinf?: number | null;
    readonly neginf?: number | null;
  },
): ndarray;
export function nan_to_num(...args: unknown[]): ndarray {
  const [given, , nan = 0, posinf, neginf] = readNanToNum(args);
  const x = toTensor(given as ArrayInput);
  if (x.dtype !== 'float32' && x.dtype !== 'float64') return result(x);
  const most = greatest[x.dtype];
  const at = (value: number): Tensor => op.compare(x, op.full(x, value), 'EQ');
  const finite = op.select(isNan(x), op.full(x, Number(nan)), x);
  const above = op.select(at(Number.POSITIVE_INFINITY), op.full(x, Number(posinf ?? most)), finite);
  return result(op.select(at(Number.NEGATIVE_INFINITY), op.full(x, Number(neginf ?? -most)), above));
}

/** An array without its NaN, for which another value stands; integers as they are. */
function withoutNan(a: ArrayInput, value: number): { readonly x: Tensor; readonly isKept: Tensor } {
  const x = toTensor(a);
  if (!isFloat(x.dtype)) return { x, isKept: op.full({ shape: x.shape, dtype: 'bool' }, 1) };
  const isMissing = isNan(x.plain);
  return { x: op.select(isMissing, op.full(x, value), x), isKept: op.not(isMissing) };
}

/** np.nansum: `sum`, with zeros for NaN. */
export const nansum = (a: ArrayInput, ...rest: reduce.SumArguments): ndarray =>
  result(reduce.sum([withoutNan(a, 0).x, ...rest]));

/** np.nanprod: `prod`, with ones for NaN. */
export const nanprod = (a: ArrayInput, ...rest: reduce.SumArguments): ndarray =>
  result(reduce.prod([withoutNan(a, 1).x, ...rest]));

interface Plain {
  readonly axis?: Axes;
  readonly keepdims?: boolean;
}

type NanFunction = (a: ArrayInput, axis?: Axes | Plain) => ndarray;

const readNan = (name: string) => signature(name, 'a axis?~ dtype?~ out?~ keepdims?');

function overNumbers(
  name: string,
  over: (x: Tensor, isKept: Tensor, keywords: Plain) => ndarray,
  value: number,
): NanFunction {
  const read = readNan(name);
  return (...args) => {
    const [a, axis = null, , , keepdims = false] = read(args);
    const { x, isKept } = withoutNan(a as ArrayInput, value);
    return over(x, isKept, { axis: axis as Axes, keepdims: flag(keepdims, 'keepdims', false) });
  };
}

/** nan where no number was. */
const orNan = (value: ndarray, isKept: Tensor, keywords: Plain): ndarray => {
  if (!isFloat(value.dtype.name)) return value;
  return result(select(result(reduce.any([isKept, keywords])), value, Number.NaN));
};

/** np.nanmean: the mean of what isn't NaN. */
export const nanmean: NanFunction = overNumbers(
  'nanmean',
  (x, isKept, keywords) => result(reduce.mean([x, { ...keywords, where: isKept }])),
  0,
);

/** np.nanmax: the largest element that isn't NaN. */
export const nanmax: NanFunction = overNumbers(
  'nanmax',
  (x, isKept, keywords) => orNan(result(reduce.max([x, keywords])), isKept, keywords),
  Number.NEGATIVE_INFINITY,
);

/** np.nanmin: the smallest element that isn't NaN. */
export const nanmin: NanFunction = overNumbers(
  'nanmin',
  (x, isKept, keywords) => orNan(result(reduce.min([x, keywords])), isKept, keywords),
  Number.POSITIVE_INFINITY,
);

const readQuantile = (name: string, q: string) =>
  signature(name, `a ${q} axis?~ out?~ overwrite_input? method? keepdims?`);

interface QuantileKeywords extends Plain {
  readonly method?: 'linear';
}

/** Quantiles of lines, between the two nearest elements in proportion. */
function quantileOf(a: unknown, q: Tensor, [axis, method, keepdims]: readonly unknown[]): ndarray {
  if (method !== undefined && method !== 'linear') {
    throw new NotImplementedError('not-implemented', `method ${show(method)} is not supported: use 'linear'`);
  }
  const given = toTensor(a as ArrayInput);
  const axes = axesOf(axis, given.shape.length);
  const rest = given.shape.flatMap((_, i) => (axes.includes(i) ? [] : [i]));
  const turned = op.transpose(isFloat(given.dtype) ? given : op.convert(given, 'float64'), [...rest, ...axes]);
  const shape = rest.map((i) => given.shape[i] as number);
  const n = sizeOf(axes.map((i) => given.shape[i] as number));
  const lines = op.reshape(turned, [...shape, n]);
  const rises = sorted(lines, shape.length);
  const results = Array.from<number | bigint, number>(q.array, Number).map((part) => {
    const position = part * (n - 1);
    const low = Math.floor(position);
    const cell = (i: number): Tensor => takeCells(rises, shape.length, [Math.min(Math.max(i, 0), n - 1)], []);
    const [below, above] = [cell(low), cell(low + 1)];
    const weight = op.full(below, position - low);
    const value = op.add(below, op.multiply(op.subtract(above, below), weight));
    const hasNan = isNan(cell(n - 1).plain);
    const whole = op.select(hasNan, op.full(value, Number.NaN), value);
    return flag(keepdims, 'keepdims', false) ? keepAxes(op, whole, given.shape, axes) : whole;
  });
  const [first] = results;
  if (first === undefined) return result(op.full({ shape: [...q.shape, ...shape], dtype: lines.dtype }, 0));
  if (q.shape.length === 0) return result(first);
  const joined = op.concatenate(
    results.map((x) => op.reshape(x, [1, ...x.shape])),
    0,
  );
  return result(op.reshape(joined, [...q.shape, ...first.shape]));
}

const readMedian = signature('median', 'a axis?~ out?~ overwrite_input? keepdims?');
const readPercentile = readQuantile('percentile', 'q');
const readQuantiles = readQuantile('quantile', 'q');

/**
 * np.median: the middle element, or the mean of the two in the middle.
 *
 * @throws AxisError for an axis out of range
 * @example median([3, 1, 2, 10]).item() // 2.5
 */
export function median(a: ArrayInput, axis?: Axes | Plain): ndarray;
export function median(...args: unknown[]): ndarray {
  const [a, axis, , , keepdims] = readMedian(args);
  const x = toTensor(a as ArrayInput);
  if (x.size === 0)
    return result(reduce.mean([x, { axis: axis as Axes, keepdims: flag(keepdims, 'keepdims', false) }]));
  return quantileOf(x, newTensor([0.5], [], 'float64'), [axis, 'linear', keepdims]);
}

function checkQuantiles(q: Tensor, most: number, name: string): void {
  const isIn = Array.from<number | bigint, number>(q.array, Number).every((part) => part >= 0 && part <= most);
  if (!isIn) throw new ValueError('bad-argument', `${name} must be in the range [0, ${most}]`);
}

/**
 * np.percentile: below which q percent of the elements lie; between two of them, in proportion.
 *
 * @throws ValueError for a percentage below 0 or above 100
 * @example percentile([1, 2, 3, 4], 50).item() // 2.5
 */
export function percentile(a: ArrayInput, q: ArrayInput, axis?: Axes | QuantileKeywords): ndarray;
export function percentile(...args: unknown[]): ndarray {
  const [a, q, axis, , , method, keepdims] = readPercentile(args);
  const given = toTensor(q as ArrayInput, 'float64').plain;
  checkQuantiles(given, 100, 'Percentiles');
  return quantileOf(a, op.divide(given, op.full(given, 100)), [axis, method, keepdims]);
}

/**
 * np.quantile: as `percentile`, of fractions from 0 to 1.
 *
 * @throws ValueError for a fraction below 0 or above 1
 * @example quantile([1, 2, 3, 4], 0.5).item() // 2.5
 */
export function quantile(a: ArrayInput, q: ArrayInput, axis?: Axes | QuantileKeywords): ndarray;
export function quantile(...args: unknown[]): ndarray {
  const [a, q, axis, , , method, keepdims] = readQuantiles(args);
  const given = toTensor(q as ArrayInput, 'float64').plain;
  checkQuantiles(given, 1, 'Quantiles');
  return quantileOf(a, given, [axis, method, keepdims]);
}

const readInterp = signature('interp', 'x xp fp left?~ right?~ period?~');

/**
 * np.interp: the values at x of the line through the points (xp, fp), whose xp rise; outside, those of the ends.
 *
 * @throws ValueError where xp and fp differ in length or are empty
 * @example interp(1.5, [1, 2], [10, 20]).item() // 15
 */
export function interp(
  x: ArrayInput,
  xp: ArrayInput,
  fp: ArrayInput,
  left?: number | null | { readonly left?: number | null; readonly right?: number | null },
  right?: number | null,
): ndarray;
export function interp(...args: unknown[]): ndarray {
  const [given, givenXs, givenYs, left, right, period] = readInterp(args);
  if (period !== undefined && period !== null)
    throw new NotImplementedError('not-implemented', 'interp: period is not supported');
  const [x, xs, ys] = [given, givenXs, givenYs].map((value) => toTensor(value as ArrayInput, 'float64')) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  if (xs.size === 0) throw new ValueError('size-invalid', 'array of sample points is empty');
  if (xs.size !== ys.size) throw new ValueError('shape-mismatch', 'fp and xp are not of the same length.');
  const [knots, last] = [xs.array as Float64Array, xs.size - 1];
  const segments = Array.from(x.array as Float64Array, (value) => {
    const behind = knots.findIndex((knot) => knot > value);
    return Math.min(Math.max((behind < 0 ? xs.size : behind) - 1, 0), Math.max(last - 1, 0));
  });
  const pick = (line: Tensor, by: number): Tensor =>
    takeCells(
      op.reshape(line, [line.size]),
      0,
      segments.map((i) => Math.min(i + by, last)),
      x.shape,
    );
  const [x0, x1, y0, y1] = [pick(xs, 0), pick(xs, 1), pick(ys, 0), pick(ys, 1)];
  const one = op.full(x, 1);
  const width = last === 0 ? one : op.subtract(x1, x0);
  const inside = op.add(y0, op.multiply(op.divide(op.subtract(y1, y0), width), op.subtract(x, x0)));
  const end = (value: unknown, i: number): Tensor =>
    typeof value === 'number'
      ? op.full(x, value)
      : broadcastTo(op, takeCells(op.reshape(ys, [ys.size]), 0, [i], []), x.shape);
  const below = select(compare('LT', x, knots[0] as number), end(left, 0), inside);
  const above = select(compare('GT', x, knots[last] as number), end(right, last), below);
  return result(select(compare('EQ', x, knots[last] as number), end(null, last), above));
}

const readAverage = signature('average', 'a axis?~ weights?~ returned? keepdims=');

/**
 * np.average: the mean, with weights.
 *
 * @throws TypeError_ where weights of another shape have no axis
 * @example average([1, 2], { weights: [3, 1] }).item() // 1.25
 */
export function average(
  a: ArrayInput,
  axis?:
    | number
    | null
    | { readonly axis?: number | null; readonly weights?: ArrayInput | null; readonly keepdims?: boolean },
  weights?: ArrayInput | null,
): ndarray;
export function average(...args: unknown[]): ndarray {
  const [a, axis = null, weights, , keepdims = false] = readAverage(args);
  const keywords = { axis: axis as Axes, keepdims: flag(keepdims, 'keepdims', false) };
  if (weights === undefined || weights === null) return result(reduce.mean([a, keywords]));
  const x = toTensor(a as ArrayInput);
  const given = toTensor(weights as ArrayInput);
  const isSame = given.shape.length === x.shape.length;
  if (!isSame && axis === null) {
    throw new TypeError_('bad-argument', 'Axis must be specified when shapes of a and weights differ.');
  }
  const along = isSame ? 0 : axisOf(axis, x.shape.length);
  const line = isSame
    ? given
    : op.reshape(
        given,
        x.shape.map((size, i) => (i === along ? size : 1)),
      );
  const weight = broadcastTo(op, line, x.shape);
  const total = result(reduce.sum([weight, keywords]));
  return result(reduce.sum([binary('multiply', x, weight), keywords])).div(total);
}

const readGradient = signature('gradient', 'f axis=~ edge_order=');

/**
 * np.gradient: central differences along each axis (or the one named), one-sided ones at the ends; one array an axis, of
 * a vector that array itself.
 *
 * @param varargs the distance of neighbours, for all axes or one an axis
 * @throws ValueError for fewer than two cells, NotImplementedError for coordinates or an edge_order of 2
 * @example gradient([1, 2, 4]) // array([1. , 1.5, 2. ])
 */
export function gradient(
  f: ArrayInput,
  ...varargs: (number | { readonly axis?: Axes; readonly edge_order?: 1 })[]
): ndarray | Tuple<ndarray> {
  const distances = varargs.filter((value) => typeof value !== 'object');
  const [given, axis, edge] = readGradient([f, ...varargs.filter((value) => typeof value === 'object')]);
  if (distances.some((value) => typeof value !== 'number') || (edge !== undefined && edge !== 1)) {
    throw new NotImplementedError('not-implemented', 'gradient takes numbers as distances, and an edge_order of 1');
  }
  const value = toTensor(given as ArrayInput);
  const x = isFloat(value.dtype) ? value : op.convert(value, 'float64');
  const axes = axesOf(axis, x.shape.length);
  if (distances.length > 1 && distances.length !== axes.length)
    throw new TypeError_('bad-argument', 'invalid number of arguments');
  const found = axes.map((along, i) => {
    const n = x.shape[along] as number;
    if (n < 2) {
      throw new ValueError(
        'size-invalid',
        'Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) elements are required.',
      );
    }
    const h = Number(distances[distances.length === 1 ? 0 : i] ?? 1);
    const part = (from: number, to: number): Tensor => sliceAxis(op, x, along, from, to);
    const slope = (a: Tensor, b: Tensor, width: number): Tensor => op.divide(op.subtract(b, a), op.full(a, width));
    const inner = slope(part(0, n - 2), part(2, n), 2 * h);
    return result(
      op.concatenate([slope(part(0, 1), part(1, 2), h), inner, slope(part(n - 2, n - 1), part(n - 1, n), h)], along),
    );
  });
  return found.length === 1 ? (found[0] as ndarray) : (Tuple.from<ndarray>(found) as Tuple<ndarray>);
}
