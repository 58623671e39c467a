/** Depthwise, separable, dilated and rank-agnostic convolutions, and the adjoints under their own names, as rows. */

import { showTf, type TfConvOptions } from '../../conv/tf.js';
import { type ErrorCode, TypeError_, ValueError } from '../../errors.js';
import { type Shape, show } from '../../shape/shape.js';
import { isForeign } from '../../tensor/foreign.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { checkDtype, intsArgument, invalid, operandsOf, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';
import {
  backpropFilter,
  backpropOperands,
  convolutions,
  convolve,
  forward,
  type Kind,
  optionsOf,
  transpose,
  transposed,
} from './convolution.js';

/** A convolution of each channel with filters of its own: as many groups as channels. */
const depthwiseKind = (operation: string, isTransposed = false): Kind => ({
  ...forward(2),
  operation,
  transposed: isTransposed,
  dtypes: ['float32', 'float64'],
});

/** The shape of a filter [height, width, channels, multiplier] as that of a grouped convolution. */
function groupedFilter(shape: Shape, operation: string): [number, number, number, number] {
  if (shape.length !== 4) throw invalid(operation, 'rank-mismatch', `filter must be 4-dimensional: ${showTf(shape)}`);
  const [height, width, channels, multiplier] = shape as [number, number, number, number];
  return [height, width, 1, channels * multiplier];
}

/** Channels of the input must be those of the filter. */
function checkChannels(operation: string, input: Shape, filter: Shape, format: unknown): void {
  const channels = input[typeof format === 'string' && format.startsWith('NC') ? 1 : 3];
  if (input.length !== 4) throw invalid(operation, 'rank-mismatch', `input must be 4-dimensional: ${showTf(input)}`);
  if (channels === filter[2]) return;
  const message = `input and filter must have the same depth: ${channels} vs ${filter[2]}`;
  throw invalid(operation, 'channels-mismatch', message);
}

/** The strides of depthwise operations: a list of four. */
function fourStrides(value: unknown, operation: string): unknown {
  const list: unknown = isForeign(value) ? intsArgument(value, operation) : value;
  if (!Array.isArray(list)) {
    throw new TypeError_(
      'bad-argument',
      `Expected list for 'strides' argument to 'depthwise_conv2d_native' Op, not ${show(value)}.`,
    );
  }
  if (list.length === 4) return list;
  throw invalid(operation, 'rank-mismatch', 'Sliding window strides field must specify 4 or 5 dimensions');
}

/** Dilations of a depthwise convolution: two numbers, height and width. */
function rates(value: unknown): readonly number[] | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') throw new TypeError_('bad-argument', "'int' object is not iterable (dilations)");
  const numbers = intsArgument(value, 'SpaceToBatchND');
  if (numbers.length !== 2) {
    throw new ValueError('rank-mismatch', `dilations must be two numbers, height and width: ${show(numbers)}`);
  }
  const wrong = numbers.some((rate) => rate < 1);
  if (wrong)
    throw new ValueError(
      'stride-invalid',
      `\`dilation_rate\` must be positive. Received: dilation_rate=[${numbers.join(' ')}]`,
    );
  return numbers;
}

interface Depthwise {
  readonly strides: unknown;
  readonly padding: unknown;
  readonly format: unknown;
  readonly dilations: unknown;
}

function depthwise(input: unknown, filter: unknown, { strides, padding, format, dilations }: Depthwise): Tensor {
  const kind = depthwiseKind('DepthwiseConv2dNative');
  const [x, w] = operandsOf(kind.operation, [input, filter]) as [Tensor, Tensor];
  checkDtype(kind.operation, x.dtype, kind.dtypes);
  const shape = groupedFilter(w.shape, kind.operation);
  checkChannels(kind.operation, x.shape, w.shape, format);
  const options = { strides: fourStrides(strides, kind.operation), padding, data_format: format, dilations };
  return convolve(kind, x, op.reshape(w, shape), options as TfConvOptions);
}

const depthwiseConv: Row = row(
  'depthwise_conv2d',
  'input filter strides padding data_format?~ dilations?~',
  ([input, filter, strides, padding, format, dilations]) =>
    depthwise(input, filter, { strides, padding, format, dilations: rates(dilations) }),
);

const separable: Row = row(
  'separable_conv2d',
  'input depthwise_filter pointwise_filter strides padding data_format?~ dilations?~',
  ([input, filter, pointwise, strides, padding, format, dilations]) => {
    const [, w, p] = operandsOf('DepthwiseConv2dNative', [input, filter, pointwise]) as [Tensor, Tensor, Tensor];
    const refuse = (code: ErrorCode, message: string): never => {
      throw new ValueError(code, message);
    };
    if (p.shape.length !== 4) refuse('rank-mismatch', `Shape (${p.shape.join(', ')}) must have rank 4`);
    if (w.shape.length !== 4) refuse('rank-mismatch', `Shape (${w.shape.join(', ')}) must have rank 4`);
    const size = p.shape.slice(0, 2).find((n) => n !== 1);
    if (size !== undefined) refuse('size-invalid', `Dimensions ${size} and 1 are not compatible`);
    const deep = depthwise(input, w, { strides, padding, format, dilations: rates(dilations) });
    return convolve(forward(2), deep, p, { strides: 1, padding: 'VALID', data_format: format as string | null });
  },
);

/** rate as two numbers. */
const twoRates = (rate: unknown): number[] => {
  const numbers = intsArgument(rate, 'SpaceToBatchND');
  return numbers.length === 1 ? [numbers[0] as number, numbers[0] as number] : numbers;
};

const atrous: Row = row('atrous_conv2d', 'value filters rate padding', ([value, filters, rate, padding]) => {
  const numbers = twoRates(rate);
  const dilations = numbers.every((n) => n === 1) ? null : numbers;
  return convolutions.convolution.run([value, filters, null, padding, null, dilations]);
});

const atrousTranspose: Row = row(
  'atrous_conv2d_transpose',
  'value filters output_shape rate padding',
  ([value, filters, sizes, rate, padding]) => {
    const numbers = twoRates(rate);
    const refuse = (code: ErrorCode, message: string): never => {
      throw new ValueError(code, message);
    };
    const [w, gy] = operandsOf('Conv2DBackpropInput', [filters, value]) as [Tensor, Tensor];
    const outputs = gy.shape.at(-1);
    if (gy.shape.at(-1) !== w.shape[3]) {
      const shapes = `${outputs} and filters.shape=(${w.shape.join(', ')})`;
      refuse(
        'channels-mismatch',
        `\`value\` channel count must be compatible with \`filters\` output channel count. Received: ${shapes}`,
      );
    }
    const least = Math.min(...numbers);
    if (least < 1) refuse('stride-invalid', `\`rate\` cannot be less than one. Received: rate=${least}`);
    const kind = transposed(2);
    const isPlain = numbers.every((n) => n === 1);
    const given = intsArgument(sizes, kind.operation);
    if (!isPlain && given.length !== 4) {
      refuse('rank-mismatch', `\`output_shape\` must have shape (4,). Received: output_shape=(${given.length},)`);
    }
    if (!isPlain && padding !== 'SAME' && padding !== 'VALID') {
      refuse('padding-invalid', `\`padding\` must be either 'VALID' or 'SAME'. Received: padding=${String(padding)}`);
    }
    return transpose(kind, gy, w, given, optionsOf(kind, [1, padding, null, numbers]));
  },
);

/** conv_transpose: of the rank that output_shape has. */
const anyTranspose: Row = row(
  'conv_transpose',
  'input filters output_shape strides~ padding? data_format?~ dilations?~',
  ([input, filters, sizes, strides, padding = 'SAME', format, dilations]) => {
    if (typeof sizes === 'number') {
      const message = '`output_shape` must be a tensor or sized collection.';
      throw new ValueError('bad-argument', `${message} Received: output_shape=${sizes}`);
    }
    const given = intsArgument(sizes, 'Conv2DBackpropInput');
    const rank = given.length - 2;
    if (rank < 1 || rank > 3) {
      const message = `\`output_shape\` must be of length 3, 4 or 5. Received: output_shape=${show(given)}`;
      throw new ValueError('rank-mismatch', `${message} of length ${given.length}.`);
    }
    const kind = transposed(rank);
    return transpose(kind, input, filters, given, optionsOf(kind, [strides, padding, format, dilations]));
  },
);

/** A padding that a raw operation is given: a word, and with 'EXPLICIT' one list of two numbers an axis. */
function rawPadding(kind: Kind, padding: unknown, explicit: unknown): unknown {
  if (typeof padding !== 'string') {
    throw new TypeError_('bad-argument', `Expected string for argument 'padding' not ${show(padding)}.`);
  }
  if (padding !== 'EXPLICIT') return padding;
  const numbers = intsArgument(explicit ?? [], kind.operation);
  const axes = kind.rank + 2;
  if (numbers.length !== 2 * axes) {
    const message = `explicit_paddings attribute must contain ${2 * axes} values, but got: ${numbers.length}`;
    throw invalid(kind.operation, 'padding-invalid', message);
  }
  return Array.from({ length: axes }, (_, i) => numbers.slice(2 * i, 2 * i + 2));
}

/** Raw operations take a number for every axis. */
function fullList(kind: Kind, value: unknown, name: string): void {
  if (value === undefined) return;
  const list: unknown = isForeign(value) ? intsArgument(value, kind.operation) : value;
  if (!Array.isArray(list)) {
    const message = `Expected list for '${name}' argument to '${kind.operation}' Op, not ${show(value)}.`;
    throw new TypeError_('bad-argument', message);
  }
  if (list.length === kind.rank + 2) return;
  const message = `Sliding window ${name} field must specify ${kind.rank + 2} dimensions`;
  throw invalid(kind.operation, 'rank-mismatch', message);
}

/** The options of an operation, from its attributes in the order of `names`. */
function rawOptions(kind: Kind, [strides, padding, explicit, format, dilations]: readonly unknown[]): TfConvOptions {
  fullList(kind, strides, 'strides');
  fullList(kind, dilations, 'dilations');
  return optionsOf(kind, [strides, rawPadding(kind, padding, explicit), format, dilations]);
}

/** As rawOptions, for functions of version 1, whose padding may be a list of pairs. */
const oldOptions = (kind: Kind, options: readonly unknown[]): TfConvOptions =>
  Array.isArray(options[1])
    ? optionsOf(kind, [options[0], options[1], options[3], options[4]])
    : rawOptions(kind, options);

/** The attributes that operations have behind their operands. */
const ATTRIBUTES = {
  two: 'strides padding use_cudnn_on_gpu? explicit_paddings? data_format? dilations?',
  three: 'strides padding data_format? dilations?',
  depthwise: 'strides padding explicit_paddings? data_format? dilations?',
  /** As version 1 has them. */
  old: 'strides padding use_cudnn_on_gpu? data_format? dilations?',
} as const;

type Attributes = keyof typeof ATTRIBUTES;

const names = ['strides', 'padding', 'explicit_paddings', 'data_format', 'dilations'] as const;

/** An operation of three operands and attributes, which are given in the order of `names`. */
const operation = (
  name: string,
  operands: string,
  attributes: Attributes,
  run: (operands: readonly unknown[], options: readonly unknown[]) => Tensor,
): Row => {
  const order = ATTRIBUTES[attributes].replaceAll('?', '').split(' ');
  const count = operands.split(' ').length;
  return row(name, `${operands} ${ATTRIBUTES[attributes]}`, (values) =>
    run(
      values.slice(0, count),
      names.map((each) => values[order.includes(each) ? count + order.indexOf(each) : values.length]),
    ),
  );
};

const optionsFor = (attributes: Attributes): typeof rawOptions => (attributes === 'old' ? oldOptions : rawOptions);

const INPUT = 'input_sizes filter out_backprop';
const FILTER = 'input filter_sizes out_backprop';

const backpropInput = (name: string, rank: number, attributes: Attributes): Row =>
  operation(name, INPUT, attributes, ([sizes, filter, outBackprop], options) =>
    transpose(transposed(rank), outBackprop, filter, sizes, optionsFor(attributes)(transposed(rank), options)),
  );

const backpropByFilter = (name: string, rank: number, attributes: Attributes): Row =>
  operation(name, FILTER, attributes, ([input, sizes, outBackprop], options) => {
    const called = rank === 2 ? 'Conv2DBackpropFilter' : 'Conv3DBackpropFilterV2';
    const kind = { ...forward(rank), operation: called, transposed: true };
    const [x, filter, gy] = backpropOperands(kind, input, sizes, outBackprop);
    return backpropFilter(kind, x, filter, gy, optionsFor(attributes)(kind, options));
  });

const depthwiseBackpropInput: Row = operation(
  'depthwise_conv2d_native_backprop_input',
  INPUT,
  'depthwise',
  ([sizes, filter, outBackprop], options) => {
    const kind = depthwiseKind('DepthwiseConv2dNativeBackpropInput', true);
    const w = tensorArgument(filter);
    const shape = groupedFilter(w.shape, kind.operation);
    const input = intsArgument(sizes, kind.operation, { dtypes: ['int32'] });
    checkChannels(kind.operation, input, w.shape, options[3]);
    return transpose(kind, outBackprop, op.reshape(w, shape), input, rawOptions(kind, options));
  },
);

const depthwiseBackpropFilter: Row = operation(
  'depthwise_conv2d_native_backprop_filter',
  FILTER,
  'depthwise',
  ([input, sizes, outBackprop], options) => {
    const kind = depthwiseKind('DepthwiseConv2dNativeBackpropFilter', true);
    const [x, filter, gy] = backpropOperands(kind, input, sizes, outBackprop);
    const shape = groupedFilter(filter, kind.operation);
    checkChannels(kind.operation, x.shape, filter, options[3]);
    return op.reshape(backpropFilter(kind, x, shape, gy, rawOptions(kind, options)), filter);
  },
);

type DepthwiseName =
  | 'depthwise_conv2d'
  | 'separable_conv2d'
  | 'atrous_conv2d'
  | 'atrous_conv2d_transpose'
  | 'conv_transpose';

export const moreConvolutions: { readonly [N in DepthwiseName]: Row } = {
  depthwise_conv2d: depthwiseConv,
  separable_conv2d: separable,
  atrous_conv2d: atrous,
  atrous_conv2d_transpose: atrousTranspose,
  conv_transpose: anyTranspose,
};

type OperationName =
  | 'conv2d'
  | 'conv3d'
  | 'conv2d_backprop_input'
  | 'conv2d_backprop_filter'
  | 'conv3d_backprop_input'
  | 'conv3d_backprop_filter'
  | 'depthwise_conv2d_native'
  | 'depthwise_conv2d_native_backprop_input'
  | 'depthwise_conv2d_native_backprop_filter'
  | 'old_conv2d_backprop_input'
  | 'old_conv2d_backprop_filter';

/** The operations themselves, with all their attributes. */
export const operations: { readonly [N in OperationName]: Row } = {
  conv2d: operation('Conv2D', 'input filter', 'two', ([input, filter], options) =>
    convolve(forward(2), input, filter, rawOptions(forward(2), options)),
  ),
  conv3d: operation('Conv3D', 'input filter', 'three', ([input, filter], options) =>
    convolve(forward(3), input, filter, rawOptions(forward(3), options)),
  ),
  conv2d_backprop_input: backpropInput('Conv2DBackpropInput', 2, 'two'),
  conv2d_backprop_filter: backpropByFilter('Conv2DBackpropFilter', 2, 'two'),
  conv3d_backprop_input: backpropInput('Conv3DBackpropInputV2', 3, 'three'),
  conv3d_backprop_filter: backpropByFilter('Conv3DBackpropFilterV2', 3, 'three'),
  depthwise_conv2d_native: operation(
    'DepthwiseConv2dNative',
    'input filter',
    'depthwise',
    ([input, filter], options) => {
      const [strides, padding, explicit, format, dilations] = options;
      const kind = depthwiseKind('DepthwiseConv2dNative');
      fullList(kind, dilations, 'dilations');
      return depthwise(input, filter, { strides, padding: rawPadding(kind, padding, explicit), format, dilations });
    },
  ),
  depthwise_conv2d_native_backprop_input: depthwiseBackpropInput,
  depthwise_conv2d_native_backprop_filter: depthwiseBackpropFilter,
  old_conv2d_backprop_input: backpropInput('conv2d_backprop_input', 2, 'old'),
  old_conv2d_backprop_filter: backpropByFilter('conv2d_backprop_filter', 2, 'old'),
};
