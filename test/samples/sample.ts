/** What a sample of a primitive is, and short words for its operands. */

import type { DType } from '../../src/shape/dtype.js';

/** An operand, or an expected result, in row-major order. */
export interface Data {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** One application of a primitive. Operands given as float64 stand for whatever dtype the primitive takes there. */
export interface Sample<P> {
  readonly inputs: readonly Data[];
  readonly params: P;
  /** Worked out by hand; left out for functions whose values are recorded (test/golden/elementary.json). */
  readonly result?: Data;
  /** The gradient jumps here, or is no number, or digits run out: differences say nothing of it. */
  readonly kink?: true;
}

const of =
  (dtype: DType) =>
  (shape: readonly number[], data: readonly number[]): Data => ({ dtype, shape, data });

export const f64: (shape: readonly number[], data: readonly number[]) => Data = of('float64');
export const f32: (shape: readonly number[], data: readonly number[]) => Data = of('float32');
export const i32: (shape: readonly number[], data: readonly number[]) => Data = of('int32');
export const i64: (shape: readonly number[], data: readonly number[]) => Data = of('int64');
export const u8: (shape: readonly number[], data: readonly number[]) => Data = of('uint8');
export const bool: (shape: readonly number[], data: readonly number[]) => Data = of('bool');

/** A vector of float64. */
export const vector = (...data: readonly number[]): Data => f64([data.length], data);
