/** Which convolutions are depthwise, and which of the kernels for these takes them. */

import { planDepthwiseChannels } from './depthwise-channels.js';
import { planGradientChannels } from './depthwise-gradient-channels.js';
import { planGradientPixels } from './depthwise-gradient-pixels.js';
import { planDepthwisePixels } from './depthwise-pixels.js';
import type { Geometry } from './geometry.js';
import type { Format } from './panel.js';
import type { Planner } from './plan.js';

type Way = readonly [plan: (planner: Planner, format: Format, where: Geometry) => boolean, tile: string];

/** In the order in which they are tried; each takes what it can. */
const ways: readonly Way[] = [
  [planGradientPixels, 'vectors of pixels, with the sums of all taps in registers'],
  [planGradientChannels, 'vectors of channels, with the sums of all taps in registers'],
  [planDepthwisePixels, 'rows of vectors of pixels'],
  [planDepthwiseChannels, 'pixels x a vector of channels'],
];

/** Adds a depthwise convolution to a plan, and says in which tiles; null where it is none that a kernel takes. */
export function planDepthwise(planner: Planner, format: Format, where: Geometry): string | null {
  const way = ways.find(([plan]) => plan(planner, format, where));
  return way === undefined ? null : way[1];
}
