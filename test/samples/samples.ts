/** Samples of every primitive; one that has none is a type error. */

import { NONE, type None, type Params, type PrimitiveName } from '../../src/ops/primitive.js';
import { bool, type Data, f32, f64, i32, i64, type Sample, u8, vector } from './sample.js';

const NAN = Number.NaN;
const INF = Number.POSITIVE_INFINITY;

const unary = (x: Data, result: Data): Sample<None> => ({ inputs: [x], params: NONE, result });
const binary = (a: Data, b: Data, result: Data): Sample<None> => ({ inputs: [a, b], params: NONE, result });
const compared = (
  direction: Params['compare']['direction'],
  ...result: readonly number[]
): Sample<Params['compare']> => ({
  inputs: [vector(1, 2, 3, NAN, INF), vector(2, 2, 1, NAN, INF)],
  params: { direction },
  result: bool([5], result),
});

/** Values at a few points and of arrays of no axes and of no elements. */
const elementary = (...points: readonly number[]): readonly Sample<None>[] => [
  { inputs: [vector(...points)], params: NONE },
  { inputs: [f64([], points.slice(0, 1))], params: NONE },
  { inputs: [f64([0, 2], [])], params: NONE },
];

/** A sample whose gradient jumps. */
const kink = <P>(sample: Sample<P>): Sample<P> => ({ ...sample, kink: true });

/** Numbers of both signs, away from kinks and steps. */
const X = f64([2, 3], [-2.25, -1.75, -0.25, 0.75, 1.25, 3.375]);
const MATRIX = f64([2, 3], [1, 2, 3, 4, 5, 6]);
const CUBE = f64([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]);
const A = vector(-2.5, 0.5, 1.5, 7);
const B = vector(2, -0.25, 4, 2);

export const samples: { readonly [N in PrimitiveName]: readonly Sample<Params[N]>[] } = {
  negate: [
    unary(X, f64([2, 3], [2.25, 1.75, 0.25, -0.75, -1.25, -3.375])),
    unary(i32([2], [-(2 ** 31), 5]), i32([2], [-(2 ** 31), -5])),
    unary(u8([2], [1, 0]), u8([2], [255, 0])),
  ],
  abs: [
    unary(X, f64([2, 3], [2.25, 1.75, 0.25, 0.75, 1.25, 3.375])),
    unary(i64([2], [-7, 7]), i64([2], [7, 7])),
    kink(unary(vector(0, -INF, NAN), vector(0, INF, NAN))),
  ],
  sign: [
    unary(X, f64([2, 3], [-1, -1, -1, 1, 1, 1])),
    unary(i64([3], [-7, 0, 7]), i64([3], [-1, 0, 1])),
    kink(unary(vector(0, -INF, NAN), vector(0, -1, NAN))),
  ],
  exponential: elementary(-2, 0.5, 1.5),
  exponential_minus_one: elementary(-2, 0.5, 1.5),
  log: elementary(0.5, 1.5, 4),
  log_plus_one: elementary(-0.5, 0.5, 4),
  sqrt: [
    unary(vector(0.25, 1, 2.25, 4), vector(0.5, 1, 1.5, 2)),
    kink(unary(vector(0, -1, INF), vector(0, NAN, INF))),
    ...elementary(0.5, 3),
  ],
  rsqrt: [
    unary(vector(0.25, 1, 4), vector(2, 1, 0.5)),
    kink(unary(vector(0, -1, INF), vector(INF, NAN, 0))),
    ...elementary(0.5, 3),
  ],
  tanh: elementary(-0.5, 0.25, 1.5),
  logistic: [...elementary(-0.5, 0.25, 1.5), kink(unary(vector(-800, 0, 800, NAN), vector(0, 0.5, 1, NAN)))],
  sine: elementary(-0.5, 0.25, 1.5),
  cosine: elementary(-0.5, 0.25, 1.5),
  erf: [...elementary(-0.5, 0.25, 1.5, 2.5), kink(unary(vector(-INF, INF, NAN, 0, 30), vector(-1, 1, NAN, 0, 1)))],
  floor: [
    unary(X, f64([2, 3], [-3, -2, -1, 0, 1, 3])),
    unary(i32([2], [-3, 3]), i32([2], [-3, 3])),
    kink(unary(vector(-INF, NAN), vector(-INF, NAN))),
  ],
  ceil: [
    unary(X, f64([2, 3], [-2, -1, 0, 1, 2, 4])),
    unary(i64([2], [-3, 3]), i64([2], [-3, 3])),
    kink(unary(vector(-INF, NAN), vector(-INF, NAN))),
  ],
  round_nearest_even: [
    unary(X, f64([2, 3], [-2, -2, 0, 1, 1, 3])),
    kink(unary(vector(-2.5, -1.5, -0.5, 0.5, 1.5, 2.5), vector(-2, -2, 0, 0, 2, 2))),
    kink(unary(vector(0.49999999999999994, 2 ** 52 + 1, INF, NAN), vector(0, 2 ** 52 + 1, INF, NAN))),
  ],
  is_finite: [
    unary(vector(0, 1e308, INF, -INF, NAN), bool([5], [1, 1, 0, 0, 0])),
    unary(i64([1], [7]), bool([1], [1])),
  ],
  not: [
    unary(bool([2], [1, 0]), bool([2], [0, 1])),
    unary(i32([2], [0, -6]), i32([2], [-1, 5])),
    unary(u8([2], [0, 5]), u8([2], [255, 250])),
    unary(i64([1], [7]), i64([1], [-8])),
  ],
  convert: [
    { inputs: [X], params: { dtype: 'float32' }, result: f32(X.shape, X.data) },
    { inputs: [f32([2], [1.5, -2])], params: { dtype: 'float64' }, result: vector(1.5, -2) },
    { inputs: [X], params: { dtype: 'int64' }, result: i64(X.shape, [-2, -1, 0, 0, 1, 3]) },
    { inputs: [X], params: { dtype: 'int32' }, result: i32(X.shape, [-2, -1, 0, 0, 1, 3]) },
    { inputs: [vector(NAN, INF, 3)], params: { dtype: 'int64' }, result: i64([3], [0, 0, 3]) },
    { inputs: [vector(0, 0.5, NAN, -1)], params: { dtype: 'bool' }, result: bool([4], [0, 1, 1, 1]) },
    { inputs: [i64([3], [0, 256, -1])], params: { dtype: 'uint8' }, result: u8([3], [0, 0, 255]) },
    { inputs: [i64([2], [2 ** 40 + 7, -1])], params: { dtype: 'int32' }, result: i32([2], [7, -1]) },
    { inputs: [bool([2], [1, 0])], params: { dtype: 'float64' }, result: vector(1, 0) },
  ],
  add: [
    binary(A, B, vector(-0.5, 0.25, 5.5, 9)),
    binary(i32([1], [2 ** 31 - 1]), i32([1], [1]), i32([1], [-(2 ** 31)])),
    binary(bool([3], [0, 1, 1]), bool([3], [0, 0, 1]), bool([3], [0, 1, 1])),
  ],
  subtract: [
    binary(A, B, vector(-4.5, 0.75, -2.5, 5)),
    binary(u8([1], [1]), u8([1], [2]), u8([1], [255])),
    binary(i64([1], [5]), i64([1], [7]), i64([1], [-2])),
  ],
  multiply: [
    binary(A, B, vector(-5, -0.125, 6, 14)),
    binary(i32([1], [2 ** 31 - 1]), i32([1], [2 ** 31 - 1]), i32([1], [1])),
    binary(bool([3], [0, 1, 1]), bool([3], [0, 0, 1]), bool([3], [0, 0, 1])),
  ],
  divide: [
    binary(A, B, vector(-1.25, -2, 0.375, 3.5)),
    binary(i32([3], [-7, 7, 7]), i32([3], [2, -2, 2]), i32([3], [-3, -3, 3])),
    binary(i64([2], [-7, 7]), i64([2], [2, 2]), i64([2], [-3, 3])),
    kink(binary(vector(1, -1, 0), vector(0, 0, 0), vector(INF, -INF, NAN))),
  ],
  remainder: [
    binary(vector(-7.5, 7.5, 7.5, -7.5), vector(2, 2, -2, -2), vector(-1.5, 1.5, 1.5, -1.5)),
    binary(i32([3], [-7, 7, 7]), i32([3], [2, -2, 2]), i32([3], [-1, 1, 1])),
    binary(i64([2], [-7, 7]), i64([2], [2, 2]), i64([2], [-1, 1])),
  ],
  power: [
    binary(vector(0.5, 2, 2.25, 4), vector(2, -1.5, 0.5, 3), vector(0.25, 2 ** -1.5, 1.5, 64)),
    binary(i32([4], [3, -3, 2, -1]), i32([4], [4, 3, -1, -3]), i32([4], [81, -27, 0, -1])),
    binary(i64([4], [3, 2, -2, -1]), i64([4], [33, 62, -2, -2]), i64([4], [3 ** 33, 2 ** 62, 0, 1])),
    kink(binary(vector(0, -2, 1, -1, 1), vector(0, 3, NAN, INF, -INF), vector(1, -8, 1, 1, 1))),
  ],
  maximum: [
    binary(A, B, vector(2, 0.5, 4, 7)),
    binary(i64([2], [1, 5]), i64([2], [3, 2]), i64([2], [3, 5])),
    kink(binary(vector(1, NAN, 2), vector(1, 0, NAN), vector(1, NAN, NAN))),
  ],
  minimum: [
    binary(A, B, vector(-2.5, -0.25, 1.5, 2)),
    binary(i64([2], [1, 5]), i64([2], [3, 2]), i64([2], [1, 2])),
    kink(binary(vector(1, NAN, 2), vector(1, 0, NAN), vector(1, NAN, NAN))),
  ],
  and: [
    binary(bool([4], [0, 0, 1, 1]), bool([4], [0, 1, 0, 1]), bool([4], [0, 0, 0, 1])),
    binary(i32([1], [-4]), i32([1], [7]), i32([1], [4])),
    binary(i64([1], [6]), i64([1], [3]), i64([1], [2])),
  ],
  or: [
    binary(bool([4], [0, 0, 1, 1]), bool([4], [0, 1, 0, 1]), bool([4], [0, 1, 1, 1])),
    binary(u8([1], [6]), u8([1], [1]), u8([1], [7])),
    binary(i64([1], [6]), i64([1], [3]), i64([1], [7])),
  ],
  compare: [
    compared('EQ', 0, 1, 0, 0, 1),
    compared('NE', 1, 0, 1, 1, 0),
    compared('LT', 1, 0, 0, 0, 0),
    compared('LE', 1, 1, 0, 0, 1),
    compared('GT', 0, 0, 1, 0, 0),
    compared('GE', 0, 1, 1, 0, 1),
    { inputs: [i64([2], [1, 3]), i64([2], [2, 2])], params: { direction: 'LT' }, result: bool([2], [1, 0]) },
  ],
  select: [
    { inputs: [bool([4], [1, 0, 0, 1]), A, B], params: NONE, result: vector(-2.5, -0.25, 4, 7) },
    { inputs: [bool([2], [1, 0]), i64([2], [1, 2]), i64([2], [3, 4])], params: NONE, result: i64([2], [1, 4]) },
  ],
  reshape: [
    { inputs: [X], params: { shape: [3, 1, 2] }, result: f64([3, 1, 2], X.data) },
    { inputs: [f64([1, 1], [5])], params: { shape: [] }, result: f64([], [5]) },
    { inputs: [f64([0, 3], [])], params: { shape: [2, 0] }, result: f64([2, 0], []) },
  ],
  transpose: [
    { inputs: [MATRIX], params: { permutation: [1, 0] }, result: f64([3, 2], [1, 4, 2, 5, 3, 6]) },
    { inputs: [CUBE], params: { permutation: [2, 0, 1] }, result: f64([2, 2, 2], [1, 3, 5, 7, 2, 4, 6, 8]) },
    { inputs: [f64([], [1])], params: { permutation: [] }, result: f64([], [1]) },
  ],
  broadcast_in_dim: [
    { inputs: [vector(1, 2)], params: { shape: [3, 2], axes: [1] }, result: f64([3, 2], [1, 2, 1, 2, 1, 2]) },
    { inputs: [f64([2, 1], [1, 2])], params: { shape: [2, 2], axes: [0, 1] }, result: f64([2, 2], [1, 1, 2, 2]) },
    { inputs: [f64([], [7])], params: { shape: [2, 0], axes: [] }, result: f64([2, 0], []) },
    { inputs: [f64([1], [7])], params: { shape: [0], axes: [0] }, result: f64([0], []) },
    { inputs: [i64([1], [7])], params: { shape: [2], axes: [0] }, result: i64([2], [7, 7]) },
  ],
  reverse: [
    { inputs: [MATRIX], params: { axes: [1] }, result: f64([2, 3], [3, 2, 1, 6, 5, 4]) },
    { inputs: [MATRIX], params: { axes: [0, 1] }, result: f64([2, 3], [6, 5, 4, 3, 2, 1]) },
    { inputs: [f64([0, 2], [])], params: { axes: [0] }, result: f64([0, 2], []) },
    { inputs: [MATRIX], params: { axes: [] }, result: MATRIX },
  ],
  slice: [
    {
      inputs: [MATRIX],
      params: { start: [1, 0], limit: [2, 3], stride: [1, 2] },
      result: f64([1, 2], [4, 6]),
    },
    { inputs: [vector(1, 2, 3, 4, 5)], params: { start: [1], limit: [5], stride: [3] }, result: vector(2, 5) },
    { inputs: [vector(1, 2, 3)], params: { start: [2], limit: [1], stride: [1] }, result: vector() },
    { inputs: [f64([], [5])], params: { start: [], limit: [], stride: [] }, result: f64([], [5]) },
  ],
  pad: [
    { inputs: [vector(1, 2)], params: { lo: [1], hi: [2], interior: [1], value: 9 }, result: vector(9, 1, 9, 2, 9, 9) },
    { inputs: [vector(1, 2, 3)], params: { lo: [-1], hi: [1], interior: [0], value: 0 }, result: vector(2, 3, 0) },
    {
      inputs: [vector(1, 2, 3)],
      params: { lo: [-1], hi: [-1], interior: [2], value: 0 },
      result: vector(0, 0, 2, 0, 0),
    },
    { inputs: [vector(1, 2)], params: { lo: [-3], hi: [0], interior: [0], value: 0 }, result: vector() },
    {
      inputs: [f64([0, 1], [])],
      params: { lo: [1, 0], hi: [1, 0], interior: [3, 0], value: 1 },
      result: f64([2, 1], [1, 1]),
    },
    {
      inputs: [MATRIX],
      params: { lo: [0, 1], hi: [1, -1], interior: [0, 0], value: 0 },
      result: f64([3, 3], [0, 1, 2, 0, 4, 5, 0, 0, 0]),
    },
    { inputs: [i64([1], [3])], params: { lo: [1], hi: [0], interior: [0], value: -2 }, result: i64([2], [-2, 3]) },
  ],
  concatenate: [
    { inputs: [vector(1), vector(), vector(2, 3)], params: { axis: 0 }, result: vector(1, 2, 3) },
    { inputs: [MATRIX, f64([2, 1], [7, 8])], params: { axis: 1 }, result: f64([2, 4], [1, 2, 3, 7, 4, 5, 6, 8]) },
    { inputs: [i64([1], [1]), i64([1], [2])], params: { axis: 0 }, result: i64([2], [1, 2]) },
  ],
  gather: [
    { inputs: [MATRIX, i32([2, 2], [5, 0, -1, 5])], params: NONE, result: f64([2, 2], [6, 1, 0, 6]) },
    { inputs: [i64([2], [7, 8]), i32([3], [1, -1, 0])], params: NONE, result: i64([3], [8, 0, 7]) },
    { inputs: [vector(), i32([0], [])], params: NONE, result: vector() },
  ],
  scatter: [
    { inputs: [A, i32([4], [2, 0, 2, -1])], params: { shape: [3] }, result: vector(0.5, 0, -1) },
    { inputs: [i64([2], [7, 8]), i32([2], [1, 1])], params: { shape: [1, 2] }, result: i64([1, 2], [0, 15]) },
    { inputs: [vector(), i32([0], [])], params: { shape: [2] }, result: vector(0, 0) },
  ],
  reduce_sum: [
    { inputs: [MATRIX], params: { axes: [0, 1] }, result: f64([], [21]) },
    { inputs: [MATRIX], params: { axes: [1] }, result: vector(6, 15) },
    { inputs: [CUBE], params: { axes: [0, 2] }, result: vector(14, 22) },
    { inputs: [MATRIX], params: { axes: [] }, result: MATRIX },
    { inputs: [f64([2, 0], [])], params: { axes: [1] }, result: vector(0, 0) },
    { inputs: [i64([2], [2 ** 52, 2 ** 52])], params: { axes: [0] }, result: i64([], [2 ** 53]) },
    { inputs: [i32([2], [2 ** 31 - 1, 1])], params: { axes: [0] }, result: i32([], [-(2 ** 31)]) },
    kink({ inputs: [f32([3], [2 ** 24, 1, 1])], params: { axes: [0] }, result: f32([], [2 ** 24 + 2]) }),
  ],
  reduce_prod: [
    { inputs: [f64([2, 3], [1, -2, 3, 0.5, 5, 6])], params: { axes: [1] }, result: vector(-6, 15) },
    { inputs: [CUBE], params: { axes: [2, 0] }, result: vector(60, 672) },
    { inputs: [f64([3, 4], [0, 2, 3, 4, 1, 0, 3, 0, 1, 2, 3, 4])], params: { axes: [1] }, result: vector(0, 0, 24) },
    { inputs: [f64([2, 0], [])], params: { axes: [1] }, result: vector(1, 1) },
    { inputs: [i64([2], [-3, 7])], params: { axes: [0] }, result: i64([], [-21]) },
  ],
  reduce_max: [
    { inputs: [f64([2, 3], [1, 5, 3, 4, 2, 6])], params: { axes: [1] }, result: vector(5, 6) },
    { inputs: [f64([2, 3], [-1, -5, -3, -4, -2, -6])], params: { axes: [0] }, result: vector(-1, -2, -3) },
    { inputs: [f64([0, 2], [])], params: { axes: [1] }, result: vector() },
    { inputs: [i64([2], [-3, -7])], params: { axes: [0] }, result: i64([], [-3]) },
    kink({ inputs: [f64([2, 2], [1, NAN, 2, 2])], params: { axes: [1] }, result: vector(NAN, 2) }),
  ],
  reduce_min: [
    { inputs: [f64([2, 3], [1, 5, 3, 4, 2, 6])], params: { axes: [1] }, result: vector(1, 2) },
    { inputs: [CUBE], params: { axes: [0, 1, 2] }, result: f64([], [1]) },
    { inputs: [i64([2], [3, 7])], params: { axes: [0] }, result: i64([], [3]) },
    kink({ inputs: [f64([2, 2], [NAN, 1, 2, 2])], params: { axes: [1] }, result: vector(NAN, 2) }),
  ],
  argmax: [
    { inputs: [f64([2, 3], [1, 5, 5, 4, 2, NAN])], params: { axis: 1 }, result: i64([2], [1, 2]) },
    { inputs: [MATRIX], params: { axis: 0 }, result: i64([3], [1, 1, 1]) },
    { inputs: [i64([3], [3, 9, 9])], params: { axis: 0 }, result: i64([], [1]) },
  ],
  argmin: [
    { inputs: [f64([2, 3], [1, 5, 1, 4, 2, 6])], params: { axis: 1 }, result: i64([2], [0, 1]) },
    { inputs: [MATRIX], params: { axis: 0 }, result: i64([3], [0, 0, 0]) },
  ],
  cumsum: [
    { inputs: [MATRIX], params: { axis: 1 }, result: f64([2, 3], [1, 3, 6, 4, 9, 15]) },
    { inputs: [CUBE], params: { axis: 1 }, result: f64([2, 2, 2], [1, 2, 4, 6, 5, 6, 12, 14]) },
    { inputs: [i64([3], [1, 2, 3])], params: { axis: 0 }, result: i64([3], [1, 3, 6]) },
    { inputs: [i32([2], [2 ** 31 - 1, 1])], params: { axis: 0 }, result: i32([2], [2 ** 31 - 1, -(2 ** 31)]) },
    { inputs: [f64([0], [])], params: { axis: 0 }, result: vector() },
  ],
  window_argmax: [
    {
      inputs: [f64([3, 3], [1, 2, 3, 4, 9, 6, 7, 8, 5])],
      params: { size: [2, 2], stride: [1, 1], lo: [0, 0], hi: [0, 0], dilation: [1, 1] },
      result: i32([2, 2], [4, 4, 4, 4]),
    },
    {
      inputs: [vector(5, 1, 4, 2, 3)],
      params: { size: [2], stride: [2], lo: [1], hi: [1], dilation: [2] },
      result: i32([3], [1, 3, 3]),
    },
    {
      inputs: [vector(5, 5, NAN, 7)],
      params: { size: [1], stride: [3], lo: [3], hi: [3], dilation: [1] },
      result: i32([4], [-1, 0, 3, -1]),
    },
    {
      inputs: [vector(5, NAN, 7)],
      params: { size: [3], stride: [1], lo: [0], hi: [0], dilation: [1] },
      result: i32([1], [1]),
    },
  ],
  dot_general: [
    {
      inputs: [MATRIX, f64([3, 2], [1, 0, 2, 1, 0, 3])],
      params: { leftBatch: [], rightBatch: [], leftContract: [1], rightContract: [0] },
      result: f64([2, 2], [5, 11, 14, 23]),
    },
    {
      inputs: [CUBE, f64([2, 2, 1], [1, 2, 3, 4])],
      params: { leftBatch: [2], rightBatch: [0], leftContract: [0], rightContract: [1] },
      result: f64([2, 2, 1], [11, 17, 30, 44]),
    },
    {
      inputs: [CUBE, f64([2, 2, 2], [1, 0, 2, 1, 0, 3, 1, 1])],
      params: { leftBatch: [], rightBatch: [], leftContract: [2, 0], rightContract: [0, 1] },
      result: f64([2, 2], [17, 17, 25, 27]),
    },
    {
      inputs: [vector(1, 2), vector(3, 4, 5)],
      params: { leftBatch: [], rightBatch: [], leftContract: [], rightContract: [] },
      result: f64([2, 3], [3, 4, 5, 6, 8, 10]),
    },
    {
      inputs: [f64([2, 0], []), f64([0, 1], [])],
      params: { leftBatch: [], rightBatch: [], leftContract: [1], rightContract: [0] },
      result: f64([2, 1], [0, 0]),
    },
    {
      inputs: [i64([2], [2 ** 26, 3]), i64([2], [2 ** 26, 5])],
      params: { leftBatch: [], rightBatch: [], leftContract: [0], rightContract: [0] },
      result: i64([], [2 ** 52 + 15]),
    },
  ],
  // Everything else about it is in test/laws.
  convolution: [
    {
      inputs: [f64([1, 5], [1, 2, 3, 4, 5]), f64([1, 2], [1, 10])],
      params: {
        windows: [{ stride: 2, lo: 1, hi: 0, inputDilation: 1, kernelDilation: 1 }],
        flip: false,
        input: 'n0',
        kernel: 'o0',
        output: 'no0',
      },
      result: f64([1, 1, 3], [10, 32, 54]),
    },
    {
      inputs: [f64([2, 1, 3], [1, 2, 3, 4, 5, 6]), f64([2, 2, 1, 2], [1, 0, 0, 1, 2, 0, 0, 2])],
      params: {
        windows: [{ stride: 1, lo: 0, hi: 0, inputDilation: 1, kernelDilation: 1 }],
        flip: true,
        input: 'gn0',
        kernel: 'goc0',
        output: 'gno0',
      },
      result: f64([2, 1, 2, 2], [2, 3, 1, 2, 10, 12, 8, 10]),
    },
  ],
};
