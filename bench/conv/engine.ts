/** The engine as this benchmark steers it. */

import { currentDevice, wasmDevice } from '../../src/device/device.js';
import { type ConvSpecOptions, convSpec } from '../../src/index.js';
import type { Precision } from './shapes.js';

export const deviceName = (): string => currentDevice().name;

/** Sets the number of threads; false where there can't be so many. */
export function setThreads(count: number): boolean {
  const device = wasmDevice();
  if (typeof device === 'string' || currentDevice().name === 'reference') return count === 1;
  device.pool.threads = count;
  return device.pool.threads === count;
}

/** The part of a spec that asks for a precision. */
export const precisionOption = (precision: Precision): ConvSpecOptions =>
  precision === 'fast' ? {} : Object.fromEntries([['precision', precision]]);

/** Whether convolutions can be asked to be exact. */
export function hasPrecision(): boolean {
  try {
    convSpec(precisionOption('exact'));
    return true;
  } catch {
    return false;
  }
}
