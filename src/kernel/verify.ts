/**
 * The second half of the verifier: no kernel reads or writes outside its buffers. It runs a launch on intervals in place
 * of numbers. Arguments and the grid's sizes are known, so only loops make intervals wide: a counter stands anywhere
 * between its first and its last value. Blocks are gone through twice, for the whole ones and for the shorter last one,
 * so that both have exact bounds.
 */

import {
  add,
  binaryRules,
  blocksOf,
  exactly,
  gridOf,
  holding,
  type Interval,
  interval,
  join,
  magnitude,
  multiply,
  NONE,
  opposite,
  shiftRules,
  signed,
  subtract,
  unknown,
} from './interval.js';
import type { Argument, Launch, Region } from './launch.js';
import {
  assignedIn,
  cellBytes,
  type Expr,
  type ExprKind,
  type ExprOf,
  isIndex,
  operandsOf,
  type Stmt,
  type StmtKind,
  type StmtOf,
} from './program.js';
import { Place, showExpr } from './show.js';

export { verifyKernel } from './types.js';

const byte = interval(0, 255);

class BoundsChecker {
  readonly #place: Place;
  readonly #regions: readonly Region[];
  /** What each variable of the function holds, those that are no scalars of i32 aside. */
  #values: Interval[];

  constructor(place: Place, regions: readonly Region[], values: Interval[]) {
    this.#place = place;
    this.#regions = regions;
    this.#values = values;
  }

  /** All that a scalar of i32 can be; of other values, only their loads matter. */
  #expr<K extends ExprKind>(node: ExprOf<K>): Interval {
    const known = this.#exprs[node.kind];
    if (known !== undefined) return known(node);
    for (const operand of operandsOf(node)) this.#expr(operand);
    return unknown;
  }

  readonly #exprs: { readonly [K in ExprKind]?: (node: ExprOf<K>) => Interval } = {
    constant: ({ type, value }) => (isIndex(type) ? exactly(Number(value) | 0) : unknown),
    variable: ({ index }) => this.#values[index] ?? unknown,
    unary: ({ type, op, a }) => {
      const value = this.#expr(a);
      if (!isIndex(type)) return unknown;
      if (op === 'negate') return subtract(exactly(0), value);
      return op === 'not' ? subtract(exactly(-1), value) : magnitude(value);
    },
    binary: ({ type, op, a, b }) => {
      const [left, right] = [this.#expr(a), this.#expr(b)];
      return isIndex(type) ? binaryRules[op](left, right) : unknown;
    },
    shift: ({ type, op, a, by }) => {
      const [value, bits] = [this.#expr(a), this.#expr(by)];
      return isIndex(type) ? shiftRules[op](value, bits) : unknown;
    },
    select: ({ type, mask, a, b }) => {
      this.#expr(mask);
      const [left, right] = [this.#expr(a), this.#expr(b)];
      return isIndex(type) ? join(left, right) : unknown;
    },
    load: ({ type, cell, address, offset }) => {
      const at = this.#access(address, offset, type.width * cellBytes[cell]);
      if (!isIndex(type)) return unknown;
      if (cell === 'u8') return byte;
      const values = this.#regions[at.region]?.values;
      return values !== undefined && at.multiple % 4 === 0 && offset % 4 === 0 ? interval(...values) : unknown;
    },
  };

  /** The address of an access that stays within its region. */
  #access(address: Expr, offset: number, bytes: number): Interval {
    const at = this.#expr(address);
    const region = this.#regions[at.region];
    if (region === undefined) this.#place.refuse(`${showExpr(address)} is not known to be an address within a buffer`);
    const end = at.hi + offset + bytes;
    if (at.lo >= 0 && end <= region.bytes) return at;
    const name = at.region === this.#regions.length - 1 ? 'the scratch' : `buffer ${at.region}`;
    const what = `${showExpr(address)} is byte ${at.lo} to ${at.hi} of ${name}`;
    return this.#place.refuse(`${what}; ${bytes} bytes ${offset} after it end at ${end} of ${region.bytes}`);
  }

  #forget(variables: readonly number[]): void {
    for (const index of variables) this.#values[index] = unknown;
  }

  body(body: readonly Stmt[]): void {
    this.#place.each(body, (stmt) => this.#stmt(stmt));
  }

  #stmt<K extends StmtKind>(node: StmtOf<K>): void {
    this.#stmts[node.kind](node);
  }

  readonly #stmts: { readonly [K in StmtKind]: (node: StmtOf<K>) => void } = {
    set: ({ variable, value }) => {
      const known = this.#expr(value);
      if (isIndex(variable.type)) this.#values[variable.index] = known;
    },
    store: ({ cell, address, offset, value }) => {
      this.#expr(value);
      const { region } = this.#access(address, offset, value.type.width * cellBytes[cell]);
      if (this.#regions[region]?.values !== undefined)
        this.#place.refuse(`buffer ${region} is a table, which nothing writes`);
    },
    loop: (node) => this.#loop(node),
    blocks: ({ total, block, start, count, body }) => {
      for (const [starts, counts] of blocksOf(this.#expr(total), block)) {
        this.#forget(assignedIn(body));
        this.#values[start.index] = starts;
        this.#values[count.index] = counts;
        this.body(body);
      }
      this.#forget(assignedIn(body));
    },
    if: ({ condition, body, otherwise }) => {
      this.#expr(condition);
      this.#branch(condition, true, body);
      this.#branch(condition, false, otherwise);
      this.#forget(assignedIn(body));
      this.#forget(assignedIn(otherwise));
    },
    call: ({ callee, inputs }) => {
      const values = inputs.map((input) => this.#expr(input));
      this.#place.enter(callee, () => this.#with(values, () => this.body(callee.body)));
    },
  };

  /** Steps are worked out anew each turn, so what the body sets must be forgotten before. */
  #loop({ count, counters, body }: StmtOf<'loop'>): void {
    const starts = counters.map(({ start }) => this.#expr(start));
    const { hi } = signed(this.#expr(count));
    this.#forget(assignedIn(body));
    if (hi > 0) {
      const turns = interval(0, hi - 1);
      const rises = counters.map(({ step }) => multiply(turns, this.#expr(step)));
      counters.forEach(({ variable }, i) => {
        this.#values[variable.index] = add(starts[i] ?? unknown, rises[i] ?? unknown);
      });
      this.body(body);
    }
    this.#forget(assignedIn(body));
  }

  /** A branch that can be taken, with what its condition says of variables. */
  #branch(condition: Expr, truth: boolean, body: readonly Stmt[]): void {
    this.#with(this.#values.slice(), () => {
      if (body.length > 0 && this.#assume(condition, truth)) this.body(body);
    });
  }

  /** Does something with other values of variables. */
  #with(values: Interval[], visit: () => void): void {
    const outer = this.#values;
    this.#values = values;
    visit();
    this.#values = outer;
  }

  /** Narrows variables to where a mask has the given truth; false where it can't have it. */
  #assume(mask: Expr, truth: boolean): boolean {
    if (mask.kind === 'unary') return this.#assume(mask.a, !truth);
    if (mask.kind === 'binary' && mask.op === (truth ? 'and' : 'or')) {
      return this.#assume(mask.a, truth) && this.#assume(mask.b, truth);
    }
    if (mask.kind !== 'compare' || !isIndex(mask.a.type)) return true;
    const op = truth ? mask.op : opposite[mask.op];
    const [a, b] = holding(op, signed(this.#expr(mask.a)), signed(this.#expr(mask.b)));
    return this.#narrow(mask.a, ...a) && this.#narrow(mask.b, ...b);
  }

  /** lo <= a <= hi, as a signed number. Of a sum that does not wrap, it follows for both operands. */
  #narrow(a: Expr, lo: number, hi: number): boolean {
    const known = this.#expr(a);
    const { lo: least, hi: most, multiple } = signed(known);
    [lo, hi] = [Math.max(lo, least), Math.min(hi, most)];
    if (lo > hi) return false;
    if (known.region !== NONE) return true;
    if (a.kind === 'variable') this.#values[a.index] = interval(lo, hi, multiple);
    if (a.kind !== 'binary' || a.op !== 'add' || known !== signed(known)) return true;
    const [left, right] = [this.#expr(a.a), this.#expr(a.b)];
    if (left !== signed(left) || right !== signed(right)) return true;
    return this.#narrow(a.a, lo - right.hi, hi - right.lo) && this.#narrow(a.b, lo - left.hi, hi - left.lo);
  }
}

function argument(place: Place, arg: Argument, regions: readonly Region[]): Interval {
  if (typeof arg === 'number') {
    const fits = Number.isInteger(arg) && arg >= -(2 ** 31) && arg < 2 ** 32;
    return fits ? exactly(arg | 0) : place.refuse(`an argument of ${arg} is no whole number of 32 bits`);
  }
  const { buffer, offset } = arg;
  if (regions[buffer] === undefined) place.refuse(`there is no buffer ${buffer}, but ${regions.length}`);
  if (!Number.isInteger(offset)) place.refuse(`an address ${offset} bytes into buffer ${buffer} is no whole number`);
  return exactly(offset, buffer);
}

const isCount = (value: number, least: number): boolean => Number.isInteger(value) && value >= least && value < 2 ** 31;

/**
 * Proves that all tasks of a launch stay within their buffers. Of buffers it is taken for granted that each begins at a
 * multiple of 4 bytes, and that none overlaps a table (a region with `values`); tables are never written. The kernel
 * must be one that verifyKernel accepts.
 *
 * @param regions the plan's buffers; scratch is one more, of the launch's `scratchBytes`
 * @throws RuntimeError `kernel-invalid` that says which function, statement and buffer, and which bytes of it
 */
export function verifyLaunch({ kernel, args, grid, scratchBytes }: Launch, regions: readonly Region[]): void {
  const place = new Place(kernel);
  const arity = kernel.entry.parameters.length - 2 * kernel.gridRank - 1;
  if (args.length !== arity) place.refuse(`it takes ${arity} arguments, not ${args.length}`);
  if (grid.length !== kernel.gridRank) place.refuse(`its grid has rank ${kernel.gridRank}, not ${grid.length}`);
  if (!grid.every(({ total, block }) => isCount(total, 0) && isCount(block, 1))) {
    place.refuse(`a grid counts whole numbers below 2^31, in blocks of 1 or more; not ${JSON.stringify(grid)}`);
  }
  const given = args.map((arg) => argument(place, arg, regions));
  const scratch = exactly(0, regions.length);
  const all = [...regions, { bytes: scratchBytes }];
  for (const blocks of gridOf(grid)) {
    new BoundsChecker(place, all, [...given, ...blocks, scratch]).body(kernel.entry.body);
  }
}
