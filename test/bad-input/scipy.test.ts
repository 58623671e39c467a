/** Bad arguments of adjoint/scipy/signal: the class, the code and the words of each error; and that nothing else is thrown. */

import { convSpec } from 'adjoint';
import * as np from 'adjoint/numpy';
import * as signal from 'adjoint/scipy/signal';
import { describe, test } from 'vitest';
import { expectOwnErrors } from './anything.js';
import { bad, type Row, testTables } from './row.js';

const x = np.arange(12).reshape(3, 4);
const w = np.array([
  [1, 2],
  [3, 4],
]);
const line = np.array([1, 2, 3]);
const bools = x.gt(3);
const wide = np.ones([2, 5]);

const modes = "Acceptable mode flags are 'valid', 'same', or 'full'.";
const contained = "For 'valid' mode, one must be at least as large as the other in every dimension";

const planes: readonly Row[] = [
  ['one argument', () => signal.convolve2d(x, bad(undefined)), 'TypeError_ missing-argument', "'in2'"],
  ['null', () => signal.convolve2d(bad(null), w), 'TypeError_ bad-argument', "'in1' must not be None"],
  ['text', () => signal.convolve2d(x, bad('abc')), 'TypeError_ bad-argument', "'abc'"],
  ['a line', () => signal.convolve2d(line, w), 'ValueError rank-mismatch', 'convolve2d inputs must both be 2-D arrays'],
  [
    'a number',
    () => signal.correlate2d(x, 1),
    'ValueError rank-mismatch',
    'correlate2d inputs must both be 2-D arrays',
  ],
  ['ragged', () => signal.convolve2d([[1, 2], [3]], w), 'ValueError ragged', 'inhomogeneous shape'],
  ['mode', () => signal.convolve2d(x, w, bad('SAME')), 'ValueError bad-argument', modes],
  ['mode null', () => signal.convolve2d(x, w, { mode: bad(null) }), 'ValueError bad-argument', modes],
  ['mode 1', () => signal.correlate2d(x, w, bad(1)), 'ValueError bad-argument', modes],
  [
    'boundary',
    () => signal.convolve2d(x, w, 'same', bad('zero')),
    'ValueError bad-argument',
    'Acceptable boundary flags',
  ],
  [
    'boundary reflect',
    () => signal.convolve2d(x, w, 'same', bad('reflect')),
    'ValueError bad-argument',
    'Incorrect boundary',
  ],
  ['fillvalue', () => signal.convolve2d(x, w, { fillvalue: bad([1, 2]) }), 'ValueError bad-argument', 'one element'],
  [
    'fillvalue NaN',
    () => signal.convolve2d(x, w, { fillvalue: Number.NaN }),
    'ValueError bad-argument',
    'could not cast',
  ],
  ['fillvalue text', () => signal.convolve2d(x, w, { fillvalue: bad('1') }), 'TypeError_ bad-argument', "'1'"],
  [
    'bools',
    () => signal.convolve2d(bools, bools),
    'ValueError dtype-mismatch',
    'convolve2d not available for this type.',
  ],
  ['valid', () => signal.convolve2d(x, wide, 'valid'), 'ValueError shape-mismatch', contained],
  ['an unknown keyword', () => signal.convolve2d(x, w, bad({ foo: 1 })), 'TypeError_ unexpected-argument', "'foo'"],
  [
    'too many',
    () => Reflect.apply(signal.convolve2d, null, [x, w, 'full', 'fill', 0, 1]),
    'TypeError_ unexpected-argument',
    '5 positional',
  ],
];

const others: readonly Row[] = [
  [
    'convolve, ranks',
    () => signal.convolve(x, line),
    'ValueError rank-mismatch',
    'volume and kernel should have the same',
  ],
  ['correlate, ranks', () => signal.correlate(x, line), 'ValueError rank-mismatch', 'in1 and in2 should have the same'],
  ['convolve, mode', () => signal.convolve(line, line, bad('x')), 'ValueError bad-argument', 'not mode=x'],
  ['convolve, direct, mode', () => signal.convolve(line, line, bad('x'), 'direct'), 'ValueError bad-argument', modes],
  ['correlate, mode', () => signal.correlate(line, line, bad('x')), 'ValueError bad-argument', modes],
  [
    'convolve, method',
    () => signal.convolve(line, line, 'full', bad('x')),
    'ValueError bad-argument',
    "'auto', 'direct', or",
  ],
  ['convolve, empty', () => signal.convolve([], line), 'ValueError size-invalid', 'a cannot be empty'],
  ['convolve, empty kernel', () => signal.convolve(line, []), 'ValueError size-invalid', 'v cannot be empty'],
  ['convolve, valid', () => signal.convolve(x, wide, 'valid'), 'ValueError shape-mismatch', contained],
  ['convolve, bools', () => signal.convolve(bools, bools), 'ValueError dtype-mismatch', 'Unsupported type'],
  [
    'fftconvolve, mode',
    () => signal.fftconvolve(line, line, bad('x')),
    'ValueError bad-argument',
    'acceptable mode flags',
  ],
  [
    'fftconvolve, ranks',
    () => signal.fftconvolve(x, line),
    'ValueError rank-mismatch',
    'in1 and in2 should have the same',
  ],
  [
    'fftconvolve, shapes',
    () => signal.fftconvolve(x, w, 'full', 0),
    'ValueError shape-mismatch',
    'incompatible shapes for in1 and in2: (3, 4) and (2, 2)',
  ],
  [
    'fftconvolve, no axes',
    () => signal.fftconvolve(x, w, 'full', []),
    'ValueError bad-argument',
    'axes cannot be empty',
  ],
  [
    'fftconvolve, an axis too far',
    () => signal.fftconvolve(x, w, 'full', 2),
    'ValueError axis-out-of-range',
    'axes exceeds dimensionality',
  ],
  [
    'fftconvolve, an axis twice',
    () => signal.fftconvolve(x, w, { axes: [0, -2] }),
    'ValueError bad-argument',
    'all axes must be unique',
  ],
  [
    'fftconvolve, half an axis',
    () => signal.fftconvolve(x, w, { axes: 0.5 }),
    'ValueError bad-argument',
    'iterable of integers',
  ],
  ['oaconvolve, valid', () => signal.oaconvolve(x, wide, 'valid'), 'ValueError shape-mismatch', contained],
  ['choose, mode', () => signal.choose_conv_method(x, w, bad('x')), 'ValueError bad-argument', 'not mode=x'],
  [
    'choose, measure',
    () => signal.choose_conv_method(x, w, { measure: bad(1) }),
    'TypeError_ bad-argument',
    'measure must be',
  ],
  ['lags, mode', () => signal.correlation_lags(3, 2, bad('x')), 'ValueError bad-argument', 'Mode x is invalid'],
  ['lags, half a cell', () => signal.correlation_lags(1.5, 2), 'TypeError_ bad-argument', 'in1_len = 1.5'],
];

const specs: readonly Row[] = [
  ['mode', () => convSpec.scipy([3], [2], { mode: bad('x') }), 'ValueError bad-argument', modes],
  [
    'symm',
    () => convSpec.scipy([3, 3], [2, 2], { boundary: 'symm' }),
    'ValueError bad-argument',
    "'symm' has no ConvSpec",
  ],
  [
    'boundary',
    () => convSpec.scipy([3, 3], [2, 2], { boundary: bad('x') }),
    'ValueError bad-argument',
    "'fill', 'wrap' or",
  ],
  [
    'correlate',
    () => convSpec.scipy([3], [2], { correlate: bad(1) }),
    'TypeError_ bad-argument',
    'correlate must be true',
  ],
  [
    'an unknown option',
    () => convSpec.scipy([3], [2], bad({ stride: 2 })),
    'TypeError_ unexpected-argument',
    "'stride'",
  ],
  ['options', () => convSpec.scipy([3], [2], bad(null)), 'TypeError_ bad-argument', 'null'],
  ['ranks', () => convSpec.scipy([3, 3], [2]), 'ValueError rank-mismatch', 'as many dimensions'],
  ['no dimensions', () => convSpec.scipy([], []), 'ValueError rank-mismatch', '1, 2 or 3'],
  ['4 dimensions', () => convSpec.scipy([1, 1, 3, 3], [1, 1, 3, 3]), 'ValueError rank-mismatch', '1, 2 or 3'],
  ['empty', () => convSpec.scipy([0], [2]), 'ValueError size-invalid', 'must not be empty'],
  ['no shape', () => convSpec.scipy(bad(3), [2]), 'TypeError_ bad-argument', 'inputShape must be a list'],
  ['half a cell', () => convSpec.scipy([3], [1.5]), 'TypeError_ bad-argument', 'kernelShape[0]'],
  ['valid', () => convSpec.scipy([2, 5], [3, 4], { mode: 'valid' }), 'ValueError shape-mismatch', contained],
];

testTables({ planes, others, specs });

describe('whatever is given, a function gives an array or an error of ours', () => {
  test('convolve2d and correlate2d', () => {
    expectOwnErrors(signal.convolve2d, [x, w], ['mode', 'boundary', 'fillvalue', 'foo']);
    expectOwnErrors(signal.correlate2d, [x, w, 'same', 'wrap', 0]);
  });
  test('convolve and correlate', () => {
    expectOwnErrors(signal.convolve, [line, line], ['mode', 'method']);
    expectOwnErrors(signal.correlate, [line, line, 'same', 'fft']);
  });
  test('fftconvolve and oaconvolve', () => {
    expectOwnErrors(signal.fftconvolve, [x, w], ['mode', 'axes']);
    expectOwnErrors(signal.oaconvolve, [x, w, 'same', [0, 1]]);
  });
  test('the rest', () => {
    expectOwnErrors(signal.choose_conv_method, [x, w, 'same']);
    expectOwnErrors(signal.correlation_lags, [3, 2, 'same']);
    expectOwnErrors(convSpec.scipy, [[3, 3], [2, 2], { mode: 'same' }]);
  });
});
