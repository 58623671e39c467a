/** np.ndarray and NumPy's scalars: what the functions of this door give. */

import { arrayRepr, arrayStr, scalarRepr } from '../door/array-text.js';
import { isKeywords } from '../door/signature.js';
import type { Place } from '../door/storage.js';
import { type Found, find, placesFound, type Subscript, viewed } from '../door/subscript.js';
import { IndexError, TypeError_, ValueError } from '../errors.js';
import { type DType, dtypes as dtypeInfo } from '../shape/dtype.js';
import { show } from '../shape/shape.js';
import { isRowMajor, placesOf, type Strided, viewStrides } from '../shape/strided.js';
import type { Foreign } from '../tensor/foreign.js';
import { take } from '../tensor/places.js';
import { op, type Tensor } from '../tensor/tensor.js';
import { type Nested, onlyElement, type ReadOptions, toNested } from '../tensor/values.js';
import { inspectByRepr, Tuple } from '../text/python.js';
import { argsortOf, clipOf, cumprodOf, cumsumOf, repeatOf, sortOf, takeOf } from './along.js';
import { assigned } from './assign.js';
import { axesOf, axisOf, integer, integerOr, reducedAxes, reshaped } from './axes.js';
import { type DTypeLike, makeType, type NumPyType, readDType } from './dtype.js';
import { type ArrayInput, toTensor } from './input.js';
import { Memory } from './memory.js';
import { Operators } from './operators.js';
import { dot } from './products.js';
import * as reduce from './reduce.js';
import { dialect } from './subscript.js';
import { round } from './ufunc.js';

/**
 * np.ndarray: an N-D array of one dtype. Made by `array`, `zeros` and so on; methods are NumPy's, operators are named as
 * PyTorch names them (`add` for `+`), slices are `at('0, ::2')`. All but integers and bool can be differentiated through.
 */
export class ndarray extends Operators<ndarray> implements Foreign {
  readonly #memory: Memory;
  readonly #base: ndarray | null;
  readonly #isWritable: boolean;

  /** An array of a core tensor's value. Arrays of numbers are made by `array`. */
  constructor(value: Tensor | Memory, base: ndarray | null = null, isWritable = true) {
    super();
    this.#memory = value instanceof Memory ? value : Memory.of(value);
    this.#base = base;
    this.#isWritable = isWritable;
  }

  /** Sizes, as a tuple: prints as `(2, 3)`. */
  get shape(): Tuple<number> {
    return Tuple.from(this.#memory.shape) as Tuple<number>;
  }

  get dtype(): NumPyType<generic> {
    return types[this.#memory.dtype];
  }

  get ndim(): number {
    return this.#memory.shape.length;
  }

  get size(): number {
    return this.#memory.shape.reduce((size, length) => size * length, 1);
  }

  /** Bytes an element. */
  get itemsize(): number {
    return dtypeInfo[this.#memory.dtype].bytes;
  }

  /** Bytes of all elements. */
  get nbytes(): number {
    return this.size * this.itemsize;
  }

  /** Bytes from one cell to the next, axis by axis. */
  get strides(): Tuple<number> {
    const bytes = this.size === 0 ? 0 : this.itemsize;
    return Tuple.from(this.#memory.view.strides.map((stride) => stride * bytes)) as Tuple<number>;
  }

  /** The array whose elements this one shows; null for one that has its own. */
  get base(): ndarray | null {
    return this.#base;
  }

  /** How the elements lie, and whether they may be written. */
  get flags(): { readonly c_contiguous: boolean; readonly owndata: boolean; readonly writeable: boolean } {
    return {
      c_contiguous: isRowMajor(this.#memory.view),
      owndata: this.#base === null,
      writeable: this.#isWritable,
    };
  }

  /** Axes in reverse order; a view. */
  get T(): ndarray {
    return this.transpose();
  }

  /** The last two axes exchanged; a view. */
  get mT(): ndarray {
    if (this.ndim < 2) {
      throw new ValueError('rank-mismatch', 'matrix transpose with ndim < 2 is undefined');
    }
    return this.swapaxes(-1, -2);
  }

  /** The elements in one dimension. */
  get flat(): ndarray {
    return this.ravel();
  }

  /** Where the elements are, for torch.from_numpy to show them; null: these may not be written. */
  place(): Place | null {
    return this.#isWritable && this.#memory.value.node === null ? this.#memory.place : null;
  }

  /** Where the elements lie in their storage. */
  get strided(): Strided {
    return this.#memory.view;
  }

  /**
   * A view: some of the same elements, so that what is written to one shows in the other.
   *
   * @param view where they lie
   * @param derive makes the view's elements from this array's
   */
  viewed(view: Strided, derive: (value: Tensor) => Tensor, isWritable = true): ndarray {
    return new ndarray(this.#memory.viewed(view, derive), this.#base ?? this, this.#isWritable && isWritable);
  }

  /** Elements as nested lists; int64 as numbers, or with `{ bigint: true }` as bigints. */
  tolist(options: ReadOptions = {}): Nested {
    if (!isKeywords(options)) {
      throw new TypeError_('bad-argument', `tolist() takes { bigint: true } or nothing, not ${show(options)}`);
    }
    return toNested(this.toCore(), options);
  }

  /**
   * One element as a number (or `item<boolean>()`, `item<bigint>({ bigint: true })`): the only one, the i-th in row-major order, or the one at an index an axis.
   *
   * @throws ValueError without an index where there isn't exactly one; IndexError out of range
   * @example array([[1, 2], [3, 4]]).item(1, 0) // 3
   */
  item<T extends number | boolean | bigint = number>(...index: (number | ReadOptions)[]): T {
    const last = index.at(-1);
    const options: ReadOptions = isKeywords(last) ? last : {};
    const at = index.filter((part) => !isKeywords(part)).map((part) => integer(part, 'index'));
    if (at.length === 0 && this.size !== 1) {
      throw new ValueError('not-a-scalar', 'can only convert an array of size 1 to a Python scalar');
    }
    return onlyElement(at.length === 0 ? this.toCore() : this.#element(at), options) as T;
  }

  #element(index: readonly number[]): Tensor {
    if (index.length > 1) {
      if (index.length === this.ndim) return this.at(...index).toCore();
      throw new ValueError('bad-argument', 'incorrect number of indices for array');
    }
    const [i = 0] = index;
    if (i >= this.size || i < -this.size) {
      throw new IndexError(
        'index-out-of-range',
        `index ${i} is out of bounds for ${this.ndim === 1 ? 'axis 0 with ' : ''}size ${this.size}`,
      );
    }
    return this.ravel().at(i).toCore();
  }

  #find(index: readonly unknown[]): Found {
    const [first] = index;
    // What nonzero gives is an index of its own: a tuple is the parts of a subscript.
    const parts = index.length === 1 && first instanceof Tuple ? [...first] : index;
    return find(parts, this.#memory.view, dialect);
  }

  /**
   * Slices and elements, by Python's text for them or in parts: `x[0, ::-1]` is `x.at('0, ::-1')` or `x.at(0, '::-1')`,
   * a null part is a new axis. Slices are views; arrays of indices or truth values copy what they name.
   *
   * @throws IndexError for an index out of range or one too many, ValueError for a step of 0
   * @example array([1, 2, 3]).at('::-1').tolist() // [3, 2, 1]
   */
  at(...index: Subscript[] | [Tuple<ndarray>]): ndarray {
    const found = this.#find(index);
    if (found.picked === null && !found.isElement) {
      return this.viewed(found.view, (value) => viewed(value, found));
    }
    const { places, shape } = placesFound(found);
    const list = places instanceof Int32Array ? places : placesOf(places);
    return this.give(this.#memory.at(list, shape, take));
  }

  /**
   * Assigns: `x[0, :] = value` is `x.set_('0, :', value)`. The value is converted to this array's dtype, and repeated to
   * the shape of what the subscript names.
   *
   * @throws as `at`; ValueError where the value doesn't fit, or the array can't be written
   * @example const x = zeros(3); x.set_('1:', 5); x.tolist() // [0, 5, 5]
   */
  set_(...args: [...index: Subscript[], value: ArrayInput] | [Tuple<ndarray>, ArrayInput]): void;
  set_(...args: unknown[]): void {
    const found = this.#find(args.slice(0, -1));
    const { places, shape } = placesFound(found);
    const value = assigned(args.at(-1), this.#memory.dtype, shape, found.picked?.only ?? null);
    this.#checkWritable();
    this.#memory.write(places, value);
  }

  #checkWritable(): void {
    if (!this.#isWritable) throw new ValueError('bad-argument', 'assignment destination is read-only');
  }

  protected give(value: Tensor): ndarray {
    return result(value);
  }

  protected assign(value: Tensor): ndarray {
    this.#checkWritable();
    this.#memory.write(this.#memory.view, value);
    return this;
  }

  /** The rows: arrays, of a vector scalars. */
  *[Symbol.iterator](): IterableIterator<ndarray> {
    if (this.ndim === 0) throw new TypeError_('bad-argument', 'iteration over a 0-d array');
    for (let i = 0; i < (this.#memory.shape[0] as number); i++) yield this.at(i);
  }

  /** The same elements in another shape, given as one list or one argument an axis; -1 stands for what is left. */
  reshape(shape: number | readonly number[], keywords?: { readonly order?: 'C' | 'F' }): ndarray;
  reshape(...shape: number[]): ndarray;
  reshape(...args: unknown[]): ndarray {
    const last = args.at(-1);
    const { order: asOrder = 'C' } = isKeywords(last) ? last : { order: 'C' };
    const sizes = isKeywords(last) ? args.slice(0, -1) : args;
    const order = orderOf(asOrder);
    if (sizes.length === 0) throw new TypeError_('missing-argument', 'reshape() takes at least 1 argument (0 given)');
    const asked = sizes.length === 1 && Array.isArray(sizes[0]) ? sizes[0] : sizes;
    const shape = asked.map((size: unknown) => integer(size, 'shape'));
    if (order === 'F') return this.T.reshape(reshaped(shape, this.#memory.shape).toReversed()).T;
    return this.#reshaped(reshaped(shape, this.#memory.shape));
  }

  /** A view where strides allow, else a copy. */
  #reshaped(shape: readonly number[]): ndarray {
    const { view } = this.#memory;
    const strides = viewStrides(view, shape);
    const derive = (value: Tensor): Tensor => op.reshape(value, shape);
    if (strides === null) return new ndarray(derive(this.toCore()));
    return this.viewed({ offset: view.offset, shape, strides }, derive);
  }

  /** Axes in another order, by default the reverse one; a view. */
  transpose(axes?: readonly number[] | null): ndarray;
  transpose(...axes: number[]): ndarray;
  transpose(...args: unknown[]): ndarray {
    const [first] = args;
    const rank = this.ndim;
    const given = Array.isArray(first) ? first : typeof first === 'number' ? args : undefined;
    if (given !== undefined && given.length !== rank) throw new ValueError('bad-argument', "axes don't match array");
    const order =
      given === undefined ? axesOf(null, rank).reverse() : axesOf(given, rank, 'repeated axis in transpose');
    const { offset, shape, strides } = this.#memory.view;
    const turned = <T>(list: readonly T[]): T[] => order.map((axis) => list[axis] as T);
    return this.viewed({ offset, shape: turned(shape), strides: turned(strides) }, (value) =>
      op.transpose(value, order),
    );
  }

  /** A copy in one dimension. */
  flatten(order: Order = 'C'): ndarray {
    const x = orderOf(order) === 'F' ? this.T : this;
    return new ndarray(op.reshape(x.toCore(), [this.size]));
  }

  /** The elements in one dimension; a view where they lie so. */
  ravel(order: Order = 'C'): ndarray {
    return (orderOf(order) === 'F' ? this.T : this).#reshaped([this.size]);
  }

  /** Without the axes of size 1, or those of them that are named; a view. */
  squeeze(axis: number | readonly number[] | null = null): ndarray {
    const { offset, shape, strides } = this.#memory.view;
    const dropped = axis === null ? shape.flatMap((n, i) => (n === 1 ? [i] : [])) : reducedAxes(axis, this.ndim);
    if (dropped.some((i) => shape[i] !== 1)) {
      throw new ValueError('shape-mismatch', 'cannot select an axis to squeeze out which has size not equal to one');
    }
    const kept = <T>(list: readonly T[]): T[] => list.filter((_, i) => !dropped.includes(i));
    const sizes = kept(shape);
    return this.viewed({ offset, shape: sizes, strides: kept(strides) }, (value) => op.reshape(value, sizes));
  }

  /** Two axes exchanged; a view. */
  swapaxes(axis1: number, axis2: number): ndarray {
    const [a, b] = [axisOf(axis1, this.ndim, 'axis1: '), axisOf(axis2, this.ndim, 'axis2: ')];
    return this.transpose(axesOf(null, this.ndim).map((axis) => (axis === a ? b : axis === b ? a : axis)));
  }

  /** An array with elements of its own. */
  copy(): ndarray {
    return new ndarray(this.toCore());
  }

  /** Elements converted to another dtype; fractions are cut off for integers. */
  astype(dtype: DTypeLike): ndarray {
    return this.fromCore(op.convert(this.toCore(), readDType(dtype)));
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

  var(...args: reduce.VarArguments): ndarray {
    return result(reduce.variances([this, ...args]));
  }

  std(...args: reduce.VarArguments): ndarray {
    return result(reduce.deviations([this, ...args]));
  }

  ptp(...args: reduce.ExtremeArguments): ndarray {
    return this.max(...args).sub(this.min(...args));
  }

  /** Running sums along an axis; without one, of the elements in one dimension. */
  cumsum(axis?: number | null | { readonly axis?: number | null; readonly dtype?: DTypeLike | null }): ndarray {
    return result(cumsumOf(axis === undefined ? [this] : [this, axis]));
  }

  /** Running products, as cumsum. */
  cumprod(axis?: number | null | { readonly axis?: number | null; readonly dtype?: DTypeLike | null }): ndarray {
    return result(cumprodOf(axis === undefined ? [this] : [this, axis]));
  }

  /** Elements within bounds; null: no bound. */
  clip(min: ArrayInput | null, max: ArrayInput | null = null): ndarray {
    return result(clipOf([this, min, max]));
  }

  /** The cells of some indices along an axis; without one, of the elements in one dimension. */
  take(indices: ArrayInput, axis: number | null = null): ndarray {
    return result(takeOf([this, indices, axis]));
  }

  /** Each cell so many times in a row. */
  repeat(repeats: ArrayInput, axis: number | null = null): ndarray {
    return result(repeatOf([this, repeats, axis]));
  }

  /** Which element stands where in rising order. */
  argsort(axis: number | null = -1): ndarray {
    return result(argsortOf([this, axis]));
  }

  /** Brings the lines along an axis in rising order, in place. */
  sort(axis = -1): void {
    this.assign(sortOf([this, axis]));
  }

  /** The elements as bytes, row by row. */
  tobytes(): Uint8Array {
    const { array } = this.toCore();
    return new Uint8Array(array.buffer, array.byteOffset, array.byteLength).slice();
  }

  dot(b: ArrayInput): ndarray {
    return result(dot(this, b));
  }

  /** Python's `str(x)`. */
  override toString(): string {
    return arrayStr(this.toCore());
  }

  __str__(): string {
    return this.toString();
  }

  /** What a notebook shows for x. */
  __repr__(): string {
    return arrayRepr(this.toCore());
  }

  override toCore(): Tensor {
    return this.#memory.value;
  }

  override fromCore(value: Tensor): ndarray {
    return new ndarray(value);
  }
}

inspectByRepr(ndarray.prototype);

/** NumPy's scalars, the results that are one number: they print as `6.5`, and show as `np.float64(6.5)`. */
export class generic extends ndarray {
  /** A scalar never changes: `x += 1` gives another one. */
  protected override assign(value: Tensor): ndarray {
    return result(value);
  }

  override __repr__(): string {
    return scalarRepr(this.toCore());
  }

  override fromCore(value: Tensor): ndarray {
    return result(value);
  }
}

/** Row-major or column-major, by position or by name. */
export type Order = 'C' | 'F' | { readonly order?: 'C' | 'F' };

function orderOf(given: unknown): 'C' | 'F' {
  const { order } = isKeywords(given) ? given : { order: given };
  if (order === undefined || order === 'C' || order === 'A' || order === 'K') return 'C';
  if (order === 'F') return 'F';
  throw new ValueError('bad-argument', `order must be one of 'C', 'F', 'A', or 'K' (got ${show(order)})`);
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
const scalar = (value: unknown, dtype: DType): generic => result(toTensor(value as ArrayInput, dtype)) as generic;

/** The six dtypes, each once, so that `x.dtype === np.float64`. */
export const types: { readonly [D in DType]: NumPyType<generic> } = {
  float32: makeType('float32', scalar),
  float64: makeType('float64', scalar),
  int32: makeType('int32', scalar),
  int64: makeType('int64', scalar),
  uint8: makeType('uint8', scalar),
  bool: makeType('bool', scalar),
};
