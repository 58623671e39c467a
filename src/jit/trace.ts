/** A function is run once on tensors that have shapes and no elements; what it does to them is its graph. */

import { RuntimeError } from '../errors.js';
import type { BroadcastParams, Primitive, Typed } from '../ops/primitive.js';
import type { TypedArray } from '../shape/dtype.js';
import { sameShape, showShape, sizeOf } from '../shape/shape.js';
import { Buffer, evaluate, Node, Tensor } from '../tensor/tensor.js';
import { type Tracer, tracedBy } from '../tensor/tracer.js';
import type { Call, Graph, GraphNode } from './graph.js';

/** In place of elements: which node of a graph will have them. */
class Traced extends Buffer {
  readonly trace: Trace;
  readonly id: number;
  readonly #type: Typed;

  constructor(trace: Trace, id: number, type: Typed) {
    super(null);
    this.trace = trace;
    this.id = id;
    this.#type = type;
  }

  override get array(): TypedArray {
    const what = `${this.#type.dtype}${showShape(this.#type.shape)}`;
    throw new RuntimeError(
      'traced',
      this.trace.isOver
        ? `this tensor (${what}) was left over from jit's run of a function on shapes alone, and has no elements: ` +
            'return it from the function'
        : `jit runs a function on shapes alone, so that this tensor (${what}) has no elements to read, print or branch ` +
            'on: return it and read it outside, select with where, or decide by an argument that is a string or boolean',
    );
  }
}

class Trace implements Tracer {
  readonly nodes: GraphNode[] = [];
  isOver = false;
  /** Whatever is recorded from here on has a higher number. */
  readonly #start = new Node().sequence;
  readonly #constants = new Map<Buffer, number>();
  /** Where values that were repeated at once came from: the graph repeats them itself, and keeps what is small. */
  readonly #repeated = new WeakMap<Buffer, { readonly source: Tensor; readonly params: BroadcastParams }>();

  #value(type: Typed, node: GraphNode): Traced {
    return new Traced(this, this.nodes.push(node) - 1, type);
  }

  argument(type: Typed): Tensor {
    return new Tensor(type.shape, type.dtype, this.#value(type, { kind: 'argument', type }));
  }

  /** Operations on values alone are done now; where an operand is traced, the operation is. */
  apply<P>(primitive: Primitive<P>, inputs: readonly Tensor[], params: P, type: Typed): Buffer {
    if (inputs.some(({ buffer }) => buffer instanceof Traced)) {
      const { name } = primitive;
      const operands = inputs.map((input) => this.idOf(input));
      return this.#value(type, { kind: 'call', type, name, params, operands } as Call);
    }
    const buffer = evaluate(primitive, inputs, params, type);
    const [source] = inputs;
    if (primitive.name === 'broadcast_in_dim' && source !== undefined && sizeOf(type.shape) > source.size) {
      this.#repeated.set(buffer, { source: source.keep().share(null), params: params as BroadcastParams });
    }
    return buffer;
  }

  checkRecorded(inputs: readonly Tensor[]): void {
    for (const { node, shape, dtype } of inputs) {
      if (node === null || node.sequence > this.#start) continue;
      throw new RuntimeError(
        'traced',
        `the function that jit runs uses a tensor from outside (${dtype}${showShape(shape)}) that gradients are taken ` +
          'by: jit would take it for a constant. Make it an argument of the function; or use it detached, or stopGradient',
      );
    }
  }

  /** The node that has a tensor's elements; those from outside the trace become constants. */
  idOf(tensor: Tensor): number {
    const { buffer } = tensor;
    if (buffer instanceof Traced && buffer.trace === this) return buffer.id;
    const { shape, dtype } = tensor;
    const known = this.#constants.get(buffer);
    if (known !== undefined && sameShape(shape, this.nodes[known]?.type.shape ?? [])) return known;
    // Fails for what was disposed of, and for what another trace left over.
    const { length } = tensor.array;
    const type = { shape, dtype };
    const repeated = this.#repeated.get(buffer);
    const id =
      repeated === undefined || length === 0
        ? this.nodes.push({ kind: 'constant', type, buffer: tensor.keep().buffer.hold() }) - 1
        : this.#repeat(type, this.idOf(repeated.source), repeated.params);
    this.#constants.set(buffer, id);
    return id;
  }

  #repeat(type: Typed, source: number, params: BroadcastParams): number {
    return this.nodes.push({ kind: 'call', type, name: 'broadcast_in_dim', params, operands: [source] }) - 1;
  }

  /** Lets go of the constants. */
  drop(): void {
    for (const node of this.nodes) if (node.kind === 'constant') node.buffer.release();
  }
}

/**
 * The graph of a function of tensors, given the types of its arguments. `more(type)` gives the function an argument
 * beyond these, the next one of the graph.
 *
 * @throws what the function throws; RuntimeError 'traced' where it reads a tensor's elements, and for an operand that is
 * recorded outside
 */
export function trace(
  f: (args: readonly Tensor[], more: (type: Typed) => Tensor) => readonly Tensor[],
  types: readonly Typed[],
): Graph {
  const traced = new Trace();
  try {
    const outputs = tracedBy(traced, () => {
      const args = types.map((type) => traced.argument(type));
      return f(args, (type) => traced.argument(type)).map((y) => traced.idOf(y));
    });
    const { nodes } = traced;
    return { nodes, inputs: [...nodes.keys()].filter((id) => nodes[id]?.kind === 'argument'), outputs };
  } catch (error) {
    traced.drop();
    throw error;
  } finally {
    traced.isOver = true;
  }
}
