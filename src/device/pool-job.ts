/** A job in words of the heap, and what every thread does with it: load its kernel and take its tasks. */

import { RuntimeError } from '../errors.js';
import type { Blocks } from '../kernel/launch.js';
import { blockCount } from '../kernel/launch.js';

/** A compiled kernel: a module that imports `env.memory` and exports `run`, all of whose parameters are i32. */
export interface Code {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Calls of a kernel that don't depend on each other: one for each combination of blocks. */
export interface Job {
  readonly code: Code;
  /** Addresses and numbers: `run` takes them first, then start and count of each dimension, then the scratch. */
  readonly args: readonly number[];
  /** Task t is a combination of blocks, the last dimension running fastest. */
  readonly grid: readonly Blocks[];
  /** Thread i's own memory begins at `address + i * bytes`, i below the number of threads; zeros: there is none. */
  readonly scratch: { readonly address: number; readonly bytes: number };
}

/** A kernel that is ready to be called, in one thread. */
export type Run = (args: readonly number[]) => void;

/** Where a kernel's bytes lie in the heap, and the number that names it. */
export interface Stored {
  readonly id: number;
  readonly address: number;
  readonly bytes: number;
}

/** A kernel may have 1000 parameters (the limit of all engines), which bounds arguments and dimensions. */
const most = 1000;
const NEXT = 0;
/** A cache line apart from the word that everybody changes. */
const HEAD = 16;
const TASKS = HEAD;
const ID = HEAD + 1;
const CODE = HEAD + 2;
const CODE_BYTES = HEAD + 3;
const SCRATCH = HEAD + 4;
const SCRATCH_BYTES = HEAD + 5;
const DIMENSIONS = HEAD + 6;
const ARGUMENTS = HEAD + 7;
const LIST = HEAD + 8;

/** The size of a job, in words of 32 bits. */
export const jobWords: number = LIST + most;

/** The counter of tasks may run past the last one, by one for each thread. */
const mostTasks = 2 ** 30;

/** How many tasks a grid has: one if it has no dimensions. */
export function taskCount(grid: readonly Blocks[]): number {
  let tasks = 1;
  for (const blocks of grid) tasks *= blockCount(blocks);
  return tasks;
}

/** Writes a job of `tasks` tasks. */
export function writeJob(words: Int32Array, { args, grid, scratch }: Job, tasks: number, code: Stored): void {
  const parameters = args.length + 2 * grid.length + 1;
  if (parameters > most || !(tasks <= mostTasks)) {
    const given = `a kernel of ${parameters} parameters in ${tasks} tasks`;
    throw new RuntimeError('too-large', `${given}: ${most} parameters and 2^30 tasks are the most`);
  }
  words[NEXT] = 0;
  words[TASKS] = tasks;
  words[ID] = code.id;
  words[CODE] = code.address;
  words[CODE_BYTES] = code.bytes;
  words[SCRATCH] = scratch.address;
  words[SCRATCH_BYTES] = scratch.bytes;
  words[DIMENSIONS] = grid.length;
  words[ARGUMENTS] = args.length;
  let at = LIST;
  for (const { total, block } of grid) {
    words[at++] = total;
    words[at++] = block;
  }
  for (const value of args) words[at++] = value;
}

/** The kernel of the job written there. */
export function codeOf(words: Int32Array): Stored {
  return {
    id: words[ID] as number,
    address: (words[CODE] as number) >>> 0,
    bytes: (words[CODE_BYTES] as number) >>> 0,
  };
}

/** Leaves no task for anybody. */
export function stopJob(words: Int32Array): void {
  Atomics.store(words, NEXT, mostTasks);
}

/** The arguments of one call; each thread has this module, and thus this list, to itself. */
const list: number[] = [];

/** Takes tasks until none is left, as thread `thread` of the job. */
export function takeTasks(words: Int32Array, run: Run, thread: number): void {
  const tasks = words[TASKS] as number;
  let task = Atomics.add(words, NEXT, 1);
  if (task >= tasks) return;
  const dimensions = words[DIMENSIONS] as number;
  const count = words[ARGUMENTS] as number;
  const first = LIST + 2 * dimensions;
  list.length = 0;
  for (let i = 0; i < count; i++) list.push(words[first + i] as number);
  for (let i = 0; i < dimensions; i++) list.push(0, 0);
  list.push(((words[SCRATCH] as number) + thread * (words[SCRATCH_BYTES] as number)) | 0);
  for (; task < tasks; task = Atomics.add(words, NEXT, 1)) {
    let rest = task;
    for (let d = dimensions - 1; d >= 0; d--) {
      const total = words[LIST + 2 * d] as number;
      const block = words[LIST + 2 * d + 1] as number;
      const blocks = Math.ceil(total / block);
      const start = (rest % blocks) * block;
      rest = Math.floor(rest / blocks);
      list[count + 2 * d] = start;
      list[count + 2 * d + 1] = Math.min(block, total - start);
    }
    run(list);
  }
}

/** Compiles a kernel for a memory. */
export function loadKernel(bytes: Uint8Array<ArrayBuffer>, memory: WebAssembly.Memory): Run {
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports;
  if (typeof run !== 'function') throw new RuntimeError('bad-call', "the kernel's module exports no function `run`");
  return (args) => Reflect.apply(run, undefined, args);
}
