/**
 * A convolution without its dilated input: along each axis, outputs fall into phases, and each phase is an ordinary
 * convolution of whole steps.
 *
 * Output o and tap t meet cell j where o*s + t*d = j*b + lo. Let P = b / gcd(s, b). For o = f + q*P the left side grows
 * by q*(s / gcd(s, b))*b, so the taps with f*s + t*d - lo divisible by b are the same for all q, and cell j moves by
 * s / gcd(s, b) each: phase f of P.
 */

import { type Convolution, outputSize, positionsOf, sizeAt, type Window } from '../conv/convolution.js';
import { type Shape, stridesOf } from '../shape/shape.js';

/** A tap of the kernel, and the cell it meets at the first output of its phase. */
export interface Meeting {
  readonly tap: number;
  readonly cell: number;
}

/** The outputs first, first + step, ...: each is the sum over the taps, whose cells move by `cellStep`. */
export interface Phase {
  readonly first: number;
  readonly count: number;
  readonly step: number;
  readonly cellStep: number;
  readonly meetings: readonly Meeting[];
}

/** One spatial axis: sizes, phases, and the cells that are read beyond the input. */
export interface Axis {
  readonly cells: number;
  readonly taps: number;
  readonly outputs: number;
  readonly phases: readonly Phase[];
  /** Zeros needed before and after. */
  readonly lo: number;
  readonly hi: number;
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

const remainder = (a: number, b: number): number => ((a % b) + b) % b;

function phasesOf({ stride, lo, inputDilation, kernelDilation }: Window, flip: boolean, taps: number, outputs: number) {
  const common = gcd(stride, inputDilation);
  const step = inputDilation / common;
  return Array.from({ length: Math.min(step, outputs) }, (_, first): Phase => {
    const meetings: Meeting[] = [];
    for (let t = 0; t < taps; t++) {
      const place = first * stride + t * kernelDilation - lo;
      if (remainder(place, inputDilation) === 0) {
        meetings.push({ tap: flip ? taps - 1 - t : t, cell: place / inputDilation });
      }
    }
    return { first, count: Math.ceil((outputs - first) / step), step, cellStep: stride / common, meetings };
  });
}

/** The only axis of a convolution that lacks it. */
const SINGLE: Axis = {
  cells: 1,
  taps: 1,
  outputs: 1,
  phases: [{ first: 0, count: 1, step: 1, cellStep: 1, meetings: [{ tap: 0, cell: 0 }] }],
  lo: 0,
  hi: 0,
};

function axisOf(window: Window, flip: boolean, cells: number, taps: number): Axis {
  const outputs = outputSize(window, cells, taps);
  const phases = phasesOf(window, flip, taps, outputs);
  let [least, most] = [0, cells - 1];
  for (const { count, cellStep, meetings } of phases) {
    for (const { cell } of meetings) {
      least = Math.min(least, cell);
      most = Math.max(most, cell + (count - 1) * cellStep);
    }
  }
  return { cells, taps, outputs, phases, lo: -least, hi: most - (cells - 1) };
}

/** Strides of an operand in elements, by letter; 0 for a letter left out. */
export interface Strides {
  readonly g: number;
  readonly n: number;
  readonly c: number;
  readonly o: number;
  /** Along z, y, x. */
  readonly space: readonly [number, number, number];
}

/** Strides by letter of an operand of `rank` spatial axes, the last of which is x. */
export function stridesBy(axes: string, shape: Shape, rank: number): Strides {
  const { g, n, c, o, space } = positionsOf(axes);
  const strides = stridesOf(shape);
  const at = (position: number | undefined): number =>
    position === undefined || position < 0 ? 0 : (strides[position] as number);
  const along = (axis: number): number => at(axis < 0 ? -1 : space[axis]);
  return { g: at(g), n: at(n), c: at(c), o: at(o), space: [along(rank - 3), along(rank - 2), along(rank - 1)] };
}

/** Sizes by letter, axes z, y, x (a single output where there is none), and strides of all three. */
export interface Geometry {
  readonly groups: number;
  readonly samples: number;
  readonly channels: number;
  readonly outputs: number;
  readonly space: readonly [Axis, Axis, Axis];
  readonly input: Strides;
  readonly kernel: Strides;
  readonly output: Strides;
}

export function geometryOf(spec: Convolution, input: Shape, kernel: Shape, output: Shape): Geometry {
  const [x, w, y] = [positionsOf(spec.input), positionsOf(spec.kernel), positionsOf(spec.output)];
  const rank = spec.windows.length;
  const axis = (index: number): Axis => {
    const window = spec.windows[index];
    if (window === undefined) return SINGLE;
    return axisOf(window, spec.flip, sizeAt(input, x.space[index] ?? -1), sizeAt(kernel, w.space[index] ?? -1));
  };
  return {
    groups: sizeAt(output, y.g),
    samples: sizeAt(output, y.n),
    channels: sizeAt(input, x.c),
    outputs: sizeAt(output, y.o),
    space: [axis(rank - 3), axis(rank - 2), axis(rank - 1)],
    input: stridesBy(spec.input, input, rank),
    kernel: stridesBy(spec.kernel, kernel, rank),
    output: stridesBy(spec.output, output, rank),
  };
}
