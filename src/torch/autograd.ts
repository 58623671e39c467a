/** torch.autograd. */

import type { Graph } from '../autodiff/backward.js';
import { signature } from '../door/signature.js';
import { RuntimeError, TypeError_, ValueError } from '../errors.js';
import type { Foreign } from '../tensor/foreign.js';
import { type Tensor as CoreTensor, full, type Node, op } from '../tensor/tensor.js';
import { Tuple } from '../text/python.js';
import { boolArgument, typeName } from './arguments.js';
import { nodesOf, recordedList, runBackward, walk, walkOptions } from './graph.js';
import { gradientNameOf } from './row.js';
import { gradientName } from './second.js';
import { keepers, Tensor } from './tensor.js';

export interface GradOptions {
  readonly grad_outputs?: Foreign | readonly (Foreign | null)[] | null;
  readonly retain_graph?: boolean | null;
  readonly create_graph?: boolean;
  readonly allow_unused?: boolean | null;
  readonly materialize_grads?: boolean;
  /** Each of grad_outputs is a batch of upstream gradients; so is each result. */
  readonly is_grads_batched?: boolean;
}

const readGrad = signature(
  'grad',
  'outputs inputs grad_outputs?~ retain_graph?~ create_graph? only_inputs? allow_unused?~ is_grads_batched? materialize_grads?',
);

interface Unused {
  readonly allowed: boolean;
  /** Zeros stand for what isn't there. */
  readonly zeros: boolean;
}

function unusedOptions(allow: unknown, materialize: unknown): Unused {
  const zeros = boolArgument(materialize, 'grad', 'materialize_grads');
  const allowed = boolArgument(allow ?? undefined, 'grad', 'allow_unused');
  if (zeros && allow === false) {
    throw new ValueError(
      'bad-argument',
      'Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False.',
    );
  }
  return { allowed, zeros };
}

/** What stands for the gradient by an input that nothing leads to. */
function unusedGradient(
  input: CoreTensor,
  position: number,
  { allowed, zeros }: Unused,
  create: boolean,
): Tensor | null {
  if (zeros) return new Tensor(full(input, 0)).requires_grad_(create);
  if (allowed) return null;
  throw new RuntimeError(
    'unused-input',
    `The differentiated Tensor at index ${position} appears to not have been used in the graph. Set allow_unused=True if ` +
      'this is the desired behavior.',
  );
}

/**
 * torch.autograd.grad: gradients of (the sum of) outputs by inputs, each of its input's shape; no `grad` is touched.
 *
 * @returns a tuple, one gradient an input; null (None) for an unused one where `allow_unused`
 * @throws RuntimeError for an input that doesn't require grad or isn't used, a freed graph, a non-scalar output without
 * grad_outputs
 * @example
 * const x = torch.tensor([1, 2], { requires_grad: true });
 * torch.autograd.grad(x.mul(x).sum(), [x]) // (tensor([2., 4.]),)
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
export function grad(
  outputs: Foreign | readonly Foreign[],
  inputs: Foreign | readonly Foreign[],
  grad_outputs: Foreign | readonly (Foreign | null)[] | null,
  ...rest: [options: GradOptions] | [retain_graph: boolean | null, options: GradOptions]
): Tuple<Tensor>;
export function grad(...args: unknown[]): Tuple<Tensor | null> {
  const [outputs, inputs, gradOutputs, retain, create, onlyInputs, allow, batched, materialize] = readGrad(args);
  const options = walkOptions(retain, create, 'grad');
  const unused = unusedOptions(allow, materialize);
  boolArgument(onlyInputs, 'grad', 'only_inputs');
  if (boolArgument(batched, 'grad', 'is_grads_batched')) {
    const rest = { retain_graph: true, create_graph: options.create, allow_unused: unused.allowed };
    return batchedGrad(gradOutputs, (grad_outputs) =>
      grad(outputs as Foreign, inputs as Foreign, { ...rest, materialize_grads: unused.zeros, grad_outputs }),
    );
  }
  const roots = recordedList(outputs, 'grad', 'outputs');
  const targets = recordedList(inputs, 'grad', 'inputs');
  if (targets.length === 0) throw new RuntimeError('bad-argument', '`inputs` argument to `grad()` cannot be empty.');
  let nodes: Node[] = [];
  let graph: Graph = [];
  const found = walk(roots, gradOutputs, options, (reached) => {
    graph = reached;
    nodes = nodesOf(targets);
    return nodes.length < 8 ? (node) => nodes.includes(node) : membership(nodes);
  });
  return Tuple.from(
    targets.map((target, i) => {
      const gradient = found.get(nodes[i] as Node);
      if (gradient === undefined) return unusedGradient(target, i, unused, options.create);
      // An input that is asked for twice has two gradients.
      const name = gradient.node === null ? null : gradientName(graph, nodes[i] as Node, gradient.node);
      return new Tensor(targets.indexOf(target) < i ? gradient.share() : gradient, name ?? gradientNameOf(gradient));
    }),
  ) as Tuple<Tensor | null>;
}

/** Gradients for each of a batch of upstream gradients, stacked as these are. */
function batchedGrad(
  given: unknown,
  gradientsFor: (grad_outputs: Tensor[]) => readonly (Tensor | null)[],
): Tuple<Tensor | null> {
  const batches = recordedList(given, 'grad', 'grad_outputs').map((batch) => new Tensor(batch.share()));
  const count = batches[0]?.shape[0] ?? 0;
  const rows = Array.from({ length: count }, (_, k) => gradientsFor(batches.map((batch) => batch.at(k))));
  const stacked = (rows[0] ?? []).map((first, i) => {
    if (first === null) return null;
    const parts = rows.map((row) => {
      const value = (row[i] as Tensor).toCore();
      return op.reshape(value, [1, ...value.shape]);
    });
    return new Tensor(op.concatenate(parts, 0));
  });
  return Tuple.from(stacked) as Tuple<Tensor | null>;
}

function membership(nodes: readonly Node[]): (node: Node) => boolean {
  const set = new Set(nodes);
  return (node) => set.has(node);
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
export function backward(
  tensors: Foreign | readonly Foreign[],
  grad_tensors: Foreign | readonly (Foreign | null)[] | null,
  retain_graph?: boolean | null,
  create_graph?: boolean,
): void;
export function backward(
  tensors: Foreign | readonly Foreign[],
  grad_tensors: Foreign | readonly (Foreign | null)[] | null,
  options: {
    readonly retain_graph?: boolean | null;
    readonly create_graph?: boolean;
    readonly inputs?: Foreign | readonly Foreign[] | null;
  },
): void;
export function backward(...args: unknown[]): void {
  const [tensors, gradients, retain, create, variables, inputs] = readBackward(args);
  if (variables !== undefined && variables !== null && gradients !== undefined && gradients !== null) {
    throw new RuntimeError(
      'bad-argument',
      '`grad_tensors` and `grad_variables` (deprecated) arguments both passed to `backward()`. Please only use ' +
        '`grad_tensors`.',
    );
  }
  const roots = recordedList(tensors, 'backward', 'tensors');
  runBackward(roots, gradients ?? variables, walkOptions(retain, create, 'backward'), keepers(inputs));
}

const readVariable = signature('Variable', 'data requires_grad?');

/** torch.autograd.Variable: since PyTorch 0.4 the tensor itself, with requires_grad as given. */
export function Variable(data: Foreign, options?: boolean | { readonly requires_grad?: boolean }): Tensor;
export function Variable(options: { readonly data: Foreign; readonly requires_grad?: boolean }): Tensor;
export function Variable(...args: unknown[]): Tensor {
  const [data, requiresGrad] = readVariable(args);
  if (!(data instanceof Tensor)) {
    throw new TypeError_('bad-argument', `Variable data has to be a tensor, but got ${typeName(data)}`);
  }
  const wanted = boolArgument(requiresGrad, 'Variable', 'requires_grad');
  if (wanted && !data.dtype.is_floating_point) {
    const message = 'Only Tensors of floating point and complex dtype can require gradients';
    throw new RuntimeError('not-differentiable', message);
  }
  return data.detach().requires_grad_(wanted);
}
