/**
 * Direct convolution planned: each phase of a convolution is one contraction, whose terms are channels and taps, with
 * vectors along output channels.
 */

import { type Convolution, positionsOf } from '../conv/convolution.js';
import type { Shape } from '../shape/shape.js';
import { contract, contractTile } from './contract.js';
import { type Geometry, type Phase, type Strides, stridesBy } from './geometry.js';
import { padInto } from './pad.js';
import { type Format, sizesOf } from './panel.js';
import { offsetsOver, outerSum, type Planner } from './plan.js';

/** The input as kernels read it: with zeros around it where they read beyond it. */
interface Source {
  readonly buffer: number;
  readonly strides: Strides;
  /** Where cell 0 of every axis lies. */
  readonly origin: number;
}

function sourceOf(planner: Planner, format: Format, spec: Convolution, shape: Shape, where: Geometry): Source {
  const { space } = where;
  if (space.every(({ lo, hi }) => lo === 0 && hi === 0)) return { buffer: 0, strides: where.input, origin: 0 };
  const rank = spec.windows.length;
  const spatial = positionsOf(spec.input).space.slice(0, rank);
  const along = (axis: number, side: 'lo' | 'hi'): number => {
    const index = spatial.indexOf(axis);
    return index < 0 ? 0 : (space[index + 3 - rank]?.[side] ?? 0);
  };
  const padding = { lo: shape.map((_, axis) => along(axis, 'lo')), hi: shape.map((_, axis) => along(axis, 'hi')) };
  const padded = padInto(planner, format, 0, shape, spatial, padding);
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

/** What one phase sums over, and where its pixels lie. */
function pixelsOf(where: Geometry, source: Source, phases: Phases) {
  const { kernel, output } = where;
  const input = source.strides;
  const [z, y, x] = phases;
  const meetings = z.meetings.flatMap((a) => y.meetings.flatMap((b) => x.meetings.map((c) => [a, b, c] as const)));
  const at = (list: (typeof meetings)[number], what: 'cell' | 'tap', strides: Triple): number =>
    dot(
      triple(list, (meeting) => meeting[what]),
      strides,
    );
  const cells = meetings.map((list) => source.origin + at(list, 'cell', input.space));
  const taps = meetings.map((list) => at(list, 'tap', kernel.space));
  const terms = (step: number, within: readonly number[]) => outerSum(offsetsOver([where.channels], [step]), within);
  const along = (name: 'count' | 'cellStep' | 'step' | 'first'): Triple => triple(phases, (phase) => phase[name]);
  return {
    cellTerms: terms(input.c, cells),
    tapTerms: terms(kernel.c, taps),
    counts: along('count'),
    steps: times(along('cellStep'), input.space),
    outSteps: times(along('step'), output.space),
    outFirst: dot(along('first'), output.space),
  };
}

type Pixels = ReturnType<typeof pixelsOf>;

/** Everything that a phase is planned from. */
interface Given {
  readonly planner: Planner;
  readonly format: Format;
  readonly where: Geometry;
  readonly source: Source;
}

/** One phase: rows are pixels, columns outputs. */
function contractPhase({ planner, format, where, source }: Given, pixels: Pixels): void {
  const { kernel, output, groups, samples, channels, outputs } = where;
  const { strides: input, buffer } = source;
  const { counts, steps, outSteps } = pixels;
  const isFolded = counts[0] * counts[1] * counts[2] < fewRows;
  const batch = isFolded ? [groups] : [groups, samples];
  const rowSizes = isFolded ? [samples, ...counts] : [...counts];
  const rows = (n: number, space: Triple): Int32Array => offsetsOver(rowSizes, isFolded ? [n, ...space] : space);
  contract(planner, {
    ...format,
    a: buffer,
    b: 1,
    out: 2,
    batches: {
      a: offsetsOver(batch, [input.g, input.n]),
      b: offsetsOver(batch, [kernel.g, 0]),
      out: offsetsOver(batch, [output.g, output.n]),
    },
    rows: { a: rows(input.n, steps), out: rows(output.n, outSteps).map((at) => at + pixels.outFirst) },
    terms: { a: pixels.cellTerms, b: pixels.tapTerms },
    columns: { count: outputs, b: kernel.o, out: output.o },
    rowBytes: channels * Math.min(steps[2] || 1, 4) * sizesOf(format).bytes,
  });
}

/** Adds the launches of a direct convolution to a plan, and says what it computes at once. */
export function planDirect(
  planner: Planner,
  format: Format,
  spec: Convolution,
  inputShape: Shape,
  where: Geometry,
): string {
  const given = { planner, format, where, source: sourceOf(planner, format, spec, inputShape, where) };
  for (const phases of combinations(where)) contractPhase(given, pixelsOf(where, given.source, phases));
  return contractTile(format, 'pixels', 'output channels');
}
