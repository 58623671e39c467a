/**
 * What a kernel means: the language's definition, run on plain memory. Each operation on f32 rounds once (multiply_add
 * twice), integers wrap, minimum and maximum of NaN are NaN, and a quotient or remainder of integers by 0 is 0.
 */

import { RuntimeError } from '../errors.js';
import {
  applyBinary,
  applyCompare,
  applyShift,
  applyUnary,
  bitsAs,
  convert,
  fit,
  memory,
  type Scalar,
} from './lanes.js';
import { type Argument, type Blocks, blockCount, type Launch } from './launch.js';
import {
  cellBytes,
  type Expr,
  type ExprKind,
  type ExprOf,
  type Func,
  type Stmt,
  type StmtKind,
  type StmtOf,
} from './program.js';

type Lanes = readonly Scalar[];

/** Where each buffer begins: at multiples of 64 bytes, with as many to spare, the first after 1024. */
export function addressesOf(sizes: readonly number[]): number[] {
  let next = 1024;
  return sizes.map((size) => {
    const at = next;
    next += (Math.ceil(size / 64) + 1) * 64;
    return at;
  });
}

class Interpreter {
  readonly #buffers: readonly DataView[];
  readonly #addresses: readonly number[];
  #values: Lanes[] = [];

  constructor(buffers: readonly Uint8Array[]) {
    this.#buffers = buffers.map(({ buffer, byteOffset, byteLength }) => new DataView(buffer, byteOffset, byteLength));
    this.#addresses = addressesOf(buffers.map(({ byteLength }) => byteLength));
  }

  call({ body }: Func, inputs: readonly Scalar[]): void {
    const outer = this.#values;
    this.#values = inputs.map((input) => [input]);
    this.#body(body);
    this.#values = outer;
  }

  /** The buffer in which `bytes` bytes are, and where. Addresses have no sign, and offsets don't wrap. */
  #at(node: Expr, offset: number, bytes: number): readonly [DataView, number] {
    const address = (this.#number(node) >>> 0) + offset;
    const start = (i: number): number => address - (this.#addresses[i] as number);
    const i = this.#buffers.findIndex(({ byteLength }, i) => start(i) >= 0 && start(i) + bytes <= byteLength);
    const buffer = this.#buffers[i];
    if (buffer === undefined) throw new RuntimeError('kernel-invalid', `${bytes} bytes at ${address} are in no buffer`);
    return [buffer, start(i)];
  }

  #expr<K extends ExprKind>(node: ExprOf<K>): Lanes {
    return this.#exprs[node.kind](node);
  }

  #number(node: Expr): number {
    return Number(this.#expr(node)[0]);
  }

  readonly #exprs: { readonly [K in ExprKind]: (node: ExprOf<K>) => Lanes } = {
    constant: ({ type, value }) => new Array<Scalar>(type.width).fill(fit[type.lane](value)),
    variable: ({ index }) => this.#values[index] as Lanes,
    unary: ({ type, op, a }) => this.#expr(a).map((x) => applyUnary(op, type.lane, x)),
    binary: ({ type, op, a, b }) => this.#pairs(a, b, (x, y) => applyBinary(op, type.lane, x, y)),
    shift: ({ type, op, a, by }) => {
      const value = this.#expr(a);
      const amount = this.#number(by);
      return value.map((x) => applyShift(op, type.lane, x, amount));
    },
    compare: ({ op, a, b }) => this.#pairs(a, b, (x, y) => applyCompare(op, x, y)),
    select: ({ mask, a, b }) => {
      const masks = this.#expr(mask);
      const [left, right] = [this.#expr(a), this.#expr(b)];
      return masks.map((m, i) => (m ? left[i] : right[i]) as Scalar);
    },
    multiply_add: ({ type, a, b, c }) => {
      const products = this.#pairs(a, b, (x, y) => fit[type.lane](Number(x) * Number(y)));
      return this.#expr(c).map((z, i) => fit[type.lane](Number(products[i]) + Number(z)));
    },
    load: ({ type, cell, address, offset }) => {
      const [view, at] = this.#at(address, offset, type.width * cellBytes[cell]);
      return Array.from({ length: type.width }, (_, i) => memory[cell].get(view, at + i * cellBytes[cell]));
    },
    splat: ({ type, a }) => new Array<Scalar>(type.width).fill(this.#expr(a)[0] as Scalar),
    extract: ({ a, lane }) => [this.#expr(a)[lane] as Scalar],
    shuffle: ({ a, b, lanes }) => {
      const all = [...this.#expr(a), ...this.#expr(b)];
      return lanes.map((lane) => all[lane] as Scalar);
    },
    convert: ({ type, a }) => this.#expr(a).map((x) => convert(x, a.type.lane, type.lane)),
    bits: ({ type, a }) => this.#expr(a).map((x) => bitsAs(x, a.type.lane, type.lane)),
  };

  #pairs(a: Expr, b: Expr, f: (x: Scalar, y: Scalar) => Scalar): Lanes {
    const [left, right] = [this.#expr(a), this.#expr(b)];
    return left.map((x, i) => f(x, right[i] as Scalar));
  }

  #body(body: readonly Stmt[]): void {
    for (const stmt of body) this.#stmt(stmt);
  }

  #stmt<K extends StmtKind>(node: StmtOf<K>): void {
    this.#stmts[node.kind](node);
  }

  readonly #stmts: { readonly [K in StmtKind]: (node: StmtOf<K>) => void } = {
    set: ({ variable, value }) => {
      this.#values[variable.index] = this.#expr(value);
    },
    store: ({ cell, address, offset, value }) => {
      const lanes = this.#expr(value);
      const [view, at] = this.#at(address, offset, lanes.length * cellBytes[cell]);
      lanes.forEach((x, i) => {
        memory[cell].set(view, at + i * cellBytes[cell], x);
      });
    },
    loop: ({ count, counters, body }) => {
      for (const { variable, start } of counters) this.#values[variable.index] = this.#expr(start);
      for (let left = this.#number(count); left > 0; left--) {
        this.#body(body);
        for (const { variable, step } of counters) {
          this.#values[variable.index] = [(this.#number(variable) + this.#number(step)) | 0];
        }
      }
    },
    blocks: ({ total, block, start, count, body }) => {
      const all = this.#number(total);
      for (let at = 0; at < all; at += block) {
        this.#values[start.index] = [at];
        this.#values[count.index] = [Math.min(block, all - at)];
        this.#body(body);
      }
    },
    if: ({ condition, body, otherwise }) => this.#body(this.#number(condition) ? body : otherwise),
    call: ({ callee, inputs }) =>
      this.call(
        callee,
        inputs.map((input) => this.#number(input)),
      ),
  };
}

/** Start and count of each dimension, for a task: the last dimension runs fastest. */
function taskOf(grid: readonly Blocks[], task: number): number[] {
  return grid
    .toReversed()
    .flatMap((blocks) => {
      const start = (task % blockCount(blocks)) * blocks.block;
      task = Math.floor(task / blockCount(blocks));
      return [Math.min(blocks.block, blocks.total - start), start];
    })
    .reverse();
}

/**
 * Runs a launch.
 *
 * @param buffers the plan's buffers, and one more as scratch where the launch wants it; kernels see them at addressesOf
 * @param order the tasks in the order to run them in; without it, one after the other
 * @throws RuntimeError `kernel-invalid` where the kernel leaves its buffers
 */
export function interpretLaunch(launch: Launch, buffers: readonly Uint8Array[], order?: readonly number[]): void {
  const { kernel, args, grid, scratchBytes } = launch;
  const addresses = addressesOf(buffers.map(({ byteLength }) => byteLength));
  const resolve = (arg: Argument): number =>
    typeof arg === 'number' ? arg : (addresses[arg.buffer] as number) + arg.offset;
  const scratch = scratchBytes > 0 ? (addresses.at(-1) as number) : 0;
  const tasks = grid.reduce((product, blocks) => product * blockCount(blocks), 1);
  const interpreter = new Interpreter(buffers);
  for (const task of order ?? Array.from({ length: tasks }, (_, i) => i)) {
    interpreter.call(kernel.entry, [...args.map(resolve), ...taskOf(grid, task), scratch]);
  }
}
