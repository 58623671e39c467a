/** adjoint/numpy against NumPy's own results (recorded by tools/record/numpy.py). */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdjointError, grad, jacobian, tensor, tidy } from 'adjoint';
import * as np from 'adjoint/numpy';
import * as torch from 'adjoint/torch';
import { afterEach, describe, expect, it } from 'vitest';

type Argument = string | number | boolean | null | readonly Argument[];

/** Function, arguments and keyword arguments; then the repr of the result, or class and text of the error. */
type Call = readonly [
  name: string,
  args: readonly Argument[],
  keywords: { readonly [name: string]: Argument },
  outcome: string,
  message?: string,
];

interface Recording {
  readonly arrays: { readonly [name: string]: { readonly data: Argument; readonly dtype: string } };
  readonly calls: readonly Call[];
}

const recorded: Recording = JSON.parse(readFileSync(new URL('numpy.json', import.meta.url), 'utf8'));

const words: { readonly [word: string]: number } = { nan: Number.NaN, inf: np.inf, '-inf': -np.inf };

/** Elements of a recorded array: nan and inf are words. */
const elements = (data: Argument): np.ArrayInput =>
  Array.isArray(data) ? data.map(elements) : typeof data === 'string' ? (words[data] as number) : (data as number);

const arrays = new Map(
  Object.entries(recorded.arrays).map(([name, { data, dtype }]) => [name, np.array(elements(data), dtype)]),
);

/** An argument as the recording script's: `$a` is an array, `@float32` a dtype. */
function decoded(argument: Argument): unknown {
  if (Array.isArray(argument)) return argument.map(decoded);
  if (typeof argument !== 'string') return argument;
  if (argument.startsWith('$')) return arrays.get(argument.slice(1));
  return argument.startsWith('@') ? np.dtype(argument.slice(1)) : argument;
}

/** A member by its path of names. */
const member = (owner: unknown, path: string): unknown =>
  path.split('.').reduce((value, name) => Reflect.get(value as object, name), owner);

function run([name, args, keywords]: Call): unknown {
  const values = args.map(decoded);
  const named = Object.entries(keywords).map(([key, value]) => [key, decoded(value)]);
  const all = named.length > 0 ? [...values, Object.fromEntries(named)] : values;
  const [self, ...rest] = all;
  if (name === '[]') return (self as np.ndarray).at(...(rest as string[]));
  const path = name.replace(/^\./, '');
  const isMethod = path !== name;
  return Reflect.apply(member(isMethod ? self : np, path) as () => unknown, self, isMethod ? rest : all);
}

const title = ([name, args, keywords]: Call): string => JSON.stringify([name, args, keywords]);

const isError = (call: Call): boolean => call[4] !== undefined;

/** Errors whose text is our own: of wrong calls, of einsum. */
const hasOwnText = ([name, , , outcome, message = '']: Call): boolean =>
  name === 'einsum' || (outcome === 'TypeError' && /argument/.test(message)) || message === '';

describe.each([...new Set(recorded.calls.map(([name]) => name))])('%s', (name) => {
  const calls = recorded.calls.filter((call) => call[0] === name);

  it('gives what NumPy gives, and shows it so', () => {
    for (const call of calls.filter((each) => !isError(each))) {
      const text = np.repr(run(call));
      expect(text, title(call)).toBe(call[3]);
    }
  });

  it('refuses what NumPy refuses', () => {
    for (const call of calls.filter(isError)) {
      const [, , , outcome, message = ''] = call;
      const error = outcome === 'TypeError' ? 'TypeError_' : outcome;
      expect(() => run(call), title(call)).toThrow(AdjointError);
      expect(() => run(call), title(call)).toThrow(expect.objectContaining({ name: error }));
      if (!hasOwnText(call)) expect(() => run(call), title(call)).toThrow(message);
    }
  });
});

const a = np.array([
  [1, 2, 3],
  [4, 5, 6],
]);

describe('arrays', () => {
  it('have their shape and dtype as Python shows them', () => {
    expect(np.repr(a.shape)).toBe('(2, 3)');
    expect(np.str(a.dtype)).toBe('int64');
    expect(np.repr(a.dtype)).toBe("dtype('int64')");
    expect(String(a.dtype)).toBe('int64');
    expect([a.ndim, a.size, a.nbytes, a.dtype === np.int64, a.dtype.itemsize, a.dtype.kind]).toEqual([
      2,
      6,
      48,
      true,
      8,
      'i',
    ]);
    expect([np.dtype('f4'), np.dtype('float'), np.dtype('<i8'), np.dtype(np.uint8)]).toEqual([
      np.float32,
      np.float64,
      np.int64,
      np.uint8,
    ]);
    expect(np.zeros(2, torch.int32).dtype).toBe(np.int32);
  });

  it('print as str and String give it, scalars without a type, in a list with it', () => {
    expect([String(a), np.str(a)]).toEqual(['[[1 2 3]\n [4 5 6]]', '[[1 2 3]\n [4 5 6]]']);
    expect([np.str(np.sum([2.5, 4])), np.repr(np.sum([2.5, 4]))]).toEqual(['6.5', 'np.float64(6.5)']);
    expect(np.repr([np.max(a), a.shape])).toBe('[np.int64(6), (2, 3)]');
  });

  it('take their subscript in parts', () => {
    expect(a.at(0, '::-1').tolist()).toEqual([3, 2, 1]);
    expect(a.at('...', 0).tolist()).toEqual([1, 4]);
    expect([...a.at(np.newaxis, ':', -1).shape]).toEqual([1, 2]);
    expect(a.at(-1, 1).item()).toBe(5);
    expect(np.repr(a.at(-1, 1))).toBe('np.int64(5)');
    expect(a.at().tolist()).toEqual(a.tolist());
    expect(a.at([1, 0], [0, -1]).tolist()).toEqual([4, 3]);
    expect(a.at([true, false]).tolist()).toEqual([[1, 2, 3]]);
  });

  it('give int64 as numbers, or as bigints, and an error past 2^53', () => {
    const large = np.array([2n ** 60n + 1n, 3n]);
    expect(large.tolist({ bigint: true })).toEqual([2n ** 60n + 1n, 3n]);
    expect(large.item(0, { bigint: true })).toBe(2n ** 60n + 1n);
    expect(() => large.tolist()).toThrow(np.RuntimeError);
    expect(large.add(1n).item(0, { bigint: true })).toBe(2n ** 60n + 2n);
  });
});

describe('array', () => {
  it('makes floats where a number is too large for an integer', () => {
    expect(np.array([1e300, 2]).dtype).toBe(np.float64);
    expect(np.array([1, np.inf]).dtype).toBe(np.float64);
    expect(a.mul(1e300).dtype).toBe(np.float64);
  });

  it('takes typed arrays and arrays of other doors, and lists of these', () => {
    expect(np.array(new Float32Array([1, 2])).dtype).toBe(np.float32);
    expect(np.asarray(tensor([1, 2])).dtype).toBe(np.float32);
    expect(np.asarray(a)).toBe(a);
    expect(np.array(a) === a).toBe(false);
    expect(np.array([new Uint8Array([1, 2]), tensor([3, 4])]).tolist()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(np.add(tensor([1, 2]), a.at(':, :2')).dtype).toBe(np.float64);
  });

  it('say what is not supported', () => {
    expect(() => np.sum(a, { out: a } as never)).toThrow(np.NotImplementedError);
    expect(() => np.linspace(0, 1, { axis: 1 } as never)).toThrow(np.NotImplementedError);
  });
});

describe('set_printoptions', () => {
  const before = np.get_printoptions();
  afterEach(() => np.set_printoptions(before));

  it('changes how arrays print from then on, and get_printoptions tells', () => {
    const x = np.array([Math.PI, 1e-10]);
    np.set_printoptions({ precision: 3, suppress: true });
    expect(String(x)).toBe('[3.142 0.   ]');
    np.set_printoptions(null, 1);
    expect(np.repr(x)).toBe('array([3.142, 0.   ], shape=(2,))');
    expect(np.get_printoptions().precision).toBe(3);
    np.set_printoptions({ floatmode: 'fixed', sign: ' ' });
    expect(String(np.array([0.5]))).toBe('[ 0.500]');
    expect(np.repr(np.sum(x))).toBe('np.float64(3.141592653689793)');
  });

  it('changes nothing where it fails', () => {
    expect(() => np.set_printoptions({ precision: 2, floatmode: 'foo' as never })).toThrow(np.ValueError);
    expect(() => np.set_printoptions({ formatter: {} } as never)).toThrow(np.NotImplementedError);
    expect(np.get_printoptions()).toEqual(before);
  });
});

const sample = np.array([
  [0.5, -1.5, 2],
  [3, 0.25, -4],
]);
const weights = (shape: readonly number[]): np.ndarray => {
  const size = shape.reduce((product, n) => product * n, 1);
  return np.arange(size).mul(3).sub(4).reshape(shape);
};
const moves: { readonly [name: string]: (x: np.ndarray) => np.ndarray } = {
  'pad edge': (a) =>
    np.pad(
      a,
      [
        [2, 3],
        [1, 0],
      ],
      'edge',
    ),
  'pad reflect': (a) =>
    np.pad(
      a,
      [
        [2, 3],
        [1, 5],
      ],
      'reflect',
    ),
  'pad symmetric': (a) => np.pad(a, 4, 'symmetric'),
  'pad wrap': (a) =>
    np.pad(
      a,
      [
        [5, 0],
        [1, 7],
      ],
      { mode: 'wrap' },
    ),
  'pad constant': (a) =>
    np.pad(a, 1, {
      constant_values: [
        [1, 2],
        [3, 4],
      ],
    }),
  flip: (a) => np.flip(a, 1),
  rot90: (a) => np.rot90(a, 3),
  slices: (a) => a.at('::-1, ::-2'),
  'one cell': (a) => a.at(1, -1),
  'new axes': (a) => a.at('None, 1, ..., None'),
  concatenate: (a) => np.concatenate([a, a.T.reshape([2, 3])], { axis: 1 }),
  stack: (a) => np.array([a, np.ones([2, 3]), a]),
  transpose: (a) => np.transpose(a),
  tensordot: (a) =>
    np.tensordot(
      a,
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [[0], [0]],
    ),
  dot: (a) => np.dot(a, [1, -1, 2]),
  matmul: (a) => np.matmul([[1, 2]], a),
  einsum: (a) =>
    np.einsum('ij,kj->ki', a, [
      [1, 2, 3],
      [4, 5, 6],
    ]),
  diagonal: (a) => np.einsum('ii->i', a.at(':, :2')),
  mean: (a) => a.mean({ axis: 0, keepdims: true }),
  where: (a) => np.where(a.gt(0), a, a.mul(3)),
  arithmetic: (a) => a.mul(2).rsub(1).div(4).add(a),
};

describe('gradients go through', () => {
  // Each is linear around x, so that a central difference is exact.
  it.each(Object.keys(moves))('%s', (name) => {
    const move = moves[name] as (x: np.ndarray) => np.ndarray;
    const f = (a: np.ndarray): np.ndarray => {
      const y = move(a);
      return y.mul(weights(y.shape)).sum();
    };
    const steps = Array.from({ length: sample.size }, (_, i) => {
      const step = np
        .array(Array.from({ length: sample.size }, (_unused, j) => (i === j ? 0.125 : 0)))
        .reshape(sample.shape);
      return f(sample.add(step))
        .sub(f(sample.sub(step)))
        .mul(4)
        .item();
    });
    const dx = grad(f)(sample);
    expect(dx).toBeInstanceOf(np.ndarray);
    expect([dx.flatten().tolist(), [...dx.shape]]).toEqual([steps, [2, 3]]);
  });

  it('functions of whole arrays, as jacobian shows', () => {
    const v = np.array([0.5, 2]);
    const slopes: readonly [(a: np.ndarray) => np.ndarray, readonly number[]][] = [
      [np.exp, [Math.exp(0.5), Math.exp(2)]],
      [np.log, [2, 0.5]],
      [np.sqrt, [0.5 / Math.sqrt(0.5), 0.5 / Math.sqrt(2)]],
      [np.square, [1, 4]],
      [(a) => a.pow(3), [0.75, 12]],
    ];
    for (const [f, [first, second]] of slopes) {
      np.testing.assert_allclose(
        jacobian(f)(v),
        [
          [first as number, 0],
          [0, second as number],
        ],
        1e-14,
      );
    }
  });

  it('scalars, which stay scalars', () => {
    expect(np.repr(grad((a: np.ndarray) => a.mul(a))(np.float64(3)))).toBe('np.float64(6.0)');
    expect(() => grad((a: np.ndarray) => a.sum())(np.array([1, 2]))).toThrow('int64');
  });
});

describe('files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'numpy-'));
  afterEach(() => {
    for (const name of ['a.npy', 'b.npz']) rmSync(join(folder, name), { force: true });
  });

  it('give back what was saved, by name where there are several', () => {
    np.save(join(folder, 'a'), a);
    expect(np.repr(np.load(join(folder, 'a.npy')))).toBe(np.repr(a));
    np.savez(join(folder, 'b'), a.T, { first: [1.5] });
    const arrays = np.load(join(folder, 'b.npz')) as { [name: string]: np.ndarray };
    expect([np.repr(arrays['arr_0']), np.repr(arrays['first'])]).toEqual([np.repr(a.T), 'array([1.5])']);
    np.savez_compressed(join(folder, 'b.npz'), np.zeros(1000));
    expect(Object.keys(np.load(join(folder, 'b.npz')))).toEqual(['arr_0']);
  });
});

describe('an array from outside of a tidy', () => {
  it('keeps what is written to it within', () => {
    const x = np.zeros(1000);
    tidy(() => x.set_(0, 1));
    expect(x.sum().item()).toBe(1);
  });
});

describe('PyTorch tensors', () => {
  it('are refused while they require a gradient', () => {
    const t = torch.ones([2], { requires_grad: true });
    expect(() => np.sum(t)).toThrow("Can't call numpy() on Tensor that requires grad");
    expect(np.sum(t.detach()).item()).toBe(2);
  });
});
