/** adjoint/io: arrays in files. The extension says which format; .npy is the one there is so far. */

import { NotImplementedError, TypeError_ } from '../errors.js';
import { show } from '../shape/shape.js';
import type { Tensor, TensorLike } from '../tensor/tensor.js';
import { formatNpy, parseNpy } from './npy.js';

export { AdjointError, NotImplementedError, TypeError_, ValueError } from '../errors.js';
export { formatNpy, parseNpy };

interface Format {
  parse(bytes: Uint8Array): Tensor;
  format(array: TensorLike): Uint8Array;
}

const formats: { readonly [extension: string]: Format } = { npy: { parse: parseNpy, format: formatNpy } };

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
    'there is no file system here; use parseNpy and formatNpy on the bytes of a file',
  );
}

/**
 * The array in a file, as a core tensor (which every door takes).
 *
 * @param path of a .npy file
 * @throws ValueError where the file is damaged, NotImplementedError for another extension, Node's own error where it
 * can't be read
 * @example save('kernel.npy', [[1, 0], [0, 1]]); load('kernel.npy').tolist() // [[1, 0], [0, 1]]
 */
export function load(path: string | URL): Tensor {
  const { parse } = formatOf(path);
  return parse(new Uint8Array(fileSystem().readFileSync(path)));
}

/**
 * Writes an array to a file, over what is there.
 *
 * @param path its extension, .npy, says the format
 * @param array an array of any door, a tensor, nested lists (float32) or a typed array
 * @throws NotImplementedError for another extension, Node's own error where the file can't be written
 * @example save('kernel.npy', [[1, 0], [0, 1]])
 */
export function save(path: string | URL, array: TensorLike): void {
  const bytes = formatOf(path).format(array);
  fileSystem().writeFileSync(path, bytes);
}
