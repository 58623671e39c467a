/**
 * Bad arguments of the core: the class, the code and the words of each error. After every one the heap is as full as it
 * was, and the next call is right.
 */

import { AdjointError, conv, convSpec, grad, info, jvp, type Tensor, tensor, tidy, vjp } from 'adjoint';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anything } from './anything.js';
import * as convRows from './core/conv.js';
import * as tensorRows from './core/tensor.js';
import * as transformRows from './core/transforms.js';
import { bad, expectRefused, type Row, zeros } from './row.js';

// The heap of the built package, to collect what a failed call left unreachable.
const { heap }: typeof import('../../src/heap/heap.js') = await import(
  new URL('../../dist/src/heap/heap.js', import.meta.url).href
);

/** Bytes held by what can be reached. */
function held(): number {
  heap.collect();
  return info().heap.used;
}

function expectHealthy(): void {
  expect(conv([[[1, 2, 3]]], [[[1, 1]]]).tolist()).toEqual([[[3, 5]]]);
  expect(grad((x: Tensor) => conv(x, [[[1, 2]]]).sum())([[[1, 2, 3]]]).tolist()).toEqual([[[1, 3, 2]]]);
}

/** Bytes held, once they are no more than `most`: what an engine keeps for a while, it lets go as turns pass. */
async function settled(most: number): Promise<number> {
  let bytes = held();
  for (let turn = 0; turn < 5 && bytes > most; turn++) {
    await new Promise((done) => setTimeout(done));
    bytes = held();
  }
  return bytes;
}

/** What a call throws. */
function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return 'nothing';
}

async function testRow(row: Row): Promise<void> {
  const before = held();
  expectRefused(row);
  expect(await settled(before)).toBeLessThanOrEqual(before);
  expectHealthy();
}

for (const [file, tables] of Object.entries({ conv: convRows, tensor: tensorRows, transforms: transformRows })) {
  for (const [name, rows] of Object.entries(tables)) {
    describe(`${file}, ${name}`, () => {
      test.each(rows.map((row) => [row[0], row] as const))('%s', (_, row) => testRow(row));
    });
  }
}

test('it is the same heap that info() tells of', () => {
  const before = held();
  const x = zeros(1000);
  expect(info().heap.used).toBe(heap.info().used);
  expect(heap.info().used).toBe(before + 4032);
  x.dispose();
  expect(heap.info().used).toBe(before);
});

describe('an error in the function itself', () => {
  test('comes through unchanged, and the arguments stay usable', async () => {
    const x = zeros(300);
    const before = held();
    const fail = (): never => {
      throw new RangeError('mine');
    };
    for (const call of [
      () => grad((a: Tensor) => a.add(fail()))(x),
      () => vjp((a: Tensor) => a.mul(2), x)[1](fail()),
      () => jvp((a: Tensor) => a.add(fail()), [x], [x]),
      () => tidy(() => [x.mul(2), fail()]),
    ]) {
      expect(thrownBy(call)).toEqual(new RangeError('mine'));
      expect(await settled(before)).toBeLessThanOrEqual(before);
    }
    expect(grad((a: Tensor) => a.mul(a).sum())(x).shape).toEqual([300]);
  });

  test('out of memory: nothing is lost, and smaller things go on', async () => {
    const row = tensor(new Float64Array(2 ** 14), { shape: [2 ** 14, 1] });
    const column = tensor(new Float64Array(2 ** 16));
    const before = held();
    const error = thrownBy(() => row.mul(column));
    expect(error).toMatchObject({ code: 'out-of-memory', name: 'OutOfMemoryError' });
    expect(await settled(before)).toBeLessThanOrEqual(before);
    expect([row.size, column.size]).toEqual([2 ** 14, 2 ** 16]);
    expectHealthy();
  });
});

const fields = fc.constantFrom(
  'stride',
  'padding',
  'inputDilation',
  'kernelDilation',
  'featureGroups',
  'batchGroups',
  'flip',
  'layout',
  'paddingMode',
  'other',
);

describe('whatever is given, a call gives a tensor or an error of ours', () => {
  const calls: { readonly [name: string]: (value: unknown, field: string) => unknown } = {
    'conv, an operand': (value) => conv(bad(value), [[[1, 2]]]),
    'conv, the spec': (value) => conv([[[1, 2, 3]]], [[[1, 2]]], bad(value)),
    'conv, a field': (value, field) => conv([[[1, 2, 3]]], [[[1, 2]]], bad({ [field]: value })),
    'convSpec, the layout': (value, field) => convSpec(bad({ layout: { [field]: value, input: value } })),
    'tensor, the value': (value) => tensor(bad(value)),
    'tensor, the options': (value) => tensor([1, 2], bad(value)),
    'tensor, the shape': (value) => tensor([1, 2], bad({ shape: value })),
    'tensor, the dtype': (value) => tensor([1, 2], bad({ dtype: value })),
    'sum, the axes': (value) => tensor([1, 2]).sum(bad(value)),
    'add, the other': (value) => tensor([1, 2]).add(bad(value)),
    'grad, the function': (value) => grad(bad(value)),
    'grad, the options': (value) => grad((x: Tensor) => x.sum(), bad(value))([1, 2]),
    'grad, the argument': (value) => grad((x: Tensor) => x.sum())(bad(value)),
    'grad, the result': (value) => grad(bad(() => value))([1, 2]),
    'vjp, the seed': (value) => vjp((x: Tensor) => x, [1, 2])[1](bad(value)),
    'jvp, the tangents': (value) => jvp((x: Tensor) => x, [[1, 2]], bad(value)),
  };
  test.each(Object.entries(calls))('%s', (_, call) => {
    const attempt = (value: unknown, field: string): void => {
      const error = thrownBy(() => call(value, field));
      if (error !== 'nothing' && !(error instanceof AdjointError)) throw error;
    };
    fc.assert(fc.property(anything, fields, attempt), { numRuns: 300, seed: 20260701 });
    expectHealthy();
  });
});
