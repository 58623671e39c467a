/** Random functions: traced, simplified, fused and laid out in one arena, they give the bits that they gave. */

import { conv, jit, type Tensor, tensor, valueAndGrad } from 'adjoint';
import fc from 'fast-check';
import { expect } from 'vitest';
import type * as tensorModule from '../../src/tensor/tensor.js';
import { law } from '../laws/cases.js';
import { numbers } from './functions.js';

// What the package itself runs, and not a copy of its sources.
const { op }: typeof tensorModule = await import(new URL('../../dist/src/tensor/tensor.js', import.meta.url).href);

type Binary = (a: Tensor, b: Tensor) => Tensor;
type Unary = (a: Tensor) => Tensor;

const like = (x: Tensor, value: number): Tensor => op.full(x, value);
const last = ({ shape }: Tensor): number => shape.length - 1;

const binaries: readonly Binary[] = [
  (a, b) => a.add(b),
  (a, b) => a.sub(b),
  (a, b) => a.mul(b),
  (a, b) => a.div(b.mul(b).add(1)),
  (a, b) => b.sub(b.mean()).add(a),
  (a, b) => {
    const [left, right] = [a.add(b).sub(b), b.add(a).sub(a)];
    return op.maximum(left, right);
  },
  (a, b) => {
    const sum = a.add(b);
    return op.select(op.compare(sum, like(sum, 0.5), 'LT'), sum, like(sum, 2));
  },
];

const unaries: readonly Unary[] = [
  (a) => a.neg(),
  (a) => op.tanh(a),
  (a) => op.exponential(op.negate(op.abs(a))),
  (a) => a.mul(1).add(0).div(1),
  (a) => op.convert(op.convert(a, 'float64').mul(0.3), 'float32'),
  (a) => op.convert(op.convert(a.mul(10), 'int32'), 'float32').mul(0.1),
  (a) => a.sum(last(a) < 0 ? [] : [0]),
  (a) => a.mean(last(a) < 0 ? [] : [last(a)]).reshape([...a.shape.slice(0, -1), ...(last(a) < 0 ? [] : [1])]),
  (a) => a.reshape([a.size]).reshape(a.shape),
  (a) => (a.shape.length < 2 ? a : op.reshape(op.transpose(a, [1, 0]), a.shape)),
  (a) => (a.shape.length < 1 ? a : op.reverse(a, [0])),
  (a) => a.add(tensor([0.25])).reshape(a.shape),
  (a) =>
    a.size < 360
      ? a
      : conv(a.reshape([1, 1, 12, 30]), tensor([[[[1, 2, 1]]]]), {
          padding: [
            [0, 0],
            [1, 1],
          ],
        }).reshape(a.shape),
];

/** Which operation, on which of the values so far. */
type Instruction = readonly [kind: number, left: number, right: number];

const shapes = [[12, 30], [30], [12, 1], [], [12, 30]];

/** A function of five arguments; its results are the last values and one of the others. */
const functionOf =
  (instructions: readonly Instruction[]) =>
  (...args: Tensor[]): Tensor[] => {
    const values = [...args];
    const at = (i: number): Tensor => values[i % values.length] as Tensor;
    for (const [kind, left, right] of instructions) {
      const unary = unaries[kind % (2 * unaries.length)];
      const binary = binaries[kind % binaries.length] as Binary;
      values.push(unary === undefined ? binary(at(left), at(right)) : unary(at(left)));
    }
    return [at(values.length - 1), at(values.length - 2), at(instructions[0]?.[2] ?? 0)];
  };

const instructions = fc.array(fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000)), { minLength: 1, maxLength: 14 });

function expectSame(actual: readonly Tensor[], expected: readonly Tensor[]): void {
  expect(actual.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
    expected.map(({ shape, dtype }) => ({ shape, dtype })),
  );
  actual.forEach((x, k) => {
    const [a, b] = [x.data, (expected[k] as Tensor).data];
    a.forEach((value: number | bigint, i: number) => {
      if (!Object.is(value, b[i])) expect({ k, i, value }).toEqual({ k, i, value: b[i] });
    });
  });
}

const inputs = (seed: number): Tensor[] => shapes.map((shape, i) => numbers(shape, seed + i));

law(
  'values',
  instructions,
  (list) => {
    const f = functionOf(list);
    const jitted = jit(f);
    for (const seed of [1, 30]) expectSame(jitted(...inputs(seed)), f(...inputs(seed)));
  },
  150,
);

law(
  'gradients, with jit inside and outside',
  instructions,
  (list) => {
    const argnums = shapes.map((_, i) => i);
    const f = (...args: Tensor[]): Tensor =>
      functionOf(list)(...args).reduce((sum, y) => sum.add(y.mul(y).sum()), tensor(0));
    const [y, gradients] = valueAndGrad(f, { argnums })(...inputs(5));
    const inner = valueAndGrad(jit(f), { argnums });
    const outer = jit((...args: Tensor[]) => {
      const [value, gs] = valueAndGrad(f, { argnums })(...args);
      return [value, ...gs];
    });
    for (let i = 0; i < 2; i++) {
      const [value, gs] = inner(...inputs(5));
      expectSame([value, ...gs], [y, ...gradients]);
      expectSame(outer(...inputs(5)), [y, ...gradients]);
    }
  },
  60,
);
