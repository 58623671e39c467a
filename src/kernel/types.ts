/** The first half of the verifier: every value has the type that its operation gives it, see rules.ts. */

import {
  type Expr,
  type ExprKind,
  type ExprOf,
  type Func,
  functionsOf,
  isIndex,
  type Kernel,
  laneBytes,
  operandsOf,
  type Stmt,
  type StmtKind,
  type StmtOf,
  sameType,
  showType,
  type Type,
  type Variable,
} from './program.js';
import { bytesOf, isCellType, isMask, isOffset, isScalar, rules } from './rules.js';
import { Place, showExpr } from './show.js';

const obeysRule = <K extends ExprKind>(node: ExprOf<K>): boolean => rules[node.kind][1](node);

/** A variable lives from where it is first set to the end of that body, and counters are set by their loop alone. */
class TypeChecker {
  readonly #place: Place;
  readonly #vectorBytes: number;
  #live = new Map<number, 'value' | 'counter'>();

  constructor(place: Place, vectorBytes: number) {
    this.#place = place;
    this.#vectorBytes = vectorBytes;
  }

  function({ parameters, variables, body }: Func): void {
    const isParameter = ({ type, index }: Variable, i: number): boolean => index === i && isIndex(type);
    if (!parameters.every(isParameter))
      this.#place.refuse('its parameters must be scalars of i32 and variables 0, 1, ...');
    for (const type of variables) this.#type(type);
    for (const parameter of parameters) this.#declare(parameter, 'value');
    this.#body(body);
  }

  #type(type: Type): void {
    const [bytes, whole] = [bytesOf(type), this.#vectorBytes];
    if (isScalar(type) || bytes === whole || (bytes === whole / 2 && laneBytes[type.lane] === 4)) return;
    this.#place.refuse(`${showType(type)} is neither a scalar nor a vector of ${whole} bytes (or half, in lanes of 4)`);
  }

  /** The variable as its function declares it. */
  #known({ index, type }: { readonly index: number; readonly type: Type }): void {
    const declared = this.#place.func.variables[index];
    if (declared === undefined) this.#place.refuse(`the function has no variable v${index}`);
    if (!sameType(declared, type)) this.#place.refuse(`v${index} is ${showType(declared)}, not ${showType(type)}`);
  }

  #declare(variable: Variable, as: 'value' | 'counter'): void {
    this.#known(variable);
    const live = this.#live.get(variable.index);
    if (live === 'counter' || (live === 'value' && as === 'counter')) {
      this.#place.refuse(`v${variable.index} is in use; a counter belongs to one loop, which alone sets it`);
    }
    this.#live.set(variable.index, as);
  }

  #expr(node: Expr): void {
    for (const operand of operandsOf(node)) this.#expr(operand);
    this.#type(node.type);
    const [says] = rules[node.kind];
    if (!obeysRule(node)) {
      const types = operandsOf(node).map(({ type }) => showType(type));
      this.#place.refuse(`${showExpr(node)} of (${types.join(', ')}) to ${showType(node.type)}; it takes ${says}`);
    }
    if (node.kind === 'variable') this.#read(node);
  }

  #read(node: ExprOf<'variable'>): void {
    this.#known(node);
    if (!this.#live.has(node.index)) this.#place.refuse(`v${node.index} is read before it is set`);
  }

  #index(what: string, node: Expr): void {
    this.#expr(node);
    if (!isIndex(node.type)) this.#place.refuse(`${what} must be a scalar i32, not ${showType(node.type)}`);
  }

  #body(body: readonly Stmt[], counters: readonly Variable[] = []): void {
    const outer = this.#live;
    this.#live = new Map(outer);
    for (const counter of counters) this.#declare(counter, 'counter');
    this.#place.each(body, (stmt) => this.#stmt(stmt));
    this.#live = outer;
  }

  #stmt<K extends StmtKind>(node: StmtOf<K>): void {
    this.#stmts[node.kind](node);
  }

  readonly #stmts: { readonly [K in StmtKind]: (node: StmtOf<K>) => void } = {
    set: ({ variable, value }) => {
      this.#expr(value);
      this.#declare(variable, 'value');
      if (!sameType(variable.type, value.type)) this.#place.refuse(`the value is ${showType(value.type)}`);
    },
    store: ({ cell, address, offset, value }) => {
      this.#index('an address', address);
      this.#expr(value);
      if (!isOffset(offset))
        this.#place.refuse(`the offset must be a whole number that is not negative, not ${offset}`);
      if (!isCellType(cell, value.type)) this.#place.refuse(`the value is ${showType(value.type)}`);
    },
    loop: ({ count, counters, body }) => {
      this.#index('a count', count);
      for (const { start, step } of counters) {
        this.#index('a start', start);
        this.#index('a step', step);
      }
      this.#body(
        body,
        counters.map(({ variable }) => variable),
      );
    },
    blocks: ({ total, block, start, count, body }) => {
      this.#index('a total', total);
      if (!Number.isInteger(block) || block < 1 || block >= 2 ** 31)
        this.#place.refuse(`a block is 1 or more, not ${block}`);
      this.#body(body, [start, count]);
    },
    if: ({ condition, body, otherwise }) => {
      this.#expr(condition);
      const { type } = condition;
      if (!isMask(type) || !isScalar(type))
        this.#place.refuse(`the condition must be a scalar mask, not ${showType(type)}`);
      this.#body(body);
      this.#body(otherwise);
    },
    call: ({ callee, inputs }) => {
      for (const input of inputs) this.#index('an input', input);
      const arity = callee.parameters.length;
      if (inputs.length !== arity) this.#place.refuse(`${callee.name} takes ${arity} inputs, not ${inputs.length}`);
    },
  };
}

/** Vector sizes that a kernel was found well typed for. */
const accepted = new WeakMap<Kernel, Set<number>>();

/**
 * Checks the types of a kernel: operands and values fit each other, variables are set before they are read, calls give
 * what their callee takes, and vectors have `vectorBytes`.
 *
 * @throws RuntimeError `kernel-invalid` that says which function and statement
 */
export function verifyKernel(kernel: Kernel, vectorBytes: number): void {
  const sizes = accepted.get(kernel) ?? new Set();
  if (sizes.has(vectorBytes)) return;
  const place = new Place(kernel);
  const least = 2 * kernel.gridRank + 1;
  if (kernel.entry.parameters.length < least) {
    place.refuse(`a grid of rank ${kernel.gridRank} and the scratch take ${least} parameters`);
  }
  for (const func of functionsOf(kernel)) place.enter(func, () => new TypeChecker(place, vectorBytes).function(func));
  accepted.set(kernel, sizes.add(vectorBytes));
}
