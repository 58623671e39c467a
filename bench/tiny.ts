/** The notebook's 3x3 convolution: at this size, nothing counts but what a call costs. */

import { conv, grad, type Tensor, tensor } from '../src/index.js';
import * as tf from '../src/tf/index.js';
import * as torch from '../src/torch/index.js';
import type { Benchmark } from './benchmark.js';
import { benchmarkOf, type Row } from './calls.js';

const image = [
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
];
const filter = [
  [1, 0, -1],
  [2, 0, -2],
  [1, 0, -1],
];

const F = torch.nn.functional;

function torchRows(): Row[] {
  const x = torch.tensor([[image]], { requires_grad: true });
  const f = torch.tensor([[filter]], { requires_grad: true });
  return [
    { door: 'torch', what: 'F.conv2d', run: () => F.conv2d(x, f), recorded: 3.1, peer: 'forward' },
    {
      door: 'torch',
      what: 'F.conv2d and autograd.grad of both',
      run: () => torch.autograd.grad(F.conv2d(x, f), [x, f]),
      recorded: 26.6,
      peer: 'gradients',
    },
    { door: 'torch', what: 'cell 1: tensors, views, sum, gradients', run: cell1, peer: 'cell' },
  ];
}

/** The notebook's first cell, without its printing. */
function cell1(): readonly torch.Tensor[] {
  const x = torch.tensor(image, { requires_grad: true });
  const f = torch.tensor(filter, { requires_grad: true });
  const y = F.conv2d(x.view(1, 1, 3, 3), f.view(1, 1, 3, 3), { padding: 0 });
  return torch.autograd.grad(y.sum(), [x, f]);
}

function coreRows(): Row[] {
  const [x, w] = [tensor([[image]]), tensor([[filter]])];
  const gradients = grad((input: Tensor, kernel: Tensor) => conv(input, kernel), { argnums: [0, 1] });
  return [
    { door: 'core', what: 'conv', run: () => conv(x, w) },
    { door: 'core', what: 'grad of conv by both', run: () => gradients(x, w) },
  ];
}

/** As TensorFlow lays it out: NHWC and HWIO. */
function tfRows(): Row[] {
  const x = new tf.Variable([image.map((row) => row.map((value) => [value]))]);
  const f = new tf.Variable(filter.map((row) => row.map((value) => [[value]])));
  const forward = () => tf.nn.conv2d(x, f, 1, 'VALID');
  const gradients = () => {
    const tape = new tf.GradientTape();
    return tape.gradient(tape.run(forward), [x, f]);
  };
  return [
    { door: 'tf', what: 'nn.conv2d', run: forward },
    { door: 'tf', what: 'nn.conv2d and tape.gradient of both', run: gradients },
  ];
}

export const tiny: Benchmark = benchmarkOf(
  "the notebook's 3x3 convolution",
  () => [...torchRows(), ...coreRows(), ...tfRows()],
  { torch: 'torch_tiny.py' },
);
