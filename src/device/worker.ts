/** The script of the pool's threads. It knows its role from what it is given, not from being off the main thread. */

import { isPlace, serve } from './worker-loop.js';

const threads = typeof process === 'undefined' ? undefined : process.getBuiltinModule?.('node:worker_threads');
if (threads === undefined) {
  // A browser: the place comes by message.
  addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (isPlace(data)) serve(data);
  });
} else if (isPlace(threads.workerData)) {
  serve(threads.workerData);
}
