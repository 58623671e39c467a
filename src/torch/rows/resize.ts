/** interpolate, as a row: every mode takes cells by their positions, and mixes them along one axis after the other. */

import { NotImplementedError, RuntimeError, TypeError_, ValueError } from '../../errors.js';
import { isFloat } from '../../shape/dtype.js';
import { checkSize, type Shape, showShape, sizeOf, stridesOf } from '../../shape/shape.js';
import { isForeign } from '../../tensor/foreign.js';
import { newTensor, op, type Tensor } from '../../tensor/tensor.js';
import { boolArgument, isWhole, tensorArgument, typeName, wrongType } from '../arguments.js';
import { type Row, row } from '../row.js';
import { adaptivePooling } from './adaptive.js';
import { unimplemented } from './elementary.js';
import { offsetBy } from './formula.js';

type Mode = 'nearest' | 'nearest-exact' | 'linear' | 'bilinear' | 'bicubic' | 'trilinear' | 'area';

/** Ranks that a mode has; PyTorch's name of the node. */
const modes: { readonly [M in Mode]: { readonly ranks: readonly number[]; readonly name: string } } = {
  nearest: { ranks: [1, 2, 3], name: 'Nearest' },
  'nearest-exact': { ranks: [1, 2, 3], name: 'NearestExact' },
  linear: { ranks: [1], name: 'Linear' },
  bilinear: { ranks: [2], name: 'Bilinear' },
  bicubic: { ranks: [2], name: 'Bicubic' },
  trilinear: { ranks: [3], name: 'Trilinear' },
  area: { ranks: [1, 2, 3], name: '' },
};

const isMode = (mode: string): mode is Mode => Object.hasOwn(modes, mode);

/** An axis: its size before and after, and the scale by which places are found where it isn't their quotient. */
interface Axis {
  readonly from: number;
  readonly to: number;
  readonly scale: number | null;
}

/** Steps between the places in the input: in single precision for float32, as PyTorch. */
type Round = (x: number) => number;

const stepOf = ({ from, to, scale }: Axis, round: Round): number =>
  scale !== null && scale > 0 ? round(1 / scale) : round(round(from) / round(to));

const aligned = ({ from, to }: Axis, round: Round): number => (to > 1 ? round(round(from - 1) / round(to - 1)) : 0);

/** One cell for each of the result. */
function nearest(axis: Axis, exact: boolean, round: Round): number[] {
  const step = stepOf(axis, round);
  return Array.from({ length: axis.to }, (_, i) =>
    Math.min(Math.floor(Math.fround(round(round(exact ? i + 0.5 : i) * step))), axis.from - 1),
  );
}

/** Cells and their weights, a list a tap. */
interface Taps {
  readonly cells: readonly (readonly number[])[];
  readonly weights: readonly (readonly number[])[];
}

function placesOf(axis: Axis, align: boolean, cubic: boolean, round: Round): number[] {
  const step = align ? aligned(axis, round) : stepOf(axis, round);
  return Array.from({ length: axis.to }, (_, i) => {
    if (align) return round(step * i);
    const place = round(round(step * round(i + 0.5)) - 0.5);
    return !cubic && place < 0 ? 0 : place;
  });
}

function linear(axis: Axis, align: boolean, round: Round): Taps {
  // An axis that keeps its size keeps its cells, whatever the scale.
  const isSame = axis.from === axis.to;
  const places = isSame ? Array.from({ length: axis.to }, (_, i) => i) : placesOf(axis, align, false, round);
  const first = places.map((place) => Math.min(Math.floor(place), axis.from - 1));
  const part = places.map((place, i) => Math.min(Math.max(round(place - (first[i] as number)), 0), 1));
  return {
    cells: [first, first.map((cell) => Math.min(cell + 1, axis.from - 1))],
    weights: [part.map((t) => round(1 - t)), part],
  };
}

/** Keys' cubic convolution with a = -3/4: near 0, and between 1 and 2. */
const near = (t: number): number => (1.25 * t - 2.25) * t * t + 1;
const far = (t: number): number => ((-0.75 * t + 3.75) * t - 6) * t + 3;

function cubic(axis: Axis, align: boolean, round: Round): Taps {
  const places = placesOf(axis, align, true, round);
  const first = places.map((place) => Math.min(Math.floor(place), axis.from - 1));
  const part = places.map((place, i) => Math.min(Math.max(round(place - (first[i] as number)), 0), 1));
  const clamped = (offset: number): number[] =>
    first.map((cell) => Math.min(Math.max(cell + offset, 0), axis.from - 1));
  return {
    cells: [-1, 0, 1, 2].map(clamped),
    weights: [part.map((t) => far(t + 1)), part.map(near), part.map((t) => near(1 - t)), part.map((t) => far(2 - t))],
  };
}

/** Cells of one axis by a list, in which they may stand any number of times. */
function take(x: Tensor, axis: number, cells: readonly number[]): Tensor {
  const size = x.shape[axis] as number;
  const [outer, inner] = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis + 1))];
  const rows = op.reshape(x, [outer, size * inner]);
  const within = Int32Array.from({ length: cells.length * inner }, (_, i) => {
    return (cells[Math.floor(i / inner)] as number) * inner + (i % inner);
  });
  const positions = offsetBy(newTensor(within, [within.length], 'int32'), outer, size * inner);
  return op.reshape(op.gather(rows, positions), x.shape.with(axis, cells.length));
}

/** The weighted sum of some cells along one axis. */
function mix(x: Tensor, axis: number, { cells, weights }: Taps): Tensor {
  const parts = cells.map((list, tap) => {
    const part = take(x, axis, list);
    const weight = newTensor(weights[tap] as readonly number[], [list.length], x.dtype);
    return op.multiply(part, op.broadcast_in_dim(weight, part.shape, [axis]));
  });
  return parts.reduce((sum, part) => op.add(sum, part));
}

/** All spatial axes at once: positions in the plane. */
function takeNearest(x: Tensor, axes: readonly Axis[], exact: boolean, round: Round): Tensor {
  const lead = x.shape.slice(0, 2);
  const space = x.shape.slice(2);
  const strides = stridesOf(space);
  const places = axes.reduce<number[]>(
    (all, axis, i) => {
      const cells = nearest(axis, exact, round);
      return all.flatMap((place) => cells.map((cell) => place + cell * (strides[i] as number)));
    },
    [0],
  );
  const positions = offsetBy(newTensor(places, [places.length], 'int32'), sizeOf(lead), sizeOf(space));
  const taken = op.gather(op.reshape(x, [sizeOf(lead), sizeOf(space)]), positions);
  return op.reshape(taken, [...lead, ...axes.map(({ to }) => to)]);
}

interface Given {
  readonly x: Tensor;
  readonly mode: Mode;
  readonly axes: readonly Axis[];
  readonly align: boolean;
}

const same: Round = (x) => x;

function resized({ x, mode, axes, align }: Given): Tensor {
  const round: Round = x.dtype === 'float64' ? same : Math.fround;
  if (mode === 'nearest' || mode === 'nearest-exact') return takeNearest(x, axes, mode === 'nearest-exact', round);
  if (mode === 'area') {
    const rank = axes.length as 1 | 2 | 3;
    return adaptivePooling[`adaptive_avg_pool${rank}d`].run([x, axes.map(({ to }) => to)]);
  }
  const tapsOf = mode === 'bicubic' ? cubic : linear;
  // From the last axis on, which makes the least.
  const mixed = axes.reduceRight(
    (y, axis, i) => (axis.from === axis.to && axis.scale === null ? y : mix(y, i + 2, tapsOf(axis, align, round))),
    x,
  );
  return mixed === x ? op.reshape(x, x.shape) : mixed;
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** A number for all dimensions, or a list of one each. */
function perDimension(value: unknown, name: 'size' | 'scale_factor', space: Shape): readonly number[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : space.map(() => value);
  if (list.length !== space.length) {
    const what = name === 'size' ? 'output size of' : 'scale_factor of shape';
    throw new ValueError(
      'rank-mismatch',
      `Input and ${name === 'size' ? 'output' : name} must have the same number of spatial dimensions, but got input with ` +
        `spatial dimensions of ${showShape(space)} and ${what} (${list.join(', ')}).`,
    );
  }
  return list.map((item) => {
    if (name === 'size' ? isWhole(item) : typeof item === 'number') return item as number;
    throw new TypeError_(
      'bad-argument',
      `interpolate(): argument '${name}' must be ${name === 'size' ? 'ints' : 'floats'}, but found ${typeName(item)}`,
    );
  });
}

function axesOf(x: Tensor, size: unknown, scaleFactor: unknown, recompute: boolean): Axis[] {
  const space = x.shape.slice(2);
  if (isGiven(size) && isGiven(scaleFactor)) {
    throw new ValueError('bad-argument', 'only one of size or scale_factor should be defined');
  }
  if (isGiven(size)) {
    if (recompute)
      throw new ValueError('bad-argument', 'recompute_scale_factor is not meaningful with an explicit size.');
    const to = perDimension(size, 'size', space);
    return space.map((from, axis) => ({ from, to: to[axis] as number, scale: null }));
  }
  if (!isGiven(scaleFactor)) throw new ValueError('missing-argument', 'either size or scale_factor should be defined');
  const scales = perDimension(scaleFactor, 'scale_factor', space);
  return space.map((from, axis) => {
    const scale = scales[axis] as number;
    return { from, to: Math.floor(from * scale), scale: recompute ? null : scale };
  });
}

const RANKED = { linear: 3, bilinear: 4, bicubic: 4, trilinear: 5 } as const;

function modeOf(mode: unknown, rank: number): Mode {
  const given = mode ?? 'nearest';
  if (typeof given !== 'string') throw wrongType('interpolate', 'mode', 'str', given);
  if (!isMode(given) || rank < 3 || rank > 5) {
    throw new NotImplementedError(
      'bad-argument',
      `Input Error: Only 3D, 4D and 5D input Tensors supported (got ${rank}D) for the modes: nearest | linear | bilinear | ` +
        `bicubic | trilinear | area | nearest-exact (got ${given})`,
    );
  }
  return given;
}

function checkRank(mode: Mode, rank: number): void {
  if (modes[mode].ranks.includes(rank - 2)) return;
  const needed = Object.entries(RANKED).find(([name]) => name === mode)?.[1];
  throw new NotImplementedError('rank-mismatch', `Got ${rank}D input, but ${mode} mode needs ${needed}D input`);
}

const isMixing = (mode: Mode): boolean => Object.hasOwn(RANKED, mode);

function checkSizes(x: Tensor, axes: readonly Axis[]): void {
  const letters = ['D', 'H', 'W'].slice(-axes.length);
  if (axes.some(({ from, to }) => !(from >= 1 && to >= 1))) {
    const list = (sizes: readonly number[]): string => sizes.map((size, i) => `${letters[i]}: ${size}`).join(', ');
    throw new RuntimeError(
      'size-invalid',
      `Input and output sizes should be greater than 0, but got input (${list(axes.map(({ from }) => from))}) and output ` +
        `(${list(axes.map(({ to }) => to))})`,
    );
  }
  checkSize([...x.shape.slice(0, 2), ...axes.map(({ to }) => to)], 'the result');
  if (x.shape[1] !== 0) return;
  const message = `Non-empty ${x.shape.length}D data tensor expected but got a tensor with sizes ${showShape(x.shape)}`;
  throw new RuntimeError('size-invalid', message);
}

function checkDType(x: Tensor, mode: Mode): void {
  if (isFloat(x.dtype) || (x.dtype === 'uint8' && mode.startsWith('nearest'))) return;
  throw unimplemented(`compute_indices_weights_${mode.startsWith('nearest') ? 'nearest' : 'linear'}`, x.dtype);
}

const gradFn: Row['gradFn'] = ([input, size, scaleFactor, mode = 'nearest']) => {
  const x = isForeign(input) ? input.toCore() : null;
  const rank = (x?.shape.length ?? 2) - 2;
  if (mode !== 'area' || x === null)
    return `Upsample${isMode(String(mode)) ? modes[String(mode) as Mode].name : ''}${rank}DBackward0`;
  const { gradFn: name } = adaptivePooling[`adaptive_avg_pool${rank as 1 | 2 | 3}d`];
  const to = axesOf(x, size, scaleFactor, true === isGiven(scaleFactor)).map((axis) => axis.to);
  return typeof name === 'string' ? name : name([input, to]);
};

export const resizing: { readonly interpolate: Row } = {
  interpolate: row(
    'interpolate',
    'input size?~ scale_factor?~ mode? align_corners?~ recompute_scale_factor?~ antialias?',
    gradFn,
    ([input, size, scaleFactor, givenMode, alignCorners, recompute, antialias]) => {
      const x = tensorArgument(input, 'interpolate', 'input');
      const rank = x.shape.length;
      const name = typeof givenMode === 'string' ? givenMode : 'nearest';
      if (isGiven(alignCorners) && ['nearest', 'area', 'nearest-exact'].includes(name)) {
        throw new ValueError(
          'bad-argument',
          'align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear',
        );
      }
      const align = boolArgument(alignCorners ?? undefined, 'interpolate', 'align_corners');
      const recomputes = boolArgument(recompute ?? undefined, 'interpolate', 'recompute_scale_factor');
      const axes = axesOf(x, size, scaleFactor, recomputes);
      checkAntialias(boolArgument(antialias, 'interpolate', 'antialias'), name, rank);
      const mode = modeOf(givenMode, rank);
      checkRank(mode, rank);
      if (mode !== 'area') checkSizes(x, axes);
      if (mode !== 'area') checkDType(x, mode);
      return resized({ x, mode, axes, align: align && isMixing(mode) });
    },
  ),
};

function checkAntialias(antialias: boolean, mode: string, rank: number): void {
  if (!antialias) return;
  if (!(rank === 4 && (mode === 'bilinear' || mode === 'bicubic'))) {
    throw new ValueError(
      'bad-argument',
      'Anti-alias option is restricted to bilinear and bicubic modes and requires a 4-D tensor as input',
    );
  }
  throw new NotImplementedError('not-implemented', 'interpolate(): antialias=True is not there');
}
