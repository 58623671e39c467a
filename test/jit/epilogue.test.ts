/** Bias and activation at the end of a convolution's kernels: the same bits as after it, by whatever algorithm. */

import { type ConvSpecOptions, conv, type Tensor, tensor } from 'adjoint';
import { describe, expect, test } from 'vitest';
import type * as compiledModule from '../../src/jit/compiled.js';
import type * as tensorModule from '../../src/tensor/tensor.js';
import { verify } from '../support/device.js';
import { bitsOf, type DType, numbers } from './functions.js';

// What the package itself runs, and not a copy of its sources.
const load = (path: string) => import(new URL(`../../dist/src/${path}`, import.meta.url).href);
const { Compiled }: typeof compiledModule = await load('jit/compiled.js');
const { op }: typeof tensorModule = await load('tensor/tensor.js');

/** What follows a convolution: of its result, and of vectors that go along its channels. */
type After = (y: Tensor, b: Tensor, c: Tensor) => Tensor;

const full = (x: Tensor, value: number): Tensor => op.full(x, value);
const relu = (x: Tensor): Tensor => op.maximum(x, full(x, 0));

const afters: { readonly [name: string]: After } = {
  bias: (y, b) => y.add(b),
  'bias and relu': (y, b) => relu(y.add(b)),
  'relu alone': relu,
  'the other way round': (y, b) => b.sub(y).rdiv(b),
  'leaky relu': (y, b) => {
    const z = y.add(b);
    return op.select(op.compare(z, full(z, 0), 'GT'), z, z.mul(0.1));
  },
  'scale and shift': (y, b, c) => y.sub(b).mul(c).add(b).mul(0.5),
  swish: (y, b) => {
    const z = y.add(b);
    return z.mul(op.logistic(z));
  },
  tanh: (y, b) => op.tanh(y.add(b)),
};

interface Convolution {
  readonly spec: ConvSpecOptions;
  readonly x: readonly number[];
  readonly w: readonly number[];
  readonly algorithm: string;
  readonly dtype?: DType;
  /** The axis of the result's channels; default: 1. */
  readonly axis?: number;
}

const nhwc = { input: 'NHWC', kernel: 'HWIO', output: 'NHWC' } as const;

const convolutions: { readonly [name: string]: Convolution } = {
  '3x3': { spec: { padding: 1 }, x: [2, 5, 9, 11], w: [24, 5, 3, 3], algorithm: 'direct' },
  'outputs that fill no panel': { spec: {}, x: [2, 5, 9, 11], w: [21, 5, 3, 3], algorithm: 'direct' },
  '1x1': { spec: {}, x: [2, 40, 12, 12], w: [32, 40, 1, 1], algorithm: 'direct' },
  'channels last': { spec: { layout: nhwc }, x: [2, 10, 9, 6], w: [3, 3, 6, 24], algorithm: 'direct', axis: 3 },
  'step 2': { spec: { stride: 2, padding: 1 }, x: [1, 9, 16, 15], w: [32, 9, 3, 3], algorithm: 'direct' },
  'dilated input': { spec: { inputDilation: 3, padding: 2 }, x: [1, 8, 6, 7], w: [24, 8, 2, 2], algorithm: 'direct' },
  '1-D': { spec: { padding: 2 }, x: [3, 7, 200], w: [29, 7, 5], algorithm: 'plane' },
  'few outputs': { spec: { padding: 1 }, x: [2, 6, 13, 15], w: [5, 6, 3, 3], algorithm: 'plane' },
  'few outputs, channels last': {
    spec: { padding: 1, layout: nhwc },
    x: [2, 13, 15, 16],
    w: [3, 3, 16, 3],
    algorithm: 'plane',
    axis: 3,
  },
  '1x1, large planes': { spec: {}, x: [1, 16, 40, 40], w: [12, 16, 1, 1], algorithm: 'plane' },
  float64: { spec: { padding: 1 }, x: [2, 6, 9, 9], w: [22, 6, 3, 3], algorithm: 'direct', dtype: 'float64' },
  'winograd 3x3': { spec: { padding: 1 }, x: [2, 32, 30, 29], w: [43, 32, 3, 3], algorithm: 'winograd' },
  'winograd channels last': {
    spec: { padding: 1, layout: nhwc },
    x: [1, 32, 32, 32],
    w: [3, 3, 32, 40],
    algorithm: 'winograd',
    axis: 3,
  },
  'winograd, step 2': { spec: { stride: 2, padding: 2 }, x: [2, 32, 48, 48], w: [48, 32, 5, 5], algorithm: 'winograd' },
};

const typesOf = (args: readonly Tensor[]) => args.map(({ shape, dtype }) => ({ shape, dtype }));

/** The steps of a function, and whether it gives what it gives without jit. */
function stepsOf(f: (...args: Tensor[]) => Tensor, args: readonly Tensor[]) {
  const compiled = new Compiled((given) => [f(...given)], typesOf(args));
  const [result] = compiled.call(args);
  expect(bitsOf(result as Tensor)).toEqual(bitsOf(f(...args)));
  return compiled.program.steps;
}

describe.each(Object.entries(convolutions))('%s', (_name, { spec, x, w, algorithm, dtype = 'float32', axis = 1 }) => {
  const [image, kernel] = [numbers(x, 1, dtype), numbers(w, 2, dtype)];
  const { shape } = conv(image, kernel, spec);
  const channels = shape[axis] as number;
  const [b, c] = [numbers([channels], 3, dtype), numbers([channels], 4, dtype)];
  const along = shape.map((_, i) => (i === axis ? channels : 1));

  test.each(Object.entries(afters))('%s', (_what, after) => {
    const f = (...[input, filter, p, q]: Tensor[]): Tensor =>
      after(conv(input as Tensor, filter as Tensor, spec), (p as Tensor).reshape(along), (q as Tensor).reshape(along));
    const steps = stepsOf(f, [image, kernel, b, c]);
    expect(steps.map(({ plan }) => plan?.algorithm)).toEqual([algorithm]);
    for (const { plan } of steps) if (plan !== null) verify(plan);
  });
});

describe('what is done after the convolution', () => {
  const [x, w] = [numbers([2, 5, 9, 11], 1), numbers([24, 5, 3, 3], 2)];
  const count = (f: (...args: Tensor[]) => Tensor, ...more: Tensor[]): number => stepsOf(f, [x, w, ...more]).length;

  test('where its result is read twice, and where more is read than a number for each channel', () => {
    expect(
      count((a, k) => {
        const y = conv(a, k);
        return y.add(y.sum());
      }),
    ).toBe(3);
    expect(count((a, k, r) => relu(conv(a, k).add(r as Tensor)), numbers([2, 24, 7, 9], 3))).toBe(2);
    expect(count((a, k, r) => relu(conv(a, k).add(r as Tensor)), numbers([9], 3))).toBe(2);
    expect(count((a, k, r) => conv(a, k).add((r as Tensor).reshape([2, 24, 1, 1])), numbers([48], 3))).toBe(2);
    expect(count((a, k) => conv(a, k).mul(conv(a, k.mul(2))))).toBe(4);
  });

  test('where channels are in groups, or the result is another dtype', () => {
    const grouped = numbers([2, 6, 9, 11], 5);
    const f = (...[a, k, b]: Tensor[]): Tensor =>
      conv(a as Tensor, k as Tensor, { featureGroups: 2 }).add((b as Tensor).reshape([1, 24, 1, 1]));
    expect(stepsOf(f, [grouped, numbers([24, 3, 3, 3], 2), numbers([24], 3)]).length).toBe(2);
    const compared = (...[a, k]: Tensor[]): Tensor => {
      const y = conv(a as Tensor, k as Tensor);
      return op.compare(y, full(y, 0), 'GT');
    };
    expect(count(compared)).toBe(2);
  });

  test('products of matrices', () => {
    const dense = (...[a, k, p]: Tensor[]): Tensor => relu((a as Tensor).matmul(k as Tensor).add(p as Tensor));
    const [a, k, p] = [numbers([20, 30], 1), numbers([30, 21], 2), numbers([21], 3)];
    expect(stepsOf(dense, [a, k, p]).map(({ plan }) => plan?.algorithm)).toEqual(['matrix product']);
    expect(stepsOf(dense, [numbers([3, 20, 30], 1), numbers([3, 30, 21], 2), p]).length).toBe(1);
    // Vectors go along the rows here, and a number for each row is no number for each column.
    expect(stepsOf(dense, [numbers([90, 30], 1), numbers([30, 4], 2), numbers([4], 3)]).length).toBe(2);
    expect(stepsOf(dense, [a, k, numbers([20, 1], 3)]).length).toBe(2);
  });

  test('a number for all channels, from outside and as an argument', () => {
    expect(count((a, k) => conv(a, k).add(tensor(3)))).toBe(1);
    expect(count((a, k, s) => conv(a, k).mul(s as Tensor), numbers([], 3))).toBe(1);
    expect(count((a, k, s) => conv(a, k).mul(s as Tensor), numbers([1, 1], 3))).toBe(1);
  });
});
