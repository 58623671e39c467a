/** Bad arguments of TensorFlow's convolutions. */

import * as tf from 'adjoint/tf';
import { bad, type Row } from '../row.js';

const x = tf.ones([1, 5, 5, 2]);
const w = tf.ones([3, 3, 2, 4]);
const line = tf.ones([1, 5, 2]);
const taps = tf.ones([3, 2, 4]);
const volume = tf.ones([1, 3, 3, 3, 1]);
const cube = tf.ones([2, 2, 2, 1, 1]);
const doubles = tf.ones([3, 3, 2, 4], tf.float64);
const two = tf.constant([1, 2]);
const pairs = [
  [0, 0],
  [1, 1],
  [1, 1],
  [0, 0],
] as const;

export const convolutions: readonly Row[] = [
  ['input null', () => tf.nn.conv2d(bad(null), w, 1, 'SAME'), 'TypeError_ bad-argument', "'input' must not be None"],
  ['input text', () => tf.nn.conv2d(bad('x'), w, 1, 'SAME'), 'InvalidArgumentError dtype-mismatch', 'string'],
  ['input ragged', () => tf.nn.conv2d([[[[1], [2, 3]]]], w, 1, 'SAME'), 'ValueError ragged', 'non-rectangular'],
  ['input rank', () => tf.nn.conv2d(tf.ones([5, 5, 2]), w, 1, 'SAME'), 'InvalidArgumentError rank-mismatch', '[5,5,2]'],
  ['filters rank', () => tf.nn.conv2d(x, taps, 1, 'SAME'), 'InvalidArgumentError rank-mismatch', '[3,2,4]'],
  ['filters dtype', () => tf.nn.conv2d(x, doubles, 1, 'SAME'), 'InvalidArgumentError dtype-mismatch', 'float tensor'],
  [
    'dtype',
    () => tf.nn.conv2d(tf.ones([1, 2, 2, 1], 'int64'), tf.ones([1, 1, 1, 1], 'int64'), 1, 'SAME'),
    'InvalidArgumentError dtype-mismatch',
    'of int64',
  ],
  [
    'channels',
    () => tf.nn.conv2d(x, tf.ones([3, 3, 3, 4]), 1, 'SAME'),
    'InvalidArgumentError channels-mismatch',
    '2 vs 3',
  ],
  ['groups', () => tf.nn.conv2d(x, tf.ones([3, 3, 1, 3]), 1, 'SAME'), 'InvalidArgumentError groups-invalid', '3 vs 2'],
  [
    'no taps',
    () => tf.nn.conv2d(x, tf.ones([0, 3, 2, 4]), 1, 'SAME'),
    'InvalidArgumentError size-invalid',
    '[0,3,2,4]',
  ],
  [
    'kernel larger than the input',
    () => tf.nn.conv2d(x, tf.ones([6, 3, 2, 4]), 1, 'VALID'),
    'InvalidArgumentError size-invalid',
    'input_size: 5, effective_filter_size: 6',
  ],
  ['stride 0', () => tf.nn.conv2d(x, w, 0, 'SAME'), 'InvalidArgumentError stride-invalid', 'got 0'],
  ['stride 1.5', () => tf.nn.conv2d(x, w, 1.5, 'SAME'), 'TypeError_ bad-argument', 'not 1.5'],
  ['strides of 3', () => tf.nn.conv2d(x, w, [1, 1, 1], 'SAME'), 'ValueError rank-mismatch', 'length 3'],
  ['stride of the batch', () => tf.nn.conv2d(x, w, [2, 1, 1, 1], 'SAME'), 'UnimplementedError stride-invalid', 'batch'],
  ['no strides', () => Reflect.apply(tf.nn.conv2d, null, [x, w]), 'TypeError_ missing-argument', "'strides'"],
  ['no padding', () => tf.nn.conv2d(x, w, bad({ strides: 1 })), 'TypeError_ missing-argument', "'padding'"],
  ['padding', () => tf.nn.conv2d(x, w, 1, bad('same')), 'InvalidArgumentError padding-invalid', '"SAME", "VALID"'],
  ['padding 1', () => tf.nn.conv2d(x, w, 1, bad(1)), 'TypeError_ bad-argument', "'padding' not 1"],
  ['padding of 2', () => tf.nn.conv2d(x, w, 1, bad([[1, 1]])), 'ValueError padding-invalid', 'must be of size 4'],
  [
    'padding -1',
    () =>
      tf.nn.conv2d(x, w, 1, [
        [0, 0],
        [-1, 0],
        [0, 0],
        [0, 0],
      ]),
    'InvalidArgumentError padding-invalid',
    'nonnegative',
  ],
  [
    'padding of channels',
    () =>
      tf.nn.conv2d(x, w, 1, [
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 1],
      ]),
    'InvalidArgumentError padding-invalid',
    'depth',
  ],
  ['format', () => tf.nn.conv2d(x, w, 1, 'SAME', 'HWC'), 'InvalidArgumentError bad-argument', '"NHWC", "NCHW"'],
  ['format 1', () => tf.nn.conv2d(x, w, 1, 'SAME', bad(1)), 'TypeError_ bad-argument', "'data_format'"],
  [
    'dilation 0',
    () => tf.nn.conv2d(x, w, 1, 'SAME', { dilations: 0 }),
    'InvalidArgumentError stride-invalid',
    'larger than 0',
  ],
  [
    'dilations of 3',
    () => tf.nn.conv2d(x, w, 1, 'SAME', { dilations: [1, 1, 1] }),
    'ValueError rank-mismatch',
    'dilations',
  ],
  [
    'unknown',
    () => tf.nn.conv2d(x, w, bad({ strides: 1, padding: 'SAME', pad: 1 })),
    'TypeError_ unexpected-argument',
    "'pad'",
  ],
  ['conv1d, explicit', () => tf.nn.conv1d(line, taps, 1, bad(pairs)), 'TypeError_ bad-argument', "'padding'"],
  ['conv1d, format', () => tf.nn.conv1d(line, taps, 1, 'SAME', 'CWN'), 'ValueError bad-argument', "'NWC' or 'NCW'"],
  ['conv1d, strides', () => tf.nn.conv1d(line, taps, [1, 2], 'SAME'), 'ValueError rank-mismatch', 'stride should be'],
  ['conv3d, stride 1', () => tf.nn.conv3d(volume, cube, bad(1), 'SAME'), 'TypeError_ bad-argument', 'Expected list'],
  [
    'conv3d, 3 strides',
    () => tf.nn.conv3d(volume, cube, [1, 1, 1], 'SAME'),
    'InvalidArgumentError rank-mismatch',
    'minimum 5',
  ],
  [
    'conv3d, groups',
    () => tf.nn.conv3d(tf.ones([1, 2, 2, 2, 2]), cube, [1, 1, 1, 1, 1], 'SAME'),
    'InvalidArgumentError channels-mismatch',
    '2 vs 1',
  ],
  ['convolution, rank', () => tf.nn.convolution(two, two), 'ValueError rank-mismatch', 'num_spatial_dims=-1'],
  [
    'convolution, both',
    () => tf.nn.convolution(x, w, { strides: 2, dilations: 2 }),
    'ValueError stride-invalid',
    'in conjunction',
  ],
];

const y = tf.ones([1, 3, 3, 4]);

export const transposed: readonly Row[] = [
  [
    'output_shape null',
    () => tf.nn.conv2d_transpose(y, w, bad(null), 1, 'VALID'),
    'TypeError_ bad-argument',
    "'output_shape'",
  ],
  ['output_shape 5', () => tf.nn.conv2d_transpose(y, w, 5, 1, 'VALID'), 'InvalidArgumentError rank-mismatch', '1-dim'],
  [
    'output_shape of 3',
    () => tf.nn.conv2d_transpose(y, w, [5, 5, 2], 1, 'VALID'),
    'InvalidArgumentError rank-mismatch',
    '4 values or 2 values',
  ],
  [
    'output_shape, half',
    () => tf.nn.conv2d_transpose(y, w, [5.5, 5], 1, 'VALID'),
    'TypeError_ dtype-mismatch',
    'int32',
  ],
  [
    'output_shape floats',
    () => tf.nn.conv2d_transpose(y, w, two, 1, 'VALID'),
    'InvalidArgumentError dtype-mismatch',
    'input #0',
  ],
  [
    'output_shape negative',
    () => tf.nn.conv2d_transpose(y, w, [-5, 5], 1, 'VALID'),
    'InvalidArgumentError size-invalid',
    '-5',
  ],
  [
    'height',
    () => tf.nn.conv2d_transpose(y, w, [6, 5], 1, 'VALID'),
    'InvalidArgumentError shape-mismatch',
    'actual = 3, computed = 4',
  ],
  [
    'batch',
    () => tf.nn.conv2d_transpose(y, w, [2, 5, 5, 2], 1, 'VALID'),
    'InvalidArgumentError shape-mismatch',
    'batch size',
  ],
  [
    'channels',
    () => tf.nn.conv2d_transpose(y, w, [1, 5, 5, 3], 1, 'VALID'),
    'InvalidArgumentError channels-mismatch',
    '3 vs 2',
  ],
  [
    'input channels',
    () => tf.nn.conv2d_transpose(tf.ones([1, 3, 3, 3]), w, [5, 5], 1, 'VALID'),
    'InvalidArgumentError channels-mismatch',
    'out_depth',
  ],
  [
    'input rank',
    () => tf.nn.conv2d_transpose(tf.ones([3, 3, 4]), w, [1, 5, 5, 2], 1, 'VALID'),
    'InvalidArgumentError rank-mismatch',
    '4-dimensional',
  ],
  [
    'dtype',
    () => tf.nn.conv2d_transpose(y, doubles, [5, 5], 1, 'VALID'),
    'InvalidArgumentError dtype-mismatch',
    'input #2',
  ],
  [
    'stride of the batch',
    () => tf.nn.conv2d_transpose(y, w, [5, 5], [2, 1, 1, 1], 'VALID'),
    'InvalidArgumentError stride-invalid',
    'batch',
  ],
  [
    'conv3d, output_shape of 3',
    () => tf.nn.conv3d_transpose(volume, cube, [4, 4, 4], 1),
    'InvalidArgumentError rank-mismatch',
    '5 dimensions',
  ],
  [
    'backprop_filter, upstream',
    () => tf.compat.v1.nn.conv2d_backprop_filter(x, [3, 3, 2, 4], tf.ones([1, 2, 3, 4]), [1, 1, 1, 1], 'VALID'),
    'InvalidArgumentError shape-mismatch',
    '[1,2,3,4]',
  ],
];
