/**
 * Trains a small network to read digits, in a minute, and compares each loss with what PyTorch had at that step: the same
 * weights and the same order of digits come from the same seed.
 *
 *     npm ci --prefix examples/data && npm run example:digits
 */

import { readFileSync } from 'node:fs';
import { loadDigits } from './data.js';
import { BATCH, type Digits, SEED, Training } from './model.js';
import { startProgress } from './progress.js';

interface Recorded {
  readonly torch: string;
  readonly epochs: number;
  readonly losses: readonly number[];
  readonly accuracy: number;
}

const recorded: Recorded = JSON.parse(
  readFileSync(new URL('../../../examples/digits/pytorch.json', import.meta.url), 'utf8'),
);

function load(): { readonly train: Digits; readonly test: Digits } | null {
  try {
    return loadDigits();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    return null;
  }
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

/** The largest difference from PyTorch's losses, over the first steps. */
function deviation(losses: readonly number[]): number {
  return losses.reduce((most, loss, i) => Math.max(most, Math.abs(loss - (recorded.losses[i] ?? Number.NaN))), 0);
}

function main({ train, test }: { readonly train: Digits; readonly test: Digits }): void {
  const start = performance.now();
  const training = new Training(SEED);
  const steps = Math.ceil(train.labels.numel() / BATCH) * recorded.epochs;
  const progress = startProgress(steps);
  const losses: number[] = [];
  console.log(`${train.labels.numel()} digits to learn from, ${test.labels.numel()} to be tested on`);
  for (let epoch = 1; epoch <= recorded.epochs; epoch++) {
    const before = losses.length;
    training.epoch(train, BATCH, (loss) => {
      losses.push(loss);
      progress.step(`loss ${loss.toFixed(4)}`);
    });
    progress.end();
    const seconds = (performance.now() - start) / 1000;
    const [ours, theirs] = [losses, recorded.losses].map((all) => mean(all.slice(before, losses.length)).toFixed(4));
    console.log(`epoch ${epoch}: loss ${ours} (PyTorch ${theirs}), ${seconds.toFixed(1)} s`);
  }
  const accuracy = training.accuracy(test);
  console.log(`accuracy ${(100 * accuracy).toFixed(2)} % (PyTorch ${(100 * recorded.accuracy).toFixed(2)} %)`);
  const within = (steps: number): string =>
    `${deviation(losses.slice(0, steps)).toExponential(1)} in the first ${steps}`;
  console.log(`losses beside PyTorch ${recorded.torch}: at most ${[20, 100, steps].map(within).join(', ')} steps off`);
  if (accuracy < 0.97) process.exitCode = 1;
}

const digits = load();
if (digits === null) {
  console.error('the digits are not there: npm ci --prefix examples/data');
  process.exitCode = 1;
} else main(digits);
