/** Matrix products planned: a product over paired axes is a contraction as it stands. */

import type { Plan } from '../kernel/launch.js';
import { cellBytes } from '../kernel/program.js';
import { type Shape, sizeOf, stridesOf } from '../shape/shape.js';
import { contract, contractTile } from './contract.js';
import { numberCells, offsetsOver, Planner, type Typed, vectorBytes } from './plan.js';

/** Axes that are paired: kept (batch) and summed over (contract). */
export interface Pairing {
  readonly leftBatch: readonly number[];
  readonly rightBatch: readonly number[];
  readonly leftContract: readonly number[];
  readonly rightContract: readonly number[];
}

/** Some axes of an operand: their sizes and strides. */
class Axes {
  readonly sizes: readonly number[];
  readonly strides: readonly number[];

  constructor(sizes: readonly number[], strides: readonly number[]) {
    this.sizes = sizes;
    this.strides = strides;
  }

  static of(shape: Shape, axes: readonly number[]): Axes {
    const strides = stridesOf(shape);
    return new Axes(
      axes.map((axis) => shape[axis] as number),
      axes.map((axis) => strides[axis] as number),
    );
  }

  get offsets(): Int32Array {
    return offsetsOver(this.sizes, this.strides);
  }

  /** The axes before the last ones that lie like a single one, and that one. */
  split(): { readonly before: Axes; readonly count: number; readonly stride: number } {
    let first = this.sizes.length - 1;
    while (first > 0 && this.strides[first - 1] === (this.sizes[first] as number) * (this.strides[first] as number)) {
      first--;
    }
    const from = Math.max(0, first);
    const before = new Axes(this.sizes.slice(0, from), this.strides.slice(0, from));
    return { before, count: sizeOf(this.sizes.slice(from)), stride: this.strides.at(-1) ?? 0 };
  }
}

interface Side {
  readonly buffer: number;
  readonly batch: Axes;
  readonly free: Axes;
  readonly terms: Axes;
}

const repeat = (offsets: Int32Array, count: number): number[] =>
  Array.from(offsets).flatMap((at) => new Array<number>(count).fill(at));

/**
 * The plan of a product; null where only the reference computes it, and where its columns are not the last axis of the
 * result while something is to be done to them.
 *
 * @param planner made for the same operands and result; another is given where there is an epilogue
 */
export function productPlan(
  left: Typed,
  right: Typed,
  pairing: Pairing,
  result: Typed,
  planner: Planner = new Planner([left, right], result),
): Plan | null {
  const cell = numberCells[left.dtype];
  if (cell === null) return null;
  const side = (buffer: number, { shape }: Typed, batch: readonly number[], terms: readonly number[]): Side => {
    const free = shape.map((_, axis) => axis).filter((axis) => !batch.includes(axis) && !terms.includes(axis));
    return { buffer, batch: Axes.of(shape, batch), free: Axes.of(shape, free), terms: Axes.of(shape, terms) };
  };
  const l = side(0, left, pairing.leftBatch, pairing.leftContract);
  const r = side(1, right, pairing.rightBatch, pairing.rightContract);
  const [batches, rows] = [l.batch.sizes.length, l.free.sizes.length];
  const axes = result.shape.map((_, axis) => axis);
  const out = {
    batch: Axes.of(result.shape, axes.slice(0, batches)),
    left: Axes.of(result.shape, axes.slice(batches, batches + rows)),
    right: Axes.of(result.shape, axes.slice(batches + rows)),
  };
  // Vectors go along the operand with more columns, the other's numbers are rows.
  const isRight = sizeOf(r.free.sizes) >= sizeOf(l.free.sizes) || r.free.split().count >= 8;
  const [a, b] = isRight ? [l, r] : [r, l];
  const [outA, outB] = isRight ? [out.left, out.right] : [out.right, out.left];
  const columns = b.free.split();
  if (planner.epilogue !== null && !(isRight && r.free.sizes.length === 1)) return null;
  const outside = columns.before.offsets;
  const outColumns = new Axes(outB.sizes.slice(0, columns.before.sizes.length), outB.strides);
  contract(planner, {
    cell,
    vectorBytes,
    a: a.buffer,
    b: b.buffer,
    out: 2,
    batches: {
      a: repeat(a.batch.offsets, outside.length),
      b: offsetsOver([...b.batch.sizes, ...columns.before.sizes], [...b.batch.strides, ...columns.before.strides]),
      out: offsetsOver([...b.batch.sizes, ...columns.before.sizes], [...out.batch.strides, ...outColumns.strides]),
    },
    rows: { a: a.free.offsets, out: outA.offsets },
    terms: { a: a.terms.offsets, b: b.terms.offsets },
    columns: { count: columns.count, b: columns.stride, out: outB.strides.at(-1) ?? 0 },
    rowBytes: sizeOf(a.terms.sizes) * cellBytes[cell],
  });
  const tile = contractTile({ cell, vectorBytes }, isRight ? 'rows' : 'columns', isRight ? 'columns' : 'rows');
  return planner.finish('matrix product', { tile, why: 'it is one; vectors go along the operand with more columns' });
}
