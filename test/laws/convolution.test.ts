/** conv against its definition, on whole numbers, where every dtype must be exact. */

import { type ConvSpec, conv, convSpec, tensor } from 'adjoint';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { convolution } from '../reference/convolution.js';
import { type Case, cases, type DType, elements, integerArray, law, of } from './cases.js';

const exact: readonly DType[] = ['float64', 'float32', 'int64', 'int32'];

/** conv of a case is its definition, in shape and elements. */
function expectDefinition({ spec, x, w }: Case, dtype: DType): void {
  const y = conv(of(x, dtype), of(w, dtype), spec);
  const expected = convolution(x, w, spec);
  expect(y.shape).toEqual(expected.shape);
  expect(y.dtype).toBe(dtype);
  expect(elements(y)).toEqual(expected.data.map((value) => value + 0));
}

/** The same case on a circle, of once or several times round: no dilation of the input, nothing to go round if empty. */
const circular = cases.map(({ spec, x, w }): Case => {
  const letters = 'DHW'.slice(-spec.stride.length);
  const padding = spec.padding.map(([lo, hi], axis) => {
    const n = x.shape[spec.layout.input.indexOf(letters.charAt(axis))] as number;
    return n === 0 ? ([0, 0] as const) : ([lo, hi] as const);
  });
  return { spec: { ...spec, padding, inputDilation: spec.stride.map(() => 1), paddingMode: 'circular' }, x, w };
});

describe('conv is the definition', () => {
  for (const dtype of exact) law(dtype, cases, (given) => expectDefinition(given, dtype), 300);

  law('uint8, modulo 256', cases, ({ spec, x, w }) => {
    const positive = (value: number): number => (value + 4) * 7;
    const [a, b] = [
      { ...x, data: x.data.map(positive) },
      { ...w, data: w.data.map(positive) },
    ];
    const y = conv(of(a, 'uint8'), of(b, 'uint8'), spec);
    expect(y.dtype).toBe('uint8');
    expect(elements(y)).toEqual(convolution(a, b, spec).data.map((value) => value % 256));
  });

  law('circular padding', circular, (given) => expectDefinition(given, 'float64'));

  test('integers wrap as stored integers do', () => {
    const big = (dtype: DType) => tensor([[[2 ** 31 - 1, 2 ** 30, -(2 ** 31)]]], { dtype });
    const w = [[[3, 5]]];
    const wrapped = [(2 ** 31 - 1) * 3 + 2 ** 30 * 5, 2 ** 30 * 3 - 2 ** 31 * 5];
    expect(conv(big('int32'), tensor(w, { dtype: 'int32' })).tolist()).toEqual([[wrapped.map((value) => value | 0)]]);
    expect(conv(big('int64'), tensor(w, { dtype: 'int64' })).tolist()).toEqual([[wrapped]]);
    // The products have 62 bits, and their last ones count.
    const most = tensor([[[2 ** 31 - 1, 2 ** 31 - 1]]], { dtype: 'int32' });
    expect(conv(most, most).tolist()).toEqual([[[2]]]);
    const x = tensor([[[2n ** 62n + 1n, 3n]]]);
    expect(conv(x, tensor([[[2n, 1n]]])).tolist({ bigint: true })).toEqual([[[-(2n ** 63n) + 5n]]]);
  });
});

describe('conv and its arguments', () => {
  law('is linear in either operand', fc.tuple(cases, fc.integer({ min: -3, max: 3 })), ([{ spec, x, w }, factor]) => {
    const [x1, w1] = [of(x), of(w)];
    const [x2, w2] = [of(integerArray(x.shape, 1)), of(integerArray(w.shape, 2))];
    const inInput = conv(x1.mul(factor).add(x2), w1, spec);
    expect(elements(inInput)).toEqual(
      elements(
        conv(x1, w1, spec)
          .mul(factor)
          .add(conv(x2, w1, spec)),
      ),
    );
    const inKernel = conv(x1, w1.mul(factor).add(w2), spec);
    expect(elements(inKernel)).toEqual(
      elements(
        conv(x1, w1, spec)
          .mul(factor)
          .add(conv(x1, w2, spec)),
      ),
    );
  });

  law('takes lists and typed arrays, and any part of a spec', cases, ({ spec, x, w }) => {
    fc.pre(x.data.length > 0 && w.data.length > 0);
    const expected = elements(conv(of(x, 'float32'), of(w, 'float32'), spec));
    expect(elements(conv(of(x, 'float32').tolist(), of(w, 'float32').tolist(), spec))).toEqual(expected);
    expect(elements(conv(of(x, 'float32'), of(w, 'float32'), convSpec(spec)))).toEqual(expected);
  });
});

describe('specs and dtypes', () => {
  test('defaults are stride 1, no padding, one group, NC* and OI*', () => {
    const spec: ConvSpec = {
      stride: [1, 1],
      padding: [
        [0, 0],
        [0, 0],
      ],
      inputDilation: [1, 1],
      kernelDilation: [1, 1],
      featureGroups: 1,
      batchGroups: 1,
      flip: false,
      layout: { input: 'NCHW', kernel: 'OIHW', output: 'NCHW' },
    };
    expect(convSpec()).toEqual(spec);
    expect(convSpec({ stride: [2] })).toEqual({
      ...spec,
      stride: [2],
      padding: [[0, 0]],
      inputDilation: [1],
      kernelDilation: [1],
      layout: { input: 'NCW', kernel: 'OIW', output: 'NCW' },
    });
    expect(convSpec({ padding: [1, [2, 3], 0] }).padding).toEqual([
      [1, 1],
      [2, 3],
      [0, 0],
    ]);
  });

  test.each<[DType, DType, DType]>([
    ['float32', 'float64', 'float64'],
    ['int64', 'float32', 'float32'],
    ['uint8', 'int32', 'int32'],
    ['int32', 'int64', 'int64'],
    ['bool', 'float64', 'float64'],
  ])('%s with %s is %s', (left, right, result) => {
    const x = tensor([[[1, 0, 1]]], { dtype: left });
    const y = conv(x, tensor([[[1, 2]]], { dtype: right }));
    expect(y.dtype).toBe(result);
    expect(y.tolist()).toEqual([[[1, 2]]]);
  });
});

test('the random cases reach what they are meant to reach', () => {
  const drawn = fc.sample(cases, { numRuns: 500, seed: 20260701 });
  const axes = drawn.flatMap(({ spec, x, w }) =>
    spec.stride.map((s, a) => {
      const letter = 'DHW'.slice(-spec.stride.length).charAt(a);
      const n = x.shape[spec.layout.input.indexOf(letter)] as number;
      const k = w.shape[spec.layout.kernel.indexOf(letter)] as number;
      const [lo, hi] = spec.padding[a] ?? [0, 0];
      const extent = (k - 1) * (spec.kernelDilation[a] as number) + 1;
      const room = n && (n - 1) * (spec.inputDilation[a] as number) + 1 + lo + hi - extent;
      return {
        n,
        s,
        lo,
        hi,
        room,
        isDilated: (spec.inputDilation[a] as number) * (spec.kernelDilation[a] as number) > 1,
      };
    }),
  );
  const share = <T>(list: readonly T[], is: (item: T) => boolean): number => list.filter(is).length / list.length;
  expect(share(drawn, ({ x, w, spec }) => convolution(x, w, spec).data.length > 0)).toBeGreaterThan(0.4);
  expect(share(drawn, ({ spec }) => spec.featureGroups > 1)).toBeGreaterThan(0.2);
  expect(share(drawn, ({ spec }) => spec.batchGroups > 1)).toBeGreaterThan(0.2);
  expect(share(drawn, ({ x }) => x.data.length === 0)).toBeGreaterThan(0.1);
  expect(share(axes, ({ lo, hi }) => lo < 0 || hi < 0)).toBeGreaterThan(0.2);
  expect(share(axes, ({ room }) => room < 0)).toBeGreaterThan(0.05);
  expect(share(axes, ({ room, s }) => room > 0 && room % s !== 0)).toBeGreaterThan(0.1);
  expect(share(axes, ({ isDilated }) => isDilated)).toBeGreaterThan(0.3);
});
