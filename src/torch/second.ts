/** What PyTorch calls the nodes of gradients that are recorded themselves, for gradients of gradients. */

import type { Graph } from '../autodiff/backward.js';
import type { Node } from '../tensor/tensor.js';

/** By the node of a function, that of its gradient, where the primitives that it is made of would say another one. */
const names: { readonly [gradFn: string]: string } = {
  AddmmBackward0: 'MmBackward0',
  BinaryCrossEntropyWithLogitsBackward0: 'DivBackward1',
  BmmBackward0: 'BmmBackward0',
  ClampBackward0: 'MaskedFillBackward0',
  ClampMaxBackward1: 'MaskedFillBackward0',
  ClampMinBackward1: 'MaskedFillBackward0',
  ConstantPadNdBackward0: 'ConstantPadNdBackward0',
  CoshBackward0: 'MulBackward0',
  CumprodBackward0: 'DivBackward0',
  Deg2RadBackward0: 'MulBackward1',
  DiagEmbedBackward0: 'DiagonalBackward0',
  DiagonalBackward0: 'DiagonalBackwardBackward0',
  DiagonalBackward0_copy: 'DiagonalBackwardBackward0',
  DotBackward0: 'MulBackward0',
  Exp2Backward0: 'MulBackward1',
  GatherBackward0: 'ScatterAddBackward0',
  GeluBackward0: 'GeluBackwardBackward0',
  IndexSelectBackward0: 'IndexAddBackward0',
  LeakyReluBackward0: 'LeakyReluBackwardBackward0',
  LerpBackward0: 'MulBackward1',
  LogSoftmaxBackward0: 'LogSoftmaxBackwardDataBackward0',
  MaskedFillBackward0: 'MaskedFillBackward0',
  MaskedSelectBackward0: 'MaskedScatterBackward0',
  MaxBackward0: 'ScatterBackward0',
  MaxBackward1: 'MaskedFillBackward1',
  MaximumBackward0: 'MaskedFillBackward0',
  MeanBackward0: 'DivBackward1',
  MeanBackward1: 'DivBackward1',
  MedianBackward0: 'MaskedFillBackward1',
  MedianBackward1: 'ScatterBackward0',
  MinBackward0: 'ScatterBackward0',
  MinBackward1: 'MaskedFillBackward1',
  MinimumBackward0: 'MaskedFillBackward0',
  MmBackward0: 'MmBackward0',
  MseLossBackward0: 'MseLossBackwardBackward0',
  MvBackward0: 'MulBackward0',
  NansumBackward0: 'MulBackward0',
  NativeBatchNormBackward0: 'NativeBatchNormBackwardBackward0',
  NativeLayerNormBackward0: 'NativeLayerNormBackwardBackward0',
  Rad2DegBackward0: 'MulBackward1',
  ReluBackward0: 'ThresholdBackwardBackward0',
  RepeatBackward0: 'SumBackward1',
  RollBackward0: 'RollBackward0',
  Rot90Backward0: 'Rot90Backward0',
  ScatterBackward0: 'ScatterBackward1',
  ScatterBackward1: 'ScatterBackward1',
  SelectBackward0: 'SelectBackwardBackward0',
  SigmoidBackward0: 'SigmoidBackwardBackward0',
  SinhBackward0: 'MulBackward0',
  SliceBackward0: 'SliceBackwardBackward0',
  SoftmaxBackward0: 'SoftmaxBackwardDataBackward0',
  SoftplusBackward0: 'SoftplusBackwardBackward0',
  SortBackward0: 'ScatterBackward0',
  SplitBackward0: 'CatBackward0',
  SplitWithSizesBackward0: 'CatBackward0',
  StackBackward0: 'SelectBackward0',
  TakeBackward0: 'PutBackward0',
  TanhBackward0: 'TanhBackwardBackward0',
  TBackward0: 'TBackward0',
  TopkBackward0: 'ScatterBackward0',
  TransposeBackward0: 'TransposeBackward0',
  TrilBackward0: 'TrilBackward0',
  TriuBackward0: 'TriuBackward0',
  UnbindBackward0: 'StackBackward0',
  UnsafeViewBackward0: 'ViewBackward0',
  UnsqueezeBackward0: 'SqueezeBackward1',
};

/** Functions of two operands, which one tensor may be both of: its gradients are added. */
const bilinear = new Set(['AddmmBackward0', 'BmmBackward0', 'DotBackward0', 'MmBackward0', 'MvBackward0']);

/**
 * The name of the gradient by a node, from that of the only function that reads it: its nodes up to the labelled last
 * one belong to it. Null where several do, whose gradients are added, and where the primitive's name is right.
 */
export function gradientName(graph: Graph, target: Node, gradient: Node): string | null {
  const within = new Set([target]);
  const functions = new Set<Node>();
  for (const node of graph) {
    if (!node.inputs.some((input) => input.node !== null && within.has(input.node))) continue;
    if (node.label === null) within.add(node);
    else functions.add(node);
  }
  const [only] = functions;
  const label = functions.size === 1 && only !== undefined ? only.label : null;
  if (label === null || (bilinear.has(label) && gradient.rule?.name === 'add')) return null;
  return names[label] ?? null;
}
