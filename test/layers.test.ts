/** The order of the house: src/layers.ts says it, the import statements keep it. */

import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as built from 'adjoint';
import { describe, expect, test } from 'vitest';
import { conv } from '../src/core/conv.js';
import { layers } from '../src/layers.js';
import { judge } from '../tools/check/rules.js';
import { type Import, importsOf, readSource, sourceFiles } from '../tools/check/source.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const files = sourceFiles(root, 'src');
const imports = new Map(files.map((path) => [path, importsOf(readSource(root, path))]));

/** The source that an import names, seen from the file it stands in. */
const targetOf = (path: string, { from }: Import): string =>
  posix.join(posix.dirname(path), from).replace(/\.js$/, '.ts');

/** The folder of src/, or the file beside the folders, that a path belongs to. */
const partOf = (path: string): string => (path.split('/')[1] ?? '').replace(/\.ts$/, '');

const rowOf = (part: string): number => layers.findIndex((row) => row.includes(part));

/** All imports as pairs of paths. */
const edges = files.flatMap((path) =>
  (imports.get(path) ?? []).map((item) => ({ path, item, target: targetOf(path, item) })),
);

describe('layers', () => {
  test('each folder of src is one, and each is a folder of src', () => {
    const parts = new Set(files.map(partOf));
    expect([...parts].filter((part) => rowOf(part) < 0)).toEqual([]);
    expect(layers.flat().filter((part) => !parts.has(part))).toEqual([]);
  });

  test('every import names a file of src: when it runs, nothing outside is needed', () => {
    expect(edges.length).toBeGreaterThan(100);
    const outside = edges.filter(
      ({ item, target }) => !item.from.startsWith('.') || !existsSync(posix.join(root, target)),
    );
    expect(outside.filter(({ item }) => !(item.isType && item.from.startsWith('node:')))).toEqual([]);
  });

  test('imports go upwards, and never sideways', () => {
    const wrong = edges.filter(({ path, item, target }) => {
      if (!item.from.startsWith('.')) return false;
      const [from, to] = [partOf(path), partOf(target)];
      return from !== to && rowOf(to) >= rowOf(from);
    });
    expect(wrong.map(({ path, target }) => `${path} imports ${target}`)).toEqual([]);
  });

  test('no file imports itself by way of others', () => {
    const finished = new Set<string>();
    const visit = (path: string, trail: readonly string[]): string[] => {
      if (trail.includes(path)) return [[...trail.slice(trail.indexOf(path)), path].join(' > ')];
      if (finished.has(path)) return [];
      const next = edges.filter((edge) => edge.path === path && !edge.item.isType);
      const cycles = next.flatMap(({ target }) => visit(target, [...trail, path]));
      finished.add(path);
      return cycles;
    };
    expect(files.flatMap((path) => visit(path, []))).toEqual([]);
  });
});

describe('how imports and limits are read', () => {
  test('statements of all forms; comments and strings are none', () => {
    const text = `
import './a.js';
import b, { type B } from './b.js';
import { type C, type D } from "./c.js";
import type { E } from './e.js';
import {
  f,
  g,
} from './f.js';
export * from './h.js';
export const text = "import x from './no.js'";
// import y from './no.js';
/* import z from './no.js'; */
const i = await import('./i.js');
type J = typeof import('./j.js');
const k = new URL('./k.js', import.meta.url);
`;
    const given = importsOf(text).map(({ from, isType }) => `${from}${isType ? ' type' : ''}`);
    expect(given.sort()).toEqual([
      './a.js',
      './b.js',
      './c.js type',
      './e.js type',
      './f.js',
      './h.js',
      './i.js',
      './j.js type',
      './k.js',
    ]);
  });

  test('a file of 501 lines, a double cast, a default branch and a suppression are found, and nothing else', () => {
    const cast = ['as', 'unknown', 'as'].join(' ');
    const ignored = `// @ts${'-'}ignore`;
    const files = new Map([
      ['src/long.ts', 'a();\n'.repeat(501)],
      ['src/short.ts', 'a();\n'.repeat(500)],
      ['src/cast.ts', `const a = b ${cast} C;\n// b ${cast} C\n'${cast}';`],
      ['src/branch.ts', "switch (a) {\n  default:\n}\nexport default a;\nconst b = { default: 1, c: 'default:' };"],
      ['test/branch.ts', 'switch (a) {\n  default:\n}'],
      ['test/ignored.ts', `a('${ignored}');\n${ignored}\nb();`],
    ]);
    const places = judge(files).flatMap(({ findings }) => findings.map(({ path, line }) => `${path}:${line}`));
    expect(places).toEqual(['src/long.ts:501', 'src/cast.ts:1', 'src/branch.ts:2', 'test/ignored.ts:2']);
  });
});

test('the name of the package stands for the built files, not for the sources', () => {
  const stackOf = (f: () => unknown): string => {
    try {
      f();
    } catch (error) {
      if (error instanceof Error) return error.stack ?? '';
    }
    return '';
  };
  const unfit = [[[1]]];
  expect(stackOf(() => built.conv(unfit, 1))).toContain('/dist/src/core/conv.js');
  expect(stackOf(() => conv(unfit, 1))).toContain('/src/core/conv.ts');
  expect(built.conv).not.toBe(conv);
});
