/**
 * Loops that never await and free nothing by hand: in processes of their own, so that what one holds is its own, and
 * nothing else grows beside it.
 */

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const patience = 60_000;
const MiB = 2 ** 20;

interface Course {
  /** The heap at the end. */
  readonly used: number;
  readonly peak: number;
  /** By how much the process has grown in the second half of the steps, and what is reachable in its engine's heap. */
  readonly growth: number;
  readonly live: number;
  /** What the last step computed. */
  readonly last: unknown;
}

/** Runs `setUp`, then 20,000 times `step`, an expression, in one synchronous loop. */
async function course(setUp: string, step: string, flags: readonly string[] = []): Promise<Course> {
  const program = `
    import { conv, grad, info, tensor } from 'adjoint';
    import * as tf from 'adjoint/tf';
    import * as torch from 'adjoint/torch';
    const F = torch.nn.functional;
    ${setUp}
    function measure() {
      globalThis.gc?.();
      const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
      return [rss, heapUsed + arrayBuffers];
    }
    let before, last;
    for (let i = 0; i < 20_000; i++) {
      if (i === 10_000) before = measure();
      last = ${step};
    }
    const [growth, live] = measure().map((bytes, i) => bytes - before[i]);
    const { used, peak } = info().heap;
    process.stdout.write(JSON.stringify({ used, peak, growth, live, last: last.tolist() }));`;
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [...flags, '--input-type=module', '--eval', program],
    { cwd: root },
  );
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

/** A kernel of ones over an image of ones, whose result is summed: each weight meets every output once. */
const gradient = (channels: number, outputs: number): number[][][][] =>
  Array.from({ length: channels }, () => Array.from({ length: channels }, () => Array(3).fill(Array(3).fill(outputs))));

test('torch, backward(): 20,000 steps of some 10 kB each, a gradient that adds up', { timeout: patience }, async () => {
  const setUp = `
    const x = torch.ones([1, 2, 16, 16], { requires_grad: true });
    const w = torch.ones([2, 2, 3, 3], { requires_grad: true });
    function step() {
      x.grad = null;
      F.conv2d(x, w).sum().backward();
      return w.grad;
    }`;
  const { used, peak, growth, last } = await course(setUp, 'step()');
  expect(last).toEqual(gradient(2, 14 * 14 * 20_000));
  expect(used).toBeLessThanOrEqual(peak);
  // A collection comes after 32 MiB of growth; in all, these are well over 100.
  expect(peak).toBeLessThan(40 * MiB);
  expect(growth).toBeLessThan(48 * MiB);
});

test('torch, weights that each step replaces: graphs of steps gone by are no more', { timeout: patience }, async () => {
  const setUp = `
    const x = torch.ones([1, 1, 20, 20]);
    let w = torch.zeros([1, 1, 3, 3], { requires_grad: true });
    function step() {
      const error = F.conv2d(x, w).sub(1);
      const [gradient] = torch.autograd.grad(error.mul(error).mean(), [w]);
      w = w.sub(gradient.div(18)).detach().requires_grad_();
      return w;
    }`;
  const { peak, growth, last } = await course(setUp, 'step()');
  // Newton's method, since 18 is the second derivative along the weights' sum: nine weights that add up to 1.
  expect(last).toEqual([[Array(3).fill(Array(3).fill(expect.closeTo(1 / 9, 6)))]]);
  expect(peak).toBeLessThan(40 * MiB);
  expect(growth).toBeLessThan(48 * MiB);
});

test('core, grad', { timeout: patience }, async () => {
  const setUp = `
    const x = tensor(new Float32Array(400).fill(1), { shape: [1, 1, 20, 20] });
    const w = tensor([[[[1, 1, 1], [1, 1, 1], [1, 1, 1]]]]);
    const gradients = grad((x, w) => conv(x, w).sum(), { argnums: [0, 1] });`;
  const { peak, growth, last } = await course(setUp, 'gradients(x, w)[1]');
  expect(last).toEqual(gradient(1, 18 * 18));
  expect(peak).toBeLessThan(40 * MiB);
  expect(growth).toBeLessThan(48 * MiB);
});

test('tf, tapes and assignments', { timeout: patience }, async () => {
  const setUp = `
    const x = tf.ones([1, 20, 20, 1]);
    const w = new tf.Variable(tf.zeros([3, 3, 1, 1]));
    const sums = new tf.Variable(tf.zeros([400]));
    function step() {
      const tape = new tf.GradientTape();
      const loss = tape.run(() => tf.reduce_sum(tf.nn.conv2d(x, w, 1, 'VALID')));
      w.assign_add(tape.gradient(loss, w));
      return sums.assign_add(tf.ones([400]));
    }`;
  const { peak, growth, last } = await course(setUp, 'step()');
  expect(last).toEqual(Array(400).fill(20_000));
  expect(peak).toBeLessThan(40 * MiB);
  expect(growth).toBeLessThan(48 * MiB);
});

test("arrays of just under 1 KiB, which are the engine's own", { timeout: patience }, async () => {
  const setUp = `
    const x = torch.ones([1, 1, 15, 17], { requires_grad: true });
    const w = torch.ones([1, 1, 3, 3], { requires_grad: true });`;
  const step = 'torch.autograd.grad(F.conv2d(x, w).sum(), [x, w])[1]';
  const { peak, growth, live, last } = await course(setUp, step, ['--expose-gc']);
  expect(last).toEqual(gradient(1, 13 * 15));
  expect(peak).toBe(0);
  expect(live).toBeLessThan(2 * MiB);
  expect(growth).toBeLessThan(48 * MiB);
});
