/** The pool at its work: every task once, whoever is there; and what it says of itself. */

import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Job, Pool } from '../../src/device/pool.js';
import { RuntimeError, ValueError } from '../../src/errors.js';
import { Heap } from '../../src/heap/heap.js';
import type { Blocks } from '../../src/kernel/launch.js';
import { count, record } from './kernels.js';
import { catchWorkers, Meeting, none, script, turn } from './meeting.js';

const MiB = 2 ** 20;
const pools: Pool[] = [];
const kept = (pool: Pool): Pool => {
  pools.push(pool);
  return pool;
};

/** Threads of a test that is over would be in the way. */
afterEach(() => {
  for (const pool of pools.splice(0)) pool.threads = 1;
  vi.restoreAllMocks();
});

function meeting(threads: number): Meeting {
  const group = new Meeting(threads);
  kept(group.pool);
  return group;
}

/** What the tasks of a grid get: start and count of each dimension. */
function combinations([first, ...rest]: readonly Blocks[]): number[][] {
  if (first === undefined) return [[]];
  const tasks: number[][] = [];
  for (let start = 0; start < first.total; start += first.block) {
    const own = [start, Math.min(first.block, first.total - start)];
    for (const others of combinations(rest)) tasks.push([...own, ...others]);
  }
  return tasks;
}

describe('tasks', () => {
  test.each([0, 1, 2, 3])('of %i dimensions: all combinations of blocks, the last running fastest', (dimensions) => {
    const heap = new Heap({ limit: 4 * MiB });
    const pool = new Pool(heap);
    pool.threads = 1;
    const log = heap.allocateApart('int32', 2 ** 15);
    const length = heap.allocateApart('int32', 1);
    const code = record(2 * dimensions + 2);
    const blocks = fc.record({ total: fc.integer({ min: 0, max: 9 }), block: fc.integer({ min: 1, max: 10 }) });
    const grids = fc.array(blocks, { minLength: dimensions, maxLength: dimensions });
    const property = fc.property(grids, (grid) => {
      length[0] = 0;
      const args = [log.byteOffset, length.byteOffset, -7];
      pool.run({ code, args, grid, scratch: { address: 4096, bytes: 64 } });
      expect([...log.slice(0, length[0])]).toEqual(combinations(grid).flatMap((task) => [-7, ...task, 4096]));
    });
    fc.assert(property, { numRuns: dimensions === 0 ? 1 : 60 });
  });

  test.each([1, 2, 4])('%i threads: each is run once, job after job', (threads) => {
    const group = meeting(threads);
    const { heap, pool } = group;
    group.gather(threads);
    const cells = heap.allocateApart('int32', 3000).fill(0);
    const wanted = new Int32Array(3000);
    const codes = [count(), count(), count()];
    let seed = 1;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % below;
    };
    let wrong = 0;
    for (let i = 0; i < 4000; i++) {
      const [total, block] = [random(3000), 1 + random(i % 2 === 0 ? 3000 : 30)];
      const code = codes[random(codes.length)] ?? count();
      pool.run({ code, args: [cells.byteOffset], grid: [{ total, block }], scratch: none });
      for (let cell = 0; cell < total; cell++) wanted[cell] = (wanted[cell] as number) + 1;
      if (!cells.every((value, cell) => value === wanted[cell])) wrong++;
      // Helpers watch for 50 us and then sleep: they are found doing either.
      const end = performance.now() + random(200) / 1000;
      while (performance.now() < end);
    }
    expect(wrong).toBe(0);
  });
});

describe('jobs', () => {
  test('helpers take part, each with scratch of its own', () => {
    const group = meeting(3);
    group.gather(3);
    const [met, ...scratch] = group.place.slice(1, 5);
    expect(met).toBe(3);
    expect(scratch.sort((a, b) => a - b)).toEqual([0, 64, 128]);
  });

  test('addresses reach to 4 GiB', () => {
    const heap = new Heap();
    const pool = kept(new Pool(heap, { script }));
    pool.threads = 2;
    const low = heap.allocate('uint8', 2 ** 31 - 2 ** 20);
    const high = heap.allocate('uint8', 2 ** 30);
    const cells = heap.allocate('int32', 1000).fill(0);
    expect(cells.byteOffset).toBeGreaterThan(2 ** 31);
    for (let i = 0; i < 100; i++) {
      pool.run({ code: count(), args: [cells.byteOffset], grid: [{ total: 1000, block: 100 }], scratch: none });
    }
    expect(cells.every((value) => value === 100)).toBe(true);
    expect(low.length + high.length).toBeGreaterThan(2 ** 31);
  });

  test('an empty grid is one task, an empty dimension none; too many are refused', () => {
    const { heap, pool } = meeting(2);
    const cells = heap.allocateApart('int32', 1).fill(0);
    const job: Job = { code: record(1), args: [64, cells.byteOffset], grid: [], scratch: none };
    cells[0] = 0;
    pool.run(job);
    expect(cells[0]).toBe(1);
    pool.run({ ...job, grid: [{ total: 0, block: 5 }] });
    expect(cells[0]).toBe(1);
    const many = { total: 2 ** 16, block: 1 };
    for (const wrong of [
      { ...job, grid: [many, many] },
      { ...job, args: new Array<number>(1001).fill(0) },
    ]) {
      expect(() => pool.run(wrong)).toThrow(RuntimeError);
      expect(() => pool.run(wrong)).toThrow('1000 parameters and 2^30 tasks are the most');
    }
  });
});

describe('threads', () => {
  test('are as many as cores, unless set; what is no number of threads is refused', () => {
    const pool = new Pool(new Heap({ limit: MiB }));
    expect(pool.obstacle).toBe(null);
    expect(pool.threads).toBe(process.getBuiltinModule('node:os').availableParallelism());
    pool.threads = 256;
    expect(pool.threads).toBe(256);
    for (const wrong of [0, -1, 1.5, 257, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => {
        pool.threads = wrong;
      }).toThrow(ValueError);
    }
    expect(() => {
      pool.threads = 0;
    }).toThrow('the number of threads is 0: give a whole number from 1 to 256');
    expect(pool.threads).toBe(256);
  });

  test('start when a job first has several tasks, and as many as it has work for', () => {
    const { made, undo } = catchWorkers();
    try {
      const { heap, pool } = meeting(3);
      const cells = heap.allocateApart('int32', 256).fill(0);
      const run = (total: number): void =>
        pool.run({ code: count(), args: [cells.byteOffset], grid: [{ total, block: 1 }], scratch: none });
      run(1);
      expect(made.length).toBe(0);
      run(2);
      expect(made.length).toBe(1);
      run(200);
      expect(made.length).toBe(2);
      run(200);
      expect(made.length).toBe(2);
      const alone = meeting(1);
      alone.pool.run(alone.job(count(), 100, 0));
      expect(made.length).toBe(2);
    } finally {
      undo();
    }
  });

  test('fewer: the others end, and those that stay go on; more: they start again', async () => {
    const { made, undo } = catchWorkers();
    try {
      const group = meeting(3);
      group.gather(3);
      const second = new Promise((done) => made[1]?.on('exit', done));
      group.pool.threads = 2;
      await second;
      group.gather(2);
      expect(made.length).toBe(2);
      group.pool.threads = 3;
      group.gather(3);
      expect(made.length).toBe(3);
      const rest = [made[0], made[2]].map((worker) => new Promise((done) => worker?.on('exit', done)));
      group.pool.threads = 1;
      await Promise.all(rest);
    } finally {
      undo();
    }
  });

  test('a caller that may not sleep, as on a page, watches', () => {
    vi.spyOn(Atomics, 'wait').mockImplementation(() => {
      throw new TypeError('Atomics.wait cannot be called in this context');
    });
    const group = meeting(2);
    group.gather(2);
    expect(group.place[1]).toBe(2);
  });
});

describe('one thread, and why', () => {
  const counts = (heap: Heap, pool: Pool, shared: boolean): boolean => {
    const cells = heap.allocateApart('int32', 300).fill(0);
    pool.run({ code: count(shared), args: [cells.byteOffset], grid: [{ total: 300, block: 7 }], scratch: none });
    return cells.every((value) => value === 1);
  };

  test('memory that can not be shared', () => {
    class Unshared extends WebAssembly.Memory {
      constructor(descriptor: WebAssembly.MemoryDescriptor) {
        if (descriptor.shared === true) throw new TypeError('no');
        super(descriptor);
      }
    }
    const heap = new Heap({ limit: MiB, host: { Memory: Unshared, lazyPages: true } });
    const pool = new Pool(heap);
    pool.threads = 4;
    expect(pool.threads).toBe(1);
    expect(pool.obstacle).toBe('this host refuses memory that threads can share');
    expect(counts(heap, pool, false)).toBe(true);
  });

  test('a page that is not isolated: it may have shared memory, but can not give it to another thread', () => {
    vi.stubGlobal('crossOriginIsolated', false);
    const { made, undo } = catchWorkers();
    try {
      const { heap, pool } = meeting(2);
      expect(pool.obstacle).toContain('this page is not cross-origin isolated');
      expect(counts(heap, pool, true)).toBe(true);
      expect(made.length).toBe(0);
    } finally {
      undo();
      vi.unstubAllGlobals();
    }
  });

  test('a host without WebAssembly runs nothing', () => {
    const pool = new Pool(new Heap({ limit: MiB, host: { Memory: undefined, lazyPages: true } }));
    expect(pool.threads).toBe(1);
    expect(pool.obstacle).toBe('this host has no WebAssembly');
    expect(() => pool.run({ code: count(), args: [], grid: [], scratch: none })).toThrow('has no WebAssembly');
  });

  test('a host that refuses to make threads', () => {
    const threads = process.getBuiltinModule('node:worker_threads');
    const spy = vi.spyOn(threads, 'Worker').mockImplementation(function refuse() {
      throw new Error('access to threads is restricted');
    });
    const { heap, pool } = meeting(2);
    expect(counts(heap, pool, true)).toBe(true);
    expect(pool.threads).toBe(1);
    expect(pool.obstacle).toBe("threads can't be started here: Error: access to threads is restricted");
    expect(counts(heap, pool, true)).toBe(true);
    expect(spy).toHaveBeenCalledTimes(1);
  });

  test('threads that end before they are there', async () => {
    const missing = new URL('./no-such-script.mjs', import.meta.url);
    const heap = new Heap({ limit: MiB });
    const pool = kept(new Pool(heap, { script: missing }));
    pool.threads = 2;
    const { made, undo } = catchWorkers();
    try {
      for (let i = 0; i < 2000 && pool.obstacle === null; i++) {
        expect(counts(heap, pool, true)).toBe(true);
        await turn();
      }
    } finally {
      undo();
    }
    expect(made.length).toBe(3);
    expect(pool.obstacle).toContain('threads end before they can work: Error: Cannot find module');
    expect(pool.threads).toBe(1);
    expect(counts(heap, pool, true)).toBe(true);
  });
});

describe("the pool's own blocks", () => {
  test('outlive the scope they were allocated in', () => {
    const { heap, pool } = new Meeting(2);
    kept(pool);
    const cells = heap.allocateApart('int32', 1000).fill(0);
    const job: Job = { code: count(), args: [cells.byteOffset], grid: [{ total: 1000, block: 50 }], scratch: none };
    const before = heap.info().used;
    heap.enterScope();
    pool.run(job);
    heap.leaveScope();
    const own = heap.info().used - before;
    expect(own).toBeGreaterThan(4096);
    expect(own).toBeLessThan(10_000);
    for (let i = 0; i < 300; i++) {
      heap.enterScope();
      heap.allocate('int32', 2 ** 16).fill(-1);
      pool.run(job);
      heap.leaveScope();
    }
    expect(cells.every((value) => value === 301)).toBe(true);
    expect(heap.info().used).toBe(before + own);
  });

  test('a kernel that nobody can reach leaves the heap', () => {
    const { heap, pool } = meeting(2);
    const cells = heap.allocateApart('int32', 1000).fill(0);
    const run = (): void =>
      pool.run({ code: count(), args: [cells.byteOffset], grid: [{ total: 9, block: 1 }], scratch: none });
    run();
    heap.collect();
    const before = heap.info().used;
    for (let i = 0; i < 50; i++) run();
    expect(heap.info().used).toBeGreaterThan(before + 50 * 1000);
    heap.collect();
    expect(heap.info().used).toBeLessThanOrEqual(before + 1024);
  });
});
