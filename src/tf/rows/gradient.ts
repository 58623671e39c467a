/** Gradients of activations and pools as operations of their own, as rows. */

import { showTf } from '../../conv/tf.js';
import { sameShape } from '../../shape/shape.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { checkKinds, intsArgument, invalid, operandsOf, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';
import { relu6Grad, reluGrad } from './activation.js';
import { FLOATS, NUMBERS } from './operands.js';
import { avgPoolAdjoint, isChannelsFirst, kindOf, outputShape, pooled, windowsOf } from './pool.js';

const POOL = 'ksize strides padding data_format?';

/** The gradient must have the shape of what it belongs to. */
function checkGradient(operation: string, gradient: Tensor, shape: readonly number[]): void {
  if (sameShape(gradient.shape, shape)) return;
  const message = `Expected grad shape to be ${showTf(shape)}, but got ${showTf(gradient.shape)}`;
  throw invalid(operation, 'shape-mismatch', message);
}

/** Max pooling is a gather by the places of the maxima; its adjoint scatters by them. */
const maxPoolGrad: Row = row(
  'MaxPoolGrad',
  'orig_input orig_output grad ksize strides padding explicit_paddings? data_format?',
  ([input, output, given, ksize, strides, padding, explicit, format]) => {
    const [x, , gradient] = operandsOf('MaxPoolGrad', [input, output, given]) as [Tensor, Tensor, Tensor];
    checkKinds('MaxPoolGrad', x.dtype, NUMBERS);
    const windows = windowsOf(kindOf('max', 2), x.shape, [ksize, strides, paddingOf(padding, explicit), format]);
    const places = op.window_argmax(x.plain, { ...windows, dilation: windows.size.map(() => 1) });
    checkGradient('MaxPoolGrad', gradient, places.shape);
    return op.scatter(gradient, places, x.shape);
  },
);

/** Each mean's gradient, shared among the cells of its window. */
const avgPoolGrad: Row = row('AvgPoolGrad', `orig_input_shape grad ${POOL}`, ([sizes, grad, ...options]) => {
  const gradient = tensorArgument(grad);
  checkKinds('AvgPoolGrad', gradient.dtype, FLOATS);
  const shape = intsArgument(sizes, 'AvgPoolGrad', { dtypes: ['int32'] });
  const kind = kindOf('avg', 2);
  const windows = windowsOf(kind, shape, options);
  checkGradient('AvgPoolGrad', gradient, outputShape(shape, windows));
  return avgPoolAdjoint(gradient, shape, windows, isChannelsFirst(kind, options[3]));
});

/** A padding of pairs from one list of all numbers. */
function paddingOf(padding: unknown, explicit: unknown): unknown {
  if (padding !== 'EXPLICIT') return padding;
  const numbers = intsArgument(explicit ?? [], 'MaxPoolGrad');
  return Array.from({ length: Math.ceil(numbers.length / 2) }, (_, i) => numbers.slice(2 * i, 2 * i + 2));
}

/** The gradient of an activation, as an operation of its own. */
const activationGrad = (name: string, f: typeof reluGrad): Row =>
  row(name, 'gradients features', ([given, features]) => {
    const [gradient, x] = operandsOf(name, [given, features]) as [Tensor, Tensor];
    checkKinds(name, x.dtype, NUMBERS);
    checkGradient(name, gradient, x.shape);
    return f(gradient, x);
  });

/** The gradient of a bias: the sum over all axes but the channels'. */
const biasAddGrad: Row = row('BiasAddGrad', 'out_backprop data_format?', ([given, format]) => {
  const gradient = tensorArgument(given);
  checkKinds('BiasAddGrad', gradient.dtype, NUMBERS);
  const rank = gradient.shape.length;
  if (rank < 2) {
    const message = `Input tensor must be at least 2D: ${showTf(gradient.shape)}`;
    throw invalid('BiasAddGrad', 'rank-mismatch', message);
  }
  const channels = format === 'NCHW' ? 1 : rank - 1;
  return op.reduce_sum(
    gradient,
    gradient.shape.map((_, axis) => axis).filter((axis) => axis !== channels),
  );
});

type GradientName =
  | 'max_pool_grad'
  | 'avg_pool_grad'
  | 'relu_grad'
  | 'relu6_grad'
  | 'bias_add_grad'
  | 'max_pool'
  | 'avg_pool';

export const gradients: { readonly [N in GradientName]: Row } = {
  max_pool_grad: maxPoolGrad,
  avg_pool_grad: avgPoolGrad,
  relu_grad: activationGrad('ReluGrad', reluGrad),
  relu6_grad: activationGrad('Relu6Grad', relu6Grad),
  bias_add_grad: biasAddGrad,
  max_pool: row(
    'MaxPool',
    'input ksize strides padding explicit_paddings? data_format?',
    ([input, ksize, strides, padding, explicit, format]) =>
      pooled('max', kindOf('max', 2), input, [ksize, strides, paddingOf(padding, explicit), format]),
  ),
  avg_pool: row('AvgPool', `value ${POOL}`, ([value, ...options]) => pooled('avg', kindOf('avg', 2), value, options)),
};
