/** Plain JavaScript values as Python's `str`, `repr` and `print` would show their namesakes. */

import { shortest } from './digits.js';

/** What knows how it looks has Python's own methods: `__str__` for `str(x)` and print, `__repr__` for `repr(x)`. */
export interface Printable {
  __str__?(): string;
  __repr__?(): string;
}

/** A tuple of whole numbers: "(2, 3)", "(3,)", "()". */
export const tuple = (numbers: readonly number[]): string =>
  numbers.length === 1 ? `(${numbers[0]},)` : `(${numbers.join(', ')})`;

const entities: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Makes Node's console.log and util.inspect show the instances of a class by their repr, and notebooks likewise: the
 * method of the symbol Jupyter.display gives a value's looks by MIME type.
 */
export function inspectByRepr(prototype: { __repr__(): string }): void {
  Object.defineProperty(prototype, Symbol.for('nodejs.util.inspect.custom'), {
    value(this: { __repr__(): string }): string {
      return this.__repr__();
    },
  });
  Object.defineProperty(prototype, Symbol.for('Jupyter.display'), {
    value(this: { __repr__(): string }): { readonly [mime: string]: string } {
      const text = this.__repr__();
      const html = text.replace(/[&<>]/g, (character) => entities[character] ?? character);
      return { 'text/plain': text, 'text/html': `<pre>${html}</pre>` };
    },
  });
}

/** What is a tuple in Python: an array that prints in parentheses. */
export class Tuple<T> extends Array<T> {
  static {
    inspectByRepr(Tuple.prototype);
  }

  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  __repr__(): string {
    return `(${Array.from(this, repr).join(', ')}${this.length === 1 ? ',' : ''})`;
  }

  override toString(): string {
    return this.__repr__();
  }
}

/** `str(value)`: strings bare, everything else by `repr` unless it has a text of its own. */
export function str(value: unknown): string {
  if (typeof value === 'string') return value;
  const own = ownText(value, '__str__') ?? ownText(value, '__repr__');
  if (own !== null) return own;
  return value instanceof Error ? value.message : reprOf(value, []);
}

/**
 * `repr(value)`: null and undefined are None, arrays lists, plain objects and Maps dicts, Sets sets. JavaScript can't
 * tell 1 from 1.0: whole numbers within 2^53 print as integers, elements of a Float32Array or Float64Array as floats.
 * Objects with a toString of their own print by it, all others as dicts of their properties.
 */
export const repr = (value: unknown): string => reprOf(value, []);

/** The text that Python's `print(*values)` writes, without the newline at its end. */
export const printed = (...values: readonly unknown[]): string => values.map(str).join(' ');

/** Python's print: the values' texts, with blanks between, as a line of standard output. */
export function print(...values: readonly unknown[]): void {
  console.log(printed(...values));
}

function ownText(value: unknown, method: keyof Printable): string | null {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return null;
  const text: unknown = Reflect.get(value, method);
  return typeof text === 'function' ? String(Reflect.apply(text, value, [])) : null;
}

/** `outer` are the containers around the value: one that contains itself prints as "[...]" or "{...}". */
function reprOf(value: unknown, outer: readonly object[]): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return numberRepr(value);
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  const own = ownText(value, '__repr__') ?? ownText(value, '__str__');
  if (own !== null) return own;
  return typeof value === 'function' ? functionRepr(value) : containerRepr(value, outer);
}

function functionRepr(f: object): string {
  const name = Reflect.get(f, 'name');
  const text = Function.prototype.toString.call(f);
  return `<${text.startsWith('class') ? 'class' : 'function'} ${name === '' ? '<lambda>' : String(name)}>`;
}

function containerRepr(value: object, outer: readonly object[]): string {
  const inner = [...outer, value];
  const item = (x: unknown): string => reprOf(x, inner);
  const again = outer.includes(value);
  if (Array.isArray(value)) return again ? '[...]' : `[${Array.from(value, item).join(', ')}]`;
  if (value instanceof Float32Array || value instanceof Float64Array)
    return `[${Array.from(value, floatRepr).join(', ')}]`;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return `[${Reflect.apply(Array.prototype.join, value, [', '])}]`;
  if (value instanceof Set && again) return 'set(...)';
  if (value instanceof Set) return value.size === 0 ? 'set()' : `{${Array.from(value, item).join(', ')}}`;
  if (value instanceof Map) return again ? '{...}' : dict(value, item);
  if (value instanceof Error) return `${value.name}(${quoted(value.message)})`;
  if (hasOwnToString(value)) return String(value);
  return again ? '{...}' : dict(Object.entries(value), item);
}

function dict(entries: Iterable<readonly [unknown, unknown]>, item: (x: unknown) => string): string {
  return `{${Array.from(entries, ([key, x]) => `${item(key)}: ${item(x)}`).join(', ')}}`;
}

function hasOwnToString(value: object): boolean {
  const method: unknown = Reflect.get(value, 'toString');
  return typeof method === 'function' && method !== Object.prototype.toString;
}

/** `repr(float)`. */
const floatRepr = (x: number): string => shortest(x, 'float64', 1e16);

const numberRepr = (x: number): string => (Number.isSafeInteger(x) && !Object.is(x, -0) ? String(x) : floatRepr(x));

const escapes: { readonly [character: string]: string } = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** `repr(str)`: single quotes unless only those occur inside; what can't be printed is escaped. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = text.replace(/[\\\p{C}\p{Z}]|'/gu, (character) => {
    if (character === ' ') return character;
    if (character === "'") return quote === "'" ? "\\'" : character;
    return escapes[character] ?? escaped(character.codePointAt(0) as number);
  });
  return quote + body + quote;
}

function escaped(code: number): string {
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
