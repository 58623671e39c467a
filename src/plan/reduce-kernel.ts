/** Kernels that fold an axis: sums, products, extremes. The order of terms depends on shapes alone. */

import {
  add,
  and,
  type Block,
  constant,
  convert,
  extract,
  type FunctionBuilder,
  index,
  kernel,
  load,
  maximum,
  minimum,
  multiply,
  named,
  type Start,
  shiftRight,
  subtract,
  type Value,
} from '../kernel/build.js';
import { type Cell, cellBytes, type Expr, type Kernel, laneBytes, laneOf } from '../kernel/program.js';
import { inVectors, overBlocks, unroll } from './loops.js';
import { vectorBytes } from './plan.js';

export type FoldName = 'sum' | 'product' | 'maximum' | 'minimum';

interface Fold {
  readonly combine: (a: Value, b: Value) => Expr;
  /** What changes nothing when it is combined. */
  readonly identity: { readonly float: number; readonly i32: number; readonly i64: bigint };
}

const folds: { readonly [F in FoldName]: Fold } = {
  sum: { combine: add, identity: { float: 0, i32: 0, i64: 0n } },
  product: { combine: multiply, identity: { float: 1, i32: 1, i64: 1n } },
  maximum: {
    combine: maximum,
    identity: { float: Number.NEGATIVE_INFINITY, i32: -(2 ** 31), i64: -(2n ** 63n) },
  },
  minimum: {
    combine: minimum,
    identity: { float: Number.POSITIVE_INFINITY, i32: 2 ** 31 - 1, i64: 2n ** 63n - 1n },
  },
};

/** What a kernel folds: cells of `source` in lanes of `lane`, whose results are stored as `target`. */
export interface FoldForm {
  readonly fold: FoldName;
  readonly source: Cell;
  readonly lane: 'f32' | 'f64' | 'i32' | 'i64';
  readonly target: Cell;
}

/** Lanes at once; float32 that is summed in float64 goes one by one. */
const widthOf = ({ source, lane }: FoldForm): number => (laneOf[source] === lane ? vectorBytes / laneBytes[lane] : 1);

const read = ({ source, lane }: FoldForm, width: number, address: Expr, offset: number): Expr =>
  convert(load(source, width, address, offset), lane);

function identityOf({ fold, lane }: FoldForm, width: number): Expr {
  const { identity } = folds[fold];
  return constant({ lane, width }, lane === 'i32' || lane === 'i64' ? identity[lane] : identity.float);
}

/** An accumulated value as a cell. */
function finished({ target }: FoldForm, value: Expr): Expr {
  return target === 'u8' ? and(value, 255) : convert(value, laneOf[target]);
}

const keyOf = ({ fold, source, lane, target }: FoldForm): string => `${fold} ${source} ${lane} ${target}`;

/** Values combined in pairs, and those in pairs. */
function inPairs(form: FoldForm, values: readonly Expr[]): Expr {
  const half = values.length / 2;
  if (half < 1) return values[0] as Expr;
  return folds[form.fold].combine(inPairs(form, values.slice(0, half)), inPairs(form, values.slice(half)));
}

/** How a row is folded: by so many accumulators, of several lanes where its cells are neighbours. */
export interface RowForm extends FoldForm {
  readonly neighbours: boolean;
  readonly accumulators: number;
}

/** Folds `count` cells that are `step` bytes apart. */
export function foldRow(f: FunctionBuilder, form: RowForm, place: Expr, count: Expr, step: Expr): Expr {
  const { combine } = folds[form.fold];
  const [width, bytes] = [form.neighbours ? widthOf(form) : 1, cellBytes[form.source]];
  const sums = Array.from({ length: form.accumulators }, () => f.let(identityOf(form, width)));
  let [at, left] = [place, count];
  for (const together of new Set([sums.length, 1])) {
    const taken = together * width;
    const turns = f.let(shiftRight(left, Math.log2(taken)));
    const rise = form.neighbours ? index(taken * bytes) : f.let(multiply(step, taken));
    const starts = sums
      .slice(0, form.neighbours ? 1 : together)
      .map((_, k): Start => [add(at, multiply(step, k)), rise]);
    f.loop(turns, starts, (...now) => {
      sums.slice(0, together).forEach((sum, k) => {
        const x = form.neighbours
          ? read(form, width, now[0] as Expr, k * width * bytes)
          : read(form, 1, now[k] as Expr, 0);
        f.set(sum, combine(sum, x));
      });
    });
    at = f.let(add(at, multiply(turns, rise)));
    left = f.let(subtract(left, multiply(turns, taken)));
  }
  const vector = f.let(inPairs(form, sums));
  const lanes = Array.from({ length: width }, (_, lane) => extract(vector, lane));
  const sum = f.let(inPairs(form, lanes));
  if (width > 1) f.loop(left, [[at, bytes]], (now) => f.set(sum, combine(sum, read(form, 1, now, 0))));
  return sum;
}

/** Strides are in bytes, over the axes outside of the one that is folded, along it, and inside of it. */
const rowParameters = [
  'from',
  'to',
  'fromOuter',
  'fromInner',
  'step',
  'toOuter',
  'toInner',
  'toChunk',
  'shift',
] as const;

/** Folds rows, or chunks of 2^shift cells of them. Grid: outer axes, inner axes, the axis that is folded. */
export const rowKernel = (form: RowForm): Kernel =>
  kernel(`fold ${keyOf(form)} ${form.neighbours} ${form.accumulators}`, rowParameters.length, 3, (f, given, grid) => {
    const p = named(rowParameters, given);
    const along = grid[2] as Block;
    const chunk = multiply(shiftRight(along.start, p.shift), p.toChunk);
    const strides = [
      [p.fromOuter, p.fromInner, p.step],
      [p.toOuter, p.toInner, index(0)],
    ];
    const stride = (array: number, axis: number): Expr => strides[array]?.[axis] as Expr;
    overBlocks(f, grid, 2, [p.from, add(p.to, chunk)], stride, ([from, to]) => {
      const value = foldRow(f, form, from as Expr, along.count, p.step);
      f.store(form.target, to as Expr, finished(form, value));
    });
  });

const columnParameters = ['from', 'to', 'fromOuter', 'fromRow', 'toOuter', 'toChunk', 'shift'] as const;

/** Rows that are read side by side, so that accumulators are fetched and put back once for all of them. */
const rowsAtOnce = 4;

/** Bytes of scratch for `columns` accumulators. */
export const columnScratch = ({ lane, target }: FoldForm, columns: number): number =>
  laneOf[target] === lane && target !== 'u8' ? 0 : columns * laneBytes[lane];

/**
 * Folds rows into one, or chunks of 2^shift of them. Grid: outer axes, rows, columns. Accumulators are in scratch where
 * the result's cells can't hold them.
 */
export const columnKernel = (form: FoldForm): Kernel =>
  kernel(`fold columns ${keyOf(form)}`, columnParameters.length, 3, (f, given, grid, scratch) => {
    const p = named(columnParameters, given);
    const [, rows, columns] = grid as readonly [Block, Block, Block];
    const [bytes, out, sum] = [cellBytes[form.source], cellBytes[form.target], laneBytes[form.lane]];
    const direct = columnScratch(form, 1) === 0;
    const chunk = multiply(shiftRight(rows.start, p.shift), p.toChunk);
    const strides = [
      [p.fromOuter, p.fromRow, index(bytes)],
      [p.toOuter, index(0), index(out)],
    ];
    const stride = (array: number, axis: number): Expr => strides[array]?.[axis] as Expr;
    overBlocks(f, grid, 1, [p.from, add(p.to, chunk)], stride, ([from, to]) => {
      const sums = direct ? (to as Expr) : scratch;
      const lanes = { width: widthOf(form), vectors: unroll };
      const { combine } = folds[form.fold];
      /** Combines some rows with the sums. */
      const fold = (places: readonly Expr[], isFirst: boolean): void => {
        const steps = [...places.map(() => bytes), sum];
        inVectors(f, columns.count, lanes, [...places, sums], steps, (at, width, offset) => {
          const place = at.at(-1) as Expr;
          const start = isFirst ? identityOf(form, width) : load(form.lane, width, place, offset * sum);
          const value = at
            .slice(0, -1)
            .reduce((total, address) => combine(total, read(form, width, address, offset * bytes)), start);
          f.store(form.lane, place, value, offset * sum);
        });
      };
      fold([from as Expr], true);
      const rest = f.let(subtract(rows.count, 1));
      const groups = f.let(shiftRight(rest, Math.log2(rowsAtOnce)));
      const second = f.let(add(from as Expr, p.fromRow));
      const rise = f.let(multiply(p.fromRow, rowsAtOnce));
      f.loop(groups, [[second, rise]], (row) => {
        const places: Expr[] = [row];
        while (places.length < rowsAtOnce) places.push(f.let(add(places.at(-1) as Expr, p.fromRow)));
        fold(places, false);
      });
      const single = f.let(add(second, multiply(groups, rise)));
      f.loop(subtract(rest, multiply(groups, rowsAtOnce)), [[single, p.fromRow]], (row) => fold([row], false));
      if (direct) return;
      f.loop(
        columns.count,
        [
          [sums, sum],
          [to as Expr, out],
        ],
        (place, target) => {
          f.store(form.target, target, finished(form, load(form.lane, 1, place)));
        },
      );
    });
  });
