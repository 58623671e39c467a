/**
 * What is right: a sample of each pass's elements in float64, from the definition alone. No code of adjoint's is used,
 * so that no mistake can be on both sides.
 */

import { noise, type Operands } from './operands.js';
import { elementsOf, outputSize, type Pass, resultOf, type Shape, sizesOf } from './shapes.js';

/** Elements of a result, by their index in N C H W (or O I H W), and their values in float64. */
export interface Sample {
  readonly indices: readonly number[];
  readonly values: readonly number[];
}

const SAMPLES = 2048;

/** Which elements are looked at: all where they are few, otherwise some at random. */
function choosePlaces(count: number): number[] {
  if (count <= SAMPLES) return Array.from({ length: count }, (_, i) => i);
  return Array.from(noise(SAMPLES, 7), (value) => Math.floor(((value + 1) / 2) * count));
}

type At = (i: number, j: number, k: number, l: number) => number;

/** Reads an array of four axes; 0 outside the last two of them. */
function reader(values: Float32Array, [, size1, size2, size3]: readonly [number, number, number, number]): At {
  return (i, j, k, l) =>
    k < 0 || k >= size2 || l < 0 || l >= size3 ? 0 : (values[((i * size1 + j) * size2 + k) * size3 + l] as number);
}

/** One element of a result at (i, j, row, column). */
type Element = (shape: Shape, x: At, w: At, y: At) => At;

/** y[n, o, p, q]: over channels c and taps (r, s), x[n, c, p * stride + r - padding, ...] * w[o, c, r, s]. */
const ofY: Element = ({ c, k, kernel, stride, padding, groups }, x, w) => {
  const channels = c / groups;
  return (n, o, p, q) => {
    const first = Math.floor((o * groups) / k) * channels;
    let sum = 0;
    for (let i = 0; i < channels; i++) {
      for (let r = 0; r < kernel; r++) {
        for (let s = 0; s < kernel; s++) {
          sum += x(n, first + i, p * stride + r - padding, q * stride + s - padding) * w(o, i, r, s);
        }
      }
    }
    return sum;
  };
};

/** dx[n, c, row, column]: over all y and taps that read this cell. */
const ofX: Element = ({ c, k, kernel, stride, padding, groups }, _x, w, y) => {
  const [channels, outputs] = [c / groups, k / groups];
  return (n, cell, row, column) => {
    const group = Math.floor(cell / channels);
    let sum = 0;
    for (let r = 0; r < kernel; r++) {
      const p = (row + padding - r) / stride;
      for (let s = 0; s < kernel; s++) {
        const q = (column + padding - s) / stride;
        if (!Number.isInteger(p) || !Number.isInteger(q)) continue;
        for (let o = group * outputs; o < (group + 1) * outputs; o++)
          sum += y(n, o, p, q) * w(o, cell % channels, r, s);
      }
    }
    return sum;
  };
};

/** dw[o, c, r, s]: over all samples and outputs, y[n, o, p, q] * x[n, c, p * stride + r - padding, ...]. */
const ofW: Element = (shape, x, _w, y) => {
  const { n, c, k, stride, padding, groups } = shape;
  const outputs = outputSize(shape);
  return (o, channel, r, s) => {
    const cell = Math.floor((o * groups) / k) * (c / groups) + channel;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      for (let p = 0; p < outputs; p++) {
        for (let q = 0; q < outputs; q++) {
          sum += y(i, o, p, q) * x(i, cell, p * stride + r - padding, q * stride + s - padding);
        }
      }
    }
    return sum;
  };
};

const ELEMENTS: { readonly [pass in Pass]: Element } = { y: ofY, dx: ofX, dw: ofW };

/** A sample of a pass's result, in float64. */
export function sampleOf(shape: Shape, pass: Pass, operands: Operands): Sample {
  const result = resultOf[pass];
  const [, size1, size2, size3] = sizesOf[result](shape);
  const [x, w, y] = (['x', 'w', 'y'] as const).map((name) => reader(operands[name], sizesOf[name](shape)));
  const element = ELEMENTS[pass](shape, x as At, w as At, y as At);
  const indices = choosePlaces(elementsOf(shape, result));
  const values = indices.map((index) => {
    const row = Math.floor(index / size3);
    const plane = Math.floor(row / size2);
    return element(Math.floor(plane / size1), plane % size1, row % size2, index % size3);
  });
  return { indices, values };
}

/**
 * The largest difference from a sample by the sample's largest value.
 *
 * @param place where the element of an index stands in `result`
 */
export function errorOf(
  result: ArrayLike<number>,
  { indices, values }: Sample,
  place: (index: number) => number,
): number {
  let [difference, largest] = [0, 0];
  for (const [i, index] of indices.entries()) {
    const value = values[i] as number;
    // Math.max keeps a NaN: a result that is no number is the worst there is.
    difference = Math.max(difference, Math.abs((result[place(index)] ?? Number.NaN) - value));
    largest = Math.max(largest, Math.abs(value));
  }
  return difference / largest;
}
