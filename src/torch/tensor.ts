/** torch.Tensor: a core value with PyTorch's names, requires_grad, grad and grad_fn. */

import { heldBy } from '../autodiff/backward.js';
import { ArrayValue } from '../door/array-text.js';
import { signature } from '../door/signature.js';
import { lend } from '../door/storage.js';
import { IndexError, RuntimeError, TypeError_ } from '../errors.js';
import { sameShape, showShape } from '../shape/shape.js';
import type { Foreign } from '../tensor/foreign.js';
import { type Tensor as CoreTensor, op } from '../tensor/tensor.js';
import type { Nested, ReadOptions } from '../tensor/values.js';
import { inspectByRepr } from '../text/python.js';
import { cName, dimension, scalarName, typeName, wrongType } from './arguments.js';
import type { DType, Size } from './dtype.js';
import { type Keeper, retained, runBackward, walkOptions } from './graph.js';
import { added, checkHook, hookOn, type RemovableHandle } from './hooks.js';
import { enable_grad, is_grad_enabled } from './mode.js';
import { textOf } from './printing.js';
import { type Composite, gradientNameOf, type Row } from './row.js';
import { structure } from './rows/structure.js';
import { bufferOf, Shown, viewBy, writeBy } from './shown.js';

export interface BackwardOptions {
  readonly gradient?: Foreign | null;
  readonly retain_graph?: boolean | null;
  readonly create_graph?: boolean;
  readonly inputs?: Foreign | readonly Foreign[] | null;
}

const readBackward = signature('backward', 'gradient?~ retain_graph?~ create_graph? inputs?~');
const readSize = signature('size', 'dim?~');

/** torch.Tensor: a value with PyTorch's methods, and what autograd keeps of it. */
export class Tensor extends Shown implements Foreign, Keeper {
  static {
    inspectByRepr(Tensor.prototype);
  }

  #grad: Tensor | null = null;
  /** Called when a gradient was added; made when first asked for. */
  #called: ((tensor: Tensor) => void)[] | null = null;

  /** A tensor of a core value; `gradFn` names the operation that made it, where it was recorded. */
  constructor(value: CoreTensor, gradFn: string | null = null) {
    super(value, gradFn);
  }

  protected override get itself(): this {
    return this;
  }

  protected override made(value: CoreTensor, gradFn: string | null = null): Tensor {
    return new Tensor(value, gradFn);
  }

  recording<R>(body: () => R): R {
    return enable_grad(body);
  }

  /** A tensor of a core value, named after the primitive that made it. */
  fromCore(value: CoreTensor): Tensor {
    return new Tensor(value);
  }

  /** The gradient that backward() has accumulated here, or null. */
  get grad(): Tensor | null {
    return this.#grad;
  }

  set grad(value: Tensor | null) {
    if (value !== null) {
      checkGrad(this, value);
      kept(value.now());
    }
    this.#grad = value;
  }

  /** Whether backward() keeps the gradient of this, which is no leaf. */
  get retains_grad(): boolean {
    const { node } = this.now();
    return node !== null && node.rule !== null && retained.has(node);
  }

  /** Size of one dimension, or the shape. */
  size(): Size;
  size(dim: number | { readonly dim: number }): number;
  size(...args: unknown[]): Size | number {
    const [dim] = readSize(args);
    if (dim === undefined || dim === null) return this.shape;
    const size = this.shape[dimension(dim, this.ndim, 'size')];
    if (size !== undefined) return size;
    throw new IndexError('rank-mismatch', `Dimension specified as ${String(dim)} but tensor has no dimensions`);
  }

  /** Number of dimensions. */
  dim(): number {
    return this.ndim;
  }

  /** Number of elements. */
  nelement(): number {
    return this.toCore().size;
  }

  /** Number of elements. */
  numel(): number {
    return this.toCore().size;
  }

  /** Elements as nested lists; int64 as numbers, `{ bigint: true }` for bigints. */
  tolist(options?: ReadOptions): Nested {
    return this.now().tolist(options);
  }

  /** The one element of a tensor of one: a number, or `item<boolean>()`, or `item<bigint>({ bigint: true })`. */
  item<T extends number | boolean | bigint = number>(options?: ReadOptions): T {
    return this.now().item<T>(options);
  }

  /**
   * The values for the core, which never change, and for the NumPy door, whose np.asarray of them shows what is written
   * into this; a tensor that requires grad must be detached first.
   */
  numpy(): CoreTensor {
    if (this.requires_grad && is_grad_enabled()) {
      throw new RuntimeError(
        'bad-call',
        "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.",
      );
    }
    return lend(this.now().share(null, ArrayValue), () => this.place());
  }

  /**
   * Has a function called with the gradient by this, each time there is one; what it gives, if anything, takes the
   * gradient's place.
   *
   * @returns a handle, whose `remove()` takes the hook away
   * @throws RuntimeError for a tensor that doesn't require grad
   * @example
   * const x = torch.tensor([1, 2], { requires_grad: true });
   * const handle = x.register_hook((grad) => grad.mul(2));
   * torch.autograd.grad(x.sum(), x) // (tensor([2., 2.]),)
   */
  register_hook(hook: (grad: Tensor) => Tensor | null): RemovableHandle;
  register_hook(hook: (grad: Tensor) => void): RemovableHandle;
  register_hook(hook: (grad: Tensor) => unknown): RemovableHandle {
    checkHook(hook, 'register_hook');
    const { node } = this.now();
    if (node === null) throw noHook();
    return hookOn(node, hook, (gradient) => new Tensor(gradient, gradientNameOf(gradient)));
  }

  /**
   * Has a function called with this leaf after its `grad` was added to.
   *
   * @throws RuntimeError for a tensor that doesn't require grad, or is no leaf
   */
  register_post_accumulate_grad_hook(hook: (tensor: Tensor) => void): RemovableHandle {
    checkHook(hook, 'register_post_accumulate_grad_hook');
    if (!this.requires_grad) throw noHook();
    if (!this.is_leaf) {
      const message = 'post accumulate grad hooks cannot be registered on non-leaf tensors';
      throw new RuntimeError('bad-call', message);
    }
    this.#called ??= [];
    return added(this.#called, hook);
  }

  /** Keeps the gradient of a tensor that is no leaf, too. */
  retain_grad(): void {
    const { node } = this.now();
    if (node === null) {
      throw new RuntimeError('bad-call', "can't retain_grad on Tensor that has requires_grad=False");
    }
    if (node.rule !== null) retained.set(node, this);
  }

  /**
   * Adds to the `grad` of every leaf that this was computed from its gradient by that leaf. Not part of a scalar's call:
   * `gradient`, the upstream gradient of this tensor's shape.
   *
   * @throws RuntimeError for a tensor without a graph, a non-scalar without `gradient`, a graph freed by an earlier call
   */
  backward(gradient?: Foreign | null, retain_graph?: boolean | null, create_graph?: boolean): void;
  backward(options: BackwardOptions): void;
  backward(gradient: Foreign | null, options: Omit<BackwardOptions, 'gradient'>): void;
  backward(...args: unknown[]): void {
    const [gradient, retain, create, inputs] = readBackward(args);
    runBackward([this.now()], gradient, walkOptions(retain, create, 'backward'), keepers(inputs));
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
    if (this.ndim === 0) return this;
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
    return value.dtype === this.toCore().dtype && values[3] !== true ? this : resultOf(structure.to, values, value);
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
    return textOf(this.now(), this.grad_fn?.name() ?? null);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Adds to `grad`, if gradients are still wanted: to a new tensor where this is recorded, else to the one there is. */
  accumulate(gradient: CoreTensor, recorded: boolean): void {
    const own = this.#grad;
    if (!this.requires_grad) return;
    if (own === null) this.#grad = new Tensor(kept(gradient), 'CopyBackwards');
    else if (recorded) this.#grad = new Tensor(kept(op.add(own.now(), gradient)));
    else own.assign(op.add(own.now().plain, gradient));
    if (this.#called !== null) for (const hook of [...this.#called]) hook(this);
  }
}

const noHook = (): RuntimeError =>
  new RuntimeError('bad-call', "cannot register a hook on a tensor that doesn't require gradient");

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
  return row.isView && values[0] instanceof Tensor
    ? viewBy(values[0], row, values)
    : resultOf(row, values, row.run(values));
}

/** Calls a row, or a function made of rows. */
export const invoke = (f: Row | Composite, args: readonly unknown[]): unknown =>
  'compute' in f ? f.compute(args, call) : call(f, args);

/** Calls a row whose result takes the place of its first operand's elements: gives that. */
export function written(row: Row, values: readonly unknown[]): Tensor {
  const [target, ...others] = values;
  if (!(target instanceof Tensor)) throw wrongType(row.name, 'input', 'Tensor', target, 'it is written in place');
  writeBy(target, row, others);
  return target;
}

/** A row's result; one that has an operand's own elements must not change with it. */
function resultOf(row: Row, values: readonly unknown[], value: CoreTensor): Tensor {
  const [first] = values;
  if (first instanceof Tensor && bufferOf(first) === value.buffer) value.buffer.hold();
  if (value.node === null) return new Tensor(value);
  return new Tensor(value, typeof row.gradFn === 'string' ? row.gradFn : row.gradFn(values));
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
