/** Functions: elements chosen, repeated, in another order. What they do stands in the rows of the same names. */

import type { Foreign } from '../../tensor/foreign.js';
import type {
  Chunk,
  Diagonal,
  Exchange,
  ExchangeAxes,
  Gather,
  IndexWrite,
  Masked,
  MaskedFill,
  Move,
  Narrow,
  Operand,
  Repeats,
  Roll,
  Rot90,
  Scatter,
  Select,
  Split,
  Take,
  TakeAlong,
  TensorSplit,
  Tile,
  ToSize,
  Triangle,
  Unary,
  Unbind,
  Unflatten,
  X,
} from '../calls.js';
import { arrangements } from '../rows/arrange.js';
import { combinations } from '../rows/combine.js';
import { indexed } from '../rows/indexed.js';
import { parts, several } from '../rows/parts.js';
import { of } from './of.js';

/**
 * torch.roll: elements moved along dimensions (or along all in their order), what leaves at one end coming in at the
 * other.
 */
export const roll: Roll<X> = of(arrangements.roll);

/** torch.rot90: turned by k right angles in the plane of two dimensions. */
export const rot90: Rot90<X> = of(arrangements.rot90);

/** torch.fliplr: reversed along the second dimension. */
export const fliplr: Unary<X> = of(arrangements.fliplr);

/** torch.flipud: reversed along the first dimension. */
export const flipud: Unary<X> = of(arrangements.flipud);

/** torch.tile: repeated as a whole, so many times along each dimension. */
export const tile: Tile<X> = of(arrangements.tile);

/** torch.repeat_interleave: each element repeated, so many times each. */
export const repeat_interleave: Repeats<X> = of(arrangements.repeat_interleave);

/** torch.tril: the lower triangle of each matrix, the rest 0. */
export const tril: Triangle<X> = of(arrangements.tril);

/** torch.triu: the upper triangle of each matrix, the rest 0. */
export const triu: Triangle<X> = of(arrangements.triu);

/** torch.diag: a vector on the diagonal of a matrix, or the diagonal of a matrix. */
export const diag: Triangle<X> = of(arrangements.diag);

/** torch.masked_fill: a number where the mask is true. */
export const masked_fill: MaskedFill<X> = of(combinations.masked_fill);

/** torch.masked_select: the elements where the mask is true, in a vector. */
export const masked_select: Masked<X> = of(combinations.masked_select);

/** torch.gather: the elements that an index of the same rank names along a dimension. */
export const gather: Gather<X> = of(combinations.gather);

/** torch.scatter: with the elements of `src` (or a number) written where an index names places along a dimension. */
export const scatter: Scatter<X> = of(combinations.scatter);

/** torch.scatter_add: as scatter, but added. */
export const scatter_add: Scatter<X, Foreign> = of(combinations.scatter_add);

/** torch.index_select: whole slices along a dimension, by a vector of indices. */
export const index_select: Gather<X> = of(combinations.index_select);

/** torch.take: elements by their place among all. */
export const take: Take<X> = of(combinations.take);

/** torch.take_along_dim: as gather, the other dimensions broadcast. */
export const take_along_dim: TakeAlong<X> = of(combinations.take_along_dim);

/** torch.select: a view of one index along a dimension, which goes. */
export const select: Select<X> = of(parts.select);

/** torch.narrow: a view of `length` cells along a dimension. */
export const narrow: Narrow<X> = of(parts.narrow);

/** torch.movedim: a view with dimensions moved to other places. */
export const movedim: Move<X> = of(parts.movedim);

/** torch.moveaxis: another name of movedim. */
export const moveaxis: Move<X> = of(parts.moveaxis);

/** torch.swapaxes: a view with two dimensions exchanged. */
export const swapaxes: ExchangeAxes<X> = of(parts.swapaxes);

/** torch.swapdims: another name of swapaxes. */
export const swapdims: Exchange<X> = of(parts.swapdims);

/** torch.unflatten: a view with one dimension as several. */
export const unflatten: Unflatten<X> = of(parts.unflatten);

/** torch.diagonal: a view of the diagonal of two dimensions. */
export const diagonal: Diagonal<X> = of(parts.diagonal);

/** torch.broadcast_to: a view repeated along dimensions of size 1. */
export const broadcast_to: ToSize<X> = of(parts.broadcast_to);

/** torch.ravel: all elements in one dimension. */
export const ravel: Unary<X> = of(parts.ravel);

/** torch.split: a tuple of views of so many cells each along a dimension (or of the sizes of a list). */
export const split: Split<X> = of(several.split);

/** torch.chunk: a tuple of so many views along a dimension. */
export const chunk: Chunk<X> = of(several.chunk);

/** torch.tensor_split: a tuple of so many views, or of those between some indices. */
export const tensor_split: TensorSplit<X> = of(several.tensor_split);

/** torch.unbind: a tuple of views, one for each index along a dimension. */
export const unbind: Unbind<X> = of(several.unbind);

/** torch.index_add: slices of `source` added where an index names places along a dimension. */
export const index_add: IndexWrite<X> = of(indexed.index_add);

/** torch.index_copy: slices of `source` written where an index names places along a dimension. */
export const index_copy: IndexWrite<X> = of(indexed.index_copy);

/** torch.index_fill: a number written where an index names places along a dimension. */
export const index_fill: IndexWrite<X, 'value', Operand> = of(indexed.index_fill);
