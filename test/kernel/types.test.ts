/** Kernels that are not well typed are refused, each with the place and the reason. */

import { expect, test } from 'vitest';
import * as build from '../../src/kernel/build.js';
import {
  type Expr,
  I32,
  type Kernel,
  type Lane,
  type Stmt,
  type Type,
  type Variable,
} from '../../src/kernel/program.js';
import { verifyKernel } from '../../src/kernel/verify.js';

const typeOf = (lane: Lane, width = 1): Type => ({ lane, width });
const number = (lane: Lane, width = 1): Expr => build.constant(typeOf(lane, width), lane === 'i64' ? 1n : 1);
const variable = (index: number, type: Type = I32): Variable => ({ kind: 'variable', type, index });
const [f32, f64, i32, i64, m32, m64] = (['f32', 'f64', 'i32', 'i64', 'm32', 'm64'] as const).map((lane) =>
  number(lane),
) as [Expr, Expr, Expr, Expr, Expr, Expr];
const [f32x4, i32x4, f64x2, m32x4] = [number('f32', 4), number('i32', 4), number('f64', 2), number('m32', 4)];

/** A kernel of one parameter, with variables of these types after it and the scratch. */
const kernelOf = (body: readonly Stmt[], variables: readonly Type[] = []): Kernel => ({
  name: 'test',
  entry: { name: 'run', parameters: [variable(0), variable(1)], variables: [I32, I32, ...variables], body },
  gridRank: 0,
});

/** A statement that computes an expression. */
const computing = (value: Expr): Kernel =>
  kernelOf([{ kind: 'set', variable: variable(2, value.type), value }], [value.type]);

const load = (change: object): Expr => ({ ...build.load('f32', 4, variable(0)), ...change }) as Expr;
const store = (value: Expr, change: object = {}): Stmt =>
  ({ kind: 'store', cell: 'f32', address: variable(0), offset: 0, value, ...change }) as Stmt;
const set = (index: number, value: Expr): Stmt => ({ kind: 'set', variable: variable(index, value.type), value });

const wrongExpressions: readonly (readonly [what: string, value: Expr, message: RegExp])[] = [
  ['a vector of 12 bytes', number('f32', 3), /f32x3 is neither a scalar nor a vector of 16 bytes/],
  ['a vector of 32 bytes', number('f32', 8), /f32x8 is neither/],
  ['a fraction in i32', build.constant(I32, 1.5), /1.5 of \(\) to i32; it takes a number that its lanes hold/],
  ['a number beyond 32 bits', build.constant(I32, 2 ** 32), /number that its lanes hold/],
  ['a bigint in f64', build.constant(typeOf('f64'), 1n), /number that its lanes hold/],
  ['a bigint beyond 64 bits', build.constant(typeOf('i64'), 2n ** 63n), /number that its lanes hold/],
  ['a mask of 2', build.constant(typeOf('m32'), 2), /of masks 0 or 1/],
  ['sqrt of integers', build.sqrt(i32), /sqrt\(1\) of \(i32\) to i32/],
  ['not of floats', build.not(f32), /not\(1\) of \(f32\) to f32/],
  ['negate of masks', build.negate(m32), /negate/],
  ['a sum of two types', build.add(f32, f64), /\(1 \+ 1\) of \(f32, f64\) to f32; it takes one type/],
  ['a sum of a scalar and a vector', build.add(f32, f32x4), /of \(f32, f32x4\)/],
  ['a sum of masks', build.add(m32, m32), /numbers/],
  ['a quotient of integer vectors', build.divide(i32x4, i32x4), /scalars for quotients of integers/],
  ['a remainder of floats', build.remainder(f32, f32), /remainder/],
  ['and of floats', build.and(f32, f32), /and/],
  ['a shift of floats', build.shiftLeft(f32, 1), /shift_left\(1, 1\) of \(f32, i32\) to f32; it takes integers/],
  ['a shift by a long', { ...build.shiftLeft(i64, 1), by: i64 } as Expr, /of \(i64, i64\)/],
  ['a comparison of two types', build.compare('LT', i32, f32), /LT\(1, 1\) of \(i32, f32\) to m32/],
  ['a comparison of masks', build.compare('EQ', m32, m32), /numbers of one type/],
  [
    'a comparison to a small mask',
    { ...build.compare('LT', f64, f64), type: typeOf('m32') } as Expr,
    /mask of lanes as large/,
  ],
  ['a choice by a number', build.select(i32, f32, f32), /select f32\(1, 1, 1\) of \(i32, f32, f32\)/],
  ['a choice by a mask too narrow', build.select(m32, f32x4, f32x4), /mask of lanes as large/],
  ['a choice by a mask of larger lanes', build.select(number('m64', 2), f32x4, f32x4), /mask of lanes as large/],
  ['a choice of two types', build.select(m32, f32, f64), /one type/],
  [
    'a product and sum of integers',
    { kind: 'multiply_add', type: I32, a: i32, b: i32, c: i32 },
    /multiply_add i32\(1, 1, 1\).* floats of one type/,
  ],
  ['a product and sum of two types', build.multiplyAdd(f32, f64, f32), /floats of one type/],
  [
    'a load into other lanes',
    load({ type: typeOf('i32', 4) }),
    /load f32 at v0 of \(i32\) to i32x4; it takes the lanes of its cells/,
  ],
  ['a load from a float', load({ address: f32 }), /scalar i32 as address/],
  ['a load from a vector', load({ address: i32x4 }), /scalar i32 as address/],
  ['a load before its address', load({ offset: -4 }), /offset that is not negative/],
  ['a load of 5 bytes', build.load('u8', 5, variable(0)), /i32x5 is neither/],
  ['a splat of a vector', build.splat(f32x4, 4), /splat f32x4\(.*\) of \(f32x4\)/],
  ['a splat of a mask', build.splat(m32, 4), /a number, to a vector of its lanes/],
  [
    'a lane beyond the last',
    build.extract(f32x4, 4),
    /\[4\] of \(f32x4\) to f32; it takes a vector of numbers, and one of its lanes/,
  ],
  ['a lane of a mask', build.extract(m32x4, 0), /a vector of numbers/],
  ['a shuffle of three lanes', build.shuffle(f32x4, f32x4, [0, 1, 2]), /as many lanes/],
  ['a shuffle beyond the last', build.shuffle(f32x4, f32x4, [0, 1, 2, 8]), /out of 0 to twice the width less 1/],
  ['a shuffle of scalars', build.shuffle(f32, f32, [0]), /two vectors/],
  ['a shuffle of two types', build.shuffle(f32x4, i32x4, [0, 1, 2, 3]), /two vectors of one type/],
  ['a conversion of vectors of 64 bits', build.convert(f64x2, 'i64'), /for vectors not i64 and floats/],
  ['a conversion of masks', build.convert(m32, 'i32'), /another lane of numbers/],
  ['bits of another size', build.bits(f32, 'i64'), /lanes as large as theirs/],
  ['bits of a mask', build.bits(m64, 'i64'), /numbers, and lanes as large/],
  ['a variable that the function has not', variable(7), /the function has no variable v7/],
  ['a variable of another type', variable(0, typeOf('f32')), /v0 is i32, not f32/],
  ['a variable before it is set', variable(2), /v2 is read before it is set/],
  [
    'an operand deep inside',
    build.add(f32, build.multiply(f32, build.sqrt(build.convert(build.add(i32, i64), 'f32')))),
    /\(1 \+ 1\) of \(i64, i32\)/,
  ],
];

test.each(wrongExpressions)('%s', (_what, value, message) => {
  expect(() => verifyKernel(computing(value), 16)).toThrow(message);
});

const loop = (change: object): Stmt =>
  ({
    kind: 'loop',
    count: i32,
    counters: [{ variable: variable(2), start: i32, step: i32 }],
    body: [],
    ...change,
  }) as Stmt;
const callee = build.func('callee', (f, p) => f.store('f32', p, f32));
const call = (...inputs: Expr[]): Stmt => ({ kind: 'call', callee, inputs });

const wrongBodies: readonly (readonly [what: string, body: readonly Stmt[], message: RegExp])[] = [
  ['a store of other lanes', [store(f64)], /function run, statement 1, store f32 at v0: the value is f64/],
  ['a store to a float', [store(f32, { address: f32 })], /an address must be a scalar i32, not f32/],
  ['a store before its address', [store(f32, { offset: -1 })], /offset must be a whole number/],
  ['a set of another type', [{ kind: 'set', variable: variable(2), value: f32 }], /the value is f32/],
  ['a loop of a fraction', [loop({ count: f32 })], /a count must be a scalar i32/],
  ['a loop from a float', [loop({ counters: [{ variable: variable(2), start: f32, step: i32 }] })], /a start must be/],
  ['a loop by a float', [loop({ counters: [{ variable: variable(2), start: i32, step: f32 }] })], /a step must be/],
  [
    'a counter that is a value',
    [set(2, i32), loop({})],
    /statement 2, loop of 1: v2 is in use; a counter belongs to one loop/,
  ],
  [
    'a counter that is a parameter',
    [loop({ counters: [{ variable: variable(0), start: i32, step: i32 }] })],
    /v0 is in use/,
  ],
  [
    'a counter twice',
    [loop({ counters: [0, 1].map(() => ({ variable: variable(2), start: i32, step: i32 })) })],
    /v2 is in use/,
  ],
  ['a counter that its body sets', [loop({ body: [set(2, i32)] })], /statement 1.1, v2 = 1: v2 is in use/],
  ['a counter that counts within itself', [loop({ body: [loop({})] })], /statement 1(.1)?, loop of 1: v2 is in use/],
  [
    'a step by the counter',
    [loop({ counters: [{ variable: variable(2), start: i32, step: variable(2) }] })],
    /v2 is read before/,
  ],
  ['a counter after its loop', [loop({}), set(3, variable(2))], /statement 2, v3 = v2: v2 is read before it is set/],
  ['a value after its body', [loop({ body: [set(3, i32)] }), set(4, variable(3))], /statement 2, v4 = v3: v3 is read/],
  [
    'blocks of nothing',
    [{ kind: 'blocks', total: i32, block: 0, start: variable(2), count: variable(3), body: [] }],
    /a block is 1 or more, not 0/,
  ],
  [
    'blocks of a float',
    [{ kind: 'blocks', total: f32, block: 1, start: variable(2), count: variable(3), body: [] }],
    /a total must be/,
  ],
  ['a condition that is a number', [{ kind: 'if', condition: i32, body: [], otherwise: [] }], /a scalar mask, not i32/],
  ['a condition of four', [{ kind: 'if', condition: m32x4, body: [], otherwise: [] }], /a scalar mask, not m32x4/],
  [
    'a value after its branch',
    [{ kind: 'if', condition: m32, body: [set(2, i32)], otherwise: [set(3, variable(2))] }],
    /statement 1.1, v3 = v2: v2 is read/,
  ],
  ['a call with too little', [call()], /callee takes 1 inputs, not 0/],
  ['a call with a float', [call(f32)], /an input must be a scalar i32, not f32/],
];

test.each(wrongBodies)('%s', (_what, body, message) => {
  expect(() => verifyKernel(kernelOf(body, [I32, I32, I32]), 16)).toThrow(message);
});

test('the function and statement at fault are named, also in a callee', () => {
  const wrong = build.func('inner', (f, p) => {
    f.loop(3, [[p, 4]], (q) => {
      f.store('f32', q, f32);
      f.store('f32', q, f64, 8);
    });
  });
  const message = /^kernel test, function inner, statement 1\.2, store f32 at v1 \+ 8: the value is f64$/;
  expect(() => verifyKernel(kernelOf([{ kind: 'call', callee: wrong, inputs: [variable(0)] }]), 16)).toThrow(message);
});

test('a kernel with too few parameters for its grid', () => {
  expect(() => verifyKernel({ ...kernelOf([]), gridRank: 1 }, 16)).toThrow(
    /a grid of rank 1 and the scratch take 3 parameters/,
  );
});

test('a parameter that is no scalar i32', () => {
  const entry = { name: 'run', parameters: [variable(0, typeOf('f32'))], variables: [typeOf('f32')], body: [] };
  expect(() => verifyKernel({ name: 'test', entry, gridRank: 0 }, 16)).toThrow(/parameters must be scalars of i32/);
});

test('one kernel may fit vectors of one size, and not of another', () => {
  const kernel = computing(number('f32', 8));
  expect(() => verifyKernel(kernel, 32)).not.toThrow();
  expect(() => verifyKernel(kernel, 16)).toThrow(/f32x8/);
});
