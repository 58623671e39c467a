/**
 * Python's subscripts, `x[0, ::2, None, indices]`, as text or by parts: `x.at('0, ::2')`, `x.at(0, '::2', null, indices)`.
 * Numbers, slices and new axes name a view; arrays of indices and masks name elements of it, which are copied.
 */

import { type AdjointError, ValueError } from '../errors.js';
import { broadcastTo } from '../ops/composite.js';
import { type DType, isFloat } from '../shape/dtype.js';
import { broadcastShapes, type Shape, sizeOf } from '../shape/shape.js';
import { placesOf, rowMajor, type Strided } from '../shape/strided.js';
import { type Foreign, isForeign } from '../tensor/foreign.js';
import type { Places } from '../tensor/places.js';
import { newTensor, op, type Tensor, tensor } from '../tensor/tensor.js';

/** A list of indices, or of booleans. */
export type IndexList = readonly (number | boolean | IndexList)[];

/** One part of a subscript: a number, text (`'1:3'`, `'...'`, several with commas), null for a new axis, an array. */
export type Subscript = number | string | boolean | null | Foreign | IndexList;

/** Where frameworks differ, and what they say of a subscript they refuse. */
export interface Dialect {
  /** What else None may be called in text. */
  readonly newaxis: readonly string[];
  /** Numbers beside arrays count as arrays (NumPy); otherwise they are taken first (PyTorch). */
  readonly numbersAreArrays: boolean;
  /** Whether arrays of a dtype say which elements to take, and not their numbers. */
  isMask(dtype: DType): boolean;
  /** @throws for the step of a slice that the framework doesn't have */
  checkStep(step: number): void;
  /** For a step of 0, where it is no ValueError of Python's. */
  zeroStep?(): AdjointError;
  notAnIndex(given: unknown): AdjointError;
  outOfRange(index: number, axis: number, size: number): AdjointError;
  tooMany(shape: Shape, named: number): AdjointError;
  maskMismatch(mask: Shape, axis: number, shape: Shape): AdjointError;
  noBroadcast(shapes: readonly Shape[]): AdjointError;
  ellipsisTwice(): AdjointError;
}

interface Slice {
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number;
}

interface IndexArray {
  readonly array: Tensor;
}

type Part = number | boolean | Slice | IndexArray | 'newaxis' | 'ellipsis';

const WHOLE = /^[+-]?\d+$/;
const WHOLE_AXIS: Slice = { start: null, stop: null, step: 1 };

const isArray = (part: Part): part is IndexArray => typeof part === 'object' && 'array' in part;

const isSlice = (part: Part | undefined): part is Slice => typeof part === 'object' && 'step' in part;

function parseText(text: string, dialect: Dialect): Part {
  if (text === '...' || text === 'Ellipsis') return 'ellipsis';
  if (text === 'None' || dialect.newaxis.includes(text)) return 'newaxis';
  if (text === 'True' || text === 'False') return text === 'True';
  if (WHOLE.test(text)) return Number(text);
  const bounds = text.split(':').map((bound) => bound.trim());
  const fits = bounds.length > 1 && bounds.length <= 3;
  if (bounds.length === 1 && /^[-+]?\d*\.\d*$/.test(text)) throw dialect.notAnIndex(Number(text));
  if (!fits || !bounds.every((bound) => bound === '' || bound === 'None' || WHOLE.test(bound))) {
    throw dialect.notAnIndex(text);
  }
  const [start = null, stop = null, step = null] = bounds.map((bound) => (WHOLE.test(bound) ? Number(bound) : null));
  if (step === 0) throw dialect.zeroStep?.() ?? new ValueError('bad-argument', 'slice step cannot be zero');
  if (step !== null) dialect.checkStep(step);
  return { start, stop, step: step ?? 1 };
}

function parseArray(given: Foreign | readonly unknown[], dialect: Dialect): Part {
  if (!isForeign(given)) {
    const flat: unknown[] = given.flat(Number.POSITIVE_INFINITY);
    const isMask = flat.length > 0 && flat.every((item) => typeof item === 'boolean');
    if (!isMask && !flat.every((item) => Number.isSafeInteger(item))) throw dialect.notAnIndex(given);
    return { array: tensor(given as IndexList, { dtype: isMask ? 'bool' : 'int64' }) };
  }
  const array = given.toCore().plain;
  if (isFloat(array.dtype)) throw dialect.notAnIndex(given);
  if (array.shape.length > 0) return { array };
  return dialect.isMask(array.dtype) ? Number(array.item()) !== 0 : Number(array.item());
}

function parsePart(part: unknown, dialect: Dialect): Part[] {
  if (part === null) return ['newaxis'];
  if (typeof part === 'string') {
    const texts = part.split(',').map((text) => text.trim());
    if (texts.length > 1 && texts.at(-1) === '') texts.pop();
    return texts.map((text) => parseText(text, dialect));
  }
  if (typeof part === 'boolean' || (typeof part === 'number' && Number.isSafeInteger(part))) return [part];
  if (isForeign(part) || Array.isArray(part)) return [parseArray(part, dialect)];
  throw dialect.notAnIndex(part);
}

/** How many axes a part names. */
function axesNamed(part: Part, dialect: Dialect): number {
  if (typeof part === 'boolean' || part === 'newaxis' || part === 'ellipsis') return 0;
  return typeof part === 'object' && isArray(part) && dialect.isMask(part.array.dtype) ? part.array.shape.length : 1;
}

/** One part for each axis (and new axis): the ellipsis, written or understood at the end, becomes whole axes. */
function spelledOut(parts: readonly Part[], shape: Shape, dialect: Dialect): Exclude<Part, 'ellipsis'>[] {
  if (parts.filter((part) => part === 'ellipsis').length > 1) throw dialect.ellipsisTwice();
  let named = 0;
  for (const part of parts) named += axesNamed(part, dialect);
  if (named > shape.length) throw dialect.tooMany(shape, named);
  const whole = new Array<Slice>(shape.length - named).fill(WHOLE_AXIS);
  const all = parts.includes('ellipsis') ? parts : [...parts, 'ellipsis' as const];
  return all.flatMap((part) => (part === 'ellipsis' ? whole : [part]));
}

/** Cells of an axis: the first, the step to the next, and how many. */
interface Cells {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/** Python's slice.indices. */
function cellsOf({ start, stop, step }: Slice, n: number): Cells {
  const [least, greatest] = step > 0 ? [0, n] : [-1, n - 1];
  const clamp = (bound: number): number => Math.min(Math.max(bound < 0 ? bound + n : bound, least), greatest);
  const first = start === null ? (step > 0 ? least : greatest) : clamp(start);
  const end = stop === null ? (step > 0 ? greatest : least) : clamp(stop);
  return { first, step, count: Math.max(0, Math.ceil((end - first) / step)) };
}

/** An index counted from the front. */
function counted(index: number, axis: number, n: number, dialect: Dialect): number {
  if (index < -n || index >= n) throw dialect.outOfRange(index, axis, n);
  return index < 0 ? index + n : index;
}

/** Arrays of a subscript, each by the axis of the view that it picks from. */
interface Picks {
  readonly axes: number[];
  readonly indices: Tensor[];
}

/** What a subscript names. */
export interface Found {
  /** What numbers, slices and new axes name: where it lies in what the source is part of. */
  readonly view: Strided;
  /** Cells of each axis of the source. */
  readonly cells: readonly Cells[];
  /** The last thing done for the view; null: nothing. */
  readonly last: 'number' | 'slice' | 'newaxis' | null;
  /** Every axis was given a number, and there was no ellipsis. */
  readonly isElement: boolean;
  /** What arrays pick from the view; null: there are none. */
  readonly picked: Picked | null;
}

export interface Picked {
  readonly shape: Shape;
  /** The one array that there is, where nothing else was said. */
  readonly only: Tensor | null;
  /** Where the elements lie that are picked from a view of this one's shape. */
  places(view: Strided): Int32Array;
}

/** The view that is being put together, part by part. */
class Finder {
  readonly cells: Cells[] = [];
  readonly shape: number[] = [];
  readonly strides: number[] = [];
  readonly axes: number[] = [];
  readonly indices: Tensor[] = [];
  last: Found['last'] = null;
  #offset: number;
  readonly #source: Strided;
  readonly #dialect: Dialect;

  constructor(source: Strided, dialect: Dialect) {
    this.#source = source;
    this.#offset = source.offset;
    this.#dialect = dialect;
  }

  get view(): Strided {
    return { offset: this.#offset, shape: this.shape, strides: this.strides };
  }

  number(index: number): void {
    const axis = this.cells.length;
    const first = counted(index, axis, this.#source.shape[axis] as number, this.#dialect);
    this.#offset += first * (this.#source.strides[axis] as number);
    this.cells.push({ first, step: 1, count: 1 });
    this.last = 'number';
  }

  slice(slice: Slice): void {
    const axis = this.cells.length;
    const [n, stride] = [this.#source.shape[axis] as number, this.#source.strides[axis] as number];
    const cells = cellsOf(slice, n);
    if (cells.count > 0) this.#offset += cells.first * stride;
    this.cells.push(cells);
    this.shape.push(cells.count);
    this.strides.push(stride * cells.step);
    if (cells.step !== 1 || cells.first !== 0 || (slice.stop !== null && slice.stop !== n)) this.last = 'slice';
  }

  newaxis(): void {
    const axis = this.cells.length;
    this.shape.push(1);
    this.strides.push((this.#source.shape[axis] ?? 1) * (this.#source.strides[axis] ?? 1));
    this.last = 'newaxis';
  }

  /** An array, for the next axis; a mask for as many as it has. */
  array(array: Tensor): void {
    const isMask = this.#dialect.isMask(array.dtype);
    const axis = this.cells.length;
    if (isMask) {
      const fits = array.shape.every((size, i) => size === this.#source.shape[axis + i]);
      if (!fits) throw this.#dialect.maskMismatch(array.shape, axis, this.#source.shape);
    }
    for (const index of isMask ? coordinates(array) : [array]) {
      this.pick(index);
      this.slice(WHOLE_AXIS);
    }
  }

  /** An array that picks from the axis of the view that comes next. */
  pick(index: Tensor): void {
    this.axes.push(this.shape.length);
    this.indices.push(index);
  }
}

/** The indices, axis by axis, of the elements of a mask that are true. */
function coordinates(mask: Tensor): Tensor[] {
  const { array } = mask;
  const places: number[] = [];
  for (let i = 0; i < array.length; i++) if (Number(array[i]) !== 0) places.push(i);
  let inner = mask.size;
  return mask.shape.map((size) => {
    inner /= Math.max(size, 1);
    return newTensor(
      places.map((at) => Math.floor(at / inner) % size),
      [places.length],
      'int64',
    );
  });
}

/**
 * What a subscript names of a source. Numbers and negative steps count from the end, as in Python.
 *
 * @throws the dialect's errors: for too many parts, a number out of range, what is no index; ValueError for a step of 0
 */
export function find(given: readonly unknown[], source: Strided, dialect: Dialect): Found {
  const parts = given.flatMap((part) => parsePart(part, dialect));
  const all = spelledOut(parts, source.shape, dialect);
  const finder = new Finder(source, dialect);
  const hasArrays = all.some((part) => typeof part === 'boolean' || (typeof part === 'object' && isArray(part)));
  for (const part of all) {
    if (part === 'newaxis') finder.newaxis();
    else if (typeof part === 'boolean') {
      finder.pick(newTensor(part ? [0] : [], [part ? 1 : 0], 'int64'));
      finder.newaxis();
    } else if (typeof part === 'number') {
      if (hasArrays && dialect.numbersAreArrays) finder.array(newTensor([part], [], 'int64'));
      else finder.number(part);
    } else if (isArray(part)) finder.array(part.array);
    else finder.slice(part);
  }
  const isElement = !hasArrays && finder.shape.length === 0 && !parts.includes('ellipsis');
  const only = parts.length === 1 && typeof parts[0] === 'object' && isArray(parts[0]) ? parts[0].array : null;
  const { view, cells } = finder;
  // A slice alone is one, even if it takes all.
  const last = parts.length === 1 && isSlice(parts[0]) ? 'slice' : finder.last;
  return { view, cells, last, isElement, picked: hasArrays ? pickedBy(finder, view.shape, only, dialect) : null };
}

/** What arrays pick: side by side, their axes stay in place; with others between them, they come first. */
function pickedBy({ axes, indices }: Picks, shape: Shape, only: Tensor | null, dialect: Dialect): Picked {
  const common = indices.reduce<Shape | null>((all, { shape: own }) => all && broadcastShapes(all, own), []);
  if (common === null) throw dialect.noBroadcast(indices.map((index) => index.shape));
  const [first, last] = [axes[0] as number, axes.at(-1) as number];
  const lead = last - first + 1 === axes.length ? first : 0;
  const rest = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const sizes = rest.map((axis) => shape[axis] as number);
  const lists = indices.map((index, i) => {
    const [axis, n] = [axes[i] as number, shape[axes[i] as number] as number];
    const { array } = broadcastTo(op, index, common);
    return Array.from<number | bigint, number>(array, (at) => counted(Number(at), axis, n, dialect));
  });
  const count = sizeOf(common);
  return {
    shape: [...sizes.slice(0, lead), ...common, ...sizes.slice(lead)],
    only,
    places({ offset, strides }) {
      const along = (from: number, to?: number): Int32Array =>
        placesOf({
          offset: 0,
          shape: sizes.slice(from, to),
          strides: rest.slice(from, to).map((axis) => strides[axis] as number),
        });
      const [before, behind] = [along(0, lead), along(lead)];
      const places = new Int32Array(before.length * count * behind.length);
      let i = 0;
      for (const outer of before) {
        for (let j = 0; j < count; j++) {
          let at = offset + outer;
          for (let k = 0; k < lists.length; k++)
            at += (lists[k]?.[j] as number) * (strides[axes[k] as number] as number);
          for (const inner of behind) places[i++] = at + inner;
        }
      }
      return places;
    },
  };
}

/** The view that was found, of the source's elements. */
export function viewed(x: Tensor, { cells, view: { shape } }: Found): Tensor {
  const lowest = cells.map(({ first, step, count }) => (count === 0 ? 0 : Math.min(first, first + (count - 1) * step)));
  const isWhole = cells.every(({ step, count }, axis) => step === 1 && count === x.shape[axis]);
  if (isWhole) return op.reshape(x, shape);
  const sliced = op.slice(x, {
    start: lowest,
    limit: cells.map(({ step, count }, axis) =>
      count === 0 ? 0 : (lowest[axis] as number) + (count - 1) * Math.abs(step) + 1,
    ),
    stride: cells.map(({ step }) => Math.abs(step)),
  });
  // A backward slice is the forward slice of the same cells, reversed.
  const backward = cells.flatMap(({ step }, axis) => (step < 0 ? [axis] : []));
  return op.reshape(backward.length > 0 ? op.reverse(sliced, backward) : sliced, shape);
}

/** The elements that were found, of the source's. */
export function elementsAt(x: Tensor, found: Found): Tensor {
  const view = viewed(x, found);
  if (found.picked === null) return view;
  const { shape } = found.picked;
  return op.gather(view, newTensor(found.picked.places(rowMajor(view.shape)), shape, 'int32'));
}

/** Where the elements that were found lie, in what the source is part of; and their shape. */
export const placesFound = ({ view, picked }: Found): { places: Places; shape: Shape } =>
  picked === null ? { places: view, shape: view.shape } : { places: picked.places(view), shape: picked.shape };
