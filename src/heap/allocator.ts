/**
 * Which stretch of a range of addresses is taken, and which is free: two-level segregated fit (Masmano, Ripoll,
 * Crespo and Real, "TLSF: a new dynamic memory allocator for real-time systems", 2004). Free spans stand in lists by
 * size class, two bit maps tell which lists are not empty, and neighbours that are free are merged at once.
 *
 * Sizes and starts count units (the heap's are 64 bytes): 4 GiB of bytes would not fit JavaScript's 32-bit bit
 * operations, 2^26 units do.
 */

import type { DType, TypedArray } from '../shape/dtype.js';

/** A row of classes is one power of two of sizes, cut into 16 classes; sizes below 16 have a class each, row 0. */
const columnBits = 4;
const columnCount = 1 << columnBits;
const rowCount = 28;

/** How many spans of a request's own class are tried before the next class, all of whose spans fit. */
const tries = 8;

/** A stretch of the range, between its neighbours by address and, while it is free, those in its free list. */
export class Span {
  start: number;
  size: number;
  free: boolean = true;
  before: Span | undefined = undefined;
  after: Span | undefined = undefined;
  previous: Span | undefined = undefined;
  next: Span | undefined = undefined;
  /** The heap's: who lives here. A field and not a second record, since there may be hundreds of thousands. */
  tenant: WeakRef<TypedArray> | undefined = undefined;
  dtype: DType = 'uint8';

  constructor(start: number, size: number) {
    this.start = start;
    this.size = size;
  }
}

/** The class of the free list that a span of `size` stands in; classes grow with the size. */
function classOf(size: number): number {
  const exponent = 31 - Math.clz32(size);
  if (exponent < columnBits) return size;
  const column = (size >> (exponent - columnBits)) & (columnCount - 1);
  return ((exponent - columnBits + 1) << columnBits) | column;
}

/** The place of the lowest bit that is set. */
const lowestBit = (bits: number): number => 31 - Math.clz32(bits & -bits);

/** Hands out spans of a range that begins at `start` and, until it is extended, is empty. Units, not bytes. */
export class Allocator {
  /** The span with the lowest address; `after` leads to all others. */
  first: Span | undefined = undefined;
  /** Where the range ends. */
  end: number;
  #last: Span | undefined = undefined;
  #rows = 0;
  readonly #columns = new Int32Array(rowCount);
  readonly #lists: (Span | undefined)[] = new Array<Span | undefined>(rowCount * columnCount).fill(undefined);

  constructor(start: number) {
    this.end = start;
  }

  /** How many units at the end of the range are free. */
  get tail(): number {
    return this.#last?.free ? this.#last.size : 0;
  }

  /** The size of the longest free span. */
  longestFree(): number {
    let longest = 0;
    for (let span = this.first; span !== undefined; span = span.after) {
      if (span.free && span.size > longest) longest = span.size;
    }
    return longest;
  }

  /** Makes the range `size` units longer. */
  extend(size: number): void {
    const span = new Span(this.end, size);
    span.before = this.#last;
    if (this.#last === undefined) this.first = span;
    else this.#last.after = span;
    this.#last = span;
    this.end += size;
    this.free(span);
  }

  /** Takes a span of just `size` units (at least 1); undefined where no free span is long enough. */
  take(size: number): Span | undefined {
    const own = classOf(size);
    const span = this.#fitting(own, size, tries) ?? this.#anyAbove(own) ?? this.#fitting(own, size, Infinity);
    if (span === undefined) return undefined;
    this.#unlist(span);
    span.free = false;
    if (span.size > size) this.#split(span, size);
    return span;
  }

  /** Gives a span back, merged with its neighbours where they are free; returns the free span it is now part of. */
  free(span: Span): Span {
    const { before, after } = span;
    if (after?.free) {
      this.#unlist(after);
      this.#absorb(span, after);
    }
    let whole = span;
    if (before?.free) {
      this.#unlist(before);
      this.#absorb(before, span);
      whole = before;
    }
    whole.free = true;
    this.#list(whole);
    return whole;
  }

  /** The first of at most `count` spans of a class that is long enough. */
  #fitting(own: number, size: number, count: number): Span | undefined {
    let span = this.#lists[own];
    for (let i = 0; i < count && span !== undefined; i++, span = span.next) {
      if (span.size >= size) return span;
    }
    return undefined;
  }

  /** A span of the smallest class above `own` that has any. */
  #anyAbove(own: number): Span | undefined {
    const from = own + 1;
    let row = from >> columnBits;
    let columns = (this.#columns[row] as number) & (-1 << (from & (columnCount - 1)));
    if (columns === 0) {
      const rows = this.#rows & (-1 << (row + 1));
      if (rows === 0) return undefined;
      row = lowestBit(rows);
      columns = this.#columns[row] as number;
    }
    return this.#lists[(row << columnBits) | lowestBit(columns)];
  }

  /** Shortens a taken span to `size`; the rest becomes a free span behind it. */
  #split(span: Span, size: number): void {
    const rest = new Span(span.start + size, span.size - size);
    rest.before = span;
    rest.after = span.after;
    if (rest.after === undefined) this.#last = rest;
    else rest.after.before = rest;
    span.after = rest;
    span.size = size;
    this.#list(rest);
  }

  /** Makes `span` reach over its neighbour `after`, which is no more. */
  #absorb(span: Span, after: Span): void {
    span.size += after.size;
    span.after = after.after;
    if (span.after === undefined) this.#last = span;
    else span.after.before = span;
  }

  #list(span: Span): void {
    const own = classOf(span.size);
    const row = own >> columnBits;
    const head = this.#lists[own];
    span.previous = undefined;
    span.next = head;
    if (head !== undefined) head.previous = span;
    this.#lists[own] = span;
    this.#columns[row] = (this.#columns[row] as number) | (1 << (own & (columnCount - 1)));
    this.#rows |= 1 << row;
  }

  #unlist(span: Span): void {
    const { previous, next } = span;
    if (next !== undefined) next.previous = previous;
    if (previous !== undefined) {
      previous.next = next;
    } else {
      const own = classOf(span.size);
      this.#lists[own] = next;
      if (next === undefined) this.#clearBit(own);
    }
    span.previous = undefined;
    span.next = undefined;
  }

  #clearBit(own: number): void {
    const row = own >> columnBits;
    const columns = (this.#columns[row] as number) & ~(1 << (own & (columnCount - 1)));
    this.#columns[row] = columns;
    if (columns === 0) this.#rows &= ~(1 << row);
  }
}
