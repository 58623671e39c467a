/** Extremes and where they lie, as rows. */

import { isKeywords } from '../../door/signature.js';
import { IndexError, NotImplementedError, RuntimeError, TypeError_ } from '../../errors.js';
import { isForeign } from '../../tensor/foreign.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { boolArgument, dimension, isWhole, tensorArgument, typeName } from '../arguments.js';
import { returned } from '../returned.js';
import { type Composite, composite, type Row, reader, row } from '../row.js';
import { arithmetic } from './arithmetic.js';
import { pickedAlong } from './indexing.js';
import { axesOf, isAll, restored, withDims } from './reduction.js';
import { operand, withRule } from './rule.js';

type Extreme = 'max' | 'min';

const primitive = { max: 'reduce_max', min: 'reduce_min' } as const;
const place = { max: 'argmax', min: 'argmin' } as const;
const pairwise = { max: 'maximum', min: 'minimum' } as const;

/** There is no extreme of nothing. */
function checkNotEmpty(name: string, x: Tensor, dim: unknown, axes: readonly number[]): void {
  const empty = axes.find((axis) => x.shape[axis] === 0);
  if (empty === undefined) return;
  if (isAll(dim)) {
    throw new (name.startsWith('arg') ? IndexError : RuntimeError)(
      'size-invalid',
      `${name}(): Expected reduction dim to be specified for input.numel() == 0.${
        name.startsWith('arg') ? '' : " Specify the reduction dim with the 'dim' argument."
      }`,
    );
  }
  throw new IndexError('size-invalid', `${name}(): Expected reduction dim ${empty} to have non-zero size.`);
}

/** amax and amin: the gradient in equal parts where the extreme is more than once. */
function shared(name: 'amax' | 'amin', of: Extreme, gradFn: string): Row {
  return row(name, 'input dim?~ keepdim?', gradFn, ([input, dim, keepdim]) => {
    const x = tensorArgument(input, name, 'input');
    const axes = axesOf(dim, x.shape, name);
    const keeps = boolArgument(keepdim, name, 'keepdim');
    checkNotEmpty(name, x, dim, axes);
    return withDims(x.shape, axes, keeps, op[primitive[of]](x, axes));
  });
}

/** One of all elements; the gradient in equal parts to all that are equal to it, or to the NaNs where it is NaN. */
export const evenly = (
  name: string,
  value: (x: Tensor, axes: readonly number[]) => Tensor,
): ((inputs: readonly Tensor[], params: null) => Tensor) =>
  withRule<null>(
    name,
    'both',
    (inputs) => {
      const x = operand(inputs, 0);
      return value(
        x,
        x.shape.map((_, axis) => axis),
      );
    },
    ({ inputs, output, gradient, op }) => {
      const x = operand(inputs, 0).plain;
      const axes = x.shape.map((_, axis) => axis);
      const found = restored(output.plain, x.shape, axes);
      const bothNaN = op.and(op.compare(x, x, 'NE'), op.compare(found, found, 'NE'));
      const isFound = op.convert(op.or(op.compare(x, found, 'EQ'), bothNaN), x.dtype);
      const share = op.divide(gradient, op.reduce_sum(isFound, axes));
      return op.multiply(isFound, restored(share, x.shape, axes));
    },
  );

/** The place of the extreme along a dimension, or in all elements in their order. */
function placed(name: string, of: Extreme, [input, dim, keepdim]: readonly unknown[]): Tensor {
  const x = tensorArgument(input, name, 'input').plain;
  if (x.dtype === 'bool' && name.startsWith('arg')) {
    throw new NotImplementedError('dtype-mismatch', `${name}(): does not support bool input`);
  }
  const keeps = boolArgument(keepdim, name, 'keepdim');
  const numbers = x.dtype === 'bool' ? op.convert(x, 'uint8') : x;
  const rank = x.shape.length;
  if (dim === undefined || dim === null) {
    checkNotEmpty(
      name,
      x,
      null,
      x.shape.map((_, axis) => axis),
    );
    const flat = op[place[of]](op.reshape(numbers, [x.size]), 0);
    return keeps
      ? op.reshape(
          flat,
          x.shape.map(() => 1),
        )
      : flat;
  }
  const axis = dimension(dim, rank, name);
  if (rank === 0) return op.full({ shape: [], dtype: 'int64' }, 0);
  checkNotEmpty(name, x, dim, [axis]);
  return withDims(x.shape, [axis], keeps, op[place[of]](numbers, axis));
}

const argument = (name: 'argmax' | 'argmin', of: Extreme): Row =>
  row(name, 'input dim?~ keepdim?', '', (values) => placed(name, of, values));

/** Elements at the places that some function has found along a dimension, with or without it. */
export const elementsAt = (name: string, gradFn: string): Row =>
  row(name, 'input dim index keepdim?', gradFn, ([input, dim, index, keepdim]) => {
    const x = tensorArgument(input, name, 'input');
    const at = tensorArgument(index, name, 'index').plain;
    if (x.shape.length === 0) return op.reshape(x, []);
    const axis = dimension(dim, x.shape.length, name);
    const picked = pickedAlong(x, axis, op.reshape(at, x.shape.with(axis, 1)));
    return boolArgument(keepdim, name, 'keepdim') ? picked : op.reshape(picked, x.shape.toSpliced(axis, 1));
  });

/** max and min: of all elements; along a dimension with the places; or of two tensors element by element. */
function threefold(name: Extreme, node: string): Composite {
  const extreme = evenly(name, op[primitive[name]]);
  const all = row(name, 'input', `${node}1`, ([input]) => {
    const x = tensorArgument(input, name, 'input');
    checkNotEmpty(
      name,
      x,
      null,
      x.shape.map((_, axis) => axis),
    );
    return extreme([x], null);
  });
  const places = row(name, 'input dim keepdim?', '', (values) => placed(name, name, values));
  const values = elementsAt(name, `${node}0`);
  const readOther = reader(name, 'input other');
  return composite(name, (args, call) => {
    const names = isKeywords(args.at(-1)) ? Object.keys(Object(args.at(-1))) : [];
    const second = names.length > 0 && args.length < 3 ? undefined : args[1];
    if (isForeign(second) || names.includes('other')) return call(arithmetic[pairwise[name]], readOther(args));
    if (second === undefined && names.every((key) => key === 'input')) return call(all, args);
    if (second !== undefined && !isWhole(second)) {
      throw new TypeError_(
        'bad-argument',
        `${name}() received an invalid combination of arguments: 'dim' or 'other' must not be ${typeName(second)}`,
      );
    }
    const [input, dim, keepdim] = places.read(args);
    const indices = call(places, [input, dim, keepdim]);
    return returned(name, { values: call(values, [input, dim, indices, keepdim]), indices });
  });
}

const readBoth = reader('aminmax', 'input dim=~ keepdim=');

/** Both extremes along one dimension, or of all elements. */
const aminmax = composite('aminmax', (args, call) => {
  const [input, dim, keepdim] = readBoth(args);
  const x = tensorArgument(input, 'aminmax', 'input');
  if (x.size === 0 && (dim === undefined || dim === null)) {
    throw new RuntimeError(
      'size-invalid',
      'aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity.',
    );
  }
  const [min, max] = [lowest, highest].map((part) => call(part, [input, dim, keepdim]));
  return returned('aminmax', { min, max });
});

type ExtremeName = 'amax' | 'amin' | 'argmax' | 'argmin';

export const extremes: { readonly [N in ExtremeName]: Row } = {
  amax: shared('amax', 'max', 'AmaxBackward0'),
  amin: shared('amin', 'min', 'AminBackward0'),
  argmax: argument('argmax', 'max'),
  argmin: argument('argmin', 'min'),
};

const lowest: Row = { ...extremes.amin, gradFn: 'AminmaxBackward0' };
const highest: Row = { ...extremes.amax, gradFn: 'AminmaxBackward0' };

type CompositeName = 'max' | 'min' | 'aminmax';

export const extremeComposites: { readonly [N in CompositeName]: Composite } = {
  max: threefold('max', 'MaxBackward'),
  min: threefold('min', 'MinBackward'),
  aminmax,
};
