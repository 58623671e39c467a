/** Three small kernels as WebAssembly text (beside this file; `vitest -u` writes them anew), and what they compute. */

import { describe, expect, test } from 'vitest';
import {
  add,
  and,
  compare,
  constant,
  type FunctionBuilder,
  func,
  kernel,
  load,
  multiply,
  multiplyAdd,
  select,
  shiftRight,
  splat,
  subtract,
} from '../../src/kernel/build.js';
import type { Launch } from '../../src/kernel/launch.js';
import type { Expr, Kernel, Variable } from '../../src/kernel/program.js';
import { printWasm } from '../../src/print/wasm.js';
import { runBoth } from './support.js';
import { disassemble } from './wat.js';

/** y = a x + y of f32, in vectors and then one by one: arguments x, y and a. */
const axpy: Kernel = kernel('golden axpy', 3, 1, (f, parameters, [block]) => {
  const [x, y, a] = parameters as [Variable, Variable, Variable];
  if (block === undefined) return;
  const factor = f.let(load('f32', 1, a));
  const from = f.let(multiply(block.start, 4));
  const turns = f.let(shiftRight(block.count, 2));
  const step = (width: number) => (p: Variable, q: Variable) =>
    f.store('f32', q, multiplyAdd(splat(factor, width), load('f32', width, p), load('f32', width, q)));
  f.loop(
    turns,
    [
      [add(x, from), 16],
      [add(y, from), 16],
    ],
    step(4),
  );
  const rest = f.let(add(from, multiply(turns, 16)));
  f.loop(
    subtract(block.count, multiply(turns, 4)),
    [
      [add(x, rest), 4],
      [add(y, rest), 4],
    ],
    step(1),
  );
});

/** y[i] = x[index[i]], or 0 where that is outside: arguments x, index, y and how many x there are. */
const gather: Kernel = kernel('golden gather', 4, 1, (f, parameters, [block]) => {
  const [x, index, y, count] = parameters as [Variable, Variable, Variable, Variable];
  if (block === undefined) return;
  const from = f.let(multiply(block.start, 4));
  f.loop(
    block.count,
    [
      [add(index, from), 4],
      [add(y, multiply(block.start, 8)), 8],
    ],
    (p, q) => {
      const i = f.let(load('i32', 1, p));
      f.if(
        and(compare('GE', i, 0), compare('LT', i, count)),
        () => f.store('f64', q, load('f64', 1, add(x, multiply(i, 8)))),
        () => f.store('f64', q, constant({ lane: 'f64', width: 1 }, 0)),
      );
    },
  );
});

/** 1 where x > y, else 0; 2 where one of them is below 10. */
function judge(x: Expr, y: Expr): Expr {
  const one = constant(x.type, 1);
  return select(and(compare('GE', x, 10), compare('GE', y, 10)), select(compare('GT', x, y), one, 0), add(one, one));
}

/** Bytes judged, eight at a time in one function, what remains in another: arguments a, b, result and how many. */
const larger: Kernel = kernel('golden larger', 4, 0, (f, parameters) => {
  const [a, b, to, count] = parameters as [Variable, Variable, Variable, Variable];
  const store = (g: FunctionBuilder, width: number, [p, q, r]: readonly [Expr, Expr, Expr], offset: number): void => {
    const [x, y] = [g.let(load('u8', width, p, offset)), g.let(load('u8', width, q, offset))];
    g.store('u8', r, judge(x, y), offset);
  };
  const eight = func('eight', (g, p, q, r) => {
    for (const offset of [0, 4]) store(g, 4, [p, q, r], offset);
  });
  const rest = func('rest', (g, p, q, r, n) => {
    g.loop(
      n,
      [
        [p, 1],
        [q, 1],
        [r, 1],
      ],
      (...places) => store(g, 1, places, 0),
    );
  });
  f.blocks(count, 8, (start, size) => {
    const places = [a, b, to].map((place) => f.let(add(place, start)));
    f.if(
      compare('EQ', size, 8),
      () => f.call(eight, ...places),
      () => f.call(rest, ...places, size),
    );
  });
});

const bytesOf = (array: Float32Array | Float64Array | Int32Array | Uint8Array): Uint8Array =>
  new Uint8Array(array.buffer);
const at = (buffer: number) => ({ buffer, offset: 0 });

describe('as text', () => {
  test.each([
    ['axpy', axpy],
    ['gather', gather],
    ['larger', larger],
  ] as const)('%s', async (name, made) => {
    const bytes = printWasm(made, { shared: false, relaxed: false });
    await expect(await disassemble(bytes)).toMatchFileSnapshot(`./${name}.wat`);
  });

  test('with relaxed SIMD a multiply-add of vectors is one instruction; with shared memory, that is what is imported', async () => {
    const text = await disassemble(printWasm(axpy, { shared: true, relaxed: true }));
    expect(text.match(/f32x4\.relaxed_madd/g)).toHaveLength(1);
    expect(text).toContain('(import "env" "memory" (memory (;0;) 0 65536 shared))');
    const plain = await disassemble(printWasm(axpy, { shared: false, relaxed: false }));
    expect(plain).not.toContain('relaxed');
    expect(plain).toContain('(import "env" "memory" (memory (;0;) 0 65536))');
  });
});

/** What a launch makes of buffers, in both ways. */
function resultsOf(launch: Launch, buffers: readonly Uint8Array[], which: number): Uint8Array[] {
  const { interpreted, compiled } = runBoth(launch, buffers);
  return [interpreted, compiled].map((after) => after[which] as Uint8Array);
}

describe('run', () => {
  test.each([1, 4, 7, 16, 23])('axpy of 23, in blocks of %i', (block) => {
    const x = Float32Array.from({ length: 23 }, (_, i) => i - 11);
    const y = Float32Array.from({ length: 23 }, (_, i) => 1 / (i + 1));
    const launch = { kernel: axpy, args: [at(0), at(1), at(2)], grid: [{ total: 23, block }], scratchBytes: 0 };
    const factor = Math.fround(0.1);
    const expected = y.map((value, i) => Math.fround(factor * (x[i] ?? 0)) + value);
    for (const after of resultsOf(launch, [x, y, Float32Array.of(0.1)].map(bytesOf), 1)) {
      expect(new Float32Array(after.buffer)).toEqual(expected);
    }
  });

  test('gather, with indices outside', () => {
    const x = Float64Array.of(10, 20, 30);
    const index = Int32Array.of(2, 0, -1, 3, 1, 2 ** 31 - 1, -(2 ** 31));
    const launch = { kernel: gather, args: [at(0), at(1), at(2), 3], grid: [{ total: 7, block: 4 }], scratchBytes: 0 };
    for (const after of resultsOf(launch, [x, index, new Float64Array(7)].map(bytesOf), 2)) {
      expect(Array.from(new Float64Array(after.buffer))).toEqual([30, 10, 0, 0, 20, 0, 0]);
    }
  });

  test.each([0, 1, 7, 8, 9, 24, 29])('larger of %i bytes', (count) => {
    const a = Uint8Array.from({ length: count }, (_, i) => (i * 37) % 256);
    const b = Uint8Array.from({ length: count }, (_, i) => (i * 91 + 5) % 256);
    const launch = { kernel: larger, args: [at(0), at(1), at(2), count], grid: [], scratchBytes: 0 };
    const expected = a.map((x, i) => (Math.min(x, b[i] ?? 0) < 10 ? 2 : Number(x > (b[i] ?? 0))));
    for (const after of resultsOf(launch, [a, b, new Uint8Array(count)], 2)) expect(after).toEqual(expected);
  });
});
