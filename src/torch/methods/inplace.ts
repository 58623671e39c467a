/**
 * Methods that write into the tensor itself: what the row of the name without its `_` gives, or one of those of rows/fill.
 * The result must have the tensor's shape, and a dtype that its own can hold.
 */

import type { Foreign } from '../../tensor/foreign.js';
import type {
  AddProduct,
  Along,
  Binary,
  Clamp,
  ClampMax,
  ClampMin,
  Copy,
  Divide,
  Fill,
  IndexWrite,
  Lerp,
  MaskedFill,
  NanToNum,
  Operand,
  Pow,
  Round,
  Scatter,
  Self,
  Sum,
  Triangle,
  Unary,
} from '../calls.js';
import { Methods } from '../methods.js';
import type { Row } from '../row.js';
import { arithmetic } from '../rows/arithmetic.js';
import { arrangements } from '../rows/arrange.js';
import { clamps } from '../rows/clamp.js';
import { combinations } from '../rows/combine.js';
import { comparisons } from '../rows/comparison.js';
import { division } from '../rows/division.js';
import { elementary } from '../rows/elementary.js';
import { fills } from '../rows/fill.js';
import { indexed } from '../rows/indexed.js';
import { pairs } from '../rows/pairs.js';
import { reductions } from '../rows/reduction.js';

/** Puts rows on a prototype as methods that write. */
function install<Name extends string>(prototype: object, rows: { readonly [N in Name]: Row }): void {
  for (const [name, row] of Object.entries<Row>(rows)) {
    Object.defineProperty(prototype, name, {
      configurable: true,
      writable: true,
      value(this: { assignRow(row: Row, args: readonly unknown[]): unknown }, ...args: unknown[]): unknown {
        return this.assignRow(row, args);
      },
    });
  }
}

export abstract class InPlaceMethods extends Methods {
  static {
    install<Exclude<keyof InPlaceMethods, keyof Methods>>(InPlaceMethods.prototype, {
      fill_: fills.fill_,
      zero_: fills.zero_,
      copy_: fills.copy_,
      add_: arithmetic.add,
      sub_: arithmetic.sub,
      subtract_: arithmetic.sub,
      mul_: arithmetic.mul,
      multiply_: arithmetic.mul,
      div_: division.div,
      divide_: division.div,
      true_divide_: division.true_divide,
      floor_divide_: division.floor_divide,
      remainder_: division.remainder,
      fmod_: division.fmod,
      pow_: arithmetic.pow,
      neg_: elementary.neg,
      negative_: elementary.neg,
      abs_: elementary.abs,
      absolute_: elementary.abs,
      exp_: elementary.exp,
      exp2_: elementary.exp2,
      expm1_: elementary.expm1,
      log_: elementary.log,
      log2_: elementary.log2,
      log10_: elementary.log10,
      log1p_: elementary.log1p,
      sqrt_: elementary.sqrt,
      rsqrt_: elementary.rsqrt,
      reciprocal_: elementary.reciprocal,
      square_: elementary.square,
      sin_: elementary.sin,
      cos_: elementary.cos,
      tan_: elementary.tan,
      sinh_: elementary.sinh,
      cosh_: elementary.cosh,
      tanh_: elementary.tanh,
      sigmoid_: elementary.sigmoid,
      relu_: elementary.relu,
      erf_: elementary.erf,
      sign_: elementary.sign,
      floor_: elementary.floor,
      ceil_: elementary.ceil,
      trunc_: elementary.trunc,
      fix_: elementary.trunc,
      round_: elementary.round,
      frac_: elementary.frac,
      deg2rad_: elementary.deg2rad,
      rad2deg_: elementary.rad2deg,
      clamp_: clamps.clamp,
      clip_: clamps.clip,
      clamp_min_: clamps.clamp_min,
      clamp_max_: clamps.clamp_max,
      lerp_: arithmetic.lerp,
      addcmul_: arithmetic.addcmul,
      addcdiv_: arithmetic.addcdiv,
      eq_: comparisons.eq,
      ne_: comparisons.ne,
      lt_: comparisons.lt,
      le_: comparisons.le,
      gt_: comparisons.gt,
      ge_: comparisons.ge,
      logical_and_: comparisons.logical_and,
      logical_or_: comparisons.logical_or,
      logical_xor_: comparisons.logical_xor,
      logical_not_: comparisons.logical_not,
      bitwise_and_: comparisons.bitwise_and,
      bitwise_or_: comparisons.bitwise_or,
      bitwise_xor_: comparisons.bitwise_xor,
      bitwise_not_: comparisons.bitwise_not,
      masked_fill_: combinations.masked_fill,
      scatter_: combinations.scatter,
      scatter_add_: combinations.scatter_add,
      index_add_: indexed.index_add,
      index_copy_: indexed.index_copy,
      index_fill_: indexed.index_fill,
      hypot_: pairs.hypot,
      xlogy_: pairs.xlogy,
      nan_to_num_: pairs.nan_to_num,
      logit_: pairs.logit,
      sgn_: pairs.sgn,
      tril_: arrangements.tril,
      triu_: arrangements.triu,
      cumsum_: reductions.cumsum,
      cumprod_: reductions.cumprod,
    });
  }

  /** Has a row's result take the place of this tensor's elements. */
  protected abstract assignRow(row: Row, args: readonly unknown[]): this;

  /**
   * In place: one value everywhere.
   *
   * @throws RuntimeError for a leaf that requires grad, as all that follow
   * @example torch.zeros(2).fill_(3) // tensor([3., 3.])
   */
  declare readonly fill_: Fill<Self>;

  /** In place: zeros. */
  declare readonly zero_: Unary<Self>;

  /** In place: another tensor's elements, broadcast and converted. */
  declare readonly copy_: Copy<Self>;

  /** add, in place. */
  declare readonly add_: Sum<Self>;

  /** sub, in place. */
  declare readonly sub_: Sum<Self>;

  /** subtract, in place. */
  declare readonly subtract_: Sum<Self>;

  /** mul, in place. */
  declare readonly mul_: Binary<Self>;

  /** multiply, in place. */
  declare readonly multiply_: Binary<Self>;

  /** div, in place. */
  declare readonly div_: Divide<Self>;

  /** divide, in place. */
  declare readonly divide_: Divide<Self>;

  /** true_divide, in place. */
  declare readonly true_divide_: Binary<Self>;

  /** floor_divide, in place. */
  declare readonly floor_divide_: Binary<Self>;

  /** remainder, in place. */
  declare readonly remainder_: Binary<Self>;

  /** fmod, in place. */
  declare readonly fmod_: Binary<Self>;

  /** pow, in place. */
  declare readonly pow_: Pow<Self>;

  /** neg, in place. */
  declare readonly neg_: Unary<Self>;

  /** negative, in place. */
  declare readonly negative_: Unary<Self>;

  /** abs, in place. */
  declare readonly abs_: Unary<Self>;

  /** absolute, in place. */
  declare readonly absolute_: Unary<Self>;

  /** exp, in place. */
  declare readonly exp_: Unary<Self>;

  /** exp2, in place. */
  declare readonly exp2_: Unary<Self>;

  /** expm1, in place. */
  declare readonly expm1_: Unary<Self>;

  /** log, in place. */
  declare readonly log_: Unary<Self>;

  /** log2, in place. */
  declare readonly log2_: Unary<Self>;

  /** log10, in place. */
  declare readonly log10_: Unary<Self>;

  /** log1p, in place. */
  declare readonly log1p_: Unary<Self>;

  /** sqrt, in place. */
  declare readonly sqrt_: Unary<Self>;

  /** rsqrt, in place. */
  declare readonly rsqrt_: Unary<Self>;

  /** reciprocal, in place. */
  declare readonly reciprocal_: Unary<Self>;

  /** square, in place. */
  declare readonly square_: Unary<Self>;

  /** sin, in place. */
  declare readonly sin_: Unary<Self>;

  /** cos, in place. */
  declare readonly cos_: Unary<Self>;

  /** tan, in place. */
  declare readonly tan_: Unary<Self>;

  /** sinh, in place. */
  declare readonly sinh_: Unary<Self>;

  /** cosh, in place. */
  declare readonly cosh_: Unary<Self>;

  /** tanh, in place. */
  declare readonly tanh_: Unary<Self>;

  /** sigmoid, in place. */
  declare readonly sigmoid_: Unary<Self>;

  /** relu, in place. */
  declare readonly relu_: Unary<Self>;

  /** erf, in place. */
  declare readonly erf_: Unary<Self>;

  /** sign, in place. */
  declare readonly sign_: Unary<Self>;

  /** floor, in place. */
  declare readonly floor_: Unary<Self>;

  /** ceil, in place. */
  declare readonly ceil_: Unary<Self>;

  /** trunc, in place. */
  declare readonly trunc_: Unary<Self>;

  /** fix, in place. */
  declare readonly fix_: Unary<Self>;

  /** round, in place. */
  declare readonly round_: Round<Self>;

  /** frac, in place. */
  declare readonly frac_: Unary<Self>;

  /** deg2rad, in place. */
  declare readonly deg2rad_: Unary<Self>;

  /** rad2deg, in place. */
  declare readonly rad2deg_: Unary<Self>;

  /** clamp, in place. */
  declare readonly clamp_: Clamp<Self>;

  /** clip, in place. */
  declare readonly clip_: Clamp<Self>;

  /** clamp_min, in place. */
  declare readonly clamp_min_: ClampMin<Self>;

  /** clamp_max, in place. */
  declare readonly clamp_max_: ClampMax<Self>;

  /** lerp, in place. */
  declare readonly lerp_: Lerp<Self>;

  /** addcmul, in place. */
  declare readonly addcmul_: AddProduct<Self>;

  /** addcdiv, in place. */
  declare readonly addcdiv_: AddProduct<Self>;

  /** eq, in place. */
  declare readonly eq_: Binary<Self>;

  /** ne, in place. */
  declare readonly ne_: Binary<Self>;

  /** lt, in place. */
  declare readonly lt_: Binary<Self>;

  /** le, in place. */
  declare readonly le_: Binary<Self>;

  /** gt, in place. */
  declare readonly gt_: Binary<Self>;

  /** ge, in place. */
  declare readonly ge_: Binary<Self>;

  /** logical_and, in place. */
  declare readonly logical_and_: Binary<Self, Foreign>;

  /** logical_or, in place. */
  declare readonly logical_or_: Binary<Self, Foreign>;

  /** logical_xor, in place. */
  declare readonly logical_xor_: Binary<Self, Foreign>;

  /** logical_not, in place. */
  declare readonly logical_not_: Unary<Self>;

  /** bitwise_and, in place. */
  declare readonly bitwise_and_: Binary<Self>;

  /** bitwise_or, in place. */
  declare readonly bitwise_or_: Binary<Self>;

  /** bitwise_xor, in place. */
  declare readonly bitwise_xor_: Binary<Self>;

  /** bitwise_not, in place. */
  declare readonly bitwise_not_: Unary<Self>;

  /** masked_fill, in place. */
  declare readonly masked_fill_: MaskedFill<Self>;

  /** scatter, in place. */
  declare readonly scatter_: Scatter<Self>;

  /** scatter_add, in place. */
  declare readonly scatter_add_: Scatter<Self, Foreign>;

  /** Adds slices of `source` where an index names places along a dimension. */
  declare readonly index_add_: IndexWrite<Self>;

  /** Writes slices of `source` where an index names places along a dimension. */
  declare readonly index_copy_: IndexWrite<Self>;

  /** Writes a number where an index names places along a dimension. */
  declare readonly index_fill_: IndexWrite<Self, 'value', Operand>;

  /** The square root of the sum of this squared and the other squared. */
  declare readonly hypot_: Binary<Self, Foreign>;

  /** This * log(other), and 0 where this is 0. */
  declare readonly xlogy_: Binary<Self, Foreign>;

  /** Numbers in place of NaN and the infinities. */
  declare readonly nan_to_num_: NanToNum<Self>;

  /** Log(x / (1 - x)). */
  declare readonly logit_: Unary<Self>;

  /** As sign_. */
  declare readonly sgn_: Unary<Self>;

  /** tril, in place. */
  declare readonly tril_: Triangle<Self>;

  /** triu, in place. */
  declare readonly triu_: Triangle<Self>;

  /** cumsum, in place. */
  declare readonly cumsum_: Along<Self>;

  /** cumprod, in place. */
  declare readonly cumprod_: Along<Self>;
}
