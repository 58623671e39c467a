/** tidy: what is freed, when, and what lives on. */

import { conv, RuntimeError, type Tensor, TypeError_, tidy } from 'adjoint';
import * as torch from 'adjoint/torch';
import { expect, test } from 'vitest';
import { expectDisposed, growth, LENGTH, ones, thrown } from './watch.js';

test('frees at once what is not returned', () => {
  const x = ones();
  const plain = growth(() => x.mul(2).add(1).mul(x));
  const tidied = growth(() => tidy(() => x.mul(2).add(1).mul(x)));
  expect(plain.arrays).toBeGreaterThanOrEqual(3);
  expect(tidied.arrays).toBe(1);
  expect(tidied.result.data).toEqual(new Float32Array(LENGTH).fill(3));
  expect(x.data).toEqual(new Float32Array(LENGTH).fill(1));
});

test.each<[string, () => unknown, number]>([
  ['nothing', () => void ones(), 0],
  ['a number', () => ones().sum().item(), 0],
  ['a typed array', () => ones().data, 0],
  ['a list', () => [ones(), 3, ones()], 2],
  ['lists in objects in lists', () => [{ a: [ones(), { b: ones() }], c: null }, 'text'], 2],
  [
    'a Map and a Set',
    () =>
      new Map<string, unknown>([
        ['a', ones()],
        ['b', new Set([ones()])],
      ]),
    2,
  ],
  ['the same tensor twice', () => Array(2).fill(ones()), 1],
  [
    'two that share their elements',
    () => {
      const x = ones();
      return [x, x.reshape([10, 100])];
    },
    1,
  ],
  ['a tensor of a door', () => torch.ones([LENGTH]), 1],
])('returns %s', (_, f, arrays) => {
  const { arrays: more, result } = growth(() =>
    tidy(() => {
      ones().add(1);
      return f();
    }),
  );
  expect(more).toBe(arrays);
  if (result instanceof Float32Array) expect(result).toEqual(new Float32Array(LENGTH).fill(1));
});

test('an object that contains itself', () => {
  const cycle: { self?: unknown; x: Tensor } = { x: ones() };
  cycle.self = [cycle];
  expect(tidy(() => cycle).x.data.length).toBe(LENGTH);
});

test('what was made before, or is returned from an inner tidy, lives until the outer one ends', () => {
  const before = ones();
  const { arrays, result } = growth(() =>
    tidy(() => {
      const outer = before.add(1);
      const inner = tidy(() => outer.add(ones()));
      expect(inner.data[0]).toBe(3);
      return [tidy(() => inner.mul(2)), [outer]];
    }),
  );
  expect(arrays).toBe(2);
  expect(result.flat().map(({ data }) => data[0])).toEqual([6, 2]);
  expect(before.data[0]).toBe(1);
});

test('an error frees all, and the tidy around goes on', () => {
  const failure = new Error('of the user');
  const { arrays } = growth(() =>
    tidy(() => {
      const outer = ones();
      expect(
        thrown(() =>
          tidy(() => {
            ones().add(outer);
            throw failure;
          }),
        ),
      ).toBe(failure);
      expect(outer.data[0]).toBe(1);
      expect(thrown(() => tidy(() => conv(ones(), outer)))).toBeInstanceOf(RuntimeError);
      return outer.add(1);
    }),
  );
  expect(arrays).toBe(1);
});

test('a tensor that got out another way is gone, and says so', () => {
  const escaped = growth(() => {
    let x = ones();
    tidy(() => {
      x = ones();
    });
    return x;
  });
  expect(escaped.arrays).toBe(1);
  expectDisposed(() => escaped.result.tolist());
  // Returned from an outer tidy, it does no harm.
  expect(tidy(() => [escaped.result])).toEqual([escaped.result]);
});

test('takes a function, and none that is async', () => {
  const notFunction = thrown(() => Reflect.apply(tidy, undefined, [ones()]));
  expect(notFunction).toBeInstanceOf(TypeError_);
  const { arrays } = growth(() => {
    const error = thrown(() => tidy(async () => ones()));
    expect(error).toBeInstanceOf(TypeError_);
    expect(error).toMatchObject({ code: 'bad-argument' });
  });
  expect(arrays).toBe(0);
});
