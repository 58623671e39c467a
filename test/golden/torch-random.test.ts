/** The random stream of src/torch/random.ts against recorded draws of PyTorch's (tools/record/torch_random.py). */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as errors from '../../src/errors.js';
import { type ArrayOf, type DType, isDType } from '../../src/shape/dtype.js';
import { cosSin, fma, fmaf, log } from '../../src/torch/elementary.js';
import {
  bernoulli,
  defaultGenerator,
  exponential,
  Generator,
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

function draw(generator: Generator, [name, first, ...rest]: Call): ArrayOf[DType] {
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

describe(`the stream of torch ${recording.torch}`, () => {
  /** float64 normals: PyTorch's come from its host's C library, ours are rounded correctly. */
  const samples = { all: 0, off: 0 };

  test.each(recording.streams)('seed $seed: $draws.0.call and on', ({ seed, draws, state }) => {
    const generator = new Generator(BigInt(seed));
    for (const { call, bits } of draws) {
      const ours = bytesOf(draw(generator, call));
      if (bits.startsWith('sha256:')) expect(digest(ours), String(call)).toBe(bits);
      else if (call[0] === 'normal' && call[2] === 'float64') {
        const theirs = words(Buffer.from(bits, 'base64'));
        expect(ours.length).toBe(theirs.byteLength);
        words(ours).forEach((word, i) => {
          const distance = Number(word - (theirs[i] as bigint));
          if (distance !== 0) samples.off++;
          expect(Math.abs(distance), `element ${i} of ${call}`).toBeLessThanOrEqual(1);
        });
        samples.all += theirs.length;
      } else expect(Buffer.from(ours).toString('base64'), String(call)).toBe(bits);
    }
    expect(digest(generator.get_state())).toBe(state);
  });

  test('float64 normals are off by a last bit in less than one of 300', () => {
    expect(samples.all).toBeGreaterThan(2000);
    console.log(samples);
    expect(samples.off).toBeLessThan(samples.all / 300);
  });
});
