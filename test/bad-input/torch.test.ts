/** Bad arguments of adjoint/torch: PyTorch's own refusals, then ours; and that nothing else is ever thrown. */

import { readFileSync } from 'node:fs';
import { convSpec, tensor as core } from 'adjoint';
import * as torch from 'adjoint/torch';
import { describe, expect, it } from 'vitest';
import { runCell } from '../support/cell.js';
import { bad, errorOf, type Row, testTables } from './row.js';
import { codes, inOurWords, ours, type Refusal, tellsLittle } from './torch/recorded.js';

const { functional: F } = torch.nn;

const file = new URL('../golden/torch-errors.json', import.meta.url);
const { errors }: { errors: { [group: string]: Refusal[] } } = JSON.parse(readFileSync(file, 'utf8'));

describe.each(Object.entries(errors))('as PyTorch refuses it: %s', (_group, refusals) => {
  it.each(refusals)('%s', (source, name, message) => {
    const error = errorOf(() => runCell(source, { torch, F, ones: torch.ones }));
    const [expectedName, expectedStart] = ours[source] ?? [name, tellsLittle.test(message) ? '' : inOurWords(message)];
    expect(error.name).toBe(expectedName === 'TypeError' ? 'TypeError_' : expectedName);
    expect(error.message.slice(0, expectedStart.length)).toBe(expectedStart);
    const code = codes.find(([, pattern]) => pattern.test(error.message))?.[0];
    expect(error.code).toBe(code);
  });
});

it('says something else than PyTorch only where a recording has another text', () => {
  const recorded = Object.values(errors).flat();
  for (const source of Object.keys(ours)) expect(recorded.map(([call]) => call)).toContain(source);
});

const two = torch.tensor([1, 2], { requires_grad: true });
const whole = torch.tensor([1, 2], { dtype: torch.int64 });
const { autograd } = torch;

const making: readonly Row[] = [
  ['tensor null', () => torch.tensor(bad(null)), 'TypeError_ bad-argument', "'data' must not be None"],
  ['tensor [null]', () => torch.tensor(bad([null])), 'TypeError_ bad-argument', 'not NoneType'],
  ['tensor, a sparse list', () => torch.tensor(bad(new Array(1))), 'TypeError_ bad-argument', 'not NoneType'],
  ['tensor, an object', () => torch.tensor(bad(new Date(0))), 'TypeError_ bad-argument', 'not Date'],
  ['tensor, 16 bits', () => torch.tensor(new Int16Array(2)), 'TypeError_ bad-argument', 'Int16Array has no dtype'],
  [
    'tensor, 2^64',
    () => torch.tensor([2n ** 64n]),
    'RuntimeError bad-argument',
    'int64 without overflow: 18446744073709551616',
  ],
  ['tensor, device', () => torch.tensor(1, { device: bad('gpu') }), 'RuntimeError bad-argument', "no device 'gpu'"],
  ['tensor, device 3', () => torch.tensor(1, { device: bad(3) }), 'TypeError_ bad-argument', 'torch.device, not int'],
  [
    'tensor, data twice',
    () => torch.tensor(bad([1]), bad({ data: [1] })),
    'TypeError_ unexpected-argument',
    'multiple',
  ],
  ['from_numpy null', () => torch.from_numpy(bad(null)), 'TypeError_ bad-argument', "'ndarray'"],
  ['zeros, too large', () => torch.zeros(2 ** 31), 'RuntimeError too-large', '2147483647'],
  ['zeros null', () => torch.zeros(bad(null)), 'TypeError_ bad-argument', "'size' must not be None"],
  ['zeros 2, null', () => torch.zeros(2, bad(null)), 'TypeError_ bad-argument', 'element of type NoneType at pos 1'],
  ['zeros NaN', () => torch.zeros(Number.NaN), 'TypeError_ bad-argument', 'tuple of ints, not float'],
  ['full, fill_value null', () => torch.full([2], bad(null)), 'TypeError_ bad-argument', "'fill_value'"],
  ['full, two values', () => torch.full([2], two), 'TypeError_ bad-argument', 'must be Number, not Tensor'],
  [
    'full, out of range',
    () => torch.full([1], 256, { dtype: 'uint8' }),
    'RuntimeError bad-argument',
    'uint8 without overflow: 256',
  ],
  ['eye, too large', () => torch.eye(2 ** 16), 'RuntimeError too-large', '2147483647'],
  ['arange, too large', () => torch.arange(2 ** 40), 'RuntimeError too-large', '2147483647'],
  ['arange null', () => torch.arange(bad(null)), 'TypeError_ bad-argument', "'start' must not be None"],
  ['arange, endless', () => torch.arange(1, 2, 1 / 0), 'RuntimeError bad-argument', 'step must be finite but got inf'],
  [
    'rand, dtype',
    () => torch.rand([2], { dtype: bad('float16') }),
    'TypeError_ bad-argument',
    'not str; there are torch.float32',
  ],
  ['randint, low', () => torch.randint(bad('1'), 2, [2]), 'TypeError_ bad-argument', "'low' must be int, not str"],
  ['manual_seed 0.5', () => torch.manual_seed(0.5), 'TypeError_ bad-argument', 'must be int, not float'],
  ['manual_seed 2^64', () => torch.manual_seed(2n ** 64n), 'ValueError bad-argument', 'less than 18446744073709551616'],
  ['ones_like null', () => torch.ones_like(bad(null)), 'TypeError_ bad-argument', "'input'"],
  [
    'printoptions, precision',
    () => torch.set_printoptions({ precision: bad('a') }),
    'TypeError_ bad-argument',
    "'precision'",
  ],
  ['printoptions, threshold', () => torch.set_printoptions({ threshold: -1 }), 'TypeError_ bad-argument', 'at least 0'],
  [
    'printoptions, profile',
    () => torch.set_printoptions({ profile: bad('foo') }),
    'ValueError bad-argument',
    "not 'foo'",
  ],
  ['printoptions, sci_mode', () => torch.set_printoptions({ sci_mode: bad(1) }), 'TypeError_ bad-argument', 'not int'],
];

const computing: readonly Row[] = [
  ['add undefined', () => two.add(bad(undefined)), 'TypeError_ missing-argument', "'other'"],
  ['add a bigint', () => two.add(bad(1n)), 'TypeError_ bad-argument', 'must be Tensor, not int'],
  [
    'mul, a third',
    () => Reflect.apply(torch.mul, undefined, [two, two, two]),
    'TypeError_ unexpected-argument',
    'at most 2',
  ],
  ['relu, in place', () => F.relu(two, true), 'RuntimeError bad-call', 'a leaf Variable that requires grad'],
  ['exp, an argument too many', () => Reflect.apply(two.exp, two, [1]), 'TypeError_ unexpected-argument', 'at most 1'],
  ['sum, keepdim', () => two.sum(0, bad(1)), 'TypeError_ bad-argument', "'keepdim' must be bool, not int"],
  ['sum, dim NaN', () => two.sum(Number.NaN), 'TypeError_ bad-argument', 'tuple of ints, not float'],
  ['sum, dim true', () => two.sum(bad(true)), 'TypeError_ bad-argument', 'not bool'],
  [
    'amax, dim and keyword',
    () => two.amax(0, bad({ dim: 0 })),
    'TypeError_ unexpected-argument',
    "multiple values for argument 'dim'",
  ],
  ['view, nothing', () => two.view(bad(null)), 'TypeError_ bad-argument', "'size' must not be None"],
  ['expand, too large', () => torch.ones(1).expand(2 ** 31), 'RuntimeError too-large', '2147483647'],
  ['pad, too large', () => F.pad(two, [2 ** 31, 0]), 'RuntimeError too-large', '2147483647'],
  ['interpolate, too large', () => F.interpolate(torch.ones(1, 1, 3), 2 ** 31), 'RuntimeError too-large', '2147483647'],
  [
    'interpolate by NaN',
    () => F.interpolate(torch.ones(1, 1, 3), { scale_factor: Number.NaN }),
    'RuntimeError size-invalid',
    'greater than 0',
  ],
  ['randperm, too large', () => torch.randperm(2 ** 40), 'RuntimeError too-large', '2147483647'],
  ['repeat_interleave, too large', () => two.repeat_interleave(2 ** 31), 'RuntimeError too-large', '2147483647'],
  ['diag, too large', () => torch.diag(torch.ones(2 ** 16)), 'RuntimeError too-large', '2147483647'],
  ['tril_indices, too large', () => torch.tril_indices(2 ** 16, 2 ** 16), 'RuntimeError too-large', '2147483647'],
  ['pad, mode', () => F.pad(two, [1, 1], bad(3)), 'TypeError_ bad-argument', "'mode' must be str, not int"],
  ['item, int64', () => torch.tensor([2n ** 60n]).item(), 'RuntimeError inexact-integer', '1152921504606846976'],
  ['equal, lists', () => torch.equal(bad([1]), two), 'TypeError_ bad-argument', "'input' must be Tensor, not list"],
  ['allclose, NaN', () => torch.allclose(two, two, Number.NaN), 'RuntimeError bad-argument', 'rtol must be greater'],
  ['T, mT', () => two.mT, 'RuntimeError rank-mismatch', 'Got 1-D tensor'],
  ['size, dim', () => two.size(bad([0])), 'TypeError_ bad-argument', "'dim' must be int, not list"],
];

const differentiating: readonly Row[] = [
  [
    'requires_grad_ null',
    () => two.requires_grad_(bad(null)),
    'TypeError_ bad-argument',
    "'requires_grad' must not be None",
  ],
  [
    'requires_grad = 1',
    () => (torch.ones(1).requires_grad = bad(1)),
    'TypeError_ bad-argument',
    'must be bool, not int',
  ],
  [
    'grad = 1',
    () => (two.grad = bad(1)),
    'TypeError_ bad-argument',
    'expected to be a Tensor or None but got grad of type int',
  ],
  ['grad = itself', () => (two.grad = two), 'RuntimeError bad-argument', "can't assign Variable as its own grad"],
  [
    'grad, another size',
    () => (two.grad = torch.ones(3)),
    'RuntimeError shape-mismatch',
    "size '[3]' to a tensor of size '[2]'",
  ],
  ['grad, another dtype', () => (two.grad = two.detach().double()), 'RuntimeError dtype-mismatch', "dtype 'double'"],
  [
    'grad, a core input',
    () => autograd.grad(two.sum(), core([1])),
    'RuntimeError not-differentiable',
    'differentiated',
  ],
  [
    'grad, create_graph null',
    () => autograd.grad(two.sum(), two, { create_graph: bad(null) }),
    'TypeError_ bad-argument',
    "'create_graph'",
  ],
  [
    'grad, only_inputs',
    () => autograd.grad(two.sum(), two, bad({ only_inputs: 1 })),
    'TypeError_ bad-argument',
    'only_inputs',
  ],
  [
    'grad, batched',
    () => autograd.grad(two.sum(), two, { is_grads_batched: true }),
    'TypeError_ bad-argument',
    "'grad_outputs'",
  ],
  [
    'grad, a gradient too few',
    () => autograd.grad([two, two], two, [two]),
    'RuntimeError bad-argument',
    'got 2 tensors and 1',
  ],
  ['backward, a core input', () => two.sum().backward({ inputs: core([1]) }), 'TypeError_ bad-argument', 'not Tensor'],
  ['Variable, requires_grad', () => autograd.Variable(two, bad(1)), 'TypeError_ bad-argument', 'must be bool, not int'],
  [
    'no_grad, no function',
    () => torch.no_grad(bad(1)),
    'TypeError_ bad-argument',
    'no_grad and enable_grad take a function',
  ],
  [
    'enable_grad, no function',
    () => torch.enable_grad(bad(null)),
    'TypeError_ bad-argument',
    'no_grad and enable_grad take a function',
  ],
];

const specs: readonly Row[] = [
  [
    'reflect',
    () => convSpec.torch([1, 1, 5, 5], [1, 1, 3, 3], { padding_mode: 'reflect' }),
    'ValueError padding-invalid',
    'reflect',
  ],
  [
    'padding mode',
    () => convSpec.torch([1, 1, 5, 5], [1, 1, 3, 3], { padding_mode: bad(1) }),
    'ValueError padding-invalid',
    'padding_mode 1',
  ],
  [
    'transposed groups',
    () => convSpec.torch([1, 2, 5], [2, 1, 3], { transposed: true, groups: 2 }),
    'ValueError groups-invalid',
    'regroup',
  ],
  [
    'stride',
    () => convSpec.torch([1, 1, 5], [1, 1, 3], { stride: bad('2') }),
    'TypeError_ bad-argument',
    "convSpec.torch(): argument 'stride'",
  ],
  ['no shape', () => convSpec.torch(bad(5), [1, 1, 3]), 'TypeError_ bad-argument', 'inputShape'],
  ['half a cell', () => convSpec.torch([1, 1, 5], [1, 1, 1.5]), 'TypeError_ bad-argument', 'kernelShape[2]'],
  [
    'ranks',
    () => convSpec.torch([1, 1, 5], [1, 1, 3, 3]),
    'RuntimeError rank-mismatch',
    'Expected 4-dimensional input',
  ],
  ['rank', () => convSpec.torch([5], [3]), 'ValueError rank-mismatch', '1, 2 or 3'],
  ['no options', () => convSpec.torch([1, 1, 5], [1, 1, 3], bad(null)), 'TypeError_ bad-argument', 'options'],
  [
    'an unknown option',
    () => convSpec.torch([1, 1, 5], [1, 1, 3], bad({ strides: 2 })),
    'TypeError_ unexpected-argument',
    "'strides'",
  ],
  [
    'transposed',
    () => convSpec.torch([1, 1, 5], [1, 1, 3], { transposed: bad(1) }),
    'TypeError_ bad-argument',
    'transposed',
  ],
];

testTables({ making, computing, differentiating, specs });

it('changes nothing where it fails', () => {
  const a = torch.tensor([1, 2], { requires_grad: true });
  const b = torch.tensor([3, 4], { requires_grad: true });
  const y = a.mul(b).sum();
  expect(() => y.backward(torch.ones(2))).toThrow(torch.RuntimeError);
  expect(() => y.backward({ inputs: [a, whole] })).toThrow(torch.RuntimeError);
  expect(() => torch.autograd.grad(y, [a, two])).toThrow(torch.RuntimeError);
  expect([a.grad, b.grad]).toEqual([null, null]);
  expect(() => torch.no_grad(() => torch.matmul(a, torch.ones(3)))).toThrow(torch.RuntimeError);
  expect(torch.is_grad_enabled()).toBe(true);
});
