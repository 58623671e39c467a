import { describe, expect, test, vi } from 'vitest';
import { OutOfMemoryError } from '../../src/errors.js';
import { Heap } from '../../src/heap/heap.js';
import type { Host } from '../../src/heap/memory.js';
import { openArena, thisHost } from '../../src/heap/memory.js';

const MiB = 2 ** 20;
const pageBytes = 65536;

type Descriptor = WebAssembly.MemoryDescriptor;

/** A host that grants what `allows` says, and remembers what was asked for. */
function picky(allows: (descriptor: Descriptor) => boolean, lazyPages: boolean): Host & { asked: Descriptor[] } {
  const asked: Descriptor[] = [];
  class Memory extends WebAssembly.Memory {
    constructor(descriptor: Descriptor) {
      asked.push(descriptor);
      if (!allows(descriptor)) throw new RangeError('could not allocate memory');
      super(descriptor);
    }
  }
  return { Memory, lazyPages, asked };
}

/** An engine that has never heard of shared memory. */
class Unshared extends WebAssembly.Memory {
  constructor({ initial, maximum }: Descriptor) {
    super(maximum === undefined ? { initial } : { initial, maximum });
  }
}

/** A host whose memory never grows. */
class Rigid extends WebAssembly.Memory {
  override grow(): number {
    throw new RangeError('unable to grow');
  }
}

describe('the memory', () => {
  test('in Node on Linux it is shared and whole from the start', () => {
    const arena = openArena(2 ** 32, { ...thisHost(), lazyPages: true });
    expect(arena.shared).toBe(true);
    expect(arena.memory?.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(arena.memory?.buffer.byteLength).toBe(arena.limit);
  });

  test('what is refused is asked for again by halves', () => {
    const host = picky(({ initial }) => initial <= 1000, true);
    const arena = openArena(4096 * pageBytes, host);
    expect(host.asked.map(({ initial }) => initial)).toEqual([4096, 2048, 1024, 512]);
    expect(arena.limit).toBe(512 * pageBytes);
    expect(arena.shared).toBe(true);
  });

  test('elsewhere shared memory grows, and old views stay good', () => {
    const host = picky(() => true, false);
    const heap = new Heap({ limit: 64 * MiB, host });
    const first = heap.allocate('float32', 1000).fill(7);
    expect(heap.memory?.buffer.byteLength).toBe(16 * MiB);
    const second = heap.allocate('uint8', 40 * MiB).fill(8);
    expect(heap.memory?.buffer.byteLength).toBeGreaterThan(40 * MiB);
    expect(first.every((value) => value === 7)).toBe(true);
    const { buffer } = heap.memory ?? first;
    expect(new Float32Array(buffer, first.byteOffset, 1000)[999]).toBe(7);
    expect(second[40 * MiB - 1]).toBe(8);
    expect(heap.shared).toBe(true);
    expect(host.asked).toEqual([{ initial: 256, maximum: 1024, shared: true }]);
  });

  test('growth refused is an error that says so, and the heap goes on', () => {
    const heap = new Heap({ limit: 64 * MiB, host: { Memory: Rigid, lazyPages: false } });
    const held = heap.allocate('uint8', 8 * MiB).fill(1);
    expect(() => heap.allocate('uint8', 20 * MiB)).toThrow('; the host refuses to give more. ');
    expect(heap.allocate('uint8', 7 * MiB).length).toBe(7 * MiB);
    expect(held[8 * MiB - 1]).toBe(1);
  });

  test.each([
    ['refuses to share', picky(({ shared }) => shared !== true, false)],
    ['ignores sharing', { Memory: Unshared, lazyPages: false }],
  ])('an engine that %s: one memory, as long as can be had at once', (_, host: Host) => {
    const heap = new Heap({ limit: 64 * MiB, host });
    const first = heap.allocate('float32', 1000).fill(7);
    expect(heap.shared).toBe(false);
    expect(heap.memory?.buffer).toBeInstanceOf(ArrayBuffer);
    expect(heap.memory?.buffer.byteLength).toBe(64 * MiB);
    heap.allocate('uint8', 50 * MiB);
    expect(first.every((value) => value === 7)).toBe(true);
    expect(() => heap.allocate('uint8', 65 * MiB)).toThrow(OutOfMemoryError);
  });

  test('nothing is made before it is needed', () => {
    const host = picky(() => true, true);
    const heap = new Heap({ limit: MiB, host });
    heap.allocate('float32', 255);
    expect(host.asked.length).toBe(0);
    heap.allocate('float32', 256);
    expect(host.asked.length).toBe(1);
  });
});

describe.each([
  ['no WebAssembly', { Memory: undefined, lazyPages: false }],
  ['WebAssembly that refuses everything', picky(() => false, true)],
])('%s: ordinary arrays', (_, host: Host) => {
  test('same accounting, same limit, same scopes', () => {
    const heap = new Heap({ limit: 64 * MiB, host });
    expect(heap.memory).toBe(undefined);
    expect(heap.shared).toBe(false);
    const first = heap.allocate('float32', MiB).fill(1);
    const second = heap.allocate('float32', MiB).fill(2);
    expect(first.byteOffset).toBe(0);
    expect(first.buffer).not.toBe(second.buffer);
    expect(first[MiB - 1]).toBe(1);
    expect(heap.info()).toEqual({ used: 8 * MiB, peak: 8 * MiB, limit: 64 * MiB });
    expect(heap.release(first)).toBe(true);
    expect(heap.release(first)).toBe(false);
    heap.enterScope();
    heap.allocate('float32', MiB);
    heap.leaveScope();
    expect(heap.info().used).toBe(4 * MiB);
    expect(() => heap.allocate('uint8', 61 * MiB)).toThrow('1 x 4.0 MiB float32[1048576]');
    expect(second[0]).toBe(2);
  });

  test('a synchronous loop stays flat', () => {
    const heap = new Heap({ limit: 64 * MiB, host });
    for (let i = 0; i < 300; i++) heap.allocate('float32', 100_000);
    expect(heap.info().peak).toBeLessThan(40 * MiB);
  });

  test('an array the engine refuses is out of memory too, and the heap goes on', () => {
    const heap = new Heap({ limit: 64 * MiB, host });
    const refuse = () => {
      throw new RangeError('Array buffer allocation failed');
    };
    vi.stubGlobal('Float64Array', refuse);
    try {
      expect(() => heap.allocate('float64', 1000)).toThrow('the limit is 64.0 MiB; the host refuses to give more. ');
    } finally {
      vi.unstubAllGlobals();
    }
    expect(heap.info().used).toBe(0);
    expect(heap.allocate('float64', 1000).length).toBe(1000);
  });
});
