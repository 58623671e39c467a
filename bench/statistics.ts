/** What is made of many figures. */

/** The n-th root of the product: the mean of ratios, by which 2 and 1/2 make 1. Null for none. */
export const geometricMean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

/** The least figure; null for none. */
export const least = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.min(...values));

/** The greatest figure; null for none. */
export const greatest = (values: readonly number[]): number | null =>
  values.length === 0 ? null : Math.max(...values);

/** Those that are there. */
export const present = <T>(values: readonly (T | null | undefined)[]): T[] =>
  values.filter((value) => value !== null && value !== undefined);
