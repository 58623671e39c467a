/** Elementwise kernels, bit for bit as the references. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Direction, NONE, type Operand, type PrimitiveName } from '../../src/ops/primitive.js';
import type { ElementwiseInput, ElementwiseNode } from '../../src/plan/elementwise.js';
import type { DType } from '../../src/shape/dtype.js';
import { sizeOf } from '../../src/shape/shape.js';
import { both, execute, expectSame, hasPlan, operand, planned, reference, typeOf } from '../support/device.js';

const floats: readonly DType[] = ['float32', 'float64'];
const integers: readonly DType[] = ['int32', 'int64', 'uint8'];
const numbers = [...floats, ...integers];
const all: readonly DType[] = [...numbers, 'bool'];

/** Around vectors, around turns of the inner loop, around tasks. */
const sizes = [1, 2, 3, 4, 7, 15, 16, 17, 31, 255, 256, 257, 1023, 32769];

/** Primitives without parameters, and the dtypes that have kernels: for the others the reference serves. */
const plain = {
  negate: numbers,
  abs: all,
  sign: all,
  sqrt: floats,
  rsqrt: floats,
  exponential: floats,
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
const unary: readonly string[] = [...names.slice(0, names.indexOf('add')), 'sine', 'cosine'];

type Elementwise = Plain | 'sine' | 'cosine' | 'power';
const isElementwise = (name: string): name is Elementwise =>
  isPlain(name) || ['sine', 'cosine', 'power'].includes(name);

/** Whether the primitive is defined for these dtypes. */
function accepts(name: Elementwise, operands: readonly Operand[]): boolean {
  try {
    typeOf(name, operands, NONE);
    return true;
  } catch {
    return false;
  }
}

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

/** Elementwise primitives that have no kernel for some dtypes. */
const served: { readonly [N in PrimitiveName]?: readonly DType[] } = {
  sine: floats,
  cosine: floats,
  power: all,
  remainder: floats,
};

test('what has no kernel stands in a list', () => {
  const without = [...names, ...Object.keys(served).filter((name) => !names.includes(name))]
    .filter(isElementwise)
    .map((name): [string, DType[]] => {
      const operands = (dtype: DType): Operand[] =>
        [operand(dtype, [3], 1), operand(dtype, [3], 2)].slice(0, unary.includes(name) ? 1 : 2);
      const lacks = (dtype: DType): boolean => accepts(name, operands(dtype)) && !hasPlan(name, operands(dtype), NONE);
      return [name, all.filter(lacks)];
    });
  expect(Object.fromEntries(without.filter(([, dtypes]) => dtypes.length > 0))).toEqual(served);
});

test('any shape is a row', () => {
  for (const shape of [[], [0], [3, 0, 2], [1, 1], [2, 3, 5], [3, 1, 4, 1, 5]]) {
    const outcome = both('add', [operand('float32', shape, 1), operand('float32', shape, 2)], NONE);
    expectSame(outcome, `add [${shape}]`);
    expect(outcome.plan.launches.length).toBe(shape.includes(0) ? 0 : 1);
  }
});

type ElementwiseOperand = ElementwiseInput & Operand;

/** One number everywhere. */
const filled = (value: number, shape: readonly number[]): Operand => ({
  dtype: 'float64',
  shape,
  array: new Float64Array(sizeOf(shape)).fill(value),
});

/** Runs an expression in one kernel, and one primitive after the other by the references. */
function run(nodes: readonly ElementwiseNode[], inputs: readonly ElementwiseOperand[], shape: readonly number[]) {
  const last = nodes.at(-1) as ElementwiseNode;
  const plan = planned(nodes, inputs, { shape, dtype: last.dtype });
  if (plan === null) throw new Error('no plan');
  const values: Operand[] = inputs.map((x) =>
    reference('broadcast_in_dim', [x], { shape, axes: x.axes ?? shape.map((_, axis) => axis) }),
  );
  for (const node of nodes) {
    const operands = node.operands.map((i) => values[i] as Operand);
    if (node.op === 'constant') {
      values.push(reference('convert', [filled(node.value, shape)], { dtype: node.dtype }));
    } else if (node.op === 'convert') values.push(reference('convert', operands, { dtype: node.dtype }));
    else if (node.op === 'compare') values.push(reference('compare', operands, { direction: node.direction }));
    else values.push(reference(node.op, operands, NONE));
  }
  const expected = (values.at(-1) as Operand).array;
  return { plan, actual: execute(plan, inputs, last.dtype, expected.length), expected };
}

const f32 = { dtype: 'float32' } as const;
const f64 = { dtype: 'float64' } as const;

test('expressions: several primitives over several values, each input read once', () => {
  const x = operand('float32', [3, 700], 1);
  const nodes: ElementwiseNode[] = [
    { ...f32, op: 'multiply', operands: [0, 1] },
    { ...f32, op: 'constant', value: 0.5, operands: [] },
    { ...f32, op: 'add', operands: [2, 3] },
    { ...f32, op: 'constant', value: 0, operands: [] },
    { dtype: 'bool', op: 'compare', direction: 'GT', operands: [4, 5] },
    { ...f32, op: 'negate', operands: [0] },
    { ...f32, op: 'select', operands: [6, 4, 7] },
  ];
  expectSame(run(nodes, [x, operand('float32', [3, 700], 2)], [3, 700]), 'chain');
});

test('expressions: biases, scales and numbers are repeated as they are read', () => {
  const nodes: ElementwiseNode[] = [
    { ...f32, op: 'multiply', operands: [0, 1] },
    { ...f32, op: 'add', operands: [3, 2] },
  ];
  for (const [shape, axes] of [
    [[2, 5, 37], [1]],
    [[2, 5, 37], [2]],
    [
      [2, 5, 37],
      [0, 1],
    ],
    [
      [2, 5, 37],
      [0, 2],
    ],
    [[4, 1, 3], [1]],
    [[50, 3], []],
  ] as const) {
    const bias = {
      ...operand(
        'float32',
        axes.map((axis) => shape[axis] as number),
        3,
      ),
      axes,
    };
    const scale = { ...operand('float32', [], 4), axes: [] };
    expectSame(run(nodes, [operand('float32', shape, 1), scale, bias], shape), `[${shape}] ${axes}`);
  }
  // One column repeated along the rows, and one row repeated along the columns.
  const outer = [
    { ...operand('float64', [40], 1), axes: [0] },
    { ...operand('float64', [50, 1].slice(0, 1), 2), axes: [1] },
  ];
  expectSame(run([{ ...f64, op: 'subtract', operands: [0, 1] }], outer, [40, 50]), 'outer difference');
});

test('expressions: truth values beside lanes of any size', () => {
  for (const [a, b] of [
    ['float64', 'float32'],
    ['float64', 'float64'],
    ['int64', 'uint8'],
    ['float32', 'int32'],
  ] as const) {
    const nodes: ElementwiseNode[] = [
      { dtype: 'bool', op: 'compare', direction: 'LT', operands: [0, 1] },
      { dtype: 'bool', op: 'compare', direction: 'GE', operands: [2, 3] },
      { dtype: 'bool', op: 'constant', value: 1, operands: [] },
      { dtype: 'bool', op: 'and', operands: [5, 7] },
      { dtype: 'bool', op: 'not', operands: [6] },
      { dtype: 'bool', op: 'or', operands: [8, 9] },
      { dtype: 'bool', op: 'select', operands: [4, 10, 5] },
      { dtype: a, op: 'select', operands: [11, 0, 1] },
    ];
    const inputs = [
      operand(a, [333], 1),
      operand(a, [333], 2),
      operand(b, [333], 3),
      operand(b, [333], 4),
      operand('bool', [333], 5),
    ];
    expectSame(run(nodes, inputs, [333]), `${a} ${b}`);
    expectSame(run(nodes.slice(0, -1), inputs, [333]), `${a} ${b} to bool`);
  }
});

test('expressions: an operand whose innermost cells lie apart has no kernel', () => {
  const x = { ...operand('float32', [4, 5], 1), axes: [1, 0] };
  expect(planned([{ ...f32, op: 'negate', operands: [0] }], [x], { shape: [5, 4], dtype: 'float32' })).toBeNull();
});

/** Draws that decide an expression, one after the other. */
class Draws {
  readonly #numbers: readonly number[];
  #next = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  pick<T>(list: readonly T[]): T {
    const draw = this.#numbers[this.#next++ % this.#numbers.length] ?? 0;
    return list[draw % list.length] as T;
  }
}

/** A node on some of the values before it. */
function randomNode(draws: Draws, types: readonly DType[]): ElementwiseNode {
  const a = draws.pick(types.map((_, i) => i));
  const dtype = types[a] as DType;
  const b = draws.pick(types.flatMap((type, i) => (type === dtype ? [i] : [])));
  const masks = types.flatMap((type, i) => (type === 'bool' ? [i] : []));
  const allowed = names.filter(isPlain).filter((name) => (plain[name] as readonly DType[]).includes(dtype));
  const name = draws.pick([...allowed, 'compare', 'convert', 'constant', 'select'] as const);
  if (name === 'compare') return { op: 'compare', dtype: 'bool', direction: draws.pick(directions), operands: [a, b] };
  if (name === 'convert') return { op: 'convert', dtype: draws.pick(all), operands: [a] };
  if (name === 'constant' || (name === 'select' && masks.length === 0)) {
    return { op: 'constant', dtype, value: draws.pick([0, 1, 2, 7]), operands: [] };
  }
  if (name === 'select') return { op: 'select', dtype, operands: [draws.pick(masks), a, b] };
  const result = name === 'is_finite' ? 'bool' : dtype;
  return { op: name, dtype: result, operands: unary.includes(name) ? [a] : [a, b] };
}

test('expressions: any, of any dtypes', () => {
  const draws = fc.array(fc.nat(), { minLength: 10, maxLength: 60 });
  const inputs = fc.array(fc.constantFrom(...all), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(
      draws,
      inputs,
      fc.integer({ min: 1, max: 8 }),
      fc.constantFrom(1, 5, 37),
      (numbers, dtypes, count, size) => {
        const draw = new Draws(numbers);
        const nodes: ElementwiseNode[] = [];
        while (nodes.length < count) nodes.push(randomNode(draw, [...dtypes, ...nodes.map(({ dtype }) => dtype)]));
        const operands = dtypes.map((dtype, i) => operand(dtype, [size], i));
        expectSame(run(nodes, operands, [size]), JSON.stringify(nodes));
      },
    ),
    { numRuns: 400 },
  );
});
