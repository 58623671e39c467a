/** Figures in columns. */

import type { Figure } from './measure.js';

type Paint = (code: number, text: string) => string;

const [BOLD, DIM, RED, GREEN] = [1, 2, 31, 32];

const plain: Paint = (_code, text) => text;
const coloured: Paint = (code, text) => `\x1b[${code}m${text}\x1b[0m`;

interface Column {
  readonly head: string;
  readonly cell: (figure: Figure) => string;
  /** Green below 1, red above. */
  readonly isRatio?: boolean;
}

const fixed = (digits: number, value: number | null | undefined): string =>
  value === null || value === undefined ? '-' : value.toFixed(digits);

const ratio = (time: number, other: number | null | undefined): string =>
  fixed(2, other === null || other === undefined ? null : time / other);

/** The columns; those of a peer only where there is one. */
function columns(peer: string | null): Column[] {
  const all: Column[] = [
    { head: 'us', cell: ({ time }) => fixed(2, time) },
    { head: 'ruler ms', cell: (figure) => fixed(0, figure.ruler) },
    { head: 'recorded us', cell: ({ row }) => fixed(1, row.recorded) },
    { head: 'ratio', cell: ({ row, time }) => ratio(time, row.recorded), isRatio: true },
  ];
  if (peer !== null) {
    all.push({ head: `${peer} us`, cell: (figure) => fixed(2, figure.peer) });
    all.push({ head: 'ratio', cell: (figure) => ratio(figure.time, figure.peer), isRatio: true });
  }
  return all;
}

/** The table as text, with ANSI colours where they are wanted. */
export function table(figures: readonly Figure[], peer: string | null, isColoured: boolean): string {
  const paint = isColoured ? coloured : plain;
  const door = Math.max(...figures.map(({ row }) => row.door.length));
  const what = Math.max(...figures.map(({ row }) => row.what.length));
  const shown = columns(peer).map((column) => {
    const cells = figures.map(column.cell);
    return { ...column, cells, width: Math.max(column.head.length, ...cells.map((text) => text.length)) };
  });
  const head = [' '.repeat(door + 2 + what), ...shown.map((column) => column.head.padStart(column.width))].join('  ');
  const lines = figures.map(({ row }, i) => {
    const cells = shown.map(({ cells, width, isRatio }) => {
      const cell = cells[i] ?? '';
      const text = cell.padStart(width);
      return isRatio && cell !== '-' ? paint(Number(cell) <= 1 ? GREEN : RED, text) : text;
    });
    return [`${paint(DIM, row.door.padEnd(door))}  ${row.what.padEnd(what)}`, ...cells].join('  ');
  });
  return [paint(BOLD, head), ...lines].map((line) => `  ${line}\n`).join('');
}
