/** Random convolutions of whole numbers, small enough for the slow reference, and what the laws are written with. */

import { type ConvSpec, type Tensor, tensor } from 'adjoint';
import fc from 'fast-check';
import { test } from 'vitest';
import type { Plain } from '../reference/plain.js';

export type DType = Tensor['dtype'];

/** A convolution that fits together: a complete spec, and operands of whole numbers. */
export interface Case {
  readonly spec: ConvSpec;
  readonly x: Plain;
  readonly w: Plain;
}

interface Axis {
  readonly n: number;
  readonly k: number;
  readonly stride: number;
  readonly lo: number;
  readonly hi: number;
  readonly inputDilation: number;
  readonly kernelDilation: number;
}

interface Groups {
  readonly featureGroups: number;
  readonly batchGroups: number;
}

const whole = (min: number, max: number) => fc.integer({ min, max });

/** One spatial axis; the more axes, the shorter. Kernels may be larger than the input, and inputs empty. */
const axisOf = (rank: number): fc.Arbitrary<Axis> =>
  fc.record({
    n: fc.oneof({ weight: 15, arbitrary: whole(1, 8 - 2 * rank + 1) }, { weight: 1, arbitrary: fc.constant(0) }),
    k: whole(1, rank === 3 ? 2 : 4),
    stride: whole(1, 3),
    lo: whole(-2, 4),
    hi: whole(-2, 4),
    inputDilation: fc.oneof(fc.constant(1), whole(1, 3)),
    kernelDilation: fc.oneof(fc.constant(1), whole(1, 3)),
  });

const groupsOf: fc.Arbitrary<Groups> = fc.oneof(
  fc.constant({ featureGroups: 1, batchGroups: 1 }),
  whole(2, 3).map((featureGroups) => ({ featureGroups, batchGroups: 1 })),
  whole(2, 3).map((batchGroups) => ({ featureGroups: 1, batchGroups })),
);

const shuffled = (letters: string): fc.Arbitrary<string> =>
  fc
    .shuffledSubarray([...letters], { minLength: letters.length, maxLength: letters.length })
    .map((list) => list.join(''));

/** Whole numbers from -4 to 4, by Knuth's 32-bit linear congruences. */
export function integers(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * 9) - 4;
  });
}

/** An array of whole numbers from -4 to 4. */
export const integerArray = (shape: readonly number[], seed: number): Plain => ({
  shape,
  data: integers(
    shape.reduce((a, b) => a * b, 1),
    seed,
  ),
});

/** Any convolution: every field of ConvSpec, 1 to 3 spatial axes. */
export const cases: fc.Arbitrary<Case> = whole(1, 3).chain((rank) => {
  const spatial = 'DHW'.slice(-rank);
  return fc
    .record({
      axes: fc.array(axisOf(rank), { minLength: rank, maxLength: rank }),
      groups: groupsOf,
      batch: fc.oneof(whole(1, 2), whole(0, 2)),
      inputs: fc.oneof(whole(1, 2), whole(0, 2)),
      outputs: fc.oneof(whole(1, 2), whole(0, 2)),
      flip: fc.boolean(),
      layout: fc.record({
        input: shuffled(`NC${spatial}`),
        kernel: shuffled(`OI${spatial}`),
        output: shuffled(`NC${spatial}`),
      }),
      seed: whole(0, 2 ** 31),
    })
    .map(({ axes, groups, batch, inputs, outputs, flip, layout, seed }): Case => {
      const { featureGroups, batchGroups } = groups;
      const sizes = (letters: string, first: number, second: number, along: 'n' | 'k'): number[] =>
        [...letters].map((letter) => {
          const axis = axes[spatial.indexOf(letter)];
          return axis !== undefined ? axis[along] : 'NO'.includes(letter) ? first : second;
        });
      return {
        spec: {
          stride: axes.map(({ stride }) => stride),
          padding: axes.map(({ lo, hi }) => [lo, hi] as const),
          inputDilation: axes.map(({ inputDilation }) => inputDilation),
          kernelDilation: axes.map(({ kernelDilation }) => kernelDilation),
          featureGroups,
          batchGroups,
          flip,
          layout,
        },
        x: integerArray(sizes(layout.input, batch * batchGroups, inputs * featureGroups, 'n'), seed),
        w: integerArray(sizes(layout.kernel, outputs * featureGroups * batchGroups, inputs, 'k'), seed + 1),
      };
    });
});

/** A core tensor of a plain array. */
export const of = ({ shape, data }: Plain, dtype: DType = 'float64'): Tensor => tensor([...data], { shape, dtype });

/** Elements as numbers, zeros without sign. */
export const elements = (x: Tensor): number[] => [...x.data].map((value) => Number(value) + 0);

/** The inner product of two tensors of one shape. */
export function inner(a: Tensor, b: Tensor): number {
  const [left, right] = [elements(a), elements(b)];
  if (left.length !== right.length) throw new Error(`${left.length} elements against ${right.length}`);
  return left.reduce((sum, value, i) => sum + value * (right[i] as number), 0);
}

/** A whole-number tensor of the shape of another, made from a seed. */
export const like = (x: Tensor, seed: number): Tensor => of(integerArray(x.shape, seed), x.dtype);

/** A test of one property over many cases; the same cases every run, so that a failure can be seen again. */
export function law<T>(name: string, arbitrary: fc.Arbitrary<T>, holds: (value: T) => void, numRuns = 200): void {
  test(name, () => {
    fc.assert(fc.property(arbitrary, holds), { numRuns, seed: 20260701 });
  });
}
