/** What NumPy tells of dtypes and arrays: promotion, casting, limits, shapes. */

import { signature } from '../door/signature.js';
import { TypeError_, ValueError } from '../errors.js';
import { type DType, dtypes, isFloat } from '../shape/dtype.js';
import { promoteNumpy } from '../shape/promotion.js';
import { isForeign } from '../tensor/foreign.js';
import { str, type Tuple } from '../text/python.js';
import { type DTypeLike, type NumPyType, readDType } from './dtype.js';
import { type ArrayInput, toTensor } from './input.js';
import { asndarray, type generic, types } from './ndarray.js';
import { isSameKind } from './operators.js';
import { promoted } from './ufunc.js';

/**
 * np.promote_types: the smallest dtype that holds both.
 *
 * @throws TypeError_ for what is no dtype
 * @example promote_types('int32', 'float32') // float64
 */
export const promote_types = (type1: DTypeLike, type2: DTypeLike): NumPyType<generic> =>
  types[promoteNumpy(readDType(type1), readDType(type2))];

const isDTypeLike = (value: unknown): value is DTypeLike =>
  typeof value === 'string' || (typeof value === 'function' && 'itemsize' in value);

/**
 * np.result_type: the dtype that arithmetic of these has; arrays, dtypes, or numbers, which give way.
 *
 * @throws ValueError without any
 * @example result_type('int32', 1.5) // float64
 */
export function result_type(...arrays_and_dtypes: (ArrayInput | DTypeLike)[]): NumPyType<generic> {
  if (arrays_and_dtypes.length === 0) {
    throw new ValueError('missing-argument', 'at least one array or dtype is required');
  }
  const isNumber = (value: unknown): value is number => typeof value === 'number';
  const strong = arrays_and_dtypes.filter((value) => !isNumber(value));
  const named = strong.map(
    (value): DType => (isDTypeLike(value) ? readDType(value) : toTensor(value as ArrayInput).dtype),
  );
  const [first, ...rest] = named;
  const numbers = arrays_and_dtypes.filter(isNumber);
  if (first === undefined) return types[toTensor(numbers).dtype];
  const common = rest.reduce(promoteNumpy, first);
  return types[
    numbers.reduce<DType>((dtype, value) => {
      const [x] = promoted(types[dtype](0), value, true);
      return x.dtype;
    }, common)
  ];
}

type Casting = 'no' | 'equiv' | 'safe' | 'same_kind' | 'unsafe';

const casts: { readonly [C in Casting]: (from: DType, to: DType) => boolean } = {
  no: (from, to) => from === to,
  equiv: (from, to) => from === to,
  safe: (from, to) => promoteNumpy(from, to) === to,
  same_kind: isSameKind,
  unsafe: () => true,
};

const readCast = signature('can_cast', 'from_ to casting?');

/**
 * np.can_cast: whether one dtype may be converted to another by a rule, 'safe' by default.
 *
 * @throws TypeError_ for a number, ValueError for an unknown rule
 * @example can_cast('int32', 'float32') // false
 */
export function can_cast(
  from_: DTypeLike | ArrayInput,
  to: DTypeLike,
  casting?: Casting | { readonly casting?: Casting },
): boolean;
export function can_cast(...args: unknown[]): boolean {
  const [from_, to, rule = 'safe'] = readCast(args);
  const casting = str(rule) as Casting;
  if (!Object.hasOwn(casts, casting)) {
    throw new ValueError(
      'bad-argument',
      `casting must be one of 'no', 'equiv', 'safe', 'same_kind', or 'unsafe' (got '${casting}')`,
    );
  }
  if (typeof from_ === 'number' || typeof from_ === 'boolean' || typeof from_ === 'bigint') {
    throw new TypeError_(
      'bad-argument',
      'can_cast() does not support Python ints, floats, and complex because the result used to depend on the value.\n' +
        'This change was part of adopting NEP 50, we may explicitly allow them again in the future.',
    );
  }
  const from = isForeign(from_) ? from_.toCore().dtype : readDType(from_);
  return casts[casting](from, readDType(to));
}

/** What np.finfo tells of a floating dtype. */
export interface FloatInfo {
  readonly dtype: NumPyType<generic>;
  readonly bits: number;
  /** The distance from 1 to the next larger number. */
  readonly eps: generic;
  readonly epsneg: generic;
  readonly max: generic;
  readonly min: generic;
  /** The smallest positive number of full precision. */
  readonly tiny: generic;
  readonly smallest_normal: generic;
  readonly smallest_subnormal: generic;
  /** Decimal digits that every number keeps. */
  readonly precision: number;
  readonly resolution: generic;
  readonly nmant: number;
}

/**
 * np.finfo: the limits of a floating dtype.
 *
 * @throws ValueError for another dtype
 * @example finfo('float32').eps.item() // 1.1920928955078125e-7
 */
export function finfo(dtype: DTypeLike | ArrayInput): FloatInfo {
  const name = isForeign(dtype) ? dtype.toCore().dtype : readDType(dtype);
  if (!isFloat(name)) {
    const shown = dtypes[name].kind === 'bool' ? 'bool' : name;
    throw new ValueError('dtype-mismatch', `data type <class 'numpy.${shown}'> not inexact`);
  }
  const type = types[name];
  const isSingle = name === 'float32';
  const digits = isSingle ? 23 : 52;
  const most = isSingle ? 127 : 1023;
  const max = (2 - 2 ** -digits) * 2 ** most;
  const tiny = 2 ** (1 - most);
  const precision = isSingle ? 6 : 15;
  return {
    dtype: type,
    bits: dtypes[name].bytes * 8,
    eps: type(2 ** -digits),
    epsneg: type(2 ** (-digits - 1)),
    max: type(max),
    min: type(-max),
    tiny: type(tiny),
    smallest_normal: type(tiny),
    smallest_subnormal: type(2 ** (1 - most - digits)),
    precision,
    resolution: type(10 ** -precision),
    nmant: digits,
  };
}

/** What np.iinfo tells of an integer dtype. */
export interface IntegerInfo {
  readonly dtype: NumPyType<generic>;
  readonly bits: number;
  readonly kind: string;
  /** A bigint where a number would not hold it. */
  readonly max: number | bigint;
  readonly min: number | bigint;
}

const limits: { readonly [D in 'uint8' | 'int32' | 'int64']: readonly [number | bigint, number | bigint] } = {
  uint8: [0, 255],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
};

/**
 * np.iinfo: the limits of an integer dtype.
 *
 * @throws ValueError for another dtype
 * @example iinfo('uint8').max // 255
 */
export function iinfo(type: DTypeLike | ArrayInput): IntegerInfo {
  const name = isForeign(type) ? type.toCore().dtype : readDType(type);
  if (name !== 'uint8' && name !== 'int32' && name !== 'int64') {
    throw new ValueError('dtype-mismatch', `Invalid integer data type '${types[name].kind}'.`);
  }
  const [min, max] = limits[name];
  return { dtype: types[name], bits: dtypes[name].bytes * 8, kind: types[name].kind, max, min };
}

/** np.shape: the sizes of anything array-like. */
export const shape = (a: ArrayInput): Tuple<number> => asndarray(a).shape;

/** np.ndim: the number of dimensions of anything array-like. */
export const ndim = (a: ArrayInput): number => asndarray(a).ndim;

/** np.size: the number of elements, of all or along an axis. */
export const size = (a: ArrayInput, axis?: number | null): number => {
  const x = asndarray(a);
  return axis === undefined || axis === null ? x.size : (x.shape.at(axis) ?? 0);
};

/** np.isscalar: whether a value is a number, text, or one of NumPy's scalars. */
export const isscalar = (element: unknown): boolean =>
  ['number', 'boolean', 'bigint', 'string'].includes(typeof element) ||
  (typeof element === 'object' && element !== null && element.constructor.name === 'generic');

/** What np.errstate is told of each kind of floating error. */
type ErrorMode = 'ignore' | 'warn' | 'raise' | 'call' | 'print' | 'log';

/**
 * np.errstate: runs a function. There are no floating-point warnings here, so that nothing needs to be ignored.
 *
 * @example errstate({ divide: 'ignore' }, () => divide(1, 0).item()) // Infinity
 */
export function errstate<R>(
  options: { readonly [K in 'all' | 'divide' | 'over' | 'under' | 'invalid']?: ErrorMode },
  body: () => R,
): R {
  const bad = Object.values(options).find((mode) => mode === 'raise');
  if (bad !== undefined) throw new ValueError('bad-argument', "errstate: 'raise' is not there, as nothing is checked");
  return body();
}
