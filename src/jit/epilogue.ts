/** Bias and activation: elementwise operations on a convolution's result, done before this is stored. */

import { positionsOf } from '../conv/convolution.js';
import { currentDevice } from '../device/device.js';
import type { Typed } from '../ops/primitive.js';
import { convolutionPlan } from '../plan/convolution.js';
import type { ElementwiseInput } from '../plan/elementwise.js';
import { type Epilogue, isDoneBy, isVectorised } from '../plan/epilogue.js';
import { Planner, vectorBytes } from '../plan/plan.js';
import { isFloat } from '../shape/dtype.js';
import type { Group } from './fuse.js';
import { type Call, type GraphNode, nodeAt } from './graph.js';
import { planOfCall, type Step } from './step.js';

/** Where a value is read among those of a result: a number for each cell of one axis, one for all, or neither (null). */
function standing({ shape, axes }: ElementwiseInput, axis: number): Epilogue['inputs'][number] | null {
  const own = axes ?? shape.map((_, i) => i);
  const along = own.filter((_, i) => shape[i] !== 1);
  if (along.length === 0) return 'one';
  return along.length === 1 && along[0] === axis ? 'column' : null;
}

/** What a group does to the value that is its read `at`, whose columns go along an axis; null where it does more. */
function epilogueOf({ inputs, expression }: Group, at: number, axis: number): Epilogue | null {
  const { dtype } = inputs[at] as ElementwiseInput;
  const others = inputs.filter((_, i) => i !== at);
  const standings = others.map((input) => (input.dtype === dtype ? standing(input, axis) : null));
  const known = standings.filter((each) => each !== null);
  if (known.length < others.length) return null;
  const moved = (value: number): number => (value === at ? 0 : value < at ? value + 1 : value);
  const nodes = expression.map((node) => ({ ...node, operands: node.operands.map(moved) }));
  return { nodes, dtype, inputs: known };
}

/** Convolutions whose results nobody else reads, and whose plans have columns: those of one group of channels. */
function convolutionAt(nodes: readonly GraphNode[], id: number): Call<'convolution'> | null {
  const node = nodeAt(nodes, id);
  if (node.kind !== 'call' || node.name !== 'convolution' || !isFloat(node.type.dtype)) return null;
  const { g } = positionsOf(node.params.output);
  return g < 0 || node.type.shape[g] === 1 ? node : null;
}

/** The step of a group that follows a convolution, with this; null where there is none, or its plan can't have it. */
export function convolutionStep(
  nodes: readonly GraphNode[],
  users: readonly (readonly number[])[],
  group: Group,
): Step | null {
  const result = group.members.at(-1) as number;
  for (const [at, id] of group.reads.entries()) {
    const convolution = convolutionAt(nodes, id);
    const isOwn = (users[id] ?? []).every((user) => group.members.includes(user));
    if (convolution === null || group.inputs[at]?.axes !== undefined || !isOwn) continue;
    const { params, operands, type } = convolution;
    const typeOf = (operand: number): Typed => nodeAt(nodes, operand).type;
    const epilogue = epilogueOf(group, at, positionsOf(params.output).o);
    const [x, w] = operands.map(typeOf) as [Typed, Typed];
    if (epilogue === null || !isVectorised(epilogue, vectorBytes)) continue;
    if (planOfCall(convolution, [x, w]) === null) continue;
    const others = group.reads.filter((_, i) => i !== at);
    const planner = new Planner([x, w], type, epilogue, others.map(typeOf));
    const plan = convolutionPlan(params, x, w, type, params.precision ?? currentDevice().precision, planner);
    if (plan === null || !isDoneBy(plan, epilogue, operands.length)) continue;
    const call = nodeAt(nodes, result) as Call;
    return { plan, operands: [...operands, ...others], result, buffers: [...operands, result, ...others], call };
  }
  return null;
}
