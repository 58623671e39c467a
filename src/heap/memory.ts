/** The one memory all large arrays live in: as the host grants it, best kind first. */

import type { ArrayOf, DType } from '../shape/dtype.js';
import { makeArray, viewArray } from '../shape/dtype.js';

/** A page of WebAssembly's memory, in bytes. */
const pageBytes = 65536;
/** Less than this (16 MiB) is not worth having; a memory that can grow begins with it. */
const fewestPages = 256;

/** What the heap's blocks are made of: a range of byte addresses, and a view for each block of it. */
export interface Arena {
  /** What kernels import; undefined where blocks are ordinary arrays. */
  readonly memory: WebAssembly.Memory | undefined;
  /** Whether other threads can work on the memory. */
  readonly shared: boolean;
  /** The most bytes it can ever have. */
  readonly limit: number;
  /** Makes addresses below `end` (bytes) usable; false where the host refuses. */
  reserve(end: number): boolean;
  /** The array of a block at byte `offset`; undefined where the host refuses. */
  view<D extends DType>(dtype: D, offset: number, length: number): ArrayOf[D] | undefined;
}

/** What matters here about where we run. */
export interface Host {
  /** Undefined where there is no WebAssembly. */
  readonly Memory: typeof WebAssembly.Memory | undefined;
  /** Whether the system gives out pages when they are first touched, so that asking for all at once costs nothing. */
  readonly lazyPages: boolean;
}

/** Where we run: pages are known to be lazy in Node on Linux (4 GiB: 0.06 ms and 0.7 MB resident). */
export function thisHost(): Host {
  return {
    Memory: typeof WebAssembly === 'undefined' ? undefined : WebAssembly.Memory,
    lazyPages: typeof process !== 'undefined' && process.platform === 'linux' && process.versions?.node !== undefined,
  };
}

/**
 * The best arena of at most `limit` bytes that a host grants: shared memory (all of it at once where pages are lazy,
 * growing elsewhere: views of a SharedArrayBuffer outlive its growth); memory of one thread, as long as can be had
 * at once, since to grow would detach every view; ordinary arrays. What is refused is asked for again by halves.
 */
export function openArena(limit: number, host: Host): Arena {
  const { Memory, lazyPages } = host;
  if (Memory !== undefined) {
    const most = Math.floor(limit / pageBytes);
    const arena = openMemory(Memory, most, lazyPages, true) ?? openMemory(Memory, most, true, false);
    if (arena !== undefined) return arena;
  }
  return ordinaryArena(limit);
}

/** A memory of `most` pages or the half of it or the half of that ..., all `atOnce` or growing up to there. */
function openMemory(
  Memory: typeof WebAssembly.Memory,
  most: number,
  atOnce: boolean,
  shared: boolean,
): Arena | undefined {
  for (let pages = most; pages >= 1 && pages >= Math.min(most, fewestPages); pages = Math.floor(pages / 2)) {
    const initial = atOnce ? pages : Math.min(pages, fewestPages);
    try {
      const memory = new Memory({ initial, maximum: pages, shared });
      // An engine older than shared memory ignores the word.
      if (shared && memory.buffer instanceof ArrayBuffer) return undefined;
      return memoryArena(memory, shared, pages);
    } catch {
      // Refused: ask for half.
    }
  }
  return undefined;
}

function memoryArena(memory: WebAssembly.Memory, shared: boolean, pages: number): Arena {
  let buffer: ArrayBufferLike = memory.buffer;
  return {
    memory,
    shared,
    limit: pages * pageBytes,
    reserve(end) {
      if (end <= buffer.byteLength) return true;
      try {
        memory.grow(Math.ceil((end - buffer.byteLength) / pageBytes));
      } catch {
        return false;
      }
      buffer = memory.buffer;
      return true;
    },
    view: (dtype, offset, length) => viewArray[dtype](buffer, offset, length),
  };
}

/** Addresses that mean nothing, each block an array of its own: the heap's accounting and limit without its memory. */
function ordinaryArena(limit: number): Arena {
  return {
    memory: undefined,
    shared: false,
    limit,
    reserve: () => true,
    view(dtype, _offset, length) {
      try {
        return makeArray[dtype](length);
      } catch {
        return undefined;
      }
    },
  };
}
