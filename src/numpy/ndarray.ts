/** np.ndarray and NumPy's scalars: what the functions of this door give. */

import { isKeywords } from '../door/signature.js';
import { IndexError, TypeError_, ValueError } from '../errors.js';
import { broadcastTo } from '../ops/composite.js';
import { type DType, dtypes as dtypeInfo } from '../shape/dtype.js';
import { show } from '../shape/shape.js';
import type { Foreign } from '../tensor/foreign.js';
import { op, type Tensor } from '../tensor/tensor.js';
import { type Nested, onlyElement, type ReadOptions, toNested } from '../tensor/values.js';
import { inspectByRepr, Tuple } from '../text/python.js';
import { axesOf, axisOf, integer, integerOr, reshaped } from './axes.js';
import { type DTypeLike, makeType, type NumPyType, readDType } from './dtype.js';
import { type ArrayInput, toTensor } from './input.js';
import { arrayRepr, arrayStr, scalarRepr } from './printing.js';
import { dot, matmul } from './products.js';
import * as reduce from './reduce.js';
import { type Subscript, subscript } from './subscript.js';
import { binary, compare, negative, round } from './ufunc.js';

/**
 * np.ndarray: an N-D array of one dtype. Made by `array`, `zeros` and so on; methods are NumPy's, operators are named as
 * PyTorch names them (`add` for `+`), slices are `at('0, ::2')`. All but integers and bool can be differentiated through.
 */
export class ndarray implements Foreign {
  static {
    inspectByRepr(ndarray.prototype);
  }

  #value: Tensor;

  /** An array of a core tensor's value. Arrays of numbers are made by `array`. */
  constructor(value: Tensor) {
    this.#value = value;
  }

  /** Sizes, as a tuple: prints as `(2, 3)`. */
  get shape(): Tuple<number> {
    return Tuple.from(this.#value.shape) as Tuple<number>;
  }

  get dtype(): NumPyType<generic> {
    return types[this.#value.dtype];
  }

  get ndim(): number {
    return this.#value.shape.length;
  }

  get size(): number {
    return this.#value.size;
  }

  /** Bytes of all elements. */
  get nbytes(): number {
    return this.#value.size * dtypeInfo[this.#value.dtype].bytes;
  }

  /** Axes in reverse order. */
  get T(): ndarray {
    return this.transpose();
  }

  /** Elements as nested lists; int64 as numbers, or with `{ bigint: true }` as bigints. */
  tolist(options: ReadOptions = {}): Nested {
    if (!isKeywords(options)) {
      throw new TypeError_('bad-argument', `tolist() takes { bigint: true } or nothing, not ${show(options)}`);
    }
    return toNested(this.#value, options);
  }

  /**
   * One element as a number or boolean: the only one, the i-th in row-major order, or the one at an index an axis.
   *
   * @throws ValueError without an index where there isn't exactly one; IndexError out of range
   * @example array([[1, 2], [3, 4]]).item(1, 0) // 3
   */
  item(...index: (number | ReadOptions)[]): number | boolean | bigint {
    const last = index.at(-1);
    const options: ReadOptions = isKeywords(last) ? last : {};
    const at = index.filter((part) => !isKeywords(part)).map((part) => integer(part, 'index'));
    if (at.length === 0 && this.size !== 1) {
      throw new ValueError('not-a-scalar', 'can only convert an array of size 1 to a Python scalar');
    }
    return onlyElement(at.length === 0 ? this.#value : this.#element(at), options);
  }

  #element(index: readonly number[]): Tensor {
    if (index.length > 1) {
      if (index.length === this.ndim) return subscript(this.#value, index).value;
      throw new ValueError('bad-argument', 'incorrect number of indices for array');
    }
    const [i = 0] = index;
    if (i >= this.size || i < -this.size) {
      throw new IndexError('index-out-of-range', `index ${i} is out of bounds for size ${this.size}`);
    }
    return subscript(op.reshape(this.#value, [this.size]), [i]).value;
  }

  /**
   * Slices and elements, by Python's text for them or in parts: `x[0, ::-1]` is `x.at('0, ::-1')` or `x.at(0, '::-1')`,
   * a null part is a new axis.
   *
   * @throws IndexError for an index out of range or one too many, ValueError for a step of 0
   * @example array([1, 2, 3]).at('::-1').tolist() // [3, 2, 1]
   */
  at(...index: Subscript[]): ndarray {
    const { value, isScalar } = subscript(this.#value, index);
    return isScalar ? new generic(value) : new ndarray(value);
  }

  /** Assigns all elements, by `'...'`. */
  set_(_index: '...', value: ArrayInput): void {
    this.#value = broadcastTo(op, toTensor(value, this.#value.dtype), this.#value.shape);
  }

  /** The same elements in another shape, given as one list or one argument an axis; -1 stands for what is left. */
  reshape(shape: number | readonly number[]): ndarray;
  reshape(...shape: number[]): ndarray;
  reshape(...args: unknown[]): ndarray {
    if (args.length === 0) throw new TypeError_('missing-argument', 'reshape() takes at least 1 argument (0 given)');
    const asked = args.length === 1 && Array.isArray(args[0]) ? args[0] : args;
    const sizes = asked.map((size: unknown) => integer(size, 'shape'));
    return new ndarray(op.reshape(this.#value, reshaped(sizes, this.#value.shape)));
  }

  /** Axes in another order, by default the reverse one. */
  transpose(axes?: readonly number[] | null): ndarray;
  transpose(...axes: number[]): ndarray;
  transpose(...args: unknown[]): ndarray {
    const [first] = args;
    const rank = this.ndim;
    const given = Array.isArray(first) ? first : typeof first === 'number' ? args : undefined;
    if (given !== undefined && given.length !== rank) throw new ValueError('bad-argument', "axes don't match array");
    const order =
      given === undefined ? axesOf(null, rank).reverse() : axesOf(given, rank, 'repeated axis in transpose');
    return this.fromCore(op.transpose(this.#value, order));
  }

  /** A copy in one dimension. */
  flatten(): ndarray {
    return new ndarray(op.reshape(this.#value, [this.size]));
  }

  ravel(): ndarray {
    return this.flatten();
  }

  /** Without the axes of size 1, or those of them that are named. */
  squeeze(axis: number | readonly number[] | null = null): ndarray {
    const shape = this.#value.shape;
    const dropped = axis === null ? shape.flatMap((n, i) => (n === 1 ? [i] : [])) : axesOf(axis, this.ndim);
    if (dropped.some((i) => shape[i] !== 1)) {
      throw new ValueError('shape-mismatch', 'cannot select an axis to squeeze out which has size not equal to one');
    }
    return new ndarray(
      op.reshape(
        this.#value,
        shape.filter((_, i) => !dropped.includes(i)),
      ),
    );
  }

  swapaxes(axis1: number, axis2: number): ndarray {
    const [a, b] = [axisOf(axis1, this.ndim, 'axis1: '), axisOf(axis2, this.ndim, 'axis2: ')];
    return this.transpose(axesOf(null, this.ndim).map((axis) => (axis === a ? b : axis === b ? a : axis)));
  }

  copy(): ndarray {
    return new ndarray(this.#value);
  }

  /** Elements converted to another dtype; fractions are cut off for integers. */
  astype(dtype: DTypeLike): ndarray {
    return this.fromCore(op.convert(this.#value, readDType(dtype)));
  }

  sum(...args: reduce.SumArguments): ndarray {
    return result(reduce.sum([this, ...args]));
  }

  prod(...args: reduce.SumArguments): ndarray {
    return result(reduce.prod([this, ...args]));
  }

  mean(...args: reduce.SumArguments): ndarray {
    return result(reduce.mean([this, ...args]));
  }

  max(...args: reduce.ExtremeArguments): ndarray {
    return result(reduce.max([this, ...args]));
  }

  min(...args: reduce.ExtremeArguments): ndarray {
    return result(reduce.min([this, ...args]));
  }

  any(...args: reduce.ExtremeArguments): ndarray {
    return result(reduce.any([this, ...args]));
  }

  all(...args: reduce.ExtremeArguments): ndarray {
    return result(reduce.all([this, ...args]));
  }

  argmax(...args: reduce.PositionArguments): ndarray {
    return result(reduce.argmax([this, ...args]));
  }

  argmin(...args: reduce.PositionArguments): ndarray {
    return result(reduce.argmin([this, ...args]));
  }

  /** Rounded to so many decimals, halves to the even neighbour. */
  round(decimals: number | { readonly decimals?: number } = 0): ndarray {
    const given = isKeywords(decimals) ? decimals.decimals : decimals;
    return result(round(this, integerOr(given, 'decimals', 0)));
  }

  dot(b: ArrayInput): ndarray {
    return result(dot(this, b));
  }

  /** `x + other`. */
  add(other: ArrayInput): ndarray {
    return result(binary('add', this, other));
  }

  /** `x - other`. */
  sub(other: ArrayInput): ndarray {
    return result(binary('subtract', this, other));
  }

  /** `x * other`. */
  mul(other: ArrayInput): ndarray {
    return result(binary('multiply', this, other));
  }

  /** `x / other`; of integers, float64. */
  div(other: ArrayInput): ndarray {
    return result(binary('divide', this, other));
  }

  /** `x ** other`. */
  pow(other: ArrayInput): ndarray {
    return result(binary('power', this, other));
  }

  /** `other - x`. */
  rsub(other: ArrayInput): ndarray {
    return result(binary('subtract', other, this));
  }

  /** `other / x`. */
  rdiv(other: ArrayInput): ndarray {
    return result(binary('divide', other, this));
  }

  /** `other ** x`. */
  rpow(other: ArrayInput): ndarray {
    return result(binary('power', other, this));
  }

  /** `-x`. */
  neg(): ndarray {
    return result(negative(this));
  }

  /** `x @ other`. */
  matmul(other: ArrayInput): ndarray {
    return result(matmul(this, other));
  }

  /** `x == other`, element by element. */
  eq(other: ArrayInput): ndarray {
    return result(compare('EQ', this, other));
  }

  /** `x != other`. */
  ne(other: ArrayInput): ndarray {
    return result(compare('NE', this, other));
  }

  /** `x < other`. */
  lt(other: ArrayInput): ndarray {
    return result(compare('LT', this, other));
  }

  /** `x <= other`. */
  le(other: ArrayInput): ndarray {
    return result(compare('LE', this, other));
  }

  /** `x > other`. */
  gt(other: ArrayInput): ndarray {
    return result(compare('GT', this, other));
  }

  /** `x >= other`. */
  ge(other: ArrayInput): ndarray {
    return result(compare('GE', this, other));
  }

  /** Python's `str(x)`. */
  toString(): string {
    return arrayStr(this.#value);
  }

  __str__(): string {
    return this.toString();
  }

  /** What a notebook shows for x. */
  __repr__(): string {
    return arrayRepr(this.#value);
  }

  toCore(): Tensor {
    return this.#value;
  }

  fromCore(value: Tensor): ndarray {
    return new ndarray(value);
  }
}

/** NumPy's scalars, the results that are one number: they print as `6.5`, and show as `np.float64(6.5)`. */
export class generic extends ndarray {
  override __repr__(): string {
    return scalarRepr(this.toCore());
  }

  override fromCore(value: Tensor): ndarray {
    return result(value);
  }
}

/** A core tensor as NumPy gives results: one of no dimensions is a scalar. */
export const result = (value: Tensor): ndarray => (value.shape.length === 0 ? new generic(value) : new ndarray(value));

/**
 * Anything array-like as an array; an ndarray as itself.
 *
 * @throws as `array`
 */
export const asndarray = (value: ArrayInput): ndarray =>
  value instanceof ndarray ? value : new ndarray(toTensor(value));

/** A scalar of a type; of a list, an array. */
const scalar = (value: unknown, dtype: DType): generic => result(toTensor(value as ArrayInput, dtype));

/** The six dtypes, each once, so that `x.dtype === np.float64`. */
export const types: { readonly [D in DType]: NumPyType<generic> } = {
  float32: makeType('float32', scalar),
  float64: makeType('float64', scalar),
  int32: makeType('int32', scalar),
  int64: makeType('int64', scalar),
  uint8: makeType('uint8', scalar),
  bool: makeType('bool', scalar),
};
