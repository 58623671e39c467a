/** tf.DType and tf.TensorShape: values that know how they look. */

import { TypeError_, ValueError } from '../errors.js';
import { dtypes, isDType, type DType as Name } from '../shape/dtype.js';
import { type Shape, sizeOf } from '../shape/shape.js';
import { repr } from '../text/python.js';
import { dtypeRepr, dtypeStr, shapeRepr, shapeStr } from '../text/tensorflow.js';

const limits: { readonly [D in Name]: readonly [least: number, greatest: number] } = {
  float32: [-3.4028234663852886e38, 3.4028234663852886e38],
  float64: [-Number.MAX_VALUE, Number.MAX_VALUE],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2 ** 63), 2 ** 63],
  uint8: [0, 255],
  bool: [0, 1],
};

/** tf.DType: `tf.float32` and so on; wherever one is taken, its name will do. */
export class DType {
  readonly name: Name;
  /** Bytes of an element. */
  readonly size: number;
  readonly is_floating: boolean;
  readonly is_integer: boolean;
  readonly is_bool: boolean;

  constructor(name: Name) {
    const { bytes, kind } = dtypes[name];
    this.name = name;
    this.size = bytes;
    this.is_floating = kind === 'float';
    this.is_bool = kind === 'bool';
    this.is_integer = !this.is_floating && !this.is_bool;
  }

  /** The least value. */
  get min(): number {
    return limits[this.name][0];
  }

  /** The greatest finite value. */
  get max(): number {
    return limits[this.name][1];
  }

  is_compatible_with(other: DType | string): boolean {
    return dtypeArgument(other) === this.name;
  }

  toString(): string {
    return dtypeStr(this.name);
  }

  __str__(): string {
    return this.toString();
  }

  __repr__(): string {
    return dtypeRepr(this.name);
  }
}

/** Each dtype once, so that `x.dtype === tf.float32`. */
export const dtypeOf: { readonly [D in Name]: DType } = {
  float32: new DType('float32'),
  float64: new DType('float64'),
  int32: new DType('int32'),
  int64: new DType('int64'),
  uint8: new DType('uint8'),
  bool: new DType('bool'),
};

const aliases: { readonly [name: string]: Name } = { float: 'float32', double: 'float64' };

/** A dtype argument: a tf.DType, a name of one, or another door's dtype, which has such a name. */
export function dtypeArgument(value: unknown): Name {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  const name: unknown = isObject ? Reflect.get(value, 'name') : value;
  const known = typeof name === 'string' && Object.hasOwn(aliases, name) ? aliases[name] : name;
  if (isDType(known)) return known;
  throw new TypeError_(
    'bad-argument',
    `Cannot convert the argument \`type_value\`: ${repr(value)} to a TensorFlow DType. ` +
      `It must be one of ${Object.keys(dtypes).join(', ')}.`,
  );
}

/** A dtype argument that may be left out. */
export const dtypeOr = (value: unknown, fallback: Name): Name =>
  value === undefined || value === null ? fallback : dtypeArgument(value);

/** tf.TensorShape: an array that prints as TensorFlow prints it. */
export class TensorShape extends Array<number> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  constructor(dims: Shape = []) {
    super();
    this.push(...dims);
  }

  get rank(): number {
    return this.length;
  }

  get ndims(): number {
    return this.length;
  }

  /** The sizes, as a plain array. */
  as_list(): number[] {
    return [...this];
  }

  /** This shape, and another behind it. */
  concatenate(other: Shape): TensorShape {
    return new TensorShape([...this, ...other]);
  }

  /** Whether every size is known: always. */
  is_fully_defined(): boolean {
    return true;
  }

  /** Whether sizes agree; null is any size. */
  is_compatible_with(other: readonly (number | null)[]): boolean {
    return other.length === this.length && other.every((size, i) => size === null || size === this[i]);
  }

  /** @throws ValueError where sizes don't agree */
  assert_is_compatible_with(other: readonly (number | null)[]): void {
    if (this.is_compatible_with(other)) return;
    throw new ValueError('shape-mismatch', `Shapes ${shapeStr(this)} and ${repr(other)} are incompatible`);
  }

  /** Number of elements of a tensor of this shape. */
  num_elements(): number {
    return sizeOf(this);
  }

  override toString(): string {
    return shapeStr(this);
  }

  __str__(): string {
    return this.toString();
  }

  __repr__(): string {
    return shapeRepr(this);
  }
}
