/** What a traced function takes and gives: tensors, in lists and plain objects, beside values that stay what they are. */

import { TypeError_, ValueError } from '../errors.js';
import type { Typed } from '../ops/primitive.js';
import { sameShape, show } from '../shape/shape.js';
import { type Foreign, isForeign } from '../tensor/foreign.js';
import { asTensor, type Tensor, type TensorLike, withoutElements } from '../tensor/tensor.js';

/** A tensor of a class; `door` makes arrays of its door of core tensors. Numbers that made one have neither. */
interface TensorTree {
  readonly kind: 'tensor';
  readonly type: Typed;
  readonly maker: unknown;
  readonly door: Foreign | null;
}

/** The structure of a value: whatever is of the same structure differs in the elements of its tensors alone. */
export type Tree =
  | TensorTree
  | { readonly kind: 'list'; readonly items: readonly Tree[] }
  | { readonly kind: 'object'; readonly names: readonly string[]; readonly items: readonly Tree[] }
  | { readonly kind: 'static'; readonly value: unknown };

/** The deepest nesting of lists and objects. */
const mostDepth = 64;

const isPlainObject = (value: unknown): value is { readonly [name: string]: unknown } => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** Whether a list holds numbers alone, in lists as deep as you like: such an argument makes a tensor. */
const isNumeric = (value: unknown, depth = 0): boolean =>
  Array.isArray(value)
    ? depth < mostDepth && value.every((item) => isNumeric(item, depth + 1))
    : typeof value === 'number' || typeof value === 'bigint';

/** Where a value stands: as an argument, in one, or in a result. */
export type Standing = 'argument' | 'within' | 'result';

/** What becomes a tensor without being one: lists of numbers that are arguments, as grad has it, and typed arrays. */
const makesTensor = (value: unknown, standing: Standing): value is TensorLike =>
  ArrayBuffer.isView(value)
    ? standing !== 'result'
    : standing === 'argument' && Array.isArray(value) && isNumeric(value);

/** Whether a value stays what it is: then it is part of the structure. */
const isStatic = (value: unknown): boolean => typeof value !== 'object' || value === null;

/**
 * The structure of a value; its tensors are appended to `leaves`.
 *
 * @param name what errors call it
 * @throws TypeError_ for an object that is neither a tensor nor plain, ValueError for endless nesting
 */
export function treeOf(value: unknown, leaves: Tensor[], name: string, standing: Standing, depth = 0): Tree {
  if (isForeign(value)) {
    const core = value.toCore();
    leaves.push(core);
    const type = { shape: core.shape, dtype: core.dtype };
    return { kind: 'tensor', type, maker: value.constructor, door: value.fromCore(withoutElements(core.plain)) };
  }
  if (makesTensor(value, standing)) {
    const core = asTensor(value, name);
    leaves.push(core);
    return { kind: 'tensor', type: { shape: core.shape, dtype: core.dtype }, maker: null, door: null };
  }
  if (depth === mostDepth) {
    const message = `${name} has lists and objects nested more than ${mostDepth} deep, or one that contains itself`;
    throw new ValueError('too-large', message);
  }
  const inner = standing === 'argument' ? 'within' : standing;
  const treeIn = (item: unknown): Tree => treeOf(item, leaves, name, inner, depth + 1);
  if (Array.isArray(value)) return { kind: 'list', items: value.map(treeIn) };
  if (isPlainObject(value)) {
    return { kind: 'object', names: Object.keys(value), items: Object.values(value).map(treeIn) };
  }
  if (isStatic(value)) return { kind: 'static', value };
  throw new TypeError_(
    'bad-argument',
    `${name} is or holds ${show(value)}: with jit, functions take and give tensors, lists and plain objects of them, ` +
      'strings, booleans and null; whatever else a function needs it can use from outside',
  );
}

/** The tensor that a value is or makes, if that fits; null if not. */
function leafOf({ door, maker, type }: TensorTree, value: unknown, standing: Standing): Tensor | null {
  let core: Tensor | null = null;
  if (isForeign(value)) core = door !== null && value.constructor === maker ? value.toCore() : null;
  else if (door === null && makesTensor(value, standing)) core = asTensor(value);
  return core !== null && core.dtype === type.dtype && sameShape(core.shape, type.shape) ? core : null;
}

/** Whether a value has the structure; its tensors are appended to `leaves`. */
export function matches(tree: Tree, value: unknown, leaves: Tensor[], standing: Standing): boolean {
  if (tree.kind === 'tensor') {
    const leaf = leafOf(tree, value, standing);
    if (leaf !== null) leaves.push(leaf);
    return leaf !== null;
  }
  if (tree.kind === 'static') return Object.is(tree.value, value);
  const { items } = tree;
  if (tree.kind === 'list') {
    if (!Array.isArray(value) || value.length !== items.length) return false;
    return items.every((item, i) => matches(item, value[i], leaves, 'within'));
  }
  if (!isPlainObject(value)) return false;
  const names = Object.keys(value);
  if (names.length !== items.length) return false;
  return items.every(
    (item, i) => names[i] === tree.names[i] && matches(item, value[names[i] as string], leaves, 'within'),
  );
}

/** A value of the structure, with tensors as `next` gives them, in the arrays of their doors. */
export function build(tree: Tree, next: () => Tensor): unknown {
  if (tree.kind === 'tensor') return tree.door === null ? next() : tree.door.fromCore(next());
  if (tree.kind === 'static') return tree.value;
  if (tree.kind === 'list') return tree.items.map((item) => build(item, next));
  return Object.fromEntries(tree.items.map((item, i) => [tree.names[i], build(item, next)]));
}

/** Runs a function that is to be differentiated in the modes that the doors of some structures want for that. */
export function recordingIn<R>(trees: readonly Tree[], body: () => R): R {
  const doors = new Map(trees.flatMap(doorsIn).map((door) => [door.constructor, door]));
  let run = body;
  for (const door of doors.values()) {
    const inner = run;
    run = () => (door.recording === undefined ? inner() : door.recording(inner));
  }
  return run();
}

const doorsIn = (tree: Tree): Foreign[] => {
  if (tree.kind === 'tensor') return tree.door === null ? [] : [tree.door];
  return tree.kind === 'static' ? [] : tree.items.flatMap(doorsIn);
};
