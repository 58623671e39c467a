/** Kernel programs in words, for messages. */

import { RuntimeError } from '../errors.js';
import {
  type Expr,
  type ExprKind,
  type ExprOf,
  type Func,
  type Kernel,
  operandsOf,
  type Stmt,
  type StmtKind,
  type StmtOf,
  showType,
} from './program.js';

const signs: { readonly [op: string]: string } = {
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
  remainder: '%',
};

const plus = (offset: number): string => (offset === 0 ? '' : ` + ${offset}`);

const call = (name: string, operands: readonly Expr[]): string =>
  `${name}(${operands.map((node) => textOf(node)).join(', ')})`;

const infix = (op: string, a: Expr, b: Expr): string => {
  const sign = signs[op];
  return sign === undefined ? call(op, [a, b]) : `(${textOf(a)} ${sign} ${textOf(b)})`;
};

type Show = { readonly [K in ExprKind]?: (node: ExprOf<K>) => string };

/** Where the name of the kind and the operands do not say all. */
const shows: Show = {
  constant: ({ value }) => String(value),
  variable: ({ index }) => `v${index}`,
  unary: ({ op, a }) => call(op, [a]),
  binary: ({ op, a, b }) => infix(op, a, b),
  shift: ({ op, a, by }) => call(op, [a, by]),
  compare: ({ op, a, b }) => call(op, [a, b]),
  load: ({ cell, address, offset }) => `load ${cell} at ${textOf(address)}${plus(offset)}`,
  extract: ({ a, lane }) => `${textOf(a)}[${lane}]`,
};

function textOf<K extends ExprKind>(node: ExprOf<K>): string {
  const show: Show[K] = shows[node.kind];
  return show === undefined ? call(`${node.kind} ${showType(node.type)}`, operandsOf(node)) : show(node);
}

const short = (text: string): string => (text.length > 100 ? `${text.slice(0, 97)}...` : text);

/** An expression, cut off where it is long; v3 is variable 3 of its function, parameters being the first. */
export const showExpr = (node: Expr): string => short(textOf(node));

const stmts: { readonly [K in StmtKind]: (node: StmtOf<K>) => string } = {
  set: ({ variable, value }) => `v${variable.index} = ${textOf(value)}`,
  store: ({ cell, address, offset }) => `store ${cell} at ${textOf(address)}${plus(offset)}`,
  loop: ({ count }) => `loop of ${textOf(count)}`,
  blocks: ({ total, block }) => `blocks of ${block} of ${textOf(total)}`,
  if: ({ condition }) => `if ${textOf(condition)}`,
  call: ({ callee, inputs }) => call(`call ${callee.name}`, inputs),
};

/** A statement's first line, cut off where it is long. */
export function showStmt<K extends StmtKind>(node: StmtOf<K>): string {
  return short(stmts[node.kind](node));
}

/** Where a check of a kernel has come to: a function, and a statement of it, as 2.1 is the first in the second's body. */
export class Place {
  readonly #kernel: Kernel;
  #func: Func;
  #path: number[] = [];
  #stmt: Stmt | undefined;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#func = kernel.entry;
  }

  /** The function that it is in. */
  get func(): Func {
    return this.#func;
  }

  /** Goes through a body. */
  each(body: readonly Stmt[], visit: (stmt: Stmt) => void): void {
    const path = this.#path;
    const depth = path.length;
    for (let i = 0; i < body.length; i++) {
      const stmt = body[i] as Stmt;
      path.length = depth;
      path.push(i + 1);
      this.#stmt = stmt;
      visit(stmt);
    }
    path.length = depth;
  }

  /** Goes into another function, and comes back. */
  enter(func: Func, visit: () => void): void {
    const outer = [this.#func, this.#path, this.#stmt] as const;
    [this.#func, this.#path, this.#stmt] = [func, [], undefined];
    visit();
    [this.#func, this.#path, this.#stmt] = outer;
  }

  /** @throws RuntimeError that says where and what */
  refuse(what: string): never {
    const stmt = this.#stmt === undefined ? '' : `, statement ${this.#path.join('.')}, ${showStmt(this.#stmt)}`;
    throw new RuntimeError(
      'kernel-invalid',
      `kernel ${this.#kernel.name}, function ${this.#func.name}${stmt}: ${what}`,
    );
  }
}
