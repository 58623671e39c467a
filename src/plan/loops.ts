/** Loops that kernels over whole arrays have in common. */

import { add, type Block, type FunctionBuilder, multiply, type Start, shiftRight, subtract } from '../kernel/build.js';
import type { Expr } from '../kernel/program.js';

/** Vectors that a turn of an inner loop takes, so that its counting costs little. */
export const unroll = 4;

/** Where each of some arrays is being read or written. */
export type Places = readonly Expr[];

/**
 * Loops over the first axes of a task's blocks, an axis a loop; `inner` writes what is done for the others, whose blocks
 * begin at the places it is given.
 *
 * @param bases addresses of the arrays
 * @param stride bytes from one cell of an array to the next along an axis
 */
export function overBlocks(
  f: FunctionBuilder,
  grid: readonly Block[],
  loops: number,
  bases: Places,
  stride: (array: number, axis: number) => Expr,
  inner: (places: Places) => void,
): void {
  const first = bases.map((base, array) =>
    f.let(grid.reduce<Expr>((at, { start }, axis) => add(at, multiply(start, stride(array, axis))), base)),
  );
  const walk = (axis: number, places: Places): void => {
    const block = grid[axis];
    if (block === undefined || axis === loops) inner(places);
    else
      f.loop(
        block.count,
        places.map((place, array): Start => [place, stride(array, axis)]),
        (...now) => walk(axis + 1, now),
      );
  };
  walk(0, first);
}

/**
 * Goes along `count` cells: several vectors at once, then one by one, then single cells.
 *
 * @param steps bytes from cell to cell of each array
 * @param cells writes what is done with `width` cells, `offset` cells after the places
 */
export function inVectors(
  f: FunctionBuilder,
  count: Expr,
  { width, vectors }: { readonly width: number; readonly vectors: number },
  places: Places,
  steps: readonly number[],
  cells: (places: Places, width: number, offset: number) => void,
): void {
  let [at, left] = [places, count];
  for (const taken of new Set([width * vectors, width, 1])) {
    const lanes = Math.min(width, taken);
    const whole = f.let(shiftRight(left, Math.log2(taken)));
    const starts = at.map((place, i): Start => [place, taken * (steps[i] as number)]);
    f.loop(whole, starts, (...now) => {
      for (let offset = 0; offset < taken; offset += lanes) cells(now, lanes, offset);
    });
    if (taken === 1) return;
    at = at.map((place, i) => f.let(add(place, multiply(whole, taken * (steps[i] as number)))));
    left = f.let(subtract(left, multiply(whole, taken)));
  }
}
