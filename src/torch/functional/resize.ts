/** torch.nn.functional: other resolutions, sliding blocks, and channels that become space. */

import type { Foreign } from '../../tensor/foreign.js';
import type { Call, Each } from '../calls.js';
import { resizing } from '../rows/resize.js';
import { shuffles } from '../rows/shuffle.js';
import { sliding } from '../rows/sliding.js';
import { call } from '../tensor.js';

export type InterpolateMode = 'nearest' | 'nearest-exact' | 'linear' | 'bilinear' | 'bicubic' | 'trilinear' | 'area';

export interface InterpolateOptions {
  readonly input?: Foreign;
  readonly size?: Each | null;
  readonly scale_factor?: Each | null;
  readonly mode?: InterpolateMode;
  readonly align_corners?: boolean | null;
  readonly recompute_scale_factor?: boolean | null;
  readonly antialias?: false;
}

/**
 * F.interpolate: (N, C, W), (N, C, H, W) or (N, C, D, H, W) in another size, or by scale_factor: then the size is
 * floor(W * scale_factor), and places are found by the factor itself unless recompute_scale_factor.
 *
 * @throws ValueError for sizes and factors that contradict each other, NotImplementedError for ranks that a mode doesn't
 * have, and for antialias
 * @example F.interpolate(torch.tensor([[[1, 2]]]), { scale_factor: 2 }).tolist() // [[[1, 1, 2, 2]]]
 * @example F.interpolate(torch.tensor([[[1, 2]]]), 4, null, 'linear').tolist() // [[[1, 1.25, 1.75, 2]]]
 */
export const interpolate: Call<
  [],
  [input: Foreign],
  [
    size: Each | null,
    scale_factor: Each | null,
    mode: InterpolateMode,
    align_corners: boolean | null,
    recompute_scale_factor: boolean | null,
    antialias: false,
  ],
  InterpolateOptions
> = (...args: unknown[]) => call(resizing.interpolate, args);

/** F.upsample: PyTorch's older name for interpolate. */
export const upsample: typeof interpolate = interpolate;

interface BlockOptions {
  readonly input?: Foreign;
  readonly kernel_size?: Each;
  readonly dilation?: Each;
  readonly padding?: Each;
  readonly stride?: Each;
}

/**
 * F.unfold: the sliding blocks of (N, C, H, W) or (C, H, W) as columns: (N, C kH kW, number of blocks).
 *
 * @throws RuntimeError where no block fits, NotImplementedError for integers
 * @example F.unfold(torch.ones(1, 2, 4, 4), 3).shape // torch.Size([1, 18, 4])
 */
export const unfold: Call<
  [],
  [input: Foreign, kernel_size: Each],
  [dilation: Each, padding: Each, stride: Each],
  BlockOptions
> = (...args: unknown[]) => call(sliding.unfold, args);

/**
 * F.fold: the adjoint of unfold: columns (N, C kH kW, L) or (C kH kW, L) added to where they stand in (N, C, H, W).
 *
 * @throws RuntimeError where output_size hasn't as many blocks as there are columns
 */
export const fold: Call<
  [],
  [input: Foreign, output_size: Each, kernel_size: Each],
  [dilation: Each, padding: Each, stride: Each],
  BlockOptions & { readonly output_size?: Each }
> = (...args: unknown[]) => call(sliding.fold, args);

/** F.pixel_shuffle: (..., C r^2, H, W) as (..., C, H r, W r). */
export const pixel_shuffle: Call<
  [],
  [input: Foreign, upscale_factor: number],
  [],
  { readonly input?: Foreign; readonly upscale_factor?: number }
> = (...args: unknown[]) => call(shuffles.pixel_shuffle, args);

/** F.pixel_unshuffle: (..., C, H r, W r) as (..., C r^2, H, W). */
export const pixel_unshuffle: Call<
  [],
  [input: Foreign, downscale_factor: number],
  [],
  { readonly input?: Foreign; readonly downscale_factor?: number }
> = (...args: unknown[]) => call(shuffles.pixel_unshuffle, args);

/** F.channel_shuffle: the channels of (N, C, ...), in groups, dealt out in turn. */
export const channel_shuffle: Call<
  [],
  [input: Foreign, groups: number],
  [],
  { readonly input?: Foreign; readonly groups?: number }
> = (...args: unknown[]) => call(shuffles.channel_shuffle, args);
