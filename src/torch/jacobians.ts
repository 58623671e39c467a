/** torch.autograd.functional: Jacobians, Hessians and products with them, of functions of tensors. */

import { signature } from '../door/signature.js';
import { RuntimeError, TypeError_ } from '../errors.js';
import { sameShape } from '../shape/shape.js';
import { newTensor, op } from '../tensor/tensor.js';
import { Tuple } from '../text/python.js';
import { sizeText } from '../text/torch.js';
import { boolArgument, typeName } from './arguments.js';
import { grad } from './autograd.js';
import { enable_grad } from './mode.js';
import { Tensor } from './tensor.js';

/** One tensor, or several. */
export type Tensors = Tensor | readonly Tensor[];

/** A function of tensors. */
export type TensorFunction = (...inputs: Tensor[]) => Tensors;

/** What a call may say by name. */
export interface JacobianOptions {
  readonly create_graph?: boolean;
  readonly strict?: boolean;
  readonly vectorize?: boolean;
}

/** One result for one input, a tuple for several. */
type Result = Tensor | Tuple<Tensor>;

function tensorsOf(value: unknown, what: string, call: string): readonly Tensor[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  list.forEach((item, i) => {
    if (item instanceof Tensor) return;
    const message =
      item === value
        ? `The ${what} given to ${call} must be either a Tensor or a tuple of Tensors but the given ${what} has type ` +
          `<class '${typeName(value)}'>.`
        : `The ${what} given to ${call} must be either a Tensor or a tuple of Tensors but the value at index ${i} of the ` +
          `given ${what} has type <class '${typeName(item)}'>.`;
    throw new TypeError_('bad-argument', message);
  });
  return list as readonly Tensor[];
}

/** Several as a tuple, one as itself. */
const shaped = (isTuple: boolean, tensors: readonly Tensor[]): Result =>
  isTuple ? (Tuple.from(tensors) as Tuple<Tensor>) : (tensors[0] as Tensor);

/** A call of a user's function, recorded. */
interface Run {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly isTuple: { readonly inputs: boolean; readonly outputs: boolean };
  /** Gradients of some of the results are recorded, too. */
  readonly creates: boolean;
  readonly isStrict: boolean;
}

/** @param creates whether inputs that are recorded stay linked to what they were made from */
function run(f: unknown, given: unknown, creates: boolean, isStrict: boolean, call: string): Run {
  if (typeof f !== 'function') {
    throw new TypeError_('bad-argument', `${call}(): argument 'func' must be a function, not ${typeName(f)}`);
  }
  const inputs = tensorsOf(given, 'inputs', call).map((input) =>
    creates && input.requires_grad ? input.view_as(input) : input.detach().requires_grad_(),
  );
  const returned: unknown = Reflect.apply(f, undefined, inputs);
  const outputs = tensorsOf(returned, 'outputs of the user-provided function', call);
  if (isStrict) {
    const fixed = outputs.findIndex((output) => !output.requires_grad);
    if (fixed >= 0) {
      throw new RuntimeError(
        'not-differentiable',
        `Output ${fixed} of the user-provided function does not require gradients. The outputs must be computed in a ` +
          'differentiable manner from the input when running in strict mode.',
      );
    }
  }
  const isTuple = { inputs: Array.isArray(given), outputs: Array.isArray(returned) };
  return { inputs, outputs, isTuple, creates, isStrict };
}

/** Gradients by all inputs, zeros for what doesn't lead there. */
function gradients(
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  vectors: readonly Tensor[],
  creates: boolean,
  strictOutput: number | null,
): Tensor[] {
  const recorded = outputs.flatMap((output, i) => (output.requires_grad ? [i] : []));
  const pick = <T>(list: readonly T[]): T[] => recorded.map((i) => list[i] as T);
  const found: readonly (Tensor | null)[] =
    recorded.length === 0
      ? inputs.map(() => null)
      : grad(pick(outputs), inputs, {
          grad_outputs: pick(vectors),
          allow_unused: true,
          create_graph: creates,
          retain_graph: true,
        });
  return found.map((gradient, i) => {
    if (gradient !== null) return gradient;
    if (strictOutput !== null) {
      throw new RuntimeError(
        'unused-input',
        `Output ${strictOutput} of the user-provided function is independent of input ${i}. This is not allowed in ` +
          'strict mode.',
      );
    }
    const input = inputs[i] as Tensor;
    return zerosLike(input);
  });
}

const zerosLike = (x: Tensor): Tensor => new Tensor(op.full({ shape: [...x.shape], dtype: x.dtype.name }, 0));

/** Results that nobody differentiates further are unlinked. */
const finished = (tensors: readonly Tensor[], creates: boolean): Tensor[] =>
  tensors.map((tensor) => (creates ? tensor : tensor.detach()));

/** One vector an output or input, checked. */
function vectorsFor(given: unknown, targets: readonly Tensor[], call: string, whose: string): readonly Tensor[] {
  if (given === undefined || given === null) {
    if (targets.length === 1 && targets[0]?.numel() === 1) return [onesLike(targets[0])];
    throw new RuntimeError(
      'bad-argument',
      `The vector v can only be None if ${whose} a single Tensor with a single element.`,
    );
  }
  const vectors = tensorsOf(given, 'v', call);
  if (vectors.length !== targets.length) {
    throw new RuntimeError(
      'bad-argument',
      `v is a tuple of invalid length: should be ${targets.length} but got ${vectors.length}.`,
    );
  }
  vectors.forEach((vector, i) => {
    const target = targets[i] as Tensor;
    if (sameShape(vector.shape, target.shape)) return;
    const prefix = targets.length > 1 ? `Entry ${i} in ` : '';
    throw new RuntimeError(
      'shape-mismatch',
      `${prefix}v has invalid size: should be ${sizeText(target.shape)} but got ${sizeText(vector.shape)}.`,
    );
  });
  return vectors;
}

const onesLike = (x: Tensor): Tensor => new Tensor(op.full({ shape: [...x.shape], dtype: x.dtype.name }, 1));

/** The Jacobian of each output by each input. */
function jacobians({ inputs, outputs, creates, isStrict }: Run): Tensor[][] {
  return outputs.map((output, i) => {
    const count = output.numel();
    const rows = Array.from({ length: count }, (_, j) => {
      const basis = Array.from({ length: count }, (_unused, k) => (k === j ? 1 : 0));
      const vector = new Tensor(newTensor(basis, [...output.shape], output.dtype.name));
      return gradients([output], inputs, [vector], creates, isStrict ? i : null);
    });
    return inputs.map((input, k) => {
      const parts = rows.map((row) => op.reshape((row[k] as Tensor).toCore(), [1, input.numel()]));
      const whole =
        parts.length > 0
          ? op.concatenate(parts, 0)
          : op.full({ shape: [0, input.numel()], dtype: input.dtype.name }, 0);
      return new Tensor(op.reshape(whole, [...output.shape, ...input.shape]), 'ViewBackward0');
    });
  });
}

const readJacobian = signature('jacobian', 'func inputs create_graph? strict? vectorize? strategy?');
const readHessian = signature('hessian', 'func inputs create_graph? strict? vectorize? outer_jacobian_strategy?');

/**
 * torch.autograd.functional.jacobian: shape [...output.shape, ...input.shape]; a tuple of them for several inputs, and
 * for several outputs a tuple of those.
 *
 * @throws TypeError_ for what gives no tensors; RuntimeError with `strict` for an output that an input doesn't matter to
 * @example torch.autograd.functional.jacobian((x) => x.mul(x), torch.tensor([1, 2])).tolist() // [[2, 0], [0, 4]]
 */
export function jacobian(func: (input: Tensor) => Tensor, inputs: Tensor, options?: JacobianOptions): Tensor;
export function jacobian(func: TensorFunction, inputs: Tensors, options?: JacobianOptions): Result | Tuple<Result>;
export function jacobian(...args: unknown[]): Result | Tuple<Result> {
  const [f, inputs, create, strict, vectorize] = readJacobian(args);
  const creates = boolArgument(create, 'jacobian', 'create_graph');
  const isStrict = boolArgument(strict, 'jacobian', 'strict');
  boolArgument(vectorize, 'jacobian', 'vectorize');
  return enable_grad(() => {
    const done = run(f, inputs, creates, isStrict, 'jacobian');
    const all = jacobians(done).map((row) => shaped(done.isTuple.inputs, finished(row, creates)));
    return done.isTuple.outputs ? (Tuple.from(all) as Tuple<Result>) : (all[0] as Result);
  });
}

/** @throws RuntimeError for a function that gives more than one number */
function checkScalar(outputs: readonly Tensor[], call: string): void {
  if (outputs.length === 1 && outputs[0]?.numel() === 1) return;
  throw new RuntimeError(
    'not-a-scalar',
    outputs.length > 1
      ? `The function given to ${call} should return a single Tensor`
      : `The Tensor returned by the function given to ${call} should contain a single element`,
  );
}

/**
 * torch.autograd.functional.hessian of a function that gives one number: shape [...input.shape, ...input.shape]; for
 * several inputs, a tuple of tuples.
 *
 * @throws RuntimeError for a function that gives more than one number
 * @example torch.autograd.functional.hessian((x) => x.pow(3).sum(), torch.tensor([1, 2])).tolist() // [[6, 0], [0, 12]]
 */
export function hessian(func: (input: Tensor) => Tensor, inputs: Tensor, options?: JacobianOptions): Tensor;
export function hessian(func: TensorFunction, inputs: Tensors, options?: JacobianOptions): Tensor | Tuple<Result>;
export function hessian(...args: unknown[]): Tensor | Tuple<Result> {
  const [f, inputs, create, strict, vectorize] = readHessian(args);
  const creates = boolArgument(create, 'hessian', 'create_graph');
  const isStrict = boolArgument(strict, 'hessian', 'strict');
  boolArgument(vectorize, 'hessian', 'vectorize');
  return enable_grad(() => {
    const done = run(f, inputs, creates, isStrict, 'hessian');
    checkScalar(done.outputs, 'hessian');
    const outputs = gradients(
      done.outputs,
      done.inputs,
      [onesLike(done.outputs[0] as Tensor)],
      true,
      isStrict ? 0 : null,
    );
    const rows = jacobians({ ...done, outputs }).map((row) => finished(row, creates));
    if (!done.isTuple.inputs) return rows[0]?.[0] as Tensor;
    return Tuple.from(rows.map((row) => shaped(true, row))) as Tuple<Result>;
  });
}

type Products = Tuple<Result>;

/** What the four products have in common: arguments, the run, and the function's value beside the product. */
function product(
  call: string,
  compute: (done: Run, v: unknown) => readonly Tensor[],
  isByOutput: boolean,
): (...args: unknown[]) => Products {
  const read = signature(call, 'func inputs v?~ create_graph? strict?');
  return (...args) => {
    const [f, inputs, v, create, strict] = read(args);
    const creates = boolArgument(create, call, 'create_graph');
    const isStrict = boolArgument(strict, call, 'strict');
    return enable_grad(() => {
      const done = run(f, inputs, creates, isStrict, call);
      const found = compute(done, v);
      const isTuple = isByOutput ? done.isTuple.outputs : done.isTuple.inputs;
      return Tuple.from([
        shaped(done.isTuple.outputs, finished(done.outputs, creates)),
        shaped(isTuple, finished(found, creates)),
      ]) as Products;
    });
  };
}

const byOutput = 'the user-provided function returns';
const byInput = 'the input to the user-provided function is';

interface Product {
  (func: TensorFunction, inputs: Tensors, v?: Tensors | null, create_graph?: boolean, strict?: boolean): Products;
  (func: TensorFunction, inputs: Tensors, options: JacobianOptions & { readonly v?: Tensors | null }): Products;
  (func: TensorFunction, inputs: Tensors, v: Tensors | null, options: JacobianOptions): Products;
}

/**
 * torch.autograd.functional.vjp: the function's value, and a vector (one for each output) times the Jacobian.
 *
 * @throws RuntimeError for a vector of another shape than the output, or none where that is not one number
 * @example torch.autograd.functional.vjp((x) => x.mul(x), torch.tensor([1, 2]), torch.ones(2))[1] // tensor([2., 4.])
 */
export const vjp: Product = product(
  'vjp',
  ({ inputs, outputs, creates, isStrict }, v) =>
    gradients(outputs, inputs, vectorsFor(v, outputs, 'vjp', byOutput), creates, isStrict ? 0 : null),
  false,
);

/**
 * torch.autograd.functional.jvp: the function's value, and the Jacobian times a vector (one for each input), by the
 * gradient of the gradient.
 *
 * @throws RuntimeError for a vector of another shape than the input, or none where that is not one number
 * @example torch.autograd.functional.jvp((x) => x.mul(x), torch.tensor([1, 2]), torch.ones(2))[1] // tensor([2., 4.])
 */
export const jvp: Product = product(
  'jvp',
  ({ inputs, outputs, creates, isStrict }, v) => {
    const vectors = vectorsFor(v, inputs, 'jvp', byInput);
    const weights = outputs.map((output) => zerosLike(output).requires_grad_());
    const back = gradients(outputs, inputs, weights, true, isStrict ? 0 : null);
    return gradients(back, weights, vectors, creates, null);
  },
  true,
);

/** The Hessian, which is symmetric, times vectors. */
const hessianProduct =
  (call: 'hvp' | 'vhp') =>
  ({ inputs, outputs, creates, isStrict }: Run, v: unknown): readonly Tensor[] => {
    const vectors = vectorsFor(v, inputs, call, byInput);
    checkScalar(outputs, call);
    const first = gradients(outputs, inputs, outputs.map(onesLike), true, isStrict ? 0 : null);
    return gradients(first, inputs, vectors, creates, isStrict ? 0 : null);
  };

/**
 * torch.autograd.functional.hvp: the value of a function that gives one number, and its Hessian times a vector.
 *
 * @throws RuntimeError for a function that gives more than one number
 * @example torch.autograd.functional.hvp((x) => x.pow(3).sum(), torch.tensor([1, 2]), torch.ones(2))[1] // tensor([ 6., 12.])
 */
export const hvp: Product = product('hvp', hessianProduct('hvp'), false);

/**
 * torch.autograd.functional.vhp: as hvp, the vector in front; the Hessian is symmetric.
 *
 * @throws RuntimeError as hvp
 */
export const vhp: Product = product('vhp', hessianProduct('vhp'), false);
