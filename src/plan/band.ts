/**
 * Bands: the cells of one channel that some outputs read, copied into a thread's scratch with zeros around them, so
 * that vectors of neighbouring pixels lie side by side. Where outputs step over cells, the cells are dealt out to parts,
 * by their remainders along y and x: within a part, the cells that neighbouring outputs read are neighbours again.
 *
 *     band[part of y][part of x][row][cell]
 */

import {
  add,
  and,
  compare,
  constant,
  divide,
  type FunctionBuilder,
  func,
  load,
  multiply,
  shuffle,
  type Value,
} from '../kernel/build.js';
import { type Expr, type Func, laneOf, type Variable } from '../kernel/program.js';
import { type Format, range, sizesOf } from './panel.js';

/** How the cells of a row lie: side by side and all read by neighbours, or every second by one part; or any other way. */
export type RowKind = 'dense' | 'pairs' | 'any';

/** lo <= value < hi. */
const within = (value: Expr, lo: Value, hi: Value): Expr => and(compare('GE', value, lo), compare('LT', value, hi));

/** One cell of a row, or zero beyond its ends. */
function copyCell(f: FunctionBuilder, { cell }: Format, from: Expr, x: Variable, cells: Expr, step: Value, to: Value) {
  f.if(
    within(x, 0, cells),
    () => f.store(cell, to, load(cell, 1, add(from, multiply(x, step)))),
    () => f.store(cell, to, constant({ lane: laneOf[cell], width: 1 }, 0)),
  );
}

/** A row of `length` bytes a part, from cell x on; cells lie `step` bytes apart, parts `part` bytes. */
function rowFunction(format: Format, kind: RowKind): Func {
  const { cell, vectorBytes } = format;
  const { width, bytes } = sizesOf(format);
  if (kind === 'any') {
    return func('row', (f, from, x, cells, step, parts, part, to, length) => {
      f.loop(
        parts,
        [
          [x, 1],
          [to, part],
        ],
        (first, start) =>
          f.loop(
            divide(length, bytes),
            [
              [first, parts],
              [start, bytes],
            ],
            (at, target) => copyCell(f, format, from, at, cells, step, target),
          ),
      );
    });
  }
  const apart = kind === 'pairs' ? 2 : 1;
  const lanes = (odd: number): number[] => range(width).map((lane) => 2 * lane + odd);
  return func('row', (f, from, x, cells, _step, _parts, part, to, length) => {
    f.loop(
      divide(length, vectorBytes),
      [
        [x, apart * width],
        [to, vectorBytes],
      ],
      (at, target) => {
        const whole = (): void => {
          const source = f.let(add(from, multiply(at, bytes)));
          const vectors = range(apart).map((v) => f.let(load(cell, width, source, v * vectorBytes)));
          const [first, second] = vectors as [Variable, Variable | undefined];
          if (second === undefined) f.store(cell, target, first);
          else
            for (const p of range(2)) f.store(cell, add(target, multiply(part, p)), shuffle(first, second, lanes(p)));
        };
        const single = (): void =>
          f.loop(
            width,
            [
              [at, apart],
              [target, bytes],
            ],
            (one, place) => {
              copyCell(f, format, from, one, cells, bytes, place);
              if (kind === 'pairs') {
                const next = f.let(add(one, 1));
                copyCell(f, format, from, next, cells, bytes, add(place, part));
              }
            },
          );
        f.if(and(compare('GE', at, 0), compare('LT', add(at, apart * width - 1), cells)), whole, single);
      },
    );
  });
}

/** Zeros, in whole vectors. */
export function clearFunction({ cell, vectorBytes }: Format): Func {
  const { width } = sizesOf({ cell, vectorBytes });
  return func('clear', (f, to, length) => {
    const zero = constant({ lane: laneOf[cell], width }, 0);
    f.loop(divide(length, vectorBytes), [[to, vectorBytes]], (at) => f.store(cell, at, zero));
  });
}

/**
 * Copies one channel's band: `rows` rows a part from cell (y, x) on, each of `length` bytes, whole vectors. The channel
 * has `cellsY` rows `stepY` bytes apart, of `cellsX` cells `stepX` bytes apart; parts are as many as given, and lie
 * rows * length bytes apart.
 */
export function bandFunction(format: Format, kind: RowKind): Func {
  const [copyRow, clear] = [rowFunction(format, kind), clearFunction(format)];
  return func('band', (f, from, y, cellsY, stepY, partsY, x, cellsX, stepX, partsX, to, rows, length) => {
    const part = f.let(multiply(rows, length));
    f.loop(
      partsY,
      [
        [y, 1],
        [to, multiply(part, partsX)],
      ],
      (firstY, start) =>
        f.loop(
          rows,
          [
            [firstY, partsY],
            [start, length],
          ],
          (at, target) =>
            f.if(
              within(at, 0, cellsY),
              () => f.call(copyRow, add(from, multiply(at, stepY)), x, cellsX, stepX, partsX, part, target, length),
              () => f.loop(partsX, [[target, part]], (row) => f.call(clear, row, length)),
            ),
        ),
    );
  });
}
