/** tidy around what is differentiated: all that gradients will read lives on. */

import { conv, grad, type Tensor, tensor, tidy } from 'adjoint';
import * as tf from 'adjoint/tf';
import * as torch from 'adjoint/torch';
import { expect, test } from 'vitest';
import { BYTES, growth } from './watch.js';

const F = torch.nn.functional;

const image = Float32Array.from({ length: 400 }, (_, i) => (i * 7) % 11);
const leaf = (): torch.Tensor => torch.tensor(tensor(image, { shape: [1, 1, 20, 20] }), { requires_grad: true });
const weight = (): torch.Tensor => torch.ones([1, 1, 3, 3], { requires_grad: true });
const energy = (x: torch.Tensor, w: torch.Tensor): torch.Tensor => {
  const y = F.conv2d(x, w);
  return y.mul(y).sum();
};

/** Without any tidy. */
const [gx, gw] = (() => {
  const [x, w] = [leaf(), weight()];
  return torch.autograd.grad(energy(x, w), [x, w]).map((gradient) => gradient.tolist());
})();

test('what a gradient of the result will read lives on', () => {
  const [x, w] = [leaf(), weight()];
  const loss = tidy(() => {
    F.conv2d(x, w);
    return { value: energy(x, w) };
  });
  // Freed memory is taken again, and would show.
  for (let i = 0; i < 10; i++) torch.full([400], 99);
  loss.value.backward();
  expect(x.grad?.tolist()).toEqual(gx);
  expect(w.grad?.tolist()).toEqual(gw);
});

test('what backward() put into the leaves lives on, added up too', () => {
  const [x, w] = [leaf(), weight()];
  for (let i = 0; i < 2; i++) tidy(() => energy(x, w).backward());
  for (let i = 0; i < 10; i++) torch.full([400], 99);
  const [twice] = [x.grad].map((gradient) => gradient?.div(2).tolist());
  expect(twice).toEqual(gx);
  expect(w.grad?.div(2).tolist()).toEqual(gw);
});

test('and its own graph', () => {
  const x = leaf();
  tidy(() => x.mul(x).mul(x).sum().backward({ create_graph: true }));
  for (let i = 0; i < 10; i++) torch.full([400], 99);
  const [second] = torch.autograd.grad((x.grad as torch.Tensor).sum(), [x]);
  expect(second?.toCore().data).toEqual(image.map((value) => 6 * value));
});

test('a grad that is assigned lives on', () => {
  const x = leaf();
  tidy(() => {
    x.grad = torch.ones([1, 1, 20, 20]);
  });
  expect(x.grad?.sum().item()).toBe(400);
});

test('within no_grad, a result recorded by enable_grad keeps its graph', () => {
  const [x, w] = [leaf(), weight()];
  const loss = torch.no_grad(() => tidy(() => torch.enable_grad(() => energy(x, w))));
  for (let i = 0; i < 10; i++) torch.full([400], 99);
  loss.backward();
  expect(x.grad?.tolist()).toEqual(gx);
});

test('within a function that grad differentiates', () => {
  const f = (x: Tensor, w: Tensor): Tensor => tidy(() => conv(x, w).mul(conv(x, w)).sum());
  const core = tensor(image, { shape: [1, 1, 20, 20] });
  const both = grad(f, { argnums: [0, 1] })(core, weight().detach().toCore());
  expect(both.map((gradient) => gradient.tolist())).toEqual([gx, gw]);
});

test('around grad: only the gradients stay', () => {
  const x = tensor(image, { shape: [400] });
  const { arrays, result } = growth(() => tidy(() => grad((v: Tensor) => v.mul(v).mul(v).sum())(x)));
  expect(arrays * BYTES).toBe(1600);
  expect(result.data).toEqual(image.map((value) => 3 * value * value));
});

test('within a tape, what its gradients will read lives on, and so does what a variable is assigned', () => {
  const x = new tf.Variable(image);
  const tape = new tf.GradientTape({ persistent: true });
  const y = tape.run(() =>
    tidy(() => {
      x.mul(3);
      return tf.reduce_sum(x.mul(x).mul(x));
    }),
  );
  tidy(() => x.assign(x.mul(2)));
  for (let i = 0; i < 10; i++) torch.full([400], 99);
  expect(tape.gradient(y, x)?.toCore().data).toEqual(image.map((value) => 3 * value * value));
  expect(x.toCore().data).toEqual(image.map((value) => 2 * value));
});
