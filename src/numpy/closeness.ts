/** NumPy's comparisons of whole arrays: isclose, allclose, array_equal, and numpy.testing. */

import { flag, number, signature } from '../door/signature.js';
import { AssertionError } from '../errors.js';
import { broadcastTo } from '../ops/composite.js';
import type { DType } from '../shape/dtype.js';
import { promoteNumpy } from '../shape/promotion.js';
import { type Shape, sameShape, sizeOf, stridesOf } from '../shape/shape.js';
import { isForeign } from '../tensor/foreign.js';
import { newTensor, op, type Tensor } from '../tensor/tensor.js';
import * as text from '../text/numpy.js';
import { repr, str, tuple } from '../text/python.js';
import { type ArrayInput, toTensor } from './input.js';
import { type ndarray, result } from './ndarray.js';
import { get_printoptions } from './printing.js';
import { commonShape, compare } from './ufunc.js';

export interface Tolerances {
  /** Relative to the second array. */
  readonly rtol?: number;
  readonly atol?: number;
  /** true: NaN is equal to NaN. */
  readonly equal_nan?: boolean;
}

/** What two numbers must fulfil. */
type Test = (x: number, y: number) => boolean;

const closeBy =
  (rtol: number, atol: number, equalNan: boolean): Test =>
  (x, y) =>
    x === y ||
    (Number.isFinite(y) && Math.abs(x - y) <= atol + rtol * Math.abs(y)) ||
    (equalNan && Number.isNaN(x) && Number.isNaN(y));

/** Two arrays broadcast against each other, as numbers. */
function paired(a: Tensor, b: Tensor): { readonly shape: Shape; readonly x: number[]; readonly y: number[] } {
  const shape = commonShape([a.shape, b.shape]);
  const numbers = (value: Tensor): number[] =>
    Array.from<number | bigint, number>(broadcastTo(op, value, shape).array, Number);
  return { shape, x: numbers(a.plain), y: numbers(b.plain) };
}

const readIsClose = signature('isclose', 'a b rtol? atol? equal_nan?');

/**
 * np.isclose: where two arrays are equal within tolerances, |a - b| <= atol + rtol |b|.
 *
 * @throws ValueError where the arrays don't broadcast
 * @example isclose([1, 2], [1, 2.1]).tolist() // [true, false]
 */
export function isclose(a: ArrayInput, b: ArrayInput, keywords?: Tolerances): ndarray;
export function isclose(a: ArrayInput, b: ArrayInput, rtol: number, atol?: number, equal_nan?: boolean): ndarray;
export function isclose(a: ArrayInput, b: ArrayInput, rtol: number, keywords: Omit<Tolerances, 'rtol'>): ndarray;
export function isclose(...args: unknown[]): ndarray {
  const [a, b, rtol, atol, equalNan] = readIsClose(args);
  const test = closeBy(number(rtol, 'rtol', 1e-5), number(atol, 'atol', 1e-8), flag(equalNan, 'equal_nan', false));
  const { shape, x, y } = paired(toTensor(a as ArrayInput), toTensor(b as ArrayInput));
  return result(
    newTensor(
      x.map((value, i) => test(value, y[i] as number)),
      shape,
      'bool',
    ),
  );
}

/**
 * np.allclose: whether all elements are equal within tolerances, |a - b| <= atol + rtol |b|.
 *
 * @throws ValueError where the arrays don't broadcast
 * @example allclose([1, 2], [1, 2.0000001]) // true
 */
export function allclose(a: ArrayInput, b: ArrayInput, keywords?: Tolerances): boolean;
export function allclose(a: ArrayInput, b: ArrayInput, rtol: number, atol?: number, equal_nan?: boolean): boolean;
export function allclose(a: ArrayInput, b: ArrayInput, rtol: number, keywords: Omit<Tolerances, 'rtol'>): boolean;
export function allclose(...args: [ArrayInput, ArrayInput]): boolean {
  return isclose(...args)
    .all()
    .item<boolean>();
}

const readArrayEqual = signature('array_equal', 'a1 a2 equal_nan?');

/**
 * np.array_equal: whether shapes and all elements are equal.
 *
 * @example array_equal([1, 2], [1, 2]) // true
 */
export function array_equal(a1: ArrayInput, a2: ArrayInput, equal_nan?: boolean): boolean;
export function array_equal(a1: ArrayInput, a2: ArrayInput, keywords: { readonly equal_nan?: boolean }): boolean;
export function array_equal(...args: unknown[]): boolean {
  const [a1, a2, equalNan] = readArrayEqual(args);
  const [a, b] = [toTensor(a1 as ArrayInput), toTensor(a2 as ArrayInput)];
  if (!sameShape(a.shape, b.shape)) return false;
  const isEqual = Array.from<number | bigint>(compare('EQ', a, b).array);
  if (!flag(equalNan, 'equal_nan', false)) return isEqual.every((equal) => equal === 1);
  const [x, y] = [a.array, b.array];
  return isEqual.every((equal, i) => equal === 1 || (Number.isNaN(x[i]) && Number.isNaN(y[i])));
}

/** C's `%.{digits}g`. */
function general(value: number, digits: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value).replace('Infinity', 'inf').replace('NaN', 'nan');
  const [mantissa = '', power = '0'] = value.toExponential(digits - 1).split('e');
  const exponent = Number(power);
  const trimmed = (shown: string): string => (shown.includes('.') ? shown.replace(/\.?0+$/, '') : shown);
  if (exponent >= -4 && exponent < digits) return trimmed(value.toFixed(digits - 1 - exponent));
  return `${trimmed(mantissa)}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** What stands at the head and at the foot of a report. */
interface Report {
  readonly header: string;
  readonly message: string;
  readonly verbose: boolean;
  readonly actual: Tensor;
  readonly desired: Tensor;
}

/** Throws with NumPy's report: header, what is wrong, and both arrays, cut after three lines. */
function fail({ header, message, verbose, actual, desired }: Report, wrong: string): never {
  const shown = ({ shape, dtype, array }: Tensor): string => {
    const full = text.arrayRepr({ shape, dtype, data: array }, { ...get_printoptions(), precision: 6 });
    const lines = full.split('\n');
    return lines.length > 4 ? `${lines.slice(0, 3).join('\n')}...` : full;
  };
  const arrays = verbose ? `\n ACTUAL: ${shown(actual)}\n DESIRED: ${shown(desired)}` : '';
  throw new AssertionError('check-failed', `\n${header}\n${message}\n${wrong}${arrays}`);
}

const indexOf = (i: number, shape: Shape): number[] =>
  stridesOf(shape).map((stride, axis) => Math.floor(i / stride) % (shape[axis] as number));

/** The elements that break a test, as NumPy's list of them and of the largest differences. */
function violations({ actual, desired }: Report, bad: readonly number[], pair: ReturnType<typeof paired>): string {
  const { shape, x, y } = pair;
  const size = sizeOf(shape);
  const lines = [`Mismatched elements: ${bad.length} / ${size} (${general((100 * bad.length) / size, 3)}%)`];
  if (shape.length > 0) {
    const title =
      bad.length > 5
        ? 'First 5 mismatches are at indices'
        : bad.length > 1
          ? 'Mismatch at indices'
          : 'Mismatch at index';
    const one = ({ array, dtype }: Tensor, i: number): string =>
      text.scalarStr((array.length === 1 ? array[0] : array[i]) as number | bigint, dtype);
    const rows = bad.slice(0, 5).map((i) => {
      return ` ${repr(indexOf(i, shape))}: ${one(actual, i)} (ACTUAL), ${one(desired, i)} (DESIRED)`;
    });
    lines.push(`${title}:`, ...rows);
  }
  const dtype = promoteNumpy(actual.dtype, desired.dtype);
  if (dtype === 'bool') return lines.join('\n');
  const errors = bad.map((i) => Math.abs((x[i] as number) - (y[i] as number)));
  const relative = bad.flatMap((i, j) => (y[i] === 0 ? [] : [(errors[j] as number) / Math.abs(y[i] as number)]));
  const largest = (values: readonly number[], type: DType): string => {
    const value = newTensor([values.reduce((a, b) => Math.max(a, b))], [], type);
    return text.array2string({ shape: [], dtype: type, data: value.array }, get_printoptions());
  };
  lines.push(`Max absolute difference among violations: ${largest(errors, dtype)}`);
  const ratio = relative.length > 0 ? relative : [Number.POSITIVE_INFINITY];
  lines.push(`Max relative difference among violations: ${largest(ratio, dtype === 'float32' ? dtype : 'float64')}`);
  return lines.join('\n');
}

/** Compares as NumPy's assert functions do: shapes, then where NaN and infinities are, then the numbers. */
function assertPairs(report: Report, test: Test, equalNan: boolean): void {
  const { actual, desired } = report;
  const isScalar = actual.shape.length === 0 || desired.shape.length === 0;
  if (!isScalar && !sameShape(actual.shape, desired.shape)) {
    fail(report, `(shapes ${tuple(actual.shape)}, ${tuple(desired.shape)} mismatch)`);
  }
  const pair = paired(actual, desired);
  const { x, y } = pair;
  const differs = (is: (value: number) => boolean): boolean => x.some((value, i) => is(value) !== is(y[i] as number));
  const isInfinite = (value: number): boolean => Math.abs(value) === Number.POSITIVE_INFINITY;
  if (equalNan && differs(Number.isNaN)) fail(report, 'nan location mismatch:');
  if (differs(isInfinite)) fail(report, 'inf location mismatch:');
  if (x.some((value, i) => isInfinite(value) && value !== y[i])) fail(report, 'inf values mismatch:');
  const bad = x.flatMap((value, i) => (test(value, y[i] as number) ? [] : [i]));
  if (bad.length > 0) fail(report, violations(report, bad, pair));
}

interface AssertKeywords {
  readonly err_msg?: string;
  /** false: the arrays are not shown. */
  readonly verbose?: boolean;
}

const readAssertClose = signature('assert_allclose', 'actual desired rtol? atol? equal_nan? err_msg? verbose?');

/**
 * np.testing.assert_allclose: nothing where |actual - desired| <= atol + rtol |desired| everywhere, by default with
 * rtol = 1e-7 and atol = 0; else an error that says where not.
 *
 * @throws AssertionError where the arrays aren't close, with NumPy's report
 * @example testing.assert_allclose([1, 2], [1, 2 + 1e-9])
 */
export function assert_allclose(actual: ArrayInput, desired: ArrayInput, keywords?: Tolerances & AssertKeywords): void;
export function assert_allclose(
  actual: ArrayInput,
  desired: ArrayInput,
  rtol: number,
  atol?: number,
  equal_nan?: boolean,
  err_msg?: string,
  verbose?: boolean,
): void;
export function assert_allclose(
  actual: ArrayInput,
  desired: ArrayInput,
  rtol: number,
  keywords: Omit<Tolerances, 'rtol'> & AssertKeywords,
): void;
export function assert_allclose(...args: unknown[]): void {
  const [actual, desired, givenRtol, givenAtol, equalNan, message, verbose] = readAssertClose(args);
  const [rtol, atol] = [number(givenRtol, 'rtol', 1e-7), number(givenAtol, 'atol', 0)];
  const isNanEqual = flag(equalNan, 'equal_nan', true);
  const report: Report = {
    header: `Not equal to tolerance rtol=${general(rtol, 6)}, atol=${general(atol, 6)}`,
    message: str(message ?? ''),
    verbose: flag(verbose, 'verbose', true),
    actual: toTensor(actual as ArrayInput),
    desired: toTensor(desired as ArrayInput),
  };
  assertPairs(report, closeBy(rtol, atol, isNanEqual), isNanEqual);
}

const readAssertEqual = signature('assert_array_equal', 'actual desired err_msg? verbose?');

/**
 * np.testing.assert_array_equal: nothing where shapes and elements are equal (NaN being equal to NaN), else an error
 * that says where not.
 *
 * @throws AssertionError where they aren't, with NumPy's report
 * @example testing.assert_array_equal([1, 2], [1, 2])
 */
export function assert_array_equal(actual: ArrayInput, desired: ArrayInput, keywords?: AssertKeywords): void;
export function assert_array_equal(actual: ArrayInput, desired: ArrayInput, err_msg: string, verbose?: boolean): void;
export function assert_array_equal(...args: unknown[]): void {
  const [actual, desired, message, verbose] = readAssertEqual(args);
  const report: Report = {
    header: 'Arrays are not equal',
    message: str(message ?? ''),
    verbose: flag(verbose, 'verbose', true),
    actual: toTensor(actual as ArrayInput),
    desired: toTensor(desired as ArrayInput),
  };
  assertPairs(report, closeBy(0, 0, true), true);
}

const readAlmost = signature('assert_array_almost_equal', 'actual desired decimal? err_msg? verbose?');

/**
 * np.testing.assert_array_almost_equal: nothing where arrays agree to so many decimals (6 by default), else an error
 * that says where not.
 *
 * @throws AssertionError where they don't, with NumPy's report
 * @example testing.assert_array_almost_equal([1, 2], [1, 2 + 1e-9])
 */
export function assert_array_almost_equal(
  actual: ArrayInput,
  desired: ArrayInput,
  decimal?: number | (AssertKeywords & { readonly decimal?: number }),
): void;
export function assert_array_almost_equal(...args: unknown[]): void {
  const [actual, desired, given, message, verbose] = readAlmost(args);
  const decimal = number(given, 'decimal', 6);
  const report: Report = {
    header: `Arrays are not almost equal to ${decimal} decimals`,
    message: str(message ?? ''),
    verbose: flag(verbose, 'verbose', true),
    actual: toTensor(actual as ArrayInput),
    desired: toTensor(desired as ArrayInput),
  };
  const limit = 1.5 * 10 ** -decimal;
  assertPairs(report, (x, y) => x === y || Math.abs(x - y) < limit || (Number.isNaN(x) && Number.isNaN(y)), true);
}

/** np.testing.assert_almost_equal: as assert_array_almost_equal, to 7 decimals. */
export function assert_almost_equal(actual: ArrayInput, desired: ArrayInput, decimal = 7): void {
  const isScalar = [actual, desired].every((x) => toTensor(x).shape.length === 0);
  if (!isScalar) {
    assert_array_almost_equal(actual, desired, decimal);
    return;
  }
  const [x, y] = [actual, desired].map((value) => Number(toTensor(value).array[0])) as [number, number];
  if (Object.is(x, y) || Math.abs(x - y) < 1.5 * 10 ** -decimal) return;
  throw new AssertionError(
    'check-failed',
    `\nArrays are not almost equal to ${decimal} decimals\n ACTUAL: ${repr(actual)}\n DESIRED: ${repr(desired)}`,
  );
}

/**
 * np.testing.assert_equal: as assert_array_equal for arrays; lists item by item, other values as they are.
 *
 * @throws AssertionError where they aren't equal
 */
export function assert_equal(actual: unknown, desired: unknown, err_msg = '', verbose = true): void {
  if (Array.isArray(actual) && Array.isArray(desired) && actual.length === desired.length) {
    actual.forEach((item, i) => {
      assert_equal(item, desired[i], err_msg, verbose);
    });
    return;
  }
  if (isForeign(actual) || isForeign(desired) || Array.isArray(actual) || Array.isArray(desired)) {
    assert_array_equal(actual as ArrayInput, desired as ArrayInput, err_msg, verbose);
  } else if (!Object.is(actual, desired)) {
    throw new AssertionError(
      'check-failed',
      `\nItems are not equal:\n ACTUAL: ${repr(actual)}\n DESIRED: ${repr(desired)}`,
    );
  }
}

/** np.testing.assert_: an error where a value is not true. */
export function assert_(val: unknown, msg = ''): void {
  const isTrue = isForeign(val) ? Boolean(val.toCore().item()) : Boolean(val);
  if (!isTrue) throw new AssertionError('check-failed', msg);
}
