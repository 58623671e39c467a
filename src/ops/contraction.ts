/** dot_general: products summed over paired axes; matmul, tensordot and einsum are made of it. */

import { RuntimeError } from '../errors.js';
import { productPlan } from '../plan/product.js';
import { isFloat } from '../shape/dtype.js';
import { type Shape, showShape, sizeOf, stridesOf } from '../shape/shape.js';
import { walk } from '../shape/strided.js';
import { type DotParams, nth, type Ops, type Params, type Primitive, type Typed } from './primitive.js';

const free = (shape: Shape, batch: readonly number[], contract: readonly number[]): number[] =>
  shape.map((_, axis) => axis).filter((axis) => !batch.includes(axis) && !contract.includes(axis));

const pick = (list: readonly number[], axes: readonly number[]): number[] => axes.map((axis) => list[axis] as number);

/** Offsets of all cells of some axes of an array, in row-major order of these axes. */
function offsets(shape: Shape, axes: readonly number[]): Int32Array {
  const sizes = pick(shape, axes);
  const list = new Int32Array(sizeOf(sizes));
  walk(sizes, pick(stridesOf(shape), axes), 0, (i, at) => {
    list[i] = at;
  });
  return list;
}

const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

/** Sums of products at offsets; number or bigint alike. */
function sumProducts<N extends number | bigint>(
  [a, b, out]: readonly [ArrayLike<N>, ArrayLike<N>, { [i: number]: N }],
  left: readonly [batch: Int32Array, free: Int32Array, contract: Int32Array],
  right: readonly [batch: Int32Array, free: Int32Array, contract: Int32Array],
  zero: N,
  multiplyAdd: (sum: N, a: N, b: N) => N,
): void {
  let i = 0;
  for (let g = 0; g < left[0].length; g++) {
    for (let m = 0; m < left[1].length; m++) {
      const aBase = (left[0][g] as number) + (left[1][m] as number);
      for (let n = 0; n < right[1].length; n++) {
        const bBase = (right[0][g] as number) + (right[1][n] as number);
        let sum = zero;
        for (let k = 0; k < left[2].length; k++) {
          sum = multiplyAdd(sum, a[aBase + (left[2][k] as number)] as N, b[bBase + (right[2][k] as number)] as N);
        }
        out[i++] = sum;
      }
    }
  }
}

/** Sums go in float64 and are rounded once, where they are stored; integers wrap as stored integers do. */
export const multiplyAddFloat = (sum: number, a: number, b: number): number => sum + a * b;
export const multiplyAddInteger = (sum: number, a: number, b: number): number => (sum + Math.imul(a, b)) | 0;
export const multiplyAddBigint = (sum: bigint, a: bigint, b: bigint): bigint => sum + a * b;

/**
 * The gradient by one operand: the incoming gradient against the other operand, summed over the other's free axes.
 * The result has axes [batch, mine, contracted], and is turned back into the operand's order.
 */
function gradientOf<T extends Typed>(
  op: Ops<T>,
  mine: { value: T; batch: readonly number[]; contract: readonly number[] },
  other: { value: T; batch: readonly number[]; contract: readonly number[] },
  gradient: T,
  isLeft: boolean,
): T {
  const batchCount = mine.batch.length;
  const myFree = free(mine.value.shape, mine.batch, mine.contract);
  const otherFree = free(other.value.shape, other.batch, other.contract);
  const summed = range(batchCount + (isLeft ? myFree.length : 0), otherFree.length);
  const product = op.dot_general(gradient, other.value, {
    leftBatch: range(0, batchCount),
    rightBatch: other.batch,
    leftContract: summed,
    rightContract: otherFree,
  });
  // Contracted axes come out in the order in which they lie in the other operand.
  const inOrder = [...other.contract].sort((a, b) => a - b).map((axis) => mine.contract[other.contract.indexOf(axis)]);
  const order = [...mine.batch, ...myFree, ...inOrder];
  return op.transpose(
    product,
    order.map((_, axis) => order.indexOf(axis)),
  );
}

export const contraction: { readonly dot_general: Primitive<Params['dot_general']> } = {
  dot_general: {
    name: 'dot_general',
    saves: 'inputs',
    shape(inputs, { leftBatch, rightBatch, leftContract, rightContract }: DotParams) {
      const [a, b] = [nth(inputs, 0), nth(inputs, 1)];
      const paired = [...leftBatch, ...leftContract];
      const partners = [...rightBatch, ...rightContract];
      const fits =
        paired.length === partners.length && paired.every((axis, i) => a.shape[axis] === b.shape[partners[i] ?? -1]);
      if (!fits || a.dtype !== b.dtype || a.dtype === 'bool') {
        throw new RuntimeError(
          fits ? 'dtype-mismatch' : 'shape-mismatch',
          `can't multiply ${a.dtype}${showShape(a.shape)} with ${b.dtype}${showShape(b.shape)}: axes [${paired}] of the ` +
            `one and [${partners}] of the other must agree in size, and both in dtype (not bool)`,
        );
      }
      const shape = [
        ...pick(a.shape, leftBatch),
        ...pick(a.shape, free(a.shape, leftBatch, leftContract)),
        ...pick(b.shape, free(b.shape, rightBatch, rightContract)),
      ];
      return { shape, dtype: a.dtype };
    },
    reference(inputs, { leftBatch, rightBatch, leftContract, rightContract }, result, allocate) {
      const [a, b] = [nth(inputs, 0), nth(inputs, 1)];
      const offsetsOf = (shape: Shape, batch: readonly number[], contract: readonly number[]) =>
        [offsets(shape, batch), offsets(shape, free(shape, batch, contract)), offsets(shape, contract)] as const;
      const left = offsetsOf(a.shape, leftBatch, leftContract);
      const right = offsetsOf(b.shape, rightBatch, rightContract);
      const out = allocate(result.dtype, sizeOf(result.shape));
      if (a.array instanceof BigInt64Array || b.array instanceof BigInt64Array || out instanceof BigInt64Array) {
        if (a.array instanceof BigInt64Array && b.array instanceof BigInt64Array && out instanceof BigInt64Array) {
          sumProducts([a.array, b.array, out], left, right, 0n, multiplyAddBigint);
        }
      } else {
        sumProducts([a.array, b.array, out], left, right, 0, isFloat(a.dtype) ? multiplyAddFloat : multiplyAddInteger);
      }
      return out;
    },
    lower: (inputs, params, result) => productPlan(nth(inputs, 0), nth(inputs, 1), params, result),
    vjp({ inputs, params, gradient }, argument, op) {
      const left = { value: nth(inputs, 0), batch: params.leftBatch, contract: params.leftContract };
      const right = { value: nth(inputs, 1), batch: params.rightBatch, contract: params.rightContract };
      return argument === 0
        ? gradientOf(op, left, right, gradient, true)
        : gradientOf(op, right, left, gradient, false);
    },
  },
};
