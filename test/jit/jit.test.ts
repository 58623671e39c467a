/** jit gives what the function itself gives, to the bit, on every device and in every derivative. */

import { grad, hvp, jit, jvp, type Tensor, tensor, valueAndGrad } from 'adjoint';
import { expect, test } from 'vitest';
import { argumentsOf, bitsOf, type Case, cases, type DType, numbers } from './functions.js';

const loss =
  (f: (...args: Tensor[]) => Tensor) =>
  (...args: Tensor[]): Tensor => {
    const y = f(...args);
    return y.mul(y).sum();
  };

const all = ({ shapes }: Case): number[] => shapes.map((_, i) => i);

test.each(cases)('$name: the same bits, call after call', (each) => {
  for (const dtype of ['float32', 'float64'] satisfies DType[]) {
    const args = argumentsOf(each, dtype);
    const others = each.shapes.map((shape, i) => numbers(shape, i + 50, dtype));
    const jitted = jit(each.f);
    for (const given of [args, others, args]) {
      expect(bitsOf(jitted(...given))).toEqual(bitsOf(each.f(...given)));
    }
    expect(jitted.traces).toBe(1);
  }
});

test.each(cases)('$name: first derivatives', (each) => {
  const args = argumentsOf(each);
  const argnums = all(each);
  const f = loss(each.f);
  const [value, gradients] = valueAndGrad(f, { argnums })(...args);
  const expected = bitsOf(value, ...gradients);
  const inside = jit((...given: Tensor[]) => {
    const [y, gs] = valueAndGrad(f, { argnums })(...given);
    return [y, ...gs];
  });
  expect(bitsOf(...inside(...args))).toEqual(expected);
  const [y, gs] = valueAndGrad(jit(f), { argnums })(...args);
  expect(bitsOf(y, ...gs)).toEqual(expected);
  expect(bitsOf(...inside(...args))).toEqual(expected);
});

test.each(cases.filter(({ name: what }) => what.includes('small')))('$name: higher derivatives', (each) => {
  const args = argumentsOf(each, 'float64');
  const vectors = each.shapes.map((shape, i) => numbers(shape, i + 20, 'float64'));
  const f = loss(each.f);
  const close = (actual: readonly Tensor[], expected: readonly Tensor[]): void => {
    expect(actual.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
    actual.forEach((x, i) => {
      const [a, b] = [[...x.data].map(Number), [...(expected[i] as Tensor).data].map(Number)];
      a.forEach((value, j) => {
        expect(Math.abs(value - (b[j] as number))).toBeLessThanOrEqual(1e-11 * (1 + Math.abs(b[j] as number)));
      });
    });
  };
  const along = jvp(each.f, args, vectors);
  close(jvp(jit(each.f), args, vectors), along);
  close(
    jit((...given: Tensor[]) => jvp(each.f, given.slice(0, args.length), given.slice(args.length)))(
      ...args,
      ...vectors,
    ),
    along,
  );
  const second = hvp(f, args, vectors);
  close(hvp(jit(f), args, vectors), second);
  close(
    jit((...given: Tensor[]) => hvp(f, given.slice(0, args.length), given.slice(args.length)))(...args, ...vectors),
    second,
  );
  close(hvp(jit(jit(f)), args, vectors), second);
  const third = grad((...given: Tensor[]) =>
    hvp(f, given, vectors).reduce((sum, h) => sum.add(h.sum()), tensor(0, { dtype: 'float64' })),
  );
  const thirdOfJit = grad((...given: Tensor[]) =>
    hvp(jit(f), given, vectors).reduce((sum, h) => sum.add(h.sum()), tensor(0, { dtype: 'float64' })),
  );
  close([thirdOfJit(...args)], [third(...args)]);
  close([jit(third)(...args)], [third(...args)]);
});

test('one constant in two shapes', () => {
  const w = tensor([1, 2, 3, 4]);
  const f = (x: Tensor): Tensor =>
    x
      .mul(w)
      .sum()
      .add(
        x
          .reshape([2, 2])
          .matmul(w.reshape([2, 2]))
          .sum(0),
      )
      .add(w.reshape([2, 2]).mul(x.sum()).sum(1));
  expect(jit(f)([1, 2, 3, 5]).tolist()).toEqual(f(tensor([1, 2, 3, 5])).tolist());
});

test('what no operation may be left out for', () => {
  const f = (x: Tensor): Tensor[] => [x.add(0), x.sub(0), x.sub(-0), x.mul(1), x.mul(-1), x.div(1), x.mul(0)];
  const x = [0, -0, 1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  expect(jit(f)(x).map((y) => y.tolist())).toEqual(f(tensor(x)).map((y) => y.tolist()));
});
