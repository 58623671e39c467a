/** Primitives that move elements without computing: each gradient is the move back. */

import { RuntimeError } from '../errors.js';
import { gatherPlan, scatterPlan } from '../plan/gather.js';
import { concatenatePlan, padPlan, type View, viewPlan } from '../plan/structure.js';
import { checkSize, type Shape, sameShape, showShape, sizeOf, stridesOf } from '../shape/shape.js';
import { walk } from '../shape/strided.js';
import { noGradient, nth, type Params, type Primitive, type Typed } from './primitive.js';

/** A primitive each of whose elements is one of its operand's, at strided positions. */
const viewing = <P>(
  name: string,
  view: (shape: Shape, params: P, result: Typed) => View,
): Pick<Primitive<P>, 'reference' | 'lower'> => ({
  reference(inputs, params, result, allocate) {
    const x = nth(inputs, 0);
    const from = x.array;
    const out = allocate(result.dtype, sizeOf(result.shape));
    const { strides, start } = view(x.shape, params, result);
    walk(result.shape, strides, start, (i, at) => {
      out[i] = from[at] as number;
    });
    return out;
  },
  lower(inputs, params, result) {
    const x = nth(inputs, 0);
    return viewPlan(name, x, view(x.shape, params, result), result);
  },
});

const pick = <T>(list: readonly T[], indices: readonly number[]): T[] => indices.map((i) => list[i] as T);

const inverse = (permutation: readonly number[]): number[] => permutation.map((_, axis) => permutation.indexOf(axis));

/** Size along an axis after padding. */
const padded = (size: number, lo: number, hi: number, interior: number): number =>
  Math.max(0, lo + hi + size + Math.max(0, size - 1) * interior);

const sliced = (start: number, limit: number, stride: number): number =>
  Math.max(0, Math.ceil((limit - start) / stride));

type StructureName =
  | 'reshape'
  | 'transpose'
  | 'broadcast_in_dim'
  | 'reverse'
  | 'slice'
  | 'pad'
  | 'concatenate'
  | 'gather'
  | 'scatter';

export const structure: { readonly [N in StructureName]: Primitive<Params[N]> } = {
  reshape: {
    name: 'reshape',
    saves: 'nothing',
    shape(inputs, { shape }) {
      const x = nth(inputs, 0);
      if (sizeOf(x.shape) !== sizeOf(shape)) {
        const message = `shape ${showShape(shape)} is invalid for input of size ${sizeOf(x.shape)}`;
        throw new RuntimeError('shape-mismatch', message);
      }
      return { shape, dtype: x.dtype };
    },
    reference: (inputs) => nth(inputs, 0).array,
    // Nothing is computed.
    lower: null,
    vjp: ({ inputs, gradient }, _argument, op) => op.reshape(gradient, nth(inputs, 0).shape),
  },
  transpose: {
    name: 'transpose',
    saves: 'nothing',
    shape(inputs, { permutation }) {
      const x = nth(inputs, 0);
      const axes = [...permutation].sort((a, b) => a - b);
      if (axes.length !== x.shape.length || axes.some((axis, i) => axis !== i)) {
        throw new RuntimeError(
          'axis-out-of-range',
          `permutation ${showShape(permutation)} must name each of the ${x.shape.length} axes once`,
        );
      }
      return { shape: pick(x.shape, permutation), dtype: x.dtype };
    },
    ...viewing('transpose', (from, { permutation }) => ({ start: 0, strides: pick(stridesOf(from), permutation) })),
    vjp: ({ params, gradient }, _argument, op) => op.transpose(gradient, inverse(params.permutation)),
  },
  broadcast_in_dim: {
    name: 'broadcast_in_dim',
    saves: 'nothing',
    shape(inputs, { shape, axes }) {
      const x = nth(inputs, 0);
      const fits = axes.length === x.shape.length && axes.every((axis, i) => [1, shape[axis]].includes(x.shape[i]));
      if (!fits) {
        throw new RuntimeError(
          'shape-mismatch',
          `shape ${showShape(x.shape)} can't be broadcast to ${showShape(shape)}: sizes must be 1 or equal`,
        );
      }
      checkSize(shape, 'the broadcast result');
      return { shape, dtype: x.dtype };
    },
    ...viewing('broadcast', (from, { shape, axes }) => {
      const own = stridesOf(from);
      const strides = new Array<number>(shape.length).fill(0);
      axes.forEach((axis, i) => {
        if (from[i] === shape[axis]) strides[axis] = own[i] as number;
      });
      return { start: 0, strides };
    }),
    vjp({ inputs, params: { shape, axes }, gradient }, _argument, op) {
      const from = nth(inputs, 0).shape;
      const repeated = shape
        .map((_, axis) => axis)
        .filter((axis) => {
          const source = axes.indexOf(axis);
          return source < 0 || from[source] !== shape[axis];
        });
      return op.reshape(op.reduce_sum(gradient, repeated), from);
    },
  },
  reverse: {
    name: 'reverse',
    saves: 'nothing',
    shape: (inputs) => nth(inputs, 0),
    ...viewing('reverse', (from, { axes }) => {
      const strides = stridesOf(from);
      let start = 0;
      for (const axis of axes) {
        start += ((from[axis] as number) - 1) * (strides[axis] as number);
        strides[axis] = -(strides[axis] as number);
      }
      return { start, strides };
    }),
    vjp: ({ params, gradient }, _argument, op) => op.reverse(gradient, params.axes),
  },
  slice: {
    name: 'slice',
    saves: 'nothing',
    shape(inputs, { start, limit, stride }) {
      const x = nth(inputs, 0);
      const shape = x.shape.map((size, axis) => {
        const [from, to, step] = [start[axis] ?? 0, limit[axis] ?? size, stride[axis] ?? 1];
        if (from < 0 || to > size || step < 1) {
          throw new RuntimeError(
            'index-out-of-range',
            `slice ${from}:${to}:${step} leaves axis ${axis} of size ${size}`,
          );
        }
        return sliced(from, to, step);
      });
      return { shape, dtype: x.dtype };
    },
    ...viewing('slice', (from, { start, stride }) => {
      const own = stridesOf(from);
      return {
        start: start.reduce((sum, at, axis) => sum + at * (own[axis] as number), 0),
        strides: own.map((step, axis) => step * (stride[axis] ?? 1)),
      };
    }),
    vjp({ inputs, params: { start, stride }, gradient }, _argument, op) {
      const spread = gradient.shape.map((size, axis) => padded(size, start[axis] ?? 0, 0, (stride[axis] ?? 1) - 1));
      const hi = nth(inputs, 0).shape.map((size, axis) => size - (spread[axis] as number));
      return op.pad(gradient, { lo: start, hi, interior: stride.map((step) => step - 1), value: 0 });
    },
  },
  pad: {
    name: 'pad',
    saves: 'nothing',
    shape(inputs, { lo, hi, interior }) {
      const x = nth(inputs, 0);
      const shape = x.shape.map((size, axis) => padded(size, lo[axis] ?? 0, hi[axis] ?? 0, interior[axis] ?? 0));
      checkSize(shape, 'the padded result');
      return { shape, dtype: x.dtype };
    },
    reference(inputs, { lo, interior, value }, result, allocate) {
      const x = nth(inputs, 0);
      const from = x.array;
      const out = allocate(result.dtype, sizeOf(result.shape));
      if (out instanceof BigInt64Array) out.fill(BigInt(value));
      else out.fill(result.dtype === 'bool' ? Number(value !== 0) : value);
      const to = stridesOf(result.shape);
      const index = new Array<number>(x.shape.length).fill(0);
      for (let i = 0; i < from.length; i++) {
        let at = 0;
        let inside = true;
        for (let axis = 0; axis < index.length; axis++) {
          const place = (lo[axis] ?? 0) + (index[axis] as number) * ((interior[axis] ?? 0) + 1);
          inside &&= place >= 0 && place < (result.shape[axis] as number);
          at += place * (to[axis] as number);
        }
        if (inside) out[at] = from[i] as number;
        for (let axis = index.length - 1; axis >= 0; axis--) {
          const next = (index[axis] as number) + 1;
          index[axis] = next;
          if (next < (x.shape[axis] as number)) break;
          index[axis] = 0;
        }
      }
      return out;
    },
    lower(inputs, { lo, interior, value }, result) {
      const x = nth(inputs, 0);
      const axes = x.shape.map((_, axis) => ({ lo: lo[axis] ?? 0, interior: interior[axis] ?? 0 }));
      return padPlan(x, axes, value, result);
    },
    // Undo the outer padding by its opposite, then take every (interior + 1)-th cell.
    vjp({ inputs, params: { lo, hi, interior }, gradient }, _argument, op) {
      const { shape } = nth(inputs, 0);
      // Sides that cut more than there is leave nothing, whatever they are.
      if (sizeOf(gradient.shape) === 0) return op.full(nth(inputs, 0), 0);
      const opposite = (side: readonly number[]): number[] => shape.map((_, axis) => -(side[axis] ?? 0));
      const none = shape.map(() => 0);
      const spread = op.pad(gradient, { lo: opposite(lo), hi: opposite(hi), interior: none, value: 0 });
      return op.slice(spread, {
        start: none,
        limit: spread.shape,
        stride: shape.map((_, i) => (interior[i] ?? 0) + 1),
      });
    },
  },
  concatenate: {
    name: 'concatenate',
    saves: 'nothing',
    shape(inputs, { axis }) {
      const first = nth(inputs, 0);
      let total = 0;
      inputs.forEach((part, i) => {
        const rest = (type: Typed): Shape => type.shape.filter((_, a) => a !== axis);
        const fits = part.shape.length === first.shape.length && sameShape(rest(part), rest(first));
        if (!fits || part.dtype !== first.dtype) {
          throw new RuntimeError(
            fits ? 'dtype-mismatch' : 'shape-mismatch',
            `part ${i}, ${part.dtype}${showShape(part.shape)}, doesn't fit part 0, ${first.dtype}` +
              `${showShape(first.shape)}: parts must agree in dtype and in all sizes but that of axis ${axis}`,
          );
        }
        total += part.shape[axis] as number;
      });
      const shape = first.shape.with(axis, total);
      checkSize(shape, 'the concatenated result');
      return { shape, dtype: first.dtype };
    },
    reference(inputs, { axis }, result, allocate) {
      const out = allocate(result.dtype, sizeOf(result.shape));
      const to = stridesOf(result.shape);
      let offset = 0;
      for (const part of inputs) {
        const from = part.array;
        walk(part.shape, to, offset * (to[axis] as number), (i, at) => {
          out[at] = from[i] as number;
        });
        offset += part.shape[axis] as number;
      }
      return out;
    },
    lower: (inputs, { axis }, result) => concatenatePlan(inputs, axis, result),
    vjp({ inputs, params: { axis }, gradient }, argument, op) {
      const { shape } = nth(inputs, argument);
      const before = inputs.slice(0, argument).reduce((sum, part) => sum + (part.shape[axis] as number), 0);
      const start = shape.map((_, a) => (a === axis ? before : 0));
      return op.slice(gradient, {
        start,
        limit: shape.map((size, a) => size + (start[a] as number)),
        stride: shape.map(() => 1),
      });
    },
  },
  gather: {
    name: 'gather',
    saves: 'inputs',
    shape(inputs) {
      const [x, indices] = [nth(inputs, 0), nth(inputs, 1)];
      if (indices.dtype !== 'int32')
        throw new RuntimeError('dtype-mismatch', `indices must be int32, not ${indices.dtype}`);
      return { shape: indices.shape, dtype: x.dtype };
    },
    reference(inputs, _params, result, allocate) {
      const [x, indices] = [nth(inputs, 0).array, nth(inputs, 1).array];
      const out = allocate(result.dtype, indices.length);
      const zero = (x instanceof BigInt64Array ? 0n : 0) as number;
      for (let i = 0; i < indices.length; i++) out[i] = (x[indices[i] as number] as number | undefined) ?? zero;
      return out;
    },
    lower: (inputs, _params, result) => gatherPlan(nth(inputs, 0), nth(inputs, 1), result),
    vjp: ({ inputs, gradient }, argument, op) =>
      argument === 0 ? op.scatter(gradient, nth(inputs, 1), nth(inputs, 0).shape) : null,
  },
  scatter: {
    name: 'scatter',
    saves: 'inputs',
    shape(inputs, { shape }) {
      const [updates, indices] = [nth(inputs, 0), nth(inputs, 1)];
      if (updates.dtype === 'bool') throw new RuntimeError('dtype-mismatch', 'scatter adds: convert bool first');
      if (indices.dtype !== 'int32' || !sameShape(updates.shape, indices.shape)) {
        const given = `${indices.dtype}${showShape(indices.shape)}`;
        throw new RuntimeError('shape-mismatch', `indices must be int32${showShape(updates.shape)}, not ${given}`);
      }
      return { shape, dtype: updates.dtype };
    },
    reference(inputs, { shape }, result, allocate) {
      const [updates, indices] = [nth(inputs, 0).array, nth(inputs, 1).array];
      const out = allocate(result.dtype, sizeOf(shape));
      if (out instanceof BigInt64Array) out.fill(0n);
      else out.fill(0);
      for (let i = 0; i < indices.length; i++) {
        const at = indices[i] as number;
        if (at >= 0 && at < out.length) out[at] = (out[at] as number) + (updates[i] as number);
      }
      return out;
    },
    lower: (inputs, _params, result) => scatterPlan(nth(inputs, 0), nth(inputs, 1), result),
    vjp: ({ inputs, gradient }, argument, op) => (argument === 0 ? op.gather(gradient, nth(inputs, 1)) : noGradient()),
  },
};
