/** Runs launches in both ways: by the interpreter, and as WebAssembly. */

import { FunctionBuilder } from '../../src/kernel/build.js';
import { addressesOf, interpretLaunch } from '../../src/kernel/interpret.js';
import { blockCount, type Launch, type Region } from '../../src/kernel/launch.js';
import { type Cell, cellBytes, type Kernel, type Variable } from '../../src/kernel/program.js';
import { verifyKernel, verifyLaunch } from '../../src/kernel/verify.js';
import { printWasm, vectorBytes } from '../../src/print/wasm.js';

/** A kernel without a grid, of these many arguments; not in the list of all kernels, so names may come again. */
export function plainKernel(
  arity: number,
  body: (f: FunctionBuilder, parameters: readonly Variable[], scratch: Variable) => void,
): Kernel {
  const f = new FunctionBuilder(arity + 1);
  body(f, f.parameters.slice(0, arity), f.parameters[arity] as Variable);
  return { name: 'test', entry: f.finish('run'), gridRank: 0 };
}

/** The launch of a kernel that takes the address of each buffer. */
export const launchOn = (kernel: Kernel, buffers: number): Launch => ({
  kernel,
  args: Array.from({ length: buffers }, (_, buffer) => ({ buffer, offset: 0 })),
  grid: [],
  scratchBytes: 0,
});

type Run = (...args: readonly number[]) => void;

/** The kernel's function, on a memory. */
function instantiate(kernel: Kernel, memory: WebAssembly.Memory): Run {
  const module = new WebAssembly.Module(printWasm(kernel, { shared: false, relaxed: false }));
  const { run } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  if (typeof run !== 'function') throw new Error('the module exports no function');
  return (...args) => run(...args);
}

/** Runs all tasks of a launch as WebAssembly, on buffers that lie where the interpreter has them. */
export function runWasm({ kernel, args, grid, scratchBytes }: Launch, buffers: readonly Uint8Array[]): void {
  const addresses = addressesOf(buffers.map(({ length }) => length));
  const end = (addresses.at(-1) ?? 0) + (buffers.at(-1)?.length ?? 0);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(end / 65536) + 1, maximum: 65536 });
  const bytes = new Uint8Array(memory.buffer);
  buffers.forEach((buffer, i) => {
    bytes.set(buffer, addresses[i]);
  });
  const before = bytes.slice();
  const run = instantiate(kernel, memory);
  const given = args.map((arg) => (typeof arg === 'number' ? arg : (addresses[arg.buffer] as number) + arg.offset));
  const scratch = scratchBytes > 0 ? (addresses.at(-1) as number) : 0;
  const tasks = (dimension: number, blocks: readonly number[]): void => {
    const { total, block } = grid[dimension] ?? { total: 0, block: 1 };
    if (dimension === grid.length) run(...given, ...blocks, scratch);
    else
      for (let start = 0; start < total; start += block) {
        tasks(dimension + 1, [...blocks, start, Math.min(block, total - start)]);
      }
  };
  tasks(0, []);
  buffers.forEach((buffer, i) => {
    const at = addresses[i] as number;
    buffer.set(bytes.subarray(at, at + buffer.length));
    before.set(buffer, at);
  });
  if (Buffer.compare(before, bytes) !== 0) throw new Error('memory outside of the buffers was written');
}

/** How many tasks a launch has. */
export const tasksOf = ({ grid }: Launch): number => grid.reduce((product, blocks) => product * blockCount(blocks), 1);

/** Buffers after verifying, by the interpreter and as WebAssembly: two copies. */
export function runBoth(
  launch: Launch,
  buffers: readonly Uint8Array[],
  regions: readonly Region[] = buffers.map(({ length }) => ({ bytes: length })),
): { readonly interpreted: Uint8Array[]; readonly compiled: Uint8Array[] } {
  verifyKernel(launch.kernel, vectorBytes);
  verifyLaunch(launch, regions);
  const interpreted = buffers.map((buffer) => buffer.slice());
  const compiled = buffers.map((buffer) => buffer.slice());
  interpretLaunch(launch, interpreted);
  runWasm(launch, compiled);
  return { interpreted, compiled };
}

const quietNaN: { readonly [C in Cell]?: (view: DataView, at: number) => void } = {
  f32: (view, at) => Number.isNaN(view.getFloat32(at, true)) && view.setFloat32(at, Number.NaN, true),
  f64: (view, at) => Number.isNaN(view.getFloat64(at, true)) && view.setFloat64(at, Number.NaN, true),
};

/** Bytes of a buffer of cells, with one NaN in place of all: WebAssembly leaves its sign and payload open. */
export function canonical(buffer: Uint8Array, cell: Cell): Uint8Array {
  const copy = buffer.slice();
  const view = new DataView(copy.buffer);
  for (let at = 0; at + cellBytes[cell] <= copy.length; at += cellBytes[cell]) quietNaN[cell]?.(view, at);
  return copy;
}
