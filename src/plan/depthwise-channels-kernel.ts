/**
 * The kernels of depthwise convolutions whose groups lie side by side: vectors of channels.
 *
 * One is for outputs all of whose taps meet cells, and for few taps: a tile is some rows of one pixel and one vector of
 * channels, the kernel's numbers are in registers. The other is for any taps: it asks for each whether there is a cell.
 */

import {
  add,
  and,
  type Block,
  compare,
  constant,
  divide,
  type FunctionBuilder,
  func,
  kernel,
  load,
  multiply,
  multiplyAdd,
  named,
  subtract,
  type Value,
} from '../kernel/build.js';
import { type Expr, type Func, type Kernel, laneOf, type Variable } from '../kernel/program.js';
import { mostTaps, rowsRead, type Taps } from './depthwise.js';
import { type Format, range, sizesOf } from './panel.js';

/** What the kernel's numbers are gathered by; strides in bytes, tables of byte offsets. */
type Common = { readonly [K in 'weights' | 'channels' | 'taps' | 'weightsG']: Variable };

/** The kernel's numbers as they are read, [vector of channels][tap][lane]; the last vector ends with the last channel. */
function gather(f: FunctionBuilder, format: Format, taps: Value, p: Common, to: Variable): void {
  const { cell, vectorBytes } = format;
  const { width, bytes } = sizesOf(format);
  const block = f.let(multiply(taps, vectorBytes));
  const vector = (from: Expr, start: Expr): void =>
    f.loop(
      taps,
      [
        [p.taps, 4],
        [start, vectorBytes],
      ],
      (tap, at) => {
        const source = f.let(add(from, load('i32', 1, tap)));
        for (const lane of range(width)) {
          f.store(cell, at, load(cell, 1, add(source, multiply(p.weightsG, lane))), lane * bytes);
        }
      },
    );
  const whole = f.let(divide(p.channels, width));
  const step = multiply(p.weightsG, width);
  f.loop(
    whole,
    [
      [p.weights, step],
      [to, block],
    ],
    vector,
  );
  f.if(compare('LT', multiply(whole, width), p.channels), () => {
    const last = multiply(subtract(p.channels, width), p.weightsG);
    vector(add(p.weights, last), add(to, multiply(whole, block)));
  });
}

/** All channels of a pixel: whole vectors, and where channels are left, the last of them and those before. */
function overChannels(
  f: FunctionBuilder,
  format: Format,
  { channels }: Common,
  block: Expr,
  addresses: readonly [from: Expr, weights: Expr, to: Expr],
  run: (from: Expr, weights: Expr, to: Expr, count: Value) => void,
): void {
  const { width, bytes } = sizesOf(format);
  const [from, weights, to] = addresses;
  const whole = f.let(divide(channels, width));
  run(from, weights, to, whole);
  f.if(compare('LT', multiply(whole, width), channels), () => {
    const last = multiply(subtract(channels, width), bytes);
    run(add(from, last), add(weights, multiply(whole, block)), add(to, last), 1);
  });
}

export interface InnerKind extends Format {
  readonly y: Taps;
  readonly tapsX: number;
  /** Rows of a tile. */
  readonly rows: number;
}

/** Some rows of one pixel, of `count` vectors of channels; the kernel's numbers are in registers. */
function columnFunction({ cell, vectorBytes, y, tapsX, rows }: InnerKind): Func {
  const { width } = sizesOf({ cell, vectorBytes });
  const taps = y.count * tapsX;
  const zero = constant({ lane: laneOf[cell], width }, 0);
  return func('column', (f, from, pitch, unit, weights, count, to, pitchTo) => {
    const starts = [
      [from, vectorBytes],
      [weights, taps * vectorBytes],
      [to, vectorBytes],
    ] as const;
    f.loop(count, starts, (cells, numbers, out) => {
      const weight = range(taps).map((i) => f.let(load(cell, width, numbers, i * vectorBytes)));
      const sums = new Map<number, Variable>();
      let [row, line, target] = [cells, 0, out];
      for (const { row: r, uses, last } of rowsRead(rows, y)) {
        if (r > line) [row, line] = [f.let(add(row, multiply(pitch, r - line))), r];
        for (const { out: o } of uses) if (!sums.has(o)) sums.set(o, f.let(zero));
        let at = row;
        for (const s of range(tapsX)) {
          if (s > 0) at = f.let(add(at, unit));
          const vector = f.let(load(cell, width, at));
          for (const { out: o, tap } of uses) {
            const sum = sums.get(o) as Variable;
            f.set(sum, multiplyAdd(vector, weight[tap * tapsX + s] as Variable, sum));
          }
        }
        // Sums that are complete make room for others.
        for (const o of last) {
          if (o > 0) target = f.let(add(target, pitchTo));
          f.store(cell, target, sums.get(o) as Variable);
        }
      }
    });
  });
}

/** The same for any number of taps. */
function longColumnFunction({ cell, vectorBytes, y, tapsX, rows }: InnerKind): Func {
  const { width } = sizesOf({ cell, vectorBytes });
  const zero = constant({ lane: laneOf[cell], width }, 0);
  return func('column', (f, from, pitch, unit, weights, count, to, pitchTo) => {
    const [next, nextTap] = [f.let(multiply(pitch, y.step)), f.let(multiply(pitch, y.apart))];
    const starts = [
      [from, vectorBytes],
      [weights, y.count * tapsX * vectorBytes],
      [to, vectorBytes],
    ] as const;
    f.loop(count, starts, (cells, numbers, out) => {
      const sums = range(rows).map(() => f.let(zero));
      const alongY = [
        [cells, nextTap],
        [numbers, tapsX * vectorBytes],
      ] as const;
      f.loop(y.count, alongY, (line, first) => {
        const alongX = [
          [line, unit],
          [first, vectorBytes],
        ] as const;
        f.loop(tapsX, alongX, (start, place) => {
          const number = f.let(load(cell, width, place));
          let at = start;
          for (const [i, sum] of sums.entries()) {
            if (i > 0) at = f.let(add(at, next));
            f.set(sum, multiplyAdd(load(cell, width, at), number, sum));
          }
        });
      });
      let target = out;
      for (const [i, sum] of sums.entries()) {
        if (i > 0) target = f.let(add(target, pitchTo));
        f.store(cell, target, sum);
      }
    });
  });
}

/** Bytes from row to row and from pixel to pixel, of cells and outputs; cells that taps and pixels are apart. */
export const innerParameters = [
  'from',
  'weights',
  'to',
  'samplesFrom',
  'samplesTo',
  'channels',
  'taps',
  'weightsG',
  'pitch',
  'unit',
  'pixel',
  'pitchTo',
  'pixelTo',
  'pixels',
] as const;

/** Grid: samples, rows of outputs, which are at least a tile's. Scratch: the kernel's numbers. */
export function innerKernel(kind: InnerKind): Kernel {
  const { cell, vectorBytes, y, tapsX, rows } = kind;
  const taps = y.count * tapsX;
  const name = `depthwise channels ${cell} ${vectorBytes} ${y.count}x${tapsX} ${y.apart} ${y.step} ${rows}`;
  return kernel(name, innerParameters.length, 2, (f, given, grid, scratch) => {
    const p = named(innerParameters, given);
    const [sample, lines] = grid as readonly [Block, Block];
    const column = taps > mostTaps ? longColumnFunction(kind) : columnFunction(kind);
    gather(f, kind, taps, p, scratch);
    const ofSample = (base: Expr, table: Expr): Expr =>
      add(base, load('i32', 1, add(table, multiply(sample.start, 4))));
    const [from, to] = [f.let(ofSample(p.from, p.samplesFrom)), f.let(ofSample(p.to, p.samplesTo))];
    const strip = (output: Expr): void =>
      f.loop(
        p.pixels,
        [
          [add(from, multiply(output, multiply(p.pitch, y.step))), p.pixel],
          [add(to, multiply(output, p.pitchTo)), p.pixelTo],
        ],
        (cells, out) =>
          overChannels(f, kind, p, constant(out.type, taps * vectorBytes), [cells, scratch, out], (a, w, b, count) =>
            f.call(column, a, p.pitch, p.unit, w, count, b, p.pitchTo),
          ),
      );
    const strips = f.let(divide(lines.count, rows));
    f.loop(strips, [[lines.start, rows]], strip);
    // The rest is computed with rows that were there before.
    f.if(compare('LT', multiply(strips, rows), lines.count), () =>
      strip(f.let(subtract(add(lines.start, lines.count), rows))),
    );
  });
}

/** Pixels of a run that are computed together where they have the same taps. */
export const runPixels = 4;

/** Some pixels side by side in a run, of `count` vectors of channels: the taps whose cells there are. */
function anyFunction(format: Format, pixels: number): Func {
  const { cell, vectorBytes } = format;
  const { width } = sizesOf(format);
  const zero = constant({ lane: laneOf[cell], width }, 0);
  const within = (value: Variable, limit: Variable): Expr => and(compare('GE', value, 0), compare('LT', value, limit));
  return func(
    'any',
    (f, from, y, height, x, cells, pitch, unit, tapsY, tapsX, apartY, apartX, next, numbers, count, to, nextTo) => {
      const row = f.let(multiply(tapsX, vectorBytes));
      const starts = [
        [from, vectorBytes],
        [numbers, multiply(row, tapsY)],
        [to, vectorBytes],
      ] as const;
      f.loop(count, starts, (source, weights, out) => {
        const sums = range(pixels).map(() => f.let(zero));
        const alongY = [
          [y, apartY],
          [weights, row],
        ] as const;
        f.loop(tapsY, alongY, (r, first) =>
          f.if(within(r, height), () => {
            const line = f.let(add(source, multiply(r, pitch)));
            const alongX = [
              [x, apartX],
              [first, vectorBytes],
            ] as const;
            f.loop(tapsX, alongX, (c, weight) =>
              f.if(within(c, cells), () => {
                const at = f.let(add(line, multiply(c, unit)));
                const number = f.let(load(cell, width, weight));
                for (const [i, sum] of sums.entries()) {
                  f.set(sum, multiplyAdd(load(cell, width, add(at, multiply(next, i))), number, sum));
                }
              }),
            );
          }),
        );
        for (const [i, sum] of sums.entries()) f.store(cell, add(out, multiply(nextTo, i)), sum);
      });
    },
  );
}

/**
 * Lines of runs: a run is single pixels, then some at a time, then single ones again. `next` is from pixel to pixel of
 * a run, `line` from run to run; Y and X say what a step is in cells, otherwise steps are bytes of the result.
 */
export const anyParameters = [
  'from',
  'weights',
  'to',
  'samplesFrom',
  'samplesTo',
  'channels',
  'taps',
  'weightsG',
  'pitch',
  'unit',
  'tapsY',
  'tapsX',
  'apartY',
  'apartX',
  // of the first pixel: its first cells
  'y',
  'x',
  'height',
  'cells',
  'nextY',
  'nextX',
  'lineY',
  'lineX',
  'nextTo',
  'lineTo',
  'before',
  'together',
  'after',
] as const;

/** Grid: samples, lines. Scratch: the kernel's numbers. */
export function anyKernel(format: Format): Kernel {
  const { cell, vectorBytes } = format;
  return kernel(`depthwise channels any ${cell} ${vectorBytes}`, anyParameters.length, 2, (f, given, grid, scratch) => {
    const p = named(anyParameters, given);
    const [sample, lines] = grid as readonly [Block, Block];
    const taps = f.let(multiply(p.tapsY, p.tapsX));
    const block = f.let(multiply(taps, vectorBytes));
    gather(f, format, taps, p, scratch);
    const ofSample = (base: Expr, table: Expr): Expr =>
      add(base, load('i32', 1, add(table, multiply(sample.start, 4))));
    const [from, to] = [f.let(ofSample(p.from, p.samplesFrom)), f.let(ofSample(p.to, p.samplesTo))];
    const next = f.let(add(multiply(p.nextY, p.pitch), multiply(p.nextX, p.unit)));
    const starts = [
      [add(p.y, multiply(lines.start, p.lineY)), p.lineY],
      [add(p.x, multiply(lines.start, p.lineX)), p.lineX],
      [add(to, multiply(lines.start, p.lineTo)), p.lineTo],
    ] as const;
    const [single, several] = [anyFunction(format, 1), anyFunction(format, runPixels)];
    f.loop(lines.count, starts, (y, x, out) => {
      let done: Expr = constant(out.type, 0);
      for (const [count, pixels] of [
        [p.before, 1],
        [p.together, runPixels],
        [p.after, 1],
      ] as const) {
        const any = pixels === 1 ? single : several;
        // Where several pixels have the same taps, the last must have them too.
        const [height, cells] = [
          f.let(subtract(p.height, multiply(p.nextY, pixels - 1))),
          f.let(subtract(p.cells, multiply(p.nextX, pixels - 1))),
        ];
        const run = [
          [add(y, multiply(done, p.nextY)), multiply(p.nextY, pixels)],
          [add(x, multiply(done, p.nextX)), multiply(p.nextX, pixels)],
          [add(out, multiply(done, p.nextTo)), multiply(p.nextTo, pixels)],
        ] as const;
        f.loop(count, run, (cy, cx, target) =>
          overChannels(f, format, p, block, [from, scratch, target], (a, w, b, number) =>
            f.call(
              any,
              a,
              cy,
              height,
              cx,
              cells,
              p.pitch,
              p.unit,
              p.tapsY,
              p.tapsX,
              p.apartY,
              p.apartX,
              next,
              w,
              number,
              b,
              p.nextTo,
            ),
          ),
        );
        done = f.let(add(done, multiply(count, pixels)));
      }
    });
  });
}
