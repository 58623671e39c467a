/** torch.Tensor: a core value with PyTorch's names, requires_grad, grad and grad_fn. */

import { heldBy } from '../autodiff/backward.js';
import { signature } from '../door/signature.js';
import { RuntimeError, TypeError_ } from '../errors.js';
import { isFloat } from '../shape/dtype.js';
import { sameShape, showShape } from '../shape/shape.js';
import type { Foreign } from '../tensor/foreign.js';
import { type Tensor as CoreTensor, op } from '../tensor/tensor.js';
import type { Nested, ReadOptions } from '../tensor/values.js';
import { inspectByRepr } from '../text/python.js';
import { boolArgument, cName, dimension, scalarName, typeName } from './arguments.js';
import { type DType, dtypeOf, Size } from './dtype.js';
import { type Keeper, LeafNode, retained, runBackward, walkOptions } from './graph.js';
import { enable_grad, is_grad_enabled } from './mode.js';
import { textOf } from './printing.js';
import { RandomMethods } from './random-methods.js';
import { type Composite, GradFn, gradFnOf, type Row } from './row.js';
import { structure } from './rows/structure.js';

export interface BackwardOptions {
  readonly gradient?: Foreign | null;
  readonly retain_graph?: boolean | null;
  readonly create_graph?: boolean;
  readonly inputs?: Foreign | readonly Foreign[] | null;
}

const readBackward = signature('backward', 'gradient?~ retain_graph?~ create_graph? inputs?~');
const readRequiresGrad = signature('requires_grad_', 'requires_grad?');
const readSize = signature('size', 'dim?~');

/** torch.Tensor: a value with PyTorch's methods, and what autograd keeps of it. */
export class Tensor extends RandomMethods implements Foreign, Keeper {
  static {
    inspectByRepr(Tensor.prototype);
  }

  #value: CoreTensor;
  readonly #gradFn: string | null;
  #grad: Tensor | null = null;
  #leaf: LeafNode | null = null;

  /** A tensor of a core value; `gradFn` names the operation that made it, where it was recorded. */
  constructor(value: CoreTensor, gradFn: string | null = null) {
    super();
    this.#value = value;
    const rule = value.node?.rule ?? null;
    this.#gradFn = rule === null ? null : (gradFn ?? gradFnOf(rule.name));
  }

  /** The core value; unrecorded inside no_grad. */
  override toCore(): CoreTensor {
    return is_grad_enabled() ? this.#value : this.#value.plain;
  }

  /** The core value as it was recorded, inside no_grad as well. */
  get recorded(): readonly CoreTensor[] {
    return [this.#value];
  }

  recording<R>(body: () => R): R {
    return enable_grad(body);
  }

  /** A tensor of a core value, named after the primitive that made it. */
  fromCore(value: CoreTensor): Tensor {
    return new Tensor(value);
  }

  /** Sizes of the dimensions. */
  get shape(): Size {
    return Size.from(this.#value.shape) as Size;
  }

  /** The type of the elements. */
  get dtype(): DType {
    return dtypeOf[this.#value.dtype];
  }

  /** Number of dimensions. */
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

  /** Whether nothing was recorded of how this was made: backward() keeps the gradients of leaves. */
  get is_leaf(): boolean {
    return this.#value.node === null || this.#value.node.rule === null;
  }

  /** What made this, where that was recorded. */
  get grad_fn(): GradFn | null {
    return this.#gradFn === null ? null : new GradFn(this.#gradFn);
  }

  /** The gradient that backward() has accumulated here, or null. */
  get grad(): Tensor | null {
    return this.#grad;
  }

  set grad(value: Tensor | null) {
    if (value !== null) {
      checkGrad(this, value);
      kept(value.#value);
    }
    this.#grad = value;
  }

  /** Whether backward() keeps the gradient of this, which is no leaf. */
  get retains_grad(): boolean {
    return !this.is_leaf && this.#value.node !== null && retained.has(this.#value.node);
  }

  /** Size of one dimension, or the shape. */
  size(): Size;
  size(dim: number | { readonly dim: number }): number;
  size(...args: unknown[]): Size | number {
    const [dim] = readSize(args);
    return dim === undefined || dim === null ? this.shape : (this.shape[dimension(dim, this.ndim, 'size')] as number);
  }

  /** Number of dimensions. */
  dim(): number {
    return this.ndim;
  }

  /** Number of elements. */
  nelement(): number {
    return this.#value.size;
  }

  /** Number of elements. */
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
    return this.#value.share(null);
  }

  /** Wants (or no longer wants) gradients of this leaf. */
  requires_grad_(requires_grad?: boolean | { readonly requires_grad?: boolean }): this;
  requires_grad_(...args: unknown[]): this {
    const wanted = boolArgument(readRequiresGrad(args)[0], 'requires_grad_', 'requires_grad', true);
    if (wanted === this.requires_grad) return this;
    if (!this.is_leaf) {
      throw new RuntimeError(
        'bad-call',
        'you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a ' +
          "subgraph that doesn't require differentiation use var_no_grad = var.detach().",
      );
    }
    if (wanted && !isFloat(this.#value.dtype)) {
      throw new RuntimeError('not-differentiable', 'only Tensors of floating point dtype can require gradients');
    }
    if (wanted) this.#leaf ??= new LeafNode(this);
    this.#value = wanted && this.#leaf !== null ? this.#value.recordedAs(this.#leaf) : this.#value.plain;
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
    return new Tensor(this.#value.share(null));
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
    const [gradient, retain, create, inputs] = readBackward(args);
    runBackward([this.#value], gradient, walkOptions(retain, create, 'backward'), keepers(inputs));
  }

  protected override call(row: Row, args: readonly unknown[]): this {
    return call(row, [this, ...args]) as this;
  }

  protected override invoke(f: Row | Composite, args: readonly unknown[]): unknown {
    return invoke(f, args);
  }

  /** Dimensions start_dim to end_dim as one; the tensor itself where these are one already. */
  flatten(start_dim?: number | { start_dim?: number; end_dim?: number }, end_dim?: number): Tensor;
  flatten(...args: unknown[]): Tensor {
    const flat = this.call(structure.flatten, args);
    return flat.ndim === this.ndim ? this : flat;
  }

  /** All dimensions in reverse order. */
  get T(): Tensor {
    return this.permute(this.shape.map((_, axis) => this.ndim - 1 - axis));
  }

  /** The last two dimensions exchanged. */
  get mT(): Tensor {
    if (this.ndim >= 2) return this.transpose(-2, -1);
    const message = `tensor.mT is only supported on matrices or batches of matrices. Got ${this.ndim}-D tensor.`;
    throw new RuntimeError('rank-mismatch', message);
  }

  /** The same values in another dtype, or another tensor's; the tensor itself where it has that dtype already. */
  to(dtype: DType | string | Foreign | { dtype?: DType | string; device?: 'cpu'; copy?: boolean }): Tensor;
  to(target: DType | string | Foreign, options: { copy?: boolean }): Tensor;
  to(device: 'cpu', dtype: DType | string): Tensor;
  to(...args: unknown[]): Tensor {
    const values = structure.to.read([this, ...args]);
    const value = structure.to.run(values);
    return value.dtype === this.#value.dtype && values[3] !== true ? this : resultOf(structure.to, values, value);
  }

  /** As float32. */
  float(): Tensor {
    return this.to('float32');
  }

  /** As float64. */
  double(): Tensor {
    return this.to('float64');
  }

  /** As int32, fractions cut off. */
  int(): Tensor {
    return this.to('int32');
  }

  /** As int64, fractions cut off. */
  long(): Tensor {
    return this.to('int64');
  }

  /** As bool: all but 0 is true. */
  bool(): Tensor {
    return this.to('bool');
  }

  /** The tensor itself: there is no other place. */
  cpu(): this {
    return this;
  }

  /** Python's text: what print shows. */
  override toString(): string {
    return this.__repr__();
  }

  /** What a notebook shows. */
  __repr__(): string {
    return textOf(this.#value, this.#gradFn);
  }

  /** Frees the values' memory now; it need not be called. */
  dispose(): void {
    this.#value.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Another value in place of the one there is. */
  override assign(value: CoreTensor): this {
    this.#value = this.#value.node === null ? value.keep() : value.keep().recordedAs(this.#value.node);
    return this;
  }

  /** Adds to `grad`, if gradients are still wanted: to a new tensor where this is recorded, else to the one there is. */
  accumulate(gradient: CoreTensor, recorded: boolean): void {
    const own = this.#grad;
    if (!this.requires_grad) return;
    if (own === null) this.#grad = new Tensor(kept(gradient), 'CopyBackwards');
    else if (recorded) this.#grad = new Tensor(kept(op.add(own.#value, gradient)));
    else {
      const { node } = own.#value;
      const sum = op.add(own.#value.plain, gradient);
      own.#value = kept(node === null ? sum : sum.recordedAs(node));
    }
  }
}

/** Refuses what can't be a tensor's gradient. */
function checkGrad(owner: Tensor, value: unknown): void {
  if (!(value instanceof Tensor)) {
    const message = `assigned grad expected to be a Tensor or None but got grad of type ${typeName(value)}`;
    throw new TypeError_('bad-argument', message);
  }
  if (value === owner) throw new RuntimeError('bad-argument', "can't assign Variable as its own grad");
  if (!sameShape(owner.shape, value.shape)) {
    throw new RuntimeError(
      'shape-mismatch',
      `attempting to assign a gradient of size '${showShape(value.shape)}' to a tensor of size ` +
        `'${showShape(owner.shape)}'. Please ensure that the gradient and the tensor are the same size`,
    );
  }
  if (owner.dtype !== value.dtype) {
    throw new RuntimeError(
      'dtype-mismatch',
      `attempting to assign a gradient with dtype '${cName[value.dtype.name]}' to a tensor with grad_dtype ` +
        `'${scalarName[owner.dtype.name]}'. The gradient must match the tensor's dtype`,
    );
  }
}

/** What a `grad` is set to outlives every tidy, with all that gradients of it will read. */
function kept(value: CoreTensor): CoreTensor {
  for (const tensor of heldBy(value)) tensor.keep();
  return value;
}

/** Calls a row: reads the arguments, runs the core, names what was recorded. */
export function call(row: Row, args: readonly unknown[]): Tensor {
  const values = row.read(args);
  return resultOf(row, values, row.run(values));
}

/** Calls a row, or a function made of rows. */
export const invoke = (f: Row | Composite, args: readonly unknown[]): unknown =>
  'compute' in f ? f.compute(args, call) : call(f, args);

/** A view that isn't recorded wants gradients still where the tensor does that it is a view of: for itself. */
function resultOf(row: Row, values: readonly unknown[], value: CoreTensor): Tensor {
  if (value.node !== null) return new Tensor(value, typeof row.gradFn === 'string' ? row.gradFn : row.gradFn(values));
  const result = new Tensor(value);
  const [base] = values;
  return row.isView && base instanceof Tensor && base.requires_grad ? result.requires_grad_() : result;
}

/** Tensors that gradients are to be kept of; null: all that want it. */
export function keepers(inputs: unknown): readonly Tensor[] | null {
  if (inputs === undefined || inputs === null) return null;
  const list: readonly unknown[] = Array.isArray(inputs) ? inputs : [inputs];
  return list.map((input) => {
    if (input instanceof Tensor) return input;
    throw new TypeError_(
      'bad-argument',
      `backward(): argument 'inputs' must be Tensor or tuple of Tensors, not ${typeName(input)}`,
    );
  });
}
