/** When jit traces again, and functions within functions. */

import { grad, jit, type Tensor, tensor, tidy, vjp } from 'adjoint';
import { describe, expect, test } from 'vitest';

describe('tracing again', () => {
  test('for other shapes, dtypes and doors, and not for other elements', () => {
    const f = jit((x: Tensor) => x.mul(2));
    const inputs = [[1, 2], [3, 4], [1, 2, 3], [[1, 2]], [5, 6], new Float64Array(2), new Float64Array(3)];
    expect(inputs.map((x) => [f(x).shape, f.traces])).toEqual([
      [[2], 1],
      [[2], 1],
      [[3], 2],
      [[1, 2], 3],
      [[2], 3],
      [[2], 4],
      [[3], 5],
    ]);
  });

  test('once more where gradients are first taken', () => {
    const f = jit((x: Tensor) => x.mul(x).sum());
    const g = grad(f);
    for (let i = 0; i < 5; i++) expect(g([i, 1]).tolist()).toEqual([2 * i, 2]);
    expect(f.traces).toBe(1);
    f([1, 2]);
    expect(f.traces).toBe(2);
  });

  test('what is used least is forgotten, and traced again', () => {
    const f = jit((x: Tensor, _name: string) => x.mul(2));
    for (let i = 0; i < 100; i++) f([1], `${i}`);
    expect(f.traces).toBe(100);
    f([1], '99');
    expect(f.traces).toBe(100);
    f([1], '0');
    expect(f.traces).toBe(101);
    // The oldest that is left is used, and so another one goes.
    f([1], '37');
    f([1], 'new');
    f([1], '37');
    expect(f.traces).toBe(102);
    f([1], '38');
    expect(f.traces).toBe(103);
  });

  test('what the function uses from outside, and does besides, is of the trace', () => {
    let factor = tensor(2);
    let runs = 0;
    const f = jit((x: Tensor) => {
      runs++;
      return x.mul(factor);
    });
    expect(f([1]).tolist()).toEqual([2]);
    factor.dispose();
    factor = tensor(5);
    expect(f([1]).tolist()).toEqual([2]);
    expect(runs).toBe(1);
  });
});

test('what values alone decide can be read, within the function and later', () => {
  let table = tensor(0);
  const f = jit((x: Tensor) => {
    table = tidy(() => {
      const rows = tensor([1, 2])
        .reshape([2, 1])
        .mul(tensor([3, 4]));
      expect(rows.tolist()).toEqual([
        [3, 4],
        [6, 8],
      ]);
      return rows
        .add(1)
        .reshape([4])
        .sub(rows.reshape([4]).mul(0).reshape([4]));
    });
    const wide = tensor([1]).add(tensor(new Array(600).fill(0)));
    return x
      .add(Number(table.sum().item()))
      .add(wide.sum())
      .add(wide.reshape([600, 1]).sum(1).sum());
  });
  const plain = 3 + 4 + 6 + 8 + 4 + 600 + 600;
  expect(f([0, 1]).tolist()).toEqual([plain, plain + 1]);
  expect(f([2]).tolist()).toEqual([plain + 2]);
  expect(table.tolist()).toEqual([4, 5, 7, 9]);
});

test('a value that was repeated, in several shapes', () => {
  const f = (x: Tensor): Tensor => {
    const repeated = tensor([1, 2, 3]).add(tensor([[0], [10]]));
    return x
      .mul(repeated)
      .sum(0)
      .add(
        x
          .reshape([3, 2])
          .mul(repeated.reshape([3, 2]))
          .sum(1),
      )
      .add(
        tensor([[5], [6], [7]])
          .mul(tensor([1, 1]))
          .reshape([2, 3])
          .mul(x)
          .sum(0),
      );
  };
  const x = [
    [1, 2, 3],
    [4, 5, 6],
  ];
  expect(jit(f)(x).tolist()).toEqual(f(tensor(x)).tolist());
});

describe('nesting', () => {
  test('jit in jit, grad in jit in grad', () => {
    const inner = jit((x: Tensor) => x.mul(x).mul(x).sum());
    const middle = jit((x: Tensor) => grad(inner)(x).mul(2).sum());
    const plain = (x: Tensor): Tensor => x.mul(x).mul(x).sum();
    expect(grad(middle)([1, 2]).tolist()).toEqual([12, 24]);
    expect(jit(grad(jit(middle)))([1, 2]).tolist()).toEqual([12, 24]);
    expect(grad((x: Tensor) => grad(plain)(x).mul(2).sum())([1, 2]).tolist()).toEqual([12, 24]);
  });

  test('a pullback made outside is used in a traced function', () => {
    const f = jit((x: Tensor) => x.mul(x));
    const [, pullback] = vjp(f, [1, 2]);
    const g = jit((gy: Tensor) => (pullback(gy)[0] as Tensor).sum());
    expect(g([1, 1]).tolist()).toBe(6);
    expect(grad(g)([1, 1]).tolist()).toEqual([2, 4]);
  });

  test('a jitted function on constants of a traced one', () => {
    const square = jit((x: Tensor) => x.mul(x));
    const f = jit((x: Tensor) => x.add(square([2, 3])));
    expect(f([1, 1]).tolist()).toEqual([5, 10]);
  });

  test('gradients by what is constant and by what is traced, in a traced function', () => {
    const f = jit((x: Tensor) => {
      const [dx, dw] = grad((a: Tensor, b: Tensor) => a.mul(b).mul(b).sum(), { argnums: [0, 1] })(x, [3, 4]);
      return (dx as Tensor).add(dw as Tensor);
    });
    expect(f([1, 2]).tolist()).toEqual([15, 32]);
  });
});
