/** Sums, means and extremes, as rows. */

import { IndexError, NotImplementedError, RuntimeError } from '../../errors.js';
import { keepAxes } from '../../ops/composite.js';
import { type DType, isFloat } from '../../shape/dtype.js';
import type { Shape } from '../../shape/shape.js';
import { op, type Rule, record, type Tensor } from '../../tensor/tensor.js';
import { boolArgument, dimensions, scalarName, tensorArgument } from '../arguments.js';
import { dtypeArgument } from '../dtype.js';
import { type Row, row } from '../row.js';

/** Whether no dimension is named, which means all. */
const isAll = (dim: unknown): boolean => dim === undefined || dim === null || (Array.isArray(dim) && dim.length === 0);

/** The dimensions to reduce. */
const axesOf = (dim: unknown, shape: Shape, call: string): number[] =>
  isAll(dim) ? shape.map((_, axis) => axis) : dimensions(dim, shape.length, call);

/** Two names of one node: of the function without dimensions, and of that with them. */
const byDims =
  (name: string): Row['gradFn'] =>
  ([, dim, keepdim]) =>
    `${name}${dim === undefined && keepdim === undefined ? 0 : 1}`;

const withDims = (x: Tensor, axes: readonly number[], keepdim: boolean, reduced: Tensor): Tensor =>
  keepdim ? keepAxes(op, reduced, x.shape, axes) : reduced;

const optionalDType = (dtype: unknown, call: string): DType | null =>
  dtype === undefined || dtype === null ? null : dtypeArgument(dtype, call);

/**
 * The mean as one node, which saves nothing: PyTorch walks a mean a second time, where a quotient would have lost its
 * divisor. The gradient goes to all cells in equal parts.
 */
const meanRule: Rule = {
  name: 'mean',
  saves: 'nothing',
  vjp({ inputs: [x], params, gradient }, _argument, op) {
    if (x === undefined) return null;
    const axes = params as readonly number[];
    const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
    return op.broadcast_in_dim(op.divide(gradient, op.full(gradient, cells(x.shape, axes))), x.shape, kept);
  },
};

const cells = (shape: Shape, axes: readonly number[]): number =>
  axes.reduce((product, axis) => product * (shape[axis] as number), 1);

function mean(x: Tensor, axes: readonly number[]): Tensor {
  const sum = op.reduce_sum(x.plain, axes);
  const value = op.divide(sum, op.full(sum, cells(x.shape, axes)));
  return x.node === null ? value : record(meanRule, axes, [x], value);
}

function checkMean(dtype: DType, what: 'Input' | 'Optional'): void {
  if (isFloat(dtype)) return;
  throw new NotImplementedError(
    'dtype-mismatch',
    `mean(): could not infer output dtype. ${what} dtype must be either a floating point or complex dtype. Got: ` +
      scalarName[dtype],
  );
}

function extreme(name: 'amax' | 'amin', primitive: 'reduce_max' | 'reduce_min', gradFn: string): Row {
  return row(name, 'input dim?~ keepdim?', gradFn, ([input, dim, keepdim]) => {
    const x = tensorArgument(input, name, 'input');
    const axes = axesOf(dim, x.shape, name);
    const keeps = boolArgument(keepdim, name, 'keepdim');
    const empty = axes.find((axis) => x.shape[axis] === 0);
    if (empty !== undefined && isAll(dim)) {
      throw new RuntimeError(
        'size-invalid',
        `${name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the ` +
          "'dim' argument.",
      );
    }
    if (empty !== undefined) {
      throw new IndexError('size-invalid', `${name}(): Expected reduction dim ${empty} to have non-zero size.`);
    }
    return withDims(x, axes, keeps, op[primitive](x, axes));
  });
}

type ReductionName = 'sum' | 'mean' | 'amax' | 'amin';

export const reductions: { readonly [N in ReductionName]: Row } = {
  sum: row('sum', 'input dim?~ keepdim? dtype=~', byDims('SumBackward'), ([input, dim, keepdim, dtype]) => {
    const given = tensorArgument(input, 'sum', 'input');
    const wanted = optionalDType(dtype, 'sum') ?? (isFloat(given.dtype) ? given.dtype : 'int64');
    // Truth values are added as numbers: any of them makes it true.
    const x = op.convert(given, wanted === 'bool' ? 'int64' : wanted);
    const axes = axesOf(dim, x.shape, 'sum');
    const keeps = boolArgument(keepdim, 'sum', 'keepdim');
    return op.convert(withDims(x, axes, keeps, op.reduce_sum(x, axes)), wanted);
  }),
  mean: row('mean', 'input dim?~ keepdim? dtype=~', byDims('MeanBackward'), ([input, dim, keepdim, dtype]) => {
    const given = tensorArgument(input, 'mean', 'input');
    const wanted = optionalDType(dtype, 'mean');
    checkMean(wanted ?? given.dtype, wanted === null ? 'Input' : 'Optional');
    const x = wanted === null ? given : op.convert(given, wanted);
    const axes = axesOf(dim, x.shape, 'mean');
    return withDims(x, axes, boolArgument(keepdim, 'mean', 'keepdim'), mean(x, axes));
  }),
  amax: extreme('amax', 'reduce_max', 'AmaxBackward0'),
  amin: extreme('amin', 'reduce_min', 'AminBackward0'),
};
