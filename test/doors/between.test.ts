/** What holds for arrays of every door alike: how they show themselves, what they refuse, how modes and grad meet. */

import { inspect } from 'node:util';
import * as core from 'adjoint';
import * as np from 'adjoint/numpy';
import * as tf from 'adjoint/tf';
import * as torch from 'adjoint/torch';
import { describe, expect, test } from 'vitest';

describe("Node's console shows an array as its door's repr does", () => {
  test.each([
    ['core', core.tensor([1, 2]), 'tensor([1., 2.])'],
    ['torch', torch.ones(2, { requires_grad: true }), 'tensor([1., 1.], requires_grad=True)'],
    ['numpy', np.array([1, 2]), 'array([1, 2])'],
    ['tf', tf.constant([1, 2]), '<tf.Tensor: shape=(2,), dtype=float32, numpy=array([1., 2.], dtype=float32)>'],
    ["torch's numpy()", torch.ones(2).numpy(), 'array([1., 1.], dtype=float32)'],
    ["tf's numpy() of one number", tf.constant(2.5).numpy(), 'np.float32(2.5)'],
    ['torch.Size', torch.ones([2, 3]).shape, 'torch.Size([2, 3])'],
    ['torch.dtype', torch.float32, 'torch.float32'],
  ])('%s', (_door, value, text) => {
    expect(inspect(value)).toBe(text);
    expect(torch.repr(value)).toBe(text);
  });

  test('and so do notebooks, in HTML with its own signs escaped', () => {
    const display: unknown = Reflect.get(tf.constant(1), Symbol.for('Jupyter.display'));
    if (typeof display !== 'function') throw new Error('no display');
    expect(Reflect.apply(display, tf.constant(1), [])).toEqual({
      'text/plain': '<tf.Tensor: shape=(), dtype=float32, numpy=1.0>',
      'text/html': '<pre>&lt;tf.Tensor: shape=(), dtype=float32, numpy=1.0&gt;</pre>',
    });
  });

  test('a core tensor has a text of its own', () => {
    expect(String(core.tensor([[1], [2]], { dtype: 'int64' }))).toBe('tensor([[1],\n        [2]])');
  });
});

describe('lists that contain themselves, and lists nested too deep, are refused', () => {
  const cyclic: unknown[] = [1];
  cyclic.push(cyclic);
  const first: unknown[] = [];
  first.push(first);
  let deep: unknown = 1;
  for (let i = 0; i < 20_000; i++) deep = [deep];
  for (const [name, make] of Object.entries({
    core: core.tensor,
    torch: torch.tensor,
    numpy: np.array,
    tf: tf.constant,
  })) {
    test.each([
      ['cyclic', cyclic],
      ['cyclic at once', first],
      ['deep', deep],
    ])(`${name}: %s`, (_what, list) => {
      expect(() => Reflect.apply(make, undefined, [list])).toThrow(core.AdjointError);
    });
  }
});

describe("torch.no_grad and the core's grad", () => {
  const square = (x: torch.Tensor): torch.Tensor => x.mul(x).sum();
  test('around grad, no_grad does not reach into it', () => {
    expect(
      torch.no_grad(() =>
        core
          .grad(square)(torch.tensor([3]))
          .tolist(),
      ),
    ).toEqual([6]);
    expect(torch.is_grad_enabled()).toBe(true);
  });

  test('inside the function it does', () => {
    const partly = (x: torch.Tensor): torch.Tensor =>
      torch
        .no_grad(() => x.mul(x))
        .add(x)
        .sum();
    expect(
      core
        .grad(partly)(torch.tensor([3]))
        .tolist(),
    ).toEqual([1]);
  });

  test('as a declaration it ends with the block', () => {
    {
      using _mode = torch.no_grad();
      expect(torch.is_grad_enabled()).toBe(false);
    }
    expect(torch.is_grad_enabled()).toBe(true);
    expect(() => Reflect.apply(torch.no_grad, undefined, [3])).toThrow(core.TypeError_);
  });
});

test('a list of argnums, and of arguments, types its results as a tuple', () => {
  const [gx, gw] = core.grad((x, w) => core.conv(x, w).sum(), { argnums: [0, 1] })([[[1, 2, 3]]], [[[1, 1]]]);
  expect([gx.tolist(), gw.tolist()]).toEqual([[[[1, 2, 1]]], [[[3, 5]]]]);
  const [, pullback] = core.vjp((x, w) => core.conv(x, w), [[[1, 2, 3]]], [[[1, 1]]]);
  const [px, pw] = pullback([[[1, 0]]]);
  expect([px.shape, pw.tolist()]).toEqual([[1, 1, 3], [[[1, 2]]]]);
});

describe('NumPy and PyTorch show the same elements', () => {
  test('torch.from_numpy of an array', () => {
    const a = np.zeros([2, 2]);
    const t = torch.from_numpy(a);
    t.at(0).fill_(3);
    a.set_(':, 1', 5);
    const rows = [
      [3, 5],
      [0, 5],
    ];
    expect([a.tolist(), t.tolist()]).toEqual([rows, rows]);
    const row = torch.from_numpy(a.at(1));
    row.add_(1);
    expect([a.tolist(), t.at(1).tolist(), row._version]).toEqual([
      [
        [3, 5],
        [1, 6],
      ],
      [1, 6],
      1,
    ]);
  });

  test('np.asarray of a tensor, and of its numpy()', () => {
    const t = torch.zeros([2, 2]);
    const [a, b, copy] = [np.asarray(t), np.asarray(t.t().numpy()), np.array(t)];
    t.set_(0, 1, 7);
    b.set_(0, 0, 2);
    expect([t.tolist(), a.tolist(), b.tolist(), copy.tolist()]).toEqual([
      [
        [2, 7],
        [0, 0],
      ],
      [
        [2, 7],
        [0, 0],
      ],
      [
        [2, 0],
        [7, 0],
      ],
      [
        [0, 0],
        [0, 0],
      ],
    ]);
    t.dispose();
    expect(a.tolist()).toEqual([
      [2, 7],
      [0, 0],
    ]);
  });
});

test('what is written within a tidy outlives it', () => {
  const [x, y, z] = [torch.zeros(1000), torch.zeros(1000), np.zeros(1000)];
  core.tidy(() => {
    x.add_(1);
    y.at(':500').fill_(1);
    z.set_('::2', 1);
  });
  expect([x.sum().item(), y.sum().item(), z.sum().item()]).toEqual([1000, 500, 500]);
});

test('a door has the classes of all that it throws, and the core has them too', () => {
  const thrown: [string, { readonly [name: string]: unknown }, string[]][] = [
    [
      'torch',
      torch,
      ['AssertionError', 'GradcheckError', 'IndexError', 'KeyError', 'RuntimeError', 'ZeroDivisionError'],
    ],
    ['tf', tf, ['IndexError', 'InvalidArgumentError', 'RuntimeError', 'UnimplementedError', 'ValueError']],
    ['numpy', np, ['AssertionError', 'AxisError', 'IndexError', 'OverflowError', 'ValueError', 'ZeroDivisionError']],
  ];
  const known: { readonly [name: string]: unknown } = core;
  for (const [door, names, classes] of thrown) {
    for (const name of classes) expect([door, name, names[name]]).toEqual([door, name, known[name]]);
    for (const name of classes) expect(names[name]).toBeTypeOf('function');
  }
});
