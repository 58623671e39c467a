/** Bad arguments of conv and convSpec. */

import { conv, convSpec, type Tensor, tensor } from 'adjoint';
import { bad, type Row, zeros } from '../row.js';

const x = zeros(2, 4, 8, 8);
const w = zeros(6, 4, 3, 3);

function disposed(): Tensor {
  const gone = zeros(2, 4, 8, 8);
  gone.dispose();
  return gone;
}

export const operands: readonly Row[] = [
  ['no operands', () => conv(bad(undefined), bad(undefined)), 'TypeError_ bad-argument', 'x must be a tensor'],
  ['x is null', () => conv(bad(null), w), 'TypeError_ bad-argument', 'in nested lists, not null'],
  ['x is a string', () => conv(bad('abc'), w), 'TypeError_ bad-argument', "not 'abc'"],
  ['w is an object', () => conv(x, bad({})), 'TypeError_ bad-argument', 'w must be a tensor, a typed array'],
  ['w is a Map', () => conv(x, bad(new Map())), 'TypeError_ bad-argument', 'not a value of type Map'],
  ['x of rank 2', () => conv(zeros(3, 10), w), 'RuntimeError rank-mismatch', 'rank 2; its layout NCW needs rank 3'],
  ['x of rank 6', () => conv(zeros(1, 1, 1, 1, 1, 3), w), 'RuntimeError rank-mismatch', 'layout NCDHW needs rank 5'],
  [
    'w of rank 3',
    () => conv(x, zeros(6, 4, 9)),
    'RuntimeError rank-mismatch',
    'the kernel has shape [6, 4, 9], rank 3',
  ],
  ['scalars', () => conv(3, 4), 'RuntimeError rank-mismatch', 'the input has shape [], rank 0'],
  [
    'other channels',
    () => conv(x, zeros(6, 3, 3, 3)),
    'RuntimeError channels-mismatch',
    'the input has 4 channels; a kernel of shape [6, 3, 3, 3] (OIHW) in 1 feature group(s) needs 3',
  ],
  ['no taps', () => conv(x, zeros(6, 4, 3, 0)), 'RuntimeError size-invalid', 'the kernel has size 0 along W'],
  ['bools', () => conv(tensor([[[true]]]), tensor([[[true]]])), 'RuntimeError dtype-mismatch', 'x and w are both bool'],
  ['a disposed x', () => conv(disposed(), w), 'RuntimeError disposed', 'this tensor was disposed of'],
  ['a ragged x', () => conv([[[1, 2], [3]]], w), 'ValueError ragged', 'expected a list of 2, not a list of 1'],
];

const divide = "don't divide the";

export const groups: readonly Row[] = [
  ['of both kinds', () => conv(x, w, { featureGroups: 2, batchGroups: 2 }), 'ValueError groups-invalid', "can't both"],
  ['none', () => conv(x, w, { featureGroups: 0 }), 'ValueError groups-invalid', 'must be at least 1, not 0'],
  [
    'less than none',
    () => conv(x, w, { batchGroups: -1 }),
    'ValueError groups-invalid',
    'batchGroups must be at least 1',
  ],
  ['one and a half', () => conv(x, w, { featureGroups: 1.5 }), 'TypeError_ bad-argument', 'a whole number, not 1.5'],
  ['a string', () => conv(x, w, { featureGroups: bad('2') }), 'TypeError_ bad-argument', "a whole number, not '2'"],
  [
    'null',
    () => conv(x, w, { batchGroups: bad(null) }),
    'TypeError_ bad-argument',
    'batchGroups must be a whole number',
  ],
  [
    'channels in 3',
    () => conv(x, w, { featureGroups: 3 }),
    'RuntimeError groups-invalid',
    `3 groups ${divide} input's channels (4)`,
  ],
  [
    'outputs in 4',
    () => conv(x, zeros(6, 1, 3, 3), { featureGroups: 4 }),
    'RuntimeError groups-invalid',
    `4 groups ${divide} kernel's output channels (6)`,
  ],
  [
    'batch in 3',
    () => conv(x, w, { batchGroups: 3 }),
    'RuntimeError groups-invalid',
    `3 groups ${divide} input's batch (2)`,
  ],
  [
    'a kernel for all channels in 2',
    () => conv(x, w, { featureGroups: 2 }),
    'RuntimeError channels-mismatch',
    'in 2 feature group(s) needs 8',
  ],
];

/** Values that are no stride and no dilation, with the words of their errors. */
const noSteps: readonly (readonly [value: unknown, error: Row[2], message: string])[] = [
  [0, 'ValueError stride-invalid', ' must be at least 1, not 0'],
  [[1, -1], 'ValueError stride-invalid', '[1] must be at least 1, not -1'],
  [1.5, 'TypeError_ bad-argument', ' must be a whole number, not 1.5'],
  [Number.NaN, 'TypeError_ bad-argument', ' must be a whole number, not NaN'],
  [Number.POSITIVE_INFINITY, 'TypeError_ bad-argument', ' must be a whole number, not Infinity'],
  [[1, null], 'TypeError_ bad-argument', '[1] must be a whole number, not null'],
  ['2', 'TypeError_ bad-argument', " must be a list of whole numbers, one a spatial dimension, not '2'"],
  [null, 'TypeError_ bad-argument', ' must be a list of whole numbers, one a spatial dimension, not null'],
  [
    {},
    'TypeError_ bad-argument',
    ' must be a list of whole numbers, one a spatial dimension, not a value of type Object',
  ],
  [2n, 'TypeError_ bad-argument', ' must be a list of whole numbers, one a spatial dimension, not 2n'],
  [[1], 'ValueError rank-mismatch', ' is for 1 spatial dimensions where the rest of the convolution has 2'],
  [[], 'ValueError rank-mismatch', ' is for 0 spatial dimensions'],
];

export const steps: readonly Row[] = ['stride', 'inputDilation', 'kernelDilation'].flatMap((name) =>
  noSteps.map(([value, error, message]): Row => {
    const call = () => conv(x, w, bad({ [name]: value }));
    return [`${name}${message}`, call, error, `${name}${message}`];
  }),
);

export const paddings: readonly Row[] = [
  ['a half', () => conv(x, w, { padding: 0.5 }), 'TypeError_ bad-argument', 'padding must be a whole number, not 0.5'],
  ['a name', () => conv(x, w, bad({ padding: 'same' })), 'TypeError_ bad-argument', 'see convSpec.torch, convSpec.tf'],
  ['null', () => conv(x, w, bad({ padding: null })), 'TypeError_ bad-argument', 'or a pair [lo, hi], not null'],
  ['an object', () => conv(x, w, bad({ padding: {} })), 'TypeError_ bad-argument', 'not a value of type Object'],
  ['three sides', () => conv(x, w, bad({ padding: [[1, 2, 3], 0] })), 'ValueError padding-invalid', 'not [1, 2, 3]'],
  [
    'NaN',
    () => conv(x, w, { padding: [[Number.NaN, 1], 0] }),
    'TypeError_ bad-argument',
    'padding[0][0] must be a whole',
  ],
  [
    'of one axis',
    () => conv(x, w, { padding: [1] }),
    'ValueError rank-mismatch',
    'padding is for 1 spatial dimensions',
  ],
  ['too wide', () => conv(x, w, { padding: 2 ** 20 }), 'RuntimeError too-large', 'a tensor holds at most 2147483647'],
  ['beyond numbers', () => conv(x, w, { padding: 2 ** 53 }), 'TypeError_ bad-argument', 'must be a whole number'],
  ['mode', () => conv(x, w, bad({ paddingMode: 'reflect' })), 'ValueError bad-argument', "'zeros' or 'circular'"],
  [
    'mode null',
    () => conv(x, w, bad({ paddingMode: null })),
    'ValueError bad-argument',
    "'zeros' or 'circular', not null",
  ],
  [
    'an empty circle',
    () => conv(zeros(2, 4, 0, 8), w, { paddingMode: 'circular', padding: 2 }),
    'ValueError padding-invalid',
    'axis 2 is empty: it has no cells to extend it with',
  ],
  [
    'a dilated circle',
    () => conv(x, w, { paddingMode: 'circular', inputDilation: 2 }),
    'ValueError padding-invalid',
    "paddingMode 'circular' goes with an inputDilation of 1, not [2, 2]",
  ],
];

const inAnyOrder = "must be the letters of 'NCHW' in any order";

export const specs: readonly Row[] = [
  ['null', () => conv(x, w, bad(null)), 'TypeError_ bad-argument', "a convolution's spec must be an object"],
  ['a number', () => conv(x, w, bad(2)), 'TypeError_ bad-argument', 'not 2'],
  ['a list', () => conv(x, w, bad([2, 2])), 'TypeError_ bad-argument', 'not [2, 2]'],
  ['strides', () => conv(x, w, bad({ strides: 2 })), 'TypeError_ unexpected-argument', "unknown field 'strides'"],
  ['convSpec(null)', () => convSpec(bad(null)), 'TypeError_ bad-argument', "a convolution's spec must be an object"],
  ['flip: 1', () => conv(x, w, bad({ flip: 1 })), 'TypeError_ bad-argument', 'flip must be true or false, not 1'],
  ['flip: null', () => conv(x, w, bad({ flip: null })), 'TypeError_ bad-argument', 'true or false, not null'],
  ['layout null', () => conv(x, w, bad({ layout: null })), 'TypeError_ bad-argument', 'layout must be an object'],
  ['layout a string', () => conv(x, w, bad({ layout: 'NCHW' })), 'TypeError_ bad-argument', "not 'NCHW'"],
  [
    'layout.inputs',
    () => conv(x, w, bad({ layout: { inputs: 'NCHW' } })),
    'TypeError_ unexpected-argument',
    "'inputs'",
  ],
  ['NHHW', () => conv(x, w, { layout: { input: 'NHHW' } }), 'ValueError bad-argument', `${inAnyOrder}, not 'NHHW'`],
  ['nchw', () => conv(x, w, { layout: { output: 'nchw' } }), 'ValueError bad-argument', `layout.output ${inAnyOrder}`],
  ['OIHW for the input', () => conv(x, w, { layout: { input: 'OIHW' } }), 'ValueError bad-argument', "not 'OIHW'"],
  ['no letters', () => conv(x, w, { layout: { input: '' } }), 'ValueError bad-argument', `${inAnyOrder}, not ''`],
  ['a number for letters', () => conv(x, w, bad({ layout: { input: 4 } })), 'ValueError bad-argument', 'not 4'],
  ['null for letters', () => conv(x, w, bad({ layout: { kernel: null } })), 'ValueError bad-argument', 'not null'],
  ['too few letters', () => conv(x, w, { layout: { kernel: 'OIW' } }), 'ValueError rank-mismatch', 'for 1 spatial'],
  ['too many letters', () => conv(x, w, { layout: { input: 'NCABHW' } }), 'ValueError rank-mismatch', 'for 4 spatial'],
  [
    'four axes',
    () => convSpec({ stride: [1, 1, 1, 1] }),
    'ValueError rank-mismatch',
    '1, 2 or 3 spatial dimensions, not 4',
  ],
];
