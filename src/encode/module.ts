/** The binary format of WebAssembly, as far as kernels need it: https://webassembly.github.io/spec/core/binary/ */

/** Bytes of a part of a module; nested lists are flattened. */
export type Bytes = readonly (number | Bytes)[];

/** An unsigned number, 7 bits a byte, least first. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  bytes.push(value);
  return bytes;
}

/** A signed number of up to 64 bits, likewise; it ends where the rest is all sign. */
export function signed(number: number | bigint): number[] {
  const bytes: number[] = [];
  for (let value = BigInt(number); ; value >>= 7n) {
    const low = Number(value & 127n);
    if (value >> 6n === 0n || value >> 6n === -1n) return [...bytes, low];
    bytes.push(low + 128);
  }
}

const scratch = new DataView(new ArrayBuffer(8));

/** Bytes of a number of 32 or 64 bits, least first. */
const stored = (length: number, write: (view: DataView) => void): number[] => {
  write(scratch);
  return Array.from({ length }, (_, i) => scratch.getUint8(i));
};
export const float32Bytes = (value: number): number[] => stored(4, (view) => view.setFloat32(0, value, true));
export const float64Bytes = (value: number): number[] => stored(8, (view) => view.setFloat64(0, value, true));
export const int32Bytes = (value: number): number[] => stored(4, (view) => view.setInt32(0, value, true));
export const int64Bytes = (value: bigint): number[] => stored(8, (view) => view.setBigInt64(0, value, true));

const sizeOf = (bytes: Bytes): number =>
  bytes.reduce<number>((sum, b) => sum + (typeof b === 'number' ? 1 : sizeOf(b)), 0);

const sized = (bytes: Bytes): Bytes => [unsigned(sizeOf(bytes)), bytes];

const list = (items: readonly Bytes[]): Bytes => [unsigned(items.length), items];

const text = (value: string): Bytes => sized([...new TextEncoder().encode(value)]);

const section = (id: number, content: Bytes): Bytes => [id, sized(content)];

export const valueTypes = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = keyof typeof valueTypes;

/** A function without a result. */
export interface FunctionBytes {
  readonly parameters: readonly ValueType[];
  readonly locals: readonly ValueType[];
  /** Instructions, without the `end` of the function. */
  readonly code: Bytes;
}

function write(bytes: Bytes, out: Uint8Array, at: number): number {
  for (const b of bytes) {
    if (typeof b === 'number') out[at++] = b;
    else at = write(b, out, at);
  }
  return at;
}

const functionType = 0x60;
const kind = { function: 0, memory: 2 } as const;
const end = 0x0b;
const mostPages = 65536;

/** A module that imports `env.memory` (shared or not), and exports its last function as `run`. */
export function encodeModule(functions: readonly FunctionBytes[], shared: boolean): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [functionType, list(parameters.map((p) => [valueTypes[p]])), 0]);
  const memory = [text('env'), text('memory'), kind.memory, shared ? 3 : 1, unsigned(0), unsigned(mostPages)];
  const bodies = functions.map(({ locals, code }) => sized([list(locals.map((l) => [1, valueTypes[l]])), code, end]));
  const module: Bytes = [
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    section(1, list(types)),
    section(2, list([memory])),
    section(3, list(functions.map((_, i) => unsigned(i)))),
    section(7, list([[text('run'), kind.function, unsigned(functions.length - 1)]])),
    section(10, list(bodies)),
  ];
  const out = new Uint8Array(sizeOf(module));
  write(module, out, 0);
  return out;
}
