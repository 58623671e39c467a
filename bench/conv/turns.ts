/** Timing in turns: whatever else the machine does meets all who are timed. */

/** How often, and how long, everybody is timed. */
export interface Patience {
  readonly rounds: number;
  /** Seconds that everybody has in a round. */
  readonly round: number;
  /** Seconds after which one who is slow has no further round. */
  readonly enough: number;
}

export const PATIENCE: Patience = { rounds: 10, round: 0.05, enough: 2 };
export const QUICK: Patience = { rounds: 2, round: 0.02, enough: 0.2 };

/** Something with memory to give back. */
interface Result {
  dispose(): void;
}

/**
 * Makes the calls in turns, each timed with the release of its result, until the time is up: so no call can use what
 * the one before it left behind, since that had other operands.
 *
 * @returns seconds of the best call
 */
export function best(calls: readonly (() => Result)[], seconds: number): number {
  let least = Infinity;
  const start = performance.now();
  do {
    for (const call of calls) {
      const before = performance.now();
      call().dispose();
      least = Math.min(least, performance.now() - before);
    }
  } while (performance.now() - start < 1000 * seconds);
  return least / 1000;
}

/** One who is timed: seconds of the best call in a round of so many seconds; Infinity where there is no such call. */
export type Party = (seconds: number) => number | Promise<number>;

/** The best of each party's rounds. Each has its round right after that of the one before. */
export async function inTurns(parties: readonly Party[], { rounds, round, enough }: Patience): Promise<number[]> {
  const states = parties.map((party) => ({ party, least: Infinity, spent: 0 }));
  for (let i = 0; i < rounds; i++) {
    for (const state of states) {
      if (state.spent > enough) continue;
      const start = performance.now();
      state.least = Math.min(state.least, await state.party(round));
      state.spent += (performance.now() - start) / 1000;
    }
  }
  return states.map(({ least }) => least);
}
