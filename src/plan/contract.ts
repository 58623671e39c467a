/** Contractions planned: from tables of offsets to launches of one kernel. */

import { chunkTerms, contractKernel, tileRows } from './contract-kernel.js';
import { type Format, type Side, sizesOf } from './panel.js';
import type { Planner } from './plan.js';

/** Where a letter of a contraction lies in the operands and the result; offsets in elements. */
export interface Contraction extends Format {
  /** Buffers. */
  readonly a: number;
  readonly b: number;
  readonly out: number;
  /** One entry a batch. */
  readonly batches: { readonly a: readonly number[]; readonly b: readonly number[]; readonly out: readonly number[] };
  readonly rows: { readonly a: ArrayLike<number>; readonly out: ArrayLike<number> };
  readonly terms: { readonly a: ArrayLike<number>; readonly b: ArrayLike<number> };
  readonly columns: { readonly count: number; readonly b: number; readonly out: number };
}

/** Rows of a task, so that what they read of a stays in the second cache while panels pass. */
const mostRows = 1024;

/** Whether offsets rise by one, in runs of whole vectors. */
function isDense(offsets: ArrayLike<number>, width: number): boolean {
  for (let i = 0; i < offsets.length; i++) {
    if (i % width !== 0 && (offsets[i] as number) !== (offsets[i - 1] as number) + 1) return false;
  }
  return true;
}

const side = (columnStride: number, offsets: ArrayLike<number>, width: number): Side =>
  columnStride === 1 ? 'columns' : isDense(offsets, width) ? 'rows' : 'any';

/** Adds the launch of a contraction to a plan. */
export function contract(planner: Planner, contraction: Contraction): void {
  const { cell, vectorBytes, batches, rows, terms, columns } = contraction;
  const { width, bytes, columns: panel, step } = sizesOf(contraction);
  const inBytes = (offsets: ArrayLike<number>): number =>
    planner.table(Int32Array.from({ length: offsets.length }, (_, i) => (offsets[i] as number) * bytes));
  const at = (buffer: number) => ({ buffer, offset: 0 });
  const rowCount = rows.a.length;
  const rowBlock = Math.min(mostRows, Math.ceil(rowCount / tileRows) * tileRows);
  planner.launch({
    kernel: contractKernel({
      cell,
      vectorBytes,
      panel: side(columns.b, terms.b, width),
      output: side(columns.out, rows.out, width),
    }),
    args: [
      at(contraction.a),
      at(contraction.b),
      at(contraction.out),
      at(inBytes(batches.a)),
      at(inBytes(batches.b)),
      at(inBytes(batches.out)),
      at(inBytes(rows.a)),
      at(inBytes(rows.out)),
      rowCount - 1,
      at(inBytes(terms.a)),
      at(inBytes(terms.b)),
      terms.a.length,
      columns.b * bytes,
      columns.out * bytes,
    ],
    grid: [
      { total: batches.a.length, block: 1 },
      { total: rowCount, block: rowBlock },
      { total: columns.count, block: panel },
    ],
    scratchBytes: (chunkTerms + rowBlock) * step,
  });
}
