/** torch.autograd. */

import { reachable, backward as walkBackward } from '../autodiff/backward.js';
import { flag, signature } from '../door/signature.js';
import { RuntimeError, TypeError_, ValueError } from '../errors.js';
import { show } from '../shape/shape.js';
import type { Foreign } from '../tensor/foreign.js';
import { full } from '../tensor/tensor.js';
import { Tuple } from '../text/python.js';
import { nodesOf, runBackward, seedsFor, Tensor } from './tensor.js';

export interface GradOptions {
  readonly grad_outputs?: Foreign | readonly (Foreign | null)[] | null;
  readonly retain_graph?: boolean | null;
  readonly create_graph?: boolean;
  readonly allow_unused?: boolean | null;
  readonly materialize_grads?: boolean;
}

const readGrad = signature(
  'grad',
  'outputs inputs grad_outputs?~ retain_graph?~ create_graph? only_inputs? allow_unused?~ is_grads_batched? materialize_grads?',
);

const isTensor = (value: unknown): value is Tensor => value instanceof Tensor;

/** A tensor or a list of tensors, as a list. */
function tensors(value: unknown, name: string): readonly Tensor[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (all.every(isTensor)) return all;
  throw new TypeError_('bad-argument', `${name} must be Tensor or tuple of Tensors, not ${show(value)}`);
}

/**
 * torch.autograd.grad: gradients of (the sum of) outputs by inputs, each of its input's shape; no `grad` is touched.
 *
 * @returns a tuple, one gradient an input; null (None) for an unused one where `allow_unused`
 * @throws RuntimeError for an input that doesn't require grad or isn't used, a freed graph, a non-scalar output without
 * grad_outputs
 * @example const [gx] = torch.autograd.grad(x.mul(x).sum(), [x]);
 */
export function grad(
  outputs: Foreign | readonly Foreign[],
  inputs: Foreign | readonly Foreign[],
  options?: GradOptions,
): Tuple<Tensor>;
export function grad(
  outputs: Foreign | readonly Foreign[],
  inputs: Foreign | readonly Foreign[],
  grad_outputs?: Foreign | readonly (Foreign | null)[] | null,
  retain_graph?: boolean | null,
  create_graph?: boolean,
): Tuple<Tensor>;
export function grad(...args: unknown[]): Tuple<Tensor | null> {
  const [outputs, inputs, gradOutputs, retain, create, , allow, , materialize] = readGrad(args);
  const roots = tensors(outputs, 'outputs');
  const targets = tensors(inputs, 'inputs');
  if (targets.length === 0) throw new ValueError('bad-argument', '`inputs` argument to `grad()` cannot be empty.');
  const createGraph = flag(create, 'create_graph', false);
  const fillZeros = flag(materialize, 'materialize_grads', false);
  const seeds = seedsFor(roots, gradOutputs === undefined || gradOutputs === null ? [] : [gradOutputs].flat());
  const nodes = nodesOf(targets);
  const found = walkBackward(
    reachable(roots.map((root) => root.node)),
    roots.map((root) => root.toCore()),
    seeds,
    (node) => nodes.includes(node),
    { record: createGraph, free: (retain ?? createGraph) !== true },
  );
  const gradients = targets.map((target, i) => {
    const node = nodes[i];
    const gradient = node && found.get(node);
    if (gradient !== undefined) return new Tensor(gradient);
    if (fillZeros) return new Tensor(full(target.toCore(), 0));
    if (allow === true) return null;
    throw new RuntimeError(
      'unused-input',
      `The differentiated Tensor at index ${i} appears to not have been used in the graph. Set allow_unused=True if ` +
        'this is the desired behavior.',
    );
  });
  return Tuple.from(gradients) as Tuple<Tensor | null>;
}

const readBackward = signature(
  'backward',
  'tensors grad_tensors?~ retain_graph?~ create_graph? grad_variables?~ inputs?~',
);

/** torch.autograd.backward: as Tensor.backward, for several tensors at once. */
export function backward(
  tensors: Foreign | readonly Foreign[],
  options?: {
    readonly grad_tensors?: Foreign | readonly (Foreign | null)[] | null;
    readonly retain_graph?: boolean | null;
    readonly create_graph?: boolean;
    readonly inputs?: Foreign | readonly Foreign[] | null;
  },
): void;
export function backward(...args: unknown[]): void {
  const [roots, gradients, retain, create, , inputs] = readBackward(args);
  runBackward(tensors(roots, 'tensors'), [gradients, retain, create, inputs]);
}

const readVariable = signature('Variable', 'data requires_grad?');

/** torch.autograd.Variable: since PyTorch 0.4 the tensor itself, with requires_grad as given. */
export function Variable(data: Foreign, options?: boolean | { readonly requires_grad?: boolean }): Tensor;
export function Variable(...args: unknown[]): Tensor {
  const [data, requiresGrad] = readVariable(args);
  if (!isTensor(data)) {
    throw new TypeError_('bad-argument', `Variable data has to be a tensor, but got ${show(data)}`);
  }
  return data.detach().requires_grad_(flag(requiresGrad, 'requires_grad', false));
}
