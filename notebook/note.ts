/** Notes under a cell: what is to be said of it beyond its output, with every claim checked by computation. */

export interface Note {
  /** What is so, and why: plain sentences. */
  readonly says: string;
  /** What to write instead: lines of TypeScript. */
  readonly instead?: string;
  /** Values computed for the note, as their framework prints them, each under a caption. */
  readonly shows?: readonly (readonly [caption: string, text: string])[];
  /** What the note claims, and whether it holds. */
  readonly claims?: readonly (readonly [claim: string, holds: boolean])[];
}

/** What a module in notes/ exports: the note, given what the notebook recorded under the cell. */
export interface NoteModule {
  note(recorded: string): Note;
}

/** The elements of an array of any door, in row-major order. */
export const elements = (array: { tolist(): unknown }): number[] => [array.tolist()].flat(Infinity).map(Number);

/** Whether two arrays have the same elements, whatever their shapes, to within `tolerance`. */
export function alike(a: { tolist(): unknown }, b: { tolist(): unknown }, tolerance = 0): boolean {
  const [left, right] = [elements(a), elements(b)];
  return left.length === right.length && left.every((value, i) => Math.abs(value - Number(right[i])) <= tolerance);
}
