/** `npm run docs`: writes the tables of docs/ from the code. With --check, only says which page is not up to date. */

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as np from '../src/numpy/index.js';
import * as signal from '../src/scipy/signal/index.js';
import * as tf from '../src/tf/index.js';
import * as torch from '../src/torch/index.js';
import { type DoorPage, generated } from './docs/page.js';

/** Seen from dist/tools/. */
const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');

type Names = DoorPage['names'];

const names: { readonly torch: Names; readonly tf: Names; readonly np: Names; readonly signal: Names } = JSON.parse(
  read('tools/docs/names.json'),
);

const pages: readonly DoorPage[] = [
  { page: 'torch', name: 'torch', folder: 'torch/', door: torch, names: names.torch },
  { page: 'tf', name: 'tf', folder: 'tf/', door: tf, names: names.tf },
  { page: 'numpy', name: 'np', folder: 'numpy/', door: np, names: names.np },
  { page: 'scipy', name: 'signal', folder: 'scipy/signal/', door: signal, names: names.signal },
];

const marker = '<!-- From here on written by `npm run docs`. -->';
const isCheck = process.argv.includes('--check');

for (const page of pages) {
  const path = `docs/${page.page}.md`;
  const text = read(path);
  const [own = ''] = text.split(marker);
  const wanted = `${own}${marker}\n\n${generated(page)}\n`;
  if (wanted === text) continue;
  if (isCheck) {
    process.stdout.write(`${path} is not up to date: npm run docs\n`);
    process.exitCode = 1;
  } else writeFileSync(`${root}${path}`, wanted);
}
