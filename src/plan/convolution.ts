/** Convolutions planned: which algorithm, and its launches. */

import type { Convolution, Precision } from '../conv/convolution.js';
import type { Plan } from '../kernel/launch.js';
import { type DType, isFloat } from '../shape/dtype.js';
import { sizeOf } from '../shape/shape.js';
import { planDepthwise } from './depthwise-choice.js';
import { planDirect } from './direct.js';
import { type Geometry, geometryOf } from './geometry.js';
import { numberCells, Planner, type Typed, vectorBytes } from './plan.js';
import { planPlane } from './plane.js';
import { planWinograd } from './winograd-choice.js';

/**
 * The plan of a convolution; null where only the reference computes it.
 *
 * @param planner made for the same operands and result; another is given where there is an epilogue
 */
export function convolutionPlan(
  spec: Convolution,
  x: Typed,
  w: Typed,
  y: Typed,
  precision: Precision,
  planner: Planner = new Planner([x, w], y),
): Plan | null {
  const cell = numberCells[x.dtype];
  if (cell === null) return null;
  const where = geometryOf(spec, x.shape, w.shape, y.shape);
  const format = { cell, vectorBytes };
  const obstacle = obstacleToWinograd(x.dtype, precision);
  const found = obstacle === null ? planWinograd(planner, format, spec, where, w.shape) : null;
  if (found !== null) return planner.finish('winograd', found);
  const depthwise = planDepthwise(planner, format, where);
  if (depthwise !== null) return planner.finish('depthwise', depthwise);
  const plane = planPlane(planner, format, where);
  if (plane !== null) return planner.finish('plane', plane);
  if (isMostlyPadding(where, sizeOf(x.shape) + sizeOf(w.shape) + sizeOf(y.shape))) return null;
  const tile = planDirect(planner, format, spec, x.shape, where);
  const why = obstacle ?? 'Winograd has no form for it, or its transforms would cost more than they save';
  return planner.finish('direct', { tile, why });
}

/** Whether the padded input would be far larger than all operands: then the reference, which pads nothing, is better. */
function isMostlyPadding({ space }: Geometry, elements: number): boolean {
  const growth = space.reduce((product, { cells, lo, hi }) => product * ((cells + lo + hi) / Math.max(1, cells)), 1);
  return growth > mostPadding && growth * elements > leastPadding;
}

/** By how much padding may multiply an input, and elements of padding that never matter. */
const mostPadding = 64;
const leastPadding = 2 ** 20;

/** In words why a convolution has to be computed directly; null where nothing speaks against Winograd. */
function obstacleToWinograd(dtype: DType, precision: Precision): string | null {
  if (!isFloat(dtype)) return `${dtype} is exact, and Winograd divides`;
  return precision === 'exact' ? "precision is 'exact', and Winograd's rounding is about twice as large" : null;
}
