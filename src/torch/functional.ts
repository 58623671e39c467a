/** torch.nn.functional. */

import { signature } from '../door/signature.js';
import { NotImplementedError } from '../errors.js';
import type { Foreign } from '../tensor/foreign.js';
import { boolArgument } from './arguments.js';
import { convolutions } from './rows/convolution.js';
import { elementary } from './rows/elementary.js';
import { structure } from './rows/structure.js';
import { call, type Tensor } from './tensor.js';

/** One number for all spatial dimensions, or one each. */
export type Each = number | readonly number[];

export interface ConvOptions {
  readonly bias?: Foreign | null;
  readonly stride?: Each;
  readonly padding?: Each | 'same' | 'valid';
  readonly dilation?: Each;
  readonly groups?: number;
}

export interface ConvTransposeOptions {
  readonly bias?: Foreign | null;
  readonly stride?: Each;
  readonly padding?: Each;
  readonly output_padding?: Each;
  readonly groups?: number;
  readonly dilation?: Each;
}

/** The overloads that conv1d to conv3d share: keywords in one object, or all by position. */
interface Conv {
  (input: Foreign, weight: Foreign, options?: ConvOptions): Tensor;
  (
    input: Foreign,
    weight: Foreign,
    bias: Foreign | null,
    stride?: Each,
    padding?: Each | 'same' | 'valid',
    dilation?: Each,
    groups?: number,
  ): Tensor;
}

interface ConvTranspose {
  (input: Foreign, weight: Foreign, options?: ConvTransposeOptions): Tensor;
  (
    input: Foreign,
    weight: Foreign,
    bias: Foreign | null,
    stride?: Each,
    padding?: Each,
    output_padding?: Each,
    groups?: number,
    dilation?: Each,
  ): Tensor;
}

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

/**
 * F.pad: adds cells of `value` (or, where negative, cuts cells), by pairs that start with the last dimension. Only mode
 * 'constant' so far.
 *
 * @example F.pad(torch.ones(1, 2), [1, 0]).tolist() // [[0, 1, 1]]
 */
export function pad(input: Foreign, pad: readonly number[], mode?: string, value?: number | null): Tensor;
export function pad(input: Foreign, pad: readonly number[], options: { mode?: string; value?: number | null }): Tensor;
export function pad(...args: unknown[]): Tensor {
  return call(structure.pad, args);
}

const readRelu = signature('relu', 'input inplace?');

/** F.relu: max(0, x), with gradient 0 at 0; not in place so far. */
export function relu(
  input: Foreign | { readonly input: Foreign },
  inplace?: false | { readonly inplace?: false },
): Tensor;
export function relu(...args: unknown[]): Tensor {
  const [input, inplace] = readRelu(args);
  if (boolArgument(inplace, 'relu', 'inplace')) {
    throw new NotImplementedError('not-implemented', 'relu(): inplace=True is not there; use what relu returns');
  }
  return call(elementary.relu, [input]);
}

/** F.sigmoid: 1 / (1 + exp(-x)). */
export const sigmoid = (...input: [Foreign | { readonly input: Foreign }]): Tensor => call(elementary.sigmoid, input);
/** F.tanh. */
export const tanh = (...input: [Foreign | { readonly input: Foreign }]): Tensor => call(elementary.tanh, input);
