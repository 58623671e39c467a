/** Whatever is given, a function of adjoint/torch gives a result or an error of ours. */

import { convSpec } from 'adjoint';
import * as torch from 'adjoint/torch';
import { it } from 'vitest';
import { expectOwnErrors } from './anything.js';

const { autograd } = torch;
const { functional: F } = torch.nn;
const x = torch.ones(1, 2, 4, 4);
const w = torch.ones(3, 2, 2, 2);
const two = torch.tensor([1, 2], { requires_grad: true });

/** A function of the module by its name. */
const functions = new Map<string, unknown>(Object.entries(torch));
function call(name: string): (...args: never[]) => unknown {
  const f = functions.get(name);
  if (typeof f !== 'function') throw new Error(`no function ${name}`);
  return (...args) => Reflect.apply(f, undefined, args);
}

it('convolutions', () => {
  const keywords = ['bias', 'stride', 'padding', 'dilation', 'groups', 'output_padding', 'foo'];
  expectOwnErrors(F.conv2d, [x, w], keywords);
  expectOwnErrors(F.conv2d, [x, w, null, 1, 0, 1, 1]);
  expectOwnErrors(F.conv_transpose2d, [x, torch.ones(2, 3, 2, 2), null, 1, 0, 0, 1, 1], keywords);
  expectOwnErrors(F.conv1d, [torch.ones(2, 4), torch.ones(3, 2, 2)], keywords);
  expectOwnErrors(F.conv3d, [torch.ones(1, 2, 2, 2, 2), torch.ones(1, 2, 2, 2, 2)], keywords);
  expectOwnErrors(convSpec.torch, [[1, 1, 5, 5], [1, 1, 2, 2], { padding: 'same' }]);
});
it('makers', () => {
  const keywords = ['dtype', 'device', 'requires_grad'];
  expectOwnErrors(torch.tensor, [[1]], keywords);
  expectOwnErrors(torch.from_numpy, [two]);
  expectOwnErrors(torch.zeros, [[2]], [...keywords, 'size']);
  expectOwnErrors(torch.zeros, [2, 2]);
  expectOwnErrors(torch.full, [[2], 1], keywords);
  expectOwnErrors(torch.ones_like, [two], keywords);
  expectOwnErrors(torch.eye, [2, 2], keywords);
  expectOwnErrors(torch.arange, [0, 3, 1], [...keywords, 'step']);
  expectOwnErrors(torch.rand, [[2]], [...keywords, 'generator']);
  expectOwnErrors(torch.randn, [2, 2]);
  expectOwnErrors(torch.randint, [0, 3, [2]], [...keywords, 'generator', 'low']);
  expectOwnErrors(torch.manual_seed, [0]);
  expectOwnErrors(
    torch.set_printoptions,
    [],
    ['precision', 'threshold', 'edgeitems', 'linewidth', 'profile', 'sci_mode'],
  );
  torch.set_printoptions({ profile: 'default' });
});
it('functions', () => {
  for (const name of [
    'add',
    'sub',
    'mul',
    'div',
    'pow',
    'maximum',
    'minimum',
    'matmul',
    'equal',
    'allclose',
  ] as const) {
    expectOwnErrors(call(name), [two, two], ['other', 'alpha', 'exponent', 'rtol', 'equal_nan']);
  }
  for (const name of ['neg', 'abs', 'exp', 'log', 'sqrt', 'tanh', 'sigmoid', 'relu', 't', 'clone'] as const) {
    expectOwnErrors(call(name), [two]);
  }
  for (const name of ['sum', 'mean', 'amax', 'amin'] as const) {
    expectOwnErrors(call(name), [two, 0, true], ['dim', 'keepdim', 'dtype']);
  }
  for (const name of ['flip', 'permute', 'reshape', 'squeeze', 'unsqueeze'] as const) {
    expectOwnErrors(call(name), [two, [0]], ['dims', 'shape', 'dim']);
  }
  expectOwnErrors(torch.transpose, [x, 0, 1], ['dim1']);
  expectOwnErrors(torch.flatten, [x, 0, 1], ['end_dim']);
  expectOwnErrors(F.pad, [two, [1, 1], 'constant', 0], ['value']);
  expectOwnErrors(F.relu, [two, false], ['inplace']);
});
it('methods', () => {
  const methods = [
    'view',
    'reshape',
    'flip',
    'permute',
    'expand',
    'squeeze',
    'unsqueeze',
    'to',
    'size',
    'backward',
  ] as const;
  for (const name of [...methods, 'rsub', 'rdiv', 'requires_grad_', 'sum', 'add'] as const) {
    expectOwnErrors((...args: never[]) => Reflect.apply(torch.ones(2)[name], torch.ones(2), args), [1, 1]);
  }
  expectOwnErrors((grad: never) => Object.assign(torch.ones(2), { grad }), [two]);
});
it('autograd', () => {
  const keywords = ['grad_outputs', 'retain_graph', 'create_graph', 'allow_unused', 'materialize_grads', 'inputs'];
  expectOwnErrors((...args: never[]) => Reflect.apply(autograd.grad, undefined, [two.sum(), ...args]), [two], keywords);
  expectOwnErrors(autograd.grad, [two, two, two]);
  expectOwnErrors(autograd.backward, [two, two], keywords);
  expectOwnErrors(autograd.Variable, [two, true]);
  expectOwnErrors(torch.no_grad, [() => 1]);
});
