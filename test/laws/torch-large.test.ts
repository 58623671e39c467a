/** Functions that trace large operands: a row of a large tensor is what that row is by itself, derivatives too. */

import * as torch from 'adjoint/torch';
import { expect, it } from 'vitest';

const { functional: F } = torch.nn;
type T = torch.Tensor;

const rows = 512;
const width = 160;

const byRows: { readonly [name: string]: (x: T) => T } = {
  relu: (x) => F.relu(x),
  leaky_relu: (x) => F.leaky_relu(x, 0.3),
  elu: (x) => F.elu(x, 0.7),
  gelu: (x) => F.gelu(x),
  'gelu by tanh': (x) => F.gelu(x, { approximate: 'tanh' }),
  mish: (x) => F.mish(x),
  softplus: (x) => F.softplus(x, 2, 1),
  hardswish: (x) => F.hardswish(x),
  softmax: (x) => F.softmax(x, 1),
  log_softmax: (x) => F.log_softmax(x, 1),
  layer_norm: (x) => F.layer_norm(x, [width]),
  rms_norm: (x) => F.rms_norm(x, [width]),
  group_norm: (x) => F.group_norm(x, 4),
  instance_norm: (x) => F.instance_norm(x.reshape(x.shape[0] as number, 4, width / 4)).reshape(-1, width),
  'batch_norm in evaluation': (x) => F.batch_norm(x, torch.full([width], 0.1, double), torch.full([width], 2, double)),
  'mse_loss of each': (x) => F.mse_loss(x, torch.zeros_like(x), { reduction: 'none' }),
  'huber_loss of each': (x) => F.huber_loss(x, torch.zeros_like(x), 'none', 0.5),
};

const double = { dtype: torch.float64 };

/** What f gives, its gradient, and the gradient of that gradient's squares. */
function derivatives(f: (x: T) => T, values: T, upstream: T): T[] {
  const x = values.detach().requires_grad_();
  const y = f(x);
  const [first] = torch.autograd.grad(y, x, { grad_outputs: upstream, create_graph: true });
  if (first === null || first === undefined) throw new Error('no gradient');
  const squares = torch.autograd.grad(first.mul(first).add(x.mul(0)).sum(), x);
  return [y.detach(), first.detach(), squares[0] as T];
}

for (const [name, f] of Object.entries(byRows)) {
  it(name, () => {
    torch.manual_seed(7);
    const x = torch.randn([rows, width], double);
    const upstream = torch.randn([rows, width], double);
    const whole = derivatives(f, x, upstream);
    const part = derivatives(f, x.at('3:5'), upstream.at('3:5'));
    whole.forEach((large, i) => {
      expect(torch.allclose(large.at('3:5'), part[i] as T, 1e-9, 1e-10)).toBe(true);
    });
  });
}

it('batch_norm in training, and what runs with it', () => {
  torch.manual_seed(7);
  const x = torch.randn([rows, 4, width / 4], double).requires_grad_();
  const upstream = torch.randn([rows, 4, width / 4], double);
  const [mean, variance] = [torch.zeros(4, double), torch.ones(4, double)];
  const y = F.batch_norm(x, mean, variance, null, null, true, 1);
  const plain = x.mean([0, 2]);
  const spread = x.sub(plain.reshape(1, 4, 1));
  const biased = spread.mul(spread).mean([0, 2]);
  const expected = spread.div(biased.add(1e-5).sqrt().reshape(1, 4, 1));
  expect(torch.allclose(y, expected, 1e-9, 1e-12)).toBe(true);
  expect(torch.allclose(mean, plain.detach(), 1e-9, 1e-12)).toBe(true);
  const count = rows * (width / 4);
  expect(torch.allclose(variance, biased.detach().mul(count / (count - 1)), 1e-9, 1e-12)).toBe(true);
  const [a] = torch.autograd.grad(y, x, upstream);
  const [b] = torch.autograd.grad(expected, x, upstream);
  expect(torch.allclose(a as T, b as T, 1e-9, 1e-12)).toBe(true);
});
