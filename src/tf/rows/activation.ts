/** Activations, as rows. */

import { TypeError_, ValueError } from '../../errors.js';
import { nth } from '../../ops/primitive.js';
import { isFloat } from '../../shape/dtype.js';
import { op, type Rule, type Tensor } from '../../tensor/tensor.js';
import { axisArgument, checkKinds, intArgument, invalid, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';
import { type Elementwise, elements, FLOATS, like, NUMBERS, unary, withRule } from './operands.js';

const scaled = (x: Tensor, factor: number): Tensor => op.multiply(x, like(x, factor));
const plus = (x: Tensor, value: number): Tensor => op.add(x, like(x, value));

/** A rule that chooses between gradients by the input. */
const choosing = (name: string, slope: (x: Tensor, gradient: Tensor) => Tensor): Rule => ({
  name,
  saves: 'inputs',
  vjp: ({ inputs, gradient }) => slope(nth(inputs, 0), gradient),
});

const isAbove = (x: Tensor, value: number): Tensor => op.compare(x, like(x, value), 'GT');
const isBelow = (x: Tensor, value: number): Tensor => op.compare(x, like(x, value), 'LT');

/** A gradient that depends on the features by their range alone: by the features it is zeros. */
function ranged(name: string, f: (x: Tensor, gradient: Tensor) => Tensor): (gradient: Tensor, x: Tensor) => Tensor {
  const rule: Rule = {
    name,
    saves: 'inputs',
    vjp: ({ inputs, gradient }, argument, op) =>
      argument === 0 ? apply(gradient, nth(inputs, 1)) : op.full(gradient, 0),
  };
  const apply = (gradient: Tensor, x: Tensor): Tensor => withRule(rule, [gradient, x], f(x.plain, gradient.plain));
  return apply;
}

type Gradient = ReturnType<typeof ranged>;

const within = (name: string, holds: (x: Tensor) => Tensor): Gradient =>
  ranged(name, (x, gradient) => op.select(holds(x), gradient, like(gradient, 0)));

export const reluGrad: Gradient = within('relu_grad', (x) => isAbove(x, 0));
export const relu6Grad: Gradient = within('relu6_grad', (x) => op.and(isAbove(x, 0), isBelow(x, 6)));

const reluRule = choosing('relu', (x, gradient) => reluGrad(gradient, x));

/** max(x, 0); a NaN stays, and has gradient 0. */
export const relu: Elementwise = (x) => withRule(reluRule, [x], op.maximum(x.plain, like(x, 0)));

const relu6Rule = choosing('relu6', (x, gradient) => relu6Grad(gradient, x));

/** min(max(x, 0), 6), with gradient 0 at both ends. */
const relu6: Elementwise = (x) => withRule(relu6Rule, [x], op.minimum(op.maximum(x.plain, like(x, 0)), like(x, 6)));

function leakyRelu(x: Tensor, alpha: number): Tensor {
  const bend = (y: Tensor, by: Tensor): Tensor => op.select(isAbove(y, 0), by, scaled(by, alpha));
  const gradient = ranged('leaky_relu_grad', bend);
  return withRule(
    choosing('leaky_relu', (y, by) => gradient(by, y)),
    [x],
    bend(x.plain, x.plain),
  );
}

/** A factor times x, or alpha (e^x - 1) below 0. */
function exponentialUnit(name: string, alpha: number, factor: number): Elementwise {
  const rule = choosing(name, (x, gradient) => {
    const slope = scaled(op.exponential(x), factor * alpha);
    return op.multiply(gradient, op.select(isBelow(x, 0), slope, like(x, factor)));
  });
  return (x) => {
    const { plain } = x;
    const curved = scaled(op.exponential_minus_one(plain), factor * alpha);
    return withRule(rule, [x], op.select(isBelow(plain, 0), curved, scaled(plain, factor)));
  };
}

const ALPHA = 1.6732632423543772;
const SCALE = 1.0507009873554805;

/** x Phi(x), by the error function, or by tanh. TensorFlow's constants are of single precision, whatever the dtype. */
function gelu(x: Tensor, approximate: boolean): Tensor {
  const half = scaled(x, 0.5);
  if (!approximate) return op.multiply(half, plus(op.erf(scaled(x, Math.fround(Math.SQRT1_2))), 1));
  const cube = op.multiply(x, op.multiply(x, x));
  const inner = scaled(op.add(x, scaled(cube, Math.fround(0.044715))), 0.7978845608028654);
  return op.multiply(half, plus(op.tanh(inner), 1));
}

const silu: Row = row('silu', 'features beta?', ([features, beta]) => {
  const x = elements('Sigmoid', features, FLOATS);
  const factor = beta === undefined ? x : op.multiply(x, tensorOf(beta, x));
  return op.multiply(x, op.logistic(factor));
});

/** A number for each cell of x. */
function tensorOf(value: unknown, x: Tensor): Tensor {
  const given = op.convert(tensorArgument(value, x.dtype), x.dtype);
  if (given.shape.length > 0) throw new ValueError('rank-mismatch', 'beta must be a scalar');
  return op.broadcast_in_dim(given, x.shape, []);
}

function number(value: unknown, name: string, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value === 'number') return value;
  throw new TypeError_('bad-argument', `${name} must be a number`);
}

type ActivationName = 'relu' | 'relu6' | 'leaky_relu' | 'elu' | 'selu' | 'gelu' | 'silu' | 'softsign' | 'crelu';

export const activations: { readonly [N in ActivationName]: Row } = {
  relu: unary(['relu', 'Relu'], NUMBERS, relu, 'features'),
  relu6: unary(['relu6', 'Relu6'], NUMBERS, relu6, 'features'),
  leaky_relu: row('leaky_relu', 'features alpha?', ([features, alpha]) => {
    const given = tensorArgument(features);
    const x = given.dtype === 'int32' || given.dtype === 'int64' ? op.convert(given, 'float32') : given;
    checkKinds('LeakyRelu', x.dtype, FLOATS);
    // The operation keeps its attribute in single precision.
    return leakyRelu(x, Math.fround(number(alpha, 'alpha', 0.2)));
  }),
  elu: unary(['elu', 'Elu'], FLOATS, exponentialUnit('elu', 1, 1), 'features'),
  selu: unary(['selu', 'Selu'], FLOATS, exponentialUnit('selu', ALPHA, SCALE), 'features'),
  gelu: row('gelu', 'features approximate?', ([features, approximate]) => {
    const x = tensorArgument(features);
    if (!isFloat(x.dtype)) {
      const message = `\`features.dtype\` must be a floating point tensor.Received:features.dtype=<dtype: '${x.dtype}'>`;
      throw new ValueError('dtype-mismatch', message);
    }
    return gelu(x, approximate === true);
  }),
  silu,
  softsign: unary(['softsign', 'Softsign'], FLOATS, (x) => op.divide(x, plus(op.abs(x), 1)), 'features'),
  crelu: row('crelu', 'features axis?', ([features, axis]) => {
    const x = elements('Relu', features, ['float', 'signed']);
    const at = axis === undefined ? -1 : intArgument(axis, 'axis');
    const rank = x.shape.length;
    const range = `ConcatOp : Expected concatenating dimensions in the range [${-rank}, ${rank}), but got ${at}`;
    const along = axisArgument(at, rank, () => invalid('ConcatV2', 'axis-out-of-range', range));
    return relu(op.concatenate([x, op.negate(x)], along));
  }),
};
