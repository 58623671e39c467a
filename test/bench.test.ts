/** The parts of bench/ that a figure's truth depends on. Nothing here is decided by the clock. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isReached } from '../bench/bar.js';
import { choose, chooseCounts, Misuse } from '../bench/choices.js';
import { layOut, noise, type Operands, operandsOf, placeIn } from '../bench/conv/operands.js';
import { errorOf, sampleOf } from '../bench/conv/reference.js';
import {
  describe as describeShape,
  elementsOf,
  flops,
  layouts,
  outputSize,
  type Shape,
  scratchBound,
  shapeNames,
  shapes,
} from '../bench/conv/shapes.js';
import { best, inTurns } from '../bench/conv/turns.js';
import { peakOf } from '../bench/peak.js';
import { geometricMean, greatest, least, present } from '../bench/statistics.js';
import { table } from '../bench/table.js';

describe('statistics', () => {
  test('the geometric mean: of a ratio and its inverse 1; of none, none', () => {
    expect(geometricMean([2, 0.5])).toBeCloseTo(1, 12);
    expect(geometricMean([1, 10, 100])).toBeCloseTo(10, 12);
    expect(geometricMean([])).toBeNull();
  });

  test('least, greatest, present', () => {
    expect([least([3, 1, 2]), greatest([3, 1, 2]), least([]), greatest([])]).toEqual([1, 3, null, null]);
    expect(present([1, null, 0, undefined])).toEqual([1, 0]);
  });

  test('a bar is reached from its own side, and by no figure that is not there', () => {
    const bar = { what: '', bar: 1 } as const;
    expect(isReached({ ...bar, figure: 2, side: 'least' })).toBe(true);
    expect(isReached({ ...bar, figure: 2, side: 'most' })).toBe(false);
    expect(isReached({ ...bar, figure: null, side: 'least' })).toBeNull();
  });
});

describe('operands', () => {
  test('two sets that differ everywhere, the same at every call', () => {
    const [first, again, second] = [0, 0, 1].map((set) => operandsOf(shapes.G, set)) as [Operands, Operands, Operands];
    for (const name of ['x', 'w', 'y'] as const) {
      expect(first[name].length).toBe(elementsOf(shapes.G, name));
      expect(first[name].every((value, i) => value === again[name][i] && Math.abs(value) <= 1)).toBe(true);
      expect(first[name].some((value, i) => value === second[name][i])).toBe(false);
    }
  });

  test.each(layouts)('%s: an element is found where it was laid', (layout) => {
    const shape: Shape = { n: 2, c: 3, size: 5, k: 4, kernel: 2, stride: 1, padding: 0, groups: 1 };
    for (const name of ['x', 'w', 'y'] as const) {
      const values = noise(elementsOf(shape, name), 5);
      const place = placeIn(shape, name, layout);
      const laid = layOut(values, shape, name, layout);
      expect(values.every((value, i) => laid[place(i)] === value)).toBe(true);
    }
  });

  test('NHWC: channels lie side by side', () => {
    const shape: Shape = { n: 1, c: 2, size: 2, k: 1, kernel: 1, stride: 1, padding: 0, groups: 1 };
    expect([...layOut(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), shape, 'x', 'NHWC')]).toEqual([1, 5, 2, 6, 3, 7, 4, 8]);
  });

  test('calls take the sets in turns, release what they get, and each set has its turn in every round', async () => {
    const log: string[] = [];
    const calls = ['a', 'b'].map((name) => () => {
      log.push(name);
      return { dispose: () => log.push(`${name} disposed`) };
    });
    expect(best(calls, 0)).toBeGreaterThanOrEqual(0);
    expect(log).toEqual(['a', 'a disposed', 'b', 'b disposed']);
    const rounds: string[] = [];
    const party = (name: string, time: number) => () => {
      rounds.push(name);
      return time + rounds.length;
    };
    const patience = { rounds: 2, round: 0, enough: Infinity };
    expect(await inTurns([party('ours', 10), party('theirs', 20)], patience)).toEqual([11, 22]);
    expect(rounds).toEqual(['ours', 'theirs', 'ours', 'theirs']);
  });
});

describe('what is right', () => {
  const small: readonly Shape[] = [
    { n: 2, c: 3, size: 5, k: 4, kernel: 3, stride: 1, padding: 1, groups: 1 },
    { n: 2, c: 2, size: 7, k: 3, kernel: 3, stride: 2, padding: 0, groups: 1 },
    { n: 1, c: 4, size: 6, k: 4, kernel: 3, stride: 2, padding: 1, groups: 4 },
    { n: 2, c: 4, size: 4, k: 6, kernel: 2, stride: 1, padding: 2, groups: 2 },
  ];
  const dot = (a: Float32Array, b: readonly number[]): number =>
    b.reduce((sum, value, i) => sum + value * (a[i] ?? 0), 0);

  test.each(small.map((shape) => [describeShape(shape), shape] as const))(
    '%s: <gy, y> = <dx, x> = <dw, w>',
    (_, shape) => {
      const operands = operandsOf(shape, 0);
      const inner = dot(operands.y, sampleOf(shape, 'y', operands).values);
      expect(Math.abs(inner)).toBeGreaterThan(1e-3);
      expect(dot(operands.x, sampleOf(shape, 'dx', operands).values)).toBeCloseTo(inner, 9);
      expect(dot(operands.w, sampleOf(shape, 'dw', operands).values)).toBeCloseTo(inner, 9);
    },
  );

  test('by hand: [1 2 3; 4 5 6; 7 8 9] with [1 0 -1; 2 0 -2; 1 0 -1] is -8', () => {
    const shape: Shape = { n: 1, c: 1, size: 3, k: 1, kernel: 3, stride: 1, padding: 0, groups: 1 };
    const operands: Operands = {
      x: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9),
      w: Float32Array.of(1, 0, -1, 2, 0, -2, 1, 0, -1),
      y: Float32Array.of(1),
    };
    expect(sampleOf(shape, 'y', operands).values).toEqual([-8]);
    expect(sampleOf(shape, 'dx', operands).values).toEqual([...operands.w].map((value) => value + 0));
    expect(sampleOf(shape, 'dw', operands).values).toEqual([...operands.x]);
  });

  test('at least 2000 elements of a large result, and their error', () => {
    const operands = operandsOf(shapes.G, 0);
    const sample = sampleOf(shapes.G, 'y', operands);
    expect(new Set(sample.indices).size).toBeGreaterThan(1900);
    expect(sample.indices.length).toBeGreaterThanOrEqual(2000);
    const result = new Float64Array(elementsOf(shapes.G, 'y'));
    for (const [i, index] of sample.indices.entries()) result[index] = sample.values[i] ?? 0;
    const exact = (index: number): number => index;
    expect(errorOf(result, sample, exact)).toBe(0);
    const largest = Math.max(...sample.values.map(Math.abs));
    result[sample.indices[3] ?? 0] = (sample.values[3] ?? 0) + largest / 8;
    expect(errorOf(result, sample, exact)).toBeCloseTo(1 / 8, 12);
    result[sample.indices[5] ?? 0] = Number.NaN;
    expect(errorOf(result, sample, exact)).toBeNaN();
  });
});

describe('shapes', () => {
  test('sizes, flops and scratch by hand', () => {
    expect(shapeNames.map((name) => outputSize(shapes[name]))).toEqual([56, 28, 112, 56, 56, 14, 7, 32]);
    expect(flops(shapes.A)).toBe(2 * 8 * 64 * 56 * 56 * 64 * 9);
    expect(flops(shapes.E)).toBe(2 * 8 * 128 * 56 * 56 * 9);
    expect(describeShape(shapes.H)).toBe('16 32 64x64 -> 64 5x5 s2 p2');
    expect(scratchBound(shapes.A, 'y', false, 1)).toBe(4 * (8 * 64 * 58 * 58 + 64 * 64 * 9) + 4e6);
    expect(scratchBound(shapes.A, 'y', true, 2)).toBe(4 * (8 * 64 * 58 * 58 + 64 * 64 * 36) + 8e6);
  });
});

test('options: some of those there are, in their order', () => {
  expect(choose('shapes', 'C,A', ['A', 'B', 'C'])).toEqual(['A', 'C']);
  expect(choose('shapes', undefined, ['A', 'B'])).toEqual(['A', 'B']);
  expect(() => choose('shapes', 'A,Z', ['A', 'B'])).toThrow(Misuse);
  expect(chooseCounts('threads', '4', [1, 2])).toEqual([4]);
  expect(() => chooseCounts('threads', '1,x', [1, 2])).toThrow(Misuse);
});

test('a table: names at the left, figures at the right, colours only where they are wanted', () => {
  const columns = [
    { head: '', cell: ({ name }: { name: string }) => name, isName: true },
    { head: 'ms', cell: () => '1.5', tone: () => 'good' as const },
  ];
  const rows = [{ name: 'a' }, { name: 'long' }];
  expect(table(columns, rows, false)).toBe('         ms\n  a     1.5\n  long  1.5\n');
  expect(table(columns, rows, true)).toContain('\x1b[32m1.5\x1b[0m');
});

test('the module that measures the peak is valid, and does what it counts', () => {
  expect(peakOf(false, 1)).toBeGreaterThan(0);
});

test('npm run bench -- conv --quick --json, to its end', () => {
  const main = fileURLToPath(new URL('../dist/bench/main.js', import.meta.url));
  const args = ['conv', '--quick', '--json', '--shapes', 'G', '--passes', 'dw', '--threads', '1'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const { figures, bars } = JSON.parse(stdout).benchmarks[0];
  expect(figures.map(({ layout }: { layout: string }) => layout)).toEqual(expect.arrayContaining(['NCHW', 'NHWC']));
  for (const { error, gflops, threads } of figures) {
    expect(error).toBeLessThan(1e-4);
    expect(gflops).toBeGreaterThan(0);
    expect(threads).toBe(1);
  }
  expect(bars.length).toBeGreaterThan(5);
});
