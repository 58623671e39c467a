/** Which device primitives run on. */

import type { Precision } from '../conv/convolution.js';
import { RuntimeError, ValueError } from '../errors.js';
import { heap } from '../heap/heap.js';
import { show } from '../shape/shape.js';
import type { DeviceName } from './name.js';
import { WasmDevice } from './wasm.js';

export interface Choice {
  readonly name: DeviceName;
  readonly precision: Precision;
}

let wasm: WasmDevice | string | undefined;

/** The wasm device, or in words why there is none; opened when first asked for. */
export function wasmDevice(): WasmDevice | string {
  wasm ??= WasmDevice.open(heap);
  return wasm;
}

/** In words why a device can't run here; null where it can. */
const obstacles: { readonly [D in DeviceName]: () => string | null } = {
  reference: () => null,
  wasm: () => {
    const device = wasmDevice();
    return typeof device === 'string' ? device : null;
  },
  native: () => 'this version has none',
};

const isDeviceName = (value: unknown): value is DeviceName =>
  typeof value === 'string' && Object.hasOwn(obstacles, value);

/** The devices that can run here, the plainest first. */
export const possibleDevices = (): DeviceName[] =>
  Object.keys(obstacles)
    .filter(isDeviceName)
    .filter((name) => obstacles[name]() === null);

let choice: Choice | undefined;

/** What primitives run on now: unless chosen, the best there is. */
export function currentDevice(): Choice {
  choice ??= { name: obstacles.wasm() === null ? 'wasm' : 'reference', precision: 'fast' };
  return choice;
}

/**
 * Chooses a device.
 * @throws ValueError for what is no device, RuntimeError for one that can't run here
 */
export function chooseDevice(name: unknown, precision: Precision): Choice {
  const names = possibleDevices().map(show).join(', ');
  if (!isDeviceName(name)) throw new ValueError('bad-argument', `device must be one of ${names}, not ${show(name)}`);
  const obstacle = obstacles[name]();
  if (obstacle !== null) {
    throw new RuntimeError('device-failed', `device '${name}' can't run here: ${obstacle}; those that can: ${names}`);
  }
  choice = { name, precision };
  return choice;
}
