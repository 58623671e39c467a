/** What the machine can do: a WebAssembly module, written out byte by byte, that does nothing but multiply and add. */

const [I32, F32, V128] = [0x7f, 0x7d, 0x7b];

/** A whole number as LEB128, without a sign. */
const leb = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]);

const counted = (items: readonly (readonly number[])[]): number[] => [...leb(items.length), ...items.flat()];

const section = (id: number, items: readonly (readonly number[])[]): number[] => {
  const content = counted(items);
  return [id, ...leb(content.length), ...content];
};

const simd = (opcode: number): number[] => [0xfd, ...leb(opcode)];

const get = (local: number): number[] => [0x20, ...leb(local)];
const set = (local: number): number[] => [0x21, ...leb(local)];
const f32Const = (value: number): number[] => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)];
const [SPLAT, EXTRACT, ADD, MULTIPLY, MADD] = [simd(0x13), [...simd(0x1f), 0], simd(0xe4), simd(0xe6), simd(0x105)];

/** Parameters of the function: turns, and a factor the compiler doesn't know; then its vectors. */
const [TURNS, FACTOR, VECTOR_FACTOR, FIRST] = [0, 1, 2, 3];

/** Registers that work at once: with the factor the 15 that V8 has. */
const REGISTERS = 14;
const UNROLL = 8;

/** Vector operations a turn; each of 4 lanes. */
export const OPERATIONS: number = REGISTERS * UNROLL;

/**
 * `run(turns, factor)`: in each turn every register is multiplied or added to, half of them each; where the engine has
 * relaxed multiply-add, all of them both. No register waits for another.
 */
function moduleBytes(isRelaxed: boolean): Uint8Array<ArrayBuffer> {
  const registers = Array.from({ length: REGISTERS }, (_, i) => FIRST + i);
  const factor = get(VECTOR_FACTOR);
  // Different values, or the compiler would see that all registers hold the same.
  const start = registers.flatMap((local, i) => [...f32Const(1 + i), ...SPLAT, ...set(local)]);
  const work = registers.flatMap((local, i) => {
    if (isRelaxed) return [...get(local), ...factor, ...factor, ...MADD, ...set(local)];
    return [...get(local), ...factor, ...(i % 2 === 0 ? MULTIPLY : ADD), ...set(local)];
  });
  const turns = Array.from({ length: UNROLL }, () => work).flat();
  const next = [...get(TURNS), 0x41, 1, 0x6b, 0x22, TURNS, 0x0d, 0];
  const sum = registers.slice(1).flatMap((local) => [...get(local), ...ADD]);
  const body = [
    ...counted([[...leb(1 + REGISTERS), V128]]),
    ...[...get(FACTOR), ...SPLAT, ...set(VECTOR_FACTOR), ...start],
    ...[0x03, 0x40, ...turns, ...next, 0x0b],
    ...[...get(FIRST), ...sum, ...EXTRACT, 0x0b],
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [[0x60, ...counted([[I32], [F32]]), ...counted([[F32]])]]),
    ...section(3, [[0]]),
    ...section(7, [[3, ...new TextEncoder().encode('run'), 0, 0]]),
    ...section(10, [[...leb(body.length), ...body]]),
  ]);
}

/** What one thread reaches at most with vectors of 128 bits. */
export interface Machine {
  /** Billions of float32 multiplications and additions a second. */
  readonly peak: number;
  /** Whether that is with relaxed multiply-add. */
  readonly isRelaxed: boolean;
  /** Billions of bytes a second, read and written, of a copy that no cache holds. */
  readonly copy: number;
}

const ROUNDS = 20;
const COPY_BYTES = 2 ** 26;

/** The shortest of many runs, in seconds. */
function shortest(run: () => void): number {
  let time = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    run();
    time = Math.min(time, performance.now() - start);
  }
  return time / 1000;
}

/** GFLOP/s of a module; 0 where the engine doesn't take it. */
export function peakOf(isRelaxed: boolean, turns: number = 1e6): number {
  const bytes = moduleBytes(isRelaxed);
  if (!WebAssembly.validate(bytes)) return 0;
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  if (typeof run !== 'function') throw new Error('the module exports no function');
  // Many short calls get the function compiled for good.
  for (let i = 0; i < 1000; i++) run(100, 1);
  const flops = turns * OPERATIONS * 4 * (isRelaxed ? 2 : 1);
  return flops / shortest(() => run(turns, 1)) / 1e9;
}

/** Measures the machine; takes about a second. */
export function measureMachine(): Machine {
  const [plain, relaxed] = [peakOf(false), peakOf(true)];
  const [from, to] = [new Float32Array(COPY_BYTES / 4).fill(1), new Float32Array(COPY_BYTES / 4)];
  const copy = (2 * COPY_BYTES) / shortest(() => to.set(from)) / 1e9;
  return { peak: Math.max(plain, relaxed), isRelaxed: relaxed > plain, copy };
}
