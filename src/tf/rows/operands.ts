/** What rows of elementwise functions share: which dtypes they take, how operands meet, gradients of their own. */

import { showTf } from '../../conv/tf.js';
import { broadcastTo } from '../../ops/composite.js';
import { NONE } from '../../ops/primitive.js';
import { isFloat } from '../../shape/dtype.js';
import { broadcastShapes } from '../../shape/shape.js';
import { op, type Rule, record, type Tensor } from '../../tensor/tensor.js';
import { checkKinds, invalid, type Kind, mismatchFrom, operandsOf, strictly, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';

export const FLOATS: readonly Kind[] = ['float'];
export const SIGNED: readonly Kind[] = ['float', 'signed'];
export const NUMBERS: readonly Kind[] = ['float', 'signed', 'unsigned'];
export const ALL: readonly Kind[] = ['float', 'signed', 'unsigned', 'bool'];

/** What TensorFlow calls a function and the operation behind it. */
export type Names = readonly [name: string, operation: string];

export type Elementwise = (x: Tensor) => Tensor;

/** A function of each element. */
export function unary([name, operation]: Names, kinds: readonly Kind[], f: Elementwise, parameter = 'x'): Row {
  return row(name, parameter, ([value]) => f(elements(operation, value, kinds)));
}

/** A tensor of a kind that an operation takes. */
export function elements(operation: string, value: unknown, kinds: readonly Kind[]): Tensor {
  if (typeof value === 'string') {
    const message = "Value for attr 'T' of string is not in the list of allowed values";
    throw invalid(operation, 'dtype-mismatch', message);
  }
  const x = tensorArgument(value);
  checkKinds(operation, x.dtype, kinds);
  return x;
}

/** Steps: TensorFlow has no gradient for them, not even zero. */
export const step =
  (f: Elementwise): Elementwise =>
  (x) =>
    f(x.plain);

/** Two operands under one shape. */
export function broadcast(operation: string, a: Tensor, b: Tensor): [Tensor, Tensor] {
  const shape = broadcastShapes(a.shape, b.shape);
  if (shape === null) {
    const message = `Incompatible shapes: ${showTf(a.shape)} vs. ${showTf(b.shape)}`;
    throw invalid(operation, 'shape-mismatch', message);
  }
  return [broadcastTo(op, a, shape), broadcastTo(op, b, shape)];
}

export type Combine = (a: Tensor, b: Tensor) => Tensor;

/** Operands of one dtype, broadcast against each other. */
export function pair(operation: string, values: readonly unknown[], kinds: readonly Kind[]): [Tensor, Tensor] {
  const complain = operation === 'AddV2' ? mismatchFrom(0) : strictly;
  const [a, b] = operandsOf(operation, values.slice(0, 2), null, complain) as [Tensor, Tensor];
  checkKinds(operation, a.dtype, kinds);
  return broadcast(operation, a, b);
}

/** A function of the elements of two tensors. */
export function binary([name, operation]: Names, kinds: readonly Kind[], f: Combine): Row {
  return row(name, 'x y', (values) => f(...pair(operation, values, kinds)));
}

/** A value by one formula, its gradients by others. */
export function withRule(rule: Rule, inputs: readonly Tensor[], value: Tensor): Tensor {
  return isFloat(value.dtype) && inputs.some((input) => input.node !== null)
    ? record(rule, NONE, inputs, value)
    : value;
}

/** A constant of a tensor's shape and dtype. */
export const like = (x: Tensor, value: number): Tensor => op.full(x, value);
