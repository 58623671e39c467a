/** Functions: products of vectors and matrices. What they do stands in the rows of the same names. */

import type { Foreign } from '../../tensor/foreign.js';
import type { AddedProduct, Binary, Product, Unary, X } from '../calls.js';
import { contractions } from '../rows/contraction.js';
import { indexed } from '../rows/indexed.js';
import { products } from '../rows/product.js';
import { of } from './of.js';

/** torch.matmul: the product of the last two axes, the others broadcast. */
export const matmul: Binary<X, Foreign> = of(products.matmul);

/** torch.mm: the product of two matrices. */
export const mm: Product<X, 'mat2'> = of(contractions.mm);

/** torch.bmm: the products of two stacks of matrices. */
export const bmm: Product<X, 'mat2'> = of(contractions.bmm);

/** torch.mv: a matrix times a vector. */
export const mv: Product<X, 'vec'> = of(contractions.mv);

/** torch.dot: the sum of the products of two vectors. */
export const dot: Product<X, 'tensor'> = of(contractions.dot);

/** torch.vdot: as dot. */
export const vdot: Product<X, 'other'> = of(contractions.vdot);

/** torch.inner: sums of products over the last dimension of both. */
export const inner: Binary<X, Foreign> = of(contractions.inner);

/** torch.outer: all products of the elements of two vectors. */
export const outer: Product<X, 'vec2'> = of(contractions.outer);

/** torch.ger: another name of outer. */
export const ger: Product<X, 'vec2'> = of(contractions.outer);

/** torch.addmm: beta * input + alpha * mat1 @ mat2. */
export const addmm: AddedProduct<X, 'mat1', 'mat2'> = of(contractions.addmm);

/** torch.addmv: beta * input + alpha * mat @ vec. */
export const addmv: AddedProduct<X, 'mat', 'vec'> = of(contractions.addmv);

/** torch.addbmm: beta * input + alpha * the sum of batch1 @ batch2. */
export const addbmm: AddedProduct<X, 'batch1', 'batch2'> = of(contractions.addbmm);

/** torch.baddbmm: beta * input + alpha * batch1 @ batch2. */
export const baddbmm: AddedProduct<X, 'batch1', 'batch2'> = of(contractions.baddbmm);

/** torch.trace: the sum of the diagonal of a matrix. */
export const trace: Unary<X> = of(contractions.trace);

/** torch.kron: the Kronecker product: every element of one times all of the other. */
export const kron: Binary<X, Foreign> = of(indexed.kron);
