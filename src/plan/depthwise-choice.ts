/**
 * Which convolutions are computed as depthwise ones: those of one channel and one output a group, in a plane.
 *
 * Where groups lie side by side, vectors are of channels, whatever the taps and steps. Where pixels do, they are of
 * pixels, for few taps and steps of one or two. Gradients of their kernels are sums over samples and pixels.
 */

import { planDepthwiseChannels } from './depthwise-channels.js';
import { planGradientChannels } from './depthwise-gradient-channels.js';
import { planGradientPixels } from './depthwise-gradient-pixels.js';
import { planDepthwisePixels } from './depthwise-pixels.js';
import type { Geometry } from './geometry.js';
import type { Format } from './panel.js';
import type { Planner } from './plan.js';

const why = 'each output has one channel, and vectors of outputs would be left almost empty';

const forms = [
  { plan: planGradientChannels, tile: '2x2 pixels of a vector of channels x all taps of up to 9' },
  { plan: planGradientPixels, tile: '2 rows of a vector of pixels x all taps of up to 9' },
  { plan: planDepthwiseChannels, tile: '4 to 7 rows of a vector of channels' },
  { plan: planDepthwisePixels, tile: '4 to 7 rows of a vector of pixels' },
];

/** Adds a convolution to a plan; null, and nothing is added, where none of the forms is for it. */
export function planDepthwise(planner: Planner, format: Format, where: Geometry): { tile: string; why: string } | null {
  const form = forms.find(({ plan }) => plan(planner, format, where));
  return form === undefined ? null : { tile: form.tile, why };
}
