/** tf.custom_gradient: functions with gradient rules of their own. */

import { TypeError_, ValueError } from '../errors.js';
import { isFloat } from '../shape/dtype.js';
import { show } from '../shape/shape.js';
import { type Tensor as CoreTensor, full, op, type Rule, record } from '../tensor/tensor.js';
import { type TensorInput, tensorArgument } from './arguments.js';
import { Tensor, Value, wrap } from './tensor.js';

/** From the gradients by the results to the gradients by the arguments: one, or a list of one each. */
export type GradientFunction = (...upstream: Tensor[]) => Value | null | readonly (Value | null)[];

/** What a rule gave, checked: one gradient an argument. */
function gradientsOf(given: unknown, inputs: readonly CoreTensor[]): (CoreTensor | null)[] {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (list.length !== inputs.length) {
    throw new ValueError(
      'bad-argument',
      `custom_gradient function expected to return ${inputs.length} gradients, but returned ${list.length} instead.`,
    );
  }
  return list.map((gradient, i) =>
    gradient === null ? null : op.convert(tensorArgument(gradient), (inputs[i] as CoreTensor).dtype),
  );
}

/**
 * The rule for one of several results: gradients are linear in the upstream ones, so each result sends on its own, with
 * zeros for the others. The engine asks for one argument after the other, the rule gives all at once.
 */
function ruleOf(gradient: GradientFunction, results: readonly CoreTensor[], index: number): Rule {
  let last: { readonly upstream: CoreTensor; readonly given: readonly (CoreTensor | null)[] } | undefined;
  return {
    name: 'custom_gradient',
    saves: 'inputs',
    vjp(call, argument) {
      if (last?.upstream !== call.gradient) {
        const upstream = results.map((result, i) => new Tensor(i === index ? call.gradient : full(result, 0)));
        last = { upstream: call.gradient, given: gradientsOf(gradient(...upstream), call.inputs) };
      }
      return last.given[argument] ?? null;
    },
  };
}

/**
 * tf.custom_gradient: a function whose gradient is what it says. `f` returns its result (or a list of results) and a
 * function from the upstream gradient to the gradient by each argument.
 *
 * @throws ValueError where f gives no such pair, or the gradient function not one gradient an argument
 * @example
 * const log1pexp = tf.custom_gradient((x) => {
 *   const e = tf.exp(x);
 *   return [tf.math.log(e.add(1)), (upstream) => upstream.mul(e.add(1).rdiv(-1).add(1))];
 * });
 */
export function custom_gradient(
  f: (...args: Tensor[]) => readonly [result: Value, gradient: GradientFunction],
): (...args: TensorInput[]) => Tensor;
export function custom_gradient(
  f: (...args: Tensor[]) => readonly [results: readonly Value[], gradient: GradientFunction],
): (...args: TensorInput[]) => Tensor[];
export function custom_gradient(f: unknown): (...args: TensorInput[]) => Tensor | Tensor[] {
  if (typeof f !== 'function') {
    throw new TypeError_('bad-argument', `custom_gradient takes a function, not ${show(f)}`);
  }
  return (...args) => {
    const tensors = args.map((arg) => (arg instanceof Tensor ? arg : wrap(tensorArgument(arg), [arg])));
    const returned: unknown = Reflect.apply(f, undefined, tensors);
    const [result, gradient]: readonly unknown[] = Array.isArray(returned) ? returned : [];
    if (typeof gradient !== 'function') {
      const needed = 'the function must return [result, gradient], gradient a function of the upstream gradient';
      throw new ValueError('bad-argument', `custom_gradient: ${needed}, not ${show(returned)}`);
    }
    const list: readonly unknown[] = Array.isArray(result) ? result : [result];
    const values = list.map((item) => (item instanceof Value ? item.plain : tensorArgument(item).plain));
    const inputs = tensors.map((tensor) => tensor.toCore());
    const isRecorded = inputs.some((input) => input.node !== null);
    const outputs = values.map((value, i) => {
      if (!isRecorded || !isFloat(value.dtype)) return wrap(value, []);
      return wrap(record(ruleOf(gradient as GradientFunction, values, i), undefined, inputs, value), tensors);
    });
    return Array.isArray(result) ? outputs : (outputs[0] as Tensor);
  };
}
