/**
 * The threads of a heap. Whoever runs a job is thread 0 and works on it; the others are helpers, started when a job
 * first has work for them, and met through words of the heap (mailbox.ts). Tasks don't depend on each other, so
 * results don't depend on how many threads there are, or on who takes which task.
 */

import { DeviceError, ValueError } from '../errors.js';
import type { Heap } from '../heap/heap.js';
import { show } from '../shape/shape.js';
import type { Mailbox } from './mailbox.js';
import { awaitHelper, invite, isGone, isOut, isStarting, lastWords, mailboxWords, withdraw } from './mailbox.js';
import type { Code, Job, Run, Stored } from './pool-job.js';
import { jobWords, loadKernel, stopJob, takeTasks, taskCount, writeJob } from './pool-job.js';
import type { Thread } from './pool-thread.js';
import { coreCount, hasThreads, maySleep, startThread } from './pool-thread.js';
import type { Place } from './worker-loop.js';

export type { Code, Job } from './pool-job.js';

/** The most threads a pool can be told to use. */
const mostThreads = 256;
/** One job starts no more than this, so that none pays for all: to ask for a thread takes half a millisecond. */
const startsPerJob = 4;
/** After so many threads in a row that ended before they were there, no more are asked for. */
const mostFailedStarts = 3;
/** How long a helper may be busy with its last task once there are no others left, in milliseconds. */
const usualPatience = 9000;

/** For tests. */
export interface PoolOptions {
  /** The script of a helper, which calls `serve` of worker-loop.js. */
  readonly script?: URL;
  /** In milliseconds. */
  readonly patience?: number;
}

interface Helper {
  readonly mailbox: Mailbox;
  readonly thread: Thread;
}

/** A kernel: ready in this thread and, once helpers have been asked to run it, stored in the heap. */
interface Kernel {
  readonly id: number;
  readonly run: Run;
  stored: Uint8Array | undefined;
}

const notStored: Stored = { id: 0, address: 0, bytes: 0 };

const noWebAssembly = 'this host has no WebAssembly';

/** Why there can be one thread only, as far as can be seen before any is asked for. */
function findObstacle(heap: Heap): string | null {
  if (heap.memory === undefined) return noWebAssembly;
  if (globalThis.crossOriginIsolated === false) {
    const headers = 'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp';
    return `this page is not cross-origin isolated, so threads can't share memory: serve it with ${headers}`;
  }
  if (!heap.shared) return 'this host refuses memory that threads can share';
  return hasThreads() ? null : 'this host has no threads';
}

function failure(trouble: string): DeviceError {
  const message = `${trouble}. What this call was to compute is lost; the next call works`;
  return new DeviceError('device-failed', message);
}

/** Takes tasks in this thread; returns what went wrong, or null. */
function work(words: Int32Array, run: Run): string | null {
  try {
    takeTasks(words, run, 0);
    return null;
  } catch (error) {
    stopJob(words);
    return `a kernel failed: ${String(error)}`;
  }
}

/** The threads that work on one heap, seen from the thread that the heap belongs to. */
export class Pool {
  readonly #heap: Heap;
  readonly #script: URL | undefined;
  readonly #patience: number;
  readonly #maySleep: boolean = maySleep();
  #threads = Math.min(coreCount(), mostThreads);
  /** Undefined: not looked for. */
  #obstacle: string | null | undefined = undefined;

  readonly #kernels = new WeakMap<Code, Kernel>();
  #kernelCount = 0;
  /** Where a job is written that nobody helps with. */
  readonly #alone: Int32Array = new Int32Array(jobWords);
  /** Where a job is written for helpers, in the heap. */
  #words: Int32Array | undefined = undefined;

  /** All that have been asked for and have not gone. */
  #helpers: Helper[] = [];
  /** Those invited to the job that runs. */
  readonly #invited: Helper[] = [];
  #failedStarts = 0;
  /** Blocks held because threads that have been stopped may still touch them for a moment. */
  readonly #held = new Set<Int32Array>();

  constructor(heap: Heap, options: PoolOptions = {}) {
    this.#heap = heap;
    this.#script = options.script;
    this.#patience = options.patience ?? usualPatience;
  }

  /** Why there can be one thread only, in a sentence; null where there can be more. */
  get obstacle(): string | null {
    if (this.#obstacle === undefined) this.#obstacle = findObstacle(this.#heap);
    return this.#obstacle;
  }

  /** How many threads work on a job at most: unless set, one for each core; 1 where there is an obstacle. */
  get threads(): number {
    return this.obstacle === null ? this.#threads : 1;
  }

  /**
   * Superfluous threads end; missing ones start when a job has work for them.
   * @throws ValueError 'bad-argument' for what is no whole number from 1 to 256
   */
  set threads(count: number) {
    if (!(Number.isInteger(count) && count >= 1 && count <= mostThreads)) {
      const allowed = `a whole number from 1 to ${mostThreads}`;
      throw new ValueError('bad-argument', `the number of threads is ${show(count)}: give ${allowed}`);
    }
    this.#threads = count;
    for (const helper of this.#helpers.slice(count - 1)) this.#dismiss(helper);
  }

  /**
   * Runs all tasks of a job. Arrays that its addresses lie in must be held by the caller until this returns.
   * @throws DeviceError 'device-failed' where the kernel can't be compiled or traps, or where a helper fails, ends or
   * does not come back. What the job writes to is unspecified then; blocks that a lost thread may still write to are
   * in quarantine, and the next job runs on new threads. RuntimeError 'too-large' for more than 1000 parameters or
   * 2^30 tasks; OutOfMemoryError where the heap has no room for the job's words.
   */
  run(job: Job): void {
    const kernel = this.#kernelOf(job.code);
    const tasks = taskCount(job.grid);
    if (tasks === 0) return;
    const wanted = Math.min(this.threads, tasks) - 1;
    let trouble: string | null;
    if (wanted > 0 && this.#recruit(wanted)) {
      trouble = this.#runShared(job, tasks, kernel, wanted);
    } else {
      writeJob(this.#alone, job, tasks, notStored);
      trouble = work(this.#alone, kernel.run);
    }
    if (trouble !== null) throw failure(trouble);
  }

  /** Runs a job with those helpers that come; returns what went wrong, or null. */
  #runShared(job: Job, tasks: number, kernel: Kernel, wanted: number): string | null {
    const words = this.#jobWords();
    writeJob(words, job, tasks, this.#store(kernel, job.code));
    const invited = this.#invited;
    invited.length = 0;
    for (const helper of this.#helpers) {
      if (invited.length === wanted) break;
      if (invite(helper.mailbox, invited.length + 1)) invited.push(helper);
    }
    const trouble = work(words, kernel.run);
    let joined = 0;
    for (const helper of invited) if (!withdraw(helper.mailbox)) invited[joined++] = helper;
    invited.length = joined;
    let patience = this.#patience;
    for (const { mailbox } of invited) patience -= awaitHelper(mailbox, patience, this.#maySleep);
    return this.#judge(job) ?? trouble;
  }

  /** Parts with helpers that failed in the job; with all, if one has not come back. Returns what went wrong, or null. */
  #judge({ args, scratch }: Job): string | null {
    let trouble: string | null = null;
    for (const helper of this.#invited) {
      if (isOut(helper.mailbox)) {
        // Should it live yet, it may write, and take the job's words for what they no longer are.
        this.#heap.quarantine([...args, scratch.address]);
        if (this.#words !== undefined) this.#held.add(this.#words);
        this.#words = undefined;
        for (const each of this.#helpers) this.#dismiss(each);
        return `a thread did not finish its task within ${this.#patience / 1000} s after all others: it is lost`;
      }
      if (isGone(helper.mailbox)) {
        trouble ??= `a thread ${lastWords(helper.mailbox)}`;
        this.#dismiss(helper);
      }
    }
    return trouble;
  }

  /** Starts helpers where `wanted` are not there yet, and says whether there are any. */
  #recruit(wanted: number): boolean {
    for (const helper of this.#helpers) if (isGone(helper.mailbox)) this.#dismiss(helper);
    const missing = Math.min(startsPerJob, wanted - this.#helpers.length);
    for (let i = 0; i < missing && this.obstacle === null; i++) this.#start();
    return this.#helpers.length > 0;
  }

  #start(): void {
    const { memory } = this.#heap;
    if (memory === undefined) return;
    const mailbox = this.#heap.allocateApart('int32', mailboxWords).fill(0);
    const job = this.#jobWords().byteOffset;
    const place: Place = { role: 'adjoint pool', memory, mailbox: mailbox.byteOffset, job };
    try {
      const thread = startThread(place, (why) => this.#ended(helper, why), this.#script);
      const helper: Helper = { mailbox, thread };
      this.#helpers.push(helper);
    } catch (error) {
      this.#obstacle = `threads can't be started here: ${String(error)}`;
    }
  }

  /** The host's news, in a turn of the event loop, that a thread is no more. */
  #ended(helper: Helper, why: string): void {
    this.#held.delete(helper.mailbox);
    const at = this.#helpers.indexOf(helper);
    if (at < 0) return;
    this.#helpers.splice(at, 1);
    this.#failedStarts = isStarting(helper.mailbox) ? this.#failedStarts + 1 : 0;
    if (this.#failedStarts === mostFailedStarts) this.#obstacle = `threads end before they can work: ${why}`;
  }

  /** Ends a helper, and holds its mailbox until it has. */
  #dismiss(helper: Helper): void {
    this.#helpers = this.#helpers.filter((each) => each !== helper);
    this.#held.add(helper.mailbox);
    helper.thread.stop();
  }

  #jobWords(): Int32Array {
    this.#words ??= this.#heap.allocateApart('int32', jobWords);
    return this.#words;
  }

  #kernelOf(code: Code): Kernel {
    let kernel = this.#kernels.get(code);
    if (kernel === undefined) {
      const { memory } = this.#heap;
      if (memory === undefined) throw failure(noWebAssembly);
      try {
        kernel = { id: this.#kernelCount, run: loadKernel(code.bytes, memory), stored: undefined };
      } catch (error) {
        throw failure(`a kernel can't be compiled: ${String(error)}`);
      }
      this.#kernelCount++;
      this.#kernels.set(code, kernel);
    }
    return kernel;
  }

  #store(kernel: Kernel, { bytes }: Code): Stored {
    if (kernel.stored === undefined) {
      kernel.stored = this.#heap.allocateApart('uint8', bytes.length);
      kernel.stored.set(bytes);
    }
    return { id: kernel.id, address: kernel.stored.byteOffset, bytes: bytes.length };
  }
}
