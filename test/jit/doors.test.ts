/** jit of functions of every door. */

import { grad, jit, Tensor, tensor } from 'adjoint';
import * as np from 'adjoint/numpy';
import * as tf from 'adjoint/tf';
import * as torch from 'adjoint/torch';
import { expect, test } from 'vitest';

const F = torch.nn.functional;

test('torch: results, gradients, no_grad', () => {
  const x = torch.tensor([
    [
      [
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
      ],
    ],
  ]);
  const w = torch.tensor(
    [
      [
        [
          [1, 0],
          [0, -1],
        ],
      ],
    ],
    { requires_grad: true },
  );
  const f = (input: torch.Tensor, kernel: torch.Tensor) => F.conv2d(input, kernel, { padding: 1 }).mul(2).pow(2);
  const jitted = jit(f);
  expect(String(jitted(x, w).detach())).toBe(String(f(x, w).detach()));
  expect(jitted(x, w)).toBeInstanceOf(torch.Tensor);
  jitted(x, w).sum().backward();
  const [expected] = torch.autograd.grad(f(x, w).sum(), [w]);
  expect(String(w.grad)).toBe(String(expected));
  expect(torch.no_grad(() => jitted(x, w).requires_grad)).toBe(false);
  const second = (g: typeof f) => {
    const [dw] = torch.autograd.grad(g(x, w).sum(), [w], { create_graph: true });
    return String(torch.autograd.grad((dw as torch.Tensor).pow(2).sum(), [w])[0]);
  };
  expect(second(jitted)).toBe(second(f));
});

test('torch: a gradient inside no_grad, of a traced function', () => {
  const f = jit((x: torch.Tensor) => x.mul(x).sum());
  const gradient = torch.no_grad(() => grad(f)(torch.tensor([1, 2])));
  expect(String(gradient)).toBe('tensor([2., 4.])');
});

test('tf: results, tapes, variables', () => {
  const v = new tf.Variable([1, 2, 3]);
  const f = jit((x: tf.Variable, c: tf.Tensor) => tf.math.exp(tf.multiply(x, c)));
  const tape = new tf.GradientTape();
  const y = tape.run(() => f(v, tf.constant([2, 2, 2])));
  expect(y).toBeInstanceOf(tf.Tensor);
  const other = new tf.GradientTape();
  const z = other.run(() => tf.math.exp(tf.multiply(v, tf.constant([2, 2, 2]))));
  expect(String(y)).toBe(String(z));
  expect(String(tape.gradient(y, v))).toBe(String(other.gradient(z, v)));
});

test('numpy: arrays and scalars', () => {
  const a = np.array([
    [1.5, 2, 3],
    [4, 5, 6],
  ]);
  const f = jit((x: np.ndarray) => [np.flip(x), np.sum(x)] as const);
  expect(f(a).map(String)).toEqual([np.flip(a), np.sum(a)].map(String));
  expect(f(a).map((y) => y.__repr__())).toEqual([np.flip(a), np.sum(a)].map((y) => y.__repr__()));
  expect(String(grad(jit((x: np.ndarray) => np.sum(x.mul(x))))(a))).toBe(String(a.mul(2)));
});

test('each door is traced for itself', () => {
  const f = jit((x: { mul(n: number): unknown }) => x.mul(2));
  expect(f(torch.tensor([1]))).toBeInstanceOf(torch.Tensor);
  expect(f(np.array([1.5]))).toBeInstanceOf(np.ndarray);
  expect(f(tensor([1]))).toBeInstanceOf(Tensor);
  expect(f.traces).toBe(3);
});
