/** explain: how a convolution and its gradients would run here, and why. */

import { adjointOfInput, adjointOfKernel, type Convolution } from '../conv/convolution.js';
import { type ConvSpec, type ConvSpecOptions, convSpec, lower } from '../conv/spec.js';
import { currentDevice } from '../device/device.js';
import type { DeviceName } from '../device/name.js';
import { RuntimeError } from '../errors.js';
import { extraBytes, type Launch, taskCount } from '../kernel/launch.js';
import { isTiny, planOf } from '../ops/compute.js';
import type { Typed } from '../ops/primitive.js';
import { table } from '../ops/table.js';
import { type DType, dtypes } from '../shape/dtype.js';
import { promoteTorch } from '../shape/promotion.js';
import { checkFields, checkShape, type Shape, sizeOf } from '../shape/shape.js';
import { type Foreign, isForeign } from '../tensor/foreign.js';
import { checkDType } from '../tensor/values.js';
import { threads } from './device.js';

/** How one convolution runs. */
export interface Explanation {
  readonly device: DeviceName;
  /** 'winograd', 'direct', 'depthwise', ...; 'reference' where plain TypeScript serves. */
  readonly algorithm: string;
  readonly why: string;
  /** What is computed at once. */
  readonly tile: string;
  /** Multiplications and additions of the direct sum. */
  readonly flops: number;
  /** Bytes of operands and result. */
  readonly bytes: number;
  /** Bytes besides: tables, transformed operands, and what threads have to themselves. */
  readonly scratch: number;
  /** Kernels that are launched one after the other. */
  readonly launches: number;
  /** Pieces that threads can take at the same time, in the launch that has most. */
  readonly tasks: number;
}

/** How a convolution runs, and its gradients by input and kernel. */
export interface ConvExplanation extends Explanation {
  readonly dx: Explanation;
  readonly dw: Explanation;
}

/** Shapes of the operands, or tensors that have them. */
export interface ExplainedOperands {
  readonly x: Shape | Foreign;
  readonly w: Shape | Foreign;
  /** Of both operands, where shapes are given; default: float32. */
  readonly dtype?: DType;
}

function typed(value: Shape | Foreign, dtype: DType, name: string): Typed {
  return isForeign(value) ? value.toCore() : { shape: checkShape(value, name), dtype };
}

const bytesOf = ({ shape, dtype }: Typed): number => sizeOf(shape) * dtypes[dtype].bytes;

/** Bytes that a plan takes besides operands and result. */
const scratchOf = (extra: number, launches: readonly Launch[]): number =>
  extra + threads() * Math.max(0, ...launches.map(({ scratchBytes }) => scratchBytes));

function explainOne(
  spec: Convolution,
  x: Typed,
  w: Typed,
  flops: number,
): { readonly found: Explanation; readonly result: Typed } {
  const result = table.convolution.shape([x, w], spec);
  const shared = {
    device: currentDevice().name,
    flops,
    bytes: bytesOf(x) + bytesOf(w) + bytesOf(result),
  };
  const plain = { ...shared, algorithm: 'reference', tile: 'one number', scratch: 0, launches: 0, tasks: 1 };
  const isReference = shared.device === 'reference';
  if (isReference) return { found: { ...plain, why: 'it is the device that was chosen' }, result };
  if (isTiny([x, w], result)) return { found: { ...plain, why: 'done before a launch has begun' }, result };
  const plan = planOf(table.convolution, [x, w], spec, result);
  if (plan === null)
    return { found: { ...plain, why: `no kernel serves ${x.dtype} here, or nearly all would be padding` }, result };
  const { algorithm, why, tile, extra, launches } = plan;
  const scratch = scratchOf(
    extra.reduce((sum, buffer) => sum + extraBytes(buffer), 0),
    launches,
  );
  const tasks = Math.max(1, ...launches.map(taskCount));
  return { found: { ...shared, algorithm, why, tile, scratch, launches: launches.length, tasks }, result };
}

/** A circular convolution as `conv` computes it: the input is wrapped first, and has no padding then. */
function wrap(spec: ConvSpec, shape: Shape): { readonly spec: ConvSpec; readonly shape: Shape } {
  const { layout, padding } = spec;
  const spatial = ['D', 'H', 'W'].filter((letter) => layout.input.includes(letter));
  const grown = [...layout.input].map((letter, axis) => {
    const [lo, hi] = padding[spatial.indexOf(letter)] ?? [0, 0];
    return (shape[axis] ?? 0) + lo + hi;
  });
  return { spec: { ...spec, padding: padding.map(() => [0, 0] as const) }, shape: grown };
}

/**
 * How a convolution would run here and now, and its gradients: which algorithm and why, in which tiles, with how many
 * flops, bytes and tasks. Nothing is computed.
 *
 * @param spec as conv takes it
 * @param operands shapes (and a dtype), or tensors
 * @throws as conv, where shapes don't fit
 * @example explain({ padding: 1 }, { x: [8, 64, 56, 56], w: [64, 64, 3, 3] }).algorithm // "winograd"
 */
export function explain(spec: ConvSpecOptions, operands: ExplainedOperands): ConvExplanation {
  checkFields(operands, ['x', 'w', 'dtype'], "explain's operands");
  const { x, w, dtype = 'float32' } = operands;
  const [input, kernel] = [typed(x, checkDType(dtype), 'x'), typed(w, checkDType(dtype), 'w')];
  const promoted = promoteTorch(input.dtype, kernel.dtype);
  if (promoted === 'bool') {
    throw new RuntimeError('dtype-mismatch', 'x and w are both bool, which has no sums: convert one of them first');
  }
  const given = convSpec(spec, Math.min(3, Math.max(1, input.shape.length - 2)));
  const wrapped = given.paddingMode === 'circular' ? wrap(given, input.shape) : { spec: given, shape: input.shape };
  const { convolution, inputShape, kernelShape, outputShape } = lower(wrapped.spec, wrapped.shape, kernel.shape);
  const cells = { shape: inputShape, dtype: promoted };
  const taps = { shape: kernelShape, dtype: promoted };
  // All three have the same products: each output's, one for each tap of each channel it sums over.
  const outputs = kernel.shape[given.layout.kernel.indexOf('O')] as number;
  const flops = outputs === 0 ? 0 : 2 * sizeOf(outputShape) * (sizeOf(kernel.shape) / outputs);
  const { found, result } = explainOne(convolution, cells, taps, flops);
  const dx = explainOne(adjointOfInput(convolution, inputShape, kernelShape), result, taps, flops);
  const dw = explainOne(adjointOfKernel(convolution, inputShape, kernelShape), cells, result, flops);
  return { ...found, dx: dx.found, dw: dw.found };
}
