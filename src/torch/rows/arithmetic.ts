/** Elementwise functions, as rows. */

import { NotImplementedError, RuntimeError } from '../../errors.js';
import { type BinaryName, broadcastBinary } from '../../ops/composite.js';
import type { Ops } from '../../ops/primitive.js';
import { type DType, isFloat } from '../../shape/dtype.js';
import { promoteTorch, type Strength } from '../../shape/promotion.js';
import { broadcastShapes, type Shape } from '../../shape/shape.js';
import { isForeign } from '../../tensor/foreign.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { operandArgument, scalarName, tensorArgument, wrongType } from '../arguments.js';
import { type Row, row } from '../row.js';

const strengthOf = (value: unknown, tensor: Tensor): Strength =>
  !isForeign(value) ? 'number' : tensor.shape.length === 0 ? 'scalar' : 'array';

/** @throws RuntimeError, in PyTorch's words, for shapes that don't broadcast */
export function checkBroadcast(a: Shape, b: Shape): void {
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

/** Both operands as tensors, and the dtype that they promote to. */
function promoted(name: string, input: unknown, other: unknown): { a: Tensor; b: Tensor; dtype: DType } {
  const a = operandArgument(input, other, name, 'input');
  const b = operandArgument(other, input, name, 'other');
  checkBroadcast(a.shape, b.shape);
  return { a, b, dtype: promoteTorch(a.dtype, b.dtype, strengthOf(input, a), strengthOf(other, b)) };
}

function binary(name: string, primitive: BinaryName, gradFn: Row['gradFn'], parameters = 'input other'): Row {
  return row(name, parameters, gradFn, ([input, other]) => {
    const { a, b, dtype } = promoted(name, input, other);
    return broadcastBinary(op, primitive, a, b, dtype);
  });
}

/** `alpha` times an operand, in the dtype of the result. */
function scaled(name: string, x: Tensor, alpha: unknown, dtype: DType): Tensor {
  if (alpha === undefined || alpha === 1) return x;
  if (typeof alpha === 'boolean' && dtype !== 'bool') {
    throw new RuntimeError('dtype-mismatch', 'Boolean alpha only supported for Boolean results.');
  }
  if (typeof alpha !== 'number' && typeof alpha !== 'boolean') throw wrongType(name, 'alpha', 'Number', alpha);
  if (!isFloat(dtype) && !Number.isInteger(Number(alpha))) {
    const message = 'For integral input tensors, argument alpha must not be a floating point number.';
    throw new RuntimeError('dtype-mismatch', message);
  }
  return broadcastBinary(op, 'multiply', x, op.full({ shape: [], dtype }, Number(alpha)), dtype);
}

/** Subtraction of truth values has no meaning. */
function checkSubtrahend(a: Tensor, b: Tensor): void {
  if (a.dtype !== 'bool' && b.dtype !== 'bool') return;
  throw new NotImplementedError(
    'dtype-mismatch',
    a.dtype === b.dtype
      ? 'Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.'
      : 'Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the ' +
          '`~` or `logical_not()` operator instead.',
  );
}

/** add and sub: `input + alpha * other`, `input - alpha * other`. */
function sum(name: 'add' | 'sub', primitive: BinaryName, gradFn: string): Row {
  return row(name, 'input other alpha=', gradFn, ([input, other, alpha]) => {
    const { a, b, dtype } = promoted(name, input, other);
    if (name === 'sub') checkSubtrahend(a, b);
    return broadcastBinary(op, primitive, a, scaled(name, b, alpha, dtype), dtype);
  });
}

/** maximum and minimum, which take no numbers. */
function extreme(name: 'maximum' | 'minimum', gradFn: string): Row {
  const { run } = binary(name, name, gradFn);
  return row(name, 'input other', gradFn, (values) => {
    tensorArgument(values[0], name, 'input');
    tensorArgument(values[1], name, 'other');
    return run(values);
  });
}

/** Whether a power would be a fraction where only integers are. */
function checkExponent(exponent: unknown, dtype: DType): void {
  if (typeof exponent !== 'number' || exponent >= 0 || isFloat(dtype)) return;
  throw new RuntimeError(
    'bad-argument',
    `Integers to negative integer powers are not allowed. The exponent is ${exponent}: use floats`,
  );
}

const powGradFn: Row['gradFn'] = ([input, exponent]) =>
  isForeign(input) ? (isForeign(exponent) ? 'PowBackward1' : 'PowBackward0') : 'PowBackward2';

type UnaryName = {
  [K in keyof Ops<Tensor>]: Ops<Tensor>[K] extends (x: Tensor) => Tensor ? K : never;
}[keyof Ops<Tensor>];

/** A function of floats: integers are converted first. */
function unary(name: string, primitive: UnaryName, gradFn: string): Row {
  return row(name, 'input', gradFn, ([input]) => {
    const x = tensorArgument(input, name, 'input');
    return op[primitive](isFloat(x.dtype) ? x : op.convert(x, 'float32'));
  });
}

/** A function that gives integers for integers, and refuses bool. */
function arithmeticUnary(name: string, f: (x: Tensor) => Tensor, gradFn: string, refusal: string): Row {
  return row(name, 'input', gradFn, ([input]) => {
    const x = tensorArgument(input, name, 'input');
    if (x.dtype === 'bool') throw new NotImplementedError('dtype-mismatch', refusal);
    return f(x);
  });
}

const relu = (x: Tensor): Tensor => {
  const zero = op.full(x, 0);
  return op.select(op.compare(x, zero, 'LE'), zero, x);
};

const div = row('div', 'input other', 'DivBackward0', ([input, other]) => {
  const { a, b, dtype } = promoted('div', input, other);
  return broadcastBinary(op, 'divide', a, b, isFloat(dtype) ? dtype : 'float32');
});
const sub = sum('sub', 'subtract', 'SubBackward0');
const mul = binary('mul', 'multiply', 'MulBackward0');

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
  | 'relu';

export const arithmetic: { readonly [N in ArithmeticName]: Row } = {
  add: sum('add', 'add', 'AddBackward0'),
  sub,
  mul,
  div,
  // A number over a tensor is x.reciprocal() * number, to the last bit.
  rdiv: row(
    'rdiv',
    'input other',
    ([, other]) => (isForeign(other) ? 'DivBackward0' : 'MulBackward0'),
    ([input, other]) => (isForeign(other) ? div.run([other, input]) : mul.run([div.run([1, input]), other])),
  ),
  rsub: row(
    'rsub',
    'input other',
    ([, other]) => (isForeign(other) ? 'SubBackward0' : 'RsubBackward1'),
    ([input, other]) => sub.run([other, input]),
  ),
  pow: row('pow', 'input exponent', powGradFn, ([input, exponent]) => {
    const a = operandArgument(input, exponent, 'pow', 'input');
    const b = operandArgument(exponent, input, 'pow', 'exponent');
    checkBroadcast(a.shape, b.shape);
    const dtype = promoteTorch(a.dtype, b.dtype, strengthOf(input, a), strengthOf(exponent, b));
    checkExponent(exponent, dtype);
    if (dtype === 'bool' && isForeign(exponent)) {
      throw new NotImplementedError('dtype-mismatch', `"pow" not implemented for '${scalarName[dtype]}'`);
    }
    return broadcastBinary(op, 'power', a, b, dtype);
  }),
  maximum: extreme('maximum', 'MaximumBackward0'),
  minimum: extreme('minimum', 'MinimumBackward0'),
  neg: arithmeticUnary(
    'neg',
    op.negate,
    'NegBackward0',
    'Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or ' +
      '`logical_not()` operator instead.',
  ),
  abs: arithmeticUnary('abs', op.abs, 'AbsBackward0', `"abs_cpu" not implemented for 'Bool'`),
  exp: unary('exp', 'exponential', 'ExpBackward0'),
  log: unary('log', 'log', 'LogBackward0'),
  sqrt: unary('sqrt', 'sqrt', 'SqrtBackward0'),
  tanh: unary('tanh', 'tanh', 'TanhBackward0'),
  sigmoid: unary('sigmoid', 'logistic', 'SigmoidBackward0'),
  relu: arithmeticUnary('relu', relu, 'ReluBackward0', 'Boolean inputs not supported for relu'),
};
