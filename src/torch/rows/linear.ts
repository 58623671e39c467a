/** F.linear and F.bilinear, as rows: products with weights that stand as PyTorch keeps them. */

import { RuntimeError } from '../../errors.js';
import { broadcastTo } from '../../ops/composite.js';
import { type Shape, showShape, sizeOf } from '../../shape/shape.js';
import { isForeign } from '../../tensor/foreign.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { cName, scalarName, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';
import { unimplemented } from './elementary.js';
import { products } from './product.js';

const rankOf = (value: unknown): number => (isForeign(value) ? value.toCore().shape.length : 0);

const linearName: Row['gradFn'] = ([input, weight, bias]) => {
  const rank = rankOf(input);
  if (rankOf(weight) === 1) return rank === 1 ? 'DotBackward0' : rank === 2 ? 'MvBackward0' : 'UnsafeViewBackward0';
  if (rank >= 3) return 'UnsafeViewBackward0';
  if (bias === undefined || bias === null) return rank === 1 ? 'SqueezeBackward4' : 'MmBackward0';
  return rank === 1 ? 'UnsafeViewBackward0' : 'AddmmBackward0';
};

/** The last axis of x against that of a matrix. */
const product = (x: Tensor, weight: Tensor): Tensor =>
  op.dot_general(x, weight, { leftBatch: [], rightBatch: [], leftContract: [1], rightContract: [1] });

function checkLinear(x: Tensor, w: Tensor): void {
  if (x.shape.length === 0 || w.shape.length === 0) {
    const ranks = `${x.shape.length}D and ${w.shape.length}D`;
    throw new RuntimeError('rank-mismatch', `both arguments to linear need to be at least 1D, but they are ${ranks}`);
  }
  if (w.shape.length > 2) {
    const message = `t() expects a tensor with <= 2 dimensions, but self is ${w.shape.length}D`;
    throw new RuntimeError('rank-mismatch', message);
  }
  if (x.dtype !== w.dtype) {
    const message = `expected m1 and m2 to have the same dtype, but got: ${cName[x.dtype]} != ${cName[w.dtype]}`;
    throw new RuntimeError('dtype-mismatch', message);
  }
  if (x.dtype === 'bool') throw unimplemented('addmm_impl_cpu_', x.dtype);
  const [outputs = 0, inputs = 0] = w.shape;
  if (w.shape.length === 1 || x.shape.at(-1) === inputs) return;
  const rows = sizeOf(x.shape.slice(0, -1));
  const message = `mm: mat1 and mat2 shapes cannot be multiplied (${rows}x${x.shape.at(-1)} and ${inputs}x${outputs})`;
  throw new RuntimeError('shape-mismatch', message);
}

function biasOver(bias: Tensor, x: Tensor, shape: Shape): Tensor {
  if (bias.dtype !== x.dtype) {
    const message = `self and mat2 must have the same dtype, but got ${scalarName[bias.dtype]} and ${scalarName[x.dtype]}`;
    throw new RuntimeError('dtype-mismatch', message);
  }
  const lead = shape.length - bias.shape.length;
  const misfit = bias.shape.findIndex((size, axis) => size !== 1 && size !== shape[axis + lead]);
  if (lead >= 0 && misfit < 0) return broadcastTo(op, bias, shape);
  throw new RuntimeError(
    'shape-mismatch',
    `The expanded size of the tensor (${shape[misfit + lead]}) must match the existing size (${bias.shape[misfit]}) at ` +
      `non-singleton dimension ${misfit + lead}.  Target sizes: ${showShape(shape)}.  Tensor sizes: ${showShape(bias.shape)}`,
  );
}

function linear(x: Tensor, w: Tensor, bias: Tensor | null): Tensor {
  checkLinear(x, w);
  if (w.shape.length === 1) {
    if (bias !== null) throw new RuntimeError('rank-mismatch', 'addmm: mat2 must be a matrix, got 1-D tensor');
    return products.matmul.run([x, w]);
  }
  const lead = x.shape.slice(0, -1);
  const shape = [...lead, w.shape[0] as number];
  const added = bias === null ? null : biasOver(bias, x, shape);
  const y = op.reshape(product(op.reshape(x, [sizeOf(lead), x.shape.at(-1) as number]), w), shape);
  return added === null ? y : op.add(y, added);
}

/** y[..., k] = sum over i and j of a[..., i] weight[k, i, j] b[..., j]. */
function bilinear(a: Tensor, b: Tensor, weight: Tensor): Tensor {
  const [outputs = 0, left = 0, right = 0] = weight.shape;
  const lead = a.shape.slice(0, -1);
  const samples = sizeOf(lead);
  const matrix = op.reshape(op.transpose(weight, [1, 0, 2]), [left, outputs * right]);
  const rows = op.dot_general(op.reshape(a, [samples, left]), matrix, {
    leftBatch: [],
    rightBatch: [],
    leftContract: [1],
    rightContract: [0],
  });
  const y = op.dot_general(op.reshape(rows, [samples, outputs, right]), op.reshape(b, [samples, right]), {
    leftBatch: [0],
    rightBatch: [0],
    leftContract: [2],
    rightContract: [1],
  });
  return op.reshape(y, [...lead, outputs]);
}

function checkBilinear(a: Tensor, b: Tensor, weight: Tensor, bias: Tensor | null): void {
  const refuse = (message: string): never => {
    throw new RuntimeError('shape-mismatch', `bilinear(): ${message}`);
  };
  if (a.shape.length !== b.shape.length || a.shape.length === 0) {
    refuse(`input dimensions do not match: got ${a.shape.length} and ${b.shape.length}`);
  }
  a.shape.slice(0, -1).forEach((size, axis) => {
    if (b.shape[axis] !== size) {
      refuse(`input batch dimensions do not match at dim ${axis}: got ${size} and ${b.shape[axis]}`);
    }
  });
  if (weight.shape.length !== 3) refuse(`weight must have 3 dimensions, but has ${weight.shape.length}`);
  const [outputs, left, right] = weight.shape;
  if (a.shape.at(-1) !== left)
    refuse(`input1 size does not match weight size: got ${a.shape.at(-1)} but expected ${left}`);
  if (b.shape.at(-1) !== right)
    refuse(`input2 size does not match weight size: got ${b.shape.at(-1)} but expected ${right}`);
  if (bias !== null && (bias.shape.length !== 1 || bias.shape[0] !== outputs)) {
    refuse(`bias size does not match weight size: got ${bias.shape[0]} but expected ${outputs}`);
  }
  const other = [b, weight, bias].find((tensor) => tensor !== null && tensor.dtype !== a.dtype);
  if (other === undefined || other === null) return;
  const message = `expected scalar type ${scalarName[a.dtype]} but found ${scalarName[other.dtype]}`;
  throw new RuntimeError('dtype-mismatch', message);
}

const optional = (value: unknown, call: string): Tensor | null =>
  value === undefined || value === null ? null : tensorArgument(value, call, 'bias');

export const linears: { readonly [N in 'linear' | 'bilinear']: Row } = {
  linear: row('linear', 'input weight bias?~', linearName, ([input, weight, bias]) => {
    const x = tensorArgument(input, 'linear', 'input');
    return linear(x, tensorArgument(weight, 'linear', 'weight'), optional(bias, 'linear'));
  }),
  bilinear: row(
    'bilinear',
    'input1 input2 weight bias?~',
    ([, , , bias]) => (bias === undefined || bias === null ? 'ViewBackward0' : 'AddBackward0'),
    ([input1, input2, weight, bias]) => {
      const a = tensorArgument(input1, 'bilinear', 'input1');
      const b = tensorArgument(input2, 'bilinear', 'input2');
      const w = tensorArgument(weight, 'bilinear', 'weight');
      const added = optional(bias, 'bilinear');
      checkBilinear(a, b, w, added);
      const y = bilinear(a, b, w);
      return added === null ? y : op.add(y, broadcastTo(op, added, y.shape));
    },
  ),
};
