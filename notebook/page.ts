/** The look of the notebook on a terminal: 80 columns, colour only where it is wanted. */

import type { Cell } from './book.js';
import type { Note } from './note.js';
import type { Difference, Verdict } from './verdict.js';

export const WIDTH = 80;
const INDENT = '    ';

const INKS = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, magenta: 35, cyan: 36, grey: 90 } as const;
type Ink = keyof typeof INKS;
type Paint = (ink: Ink, text: string) => string;

const plain: Paint = (_ink, text) => text;
const coloured: Paint = (ink, text) => (text === '' ? '' : `\x1b[${INKS[ink]}m${text}\x1b[0m`);

/** Comments, strings and words of TypeScript, and the rest between blanks. */
const TOKENS = /(\/\/.*|\/\*[\s\S]*?\*\/)|('[^'\n]*'|`[^`]*`)|([\w$]+)|[^\s\w$'`/]+|\S/g;
const KEYWORDS: ReadonlySet<string> = new Set(
  'as const default export for from function if import let new of return type'.split(' '),
);

/** Sentences in lines of at most `width` characters. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.flatMap((line) => cut(line, width));
}

/** Lines as they are, any that is too long cut into pieces. */
const cut = (text: string, width: number): string[] =>
  text.split('\n').flatMap((line) => line.match(new RegExp(`.{1,${width}}`, 'gu')) ?? ['']);

/** Writes the parts of the notebook's page, one after the other. */
export class Page {
  readonly #write: (text: string) => void;
  readonly #paint: Paint;

  constructor(write: (text: string) => void, colour: boolean) {
    this.#write = write;
    this.#paint = colour ? coloured : plain;
  }

  title(title: string, below: string): void {
    this.#lines('', `  ${this.#paint('bold', title)}`, `  ${this.#paint('dim', below)}`);
  }

  /** A rule with the cell's number and what it computes on the left, the framework on the right. */
  rule({ name, computes, framework }: Cell): void {
    const dashes = '─'.repeat(WIDTH - 10 - name.length - computes.length - framework.length);
    const grey = (text: string) => this.#paint('grey', text);
    this.#lines(
      '',
      `${grey('──')} ${this.#paint('cyan', name)}  ${computes} ${grey(dashes)} ${framework} ${grey('──')}`,
      '',
    );
  }

  /** TypeScript behind a bar. */
  source(text: string): void {
    for (const line of this.#highlight(text).split('\n'))
      this.#lines(`  ${this.#paint('grey', '│')} ${line}`.trimEnd());
    this.#lines('');
  }

  output(text: string): void {
    if (text === '') return;
    this.#lines(...this.#figures(text), '');
  }

  verdict({ holds, line, differences }: Verdict, isNoted: boolean): void {
    const [ink, mark]: [Ink, string] = holds ? (isNoted ? ['yellow', '!'] : ['green', '✓']) : ['red', '✗'];
    const [first = '', ...rest] = wrap(line, WIDTH - INDENT.length);
    this.#lines(`  ${this.#paint(ink, `${mark} ${first}`)}`, ...rest.map((more) => INDENT + this.#paint(ink, more)));
    this.#differences(differences);
  }

  /** What a note says, shows and claims. */
  note({ says, instead, shows = [], claims = [] }: Note): void {
    this.#lines(...wrap(says, WIDTH - INDENT.length).map((line) => INDENT + line));
    if (instead !== undefined) {
      const lines = this.#highlight(instead).split('\n');
      this.#lines('', ...lines.map((line) => `${INDENT}${this.#paint('grey', '│')} ${line}`));
    }
    for (const [caption, text] of shows) {
      this.#lines('', `${INDENT}${caption}:`, ...this.#figures(text));
    }
    if (claims.length > 0) this.#lines('');
    for (const [claim, holds] of claims) {
      const [first = '', ...rest] = wrap(claim, WIDTH - INDENT.length - 2);
      this.#lines(`${INDENT}${holds ? this.#paint('green', '✓') : this.#paint('red', '✗')} ${first}`);
      this.#lines(...rest.map((line) => `${INDENT}  ${line}`));
    }
  }

  /** The table of all verdicts. */
  table(rows: readonly (readonly [Cell, Verdict])[]): void {
    const row = (name: string, framework: string, computes: string): string =>
      `  ${name.padEnd(9)} ${framework.padEnd(11)} ${computes.padEnd(37)} `;
    const rule = this.#paint('grey', '─'.repeat(WIDTH));
    this.#lines('', rule, this.#paint('dim', `${row('cell', 'framework', 'what it computes')}verdict`), rule);
    for (const [{ name, framework, computes, expects }, { holds, short }] of rows) {
      const isFine = expects === 'same' || expects === 'recovered';
      const [ink, mark]: [Ink, string] = holds ? (isFine ? ['green', '✓'] : ['yellow', '!']) : ['red', '✗'];
      this.#lines(row(name, framework, computes) + this.#paint(ink, `${mark} ${short}`));
    }
    this.#lines(rule);
  }

  /** The last word: whether all is as it should be, and where to go next. */
  end(failed: readonly string[], count: number, next: readonly (readonly [where: string, what: string])[]): void {
    const word =
      failed.length === 0
        ? this.#paint('green', `  all ${count} verdicts are what they should be`)
        : wrap(`${failed.length} of ${count} are not what they should be: ${failed.join(', ')}`, WIDTH - 2)
            .map((line) => this.#paint('red', `  ${line}`))
            .join('\n');
    this.#lines(word, '', ...next.map(([where, what]) => `  ${this.#paint('cyan', where.padEnd(21))} ${what}`), '');
  }

  #figures(text: string): string[] {
    const lines = cut(text, WIDTH - INDENT.length);
    return lines.map((line) => (line === '' ? '' : INDENT + this.#paint('bold', line)));
  }

  #differences(differences: readonly Difference[]): void {
    const inks: { readonly [S in Difference['sign']]: Ink } = { ' ': 'dim', '-': 'red', '+': 'green' };
    if (differences.length > 0) this.#lines(`${INDENT}${this.#paint('dim', '(- recorded, + computed)')}`);
    for (const { sign, line } of differences) {
      for (const piece of cut(line, WIDTH - INDENT.length - 2)) {
        this.#lines(`${INDENT}${this.#paint(inks[sign], `${sign} ${piece}`)}`);
      }
    }
  }

  #highlight(source: string): string {
    const byLine = (ink: Ink, text: string): string =>
      text
        .split('\n')
        .map((line) => this.#paint(ink, line))
        .join('\n');
    return source.replace(TOKENS, (token, comment, string, word) => {
      if (comment !== undefined) return byLine('grey', token);
      if (string !== undefined) return byLine('green', token);
      return this.#paint(KEYWORDS.has(word) ? 'magenta' : 'dim', token);
    });
  }

  #lines(...lines: readonly string[]): void {
    this.#write(lines.map((line) => `${line}\n`).join(''));
  }
}
