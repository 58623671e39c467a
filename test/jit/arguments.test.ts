/** What jit takes and gives. */

import { grad, jit, type Tensor, tensor, vjp } from 'adjoint';
import { expect, test } from 'vitest';
import { bitsOf, numbers } from './functions.js';

test('numbers and booleans stay what they are, as without jit', () => {
  const powers = (x: Tensor, k: number) => (typeof k === 'number' && k === 3 ? x.mul(x).mul(x) : x.mul(k));
  const f = jit(powers);
  for (const k of [3, 2, 3]) expect(f([1, 2], k).tolist()).toEqual(powers(tensor([1, 2]), k).tolist());
  expect(f.traces).toBe(2);
  const signed = jit((x: Tensor, keep: readonly boolean[]) => (keep[0] ? x : x.neg()));
  expect(signed([1, 2], [true]).tolist()).toEqual([1, 2]);
  expect(signed([1, 2], [false]).tolist()).toEqual([-1, -2]);
});

test('lists and typed arrays make tensors', () => {
  const f = jit((x: Tensor, y: Tensor) => x.mul(y));
  expect(f([3], [2]).tolist()).toEqual([6]);
  expect(f([1, 2], [2]).tolist()).toEqual([2, 4]);
  expect(f(new Float64Array([1, 2]), [[3], [4]])).toMatchObject({ dtype: 'float64', shape: [2, 2] });
  expect(f.traces).toBe(3);
});

test('lists and plain objects of tensors, and what stands beside them', () => {
  interface Layer {
    readonly w: Tensor;
    readonly b: Tensor;
  }
  const net = jit((layers: readonly Layer[], x: Tensor, options: { readonly scale: number; readonly name: string }) => {
    let h = x;
    for (const { w, b } of layers) h = h.matmul(w).add(b);
    return { out: h.mul(options.scale), hidden: [h, x], label: options.name, none: null };
  });
  const layers = [
    {
      w: tensor([
        [1, 2],
        [3, 4],
      ]),
      b: tensor([1, 1]),
    },
    { w: tensor([[1], [1]]), b: tensor([0.5]) },
  ];
  const { out, hidden, label, none } = net(layers, [[1, 1]], { scale: 2, name: 'net' });
  expect([out.tolist(), hidden.map((h) => h.tolist()), label, none]).toEqual([
    [[25]],
    [[[12.5]], [[1, 1]]],
    'net',
    null,
  ]);
  net(layers, [[2, 1]], { scale: 2, name: 'net' });
  expect(net.traces).toBe(1);
  expect(net(layers, [[1, 1]], { scale: 3, name: 'net' }).out.tolist()).toEqual([[37.5]]);
  expect(net(layers.slice(0, 1), [[1, 1]], { scale: 2, name: 'net' }).out.tolist()).toEqual([[10, 14]]);
  expect(net.traces).toBe(3);
});

test('names of fields, and their order, are part of the structure', () => {
  const f = jit((given: { readonly [name: string]: Tensor }) =>
    Object.entries(given).map(([name, x]) => [name, x.mul(2)]),
  );
  const read = (given: { readonly [name: string]: Tensor }) =>
    f(given).map(([name, x]) => [name, typeof x === 'object' ? x.tolist() : x]);
  const [one, two] = [tensor(1), tensor(2)];
  expect(read({ a: one, b: two })).toEqual([
    ['a', 2],
    ['b', 4],
  ]);
  expect(read({ b: two, a: one })).toEqual([
    ['b', 4],
    ['a', 2],
  ]);
  expect(read({ a: one, c: two })).toEqual([
    ['a', 2],
    ['c', 4],
  ]);
  expect(read({ a: two, b: one })).toEqual([
    ['a', 4],
    ['b', 2],
  ]);
  expect(f.traces).toBe(3);
});

test('strings, booleans, null and functions are taken as they are', () => {
  const f = jit((x: Tensor, how: string, twice: boolean, g: ((x: Tensor) => Tensor) | null) => {
    const y = how === 'sum' ? x.sum() : x.mean();
    const z = twice ? y.mul(2) : y;
    return g === null ? z : g(z);
  });
  const negate = (x: Tensor): Tensor => x.neg();
  const given = [f([1, 3], 'sum', true, null), f([1, 3], 'mean', true, null), f([1, 3], 'mean', false, negate)];
  expect(given.map((y) => y.tolist())).toEqual([8, 4, -2]);
  expect(f([2, 3], 'sum', true, null).tolist()).toBe(10);
  expect(f.traces).toBe(3);
});

test('no arguments at all, and too many', () => {
  expect(jit(() => tensor([1, 2]).add(1))().tolist()).toEqual([2, 3]);
  const f = jit((...args: Tensor[]) => tensor(args.length));
  expect([f([1]).tolist(), f([1], [2]).tolist()]).toEqual([1, 2]);
});

test('one result twice, reshaped, and arguments among the results', () => {
  for (const size of [4, 400]) {
    const f = jit((x: Tensor, y: Tensor) => {
      const z = x.add(y);
      return [z, z.reshape([2, size / 2]), z.mul(2), x, y.reshape([2, size / 2]), z] as const;
    });
    const [x, y] = [numbers([size], 1), numbers([size], 2)];
    const results = f(x, y);
    const z = x.add(y);
    expect(bitsOf(...results)).toEqual(bitsOf(z, z.reshape([2, size / 2]), z.mul(2), x, y.reshape([2, size / 2]), z));
    // Whoever lets go of one leaves the others whole.
    results[0].dispose();
    results[3].dispose();
    expect(bitsOf(results[1], results[5], results[4], x, y)).toEqual(
      bitsOf(z.reshape([2, size / 2]), z, y.reshape([2, size / 2]), x, y),
    );
  }
});

test('of several results each has its gradient', () => {
  const f = (x: Tensor, y: Tensor) => [x.mul(y), x.sum(), tensor([1, 2]), y] as const;
  const jitted = jit(f);
  const each = (g: (x: Tensor, y: Tensor) => readonly Tensor[], k: number) =>
    vjp((x: Tensor, y: Tensor) => g(x, y)[k] as Tensor, [1, 2], [3, 4])[1]([5, 6].slice(0, k === 1 ? 1 : 2));
  for (const k of [0, 2, 3]) {
    expect(each(jitted, k).map((g) => g.tolist())).toEqual(each(f, k).map((g) => g.tolist()));
  }
  const together = (g: typeof f) => (x: Tensor, y: Tensor) =>
    g(x, y).reduce((sum, part) => sum.add(part.sum()), tensor(0));
  const [of, expected] = [jitted, f].map((g) => grad(together(g as typeof f), { argnums: [0, 1] })([1, 2], [3, 4]));
  expect(of?.map((g) => g.tolist())).toEqual(expected?.map((g) => g.tolist()));
});

test('integers and truth values pass through', () => {
  const f = jit((x: Tensor, n: Tensor, m: Tensor) => x.mul(n).add(m).sum());
  const given = [tensor([3, 4], { dtype: 'int32' }), tensor([true, false])] as const;
  expect(f([1, 2], ...given).tolist()).toBe(12);
  expect(grad(f)([1, 2], ...given).tolist()).toEqual([3, 4]);
});
