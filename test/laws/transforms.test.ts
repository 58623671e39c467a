/** How the transforms behave together, whatever they differentiate. */

import {
  conv,
  customVjp,
  grad,
  hvp,
  jacobian,
  jvp,
  stopGradient,
  type Tensor,
  tensor,
  valueAndGrad,
  vjp,
} from 'adjoint';
import { describe, expect, test } from 'vitest';
import { cases, elements, law, like, of } from './cases.js';

const cube = (x: Tensor): Tensor => x.mul(x).mul(x);

describe('nesting', () => {
  test('grad of grad of grad', () => {
    const fourth = (x: Tensor): Tensor => cube(x).mul(x);
    expect(grad(grad(fourth))(3).tolist()).toBe(12 * 9);
    expect(grad(grad(grad(fourth)))(3).tolist()).toBe(24 * 3);
    expect(grad(grad(grad(grad(fourth))))(3).tolist()).toBe(24);
    expect(grad(grad(grad(grad(grad(fourth)))))(3).tolist()).toBe(0);
  });

  test('an inner function may use an outer argument, and differentiates by its own alone', () => {
    // d/dx (x * d/dy (x + y)) = d/dx x = 1
    const outer = (x: Tensor): Tensor => x.mul(grad((y: Tensor) => x.add(y))(1));
    expect(grad(outer)(5).tolist()).toBe(1);
    // d/dx (x * d/dy (x * y^2) at y = 3) = d/dx 6 x^2 = 12 x
    const curved = (x: Tensor): Tensor => x.mul(grad((y: Tensor) => x.mul(y).mul(y))(3));
    expect(grad(curved)(5).tolist()).toBe(60);
    expect(grad(grad(curved))(5).tolist()).toBe(12);
    expect(jvp(curved, [5], [2])[1].tolist()).toBe(120);
  });

  test('an inner argument that is an outer one', () => {
    expect(grad((x: Tensor) => grad(cube)(x))(2).tolist()).toBe(12);
    expect(grad((x: Tensor) => jvp(cube, [x], [1])[1])(2).tolist()).toBe(12);
    expect(grad((x: Tensor) => jvp(cube, [x], [x])[1])(2).tolist()).toBe(9 * 4);
    expect(jvp((x: Tensor) => grad(cube)(x), [2], [3])[1].tolist()).toBe(36);
    expect(grad((x: Tensor) => hvp(cube, [x], [1])[0] as Tensor)(2).tolist()).toBe(6);
    expect(jacobian(grad((x: Tensor) => cube(x).sum()))([1, 2]).tolist()).toEqual([
      [6, 0],
      [0, 12],
    ]);
  });

  test('a pullback serves any number of times, and is differentiated', () => {
    const [y, pullback] = vjp(cube, [1, 2]);
    expect(y.tolist()).toEqual([1, 8]);
    expect(pullback([1, 1])[0]?.tolist()).toEqual([3, 12]);
    expect(pullback([2, 0])[0]?.tolist()).toEqual([6, 0]);
    const byGy = (gy: Tensor): Tensor => (pullback(gy)[0] as Tensor).sum();
    expect(grad(byGy)([0, 0]).tolist()).toEqual([3, 12]);
  });
});

describe('arguments', () => {
  test('one tensor given twice has a gradient at each place', () => {
    const x = tensor([2, 3]);
    const product = (a: Tensor, b: Tensor): Tensor => a.mul(b).mul(b).sum();
    const [da, db] = grad(product, { argnums: [0, 1] })(x, x);
    expect([da?.tolist(), db?.tolist()]).toEqual([
      [4, 9],
      [8, 18],
    ]);
  });

  test('what the result does not depend on has a gradient of zeros', () => {
    const first = (a: Tensor, _b: Tensor): Tensor => a.sum();
    expect(grad(first, { argnums: 1 })([1], [[2, 3]]).tolist()).toEqual([[0, 0]]);
    expect(grad(() => tensor(3))([1, 2]).tolist()).toEqual([0, 0]);
    expect(jacobian((_x: Tensor) => tensor([1, 2]))([3]).tolist()).toEqual([[0], [0]]);
    expect(jvp((_x: Tensor) => tensor([1, 2]), [[3]], [[1]])[1].tolist()).toEqual([0, 0]);
    expect(hvp((x: Tensor) => x.sum(), [[1, 2]], [[1, 1]])[0]?.tolist()).toEqual([0, 0]);
  });

  test('an argument that is not differentiated by may be an integer', () => {
    const scaled = (x: Tensor, n: Tensor): Tensor => x.mul(n).sum();
    expect(grad(scaled)([1, 2], tensor([3, 4], { dtype: 'int32' })).tolist()).toEqual([3, 4]);
    expect(grad(scaled)([1, 2], tensor([true, false])).tolist()).toEqual([1, 0]);
  });

  test('the value stays outside: what grad gives is recorded nowhere', () => {
    const [value, gradient] = valueAndGrad((x: Tensor) => cube(x).sum())([1, 2]);
    expect([value.node, gradient.node]).toEqual([null, null]);
    const x = tensor([1, 2]);
    vjp(cube, x)[1]([1, 1]);
    expect(x.node).toBeNull();
  });

  test('a scalar may be a tensor of one element in any shape', () => {
    expect(grad((x: Tensor) => x.mul(x))([[3]]).tolist()).toEqual([[6]]);
  });
});

describe('customVjp and stopGradient', () => {
  law('a rule that says what conv says gives what conv gives, twice over', cases, ({ spec, x, w }) => {
    const plain = (a: Tensor, b: Tensor): Tensor => conv(a, b, spec);
    const custom = customVjp(plain, (gy, a, b) => vjp(plain, a, b)[1](gy));
    const loss = (f: (a: Tensor, b: Tensor) => Tensor) => (a: Tensor, b: Tensor) => {
      const y = f(a, b);
      return y.mul(y).mul(like(y, 3)).sum();
    };
    const at = [of(x), of(w)];
    for (const argnums of [0, 1]) {
      expect(elements(grad(loss(custom), { argnums })(...at))).toEqual(elements(grad(loss(plain), { argnums })(...at)));
      const second = (f: (a: Tensor, b: Tensor) => Tensor) => elements(hvp(loss(f), at, at)[argnums] as Tensor);
      expect(second(custom)).toEqual(second(plain));
    }
  });

  test('the rule is what counts, null is no gradient, and it is asked once a pullback', () => {
    let calls = 0;
    const f = customVjp(
      (a: Tensor, b: Tensor) => a.mul(b),
      (gy, a) => {
        calls++;
        return [gy.mul(10), a.shape.length === 1 ? null : gy];
      },
    );
    const [da, db] = grad((a: Tensor, b: Tensor) => f(a, b).sum(), { argnums: [0, 1] })([1, 2], [3, 4]);
    expect([da?.tolist(), db?.tolist(), calls]).toEqual([[10, 10], [0, 0], 1]);
    expect(f([1, 2], [3, 4]).tolist()).toEqual([3, 8]);
  });

  test('stopGradient', () => {
    expect(grad((x: Tensor) => x.mul(stopGradient(x)))(3).tolist()).toBe(3);
    expect(grad((x: Tensor) => stopGradient(cube(x)))(3).tolist()).toBe(0);
    expect(stopGradient([1, 2])).toMatchObject({ shape: [2] });
  });
});
