/** The binary encoding, read by another's disassembler. */

import { expect, test } from 'vitest';
import {
  type Bytes,
  encodeModule,
  type FunctionBytes,
  float32Bytes,
  float64Bytes,
  int32Bytes,
  int64Bytes,
  signed,
  signed64,
  unsigned,
} from '../../src/encode/module.js';
import { instructions, opcode } from '../../src/encode/opcodes.js';
import { disassemble } from './wat.js';

const zeros = (count: number): number[] => new Array<number>(count).fill(0);

/** What follows each kind of opcode: enough for one to be read. */
const immediates: readonly (readonly [RegExp, Bytes])[] = [
  [/^(block|loop|if)$/, [0x40, opcode('end')]],
  [/^(br|br_if|call|local\.(get|set|tee))$/, [0]],
  [/^i(32|64)\.const$/, [0]],
  [/^f32\.const$/, zeros(4)],
  [/^f64\.const$/, zeros(8)],
  [/^(v128\.const|i8x16\.shuffle)$/, zeros(16)],
  [/extract_lane$/, [0]],
  [/store(16|32|64)_lane$/, [0, 0, 0]],
  [/(load|store)/, [0, 0]],
];

/** `else` and `end` need an `if` before them, and an `else` without content is not shown. */
const closes = (name: string): boolean => name === 'else' || name === 'end';

function codeOf(name: string): Bytes {
  const [, rest = []] = immediates.find(([pattern]) => pattern.test(name)) ?? [];
  return [
    closes(name) ? [opcode('if'), 0x40] : [],
    opcode(name),
    rest,
    name === 'else' ? [opcode('local.get'), 0, opcode('end')] : [],
  ];
}

/** Instructions of each function of a module, a line each. */
async function linesOf(codes: readonly Bytes[]): Promise<string[][]> {
  const functions = codes.map((code): FunctionBytes => ({ parameters: ['i32'], locals: [], code }));
  const text = await disassemble(encodeModule(functions, false));
  const bodies = text.split(/^ {2}\(func /m).slice(1);
  return bodies.map((body) => {
    const lines = body
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
    const code = lines.filter((line) => line !== '' && !line.startsWith('('));
    return code.map((line, i) => (i < code.length - 1 ? line : line.slice(0, -1)));
  });
}

test('each opcode is that of its name', async () => {
  expect(instructions.length).toBeGreaterThan(200);
  const read = await linesOf(instructions.map(codeOf));
  const names = read.map((lines, i) => lines[closes(instructions[i] ?? '') ? 1 : 0]?.split(' ')[0]);
  expect(names).toEqual(instructions);
});

test('an unknown name has no opcode', () => {
  expect(() => opcode('f32.fma')).toThrow(RangeError);
});

test('numbers come out as they went in', async () => {
  const wholes = [0, 1, 63, 64, -1, -64, -65, 127, 128, 8191, 8192, -8193, 2 ** 31 - 1, -(2 ** 31)];
  const longs = [...wholes.map(BigInt), 2n ** 31n, 2n ** 62n, 2n ** 63n - 1n, -(2n ** 63n)];
  const offsets = [0, 1, 127, 128, 16383, 16384, 2 ** 31, 2 ** 32 - 1];
  const floats = [0, 1.5, -2.25, 1e30, 2 ** -149];
  const read = await linesOf([
    ...wholes.map((value) => [opcode('i32.const'), signed(value)]),
    ...longs.map((value) => [opcode('i64.const'), signed64(value)]),
    ...offsets.map((value) => [opcode('i32.load'), 0, unsigned(value)]),
    ...floats.map((value) => [opcode('f32.const'), float32Bytes(value)]),
    ...floats.map((value) => [opcode('f64.const'), float64Bytes(value)]),
    [opcode('v128.const'), [1, -1, 2 ** 31 - 1, -(2 ** 31)].map(int32Bytes)],
    [opcode('v128.const'), [1n, -1n].map(int64Bytes)],
  ]);
  const given = read.map(([line = '']) => line);
  const next = (count: number): string[] => given.splice(0, count);
  expect(next(wholes.length)).toEqual(wholes.map((value) => `i32.const ${value}`));
  expect(next(longs.length)).toEqual(longs.map((value) => `i64.const ${value}`));
  expect(next(offsets.length)).toEqual(offsets.map((value) => `i32.load${value ? ` offset=${value}` : ''} align=1`));
  for (const type of ['f32', 'f64']) {
    const shown = next(floats.length).map((line) => /^(f..)\.const (\S+) \(;=(\S+);\)$/.exec(line)?.slice(1));
    expect(shown.map((parts) => parts?.[0])).toEqual(floats.map(() => type));
    floats.forEach((value, i) => {
      expect(Number(shown[i]?.[2]) / value || 0).toBeCloseTo(Number(value !== 0), 5);
    });
  }
  expect(given).toEqual([
    'v128.const i32x4 0x00000001 0xffffffff 0x7fffffff 0x80000000',
    'v128.const i32x4 0x00000001 0x00000000 0xffffffff 0xffffffff',
  ]);
});
