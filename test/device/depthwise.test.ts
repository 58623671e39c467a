/** Depthwise convolutions on the device, in all passes and layouts. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DType } from '../../src/shape/dtype.js';
import { algorithmsOf, anyCase, caseOf, layouts } from './passes.js';

const groups = fc.constantFrom(1, 3, 4, 5, 8, 19);
const depthwise = fc.record({
  n: fc.integer({ min: 1, max: 3 }),
  g: groups,
  c: fc.constant(1),
  o: fc.constant(1),
});

test('any depthwise convolution and its gradients are the definition', () => {
  const computed = { y: 0, dx: 0, dw: 0 };
  const property = fc.property(
    anyCase([1, 2, 2, 2], depthwise, () => 30),
    (given) => {
      const algorithms = algorithmsOf(given);
      for (const pass of ['y', 'dx', 'dw'] as const) if (algorithms[pass] === 'depthwise') computed[pass]++;
    },
  );
  fc.assert(property, { numRuns: 200 });
  for (const count of Object.values(computed)) expect(count).toBeGreaterThan(30);
});

interface Named {
  readonly name: string;
  readonly size: readonly [n: number, g: number, height: number, width: number];
  readonly taps: readonly [number, number];
  readonly stride?: number;
  readonly dilation?: number;
  readonly pad?: number;
  readonly flip?: boolean;
  readonly dtype?: DType;
  /** What is computed otherwise. */
  readonly otherwise: { readonly [layout in keyof typeof layouts]: readonly ('y' | 'dx' | 'dw')[] };
}

const all = { NCHW: [], NHWC: [] } as const;

const named: readonly Named[] = [
  { name: '3x3', size: [2, 8, 28, 28], taps: [3, 3], pad: 1, otherwise: all },
  { name: '3x3, flipped', size: [2, 8, 23, 25], taps: [3, 3], pad: 1, flip: true, otherwise: all },
  { name: '3x3, no padding', size: [1, 18, 21, 13], taps: [3, 3], otherwise: all },
  {
    name: '3x3, wide padding',
    size: [2, 5, 12, 11],
    taps: [3, 3],
    pad: 3,
    otherwise: { NCHW: ['y'], NHWC: [] },
  },
  { name: '3x3, small planes', size: [3, 130, 7, 7], taps: [3, 3], pad: 1, otherwise: all },
  { name: '3x3, many channels', size: [1, 300, 9, 9], taps: [3, 3], pad: 1, otherwise: all },
  { name: '3x3, one large plane', size: [1, 1, 150, 131], taps: [3, 3], pad: 1, otherwise: { NCHW: [], NHWC: [] } },
  {
    name: '3x3 of step 2',
    size: [2, 8, 28, 29],
    taps: [3, 3],
    stride: 2,
    pad: 1,
    otherwise: { NCHW: ['dx'], NHWC: [] },
  },
  {
    name: '3x3 of step 3',
    size: [2, 8, 28, 29],
    taps: [3, 3],
    stride: 3,
    pad: 1,
    otherwise: { NCHW: ['y', 'dx', 'dw'], NHWC: [] },
  },
  { name: '3x3, dilated', size: [2, 9, 24, 24], taps: [3, 3], dilation: 2, pad: 2, otherwise: all },
  { name: '2x4', size: [2, 8, 24, 24], taps: [2, 4], pad: 1, otherwise: all },
  { name: '5x5', size: [2, 8, 20, 22], taps: [5, 5], pad: 2, otherwise: { NCHW: ['y', 'dx'], NHWC: [] } },
  { name: '7x7', size: [1, 12, 14, 17], taps: [7, 7], pad: 3, otherwise: { NCHW: ['y', 'dx'], NHWC: [] } },
  { name: '3x3, float64', size: [2, 6, 20, 20], taps: [3, 3], pad: 1, dtype: 'float64', otherwise: all },
  { name: '3x3, int64', size: [2, 6, 20, 20], taps: [3, 3], pad: 1, dtype: 'int64', otherwise: all },
  {
    name: 'fewer channels than a vector has lanes',
    size: [2, 3, 20, 20],
    taps: [3, 3],
    pad: 1,
    otherwise: { NCHW: [], NHWC: ['y', 'dx', 'dw'] },
  },
  {
    name: 'fewer pixels than a vector has lanes',
    size: [2, 8, 3, 3],
    taps: [3, 3],
    pad: 1,
    otherwise: { NCHW: ['y', 'dx', 'dw'], NHWC: ['dw'] },
  },
];

describe.each(Object.keys(layouts))('%s', (name) => {
  const layout = name === 'NCHW' ? 'NCHW' : 'NHWC';
  test.each(named)('$name', ({ size: [n, g, ...sizes], taps, stride = 1, dilation = 1, pad = 0, ...given }) => {
    const axes = taps.map((count, i) => ({
      size: sizes[i] ?? 1,
      taps: count,
      stride,
      lo: pad,
      hi: pad,
      inputDilation: 1,
      kernelDilation: dilation,
    }));
    const { flip = false, dtype = 'float32', otherwise } = given;
    const algorithms = algorithmsOf(caseOf(layouts[layout], { n, g, c: 1, o: 1 }, axes, flip, dtype));
    const found = (['y', 'dx', 'dw'] as const).filter((pass) => algorithms[pass] !== 'depthwise');
    expect(found).toEqual(otherwise[layout]);
  });
});
