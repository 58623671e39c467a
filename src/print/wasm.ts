/** Kernels as WebAssembly: vectors of 128 bits, one function each. */

import { append, encodeModule, type FunctionBytes, signed, unsigned, type ValueType } from '../encode/module.js';
import { opcode } from '../encode/opcodes.js';
import { compare as compareNode, constant, convert, minimum, or, select, subtract, xor } from '../kernel/build.js';
import {
  cellBytes,
  type Expr,
  type ExprKind,
  type ExprOf,
  type Func,
  functionsOf,
  I32,
  type Kernel,
  type Stmt,
  type StmtKind,
  type StmtOf,
  type Type,
  type Variable,
} from '../kernel/program.js';
import {
  binaryName,
  compareName,
  constantCode,
  convertName,
  form,
  get,
  type Instruction,
  isFloat,
  isHalf,
  isMask,
  isVector,
  loadName,
  memoryArgument,
  set,
  shiftName,
  shuffleCode,
  storeCode,
  tee,
  unaryName,
  valueType,
} from './wasm-names.js';

export { vectorBytes } from './wasm-names.js';

/** What the engine offers beyond WebAssembly 2.0. */
export interface WasmFeatures {
  readonly shared: boolean;
  /** Multiply-add as one instruction. */
  readonly relaxed: boolean;
}

/** Division that no machine refuses. */
function isSafeDivisor(b: Expr): boolean {
  if (b.kind !== 'constant') return false;
  const value = b.type.lane === 'i32' ? Number(b.value) | 0 : Number(b.value);
  return value !== 0 && value !== -1;
}

/** Four bytes to four lanes, and back: the lowest byte of each lane, then anything. */
const widenBytes: readonly Instruction[] = [['i16x8.extend_low_i8x16_u'], ['i32x4.extend_low_i16x8_u']];
const narrowToBytes: Instruction = ['i8x16.shuffle', [0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12]];

/** The lower halves of lanes of 64 bits. */
const lowHalves = shuffleCode({ lane: 'i32', width: 4 }, [0, 2]);

const NO_RESULT = 0x40;

const isPositive: readonly Instruction[] = [['i32.const', 0], ['i32.gt_s']];
const ifPositive: readonly Instruction[] = [...isPositive, ['if', NO_RESULT]];

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

  #emit(...instructions: readonly Instruction[]): void {
    for (const [name, ...rest] of instructions) {
      append(this.#code, opcode(name));
      append(this.#code, rest);
    }
  }

  /** An instruction on values, and what comes after it. */
  #apply(operands: readonly Expr[], ...instructions: readonly Instruction[]): void {
    for (const operand of operands) this.#expr(operand);
    this.#emit(...instructions);
  }

  /** A local of the printer's own. */
  #newLocal(type: Type): Variable {
    return { kind: 'variable', type, index: this.#locals.push(valueType(type)) - 1 };
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
    constant: ({ type, value }) => this.#emit(constantCode(type, value)),
    variable: (variable) => this.#emit(get(variable)),
    unary: (node) => this.#unary(node),
    binary: (node) => this.#binary(node),
    shift: ({ type, op, a, by }) => {
      const amount: Expr = form(type) === 'i64' ? convert(by, 'i64') : by;
      this.#apply([a, amount], [shiftName(op, type)]);
    },
    compare: ({ op, a, b }) => this.#apply([a, b], [compareName(op, a.type)]),
    select: ({ type, mask, a, b }) => this.#apply([a, b, mask], [isVector(type) ? 'v128.bitselect' : 'select']),
    multiply_add: ({ type, a, b, c }) => {
      const isOne = this.#relaxed && isVector(type);
      if (isOne) this.#apply([a, b, c], [`${form(type)}.relaxed_madd`]);
      else this.#apply([c, a, b], [binaryName('multiply', type)], [binaryName('add', type)]);
    },
    load: ({ type, cell, address, offset }) => {
      const isBytes = isVector(type) && cell === 'u8';
      const some = isHalf(type) ? 'v128.load16_splat' : 'v128.load32_zero';
      if (isBytes) this.#apply([address], [some, memoryArgument(offset)], ...widenBytes);
      else this.#apply([address], [loadName(cell, type), memoryArgument(offset)]);
    },
    splat: ({ type, a }) => {
      const isDirect = a.kind === 'load' && a.cell !== 'u8';
      if (!isDirect) this.#apply([a], [`${form(type)}.splat`]);
      else this.#apply([a.address], [`v128.load${8 * cellBytes[a.cell]}_splat`, memoryArgument(a.offset)]);
    },
    extract: ({ a, lane }) => this.#apply([a], [`${form(a.type)}.extract_lane`, lane]),
    shuffle: ({ type, a, b, lanes }) => this.#apply([a, b], shuffleCode(type, lanes)),
    convert: ({ type, a }) => {
      const isCut = isVector(type) && a.type.lane === 'i64';
      if (isCut) this.#apply([a, constant(a.type, 0)], lowHalves);
      else this.#apply([a], [convertName(a.type, type)]);
    },
    bits: ({ type, a }) => {
      const isSame = isVector(type) || form(type) === form(a.type);
      this.#apply([a], ...(isSame ? [] : [[`${form(type)}.reinterpret_${form(a.type)}`] as const]));
    },
  };

  /** Scalar integers and masks have no instructions for these. */
  #unary({ type, op, a }: ExprOf<'unary'>): void {
    const negative = (): Expr => subtract(constant(type, 0), a);
    if (isVector(type) || isFloat(type)) this.#apply([a], [unaryName(op, type)]);
    else if (isMask(type)) this.#apply([a], ['i32.eqz']);
    else if (op === 'not') this.#expr(xor(a, -1));
    else this.#expr(op === 'negate' ? negative() : select(compareNode('LT', a, 0), negative(), a));
  }

  #binary(node: ExprOf<'binary'>): void {
    const { type, op, a, b } = node;
    const isExtreme = op === 'minimum' || op === 'maximum';
    const isQuotient = op === 'divide' || op === 'remainder';
    if (isExtreme && !isFloat(type) && form(type) !== 'i32x4') {
      this.#expr(select(compareNode(op === 'minimum' ? 'LT' : 'GT', a, b), a, b));
    } else if (isQuotient && !isFloat(type) && !isSafeDivisor(b)) this.#divide(node);
    else this.#apply([a, b], [binaryName(op, type)]);
  }

  /** A value that is used more than once, in a local. */
  #held(value: Expr): Variable {
    const variable = this.#newLocal(value.type);
    this.#apply([value], set(variable));
    return variable;
  }

  /** The machine stops at a divisor of 0, and at the least integer by -1: it divides by 1 in place of both. */
  #divide({ type, op, a: left, b: right }: ExprOf<'binary'>): void {
    const [a, b] = [this.#held(left), this.#held(right)];
    const [isZero, isMinusOne] = [compareNode('EQ', b, 0), compareNode('EQ', b, -1)];
    this.#apply([a, select(or(isZero, isMinusOne), constant(type, 1), b)], [binaryName(op, type)]);
    if (op === 'remainder') return;
    const quotient = this.#newLocal(type);
    this.#emit(set(quotient));
    const ordinary = select(isZero, constant(type, 0), quotient);
    this.#expr(select(isMinusOne, subtract(constant(type, 0), a), ordinary));
  }

  readonly #stmts: { readonly [K in StmtKind]: (node: StmtOf<K>) => void } = {
    set: ({ variable, value }) => this.#apply([value], set(variable)),
    store: ({ cell, address, offset, value }) => {
      const isBytes = isVector(value.type) && cell === 'u8';
      if (!isBytes) this.#apply([address, value], storeCode(cell, value.type, offset));
      else {
        const held = this.#held(value);
        const some = isHalf(value.type) ? 'v128.store16_lane' : 'v128.store32_lane';
        this.#apply([address, held, held], narrowToBytes, [some, memoryArgument(offset), 0]);
      }
    },
    loop: (node) => this.#loop(node),
    blocks: (node) => this.#blocks(node),
    if: ({ condition, body, otherwise }) => {
      this.#apply([condition], ['if', NO_RESULT]);
      this.#body(body);
      if (otherwise.length > 0) this.#emit(['else']);
      this.#body(otherwise);
      this.#emit(['end']);
    },
    call: ({ callee, inputs }) => this.#apply(inputs, ['call', unsigned(this.#indexOf.get(callee) as number)]),
  };

  /** n = count; if (n > 0) do { body; counters += steps } while (--n) */
  #loop({ count, counters, body }: StmtOf<'loop'>): void {
    const left = this.#newLocal(I32);
    for (const { variable, start } of counters) this.#apply([start], set(variable));
    this.#apply([count], tee(left), ...ifPositive, ['loop', NO_RESULT]);
    this.#body(body);
    for (const { variable, step } of counters) this.#apply([variable, step], ['i32.add'], set(variable));
    this.#emit(get(left), ['i32.const', 1], ['i32.sub'], tee(left), ['br_if', 0], ['end'], ['end']);
  }

  /** start = 0; left = total; if (left > 0) do { count = min(left, block); body; start += block } while ((left -= block) > 0) */
  #blocks({ total, block, start, count, body }: StmtOf<'blocks'>): void {
    const left = this.#newLocal(I32);
    const size = signed(block);
    this.#emit(['i32.const', 0], set(start));
    this.#apply([total], tee(left), ...ifPositive, ['loop', NO_RESULT]);
    this.#apply([minimum(left, block)], set(count));
    this.#body(body);
    this.#emit(get(start), ['i32.const', size], ['i32.add'], set(start));
    this.#emit(get(left), ['i32.const', size], ['i32.sub'], tee(left), ...isPositive, ['br_if', 0], ['end'], ['end']);
  }
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
