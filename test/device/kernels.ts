/** Kernels for the pool's tests, written down in WebAssembly's own words. */

import type { Code } from '../../src/device/pool.js';
import { type Bytes, encodeModule, signed } from '../../src/encode/module.js';

const get = (local: number): Bytes => [0x20, local];
const set = (local: number): Bytes => [0x21, local];
const tee = (local: number): Bytes => [0x22, local];
const number = (value: number): Bytes => [0x41, signed(value)];
const add = 0x6a;
const subtract = 0x6b;
const multiply = 0x6c;
const equal = 0x46;
const notEqual = 0x47;
const atLeast = 0x4e;
const isZero = 0x45;
const drop = 0x1a;
const unreachable = 0x00;
const leave = 0x0f;
const atomicLoad: Bytes = [0xfe, 0x10, 2, 0];
const atomicAdd: Bytes = [0xfe, 0x1e, 2, 0];
const store: Bytes = [0x36, 2, 0];
const loop = (...body: Bytes[]): Bytes => [0x03, 0x40, body, 0x0b];
const when = (...body: Bytes[]): Bytes => [0x04, 0x40, body, 0x0b];
const again = (depth: number): Bytes => [0x0c, depth];
const againIf = (depth: number): Bytes => [0x0d, depth];

interface Function_ {
  readonly parameters: number;
  readonly body: Bytes;
}

/** A kernel, the last of these functions; `shared` as the memory is. */
function kernel(functions: readonly Function_[], shared = true): Code {
  const encoded = functions.map(({ parameters, body }) => ({
    parameters: new Array<'i32'>(parameters).fill('i32'),
    locals: [],
    code: body,
  }));
  return { bytes: encodeModule(encoded, shared) };
}

/** The address of word `index` (a local) of the array whose address is in local `base`. */
const word = (base: number, index: number): Bytes => [get(base), get(index), number(4), [multiply, add]];

/** count(cells, start, count, scratch): adds 1 to each cell from `start` on. */
export function count(shared = true): Code {
  const body: Bytes = [
    [0x02, 0x40],
    loop(
      [get(2), [isZero], againIf(1)],
      [word(0, 1), number(1), atomicAdd, [drop]],
      [get(1), number(1), [add], set(1)],
      [get(2), number(1), [subtract], set(2)],
      again(0),
    ),
    [0x0b],
  ];
  return kernel([{ parameters: 4, body }], shared);
}

/**
 * sleep(place): waits for a change there, a millisecond at most. A function of its own, since V8's baseline compiler
 * (seen in 11.3) forgets what a local was across this instruction.
 */
const sleep: Function_ = {
  parameters: 1,
  body: [get(0), get(0), atomicLoad, [0x42, signed(1_000_000)], [0xfe, 0x01, 2, 0, drop]],
};
const wake: Bytes = [get(0), number(-1), [0xfe, 0x00, 2, 0, drop]];

/** A kernel that comes to local 0 and, once as many have as local 1 says, does something; after local 2 ms nothing. */
const meetAnd = (met: Bytes, ...before: Bytes[]): Code =>
  kernel([
    sleep,
    {
      parameters: 7,
      body: [
        ...before,
        [get(0), number(1), atomicAdd, [drop], wake],
        loop(
          [get(0), atomicLoad, get(1), [atLeast]],
          when(met, [leave]),
          [get(0), [0x10, 0]],
          [get(2), number(1), [subtract], tee(2), againIf(0)],
        ),
      ],
    },
  ]);

/**
 * meet(place, wanted, patience, how, start, count, scratch): comes to the meeting place and stays until so many are
 * there, or for so many milliseconds. place[0]: how many have come; place[1]: how many have met; place[2 + start]:
 * the scratch of who took that task. `how` is for misbehaving.mjs.
 */
export const meet = (): Code =>
  meetAnd([get(0), number(4), [add], number(1), atomicAdd, [drop]], [word(0, 4), number(8), [add], get(6), store]);

/** As `meet`, but traps where the scratch is, or is not, the one at `how`: the caller's. */
export const meetAndTrap = (who: 'caller' | 'helper'): Code =>
  meetAnd([get(6), get(3), [who === 'caller' ? equal : notEqual], when([unreachable])]);

/** As `meet`, but never ends in a helper. */
export const hang = (): Code => meetAnd([get(6), get(3), [notEqual], when(loop(again(0)))]);

const load: Bytes = [0x28, 2, 0];

/** record(log, length, ...more): appends all further parameters to a log. For one thread. */
export const record = (more: number): Code =>
  kernel([
    {
      parameters: 2 + more,
      body: Array.from({ length: more }, (_, i) => [
        [get(0), get(1), load, number(4), [multiply, add], get(2 + i), store],
        [get(1), get(1), load, number(1), [add], store],
      ]),
    },
  ]);

/** A module that is none. */
export const broken: Code = { bytes: new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 99]) };
