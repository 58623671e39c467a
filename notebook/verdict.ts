/** What is to be said of a cell when its output is held against the recorded one. */

import type { Cell, Kind } from './book.js';
import type { Note } from './note.js';

/** What happened when a cell ran. */
export interface Outcome {
  /** All it printed, then the value it shows, without the newline at the end. */
  readonly printed: string;
  /** What it threw, if it did. */
  readonly error?: unknown;
}

export interface Verdict {
  /** All is as the book says it should be. */
  readonly holds: boolean;
  /** The whole verdict, and the same in a word or two for the table. */
  readonly line: string;
  readonly short: string;
  /** Where it should be the recorded output and isn't: both, line by line. */
  readonly differences: readonly Difference[];
}

export interface Difference {
  readonly sign: ' ' | '-' | '+';
  readonly line: string;
}

/** Whether the output must be the recorded one, and what else there is to say. */
const KINDS: { readonly [K in Kind]: { readonly isSame: boolean; readonly short: string; readonly also: string } } = {
  same: { isSame: true, short: 'same', also: '' },
  wrong: { isSame: true, short: 'notebook wrong', also: 'the notebook is wrong here' },
  runs: { isSame: false, short: 'wrong, two runs', also: 'the notebook kept outputs of two different runs' },
  convention: { isSame: true, short: 'other convention', also: "SciPy's convolution, not the frameworks'" },
  luck: { isSame: true, short: 'right by luck', also: 'right only because k - 1 - p = p' },
  recovered: { isSame: false, short: 'recovered', also: '' },
};

/** Judges the outcome of a cell by what was recorded and by the claims of its note. */
export function judge(cell: Cell, outcome: Outcome, recorded: string, note: Note | null): Verdict {
  const { isSame, short, also } = KINDS[cell.expects];
  const same = outcome.printed === recorded;
  const claims = note?.claims ?? [];
  const failed = claims.filter(([, holds]) => !holds);
  const problems = [
    ...(same === isSame ? [] : [same ? 'the same as recorded, and should not be' : 'not as recorded']),
    ...(failed.length === 0 ? [] : [`${failed.length} of ${claims.length} claims do not hold`]),
  ];
  if (outcome.error !== undefined) problems.splice(0, problems.length, `it failed: ${outcome.error}`);
  if (problems.length > 0) {
    return {
      holds: false,
      line: problems.join('; '),
      short: 'FAILED',
      differences: differences(recorded, outcome.printed),
    };
  }
  return { holds: true, line: [text(cell, recorded), also].filter(Boolean).join('; '), short, differences: [] };
}

function text(cell: Cell, recorded: string): string {
  if (cell.expects === 'recovered') return 'recovered: these draws give the recorded figures';
  if (!KINDS[cell.expects].isSame) return 'other figures than recorded';
  return recorded === '' ? 'prints nothing, as recorded' : 'same as recorded, figure by figure';
}

/** Two texts line by line: what only the first has behind '-', what only the second has behind '+'. */
export function differences(recorded: string, printed: string): Difference[] {
  const [before, after] = [recorded.split('\n'), printed.split('\n')];
  const found: Difference[] = [];
  for (let i = 0; i < Math.max(before.length, after.length); i++) {
    const [old, now] = [before[i], after[i]];
    if (old === now) found.push({ sign: ' ', line: now ?? '' });
    else {
      if (old !== undefined) found.push({ sign: '-', line: old });
      if (now !== undefined) found.push({ sign: '+', line: now });
    }
  }
  return found.some(({ sign }) => sign !== ' ') ? found : [];
}
