/** Threads as hosts have them: worker threads of Node, Web Workers of browsers. */

import type { Place } from './worker-loop.js';

/** A thread that has been asked for. */
export interface Thread {
  /** Ends it, soon: what it does in the heap may go on for a moment. */
  stop(): void;
}

const builtin = typeof process === 'undefined' ? undefined : process.getBuiltinModule;

/** How many threads can work at once. */
export function coreCount(): number {
  const cores = builtin?.('node:os')?.availableParallelism?.() ?? globalThis.navigator?.hardwareConcurrency;
  return Math.max(1, cores ?? 1);
}

/** Whether this host has threads at all. */
export const hasThreads = (): boolean =>
  builtin?.('node:worker_threads') !== undefined || typeof globalThis.Worker === 'function';

/** Whether this thread may sleep: a browser's main thread may not. */
export function maySleep(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Asks for a thread, which comes up later (Node: 20 to 40 ms, whatever this thread does meanwhile; a browser: not
 * before a turn of the event loop). `ended` is told why once it is no more (in a browser only if it throws).
 * @throws what the host throws where it refuses
 */
export function startThread(place: Place, ended: (why: string) => void, script?: URL): Thread {
  const node = builtin?.('node:worker_threads');
  if (node === undefined) return startWeb(place, ended, script);
  // Nothing that the program gave its own threads: no options, no hooks (NODE_OPTIONS is in the environment).
  const options = { name: 'adjoint', workerData: place, execArgv: [], env: {}, argv: [] };
  const worker = new node.Worker(script ?? new URL('./worker.js', import.meta.url), options);
  let why = '';
  worker.on('error', (error) => {
    why = String(error);
  });
  worker.on('exit', (code) => ended(why || `it ended with exit code ${code}`));
  worker.unref();
  return { stop: () => void worker.terminate() };
}

function startWeb(place: Place, ended: (why: string) => void, script?: URL): Thread {
  // Bundlers look for just these words.
  const worker =
    script === undefined
      ? new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
      : new Worker(script, { type: 'module' });
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    ended(event.message || 'its script can not be loaded');
  });
  worker.postMessage(place);
  return { stop: () => worker.terminate() };
}
