/** Functions: over and along dimensions. What they do stands in the rows of the same names. */

import type {
  Along,
  BothExtremes,
  ByOneDim,
  CountNonzero,
  Differences,
  Dist,
  Extreme,
  KthValue,
  LogSumExp,
  Median,
  NonZero,
  Norm,
  Pieces,
  Product1,
  Reduction,
  Running,
  Softmax,
  Sort,
  SumLike,
  TopK,
  Unary,
  Unique,
  ValuesAndIndices,
  Variance,
  X,
} from '../calls.js';
import { choices, combinations } from '../rows/combine.js';
import { extremeComposites, extremes } from '../rows/extreme.js';
import { indexed } from '../rows/indexed.js';
import { moments, momentsWithMean } from '../rows/moments.js';
import { reductions } from '../rows/reduction.js';
import { softmaxes } from '../rows/softmax.js';
import { sorting, sortingRows } from '../rows/sorting.js';
import type { Tensor } from '../tensor.js';
import { of } from './of.js';

/** torch.sum: over all dimensions, or over `dim`; integers give int64. */
export const sum: SumLike<X> = of(reductions.sum);

/** torch.nansum: the sum of what is not NaN. */
export const nansum: SumLike<X> = of(reductions.nansum);

/** torch.mean: over all dimensions, or over `dim`; floating dtypes only. */
export const mean: SumLike<X> = of(reductions.mean);

/** torch.nanmean: the mean of what is not NaN. */
export const nanmean: SumLike<X> = of(reductions.nanmean);

/** torch.prod: the product over all dimensions, or over one; integers give int64. */
export const prod: Product1<X> = of(reductions.prod);

/** torch.var: the variance over all dimensions, or over `dim`, with Bessel's correction (1 by default). */
const variance: Variance<X> = of(moments.var);

export { variance as var };

/** torch.std: the standard deviation; as var. */
export const std: Variance<X> = of(moments.std);

/** torch.var_mean: a tuple of variance and mean. */
export const var_mean: Variance<X, Pieces> = of(momentsWithMean.var_mean);

/** torch.std_mean: a tuple of standard deviation and mean. */
export const std_mean: Variance<X, Pieces> = of(momentsWithMean.std_mean);

/** torch.norm: the p-norm of all elements ('fro' is 2), or over `dim`; p may be infinite or 0. */
export const norm: Norm<X> = of(moments.norm);

/** torch.dist: the p-norm of the difference of two tensors. */
export const dist: Dist<X> = of(moments.dist);

/** torch.logsumexp: log(sum(exp(x))) over `dim`, without overflow. */
export const logsumexp: LogSumExp<X> = of(moments.logsumexp);

/**
 * torch.max: the largest of all; or over one dimension, as (values, indices); or of two tensors, element by element.
 */
export const max: Extreme<X> = of(extremeComposites.max);

/** torch.min: the smallest; as max. */
export const min: Extreme<X> = of(extremeComposites.min);

/**
 * torch.amax: the largest over all dimensions, or over `dim`; its gradient in equal parts where it is more than once.
 */
export const amax: Reduction<X> = of(extremes.amax);

/** torch.amin: the smallest; as amax. */
export const amin: Reduction<X> = of(extremes.amin);

/** torch.aminmax: the smallest and the largest, as (min, max). */
export const aminmax: BothExtremes<X> = of(extremeComposites.aminmax);

/** torch.argmax: where the largest is, the first of several: of all elements in their order, or along `dim`. */
export const argmax: ByOneDim<X> = of(extremes.argmax);

/** torch.argmin: where the smallest is; as argmax. */
export const argmin: ByOneDim<X> = of(extremes.argmin);

/** torch.all: whether all are not 0. */
export const all: Reduction<X> = of(reductions.all);

/** torch.any: whether any is not 0. */
export const any: Reduction<X> = of(reductions.any);

/** torch.count_nonzero: how many are not 0. */
export const count_nonzero: CountNonzero<X> = of(reductions.count_nonzero);

/** torch.cumsum: sums so far along a dimension. */
export const cumsum: Along<X> = of(reductions.cumsum);

/** torch.cumprod: products so far along a dimension. */
export const cumprod: Along<X> = of(reductions.cumprod);

/** torch.median: the lower of the middle elements: of all, or along a dimension as (values, indices). */
export const median: Median<X> = of(sorting.median);

/** torch.sort: in rising order along the last dimension or `dim`, as (values, indices); stable. */
export const sort: Sort<X, ValuesAndIndices> = of(sorting.sort);

/** torch.argsort: the indices of sort. */
export const argsort: Sort<X, Tensor> = of(sortingRows.argsort);

/** torch.topk: the k largest (or smallest) along a dimension, best first, as (values, indices). */
export const topk: TopK<X> = of(sorting.topk);

/** torch.unique: the different elements in rising order, with `return_inverse` and `return_counts` a tuple. */
export const unique: Unique<X> = of(sorting.unique);

/** torch.nonzero: the indices of what is not 0, a row each; with `as_tuple` a tensor a dimension. */
export const nonzero: NonZero<X> = of(choices.nonzero);

/** torch.argwhere: the indices of what is not 0, a row each. */
export const argwhere: Unary<X> = of(combinations.argwhere);

/** torch.softmax: exp(x) over its sum along a dimension. */
export const softmax: Softmax<X> = of(softmaxes.torchSoftmax);

/** torch.log_softmax: the logarithm of softmax. */
export const log_softmax: Softmax<X> = of(softmaxes.torchLogSoftmax);

/** torch.kthvalue: the k-th smallest along a dimension, as (values, indices). */
export const kthvalue: KthValue<X> = of(sorting.kthvalue);

/** torch.cummax: the largest so far along a dimension, as (values, indices). */
export const cummax: Running<X> = of(sorting.cummax);

/** torch.cummin: the smallest so far along a dimension, as (values, indices). */
export const cummin: Running<X> = of(sorting.cummin);

/** torch.diff: differences of neighbours along a dimension, n times. */
export const diff: Differences<X> = of(indexed.diff);
