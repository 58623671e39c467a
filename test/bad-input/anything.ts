/** Any JavaScript value, with the ones that are nearly right more often. */

import { AdjointError } from 'adjoint';
import fc from 'fast-check';

const nearlyRight: readonly unknown[] = [
  null,
  undefined,
  Number.NaN,
  1 / 0,
  -1,
  0,
  0.5,
  2n,
  '',
  '2',
  [],
  {},
  [null],
  [[]],
  () => 1,
  Symbol('s'),
];

export const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...nearlyRight),
  fc.anything({
    values: [
      fc.boolean(),
      fc.integer({ min: -3, max: 9 }),
      fc.double({ min: -9, max: 9 }),
      fc.string(),
      fc.bigInt(-9n, 9n),
    ],
    maxDepth: 2,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
  }),
);

/** Calls with anything for each argument in turn, and for each keyword; what is thrown must be an error of ours. */
export function expectOwnErrors(
  call: (...args: never[]) => unknown,
  args: readonly unknown[],
  keywords: readonly string[] = [],
): void {
  const attempt = (...given: unknown[]): void => {
    try {
      Reflect.apply(call, undefined, given);
    } catch (error) {
      if (!(error instanceof AdjointError)) throw error;
    }
  };
  const options = { numRuns: 60, seed: 20261122 };
  args.forEach((_, i) => {
    fc.assert(
      fc.property(anything, (value) => attempt(...args.with(i, value))),
      options,
    );
  });
  for (const name of keywords) {
    fc.assert(
      fc.property(anything, (value) => attempt(...args, { [name]: value })),
      options,
    );
  }
}
