/** Which device primitives run on. */

import { heap } from '../heap/heap.js';
import { WasmDevice } from './wasm.js';

/** 'reference' is plain TypeScript, the definition; 'wasm' WebAssembly SIMD on threads; 'native' the machine's own. */
export type DeviceName = 'reference' | 'wasm' | 'native';

/** Numbers as they come out fastest, or exact where the operands are whole numbers: no algorithm that divides. */
export type Precision = 'fast' | 'exact';

let wasm: WasmDevice | string | undefined;

/** The wasm device, or in words why there is none; opened when first asked for. */
export function wasmDevice(): WasmDevice | string {
  wasm ??= WasmDevice.open(heap);
  return wasm;
}

interface Choice {
  readonly name: DeviceName;
  readonly precision: Precision;
}

let choice: Choice | undefined;

/** What primitives run on now: unless chosen, the best there is. */
export function currentDevice(): Choice {
  choice ??= { name: typeof wasmDevice() === 'string' ? 'reference' : 'wasm', precision: 'fast' };
  return choice;
}
