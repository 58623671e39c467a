/** The names of the devices. */

/** 'reference' is plain TypeScript, the definition; 'wasm' WebAssembly SIMD on threads; 'native' the machine's own. */
export type DeviceName = 'reference' | 'wasm' | 'native';
