/** From a graph to the steps that compute it: plans on the device, chains of elementwise primitives in one, references. */

import type { Typed } from '../ops/primitive.js';
import { epilogueStep } from './epilogue.js';
import { elementwiseStep, groupAt } from './fuse.js';
import { type Graph, type GraphNode, nodeAt, operandsOf } from './graph.js';
import { planOfCall, type Step } from './step.js';

/** The step of a call that has a plan, with all that is taken into it. */
function fusedStep(nodes: readonly GraphNode[], users: readonly (readonly number[])[], id: number): Step | null {
  const group = groupAt(nodes, users, id);
  return group === null ? null : (epilogueStep(nodes, users, group) ?? elementwiseStep(nodes, group));
}

/**
 * The steps of a graph, in order. What is needed decides: a call that others have taken into their plan is left out,
 * unless somebody else reads it, and a reshape is none, since it moves nothing.
 */
export function schedule(graph: Graph): Step[] {
  const { nodes } = graph;
  const needed = new Set(graph.outputs);
  const users: number[][] = nodes.map(() => []);
  nodes.forEach((node, id) => {
    for (const operand of operandsOf(node)) users[operand]?.push(id);
  });
  // An output has a reader that no plan takes in.
  for (const id of graph.outputs) users[id]?.push(nodes.length);
  const steps: Step[] = [];
  for (let id = nodes.length - 1; id >= 0; id--) {
    const call = nodeAt(nodes, id);
    if (!needed.has(id) || call.kind !== 'call') continue;
    const typeOf = (operand: number): Typed => nodeAt(nodes, operand).type;
    const own = call.name === 'reshape' ? null : planOfCall(call, call.operands.map(typeOf));
    const fused = own === null ? null : fusedStep(nodes, users, id);
    const step: Step = fused ?? { plan: own, operands: call.operands, result: id, call };
    for (const operand of step.operands) needed.add(operand);
    if (call.name !== 'reshape') steps.push(step);
  }
  return steps.reverse();
}
