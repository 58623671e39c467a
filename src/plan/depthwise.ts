/** What plans of depthwise convolutions have in common: one channel and one output a group, in a plane. */

import type { Geometry, Phase } from './geometry.js';
import { range } from './panel.js';

/** Taps whose numbers fit in registers. */
export const mostTaps = 9;

/** Tasks that a launch is cut into, about. */
export const manyTasks = 128;

/** Taps along an axis: the cell that the first meets at output 0, cells from tap to tap and from output to output. */
export interface Taps {
  readonly count: number;
  readonly first: number;
  readonly apart: number;
  readonly step: number;
}

const NO_MEETING = { cell: 0, tap: 0 };

/** The taps of a phase, which are evenly apart: in o*s + t*d = j*b + lo, the t that belong to whole j are. */
export function tapsOf({ meetings, cellStep }: Phase): Taps {
  const [first = NO_MEETING, second = first] = meetings;
  return { count: meetings.length, first: first.cell, apart: second.cell - first.cell, step: cellStep };
}

/** Offsets in the kernel of the taps of a phase along each axis. */
export const tapOffsets = ({ meetings }: Phase, stride: number): number[] => meetings.map(({ tap }) => tap * stride);

export const isDepthwise = ({ channels, outputs, space: [z] }: Geometry): boolean =>
  channels === 1 && outputs === 1 && z.cells === 1 && z.taps === 1 && z.outputs === 1 && z.lo === 0;

/** Outputs from `first` up to `end`. */
export interface Span {
  readonly first: number;
  readonly end: number;
}

/** The outputs all of whose taps meet cells. */
export function innerOf({ count, first, apart, step }: Taps, cells: number, outputs: number): Span {
  const begin = Math.min(outputs, Math.max(0, Math.ceil(-first / step)));
  const last = Math.floor((cells - 1 - (count - 1) * apart - first) / step);
  return { first: begin, end: Math.max(begin, Math.min(outputs, last + 1)) };
}

/** Rows of a tile, so that the fewest are computed twice. */
export function rowsOf(outputs: number): number {
  const computed = (rows: number): number => Math.ceil(outputs / rows) * rows;
  return [4, 5, 6, 7].reduce((a, b) => (computed(b) <= computed(a) ? b : a));
}

/** One row of cells that a tile reads. */
export interface RowRead {
  readonly row: number;
  /** The outputs that it is part of, and with which taps. */
  readonly uses: readonly { readonly out: number; readonly tap: number }[];
  /** Outputs that are complete with it. */
  readonly last: readonly number[];
}

/** The rows of cells that a tile of some rows of outputs reads, one after the other. */
export function rowsRead(rows: number, { count, apart, step }: Taps): RowRead[] {
  const pairs = range(rows).flatMap((out) => range(count).map((tap) => ({ out, tap, row: out * step + tap * apart })));
  return [...new Set(pairs.map(({ row }) => row))]
    .sort((a, b) => a - b)
    .map((row) => ({
      row,
      uses: pairs.filter((pair) => pair.row === row),
      last: range(rows).filter((out) => row === out * step + (count - 1) * apart),
    }));
}
