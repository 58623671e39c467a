/**
 * Winograd's convolution F(4x4, 3x3): of 6x6 inputs and a 3x3 kernel, 4x4 outputs by 36 multiplications instead of 144.
 *
 *     Y = A' [ (G g G') * (B' d B) ] A        (Lavin & Gray 2015, https://arxiv.org/abs/1509.09308)
 *
 * Inputs, outputs and kernel are polynomials, multiplied by their values at six points: 0, p, -p, q, -q, infinity.
 * With p = sqrt(1/2) and q = sqrt(2), pq = 1, and the rounding error is about twice that of the direct sum; the
 * textbook's points 1 and 2 make it eight times. Summed over channels, the products are 36 matrix products, which take
 * most of the time.
 */

import { add, constant, type FunctionBuilder, func, load, multiply, subtract } from '../kernel/build.js';
import { type Expr, type Func, laneOf, type Variable } from '../kernel/program.js';
import { type Format, range, sizesOf, tileVectors } from './panel.js';

/** Side of a block of outputs, of the kernel, of a block of inputs; and the number of points. */
export const outputSide = 4;
export const kernelSide = 3;
export const inputSide = 6;
export const points: number = inputSide * inputSide;

const p = Math.SQRT1_2;
const q = Math.SQRT2;

/** Factors of the transforms, in registers or near: an engine makes constants anew wherever they stand. */
type Factors = (value: number) => Variable;

function factors(f: FunctionBuilder, format: Format, values: readonly number[]): Factors {
  const type = { lane: laneOf[format.cell], width: sizesOf(format).width };
  const made = new Map(values.map((value) => [value, f.let(constant(type, value))]));
  return (value) => made.get(value) as Variable;
}

type Transform = (f: FunctionBuilder, by: Factors, x: readonly Variable[]) => Expr[];
interface Linear {
  readonly factors: readonly number[];
  readonly of: Transform;
}

const nth = (x: readonly Variable[], i: number): Variable => x[i] as Variable;

type Six = readonly [Variable, Variable, Variable, Variable, Variable, Variable];
const six = (x: readonly Variable[]): Six => [nth(x, 0), nth(x, 1), nth(x, 2), nth(x, 3), nth(x, 4), nth(x, 5)];

/** B': the values that inputs x0 .. x5 take part with at each point. */
const inputTransform: Linear = {
  factors: [1 / 2, 2, 5 / 2, p, q],
  of(f, by, x) {
    const [x0, x1, x2, x3, x4, x5] = six(x);
    const even = f.let(subtract(x4, multiply(x2, by(2))));
    const odd = f.let(multiply(subtract(x3, multiply(x1, by(2))), by(p)));
    const even2 = f.let(subtract(x4, multiply(x2, by(1 / 2))));
    const odd2 = f.let(multiply(subtract(x3, multiply(x1, by(1 / 2))), by(q)));
    return [
      add(x0, subtract(x4, multiply(x2, by(5 / 2)))),
      add(even, odd),
      subtract(even, odd),
      add(even2, odd2),
      subtract(even2, odd2),
      add(x1, subtract(x5, multiply(x3, by(5 / 2)))),
    ];
  },
};

/** A': outputs from the products m at the points. */
const outputTransform: Linear = {
  factors: [1 / 2, 2, p, q, p / 2, 2 * q],
  of(f, by, m) {
    const [m0, m1, m2, m3, m4, m5] = six(m);
    const [sum, difference] = [f.let(add(m1, m2)), f.let(subtract(m1, m2))];
    const [sum2, difference2] = [f.let(add(m3, m4)), f.let(subtract(m3, m4))];
    return [
      add(m0, add(sum, sum2)),
      add(multiply(difference, by(p)), multiply(difference2, by(q))),
      add(multiply(sum, by(1 / 2)), multiply(sum2, by(2))),
      add(multiply(difference, by(p / 2)), add(multiply(difference2, by(2 * q)), m5)),
    ];
  },
};

/** A: the values of gradients of outputs. */
const gradientTransform: Linear = {
  factors: [1 / 2, 2, p, q, p / 2, 2 * q],
  of(f, by, y) {
    const [y0, y1, y2, y3] = range(4).map((i) => nth(y, i)) as [Variable, Variable, Variable, Variable];
    const even = f.let(add(y0, multiply(y2, by(1 / 2))));
    const odd = f.let(add(multiply(y1, by(p)), multiply(y3, by(p / 2))));
    const even2 = f.let(add(y0, multiply(y2, by(2))));
    const odd2 = f.let(add(multiply(y1, by(q)), multiply(y3, by(2 * q))));
    return [y0, add(even, odd), subtract(even, odd), add(even2, odd2), subtract(even2, odd2), y3];
  },
};

/** G': the gradient of the kernel from the products m at the points. */
const kernelGradientTransform: Linear = {
  factors: [-2 / 3, -1 / 3, (-2 / 3) * p, 1 / 6, 1 / 3, q / 6],
  of(f, by, m) {
    const [m0, m1, m2, m3, m4, m5] = six(m);
    const [sum, difference] = [f.let(add(m1, m2)), f.let(subtract(m1, m2))];
    const [sum2, difference2] = [f.let(add(m3, m4)), f.let(subtract(m3, m4))];
    return [
      add(m0, add(multiply(sum, by(-2 / 3)), multiply(sum2, by(1 / 6)))),
      add(multiply(difference, by((-2 / 3) * p)), multiply(difference2, by(q / 6))),
      add(m5, add(multiply(sum, by(-1 / 3)), multiply(sum2, by(1 / 3)))),
    ];
  },
};

/** G: the kernel's values at the points, over the products of their distances. */
const kernelTransform: Linear = {
  factors: [-2 / 3, -1 / 3, (-2 / 3) * p, 1 / 6, 1 / 3, q / 6],
  of(f, by, w) {
    const [w0, w1, w2] = range(3).map((i) => nth(w, i)) as [Variable, Variable, Variable];
    const even = f.let(add(multiply(w0, by(-2 / 3)), multiply(w2, by(-1 / 3))));
    const odd = f.let(multiply(w1, by((-2 / 3) * p)));
    const even2 = f.let(add(multiply(w0, by(1 / 6)), multiply(w2, by(1 / 3))));
    const odd2 = f.let(multiply(w1, by(q / 6)));
    return [w0, add(even, odd), subtract(even, odd), add(even2, odd2), subtract(even2, odd2), w2];
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
function valuesFunction(format: Format, name: string, linear: Linear, side: number): Func {
  const { step } = sizesOf(format);
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
export const inputFunction = (format: Format): Func =>
  valuesFunction(format, 'transform_input', inputTransform, inputSide);

/** Values of gradients of outputs, in blocks of 4x4. */
export const gradientFunction = (format: Format): Func =>
  valuesFunction(format, 'transform_gradient', gradientTransform, outputSide);

/** Outputs of one row of blocks: products [36][...tiles][columns] to strip [4][4 * tiles][columns]. */
export function outputFunction(format: Format): Func {
  const { step } = sizesOf(format);
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

/** A kernel's values at the points: panel [9][columns] to values [36], `pointStep` apart. */
export function kernelFunction(format: Format, flip: boolean): Func {
  const { step } = sizesOf(format);
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

/** The gradient of a kernel, all taps of a channel in a row: products [36][...][columns] to strip [9][columns]. */
export function kernelGradientFunction(format: Format): Func {
  const { step } = sizesOf(format);
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
