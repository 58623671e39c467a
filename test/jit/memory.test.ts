/** The memory of traced functions: constants alone stay. */

import { conv, grad, info, jit, type Tensor, tensor, tidy } from 'adjoint';
import { expect, test } from 'vitest';
import { bitsOf, numbers } from './functions.js';

const used = (): number => info().heap.used;

const inputs = (): [Tensor, Tensor, Tensor] => [numbers([1, 4, 12, 12], 1), numbers([4, 4, 3, 3], 2), numbers([4], 3)];

const layer = (x: Tensor, w: Tensor, b: Tensor): Tensor => {
  const y = conv(x, w).add(b.reshape([1, 4, 1, 1]));
  return y.mul(y).div(y.mul(y).add(1));
};

test('2,000 calls and gradients leave nothing behind', () => {
  const [x, w, b] = inputs();
  const f = jit(layer);
  const sum = jit((...given: Parameters<typeof layer>) => layer(...given).sum());
  const g = grad(sum, { argnums: [0, 1, 2] });
  const step = (): void => {
    f(x, w, b).dispose();
    for (const gradient of g(x, w, b)) gradient.dispose();
  };
  for (let i = 0; i < 3; i++) step();
  const before = used();
  for (let i = 0; i < (info().device === 'wasm' ? 2000 : 50); i++) step();
  expect(used()).toBe(before);
});

test('results alone are allocated, and given back as any', () => {
  const [x, w, b] = inputs();
  const f = jit(layer);
  f(x, w, b).dispose();
  const before = used();
  const y = f(x, w, b);
  expect(used() - before).toBe(y.data.byteLength);
  y.dispose();
  expect(used()).toBe(before);
  const z = tidy(() => {
    f(x, w, b);
    return f(x, w, b).mul(1);
  });
  expect(used() - before).toBe(z.data.byteLength);
});

test('constants outlive a tidy around the trace, and a dispose of what they were', () => {
  const w = numbers([1000], 1);
  const expected = bitsOf(numbers([1000], 2).mul(w).add(w));
  const f = tidy(() => {
    const inner = numbers([1000], 1);
    const traced = jit((x: Tensor) => x.mul(inner).add(w));
    traced(numbers([1000], 2));
    return traced;
  });
  w.dispose();
  expect(bitsOf(f(numbers([1000], 2)))).toEqual(expected);
});

test('a call that fails gives back what it took', () => {
  const f = jit((x: Tensor) => x.mul(2).add(x.sum()).mul(3));
  const x = numbers([1000], 1);
  f(x).dispose();
  const gone = numbers([1000], 1);
  gone.dispose();
  const before = used();
  for (let i = 0; i < 10; i++) expect(() => f(gone)).toThrow(expect.objectContaining({ code: 'disposed' }));
  expect(used()).toBe(before);
  expect(f(x).shape).toEqual([1000]);
});

test('a tidy within the function frees nothing that the graph needs', () => {
  const f = (x: Tensor): Tensor => tidy(() => x.mul(tensor(Array.from({ length: 1000 }, (_, i) => i))).add(1));
  const x = numbers([1000], 5);
  const jitted = jit(f);
  jitted(x);
  expect(bitsOf(jitted(x))).toEqual(bitsOf(f(x)));
});

test('what the graph does without is still whole outside', () => {
  const ones = tensor(new Float32Array(1000).fill(1));
  const twos = tensor(new Float32Array(1000).fill(2));
  const f = jit((x: Tensor) => x.mul(ones).add(twos).add(twos.mul(0)));
  expect(bitsOf(f(twos))).toEqual(bitsOf(tensor(new Float32Array(1000).fill(4))));
  expect([ones.data[999], twos.data[999]]).toEqual([1, 2]);
  const before = used();
  ones.dispose();
  twos.dispose();
  expect(before - used()).toBe(2 * 4032);
});

test('no room for what is temporary: the error of the contract, and all is as before', () => {
  const outer = (x: Tensor, y: Tensor): Tensor => x.reshape([x.size, 1]).mul(y).reshape([y.size, x.size]).sum(0);
  // Three arrays of 1.6 GB at the same time, of which no page is ever touched.
  const f = jit((x: Tensor) => {
    const squares = [x, x.mul(2), x.mul(3)].map((y) => x.reshape([x.size, 1]).mul(y));
    const whole = squares.map((square) => square.sum(0));
    return squares.reduce((sum, square, i) => sum.add(square.sum(1)).add(whole[i] as Tensor), outer(x, x));
  });
  const large = numbers([20000], 1);
  const before = used();
  expect(() => f(large)).toThrow(expect.objectContaining({ name: 'OutOfMemoryError', code: 'out-of-memory' }));
  expect(used()).toBeLessThanOrEqual(before);
  expect(f(numbers([20], 1)).shape).toEqual([20]);
});
