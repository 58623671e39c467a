/** Random kernels: what the verifier accepts stays within its buffers, and means the same as WebAssembly. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { interpretLaunch } from '../../src/kernel/interpret.js';
import { verifyKernel, verifyLaunch } from '../../src/kernel/verify.js';
import { type Program, programOf } from './programs.js';
import { canonical, runWasm } from './support.js';

const programs = fc.uint8Array({ minLength: 600, maxLength: 1200 }).map((tape) => ({ tape, program: programOf(tape) }));

/** Whether what it does is not refused. */
function passes(run: () => void): boolean {
  try {
    run();
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'kernel-invalid' });
    return false;
  }
}

const copies = ({ buffers }: Program): Uint8Array[] => buffers.map(({ bytes }) => bytes.slice());

test('an accepted kernel touches nothing outside, and as WebAssembly it stores the same bytes', () => {
  let [accepted, all] = [0, 0];
  fc.assert(
    fc.property(programs, ({ program }) => {
      const { launch, regions, buffers } = program;
      verifyKernel(launch.kernel, 16);
      all++;
      if (!passes(() => verifyLaunch(launch, regions))) return;
      accepted++;
      const [interpreted, compiled] = [copies(program), copies(program)];
      interpretLaunch(launch, interpreted);
      runWasm(launch, compiled);
      buffers.forEach(({ cell }, i) => {
        const [expected, given] = [interpreted, compiled].map((after) => canonical(after[i] as Uint8Array, cell));
        expect(given).toEqual(expected);
      });
    }),
    { numRuns: 1000, endOnFailure: true },
  );
  expect(accepted / all).toBeGreaterThan(0.15);
});

test('a kernel that the interpreter sees go outside is refused', () => {
  let outside = 0;
  fc.assert(
    fc.property(programs, fc.nat(), fc.nat(), ({ program }, which, size) => {
      const { launch, regions } = program;
      // One buffer is cut short.
      const buffer = which % regions.length;
      const bytes = size % ((regions[buffer]?.bytes ?? 0) + 1);
      const cut = <T extends object>(items: readonly T[], change: Partial<T>): T[] =>
        items.map((item, i) => (i === buffer ? { ...item, ...change } : item));
      const memory = copies(program).map((array, i) => (i === buffer ? array.slice(0, bytes) : array));
      verifyKernel(launch.kernel, 16);
      if (passes(() => interpretLaunch(launch, memory))) return;
      outside++;
      expect(() => verifyLaunch(launch, cut(regions, { bytes }))).toThrow(/kernel random/);
    }),
    { numRuns: 1000, endOnFailure: true },
  );
  expect(outside).toBeGreaterThan(200);
});
