/** Methods: elements chosen, repeated, in another order. What they do stands in the rows of the same names. */

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
  Self,
  Split,
  Take,
  TakeAlong,
  TensorSplit,
  ToSize,
  Triangle,
  Unary,
  Unbind,
  Unflatten,
} from '../calls.js';
import { arrangements } from '../rows/arrange.js';
import { combinations } from '../rows/combine.js';
import { indexed } from '../rows/indexed.js';
import { parts, several } from '../rows/parts.js';
import { ProductMethods } from './product.js';
import { install } from './root.js';

export abstract class ArrangementMethods extends ProductMethods {
  static {
    install<Exclude<keyof ArrangementMethods, keyof ProductMethods>>(ArrangementMethods.prototype, {
      roll: arrangements.roll,
      rot90: arrangements.rot90,
      fliplr: arrangements.fliplr,
      flipud: arrangements.flipud,
      repeat_interleave: arrangements.repeat_interleave,
      tril: arrangements.tril,
      triu: arrangements.triu,
      diag: arrangements.diag,
      masked_fill: combinations.masked_fill,
      masked_select: combinations.masked_select,
      gather: combinations.gather,
      scatter: combinations.scatter,
      scatter_add: combinations.scatter_add,
      index_select: combinations.index_select,
      take: combinations.take,
      take_along_dim: combinations.take_along_dim,
      select: parts.select,
      narrow: parts.narrow,
      movedim: parts.movedim,
      moveaxis: parts.moveaxis,
      swapaxes: parts.swapaxes,
      swapdims: parts.swapdims,
      unflatten: parts.unflatten,
      diagonal: parts.diagonal,
      broadcast_to: parts.broadcast_to,
      ravel: parts.ravel,
      split: several.split,
      chunk: several.chunk,
      tensor_split: several.tensor_split,
      unbind: several.unbind,
      index_add: indexed.index_add,
      index_copy: indexed.index_copy,
      index_fill: indexed.index_fill,
    });
  }

  /** Elements moved along dimensions (or along all in their order), what leaves at one end coming in at the other. */
  declare readonly roll: Roll<Self>;

  /** Turned by k right angles in the plane of two dimensions. */
  declare readonly rot90: Rot90<Self>;

  /** Reversed along the second dimension. */
  declare readonly fliplr: Unary<Self>;

  /** Reversed along the first dimension. */
  declare readonly flipud: Unary<Self>;

  /** Each element repeated, so many times each. */
  declare readonly repeat_interleave: Repeats<Self>;

  /** The lower triangle of each matrix, the rest 0. */
  declare readonly tril: Triangle<Self>;

  /** The upper triangle of each matrix, the rest 0. */
  declare readonly triu: Triangle<Self>;

  /** A vector on the diagonal of a matrix, or the diagonal of a matrix. */
  declare readonly diag: Triangle<Self>;

  /** A number where the mask is true. */
  declare readonly masked_fill: MaskedFill<Self>;

  /** The elements where the mask is true, in a vector. */
  declare readonly masked_select: Masked<Self>;

  /** The elements that an index of the same rank names along a dimension. */
  declare readonly gather: Gather<Self>;

  /** With the elements of `src` (or a number) written where an index names places along a dimension. */
  declare readonly scatter: Scatter<Self>;

  /** As scatter, but added. */
  declare readonly scatter_add: Scatter<Self, Foreign>;

  /** Whole slices along a dimension, by a vector of indices. */
  declare readonly index_select: Gather<Self>;

  /** Elements by their place among all. */
  declare readonly take: Take<Self>;

  /** As gather, the other dimensions broadcast. */
  declare readonly take_along_dim: TakeAlong<Self>;

  /** A view of one index along a dimension, which goes. */
  declare readonly select: Select<Self>;

  /** A view of `length` cells along a dimension. */
  declare readonly narrow: Narrow<Self>;

  /** A view with dimensions moved to other places. */
  declare readonly movedim: Move<Self>;

  /** Another name of movedim. */
  declare readonly moveaxis: Move<Self>;

  /** A view with two dimensions exchanged. */
  declare readonly swapaxes: ExchangeAxes<Self>;

  /** Another name of swapaxes. */
  declare readonly swapdims: Exchange<Self>;

  /** A view with one dimension as several. */
  declare readonly unflatten: Unflatten<Self>;

  /** A view of the diagonal of two dimensions. */
  declare readonly diagonal: Diagonal<Self>;

  /** A view repeated along dimensions of size 1. */
  declare readonly broadcast_to: ToSize<Self>;

  /** All elements in one dimension. */
  declare readonly ravel: Unary<Self>;

  /** A tuple of views of so many cells each along a dimension (or of the sizes of a list). */
  declare readonly split: Split<Self>;

  /** A tuple of so many views along a dimension. */
  declare readonly chunk: Chunk<Self>;

  /** A tuple of so many views, or of those between some indices. */
  declare readonly tensor_split: TensorSplit<Self>;

  /** A tuple of views, one for each index along a dimension. */
  declare readonly unbind: Unbind<Self>;

  /** Slices of `source` added where an index names places along a dimension. */
  declare readonly index_add: IndexWrite<Self>;

  /** Slices of `source` written where an index names places along a dimension. */
  declare readonly index_copy: IndexWrite<Self>;

  /** A number written where an index names places along a dimension. */
  declare readonly index_fill: IndexWrite<Self, 'value', Operand>;
}
