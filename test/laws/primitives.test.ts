/** One loop over all primitives and their samples: values, shapes, gradients to the second order, both modes, refusals. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { grad, jvp, vjp } from '../../src/autodiff/transforms.js';
import { AdjointError, type ErrorCode } from '../../src/errors.js';
import { NONE, type Params, type PrimitiveName } from '../../src/ops/primitive.js';
import { table } from '../../src/ops/table.js';
import { type DType, dtypes, isDType, isFloat, makeArray } from '../../src/shape/dtype.js';
import { sizeOf } from '../../src/shape/shape.js';
import { apply, newTensor, op, type Tensor } from '../../src/tensor/tensor.js';
import { misfits, refusedDTypes } from '../samples/refusals.js';
import type { Data, Sample } from '../samples/sample.js';
import { samples } from '../samples/samples.js';
import { elements, integers } from './cases.js';

const allDTypes: readonly DType[] = Object.keys(dtypes).filter(isDType);

const isPrimitive = (name: string): name is PrimitiveName => Object.hasOwn(table, name);
const names: readonly PrimitiveName[] = Object.keys(samples).filter(isPrimitive);

const of = ({ data, shape, dtype }: Data): Tensor => newTensor(data, shape, dtype);

/** The operands of a sample with another dtype in the place of float64. */
const inDType = (inputs: readonly Data[], dtype: DType): Tensor[] =>
  inputs.map((data) => (data.dtype === 'float64' ? op.convert(of(data), dtype) : of(data)));

/** What a sample computes, as a function of its floating operands, and these. */
function differentiable<N extends PrimitiveName>(name: N, { inputs, params }: Sample<Params[N]>) {
  const all = inputs.map(of);
  const f = (...floats: Tensor[]): Tensor => {
    const rest = floats.values();
    const operands = all.map((operand) => (isFloat(operand.dtype) ? (rest.next().value as Tensor) : operand));
    return apply(table[name], operands, params);
  };
  return { f, floats: all.filter(({ dtype }) => isFloat(dtype)) };
}

/** Weights that are all different, so that no gradient can hide behind another. */
const weights = (x: Tensor, seed: number): Tensor =>
  newTensor(
    integers(x.size, seed).map((value, i) => value + 0.5 + i / 8),
    x.shape,
    x.dtype,
  );

const weighted = (x: Tensor, seed: number): Tensor =>
  op.reduce_sum(
    op.multiply(x, weights(x, seed)),
    x.shape.map((_, axis) => axis),
  );

const STEP = 2 ** -10;

/** Derivatives of a scalar by every element of every argument: (f(-2h) - 8 f(-h) + 8 f(h) - f(2h)) / 12h. */
function numeric(f: (...args: Tensor[]) => Tensor, args: readonly Tensor[]): number[] {
  return args.flatMap((argument, position) =>
    elements(argument).map((value, i) => {
      const at = (steps: number): number => {
        const moved = newTensor(elements(argument).with(i, value + steps * STEP), argument.shape, argument.dtype);
        return Number(f(...args.with(position, moved)).item());
      };
      return (at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * STEP);
    }),
  );
}

function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    const right = expected[i] as number;
    const near = Math.abs(value - right) <= tolerance * Math.max(1, Math.abs(right));
    if (!near && !Object.is(value + 0, right + 0)) expect({ i, value }).toEqual({ i, value: right });
  });
}

/** The code of the error that a call throws. */
function codeOf(call: () => unknown): ErrorCode | 'none' {
  try {
    call();
  } catch (error) {
    if (error instanceof AdjointError) return error.code;
    throw error;
  }
  return 'none';
}

function testSample<N extends PrimitiveName>(name: N, sample: Sample<Params[N]>): void {
  const y = apply(table[name], sample.inputs.map(of), sample.params);
  expect(y.array.length).toBe(sizeOf(y.shape));
  expect(y.array.constructor).toBe(makeArray[y.dtype](0).constructor);
  if (sample.result !== undefined) {
    expect({ shape: y.shape, dtype: y.dtype }).toEqual({ shape: sample.result.shape, dtype: sample.result.dtype });
    expectClose(elements(y), sample.result.data, 2 ** -52);
  }
}

function testGradients<N extends PrimitiveName>(name: N, sample: Sample<Params[N]>): void {
  const { f, floats } = differentiable(name, sample);
  const recorded = vjp(f, ...floats);
  const gradients = recorded[1](weights(recorded[0], 1));
  expect(gradients.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
    floats.map(({ shape, dtype }) => ({ shape, dtype })),
  );
  if (sample.kink) return;
  const loss = (...args: Tensor[]): Tensor => weighted(f(...args), 1);
  expectClose(gradients.flatMap(elements), numeric(loss, floats), 1e-7);

  const argnums = floats.map((_, i) => i);
  const slope = (...args: Tensor[]): Tensor =>
    grad(loss, { argnums })(...args)
      .map((gradient, i) => op.convert(weighted(gradient, i + 2), 'float64'))
      .reduce(op.add);
  expectClose(grad(slope, { argnums })(...floats).flatMap(elements), numeric(slope, floats), 1e-7);
}

function testModes<N extends PrimitiveName>(name: N, sample: Sample<Params[N]>): void {
  const { f, floats } = differentiable(name, sample);
  const tangents = floats.map((x, i) => weights(x, i + 5));
  const [y, ty] = jvp(f, floats, tangents);
  const gy = weights(y, 9);
  const dot = (a: Tensor, b: Tensor): number => {
    const right = elements(b);
    return elements(a).reduce((sum, value, i) => sum + value * (right[i] as number), 0);
  };
  const left = dot(ty, gy);
  const right = vjp(f, ...floats)[1](gy).reduce((sum, gradient, i) => sum + dot(gradient, tangents[i] as Tensor), 0);
  expectClose([left], [right], 1e-12);
}

function testDTypes<N extends PrimitiveName>(name: N): void {
  for (const sample of samples[name]) {
    if (!sample.inputs.some(({ dtype }) => dtype === 'float64')) continue;
    for (const dtype of allDTypes) {
      const inputs = inDType(sample.inputs, dtype);
      const code = codeOf(() => table[name].shape(inputs, sample.params));
      expect({ dtype, code }).toEqual({ dtype, code: refusedDTypes[name].includes(dtype) ? 'dtype-mismatch' : 'none' });
      if (code !== 'none') continue;
      const y = apply(table[name], inputs, sample.params);
      expect(y.array.length).toBe(sizeOf(y.shape));
      if (y.dtype === 'bool') expect(elements(y).every((value) => value === 0 || value === 1)).toBe(true);
    }
  }
}

function describePrimitive<N extends PrimitiveName>(name: N): void {
  const list: readonly Sample<Params[N]>[] = samples[name];
  test('values, shapes and dtypes', () => {
    expect(list.length).toBeGreaterThan(0);
    for (const sample of list) testSample(name, sample);
  });
  const smooth = list.filter((sample) => {
    const y = apply(table[name], sample.inputs.map(of), sample.params);
    return isFloat(y.dtype) && sample.inputs.some(({ dtype }) => isFloat(dtype));
  });
  if (smooth.length > 0) {
    test('gradients of both orders, against differences', () => {
      for (const sample of smooth) testGradients(name, sample);
    });
    test('jvp and vjp are transposes', () => {
      for (const sample of smooth) if (!sample.kink) testModes(name, sample);
    });
  }
  test('dtypes', () => testDTypes(name));
  const misfitting = misfits[name];
  if (misfitting !== undefined) {
    test('operands that do not fit', () => {
      for (const { inputs, params, code } of misfitting) {
        expect({ inputs, params, code: codeOf(() => table[name].shape(inputs, params)) }).toEqual({
          inputs,
          params,
          code,
        });
      }
    });
  }
}

for (const name of names) describe(name, () => describePrimitive(name));

test('every primitive bears its own name', () => {
  expect(Object.entries(table).filter(([name, primitive]) => primitive.name !== name)).toEqual([]);
});

const elementary = [
  'exponential',
  'exponential_minus_one',
  'log',
  'log_plus_one',
  'sqrt',
  'rsqrt',
  'tanh',
  'logistic',
  'sine',
  'cosine',
  'erf',
] as const;

describe('elementary functions to the last digits (recorded by tools/record/elementary.py)', () => {
  const recorded: { readonly [name in (typeof elementary)[number]]: readonly (readonly [number, number])[] } =
    JSON.parse(readFileSync(new URL('../golden/elementary.json', import.meta.url), 'utf8'));
  test.each(elementary)('%s', (name) => {
    const points = recorded[name].map(([x]) => x);
    const y = elements(apply(table[name], [newTensor(points, [points.length], 'float64')], NONE));
    const wrong = recorded[name].filter(
      ([, right], i) => !(Math.abs((y[i] as number) - right) <= 2 ** -50 * Math.abs(right)),
    );
    expect(wrong).toEqual([]);
  });
});
