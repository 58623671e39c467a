/** Reading arguments as TensorFlow does: what becomes a tensor, of which dtype, and its errors in its words. */

import { showTf } from '../conv/tf.js';
import { type ErrorCode, InvalidArgumentError, TypeError_, ValueError } from '../errors.js';
import { dtypes, isFloat, type DType as Name } from '../shape/dtype.js';
import { sameShape, show } from '../shape/shape.js';
import { type Foreign, isForeign } from '../tensor/foreign.js';
import { asTensor, full, newTensor, op, type Tensor } from '../tensor/tensor.js';
import { checkDepth, type Nested, type Parsed, parseNested } from '../tensor/values.js';
import { repr } from '../text/python.js';

/** What becomes a tensor: a tensor of any door, nested lists (of tensors, too), a typed array, a number or a boolean. */
export type TensorInput = Foreign | ArrayBufferView | Nested | readonly TensorInput[];

/** Sizes, axes and the like: a number, a list, or a tensor of integers. */
export type IntsInput = number | readonly (number | Foreign)[] | Foreign | ArrayBufferView;

/** dtypes as the messages of TensorFlow's kernels name them. */
const kernelNames: { readonly [D in Name]: string } = {
  float32: 'float',
  float64: 'double',
  int32: 'int32',
  int64: 'int64',
  uint8: 'uint8',
  bool: 'bool',
};

/** An InvalidArgumentError of an operation. */
export const invalid = (operation: string, code: ErrorCode, message: string): InvalidArgumentError =>
  new InvalidArgumentError(code, `${message} [Op:${operation}]`);

const typeName = (value: unknown): string => {
  if (value === null || value === undefined) return 'NoneType';
  return typeof value === 'object' ? (value.constructor?.name ?? 'object') : typeof value;
};

const unconvertible = (value: unknown): ValueError =>
  new ValueError(
    'bad-argument',
    `Attempt to convert a value (${repr(value)}) with an unsupported type (<class '${typeName(value)}'>) to a Tensor.`,
  );

const holdsTensors = (value: unknown): boolean =>
  isForeign(value) || (Array.isArray(value) && value.some(holdsTensors));

/** The dtype that a value brings with it; null for numbers, which take what they are given. */
function ownDtype(value: unknown): Name | null {
  if (isForeign(value)) return value.toCore().dtype;
  if (ArrayBuffer.isView(value)) return asTensor(value).dtype;
  if (Array.isArray(value) && holdsTensors(value)) return ownDtype(value.find(holdsTensors));
  return null;
}

/** A list with tensors in it: they are stacked. */
function packed(list: readonly unknown[], dtype: Name | null): Tensor {
  const parts = operandsOf('Pack', list, dtype);
  const { shape } = parts[0] as Tensor;
  parts.forEach((part, i) => {
    if (sameShape(part.shape, shape)) return;
    const message = `values[0].shape = ${showTf(shape)} != values[${i}].shape = ${showTf(part.shape)}`;
    throw invalid('Pack', 'shape-mismatch', `Shapes of all inputs must match: ${message}`);
  });
  const rows = parts.map((part) => op.reshape(part, [1, ...shape]));
  return op.concatenate(rows, 0);
}

/** Nested lists, read; ragged ones are refused in TensorFlow's words and our own. */
function rectangular(value: unknown): Parsed {
  try {
    return parseNested(value);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    const message = `Can't convert non-rectangular Python sequence to Tensor. ${error.message}`;
    throw new ValueError(error.code, message);
  }
}

/** Numbers and booleans, in lists or not, as elements of a dtype: floats don't become integers, numbers not booleans. */
function plainTensor(value: unknown, wanted: Name | null): Tensor {
  if (typeof value === 'string') {
    const dtype = kernelNames[wanted ?? 'float32'];
    throw new TypeError_('bad-argument', `Cannot convert ${repr(value)} to EagerTensor of dtype ${dtype}`);
  }
  if (!Array.isArray(value) && typeof value !== 'number' && typeof value !== 'boolean' && typeof value !== 'bigint') {
    throw unconvertible(value);
  }
  const { flat, kind, shape } = rectangular(value);
  const isBool = kind === 'bool';
  if (!isBool && flat.some((item) => typeof item === 'boolean')) {
    throw new ValueError('bad-argument', "Can't convert Python sequence with mixed types to Tensor.");
  }
  const hasBigint = flat.some((item) => typeof item === 'bigint');
  const dtype = wanted ?? (isBool ? 'bool' : hasBigint ? 'int64' : 'float32');
  const fits = isBool || flat.length === 0 || isFloat(dtype) || (kind === 'integer' && dtype !== 'bool');
  if (!fits) {
    throw new TypeError_(
      'dtype-mismatch',
      `Cannot convert ${repr(value)} to EagerTensor of dtype ${kernelNames[dtype]}`,
    );
  }
  return newTensor(flat, shape, dtype);
}

/**
 * Anything that becomes a tensor, as the core's; plain numbers take the dtype `wanted`, float32 without one.
 *
 * @throws ValueError for ragged lists and what is no tensor, TypeError_ for numbers that don't fit the dtype
 */
export function tensorArgument(value: unknown, wanted: Name | null = null): Tensor {
  if (isForeign(value)) return value.toCore();
  if (ArrayBuffer.isView(value)) return asTensor(value);
  checkDepth(value);
  return Array.isArray(value) && holdsTensors(value) ? packed(value, wanted) : plainTensor(value, wanted);
}

/** Says that an operand has another dtype than those before it; `value` is what was given where it is no tensor. */
export type Mismatch = (
  operation: string,
  index: number,
  expected: Name,
  given: Name | 'string',
  value?: unknown,
) => Error;

/** TensorFlow's words for it, where operand `first` of the operation is the first of a dtype. */
export const mismatchFrom =
  (first: number): Mismatch =>
  (operation, index, expected, given) =>
    invalid(
      operation,
      'dtype-mismatch',
      `cannot compute ${operation} as input #${first + index}(zero-based) was expected to be a ` +
        `${kernelNames[expected]} tensor but is a ${given === 'string' ? given : kernelNames[given]} tensor`,
    );

const mismatch = mismatchFrom(0);

/** For functions that turn what is no tensor into one before they call the operation. */
export const strictly: Mismatch = (operation, index, expected, given, value) =>
  value === undefined
    ? mismatch(operation, index, expected, given)
    : new TypeError_(
        'dtype-mismatch',
        `Cannot convert ${repr(value)} to EagerTensor of dtype ${kernelNames[expected]}`,
      );

/** Numbers beside tensors of a dtype. */
function numbersBeside(operation: string, value: unknown, index: number, dtype: Name, complain: Mismatch): Tensor {
  if (typeof value === 'number' && isFloat(dtype)) return full({ shape: [], dtype }, value);
  if (typeof value === 'string') throw complain(operation, index, dtype, 'string', value);
  const given = plainTensor(value, null);
  if (given.dtype !== 'bool' && !isFloat(dtype) && (dtype === 'bool' || !isWhole(given))) {
    throw complain(operation, index, dtype, isWhole(given) ? 'int32' : 'float32', value);
  }
  return plainTensor(value, dtype);
}

const isWhole = ({ dtype, array }: Tensor): boolean =>
  !isFloat(dtype) || Array.from<number | bigint>(array).every(Number.isInteger);

/**
 * The operands of an operation, which must have one dtype: the first tensor's, which numbers take.
 *
 * @throws InvalidArgumentError where tensors differ in dtype, or a number isn't of the tensors' kind
 */
export function operandsOf(
  operation: string,
  values: readonly unknown[],
  wanted: Name | null = null,
  complain: Mismatch = mismatch,
): Tensor[] {
  let dtype = values.reduce<Name | null>((found, value) => found ?? ownDtype(value), null) ?? wanted;
  return values.map((value, i) => {
    if (ownDtype(value) === null && dtype !== null) return numbersBeside(operation, value, i, dtype, complain);
    const tensor = tensorArgument(value, dtype);
    dtype ??= tensor.dtype;
    if (tensor.dtype !== dtype) throw complain(operation, i, dtype, tensor.dtype);
    return tensor;
  });
}

export type Kind = (typeof dtypes)[Name]['kind'];

/** Refuses dtypes of kinds that an operation doesn't know. */
export function checkKinds(operation: string, dtype: Name, kinds: readonly Kind[], attribute = 'T'): void {
  if (kinds.includes(dtypes[dtype].kind)) return;
  const all = Object.keys(dtypes) as Name[];
  checkDtype(
    operation,
    dtype,
    all.filter((name) => kinds.includes(dtypes[name].kind)),
    attribute,
  );
}

/** Refuses dtypes that an operation doesn't know. */
export function checkDtype(operation: string, dtype: Name, allowed: readonly Name[], attribute = 'T'): void {
  if (allowed.includes(dtype)) return;
  const names = allowed.map((name) => kernelNames[name]).join(', ');
  throw invalid(
    operation,
    'dtype-mismatch',
    `Value for attr '${attribute}' of ${kernelNames[dtype]} is not in the list of allowed values: ${names}`,
  );
}

/** How an operation takes whole numbers. */
interface IntsOptions {
  /** Refuses fractions as the kernel does, by the name of the attribute that stands for the dtype. */
  readonly attribute?: string;
  /** dtypes that a tensor of them may have. */
  readonly dtypes?: readonly Name[];
  /** Position of the argument. */
  readonly index?: number;
}

/** A list of whole numbers; one alone is a list of one. Tensors of one element may stand in the list. */
export function intsArgument(value: unknown, operation: string, options: IntsOptions = {}): number[] {
  const { attribute, index = 0, dtypes: allowed = ['int32', 'int64'] } = options;
  const given: unknown = Array.isArray(value) ? value.map(oneNumber) : value;
  const tensor = ownDtype(given) === null ? wholeNumbers(given, operation, attribute) : tensorArgument(given);
  if (ownDtype(given) !== null && !allowed.includes(tensor.dtype)) {
    if (attribute !== undefined) checkDtype(operation, tensor.dtype, allowed, attribute);
    throw mismatch(operation, index, allowed[0] ?? 'int32', tensor.dtype);
  }
  if (tensor.shape.length > 1) {
    throw invalid(operation, 'rank-mismatch', `dims must represent a vector, got shape ${showTf(tensor.shape)}`);
  }
  return Array.from<number | bigint, number>(tensor.array, Number);
}

function wholeNumbers(value: unknown, operation: string, attribute: string | undefined): Tensor {
  const given = plainTensor(value, null);
  if (isWhole(given)) return plainTensor(value, 'int64');
  if (attribute !== undefined) checkDtype(operation, given.dtype, ['int32', 'int64'], attribute);
  throw new TypeError_('dtype-mismatch', `Cannot convert ${repr(value)} to EagerTensor of dtype int32`);
}

/** A tensor of one element as its number. */
function oneNumber(value: unknown): unknown {
  if (!isForeign(value)) return value;
  const tensor = value.toCore();
  return tensor.shape.length === 0 && !isFloat(tensor.dtype) ? Number(tensor.item()) : value;
}

/** One whole number. */
export function intArgument(value: unknown, name: string): number {
  const given = oneNumber(value);
  if (typeof given === 'number' && Number.isSafeInteger(given)) return given;
  throw new TypeError_('bad-argument', `Cannot convert ${show(value)} to EagerTensor of dtype int32 (${name})`);
}

/** An axis counted from the front; `complain` says what TensorFlow would. */
export function axisArgument(axis: number, rank: number, complain: () => Error): number {
  if (axis < -rank || axis >= rank) throw complain();
  return axis < 0 ? axis + rank : axis;
}
