/** A door's page: what is there, from the doc comments; what is not, from the framework's own lists of names. */

import { type Member, membersOf } from './members.js';
import { type Public, publicOf } from './public.js';
import { type Declaration, files, textOf } from './source.js';

export interface DoorPage {
  /** The page in docs/. */
  readonly page: string;
  /** The name that a door is imported by, in Python as here. */
  readonly name: string;
  readonly folder: string;
  readonly door: object;
  /** Where the framework has more, by module: its public names. */
  readonly names: { readonly [module: string]: readonly string[] };
}

/** The first sentence of a doc comment, without the function's own name before a colon. */
export function summaryOf(doc: string | null): string {
  const body = (doc ?? '')
    .replace(/^\/\*\*|\*\/$/g, '')
    .replace(/^[ \t]*\* ?/gm, '')
    .split(/^\s*@|\n\s*\n/m)[0];
  const text = (body ?? '').replace(/\s+/g, ' ').trim();
  const sentence = /^.*?[.!?](?= [A-Z`]|$)/.exec(text)?.[0] ?? text;
  return sentence
    .replace(/^[\w.]+(, [\w.]+)*: /, '')
    .replace(/\.$/, '')
    .replaceAll('|', '\\|');
}

/** Names of the parameters in the longest of the parameter lists that begin in a text: `(input: Foreign, dim?: Dims)`. */
function longestList(text: string): string {
  const lists = [...text.matchAll(/^\s*(?:export function \w+|type \w+ =|)(?:<[^>]*>)?\s*\(([\s\S]*?)\)(?::| =>)/gm)]
    .map(([, list = '']) => [...list.matchAll(/(?:^|,)\s*(?:\.\.\.)?(\w+\??):/g)].map(([, name = '']) => name))
    .filter((names) => !names.includes('args'));
  return lists.reduce<string[]>((most, names) => (names.length > most.length ? names : most), []).join(', ');
}

/** The text that declares a type, wherever that is. */
function typeText(type: string, file: string): string {
  const declares = new RegExp(
    `^(?:export )?(?:interface ${type}\\b[^{]*\\{[\\s\\S]*?\\n\\}|type ${type}\\b[\\s\\S]*?;\\n)`,
    'm',
  );
  const found = [file, ...files].map((each) => declares.exec(textOf(each))?.[0]).find((each) => each !== undefined);
  return (found ?? '').replace(/^(?:export )?(?:interface [^{]*\{|type \w+(?:<[^=]*>)? =\s*)/, '');
}

/** The first arguments that `src/torch/calls.ts` names by a letter. */
const firsts: { readonly [letter: string]: readonly string[] } = { X: ['input'], Y: ['input'] };

/** Names in the two tuples of a `Call`: required ones, then optional ones; `...Rest` stands for those of a type. */
function labelsOf(list: string, file: string): string[] {
  const tuples = [...list.matchAll(/\[((?:[^[\]]|\[\])*)\]/g)].map(([, labels = '']) =>
    labels.replace(/\.\.\.(\w+)/g, (_, type: string) => typeText(type, file).replace(/^\[|\];\s*$/g, '')),
  );
  const labels = (part = ''): string[] => [...part.matchAll(/(\w+)\??:/g)].map(([, name = '']) => name);
  return [...labels(tuples[0]), ...labels(tuples[1]).map((name) => `${name}?`)];
}

/** Parameters of a type such as `Clamp<X>`, which is made of `Call<I, [required], [optional], ...>`. */
function callParameters(type: string, first: string, file: string): string[] | null {
  const text = typeText(type, file);
  const [, called, list = ''] = /^(\w+)<(?:I|\[\]),\s*([\s\S]*)/.exec(text.replace(/<\s+/g, '<')) ?? [];
  if (called === 'Call') return [...(firsts[first] ?? []), ...labelsOf(list, file)];
  if (called !== undefined && called !== type) return callParameters(called, first, file);
  return text.startsWith('(...args: I') ? [...(firsts[first] ?? [])] : null;
}

/** Parameters as the types have them: of the longest overload, or of the type that a constant has. */
function typedParameters({ name, file, text }: Declaration): string {
  const [, written] = new RegExp(`^(?:export )?const ${name}: Call<\\s*\\[\\],([\\s\\S]*)`).exec(text) ?? [];
  if (written !== undefined) return labelsOf(written, file).join(', ');
  const [, type, first = ''] = new RegExp(`^(?:export )?const ${name}: (\\w+)(?:<(\\w+))?`).exec(text) ?? [];
  if (type !== undefined) return callParameters(type, first, file)?.join(', ') ?? longestList(typeText(type, file));
  const overloads = textOf(file).matchAll(new RegExp(`^export function ${name}\\b[\\s\\S]*?[;{]$`, 'gm'));
  const own = text.replace(/^(?:export )?const \w+ =/, '');
  return longestList([own, ...[...overloads].map(([each]) => each)].join('\n'));
}

/** Parameters as the readers of arguments have them, or as the types do. */
function parametersOf(name: string, { declaration }: Public, folder: string): string {
  if (declaration === null) return '';
  const reads = new RegExp(`\\b(?:row|viewRow|signature)\\(\\s*'${name}',\\s*[\`']([^\`']*)[\`']`);
  const places = [declaration.file, ...files.filter((file) => file.startsWith(folder))];
  const text = places.map((file) => reads.exec(textOf(file))?.[1]).find((found) => found !== undefined);
  const isPlain = text !== undefined && !text.includes('$');
  if (isPlain) return text.trim().split(/\s+/).map(parameter).join(', ');
  const takesNone = /^[^(]*\(\)/.test(declaration.text);
  return takesNone ? '' : typedParameters(declaration) || '...';
}

/** `bias?~` is a parameter with a default. */
const parameter = (word: string): string => word.replace(/[~]/g, '').replace('=', '?');

const isClass = (value: object): boolean => Function.prototype.toString.call(value).startsWith('class');

const table = (head: string, rows: readonly (readonly [string, string])[]): string =>
  [`| ${head} | |`, '|---|---|', ...rows.map(([name, text]) => `| ${name} | ${text} |`)].join('\n');

const memberRow = ({ name, isStatic, doc }: Member): [string, string] => [
  `\`${isStatic ? 'static ' : ''}${name}\``,
  summaryOf(doc),
];

function moduleTable(module: string, members: readonly Public[], folder: string): string {
  const rows = members
    .map((each): [string, string] => {
      const name = each.path.slice(module.length + 1);
      const call = isClass(each.value) ? name : `${name}(${parametersOf(name, each, folder)})`;
      return [`\`${call}\``, summaryOf(each.declaration?.doc ?? null)];
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `### ${module}\n\n${table(`${rows.length} names`, rows)}`;
}

const isError = (value: object): boolean => typeof value === 'function' && value.prototype instanceof Error;

/** Names that the framework's module has and ours has not. */
function missing({ names, door, name }: DoorPage): string[] {
  return Object.entries(names).flatMap(([module, theirs]) => {
    const path = module.split('.').slice(name.split('.').length);
    const ours = path.reduce<unknown>((owner, key) => Reflect.get(Object(owner), key), door);
    const has = (key: string): boolean =>
      ours !== undefined && (key in Object(ours) || (typeof ours === 'function' && key in ours.prototype));
    const absent = theirs.filter((key) => !has(key));
    const count = `${theirs.length - absent.length} of ${theirs.length}`;
    return [`**${module}**: ${count} are there. Not there: ${absent.join(', ') || 'none'}.`];
  });
}

/** What stands below the marker of a page. */
export function generated(page: DoorPage): string {
  const all = publicOf(page.name, page.door, `${page.folder}index.ts`).filter(({ value }) => !isError(value));
  const modules = new Map<string, Public[]>();
  for (const each of all) {
    const module = each.path.slice(0, each.path.lastIndexOf('.'));
    modules.set(module, [...(modules.get(module) ?? []), each]);
  }
  const classes = all
    .filter(({ value }) => isClass(value))
    .map(({ path, value }) => ({ path, members: membersOf(value, page.folder) }))
    .filter(({ members }) => members.length > 0);
  return [
    ...[...modules].map(([module, members]) => moduleTable(module, members, page.folder)),
    ...classes.map(
      ({ path, members }) => `### ${path}\n\n${table(`${members.length} members`, members.map(memberRow))}`,
    ),
    '## What is not there',
    ...missing(page),
  ].join('\n\n');
}
