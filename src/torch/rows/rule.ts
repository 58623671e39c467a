/** Functions with a gradient rule of their own, as PyTorch has them, where that of the primitives is another. */

import type { Ops } from '../../ops/primitive.js';
import { isFloat } from '../../shape/dtype.js';
import { type Rule, record, type Tensor } from '../../tensor/tensor.js';

/** Operands and result as the rule sees them, and the gradient that arrives. */
export interface Seen<P> {
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  readonly params: P;
  readonly gradient: Tensor;
  readonly op: Ops<Tensor>;
}

/** Operand `index` of a rule. */
export function operand(inputs: readonly Tensor[], index: number): Tensor {
  const input = inputs[index];
  if (input === undefined) throw new RangeError(`operand ${index} of ${inputs.length}`);
  return input;
}

/**
 * A function of tensors from one of plain values and a rule for its gradient. What the rule reads must stand in `saves`;
 * made of primitives, it has gradients of its own.
 */
export function withRule<P>(
  name: string,
  saves: Rule['saves'],
  value: (inputs: readonly Tensor[], params: P) => Tensor,
  gradient: (seen: Seen<P>, argument: number) => Tensor | null,
): (inputs: readonly Tensor[], params: P) => Tensor {
  const rule: Rule = {
    name,
    saves,
    vjp: (call, argument, op) => gradient({ ...call, params: call.params as P, op }, argument),
  };
  return (inputs, params) => {
    const result = value(
      inputs.map((input) => input.plain),
      params,
    );
    return isFloat(result.dtype) && inputs.some((input) => input.node !== null)
      ? record(rule, params, inputs, result)
      : result;
  };
}

/** A function of one tensor that has no parameters. */
export function unaryWithRule(
  name: string,
  saves: Rule['saves'],
  value: (x: Tensor) => Tensor,
  gradient: (seen: Seen<null> & { readonly x: Tensor }) => Tensor,
): (x: Tensor) => Tensor {
  const f = withRule<null>(
    name,
    saves,
    ([x]) => value(operand([x as Tensor], 0)),
    (seen) => gradient({ ...seen, x: operand(seen.inputs, 0) }),
  );
  return (x) => f([x], null);
}
