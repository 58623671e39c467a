/** adjoint/io against npz files of NumPy and safetensors files of the reference implementation (tools/record/files.py). */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdjointError, type Tensor } from 'adjoint';
import {
  formatNpz,
  formatSafetensors,
  load,
  NotImplementedError,
  parseNpz,
  parseSafetensors,
  safetensorsMetadata,
  save,
  TypeError_,
  ValueError,
} from 'adjoint/io';
import * as np from 'adjoint/numpy';
import * as torch from 'adjoint/torch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Recording {
  readonly sets: readonly {
    readonly name: string;
    readonly arrays: { readonly [name: string]: { dtype: string; shape: number[]; values: number[] } };
    readonly npz: string;
    readonly compressed: string;
    readonly safetensors: string;
  }[];
  readonly metadata: string;
  readonly narrow: string;
  readonly unknown: string;
}

const { sets, metadata, narrow, unknown }: Recording = JSON.parse(
  readFileSync(new URL('files.json', import.meta.url), 'utf8'),
);

const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const contentsOf = (arrays: { readonly [name: string]: Tensor }): unknown =>
  Object.fromEntries(
    Object.entries(arrays).map(([name, { dtype, shape, data }]) => [
      name,
      { dtype, shape, values: Array.from<number | bigint, number>(data, Number) },
    ]),
  );

/** Cut anywhere, or with any byte changed, a file is refused or read as some arrays; nothing else happens. */
function bearsDamage(bytes: Uint8Array, parse: (bytes: Uint8Array) => { readonly [name: string]: Tensor }): void {
  for (let length = 0; length < bytes.length; length++) {
    expect(() => parse(bytes.subarray(0, length)), `cut at ${length}`).toThrow(AdjointError);
  }
  expect(() => parse(new Uint8Array([...bytes, 0]))).toThrow(ValueError);
  for (let i = 0; i < bytes.length; i++) {
    for (const flip of [1, 0x20, 0x80]) {
      try {
        const found = parse(bytes.with(i, (bytes[i] as number) ^ flip));
        for (const { size } of Object.values(found)) expect(size).toBeLessThanOrEqual(bytes.length);
      } catch (error) {
        expect(error, `byte ${i}`).toBeInstanceOf(AdjointError);
      }
    }
  }
}

describe('safetensors', () => {
  it.each(sets)('reads $name', ({ arrays, safetensors }) => {
    expect(contentsOf(parseSafetensors(bytesOf(safetensors)))).toEqual(arrays);
  });

  it.each(sets)('writes $name, byte for byte', ({ safetensors }) => {
    expect(textOf(formatSafetensors(parseSafetensors(bytesOf(safetensors))))).toBe(safetensors);
  });

  it('keeps metadata', () => {
    const bytes = bytesOf(metadata);
    expect(safetensorsMetadata(bytes)).toEqual({ format: 'np', made: 'é' });
    expect(safetensorsMetadata(formatSafetensors({ a: [1] }, { format: 'np', made: 'é' }))).toEqual({
      format: 'np',
      made: 'é',
    });
    expect(Object.values(parseSafetensors(bytes)).map(String)).toEqual(['tensor([1.], dtype=torch.float64)']);
    expect(safetensorsMetadata(formatSafetensors({ a: [1] }))).toEqual({});
  });

  it('widens what it has no dtype for, and refuses what that would lose', () => {
    const { f16, i8, i16, u16 } = parseSafetensors(bytesOf(narrow));
    expect(f16?.dtype).toBe('float32');
    expect(f16?.tolist()).toEqual([1.5, -2, 2 ** -24, 65504, Number.POSITIVE_INFINITY]);
    expect([i8, i16, u16].map((x) => [x?.dtype, x?.tolist()])).toEqual([
      ['int32', [-128, 127]],
      ['int32', [-(2 ** 15), 7]],
      ['int32', [65535, 1]],
    ]);
    expect(() => parseSafetensors(bytesOf(unknown))).toThrow(NotImplementedError);
  });

  it('bears damage', () => {
    for (const { safetensors } of sets) bearsDamage(bytesOf(safetensors), parseSafetensors);
  });
});

describe('the header of safetensors', () => {
  const withHeader = (header: string, elements = 8): Uint8Array => {
    const text = Buffer.from(header);
    const bytes = new Uint8Array(8 + text.length + elements);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
    bytes.set(text, 8);
    return bytes;
  };
  const good = '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';

  it('checks every bound of its header', () => {
    expect(Object.values(parseSafetensors(withHeader(good))).map(({ shape }) => shape)).toEqual([[2]]);
    const bad = [
      '',
      '[]',
      'null',
      good.slice(1),
      `\ufeff${good}`,
      good.replace('[2]', '[3]'),
      good.replace('[2]', '[-2]'),
      good.replace('[2]', '[2.5]'),
      good.replace('[2]', '["2"]'),
      good.replace('[2]', '[2,9007199254740991,9007199254740991]'),
      good.replace('[2]', '[0,1e300]'),
      good.replace('[2]', '2'),
      good.replace('[0,8]', '[0,16]'),
      good.replace('[0,8]', '[8,0]'),
      good.replace('[0,8]', '[-8,0]'),
      good.replace('[0,8]', '[0]'),
      good.replace('[0,8]', '[0,8,16]'),
      good.replace('[0,8]', '[1,9]'),
      good.replace('[2],', '[2],"more":1,'),
      good.replace('"F32"', '4'),
      good.replace('"dtype":"F32",', ''),
      good.replace('"dtype":"F32",', '"dtype":"F32","dtype":"F32",'),
      good.replace('{"a"', '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"\\u0061"'),
      good.replace('{"a"', '{"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a"'),
      good.replace('{"a"', '{"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"a"'),
      good.replace('{"a"', '{"__metadata__":{"x":1},"a"'),
      good.replace('{"a"', '{"__metadata__":[],"a"'),
      '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[3],"data_offsets":[5,8]}}',
      '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
      '{}',
    ];
    for (const header of bad) expect(() => parseSafetensors(withHeader(header)), header).toThrow(ValueError);
    expect(() => parseSafetensors(withHeader(good.replace('F32', 'F8_E4M3')))).toThrow(NotImplementedError);
    const long = withHeader(good);
    new DataView(long.buffer).setBigUint64(0, 2n ** 63n, true);
    expect(() => parseSafetensors(long)).toThrow(ValueError);
    new DataView(long.buffer).setBigUint64(0, 100_000_001n, true);
    expect(() => parseSafetensors(long)).toThrow('beyond 100000000');
  });

  it('takes names as they are', () => {
    const found = parseSafetensors(withHeader(good.replace('"a"', '"__proto__"')));
    expect(Object.keys(found)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(found)).toBe(Object.prototype);
  });

  it('writes what it can read, or refuses', () => {
    expect(() => formatSafetensors({ __metadata__: [1] })).toThrow(ValueError);
    expect(() => formatSafetensors({ a: 'x' as never })).toThrow(TypeError_);
    expect(() => formatSafetensors({ a: [1] }, { x: 1 as never })).toThrow(TypeError_);
  });
});

describe('npz', () => {
  it.each(sets)('reads $name', ({ arrays, npz, compressed }) => {
    expect(contentsOf(parseNpz(bytesOf(npz)))).toEqual(arrays);
    expect(contentsOf(parseNpz(bytesOf(compressed)))).toEqual(arrays);
  });

  it.each(sets)('writes $name, so that it reads the same', ({ arrays, npz }) => {
    const tensors = parseNpz(bytesOf(npz));
    expect(contentsOf(parseNpz(formatNpz(tensors)))).toEqual(arrays);
    expect(contentsOf(parseNpz(formatNpz(tensors, { compressed: true })))).toEqual(arrays);
  });

  it('compresses', () => {
    const zeros = { x: new Float32Array(1000) };
    expect(formatNpz(zeros, { compressed: true }).length).toBeLessThan(400);
    expect(formatNpz(zeros).length).toBeGreaterThan(4000);
  });

  it('bears damage', () => {
    const [{ npz, compressed }] = sets as [Recording['sets'][number]];
    bearsDamage(bytesOf(npz), parseNpz);
    bearsDamage(bytesOf(compressed), parseNpz);
  });

  it('checks sums, sizes and names', () => {
    const bytes = formatNpz({ a: [1], b: [2] });
    expect(() => parseNpz(bytes.with(30 + 5 + 128, 9))).toThrow('checksum of a.npy');
    const twice = Uint8Array.from(bytes, (byte, i) => (byte === 0x62 && bytes[i + 1] === 0x2e ? 0x61 : byte));
    expect(() => parseNpz(twice)).toThrow('two entries have one name');
    expect(() => parseNpz(new Uint8Array(100))).toThrow(ValueError);
    expect(() => parseNpz([1] as never)).toThrow(TypeError_);
    const end = bytes.length - 22;
    const zip64 = bytes.slice();
    zip64.fill(0xff, end + 16, end + 20);
    expect(() => parseNpz(zip64)).toThrow(NotImplementedError);
  });
});

describe('files of several arrays', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'adjoint-io-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('keep arrays of any door', () => {
    const path = `${folder}/x.npz` as const;
    save(path, { a: np.array([1, 2]), b: torch.ones(2, 1), c: [1.5] }, { compressed: true });
    expect(Object.entries(load(path)).map(([name, x]) => [name, x.dtype, x.tolist()])).toEqual([
      ['a', 'int64', [1, 2]],
      ['b', 'float32', [[1], [1]]],
      ['c', 'float32', [1.5]],
    ]);
  });

  it('keep the state of a module', () => {
    const path = `${folder}/model.safetensors` as const;
    torch.manual_seed(0);
    const model = new torch.nn.Sequential(new torch.nn.Conv2d(1, 2, 3), new torch.nn.Linear(2, 2));
    save(path, model.state_dict(), { metadata: { format: 'pt' } });
    const other = new torch.nn.Sequential(new torch.nn.Conv2d(1, 2, 3), new torch.nn.Linear(2, 2));
    expect(String(other[0]?.parameters()[0])).not.toBe(String(model[0]?.parameters()[0]));
    expect(String(other.load_state_dict(load(path)))).toBe('<All keys matched successfully>');
    expect(String(other.state_dict())).toBe(String(model.state_dict()));
    expect(() => load(`${folder}/missing.npz`)).toThrow('missing.npz');
  });
});
