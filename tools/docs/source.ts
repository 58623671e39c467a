/** The sources as text: doc comments, the examples in them, and which of them belongs to an exported name. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const isBuilt = import.meta.url.includes('/dist/tools/');

export const src: string = fileURLToPath(new URL(isBuilt ? '../../../src/' : '../../src/', import.meta.url));

/** All source files, as paths within src/. */
export const files: readonly string[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replaceAll('\\', '/'))
  .sort();

const texts = new Map<string, string>();

/** The text of a file in src/. */
export function textOf(file: string): string {
  const known = texts.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(join(src, file), 'utf8');
  texts.set(file, text);
  return text;
}

const COMMENT = /\/\*\*[\s\S]*?\*\//g;

/** The examples in a file's doc comments, and the lines that they stand on. */
export function examplesIn(file: string): { readonly line: number; readonly code: string }[] {
  const text = textOf(file);
  return [...text.matchAll(COMMENT)].flatMap(({ 0: comment, index }) => {
    const body = comment.slice(3, -2).replace(/^[ \t]*\* ?/gm, '');
    return [...body.matchAll(/^\s*@example\b([\s\S]*?)(?=^\s*@\w|(?![\s\S]))/gm)].map((tag) => {
      const before = text.slice(0, index).split('\n').length + body.slice(0, tag.index).split('\n').length - 1;
      const lead = /^\s*/.exec(tag[0])?.[0].split('\n').length ?? 1;
      return { line: before + lead - 1, code: (tag[1] ?? '').trim() };
    });
  });
}

/** A file in src/, as another one imports it. */
const imported = (from: string, specifier: string): string =>
  relative(src, join(src, dirname(from), specifier))
    .replaceAll('\\', '/')
    .replace(/\.js$/, '.ts');

interface Link {
  readonly file: string;
  /** A name in that file, or '*' for all of it. */
  readonly name: string;
}

/** The links that `import` or `export` clauses of a file make, by local or exported name; '*' all that have no name. */
function links(file: string, keyword: 'import' | 'export'): Map<string, Link[]> {
  const found = new Map<string, Link[]>();
  const add = (name: string, link: Link): void => void found.set(name, [...(found.get(name) ?? []), link]);
  const clause = new RegExp(
    `^${keyword} (?:\\* as (\\w+)|(\\*)|(?:type )?\\{([^}]*)\\})(?: from '(\\.[^']*)')?;`,
    'gm',
  );
  for (const [, namespace, star, names, specifier] of textOf(file).matchAll(clause)) {
    const target = specifier === undefined ? file : imported(file, specifier);
    if (namespace !== undefined) add(namespace, { file: target, name: '*' });
    if (star !== undefined) add('*', { file: target, name: '*' });
    for (const part of names?.split(',') ?? []) {
      const [, name, alias] = /^\s*(?:type )?(\w+)(?: as (\w+))?\s*$/.exec(part) ?? [];
      if (name !== undefined) add(alias ?? name, { file: target, name });
    }
  }
  return found;
}

/** Where a name is declared. */
export interface Declaration {
  readonly file: string;
  readonly name: string;
  /** From the name to the end of the declaration. */
  readonly text: string;
  /** The doc comment directly above it (above the first, where it is overloaded). */
  readonly doc: string | null;
}

/** The declaration of a name in a file itself. */
function declaredIn(file: string, name: string): Declaration | null {
  const text = textOf(file);
  const head = new RegExp(`^(?:export )?(?:abstract |async )*(?:function|const|class) ${name}\\b`, 'm').exec(text);
  if (head === null) return null;
  const comment = text.slice(0, head.index).trimEnd();
  const doc = comment.endsWith('*/') ? comment.slice(comment.lastIndexOf('/**')) : null;
  return { file, name, doc, text: /^[\s\S]*?\n(?=\n|export |\/\*\*|$)/.exec(text.slice(head.index))?.[0] ?? '' };
}

/** What a name means within a file: a declaration, or all of another file. */
export function meaning(file: string, name: string): Declaration | { readonly namespace: string } | null {
  const declared = declaredIn(file, name);
  if (declared !== null) return declared;
  for (const link of links(file, 'import').get(name) ?? []) {
    return link.name === '*' ? { namespace: link.file } : exported(link.file, link.name);
  }
  return null;
}

/** What an exported name of a file means. */
export function exported(file: string, name: string): Declaration | { readonly namespace: string } | null {
  const out = links(file, 'export');
  for (const link of out.get(name) ?? []) {
    if (link.name === '*') return { namespace: link.file };
    return link.file === file ? meaning(file, link.name) : exported(link.file, link.name);
  }
  const own = declaredIn(file, name);
  if (own !== null) return own;
  for (const link of out.get('*') ?? []) {
    const found = exported(link.file, name);
    if (found !== null) return found;
  }
  return null;
}
