/** Processes that use the pool, as users start them. */

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { count, meet } from './kernels.js';

const built = new URL('../../dist/src/', import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), 'adjoint-pool-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs jobs until a helper takes part, or for `tries`. */
const program = `
  const { Heap } = await import('${built}heap/heap.js');
  const { Pool } = await import('${built}device/pool.js');
  const heap = new Heap();
  const pool = new Pool(heap);
  pool.threads = 2;
  const place = heap.allocateApart('int32', 512);
  const code = { bytes: new Uint8Array([${meet().bytes}]) };
  const scratch = { address: 0, bytes: 64 };
  function gather(tries) {
    for (let i = 0; i < tries; i++) {
      place.fill(0);
      pool.run({ code, args: [place.byteOffset, 2, 20, 0], grid: [{ total: 2, block: 1 }], scratch });
      if (place[1] === 2) return true;
    }
    return false;
  }
  const say = (value) => process.stdout.write(JSON.stringify(value));
`;

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program; it is stopped if it does not exit by itself. */
function run(code: string, flags: readonly string[] = [], env: Record<string, string> = {}): Promise<Outcome> {
  const args = [...flags, '--input-type=module', '--eval', `${program}${code}`];
  const options = { timeout: 30_000, env: { ...process.env, ...env } };
  return new Promise((done) => {
    const child = execFile(process.execPath, args, options, (_, stdout, stderr) => {
      done({ code: child.exitCode, stdout, stderr });
    });
  });
}

const tries = 1000;
const well = { code: 0, stdout: 'true', stderr: '' };

test('a program ends by itself: with helpers asleep, watching, just asked for, or dismissed', async () => {
  const endings = ['', 'await new Promise((done) => setTimeout(done, 50));', 'gather(1);', 'pool.threads = 1;'];
  for (const ending of endings) expect(await run(`say(gather(${tries})); ${ending}`)).toEqual(well);
  expect(await run('gather(1); say(true);')).toEqual(well);
});

test('a program that throws, or exits, does so with its own code', async () => {
  const thrown = await run(`say(gather(${tries})); throw new Error('by the user');`);
  expect(thrown).toMatchObject({ code: 1, stdout: 'true' });
  expect(thrown.stderr).toContain('by the user');
  expect(await run(`say(gather(${tries})); process.exit(7);`)).toEqual({ ...well, code: 7 });
  expect(await run('gather(1); say(true); process.exit(7);')).toEqual({ ...well, code: 7 });
});

test("the program's hooks and options do not reach the threads", async () => {
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const required = file('required.cjs', "require('node:fs').writeSync(1, 'required ');");
  const hooks = file(
    'hooks.mjs',
    `import { writeSync } from 'node:fs';
    export async function load(url, context, next) { if (url.includes('worker')) writeSync(1, 'hooked '); return next(url, context); }`,
  );
  const imported = file(
    'imported.mjs',
    `import { register } from 'node:module'; import { isMainThread } from 'node:worker_threads';
    if (isMainThread) register(${JSON.stringify(pathToFileURL(hooks).href)});`,
  );
  const counted = { ...well, stdout: 'required true' };
  expect(await run(`say(gather(${tries}));`, ['--require', required])).toEqual(counted);
  expect(await run(`say(gather(${tries}));`, [], { NODE_OPTIONS: `--require ${required}` })).toEqual(counted);
  expect(await run(`say(gather(${tries}));`, ['--import', pathToFileURL(imported).href])).toEqual(well);
});

test("users' own worker threads have pools of their own, and end with their threads", async () => {
  const inside = file(`${program} (await import('node:worker_threads')).parentPort.postMessage(gather(${tries}));`);
  const code = `
    const { Worker } = await import('node:worker_threads');
    const answers = Array.from({ length: 3 }, () => new Promise((done) => {
      new Worker(new URL(${JSON.stringify(inside)}), { execArgv: [] }).on('message', done).on('error', done);
    }));
    say((await Promise.all(answers)).every((answer) => answer === true) && gather(${tries}));`;
  expect(await run(code)).toEqual(well);
});

/** A module of the test's folder. */
function file(text: string): string {
  const path = join(folder, 'inside.mjs');
  writeFileSync(path, text);
  return pathToFileURL(path).href;
}

test('without permission to make threads, one works', async () => {
  const code = `
    const cells = heap.allocateApart('int32', 256).fill(0);
    const counting = { bytes: new Uint8Array([${count().bytes}]) };
    pool.run({ code: counting, args: [cells.byteOffset], grid: [{ total: 256, block: 1 }], scratch });
    say([cells.every((value) => value === 1), pool.threads, pool.obstacle]);`;
  const flag = ['--permission', '--experimental-permission'].find((name) =>
    process.allowedNodeEnvironmentFlags.has(name),
  );
  const { code: exit, stdout } = await run(code, [flag ?? '', '--allow-fs-read=*']);
  expect({ exit, says: JSON.parse(stdout) }).toEqual({
    exit: 0,
    says: [true, 1, expect.stringContaining("threads can't be started here: ")],
  });
});
