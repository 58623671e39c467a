/** What a benchmark is, and all that there are. */

import type { Choices } from './choices.js';
import { conv } from './conv/benchmark.js';
import { tiny } from './tiny.js';
import { train } from './train.js';

/** How a benchmark is to run. */
export interface Settings {
  /** Frameworks to compare with, each one of the benchmark's peers. */
  readonly peers: readonly string[];
  /** Less time for each figure, and no processes of their own. */
  readonly quick: boolean;
  readonly choices: Choices;
  /** Says something to a person; nothing where figures are asked for as JSON. */
  readonly write: (text: string) => void;
  readonly isColoured: boolean;
}

export interface Benchmark {
  readonly title: string;
  /** Programs in peers/ that time the same calls in another framework. */
  readonly peers: { readonly [framework: string]: string };
  /** Runs it, prints its tables, and gives its figures for JSON. */
  readonly run: (settings: Settings) => Promise<object>;
}

/** All benchmarks by name; the next one is a file of its own and a line here. */
export const benchmarks: { readonly [name: string]: Benchmark } = { tiny, conv, train };
