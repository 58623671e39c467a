/** Some elements of a tensor, taken out and put back: what views and assignments are made of. */

import { heap } from '../heap/heap.js';
import { NONE } from '../ops/primitive.js';
import { isFloat, type TypedArray } from '../shape/dtype.js';
import { type Shape, sizeOf } from '../shape/shape.js';
import { isRowMajor, placesOf, type Strided, walk } from '../shape/strided.js';
import { Buffer } from './buffer.js';
import { newTensor, op, type Rule, record, Tensor } from './tensor.js';
import { tracer } from './tracer.js';

/** Which elements, by their row-major positions: a view, or one after the other. */
export type Places = Strided | Int32Array;

const isList = (places: Places): places is Int32Array => places instanceof Int32Array;

const listOf = (places: Places): Int32Array => (isList(places) ? places : placesOf(places));

/** As gather, but it keeps no elements. */
const takeRule: Rule = {
  name: 'take',
  saves: 'nothing',
  vjp({ inputs, params, gradient }) {
    const indices = newTensor(listOf(params as Places), gradient.shape, 'int32');
    return op.scatter(gradient, indices, inputs[0]?.shape ?? []);
  },
};

/** The elements of x at some places, in a shape. */
export function take(x: Tensor, places: Places, shape: Shape): Tensor {
  const size = sizeOf(shape);
  if (isList(places) || !isRowMajor(places) || size === 0) {
    const indices = newTensor(listOf(places), shape, 'int32');
    if (x.node === null || !isFloat(x.dtype) || tracer !== null) return op.gather(x, indices);
    return record(takeRule, places, [x], op.gather(x.plain, indices));
  }
  if (size === x.size) return op.reshape(x, shape);
  const { offset } = places;
  const flat = op.reshape(x, [x.size]);
  return op.reshape(op.slice(flat, { start: [offset], limit: [offset + size], stride: [1] }), shape);
}

/** Copies elements to their places; where a place is named twice, the last stays. */
function write(to: TypedArray, places: Places, from: TypedArray): void {
  if (isList(places)) {
    for (let i = 0; i < places.length; i++) to[places[i] as number] = from[i] as number;
  } else {
    walk(places.shape, places.strides, places.offset, (i, at) => {
      to[at] = from[i] as number;
    });
  }
}

/** The elements of x with those of `value` in some places; x's own array, written, where nobody else holds it. */
function written(x: Tensor, places: Places, value: Tensor, reuse: boolean): Buffer {
  const from = value.array;
  let { buffer } = x;
  if (!reuse || buffer.isShared || buffer === value.buffer) {
    const old = buffer.array;
    const array = heap.allocate(x.dtype, old.length);
    copy(array, old);
    buffer = new Buffer(array);
  }
  write(buffer.array, places, from);
  return buffer;
}

function copy(to: TypedArray, from: TypedArray): void {
  if (to instanceof BigInt64Array && from instanceof BigInt64Array) to.set(from);
  else if (!(to instanceof BigInt64Array) && !(from instanceof BigInt64Array)) to.set(from);
}

/** The same of primitives alone, for jit. */
function putTraced(x: Tensor, places: Places, value: Tensor): Tensor {
  const both = op.concatenate([op.reshape(x, [x.size]), op.reshape(value, [value.size])], 0);
  const from = Int32Array.from({ length: x.size }, (_, i) => i);
  listOf(places).forEach((at, i) => {
    from[at] = x.size + i;
  });
  return op.gather(both, newTensor(from, x.shape, 'int32'));
}

const putRule: Rule = {
  name: 'put',
  saves: 'nothing',
  vjp({ inputs, params, gradient }, argument) {
    const places = params as Places;
    const { shape, dtype } = inputs[1] as Tensor;
    return argument === 0 ? put(gradient, places, op.full({ shape, dtype }, 0)) : take(gradient, places, shape);
  },
};

/**
 * x with other elements in some places, one a place, of x's dtype.
 *
 * @param reuse x is not used any more: if nobody else holds its elements, the result has them, and nothing is copied
 */
export function put(x: Tensor, places: Places, value: Tensor, reuse = false): Tensor {
  if (tracer !== null) return putTraced(x, places, value);
  const plain = new Tensor(x.shape, x.dtype, written(x, places, value, reuse));
  const isRecorded = isFloat(x.dtype) && (x.node !== null || value.node !== null);
  return isRecorded ? record(putRule, places, [x, value], plain) : plain;
}

const replaceRule: Rule = {
  name: 'replace',
  saves: 'nothing',
  vjp: ({ gradient }, argument, op) => (argument === 0 ? op.full(gradient, 0) : gradient),
};

/** A value as what became of a recorded one, of which it keeps nothing: the gradient by that is zero. */
export const replaced = (before: Tensor, value: Tensor): Tensor =>
  record(replaceRule, NONE, value.node === null ? [before] : [before, value], value.plain);
