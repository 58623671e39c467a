/** Elementwise functions, reductions and products, as rows. */

import { RuntimeError } from '../../errors.js';
import { type BinaryName, broadcastBinary, keepAxes, matmul as matmulOf, mean as meanOf } from '../../ops/composite.js';
import type { Ops } from '../../ops/primitive.js';
import { isFloat } from '../../shape/dtype.js';
import { promoteTorch, type Strength } from '../../shape/promotion.js';
import { broadcastShapes, type Shape } from '../../shape/shape.js';
import { isForeign } from '../../tensor/foreign.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { dimensions, operandArgument, tensorArgument } from '../arguments.js';
import { dtypeArgument } from '../dtype.js';
import { type Row, row } from '../row.js';

const strengthOf = (value: unknown, tensor: Tensor): Strength =>
  !isForeign(value) ? 'number' : tensor.shape.length === 0 ? 'scalar' : 'array';

function checkBroadcast(a: Shape, b: Shape): void {
  if (broadcastShapes(a, b) !== null) return;
  const rank = Math.max(a.length, b.length);
  for (let axis = rank - 1; axis >= 0; axis--) {
    const [m, n] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    if (m === n || m === 1 || n === 1) continue;
    throw new RuntimeError(
      'shape-mismatch',
      `The size of tensor a (${m}) must match the size of tensor b (${n}) at non-singleton dimension ${axis}`,
    );
  }
}

function binary(name: string, primitive: BinaryName, gradFn: Row['gradFn']): Row {
  return row(name, 'input other', gradFn, ([input, other]) => {
    const a = operandArgument(input, other, name, 'input');
    const b = operandArgument(other, input, name, 'other');
    checkBroadcast(a.shape, b.shape);
    const dtype = promoteTorch(a.dtype, b.dtype, strengthOf(input, a), strengthOf(other, b));
    return broadcastBinary(op, primitive, a, b, name === 'div' && !isFloat(dtype) ? 'float32' : dtype);
  });
}

type UnaryName = {
  [K in keyof Ops<Tensor>]: Ops<Tensor>[K] extends (x: Tensor) => Tensor ? K : never;
}[keyof Ops<Tensor>];

/** A function of floats; integers are converted first where PyTorch does. */
function unary(name: string, primitive: UnaryName, gradFn: string, keepsIntegers = false): Row {
  return row(name, 'input', gradFn, ([input]) => {
    const x = tensorArgument(input, name, 'input');
    return op[primitive](isFloat(x.dtype) || keepsIntegers ? x : op.convert(x, 'float32'));
  });
}

const relu = (x: Tensor): Tensor => {
  const zero = op.full(x, 0);
  return op.select(op.compare(x, zero, 'GT'), x, zero);
};

/** Two names of one node: over all dimensions, and over some. */
const byDims =
  (name: string): Row['gradFn'] =>
  ([, dim]) =>
    `${name}${dim === undefined || dim === null ? 0 : 1}`;

const kept = (reduced: Tensor, x: Tensor, axes: readonly number[], keepdim: unknown): Tensor =>
  keepdim === true ? keepAxes(op, reduced, x.shape, axes) : reduced;

const matmulGradFn = (values: readonly unknown[]): string => {
  const [a, b] = values.map((value) => (isForeign(value) ? value.toCore().shape.length : 0));
  if (a === 1 && b === 1) return 'DotBackward0';
  if (a === 2 && b === 2) return 'MmBackward0';
  if (a === 2 && b === 1) return 'MvBackward0';
  return a === 3 && b === 3 ? 'BmmBackward0' : 'UnsafeViewBackward0';
};

const sub = binary('sub', 'subtract', 'SubBackward0');
const div = binary('div', 'divide', 'DivBackward0');

type ArithmeticName =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'rdiv'
  | 'rsub'
  | 'pow'
  | 'maximum'
  | 'minimum'
  | 'neg'
  | 'abs'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'tanh'
  | 'sigmoid'
  | 'relu'
  | 'sum'
  | 'mean'
  | 'amax'
  | 'amin'
  | 'matmul';

export const arithmetic: { readonly [N in ArithmeticName]: Row } = {
  add: binary('add', 'add', 'AddBackward0'),
  sub,
  mul: binary('mul', 'multiply', 'MulBackward0'),
  div,
  // `1 / x` is x.reciprocal() * 1
  rdiv: row('rdiv', 'input other', 'MulBackward0', ([input, other]) => div.run([other, input])),
  rsub: row('rsub', 'input other', 'RsubBackward1', ([input, other]) => sub.run([other, input])),
  pow: binary('pow', 'power', ([input, other]) =>
    isForeign(input) ? (isForeign(other) ? 'PowBackward1' : 'PowBackward0') : 'PowBackward2',
  ),
  maximum: binary('maximum', 'maximum', 'MaximumBackward0'),
  minimum: binary('minimum', 'minimum', 'MinimumBackward0'),
  neg: unary('neg', 'negate', 'NegBackward0', true),
  abs: unary('abs', 'abs', 'AbsBackward0', true),
  exp: unary('exp', 'exponential', 'ExpBackward0'),
  log: unary('log', 'log', 'LogBackward0'),
  sqrt: unary('sqrt', 'sqrt', 'SqrtBackward0'),
  tanh: unary('tanh', 'tanh', 'TanhBackward0'),
  sigmoid: unary('sigmoid', 'logistic', 'SigmoidBackward0'),
  relu: row('relu', 'input', 'ReluBackward0', ([input]) => relu(tensorArgument(input, 'relu', 'input'))),
  sum: row('sum', 'input dim?~ keepdim? dtype=~', byDims('SumBackward'), ([input, dim, keepdim, dtype]) => {
    const given = tensorArgument(input, 'sum', 'input');
    const wanted = dtype === undefined || dtype === null ? null : dtypeArgument(dtype);
    const x = op.convert(given, wanted ?? (isFloat(given.dtype) ? given.dtype : 'int64'));
    const axes = dimensions(dim, x.shape.length, 'sum');
    return kept(op.reduce_sum(x, axes), x, axes, keepdim);
  }),
  mean: row('mean', 'input dim?~ keepdim? dtype=~', byDims('MeanBackward'), ([input, dim, keepdim, dtype]) => {
    const given = tensorArgument(input, 'mean', 'input');
    const x = dtype === undefined || dtype === null ? given : op.convert(given, dtypeArgument(dtype));
    if (!isFloat(x.dtype)) {
      throw new RuntimeError(
        'dtype-mismatch',
        `mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: ${x.dtype}`,
      );
    }
    const axes = dimensions(dim, x.shape.length, 'mean');
    return kept(meanOf(op, x, axes), x, axes, keepdim);
  }),
  amax: row('amax', 'input dim?~ keepdim?', 'AmaxBackward0', ([input, dim, keepdim]) => {
    const x = tensorArgument(input, 'amax', 'input');
    const axes = dimensions(dim, x.shape.length, 'amax');
    return kept(op.reduce_max(x, axes), x, axes, keepdim);
  }),
  amin: row('amin', 'input dim?~ keepdim?', 'AminBackward0', ([input, dim, keepdim]) => {
    const x = tensorArgument(input, 'amin', 'input');
    const axes = dimensions(dim, x.shape.length, 'amin');
    return kept(op.reduce_min(x, axes), x, axes, keepdim);
  }),
  matmul: row('matmul', 'input other', matmulGradFn, ([input, other]) => {
    const [a, b] = [tensorArgument(input, 'matmul', 'input'), tensorArgument(other, 'matmul', 'other')];
    const [inner, outer] = [a.shape.at(-1), b.shape.length === 1 ? b.shape[0] : b.shape.at(-2)];
    if (a.dtype !== b.dtype) {
      throw new RuntimeError(
        'dtype-mismatch',
        `expected m1 and m2 to have the same dtype, but got: ${a.dtype} != ${b.dtype}`,
      );
    }
    if (a.shape.length === 0 || b.shape.length === 0) {
      const message = `both arguments to matmul need to be at least 1D, but they are ${a.shape.length}D and ${b.shape.length}D`;
      throw new RuntimeError('rank-mismatch', message);
    }
    if (inner !== outer) {
      const shapes = `${a.shape.join('x')} and ${b.shape.join('x')}`;
      throw new RuntimeError('shape-mismatch', `mat1 and mat2 shapes cannot be multiplied (${shapes})`);
    }
    return matmulOf(op, a, b);
  }),
};
