/** The JavaScript peers' side of what bench/peer.ts asks: a case a line, answered by a line. */

import { createInterface } from 'node:readline';

// Whoever asks may be gone.
process.stdout.on('error', () => process.exit());

const write = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

/** Numbers in [-1, 1). */
export const noise = (length) => Float32Array.from({ length }, () => 2 * Math.random() - 1);

/** Sizes of the operands of a case: N C H W and O I H W. */
export const sizesOf = ({ n, c, size, k, kernel, groups, outputSize }) => ({
  x: [n, c, size, size],
  w: [k, c / groups, kernel, kernel],
  y: [n, k, outputSize, outputSize],
});

/**
 * Writes a line for the version, then for each case the seconds of its best call, or {} where it isn't there.
 *
 * @param prepare (case, index of a set of operands) => a call on that set, or null where the framework has none
 */
export async function serve(version, prepare) {
  write({ version });
  let calls = { key: '', sets: null, turn: 0 };
  for await (const line of createInterface({ input: process.stdin })) {
    const { seconds, ...wanted } = JSON.parse(line);
    const key = JSON.stringify(wanted);
    if (calls.key !== key) {
      const sets = [await prepare(wanted), await prepare(wanted)];
      calls = { key, sets: sets.includes(null) ? null : sets, turn: 0 };
    }
    write(calls.sets === null ? {} : { seconds: await best(calls, seconds) });
  }
}

/** Calls on both sets in turns, each timed, until the time is up. */
async function best(calls, seconds) {
  let least = Infinity;
  const start = performance.now();
  do {
    const call = calls.sets[calls.turn++ % 2];
    const before = performance.now();
    await call();
    least = Math.min(least, performance.now() - before);
  } while (performance.now() - start < 1000 * seconds);
  return least / 1000;
}
