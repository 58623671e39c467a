/** Arithmetic between tensors and numbers, as rows. */

import { NotImplementedError, RuntimeError } from '../../errors.js';
import { type BinaryName, broadcastBinary, broadcastTo } from '../../ops/composite.js';
import { type DType, isFloat } from '../../shape/dtype.js';
import { promoteTorch, type Strength } from '../../shape/promotion.js';
import { broadcast, broadcastShapes, type Shape } from '../../shape/shape.js';
import { isForeign } from '../../tensor/foreign.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { numberOf, operandArgument, scalarName, tensorArgument, wrongType } from '../arguments.js';
import { defaultFloat } from '../default.js';
import { type Row, row } from '../row.js';
import { operand, withRule } from './rule.js';

export const strengthOf = (value: unknown, tensor: Tensor): Strength =>
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

/** Two operands, and the dtype that they promote to. */
export interface Pair {
  readonly a: Tensor;
  readonly b: Tensor;
  readonly dtype: DType;
}

/** Both operands as tensors, and the dtype that they promote to. */
export function promoted(name: string, input: unknown, other: unknown, second = 'other'): Pair {
  const a = operandArgument(input, other, name, 'input');
  const b = operandArgument(other, input, name, second);
  checkBroadcast(a.shape, b.shape);
  return { a, b, dtype: promoteTorch(a.dtype, b.dtype, strengthOf(input, a), strengthOf(other, b), defaultFloat()) };
}

/** Two operands in one dtype and one shape. */
export function matched({ a, b, dtype }: Pair): [a: Tensor, b: Tensor] {
  const shape = broadcast(a.shape, b.shape);
  return [broadcastTo(op, op.convert(a, dtype), shape), broadcastTo(op, op.convert(b, dtype), shape)];
}

function binary(name: string, primitive: BinaryName, gradFn: Row['gradFn']): Row {
  return row(name, 'input other', gradFn, ([input, other]) => {
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

/** Where equal, half of the gradient to each; beside a NaN, all of it to both, as PyTorch has it. */
const extremeOf = (name: 'maximum' | 'minimum') => {
  const worse = name === 'maximum' ? 'LT' : 'GT';
  return withRule<null>(
    name,
    'inputs',
    (inputs) => op[name](operand(inputs, 0), operand(inputs, 1)),
    ({ inputs, gradient, op }, argument) => {
      const [mine, other] = [operand(inputs, argument), operand(inputs, 1 - argument)];
      const half = op.multiply(gradient, op.full(gradient, 0.5));
      const share = op.select(op.compare(mine, other, 'EQ'), half, gradient);
      return op.select(op.compare(mine, other, worse), op.full(gradient, 0), share);
    },
  );
};

export const extremes: { readonly [N in 'maximum' | 'minimum']: (inputs: readonly Tensor[], params: null) => Tensor } =
  {
    maximum: extremeOf('maximum'),
    minimum: extremeOf('minimum'),
  };

/** maximum and minimum, which take no numbers. */
function extreme(name: 'maximum' | 'minimum', gradFn: string): Row {
  return row(name, 'input other', gradFn, ([input, other]) => {
    tensorArgument(input, name, 'input');
    tensorArgument(other, name, 'other');
    return extremes[name](matched(promoted(name, input, other)), null);
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

/** A power by a number: n x^(n-1), and no gradient at all where n is 0. */
const powerOf: (inputs: readonly Tensor[], exponent: number) => Tensor = withRule<number>(
  'pow_scalar',
  'inputs',
  (inputs, exponent) => {
    const x = operand(inputs, 0);
    // Roots of minus infinity are NaN, which its powers of 1/2 are not.
    if (exponent === 0.5) return op.sqrt(x);
    return exponent === -0.5 ? op.rsqrt(x) : op.power(x, op.full(x, exponent));
  },
  ({ inputs, params: exponent, gradient, op }) => {
    const x = operand(inputs, 0);
    if (exponent === 0) return op.full(gradient, 0);
    const slope = exponent === 1 ? op.full(x, 1) : powerOf([x], exponent - 1);
    return op.multiply(gradient, op.multiply(slope, op.full(x, exponent)));
  },
);

/** To the power of a number or a tensor, in a dtype. */
function powered(a: Tensor, b: Tensor, exponent: unknown, dtype: DType): Tensor {
  if (isFloat(dtype) && typeof exponent === 'number') return powerOf([op.convert(a, dtype)], exponent);
  return broadcastBinary(op, 'power', a, b, dtype);
}

const quotient = ({ a, b, dtype }: Pair): Tensor =>
  broadcastBinary(op, 'divide', a, b, isFloat(dtype) ? dtype : defaultFloat());

const divided = (input: unknown, other: unknown): Tensor => quotient(promoted('div', input, other));

const sub = sum('sub', 'subtract', 'SubBackward0');
const mul = binary('mul', 'multiply', 'MulBackward0');

/**
 * start + weight * (end - start) where |weight| < 1/2, else end - (1 - weight) * (end - start): at weight 1 the end itself,
 * and infinite where one end is.
 */
function lerp([input, end, weight]: readonly unknown[]): Tensor {
  const [a, b] = [tensorArgument(input, 'lerp', 'input'), tensorArgument(end, 'lerp', 'end')];
  if (!isFloat(a.dtype)) {
    const kernel = isForeign(weight) ? 'lerp_kernel_tensor' : 'lerp_kernel_scalar';
    throw new NotImplementedError('dtype-mismatch', `"${kernel}" not implemented for '${scalarName[a.dtype]}'`);
  }
  const by = isForeign(weight)
    ? weight.toCore()
    : op.full({ shape: [], dtype: a.dtype }, numberOf(weight, 'lerp', 'weight'));
  for (const [name, x] of [
    ['end', b],
    ['weight', by],
  ] as const) {
    if (x.dtype === a.dtype) continue;
    throw new RuntimeError(
      'dtype-mismatch',
      `expected dtype ${cNames(a.dtype)} for \`${name}\` but got dtype ${cNames(x.dtype)}`,
    );
  }
  checkBroadcast(a.shape, b.shape);
  const { dtype } = a;
  const isNearStart = op.compare(op.abs(by.plain), op.full(by, 0.5), 'LT');
  const share = op.subtract(by, op.select(isNearStart, op.full(by, 0), op.full(by, 1)));
  const step = broadcastBinary(op, 'multiply', share, broadcastBinary(op, 'subtract', b, a, dtype), dtype);
  const { shape } = step;
  const whole = [a, b].map((x) => broadcastTo(op, x, shape)) as [Tensor, Tensor];
  return op.add(op.select(broadcastTo(op, isNearStart, shape), ...whole), step);
}

const cNames = (dtype: DType): string => (dtype === 'float32' ? 'float' : dtype === 'float64' ? 'double' : dtype);

/** addcmul and addcdiv: input + value * tensor1 * tensor2, or / tensor2. */
function fused(name: 'addcmul' | 'addcdiv', primitive: 'multiply' | 'divide', gradFn: string): Row {
  return row(name, 'input tensor1 tensor2 value=', gradFn, ([input, tensor1, tensor2, value]) => {
    const x = tensorArgument(input, name, 'input');
    const pair = promoted(name, tensorArgument(tensor1, name, 'tensor1'), tensorArgument(tensor2, name, 'tensor2'));
    if (name === 'addcdiv' && !isFloat(pair.dtype)) {
      throw new RuntimeError(
        'dtype-mismatch',
        'Integer division with addcdiv is no longer supported, and in a future  release addcdiv will perform a true ' +
          'division of tensor1 and tensor2. Use input + value * torch.true_divide(tensor1, tensor2)',
      );
    }
    const strengthOfPair = pair.a.shape.length + pair.b.shape.length === 0 ? 'scalar' : 'array';
    const dtype = promoteTorch(x.dtype, pair.dtype, strengthOf(input, x), strengthOfPair, defaultFloat());
    const product = broadcastBinary(op, primitive, pair.a, pair.b, dtype);
    checkBroadcast(x.shape, product.shape);
    // Integers take what is whole of a factor.
    const factor = typeof value === 'number' && !isFloat(dtype) ? Math.trunc(value) : value;
    return broadcastBinary(op, 'add', x, scaled(name, product, factor, dtype), dtype);
  });
}

const subtractedFrom = (gradFn: Row['gradFn']): Row =>
  row('rsub', 'input other alpha=', gradFn, ([input, other, alpha]) => sub.run([other, input, alpha]));

type ArithmeticName =
  | 'add'
  | 'sub'
  | 'mul'
  | 'rdiv'
  | 'rsub'
  | 'reflected_sub'
  | 'pow'
  | 'float_power'
  | 'maximum'
  | 'minimum'
  | 'lerp'
  | 'addcmul'
  | 'addcdiv';

export const arithmetic: { readonly [N in ArithmeticName]: Row } = {
  add: sum('add', 'add', 'AddBackward0'),
  sub,
  mul,
  // A number over a tensor is x.reciprocal() * number, to the last bit.
  rdiv: row(
    'rdiv',
    'input other',
    ([, other]) => (isForeign(other) ? 'DivBackward0' : 'MulBackward0'),
    ([input, other]) => (isForeign(other) ? divided(other, input) : mul.run([divided(1, input), other])),
  ),
  rsub: subtractedFrom((values) => `RsubBackward${isForeign(values[1]) ? 0 : 1}`),
  // Python's `other - input`, which is a sub where both are tensors.
  reflected_sub: subtractedFrom((values) => (isForeign(values[1]) ? 'SubBackward0' : 'RsubBackward1')),
  pow: row('pow', 'input exponent', powGradFn, ([input, exponent]) => {
    const { a, b, dtype } = promoted('pow', input, exponent, 'exponent');
    checkExponent(exponent, dtype);
    if (dtype === 'bool' && isForeign(exponent)) {
      throw new NotImplementedError('dtype-mismatch', `"pow" not implemented for '${scalarName[dtype]}'`);
    }
    return powered(a, b, exponent, dtype);
  }),
  float_power: row('float_power', 'input exponent', powGradFn, ([input, exponent]) => {
    const { a, b } = promoted('float_power', input, exponent, 'exponent');
    return powered(a, b, exponent, 'float64');
  }),
  maximum: extreme('maximum', 'MaximumBackward0'),
  minimum: extreme('minimum', 'MinimumBackward0'),
  lerp: row('lerp', 'input end weight', ([, , weight]) => `LerpBackward${isForeign(weight) ? 1 : 0}`, lerp),
  addcmul: fused('addcmul', 'multiply', 'AddcmulBackward0'),
  addcdiv: fused('addcdiv', 'divide', 'AddcdivBackward0'),
};
