/**
 * The kernel of the plane view: vectors of pixels, for convolutions of few outputs a group.
 *
 *     out[output, pixel] = sum over t of weights[t][output] * band[pixel + terms[t]]
 *
 * A task copies the cells that a block of pixels reads into bands, one for each channel and tap along z, whose rows have
 * one length. Pixels run through all rows of the block, those between two rows included, so that vectors are whole. Each
 * tile is a few outputs by a few vectors: its sums, a number of the kernel for each output, a vector of cells and a
 * product fill the 15 registers there are.
 */

import {
  add,
  and,
  type Block,
  compare,
  constant,
  divide,
  FunctionBuilder,
  index,
  kernel,
  load,
  multiply,
  multiplyAdd,
  named,
  splat,
  subtract,
  type Value,
} from '../kernel/build.js';
import { type Expr, type Func, type Kernel, laneOf, type Variable } from '../kernel/program.js';
import { bandFunction, clearFunction, type RowKind } from './band.js';
import { express } from './elementwise.js';
import { type Epilogue, inputsAt, suffixOf } from './epilogue.js';
import { type Format, range, sizesOf } from './panel.js';

/** Outputs and vectors of a tile. */
export interface Tile {
  readonly outputs: number;
  readonly vectors: number;
}

export interface PlaneKind extends Format {
  readonly tile: Tile;
  readonly phases: number;
  readonly input: RowKind;
  /** Of the result's rows; 'pairs' does not occur. 'tiles': every block is one row of whole tiles. */
  readonly output: 'tiles' | RowKind;
  readonly epilogue: Epilogue | null;
}

/** What becomes of sums of the output whose inputs of the epilogue lie at some addresses. */
function finisher(f: FunctionBuilder, { cell, epilogue }: PlaneKind, inputs: readonly Expr[]): (sum: Expr) => Expr {
  if (epilogue === null) return (sum) => sum;
  const { dtype, nodes } = epilogue;
  const types = [dtype, ...epilogue.inputs.map(() => dtype), ...nodes.map((node) => node.dtype)];
  const numbers = inputs.map((at) => f.let(load(cell, 1, at)));
  return (sum) => {
    const { width } = sum.type;
    const values: Expr[] = [f.let(sum), ...numbers.map((number) => splat(number, width))];
    for (const node of nodes) values.push(f.let(express(f, node, values, types, width)));
    return values.at(-1) as Expr;
  };
}

/** out[output][vector] = the sum over the terms, for the outputs of a tile; behind it, the epilogue's inputs of the first. */
function tileFunction(kind: PlaneKind): Func {
  const { cell, vectorBytes, tile, output, epilogue } = kind;
  const { width, bytes } = sizesOf(kind);
  const zero = constant({ lane: laneOf[cell], width }, 0);
  const f = new FunctionBuilder(tileParameters.length + (epilogue?.inputs.length ?? 0));
  const p = named(tileParameters, f.parameters);
  const given = f.parameters.slice(tileParameters.length);
  const sums = range(tile.outputs).map(() => range(tile.vectors).map(() => f.let(zero)));
  const starts = [
    [p.terms, 4],
    [p.weights, tile.outputs * bytes],
  ] as const;
  f.loop(p.count, starts, (term, weight) => {
    const at = f.let(add(p.pixels, load('i32', 1, term)));
    const values = range(tile.outputs).map((o) => f.let(splat(load(cell, 1, weight, o * bytes), width)));
    for (const v of range(tile.vectors)) {
      const cells = f.let(load(cell, width, at, v * vectorBytes));
      values.forEach((value, o) => {
        const sum = sums[o]?.[v] as Variable;
        f.set(sum, multiplyAdd(value, cells, sum));
      });
    }
  });
  for (const [o, row] of sums.entries()) {
    const inputs = epilogue === null ? [] : inputsAt(epilogue, given, index(o));
    const finish = output === 'tiles' ? finisher(f, kind, inputs) : (sum: Expr) => sum;
    const to = f.let(add(p.to, multiply(p.next, o)));
    for (const [v, sum] of row.entries()) f.store(cell, to, finish(sum), v * vectorBytes);
  }
  return f.finish('tile');
}

const tileParameters = ['pixels', 'terms', 'count', 'weights', 'to', 'next'] as const;

const writeParameters = ['from', 'x', 'count', 'limit', 'to', 'step'] as const;

/** A row of pixels x, x + 1, ... to the result, those below a limit; behind it, the epilogue's inputs of its output. */
function writeFunction(kind: PlaneKind): Func {
  const { cell, vectorBytes, output, epilogue } = kind;
  const { width, bytes } = sizesOf(kind);
  const f = new FunctionBuilder(writeParameters.length + (epilogue?.inputs.length ?? 0));
  const p = named(writeParameters, f.parameters);
  const finish = finisher(f, kind, f.parameters.slice(writeParameters.length));
  const single = (number: Value, first: Value, start: Value): void => {
    const along = [
      [first, 1],
      [start, bytes],
    ] as const;
    f.loop(number, along, (at, source) =>
      f.if(compare('LT', at, p.limit), () =>
        f.store(cell, add(p.to, multiply(at, p.step)), finish(load(cell, 1, source))),
      ),
    );
  };
  if (output !== 'dense') {
    single(p.count, p.x, p.from);
    return f.finish('write');
  }
  const whole = f.let(divide(p.count, width));
  const along = [
    [p.x, width],
    [p.from, vectorBytes],
  ] as const;
  f.loop(whole, along, (at, source) =>
    f.if(
      compare('LT', add(at, width - 1), p.limit),
      () => f.store(cell, add(p.to, multiply(at, bytes)), finish(load(cell, width, source))),
      () => single(width, at, source),
    ),
  );
  const done = f.let(multiply(whole, width));
  single(subtract(p.count, done), add(p.x, done), add(p.from, multiply(done, bytes)));
  return f.finish('write');
}

/** What a launch gives, in this order; strides and offsets in bytes, tables of byte offsets. */
export const parameters = [
  'from',
  'to',
  // one entry a group and sample: bytes, the group's number, bytes
  'batchFrom',
  'batchGroup',
  'batchTo',
  'channels',
  'fromC',
  // along z: cells of the input, their stride, cells that an output moves by; taps, and the cells they meet first
  'cellsZ',
  'fromZ',
  'cellStepZ',
  'taps',
  'tapCells',
  'toZ',
  // along y: cells, stride, cells that an output moves by, the first cell that is read
  'cellsY',
  'fromY',
  'cellStepY',
  'firstY',
  'toY',
  'cellsX',
  'fromX',
  'cellStepX',
  'firstX',
  'toX',
  // of a band: rows a part, bytes of a row, bytes of all parts
  'rows',
  'pitch',
  'band',
  // outputs, their stride in the result, tiles of them; the sums' place in scratch, and bytes of one output's
  'outputs',
  'toO',
  'panels',
  'sums',
  'sumsStep',
] as const;

/** What it gives besides for each phase: terms, packed weights, where the first output lies, how many there are. */
export const phaseParameters = ['terms', 'count', 'weights', 'toFirst', 'countY', 'countX'] as const;

type Parameters = { readonly [K in (typeof parameters)[number]]: Variable };

/** Copies the bands of all channels and taps along z. */
function copyBands(f: FunctionBuilder, kind: PlaneKind, p: Parameters, from: Expr, at: Places, bands: Variable): void {
  const [copy, clear] = [bandFunction(kind, kind.input), clearFunction(kind)];
  const y = f.let(add(multiply(at.y.start, p.cellStepY), p.firstY));
  const x = f.let(add(multiply(at.x.start, p.cellStepX), p.firstX));
  f.loop(
    p.channels,
    [
      [from, p.fromC],
      [bands, multiply(p.band, p.taps)],
    ],
    (channel, first) =>
      f.loop(
        p.taps,
        [
          [p.tapCells, 4],
          [first, p.band],
        ],
        (tap, band) => {
          const z = f.let(add(load('i32', 1, tap), multiply(at.z, p.cellStepZ)));
          f.if(
            and(compare('GE', z, 0), compare('LT', z, p.cellsZ)),
            () => {
              const plane = add(channel, multiply(z, p.fromZ));
              const alongY = [y, p.cellsY, p.fromY, p.cellStepY] as const;
              const alongX = [x, p.cellsX, p.fromX, p.cellStepX] as const;
              f.call(copy, plane, ...alongY, ...alongX, band, p.rows, p.pitch);
            },
            () => f.call(clear, band, p.band),
          );
        },
      ),
  );
}

/** The outputs of a task: one along z, blocks along y and x. */
interface Places {
  readonly z: Variable;
  readonly y: Block;
  readonly x: Block;
}

type PhaseParameters = { readonly [K in (typeof phaseParameters)[number]]: Variable };

/** The sums of one phase in all tiles, and from there to the result. */
function computePhase(f: FunctionBuilder, kind: PlaneKind, p: Parameters, functions: Functions, at: Places) {
  const { vectorBytes, tile, output, epilogue } = kind;
  const { bytes } = sizesOf(kind);
  const tileBytes = tile.vectors * vectorBytes;
  const inputs = (o: Expr): Expr[] => (epilogue === null ? [] : inputsAt(epilogue, functions.inputs, o));
  return (phase: PhaseParameters, bands: Expr, sums: Expr, group: Expr, to: Expr): void => {
    const panel = f.let(multiply(phase.count, tile.outputs * bytes));
    const weights = f.let(add(phase.weights, multiply(group, multiply(panel, p.panels))));
    const result = add(to, phase.toFirst);
    const isTiled = output === 'tiles';
    const first = isTiled ? add(result, add(multiply(at.y.start, p.toY), multiply(at.x.start, p.toX))) : sums;
    const next = isTiled ? p.toO : p.sumsStep;
    const length = add(multiply(subtract(at.y.count, 1), p.pitch), multiply(at.x.count, bytes));
    const tiles = divide(add(length, tileBytes - 1), tileBytes);
    const alongTiles = [
      [bands, tileBytes],
      [first, tileBytes],
    ] as const;
    f.loop(tiles, alongTiles, (pixels, start) => {
      const alongPanels = [
        [weights, panel],
        [start, multiply(next, tile.outputs)],
        [0, tile.outputs],
      ] as const;
      f.loop(p.panels, alongPanels, (numbers, sum, o) =>
        f.call(functions.tile, pixels, phase.terms, phase.count, numbers, sum, next, ...inputs(o)),
      );
    });
    if (isTiled) return;
    const alongOutputs = [
      [result, p.toO],
      [sums, p.sumsStep],
      [0, 1],
    ] as const;
    f.loop(p.outputs, alongOutputs, (out, sum, o) => {
      const rows = [
        [at.y.start, 1],
        [sum, p.pitch],
      ] as const;
      f.loop(at.y.count, rows, (row, source) =>
        f.if(compare('LT', row, phase.countY), () => {
          const place = add(out, multiply(row, p.toY));
          f.call(functions.write, source, at.x.start, at.x.count, phase.countX, place, p.toX, ...inputs(o));
        }),
      );
    });
  };
}

interface Functions {
  readonly tile: Func;
  readonly write: Func;
  /** Addresses of the epilogue's inputs. */
  readonly inputs: readonly Variable[];
}

/** Grid: batches, outputs along z, blocks of them along y and x. Scratch: bands, room for a tile's vectors, sums. */
export function planeKernel(kind: PlaneKind): Kernel {
  const { cell, vectorBytes, tile, phases, input, output, epilogue } = kind;
  const shape = `${tile.outputs}x${tile.vectors} ${phases} ${input} ${output}`;
  const name = `plane ${cell} ${vectorBytes} ${shape}${suffixOf(epilogue)}`;
  const own = parameters.length + phases * phaseParameters.length;
  return kernel(name, own + (epilogue?.inputs.length ?? 0), 4, (f, given, grid, bands) => {
    const p: Parameters = named(parameters, given);
    const [batch, z, y, x] = grid as readonly [Block, Block, Block, Block];
    const at: Places = { z: z.start, y, x };
    const functions = { tile: tileFunction(kind), write: writeFunction(kind), inputs: given.slice(own) };
    const compute = computePhase(f, kind, p, functions, at);
    const sums = f.let(add(bands, p.sums));
    // The last tile reads beyond the bands, and what lies there should at least be quick to multiply.
    const room = tile.vectors * vectorBytes;
    f.call(clearFunction(kind), subtract(sums, room), room);
    f.loop(batch.count, [[multiply(batch.start, 4), 4]], (entry) => {
      const ofBatch = (table: Expr): Expr => load('i32', 1, add(table, entry));
      copyBands(f, kind, p, f.let(add(p.from, ofBatch(p.batchFrom))), at, bands);
      const to = f.let(add(add(p.to, ofBatch(p.batchTo)), multiply(at.z, p.toZ)));
      const group = f.let(ofBatch(p.batchGroup));
      for (const k of range(phases)) {
        const phase: PhaseParameters = named(
          phaseParameters,
          given.slice(parameters.length + k * phaseParameters.length),
        );
        compute(phase, bands, sums, group, to);
      }
    });
  });
}

const packParameters = ['from', 'to', 'terms', 'count', 'group', 'output', 'groupTo'] as const;

/** The kernel's numbers as tiles read them, [group][panel of outputs][term][output]. Grid: groups, outputs. */
export function packKernel(format: Format, outputs: number): Kernel {
  const { cell, vectorBytes } = format;
  const { bytes } = sizesOf(format);
  return kernel(`plane weights ${cell} ${vectorBytes} ${outputs}`, packParameters.length, 2, (f, given, grid) => {
    const p = named(packParameters, given);
    const [group, panel] = grid as readonly [Block, Block];
    f.loop(
      group.count,
      [
        [add(add(p.from, multiply(group.start, p.group)), multiply(panel.start, p.output)), p.group],
        // Panels begin at every outputs-th output, so they lie count * bytes * start apart.
        [add(add(p.to, multiply(group.start, p.groupTo)), multiply(multiply(p.count, bytes), panel.start)), p.groupTo],
      ],
      (source, target) =>
        f.loop(
          p.count,
          [
            [p.terms, 4],
            [target, outputs * bytes],
          ],
          (term, to) => {
            const at = f.let(add(source, load('i32', 1, term)));
            f.loop(
              panel.count,
              [
                [at, p.output],
                [to, bytes],
              ],
              (from, place) => f.store(cell, place, load(cell, 1, from)),
            );
            const zero = constant({ lane: laneOf[cell], width: 1 }, 0);
            f.loop(subtract(outputs, panel.count), [[add(to, multiply(panel.count, bytes)), bytes]], (place) =>
              f.store(cell, place, zero),
            );
          },
        ),
    );
  });
}
