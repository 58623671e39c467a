/** Hosts that refuse something: what runs there, and what info() says of it. Each in a process of its own. */

import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** What a script prints as JSON; `adjoint` is imported after `before` has run. */
function run(before: string, script: string): unknown {
  const code = `${before}; const adjoint = await import('adjoint'); ${script}`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    cwd: new URL('../..', import.meta.url),
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}

const convolve = `
  const x = adjoint.tensor(Float32Array.from({ length: 4 * 32 * 32 * 32 }, (_, i) => i % 7 - 3), { shape: [4, 32, 32, 32] });
  const w = adjoint.tensor(Float32Array.from({ length: 32 * 32 * 9 }, (_, i) => i % 5 - 2), { shape: [32, 32, 3, 3] });
  const y = adjoint.conv(x, w, { padding: 1, precision: 'exact' });
`;

const tell = `${convolve} const { device, threads, why } = adjoint.info();
  console.log(JSON.stringify({ device, threads, why: why ?? null, devices: adjoint.devices(), y: y.sum().item() }))`;

test('one that has everything', () => {
  const y = run('', tell);
  expect(y).toMatchObject({ device: 'wasm', why: null, devices: ['reference', 'wasm'] });
});

const sum = (run('', tell) as { readonly y: number }).y;

test('one without SIMD runs the reference', () => {
  const told = run('WebAssembly.validate = () => false', tell);
  expect(told).toMatchObject({ device: 'reference', threads: 1, devices: ['reference'], y: sum });
  expect(told).toMatchObject({ why: expect.stringContaining('SIMD') });
});

test('one without WebAssembly runs the reference', () => {
  const told = run('delete globalThis.WebAssembly', tell);
  expect(told).toMatchObject({ device: 'reference', threads: 1, devices: ['reference'], y: sum });
  expect(told).toMatchObject({ why: expect.stringContaining('WebAssembly') });
});

test('one that refuses shared memory runs one thread', () => {
  const refuse = `const { Memory } = WebAssembly; WebAssembly.Memory = class extends Memory {
    constructor(options) { if (options.shared) throw new RangeError('refused'); super(options); } }`;
  const told = run(refuse, tell);
  expect(told).toMatchObject({ device: 'wasm', threads: 1, y: sum, why: expect.stringContaining('memory') });
});

test('a device that is not there is an error that names those that are', () => {
  const told = run(
    'WebAssembly.validate = () => false',
    `try { adjoint.device('wasm') } catch ({ name, code, message }) { console.log(JSON.stringify({ name, code, message })) }`,
  );
  expect(told).toMatchObject({ name: 'RuntimeError', message: expect.stringContaining("'reference'") });
});

test('no memory left: the error of the contract, nothing held, and the next call works', () => {
  const told = run(
    '',
    `const { heap } = await import('./dist/src/heap/heap.js');
    adjoint.threads(1);
    ${convolve}
    const before = adjoint.info().heap.used;
    // All but some 600 kB: room for the result, and none for what it takes besides.
    const hold = [];
    for (const size of [2 ** 30, 2 ** 26, 2 ** 22, 5 * 2 ** 17]) {
      for (let room = true; room; ) {
        try { hold.push(heap.allocate('uint8', size)); } catch { room = false; }
      }
    }
    heap.release(hold.pop());
    const held = adjoint.info().heap.used;
    let caught = null;
    try { adjoint.conv(x, w, { padding: 1 }); } catch ({ name, code }) { caught = { name, code }; }
    const after = adjoint.info().heap.used;
    for (const view of hold) heap.release(view);
    const again = adjoint.conv(x, w, { padding: 1, precision: 'exact' });
    const [first, second] = [y.data, again.data];
    const same = second.every((value, i) => value === first[i]);
    again.dispose();
    console.log(JSON.stringify({ caught, isHeld: held > before, kept: after - held, left: adjoint.info().heap.used - before, same }))`,
  );
  expect(told).toEqual({
    caught: { name: 'OutOfMemoryError', code: 'out-of-memory' },
    isHeld: true,
    kept: 0,
    left: 0,
    same: true,
  });
});
