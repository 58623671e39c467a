/** A helper of the pool that ends its task as the fourth argument says (`how` in meeting.ts). */

import { workerData } from 'node:worker_threads';
import { loadKernel } from '../../dist/src/device/pool-job.js';
import { serve } from '../../dist/src/device/worker-loop.js';

const manners = [
  () => {},
  () => {
    throw new RangeError('misbehaving');
  },
  () => process.exit(3),
  () => {
    process.removeAllListeners('exit');
    process.exit(4);
  },
  () => {
    const all = [];
    for (;;) all.push(new Array(1000).fill(all.length));
  },
];

serve(workerData, (bytes, memory) => {
  const run = loadKernel(bytes, memory);
  return (args) => {
    run(args);
    manners[args[3]]?.();
  };
});
