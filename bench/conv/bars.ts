/** What the figures of convolutions should reach. */

import type { Bar } from '../bar.js';
import type { Machine } from '../peak.js';
import { geometricMean, greatest, least, present } from '../statistics.js';
import { bandwidth, cold, LEAST_SPEED, MEAN_SPEED } from './columns.js';
import { type Figure, speed } from './figure.js';
import { type Layout, layouts, type Precision, type ShapeName, scratchBound, shapes } from './shapes.js';

/** Our speed by a peer's, over all shapes and passes. */
export interface Mean {
  readonly framework: string;
  readonly layout: Layout;
  readonly threads: number;
  readonly precision: Precision;
  /** Geometric. */
  readonly mean: number | null;
  readonly least: number | null;
  readonly rows: number;
}

const isSameCase = (a: Figure, b: Figure): boolean => a.name === b.name && a.pass === b.pass && a.layout === b.layout;

/** The rows of a precision: one that is measured as 'fast' alone goes the same way when it is to be 'exact'. */
export function withPrecision(figures: readonly Figure[], precision: Precision): Figure[] {
  const fast = figures.filter((figure) => figure.precision === 'fast');
  const exact = figures.filter((figure) => figure.precision === 'exact');
  if (precision === 'fast') return fast;
  return fast.map((row) => exact.find((other) => isSameCase(row, other) && row.threads === other.threads) ?? row);
}

/** The means of some rows, by framework and layout. */
function meansOf(
  rows: readonly Figure[],
  frameworks: readonly string[],
  threads: number,
  precision: Precision,
): Mean[] {
  return frameworks.flatMap((framework) =>
    layouts.flatMap((layout) => {
      const speeds = present(rows.filter((row) => row.layout === layout).map((row) => speed(row, framework)));
      const mean = { mean: geometricMean(speeds), least: least(speeds), rows: speeds.length };
      return speeds.length === 0 ? [] : [{ framework, layout, threads, precision, ...mean }];
    }),
  );
}

/** All means there are. */
export const means = (
  figures: readonly Figure[],
  frameworks: readonly string[],
  precisions: readonly Precision[],
): Mean[] =>
  precisions.flatMap((precision) =>
    [...new Set(figures.map(({ threads }) => threads))].flatMap((threads) => {
      const rows = withPrecision(figures, precision).filter((figure) => figure.threads === threads);
      return meansOf(rows, frameworks, threads, precision);
    }),
  );

const isWinograd = ({ algorithm }: Figure): boolean => /winograd/i.test(algorithm);

const isDirect = (figure: Figure): boolean =>
  shapes[figure.name].groups === 1 && !isWinograd(figure) && figure.algorithm !== 'reference';

/** How many times faster two threads are than one, by row. */
const gains = (rows: readonly Figure[]): number[] =>
  rows
    .filter(({ threads }) => threads === 2)
    .flatMap((two) =>
      rows.filter((one) => one.threads === 1 && isSameCase(one, two)).map(({ seconds }) => seconds / two.seconds),
    );

/** Memory beside operands and result, by what is allowed. */
const scratchOf = (figure: Figure): number | null =>
  figure.first &&
  figure.first.scratch / scratchBound(shapes[figure.name], figure.pass, isWinograd(figure), figure.threads);

/** Shapes on which PyTorch's speed is nearly to be reached: those that Winograd serves best. */
const STRETCH: readonly ShapeName[] = ['A', 'B', 'F'];

/** Our speed by the peers', on one thread. */
function speedBars(single: readonly Figure[]): Bar[] {
  const slowest = (framework: string, wanted: (row: Figure) => boolean): number | null =>
    least(present(single.filter(wanted).map((row) => speed(row, framework))));
  return [
    ...meansOf(single, ['torch'], 1, 'fast').flatMap(({ layout, mean, least: lowest }): Bar[] => [
      { what: `speed by PyTorch's, ${layout}, mean`, figure: mean, bar: MEAN_SPEED, side: 'least' },
      { what: `speed by PyTorch's, ${layout}, least`, figure: lowest, bar: LEAST_SPEED, side: 'least' },
    ]),
    {
      what: "speed by PyTorch's, A B F, least (stretch)",
      figure: slowest('torch', ({ name }) => STRETCH.includes(name)),
      bar: 0.8,
      side: 'least',
    },
    {
      what: "speed by tfjs-wasm's, forward, least",
      figure: slowest('tfjs', ({ pass }) => pass === 'y'),
      bar: 2,
      side: 'least',
    },
    {
      what: "speed by tfjs-wasm's, dX, least",
      figure: slowest('tfjs', ({ pass }) => pass === 'dx'),
      bar: 10,
      side: 'least',
    },
  ];
}

/** All bars, by the figures that there are. */
export function bars(figures: readonly Figure[], machine: Machine): Bar[] {
  const fast = withPrecision(figures, 'fast');
  const single = fast.filter(({ threads }) => threads === 1);
  const gain = gains(fast);
  const direct = figures.filter((figure) => figure.threads === 1 && isDirect(figure));
  const depthwise = single.filter(({ name }) => name === 'E');
  return [
    ...speedBars(single),
    {
      what: 'direct kernels by the peak, least',
      figure: least(direct.map(({ gflops }) => gflops / machine.peak)),
      bar: 0.8,
      side: 'least',
    },
    {
      what: "E by the copy's bandwidth, least",
      figure: least(depthwise.map((figure) => bandwidth(figure, machine))),
      bar: 0.6,
      side: 'least',
    },
    { what: 'two threads by one, mean', figure: geometricMean(gain), bar: 1.8, side: 'least' },
    { what: 'two threads by one, least', figure: least(gain), bar: 1.8, side: 'least' },
    { what: 'scratch by what is allowed, most', figure: greatest(present(fast.map(scratchOf))), bar: 1, side: 'most' },
    { what: 'first call beyond the best, ms, most', figure: greatest(present(fast.map(cold))), bar: 30, side: 'most' },
  ];
}
