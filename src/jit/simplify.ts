/** Operations that change no bit, and constants that repeat one value. */

import type { BroadcastParams } from '../ops/primitive.js';
import { makeArray } from '../shape/dtype.js';
import { sameShape, sizeOf } from '../shape/shape.js';
import { Buffer } from '../tensor/buffer.js';
import { type Add, type Call, type Graph, type GraphNode, nodeAt, rewrite } from './graph.js';

/** The one element of a constant that repeats it; undefined where elements differ, or there are none. */
function repeatedElement(node: GraphNode): number | bigint | undefined {
  if (node.kind !== 'constant') return undefined;
  const { array } = node.buffer;
  const [first] = array;
  for (let i = 1; i < array.length; i++) if (!Object.is(array[i], first)) return undefined;
  return first;
}

/** A constant of many equal elements as one that is repeated, so that nothing large is kept, or read. */
function shrink(node: GraphNode, add: Add): number {
  const value = repeatedElement(node);
  if (value === undefined || sizeOf(node.type.shape) === 1) return add(node);
  const { shape, dtype } = node.type;
  const array = makeArray[dtype](1);
  array[0] = value as number;
  const operand = add({ kind: 'constant', type: { shape: [], dtype }, buffer: new Buffer(array) });
  const params: BroadcastParams = { shape, axes: [] };
  return add({ kind: 'call', type: node.type, name: 'broadcast_in_dim', params, operands: [operand] });
}

/** The one value that all elements of a node have, where that is known. */
function uniform(nodes: readonly GraphNode[], id: number): number | bigint | undefined {
  const node = nodeAt(nodes, id);
  if (node.kind !== 'call') return repeatedElement(node);
  const isMove = node.name === 'broadcast_in_dim' || node.name === 'reshape';
  return isMove ? uniform(nodes, node.operands[0] as number) : undefined;
}

/** The operand that a call gives back unchanged; null: there is none. */
function unchanged(node: Call, nodes: readonly GraphNode[]): number | null {
  const [a, b] = node.operands as readonly [number, number];
  const is = (id: number, value: number): boolean => {
    const known = uniform(nodes, id);
    return typeof known === 'bigint' ? known === BigInt(value) : Object.is(known, value);
  };
  if (node.name === 'multiply') return is(b, 1) ? a : is(a, 1) ? b : null;
  if (node.name === 'divide') return is(b, 1) ? a : null;
  // Not x + 0, which is 0 for -0.
  if (node.name === 'subtract') return is(b, 0) ? a : null;
  const { shape } = nodeAt(nodes, a).type;
  const isMove = node.name === 'reshape' || (node.name === 'broadcast_in_dim' && isInOrder(node.params.axes));
  if (isMove && sameShape(shape, node.type.shape)) return a;
  if (node.name === 'transpose' && isInOrder(node.params.permutation)) return a;
  return null;
}

const isInOrder = (axes: readonly number[]): boolean => axes.every((axis, i) => axis === i);

/** A move of a move as one. */
function joined(node: Call, nodes: readonly GraphNode[]): Call {
  const before = nodeAt(nodes, node.operands[0] as number);
  if (before.kind !== 'call') return node;
  if (node.name === 'reshape' && before.name === 'reshape') return { ...node, operands: before.operands };
  if (node.name === 'transpose' && before.name === 'transpose') {
    const permutation = node.params.permutation.map((axis) => before.params.permutation[axis] as number);
    return { ...node, params: { permutation }, operands: before.operands };
  }
  if (node.name === 'broadcast_in_dim' && before.name === 'broadcast_in_dim') {
    const axes = before.params.axes.map((axis) => node.params.axes[axis] as number);
    return { ...node, params: { ...node.params, axes }, operands: before.operands };
  }
  return node;
}

/** The graph without operations that change nothing: x * 1, moves there and back. */
export function simplify(graph: Graph): Graph {
  return rewrite(graph, (given, add, nodes) => {
    if (given.kind !== 'call') return shrink(given, add);
    const node = joined(given, nodes);
    return unchanged(node, nodes) ?? add(node);
  });
}
