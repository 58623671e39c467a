/** using and dispose: what is freed, and what goes on because somebody else holds it. */

import { customVjp, grad, stopGradient, type Tensor, tensor, vjp } from 'adjoint';
import * as torch from 'adjoint/torch';
import { expect, test } from 'vitest';
import { expectDisposed, growth, LENGTH, ones, thrown } from './watch.js';

test('free at once', () => {
  const { arrays } = growth(() => {
    using x = ones();
    using y = x.mul(x);
    const z = torch.ones([LENGTH]);
    expect(y.data[0]).toBe(1);
    z.dispose();
  });
  expect(arrays).toBe(0);
});

test.each([LENGTH, 3])('of %i elements: whatever needs them then is an error, and the shape is not', (length) => {
  const core = tensor(new Float32Array(length));
  core.dispose();
  const uses = [() => core.tolist(), () => core.data, () => core.add(1), () => core.reshape([length, 1])];
  for (const use of uses) expectDisposed(use);
  expect([core.shape, core.dtype, core.size]).toEqual([[length], 'float32', length]);

  const x = torch.zeros([length], { requires_grad: true });
  x.dispose();
  for (const use of [() => x.tolist(), () => String(x), () => x.mul(2), () => x.detach().exp(), () => x.sum()])
    expectDisposed(use);
  expect([...x.shape]).toEqual([length]);
});

test('twice is as once', () => {
  const x = ones();
  const y = x.reshape([10, 100]);
  x.dispose();
  x.dispose();
  expect(y.data[0]).toBe(1);
  y.dispose();
  expectDisposed(() => y.data);
});

test.each<[string, (x: torch.Tensor) => torch.Tensor | Tensor]>([
  ['reshape', (x) => x.reshape(10, 100)],
  ['view', (x) => x.view(-1)],
  ['clone', (x) => x.clone()],
  ['expand', (x) => x.expand(LENGTH)],
  ['detach', (x) => x.detach()],
  ['numpy', (x) => x.detach().numpy()],
  ['from_numpy', (x) => torch.from_numpy(x)],
  ['tensor', (x) => tensor(x)],
  ['stopGradient', (x) => stopGradient(x)],
  [
    'a custom rule of the identity',
    (x) =>
      customVjp(
        (v: torch.Tensor) => v,
        (gy) => [gy],
      )(x),
  ],
  ['the value of vjp of the identity', (x) => vjp((v: torch.Tensor) => v, x)[0]],
  ['the gradient of vjp of the identity', (x) => vjp((v: torch.Tensor) => v, torch.zeros([LENGTH]))[1](x)[0] ?? x],
])('of what shares its elements with another (%s): the other stays whole', (_, derive) => {
  for (const requires_grad of [false, true]) {
    const x = torch.ones([LENGTH], { requires_grad });
    derive(x).dispose();
    expect(x.sum().item()).toBe(LENGTH);
    const y = derive(x);
    x.dispose();
    expect(y.toCore().data).toEqual(new Float32Array(LENGTH).fill(1));
  }
});

test('of one gradient, where an addition gives all its operands the same: the others stay whole', () => {
  const inputs = [1, 2, 3].map((value) => torch.full([LENGTH], value, { requires_grad: true }));
  const [a, b, c] = inputs as [torch.Tensor, torch.Tensor, torch.Tensor];
  const upstream = torch.full([LENGTH], 5);
  const gradients = torch.autograd.grad(a.add(b).add(c), [a, b, c, a], { grad_outputs: upstream });
  for (const gradient of [...gradients]) {
    expect(gradient.tolist()).toEqual(Array(LENGTH).fill(5));
    gradient.dispose();
  }
  expect(upstream.sum().item()).toBe(5 * LENGTH);
  a.add(b).sum().backward();
  a.grad?.dispose();
  expect(b.grad?.sum().item()).toBe(LENGTH);
});

test('a graph holds what its gradients need, and lets go of it after backward', () => {
  const x = torch.full([LENGTH], 3, { requires_grad: true });
  const cube = (v: torch.Tensor): torch.Tensor => {
    using square = v.mul(v);
    return square.mul(v).sum();
  };
  const { arrays } = growth(() => {
    const loss = cube(x);
    loss.backward();
    expect(x.grad?.tolist()).toEqual(Array(LENGTH).fill(27));
    expect(thrown(() => loss.backward())).toMatchObject({ code: 'graph-freed' });
    x.grad = null;
  });
  // The square is free; the gradients on the way are left to the collector.
  const { arrays: without } = growth(() => {
    const square = x.mul(x);
    square.mul(x).sum().backward();
    x.grad = null;
  });
  expect(arrays).toBe(without - 1);
  expect(
    grad((v: Tensor) => {
      using square = v.mul(v);
      return square.mul(v).sum();
    })(ones()).data[0],
  ).toBe(3);
  const [, pullback] = vjp((v: Tensor) => {
    using square = v.mul(v);
    return square.mul(v);
  }, ones());
  for (const seed of [1, 2]) expect(pullback(tensor(new Float32Array(LENGTH).fill(seed)))[0]?.data[0]).toBe(3 * seed);
});

test('a parameter that is disposed of before backward', () => {
  const [x, w] = [torch.ones([LENGTH], { requires_grad: true }), torch.full([LENGTH], 2, { requires_grad: true })];
  const y = x.mul(w).sum();
  x.dispose();
  y.backward();
  expect(w.grad?.tolist()).toEqual(Array(LENGTH).fill(1));
  expectDisposed(() => x.tolist());
});
