/** The derivative of a traced function: one graph, cut in two where the gradient of a result comes in. */

import { backward, reachable } from '../autodiff/backward.js';
import type { Typed } from '../ops/primitive.js';
import { Node, type Tensor } from '../tensor/tensor.js';
import { type Call, extract, type Graph, nodeAt, operandsOf } from './graph.js';
import { optimise } from './optimise.js';
import { trace } from './trace.js';

/** A function of a list of tensors. */
export type Flat = (args: readonly Tensor[]) => readonly Tensor[];

/** The way back from one result. */
export interface Pullback {
  /** The arguments that gradients go to. */
  readonly targets: readonly number[];
  /** From the gradient by the result, and what is read, to the gradients by the targets. */
  readonly graph: Graph;
  /** Which of what the forward graph gives behind its results are kept for this. */
  readonly kept: readonly number[];
  /** What is read: places in the list of all arguments and, behind them, what is kept. */
  readonly reads: readonly number[];
}

/** Whether it is cheaper to do a call again than to keep its result: it only repeats or reshapes. */
const isCheap = ({ name }: Call): boolean => name === 'broadcast_in_dim' || name === 'reshape';

/** What the pullback reads of what doesn't depend on the gradient that comes in. */
function border(graph: Graph, gy: number, gradients: readonly number[]): number[] {
  const dependent = new Set([gy]);
  graph.nodes.forEach((node, id) => {
    if (operandsOf(node).some((operand) => dependent.has(operand))) dependent.add(id);
  });
  const read = new Set<number>();
  const seen = new Set(gradients);
  for (const id of seen) {
    const node = nodeAt(graph.nodes, id);
    if (node.kind === 'constant' || id === gy) continue;
    if (node.kind === 'call' && (dependent.has(id) || isCheap(node)))
      for (const operand of node.operands) seen.add(operand);
    else read.add(id);
  }
  return [...read].sort((a, b) => a - b);
}

/**
 * A function as it is when gradients are taken by the arguments that are `wanted`: the graph of its results with all that
 * pullbacks read behind them, and a pullback for each result; null for one that doesn't depend on these arguments.
 */
export function differentiate(
  f: Flat,
  types: readonly Typed[],
  wanted: readonly boolean[],
): { readonly forward: Graph; readonly pullbacks: readonly (Pullback | null)[] } {
  const targets: number[][] = [];
  const graph = optimise(
    trace((args, more) => {
      const starts = args.map((x, i) => (wanted[i] ? x.recordedAs(new Node()) : x));
      const results = f(starts);
      const gradients = results.map((y) => {
        const nodes = reachable([y.node]);
        if (!nodes.some((node) => starts.some((x) => x.node === node))) return [];
        const found = backward(nodes, [y], [more(y)], (node) => starts.some((x) => x.node === node), {
          record: false,
          free: false,
        });
        return starts.map((x) => (x.node && found.get(x.node)) ?? null);
      });
      for (const list of gradients) targets.push([...list.keys()].filter((i) => list[i] !== null));
      return [...results, ...gradients.flat().filter((gradient) => gradient !== null)];
    }, types),
  );
  const args = graph.inputs.slice(0, types.length);
  let [nextGy, nextGradient] = [types.length, targets.length];
  const cuts = targets.map((list) => {
    if (list.length === 0) return null;
    const gy = graph.inputs[nextGy++] as number;
    const outputs = graph.outputs.slice(nextGradient, nextGradient + list.length);
    nextGradient += list.length;
    return { gy, outputs, read: border(graph, gy, outputs) };
  });
  const kept = [...new Set(cuts.flatMap((cut) => cut?.read ?? []))].filter((id) => !args.includes(id));
  const pullbacks = cuts.map((cut, k): Pullback | null => {
    if (cut === null) return null;
    const mine = cut.read.filter((id) => !args.includes(id));
    return {
      targets: targets[k] as readonly number[],
      graph: extract(graph, [cut.gy, ...cut.read], cut.outputs),
      kept: mine.map((id) => kept.indexOf(id)),
      reads: cut.read.map((id) => (args.includes(id) ? args.indexOf(id) : args.length + mine.indexOf(id))),
    };
  });
  return { forward: extract(graph, args, [...graph.outputs.slice(0, targets.length), ...kept]), pullbacks };
}
