/** Anything for any argument of adjoint/numpy: the result is an array, or an error of ours. */

import * as np from 'adjoint/numpy';
import { describe, expect, test } from 'vitest';
import { expectOwnErrors } from './anything.js';

const a = np.array([
  [1, 2, 3],
  [4, 5, 6],
]);

const arrayCalls: { readonly [name: string]: readonly [args: readonly unknown[], keywords?: readonly string[]] } = {
  array: [[[1, 2]], ['dtype', 'ndmin']],
  asarray: [[[1, 2]], ['dtype']],
  zeros: [[2], ['dtype']],
  full: [[2, 3], ['dtype']],
  full_like: [
    [[1, 2], 3],
    ['dtype', 'shape'],
  ],
  arange: [[1, 5, 2], ['dtype']],
  linspace: [
    [0, 1, 3],
    ['endpoint', 'retstep', 'dtype', 'axis'],
  ],
  eye: [[2, 3, 1], ['dtype']],
  dtype: [['f4']],
  flip: [[a, 0]],
  fliplr: [[a]],
  rot90: [[a, 1, [0, 1]]],
  reshape: [[a, [3, 2]]],
  transpose: [[a, [1, 0]]],
  squeeze: [[[[1]], 0]],
  expand_dims: [[a, 0]],
  swapaxes: [[a, 0, 1]],
  moveaxis: [[a, 0, 1]],
  broadcast_to: [
    [
      [1, 2],
      [2, 2],
    ],
  ],
  pad: [
    [a, 1],
    ['mode', 'constant_values', 'reflect_type'],
  ],
  concatenate: [[[a, a], 0]],
  stack: [[[a, a], 0]],
  sum: [
    [a, 0],
    ['dtype', 'keepdims', 'out'],
  ],
  max: [[a, 0], ['keepdims']],
  argmax: [[a, 0], ['keepdims']],
  add: [[a, a]],
  power: [[a, 2]],
  equal: [[a, 2]],
  exp: [[a]],
  abs: [[a]],
  round: [[a, 1]],
  where: [[a, 1, 2]],
  dot: [[a, [1, 2, 3]]],
  matmul: [[a, [1, 2, 3]]],
  tensordot: [[a, a, 2]],
  einsum: [['ij,jk', a, [[1], [2], [3]]]],
  allclose: [
    [a, a],
    ['rtol', 'atol', 'equal_nan'],
  ],
  array_equal: [[a, a], ['equal_nan']],
};

const matrix = [
  [1, 2],
  [3, 4],
];

/** The other functions: arguments that are right, and keywords. */
const moreCalls: { readonly [name: string]: readonly [args: readonly unknown[], keywords?: readonly string[]] } = {
  append: [[a, [1], null], ['axis']],
  argsort: [
    [a, 0],
    ['axis', 'kind'],
  ],
  argwhere: [[a]],
  array2string: [[a], ['precision', 'separator', 'sign', 'threshold']],
  array_repr: [[a], ['precision', 'max_line_width']],
  array_split: [[a, 2, 1], ['axis']],
  ascontiguousarray: [[a, null]],
  atleast_1d: [[3]],
  atleast_3d: [[3]],
  average: [
    [a, 1],
    ['axis', 'weights', 'keepdims'],
  ],
  bitwise_and: [[1, 2]],
  broadcast_arrays: [[a, 1]],
  broadcast_shapes: [[[2, 1], 3]],
  can_cast: [['f4', 'f8', 'safe'], ['casting']],
  clip: [
    [a, 1, 2],
    ['a_min', 'a_max', 'min', 'max'],
  ],
  column_stack: [[[a, a]]],
  convolve: [[[1, 2], [3], 'full'], ['mode']],
  copy: [[a]],
  correlate: [[[1, 2], [3], 'full'], ['mode']],
  count_nonzero: [
    [a, 0],
    ['axis', 'keepdims'],
  ],
  cumprod: [
    [a, 0],
    ['axis', 'dtype'],
  ],
  cumsum: [
    [a, 0],
    ['axis', 'dtype'],
  ],
  delete: [[a, 0, 1], ['axis']],
  diag: [[matrix, 1], ['k']],
  diagflat: [[matrix, 1]],
  diagonal: [
    [matrix, 0, 0, 1],
    ['offset', 'axis1', 'axis2'],
  ],
  diff: [
    [a, 1, 0],
    ['n', 'axis'],
  ],
  divmod: [[a, 2]],
  dsplit: [[np.ones([1, 2, 2]), 2]],
  dstack: [[[a, a]]],
  empty: [[[2, 3]], ['dtype']],
  empty_like: [[a]],
  exp: [
    [a, null],
    ['out', 'where', 'dtype'],
  ],
  finfo: [['f4']],
  flatnonzero: [[a]],
  floor_divide: [
    [a, 2],
    ['out', 'where', 'dtype'],
  ],
  fmod: [[a, 2]],
  geomspace: [
    [1, 8, 4, true],
    ['num', 'endpoint', 'dtype'],
  ],
  gradient: [[a, 1]],
  hsplit: [[matrix, 2]],
  hstack: [[[a, a]]],
  iinfo: [['i4']],
  indices: [[[2, 2]], ['dtype']],
  inner: [[a, [1, 2, 3]]],
  interp: [
    [1, [1, 2], [3, 4], 0, 1],
    ['left', 'right', 'period'],
  ],
  invert: [[[1]]],
  isfinite: [[a]],
  kron: [[a, [1, 2]]],
  log10: [[a]],
  logical_xor: [[a, 0]],
  logspace: [
    [0, 2, 3, true, 10],
    ['num', 'endpoint', 'base', 'dtype'],
  ],
  median: [
    [a, 0],
    ['axis', 'keepdims'],
  ],
  meshgrid: [
    [[1, 2], [3]],
    ['indexing', 'sparse'],
  ],
  nan_to_num: [[a], ['nan', 'posinf', 'neginf']],
  nanmax: [
    [a, 0],
    ['axis', 'keepdims'],
  ],
  nanmean: [
    [a, 0],
    ['axis', 'keepdims'],
  ],
  nansum: [
    [a, 0],
    ['axis', 'keepdims'],
  ],
  nonzero: [[a]],
  outer: [[[1, 2], [3]]],
  percentile: [
    [a, 50, 0],
    ['axis', 'method', 'keepdims'],
  ],
  promote_types: [['f4', 'i4']],
  ptp: [
    [a, 0],
    ['axis', 'keepdims'],
  ],
  quantile: [
    [a, 0.5, 0],
    ['axis', 'method', 'keepdims'],
  ],
  ravel: [[a, 'C'], ['order']],
  repeat: [[a, 2, 0], ['axis']],
  result_type: [[a, 1]],
  roll: [[a, 1, 0], ['axis']],
  searchsorted: [[[1, 2], 1, 'left'], ['side']],
  sign: [[a]],
  sliding_window_view: [
    [a, 1, 0],
    ['axis', 'writeable'],
  ],
  sort: [
    [a, 0],
    ['axis', 'kind'],
  ],
  split: [[a, 1, 1], ['axis']],
  std: [
    [a, 0],
    ['axis', 'dtype', 'ddof', 'keepdims', 'where', 'mean'],
  ],
  take: [
    [a, [0], 0],
    ['axis', 'mode'],
  ],
  take_along_axis: [[a, [[0], [0]], 1], ['axis']],
  tile: [[a, 2]],
  trace: [
    [matrix, 0],
    ['offset', 'axis1', 'axis2', 'dtype'],
  ],
  tri: [
    [2, 3, 1],
    ['M', 'k', 'dtype'],
  ],
  tril: [[matrix, 1], ['k']],
  unique: [[a], ['return_index', 'return_inverse', 'return_counts', 'axis']],
  var: [
    [a, 0],
    ['axis', 'dtype', 'ddof', 'keepdims', 'where', 'mean'],
  ],
  vdot: [[a, a]],
  vsplit: [[matrix, 2]],
  vstack: [[[a, a]]],
};

/** Of np.random.Generator. */
const draws: { readonly [name: string]: readonly [args: readonly unknown[], keywords?: readonly string[]] } = {
  random: [
    [2, 'f4'],
    ['size', 'dtype'],
  ],
  standard_normal: [
    [2, 'f4'],
    ['size', 'dtype'],
  ],
  integers: [
    [1, 5, 2, 'i4', true],
    ['low', 'high', 'size', 'dtype', 'endpoint'],
  ],
  uniform: [
    [0, 1, 2],
    ['low', 'high', 'size'],
  ],
  normal: [
    [0, 1, 2],
    ['loc', 'scale', 'size'],
  ],
  exponential: [
    [1, 2],
    ['scale', 'size'],
  ],
  permutation: [[a, 0], ['axis']],
  shuffle: [[[1, 2, 3], 0], ['axis']],
  choice: [
    [3, 2, true, [0.5, 0.25, 0.25]],
    ['size', 'replace', 'p', 'axis', 'shuffle'],
  ],
};

/** Of np.random itself. */
const legacy: { readonly [name: string]: readonly [args: readonly unknown[], keywords?: readonly string[]] } = {
  seed: [[3]],
  rand: [[2, 1]],
  randn: [[2, 1]],
  randint: [
    [1, 5, 2, 'i4'],
    ['low', 'high', 'size', 'dtype'],
  ],
  random_sample: [[2], ['size']],
  uniform: [
    [0, 1, 2],
    ['low', 'high', 'size'],
  ],
  normal: [
    [0, 1, 2],
    ['loc', 'scale', 'size'],
  ],
  permutation: [[a]],
  shuffle: [[[1, 2, 3]]],
  choice: [
    [3, 2, true, [0.5, 0.25, 0.25]],
    ['size', 'replace', 'p'],
  ],
  set_state: [[np.random.get_state()]],
  default_rng: [[1]],
};

/** Of an ndarray. */
const methodCalls: { readonly [name: string]: readonly unknown[] } = {
  at: ['0', 1],
  item: [0],
  tolist: [{}],
  reshape: [3, 2],
  transpose: [1, 0],
  squeeze: [null],
  swapaxes: [0, 1],
  astype: ['f4'],
  round: [1],
  mean: [0],
  mul: [2],
  rsub: [2],
  lt: [2],
  matmul: [[1, 2, 3]],
  set_: ['0', 1],
  add_: [2],
  fill: [1],
  ravel: ['C'],
  flatten: ['C'],
  var: [0],
  cumsum: [0],
  clip: [0, 1],
  take: [0, 1],
  repeat: [2, 0],
  argsort: [0],
  sort: [0],
  floor_divide: [2],
  bitwise_and: [2],
};

const generator = np.random.default_rng(1);

describe('whatever is given, a function gives an array or an error of ours', () => {
  test.each(Object.entries(arrayCalls))('%s', (name, [args, keywords]) => {
    expectOwnErrors(Reflect.get(np, name), args, keywords);
  });

  test.each(Object.entries(moreCalls))('%s', (name, [args, keywords]) => {
    const f: unknown = Reflect.get(np, name) ?? Reflect.get(np.lib.stride_tricks, name);
    expectOwnErrors(f as () => unknown, args, keywords);
  });

  test.each(Object.entries(draws))('Generator.%s', (name, [args, keywords]) => {
    expectOwnErrors((...given) => Reflect.apply(Reflect.get(generator, name), generator, given), args, keywords);
  });

  test.each(Object.entries(legacy))('random.%s', (name, [args, keywords]) => {
    expectOwnErrors(Reflect.get(np.random, name) as () => unknown, args, keywords);
  });

  test.each(Object.entries(methodCalls))('.%s', (name, args) => {
    expectOwnErrors((...given) => Reflect.apply(Reflect.get(a, name), a.copy(), given), args);
  });

  test('testing and printing', () => {
    const before = np.get_printoptions();
    expectOwnErrors(np.testing.assert_allclose, [a, a], ['rtol', 'atol', 'equal_nan', 'err_msg', 'verbose']);
    expectOwnErrors(np.set_printoptions, [8, 1000], ['edgeitems', 'linewidth', 'suppress', 'sign', 'floatmode']);
    np.set_printoptions(before);
    expect(String(a)).toBe('[[1 2 3]\n [4 5 6]]');
  });
});
