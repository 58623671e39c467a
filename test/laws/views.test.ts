/**
 * Chains of views and in-place methods, held against a flat array with strides; and that writing copies nothing that
 * nobody else holds.
 */

import { tensor } from 'adjoint';
import * as np from 'adjoint/numpy';
import * as tf from 'adjoint/tf';
import * as torch from 'adjoint/torch';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placesOf, rowMajor, type Strided, viewStrides } from '../../src/shape/strided.js';

/** The heap of the built package, which the doors here use. */
const { heap }: typeof import('../../src/heap/heap.js') = await import(
  new URL('../../dist/src/heap/heap.js', import.meta.url).href
);

/** A tensor of the door, and where its elements lie in the model. */
interface Pair {
  readonly tensor: torch.Tensor;
  readonly view: Strided;
}

const draw = (seed: number, below: number): number => (below < 1 ? 0 : seed % below);

/** A view of a pair, of a kind that a number names. */
function viewOf({ tensor: x, view }: Pair, kind: number, seed: number): Pair | null {
  const rank = view.shape.length;
  if (rank === 0) return null;
  const a = draw(seed, rank);
  const b = draw(Math.floor(seed / 7), rank);
  const n = view.shape[a] as number;
  if (kind === 0) {
    const [shape, strides] = [[...view.shape], [...view.strides]];
    [shape[a], shape[b]] = [shape[b] as number, shape[a] as number];
    [strides[a], strides[b]] = [strides[b] as number, strides[a] as number];
    return { tensor: x.transpose(a, b), view: { ...view, shape, strides } };
  }
  if (kind === 1) {
    const i = draw(Math.floor(seed / 3), n);
    if (n === 0) return null;
    const offset = view.offset + i * (view.strides[a] as number);
    const at = [...Array.from({ length: a }, () => ':'), i];
    return {
      tensor: x.at(...at),
      view: { offset, shape: view.shape.toSpliced(a, 1), strides: view.strides.toSpliced(a, 1) },
    };
  }
  if (kind === 2) {
    const [from, step] = [draw(Math.floor(seed / 5), n), 1 + draw(seed, 3)];
    const count = Math.ceil((n - from) / step);
    const offset = view.offset + (count > 0 ? from * (view.strides[a] as number) : 0);
    const at = [...Array.from({ length: a }, () => ':'), `${from}::${step}`];
    const strides = view.strides.with(a, (view.strides[a] as number) * step);
    return { tensor: x.at(...at), view: { offset, shape: view.shape.with(a, count), strides } };
  }
  const flat = [view.shape.reduce((product, size) => product * size, 1)];
  const strides = viewStrides(view, flat);
  if (strides === null) {
    expect(() => x.view(flat)).toThrow(torch.RuntimeError);
    return null;
  }
  return { tensor: x.view(flat), view: { offset: view.offset, shape: flat, strides } };
}

const writes: ((x: torch.Tensor, k: number) => void)[] = [
  (x, k) => x.add_(k),
  (x, k) => x.mul_(k),
  (x, k) => x.fill_(k),
  (x) => x.neg_(),
  (x, k) => x.set_('...', k),
];
const models: ((x: number, k: number) => number)[] = [
  (x, k) => x + k,
  (x, k) => x * k,
  (_, k) => k,
  (x) => -x,
  (_, k) => k,
];

const steps = fc.array(
  fc.record({
    isWrite: fc.boolean(),
    kind: fc.integer({ min: 0, max: 4 }),
    on: fc.nat(1000),
    seed: fc.nat(10_000),
    k: fc.integer({ min: -2, max: 3 }),
  }),
  { maxLength: 14 },
);

describe('views', () => {
  it('show what is written into any of them', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }), steps, (shape, list) => {
        const size = shape.reduce((product, n) => product * n, 1);
        const model = Float64Array.from({ length: size }, (_, i) => i);
        const base = torch.tensor(model).reshape(shape).clone();
        const pairs: Pair[] = [{ tensor: base, view: rowMajor(shape) }];
        for (const { isWrite, kind, on, seed, k } of list) {
          const pair = pairs[on % pairs.length] as Pair;
          if (isWrite) {
            writes[kind]?.(pair.tensor, k);
            for (const at of placesOf(pair.view))
              model[at] = (models[kind] as (typeof models)[0])(model[at] as number, k);
          } else {
            const view = viewOf(pair, kind % 4, seed);
            if (view !== null) pairs.push(view);
          }
          for (const { tensor: x, view } of pairs) {
            const shown = Array.from(placesOf(view), (at) => model[at] as number);
            expect(x.reshape(-1).tolist()).toEqual(shown);
            if (shown.length > 0)
              expect([...x.stride()].filter((_, i) => view.shape[i] !== 1)).toEqual(
                view.strides.filter((_, i) => view.shape[i] !== 1),
              );
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('pass the same gradients as functions that write nothing', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const x = torch.tensor(Float64Array.from({ length: 6 }, (_, i) => i / 3 - 1)).requires_grad_();
        const base = x.mul(1).view(2, 3);
        const pairs: Pair[] = [{ tensor: base, view: rowMajor([2, 3]) }];
        // d base / d x, element by element: writing scales it.
        const scale = new Float64Array(6).fill(1);
        for (const { isWrite, kind, on, seed, k } of list) {
          const pair = pairs[on % pairs.length] as Pair;
          if (isWrite) {
            writes[kind]?.(pair.tensor, k);
            for (const at of placesOf(pair.view)) {
              scale[at] = (scale[at] as number) * ([1, k, 0, -1, 0][kind] as number);
            }
          } else {
            const view = viewOf(pair, kind % 4, seed);
            if (view !== null) pairs.push(view);
          }
        }
        const [g] = torch.autograd.grad(base.sum(), x);
        expect(Array.from(g?.tolist() as number[], (value) => value + 0)).toEqual(
          Array.from(scale, (value) => value + 0),
        );
      }),
      { numRuns: 200 },
    );
  });
});

/** Bytes that a function allocates on the heap. */
function allocated(f: () => void): number {
  const own = Reflect.get(heap, 'allocate') as typeof heap.allocate;
  let bytes = 0;
  const counting: typeof heap.allocate = (dtype, length) => {
    const array = own.call(heap, dtype, length) as ReturnType<typeof heap.allocate<typeof dtype>>;
    bytes += array.byteLength;
    return array;
  };
  Object.defineProperty(heap, 'allocate', { configurable: true, value: counting });
  try {
    f();
  } finally {
    Reflect.deleteProperty(heap, 'allocate');
  }
  return bytes;
}

describe('writing', () => {
  const n = 4096;

  it.each([
    ['set_', (x: torch.Tensor, i: number) => x.set_(i, i)],
    ['a view that is written', (x: torch.Tensor, i: number) => x.at(i).add_(1)],
    [
      'views of views',
      (x: torch.Tensor, i: number) =>
        x
          .view(64, 64)
          .at(i % 64, ':2')
          .mul_(2),
    ],
    ['set_ by a list', (x: torch.Tensor, i: number) => x.set_([i, 0], 1)],
    ['a detached tensor', (x: torch.Tensor, i: number) => x.detach().set_(i, 2)],
  ])('copies nothing that nobody else holds: %s', (_, write) => {
    const x = torch.zeros(n);
    write(x, 0);
    expect(allocated(() => Array.from({ length: 100 }, (_unused, i) => write(x, i)))).toBeLessThan(100 * 1024);
  });

  it('copies nothing of an array of NumPy that nobody else holds', () => {
    const x = np.zeros(n);
    x.set_(0, 1);
    const write = (i: number) => x.set_(i, x.at(i - 1).item());
    expect(allocated(() => Array.from({ length: 100 }, (_, i) => write(i + 1)))).toBeLessThan(100 * 1024);
  });

  it('copies nothing of what is recorded, either', () => {
    const w = torch.ones(1, { requires_grad: true });
    const x = torch.zeros(n);
    x.set_(':1', w);
    expect(allocated(() => Array.from({ length: 100 }, (_, i) => x.set_(`${i}:${i + 1}`, w)))).toBeLessThan(100 * 1024);
    x.sum().backward();
    expect(w.grad?.tolist()).toEqual([100]);
  });

  it('leaves those alone that hold a value of their own', () => {
    const holders: ((x: torch.Tensor) => { tolist(): unknown })[] = [
      (x) => tensor(x),
      (x) => x.clone(),
      (x) => torch.tensor(x),
      (x) => np.array(x),
      (x) => tf.constant(x),
      (x) => tf.identity(x),
      (x) => np.copy(x),
      (x) => x.numpy(),
      (x) => x.add(0),
      (x) => torch.cat([x]),
    ];
    for (const hold of holders) {
      const x = torch.zeros(4);
      x.set_(0, 1);
      const held = hold(x);
      x.set_(1, 7);
      x.at('2:').fill_(9);
      expect([held.tolist(), x.tolist()]).toEqual([
        [1, 0, 0, 0],
        [1, 7, 9, 9],
      ]);
    }
  });
});
