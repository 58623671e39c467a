/** What primitives run on: to see, and to choose. */

import type { Precision } from '../conv/convolution.js';
import { checkPrecision } from '../conv/spec.js';
import { chooseDevice, currentDevice, possibleDevices, wasmDevice } from '../device/device.js';
import type { DeviceName } from '../device/name.js';
import { heap } from '../heap/heap.js';
import type { HeapInfo } from '../heap/report.js';
import { checkFields } from '../shape/shape.js';

/**
 * The devices that can run here, the plainest first: 'reference' is plain TypeScript, the definition of everything;
 * 'wasm' WebAssembly SIMD on threads.
 *
 * @example devices() // ["reference", "wasm"]
 */
export const devices = (): DeviceName[] => possibleDevices();

export interface DeviceOptions {
  /** 'exact' keeps whole numbers whole: no Winograd. Default: 'fast'. */
  readonly precision?: Precision;
}

/**
 * Chooses what everything runs on from here on, unless 'wasm' (the default, where it can run) is to stay; without an
 * argument, says what that is. Small arrays (below 1 KiB, or less for long functions) are computed in plain TypeScript on
 * every device.
 *
 * @throws ValueError for what is no device, RuntimeError for one that can't run here
 * @example device('wasm', { precision: 'fast' }) // "wasm"
 */
export function device(name?: DeviceName, options: DeviceOptions = {}): DeviceName {
  checkFields(options, ['precision'], "device's options");
  const precision = options.precision === undefined ? 'fast' : checkPrecision(options.precision);
  if (name === undefined && options.precision === undefined) return currentDevice().name;
  return chooseDevice(name ?? currentDevice().name, precision).name;
}

/**
 * Sets how many threads work on large operations, and says how many do; at first, one for each core. The results are
 * the same, to the bit, for any number. Where threads can't be had it stays at 1, and `info().why` says why.
 *
 * @throws ValueError for a number that is none of 1 to 256
 * @example threads(2) // 2
 */
export function threads(count?: number): number {
  const wasm = wasmDevice();
  if (typeof wasm === 'string') return 1;
  if (count !== undefined) wasm.pool.threads = count;
  return wasm.pool.threads;
}

export interface Info {
  /** What primitives run on now. */
  readonly device: DeviceName;
  readonly threads: number;
  readonly precision: Precision;
  /** Bytes: held now, the most ever held, and the most that can be. */
  readonly heap: HeapInfo;
  /** Why there is no better device, or only one thread, where that is so. */
  readonly why?: string;
}

/**
 * What runs now, on how many threads, and how full the heap is.
 *
 * @example info().device // "wasm"
 */
export function info(): Info {
  const { name, precision } = currentDevice();
  const wasm = wasmDevice();
  const why = typeof wasm === 'string' ? wasm : wasm.pool.obstacle;
  const shared = { device: name, threads: name === 'wasm' ? threads() : 1, precision, heap: heap.info() };
  return why === null ? shared : { ...shared, why };
}
