/** adjoint/scipy/signal against SciPy's own results (recorded by tools/record/scipy.py). */

import { readFileSync } from 'node:fs';
import { AdjointError, conv, convSpec, grad, tensor } from 'adjoint';
import * as np from 'adjoint/numpy';
import * as signal from 'adjoint/scipy/signal';
import { describe, expect, it } from 'vitest';

const DTYPES = { f8: 'float64', i8: 'int64', f4: 'float32', i4: 'int32', u1: 'uint8', b1: 'bool' } as const;
type Code = keyof typeof DTYPES;

/** A call and its outcome: dtype, shape and elements; or an error as `class: message`. */
type Case = readonly [
  name: 'convolve2d' | 'correlate2d' | 'convolve' | 'correlate' | 'fftconvolve' | 'oaconvolve',
  shapeX: readonly number[],
  shapeW: readonly number[],
  dtypeX: Code,
  dtypeW: Code,
  seed: number,
  options: readonly (string | number | null | readonly number[])[],
  outcome: string,
  shape?: readonly number[],
  data?: readonly number[],
];

type Mode = 'full' | 'same' | 'valid';

interface Recording {
  readonly cases: readonly Case[];
  readonly methods: readonly { shapes: [number[], number[]]; mode: Mode; method: string }[];
  readonly lags: readonly [n: number, k: number, mode: Mode, lags: number[]][];
}

const recorded: Recording = JSON.parse(readFileSync(new URL('scipy.json', import.meta.url), 'utf8'));

/** The numbers that the recording script made its arrays of. */
function filled(shape: readonly number[], dtype: Code, seed: number): np.ndarray {
  const size = shape.reduce((product, n) => product * n, 1);
  const numbers = Array.from({ length: size }, (_, i) => {
    const x = ((i * i + 3 * i * seed + 7 * seed) % 11) - 5;
    if (dtype === 'b1') return Number(Math.abs(x) > 2);
    if (dtype === 'u1') return Math.abs(x);
    return dtype === 'f4' || dtype === 'f8' ? x / 4 : x;
  });
  return np.array(numbers, DTYPES[dtype]).reshape(shape);
}

/** The elements, without the sign of zeros. */
const flat = (x: np.ndarray): number[] => [x.flatten().tolist()].flat().map((value) => Number(value) + 0);

const { convolve2d, correlate2d, convolve, correlate, fftconvolve, oaconvolve } = signal;
const functions = { convolve2d, correlate2d, convolve, correlate, fftconvolve, oaconvolve };

/** A function of SciPy with the arguments of a recording. */
function call([name, shapeX, shapeW, dtypeX, dtypeW, seed, options]: Case): np.ndarray {
  const args = [filled(shapeX, dtypeX, seed), filled(shapeW, dtypeW, seed + 1), ...options];
  const f: (...args: never[]) => np.ndarray = functions[name];
  return Reflect.apply(f, undefined, args);
}

describe.each(Object.keys(functions))('%s', (name) => {
  const cases = recorded.cases.filter(([given]) => given === name);

  it('gives elements, dtype and shape, or the error, of SciPy', () => {
    expect(cases.length).toBeGreaterThan(30);
    for (const row of cases) {
      const [outcome, shape, data] = row.slice(7);
      const title = JSON.stringify(row.slice(0, 7));
      if (shape === undefined) {
        const [error, ...message] = String(outcome).split(': ');
        expect(() => call(row), title).toThrow(message.join(': '));
        expect(() => call(row), title).toThrow(expect.objectContaining({ name: error }));
        continue;
      }
      const y = call(row);
      expect([y.dtype.name, [...y.shape], flat(y)], title).toEqual([DTYPES[outcome as Code], shape, data]);
    }
  });
});

describe('convSpec.scipy', () => {
  it.each(['convolve2d', 'correlate2d'] as const)('says to conv what %s computes', (name) => {
    let compared = 0;
    for (const [given, shapeX, shapeW, , , seed, [mode, boundary, fill], , shape] of recorded.cases) {
      // conv goes round at most once.
      const isFarRound = boundary === 'wrap' && shapeW.some((k, axis) => k - 1 > (shapeX[axis] as number));
      if (given !== name || boundary === 'symm' || fill !== 0 || shape === undefined || isFarRound) continue;
      const [x, w] = [filled(shapeX, 'i8', seed), filled(shapeW, 'i8', seed + 1)];
      const options = { mode: mode as Mode, boundary: boundary as 'fill' | 'wrap' };
      const spec = convSpec.scipy(shapeX, shapeW, { ...options, correlate: name === 'correlate2d' });
      const y = conv(x.reshape([1, 1, ...shapeX]), w.reshape([1, 1, ...shapeW]), spec);
      const expected = functions[name](x, w, options);
      expect(y.tolist(), JSON.stringify([shapeX, shapeW, options])).toEqual([[expected.tolist()]]);
      compared++;
    }
    expect(compared).toBeGreaterThan(45);
  });

  it('describes correlate in one and three dimensions', () => {
    const x = np.arange(24).reshape(2, 3, 4);
    const w = np.arange(8).reshape(2, 2, 2);
    for (const mode of ['full', 'same', 'valid'] as const) {
      const spec = convSpec.scipy(x.shape, w.shape, { mode, correlate: true });
      const y = conv(x.reshape([1, 1, ...x.shape]), w.reshape([1, 1, ...w.shape]), spec);
      expect(y.tolist()).toEqual([[signal.correlate(x, w, mode).tolist()]]);
    }
  });
});

describe('choose_conv_method', () => {
  it('takes the method that SciPy takes', () => {
    for (const { shapes, mode, method } of recorded.methods) {
      expect(signal.choose_conv_method(np.ones(shapes[0]), np.ones(shapes[1]), mode)).toBe(method);
    }
  });

  it('is direct where float64 would not be exact, and measures if asked', () => {
    const large = np.full([10000], 2 ** 24);
    expect(signal.choose_conv_method(large, large)).toBe('direct');
    const [method, times] = signal.choose_conv_method([1, 2], [3], { measure: true });
    expect(['fft', 'direct']).toContain(method);
    expect(Object.keys(times)).toEqual(['fft', 'direct']);
  });
});

describe('correlation_lags', () => {
  it('gives the lags of SciPy', () => {
    for (const [n, k, mode, lags] of recorded.lags) {
      const given = signal.correlation_lags(n, k, { mode });
      expect(given.tolist()).toEqual(lags);
      expect(given.dtype).toBe(np.int64);
    }
  });
});

/** The gradient by central differences of a scalar function that is linear in x: exact for a step of 1. */
function differences(f: (x: np.ndarray) => np.ndarray, x: np.ndarray): number[] {
  return Array.from({ length: x.size }, (_, i) => {
    const step = np.array(Array.from({ length: x.size }, (_unused, j) => Number(i === j))).reshape(x.shape);
    return Number(
      f(x.add(step))
        .sub(f(x.sub(step)))
        .div(2)
        .item(),
    );
  });
}

/** The gradients by both arguments of a scalar function. */
function bothGradients(f: (x: np.ndarray, w: np.ndarray) => np.ndarray, x: np.ndarray, w: np.ndarray) {
  const [dx, dw] = grad(f, { argnums: [0, 1] })(x, w);
  if (dx === undefined || dw === undefined) throw new Error('two gradients were asked for');
  return [dx, dw] as const;
}

describe('gradients', () => {
  const boundaries = [{}, { fillvalue: 3 }, { boundary: 'wrap' }, { boundary: 'symm' }] as const;
  const shapes = [
    [
      [4, 5],
      [3, 2],
    ],
    [
      [2, 3],
      [4, 4],
    ],
    [
      [1, 2],
      [1, 3],
    ],
  ] as const;

  it.each(['convolve2d', 'correlate2d'] as const)('of %s are those of central differences', (name) => {
    let compared = 0;
    for (const [shapeX, shapeW] of shapes) {
      const [x, w] = [filled(shapeX, 'f8', 1), filled(shapeW, 'f8', 2)];
      for (const mode of ['full', 'same', 'valid'] as const) {
        for (const boundary of boundaries) {
          const weighted = (a: np.ndarray, b: np.ndarray): np.ndarray => {
            const y = functions[name](a, b, { mode, ...boundary });
            return y.mul(filled(y.shape, 'f8', 3)).sum();
          };
          const [dx, dw] = bothGradients(weighted, x, w);
          expect(flat(dx)).toEqual(differences((a) => weighted(a, w), x));
          expect(flat(dw)).toEqual(differences((b) => weighted(x, b), w));
          expect([dx.shape, dw.shape, dx.dtype]).toEqual([x.shape, w.shape, np.float64]);
          compared++;
        }
      }
    }
    expect(compared).toBe(36);
  });

  it('of the N-D functions are those of central differences, along axes too', () => {
    const sums = [
      [(a, b) => signal.convolve(a, b, 'same'), [2, 3, 2], [2, 2, 3]],
      [(a, b) => signal.correlate(a, b, { mode: 'full' }), [5], [2]],
      [(a, b) => signal.correlate(a, b, 'valid'), [2], [4]],
      [(a, b) => signal.fftconvolve(a, b, 'same', 1), [3, 4], [1, 3]],
      [(a, b) => signal.oaconvolve(a, b), [3, 1], [1, 2]],
    ] as const satisfies readonly [(a: np.ndarray, b: np.ndarray) => np.ndarray, number[], number[]][];
    for (const [f, shapeX, shapeW] of sums) {
      const [x, w] = [filled(shapeX, 'f8', 4), filled(shapeW, 'f8', 5)];
      const weighted = (a: np.ndarray, b: np.ndarray): np.ndarray => {
        const y = f(a, b);
        return y.mul(filled(y.shape, 'f8', 6)).sum();
      };
      const [dx, dw] = bothGradients(weighted, x, w);
      expect(flat(dx)).toEqual(differences((a) => weighted(a, w), x));
      expect(flat(dw)).toEqual(differences((b) => weighted(x, b), w));
    }
  });
});

describe('arguments', () => {
  it('are taken from any door and from plain numbers', () => {
    const plain = signal.convolve2d(
      [
        [1, 2],
        [3, 4],
      ],
      [[1, 1]],
    );
    expect(np.repr(plain)).toBe('array([[1, 3, 2],\n       [3, 7, 4]])');
    const typed = signal.convolve2d(
      tensor([
        [1, 2],
        [3, 4],
      ]),
      np.array([[1, 1]]),
      { mode: 'same' },
    );
    expect([typed.dtype, typed.tolist()]).toEqual([
      np.float64,
      [
        [1, 3],
        [3, 7],
      ],
    ]);
    expect(signal.convolve(new Int32Array([1, 2]), new Int32Array([3, 4])).dtype).toBe(np.int32);
    expect(np.repr(signal.convolve(3, 4))).toBe('np.int64(12)');
  });

  it('that are empty give what SciPy gives', () => {
    const empty = np.zeros([0, 3]);
    expect(
      signal
        .convolve2d(empty, [
          [1, 2],
          [3, 4],
        ])
        .tolist(),
    ).toEqual([[0, 0, 0, 0]]);
    expect([
      ...signal.convolve2d(
        empty,
        [
          [1, 2],
          [3, 4],
        ],
        'same',
      ).shape,
    ]).toEqual([0, 3]);
    expect(signal.fftconvolve([], [1, 2]).tolist()).toEqual([]);
    expect(() => signal.convolve([], [1, 2])).toThrow('a cannot be empty');
    expect(() => signal.convolve2d(np.zeros([0, 0]), np.zeros([0, 2]))).toThrow('negative dimensions are not allowed');
    expect(() => signal.convolve([], [1, 2])).toThrow(AdjointError);
  });
});

describe("the notebook's cells 38 and 39", () => {
  it('print what they printed', () => {
    const x = np.array([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ]);
    const w = np.array([
      [1, 0],
      [0, 1],
    ]);
    const d = np.array([
      [1, 2],
      [3, 4],
    ]);
    const flipped = np.flip(np.flip(w, { axis: 0 }), { axis: 1 });
    const dx = signal.convolve2d(d, flipped, { mode: 'full' }).at(`:${x.shape[0]}, :${x.shape[1]}`);
    const dw = signal.convolve2d(np.flip(np.flip(x, { axis: 0 }), { axis: 1 }), d, { mode: 'valid' });
    expect(np.str(dx)).toBe('[[1 2 0]\n [3 5 2]\n [0 3 4]]');
    expect(np.str(dw)).toBe('[[77 67]\n [47 37]]');
  });
});
