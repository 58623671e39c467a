/** Convolutions on the device: each algorithm beside the definition, bit for bit where numbers are whole. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adjointOfInput, adjointOfKernel, type Convolution } from '../../src/conv/convolution.js';
import type { Operand } from '../../src/ops/primitive.js';
import { type DType, makeArray } from '../../src/shape/dtype.js';
import { sizeOf } from '../../src/shape/shape.js';
import { both, expectSame, onDevice } from '../support/device.js';

/** Whole numbers from -3 to 3, the same for the same seed. */
function whole(dtype: DType, shape: readonly number[], seed: number): Operand {
  const array = makeArray[dtype](sizeOf(shape));
  let state = (seed * 2654435761 + 1) >>> 0;
  for (let i = 0; i < array.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const value = ((state >>> 16) % 7) - 3;
    if (array instanceof BigInt64Array) array[i] = BigInt(value);
    else array[i] = value;
  }
  return { dtype, shape, array };
}

const permuted = (letters: string): fc.Arbitrary<string> =>
  fc.shuffledSubarray([...letters], { minLength: letters.length }).map((list) => list.join(''));

interface Case {
  readonly spec: Convolution;
  readonly input: readonly number[];
  readonly kernel: readonly number[];
  readonly dtype: DType;
}

/** Any convolution of one to three dimensions whose result is not empty. */
const cases: fc.Arbitrary<Case> = fc.integer({ min: 1, max: 3 }).chain((rank) => {
  const digits = '012'.slice(0, rank);
  const axis = fc.record({
    n: fc.integer({ min: 1, max: rank === 3 ? 5 : 9 }),
    k: fc.integer({ min: 1, max: 4 }),
    stride: fc.integer({ min: 1, max: 3 }),
    lo: fc.integer({ min: -1, max: 4 }),
    hi: fc.integer({ min: -1, max: 4 }),
    inputDilation: fc.integer({ min: 1, max: 3 }),
    kernelDilation: fc.integer({ min: 1, max: 3 }),
  });
  return fc
    .record({
      axes: fc.array(axis, { minLength: rank, maxLength: rank }),
      sizes: fc.record({
        g: fc.integer({ min: 1, max: 3 }),
        n: fc.integer({ min: 1, max: 4 }),
        c: fc.integer({ min: 1, max: 18 }),
        o: fc.integer({ min: 1, max: 18 }),
      }),
      flip: fc.boolean(),
      input: permuted(`gnc${digits}`),
      kernel: permuted(`goc${digits}`),
      output: permuted(`gno${digits}`),
      dtype: fc.constantFrom<DType>('float32', 'float64', 'int32', 'int64'),
    })
    .map(({ axes, sizes, dtype, ...names }) => {
      const windows = axes.map(({ n: _n, k: _k, ...window }) => window);
      const size = (letter: string, along: 'n' | 'k'): number =>
        letter in sizes ? sizes[letter as keyof typeof sizes] : (axes[Number(letter)]?.[along] ?? 1);
      return {
        spec: { windows, ...names },
        input: [...names.input].map((letter) => size(letter, 'n')),
        kernel: [...names.kernel].map((letter) => size(letter, 'k')),
        dtype,
      };
    });
});

describe('any convolution and its gradients are the definition', () => {
  test('random specs, layouts, dtypes', () => {
    let computed = 0;
    const check = ({ spec, input, kernel, dtype }: Case): void => {
      const [x, w] = [whole(dtype, input, 1), whole(dtype, kernel, 2)];
      const forward = both('convolution', [x, w], spec);
      expectSame(forward, 'y');
      if (forward.expected.length === 0) return;
      computed++;
      const shape = outputShape(spec, input, kernel, forward.expected.length);
      const y = whole(dtype, shape, 3);
      expectSame(both('convolution', [y, w], adjointOfInput(spec, input, kernel)), 'dX');
      expectSame(both('convolution', [x, y], adjointOfKernel(spec, input, kernel)), 'dW');
    };
    fc.assert(fc.property(cases, check), { numRuns: 200 });
    expect(computed).toBeGreaterThan(100);
  });
});

/** Sizes of the result by letter; the definition's own shape rule is tested elsewhere. */
function outputShape(spec: Convolution, input: readonly number[], kernel: readonly number[], size: number): number[] {
  const at = (axes: string, shape: readonly number[], letter: string): number => shape[axes.indexOf(letter)] ?? 1;
  const shape = [...spec.output].map((letter) => {
    if (letter === 'o') return at(spec.kernel, kernel, 'o');
    if (letter === 'g' || letter === 'n') return at(spec.input, input, letter);
    const window = spec.windows[Number(letter)];
    if (window === undefined) throw new Error(letter);
    const [n, k] = [at(spec.input, input, letter), at(spec.kernel, kernel, letter)];
    const room = (n - 1) * window.inputDilation + window.lo + window.hi - (k - 1) * window.kernelDilation;
    return Math.floor(room / window.stride) + 1;
  });
  expect(sizeOf(shape)).toBe(size);
  return shape;
}

interface Named {
  readonly name: string;
  readonly sizes: readonly [n: number, c: number, h: number, w: number, o: number, k: number];
  readonly stride: number;
  readonly pad: number;
  readonly groups?: number;
  /** The passes that Winograd takes. */
  readonly winograd: readonly ('y' | 'dx' | 'dw')[];
}

const named: readonly Named[] = [
  { name: '3x3', sizes: [1, 32, 26, 26, 32, 3], stride: 1, pad: 1, winograd: ['y', 'dx', 'dw'] },
  { name: '3x3, odd sizes', sizes: [3, 20, 23, 27, 17, 3], stride: 1, pad: 1, winograd: ['y', 'dx', 'dw'] },
  { name: '3x3, no padding', sizes: [2, 32, 22, 22, 24, 3], stride: 1, pad: 0, winograd: ['y', 'dx', 'dw'] },
  { name: '3x3, two groups', sizes: [2, 32, 24, 31, 40, 3], stride: 1, pad: 1, groups: 2, winograd: ['y', 'dx', 'dw'] },
  { name: '4x4', sizes: [1, 24, 30, 27, 24, 4], stride: 1, pad: 1, winograd: ['y', 'dx', 'dw'] },
  { name: '5x5 of step 2', sizes: [1, 48, 34, 34, 48, 5], stride: 2, pad: 2, winograd: ['y', 'dx', 'dw'] },
  { name: '6x6 of step 2', sizes: [1, 24, 41, 37, 24, 6], stride: 2, pad: 0, winograd: ['y', 'dx', 'dw'] },
  { name: '7x7 of step 2', sizes: [2, 3, 50, 53, 64, 7], stride: 2, pad: 3, winograd: ['y', 'dw'] },
  { name: '8x8 of step 2', sizes: [1, 16, 42, 41, 24, 8], stride: 2, pad: 3, winograd: ['y', 'dx', 'dw'] },
  { name: '3x3, few blocks', sizes: [1, 250, 7, 8, 264, 3], stride: 1, pad: 1, winograd: ['y', 'dx', 'dw'] },
  { name: '3x3, too small', sizes: [1, 16, 10, 10, 16, 3], stride: 1, pad: 1, winograd: [] },
  { name: '3x3 of step 2', sizes: [1, 32, 22, 22, 32, 3], stride: 2, pad: 1, winograd: [] },
  { name: '1x1', sizes: [2, 64, 20, 20, 64, 1], stride: 1, pad: 0, winograd: [] },
];

/** Letters of the operands, and so how they lie. */
const layouts = {
  NCHW: { input: 'ngc01', kernel: 'goc01', output: 'ngo01' },
  NHWC: { input: 'n01gc', kernel: '01cgo', output: 'n01go' },
  /** Samples innermost: neither pixels nor channels lie side by side. */
  CHWN: { input: 'gc01n', kernel: 'gc01o', output: 'go01n' },
} as const;

/** Numbers in [-1, 1). */
function real(shape: readonly number[], seed: number): Operand {
  const { array } = whole('int32', shape, seed);
  const random = makeArray.float32(array.length);
  let state = seed;
  for (let i = 0; i < random.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    random[i] = (state >>> 8) / 2 ** 23 - 1;
  }
  return { dtype: 'float32', shape, array: random };
}

/** The largest difference, over the largest number. */
function errorOf(a: ArrayLike<number | bigint>, b: ArrayLike<number | bigint>): number {
  let [error, most] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    const difference = Math.abs(Number(a[i]) - Number(b[i]));
    if (!(difference <= error)) error = difference;
    most = Math.max(most, Math.abs(Number(b[i])));
  }
  return error / most;
}

/** The same numbers; a sum of zeros may have either sign. */
function expectEqual({ plan, actual, expected }: ReturnType<typeof both>, what: string): void {
  const unsigned = (array: ArrayLike<number | bigint>): (number | bigint)[] =>
    Array.from(array, (value) => (typeof value === 'number' ? value + 0 : value));
  expect({ what, algorithm: plan.algorithm, values: unsigned(actual) }).toEqual({
    what,
    algorithm: plan.algorithm,
    values: unsigned(expected),
  });
}

describe('few outputs', () => {
  test('random sizes of them, and their gradients, are the definition', () => {
    const algorithms = new Set<string>();
    const any = fc.record({
      c: fc.integer({ min: 1, max: 24 }),
      o: fc.integer({ min: 1, max: 4 }),
      h: fc.integer({ min: 4, max: 40 }),
      w: fc.integer({ min: 4, max: 40 }),
      k: fc.integer({ min: 1, max: 5 }),
      stride: fc.integer({ min: 1, max: 2 }),
      pad: fc.integer({ min: 0, max: 3 }),
      layout: fc.constantFrom<keyof typeof layouts>('NCHW', 'NHWC', 'CHWN'),
      dtype: fc.constantFrom<DType>('float32', 'float64', 'int32', 'int64'),
    });
    fc.assert(
      fc.property(any, ({ c, o, h, w, k, stride, pad, layout, dtype }) => {
        const letters = layouts[layout];
        const window = { stride, lo: pad, hi: pad, inputDilation: 1, kernelDilation: 1 };
        const spec: Convolution = { windows: [window, window], flip: false, precision: 'exact', ...letters };
        const sizes: { readonly [letter: string]: number } = { g: 1, n: 2, c, o };
        const shape = (names: string, space: readonly number[]): number[] =>
          [...names].map((letter) => sizes[letter] ?? space[Number(letter)] ?? 1);
        const [input, kernel] = [shape(letters.input, [h, w]), shape(letters.kernel, [k, k])];
        const [x, taps] = [whole(dtype, input, 1), whole(dtype, kernel, 2)];
        const forward = both('convolution', [x, taps], spec);
        expectEqual(forward, 'y');
        algorithms.add(forward.plan.algorithm);
        if (forward.expected.length === 0) return;
        const y = whole(dtype, outputShape(spec, input, kernel, forward.expected.length), 3);
        expectEqual(both('convolution', [y, taps], adjointOfInput(spec, input, kernel)), 'dX');
        expectEqual(both('convolution', [x, y], adjointOfKernel(spec, input, kernel)), 'dW');
      }),
      { numRuns: 200 },
    );
    expect(algorithms).toContain('plane');
  });
});

describe('depthwise', () => {
  const axis = fc.record({
    n: fc.integer({ min: 1, max: 24 }),
    k: fc.integer({ min: 1, max: 5 }),
    stride: fc.integer({ min: 1, max: 3 }),
    lo: fc.integer({ min: -1, max: 4 }),
    hi: fc.integer({ min: -1, max: 4 }),
    inputDilation: fc.constantFrom(1, 1, 1, 2),
    kernelDilation: fc.integer({ min: 1, max: 2 }),
  });
  const any = fc.record({
    axes: fc.tuple(axis, axis),
    g: fc.integer({ min: 1, max: 19 }),
    n: fc.integer({ min: 1, max: 3 }),
    flip: fc.boolean(),
    layout: fc.constantFrom<keyof typeof layouts>('NCHW', 'NHWC', 'CHWN'),
    dtype: fc.constantFrom<DType>('float32', 'float64', 'int32'),
  });

  test('random specs and their gradients are the definition', () => {
    const algorithms = new Set<string>();
    fc.assert(
      fc.property(any, ({ axes, g, n, flip, layout, dtype }) => {
        const letters = layouts[layout];
        const windows = axes.map(({ n: _n, k: _k, ...window }) => window);
        const spec: Convolution = { windows, flip, ...letters };
        const sizes: { readonly [letter: string]: number } = { g, n, c: 1, o: 1 };
        const shape = (names: string, along: 'n' | 'k'): number[] =>
          [...names].map((letter) => sizes[letter] ?? axes[Number(letter)]?.[along] ?? 1);
        const [input, kernel] = [shape(letters.input, 'n'), shape(letters.kernel, 'k')];
        const [x, w] = [whole(dtype, input, 1), whole(dtype, kernel, 2)];
        const forward = both('convolution', [x, w], spec);
        algorithms.add(forward.plan.algorithm);
        expectEqual(forward, 'y');
        if (forward.expected.length === 0) return;
        const y = whole(dtype, outputShape(spec, input, kernel, forward.expected.length), 3);
        expectEqual(both('convolution', [y, w], adjointOfInput(spec, input, kernel)), 'dX');
        expectEqual(both('convolution', [x, y], adjointOfKernel(spec, input, kernel)), 'dW');
      }),
      { numRuns: 400 },
    );
    expect(algorithms).toContain('depthwise');
  });

  test.each(['NCHW', 'NHWC'] as const)('3x3 in %s takes the kernels for it, in all passes', (layout) => {
    const letters = layouts[layout];
    const window = { stride: 1, lo: 1, hi: 1, inputDilation: 1, kernelDilation: 1 };
    const spec: Convolution = { windows: [window, window], flip: false, ...letters };
    const sizes: { readonly [letter: string]: number } = { g: 24, n: 2, c: 1, o: 1 };
    const shape = (names: string, side: number): number[] => [...names].map((letter) => sizes[letter] ?? side);
    const [input, kernel, output] = [shape(letters.input, 28), shape(letters.kernel, 3), shape(letters.output, 28)];
    const passes = [
      [input, kernel, spec],
      [output, kernel, adjointOfInput(spec, input, kernel)],
      [input, output, adjointOfKernel(spec, input, kernel)],
    ] as const;
    for (const [a, b, given] of passes) {
      const done = both('convolution', [whole('float32', a, 1), whole('float32', b, 2)], given);
      expect(done.plan.algorithm).toBe('depthwise');
      expectEqual(done, 'whole numbers');
    }
  });
});

describe.each(Object.entries(layouts))('%s', (_layout, axes) => {
  test.each(named)('$name', ({ sizes: [n, c, h, w, o, k], stride, pad, groups: g = 1, winograd }) => {
    const window = { stride, lo: pad, hi: pad, inputDilation: 1, kernelDilation: 1 };
    const spec: Convolution = { windows: [window, window], flip: false, ...axes };
    const outputs = [h, w].map((size) => Math.floor((size + 2 * pad - k) / stride) + 1);
    const shapeOf = (letters: string, sizes: { readonly [letter: string]: number | undefined }): number[] =>
      [...letters].map((letter) => sizes[letter] ?? 1);
    const input = shapeOf(axes.input, { n, g, c: c / g, 0: h, 1: w });
    const kernel = shapeOf(axes.kernel, { g, o: Math.ceil(o / g), c: c / g, 0: k, 1: k });
    const output = shapeOf(axes.output, { n, g, o: Math.ceil(o / g), 0: outputs[0], 1: outputs[1] });
    const passes = {
      y: { operands: [input, kernel], spec },
      dx: { operands: [output, kernel], spec: adjointOfInput(spec, input, kernel) },
      dw: { operands: [input, output], spec: adjointOfKernel(spec, input, kernel) },
    } as const;
    for (const [pass, { operands, spec: given }] of Object.entries(passes)) {
      const [a, b] = operands;
      const isWinograd = winograd.some((name) => name === pass);
      const reals = [real(a, 1), real(b, 2)];
      const fast = onDevice('convolution', reals, given);
      expect({ pass, winograd: fast.plan.algorithm === 'winograd' }).toEqual({ pass, winograd: isWinograd });
      const direct = onDevice('convolution', reals, { ...given, precision: 'exact' });
      expect(direct.plan.algorithm).not.toBe('winograd');
      expect({ pass, error: errorOf(fast.actual, direct.actual) < 5e-6 }).toEqual({ pass, error: true });
      const wholes = [whole('float32', a, 1), whole('float32', b, 2)];
      expectSame(both('convolution', wholes, { ...given, precision: 'exact' }), `${pass} of whole numbers`);
    }
  });
});
