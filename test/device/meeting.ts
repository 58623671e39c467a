/** What the pool's tests share: pools with helpers that are known to be there. */

import type { Worker, WorkerOptions } from 'node:worker_threads';
import { type Code, type Job, Pool, type PoolOptions } from '../../src/device/pool.js';
import { DeviceError } from '../../src/errors.js';
import { Heap } from '../../src/heap/heap.js';
import { meet } from './kernels.js';

/** Workers run what has been built: Node runs no TypeScript. */
export const script: URL = new URL('../../dist/src/device/worker.js', import.meta.url);
export const misbehaving: URL = new URL('./misbehaving.mjs', import.meta.url);

/** How a helper of misbehaving.mjs ends its task. */
export const how = { well: 0, throws: 1, exits: 2, endsSilently: 3, outOfMemory: 4 } as const;

export const none: Job['scratch'] = { address: 0, bytes: 0 };
/** Milliseconds: enough for any thread to get there, however busy the machine. */
const patient = 60_000;
const tries = 1000;

/** A pool on a heap of its own, and a place in it where threads meet. */
export class Meeting {
  readonly heap: Heap = new Heap({ limit: 2 ** 24 });
  readonly place: Int32Array = this.heap.allocateApart('int32', 512);
  readonly pool: Pool;
  readonly #code = meet();

  constructor(threads: number, options: PoolOptions = {}) {
    this.pool = new Pool(this.heap, { script, ...options });
    this.pool.threads = threads;
  }

  /** A job of as many tasks as threads meet; `more` is the fourth argument. The caller's scratch is at 0. */
  job(code: Code, wanted: number, patience: number, more = 0): Job {
    this.place.fill(0);
    const args = [this.place.byteOffset, wanted, patience, more];
    return { code, args, grid: [{ total: wanted, block: 1 }], scratch: { address: 0, bytes: 64 } };
  }

  /** Runs jobs until `wanted` threads have come together in one: then so many are there. */
  gather(wanted: number): void {
    for (let i = 0; i < tries; i++) {
      this.pool.run(this.job(this.#code, wanted, 20));
      if (this.place[1] === wanted) return;
    }
    throw new Error(`${wanted} threads never met: ${this.pool.obstacle}`);
  }

  /** Has threads meet, and those that helped misbehave; the error of that call. */
  fault(wanted: number, manner: number, code: Code = this.#code): DeviceError {
    try {
      this.pool.run(this.job(code, wanted, patient, manner));
    } catch (error) {
      if (error instanceof DeviceError) return error;
      throw error;
    }
    throw new Error('no error');
  }
}

/** Keeps every worker thread that is made from here on, with these options besides; returns the list, and an undo. */
export function catchWorkers(more: WorkerOptions = {}): { made: Worker[]; undo: () => void } {
  const threads = process.getBuiltinModule('node:worker_threads');
  const { Worker: Original } = threads;
  const made: Worker[] = [];
  class Caught extends Original {
    constructor(file: string | URL, options?: WorkerOptions) {
      super(file, { ...options, ...more });
      made.push(this);
    }
  }
  Object.assign(threads, { Worker: Caught });
  return { made, undo: () => void Object.assign(threads, { Worker: Original }) };
}

/** A turn of the event loop. */
export const turn = (): Promise<void> => new Promise((done) => setTimeout(done, 1));
