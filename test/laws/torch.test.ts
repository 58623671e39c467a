/** What must hold for adjoint/torch whatever PyTorch gives: against the core, across doors, between its own functions. */

import { conv, convSpec, tensor as core, tidy } from 'adjoint';
import * as np from 'adjoint/numpy';
import * as torch from 'adjoint/torch';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { integers } from './cases.js';

const { functional: F } = torch.nn;
const { grad } = torch.autograd;

const whole = (min: number, max: number) => fc.integer({ min, max });

interface Axis {
  readonly n: number;
  readonly k: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
}

interface Problem {
  readonly x: torch.Tensor;
  readonly w: torch.Tensor;
  readonly axes: readonly Axis[];
  readonly groups: number;
  readonly seed: number;
}

const axis: fc.Arbitrary<Axis> = fc
  .record({ n: whole(1, 6), k: whole(1, 4), stride: whole(1, 3), padding: whole(0, 3), dilation: whole(1, 2) })
  .filter(({ n, k, padding, dilation }) => n + 2 * padding >= dilation * (k - 1) + 1);

const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/** Whole numbers in float64. */
const whole64 = (shape: readonly number[], seed: number): torch.Tensor =>
  torch.tensor(Float64Array.from(integers(size(shape), seed))).reshape(shape);

/** Input and kernel of a grouped convolution of rank 1 to 3, with gradients wanted of both. */
const problems: fc.Arbitrary<Problem> = whole(1, 3).chain((rank) =>
  fc
    .record({
      axes: fc.array(axis, { minLength: rank, maxLength: rank }),
      batch: whole(1, 2),
      groups: whole(1, 3),
      channels: whole(1, 2),
      outputs: whole(1, 2),
      seed: whole(0, 1e6),
    })
    .map(({ axes, batch, groups, channels, outputs, seed }) => ({
      x: whole64([batch, groups * channels, ...axes.map(({ n }) => n)], seed).requires_grad_(),
      w: whole64([groups * outputs, channels, ...axes.map(({ k }) => k)], seed + 1).requires_grad_(),
      axes,
      groups,
      seed,
    })),
);

const forwards = [F.conv1d, F.conv2d, F.conv3d];
const transposes = [F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d];

/** The function for a number of spatial axes. */
function ofRank<T>(functions: readonly T[], { axes }: Problem): T {
  const f = functions[axes.length - 1];
  if (f === undefined) throw new Error('no such rank');
  return f;
}

const optionsOf = ({ axes, groups }: Problem) => ({
  stride: axes.map(({ stride }) => stride),
  padding: axes.map(({ padding }) => padding),
  dilation: axes.map(({ dilation }) => dilation),
  groups,
});

/** What a strided convolution leaves unread at the end; its adjoint puts it back as output_padding. */
const remainders = ({ axes }: Problem): number[] =>
  axes.map(({ n, k, stride, padding, dilation }) => (n + 2 * padding - dilation * (k - 1) - 1) % stride);

const dot = (a: torch.Tensor, b: torch.Tensor): unknown => a.mul(b).sum().item();

const runs = { numRuns: 150 };

describe('convolutions', () => {
  it('are what convSpec.torch says in the core', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { x, w } = problem;
        const options = optionsOf(problem);
        const spec = convSpec.torch(x.shape, w.shape, options);
        expect(ofRank(forwards, problem)(x, w, options).tolist()).toEqual(conv(x, w, spec).tolist());
      }),
      runs,
    );
  });

  it('with padding by name are what convSpec.torch says in the core', () => {
    fc.assert(
      fc.property(problems, fc.constantFrom<'same' | 'valid'>('same', 'valid'), (problem, padding) => {
        const { x, w } = problem;
        const { dilation, groups } = optionsOf(problem);
        const fits = problem.axes.every((a) => padding === 'same' || a.dilation * (a.k - 1) < a.n);
        fc.pre(fits);
        const options = { padding, dilation, groups };
        const y = ofRank(forwards, problem)(x, w, options);
        expect(y.tolist()).toEqual(conv(x, w, convSpec.torch(x.shape, w.shape, options)).tolist());
        if (padding === 'same') expect([...y.shape.slice(2)]).toEqual([...x.shape.slice(2)]);
      }),
      runs,
    );
  });

  it('transposed, are what convSpec.torch says in the core', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        fc.pre(problem.groups === 1);
        const { x, w } = problem;
        const gy = ofRank(forwards, problem)(x, w, optionsOf(problem)).detach();
        const options = { ...optionsOf(problem), output_padding: remainders(problem) };
        const spec = convSpec.torch(gy.shape, w.shape, { ...options, transposed: true });
        const back = ofRank(transposes, problem)(gy, w, options);
        expect(back.tolist()).toEqual(conv(gy, w, spec).tolist());
      }),
      runs,
    );
  });

  it('have the transposed ones for adjoints, exactly on whole numbers', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { x, w, seed } = problem;
        const options = optionsOf(problem);
        const y = ofRank(forwards, problem)(x, w, options);
        const gy = whole64(y.shape, seed + 2);
        const back = ofRank(transposes, problem)(gy, w, { ...options, output_padding: remainders(problem) });
        const [gx, gw] = grad(y, [x, w], gy);
        if (gx === undefined || gw === undefined) throw new Error('two gradients were asked for');
        expect(back.tolist()).toEqual(gx.tolist());
        expect(dot(gy, y)).toBe(dot(back, x));
        expect(dot(gy, y)).toBe(dot(gw, w));
      }),
      runs,
    );
  });
});

test('a convolution without a batch is that of a batch of one', () => {
  fc.assert(
    fc.property(problems, (problem) => {
      const sample = whole64(problem.x.shape.slice(1), problem.seed);
      const f = ofRank(forwards, problem);
      const alone = f(sample, problem.w, optionsOf(problem));
      expect(alone.unsqueeze(0).tolist()).toEqual(f(sample.unsqueeze(0), problem.w, optionsOf(problem)).tolist());
    }),
    runs,
  );
});

const values = [
  [1, -2, 3],
  [-4, 5, -6],
];
const x = torch.tensor(values);
const others = { core: core(values), numpy: np.array(values, np.float32) };

/** Functions of one matrix. */
const functions: readonly (readonly [string, (a: torch.Tensor) => unknown])[] = [
  ['tensor', (a) => torch.tensor(a)],
  ['zeros_like', (a) => torch.zeros_like(a)],
  ['ones_like', (a) => torch.ones_like(a)],
  ['add', (a) => torch.add(a, a)],
  ['add, on the right', (a) => x.add(a)],
  ['mul, on the left of a number', (a) => torch.mul(2, a)],
  ['pow', (a) => torch.pow(a, a)],
  ['maximum', (a) => torch.maximum(a, x)],
  ['matmul', (a) => torch.matmul(a, torch.t(a))],
  ['matmul, on the right', (a) => x.t().matmul(a)],
  ...(['neg', 'abs', 'exp', 'tanh', 'sigmoid', 'relu', 'clone', 't'] as const).map(
    (name) => [name, (a: torch.Tensor) => unary[name](a)] as const,
  ),
  ['sum', (a) => torch.sum(a, 0)],
  ['mean', (a) => torch.mean(a, { dim: 1, keepdim: true })],
  ['amax', (a) => torch.amax(a)],
  ['amin', (a) => torch.amin(a, 1)],
  ['flip', (a) => torch.flip(a, [1])],
  ['permute', (a) => torch.permute(a, [1, 0])],
  ['transpose', (a) => torch.transpose(a, 0, 1)],
  ['reshape', (a) => torch.reshape(a, [3, 2])],
  ['flatten', (a) => torch.flatten(a)],
  ['squeeze', (a) => torch.squeeze(a)],
  ['unsqueeze', (a) => torch.unsqueeze(a, 0)],
  ['pad', (a) => F.pad(a, [1, 1])],
  ['relu of F', (a) => F.relu(a)],
  ['conv1d', (a) => F.conv1d(a, torch.ones(1, 2, 2))],
  ['conv1d, its weight', (a) => F.conv1d(torch.ones(1, 3, 3), torch.unsqueeze(a, -1), { bias: torch.sum(a, 1) })],
  ['equal', (a) => torch.equal(a, x)],
  ['allclose', (a) => torch.allclose(x, a)],
  ['to, as another', (a) => x.double().to(a)],
];

const unary = {
  neg: torch.neg,
  abs: torch.abs,
  exp: torch.exp,
  tanh: torch.tanh,
  sigmoid: torch.sigmoid,
  relu: torch.relu,
  clone: torch.clone,
  t: torch.t,
};

describe.each(Object.entries(others))('arrays of another door: %s', (_name, other) => {
  it.each(functions)('%s', (_what, f) => {
    const own = f(x);
    const given = f(other as never);
    expect(torch.repr(given)).toBe(torch.repr(own));
    expect(given instanceof torch.Tensor).toBe(own instanceof torch.Tensor);
  });
});

describe('gradients across doors', () => {
  const image = torch.ones(1, 1, 3, 3).requires_grad_();
  const kernel = torch.ones(1, 1, 2, 2).requires_grad_();

  it("torch's autograd goes through the core's functions", () => {
    expect(torch.repr(grad(conv(image, kernel), [image, kernel], torch.ones(1, 1, 2, 2)))).toBe(
      torch.repr(grad(F.conv2d(image, kernel).sum(), [image, kernel])),
    );
    torch.autograd.backward(conv(image, kernel).sum());
    expect(image.grad?.tolist()).toEqual(grad(F.conv2d(image, kernel).sum(), image)[0]?.tolist());
  });

  it('a gradient to start from may be of any door', () => {
    const y = image.mul(3);
    for (const gy of [core([[[[1], [2], [3]]]]), np.ones([1, 1, 3, 1], np.float32)]) {
      expect(() => grad(y, image, gy)).toThrow('Mismatch in shape');
    }
    expect(grad(y, image, np.ones([1, 1, 3, 3]))[0]?.tolist()).toEqual([[Array(3).fill([3, 3, 3])]]);
  });
});

/** A function that takes a dtype, given one. */
const typed: readonly ((dtype: torch.dtype | string) => torch.Tensor)[] = [
  (dtype) => torch.tensor([1, 2], { dtype }),
  (dtype) => torch.zeros(2, { dtype }),
  (dtype) => torch.ones([2], { dtype }),
  (dtype) => torch.full([2], 1, { dtype }),
  (dtype) => torch.eye(2, { dtype }),
  (dtype) => torch.arange(3, { dtype }),
  (dtype) => torch.zeros_like(x, { dtype }),
  (dtype) => torch.ones_like(x, { dtype }),
  (dtype) => torch.randint(0, 1, [2], { dtype }),
  (dtype) => torch.sum(x, { dtype }),
  (dtype) => x.sum(0, { dtype }),
  (dtype) => x.to(dtype),
  (dtype) => x.to({ dtype }),
  (dtype) => x.to('cpu', dtype),
];

describe('a dtype may be given as one, or by its name', () => {
  test.each(typed.map((f) => [String(f), f] as const))('%s', (_source, f) => {
    for (const dtype of [torch.float64, torch.float32, torch.int64, torch.int32, torch.uint8]) {
      const made = [f(dtype), f(String(dtype)), f(dtype.name)];
      for (const y of made) expect(y.dtype).toBe(dtype);
      expect(new Set(made.map(String)).size).toBe(1);
    }
  });

  it('also where floats are meant', () => {
    expect(torch.mean(x, { dtype: 'double' }).dtype).toBe(torch.float64);
    expect(torch.rand(1, { dtype: 'float64' }).dtype).toBe(torch.double);
    expect(torch.randn([1], { dtype: 'torch.float' }).dtype).toBe(torch.float);
  });
});

/** Calls by position, and the same by name. */
const named: readonly (readonly [unknown, unknown])[] = [
  [
    F.conv2d(torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2), null, 2, 1),
    F.conv2d(torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2), { stride: 2, padding: 1 }),
  ],
  [x.sum(1, true), x.sum({ dim: 1, keepdim: true })],
  [x.mean(1, true), torch.mean(x, { dim: 1, keepdim: true })],
  [x.amax(1, true), x.amax({ dim: 1, keepdim: true })],
  [x.amin([0, 1]), x.amin({ dim: [0, 1] })],
  [x.add(x, { alpha: 2 }), x.add({ other: x, alpha: 2 })],
  [x.pow(2), x.pow({ exponent: 2 })],
  [x.matmul(x.t()), torch.matmul({ input: x, other: x.t() })],
  [x.reshape(3, 2), x.reshape({ shape: [3, 2] })],
  [x.view([3, 2]), x.view({ size: [3, 2] })],
  [x.flip(0, 1), x.flip({ dims: [0, 1] })],
  [x.permute(1, 0), torch.permute(x, { dims: [1, 0] })],
  [x.transpose(0, 1), x.transpose({ dim0: 0, dim1: 1 })],
  [x.flatten(0, 1), x.flatten({ start_dim: 0, end_dim: 1 })],
  [x.unsqueeze(0), x.unsqueeze({ dim: 0 })],
  [x.squeeze(0), torch.squeeze(x, { dim: 0 })],
  [x.expand(2, 2, 3), x.expand({ size: [2, 2, 3] })],
  [x.size(1), x.size({ dim: 1 })],
  [torch.full([2], 3), torch.full({ size: [2], fill_value: 3 })],
  [torch.arange(1, 7, 2), torch.arange({ start: 1, end: 7, step: 2 })],
  [torch.zeros(2, 3), torch.zeros({ size: [2, 3] })],
  [torch.eye(2, 3), torch.eye({ n: 2, m: 3 })],
  [F.pad(x, [1, 0], 'constant', 2), F.pad(x, [1, 0], { value: 2 })],
];

test('arguments by name do what they do by position', () => {
  for (const [positional, keyword] of named) expect(torch.repr(keyword)).toBe(torch.repr(positional));
});

test('what shares elements outlives its source', () => {
  const source = torch.ones(600);
  const copies = [source.detach(), torch.tensor(source), torch.from_numpy(source), source.clone(), source.view(600)];
  const kept = tidy(() => source.requires_grad_().mul(2));
  source.dispose();
  for (const copy of copies) expect(copy.sum().item()).toBe(600);
  expect(kept.sum().item()).toBe(1200);
});
