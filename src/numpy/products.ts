/** Products that sum over axes, on core tensors: dot, matmul, tensordot, einsum. */

import { IndexError, TypeError_, ValueError } from '../errors.js';
import { matmul as matmulOf } from '../ops/composite.js';
import { einsum as einsumOf } from '../ops/einsum.js';
import type { DotParams } from '../ops/primitive.js';
import type { DType } from '../shape/dtype.js';
import { promoteNumpy } from '../shape/promotion.js';
import { broadcastShapes, type Shape, show } from '../shape/shape.js';
import { op, type Tensor } from '../tensor/tensor.js';
import { integer } from './axes.js';
import { type ArrayInput, showTuple, toTensor } from './input.js';
import { binary } from './ufunc.js';

/**
 * Operands in their common dtype, and the way back: truth values are multiplied as integers, and what isn't zero is
 * true.
 */
function inOneType(inputs: readonly Tensor[]): { readonly operands: Tensor[]; readonly back: (x: Tensor) => Tensor } {
  const dtype = inputs.map((input) => input.dtype).reduce(promoteNumpy, 'bool');
  const computed: DType = dtype === 'bool' ? 'int32' : dtype;
  return { operands: inputs.map((input) => op.convert(input, computed)), back: (x) => op.convert(x, dtype) };
}

function dotGeneral(left: Tensor, right: Tensor, params: DotParams): Tensor {
  const { operands, back } = inOneType([left, right]);
  return back(op.dot_general(operands[0] as Tensor, operands[1] as Tensor, params));
}

/** The axis that dot and matmul sum over: of the left operand the last, of the right one the last but one. */
const contracted = (rank: number): number => Math.max(0, rank - 2);

/** np.dot: the sum over the last axis of `a` and the last but one of `b`; a product where one is a scalar. */
export function dot(a: ArrayInput, b: ArrayInput): Tensor {
  const [left, right] = [toTensor(a), toTensor(b)];
  if (left.shape.length === 0 || right.shape.length === 0) return binary('multiply', a, b);
  const [i, j] = [left.shape.length - 1, contracted(right.shape.length)];
  const [m, n] = [left.shape[i] as number, right.shape[j] as number];
  if (m !== n) {
    const shapes = `${showTuple(left.shape)} and ${showTuple(right.shape)}`;
    throw new ValueError('shape-mismatch', `shapes ${shapes} not aligned: ${m} (dim ${i}) != ${n} (dim ${j})`);
  }
  return dotGeneral(left, right, { leftBatch: [], rightBatch: [], leftContract: [i], rightContract: [j] });
}

/** np.matmul: the last two axes are matrices, the others broadcast. */
export function matmul(a: ArrayInput, b: ArrayInput): Tensor {
  const pair = [toTensor(a), toTensor(b)] as const;
  const gufunc = '(n?,k),(k,m?)->(n?,m?)';
  pair.forEach(({ shape }, i) => {
    if (shape.length > 0) return;
    throw new ValueError(
      'rank-mismatch',
      `matmul: Input operand ${i} does not have enough dimensions (has 0, gufunc core with signature ${gufunc} requires 1)`,
    );
  });
  const [left, right] = [pair[0].shape, pair[1].shape];
  const [k, rows] = [left.at(-1) as number, right[contracted(right.length)] as number];
  if (k !== rows) {
    throw new ValueError(
      'shape-mismatch',
      'matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature ' +
        `${gufunc} (size ${rows} is different from ${k})`,
    );
  }
  if (broadcastShapes(left.slice(0, -2), right.slice(0, -2)) === null) {
    const shapes = `${showTuple(left)} ${showTuple(right)}`;
    throw new ValueError('shape-mismatch', `operands could not be broadcast together with shapes ${shapes} `);
  }
  const { operands, back } = inOneType(pair);
  return back(matmulOf(op, operands[0] as Tensor, operands[1] as Tensor));
}

/** The axes of tensordot: a number n stands for the last n of the one and the first n of the other. */
function pairedAxes(axes: unknown, left: number, right: number): readonly [number[], number[]] {
  if (Array.isArray(axes)) {
    if (axes.length !== 2) throw new ValueError('bad-argument', `axes must be a pair of lists, not ${show(axes)}`);
    const list = (value: unknown): number[] =>
      (Array.isArray(value) ? value : [value]).map((axis: unknown) => integer(axis, 'axes'));
    return [list(axes[0]), list(axes[1])];
  }
  const count = Math.max(0, integer(axes, 'axes'));
  if (count > left || count > right) throw new IndexError('axis-out-of-range', 'tuple index out of range');
  const range = Array.from({ length: count }, (_, i) => i);
  return [range.map((i) => left - count + i), range];
}

/** np.tensordot: the sum of products over pairs of axes. */
export function tensordot(a: ArrayInput, b: ArrayInput, axes: unknown): Tensor {
  const [left, right] = [toTensor(a), toTensor(b)];
  const given = pairedAxes(axes, left.shape.length, right.shape.length);
  const [leftContract, rightContract] = [left, right].map(({ shape }, i) =>
    (given[i] as number[]).map((axis) => {
      if (axis >= shape.length || axis < -shape.length) {
        throw new IndexError(
          'axis-out-of-range',
          `tuple index out of range: axis ${axis} of shape ${showTuple(shape)}`,
        );
      }
      return axis < 0 ? axis + shape.length : axis;
    }),
  ) as [number[], number[]];
  const fits =
    leftContract.length === rightContract.length &&
    leftContract.every((axis, i) => left.shape[axis] === right.shape[rightContract[i] as number]);
  if (!fits) throw new ValueError('shape-mismatch', 'shape-mismatch for sum');
  return dotGeneral(left, right, { leftBatch: [], rightBatch: [], leftContract, rightContract });
}

/** np.einsum: `'ij,jk->ik'` and its operands. */
export function einsum(subscripts: unknown, inputs: readonly ArrayInput[]): Tensor {
  if (typeof subscripts !== 'string') {
    throw new TypeError_('bad-argument', `einsum takes its subscripts as text, not ${show(subscripts)}`);
  }
  const { operands, back } = inOneType(inputs.map((input) => toTensor(input)));
  return back(einsumOf(op, subscripts, operands));
}

/** Refuses what can't be repeated to a shape. */
export function checkBroadcast(from: Shape, shape: Shape): void {
  const common = broadcastShapes(from, shape);
  if (from.length > shape.length || common === null || common.some((size, axis) => size !== shape[axis])) {
    throw new ValueError(
      'shape-mismatch',
      'operands could not be broadcast together with remapped shapes [original->remapped]: ' +
        `${showTuple(from)}  and requested shape ${showTuple(shape)}`,
    );
  }
}
