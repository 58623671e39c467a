/** How elements of each dtype lie in memory. */

import type { Cell } from '../kernel/program.js';
import { type DType, viewArray } from '../shape/dtype.js';

/** What an element is in memory. */
export const cellOf: { readonly [D in DType]: Cell } = {
  float32: 'f32',
  float64: 'f64',
  int32: 'i32',
  int64: 'i64',
  uint8: 'u8',
  bool: 'u8',
};

/** A number as it is stored, in words of 32 bits; what a table can hold. */
export function wordsOf(value: number, dtype: DType): Int32Array {
  const buffer = new ArrayBuffer(8);
  const array = viewArray[dtype](buffer, 0, 1);
  if (array instanceof BigInt64Array) array[0] = BigInt(value);
  else array[0] = dtype === 'bool' ? Number(value !== 0) : value;
  return new Int32Array(buffer);
}
