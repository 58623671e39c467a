/**
 * A little Python, run by the translation rule: names stay, keyword arguments become one trailing object, tuples and
 * lists are arrays, None is null, operators are methods, slices are text. So a recording can hold the very text that the
 * real framework was given, and the test needs no second version of it.
 *
 *     statement: place {, place} = expression  |  place += expression  |  expression
 *     expression: lambda {name}: expression, or comparisons and + - * / // % @ ** of numbers, strings, names, [...], (...)
 *     and {...}, with .name, (arguments) and [index] behind them
 *
 * Statements stand on a line of their own or behind a semicolon.
 */

import { attribute, call, type Index, item, negated, operate, setItem } from './python.js';

/** Names that a cell may use. */
export interface Scope {
  [name: string]: unknown;
}

type Code = (scope: Scope) => unknown;

const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/;
const NAME = /[A-Za-z_]\w*/;
const STRING = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/;
const SIGN = /\.\.\.|\*\*|\/\/|[-+*/=!<>]=|[-+*/%@<>=.,:()[\]{}]/;
const TOKEN = new RegExp(`\\s*(?:(${NUMBER.source})|(${NAME.source})|(${STRING.source})|(${SIGN.source}))`, 'y');

interface Token {
  readonly kind: 'number' | 'name' | 'string' | 'sign' | 'end';
  readonly text: string;
}

const escapes: { readonly [letter: string]: string } = { n: '\n', t: '\t' };

/** A string without its quotes and escapes. */
const unquoted = (text: string): string =>
  text.slice(1, -1).replace(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter);

function tokensOf(line: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < line.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(line);
    if (match === null) throw new SyntaxError(`can't read '${line.slice(at)}'`);
    const [, number, name, string, sign] = match;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (string !== undefined) tokens.push({ kind: 'string', text: unquoted(string) });
    else tokens.push({ kind: 'sign', text: sign ?? '' });
  }
  return tokens;
}

const constants: { readonly [name: string]: unknown } = {
  None: null,
  True: true,
  False: false,
  inf: Number.POSITIVE_INFINITY,
  nan: Number.NaN,
};

/** Something that has a value, and where it is a place, takes one. */
interface Place {
  readonly get: Code;
  readonly set: (scope: Scope, value: unknown) => void;
}

/** What stands in brackets behind a value. */
interface Subscript {
  readonly parts: readonly Code[];
  /** The text, where it is nothing but numbers, slices, ... and None. */
  readonly text: string | null;
}

/** Binary operators, those that bind less first. */
const LEVELS = [
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '//', '%', '@'],
];

/** One statement; each method reads what it is named after, and gives what runs it. */
class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(line: string) {
    this.#tokens = tokensOf(line);
  }

  #peek(ahead = 0): Token {
    return this.#tokens[this.#at + ahead] ?? { kind: 'end', text: 'end of the statement' };
  }

  #is(sign: string, ahead = 0): boolean {
    const token = this.#peek(ahead);
    return token.kind === 'sign' && token.text === sign;
  }

  #next(expected?: string): string {
    const { text } = this.#peek();
    if (expected !== undefined && text !== expected) throw new SyntaxError(`expected ${expected}, not ${text}`);
    this.#at++;
    return text;
  }

  /** A statement, which has a value only where it is an expression. */
  statement(): { readonly run: Code; readonly isExpression: boolean } {
    const isAssignment = this.#tokens.some((_, i) => this.#assignsAt(i));
    if (!isAssignment) {
      const value = this.#expression();
      this.#end();
      return { run: value, isExpression: true };
    }
    const places = [this.#postfix()];
    while (this.#is(',')) {
      this.#next();
      places.push(this.#postfix());
    }
    const sign = this.#next();
    const value = this.#expression();
    this.#end();
    return { run: assignment(places, sign.slice(0, -1), value), isExpression: false };
  }

  /** Whether an assignment's sign stands at a position: one outside of brackets. */
  #assignsAt(position: number): boolean {
    const { kind, text } = this.#tokens[position] as Token;
    if (kind !== 'sign' || !/^[-+*/]?=$/.test(text)) return false;
    let depth = 0;
    for (const token of this.#tokens.slice(0, position)) {
      if (token.kind !== 'sign') continue;
      if ('([{'.includes(token.text)) depth++;
      else if (')]}'.includes(token.text)) depth--;
    }
    return depth === 0;
  }

  #end(): void {
    if (this.#peek().kind !== 'end') throw new SyntaxError(`unexpected ${this.#peek().text}`);
  }

  #expression(): Code {
    const { kind, text } = this.#peek();
    return kind === 'name' && text === 'lambda' ? this.#lambda() : this.#binary(0);
  }

  #lambda(): Code {
    this.#next('lambda');
    const names: string[] = [];
    while (!this.#is(':')) {
      names.push(this.#next());
      if (this.#is(',')) this.#next();
    }
    this.#next(':');
    const body = this.#expression();
    return (scope) =>
      (...args: readonly unknown[]) =>
        body({ ...scope, ...Object.fromEntries(names.map((name, i) => [name, args[i]])) });
  }

  #binary(level: number): Code {
    const signs = LEVELS[level];
    if (signs === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    while (this.#peek().kind === 'sign' && signs.includes(this.#peek().text)) {
      const sign = this.#next();
      const [a, b] = [left, this.#binary(level + 1)];
      left = (scope) => operate(sign, a(scope), b(scope));
    }
    return left;
  }

  #unary(): Code {
    if (this.#is('-')) {
      this.#next();
      const value = this.#unary();
      return (scope) => negated(value(scope));
    }
    const base = this.#postfix().get;
    if (!this.#is('**')) return base;
    this.#next();
    const exponent = this.#unary();
    return (scope) => operate('**', base(scope), exponent(scope));
  }

  /** An atom and what follows it. */
  #postfix(): Place {
    const name = this.#peek();
    let place: Place = {
      get: this.#atom(),
      set: (scope, value) => {
        if (name.kind !== 'name') throw new SyntaxError(`can't assign to ${name.text}`);
        scope[name.text] = value;
      },
    };
    for (;;) {
      const owner = place.get;
      if (this.#is('.')) {
        this.#next();
        place = this.#member(owner, this.#next());
      } else if (this.#is('(')) {
        const args = this.#arguments();
        place = unassignable((scope) => call(owner(scope), undefined, args(scope)));
      } else if (this.#is('[')) place = element(owner, this.#subscript());
      else return place;
    }
  }

  #member(owner: Code, key: string): Place {
    if (!this.#is('(')) {
      return {
        get: (scope) => attribute(owner(scope), key),
        set: (scope, value) => void Reflect.set(Object(owner(scope)), key, value),
      };
    }
    const args = this.#arguments();
    return unassignable((scope) => {
      const self = owner(scope);
      return call(attribute(self, key), self, args(scope));
    });
  }

  #subscript(): Subscript {
    this.#next('[');
    const start = this.#at;
    const parts: Code[] = [];
    while (!this.#is(']')) {
      parts.push(this.#part());
      if (this.#is(',')) this.#next();
    }
    const tokens = this.#tokens.slice(start, this.#at);
    this.#next(']');
    const isPlain = tokens.every(({ kind, text }) => kind === 'number' || /^(\.\.\.|[-:,]|None)$/.test(text));
    return { parts, text: isPlain ? tokens.map(({ text }) => text.replace(',', ', ')).join('') : null };
  }

  /** An index, or a slice as text. */
  #part(): Code {
    const start = this.#at;
    const bounds: (Code | null)[] = [null];
    let isSlice = false;
    while (!this.#is(']') && !this.#is(',')) {
      if (this.#is(':')) {
        this.#next();
        isSlice = true;
        bounds.push(null);
      } else if (this.#is('...')) {
        this.#next();
        bounds[bounds.length - 1] = () => '...';
      } else bounds[bounds.length - 1] = this.#expression();
    }
    if (this.#at === start) throw new SyntaxError('an index is missing');
    if (!isSlice) return (scope) => bounds[0]?.(scope);
    return (scope) => bounds.map((bound) => (bound === null ? '' : String(bound(scope)))).join(':');
  }

  #atom(): Code {
    const { kind, text } = this.#peek();
    if (this.#is('(') || this.#is('[')) return this.#list();
    if (this.#is('{')) return this.#dict();
    this.#next();
    if (kind === 'number') return () => Number(text);
    if (kind === 'string') return () => text;
    if (kind !== 'name') throw new SyntaxError(`unexpected ${text}`);
    if (Object.hasOwn(constants, text)) return () => constants[text];
    return (scope) => {
      if (!Object.hasOwn(scope, text)) throw new ReferenceError(`no name '${text}' in this cell`);
      return scope[text];
    };
  }

  /** [a, b], (a, b), (a,) and (): arrays; (a) is a. */
  #list(): Code {
    const isTuple = this.#next() === '(';
    const close = isTuple ? ')' : ']';
    const items: Code[] = [];
    let commas = 0;
    while (!this.#is(close)) {
      items.push(this.#expression());
      if (!this.#is(',')) break;
      this.#next();
      commas++;
    }
    this.#next(close);
    const [only] = items;
    if (isTuple && items.length === 1 && commas === 0 && only !== undefined) return only;
    return (scope) => items.map((item) => item(scope));
  }

  /** {a: b}: an object. */
  #dict(): Code {
    this.#next('{');
    const entries: [Code, Code][] = [];
    while (!this.#is('}')) {
      const key = this.#expression();
      this.#next(':');
      entries.push([key, this.#expression()]);
      if (this.#is(',')) this.#next();
    }
    this.#next('}');
    return (scope) => Object.fromEntries(entries.map(([key, value]) => [String(key(scope)), value(scope)]));
  }

  #arguments(): (scope: Scope) => unknown[] {
    this.#next('(');
    const positional: Code[] = [];
    const keywords: [string, Code][] = [];
    while (!this.#is(')')) {
      const name = this.#peek();
      if (name.kind === 'name' && this.#is('=', 1)) {
        this.#at += 2;
        keywords.push([name.text, this.#expression()]);
      } else positional.push(this.#expression());
      if (!this.#is(',')) break;
      this.#next();
    }
    this.#next(')');
    return (scope) => {
      const args = positional.map((argument) => argument(scope));
      if (keywords.length > 0) args.push(Object.fromEntries(keywords.map(([key, value]) => [key, value(scope)])));
      return args;
    };
  }
}

const unassignable = (get: Code): Place => ({
  get,
  set: () => {
    throw new SyntaxError("can't assign to a call");
  },
});

function element(owner: Code, { parts, text }: Subscript): Place {
  const index = (scope: Scope): Index[] => parts.map((part) => part(scope));
  return {
    get: (scope) => item(owner(scope), index(scope), text),
    set: (scope, value) => setItem(owner(scope), index(scope), text, value),
  };
}

/** Methods of tensors that stand for augmented assignments. */
const inPlace: { readonly [sign: string]: string } = { '+': 'add_', '-': 'sub_', '*': 'mul_', '/': 'div_' };

/** `places = value`, or `place sign= value`, in place where there is such a method. */
function assignment(places: readonly Place[], sign: string, value: Code): Code {
  const [first] = places;
  if (first === undefined) throw new SyntaxError('nothing to assign to');
  if (sign !== '') {
    return (scope) => {
      const [before, by] = [first.get(scope), value(scope)];
      const method = inPlace[sign] ?? '';
      const hasMethod = typeof before === 'object' && before !== null && method in before;
      first.set(scope, hasMethod ? call(attribute(before, method), before, [by]) : operate(sign, before, by));
    };
  }
  if (places.length === 1) return (scope) => first.set(scope, value(scope));
  return (scope) => {
    const items: unknown = value(scope);
    places.forEach((place, i) => {
      place.set(scope, Reflect.get(Object(items), i));
    });
  };
}

/** Semicolons in a string aren't understood, and not needed. */
const statementsOf = (source: string): string[] => source.split(/[;\n]/).filter((line) => line.trim() !== '');

/** Runs a cell in a scope; gives the value of its last statement if that is an expression, else undefined. */
export function runCell(source: string, scope: Scope): unknown {
  let last: unknown;
  for (const line of statementsOf(source)) {
    const { run, isExpression } = new Reader(line.trim()).statement();
    const value = run(scope);
    last = isExpression ? value : undefined;
  }
  return last;
}
