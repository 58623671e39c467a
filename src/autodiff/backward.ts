/** The engine of reverse mode. It knows no rule: nodes are walked in reverse order of making, rules are the records'. */

import { RuntimeError } from '../errors.js';
import { type Node, op, type Tensor } from '../tensor/tensor.js';
import { checkSaved } from './stale.js';

/** What can be reached from some results, operands before results. */
export type Graph = readonly Node[];

/** All nodes that the given ones were made from, themselves included, in order of making. */
export function reachable(roots: readonly (Node | null)[]): Graph {
  const seen = new Set<Node>();
  const stack: Node[] = [];
  const push = (node: Node | null | undefined): void => {
    if (!node || seen.has(node)) return;
    seen.add(node);
    stack.push(node);
  };
  for (const root of roots) push(root);
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const input of node.inputs) push(input.node);
  }
  return [...seen].sort((a, b) => a.sequence - b.sequence);
}

/** A tensor, and all whose elements a gradient of it will read. */
export function heldBy(tensor: Tensor): Tensor[] {
  const nodes = reachable([tensor.node]);
  return [tensor, ...nodes.flatMap(({ inputs, output }) => (output === null ? inputs : [...inputs, output]))];
}

export interface BackwardOptions {
  /** Record what is computed, so that gradients of the gradients can be taken. */
  readonly record: boolean;
  /** Give back what was saved for the rules. */
  readonly free: boolean;
}

/**
 * Gradients of `sum of seeds[i] * roots[i]` by the nodes that `isWanted` names, each with a hold of its own on its
 * elements; a node that nothing leads to is missing from the result. Nothing changes before all gradients are there.
 */
export function backward(
  graph: Graph,
  roots: readonly Tensor[],
  seeds: readonly Tensor[],
  isWanted: (node: Node) => boolean,
  options: BackwardOptions,
): Map<Node, Tensor> {
  const gradients = new Map<Node, Tensor>();
  const accumulate = (node: Node, gradient: Tensor): void => {
    const sum = gradients.get(node);
    gradients.set(node, sum === undefined ? gradient : op.add(sum, gradient));
  };
  const needed = neededFor(graph, isWanted);
  roots.forEach((root, i) => {
    const seed = seeds[i];
    if (root.node !== null && seed !== undefined && needed.has(root.node)) accumulate(root.node, seed.share());
  });
  for (let i = graph.length - 1; i >= 0; i--) {
    const node = graph[i] as Node;
    let gradient = gradients.get(node);
    if (gradient === undefined) continue;
    if (node.hooks !== null) {
      for (const hook of [...node.hooks]) gradient = hook(gradient) ?? gradient;
      gradients.set(node, gradient);
    }
    propagate(node, gradient, needed, options.record, accumulate);
    if (!isWanted(node)) gradients.delete(node);
  }
  if (options.free) for (const node of needed) if (leadsTo(node, needed)) node.free();
  return gradients;
}

/** Whether a gradient goes on from this node: its rule is applied. */
const leadsTo = (node: Node, needed: Set<Node>): boolean =>
  node.inputs.some((input) => input.node !== null && needed.has(input.node));

/** The wanted nodes and all that depend on them; a freed one among these is an error, before anything is computed. */
function neededFor(nodes: Graph, isWanted: (node: Node) => boolean): Set<Node> {
  const needed = new Set<Node>();
  for (const node of nodes) {
    const leads = leadsTo(node, needed);
    if (leads && node.freed) {
      throw new RuntimeError(
        'graph-freed',
        'Trying to backward through the graph a second time (or directly access saved tensors after they have already ' +
          'been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). ' +
          'Specify retain_graph=True if you need to backward through the graph a second time or if you need to access ' +
          'saved tensors after calling backward.',
      );
    }
    if (leads) checkSaved(node);
    if (leads || isWanted(node)) needed.add(node);
  }
  return needed;
}

/** Sends the gradient of a node's result on to those operands that need one. */
function propagate(
  node: Node,
  gradient: Tensor,
  needed: Set<Node>,
  record: boolean,
  accumulate: (node: Node, gradient: Tensor) => void,
): void {
  const { rule, output } = node;
  if (rule === null || output === null) return;
  const inputs = record ? node.inputs : node.inputs.map((input) => input.plain);
  const call = { inputs, output: record ? output : output.plain, params: node.params, gradient };
  for (let i = 0; i < node.inputs.length; i++) {
    const target = node.inputs[i]?.node;
    if (!target || !needed.has(target)) continue;
    const passed = rule.vjp(call, i, op);
    if (passed !== null) accumulate(target, passed === gradient ? gradient.share() : passed);
  }
}
