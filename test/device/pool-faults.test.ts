/** Threads that fail: the caller gets a DeviceError that says why, and what comes next works, with new threads. */

import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
import { Pool } from '../../src/device/pool.js';
import { DeviceError } from '../../src/errors.js';
import { Heap } from '../../src/heap/heap.js';
import { broken, count, hang, meetAndTrap } from './kernels.js';
import { catchWorkers, how, Meeting, misbehaving, none, script, turn } from './meeting.js';

const lost = 'What this call was to compute is lost; the next call works';
const undos: (() => void)[] = [];
afterEach(() => {
  for (const undo of undos.splice(0)) undo();
});

function meeting(threads: number, patience: number, from: URL = misbehaving): Meeting {
  const group = new Meeting(threads, { script: from, patience });
  undos.push(() => {
    group.pool.threads = 1;
  });
  return group;
}

function workers(...more: Parameters<typeof catchWorkers>): Worker[] {
  const { made, undo } = catchWorkers(...more);
  undos.push(undo);
  return made;
}

/** Far beyond what any of these tests waits for: an error comes because a thread said so. */
const long = 60_000;
/** For threads that say nothing. */
const short = 300;

describe('a helper that', () => {
  test.each([
    ['throws', how.throws, 'a thread failed: RangeError: misbehaving'],
    ['calls process.exit', how.exits, 'a thread ended with exit code 3'],
  ])('%s', (_, manner, message) => {
    const made = workers();
    const group = meeting(2, long);
    for (let round = 1; round <= 3; round++) {
      group.gather(2);
      const error = group.fault(2, manner);
      expect(error).toMatchObject({ code: 'device-failed', message: `${message}. ${lost}` });
      // At once, without a turn of the event loop: the caller alone, then with another helper.
      expect(counts(group)).toBe(true);
      group.gather(2);
      expect(made.length).toBe(round + 1);
    }
  });

  test('ends without a word', () => {
    const made = workers();
    const group = meeting(2, short);
    group.gather(2);
    const error = group.fault(2, how.endsSilently);
    const message = 'a thread did not finish its task within 0.3 s after all others: it is lost';
    expect(error).toMatchObject({ code: 'device-failed', message: `${message}. ${lost}` });
    expect(counts(group)).toBe(true);
    group.gather(2);
    expect(made.length).toBe(2);
  });

  test('runs out of memory', async () => {
    const made = workers({ resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 } });
    const group = meeting(2, short);
    group.gather(2);
    const ended = new Promise((done) => made[0]?.on('error', done));
    expect(group.fault(2, how.outOfMemory).code).toBe('device-failed');
    expect(counts(group)).toBe(true);
    group.gather(2);
    expect(made.length).toBe(2);
    expect(await ended).toMatchObject({ code: 'ERR_WORKER_OUT_OF_MEMORY' });
  });
});

describe('a helper whose kernel', () => {
  test('traps', () => {
    const made = workers();
    const group = meeting(2, long, script);
    group.gather(2);
    const error = group.fault(2, 0, meetAndTrap('helper'));
    expect(error.message).toBe(`a thread failed: RuntimeError: unreachable. ${lost}`);
    expect(counts(group)).toBe(true);
    group.gather(2);
    expect(made.length).toBe(2);
  });

  test('never returns: it is stopped, and what it may write to is not used again', async () => {
    const made = workers();
    const group = meeting(3, short, script);
    group.gather(3);
    const { heap } = group;
    const at = group.place.byteOffset;
    expect(group.fault(3, 0, hang()).message).toContain('it is lost');
    await Promise.all(made.map((worker) => new Promise((done) => worker.on('exit', done))));
    const place = Int32Array.from(group.place);
    expect(heap.release(group.place)).toBe(true);
    for (let i = 0; i < 1000; i++) {
      const { byteOffset, byteLength } = heap.allocate('uint8', 1024 + 64 * i);
      expect(byteOffset + byteLength <= at || byteOffset >= at + group.place.byteLength).toBe(true);
    }
    expect(group.place).toEqual(place);
    group.gather(3);
    expect(made.length).toBe(4);
  });
});

/** Whether a job after the fault gives what it should. */
function counts({ heap, pool }: Meeting): boolean {
  const cells = heap.allocateApart('int32', 500).fill(0);
  pool.run({ code: count(), args: [cells.byteOffset], grid: [{ total: 500, block: 3 }], scratch: none });
  return cells.every((value) => value === 1);
}

describe('terminated', () => {
  test('just before or in the middle of a job: the result or an error, and a new thread', async () => {
    const made = workers();
    const group = meeting(2, short, script);
    for (let round = 0; round < 10; round++) {
      group.gather(2);
      const ended = new Promise((done) => made.at(-1)?.on('exit', done));
      void made.at(-1)?.terminate();
      // Whichever: that it dies while it has a task can't be arranged from a thread that is busy itself.
      let right = false;
      for (let i = 0; i < 20; i++) {
        try {
          right = counts(group);
        } catch (error) {
          expect(error).toMatchObject({ code: 'device-failed' });
        }
      }
      expect(right).toBe(true);
      await ended;
      await turn();
    }
    expect(made.length).toBe(10);
    group.gather(2);
    expect(made.length).toBe(11);
  });

  test('while it sleeps: it is replaced after a turn of the event loop', async () => {
    const made = workers();
    const group = meeting(2, long, script);
    group.gather(2);
    await made[0]?.terminate();
    await turn();
    expect(counts(group)).toBe(true);
    group.gather(2);
    expect(made.length).toBe(2);
  });
});

describe('the caller', () => {
  test.each([1, 2])('traps, of %i threads: the others finish what they have, and are still there', (threads) => {
    const made = workers();
    const group = meeting(threads, long, script);
    if (threads > 1) group.gather(2);
    const error = group.fault(threads, 0, meetAndTrap('caller'));
    expect(error).toMatchObject({
      code: 'device-failed',
      message: `a kernel failed: RuntimeError: unreachable. ${lost}`,
    });
    expect(counts(group)).toBe(true);
    if (threads > 1) group.gather(2);
    expect(made.length).toBe(threads - 1);
  });

  test.each(['caller', 'helper'] as const)('a trap, of the %s, ends the job: no further tasks are begun', (who) => {
    const group = meeting(2, long, script);
    group.gather(2);
    const job = group.job(meetAndTrap(who), 2, 60_000);
    const total = 2 ** 24;
    expect(() => group.pool.run({ ...job, grid: [{ total, block: 1 }] })).toThrow(DeviceError);
    expect(group.place[0]).toBeLessThan(total);
  });

  test('gets what is no kernel', () => {
    const pool = new Pool(new Heap({ limit: 2 ** 20 }));
    const job = { code: broken, args: [], grid: [], scratch: none };
    for (let i = 0; i < 2; i++) {
      expect(() => pool.run(job)).toThrow(/^a kernel can't be compiled: CompileError: .*the next call works$/);
    }
  });
});
