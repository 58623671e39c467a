/** Figures in columns. */

const [BOLD, DIM, RED, GREEN] = [1, 2, 31, 32];

type Paint = (code: number, text: string) => string;

const plain: Paint = (_code, text) => text;
const coloured: Paint = (code, text) => `\x1b[${code}m${text}\x1b[0m`;

/** How a cell is to be seen: a figure that is as it should be, one that isn't, or a mere name. */
export type Tone = 'good' | 'bad' | 'dim' | 'plain';

const CODES: { readonly [tone in Exclude<Tone, 'plain'>]: number } = { good: GREEN, bad: RED, dim: DIM };

export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => string;
  /** Names stand at the left of their column, figures at its right. */
  readonly isName?: boolean;
  readonly tone?: (row: Row) => Tone;
}

/** A number with so many digits behind the point, or `-` for none. */
export const fixed = (digits: number, value: number | null | undefined): string =>
  value === null || value === undefined ? '-' : value.toFixed(digits);

/** Good for a figure that reaches a bar, bad for one that doesn't. */
export const toneOf = (isGood: boolean | null): Tone => (isGood === null ? 'plain' : isGood ? 'good' : 'bad');

/** Text in a tone, with ANSI colours where they are wanted. */
export function inTone(tone: Tone, text: string, isColoured: boolean): string {
  return isColoured && tone !== 'plain' ? coloured(CODES[tone], text) : text;
}

/** The table as text, with ANSI colours where they are wanted. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], isColoured: boolean): string {
  const shown = columns.map(({ head, cell, isName, tone }) => {
    const cells = rows.map(cell);
    const width = Math.max(head.length, ...cells.map((text) => text.length));
    const pad = (text: string): string => (isName ? text.padEnd(width) : text.padStart(width));
    return {
      head: pad(head),
      cells: cells.map((text, i) => inTone(tone?.(rows[i] as Row) ?? 'plain', pad(text), isColoured)),
    };
  });
  const paint = isColoured ? coloured : plain;
  const head = paint(BOLD, shown.map((column) => column.head).join('  '));
  const lines = rows.map((_, i) => shown.map(({ cells }) => cells[i]).join('  '));
  return [head, ...lines].map((line) => `  ${line}\n`).join('');
}
