/** NumPy's basic indexing, by Python's slice text: `x.at('0, :, ::-2')`. */

import { IndexError, NotImplementedError, ValueError } from '../errors.js';
import { show } from '../shape/shape.js';
import { isForeign } from '../tensor/foreign.js';
import { op, type Tensor } from '../tensor/tensor.js';

/** One part of a subscript: a whole number, null for a new axis, or text (`'1:3'`, `'...'`, several with commas). */
export type Subscript = number | string | null;

interface Slice {
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number;
}

type Part = number | Slice | 'newaxis' | 'ellipsis';

const badIndex = (given: unknown): IndexError =>
  new IndexError(
    'bad-argument',
    'only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid ' +
      `indices, not ${show(given)}`,
  );

const names: { readonly [text: string]: Part } = {
  '...': 'ellipsis',
  Ellipsis: 'ellipsis',
  None: 'newaxis',
  newaxis: 'newaxis',
  'np.newaxis': 'newaxis',
};

const WHOLE = /^[+-]?\d+$/;

function parseText(text: string): Part {
  if (Object.hasOwn(names, text)) return names[text] as Part;
  if (WHOLE.test(text)) return Number(text);
  const bounds = text.split(':').map((bound) => bound.trim());
  const fits = bounds.length > 1 && bounds.length <= 3;
  if (!fits || !bounds.every((bound) => bound === '' || bound === 'None' || WHOLE.test(bound))) throw badIndex(text);
  const [start = null, stop = null, step = null] = bounds.map((bound) => (WHOLE.test(bound) ? Number(bound) : null));
  if (step === 0) throw new ValueError('bad-argument', 'slice step cannot be zero');
  return { start, stop, step: step ?? 1 };
}

function parsePart(part: unknown): Part[] {
  if (part === null) return ['newaxis'];
  if (typeof part === 'string') {
    const texts = part.split(',').map((text) => text.trim());
    if (texts.length > 1 && texts.at(-1) === '') texts.pop();
    return texts.map(parseText);
  }
  if (typeof part === 'number' && Number.isSafeInteger(part)) return [part];
  if (isForeign(part) || Array.isArray(part)) {
    throw new NotImplementedError(
      'not-implemented',
      'indexing by arrays is not supported: use whole numbers and slices, or np.where for a condition',
    );
  }
  throw badIndex(part);
}

/** Python's slice.indices: the cells of a slice of an axis of n, as the first, the step and how many. */
function cellsOf({ start, stop, step }: Slice, n: number): { first: number; step: number; count: number } {
  const [least, greatest] = step > 0 ? [0, n] : [-1, n - 1];
  const clamp = (bound: number): number => Math.min(Math.max(bound < 0 ? bound + n : bound, least), greatest);
  const first = start === null ? (step > 0 ? least : greatest) : clamp(start);
  const end = stop === null ? (step > 0 ? greatest : least) : clamp(stop);
  return { first, step, count: Math.max(0, Math.ceil((end - first) / step)) };
}

/** An index as a slice of one cell. */
function cellOf(index: number, n: number, axis: number): { first: number; step: number; count: number } {
  if (index < -n || index >= n) {
    throw new IndexError('index-out-of-range', `index ${index} is out of bounds for axis ${axis} with size ${n}`);
  }
  return { first: index < 0 ? index + n : index, step: 1, count: 1 };
}

const WHOLE_AXIS: Slice = { start: null, stop: null, step: 1 };

/** One part for each axis (and new axis): the ellipsis, written or understood at the end, becomes whole axes. */
function spelledOut(parts: readonly Part[], rank: number): Exclude<Part, 'ellipsis'>[] {
  if (parts.filter((part) => part === 'ellipsis').length > 1) {
    throw new IndexError('bad-argument', "an index can only have a single ellipsis ('...')");
  }
  const named = parts.filter((part) => part !== 'ellipsis' && part !== 'newaxis').length;
  if (named > rank) {
    throw new IndexError(
      'index-out-of-range',
      `too many indices for array: array is ${rank}-dimensional, but ${named} were indexed`,
    );
  }
  const whole = new Array<Slice>(rank - named).fill(WHOLE_AXIS);
  const all = parts.includes('ellipsis') ? parts : [...parts, 'ellipsis' as const];
  return all.flatMap((part) => (part === 'ellipsis' ? whole : [part]));
}

export interface Indexed {
  readonly value: Tensor;
  /** Every axis was given a number, and no ellipsis: NumPy gives a scalar, not an array. */
  readonly isScalar: boolean;
}

/**
 * The cells that a subscript names. Negative steps and numbers count from the end, as in Python.
 *
 * @throws IndexError for too many parts, a number out of range, or what is no index; ValueError for a step of 0
 */
export function subscript(x: Tensor, given: readonly unknown[]): Indexed {
  const parts = given.flatMap(parsePart);
  const all = spelledOut(parts, x.shape.length);
  const cells = all
    .filter((part) => part !== 'newaxis')
    .map((part, axis) => {
      const n = x.shape[axis] as number;
      return typeof part === 'number' ? cellOf(part, n, axis) : cellsOf(part, n);
    });
  // A backward slice is the forward slice of the same cells, reversed.
  const backward = cells.flatMap(({ step }, axis) => (step < 0 ? [axis] : []));
  const lowest = cells.map(({ first, step, count }) => (count === 0 ? 0 : Math.min(first, first + (count - 1) * step)));
  const sliced = op.slice(x, {
    start: lowest,
    limit: cells.map(({ step, count }, axis) =>
      count === 0 ? 0 : (lowest[axis] as number) + (count - 1) * Math.abs(step) + 1,
    ),
    stride: cells.map(({ step }) => Math.abs(step)),
  });
  let axis = 0;
  const shape = all.flatMap((part) => {
    if (part === 'newaxis') return [1];
    const { count } = cells[axis++] as { count: number };
    return typeof part === 'number' ? [] : [count];
  });
  const turned = backward.length > 0 ? op.reverse(sliced, backward) : sliced;
  return { value: op.reshape(turned, shape), isScalar: shape.length === 0 && !parts.includes('ellipsis') };
}
