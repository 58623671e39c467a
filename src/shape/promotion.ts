/** The dtype of a result: each framework's own rule. */

import { type DType, dtypes } from './dtype.js';

/** An operand as promotion sees it: a number of the host language is weak, and so, for PyTorch, is a 0-d tensor. */
export type Strength = 'array' | 'scalar' | 'number';

type Table = { readonly [D in DType]: { readonly [E in DType]: DType } };

const row = (bool: DType, uint8: DType, int32: DType, int64: DType, float32: DType, float64: DType) => ({
  bool,
  uint8,
  int32,
  int64,
  float32,
  float64,
});

/** PyTorch, between operands of equal strength: a float wins over any integer, whatever their widths. */
const torchTable: Table = {
  bool: row('bool', 'uint8', 'int32', 'int64', 'float32', 'float64'),
  uint8: row('uint8', 'uint8', 'int32', 'int64', 'float32', 'float64'),
  int32: row('int32', 'int32', 'int32', 'int64', 'float32', 'float64'),
  int64: row('int64', 'int64', 'int64', 'int64', 'float32', 'float64'),
  float32: row('float32', 'float32', 'float32', 'float32', 'float32', 'float64'),
  float64: row('float64', 'float64', 'float64', 'float64', 'float64', 'float64'),
};

/** NumPy: the smallest type that holds both, so that int32 with float32 is float64. */
const numpyTable: Table = {
  bool: row('bool', 'uint8', 'int32', 'int64', 'float32', 'float64'),
  uint8: row('uint8', 'uint8', 'int32', 'int64', 'float32', 'float64'),
  int32: row('int32', 'int32', 'int32', 'int64', 'float64', 'float64'),
  int64: row('int64', 'int64', 'int64', 'int64', 'float64', 'float64'),
  float32: row('float32', 'float32', 'float64', 'float64', 'float32', 'float64'),
  float64: row('float64', 'float64', 'float64', 'float64', 'float64', 'float64'),
};

export const promoteNumpy = (a: DType, b: DType): DType => numpyTable[a][b];

const category = (dtype: DType): number => ({ bool: 0, unsigned: 1, signed: 1, float: 2 })[dtypes[dtype].kind];

const strengths: { readonly [S in Strength]: number } = { array: 2, scalar: 1, number: 0 };

/**
 * PyTorch's result_type: the stronger operand decides, unless the weaker is of a higher category (bool < integer <
 * float). A number that raises the category brings `weakFloat`, the default float, or int64.
 */
export function promoteTorch(
  a: DType,
  b: DType,
  aStrength: Strength = 'array',
  bStrength: Strength = 'array',
  weakFloat: DType = 'float32',
): DType {
  if (aStrength === bStrength) return torchTable[a][b];
  const aIsStrong = strengths[aStrength] > strengths[bStrength];
  const strong = aIsStrong ? a : b;
  const weak = aIsStrong ? b : a;
  if (category(weak) <= category(strong)) return strong;
  const weakIsNumber = (aIsStrong ? bStrength : aStrength) === 'number';
  return weakIsNumber && dtypes[weak].kind === 'float' ? weakFloat : weak;
}

/** NumPy's NEP 50: a number of the host language takes the array's dtype, unless its kind is higher. */
export function promoteNumpyNumber(array: DType, number: number): DType {
  if (dtypes[array].kind === 'float') return array;
  if (!Number.isInteger(number)) return 'float64';
  return array === 'bool' ? 'int64' : array;
}
