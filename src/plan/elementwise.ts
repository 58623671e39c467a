/** Chains of elementwise primitives as one kernel: each operand is read once, and only the last value is stored. */

import { type Block, compare, constant, type FunctionBuilder, index, kernel, load, splat } from '../kernel/build.js';
import type { Argument, Plan } from '../kernel/launch.js';
import { type CompareOp, type Expr, type Kernel, type Lane, laneBytes, type Variable } from '../kernel/program.js';
import { type DType, dtypes, isFloat } from '../shape/dtype.js';
import { type Shape, stridesOf } from '../shape/shape.js';
import { cutGrid, mergeAxes } from './axes.js';
import { cellOf } from './cells.js';
import { inVectors, overBlocks, type Places, unroll } from './loops.js';
import { Planner, type Typed, vectorBytes } from './plan.js';
import { applyRule, compareValues, computeLane, isLong, type PlainOp, support, toDType } from './scalar.js';

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
 * Lanes computed at once: as many as the widest values leave room for. Bool has no lanes of its own but in memory, where it is a
 * byte, and so an int32 lane. 0: there is a node that has no kernel.
 */
export function widthOf(nodes: readonly ElementwiseNode[], inputs: readonly DType[]): number {
  const types = [...inputs, ...nodes.map(({ dtype }) => dtype)];
  const stored = [...inputs, types.at(-1) as DType];
  const lanes = [
    ...types.filter((dtype) => dtype !== 'bool'),
    ...(stored.includes('bool') ? (['uint8'] as const) : []),
  ];
  let width = vectorBytes / Math.max(4, ...lanes.map((dtype) => laneBytes[computeLane[dtype]]));
  for (const { op, dtype, operands } of nodes) {
    const from = types[operands.at(-1) as number] as DType;
    // Vectors have no conversion between int64 and floats.
    if (op === 'convert' && [dtype, from].includes('int64') && (isFloat(dtype) || isFloat(from))) width = 1;
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
export function express(
  f: FunctionBuilder,
  node: ElementwiseNode,
  values: readonly Expr[],
  types: readonly DType[],
  width: number,
): Expr {
  if (node.op === 'constant') return literal(node.value, node.dtype, width);
  const operands = node.operands.map((i) => values[i] as Expr);
  const [a, b] = operands as [Expr, Expr];
  if (node.op === 'convert') return toDType(a, node.dtype);
  if (node.op === 'compare') return compareValues(node.direction, a, b);
  return applyRule(f, node.op, operands, types[node.operands.at(-1) as number] as DType);
}

/** Computes `width` cells; `repeated` has the elements of operands that repeat along the innermost axis. */
function cells(
  f: FunctionBuilder,
  { inputs, nodes }: Form,
  repeated: readonly (Expr | null)[],
  places: Places,
  width: number,
  offset: number,
): void {
  const types = [...inputs, ...nodes.map(({ dtype }) => dtype)];
  const values: Expr[] = inputs.map((dtype, i) => {
    const one = repeated[i] ?? null;
    const place = places[i] as Expr;
    const x = one === null ? load(cellOf[dtype], width, place, offset * dtypes[dtype].bytes) : splat(one, width);
    return f.let(dtype === 'bool' ? compare('NE', x, 0) : x);
  });
  for (const node of nodes) values.push(f.let(express(f, node, values, types, width)));
  const [value, dtype] = [values.at(-1) as Expr, types.at(-1) as DType];
  const stored = dtype === 'bool' ? toDType(value, 'uint8') : value;
  f.store(cellOf[dtype], places.at(-1) as Expr, stored, offset * dtypes[dtype].bytes);
}

/** Vectors in a turn of the inner loop. */
const vectorsOf = (nodes: readonly ElementwiseNode[]): number => (nodes.some(({ op }) => isLong(op)) ? 1 : unroll);

/** A node in words. */
export const nodeKey = (node: ElementwiseNode): string => {
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
  const { inputs, nodes, repeated, rank, width } = form;
  const stored = [...inputs, (nodes.at(-1) as ElementwiseNode).dtype];
  const steps = stored.map((dtype, array) => (repeated[array] ? 0 : dtypes[dtype].bytes));
  const [arrays, inner] = [stored.length, rank - 1];
  return kernel(formKey(form), arrays * rank, rank, (f, parameters, grid) => {
    const stride = (array: number, axis: number): Expr =>
      axis < inner ? (parameters[arrays + array * inner + axis] as Variable) : index(steps[array] as number);
    overBlocks(f, grid, inner, parameters.slice(0, arrays), stride, (places) => {
      const ones = inputs.map((dtype, i) => (repeated[i] ? f.let(load(cellOf[dtype], 1, places[i] as Expr)) : null));
      const { count } = grid[inner] as Block;
      inVectors(f, count, { width, vectors: vectorsOf(nodes) }, places, steps, (at, lanes, offset) =>
        cells(f, form, ones, at, lanes, offset),
      );
    });
  });
};

/**
 * The plan of an elementwise expression; null where one of its primitives has no kernel, or an operand's innermost cells
 * neither lie side by side nor repeat. The result may be written over an input of its shape and size of elements: each
 * cell is read before it is written.
 *
 * @param nodes at least one; the last is the result, of the result's dtype
 */
export function elementwisePlan(
  nodes: readonly ElementwiseNode[],
  inputs: readonly ElementwiseInput[],
  result: Typed,
): Plan | null {
  const given = inputs.map(({ dtype }) => dtype);
  const width = widthOf(nodes, given);
  const every: readonly ElementwiseInput[] = [...inputs, result];
  const walk = { sizes: result.shape, strides: every.map((x) => stridesOver(x, result.shape)) };
  const { sizes, strides } = mergeAxes(walk);
  const steps = strides.map((list) => list.at(-1) as number);
  if (width === 0 || steps.some((step) => step > 1)) return null;
  const planner = new Planner(inputs, result);
  if (sizes[0] === 0) return planner.finish('elementwise');
  const repeated = steps.map((step) => step === 0);
  planner.launch({
    kernel: elementwiseKernel({ nodes, inputs: given, repeated, rank: sizes.length, width }),
    args: [
      ...every.map((_, buffer): Argument => ({ buffer, offset: 0 })),
      ...every.flatMap(({ dtype }, i) => strides[i]?.slice(0, -1).map((step) => step * dtypes[dtype].bytes) ?? []),
    ],
    grid: cutGrid(sizes, most, unroll * width),
    scratchBytes: 0,
  });
  return planner.finish('elementwise', { tile: `${nodes.map(({ op }) => op).join(', ')}: ${width} lanes at once` });
}
