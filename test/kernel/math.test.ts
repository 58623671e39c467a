/** The functions of kernel/math.ts: their errors, their special values, and that kernels compute what the reference does. */

import { describe, expect, test } from 'vitest';
import { load } from '../../src/kernel/build.js';
import { kernelMath, type MathTable, scalarMath } from '../../src/kernel/math.js';
import { cellBytes } from '../../src/kernel/program.js';
import { makeArray, viewArray } from '../../src/shape/dtype.js';
import { oracle, ulps } from './oracle.js';
import { launchOn, plainKernel, runBoth } from './support.js';

type Name = keyof MathTable<unknown>;
type Range = readonly [lo: number, hi: number];

interface Claim {
  /** The largest error in ulp, as the table's documentation says. */
  readonly error: number;
  /** Where to look: the domain, and places where formulas change or digits cancel. */
  readonly ranges: readonly Range[];
  /** Argument and exact result. */
  readonly special: readonly (readonly [x: number, y: number])[];
}

const odd = (pairs: readonly (readonly [number, number])[]): (readonly [number, number])[] =>
  pairs.flatMap(([x, y]): (readonly [number, number])[] => [
    [x, y],
    [-x, -y],
  ]);
const [inf, least] = [Number.POSITIVE_INFINITY, 2 ** -149];

const claims: { readonly [N in Name]: Claim } = {
  exponential: {
    error: 0.8,
    ranges: [
      [-745, 709.7],
      [-1, 1],
      [-745.1, -700],
      [-103.9, -86],
      [88, 88.7],
    ],
    special: [
      [0, 1],
      [-0, 1],
      [inf, inf],
      [-inf, 0],
      [1000, inf],
      [-1000, 0],
      [least, 1],
    ],
  },
  exponential_minus_one: {
    error: 1.6,
    ranges: [
      [-40, 709.7],
      [-1, 1],
      [-1e-5, 1e-5],
      [0.3, 2],
      [88, 88.7],
    ],
    special: [
      ...odd(
        [
          [0, 0],
          [least, least],
          [1e-30, 1e-30],
        ].map(([x, y]) => [Math.fround(x ?? 0), Math.fround(y ?? 0)] as const),
      ),
      [inf, inf],
      [-inf, -1],
      [-1000, -1],
      [1000, inf],
    ],
  },
  log: {
    error: 0.9,
    ranges: [
      [1e-3, 1e3],
      [0.5, 2],
      [0.99, 1.01],
      [1e-45, 1e-37],
      [1e300, 1.7e308],
      [5e-324, 3e-308],
    ],
    special: [
      [1, 0],
      [0, -inf],
      [-0, -inf],
      [inf, inf],
      [-1, NaN],
      [-inf, NaN],
      [-least, NaN],
    ],
  },
  log_plus_one: {
    error: 0.9,
    ranges: [
      [-0.9999, 10],
      [-0.5, 0.5],
      [-1e-5, 1e-5],
      [10, 1e6],
      [1e15, 1e17],
    ],
    special: [...odd([[0, 0]]), [-1, -inf], [-2, NaN], [inf, inf], [-inf, NaN], [least, least], [-least, -least]],
  },
  tanh: {
    error: 1.4,
    ranges: [
      [-20, 20],
      [-1, 1],
      [0.5, 0.8],
      [-1e-3, 1e-3],
    ],
    special: odd([
      [0, 0],
      [least, least],
      [inf, 1],
      [50, 1],
      [1e30, 1],
    ]),
  },
  logistic: {
    error: 2.4,
    ranges: [
      [-745, 40],
      [-5, 5],
      [-104, -80],
      [-2.8, -2.6],
    ],
    special: [
      [0, 0.5],
      [-0, 0.5],
      [inf, 1],
      [-inf, 0],
      [1000, 1],
      [-1000, 0],
    ],
  },
  erf: {
    error: 1.5,
    ranges: [
      [-6, 6],
      [-1.2, 1.2],
      [0.9, 1.3],
      [-1e-3, 1e-3],
    ],
    special: odd([
      [0, 0],
      [inf, 1],
      [10, 1],
      [1e30, 1],
    ]),
  },
};
const names = Object.keys(claims) as Name[];

/** Numbers of [0, 1), the same ones each time: multiples of the golden ratio. */
const spread = (i: number): number => (i * 0.6180339887498949) % 1;

function samplesOf(ranges: readonly Range[], each: number): number[] {
  return ranges.flatMap(([lo, hi]) => Array.from({ length: each }, (_, i) => lo + (hi - lo) * spread(i)));
}

/** The largest error in ulp. */
function worst(xs: readonly number[], error: (x: number) => number): number {
  let most = 0;
  for (const x of xs) {
    const found = error(x);
    if (!(found <= most)) most = found;
  }
  return most;
}

/** Sizes that the oracle's fixed point has room for. */
const isMedium = (x: number): boolean => Math.abs(x) > 1e-30;

describe.each(names)('%s', (name) => {
  const { error, ranges, special } = claims[name];
  const exact = oracle[name];

  test('of float64 is as near as it says, and not much nearer', () => {
    const xs = samplesOf(ranges, 2000).filter((x) => name === 'log' || isMedium(x));
    const most = worst(xs, (x) => ulps(scalarMath[name].float64(x), exact(x), 53, -1022));
    expect(most).toBeLessThanOrEqual(error);
    expect(most).toBeGreaterThan(error * 0.7);
  });

  test('of float32 is as near as it says, and not much nearer', () => {
    // The float64 function is 2^-28 ulp of float32 from the exact one.
    const xs = samplesOf(ranges, 20_000).map(Math.fround).filter(Number.isFinite);
    const most = worst(xs, (x) => {
      const wide = scalarMath[name].float64(x);
      const unit = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(wide))), -126) - 23);
      const near = scalarMath[name].float32(x);
      return near === wide || Math.abs(wide) > 3.4e38 ? 0 : Math.abs(near - wide) / unit;
    });
    expect(most).toBeLessThanOrEqual(error);
    expect(most).toBeGreaterThan(error * 0.7);
  });

  test('of special values', () => {
    for (const [x, y] of [...special, [NaN, NaN] as const]) {
      expect(scalarMath[name].float64(x), `float64 of ${x}`).toBe(y);
      expect(scalarMath[name].float32(x), `float32 of ${x}`).toBe(Math.fround(y));
    }
  });

  test.each([
    ['f32', 'float32', 1],
    ['f32', 'float32', 4],
    ['f64', 'float64', 1],
    ['f64', 'float64', 2],
  ] as const)('kernels give the same bits: %s, %s, %s lanes', (cell, dtype, width) => {
    const bytes = width * cellBytes[cell];
    const given = [...samplesOf(ranges, 100), ...special.map(([x]) => x), NaN, NaN, NaN, NaN];
    const xs = makeArray[dtype](given.length);
    xs.set(given);
    const count = Math.floor(xs.length / 4) * 4;
    const kernel = plainKernel(2, (f, [from, to]) => {
      if (from === undefined || to === undefined) return;
      f.loop(
        count / width,
        [
          [from, bytes],
          [to, bytes],
        ],
        (p, q) => {
          f.store(cell, q, kernelMath[name](f, load(cell, width, p)));
        },
      );
    });
    const buffers = [new Uint8Array(xs.buffer), new Uint8Array(count * cellBytes[cell])];
    const { interpreted, compiled } = runBoth(launchOn(kernel, 2), buffers);
    for (const [, out] of [interpreted, compiled]) {
      const ys = Array.from(viewArray[dtype]((out as Uint8Array).buffer, 0, count));
      expect(ys).toEqual(Array.from(xs.subarray(0, count), (x) => scalarMath[name][dtype](x)));
    }
  });
});
