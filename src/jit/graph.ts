/** A function of tensors as data: all it computes, in order, every shape known. */

import type { Params, Primitive, PrimitiveName, Typed } from '../ops/primitive.js';
import { table } from '../ops/table.js';
import type { Buffer } from '../tensor/buffer.js';
import { apply, Tensor } from '../tensor/tensor.js';

/** What is given when the graph runs. */
interface Argument {
  readonly kind: 'argument';
  readonly type: Typed;
}

/** What was known when the function was traced. */
interface Constant {
  readonly kind: 'constant';
  readonly type: Typed;
  readonly buffer: Buffer;
}

/** A primitive of values before it. */
export type Call<N extends PrimitiveName = PrimitiveName> = {
  readonly [K in N]: {
    readonly kind: 'call';
    readonly type: Typed;
    readonly name: K;
    readonly params: Params[K];
    readonly operands: readonly number[];
  };
}[N];

export type GraphNode = Argument | Constant | Call;

/** Nodes are named by their places; operands come before results. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

export const nodeAt = (nodes: readonly GraphNode[], id: number): GraphNode => {
  const node = nodes[id];
  if (node === undefined) throw new RangeError(`node ${id} of ${nodes.length}`);
  return node;
};

export const operandsOf = (node: GraphNode): readonly number[] => (node.kind === 'call' ? node.operands : []);

/** The call of other operands. */
const withOperands = (node: GraphNode, operands: readonly number[]): GraphNode =>
  node.kind === 'call' ? { ...node, operands } : node;

/** Adds a node to the new graph, and says where it stands there. */
export type Add = (node: GraphNode) => number;

/**
 * A graph made from another, node by node: `place` sees each with its operands as they are called in the new graph, and
 * says what stands for it there; null: nothing will need it.
 */
export function rewrite(
  graph: Graph,
  place: (node: GraphNode, add: Add, nodes: readonly GraphNode[], id: number) => number | null,
): Graph {
  const nodes: GraphNode[] = [];
  const add: Add = (node) => nodes.push(node) - 1;
  const places: (number | null)[] = [];
  const at = (id: number): number => {
    const found = places[id] ?? null;
    if (found === null) throw new RangeError(`node ${id} was dropped, and is needed`);
    return found;
  };
  graph.nodes.forEach((node, id) => {
    const isDropped = operandsOf(node).some((operand) => places[operand] === null);
    places.push(isDropped ? null : place(withOperands(node, operandsOf(node).map(at)), add, nodes, id));
  });
  return { nodes, inputs: graph.inputs.map(at), outputs: graph.outputs.map(at) };
}

/** The part of a graph that computes `outputs` from `inputs`, wherever these come from. */
export function extract(graph: Graph, inputs: readonly number[], outputs: readonly number[]): Graph {
  const nodes: GraphNode[] = [];
  const places = new Map<number, number>();
  for (const id of inputs) {
    if (!places.has(id)) places.set(id, nodes.length);
    nodes.push({ kind: 'argument', type: nodeAt(graph.nodes, id).type });
  }
  const needed = reached(graph, outputs, (id) => places.has(id));
  for (const [id, node] of graph.nodes.entries()) {
    if (!needed.has(id) || places.has(id)) continue;
    const operands = operandsOf(node).map((operand) => places.get(operand) as number);
    places.set(id, nodes.push(withOperands(node, operands)) - 1);
  }
  return {
    nodes,
    inputs: inputs.map((_, i) => i),
    outputs: outputs.map((id) => places.get(id) as number),
  };
}

/** The nodes that some were made from, themselves included; nobody looks behind those that are a `border`. */
export function reached(
  { nodes }: Graph,
  roots: readonly number[],
  isBorder: (id: number) => boolean = () => false,
): Set<number> {
  const seen = new Set(roots);
  for (const id of seen) {
    if (!isBorder(id)) for (const operand of operandsOf(nodeAt(nodes, id))) seen.add(operand);
  }
  return seen;
}

function applyCall<N extends PrimitiveName>(call: Call<N>, operands: readonly Tensor[]): Tensor {
  const primitive: Primitive<Params[N]> = table[call.name];
  return apply(primitive, operands, call.params);
}

/** Does what a graph says, call by call: recorded, and traced, as whatever is applied. */
export function replay({ nodes, inputs, outputs }: Graph, args: readonly Tensor[]): Tensor[] {
  const values = new Map(inputs.map((id, i) => [id, args[i] as Tensor]));
  const at = (id: number): Tensor => values.get(id) as Tensor;
  nodes.forEach((node, id) => {
    if (node.kind === 'constant') values.set(id, new Tensor(node.type.shape, node.type.dtype, node.buffer));
    else if (node.kind === 'call') values.set(id, applyCall(node, node.operands.map(at)));
  });
  return outputs.map(at);
}
