/** Kernels as WebAssembly: vectors of 128 bits, one function each. */

import {
  append,
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
  type ValueType,
} from '../encode/module.js';
import { opcode } from '../encode/opcodes.js';
import { compare as compareNode, constant, or, select, subtract } from '../kernel/build.js';
import {
  type BinaryOp,
  type CompareOp,
  cellBytes,
  type Expr,
  type ExprKind,
  type ExprOf,
  type Func,
  functionsOf,
  type Kernel,
  type Lane,
  type ShiftOp,
  type Stmt,
  type StmtKind,
  type StmtOf,
  type Type,
  type UnaryOp,
} from '../kernel/program.js';

/** Bytes of a vector. */
export const vectorBytes = 16;

/** What the engine offers beyond WebAssembly 2.0. */
export interface WasmFeatures {
  readonly shared: boolean;
  /** Multiply-add as one instruction. */
  readonly relaxed: boolean;
}

const scalarForm: { readonly [L in Lane]: 'f32' | 'f64' | 'i32' | 'i64' } = {
  f32: 'f32',
  f64: 'f64',
  i32: 'i32',
  i64: 'i64',
  m32: 'i32',
  m64: 'i32',
};
const vectorForm: { readonly [L in Lane]: string } = {
  f32: 'f32x4',
  f64: 'f64x2',
  i32: 'i32x4',
  i64: 'i64x2',
  m32: 'i32x4',
  m64: 'i64x2',
};

const isVector = ({ width }: Type): boolean => width > 1;
const isFloat = ({ lane }: Type): boolean => lane === 'f32' || lane === 'f64';
const isMask = ({ lane }: Type): boolean => lane === 'm32' || lane === 'm64';
const form = (type: Type): string => (isVector(type) ? vectorForm : scalarForm)[type.lane];
const valueType = (type: Type): ValueType => (isVector(type) ? 'v128' : scalarForm[type.lane]);

const unaryNames: { readonly [O in UnaryOp]: string } = {
  negate: 'neg',
  abs: 'abs',
  sqrt: 'sqrt',
  floor: 'floor',
  ceil: 'ceil',
  truncate: 'trunc',
  nearest: 'nearest',
  not: 'not',
};
const binaryNames: { readonly [O in BinaryOp]: string } = {
  add: 'add',
  subtract: 'sub',
  multiply: 'mul',
  divide: 'div',
  remainder: 'rem',
  minimum: 'min',
  maximum: 'max',
  and: 'and',
  or: 'or',
  xor: 'xor',
};
const shiftNames: { readonly [O in ShiftOp]: string } = {
  shift_left: 'shl',
  shift_right: 'shr_s',
  shift_right_unsigned: 'shr_u',
};
const compareNames: { readonly [O in CompareOp]: string } = {
  EQ: 'eq',
  NE: 'ne',
  LT: 'lt',
  LE: 'le',
  GT: 'gt',
  GE: 'ge',
};

/** Integers are signed wherever that makes a difference. */
const signedOps = new Set<string>(['divide', 'remainder', 'minimum', 'maximum', 'LT', 'LE', 'GT', 'GE']);
const suffix = (op: string, type: Type): string => (!isFloat(type) && signedOps.has(op) ? '_s' : '');

const constantBytes: { readonly [F in 'f32' | 'f64' | 'i32' | 'i64']: (value: number | bigint) => number[] } = {
  f32: (value) => float32Bytes(Number(value)),
  f64: (value) => float64Bytes(Number(value)),
  i32: (value) => int32Bytes(Number(value)),
  i64: (value) => int64Bytes(BigInt(value)),
};

/** An integer constant, as instructions have it. */
const signedBytes = (lane: string, value: number | bigint): number[] =>
  lane === 'i64' ? signed64(BigInt(value)) : signed(Number(value) | 0);

/** Alignment promised: that of a byte, as nothing hangs on it. */
const memoryArgument = (offset: number): Bytes => [0, unsigned(offset)];

/** Division that no machine refuses. */
function isSafeDivisor(b: Expr): boolean {
  if (b.kind !== 'constant') return false;
  const value = b.type.lane === 'i32' ? Number(b.value) | 0 : Number(b.value);
  return value !== 0 && value !== -1;
}

/** The lowest byte of each lane of 32 bits, then anything. */
const lowBytes = Array.from({ length: vectorBytes }, (_, i) => (4 * i) % vectorBytes);

const NO_RESULT = 0x40;

class FunctionPrinter {
  readonly #code: number[] = [];
  readonly #locals: ValueType[];
  readonly #func: Func;
  readonly #indexOf: ReadonlyMap<Func, number>;
  readonly #relaxed: boolean;

  constructor(func: Func, indexOf: ReadonlyMap<Func, number>, relaxed: boolean) {
    this.#func = func;
    this.#indexOf = indexOf;
    this.#relaxed = relaxed;
    this.#locals = func.variables.map(valueType);
  }

  finish(): FunctionBytes {
    for (const stmt of this.#func.body) this.#stmt(stmt);
    const arity = this.#func.parameters.length;
    return { parameters: this.#locals.slice(0, arity), locals: this.#locals.slice(arity), code: this.#code };
  }

  #emit(name: string, ...rest: Bytes): void {
    append(this.#code, opcode(name));
    append(this.#code, rest);
  }

  #local(op: 'get' | 'set' | 'tee', index: number): void {
    this.#emit(`local.${op}`, unsigned(index));
  }

  /** A local of the printer's own. */
  #newLocal(type: ValueType): number {
    return this.#locals.push(type) - 1;
  }

  #expr<K extends ExprKind>(node: ExprOf<K>): void {
    this.#exprs[node.kind](node);
  }

  #stmt<K extends StmtKind>(node: StmtOf<K>): void {
    this.#stmts[node.kind](node);
  }

  #body(body: readonly Stmt[]): void {
    for (const stmt of body) this.#stmt(stmt);
  }

  readonly #exprs: { readonly [K in ExprKind]: (node: ExprOf<K>) => void } = {
    constant: ({ type, value }) => {
      const lane = scalarForm[type.lane];
      // A true lane of a vector has all bits set.
      const bytes = constantBytes[lane](isMask(type) ? -Number(value) : value);
      if (isVector(type))
        this.#emit(
          'v128.const',
          Array.from({ length: vectorBytes / bytes.length }, () => bytes),
        );
      else this.#emit(`${lane}.const`, isFloat(type) ? bytes : signedBytes(lane, value));
    },
    variable: ({ index }) => this.#local('get', index),
    unary: (node) => this.#unary(node),
    binary: (node) => this.#binary(node),
    shift: ({ type, op, a, by }) => {
      this.#expr(a);
      this.#expr(by);
      if (form(type) === 'i64') this.#emit('i64.extend_i32_s');
      this.#emit(`${form(type)}.${shiftNames[op]}`);
    },
    compare: ({ op, a, b }) => {
      this.#expr(a);
      this.#expr(b);
      this.#emit(`${form(a.type)}.${compareNames[op]}${suffix(op, a.type)}`);
    },
    select: ({ type, mask, a, b }) => {
      this.#expr(a);
      this.#expr(b);
      this.#expr(mask);
      this.#emit(isVector(type) ? 'v128.bitselect' : 'select');
    },
    multiply_add: ({ type, a, b, c }) => {
      if (this.#relaxed && isVector(type)) {
        for (const operand of [a, b, c]) this.#expr(operand);
        this.#emit(`${form(type)}.relaxed_madd`);
      } else {
        for (const operand of [c, a, b]) this.#expr(operand);
        this.#emit(`${form(type)}.mul`);
        this.#emit(`${form(type)}.add`);
      }
    },
    load: ({ type, cell, address, offset }) => {
      this.#expr(address);
      if (!isVector(type)) this.#emit(cell === 'u8' ? 'i32.load8_u' : `${cell}.load`, memoryArgument(offset));
      else if (cell !== 'u8') this.#emit('v128.load', memoryArgument(offset));
      else {
        this.#emit('v128.load32_zero', memoryArgument(offset));
        this.#emit('i16x8.extend_low_i8x16_u');
        this.#emit('i32x4.extend_low_i16x8_u');
      }
    },
    splat: ({ type, a }) => {
      if (a.kind === 'load' && a.cell !== 'u8') {
        this.#expr(a.address);
        this.#emit(`v128.load${8 * cellBytes[a.cell]}_splat`, memoryArgument(a.offset));
      } else {
        this.#expr(a);
        this.#emit(`${form(type)}.splat`);
      }
    },
    extract: ({ a, lane }) => {
      this.#expr(a);
      this.#emit(`${form(a.type)}.extract_lane`, lane);
    },
    shuffle: ({ type, a, b, lanes }) => {
      const size = vectorBytes / type.width;
      this.#expr(a);
      this.#expr(b);
      this.#emit(
        'i8x16.shuffle',
        lanes.flatMap((lane) => Array.from({ length: size }, (_, i) => lane * size + i)),
      );
    },
    convert: ({ type, a }) => {
      this.#expr(a);
      this.#emit(conversion(a.type, type));
    },
    bits: ({ type, a }) => {
      this.#expr(a);
      if (!isVector(type) && form(type) !== form(a.type)) this.#emit(`${form(type)}.reinterpret_${form(a.type)}`);
    },
  };

  #unary({ type, op, a }: ExprOf<'unary'>): void {
    if (isVector(type) || isFloat(type)) {
      this.#expr(a);
      this.#emit(op === 'not' ? 'v128.not' : `${form(type)}.${unaryNames[op]}`);
    } else if (op === 'not') {
      this.#expr(a);
      if (isMask(type)) this.#emit('i32.eqz');
      else {
        this.#emit(`${form(type)}.const`, signed(-1));
        this.#emit(`${form(type)}.xor`);
      }
    } else {
      // Scalar integers have no instructions of their own for these.
      const negative: Expr = { kind: 'binary', type, op: 'subtract', a: { kind: 'constant', type, value: 0 }, b: a };
      this.#expr(op === 'negate' ? negative : select(compareNode('LT', a, 0), negative, a));
    }
  }

  #binary({ type, op, a, b }: ExprOf<'binary'>): void {
    const isBitwise = op === 'and' || op === 'or' || op === 'xor';
    const isExtreme = op === 'minimum' || op === 'maximum';
    if (isExtreme && !isFloat(type) && form(type) !== 'i32x4') {
      this.#expr(select(compareNode(op === 'minimum' ? 'LT' : 'GT', a, b), a, b));
      return;
    }
    if ((op === 'divide' || op === 'remainder') && !isFloat(type) && !isSafeDivisor(b)) {
      this.#divide({ kind: 'binary', type, op, a, b });
      return;
    }
    this.#expr(a);
    this.#expr(b);
    this.#emit(isBitwise && isVector(type) ? `v128.${op}` : `${form(type)}.${binaryNames[op]}${suffix(op, type)}`);
  }

  /** A value that is used more than once, in a local. */
  #held(value: Expr): Expr {
    const index = this.#newLocal(valueType(value.type));
    this.#expr(value);
    this.#local('set', index);
    return { kind: 'variable', type: value.type, index };
  }

  /** The machine stops at a divisor of 0, and at the least integer by -1: it divides by 1 in place of both. */
  #divide({ type, op, a: left, b: right }: ExprOf<'binary'>): void {
    const [a, b] = [this.#held(left), this.#held(right)];
    const [isZero, isMinusOne] = [compareNode('EQ', b, 0), compareNode('EQ', b, -1)];
    this.#expr(a);
    this.#expr(select(or(isZero, isMinusOne), constant(type, 1), b));
    this.#emit(`${form(type)}.${binaryNames[op]}_s`);
    if (op === 'remainder') return;
    const quotient = this.#newLocal(valueType(type));
    this.#local('set', quotient);
    const ordinary = select(isZero, constant(type, 0), { kind: 'variable', type, index: quotient });
    this.#expr(select(isMinusOne, subtract(constant(type, 0), a), ordinary));
  }

  readonly #stmts: { readonly [K in StmtKind]: (node: StmtOf<K>) => void } = {
    set: ({ variable, value }) => {
      this.#expr(value);
      this.#local('set', variable.index);
    },
    store: ({ cell, address, offset, value }) => {
      if (isVector(value.type) && cell === 'u8') {
        const held = this.#held(value);
        for (const operand of [address, held, held]) this.#expr(operand);
        this.#emit('i8x16.shuffle', lowBytes);
        this.#emit('v128.store32_lane', memoryArgument(offset), 0);
        return;
      }
      this.#expr(address);
      this.#expr(value);
      this.#emit(
        isVector(value.type) ? 'v128.store' : cell === 'u8' ? 'i32.store8' : `${cell}.store`,
        memoryArgument(offset),
      );
    },
    loop: (node) => this.#loop(node),
    blocks: (node) => this.#blocks(node),
    if: ({ condition, body, otherwise }) => {
      this.#expr(condition);
      this.#emit('if', NO_RESULT);
      this.#body(body);
      if (otherwise.length > 0) {
        this.#emit('else');
        this.#body(otherwise);
      }
      this.#emit('end');
    },
    call: ({ callee, inputs }) => {
      for (const input of inputs) this.#expr(input);
      this.#emit('call', unsigned(this.#indexOf.get(callee) as number));
    },
  };

  /** n = count; if (n > 0) do { body; counters += steps } while (--n) */
  #loop({ count, counters, body }: StmtOf<'loop'>): void {
    const left = this.#newLocal('i32');
    for (const { variable, start } of counters) {
      this.#expr(start);
      this.#local('set', variable.index);
    }
    this.#expr(count);
    this.#local('tee', left);
    this.#emit('i32.const', 0);
    this.#emit('i32.gt_s');
    this.#emit('if', NO_RESULT);
    this.#emit('loop', NO_RESULT);
    this.#body(body);
    for (const { variable, step } of counters) {
      this.#local('get', variable.index);
      this.#expr(step);
      this.#emit('i32.add');
      this.#local('set', variable.index);
    }
    this.#local('get', left);
    this.#emit('i32.const', 1);
    this.#emit('i32.sub');
    this.#local('tee', left);
    this.#emit('br_if', 0);
    this.#emit('end');
    this.#emit('end');
  }

  /** start = 0; while (total - start > 0) { count = min(total - start, block); body; start += block } */
  #blocks({ total, block, start, count, body }: StmtOf<'blocks'>): void {
    const left = this.#newLocal('i32');
    this.#emit('i32.const', 0);
    this.#local('set', start.index);
    this.#expr(total);
    this.#local('tee', left);
    this.#emit('i32.const', 0);
    this.#emit('i32.gt_s');
    this.#emit('if', NO_RESULT);
    this.#emit('loop', NO_RESULT);
    this.#expr({
      kind: 'binary',
      type: start.type,
      op: 'minimum',
      a: { ...start, index: left },
      b: { kind: 'constant', type: start.type, value: block },
    });
    this.#local('set', count.index);
    this.#body(body);
    this.#local('get', start.index);
    this.#emit('i32.const', signed(block));
    this.#emit('i32.add');
    this.#local('set', start.index);
    this.#local('get', left);
    this.#emit('i32.const', signed(block));
    this.#emit('i32.sub');
    this.#local('tee', left);
    this.#emit('i32.const', 0);
    this.#emit('i32.gt_s');
    this.#emit('br_if', 0);
    this.#emit('end');
    this.#emit('end');
  }
}

function conversion(from: Type, to: Type): string {
  const [a, b] = [form(from), form(to)];
  if (isFloat(from) && isFloat(to)) return to.lane === 'f32' ? 'f32.demote_f64' : 'f64.promote_f32';
  if (isFloat(from)) return `${b}.trunc_sat_${a}_s`;
  if (isFloat(to)) return `${b}.convert_${a}_s`;
  return to.lane === 'i32' ? 'i32.wrap_i64' : 'i64.extend_i32_s';
}

/** The module of a kernel: imports `env.memory`, exports `run`. */
export function printWasm(kernel: Kernel, { shared, relaxed }: WasmFeatures): Uint8Array<ArrayBuffer> {
  const functions = functionsOf(kernel);
  const indexOf = new Map(functions.map((func, i) => [func, i]));
  return encodeModule(
    functions.map((func) => new FunctionPrinter(func, indexOf, relaxed).finish()),
    shared,
  );
}
