/** A convolution and its gradients on the device, beside their definition on whole numbers. */

import fc from 'fast-check';
import { adjointOfInput, adjointOfKernel, type Convolution } from '../../src/conv/convolution.js';
import type { Operand } from '../../src/ops/primitive.js';
import { type DType, makeArray } from '../../src/shape/dtype.js';
import { sizeOf } from '../../src/shape/shape.js';
import { both, expectSame, hasPlan, typeOf } from '../support/device.js';

export interface Case {
  readonly spec: Convolution;
  readonly input: readonly number[];
  readonly kernel: readonly number[];
  readonly dtype: DType;
}

export type Pass = 'y' | 'dx' | 'dw';

/** Whole numbers from -3 to 3, the same for the same seed. */
export function whole(dtype: DType, shape: readonly number[], seed: number): Operand {
  const array = makeArray[dtype](sizeOf(shape));
  let state = (seed * 2654435761 + 1) >>> 0;
  for (let i = 0; i < array.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const value = ((state >>> 16) % 7) - 3;
    if (array instanceof BigInt64Array) array[i] = BigInt(value);
    else array[i] = value;
  }
  return { dtype, shape, array };
}

/** The algorithms of all three passes, each of which is the definition bit for bit; fewer where there is no output. */
export function algorithmsOf({ spec, input, kernel, dtype }: Case): Partial<Record<Pass, string>> {
  const [x, w] = [whole(dtype, input, 1), whole(dtype, kernel, 2)];
  const y = whole(dtype, typeOf('convolution', [x, w], spec).shape, 3);
  const compare = (pass: Pass, operands: readonly Operand[], given: Convolution): string => {
    // Where nearly all would be padding.
    if (!hasPlan('convolution', operands, given)) return 'reference';
    const outcome = both('convolution', operands, given);
    expectSame(
      outcome,
      `${pass} by ${outcome.plan.algorithm} of ${JSON.stringify(spec)} on [${input}] and [${kernel}]`,
    );
    return outcome.plan.algorithm;
  };
  const forward = compare('y', [x, w], spec);
  if (y.array.length === 0) return { y: forward };
  return {
    y: forward,
    dx: compare('dx', [y, w], adjointOfInput(spec, input, kernel)),
    dw: compare('dw', [x, y], adjointOfKernel(spec, input, kernel)),
  };
}

/** Letters of the operands, and so how they lie. */
export const layouts = {
  NCHW: { input: 'ngc01', kernel: 'goc01', output: 'ngo01' },
  NHWC: { input: 'n01gc', kernel: '01cgo', output: 'n01go' },
} as const;

export interface Sizes {
  readonly n: number;
  readonly g: number;
  readonly c: number;
  readonly o: number;
}

/** A case of some sizes along each axis, in axes of the given names. */
export function caseOf(
  names: Pick<Convolution, 'input' | 'kernel' | 'output'>,
  sizes: Sizes,
  axes: readonly (Convolution['windows'][number] & { readonly size: number; readonly taps: number })[],
  flip = false,
  dtype: DType = 'float32',
): Case {
  const windows = axes.map(({ size: _size, taps: _taps, ...window }) => window);
  const sizeAt = (letter: string, along: 'size' | 'taps'): number =>
    letter in sizes ? sizes[letter as keyof Sizes] : (axes[Number(letter)]?.[along] ?? 1);
  return {
    spec: { windows, flip, ...names },
    input: [...names.input].map((letter) => sizeAt(letter, 'size')),
    kernel: [...names.kernel].map((letter) => sizeAt(letter, 'taps')),
    dtype,
  };
}

const permuted = (letters: string): fc.Arbitrary<string> =>
  fc.shuffledSubarray([...letters], { minLength: letters.length }).map((list) => list.join(''));

/** Mostly a layout that frameworks have, sometimes any. */
function namesOf(rank: number): fc.Arbitrary<Pick<Convolution, 'input' | 'kernel' | 'output'>> {
  const digits = '012'.slice(0, rank);
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant({ input: `ngc${digits}`, kernel: `goc${digits}`, output: `ngo${digits}` }) },
    { weight: 2, arbitrary: fc.constant({ input: `n${digits}gc`, kernel: `${digits}cgo`, output: `n${digits}go` }) },
    {
      weight: 1,
      arbitrary: fc.record({
        input: permuted(`gnc${digits}`),
        kernel: permuted(`goc${digits}`),
        output: permuted(`gno${digits}`),
      }),
    },
  );
}

/** Any convolution of some ranks, of groups of some sizes. */
export function anyCase(
  ranks: readonly number[],
  sizes: fc.Arbitrary<Sizes>,
  most: (rank: number) => number,
): fc.Arbitrary<Case> {
  return fc.constantFrom(...ranks).chain((rank) => {
    const mostly = (value: number, max: number): fc.Arbitrary<number> =>
      fc.oneof({ weight: 3, arbitrary: fc.constant(value) }, { weight: 2, arbitrary: fc.integer({ min: 1, max }) });
    const axis = fc.record({
      size: fc.integer({ min: 1, max: most(rank) }),
      taps: fc.integer({ min: 1, max: 5 }),
      stride: mostly(1, 3),
      lo: fc.integer({ min: -1, max: 3 }),
      hi: fc.integer({ min: -1, max: 3 }),
      inputDilation: mostly(1, 3),
      kernelDilation: mostly(1, 3),
    });
    return fc
      .record({
        names: namesOf(rank),
        sizes,
        axes: fc.array(axis, { minLength: rank, maxLength: rank }),
        flip: fc.boolean(),
        dtype: fc.constantFrom<DType>('float32', 'float64', 'float32', 'int32', 'int64'),
      })
      .map(({ names, sizes: some, axes, flip, dtype }) => caseOf(names, some, axes, flip, dtype));
  });
}
