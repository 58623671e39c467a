/** What jit refuses, and that nothing is left behind. */

import { grad, jit, type Tensor, tensor, tidy, valueAndGrad } from 'adjoint';
import * as torch from 'adjoint/torch';
import { expect, test } from 'vitest';

const traced = { name: 'RuntimeError', code: 'traced' };
const refused = { name: 'TypeError_', code: 'bad-argument' };

test.each([
  ['item', (x: Tensor) => x.sum().item()],
  ['tolist', (x: Tensor) => x.tolist()],
  ['data', (x: Tensor) => x.data],
  ['text', (x: Tensor) => `${x}`],
  ['a comparison of JavaScript', (x: Tensor) => (Number(x) > 0 ? x : x.neg())],
])('reading elements: %s', (_name, read) => {
  const f = jit((x: Tensor) => {
    read(x.mul(2));
    return x;
  });
  expect(() => f([1])).toThrow(
    expect.objectContaining({ ...traced, message: expect.stringContaining('no elements to read') }),
  );
  // Nothing is left behind: what follows is computed at once.
  expect(tensor([1]).add(1).tolist()).toEqual([2]);
  expect(f.traces).toBe(1);
  expect(() => f([1])).toThrow(expect.objectContaining(traced));
});

test('a tensor carried out of the trace', () => {
  let leaked = tensor(0);
  const f = jit((x: Tensor) => {
    leaked = x.mul(2);
    return x;
  });
  f([1]);
  expect(() => leaked.tolist()).toThrow(
    expect.objectContaining({ ...traced, message: expect.stringContaining('left over') }),
  );
  expect(() => leaked.add(1)).toThrow(expect.objectContaining(traced));
  expect(() => jit((x: Tensor) => x.add(leaked))([1])).toThrow(expect.objectContaining(traced));
});

test('a tensor from outside that gradients are taken by', () => {
  const w = torch.tensor([2], { requires_grad: true });
  const f = jit((x: torch.Tensor) => x.mul(w));
  expect(() => f(torch.tensor([1]))).toThrow(
    expect.objectContaining({ ...traced, message: expect.stringContaining('Make it an argument') }),
  );
  expect(String(torch.no_grad(() => f(torch.tensor([1]))))).toBe('tensor([2.])');
  const inner = (x: Tensor) => jit((y: Tensor) => y.mul(x))([3]);
  expect(() => grad(inner)(2)).toThrow(expect.objectContaining(traced));
  expect(() => grad((x: Tensor) => jit((y: Tensor) => grad((z: Tensor) => z.mul(y))(x))([3]))(2)).toThrow(
    expect.objectContaining(traced),
  );
});

test('what is no function, argument or result', () => {
  const taking = (value: unknown): unknown => Reflect.apply(jit, undefined, [value]);
  for (const value of [null, 3, tensor(1)]) expect(() => taking(value)).toThrow(expect.objectContaining(refused));
  const f = jit<[unknown], unknown>((x) => x);
  for (const value of [new Map(), new Date(), [tensor(1), new Set()]]) {
    expect(() => f(value)).toThrow(
      expect.objectContaining({ ...refused, message: expect.stringContaining('argument 0') }),
    );
  }
  for (const value of [new Map(), new Float32Array(2), Promise.resolve(1)]) {
    expect(() => jit(() => value)()).toThrow(
      expect.objectContaining({ ...refused, message: expect.stringContaining('result') }),
    );
  }
  const endless: unknown[] = [tensor(1)];
  endless.push(endless);
  expect(() => f(endless)).toThrow(expect.objectContaining({ name: 'ValueError', code: 'too-large' }));
});

test('what the function throws, and what its operations refuse', () => {
  const f = jit((x: Tensor) => {
    if (x.shape.length > 1) throw new RangeError('only vectors');
    return x.add([1, 2]);
  });
  expect(() => f([[1]])).toThrow(new RangeError('only vectors'));
  expect(() => f([1, 2, 3])).toThrow(expect.objectContaining({ name: 'RuntimeError', code: 'shape-mismatch' }));
  expect(f([1, 1]).tolist()).toEqual([2, 3]);
});

test('a disposed argument, and a gradient by integers', () => {
  const f = jit((x: Tensor) => x.mul(2));
  f([1, 2]);
  const x = tensor([1, 2]);
  x.dispose();
  expect(() => f(x)).toThrow(expect.objectContaining({ code: 'disposed' }));
  expect(() => grad(f)(tensor([1, 2], { dtype: 'int32' }))).toThrow(
    expect.objectContaining({ code: 'not-differentiable' }),
  );
  expect(() => valueAndGrad(f)([1, 2])).toThrow(expect.objectContaining({ code: 'not-a-scalar' }));
  expect(tidy(() => f([1, 2])).tolist()).toEqual([2, 4]);
});
