/** Cells of PyTorch. */

import * as torch from 'adjoint/torch';
import type { Door } from './cells.js';

const { functional: F } = torch.nn;

/** Tensors that want gradients, among the values of a list. */
const differentiable = (values: readonly unknown[]): torch.Tensor[] =>
  values.filter((x) => x instanceof torch.Tensor && x.requires_grad) as torch.Tensor[];

const leafOf = (x: unknown): unknown =>
  x instanceof torch.Tensor && x.dtype.is_floating_point ? x.detach().clone().requires_grad_() : x;

const listOf = (value: unknown): unknown[] => (value instanceof torch.Tensor ? [value] : Object.values(Object(value)));

/** Steps of an optimizer; the losses before each. */
function train(optimizer: torch.optim.Optimizer, loss: () => torch.Tensor, steps = 20): torch.Tensor[] {
  return Array.from({ length: steps }, () => {
    optimizer.zero_grad();
    const value = loss();
    value.backward();
    optimizer.step();
    return value.detach();
  });
}

/** The learning rate of each of some epochs. */
function rates(scheduler: torch.optim.lr_scheduler.LRScheduler, steps: number): (number | undefined)[] {
  return Array.from({ length: steps }, () => {
    const [rate] = scheduler.get_last_lr();
    scheduler.step();
    return rate;
  });
}

export const torchDoor: Door = {
  str: torch.str,
  repr: torch.repr,
  scope: {
    torch,
    train,
    rates,
    F,
    nn: torch.nn,
    ones: torch.ones,
    no_grad: torch.no_grad,
    enable_grad: torch.enable_grad,
    r: (n: number) => torch.arange(n, { dtype: torch.float32 }),
  },
  make: (values, shape, dtype) => torch.tensor(values).to(dtype).reshape(shape),
  gradients(f, inputs, order, like) {
    const given = inputs.map(leafOf);
    const leaves = differentiable(given);
    const results = listOf(f(...given));
    const outputs = differentiable(results);
    const upstream = outputs.map((y, i) => (like(y, 101 + i) as torch.Tensor).requires_grad_(order === 2));
    const options = { grad_outputs: upstream, create_graph: order === 2, allow_unused: true };
    const first = torch.autograd.grad(outputs, leaves, options);
    if (order === 1) return [...results, ...first];
    const parts = first.flatMap((g, i) => (g?.requires_grad ? [g.mul(like(g, 201 + i) as torch.Tensor).sum()] : []));
    const second = torch.autograd.grad(parts, [...leaves, ...upstream], { allow_unused: true });
    return [...results, ...first, ...second];
  },
  reset: () => torch.set_printoptions({ profile: 'default' }),
};
