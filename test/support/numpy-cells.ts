/** Cells of NumPy and SciPy: their gradients are the core's. */

import { type Tensor, vjp } from 'adjoint';
import * as np from 'adjoint/numpy';
import type { Door } from './cells.js';

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

const isFloat = (x: unknown): x is np.ndarray => x instanceof np.ndarray && x.dtype.name.startsWith('float');

/** A function of arrays as one of the core's tensors, its floating results in a list. */
const ofTensors =
  (f: (...inputs: unknown[]) => unknown, inputs: readonly unknown[], positions: readonly number[]) =>
  (...tensors: Tensor[]): Tensor[] => {
    const given = [...inputs];
    positions.forEach((position, i) => {
      given[position] = np.asarray(tensors[i] as Tensor);
    });
    return listOf(f(...given))
      .filter(isFloat)
      .map((y) => y.toCore());
  };

/** <results, upstream>, whose gradients are wanted. */
const paired = (results: readonly Tensor[], upstream: readonly Tensor[]): Tensor =>
  results.map((y, i) => y.mul(upstream[i] as Tensor).sum()).reduce((sum, part) => sum.add(part));

export const numpyDoor = (scope: Door['scope']): Door => ({
  str: np.str,
  repr: np.repr,
  scope: { np, ...scope },
  make: (values, shape, dtype) =>
    np
      .array(values)
      .astype(dtype)
      .reshape([...shape]),
  gradients(f, inputs, order, like) {
    const positions = inputs.flatMap((x, i) => (isFloat(x) ? [i] : []));
    const sources = positions.map((i) => (inputs[i] as np.ndarray).toCore());
    const results = listOf(f(...inputs));
    const outputs = results.filter(isFloat);
    const upstream = outputs.map((y, i) => (like(y, 101 + i) as np.ndarray).toCore());
    const g = ofTensors(f, inputs, positions);
    const firstOf = (...args: Tensor[]): Tensor[] => {
      const xs = args.slice(0, sources.length);
      const [, pullback] = vjp((...given: Tensor[]) => paired(g(...given), args.slice(sources.length)), ...xs);
      return pullback(1);
    };
    const first = firstOf(...sources, ...upstream);
    if (order === 1) return [...results, ...first];
    const along = first.map((d, i) => (like(d, 201 + i) as np.ndarray).toCore());
    const [, pullback] = vjp((...args: Tensor[]) => paired(firstOf(...args), along), ...sources, ...upstream);
    return [...results, ...first, ...pullback(1)];
  },
  reset: () =>
    np.set_printoptions({
      precision: 8,
      threshold: 1000,
      edgeitems: 3,
      linewidth: 75,
      suppress: false,
      nanstr: 'nan',
      infstr: 'inf',
      sign: '-',
      floatmode: 'maxprec',
    }),
});
