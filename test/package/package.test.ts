/** What npm would publish, as a stranger installs and uses it: from the tarball, without a network, outside this tree. */

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** The doors by their import names: all exports but the manifest. */
const doors = Object.keys(manifest.exports)
  .filter((path) => path !== './package.json')
  .map((path) => path.replace('.', 'adjoint'));

interface Pack {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

let pack: Pack;
/** The stranger's project. */
let project: string;

/** npm, with nothing of this machine's: no network, no cache, no settings. */
const npm = (args: readonly string[], cwd: string) =>
  run('npm', [...args, '--ignore-scripts', '--offline', '--no-audit', '--no-fund', '--cache', join(project, '.npm')], {
    cwd,
    shell: process.platform === 'win32',
  });

/** Runs a file of the project, or one of its programs, and gives what it wrote. */
async function node(args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run(process.execPath, args, {
    cwd: project,
    env: { ...process.env, NO_COLOR: '1' },
  });
  expect(stderr).toBe('');
  return stdout;
}

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'adjoint-package-'));
  const { stdout } = await npm(['pack', '--json', '--pack-destination', project], root);
  pack = JSON.parse(stdout)[0];
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  await npm(['install', join(project, pack.filename)], project);
});

afterAll(() => rm(project, { recursive: true, force: true }));

test('the tarball holds what is needed, and nothing else', () => {
  const files = pack.files.map(({ path }) => path);
  const allowed =
    /^(package\.json|README\.md|LICENSE|docs\/\w+\.md|dist\/(src|cli|notebook)\/.+\.(js|d\.ts)|notebook\/(cells|recorded)\/.+)$/;
  expect(files.filter((path) => !allowed.test(path))).toEqual([]);
  const named = [...Object.values(manifest.exports), ...Object.values(manifest.bin)].flatMap((entry) =>
    typeof entry === 'string' ? [entry] : Object.values(entry),
  );
  for (const path of named) expect(files).toContain(path.replace('./', ''));
  expect(pack.size).toBeLessThan(1_000_000);
  expect(pack.unpackedSize).toBeLessThan(4_000_000);
});

test('it brings nothing along', async () => {
  expect(manifest).not.toHaveProperty('dependencies');
  expect(manifest).not.toHaveProperty('peerDependencies');
  const installed = await readdir(join(project, 'node_modules'));
  expect(installed.filter((name) => !name.startsWith('.'))).toEqual(['adjoint']);
});

test('all six doors, from a plain script', async () => {
  expect(doors.length).toBe(6);
  await writeFile(
    join(project, 'doors.mjs'),
    `${doors.map((door, i) => `import * as door${i} from '${door}';`).join('\n')}
    const [core, torch, tf, np, signal, io] = [${doors.map((_, i) => `door${i}`).join(', ')}];
    const x = [[[[1, 2], [3, 4]]]];
    io.save('x.npy', x);
    console.log(JSON.stringify([
      core.grad((x) => core.conv(x, [[[[1, 1]]]]).sum())(core.tensor(x)).tolist(),
      torch.nn.functional.conv2d(torch.tensor(x), torch.ones([1, 1, 2, 2])).item(),
      tf.nn.conv2d(tf.reshape(x, [1, 2, 2, 1]), tf.ones([2, 2, 1, 1]), 1, 'VALID').shape,
      np.flip(np.array([1, 2])).tolist(),
      signal.convolve(np.array([1, 2]), np.array([1, 1])).tolist(),
      io.load('x.npy').tolist(),
    ]));`,
  );
  const expected = [
    [
      [
        [
          [1, 1],
          [1, 1],
        ],
      ],
    ],
    10,
    [1, 1, 1, 1],
    [2, 1],
    [1, 3, 2],
    [
      [
        [
          [1, 2],
          [3, 4],
        ],
      ],
    ],
  ];
  expect(JSON.parse(await node(['doors.mjs']))).toEqual(expected);
});

test('sideEffects: false is true: a door that is imported changes nothing, and keeps no process alive', async () => {
  expect(manifest.sideEffects).toBe(false);
  // Nor is a file imported for nothing but what it does.
  for (const { path } of pack.files.filter((file) => /^dist\/src\/.*\.js$/.test(file.path))) {
    expect(await readFile(join(project, 'node_modules', 'adjoint', path), 'utf8')).not.toMatch(/^import ['"]/m);
  }
  await writeFile(
    join(project, 'effects.mjs'),
    `import { strictEqual } from 'node:assert';
    // What any code can see: own properties of globals and of their prototypes, and what hangs on the process.
    function seen() {
      const lines = [];
      for (const name of Reflect.ownKeys(globalThis)) {
        const { value } = Object.getOwnPropertyDescriptor(globalThis, name);
        lines.push(String(name));
        for (const object of [value, value?.prototype]) {
          const isObject = (typeof object === 'object' && object !== null) || typeof object === 'function';
          if (!isObject || object === globalThis) continue;
          for (const key of Reflect.ownKeys(object)) lines.push(String(name) + '.' + String(key));
        }
      }
      const { env, execArgv, title } = process;
      const listeners = process.eventNames().map((event) => [String(event), process.listenerCount(event)]);
      return JSON.stringify([lines, env, execArgv, title, listeners, process.getActiveResourcesInfo()]);
    }
    // Whatever Node makes on first use, it makes now.
    seen();
    const before = seen();
    for (const door of ${JSON.stringify(doors)}) await import(door);
    strictEqual(seen(), before);
    console.log('unchanged');`,
  );
  expect(await node(['effects.mjs'])).toBe('unchanged\n');
});

/** A stranger's program: the doors with their types, in the forms that the contract names. */
const CONSUMER = `
import { conv, type ConvSpec, convSpec, grad, jvp, type Tensor, tensor, tidy, vjp } from 'adjoint';
import { load, save } from 'adjoint/io';
import * as np from 'adjoint/numpy';
import * as signal from 'adjoint/scipy/signal';
import * as tf from 'adjoint/tf';
import * as torch from 'adjoint/torch';

const F = torch.nn.functional;
const spec: ConvSpec = convSpec({ stride: [2, 2], padding: [[1, 1], [1, 1]] });
const x: Tensor = tensor(new Float32Array(16), { shape: [1, 1, 4, 4] });
const [dx, dw]: Tensor[] = grad((x, w) => tidy(() => conv(x, w, spec).sum()), { argnums: [0, 1] })(x, x);
const [y, pullback] = vjp((x) => x.mul(x), x);
const [, ty] = jvp((x) => x.pow(2), [x], [x]);
const t: torch.Tensor = F.conv2d(torch.from_numpy(x), torch.ones([1, 1, 2, 2], { requires_grad: true }), null, 2, 1);
const same: torch.Tensor = F.conv2d(torch.from_numpy(x), torch.ones(1, 1, 2, 2), { stride: 2, padding: 'same' });
t.sum().backward();
const v = new tf.Variable([1, 2], { name: 'v' });
const tape = new tf.GradientTape({ persistent: true });
const g: tf.Tensor | null = tape.gradient(tape.run(() => v.mul(v)), v);
const a: np.ndarray = np.pad(np.array([[1, 2]]), 1);
const c = signal.convolve2d(a, [[1, 1]], { mode: 'same', boundary: 'wrap' });
save('a.npy', c);
// @ts-expect-error: no such option
F.conv2d(t, t, { strides: 2 });
// @ts-expect-error: no such value
convSpec({ stride: 'SAME' });
export const all: unknown = [dx?.tolist(), dw, y, pullback, ty, same.shape, g, load('a.npy').data];
`;

test.each<[string, object]>([
  ['module nodenext, target es2022', { module: 'nodenext', moduleResolution: 'nodenext', target: 'es2022' }],
  ['module nodenext, target esnext', { module: 'nodenext', moduleResolution: 'nodenext', target: 'esnext' }],
  ['for a bundler', { module: 'esnext', moduleResolution: 'bundler', target: 'es2022' }],
  [
    "with Node's types in place of a browser's",
    { module: 'nodenext', lib: ['es2023'], types: ['node'], typeRoots: [join(root, 'node_modules', '@types')] },
  ],
])('its types, checked strictly: %s', async (_, options) => {
  await writeFile(join(project, 'consumer.ts'), CONSUMER);
  const compilerOptions = {
    types: [],
    ...options,
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  };
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout } = await run(process.execPath, [tsc, '-p', project], { cwd: project }).catch(
    (error: { stdout: string }) => error,
  );
  expect(stdout).toBe('');
});

test('its command', async () => {
  const adjoint = join('node_modules', manifest.name, manifest.bin.adjoint);
  expect(await node([adjoint, '--version'])).toBe(`${manifest.version}\n`);
  expect(await node([adjoint, '--help'])).toContain('adjoint notebook');
  expect(await readdir(join(project, 'node_modules', '.bin'))).toContain('adjoint');
});

test('its notebook: every verdict is what it should be, far from the sources', async () => {
  const page = await node([join('node_modules', manifest.name, manifest.bin.adjoint), 'notebook']);
  expect(page).toMatch(/all \d+ verdicts are what they should be/);
});
