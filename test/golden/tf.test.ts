/** adjoint/tf against TensorFlow: results, gradients, tapes, errors and texts recorded by tools/record/tensorflow.py. */

import { readFileSync } from 'node:fs';
import * as tf from 'adjoint/tf';
import { describe, expect, it } from 'vitest';
import { type Call, callOf, draws, isCase, made } from './tf-calls.js';
import { type Scenario, scenarios } from './tf-scenarios.js';
import { texts } from './tf-texts.js';

interface Case {
  readonly call: Call;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly y: readonly (number | string)[];
  readonly gradients?: readonly (readonly (number | string)[] | null)[];
}

/** A result of a scenario: a tensor, None, or lists and objects of such. */
type Shown =
  | null
  | { readonly shape: readonly number[]; readonly dtype: string; readonly value: readonly (number | string)[] }
  | readonly Shown[]
  | { readonly [key: string]: Shown };

const load = <T>(name: string): T => JSON.parse(readFileSync(new URL(`tf-${name}.json`, import.meta.url), 'utf8'));

const number = (x: number | string): number => Number(typeof x === 'string' ? x.replace('inf', 'Infinity') : x);

/** Elements within a part of the expected ones, or of the largest of them. */
function expectNear(
  given: readonly number[],
  expected: readonly number[],
  relative: number,
  ofLargest: number,
  what: string,
): void {
  expect(given.length, what).toBe(expected.length);
  const largest = Math.max(0, ...expected.filter(Number.isFinite).map(Math.abs));
  given.forEach((x, i) => {
    const y = expected[i] as number;
    const near = Object.is(x, y) || Math.abs(x - y) <= Math.max(relative * Math.abs(y), ofLargest * largest);
    if (!near) expect.fail(`${what}[${i}] is ${x}, TensorFlow has ${y}`);
  });
}

const elements = (x: tf.Tensor | tf.Variable): number[] => Array.from<number | bigint, number>(x.numpy().array, Number);

/** Whole numbers must come out exactly. */
function expectAlike(given: tf.Tensor, expected: readonly (number | string)[], exact: boolean, what: string): void {
  const isDouble = given.dtype === tf.float64;
  const [relative, ofLargest] = exact ? [0, 0] : isDouble ? [1e-9, 1e-12] : [1e-4, 1e-5];
  expectNear(elements(given), expected.map(number), relative, ofLargest, what);
}

const sourcesIn = (value: unknown): tf.Tensor[] => {
  if (value instanceof tf.Tensor) return value.dtype.is_floating ? [value] : [];
  return Array.isArray(value) ? value.flatMap(sourcesIn) : [];
};

function check({ call, dtype, shape, y: expected, gradients }: Case, isReal: boolean): void {
  const { apply, args } = callOf(call);
  const sources = args.flatMap((arg) => (isCase(arg) ? Object.values(arg).flatMap(sourcesIn) : sourcesIn(arg)));
  const tape = new tf.GradientTape();
  const y = tape.run(() => {
    tape.watch(sources);
    return apply(args);
  });
  expect(y.dtype.name).toBe(dtype);
  expect([...y.shape]).toEqual(shape);
  expectAlike(y, expected, !isReal, 'y');
  if (gradients === undefined) return;
  const upstream = tf.constant(draws(7, y.shape.num_elements(), isReal), { dtype: y.dtype, shape });
  const given = tape.gradient(y, sources, { output_gradients: upstream });
  gradients.forEach((gradient, i) => {
    const mine = given[i] ?? null;
    if (gradient === null || mine === null) expect(mine, `gradient ${i}`).toBe(gradient);
    else {
      expect([...mine.shape]).toEqual([...(sources[i] as tf.Tensor).shape]);
      expectAlike(mine, gradient, !isReal, `gradient ${i}`);
    }
  });
}

const title = (call: Call): string => `${call[0]} ${JSON.stringify(call.slice(1))}`.slice(0, 150);

describe('convolutions and their gradients', () => {
  const { cases } = load<{ cases: readonly Case[] }>('convolution');
  it.each(cases.map((recorded) => [title(recorded.call), recorded] as const))('%s', (_, recorded) => {
    check(recorded, JSON.stringify(recorded.call).includes('"real"'));
  });
});

describe('other functions and their gradients', () => {
  const { cases } = load<{ cases: readonly Case[] }>('functions');
  it.each(cases.map((recorded) => [title(recorded.call), recorded] as const))('%s', (_, recorded) => {
    check(recorded, true);
  });
});

/** A scenario's result in the form of the recording. */
function shown(value: Scenario): Shown {
  if (value === null) return null;
  if (value instanceof tf.Tensor || value instanceof tf.Variable) {
    return { shape: [...value.shape], dtype: value.dtype.name, value: elements(value) };
  }
  if (Array.isArray(value)) return value.map(shown);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shown(item)]));
}

const { scenarios: recordedScenarios, texts: recordedTexts } = load<{
  scenarios: Readonly<Record<string, Shown>>;
  texts: Readonly<Record<string, readonly [string, string]>>;
}>('tape');

describe('tapes', () => {
  it('has every recorded scenario', () => {
    expect(Object.keys(scenarios).sort()).toEqual(Object.keys(recordedScenarios).sort());
  });
  it.each(Object.entries(scenarios))('%s', (name, scenario) => {
    expect(shown(scenario())).toEqual(recordedScenarios[name]);
  });
});

describe('texts', () => {
  const values = texts();
  it('has every recorded value', () => {
    expect(Object.keys(values).sort()).toEqual(Object.keys(recordedTexts).sort());
  });
  it.each(Object.entries(values))('%s', (name, value) => {
    expect([tf.str(value), tf.repr(value)]).toEqual(recordedTexts[name]);
  });
  it('String() is str', () => {
    for (const name of ['matrix', 'named', 'shape', 'dtype', 'zero']) {
      expect(String(values[name])).toBe(recordedTexts[name]?.[0]);
    }
  });
});

/**
 * Calls whose error has the class of TensorFlow's and words of its own: Python's and the signature's about arguments,
 * numbers that JavaScript writes without a point, types that it names otherwise.
 */
const OWN_WORDS = [
  /^Missing required positional argument/,
  /^Got an unexpected keyword/,
  /not None\.$/,
  /of type <class 'int'>$/,
  /converted from/,
  /strides=\[2 2\]/,
  /^Attempt to convert a value \(None\)/,
];

/** TensorFlow speaks of the 2-D operation that it runs for one dimension. */
const speaksOfAnother = (call: Call): boolean => call[0] === 'nn.conv1d_transpose';

/** By the contract null is a TypeError_ wherever Python takes no None; TensorFlow converts arguments first. */
const classOf = (name: string, message: string): string =>
  message.startsWith('Attempt to convert a value (None)') ? 'TypeError' : name;

/** Lists of dtypes differ: adjoint has six. */
const compared = (message: string): string =>
  message.startsWith("Value for attr 'T") ? message.replace(/(allowed values: ).*/s, '$1') : message;

describe('errors', () => {
  const { errors } = load<{ errors: readonly (readonly [Call, string, string])[] }>('errors');
  it.each(errors.map(([call, ...expected]) => [title(call), call, expected] as const))(
    '%s',
    (_, call, [name, message]) => {
      const { apply, args } = callOf(call);
      let error: unknown;
      try {
        apply(args);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(tf.AdjointError);
      if (!(error instanceof tf.AdjointError)) return;
      expect(error.name.replace(/_$/, '')).toBe(classOf(name, message));
      if (speaksOfAnother(call) || OWN_WORDS.some((words) => words.test(message))) return;
      expect(error.message.slice(0, compared(message).length)).toBe(compared(message));
    },
  );
});

describe('made', () => {
  it('draws what the recording drew', () => {
    expect(draws(7, 2, false)).toEqual([(337897 % 9) - 4, (((337897 * 48271) % 2147483647) % 9) - 4]);
    expect((made({ dtype: 'int32', shape: [2], seed: 7 }) as tf.Tensor).tolist()).toEqual(draws(7, 2, false));
  });
});
