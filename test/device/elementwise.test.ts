/** Elementwise kernels, bit for bit as the references. */

import { describe, expect, test } from 'vitest';
import { type Direction, NONE, type PrimitiveName } from '../../src/ops/primitive.js';
import type { DType } from '../../src/shape/dtype.js';
import { both, expectSame, operand } from '../support/device.js';

const floats: readonly DType[] = ['float32', 'float64'];
const integers: readonly DType[] = ['int32', 'int64', 'uint8'];
const numbers = [...floats, ...integers];
const all: readonly DType[] = [...numbers, 'bool'];

/** Around vectors, around turns of the inner loop, around tasks. */
const sizes = [1, 2, 3, 4, 7, 15, 16, 17, 31, 255, 256, 257, 1023, 32767, 32768, 32769, 65537];

/** Primitives without parameters, and the dtypes that have kernels: for the others the reference serves. */
const plain = {
  negate: numbers,
  abs: all,
  sign: all,
  sqrt: floats,
  rsqrt: floats,
  exponential_minus_one: floats,
  log: floats,
  log_plus_one: floats,
  tanh: floats,
  logistic: floats,
  erf: floats,
  floor: all,
  ceil: all,
  round_nearest_even: all,
  is_finite: all,
  not: [...integers, 'bool'],
  add: all,
  subtract: numbers,
  multiply: all,
  divide: all,
  remainder: [...integers, 'bool'],
  maximum: all,
  minimum: all,
  and: [...integers, 'bool'],
  or: [...integers, 'bool'],
} satisfies { readonly [N in PrimitiveName]?: readonly DType[] };

type Plain = keyof typeof plain;
const names: readonly string[] = Object.keys(plain);
const isPlain = (name: string): name is Plain => names.includes(name);
const unary: readonly string[] = names.slice(0, names.indexOf('add'));

for (const name of names.filter(isPlain)) {
  const dtypes: readonly DType[] = plain[name];
  test.each(dtypes)(`${name} of %s`, (dtype) => {
    for (const size of sizes) {
      const a = operand(dtype, [size], size);
      const b = operand(dtype, [size], size + 1);
      expectSame(both(name, unary.includes(name) ? [a] : [a, b], NONE), `${name} ${dtype} ${size}`);
    }
  });
}

const directions: readonly Direction[] = ['EQ', 'NE', 'LT', 'LE', 'GT', 'GE'];

test.each(all)('compare of %s', (dtype) => {
  for (const direction of directions) {
    for (const size of sizes) {
      const operands = [operand(dtype, [size], size), operand(dtype, [size], size + 1)];
      expectSame(both('compare', operands, { direction }), `${direction} ${dtype} ${size}`);
    }
  }
});

test.each(all)('select of %s', (dtype) => {
  for (const size of sizes) {
    const operands = [operand('bool', [size], 3), operand(dtype, [size], 1), operand(dtype, [size], 2)];
    expectSame(both('select', operands, NONE), `select ${dtype} ${size}`);
  }
});

describe.each(all)('convert from %s', (from) => {
  test.each(all.filter((to) => to !== from))('to %s', (to) => {
    for (const size of sizes) {
      expectSame(both('convert', [operand(from, [size], size)], { dtype: to }), `${from} to ${to} ${size}`);
    }
  });
});

test('any shape is a row', () => {
  for (const shape of [[], [0], [3, 0, 2], [1, 1], [2, 3, 5], [3, 1, 4, 1, 5]]) {
    const outcome = both('add', [operand('float32', shape, 1), operand('float32', shape, 2)], NONE);
    expectSame(outcome, `add [${shape}]`);
    expect(outcome.plan.launches.length).toBe(shape.includes(0) ? 0 : 1);
  }
});
