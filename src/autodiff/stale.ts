/** Values that were saved for a gradient, and whose array was written since. */

import { RuntimeError } from '../errors.js';
import type { DType } from '../shape/dtype.js';
import { showShape } from '../shape/shape.js';
import { type Node, savesInputs, savesOutput, type Tensor } from '../tensor/tensor.js';

const typeNames: { readonly [D in DType]: string } = {
  float32: 'Float',
  float64: 'Double',
  int32: 'Int',
  int64: 'Long',
  uint8: 'Byte',
  bool: 'Bool',
};

/** Rules that read one operand only: where elements go, not which. */
const soleRead: { readonly [rule: string]: number } = { gather: 1, scatter: 1, select: 0 };

/** Whether operand i is read at all: that of a product, for the gradient by the other one. */
function reads({ rule, inputs }: Node, i: number): boolean {
  const sole = rule === null ? undefined : soleRead[rule.name];
  if (sole !== undefined) return i === sole;
  if (rule?.name === 'multiply' || rule?.name === 'dot_general') return inputs[1 - i]?.node !== null;
  return rule?.name !== 'divide' || i === 1 || inputs[1]?.node !== null;
}

/** @throws RuntimeError where what a node has saved is no longer what its array shows */
export function checkSaved(node: Node): void {
  if (node.rule === null) return;
  if (savesOutput(node.rule) && node.output !== null) checkFresh(node.output, node.label);
  if (!savesInputs(node.rule)) return;
  for (let i = 0; i < node.inputs.length; i++) if (reads(node, i)) checkFresh(node.inputs[i] as Tensor);
}

/** @param label of the node, where it is its own result that it saved */
export function checkFresh({ origin, dtype, shape }: Tensor, label: string | null = null): void {
  if (origin === null || origin.version === origin.counter.version) return;
  const name = label ?? origin.counter.name;
  const maker = origin.isView && label === null && name !== null ? 'AsStrided' : name?.replace(/Backward\d*$/, '');
  throw new RuntimeError(
    'modified-in-place',
    'one of the variables needed for gradient computation has been modified by an inplace operation: ' +
      `[torch.${typeNames[dtype]}Tensor ${showShape(shape)}]${maker ? `, which is output 0 of ${maker},` : ''} is at ` +
      `version ${origin.counter.version}; expected version ${origin.version} instead. Hint: enable anomaly detection to ` +
      'find the operation that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True, ' +
      'check_nan=False).',
  );
}
