/** Operands, always the same: plain arrays in N C H W and O I H W, and how they lie in a layout. */

import { elementsOf, type Layout, type Operand, type Shape, sizesOf } from './shapes.js';

/** x, w and the gradient by y, in N C H W and O I H W. */
export type Operands = { readonly [operand in Operand]: Float32Array };

/** Numbers in [-1, 1) from a seed (xorshift32: Marsaglia, "Xorshift RNGs", 2003). */
export function noise(length: number, seed: number): Float32Array {
  const values = new Float32Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    values[i] = state / 2 ** 31;
  }
  return values;
}

/** Set 0 or 1 of a shape's operands: calls take them in turns, so that nothing can be kept from one to the next. */
export function operandsOf(shape: Shape, set: number): Operands {
  const fill = (operand: Operand, seed: number): Float32Array => noise(elementsOf(shape, operand), seed + 3 * set);
  return { x: fill('x', 1), w: fill('w', 2), y: fill('y', 3) };
}

/** For each layout, where the axes of N C H W and of O I H W stand. */
const ORDERS: { readonly [layout in Layout]: { readonly [operand in Operand]: readonly number[] } } = {
  NCHW: { x: [0, 1, 2, 3], w: [0, 1, 2, 3], y: [0, 1, 2, 3] },
  NHWC: { x: [0, 2, 3, 1], w: [2, 3, 1, 0], y: [0, 2, 3, 1] },
};

/** The letters of a layout: as PyTorch has them, and as TensorFlow has. */
export const LETTERS: { readonly [layout in Layout]: { readonly [operand in Operand]: string } } = {
  NCHW: { x: 'NCHW', w: 'OIHW', y: 'NCHW' },
  NHWC: { x: 'NHWC', w: 'HWIO', y: 'NHWC' },
};

/** The sizes of an operand in the order in which a layout has them. */
export const sizesIn = (shape: Shape, operand: Operand, layout: Layout): number[] => {
  const sizes = sizesOf[operand](shape);
  return ORDERS[layout][operand].map((axis) => sizes[axis] as number);
};

/** For each axis of N C H W or O I H W, how far neighbours along it are apart in a layout. */
function stridesIn(shape: Shape, operand: Operand, layout: Layout): number[] {
  const sizes = sizesIn(shape, operand, layout);
  const strides = [0, 0, 0, 0];
  let stride = 1;
  for (let i = 3; i >= 0; i--) {
    strides[ORDERS[layout][operand][i] as number] = stride;
    stride *= sizes[i] as number;
  }
  return strides;
}

/** Where the element at a place of N C H W (or O I H W) order lies in a layout. */
export function placeIn(shape: Shape, operand: Operand, layout: Layout): (index: number) => number {
  const [, size1, size2, size3] = sizesOf[operand](shape);
  const [stride0 = 0, stride1 = 0, stride2 = 0, stride3 = 0] = stridesIn(shape, operand, layout);
  return (index) => {
    const row = Math.floor(index / size3);
    const plane = Math.floor(row / size2);
    return (
      Math.floor(plane / size1) * stride0 +
      (plane % size1) * stride1 +
      (row % size2) * stride2 +
      (index % size3) * stride3
    );
  };
}

/** An operand laid out. */
export function layOut(values: Float32Array, shape: Shape, operand: Operand, layout: Layout): Float32Array {
  if (layout === 'NCHW') return values;
  const place = placeIn(shape, operand, layout);
  const laid = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) laid[place(i)] = values[i] as number;
  return laid;
}
