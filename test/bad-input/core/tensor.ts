/** Bad arguments of tensor and of a tensor's methods. */

import { stopGradient, type Tensor, tensor, tidy } from 'adjoint';
import { bad, type Row, zeros } from '../row.js';

const matrix = zeros(20, 30);
const many = zeros(2 ** 15, 1);
const more = zeros(2 ** 16);

const allowed = 'the value must be a tensor, a typed array, or numbers or booleans in nested lists, not ';

export const values: readonly Row[] = [
  ['nothing', () => tensor(bad(undefined)), 'TypeError_ bad-argument', `${allowed}undefined`],
  ['null', () => tensor(bad(null)), 'TypeError_ bad-argument', `${allowed}null`],
  ['a string', () => tensor(bad('1')), 'TypeError_ bad-argument', `${allowed}'1'`],
  ['strings', () => tensor(bad([1, '2'])), 'TypeError_ bad-argument', `${allowed}a list with '2'`],
  ['a hole', () => tensor(bad(new Array(3))), 'TypeError_ bad-argument', `${allowed}a list with undefined`],
  ['an object', () => tensor(bad({ a: 1 })), 'TypeError_ bad-argument', `${allowed}a value of type Object`],
  [
    'an object of no class',
    () => tensor(bad(Object.create(null))),
    'TypeError_ bad-argument',
    'a value of type object',
  ],
  ['a function', () => tensor(bad(() => 1)), 'TypeError_ bad-argument', `${allowed}a function`],
  ['a symbol', () => tensor(bad(Symbol('a'))), 'TypeError_ bad-argument', `${allowed}Symbol(a)`],
  [
    'a tensor in a list',
    () => tensor(bad([matrix])),
    'TypeError_ bad-argument',
    'a list with a tensor of shape [20, 30]',
  ],
  [
    'ragged lists',
    () => tensor([[1, 2], [3]]),
    'ValueError ragged',
    'at depth 1, expected a list of 2, not a list of 1',
  ],
  ['a list among numbers', () => tensor([1, [2]]), 'ValueError ragged', 'expected a number, not a list of 1'],
  ['a number among lists', () => tensor([[1], 2]), 'ValueError ragged', 'expected a list of 1, not 2'],
  ['ragged below', () => tensor([[[1]], [[2, 3]]]), 'ValueError ragged', 'at depth 2'],
  ['an ArrayBuffer', () => tensor(bad(new ArrayBuffer(8))), 'TypeError_ bad-argument', 'of type ArrayBuffer'],
  ...[new Int8Array(1), new Int16Array(1), new Uint16Array(1), new Uint32Array(1), new BigUint64Array(1)].map(
    (array): Row => [
      array.constructor.name,
      () => tensor(array),
      'TypeError_ bad-argument',
      `${array.constructor.name} has no dtype here; use Float32Array, Float64Array, Int32Array, BigInt64Array or Uint8Array`,
    ],
  ),
];

export const options: readonly Row[] = [
  ['null', () => tensor(1, bad(null)), 'TypeError_ bad-argument', "tensor's options must be an object"],
  ['a dtype alone', () => tensor(1, bad('float64')), 'TypeError_ bad-argument', "not 'float64'"],
  [
    'an unknown field',
    () => tensor(1, bad({ type: 'int32' })),
    'TypeError_ unexpected-argument',
    "unknown field 'type'",
  ],
  [
    'float16',
    () => tensor(1, bad({ dtype: 'float16' })),
    'TypeError_ bad-argument',
    'dtype must be one of float32, float64',
  ],
  ['dtype null', () => tensor(1, bad({ dtype: null })), 'TypeError_ bad-argument', 'bool, not null'],
  ['an inherited name', () => tensor(1, bad({ dtype: 'toString' })), 'TypeError_ bad-argument', "not 'toString'"],
  [
    'shape a number',
    () => tensor([1], bad({ shape: 1 })),
    'TypeError_ bad-argument',
    'shape must be a list of sizes, not 1',
  ],
  ['shape null', () => tensor([1], bad({ shape: null })), 'TypeError_ bad-argument', 'list of sizes, not null'],
  [
    'size NaN',
    () => tensor([1], { shape: [Number.NaN] }),
    'TypeError_ bad-argument',
    'shape[0] must be a whole number, not NaN',
  ],
  ['size -1', () => tensor([1], { shape: [1, -1] }), 'ValueError bad-argument', 'shape[1] must be at least 0, not -1'],
  ['size 1/2', () => tensor([1], { shape: [0.5] }), 'TypeError_ bad-argument', 'not 0.5'],
  ['size null', () => tensor([1], bad({ shape: [null] })), 'TypeError_ bad-argument', 'not null'],
  [
    'another count',
    () => tensor([1, 2], { shape: [3] }),
    'ValueError shape-mismatch',
    'shape [3] has 3 elements, and 2 were given',
  ],
  [
    '2^31 elements',
    () => tensor([1], { shape: [2 ** 16, 2 ** 15] }),
    'RuntimeError too-large',
    'would have 2147483648 elements',
  ],
  [
    '2^62 elements',
    () => tensor([1], { shape: [2 ** 31, 2 ** 31] }),
    'RuntimeError too-large',
    'at most 2147483647 (2^31 - 1)',
  ],
];

export const ranges: readonly Row[] = [
  [
    '2^31 as int32',
    () => tensor(2 ** 31, { dtype: 'int32' }),
    'RuntimeError bad-argument',
    '-2147483648 to 2147483647',
  ],
  [
    '-1 as uint8',
    () => tensor([0, -1], { dtype: 'uint8' }),
    'RuntimeError bad-argument',
    '-1 is out of the range of uint8, 0 to 255',
  ],
  ['256 as uint8', () => tensor(256, { dtype: 'uint8' }), 'RuntimeError bad-argument', '256 is out of the range'],
  [
    '2^63 as int64',
    () => tensor(2 ** 63, { dtype: 'int64' }),
    'RuntimeError bad-argument',
    'of int64, -2^63 to 2^63 - 1',
  ],
  ['2^63 as a bigint', () => tensor(2n ** 63n), 'RuntimeError bad-argument', '9223372036854775808 is out of the range'],
  [
    'NaN as int32',
    () => tensor(Number.NaN, { dtype: 'int32' }),
    'ValueError bad-argument',
    "NaN can't be an element of int32",
  ],
  [
    'infinity as int64',
    () => tensor(-1 / 0, { dtype: 'int64' }),
    'ValueError bad-argument',
    "-Infinity can't be an element",
  ],
  ['2^53 + 1 as a number', () => tensor(2n ** 53n + 1n).item(), 'RuntimeError inexact-integer', '{ bigint: true }'],
  [
    '2^53 + 1 in a list',
    () => tensor([2n ** 53n + 1n]).tolist(),
    'RuntimeError inexact-integer',
    '9007199254740993 is beyond',
  ],
];

function disposed(count: number): Tensor {
  const gone = zeros(count);
  gone.dispose();
  return gone;
}

export const methods: readonly Row[] = [
  [
    'add another shape',
    () => matrix.add(zeros(20)),
    'RuntimeError shape-mismatch',
    "shapes [20, 30] and [20] don't broadcast",
  ],
  ['add a string', () => matrix.add(bad('1')), 'TypeError_ bad-argument', "not '1'"],
  ['add nothing', () => matrix.add(bad(undefined)), 'TypeError_ bad-argument', 'not undefined'],
  ['add far too much', () => many.add(more), 'RuntimeError too-large', 'would have 2147483648 elements'],
  [
    'matmul of other sizes',
    () => matrix.matmul(matrix),
    'RuntimeError shape-mismatch',
    'axes [1] of the one and [0] of the other',
  ],
  ['matmul of scalars', () => tensor(1).matmul(2), 'ValueError rank-mismatch', 'needs at least one axis on each side'],
  ['matmul of bools', () => tensor([[true]]).matmul(tensor([[true]])), 'RuntimeError dtype-mismatch', 'not bool'],
  [
    'sub of bools',
    () => tensor(true).sub(tensor(true)),
    'RuntimeError dtype-mismatch',
    'subtract has no meaning for bool',
  ],
  ['neg of a bool', () => tensor(true).neg(), 'RuntimeError dtype-mismatch', 'negate has no meaning for bool'],
  [
    'sum along axis 2',
    () => matrix.sum(2),
    'AxisError axis-out-of-range',
    'axis 2 is out of bounds for an array of rank 2',
  ],
  ['sum along axis -3', () => matrix.sum([-3]), 'AxisError axis-out-of-range', 'axis -3 is out of bounds'],
  ['sum along half an axis', () => matrix.sum(0.5), 'TypeError_ bad-argument', 'axis must be a whole number, not 0.5'],
  ['sum along an axis twice', () => matrix.sum([1, -1]), 'ValueError bad-argument', 'axis 1 is given twice'],
  ['sum along a string', () => matrix.sum(bad('0')), 'TypeError_ bad-argument', "or a list of them, not '0'"],
  ['mean of integers', () => tensor([1], { dtype: 'int32' }).mean(), 'RuntimeError dtype-mismatch', 'convert it first'],
  [
    'reshape to another size',
    () => matrix.reshape([7]),
    'RuntimeError shape-mismatch',
    'shape [7] is invalid for input of size 600',
  ],
  ['reshape to null', () => matrix.reshape(bad(null)), 'TypeError_ bad-argument', 'shape must be a list of sizes'],
  ['item of many', () => matrix.item(), 'RuntimeError not-a-scalar', 'with 600 elements cannot be converted to Scalar'],
  ['elements of what is gone', () => disposed(300).data, 'RuntimeError disposed', 'its elements are gone'],
  ['elements of what is gone, small', () => disposed(3).tolist(), 'RuntimeError disposed', 'its elements are gone'],
  ['sum of what is gone', () => disposed(300).add(1).sum(), 'RuntimeError disposed', 'its elements are gone'],
  ['tidy of no function', () => tidy(bad(3)), 'TypeError_ bad-argument', 'tidy takes a function, not 3'],
  ['stopGradient of a string', () => stopGradient(bad('x')), 'TypeError_ bad-argument', "not 'x'"],
];
