/** torch.nn.utils: gradients clipped, parameters as one vector. */

import { signature } from '../../door/signature.js';
import { RuntimeError, TypeError_ } from '../../errors.js';
import { newTensor, op } from '../../tensor/tensor.js';
import { boolArgument, numberArgument, typeName, wrongType } from '../arguments.js';
import { cat } from '../functions.js';
import { no_grad } from '../mode.js';
import { Tensor } from '../tensor.js';

type Parameters = Tensor | Iterable<Tensor>;

function listOf(parameters: unknown, call: string): Tensor[] {
  const isList = typeof parameters === 'object' && parameters !== null && Symbol.iterator in parameters;
  const list: unknown[] =
    parameters instanceof Tensor ? [parameters] : isList ? Array.from(parameters as Iterable<unknown>) : [parameters];
  return list.map((parameter) => {
    if (parameter instanceof Tensor) return parameter;
    throw new TypeError_('bad-argument', `${call}(): parameters must be Tensors, not ${typeName(parameter)}`);
  });
}

const elementsOf = (tensor: Tensor): number[] => Array.from<number | bigint, number>(tensor.borrowed.array, Number);

/** The norm of numbers; that of infinity is the largest. */
function normOf(values: readonly number[], type: number): number {
  if (type === Number.POSITIVE_INFINITY) return values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  if (type === 2) return Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));
  return values.reduce((sum, x) => sum + Math.abs(x) ** type, 0) ** (1 / type);
}

const readNorm = signature('clip_grad_norm_', 'parameters max_norm norm_type? error_if_nonfinite? foreach?~');

/**
 * nn.utils.clip_grad_norm_: makes all gradients smaller by one factor where their norm, as that of one vector, is above
 * max_norm.
 *
 * @returns the norm before
 * @throws RuntimeError for a norm that is not finite, if error_if_nonfinite
 * @example
 * const x = torch.ones(4, { requires_grad: true });
 * x.mul(2).sum().backward();
 * torch.nn.utils.clip_grad_norm_([x], 1) // tensor(4.)
 * x.grad // tensor([0.5000, 0.5000, 0.5000, 0.5000])
 */
export function clip_grad_norm_(
  parameters: Parameters,
  max_norm: number,
  norm_type?: number | 'inf' | { readonly norm_type?: number; readonly error_if_nonfinite?: boolean },
  error_if_nonfinite?: boolean,
): Tensor;
export function clip_grad_norm_(...args: unknown[]): Tensor {
  const [parameters, max, type, strict] = readNorm(args);
  const grads = listOf(parameters, 'clip_grad_norm_').flatMap(({ grad }) => (grad === null ? [] : [grad]));
  const limit = numberArgument(max, 'clip_grad_norm_', 'max_norm', 0);
  const order = type === 'inf' ? Number.POSITIVE_INFINITY : numberArgument(type, 'clip_grad_norm_', 'norm_type', 2);
  const total = normOf(
    grads.map((grad) => normOf(elementsOf(grad), order)),
    order,
  );
  if (boolArgument(strict, 'clip_grad_norm_', 'error_if_nonfinite') && !Number.isFinite(total)) {
    throw new RuntimeError(
      'bad-argument',
      `The total norm of order ${order} for gradients from \`parameters\` is non-finite, so it cannot be clipped. To ` +
        'disable this error and scale the gradients by the non-finite norm anyway, set `error_if_nonfinite=False`',
    );
  }
  const factor = Math.min(1, limit / (total + 1e-6));
  no_grad(() => {
    for (const grad of grads) grad.assign(grad.detach().mul(factor).toCore());
  });
  return new Tensor(newTensor([total], [], grads[0]?.dtype.name ?? 'float32'));
}

const readValue = signature('clip_grad_value_', 'parameters clip_value foreach?~');

/** nn.utils.clip_grad_value_: each element of the gradients between -clip_value and clip_value. */
export function clip_grad_value_(parameters: Parameters, clip_value: number | { readonly clip_value: number }): void;
export function clip_grad_value_(...args: unknown[]): void {
  const [parameters, value] = readValue(args);
  const limit = numberArgument(value, 'clip_grad_value_', 'clip_value', 0);
  no_grad(() => {
    for (const { grad } of listOf(parameters, 'clip_grad_value_')) {
      grad?.assign(grad.detach().clamp(-limit, limit).toCore());
    }
  });
}

/** nn.utils.parameters_to_vector: all parameters as one vector, through which gradients go. */
export function parameters_to_vector(parameters: Iterable<Tensor>): Tensor {
  const list = listOf(parameters, 'parameters_to_vector');
  return cat(list.map((parameter) => parameter.reshape(-1)));
}

/** nn.utils.vector_to_parameters: a vector's elements as the values of parameters, one after the other. */
export function vector_to_parameters(vec: Tensor, parameters: Iterable<Tensor>): void {
  if (!(vec instanceof Tensor)) throw wrongType('vector_to_parameters', 'vec', 'Tensor', vec);
  const list = listOf(parameters, 'vector_to_parameters');
  const { array, size } = vec.borrowed;
  let at = 0;
  const places = list.map((parameter) => {
    const begin = at;
    at += parameter.numel();
    return [parameter, begin, at] as const;
  });
  if (at > size) throw new RuntimeError('shape-mismatch', `${at} elements are needed, and the vector has ${size}`);
  no_grad(() => {
    for (const [parameter, begin, end] of places) {
      const values = newTensor(array.slice(begin, end), [...parameter.shape], vec.dtype.name);
      parameter.assign(op.convert(values, parameter.dtype.name));
    }
  });
}
