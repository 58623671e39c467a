/** What the cases of a page are written with: nothing of Node, nothing of Vitest. */

/** Passes where nothing is thrown. */
export type Case = () => void | Promise<void>;

export interface Cases {
  readonly [name: string]: Case;
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 200);

/** Two values of plain data must be the same. */
export function same(given: unknown, expected: unknown, what: string): void {
  if (JSON.stringify(given) !== JSON.stringify(expected)) {
    throw new Error(`${what} is ${shown(given)}, not ${shown(expected)}`);
  }
}

/** Every row must hold, of at least so many; says how many don't, and what is wrong with the first. */
export function every<Row>(rows: readonly Row[], least: number, hold: (row: Row, index: number) => void): void {
  if (rows.length < least) throw new Error(`${rows.length} rows, where there are ${least} at least`);
  const wrong = rows.flatMap((row, i) => {
    try {
      hold(row, i);
      return [];
    } catch (error) {
      return [`${shown(row)}: ${String(error)}`];
    }
  });
  if (wrong.length > 0) throw new Error(`${wrong.length} of ${rows.length} fail; the first: ${wrong[0]}`);
}

/** What a call throws; an error where it throws nothing. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
