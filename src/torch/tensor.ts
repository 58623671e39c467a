/** torch.Tensor: a core value with PyTorch's names, requires_grad, grad and grad_fn. */

import { reachable, backward as walkBackward } from '../autodiff/backward.js';
import { signature } from '../door/signature.js';
import { RuntimeError, TypeError_ } from '../errors.js';
import { isFloat } from '../shape/dtype.js';
import { show, showShape } from '../shape/shape.js';
import type { Foreign } from '../tensor/foreign.js';
import { type Tensor as CoreTensor, full, Node, op } from '../tensor/tensor.js';
import type { Nested, ReadOptions } from '../tensor/values.js';
import { defaults, type PrintOptions, tensorText } from '../text/torch.js';
import { spread } from './arguments.js';
import { type DType, dtypeOf, Size } from './dtype.js';
import { is_grad_enabled } from './mode.js';
import { gradFnOf, type Row } from './row.js';
import { arithmetic } from './rows/arithmetic.js';
import { structure } from './rows/structure.js';

/** What operators take beside a tensor. */
export type Operand = Foreign | number | boolean;

/** A leaf of a graph: where gradients are kept for its tensor. */
class LeafNode extends Node {
  readonly owner: Tensor;

  constructor(owner: Tensor) {
    super();
    this.owner = owner;
  }
}

/** Tensors that asked to keep the gradient of a node that is no leaf. */
const retained = new WeakMap<Node, Tensor>();

let printOptions: PrintOptions = defaults;

/** Sets what tensors are printed by; see set_printoptions. */
export function usePrintOptions(change: (current: PrintOptions) => PrintOptions): void {
  printOptions = change(printOptions);
}

/** The `<name>` of the operation that made a tensor. */
export class GradFn {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  name(): string {
    return this.#name;
  }

  toString(): string {
    return `<${this.#name}>`;
  }

  __repr__(): string {
    return this.toString();
  }
}

export interface BackwardOptions {
  readonly gradient?: Foreign | null;
  readonly retain_graph?: boolean | null;
  readonly create_graph?: boolean;
  readonly inputs?: Foreign | readonly Foreign[] | null;
}

const readBackward = signature('backward', 'gradient?~ retain_graph?~ create_graph? inputs?~');

export class Tensor implements Foreign {
  #value: CoreTensor;
  readonly #gradFn: string | null;
  #grad: Tensor | null = null;

  /** A tensor of a core value; `gradFn` names the operation that made it, where it was recorded. */
  constructor(value: CoreTensor, gradFn: string | null = null) {
    this.#value = value;
    const rule = value.node?.rule ?? null;
    this.#gradFn = rule === null ? null : (gradFn ?? gradFnOf(rule.name));
  }

  /** The core value; unrecorded inside no_grad. */
  toCore(): CoreTensor {
    return is_grad_enabled() ? this.#value : this.#value.plain;
  }

  fromCore(value: CoreTensor): Tensor {
    return new Tensor(value);
  }

  get shape(): Size {
    return Size.from(this.#value.shape) as Size;
  }

  get dtype(): DType {
    return dtypeOf[this.#value.dtype];
  }

  get ndim(): number {
    return this.#value.shape.length;
  }

  /** Whether gradients are wanted: of leaves by requires_grad_, of results where an operand's are. */
  get requires_grad(): boolean {
    return this.#value.node !== null;
  }

  set requires_grad(value: boolean) {
    this.requires_grad_(value);
  }

  get is_leaf(): boolean {
    return this.#value.node === null || this.#value.node.rule === null;
  }

  get grad_fn(): GradFn | null {
    return this.#gradFn === null ? null : new GradFn(this.#gradFn);
  }

  /** The gradient that backward() has accumulated here, or null. */
  get grad(): Tensor | null {
    return this.#grad;
  }

  set grad(value: Tensor | null) {
    if (value !== null && (!(value instanceof Tensor) || showShape(value.shape) !== showShape(this.shape))) {
      throw new RuntimeError('shape-mismatch', `assigned grad has data of a different size: ${show(value)}`);
    }
    this.#grad = value;
  }

  /** The node of the graph that made this, for autograd. */
  get node(): Node | null {
    return this.#value.node;
  }

  /** Size of one dimension, or the shape. */
  size(): Size;
  size(dim: number): number;
  size(dim?: number): Size | number {
    return dim === undefined ? this.shape : (this.shape.at(dim) as number);
  }

  dim(): number {
    return this.ndim;
  }

  numel(): number {
    return this.#value.size;
  }

  /** Elements as nested lists; int64 as numbers, `{ bigint: true }` for bigints. */
  tolist(options?: ReadOptions): Nested {
    return this.#value.tolist(options);
  }

  /** The one element of a tensor of one. */
  item(options?: ReadOptions): number | boolean | bigint {
    return this.#value.item(options);
  }

  /** The values for the NumPy door and the core; a tensor that requires grad must be detached first. */
  numpy(): CoreTensor {
    if (this.requires_grad && is_grad_enabled()) {
      throw new RuntimeError(
        'bad-call',
        "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.",
      );
    }
    return this.#value.plain;
  }

  /** Wants (or no longer wants) gradients of this leaf. */
  requires_grad_(requires_grad = true): this {
    if (typeof requires_grad !== 'boolean') {
      throw new TypeError_(
        'bad-argument',
        `requires_grad_(): argument 'requires_grad' must be bool, not ${show(requires_grad)}`,
      );
    }
    if (requires_grad === this.requires_grad) return this;
    if (!this.is_leaf) {
      throw new RuntimeError(
        'bad-call',
        'you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a ' +
          "subgraph that doesn't require differentiation use var_no_grad = var.detach().",
      );
    }
    if (requires_grad && !isFloat(this.#value.dtype)) {
      throw new RuntimeError('not-differentiable', 'only Tensors of floating point dtype can require gradients');
    }
    this.#value = requires_grad ? this.#value.recordedAs(new LeafNode(this)) : this.#value.plain;
    return this;
  }

  /** Keeps the gradient of a tensor that is no leaf, too. */
  retain_grad(): void {
    const { node } = this.#value;
    if (node === null) {
      throw new RuntimeError('bad-call', "can't retain_grad on Tensor that has requires_grad=False");
    }
    if (node.rule !== null) retained.set(node, this);
  }

  /** The same values, of which no gradient is taken. */
  detach(): Tensor {
    return new Tensor(this.#value.plain);
  }

  /**
   * Adds to the `grad` of every leaf that this was computed from its gradient by that leaf. Not part of a scalar's call:
   * `gradient`, the upstream gradient of this tensor's shape.
   *
   * @throws RuntimeError for a tensor without a graph, a non-scalar without `gradient`, a graph freed by an earlier call
   */
  backward(gradient?: Foreign | null, retain_graph?: boolean | null, create_graph?: boolean): void;
  backward(options: BackwardOptions): void;
  backward(...args: unknown[]): void {
    runBackward([this], readBackward(args));
  }

  add(other: Operand): Tensor {
    return call(arithmetic.add, [this, other]);
  }

  sub(other: Operand): Tensor {
    return call(arithmetic.sub, [this, other]);
  }

  mul(other: Operand): Tensor {
    return call(arithmetic.mul, [this, other]);
  }

  div(other: Operand): Tensor {
    return call(arithmetic.div, [this, other]);
  }

  pow(exponent: Operand): Tensor {
    return call(arithmetic.pow, [this, exponent]);
  }

  /** `other - this`. */
  rsub(other: Operand): Tensor {
    return call(arithmetic.rsub, [this, other]);
  }

  /** `other / this`. */
  rdiv(other: Operand): Tensor {
    return call(arithmetic.rdiv, [this, other]);
  }

  matmul(other: Foreign): Tensor {
    return call(arithmetic.matmul, [this, other]);
  }

  neg(): Tensor {
    return call(arithmetic.neg, [this]);
  }

  abs(): Tensor {
    return call(arithmetic.abs, [this]);
  }

  exp(): Tensor {
    return call(arithmetic.exp, [this]);
  }

  log(): Tensor {
    return call(arithmetic.log, [this]);
  }

  sqrt(): Tensor {
    return call(arithmetic.sqrt, [this]);
  }

  tanh(): Tensor {
    return call(arithmetic.tanh, [this]);
  }

  sigmoid(): Tensor {
    return call(arithmetic.sigmoid, [this]);
  }

  relu(): Tensor {
    return call(arithmetic.relu, [this]);
  }

  sum(dim?: number | readonly number[] | null, keepdim?: boolean): Tensor;
  sum(options: { dim?: number | readonly number[] | null; keepdim?: boolean; dtype?: DType | string | null }): Tensor;
  sum(...args: unknown[]): Tensor {
    return call(arithmetic.sum, [this, ...args]);
  }

  mean(dim?: number | readonly number[] | null, keepdim?: boolean): Tensor;
  mean(options: { dim?: number | readonly number[] | null; keepdim?: boolean; dtype?: DType | string | null }): Tensor;
  mean(...args: unknown[]): Tensor {
    return call(arithmetic.mean, [this, ...args]);
  }

  view(...shape: number[]): Tensor;
  view(shape: readonly number[]): Tensor;
  view(...shape: unknown[]): Tensor {
    return call(structure.view, [this, spread(shape)]);
  }

  reshape(...shape: number[]): Tensor;
  reshape(shape: readonly number[]): Tensor;
  reshape(...shape: unknown[]): Tensor {
    return call(structure.reshape, [this, spread(shape)]);
  }

  flatten(start_dim?: number, end_dim?: number): Tensor {
    return call(structure.flatten, [this, start_dim, end_dim]);
  }

  flip(...dims: number[]): Tensor;
  flip(dims: readonly number[] | { dims: readonly number[] }): Tensor;
  flip(...dims: unknown[]): Tensor {
    return call(structure.flip, typeof dims[0] === 'number' ? [this, dims] : [this, ...dims]);
  }

  permute(...dims: number[]): Tensor;
  permute(dims: readonly number[] | { dims: readonly number[] }): Tensor;
  permute(...dims: unknown[]): Tensor {
    return call(structure.permute, typeof dims[0] === 'number' ? [this, dims] : [this, ...dims]);
  }

  transpose(dim0: number, dim1: number): Tensor {
    return call(structure.transpose, [this, dim0, dim1]);
  }

  t(): Tensor {
    return call(structure.t, [this]);
  }

  squeeze(dim?: number | readonly number[]): Tensor {
    return call(structure.squeeze, [this, dim]);
  }

  unsqueeze(dim: number): Tensor {
    return call(structure.unsqueeze, [this, dim]);
  }

  expand(...size: number[]): Tensor;
  expand(size: readonly number[]): Tensor;
  expand(...size: unknown[]): Tensor {
    return call(structure.expand, [this, spread(size)]);
  }

  clone(): Tensor {
    return call(structure.clone, [this]);
  }

  /** The same values in another dtype; the tensor itself where it has that dtype already. */
  to(dtype: DType | string): Tensor {
    const converted = call(structure.to, [this, dtype]);
    return converted.dtype === this.dtype ? this : converted;
  }

  float(): Tensor {
    return this.to('float32');
  }

  double(): Tensor {
    return this.to('float64');
  }

  /** Python's text: what print shows. */
  toString(): string {
    return this.__repr__();
  }

  __repr__(): string {
    const { shape, dtype, array } = this.#value;
    const facts = { requiresGrad: this.requires_grad, gradFn: this.#gradFn };
    return tensorText({ shape, dtype, data: array }, facts, printOptions);
  }

  /** Frees the values' memory now; it need not be called. */
  dispose(): void {
    this.#value.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Adds to `grad`, which stays the same tensor. */
  static accumulate(owner: Tensor, gradient: CoreTensor): void {
    if (owner.#grad === null) owner.#grad = new Tensor(gradient.keep());
    else owner.#grad.#value = op.add(owner.#grad.#value, gradient).keep();
  }
}

/** Calls a row: reads the arguments, runs the core, names what was recorded. */
export function call(row: Row, args: readonly unknown[]): Tensor {
  const values = row.read(args);
  const value = row.run(values);
  if (value.node === null) return new Tensor(value);
  return new Tensor(value, typeof row.gradFn === 'string' ? row.gradFn : row.gradFn(values));
}

/** Seeds for roots: what was given, checked, or one for a scalar. */
export function seedsFor(roots: readonly Tensor[], given: readonly unknown[]): CoreTensor[] {
  return roots.map((root, i) => {
    const value = root.toCore();
    if (root.node === null) {
      const message = `element ${i} of tensors does not require grad and does not have a grad_fn`;
      throw new RuntimeError('not-differentiable', message);
    }
    const seed = given[i];
    if (seed === undefined || seed === null) {
      if (value.size === 1) return full(value, 1);
      throw new RuntimeError('not-a-scalar', 'grad can be implicitly created only for scalar outputs');
    }
    if (!(seed instanceof Tensor)) {
      throw new TypeError_('bad-argument', `gradients can be either Tensors or None, but got ${show(seed)}`);
    }
    if (showShape(seed.shape) !== showShape(root.shape)) {
      throw new RuntimeError(
        'shape-mismatch',
        `Mismatch in shape: grad_output[${i}] has a shape of ${seed.shape} and output[${i}] has a shape of ${root.shape}.`,
      );
    }
    return op.convert(seed.toCore(), value.dtype);
  });
}

const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

/** The nodes of tensors that gradients are asked of. */
export function nodesOf(inputs: readonly unknown[]): Node[] {
  return inputs.map((input) => {
    if (!(input instanceof Tensor)) {
      throw new TypeError_('bad-argument', `inputs must be Tensors, not ${show(input)}`);
    }
    if (input.node === null) {
      throw new RuntimeError('not-differentiable', 'One of the differentiated Tensors does not require grad');
    }
    return input.node;
  });
}

/**
 * backward() of one or several tensors: all gradients first, and only then is any of them added to a `grad`.
 *
 * @param values gradients, retain_graph, create_graph, inputs
 */
export function runBackward(roots: readonly Tensor[], values: readonly unknown[]): void {
  const [gradients, retain, create, inputs] = values;
  const seeds = seedsFor(roots, list(gradients));
  const wanted = new Set(nodesOf(list(inputs)));
  const isWanted = (node: Node): boolean => node instanceof LeafNode || retained.has(node);
  const found = walkBackward(
    reachable(roots.map((root) => root.node)),
    roots.map((root) => root.toCore()),
    seeds,
    wanted.size > 0 ? (node) => wanted.has(node) : isWanted,
    { record: create === true, free: (retain ?? create ?? false) !== true },
  );
  for (const [node, gradient] of found) {
    const owner = node instanceof LeafNode ? node.owner : retained.get(node);
    if (owner !== undefined) Tensor.accumulate(owner, gradient);
  }
}
