/** Products of vectors and matrices by name, and sums of products by letters, as rows. */

import { IndexError, RuntimeError, ValueError } from '../../errors.js';
import { broadcastTo } from '../../ops/composite.js';
import { einsum as coreEinsum } from '../../ops/einsum.js';
import { isFloat } from '../../shape/dtype.js';
import { isForeign } from '../../tensor/foreign.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { dimension, isWhole, numberArgument, scalarName, tensorArgument, wrongType } from '../arguments.js';
import { type Row, row } from '../row.js';
import { checkBroadcast, matched, promoted } from './arithmetic.js';
import { unimplemented } from './elementary.js';
import { products } from './product.js';

/** A tensor of a number of dimensions, or the refusal that names it. */
function ranked(x: Tensor, rank: number, refusal: string): Tensor {
  if (x.shape.length === rank) return x;
  throw new RuntimeError('rank-mismatch', refusal);
}

const operands = (name: string, input: unknown, other: unknown, second: string): [Tensor, Tensor] => [
  tensorArgument(input, name, 'input'),
  tensorArgument(other, name, second),
];

/** A product of two operands of given ranks, then as matmul. */
function product(name: string, second: string, gradFn: string, check: (a: Tensor, b: Tensor) => void): Row {
  return row(name, `input ${second}`, gradFn, ([input, other]) => {
    const [a, b] = operands(name, input, other, second);
    check(a, b);
    return products.matmul.run([a, b]);
  });
}

function checkDot(a: Tensor, b: Tensor): void {
  if (a.shape.length === 1 && b.shape.length === 1) return;
  const message = `1D tensors expected, but got ${a.shape.length}D and ${b.shape.length}D tensors`;
  throw new RuntimeError('rank-mismatch', message);
}

const dot = product('dot', 'tensor', 'DotBackward0', checkDot);

function checkBatches(a: Tensor, b: Tensor): void {
  ranked(a, 3, 'batch1 must be a 3D tensor');
  ranked(b, 3, 'batch2 must be a 3D tensor');
  const [batch, , inner] = a.shape as [number, number, number];
  if (b.shape[0] === batch && b.shape[1] === inner) return;
  throw new RuntimeError(
    'shape-mismatch',
    `Expected size for first two dimensions of batch2 tensor to be: [${batch}, ${inner}] but got: ` +
      `[${b.shape[0]}, ${b.shape[1]}].`,
  );
}

function outer([input, vec2]: readonly unknown[]): Tensor {
  const [a, b] = operands('outer', input, vec2, 'vec2');
  for (const [name, x] of [
    ['self', a],
    ['vec2', b],
  ] as const) {
    ranked(x, 1, `outer: Expected 1-D argument ${name}, but got ${x.shape.length}-D`);
  }
  return op.multiply(...matched(promoted('outer', op.reshape(a, [a.size, 1]), b)));
}

/** beta * input + alpha * the product; where beta is 0, the input has no say, NaN or not. */
function added(name: string, first: string, second: string, rank: number, sum: boolean, gradFn: string): Row {
  return row(name, `input ${first} ${second} beta= alpha=`, gradFn, ([input, m1, m2, beta, alpha]) => {
    const x = tensorArgument(input, name, 'input');
    const [a, b] = [tensorArgument(m1, name, first), tensorArgument(m2, name, second)];
    const whole = (factor: number): number => (isFloat(x.dtype) ? factor : Math.trunc(factor));
    const [mine, theirs] = [
      whole(numberArgument(beta, name, 'beta', 1)),
      whole(numberArgument(alpha, name, 'alpha', 1)),
    ];
    const ranks = name === 'addmv' ? [2, 1] : [rank, rank];
    for (const [label, m, wanted] of [
      [first, a, ranks[0]],
      [second, b, ranks[1]],
    ] as const) {
      if (m.shape.length === wanted) continue;
      const what = wanted === 1 ? 'vector' : wanted === 2 ? 'matrix' : '3D tensor';
      throw new RuntimeError('rank-mismatch', `${name}: ${label} must be a ${what}, got ${m.shape.length}-D tensor`);
    }
    const full = products.matmul.run([a, b]);
    const value = sum ? op.reduce_sum(full, [0]) : full;
    if (x.dtype !== value.dtype) {
      const message = `self and mat2 must have the same dtype, but got ${scalarName[x.dtype]} and ${scalarName[value.dtype]}`;
      throw new RuntimeError('dtype-mismatch', message);
    }
    const scaled = theirs === 1 ? value : op.multiply(value, op.full(value, theirs));
    checkBroadcast(x.shape, value.shape);
    const base = broadcastTo(op, x, value.shape);
    if (mine === 0)
      return op.add(op.select(op.full({ shape: value.shape, dtype: 'bool' }, 0), base, op.full(base, 0)), scaled);
    return op.add(mine === 1 ? base : op.multiply(base, op.full(base, mine)), scaled);
  });
}

/** The numbers of einsum's sublist form as letters. */
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const sublist = (list: readonly unknown[]): string =>
  list
    .map((item) => {
      if (item === '...') return '...';
      if (isWhole(item) && item >= 0 && item < letters.length) return letters[item];
      throw new RuntimeError('bad-argument', `einsum(): sublist subscripts must be in [0, 52), not ${String(item)}`);
    })
    .join('');

/** The equation and the operands, from any of the forms that einsum is called in. */
export function einsumArguments(args: readonly unknown[]): readonly unknown[] {
  const [first, ...rest] = args;
  if (args.length < 2) {
    throw new ValueError(
      'missing-argument',
      'einsum(): must specify the equation string and at least one operand, or at least one operand and its subscripts list',
    );
  }
  if (typeof first === 'string') return [first, rest.length === 1 && Array.isArray(rest[0]) ? rest[0] : rest];
  if (!isForeign(first)) throw wrongType('einsum', 'equation', 'str', first);
  const output = args.length % 2 === 1 ? args.at(-1) : undefined;
  const pairs = args.slice(0, args.length - (args.length % 2));
  const terms = pairs.flatMap((item, i) => {
    if (i % 2 === 0) return [];
    if (!Array.isArray(item)) throw wrongType('einsum', 'sublist', 'list of ints', item);
    return [sublist(item)];
  });
  const arrow = Array.isArray(output) ? `->${sublist(output)}` : '';
  return [terms.join(',') + arrow, pairs.filter((_, i) => i % 2 === 0)];
}

/** What each term must be, in PyTorch's words. */
function checkEinsum(equation: string, values: readonly Tensor[]): void {
  const text = equation.replaceAll(' ', '');
  const fail = (message: string): never => {
    throw new RuntimeError('bad-argument', `einsum(): ${message}`);
  };
  const [inputs = '', output, ...more] = text.split('->');
  const terms = inputs.split(',');
  const stranger = /[^a-zA-Z.,\->]/.exec(text);
  if (stranger !== null) {
    fail(
      `invalid subscript given at index ${equation.indexOf(stranger[0])} in the equation string, subscripts must be in [a-zA-Z]`,
    );
  }
  if (values.length === 0) fail('must provide at least one operand');
  if (more.length > 0) fail('there is more than one arrow in the equation string');
  if (terms.length < values.length) fail('more operands were provided than specified in the equation');
  if (terms.length > values.length) fail('fewer operands were provided than specified in the equation');
  terms.forEach((term, i) => {
    const rank = (values[i] as Tensor).shape.length;
    const named = term.replace('...', '').length;
    if (named === rank || (term.includes('...') && named < rank)) return;
    const dots = term.includes('...') ? '' : ' and no ellipsis was given';
    fail(
      `the number of subscripts in the equation (${named}) ${term.includes('...') ? 'is more than' : 'does not match'} the ` +
        `number of dimensions (${rank}) for operand ${i}${dots}`,
    );
  });
  for (const letter of (output ?? '').replace('...', '')) {
    if (!inputs.includes(letter))
      fail(`output subscript ${letter} does not appear in the equation for any input operand`);
    if ((output ?? '').indexOf(letter) !== (output ?? '').lastIndexOf(letter)) {
      fail(`output subscript ${letter} appears more than once in the output`);
    }
  }
}

/** What PyTorch's last step was: a product of matrices, a product, a sum, or another order. */
const einsumNode: Row['gradFn'] = ([equation, list]) => {
  const text = String(equation).replaceAll(' ', '');
  const [inputs = '', output = ''] = text.split('->');
  const terms = inputs.split(',');
  const isSummed = (letter: string): boolean => text.includes('->') && !output.includes(letter);
  const summed = [...inputs].filter((letter) => /[a-zA-Z]/.test(letter) && isSummed(letter));
  if (Array.isArray(list) && list.length > 1) {
    const implied =
      !text.includes('->') && [...inputs].some((letter) => letter !== ',' && inputs.split(letter).length > 2);
    return summed.some((letter) => terms.every((term) => term.includes(letter))) || implied
      ? 'ViewBackward0'
      : 'MulBackward0';
  }
  return sumsAlone(text) ? 'SumBackward1' : 'PermuteBackward0';
};

/** Whether an equation of one operand sums. */
function sumsAlone(equation: string): boolean {
  const [term = '', output] = equation.replaceAll(' ', '').split('->');
  const repeats = new Set(term).size < term.length;
  return output === undefined
    ? repeats
    : [...term].some((letter) => /[a-zA-Z]/.test(letter) && !output.includes(letter));
}

function einsum([equation, list]: readonly unknown[]): Tensor {
  if (typeof equation !== 'string') throw wrongType('einsum', 'equation', 'str', equation);
  if (!Array.isArray(list)) throw wrongType('einsum', 'operands', 'tuple of Tensors', list);
  const values = list.map((item: unknown) => tensorArgument(item, 'einsum', 'operands'));
  checkEinsum(equation, values);
  const [first] = values as [Tensor];
  const other = values.find(({ dtype }) => dtype !== first.dtype);
  if (other !== undefined) {
    const message = `expected scalar type ${scalarName[first.dtype]} but found ${scalarName[other.dtype]}`;
    throw new RuntimeError('dtype-mismatch', message);
  }
  if (first.dtype === 'bool') throw unimplemented('bmm', 'bool');
  try {
    // A sum alone counts in int64, as every sum of integers.
    const isCount = values.length === 1 && !isFloat(first.dtype) && sumsAlone(equation);
    return coreEinsum(op, equation, isCount ? [op.convert(first, 'int64')] : values);
  } catch (error) {
    if (error instanceof ValueError) throw new RuntimeError(error.code, `einsum(): ${error.message}`);
    throw error;
  }
}

/** Which dimensions are paired: the last of one with the first of the other, or two lists. */
function pairs(dims: unknown, a: Tensor, b: Tensor): readonly [number[], number[]] {
  if (dims === undefined || isWhole(dims)) {
    const count = dims ?? 2;
    if (count < 0) throw new RuntimeError('bad-argument', `tensordot expects dims >= 0, but got dims=${count}`);
    if (count > Math.min(a.shape.length, b.shape.length)) {
      throw new RuntimeError('bad-argument', `tensordot expects dims < ndim_a or ndim_b, but got dims=${count}`);
    }
    return [
      Array.from({ length: count }, (_, i) => a.shape.length - count + i),
      Array.from({ length: count }, (_, i) => i),
    ];
  }
  if (!Array.isArray(dims) || dims.length !== 2) throw wrongType('tensordot', 'dims', 'int or two lists of ints', dims);
  const [left, right] = dims.map((list: unknown) => (Array.isArray(list) ? list : [list])) as [unknown[], unknown[]];
  if (left.length !== right.length) {
    throw new RuntimeError('bad-argument', 'both dimension lists should have same length');
  }
  return [
    left.map((dim) => dimension(dim, a.shape.length, 'tensordot')),
    right.map((dim) => dimension(dim, b.shape.length, 'tensordot')),
  ];
}

function tensordot([input, other, dims]: readonly unknown[]): Tensor {
  const [a, b] = [tensorArgument(input, 'tensordot', 'a'), tensorArgument(other, 'tensordot', 'b')];
  const [left, right] = pairs(dims, a, b);
  for (const [x, axes] of [
    [a, left],
    [b, right],
  ] as const) {
    if (x.shape.length > 0 || axes.length === 0) continue;
    throw new IndexError('rank-mismatch', `Dimension specified as ${axes[0]} but tensor has no dimensions`);
  }
  if (a.dtype !== b.dtype) {
    throw new RuntimeError('dtype-mismatch', 'both inputs should have same dtype');
  }
  if (a.dtype === 'bool') throw unimplemented('addmm_impl_cpu_', 'bool');
  const summed = (x: Tensor, axes: readonly number[], partner: Tensor, others: readonly number[]): Tensor => {
    const lonely = axes.filter((axis, i) => x.shape[axis] !== 1 && partner.shape[others[i] as number] === 1);
    return lonely.length === 0
      ? x
      : op.reshape(
          op.reduce_sum(x, lonely),
          x.shape.map((n, axis) => (lonely.includes(axis) ? 1 : n)),
        );
  };
  const [x, y] = [summed(a, left, b, right), summed(b, right, a, left)];
  left.forEach((axis, i) => {
    const [m, n] = [x.shape[axis], y.shape[right[i] as number]];
    if (m === n) return;
    throw new RuntimeError(
      'shape-mismatch',
      `contracted dimensions need to match, but first has size ${m} in dim ${axis} and second has size ${n} in dim ${right[i]}`,
    );
  });
  return op.dot_general(x, y, { leftBatch: [], rightBatch: [], leftContract: left, rightContract: right });
}

/** The sum of the diagonal; of integers int64. */
function trace([input]: readonly unknown[]): Tensor {
  const x = tensorArgument(input, 'trace', 'input');
  ranked(x, 2, `trace: expected a matrix, but got tensor with dim ${x.shape.length}`);
  const [rows, columns] = x.shape as [number, number];
  const n = Math.min(rows, columns);
  const numbers = isFloat(x.dtype) ? x : op.convert(x, 'int64');
  const flat = op.reshape(numbers, [rows * columns]);
  const diagonal = op.slice(flat, {
    start: [0],
    limit: [Math.max(0, (n - 1) * (columns + 1) + Math.min(n, 1))],
    stride: [columns + 1],
  });
  return op.reduce_sum(diagonal, [0]);
}

const isScalar = (x: unknown): boolean => isForeign(x) && x.toCore().shape.length === 0;

/** inner: sums over the last dimension of both. */
function inner([input, other]: readonly unknown[]): Tensor {
  if (isScalar(input) || isScalar(other)) return op.multiply(...matched(promoted('inner', input, other)));
  const [a, b] = operands('inner', input, other, 'other');
  if (a.shape.at(-1) !== b.shape.at(-1)) {
    const message = `inner() the last dimension must match on both input tensors but got shapes [${a.shape.join(', ')}] and [${b.shape.join(', ')}]`;
    throw new RuntimeError('shape-mismatch', message);
  }
  return tensordot([a, b, [[-1], [-1]]]);
}

type ContractionName =
  | 'dot'
  | 'vdot'
  | 'inner'
  | 'mv'
  | 'mm'
  | 'bmm'
  | 'outer'
  | 'addmm'
  | 'addmv'
  | 'addbmm'
  | 'baddbmm'
  | 'einsum'
  | 'tensordot'
  | 'trace';

const matrix = (label: string, x: Tensor): Tensor =>
  ranked(x, 2, `mm: ${label} must be a matrix, got ${x.shape.length}-D tensor`);

export const contractions: { readonly [N in ContractionName]: Row } = {
  dot,
  vdot: { ...product('vdot', 'other', 'VdotBackward0', checkDot) },
  inner: row('inner', 'input other', (values) => (values.some(isScalar) ? 'MulBackward0' : 'ViewBackward0'), inner),
  mv: product('mv', 'vec', 'MvBackward0', (a, b) => {
    if (a.shape.length === 2 && b.shape.length === 1) return;
    const message = `vector + matrix @ vector expected, got 1, ${a.shape.length}, ${b.shape.length}`;
    throw new RuntimeError('rank-mismatch', message);
  }),
  mm: product('mm', 'mat2', 'MmBackward0', (a, b) => {
    matrix('self', a);
    matrix('mat2', b);
  }),
  bmm: product('bmm', 'mat2', 'BmmBackward0', checkBatches),
  outer: row('outer', 'input vec2', 'MulBackward0', outer),
  addmm: added('addmm', 'mat1', 'mat2', 2, false, 'AddmmBackward0'),
  addmv: added('addmv', 'mat', 'vec', 2, false, 'AddmvBackward0'),
  addbmm: added('addbmm', 'batch1', 'batch2', 3, true, 'AddbmmBackward0'),
  baddbmm: added('baddbmm', 'batch1', 'batch2', 3, false, 'BaddbmmBackward0'),
  einsum: { ...row('einsum', 'equation operands', einsumNode, einsum), read: einsumArguments },
  tensordot: row('tensordot', 'a b dims?', 'ViewBackward0', tensordot),
  trace: row('trace', 'input', 'TraceBackward0', trace),
};
