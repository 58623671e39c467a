/** torch.nn.grad: gradients of convolutions by input and by weight, from shapes and the other operand alone. */

import { TypeError_ } from '../../errors.js';
import type { Foreign } from '../../tensor/foreign.js';
import type { Tensor as CoreTensor } from '../../tensor/tensor.js';
import { intsArgument, tensorArgument } from '../arguments.js';
import type { Call, Each } from '../calls.js';
import { reader } from '../row.js';
import { convolutionGradients, gradOptions, unreadOperand } from '../rows/aten.js';
import { Tensor } from '../tensor.js';

interface Options {
  readonly stride?: Each;
  readonly padding?: Each;
  readonly dilation?: Each;
  readonly groups?: number;
}

type Rest = [stride: Each, padding: Each, dilation: Each, groups: number];

interface InputOptions extends Options {
  readonly input_size?: readonly number[];
  readonly weight?: Foreign;
  readonly grad_output?: Foreign;
}

interface WeightOptions extends Options {
  readonly input?: Foreign;
  readonly weight_size?: readonly number[];
  readonly grad_output?: Foreign;
}

type ByInput = Call<[], [input_size: readonly number[], weight: Foreign, grad_output: Foreign], Rest, InputOptions>;
type ByWeight = Call<[], [input: Foreign, weight_size: readonly number[], grad_output: Foreign], Rest, WeightOptions>;

const NAME = 'ConvolutionBackwardBackward0';

function sizeArgument(value: unknown): readonly number[] {
  if (value !== null) return intsArgument(value, 'expand', 'size');
  throw new TypeError_('bad-argument', "expand(): argument 'size' (position 1) must be tuple of ints, not NoneType");
}

/** The one gradient that the mask wants. */
const only = (value: CoreTensor | null): Tensor => {
  if (value === null) throw new RangeError('a gradient that is wanted is there');
  return new Tensor(value, NAME);
};

function byInput(rank: number): ByInput {
  const name = `conv${rank}d_input`;
  const read = reader(name, 'input_size weight grad_output stride? padding? dilation? groups?');
  return (...args: unknown[]) => {
    const [inputSize, weight, gradOutput, ...rest] = read(args);
    const gy = tensorArgument(gradOutput, name, 'grad_output');
    const w = tensorArgument(weight, name, 'weight');
    const size = sizeArgument(inputSize);
    const options = gradOptions(name, rank, rest);
    const x = unreadOperand(size, gy.dtype);
    return only(convolutionGradients(name, { x, w, gy }, options, [true, false, false]).dx);
  };
}

function byWeight(rank: number): ByWeight {
  const name = `conv${rank}d_weight`;
  const read = reader(name, 'input weight_size grad_output stride? padding? dilation? groups?');
  return (...args: unknown[]) => {
    const [input, weightSize, gradOutput, ...rest] = read(args);
    const gy = tensorArgument(gradOutput, name, 'grad_output');
    const x = tensorArgument(input, name, 'input');
    const size = sizeArgument(weightSize);
    const options = gradOptions(name, rank, rest);
    const w = unreadOperand(size, gy.dtype);
    return only(convolutionGradients(name, { x, w, gy }, options, [false, true, false]).dw);
  };
}

/** torch.nn.grad.conv1d_input: as conv2d_input, of (N, C, W). */
export const conv1d_input: ByInput = byInput(1);
/**
 * torch.nn.grad.conv2d_input: the gradient of F.conv2d by its input, of size input_size (N, C, H, W), from the weight
 * and the gradient by the result; no strings for padding.
 *
 * @throws RuntimeError where grad_output hasn't the size that a convolution of this input has
 * @example torch.nn.grad.conv2d_input([1, 1, 2, 2], torch.ones(1, 1, 1, 2), torch.ones(1, 1, 2, 1)).shape // torch.Size([1, 1, 2, 2])
 */
export const conv2d_input: ByInput = byInput(2);
/** torch.nn.grad.conv3d_input: as conv2d_input, of (N, C, D, H, W). */
export const conv3d_input: ByInput = byInput(3);
/** torch.nn.grad.conv1d_weight: as conv2d_weight, of (O, C / groups, k). */
export const conv1d_weight: ByWeight = byWeight(1);
/**
 * torch.nn.grad.conv2d_weight: the gradient of F.conv2d by its weight, of size weight_size (O, C / groups, kH, kW), from
 * the input and the gradient by the result.
 *
 * @throws RuntimeError where grad_output hasn't the size that a convolution by this weight has
 * @example torch.nn.grad.conv2d_weight(torch.ones(1, 1, 3, 3), [1, 1, 2, 2], torch.ones(1, 1, 2, 2)).tolist() // [[[[4, 4], [4, 4]]]]
 */
export const conv2d_weight: ByWeight = byWeight(2);
/** torch.nn.grad.conv3d_weight: as conv2d_weight, of (O, C / groups, kD, kH, kW). */
export const conv3d_weight: ByWeight = byWeight(3);
