/** Options that narrow a benchmark down. */

/** An option or argument that makes no sense; the message says what would. */
export class Misuse extends Error {}

/** As given on the command line, undefined where an option is not there: each benchmark reads those that it knows. */
export interface Choices {
  readonly shapes: string | undefined;
  readonly passes: string | undefined;
  readonly layout: string | undefined;
  readonly threads: string | undefined;
}

/**
 * Those of `allowed` that a list such as 'A,B' names, in the order of `allowed`; all where there is no list.
 *
 * @throws Misuse where it names something else
 */
export function choose<T extends string>(option: string, given: string | undefined, allowed: readonly T[]): T[] {
  if (given === undefined) return [...allowed];
  const names = given.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !allowed.some((item) => item === name));
  if (unknown !== undefined) throw new Misuse(`--${option} takes some of ${allowed.join(',')}, not '${unknown}'`);
  return allowed.filter((item) => names.includes(item));
}

/**
 * Whole numbers above 0 of a list such as '1,2'.
 *
 * @throws Misuse where there is anything else
 */
export function chooseCounts(option: string, given: string | undefined, fallback: readonly number[]): number[] {
  if (given === undefined) return [...fallback];
  const counts = given.split(',').map(Number);
  if (counts.every((count) => Number.isInteger(count) && count > 0)) return counts;
  throw new Misuse(`--${option} takes whole numbers above 0, such as ${fallback.join(',')}, not '${given}'`);
}
