import { describe, expect, test } from 'vitest';
import { OutOfMemoryError, RuntimeError, ValueError } from '../../src/errors.js';
import { makeCollector } from '../../src/heap/collect.js';
import type { HeapOptions } from '../../src/heap/heap.js';
import { Heap } from '../../src/heap/heap.js';
import type { DType, TypedArray } from '../../src/shape/dtype.js';
import { dtypes, isDType } from '../../src/shape/dtype.js';

const MiB = 2 ** 20;
const kinds: DType[] = Object.keys(dtypes).filter(isDType);

/** What a call throws. */
function thrown(call: () => void): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('allocate', () => {
  test.each(kinds)('%s: blocks are aligned views of the memory, small arrays ordinary ones', (dtype) => {
    const heap = new Heap({ limit: 4 * MiB });
    const { bytes } = dtypes[dtype];
    const large = heap.allocate(dtype, 1024 / bytes);
    const odd = heap.allocate(dtype, 1024 / bytes + 1);
    const next = heap.allocate(dtype, 3000);
    for (const view of [large, odd, next]) {
      expect(view.buffer).toBe(heap.memory?.buffer);
      expect(view.byteOffset % 64).toBe(0);
      expect(view.byteOffset).toBeGreaterThan(0);
      expect(heap.owns(view)).toBe(true);
    }
    expect(next.length).toBe(3000);
    const small = heap.allocate(dtype, 1024 / bytes - 1);
    expect(small.buffer).not.toBe(heap.memory?.buffer);
    expect(heap.owns(small)).toBe(false);
    expect(Object.prototype.toString.call(small)).toBe(Object.prototype.toString.call(large));
    expect(heap.allocate(dtype, 0).length).toBe(0);
    expect(heap.info().used).toBe(1024 + 1088 + Math.ceil((3000 * bytes) / 64) * 64);
  });

  test('allocateZeroed gives zeros where other data lay', () => {
    const heap = new Heap({ limit: 4 * MiB });
    const old = heap.allocate('int64', 500).fill(-1n);
    const at = old.byteOffset;
    heap.release(old);
    const zeros = heap.allocateZeroed('int64', 500);
    expect(zeros.byteOffset).toBe(at);
    expect(zeros.every((value) => value === 0n)).toBe(true);
    expect(heap.allocateZeroed('bool', 10)).toEqual(new Uint8Array(10));
  });

  test('a length is a whole number up to 2^31 - 1', () => {
    const heap = new Heap({ limit: 4 * MiB });
    for (const length of [2 ** 31, 2 ** 60, Infinity]) {
      const error = thrown(() => heap.allocate('float32', length));
      expect(error).toBeInstanceOf(RuntimeError);
      expect(error).toMatchObject({ code: 'too-large' });
    }
    expect(() => heap.allocate('uint8', 2 ** 31)).toThrow(
      '2147483648 elements asked for an array of uint8, 2^31 - 1 (2147483647) is the most: work on pieces',
    );
    for (const length of [-1, 1.5, NaN]) {
      const error = thrown(() => heap.allocateZeroed('float32', length));
      expect(error).toBeInstanceOf(ValueError);
      expect(error).toMatchObject({ code: 'size-invalid' });
    }
    expect(heap.info()).toEqual({ used: 0, peak: 0, limit: 4 * MiB });
  });
});

describe('release', () => {
  test('frees once, and never the block of a later array at the same address', () => {
    const heap = new Heap({ limit: MiB });
    const first = heap.allocate('float32', 1000);
    const at = first.byteOffset;
    expect(heap.release(first)).toBe(true);
    expect(heap.info().used).toBe(0);
    expect(heap.release(first)).toBe(false);
    const second = heap.allocate('float32', 1000);
    expect(second).not.toBe(first);
    expect(second.byteOffset).toBe(at);
    expect(heap.release(first)).toBe(false);
    expect(heap.owns(second)).toBe(true);
    expect(heap.allocate('float32', 1000).byteOffset).not.toBe(at);
    expect(heap.release(new Float32Array(1000))).toBe(false);
    expect(heap.release(heap.allocate('float32', 3))).toBe(false);
  });

  test('all released, the whole memory is one piece again', () => {
    const heap = new Heap({ limit: 2 * MiB });
    for (let round = 0; round < 3; round++) {
      const views = Array.from({ length: 500 }, (_, i) => heap.allocate('uint8', 1024 + ((i * 37) % 2000)));
      for (const i of views.keys()) heap.release(views[(i * 7) % 500] as TypedArray);
      expect(heap.info().used).toBe(0);
      const whole = heap.allocate('uint8', 2 * MiB - 128);
      expect(() => heap.allocate('uint8', 1024)).toThrow(OutOfMemoryError);
      heap.release(whole);
    }
    expect(heap.info().peak).toBe(2 * MiB - 128);
  });
});

/** Allocates and drops `count` arrays of 400 kB in one synchronous loop, and spoils them so that reuse shows. */
function churn(heap: Heap, count: number): void {
  for (let i = 0; i < count; i++) heap.allocate('float32', 100_000).fill(-1);
}

const pattern = (index: number): number => index * 3 + 1;

describe('liveness, in Node', () => {
  test('a synchronous loop stays flat, and what is held is never touched', () => {
    const heap = new Heap({ limit: 256 * MiB });
    const held = Array.from({ length: 40 }, (_, i) => heap.allocate('int32', 300 + i * 50).fill(pattern(i)));
    const last: TypedArray[] = [];
    for (let i = 0; i < 1500; i++) {
      const view = heap.allocate('float32', 100_000).fill(i);
      if (i % 100 === 0) last.push(view);
    }
    for (const [i, view] of held.entries()) expect(view.every((value) => value === pattern(i))).toBe(true);
    for (const [i, view] of last.entries()) expect(view.every((value) => value === i * 100)).toBe(true);
    expect(heap.info().peak).toBeLessThan(100 * MiB);
  });

  test('a view alone keeps its block; once dropped it is found', () => {
    const heap = new Heap({ limit: 128 * MiB });
    // A function of its own, since an interpreter's registers may hold what is no longer used.
    const hold = () => {
      const views = Array.from({ length: 20 }, (_, i) => heap.allocate('float32', 25_000).fill(i));
      churn(heap, 300);
      heap.collect();
      expect(heap.info().used).toBe(20 * Math.ceil(100_000 / 64) * 64);
      for (const [i, view] of views.entries()) expect(view.every((value) => value === i)).toBe(true);
    };
    hold();
    heap.collect();
    expect(heap.info().used).toBe(0);
  });

  test('in a microtask as well, whose queue is left alone', async () => {
    const heap = new Heap({ limit: 128 * MiB });
    await null;
    let ran = false;
    Promise.resolve().then(() => {
      ran = true;
    });
    churn(heap, 400);
    expect(heap.info().peak).toBeLessThan(70 * MiB);
    expect(ran).toBe(false);
    await null;
    expect(ran).toBe(true);
  });
});

describe('garbage, in Node', () => {
  test('the memory full of garbage is no reason to give up', () => {
    const heap = new Heap({ limit: 8 * MiB });
    const held = heap.allocate('uint8', MiB).fill(9);
    for (let i = 0; i < 60; i++) heap.allocate('uint8', 3 * MiB);
    expect(held.every((value) => value === 9)).toBe(true);
    expect(heap.info().peak).toBeLessThanOrEqual(8 * MiB);
  });

  test('released in step, nothing need be collected, and views do not pile up', () => {
    const collector = makeCollector();
    if (collector === undefined) throw new Error('Node has a collector');
    let checkpoints = 0;
    let collections = 0;
    const checkpoint = () => {
      checkpoints++;
      collector.checkpoint();
    };
    const gc = () => {
      collections++;
      collector.gc();
    };
    const heap = new Heap({ limit: 64 * MiB, collector: { checkpoint, gc } });
    const probe = new WeakRef(heap.allocate('float32', 1000));
    for (let i = 0; i < 20_000; i++) heap.release(heap.allocate('float32', 10_000));
    expect(collections).toBe(0);
    expect(checkpoints).toBeGreaterThan(3);
    // The engine may now free the views by itself: no job has to end first.
    collector.gc();
    expect(probe.deref()).toBe(undefined);
  });
});

const inBrowser: HeapOptions = { limit: 4 * MiB, collector: undefined };
const advice =
  'What could no longer be reached has been freed already: drop references to arrays you no longer need, ' +
  'free them early with tidy(), using or dispose(), or work on smaller pieces.';

describe('out of memory', () => {
  test('the error says what was asked, what is held and by what; then all goes on', () => {
    const heap = new Heap({ limit: 4 * MiB });
    const large = [0, 1, 2].map((i) => heap.allocate('float32', 250_000).fill(i));
    const mask = heap.allocate('bool', 100_000);
    const before = heap.info();
    const error = thrown(() => heap.allocate('float64', 2 ** 18));
    expect(error).toBeInstanceOf(OutOfMemoryError);
    expect(error).toBeInstanceOf(RuntimeError);
    expect(error).toMatchObject({
      code: 'out-of-memory',
      message:
        'out of memory: 2.0 MiB asked for float64[262144], 3.0 MiB of 4.0 MiB held by ' +
        `3 x 976.6 KiB float32[250000], 1 x 97.7 KiB bool[100000]. ${advice}`,
    });
    expect(heap.info()).toEqual(before);
    for (const [i, view] of large.entries()) expect(view.every((value) => value === i)).toBe(true);
    expect(heap.owns(mask)).toBe(true);
    large.length = 1;
    expect(heap.allocate('float64', 2 ** 17).length).toBe(2 ** 17);
  });

  test('the largest groups alone are named; more than the limit at once', () => {
    const heap = new Heap({ limit: MiB });
    const held = [300, 400, 500, 600, 700, 800, 800].map((length) => heap.allocate('float32', length));
    expect(() => heap.allocate('int32', 2 ** 30)).toThrow(
      'out of memory: 4.0 GiB asked for int32[1073741824], 16.1 KiB of 1.0 MiB held by 2 x 3.1 KiB float32[800], ' +
        '1 x 2.8 KiB float32[700], 1 x 2.4 KiB float32[600], 1 x 2.0 KiB float32[500], 2 smaller arrays (2.8 KiB). ',
    );
    expect(held.every((view) => heap.release(view))).toBe(true);
    expect(() => heap.allocate('int32', 2 ** 30)).toThrow('nothing is held, and the limit is 1.0 MiB. ');
  });

  test('room in pieces: the error says so', () => {
    const heap = new Heap({ limit: 4 * MiB });
    const views = Array.from({ length: 7 }, () => heap.allocate('uint8', MiB / 2));
    for (const i of [1, 3, 5]) heap.release(views[i] as TypedArray);
    expect(() => heap.allocate('uint8', MiB)).toThrow(
      'held by 4 x 512.0 KiB uint8[524288]; the longest free piece is ',
    );
    heap.release(views[2] as TypedArray);
    expect(heap.allocate('uint8', MiB).length).toBe(MiB);
    expect(heap.owns(views[0] as TypedArray)).toBe(true);
  });
});

describe('without a way to collect', () => {
  test('without a way to collect, the error names tidy and the event loop; after a turn there is room', async () => {
    const heap = new Heap(inBrowser);
    const fill = () => {
      for (let i = 0; i < 100; i++) heap.allocate('uint8', MiB);
    };
    expect(fill).toThrow(/tidy\(\), using or dispose\(\), or let the loop turn \(await /);
    expect(heap.info().used).toBe(3 * MiB);
    await new Promise((done) => setTimeout(done));
    // What an engine does between turns when it pleases.
    makeCollector()?.gc();
    expect(heap.allocate('uint8', 3 * MiB).length).toBe(3 * MiB);
  });

  test('without a way to collect, scopes keep a loop flat', () => {
    const heap = new Heap(inBrowser);
    for (let i = 0; i < 50; i++) {
      heap.enterScope();
      heap.allocate('uint8', MiB);
      heap.allocate('uint8', MiB);
      heap.leaveScope();
    }
    expect(heap.info()).toEqual({ used: 0, peak: 2 * MiB, limit: 4 * MiB });
  });
});

describe('scopes', () => {
  test('what is not kept is freed; what is older and what is small takes no part', () => {
    const heap = new Heap({ limit: 4 * MiB });
    const older = heap.allocate('float32', 1000);
    heap.enterScope();
    const kept = heap.allocate('float32', 1000);
    const dropped = heap.allocate('float32', 1000);
    const released = heap.allocate('float32', 1000);
    heap.release(released);
    const small = heap.allocate('float32', 3).fill(5);
    const asked: TypedArray[] = [];
    heap.leaveScope((view) => {
      asked.push(view);
      return view === kept;
    });
    expect(asked).toEqual([kept, dropped]);
    expect([older, kept, dropped].map((view) => heap.owns(view))).toEqual([true, true, false]);
    expect([...small]).toEqual([5, 5, 5]);
    expect(heap.allocate('float32', 1000).byteOffset).toBe(dropped.byteOffset);
  });

  test('what an inner scope keeps belongs to the outer one', () => {
    const heap = new Heap({ limit: 4 * MiB });
    heap.enterScope();
    const outer = heap.allocate('float32', 1000);
    heap.enterScope();
    const first = heap.allocate('float32', 1000);
    const second = heap.allocate('float32', 1000);
    const third = heap.allocate('float32', 1000);
    heap.leaveScope((view) => view !== third);
    expect([outer, first, second, third].map((view) => heap.owns(view))).toEqual([true, true, true, false]);
    heap.leaveScope((view) => view === second);
    expect([outer, first, second].map((view) => heap.owns(view))).toEqual([false, false, true]);
    expect(heap.release(second)).toBe(true);
    expect(heap.info().used).toBe(0);
  });
});

describe('scopes and what else happens', () => {
  test('after an error all is freed, and the scopes around it are as before', () => {
    const heap = new Heap({ limit: 4 * MiB });
    heap.enterScope();
    const outer = heap.allocate('float32', 1000);
    const fail = () => {
      heap.enterScope();
      try {
        heap.allocate('float32', 1000);
        heap.allocate('float32', 2 ** 30);
      } finally {
        heap.leaveScope();
      }
    };
    expect(fail).toThrow(OutOfMemoryError);
    expect(heap.info().used).toBe(4032);
    heap.leaveScope((view) => view === outer);
    expect(heap.owns(outer)).toBe(true);
    expect(() => heap.leaveScope()).toThrow('leaveScope() without enterScope()');
  });

  test('an open scope does not keep what nobody can reach, and collecting does not disturb it', () => {
    const heap = new Heap({ limit: 128 * MiB });
    heap.enterScope();
    const kept = heap.allocate('float32', 1000).fill(3);
    heap.enterScope();
    const inner = heap.allocate('float32', 1000).fill(4);
    churn(heap, 400);
    expect(heap.info().peak).toBeLessThan(70 * MiB);
    heap.leaveScope();
    expect(heap.owns(inner)).toBe(false);
    churn(heap, 100);
    heap.leaveScope((view) => view === kept);
    expect(kept.every((value) => value === 3)).toBe(true);
    expect(heap.info().used).toBe(4032);
  });
});
