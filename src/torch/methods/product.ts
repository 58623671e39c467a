/** Methods: products of vectors and matrices. What they do stands in the rows of the same names. */

import type { Foreign } from '../../tensor/foreign.js';
import type { AddedProduct, Binary, Product, Self, Unary } from '../calls.js';
import { contractions } from '../rows/contraction.js';
import { indexed } from '../rows/indexed.js';
import { products } from '../rows/product.js';
import { ReductionMethods } from './reduction.js';
import { install } from './root.js';

export abstract class ProductMethods extends ReductionMethods {
  static {
    install<Exclude<keyof ProductMethods, keyof ReductionMethods>>(ProductMethods.prototype, {
      matmul: products.matmul,
      mm: contractions.mm,
      bmm: contractions.bmm,
      mv: contractions.mv,
      dot: contractions.dot,
      vdot: contractions.vdot,
      inner: contractions.inner,
      outer: contractions.outer,
      ger: contractions.outer,
      addmm: contractions.addmm,
      addmv: contractions.addmv,
      addbmm: contractions.addbmm,
      baddbmm: contractions.baddbmm,
      trace: contractions.trace,
      kron: indexed.kron,
    });
  }

  /** The product of the last two axes, the others broadcast. */
  declare readonly matmul: Binary<Self, Foreign>;

  /** The product of two matrices. */
  declare readonly mm: Product<Self, 'mat2'>;

  /** The products of two stacks of matrices. */
  declare readonly bmm: Product<Self, 'mat2'>;

  /** A matrix times a vector. */
  declare readonly mv: Product<Self, 'vec'>;

  /** The sum of the products of two vectors. */
  declare readonly dot: Product<Self, 'tensor'>;

  /** As dot. */
  declare readonly vdot: Product<Self, 'other'>;

  /** Sums of products over the last dimension of both. */
  declare readonly inner: Binary<Self, Foreign>;

  /** All products of the elements of two vectors. */
  declare readonly outer: Product<Self, 'vec2'>;

  /** Another name of outer. */
  declare readonly ger: Product<Self, 'vec2'>;

  /** Beta * input + alpha * mat1 @ mat2. */
  declare readonly addmm: AddedProduct<Self, 'mat1', 'mat2'>;

  /** Beta * input + alpha * mat @ vec. */
  declare readonly addmv: AddedProduct<Self, 'mat', 'vec'>;

  /** Beta * input + alpha * the sum of batch1 @ batch2. */
  declare readonly addbmm: AddedProduct<Self, 'batch1', 'batch2'>;

  /** Beta * input + alpha * batch1 @ batch2. */
  declare readonly baddbmm: AddedProduct<Self, 'batch1', 'batch2'>;

  /** The sum of the diagonal of a matrix. */
  declare readonly trace: Unary<Self>;

  /** The Kronecker product: every element of one times all of the other. */
  declare readonly kron: Binary<Self, Foreign>;
}
