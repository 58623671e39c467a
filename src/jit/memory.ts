/** Where temporary values lie in one block: what is not needed at the same time may lie in the same place. */

/** Bytes that are needed from one step up to and with another. */
export interface Need {
  readonly bytes: number;
  readonly from: number;
  readonly to: number;
}

export interface Layout {
  /** Where each need lies. */
  readonly offsets: readonly number[];
  /** All of it. */
  readonly bytes: number;
}

interface Placed extends Need {
  readonly at: number;
}

/** The start of the smallest gap between `placed` (in order of address) that is long enough, or of what follows them. */
function bestFit(placed: readonly Placed[], bytes: number): number {
  let [best, bestRoom] = [0, Number.POSITIVE_INFINITY];
  let end = 0;
  for (const { at, bytes: taken } of placed) {
    const room = at - end;
    if (room >= bytes && room < bestRoom) [best, bestRoom] = [end, room];
    end = Math.max(end, at + taken);
  }
  return bestRoom === Number.POSITIVE_INFINITY ? end : best;
}

/**
 * Places of all needs, the largest first, each into the smallest gap among those that are there at the same time: the
 * greedy rule by size (Pisarchyk and Lee, "Efficient memory management for deep neural net inference", 2020), which
 * mostly reaches the lower bound, the most bytes needed in any step.
 *
 * @param unit offsets are multiples of it
 */
export function layOut(needs: readonly Need[], unit: number): Layout {
  const offsets = needs.map(() => 0);
  const placed: Placed[] = [];
  const bytesOf = (i: number): number => (needs[i] as Need).bytes;
  const order = [...needs.keys()].filter((i) => bytesOf(i) > 0).sort((a, b) => bytesOf(b) - bytesOf(a));
  let end = 0;
  for (const i of order) {
    const need = needs[i] as Need;
    const bytes = Math.ceil(need.bytes / unit) * unit;
    const at = bestFit(
      placed.filter(({ from, to }) => from <= need.to && need.from <= to),
      bytes,
    );
    offsets[i] = at;
    const before = placed.filter((other) => other.at <= at).length;
    placed.splice(before, 0, { ...need, bytes, at });
    end = Math.max(end, at + bytes);
  }
  return { offsets, bytes: end };
}
