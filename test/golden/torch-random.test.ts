/** The random stream of src/torch/random.ts against recorded draws of PyTorch's (tools/record/torch_random.py). */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as errors from '../../src/errors.js';
import { cosSin, fma, fmaf, log } from '../../src/random/elementary.js';
import { type ArrayOf, type DType, isDType } from '../../src/shape/dtype.js';
import {
  bernoulli,
  CpuGenerator,
  defaultGenerator,
  exponential,
  normal,
  randint,
  random,
  randperm,
  shuffleWide,
  uniform,
} from '../../src/torch/random.js';

type Argument = string | number | (string | number)[];
type Call = [name: string, ...Argument[]];
interface Recording {
  torch: string;
  streams: { seed: string; draws: { call: Call; bits: string }[]; state: string }[];
  refused: { call: Call; error: string; message: string }[];
  elementary: Record<'log' | 'cosSin' | 'fma' | 'fmaf', string>;
}

const recording: Recording = JSON.parse(readFileSync(new URL('torch-random.json', import.meta.url), 'utf8'));

function dtypeOf(value: Argument | undefined): DType {
  if (isDType(value)) return value;
  throw new Error(`${value} is no dtype`);
}

function floating(value: Argument | undefined): 'float32' | 'float64' {
  if (value === 'float32' || value === 'float64') return value;
  throw new Error(`${value} is no floating dtype`);
}

function numeric(value: Argument | undefined): Exclude<DType, 'bool'> {
  const dtype = dtypeOf(value);
  if (dtype === 'bool') throw new Error('randperm knows no bool');
  return dtype;
}

const optional = (value: Argument | undefined): number | undefined => (value === undefined ? undefined : Number(value));

const whole = (value: Argument | undefined): bigint => BigInt(String(value));

function probabilities(value: Argument | undefined): number | Float32Array | Float64Array {
  if (!Array.isArray(value)) return Number(value);
  const numbers = value.slice(1).map(Number);
  return value[0] === 'float32' ? Float32Array.from(numbers) : Float64Array.from(numbers);
}

function draw(generator: CpuGenerator, [name, first, ...rest]: Call): ArrayOf[DType] {
  const n = Number(first);
  const [a, b, c] = rest;
  const draws: Record<string, () => ArrayOf[DType]> = {
    uniform: () => uniform(generator, n, floating(a), optional(b), optional(c)),
    normal: () => normal(generator, n, floating(a), optional(b), optional(c)),
    exponential: () => exponential(generator, n, floating(a), optional(b)),
    randint: () => randint(generator, n, whole(a), whole(b), dtypeOf(c)),
    random: () => random(generator, n, dtypeOf(a), b === undefined ? undefined : whole(b)),
    bernoulli: () => bernoulli(generator, n, probabilities(a), dtypeOf(b)),
    randperm: () => randperm(generator, n, numeric(a)),
  };
  const run = draws[name];
  if (run === undefined) throw new Error(`${name} is no function of random.ts`);
  return run();
}

const bytesOf = (array: ArrayOf[DType]): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

const digest = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`;

/** The 64-bit words of recorded or computed doubles: neighbours differ by 1. */
const words = (bytes: Uint8Array): BigInt64Array => new BigInt64Array(Uint8Array.from(bytes).buffer);

const doubles = (text: string): Float64Array => new Float64Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);

/** float64 samples that PyTorch takes from its host's C library may have a neighbour's bits; how many do is counted. */
const samples = { all: 0, off: 0 };

function compareClosely(ours: BigInt64Array, theirs: BigInt64Array, name: string): void {
  expect(ours.length, name).toBe(theirs.length);
  ours.forEach((word, i) => {
    const distance = Math.abs(Number(word - (theirs[i] as bigint)));
    expect(distance, `element ${i} of ${name}`).toBeLessThanOrEqual(2);
    samples.all++;
    if (distance !== 0) samples.off++;
  });
}

function compare(call: Call, ours: Uint8Array, recorded: string): void {
  const name = JSON.stringify(call);
  const byLibrary = (call[0] === 'normal' || call[0] === 'exponential') && call[2] === 'float64';
  if (recorded.startsWith('sha256:')) expect(digest(ours), name).toBe(recorded);
  else if (byLibrary) compareClosely(words(ours), words(Buffer.from(recorded, 'base64')), name);
  else expect(Buffer.from(ours).toString('base64'), name).toBe(recorded);
}

describe(`the stream of torch ${recording.torch}`, () => {
  const titled = recording.streams.map((stream) => ({ ...stream, first: JSON.stringify(stream.draws[0]?.call) }));

  test.each(titled)('seed $seed, $first', ({ seed, draws, state }) => {
    const generator = new CpuGenerator(BigInt(seed));
    for (const { call, bits } of draws) compare(call, bytesOf(draw(generator, call)), bits);
    expect(digest(generator.save())).toBe(state);
  });

  test('float64 normals and exponentials are off by a last bit in less than one of 200', () => {
    expect(samples.all).toBeGreaterThan(3000);
    expect(samples.off).toBeLessThan(samples.all / 200);
  });

  test.each(recording.refused)('$call is refused by $error', ({ call, error, message }) => {
    const generator = new CpuGenerator(0);
    const before = digest(generator.save());
    const expected = { RuntimeError: errors.RuntimeError, ValueError: errors.ValueError }[error];
    if (expected === undefined) throw new Error(`no class for ${error}`);
    expect(() => draw(generator, call)).toThrow(expected);
    if (message.includes('out of bounds')) expect(() => draw(generator, call)).toThrow(message);
    expect(digest(generator.save())).toBe(before);
  });
});

describe('Generator', () => {
  test('starts from the seed of torch.Generator()', () => {
    expect(new CpuGenerator().initial_seed()).toBe(67280421310721);
    expect(new CpuGenerator().save()).toEqual(new CpuGenerator(67280421310721).save());
  });

  test.each([
    [0, 0],
    [42n, 42],
    [2 ** 40, 2 ** 40],
    [-1, 2n ** 64n - 1n],
    [-(2n ** 63n), 2n ** 63n],
  ])('manual_seed(%s) has initial_seed %s', (seed, initial) => {
    expect(new CpuGenerator().manual_seed(seed).initial_seed()).toBe(initial);
  });

  test('only 32 bits of the seed reach the stream', () => {
    expect(uniform(new CpuGenerator(2n ** 40n), 9, 'float32')).toEqual(uniform(new CpuGenerator(0), 9, 'float32'));
  });

  test('refuses seeds that are no 64-bit integers', () => {
    expect(() => new CpuGenerator(1.5)).toThrow(errors.RuntimeError);
    expect(() => new CpuGenerator(Number.NaN)).toThrow(errors.RuntimeError);
    expect(() => new CpuGenerator(2n ** 64n)).toThrow(errors.ValueError);
    expect(() => new CpuGenerator(-(2n ** 63n) - 1n)).toThrow(errors.ValueError);
  });

  test('manual_seed forgets the waiting normal sample', () => {
    const generator = new CpuGenerator(3);
    const first = normal(generator, 1, 'float64');
    expect(normal(generator.manual_seed(3), 1, 'float64')).toEqual(first);
  });

  test('a saved state goes on alike, waiting sample included', () => {
    const generator = new CpuGenerator(5);
    normal(generator, 3, 'float32');
    uniform(generator, 700, 'float32');
    const copy = new CpuGenerator().restore(generator.save());
    expect(copy.initial_seed()).toBe(5);
    expect(normal(copy, 1500, 'float32')).toEqual(normal(generator, 1500, 'float32'));
    expect(normal(copy, 3, 'float64')).toEqual(normal(generator, 3, 'float64'));
  });

  test('refuses bytes that are no state', () => {
    expect(() => new CpuGenerator().restore(new Uint8Array(50))).toThrow(errors.RuntimeError);
    expect(() => new CpuGenerator().restore(new Uint8Array(5056))).toThrow('Invalid mt19937 state');
  });

  test('seed() takes entropy, and says which', () => {
    const generator = new CpuGenerator();
    const seed = generator.seed();
    expect(generator.initial_seed()).toBe(seed);
    expect(generator.seed()).not.toBe(seed);
    expect(random(new CpuGenerator(seed), 4, 'int64')).toEqual(
      random(new CpuGenerator().manual_seed(seed), 4, 'int64'),
    );
  });

  test('the default one is the same for all, and nobody has seeded it', () => {
    expect(defaultGenerator()).toBe(defaultGenerator());
    expect(defaultGenerator().initial_seed()).not.toBe(67280421310721);
  });
});

test('the shuffle of very long permutations is the inside-out one', () => {
  const expected: number[] = [];
  const words = new CpuGenerator(9);
  for (let i = 0; i < 500; i++) {
    const place = Number(words.random64() % BigInt(i + 1));
    expected.push(expected[place] ?? i);
    expected[place] = i;
  }
  const generator = new CpuGenerator(9);
  const out = Int32Array.from({ length: 500 }, (_, i) => i);
  shuffleWide(generator, out);
  expect([...out]).toEqual(expected);
  expect(generator.save()).toEqual(words.save());
});

describe('elementary functions, against exact values', () => {
  const rows = (name: keyof Recording['elementary'], width: number): number[][] => {
    const all = [...doubles(recording.elementary[name])];
    return Array.from({ length: all.length / width }, (_, i) => all.slice(i * width, (i + 1) * width));
  };

  test('log, cos and sin are rounded correctly', () => {
    for (const [x, expected] of rows('log', 2)) expect(log(x as number)).toBe(expected);
    for (const [theta, cos, sin] of rows('cosSin', 3)) expect(cosSin(theta as number)).toEqual([cos, sin]);
  });

  test.each([
    ['fma', fma],
    ['fmaf', fmaf],
  ] as const)('%s is rounded once', (name, fused) => {
    const cases = rows(name, 4) as [number, number, number, number][];
    for (const [a, b, c, expected] of cases) expect(fused(a, b, c), `${a} * ${b} + ${c}`).toBe(expected);
    const round = name === 'fma' ? Number : Math.fround;
    expect(cases.filter(([a, b, c, expected]) => round(a * b + c) !== expected).length).toBeGreaterThan(40);
  });

  test('fma beyond the range of exact products', () => {
    expect(fma(1e308, 10, -1)).toBe(Number.POSITIVE_INFINITY);
    expect(fma(1e300, 2, 0)).toBe(2e300);
    expect(fma(Number.NaN, 1, 0)).toBeNaN();
  });
});
