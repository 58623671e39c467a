/** The device 'wasm': kernels as WebAssembly SIMD on the heap's memory. */

import { type Heap, smallBytes } from '../heap/heap.js';
import { type Argument, extraBytes, isTable, type Launch, type Plan, regionsOf } from '../kernel/launch.js';
import type { Kernel } from '../kernel/program.js';
import { verifyKernel, verifyLaunch } from '../kernel/verify.js';
import { printWasm, vectorBytes, type WasmFeatures } from '../print/wasm.js';
import type { TypedArray } from '../shape/dtype.js';
import { type Code, Pool } from './pool.js';

/** Buffers begin at multiples of this: a cache line. */
const alignment = 64;
const aligned = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

/** i32x4 in a module of one function: whether the engine has vectors at all. */
const simdProbe = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 17, 11];

/** f32x4.relaxed_madd of three times the same. */
const relaxedProbe = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 17, 1, 15, 0, 65, 0, 253, 17, 65, 0, 253, 17, 65,
  0, 253, 17, 253, 133, 2, 11,
];

const validates = (bytes: readonly number[]): boolean =>
  typeof WebAssembly !== 'undefined' && WebAssembly.validate(new Uint8Array(bytes));

/** Bytes of scratch that each thread has while it works on a plan. */
export const threadScratch = ({ launches }: Plan): number =>
  aligned(launches.reduce((most, launch) => Math.max(most, launch.scratchBytes), 0));

/** Copies elements into the memory. */
function write(memory: Uint8Array, address: number, array: TypedArray): void {
  memory.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), address);
}

export class WasmDevice {
  readonly #heap: Heap;
  readonly #memory: WebAssembly.Memory;
  readonly #features: WasmFeatures;
  readonly #codes = new WeakMap<Kernel, Code>();
  /** Plans that were proved to stay within their buffers. */
  readonly #verified = new WeakSet<Plan>();
  readonly pool: Pool;

  /** The device on a heap, or in words why there is none. */
  static open(heap: Heap): WasmDevice | string {
    const { memory } = heap;
    if (memory === undefined) return 'this host has no WebAssembly memory';
    if (!validates(simdProbe)) return 'this engine has no WebAssembly SIMD';
    return new WasmDevice(heap, memory);
  }

  private constructor(heap: Heap, memory: WebAssembly.Memory) {
    this.#heap = heap;
    this.#memory = memory;
    this.#features = { shared: heap.shared, relaxed: validates(relaxedProbe) };
    this.pool = new Pool(heap);
  }

  /**
   * Runs a plan on the elements of the operands; the last array gets the result.
   * @throws OutOfMemoryError where there is no room for what the plan needs besides, DeviceError where a thread fails
   */
  run(plan: Plan, arrays: readonly TypedArray[]): void {
    const result = arrays.length - 1;
    let bytes = 0;
    const place = (size: number): number => {
      const at = bytes;
      bytes += aligned(size);
      return at;
    };
    const isStaged = arrays.map((array) => !this.#heap.owns(array));
    const staged = arrays.map((array, i) => (isStaged[i] ? place(array.byteLength) : 0));
    const extra = plan.extra.map((buffer) => place(extraBytes(buffer)));
    const scratch = place(threadScratch(plan) * this.pool.threads);
    const block = bytes === 0 ? null : this.#heap.allocate('uint8', Math.max(bytes, smallBytes));
    const base = block?.byteOffset ?? 0;
    try {
      const memory = new Uint8Array(this.#memory.buffer);
      const addresses = arrays.map((array, i) => {
        const address = isStaged[i] ? base + (staged[i] as number) : array.byteOffset;
        if (isStaged[i] && i !== result) write(memory, address, array);
        return address;
      });
      for (const at of extra) addresses.push(base + at);
      this.runAt(plan, addresses, base + scratch);
      const out = arrays[result];
      if (isStaged[result] && out !== undefined) {
        const from = addresses[result] as number;
        new Uint8Array(out.buffer, out.byteOffset, out.byteLength).set(memory.subarray(from, from + out.byteLength));
      }
    } finally {
      if (block !== null) this.#heap.release(block);
    }
  }

  /**
   * Runs a plan on buffers of the memory: operands, result, and what it needs besides, tables yet to be written. Whoever
   * calls holds their blocks until this returns.
   */
  runAt(plan: Plan, addresses: readonly number[], scratch: number): void {
    this.#verify(plan);
    if (plan.extra.length > 0) {
      const memory = new Uint8Array(this.#memory.buffer);
      const first = plan.operands.length;
      plan.extra.forEach((buffer, i) => {
        if (isTable(buffer)) write(memory, addresses[first + i] as number, buffer.numbers);
      });
    }
    const bytes = threadScratch(plan);
    for (const launch of plan.launches) this.#launch(launch, addresses, scratch, bytes);
  }

  /** No kernel runs before it is proved that it stays within its buffers. */
  #verify(plan: Plan): void {
    if (this.#verified.has(plan)) return;
    const regions = regionsOf(plan);
    for (const launch of plan.launches) verifyLaunch(launch, regions);
    this.#verified.add(plan);
  }

  #launch({ kernel, args, grid }: Launch, addresses: readonly number[], scratch: number, scratchBytes: number): void {
    const resolve = (arg: Argument): number =>
      typeof arg === 'number' ? arg : (addresses[arg.buffer] as number) + arg.offset;
    this.pool.run({
      code: this.#codeOf(kernel),
      args: args.map(resolve),
      grid,
      scratch: { address: scratch, bytes: scratchBytes },
    });
  }

  #codeOf(kernel: Kernel): Code {
    let code = this.#codes.get(kernel);
    if (code === undefined) {
      verifyKernel(kernel, vectorBytes);
      code = { bytes: printWasm(kernel, this.#features) };
      this.#codes.set(kernel, code);
    }
    return code;
  }
}
