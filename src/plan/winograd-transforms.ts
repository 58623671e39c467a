/**
 * Winograd's convolution: of 6x6 inputs and a kernel of 3x3 taps, 4x4 outputs by 36 multiplications instead of 144, or
 * of 4x4 taps, 3x3 outputs.
 *
 *     Y = A' [ (G g G') * (B' d B) ] A        (Lavin & Gray 2015, https://arxiv.org/abs/1509.09308)
 *
 * Kernel and gradients of outputs are polynomials, whose product is known by its values at six points: 0, p, -p, q, -q,
 * infinity. With p = sqrt(1/2) and q = sqrt(2), pq = 1, and the rounding error is about twice that of the direct sum;
 * the textbook's points 1 and 2 make it eight times. Summed over channels, the products are 36 matrix products, which
 * take most of the time.
 *
 * A evaluates a polynomial at the points, G does and divides by the products of their distances, and a prime turns
 * either round. B', the transform of inputs, is what is left.
 */

import { add, constant, type FunctionBuilder, func, load, multiply, subtract } from '../kernel/build.js';
import { type Expr, type Func, laneOf, type Variable } from '../kernel/program.js';
import { type Format, range, sizesOf, tileVectors } from './panel.js';

/** Side of a block of inputs, and the number of points: outputs and taps of a block are one more together. */
export const inputSide = 6;
export const points: number = inputSide * inputSide;

/** A format, and the taps of a kernel's side. */
export interface WinogradFormat extends Format {
  readonly taps: 3 | 4;
}

/** Side of a block of outputs. */
export const outputSideOf = ({ taps }: WinogradFormat): number => inputSide + 1 - taps;

const p = Math.SQRT1_2;
const q = Math.SQRT2;

/** A linear map along one axis. `by` gives its factors. */
interface Linear {
  readonly factors: readonly number[];
  readonly of: (f: FunctionBuilder, by: Factors, x: readonly Variable[]) => Expr[];
}

/** Factors in registers or near: an engine makes constants anew wherever they stand. */
type Factors = (value: number) => Variable;

function factors(f: FunctionBuilder, format: Format, values: readonly number[]): Factors {
  const type = { lane: laneOf[format.cell], width: sizesOf(format).width };
  const made = new Map(values.map((value) => [value, f.let(constant(type, value))]));
  return (value) => made.get(value) as Variable;
}

const scaled = (by: Factors, x: Expr, factor: number): Expr => (factor === 1 ? x : multiply(x, by(factor)));

/** Exact where a power of the points is rational. */
const powers = { p: [1, p, 1 / 2, p / 2], q: [1, q, 2, 2 * q] } as const;

/** scale * point^i, for i below `count`. */
const scaledPowers = (point: 'p' | 'q', scale: number, count: number): number[] =>
  powers[point].slice(0, count).map((power) => power * scale);

/** A sum of terms, the last first. */
const total = (terms: readonly Expr[]): Expr => terms.slice(1).reduce((sum, term) => add(sum, term), terms[0] as Expr);

const isEven = (_: unknown, i: number): boolean => i % 2 === 0;
const isOdd = (_: unknown, i: number): boolean => i % 2 === 1;

/** The values of a polynomial of `count` coefficients at the points, those at p, -p and at q, -q scaled. */
function evaluate(count: number, scaleP: number, scaleQ: number): Linear {
  const [atP, atQ] = [scaledPowers('p', scaleP, count), scaledPowers('q', scaleQ, count)];
  return {
    factors: [...atP, ...atQ],
    of(f, by, x) {
      const pair = (coefficients: readonly number[]): Expr[] => {
        const terms = x.map((value, i) => scaled(by, value, coefficients[i] as number));
        const [even, odd] = [f.let(total(terms.filter(isEven))), f.let(total(terms.filter(isOdd)))];
        return [add(even, odd), subtract(even, odd)];
      };
      return [x[0] as Expr, ...pair(atP), ...pair(atQ), x[count - 1] as Expr];
    },
  };
}

/** The transpose of `evaluate`: coefficients from values at the points. */
function combine(count: number, scaleP: number, scaleQ: number): Linear {
  const [atP, atQ] = [scaledPowers('p', scaleP, count), scaledPowers('q', scaleQ, count)];
  return {
    factors: [...atP, ...atQ],
    of(f, by, [zero, p1, p2, q1, q2, infinity]) {
      const pair = (a: Expr = zero as Expr, b: Expr = a): [Variable, Variable] => [
        f.let(add(a, b)),
        f.let(subtract(a, b)),
      ];
      const [ofP, ofQ] = [pair(p1, p2), pair(q1, q2)];
      return range(count).map((i) => {
        const terms = [
          scaled(by, ofP[i % 2] as Expr, atP[i] as number),
          scaled(by, ofQ[i % 2] as Expr, atQ[i] as number),
        ];
        if (i === 0) terms.push(zero as Expr);
        if (i === count - 1) terms.push(infinity as Expr);
        return total(terms);
      });
    },
  };
}

/** Of G: 1 / (2 p^2 (p^2 - q^2)) and 1 / (2 q^2 (q^2 - p^2)); at 0 it is 1 / (p^2 q^2) = 1. */
const [scaleP, scaleQ] = [-2 / 3, 1 / 6];

/** B': the polynomial over the other points, at each; x^2 - q^2 at p and -p, x^2 - p^2 at q and -q. */
const inputTransform: Linear = {
  factors: [1 / 2, 2, 5 / 2, p, q],
  of(f, by, x) {
    const [x0, x1, x2, x3, x4, x5] = x as readonly [Variable, Variable, Variable, Variable, Variable, Variable];
    const pair = (other: number, point: number): Expr[] => {
      const even = f.let(subtract(x4, multiply(x2, by(other))));
      const odd = f.let(multiply(subtract(x3, multiply(x1, by(other))), by(point)));
      return [add(even, odd), subtract(even, odd)];
    };
    const end = (a: Variable, b: Variable, c: Variable): Expr => add(a, subtract(c, multiply(b, by(5 / 2))));
    return [end(x0, x2, x4), ...pair(2, p), ...pair(1 / 2, q), end(x1, x3, x5)];
  },
};

/** Loads vectors at some addresses, transforms them, and stores what comes out at others. */
function transformAt(
  f: FunctionBuilder,
  { cell, vectorBytes }: Format,
  linear: Linear,
  by: Factors,
  from: readonly Expr[],
  to: readonly Expr[],
): void {
  const { width } = sizesOf({ cell, vectorBytes });
  for (const v of range(tileVectors)) {
    const loaded = from.map((address) => f.let(load(cell, width, address, v * vectorBytes)));
    for (const [i, value] of linear.of(f, by, loaded).entries()) {
      f.store(cell, to[i] as Expr, value, v * vectorBytes);
    }
  }
}

/** start, start + step, ... */
const spaced = (start: Expr, step: Expr | number, count: number): Expr[] =>
  range(count).map((i) => add(start, multiply(step, i)));

/**
 * Values of one row of blocks at the points: strip [side][pixels][columns] to values [36][tiles][...], whose first
 * channel is at `values`. Columns are transformed first, as neighbouring blocks share some of them.
 */
function valuesFunction(format: WinogradFormat, name: string, linear: Linear, side: number): Func {
  const { step } = sizesOf(format);
  const outputSide = outputSideOf(format);
  return func(name, (f, strip, work, pixels, tiles, values, pointStep, tileStep) => {
    const by = factors(f, format, linear.factors);
    const row = f.let(multiply(pixels, step));
    const rows = range(inputSide).map((i) => f.let(multiply(row, i)));
    f.loop(
      pixels,
      [
        [strip, step],
        [work, step],
      ],
      (from, to) => {
        const at = (base: Expr): Expr[] => rows.map((offset) => add(base, offset));
        transformAt(f, format, linear, by, at(from).slice(0, side), at(to));
      },
    );
    const places = range(inputSide).map((j) => f.let(multiply(pointStep, j)));
    f.loop(
      inputSide,
      [
        [work, row],
        [values, multiply(pointStep, inputSide)],
      ],
      (line, first) => {
        f.loop(
          tiles,
          [
            [line, outputSide * step],
            [first, tileStep],
          ],
          (from, to) => {
            const into = places.map((place) => add(to, place));
            transformAt(f, format, linear, by, spaced(from, step, side), into);
          },
        );
      },
    );
  });
}

/** Values of inputs, in blocks of 6x6. */
export const inputFunction = (format: WinogradFormat): Func =>
  valuesFunction(format, 'transform_input', inputTransform, inputSide);

/** Values of gradients of outputs. */
export function gradientFunction(format: WinogradFormat): Func {
  const side = outputSideOf(format);
  return valuesFunction(format, 'transform_gradient', evaluate(side, 1, 1), side);
}

/** Outputs of one row of blocks: products [36][...tiles][columns] to strip [side][side * tiles][columns]. */
export function outputFunction(format: WinogradFormat): Func {
  const { step } = sizesOf(format);
  const outputSide = outputSideOf(format);
  const outputTransform = combine(outputSide, 1, 1);
  return func('transform_output', (f, products, pointStep, tiles, work, strip) => {
    const by = factors(f, format, outputTransform.factors);
    const workRow = f.let(multiply(tiles, inputSide * step));
    const places = range(inputSide).map((i) => f.let(multiply(pointStep, inputSide * i)));
    const rows = range(outputSide).map((i) => f.let(multiply(workRow, i)));
    f.loop(
      inputSide,
      [
        [products, pointStep],
        [work, step],
      ],
      (column, to) => {
        f.loop(
          tiles,
          [
            [column, step],
            [to, inputSide * step],
          ],
          (at, target) => {
            transformAt(
              f,
              format,
              outputTransform,
              by,
              places.map((place) => add(at, place)),
              rows.map((row) => add(target, row)),
            );
          },
        );
      },
    );
    f.loop(
      multiply(tiles, outputSide),
      [
        [work, inputSide * step],
        [strip, outputSide * step],
      ],
      (from, to) => {
        transformAt(f, format, outputTransform, by, spaced(from, step, inputSide), spaced(to, step, outputSide));
      },
    );
  });
}

/** A kernel's values at the points: panel [taps][columns] to values [36], `pointStep` apart. */
export function kernelFunction(format: WinogradFormat, flip: boolean): Func {
  const { step } = sizesOf(format);
  const kernelSide = format.taps;
  const kernelTransform = evaluate(kernelSide, scaleP, scaleQ);
  return func('transform_kernel', (f, panel, work, values, pointStep) => {
    const by = factors(f, format, kernelTransform.factors);
    const tap = (r: number, s: number): Expr => {
      const [row, column] = flip ? [kernelSide - 1 - r, kernelSide - 1 - s] : [r, s];
      return add(panel, (row * kernelSide + column) * step);
    };
    for (const s of range(kernelSide)) {
      const column = range(inputSide).map((i) => add(work, (i * kernelSide + s) * step));
      transformAt(
        f,
        format,
        kernelTransform,
        by,
        range(kernelSide).map((r) => tap(r, s)),
        column,
      );
    }
    const places = range(inputSide).map((j) => f.let(multiply(pointStep, j)));
    f.loop(
      inputSide,
      [
        [work, kernelSide * step],
        [values, multiply(pointStep, inputSide)],
      ],
      (row, to) => {
        transformAt(
          f,
          format,
          kernelTransform,
          by,
          spaced(row, step, kernelSide),
          places.map((place) => add(to, place)),
        );
      },
    );
  });
}

/** The gradient of a kernel, all taps of a channel in a row: products [36][...][columns] to strip [taps][columns]. */
export function kernelGradientFunction(format: WinogradFormat): Func {
  const { step } = sizesOf(format);
  const kernelSide = format.taps;
  const kernelGradientTransform = combine(kernelSide, scaleP, scaleQ);
  return func('transform_kernel_gradient', (f, products, pointStep, work, strip) => {
    const by = factors(f, format, kernelGradientTransform.factors);
    const places = range(inputSide).map((i) => f.let(multiply(pointStep, inputSide * i)));
    f.loop(
      inputSide,
      [
        [products, pointStep],
        [work, step],
      ],
      (column, to) => {
        const from = places.map((place) => add(column, place));
        transformAt(f, format, kernelGradientTransform, by, from, spaced(to, inputSide * step, kernelSide));
      },
    );
    f.loop(
      kernelSide,
      [
        [work, inputSide * step],
        [strip, kernelSide * step],
      ],
      (from, to) => {
        transformAt(
          f,
          format,
          kernelGradientTransform,
          by,
          spaced(from, step, inputSide),
          spaced(to, step, kernelSide),
        );
      },
    );
  });
}
