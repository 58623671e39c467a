/** Methods and properties of a class, and their doc comments. */

import { files, textOf } from './source.js';

export interface Member {
  readonly name: string;
  /** Of the instances, or of the class itself. */
  readonly isStatic: boolean;
  readonly doc: string | null;
}

const isShown = (name: string): boolean =>
  !name.startsWith('_') && !['constructor', 'length', 'prototype', 'name'].includes(name);

/** The doc comment of a member within the file that declares the class. */
function docOf(file: string, className: string, member: string): string | null {
  const text = textOf(file);
  const from = text.search(new RegExp(`\\bclass ${className}\\b`));
  const modifiers = '(?:static |override |readonly |protected |abstract |get |set |declare )*';
  const head = new RegExp(`^ {2}${modifiers}${member}\\b[?!]?[(<:;= ]`, 'm').exec(text.slice(from));
  if (head === null) return null;
  const before = text.slice(0, from + head.index).trimEnd();
  return before.endsWith('*/') ? before.slice(before.lastIndexOf('/**')) : null;
}

const fileOf = (className: string, folder: string): string | undefined => {
  const declares = new RegExp(`^(?:export )?(?:abstract )?class ${className}\\b`, 'm');
  return files.filter((file) => file.startsWith(folder)).find((file) => declares.test(textOf(file)));
};

/** Members of a class and of the classes of this folder that it extends. */
export function membersOf(value: object, folder: string): Member[] {
  const found = new Map<string, Member>();
  const add = (owner: object, className: string, isStatic: boolean): void => {
    const file = fileOf(className, folder);
    if (file === undefined) return;
    for (const name of Object.getOwnPropertyNames(owner).filter(isShown)) {
      const known = found.get(name);
      if (known?.doc) continue;
      found.set(name, { name, isStatic, doc: docOf(file, className, name) });
    }
  };
  for (let c: unknown = value; typeof c === 'function' && c.name !== ''; c = Object.getPrototypeOf(c)) {
    add(c, c.name, true);
    if (c.prototype !== undefined) add(c.prototype, c.name, false);
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
