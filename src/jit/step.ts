/** What a program does, one after the other. */

import type { Plan } from '../kernel/launch.js';
import { chosenPlan } from '../ops/compute.js';
import type { Params, Primitive, PrimitiveName, Typed } from '../ops/primitive.js';
import { table } from '../ops/table.js';
import type { Call } from './graph.js';

/** One thing to do: `operands` and `result` name nodes of the graph. */
export interface Step {
  readonly operands: readonly number[];
  readonly result: number;
  /** What the device runs; null: the reference of the call. */
  readonly plan: Plan | null;
  /** Operands and result as the plan has its buffers; left out where the result is the last. */
  readonly buffers?: readonly number[];
  readonly call: Call;
}

/** The plan that eager computation has for a call of its own. */
export function planOfCall<N extends PrimitiveName>(call: Call<N>, inputs: readonly Typed[]): Plan | null {
  const primitive: Primitive<Params[N]> = table[call.name];
  return chosenPlan(primitive, inputs, call.params, call.type);
}
