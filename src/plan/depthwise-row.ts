/**
 * Rows of pixels in vectors, and what each tap reads for one: the cells that its outputs meet, every one or every
 * second, as a vector. Lanes whose cells lie outside the row are zeros: cells that are inside are read, and moved up or
 * down until they stand where they belong.
 */

import { constant, type FunctionBuilder, load, shuffle } from '../kernel/build.js';
import type { Expr, Variable } from '../kernel/program.js';
import type { Taps } from './depthwise.js';
import { type Format, range, sizesOf } from './panel.js';

/** One vector of outputs of a row. */
export interface RowVector {
  /** Tap by tap, by how many lanes its cells move up, or down where negative; as many as there are: it has none. */
  readonly moved: readonly number[];
  /** Outputs that other vectors have already: so many lanes at the end are left out. */
  readonly dropped: number;
  /** Where every second cell is read, there is one more than needed: before them, or after. */
  readonly isLate: boolean;
}

export interface PlacedVector extends RowVector {
  /** The output in lane 0. */
  readonly start: number;
}

/** The vectors of a row: some at the beginning, those without zeros, some at the end. */
export interface RowPlan {
  readonly before: readonly PlacedVector[];
  readonly middle: { readonly start: number; readonly count: number };
  readonly after: readonly PlacedVector[];
}

/** From which cell on a tap's vector is read, counted from where lane 0 stands, and which of two cells it takes. */
interface Read {
  readonly cell: number;
  readonly odd: number;
}

/** What the taps of a vector read; null for one without cells. */
function readsOf({ width }: { readonly width: number }, x: Taps, { moved, isLate }: RowVector): (Read | null)[] {
  const first = moved.map((by, s) => (Math.abs(by) < width ? x.first + s * x.apart + by * x.step : null));
  return first.map((cell) => {
    if (cell === null) return null;
    if (x.step === 1) return { cell, odd: 0 };
    // Neighbours share what they read.
    const odd = isLate ? Number(!first.includes(cell + 1)) : Number(first.includes(cell - 1));
    return { cell: cell - odd, odd };
  });
}

/** The vector that all taps read where they stand. */
export const plainVector = (x: Taps): RowVector => ({ moved: range(x.count).map(() => 0), dropped: 0, isLate: false });

/** First and last cell that a vector reads, counted from where lane 0 stands; 0 where it reads none. */
export function reachOf(format: Format, x: Taps, vector: RowVector): { least: number; most: number } {
  const { width } = sizesOf(format);
  const cells = readsOf({ width }, x, vector).flatMap((read) => (read === null ? [] : [read.cell]));
  if (cells.length === 0) return { least: 0, most: 0 };
  return { least: Math.min(...cells), most: Math.max(...cells) + x.step * width - 1 };
}

/** One vector of `lanes` outputs from `start` on; null where zeros would come from both sides. */
function vectorAt(format: Format, x: Taps, cells: number, start: number, lanes: number): PlacedVector | null {
  const { width } = sizesOf(format);
  const moved: number[] = [];
  for (const s of range(x.count)) {
    const first = start * x.step + x.first + s * x.apart;
    const below = Math.min(width, Math.ceil(Math.max(0, -first) / x.step));
    const there = Math.max(0, Math.min(lanes, Math.floor((cells - 1 - first) / x.step) + 1));
    if (below > 0 && there < width) return null;
    moved.push(below > 0 ? below : there - width);
  }
  const isInside = (vector: RowVector): boolean => {
    const { least, most } = reachOf(format, x, vector);
    return start * x.step + least >= 0 && start * x.step + most < cells;
  };
  const vector = { moved, dropped: width - lanes, start };
  if (moved.every((by) => Math.abs(by) === width)) return { ...vector, isLate: false };
  return [false, true].map((isLate) => ({ ...vector, isLate })).find(isInside) ?? null;
}

const isPlain = ({ moved, dropped, isLate }: RowVector): boolean =>
  dropped === 0 && !isLate && moved.every((by) => by === 0);

/** Vectors with zeros, at most, at each end of a row. */
const mostEnds = 2;

/**
 * The vectors that a row of outputs is cut into; null where a row is too short for vectors.
 *
 * @param overlaps whether an output may be in two vectors; otherwise the last vector drops some lanes
 */
export function planRow(format: Format, x: Taps, outputs: number, cells: number, overlaps: boolean): RowPlan | null {
  const { width } = sizesOf(format);
  if (outputs < width) return null;
  const vectors: PlacedVector[] = [];
  for (const i of range(Math.ceil(outputs / width))) {
    const start = overlaps ? Math.min(i * width, outputs - width) : i * width;
    const vector = vectorAt(format, x, cells, start, Math.min(width, outputs - start));
    if (vector === null) return null;
    vectors.push(vector);
  }
  const first = vectors.findIndex(isPlain);
  // The last one stands where it likes.
  const isNext = (vector: PlacedVector, i: number): boolean => isPlain(vector) && vector.start === i * width;
  const end = first < 0 ? vectors.length : first + vectors.slice(first).findIndex((v, i) => !isNext(v, first + i));
  const last = end < first ? vectors.length : end;
  const before = vectors.slice(0, first < 0 ? vectors.length : first);
  const after = first < 0 ? [] : vectors.slice(last);
  const middle = first < 0 ? { start: 0, count: 0 } : { start: first * width, count: last - first };
  return before.length > mostEnds || after.length > mostEnds ? null : { before, middle, after };
}

/** Moves lanes up, or down where `by` is negative; zeros move in: a window of both, which is one instruction. */
export function moveLanes(vector: Expr, by: number): Expr {
  if (by === 0) return vector;
  const { width } = vector.type;
  const lanes = range(width).map((lane) => (lane - by + 2 * width) % (2 * width));
  return shuffle(vector, constant(vector.type, 0), lanes);
}

/**
 * The cells of a vector's taps, each read when it is asked for; null for a tap without cells.
 * @param row where the first cell that the vector reads lies
 */
export function readRow(
  f: FunctionBuilder,
  format: Format,
  x: Taps,
  vector: RowVector,
  row: Expr,
): (tap: number) => Variable | null {
  const { cell, vectorBytes } = format;
  const { width, bytes } = sizesOf(format);
  const reads = readsOf({ width }, x, vector);
  const { least } = reachOf(format, x, vector);
  const made = new Map<number, readonly Variable[]>();
  const pair = (first: number): readonly Variable[] => {
    const found = made.get(first);
    if (found !== undefined) return found;
    const loaded = range(x.step).map((v) => f.let(load(cell, width, row, (first - least) * bytes + v * vectorBytes)));
    made.set(first, loaded);
    return loaded;
  };
  return (tap) => {
    const read = reads[tap] ?? null;
    if (read === null) return null;
    const [a, b = a] = pair(read.cell) as readonly [Variable, Variable?];
    const lanes = range(width).map((lane) => 2 * lane + read.odd);
    const cells = x.step === 1 ? a : f.let(shuffle(a, b, lanes));
    const by = vector.moved[tap] as number;
    return by === 0 ? cells : f.let(moveLanes(cells, by));
  };
}

/** What a vector's code depends on, for the names of kernels. */
export const showVector = ({ moved, dropped, isLate }: RowVector): string =>
  `${moved}${dropped > 0 ? `-${dropped}` : ''}${isLate ? '<' : ''}`;

export const showTaps = ({ count, first, apart, step }: Taps): string => `${count}@${first}+${apart}/${step}`;
