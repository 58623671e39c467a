/** adjoint/io against npy files as NumPy writes them (recorded by tools/record/npy.py). */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AdjointError, tensor } from 'adjoint';
import { formatNpy, load, NotImplementedError, parseNpy, save, TypeError_, ValueError } from 'adjoint/io';
import * as np from 'adjoint/numpy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Recording {
  readonly files: readonly { dtype: string; shape: number[]; text: string[]; npy: string }[];
  readonly refused: { readonly [what: string]: string };
}

const { files, refused }: Recording = JSON.parse(readFileSync(new URL('npy.json', import.meta.url), 'utf8'));

const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

/** An element from Python's text for it. */
const read: { readonly [word: string]: number } = { True: 1, False: 0, inf: Number.POSITIVE_INFINITY };

const elementsOf = (dtype: string, text: readonly string[]): (number | bigint)[] =>
  text.map((word) => (dtype === 'int64' ? BigInt(word) : (read[word] ?? Number(word))));

describe('parseNpy', () => {
  it.each(files)('reads $dtype $shape', ({ dtype, shape, text, npy }) => {
    const x = parseNpy(bytesOf(npy));
    expect([x.dtype, x.shape]).toEqual([dtype, shape]);
    expect(Array.from<number | bigint>(x.data)).toEqual(elementsOf(dtype, text));
  });

  it.each(Object.keys(refused))('refuses %s', (what) => {
    const bytes = bytesOf(refused[what] as string);
    expect(() => parseNpy(bytes)).toThrow(what === 'records' ? AdjointError : NotImplementedError);
  });

  it('refuses a file that was cut or goes on, wherever', () => {
    for (const { npy } of files) {
      const bytes = bytesOf(npy);
      for (let length = 0; length < bytes.length; length++) {
        expect(() => parseNpy(bytes.subarray(0, length))).toThrow(ValueError);
      }
      expect(() => parseNpy(new Uint8Array([...bytes, 0]))).toThrow(ValueError);
    }
  });

  it('refuses headers that are none, and shapes beyond any memory', () => {
    const withHeader = (header: string): Uint8Array => {
      const bytes = [0x93, ...Buffer.from('NUMPY'), 1, 0, header.length % 256, header.length >> 8];
      return new Uint8Array([...bytes, ...Buffer.from(header)]);
    };
    const good = "{'descr': '<f8', 'fortran_order': False, 'shape': (0,), }\n";
    expect(parseNpy(withHeader(good)).shape).toEqual([0]);
    const bad = [
      '',
      '\n',
      '{}',
      good.replace('}', ''),
      good.replace("'descr': '<f8', ", ''),
      good.replace('(0,)', '(-1,)'),
      good.replace('(0,)', '(1.5,)'),
      good.replace('(0,)', '(4294967296, 4294967296)'),
      good.replace('(0,)', '(99999999999999999999,)'),
      good.replace('(0,)', '(2147483648,)'),
      good.replace('(0,)', '(,)'),
      good.replace('(0,)', '(1,,2)'),
      good.replace('(0,)', '__import__("os")'),
      good.replace(', }', ", 'more': 'x', }"),
      `${good}{}`,
    ];
    for (const header of bad) expect(() => parseNpy(withHeader(header)), header).toThrow(ValueError);
  });

  it('reads any damaged byte as some array or refuses it, and does nothing else', () => {
    const [{ npy }] = files as [Recording['files'][number]];
    const bytes = bytesOf(npy);
    for (let i = 0; i < 128; i++) {
      for (const flip of [1, 0x20, 0x80]) {
        const damaged = bytes.with(i, (bytes[i] as number) ^ flip);
        try {
          expect(parseNpy(damaged).size * 8).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(AdjointError);
        }
      }
    }
  });

  it('takes any true byte as true', () => {
    const bytes = formatNpy(np.array([true, false]));
    expect(parseNpy(bytes.with(128, 7)).tolist()).toEqual([true, false]);
  });
});

describe('formatNpy', () => {
  it.each(files)('writes $dtype $shape just as NumPy does', ({ npy }) => {
    const bytes = bytesOf(npy);
    expect(Buffer.from(formatNpy(parseNpy(bytes))).toString('base64')).toBe(npy);
  });

  it('reads what lies anywhere in a buffer of Node', () => {
    const [{ npy, shape }] = files as [Recording['files'][number]];
    const pooled = Buffer.concat([Buffer.alloc(3), bytesOf(npy)]).subarray(3);
    expect(parseNpy(pooled).tolist()).toEqual(parseNpy(bytesOf(npy)).tolist());
    expect(parseNpy(pooled).shape).toEqual(shape);
  });

  it('takes arrays of any door', () => {
    expect(parseNpy(formatNpy(np.array([[1, 2]]))).dtype).toBe('int64');
    expect(parseNpy(formatNpy(new Int32Array([1]))).dtype).toBe('int32');
    expect(parseNpy(formatNpy([1.5, 2])).tolist()).toEqual([1.5, 2]);
  });
});

describe('load and save', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'adjoint-io-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('keep an array, its shape and dtype', () => {
    const path = `${folder}/x.npy` as const;
    save(path, tensor([[1, 2.5]]));
    expect([load(path).tolist(), load(path).dtype, np.asarray(load(path)).dtype]).toEqual([
      [[1, 2.5]],
      'float32',
      np.float32,
    ]);
    save(pathToFileURL(path), np.array([3]));
    expect(String(load(pathToFileURL(path)))).toBe('tensor([3])');
  });

  it('name the formats there are, and write nothing else', () => {
    expect(() => save(join(folder, 'y.onnx'), [1])).toThrow(NotImplementedError);
    expect(() => save(join(folder, 'y.onnx'), [1])).toThrow('.npy, .npz, .safetensors');
    expect(() => save(join(folder, 'y.npz'), [1])).toThrow(TypeError_);
    expect(() => save(join(folder, 'y.safetensors'), np.array([1]))).toThrow(TypeError_);
    expect(() => save(join(folder, 'y.npy') as string, { a: [1] })).toThrow(TypeError_);
    expect(() => load(join(folder, 'y'))).toThrow(NotImplementedError);
    expect(() => load(3 as never)).toThrow(TypeError_);
    expect(() => save(join(folder, 'y.npy'), [[1], [2, 3]])).toThrow(ValueError);
    expect(readdirSync(folder)).toEqual(['x.npy']);
  });

  it('say what is wrong with a file', () => {
    const path = join(folder, 'broken.npy');
    writeFileSync(path, 'no array');
    expect(() => load(path)).toThrow('not a readable npy file');
    expect(() => load(join(folder, 'missing.npy'))).toThrow('ENOENT');
  });
});
