/** Convolutions planned: which algorithm, and its launches. */

import { type Convolution, type Precision, positionsOf } from '../conv/convolution.js';
import type { Plan } from '../kernel/launch.js';
import type { Cell } from '../kernel/program.js';
import { type DType, isFloat } from '../shape/dtype.js';
import type { Shape } from '../shape/shape.js';
import { contract, contractTile } from './contract.js';
import { type Geometry, geometryOf, type Phase, type Strides, stridesBy } from './geometry.js';
import { padInto } from './pad.js';
import { numberCells, offsetsOver, outerSum, Planner, type Typed, vectorBytes } from './plan.js';
import { planWinograd } from './winograd-choice.js';

/** The input as kernels read it: with zeros around it where they read beyond it. */
interface Source {
  readonly buffer: number;
  readonly strides: Strides;
  /** Where cell 0 of every axis lies. */
  readonly origin: number;
}

function sourceOf(planner: Planner, spec: Convolution, shape: Shape, where: Geometry, cell: Cell): Source {
  const { space } = where;
  if (space.every(({ lo, hi }) => lo === 0 && hi === 0)) return { buffer: 0, strides: where.input, origin: 0 };
  const rank = spec.windows.length;
  const spatial = positionsOf(spec.input).space.slice(0, rank);
  const along = (axis: number, side: 'lo' | 'hi'): number => {
    const index = spatial.indexOf(axis);
    return index < 0 ? 0 : (space[index + 3 - rank]?.[side] ?? 0);
  };
  const padding = { lo: shape.map((_, axis) => along(axis, 'lo')), hi: shape.map((_, axis) => along(axis, 'hi')) };
  const padded = padInto(planner, { cell, vectorBytes }, 0, shape, spatial, padding);
  const strides = stridesBy(spec.input, padded.shape, rank);
  const origin = space.reduce((sum, { lo }, i) => sum + lo * (strides.space[i] as number), 0);
  return { buffer: padded.buffer, strides, origin };
}

type Phases = readonly [Phase, Phase, Phase];

/** All combinations of phases along z, y and x. */
function combinations({ space: [z, y, x] }: Geometry): Phases[] {
  return z.phases.flatMap((a) => y.phases.flatMap((b) => x.phases.map((c): Phases => [a, b, c])));
}

type Triple = readonly [number, number, number];
const triple = <T>(list: readonly [T, T, T], f: (item: T, axis: number) => number): Triple => [
  f(list[0], 0),
  f(list[1], 1),
  f(list[2], 2),
];
const dot = (a: Triple, b: Triple): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const times = (a: Triple, b: Triple): Triple => [a[0] * b[0], a[1] * b[1], a[2] * b[2]];

/** Rows of a batch below which samples become rows too: tiles would be mostly rests. */
const fewRows = 64;

/** One phase as a contraction: rows are pixels, terms channels and taps, columns output channels. */
function contractPhase(planner: Planner, where: Geometry, source: Source, phases: Phases, cell: Cell): void {
  const { kernel, output } = where;
  const input = source.strides;
  const counts = triple(phases, ({ count }) => count);
  const steps = times(
    triple(phases, ({ cellStep }) => cellStep),
    input.space,
  );
  const outSteps = times(
    triple(phases, ({ step }) => step),
    output.space,
  );
  const outFirst = dot(
    triple(phases, ({ first }) => first),
    output.space,
  );
  const pixels = counts[0] * counts[1] * counts[2];
  const isFolded = pixels < fewRows;
  const batch = isFolded ? [where.groups] : [where.groups, where.samples];
  const rowSizes = isFolded ? [where.samples, ...counts] : [...counts];
  const rows = (n: number, space: Triple): Int32Array => offsetsOver(rowSizes, isFolded ? [n, ...space] : space);
  const [z, y, x] = phases;
  const meetings = z.meetings.flatMap((a) => y.meetings.flatMap((b) => x.meetings.map((c) => [a, b, c] as const)));
  const cellsOf = meetings.map(
    (m) =>
      source.origin +
      dot(
        triple(m, ({ cell: at }) => at),
        input.space,
      ),
  );
  const tapsOf = meetings.map((m) =>
    dot(
      triple(m, ({ tap }) => tap),
      kernel.space,
    ),
  );
  const terms = (step: number, within: readonly number[]) => outerSum(offsetsOver([where.channels], [step]), within);
  contract(planner, {
    cell,
    vectorBytes,
    a: source.buffer,
    b: 1,
    out: 2,
    batches: {
      a: offsetsOver(batch, [input.g, input.n]),
      b: offsetsOver(batch, [kernel.g, 0]),
      out: offsetsOver(batch, [output.g, output.n]),
    },
    rows: { a: rows(input.n, steps), out: rows(output.n, outSteps).map((at) => at + outFirst) },
    terms: {
      a: terms(input.c, cellsOf),
      b: terms(kernel.c, tapsOf),
    },
    columns: { count: where.outputs, b: kernel.o, out: output.o },
    rowBytes: where.channels * Math.min(steps[2] || 1, 4) * 4,
  });
}

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
  const source = sourceOf(planner, spec, x.shape, where, cell);
  for (const phases of combinations(where)) contractPhase(planner, where, source, phases, cell);
  const why =
    obstacle ?? "Winograd's transforms would cost more than they save, or have no form for these taps and steps";
  return planner.finish('direct', { tile: contractTile(format, 'pixels', 'output channels'), why });
}

/** In words why a convolution has to be computed directly; null where nothing speaks against Winograd. */
function obstacleToWinograd(dtype: DType, precision: Precision): string | null {
  if (!isFloat(dtype)) return `${dtype} is exact, and Winograd divides`;
  return precision === 'exact' ? "precision is 'exact', and Winograd's rounding is about twice as large" : null;
}
