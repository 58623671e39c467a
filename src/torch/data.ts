/** What torch.tensor reads: nested lists of numbers, in which typed arrays and tensors may stand, too. */

import { RuntimeError, TypeError_, ValueError } from '../errors.js';
import { type DType, isFloat } from '../shape/dtype.js';
import { promoteTorch } from '../shape/promotion.js';
import { checkSize } from '../shape/shape.js';
import { type Foreign, isForeign } from '../tensor/foreign.js';
import { type Tensor as CoreTensor, newTensor, op, tensor as tensorOf } from '../tensor/tensor.js';
import { checkDepth, checkTypedArray } from '../tensor/values.js';
import { typeName } from './arguments.js';
import { defaultFloat } from './default.js';

/** Numbers and booleans, in lists as deep as you like; a typed array is a list, a tensor of one element a number. */
export type Data = number | boolean | bigint | Foreign | ArrayBufferView | readonly Data[];

/** Elements in row-major order, and the dtype that they have together. */
interface Elements {
  readonly shape: number[];
  readonly flat: (number | boolean | bigint)[];
  dtype: DType | null;
}

const isList = (value: unknown): value is readonly unknown[] | ArrayBufferView =>
  Array.isArray(value) || ArrayBuffer.isView(value);

const listOf = (value: readonly unknown[] | ArrayBufferView): ArrayLike<unknown> =>
  ArrayBuffer.isView(value) ? checkTypedArray(value).array : value;

/** The dtype of one element: JavaScript can't tell 1 from 1., so that a number is a float. */
function dtypeOf(element: unknown, within: unknown): DType | null {
  if (ArrayBuffer.isView(within)) return checkTypedArray(within).dtype;
  if (isForeign(element)) return element.toCore().dtype;
  if (typeof element === 'boolean') return 'bool';
  if (typeof element === 'bigint') return 'int64';
  return typeof element === 'number' ? defaultFloat() : null;
}

function elementOf(value: unknown): number | boolean | bigint {
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return value;
  if (isForeign(value)) {
    const core = value.toCore();
    if (core.size === 1) return core.item({ bigint: true });
    throw new ValueError('shape-mismatch', 'only one element tensors can be converted to Python scalars');
  }
  throw new TypeError_(
    'bad-argument',
    `tensor(): argument 'data' must hold numbers, booleans, lists or tensors, not ${typeName(value)}`,
  );
}

/** The shape is that of the first items; all others must have it. */
function readNested(data: unknown): Elements {
  const elements: Elements = { shape: [], flat: [], dtype: null };
  const { shape, flat } = elements;
  checkDepth(data, "tensor(): argument 'data'");
  for (let level = data; isList(level); level = listOf(level)[0]) shape.push(listOf(level).length);
  const read = (item: unknown, depth: number, within: unknown): void => {
    const length = shape[depth];
    if (length === undefined) {
      if (isList(item)) throw new TypeError_('ragged', `must be real number, not ${typeName(item)}`);
      flat.push(elementOf(item));
      const own = dtypeOf(item, within);
      if (own !== null) elements.dtype = elements.dtype === null ? own : promoteTorch(elements.dtype, own);
      return;
    }
    if (!isList(item))
      throw new TypeError_('ragged', `not a sequence: a list of ${length} is expected at dim ${depth}`);
    const list = listOf(item);
    if (list.length !== length) {
      throw new ValueError('ragged', `expected sequence of length ${length} at dim ${depth} (got ${list.length})`);
    }
    for (let i = 0; i < length; i++) read(list[i], depth + 1, item);
  };
  read(data, 0, null);
  checkSize(shape, 'the tensor');
  return elements;
}

const ranges: { readonly [D in DType]: readonly [number, number] | null } = {
  float32: null,
  float64: null,
  bool: null,
  uint8: [-255, 255],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2 ** 63), 2 ** 63 - 1024],
};

/** @throws RuntimeError for a number that an integer dtype doesn't hold; uint8 takes -255 to -1 modulo 256 */
export function checkRange(value: number | boolean | bigint, dtype: DType): void {
  const range = ranges[dtype];
  if (range === null || typeof value === 'boolean') return;
  const whole = typeof value === 'bigint' ? value : Math.trunc(value);
  const fits =
    typeof whole === 'bigint' && dtype === 'int64'
      ? BigInt.asIntN(64, whole) === whole
      : Number(whole) >= range[0] && Number(whole) <= range[1];
  if (!fits)
    throw new RuntimeError('bad-argument', `value cannot be converted to type ${dtype} without overflow: ${value}`);
}

/** The elements of a tensor or a typed array, as values of their own; converted as `to` does. */
const converted = (x: CoreTensor, dtype: DType | null): CoreTensor =>
  dtype === null || dtype === x.dtype ? x.share(null) : op.convert(x.plain, dtype);

/**
 * A core tensor of what torch.tensor is given.
 *
 * @param dtype null: that of the data
 * @throws ValueError or TypeError_ for ragged lists and for what is no number, RuntimeError for a number out of range
 */
export function readData(data: unknown, dtype: DType | null): CoreTensor {
  if (isForeign(data)) return converted(data.toCore(), dtype);
  if (ArrayBuffer.isView(data)) return converted(tensorOf(data), dtype);
  const { shape, flat, dtype: own } = readNested(data);
  const wanted = dtype ?? own ?? defaultFloat();
  if (!isFloat(wanted)) for (const element of flat) checkRange(element, wanted);
  const values = wanted === 'uint8' ? flat.map((value) => (Math.trunc(Number(value)) + 256) % 256) : flat;
  return newTensor(values, shape, wanted);
}
