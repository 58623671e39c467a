/** How kernels are written: operators make expressions, and a function's builder collects statements. */

import {
  type BinaryOp,
  type Cell,
  type CompareOp,
  type Expr,
  type Func,
  I32,
  isIndex,
  type Kernel,
  type Lane,
  laneBytes,
  laneOf,
  type ShiftOp,
  type Stmt,
  type Type,
  type UnaryOp,
  type Variable,
} from './program.js';

/** An operand; a plain number takes the type of what it stands beside. */
export type Value = Expr | number;

/** One number in every lane. */
export const constant = (type: Type, value: number | bigint): Expr => ({ kind: 'constant', type, value });

/** An i32 scalar. */
export const index = (value: Value): Expr => (typeof value === 'number' ? constant(I32, value) : value);

const like = (value: Value, other: Value): Expr =>
  typeof value !== 'number' ? value : typeof other === 'number' ? index(value) : constant(other.type, value);

const numberOf = (value: Expr): number | undefined =>
  value.kind === 'constant' && typeof value.value === 'number' ? value.value : undefined;

const binaryNode = (op: BinaryOp, a: Expr, b: Expr): Expr => ({ kind: 'binary', type: a.type, op, a, b });

const binary =
  (op: BinaryOp) =>
  (a: Value, b: Value): Expr =>
    binaryNode(op, like(a, b), like(b, a));

/** Address arithmetic with constants is done now: x + 0, x * 1, (x + 1) + 2. */
const foldAdd = (a: Expr, b: Expr): Expr | undefined => {
  const [left, right] = [numberOf(a), numberOf(b)];
  if (left !== undefined && right !== undefined) return constant(I32, (left + right) | 0);
  if (left !== undefined) return foldAdd(b, a) ?? binaryNode('add', b, a);
  if (right === undefined) return undefined;
  if (right === 0) return a;
  const inner = a.kind === 'binary' && a.op === 'add' ? numberOf(a.b) : undefined;
  return inner === undefined || a.kind !== 'binary' ? undefined : add(a.a, inner + right);
};

const foldMultiply = (a: Expr, b: Expr): Expr | undefined => {
  const [left, right] = [numberOf(a), numberOf(b)];
  if (left !== undefined && right !== undefined) return constant(I32, Math.imul(left, right));
  if (left !== undefined) return foldMultiply(b, a) ?? binaryNode('multiply', b, a);
  return right === 0 ? b : right === 1 ? a : undefined;
};

export function add(left: Value, right: Value): Expr {
  const [a, b] = [like(left, right), like(right, left)];
  return (isIndex(a.type) ? foldAdd(a, b) : undefined) ?? binaryNode('add', a, b);
}

export function multiply(left: Value, right: Value): Expr {
  const [a, b] = [like(left, right), like(right, left)];
  return (isIndex(a.type) ? foldMultiply(a, b) : undefined) ?? binaryNode('multiply', a, b);
}

type Binary = (a: Value, b: Value) => Expr;
export const subtract: Binary = binary('subtract');
export const divide: Binary = binary('divide');
export const remainder: Binary = binary('remainder');
export const minimum: Binary = binary('minimum');
export const maximum: Binary = binary('maximum');
export const and: Binary = binary('and');
export const or: Binary = binary('or');
export const xor: Binary = binary('xor');

type Unary = (a: Expr) => Expr;
const unary =
  (op: UnaryOp): Unary =>
  (a) => ({ kind: 'unary', type: a.type, op, a });
export const negate: Unary = unary('negate');
export const abs: Unary = unary('abs');
export const sqrt: Unary = unary('sqrt');
export const floor: Unary = unary('floor');
export const ceil: Unary = unary('ceil');
export const truncate: Unary = unary('truncate');
export const nearest: Unary = unary('nearest');
export const not: Unary = unary('not');

type Shift = (a: Expr, by: Value) => Expr;
const shift =
  (op: ShiftOp): Shift =>
  (a, by) => ({ kind: 'shift', type: a.type, op, a, by: index(by) });
export const shiftLeft: Shift = shift('shift_left');
export const shiftRight: Shift = shift('shift_right');
export const shiftRightUnsigned: Shift = shift('shift_right_unsigned');

/** The mask of a comparison. */
export function compare(op: CompareOp, left: Value, right: Value): Expr {
  const [a, b] = [like(left, right), like(right, left)];
  const lane: Lane = laneBytes[a.type.lane] === 8 ? 'm64' : 'm32';
  return { kind: 'compare', type: { lane, width: a.type.width }, op, a, b };
}

/** a where the mask is true, else b. */
export function select(mask: Expr, left: Value, right: Value): Expr {
  const [a, b] = [like(left, right), like(right, left)];
  return { kind: 'select', type: a.type, mask, a, b };
}

/** a * b + c. */
export function multiplyAdd(a: Value, b: Value, c: Expr): Expr {
  const isFloat = c.type.lane === 'f32' || c.type.lane === 'f64';
  if (!isFloat) return add(multiply(a, b), c);
  return { kind: 'multiply_add', type: c.type, a: like(a, c), b: like(b, c), c };
}

/** `width` cells at `address + offset` bytes. */
export function load(cell: Cell, width: number, address: Value, offset = 0): Expr {
  return { kind: 'load', type: { lane: laneOf[cell], width }, cell, address: index(address), offset };
}

/** A scalar in all of `width` lanes; of a `load`, it is one instruction. */
export function splat(a: Expr, width: number): Expr {
  return width === 1 ? a : { kind: 'splat', type: { lane: a.type.lane, width }, a };
}

export function extract(a: Expr, lane: number): Expr {
  return a.type.width === 1 ? a : { kind: 'extract', type: { lane: a.type.lane, width: 1 }, a, lane };
}

export const shuffle = (a: Expr, b: Expr, lanes: readonly number[]): Expr => ({
  kind: 'shuffle',
  type: a.type,
  a,
  b,
  lanes,
});

/** The nearest number of another lane. */
export const convert = (a: Expr, lane: Lane): Expr =>
  a.type.lane === lane ? a : { kind: 'convert', type: { lane, width: a.type.width }, a };

/** The same bits as another lane of the same size. */
export const bits = (a: Expr, lane: Lane): Expr => ({ kind: 'bits', type: { lane, width: a.type.width }, a });

/** Where a counter starts, and by how much it rises each turn. */
export type Start = readonly [start: Value, step: Value];

/** A function under construction: each call adds a statement. */
export class FunctionBuilder {
  readonly parameters: readonly Variable[];
  readonly #types: Type[] = [];
  #body: Stmt[] = [];

  constructor(arity: number) {
    this.parameters = Array.from({ length: arity }, () => this.#declare(I32));
  }

  #declare(type: Type): Variable {
    this.#types.push(type);
    return { kind: 'variable', type, index: this.#types.length - 1 };
  }

  #block(body: () => void): readonly Stmt[] {
    const outer = this.#body;
    this.#body = [];
    body();
    const inner = this.#body;
    this.#body = outer;
    return inner;
  }

  /** Computes a value now; what is given can be used many times. */
  let(value: Value): Variable {
    const expr = index(value);
    const variable = this.#declare(expr.type);
    this.set(variable, expr);
    return variable;
  }

  set(variable: Variable, value: Value): void {
    this.#body.push({ kind: 'set', variable, value: like(value, variable) });
  }

  store(cell: Cell, address: Value, value: Expr, offset = 0): void {
    this.#body.push({ kind: 'store', cell, address: index(address), offset, value });
  }

  /** `count` turns; the counters rise side by side. */
  loop<const S extends readonly Start[]>(
    count: Value,
    starts: S,
    body: (...counters: { [I in keyof S]: Variable }) => void,
  ): void {
    const counters = starts.map(([start, step]) => ({
      variable: this.#declare(I32),
      start: index(start),
      step: index(step),
    }));
    const variables = counters.map(({ variable }) => variable) as { [I in keyof S]: Variable };
    this.#body.push({ kind: 'loop', count: index(count), counters, body: this.#block(() => body(...variables)) });
  }

  /** Turns of `block`, the last one shorter. */
  blocks(total: Value, block: number, body: (start: Variable, count: Variable) => void): void {
    const [start, count] = [this.#declare(I32), this.#declare(I32)];
    const inner = this.#block(() => body(start, count));
    this.#body.push({ kind: 'blocks', total: index(total), block, start, count, body: inner });
  }

  if(condition: Expr, then: () => void, otherwise: () => void = () => {}): void {
    this.#body.push({ kind: 'if', condition, body: this.#block(then), otherwise: this.#block(otherwise) });
  }

  call(callee: Func, ...inputs: Value[]): void {
    this.#body.push({ kind: 'call', callee, inputs: inputs.map(index) });
  }

  finish(name: string): Func {
    return { name, parameters: this.parameters, variables: this.#types, body: this.#body };
  }
}

/** A function of `body.length - 1` addresses and numbers. */
export function func(name: string, body: (f: FunctionBuilder, ...parameters: Variable[]) => void): Func {
  const f = new FunctionBuilder(body.length - 1);
  body(f, ...f.parameters);
  return f.finish(name);
}

/** One dimension of a kernel's grid: where its block starts, and how long it is. */
export interface Block {
  readonly start: Variable;
  readonly count: Variable;
}

/** A kernel's parameters by name. */
export const named = <const N extends readonly string[]>(
  names: N,
  parameters: readonly Variable[],
): { readonly [K in N[number]]: Variable } =>
  Object.fromEntries(names.map((name, i) => [name, parameters[i]])) as { readonly [K in N[number]]: Variable };

const kernels = new Map<string, Kernel>();

/**
 * The kernel of a name, built when it is first asked for.
 *
 * @param arity how many addresses and numbers a launch gives
 * @param gridRank how many dimensions its grid has
 */
export function kernel(
  name: string,
  arity: number,
  gridRank: number,
  body: (f: FunctionBuilder, parameters: readonly Variable[], grid: readonly Block[], scratch: Variable) => void,
): Kernel {
  let made = kernels.get(name);
  if (made === undefined) {
    const f = new FunctionBuilder(arity + 2 * gridRank + 1);
    const at = (i: number): Variable => f.parameters[i] as Variable;
    const grid = Array.from({ length: gridRank }, (_, i) => ({
      start: at(arity + 2 * i),
      count: at(arity + 2 * i + 1),
    }));
    body(f, f.parameters.slice(0, arity), grid, at(arity + 2 * gridRank));
    made = { name, entry: f.finish('run'), gridRank };
    kernels.set(name, made);
  }
  return made;
}
