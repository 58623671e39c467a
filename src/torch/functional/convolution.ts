/** torch.nn.functional: convolutions, and the windows they are made of. */

import type { Foreign } from '../../tensor/foreign.js';
import type { Call, Each } from '../calls.js';
import { convolutions } from '../rows/convolution.js';
import { call, type Tensor } from '../tensor.js';

export interface ConvOptions {
  readonly input?: Foreign;
  readonly weight?: Foreign;
  readonly bias?: Foreign | null;
  readonly stride?: Each;
  readonly padding?: Each | 'same' | 'valid';
  readonly dilation?: Each;
  readonly groups?: number;
}

export interface ConvTransposeOptions {
  readonly input?: Foreign;
  readonly weight?: Foreign;
  readonly bias?: Foreign | null;
  readonly stride?: Each;
  readonly padding?: Each;
  readonly output_padding?: Each;
  readonly groups?: number;
  readonly dilation?: Each;
}

type Conv = Call<
  [],
  [input: Foreign, weight: Foreign],
  [bias: Foreign | null, stride: Each, padding: Each | 'same' | 'valid', dilation: Each, groups: number],
  ConvOptions,
  Tensor
>;

type ConvTranspose = Call<
  [],
  [input: Foreign, weight: Foreign],
  [bias: Foreign | null, stride: Each, padding: Each, output_padding: Each, groups: number, dilation: Each],
  ConvTransposeOptions,
  Tensor
>;

/**
 * F.conv1d: cross-correlation of (N, C, W) or (C, W) with (O, C / groups, k): size floor((W + 2 padding - dilation (k - 1)
 * - 1) / stride) + 1. One dtype for all operands.
 *
 * @throws RuntimeError for shapes, strides, paddings and groups that don't fit, in PyTorch's words
 */
export const conv1d: Conv = (...args: unknown[]) => call(convolutions.conv1d, args);

/**
 * F.conv2d: cross-correlation of (N, C, H, W) or (C, H, W) with (O, C / groups, kH, kW), `bias` (O). `padding` is a
 * number, one a dimension, 'valid' or 'same' (odd cell at the end).
 *
 * @throws RuntimeError for shapes, strides, paddings and groups that don't fit, in PyTorch's words
 * @example F.conv2d(torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2), { padding: 1 }).shape // torch.Size([1, 1, 4, 4])
 */
export const conv2d: Conv = (...args: unknown[]) => call(convolutions.conv2d, args);

/** F.conv3d: as conv2d, of (N, C, D, H, W) with (O, C / groups, kD, kH, kW). */
export const conv3d: Conv = (...args: unknown[]) => call(convolutions.conv3d, args);

/** F.conv_transpose1d: as conv_transpose2d, of (N, C, W) with (C, O / groups, k). */
export const conv_transpose1d: ConvTranspose = (...args: unknown[]) => call(convolutions.conv_transpose1d, args);

/**
 * F.conv_transpose2d: the adjoint of conv2d by its input: (N, C, H, W) or (C, H, W) with (C, O / groups, kH, kW); size
 * (H - 1) stride - 2 padding + dilation (kH - 1) + output_padding + 1.
 *
 * @throws RuntimeError, among others where output_padding is not below stride or dilation
 * @example F.conv_transpose2d(torch.ones(1, 1, 2, 2), torch.ones(1, 1, 3, 3)).shape // torch.Size([1, 1, 4, 4])
 */
export const conv_transpose2d: ConvTranspose = (...args: unknown[]) => call(convolutions.conv_transpose2d, args);

/** F.conv_transpose3d: as conv_transpose2d, of (N, C, D, H, W) with (C, O / groups, kD, kH, kW). */
export const conv_transpose3d: ConvTranspose = (...args: unknown[]) => call(convolutions.conv_transpose3d, args);
