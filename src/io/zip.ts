/**
 * Zip archives, as far as npz needs them: entries that are stored or deflated, their sizes and CRCs in the central
 * directory. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 *
 * A file may come from anywhere: every number in it is checked before anything is allocated by it.
 */

import { NotImplementedError, ValueError } from '../errors.js';

export interface ZipEntry {
  readonly name: string;
  readonly data: Uint8Array;
}

const SIGNATURE = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 } as const;
const BYTES = { local: 30, central: 46, end: 22 } as const;
const STORED = 0;
const DEFLATED = 8;
/** What stands where a number has to be looked up in a zip64 record. */
const ELSEWHERE = 0xffffffff;
/** Deflate's best: 258 bytes for two bits. */
const MOST_INFLATION = 1032;

function invalid(message: string): never {
  throw new ValueError('file-invalid', `not a readable zip archive: ${message}`);
}

const remainders: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  return remainder;
});

/** CRC-32, as zip has it. */
export function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (let i = 0; i < bytes.length; i++) {
    crc = (remainders[(crc ^ (bytes[i] as number)) & 0xff] as number) ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}

/** Node's compression, which a page in a browser has not. */
function zlib(): Pick<typeof import('node:zlib'), 'inflateRawSync' | 'deflateRawSync'> {
  const found = typeof process === 'undefined' ? undefined : process.getBuiltinModule?.('node:zlib');
  if (found !== undefined) return found;
  throw new NotImplementedError('not-implemented', 'compressed archives need Node; here, use uncompressed ones');
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The record at the end, behind which only its comment stands. */
function findEnd(view: DataView): number {
  for (let at = view.byteLength - BYTES.end; at >= Math.max(0, view.byteLength - BYTES.end - 0xffff); at--) {
    const isEnd = view.getUint32(at, true) === SIGNATURE.end;
    if (isEnd && at + BYTES.end + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  return invalid('it has no end of central directory');
}

/** An entry of the central directory. */
interface Listed {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly local: number;
}

function decodeName(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return invalid('the name of an entry is no UTF-8');
  }
}

/** The central directory; nothing of it is believed that isn't within the file. */
function readDirectory(bytes: Uint8Array, view: DataView): Listed[] {
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || size === ELSEWHERE || at === ELSEWHERE) {
    throw new NotImplementedError('not-implemented', 'zip64 archives (4 GB or 65,535 entries and more)');
  }
  if (view.getUint32(end + 4, true) !== 0 || view.getUint16(end + 8, true) !== count) {
    throw new NotImplementedError('not-implemented', 'zip archives in several parts');
  }
  if (at + size !== end) invalid('its central directory is not where its end says');
  const list: Listed[] = [];
  for (let i = 0; i < count; i++) {
    if (at + BYTES.central > end || view.getUint32(at, true) !== SIGNATURE.central) {
      return invalid(`entry ${i} of its central directory is none`);
    }
    const nameLength = view.getUint16(at + 28, true);
    const next = at + BYTES.central + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) return invalid(`entry ${i} of its central directory goes beyond its end`);
    const name = decodeName(bytes.subarray(at + BYTES.central, at + BYTES.central + nameLength));
    if (view.getUint16(at + 8, true) & 1) throw new NotImplementedError('not-implemented', `${name} is encrypted`);
    const entry = {
      name,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      local: view.getUint32(at + 42, true),
    };
    if ([entry.packed, entry.size, entry.local].includes(ELSEWHERE)) {
      throw new NotImplementedError('not-implemented', `${name} is an entry of zip64 (4 GB and more)`);
    }
    list.push(entry);
    at = next;
  }
  if (at !== end) invalid('its central directory is longer than its entries');
  return list;
}

/** Where the bytes of an entry start. */
function dataOf(bytes: Uint8Array, view: DataView, { name, packed, local }: Listed): Uint8Array {
  if (local + BYTES.local > bytes.length || view.getUint32(local, true) !== SIGNATURE.local) {
    return invalid(`${name} is not where its central directory says`);
  }
  const start = local + BYTES.local + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (start + packed > bytes.length) return invalid(`it ends within ${name}`);
  return bytes.subarray(start, start + packed);
}

function unpack(packed: Uint8Array, { name, method, size, crc }: Listed): Uint8Array {
  if (method !== STORED && method !== DEFLATED) {
    throw new NotImplementedError('not-implemented', `${name} is compressed by method ${method}; 0 and 8 can be read`);
  }
  if (method === STORED && packed.length !== size)
    return invalid(`${name} has two sizes: ${packed.length} and ${size}`);
  if (size > packed.length * MOST_INFLATION) return invalid(`${name} can't have ${size} bytes`);
  const data = method === STORED ? packed : inflate(packed, name, size);
  if (data.length !== size) return invalid(`${name} has ${data.length} bytes, and should have ${size}`);
  if (crc32(data) !== crc) return invalid(`the checksum of ${name} is wrong`);
  return data;
}

function inflate(packed: Uint8Array, name: string, size: number): Uint8Array {
  const { inflateRawSync } = zlib();
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) });
  } catch {
    return invalid(`${name} can't be decompressed`);
  }
}

/**
 * The entries of a zip archive.
 *
 * @throws ValueError where the bytes aren't such a file, whole and undamaged; NotImplementedError for zip64, encryption
 * and other compressions
 */
export function readZip(bytes: Uint8Array): ZipEntry[] {
  const view = viewOf(bytes);
  const list = readDirectory(bytes, view);
  if (new Set(list.map(({ name }) => name)).size < list.length) invalid('two entries have one name');
  return list.map((entry) => ({ name: entry.name, data: unpack(dataOf(bytes, view, entry), entry) }));
}

/** Midnight of 1 January 1980, the first that zip knows. */
const FIRST_DAY = (1 << 5) | 1;
/** Names in UTF-8. */
const UTF8 = 1 << 11;

/** The numbers that local header and central directory share, from the version on. */
function writeCommon(view: DataView, at: number, numbers: Omit<Listed, 'name' | 'local'>, nameLength: number): void {
  view.setUint16(at, 20, true);
  view.setUint16(at + 2, UTF8, true);
  view.setUint16(at + 4, numbers.method, true);
  view.setUint16(at + 6, 0, true);
  view.setUint16(at + 8, FIRST_DAY, true);
  view.setUint32(at + 10, numbers.crc, true);
  view.setUint32(at + 14, numbers.packed, true);
  view.setUint32(at + 18, numbers.size, true);
  view.setUint16(at + 22, nameLength, true);
}

/**
 * The bytes of a zip archive.
 *
 * @throws NotImplementedError past 4 GB or 65,534 entries; for compressed ones also outside Node
 */
export function writeZip(entries: readonly ZipEntry[], isCompressed: boolean): Uint8Array {
  const files = entries.map(({ name, data }) => {
    const packed = isCompressed ? new Uint8Array(zlib().deflateRawSync(data)) : data;
    return { name: new TextEncoder().encode(name), packed, size: data.length, crc: crc32(data) };
  });
  const total = files.reduce<number>(
    (sum, { name, packed }) => sum + BYTES.local + BYTES.central + 2 * name.length + packed.length,
    BYTES.end,
  );
  if (total >= ELSEWHERE || files.length >= 0xffff) {
    throw new NotImplementedError('not-implemented', 'zip64 archives (4 GB or 65,535 entries and more)');
  }
  const bytes = new Uint8Array(total);
  const view = viewOf(bytes);
  let at = 0;
  const places = files.map(({ name, packed, size, crc }) => {
    const local = at;
    const numbers = { method: isCompressed ? DEFLATED : STORED, crc, packed: packed.length, size };
    view.setUint32(at, SIGNATURE.local, true);
    writeCommon(view, at + 4, numbers, name.length);
    bytes.set(name, at + BYTES.local);
    bytes.set(packed, at + BYTES.local + name.length);
    at += BYTES.local + name.length + packed.length;
    return { local, numbers, name };
  });
  const directory = at;
  for (const { local, numbers, name } of places) {
    view.setUint32(at, SIGNATURE.central, true);
    view.setUint16(at + 4, 20, true);
    writeCommon(view, at + 6, numbers, name.length);
    view.setUint32(at + 42, local, true);
    bytes.set(name, at + BYTES.central);
    at += BYTES.central + name.length;
  }
  view.setUint32(at, SIGNATURE.end, true);
  view.setUint16(at + 8, places.length, true);
  view.setUint16(at + 10, places.length, true);
  view.setUint32(at + 12, at - directory, true);
  view.setUint32(at + 16, directory, true);
  return bytes;
}
