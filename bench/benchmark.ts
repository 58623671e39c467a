/** What a benchmark is, and all that there are. */

import { tiny } from './tiny.js';

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

export interface Benchmark {
  readonly title: string;
  /** Makes the operands, and the calls on them. */
  readonly rows: () => readonly Row[];
  /** Programs in peers/ that time the same calls in another framework. */
  readonly peers: { readonly [framework: string]: string };
}

/** All benchmarks by name; the next one is a file of its own and a line here. */
export const benchmarks: { readonly [name: string]: Benchmark } = { tiny };
