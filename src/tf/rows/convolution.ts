/** conv1d to conv3d_transpose, as rows: names and defaults over the one convolution. */

import { adjointOfInput, adjointOfKernel } from '../../conv/convolution.js';
import { type ConvSpec, type Lowered, lower } from '../../conv/spec.js';
import { showTf, type TfConvKind, type TfConvOptions, tfConvSpec, tfLayout } from '../../conv/tf.js';
import { type ErrorCode, TypeError_, ValueError } from '../../errors.js';
import type { DType as Name } from '../../shape/dtype.js';
import { type Shape, sameShape, show, sizeOf } from '../../shape/shape.js';
import { isForeign } from '../../tensor/foreign.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { tuple } from '../../text/python.js';
import { checkDtype, intsArgument, invalid, mismatchFrom, operandsOf } from '../arguments.js';
import { type Row, row } from '../row.js';

/** One of the functions: its rank, its name for strides, and the operation that TensorFlow runs. */
export interface Kind extends TfConvKind {
  readonly operation: string;
  readonly dtypes: readonly Name[];
}

const dtypes: readonly (readonly Name[])[] = [
  [],
  ['float32', 'float64', 'int32'],
  ['float32', 'float64', 'int32'],
  ['float32', 'float64'],
];

const operations = ['', 'Conv2D', 'Conv2D', 'Conv3D'] as const;
const adjoints = ['', 'Conv2DBackpropInput', 'Conv2DBackpropInput', 'Conv3DBackpropInputV2'] as const;

export const forward = (rank: number): Kind => ({
  rank,
  stridesName: rank === 1 ? 'stride' : 'strides',
  operation: operations[rank] as string,
  dtypes: dtypes[rank] as readonly Name[],
  // In three dimensions TensorFlow knows no groups.
  grouped: rank < 3,
});

export const transposed = (rank: number): Kind => ({
  ...forward(rank),
  operation: adjoints[rank] as string,
  transposed: true,
});

/** Strides and the like may be given as a tensor. */
const asList = (value: unknown, operation: string): unknown =>
  isForeign(value) ? intsArgument(value, operation) : value;

/** Only two dimensions have explicit padding, unless the input is padded first, as for a dilated convolution. */
export function optionsOf(
  kind: Kind,
  [strides, padding, format, dilations]: readonly unknown[],
  explicit = true,
): TfConvOptions {
  if (Array.isArray(padding) && (kind.rank !== 2 || !explicit)) {
    throw new TypeError_('bad-argument', `Expected string for argument 'padding' not ${show(padding)}.`);
  }
  return {
    strides: asList(strides, kind.operation),
    padding,
    data_format: format,
    dilations: asList(dilations, kind.operation),
  } as TfConvOptions;
}

/** The convolution of operands of their own shapes. */
export function convolved(
  x: Tensor,
  w: Tensor,
  { convolution, inputShape, kernelShape, outputShape }: Lowered,
): Tensor {
  return reshaped(op.convolution(reshaped(x, inputShape), reshaped(w, kernelShape), convolution), outputShape);
}

const reshaped = (x: Tensor, shape: Shape): Tensor => (sameShape(x.shape, shape) ? x : op.reshape(x, shape));

/** Any axes in front of one sample's are one batch. */
export function convolve(kind: Kind, input: unknown, filters: unknown, options: TfConvOptions): Tensor {
  const [x, w] = operandsOf(kind.operation, [input, filters]) as [Tensor, Tensor];
  checkDtype(kind.operation, x.dtype, kind.dtypes);
  const lead = x.shape.length - kind.rank - 1;
  const sample = x.shape.slice(lead);
  const isNested = lead > 1;
  const batch = isNested ? op.reshape(x, [sizeOf(x.shape.slice(0, lead)), ...sample]) : x;
  const spec = tfConvSpec(kind, batch.shape, w.shape, options);
  const y = convolved(batch, w, lower(spec, batch.shape, w.shape));
  return isNested ? op.reshape(y, [...x.shape.slice(0, lead), ...y.shape.slice(1)]) : y;
}

/** The shape of a convolution's output with its channels split into groups where the kernel's are. */
export function groupedShape(outputShape: Shape, spec: ConvSpec): Shape {
  const axis = spec.layout.output.indexOf('C');
  const groups = spec.featureGroups;
  if (groups === 1) return outputShape;
  return outputShape.flatMap((size, i) => (i === axis ? [groups, size / groups] : [size]));
}

/**
 * The sizes that a transposed convolution is to give. In two dimensions, height and width will do: samples are then the
 * input's, channels the filter's.
 */
function outputShapeOf(kind: Kind, sizes: unknown, gy: Tensor, w: Tensor, layout: string): number[] {
  const { operation, rank } = kind;
  if (typeof sizes === 'number') {
    throw invalid(operation, 'rank-mismatch', `${operation}: input_sizes input must be 1-dim, not 0`);
  }
  const given = intsArgument(sizes, operation, { dtypes: ['int32'] });
  const negative = given.find((size) => size < 0);
  if (negative !== undefined) throw invalid(operation, 'size-invalid', `Dimension ${negative} must be >= 0`);
  if (given.length === rank + 2) return given;
  if (rank === 3) throw invalid(operation, 'rank-mismatch', 'input tensor must have 5 dimensions');
  if (rank !== 2 || given.length !== 2) {
    const needed = rank === 2 ? '4 values or 2 values' : '3 values';
    const message = `${operation} requires input_sizes to contain ${needed}, but got: ${given.length}`;
    throw invalid(operation, 'rank-mismatch', message);
  }
  const [height, width] = given as [number, number];
  const sizeOfAxis: { readonly [letter: string]: number } = {
    N: gy.shape[0] as number,
    C: w.shape[2] as number,
    H: height,
    W: width,
  };
  return [...layout].map((letter) => sizeOfAxis[letter] as number);
}

/** The input must be what the convolution whose adjoint this is would give. */
function checkAgainst(kind: Kind, spec: ConvSpec, gy: Tensor, w: Tensor, output: Shape, expected: Shape): void {
  const { operation } = kind;
  const kernel = kind.rank === 3 ? 'Conv3DBackpropInputOp' : 'Conv2DCustomBackpropInput';
  const layout = spec.layout.output;
  const [batch, channels] = [layout.indexOf('N'), layout.indexOf('C')];
  if (gy.shape[batch] !== output[batch]) {
    const message = `Input batch: ${output[batch]}, outbackprop batch: ${gy.shape[batch]}, batch_dim: ${batch}`;
    const needed = `${kernel}: input and out_backprop must have the same batch size.`;
    throw invalid(operation, 'shape-mismatch', `${needed} ${message}`);
  }
  if (gy.shape[channels] !== expected[channels]) {
    const [given, needed] = [gy.shape[channels], expected[channels]];
    const message =
      kind.rank === 3
        ? 'out_backprop and filter_sizes must have the same number of channels. ' +
          `Got ${given} for out_backprop and ${needed} for filter_sizes`
        : `${kernel}: filter and out_backprop must have the same out_depth: ${needed} vs ${given}`;
    throw invalid(operation, 'channels-mismatch', message);
  }
  expected.forEach((size, axis) => {
    if (gy.shape[axis] === size) return;
    const i = [...layout].filter((letter) => letter !== 'N' && letter !== 'C').indexOf(layout[axis] as string);
    throw invalid(
      operation,
      'shape-mismatch',
      `${kernel}: Size of out_backprop doesn't match computed: actual = ${gy.shape[axis]}, computed = ${size} ` +
        `spatial_dim: ${axis} input: ${output[axis]} filter: ${w.shape[i]} output: ${gy.shape[axis]} ` +
        `stride: ${spec.stride[i]} dilation: ${spec.kernelDilation[i]}`,
    );
  });
}

/** The adjoint, by its input, of the convolution that takes tensors of shape `sizes` to ones like gy. */
export function transpose(
  kind: Kind,
  input: unknown,
  filters: unknown,
  sizes: unknown,
  options: TfConvOptions,
): Tensor {
  const [w, gy] = operandsOf(kind.operation, [filters, input], null, mismatchFrom(1)) as [Tensor, Tensor];
  checkDtype(kind.operation, gy.dtype, kind.dtypes);
  const output = outputShapeOf(kind, sizes, gy, w, tfLayout(options.data_format, kind.rank));
  if (gy.shape.length !== kind.rank + 2) {
    const message = `input must be ${kind.rank + 2}-dimensional, got: ${gy.shape.length}`;
    throw invalid(kind.operation, 'rank-mismatch', message);
  }
  const spec = tfConvSpec(kind, output, w.shape, options);
  const { convolution, inputShape, kernelShape, outputShape } = lower(spec, output, w.shape);
  checkAgainst(kind, spec, gy, w, output, outputShape);
  return convolved(gy, w, {
    convolution: adjointOfInput(convolution, inputShape, kernelShape),
    inputShape: groupedShape(outputShape, spec),
    kernelShape,
    outputShape: output,
  });
}

/** The adjoint by its filter, of shape `filter`, of the convolution that takes x to tensors like gy. */
export function backpropFilter(kind: Kind, x: Tensor, filter: Shape, gy: Tensor, options: TfConvOptions): Tensor {
  const spec = tfConvSpec(kind, x.shape, filter, options);
  const { convolution, inputShape, kernelShape, outputShape } = lower(spec, x.shape, filter);
  if (!sameShape(gy.shape, outputShape)) {
    const given = `${showTf(gy.shape)}, where input and filter give ${showTf(outputShape)}`;
    const message = `${kind.operation}: out_backprop has shape ${given}`;
    throw invalid(kind.operation, 'shape-mismatch', message);
  }
  return convolved(x, gy, {
    convolution: adjointOfKernel(convolution, inputShape, kernelShape),
    inputShape,
    kernelShape: groupedShape(outputShape, spec),
    outputShape: filter,
  });
}

/** Input and gradient of one dtype that an operation takes, and the filter's sizes. */
export function backpropOperands(
  kind: Kind,
  input: unknown,
  sizes: unknown,
  outBackprop: unknown,
): [Tensor, number[], Tensor] {
  const [x, gy] = operandsOf(kind.operation, [input, outBackprop], null, mismatchFrom(1)) as [Tensor, Tensor];
  checkDtype(kind.operation, x.dtype, kind.dtypes);
  return [x, intsArgument(sizes, kind.operation, { dtypes: ['int32'], index: 1 }), gy];
}

/** conv3d takes nothing but full lists. */
function checkList(value: unknown, name: string): void {
  if (value === undefined || value === null) return;
  const list: unknown = asList(value, 'Conv3D');
  if (!Array.isArray(list)) {
    throw new TypeError_('bad-argument', `Expected list for '${name}' argument to 'conv3d' Op, not ${show(value)}.`);
  }
  if (list.length === 5) return;
  const message = `Length for attr '${name}' of ${list.length} must be at least minimum 5`;
  throw invalid('Conv3D', 'rank-mismatch', message);
}

/** The spatial ones of numbers that may be given for every axis. */
const spatialOf = (numbers: readonly number[], rank: number, isFirst: boolean): readonly number[] => {
  if (numbers.length === rank + 2) return isFirst ? numbers.slice(2) : numbers.slice(1, -1);
  return numbers.length === 1 ? new Array<number>(rank).fill(numbers[0] as number) : numbers;
};

/** TensorFlow makes a dilated convolution of an ordinary one over blocks, and checks its arguments on the way. */
function checkDilated(
  kind: Kind,
  x: Tensor,
  w: Tensor,
  { strides, dilations, padding, format }: DilatedArguments,
): void {
  const { rank } = kind;
  const refuse = (code: ErrorCode, message: string): never => {
    throw new ValueError(code, message);
  };
  const known = [[], ['NWC', 'NCW'], ['NHWC', 'NCHW'], ['NDHWC', 'NCDHW']][rank] as readonly string[];
  if (typeof format === 'string' && !known.includes(format)) {
    refuse('bad-argument', `\`data_format\` must be '${known[0]}' or '${known[1]}'. Received: data_format=${format}`);
  }
  if (x.shape.length < rank + 2) {
    const given = `input.shape=${tuple(x.shape)} of rank ${x.shape.length} and num_spatial_dims=${rank}`;
    refuse('rank-mismatch', `\`input.shape.rank\` must be >= than \`num_spatial_dims + 2\`. Received: ${given}`);
  }
  const shown = (numbers: readonly number[]): string => `[${numbers.join(' ')}]`;
  if (strides.some((n) => n < 1)) {
    refuse('stride-invalid', `all values of \`strides\` must be positive. Received: strides=${shown(strides)}`);
  }
  if (dilations.some((n) => n < 1)) {
    const message = 'all values of `dilation_rate` must be positive. Received: dilation_rate=';
    refuse('stride-invalid', `${message}${shown(dilations)}`);
  }
  if (strides.some((n) => n > 1) && dilations.some((n) => n > 1)) {
    refuse(
      'stride-invalid',
      '`strides > 1` not supported in conjunction with `dilation_rate > 1`. ' +
        `Received: strides=${shown(strides)} and dilation_rate=${shown(dilations)}`,
    );
  }
  if (typeof padding === 'string' && padding !== 'SAME' && padding !== 'VALID') {
    refuse('padding-invalid', `\`padding\` must be one of 'SAME' or 'VALID'. Received: padding=${padding}`);
  }
  const channels =
    x.shape[typeof format === 'string' && format[1] === 'C' ? x.shape.length - rank - 1 : x.shape.length - 1];
  if ((channels as number) % (w.shape[rank] as number) !== 0) {
    refuse(
      'channels-mismatch',
      'The number of input channels is not divisible by the corresponding number of output filters. ' +
        `Received: input.shape=${tuple(x.shape)} with ${channels} channels and filters.shape=${tuple(w.shape)} ` +
        `with ${w.shape[rank]} output filters.`,
    );
  }
}

interface DilatedArguments {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: unknown;
  readonly format: unknown;
}

/** Strides or dilations as a list, which must be of a length that makes sense. */
function listOf(value: unknown, name: string, { operation, rank }: Kind): readonly number[] | null {
  if (value === undefined || value === null) return null;
  const numbers = intsArgument(value, operation);
  if ([1, rank, rank + 2].includes(numbers.length)) return numbers;
  throw new ValueError(
    'rank-mismatch',
    `${name} should be of length 1, ${rank} or ${rank + 2}. ` +
      `Received: ${name}=${show(numbers)} of length ${numbers.length}`,
  );
}

/** convolution: of any rank, by the filter's. */
function anyConvolution([input, filters, strides, padding = 'VALID', format, dilations]: readonly unknown[]): Tensor {
  const [x, w] = operandsOf('Conv2D', [input, filters]) as [Tensor, Tensor];
  const rank = w.shape.length - 2;
  if (rank < 1 || rank > 3) {
    const message = `\`num_spatial_dims\` must be 1, 2, or 3. Received: num_spatial_dims=${rank}.`;
    throw new ValueError('rank-mismatch', message);
  }
  const kind = { ...forward(rank), stridesName: 'strides' };
  const isFirst = typeof format === 'string' && format.startsWith('NC');
  const [steps, rates] = [listOf(strides, 'strides', kind), listOf(dilations, 'dilations', kind)];
  if (rates === null || rates.every((rate) => rate === 1)) {
    return convolve(kind, x, w, optionsOf(kind, [strides, padding, format, dilations], false));
  }
  const spatial = {
    strides: spatialOf(steps ?? [1], rank, isFirst),
    dilations: spatialOf(rates, rank, isFirst),
  };
  checkDilated(kind, x, w, { ...spatial, padding, format });
  const options = { strides: spatial.strides, padding, data_format: format, dilations: spatial.dilations };
  return convolve(kind, x, w, options as TfConvOptions);
}

const convRow = (rank: number): Row =>
  row(
    `conv${rank}d`,
    `input filters ${rank === 1 ? 'stride' : rank === 2 ? 'strides~' : 'strides'} padding data_format?~ dilations?~`,
    ([input, filters, ...rest]) => {
      if (rank === 3) {
        checkList(rest[0], 'strides');
        checkList(rest[3], 'dilations');
      }
      return convolve(forward(rank), input, filters, optionsOf(forward(rank), rest));
    },
  );

const transposeRow = (rank: number): Row =>
  row(
    `conv${rank}d_transpose`,
    'input filters output_shape strides~ padding? data_format?~ dilations?~',
    ([input, filters, sizes, strides, padding = 'SAME', ...rest]) =>
      transpose(transposed(rank), input, filters, sizes, optionsOf(transposed(rank), [strides, padding, ...rest])),
  );

type ConvolutionName =
  | 'conv1d'
  | 'conv2d'
  | 'conv3d'
  | 'conv1d_transpose'
  | 'conv2d_transpose'
  | 'conv3d_transpose'
  | 'convolution';

export const convolutions: { readonly [N in ConvolutionName]: Row } = {
  conv1d: convRow(1),
  conv2d: convRow(2),
  conv3d: convRow(3),
  conv1d_transpose: transposeRow(1),
  conv2d_transpose: transposeRow(2),
  conv3d_transpose: transposeRow(3),
  convolution: row('convolution', 'input filters strides?~ padding? data_format?~ dilations?~', anyConvolution),
};
