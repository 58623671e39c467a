/**
 * Elements that change in place, and arrays that show them. Core tensors are values that never change; what changes is
 * which value a storage has.
 *
 *     const storage = new Storage(value);                  // an array that is about to be shown by others, or written
 *     storage.read(view)                                   // what an array shows now, for its `view` (shape/strided.ts)
 *     storage.write(view, elements)                        // assigns: all arrays of the storage show it
 *     if (storage.stamp !== stamp) value = storage.read(view)  // an array keeps what it read until the storage moves on
 *
 * Values that are recorded for gradients may be written, and written into.
 */

import { rowMajor, type Strided } from '../shape/strided.js';
import { type Places, put, take } from '../tensor/places.js';
import type { Tensor } from '../tensor/tensor.js';

/** Where an array's elements are, for an array of another door that shows the same. */
export interface Place {
  readonly storage: Storage;
  readonly view: Strided;
}

/** Values that were given away with a word of where they are from. */
const lent = new WeakMap<object, () => Place | null>();

/** Notes where a value is from: `np.asarray` of it will show the same elements, though the value never changes. */
export function lend(value: Tensor, place: () => Place | null): Tensor {
  lent.set(value, place);
  return value;
}

/** Where an array's elements are, if they may be shown elsewhere; `place` of the doors' arrays says so. */
export function placeOf(array: unknown): Place | null {
  if (typeof array !== 'object' || array === null) return null;
  if ('place' in array && typeof array.place === 'function') {
    const found: unknown = array.place();
    return isPlace(found) ? found : null;
  }
  return lent.get(array)?.() ?? null;
}

const isPlace = (value: unknown): value is Place =>
  typeof value === 'object' && value !== null && 'storage' in value && value.storage instanceof Storage;

/** See above. */
export class Storage {
  #value: Tensor;
  #stamp = 0;
  #arrays = 0;

  /** The storage holds the value's elements from now on: its maker passes them on, and keeps no hold of its own. */
  constructor(value: Tensor) {
    this.#value = value;
  }

  /** All elements, in the shape they came in. Borrowed: whoever keeps them shares them. */
  get value(): Tensor {
    return this.#value;
  }

  /** Rises with every change. */
  get stamp(): number {
    return this.#stamp;
  }

  /** Where all elements lie. */
  get whole(): Strided {
    return rowMajor(this.#value.shape);
  }

  /** The elements at some places. */
  read(view: Strided): Tensor {
    return take(this.#value, view, view.shape);
  }

  /**
   * Assigns elements, one a place, of the storage's dtype. Takes time in proportion to their number, unless somebody
   * holds the storage's elements (a value that shares them, a graph that saved them): then these are copied first.
   */
  write(places: Places, elements: Tensor): void {
    this.replace(put(this.#value, places, elements, true));
  }

  /**
   * Another value for all elements, of the same dtype and as many; the storage holds it from now on. It outlives every
   * tidy: an array from outside of one may have been written within.
   */
  replace(value: Tensor): void {
    this.#value = value.keep();
    this.#stamp++;
  }

  /** One array more shows the storage. */
  join(): void {
    this.#arrays++;
  }

  /** One array less, disposed of by hand: after the last, the elements are let go. */
  leave(): void {
    if (--this.#arrays === 0) this.#value.dispose();
  }
}
