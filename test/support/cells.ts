/**
 * Holds doors against recorded cells (tools/record/cells.py): Python that a framework ran, run again by the translation
 * rule. Nothing of Node or Vitest stands here: a page in a browser plays the cells, too.
 */

import { AdjointError, type Tensor } from 'adjoint';
import { runCell, type Scope } from './cell.js';
import { isArray } from './python.js';

/** What a door gives to its cells. */
export interface Door {
  readonly str: (value: unknown) => string;
  readonly repr: (value: unknown) => string;
  /** Names of modules, and others of this door alone. */
  readonly scope: Scope;
  /** A tensor of elements. */
  readonly make: (values: Float64Array, shape: readonly number[], dtype: string) => unknown;
  /** Results of a function of tensors, its gradients under the given upstream; of order 2 as well. */
  readonly gradients: (
    f: (...inputs: unknown[]) => unknown,
    inputs: readonly unknown[],
    order: 1 | 2,
    like: (x: unknown, seed: number) => unknown,
  ) => unknown[];
  /** Undoes what a cell may have set. */
  readonly reset?: () => void;
}

type Numbers = string | number | boolean | null | readonly Numbers[];

export type Cell =
  | readonly [source: string, text: string]
  | readonly [source: string, numbers: readonly Numbers[]]
  | readonly [source: string, error: string, message: string];

export interface Recording {
  readonly groups: { readonly [heading: string]: readonly Cell[] };
}

/** Pseudo-random 32-bit numbers, as the recording script draws them. */
function draws(seed: number, count: number, f: (bits: number) => number): Float64Array {
  let state = (Math.imul(seed, 2654435761) + 1) >>> 0;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return f(state);
  });
}

const real = (bits: number): number => (bits >>> 8) / 2 ** 23 - 1;
const positive = (bits: number): number => (bits >>> 9) / 2 ** 23 + 0.5;
const whole = (bits: number): number => ((bits >>> 16) % 9) - 4;
const natural = (bits: number): number => (bits >>> 16) % 9;

/** Arguments as Python would give them: `name(shape, seed, dtype)`. */
function maker(door: Door, f: (bits: number) => number) {
  return (shape: number | readonly number[], ...rest: unknown[]): unknown => {
    const last = rest.at(-1);
    const keywords = typeof last === 'object' && last !== null ? (last as { seed?: number; dtype?: string }) : {};
    const [seed, dtype] = rest.filter((value) => typeof value !== 'object');
    const sizes = typeof shape === 'number' ? [shape] : shape;
    const count = sizes.reduce((product, size) => product * size, 1);
    const type = String(keywords.dtype ?? dtype ?? 'float64');
    const draw = f === whole && (type === 'uint8' || type === 'bool') ? natural : f;
    return door.make(draws(Number(keywords.seed ?? seed ?? 1), count, draw), sizes, type);
  };
}

/** The name of an exception as Python has it. */
const pythonName = (error: Error): string => error.name.replace(/_$/, '');

function scopeOf(door: Door, lines: string[]): Scope {
  const drawReal = maker(door, real);
  const like = (x: unknown, seed: number): unknown => {
    const { shape, dtype } = coreOf(x);
    return drawReal(shape, seed, dtype);
  };
  const gradients =
    (order: 1 | 2) =>
    (f: (...inputs: unknown[]) => unknown, ...inputs: unknown[]): unknown[] =>
      door.gradients(f, inputs, order, like);
  return {
    print: (...values: unknown[]): null => {
      lines.push(values.map(door.str).join(' '));
      return null;
    },
    repr: door.repr,
    str: door.str,
    len: (value: unknown) => (isArray(value) ? coreOf(value).shape[0] : Reflect.get(Object(value), 'length')),
    list: (value: Iterable<unknown>) => [...value],
    tuple: (value: Iterable<unknown>) => [...value],
    float: (value: unknown) => (isArray(value) ? Number(coreOf(value).item()) : Number(value)),
    int: (value: unknown) => Math.trunc(isArray(value) ? Number(coreOf(value).item()) : Number(value)),
    real: drawReal,
    positive: maker(door, positive),
    whole: maker(door, whole),
    grads: gradients(1),
    grads2: gradients(2),
    same: Object.is,
    attempt: (f: () => unknown): null => {
      try {
        f();
      } catch (error) {
        if (!(error instanceof AdjointError)) throw error;
        lines.push(`${pythonName(error)}: ${error.message.slice(0, 80)}`);
      }
      return null;
    },
    ...door.scope,
  };
}

const coreOf = (value: unknown): Tensor => {
  if (isArray(value)) return value.toCore() as Tensor;
  throw new TypeError(`${String(value)} is no tensor`);
};

/** What a cell prints, its last value as a notebook shows it. */
function printed(door: Door, source: string): string {
  const lines: string[] = [];
  const value = runCell(source, scopeOf(door, lines));
  if (value !== null && value !== undefined) lines.push(door.repr(value));
  return lines.join('\n');
}

const words: { readonly [word: string]: number } = { inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY };

/** Of floats, parts of an element or of the largest one; other dtypes are exact. */
const tolerances: { readonly [dtype: string]: readonly [relative: number, ofLargest: number] } = {
  float32: [1e-4, 1e-5],
  float64: [1e-9, 1e-11],
};

function same(given: unknown, expected: unknown, what: string): void {
  if (given !== expected) throw new Error(`${what}:\n${String(given)}\nrecorded:\n${String(expected)}`);
}

/** Compares a value with what is recorded: `dtype[shape] elements`, numbers, None, or lists of such. */
function sameNumbers(value: unknown, expected: Numbers, what: string): void {
  if (Array.isArray(expected)) {
    const items: unknown[] = Array.isArray(value) ? value : Object.values(Object(value));
    same(items.length, expected.length, `length of ${what}`);
    expected.forEach((part, i) => {
      sameNumbers(items[i], part, `${what}[${i}]`);
    });
    return;
  }
  const match = typeof expected === 'string' ? /^(\w+)\[([\d,]*)\] ?(.*)$/.exec(expected) : null;
  if (match === null) {
    if (typeof expected === 'number') near([Number(value)], [expected], 'float64', what);
    else same(value ?? null, expected, what);
    return;
  }
  const [, dtype = '', shape, elements = ''] = match;
  const x = coreOf(value);
  same(`${x.dtype}[${x.shape}]`, `${dtype}[${shape}]`, what);
  const numbers = elements === '' ? [] : elements.split(' ').map((word) => words[word] ?? Number(word));
  near(Array.from<number | bigint, number>(x.array, Number), numbers, dtype, what);
}

function near(given: readonly number[], expected: readonly number[], dtype: string, what: string): void {
  same(given.length, expected.length, `elements of ${what}`);
  const [relative, ofLargest] = tolerances[dtype] ?? [0, 0];
  const largest = Math.max(0, ...expected.filter(Number.isFinite).map(Math.abs));
  given.forEach((x, i) => {
    const y = expected[i] as number;
    const isNear = x === y || Math.abs(x - y) <= Math.max(relative * Math.abs(y), ofLargest * largest);
    if (!isNear && !(Number.isNaN(x) && Number.isNaN(y))) throw new Error(`${what} at ${i}: ${x}, recorded ${y}`);
  });
}

/** Refused with the same class; with the same message where the heading says so. */
function refused(door: Door, source: string, name: string, message: string | null): void {
  let error: unknown;
  try {
    printed(door, source);
  } catch (thrown) {
    error = thrown;
  }
  if (!(error instanceof AdjointError)) throw error ?? new Error(`${source} was not refused: ${name}`);
  same(pythonName(error), name, 'class');
  if (message !== null) same(error.message.split('\n')[0], message, 'message');
}

/** Runs a cell again; throws where what comes out is not what is recorded. */
export function checkCell(door: Door, heading: string, [source, outcome, message]: Cell): void {
  try {
    if (heading.startsWith('!')) refused(door, source, String(outcome), heading[1] === '=' ? String(message) : null);
    else if (heading.startsWith('~')) sameNumbers(runCell(source, scopeOf(door, [])), outcome, source);
    else same(printed(door, source), outcome, 'text');
  } finally {
    door.reset?.();
  }
}
