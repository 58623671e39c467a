/** Chains of elementwise primitives in one plan: what lies between is never stored. */

import { elementwise } from '../ops/elementwise.js';
import { type ElementwiseInput, type ElementwiseNode, elementwisePlan, widthOf } from '../plan/elementwise.js';
import type { PlainOp } from '../plan/scalar.js';
import { sameShape } from '../shape/shape.js';
import { type Call, type GraphNode, nodeAt, operandsOf } from './graph.js';
import type { Step } from './step.js';

/** As many values as registers have room for, about. */
const mostInputs = 12;
const mostNodes = 48;

type ElementwiseName = keyof typeof elementwise;

const isElementwise = (node: GraphNode): node is Call<ElementwiseName> =>
  node.kind === 'call' && Object.hasOwn(elementwise, node.name);

/** Without parameters. */
const isPlain = (name: ElementwiseName): name is PlainOp => name !== 'convert' && name !== 'compare';

/** Calls that become one plan, and what this reads. */
export interface Group {
  /** Of the graph, in order; the last is the result. */
  readonly members: readonly number[];
  /** Nodes of the graph that are read, each in one way. */
  readonly reads: readonly number[];
  readonly inputs: readonly ElementwiseInput[];
  readonly expression: readonly ElementwiseNode[];
}

/** A read of a value through a broadcast is one of the smaller value, which the plan repeats itself. */
function readThrough(nodes: readonly GraphNode[], id: number): { id: number; input: ElementwiseInput } {
  const node = nodeAt(nodes, id);
  if (node.kind !== 'call' || node.name !== 'broadcast_in_dim') return { id, input: node.type };
  const source = node.operands[0] as number;
  return { id: source, input: { ...nodeAt(nodes, source).type, axes: node.params.axes } };
}

/** What members compute, as a plan takes it. */
function groupOf(nodes: readonly GraphNode[], members: readonly number[]): Group {
  const reads: number[] = [];
  const inputs: ElementwiseInput[] = [];
  const values = new Map<number, number>();
  const outside = members.flatMap((id) => (nodeAt(nodes, id) as Call).operands).filter((id) => !members.includes(id));
  for (const id of new Set(outside)) {
    const read = readThrough(nodes, id);
    values.set(id, reads.length);
    reads.push(read.id);
    inputs.push(read.input);
  }
  const expression = members.map((id, i): ElementwiseNode => {
    const call = nodeAt(nodes, id) as Call<ElementwiseName>;
    values.set(id, reads.length + i);
    const operands = call.operands.map((operand) => values.get(operand) as number);
    const { dtype } = call.type;
    if (call.name === 'compare') return { op: 'compare', dtype, operands, direction: call.params.direction };
    return isPlain(call.name) ? { op: call.name, dtype, operands } : { op: 'convert', dtype, operands };
  });
  return { members, reads, inputs, expression };
}

/** Cells computed at once; 0: there is no kernel. */
const widthOfGroup = ({ expression, inputs }: Group): number =>
  widthOf(
    expression,
    inputs.map(({ dtype }) => dtype),
  );

/**
 * The group of a result: its operands are taken in, and theirs, as long as nobody outside reads them, there are
 * registers, and no member would be computed fewer cells at once than alone.
 */
function grow(nodes: readonly GraphNode[], users: readonly (readonly number[])[], root: number): Group {
  const { shape } = nodeAt(nodes, root).type;
  const alone = (id: number): number => widthOfGroup(groupOf(nodes, [id]));
  let group = groupOf(nodes, [root]);
  let width = alone(root);
  const larger = (id: number): Group | null => {
    const { members } = group;
    const node = nodeAt(nodes, id);
    if (members.includes(id) || !isElementwise(node) || !sameShape(node.type.shape, shape)) return null;
    if ((users[id] ?? []).some((user) => !members.includes(user)) || alone(id) === 0) return null;
    const made = groupOf(
      nodes,
      [...members, id].sort((a, b) => a - b),
    );
    return made.reads.length <= mostInputs && widthOfGroup(made) >= Math.max(width, alone(id)) ? made : null;
  };
  const next = (): number | undefined =>
    group.members.flatMap((id) => operandsOf(nodeAt(nodes, id))).find((id) => larger(id) !== null);
  for (let id = next(); id !== undefined && group.members.length < mostNodes; id = next()) {
    width = Math.max(width, alone(id));
    group = larger(id) ?? group;
  }
  return group;
}

/** The group of an elementwise call; null for another node. */
export const groupAt = (
  nodes: readonly GraphNode[],
  users: readonly (readonly number[])[],
  id: number,
): Group | null => (isElementwise(nodeAt(nodes, id)) ? grow(nodes, users, id) : null);

/** The step of a group; null where there is no such plan. */
export function elementwiseStep(
  nodes: readonly GraphNode[],
  { members, reads, inputs, expression }: Group,
): Step | null {
  const result = members.at(-1) as number;
  const call = nodeAt(nodes, result) as Call;
  const plan = elementwisePlan(expression, inputs, call.type);
  return plan === null ? null : { plan, operands: reads, result, call };
}
