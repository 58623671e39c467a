/** Bias and activation: elementwise operations on what a convolution or a product gives, done before it is stored. */

import { positionsOf } from '../conv/convolution.js';
import { currentDevice } from '../device/device.js';
import type { Plan } from '../kernel/launch.js';
import type { Typed } from '../ops/primitive.js';
import { convolutionPlan } from '../plan/convolution.js';
import type { ElementwiseInput } from '../plan/elementwise.js';
import { type Epilogue, isDoneBy, isVectorised } from '../plan/epilogue.js';
import { Planner, vectorBytes } from '../plan/plan.js';
import { productPlan } from '../plan/product.js';
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

/** A call whose plan can have an epilogue: the axis of its columns, and the plan. */
interface Producer {
  readonly call: Call;
  readonly axis: number;
  plan(planner: Planner): Plan | null;
}

/** Convolutions of one group of channels, whose columns are the outputs, and products, whose last axis is the columns. */
function producerOf(nodes: readonly GraphNode[], id: number): Producer | null {
  const call = nodeAt(nodes, id);
  if (call.kind !== 'call' || !isFloat(call.type.dtype)) return null;
  const { type } = call;
  const [a, b] = call.operands.map((operand) => nodeAt(nodes, operand).type) as [Typed, Typed];
  if (call.name === 'dot_general') {
    const { params } = call;
    return { call, axis: type.shape.length - 1, plan: (planner) => productPlan(a, b, params, type, planner) };
  }
  if (call.name !== 'convolution') return null;
  const { params } = call;
  const { g, o } = positionsOf(params.output);
  if (g >= 0 && type.shape[g] !== 1) return null;
  const precision = params.precision ?? currentDevice().precision;
  return { call, axis: o, plan: (planner) => convolutionPlan(params, a, b, type, precision, planner) };
}

/** The step of a group that follows a convolution or a product, with this; null where there is none that can have it. */
export function epilogueStep(
  nodes: readonly GraphNode[],
  users: readonly (readonly number[])[],
  group: Group,
): Step | null {
  const result = group.members.at(-1) as number;
  for (const [at, id] of group.reads.entries()) {
    const producer = producerOf(nodes, id);
    const isOwn = (users[id] ?? []).every((user) => group.members.includes(user));
    if (producer === null || group.inputs[at]?.axes !== undefined || !isOwn) continue;
    const { operands, type } = producer.call;
    const typeOf = (operand: number): Typed => nodeAt(nodes, operand).type;
    const inputs = operands.map(typeOf);
    const epilogue = epilogueOf(group, at, producer.axis);
    if (epilogue === null || !isVectorised(epilogue, vectorBytes)) continue;
    if (planOfCall(producer.call, inputs) === null) continue;
    const others = group.reads.filter((_, i) => i !== at);
    const plan = producer.plan(new Planner(inputs, type, epilogue, others.map(typeOf)));
    if (plan === null || !isDoneBy(plan, epilogue, operands.length)) continue;
    const call = nodeAt(nodes, result) as Call;
    return { plan, operands: [...operands, ...others], result, buffers: [...operands, result, ...others], call };
  }
  return null;
}
