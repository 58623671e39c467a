/** Primitives on the wasm device beside their references, both as built. */

import { expect } from 'vitest';
import type * as deviceModule from '../../src/device/device.js';
import { type Plan, regionsOf } from '../../src/kernel/launch.js';
import { verifyKernel, verifyLaunch } from '../../src/kernel/verify.js';
import type { Operand, Params, PrimitiveName, Typed } from '../../src/ops/primitive.js';
import type * as tableModule from '../../src/ops/table.js';
import type * as elementwiseModule from '../../src/plan/elementwise.js';
import { type ArrayOf, type DType, makeArray, type TypedArray } from '../../src/shape/dtype.js';
import { sizeOf } from '../../src/shape/shape.js';

const load = (path: string) => import(new URL(`../../dist/src/${path}`, import.meta.url).href);

// What the package itself runs, and not a copy of its sources: a worker's URL is good only there.
const { wasmDevice }: typeof deviceModule = await load('device/device.js');
const { table }: typeof tableModule = await load('ops/table.js');
const { elementwisePlan }: typeof elementwiseModule = await load('plan/elementwise.js');

/** The plan of an elementwise expression. */
export const planned: (typeof elementwiseModule)['elementwisePlan'] = elementwisePlan;

const special: { readonly [D in DType]: readonly (number | bigint)[] } = {
  float32: [
    0,
    -0,
    1,
    -1,
    0.5,
    -0.5,
    1.5,
    2.5,
    -2.5,
    1e-45,
    3.4e38,
    Infinity,
    -Infinity,
    Number.NaN,
    2 ** 31,
    -(2 ** 33) - 4096,
    2 ** 40,
    255.9,
    -1e19,
    2 ** 63,
  ],
  float64: [
    0,
    -0,
    1,
    -1,
    0.5,
    -0.5,
    1.5,
    2.5,
    0.49999999999999994,
    5e-324,
    1e308,
    Infinity,
    -Infinity,
    Number.NaN,
    2 ** 31,
    -(2 ** 32) - 7,
    2 ** 53 + 2,
    256.9,
    -1e19,
    2 ** 63,
    2 ** 70 + 2 ** 20,
  ],
  int32: [0, 1, -1, 7, -7, 255, 256, 2 ** 31 - 1, -(2 ** 31), -(2 ** 31) + 1],
  int64: [
    0n,
    1n,
    -1n,
    7n,
    -7n,
    256n,
    2n ** 63n - 1n,
    -(2n ** 63n),
    2n ** 53n + 1n,
    2n ** 40n + 5n,
    2n ** 61n + 2n ** 37n + 1n,
  ],
  uint8: [0, 1, 2, 7, 127, 128, 254, 255],
  bool: [0, 1],
};

/** Numbers in [0, 2^32), the same for the same seed. */
function generator(seed: number): () => number {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.imul(state ^ (state >>> 15), 2246822519) >>> 0;
  };
}

/** Elements of all sorts: special ones among ordinary ones, in an order that the seed decides. */
export function mixed<D extends DType>(dtype: D, size: number, seed: number, ordinary = false): ArrayOf[D] {
  const array = makeArray[dtype](size);
  const next = generator(seed);
  const list = special[dtype];
  for (let i = 0; i < size; i++) {
    const draw = next();
    const isSpecial = dtype === 'bool' || (!ordinary && draw % 3 === 0);
    const small = (next() % 2001) - 1000;
    const value = isSpecial
      ? (list[next() % list.length] as number | bigint)
      : dtype.startsWith('float')
        ? small / 8
        : small;
    if (array instanceof BigInt64Array) array[i] = BigInt(value);
    else array[i] = Number(value);
  }
  return array;
}

export const operand = (dtype: DType, shape: readonly number[], seed: number, ordinary = false): Operand => ({
  dtype,
  shape,
  array: mixed(dtype, sizeOf(shape), seed, ordinary),
});

/** Proves that no launch of a plan leaves its buffers. */
export function verify(plan: Plan): void {
  const regions = regionsOf(plan);
  for (const launch of plan.launches) {
    verifyKernel(launch.kernel, 16);
    verifyLaunch(launch, regions);
  }
}

/** Runs a plan, once it is proved to stay within its buffers. */
export function execute(plan: Plan, inputs: readonly Operand[], dtype: DType, size: number): TypedArray {
  const device = wasmDevice();
  if (typeof device === 'string') throw new Error(device);
  verify(plan);
  const result = makeArray[dtype](size);
  // Whatever is not written shows.
  new Uint8Array(result.buffer).fill(0xa5);
  device.run(plan, [...inputs.map(({ array }) => array), result]);
  return result;
}

/** A primitive's result, by its reference. */
export function reference<N extends PrimitiveName>(name: N, inputs: readonly Operand[], params: Params[N]): Operand {
  const primitive = table[name];
  const type = primitive.shape(inputs, params);
  return { ...type, array: primitive.reference(inputs, params, type, (dtype, length) => makeArray[dtype](length)) };
}

export interface Outcome {
  readonly plan: Plan;
  readonly actual: TypedArray;
  readonly expected: TypedArray;
}

/** Shape and dtype of a primitive's result. */
export const typeOf = <N extends PrimitiveName>(name: N, inputs: readonly Operand[], params: Params[N]): Typed =>
  table[name].shape(inputs, params);

function planOf<N extends PrimitiveName>(name: N, inputs: readonly Operand[], params: Params[N]): Plan | null {
  const primitive = table[name];
  return primitive.lower === null ? null : primitive.lower(inputs, params, typeOf(name, inputs, params));
}

/** Whether a primitive runs on the device for these operands. */
export const hasPlan = <N extends PrimitiveName>(name: N, inputs: readonly Operand[], params: Params[N]): boolean =>
  planOf(name, inputs, params) !== null;

/** A primitive on the device; fails where it has no plan. */
export function onDevice<N extends PrimitiveName>(
  name: N,
  inputs: readonly Operand[],
  params: Params[N],
): { readonly plan: Plan; readonly actual: TypedArray } {
  const result = typeOf(name, inputs, params);
  const plan = planOf(name, inputs, params);
  if (plan === null)
    throw new Error(`${name} has no plan for ${inputs.map(({ dtype, shape }) => `${dtype}[${shape}]`)}`);
  return { plan, actual: execute(plan, inputs, result.dtype, sizeOf(result.shape)) };
}

/** A primitive on the device and by its reference. */
export function both<N extends PrimitiveName>(name: N, inputs: readonly Operand[], params: Params[N]): Outcome {
  return { ...onDevice(name, inputs, params), expected: reference(name, inputs, params).array };
}

/** The same bits, but for those of NaN. */
export function expectSame({ actual, expected }: Outcome, what: string): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(actual[i], expected[i]))
      expect({ what, i, value: actual[i] }).toEqual({ what, i, value: expected[i] });
  }
}
