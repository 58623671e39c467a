/**
 * aten's convolution and its backward: all of PyTorch's convolutions by their full list of arguments. The gradients are
 * those of the one convolution (src/conv), and can be differentiated again.
 */

import { lowerTorch, type TorchConvOptions } from '../../conv/torch.js';
import { signature } from '../../door/signature.js';
import { RuntimeError, TypeError_ } from '../../errors.js';
import { table } from '../../ops/table.js';
import { type DType, isFloat } from '../../shape/dtype.js';
import { type Shape, sameShape, showShape } from '../../shape/shape.js';
import { Buffer } from '../../tensor/buffer.js';
import { op, Tensor } from '../../tensor/tensor.js';
import { boolArgument, intArgument, intsArgument, scalarName, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';
import { convolve } from './convolution.js';
import { unimplemented } from './elementary.js';
import { otherAxes } from './formula.js';

/** What the arguments from stride to groups say. */
function optionsOf(call: string, values: readonly unknown[], rank: number): TorchConvOptions {
  const [stride, padding, dilation, transposed, outputPadding, groups] = values;
  const ints = (value: unknown, name: string): readonly number[] => {
    const list = intsArgument(value, call, name);
    return list.length === 1 ? new Array<number>(rank).fill(list[0] as number) : list;
  };
  const isTransposed = boolArgument(transposed, call, 'transposed');
  const options = {
    stride: ints(stride, 'stride'),
    padding: ints(padding, 'padding'),
    dilation: ints(dilation, 'dilation'),
    transposed: isTransposed,
    groups: intArgument(groups, call, 'groups'),
  };
  const output_padding = ints(outputPadding, 'output_padding');
  return isTransposed ? { ...options, output_padding } : options;
}

/** The sizes of a tensor whose elements are never read. */
const sizesOnly = (shape: Shape, dtype: DType): Tensor => new Tensor([...shape], dtype, new Buffer(null));

/** Operands of which gradients are wanted; one may have sizes alone. */
export interface Operands {
  readonly x: Tensor;
  readonly w: Tensor;
  readonly gy: Tensor;
}

/** Null where it isn't wanted. */
export interface Gradients {
  readonly dx: Tensor | null;
  readonly dw: Tensor | null;
  readonly db: Tensor | null;
}

function checkOperands({ x, w, gy }: Operands): void {
  const other = [x, w].find(({ dtype }) => dtype !== gy.dtype);
  if (other === undefined) return;
  const message = `expected scalar type ${scalarName[other.dtype]} but found ${scalarName[gy.dtype]}`;
  throw new RuntimeError('dtype-mismatch', message);
}

/** PyTorch has no gradients of integers, but a bias's, which is a sum. */
function checkDifferentiable({ dtype }: Tensor, { transposed }: TorchConvOptions, mask: readonly boolean[]): void {
  if (isFloat(dtype) || (mask[0] !== true && mask[1] !== true)) return;
  const which = mask[1] === true ? 'weight' : 'input';
  throw unimplemented(
    transposed === true ? 'slow_conv_transpose2d_backward_out_cpu' : `slow_conv2d_cpu_grad_${which}`,
    dtype,
  );
}

/** The gradient must have the shape of the convolution's result. */
function checkGradient(gy: Shape, y: Shape): void {
  if (sameShape(gy, y)) return;
  const axis = y.findIndex((size, i) => gy[i] !== size);
  throw new RuntimeError(
    'shape-mismatch',
    `Expected a tensor of dimension ${y.length} and tensor.size[${axis}] == ${y[axis]} but got: dimension ${gy.length} ` +
      `and tensor.size[${axis}] = ${gy[axis]}: the convolution's result is ${showShape(y)}, grad_output ${showShape(gy)}`,
  );
}

/** (N, O, ...) of (N, g, O / g, ...). */
const joined = ([samples = 0, groups = 0, channels = 0, ...space]: Shape): number[] => [
  samples,
  groups * channels,
  ...space,
];

/** The gradients that the mask wants, of the convolution that the options say. */
export function convolutionGradients(
  call: string,
  operands: Operands,
  options: TorchConvOptions,
  mask: readonly boolean[],
): Gradients {
  const { x, w, gy } = operands;
  checkOperands(operands);
  checkDifferentiable(gy, options, mask);
  const { convolution, inputShape, kernelShape } = lowerTorch(x.shape, w.shape, options, call);
  const [input, kernel] = [
    sameShape(inputShape, x.shape) ? x : withShape(x, inputShape),
    sameShape(kernelShape, w.shape) ? w : withShape(w, kernelShape),
  ];
  const result = table.convolution.shape([input, kernel], convolution);
  checkGradient(gy.shape, (options.groups ?? 1) > 1 ? joined(result.shape) : result.shape);
  const gradient = op.reshape(gy, result.shape);
  const seen = { inputs: [input, kernel], output: gradient, params: convolution, gradient };
  const by = (argument: 0 | 1, like: Tensor): Tensor | null => {
    const found = mask[argument] === true ? table.convolution.vjp(seen, argument, op) : null;
    return found && op.reshape(found, like.shape);
  };
  return { dx: by(0, x), dw: by(1, w), db: mask[2] === true ? op.reduce_sum(gy, otherAxes(gy.shape, [1])) : null };
}

/** A tensor in another shape, be it one of sizes alone. */
const withShape = (x: Tensor, shape: Shape): Tensor =>
  unread.has(x) ? asUnread(sizesOnly(shape, x.dtype)) : op.reshape(x, shape);

const unread = new WeakSet<Tensor>();

function asUnread(x: Tensor): Tensor {
  unread.add(x);
  return x;
}

/** Stands for an operand of these sizes that no gradient reads. */
export const unreadOperand = (shape: Shape, dtype: DType): Tensor => asUnread(sizesOnly(shape, dtype));

/** Arguments that don't fit an operator of torch.ops are a RuntimeError there. */
export function bySchema<T>(call: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TypeError_)) throw error;
    const message = `Overloaded torch operator invoked from Python failed to match any schema: ${call}: ${error.message}`;
    throw new RuntimeError('bad-argument', message);
  }
}

const CONVOLUTION = 'input weight bias~ stride padding dilation transposed output_padding groups';

const convolutionRow = row(
  'aten::convolution',
  CONVOLUTION,
  'ConvolutionBackward0',
  ([input, weight, bias, ...rest]) => {
    const call = 'aten::convolution';
    const { x, w, options } = bySchema(call, () => {
      const given = tensorArgument(input, call, 'input');
      if (bias !== null) tensorArgument(bias, call, 'bias');
      return {
        x: given,
        w: tensorArgument(weight, call, 'weight'),
        options: optionsOf(call, rest, given.shape.length - 2),
      };
    });
    return convolve('convolution', x, w, bias, options);
  },
);

/** aten::convolution, whose argument errors are RuntimeErrors. */
export const convolution: Row = {
  ...convolutionRow,
  read: (args) => bySchema('aten::convolution', () => convolutionRow.read(args)),
};

const readBackward = signature(
  'aten::convolution_backward',
  'grad_output input weight bias_sizes~ stride padding dilation transposed output_padding groups output_mask',
);

/** Which of the three gradients are wanted. */
function maskOf(value: unknown): readonly boolean[] {
  const call = 'aten::convolution_backward';
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  if (!Array.isArray(value) || !list.every((item) => typeof item === 'boolean')) {
    throw new RuntimeError('bad-argument', `${call}(): argument 'output_mask' must be three bools`);
  }
  if (list.length !== 3) {
    const message = `Tried to convert a List with ${list.length} elements to a fixed-size array of size 3`;
    throw new RuntimeError('bad-argument', message);
  }
  return list.map((item) => item === true);
}

/** Reads and runs aten::convolution_backward. */
export function convolutionBackward(args: readonly unknown[]): Gradients {
  const call = 'aten::convolution_backward';
  return bySchema(call, () => {
    const [gradOutput, input, weight, biasSizes, ...rest] = readBackward(args);
    const operands = {
      gy: tensorArgument(gradOutput, call, 'grad_output'),
      x: tensorArgument(input, call, 'input'),
      w: tensorArgument(weight, call, 'weight'),
    };
    if (biasSizes !== null) intsArgument(biasSizes, call, 'bias_sizes');
    const options = optionsOf(call, rest.slice(0, 6), operands.x.shape.length - 2);
    return convolutionGradients(call, operands, options, maskOf(rest[6]));
  });
}

/** What torch.nn.grad's arguments say, by one number or one a dimension. */
export function gradOptions(call: string, rank: number, values: readonly unknown[]): TorchConvOptions {
  const [stride = 1, padding = 0, dilation = 1, groups = 1] = values;
  const each = (value: unknown): unknown => (typeof value === 'number' ? new Array<number>(rank).fill(value) : value);
  return bySchema(call, () => optionsOf(call, [each(stride), each(padding), each(dilation), false, [0], groups], rank));
}
