/**
 * Every order of derivative, exactly. The loss sum(gy * conv(x, w)^2) is a polynomial of degree 4 along any line through
 * (x, w), and the stencil below differentiates such polynomials without error; on whole numbers nothing is rounded.
 */

import { conv, grad, hvp, jacobian, jvp, type Tensor, vjp } from 'adjoint';
import { describe, expect } from 'vitest';
import { type Case, cases, elements, inner, integerArray, law, like, of } from './cases.js';

type Pair = readonly [x: Tensor, w: Tensor];

/** The derivative at 0 of a polynomial of degree 4 or less: (f(-2) - 8 f(-1) + 8 f(1) - f(2)) / 12. */
function derivative(f: (t: number) => readonly number[]): number[] {
  const [a, b, c, d] = [f(-2), f(-1), f(1), f(2)];
  return a.map((_, i) => ((a[i] as number) - 8 * (b[i] as number) + 8 * (c[i] as number) - (d[i] as number)) / 12 + 0);
}

const moved = ([x, w]: Pair, [u, v]: Pair, t: number): Pair => [x.add(u.mul(t)), w.add(v.mul(t))];

/** The elements of both gradients in one list. */
const joined = (pair: readonly Tensor[]): number[] => pair.flatMap(elements);

/** The loss of a case, where it is taken, and two directions. */
function setting({ spec, x, w }: Case) {
  const at: Pair = [of(x), of(w)];
  const gy = like(conv(...at, spec), 3);
  const loss = (a: Tensor, b: Tensor): Tensor => {
    const y = conv(a, b, spec);
    return gy.mul(y).mul(y).sum();
  };
  const direction = (seed: number): Pair => [of(integerArray(x.shape, seed)), of(integerArray(w.shape, seed + 1))];
  return { spec, at, loss, u: direction(10), v: direction(20) };
}

const both = { argnums: [0, 1] } as const;
const pair = (list: readonly Tensor[]): Pair => [list[0] as Tensor, list[1] as Tensor];
const innerPair = (a: Pair, b: Pair): number => inner(a[0], b[0]) + inner(a[1], b[1]);

describe('orders', () => {
  law('first: grad is the derivative along a line', cases, (given) => {
    const { at, loss, v } = setting(given);
    const gradient = pair(grad(loss, both)(...at));
    expect([innerPair(gradient, v)]).toEqual(derivative((t) => elements(loss(...moved(at, v, t)))));
  });

  law('second: hvp, grad of grad and jvp of grad are the derivative of grad', cases, (given) => {
    const { at, loss, v } = setting(given);
    const expected = derivative((t) => joined(grad(loss, both)(...moved(at, v, t))));
    expect(joined(hvp(loss, at, v))).toEqual(expected);
    const alongV = (x: Tensor, w: Tensor): Tensor => {
      const [dx, dw] = pair(grad(loss, both)(x, w));
      return dx.mul(v[0]).sum().add(dw.mul(v[1]).sum());
    };
    expect(joined(grad(alongV, both)(...at))).toEqual(expected);
    const byPart = [0, 1].flatMap((argnums) => elements(jvp(grad(loss, { argnums }), at, v)[1]));
    expect(byPart).toEqual(expected);
  });

  law('the Hessian is symmetric: <u, Hv> = <v, Hu>', cases, (given) => {
    const { at, loss, u, v } = setting(given);
    expect(innerPair(u, pair(hvp(loss, at, v)))).toBe(innerPair(v, pair(hvp(loss, at, u))));
  });

  law('third: grad of hvp is the derivative of hvp', cases, (given) => {
    const { at, loss, u, v } = setting(given);
    const curvature = (x: Tensor, w: Tensor): Tensor => {
      const [hx, hw] = pair(hvp(loss, [x, w], u));
      return hx.mul(u[0]).sum().add(hw.mul(u[1]).sum());
    };
    const third = pair(grad(curvature, both)(...at));
    expect([innerPair(third, v)]).toEqual(derivative((t) => elements(curvature(...moved(at, v, t)))));
  });
});

describe('modes', () => {
  law('jvp of conv is conv(tx, w) + conv(x, tw)', cases, (given) => {
    const { spec, at, v } = setting(given);
    const [y, ty] = jvp((x: Tensor, w: Tensor) => conv(x, w, spec), at, v);
    expect(elements(y)).toEqual(elements(conv(...at, spec)));
    expect(elements(ty)).toEqual(elements(conv(v[0], at[1], spec).add(conv(at[0], v[1], spec))));
  });

  law('jvp and vjp are transposes: <ty, gy> = <gx, tx> + <gw, tw>', cases, (given) => {
    const { spec, at, v } = setting(given);
    const f = (x: Tensor, w: Tensor): Tensor => {
      const y = conv(x, w, spec);
      return y.mul(y);
    };
    const [y, pullback] = vjp(f, ...at);
    const gy = like(y, 7);
    expect(inner(jvp(f, at, v)[1], gy)).toBe(innerPair(pair(pullback(gy)), v));
  });

  law(
    'jacobian times a tangent is jvp, and its rows are gradients',
    cases,
    (given) => {
      const { spec, at, v } = setting(given);
      const f = (x: Tensor, w: Tensor): Tensor => conv(x, w, spec);
      const [y, ty] = jvp(f, at, v);
      const [jx, jw] = pair(jacobian(f, both)(...at));
      expect(jx.shape).toEqual([...y.shape, ...at[0].shape]);
      expect(jw.shape).toEqual([...y.shape, ...at[1].shape]);
      const times = (j: Tensor, t: Tensor): Tensor => j.reshape([y.size, t.size]).matmul(t.reshape([t.size]));
      expect(elements(times(jx, v[0]).add(times(jw, v[1])))).toEqual(elements(ty));
    },
    100,
  );

  law('jvp of jvp is the second derivative along both', cases, (given) => {
    const { at, loss, u, v } = setting(given);
    const slope = (x: Tensor, w: Tensor): Tensor => jvp(loss, [x, w], u)[1];
    expect(jvp(slope, at, v)[1].item()).toBe(innerPair(v, pair(hvp(loss, at, u))));
  });
});
