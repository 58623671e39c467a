/** Sums, products, means and truths over dimensions, as rows. */

import { NotImplementedError } from '../../errors.js';
import { keepAxes } from '../../ops/composite.js';
import { type DType, isFloat } from '../../shape/dtype.js';
import type { Shape } from '../../shape/shape.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { boolArgument, dimension, dimensions, scalarName, tensorArgument, wrongType } from '../arguments.js';
import { dtypeArgument } from '../dtype.js';
import { type Row, row } from '../row.js';
import { operand, withRule } from './rule.js';

/** Whether no dimension is named, which means all. */
export const isAll = (dim: unknown): boolean =>
  dim === undefined || dim === null || (Array.isArray(dim) && dim.length === 0);

/** The dimensions to reduce. */
export const axesOf = (dim: unknown, shape: Shape, call: string): number[] =>
  isAll(dim) ? shape.map((_, axis) => axis) : dimensions(dim, shape.length, call);

/** Number of cells that become one. */
export const cells = (shape: Shape, axes: readonly number[]): number =>
  axes.reduce((product, axis) => product * (shape[axis] as number), 1);

/** Two names of one node: of the function without dimensions, and of that with them. */
const byDims =
  (name: string): Row['gradFn'] =>
  ([, dim, keepdim]) =>
    `${name}${dim === undefined && keepdim === undefined ? 0 : 1}`;

export const withDims = (x: Shape, axes: readonly number[], keepdim: boolean, reduced: Tensor): Tensor =>
  keepdim ? keepAxes(op, reduced, x, axes) : reduced;

/** A reduced tensor repeated over the axes that were reduced. */
export const restored = (reduced: Tensor, shape: Shape, axes: readonly number[]): Tensor =>
  op.broadcast_in_dim(
    reduced,
    shape,
    shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis)),
  );

export const optionalDType = (dtype: unknown, call: string): DType | null =>
  dtype === undefined || dtype === null ? null : dtypeArgument(dtype, call);

/** What is added or multiplied up: integers become int64 unless a dtype is named. */
export function accumulated(input: unknown, dtype: unknown, call: string): Tensor {
  const x = tensorArgument(input, call, 'input');
  return op.convert(x, optionalDType(dtype, call) ?? (isFloat(x.dtype) ? x.dtype : 'int64'));
}

/** Truth values are added as numbers: any of them makes it true. */
function summed(name: string, x: Tensor, dim: unknown, keepdim: unknown): Tensor {
  const axes = axesOf(dim, x.shape, name);
  const keeps = boolArgument(keepdim, name, 'keepdim');
  const numbers = op.convert(x, x.dtype === 'bool' ? 'int64' : x.dtype);
  return op.convert(withDims(x.shape, axes, keeps, op.reduce_sum(numbers, axes)), x.dtype);
}

/**
 * The mean as one node, which saves nothing: PyTorch walks a mean a second time, where a quotient would have lost its
 * divisor. The gradient goes to all cells in equal parts.
 */
const mean = withRule<readonly number[]>(
  'mean',
  'nothing',
  (inputs, axes) => {
    const x = operand(inputs, 0);
    const sum = op.reduce_sum(x, axes);
    return op.divide(sum, op.full(sum, cells(x.shape, axes)));
  },
  ({ inputs, params: axes, gradient, op }) => {
    const { shape } = operand(inputs, 0);
    return restored(op.divide(gradient, op.full(gradient, cells(shape, axes))), shape, axes);
  },
);

/** The mean over axes, which `keepdim` keeps as axes of size 1. */
export const meanOver = (x: Tensor, axes: readonly number[], keepdim: boolean): Tensor =>
  withDims(x.shape, axes, keepdim, mean([x], axes));

function checkMean(dtype: DType, what: 'Input' | 'Optional', name: string): void {
  if (isFloat(dtype)) return;
  throw new NotImplementedError(
    'dtype-mismatch',
    `${name}(): could not infer output dtype. ${what} dtype must be either a floating point or complex dtype. Got: ` +
      scalarName[dtype],
  );
}

/** The product over all dimensions, or over one. */
function product([input, dim, keepdim, dtype]: readonly unknown[]): Tensor {
  if (Array.isArray(dim)) throw wrongType('prod', 'dim', 'int', dim);
  const x = accumulated(input, dtype, 'prod');
  const axes = dim === undefined || dim === null ? x.shape.map((_, axis) => axis) : axesOf(dim, x.shape, 'prod');
  const numbers = op.convert(x, x.dtype === 'bool' ? 'int64' : x.dtype);
  const keeps = boolArgument(keepdim, 'prod', 'keepdim');
  return op.convert(withDims(x.shape, axes, keeps, op.reduce_prod(numbers, axes)), x.dtype);
}

/** all and any: truth values, but uint8 of uint8. */
function quantifier(name: 'all' | 'any', f: 'reduce_min' | 'reduce_max'): Row {
  return row(name, 'input dim?~ keepdim?', '', ([input, dim, keepdim]) => {
    const x = tensorArgument(input, name, 'input').plain;
    // An empty list means none here, all in other reductions.
    const axes = Array.isArray(dim) && dim.length === 0 ? [] : axesOf(dim, x.shape, name);
    const keeps = boolArgument(keepdim, name, 'keepdim');
    const truth = op.convert(op.convert(x, 'bool'), x.dtype === 'uint8' ? 'uint8' : 'bool');
    const empty = cells(x.shape, axes) === 0;
    const kept = x.shape.filter((_, axis) => !axes.includes(axis));
    const found = empty ? op.full({ shape: kept, dtype: truth.dtype }, name === 'all' ? 1 : 0) : op[f](truth, axes);
    return withDims(x.shape, axes, keeps, found);
  });
}

/** Sums so far along a dimension. */
function runningSum([input, dim, dtype]: readonly unknown[]): Tensor {
  const x = accumulated(input, dtype, 'cumsum');
  const axis = dimension(dim, x.shape.length, 'cumsum');
  const numbers = op.convert(x, x.dtype === 'bool' ? 'int64' : x.dtype);
  return x.shape.length === 0 ? op.reshape(x, []) : op.convert(op.cumsum(numbers, axis), x.dtype);
}

/** x moved along an axis by some cells, with ones coming in. */
function shiftInOnes(x: Tensor, axis: number, by: number): Tensor {
  const along = (value: number): number[] => x.shape.map((_, a) => (a === axis ? value : 0));
  return op.pad(x, { lo: along(by), hi: along(-by), interior: along(0), value: 1 });
}

/** Products so far along a dimension, by doubling: log2(size) multiplications, each with the gradient of its own. */
function runningProduct([input, dim, dtype]: readonly unknown[]): Tensor {
  const x = accumulated(input, dtype, 'cumprod');
  const axis = dimension(dim, x.shape.length, 'cumprod');
  if (x.shape.length === 0) return op.reshape(x, []);
  let products = op.convert(x, x.dtype === 'bool' ? 'int64' : x.dtype);
  for (let reach = 1; reach < (x.shape[axis] as number); reach *= 2) {
    products = op.multiply(products, shiftInOnes(products, axis, reach));
  }
  return products === x ? op.reshape(x, x.shape) : op.convert(products, x.dtype);
}

function countNonzero([input, dim]: readonly unknown[]): Tensor {
  const x = tensorArgument(input, 'count_nonzero', 'input').plain;
  const axes = axesOf(dim, x.shape, 'count_nonzero');
  return op.reduce_sum(op.convert(op.convert(x, 'bool'), 'int64'), axes);
}

const notNaN = (x: Tensor): Tensor => op.compare(x, x, 'EQ');

function withoutNaN(input: unknown, name: string): Tensor {
  const x = tensorArgument(input, name, 'input');
  return isFloat(x.dtype) ? op.select(notNaN(x), x, op.full(x, 0)) : x;
}

/** The mean of what is not NaN. */
function nanmean([input, dim, keepdim, dtype]: readonly unknown[]): Tensor {
  const given = tensorArgument(input, 'nanmean', 'input');
  checkMean(given.dtype, 'Input', 'nanmean');
  const x = op.convert(given, optionalDType(dtype, 'nanmean') ?? given.dtype);
  const sum = summed('nanmean', withoutNaN(x, 'nanmean'), dim, keepdim);
  return op.divide(sum, summed('nanmean', op.convert(notNaN(x).plain, x.dtype), dim, keepdim));
}

type ReductionName =
  | 'sum'
  | 'nansum'
  | 'mean'
  | 'nanmean'
  | 'prod'
  | 'all'
  | 'any'
  | 'count_nonzero'
  | 'cumsum'
  | 'cumprod';

export const reductions: { readonly [N in ReductionName]: Row } = {
  sum: row('sum', 'input dim?~ keepdim? dtype=~', byDims('SumBackward'), ([input, dim, keepdim, dtype]) =>
    summed('sum', accumulated(input, dtype, 'sum'), dim, keepdim),
  ),
  nansum: row('nansum', 'input dim?~ keepdim? dtype=~', 'NansumBackward0', ([input, dim, keepdim, dtype]) => {
    const x = withoutNaN(input, 'nansum');
    return summed('nansum', accumulated(x, dtype, 'nansum'), dim, keepdim);
  }),
  mean: row('mean', 'input dim?~ keepdim? dtype=~', byDims('MeanBackward'), ([input, dim, keepdim, dtype]) => {
    const given = tensorArgument(input, 'mean', 'input');
    const wanted = optionalDType(dtype, 'mean');
    checkMean(wanted ?? given.dtype, wanted === null ? 'Input' : 'Optional', 'mean');
    const x = wanted === null ? given : op.convert(given, wanted);
    return meanOver(x, axesOf(dim, x.shape, 'mean'), boolArgument(keepdim, 'mean', 'keepdim'));
  }),
  nanmean: row('nanmean', 'input dim?~ keepdim? dtype=~', 'DivBackward0', nanmean),
  prod: row('prod', 'input dim?~ keepdim? dtype=~', byDims('ProdBackward'), product),
  all: quantifier('all', 'reduce_min'),
  any: quantifier('any', 'reduce_max'),
  count_nonzero: row('count_nonzero', 'input dim?~', '', countNonzero),
  cumsum: row('cumsum', 'input dim dtype=~', 'CumsumBackward0', runningSum),
  cumprod: row('cumprod', 'input dim dtype=~', 'CumprodBackward0', runningProduct),
};
