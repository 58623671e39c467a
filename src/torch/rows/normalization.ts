/** Normalisation, as rows: over the batch, over a layer, over groups of channels, over an instance. */

import { NotImplementedError, RuntimeError, ValueError, ZeroDivisionError } from '../../errors.js';
import { isFloat } from '../../shape/dtype.js';
import { type Shape, sameShape, showShape, sizeOf } from '../../shape/shape.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { sizeText } from '../../text/torch.js';
import { boolArgument, intArgument, intsArgument, numberArgument, scalarName, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';
import { cellsOf, checkFloat, meanOver, otherAxes, scaled, shifted, spread, squared } from './formula.js';
import { fused } from './fused.js';

/** A tensor or None. */
const optional = (value: unknown, call: string, name: string): Tensor | null =>
  value === undefined || value === null ? null : tensorArgument(value, call, name);

/** Parameters have the input's dtype. */
function checkDTypes(x: Tensor, ...parameters: readonly (Tensor | null)[]): void {
  const other = parameters.find((parameter) => parameter !== null && parameter.dtype !== x.dtype);
  if (other === undefined || other === null) return;
  throw new RuntimeError(
    'dtype-mismatch',
    x.dtype === 'float32'
      ? `mixed dtype (CPU): expect parameter to have scalar type of Float, but got ${scalarName[other.dtype]}`
      : 'mixed dtype (CPU): all inputs must share same datatype.',
  );
}

/** Mean and variance over some axes, kept apart, and what is left of x without its mean. */
interface Moments {
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly centred: Tensor;
}

function momentsOf(x: Tensor, axes: readonly number[]): Moments {
  const kept = otherAxes(x.shape, axes);
  const mean = meanOver(x, axes);
  const centred = op.subtract(x, spread(mean, x.shape, kept));
  return { mean, variance: meanOver(squared(centred), axes), centred };
}

/** y * weight + bias, each along its axes. */
function affine(y: Tensor, weight: Tensor | null, bias: Tensor | null, axes: readonly number[]): Tensor {
  const multiplied = weight === null ? y : op.multiply(y, spread(weight, y.shape, axes));
  return bias === null ? multiplied : op.add(multiplied, spread(bias, y.shape, axes));
}

/** Along which axes something is done. */
interface Axes {
  readonly axes: readonly number[];
}

/** x normalised over some axes. */
function normalized(x: Tensor, axes: readonly number[], eps: number): Tensor {
  const { centred, variance } = momentsOf(x, axes);
  return op.multiply(centred, spread(op.rsqrt(shifted(variance, eps)), x.shape, otherAxes(x.shape, axes)));
}

const layerNormOf = fused((x: Tensor, weight: Tensor | null, bias: Tensor | null, { axes }: Axes, eps: number) =>
  affine(normalized(x, axes, eps), weight, bias, axes),
);

/** Of x as samples, groups and cells; weight and bias along its own channels. */
const groupNormOf = fused(
  (x: Tensor, weight: Tensor | null, bias: Tensor | null, { shape }: { readonly shape: Shape }, eps: number) =>
    affine(op.reshape(normalized(op.reshape(x, shape), [2], eps), x.shape), weight, bias, [1]),
);

const rmsNormOf = fused((x: Tensor, weight: Tensor | null, { axes }: Axes, eps: number) => {
  const scale = op.rsqrt(shifted(meanOver(squared(x), axes), eps));
  return affine(op.multiply(x, spread(scale, x.shape, otherAxes(x.shape, axes))), weight, null, axes);
});

/** By the batch's own moments, which are given, too. */
const trained = fused((x: Tensor, weight: Tensor | null, bias: Tensor | null, eps: number) => {
  const { mean, variance, centred } = momentsOf(x, otherAxes(x.shape, [1]));
  const scale = op.rsqrt(shifted(variance, eps));
  const y = affine(centred, weight === null ? scale : op.multiply(scale, weight), bias, [1]);
  return { y, mean: mean.plain, variance: variance.plain };
});

/** By moments that are given. */
const evaluated = fused(
  (x: Tensor, mean: Tensor, variance: Tensor, weight: Tensor | null, bias: Tensor | null, eps: number) => {
    const scale = op.rsqrt(shifted(variance, eps));
    const centred = op.subtract(x, spread(mean, x.shape, [1]));
    return affine(centred, weight === null ? scale : op.multiply(scale, weight), bias, [1]);
  },
);

/** What batch_norm's running statistics become. */
export interface Running {
  readonly mean: Tensor | null;
  readonly variance: Tensor | null;
}

export interface BatchNorm {
  readonly y: Tensor;
  readonly running: Running | null;
}

interface BatchNormArguments {
  readonly x: Tensor;
  readonly mean: Tensor | null;
  readonly variance: Tensor | null;
  readonly weight: Tensor | null;
  readonly bias: Tensor | null;
  readonly training: boolean;
  readonly momentum: number;
  readonly eps: number;
}

/** Vectors of a number for each channel. */
function checkChannels(given: BatchNormArguments, channels: number): void {
  const { mean, variance, weight, bias } = given;
  for (const [name, tensor] of Object.entries({ running_mean: mean, running_var: variance, weight, bias })) {
    if (tensor === null || (tensor.shape.length === 1 && tensor.size === channels)) continue;
    throw new RuntimeError('shape-mismatch', `${name} should contain ${channels} elements not ${tensor.size}`);
  }
}

function checkBatchNorm(given: BatchNormArguments): void {
  const { x, mean, variance, training, weight, bias } = given;
  if (!training && (mean === null || variance === null)) {
    const name = mean === null ? 'running_mean' : 'running_var';
    throw new RuntimeError('missing-argument', `${name} must be defined in evaluation mode`);
  }
  if ((mean === null) !== (variance === null)) {
    throw new ValueError(
      'missing-argument',
      'running_mean and running_var must either both be None or neither be None',
    );
  }
  checkChannels(given, x.shape[1] ?? 0);
  checkFloat(x, 'batch_norm');
  checkDTypes(x, mean, variance, weight, bias);
}

/** What remains of a running statistic, and what comes to it. */
const run = (before: Tensor | null, now: Tensor, momentum: number): Tensor | null =>
  before && op.add(scaled(before.plain, 1 - momentum), scaled(now.plain, momentum));

function batchNormOf(given: BatchNormArguments): BatchNorm {
  const { x, weight, bias, eps, momentum } = given;
  if (!given.training && given.mean !== null && given.variance !== null) {
    return { y: evaluated(x, given.mean, given.variance, weight, bias, eps), running: null };
  }
  const { y, mean, variance } = trained(x, weight, bias, eps);
  const count = cellsOf(x.shape, otherAxes(x.shape, [1]));
  if (count === 0) return { y, running: null };
  return {
    y,
    running: {
      mean: run(given.mean, mean, momentum),
      variance: run(given.variance, scaled(variance, count / (count - 1)), momentum),
    },
  };
}

const BATCH_NORM = 'input running_mean~ running_var~ weight?~ bias?~ training? momentum? eps?';

/** Reads and runs batch_norm; the caller stores the running statistics. */
export function batchNorm(values: readonly unknown[]): BatchNorm {
  const [input, mean, variance, weight, bias, training, momentum, eps] = values;
  const x = tensorArgument(input, 'batch_norm', 'input');
  const given = {
    x,
    mean: optional(mean, 'batch_norm', 'running_mean')?.plain ?? null,
    variance: optional(variance, 'batch_norm', 'running_var')?.plain ?? null,
    weight: optional(weight, 'batch_norm', 'weight'),
    bias: optional(bias, 'batch_norm', 'bias'),
    training: boolArgument(training, 'batch_norm', 'training'),
    momentum: numberArgument(momentum, 'batch_norm', 'momentum', 0.1),
    eps: numberArgument(eps, 'batch_norm', 'eps', 1e-5),
  };
  if (given.eps < 0) throw new ValueError('bad-argument', `batch_norm eps must be non-negative, but got ${given.eps}`);
  if (
    given.training &&
    sizeOf(otherAxes(x.shape, [1]).map((axis) => x.shape[axis] as number)) === 1 &&
    x.shape.length > 1
  ) {
    const message = `Expected more than 1 value per channel when training, got input size ${sizeText(x.shape)}`;
    throw new ValueError('size-invalid', message);
  }
  checkBatchNorm(given);
  return batchNormOf(given);
}

const INSTANCE_NORM = 'input running_mean?~ running_var?~ weight?~ bias?~ use_input_stats? momentum? eps?';

/** One vector for each sample: [n * c] of [c]. */
const repeated = (x: Tensor | null, samples: number): Tensor | null =>
  x && op.reshape(op.broadcast_in_dim(x, [samples, ...x.shape], [1]), [samples * x.size]);

/** The mean over the samples of what each has. */
const overSamples = (x: Tensor | null, samples: number): Tensor | null =>
  x && meanOver(op.reshape(x, [samples, x.size / samples]), [0]);

/** instance_norm is batch_norm of one sample that has the channels of all. */
export function instanceNorm(values: readonly unknown[]): BatchNorm {
  const call = 'instance_norm';
  const [input, mean, variance, weight, bias, useInputStats, momentum, eps] = values;
  const x = tensorArgument(input, call, 'input');
  const stats = boolArgument(useInputStats, call, 'use_input_stats', true);
  const [samples = 1, channels = 1, ...space] = x.shape;
  if (stats && sizeOf(space) === 1) {
    const message = `Expected more than 1 spatial element when training, got input size ${sizeText(x.shape)}`;
    throw new ValueError('size-invalid', message);
  }
  if (!stats && (mean === undefined || mean === null || variance === undefined || variance === null)) {
    const message = 'Expected running_mean and running_var to be defined when use_input_stats is false';
    throw new RuntimeError('missing-argument', message);
  }
  const { y, running } = batchNormOf(
    checked({
      x: op.reshape(x, [1, samples * channels, ...space]),
      mean: repeated(optional(mean, call, 'running_mean')?.plain ?? null, samples),
      variance: repeated(optional(variance, call, 'running_var')?.plain ?? null, samples),
      weight: repeated(optional(weight, call, 'weight'), samples),
      bias: repeated(optional(bias, call, 'bias'), samples),
      training: stats,
      momentum: numberArgument(momentum, call, 'momentum', 0.1),
      eps: numberArgument(eps, call, 'eps', 1e-5),
    }),
  );
  return {
    y: op.reshape(y, x.shape),
    running: running && {
      mean: overSamples(running.mean, samples),
      variance: overSamples(running.variance, samples),
    },
  };
}

function checked(given: BatchNormArguments): BatchNormArguments {
  checkBatchNorm(given);
  return given;
}

/** The axes that normalized_shape names: the last ones. */
function lastAxes(x: Tensor, shape: readonly number[], star: string): number[] {
  if (shape.length < 1) {
    throw new RuntimeError(
      'rank-mismatch',
      `Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got ` +
        `normalized_shape = ${showShape(shape)}`,
    );
  }
  const lead = x.shape.length - shape.length;
  if (lead < 0 && star === '') {
    throw new ValueError(
      'rank-mismatch',
      `Input tensor must have at least ${shape.length} dimensions, but got ${x.shape.length}`,
    );
  }
  if (lead < 0 || !sameShape(x.shape.slice(lead), shape)) {
    throw new RuntimeError(
      'shape-mismatch',
      `Given normalized_shape=${showShape(shape)}, expected input with shape [*${star}${shape.join(', ')}], but got ` +
        `input of size${showShape(x.shape)}`,
    );
  }
  return shape.map((_, axis) => lead + axis);
}

function checkParameter(name: string, parameter: Tensor | null, shape: Shape): void {
  if (parameter === null || sameShape(parameter.shape, shape)) return;
  throw new RuntimeError(
    'shape-mismatch',
    `Expected ${name} to be of same shape as normalized_shape, but got ${name} of shape ${showShape(parameter.shape)} ` +
      `and normalized_shape = ${showShape(shape)}`,
  );
}

const layerNorm = row(
  'layer_norm',
  'input normalized_shape weight?~ bias?~ eps?',
  'NativeLayerNormBackward0',
  ([input, normalizedShape, weight, bias, eps]) => {
    const x = tensorArgument(input, 'layer_norm', 'input');
    const shape = intsArgument(normalizedShape, 'layer_norm', 'normalized_shape');
    const [w, b] = [optional(weight, 'layer_norm', 'weight'), optional(bias, 'layer_norm', 'bias')];
    const axes = lastAxes(x, shape, ', ');
    checkParameter('weight', w, shape);
    checkParameter('bias', b, shape);
    checkFloat(x, 'LayerNormKernelImpl');
    checkDTypes(x, w, b);
    return layerNormOf(x, w, b, { axes }, numberArgument(eps, 'layer_norm', 'eps', 1e-5));
  },
);

const EPSILON = { float32: 2 ** -23, float64: 2 ** -52 };

const rmsNorm = row(
  'rms_norm',
  'input normalized_shape weight?~ eps?~',
  'MulBackward0',
  ([input, normalizedShape, weight, eps]) => {
    const x = tensorArgument(input, 'rms_norm', 'input');
    const shape = intsArgument(normalizedShape, 'rms_norm', 'normalized_shape');
    const w = optional(weight, 'rms_norm', 'weight');
    const axes = lastAxes(x, shape, '');
    checkParameter('weight', w, shape);
    checkFloat(x, 'rms_norm');
    checkDTypes(x, w);
    const least = numberArgument(
      eps ?? undefined,
      'rms_norm',
      'eps',
      EPSILON[x.dtype === 'float64' ? 'float64' : 'float32'],
    );
    return rmsNormOf(x, w, { axes }, least);
  },
);

function checkGroups(x: Tensor, groups: number, w: Tensor | null, b: Tensor | null): void {
  const [samples = 1, channels = 0, ...space] = x.shape;
  const refuse = (message: string): never => {
    throw new RuntimeError('groups-invalid', message);
  };
  if (x.shape.length < 2) refuse(`Expected at least 2 dimensions for input tensor but received ${x.shape.length}`);
  if (groups === 0)
    throw new ZeroDivisionError('groups-invalid', 'integer division or modulo by zero: num_groups is 0');
  if (groups < 1) refuse(`Expected num groups to be greater than 0, got ${groups}`);
  if (channels % groups !== 0) {
    const given = `but got input of shape ${showShape(x.shape)} and num_groups=${groups}`;
    refuse(`Expected number of channels in input to be divisible by num_groups, ${given}`);
  }
  if ((samples * channels * sizeOf(space)) / groups === 1) {
    const message = `Expected more than 1 value per channel when training, got input size ${showShape(x.shape)}`;
    throw new ValueError('size-invalid', message);
  }
  for (const [name, parameter] of [
    ['weight', w],
    ['bias', b],
  ] as const) {
    if (parameter === null || sameShape(parameter.shape, [channels])) continue;
    throw new RuntimeError(
      'shape-mismatch',
      `Expected ${name} to be a vector of size equal to the number of channels in input, but got ${name} of shape ` +
        `${showShape(parameter.shape)} and input of shape ${showShape(x.shape)}`,
    );
  }
}

const groupNorm = row(
  'group_norm',
  'input num_groups weight?~ bias?~ eps?',
  'NativeGroupNormBackward0',
  ([input, numGroups, weight, bias, eps]) => {
    const x = tensorArgument(input, 'group_norm', 'input');
    const groups = intArgument(numGroups, 'group_norm', 'num_groups');
    const [w, b] = [optional(weight, 'group_norm', 'weight'), optional(bias, 'group_norm', 'bias')];
    checkGroups(x, groups, w, b);
    checkFloat(x, 'GroupNormKernelImpl');
    checkDTypes(x, w, b);
    const [samples = 0, channels = 0, ...space] = x.shape;
    const shape = [samples, groups, (channels / groups) * sizeOf(space)];
    return groupNormOf(x, w, b, { shape }, numberArgument(eps, 'group_norm', 'eps', 1e-5));
  },
);

/** x / (k + alpha / size * the sum of squares of `size` neighbouring channels) ** beta. */
const localResponseNorm = row(
  'local_response_norm',
  'input size alpha? beta? k?',
  'DivBackward0',
  ([input, size, alpha, beta, k]) => {
    const call = 'local_response_norm';
    const x = tensorArgument(input, call, 'input');
    const width = intArgument(size, call, 'size');
    if (x.shape.length < 3) {
      const message = `Expected 3D or higher dimensionality                          input (got ${x.shape.length} dimensions)`;
      throw new ValueError('rank-mismatch', message);
    }
    if (width < 1)
      throw new RuntimeError('size-invalid', `kernel size should be greater than zero, but got kH: ${width} kW: 1`);
    if (!isFloat(x.dtype))
      throw new NotImplementedError('dtype-mismatch', `"${call}" not implemented for '${scalarName[x.dtype]}'`);
    const before = Math.floor(width / 2);
    const [samples = 0, channels = 0, ...space] = x.shape;
    const window = { stride: 1, lo: before, hi: width - 1 - before, inputDilation: 1, kernelDilation: 1 };
    const squares = op.reshape(squared(x), [samples, channels, sizeOf(space)]);
    const sums = op.convolution(squares, op.full({ shape: [width], dtype: x.dtype }, 1), {
      windows: [window, { ...window, lo: 0, hi: 0 }],
      flip: false,
      input: 'n01',
      kernel: '0',
      output: 'n01',
      precision: 'exact',
    });
    const mean = scaled(op.reshape(sums, x.shape), numberArgument(alpha, call, 'alpha', 1e-4) / width);
    const base = shifted(mean, numberArgument(k, call, 'k', 1));
    return op.divide(x, op.power(base, op.full(base, numberArgument(beta, call, 'beta', 0.75))));
  },
);

type NormalizationName =
  | 'batch_norm'
  | 'instance_norm'
  | 'layer_norm'
  | 'rms_norm'
  | 'group_norm'
  | 'local_response_norm';

export const normalizations: { readonly [N in NormalizationName]: Row } = {
  batch_norm: row('batch_norm', BATCH_NORM, 'NativeBatchNormBackward0', (values) => batchNorm(values).y),
  instance_norm: row('instance_norm', INSTANCE_NORM, 'ViewBackward0', (values) => instanceNorm(values).y),
  layer_norm: layerNorm,
  rms_norm: rmsNorm,
  group_norm: groupNorm,
  local_response_norm: localResponseNorm,
};
