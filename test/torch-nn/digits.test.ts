/** The network of examples/digits learns as in PyTorch, step by step (recorded by tools/record/digits.py). */

import { readFileSync } from 'node:fs';
import { parseNpz } from 'adjoint/io';
import * as torch from 'adjoint/torch';
import { expect, test } from 'vitest';
import { SEED, Training } from '../../examples/digits/model.js';

interface Recorded {
  readonly batch: number;
  readonly epochs: number;
  readonly losses: readonly number[];
  readonly npz: string;
}

const recorded: Recorded = JSON.parse(readFileSync(new URL('../golden/digits.json', import.meta.url), 'utf8'));

test('a few digits, step by step', () => {
  const { pixels, labels } = parseNpz(new Uint8Array(Buffer.from(recorded.npz, 'base64')));
  if (pixels === undefined || labels === undefined) throw new Error('the recording has pixels and labels');
  const digits = {
    images: torch.from_numpy(pixels).to('float32').div(255),
    labels: torch.from_numpy(labels),
  };
  const training = new Training(SEED);
  const losses: number[] = [];
  for (let epoch = 0; epoch < recorded.epochs; epoch++) {
    training.epoch(digits, recorded.batch, (loss) => losses.push(loss));
  }
  expect(losses.length).toBe(recorded.losses.length);
  // Rounding grows with the steps, as it does between two versions of PyTorch.
  losses.forEach((loss, i) => {
    const theirs = recorded.losses[i] as number;
    expect(Math.abs(loss - theirs) / theirs, `step ${i}`).toBeLessThan(1e-4);
  });
});
