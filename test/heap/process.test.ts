/** The heap in a process and in a worker of its own: from the built files, since Node runs no TypeScript. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';

const built = new URL('../../dist/src/heap/heap.js', import.meta.url).href;
const patience = 60_000;

/** 8 GB of arrays, dropped one by one without a pause; one array is held throughout. */
const loop = `
  const held = heap.allocate('int32', 5000).fill(42);
  for (let i = 0; i < 20_000; i++) heap.allocate('float32', 100_000);
  const intact = held.every((value) => value === 42);
  const result = { intact, peak: heap.info().peak };
`;

async function run(flags: string[], code: string): Promise<unknown> {
  const program = `import { heap } from '${built}'; import vm from 'node:vm'; ${code}`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    ...flags,
    '--input-type=module',
    '--eval',
    program,
  ]);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

test('20,000 arrays of 400 kB in a synchronous loop: flat, and the process exits by itself', {
  timeout: patience,
}, async () => {
  const result = await run([], `${loop} process.stdout.write(JSON.stringify(result));`);
  expect(result).toMatchObject({ intact: true });
  expect(result).toHaveProperty('peak');
  const { peak } = result as { peak: number };
  expect(peak).toBeLessThan(34 * 2 ** 20);
});

test("a user's own worker thread has a heap too, and ends by itself", { timeout: patience }, async () => {
  const code = `import('${built}').then(({ heap }) => {
    ${loop}
    require('node:worker_threads').parentPort.postMessage(result);
  });`;
  const work = async () => {
    const worker = new Worker(code, { eval: true });
    const messages: unknown[] = [];
    worker.on('message', (message) => messages.push(message));
    worker.on('error', (error) => messages.push(error));
    const exit = await new Promise((done) => worker.on('exit', done));
    return { exit, messages };
  };
  for (const result of await Promise.all([work(), work(), work()])) {
    expect(result).toMatchObject({ exit: 0, messages: [{ intact: true }] });
  }
});

test('the flag that shows gc is set back, unless the user set it', { timeout: patience }, async () => {
  const code = `heap.allocate('float32', 1000); heap.collect();
    const types = [typeof gc, vm.runInNewContext('typeof gc'), heap.info().used];
    process.stdout.write(JSON.stringify(types));`;
  expect(await run([], code)).toEqual(['undefined', 'undefined', 0]);
  expect(await run(['--expose-gc'], code)).toEqual(['function', 'function', 0]);
});
