/**
 * NumPy's npy files, format 1.0: "\x93NUMPY", version, the header's length, the header (a Python dict as text, filled up
 * with blanks to a multiple of 64 bytes), then the elements. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */

import { NotImplementedError, ValueError } from '../errors.js';
import { type DType, dtypes, viewArray } from '../shape/dtype.js';
import { MAX_ELEMENTS, sizeOf } from '../shape/shape.js';
import { asTensor, newTensor, type Tensor, type TensorLike } from '../tensor/tensor.js';
import { tuple } from '../text/python.js';

const MAGIC: readonly number[] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Magic, two bytes of version, two of the header's length. */
const PREAMBLE = 10;
const ALIGNMENT = 64;

/** NumPy's names of our dtypes: byte order (`<`: little-endian, as all hosts of JavaScript are; `|`: none), kind, bytes. */
const codes: { readonly [D in DType]: string } = {
  float32: '<f4',
  float64: '<f8',
  int32: '<i4',
  int64: '<i8',
  uint8: '|u1',
  bool: '|b1',
};

interface Header {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

function invalid(message: string): never {
  throw new ValueError('file-invalid', `not a readable npy file: ${message}`);
}

/** The header's fields, in any order; nothing else may stand in it. */
function parseHeader(text: string): Header {
  const inner = /^\{(.*)\}\s*$/s.exec(text)?.[1] ?? invalid('its header is no Python dict');
  const field = /\s*'(\w+)'\s*:\s*('[^']*'|True|False|\([\d,\s]*\))\s*(?:,|$)/y;
  const fields = new Map<string, string>();
  while (field.lastIndex < inner.trimEnd().length) {
    const found = field.exec(inner);
    if (found === null) return invalid('its header has a field that is neither descr, fortran_order nor shape');
    fields.set(found[1] as string, found[2] as string);
  }
  const [descr, order, shape] = ['descr', 'fortran_order', 'shape'].map((name) => fields.get(name));
  if (descr === undefined || order === undefined || shape === undefined || fields.size !== 3) {
    return invalid('its header must have descr, fortran_order and shape, and no more');
  }
  if (order !== 'False') {
    throw new NotImplementedError('not-implemented', 'npy in column-major order: save np.ascontiguousarray(x) instead');
  }
  return { dtype: parseDescr(descr), shape: parseShape(shape) };
}

function parseDescr(descr: string): DType {
  const code = descr.slice(1, -1).replace(/^[=|<](?=[ub]1$)/, '|');
  const found = (Object.keys(codes) as DType[]).find((dtype) => codes[dtype] === code);
  if (found !== undefined) return found;
  const known = Object.values(codes).join(', ');
  throw new NotImplementedError('not-implemented', `npy with elements of type ${descr}; these can be read: ${known}`);
}

function parseShape(text: string): number[] {
  const sizes = text
    .slice(1, -1)
    .split(',')
    .map((size) => size.trim());
  if (sizes.at(-1) === '') sizes.pop();
  if (!sizes.every((size) => /^\d+$/.test(size))) invalid(`its shape is ${text}`);
  const shape = sizes.map(Number);
  if (!shape.every(Number.isSafeInteger) || sizeOf(shape) > MAX_ELEMENTS) {
    invalid(`shape ${text} has more than 2^31 - 1 elements`);
  }
  return shape;
}

/**
 * The array in the bytes of an npy file (format 1.0, row-major).
 *
 * @throws ValueError where the bytes aren't such a file, whole and nothing more; NotImplementedError for other versions,
 * column-major order and other types
 * @example parseNpy(formatNpy([1, 2])).tolist() // [1, 2]
 */
export function parseNpy(bytes: Uint8Array): Tensor {
  if (!(bytes instanceof Uint8Array)) invalid('parseNpy takes a Uint8Array');
  if (bytes.length < PREAMBLE || MAGIC.some((byte, i) => bytes[i] !== byte))
    invalid("it doesn't begin with \\x93NUMPY");
  const [major, minor] = [bytes[6] as number, bytes[7] as number];
  if (major !== 1 || minor !== 0) {
    throw new NotImplementedError('not-implemented', `npy format ${major}.${minor}; format 1.0 can be read`);
  }
  const start = PREAMBLE + (bytes[8] as number) + 256 * (bytes[9] as number);
  if (start > bytes.length) invalid('it ends within its header');
  const { dtype, shape } = parseHeader(String.fromCharCode(...bytes.subarray(PREAMBLE, start)));
  const [size, given] = [sizeOf(shape), bytes.length - start];
  const needed = size * dtypes[dtype].bytes;
  if (given !== needed)
    invalid(`shape ${tuple(shape)} of ${dtype} needs ${needed} bytes of elements, and ${given} follow`);
  // A copy starts at a multiple of any element's size. (A Buffer's slice would be none.)
  const { buffer } = new Uint8Array(bytes.subarray(start));
  return newTensor(viewArray[dtype](buffer, 0, size), shape, dtype);
}

/**
 * The bytes of an npy file of an array, just as np.save writes them.
 *
 * @param array an array of any door, a tensor, nested lists (float32) or a typed array
 * @example formatNpy([1, 2]).length // 136
 */
export function formatNpy(array: TensorLike): Uint8Array {
  const { dtype, shape, array: elements } = asTensor(array);
  // NumPy leaves room for the first size to grow to 21 digits.
  const room = shape.length > 0 ? ' '.repeat(21 - String(shape[0]).length) : '';
  const dict = `{'descr': '${codes[dtype]}', 'fortran_order': False, 'shape': ${tuple(shape)}, }${room}`;
  const length = Math.ceil((PREAMBLE + dict.length + 1) / ALIGNMENT) * ALIGNMENT;
  const header = `${dict.padEnd(length - PREAMBLE - 1)}\n`;
  const bytes = new Uint8Array(length + elements.byteLength);
  bytes.set(MAGIC);
  bytes.set([1, 0, header.length % 256, Math.floor(header.length / 256)], MAGIC.length);
  for (let i = 0; i < header.length; i++) bytes[PREAMBLE + i] = header.charCodeAt(i);
  bytes.set(new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength), length);
  return bytes;
}
