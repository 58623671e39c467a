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
  readonly batches: { readonly a: ArrayLike<number>; readonly b: ArrayLike<number>; readonly out: ArrayLike<number> };
  readonly rows: { readonly a: ArrayLike<number>; readonly out: ArrayLike<number> };
  readonly terms: { readonly a: ArrayLike<number>; readonly b: ArrayLike<number> };
  readonly columns: { readonly count: number; readonly b: number; readonly out: number };
  /** Bytes of a that are new with each row. */
  readonly rowBytes: number;
}

/** What the rows of a task read of a stays in the second cache while panels pass. */
const cachedBytes = 2 ** 19;
const [fewestRows, mostRows] = [64, 1024];

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
  const at = (buffer: number) => ({ buffer, offset: 0 });
  const cells = (offsets: ArrayLike<number>) => at(planner.offsets(contraction, offsets).cells);
  const both = (offsets: ArrayLike<number>) => {
    const { cells, runs } = planner.offsets(contraction, offsets);
    return [at(cells), at(runs)];
  };
  const rowCount = rows.a.length;
  const room = Math.floor(cachedBytes / Math.max(1, Math.min(contraction.rowBytes, chunkTerms * bytes)));
  const rowBlock = Math.min(Math.max(fewestRows, Math.min(mostRows, room)), rowCount + 15) & ~15;
  planner.launch({
    kernel: contractKernel({
      cell,
      vectorBytes,
      panel: side(columns.b, terms.b, width),
      output: side(columns.out, rows.out, width),
      epilogue: planner.epilogue,
    }),
    args: [
      at(contraction.a),
      at(contraction.b),
      at(contraction.out),
      cells(batches.a),
      cells(batches.b),
      cells(batches.out),
      cells(rows.a),
      ...both(rows.out),
      rowCount - 1,
      cells(terms.a),
      ...both(terms.b),
      terms.a.length,
      columns.b * bytes,
      columns.out * bytes,
      ...planner.epilogueInputs,
    ],
    grid: [
      { total: batches.a.length, block: 1 },
      { total: rowCount, block: rowBlock },
      { total: columns.count, block: panel },
    ],
    scratchBytes: (chunkTerms + rowBlock) * step,
  });
}

/** What the kernel of contractions computes at once, in words. */
export function contractTile(format: Format, rows: string, columns: string): string {
  return `${tileRows} ${rows} x ${sizesOf(format).columns} ${columns}`;
}
