/** The sources, as text: which files there are, and what they import. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The TypeScript files of a folder and all folders in it, with `/` between names, in order. */
export function sourceFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return sourceFiles(root, path);
      return /\.m?ts$/.test(entry.name) ? [path] : [];
    });
}

export const readSource = (root: string, path: string): string => readFileSync(join(root, path), 'utf8');

const COMMENT_OR_STRING = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/g;

/** The text without its comments, or without what stands in strings; lines stay where they are. */
export const without = (what: 'comments' | 'strings', text: string): string =>
  text.replace(COMMENT_OR_STRING, (piece) => {
    if (piece.startsWith('/') !== (what === 'comments')) return piece;
    return `${what === 'strings' ? "''" : ''}${piece.replace(/[^\n]/g, '')}`;
  });

export interface Import {
  /** As written: './shape.js', 'node:fs'. */
  readonly from: string;
  /** Types alone, so that nothing of it is there at run time. */
  readonly isType: boolean;
}

const STATEMENT = /^(?:import|export)\s+(type\s)?([^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
const CALL = /(typeof\s+)?\bimport\(\s*['"]([^'"]+)['"]/g;
const URL_OF_FILE = /\bnew URL\(\s*['"](\.[^'"]+)['"],\s*import\.meta\.url/g;

/** Whether all names of `{ type A, type B } from` are types. */
function onlyTypes(clause: string | undefined): boolean {
  const names = /^\s*\{([^}]*)\}\s*from\s+$/.exec(clause ?? '')?.[1];
  if (names === undefined) return false;
  const list = names.split(',').filter((name) => name.trim() !== '');
  return list.length > 0 && list.every((name) => /^\s*type\s/.test(name));
}

/** Whatever a source refers to: import and export statements, import(), new URL(..., import.meta.url). */
export function importsOf(text: string): Import[] {
  const code = without('comments', text);
  const statements = [...code.matchAll(STATEMENT)].map(([, type, clause, from]) => ({
    from: from ?? '',
    isType: type !== undefined || onlyTypes(clause),
  }));
  const calls = [...code.matchAll(CALL)].map(([, type, from]) => ({ from: from ?? '', isType: type !== undefined }));
  const urls = [...code.matchAll(URL_OF_FILE)].map(([, from]) => ({ from: from ?? '', isType: false }));
  return [...statements, ...calls, ...urls];
}
