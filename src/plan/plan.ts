/** How plans are made: buffers and launches are collected, from shapes alone. */

import { blockCount, type Launch, type Plan, type Table, type Temporary } from '../kernel/launch.js';
import { type DType, dtypes } from '../shape/dtype.js';
import { type Shape, sizeOf } from '../shape/shape.js';

interface Typed {
  readonly shape: Shape;
  readonly dtype: DType;
}

export const bytesOf = ({ shape, dtype }: Typed): number => sizeOf(shape) * dtypes[dtype].bytes;

/** Collects the buffers and launches of a plan. */
export class Planner {
  readonly #operands: readonly number[];
  readonly #extra: (Table | Temporary)[] = [];
  readonly #launches: Launch[] = [];

  constructor(inputs: readonly Typed[], result: Typed) {
    this.#operands = [...inputs, result].map(bytesOf);
  }

  #add(buffer: Table | Temporary): number {
    this.#extra.push(buffer);
    return this.#operands.length + this.#extra.length - 1;
  }

  /** The buffer of a table. */
  table(numbers: ArrayLike<number>): number {
    return this.#add({ numbers: Int32Array.from(numbers) });
  }

  /** A buffer of its own for the time of the plan. */
  temporary(bytes: number): number {
    return this.#add({ bytes });
  }

  launch(launch: Launch): void {
    if (launch.grid.every((blocks) => blockCount(blocks) > 0)) this.#launches.push(launch);
  }

  finish(algorithm: string, notes: readonly string[] = []): Plan {
    return { algorithm, operands: this.#operands, extra: this.#extra, launches: this.#launches, notes };
  }
}
