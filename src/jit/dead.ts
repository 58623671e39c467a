/** Dead code: what no result needs. */

import { type Graph, reached, rewrite } from './graph.js';

/** The graph without what no output needs; all inputs stay. */
export function dropDead(graph: Graph): Graph {
  const live = reached(graph, [...graph.outputs, ...graph.inputs]);
  return rewrite(graph, (node, add, _nodes, id) => (live.has(id) ? add(node) : null));
}
