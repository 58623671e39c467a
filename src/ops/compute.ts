/** Where primitives are computed: plainly, or on a device, as size and choice have it. */

import { currentDevice, wasmDevice } from '../device/device.js';
import { heap } from '../heap/heap.js';
import type { Plan } from '../kernel/launch.js';
import { bytesOf } from '../plan/plan.js';
import { isLong } from '../plan/scalar.js';
import type { TypedArray } from '../shape/dtype.js';
import { sizeOf } from '../shape/shape.js';
import type { Allocate, Operand, Primitive, Typed } from './primitive.js';

/** Below this many bytes in every array, plain TypeScript is done before a launch has begun. */
const tinyBytes = 1024;
/** The same for functions of many steps. */
const tinyBytesOfLong = 32;

/** Plans by operation and shapes, oldest first. */
const plans = new Map<string, Plan | null>();
const mostPlans = 1024;

/** Parameters in words: numbers, texts, and lists and records of them. No two different ones have the same words. */
export function keyOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  if (Array.isArray(value)) return `[${value.map(keyOf)}]`;
  let key = '';
  for (const [name, field] of Object.entries(value)) key += `${name}:${keyOf(field)};`;
  return `{${key}}`;
}

/** The plan of a primitive for some shapes, made once; null: the reference serves. */
export function planOf<P>(primitive: Primitive<P>, inputs: readonly Typed[], params: P, result: Typed): Plan | null {
  if (primitive.lower === null) return null;
  let key = `${primitive.name} ${currentDevice().precision} `;
  for (const { shape, dtype } of inputs) key += `${dtype}${shape} `;
  key += keyOf(params);
  let plan = plans.get(key);
  if (plan === undefined) {
    plan = primitive.lower(inputs, params, result);
    if (plans.size >= mostPlans) for (const oldest of plans.keys()) if (plans.delete(oldest)) break;
    plans.set(key, plan);
  }
  return plan;
}

/** Whether all arrays are so small that plain TypeScript is the fastest. */
export function isTiny(inputs: readonly Typed[], result: Typed, most: number = tinyBytes): boolean {
  for (let i = 0; i < inputs.length; i++) if (bytesOf(inputs[i] as Typed) >= most) return false;
  return bytesOf(result) < most;
}

/** How a primitive is computed on the current device, which shapes alone decide: by a plan, or (null) its reference. */
export function chosenPlan<P>(
  primitive: Primitive<P>,
  inputs: readonly Typed[],
  params: P,
  result: Typed,
): Plan | null {
  const runsPlans = currentDevice().name !== 'reference' && typeof wasmDevice() !== 'string';
  const most = isLong(primitive.name) ? tinyBytesOfLong : tinyBytes;
  // Of what is sliced or gathered from, no more is read than is given.
  const read = primitive.name === 'slice' || primitive.name === 'gather' ? [] : inputs;
  return runsPlans && !isTiny(read, result, most) ? planOf(primitive, inputs, params, result) : null;
}

/** The elements of a primitive's result, and where they were computed. */
export function compute<P>(
  primitive: Primitive<P>,
  inputs: readonly Operand[],
  params: P,
  result: Typed,
  allocate: Allocate,
): TypedArray {
  const plan = chosenPlan(primitive, inputs, params, result);
  const device = wasmDevice();
  if (plan === null || typeof device === 'string') return primitive.reference(inputs, params, result, allocate);
  const out = allocate(result.dtype, sizeOf(result.shape));
  const arrays = inputs.map(({ array }) => array);
  arrays.push(out);
  try {
    device.run(plan, arrays);
  } catch (error) {
    // A call that fails holds nothing.
    heap.release(out);
    throw error;
  }
  return out;
}
