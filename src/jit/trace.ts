/** A function is run once on tensors that have shapes and no elements; what it does to them is its graph. */

import { RuntimeError } from '../errors.js';
import type { BroadcastParams, Primitive, Typed } from '../ops/primitive.js';
import { table } from '../ops/table.js';
import type { TypedArray } from '../shape/dtype.js';
import { sameShape, showShape, sizeOf } from '../shape/shape.js';
import { Buffer } from '../tensor/buffer.js';
import { evaluate, Node, Tensor } from '../tensor/tensor.js';
import { type Tracer, tracedBy } from '../tensor/tracer.js';
import { type Call, type Graph, type GraphNode, nodeAt } from './graph.js';

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

/** A value repeated, in place of its elements: the graph repeats it itself, so that nothing large need be made, or kept. */
class Repeated extends Buffer {
  readonly source: Tensor;
  readonly params: BroadcastParams;
  #made: Tensor | null = null;

  constructor(source: Tensor, params: BroadcastParams) {
    super(null);
    this.source = source;
    this.params = params;
  }

  /** Somebody reads it after all. */
  override get array(): TypedArray {
    const { source, params } = this;
    const { dtype } = source;
    const type = { shape: params.shape, dtype };
    this.#made ??= new Tensor(params.shape, dtype, evaluate(table.broadcast_in_dim, [source], params, type)).keep();
    return this.#made.array;
  }
}

class Trace implements Tracer {
  readonly nodes: GraphNode[] = [];
  isOver = false;
  /** Whatever is recorded from here on has a higher number. */
  readonly #start = new Node().sequence;
  readonly #constants = new Map<Buffer, number>();

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
    const [source] = inputs;
    if (primitive.name === 'broadcast_in_dim' && source !== undefined && sizeOf(type.shape) > source.size) {
      return new Repeated(source.keep().share(null), params as BroadcastParams);
    }
    if (primitive.name === 'reshape' && source !== undefined) return source.buffer.hold();
    return evaluate(primitive, inputs, params, type);
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
    let id = this.#constants.get(buffer);
    if (id === undefined) {
      id = this.nodes.push(buffer instanceof Repeated ? this.#repeat(buffer) : constantOf(tensor)) - 1;
      this.#constants.set(buffer, id);
    }
    if (sameShape(shape, nodeAt(this.nodes, id).type.shape)) return id;
    const type = { shape, dtype };
    return this.nodes.push({ kind: 'call', type, name: 'reshape', params: { shape }, operands: [id] }) - 1;
  }

  #repeat({ source, params }: Repeated): GraphNode {
    const type = { shape: params.shape, dtype: source.dtype };
    return { kind: 'call', type, name: 'broadcast_in_dim', params, operands: [this.idOf(source)] };
  }

  /** Lets go of the constants. */
  drop(): void {
    for (const node of this.nodes) if (node.kind === 'constant') node.buffer.release();
  }
}

/** Elements that the graph keeps. Reading fails for what was disposed of, and for what another trace left over. */
function constantOf(tensor: Tensor): GraphNode {
  const { shape, dtype, array, size } = tensor.keep();
  if (array.length !== size) throw new RangeError(`${array.length} elements of ${size}`);
  return { kind: 'constant', type: { shape, dtype }, buffer: tensor.buffer.hold() };
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
