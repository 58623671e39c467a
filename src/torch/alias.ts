/** What a tensor shares with its views, from when it has some or is written: elements, version, and history. */

import { Storage } from '../door/storage.js';
import { RuntimeError } from '../errors.js';
import { type Shape, sizeOf } from '../shape/shape.js';
import { isRowMajor, placesOf, repeats, rowMajor, type Strided, stridedAt, viewStrides } from '../shape/strided.js';
import type { Buffer } from '../tensor/buffer.js';
import { type Tensor as CoreTensor, newTensor, type Origin } from '../tensor/tensor.js';
import type { Row } from './row.js';

/** How often a tensor and its views were written, as `_version` shows. */
export interface Counter {
  version: number;
  /** What the tensor itself is recorded from; `views` of it are taken again then. */
  name: string | null;
}

/** How a view was made, where that decides what becomes of writing it. */
export type Creation = 'recorded' | 'no_grad' | 'several';

/** `B` is the tensor whose history the views of it continue. */
export class Alias<B> {
  readonly storage: Storage;
  readonly counter: Counter;
  /** Of which tensor this is a view; null: of none. */
  readonly base: B | null;
  readonly creation: Creation;
  /** As of which stamp of the storage the tensor's value is. */
  stamp: number;
  #places: Strided | (() => Strided);

  constructor(
    storage: Storage,
    counter: Counter,
    places: Strided | (() => Strided),
    base: B | null = null,
    creation: Creation = 'recorded',
  ) {
    this.storage = storage;
    this.counter = counter;
    this.base = base;
    this.creation = creation;
    this.stamp = storage.stamp;
    this.#places = places;
    storage.join();
  }

  /** Of a value that nothing shares yet. */
  static of<B>(value: CoreTensor, name: string | null): Alias<B> {
    return new Alias<B>(new Storage(value.plain), { version: 0, name }, rowMajor(value.shape));
  }

  /** Where the elements lie in the storage. */
  get places(): Strided {
    if (typeof this.#places === 'function') this.#places = this.#places();
    return this.#places;
  }

  get isCurrent(): boolean {
    return this.stamp === this.storage.stamp;
  }

  /** Whether this shows all elements in their order. */
  get isWhole(): boolean {
    const { places } = this;
    return places.offset === 0 && sizeOf(places.shape) === this.storage.value.size && isRowMajor(places);
  }
}

/** What a row takes the elements of: found by having it look at their places instead. */
export function placesSeen(row: Row, values: readonly unknown[], { offset, shape, strides }: Strided): Strided {
  const places = newTensor(placesOf({ offset, shape, strides }), shape, 'int32');
  const seen = row.run([places, ...values.slice(1)]);
  const found = stridedAt(seen.array, seen.shape);
  if (found !== null) return found;
  throw new RuntimeError('bad-call', `${row.name}() gives no view with strides`);
}

/** From where an element lies to its number. */
function indexOf(view: Strided): (at: number) => number {
  const positions = new Map<number, number>();
  placesOf(view).forEach((at, i) => {
    positions.set(at, i);
  });
  return (at) => positions.get(at) ?? -1;
}

/** Where the elements of a view lie among those of its base, both given by where they lie in the storage. */
export function placesWithin(base: Strided, view: Strided, isWhole: boolean): Strided | Int32Array {
  if (isWhole) return view;
  return placesOf(view).map(indexOf(base));
}

/** @throws RuntimeError for a tensor that shows one element at several places */
export function checkSingle(places: Strided): void {
  if (!repeats(places)) return;
  throw new RuntimeError(
    'bad-call',
    'unsupported operation: more than one element of the written-to tensor refers to a single memory location. Please ' +
      'clone() the tensor before performing the operation.',
  );
}

/** Those places in the storage as places among the elements of a tensor. */
export const placesIn = <B>(alias: Alias<B>, places: Int32Array): Int32Array =>
  alias.isWhole ? places : places.map(indexOf(alias.places));

/** Nodes of several views. */
export const severalOutputs: ReadonlySet<string> = new Set([
  'SplitBackward0',
  'SplitWithSizesBackward0',
  'UnbindBackward0',
]);

/** Rows that give the same elements in order: what they do where strides don't allow a view. */
const reshapes: { readonly [row: string]: 'refuses' | 'copies' } = {
  view: 'refuses',
  view_as: 'refuses',
  unflatten: 'refuses',
  reshape: 'copies',
  reshape_as: 'copies',
  flatten: 'copies',
  ravel: 'copies',
};

interface Reshaped {
  readonly gradFn: string;
  /** Of the result; null: to be found out. */
  readonly strides: readonly number[] | null;
  readonly isCopy: boolean;
}

/**
 * How a row's result lies in what its operand lies in.
 *
 * @throws RuntimeError for a view of elements that no strides show in that shape
 */
export function reshaping(name: string, from: Strided, shape: Shape, gradFn: string): Reshaped {
  const kind = reshapes[name];
  if (kind === undefined) return { gradFn, strides: null, isCopy: false };
  if (name === 'ravel' && !isRowMajor(from)) return { gradFn, strides: null, isCopy: true };
  const strides = viewStrides(from, shape);
  if (strides !== null) {
    const isAlias = kind === 'copies' && !isRowMajor(from);
    return { gradFn: isAlias ? 'ReshapeAliasBackward0' : gradFn, strides, isCopy: false };
  }
  if (kind === 'copies') return { gradFn: 'UnsafeViewBackward0', strides, isCopy: true };
  throw new RuntimeError(
    'shape-mismatch',
    "view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous " +
      'subspaces). Use .reshape(...) instead.',
  );
}

/** The cells that a view takes, where it takes all from the first to the last. */
function rangeOf({ offset, shape, strides }: Strided): readonly [number, number] | null {
  const last = shape.reduce((sum, size, axis) => sum + (size - 1) * (strides[axis] as number), offset);
  return last - offset + 1 === sizeOf(shape) ? [offset, last] : null;
}

/** @throws RuntimeError where an operand shows some of the cells that are written, and others */
export function checkOverlap<B>(target: Strided, alias: Alias<B>, operand: Alias<B> | null): void {
  if (operand?.storage !== alias.storage) return;
  const [a, b] = [rangeOf(target), rangeOf(operand.places)];
  if (a === null || b === null || (a[0] === b[0] && a[1] === b[1]) || a[1] < b[0] || b[1] < a[0]) return;
  throw new RuntimeError(
    'bad-call',
    'unsupported operation: some elements of the input tensor and the written-to tensor refer to a single memory ' +
      'location. Please clone() the tensor before performing the operation.',
  );
}

/** As of when a value is that a tensor shows now. */
export const originOf = <B>({ counter, base }: Alias<B>): Origin => ({
  version: counter.version,
  counter,
  isView: base !== null,
});

/** Lets go of what views of a buffer took hold of: they and the tensor it is of hold it together. */
export function releaseTo(buffer: Buffer, holders: number): void {
  for (let more = buffer.holders - holders; more > 0; more--) buffer.release();
}
