/** What is done to every graph that was traced. */

import { shareCommon } from './common.js';
import { dropDead } from './dead.js';
import type { Graph } from './graph.js';
import { simplify } from './simplify.js';

/** The same function with less to do; constants that it no longer needs are let go of. */
export function optimise(graph: Graph): Graph {
  const optimised = dropDead(shareCommon(simplify(graph)));
  const constants = new Set(optimised.nodes.map((node) => (node.kind === 'constant' ? node.buffer : null)));
  for (const node of graph.nodes) if (node.kind === 'constant' && !constants.has(node.buffer)) node.buffer.release();
  return optimised;
}
