/** Chains of elementwise primitives as one kernel: each operand is read once, and only the last value is stored. */

import {
  add,
  type Block,
  compare,
  constant,
  type FunctionBuilder,
  index,
  kernel,
  load,
  multiply,
  type Start,
  shiftRight,
  splat,
  subtract,
} from '../kernel/build.js';
import type { Argument, Plan } from '../kernel/launch.js';
import {
  type Cell,
  type CompareOp,
  cellBytes,
  type Expr,
  type Kernel,
  type Lane,
  laneBytes,
  type Variable,
} from '../kernel/program.js';
import type { DType } from '../shape/dtype.js';
import { type Shape, stridesOf } from '../shape/shape.js';
import { cutGrid, mergeAxes } from './axes.js';
import { Planner } from './plan.js';
import { applyRule, compareValues, computeLane, type PlainOp, support, toDType } from './scalar.js';

/** `operands` are values: the inputs are values 0, 1, ..., and the nodes those after them, in their order. */
interface NodeOf {
  readonly dtype: DType;
  readonly operands: readonly number[];
}

/** A value of an elementwise expression: a primitive (by name) of values before it, or a number. */
export type ElementwiseNode = NodeOf &
  (
    | { readonly op: PlainOp | 'convert' }
    | { readonly op: 'compare'; readonly direction: CompareOp }
    | { readonly op: 'constant'; readonly value: number }
  );

/** An operand; `axes` as in broadcast_in_dim: where its axes are among the result's (default: it has the same). */
export interface ElementwiseInput {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly axes?: readonly number[];
}

/** Cells of one task. */
const most = 32768;

/** Bytes of a vector. */
const vectorBytes = 16;

/** Vectors that a turn of the inner loop takes, so that its counting costs little. */
const unroll = 4;

const cellOf: { readonly [D in DType]: Cell } = {
  float32: 'f32',
  float64: 'f64',
  int32: 'i32',
  int64: 'i64',
  uint8: 'u8',
  bool: 'u8',
};

/** How a kernel goes over memory; with the nodes, all that it is specialised to. */
interface Form {
  readonly nodes: readonly ElementwiseNode[];
  readonly inputs: readonly DType[];
  /** Inputs that repeat one element along the innermost axis. */
  readonly repeated: readonly boolean[];
  readonly rank: number;
  readonly width: number;
}

/** Strides over the result's axes, 0 along those that are repeated. */
function stridesOver({ shape, axes }: ElementwiseInput, result: Shape): number[] {
  const own = stridesOf(shape);
  const strides = result.map(() => 0);
  const places = axes ?? result.map((_, axis) => axis);
  places.forEach((axis, i) => {
    if (shape[i] !== 1) strides[axis] = own[i] as number;
  });
  return strides;
}

/**
 * Lanes computed at once: as many as all values have room for. Bool has no lanes of its own but in memory, where it is a
 * byte, and so an int32 lane. 0: there is a node that has no kernel.
 */
function widthOf(nodes: readonly ElementwiseNode[], inputs: readonly DType[]): number {
  const types = [...inputs, ...nodes.map(({ dtype }) => dtype)];
  const inMemory = [...inputs, types.at(-1)].includes('bool');
  const lanes = new Set<number>(inMemory ? [4] : []);
  for (const dtype of types) if (dtype !== 'bool') lanes.add(laneBytes[computeLane[dtype]]);
  const [bytes] = lanes;
  let width = lanes.size === 1 && bytes !== undefined ? vectorBytes / bytes : 1;
  for (const { op, dtype, operands } of nodes) {
    const from = types[operands.at(-1) as number] as DType;
    // Vectors have no conversion between int64 and float64.
    if (op === 'convert' && [dtype, from].includes('int64') && from !== 'bool' && dtype !== 'bool') width = 1;
    if (op === 'convert' || op === 'compare' || op === 'constant') continue;
    const supported = support(op, from);
    if (supported === 'none') return 0;
    if (supported === 'scalar') width = 1;
  }
  return width;
}

/** A number in all lanes; as a truth value, a mask. */
function literal(value: number, dtype: DType, width: number): Expr {
  if (dtype === 'bool') {
    const lane: Lane = vectorBytes / width === 8 ? 'i64' : 'i32';
    return compare('NE', constant({ lane, width }, Number(value !== 0)), 0);
  }
  return constant({ lane: computeLane[dtype], width }, value);
}

/** The expression of a node; `types` are the dtypes of all values. */
function express(node: ElementwiseNode, values: readonly Expr[], types: readonly DType[], width: number): Expr {
  if (node.op === 'constant') return literal(node.value, node.dtype, width);
  const operands = node.operands.map((i) => values[i] as Expr);
  const [a, b] = operands as [Expr, Expr];
  if (node.op === 'convert') return toDType(a, node.dtype);
  if (node.op === 'compare') return compareValues(node.direction, a, b);
  return applyRule(node.op, operands, types[node.operands.at(-1) as number] as DType);
}

const bytesOf = (dtype: DType): number => cellBytes[cellOf[dtype]];

/** Steps of an inner loop: this many vectors of this width at once, widest first; the last takes single cells. */
const stepsOf = (width: number): { readonly width: number; readonly vectors: number }[] =>
  width === 1
    ? [{ width: 1, vectors: 1 }]
    : [
        { width, vectors: unroll },
        { width, vectors: 1 },
        { width: 1, vectors: 1 },
      ];

/** Where the cells of the inputs and, last, of the result are. */
type Places = readonly Expr[];

/** Writes the inner loops of a kernel. */
class RowWriter {
  readonly #f: FunctionBuilder;
  readonly #form: Form;
  /** Dtypes of all values. */
  readonly #types: readonly DType[];
  /** Of the inputs and of the result: bytes from cell to cell. */
  readonly strides: readonly number[];

  constructor(f: FunctionBuilder, form: Form) {
    this.#f = f;
    this.#form = form;
    this.#types = [...form.inputs, ...form.nodes.map(({ dtype }) => dtype)];
    const stored = [...form.inputs, this.#types.at(-1) as DType];
    this.strides = stored.map((dtype, i) => (form.repeated[i] ? 0 : bytesOf(dtype)));
  }

  /** `count` neighbouring cells. */
  row(places: Places, count: Expr): void {
    const f = this.#f;
    const { inputs, repeated, width } = this.#form;
    const single = inputs.map((dtype, i) => (repeated[i] ? f.let(load(cellOf[dtype], 1, places[i] as Expr)) : null));
    let [at, left] = [places, count];
    for (const step of stepsOf(width)) {
      const cells = step.width * step.vectors;
      const turns = f.let(shiftRight(left, Math.log2(cells)));
      const starts = at.map((place, i): Start => [place, cells * (this.strides[i] as number)]);
      f.loop(turns, starts, (...now) => {
        for (let v = 0; v < step.vectors; v++) this.#cells(now, single, step.width, v * step.width);
      });
      if (cells === 1) break;
      at = at.map((place, i) => f.let(add(place, multiply(turns, cells * (this.strides[i] as number)))));
      left = f.let(subtract(left, multiply(turns, cells)));
    }
  }

  #cells(at: Places, single: readonly (Expr | null)[], width: number, offset: number): void {
    const f = this.#f;
    const bytes = (i: number): number => offset * (this.strides[i] as number);
    const values: Expr[] = this.#form.inputs.map((dtype, i) => {
      const repeated = single[i] ?? null;
      const x = repeated === null ? load(cellOf[dtype], width, at[i] as Expr, bytes(i)) : splat(repeated, width);
      return f.let(dtype === 'bool' ? compare('NE', x, 0) : x);
    });
    for (const node of this.#form.nodes) values.push(f.let(express(node, values, this.#types, width)));
    const out = this.#types.at(-1) as DType;
    const value = out === 'bool' ? toDType(values.at(-1) as Expr, 'uint8') : (values.at(-1) as Expr);
    f.store(cellOf[out], at.at(-1) as Expr, value, bytes(values.length - this.#form.nodes.length));
  }
}

const nodeKey = (node: ElementwiseNode): string => {
  const detail = node.op === 'compare' ? node.direction : node.op === 'constant' ? node.value : '';
  return `${node.op}${detail}:${node.dtype}(${node.operands})`;
};

const formKey = ({ nodes, inputs, repeated, rank, width }: Form): string =>
  `elementwise ${inputs.map((dtype, i) => dtype + (repeated[i] ? '*' : ''))} ${nodes.map(nodeKey).join(' ')} ${rank} ${width}`;

/**
 * Its arguments are the addresses of inputs and result, and for each of these its strides in bytes along all axes but
 * the innermost. A loop an axis.
 */
const elementwiseKernel = (form: Form): Kernel => {
  const { inputs, rank } = form;
  const arrays = inputs.length + 1;
  const outer = rank - 1;
  return kernel(formKey(form), arrays * rank, rank, (f, parameters, grid) => {
    const writer = new RowWriter(f, form);
    const stride = (array: number, axis: number): Expr =>
      axis < outer ? (parameters[arrays + array * outer + axis] as Variable) : index(writer.strides[array] as number);
    const first = parameters
      .slice(0, arrays)
      .map((address, array) =>
        f.let(grid.reduce<Expr>((at, { start }, axis) => add(at, multiply(start, stride(array, axis))), address)),
      );
    const walk = (axis: number, at: Places): void => {
      const { count } = grid[axis] as Block;
      if (axis === outer) writer.row(at, count);
      else
        f.loop(
          count,
          at.map((place, array): Start => [place, stride(array, axis)]),
          (...now) => walk(axis + 1, now),
        );
    };
    walk(0, first);
  });
};

/**
 * The plan of an elementwise expression; null where one of its primitives has no kernel, or an operand's innermost cells
 * neither lie side by side nor repeat.
 *
 * @param nodes at least one; the last is the result, of the result's dtype
 */
export function elementwisePlan(
  nodes: readonly ElementwiseNode[],
  inputs: readonly ElementwiseInput[],
  result: { readonly shape: Shape; readonly dtype: DType },
): Plan | null {
  const dtypes = inputs.map(({ dtype }) => dtype);
  const width = widthOf(nodes, dtypes);
  const every = [...inputs, result];
  const { sizes, strides } = mergeAxes({
    sizes: result.shape,
    strides: every.map((x) => stridesOver(x, result.shape)),
  });
  const steps = strides.map((list) => list.at(-1) as number);
  if (width === 0 || steps.some((step) => step > 1)) return null;
  const repeated = steps.map((step) => step === 0);
  const planner = new Planner(inputs, result);
  if (sizes[0] === 0) return planner.finish('elementwise');
  const args: Argument[] = every.map((_, buffer) => ({ buffer, offset: 0 }));
  strides.forEach((list, i) => {
    for (const step of list.slice(0, -1)) args.push(step * bytesOf((every[i] as ElementwiseInput).dtype));
  });
  planner.launch({
    kernel: elementwiseKernel({ nodes, inputs: dtypes, repeated, rank: sizes.length, width }),
    args,
    grid: cutGrid(sizes, most, unroll * width),
    scratchBytes: 0,
  });
  return planner.finish('elementwise', [`${nodes.map(({ op }) => op).join(', ')}: ${width} lanes at once`]);
}
