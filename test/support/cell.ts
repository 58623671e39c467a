/**
 * A little Python, run by the translation rule: names stay, keyword arguments become one trailing object, tuples and
 * lists are arrays, None is null. So a recording can hold the very text that the real framework was given, and the test
 * needs no second version of it.
 *
 *     statement: name {, name} = expression  |  place.name = expression  |  expression
 *     expression: number, string, name, [...], (...), lambda: expression, with .name, (arguments), [index] behind it
 *
 * Statements stand on a line of their own or behind a semicolon.
 */

/** Names that a cell may use. */
export interface Scope {
  [name: string]: unknown;
}

type Code = (scope: Scope) => unknown;

const TOKEN = /\s*(?:(\d+\.?\d*(?:e[-+]?\d+)?|\.\d+)|([A-Za-z_]\w*)|'((?:[^'\\]|\\.)*)'|([-=.,:()[\]]))/y;

interface Token {
  readonly kind: 'number' | 'name' | 'string' | 'sign' | 'end';
  readonly text: string;
}

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
    else if (string !== undefined) tokens.push({ kind: 'string', text: string });
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
    const place = this.#postfix(true);
    if (this.#peek().kind === 'end') return { run: place.get, isExpression: true };
    const places = [place];
    while (this.#is(',')) {
      this.#next();
      places.push(this.#postfix(true));
    }
    this.#next('=');
    const value = this.#expression();
    if (this.#peek().kind !== 'end') throw new SyntaxError(`unexpected ${this.#peek().text}`);
    const run = (scope: Scope): void => {
      const result = value(scope);
      if (places.length === 1) place.set(scope, result);
      else places.forEach((target, i) => void target.set(scope, Reflect.get(Object(result), i)));
    };
    return { run, isExpression: false };
  }

  #expression(): Code {
    if (this.#peek().text === 'lambda' && this.#peek().kind === 'name') {
      this.#next();
      this.#next(':');
      const body = this.#expression();
      return (scope) => () => body(scope);
    }
    if (this.#is('-')) {
      this.#next();
      const negated = this.#expression();
      return (scope) => -Number(negated(scope));
    }
    return this.#postfix(false).get;
  }

  /** An atom and what follows it; one that can be assigned to has a setter. */
  #postfix(assignable: boolean): { readonly get: Code; readonly set: (scope: Scope, value: unknown) => void } {
    const name = this.#peek();
    let get = this.#atom();
    let set = (scope: Scope, value: unknown): void => {
      if (!assignable || name.kind !== 'name') throw new SyntaxError(`can't assign to ${name.text}`);
      scope[name.text] = value;
    };
    for (;;) {
      const owner = get;
      if (this.#is('.')) {
        this.#next();
        const key = this.#next();
        set = (scope, value) => void Reflect.set(Object(owner(scope)), key, value);
        get = this.#is('(') ? this.#methodCall(owner, key) : (scope) => attribute(owner(scope), key);
      } else if (this.#is('(')) {
        const args = this.#arguments();
        get = (scope) => call(owner(scope), undefined, args(scope));
      } else if (this.#is('[')) {
        this.#next();
        const index = this.#expression();
        this.#next(']');
        get = (scope) => Reflect.get(Object(owner(scope)), String(index(scope)));
      } else return { get, set };
    }
  }

  #methodCall(owner: Code, key: string): Code {
    const args = this.#arguments();
    return (scope) => {
      const self = owner(scope);
      return call(attribute(self, key), self, args(scope));
    };
  }

  #atom(): Code {
    const { kind, text } = this.#peek();
    if (this.#is('(') || this.#is('[')) return this.#list();
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

function attribute(owner: unknown, key: string): unknown {
  if (owner === null || owner === undefined || !(key in Object(owner))) {
    throw new ReferenceError(`${String(owner)} has no '${key}'`);
  }
  return Reflect.get(Object(owner), key, owner);
}

function call(f: unknown, self: unknown, args: readonly unknown[]): unknown {
  if (typeof f !== 'function') throw new ReferenceError(`${String(f)} can't be called`);
  const isClass = Function.prototype.toString.call(f).startsWith('class');
  return isClass ? Reflect.construct(f, args) : Reflect.apply(f, self, args);
}

/** Semicolons in a string aren't understood, and not needed. */
const statementsOf = (source: string): string[] => source.split(/[;\n]/).filter((line) => line.trim() !== '');

/** Runs a cell in a scope; gives the value of its last statement if that is an expression, else undefined. */
export function runCell(source: string, scope: Scope): unknown {
  let last: unknown;
  for (const line of statementsOf(source)) {
    const { run, isExpression } = new Reader(line).statement();
    const value = run(scope);
    last = isExpression ? value : undefined;
  }
  return last;
}
