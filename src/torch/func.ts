/** torch.func: differentiation of functions of tensors. They are the core's transforms, and nest to any order. */

import {
  jacobian as jacobianOf,
  jvp as jvpOf,
  valueAndGrad as valueAndGradOf,
  vjp as vjpOf,
} from '../autodiff/transforms.js';
import { signature } from '../door/signature.js';
import { NotImplementedError, TypeError_ } from '../errors.js';
import type { Foreign } from '../tensor/foreign.js';
import { Tuple } from '../text/python.js';
import { isWhole, typeName, wrongType } from './arguments.js';
import type { Tensor } from './tensor.js';

type Function1 = (...args: Tensor[]) => Tensor;

/** Which arguments to differentiate by: one, or several. */
type Argnums = number | readonly number[];

interface Options {
  readonly argnums?: Argnums;
  readonly has_aux?: false;
}

type Gradient<N> = N extends readonly number[] ? Tuple<Tensor> : Tensor;

const readers = {
  grad: signature('grad', 'func argnums? has_aux?'),
  grad_and_value: signature('grad_and_value', 'func argnums? has_aux?'),
  jacrev: signature('jacrev', 'func argnums? has_aux? chunk_size=~'),
  jacfwd: signature('jacfwd', 'func argnums? has_aux? randomness=~'),
  hessian: signature('hessian', 'func argnums?'),
};

function functionArgument(value: unknown, call: string): Function1 {
  if (typeof value === 'function') return value as Function1;
  throw new TypeError_('bad-argument', `${call}(): '${typeName(value)}' object is not callable`);
}

/** The function and the arguments to differentiate by. */
function read(call: keyof typeof readers, args: readonly unknown[]): readonly [Function1, Argnums] {
  const [func, argnums = 0, hasAux] = readers[call](args);
  if (hasAux !== undefined && hasAux !== false) {
    throw new NotImplementedError('not-implemented', `${call}(): has_aux is not there; return the result alone`);
  }
  const isList = Array.isArray(argnums) && argnums.every(isWhole);
  if (!isList && !isWhole(argnums)) throw wrongType(call, 'argnums', 'int or tuple of ints', argnums);
  return [functionArgument(func, call), isList ? argnums : (argnums as number)];
}

/** As Python has it: a tuple where several were asked for. */
const tupled = (gradients: unknown): never => (Array.isArray(gradients) ? Tuple.from(gradients) : gradients) as never;

/**
 * torch.func.grad: the gradient of a function with a result of one number, as a function of the same arguments.
 *
 * @returns a function that gives a tensor of the argument's shape, or a tuple of such for a list of `argnums`
 * @throws RuntimeError where the function's result has more elements than one, or an argument isn't floating
 * @example torch.func.grad((x) => x.mul(x).sum())(torch.tensor([1, 2])) // tensor([2., 4.])
 */
export function grad<const N extends Argnums = 0>(
  func: Function1,
  options?: N | (Options & { readonly argnums?: N }),
): (...args: Foreign[]) => Gradient<N>;
export function grad(...given: unknown[]): (...args: Foreign[]) => never {
  const [func, argnums] = read('grad', given);
  const both = valueAndGradOf(func, { argnums });
  return (...args) => tupled(both(...args)[1]);
}

/** torch.func.grad_and_value: the gradient and the value, as a tuple; as grad. */
export function grad_and_value<const N extends Argnums = 0>(
  func: Function1,
  options?: N | (Options & { readonly argnums?: N }),
): (...args: Foreign[]) => Tuple<Gradient<N> | Tensor>;
export function grad_and_value(...given: unknown[]): (...args: Foreign[]) => Tuple<never> {
  const [func, argnums] = read('grad_and_value', given);
  const both = valueAndGradOf(func, { argnums });
  return (...args) => {
    const [value, gradients] = both(...args);
    return Tuple.from([tupled(gradients), value as never]) as Tuple<never>;
  };
}

/**
 * torch.func.vjp: the result of a function, and its pullback from a gradient by the result to a tuple of gradients.
 *
 * @example
 * const [y, pullback] = torch.func.vjp((x) => x.mul(x), torch.tensor([3]));
 * pullback(torch.tensor([1])) // (tensor([6.]),)
 */
export function vjp(
  func: Function1,
  ...primals: Foreign[]
): Tuple<Tensor | ((cotangents: Foreign) => Tuple<Tensor>)> & readonly [Tensor, (gy: Foreign) => Tuple<Tensor>] {
  const [y, pullback] = vjpOf(functionArgument(func, 'vjp'), ...primals);
  return Tuple.from([y, (gy: Foreign) => tupled(pullback(gy))]) as never;
}

/**
 * torch.func.jvp: the result of a function at `primals`, and its derivative along `tangents`, as a tuple.
 *
 * @example torch.func.jvp((x) => x.mul(x), [torch.tensor([3])], [torch.tensor([1])]) // (tensor([9.]), tensor([6.]))
 */
export function jvp(func: Function1, primals: readonly Foreign[], tangents: readonly Foreign[]): Tuple<Tensor> {
  return tupled(jvpOf(functionArgument(func, 'jvp'), [...primals], [...tangents]));
}

function jacobians(call: 'jacrev' | 'jacfwd', given: readonly unknown[]): (...args: Foreign[]) => never {
  const [func, argnums] = read(call, given);
  const all = jacobianOf(func, { argnums });
  return (...args) => tupled(all(...args));
}

/**
 * torch.func.jacrev: the Jacobian, of the result's shape and the argument's.
 *
 * @example torch.func.jacrev((x) => x.mul(x))(torch.tensor([1, 2])).tolist() // [[2, 0], [0, 4]]
 */
export function jacrev<const N extends Argnums = 0>(
  func: Function1,
  options?: N | (Options & { readonly argnums?: N }),
): (...args: Foreign[]) => Gradient<N>;
export function jacrev(...given: unknown[]): (...args: Foreign[]) => never {
  return jacobians('jacrev', given);
}

/** torch.func.jacfwd: as jacrev, whose numbers it has; here both go backwards. */
export function jacfwd<const N extends Argnums = 0>(
  func: Function1,
  options?: N | (Options & { readonly argnums?: N }),
): (...args: Foreign[]) => Gradient<N>;
export function jacfwd(...given: unknown[]): (...args: Foreign[]) => never {
  return jacobians('jacfwd', given);
}

/**
 * torch.func.hessian: the second derivatives of a function with a result of one number.
 *
 * @example torch.func.hessian((x) => x.pow(3).sum())(torch.tensor([1, 2])).tolist() // [[6, 0], [0, 12]]
 */
export function hessian(func: Function1, argnums?: number): (...args: Foreign[]) => Tensor;
export function hessian(...given: unknown[]): (...args: Foreign[]) => Tensor {
  const [func, argnums] = read('hessian', given);
  const twice = jacobianOf(jacobianOf(func, { argnums }) as Function1, { argnums });
  return (...args) => tupled(twice(...args));
}
