/**
 * The kernel of all contractions: convolutions directly computed, and matrix products.
 *
 *     out[batch, row, column] = sum over t of a[batch + row + sumA[t]] * b[batch + sumB[t] + column]
 *
 * Wherever a letter stands, a table of byte offsets (or a stride, for columns) says where it lies. A task packs a panel
 * of b, [t][columns] with as many columns as two vectors have lanes, and takes it through its rows in tiles of four:
 * eight sums in registers, two vectors of b and one number of a, which is what 15 registers hold.
 */

import {
  add,
  type Block,
  constant,
  divide,
  func,
  kernel,
  load,
  minimum,
  multiply,
  multiplyAdd,
  named,
  splat,
} from '../kernel/build.js';
import { type Expr, type Func, type Kernel, laneOf, type Variable } from '../kernel/program.js';
import { type Epilogue, finishFunction, inputsAt, suffixOf } from './epilogue.js';
import { type Format, packFunction, range, type Side, sizesOf, tileVectors, unpackFunction } from './panel.js';

/** Rows of a tile. */
export const tileRows = 4;
/** Terms of a sum that are packed at once: a panel then fits in the nearest cache. */
export const chunkTerms = 1024;

export interface ContractKind extends Format {
  /** Of b: 'rows' where neighbouring terms lie side by side. */
  readonly panel: Side;
  /** Of the result: 'rows' where neighbouring rows do. */
  readonly output: Side;
  readonly epilogue: Epilogue | null;
}

/** sums[4 rows][columns] += the products of four rows of a with a panel. */
function tileFunction(format: Format): Func {
  const { cell, vectorBytes } = format;
  const { width } = sizesOf(format);
  const zero = constant({ lane: laneOf[cell], width }, 0);
  return func('tile', (f, row0, row1, row2, row3, terms, count, panel, sums) => {
    const rows = [row0, row1, row2, row3];
    const partial = rows.map(() => range(tileVectors).map(() => f.let(zero)));
    f.loop(
      count,
      [
        [terms, 4],
        [panel, tileVectors * vectorBytes],
      ],
      (term, weights) => {
        const offset = f.let(load('i32', 1, term));
        const vectors = range(tileVectors).map((v) => f.let(load(cell, width, weights, v * vectorBytes)));
        rows.forEach((row, i) => {
          const value = f.let(splat(load(cell, 1, add(row, offset)), width));
          vectors.forEach((vector, v) => {
            const sum = partial[i]?.[v] as Variable;
            f.set(sum, multiplyAdd(value, vector, sum));
          });
        });
      },
    );
    partial.forEach((row, i) => {
      row.forEach((sum, v) => {
        const at = (i * tileVectors + v) * vectorBytes;
        f.store(cell, sums, add(load(cell, width, sums, at), sum), at);
      });
    });
  });
}

/** What a launch gives, in this order; tables hold byte offsets. */
const parameters = [
  'a',
  'b',
  'out',
  'batchA',
  'batchB',
  'batchOut',
  'rowsA',
  'rowsOut',
  'runsOut',
  'lastRow',
  'termsA',
  'termsB',
  'runsB',
  'terms',
  'columnB',
  'columnOut',
] as const;

/** Grid: batches one by one, blocks of rows, panels of columns. Scratch: a panel, then the sums of a block of rows. */
export function contractKernel(kind: ContractKind): Kernel {
  const { cell, vectorBytes, panel, output, epilogue } = kind;
  const { width, step } = sizesOf(kind);
  const zero = constant({ lane: laneOf[cell], width }, 0);
  const name = `contract ${cell} ${vectorBytes} ${panel} ${output}${suffixOf(epilogue)}`;
  const arity = parameters.length + (epilogue?.inputs.length ?? 0);
  return kernel(name, arity, 3, (f, given, grid, scratch) => {
    const p = named(parameters, given);
    const [batch, rows, columns] = grid as readonly [Block, Block, Block];
    const [tile, pack, write] = [tileFunction(kind), packFunction(kind, panel), unpackFunction(kind, output)];
    const inBatch = (base: Variable, table: Variable): Expr =>
      add(base, load('i32', 1, add(table, multiply(batch.start, 4))));
    const a = f.let(inBatch(p.a, p.batchA));
    const b = f.let(add(inBatch(p.b, p.batchB), multiply(columns.start, p.columnB)));
    const out = f.let(add(inBatch(p.out, p.batchOut), multiply(columns.start, p.columnOut)));
    const sums = f.let(add(scratch, chunkTerms * step));
    const tiles = f.let(divide(add(rows.count, tileRows - 1), tileRows));
    f.loop(multiply(tiles, tileRows * tileVectors), [[sums, vectorBytes]], (at) => f.store(cell, at, zero));
    f.blocks(p.terms, chunkTerms, (first, count) => {
      const runs = add(p.runsB, multiply(divide(first, width), 4));
      f.call(pack, b, add(p.termsB, multiply(first, 4)), runs, count, p.columnB, columns.count, scratch);
      const rowOf = (row: Variable, i: number): Expr => multiply(minimum(add(row, i), p.lastRow), 4);
      f.loop(
        tiles,
        [
          [rows.start, tileRows],
          [sums, tileRows * step],
        ],
        (row, at) => {
          const pointers = range(tileRows).map((i) => add(a, load('i32', 1, add(p.rowsA, rowOf(row, i)))));
          f.call(tile, ...pointers, add(p.termsA, multiply(first, 4)), count, scratch, at);
        },
      );
    });
    if (epilogue !== null) {
      const others = inputsAt(epilogue, given.slice(parameters.length), columns.start);
      f.call(finishFunction(kind, epilogue), sums, rows.count, columns.count, ...others);
    }
    const runs = add(p.runsOut, multiply(divide(rows.start, width), 4));
    f.call(write, out, add(p.rowsOut, multiply(rows.start, 4)), runs, rows.count, p.columnOut, columns.count, sums);
  });
}
