/** `npm run check`, its last part: prints how near the sources are to each limit, and fails where one is passed. */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { judge } from './check/rules.js';
import { readSource, sourceFiles } from './check/source.js';

/** Seen from dist/tools/. */
const root = fileURLToPath(new URL('../../', import.meta.url));
const folders = ['src', 'cli', 'notebook', 'bench', 'tools', 'test'].filter((folder) => existsSync(`${root}${folder}`));

const paths = ['vitest.config.ts', ...folders.flatMap((folder) => sourceFiles(root, folder))];
const rows = judge(new Map(paths.map((path) => [path, readSource(root, path)])));

const line = (...cells: readonly (string | number)[]): string =>
  cells.map((cell, i) => (i === 0 ? String(cell).padEnd(26) : String(cell).padStart(7))).join('');

const report = [
  line(`${paths.length} files`, 'most', 'limit'),
  ...rows.map(({ name, most, limit }) => line(name, most, limit)),
  ...rows.flatMap(({ findings }) => findings.map(({ path, line: at, text }) => `${path}:${at}: ${text}`)),
];
process.stdout.write(`${report.join('\n')}\n`);
if (rows.some(({ findings }) => findings.length > 0)) process.exitCode = 1;
