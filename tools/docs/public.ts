/** What a door exports, and where it is declared. */

import { type Declaration, exported, meaning } from './source.js';

/** A function that a user can reach, and where it is declared. */
export interface Public {
  readonly path: string;
  readonly value: object;
  readonly declaration: Declaration | null;
}

const isContainer = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' &&
  value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);

type Meaning = ReturnType<typeof exported>;

/** The meaning of a member of an object such as `{ grad, v1: { nn: compat } }`: by the names its declaration mentions. */
function member(object: Declaration, name: string): Meaning {
  const [, alias = name] = new RegExp(`\\b${name}: (\\w+)\\b(?=\\s*[,}])`).exec(object.text) ?? [];
  return meaning(object.file, alias);
}

/** All functions below a value, with what declares them. */
function functionsOf(path: string, value: unknown, declared: Meaning): Public[] {
  const isDeclaration = declared !== null && 'doc' in declared;
  if (typeof value === 'function') return [{ path, value, declaration: isDeclaration ? declared : null }];
  if (!isContainer(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    const inner =
      declared === null
        ? null
        : isDeclaration
          ? (member(declared, name) ?? declared)
          : exported(declared.namespace, name);
    return functionsOf(`${path}.${name}`, item, inner);
  });
}

/** All functions of a door that a user can reach: `file` is its index in src/. */
export const publicOf = (path: string, door: object, file: string): Public[] =>
  Object.entries(door).flatMap(([name, value]) => functionsOf(`${path}.${name}`, value, exported(file, name)));
