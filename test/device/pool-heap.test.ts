/** What the heap has for the pool: blocks of no scope, and blocks that are never used again. */

import { describe, expect, test } from 'vitest';
import { Heap } from '../../src/heap/heap.js';

const small = (): Heap => new Heap({ limit: 2 ** 20 });

describe('allocateApart', () => {
  test('gives a block of the memory for any length, and no scope frees it', () => {
    const heap = small();
    heap.enterScope();
    const inside = heap.allocate('int32', 500);
    const apart = heap.allocateApart('int32', 1);
    const after = heap.allocate('int32', 500);
    heap.leaveScope();
    expect([inside, apart, after].map((view) => heap.owns(view))).toEqual([false, true, false]);
    expect(apart.length).toBe(256);
    expect(heap.allocateApart('float64', 300).length).toBe(300);
    expect(heap.release(apart)).toBe(true);
  });

  test('leaves the scope open where there is no room', () => {
    const heap = small();
    heap.enterScope();
    expect(() => heap.allocateApart('uint8', 2 ** 21)).toThrow('out of memory');
    const inside = heap.allocate('int32', 500);
    heap.leaveScope();
    expect(heap.owns(inside)).toBe(false);
  });
});

describe('quarantine', () => {
  test('a block with one of the addresses in it is never free again, others are', () => {
    const heap = small();
    const held = heap.allocate('uint8', 4096);
    let at = 0;
    let lone = 0;
    (() => {
      const view = heap.allocate('uint8', 2048);
      lone = view.byteOffset;
      const released = heap.allocate('uint8', 2048);
      at = released.byteOffset;
      const other = heap.allocate('uint8', 2048);
      heap.quarantine([0, lone, at + 2047, 2 ** 32 - 1]);
      expect(heap.release(released)).toBe(true);
      expect(heap.release(other)).toBe(true);
      expect(heap.release(released)).toBe(false);
    })();
    heap.collect();
    expect(heap.info().used).toBe(4096 + 2 * 2048);
    const views = Array.from({ length: 100 }, () => heap.allocate('uint8', 1024));
    for (const { byteOffset } of views) {
      for (const start of [lone, at]) expect(byteOffset + 1024 <= start || byteOffset >= start + 2048).toBe(true);
    }
    expect(heap.release(held)).toBe(true);
  });
});
