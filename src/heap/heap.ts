/**
 * Where the data of tensors live. Arrays of 1 KiB and more are views into one WebAssembly memory, so that kernels and
 * threads can work on them; smaller ones are ordinary arrays, which the JavaScript engine frees itself.
 *
 * The view is the handle: a block remembers its view by a WeakRef, and is free once nobody can reach that very
 * object. So whoever can still touch the data keeps the block, whatever wrapper an optimising compiler drops early.
 * Two rules follow. Nobody else makes views or subarrays of a block: they would not keep it alive (`partOf` is for whom
 * releases the block when done, and so holds it until then). And an address (`byteOffset`) is good only until the next
 * call of this file, unless the view itself is used afterwards.
 */

import { RuntimeError, ValueError } from '../errors.js';
import type { ArrayOf, DType, TypedArray } from '../shape/dtype.js';
import { dtypes, makeArray, viewArray } from '../shape/dtype.js';
import type { Span } from './allocator.js';
import { Allocator } from './allocator.js';
import type { Collector } from './collect.js';
import { makeCollector } from './collect.js';
import type { Arena, Host } from './memory.js';
import { openArena, thisHost } from './memory.js';
import type { Group, HeapInfo } from './report.js';
import { outOfMemory } from './report.js';

/** Blocks begin at multiples of this (a cache line, the widest vector) and are as long. */
const unitBytes = 64;
/** Below this an ordinary array is cheaper: a WeakRef costs 0.5 us to make, a small Float32Array 0.07. */
export const smallBytes = 1024;
const maxLength = 2 ** 31 - 1;
/** A collection comes after this much growth at the earliest. */
const slackBytes = 32 * 2 ** 20;
/**
 * V8 keeps a set of the targets of WeakRefs made or read since the last checkpoint. Were it to grow through a long
 * job, released views would stay, and a sweep would take thrice as long (300,000 blocks: 50 ms, so 15).
 */
const refsPerCheckpoint = 4096;
/** The range in use ends at a multiple of this, where it can. */
const growthUnits = 2 ** 24 / unitBytes;
/** All that 32-bit addresses reach. */
const addressable = 2 ** 32;

/** Defaults: 4 GiB, the host we run on, and its way to collect. */
export interface HeapOptions {
  /** In bytes. */
  readonly limit?: number;
  readonly host?: Host;
  /** Undefined: there is no way, as in a browser. */
  readonly collector?: Collector | undefined;
}

function badLength(dtype: DType, length: number): RuntimeError | ValueError {
  if (length > maxLength) {
    const most = `2^31 - 1 (${maxLength}) is the most`;
    return new RuntimeError('too-large', `${length} elements asked for an array of ${dtype}, ${most}: work on pieces`);
  }
  const message = `the length of an array of ${dtype} is ${length}: give a whole number from 0 to 2^31 - 1`;
  return new ValueError('size-invalid', message);
}

/** A heap of its own: tests make small ones, everybody else shares `heap`. */
export class Heap {
  readonly #limit: number;
  readonly #host: Host | undefined;
  #collector: Collector | undefined;
  #needsCollector: boolean;

  #arena: Arena | undefined = undefined;
  /** Unit 0 is never taken, so that 0 can mean no address; nor the last (see #grow). */
  readonly #allocator = new Allocator(1);
  readonly #blocks = new WeakMap<TypedArray, Span>();
  readonly #quarantined = new Set<Span>();
  /** The blocks of each open scope, outermost first; `#scope` is the innermost. */
  readonly #scopes: Set<WeakRef<TypedArray>>[] = [];
  #scope: Set<WeakRef<TypedArray>> | undefined = undefined;

  /** WeakRefs made or read since the last checkpoint. */
  #refs = 0;
  #used = 0;
  #peak = 0;
  /** `used` after the last collection, and the least it has been since: growth from there may be garbage. */
  #live = 0;
  #low = 0;

  constructor(options: HeapOptions = {}) {
    this.#limit = options.limit ?? addressable;
    this.#host = options.host;
    this.#collector = options.collector;
    this.#needsCollector = !('collector' in options);
  }

  /**
   * An array of `length` elements whose contents are unspecified: write all of it.
   * @throws RuntimeError 'too-large' above 2^31 - 1 elements, ValueError 'size-invalid' for what is no length,
   * OutOfMemoryError where there is no room; nothing has changed then.
   */
  allocate<D extends DType>(dtype: D, length: number): ArrayOf[D] {
    if (!(length >= 0 && length <= maxLength && Number.isInteger(length))) throw badLength(dtype, length);
    const bytes = length * dtypes[dtype].bytes;
    if (bytes < smallBytes) return makeArray[dtype](length);
    const early = this.#used + bytes > this.#low + Math.max(slackBytes, this.#live);
    if (early) this.collect();
    let view = this.#place(dtype, length, bytes);
    if (view === undefined && !early) {
      this.collect();
      view = this.#place(dtype, length, bytes);
    }
    if (view === undefined) throw this.#shortage(dtype, length, bytes);
    return view;
  }

  /** An array of `length` zeros; errors as `allocate`. */
  allocateZeroed<D extends DType>(dtype: D, length: number): ArrayOf[D] {
    const view = this.allocate(dtype, length);
    if (view.byteLength >= smallBytes) new Uint8Array(view.buffer, view.byteOffset, view.byteLength).fill(0);
    return view;
  }

  /** As `allocate`, but in the memory however small it is, and of no scope: for what outlives the calls it serves. */
  allocateApart<D extends DType>(dtype: D, length: number): ArrayOf[D] {
    const scope = this.#scope;
    this.#scope = undefined;
    try {
      return this.allocate(dtype, Math.max(length, smallBytes / dtypes[dtype].bytes));
    } finally {
      this.#scope = scope;
    }
  }

  /** `length` elements from byte `offset` of a block on (or of a small array), good until the block is released. */
  partOf<D extends DType>(view: TypedArray, dtype: D, offset: number, length: number): ArrayOf[D] {
    return viewArray[dtype](view.buffer, view.byteOffset + offset, length);
  }

  /** Never frees the blocks again in which any of the addresses lies: someone may write there whom nobody can stop. */
  quarantine(addresses: readonly number[]): void {
    for (let span = this.#allocator.first; span !== undefined; span = span.after) {
      const start = span.start * unitBytes;
      const end = start + span.size * unitBytes;
      if (!span.free && addresses.some((address) => address >= start && address < end)) this.#quarantined.add(span);
    }
  }

  /** Frees an array's block at once, and says whether it had one: a small array or one already freed has none. */
  release(view: TypedArray): boolean {
    const span = this.#blocks.get(view);
    if (span === undefined) return false;
    this.#blocks.delete(view);
    this.#free(span);
    return true;
  }

  /** Whether an array is a live block of this heap, so that a kernel reaches it at its `byteOffset` of `memory`. */
  owns(view: TypedArray): boolean {
    return this.#blocks.has(view);
  }

  /** Opens a scope: `leaveScope` will free what is allocated from here on. Scopes nest. */
  enterScope(): void {
    this.#scope = new Set();
    this.#scopes.push(this.#scope);
  }

  /**
   * Closes the innermost scope: frees its blocks, except those that `keep` wants, which the scope around it gets (if
   * there is one). Without `keep`, as after an error, all are freed.
   */
  leaveScope(keep?: (view: TypedArray) => boolean): void {
    const refs = this.#scopes.pop();
    if (refs === undefined) throw new RuntimeError('bad-call', 'leaveScope() without enterScope()');
    this.#scope = this.#scopes.at(-1);
    for (const ref of refs) {
      const view = ref.deref();
      if (view === undefined) continue;
      if (keep?.(view)) this.#scope?.add(ref);
      else this.release(view);
    }
  }

  /** Frees every block whose view nobody can reach (in a browser: could not reach when the job began), now. */
  collect(): void {
    if (this.#used > 0) {
      const collector = this.#findCollector();
      collector?.checkpoint();
      collector?.gc();
      let span = this.#allocator.first;
      while (span !== undefined) {
        if (!span.free && this.#tenant(span) === undefined) span = this.#free(span);
        span = span.after;
      }
    }
    this.#live = this.#used;
    this.#low = this.#used;
  }

  /** How full the heap is. */
  info(): HeapInfo {
    return { used: this.#used, peak: this.#peak, limit: this.#open().limit };
  }

  /** The memory that kernels import; undefined where there is no WebAssembly. */
  get memory(): WebAssembly.Memory | undefined {
    return this.#open().memory;
  }

  /** Whether threads can share the memory. */
  get shared(): boolean {
    return this.#open().shared;
  }

  #open(): Arena {
    this.#arena ??= openArena(this.#limit, this.#host ?? thisHost());
    return this.#arena;
  }

  #findCollector(): Collector | undefined {
    if (this.#needsCollector) {
      this.#needsCollector = false;
      this.#collector = makeCollector();
    }
    return this.#collector;
  }

  /** Who lives in a span, if it is taken and its view can still be reached. */
  #tenant(span: Span): TypedArray | undefined {
    this.#countRef();
    return span.tenant?.deref();
  }

  #countRef(): void {
    if (++this.#refs < refsPerCheckpoint) return;
    this.#refs = 0;
    this.#findCollector()?.checkpoint();
  }

  /** A block and its view; undefined where there is no room. */
  #place<D extends DType>(dtype: D, length: number, bytes: number): ArrayOf[D] | undefined {
    const size = Math.ceil(bytes / unitBytes);
    const arena = this.#open();
    const span = this.#allocator.take(size) ?? this.#grow(arena, size);
    if (span === undefined) return undefined;
    const view = arena.view(dtype, span.start * unitBytes, length);
    if (view === undefined) {
      this.#allocator.free(span);
      return undefined;
    }
    this.#countRef();
    const ref = new WeakRef<TypedArray>(view);
    span.tenant = ref;
    span.dtype = dtype;
    this.#blocks.set(view, span);
    this.#scope?.add(ref);
    this.#used += size * unitBytes;
    if (this.#used > this.#peak) this.#peak = this.#used;
    return view;
  }

  /**
   * Takes `size` units from a longer range. The range in use is kept as short as it can be: pages never touched cost
   * nothing. Its last unit stays free, so that the end of a block is never 2^32, which 32 bits hold as 0.
   */
  #grow(arena: Arena, size: number): Span | undefined {
    const allocator = this.#allocator;
    const left = this.#unitsLeft(arena);
    const needed = size - allocator.tail;
    if (needed > left) return undefined;
    const rounded = Math.ceil((allocator.end + needed) / growthUnits) * growthUnits - allocator.end;
    for (const more of [Math.min(left, rounded), needed]) {
      if (!arena.reserve((allocator.end + more) * unitBytes)) continue;
      allocator.extend(more);
      return allocator.take(size);
    }
    return undefined;
  }

  /** By how many units the range in use can still grow. */
  #unitsLeft(arena: Arena): number {
    return Math.max(0, Math.floor(arena.limit / unitBytes) - 1 - this.#allocator.end);
  }

  /** Frees a block, unless it is in quarantine; returns the free span it is now part of. */
  #free(span: Span): Span {
    if (this.#quarantined.has(span)) return span;
    for (let i = this.#scopes.length - 1; i >= 0 && span.tenant !== undefined; i--) {
      if (this.#scopes[i]?.delete(span.tenant)) break;
    }
    span.tenant = undefined;
    this.#used -= span.size * unitBytes;
    if (this.#used < this.#low) this.#low = this.#used;
    return this.#allocator.free(span);
  }

  #shortage(dtype: DType, length: number, bytes: number): RuntimeError {
    const groups = new Map<string, Group>();
    for (let span = this.#allocator.first; span !== undefined; span = span.after) {
      const view = this.#tenant(span);
      if (view === undefined) continue;
      const name = `${span.dtype}[${view.length}]`;
      const group = groups.get(name);
      if (group === undefined) {
        groups.set(name, { dtype: span.dtype, length: view.length, bytes: span.size * unitBytes, count: 1 });
      } else {
        group.count++;
      }
    }
    const arena = this.#open();
    const longest = Math.max(this.#allocator.longestFree(), this.#allocator.tail + this.#unitsLeft(arena));
    return outOfMemory({
      dtype,
      length,
      bytes,
      used: this.#used,
      limit: arena.limit,
      longest: longest * unitBytes,
      groups: [...groups.values()],
      collected: this.#findCollector() !== undefined,
    });
  }
}

/** The heap of this thread. */
export const heap: Heap = new Heap();
