/** The elements of tensors, and who holds them. */

import { RuntimeError } from '../errors.js';
import { heap, smallBytes } from '../heap/heap.js';
import type { TypedArray } from '../shape/dtype.js';

/** An array and the number of tensors and graphs that hold it; the last to let go gives the memory back. */
export class Buffer {
  #array: TypedArray | null;
  #holders = 1;

  constructor(array: TypedArray | null) {
    this.#array = array;
  }

  get array(): TypedArray {
    const array = this.#array;
    if (array === null || (array.byteLength >= smallBytes && !heap.owns(array))) {
      throw new RuntimeError(
        'disposed',
        'this tensor was disposed of, by dispose, using or tidy; its elements are gone',
      );
    }
    return array;
  }

  /** The elements where they are a block of the heap; null for those that the engine frees, and for none. */
  get block(): TypedArray | null {
    return this.#array !== null && heap.owns(this.#array) ? this.#array : null;
  }

  hold(): this {
    this.#holders++;
    return this;
  }

  get holders(): number {
    return this.#holders;
  }

  /** Whether more than one holds it: then nobody may write it. */
  get isShared(): boolean {
    return this.#holders > 1;
  }

  release(): void {
    if (--this.#holders > 0 || this.#array === null) return;
    heap.release(this.#array);
    this.#array = null;
  }
}

/** Arrays that stay when a tidy ends. */
export const kept: WeakSet<TypedArray> = new WeakSet();

/** Whether an array was kept by name. */
export const isKept = (array: TypedArray): boolean => kept.has(array);
