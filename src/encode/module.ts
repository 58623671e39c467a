/** The binary format of WebAssembly, as far as kernels need it: https://webassembly.github.io/spec/core/binary/ */

/** Bytes of a part of a module; lists within are parts too. */
export type Bytes = readonly (number | Bytes)[];

/** Appends a part, flattened. */
export function append(out: number[], part: number | Bytes): void {
  if (typeof part === 'number') out.push(part);
  else for (const inner of part) append(out, inner);
}

/** An unsigned number, 7 bits a byte, least first. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  bytes.push(value);
  return bytes;
}

/** A signed number of 32 bits, likewise; it ends where the rest is all sign. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  for (; value < -64 || value > 63; value >>= 7) bytes.push((value & 127) + 128);
  bytes.push(value & 127);
  return bytes;
}

/** A signed number of 64 bits. */
export function signed64(value: bigint): number[] {
  const bytes: number[] = [];
  for (; value < -64n || value > 63n; value >>= 7n) bytes.push(Number(value & 127n) + 128);
  bytes.push(Number(value & 127n));
  return bytes;
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

/** Parts one after the other. */
function join(...parts: Bytes): number[] {
  const out: number[] = [];
  append(out, parts);
  return out;
}

const sized = (bytes: readonly number[]): number[] => join(unsigned(bytes.length), bytes);

const list = (items: readonly Bytes[]): number[] => join(unsigned(items.length), items);

const text = (value: string): number[] => sized([...new TextEncoder().encode(value)]);

const section = (id: number, content: readonly number[]): number[] => join(id, sized(content));

export const valueTypes = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = keyof typeof valueTypes;

/** A function without a result. */
export interface FunctionBytes {
  readonly parameters: readonly ValueType[];
  readonly locals: readonly ValueType[];
  /** Instructions, without the `end` of the function. */
  readonly code: Bytes;
}

const functionType = 0x60;
const kind = { function: 0, memory: 2 } as const;
const end = 0x0b;
const mostPages = 65536;

/** A module that imports `env.memory` (shared or not), and exports its last function as `run`. */
export function encodeModule(functions: readonly FunctionBytes[], shared: boolean): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) =>
    join(functionType, list(parameters.map((parameter) => [valueTypes[parameter]])), 0),
  );
  const memory = join(text('env'), text('memory'), kind.memory, shared ? 3 : 1, unsigned(0), unsigned(mostPages));
  const bodies = functions.map(({ locals, code }) =>
    sized(join(list(locals.map((local) => [1, valueTypes[local]])), code, end)),
  );
  return Uint8Array.from(
    join(
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, list(types)),
      section(2, list([memory])),
      section(3, list(functions.map((_, i) => unsigned(i)))),
      section(7, list([join(text('run'), kind.function, unsigned(functions.length - 1))])),
      section(10, list(bodies)),
    ),
  );
}
