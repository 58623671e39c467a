/**
 * Float arithmetic that a formula is written over, so that one text serves kernels and plain TypeScript, and both give
 * the same bits: each operation rounds once, to the lane's precision.
 */

import * as build from './build.js';
import type { Expr, Type } from './program.js';

export type FloatLane = 'f32' | 'f64';

/** Values of type T, truth values of type M. */
export interface Arithmetic<T, M> {
  readonly lane: FloatLane;
  constant(value: number): T;
  /** Computes a value that is used more than once. */
  let(value: T): T;
  add(a: T, b: T): T;
  subtract(a: T, b: T): T;
  multiply(a: T, b: T): T;
  divide(a: T, b: T): T;
  abs(a: T): T;
  less(a: T, b: T): M;
  equal(a: T, b: T): M;
  select(mask: M, a: T, b: T): T;
  /** 2^n for whole n, where that is a normal number; of any other n, something. */
  powerOfTwo(n: T): T;
  /** The e of x = 2^e m, 1 <= m < 2, for a positive normal number; of any other, something. */
  exponent(x: T): T;
  /** That m. */
  mantissa(x: T): T;
}

/** How numbers are stored: bits of the fraction, and what is added to the exponent that stands above them. */
const formats = {
  f32: { fraction: 23, bias: 127, integer: 'i32', bits: Number },
  f64: { fraction: 52, bias: 1023, integer: 'i64', bits: (value: bigint) => value },
} as const;

/** In a kernel: expressions, and statements for what is used more than once. */
export class KernelArithmetic implements Arithmetic<Expr, Expr> {
  readonly lane: FloatLane;
  readonly #f: build.FunctionBuilder;
  readonly #type: Type;

  constructor(f: build.FunctionBuilder, lane: FloatLane, width: number) {
    this.lane = lane;
    this.#f = f;
    this.#type = { lane, width };
  }

  constant(value: number): Expr {
    return build.constant(this.#type, value);
  }
  let(value: Expr): Expr {
    return this.#f.let(value);
  }
  add(a: Expr, b: Expr): Expr {
    return build.add(a, b);
  }
  subtract(a: Expr, b: Expr): Expr {
    return build.subtract(a, b);
  }
  multiply(a: Expr, b: Expr): Expr {
    return build.multiply(a, b);
  }
  divide(a: Expr, b: Expr): Expr {
    return build.divide(a, b);
  }
  abs(a: Expr): Expr {
    return build.abs(a);
  }
  less(a: Expr, b: Expr): Expr {
    return build.compare('LT', a, b);
  }
  equal(a: Expr, b: Expr): Expr {
    return build.compare('EQ', a, b);
  }
  select(mask: Expr, a: Expr, b: Expr): Expr {
    return build.select(mask, a, b);
  }

  /** Adding 1.5 * 2^fraction moves the units to the lowest bits; the shift drops what lies above the exponent. */
  powerOfTwo(n: Expr): Expr {
    const { fraction, bias } = formats[this.lane];
    const moved = build.add(n, this.constant(1.5 * 2 ** fraction + bias));
    return this.#asFloat(build.shiftLeft(this.#asInteger(moved), fraction));
  }

  /** The stored exponent, put into the lowest bits of 2^fraction, is added to it as a whole number. */
  exponent(x: Expr): Expr {
    const { fraction, bias } = formats[this.lane];
    const stored = build.shiftRightUnsigned(this.#asInteger(x), fraction);
    const moved = this.#asFloat(build.or(stored, this.#integer(BigInt(fraction + bias) << BigInt(fraction))));
    return build.subtract(moved, this.constant(2 ** fraction + bias));
  }

  /** The fraction, with the exponent of 1. */
  mantissa(x: Expr): Expr {
    const { fraction, bias } = formats[this.lane];
    const bits = build.and(this.#asInteger(x), this.#integer((1n << BigInt(fraction)) - 1n));
    return this.#asFloat(build.or(bits, this.#integer(BigInt(bias) << BigInt(fraction))));
  }

  #integer(value: bigint): Expr {
    const { integer, bits } = formats[this.lane];
    return build.constant({ lane: integer, width: this.#type.width }, bits(value));
  }
  #asInteger(x: Expr): Expr {
    return build.bits(x, formats[this.lane].integer);
  }
  #asFloat(x: Expr): Expr {
    return build.bits(x, this.lane);
  }
}

const words = new Int32Array(2);
const single = new Float32Array(words.buffer);
const double = new Float64Array(words.buffer);
/** Where a double's sign and exponent are. */
const highWord = 1;

/** On numbers, rounded to float32 each time. */
class SingleArithmetic implements Arithmetic<number, boolean> {
  readonly lane = 'f32';

  constant(value: number): number {
    return Math.fround(value);
  }
  let(value: number): number {
    return value;
  }
  add(a: number, b: number): number {
    return Math.fround(a + b);
  }
  subtract(a: number, b: number): number {
    return Math.fround(a - b);
  }
  multiply(a: number, b: number): number {
    return Math.fround(a * b);
  }
  divide(a: number, b: number): number {
    return Math.fround(a / b);
  }
  abs(a: number): number {
    return Math.abs(a);
  }
  less(a: number, b: number): boolean {
    return a < b;
  }
  equal(a: number, b: number): boolean {
    return a === b;
  }
  select(mask: boolean, a: number, b: number): number {
    return mask ? a : b;
  }
  powerOfTwo(n: number): number {
    words[0] = (n + 127) << 23;
    return single[0] as number;
  }
  exponent(x: number): number {
    single[0] = x;
    return ((words[0] as number) >>> 23) - 127;
  }
  mantissa(x: number): number {
    single[0] = x;
    words[0] = ((words[0] as number) & 0x7fffff) | 0x3f800000;
    return single[0] as number;
  }
}

/** On numbers as they are. */
class DoubleArithmetic implements Arithmetic<number, boolean> {
  readonly lane = 'f64';

  constant(value: number): number {
    return value;
  }
  let(value: number): number {
    return value;
  }
  add(a: number, b: number): number {
    return a + b;
  }
  subtract(a: number, b: number): number {
    return a - b;
  }
  multiply(a: number, b: number): number {
    return a * b;
  }
  divide(a: number, b: number): number {
    return a / b;
  }
  abs(a: number): number {
    return Math.abs(a);
  }
  less(a: number, b: number): boolean {
    return a < b;
  }
  equal(a: number, b: number): boolean {
    return a === b;
  }
  select(mask: boolean, a: number, b: number): number {
    return mask ? a : b;
  }
  powerOfTwo(n: number): number {
    words[0] = 0;
    words[highWord] = (n + 1023) << 20;
    return double[0] as number;
  }
  exponent(x: number): number {
    double[0] = x;
    return ((words[highWord] as number) >>> 20) - 1023;
  }
  mantissa(x: number): number {
    double[0] = x;
    words[highWord] = ((words[highWord] as number) & 0xfffff) | 0x3ff00000;
    return double[0] as number;
  }
}

export const singleArithmetic: Arithmetic<number, boolean> = new SingleArithmetic();
export const doubleArithmetic: Arithmetic<number, boolean> = new DoubleArithmetic();
