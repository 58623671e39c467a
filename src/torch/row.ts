/** A function of the door as a row of a table: its name, its parameters, what it leaves in grad_fn, its core call. */

import { signature } from '../door/signature.js';
import { type Foreign, isForeign } from '../tensor/foreign.js';
import type { Tensor } from '../tensor/tensor.js';
import { inspectByRepr } from '../text/python.js';

export interface Row {
  readonly name: string;
  /** Arguments in the order of the parameters; undefined where the default holds. */
  readonly read: (args: readonly unknown[]) => readonly unknown[];
  /** What PyTorch calls the node that is recorded. */
  readonly gradFn: string | ((values: readonly unknown[]) => string);
  readonly run: (values: readonly unknown[]) => Tensor;
  /** In PyTorch the result shows its operand's own memory. */
  readonly isView: boolean;
}

/** NumPy's names of parameters, which PyTorch takes too. */
const aliases = { axis: 'dim', keepdims: 'keepdim', x: 'input', a: 'input', x1: 'input', x2: 'other' };

/** A reader of arguments, by PyTorch's names of them or NumPy's; parameters as signature.ts reads them. */
export const reader = (name: string, parameters: string): Row['read'] => signature(name, parameters, aliases);

/** @param parameters as signature.ts reads them */
export function row(
  name: string,
  parameters: string,
  gradFn: Row['gradFn'],
  run: (values: readonly unknown[]) => Tensor,
): Row {
  return { name, read: reader(name, parameters), gradFn, run, isView: false };
}

/** The row of a function that gives a view of its operand. */
export const viewRow: typeof row = (...parts) => ({ ...row(...parts), isView: true });

/** Calls a row, and names what it has recorded. */
export type Caller<T> = (row: Row, args: readonly unknown[]) => T;

/** What functions made of rows know of the door's tensors. */
export interface Door extends Foreign {
  requires_grad_(requires_grad: boolean): unknown;
}

/** A function that is calls of rows: one of several forms, or of several results. */
export interface Composite {
  readonly name: string;
  readonly compute: <T extends Door>(args: readonly unknown[], call: Caller<T>) => unknown;
}

/** Whether a value is a tensor of this door, which a function may give back as it is. */
export const isOwn = (value: unknown): value is Door => isForeign(value) && 'requires_grad_' in value;

export const composite = (name: string, compute: Composite['compute']): Composite => ({ name, compute });

/** PyTorch's names for primitives that are recorded without a row: in gradients of gradients. */
const nodeNames: { readonly [primitive: string]: string } = {
  add: 'AddBackward0',
  subtract: 'SubBackward0',
  multiply: 'MulBackward0',
  divide: 'DivBackward0',
  power: 'PowBackward1',
  negate: 'NegBackward0',
  exponential: 'ExpBackward0',
  log: 'LogBackward0',
  sine: 'SinBackward0',
  cosine: 'CosBackward0',
  select: 'WhereBackward0',
  convert: 'ToCopyBackward0',
  reshape: 'ViewBackward0',
  transpose: 'PermuteBackward0',
  broadcast_in_dim: 'ExpandBackward0',
  reverse: 'FlipBackward0',
  slice: 'SliceBackward0',
  pad: 'ConstantPadNdBackward0',
  concatenate: 'CatBackward0',
  gather: 'GatherBackward0',
  reduce_sum: 'SumBackward1',
  reduce_prod: 'ProdBackward1',
  dot_general: 'BmmBackward0',
  convolution: 'ConvolutionBackward0',
  jit: 'CompiledFunctionBackward',
};

/** The name of a node that a primitive left, such as `SumBackward1`. */
export const gradFnOf = (primitive: string): string => nodeNames[primitive] ?? `${primitive}Backward`;

/** The name of the node that made a gradient: PyTorch has one node for a gradient of a convolution. */
export function gradientNameOf({ node }: Tensor): string | null {
  return node?.rule?.name === 'convolution' ? 'ConvolutionBackwardBackward0' : null;
}

/** The `<name>` of the operation that made a tensor. */
export class GradFn {
  static {
    inspectByRepr(GradFn.prototype);
  }

  readonly #name: string;
  readonly #module: string;

  /** @param isCustom of a torch.autograd.Function */
  constructor(name: string, isCustom = false) {
    this.#name = name;
    this.#module = isCustom ? 'torch.autograd.function.' : '';
  }

  name(): string {
    return this.#name;
  }

  toString(): string {
    return `<${this.#module}${this.#name}>`;
  }

  __repr__(): string {
    return this.toString();
  }
}
