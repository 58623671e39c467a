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
  shiftRight,
  subtract,
  type Value,
} from '../kernel/build.js';
import { type Cell, cellBytes, type Expr, type Kernel, laneBytes, laneOf, type Variable } from '../kernel/program.js';
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

/** Lanes at once. */
const widthOf = ({ lane }: FoldForm): number => vectorBytes / laneBytes[lane];

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

/** How cells are folded that are not kept in memory meanwhile: by so many accumulators. */
export interface AccumulatorForm extends FoldForm {
  readonly accumulators: number;
}

const accumulatorsOf = (f: FunctionBuilder, form: AccumulatorForm, width: number): Variable[] =>
  Array.from({ length: form.accumulators }, () => f.let(identityOf(form, width)));

/** Folds `count` neighbouring cells. */
function foldRow(f: FunctionBuilder, form: AccumulatorForm, place: Expr, count: Expr): Variable {
  const { combine } = folds[form.fold];
  const [width, bytes] = [widthOf(form), cellBytes[form.source]];
  const sums = accumulatorsOf(f, form, width);
  let [at, left] = [place, count];
  for (const together of new Set([sums.length, 1])) {
    const cells = together * width;
    const turns = f.let(shiftRight(left, Math.log2(cells)));
    f.loop(turns, [[at, cells * bytes]], (now) => {
      sums.slice(0, together).forEach((sum, k) => {
        f.set(sum, combine(sum, read(form, width, now, k * width * bytes)));
      });
    });
    at = f.let(add(at, multiply(turns, cells * bytes)));
    left = f.let(subtract(left, multiply(turns, cells)));
  }
  const vector = f.let(inPairs(form, sums));
  const lanes = Array.from({ length: width }, (_, lane) => extract(vector, lane));
  const sum = f.let(inPairs(form, lanes));
  if (width > 1) f.loop(left, [[at, bytes]], (now) => f.set(sum, combine(sum, read(form, 1, now, 0))));
  return sum;
}

/** Folds `count` cells that are `step` bytes apart, of `width` columns side by side. */
function foldColumn(
  f: FunctionBuilder,
  form: AccumulatorForm,
  width: number,
  place: Expr,
  count: Expr,
  step: Expr,
): Variable {
  const { combine } = folds[form.fold];
  const sums = accumulatorsOf(f, form, width);
  let [at, left] = [place, count];
  for (const together of new Set([sums.length, 1])) {
    const turns = f.let(shiftRight(left, Math.log2(together)));
    const rise = f.let(multiply(step, together));
    f.loop(turns, [[at, rise]], (now) => {
      let row: Expr = now;
      for (const sum of sums.slice(0, together)) {
        f.set(sum, combine(sum, read(form, width, row, 0)));
        row = f.let(add(row, step));
      }
    });
    at = f.let(add(at, multiply(turns, rise)));
    left = f.let(subtract(left, multiply(turns, together)));
  }
  return f.let(inPairs(form, sums));
}

/** Folds one column: its cells are side by side (null), or `step` bytes apart. */
export const foldCells = (
  f: FunctionBuilder,
  form: AccumulatorForm,
  place: Expr,
  count: Expr,
  step: Expr | null,
): Variable => (step === null ? foldRow(f, form, place, count) : foldColumn(f, form, 1, place, count, step));

/** Strides in bytes: of the outer axes and of the axis that is folded; of the result's parts of that. */
const parameters = ['from', 'to', 'fromOuter', 'fromRow', 'toOuter', 'toChunk', 'shift'] as const;

/** What folds one task's cells, of the places where they begin and where the results go. */
type Inner = (
  f: FunctionBuilder,
  places: readonly [from: Expr, to: Expr],
  rows: Block,
  columns: Block,
  step: Expr,
  scratch: Expr,
) => void;

/** Grid: outer axes, the axis that is folded (or chunks of 2^shift cells of it), columns. */
const foldKernel = (name: string, form: FoldForm, inner: Inner): Kernel =>
  kernel(`fold ${name} ${keyOf(form)}`, parameters.length, 3, (f, given, grid, scratch) => {
    const p = named(parameters, given);
    const [, rows, columns] = grid as readonly [Block, Block, Block];
    const chunk = multiply(shiftRight(rows.start, p.shift), p.toChunk);
    const strides = [
      [p.fromOuter, p.fromRow, index(cellBytes[form.source])],
      [p.toOuter, index(0), index(cellBytes[form.target])],
    ];
    const stride = (array: number, axis: number): Expr => strides[array]?.[axis] as Expr;
    overBlocks(f, grid, 1, [p.from, add(p.to, chunk)], stride, ([from, to]) =>
      inner(f, [from as Expr, to as Expr], rows, columns, p.fromRow, scratch),
    );
  });

/** Of one column: its cells are neighbours. */
export const rowKernel = (form: AccumulatorForm): Kernel =>
  foldKernel(`row ${form.accumulators}`, form, (f, [from, to], { count }) => {
    f.store(form.target, to, finished(form, foldRow(f, form, from, count)));
  });

/** Of few columns: each vector of them is folded from the first row to the last. */
export const narrowKernel = (form: AccumulatorForm): Kernel =>
  foldKernel(`narrow ${form.accumulators}`, form, (f, places, rows, columns, step) => {
    const steps = [cellBytes[form.source], cellBytes[form.target]];
    inVectors(f, columns.count, { width: widthOf(form), vectors: 1 }, places, steps, ([from, to], lanes) => {
      const value = foldColumn(f, form, lanes, from as Expr, rows.count, step);
      f.store(form.target, to as Expr, finished(form, value));
    });
  });

/** Rows that are read side by side, so that accumulators are fetched and put back once for all of them. */
const rowsAtOnce = 4;

/** Bytes of scratch for `columns` accumulators. */
export const wideScratch = ({ lane, target }: FoldForm, columns: number): number =>
  laneOf[target] === lane && target !== 'u8' ? 0 : columns * laneBytes[lane];

/**
 * Of many columns: each row is gone through from one end to the other. Accumulators are in scratch where the result's
 * cells can't hold them.
 */
export const wideKernel = (form: FoldForm): Kernel =>
  foldKernel('wide', form, (f, [from, to], rows, columns, step, scratch) => {
    const [bytes, out, size] = [cellBytes[form.source], cellBytes[form.target], laneBytes[form.lane]];
    const direct = wideScratch(form, 1) === 0;
    const sums = direct ? to : scratch;
    const lanes = { width: widthOf(form), vectors: unroll };
    /** Combines some rows with the sums. */
    const fold = (places: readonly Expr[], isFirst: boolean): void => {
      const steps = [...places.map(() => bytes), size];
      inVectors(f, columns.count, lanes, [...places, sums], steps, (at, width, offset) => {
        const place = at.at(-1) as Expr;
        const start = isFirst ? identityOf(form, width) : load(form.lane, width, place, offset * size);
        const cells = at.slice(0, -1).map((row) => read(form, width, row, offset * bytes));
        f.store(form.lane, place, [start, ...cells].reduce(folds[form.fold].combine), offset * size);
      });
    };
    fold([from], true);
    const rest = f.let(subtract(rows.count, 1));
    const groups = f.let(shiftRight(rest, Math.log2(rowsAtOnce)));
    const second = f.let(add(from, step));
    const rise = f.let(multiply(step, rowsAtOnce));
    f.loop(groups, [[second, rise]], (row) => {
      const places: Expr[] = [row];
      while (places.length < rowsAtOnce) places.push(f.let(add(places.at(-1) as Expr, step)));
      fold(places, false);
    });
    const single = f.let(add(second, multiply(groups, rise)));
    f.loop(subtract(rest, multiply(groups, rowsAtOnce)), [[single, step]], (row) => fold([row], false));
    if (direct) return;
    inVectors(f, columns.count, lanes, [sums, to], [size, out], ([place, target], width, offset) => {
      const sum = load(form.lane, width, place as Expr, offset * size);
      f.store(form.target, target as Expr, finished(form, sum), offset * out);
    });
  });
