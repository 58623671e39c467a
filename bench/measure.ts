/** Timing: the best of many batches, each long enough to hold its share of garbage collection. */

import { Script } from 'node:vm';
import type { Row } from './calls.js';
import type { Peer } from './peer.js';
import { startProgress } from './progress.js';

const ROUNDS = 20;
const BATCH_MS = 50;

/** The last result of a call that was timed. */
let sink: unknown;

/** Milliseconds that `count` calls take. */
function batch(run: () => unknown, count: number): number {
  const start = performance.now();
  for (let i = 0; i < count; i++) sink = run();
  return performance.now() - start;
}

/** How many calls fill a batch. Finding out also gets the call compiled. */
function callsPerBatch(run: () => unknown): number {
  for (let count = 1; ; count *= 2) {
    const ms = batch(run, count);
    if (ms >= BATCH_MS) return Math.ceil((count * BATCH_MS) / ms);
  }
}

/** Milliseconds of a script: compiled afresh, so that what V8 has learnt in one run doesn't change the next. */
function scriptTime(code: string): number {
  const script = new Script(code);
  const start = performance.now();
  sink = script.runInThisContext();
  return performance.now() - start;
}

/** The ruler of this process: milliseconds of a loop of 1e9 turns that does nothing but count. */
export const ruler = (): number => scriptTime('for (let i = 0; i < 1e9; i++);');

/** The same loop with an addition in it. */
export const sumRuler = (): number => scriptTime('{ let sum = 0; for (let i = 0; i < 1e9; i++) sum += i; sum; }');

/** A row's figures; null where there is none. */
export interface Figure {
  readonly row: Row;
  /** Microseconds. */
  readonly time: number;
  /** Milliseconds of the ruler just before this row was first timed. */
  readonly ruler: number;
  /** Microseconds of the peer. */
  readonly peer: number | null;
}

/**
 * Times all rows in rounds, a batch a row; a peer has its round after each of ours, so that whatever else the machine
 * does meets both.
 */
export async function measure(rows: readonly Row[], peer: Peer | null): Promise<Figure[]> {
  const states = rows.map((row) => {
    const calls = callsPerBatch(row.run);
    return { row, calls, ruler: ruler(), time: Infinity, peer: Infinity };
  });
  const progress = startProgress(ROUNDS);
  for (let round = 0; round < ROUNDS; round++) {
    progress.step('rounds');
    for (const state of states) {
      state.time = Math.min(state.time, (1000 * batch(state.row.run, state.calls)) / state.calls);
    }
    const theirs = await peer?.round();
    for (const state of states) state.peer = Math.min(state.peer, theirs?.[state.row.peer ?? ''] ?? Infinity);
  }
  progress.end();
  return states.map((state) => ({ ...state, peer: Number.isFinite(state.peer) ? state.peer : null }));
}

/** How the figures come about, for the head of a table. */
export const method: string = `best of ${ROUNDS} batches of ${BATCH_MS} ms`;

/** The last result, so that it is used. */
export const lastResult = (): unknown => sink;
