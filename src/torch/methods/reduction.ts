/** Methods: over and along dimensions. What they do stands in the rows of the same names. */

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
  Product1,
  Reduction,
  Running,
  Self,
  Softmax,
  Sort,
  SumLike,
  TopK,
  Unary,
  Unique,
  ValuesAndIndices,
  Variance,
} from '../calls.js';
import { choices, combinations } from '../rows/combine.js';
import { extremeComposites, extremes } from '../rows/extreme.js';
import { indexed } from '../rows/indexed.js';
import { moments } from '../rows/moments.js';
import { reductions } from '../rows/reduction.js';
import { softmaxes } from '../rows/softmax.js';
import { sorting, sortingRows } from '../rows/sorting.js';
import type { Tensor } from '../tensor.js';
import { ElementwiseMethods } from './elementwise.js';
import { install } from './root.js';

export abstract class ReductionMethods extends ElementwiseMethods {
  static {
    install<Exclude<keyof ReductionMethods, keyof ElementwiseMethods>>(ReductionMethods.prototype, {
      sum: reductions.sum,
      nansum: reductions.nansum,
      mean: reductions.mean,
      nanmean: reductions.nanmean,
      prod: reductions.prod,
      var: moments.var,
      std: moments.std,
      norm: moments.norm,
      dist: moments.dist,
      logsumexp: moments.logsumexp,
      max: extremeComposites.max,
      min: extremeComposites.min,
      amax: extremes.amax,
      amin: extremes.amin,
      aminmax: extremeComposites.aminmax,
      argmax: extremes.argmax,
      argmin: extremes.argmin,
      all: reductions.all,
      any: reductions.any,
      count_nonzero: reductions.count_nonzero,
      cumsum: reductions.cumsum,
      cumprod: reductions.cumprod,
      median: sorting.median,
      sort: sorting.sort,
      argsort: sortingRows.argsort,
      topk: sorting.topk,
      unique: sorting.unique,
      nonzero: choices.nonzero,
      argwhere: combinations.argwhere,
      softmax: softmaxes.torchSoftmax,
      log_softmax: softmaxes.torchLogSoftmax,
      kthvalue: sorting.kthvalue,
      cummax: sorting.cummax,
      cummin: sorting.cummin,
      diff: indexed.diff,
    });
  }

  /** Over all dimensions, or over `dim`; integers give int64. */
  declare readonly sum: SumLike<Self>;

  /** The sum of what is not NaN. */
  declare readonly nansum: SumLike<Self>;

  /** Over all dimensions, or over `dim`; floating dtypes only. */
  declare readonly mean: SumLike<Self>;

  /** The mean of what is not NaN. */
  declare readonly nanmean: SumLike<Self>;

  /** The product over all dimensions, or over one; integers give int64. */
  declare readonly prod: Product1<Self>;

  /** The variance over all dimensions, or over `dim`, with Bessel's correction (1 by default). */
  declare readonly var: Variance<Self>;

  /** The standard deviation; as var. */
  declare readonly std: Variance<Self>;

  /** The p-norm of all elements ('fro' is 2), or over `dim`; p may be infinite or 0. */
  declare readonly norm: Norm<Self>;

  /** The p-norm of the difference from another tensor. */
  declare readonly dist: Dist<Self>;

  /** Log(sum(exp(x))) over `dim`, without overflow. */
  declare readonly logsumexp: LogSumExp<Self>;

  /** The largest of all; or over one dimension, as (values, indices); or of two tensors, element by element. */
  declare readonly max: Extreme<Self>;

  /** The smallest; as max. */
  declare readonly min: Extreme<Self>;

  /** The largest over all dimensions, or over `dim`; its gradient in equal parts where it is more than once. */
  declare readonly amax: Reduction<Self>;

  /** The smallest; as amax. */
  declare readonly amin: Reduction<Self>;

  /** The smallest and the largest, as (min, max). */
  declare readonly aminmax: BothExtremes<Self>;

  /** Where the largest is, the first of several: of all elements in their order, or along `dim`. */
  declare readonly argmax: ByOneDim<Self>;

  /** Where the smallest is; as argmax. */
  declare readonly argmin: ByOneDim<Self>;

  /** Whether all are not 0. */
  declare readonly all: Reduction<Self>;

  /** Whether any is not 0. */
  declare readonly any: Reduction<Self>;

  /** How many are not 0. */
  declare readonly count_nonzero: CountNonzero<Self>;

  /** Sums so far along a dimension. */
  declare readonly cumsum: Along<Self>;

  /** Products so far along a dimension. */
  declare readonly cumprod: Along<Self>;

  /** The lower of the middle elements: of all, or along a dimension as (values, indices). */
  declare readonly median: Median<Self>;

  /** In rising order along the last dimension or `dim`, as (values, indices); stable. */
  declare readonly sort: Sort<Self, ValuesAndIndices>;

  /** The indices of sort. */
  declare readonly argsort: Sort<Self, Tensor>;

  /** The k largest (or smallest) along a dimension, best first, as (values, indices). */
  declare readonly topk: TopK<Self>;

  /** The different elements in rising order, with `return_inverse` and `return_counts` a tuple. */
  declare readonly unique: Unique<Self>;

  /** The indices of what is not 0, a row each; with `as_tuple` a tensor a dimension. */
  declare readonly nonzero: NonZero<Self>;

  /** The indices of what is not 0, a row each. */
  declare readonly argwhere: Unary<Self>;

  /** Exp(x) over its sum along a dimension. */
  declare readonly softmax: Softmax<Self>;

  /** The logarithm of softmax. */
  declare readonly log_softmax: Softmax<Self>;

  /** The k-th smallest along a dimension, as (values, indices). */
  declare readonly kthvalue: KthValue<Self>;

  /** The largest so far along a dimension, as (values, indices). */
  declare readonly cummax: Running<Self>;

  /** The smallest so far along a dimension, as (values, indices). */
  declare readonly cummin: Running<Self>;

  /** Differences of neighbours along a dimension, n times. */
  declare readonly diff: Differences<Self>;
}
