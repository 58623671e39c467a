/**
 * The kernel language: a small typed program, as data. Builders (build.ts) make one, the verifier (verify.ts) proves
 * that it stays within its buffers, printers turn it into machine code, and the interpreter (interpret.ts) says what it
 * means.
 *
 * Values are numbers or vectors of them; addresses and counts are i32 scalars, whose arithmetic wraps. A scalar i32
 * variable that takes part in an address is set once: only loops count. That is what makes bounds provable.
 */

/** What a lane of a value holds; m32 and m64 are truth values beside lanes of 32 and 64 bits. */
export type Lane = 'f32' | 'f64' | 'i32' | 'i64' | 'm32' | 'm64';

/** What lies in memory; bytes are i32 lanes (0 to 255) once they are loaded. */
export type Cell = 'f32' | 'f64' | 'i32' | 'i64' | 'u8';

/** `width` lanes; a scalar has one. Lanes of 32 bits may fill half a vector, beside as many of 64 bits. */
export interface Type {
  readonly lane: Lane;
  readonly width: number;
}

export const laneBytes: { readonly [L in Lane]: number } = { f32: 4, f64: 8, i32: 4, i64: 8, m32: 4, m64: 8 };

export const cellBytes: { readonly [C in Cell]: number } = { f32: 4, f64: 8, i32: 4, i64: 8, u8: 1 };

/** The lanes that cells are loaded into. */
export const laneOf: { readonly [C in Cell]: 'f32' | 'f64' | 'i32' | 'i64' } = {
  f32: 'f32',
  f64: 'f64',
  i32: 'i32',
  i64: 'i64',
  u8: 'i32',
};

/** Addresses, counts, sizes. */
export const I32: Type = { lane: 'i32', width: 1 };

export const isIndex = (type: Type): boolean => type.lane === 'i32' && type.width === 1;

export const sameType = (a: Type, b: Type): boolean => a.lane === b.lane && a.width === b.width;

export const showType = ({ lane, width }: Type): string => (width === 1 ? lane : `${lane}x${width}`);

export interface Variable {
  readonly kind: 'variable';
  readonly type: Type;
  /** Which of the function's variables; parameters come first. */
  readonly index: number;
}

export type UnaryOp = 'negate' | 'abs' | 'sqrt' | 'floor' | 'ceil' | 'truncate' | 'nearest' | 'not';

export type BinaryOp =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'remainder'
  | 'minimum'
  | 'maximum'
  | 'and'
  | 'or'
  | 'xor';

/** Shifts are by a scalar i32; `shift_right` keeps the sign. */
export type ShiftOp = 'shift_left' | 'shift_right' | 'shift_right_unsigned';

export type CompareOp = 'EQ' | 'NE' | 'LT' | 'LE' | 'GT' | 'GE';

/** Expressions by kind, without `kind` and `type`, which all have. */
interface Expressions {
  /** One number in every lane; a bigint only in lanes of i64. */
  constant: { readonly value: number | bigint };
  variable: { readonly index: number };
  unary: { readonly op: UnaryOp; readonly a: Expr };
  binary: { readonly op: BinaryOp; readonly a: Expr; readonly b: Expr };
  shift: { readonly op: ShiftOp; readonly a: Expr; readonly by: Expr };
  /** Signed; false beside NaN, but for NE. */
  compare: { readonly op: CompareOp; readonly a: Expr; readonly b: Expr };
  select: { readonly mask: Expr; readonly a: Expr; readonly b: Expr };
  /** a * b + c, rounded once or twice: as the engine does it, but always alike. */
  multiply_add: { readonly a: Expr; readonly b: Expr; readonly c: Expr };
  /** `width` neighbouring cells at `address + offset` bytes. */
  load: { readonly cell: Cell; readonly address: Expr; readonly offset: number };
  splat: { readonly a: Expr };
  /** One lane, as a scalar. */
  extract: { readonly a: Expr; readonly lane: number };
  /** Lanes of a (0 .. width-1) and of b (width .. 2 width-1), in any order. */
  shuffle: { readonly a: Expr; readonly b: Expr; readonly lanes: readonly number[] };
  /** To the nearest number of another lane; a float to an integer is cut off, and kept within its range. */
  convert: { readonly a: Expr };
  /** The same bits in lanes of the same size. */
  bits: { readonly a: Expr };
}

export type ExprKind = keyof Expressions;
export type ExprOf<K extends ExprKind> = { [P in K]: { readonly kind: P; readonly type: Type } & Expressions[P] }[K];
export type Expr = ExprOf<ExprKind>;

type Operands = { readonly [K in ExprKind]: (node: ExprOf<K>) => readonly Expr[] };

const operands: Operands = {
  constant: () => [],
  variable: () => [],
  unary: ({ a }) => [a],
  binary: ({ a, b }) => [a, b],
  shift: ({ a, by }) => [a, by],
  compare: ({ a, b }) => [a, b],
  select: ({ mask, a, b }) => [mask, a, b],
  multiply_add: ({ a, b, c }) => [a, b, c],
  load: ({ address }) => [address],
  splat: ({ a }) => [a],
  extract: ({ a }) => [a],
  shuffle: ({ a, b }) => [a, b],
  convert: ({ a }) => [a],
  bits: ({ a }) => [a],
};

/** What an expression is made of, in the order of evaluation. */
export function operandsOf<K extends ExprKind>(node: ExprOf<K>): readonly Expr[] {
  return operands[node.kind](node);
}

/** How a loop counts: from `start`, `step` more each turn. */
export interface Counter {
  readonly variable: Variable;
  readonly start: Expr;
  readonly step: Expr;
}

interface Statements {
  set: { readonly variable: Variable; readonly value: Expr };
  store: { readonly cell: Cell; readonly address: Expr; readonly offset: number; readonly value: Expr };
  /** `count` turns, none where that is negative. */
  loop: { readonly count: Expr; readonly counters: readonly Counter[]; readonly body: readonly Stmt[] };
  /** Turns of `block`: start = 0, block, 2 block, ... below `total`, count = min(block, total - start). */
  blocks: {
    readonly total: Expr;
    readonly block: number;
    readonly start: Variable;
    readonly count: Variable;
    readonly body: readonly Stmt[];
  };
  if: { readonly condition: Expr; readonly body: readonly Stmt[]; readonly otherwise: readonly Stmt[] };
  call: { readonly callee: Func; readonly inputs: readonly Expr[] };
}

export type StmtKind = keyof Statements;
export type StmtOf<K extends StmtKind> = { [P in K]: { readonly kind: P } & Statements[P] }[K];
export type Stmt = StmtOf<StmtKind>;

/** A function without a result: what it makes, it stores. */
export interface Func {
  readonly name: string;
  readonly parameters: readonly Variable[];
  /** Types of all variables, parameters first. */
  readonly variables: readonly Type[];
  readonly body: readonly Stmt[];
}

/**
 * A kernel: its entry takes the parameters that a launch gives, then start and count of each dimension of the launch's
 * grid, then the address of the thread's own scratch.
 */
export interface Kernel {
  /** What it is specialised to; one kernel a name. */
  readonly name: string;
  readonly entry: Func;
  readonly gridRank: number;
}

/** The functions of a kernel, callees before callers. */
export function functionsOf(kernel: Kernel): Func[] {
  const found = new Set<Func>();
  const visit = (body: readonly Stmt[]): void => {
    for (const stmt of body) {
      if (stmt.kind === 'call') visitFunction(stmt.callee);
      if ('body' in stmt) visit(stmt.body);
      if (stmt.kind === 'if') visit(stmt.otherwise);
    }
  };
  const visitFunction = (func: Func): void => {
    if (found.has(func)) return;
    visit(func.body);
    found.add(func);
  };
  visitFunction(kernel.entry);
  return [...found];
}

const assigned = new WeakMap<readonly Stmt[], readonly number[]>();

/** The scalar i32 variables that a body sets, loops within it included. */
export function assignedIn(body: readonly Stmt[]): readonly number[] {
  let found = assigned.get(body);
  if (found === undefined) {
    found = body.flatMap((stmt) => {
      const inner = 'body' in stmt ? assignedIn(stmt.body) : [];
      if (stmt.kind === 'set') return isIndex(stmt.variable.type) ? [stmt.variable.index] : [];
      if (stmt.kind === 'loop') return [...inner, ...stmt.counters.map(({ variable }) => variable.index)];
      if (stmt.kind === 'blocks') return [...inner, stmt.start.index, stmt.count.index];
      return stmt.kind === 'if' ? [...inner, ...assignedIn(stmt.otherwise)] : inner;
    });
    assigned.set(body, found);
  }
  return found;
}
