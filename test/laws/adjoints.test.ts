/** The gradients of conv are its adjoints: exactly, on whole numbers. */

import { conv, grad, type Tensor, valueAndGrad, vjp } from 'adjoint';
import { describe, expect } from 'vitest';
import { convolution } from '../reference/convolution.js';
import { type Case, cases, type DType, elements, inner, integerArray, law, like, of } from './cases.js';

/** y, and the gradients by x and w for a random gy. */
function gradients({ spec, x, w }: Case, dtype: DType): { y: Tensor; gy: Tensor; dx: Tensor; dw: Tensor } {
  const [y, pullback] = vjp((a: Tensor, b: Tensor) => conv(a, b, spec), of(x, dtype), of(w, dtype));
  const gy = like(y, 3);
  const [dx, dw] = pullback(gy);
  if (dx === undefined || dw === undefined) throw new Error('two gradients were expected');
  return { y, gy, dx, dw };
}

describe('adjoints', () => {
  for (const dtype of ['float64', 'float32'] as const) {
    law(`<gy, conv(x, w)> = <dX, x> = <dW, w>, ${dtype}`, cases, (given) => {
      const { y, gy, dx, dw } = gradients(given, dtype);
      expect(inner(dx, of(given.x))).toBe(inner(gy, y));
      expect(inner(dw, of(given.w))).toBe(inner(gy, y));
    });
  }

  law('dX does not depend on x, nor dW on w: <gy, conv(x2, w)> = <dX, x2>', cases, (given) => {
    const { gy, dx, dw } = gradients(given, 'float64');
    const { spec, x, w } = given;
    const [x2, w2] = [integerArray(x.shape, 5), integerArray(w.shape, 6)];
    expect(inner(dx, of(x2))).toBe(inner(gy, of(convolution(x2, w, spec))));
    expect(inner(dw, of(w2))).toBe(inner(gy, of(convolution(x, w2, spec))));
  });

  law(
    'every element is the central difference of step 1, which has no error here',
    cases,
    (given) => {
      const { gy, dx, dw } = gradients(given, 'float64');
      const { spec, x, w } = given;
      const moved = ({ shape, data }: Case['x'], at: number, by: number): Case['x'] => ({
        shape,
        data: data.with(at, (data[at] as number) + by),
      });
      const loss = (a: Case['x'], b: Case['x']): number => inner(gy, conv(of(a), of(b), spec));
      const byX = x.data.map((_, i) => (loss(moved(x, i, 1), w) - loss(moved(x, i, -1), w)) / 2 + 0);
      const byW = w.data.map((_, i) => (loss(x, moved(w, i, 1)) - loss(x, moved(w, i, -1))) / 2 + 0);
      expect(elements(dx)).toEqual(byX);
      expect(elements(dw)).toEqual(byW);
    },
    100,
  );
});

describe('what gradients look like', () => {
  for (const [left, right] of [
    ['float32', 'float64'],
    ['float64', 'float32'],
    ['float32', 'float32'],
  ] as const) {
    law(`shape and dtype are the operand's: ${left}, ${right}`, cases, ({ spec, x, w }) => {
      const loss = (a: Tensor, b: Tensor) => conv(a, b, spec).sum();
      const [value, [dx, dw]] = valueAndGrad(loss, { argnums: [0, 1] })(of(x, left), of(w, right));
      expect([dx?.shape, dx?.dtype]).toEqual([x.shape, left]);
      expect([dw?.shape, dw?.dtype]).toEqual([w.shape, right]);
      expect(value.item()).toBe(convolution(x, w, spec).data.reduce((a, b) => a + b, 0));
    });
  }

  law('argnums picks: a number gives one gradient, an array as many, in its order', cases, ({ spec, x, w }) => {
    const loss = (a: Tensor, b: Tensor) => conv(a, b, spec).mul(2).sum();
    const [a, b] = [of(x), of(w)];
    const [dw, dx] = grad(loss, { argnums: [1, 0] })(a, b);
    expect(elements(grad(loss)(a, b))).toEqual(elements(dx as Tensor));
    expect(elements(grad(loss, { argnums: 1 })(a, b))).toEqual(elements(dw as Tensor));
  });
});
