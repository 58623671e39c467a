/** conv1d to conv_transpose3d, as rows: names and defaults over the one convolution. */

import type { Convolution } from '../../conv/convolution.js';
import { lowerTorch, type TorchConvOptions } from '../../conv/torch.js';
import { RuntimeError } from '../../errors.js';
import { type DType, isFloat } from '../../shape/dtype.js';
import { type Shape, showShape } from '../../shape/shape.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { cName, scalarName, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';
import { unimplemented } from './elementary.js';

/** The bias, checked, with an axis for each of the output's. */
function biasOf(
  bias: unknown,
  name: string,
  channels: number,
  x: Tensor,
  weight: Tensor,
  transposed: boolean,
): Tensor | null {
  if (bias === undefined || bias === null) return null;
  const given = tensorArgument(bias, name, 'bias');
  if (given.shape.length !== 1 || given.shape[0] !== channels) {
    throw new RuntimeError(
      'shape-mismatch',
      `Given ${transposed ? 'transposed=1, ' : ''}weight of size ${showShape(weight.shape)}, expected bias to be ` +
        `1-dimensional with ${channels} elements, but got bias of size ${showShape(given.shape)} instead`,
    );
  }
  if (given.dtype !== x.dtype) {
    throw new RuntimeError(
      'dtype-mismatch',
      `Input type (${cName[x.dtype]}) and bias type (${cName[given.dtype]}) should be the same`,
    );
  }
  return given;
}

/** Of bool there are none in PyTorch; of integers but int64, those that are neither transposed nor dilated. */
function checkDType(dtype: DType, { windows }: Convolution, transposed: boolean): void {
  if (isFloat(dtype) || dtype === 'int64') return;
  const isDilated = windows.some(({ kernelDilation }) => kernelDilation > 1);
  if (transposed) throw unimplemented(`slow_conv_transpose${windows.length === 3 ? 3 : 2}d_out_cpu`, dtype);
  if (isDilated) throw unimplemented('slow_conv_dilated<>', dtype);
  if (dtype === 'bool') throw unimplemented(`slow_conv${windows.length === 3 ? 3 : 2}d_cpu`, dtype);
}

/** The convolution of a batch. */
export function convolve(name: string, x: Tensor, weight: Tensor, bias: unknown, options: TorchConvOptions): Tensor {
  if (x.dtype !== weight.dtype) {
    throw new RuntimeError(
      'dtype-mismatch',
      `expected scalar type ${scalarName[x.dtype]} but found ${scalarName[weight.dtype]}: input is ${x.dtype}, weight ` +
        `${weight.dtype}; convert one of them with to()`,
    );
  }
  const { groups = 1, transposed = false } = options;
  const { convolution, inputShape, kernelShape } = lowerTorch(x.shape, weight.shape, options, name);
  checkDType(x.dtype, convolution, transposed);
  const channels = transposed ? (weight.shape[1] as number) * groups : (weight.shape[0] as number);
  const added = biasOf(bias, name, channels, x, weight, transposed);
  const y =
    groups === 1
      ? op.convolution(x, weight, convolution)
      : ungroup(op.convolution(op.reshape(x, inputShape), op.reshape(weight, kernelShape), convolution));
  return added === null ? y : op.add(y, op.broadcast_in_dim(added, y.shape, [1]));
}

/** (N, g, O / g, ...) as (N, O, ...). */
const ungroup = (y: Tensor): Tensor => {
  const [samples = 0, groups = 0, channels = 0, ...space] = y.shape;
  return op.reshape(y, [samples, groups * channels, ...space]);
};

function checkRank(name: string, rank: number, shape: Shape): void {
  if (shape.length === rank + 1 || shape.length === rank + 2) return;
  throw new RuntimeError(
    'rank-mismatch',
    `Expected ${rank + 1}D (unbatched) or ${rank + 2}D (batched) input to ${name}, but got input of size: ${showShape(shape)}`,
  );
}

const PARAMETERS = {
  conv: 'input weight bias?~ stride? padding? dilation? groups?',
  conv_transpose: 'input weight bias?~ stride? padding? output_padding? groups? dilation?',
};

function options(values: readonly unknown[], transposed: boolean): TorchConvOptions {
  const [, , , stride, padding, fifth, sixth, seventh] = values;
  const [dilation, groups, output_padding] = transposed ? [seventh, sixth, fifth] : [fifth, sixth, undefined];
  return { stride, padding, dilation, groups, output_padding, transposed } as TorchConvOptions;
}

/** A sample without a batch axis gives a result without one, by a squeeze, as in PyTorch. */
function convolutionRow(kind: keyof typeof PARAMETERS, rank: 1 | 2 | 3): Row {
  const name = `${kind}${rank}d`;
  const isUnbatched = (input: unknown): boolean => tensorArgument(input, name, 'input').shape.length === rank + 1;
  return row(
    name,
    PARAMETERS[kind],
    ([input]) => (isUnbatched(input) ? 'SqueezeBackward1' : 'ConvolutionBackward0'),
    (values) => {
      const x = tensorArgument(values[0], name, 'input');
      const weight = tensorArgument(values[1], name, 'weight');
      checkRank(name, rank, x.shape);
      const given = options(values, kind === 'conv_transpose');
      if (x.shape.length === rank + 2) return convolve(name, x, weight, values[2], given);
      const y = convolve(name, op.reshape(x, [1, ...x.shape]), weight, values[2], given);
      return op.reshape(y, y.shape.slice(1));
    },
  );
}

type ConvolutionName = 'conv1d' | 'conv2d' | 'conv3d' | 'conv_transpose1d' | 'conv_transpose2d' | 'conv_transpose3d';

export const convolutions: { readonly [N in ConvolutionName]: Row } = {
  conv1d: convolutionRow('conv', 1),
  conv2d: convolutionRow('conv', 2),
  conv3d: convolutionRow('conv', 3),
  conv_transpose1d: convolutionRow('conv_transpose', 1),
  conv_transpose2d: convolutionRow('conv_transpose', 2),
  conv_transpose3d: convolutionRow('conv_transpose', 3),
};
