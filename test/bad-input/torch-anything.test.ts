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
it('functions of elements', () => {
  const unary = [
    'sin',
    'square',
    'reciprocal',
    'log2',
    'sign',
    'floor',
    'round',
    'frac',
    'isnan',
    'logical_not',
    'ravel',
  ];
  for (const name of [...unary, 'trace', 'fliplr', 'atleast_2d', 'numel', 'is_floating_point', 'argwhere', 'nonzero']) {
    expectOwnErrors(call(name), [two], ['input', 'decimals', 'as_tuple']);
  }
  for (const name of [
    'eq',
    'lt',
    'remainder',
    'fmod',
    'floor_divide',
    'logical_and',
    'bitwise_xor',
    'isclose',
    'dist',
  ]) {
    expectOwnErrors(call(name), [two, two], ['other', 'rtol', 'p']);
  }
  expectOwnErrors(torch.div, [two, two], ['rounding_mode']);
  expectOwnErrors(torch.clamp, [two, 0, 1], ['min', 'max']);
  expectOwnErrors(torch.lerp, [two, two, 0.5], ['weight']);
  expectOwnErrors(torch.addcmul, [two, two, two], ['value']);
  expectOwnErrors(torch.where, [two.gt(1), two, 0], ['other']);
});
it('reductions and sorts', () => {
  for (const name of ['var', 'std', 'var_mean', 'prod', 'all', 'any', 'argmax', 'max', 'min', 'median', 'nanmean']) {
    expectOwnErrors(call(name), [two, 0, true], ['dim', 'keepdim', 'dtype', 'correction', 'unbiased', 'other', 'axis']);
  }
  for (const name of [
    'cumsum',
    'cumprod',
    'logsumexp',
    'sort',
    'argsort',
    'unbind',
    'count_nonzero',
    'topk',
    'chunk',
  ]) {
    expectOwnErrors(call(name), [two, 0], ['dim', 'dtype', 'descending', 'k', 'largest']);
  }
  expectOwnErrors(torch.norm, [two, 2, 0, true], ['p', 'dim', 'dtype']);
  expectOwnErrors(torch.linalg.norm, [two, 2, 0, true], ['ord', 'dim', 'dtype']);
  expectOwnErrors(torch.aminmax, [two], ['dim', 'keepdim']);
  expectOwnErrors(torch.unique, [two, true, true, true], ['return_counts', 'dim']);
});
it('products', () => {
  const square = torch.ones(2, 2);
  for (const name of ['mm', 'inner', 'tensordot', 'matmul'])
    expectOwnErrors(call(name), [square, square], ['dims', 'mat2']);
  for (const name of ['dot', 'outer', 'vdot']) expectOwnErrors(call(name), [two, two], ['tensor', 'vec2']);
  expectOwnErrors(torch.mv, [square, two], ['vec']);
  expectOwnErrors(torch.bmm, [torch.ones(1, 2, 2), torch.ones(1, 2, 2)], ['mat2']);
  expectOwnErrors(torch.addmm, [square, square, square], ['beta', 'alpha']);
  expectOwnErrors(torch.einsum, ['ij,j->i', square, two]);
  expectOwnErrors(torch.einsum, [square, [0, 1], two, [1], [0]]);
});
it('arrangements', () => {
  const index = torch.tensor([0, 1], { dtype: torch.int64 });
  for (const name of ['cat', 'stack', 'hstack', 'vstack', 'meshgrid', 'broadcast_tensors']) {
    expectOwnErrors(call(name), [[two, two]], ['dim', 'tensors', 'indexing']);
  }
  for (const name of ['roll', 'tile', 'split', 'tensor_split', 'repeat_interleave', 'broadcast_to', 'diag', 'tril']) {
    expectOwnErrors(call(name), [two, 2], ['shifts', 'dims', 'dim', 'size', 'repeats', 'diagonal']);
  }
  expectOwnErrors(torch.rot90, [x, 1, [0, 1]], ['k', 'dims']);
  expectOwnErrors(torch.movedim, [x, 0, 1], ['source']);
  expectOwnErrors(torch.narrow, [two, 0, 0, 1], ['length']);
  expectOwnErrors(torch.select, [two, 0, 1], ['index']);
  expectOwnErrors(torch.unflatten, [two, 0, [1, 2]], ['sizes']);
  expectOwnErrors(torch.diagonal, [x, 0, 0, 1], ['offset']);
  for (const name of ['gather', 'index_select']) expectOwnErrors(call(name), [two, 0, index], ['index']);
  for (const name of ['scatter', 'scatter_add']) expectOwnErrors(call(name), [two, 0, index, two], ['src']);
  expectOwnErrors(torch.take_along_dim, [two, index, 0], ['dim']);
  expectOwnErrors(torch.take, [two, index]);
  expectOwnErrors(torch.masked_fill, [two, two.gt(1), 0], ['value']);
  expectOwnErrors(torch.masked_select, [two, two.gt(1)]);
});
it('ranges and dtypes', () => {
  expectOwnErrors(torch.linspace, [0, 1, 3], ['dtype', 'steps']);
  expectOwnErrors(torch.logspace, [0, 1, 3, 10], ['base']);
  expectOwnErrors(torch.range, [0, 3, 1], ['dtype']);
  expectOwnErrors(torch.full_like, [two, 1], ['dtype', 'fill_value']);
  expectOwnErrors(torch.tril_indices, [2, 2, 0], ['offset', 'dtype']);
  expectOwnErrors(torch.as_tensor, [[1], torch.float64], ['dtype']);
  expectOwnErrors(torch.asarray, [[1]], ['dtype', 'copy', 'requires_grad']);
  expectOwnErrors(torch.scalar_tensor, [1], ['dtype']);
  for (const name of ['finfo', 'promote_types', 'result_type', 'can_cast', 'device', 'iinfo'])
    expectOwnErrors(call(name), ['int32', 'int32']);
  for (const name of [
    'new_zeros',
    'new_full',
    'new_tensor',
    'type',
    'type_as',
    'expand_as',
    'view_as',
    'repeat',
    'where',
  ] as const) {
    expectOwnErrors((...args: never[]) => Reflect.apply(two[name], two, args), [[2], 1], ['dtype', 'size', 'other']);
  }
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
