/** What figures should reach, and whether they do. */

import { type Column, fixed, table, toneOf } from './table.js';

export interface Bar {
  readonly what: string;
  /** Null where it was not measured. */
  readonly figure: number | null;
  readonly bar: number;
  /** Whether the figure is to be at least, or at most, the bar. */
  readonly side: 'least' | 'most';
}

export const isReached = ({ figure, bar, side }: Bar): boolean | null =>
  figure === null ? null : side === 'least' ? figure >= bar : figure <= bar;

function verdict(bar: Bar): string {
  const reached = isReached(bar);
  return reached === null ? 'not measured' : reached ? 'yes' : 'no';
}

const COLUMNS: readonly Column<Bar>[] = [
  { head: 'what', cell: ({ what }) => what, isName: true },
  { head: 'figure', cell: ({ figure }) => fixed(2, figure) },
  { head: 'bar', cell: ({ bar, side }) => `${side === 'least' ? '>=' : '<='} ${bar}` },
  { head: 'reached', cell: verdict, isName: true, tone: (bar) => toneOf(isReached(bar)) },
];

/** The bars as text. */
export const barTable = (bars: readonly Bar[], isColoured: boolean): string => table(COLUMNS, bars, isColoured);

/** The bars for JSON. */
export const barsAsJson = (bars: readonly Bar[]): object[] => bars.map((bar) => ({ ...bar, reached: isReached(bar) }));
