/** What may be written in place, and what with. */

import type { Found } from '../door/subscript.js';
import { RuntimeError, TypeError_ } from '../errors.js';
import { broadcastTo } from '../ops/composite.js';
import { type DType, isFloat } from '../shape/dtype.js';
import { broadcastShapes, sameShape, showShape } from '../shape/shape.js';
import { isForeign } from '../tensor/foreign.js';
import { full, op, type Tensor } from '../tensor/tensor.js';
import type { Creation } from './alias.js';
import { scalarName, typeName } from './arguments.js';
import type { Row } from './row.js';

/** A tensor, as far as the right to write it depends on it. */
interface Owner {
  readonly requires_grad: boolean;
  readonly is_leaf: boolean;
}

/** What became of writing one of several views, or one made where nothing was recorded. */
function creationMessage(creation: Exclude<Creation, 'recorded'>, gradFn: string | null): string {
  return creation === 'no_grad'
    ? 'A view was created in no_grad mode and is being modified inplace with grad mode enabled. Given that this use case ' +
        'is ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the view and the inplace ' +
        "either both inside the no_grad block (if you don't want the inplace to be tracked) or both outside (if you want " +
        'the inplace to be tracked).'
    : `Output 0 of ${gradFn?.replace(/Backward\d*$/, '')} is a view and is being modified inplace. This view is the ` +
        'output of a function that returns multiple views. Such functions do not allow the output views to be modified ' +
        'inplace. You should replace the inplace operation by an out-of-place one.';
}

/**
 * @param isPart what is written is a view of the tensor
 * @throws RuntimeError for a leaf that requires grad, a view of one, and views that may not be written
 */
export function checkWritable(
  owner: Owner,
  alias: { readonly base: Owner | null; readonly creation: Creation } | null,
  isPart: boolean,
  gradFn: string | null,
): void {
  const base = alias?.base ?? null;
  if (base !== null && alias !== null && alias.creation !== 'recorded') {
    throw new RuntimeError('bad-call', creationMessage(alias.creation, gradFn));
  }
  const isLeaf = (tensor: Owner | null): boolean => tensor?.requires_grad === true && tensor.is_leaf;
  if (!isLeaf(owner) && !isLeaf(base)) return;
  const what = isPart || base !== null ? 'a view of a leaf Variable' : 'a leaf Variable';
  throw new RuntimeError('bad-call', `${what} that requires grad is being used in an in-place operation.`);
}

/** @throws RuntimeError where a tensor can't start or stop to want gradients */
export function checkWanted(wanted: boolean, isLeaf: boolean, dtype: DType): void {
  if (!isLeaf) {
    throw new RuntimeError(
      'bad-call',
      'you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a ' +
        "subgraph that doesn't require differentiation use var_no_grad = var.detach().",
    );
  }
  if (wanted && !isFloat(dtype)) {
    throw new RuntimeError('not-differentiable', 'only Tensors of floating point dtype can require gradients');
  }
}

const isKind = (from: DType, to: DType): boolean =>
  isFloat(to) || (!isFloat(from) && (to !== 'bool' || from === 'bool'));

/** The result of a function, as what it is written to can take it. */
export function resultFor(target: Tensor, result: Tensor): Tensor {
  if (!isKind(result.dtype, target.dtype)) {
    const [from, to] = [scalarName[result.dtype], scalarName[target.dtype]];
    throw new RuntimeError('dtype-mismatch', `result type ${from} can't be cast to the desired output type ${to}`);
  }
  if (!sameShape(result.shape, target.shape)) {
    throw new RuntimeError(
      'shape-mismatch',
      `output with shape ${showShape(target.shape)} doesn't match the broadcast shape ${showShape(result.shape)}`,
    );
  }
  return op.convert(result, target.dtype);
}

/** A number or a tensor as elements for what a subscript found. */
export function assignable(value: unknown, { view, picked }: Found, target: Tensor): Tensor {
  const { dtype } = target;
  const shape = picked?.shape ?? view.shape;
  if (typeof value === 'number' || typeof value === 'boolean') {
    const given = Number(value);
    return full({ shape, dtype }, isFloat(dtype) || dtype === 'bool' ? given : Math.trunc(given));
  }
  if (!isForeign(value)) {
    throw new TypeError_('bad-argument', `can't assign a ${typeName(value)} to a torch.${scalarName[dtype]}Tensor`);
  }
  const given = value.toCore();
  if (picked !== null && given.dtype !== dtype && given.shape.length > 0) {
    throw new RuntimeError(
      'dtype-mismatch',
      `Index put requires the source and destination dtypes match, got ${scalarName[dtype]} for the destination and ` +
        `${scalarName[given.dtype]} for the source.`,
    );
  }
  const lead = given.shape.findIndex((size) => size !== 1);
  const own = lead < 0 ? [] : given.shape.slice(lead);
  if (!sameShape(broadcastShapes(own, shape) ?? [-1], shape)) throw noFit(given, shape, picked !== null);
  const elements = op.convert(op.reshape(given, own), dtype);
  return broadcastTo(op, elements, shape);
}

function noFit(given: Tensor, shape: readonly number[], isPicked: boolean): RuntimeError {
  const [own, asked] = [showShape(given.shape), showShape(shape)];
  if (isPicked) {
    const message = `shape mismatch: value tensor of shape ${own} cannot be broadcast to indexing result of shape ${asked}`;
    return new RuntimeError('shape-mismatch', message);
  }
  const [rank, wanted] = [given.shape.length, shape.length];
  if (rank > wanted) {
    return new RuntimeError(
      'rank-mismatch',
      `expand(torch.${scalarName[given.dtype]}Tensor{${own}}, size=${asked}): the number of sizes provided (${wanted}) ` +
        `must be greater or equal to the number of dimensions in the tensor (${rank})`,
    );
  }
  const axis = shape.findLastIndex((size, i) => ![1, size, undefined].includes(given.shape[i - wanted + rank]));
  return new RuntimeError(
    'shape-mismatch',
    `The expanded size of the tensor (${shape[axis]}) must match the existing size ` +
      `(${given.shape[axis - wanted + rank]}) at non-singleton dimension ${axis}.  Target sizes: ${asked}.  Tensor ` +
      `sizes: ${own}`,
  );
}

/** What PyTorch calls an assignment by arrays. */
export function pickName({ picked }: Found, isNumber: boolean, isMask: (dtype: DType) => boolean): string {
  const only = picked?.only ?? null;
  if (only === null || !isNumber) return 'IndexPutBackward0';
  if (isMask(only.dtype)) return 'MaskedFillBackward0';
  return only.shape.length === 1 ? 'IndexFillBackward0' : 'IndexPutBackward0';
}

/** A comparison has no gradient, and a name only where it writes. */
export function nameInPlace(row: Row, values: readonly unknown[]): string {
  const name = typeof row.gradFn === 'string' ? row.gradFn : row.gradFn(values);
  return name === '' ? `${row.name.charAt(0).toUpperCase()}${row.name.slice(1)}Backward0` : name;
}
