/** Printed text against what NumPy, PyTorch, TensorFlow and Python print (recorded by tools/record/text.py). */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type DType, makeArray, type TypedArray } from '../../src/shape/dtype.js';
import * as digits from '../../src/text/digits.js';
import * as np from '../../src/text/numpy.js';
import * as python from '../../src/text/python.js';
import * as tf from '../../src/text/tensorflow.js';
import * as torch from '../../src/text/torch.js';
import type { Values } from '../../src/text/values.js';

interface Rule {
  readonly seed: number;
  readonly spread?: number;
  readonly shift?: number;
  readonly quantum?: number;
  readonly special?: number;
}

/** An array as the recording describes it: its elements, or the formula that the recording script used. */
interface Spec {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data?: readonly (number | string | boolean)[];
  readonly ramp?: readonly [scale: number, offset: number];
  readonly random?: Rule;
}

type Options = Readonly<Record<string, number | string | boolean>>;

/** What is printed: by default, by each change of options, and random arrays by their digests. */
interface Arrays {
  readonly defaults: readonly Spec[];
  readonly subjects: readonly Spec[];
  readonly families: readonly (Spec & { readonly random: Rule })[];
}

/** A framework's texts of these arrays, in their order; null where nothing was recorded. */
interface Recording {
  readonly defaults: readonly (readonly string[] | null)[];
  readonly subjects: readonly { readonly options: Options; readonly texts: readonly (readonly string[])[] }[];
  /** Four digits of a digest for each seed from 0. */
  readonly families: readonly { readonly options: Options; readonly digests: readonly string[] }[];
}

type Show = (values: Values, options: Options) => string[];

const load = <T>(name: string): T => JSON.parse(readFileSync(new URL(`text-${name}.json`, import.meta.url), 'utf8'));

const arrays = load<Arrays>('arrays');

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** nan and inf stand in the recordings as Python writes them. */
const number = (x: number | string): number => Number(typeof x === 'string' ? x.replace('inf', 'Infinity') : x);

/** Park and Miller's generator, as in the recording script. */
function* draws(seed: number): Generator<number, never> {
  let state = seed * 7919 + 1;
  for (;;) {
    state = (state * 16807) % 2147483647;
    yield state / 2147483647;
  }
}

const special = [Number.NaN, Number.POSITIVE_INFINITY, -0, Number.NEGATIVE_INFINITY, 0];

function randomNumbers(size: number, { seed, spread = 0, shift = 0, quantum = 0, special: every = 0 }: Rule): number[] {
  const draw = draws(seed);
  return Array.from({ length: size }, (_, i) => {
    let x = (draw.next().value - 0.5) * 2 ** (shift + Math.floor((draw.next().value - 0.5) * spread));
    if (quantum > 0) x = Math.floor(x / quantum) * quantum;
    if (every > 0 && i % every === every - 1) x = special[(Math.floor(i / every) + seed) % 5] ?? 0;
    return x;
  });
}

const convert: Readonly<Record<DType, (x: number) => number>> = {
  float32: Number,
  float64: Number,
  int32: Math.floor,
  int64: Math.floor,
  uint8: (x) => Math.floor(Math.abs(x)) % 256,
  bool: (x) => (x > 0 ? 1 : 0),
};

function filled(spec: Spec): TypedArray {
  const { shape, dtype } = spec;
  const size = shape.reduce((product, length) => product * length, 1);
  if (spec.data !== undefined && dtype === 'int64') return BigInt64Array.from(spec.data, BigInt);
  const array = makeArray[dtype](size);
  const { data, ramp = [0, 0], random } = spec;
  const raw = data
    ? data.map((x) => (typeof x === 'boolean' ? Number(x) : number(x)))
    : random
      ? randomNumbers(size, random)
      : Array.from({ length: size }, (_, i) => i * ramp[0] + ramp[1]);
  raw.forEach((x, i) => {
    const value = data ? x : convert[dtype](x);
    array[i] = array instanceof BigInt64Array ? BigInt(value) : value;
  });
  return array;
}

const valuesOf = (spec: Spec): Values => ({ shape: spec.shape, dtype: spec.dtype, data: filled(spec) });

function numpyTexts(values: Values, options: Options): string[] {
  const set = np.withOptions(np.defaults, options);
  const texts = [np.arrayStr(values, set), np.arrayRepr(values, set)];
  if (values.shape.length === 0) texts.push(np.scalarRepr(values.data[0] ?? 0, values.dtype));
  return texts;
}

function tfTexts(values: Values, options: Options): string[] {
  const set = np.withOptions(np.defaults, options);
  return [tf.tensorStr(values, set), tf.tensorRepr(values, set), tf.variableRepr(values, 'kernel', set)];
}

type Facts = torch.TensorFacts & { readonly parameter?: boolean };

function torchTexts(values: Values, options: Options, facts: Facts = {}): string[] {
  const set = torch.withOptions(torch.defaults, options);
  return [(facts.parameter ? torch.parameterText : torch.tensorText)(values, facts, set)];
}

/** Texts in the form of their recording: long ones may stand there as "#" and a digest. */
const asRecorded = (texts: readonly string[], recorded: readonly string[]): string[] =>
  texts.map((text, i) => (recorded[i]?.startsWith('#') ? `#${digest(text)}` : text));

const title = (array: Spec, options: Options): string => JSON.stringify({ ...array, ...options }).slice(0, 140);

/** Compares a framework's printer with everything recorded of it. */
function check({ defaults, subjects, families }: Recording, show: Show): void {
  const cases = [
    ...defaults.map((texts, i) => ({ array: arrays.defaults[i], options: {}, texts })),
    ...subjects.flatMap(({ options, texts }) =>
      texts.map((t, i) => ({ array: arrays.subjects[i], options, texts: t })),
    ),
  ];
  for (const { array, options, texts } of cases) {
    if (array === undefined) throw new Error('more texts than arrays');
    if (texts === null) continue;
    it(title(array, options), () => expect(asRecorded(show(valuesOf(array), options), texts)).toEqual(texts));
  }
  for (const { options, digests } of families) {
    it.each(arrays.families.map((family, i) => [title(family, options), family, digests[i]] as const))(
      '%s',
      (...args) => {
        const [, family, expected = ''] = args;
        const found = Array.from({ length: expected.length / 4 }, (_, seed) => {
          const values = valuesOf({ ...family, random: { ...family.random, seed } });
          return digest(show(values, options).join('\0')).slice(0, 4);
        });
        expect(found.length).toBeGreaterThan(0);
        expect(found.join('')).toBe(expected);
      },
    );
  }
}

interface Layout {
  readonly type: digits.FloatType;
  readonly form: 'positional' | 'scientific';
  readonly options: Readonly<{
    unique?: boolean;
    precision?: number;
    min_digits?: number;
    trim?: digits.Trim;
    sign?: boolean;
    pad_left?: number;
    pad_right?: number;
    exp_digits?: number;
  }>;
}

function write({ type, form, options: o }: Layout, x: number): string {
  const value = type === 'float32' ? Math.fround(x) : x;
  const common = {
    unique: o.unique ?? true,
    precision: o.precision,
    minDigits: o.min_digits,
    trim: o.trim ?? 'k',
    sign: o.sign ?? false,
    padLeft: o.pad_left ?? 0,
  };
  return form === 'positional'
    ? digits.positional(value, type, { ...common, padRight: o.pad_right ?? -1 })
    : digits.scientific(value, type, { ...common, exponentDigits: o.exp_digits ?? 2 });
}

describe('digits', () => {
  interface Recording {
    readonly numbers: readonly (number | string)[];
    readonly grid: readonly (Layout & { texts: string[] })[];
    readonly printf: readonly { format: string; texts: string[] }[];
    readonly sweeps: readonly (Layout & { count: number; digest: string })[];
    readonly powersOfTwo: Readonly<Record<digits.FloatType, string>>;
  }
  const recording = load<Recording>('digits');
  const numbers = recording.numbers.map(number);

  it.each(recording.grid.map((g) => [`${g.type} ${g.form} ${JSON.stringify(g.options)}`, g] as const))(
    '%s',
    (_, layout) => {
      expect(
        asRecorded(
          numbers.map((x) => write(layout, x)),
          layout.texts,
        ),
      ).toEqual(layout.texts);
    },
  );

  it.each(recording.printf)('%$format', ({ format, texts }) => {
    const precision = Number.parseInt(format, 10);
    const c = format.endsWith('f') ? digits.fixed : digits.exponential;
    expect(
      asRecorded(
        numbers.map((x) => c(x, precision)),
        texts,
      ),
    ).toEqual(texts);
  });

  it.each(recording.sweeps)('random bits, $type $form $options', (sweep) => {
    const draw = draws(1);
    const view = new DataView(new ArrayBuffer(8));
    const texts = Array.from({ length: sweep.count }, () => {
      view.setUint32(0, Math.floor(draw.next().value * 2 ** 32));
      view.setUint32(4, Math.floor(draw.next().value * 2 ** 32));
      return write(sweep, sweep.type === 'float32' ? view.getFloat32(0) : view.getFloat64(0));
    });
    expect(digest(texts.join('\n'))).toBe(sweep.digest);
  });

  it('powers of two, whose neighbours are not equally far', () => {
    const singles = Array.from({ length: 277 }, (_, i) => np.scalarRepr(2 ** (i - 149), 'float32'));
    const doubles = Array.from({ length: 2098 }, (_, i) => digits.shortest(2 ** (i - 1074), 'float64', 1e16));
    expect(digest(singles.join('\n'))).toBe(recording.powersOfTwo.float32);
    expect(digest(doubles.join('\n'))).toBe(recording.powersOfTwo.float64);
  });
});

describe('numpy', () => {
  interface Extras {
    readonly dtypes: Readonly<Record<DType, string>>;
    readonly separators: readonly { array: Spec; around: np.Surroundings; text: string }[];
  }
  const recording = load<Recording & Extras>('numpy');
  check(recording, numpyTexts);

  it.each(recording.separators)('array2string $array $around', ({ array, around, text }) => {
    expect(np.array2string(valuesOf(array), np.defaults, around)).toBe(text);
  });

  it('dtypes', () => {
    expect(Object.keys(recording.dtypes).map((name) => np.dtypeRepr(name as DType))).toEqual(
      Object.values(recording.dtypes),
    );
  });

  it('refuses options that NumPy refuses', () => {
    const set =
      (change: object): (() => unknown) =>
      () =>
        np.withOptions(np.defaults, change);
    expect(set({ floatmode: 'short' })).toThrow('floatmode option must be one of "fixed", "unique", "maxprec"');
    expect(set({ sign: 'x' })).toThrow("sign option must be one of ' ', '+', or '-'");
    expect(set({ threshold: Number.NaN })).toThrow('threshold must be non-NAN');
    expect(set({ threshold: '5' })).toThrow('threshold must be numeric');
    expect(set({ precision: 1.5 })).toThrow('precision must be an integer');
  });
});

describe('tensorflow', () => {
  interface Extras {
    readonly dtypes: Readonly<Record<DType, [string, string]>>;
    readonly shapes: readonly [number[], string, string][];
  }
  const recording = load<Recording & Extras>('tensorflow');
  check(recording, tfTexts);

  it('dtypes and shapes', () => {
    const names = Object.keys(recording.dtypes) as DType[];
    expect(names.map((name) => [tf.dtypeStr(name), tf.dtypeRepr(name)])).toEqual(Object.values(recording.dtypes));
    expect(recording.shapes.map(([shape]) => [shape, tf.shapeStr(shape), tf.shapeRepr(shape)])).toEqual(
      recording.shapes,
    );
  });
});

describe('torch', () => {
  interface Extras {
    readonly facts: readonly { array: Spec; facts: Facts; texts: readonly string[] }[];
    readonly dtypes: Readonly<Record<DType, string>>;
    readonly shapes: readonly [number[], string][];
  }
  const recording = load<Recording & Extras>('torch');
  check(recording, torchTexts);

  it.each(recording.facts)('$array $facts', ({ array, facts, texts }) => {
    expect(asRecorded(torchTexts(valuesOf(array), {}, facts), texts)).toEqual(texts);
  });

  it('dtypes and shapes', () => {
    const names = Object.keys(recording.dtypes) as DType[];
    expect(names.map(torch.dtypeText)).toEqual(Object.values(recording.dtypes));
    expect(recording.shapes.map(([shape]) => [shape, torch.sizeText(shape)])).toEqual(recording.shapes);
  });

  it('forgets sci_mode unless it is given again, as set_printoptions does', () => {
    const on = torch.withOptions(torch.defaults, { sci_mode: true, precision: 2 });
    expect(torch.withOptions(on, { linewidth: 60 })).toEqual({ ...torch.defaults, precision: 2, linewidth: 60 });
  });
});

describe('python', () => {
  interface Recording {
    readonly values: readonly { value: unknown; str: string; repr: string }[];
    readonly printed: readonly { values: unknown[]; text: string }[];
    readonly tuples: readonly [number[], string][];
  }
  const recording = load<Recording>('python');

  /** A recorded value, with its nan and inf. */
  function revived(x: unknown): unknown {
    if (Array.isArray(x)) return x.map(revived);
    if (typeof x !== 'object' || x === null) return x;
    if ('$float' in x) return number(String(x.$float));
    return Object.fromEntries(Object.entries(x).map(([key, item]) => [key, revived(item)]));
  }

  it.each(recording.values)('$repr', (recorded) => {
    const value = revived(recorded.value);
    expect([python.str(value), python.repr(value)]).toEqual([recorded.str, recorded.repr]);
  });

  it('print joins by spaces', () => {
    expect(recording.printed.map(({ values }) => python.printed(...values))).toEqual(
      recording.printed.map((p) => p.text),
    );
  });

  it('tuples', () => {
    expect(recording.tuples.map(([numbers]) => [numbers, python.tuple(numbers)])).toEqual(recording.tuples);
  });

  it('objects that know how they look say so, in containers too', () => {
    const both = { __str__: () => '(2,)', __repr__: () => 'TensorShape([2])' };
    expect(python.printed(both, [both])).toBe('(2,) [TensorShape([2])]');
    expect(python.printed({ __repr__: () => 'R' })).toBe('R');
    expect(python.repr(Object.assign([1, 2], { __str__: () => 'torch.Size([1, 2])' }))).toBe('torch.Size([1, 2])');
  });

  it('values that only JavaScript has', () => {
    const list: unknown[] = [1];
    list.push(list);
    const set = new Set<unknown>();
    set.add(set);
    const entries: [unknown, unknown][] = [
      ['a', 1],
      [2, [null]],
    ];
    const table: readonly [value: unknown, text: string][] = [
      [undefined, 'None'],
      [10n ** 20n, '100000000000000000000'],
      [new Map(entries), "{'a': 1, 2: [None]}"],
      [new Set([1, 'b']), "{1, 'b'}"],
      [new Set(), 'set()'],
      [list, '[1, [...]]'],
      [set, '{set(...)}'],
      [new Error("it's"), 'Error("it\'s")'],
    ];
    expect(table.map(([value]) => python.repr(value))).toEqual(table.map(([, text]) => text));
    expect(python.repr([Float32Array.of(1, 0.5), Int32Array.of(1, 2), BigInt64Array.of(3n)])).toBe(
      '[[1.0, 0.5], [1, 2], [3]]',
    );
    expect(python.str(new RangeError('no'))).toBe('no');
    expect(python.printed(Math.max, class Kernel {}, () => 1)).toBe(
      '<function max> <class Kernel> <function <lambda>>',
    );
  });
});
