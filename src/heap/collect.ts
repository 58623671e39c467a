/** Finding what can no longer be reached, at once and in the middle of a job, where the host has a way. */

/** After both, in this order, the WeakRefs of all that was unreachable are clear. */
export interface Collector {
  /** Lets go of what is only kept because a WeakRef to it was made or read in this job. */
  checkpoint(): void;
  gc(): void;
}

/** How often `gc` is looked for: setting a flag races with other threads that set it back. */
const attempts = 8;

/**
 * Node's way to collect synchronously; undefined in a browser, which has none.
 *
 * JavaScript keeps the target of a WeakRef alive until the job ends in which the WeakRef was made or last read: a
 * loop that never awaits would keep everything. V8 lets those targets go at a microtask checkpoint, and a context
 * with a microtask queue of its own has one whenever a script ends in it, be the script empty; nobody else's
 * microtasks run. (A program may notice one thing: reading a WeakRef of its own holds the target not up to the end of
 * the job, but up to the next allocation.) The function `gc` is a global of contexts made while V8's flag is set.
 */
export function makeCollector(): Collector | undefined {
  try {
    if (typeof process === 'undefined') return undefined;
    const vm = process.getBuiltinModule?.('node:vm');
    const v8 = process.getBuiltinModule?.('node:v8');
    if (vm === undefined || v8 === undefined) return undefined;
    const script = new vm.Script('');
    for (let attempt = 0; attempt < attempts; attempt++) {
      // The first time without the flag: whoever started Node with it keeps it.
      if (attempt > 0) v8.setFlagsFromString('--expose-gc');
      const context = vm.createContext({}, { microtaskMode: 'afterEvaluate' });
      if (attempt > 0) v8.setFlagsFromString('--no-expose-gc');
      const gc: unknown = vm.runInContext('globalThis.gc', context);
      if (typeof gc !== 'function') continue;
      return { checkpoint: () => script.runInContext(context), gc: () => gc() };
    }
  } catch {
    // A runtime that has these modules in name only: it is as in a browser.
  }
  return undefined;
}
