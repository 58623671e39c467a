/** torch.autograd.Function: functions with a gradient of their own, as classes. */

import { checkFresh } from '../autodiff/stale.js';
import { NotImplementedError, RuntimeError, TypeError_ } from '../errors.js';
import { broadcastShapes, type Shape, sameShape, showShape } from '../shape/shape.js';
import { type Foreign, isForeign } from '../tensor/foreign.js';
import { type Tensor as CoreTensor, full, Node, op, type Rule, withoutElements } from '../tensor/tensor.js';
import { Tuple } from '../text/python.js';
import { typeName } from './arguments.js';
import { is_grad_enabled, no_grad } from './mode.js';
import { recordAs } from './shown.js';
import { Tensor } from './tensor.js';

/** What `forward` tells `backward`. Other properties may be set on it at will. */
export class FunctionCtx {
  [name: string]: unknown;
  /** Whether each argument of `apply` is a tensor that requires grad. */
  readonly needs_input_grad: Tuple<boolean>;
  #saved: readonly (Tensor | null)[] = [];
  #values: readonly (CoreTensor | null)[] = [];
  #fixed: ReadonlySet<unknown> = new Set();
  #dirty: ReadonlySet<unknown> = new Set();
  #materializes = true;
  #released = false;

  constructor(args: readonly unknown[]) {
    this.needs_input_grad = Tuple.from(args, (arg) => arg instanceof Tensor && arg.requires_grad) as Tuple<boolean>;
  }

  /**
   * Keeps inputs and outputs for `backward`; who changes one in place before that is told.
   *
   * @throws TypeError_ for what is neither a tensor nor null
   */
  save_for_backward(...tensors: (Tensor | null)[]): void {
    tensors.forEach((tensor, i) => {
      if (tensor instanceof Tensor || tensor === null) return;
      const message = `save_for_backward can only save variables, but argument ${i} is of type ${typeName(tensor)}`;
      throw new TypeError_('bad-argument', message);
    });
    this.#saved = tensors;
  }

  /**
   * What save_for_backward was given.
   *
   * @throws RuntimeError for one that was changed in place since, or where the graph was freed
   */
  get saved_tensors(): Tuple<Tensor> {
    if (this.#released) {
      throw new RuntimeError(
        'graph-freed',
        'Trying to backward through the graph a second time (or directly access saved tensors after they have already ' +
          'been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). ' +
          'Specify retain_graph=True if you need to backward through the graph a second time or if you need to access ' +
          'saved tensors after calling backward.',
      );
    }
    for (const value of this.#values) if (value !== null) checkFresh(value);
    return Tuple.from(this.#saved) as Tuple<Tensor>;
  }

  /** Outputs that have no gradient. */
  mark_non_differentiable(...outputs: Tensor[]): void {
    this.#fixed = new Set(outputs);
  }

  /** Inputs that `forward` has changed in place, and returns. */
  mark_dirty(...inputs: Tensor[]): void {
    this.#dirty = new Set(inputs);
  }

  /** Whether `backward` is given zeros for outputs that nothing was computed from (so at first), or null. */
  set_materialize_grads(value: boolean): void {
    this.#materializes = value;
  }

  get materializes(): boolean {
    return this.#materializes;
  }

  isFixed(output: unknown): boolean {
    return this.#fixed.has(output);
  }

  isDirty(input: unknown): boolean {
    return this.#dirty.has(input);
  }

  /** What was saved is as it is now. */
  seal(): void {
    this.#values = this.#saved.map((tensor) => tensor?.recorded[0] ?? null);
  }

  /** Lets go of what was saved; says whether there was any. */
  release(): boolean {
    this.#released = this.#saved.length > 0;
    this.#saved = [];
    this.#values = [];
    return this.#released;
  }
}

/** The static side of a class that extends torch.autograd.Function. */
interface FunctionClass<R> {
  readonly name: string;
  forward(...args: never[]): R;
  backward(...args: never[]): unknown;
  setup_context(...args: never[]): unknown;
}

/** A call of a custom function, as the engine sees it. */
class FunctionNode extends Node {
  readonly ctx: FunctionCtx;

  constructor(rule: Rule, inputs: readonly CoreTensor[], ctx: FunctionCtx) {
    super(rule, undefined, inputs);
    this.ctx = ctx;
  }

  override free(): void {
    if (this.ctx.release()) this.freed = true;
  }
}

const isExpandable = (from: Shape, to: Shape): boolean => sameShape(broadcastShapes(from, to) ?? [-1], to);

/** What `backward` gave for a tensor argument, in its shape and dtype. */
function gradientFor(given: Foreign, { shape, dtype }: CoreTensor, position: number, name: string): CoreTensor {
  const gradient = given.toCore();
  if (sameShape(gradient.shape, shape)) return op.convert(gradient, dtype).share();
  if (!isExpandable(shape, gradient.shape)) {
    throw new RuntimeError(
      'shape-mismatch',
      `Function ${name} returned an invalid gradient at index ${position} - got ${showShape(gradient.shape)} but expected ` +
        `shape compatible with ${showShape(shape)}`,
    );
  }
  const lead = gradient.shape.length - shape.length;
  const repeated = gradient.shape.flatMap((size, axis) => (axis < lead || shape[axis - lead] !== size ? [axis] : []));
  return op.convert(op.reshape(op.reduce_sum(gradient, repeated), shape), dtype);
}

/** The gradients that `backward` returned, one a tensor argument; null: none. */
function gradientsOf(
  returned: unknown,
  args: readonly unknown[],
  inputs: readonly CoreTensor[],
  name: string,
): (CoreTensor | null)[] {
  const list: unknown[] = Array.isArray(returned) ? [...returned] : [returned];
  while (list.length > args.length && (list.at(-1) === null || list.at(-1) === undefined)) list.pop();
  if (list.length !== args.length) {
    throw new RuntimeError(
      'bad-argument',
      `function ${name} returned an incorrect number of gradients (expected ${args.length}, got ${list.length})`,
    );
  }
  let next = 0;
  return args.flatMap((arg, i): (CoreTensor | null)[] => {
    const given = list[i] ?? null;
    if (!(arg instanceof Tensor)) {
      if (given === null) return [];
      throw new RuntimeError(
        'bad-argument',
        `function ${name} returned a gradient different than None at position ${i + 1}, but the corresponding forward ` +
          'input was not a Variable',
      );
    }
    const input = inputs[next++] as CoreTensor;
    if (given === null) return [null];
    if (!isForeign(given)) {
      throw new RuntimeError('bad-argument', `expected Variable or None (got ${typeName(given)})`);
    }
    return [input.node === null ? null : gradientFor(given, input, i, name)];
  });
}

/** A recorded call: its node, and where the gradients by several outputs wait for one another. */
class Recorded {
  readonly name: string;
  readonly #owner: FunctionClass<unknown>;
  readonly #ctx: FunctionCtx;
  readonly #args: readonly unknown[];
  readonly #inputs: readonly CoreTensor[];
  readonly #node: FunctionNode;
  /** Shapes and dtypes of the outputs; null: of what is no tensor. */
  #outputs: readonly (CoreTensor | null)[] = [];
  #only = -1;
  #arrived: CoreTensor[] = [];
  #last: { readonly gradient: CoreTensor; readonly given: readonly (CoreTensor | null)[] } | null = null;

  constructor(
    owner: FunctionClass<unknown>,
    ctx: FunctionCtx,
    args: readonly unknown[],
    inputs: readonly CoreTensor[],
  ) {
    this.name = `${owner.name}Backward`;
    this.#owner = owner;
    this.#ctx = ctx;
    this.#args = args;
    this.#inputs = inputs;
    const rule: Rule = {
      name: 'custom_function',
      saves: 'nothing',
      vjp: ({ gradient }, argument) => this.#gradients(gradient)[argument] ?? null,
    };
    this.#node = new FunctionNode(rule, inputs, ctx);
    this.#node.label = this.name;
  }

  /**
   * Nodes of the outputs that are differentiable: of one, the call itself; of several, each passes on its part.
   *
   * @param outputs null for what is no tensor
   */
  nodes(outputs: readonly (CoreTensor | null)[], isDifferentiable: (i: number) => boolean): (Node | null)[] {
    this.#outputs = outputs.map((output) => output && withoutElements(output));
    const differentiable = outputs.map((output, i) => (output !== null && isDifferentiable(i) ? output : null));
    const node = this.#node;
    if (differentiable.filter((output) => output !== null).length === 1) {
      this.#only = differentiable.findIndex((output) => output !== null);
      return differentiable.map((output) => this.#with(node, output));
    }
    const token = full({ shape: [], dtype: 'float32' }, 0);
    node.output = token;
    return differentiable.map((output, i) => {
      if (output === null) return null;
      const pass: Rule = {
        name: 'custom_function',
        saves: 'nothing',
        vjp: ({ gradient }) => {
          this.#arrived[i] = gradient;
          return full(token, 0);
        },
      };
      return this.#with(new Node(pass, undefined, [token.recordedAs(node)]), output);
    });
  }

  #with(node: Node, output: CoreTensor | null): Node | null {
    if (output === null) return null;
    node.output = withoutElements(output);
    node.label = this.name;
    return node;
  }

  /** The gradients by the inputs: all at once, though the engine asks for one after the other. */
  #gradients(gradient: CoreTensor): readonly (CoreTensor | null)[] {
    if (this.#last?.gradient === gradient) return this.#last.given;
    if (this.#only >= 0) this.#arrived[this.#only] = gradient;
    const arrived = this.#arrived;
    this.#arrived = [];
    const grads = this.#outputs.map((output, i) => {
      const given = arrived[i];
      if (given !== undefined) return new Tensor(given.share());
      return this.#ctx.materializes && output !== null ? new Tensor(full(output, 0)) : null;
    });
    const returned: unknown = Reflect.apply(this.#owner.backward, this.#owner, [this.#ctx, ...grads]);
    const given = gradientsOf(returned, this.#args, this.#inputs, this.name);
    this.#last = { gradient, given };
    return given;
  }
}

/** A tensor that `forward` returned, as one of its own: not an input, nor a view. */
function ownOutput(output: unknown, args: readonly unknown[], ctx: FunctionCtx): unknown {
  if (!(output instanceof Tensor) || ctx.isDirty(output)) return output;
  return args.includes(output) || output._is_view() ? new Tensor(output.detach().toCore().share(null)) : output;
}

function applied<R>(this: FunctionClass<R>, ...args: unknown[]): R {
  const ctx = new FunctionCtx(args);
  const inputs = args.flatMap((arg) => (arg instanceof Tensor ? [withoutElements(arg.recorded[0] as CoreTensor)] : []));
  const isRecorded = is_grad_enabled() && inputs.some((input) => input.node !== null);
  const hasSetup = this.setup_context !== CustomFunction.setup_context;
  const result: unknown = no_grad(() => {
    const output: unknown = Reflect.apply(this.forward, this, hasSetup ? args : [ctx, ...args]);
    if (hasSetup) Reflect.apply(this.setup_context, this, [ctx, args, output]);
    return output;
  });
  if (!isRecorded) return result as R;
  const outputs = (Array.isArray(result) ? result : [result]).map((output) => ownOutput(output, args, ctx));
  checkDirty(outputs, ctx);
  const cores = outputs.map((output) => (output instanceof Tensor ? (output.recorded[0] as CoreTensor).plain : null));
  const nodes = new Recorded(this, ctx, args, inputs).nodes(cores, (i) => {
    const output = outputs[i];
    return output instanceof Tensor && output.dtype.is_floating_point && !ctx.isFixed(output);
  });
  nodes.forEach((node, i) => {
    const output = outputs[i];
    if (node !== null && output instanceof Tensor) recordAs(output, node);
  });
  ctx.seal();
  return (Array.isArray(result) ? Tuple.from(outputs) : outputs[0]) as R;
}

/**
 * torch.autograd.Function: a class with static `forward(ctx, ...)` and `backward(ctx, ...grads)`, called as
 * `X.apply(...)`. `forward` runs unrecorded; `backward` is given a gradient for each output, and gives one for each
 * argument, null for none. Written in functions of torch, `backward` can be differentiated again. With a static
 * `setup_context(ctx, inputs, output)`, `forward` is given no ctx.
 *
 * @example
 * class Square extends torch.autograd.Function {
 *   static forward(ctx: FunctionCtx, x: Tensor) {
 *     ctx.save_for_backward(x);
 *     return x.mul(x);
 *   }
 *   static backward(ctx: FunctionCtx, grad: Tensor) {
 *     const [x] = ctx.saved_tensors;
 *     return grad.mul(2).mul(x);
 *   }
 * }
 */
export class CustomFunction {
  /** The value; to be written by who extends this class. */
  static forward(..._args: never[]): unknown {
    throw new NotImplementedError(
      'not-implemented',
      'You must implement the forward function for custom autograd.Function.',
    );
  }

  /** The gradients by the arguments, given those by the outputs. */
  static backward(..._args: never[]): unknown {
    throw new NotImplementedError(
      'not-implemented',
      'You must implement either the backward or vjp method for your custom autograd.Function to use it with backward ' +
        'mode AD.',
    );
  }

  /** Where it is written: sets ctx, given the inputs and the output of a `forward` without one. */
  static setup_context(..._args: never[]): unknown {
    throw new NotImplementedError('not-implemented', 'setup_context is not implemented.');
  }

  /**
   * Calls `forward`, and records `backward`.
   *
   * @throws RuntimeError later, in the walk back, for gradients that don't fit the arguments
   */
  static readonly apply: <R>(this: FunctionClass<R>, ...args: unknown[]) => R = applied;

  constructor() {
    throw new RuntimeError(
      'bad-call',
      'Legacy autograd function with non-static forward method is deprecated. Please use new-style autograd function ' +
        'with static forward method.',
    );
  }
}

function checkDirty(outputs: readonly unknown[], ctx: FunctionCtx): void {
  for (const output of outputs) {
    if (!(output instanceof Tensor) || !ctx.isDirty(output) || !output.requires_grad || !output.is_leaf) continue;
    const message = 'a leaf Variable that requires grad has been used in an in-place operation.';
    throw new RuntimeError('bad-call', message);
  }
}

/**
 * torch.autograd.function.once_differentiable: a `backward` whose results can't be differentiated again.
 */
export function once_differentiable<A extends unknown[], R>(backward: (...args: A) => R): (...args: A) => R {
  return function (this: unknown, ...args: A): R {
    const outputs = no_grad(() => Reflect.apply(backward, this, args));
    const isRecorded = is_grad_enabled() && args.some((arg) => arg instanceof Tensor && arg.requires_grad);
    if (!isRecorded) return outputs;
    const rule: Rule = {
      name: 'once_differentiable',
      saves: 'nothing',
      vjp() {
        const message = 'trying to differentiate twice a function that was marked with @once_differentiable';
        throw new RuntimeError('not-differentiable', message);
      },
    };
    const inputs = args.flatMap((arg) =>
      arg instanceof Tensor ? [withoutElements(arg.recorded[0] as CoreTensor)] : [],
    );
    for (const output of Array.isArray(outputs) ? outputs : [outputs]) {
      if (!(output instanceof Tensor) || !output.dtype.is_floating_point) continue;
      const node = new Node(rule, undefined, inputs);
      node.output = withoutElements(output.toCore());
      node.label = 'DelayedErrorBackward';
      recordAs(output, node);
    }
    return outputs;
  };
}
