/** Chains of elementwise primitives in one plan: what lies between is never stored. */

import { elementwise } from '../ops/elementwise.js';
import { type ElementwiseInput, type ElementwiseNode, elementwisePlan, widthOf } from '../plan/elementwise.js';
import type { PlainOp } from '../plan/scalar.js';
import { sameShape } from '../shape/shape.js';
import { type Call, type GraphNode, nodeAt } from './graph.js';
import type { Step } from './schedule.js';

/** As many values as registers have room for, about. */
const mostInputs = 12;
const mostNodes = 48;

type ElementwiseName = keyof typeof elementwise;

const isElementwise = (node: GraphNode): node is Call<ElementwiseName> =>
  node.kind === 'call' && Object.hasOwn(elementwise, node.name);

/** Without parameters. */
const isPlain = (name: ElementwiseName): name is PlainOp => name !== 'convert' && name !== 'compare';

/** Calls that become one plan, and what this reads. */
interface Group {
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
  let group = groupOf(nodes, [root]);
  let width = widthOfGroup(group);
  const { shape } = nodeAt(nodes, root).type;
  const refused = new Set<number>();
  const candidates = (): number[] =>
    group.members
      .flatMap((id) => (nodeAt(nodes, id) as Call).operands)
      .filter((id) => {
        const node = nodeAt(nodes, id);
        const isFree = !refused.has(id) && !group.members.includes(id);
        return isFree && isElementwise(node) && sameShape(node.type.shape, shape);
      });
  while (group.members.length < mostNodes) {
    // The latest: all its readers come later, and so have been decided on.
    const next = Math.max(...candidates());
    if (next < 0) break;
    const larger = groupOf(nodes, [next, ...group.members]);
    const alone = widthOfGroup(groupOf(nodes, [next]));
    const isInner = (users[next] ?? []).every((user) => group.members.includes(user));
    const fits = alone > 0 && widthOfGroup(larger) >= Math.max(width, alone) && larger.reads.length <= mostInputs;
    if (isInner && fits) {
      group = larger;
      width = Math.max(width, alone);
    } else {
      refused.add(next);
    }
  }
  return group;
}

/** The step of an elementwise call with all that can be taken into it; null where there is no such plan. */
export function fusedPlan(
  nodes: readonly GraphNode[],
  users: readonly (readonly number[])[],
  root: number,
): Step | null {
  const call = nodeAt(nodes, root);
  if (!isElementwise(call)) return null;
  const { reads, inputs, expression } = grow(nodes, users, root);
  const plan = elementwisePlan(expression, inputs, call.type);
  return plan === null ? null : { plan, operands: reads, result: root, call };
}
