/** The convolutions that are timed, and what follows from their sizes. Images and kernels are square. */

/** Forward, and the gradients by input and kernel. */
export const passes = ['y', 'dx', 'dw'] as const;
export type Pass = (typeof passes)[number];

export const layouts = ['NCHW', 'NHWC'] as const;
export type Layout = (typeof layouts)[number];

export type Precision = 'fast' | 'exact';

/** x[n, c, size, size] convolved with w[k, c / groups, kernel, kernel]. */
export interface Shape {
  readonly n: number;
  readonly c: number;
  readonly size: number;
  readonly k: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly groups: number;
}

const plain = { stride: 1, padding: 1, groups: 1 };

export const shapes: { readonly [name in ShapeName]: Shape } = {
  A: { ...plain, n: 8, c: 64, size: 56, k: 64, kernel: 3 },
  B: { ...plain, n: 32, c: 16, size: 28, k: 32, kernel: 3 },
  C: { ...plain, n: 4, c: 3, size: 224, k: 64, kernel: 7, stride: 2, padding: 3 },
  D: { ...plain, n: 8, c: 256, size: 56, k: 64, kernel: 1, padding: 0 },
  E: { ...plain, n: 8, c: 128, size: 56, k: 128, kernel: 3, groups: 128 },
  F: { ...plain, n: 8, c: 256, size: 14, k: 256, kernel: 3 },
  G: { ...plain, n: 1, c: 512, size: 7, k: 512, kernel: 3 },
  H: { ...plain, n: 16, c: 32, size: 64, k: 64, kernel: 5, stride: 2, padding: 2 },
};

export const shapeNames = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'] as const;
export type ShapeName = (typeof shapeNames)[number];

/** The usual short form: `8 64 56x56 -> 64 3x3 p1`. */
export function describe({ n, c, size, k, kernel, stride, padding, groups }: Shape): string {
  const isDepthwise = groups > 1 && groups === c;
  const options = [
    stride === 1 ? '' : ` s${stride}`,
    padding === 0 ? '' : ` p${padding}`,
    groups === 1 || isDepthwise ? '' : ` g${groups}`,
  ];
  return `${n} ${c} ${size}x${size} -> ${isDepthwise ? 'depthwise' : k} ${kernel}x${kernel}${options.join('')}`;
}

export const outputSize = ({ size, kernel, stride, padding }: Shape): number =>
  Math.floor((size + 2 * padding - kernel) / stride) + 1;

export type Operand = 'x' | 'w' | 'y';

/** The sizes of an operand: N C H W, or O I H W. A gradient has those of what it belongs to. */
export const sizesOf: {
  readonly [operand in Operand]: (shape: Shape) => readonly [number, number, number, number];
} = {
  x: ({ n, c, size }) => [n, c, size, size],
  w: ({ k, c, groups, kernel }) => [k, c / groups, kernel, kernel],
  y: (shape) => [shape.n, shape.k, outputSize(shape), outputSize(shape)],
};

/** What each pass makes. */
export const resultOf: { readonly [pass in Pass]: Operand } = { y: 'y', dx: 'x', dw: 'w' };

export const elementsOf = (shape: Shape, operand: Operand): number =>
  sizesOf[operand](shape).reduce((product, size) => product * size);

/** Bytes of an operand in float32. */
export const bytesOf = (shape: Shape, operand: Operand): number => 4 * elementsOf(shape, operand);

/** Flops of the direct algorithm, a multiplication and an addition counted as two; the same for all passes. */
export const flops = (shape: Shape): number =>
  2 * elementsOf(shape, 'y') * (shape.c / shape.groups) * shape.kernel * shape.kernel;

/** Bytes that have to be read or written at least: each operand of the pass once. */
export const traffic = (shape: Shape): number => bytesOf(shape, 'x') + bytesOf(shape, 'w') + bytesOf(shape, 'y');

/**
 * The scratch memory that a pass is allowed: its padded input, its packed or transformed kernel, and 4 MB a thread.
 * Each pass is a convolution: dX of gy, padded by kernel - 1 (the zeros between its cells for a stride aren't stored),
 * with w; dW of x with gy. Winograd's kernel of 3x3 taps becomes 6x6, after the phases of a stride have become channels.
 */
export function scratchBound(shape: Shape, pass: Pass, isWinograd: boolean, threads: number): number {
  const { n, c, k, groups, size, kernel, stride, padding } = shape;
  const padded = size + 2 * padding;
  const full = Math.ceil((size + kernel - 1) / stride);
  const input = pass === 'dx' ? n * k * full * full : n * c * padded * padded;
  const transformed = isWinograd ? (k * c * stride * stride * 36) / groups : 0;
  const packed = pass === 'dw' ? elementsOf(shape, 'y') : elementsOf(shape, 'w');
  const weights = pass === 'dw' ? packed + transformed : Math.max(packed, transformed);
  return 4 * (input + weights) + threads * 4e6;
}
