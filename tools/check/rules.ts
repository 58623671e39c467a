/**
 * What the type checker and the linter can't say of the sources. (The length of functions, `any`, `!` and cycles of
 * imports are the linter's.)
 */

import { without } from './source.js';

/** A place in a file that passes a limit. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

export interface Rule {
  readonly name: string;
  /** The most there may be: lines of a file, or places in all files. */
  readonly limit: number;
  /** The places, counted over all files; or one number a file, of which the largest counts. */
  readonly measure:
    | { readonly places: (path: string, text: string) => Finding[] }
    | { readonly size: (text: string) => number };
}

/** Every line on which a pattern stands. */
function linesWith(path: string, text: string, pattern: RegExp): Finding[] {
  return text.split('\n').flatMap((line, i) => (pattern.test(line) ? [{ path, line: i + 1, text: line.trim() }] : []));
}

const codeOf = (text: string): string => without('strings', without('comments', text));

const inCode = (pattern: RegExp) => (path: string, text: string) => linesWith(path, codeOf(text), pattern);

const inComments = (pattern: RegExp) => (path: string, text: string) =>
  linesWith(path, without('strings', text), pattern);

const hasSwitch = (text: string): boolean => /\bswitch \(/.test(codeOf(text));

/** A branch begins its line and ends it, but for a brace; a field of that name has its value behind it. */
const branches = inCode(/^\s*default:\s*\{?\s*$/);

export const rules: readonly Rule[] = [
  { name: 'lines of a file', limit: 500, measure: { size: (text) => text.trimEnd().split('\n').length } },
  { name: 'double casts', limit: 0, measure: { places: inCode(/\bas unknown\s+as\b/) } },
  {
    name: 'default branches in src',
    limit: 0,
    measure: { places: (path, text) => (path.startsWith('src/') && hasSwitch(text) ? branches(path, text) : []) },
  },
  {
    name: 'suppressed messages',
    limit: 0,
    measure: { places: inComments(/@ts-(?:ignore|expect-error|nocheck)|(?:biome|eslint)-(?:ignore|disable)/) },
  },
];

export interface Row {
  readonly name: string;
  readonly most: number;
  readonly limit: number;
  readonly findings: readonly Finding[];
}

/** Each rule, how far the files go, and where they pass it. */
export function judge(files: ReadonlyMap<string, string>): Row[] {
  return rules.map(({ name, limit, measure }) => {
    if ('places' in measure) {
      const findings = [...files].flatMap(([path, text]) => measure.places(path, text));
      return { name, limit, most: findings.length, findings };
    }
    const sizes = [...files].map(([path, text]) => ({
      path,
      line: measure.size(text),
      text: `${measure.size(text)} ${name}`,
    }));
    const most = Math.max(0, ...sizes.map(({ line }) => line));
    return { name, limit, most, findings: sizes.filter(({ line }) => line > limit) };
  });
}
