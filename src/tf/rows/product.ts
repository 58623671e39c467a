/** Products and norms of matrices, as rows. */

import { showTf } from '../../conv/tf.js';
import { IndexError, ValueError } from '../../errors.js';
import { keepAxes, matmul as matmulOf } from '../../ops/composite.js';
import { einsum } from '../../ops/einsum.js';
import { broadcastShapes, type Shape, show, sizeOf } from '../../shape/shape.js';
import { isForeign } from '../../tensor/foreign.js';
import { newTensor, op, type Tensor } from '../../tensor/tensor.js';
import { str } from '../../text/python.js';
import {
  axisArgument,
  checkKinds,
  intArgument,
  intsArgument,
  invalid,
  operandsOf,
  tensorArgument,
} from '../arguments.js';
import { type Row, row } from '../row.js';
import { FLOATS, NUMBERS, SIGNED } from './operands.js';
import { axesArgument, reductions } from './reduction.js';

/** The last two axes exchanged. */
function turned(x: Tensor): Tensor {
  const rank = x.shape.length;
  const order = x.shape.map((_, axis) => (axis < rank - 2 ? axis : axis === rank - 1 ? rank - 2 : rank - 1));
  return op.transpose(x, order);
}

/** The product of matrices, which the last two axes of each are. */
function multiplied(a: Tensor, b: Tensor, left: Tensor, right: Tensor): Tensor {
  const shapes = `In[0]: ${showTf(a.shape)}, In[1]: ${showTf(b.shape)}`;
  if (left.shape.at(-1) !== right.shape.at(-2)) {
    throw invalid('MatMul', 'shape-mismatch', `Matrix size-incompatible: ${shapes}`);
  }
  if (broadcastShapes(left.shape.slice(0, -2), right.shape.slice(0, -2)) === null) {
    const message = `In[0] and In[1] must have compatible batch dimensions: ${showTf(a.shape)} vs. ${showTf(b.shape)}`;
    throw invalid('BatchMatMulV2', 'shape-mismatch', message);
  }
  return matmulOf(op, left, right);
}

const matmul: Row = row('matmul', 'a b transpose_a? transpose_b? adjoint_a? adjoint_b?', (values) => {
  const [a, b] = operandsOf('MatMul', values.slice(0, 2)) as [Tensor, Tensor];
  checkKinds('MatMul', a.dtype, SIGNED);
  ['a', 'b'].forEach((name, i) => {
    if (values[2 + i] !== true || values[4 + i] !== true) return;
    const message = `Only one of \`transpose_${name}\` and \`adjoint_${name}\` can be True. Received \`transpose_${name}\`=True, \`adjoint_${name}\`=True.`;
    throw new ValueError('bad-argument', message);
  });
  [a, b].forEach((operand, i) => {
    if (operand.shape.length < 2) throw invalid('MatMul', 'rank-mismatch', `In[${i}] ndims must be >= 2`);
  });
  const left = values[2] === true || values[4] === true ? turned(a) : a;
  const right = values[3] === true || values[5] === true ? turned(b) : b;
  return multiplied(a, b, left, right);
});

const matvec: Row = row('matvec', 'a b transpose_a? adjoint_a?', ([matrix, vector, transposed, adjoint]) => {
  const [a, b] = operandsOf('MatMul', [matrix, vector]) as [Tensor, Tensor];
  checkKinds('MatMul', a.dtype, SIGNED);
  if (a.shape.length < 2) throw invalid('MatMul', 'rank-mismatch', 'In[0] ndims must be >= 2');
  if (b.shape.length < 1)
    throw invalid('ExpandDims', 'rank-mismatch', 'Tried to expand dim index -1 for tensor with 0 dimensions.');
  const column = op.reshape(b, [...b.shape, 1]);
  const product = multiplied(a, column, transposed === true || adjoint === true ? turned(a) : a, column);
  return op.reshape(product, product.shape.slice(0, -1));
});

/** The axes that tensordot sums over: as many of a's last and b's first, or a list of each. */
function tensordotAxes(axes: unknown, a: Tensor): [number[], number[]] {
  if (typeof axes === 'number') {
    if (axes < 0) throw new ValueError('bad-argument', `\`axes\` must be at least 0. Received: ${axes}.`);
    const rank = a.shape.length;
    if (axes > rank) {
      const text = `tensor dimensions ${rank}.`;
      throw new ValueError(
        'rank-mismatch',
        `\`axes\` must not be larger than the number of dimensions of tensor ${str(a.tolist())}.  Received ${axes}, vs ${text}`,
      );
    }
    const counted = Array.from({ length: axes }, (_, i) => i);
    return [counted.map((i) => rank - axes + i), counted];
  }
  const list: unknown = isForeign(axes) ? axes.toCore().tolist() : axes;
  if (!Array.isArray(list) || list.length !== 2) {
    throw new ValueError('bad-argument', `\`axes\` must be an integer or have length 2. Received: ${show(axes)}.`);
  }
  const [left, right] = list.map((side) => intsArgument(side, 'Tensordot')) as [number[], number[]];
  if (left.length !== right.length) {
    throw new ValueError(
      'bad-argument',
      `Different number of contraction axes \`a\` and \`b\`, ${left.length} != ${right.length}.`,
    );
  }
  return [left, right];
}

const tensordot: Row = row('tensordot', 'a b axes', ([first, second, axes]) => {
  const [a, b] = operandsOf('MatMul', [first, second]) as [Tensor, Tensor];
  checkKinds('MatMul', a.dtype, SIGNED);
  const sides = tensordotAxes(axes, a);
  const [left, right] = [a, b].map((x, i) =>
    (sides[i] as number[]).map((axis) =>
      axisArgument(axis, x.shape.length, () => {
        const message = `axis ${axis} is out of range for a tensor of ${x.shape.length} dimensions`;
        return new IndexError('axis-out-of-range', message);
      }),
    ),
  ) as [number[], number[]];
  const rest = (x: Tensor, taken: readonly number[]): Shape => x.shape.filter((_, axis) => !taken.includes(axis));
  const taken = left.map((axis) => a.shape[axis] as number);
  const sizes = right.map((axis) => b.shape[axis] as number);
  if (taken.some((size, i) => size !== sizes[i])) {
    const rows = showTf([sizeOf(rest(a, left)), sizeOf(taken)]);
    const columns = showTf([sizeOf(sizes), sizeOf(rest(b, right))]);
    throw invalid('MatMul', 'shape-mismatch', `Matrix size-incompatible: In[0]: ${rows}, In[1]: ${columns}`);
  }
  return op.dot_general(a, b, { leftBatch: [], rightBatch: [], leftContract: left, rightContract: right });
});

/** tf.einsum takes any number of operands. */
export const einsumRow: Row = row('einsum', 'equation inputs', ([equation, inputs]) => {
  if (typeof equation !== 'string') throw new ValueError('bad-argument', `einsum: no equation: ${show(equation)}`);
  const operands = operandsOf('Einsum', inputs as readonly unknown[]);
  const [first] = operands;
  if (first !== undefined) checkKinds('Einsum', first.dtype, SIGNED);
  checkEinsum(equation, operands);
  return einsum(op, equation, operands);
});

/** What doesn't fit the tensors is the operation's to refuse; what is no equation, Python's. */
function checkEinsum(equation: string, operands: readonly Tensor[]): void {
  const terms = (equation.replaceAll(' ', '').split('->')[0] as string).split(',');
  const sizes = new Map<string, number>();
  if (terms.length !== operands.length || !terms.every((term) => /^[a-zA-Z]*(\.\.\.)?[a-zA-Z]*$/.test(term))) return;
  operands.forEach(({ shape }, i) => {
    const term = terms[i] as string;
    const letters = [...term.replace('...', '')];
    const isOpen = term.includes('...');
    if (isOpen ? letters.length > shape.length : letters.length !== shape.length) {
      const message = `Expected input ${i} to have rank ${letters.length} but got: ${shape.length}`;
      throw invalid('Einsum', 'rank-mismatch', message);
    }
    const behind = term.length - (term.indexOf('...') + 3);
    letters.forEach((letter, at) => {
      const fromEnd = isOpen && at >= letters.length - behind;
      const size = shape[fromEnd ? shape.length - (letters.length - at) : at] as number;
      const known = sizes.get(letter) ?? size;
      if (size !== known && size !== 1 && known !== 1) {
        const message = `Expected dimension ${known} at axis ${at} of the input shaped ${showTf(shape)} but got dimension ${size}`;
        throw invalid('Einsum', 'shape-mismatch', message);
      }
      sizes.set(letter, Math.max(size, known));
    });
  });
}

/** Vector norms, and the two matrix norms that need no singular values. */
function norm(x: Tensor, ord: unknown, axis: unknown): Tensor {
  const isMatrix = Array.isArray(axis);
  const name = ord === undefined ? 'euclidean' : ord;
  if (isMatrix && (axis.length !== 2 || axis[0] === axis[1])) {
    const message = "'axis' must be None, an integer, or a tuple of 2 unique integers";
    throw new ValueError('bad-argument', `${message}, got ${show(axis)}`);
  }
  const known = isMatrix ? ['euclidean', 'fro', 1, Number.POSITIVE_INFINITY] : ['euclidean'];
  if (!known.includes(name as never) && (isMatrix || typeof name !== 'number' || !(name > 0))) {
    const kind = isMatrix ? "matrix norm in ['euclidean', 'fro', 1, 2, inf]" : 'vector norm';
    throw new ValueError('bad-argument', `'ord' must be a supported ${kind}, got ${str(name)}`);
  }
  checkKinds(name === 'euclidean' || name === 2 ? 'Sqrt' : 'Pow', x.dtype, FLOATS);
  const axes = axesArgument(axis, x.shape.length, 'Sum');
  const total = (y: Tensor, along: readonly number[]): Tensor => keepAxes(op, op.reduce_sum(y, along), y.shape, along);
  const largest = (y: Tensor, along: readonly number[]): Tensor => {
    const reduced = reductions.reduce_max.run([y, along]);
    return keepAxes(op, reduced, y.shape, along);
  };
  if (name === 'euclidean' || name === 'fro' || name === 2) return op.sqrt(total(op.multiply(x, x), axes));
  const size = op.abs(x);
  const [rows, columns] = isMatrix ? axes.map((_, i) => axesArgument(axis[i], x.shape.length, 'Sum')) : [axes, []];
  if (name === 1) return isMatrix ? largest(total(size, rows ?? []), columns ?? []) : total(size, axes);
  if (name === Number.POSITIVE_INFINITY) {
    return largest(isMatrix ? total(size, columns ?? []) : size, rows ?? []);
  }
  const power = (y: Tensor, exponent: number): Tensor => op.power(y, op.full(y, exponent));
  return power(total(power(size, Number(name)), axes), 1 / Number(name));
}

/** The diagonal of the last two axes, `k` above the main one. */
function diagonal(x: Tensor, k: number, operation: string): Tensor {
  const rank = x.shape.length;
  if (rank < 2) {
    throw invalid(operation, 'rank-mismatch', `input must be at least 2-dim, received shape: ${showTf(x.shape)}`);
  }
  const lead = x.shape.slice(0, -2);
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  if ((k !== 0 && -k >= rows) || (k !== 0 && k >= columns)) {
    const message = `lower_diag_index is out of bound: ${k}. It must be between ${-rows} and ${columns}`;
    throw invalid(operation, 'bad-argument', message);
  }
  const count = Math.max(0, Math.min(rows + Math.min(k, 0), columns - Math.max(k, 0)));
  const start = k >= 0 ? k : -k * columns;
  const flat = op.reshape(x, [...lead, rows * columns]);
  return op.slice(flat, {
    start: [...lead.map(() => 0), count === 0 ? 0 : start],
    limit: [...lead, count === 0 ? 0 : start + (count - 1) * (columns + 1) + 1],
    stride: [...lead.map(() => 1), columns + 1],
  });
}

/** Matrices with the last axis on their diagonal, `k` above the main one. */
function diagonalMatrix(x: Tensor, k: number): Tensor {
  if (x.shape.length < 1) {
    throw invalid('MatrixDiagV3', 'rank-mismatch', 'diagonal must be at least 1-dim, received shape: []');
  }
  const lead = x.shape.slice(0, -1);
  const count = x.shape.at(-1) as number;
  const n = count + Math.abs(k);
  const before = k >= 0 ? k : -k * n;
  // Between two cells of the diagonal lie n others.
  const after = n * n - before - Math.max(0, (count - 1) * (n + 1) + Math.min(count, 1));
  const zeros = lead.map(() => 0);
  const flat = op.pad(x, { lo: [...zeros, before], hi: [...zeros, after], interior: [...zeros, n], value: 0 });
  return op.reshape(flat, [...lead, n, n]);
}

/** Whether each cell of a matrix lies in a band about the diagonal; a negative width is all of that side. */
function band(rows: number, columns: number, lower: number, upper: number): Tensor {
  const inside = (i: number): boolean => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return (lower < 0 || row - column <= lower) && (upper < 0 || column - row <= upper);
  };
  return newTensor(
    Array.from({ length: rows * columns }, (_, i) => inside(i)),
    [rows, columns],
    'bool',
  );
}

function banded(x: Tensor, lower: number, upper: number): Tensor {
  if (x.shape.length < 2) {
    throw invalid(
      'MatrixBandPart',
      'rank-mismatch',
      `input must be at least 2-dim, received shape: ${showTf(x.shape)}`,
    );
  }
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const axes = [x.shape.length - 2, x.shape.length - 1];
  const mask = op.broadcast_in_dim(band(rows, columns, lower, upper), x.shape, axes);
  return op.select(mask, x, op.full(x, 0));
}

const optional = (value: unknown, name: string, fallback: number): number =>
  value === undefined ? fallback : intArgument(value, name);

type ProductName =
  | 'matmul'
  | 'matvec'
  | 'tensordot'
  | 'norm'
  | 'trace'
  | 'diag'
  | 'diag_part'
  | 'band_part'
  | 'matrix_transpose';

export const products: { readonly [N in ProductName]: Row } = {
  matmul,
  matvec,
  tensordot,
  norm: row('norm', 'tensor ord? axis?~ keepdims?~', ([tensor, ord, axis, keepdims]) => {
    const x = tensorArgument(tensor);
    const result = norm(x, ord, axis);
    if (keepdims === true) return result;
    const axes = axesArgument(axis, x.shape.length, 'Squeeze');
    return op.reshape(
      result,
      result.shape.filter((_, i) => !axes.includes(i)),
    );
  }),
  trace: row('trace', 'x', ([value]) => {
    const x = tensorArgument(value);
    checkKinds('Sum', x.dtype, NUMBERS);
    const cells = diagonal(x, 0, 'MatrixDiagPartV3');
    return op.reduce_sum(cells, [cells.shape.length - 1]);
  }),
  diag: row('diag', 'diagonal k?', ([value, k]) => diagonalMatrix(tensorArgument(value), optional(k, 'k', 0))),
  diag_part: row('diag_part', 'input k?', ([input, k]) =>
    diagonal(tensorArgument(input), optional(k, 'k', 0), 'MatrixDiagPartV3'),
  ),
  band_part: row('band_part', 'input num_lower num_upper', ([input, lower, upper]) =>
    banded(tensorArgument(input), intArgument(lower, 'num_lower'), intArgument(upper, 'num_upper')),
  ),
  matrix_transpose: row('matrix_transpose', 'a conjugate?', ([a]) => {
    const x = tensorArgument(a);
    if (x.shape.length >= 2) return turned(x);
    const message = 'Argument `a` should be a (batch) matrix with rank >= 2.';
    throw new ValueError(
      'rank-mismatch',
      `${message}  Received \`a\` = ${str(x.tolist())} with shape: ${show(x.shape)}`,
    );
  }),
};
