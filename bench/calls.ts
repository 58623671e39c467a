/** Benchmarks of calls so short that they are timed in batches: a row a call, in microseconds. */

import type { Benchmark } from './benchmark.js';
import { type Figure, measure, method, ruler, sumRuler } from './measure.js';
import { startPeers } from './peer.js';
import { type Column, fixed, table, toneOf } from './table.js';

/** One figure: a call, timed. */
export interface Row {
  /** Whose names it uses. */
  readonly door: 'core' | 'torch' | 'tf';
  readonly what: string;
  /** The call; what it returns is kept, so that no compiler can leave it out. */
  readonly run: () => unknown;
  /** Microseconds that PyTorch took for the same on the reference machine, where that was recorded. */
  readonly recorded?: number;
  /** What the peer calls the same. */
  readonly peer?: string;
}

/** Adjoint's time by another: below 1, adjoint is faster. */
function ratio(other: (figure: Figure) => number | null | undefined): Column<Figure> {
  const of = (figure: Figure): number | null => {
    const time = other(figure);
    return time === null || time === undefined ? null : figure.time / time;
  };
  const isGood = (value: number | null): boolean | null => (value === null ? null : value <= 1);
  return { head: 'ratio', cell: (figure) => fixed(2, of(figure)), tone: (figure) => toneOf(isGood(of(figure))) };
}

/** The columns; those of a peer only where there is one. */
function columns(peer: string | null): Column<Figure>[] {
  const all: Column<Figure>[] = [
    { head: '', cell: ({ row }) => row.door, isName: true, tone: () => 'dim' },
    { head: '', cell: ({ row }) => row.what, isName: true },
    { head: 'us', cell: ({ time }) => fixed(2, time) },
    { head: 'ruler ms', cell: (figure) => fixed(0, figure.ruler) },
    { head: 'recorded us', cell: ({ row }) => fixed(1, row.recorded) },
    ratio(({ row }) => row.recorded),
  ];
  if (peer !== null)
    all.push(
      { head: `${peer} us`, cell: (figure) => fixed(2, figure.peer) },
      ratio((f) => f.peer),
    );
  return all;
}

const asJson = ({ row, time, ruler: turns, peer }: Figure): object => ({
  door: row.door,
  what: row.what,
  microseconds: time,
  rulerMilliseconds: turns,
  recordedMicroseconds: row.recorded ?? null,
  peerMicroseconds: peer,
});

/** A benchmark of calls, timed in turns with at most one peer. */
export function benchmarkOf(title: string, rows: () => readonly Row[], peers: Benchmark['peers']): Benchmark {
  return {
    title,
    peers,
    async run({ peers: frameworks, write, isColoured }) {
      const [peer] = await startPeers(frameworks.slice(0, 1), peers);
      try {
        write(`${method}\n\n`);
        const figures = await measure(rows(), peer ?? null);
        const rulers = { empty: ruler(), sum: sumRuler() };
        write(table(columns(peer?.name ?? null), figures, isColoured));
        write(`
  us        microseconds a call, the best batch
  ruler     for (let i = 0; i < 1e9; i++); in this process (now: ${rulers.empty.toFixed(0)} ms; with sum += i:
            ${rulers.sum.toFixed(0)} ms): what a figure from another machine is to be scaled by
  recorded  PyTorch 2.15, one core of the reference machine
  ratio     adjoint's time by the figure on its left; below 1, adjoint is faster
`);
        return { peer: peer?.name ?? null, rulerMilliseconds: rulers, figures: figures.map(asJson) };
      } finally {
        peer?.stop();
      }
    },
  };
}
