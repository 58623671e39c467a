/** Order: sort, topk, median and unique, as rows. Equal elements stay in their order; NaN counts as the largest. */

import { isKeywords } from '../../door/signature.js';
import { RuntimeError } from '../../errors.js';
import { sliceAxis } from '../../ops/composite.js';
import { isFloat, type TypedArray } from '../../shape/dtype.js';
import { sizeOf, stridesOf } from '../../shape/shape.js';
import { newTensor, op, type Tensor } from '../../tensor/tensor.js';
import { Tuple } from '../../text/python.js';
import { boolArgument, dimension, intArgument, tensorArgument } from '../arguments.js';
import { returned } from '../returned.js';
import { type Composite, composite, type Row, reader, row } from '../row.js';
import { unimplemented } from './elementary.js';
import { elementsAt, evenly } from './extreme.js';
import { pickedAlong } from './indexing.js';
import { operand, withRule } from './rule.js';

type Value = number | bigint;

function compare(a: Value, b: Value): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Visits the lines of elements along an axis: the flat positions of each. */
function lines(shape: readonly number[], axis: number, visit: (line: readonly number[]) => void): void {
  const n = shape[axis] as number;
  const stride = stridesOf(shape)[axis] as number;
  const count = n === 0 ? 0 : sizeOf(shape) / n;
  for (let i = 0; i < count; i++) {
    const start = Math.floor(i / stride) * stride * n + (i % stride);
    visit(Array.from({ length: n }, (_, j) => start + j * stride));
  }
}

/** Places along an axis in the order of the elements. */
function orderOf(x: Tensor, axis: number, descending: boolean): Tensor {
  if (x.shape.length === 0) return op.full({ shape: [], dtype: 'int64' }, 0);
  const out = new Float64Array(x.size);
  const array: TypedArray = x.plain.array;
  lines(x.shape, axis, (line) => {
    const places = line.map((_, j) => j);
    const value = (j: number): Value => array[line[j] as number] as Value;
    places.sort((a, b) => (descending ? compare(value(b), value(a)) : compare(value(a), value(b))));
    places.forEach((place, j) => {
      out[line[j] as number] = place;
    });
  });
  return newTensor(out, x.shape, 'int64');
}

/** Elements of a tensor by places along a dimension, as many of these as there are. */
const reordered = (name: string, gradFn: string): Row =>
  row(name, 'input dim index', gradFn, ([input, dim, index]) => {
    const x = tensorArgument(input, name, 'input');
    if (x.shape.length === 0) return op.reshape(x, []);
    return pickedAlong(x, dimension(dim, x.shape.length, name), tensorArgument(index, name, 'index'));
  });

const argsort = row('argsort', 'input dim? descending? stable?', '', ([input, dim = -1, descending]) => {
  const x = tensorArgument(input, 'argsort', 'input');
  return orderOf(x, dimension(dim, x.shape.length, 'argsort'), boolArgument(descending, 'argsort', 'descending'));
});

const sorted = reordered('sort', 'SortBackward0');
const readSort = reader('sort', 'input dim? descending? stable=');

const sort = composite('sort', (args, call) => {
  const [input, dim = -1, descending] = readSort(args);
  const indices = call(argsort, [input, dim, descending]);
  return returned('sort', { values: call(sorted, [input, dim, indices]), indices });
});

const best = reordered('topk', 'TopkBackward0');
const readTopk = reader('topk', 'input k dim? largest? sorted?');

const bestPlaces = row('topk', 'input k dim largest', '', ([input, k, dim, largest]) => {
  const x = tensorArgument(input, 'topk', 'input');
  const axis = dimension(dim, x.shape.length, 'topk');
  const count = intArgument(k, 'topk', 'k');
  if (count < 0 || count > (x.shape[axis] ?? 1)) {
    throw new RuntimeError('bad-argument', 'selected index k out of range');
  }
  const order = orderOf(x, axis, boolArgument(largest, 'topk', 'largest', true));
  if (x.shape.length === 0) return order;
  return op.slice(order, {
    start: x.shape.map(() => 0),
    limit: x.shape.with(axis, count),
    stride: x.shape.map(() => 1),
  });
});

const topk = composite('topk', (args, call) => {
  const [input, k, dim = -1, largest] = readTopk(args);
  const indices = call(bestPlaces, [input, k, dim, largest ?? true]);
  return returned('topk', { values: call(best, [input, dim, indices]), indices });
});

/** Where the lower of the middle elements stands, or the first NaN. */
function middle(x: Tensor, axis: number): Tensor {
  if (x.shape.length === 0) return op.full({ shape: [], dtype: 'int64' }, 0);
  const shape = x.shape.toSpliced(axis, 1);
  const out: number[] = [];
  lines(x.shape, axis, (line) => {
    const value = (j: number): Value => x.array[line[j] as number] as Value;
    const places = line.map((_, j) => j);
    const lost = places.find((j) => Number.isNaN(value(j)));
    places.sort((a, b) => compare(value(a), value(b)));
    out.push(lost ?? (places[Math.floor((places.length - 1) / 2)] as number));
  });
  return newTensor(out, shape, 'int64');
}

const middlePlaces = row('median', 'input dim keepdim?', '', ([input, dim, keepdim]) => {
  const x = tensorArgument(input, 'median', 'input').plain;
  if (x.dtype === 'bool') throw unimplemented('median_out_impl', 'bool');
  const axis = dimension(dim, x.shape.length, 'median');
  const found = middle(x, axis);
  return boolArgument(keepdim, 'median', 'keepdim') && x.shape.length > 0
    ? op.reshape(found, x.shape.with(axis, 1))
    : found;
});

const medianOf = evenly('median', (x) => {
  const flat = op.reshape(x, [x.size]);
  return op.reshape(pickedAlong(flat, 0, op.reshape(middle(flat, 0), [1])), []);
});

const medianOfAll = row('median', 'input', 'MedianBackward0', ([input]) => {
  const x = tensorArgument(input, 'median', 'input');
  if (x.dtype === 'bool') throw unimplemented('median_cpu', 'bool');
  if (x.size === 0) return op.full({ shape: [], dtype: x.dtype }, isFloat(x.dtype) ? Number.NaN : 0);
  return medianOf([x], null);
});

const medianValues = elementsAt('median', 'MedianBackward1');

const median = composite('median', (args, call) => {
  if (args.length < 2 && !(isKeywords(args[0]) && 'dim' in args[0])) return call(medianOfAll, args);
  const [input, dim, keepdim] = middlePlaces.read(args);
  const indices = call(middlePlaces, [input, dim, keepdim]);
  return returned('median', { values: call(medianValues, [input, dim, indices, keepdim]), indices });
});

const kthPlaces = row('kthvalue', 'input k dim keepdim?', '', ([input, k, dim, keepdim]) => {
  const x = tensorArgument(input, 'kthvalue', 'input').plain;
  const axis = dimension(dim, x.shape.length, 'kthvalue');
  const place = intArgument(k, 'kthvalue', 'k');
  if (place < 1 || place > (x.shape[axis] ?? 1)) {
    throw new RuntimeError('bad-argument', `kthvalue(): selected number k out of range for dimension ${axis}`);
  }
  const order = orderOf(x, axis, false);
  if (x.shape.length === 0) return order;
  const kept = sliceAxis(op, order, axis, place - 1, place);
  return boolArgument(keepdim, 'kthvalue', 'keepdim') ? kept : op.reshape(kept, x.shape.toSpliced(axis, 1));
});

const readKth = reader('kthvalue', 'input k dim? keepdim?');
const kthValues = elementsAt('kthvalue', 'KthvalueBackward0');

const kthvalue = composite('kthvalue', (args, call) => {
  const [input, k, dim = -1, keepdim] = readKth(args);
  const indices = call(kthPlaces, [input, k, dim, keepdim]);
  return returned('kthvalue', { values: call(kthValues, [input, dim, indices, keepdim]), indices });
});

/** Where the best so far stands along a dimension: the last of equal ones, and a NaN for good. */
function bestSoFar(x: Tensor, axis: number, isBetter: (a: Value, b: Value) => boolean): Tensor {
  const out = new Float64Array(x.size);
  const { array } = x;
  const whole = x.shape.length === 0 ? op.reshape(x, [1]) : x;
  lines(whole.shape, axis, (line) => {
    let best = 0;
    line.forEach((at, j) => {
      const [value, held] = [array[at] as Value, array[line[best] as number] as Value];
      if (Number.isNaN(value) || (!Number.isNaN(held) && isBetter(value, held))) best = j;
      out[at] = best;
    });
  });
  return newTensor(out, x.shape, 'int64');
}

/** cummax and cummin: the best so far along a dimension, and where it stands. */
function running(name: 'cummax' | 'cummin', gradFn: string, isBetter: (a: Value, b: Value) => boolean): Composite {
  const places = row(name, 'input dim', '', ([input, dim]) => {
    const x = tensorArgument(input, name, 'input').plain;
    return bestSoFar(x, dimension(dim, x.shape.length, name), isBetter);
  });
  const values = reordered(name, gradFn);
  return composite(name, (args, call) => {
    const [input, dim] = places.read(args);
    const indices = call(places, [input, dim]);
    return returned(name, { values: call(values, [input, dim, indices]), indices });
  });
}

const readUnique = reader('unique', 'input sorted? return_inverse? return_counts? dim?~');

/** The different elements in rising order; where each element's stands among them, and how often each occurs. */
const unique = composite('unique', (args, call) => {
  const [input, , inverse, counts, dim] = readUnique(args);
  if (dim !== undefined && dim !== null) {
    throw new RuntimeError('not-implemented', 'unique(): dim is not there; it works on all elements');
  }
  const [values, places, repeats] = [0, 1, 2].map((part) => call(uniquePart, [input, part]));
  const wantsPlaces = boolArgument(inverse, 'unique', 'return_inverse');
  const wantsCounts = boolArgument(counts, 'unique', 'return_counts');
  if (!wantsPlaces && !wantsCounts) return values;
  return Tuple.from([values, ...(wantsPlaces ? [places] : []), ...(wantsCounts ? [repeats] : [])]);
});

const uniquePart = row('unique', 'input part', 'Unique2Backward0', ([input, part]) =>
  uniqueOf([tensorArgument(input, 'unique', 'input')], Number(part)),
);

/** Values, places or counts; recorded, but without a gradient, as in PyTorch. */
const uniqueOf = withRule<number>(
  '_unique2',
  'nothing',
  (inputs, part) => uniquePlain(operand(inputs, 0), part),
  () => {
    throw new RuntimeError('not-differentiable', "the derivative for '_unique2' is not implemented.");
  },
);

function uniquePlain(x: Tensor, part: number): Tensor {
  const elements = Array.from<Value>(x.array);
  const values: Value[] = [];
  const places = new Array<number>(elements.length);
  const counts: number[] = [];
  const order = elements.map((_, i) => i).sort((a, b) => compare(elements[a] as Value, elements[b] as Value));
  for (const i of order) {
    const value = elements[i] as Value;
    if (values.length === 0 || values.at(-1) !== value) {
      values.push(value);
      counts.push(0);
    }
    counts[counts.length - 1] = (counts.at(-1) as number) + 1;
    places[i] = values.length - 1;
  }
  if (part === 0) return newTensor(values, [values.length], x.dtype);
  return part === 1 ? newTensor(places, x.shape, 'int64') : newTensor(counts, [counts.length], 'int64');
}

export const sortingRows: { readonly argsort: Row } = { argsort };

type SortingName = 'sort' | 'topk' | 'median' | 'unique' | 'kthvalue' | 'cummax' | 'cummin';

export const sorting: { readonly [N in SortingName]: Composite } = {
  sort,
  topk,
  median,
  unique,
  kthvalue,
  cummax: running('cummax', 'CummaxBackward0', (a, b) => a >= b),
  cummin: running('cummin', 'CumminBackward0', (a, b) => a <= b),
};
