/** Interval arithmetic: whatever scalars the operands are, the result's interval has the scalar that comes out. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  binaryRules,
  blocksOf,
  exactly,
  holding,
  type Interval,
  interval,
  join,
  magnitude,
  shiftRules,
  signed,
  unknown,
} from '../../src/kernel/interval.js';
import { applyBinary, applyCompare, applyShift, applyUnary } from '../../src/kernel/lanes.js';
import type { BinaryOp, CompareOp, ShiftOp } from '../../src/kernel/program.js';

const ends = fc.oneof(
  fc.integer({ min: -40, max: 40 }),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.constantFrom(-(2 ** 31), 2 ** 31 - 1, 2 ** 31, 2 ** 32, -(2 ** 32) - 3, 2 ** 40, -(2 ** 50)),
);

/** An interval, and a whole number in it. */
const samples = fc.tuple(ends, ends, fc.constantFrom(1, 2, 4, 8), fc.nat()).map(([p, q, multiple, at]) => {
  const lo = Math.floor(Math.min(p, q) / multiple) * multiple;
  const hi = lo + Math.floor(Math.abs(p - q) / multiple) * multiple;
  const steps = (hi - lo) / multiple + 1;
  return { known: interval(lo, hi, multiple), value: lo + ((at * 7919) % steps) * multiple };
});

const wrap = (value: number): number => Number(BigInt.asIntN(32, BigInt(value)));

/** Whether the interval has a number that is the scalar, modulo 2^32. */
function has({ lo, hi, multiple }: Interval, scalar: number): boolean {
  const above = Number(BigInt.asUintN(32, BigInt(scalar) - BigInt(lo)));
  return lo + above <= hi && scalar % multiple === 0;
}

const keys = <T extends object>(table: T): (keyof T)[] => Object.keys(table) as (keyof T)[];

test.each(keys(binaryRules))('%s', (op: BinaryOp) => {
  fc.assert(
    fc.property(samples, samples, (a, b) => {
      const scalar = Number(applyBinary(op, 'i32', wrap(a.value), wrap(b.value)));
      expect(has(binaryRules[op](a.known, b.known), scalar)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test.each(keys(shiftRules))('%s', (op: ShiftOp) => {
  fc.assert(
    fc.property(samples, fc.integer({ min: -2, max: 40 }), (a, by) => {
      const scalar = Number(applyShift(op, 'i32', wrap(a.value), by));
      expect(has(shiftRules[op](a.known, exactly(by)), scalar)).toBe(true);
      expect(has(shiftRules[op](a.known, unknown), scalar)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('magnitude, signed, join', () => {
  fc.assert(
    fc.property(samples, samples, (a, b) => {
      expect(has(magnitude(a.known), Number(applyUnary('abs', 'i32', wrap(a.value))))).toBe(true);
      expect(has(signed(a.known), wrap(a.value))).toBe(true);
      expect(signed(a.known).lo >= -(2 ** 31) && signed(a.known).hi < 2 ** 31).toBe(true);
      expect([a, b].every(({ value }) => has(join(a.known, b.known), wrap(value)))).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test.each<CompareOp>(['EQ', 'NE', 'LT', 'LE', 'GT', 'GE'])('%s narrows to what can be', (op) => {
  fc.assert(
    fc.property(samples, samples, (a, b) => {
      const [left, right] = [signed(a.known), signed(b.known)];
      const [x, y] = [wrap(a.value), wrap(b.value)];
      if (applyCompare(op, x, y) === 0) return;
      const [[leastX, mostX], [leastY, mostY]] = holding(op, left, right);
      expect(leastX <= x && x <= mostX && leastY <= y && y <= mostY).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('blocks are whole ones and the last', () => {
  fc.assert(
    fc.property(samples, fc.integer({ min: 1, max: 50 }), ({ known, value }, block) => {
      const pieces = blocksOf(known, block);
      const total = Math.min(wrap(value), 200);
      if (wrap(value) > 200) return;
      for (let start = 0; start < total; start += block) {
        const count = Math.min(block, total - start);
        expect(pieces.some(([starts, counts]) => has(starts, start) && has(counts, count))).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
  expect(blocksOf(exactly(10), 4)).toEqual([
    [interval(0, 4, 4), exactly(4)],
    [exactly(8), exactly(2)],
  ]);
  expect(blocksOf(exactly(8), 4)).toEqual([[interval(0, 4, 4), exactly(4)]]);
  expect(blocksOf(exactly(0), 4)).toEqual([]);
});

test('what doubles do not count exactly is unknown', () => {
  expect(binaryRules.multiply(interval(0, 2 ** 40), interval(0, 2 ** 40))).toEqual(unknown);
  expect(binaryRules.add(exactly(2 ** 53 - 1), exactly(1))).toEqual(unknown);
  expect(interval(Number.NaN, 3)).toEqual(unknown);
});
