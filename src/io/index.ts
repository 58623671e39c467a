/** adjoint/io: arrays in files. The extension says which format: .npy for one array, .npz and .safetensors for several. */

import { NotImplementedError, TypeError_ } from '../errors.js';
import { show } from '../shape/shape.js';
import { isForeign } from '../tensor/foreign.js';
import type { Tensor, TensorLike } from '../tensor/tensor.js';
import { formatNpy, parseNpy } from './npy.js';
import { formatNpz, parseNpz } from './npz.js';
import { formatSafetensors, parseSafetensors, safetensorsMetadata } from './safetensors.js';

export { AdjointError, NotImplementedError, TypeError_, ValueError } from '../errors.js';
export { formatNpy, formatNpz, formatSafetensors, parseNpy, parseNpz, parseSafetensors, safetensorsMetadata };

/** Arrays by name. */
export interface Tensors {
  [name: string]: Tensor;
}

export interface SaveOptions {
  /** Of .npz: deflated. */
  readonly compressed?: boolean;
  /** Of .safetensors: texts by name. */
  readonly metadata?: { readonly [key: string]: string };
}

/** Arrays of any door by name; a module's state_dict is that. */
type Named = { readonly [name: string]: TensorLike };

interface Format {
  parse(bytes: Uint8Array): Tensor | Tensors;
  format(value: TensorLike | Named, options: SaveOptions): Uint8Array;
}

const isNamed = (value: TensorLike | Named): value is Named =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !ArrayBuffer.isView(value) &&
  !isForeign(value);

/** What a format of several arrays is given. */
function named(value: TensorLike | Named, extension: string): Named {
  if (isNamed(value)) return value;
  throw new TypeError_('bad-argument', `a .${extension} file has arrays by name: give an object, not ${show(value)}`);
}

function single(value: TensorLike | Named): TensorLike {
  if (!isNamed(value)) return value;
  throw new TypeError_('bad-argument', 'a .npy file has one array; for several by name use .npz or .safetensors');
}

const formats: { readonly [extension: string]: Format } = {
  npy: { parse: parseNpy, format: (value) => formatNpy(single(value)) },
  npz: { parse: parseNpz, format: (value, options) => formatNpz(named(value, 'npz'), options) },
  safetensors: {
    parse: parseSafetensors,
    format: (value, { metadata }) => formatSafetensors(named(value, 'safetensors'), metadata),
  },
};

function formatOf(path: string | URL): Format {
  if (typeof path !== 'string' && !(path instanceof URL)) {
    throw new TypeError_('bad-argument', `path must be a string or a URL, not ${show(path)}`);
  }
  const extension = /\.([^./\\]+)$/.exec(path instanceof URL ? path.pathname : path)?.[1]?.toLowerCase() ?? '';
  const format = Object.hasOwn(formats, extension) ? formats[extension] : undefined;
  if (format !== undefined) return format;
  const known = Object.keys(formats).map((name) => `.${name}`);
  throw new NotImplementedError(
    'not-implemented',
    `files of extension '${extension === '' ? '' : `.${extension}`}' are not supported; these are: ${known.join(', ')}`,
  );
}

/** Node's file system, which a page in a browser has not. */
function fileSystem(): Pick<typeof import('node:fs'), 'readFileSync' | 'writeFileSync'> {
  const fs = typeof process === 'undefined' ? undefined : process.getBuiltinModule?.('node:fs');
  if (fs !== undefined) return fs;
  throw new NotImplementedError(
    'not-implemented',
    'there is no file system here; use parseNpy, formatNpy and their like on the bytes of a file',
  );
}

/**
 * The array in a file, or the arrays by name, as core tensors (which every door takes).
 *
 * @param path of a .npy, .npz or .safetensors file
 * @throws ValueError where the file is damaged, NotImplementedError for another extension, Node's own error where it
 * can't be read
 * @example save('kernel.npy', [[1, 0], [0, 1]]); load('kernel.npy').tolist() // [[1, 0], [0, 1]]
 */
export function load(path: `${string}.npy`): Tensor;
export function load(path: `${string}.npz` | `${string}.safetensors`): Tensors;
export function load(path: string | URL): Tensor | Tensors;
export function load(path: string | URL): Tensor | Tensors {
  const { parse } = formatOf(path);
  return parse(new Uint8Array(fileSystem().readFileSync(path)));
}

/**
 * Writes an array, or arrays by name, to a file, over what is there.
 *
 * @param path its extension says the format: .npy, .npz or .safetensors
 * @param value for .npy an array of any door, nested lists (float32) or a typed array; else an object of such, like a
 * state_dict
 * @throws NotImplementedError for another extension, TypeError_ for one array where several are expected or the other
 * way round, Node's own error where the file can't be written
 * @example
 * save('kernels.safetensors', { a: [1, 0], b: [[2]] }, { metadata: { made: 'by hand' } });
 * load('kernels.safetensors') // {'a': tensor([1., 0.]), 'b': tensor([[2.]])}
 */
export function save(path: `${string}.npy`, value: TensorLike): void;
export function save(path: string | URL, value: TensorLike | Named, options?: SaveOptions): void;
export function save(path: string | URL, value: TensorLike | Named, options: SaveOptions = {}): void {
  const bytes = formatOf(path).format(value, options);
  fileSystem().writeFileSync(path, bytes);
}
