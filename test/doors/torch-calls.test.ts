/** The forms in which TypeScript lets functions and methods of adjoint/torch be called: that they compile, and agree. */

import * as torch from 'adjoint/torch';
import { expect, test } from 'vitest';

const x = torch.tensor([
  [1, 5, 2],
  [4, 3, 6],
]);

const alike = (results: readonly unknown[]): void => {
  for (const result of results) expect(torch.repr(result)).toBe(torch.repr(results[0]));
};

test('by position, by name, and the first by position', () => {
  alike([x.sum(1, true), x.sum(1, { keepdim: true }), x.sum({ dim: 1, keepdim: true }), torch.sum(x, 1, true)]);
  alike([torch.sum(x, { axis: 1 }), torch.sum({ input: x, dim: 1 }), x.sum(1, false, { dtype: 'float32' }), x.sum(-1)]);
  alike([x.add(2, { alpha: 3 }), x.add({ other: 2, alpha: 3 }), torch.add(x, { other: 6 }), torch.add(6, x)]);
  alike([x.clamp(2, 4), x.clamp(2, { max: 4 }), x.clamp({ min: 2, max: 4 }), torch.clamp(x, 2, { max: 4 })]);
  alike([
    x.lerp(x, 0.5),
    x.lerp(x, { weight: 2 }),
    torch.lerp(x, { end: x, weight: 1 }),
    torch.lerp(x, x, { weight: 1 }),
  ]);
  alike([x.narrow(1, 0, 2), torch.narrow(x, 1, 0, { length: 2 }), x.narrow({ dim: 1, start: 0, length: 2 })]);
  alike([x.roll(1, 0), torch.roll(x, { shifts: 1, dims: 0 }), x.roll(1, { dims: [0] })]);
  alike([x.norm(1, 1), x.norm(1, { dim: 1 }), torch.norm(x, { p: 1, dim: 1 }), torch.linalg.norm(x, 1, { dim: 1 })]);
  alike([x.gather(1, x.argsort()), torch.gather(x, { dim: 1, index: x.argsort() }), x.sort().values]);
});

test('functions of several forms and of several results', () => {
  const { values, indices } = x.max(1);
  const [first, second] = torch.max(x, { dim: 1 });
  alike([values, first, x.amax(1), x.max({ dim: 1 }).values]);
  alike([indices, second, x.argmax(1), torch.argmax(x, { dim: 1 })]);
  alike([x.max(), torch.max(x), x.amax()]);
  alike([x.max(x), x.max({ other: x }), torch.max(x, x)]);
  alike([
    x.var(1, false),
    x.var({ dim: 1, correction: 0 }),
    torch.var(x, 1, { unbiased: false }),
    torch.var_mean(x, 1, false)[0],
  ]);
  alike([x.var(false), torch.var(x, { correction: 0 })]);
  alike([x.split(2, 1), torch.split(x, 2, { dim: 1 }), x.split([2, 1], 1)]);
  alike([
    torch.cat([x, x], 1),
    torch.cat([x, x], { dim: 1 }),
    torch.hstack([x, x]),
    torch.concat({ tensors: [x, x], axis: 1 }),
  ]);
  alike([torch.where(x.gt(2)), x.gt(2).nonzero({ as_tuple: true })]);
  alike([torch.meshgrid(x.ravel(), { indexing: 'ij' }), torch.meshgrid([x.ravel()])]);
  alike([[...x], x.unbind(), torch.unbind(x, 0)].map((rows) => [...rows].map((row) => row.tolist())));
});

test('the last ones by name, whatever stands in front', () => {
  alike([torch.transpose(x, 0, 1), torch.transpose(x, 0, { dim1: 1 }), torch.transpose(x, { dim0: 0, dim1: 1 })]);
  alike([torch.arange(0, 3), torch.arange(0, { end: 3 }), torch.arange({ end: 3 })]);
  const a = torch.ones([2], { requires_grad: true });
  const [y, gy] = [a.mul(2), torch.ones([2])];
  alike([
    torch.autograd.grad([y], [a], [gy], true),
    torch.autograd.grad([y], [a], [gy], { retain_graph: true }),
    torch.autograd.grad([y], [a], [gy], true, { allow_unused: true }),
  ]);
  y.backward(gy, { retain_graph: true });
  torch.autograd.backward([y], [gy], { retain_graph: true });
  expect(a.grad?.tolist()).toEqual([4, 4]);
  const { nn, optim } = torch;
  alike([
    new nn.ConvTranspose2d(1, 1, 3, 2, 1, { output_padding: 1 }),
    new nn.ConvTranspose2d(1, 1, 3, { stride: 2, padding: 1, output_padding: 1 }),
  ]);
  alike([new optim.SGD([a], 0.1, 0.9, { nesterov: true }), new optim.SGD([a], 0.1, 0.9, 0, 0, true)]);
});

test('torch.Size takes the sizes as a list; item() is a number for TypeScript', () => {
  const size = new torch.Size([2, 3]);
  expect([torch.repr(size), size.length, size.numel(), new torch.Size([3]).length]).toEqual([
    'torch.Size([2, 3])',
    2,
    6,
    1,
  ]);
  const [sum, some]: [number, boolean] = [x.sum().item() + 1, x.gt(5).any().item<boolean>()];
  expect([sum, some]).toEqual([22, true]);
});
