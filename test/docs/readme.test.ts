/** The README's code compiles, runs, and prints what its comments say. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { faults, tryOut } from './examples.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const blocks = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);

test('the code in README.md', async () => {
  expect(blocks.length).toBeGreaterThan(0);
  const outcomes = await tryOut(blocks.map((code, i) => ({ name: `block ${i + 1}`, header: '', code })));
  expect(outcomes.map(faults)).toEqual(blocks.map(() => []));
  expect(outcomes.some(({ claims }) => claims.length > 0)).toBe(true);
});
