/**
 * safetensors: eight bytes of the header's length (little-endian), the header (JSON: dtype, shape and place of each tensor
 * by name), then the elements, without holes. https://github.com/huggingface/safetensors#format
 *
 * A file may come from anywhere: every number in it is checked before anything is allocated by it.
 */

import { NotImplementedError, TypeError_, ValueError } from '../errors.js';
import { type DType, dtypes, viewArray } from '../shape/dtype.js';
import { MAX_ELEMENTS, show, showShape, sizeOf } from '../shape/shape.js';
import { asTensor, newTensor, type Tensor, type TensorLike } from '../tensor/tensor.js';
import { halfFloats, truncatedFloats } from './half.js';
import { duplicateKey } from './json.js';

/** As the reference implementation has it. */
const MOST_HEADER_BYTES = 100_000_000;
const LENGTH_BYTES = 8;

/** The format's names of our dtypes, in the order in which files have them. */
const codes: { readonly [D in DType]: string } = {
  int64: 'I64',
  float64: 'F64',
  float32: 'F32',
  int32: 'I32',
  uint8: 'U8',
  bool: 'BOOL',
};

/** How elements of a dtype are read. */
interface Reader {
  readonly bytes: number;
  readonly dtype: DType;
  readonly read: (buffer: ArrayBuffer, count: number) => ArrayLike<number | bigint>;
}

const own = (dtype: DType): Reader => ({
  bytes: dtypes[dtype].bytes,
  dtype,
  read: (buffer, count) => viewArray[dtype](buffer, 0, count),
});

/** Ours, and those that ours hold exactly. */
const readers: { readonly [code: string]: Reader } = {
  I64: own('int64'),
  F64: own('float64'),
  F32: own('float32'),
  I32: own('int32'),
  U8: own('uint8'),
  BOOL: own('bool'),
  F16: { bytes: 2, dtype: 'float32', read: halfFloats },
  BF16: { bytes: 2, dtype: 'float32', read: truncatedFloats },
  I8: { bytes: 1, dtype: 'int32', read: (buffer, count) => new Int8Array(buffer, 0, count) },
  I16: { bytes: 2, dtype: 'int32', read: (buffer, count) => new Int16Array(buffer, 0, count) },
  U16: { bytes: 2, dtype: 'int32', read: (buffer, count) => new Uint16Array(buffer, 0, count) },
};

function invalid(message: string): never {
  throw new ValueError('file-invalid', `not a readable safetensors file: ${message}`);
}

interface Entry {
  readonly name: string;
  readonly reader: Reader;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

type Json = { readonly [key: string]: unknown };

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** The header, and where the elements start. */
function readHeader(bytes: Uint8Array): { readonly header: Json; readonly start: number } {
  if (!(bytes instanceof Uint8Array)) {
    throw new TypeError_('bad-argument', `parseSafetensors takes a Uint8Array, not ${show(bytes)}`);
  }
  if (bytes.length < LENGTH_BYTES) return invalid('it ends within the length of its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(MOST_HEADER_BYTES)) return invalid(`a header of ${length} bytes is beyond ${MOST_HEADER_BYTES}`);
  const start = LENGTH_BYTES + Number(length);
  if (start > bytes.length) return invalid('it ends within its header');
  const header = parseJson(bytes.subarray(LENGTH_BYTES, start));
  if (!isObject(header)) return invalid('its header is no JSON object');
  return { header, start };
}

function parseJson(bytes: Uint8Array): unknown {
  // A byte order mark is no blank of JSON, so the decoder is to leave it.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    const text = decoder.decode(bytes);
    const value: unknown = JSON.parse(text);
    const key = duplicateKey(text);
    if (key === null) return value;
    return invalid(`its header has the key ${JSON.stringify(key)} twice`);
  } catch (error) {
    if (error instanceof ValueError) throw error;
    return invalid('its header is no JSON in UTF-8');
  }
}

function readEntry(name: string, given: unknown): Entry {
  const what = `tensor ${JSON.stringify(name)}`;
  if (!isObject(given)) return invalid(`${what} has no description`);
  const { dtype: code, shape, data_offsets: offsets, ...more } = given;
  if (Object.keys(more).length > 0) return invalid(`${what} has a field ${JSON.stringify(Object.keys(more)[0])}`);
  if (!Array.isArray(shape) || !shape.every(isSize)) return invalid(`the shape of ${what} is no list of sizes`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) {
    return invalid(`data_offsets of ${what} are no two whole numbers`);
  }
  if (typeof code !== 'string') return invalid(`the dtype of ${what} is no string`);
  const reader = Object.hasOwn(readers, code) ? readers[code] : undefined;
  if (reader === undefined) {
    const known = Object.keys(readers).join(', ');
    throw new NotImplementedError('not-implemented', `${what} is of dtype ${code}; these can be read: ${known}`);
  }
  const size = sizeOf(shape);
  if (!(size <= MAX_ELEMENTS)) return invalid(`shape ${showShape(shape)} of ${what} has more than 2^31 - 1 elements`);
  const [begin = 0, end = 0] = offsets;
  if (end - begin !== size * reader.bytes) {
    return invalid(`${what} of shape ${showShape(shape)} needs ${size * reader.bytes} bytes, and has ${end - begin}`);
  }
  return { name, reader, shape, begin, end };
}

/** All that follows the header belongs to one tensor each: no holes, nothing twice, nothing behind. */
function checkPlaces(entries: readonly Entry[], length: number): void {
  let at = 0;
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) {
      invalid(`tensor ${JSON.stringify(name)} starts at byte ${begin} of the elements, where ${at} is next`);
    }
    at = end;
  }
  if (at !== length) invalid(`its tensors take ${at} bytes, and ${length} follow its header`);
}

/**
 * The tensors in the bytes of a safetensors file, by name; F16 and BF16 as float32, and I8, I16 and U16 as int32.
 *
 * @throws ValueError where the bytes aren't such a file, whole and nothing more; NotImplementedError for other dtypes
 * @example parseSafetensors(formatSafetensors({ a: [1, 2] })) // { a: tensor([1., 2.]) }
 */
export function parseSafetensors(bytes: Uint8Array): { [name: string]: Tensor } {
  const { header, start } = readHeader(bytes);
  readMetadata(header);
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, given]) => readEntry(name, given));
  checkPlaces(entries, bytes.length - start);
  return Object.fromEntries(
    entries.map(({ name, reader, shape, begin, end }) => {
      // A copy starts at a multiple of any element's size.
      const { buffer } = new Uint8Array(bytes.subarray(start + begin, start + end));
      return [name, newTensor(reader.read(buffer, sizeOf(shape)), shape, reader.dtype)];
    }),
  );
}

function readMetadata(header: Json): { [key: string]: string } {
  const given: unknown = Object.hasOwn(header, '__metadata__') ? Reflect.get(header, '__metadata__') : {};
  if (!isObject(given)) return invalid('__metadata__ is no object');
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : invalid('metadata is no text'),
    ]),
  );
}

/**
 * The texts that a safetensors file has beside its tensors.
 *
 * @throws ValueError where the header can't be read
 */
export const safetensorsMetadata = (bytes: Uint8Array): { [key: string]: string } =>
  readMetadata(readHeader(bytes).header);

/** Names in the order of their bytes in UTF-8. */
function byName([a]: readonly [string, Tensor], [b]: readonly [string, Tensor]): number {
  const [left, right] = [[...a], [...b]];
  const at = left.findIndex((character, i) => character !== right[i]);
  if (at < 0) return left.length - right.length;
  return (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1);
}

/**
 * The bytes of a safetensors file of some tensors, just as the reference implementation writes them: by dtype, the
 * larger ones first, then by name.
 *
 * @param tensors arrays of any door by name
 * @param metadata texts by name
 * @throws TypeError_ for what is no set of arrays, ValueError for a tensor called '__metadata__'
 */
export function formatSafetensors(
  tensors: { readonly [name: string]: TensorLike },
  metadata?: { readonly [key: string]: string },
): Uint8Array {
  const order = Object.keys(codes) as DType[];
  const named = Object.entries(tensors).map(([name, value]) => [name, asTensor(value, name)] as const);
  if (Object.hasOwn(tensors, '__metadata__')) {
    throw new ValueError('bad-argument', "no tensor can be called '__metadata__': give metadata apart");
  }
  named.sort((a, b) => order.indexOf(a[1].dtype) - order.indexOf(b[1].dtype) || byName(a, b));
  let at = 0;
  const entries = named.map(([name, { dtype, shape, array }]) => {
    const begin = at;
    at += array.byteLength;
    return [name, { dtype: codes[dtype], shape, data_offsets: [begin, at] }] as const;
  });
  const texts = metadata === undefined ? [] : [['__metadata__', checkedMetadata(metadata)] as const];
  const header = [...texts, ...entries].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  const text = new TextEncoder().encode(`{${header.join(',')}}`);
  const start = LENGTH_BYTES + Math.ceil(text.length / LENGTH_BYTES) * LENGTH_BYTES;
  const bytes = new Uint8Array(start + at).fill(' '.charCodeAt(0), 0, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - LENGTH_BYTES), true);
  bytes.set(text, LENGTH_BYTES);
  let place = start;
  for (const [, { array }] of named) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), place);
    place += array.byteLength;
  }
  return bytes;
}

function checkedMetadata(metadata: object): object {
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') {
      throw new TypeError_('bad-argument', `metadata must be texts, and ${JSON.stringify(key)} is ${show(value)}`);
    }
  }
  return metadata;
}
