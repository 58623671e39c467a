/** Modules as text, by the WebAssembly Binary Toolkit. */

import wabt from 'wabt';

/** The text of a module; relaxed SIMD and shared memory are allowed. */
export async function disassemble(bytes: Uint8Array): Promise<string> {
  const { readWasm } = await wabt();
  const module = readWasm(bytes, { relaxed_simd: true, threads: true });
  try {
    return module.toText({});
  } finally {
    module.destroy();
  }
}
