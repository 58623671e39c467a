/** NumPy's npz files: a zip archive of npy files. */

import { TypeError_ } from '../errors.js';
import { show } from '../shape/shape.js';
import type { Tensor, TensorLike } from '../tensor/tensor.js';
import { formatNpy, parseNpy } from './npy.js';
import { readZip, writeZip } from './zip.js';

const EXTENSION = '.npy';

const baseName = (name: string): string => (name.endsWith(EXTENSION) ? name.slice(0, -EXTENSION.length) : name);

/**
 * The arrays in the bytes of an npz file, by name; compressed ones in Node only.
 *
 * @throws ValueError where the bytes aren't such a file, whole and undamaged; NotImplementedError as parseNpy, and for
 * zip64 and encryption
 * @example parseNpz(formatNpz({ a: [1, 2] })) // { a: tensor([1., 2.]) }
 */
export function parseNpz(bytes: Uint8Array): { [name: string]: Tensor } {
  if (!(bytes instanceof Uint8Array)) {
    throw new TypeError_('bad-argument', `parseNpz takes a Uint8Array, not ${show(bytes)}`);
  }
  return Object.fromEntries(readZip(bytes).map(({ name, data }) => [baseName(name), parseNpy(data)]));
}

/**
 * The bytes of an npz file of some arrays, as np.savez writes them, or, compressed (in Node), np.savez_compressed.
 *
 * @param arrays arrays of any door by name
 */
export function formatNpz(
  arrays: { readonly [name: string]: TensorLike },
  options: { readonly compressed?: boolean } = {},
): Uint8Array {
  const entries = Object.entries(arrays).map(([name, array]) => ({ name: name + EXTENSION, data: formatNpy(array) }));
  return writeZip(entries, options.compressed === true);
}
