/** What primitives refuse: dtypes they have no meaning for, and operands that don't fit together. */

import type { ErrorCode } from '../../src/errors.js';
import { NONE, type Params, type PrimitiveName } from '../../src/ops/primitive.js';
import type { DType } from '../../src/shape/dtype.js';
import { bool, type Data, f32, f64, i32, i64, vector } from './sample.js';

const NO_DTYPE: readonly DType[] = [];
const NOT_FLOAT: readonly DType[] = ['int32', 'int64', 'uint8', 'bool'];
const FLOAT: readonly DType[] = ['float32', 'float64'];
const BOOL: readonly DType[] = ['bool'];

/** The dtypes that each primitive refuses; all others it must take. */
export const refusedDTypes: { readonly [N in PrimitiveName]: readonly DType[] } = {
  negate: BOOL,
  abs: NO_DTYPE,
  sign: NO_DTYPE,
  exponential: NOT_FLOAT,
  exponential_minus_one: NOT_FLOAT,
  log: NOT_FLOAT,
  log_plus_one: NOT_FLOAT,
  sqrt: NOT_FLOAT,
  rsqrt: NOT_FLOAT,
  tanh: NOT_FLOAT,
  logistic: NOT_FLOAT,
  sine: NOT_FLOAT,
  cosine: NOT_FLOAT,
  erf: NOT_FLOAT,
  floor: NO_DTYPE,
  ceil: NO_DTYPE,
  round_nearest_even: NO_DTYPE,
  is_finite: NO_DTYPE,
  not: FLOAT,
  convert: NO_DTYPE,
  add: NO_DTYPE,
  subtract: BOOL,
  multiply: NO_DTYPE,
  divide: NO_DTYPE,
  remainder: NO_DTYPE,
  power: NO_DTYPE,
  maximum: NO_DTYPE,
  minimum: NO_DTYPE,
  and: FLOAT,
  or: FLOAT,
  compare: NO_DTYPE,
  select: NO_DTYPE,
  reshape: NO_DTYPE,
  transpose: NO_DTYPE,
  broadcast_in_dim: NO_DTYPE,
  reverse: NO_DTYPE,
  slice: NO_DTYPE,
  pad: NO_DTYPE,
  concatenate: NO_DTYPE,
  gather: NO_DTYPE,
  scatter: BOOL,
  reduce_sum: BOOL,
  reduce_prod: BOOL,
  reduce_max: NO_DTYPE,
  reduce_min: NO_DTYPE,
  argmax: NO_DTYPE,
  argmin: NO_DTYPE,
  cumsum: BOOL,
  window_argmax: NO_DTYPE,
  dot_general: BOOL,
  convolution: BOOL,
};

/** Operands and parameters that don't fit, and the code of the error. */
export interface Misfit<P> {
  readonly inputs: readonly Data[];
  readonly params: P;
  readonly code: ErrorCode;
}

const M = f64([2, 3], [1, 2, 3, 4, 5, 6]);
const V = vector(1, 2);
const HUGE = 2 ** 16;

const misfit = <P>(code: ErrorCode, inputs: readonly Data[], params: P): Misfit<P> => ({ code, inputs, params });

/** Two operands of different dtypes, and of different shapes. */
const unlike = [
  misfit('dtype-mismatch', [V, f32([2], [1, 2])], NONE),
  misfit('shape-mismatch', [V, vector(1)], NONE),
  misfit('shape-mismatch', [V, f64([1, 2], [1, 2])], NONE),
];

const window = { stride: 1, lo: 0, hi: 0, inputDilation: 1, kernelDilation: 1 };
const plain = { windows: [window], flip: false, input: 'nc0', kernel: 'oc0', output: 'no0' };
const X = f64([1, 2, 3], [1, 2, 3, 4, 5, 6]);

export const misfits: { readonly [N in PrimitiveName]?: readonly Misfit<Params[N]>[] } = {
  add: unlike,
  subtract: unlike,
  multiply: unlike,
  divide: unlike,
  remainder: unlike,
  power: unlike,
  maximum: unlike,
  minimum: unlike,
  and: [misfit('dtype-mismatch', [bool([1], [1]), i32([1], [1])], NONE)],
  or: [misfit('shape-mismatch', [bool([1], [1]), bool([2], [1, 1])], NONE)],
  compare: unlike.map(({ inputs, code }) => misfit(code, inputs, { direction: 'EQ' as const })),
  select: [
    misfit('shape-mismatch', [i32([2], [1, 0]), V, V], NONE),
    misfit('shape-mismatch', [bool([1], [1]), V, V], NONE),
    misfit('dtype-mismatch', [bool([2], [1, 0]), V, i64([2], [1, 2])], NONE),
  ],
  reshape: [misfit('shape-mismatch', [M], { shape: [4] }), misfit('shape-mismatch', [vector()], { shape: [] })],
  transpose: [
    misfit('axis-out-of-range', [M], { permutation: [0] }),
    misfit('axis-out-of-range', [M], { permutation: [0, 0] }),
    misfit('axis-out-of-range', [M], { permutation: [1, 2] }),
  ],
  broadcast_in_dim: [
    misfit('shape-mismatch', [V], { shape: [3], axes: [0] }),
    misfit('shape-mismatch', [V], { shape: [2, 2], axes: [] }),
    misfit('too-large', [f64([], [1])], { shape: [HUGE, HUGE], axes: [] }),
  ],
  slice: [
    misfit('index-out-of-range', [V], { start: [-1], limit: [1], stride: [1] }),
    misfit('index-out-of-range', [V], { start: [0], limit: [3], stride: [1] }),
    misfit('index-out-of-range', [V], { start: [0], limit: [2], stride: [0] }),
  ],
  pad: [misfit('too-large', [V], { lo: [0], hi: [2 ** 31], interior: [0], value: 0 })],
  concatenate: [
    misfit('shape-mismatch', [V, M], { axis: 0 }),
    misfit('shape-mismatch', [M, f64([1, 2], [1, 2])], { axis: 0 }),
    misfit('dtype-mismatch', [V, i64([1], [1])], { axis: 0 }),
  ],
  gather: [misfit('dtype-mismatch', [V, i64([1], [0])], NONE), misfit('dtype-mismatch', [V, V], NONE)],
  scatter: [
    misfit('shape-mismatch', [V, i64([2], [0, 1])], { shape: [2] }),
    misfit('shape-mismatch', [V, i32([1], [0])], { shape: [2] }),
  ],
  reduce_max: [misfit('size-invalid', [f64([2, 0], [])], { axes: [1] })],
  reduce_min: [misfit('size-invalid', [f64([0], [])], { axes: [0] })],
  argmax: [misfit('size-invalid', [f64([2, 0], [])], { axis: 1 })],
  argmin: [misfit('size-invalid', [f64([0], [])], { axis: 0 })],
  dot_general: [
    misfit('shape-mismatch', [V, vector(1)], { leftBatch: [], rightBatch: [], leftContract: [0], rightContract: [0] }),
    misfit('shape-mismatch', [V, V], { leftBatch: [], rightBatch: [], leftContract: [0], rightContract: [] }),
    misfit('dtype-mismatch', [V, f32([2], [1, 2])], {
      leftBatch: [],
      rightBatch: [],
      leftContract: [0],
      rightContract: [0],
    }),
  ],
  convolution: [
    misfit('channels-mismatch', [X, f64([1, 1, 2], [1, 2])], plain),
    misfit('channels-mismatch', [f64([2, 1], [1, 2]), f64([1, 1], [1])], {
      ...plain,
      input: 'g0',
      kernel: 'g0',
      output: 'g0',
    }),
    misfit('dtype-mismatch', [X, f32([1, 2, 1], [1, 2])], plain),
    misfit('too-large', [X, f64([1, 2, 1], [1, 2])], { ...plain, windows: [{ ...window, hi: 2 ** 31 }] }),
  ],
};
