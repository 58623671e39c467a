/** Plain arrays, for references: no tensors, nothing of the house. */

/** An array of numbers in row-major order. */
export interface Plain {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** All places of an array, in row-major order. */
export const places = ([size, ...rest]: readonly number[]): number[][] =>
  size === undefined ? [[]] : Array.from({ length: size }, (_, i) => places(rest).map((place) => [i, ...place])).flat();
