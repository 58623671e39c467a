/** The files of the notebook that ship as they are: the cells' sources and what the notebook recorded. */

import { existsSync, readFileSync } from 'node:fs';
import type { TensorLike } from 'adjoint';

/** The package's own folder, found from wherever this module runs: compiled under dist/, or as source. */
function packageFolder(): URL {
  let folder = new URL('.', import.meta.url);
  while (!existsSync(new URL('package.json', folder))) {
    const parent = new URL('..', folder);
    if (parent.href === folder.href) throw new Error(`no package.json above ${import.meta.url}; install adjoint again`);
    folder = parent;
  }
  return folder;
}

const notebook: URL = new URL('notebook/', packageFolder());

/** The TypeScript of a cell, as written. */
export const source = (cell: string): string => readFileSync(new URL(`cells/${cell}.ts`, notebook), 'utf8').trimEnd();

/** What the notebook recorded under a cell, character by character; '' where it recorded nothing. */
export function recorded(cell: string): string {
  const file = new URL(`recorded/${cell}.txt`, notebook);
  return existsSync(file) ? readFileSync(file, 'utf8').replace(/\n$/, '') : '';
}

/** The figures of a tensor that PyTorch printed, as nested lists. */
export function figures(text: string): TensorLike {
  const [, lists = 'null'] = /tensor\((\[[^a-z]*\])/.exec(text) ?? [];
  return JSON.parse(lists.replace(/\.(?!\d)/g, ''));
}
