/** Functions of all sorts for jit, as somebody would write them, in sizes computed plainly and by kernels. */

import { conv, type Tensor, tensor } from 'adjoint';

export type DType = Tensor['dtype'];

/** A scalar-valued or other function, and the shapes of its arguments. */
export interface Case {
  readonly name: string;
  readonly f: (...args: Tensor[]) => Tensor;
  readonly shapes: readonly (readonly number[])[];
  /** Float arguments only, unless said otherwise. */
  readonly dtypes?: readonly DType[];
}

const relu = (x: Tensor): Tensor => x.mul(x).pow(0.5).add(x).div(2);

const softmax = (x: Tensor): Tensor => {
  const shifted = x.sub(x.mean(1).reshape([x.shape[0] as number, 1]));
  const powers = tensor(1.5).pow(shifted);
  return powers.div(powers.sum(1).reshape([x.shape[0] as number, 1]));
};

const column = (b: Tensor): Tensor => b.reshape([1, b.size, 1, 1]);

/** For a number n, images and vectors of which large ones have n cells and more. */
const small = (n: number): Case[] => [
  { name: 'a chain', f: (x) => x.mul(3).add(1).mul(x).sub(0.25).div(x.mul(x).add(1)), shapes: [[n]] },
  { name: 'a chain of two arguments', f: (x, y) => x.mul(y).add(x.sub(y).mul(x)).neg(), shapes: [[n], [n]] },
  { name: 'repeated subexpressions', f: (x) => x.mul(2).add(1).mul(x.mul(2).add(1)), shapes: [[n]] },
  { name: 'broadcasts', f: (x, r, c) => x.mul(r).add(c).sub(r).mul(0.5), shapes: [[n, 6], [6], [n, 1]] },
  { name: 'sums and means', f: (x) => x.sub(x.mean()).mul(x.sum(0)).sum(1), shapes: [[n, 5]] },
  { name: 'moves', f: (x) => x.reshape([5, n]).mul(2).reshape([n, 5]).sum(0).mul(x.sum()), shapes: [[n, 5]] },
  { name: 'softmax', f: softmax, shapes: [[n, 7]] },
  {
    name: 'matrix products',
    f: (a, b) => a.matmul(b).mul(a.matmul(b)).add(1),
    shapes: [
      [n, 4],
      [4, 9],
    ],
  },
  {
    name: 'convolution, bias, activation',
    f: (x, w, b) =>
      relu(
        conv(x, w, {
          padding: [
            [1, 1],
            [1, 1],
          ],
        }).add(column(b)),
      ),
    shapes: [[2, 3, n, 6], [4, 3, 3, 3], [4]],
  },
  {
    name: 'two convolutions',
    f: (x, w, v) => conv(relu(conv(x, w, { stride: [2, 1] })), v, { inputDilation: [2, 2] }),
    shapes: [
      [1, 2, n, 8],
      [4, 2, 3, 3],
      [3, 4, 2, 2],
    ],
  },
  { name: 'an argument as it is', f: (x) => x, shapes: [[n]] },
  { name: 'a constant', f: () => tensor([1, 2, 3]).mul(2), shapes: [[n]] },
];

export const cases: readonly Case[] = [...small(5), ...small(300)].map((each, i) => ({
  ...each,
  name: `${each.name}, ${i < small(1).length ? 'small' : 'large'}`,
}));

/** Numbers from -2 to 2 in eighths of a thousandth, by Knuth's 32-bit linear congruences. */
export function numbers(shape: readonly number[], seed: number, dtype: DType = 'float32'): Tensor {
  let state = (seed * 2654435761) >>> 0;
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const value = (state / 2 ** 32) * 4 - 2;
    return dtype.startsWith('float') ? value : Math.trunc(Math.abs(value) * 10);
  });
  return tensor(values, { shape, dtype });
}

export const argumentsOf = ({ shapes }: Case, dtype: DType = 'float32'): Tensor[] =>
  shapes.map((shape, i) => numbers(shape, i + 1, dtype));

/** Shape, dtype and every bit of some tensors. */
export const bitsOf = (...tensors: readonly Tensor[]): string[] =>
  tensors.map(({ shape, dtype, data }) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    let hash = 0;
    for (const byte of bytes) hash = (Math.imul(hash, 31) + byte) >>> 0;
    return `${dtype} [${shape}] ${bytes.length <= 64 ? bytes : hash}`;
  });
