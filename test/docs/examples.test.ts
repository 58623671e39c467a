/** Every example in a doc comment runs, and is right; every public function has such a comment. */

import * as core from 'adjoint';
import * as io from 'adjoint/io';
import * as np from 'adjoint/numpy';
import * as signal from 'adjoint/scipy/signal';
import * as tf from 'adjoint/tf';
import * as torch from 'adjoint/torch';
import { beforeAll, describe, expect, test } from 'vitest';
import { publicOf } from '../../tools/docs/public.js';
import { examplesIn, files } from '../../tools/docs/source.js';
import { type Example, faults, type Outcome, tryOut } from './examples.js';

/** The doors by the names that examples give them: their folders, import names and exports. */
const DOORS: { readonly [name: string]: { readonly folder: string; readonly from: string; readonly door: object } } = {
  torch: { folder: 'torch/', from: 'adjoint/torch', door: torch },
  tf: { folder: 'tf/', from: 'adjoint/tf', door: tf },
  np: { folder: 'numpy/', from: 'adjoint/numpy', door: np },
  signal: { folder: 'scipy/signal/', from: 'adjoint/scipy/signal', door: signal },
  io: { folder: 'io/', from: 'adjoint/io', door: io },
};

/** Whether an example has a name from outside. */
function uses(code: string, name: string): boolean {
  const isDeclared = new RegExp(`(const|let|using|function|class) ${name}\\b`).test(code);
  return !isDeclared && new RegExp(`(?<![.\\w])${name}\\b(?!\\s*:)`).test(code);
}

/** Imports of those names that an example uses: its own file's exports, its door's and the core's, and all doors. */
async function header(file: string, code: string): Promise<string> {
  const built = new URL(`../../dist/src/${file.replace(/\.ts$/, '.js')}`, import.meta.url);
  const ownDoor = Object.values(DOORS).find(({ folder }) => file.startsWith(folder));
  const places: [string, object][] = [[built.pathname, await import(built.href)]];
  if (ownDoor !== undefined) places.push([ownDoor.from, ownDoor.door]);
  places.push(['adjoint', core]);
  const known = new Set<string>();
  const imports = places.map(([from, module]) => {
    const names = Object.keys(module).filter((name) => !known.has(name) && uses(code, name));
    for (const name of names) known.add(name);
    return names.length > 0 ? `import { ${names.join(', ')} } from '${from}';` : '';
  });
  for (const [name, { from }] of Object.entries(DOORS)) {
    const isUsed = uses(code, name) || (name === 'torch' && uses(code, 'F'));
    if (isUsed && !known.has(name)) imports.push(`import * as ${name} from '${from}';`);
  }
  if (uses(code, 'F')) imports.push('const F = torch.nn.functional;');
  return imports.join('\n');
}

const found = files.flatMap((file) =>
  examplesIn(file).map(({ line, code }) => ({ name: `src/${file}:${line}`, file, code })),
);

describe('examples', () => {
  const outcomes = new Map<string, Outcome>();

  beforeAll(async () => {
    const examples: Example[] = [];
    for (const { name, file, code } of found) examples.push({ name, code, header: await header(file, code) });
    const results = await tryOut(examples);
    examples.forEach(({ name }, i) => {
      outcomes.set(name, results[i] as Outcome);
    });
  });

  test('there are some', () => {
    expect(found.length).toBeGreaterThan(20);
  });

  test.each(found)('$name', ({ name }) => {
    expect(faults(outcomes.get(name) as Outcome)).toEqual([]);
  });
});

describe('public functions', () => {
  const ofCore = publicOf('adjoint', core, 'index.ts');
  const all = [
    ...ofCore,
    ...publicOf('torch', torch, 'torch/index.ts'),
    ...publicOf('tf', tf, 'tf/index.ts'),
    ...publicOf('np', np, 'numpy/index.ts'),
    ...publicOf('signal', signal, 'scipy/signal/index.ts'),
    ...publicOf('io', io, 'io/index.ts'),
  ];

  test('are found where they are declared', () => {
    expect(all.length).toBeGreaterThan(150);
    expect(all.filter(({ declaration }) => declaration === null).map(({ path }) => path)).toEqual([]);
  });

  test('have a doc comment', () => {
    expect(all.filter(({ declaration }) => declaration?.doc === null).map(({ path }) => path)).toEqual([]);
  });

  test('of the core have an example', () => {
    const functions = ofCore.filter(({ declaration }) => !declaration?.text.startsWith('export class'));
    const without = functions.filter(({ declaration }) => !declaration?.doc?.includes('@example'));
    expect(without.map(({ path }) => path)).toEqual([]);
  });
});
