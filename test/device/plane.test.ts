/** Convolutions of few outputs, or of large planes, in vectors of pixels. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DType } from '../../src/shape/dtype.js';
import { algorithmsOf, anyCase, caseOf, layouts, type Pass } from './passes.js';

const few = fc.record({
  n: fc.integer({ min: 1, max: 3 }),
  g: fc.integer({ min: 1, max: 3 }),
  c: fc.integer({ min: 1, max: 6 }),
  o: fc.integer({ min: 1, max: 7 }),
});

test('any convolution of few outputs and its gradients are the definition', () => {
  const computed = { y: 0, dx: 0, dw: 0 };
  const property = fc.property(
    anyCase([1, 2, 3], few, (rank) => [40, 20, 7][rank - 1] ?? 1),
    (given) => {
      const algorithms = algorithmsOf(given);
      for (const pass of ['y', 'dx', 'dw'] as const) if (algorithms[pass] === 'plane') computed[pass]++;
    },
  );
  fc.assert(property, { numRuns: 150 });
  expect(computed.y).toBeGreaterThan(10);
  expect(computed.dx).toBeGreaterThan(10);
});

interface Named {
  readonly name: string;
  readonly sizes: readonly [n: number, g: number, c: number, o: number];
  readonly size: readonly number[];
  readonly taps: readonly number[];
  readonly stride?: number;
  readonly inputDilation?: number;
  readonly pad?: number;
  readonly dtype?: DType;
  /** The passes in vectors of pixels. */
  readonly plane: { readonly [layout in keyof typeof layouts]: readonly Pass[] };
}

const named: readonly Named[] = [
  {
    name: 'one output',
    sizes: [2, 1, 16, 1],
    size: [24, 25],
    taps: [3, 3],
    pad: 1,
    plane: { NCHW: ['y', 'dx'], NHWC: ['y'] },
  },
  {
    name: 'three outputs',
    sizes: [1, 1, 9, 3],
    size: [30, 31],
    taps: [3, 3],
    pad: 1,
    plane: { NCHW: ['y', 'dx'], NHWC: ['y', 'dx'] },
  },
  {
    name: 'three channels, step 2',
    sizes: [1, 1, 3, 16],
    size: [50, 47],
    taps: [7, 7],
    stride: 2,
    pad: 3,
    plane: { NCHW: ['dx'], NHWC: ['dx'] },
  },
  {
    name: 'nine phases',
    sizes: [1, 2, 4, 2],
    size: [11, 13],
    taps: [4, 4],
    inputDilation: 3,
    pad: 2,
    plane: { NCHW: ['y'], NHWC: ['y'] },
  },
  {
    name: 'two channels and two outputs a group',
    sizes: [2, 5, 2, 2],
    size: [23, 24],
    taps: [3, 3],
    pad: 1,
    plane: { NCHW: ['y', 'dx'], NHWC: ['y', 'dx'] },
  },
  {
    name: 'rows in several blocks',
    sizes: [1, 1, 2, 2],
    size: [9, 1200],
    taps: [3, 5],
    pad: 2,
    plane: { NCHW: ['y', 'dx'], NHWC: ['y', 'dx'] },
  },
  {
    name: 'many channels, so blocks of few rows',
    sizes: [1, 1, 96, 2],
    size: [40, 41],
    taps: [5, 5],
    pad: 2,
    plane: { NCHW: ['y', 'dx'], NHWC: ['y'] },
  },
  { name: '1x1', sizes: [2, 1, 12, 20], size: [40, 40], taps: [1, 1], plane: { NCHW: ['y', 'dx'], NHWC: [] } },
  { name: '1x1, ragged', sizes: [1, 1, 11, 13], size: [37, 43], taps: [1, 1], plane: { NCHW: ['y', 'dx'], NHWC: [] } },
  {
    name: 'three dimensions',
    sizes: [1, 1, 3, 2],
    size: [7, 12, 13],
    taps: [3, 3, 3],
    stride: 2,
    pad: 1,
    plane: { NCHW: ['y', 'dx'], NHWC: ['dx'] },
  },
  {
    name: 'int64',
    sizes: [1, 1, 3, 1],
    size: [20, 20],
    taps: [3, 3],
    pad: 1,
    dtype: 'int64',
    plane: { NCHW: ['y', 'dx'], NHWC: ['y'] },
  },
];

describe.each(Object.keys(layouts))('%s', (name) => {
  const layout = name === 'NCHW' ? 'NCHW' : 'NHWC';
  test.each(named)('$name', ({ sizes: [n, g, c, o], size, taps, plane, ...given }) => {
    const { stride = 1, inputDilation = 1, pad = 0, dtype = 'float32' } = given;
    const window = { stride, lo: pad, hi: pad, inputDilation, kernelDilation: 1 };
    const axes = size.map((cells, i) => ({ ...window, size: cells, taps: taps[i] ?? 1 }));
    const digits = '012'.slice(0, axes.length);
    const names = Object.fromEntries(
      Object.entries(layouts[layout]).map(([operand, letters]) => [operand, letters.replace('01', digits)]),
    ) as { input: string; kernel: string; output: string };
    const algorithms = algorithmsOf(caseOf(names, { n, g, c, o }, axes, false, dtype));
    const found = (['y', 'dx', 'dw'] as const).filter((pass) => algorithms[pass] === 'plane');
    expect(found).toEqual(plane[layout]);
  });
});
