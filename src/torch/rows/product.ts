/** Products of vectors and matrices, as rows. */

import { NotImplementedError, RuntimeError } from '../../errors.js';
import { matmul } from '../../ops/composite.js';
import type { Shape } from '../../shape/shape.js';
import { showShape, sizeOf } from '../../shape/shape.js';
import { isForeign } from '../../tensor/foreign.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { cName, scalarName, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';
import { checkBroadcast } from './arithmetic.js';

/** PyTorch has a function of its own for each pair of ranks; all others become products of matrices. */
type Kind = 'dot' | 'mv' | 'row' | 'mm' | 'bmm';

function kindOf(left: number, right: number): Kind {
  if (left === 1 && right === 1) return 'dot';
  if (left <= 2 && right <= 2) return left === 1 ? 'row' : right === 1 ? 'mv' : 'mm';
  // A stack of matrices times one of at most rank 2 is a taller matrix times that.
  if (right === 1) return 'mv';
  return left >= 3 && right === 2 ? 'mm' : 'bmm';
}

const gradFn: Row['gradFn'] = (values) => {
  const [left = 0, right = 0] = values.map((value) => (isForeign(value) ? value.toCore().shape.length : 0));
  if (left > 2 || right > 2) return 'UnsafeViewBackward0';
  const names = { dot: 'DotBackward0', mv: 'MvBackward0', row: 'SqueezeBackward4', mm: 'MmBackward0', bmm: '' };
  return names[kindOf(left, right)];
};

const refusals: { readonly [K in Kind]: (a: Tensor, b: Tensor) => string } = {
  dot: (a, b) =>
    `dot : expected both vectors to have same dtype, but found ${scalarName[a.dtype]} and ${scalarName[b.dtype]}`,
  mv: (a, b) => {
    const [left, right] = [scalarName[a.dtype], scalarName[b.dtype]];
    return `addmv input tensors must have the same dtype, but got ${right}, ${left}, and ${right}`;
  },
  row: (a, b) => sameDType(a, b),
  mm: (a, b) => sameDType(a, b),
  bmm: (a, b) => `expected scalar type ${scalarName[a.dtype]} but found ${scalarName[b.dtype]}`,
};

const sameDType = (a: Tensor, b: Tensor): string =>
  `expected m1 and m2 to have the same dtype, but got: ${cName[a.dtype]} != ${cName[b.dtype]}`;

/** Without an implementation for bool, in whatever function it ends up. */
const kernels: { readonly [K in Kind]: string } = {
  dot: 'dot',
  mv: 'addmv_impl_cpu',
  row: 'addmm_impl_cpu_',
  mm: 'addmm_impl_cpu_',
  bmm: 'bmm',
};

function checkDTypes(a: Tensor, b: Tensor, kind: Kind): void {
  if (a.dtype !== b.dtype) throw new RuntimeError('dtype-mismatch', refusals[kind](a, b));
  if (a.dtype === 'bool') {
    throw new NotImplementedError('dtype-mismatch', `"${kernels[kind]}" not implemented for 'Bool'`);
  }
}

/** All but the last axis as one: rows of a taller matrix. */
const flattened = (shape: Shape): readonly [number, number] => [sizeOf(shape.slice(0, -1)), shape.at(-1) as number];

const mismatch: { readonly [K in Kind]: (a: Shape, b: Shape) => string } = {
  dot: ([m], [n]) =>
    `inconsistent tensor size, expected tensor [${m}] and src [${n}] to have the same number of elements, but got ${m} ` +
    `and ${n} elements respectively`,
  mv: (a, b) => `size mismatch, got input (${flattened(a)[0]}), mat (${flattened(a).join('x')}), vec (${b[0]})`,
  row: (a, b) => notMultiplied([1, a[0] as number], b),
  mm: (a, b) => notMultiplied(flattened(a), b),
  bmm: (a, b) => {
    const inner = a.at(-1) as number;
    const batch = sizeOf(broadcastLead(a, b));
    return (
      `Expected size for first two dimensions of batch2 tensor to be: ${showShape([batch, inner])} but got: ` +
      `${showShape([batch, b.at(-2) as number])}.`
    );
  },
};

const notMultiplied = (a: Shape, b: Shape): string =>
  `mm: mat1 and mat2 shapes cannot be multiplied (${a.join('x')} and ${b.join('x')})`;

/** The leading axes of both, aligned at their last. */
function broadcastLead(a: Shape, b: Shape): number[] {
  const [left, right] = [a.slice(0, -2), b.slice(0, -2)];
  const rank = Math.max(left.length, right.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [m, n] = [left[axis - rank + left.length] ?? 1, right[axis - rank + right.length] ?? 1];
    return m === 1 ? n : m;
  });
}

export const products: { readonly matmul: Row } = {
  matmul: row('matmul', 'input other', gradFn, ([input, other]) => {
    const [a, b] = [tensorArgument(input, 'matmul', 'input'), tensorArgument(other, 'matmul', 'other')];
    if (a.shape.length === 0 || b.shape.length === 0) {
      const ranks = `${a.shape.length}D and ${b.shape.length}D`;
      throw new RuntimeError('rank-mismatch', `both arguments to matmul need to be at least 1D, but they are ${ranks}`);
    }
    const kind = kindOf(a.shape.length, b.shape.length);
    checkDTypes(a, b, kind);
    checkBroadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const [inner, outer] = [a.shape.at(-1), b.shape.length === 1 ? b.shape[0] : b.shape.at(-2)];
    if (inner !== outer) throw new RuntimeError('shape-mismatch', mismatch[kind](a.shape, b.shape));
    return matmul(op, a, b);
  }),
};
