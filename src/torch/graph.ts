/** What autograd keeps of a tensor: leaves, whoever wants a gradient kept, and the walk back that fills them. */

import { backward, type Graph, reachable } from '../autodiff/backward.js';
import { RuntimeError, TypeError_ } from '../errors.js';
import { sameShape, showShape } from '../shape/shape.js';
import { borrowed, type Foreign, isForeign } from '../tensor/foreign.js';
import { type Tensor as CoreTensor, full, Node, op } from '../tensor/tensor.js';
import { sizeText } from '../text/torch.js';
import { boolArgument, typeName } from './arguments.js';
import { enable_grad, is_grad_enabled, within } from './mode.js';

/** A tensor that keeps a gradient. */
export interface Keeper {
  /** Adds to `grad`: where this is recorded itself, to a new tensor, else to the one that is there. */
  accumulate(gradient: CoreTensor, recorded: boolean): void;
  /** Has the gradient kept of a tensor that is no leaf, too. */
  retain_grad(): void;
}

/** The start of a graph: a tensor that nothing was recorded of but that gradients are wanted. */
export class LeafNode extends Node {
  readonly owner: Keeper;

  constructor(owner: Keeper) {
    super();
    this.owner = owner;
  }
}

/** Tensors that asked to keep the gradient of a node that is no leaf. */
export const retained: WeakMap<Node, Keeper> = new WeakMap();

/** A gradient that is retained is that of the tensor as it is last. */
export function moveRetained(keeper: object, from: Node | null, to: Node | null): void {
  if (from === null || to === null || from === to) return;
  const kept = retained.get(from);
  if (kept !== keeper) return;
  retained.delete(from);
  retained.set(to, kept);
}

const keeperOf = (node: Node): Keeper | undefined => (node instanceof LeafNode ? node.owner : retained.get(node));

/** The core value, recorded even inside no_grad. */
const recordedOf = (tensor: Foreign): CoreTensor =>
  is_grad_enabled() ? borrowed(tensor) : enable_grad(() => borrowed(tensor));

/** A tensor, or a list of some, as a list of core values. */
export function recordedList(value: unknown, call: string, name: string): CoreTensor[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    if (isForeign(item)) return recordedOf(item);
    throw new TypeError_(
      'bad-argument',
      `${call}(): argument '${name}' must be Tensor or tuple of Tensors, not ${typeName(item)}`,
    );
  });
}

/** Gradients of the roots, to start from: what was given, checked, or one for a scalar. */
function seedsFor(roots: readonly CoreTensor[], given: unknown, create: boolean): CoreTensor[] {
  const none = given === undefined || given === null;
  const list: readonly unknown[] = Array.isArray(given) ? given : none ? roots.map(() => null) : [given];
  if (list.length !== roots.length) {
    throw new RuntimeError('bad-argument', `got ${roots.length} tensors and ${list.length} gradients`);
  }
  const seeds = roots.map((root, i) => seedFor(root, list[i], i));
  const stranger = roots.findIndex((root) => root.node === null);
  if (stranger >= 0) {
    const message = `element ${stranger} of tensors does not require grad and does not have a grad_fn`;
    throw new RuntimeError('not-differentiable', message);
  }
  return create ? seeds : seeds.map((seed) => seed.plain);
}

function seedFor(root: CoreTensor, given: unknown, position: number): CoreTensor {
  if (given === undefined || given === null) {
    if (root.size === 1 || root.node === null) return full(root, 1);
    const message = `grad can be implicitly created only for scalar outputs; give the gradient, of shape ${showShape(root.shape)}`;
    throw new RuntimeError('not-a-scalar', message);
  }
  if (!isForeign(given)) {
    const message = `gradients can be either Tensors or None, but got ${typeName(given)}`;
    throw new TypeError_('bad-argument', message);
  }
  const seed = recordedOf(given);
  if (!sameShape(seed.shape, root.shape)) {
    throw new RuntimeError(
      'shape-mismatch',
      `Mismatch in shape: grad_output[${position}] has a shape of ${sizeText(seed.shape)} and output[${position}] has a ` +
        `shape of ${sizeText(root.shape)}.`,
    );
  }
  return op.convert(seed, root.dtype);
}

/** The nodes that gradients are asked of. */
export function nodesOf(inputs: readonly CoreTensor[]): Node[] {
  return inputs.map(({ node }) => {
    if (node !== null) return node;
    throw new RuntimeError('not-differentiable', 'One of the differentiated Tensors does not require grad');
  });
}

export interface WalkOptions {
  readonly retain: boolean;
  readonly create: boolean;
}

/** retain_graph and create_graph; where the first is left out, it is as the second. */
export function walkOptions(retain: unknown, create: unknown, call: string): WalkOptions {
  const creates = boolArgument(create, call, 'create_graph');
  return { retain: boolArgument(retain ?? undefined, call, 'retain_graph', creates), create: creates };
}

/** Gradients of the roots by the nodes that are wanted; recording is on meanwhile only for create_graph. */
export function walk(
  roots: readonly CoreTensor[],
  gradients: unknown,
  { retain, create }: WalkOptions,
  wanted: (graph: Graph) => (node: Node) => boolean,
): Map<Node, CoreTensor> {
  const seeds = seedsFor(roots, gradients, create);
  const graph = reachable(roots.map((root) => root.node));
  const isWanted = wanted(graph);
  return within(create, () => backward(graph, roots, seeds, isWanted, { record: create, free: !retain }));
}

/** What is asked for, and on the way there whatever keeps its gradient. */
function onTheWayTo(targets: ReadonlySet<Node>, nodes: Graph): (node: Node) => boolean {
  const leading = new Set<Node>();
  for (const node of nodes) {
    const leads = node.inputs.some((input) => input.node !== null && leading.has(input.node));
    if (leads || targets.has(node)) leading.add(node);
  }
  return (node) => leading.has(node) && (targets.has(node) || keeperOf(node) !== undefined);
}

/**
 * backward() of one or several tensors: all gradients first, and only then is any of them added to a `grad`.
 *
 * @param inputs where given: only these get a gradient, leaves or not
 */
export function runBackward(
  roots: readonly CoreTensor[],
  gradients: unknown,
  options: WalkOptions,
  inputs: readonly (Foreign & Keeper)[] | null,
): void {
  if (inputs?.length === 0) {
    throw new RuntimeError('bad-argument', '`inputs` argument to `backward()` cannot be empty.');
  }
  for (const input of inputs ?? []) input.retain_grad();
  const targets = inputs === null ? null : new Set(nodesOf(inputs.map(recordedOf)));
  const found = walk(roots, gradients, options, (graph) =>
    targets === null ? (node) => keeperOf(node) !== undefined : onTheWayTo(targets, graph),
  );
  for (const [node, gradient] of found) keeperOf(node)?.accumulate(gradient, options.create);
}
