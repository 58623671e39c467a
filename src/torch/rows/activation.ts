/** Activations, as rows. Where a function has two branches, the one that isn't taken is computed of a harmless number. */

import { NotImplementedError, RuntimeError, ValueError } from '../../errors.js';
import { isFloat } from '../../shape/dtype.js';
import { sameShape } from '../../shape/shape.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { dimension, numberArgument, scalarName, tensorArgument, wrongType } from '../arguments.js';
import { type Row, row } from '../row.js';
import { checkFloat, choose, divided, scaled, shifted, spread, without } from './formula.js';
import { fused } from './fused.js';

/** log(sigmoid(x)) = min(0, x) - log(1 + exp(-|x|)). */
export function logSigmoid(x: Tensor): Tensor {
  // -|x| by a choice, whose gradient at 0 is not 0.
  const low = choose(x, 'LT', 0, x, op.negate(x));
  return op.subtract(without(x, 'GE', 0), op.log_plus_one(op.exponential(low)));
}

/** alpha * (exp(x / beta) - 1) for x <= 0, else x; both multiplied by scale. */
function exponentialUnit(x: Tensor, alpha: number, scale = 1, beta = 1): Tensor {
  const low = scaled(op.exponential_minus_one(divided(without(x, 'GT', 0), beta)), alpha * scale);
  return choose(x, 'GT', 0, scaled(x, scale), low);
}

/** log(1 + exp(beta x)) / beta, and x where beta x is above the threshold. */
function softplus(x: Tensor, beta: number, threshold: number): Tensor {
  const inner = scaled(x, beta);
  const low = without(inner, 'GT', threshold);
  return choose(inner, 'GT', threshold, x, divided(op.log_plus_one(op.exponential(low)), beta));
}

/** x * (1 + erf(x / sqrt(2))) / 2. */
const gelu = fused((x: Tensor): Tensor => op.multiply(scaled(x, 0.5), shifted(op.erf(scaled(x, Math.SQRT1_2)), 1)));

/** The same by a tanh. */
const geluByTanh = fused((x: Tensor): Tensor => {
  const cube = op.multiply(op.multiply(x, x), x);
  const inner = scaled(op.add(x, scaled(cube, 0.044715)), Math.sqrt(2 / Math.PI));
  return op.multiply(scaled(x, 0.5), shifted(op.tanh(inner), 1));
});

/** x between two numbers; the gradient is 0 at these, too. */
function hardTanh(x: Tensor, least: number, most: number): Tensor {
  return choose(x, 'LE', least, op.full(x, least), choose(x, 'GE', most, op.full(x, most), x));
}

const hardSigmoid = (x: Tensor): Tensor => divided(hardTanh(shifted(x, 3), 0, 6), 6);

/** 0 to -3, x from 3, between them x (x + 3) / 6. */
const hardSwish = (x: Tensor): Tensor => divided(op.multiply(x, hardTanh(shifted(x, 3), 0, 6)), 6);

/** x less lambda towards 0. */
const softShrink = (x: Tensor, lambda: number): Tensor =>
  choose(x, 'GT', lambda, shifted(x, -lambda), choose(x, 'LT', -lambda, shifted(x, lambda), scaled(x, 0)));

/** x where it is further than lambda from 0. */
const hardShrink = (x: Tensor, lambda: number): Tensor => choose(op.abs(x.plain), 'LE', lambda, op.full(x, 0), x);

/** x / (1 + |x|). */
const softsign = (x: Tensor): Tensor => op.divide(x, shifted(op.abs(x), 1));

/** x above the threshold, else a value. */
const threshold = row('threshold', 'input threshold value inplace?', 'ThresholdBackward0', ([input, edge, value]) => {
  const x = tensorArgument(input, 'threshold', 'input');
  const whole = (number: number): number => (isFloat(x.dtype) ? number : Math.trunc(number));
  const from = whole(numberArgument(edge, 'threshold', 'threshold', 0));
  const other = whole(numberArgument(value, 'threshold', 'value', 0));
  return choose(x, 'LE', from, op.full(x, other), x);
});

/** Integers as floats. */
const floating = (x: Tensor): Tensor => (isFloat(x.dtype) ? x : op.convert(x, 'float32'));

type Numbers = readonly number[];

/**
 * An activation with numbers for parameters, `inplace` after them where PyTorch has it.
 *
 * @param kernel PyTorch's name of what isn't there for integers; null where integers are no matter
 */
function activation(
  call: string,
  parameters: { readonly [name: string]: number },
  gradFn: string,
  kernel: string | null,
  f: (x: Tensor, numbers: Numbers) => Tensor,
  inplace = true,
): Row {
  const names = Object.entries(parameters);
  const run = fused((x: Tensor, ...numbers: Numbers) => f(x, numbers));
  const text = ['input', ...names.map(([name]) => `${name}?`), ...(inplace ? ['inplace?'] : [])].join(' ');
  return row(call, text, gradFn, (values) => {
    const x = tensorArgument(values[0], call, 'input');
    const numbers = names.map(([name, fallback], i) => numberArgument(values[i + 1], call, name, fallback));
    if (kernel !== null) checkFloat(x, kernel);
    return run(x, ...numbers);
  });
}

/** hardtanh and relu6, which take integers, too. */
function clamped(
  call: string,
  parameters: { readonly [name: string]: number },
  bounds: (numbers: Numbers) => Numbers,
): Row {
  return activation(call, parameters, 'HardtanhBackward0', null, (x, numbers) => {
    const [least = 0, most = 0] = bounds(numbers);
    if (x.dtype === 'bool') throw new NotImplementedError('dtype-mismatch', 'Bool inputs not supported for hardtanh');
    if (least > most) throw new ValueError('bad-argument', 'min_val cannot be greater than max_val');
    return hardTanh(x, least, most);
  });
}

const geluRow = row('gelu', 'input approximate=', 'GeluBackward0', ([input, approximate = 'none']) => {
  const x = tensorArgument(input, 'gelu', 'input');
  if (typeof approximate !== 'string') throw wrongType('gelu', 'approximate', 'str', approximate);
  if (approximate !== 'none' && approximate !== 'tanh') {
    const message = `approximate argument must be either none or tanh, but is '${approximate}'.`;
    throw new RuntimeError('bad-argument', message);
  }
  checkFloat(x, 'GeluKernelImpl');
  return approximate === 'none' ? gelu(x) : geluByTanh(x);
});

/** One half of a dimension times the sigmoid of the other. */
const glu = row('glu', 'input dim?', 'GluBackward0', ([input, dim = -1]) => {
  const x = tensorArgument(input, 'glu', 'input');
  if (x.shape.length === 0) {
    throw new RuntimeError('rank-mismatch', 'glu does not support scalars because halving size must be even');
  }
  const axis = dimension(dim, x.shape.length, 'glu');
  const size = x.shape[axis] as number;
  if (size % 2 !== 0) {
    throw new RuntimeError('size-invalid', `Halving dimension must be even, but dimension ${axis} is size ${size}`);
  }
  checkFloat(x, 'glu_cpu');
  const half = (from: number): Tensor =>
    op.slice(x, {
      start: x.shape.map((_, a) => (a === axis ? from : 0)),
      limit: x.shape.map((n, a) => (a === axis ? from + size / 2 : n)),
      stride: x.shape.map(() => 1),
    });
  return op.multiply(half(0), op.logistic(half(size / 2)));
});

/** x, or below 0 `weight` times it: one for all, or one for each channel. */
const prelu = row('prelu', 'input weight', 'PreluKernelBackward0', ([input, weight]) => {
  const [x, w] = [tensorArgument(input, 'prelu', 'input'), tensorArgument(weight, 'prelu', 'weight')];
  if (x.dtype !== w.dtype) {
    const message = `prelu: Type promoting not supported. Got ${scalarName[x.dtype]} and ${scalarName[w.dtype]}`;
    throw new RuntimeError('dtype-mismatch', message);
  }
  const channels = x.shape.length > 1 ? (x.shape[1] as number) : 1;
  if (w.size !== 1 && (w.size !== channels || !sameShape(w.shape, [channels]))) {
    throw new RuntimeError(
      'shape-mismatch',
      `Mismatch of parameter numbers and input channel size. Found parameter numbers = ${w.size} and channel size = ${channels}.`,
    );
  }
  checkFloat(x, 'prelu_cpu');
  const slope = w.size === 1 ? spread(op.reshape(w, []), x.shape, []) : spread(w, x.shape, [1]);
  return choose(x, 'GT', 0, x, op.multiply(slope, x));
});

const SELU = { alpha: 1.6732632423543772, scale: 1.0507009873554805 };

type ActivationName =
  | 'relu6'
  | 'leaky_relu'
  | 'elu'
  | 'selu'
  | 'celu'
  | 'gelu'
  | 'silu'
  | 'mish'
  | 'softplus'
  | 'softsign'
  | 'hardtanh'
  | 'hardsigmoid'
  | 'hardswish'
  | 'logsigmoid'
  | 'tanhshrink'
  | 'softshrink'
  | 'hardshrink'
  | 'threshold'
  | 'glu'
  | 'prelu';

export const activations: { readonly [N in ActivationName]: Row } = {
  relu6: clamped('relu6', {}, () => [0, 6]),
  leaky_relu: activation(
    'leaky_relu',
    { negative_slope: 0.01 },
    'LeakyReluBackward0',
    'leaky_relu_cpu',
    (x, [slope = 0]) => choose(x, 'GT', 0, x, scaled(x, slope)),
  ),
  elu: activation('elu', { alpha: 1 }, 'EluBackward0', 'elu_cpu', (x, [alpha = 1]) => exponentialUnit(x, alpha)),
  selu: activation('selu', {}, 'EluBackward0', 'elu_cpu', (x) => exponentialUnit(x, SELU.alpha, SELU.scale)),
  celu: activation('celu', { alpha: 1 }, 'CeluBackward0', 'elu_cpu', (x, [alpha = 1]) => {
    if (alpha === 0) throw new RuntimeError('bad-argument', 'ZeroDivisionError: alpha cannot be 0 for CELU');
    return exponentialUnit(x, alpha, 1, alpha);
  }),
  gelu: geluRow,
  silu: activation('silu', {}, 'SiluBackward0', 'silu_cpu', (x) => op.multiply(x, op.logistic(x))),
  mish: activation('mish', {}, 'MishBackward0', 'mish_cpu', (x) => op.multiply(x, op.tanh(softplus(x, 1, 20)))),
  softplus: activation(
    'softplus',
    { beta: 1, threshold: 20 },
    'SoftplusBackward0',
    'softplus_cpu',
    (x, [beta = 1, threshold = 20]) => softplus(x, beta, threshold),
    false,
  ),
  softsign: activation('softsign', {}, 'DivBackward0', null, (x) => softsign(floating(x)), false),
  hardtanh: clamped('hardtanh', { min_val: -1, max_val: 1 }, (bounds) => bounds),
  hardsigmoid: activation('hardsigmoid', {}, 'HardsigmoidBackward0', 'hardsigmoid_cpu', hardSigmoid),
  hardswish: activation('hardswish', {}, 'HardswishBackward0', 'hardswish_cpu', hardSwish),
  logsigmoid: activation('logsigmoid', {}, 'LogSigmoidBackward0', 'log_sigmoid_cpu', logSigmoid, false),
  tanhshrink: activation(
    'tanhshrink',
    {},
    'SubBackward0',
    null,
    (x) => op.subtract(floating(x), op.tanh(floating(x))),
    false,
  ),
  softshrink: activation(
    'softshrink',
    { lambd: 0.5 },
    'SoftshrinkBackward0',
    'softshrink_check',
    (x, [lambda = 0.5]) => {
      if (lambda >= 0) return softShrink(x, lambda);
      const message = `lambda must be in range [0, 3.40282e+38] for input dtype ${scalarName[x.dtype]}, but found ${lambda}`;
      throw new RuntimeError('bad-argument', message);
    },
    false,
  ),
  hardshrink: activation(
    'hardshrink',
    { lambd: 0.5 },
    'HardshrinkBackward0',
    'hardshrink_cpu',
    (x, [lambda = 0.5]) => hardShrink(x, lambda),
    false,
  ),
  threshold,
  glu,
  prelu,
};
