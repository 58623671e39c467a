/** tf.Tensor: a core value, and how tapes have recorded it. */

import { ArrayValue, ScalarValue } from '../door/array-text.js';
import { TypeError_, ValueError } from '../errors.js';
import { showShape } from '../shape/shape.js';
import { type Foreign, isForeign } from '../tensor/foreign.js';
import type { Tensor as CoreTensor } from '../tensor/tensor.js';
import type { Nested, ReadOptions } from '../tensor/values.js';
import { inspectByRepr } from '../text/python.js';
import { tensorRepr, tensorStr } from '../text/tensorflow.js';
import type { Values } from '../text/values.js';
import type { TensorInput } from './arguments.js';
import { type DType, dtypeOf, TensorShape } from './dtype.js';
import { isOfActiveTape, isRecording } from './recording.js';
import type { Row } from './row.js';
import { arithmetic } from './rows/arithmetic.js';
import { elementary } from './rows/elementary.js';
import { products } from './rows/product.js';
import { type Subscript, subscript } from './subscript.js';

/** A core tensor as the printers take it. */
export const printable = ({ shape, dtype, array }: CoreTensor): Values => ({ shape, dtype, data: array });

/** What tensors and variables have in common: a value that can be read, printed and reckoned with. */
export abstract class Value implements Foreign {
  static {
    inspectByRepr(Value.prototype);
  }

  #shape: TensorShape | null = null;

  /** The value, recorded where an active tape, or somebody outside this door, has recorded it. */
  abstract toCore(): CoreTensor;

  /** The value, unrecorded. */
  abstract get plain(): CoreTensor;

  /** The recorded forms of the value, oldest first. */
  abstract get recorded(): readonly CoreTensor[];

  fromCore(value: CoreTensor): Tensor {
    return new Tensor(value);
  }

  get shape(): TensorShape {
    this.#shape ??= new TensorShape(this.plain.shape);
    return this.#shape;
  }

  get dtype(): DType {
    return dtypeOf[this.plain.dtype];
  }

  get ndim(): number {
    return this.plain.shape.length;
  }

  get_shape(): TensorShape {
    return this.shape;
  }

  /** The values for the NumPy door and the core. */
  numpy(): CoreTensor {
    return this.plain.share(null, this.plain.shape.length === 0 ? ScalarValue : ArrayValue);
  }

  /** Elements as nested lists; int64 as numbers, `{ bigint: true }` for bigints. */
  tolist(options?: ReadOptions): Nested {
    return this.plain.tolist(options);
  }

  /** The one element of a tensor of one, by default a number; otherwise a ValueError, as NumPy's. */
  item<T extends number | boolean | bigint = number>(options?: ReadOptions): T {
    if (this.plain.size !== 1) {
      throw new ValueError(
        'not-a-scalar',
        `can only convert an array of size 1 to a Python scalar, not one of shape ${showShape(this.plain.shape)}`,
      );
    }
    return this.plain.item<T>(options);
  }

  add(other: TensorInput): Tensor {
    return call(arithmetic.add, [this, other]);
  }

  sub(other: TensorInput): Tensor {
    return call(arithmetic.subtract, [this, other]);
  }

  mul(other: TensorInput): Tensor {
    return call(arithmetic.multiply, [this, other]);
  }

  /** `this / other`; integers give float64. */
  div(other: TensorInput): Tensor {
    return call(arithmetic.divide, [this, other]);
  }

  pow(exponent: TensorInput): Tensor {
    return call(arithmetic.pow, [this, exponent]);
  }

  /** `other - this`. */
  rsub(other: TensorInput): Tensor {
    return call(arithmetic.rsub, [this, other]);
  }

  /** `other / this`. */
  rdiv(other: TensorInput): Tensor {
    return call(arithmetic.rdiv, [this, other]);
  }

  /** `other ** this`. */
  rpow(other: TensorInput): Tensor {
    return call(arithmetic.rpow, [this, other]);
  }

  /** `this // other`: the quotient rounded down. */
  floor_divide(other: TensorInput): Tensor {
    return call(arithmetic.floordiv, [this, other]);
  }

  /** `this % other`, of other's sign. */
  remainder(other: TensorInput): Tensor {
    return call(arithmetic.floormod, [this, other]);
  }

  neg(): Tensor {
    return call(elementary.negative, [this]);
  }

  abs(): Tensor {
    return call(elementary.abs, [this]);
  }

  /** `this @ other`. */
  matmul(other: TensorInput): Tensor {
    return call(products.matmul, [this, other]);
  }

  /** `this == other`, cell by cell; one boolean where shapes don't fit. */
  eq(other: TensorInput): Tensor {
    return call(arithmetic.eq, [this, other]);
  }

  /** `this != other`. */
  ne(other: TensorInput): Tensor {
    return call(arithmetic.ne, [this, other]);
  }

  lt(other: TensorInput): Tensor {
    return call(arithmetic.less, [this, other]);
  }

  le(other: TensorInput): Tensor {
    return call(arithmetic.less_equal, [this, other]);
  }

  gt(other: TensorInput): Tensor {
    return call(arithmetic.greater, [this, other]);
  }

  ge(other: TensorInput): Tensor {
    return call(arithmetic.greater_equal, [this, other]);
  }

  /** `~this`, of booleans. */
  logical_not(): Tensor {
    return call(arithmetic.logical_not, [this]);
  }

  /**
   * Python's subscript, as text or by parts: numbers, slices (backwards, too), `...`, None for a new axis.
   *
   * @throws InvalidArgumentError for a number out of range, too many parts or a step of 0; TypeError_ for what is no index
   * @example tf.constant([[1, 2], [3, 4]]).at('..., ::-1').tolist() // [[2, 1], [4, 3]]
   */
  at(...parts: Subscript[]): Tensor {
    return wrap(subscript(this.toCore(), parts), [this]);
  }

  /** The slices along the first axis, one after the other; TypeError_ for a scalar. */
  *[Symbol.iterator](): Generator<Tensor> {
    const [length] = this.plain.shape;
    if (length === undefined) throw new TypeError_('rank-mismatch', 'Cannot iterate over a scalar tensor.');
    for (let i = 0; i < length; i++) yield this.at(i);
  }

  /** Python's `str(x)`, which print shows. */
  abstract toString(): string;

  __str__(): string {
    return this.toString();
  }

  /** Python's `repr(x)`: what a notebook shows for a bare expression. */
  abstract __repr__(): string;
}

const NEVER: readonly CoreTensor[] = [];

/** tf.Tensor: an immutable value; tapes record what is computed of it. */
export class Tensor extends Value {
  /** Recorded only if somebody outside this door did so: then it stays recorded without any tape. */
  readonly #value: CoreTensor;
  /** The value as tapes know it. */
  #taped: readonly CoreTensor[];

  constructor(value: CoreTensor, taped: readonly CoreTensor[] = NEVER) {
    super();
    this.#value = value;
    this.#taped = taped;
  }

  get plain(): CoreTensor {
    return this.#value.plain;
  }

  get recorded(): readonly CoreTensor[] {
    return this.#value.node === null ? this.#taped : [this.#value, ...this.#taped];
  }

  /** Whether somebody outside this door differentiates by what this was made from. */
  get isRecordedOutside(): boolean {
    return this.#value.node !== null;
  }

  toCore(): CoreTensor {
    if (isRecording()) {
      for (let i = this.#taped.length - 1; i >= 0; i--) {
        const taped = this.#taped[i] as CoreTensor;
        if (isOfActiveTape(taped.node)) return taped;
      }
    }
    return this.#value;
  }

  /** Has what is computed from now on, while a tape records, go by another recorded form of the value. */
  recordAs(taped: CoreTensor): void {
    if (!this.#taped.includes(taped)) this.#taped = [...this.#taped, taped];
  }

  toString(): string {
    return tensorStr(printable(this.plain));
  }

  __repr__(): string {
    return tensorRepr(printable(this.plain));
  }
}

/** Whether a value, or one in a list, is recorded by somebody outside this door. */
function isRecordedOutside(value: unknown): boolean {
  if (value instanceof Tensor) return value.isRecordedOutside;
  if (value instanceof Value) return false;
  if (isForeign(value)) return value.toCore().node !== null;
  return Array.isArray(value) && value.some(isRecordedOutside);
}

/** A result computed from some operands: what only tapes have recorded is recorded for tapes alone. */
export function wrap(result: CoreTensor, operands: readonly unknown[]): Tensor {
  if (result.node === null || !isRecording() || operands.some(isRecordedOutside)) return new Tensor(result);
  return new Tensor(result.plain, [result]);
}

/** Calls a function of the door. */
export function call(row: Row, args: readonly unknown[]): Tensor {
  const values = row.read(args);
  return wrap(row.run(values), values);
}

/** Calls a function that gives several tensors. */
export function callAll(row: Row<readonly CoreTensor[]>, args: readonly unknown[]): Tensor[] {
  const values = row.read(args);
  return row.run(values).map((result) => wrap(result, values));
}
