/** What an ndarray shows: elements of its own, or a view of another's, which change in place. */

import { type Place, Storage } from '../door/storage.js';
import { type Shape, sameShape, sizeOf } from '../shape/shape.js';
import { isRowMajor, rowMajor, type Strided } from '../shape/strided.js';
import type { Places } from '../tensor/places.js';
import type { Tensor } from '../tensor/tensor.js';
import { tracer } from '../tensor/tracer.js';

/** A view's elements made from those of the array that it was taken of, while neither has changed. */
type Derive = (value: Tensor) => Tensor;

/** Elements in a storage, at some strides. An array that nobody has viewed or written yet is just a value. */
export class Memory {
  readonly view: Strided;
  #value: Tensor | null;
  #storage: Storage | null;
  #stamp: number;
  #origin: { readonly parent: Memory; readonly derive: Derive } | null = null;

  private constructor(value: Tensor | null, storage: Storage | null, view: Strided) {
    this.#value = value;
    this.#storage = storage;
    this.#stamp = storage?.stamp ?? 0;
    this.view = view;
  }

  /** A value, which may be shared with others: it is never written. */
  static of(value: Tensor): Memory {
    return new Memory(value, null, rowMajor(value.shape));
  }

  /** What another array shows. */
  static over({ storage, view }: Place): Memory {
    storage.join();
    return new Memory(null, storage, view);
  }

  /** For an array of another door that is to show the same. */
  get place(): Place {
    const storage = this.#changing;
    storage.join();
    return { storage, view: this.view };
  }

  get shape(): Shape {
    return this.view.shape;
  }

  get dtype(): Tensor['dtype'] {
    return this.#any.dtype;
  }

  /** A value of the right dtype, be it out of date. */
  get #any(): Tensor {
    return this.#storage?.value ?? (this.#value as Tensor);
  }

  /** What is shown now. It won't change when the elements do: who writes next, copies. */
  get value(): Tensor {
    const storage = this.#storage;
    const known = this.#value;
    if (storage === null || (known !== null && this.#stamp === storage.stamp)) return known as Tensor;
    const value = this.#read(storage);
    // What is read while jit traces has no elements.
    if (tracer === null) {
      this.#value = value;
      this.#stamp = storage.stamp;
    }
    return value;
  }

  #read(storage: Storage): Tensor {
    const { view } = this;
    const { value } = storage;
    const origin = this.#origin;
    // Of a small part the parent's elements are better not held: the next write would have to copy them all.
    const isLarge = 4 * sizeOf(view.shape) >= value.size;
    if (origin !== null && this.#stamp === storage.stamp && isLarge) return origin.derive(origin.parent.value);
    const isWhole = sameShape(view.shape, value.shape) && view.offset === 0 && isRowMajor(view);
    return isWhole ? value.share() : storage.read(view);
  }

  get #changing(): Storage {
    const storage = this.#storage ?? new Storage((this.#value as Tensor).share());
    this.#storage = storage;
    return storage;
  }

  /** Some of the same elements: what is written there shows here, and the other way round. */
  viewed(view: Strided, derive: Derive): Memory {
    const memory = new Memory(null, this.#changing, view);
    memory.#origin = { parent: this, derive };
    return memory;
  }

  /** The elements at places of the storage, as a copy. */
  at(places: Int32Array, shape: Shape, gather: (x: Tensor, places: Int32Array, shape: Shape) => Tensor): Tensor {
    return gather(this.#any, places, shape);
  }

  /** Assigns elements, one a place of the storage, of its dtype. */
  write(places: Places, elements: Tensor): void {
    this.#changing.write(places, elements);
  }
}
