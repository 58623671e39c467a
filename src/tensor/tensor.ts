/** Tensors: immutable values, what is recorded of how they were made, and the one place where primitives are applied. */

// Symbol.dispose, for users whose own target is older.
/// <reference lib="esnext.disposable" preserve="true" />

import type { Convolution } from '../conv/convolution.js';
import { ValueError } from '../errors.js';
import { heap } from '../heap/heap.js';
import { axesOf, type BinaryName, broadcastBinary, matmul, mean } from '../ops/composite.js';
import { compute } from '../ops/compute.js';
import {
  type Allocate,
  type Call,
  type Direction,
  type DotParams,
  NONE,
  type Operand,
  type Ops,
  type PadParams,
  type Primitive,
  type SliceParams,
  type Typed,
  type WindowParams,
} from '../ops/primitive.js';
import { table } from '../ops/table.js';
import { type DType, isFloat, type TypedArray } from '../shape/dtype.js';
import { promoteTorch, type Strength } from '../shape/promotion.js';
import { checkFields, checkShape, type Shape, showShape, sizeOf } from '../shape/shape.js';
import { inspectByRepr } from '../text/python.js';
import { tensorText } from '../text/torch.js';
import { Buffer, kept } from './buffer.js';
import { type Foreign, isForeign } from './foreign.js';
import { tracer } from './tracer.js';
import {
  checkDType,
  checkTypedArray,
  type Nested,
  onlyElement,
  parseNested,
  type ReadOptions,
  toNested,
  writeElements,
} from './values.js';

/** What a tensor without elements has, where only its shape and its history matter. */
const NO_ELEMENTS = new Buffer(null);

let sequence = 0;

/** What the engine needs to know of an operation to send a gradient through it; every primitive is one. */
export interface Rule {
  readonly name: string;
  readonly saves: Primitive<unknown>['saves'];
  vjp(call: Call<Tensor, unknown>, argument: number, op: Ops<Tensor>): Tensor | null;
}

/** How a tensor was made: an operation, its operands and parameters. A node without a rule is a leaf. */
export class Node {
  /** Rises with every node made, so that operands come before results. */
  readonly sequence: number = sequence++;
  readonly rule: Rule | null;
  readonly params: unknown;
  readonly inputs: readonly Tensor[];
  output: Tensor | null = null;
  /** The elements that the gradient rule needs were given back. */
  freed = false;
  /** What a door calls it. */
  label: string | null = null;
  /** Called with the gradient by the result, once that is whole; what they give, if anything, takes its place. */
  hooks: ((gradient: Tensor) => Tensor | null)[] | null = null;

  constructor(rule: Rule | null = null, params: unknown = NONE, inputs: readonly Tensor[] = []) {
    this.rule = rule;
    this.params = params;
    this.inputs = inputs;
  }

  /** Lets go of the elements that were saved for the gradient rule; edges to other nodes stay. */
  free(): void {
    const { rule } = this;
    if (rule === null || rule.saves === 'nothing') return;
    if (savesInputs(rule)) for (const input of this.inputs) input.dispose();
    if (savesOutput(rule)) this.output?.dispose();
    this.freed = true;
  }
}

/**
 * Whose elements a value has, where these can change in place: as of which version, and which it is now. Who differs
 * has become stale.
 */
export interface Origin {
  readonly version: number;
  /** `name`: of the operation that the array is recorded from now. */
  readonly counter: { readonly version: number; readonly name: string | null };
  /** It is a view: taken from the array again, since that was written. */
  readonly isView: boolean;
}

/** An immutable N-D array of one dtype. With a `node`, it is recorded: part of what a gradient can be taken of. */
export class Tensor implements Operand, Foreign {
  static {
    inspectByRepr(Tensor.prototype);
  }

  readonly shape: Shape;
  readonly dtype: DType;
  readonly node: Node | null;
  #buffer: Buffer;
  /** Of this tensor and all that share its value; none of them keeps another, nor its graph. */
  #shared: { origin: Origin | null } | null;

  constructor(
    shape: Shape,
    dtype: DType,
    buffer: Buffer,
    node: Node | null = null,
    shared: { origin: Origin | null } | null = null,
  ) {
    this.shape = shape;
    this.dtype = dtype;
    this.#buffer = buffer;
    this.node = node;
    this.#shared = shared;
  }

  /** Set by a door whose arrays change in place; those that share this value have it too. */
  get origin(): Origin | null {
    return this.#shared?.origin ?? null;
  }

  set origin(value: Origin | null) {
    this.#shared ??= { origin: null };
    this.#shared.origin = value;
  }

  get buffer(): Buffer {
    return this.#buffer;
  }

  /** The elements themselves, in row-major order; never to be written. */
  get array(): TypedArray {
    return this.#buffer.array;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** The same value, unrecorded: borrowed, and so never to be disposed of (that is `share`'s). */
  get plain(): Tensor {
    return this.node === null ? this : new Tensor(this.shape, this.dtype, this.#buffer);
  }

  /** The elements, as PyTorch prints them. */
  toString(): string {
    return this.__repr__();
  }

  __repr__(): string {
    return tensorText({ shape: this.shape, dtype: this.dtype, data: this.array });
  }

  /** A copy of the elements, as a typed array. */
  get data(): TypedArray {
    return this.array.slice();
  }

  /** The elements as nested lists (int64 as numbers; `{ bigint: true }` for bigints); a scalar as itself. */
  tolist(options?: ReadOptions): Nested {
    return toNested(this, options);
  }

  /**
   * The one element of a tensor of one; otherwise a RuntimeError. The caller knows what it is: a number, unless it says
   * `item<boolean>()` or `item<bigint>({ bigint: true })`.
   */
  item<T extends number | boolean | bigint = number>(options?: ReadOptions): T {
    return onlyElement(this, options) as T;
  }

  add(other: TensorLike): Tensor {
    return arithmetic('add', this, other);
  }

  sub(other: TensorLike): Tensor {
    return arithmetic('subtract', this, other);
  }

  mul(other: TensorLike): Tensor {
    return arithmetic('multiply', this, other);
  }

  div(other: TensorLike): Tensor {
    return arithmetic('divide', this, other);
  }

  pow(exponent: TensorLike): Tensor {
    return arithmetic('power', this, exponent);
  }

  /** `other - this`. */
  rsub(other: TensorLike): Tensor {
    return arithmetic('subtract', other, this);
  }

  /** `other / this`. */
  rdiv(other: TensorLike): Tensor {
    return arithmetic('divide', other, this);
  }

  neg(): Tensor {
    return op.negate(this);
  }

  matmul(other: TensorLike): Tensor {
    return matmul(op, this, asTensor(other));
  }

  /** The sum over all axes, or over the ones given. */
  sum(axes?: number | readonly number[]): Tensor {
    return op.reduce_sum(this.dtype === 'bool' ? op.convert(this, 'int64') : this, axesOf(this.shape, axes));
  }

  /** The mean over all axes, or over the ones given. */
  mean(axes?: number | readonly number[]): Tensor {
    return mean(op, this, axesOf(this.shape, axes));
  }

  reshape(shape: Shape): Tensor {
    return op.reshape(this, checkShape(shape, 'shape'));
  }

  /** Lets the elements outlive every `tidy` that is open now. */
  keep(): this {
    const { block } = this.#buffer;
    if (block !== null) kept.add(block);
    return this;
  }

  /**
   * Lets go of the elements: their memory is free once nobody else holds them, be it a tensor that shares them or a
   * graph that needs them for a gradient. Nothing need be disposed of by hand.
   */
  dispose(): void {
    const buffer = this.#buffer;
    this.#buffer = NO_ELEMENTS;
    buffer.release();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  toCore(): Tensor {
    return this;
  }

  fromCore(value: Tensor): Tensor {
    return value;
  }

  /** The same value for another holder, of another class if one is given: disposing of one leaves the other whole. */
  share(node: Node | null = this.node, Holder: typeof Tensor = Tensor): Tensor {
    this.#shared ??= { origin: null };
    return new Holder(this.shape, this.dtype, this.#buffer.hold(), node, this.#shared);
  }

  /** The same value as a node's result. */
  recordedAs(node: Node): Tensor {
    return new Tensor(this.shape, this.dtype, this.#buffer, node);
  }
}

/** Shape, dtype and history of a tensor; its elements may go. */
export function withoutElements(tensor: Tensor): Tensor {
  return new Tensor(tensor.shape, tensor.dtype, NO_ELEMENTS, tensor.node);
}

const share = (tensor: Tensor): Tensor => tensor.share();

export const savesInputs = ({ saves }: Rule): boolean => saves === 'inputs' || saves === 'both';

export const savesOutput = ({ saves }: Rule): boolean => saves === 'output' || saves === 'both';

const allocate: Allocate = (dtype, length) => heap.allocate(dtype, length);

/** The elements of a primitive's result, computed now; of one that moves nothing, its operand's. */
export function evaluate<P>(primitive: Primitive<P>, inputs: readonly Tensor[], params: P, type: Typed): Buffer {
  const array = compute(primitive, inputs, params, type, allocate);
  const first = inputs[0];
  return first !== undefined && first.array === array ? first.buffer.hold() : new Buffer(array);
}

/**
 * Applies a primitive: its value is computed now (or, while jit traces, when the graph runs), and where an operand is
 * recorded, so is the result. Gradients exist for floating dtypes alone.
 */
export function apply<P>(primitive: Primitive<P>, inputs: readonly Tensor[], params: P): Tensor {
  const type = primitive.shape(inputs, params);
  const buffer =
    tracer === null ? evaluate(primitive, inputs, params, type) : tracer.apply(primitive, inputs, params, type);
  if (isFloat(type.dtype)) {
    for (let i = 0; i < inputs.length; i++) {
      if (inputs[i]?.node) return record(primitive, params, inputs, new Tensor(type.shape, type.dtype, buffer));
    }
  }
  return new Tensor(type.shape, type.dtype, buffer);
}

/** Leaves a node behind that keeps just the elements that the gradient rule reads. */
export function record(rule: Rule, params: unknown, inputs: readonly Tensor[], value: Tensor): Tensor {
  tracer?.checkRecorded(inputs);
  const node = new Node(rule, params, inputs.map(savesInputs(rule) ? share : withoutElements));
  const output = value.recordedAs(node);
  node.output = savesOutput(rule) ? output.share() : withoutElements(output);
  return output;
}

/** A tensor of one repeated value. */
export function full({ shape, dtype }: Typed, value: number): Tensor {
  // What is traced repeats numbers itself.
  if (tracer !== null && sizeOf(shape) > 1) return op.broadcast_in_dim(full({ shape: [], dtype }, value), shape, []);
  const array = heap.allocate(dtype, sizeOf(shape));
  if (array instanceof BigInt64Array) array.fill(BigInt(value));
  else array.fill(dtype === 'bool' ? Number(value !== 0) : value);
  return new Tensor(shape, dtype, new Buffer(array));
}

/** What a function of tensors takes: a tensor of the core or of a door, nested lists, a typed array or a number. */
export type TensorLike = Foreign | ArrayBufferView | Nested;

export interface TensorOptions {
  /** For a typed array or a flat list: the shape its elements are to have. */
  readonly shape?: Shape;
  readonly dtype?: DType;
}

/**
 * A core tensor.
 *
 * @param value nested lists, a typed array (which decides the dtype), a number, or a tensor of any door
 * @param options shape (default: the value's own) and dtype (default: float32 for numbers, bool for booleans)
 * @throws ValueError for ragged lists, TypeError_ for what is no number, RuntimeError past 2^31 - 1 elements
 * @example tensor([[1, 2], [3, 4]]).shape // [2, 2]
 */
export function tensor(value: TensorLike, options: TensorOptions = {}): Tensor {
  checkFields(options, ['shape', 'dtype'], "tensor's options");
  return tensorNamed(value, options, 'the value');
}

/** A core tensor of a value that errors call by `name`. */
function tensorNamed(value: TensorLike, options: TensorOptions, name: string): Tensor {
  const shape = options.shape === undefined ? undefined : checkShape(options.shape, 'shape');
  const dtype = options.dtype === undefined ? undefined : checkDType(options.dtype);
  if (isForeign(value)) {
    const core = value.toCore();
    const given = op.convert(core, dtype ?? core.dtype);
    if (shape !== undefined) return op.reshape(given, shape);
    return given === core ? core.share() : given;
  }
  if (ArrayBuffer.isView(value)) {
    const given = checkTypedArray(value);
    return newTensor(given.array, shape ?? [given.array.length], dtype ?? given.dtype);
  }
  const { flat, kind, shape: own } = parseNested(value, name);
  const big = kind === 'integer' && flat.some((item) => typeof item === 'bigint');
  return newTensor(flat, shape ?? own, dtype ?? (kind === 'bool' ? 'bool' : big ? 'int64' : 'float32'));
}

/** A tensor of a copy of some values. */
export function newTensor(values: ArrayLike<number | boolean | bigint>, shape: Shape, dtype: DType): Tensor {
  if (values.length !== sizeOf(shape)) {
    const message = `shape ${showShape(shape)} has ${sizeOf(shape)} elements, and ${values.length} were given`;
    throw new ValueError('shape-mismatch', message);
  }
  const array = heap.allocate(dtype, values.length);
  writeElements(values, array, dtype);
  return new Tensor([...shape], dtype, new Buffer(array));
}

/** Any value that a function of tensors takes, as a core tensor; `name` is what errors call it. */
export function asTensor(value: TensorLike, name = 'the value'): Tensor {
  return isForeign(value) ? value.toCore() : tensorNamed(value, {}, name);
}

/** Promotion is PyTorch's: a number takes the tensor's dtype, unless its kind is higher. */
function arithmetic(name: BinaryName, left: TensorLike, right: TensorLike): Tensor {
  const [a, b] = [operand(left, right), operand(right, left)];
  const [aStrength, bStrength] = [strength(left), strength(right)];
  const dtype = promoteTorch(a.dtype, b.dtype, aStrength, bStrength);
  return broadcastBinary(op, name, a, b, name === 'divide' && !isFloat(dtype) ? 'float32' : dtype);
}

const strength = (value: TensorLike): Strength =>
  typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? 'number' : 'array';

/** A number takes the float dtype of what it stands beside; a whole one beside integers is an integer. */
function operand(value: TensorLike, other: TensorLike): Tensor {
  if (typeof value !== 'number') return asTensor(value);
  const partner = isForeign(other) ? other.toCore().dtype : 'float32';
  const dtype = isFloat(partner) ? partner : Number.isInteger(value) ? 'int64' : 'float32';
  return full({ shape: [], dtype }, value);
}

const unary =
  (primitive: Primitive<typeof NONE>) =>
  (x: Tensor): Tensor =>
    apply(primitive, [x], NONE);

const binary =
  (primitive: Primitive<typeof NONE>) =>
  (a: Tensor, b: Tensor): Tensor =>
    apply(primitive, [a, b], NONE);

/** The primitives as functions of tensors: shapes and dtypes must fit, nothing is broadcast or converted. */
export const op: Ops<Tensor> = {
  full,
  negate: unary(table.negate),
  abs: unary(table.abs),
  sign: unary(table.sign),
  exponential: unary(table.exponential),
  exponential_minus_one: unary(table.exponential_minus_one),
  log: unary(table.log),
  log_plus_one: unary(table.log_plus_one),
  sqrt: unary(table.sqrt),
  rsqrt: unary(table.rsqrt),
  tanh: unary(table.tanh),
  logistic: unary(table.logistic),
  sine: unary(table.sine),
  cosine: unary(table.cosine),
  erf: unary(table.erf),
  floor: unary(table.floor),
  ceil: unary(table.ceil),
  round_nearest_even: unary(table.round_nearest_even),
  is_finite: unary(table.is_finite),
  not: unary(table.not),
  convert: (x: Tensor, dtype: DType) => (x.dtype === dtype ? x : apply(table.convert, [x], { dtype })),
  add: binary(table.add),
  subtract: binary(table.subtract),
  multiply: binary(table.multiply),
  divide: binary(table.divide),
  remainder: binary(table.remainder),
  power: binary(table.power),
  maximum: binary(table.maximum),
  minimum: binary(table.minimum),
  and: binary(table.and),
  or: binary(table.or),
  compare: (a: Tensor, b: Tensor, direction: Direction) => apply(table.compare, [a, b], { direction }),
  select: (predicate: Tensor, onTrue: Tensor, onFalse: Tensor) =>
    apply(table.select, [predicate, onTrue, onFalse], NONE),
  reshape: (x: Tensor, shape: Shape) => apply(table.reshape, [x], { shape }),
  transpose: (x: Tensor, permutation: readonly number[]) => apply(table.transpose, [x], { permutation }),
  broadcast_in_dim: (x: Tensor, shape: Shape, axes: readonly number[]) =>
    apply(table.broadcast_in_dim, [x], { shape, axes }),
  reverse: (x: Tensor, axes: readonly number[]) => apply(table.reverse, [x], { axes }),
  slice: (x: Tensor, params: SliceParams) => apply(table.slice, [x], params),
  pad: (x: Tensor, params: PadParams) => apply(table.pad, [x], params),
  concatenate: (parts: readonly Tensor[], axis: number) => apply(table.concatenate, parts, { axis }),
  gather: (x: Tensor, indices: Tensor) => apply(table.gather, [x, indices], NONE),
  scatter: (updates: Tensor, indices: Tensor, shape: Shape) => apply(table.scatter, [updates, indices], { shape }),
  reduce_sum: (x: Tensor, axes: readonly number[]) => apply(table.reduce_sum, [x], { axes }),
  reduce_prod: (x: Tensor, axes: readonly number[]) => apply(table.reduce_prod, [x], { axes }),
  reduce_max: (x: Tensor, axes: readonly number[]) => apply(table.reduce_max, [x], { axes }),
  reduce_min: (x: Tensor, axes: readonly number[]) => apply(table.reduce_min, [x], { axes }),
  argmax: (x: Tensor, axis: number) => apply(table.argmax, [x], { axis }),
  argmin: (x: Tensor, axis: number) => apply(table.argmin, [x], { axis }),
  cumsum: (x: Tensor, axis: number) => apply(table.cumsum, [x], { axis }),
  window_argmax: (x: Tensor, params: WindowParams) => apply(table.window_argmax, [x], params),
  dot_general: (left: Tensor, right: Tensor, params: DotParams) => apply(table.dot_general, [left, right], params),
  convolution: (input: Tensor, kernel: Tensor, params: Convolution) =>
    apply(table.convolution, [input, kernel], params),
};
