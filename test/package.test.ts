/** What the package is to those who install it. */

import { existsSync, readFileSync } from 'node:fs';
import * as built from 'adjoint';
import { expect, test } from 'vitest';
import { conv } from '../src/core/conv.js';

const fileOf = (path: string): URL => new URL(`../${path}`, import.meta.url);
const read = <T>(path: string): T => JSON.parse(readFileSync(fileOf(path), 'utf8'));

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

test('every door of package.json is built, with its types', () => {
  type Exports = { readonly [door: string]: string | { readonly types: string; readonly default: string } };
  const { exports } = read<{ exports: Exports }>('package.json');
  const paths = Object.values(exports).flatMap((door) =>
    typeof door === 'string' ? [door] : [door.types, door.default],
  );
  expect(paths.length).toBeGreaterThan(10);
  expect(paths.filter((path) => !existsSync(fileOf(path)))).toEqual([]);
});

test('the lock file names the packages of all platforms, so that npm ci works on each', () => {
  type Lock = { readonly packages: { readonly [path: string]: { readonly optionalDependencies?: object } } };
  const { packages } = read<Lock>('package-lock.json');
  const optional = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
  expect(optional.length).toBeGreaterThan(10);
  expect(optional.filter((name) => packages[`node_modules/${name}`] === undefined)).toEqual([]);
});
