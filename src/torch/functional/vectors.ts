/** torch.nn.functional: vectors of classes, their directions and distances. */

import type { Foreign } from '../../tensor/foreign.js';
import type { Call } from '../calls.js';
import { lookups } from '../rows/lookup.js';
import { similarities } from '../rows/similarity.js';
import { call } from '../tensor.js';

/**
 * F.one_hot: int64 classes as rows of zeros with a one each; num_classes is one more than the largest where left out.
 *
 * @throws RuntimeError for what is no class, and for other dtypes than int64
 * @example F.one_hot(torch.tensor([0, 2], { dtype: torch.int64 })).tolist() // [[1, 0, 0], [0, 0, 1]]
 */
export const one_hot: Call<
  [],
  [input: Foreign],
  [num_classes: number],
  { readonly input?: Foreign; readonly num_classes?: number }
> = (...args: unknown[]) => call(lookups.one_hot, args);

export interface EmbeddingOptions {
  readonly input?: Foreign;
  readonly weight?: Foreign;
  readonly padding_idx?: number | null;
  readonly max_norm?: null;
  readonly norm_type?: number;
  readonly scale_grad_by_freq?: false;
  readonly sparse?: false;
}

/**
 * F.embedding: rows of `weight` by index; the row of padding_idx gets no gradient.
 *
 * @throws IndexError for what is no row, RuntimeError for indices that aren't int64 or int32, NotImplementedError for
 * max_norm, scale_grad_by_freq and sparse
 */
export const embedding: Call<
  [],
  [input: Foreign, weight: Foreign],
  [padding_idx: number | null, max_norm: null, norm_type: number, scale_grad_by_freq: false, sparse: false],
  EmbeddingOptions
> = (...args: unknown[]) => call(lookups.embedding, args);

export interface NormalizeOptions {
  readonly input?: Foreign;
  readonly p?: number;
  readonly dim?: number | readonly number[];
  readonly eps?: number;
}

/**
 * F.normalize: x divided by its p-norm along `dim`, at least eps.
 *
 * @throws IndexError for a dimension out of range, NotImplementedError for integers
 * @example F.normalize(torch.tensor([[3, 4]])).tolist() // [[0.6000000238418579, 0.800000011920929]]
 */
export const normalize: Call<
  [],
  [input: Foreign],
  [p: number, dim: number | readonly number[], eps: number],
  NormalizeOptions
> = (...args: unknown[]) => call(similarities.normalize, args);

export interface CosineOptions {
  readonly x1?: Foreign;
  readonly x2?: Foreign;
  readonly dim?: number;
  readonly eps?: number;
}

/** F.cosine_similarity: the cosine of the angle between x1 and x2 along `dim` (1 where left out). */
export const cosine_similarity: Call<[], [x1: Foreign, x2: Foreign], [dim: number, eps: number], CosineOptions> = (
  ...args: unknown[]
) => call(similarities.cosine_similarity, args);

export interface DistanceOptions {
  readonly x1?: Foreign;
  readonly x2?: Foreign;
  readonly p?: number;
  readonly eps?: number;
  readonly keepdim?: boolean;
}

/** F.pairwise_distance: the p-norm of x1 - x2 + eps along the last dimension. */
export const pairwise_distance: Call<
  [],
  [x1: Foreign, x2: Foreign],
  [p: number, eps: number, keepdim: boolean],
  DistanceOptions
> = (...args: unknown[]) => call(similarities.pairwise_distance, args);
