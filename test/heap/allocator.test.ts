import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Span } from '../../src/heap/allocator.js';
import { Allocator } from '../../src/heap/allocator.js';

/** A naive model beside the allocator: one byte a unit, 1 where taken. */
class Checked {
  readonly allocator: Allocator;
  readonly start: number;
  readonly taken: Span[] = [];
  units = new Uint8Array(0);

  constructor(start: number) {
    this.start = start;
    this.allocator = new Allocator(start);
  }

  extend(size: number): void {
    this.allocator.extend(size);
    const longer = new Uint8Array(this.units.length + size);
    longer.set(this.units);
    this.units = longer;
  }

  take(size: number): void {
    const span = this.allocator.take(size);
    if (span === undefined) {
      expect(this.longestRun()).toBeLessThan(size);
      return;
    }
    expect(span.size).toBe(size);
    const from = span.start - this.start;
    expect(from).toBeGreaterThanOrEqual(0);
    expect(from + size).toBeLessThanOrEqual(this.units.length);
    expect(this.units.subarray(from, from + size).includes(1)).toBe(false);
    this.units.fill(1, from, from + size);
    this.taken.push(span);
  }

  free(index: number): void {
    const [span] = this.taken.splice(index, 1);
    if (span === undefined) return;
    const from = span.start - this.start;
    this.units.fill(0, from, from + span.size);
    this.allocator.free(span);
  }

  longestRun(): number {
    let longest = 0;
    let run = 0;
    for (const unit of this.units) {
      run = unit === 0 ? run + 1 : 0;
      if (run > longest) longest = run;
    }
    return longest;
  }

  /** Spans follow one another without a gap, agree with the model, and no two free ones are neighbours. */
  verify(): void {
    const { allocator } = this;
    let at = this.start;
    let before: Span | undefined;
    for (let span = allocator.first; span !== undefined; span = span.after) {
      expect(span.start).toBe(at);
      expect(span.before).toBe(before);
      expect(before?.free && span.free).not.toBe(true);
      const units = this.units.subarray(at - this.start, at - this.start + span.size);
      expect(units.includes(span.free ? 1 : 0)).toBe(false);
      at += span.size;
      before = span;
    }
    expect(at).toBe(allocator.end);
    expect(allocator.end - this.start).toBe(this.units.length);
    expect(allocator.longestFree()).toBe(this.longestRun());
    expect(allocator.tail).toBe(this.units.length - (this.units.lastIndexOf(1) + 1));
  }
}

const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ take: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 700 })) }),
  },
  { weight: 5, arbitrary: fc.record({ free: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ extend: fc.integer({ min: 1, max: 500 }) }) },
);

test('random takes, frees and extensions agree with a naive model', () => {
  const commands = fc.array(command, { minLength: 1, maxLength: 120 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3 }), commands, (start, list) => {
      const checked = new Checked(start);
      for (const step of list) {
        if ('take' in step) checked.take(step.take);
        else if ('extend' in step) checked.extend(step.extend);
        else if (checked.taken.length > 0) checked.free(step.free % checked.taken.length);
        checked.verify();
      }
    }),
    { numRuns: 150 },
  );
});

test('whatever happened, all freed is one free span, and all of it can be taken again', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const checked = new Checked(1);
  checked.extend(6000);
  for (let i = 0; i < 4000; i++) {
    if (random(2) === 0 && checked.taken.length > 0) checked.free(random(checked.taken.length));
    else checked.take(1 + random(random(4) === 0 ? 400 : 30));
  }
  checked.verify();
  expect(checked.taken.length).toBeGreaterThan(10);
  while (checked.taken.length > 0) checked.free(random(checked.taken.length));
  checked.verify();
  const first = checked.allocator.first;
  expect(first?.size).toBe(6000);
  expect(first?.free).toBe(true);
  expect(first?.after).toBe(undefined);
  checked.take(6000);
  expect(checked.taken.length).toBe(1);
});

test('a freed span serves the next request of its size, whatever the size', () => {
  for (const size of [1, 15, 16, 17, 31, 33, 1000, 1023, 2 ** 20 + 1]) {
    const allocator = new Allocator(1);
    allocator.extend(3 * size + 5);
    const first = allocator.take(size);
    const second = allocator.take(size);
    if (first === undefined || second === undefined) throw new Error('no room');
    const at = first.start;
    allocator.free(first);
    expect(allocator.take(size)?.start).toBe(at);
  }
});

test('4 GiB of units: sizes and addresses near 2^26', () => {
  const allocator = new Allocator(1);
  allocator.extend(2 ** 26 - 2);
  const large = allocator.take(2 ** 25);
  const rest = allocator.take(2 ** 25 - 2);
  expect(large?.start).toBe(1);
  expect(rest?.start).toBe(2 ** 25 + 1);
  expect(allocator.take(1)).toBe(undefined);
  if (large !== undefined) allocator.free(large);
  if (rest !== undefined) allocator.free(rest);
  expect(allocator.take(2 ** 26 - 2)?.start).toBe(1);
});

test('the one span that is long enough is found behind any number of its class that are not', () => {
  const allocator = new Allocator(1);
  const sizes = [67, ...Array.from({ length: 30 }, () => 64)];
  allocator.extend(67 + 30 * 64 + 31);
  const spans = sizes.map((size) => {
    const span = allocator.take(size);
    // Stays, so that free spans are no neighbours.
    allocator.take(1);
    return span;
  });
  const long = spans[0]?.start;
  for (const span of spans) if (span !== undefined) allocator.free(span);
  expect(allocator.take(68)).toBe(undefined);
  expect(allocator.take(66)?.start).toBe(long);
});
