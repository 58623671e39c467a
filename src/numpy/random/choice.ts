/** Permutations and choices, drawn as NumPy draws them. */

import { IndexError, NotImplementedError, TypeError_, ValueError } from '../../errors.js';
import { place, upTo } from '../../random/bounded.js';
import type { Words } from '../../random/words.js';
import { checkSize, type Shape, sizeOf } from '../../shape/shape.js';
import { isForeign } from '../../tensor/foreign.js';
import { newTensor, type Tensor } from '../../tensor/tensor.js';
import { axisOf } from '../axes.js';
import { type ArrayInput, toTensor } from '../input.js';
import { ndarray, result } from '../ndarray.js';
import { takeCells } from '../take.js';
import { sizeOrNull } from './arguments.js';

/** What a choice needs of a generator, and the words in which it refuses. */
export interface Chooser {
  readonly words: Words;
  readonly isLegacy: boolean;
}

/** Exchanges items from the last down to `first`, each with one at or before it. */
function exchange(
  count: number,
  first: number,
  draw: (most: number) => number,
  swap: (i: number, j: number) => void,
): void {
  for (let i = count - 1; i >= first; i--) swap(i, draw(i));
}

const swapIn =
  (list: { [i: number]: unknown }) =>
  (i: number, j: number): void => {
    [list[i], list[j]] = [list[j], list[i]];
  };

/** 0 to n - 1 in random order. */
export function shuffledOrder(words: Words, n: number): Int32Array {
  const order = Int32Array.from({ length: Math.max(0, n) }, (_, i) => i);
  exchange(order.length, 1, (most) => place(words, most), swapIn(order));
  return order;
}

/** Items of a list, or rows of an array, in random order: in place. */
export function shuffle({ words }: Chooser, x: unknown, axis: number): void {
  if (x instanceof ndarray) {
    const along = axisOf(axis, x.ndim);
    const value = x.toCore();
    if (value.size === 0) return;
    x.set_('...', new ndarray(takeCells(value, along, shuffledOrder(words, value.shape[along] as number))));
    return;
  }
  if (!Array.isArray(x)) {
    const type = typeof x === 'number' ? (Number.isInteger(x) ? 'int' : 'float') : typeof x;
    throw new TypeError_('bad-argument', `object of type '${type}' has no len()`);
  }
  if (axis !== 0)
    throw new NotImplementedError('not-implemented', 'Axis argument is only supported on ndarray objects');
  exchange(x.length, 1, (most) => place(words, most), swapIn(x));
}

const isWhole = (x: unknown): x is number => typeof x === 'number' && Number.isSafeInteger(x);

/** The whole number that a number or an integer scalar stands for. */
function countOf(x: unknown): number | null {
  if (isWhole(x)) return x;
  if (!isForeign(x)) return null;
  const { shape, dtype, array } = x.toCore();
  return shape.length === 0 && /int/.test(dtype) ? Number(array[0]) : null;
}

const range = (n: number): Tensor =>
  newTensor(
    Array.from({ length: Math.max(0, n) }, (_, i) => i),
    [Math.max(0, n)],
    'int64',
  );

/** A shuffled copy; of a number n, of 0 to n - 1. */
export function permutation({ words, isLegacy }: Chooser, x: unknown, axis: number): ndarray {
  const count = countOf(x);
  if (count !== null) checkSize([count], 'the permutation');
  const value = count === null ? toTensor(x as ArrayInput) : range(count);
  if (isLegacy && value.shape.length === 0) {
    throw new IndexError('rank-mismatch', 'x must be an integer or at least 1-dimensional');
  }
  const along = axisOf(axis, value.shape.length);
  return new ndarray(takeCells(value, along, shuffledOrder(words, value.shape[along] as number)));
}

export interface Choice {
  readonly a: unknown;
  readonly size: unknown;
  readonly replace: boolean;
  readonly p: unknown;
  readonly axis: number;
  readonly shuffle: boolean;
}

interface Population {
  /** What is chosen from; null: the numbers from 0 on. */
  readonly items: Tensor | null;
  readonly size: number;
}

/** NumPy's words for what is wrong, new and legacy. */
const words = {
  count: [
    'a must be a positive integer unless no samples are taken',
    'a must be greater than 0 unless no samples are taken',
  ],
  empty: ['a cannot be empty unless no samples are taken', "'a' cannot be empty unless no samples are taken"],
  probabilities: ['a and p must have same size', "'a' and 'p' must have same size"],
  rank: ['p must be 1-dimensional', "'p' must be 1-dimensional"],
  nan: ['Probabilities contain NaN', 'probabilities contain NaN'],
  negative: ['Probabilities are not non-negative', 'probabilities are not non-negative'],
  sum: [
    'Probabilities do not sum to 1. See Notes section of docstring for more information.',
    'probabilities do not sum to 1',
  ],
  larger: [
    'Cannot take a larger sample than population when replace is False',
    "Cannot take a larger sample than population when 'replace=False'",
  ],
} as const;

function refuse(bad: boolean, fault: keyof typeof words, isLegacy: boolean): void {
  if (bad) throw new ValueError('bad-argument', words[fault][Number(isLegacy)] as string);
}

const typeName = (x: unknown): string =>
  x === null || x === undefined
    ? 'NoneType'
    : typeof x === 'number'
      ? 'float'
      : typeof x === 'boolean'
        ? 'bool'
        : typeof x;

function populationOf({ isLegacy }: Chooser, { a, axis }: Choice, wanted: number): Population {
  const count = countOf(a);
  if (count !== null) {
    refuse(count <= 0 && wanted !== 0, 'count', isLegacy);
    return { items: null, size: count };
  }
  const isList = Array.isArray(a) || ArrayBuffer.isView(a) || (isForeign(a) && a.toCore().shape.length > 0);
  if (!isList) {
    const message = isLegacy
      ? 'a must be 1-dimensional or an integer'
      : `a must be a sequence or an integer, not <class '${typeName(a)}'>`;
    throw new ValueError('bad-argument', message);
  }
  const items = toTensor(a as ArrayInput);
  if (isLegacy && items.shape.length !== 1) throw new ValueError('rank-mismatch', 'a must be 1-dimensional');
  const size = items.shape[axisOf(axis, items.shape.length)] as number;
  refuse(size === 0 && wanted !== 0, 'empty', isLegacy);
  return { items, size };
}

/** The smallest difference of float64, its root: how far from 1 probabilities may add up. */
const TOLERANCE = 2 ** -26;

function probabilitiesOf({ isLegacy }: Chooser, p: unknown, count: number): Float64Array | null {
  if (p === undefined || p === null) return null;
  const { array, shape } = toTensor(p as ArrayInput);
  refuse(shape.length !== 1, 'rank', isLegacy);
  refuse(array.length !== count, 'probabilities', isLegacy);
  const values = Float64Array.from(array as ArrayLike<number | bigint>, Number);
  refuse(values.some(Number.isNaN), 'nan', isLegacy);
  refuse(
    values.some((value) => value < 0),
    'negative',
    isLegacy,
  );
  refuse(Math.abs(values.reduce((sum, value) => sum + value, 0) - 1) > TOLERANCE, 'sum', isLegacy);
  return values;
}

/** For each number in [0, 1), the first item whose cumulated probability is above it. */
function search(probabilities: Float64Array, samples: readonly number[]): number[] {
  let sum = 0;
  const cumulated = probabilities.map((p) => (sum += p)).map((value) => value / sum);
  return samples.map((sample) => {
    let [low, high] = [0, cumulated.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sample < (cumulated[middle] as number)) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}

const doubles = (source: Words, n: number): number[] => Array.from({ length: n }, () => source.double());

/** Different items by their probabilities: drawn again, without those found, until there are enough. */
function distinctByProbability(source: Words, given: Float64Array, n: number): number[] {
  if (given.filter((p) => p > 0).length < n)
    throw new ValueError('bad-argument', 'Fewer non-zero entries in p than size');
  const probabilities = given.slice();
  const found: number[] = [];
  while (found.length < n) {
    const samples = doubles(source, n - found.length);
    for (const i of found) probabilities[i] = 0;
    found.push(...new Set(search(probabilities, samples)));
  }
  return found;
}

/** Different numbers below `count`: the end of a shuffle where many are wanted, else Floyd's way. */
function distinct(source: Words, count: number, n: number, isShuffled: boolean): number[] {
  const draw = (most: number): number => Number(upTo(source, most));
  if (count > 10000 && n > Math.floor(count / (isShuffled ? 50 : 20))) {
    const all = Array.from({ length: count }, (_, i) => i);
    exchange(count, Math.max(count - n, 1), draw, swapIn(all));
    return all.slice(count - n);
  }
  const found = new Set<number>();
  for (let j = count - n; j < count; j++) {
    const value = draw(j);
    found.add(found.has(value) ? j : value);
  }
  const list = [...found];
  if (isShuffled) exchange(n, 1, draw, swapIn(list));
  return list;
}

function chosen(chooser: Chooser, choice: Choice, count: number, n: number): number[] {
  const { words: source, isLegacy } = chooser;
  const probabilities = probabilitiesOf(chooser, choice.p, count);
  if (choice.replace) {
    if (probabilities !== null) return search(probabilities, doubles(source, n));
    return Array.from({ length: n }, () => Number(upTo(source, count - 1, isLegacy)));
  }
  refuse(n > count, 'larger', isLegacy);
  if (probabilities !== null) return distinctByProbability(source, probabilities, n);
  if (isLegacy) return [...shuffledOrder(source, count)].slice(0, n);
  return distinct(source, count, n, choice.shuffle);
}

/** Items of a population; without a size a single one. */
export function choose(chooser: Chooser, choice: Choice): ndarray | number {
  const size = sizeOrNull(choice.size);
  const n = size === null ? 1 : sizeOf(size);
  const { items, size: count } = populationOf(chooser, choice, n);
  const indices = chosen(chooser, choice, count, n);
  if (items === null) {
    return size === null ? (indices[0] as number) : new ndarray(newTensor(indices, size, 'int64'));
  }
  const shape: Shape = size ?? [];
  return result(takeCells(items, axisOf(choice.axis, items.shape.length), indices, shape));
}
