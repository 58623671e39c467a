/** The core on its own: convolutions of sizes that kernels work on, memory, errors, files. */

import {
  AdjointError,
  type ConvSpecOptions,
  conv,
  convSpec,
  grad,
  info,
  OutOfMemoryError,
  type Tensor,
  tensor,
  tidy,
  vjp,
} from 'adjoint';
import * as io from 'adjoint/io';
import * as np from 'adjoint/numpy';
import * as tf from 'adjoint/tf';
import * as torch from 'adjoint/torch';
import { type Cases, every, same, thrownBy } from './agree.js';
import { directly } from './directly.js';

const MiB = 2 ** 20;

/** Whole numbers from -4 to 4, by Knuth's 32-bit linear congruences. */
function whole(shape: readonly number[], seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: shape.reduce((product, n) => product * n, 1) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * 9) - 4;
  });
}

/** A fast algorithm's fractions may leave a little beside a whole number, and no more. */
function elements(x: Tensor): number[] {
  return Array.from<number | bigint, number>(x.data, (value) => {
    const nearest = Math.round(Number(value)) + 0;
    if (Math.abs(Number(value) - nearest) > 1 / 8) throw new Error(`${value} is no whole number`);
    return nearest;
  });
}

function inner(x: Tensor, y: Tensor): number {
  const [a, b] = [elements(x), elements(y)];
  if (a.length !== b.length) throw new Error(`${a.length} elements against ${b.length}`);
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}

type Sizes = readonly [x: number[], w: number[], options: ConvSpecOptions, dtype?: 'float32' | 'float64'];

const nhwc = { input: 'NHWC', kernel: 'HWIO', output: 'NHWC' };

/** Large enough for kernels, by what they differ in. */
const convolutions: { readonly [name: string]: Sizes } = {
  '3x3': [[2, 16, 24, 24], [16, 16, 3, 3], { padding: 1 }],
  '3x3, float64': [[2, 8, 20, 20], [8, 8, 3, 3], { padding: 1 }, 'float64'],
  '3x3, stride 2': [[2, 16, 24, 24], [16, 16, 3, 3], { padding: 1, stride: 2 }],
  '3x3, NHWC': [[2, 24, 24, 16], [3, 3, 16, 16], { padding: 1, layout: nhwc }],
  '1x1': [[2, 32, 16, 16], [32, 32, 1, 1], {}],
  '5x5, stride 2, odd sizes': [[3, 5, 29, 31], [7, 5, 5, 5], { padding: 2, stride: 2 }],
  '7x7, stride 2, of three channels': [[2, 3, 36, 36], [16, 3, 7, 7], { padding: 3, stride: 2 }],
  depthwise: [[2, 32, 20, 20], [32, 1, 3, 3], { padding: 1, featureGroups: 32 }],
  'two groups, dilation 2': [[2, 16, 22, 22], [16, 8, 3, 3], { padding: 2, kernelDilation: 2, featureGroups: 2 }],
  'two batch groups': [[4, 8, 18, 18], [16, 8, 3, 3], { padding: 1, batchGroups: 2 }],
  'transposed, flipped': [[2, 8, 12, 12], [8, 8, 4, 4], { padding: [1, [2, 1]], inputDilation: 2, flip: true }],
  'one dimension': [[4, 16, 300], [16, 16, 5], { padding: [[4, 0]], layout: { input: 'NCW' } }],
  'three dimensions': [[1, 8, 8, 10, 10], [8, 8, 3, 3, 3], { padding: [1, 1, 1] }],
};

/** y by the definition; then <gy, y> = <dX, x> = <dW, w>, since y is linear in both. */
function hold([xShape, wShape, options, dtype = 'float32']: Sizes): void {
  const spec = convSpec(options, xShape.length - 2);
  const [x, w] = [xShape, wShape].map((shape, i) => tensor(whole(shape, i + 1), { shape, dtype })) as [Tensor, Tensor];
  const [y, pullback] = vjp((x, w) => conv(x, w, spec), x, w);
  const expected = directly(
    { shape: xShape, data: [...whole(xShape, 1)] },
    { shape: wShape, data: [...whole(wShape, 2)] },
    spec,
  );
  same([...y.shape], expected.shape, 'the shape of y');
  same(y.dtype, dtype, 'the dtype of y');
  const given = elements(y);
  const wrong = given.findIndex((value, i) => value !== expected.data[i]);
  if (wrong >= 0) throw new Error(`y[${wrong}] is ${given[wrong]}, not ${expected.data[wrong]}`);
  const gy = tensor(whole(y.shape, 3), { shape: y.shape, dtype });
  const [dx, dw] = pullback(gy);
  const product = inner(gy, y);
  if (product === 0) throw new Error('<gy, y> is 0, which says nothing');
  same([[...dx.shape], [...dw.shape]], [xShape, wShape], 'the shapes of the gradients');
  same([inner(dx, x), inner(dw, w)], [product, product], '<dX, x> and <dW, w>');
}

const convolutionCases = Object.fromEntries(
  Object.entries(convolutions).map(([name, sizes]) => [
    `the convolution and its gradients: ${name}`,
    () => hold(sizes),
  ]),
);

/** What tidy frees, and what it returns: to the byte. */
function tidied(): void {
  const before = info().heap.used;
  const y = tidy(() => tensor(new Float32Array(1024)).add(1).mul(2));
  same(info().heap.used - before, 4096, 'what one float32[1024] holds');
  same(y.data[1023], 2, 'its last element');
  const dx = tidy(() => grad((x: Tensor) => x.mul(x).sum())(y));
  same([info().heap.used - before, dx.data[0]], [8192, 4], 'what it and a gradient hold');
  y.dispose();
  dx.dispose();
  same(info().heap.used, before, 'what is held at last');
}

/** Arrays made before the memory grows are still there after. */
function grown(): void {
  const small = tensor(Float32Array.from({ length: 1024 }, (_, i) => i));
  const { peak } = info().heap;
  tidy(() => tensor(new Float32Array(peak / 4 + 8 * MiB)));
  if (info().heap.peak < peak + 32 * MiB) throw new Error('the heap has not grown');
  same([small.data[1], small.data[1023], small.add(1).data[7]], [1, 1023, 8], 'elements made before');
  small.dispose();
}

/** What can't be reached is free after a turn of the event loop and a collection. */
async function collected(): Promise<void> {
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) throw new Error('the page was started without gc()');
  const make = (): void => {
    for (let i = 0; i < 20; i++) tensor(new Float32Array(MiB));
  };
  make();
  const first = info().heap.used;
  // Whatever was made in a job is reachable as long as it lasts.
  if (first < 80 * MiB) throw new Error(`${first / MiB} MiB are held where there must be 80`);
  await new Promise((done) => setTimeout(done));
  gc();
  make();
  const more = (info().heap.used - first) / MiB;
  if (more > 40) throw new Error(`${more} MiB more are held after the second time`);
}

/** More than there is: an error, nothing held, and the next call works. */
function exhausted(): void {
  const before = info().heap.used;
  const error = thrownBy(() => torch.zeros([2 ** 30], { dtype: torch.float64 }));
  same([error instanceof OutOfMemoryError, error instanceof torch.RuntimeError], [true, true], 'its classes');
  same((error as AdjointError).code, 'out-of-memory', 'its code');
  same(info().heap.used, before, 'what is held after');
  same(torch.ones([512]).sum().item(), 512, 'the next sum');
}

/** What is refused: class, code, and part of the text. */
const refusals: readonly (readonly [call: () => unknown, error: typeof AdjointError, code: string, words: string])[] = [
  [
    () => conv(np.ones([1, 2, 4, 4]), np.ones([1, 3, 3, 3])),
    torch.RuntimeError,
    'channels-mismatch',
    'the input has 2 channels; a kernel of shape [1, 3, 3, 3] (OIHW) in 1 feature group(s) needs 3',
  ],
  [() => convSpec({ stride: 0 }), np.ValueError, 'stride-invalid', 'stride'],
  [
    () => torch.nn.functional.conv2d(torch.ones([1, 2, 4, 4]), torch.ones([1, 3, 3, 3])),
    torch.RuntimeError,
    'channels-mismatch',
    'expected input[1, 2, 4, 4] to have 3 channels, but got 2 channels instead',
  ],
  [
    () => tf.nn.conv2d(tf.ones([1, 5, 5, 3]), tf.ones([3, 3, 2, 4]), 1, 'VALID'),
    tf.InvalidArgumentError,
    'channels-mismatch',
    'input depth must be evenly divisible by filter depth: 3 vs 2',
  ],
  [() => np.flip(np.ones([2]), 1), np.AxisError, 'axis-out-of-range', 'axis 1 is out of bounds'],
  [() => grad((x: Tensor) => x)([1, 2]), AdjointError, 'not-a-scalar', 'scalar'],
  [() => io.load('x.npy'), io.NotImplementedError, 'not-implemented', 'there is no file system here'],
];

function refused(): void {
  every(refusals, refusals.length, ([call, errorClass, code, words]) => {
    const error = thrownBy(call);
    if (!(error instanceof errorClass)) throw new Error(`${String(error)} is no ${errorClass.name}`);
    same([error.code, error.message.includes(words)], [code, true], `code and words of '${error.message}'`);
  });
  same(conv([[[1, 2, 3]]], [[[1, 1]]]).tolist(), [[[3, 5]]], 'the next convolution');
}

function npy(): void {
  const x = np.arange(6).reshape([2, 3]);
  const bytes = io.formatNpy(x);
  same([...bytes.subarray(0, 6)], [0x93, ...new TextEncoder().encode('NUMPY')], 'the first bytes');
  same(np.repr(np.asarray(io.parseNpy(bytes))), 'array([[0, 1, 2],\n       [3, 4, 5]])', 'what comes back');
}

export const core: Cases = {
  // The heap's first, as long as it is nearly empty.
  'arrays outlive the growth of memory': grown,
  'what is unreachable is freed after a turn': collected,
  'tidy frees to the byte': tidied,
  'more memory than there is': exhausted,
  ...convolutionCases,
  'errors, by class, code and text': refused,
  'npy in memory': npy,
};
