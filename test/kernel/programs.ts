/** Random kernels: well typed, on a few small buffers, some within bounds and some not, each made of a list of bytes. */

import * as build from '../../src/kernel/build.js';
import type { Argument, Launch, Region } from '../../src/kernel/launch.js';
import {
  type BinaryOp,
  type Cell,
  type CompareOp,
  cellBytes,
  type Expr,
  I32,
  isIndex,
  type Lane,
  laneBytes,
  laneOf,
  type ShiftOp,
  type Type,
  type UnaryOp,
  type Variable,
} from '../../src/kernel/program.js';

type NumberLane = 'f32' | 'f64' | 'i32' | 'i64';
const lanes: readonly NumberLane[] = ['f32', 'i32', 'f64', 'i64'];

/** Choices, one a byte; when they are used up, always the first. */
class Tape {
  readonly #bytes: Uint8Array;
  #next = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  below(count: number): number {
    return (this.#bytes[this.#next++] ?? 0) % count;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  /** True this many times of 16. */
  chance(of16: number): boolean {
    return this.below(16) >= 16 - of16;
  }
}

/** A buffer: bytes of floats are only read as these, since a NaN has many patterns. */
export interface Buffer {
  readonly cell: Cell;
  readonly bytes: Uint8Array;
  readonly values?: readonly [number, number];
}

export interface Program {
  readonly launch: Launch;
  /** The launch's buffers, and its scratch. */
  readonly buffers: readonly Buffer[];
  readonly regions: readonly Region[];
}

const cellsOf: { readonly [C in Cell]: readonly Cell[] } = {
  f32: ['f32'],
  f64: ['f64'],
  i32: ['i32', 'u8', 'i64'],
  i64: ['i64', 'i32'],
  u8: ['u8', 'i32'],
};

const isFloat = ({ lane }: Type): boolean => lane === 'f32' || lane === 'f64';

const floatUnary: readonly UnaryOp[] = ['negate', 'abs', 'sqrt', 'floor', 'ceil', 'truncate', 'nearest'];
const intUnary: readonly UnaryOp[] = ['negate', 'abs', 'not'];
const shared: readonly BinaryOp[] = ['add', 'subtract', 'multiply', 'minimum', 'maximum'];
const floatBinary: readonly BinaryOp[] = [...shared, 'divide'];
const vectorBinary: readonly BinaryOp[] = [...shared, 'and', 'or', 'xor'];
const intBinary: readonly BinaryOp[] = [...vectorBinary, 'divide', 'remainder'];
const shiftOps: readonly ShiftOp[] = ['shift_left', 'shift_right', 'shift_right_unsigned'];
const compareOps: readonly CompareOp[] = ['LT', 'GE', 'LE', 'GT', 'EQ', 'NE'];
const numbers = [0, 1, 2, 3, 4, -1, 7, 8, 16, 60, -4, 255, 65536, 2 ** 31 - 1, -(2 ** 31), 2 ** 30];

/** Writes one function. */
class Writer {
  readonly #f: build.FunctionBuilder;
  readonly #tape: Tape;
  readonly #buffers: readonly Buffer[];
  /** The address of each buffer, or what should be one. */
  readonly #bases: readonly Expr[];
  /** Variables to read, and those of them that may be set. */
  #readable: Variable[];
  #settable: Variable[];

  constructor(
    f: build.FunctionBuilder,
    tape: Tape,
    buffers: readonly Buffer[],
    bases: readonly Expr[],
    readable: readonly Variable[],
    settable: readonly Variable[] = [],
  ) {
    this.#f = f;
    this.#tape = tape;
    this.#buffers = buffers;
    this.#bases = bases;
    this.#readable = [...readable];
    this.#settable = [...settable];
  }

  #variable(type: Type): Expr {
    const fit = this.#readable.filter((v) => v.type.lane === type.lane && v.type.width === type.width);
    return fit.length === 0 ? this.#constant(type) : this.#tape.pick(fit);
  }

  #constant(type: Type): Expr {
    const value = this.#tape.pick(numbers);
    if (type.lane === 'i64') return build.constant(type, BigInt(value));
    return build.constant(type, isFloat(type) ? value / 4 : value);
  }

  /** A buffer that has cells for these lanes. */
  #place(lane: Lane, isStore: boolean): { readonly buffer: number; readonly cell: Cell } | null {
    const places = this.#buffers.flatMap(({ cell, values }, buffer) =>
      cellsOf[cell].filter((c) => laneOf[c] === lane && !(isStore && values)).map((c) => ({ buffer, cell: c })),
    );
    return places.length === 0 ? null : this.#tape.pick(places);
  }

  /** A number from 0 to `most`, most of the times. */
  #bounded(most: number, depth: number): Expr {
    const tape = this.#tape;
    const any = (): Expr => this.value(I32, depth - 1);
    const bounded = (): Expr => this.#bounded(most, depth - 1);
    const ways = [
      () => build.index(tape.below(most + 1)),
      () => build.minimum(build.maximum(any(), 0), most),
      () => build.and(any(), 2 ** Math.floor(Math.log2(most + 1)) - 1),
      () => build.abs(build.remainder(any(), most + 1)),
      () => build.select(this.#mask(I32, depth - 1), bounded(), bounded()),
      () => this.#variable(I32),
      () => this.#changing(),
      () => build.and(any(), any()),
      () => build.divide(bounded(), any()),
      any,
    ];
    return tape.pick(depth <= 0 ? ways.slice(0, 1) : ways)();
  }

  /** One of the variables that are set again. */
  #changing(): Expr {
    const indices = this.#settable.filter(({ type }) => isIndex(type));
    return indices.length === 0 ? this.#constant(I32) : this.#tape.pick(indices);
  }

  /** Where `bytes` bytes are, with an offset; floats lie at multiples of their size. */
  #address(buffer: number, bytes: number, depth: number): readonly [Expr, number] {
    const tape = this.#tape;
    const { cell, bytes: all } = this.#buffers[buffer] as Buffer;
    const most = Math.max(0, all.length - bytes);
    const size = cellBytes[cell];
    const unit = cell === 'f32' || cell === 'f64' || tape.chance(10) ? size : 1;
    const offset = tape.chance(4) ? Math.min(Math.floor(most / size), tape.below(8)) * size : 0;
    const index = this.#bounded(Math.floor((most - offset) / unit), depth);
    const address = build.add(this.#bases[buffer] as Expr, build.multiply(index, unit));
    return [address, tape.chance(1) ? offset + size : offset];
  }

  #load(type: Type, depth: number): Expr {
    const place = this.#place(type.lane, false);
    if (place === null) return this.#constant(type);
    const [address, offset] = this.#address(place.buffer, type.width * cellBytes[place.cell], depth);
    return build.load(place.cell, type.width, address, offset);
  }

  #mask(type: Type, depth: number): Expr {
    const tape = this.#tape;
    const made = (): Expr => this.#mask(type, depth - 1);
    switch (depth <= 0 ? 0 : tape.below(8)) {
      case 5:
        return build.and(made(), made());
      case 6:
        return build.or(made(), made());
      case 7:
        return build.not(made());
    }
    return build.compare(tape.pick(compareOps), this.value(type, depth - 1), this.value(type, depth - 1));
  }

  /** An expression of numbers. */
  value(type: Type, depth: number): Expr {
    const tape = this.#tape;
    const made = (): Expr => this.value(type, depth - 1);
    const { lane, width } = type;
    switch (depth <= 0 ? tape.below(2) : tape.below(12)) {
      case 0:
        return this.#variable(type);
      case 1:
        return this.#constant(type);
      case 2:
      case 3:
        return this.#load(type, depth - 1);
      case 4: {
        const op = tape.pick(isFloat(type) ? floatUnary : intUnary);
        return { kind: 'unary', type, op, a: made() };
      }
      case 5:
        return build.select(this.#mask(type, depth - 1), made(), made());
      case 6:
        return isFloat(type) ? build.multiplyAdd(made(), made(), made()) : this.#shift(type, depth);
      case 7:
        return this.#converted(type, depth);
      case 8:
        return this.#moved(type, depth);
    }
    const ops = isFloat(type) ? floatBinary : width > 1 ? vectorBinary : intBinary;
    return { kind: 'binary', type: { lane, width }, op: tape.pick(ops), a: made(), b: made() };
  }

  #shift(type: Type, depth: number): Expr {
    const by = this.#tape.chance(12) ? build.index(this.#tape.below(34)) : this.value(I32, depth - 1);
    return { kind: 'shift', type, op: this.#tape.pick(shiftOps), a: this.value(type, depth - 1), by };
  }

  /** From other lanes, by value or by bits. */
  #converted({ lane, width }: Type, depth: number): Expr {
    const size = laneBytes[lane];
    const twin = lanes.find((other) => other !== lane && laneBytes[other] === size) as Lane;
    const from = width > 1 ? twin : this.#tape.pick(lanes);
    if ((width > 1 && size === 8) || from === lane || this.#tape.chance(4)) {
      const a = this.#f.let(this.value({ lane: twin, width }, depth - 1));
      return build.bits(isFloat(a.type) ? build.select(build.compare('EQ', a, a), a, 1) : a, lane);
    }
    return build.convert(this.value({ lane: from, width }, depth - 1), lane);
  }

  /** From a vector to a scalar, from a scalar to a vector, or lanes elsewhere. */
  #moved({ lane, width }: Type, depth: number): Expr {
    const vector = { lane, width: 16 / laneBytes[lane] };
    const tape = this.#tape;
    if (width === 1) return build.extract(this.value(vector, depth - 1), tape.below(vector.width));
    if (tape.chance(8)) return build.splat(this.value({ lane, width: 1 }, depth - 1), width);
    const order = Array.from({ length: width }, () => tape.below(2 * width));
    return build.shuffle(this.value(vector, depth - 1), this.value(vector, depth - 1), order);
  }

  #type(): Type {
    const lane = this.#tape.pick(lanes);
    return { lane, width: this.#tape.chance(8) ? 16 / laneBytes[lane] : 1 };
  }

  #nested(body: () => void): void {
    const [readable, settable] = [[...this.#readable], [...this.#settable]];
    body();
    [this.#readable, this.#settable] = [readable, settable];
  }

  body(depth: number): void {
    for (let left = 1 + this.#tape.below(4); left > 0; left--) this.#stmt(depth);
  }

  #stmt(depth: number): void {
    const simple = [() => this.#store(), () => this.#store(), () => this.#let(), () => this.#set(), () => this.#set()];
    const loop = (): void => this.#loop(depth);
    const nested = [
      loop,
      loop,
      loop,
      () => this.#blocks(depth),
      () => this.#if(depth),
      () => this.#call(depth),
      () => this.#moving(),
    ];
    this.#tape.pick(depth <= 0 ? simple : [...simple, ...nested])();
  }

  #let(): void {
    const tape = this.#tape;
    const value = tape.chance(6) ? this.#bounded(8, 2) : this.value(tape.chance(6) ? I32 : this.#type(), 3);
    const variable = this.#f.let(value);
    this.#readable.push(variable);
    this.#settable.push(variable);
  }

  #set(): void {
    if (this.#settable.length === 0) return;
    const variable = this.#tape.pick(this.#settable);
    const value = (): Expr => this.value(variable.type, 2);
    const ways = [
      value,
      () => this.#constant(I32),
      () => this.#bounded(8, 2),
      () => build.add(variable, this.#constant(I32)),
    ];
    this.#f.set(variable, this.#tape.pick(isIndex(variable.type) ? ways : [value])());
  }

  /** An index that a body changes, used before, within and after it. */
  #moving(): void {
    const f = this.#f;
    const tape = this.#tape;
    const buffer = tape.below(this.#buffers.length - 1);
    const { cell } = this.#buffers[buffer] as Buffer;
    const variable = f.let(tape.below(3));
    const use = (): void => {
      const address = build.add(this.#bases[buffer] as Expr, build.multiply(variable, cellBytes[cell]));
      if (tape.chance(8)) f.let(build.load(cell, 1, address));
    };
    const change = (): void => {
      use();
      if (tape.chance(12)) f.set(variable, tape.chance(8) ? tape.below(24) : build.add(variable, tape.below(8) - 2));
      use();
    };
    use();
    const bodies = [
      () => f.if(this.#mask(I32, 1), change, change),
      () => f.loop(tape.below(4), [], change),
      () => f.blocks(tape.below(6), 2, change),
    ];
    tape.pick(bodies)();
    use();
  }

  #blocks(depth: number): void {
    const total = build.minimum(this.value(I32, 1), 9);
    this.#f.blocks(total, 1 + this.#tape.below(4), (start, count) => {
      this.#nested(() => {
        this.#readable.push(start, count);
        this.body(depth - 1);
      });
    });
  }

  #if(depth: number): void {
    const inner = (): void => this.#nested(() => this.body(depth - 1));
    this.#f.if(this.#mask(I32, 2), inner, inner);
  }

  #store(): void {
    const place = this.#place(this.#tape.pick(lanes), true);
    if (place === null) return;
    const lane = laneOf[place.cell];
    const width = this.#tape.chance(8) ? 16 / laneBytes[lane] : 1;
    const [address, offset] = this.#address(place.buffer, width * cellBytes[place.cell], 3);
    this.#f.store(place.cell, address, this.value({ lane, width }, 3), offset);
  }

  #loop(depth: number): void {
    const tape = this.#tape;
    const most = 1 + tape.below(6);
    const count = tape.chance(8) ? build.index(most) : build.minimum(this.value(I32, 2), most);
    const buffer = tape.below(this.#buffers.length);
    const { cell, bytes, ...rest } = this.#buffers[buffer] as Buffer;
    const unit = cell === 'f32' || cell === 'f64' || tape.chance(8) ? cellBytes[cell] : 1;
    const step = unit * tape.pick([1, 2, -1, 4, 5]);
    const [address] = this.#address(buffer, Math.abs(step) * most, 1);
    const start = step < 0 ? build.add(address, -step * (most - 1)) : address;
    const rise = tape.chance(3) ? build.multiply(this.value(I32, 1), unit) : step;
    const starts = [
      [start, rise],
      [this.#bounded(8, 1), tape.pick(numbers)],
    ] as const;
    this.#f.loop(count, starts, (pointer, index) => {
      // Within, the pointer stands for the buffer, of which it has so many bytes before the next turn's.
      const bases = this.#bases.with(buffer, pointer);
      const buffers = this.#buffers.with(buffer, { cell, bytes: bytes.slice(0, Math.abs(step)), ...rest });
      new Writer(this.#f, tape, buffers, bases, [...this.#readable, index], this.#settable).body(depth - 1);
    });
  }

  #call(depth: number): void {
    const inner = new build.FunctionBuilder(this.#bases.length + 1);
    const bases = inner.parameters.slice(0, -1);
    new Writer(inner, this.#tape, this.#buffers, bases, inner.parameters.slice(-1)).body(depth - 1);
    this.#f.call(inner.finish('inner'), ...this.#bases, this.value(I32, 2));
  }
}

const fill: { readonly [C in Cell]: (view: DataView, at: number, value: number) => void } = {
  f32: (view, at, value) => view.setFloat32(at, value / 4, true),
  f64: (view, at, value) => view.setFloat64(at, value / 4, true),
  i32: (view, at, value) => view.setInt32(at, value, true),
  i64: (view, at, value) => view.setBigInt64(at, BigInt(value), true),
  u8: (view, at, value) => view.setUint8(at, value),
};

function bufferOf(tape: Tape, cell: Cell, isTable: boolean): Buffer {
  const size = cellBytes[cell];
  const bytes = new Uint8Array(size * (1 + tape.below(cell === 'u8' ? 64 : 20)));
  const given: number[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const value = isTable ? tape.below(12) - 2 : tape.pick(numbers);
    given.push(value);
    fill[cell](new DataView(bytes.buffer), at, value);
  }
  return isTable ? { cell, bytes, values: [Math.min(...given), Math.max(...given)] } : { cell, bytes };
}

/** The program that a list of bytes stands for. */
export function programOf(bytes: Uint8Array): Program {
  const tape = new Tape(bytes);
  const cells: readonly Cell[] = ['f32', 'i32', 'u8', 'f64', 'i64'];
  const own = [...cells.map((cell) => bufferOf(tape, cell, false)), bufferOf(tape, 'i32', true)];
  const scratch: Buffer = { cell: 'f32', bytes: new Uint8Array(4 * tape.below(16)) };
  const grid = Array.from({ length: tape.below(3) }, () => ({ total: tape.below(8), block: 1 + tape.below(4) }));
  const arity = own.length + 1;
  const f = new build.FunctionBuilder(arity + 2 * grid.length + 1);
  const scratchAddress = f.parameters.at(-1) as Variable;
  const bases = [...f.parameters.slice(0, own.length), scratchAddress];
  new Writer(f, tape, [...own, scratch], bases, f.parameters.slice(own.length, -1)).body(3);
  const addresses: Argument[] = own.map((_, buffer) => ({ buffer, offset: 0 }));
  return {
    launch: {
      kernel: { name: 'random', entry: f.finish('run'), gridRank: grid.length },
      args: [...addresses, tape.pick(numbers)],
      grid,
      scratchBytes: scratch.bytes.length,
    },
    buffers: scratch.bytes.length > 0 ? [...own, scratch] : own,
    regions: own.map(({ bytes: { length }, values }) => (values ? { bytes: length, values } : { bytes: length })),
  };
}
