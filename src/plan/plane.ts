/** The plane view planned: convolutions of few outputs a group, whatever their layouts, steps and phases. */

import type { RowKind } from './band.js';
import type { Axis, Geometry, Phase } from './geometry.js';
import { type Format, sizesOf } from './panel.js';
import { offsetsOver, outerSum, type Planner } from './plan.js';
import { type PlaneKind, packKernel, parameters, phaseParameters, planeKernel, type Tile } from './plane-kernel.js';

/** Phases along y and x that share a task's bands. */
const mostPhases = 4;
/** Bytes of the bands of a task, so that they stay in the second cache; a thread has at most `mostScratch`. */
const cachedBands = 384 * 1024;
const cachedSums = 256 * 1024;
const mostScratch = 3.5 * 2 ** 20;
/** Pixels of a task: as far as caches allow, and the fewest along x. */
const mostPixels = 4096;
const mostColumns = 512;
const fewestColumns = 32;

/** As many vectors as leave room in 15 registers for the outputs' numbers, a vector of cells and a product. */
const vectorsOf = [10, 4, 3, 2] as const;

/** The tile that computes the fewest outputs in vain. */
function tileOf(outputs: number): Tile {
  const computed = (size: number): number => Math.ceil(outputs / size) * size;
  const best = [4, 3, 2, 1].reduce((a, b) => (computed(b) < computed(a) ? b : a));
  return { outputs: best, vectors: vectorsOf[best - 1] as number };
}

/** Bytes. */
const cacheLine = 64;

const align = (value: number, to: number): number => Math.ceil(value / to) * to;

/** What the phases of an axis have in common: the first cell, cells that an output moves by, and cells beyond its own. */
interface Reach {
  readonly first: number;
  readonly cellStep: number;
  readonly span: number;
  readonly most: number;
}

function reachOf(phases: readonly Phase[]): Reach {
  const cells = phases.flatMap(({ meetings }) => meetings.map(({ cell }) => cell));
  const first = cells.reduce((a, b) => Math.min(a, b), cells[0] ?? 0);
  const last = cells.reduce((a, b) => Math.max(a, b), first);
  const cellStep = phases[0]?.cellStep ?? 1;
  return {
    first,
    cellStep,
    span: Math.floor((last - first) / cellStep),
    most: phases.reduce((a, { count }) => Math.max(a, count), 0),
  };
}

/** One phase along each axis whose meetings are the cells themselves: a row as long as all of them lies behind. */
const isIdentity = ({ cells, outputs, phases: [phase] }: Axis): boolean =>
  cells === outputs &&
  phase?.step === 1 &&
  phase.cellStep === 1 &&
  phase.meetings.length === 1 &&
  phase.meetings[0]?.cell === 0;

/** Axes y and x as one, where kernels have a single tap along both and rows follow each other in memory. */
function merged(where: Geometry): Geometry {
  const { space, input, output } = where;
  const [z, y, x] = space;
  const follow = ({ space: [, outer, inner] }: Geometry['input']): boolean => outer === x.cells * inner;
  if (!isIdentity(y) || !isIdentity(x) || !follow(input) || !follow(output)) return where;
  const count = y.cells * x.cells;
  const [phase] = x.phases as [Phase];
  const [only] = y.phases as [Phase];
  return {
    ...where,
    space: [
      z,
      { ...y, cells: 1, outputs: 1, phases: [{ ...only, count: 1 }] },
      { ...x, cells: count, outputs: count, phases: [{ ...phase, count }] },
    ],
  };
}

/** A band, and the block of outputs whose cells it has. */
interface Layout {
  readonly columns: number;
  readonly lines: number;
  readonly rows: number;
  readonly pitch: number;
  readonly band: number;
  readonly sums: number;
  readonly sumsStep: number;
  readonly total: number;
}

function layoutOf(format: Format, tile: Tile, bands: number, outputs: number, y: Reach, x: Reach) {
  const { bytes } = sizesOf(format);
  const tileBytes = tile.vectors * format.vectorBytes;
  return (lines: number, columns: number): Layout => {
    const rows = lines + y.span;
    const pitch = align((columns + x.span) * bytes, format.vectorBytes);
    const dense = y.cellStep * x.cellStep * rows * pitch;
    // An odd number of cache lines, as bands that lie powers of two apart fall into the same sets of the cache.
    const band = bands > 1 ? align(dense, cacheLine) | cacheLine : dense;
    const sums = align(bands * band + tileBytes, 64);
    const sumsStep = align((lines - 1) * pitch + columns * bytes, tileBytes);
    const total = sums + align(outputs, tile.outputs) * sumsStep;
    return { columns, lines, rows, pitch, band, sums, sumsStep, total };
  };
}

/** So many, in parts of the same size. */
const evenly = (count: number, most: number): number => Math.ceil(count / Math.ceil(count / Math.max(1, most)));

/**
 * The largest block whose bands and sums stay in the cache; null where not even the smallest fits a thread's scratch.
 * Parts of a single row are whole tiles.
 */
function blockOf(
  at: (lines: number, columns: number) => Layout,
  lines: number,
  columns: number,
  tilePixels: number,
): Layout | null {
  const fits = (layout: Layout): boolean =>
    layout.sums <= cachedBands &&
    layout.total - layout.sums <= cachedSums &&
    layout.lines * layout.columns <= mostPixels;
  let width = Math.min(columns, mostColumns);
  while (width > fewestColumns && !fits(at(1, width))) width = Math.ceil(width / 2);
  width = evenly(columns, width);
  if (lines === 1 && width < columns) width = align(width, tilePixels);
  let height = 1;
  while (height < lines && fits(at(height + 1, width))) height++;
  const block = at(evenly(lines, height), width);
  return block.total > mostScratch ? null : block;
}

type Pair = readonly [y: Phase, x: Phase];

/** Some phases that share bands: one along z, some along y and x. */
interface Section {
  readonly z: Phase;
  readonly pairs: readonly Pair[];
  readonly y: Reach;
  readonly x: Reach;
  readonly layout: Layout;
}

/** A convolution in the plane view. */
export interface Plane {
  readonly format: Format;
  readonly where: Geometry;
  readonly tile: Tile;
  readonly sections: readonly Section[];
}

/** A convolution in the plane view; null where a block of it is too large for a thread's scratch. */
function planeOf(format: Format, geometry: Geometry): Plane | null {
  const where = merged(geometry);
  const { channels, outputs } = where;
  const [z, y, x] = where.space;
  const tile = tileOf(outputs);
  const pairs = y.phases.flatMap((a) => x.phases.map((b): Pair => [a, b]));
  const sections: Section[] = [];
  for (const phase of z.phases) {
    for (let i = 0; i < pairs.length; i += mostPhases) {
      const some = pairs.slice(i, i + mostPhases);
      const [alongY, alongX] = [reachOf(some.map(([a]) => a)), reachOf(some.map(([, b]) => b))];
      const at = layoutOf(format, tile, channels * phase.meetings.length, outputs, alongY, alongX);
      const layout = blockOf(at, alongY.most, alongX.most, tile.vectors * sizesOf(format).width);
      if (layout === null) return null;
      sections.push({ z: phase, pairs: some, y: alongY, x: alongX, layout });
    }
  }
  return { format, where, tile, sections };
}

/** How many sums are computed for each that is wanted, where tiles are not full. */
function excessOf({ format, where, tile, sections }: Plane): number {
  const pixels = tile.vectors * sizesOf(format).width;
  let [computed, wanted] = [0, 0];
  for (const { z, pairs, y, x, layout } of sections) {
    const blocks = Math.ceil(y.most / layout.lines) * Math.ceil(x.most / layout.columns);
    const pitch = layout.pitch / sizesOf(format).bytes;
    const tiles = Math.ceil(((layout.lines - 1) * pitch + layout.columns) / pixels);
    computed += z.count * pairs.length * blocks * tiles * pixels;
    for (const [a, b] of pairs) wanted += z.count * a.count * b.count;
  }
  return (computed / wanted) * (align(where.outputs, tile.outputs) / where.outputs);
}

/** What things cost, as measured: in products of a number of the kernel with a cell. */
const cost = {
  /** Copying a cell into a band, where cells lie side by side and where they don't; writing a number of the result. */
  copy: { dense: 7, any: 16 },
  write: { dense: 2, any: 30 },
  /** Writing a number of a contraction's panel, one that is full and one that isn't. */
  panel: { full: 7, partial: 13 },
  /** A product of one that reads cells of large planes, a channel apart. */
  far: 1.15,
};
const largePlane = 1024;

/** Whether the plane view is faster than a contraction, whose vectors are of outputs. */
function pays(plane: Plane): boolean {
  const { format, where, sections } = plane;
  const { columns, width } = sizesOf(format);
  const { input, output, outputs, channels, space } = where;
  const isDense = input.space[2] === 1;
  let [taps, copied, written] = [0, 0, 0];
  for (const { z, pairs, y, x } of sections) {
    for (const [a, b] of pairs) taps += z.meetings.length * a.meetings.length * b.meetings.length;
    copied += z.meetings.length * y.cellStep * x.cellStep * cost.copy[isDense && x.cellStep <= 2 ? 'dense' : 'any'];
    // What is left of a row is written number by number.
    const single = output.space[2] === 1 && space[2].phases.length === 1 ? (x.most % width) / x.most : 1;
    written += pairs.length * (cost.write.dense + single * cost.write.any);
  }
  const phases = sections.reduce((count, { pairs }) => count + pairs.length, 0);
  const isFar = isDense && space[1].outputs * space[2].outputs >= largePlane;
  const panel = cost.panel[outputs % columns === 0 ? 'full' : 'partial'] * phases;
  const contraction = (align(outputs, columns) / outputs) * (taps * channels * (isFar ? cost.far : 1) + panel);
  const own = excessOf(plane) * taps * channels + (copied * channels) / outputs + written;
  return own < contraction;
}

/** What all launches have in common. */
interface Given extends Plane {
  readonly planner: Planner;
}

const at = (buffer: number) => ({ buffer, offset: 0 });

/** Adds the kernel's numbers as tiles read them; returns their buffer. */
function packWeights({ planner, format, where, tile }: Given, taps: Int32Array): number {
  const { bytes } = sizesOf(format);
  const { kernel, groups, outputs, channels } = where;
  const terms = outerSum(offsetsOver([channels], [kernel.c]), taps).map((offset) => offset * bytes);
  const group = align(outputs, tile.outputs) * terms.length * bytes;
  const buffer = planner.temporary(groups * group);
  planner.launch({
    kernel: packKernel(format, tile.outputs),
    args: [at(1), at(buffer), at(planner.table(terms)), terms.length, kernel.g * bytes, kernel.o * bytes, group],
    grid: [
      { total: groups, block: Math.max(1, Math.ceil(groups / mostTasks)) },
      { total: outputs, block: tile.outputs },
    ],
    scratchBytes: 0,
  });
  return buffer;
}

/** Tasks that groups and samples are cut into, at most. */
const mostTasks = 128;

/** The arguments of one phase: its terms are all channels, taps along z, y and x, in this order. */
function phaseOf(given: Given, { z, layout, ...reach }: Section, [y, x]: Pair) {
  const { planner, format, where } = given;
  const { bytes } = sizesOf(format);
  const { kernel, output, channels } = where;
  const { rows, pitch, band } = layout;
  const inPart = (cell: number, { first, cellStep }: Reach) => {
    const place = cell - first;
    return { part: place % cellStep, index: Math.floor(place / cellStep) };
  };
  const cells = y.meetings.flatMap((a) =>
    x.meetings.map((b) => {
      const [row, column] = [inPart(a.cell, reach.y), inPart(b.cell, reach.x)];
      const part = row.part * reach.x.cellStep + column.part;
      return (part * rows + row.index) * pitch + column.index * bytes;
    }),
  );
  const tapsOf = ({ meetings }: Phase, stride: number): number[] => meetings.map(({ tap }) => tap * stride);
  const [tapsZ, tapsY, tapsX] = [z, y, x].map((phase, axis) => tapsOf(phase, kernel.space[axis] as number));
  const taps = outerSum(outerSum(tapsZ ?? [], tapsY ?? []), tapsX ?? []);
  const terms = outerSum(offsetsOver([channels * z.meetings.length], [band]), cells);
  const args = {
    terms: at(planner.table(terms)),
    count: terms.length,
    weights: at(packWeights(given, taps)),
    toFirst: (z.first * output.space[0] + y.first * output.space[1] + x.first * output.space[2]) * bytes,
    countY: y.count,
    countX: x.count,
  };
  return phaseParameters.map((name) => args[name]);
}

/** How the rows of an operand lie, whose vectors have cells `stride` apart. */
const rowKind = (stride: number, cellStep: number): RowKind =>
  stride === 1 && cellStep === 1 ? 'dense' : stride === 1 && cellStep === 2 ? 'pairs' : 'any';

/** How the launch of a section writes its result. */
function outputKind({ format, where, tile }: Plane, { pairs, y, x, layout }: Section): PlaneKind['output'] {
  const [[, phase]] = pairs as readonly [Pair, ...Pair[]];
  if (rowKind(where.output.space[2], phase.step) !== 'dense') return 'any';
  const pixels = tile.vectors * sizesOf(format).width;
  const isWhole = [x.most, layout.columns].every((count) => count % pixels === 0);
  const isTiled = pairs.length === 1 && layout.lines === 1 && where.outputs % tile.outputs === 0;
  return isTiled && isWhole && y.most > 0 ? 'tiles' : 'dense';
}

/** Strides and sizes that a section's launch is given. */
function sizesOfSection({ planner, format, where, tile }: Given, { z, pairs, y, x, layout }: Section) {
  const { bytes } = sizesOf(format);
  const { input, output, space, channels, outputs, groups, samples } = where;
  const [[firstY, firstX]] = pairs as readonly [Pair, ...Pair[]];
  const table = (strides: readonly number[]) => at(planner.table(offsetsOver([groups, samples], strides)));
  const steps = (phase: Phase, axis: number): number => phase.step * (output.space[axis] as number) * bytes;
  return {
    from: at(0),
    to: at(2),
    batchFrom: table([input.g * bytes, input.n * bytes]),
    batchGroup: table([1, 0]),
    batchTo: table([output.g * bytes, output.n * bytes]),
    channels,
    fromC: input.c * bytes,
    cellsZ: space[0].cells,
    fromZ: input.space[0] * bytes,
    cellStepZ: z.cellStep,
    taps: z.meetings.length,
    tapCells: at(planner.table(Int32Array.from(z.meetings, ({ cell }) => cell))),
    toZ: steps(z, 0),
    cellsY: space[1].cells,
    fromY: input.space[1] * bytes,
    cellStepY: y.cellStep,
    firstY: y.first,
    toY: steps(firstY, 1),
    cellsX: space[2].cells,
    fromX: input.space[2] * bytes,
    cellStepX: x.cellStep,
    firstX: x.first,
    toX: steps(firstX, 2),
    rows: layout.rows,
    pitch: layout.pitch,
    band: layout.band,
    outputs,
    toO: output.o * bytes,
    panels: Math.ceil(outputs / tile.outputs),
    sums: layout.sums,
    sumsStep: layout.sumsStep,
  };
}

/** Adds the launch of a section. */
function launchSection(given: Given, section: Section): void {
  const { planner, format, where, tile } = given;
  const { z, pairs, y, x, layout } = section;
  const { input, groups, samples } = where;
  const args = sizesOfSection(given, section);
  const phases = pairs.flatMap((pair) => phaseOf(given, section, pair));
  planner.launch({
    kernel: planeKernel({
      ...format,
      tile,
      phases: pairs.length,
      input: rowKind(input.space[2], x.cellStep),
      output: outputKind(given, section),
      epilogue: planner.epilogue,
    }),
    args: [...parameters.map((name) => args[name]), ...phases, ...planner.epilogueInputs],
    grid: [
      { total: groups * samples, block: Math.max(1, Math.ceil((groups * samples) / mostTasks)) },
      { total: z.count, block: 1 },
      { total: y.most, block: layout.lines },
      { total: x.most, block: layout.columns },
    ],
    scratchBytes: layout.total,
  });
}

/**
 * Adds a convolution to a plan where the plane view is the faster one.
 * @returns what explain() says of it; null where a contraction is faster
 */
export function planPlane(planner: Planner, format: Format, where: Geometry): { tile: string; why: string } | null {
  if (where.groups * where.samples * where.outputs === 0) return null;
  const plane = planeOf(format, where);
  if (plane === null || !pays(plane)) return null;
  for (const section of plane.sections) launchSection({ planner, ...plane }, section);
  const { outputs, vectors } = plane.tile;
  const few = `vectors of output channels would be left partly empty`;
  return {
    tile: `${outputs} output channels x ${vectors * sizesOf(format).width} pixels`,
    why: where.outputs < sizesOf(format).columns ? few : 'pixels lie side by side, and planes are large',
  };
}
