/** Kernels that leave their buffers are refused, each with the place and the bytes; those that stay within are not. */

import { describe, expect, test } from 'vitest';
import {
  abs,
  add,
  and,
  compare,
  constant,
  convert,
  divide,
  type FunctionBuilder,
  func,
  index,
  load,
  maximum,
  minimum,
  multiply,
  negate,
  not,
  or,
  remainder,
  select,
  shiftLeft,
  shiftRight,
  shiftRightUnsigned,
  subtract,
  xor,
} from '../../src/kernel/build.js';
import type { Launch, Region } from '../../src/kernel/launch.js';
import type { Expr, Kernel, Variable } from '../../src/kernel/program.js';
import { verifyKernel, verifyLaunch } from '../../src/kernel/verify.js';
import { launchOn, plainKernel } from './support.js';

const at = (buffer: number, offset = 0) => ({ buffer, offset });
const one = constant({ lane: 'f32', width: 1 }, 1);
const four = constant({ lane: 'f32', width: 4 }, 1);

type Body = (f: FunctionBuilder, p: Variable, table: Variable, scratch: Variable) => void;

/** Regions of a kernel on a buffer of 64 bytes and a table of 16 numbers from 0 to 10. */
const regions: readonly Region[] = [{ bytes: 64 }, { bytes: 64, values: [0, 10] }];

function verify(body: Body, given: readonly Region[] = regions, change: Partial<Launch> = {}): void {
  const kernel = plainKernel(2, (f, [p, table], scratch) => {
    if (p !== undefined && table !== undefined) body(f, p, table, scratch);
  });
  verifyKernel(kernel, 16);
  verifyLaunch({ ...launchOn(kernel, 2), ...change }, given);
}

/** A kernel that stores one number where an index of 0 to 15 says. */
const storeAt =
  (index: (f: FunctionBuilder, p: Variable, table: Variable) => Expr | number): Body =>
  (f, p, table) =>
    f.store('f32', add(p, multiply(index(f, p, table), 4)), one);

/** What a table of `values` holds: any number of that range. */
const entry = (table: Expr): Expr => load('i32', 1, table, 8);

const within: readonly (readonly [what: string, body: Body])[] = [
  ['the first cell', (f, p) => f.store('f32', p, one)],
  ['the last cell by offset', (f, p) => f.store('f32', p, one, 60)],
  ['the last vector', (f, p) => f.store('f32', p, four, 48)],
  ['the last byte', (f, p) => f.store('u8', add(p, 63), index(1))],
  ['four last bytes', (f, p) => f.store('u8', p, load('u8', 4, p, 60), 60)],
  ['a pointer set back by its offset', (f, p) => f.store('f32', subtract(add(p, 64), 4), one)],
  ['the difference of two pointers', (f, p) => f.store('f32', add(p, subtract(add(p, 60), p)), one)],
  [
    'what wraps, and comes back',
    (f, p) => f.store('f32', add(p, subtract(multiply(2 ** 30, 4), index(2 ** 32 - 60))), one),
  ],
  ['a loop to the end', (f, p) => f.loop(16, [[p, 4]], (q) => f.store('f32', q, one))],
  ['a loop backwards', (f, p) => f.loop(16, [[add(p, 60), -4]], (q) => f.store('f32', q, one))],
  ['a loop without turns', (f, p) => f.loop(0, [[p, 4]], (q) => f.store('f32', q, one, 100))],
  ['a loop of fewer than none', (f, p) => f.loop(-3, [[p, 4]], (q) => f.store('f32', q, one, 100))],
  ['a step that a table gives', (f, p, table) => f.loop(7, [[p, entry(table)]], (q) => f.store('f32', q, one))],
  ['a count that a table gives', (f, p, table) => f.loop(entry(table), [[p, 4]], (q) => f.store('f32', q, one, 24))],
  ['nested loops', (f, p) => f.loop(4, [[p, 16]], (row) => f.loop(4, [[row, 4]], (q) => f.store('f32', q, one)))],
  ['a table by another', (f, p, table) => f.store('f32', p, load('f32', 1, add(table, multiply(entry(table), 6))))],
  [
    'whole and last blocks',
    (f, p) =>
      f.blocks(16, 5, (start, count) => {
        f.loop(count, [[add(p, multiply(start, 4)), 4]], (q) => f.store('f32', q, one));
      }),
  ],
  [
    'blocks larger than all',
    (f, p) => f.blocks(16, 100, (_, count) => f.loop(count, [[p, 4]], (q) => f.store('f32', q, one))),
  ],
  [
    'blocks of a total that a table gives',
    (f, p, table) =>
      f.blocks(entry(table), 4, (start, count) => {
        f.store('f32', add(p, multiply(start, 4)), one);
        f.store('f32', add(p, multiply(count, 4)), one, 44);
      }),
  ],
  ['minimum and maximum', storeAt((_f, p) => minimum(maximum(load('i32', 1, p), 0), 15))],
  ['and with a mask', storeAt((_f, p) => and(load('i32', 1, p), 15))],
  ['and of a table', storeAt((_f, p, table) => and(entry(table), load('i32', 1, p)))],
  ['rounding down', (f, p) => f.loop(64, [[index(0), 1]], (i) => f.store('f32', add(p, and(i, -4)), one))],
  ['remainder', storeAt((_f, p) => abs(remainder(load('i32', 1, p), 8)))],
  ['remainder of what is not negative', storeAt((_f, p) => remainder(and(load('i32', 1, p), 2 ** 30), 16))],
  ['a quotient', storeAt((_f, _p, table) => divide(entry(table), 3))],
  ['a quotient by what may be 0', storeAt((_f, _p, table) => divide(entry(table), entry(table)))],
  ['bytes', storeAt((_f, p) => shiftRight(load('u8', 1, p), 4))],
  ['a shift without sign', storeAt((_f, p) => shiftRightUnsigned(load('i32', 1, p), 28))],
  ['a shift to the left', (f, p, table) => f.store('f32', add(p, shiftLeft(entry(table), 2)), one)],
  ['negative of negative', storeAt((_f, _p, table) => negate(subtract(0, entry(table))))],
  ['not', storeAt((_f, _p, table) => add(not(entry(table)), 11))],
  ['a choice', storeAt((_f, p, table) => select(compare('LT', load('f32', 1, p), 0), entry(table), 15))],
  [
    'an index checked',
    (f, p) => {
      const i = f.let(load('i32', 1, p));
      f.if(and(compare('GE', i, 0), compare('LT', i, 16)), () => f.store('f32', add(p, multiply(i, 4)), one));
    },
  ],
  [
    'an index checked the other way',
    (f, p) => {
      const i = f.let(load('i32', 1, p));
      f.if(
        or(compare('GT', 0, i), not(compare('LE', i, 15))),
        () => {},
        () => f.store('f32', add(p, multiply(i, 4)), one),
      );
    },
  ],
  [
    'a sum checked',
    (f, p) =>
      f.loop(100, [[index(-50), 1]], (i) => {
        f.if(and(compare('GE', add(i, 3), 0), compare('LE', add(i, 3), 15)), () =>
          f.store('f32', add(add(p, multiply(i, 4)), 12), one),
        );
      }),
  ],
  [
    'equality',
    (f, p) => {
      const i = f.let(load('i32', 1, p));
      f.if(compare('EQ', i, 3), () => f.store('f32', add(p, multiply(i, 4)), one));
    },
  ],
  [
    'inequality at an end',
    (f, p) =>
      f.loop(17, [[index(0), 1]], (i) => {
        f.if(compare('NE', i, 16), () => f.store('f32', add(p, multiply(i, 4)), one));
      }),
  ],
  [
    'a branch that is never taken',
    (f, p, table) => {
      f.if(compare('GT', entry(table), 10), () => {});
      const i = f.let(entry(table));
      f.if(compare('GT', i, 10), () => f.store('f32', p, one, 1000));
      f.if(
        compare('LE', i, 10),
        () => {},
        () => f.store('f32', p, one, 1000),
      );
    },
  ],
  [
    'a call',
    (f, p) =>
      f.call(
        func('inner', (g, q, n) => g.loop(n, [[q, 4]], (r) => g.store('f32', r, one))),
        p,
        16,
      ),
  ],
  [
    'a variable that a loop sets, set anew before use',
    (f, p) => {
      const i = f.let(0);
      f.loop(4, [], () => {
        f.set(i, 3);
        f.store('f32', add(p, multiply(i, 4)), one);
        f.set(i, load('i32', 1, p));
      });
    },
  ],
];

test.each(within)('within: %s', (_what, body) => {
  expect(() => verify(body)).not.toThrow();
});

const outside: readonly (readonly [what: string, body: Body, message: RegExp])[] = [
  [
    'after the last cell',
    (f, p) => f.store('f32', p, one, 61),
    /statement 1, store f32 at v0 \+ 61: v0 is byte 0 to 0 of buffer 0; 4 bytes 61 after it end at 65 of 64/,
  ],
  ['a vector too long', (f, p) => f.store('f32', p, four, 52), /16 bytes 52 after it end at 68 of 64/],
  ['before the first', (f, p) => f.store('f32', subtract(p, 4), one), /\(v0 - 4\) is byte -4 to -4 of buffer 0/],
  ['before the first, though the offset leads back', (f, p) => f.store('f32', subtract(p, 4), one, 4), /byte -4 to -4/],
  ['a load', (f, p) => f.store('f32', p, load('f32', 1, p, 64)), /4 bytes 64 after it end at 68 of 64/],
  ['a load in a condition', (f, p) => f.if(compare('LT', load('f32', 1, p, 64), 0), () => {}), /statement 1, if LT/],
  ['a load in a vector', (f, p) => f.store('f32', p, add(load('f32', 4, p, 52), four)), /end at 68 of 64/],
  [
    'a loop one turn too long',
    (f, p) => f.loop(17, [[p, 4]], (q) => f.store('f32', q, one)),
    /statement 1.1, store f32 at v3: v3 is byte 0 to 64/,
  ],
  [
    'a loop backwards, one turn too long',
    (f, p) => f.loop(17, [[add(p, 60), -4]], (q) => f.store('f32', q, one)),
    /byte -4 to 60/,
  ],
  [
    'nested loops',
    (f, p) => f.loop(4, [[p, 16]], (row) => f.loop(5, [[row, 4]], (q) => f.store('f32', q, one))),
    /statement 1.1.1, .* is byte 0 to 64/,
  ],
  [
    'a whole block',
    (f, p) => f.blocks(16, 5, (start) => f.store('f32', add(p, multiply(start, 5)), one)),
    /byte 75 to 75 of buffer 0/,
  ],
  [
    'a block taken for a whole one',
    (f, p) => f.blocks(16, 5, (start) => f.loop(5, [[add(p, multiply(start, 4)), 4]], (q) => f.store('f32', q, one))),
    /byte 60 to 76/,
  ],
  [
    'a number that is no address',
    (f) => f.store('f32', index(0), one),
    /0 is not known to be an address within a buffer/,
  ],
  [
    'the sum of two addresses',
    (f, p, table) => f.store('f32', add(p, table), one),
    /\(v0 \+ v1\) is not known to be an address/,
  ],
  ['an address doubled', (f, p) => f.store('f32', multiply(p, 2), one), /\(v0 \* 2\) is not known/],
  [
    'the difference of addresses of two buffers',
    (f, p, table) => f.store('f32', add(p, subtract(table, table)), load('f32', 1, add(p, subtract(table, p)))),
    /byte -2147483648 to 2147483647 of buffer 0/,
  ],
  [
    'an address of either buffer',
    (f, p, table) => f.store('f32', select(compare('LT', entry(table), 5), p, table), one),
    /not known to be an address/,
  ],
  ['a number out of memory', storeAt((_f, p) => load('i32', 1, p)), /byte -8589934592 to 8589934588 of buffer 0/],
  ['a long, narrowed', storeAt((_f, p) => convert(load('i64', 1, p), 'i32')), /byte -8589934592/],
  ['a table entry too large', storeAt((_f, _p, table) => add(entry(table), 6)), /byte 24 to 64/],
  ['a table read between its numbers', storeAt((_f, _p, table) => load('i32', 1, table, 2)), /byte -8589934592/],
  [
    'a table read at an odd address',
    storeAt((_f, _p, table) => load('i32', 1, add(table, divide(entry(table), 2)))),
    /byte -8589934592/,
  ],
  ['a table written', (f, _p, table) => f.store('i32', table, index(3)), /buffer 1 is a table, which nothing writes/],
  [
    'the scratch that there is not',
    (f, _p, _table, scratch) => f.store('f32', scratch, one),
    /byte 0 to 0 of the scratch; 4 bytes 0 after it end at 4 of 0/,
  ],
  ['and that lets negative ones through', storeAt((_f, p) => and(load('i32', 1, p), -1)), /byte -8589934592/],
  [
    'and of two that may be negative',
    storeAt((_f, p) => and(load('i32', 1, p), load('i32', 1, p, 4))),
    /byte -8589934592/,
  ],
  ['a remainder by a negative', storeAt((_f, p) => remainder(load('i32', 1, p), -8)), /byte -28 to 28/],
  ['or, xor', storeAt((_f, _p, table) => xor(or(entry(table), 1), 1)), /byte -8589934592/],
  ['a remainder of a negative', storeAt((_f, p) => remainder(load('i32', 1, p), 8)), /byte -28 to 28/],
  [
    'a quotient by what may be 0',
    storeAt((_f, _p, table) => add(divide(entry(table), entry(table)), 6)),
    /byte 24 to 64/,
  ],
  ['the least number without its sign', storeAt((_f, p) => abs(load('i32', 1, p))), /of buffer 0/],
  ['minimum of an address', (f, p) => f.store('f32', minimum(p, 0), one), /not known to be an address/],
  [
    'a minimum of what may have wrapped',
    storeAt((_f, p) => minimum(maximum(add(load('i32', 1, p), 1), 0), load('i32', 1, p))),
    /of buffer 0/,
  ],
  [
    'a comparison of what may have wrapped',
    (f, p) => {
      const i = f.let(load('i32', 1, p));
      f.if(and(compare('GE', add(i, 1), 0), compare('LT', add(i, 1), 16)), () =>
        f.store('f32', add(p, multiply(i, 4)), one, 4),
      );
    },
    /of buffer 0/,
  ],
  [
    'a check of one side',
    (f, p) => {
      const i = f.let(load('i32', 1, p));
      f.if(compare('LT', i, 16), () => f.store('f32', add(p, multiply(i, 4)), one));
    },
    /byte -8589934592 to 60/,
  ],
  [
    'a check by or',
    (f, p) => {
      const i = f.let(load('i32', 1, p));
      f.if(or(compare('GE', i, 0), compare('LT', i, 16)), () => f.store('f32', add(p, multiply(i, 4)), one));
    },
    /of buffer 0/,
  ],
  [
    'after the check',
    (f, p) => {
      const i = f.let(load('i32', 1, p));
      f.if(and(compare('GE', i, 0), compare('LT', i, 16)), () => {});
      f.store('f32', add(p, multiply(i, 4)), one);
    },
    /statement 3, .*byte -8589934592/,
  ],
  [
    'a variable that a loop moves',
    (f, p) => {
      const q = f.let(p);
      f.loop(4, [], () => {
        f.store('f32', q, one);
        f.set(q, add(q, 4));
      });
    },
    /statement 2.1, store f32 at v3: v3 is not known to be an address/,
  ],
  [
    'a variable that a branch moves',
    (f, p) => {
      const i = f.let(0);
      f.if(compare('LT', load('f32', 1, p), 0), () => f.set(i, 100));
      f.store('f32', add(p, i), one);
    },
    /statement 3/,
  ],
  [
    'a step that the body changes',
    (f, p) => {
      const step = f.let(4);
      f.loop(4, [[p, step]], (q) => {
        f.store('f32', q, one);
        f.set(step, 400);
      });
    },
    /statement 2.1/,
  ],
  [
    'a count as large as can be',
    (f, p) => f.loop(load('i32', 1, p), [[p, 4]], (q) => f.store('f32', q, one)),
    /byte 0 to 8589934584/,
  ],
  [
    'a callee',
    (f, p) =>
      f.call(
        func('inner', (g, q, n) => g.loop(n, [[q, 4]], (r) => g.store('f32', r, one))),
        p,
        17,
      ),
    /function inner, statement 1.1, store f32 at v2: v2 is byte 0 to 64/,
  ],
];

test.each(outside)('outside: %s', (_what, body, message) => {
  expect(() => verify(body)).toThrow(message);
  expect(() => verify(body)).toThrow(expect.objectContaining({ code: 'kernel-invalid' }));
});

describe('a launch', () => {
  const row = (change: (f: FunctionBuilder, p: Variable, start: Variable, count: Variable) => void): Kernel => {
    const kernel = plainKernel(3, (f, [p, start, count]) => {
      if (p !== undefined && start !== undefined && count !== undefined) change(f, p, start, count);
    });
    return { ...kernel, gridRank: 1 };
  };
  const fill = row((f, p, start, count) =>
    f.loop(count, [[add(p, multiply(start, 4)), 4]], (q) => f.store('f32', q, one)),
  );
  const launch: Launch = { kernel: fill, args: [at(0)], grid: [{ total: 16, block: 5 }], scratchBytes: 0 };

  test.each([
    [launch, 64],
    [{ ...launch, args: [at(0, 12)] }, 76],
    [{ ...launch, grid: [{ total: 15, block: 5 }] }, 60],
    [{ ...launch, grid: [{ total: 4, block: 5 }] }, 16],
    [{ ...launch, grid: [{ total: 0, block: 5 }] }, 0],
  ])('fits, and would not fit one byte less', (given, bytes) => {
    expect(() => verifyLaunch(given, [{ bytes }])).not.toThrow();
    if (bytes > 0) expect(() => verifyLaunch(given, [{ bytes: bytes - 1 }])).toThrow(/buffer 0/);
  });

  test('has scratch of its own', () => {
    const body: Body = (f, _p, _table, scratch) => f.store('f32', scratch, four, 16);
    expect(() => verify(body, regions, { scratchBytes: 32 })).not.toThrow();
    expect(() => verify(body, regions, { scratchBytes: 31 })).toThrow(
      /the scratch; 16 bytes 16 after it end at 32 of 31/,
    );
  });

  test.each([
    [{ args: [] }, /it takes 1 arguments, not 0/],
    [{ args: [1.5] }, /an argument of 1.5 is no whole number/],
    [{ args: [2 ** 32] }, /no whole number of 32 bits/],
    [{ args: [at(1)] }, /there is no buffer 1, but 1/],
    [{ args: [at(0, 0.5)] }, /0.5 bytes into buffer 0/],
    [{ args: [at(0, -4)] }, /byte -4 to 52/],
    [{ args: [64] }, /not known to be an address/],
    [{ grid: [] }, /its grid has rank 1, not 0/],
    [{ grid: [{ total: -1, block: 5 }] }, /a grid counts whole numbers/],
    [{ grid: [{ total: 2 ** 31, block: 5 }] }, /a grid counts/],
    [{ grid: [{ total: 1, block: 0 }] }, /in blocks of 1 or more/],
    [{ grid: [{ total: Number.NaN, block: 1 }] }, /a grid counts/],
  ])('%o is refused', (change: Partial<Launch>, message) => {
    expect(() => verifyLaunch({ ...launch, ...change }, [{ bytes: 64 }])).toThrow(message);
  });

  test('on a buffer of a size that is no number is refused', () => {
    expect(() => verifyLaunch(launch, [{ bytes: Number.NaN }])).toThrow(/buffer 0/);
  });
});
