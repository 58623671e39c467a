/** What the real frameworks computed and printed (test/golden/), made again. */

import { AdjointError } from 'adjoint';
import * as np from 'adjoint/numpy';
import * as signal from 'adjoint/scipy/signal';
import * as tf from 'adjoint/tf';
import * as torch from 'adjoint/torch';
import { callOf, draws, type Call as TfCall } from '../golden/tf-calls.js';
import { runCell } from '../support/cell.js';
import { checkCell, type Door, type Recording } from '../support/cells.js';
import { numpyDoor } from '../support/numpy-cells.js';
import { tfDoor } from '../support/tf-cells.js';
import { torchDoor } from '../support/torch-cells.js';
import { type Case, type Cases, every, same, thrownBy } from './agree.js';

const { functional: F } = torch.nn;

async function load<Recording>(name: string): Promise<Recording> {
  const response = await fetch(`/test/golden/${name}.json`);
  if (!response.ok) throw new Error(`${name}.json: ${response.status}`);
  return response.json();
}

/** Elements in row-major order, zeros without sign. */
const flat = (x: { tolist(): unknown }): number[] =>
  [x.tolist()].flat(Number.POSITIVE_INFINITY).map((value) => Number(value) + 0);

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** The whole numbers from -3 to 3 that the recording script drew. */
function torchDraws(seed: number): (shape: readonly number[], dtype: torch.dtype) => torch.Tensor {
  let state = seed;
  const draw = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 24) % 7) - 3;
  };
  return (shape, dtype) =>
    torch
      .tensor(Float64Array.from({ length: sizeOf(shape) }, draw))
      .to(dtype)
      .reshape(shape);
}

/** A hash of shape and elements. */
const digest = (x: torch.Tensor): string =>
  ([...x.shape, ...flat(x.detach())].reduce((sum, value) => (Math.imul(sum, 31) + value) | 0, 17) >>> 0).toString(16);

type TorchCall = [source: string, x: number[], w: number[], b: number | null, dtype: 'f' | 'd' | 'l', digests: string];

const torchTypes = { f: torch.float32, d: torch.float64, l: torch.int64 };

/** Digests of y, of its gradients, and where as many are recorded, of gradients of these. */
function torchDigests([source, xShape, wShape, bias, letter, digests]: TorchCall, seed: number): string {
  const dtype = torchTypes[letter];
  const draw = torchDraws(seed);
  const leaf = (shape: readonly number[]) => draw(shape, dtype).requires_grad_(dtype.is_floating_point);
  const [x, w] = [leaf(xShape), leaf(wShape)];
  const b = bias === null ? null : leaf([bias]);
  const y = runCell(source, { ...F, x, w, b }) as torch.Tensor;
  const results = [y];
  if (dtype.is_floating_point) {
    const isSecond = digests.split(' ').length >= 6;
    const g = draw(y.shape, dtype).requires_grad_(isSecond);
    const inputs = b === null ? [x, w] : [x, w, b];
    const [gx, gw, ...gb] = torch.autograd.grad(y, inputs, { grad_outputs: g, create_graph: isSecond });
    if (gx === undefined || gw === undefined) throw new Error('a gradient is missing');
    results.push(gx, gw, ...gb);
    if (isSecond) {
      const sum = gx
        .mul(draw(xShape, dtype))
        .sum()
        .add(gw.mul(draw(wShape, dtype)).sum());
      results.push(...torch.autograd.grad(sum, [x, w, g]));
    }
  }
  return results.map(digest).join(' ');
}

/** All recorded calls of one of PyTorch's convolutions. */
const torchConvolutions =
  (name: string): Case =>
  async () => {
    const { convolutions } = await load<{ convolutions: TorchCall[] }>('torch-conv');
    const calls = convolutions
      .map((call, seed) => ({ call, seed }))
      .filter(({ call }) => call[0].startsWith(`${name}(`));
    every(calls, 90, ({ call, seed }) => same(torchDigests(call, seed), call[5], 'the digest'));
  };

/** The name of an exception as Python has it. */
const pythonName = (error: unknown): string => (error instanceof AdjointError ? error.name.replace(/_$/, '') : '');

/** All recorded cells of a door: what they print, compute and refuse. */
const cells =
  (name: string, door: Door): Case =>
  async () => {
    const families = await load<string[]>(`cells/${name}/index`);
    const recordings = await Promise.all(families.map((family) => load<Recording>(`cells/${name}/${family}`)));
    const all = recordings.flatMap(({ groups }) =>
      Object.entries(groups).flatMap(([heading, group]) => group.map((cell) => ({ heading, cell }))),
    );
    every(all, 1, ({ heading, cell }) => checkCell(door, heading, cell));
  };

interface TfCase {
  readonly call: TfCall;
  readonly y: readonly number[];
  readonly gradients?: readonly (readonly number[])[];
}

/** TensorFlow's convolutions of whole numbers and their gradients, whose elements must come out exactly. */
async function tfConvolutions(): Promise<void> {
  const { cases } = await load<{ cases: TfCase[] }>('tf-convolution');
  const whole = cases.filter(({ call }) => !JSON.stringify(call).includes('"real"'));
  every(whole, 50, ({ call, y: expected, gradients = [] }) => {
    const { apply, args } = callOf(call);
    const sources = args.filter((arg) => arg instanceof tf.Tensor).filter(({ dtype }) => dtype.is_floating);
    const tape = new tf.GradientTape();
    const y = tape.run(() => {
      tape.watch(sources);
      return apply(args);
    });
    same(flat(y.numpy()), expected, 'y');
    if (gradients.length === 0) return;
    const upstream = tf.constant(draws(7, expected.length, false), { dtype: y.dtype, shape: y.shape });
    const given = tape.gradient(y, sources, { output_gradients: upstream });
    gradients.forEach((gradient, i) => void same(given[i] && flat(given[i].numpy()), gradient, `gradient ${i}`));
  });
}

type Argument = string | number | boolean | null | readonly Argument[];

/** Function, arguments and keyword arguments; then the repr of the result, or class and text of the error. */
type NumpyCall = readonly [
  name: string,
  args: readonly Argument[],
  keywords: { readonly [name: string]: Argument },
  outcome: string,
  message?: string,
];

interface NumpyRecording {
  readonly arrays: { readonly [name: string]: { readonly data: Argument; readonly dtype: string } };
  readonly calls: readonly NumpyCall[];
}

const words: { readonly [word: string]: number } = { nan: Number.NaN, inf: np.inf, '-inf': -np.inf };

/** Elements of a recorded array: nan and inf are words. */
const elements = (data: Argument): np.ArrayInput =>
  Array.isArray(data) ? data.map(elements) : typeof data === 'string' ? (words[data] as number) : (data as number);

/** NumPy's functions, arrays and scalars, by the repr of what they give or the class of what they throw. */
async function numpyTexts(): Promise<void> {
  const { arrays, calls } = await load<NumpyRecording>('numpy');
  const decoded = (argument: Argument): unknown => {
    if (Array.isArray(argument)) return argument.map(decoded);
    if (typeof argument !== 'string') return argument;
    const array = arrays[argument.slice(1)];
    if (argument.startsWith('$') && array !== undefined) return np.array(elements(array.data), array.dtype);
    return argument.startsWith('@') ? np.dtype(argument.slice(1)) : argument;
  };
  const made = ([name, args, keywords]: NumpyCall): unknown => {
    const named = Object.entries(keywords).map(([key, value]) => [key, decoded(value)]);
    const all = [...args.map(decoded), ...(named.length > 0 ? [Object.fromEntries(named)] : [])];
    const isMethod = name === '[]' || name.startsWith('.');
    const path = name === '[]' ? 'at' : name.replace(/^\./, '');
    const f = path.split('.').reduce<unknown>((owner, key) => Reflect.get(Object(owner), key), isMethod ? all[0] : np);
    return Reflect.apply(f as () => unknown, all[0], isMethod ? all.slice(1) : all);
  };
  every(calls, 700, (call) => {
    const isError = call[4] !== undefined;
    same(isError ? pythonName(thrownBy(() => made(call))) : np.repr(made(call)), call[3], 'the outcome');
  });
}

const scipyTypes = { f8: 'float64', i8: 'int64', f4: 'float32', i4: 'int32', u1: 'uint8', b1: 'bool' } as const;
type Code = keyof typeof scipyTypes;

const { convolve2d, correlate2d, convolve, correlate, fftconvolve, oaconvolve } = signal;
const scipyFunctions = { convolve2d, correlate2d, convolve, correlate, fftconvolve, oaconvolve };

type ScipyCall = readonly [
  name: keyof typeof scipyFunctions,
  shapeX: readonly number[],
  shapeW: readonly number[],
  dtypeX: Code,
  dtypeW: Code,
  seed: number,
  options: readonly unknown[],
  outcome: string,
  shape?: readonly number[],
  data?: readonly number[],
];

/** The numbers that the recording script made its arrays of. */
function scipyArray(shape: readonly number[], dtype: Code, seed: number): np.ndarray {
  const numbers = Array.from({ length: sizeOf(shape) }, (_, i) => {
    const x = ((i * i + 3 * i * seed + 7 * seed) % 11) - 5;
    if (dtype === 'b1') return Number(Math.abs(x) > 2);
    if (dtype === 'u1') return Math.abs(x);
    return dtype === 'f4' || dtype === 'f8' ? x / 4 : x;
  });
  return np.array(numbers, scipyTypes[dtype]).reshape(shape);
}

/** SciPy's convolutions and correlations: dtype, shape and elements, or class and text of the error. */
async function scipyConvolutions(): Promise<void> {
  const { cases } = await load<{ cases: ScipyCall[] }>('scipy');
  every(cases, 500, ([name, shapeX, shapeW, dtypeX, dtypeW, seed, options, outcome, shape, data]) => {
    const args = [scipyArray(shapeX, dtypeX, seed), scipyArray(shapeW, dtypeW, seed + 1), ...options];
    const call = (): np.ndarray => Reflect.apply(scipyFunctions[name], undefined, args);
    if (shape === undefined) {
      const error = thrownBy(call);
      same(`${pythonName(error)}: ${(error as Error).message}`.slice(0, outcome.length), outcome, 'the error');
      return;
    }
    const y = call();
    same([y.dtype.name, [...y.shape], flat(y)], [scipyTypes[outcome as Code], shape, data], 'y');
  });
}

const torchNames = ['conv1d', 'conv2d', 'conv3d', 'conv_transpose1d', 'conv_transpose2d', 'conv_transpose3d'];

export const recorded: Cases = {
  ...Object.fromEntries(torchNames.map((name) => [`PyTorch's ${name} and its gradients`, torchConvolutions(name)])),
  "PyTorch's cells": cells('torch', torchDoor),
  "TensorFlow's cells": cells('tf', tfDoor),
  "NumPy's cells": cells('numpy', numpyDoor({})),
  "SciPy's cells": cells('scipy', numpyDoor({ signal })),
  "TensorFlow's convolutions and their gradients": tfConvolutions,
  "NumPy's calls, as printed": numpyTexts,
  "SciPy's convolutions": scipyConvolutions,
};
