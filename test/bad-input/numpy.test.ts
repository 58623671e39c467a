/** Bad arguments of adjoint/numpy: the class, the code and the words of each error. */

import * as np from 'adjoint/numpy';
import { bad, type Row, testTables } from './row.js';

const a = np.array([
  [1, 2, 3],
  [4, 5, 6],
]);
const bools = np.array([true, false]);
const bytes = np.array([1, 250], np.uint8);

const making: readonly Row[] = [
  [
    'array of nothing',
    () => np.array(bad(undefined)),
    'TypeError_ missing-argument',
    "missing required argument: 'object'",
  ],
  ['array of null', () => np.array(bad(null)), 'TypeError_ bad-argument', 'must not be None'],
  ['array of text', () => np.array(bad('1')), 'TypeError_ bad-argument', "'1'"],
  ['array of objects', () => np.array(bad([{}])), 'TypeError_ bad-argument', 'Object'],
  ['array, ragged', () => np.array([[1, 2], [3]]), 'ValueError ragged', 'The detected shape was (2,)'],
  ['array, an unknown dtype', () => np.array(1, 'float16'), 'TypeError_ bad-argument', "data type 'float16'"],
  ['array, a dtype that is none', () => np.array(1, bad(8)), 'TypeError_ bad-argument', 'data type 8 not understood'],
  ['array, too large a number', () => np.array([256], np.uint8), 'OverflowError bad-argument', '256 out of bounds'],
  ['array, NaN as integer', () => np.array([Number.NaN], np.int64), 'ValueError bad-argument', 'NaN'],
  ['array, an unknown keyword', () => np.array(1, bad({ foo: 1 })), 'TypeError_ unexpected-argument', "'foo'"],
  ['array, a typed array without a dtype', () => np.array(new Int8Array(1)), 'TypeError_ bad-argument', 'Int8Array'],
  ['zeros, no shape', () => np.zeros(bad(null)), 'TypeError_ bad-argument', 'must not be None'],
  ['zeros, a negative size', () => np.zeros([2, -1]), 'ValueError size-invalid', 'negative dimensions are not allowed'],
  ['zeros, half a size', () => np.zeros([1.5]), 'TypeError_ bad-argument', "'float' object cannot be interpreted"],
  ['zeros, too many', () => np.zeros([2 ** 16, 2 ** 16]), 'RuntimeError too-large', '2^31 - 1'],
  ['full, a value that does not fit', () => np.full([2], [1, 2, 3]), 'ValueError shape-mismatch', 'from shape (3,)'],
  ['arange, no stop', () => np.arange(bad(null)), 'TypeError_ missing-argument', 'stop'],
  ['arange, no step', () => np.arange(1, 2, 0), 'ZeroDivisionError bad-argument', 'division by zero'],
  ['arange, text', () => np.arange(bad('3')), 'TypeError_ bad-argument', "must be a number, not '3'"],
  ['arange, without end', () => np.arange(np.inf), 'ValueError too-large', 'cannot compute length'],
  ['arange, too many', () => np.arange(2 ** 40), 'RuntimeError too-large', '2^31 - 1'],
  ['linspace, a negative number', () => np.linspace(0, 1, -1), 'ValueError size-invalid', 'must be non-negative'],
  ['eye, a negative size', () => np.eye(-2), 'ValueError size-invalid', 'negative dimensions'],
];

const computing: readonly Row[] = [
  ['add, shapes', () => np.add(a, [1, 2]), 'ValueError shape-mismatch', 'shapes (2,3) (2,) '],
  ['add, one argument', () => np.add(a, bad(undefined)), 'TypeError_ missing-argument', "'x2'"],
  ['add, null', () => a.add(bad(null)), 'TypeError_ bad-argument', 'null'],
  [
    'add, a number that does not fit',
    () => bytes.add(300),
    'OverflowError bad-argument',
    '300 out of bounds for uint8',
  ],
  ['subtract, bools', () => bools.sub(bools), 'TypeError_ dtype-mismatch', 'numpy boolean subtract'],
  ['negative, bools', () => bools.neg(), 'TypeError_ dtype-mismatch', 'numpy boolean negative'],
  ['power, negative', () => a.pow(-1), 'ValueError bad-argument', 'Integers to negative integer powers'],
  ['sum, an axis too far', () => a.sum(2), 'AxisError axis-out-of-range', 'axis 2 is out of bounds for array of dim'],
  ['sum, an axis twice', () => a.sum([0, -2]), 'ValueError bad-argument', "duplicate value in 'axis'"],
  ['sum, half an axis', () => a.sum(0.5), 'TypeError_ bad-argument', "'float' object cannot be interpreted"],
  ['sum, keepdims', () => a.sum({ keepdims: bad(1) }), 'TypeError_ bad-argument', 'keepdims must be true or false'],
  ['sum, out', () => np.sum(a, 0, null, bad(a)), 'NotImplementedError not-implemented', 'out is not supported'],
  ['max of nothing', () => np.max([]), 'ValueError size-invalid', 'zero-size array to reduction operation maximum'],
  ['argmin of nothing', () => np.argmin([]), 'ValueError size-invalid', 'attempt to get argmin of an empty sequence'],
  [
    'argmax, two axes',
    () => np.argmax(a, bad([0, 1])),
    'TypeError_ bad-argument',
    'cannot be interpreted as an integer',
  ],
  ['round, half a digit', () => np.round(a, 0.5), 'TypeError_ bad-argument', 'decimals = 0.5'],
  ['where, one of two', () => np.where(a, 1, bad(undefined)), 'ValueError missing-argument', 'either both or neither'],
  [
    'dot',
    () => np.dot(a, a),
    'ValueError shape-mismatch',
    'shapes (2,3) and (2,3) not aligned: 3 (dim 1) != 2 (dim 0)',
  ],
  ['matmul, a scalar', () => np.matmul(a, 2), 'ValueError rank-mismatch', 'operand 1 does not have enough dimensions'],
  ['matmul, sizes', () => a.matmul(a), 'ValueError shape-mismatch', '(size 2 is different from 3)'],
  ['tensordot, sizes', () => np.tensordot(a, a, 1), 'ValueError shape-mismatch', 'shape-mismatch for sum'],
  ['tensordot, axes', () => np.tensordot(a, a, [[5], [0]]), 'IndexError axis-out-of-range', 'tuple index out of range'],
  ['einsum, no text', () => np.einsum(bad(3), a), 'TypeError_ bad-argument', 'subscripts as text, not 3'],
  ['einsum, letters', () => np.einsum('i%', a), 'ValueError bad-argument', "'i%' is no list of letters"],
  [
    'einsum, ranks',
    () => np.einsum('ijk', a),
    'ValueError bad-argument',
    "another number of axes than the operand's 2",
  ],
  ['einsum, sizes', () => np.einsum('ij,jk', a, a), 'ValueError bad-argument', "'j' has size 3 in one operand and 2"],
  ['einsum, operands', () => np.einsum('i,j', [1]), 'ValueError bad-argument', '2 terms for 1 operands'],
];

const moving: readonly Row[] = [
  ['reshape, sizes', () => a.reshape(4, -1), 'ValueError shape-mismatch', 'of size 6 into shape (4,newaxis)'],
  ['reshape, two unknown', () => a.reshape([-1, -1]), 'ValueError bad-argument', 'only specify one unknown dimension'],
  ['reshape, order', () => np.reshape(a, bad({ shape: 6, order: 'X' })), 'ValueError bad-argument', 'order'],
  ['transpose, too few', () => a.transpose([0]), 'ValueError bad-argument', "axes don't match array"],
  ['transpose, one twice', () => a.transpose(0, 0), 'ValueError bad-argument', 'repeated axis in transpose'],
  ['flip, an axis too far', () => np.flip(a, 2), 'AxisError axis-out-of-range', 'axis 2'],
  ['fliplr, a line', () => np.fliplr([1]), 'ValueError rank-mismatch', 'Input must be >= 2-d.'],
  ['rot90, one axis', () => np.rot90(a, 1, [0]), 'ValueError bad-argument', 'len(axes) must be 2.'],
  ['rot90, the same axis', () => np.rot90(a, 1, [0, -2]), 'ValueError bad-argument', 'Axes must be different.'],
  ['pad, negative', () => np.pad(a, -1), 'ValueError padding-invalid', "index can't contain negative values"],
  ['pad, half a cell', () => np.pad(a, 0.5), 'TypeError_ bad-argument', '`pad_width` must be of integral type.'],
  ['pad, too many axes', () => np.pad(a, [[1], [1], [1]]), 'ValueError shape-mismatch', 'requested shape (2,2)'],
  [
    'pad, an unknown mode',
    () => np.pad(a, 1, bad('mirror')),
    'ValueError bad-argument',
    "mode 'mirror' is not supported",
  ],
  [
    'pad, a function as mode',
    () =>
      np.pad(
        a,
        1,
        bad(() => 0),
      ),
    'NotImplementedError not-implemented',
    'a function as mode',
  ],
  ['pad, too much', () => np.pad(a, 2 ** 30), 'RuntimeError too-large', '2^31 - 1'],
  ['pad, nothing to repeat', () => np.pad([], 1, 'wrap'), 'ValueError padding-invalid', "can't extend empty axis 0"],
  [
    'concatenate, nothing',
    () => np.concatenate([]),
    'ValueError bad-argument',
    'need at least one array to concatenate',
  ],
  ['concatenate, ranks', () => np.concatenate([a, [1]]), 'ValueError rank-mismatch', 'index 1 has 1 dimension(s)'],
  ['concatenate, sizes', () => np.concatenate([a, [[1]]]), 'ValueError shape-mismatch', 'along dimension 1, the array'],
  ['concatenate, a number', () => np.concatenate(bad(3)), 'TypeError_ bad-argument', 'takes a list of arrays, not 3'],
  ['stack, shapes', () => np.stack([a, bools]), 'ValueError shape-mismatch', 'must have the same shape'],
  ['squeeze', () => np.squeeze(a, 0), 'ValueError shape-mismatch', 'size not equal to one'],
  ['moveaxis', () => np.moveaxis(a, 3, 0), 'AxisError axis-out-of-range', 'source: axis 3'],
  ['broadcast_to', () => np.broadcast_to(a, [3, 3]), 'ValueError shape-mismatch', '(2,3)  and requested shape (3,3)'],
  ['astype', () => a.astype('complex64'), 'TypeError_ bad-argument', "data type 'complex64' not understood"],
];

const reading: readonly Row[] = [
  ['at, too far', () => a.at(2), 'IndexError index-out-of-range', 'index 2 is out of bounds for axis 0 with size 2'],
  [
    'at, too many',
    () => a.at('0, 0, 0'),
    'IndexError index-out-of-range',
    'array is 2-dimensional, but 3 were indexed',
  ],
  ['at, two ellipses', () => a.at('...', '...'), 'IndexError bad-argument', 'can only have a single ellipsis'],
  ['at, a step of 0', () => a.at('::0'), 'ValueError bad-argument', 'slice step cannot be zero'],
  ['at, no slice', () => a.at('1:2:3:4'), 'IndexError bad-argument', 'only integers, slices'],
  ['at, half a row', () => a.at(0.5), 'IndexError bad-argument', 'only integers, slices'],
  ['at, code', () => a.at('len(x)'), 'IndexError bad-argument', "not 'len(x)'"],
  ['at, a list of fractions', () => a.at(bad([0.5])), 'IndexError bad-argument', 'integer or boolean arrays'],
  ['item of many', () => a.item(), 'ValueError not-a-scalar', 'can only convert an array of size 1'],
  ['item, too far', () => a.item(6), 'IndexError index-out-of-range', 'index 6 is out of bounds for size 6'],
  ['allclose', () => np.allclose(a, [1, 2]), 'ValueError shape-mismatch', 'could not be broadcast together'],
  ['allclose, rtol', () => np.allclose(a, a, { rtol: bad('1') }), 'TypeError_ bad-argument', 'rtol must be a number'],
  [
    'assert_allclose',
    () => np.testing.assert_allclose([1], [2]),
    'AssertionError check-failed',
    'Mismatched elements: 1 / 1',
  ],
  ['printing, precision', () => np.set_printoptions({ precision: 1.5 }), 'TypeError_ bad-argument', 'precision'],
  ['printing, floatmode', () => np.set_printoptions({ floatmode: bad('x') }), 'ValueError bad-argument', 'floatmode'],
  ['printing, an unknown name', () => np.set_printoptions(bad({ foo: 1 })), 'TypeError_ unexpected-argument', "'foo'"],
];

testTables({ making, computing, moving, reading });
