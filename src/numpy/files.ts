/** np.save, np.load, np.savez: arrays in files. */

import { TypeError_ } from '../errors.js';
import { load as read, save as write } from '../io/index.js';
import { isForeign } from '../tensor/foreign.js';
import type { Tensor } from '../tensor/tensor.js';
import { type ArrayInput, toTensor } from './input.js';
import { ndarray } from './ndarray.js';

const withExtension = (file: string, extension: string): string =>
  file.endsWith(extension) ? file : `${file}${extension}`;

/**
 * np.save: an array as a file; `.npy` is added to a name without it.
 *
 * @throws as `array` for what is none
 */
export function save(file: string, arr: ArrayInput): void {
  write(withExtension(file, '.npy'), toTensor(arr));
}

/** Arrays by name, as np.load gives those of an .npz file. */
export interface NpzFile {
  readonly files: readonly string[];
  readonly [name: string]: ndarray | readonly string[];
}

/**
 * np.load: the array of an .npy file, or those of an .npz file by name.
 *
 * @throws ValueError for a file that is neither
 */
export function load(file: `${string}.npy`): ndarray;
export function load(file: `${string}.npz`): { readonly [name: string]: ndarray };
export function load(file: string): ndarray | { readonly [name: string]: ndarray };
export function load(file: string): ndarray | { readonly [name: string]: ndarray } {
  const value: Tensor | { readonly [name: string]: Tensor } = read(file);
  if (isForeign(value)) return new ndarray(value.toCore());
  return Object.fromEntries(Object.entries(value).map(([name, tensor]) => [name, new ndarray(tensor)]));
}

type Arrays = readonly (ArrayInput | { readonly [name: string]: ArrayInput })[];

function named(args: Arrays): { [name: string]: Tensor } {
  const arrays: { [name: string]: Tensor } = {};
  let count = 0;
  for (const value of args) {
    const isNamed = typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;
    if (!isNamed) arrays[`arr_${count++}`] = toTensor(value as ArrayInput);
    else for (const [name, array] of Object.entries(value)) arrays[name] = toTensor(array);
  }
  if (count === 0 && Object.keys(arrays).length === 0)
    throw new TypeError_('missing-argument', 'savez: no arrays were given');
  return arrays;
}

/** np.savez: several arrays as one file, named arr_0, arr_1, ... or as in an object at the end. */
export function savez(file: string, ...args: Arrays): void {
  write(withExtension(file, '.npz'), named(args));
}

/** np.savez_compressed: as `savez`, deflated. */
export function savez_compressed(file: string, ...args: Arrays): void {
  write(withExtension(file, '.npz'), named(args), { compressed: true });
}
