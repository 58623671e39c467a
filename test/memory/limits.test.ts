/** The 4 GiB, full: who asks for more gets an error that says so, and everybody goes on. */

import { conv, info, OutOfMemoryError, RuntimeError, type Tensor, tensor } from 'adjoint';
import * as torch from 'adjoint/torch';
import { beforeAll, expect, test } from 'vitest';
import type * as heapModule from '../../src/heap/heap.js';
import { thrown } from './watch.js';

const GiB = 2 ** 30;
/** 512 MiB. */
const LENGTH = 2 ** 26;

let heap: typeof heapModule.heap;

beforeAll(async () => {
  // The very heap that the package works with, and not one of the sources.
  const built: typeof heapModule = await import(new URL('../../dist/src/heap/heap.js', import.meta.url).href);
  heap = built.heap;
});

/** Takes the heap, so that no `left` bytes are to be had. Nobody writes to these arrays, so that they cost no memory. */
function fill(left: number): object[] {
  const held: object[] = [];
  for (let bytes = GiB / 2; bytes >= left; bytes /= 2) {
    try {
      for (;;) held.push(heap.allocate('uint8', bytes));
    } catch (error) {
      expect(error).toBeInstanceOf(OutOfMemoryError);
    }
  }
  return held;
}

/** Asks for more while all is held. A function of its own, since an interpreter's registers may hold on. */
function askFor(asks: readonly (() => unknown)[]): Error[] {
  const held: object[] = [];
  // The last 512 MiB are not there in one piece: the heap begins with a cache line of its own.
  while (held.length < info().heap.limit / (GiB / 2) - 1) held.push(heap.allocate('float64', LENGTH));
  const errors = asks.map(thrown);
  expect(held.length).toBeGreaterThan(0);
  return errors as Error[];
}

test('more than there is, in all: the error names what was asked for, what is held, and by what', () => {
  const { limit } = info().heap;
  const errors = askFor([() => torch.zeros([LENGTH], { dtype: torch.float64 }), () => torch.ones([2, LENGTH])]);
  for (const error of errors) {
    expect(error).toBeInstanceOf(OutOfMemoryError);
    expect(error).toBeInstanceOf(RuntimeError);
    expect(error).toMatchObject({ code: 'out-of-memory' });
    expect(error.message).toContain('out of memory: 512.0 MiB asked for float');
    const holders = `held by ${limit / (GiB / 2) - 1} x 512.0 MiB float64[${LENGTH}]`;
    expect(error.message).toContain(`of ${(limit / GiB).toFixed(1)} GiB ${holders}`);
    expect(error.message).toMatch(/tidy\(\), using or dispose\(\)/);
  }
  const freed = torch.zeros([LENGTH / 8], { dtype: torch.float64 });
  expect(freed.numel()).toBe(LENGTH / 8);
  freed.dispose();
  heap.collect();
  expect(info().heap.used).toBeLessThan(GiB);
});

test('more than there is, at once', () => {
  const ask = () => torch.ones([2 ** 29], { dtype: torch.float64 });
  expect(ask).toThrow('out of memory: 4.0 GiB asked for float64[536870912]');
  expect(ask).toThrow(OutOfMemoryError);
  expect(() => torch.ones([2 ** 31], { dtype: torch.uint8 })).toThrow(RuntimeError);
});

test('a call that finds no room changes nothing, and works once there is some', () => {
  const image: Tensor = tensor(
    Float32Array.from({ length: 4096 }, (_, i) => i % 7),
    { shape: [1, 1, 64, 64] },
  );
  const kernel = tensor([
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ]);
  const expected = conv(image, kernel).tolist();
  const x = torch.from_numpy(image).requires_grad_();
  const w = torch.from_numpy(kernel).requires_grad_();
  const loss = torch.nn.functional.conv2d(x, w).sum();

  const held = fill(4096);
  const { used } = info().heap;
  for (const ask of [() => conv(image, kernel), () => loss.backward(), () => torch.autograd.grad(loss, [w])]) {
    expect(thrown(ask)).toBeInstanceOf(OutOfMemoryError);
  }
  expect([x.grad, w.grad]).toEqual([null, null]);
  expect(info().heap.used).toBeLessThan(used + 4096);
  expect(tensor([1, 2]).add(1).tolist()).toEqual([2, 3]);

  held.length = 0;
  expect(conv(image, kernel).tolist()).toEqual(expected);
  loss.backward();
  const [gx, gw] = torch.autograd.grad(torch.nn.functional.conv2d(x, w).sum(), [x, w]);
  expect([x.grad?.tolist(), w.grad?.tolist()]).toEqual([gx?.tolist(), gw?.tolist()]);
});
