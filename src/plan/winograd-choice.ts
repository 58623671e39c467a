/**
 * Which convolutions become Winograd's.
 *
 * One of step 1 with 3x3 or 4x4 taps is it as it stands. One of step 2 with 5x5 to 8x8 taps is one of step 1 and half
 * the taps over four times the channels, the phases of its input: with t = 2r + h, output o meets cell 2o + t =
 * 2(o + r) + h, which is cell o + r of phase h. Its gradients follow: that of the input is one convolution for each
 * phase of the result, that of the kernel one over the phases of the input. An odd kernel gets one more tap, of zeros.
 */

import { type Convolution, positionsOf } from '../conv/convolution.js';
import type { Shape } from '../shape/shape.js';
import { type Axis, type Geometry, type Phase, type Strides, stridesBy } from './geometry.js';
import { copyInto, NO_AXIS, padInto } from './pad.js';
import { type Format, range, sizesOf } from './panel.js';
import { offsetsOver, type Planner } from './plan.js';
import { type Winograd, winograd } from './winograd.js';
import { isFew, isLargeKernel, winogradFew } from './winograd-few.js';
import { winogradGradient } from './winograd-gradient.js';
import { inputSide, points } from './winograd-transforms.js';

/** Multiplications from which on a convolution is large: below, its whole numbers stay whole. */
const largeProducts = 2 ** 22;
const fewestChannels = 8;

/** Nanoseconds that things take, as measured on one core; only their ratios count. */
const cost = {
  /** A multiplication and addition: directly, and in the matrix products at the points. */
  direct: 0.05,
  products: 0.045,
  /** Transforms: of a block of one channel of input or output, of a kernel, and the same where it outgrows the cache. */
  block: 30,
  kernel: 8,
  largeKernel: 45,
};

/** Sizes of a convolution over blocks. */
interface Size {
  readonly taps: Taps;
  readonly samples: number;
  readonly size: readonly [number, number];
  readonly channels: number;
  readonly outputs: number;
}

/** Whether blocks pay, where the direct sum has `direct` multiplications for each pixel, channel and output. */
function pays({ taps, samples, size, channels, outputs }: Size, direct: number): boolean {
  const products = samples * size[0] * size[1] * channels * outputs * direct;
  if (products < largeProducts || Math.min(channels, outputs) < fewestChannels) return false;
  const side = inputSide + 1 - taps;
  const blocks = samples * Math.ceil(size[0] / side) * Math.ceil(size[1] / side);
  const isLarge = isLargeKernel({ channels, outputs }) && !isFew({ taps, samples, size, channels, outputs });
  const kernel = isLarge ? cost.largeKernel : cost.kernel;
  const transforms = blocks * (channels + outputs) * cost.block + channels * outputs * kernel;
  return transforms + blocks * points * channels * outputs * cost.products < products * cost.direct;
}

/** What a sequence of taps does along an axis: the first cell, and by how much cells and taps move. */
interface Run {
  readonly cell: number;
  readonly cellStep: number;
  readonly tap: number;
  readonly tapStep: number;
  readonly taps: number;
}

function runOf({ meetings }: Phase): Run | null {
  const [first, second = first] = meetings;
  if (first === undefined || second === undefined) return null;
  const [cellStep, tapStep] = [second.cell - first.cell, second.tap - first.tap];
  const isEven = meetings.every(
    ({ cell, tap }, i) => cell === first.cell + i * cellStep && tap === first.tap + i * tapStep,
  );
  return isEven ? { cell: first.cell, cellStep, tap: first.tap, tapStep, taps: meetings.length } : null;
}

const isPlane = ({ space: [z] }: Geometry): boolean => z.cells === 1 && z.taps === 1 && z.outputs === 1 && z.lo === 0;

/** The only phase of an axis, as a run. */
const soleRun = ({ phases }: Axis): Run | null => {
  const [phase] = phases;
  return phase === undefined || phases.length > 1 ? null : runOf(phase);
};

const soleStep = ({ phases }: Axis): number => phases[0]?.cellStep ?? 0;

/** Everything that planning a form needs. */
interface Given {
  readonly planner: Planner;
  readonly format: Format;
  readonly spec: Convolution;
  readonly where: Geometry;
  readonly kernelShape: Shape;
}

const imageOf = ({ g, n, c, space }: Strides) => ({ g, n, c, y: space[1], x: space[2] });

const groupsOf = ({ groups, samples, channels, outputs }: Geometry) => ({ groups, samples, channels, outputs });

type Taps = Winograd['taps'];

const isSide = (taps: number): taps is Taps => taps === 3 || taps === 4;

const square = (taps: Taps, y: number, x: number): Int32Array => offsetsOver([taps, taps], [y, x]);

/** A convolution of step 1. */
function planSimple({ planner, format, spec, where }: Given): Taps | null {
  const [, y, x] = where.space;
  const [ry, rx] = [soleRun(y), soleRun(x)];
  if (ry === null || rx === null || !isSide(y.taps) || x.taps !== y.taps) return null;
  if (ry.taps !== y.taps || rx.taps !== y.taps) return null;
  if (ry.cellStep !== 1 || rx.cellStep !== 1 || soleStep(y) !== 1 || soleStep(x) !== 1) return null;
  if (ry.cell > 0 || rx.cell > 0) return null;
  const { kernel, output, groups, samples, channels, outputs } = where;
  const size = [y.outputs, x.outputs] as const;
  if (!pays({ taps: y.taps, samples: groups * samples, size, channels, outputs }, y.taps ** 2)) return null;
  const form: Winograd = {
    ...format,
    ...groupsOf(where),
    taps: y.taps,
    input: 0,
    kernel: 1,
    output: 2,
    origin: 0,
    flip: spec.flip,
    cells: [y.cells, x.cells],
    lo: [-ry.cell, -rx.cell],
    size,
    from: imageOf(where.input),
    to: { g: output.g, n: output.n, o: output.o, y: output.space[1], x: output.space[2] },
    weights: { ...kernel, taps: square(y.taps, kernel.space[1], kernel.space[2]) },
  };
  if (isFew(form)) winogradFew(planner, form);
  else winograd(planner, form);
  return y.taps;
}

/** What is the same in the gradient of a kernel, of step 1 or 2: samples and channels have changed places. */
function gradientOf({ format, where }: Given): Omit<Winograd, 'taps' | 'input' | 'cells' | 'lo' | 'from' | 'weights'> {
  const { kernel, channels, samples } = where;
  const [, y, x] = where.space;
  return {
    ...format,
    ...groupsOf(where),
    samples: channels,
    channels: samples,
    kernel: 2,
    output: 1,
    origin: 0,
    flip: false,
    size: [y.taps, x.taps],
    to: { g: kernel.g, n: kernel.c, o: kernel.o, y: kernel.space[1], x: kernel.space[2] },
  };
}

/** The gradient of a kernel of step 1. */
function planGradient(given: Given): Taps | null {
  const { planner, spec, where } = given;
  const [, y, x] = where.space;
  const [ry, rx] = [soleRun(y), soleRun(x)];
  if (ry === null || rx === null || spec.flip || !isSide(y.outputs) || x.outputs !== y.outputs) return null;
  if (ry.taps < 4 || rx.taps < 4 || ry.cellStep !== 1 || rx.cellStep !== 1 || ry.cell > 0 || rx.cell > 0) return null;
  if (soleStep(y) !== 1 || soleStep(x) !== 1) return null;
  const { input, output, groups, samples, channels, outputs } = where;
  const [taps, size] = [y.outputs, [y.taps, x.taps] as const];
  if (!pays({ taps, samples: groups * channels, size, channels: samples, outputs }, taps ** 2)) return null;
  winogradGradient(
    planner,
    {
      ...gradientOf(given),
      taps,
      input: 0,
      cells: [y.cells, x.cells],
      lo: [-ry.cell, -rx.cell],
      from: { g: input.g, n: input.c, c: input.n, y: input.space[1], x: input.space[2] },
      weights: { g: output.g, o: output.o, c: output.n, taps: square(taps, output.space[1], output.space[2]) },
    },
    2,
  );
  return taps;
}

/** The taps of a phase of a kernel with so many along both axes; null where phases are none of Winograd's. */
function halfOf(y: number, x: number): Taps | null {
  const half = Math.ceil(y / 2);
  return isSide(half) && Math.ceil(x / 2) === half && Math.min(y, x) > 4 ? half : null;
}

/** A copy of the kernel with an even number of taps; the kernel itself where it has it. */
function paddedKernel(
  { planner, format, spec, where, kernelShape }: Given,
  taps: number,
): { buffer: number; strides: Strides } {
  const spatial = positionsOf(spec.kernel).space.slice(0, spec.windows.length);
  const hi = kernelShape.map((size, axis) => (spatial.includes(axis) ? taps - size : 0));
  if (hi.every((zeros) => zeros === 0)) return { buffer: 1, strides: where.kernel };
  const lo = kernelShape.map(() => 0);
  const padded = padInto(planner, format, 1, kernelShape, spatial, { lo, hi });
  return { buffer: padded.buffer, strides: stridesBy(spec.kernel, padded.shape, spec.windows.length) };
}

const halves = [0, 1] as const;

/** The four phases of an image: cells 2i + phase + first of the input, along y and x, `size` of them. */
function phasesOfInput(
  { planner, format, where }: Given,
  first: readonly [number, number],
  size: readonly [number, number],
  /** The letter over which the phases multiply. */
  letter: 'c' | 'n',
): { buffer: number; from: Winograd['from']; phase: number } {
  const { input, groups, samples, channels } = where;
  const counts = { g: groups, n: samples, c: channels };
  const other = letter === 'c' ? 'n' : 'c';
  const isDense = input[letter] === 1;
  const area = size[0] * size[1];
  const perOther = 4 * counts[letter] * area;
  const [mine, others] = [isDense ? 1 : area, perOther];
  const [n, c] = letter === 'n' ? [mine, others] : [others, mine];
  const y = isDense ? size[1] * 4 * counts[letter] : size[1];
  const from = { g: perOther * counts[other], n, c, y, x: isDense ? 4 * counts[letter] : 1 };
  const phase = counts[letter] * from[letter];
  const buffer = planner.temporary(groups * from.g * sizesOf(format).bytes);
  const planes = isDense ? (['g', other] as const) : (['g', other, letter] as const);
  const over = (strides: { readonly g: number; readonly n: number; readonly c: number }): Int32Array =>
    offsetsOver(
      planes.map((name) => counts[name]),
      planes.map((name) => strides[name]),
    );
  for (const [py, px] of halves.flatMap((a) => halves.map((b) => [a, b] as const))) {
    const axis = (at: 0 | 1, half: number, to: number) => {
      const [cells, stride, count] = [where.space[at + 1]?.cells ?? 1, input.space[at + 1] ?? 0, size[at]];
      const start = first[at] + half;
      const lo = Math.min(count, Math.max(0, Math.ceil(-start / 2)));
      const within = Math.max(lo, Math.min(count, Math.floor((cells - 1 - start) / 2) + 1));
      const axisOf = { lo, size: within - lo, hi: count - within, from: 2 * stride, to };
      return { axis: axisOf, offset: within > lo ? (start + 2 * lo) * stride : 0 };
    };
    const [rows, columns] = [axis(0, py, from.y), axis(1, px, from.x)];
    copyInto(planner, format, {
      from: { buffer: 0, offset: rows.offset + columns.offset },
      to: { buffer, offset: (2 * py + px) * phase },
      planes: { from: over(input), to: over(from) },
      outer: isDense ? [rows.axis, columns.axis] : [NO_AXIS, rows.axis],
      row: isDense ? { lo: 0, size: counts[letter], hi: 0, from: 1 } : columns.axis,
    });
  }
  return { buffer, from, phase };
}

/** A convolution of step 2. */
function planStrided(given: Given): Taps | null {
  const { planner, format, spec, where } = given;
  const [, y, x] = where.space;
  const [ry, rx] = [soleRun(y), soleRun(x)];
  const taps = halfOf(y.taps, x.taps);
  if (ry === null || rx === null || taps === null) return null;
  if (ry.taps !== y.taps || rx.taps !== x.taps || ry.cellStep !== 1 || rx.cellStep !== 1) return null;
  if (soleStep(y) !== 2 || soleStep(x) !== 2 || spec.flip) return null;
  const { channels, output, outputs, samples, groups } = where;
  const size = [y.outputs, x.outputs] as const;
  const direct = (y.taps * x.taps) / 4;
  if (!pays({ taps, samples: groups * samples, size, channels: 4 * channels, outputs }, direct)) return null;
  const cells = [y.outputs + taps - 1, x.outputs + taps - 1] as const;
  const image = phasesOfInput(given, [ry.cell, rx.cell], cells, 'c');
  const kernel = paddedKernel(given, 2 * taps);
  const { strides } = kernel;
  winograd(planner, {
    ...format,
    ...groupsOf(where),
    taps,
    channels: 4 * channels,
    input: image.buffer,
    kernel: kernel.buffer,
    output: 2,
    origin: 0,
    flip: false,
    cells,
    lo: [0, 0],
    size,
    from: image.from,
    to: { g: output.g, n: output.n, o: output.o, y: output.space[1], x: output.space[2] },
    weights: {
      ...strides,
      taps: square(taps, 2 * strides.space[1], 2 * strides.space[2]),
      parts: halves.flatMap((py) => halves.map((px) => py * strides.space[1] + px * strides.space[2])),
    },
  });
  return taps;
}

/** All taps of a phase, one that it lacks added where the padded kernel has it. */
function allTaps(run: Run | null, taps: Taps): Run | null {
  if (run === null || run.taps < taps - 1 || Math.abs(run.tapStep) !== 2 || run.cellStep !== 1) return null;
  if (run.taps === taps) return run;
  const next = run.tap + run.taps * run.tapStep;
  if (next >= 0 && next < 2 * taps) return { ...run, taps };
  return { ...run, cell: run.cell - 1, tap: run.tap - run.tapStep, taps };
}

/** The gradient of the input of a convolution of step 2: four convolutions, one a phase. */
function planTransposed(given: Given): Taps | null {
  const { planner, format, where } = given;
  const [, y, x] = where.space;
  const taps = halfOf(y.taps, x.taps);
  if (y.phases.length !== 2 || x.phases.length !== 2 || taps === null) return null;
  const runs = (axis: Axis): (Run | null)[] => axis.phases.map((phase) => allTaps(runOf(phase), taps));
  const [rows, columns] = [runs(y), runs(x)];
  if ([...rows, ...columns].some((run) => run === null || run.cell > 0)) return null;
  if (soleStep(y) !== 1 || soleStep(x) !== 1) return null;
  const half = [Math.ceil(y.outputs / 2), Math.ceil(x.outputs / 2)] as const;
  const { groups, samples, channels, outputs, output } = where;
  const direct = (y.taps * x.taps) / 4;
  if (!pays({ taps, samples: 4 * groups * samples, size: half, channels, outputs }, direct)) return null;
  const kernel = paddedKernel(given, 2 * taps);
  const [tapY, tapX] = [kernel.strides.space[1], kernel.strides.space[2]];
  for (const [i, ry] of rows.entries()) {
    for (const [j, rx] of columns.entries()) {
      const [py, px] = [y.phases[i], x.phases[j]];
      if (ry === null || rx === null || py === undefined || px === undefined) continue;
      const first = py.first * output.space[1] + px.first * output.space[2];
      winograd(planner, {
        ...format,
        ...groupsOf(where),
        taps,
        input: 0,
        kernel: kernel.buffer,
        output: 2,
        origin: 0,
        target: first,
        flip: false,
        cells: [y.cells, x.cells],
        lo: [-ry.cell, -rx.cell],
        size: [py.count, px.count],
        from: imageOf(where.input),
        to: { g: output.g, n: output.n, o: output.o, y: 2 * output.space[1], x: 2 * output.space[2] },
        weights: {
          ...kernel.strides,
          taps: square(taps, ry.tapStep * tapY, rx.tapStep * tapX),
          parts: [ry.tap * tapY + rx.tap * tapX],
        },
      });
    }
  }
  return taps;
}

/** The gradient of a kernel of step 2: that of one of half the taps, over the phases of the input. */
function planStridedGradient(given: Given): Taps | null {
  const { planner, format, spec, where } = given;
  const [, y, x] = where.space;
  const [ry, rx] = [soleRun(y), soleRun(x)];
  const taps = halfOf(y.outputs, x.outputs);
  if (ry === null || rx === null || spec.flip || taps === null) return null;
  if (ry.taps < 4 || rx.taps < 4 || ry.cellStep !== 2 || rx.cellStep !== 2) return null;
  if (soleStep(y) !== 1 || soleStep(x) !== 1) return null;
  const { samples, channels, outputs, output, groups } = where;
  const size = [y.taps, x.taps] as const;
  const direct = (y.outputs * x.outputs) / 4;
  if (!pays({ taps, samples: groups * channels, size, channels: 4 * samples, outputs }, direct)) return null;
  const cells = [y.taps + taps - 1, x.taps + taps - 1] as const;
  const image = phasesOfInput(given, [ry.cell, rx.cell], cells, 'n');
  // All taps of [group][phase][channel][output]; those that the kernel has are copied when all are there.
  const area = taps ** 2;
  const group = 4 * area * samples * outputs;
  const made = planner.temporary(groups * group * sizesOf(format).bytes);
  const { from } = image;
  winogradGradient(
    planner,
    {
      ...gradientOf(given),
      taps,
      channels: 4 * samples,
      input: image.buffer,
      cells,
      lo: [0, 0],
      from: { g: from.g, n: from.c, c: from.n, y: from.y, x: from.x },
      weights: { g: group, c: area * outputs, o: area, taps: range(area) },
    },
    made,
  );
  for (const [py, px] of halves.flatMap((a) => halves.map((b) => [a, b] as const))) {
    const counts = [Math.ceil((y.outputs - py) / 2), Math.ceil((x.outputs - px) / 2)] as const;
    const planes = [groups, samples, outputs, counts[0]];
    const rows = { from: [group, area * outputs, area, taps], to: [output.g, output.n, output.o, 2 * output.space[1]] };
    copyInto(planner, format, {
      from: { buffer: made, offset: (2 * py + px) * samples * area * outputs },
      to: { buffer: 2, offset: py * output.space[1] + px * output.space[2] },
      planes: { from: offsetsOver(planes, rows.from), to: offsetsOver(planes, rows.to) },
      outer: [NO_AXIS, { ...NO_AXIS, size: counts[1], from: 1, to: 2 * output.space[2] }],
      row: { lo: 0, size: 1, hi: 0, from: 1 },
    });
  }
  return taps;
}

type PlanWay = (given: Given) => Taps | null;

const ways: readonly (readonly [plan: PlanWay, what: string])[] = [
  [planSimple, 'a convolution of step 1'],
  [planGradient, 'the gradient of a kernel of step 1'],
  [planStrided, 'of step 2: of step 1 over the four phases of its input'],
  [planTransposed, 'the gradient of the input at step 2: one of step 1 for each phase of the result'],
  [planStridedGradient, 'the gradient of a kernel of step 2: of step 1 over the phases of the input'],
];

/** Adds a convolution to a plan as Winograd's, where it is one and that pays, and says how; null where it isn't. */
export function planWinograd(
  planner: Planner,
  format: Format,
  spec: Convolution,
  where: Geometry,
  kernelShape: Shape,
): { tile: string; why: string } | null {
  if (!isPlane(where)) return null;
  const given = { planner, format, spec, where, kernelShape };
  for (const [plan, what] of ways) {
    const taps = plan(given);
    if (taps === null) continue;
    const side = inputSide + 1 - taps;
    const { columns } = sizesOf(format);
    return {
      tile: `blocks of 6x6 inputs and ${side}x${side} outputs; in their products 4 blocks x ${columns} channels`,
      why: `${what}, by ${points} multiplications a block in place of ${(side * taps) ** 2}`,
    };
  }
  return null;
}
