/** How plans are made: buffers and launches are collected, from shapes alone. */

import { type Address, blockCount, type Launch, type Plan, type Table, type Temporary } from '../kernel/launch.js';
import type { Cell } from '../kernel/program.js';
import { vectorBytes } from '../print/wasm-names.js';
import { type DType, dtypes } from '../shape/dtype.js';
import { type Shape, sizeOf } from '../shape/shape.js';
import type { Epilogue } from './epilogue.js';
import { type Format, sizesOf } from './panel.js';

export interface Typed {
  readonly shape: Shape;
  readonly dtype: DType;
}

export { vectorBytes };

/** What kernels that sum products call the numbers of a dtype; null where there are no products. */
export const numberCells: { readonly [D in DType]: Exclude<Cell, 'u8'> | null } = {
  float32: 'f32',
  float64: 'f64',
  int32: 'i32',
  int64: 'i64',
  uint8: null,
  bool: null,
};

export const bytesOf = ({ shape, dtype }: Typed): number => sizeOf(shape) * dtypes[dtype].bytes;

/** Buffers of tables: where each cell lies, and where each whole vector of cells begins. */
export interface Offsets {
  readonly cells: number;
  readonly runs: number;
}

/** All sums of a number of one list and a number of another, the second running fastest. */
export function outerSum(a: ArrayLike<number>, b: ArrayLike<number>): Int32Array {
  const sums = new Int32Array(a.length * b.length);
  let at = 0;
  for (let i = 0; i < a.length; i++) {
    const first = a[i] as number;
    for (let j = 0; j < b.length; j++) sums[at++] = first + (b[j] as number);
  }
  return sums;
}

/** Offsets of all cells of some axes, the last running fastest. */
export function offsetsOver(sizes: readonly number[], strides: readonly number[]): Int32Array {
  let offsets: Int32Array = new Int32Array(1);
  sizes.forEach((size, axis) => {
    const along = new Int32Array(size);
    const stride = strides[axis] as number;
    for (let i = 0; i < size; i++) along[i] = i * stride;
    offsets = outerSum(offsets, along);
  });
  return offsets;
}

/** Collects the buffers and launches of a plan. */
export class Planner {
  readonly #operands: readonly number[];
  readonly #extra: (Table | Temporary)[] = [];
  readonly #launches: Launch[] = [];
  /** What is to be done to numbers before they are stored, and the buffers of its inputs: those after the result. */
  readonly epilogue: Epilogue | null;
  readonly epilogueInputs: readonly Address[];

  constructor(
    inputs: readonly Typed[],
    result: Typed,
    epilogue: Epilogue | null = null,
    others: readonly Typed[] = [],
  ) {
    this.#operands = [...inputs, result, ...others].map(bytesOf);
    this.epilogue = epilogue;
    this.epilogueInputs = others.map((_, i) => ({ buffer: inputs.length + 1 + i, offset: 0 }));
  }

  #add(buffer: Table | Temporary): number {
    this.#extra.push(buffer);
    return this.#operands.length + this.#extra.length - 1;
  }

  /** The buffer of a table. */
  table(numbers: Int32Array): number {
    return this.#add({ numbers });
  }

  /** The buffers of offsets, in bytes: of all cells, and of every vector of them that is whole. */
  offsets(format: Format, offsets: ArrayLike<number>): Offsets {
    const { width, bytes } = sizesOf(format);
    const every = (step: number, count: number): Int32Array => {
      const numbers = new Int32Array(count);
      for (let i = 0; i < count; i++) numbers[i] = (offsets[i * step] as number) * bytes;
      return numbers;
    };
    const runs = Math.floor(offsets.length / width);
    return { cells: this.table(every(1, offsets.length)), runs: this.table(every(width, runs)) };
  }

  /** A buffer of its own for the time of the plan. */
  temporary(bytes: number): number {
    return this.#add({ bytes });
  }

  launch(launch: Launch): void {
    if (launch.grid.every((blocks) => blockCount(blocks) > 0)) this.#launches.push(launch);
  }

  finish(algorithm: string, { tile = '', why = '' }: { tile?: string; why?: string } = {}): Plan {
    return { algorithm, operands: this.#operands, extra: this.#extra, launches: this.#launches, tile, why };
  }
}
