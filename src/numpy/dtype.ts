/** NumPy's element types: `np.float64` and so on print as themselves, make scalars, and are what `x.dtype` gives. */

import { TypeError_ } from '../errors.js';
import { type DType, dtypes, isDType } from '../shape/dtype.js';
import { show } from '../shape/shape.js';
import { dtypeRepr } from '../text/numpy.js';

/** An element type; called with a value it gives that value as a scalar of this type. S is the scalars' class. */
export interface NumPyType<S> {
  (value: unknown): S;
  readonly name: DType;
  /** Bytes an element. */
  readonly itemsize: number;
  /** NumPy's letter: 'f', 'i', 'u' or 'b'. */
  readonly kind: string;
  toString(): string;
  __str__(): string;
  __repr__(): string;
}

/** What may be given as a dtype: one of these types (or another door's), or its name. */
export type DTypeLike = string | { readonly name: string };

const kinds: { readonly [K in (typeof dtypes)[DType]['kind']]: string } = {
  float: 'f',
  signed: 'i',
  unsigned: 'u',
  bool: 'b',
};

/** The type of a name; `scalar` makes its scalars. */
export function makeType<S>(name: DType, scalar: (value: unknown, dtype: DType) => S): NumPyType<S> {
  const type = (value: unknown): S => scalar(value, name);
  const text = (): string => name;
  Object.defineProperty(type, 'name', { value: name });
  const { bytes, kind } = dtypes[name];
  return Object.assign(type, {
    itemsize: bytes,
    kind: kinds[kind],
    toString: text,
    __str__: text,
    __repr__: () => dtypeRepr(name),
  }) as NumPyType<S>;
}

const aliases: { readonly [name: string]: DType } = {
  float: 'float64',
  double: 'float64',
  single: 'float32',
  int: 'int64',
  bool_: 'bool',
  f4: 'float32',
  f8: 'float64',
  i4: 'int32',
  i8: 'int64',
  u1: 'uint8',
  b1: 'bool',
  '?': 'bool',
};

/**
 * A dtype argument as one of our six.
 *
 * @throws TypeError_ for any other
 */
export function readDType(value: unknown): DType {
  const hasName = (typeof value === 'object' || typeof value === 'function') && value !== null && 'name' in value;
  const given = hasName ? value.name : value;
  const name = typeof given === 'string' ? given.replace(/^[<=|]/, '') : given;
  if (isDType(name)) return name;
  const alias = typeof name === 'string' && Object.hasOwn(aliases, name) ? aliases[name] : undefined;
  if (alias !== undefined) return alias;
  const known = Object.keys(dtypes).join(', ');
  const shown = typeof given === 'string' ? `'${given}'` : show(value);
  throw new TypeError_('bad-argument', `data type ${shown} not understood: use one of ${known}`);
}

/** A dtype argument, or a default where there is none (left out or null). */
export function dtypeOr<D>(value: unknown, fallback: D): DType | D {
  return value === undefined || value === null ? fallback : readDType(value);
}
