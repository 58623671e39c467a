/** Common subexpressions: what is computed twice from the same operands is computed once. */

import { keyOf } from '../ops/compute.js';
import { viewArray } from '../shape/dtype.js';
import { type Graph, type GraphNode, rewrite } from './graph.js';

/** Constants of more bytes than this are the same only if they lie in the same place. */
const mostCompared = 256;

/** Equal texts for equal values; null for what is like nothing else. */
function textOf(node: GraphNode): string | null {
  if (node.kind === 'argument') return null;
  const { shape, dtype } = node.type;
  if (node.kind === 'call') return `${node.name} ${keyOf(node.params)} ${node.operands}`;
  const { array } = node.buffer;
  if (array.byteLength > mostCompared) return null;
  return `${dtype} ${shape}: ${viewArray.uint8(array.buffer, array.byteOffset, array.byteLength)}`;
}

/** The graph without repetitions: equal operations on equal operands, and equal small constants. */
export function shareCommon(graph: Graph): Graph {
  const found = new Map<string, number>();
  return rewrite(graph, (node, add) => {
    const key = textOf(node);
    if (key === null) return add(node);
    const known = found.get(key);
    if (known !== undefined) return known;
    const id = add(node);
    found.set(key, id);
    return id;
  });
}
