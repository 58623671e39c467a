/** jit: a function of tensors, traced once for all arguments of the same shapes, and run as one program. */

import { TypeError_ } from '../errors.js';
import { show } from '../shape/shape.js';
import type { Foreign } from '../tensor/foreign.js';
import type { Tensor, TensorLike } from '../tensor/tensor.js';
import { tracer } from '../tensor/tracer.js';
import { Compiled } from './compiled.js';
import type { Flat } from './derivative.js';
import { build, matches, recordingIn, type Tree, treeOf } from './tree.js';

/** How many combinations of shapes and values a function is kept for; those least lately used go. */
const mostKept = 64;

/** A function for arguments of one structure. */
interface Specialised {
  readonly trees: readonly Tree[];
  readonly compiled: Compiled;
  /** The structure of what it returns, once that is known. */
  result: Tree | null;
}

/**
 * What a jitted function takes: where the function takes a tensor, whatever makes one. A list of numbers would become a
 * tensor, so a function that wants the list itself takes it within an object.
 */
type Given<A extends readonly unknown[]> = {
  readonly [K in keyof A]: A[K] extends Foreign ? MakesTensor : A[K] extends readonly number[] ? never : A[K];
};

/** What an argument that is to be a tensor may be. A plain number stays one. */
type MakesTensor = Exclude<TensorLike, number | bigint | boolean>;

export interface Jitted<A extends readonly unknown[], R> {
  (...args: A): R;
  /** How often the function was run to be traced. */
  readonly traces: number;
}

type Plain = (...args: unknown[]) => unknown;

/** Cores out of a list, one after the other. */
function taking(list: readonly Tensor[]): () => Tensor {
  let i = 0;
  return () => list[i++] as Tensor;
}

/** A function, specialised for each structure of arguments. */
class Specialisations {
  readonly #f: Plain;
  readonly #list: Specialised[] = [];
  traces = 0;

  constructor(f: Plain) {
    this.#f = f;
  }

  call(args: readonly unknown[]): unknown {
    const leaves: Tensor[] = [];
    if (tracer !== null) {
      const trees = args.map((value, i) => treeOf(value, leaves, `argument ${i}`, 'argument'));
      return this.#f(...this.#rebuilt(trees, leaves));
    }
    const known = this.#find(args, leaves);
    const special = known ?? this.#make(args, leaves);
    const results = special.compiled.call(leaves);
    // Only what could be traced is kept.
    if (known === undefined) this.#keep(special);
    return build(special.result as Tree, taking(results));
  }

  #keep(special: Specialised): void {
    this.#list.unshift(special);
    if (this.#list.length > mostKept) this.#list.pop();
  }

  #find(args: readonly unknown[], leaves: Tensor[]): Specialised | undefined {
    const list = this.#list;
    for (let i = 0; i < list.length; i++) {
      const special = list[i] as Specialised;
      if (!hasStructure(special.trees, args, leaves)) continue;
      if (i > 0) {
        list.splice(i, 1);
        list.unshift(special);
      }
      return special;
    }
    return undefined;
  }

  #make(args: readonly unknown[], leaves: Tensor[]): Specialised {
    leaves.length = 0;
    const trees = args.map((value, i) => treeOf(value, leaves, `argument ${i}`, 'argument'));
    const flat: Flat = (tensors) => {
      this.traces++;
      const given = this.#f(...this.#rebuilt(trees, tensors));
      const results: Tensor[] = [];
      special.result = treeOf(given, results, "the function's result", 'result');
      return results;
    };
    const recorded: Flat = (tensors) => recordingIn(trees, () => flat(tensors));
    const special: Specialised = { trees, compiled: new Compiled(flat, leaves.map(typeOf), recorded), result: null };
    return special;
  }

  #rebuilt(trees: readonly Tree[], leaves: readonly Tensor[]): unknown[] {
    const next = taking(leaves);
    return trees.map((tree) => build(tree, next));
  }
}

const typeOf = ({ shape, dtype }: Tensor) => ({ shape, dtype });

function hasStructure(trees: readonly Tree[], args: readonly unknown[], leaves: Tensor[]): boolean {
  leaves.length = 0;
  if (trees.length !== args.length) return false;
  for (let i = 0; i < trees.length; i++) {
    if (!matches(trees[i] as Tree, args[i], leaves, 'argument')) return false;
  }
  return true;
}

/**
 * The same function, faster: at the first call for arguments of some shapes and dtypes `f` is run once on tensors without
 * elements, which tells all its operations; what is computed twice or not needed is left out, elementwise operations
 * become one, and temporary values share one block of memory. From then on this runs, and no more of `f`. The numbers
 * are those of `f` itself, bit for bit. It can be differentiated (grad, vjp, jvp, ..., to every order), and be used in
 * functions that are differentiated or traced.
 *
 * Arguments and results are tensors of the core or of a door, or lists and plain objects of them; lists of numbers
 * become tensors where they are arguments. Numbers, strings, booleans, null and functions, and lists within objects, are
 * taken as they are: for other ones `f` is traced again (a number that changes often is better a tensor). What `f` uses from outside is a constant, as it was
 * when `f` was traced, and so is a random number; what else it does beside its result is done then, and then only.
 *
 * @returns a function of the same arguments; its `traces` says how often `f` was run
 * @throws TypeError_ for what is no function; when called, RuntimeError 'traced' where `f` reads elements, or uses a
 * tensor from outside that gradients are taken by
 * @example
 * const f = jit((x, w) => conv(x, w).mul(2).add(1));
 * f([[[1, 2, 3]]], [[[1, 1]]]).tolist() // [[[7, 11]]]
 * f([[[4, 5, 6]]], [[[1, 1]]]).tolist() // [[[19, 23]]]
 * f.traces // 1
 */
export function jit<R, T extends Foreign = Tensor>(f: (...args: T[]) => R): Jitted<MakesTensor[], R>;
export function jit<A extends readonly unknown[], R>(f: (...args: A) => R): Jitted<Given<A>, R>;
export function jit(f: Plain): Jitted<unknown[], unknown> {
  if (typeof f !== 'function') throw new TypeError_('bad-argument', `jit takes a function, not ${show(f)}`);
  const special = new Specialisations(f);
  const jitted = (...args: unknown[]): unknown => special.call(args);
  return Object.defineProperty(jitted, 'traces', { get: () => special.traces }) as Jitted<unknown[], unknown>;
}
