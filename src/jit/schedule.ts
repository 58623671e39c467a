/** From a graph to the steps that compute it: plans on the device, chains of elementwise primitives in one, references. */

import type { Plan } from '../kernel/launch.js';
import { chosenPlan } from '../ops/compute.js';
import type { Params, Primitive, PrimitiveName, Typed } from '../ops/primitive.js';
import { table } from '../ops/table.js';
import { fusedPlan } from './fuse.js';
import { type Call, type Graph, nodeAt, operandsOf } from './graph.js';

/** One thing to do: `operands` and `result` name nodes of the graph. */
export interface Step {
  readonly operands: readonly number[];
  readonly result: number;
  /** What the device runs; null: the reference of the call. */
  readonly plan: Plan | null;
  readonly call: Call;
}

/** The plan that eager computation has for a call of its own. */
export function planOfCall<N extends PrimitiveName>(call: Call<N>, inputs: readonly Typed[]): Plan | null {
  const primitive: Primitive<Params[N]> = table[call.name];
  return chosenPlan(primitive, inputs, call.params, call.type);
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
    const fused = own === null ? null : fusedPlan(nodes, users, id);
    const step: Step = fused ?? { plan: own, operands: call.operands, result: id, call };
    for (const operand of step.operands) needed.add(operand);
    if (call.name !== 'reshape') steps.push(step);
  }
  return steps.reverse();
}
